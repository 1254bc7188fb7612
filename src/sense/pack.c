#include "sense/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, SAME_ITEM = 0x80, WHAT_SHIFT = 4, WHAT_MASK = 7, SCALE_MASK = 15, SCALE_NEXT = 15, WITH_FLAG = 1 };

/* ---- integers ---- */

static void put_uint(struct buf *b, uint64_t v)
{
	while (v >= 0x80) {
		buf_byte(b, (char)(v | 0x80));
		v >>= 7;
	}
	buf_byte(b, (char)v);
}

static uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static int64_t unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

struct in {
	const unsigned char *p, *end;
	bool bad;
};

static uint64_t get_uint(struct in *in)
{
	uint64_t v = 0;
	for (int shift = 0; shift < 64; shift += 7) {
		if (in->p == in->end) {
			in->bad = true;
			return 0;
		}
		unsigned char c = *in->p++;
		v |= (uint64_t)(c & 0x7F) << shift;
		if (!(c & 0x80))
			return v;
	}
	in->bad = true;
	return 0;
}

static unsigned get_byte(struct in *in)
{
	if (in->p == in->end) {
		in->bad = true;
		return 0;
	}
	return *in->p++;
}

static struct in open_in(str body)
{
	const unsigned char *p = (const unsigned char *)body.p;
	struct in in = { p, p + body.n, body.n == 0 };
	in.bad = in.bad || get_byte(&in) != VERSION;
	return in;
}

/* ---- one packet ---- */

static int by_item(const void *a, const void *b)
{
	const struct reading *x = a, *y = b;
	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	return (int)x->what - (int)y->what;
}

static bool sorted(const struct reading *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (by_item(&v[i - 1], &v[i]) >= 0)
			return false;
	return true;
}

/* Sorted in place of a copy, equal keys reduced to the last that came. Insertion keeps their order; packets are short. */
static const struct reading *in_order(struct arena *a, const struct reading *v, size_t *n)
{
	if (sorted(v, *n))
		return v;
	struct reading *w = NEW_N(a, struct reading, *n);
	size_t k = 0;
	for (size_t i = 0; i < *n; i++) {
		size_t at = k;
		while (at > 0 && by_item(&w[at - 1], &v[i]) > 0)
			at--;
		if (at > 0 && by_item(&w[at - 1], &v[i]) == 0) {
			w[at - 1] = v[i];
			continue;
		}
		memmove(&w[at + 1], &w[at], (k - at) * sizeof *w);
		w[at] = v[i];
		k++;
	}
	*n = k;
	return w;
}

str pack_readings(struct arena *a, const struct reading *v, size_t n)
{
	struct buf b = BUF(a);
	uint32_t item = 0;
	char flag = 'N';
	v = in_order(a, v, &n);
	buf_reserve(&b, n * 12 + 8);
	buf_byte(&b, VERSION);
	put_uint(&b, n);
	for (size_t i = 0; i < n; i++) {
		const struct reading *r = &v[i];
		bool same = i && r->item == item && r->flag == flag;
		int scale = r->value.scale < SCALE_NEXT ? r->value.scale : SCALE_NEXT;
		buf_byte(&b, (char)((same ? SAME_ITEM : 0) | (r->what & WHAT_MASK) << WHAT_SHIFT | scale));
		if (scale == SCALE_NEXT)
			buf_byte(&b, (char)r->value.scale);
		if (!same) {
			bool with_flag = r->flag != 'N';
			put_uint(&b, (uint64_t)(r->item - item) << 1 | with_flag);
			if (with_flag)
				buf_byte(&b, r->flag);
			item = r->item;
			flag = r->flag;
		}
		put_uint(&b, zigzag(r->value.m));
	}
	return buf_str(&b);
}

bool unpack_readings(struct arena *a, str body, struct reading **ret, size_t *ret_n)
{
	struct in in = open_in(body);
	uint64_t n = in.bad ? 0 : get_uint(&in);
	uint32_t item = 0;
	char flag = 'N';
	if (in.bad || n > body.n)
		return false;
	struct reading *v = NEW_N(a, struct reading, n + 1);
	for (size_t i = 0; i < n && !in.bad; i++) {
		unsigned ctl = get_byte(&in);
		int scale = (int)(ctl & SCALE_MASK);
		if (scale == SCALE_NEXT)
			scale = (int)get_byte(&in);
		if (!(ctl & SAME_ITEM)) {
			uint64_t step = get_uint(&in);
			item += (uint32_t)(step >> 1);
			flag = step & WITH_FLAG ? (char)get_byte(&in) : 'N';
		}
		if (scale > DECIMAL_DIGITS)
			return false;
		v[i] = (struct reading){ .item = item, .what = (uint8_t)(ctl >> WHAT_SHIFT & WHAT_MASK), .flag = flag,
					 .value = { unzigzag(get_uint(&in)), scale, false } };
	}
	*ret = v;
	*ret_n = n;
	return !in.bad && in.p == in.end;
}

/* ---- a column ---- */

/* Every value at one scale; wider ones that would not fit are cut to what fits. */
static int64_t at_scale(struct decimal d, int scale)
{
	return decimal_round(d, scale, ROUND_HALF_EVEN);
}

static int column_scale(const struct point *v, size_t n)
{
	int scale = 0;
	for (size_t i = 0; i < n; i++)
		scale = v[i].value.scale > scale ? v[i].value.scale : scale;
	return scale < 12 ? scale : 12;
}

static int64_t common_step(const struct point *v, size_t n)
{
	int64_t step = 0;
	for (size_t i = 1; i < n; i++) {
		int64_t d = v[i].at_ms - v[i - 1].at_ms;
		while (d) { /* the greatest common divisor */
			int64_t r = step % d;
			step = d;
			d = r;
		}
	}
	return step ? step : 1;
}

/* Runs of equal steps: (how many, how long); times of a month are one run or a few. */
static void put_times(struct buf *b, const struct point *v, size_t n)
{
	int64_t step = common_step(v, n);
	put_uint(b, zigzag(v[0].at_ms));
	put_uint(b, (uint64_t)step);
	for (size_t i = 1; i < n;) {
		int64_t d = v[i].at_ms - v[i - 1].at_ms;
		size_t k = i;
		while (k < n && v[k].at_ms - v[k - 1].at_ms == d)
			k++;
		put_uint(b, k - i);
		put_uint(b, (uint64_t)(d / step));
		i = k;
	}
}

static void put_flags(struct buf *b, const struct point *v, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t k = i;
		while (k < n && v[k].flag == v[i].flag)
			k++;
		put_uint(b, k - i);
		buf_byte(b, v[i].flag);
		i = k;
	}
}

str pack_column(struct arena *a, const struct point *v, size_t n)
{
	struct buf b = BUF(a);
	int scale = column_scale(v, n);
	int64_t before = 0;
	buf_reserve(&b, n * 3 + 32);
	buf_byte(&b, VERSION);
	put_uint(&b, n);
	buf_byte(&b, (char)scale);
	if (!n)
		return buf_str(&b);
	put_times(&b, v, n);
	put_flags(&b, v, n);
	for (size_t i = 0; i < n; i++) {
		int64_t m = at_scale(v[i].value, scale);
		put_uint(&b, zigzag((int64_t)((uint64_t)m - (uint64_t)before)));
		before = m;
	}
	return buf_str(&b);
}

/* Where a column's parts are while it is read. */
struct column_in {
	struct in times, flags, values;
	size_t n;
	int scale;
	int64_t at, step, delta;
	uint64_t same_step, same_flag;
	int64_t m;
	char flag;
};

static bool skip_runs(struct in *in, size_t n, bool bytes)
{
	for (size_t i = 0; i < n && !in->bad;) {
		uint64_t k = get_uint(in);
		if (bytes)
			(void)get_byte(in);
		else
			(void)get_uint(in);
		if (!k || k > n - i)
			return false;
		i += k;
	}
	return !in->bad;
}

static bool open_column(str body, struct column_in *c)
{
	struct in in = open_in(body);
	if (in.bad)
		return false;
	*c = (struct column_in){ .n = get_uint(&in) };
	c->scale = (int)get_byte(&in);
	if (in.bad || c->n > body.n * 64 || c->scale > DECIMAL_DIGITS)
		return false;
	if (!c->n)
		return in.p == in.end;
	c->at = unzigzag(get_uint(&in));
	c->step = (int64_t)get_uint(&in);
	c->times = in;
	if (in.bad || !skip_runs(&in, c->n - 1, false))
		return false;
	c->flags = in;
	if (!skip_runs(&in, c->n, true))
		return false;
	c->values = in;
	return true;
}

static inline void next_point(struct column_in *c, size_t i)
{
	if (i) {
		if (!c->same_step) {
			c->same_step = get_uint(&c->times);
			c->delta = (int64_t)get_uint(&c->times) * c->step;
		}
		c->same_step--;
		c->at += c->delta;
	}
	if (!c->same_flag) {
		c->same_flag = get_uint(&c->flags);
		c->flag = (char)get_byte(&c->flags);
	}
	c->same_flag--;
	c->m = (int64_t)((uint64_t)c->m + (uint64_t)unzigzag(get_uint(&c->values)));
}

bool unpack_column(struct arena *a, str body, struct point **ret, size_t *ret_n)
{
	struct column_in c;
	if (!open_column(body, &c))
		return false;
	struct point *v = NEW_N(a, struct point, c.n + 1);
	for (size_t i = 0; i < c.n; i++) {
		next_point(&c, i);
		v[i] = (struct point){ c.at, { c.m, c.scale, false }, c.flag };
	}
	*ret = v;
	*ret_n = c.n;
	return !c.values.bad && !c.times.bad && c.values.p == c.values.end;
}

bool unpack_values(str body, int64_t from_ms, int64_t to_ms, int64_t *at, double *value, char *flag, size_t room, size_t *ret_n)
{
	struct column_in c;
	size_t k = 0;
	if (!open_column(body, &c))
		return false;
	double unit = decimal_f64((struct decimal){ 1, c.scale, false });
	double divisor = round(1 / unit);
	for (size_t i = 0; i < c.n; i++) {
		next_point(&c, i);
		if (c.at < from_ms || c.at >= to_ms)
			continue;
		if (k == room)
			return false;
		at[k] = c.at;
		value[k] = (double)c.m / divisor;
		flag[k++] = c.flag;
	}
	*ret_n = k;
	return !c.values.bad && !c.times.bad && c.values.p == c.values.end;
}
