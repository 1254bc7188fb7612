#include "num/daily.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600000, HOURS = 24 };

/* llround() of what is far from the ends, without a call. */
static inline int64_t in_thousandths(double v)
{
	double t = v * DAILY_SCALE;
	return fabs(t) < (double)(INT64_C(1) << 50) ? (int64_t)(t + (t < 0 ? -0.5 : 0.5)) : llround(t);
}

void daily_sums(const int64_t *at_ms, const double *v, const char *flag, size_t n, const unsigned char counts[256], int64_t offset_ms,
		int64_t first_day, size_t days, struct daily_sum *out)
{
	const int64_t day_ms = (int64_t)HOURS * HOUR_MS, begin = first_day * day_ms - offset_ms;
	memset(out, 0, days * sizeof *out);
	for (size_t i = 0; i < n;) {
		int64_t at = at_ms[i] - begin, day = at / day_ms;
		if (at < 0 || (size_t)day >= days) {
			i++;
			continue;
		}
		int64_t end = begin + (day + 1) * day_ms, sum = 0;
		int k = 0;
		for (; i < n && at_ms[i] < end; i++) {
			bool ok = counts[(unsigned char)flag[i]] && isfinite(v[i]);
			sum += ok ? in_thousandths(v[i]) : 0;
			k += ok;
		}
		out[day].sum += sum;
		out[day].n += k;
	}
}

struct decimal daily_mean(struct daily_sum s)
{
	const int64_t parts = 1000000; /* six places beyond the thousandths */
	if (s.sum < INT64_MAX / parts && s.sum > -INT64_MAX / parts) {
		int64_t v = s.sum * parts;
		return (struct decimal){ v / s.n, 9, v % s.n != 0 };
	}
	__int128 scaled = (__int128)s.sum * parts, q = scaled / s.n;
	if (q > INT64_MAX || q < -INT64_MAX)
		return (struct decimal){ s.sum / s.n, 3, s.sum % s.n != 0 };
	return (struct decimal){ (int64_t)q, 9, q * s.n != scaled };
}

static bool greater(struct daily_sum a, struct daily_sum b)
{
	return !b.n || (__int128)a.sum * b.n > (__int128)b.sum * a.n;
}

static struct daily_max8 max8_of(const int64_t sum[HOURS], const bool has[HOURS], const struct daily_rule *r)
{
	struct daily_max8 d = { 0 };
	for (int h = 0; h < HOURS; h++)
		d.hours += has[h];
	for (int first = 0; first < DAILY_WINDOWS; first++) {
		struct daily_sum w = { 0 };
		for (int h = first; h < first + DAILY_WINDOW; h++) {
			w.sum += has[h] ? sum[h] : 0;
			w.n += has[h];
		}
		if (w.n < r->window_hours)
			continue;
		d.windows++;
		if (greater(w, d.best))
			d.best = w;
	}
	d.valid = d.best.n && (d.windows >= r->windows || (double)d.best.sum / d.best.n / DAILY_SCALE > r->window_limit);
	return d;
}

void daily_max8(const int64_t *at_ms, const double *v, const char *flag, size_t n, const unsigned char counts[256], int64_t offset_ms,
		int64_t first_day, size_t days, const struct daily_rule *r, struct daily_max8 *out)
{
	const int64_t day_ms = (int64_t)HOURS * HOUR_MS, begin = first_day * day_ms - offset_ms;
	size_t i = 0;
	while (i < n && at_ms[i] < begin)
		i++;
	for (size_t d = 0; d < days; d++) {
		int64_t sum[HOURS] = { 0 }, start = begin + (int64_t)d * day_ms;
		bool has[HOURS] = { false };
		for (; i < n && at_ms[i] < start + day_ms; i++) {
			if (!counts[(unsigned char)flag[i]] || !isfinite(v[i]))
				continue;
			sum[(at_ms[i] - start) / HOUR_MS] = in_thousandths(v[i]);
			has[(at_ms[i] - start) / HOUR_MS] = true;
		}
		out[d] = max8_of(sum, has, r);
	}
}

static int rising(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

double percentile_of(double *v, size_t n, double p)
{
	if (!n)
		return NAN;
	qsort(v, n, sizeof *v, rising);
	double k = (double)(n - 1) * p;
	size_t s = (size_t)k;
	return s + 1 < n ? v[s] + (v[s + 1] - v[s]) * (k - (double)s) : v[n - 1];
}

static int rising_units(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

int64_t percentile_exact(int64_t *v, size_t n, int percent)
{
	qsort(v, n, sizeof *v, rising_units);
	size_t at = (n - 1) * (size_t)percent, s = at / 100;
	int64_t rest = (int64_t)(at % 100);
	return v[s] * 100 + (rest ? (v[s + 1] - v[s]) * rest : 0);
}
