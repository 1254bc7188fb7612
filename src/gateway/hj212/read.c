#include "gateway/hj212/read.h"

#include <endian.h>
#include <string.h>

/* Names are compared as numbers: up to eight bytes, the first one highest. */
#define WORD3(a, b, c) ((uint64_t)(a) << 16 | (uint64_t)(b) << 8 | (uint64_t)(c))
#define WORD4(a, b, c, d) (WORD3(a, b, c) << 8 | (uint64_t)(d))
#define DATA_TIME (WORD4('D', 'a', 't', 'a') << 32 | WORD4('T', 'i', 'm', 'e'))
enum { SHORT = 8 };

/* A pair while it is read. */
struct pair {
	const char *name, *dash, *equals;  /* dash NULL: none */
	uint64_t code, field;
};

static inline bool parts(char c)
{
	return c == ';' || c == ',';
}

/* From `p` to the equals sign; NULL at the end. A word without a value is passed by. */
static inline const char *name_at(const char *p, const char *end, struct pair *ret)
{
	struct pair q = { .name = p };
	for (; p < end; p++) {
		char c = *p;
		if (c == '=')
			break;
		if (parts(c)) {
			q = (struct pair){ .name = p + 1 };
		} else if (c == '-') { /* w01018--Avg has been seen */
			if (!q.dash)
				q.dash = p;
		} else if (c == ' ') {
			if (q.name == p)
				q.name = p + 1;
		} else if (q.dash) {
			q.field = q.field << 8 | (unsigned char)c;
		} else {
			q.code = q.code << 8 | (unsigned char)c;
		}
	}
	if (p == end)
		return NULL;
	q.equals = p;
	*ret = q;
	return p + 1;
}

/* Behind the value that begins at `p`. Texts between // and // may hold anything. */
static const char *value_end(const char *p, const char *end)
{
	bool text = false;
	for (; p < end && (text || !parts(*p)); p++)
		if (p + 1 < end && p[0] == '/' && p[1] == '/') {
			text = !text;
			p++;
		}
	return p;
}

/* Plain decimals at once, anything else by decimal_parse(). */
static inline const char *number_at(const char *p, const char *end, struct decimal *ret, bool *ret_ok)
{
	const char *from = p;
	bool minus = p < end && *p == '-', point = false;
	uint64_t m = 0;
	int digits = 0, scale = 0;
	for (p += minus; p < end; p++) {
		unsigned d = (unsigned char)*p - (unsigned)'0';
		if (d < 10) {
			m = m * 10 + d;
			digits++;
			scale += point;
		} else if (*p == '.' && !point) {
			point = true;
		} else {
			break;
		}
	}
	if (digits && digits <= DECIMAL_DIGITS && (p == end || parts(*p))) {
		*ret = (struct decimal){ minus ? -(int64_t)m : (int64_t)m, scale, false };
		*ret_ok = true;
		return p;
	}
	p = value_end(from, end);
	*ret_ok = decimal_parse(str_trim((str){ from, (size_t)(p - from) }), ret);
	return p;
}

/* The readings of the item that is being read; a flag holds for all of them, wherever it stands. */
struct group {
	str text;            /* the code as it was sent */
	uint64_t code;       /* the same as a number, of up to eight bytes */
	uint64_t bytes, mask; /* its bytes as they lie in memory, when it is short */
	uint32_t item;
	bool known;
	char flag;
	size_t from;
};

static inline size_t place_of(uint64_t code)
{
	return (size_t)(code * UINT64_C(0x9E3779B97F4A7C15) >> 54);
}

static inline bool number_of(struct hj212_reader *r, uint64_t code, str text, uint32_t *ret)
{
	struct hj212_known *k = &r->known[place_of(code)];
	if (code && text.n <= SHORT && k->code == code) {
		*ret = k->item;
		return true;
	}
	if (!r->item(r->arg, text, ret))
		return false;
	if (text.n <= SHORT)
		*k = (struct hj212_known){ .code = code, .item = *ret };
	return true;
}

static inline void close_group(struct hj212_data *d, const struct group *g)
{
	for (size_t i = g->from; i < d->n; i++)
		d->v[i].flag = g->flag;
}

static void open_group(struct hj212_reader *r, struct hj212_data *d, struct group *g, uint64_t code, str text)
{
	struct hj212_known *before = g->mask ? &r->known[place_of(g->code)] : NULL, *now = &r->known[place_of(code)];
	close_group(d, g);
	*g = (struct group){ .text = text, .code = code, .flag = ' ', .from = d->n };
	g->known = number_of(r, code, text, &g->item);
	if (text.n > SHORT)
		return;
	memcpy(&g->bytes, text.p, text.n);
	memset(&g->mask, 0xFF, text.n);
	if (!g->known)
		return;
	now->bytes = g->bytes;
	now->mask = g->mask;
	now->n = (uint8_t)text.n;
	if (before)
		before->next = now;
}

/* Stations send their items in the same order again and again: what followed this item last time? It is the same again when
 * its bytes stand at `p`, with a dash behind them. */
static inline bool same_again(struct hj212_reader *r, struct hj212_data *d, struct group *g, const char *p, const char *end)
{
	uint64_t head;
	const struct hj212_known *k = g->mask ? r->known[place_of(g->code)].next : NULL;
	if (!k || !k->mask || end - p < SHORT + 1)
		return false;
	memcpy(&head, p, sizeof head);
	if (((head ^ k->bytes) & k->mask) || p[k->n] != '-')
		return false;
	close_group(d, g);
	*g = (struct group){ .text = { p, k->n }, .code = k->code, .bytes = k->bytes, .mask = k->mask, .item = k->item, .known = true,
			     .flag = ' ', .from = d->n };
	return true;
}

static void take_time(struct hj212_data *d, const char *from, const char *to)
{
	if (!hj212_time(str_trim((str){ from, (size_t)(to - from) }), &d->at_ms))
		d->at_ms = INT64_MIN;
}

static inline const char *take_flag(struct group *g, const char *p, const char *end)
{
	const char *to = p + 1 < end && parts(p[1]) ? p + 1 : value_end(p, end);
	g->flag = to == p + 1 ? *p : '?';
	return to;
}

static inline const char *take_value(struct hj212_data *d, const struct group *g, uint8_t what, const char *p, const char *end)
{
	struct decimal value;
	bool ok;
	p = number_at(p, end, &value, &ok);
	if (!ok || !g->known || d->n == HJ212_READINGS_MAX) {
		d->words++;
		return p;
	}
	d->v[d->n++] = (struct reading){ .item = g->item, .what = what, .flag = g->flag, .value = value };
	return p;
}

/* Most pairs are of the item before, with a field of three to five letters. NULL: not this one. */
static inline const char *take_next(const struct hj212_words *w, struct hj212_data *d, struct group *g, const char *p, const char *end)
{
	enum { LOOK = 24 };
	uint64_t head, word;
	if (end - p < LOOK || !g->mask)
		return NULL;
	memcpy(&head, p, sizeof head);
	const char *f = p + g->text.n + 1;
	if (((head ^ g->bytes) & g->mask) || f[-1] != '-')
		return NULL;
	memcpy(&word, f, sizeof word);
	int n = f[3] == '=' ? 3 : f[4] == '=' ? 4 : f[5] == '=' ? 5 : 0;
	if (!n)
		return NULL;
	const struct hj212_field *is = hj212_field(w, be64toh(word) >> (64 - 8 * n));
	if (is->means == HJ212_MEANS_VALUE)
		return take_value(d, g, is->what, f + n + 1, end);
	return is->means == HJ212_MEANS_FLAG ? take_flag(g, f + n + 1, end) : NULL;
}

/* A field's name is longer than its number: the text decides. */
static const struct hj212_field *field_of(const struct hj212_words *w, const struct pair *q)
{
	static const struct hj212_field flag = { .means = HJ212_MEANS_FLAG }, none;
	if (!q->dash)
		return &flag;
	const struct hj212_field *f = hj212_field(w, q->field);
	return f->name.n < SHORT || str_eq(f->name, (str){ q->dash + 1, (size_t)(q->equals - q->dash - 1) }) ? f : &none;
}

static const char *take_pair(struct hj212_reader *r, struct hj212_data *d, struct group *g, const struct pair *q,
			     const char *p, const char *end)
{
	bool bare = !q->dash;
	if (bare && q->code != WORD4('F', 'l', 'a', 'g')) {
		const char *to = value_end(p, end);
		if (q->code == DATA_TIME)
			take_time(d, p, to);
		return to;
	}
	const struct hj212_field *f = field_of(r->words, q);
	str text = { q->name, (size_t)((bare ? q->equals : q->dash) - q->name) };
	uint64_t code = q->code;
	if (f->means == HJ212_MEANS_NOTHING) /* SampleTime, EFlag, Info …: kept with the raw frame */
		return value_end(p, end);
	if (f->means == HJ212_MEANS_ITEM) { /* levels of noise by day and night: "L5-DayData" */
		text.n = (size_t)(q->equals - q->name);
		code = q->code ^ q->field << 1;
	}
	if (!bare && (code != g->code || text.n != g->text.n || (text.n > SHORT && !str_eq(text, g->text))))
		open_group(r, d, g, code, text);
	return f->means == HJ212_MEANS_FLAG ? take_flag(g, p, end) : take_value(d, g, f->what, p, end);
}

void hj212_read(struct hj212_reader *r, const struct hj212_head *h, struct hj212_data *ret)
{
	struct pair q;
	struct group g = { .flag = ' ' };
	const char *p = h->cp.p, *end = p + h->cp.n;
	ret->n = 0;
	ret->words = 0;
	ret->at_ms = INT64_MIN;
	const struct hj212_word *word = hj212_word(r->words, h->cn);
	ret->has_data = word->values;
	ret->kind = word->kind;
	if (!ret->has_data || !h->cp.n)
		return;
	while (p && p < end) {
		if (parts(*p)) {
			p++;
			continue;
		}
		const char *next = take_next(r->words, ret, &g, p, end);
		if (!next && same_again(r, ret, &g, p, end))
			next = take_next(r->words, ret, &g, p, end);
		if (!next && (p = name_at(p, end, &q)))
			next = take_pair(r, ret, &g, &q, p, end);
		p = next;
	}
	close_group(ret, &g);
}
