#include "num/gistar.h"

#include <math.h>
#include <stdlib.h>

/* Sums of values and of cells along each row, one more than columns. */
static void row_sums(const struct raster *r, double *sum, double *count)
{
	for (int y = 0; y < r->height; y++) {
		const double *v = r->v + (size_t)y * (size_t)r->width;
		double *s = sum + (size_t)y * (size_t)(r->width + 1), *c = count + (size_t)y * (size_t)(r->width + 1);
		s[0] = c[0] = 0;
		for (int x = 0; x < r->width; x++) {
			bool in = !isnan(v[x]);
			s[x + 1] = s[x] + (in ? v[x] : 0);
			c[x + 1] = c[x] + (in ? 1 : 0);
		}
	}
}

struct moments {
	double n, mean, s;
};

static struct moments moments_of(const struct raster *r)
{
	struct moments m = { 0 };
	double squares = 0;
	size_t cells = (size_t)r->width * (size_t)r->height;
	for (size_t i = 0; i < cells; i++)
		if (!isnan(r->v[i])) {
			m.n++;
			m.mean += r->v[i];
		}
	m.mean = m.n > 0 ? m.mean / m.n : 0;
	for (size_t i = 0; i < cells; i++) /* twice over the data: the difference of squares would cancel */
		if (!isnan(r->v[i]))
			squares += (r->v[i] - m.mean) * (r->v[i] - m.mean);
	m.s = m.n > 0 ? sqrt(squares / m.n) : 0;
	return m;
}

/* Adds one row of the disc to all cells of row y. */
static void add_row(const struct raster *r, const double *s, const double *c, int half, double *sum, double *count)
{
	for (int x = 0; x < r->width; x++) {
		int lo = x - half < 0 ? 0 : x - half, hi = x + half + 1 > r->width ? r->width : x + half + 1;
		sum[x] += s[hi] - s[lo];
		count[x] += c[hi] - c[lo];
	}
}

static void one_row(const struct raster *r, double radius, int y, const double *sums, const double *counts, double *sum, double *count)
{
	size_t stride = (size_t)(r->width + 1);
	int reach = (int)floor(radius);
	for (int x = 0; x < r->width; x++)
		sum[x] = count[x] = 0;
	for (int dy = -reach; dy <= reach; dy++) {
		int at = y + dy;
		if (at < 0 || at >= r->height)
			continue;
		int half = (int)floor(sqrt(radius * radius - (double)dy * dy) + 1e-9);
		add_row(r, sums + (size_t)at * stride, counts + (size_t)at * stride, half, sum, count);
	}
}

void gi_star(const struct raster *r, double radius, double *work, double *z)
{
	size_t stride = (size_t)(r->width + 1), cells = (size_t)r->width * (size_t)r->height;
	double *sums = work, *counts = work + stride * (size_t)r->height;
	struct moments m = moments_of(r);
	if (m.n < 2 || m.s <= 0) {
		for (size_t i = 0; i < cells; i++)
			z[i] = NAN;
		return;
	}
	row_sums(r, sums, counts);
	double *count = malloc((size_t)r->width * sizeof *count);
	if (!count)
		abort();
	for (int y = 0; y < r->height; y++) {
		double *row = z + (size_t)y * (size_t)r->width;
		one_row(r, radius, y, sums, counts, row, count);
		for (int x = 0; x < r->width; x++) {
			double k = count[x], spread = m.s * sqrt((m.n * k - k * k) / (m.n - 1));
			bool in = !isnan(r->v[(size_t)y * (size_t)r->width + (size_t)x]);
			row[x] = in && spread > 0 ? (row[x] - m.mean * k) / spread : NAN;
		}
	}
	free(count);
}

double p_of_z(double z)
{
	return isnan(z) ? 1 : erfc(fabs(z) / sqrt(2));
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

double fdr_threshold(double *p, size_t n, double q)
{
	double found = 0;
	qsort(p, n, sizeof *p, rising);
	for (size_t i = 0; i < n; i++)
		if (p[i] <= (double)(i + 1) / (double)n * q)
			found = p[i];
	return found;
}
