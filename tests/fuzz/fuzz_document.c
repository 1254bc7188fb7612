/* The door for documents: whatever the bytes, text with a rising map to the original, or a clear refusal. */
#include <stdlib.h>

#include "format/doctext.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const char *const names[] = { "a.txt", "a.md", "a.html", "a.docx", "a.xlsx" };
	if (!size)
		return 0;
	AUTO(arena_drop) struct arena *a = arena_new();
	const char *name = names[data[0] % (sizeof names / sizeof *names)];
	struct fail f = { 0 };
	const struct doc_limits lim = doc_limits_default();
	struct doc_text d;
	str bytes = { (const char *)data + 1, size - 1 };
	enum doc_format format;
	if (doc_sniff(str_of(name), bytes, &format, &f) != ERR_OK || format == DOC_PDF)
		return 0; /* PDF runs another program */
	if (doc_read(a, str_of(name), bytes, &lim, &d, &f) != ERR_OK)
		return 0;
	for (size_t i = 1; i < d.nsegments; i++)
		if (d.segments[i].start < d.segments[i - 1].start || d.segments[i].start > d.codepoints)
			abort();
	return 0;
}
