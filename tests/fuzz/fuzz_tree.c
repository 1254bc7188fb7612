/* Texts from outside that are read without a descriptor: JSON trees, templates, base64. */
#include <stdlib.h>

#include "base/json_tree.h"
#include "core/base64.h"
#include "core/template.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static str no_value(void *arg, str name)
{
	(void)arg;
	return name;
}

static size_t count(const struct json_node *n)
{
	size_t all = 1;
	for (size_t i = 0; i < n->n; i++)
		all += count(&n->v[i]);
	return all;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	str text = { (const char *)data, size }, bytes, again;
	struct json_node root;
	struct fail f = { 0 };
	if (json_tree(a, text, &root, &f) == ERR_OK && count(&root) > size + 1)
		abort(); /* every node stands in the text */
	if (base64_decode(a, text, &bytes) && (!base64_decode(a, base64_encode(a, bytes), &again) || !str_eq(bytes, again)))
		abort();
	(void)template_fault(a, text, NULL, NULL);
	(void)template_fill(a, text, no_value, NULL);
	return 0;
}
