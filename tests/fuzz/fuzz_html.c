/* Whatever the page: UTF-8 comes out, and each character stands in the source where the map says. */
#include <stdlib.h>

#include "base/utf8.h"
#include "format/doctext.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static uint32_t cp_at(str s, uint32_t codepoint)
{
	size_t at = utf8_offset(s, codepoint);
	return at < s.n ? utf8_next(s, &at) : 0;
}

/* Outside references the text repeats the source, but for blanks. */
static void check_map(const struct doc_text *d, str source)
{
	uint32_t cp = 0;
	for (size_t i = 0; i < d->text.n && cp < 300; cp++) {
		uint32_t c = utf8_next(d->text, &i);
		if (c == ' ' || c == '\t' || c == '\n')
			continue;
		uint32_t from = cp_at(source, doc_source_of(d, cp));
		if (from != c && from != '&')
			abort();
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	const struct doc_limits lim = doc_limits_default();
	str bytes = { (const char *)data, size };
	struct doc_text d;
	struct fail f;
	if (doc_read(a, S("a.html"), bytes, &lim, &d, &f) != ERR_OK || d.format != DOC_HTML)
		return 0;
	if (!utf8_valid(d.text) || utf8_count(d.text) != d.codepoints)
		abort();
	if (d.encoding == ENCODING_UTF8 && size < 20000)
		check_map(&d, d.bom ? str_sub(bytes, 3, bytes.n) : bytes);
	return 0;
}
