/* The JSON object of one document, on one line. Room is made once a piece, at its widest; then it is written
 * without asking again, so that the writing costs little beside the reading. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "decide/extract.h"

/* The widest a byte can become (\u00XX), and a number with its marks. */
enum { WIDEST_BYTE = 6, WIDEST_NUMBER = 24, SLACK = 8 };

#define LIT(w, text) ((char *)memcpy((w), (text), sizeof(text) - 1) + sizeof(text) - 1)

static size_t room_text(str s)
{
	return s.n * WIDEST_BYTE + SLACK;
}

/* ---- values ---- */

static char *put_number(char *w, uint64_t v)
{
	char digits[20], *p = digits + sizeof digits;
	do
		*--p = (char)('0' + v % 10);
	while (v /= 10);
	size_t n = (size_t)(digits + sizeof digits - p);
	memcpy(w, p, n);
	return w + n;
}

static char *put_pair(char *w, size_t start, size_t end)
{
	*w++ = '[';
	w = put_number(w, start);
	*w++ = ',';
	w = put_number(w, end);
	*w++ = ']';
	return w;
}

static char *put_cue(char *w, struct cue c)
{
	return put_pair(w, c.start, c.end);
}

static char *put_escape(char *w, uint32_t cp)
{
	static const char hex[] = "0123456789abcdef";
	if (cp == 0xFFFD)
		return w + utf8_encode(cp, w);
	*w++ = '\\';
	if (cp == '"' || cp == '\\') {
		*w++ = (char)cp;
	} else if (cp == '\n' || cp == '\t' || cp == '\r') {
		*w++ = cp == '\n' ? 'n' : cp == '\t' ? 't' : 'r';
	} else {
		const char e[5] = { 'u', hex[cp >> 12 & 15], hex[cp >> 8 & 15], hex[cp >> 4 & 15], hex[cp & 15] };
		w = (char *)memcpy(w, e, sizeof e) + sizeof e;
	}
	return w;
}

static bool needs_care(uint32_t cp)
{
	return cp == '"' || cp == '\\' || cp < 0x20 || cp == 0x7F || cp == 0x2028 || cp == 0x2029 || cp == 0xFFFD;
}

/* U+3000…U+9FFF and U+F000…U+FFBF: three bytes that never need care, most of what is written here. */
static inline bool han_at(const unsigned char *s)
{
	bool lead = (s[0] >= 0xE3 && s[0] <= 0xE9) || (s[0] == 0xEF && s[1] < 0xBF);
	return lead && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80;
}

static inline bool plain_ascii(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* Invalid UTF-8 becomes U+FFFD, so that the line is always valid JSON. */
static char *put_text(char *w, str s)
{
	*w++ = '"';
	for (size_t i = 0; i < s.n;) {
		for (; i + 4 <= s.n && han_at((const unsigned char *)s.p + i); i += 3, w += 3)
			memcpy(w, s.p + i, 4);
		for (; i < s.n && plain_ascii(s.p[i]); i++)
			*w++ = s.p[i];
		if (i == s.n)
			break;
		size_t at = i;
		uint32_t cp = utf8_next(s, &i);
		if (needs_care(cp)) {
			w = put_escape(w, cp);
		} else {
			memcpy(w, s.p + at, i - at);
			w += i - at;
		}
	}
	*w++ = '"';
	return w;
}

static char *put_nullable(char *w, str s)
{
	return s.n ? put_text(w, s) : LIT(w, "null");
}

/* 0…9.99 with two digits, without the cost of printf. */
static char *put_hundredths(char *w, double v)
{
	int n = (int)(v * 100 + 0.5);
	const char digits[4] = { (char)('0' + n / 100 % 10), '.', (char)('0' + n / 10 % 10), (char)('0' + n % 10) };
	return (char *)memcpy(w, digits, sizeof digits) + sizeof digits;
}

static char *put_value(char *w, double v)
{
	static const double exact = 1e15;
	if (v >= 1 && v < exact && v == (double)(uint64_t)v)
		return put_number(w, (uint64_t)v);
	return w + snprintf(w, WIDEST_NUMBER, "%.15g", v);
}

/* ---- lists ---- */

#define PUT_LIST(w, list, put)                                                                      \
	do {                                                                                       \
		*(w)++ = '[';                                                                      \
		for (size_t i_ = 0; i_ < (list)->n; i_++) {                                        \
			if (i_)                                                                    \
				*(w)++ = ',';                                                      \
			(w) = put(w, &(list)->v[i_]);                                              \
		}                                                                                  \
		*(w)++ = ']';                                                                      \
	} while (0)

static char *put_unit_name(char *w, const struct unit_ref *u)
{
	return put_text(w, u->name);
}

static char *put_unit_cue(char *w, const struct unit_ref *u)
{
	return put_cue(w, u->cue);
}

static char *put_sector(char *w, const struct sector_ref *s)
{
	return put_text(w, s->sector->id);
}

static char *put_sector_cue(char *w, const struct sector_ref *s)
{
	return put_cue(w, s->cue);
}

static char *put_reason(char *w, const struct cue *c)
{
	return put_cue(w, *c);
}

static char *put_target(char *w, const struct target *t)
{
	w = put_text(LIT(w, "{\"indicator\":"), t->indicator);
	w = put_text(LIT(w, ",\"comparator\":"), t->comparator);
	w = put_value(LIT(w, ",\"value\":"), t->value);
	w = put_text(LIT(w, ",\"unit\":"), t->unit);
	w = put_text(LIT(w, ",\"text\":"), t->text);
	w = put_cue(LIT(w, ",\"cue\":"), t->cue);
	*w++ = '}';
	return w;
}

static char *put_deadline(char *w, const struct directive *d)
{
	const struct deadline *t = &d->deadline;
	char due[11];
	if (!d->has_deadline)
		return LIT(w, "null");
	w = put_text(LIT(w, "{\"text\":"), t->text);
	if (t->has_due)
		date_format(t->due_day, due);
	w = put_nullable(LIT(w, ",\"due\":"), t->has_due ? str_of(due) : (str){ "", 0 });
	w = put_nullable(LIT(w, ",\"recurs\":"), t->recurs);
	if (t->working_days > 0)
		w = put_number(LIT(w, ",\"working_days\":"), (uint64_t)t->working_days);
	w = put_cue(LIT(w, ",\"cue\":"), t->cue);
	*w++ = '}';
	return w;
}

/* ---- pieces ---- */

static size_t room_units(const struct unit_refs *u)
{
	size_t n = 0;
	for (size_t i = 0; i < u->n; i++)
		n += room_text(u->v[i].name) + 2 * WIDEST_NUMBER;
	return n;
}

static size_t room_directive(const struct directive *d)
{
	enum { KEYS = 512, TARGET_KEYS = 128 };
	size_t n = KEYS + 8 * WIDEST_NUMBER + room_text(d->text) + room_text(d->action) + room_text(d->object) +
		   room_units(&d->leads) + room_units(&d->cos) + d->reasons.n * 2 * WIDEST_NUMBER;
	if (d->has_deadline)
		n += room_text(d->deadline.text) + room_text(d->deadline.recurs) + 4 * WIDEST_NUMBER;
	for (size_t i = 0; i < d->sectors.n; i++)
		n += room_text(d->sectors.v[i].sector->id) + 2 * WIDEST_NUMBER;
	for (size_t i = 0; i < d->targets.n; i++) {
		const struct target *t = &d->targets.v[i];
		n += TARGET_KEYS + 3 * WIDEST_NUMBER + room_text(t->indicator) + room_text(t->comparator) + room_text(t->unit) +
		     room_text(t->text);
	}
	return n;
}

static char *put_directive(char *w, const struct directive *d)
{
	w = put_number(LIT(w, "{\"start\":"), d->start);
	w = put_number(LIT(w, ",\"end\":"), d->end);
	w = put_text(LIT(w, ",\"text\":"), d->text);
	w = LIT(w, ",\"sectors\":");
	PUT_LIST(w, &d->sectors, put_sector);
	w = LIT(w, ",\"lead\":");
	PUT_LIST(w, &d->leads, put_unit_name);
	w = LIT(w, ",\"co\":");
	PUT_LIST(w, &d->cos, put_unit_name);
	w = put_deadline(LIT(w, ",\"deadline\":"), d);
	w = LIT(w, ",\"targets\":");
	PUT_LIST(w, &d->targets, put_target);
	w = put_hundredths(LIT(w, ",\"confidence\":"), d->confidence);
	w = put_text(LIT(w, ",\"action\":"), d->action);
	w = put_text(LIT(w, ",\"object\":"), d->object);
	w = put_cue(LIT(w, ",\"action_cue\":"), d->action_cue);
	w = put_cue(LIT(w, ",\"object_cue\":"), d->object_cue);
	w = LIT(w, ",\"sector_cues\":");
	PUT_LIST(w, &d->sectors, put_sector_cue);
	w = LIT(w, ",\"lead_cues\":");
	PUT_LIST(w, &d->leads, put_unit_cue);
	w = LIT(w, ",\"co_cues\":");
	PUT_LIST(w, &d->cos, put_unit_cue);
	w = LIT(w, ",\"reasons\":");
	PUT_LIST(w, &d->reasons, put_reason);
	w = LIT(w, ",\"note\":");
	w = d->note == EXTRACT_NONE ? LIT(w, "null") : put_number(w, d->note);
	*w++ = '}';
	return w;
}

static char *put_note(char *w, const struct note *n)
{
	w = put_number(LIT(w, "{\"start\":"), n->start);
	w = put_number(LIT(w, ",\"end\":"), n->end);
	w = LIT(w, ",\"lead\":");
	PUT_LIST(w, &n->leads, put_unit_name);
	w = LIT(w, ",\"co\":");
	PUT_LIST(w, &n->cos, put_unit_name);
	*w++ = '}';
	return w;
}

/* ---- the document, piece by piece ---- */

enum { HEAD, DIRECTIVES, NOTES, TAIL, DONE };

static char *room(struct buf *b, size_t n)
{
	buf_reserve(b, n + SLACK);
	return b->p + b->n;
}

static void wrote(struct buf *b, const char *w)
{
	b->n = (size_t)(w - b->p);
	b->p[b->n] = 0;
}

static void write_head(struct buf *b, const struct extraction_json *j)
{
	const struct extraction *x = j->x;
	enum { KEYS = 128 };
	char *w = room(b, KEYS + room_text(j->file) + room_text(x->title.text) + room_text(x->issuer.text) + room_text(x->date.text));
	w = put_text(LIT(w, "{\"file\":"), j->file);
	w = put_nullable(LIT(w, ",\"title\":"), x->title.text);
	w = put_nullable(LIT(w, ",\"issuer\":"), x->issuer.text);
	w = put_nullable(LIT(w, ",\"date\":"), x->date.text);
	wrote(b, LIT(w, ",\"directives\":["));
}

static void write_directive(struct buf *b, const struct directive *d, bool first)
{
	char *w = room(b, room_directive(d));
	if (!first)
		*w++ = ',';
	wrote(b, put_directive(w, d));
}

static void write_note(struct buf *b, const struct note *n, bool first)
{
	enum { KEYS = 64 };
	char *w = room(b, KEYS + 2 * WIDEST_NUMBER + room_units(&n->leads) + room_units(&n->cos));
	if (!first)
		*w++ = ',';
	wrote(b, put_note(w, n));
}

static void write_tail(struct buf *b, const struct extraction *x)
{
	enum { KEYS = 64 };
	char *w = room(b, KEYS + room_text(x->number.text) + x->clutter.n * 2 * WIDEST_NUMBER);
	w = put_nullable(LIT(w, "],\"number\":"), x->number.text);
	w = LIT(w, ",\"clutter\":[");
	for (size_t i = 0; i < x->clutter.n; i++) {
		if (i)
			*w++ = ',';
		w = put_pair(w, x->clutter.v[i].start, x->clutter.v[i].end);
	}
	wrote(b, LIT(w, "]}"));
}

bool extraction_json_next(struct buf *b, struct extraction_json *j)
{
	const struct extraction *x = j->x;
	switch (j->part) {
	case HEAD:
		write_head(b, j);
		break;
	case DIRECTIVES:
		if (j->at < x->directives.n) {
			write_directive(b, &x->directives.v[j->at], j->at == 0);
			j->at++;
			return true;
		}
		buf_put(b, S("],\"notes\":["));
		break;
	case NOTES:
		if (j->at < x->notes.n) {
			write_note(b, &x->notes.v[j->at], j->at == 0);
			j->at++;
			return true;
		}
		break;
	case TAIL:
		write_tail(b, x);
		break;
	default:
		return false;
	}
	j->at = 0;
	j->part++;
	return true;
}
