/* catgen STAMP DEPFILE FOLDER [PATH=FILE…]
 *
 * Checks the catalogs of a folder (core/catalog_check.h and loop/criteria_check.h say how) and files that the build adds to
 * them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalog_check.h"
#include "loop/criteria_check.h"
#include "tool.h"

typedef VEC(struct catalog_file) files;

static void fault(void *arg, const char *line)
{
	tool_fault(NULL, 0, "%s/%s", (const char *)arg, line);
}

static int by_path(const void *x, const void *y)
{
	return str_cmp(((const struct catalog_file *)x)->path, ((const struct catalog_file *)y)->path);
}

int main(int argc, char **argv)
{
	if (argc < 4)
		tool_refuse(NULL, 0, "usage: catgen STAMP DEPFILE FOLDER [PATH=FILE…]");
	struct arena *a = arena_new();
	struct tool_tree tree = { 0 };
	files v = { 0 };
	tool_walk(a, argv[3], &tree);
	for (size_t i = 0; i < tree.files.n; i++)
		vec_push(a, &v, (struct catalog_file){ tree.files.v[i].name, tool_read(a, tree.files.v[i].path) });
	for (int i = 4; i < argc; i++) {
		const char *eq = strchr(argv[i], '=');
		if (!eq)
			tool_refuse(NULL, 0, "catgen: %s is not PATH=FILE", argv[i]);
		vec_push(a, &tree.files, (struct tool_file){ eq + 1, str_of(eq + 1) });
		vec_push(a, &v, (struct catalog_file){ { argv[i], (size_t)(eq - argv[i]) }, tool_read(a, eq + 1) });
	}
	if (v.n)
		qsort(v.v, v.n, sizeof *v.v, by_path);
	const char *slash = strrchr(argv[3], '/');
	char *label = arena_cstr(a, str_of(slash ? slash + 1 : argv[3]));
	catalog_check(a, v.v, v.n, fault, label);
	criteria_check(a, v.v, v.n, fault, label);
	tool_done();
	tool_depfile(a, argv[2], argv[1], &tree);
	tool_write(argv[1], S("ok\n"));
	arena_free(a);
	return 0;
}
