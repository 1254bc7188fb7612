/* The JSON object of one document, on one line. */
#include "base/clock.h"
#include "base/utf8.h"
#include "decide/extract.h"

static bool han_at(str s, size_t i)
{
	/* U+3000…U+9FFF: three bytes that never need care, most of what is written here. */
	return i + 2 < s.n && (unsigned char)s.p[i] >= 0xE3 && (unsigned char)s.p[i] <= 0xE9 &&
	       ((unsigned char)s.p[i + 1] & 0xC0) == 0x80 && ((unsigned char)s.p[i + 2] & 0xC0) == 0x80;
}

static void json_escape(struct buf *b, uint32_t cp)
{
	static const char hex[] = "0123456789abcdef";
	if (cp == 0xFFFD) {
		buf_codepoint(b, cp);
		return;
	}
	buf_byte(b, '\\');
	if (cp == '"' || cp == '\\') {
		buf_byte(b, (char)cp);
	} else if (cp == '\n' || cp == '\t' || cp == '\r') {
		buf_byte(b, cp == '\n' ? 'n' : cp == '\t' ? 't' : 'r');
	} else {
		char e[5] = { 'u', hex[cp >> 12 & 15], hex[cp >> 8 & 15], hex[cp >> 4 & 15], hex[cp & 15] };
		buf_put(b, (str){ e, 5 });
	}
}

static bool needs_care(uint32_t cp)
{
	return cp == '"' || cp == '\\' || cp < 0x20 || cp == 0x7F || cp == 0x2028 || cp == 0x2029 || cp == 0xFFFD;
}

/* Invalid UTF-8 becomes U+FFFD, so that the line is always valid JSON. */
static void json_str(struct buf *b, str s)
{
	size_t from = 0; /* of what can be copied as it is */
	buf_byte(b, '"');
	for (size_t i = 0; i < s.n;) {
		size_t at = i;
		if (han_at(s, i)) {
			i += 3;
			continue;
		}
		uint32_t cp = utf8_next(s, &i);
		if (!needs_care(cp))
			continue;
		buf_put(b, str_sub(s, from, at));
		json_escape(b, cp);
		from = i;
	}
	buf_put(b, str_sub(s, from, s.n));
	buf_byte(b, '"');
}

/* Keys are ours: nothing in them needs care. */
static void json_key(struct buf *b, const char *key)
{
	if (b->n && b->p[b->n - 1] != '{')
		buf_byte(b, ',');
	buf_byte(b, '"');
	buf_put(b, str_of(key));
	buf_put(b, S("\":"));
}

static void json_number(struct buf *b, const char *key, size_t v)
{
	json_key(b, key);
	buf_i64(b, (int64_t)v);
}

/* 0…9.99 with two digits, without the cost of printf. */
static void json_hundredths(struct buf *b, const char *key, double v)
{
	int n = (int)(v * 100 + 0.5);
	json_key(b, key);
	buf_put(b, (str){ (char[]){ (char)('0' + n / 100 % 10), '.', (char)('0' + n / 10 % 10), (char)('0' + n % 10) }, 4 });
}

static void json_pair(struct buf *b, size_t start, size_t end)
{
	buf_byte(b, '[');
	buf_i64(b, (int64_t)start);
	buf_byte(b, ',');
	buf_i64(b, (int64_t)end);
	buf_byte(b, ']');
}

static void json_text(struct buf *b, const char *key, str s)
{
	json_key(b, key);
	json_str(b, s);
}

static void json_nullable(struct buf *b, const char *key, str s)
{
	json_key(b, key);
	if (s.n)
		json_str(b, s);
	else
		buf_put(b, S("null"));
}

static void json_span(struct buf *b, size_t start, size_t end)
{
	json_number(b, "start", start);
	json_number(b, "end", end);
}

static void json_cue(struct buf *b, const char *key, struct cue c)
{
	json_key(b, key);
	json_pair(b, c.start, c.end);
}

static void comma(struct buf *b, size_t i)
{
	if (i)
		buf_byte(b, ',');
}

static void json_units(struct buf *b, const char *key, const struct unit_refs *u)
{
	json_key(b, key);
	buf_byte(b, '[');
	for (size_t i = 0; i < u->n; i++) {
		comma(b, i);
		json_str(b, u->v[i].name);
	}
	buf_byte(b, ']');
}

static void json_unit_cues(struct buf *b, const char *key, const struct unit_refs *u)
{
	json_key(b, key);
	buf_byte(b, '[');
	for (size_t i = 0; i < u->n; i++) {
		comma(b, i);
		json_pair(b, u->v[i].cue.start, u->v[i].cue.end);
	}
	buf_byte(b, ']');
}

static void json_sectors(struct buf *b, const struct sector_refs *s)
{
	json_key(b, "sectors");
	buf_byte(b, '[');
	for (size_t i = 0; i < s->n; i++) {
		comma(b, i);
		json_str(b, s->v[i].sector->id);
	}
	buf_byte(b, ']');
}

static void json_sector_cues(struct buf *b, const struct sector_refs *s)
{
	json_key(b, "sector_cues");
	buf_byte(b, '[');
	for (size_t i = 0; i < s->n; i++) {
		comma(b, i);
		json_pair(b, s->v[i].cue.start, s->v[i].cue.end);
	}
	buf_byte(b, ']');
}

static void json_deadline(struct buf *b, const struct directive *d)
{
	json_key(b, "deadline");
	if (!d->has_deadline) {
		buf_put(b, S("null"));
		return;
	}
	const struct deadline *t = &d->deadline;
	char due[11];
	buf_byte(b, '{');
	json_text(b, "text", t->text);
	if (t->has_due)
		date_format(t->due_day, due);
	json_nullable(b, "due", t->has_due ? str_of(due) : (str){ "", 0 });
	json_nullable(b, "recurs", t->recurs);
	if (t->working_days)
		buf_printf(b, ",\"working_days\":%d", t->working_days);
	json_cue(b, "cue", t->cue);
	buf_byte(b, '}');
}

static void json_targets(struct buf *b, const struct targets *t)
{
	json_key(b, "targets");
	buf_byte(b, '[');
	for (size_t i = 0; i < t->n; i++) {
		const struct target *g = &t->v[i];
		comma(b, i);
		buf_byte(b, '{');
		json_text(b, "indicator", g->indicator);
		json_text(b, "comparator", g->comparator);
		buf_printf(b, ",\"value\":%.15g", g->value);
		json_text(b, "unit", g->unit);
		json_text(b, "text", g->text);
		json_cue(b, "cue", g->cue);
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

static void json_reasons(struct buf *b, const struct cues *c)
{
	json_key(b, "reasons");
	buf_byte(b, '[');
	for (size_t i = 0; i < c->n; i++) {
		comma(b, i);
		json_pair(b, c->v[i].start, c->v[i].end);
	}
	buf_byte(b, ']');
}

static void json_directive(struct buf *b, const struct directive *d)
{
	buf_byte(b, '{');
	json_span(b, d->start, d->end);
	json_text(b, "text", d->text);
	json_sectors(b, &d->sectors);
	json_units(b, "lead", &d->leads);
	json_units(b, "co", &d->cos);
	json_deadline(b, d);
	json_targets(b, &d->targets);
	json_hundredths(b, "confidence", d->confidence);
	json_text(b, "action", d->action);
	json_text(b, "object", d->object);
	json_cue(b, "action_cue", d->action_cue);
	json_cue(b, "object_cue", d->object_cue);
	json_sector_cues(b, &d->sectors);
	json_unit_cues(b, "lead_cues", &d->leads);
	json_unit_cues(b, "co_cues", &d->cos);
	json_reasons(b, &d->reasons);
	json_key(b, "note");
	if (d->note == EXTRACT_NONE)
		buf_put(b, S("null"));
	else
		buf_i64(b, (int64_t)d->note);
	buf_byte(b, '}');
}

static void json_note(struct buf *b, const struct note *n)
{
	buf_byte(b, '{');
	json_span(b, n->start, n->end);
	json_units(b, "lead", &n->leads);
	json_units(b, "co", &n->cos);
	buf_byte(b, '}');
}

void extraction_write_json(struct buf *b, str file, const struct extraction *x)
{
	buf_byte(b, '{');
	json_text(b, "file", file);
	json_nullable(b, "title", x->title.text);
	json_nullable(b, "issuer", x->issuer.text);
	json_nullable(b, "date", x->date.text);
	json_key(b, "directives");
	buf_byte(b, '[');
	for (size_t i = 0; i < x->directives.n; i++) {
		comma(b, i);
		json_directive(b, &x->directives.v[i]);
	}
	buf_byte(b, ']');
	json_key(b, "notes");
	buf_byte(b, '[');
	for (size_t i = 0; i < x->notes.n; i++) {
		comma(b, i);
		json_note(b, &x->notes.v[i]);
	}
	buf_byte(b, ']');
	json_nullable(b, "number", x->number.text);
	json_key(b, "clutter");
	buf_byte(b, '[');
	for (size_t i = 0; i < x->clutter.n; i++) {
		comma(b, i);
		json_pair(b, x->clutter.v[i].start, x->clutter.v[i].end);
	}
	buf_put(b, S("]}"));
}
