#include "num/change.h"

#include <math.h>
#include <stdlib.h>

size_t ewma_first(const struct ewma *e, const double *v, size_t n, double *ret_z)
{
	double z = e->mean, keep = 1 - e->lambda, power = 1;
	for (size_t i = 0; i < n; i++) {
		if (isnan(v[i]))
			continue;
		z = e->lambda * v[i] + keep * z;
		power *= keep * keep;
		double limit = e->width * e->sigma * sqrt(e->lambda / (2 - e->lambda) * (1 - power));
		*ret_z = z;
		if (fabs(z - e->mean) > limit)
			return i;
	}
	*ret_z = z;
	return n;
}

size_t cusum_first(const struct cusum *c, const double *v, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) {
		if (isnan(v[i]))
			continue;
		sum = fmax(0, sum + v[i] - c->mean - c->k * c->sigma);
		if (sum > c->h * c->sigma)
			return i;
	}
	return n;
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

double median(double *v, size_t n)
{
	if (!n)
		return NAN;
	qsort(v, n, sizeof *v, rising);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static size_t keep_numbers(const double *v, size_t n, double *out)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]))
			out[k++] = v[i];
	return k;
}

double robust_z(double x, const double *v, size_t n, double *work)
{
	size_t k = keep_numbers(v, n, work);
	double mid = median(work, k);
	for (size_t i = 0; i < k; i++)
		work[i] = fabs(work[i] - mid);
	double mad = median(work, k);
	if (isnan(mad) || mad == 0)
		return x == mid ? 0 : isnan(mad) ? NAN : copysign(INFINITY, x - mid);
	return 0.6745 * (x - mid) / mad;
}

/* Pairs in which after is lower, ties half; both sides sorted. */
static double lower_pairs(const double *b, size_t n, const double *a, size_t m)
{
	double u = 0;
	for (size_t i = 0, lo = 0, hi = 0; i < n; i++) {
		while (lo < m && a[lo] < b[i])
			lo++;
		while (hi < m && a[hi] <= b[i])
			hi++;
		u += (double)lo + (double)(hi - lo) / 2;
	}
	return u;
}

/* Σ(t³ − t) over groups of equal values of both together. */
static double ties(const double *b, size_t n, const double *a, size_t m)
{
	double sum = 0;
	for (size_t i = 0, j = 0; i < n || j < m;) {
		double x = j == m || (i < n && b[i] <= a[j]) ? b[i] : a[j];
		double t = 0;
		for (; i < n && b[i] == x; i++)
			t++;
		for (; j < m && a[j] == x; j++)
			t++;
		sum += t * t * t - t;
	}
	return sum;
}

static double shift_of(const double *b, size_t n, const double *a, size_t m, double *work, size_t room)
{
	size_t step_b = 1, step_a = 1, k = 0;
	while ((n / step_b + 1) * (m / step_a + 1) > room)
		if (n / step_b >= m / step_a)
			step_b++;
		else
			step_a++;
	for (size_t i = 0; i < n; i += step_b)
		for (size_t j = 0; j < m && k < room; j += step_a)
			work[k++] = a[j] - b[i];
	return median(work, k);
}

struct change_test change_test(const double *before, size_t n, const double *after, size_t m, double *work, size_t room)
{
	struct change_test t = { .p = NAN, .shift = NAN, .lower = NAN };
	double *b = work, *a = work + n;
	t.n_before = keep_numbers(before, n, b);
	t.n_after = keep_numbers(after, m, a);
	t.median_before = median(b, t.n_before);
	t.median_after = median(a, t.n_after);
	if (t.n_before < 4 || t.n_after < 4 || room < n + m + 16)
		return t;
	double x = (double)t.n_before, y = (double)t.n_after, all = x + y;
	double u = lower_pairs(b, t.n_before, a, t.n_after);
	double variance = x * y / 12 * (all + 1 - ties(b, t.n_before, a, t.n_after) / (all * (all - 1)));
	double away = fabs(u - x * y / 2) - 0.5; /* for continuity */
	t.lower = u / (x * y);
	t.p = variance > 0 ? erfc(fmax(0, away) / sqrt(2 * variance)) : 1;
	t.shift = shift_of(b, t.n_before, a, t.n_after, work + n + m, room - n - m);
	return t;
}
