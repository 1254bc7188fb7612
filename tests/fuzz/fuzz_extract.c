/* Whatever the bytes: no crash, every span lies in the text and its words are where it says. */
#include <stdlib.h>
#include <string.h>

#include "../unit/extract_support.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* Code points as the engine counts them: a bad byte is one. */
static size_t count(str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; n++)
		(void)utf8_next(s, &i);
	return n;
}

static size_t byte_of(str s, size_t codepoint)
{
	size_t i = 0;
	while (codepoint-- && i < s.n)
		(void)utf8_next(s, &i);
	return i;
}

static void check_cue(struct cue c, size_t n)
{
	check(c.start <= c.end && c.end <= n);
}

static void check_units(const struct unit_refs *u, size_t n)
{
	for (size_t i = 0; i < u->n; i++)
		check_cue(u->v[i].cue, n);
}

static void check_directive(str text, const struct directive *d, size_t n, size_t notes)
{
	check(d->text.p == text.p + byte_of(text, d->start) && d->text.p + d->text.n == text.p + byte_of(text, d->end));
	check(d->start < d->end && d->end <= n && d->confidence >= 0 && d->confidence <= 1);
	check(d->note == EXTRACT_NONE || d->note < notes);
	check_cue(d->action_cue, n);
	check_cue(d->object_cue, n);
	check_units(&d->leads, n);
	check_units(&d->cos, n);
	if (d->has_deadline)
		check_cue(d->deadline.cue, n);
	for (size_t i = 0; i < d->targets.n; i++)
		check_cue(d->targets.v[i].cue, n);
	for (size_t i = 0; i < d->sectors.n; i++)
		check_cue(d->sectors.v[i].cue, n);
	for (size_t i = 0; i < d->reasons.n; i++)
		check_cue(d->reasons.v[i], n);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct lexicon *lx;
	static struct arena *forever;
	if (!lx) {
		struct fail f = { 0 };
		forever = arena_new();
		lx = support_lexicon(forever, &f);
		check(lx != NULL);
	}
	AUTO(arena_drop) struct arena *a = arena_new();
	struct extraction x;
	str text = { (const char *)data, size };
	size_t n = count(text);
	if (extract(a, lx, text, INT64_MIN, &x) != ERR_OK)
		return 0;
	for (size_t i = 0; i < x.directives.n; i++) {
		check_directive(text, &x.directives.v[i], n, x.notes.n);
		check(!i || x.directives.v[i].start >= x.directives.v[i - 1].end);
	}
	for (size_t i = 0; i < x.notes.n; i++)
		check(x.notes.v[i].start < x.notes.v[i].end && x.notes.v[i].end <= n);
	for (size_t i = 0; i < x.clutter.n; i++)
		check(x.clutter.v[i].start < x.clutter.v[i].end && x.clutter.v[i].end <= n);
	struct buf b = BUF(a);
	struct extraction_json json = { .x = &x, .file = S("f") };
	while (extraction_json_next(&b, &json))
		;
	check(utf8_valid(buf_str(&b)) && str_find_char(buf_str(&b), '\n') < 0);
	return 0;
}
