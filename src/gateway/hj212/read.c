#include "gateway/hj212/read.h"

#include <endian.h>
#include <string.h>

/* Upload commands, HJ 212-2017 table 9; 2013, 2052, 2062, 2111 came with the edition of 2025. */
static const struct {
	const char cn[5];
	enum series_kind kind;
} uploads[] = {
	{ "2011", SERIES_REAL },  { "2051", SERIES_MINUTE }, { "2061", SERIES_HOUR },   { "2031", SERIES_DAY },
	{ "2021", SERIES_STATE }, { "2041", SERIES_DAY },    { "2013", SERIES_REAL },   { "2052", SERIES_MINUTE },
	{ "2062", SERIES_REAL },  { "2111", SERIES_MINUTE },
};

bool hj212_kind(str cn, enum series_kind *ret)
{
	for (size_t i = 0; i < COUNT_OF(uploads); i++)
		if (str_eq(cn, str_of(uploads[i].cn))) {
			*ret = uploads[i].kind;
			return true;
		}
	return false;
}

/* Names are compared as numbers: up to eight bytes, the first one highest. */
#define WORD3(a, b, c) ((uint64_t)(a) << 16 | (uint64_t)(b) << 8 | (uint64_t)(c))
#define WORD4(a, b, c, d) (WORD3(a, b, c) << 8 | (uint64_t)(d))
#define WORD5(a, b, c, d, e) (WORD4(a, b, c, d) << 8 | (uint64_t)(e))
#define DATA_TIME (WORD4('D', 'a', 't', 'a') << 32 | WORD4('T', 'i', 'm', 'e'))
enum { SHORT = 8 };

enum field { FIELD_OTHER, FIELD_FLAG, FIELD_VALUE };

/* Table 4: what a field says of its item. */
static inline enum field field_of(uint64_t word, uint8_t *ret_what)
{
	switch (word) {
	case WORD4('F', 'l', 'a', 'g'):
		return FIELD_FLAG;
	case WORD3('R', 't', 'd'):
	case WORD3('A', 'v', 'g'):
	case WORD4('D', 'a', 't', 'a'):
	case (uint64_t)'R' << 8 | 'S':
	case (uint64_t)'R' << 8 | 'T':
		*ret_what = SERIES_VALUE;
		return FIELD_VALUE;
	case WORD3('M', 'i', 'n'):
		*ret_what = SERIES_MIN;
		return FIELD_VALUE;
	case WORD3('M', 'a', 'x'):
		*ret_what = SERIES_MAX;
		return FIELD_VALUE;
	case WORD3('C', 'o', 'u'):
		*ret_what = SERIES_SUM;
		return FIELD_VALUE;
	case WORD5('Z', 's', 'R', 't', 'd'):
	case WORD5('Z', 's', 'A', 'v', 'g'):
		*ret_what = SERIES_ZS;
		return FIELD_VALUE;
	case WORD5('Z', 's', 'M', 'i', 'n'):
		*ret_what = SERIES_ZS_MIN;
		return FIELD_VALUE;
	case WORD5('Z', 's', 'M', 'a', 'x'):
		*ret_what = SERIES_ZS_MAX;
		return FIELD_VALUE;
	default:
		return FIELD_OTHER;
	}
}

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
	uint64_t bytes, mask; /* its bytes as they lie in memory, when it is short */
	uint32_t item;
	bool known;
	char flag;
	size_t from;
};

static inline bool number_of(struct hj212_reader *r, uint64_t code, str text, uint32_t *ret)
{
	size_t i = (size_t)(code * UINT64_C(0x9E3779B97F4A7C15) >> 54);
	if (text.n <= SHORT && r->known[i].code == code) {
		*ret = r->known[i].item;
		return true;
	}
	if (!r->item(r->arg, text, ret))
		return false;
	if (text.n <= SHORT) {
		r->known[i].code = code;
		r->known[i].item = *ret;
	}
	return true;
}

static inline void close_group(struct hj212_data *d, const struct group *g)
{
	for (size_t i = g->from; i < d->n; i++)
		d->v[i].flag = g->flag;
}

static void open_group(struct hj212_reader *r, struct hj212_data *d, struct group *g, uint64_t code, str text)
{
	close_group(d, g);
	*g = (struct group){ .text = text, .flag = ' ', .from = d->n };
	g->known = number_of(r, code, text, &g->item);
	if (text.n > SHORT)
		return;
	memcpy(&g->bytes, text.p, text.n);
	memset(&g->mask, 0xFF, text.n);
}

static void take_time(struct hj212_data *d, const char *from, const char *to)
{
	if (!hj212_time(str_trim((str){ from, (size_t)(to - from) }), &d->at_ms))
		d->at_ms = INT64_MIN;
}

/* Day and night levels of noise are items of their own: "L5-DayData". */
static bool own_item(const struct pair *q)
{
	str field = { q->dash + 1, (size_t)(q->equals - q->dash - 1) };
	return str_eq(field, S("DayData")) || str_eq(field, S("NightData"));
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
static inline const char *take_next(struct hj212_data *d, struct group *g, const char *p, const char *end)
{
	enum { LOOK = 24 };
	uint64_t head, word;
	uint8_t what = SERIES_VALUE;
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
	enum field is = field_of(be64toh(word) >> (64 - 8 * n), &what);
	if (is == FIELD_OTHER)
		return NULL;
	return is == FIELD_FLAG ? take_flag(g, f + n + 1, end) : take_value(d, g, what, f + n + 1, end);
}

static const char *take_pair(struct hj212_reader *r, struct hj212_data *d, struct group *g, const struct pair *q,
			     const char *p, const char *end)
{
	uint8_t what = SERIES_VALUE;
	bool bare = !q->dash;
	if (bare && q->code != WORD4('F', 'l', 'a', 'g')) {
		const char *to = value_end(p, end);
		if (q->code == DATA_TIME)
			take_time(d, p, to);
		return to;
	}
	enum field f = bare ? FIELD_FLAG : field_of(q->field, &what);
	str text = { q->name, (size_t)((bare ? q->equals : q->dash) - q->name) };
	uint64_t code = q->code;
	if (f == FIELD_OTHER) { /* SampleTime, EFlag, Info …: kept with the raw frame */
		if (!own_item(q))
			return value_end(p, end);
		text.n = (size_t)(q->equals - q->name);
		code = q->code ^ q->field << 1;
		f = FIELD_VALUE;
	}
	if (!bare && !str_eq(text, g->text))
		open_group(r, d, g, code, text);
	return f == FIELD_FLAG ? take_flag(g, p, end) : take_value(d, g, what, p, end);
}

void hj212_read(struct hj212_reader *r, const struct hj212_head *h, struct hj212_data *ret)
{
	struct pair q;
	struct group g = { .flag = ' ' };
	const char *p = h->cp.p, *end = p + h->cp.n;
	ret->n = 0;
	ret->words = 0;
	ret->at_ms = INT64_MIN;
	ret->has_data = hj212_kind(h->cn, &ret->kind);
	if (!ret->has_data || !h->cp.n)
		return;
	while (p && p < end) {
		const char *next = parts(*p) ? p + 1 : take_next(ret, &g, p, end);
		if (!next && (p = name_at(p, end, &q)))
			next = take_pair(r, ret, &g, &q, p, end);
		p = next;
	}
	close_group(ret, &g);
}
