#include "format/doc_build.h"

#include "base/utf8.h"

void doc_put(struct doc_build *b, str s)
{
	if (b->text.n + s.n > b->lim->max_text) {
		b->full = true;
		return;
	}
	buf_put(&b->text, s);
	b->cp += (uint32_t)utf8_count(s);
}

void doc_put_cp(struct doc_build *b, uint32_t cp)
{
	char bytes[4];
	doc_put(b, (str){ bytes, utf8_encode(cp, bytes) });
}

bool doc_wide(uint32_t c)
{
	return c >= 0x2E80 || (c >= 0x2018 && c <= 0x201D) || c == 0x2014 || c == 0x2026;
}

char doc_last(const struct doc_build *b)
{
	return b->text.n ? b->text.p[b->text.n - 1] : '\n';
}

void doc_add_segment(struct doc_build *b, uint32_t at, uint32_t sub)
{
	struct doc_segment s = { .start = b->cp, .at = at, .sub = sub };
	s.part = b->parts.n ? (uint32_t)b->parts.n - 1 : 0;
	if (b->segments.n && b->segments.v[b->segments.n - 1].start == b->cp)
		b->segments.v[b->segments.n - 1] = s;
	else if (!b->full)
		vec_push(b->a, &b->segments, s);
}

void doc_part(struct doc_build *b, str name)
{
	str copy = arena_str(b->a, name);
	vec_push(b->a, &b->parts, copy);
}

err doc_build_check(const struct doc_build *b, struct fail *f)
{
	return b->full ? refuse_size(f, "err.doc_text_too_large", b->lim->max_text) : ERR_OK;
}
