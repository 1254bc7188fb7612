/* Whatever word/document.xml holds; an input that begins with PK is taken as the package itself. */
#include "base/utf8.h"
#include "format/doctext.h"
#include "fuzz_zip.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	const struct doc_limits lim = doc_limits_default();
	struct fuzz_part part = { "word/document.xml", { (const char *)data, size } };
	bool package = str_starts(part.content, S("PK"));
	str bytes = package ? part.content : fuzz_zip(a, &part, 1);
	struct doc_text d;
	struct fail f;
	if (doc_read(a, S("a.docx"), bytes, &lim, &d, &f) != ERR_OK)
		return 0;
	if (!utf8_valid(d.text) || utf8_count(d.text) != d.codepoints)
		abort();
	for (size_t i = 1; i < d.nsegments; i++)
		if (d.segments[i].start <= d.segments[i - 1].start)
			abort();
	return 0;
}
