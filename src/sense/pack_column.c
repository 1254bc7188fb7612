/* A column: times as runs of equal steps, flags as runs, values at one scale. Values that are looked at by the year are of one
 * width above the least, so that they are summed without being taken apart; others are differences, which is shorter. */
#include <math.h>
#include <stdlib.h>

#include "sense/pack.h"
#include "sense/pack_int.h"

enum { DELTAS = 1, FIXED = 2, SCALE_MAX = 12 };
#define PERIOD_MS_MAX (INT64_C(1) << 36) /* steps and periods are far below: sums of times stay in range */

/* ---- writing ---- */

static int column_scale(const struct point *v, size_t n)
{
	int scale = 0;
	for (size_t i = 0; i < n; i++)
		scale = v[i].value.scale > scale ? v[i].value.scale : scale;
	return scale < SCALE_MAX ? scale : SCALE_MAX;
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
static char *put_times(char *p, const struct point *v, size_t n)
{
	int64_t step = common_step(v, n);
	p = put_uint(p, zigzag(v[0].at_ms));
	p = put_uint(p, (uint64_t)step);
	for (size_t i = 1; i < n;) {
		int64_t d = v[i].at_ms - v[i - 1].at_ms;
		size_t k = i;
		while (k < n && v[k].at_ms - v[k - 1].at_ms == d)
			k++;
		p = put_uint(p, k - i);
		p = put_uint(p, (uint64_t)(d / step));
		i = k;
	}
	return p;
}

static char *put_flags(char *p, const struct point *v, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t k = i;
		while (k < n && v[k].flag == v[i].flag)
			k++;
		p = put_uint(p, k - i);
		*p++ = v[i].flag;
		i = k;
	}
	return p;
}

static char *put_deltas(char *p, const int64_t *m, size_t n)
{
	int64_t before = 0;
	for (size_t i = 0; i < n; i++) {
		p = put_uint(p, zigzag((int64_t)((uint64_t)m[i] - (uint64_t)before)));
		before = m[i];
	}
	return p;
}

static int width_of(uint64_t span)
{
	return !span ? 0 : span <= UINT8_MAX ? 1 : span <= UINT16_MAX ? 2 : span <= UINT32_MAX ? 4 : 8;
}

static char *put_fixed(char *p, const int64_t *m, size_t n)
{
	int64_t least = m[0], most = m[0];
	for (size_t i = 1; i < n; i++) {
		least = m[i] < least ? m[i] : least;
		most = m[i] > most ? m[i] : most;
	}
	int width = width_of((uint64_t)most - (uint64_t)least);
	p = put_uint(p, zigzag(least));
	*p++ = (char)width;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = (uint64_t)m[i] - (uint64_t)least;
		for (int b = 0; b < width; b++)
			*p++ = (char)(v >> 8 * b);
	}
	return p;
}

str pack_column(struct arena *a, const struct point *v, size_t n, bool fixed)
{
	int scale = column_scale(v, n);
	char *begin = arena_raw(a, n * (4 * PACK_INT_MAX + 1) + 8 * PACK_INT_MAX), *p = begin;
	*p++ = fixed ? FIXED : DELTAS;
	p = put_uint(p, n);
	*p++ = (char)scale;
	if (n) {
		int64_t *m = NEW_N(a, int64_t, n);
		for (size_t i = 0; i < n; i++) /* wider ones that would not fit are cut to what fits */
			m[i] = decimal_round(v[i].value, scale, ROUND_HALF_EVEN);
		char *times = arena_raw(a, n * 2 * PACK_INT_MAX + 2 * PACK_INT_MAX), *flags = arena_raw(a, n * (PACK_INT_MAX + 1));
		size_t times_n = (size_t)(put_times(times, v, n) - times), flags_n = (size_t)(put_flags(flags, v, n) - flags);
		if (fixed) { /* where the parts lie, for a reader in a hurry */
			p = put_uint(p, times_n);
			p = put_uint(p, flags_n);
		}
		p = (char *)memcpy(p, times, times_n) + times_n;
		p = (char *)memcpy(p, flags, flags_n) + flags_n;
		p = fixed ? put_fixed(p, m, n) : put_deltas(p, m, n);
	}
	return (str){ begin, (size_t)(p - begin) };
}

/* ---- reading ---- */

/* Where a column's parts are while it is read. */
struct column_in {
	struct in times, flags, values;
	size_t n;
	int scale, width;            /* width -1: differences */
	int64_t at, step, delta;
	uint64_t same_step, same_flag;
	int64_t m;                   /* the value before; of one width: the least */
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

/* The parts' places are said; that the runs are as many as the points is seen while they are read. */
static bool open_fixed(struct column_in *c, struct in *in)
{
	uint64_t times_n = get_uint(in), flags_n = get_uint(in), left = (uint64_t)(in->end - in->p);
	if (in->bad || times_n > left || flags_n > left - times_n)
		return false;
	c->times = (struct in){ in->p, in->p + times_n, false };
	c->flags = (struct in){ c->times.end, c->times.end + flags_n, false };
	c->values = (struct in){ c->flags.end, in->end, false };
	c->m = unzigzag(get_uint(&c->values));
	c->width = (int)get_byte(&c->values);
	bool known = c->width == 0 || c->width == 1 || c->width == 2 || c->width == 4 || c->width == 8;
	return !c->values.bad && known && (size_t)(c->values.end - c->values.p) == c->n * (size_t)c->width;
}

static bool open_deltas(struct column_in *c, struct in *in)
{
	c->times = *in;
	(void)get_uint(in);
	(void)get_uint(in);
	if (!skip_runs(in, c->n - 1, false))
		return false;
	c->flags = *in;
	if (!skip_runs(in, c->n, true))
		return false;
	c->values = *in;
	return c->n <= (size_t)(in->end - in->p);
}

static bool open_column(str body, struct column_in *c)
{
	struct in in = { (const unsigned char *)body.p, (const unsigned char *)body.p + body.n, body.n == 0 };
	unsigned how = get_byte(&in);
	*c = (struct column_in){ .n = get_uint(&in), .width = -1 };
	c->scale = (int)get_byte(&in);
	/* A column of one value has no bytes a point, so the number of points is bounded by what a period can hold. */
	if (in.bad || (how != DELTAS && how != FIXED) || c->n > COLUMN_POINTS_MAX || c->scale > DECIMAL_DIGITS)
		return false;
	if (!c->n)
		return in.p == in.end;
	if (how == FIXED ? !open_fixed(c, &in) : !open_deltas(c, &in))
		return false;
	c->at = unzigzag(get_uint(&c->times));
	c->step = (int64_t)get_uint(&c->times);
	return !c->times.bad && llabs(c->at) <= INT64_C(1) << 60;
}

static inline int64_t value_at(struct column_in *c, size_t i)
{
	uint64_t v = 0;
	if (c->width < 0)
		return c->m = (int64_t)((uint64_t)c->m + (uint64_t)unzigzag(get_uint(&c->values)));
	const unsigned char *p = c->values.p + i * (size_t)c->width;
	if (c->width == 2)
		v = (uint64_t)p[0] | (uint64_t)p[1] << 8;
	else
		for (int b = 0; b < c->width; b++)
			v |= (uint64_t)p[b] << 8 * b;
	return (int64_t)((uint64_t)c->m + v);
}

static inline void next_step(struct column_in *c)
{
	uint64_t delta;
	c->same_step = get_uint(&c->times);
	bool fits = !__builtin_mul_overflow(get_uint(&c->times), (uint64_t)c->step, &delta) && delta <= PERIOD_MS_MAX;
	c->times.bad |= !fits;
	c->delta = fits ? (int64_t)delta : 0;
}

/* The next run of points with one step and one flag: from i on, at most to the end. The first of them is at c->at. Of damaged
 * bytes the rest is one run, and whole() says no. */
static inline size_t next_run(struct column_in *c, size_t i)
{
	if (i && !c->same_step)
		next_step(c);
	if (!c->same_flag) {
		c->same_flag = get_uint(&c->flags);
		c->flag = (char)get_byte(&c->flags);
	}
	size_t k = i ? c->same_step : 1; /* the first point stands before its first step */
	k = k < c->same_flag ? k : c->same_flag;
	if (__builtin_expect(!k || k > c->n - i, 0)) {
		c->times.bad = true;
		return c->n - i;
	}
	if (i) {
		c->at += c->delta;
		c->same_step -= k;
	}
	c->same_flag -= k;
	return k;
}

static inline void end_run(struct column_in *c, size_t k)
{
	c->at += c->delta * (int64_t)(k - 1);
}

static bool whole(const struct column_in *c)
{
	bool all = !c->same_step && !c->same_flag && (c->width < 0 ? c->values.p == c->values.end : c->times.p == c->times.end && c->flags.p == c->flags.end);
	return all && !c->values.bad && !c->times.bad && !c->flags.bad;
}

bool unpack_column(struct arena *a, str body, struct point **ret, size_t *ret_n)
{
	struct column_in c;
	if (!open_column(body, &c))
		return false;
	struct point *v = NEW_N(a, struct point, c.n + 1);
	for (size_t i = 0; i < c.n;) {
		size_t k = next_run(&c, i);
		int64_t at = c.at;
		for (size_t e = i + k; i < e; i++, at += c.delta)
			v[i] = (struct point){ at, { value_at(&c, i), c.scale, false }, c.flag };
		end_run(&c, k);
	}
	*ret = v;
	*ret_n = c.n;
	return whole(&c);
}

static double divisor_of(int scale)
{
	double d = 1;
	while (scale-- > 0)
		d *= 10;
	return d;
}

bool unpack_values(str body, int64_t from_ms, int64_t to_ms, int64_t *at, double *value, char *flag, size_t room, size_t *ret_n)
{
	struct column_in c;
	size_t n = 0;
	if (!open_column(body, &c))
		return false;
	double divisor = divisor_of(c.scale);
	for (size_t i = 0; i < c.n;) {
		size_t k = next_run(&c, i);
		int64_t t = c.at;
		for (size_t e = i + k; i < e; i++, t += c.delta) {
			int64_t m = value_at(&c, i);
			if (t < from_ms || t >= to_ms)
				continue;
			if (n == room)
				return false;
			at[n] = t;
			value[n] = (double)m / divisor;
			flag[n++] = c.flag;
		}
		end_run(&c, k);
	}
	*ret_n = n;
	return whole(&c);
}

bool column_points(str body, size_t *ret_n)
{
	struct in in = { (const unsigned char *)body.p, (const unsigned char *)body.p + body.n, body.n == 0 };
	(void)get_byte(&in);
	*ret_n = get_uint(&in);
	return !in.bad && *ret_n <= COLUMN_POINTS_MAX;
}

/* ---- sums of days ---- */

enum { HOUR_MS = 3600000, DAY_HOURS = 24, DAY_PARTS = 3 };

static const int64_t thousand_of[DAY_PARTS + 1] = { 1000, 100, 10, 1 };

/* To thousandths, half away from zero. */
static int64_t thousandths(int64_t m, int scale)
{
	int64_t by = 1, q;
	if (scale <= DAY_PARTS)
		return __builtin_mul_overflow(m, thousand_of[scale], &q) ? (m < 0 ? -INT64_MAX : INT64_MAX) : q;
	for (; scale > DAY_PARTS; scale--)
		by *= 10;
	int64_t r = m % by;
	return m / by + (2 * llabs(r) >= by ? (m < 0 ? -1 : 1) : 0);
}

/* Up to eight bytes as a word, none beyond `end`; the first one lowest. */
static inline uint64_t word_at(const unsigned char *p, const unsigned char *end, size_t n)
{
	uint64_t w = 0;
	if (__builtin_expect(end - p < 8, 0)) {
		for (size_t i = 0; i < n; i++)
			w |= (uint64_t)p[i] << 8 * i;
		return w;
	}
	memcpy(&w, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return n < 8 ? w & ((UINT64_C(1) << 8 * n) - 1) : w;
}

/* Eight bytes, or four pairs of bytes, at a time, within a word. */
static inline uint64_t sum_8(const unsigned char *p, const unsigned char *end, size_t n)
{
	const uint64_t odd = UINT64_C(0x00FF00FF00FF00FF);
	uint64_t sum = 0, w;
	for (; n; p += 8) {
		size_t k = n < 8 ? n : 8;
		w = word_at(p, end, k);
		sum += (((w & odd) + (w >> 8 & odd)) * UINT64_C(0x0001000100010001)) >> 48;
		n -= k;
	}
	return sum;
}

static inline uint64_t sum_16(const unsigned char *p, const unsigned char *end, size_t n)
{
	const uint64_t odd = UINT64_C(0x0000FFFF0000FFFF);
	uint64_t w, pairs = 0;
	for (; n; p += 8) { /* a run of a day does not fill 32 bits */
		size_t k = n < 4 ? n : 4;
		w = word_at(p, end, 2 * k);
		pairs += (w & odd) + (w >> 16 & odd);
		n -= k;
	}
	return (pairs & UINT32_MAX) + (pairs >> 32);
}

static bool is_narrow(const struct column_in *c)
{
	return (c->width == 1 || c->width == 2) && c->scale <= DAY_PARTS && c->m > INT32_MIN && c->m < INT32_MAX;
}

/* Values i … i + k - 1; where thousandths need rounding each is rounded by itself. */
static inline int64_t sum_run(struct column_in *c, bool narrow, size_t i, size_t k)
{
	int64_t sum = 0;
	if (narrow && k <= INT16_MAX) {
		const unsigned char *p = c->values.p + i * (size_t)c->width;
		return ((int64_t)(c->width == 2 ? sum_16(p, c->values.end, k) : sum_8(p, c->values.end, k)) + c->m * (int64_t)k) * thousand_of[c->scale];
	}
	for (size_t e = i + k; i < e; i++)
		sum = (int64_t)((uint64_t)sum + (uint64_t)thousandths(value_at(c, i), c->scale));
	return sum;
}

/* The day that is being filled. */
struct day_at {
	int64_t end_ms;
	size_t day;
};

static size_t points_before(int64_t left_ms, int64_t delta, size_t k)
{
	int64_t n = delta == HOUR_MS ? (left_ms + HOUR_MS - 1) / HOUR_MS : delta > 0 ? (left_ms + delta - 1) / delta : 1;
	return (size_t)n < k ? (size_t)n : k;
}

static bool add_run(struct column_in *c, bool narrow, size_t i, size_t k, const struct day_span *span, struct day_at *d, struct daily_sum *out)
{
	int64_t at = c->at;
	bool count = span->counts[(unsigned char)c->flag];
	while (k) {
		if (at < span->begin_ms) { /* a column that begins before the span */
			size_t skip = points_before(span->begin_ms - at, c->delta, k);
			(void)sum_run(c, narrow, i, skip);
			at += (int64_t)skip * c->delta;
			i += skip;
			k -= skip;
			continue;
		}
		while (at >= d->end_ms && d->day < span->days) {
			d->day++;
			d->end_ms += (int64_t)DAY_HOURS * HOUR_MS;
		}
		if (d->day >= span->days)
			return false;
		size_t here = points_before(d->end_ms - at, c->delta, k);
		int64_t sum = sum_run(c, narrow, i, here);
		if (count) {
			out[d->day].sum += sum;
			out[d->day].n += (int)here;
		}
		at += (int64_t)here * c->delta;
		i += here;
		k -= here;
	}
	return true;
}

bool column_day_sums(str body, const struct day_span *span, struct daily_sum *out)
{
	struct column_in c;
	struct day_at d = { span->begin_ms + (int64_t)DAY_HOURS * HOUR_MS, 0 };
	if (!open_column(body, &c))
		return false;
	bool narrow = is_narrow(&c);
	if (c.n && c.at > span->begin_ms) { /* not day by day to where the column begins */
		d.day = (size_t)((c.at - span->begin_ms) / (DAY_HOURS * (int64_t)HOUR_MS));
		d.end_ms += (int64_t)d.day * DAY_HOURS * HOUR_MS;
	}
	for (size_t i = 0; i < c.n;) {
		size_t k = next_run(&c, i);
		if (!add_run(&c, narrow, i, k, span, &d, out))
			return true; /* the rest lies behind the span */
		end_run(&c, k);
		i += k;
	}
	return whole(&c);
}
