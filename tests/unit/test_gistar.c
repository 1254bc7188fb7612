/* Hot spots, charts and tests against worked examples. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/macro.h"
#include "num/change.h"
#include "num/gistar.h"
#include "num/idw.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 5e-5)

static void three_by_three(void **state)
{
	static const double v[] = { 10, 12, 11, 13, 40, 42, 11, 12, 10 };
	const struct raster r = { v, 3, 3 };
	double work[2 * 4 * 3], z[9];
	(void)state;
	gi_star(&r, 1, work, z); /* itself and its four neighbours */
	NEAR(z[4], 1.5080);
	NEAR(z[5], 1.6044);
	NEAR(z[0], -1.0039);
}

/* Straight from the formula. */
static double slowly(const struct raster *r, double radius, int cx, int cy)
{
	double n = 0, mean = 0, s = 0, sum = 0, k = 0;
	for (int i = 0; i < r->width * r->height; i++)
		if (!isnan(r->v[i])) {
			n++;
			mean += r->v[i];
		}
	mean /= n;
	for (int y = 0; y < r->height; y++)
		for (int x = 0; x < r->width; x++) {
			double v = r->v[y * r->width + x];
			if (isnan(v))
				continue;
			s += (v - mean) * (v - mean);
			if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius) {
				sum += v;
				k++;
			}
		}
	s = sqrt(s / n);
	return (sum - mean * k) / (s * sqrt((n * k - k * k) / (n - 1)));
}

static void equal_to_the_formula_with_holes(void **state)
{
	enum { W = 37, H = 23 };
	double v[W * H], work[2 * (W + 1) * H], z[W * H];
	unsigned x = 3;
	(void)state;
	for (int i = 0; i < W * H; i++) {
		x = x * 1664525u + 1013904223u;
		v[i] = x % 11 == 0 ? NAN : (double)(x >> 16 & 1023) / 7 + (i % W > 20 && i / W > 12 ? 60 : 0);
	}
	const struct raster r = { v, W, H };
	for (double radius = 0; radius < 7; radius += 1.5) {
		gi_star(&r, radius, work, z);
		for (int i = 0; i < W * H; i++) {
			if (isnan(v[i]))
				assert_true(isnan(z[i]));
			else
				assert_true(fabs(z[i] - slowly(&r, radius, i % W, i / W)) < 1e-9);
		}
	}
}

static void nothing_to_find(void **state)
{
	double v[9], work[24], z[9];
	const struct raster r = { v, 3, 3 };
	(void)state;
	for (int i = 0; i < 9; i++)
		v[i] = 5;
	gi_star(&r, 1, work, z);
	assert_true(isnan(z[4]));
	v[0] = NAN;
	gi_star(&r, 10, work, z);
	assert_true(isnan(z[4]));
}

static void false_discoveries(void **state)
{
	/* Benjamini and Hochberg 1995, table of 15 p values: four are called at 0.05. */
	double p[] = { 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0 };
	(void)state;
	assert_true(fdr_threshold(p, COUNT_OF(p), 0.05) == 0.0095);
	double none[] = { 0.9, 0.8 };
	assert_true(fdr_threshold(none, 2, 0.05) == 0);
	NEAR(p_of_z(1.959964), 0.05);
}

static void charts(void **state)
{
	double v[40], z;
	(void)state;
	for (int i = 0; i < 40; i++)
		v[i] = i < 20 ? 10 + (i % 2 ? 0.5 : -0.5) : 12;
	const struct ewma e = { 0.2, 3, 10, 0.5 };
	size_t at = ewma_first(&e, v, 40, &z);
	assert_true(at >= 20 && at < 24 && z > 10);
	const struct cusum c = { 10, 0.5, 0.5, 5 };
	at = cusum_first(&c, v, 40);
	assert_true(at >= 20 && at < 24);
	assert_int_equal(cusum_first(&c, v, 20), 20);
	double work[8];
	static const double few[] = { 1, 2, 3, 4, 100 };
	NEAR(robust_z(100, few, 5, work), 0.6745 * 97);
}

static void before_and_after(void **state)
{
	/* Of 30 pairs only 7 against 7 is not lower, and counts half. */
	static const double b[] = { 7, 8, 9, 10, 11, 12 }, a[] = { 3, 4, 5, 6, 7, NAN };
	double work[64];
	(void)state;
	struct change_test t = change_test(b, 6, a, 6, work, 64);
	assert_int_equal(t.n_after, 5);
	NEAR(t.lower, 29.5 / 30);
	assert_true(t.median_before == 9.5 && t.median_after == 5 && t.shift < -4 && t.p < 0.02);
	t = change_test(b, 6, b, 6, work, 64);
	assert_true(t.lower == 0.5 && t.p > 0.9);
	assert_true(isnan(change_test(b, 3, a, 6, work, 64).p));
}

static void inverse_distance(void **state)
{
	static const struct idw_point v[] = { { 0, 0, 10 }, { 100, 0, 20 }, { 0, 200, 60 }, { 5000, 0, 1000 } };
	const struct idw_rule r = { 2, 1000, 2 };
	struct idw_value at;
	double w[4], sum = 0;
	(void)state;
	assert_true(idw_at(&r, v, 4, SIZE_MAX, 50, 0, w, &at)); /* weights 1/2500, 1/2500, 1/42500: the far one has none */
	NEAR(at.v, (10. / 2500 + 20. / 2500 + 60. / 42500) / (2. / 2500 + 1. / 42500));
	assert_true(at.n == 3 && at.nearest == 50 && w[3] == 0);
	for (int i = 0; i < 4; i++)
		sum += w[i];
	NEAR(sum, 1);
	NEAR(at.spread * at.spread, w[0] * (10 - at.v) * (10 - at.v) + w[1] * (20 - at.v) * (20 - at.v) + w[2] * (60 - at.v) * (60 - at.v));
	double spread = at.spread;
	assert_true(idw_at(&r, v, 4, SIZE_MAX, 50, 0, NULL, &at)); /* the same without weights */
	NEAR(at.spread, spread);
	assert_true(idw_at(&r, v, 4, SIZE_MAX, 100, 0, w, &at)); /* on a point it is the point's own */
	assert_true(at.v == 20 && w[1] == 1 && w[0] == 0 && at.spread == 0);
	assert_true(idw_at(&r, v, 4, 1, 100, 0, w, &at)); /* but for the one that is left out */
	assert_true(at.v < 20 && w[1] == 0);
	assert_false(idw_at(&r, v, 4, SIZE_MAX, 4500, 0, w, &at)); /* one is too few */
	const struct idw_rule four = { 4, 1000, 2 };
	assert_true(idw_at(&four, v, 4, SIZE_MAX, 50, 100, NULL, &at));
	NEAR(at.v, (10 + 20 + 60) / 3.); /* all as far away */
}

static void each_left_out(void **state)
{
	static const struct idw_point v[] = { { 0, 0, 10 }, { 100, 0, 20 }, { 9000, 0, 7 } };
	const struct idw_rule r = { 2, 1000, 1 };
	double estimates[3];
	struct idw_errors e = idw_leave_one_out(&r, v, 3, estimates);
	(void)state;
	assert_true(e.n == 2 && estimates[0] == 20 && estimates[1] == 10 && isnan(estimates[2]));
	NEAR(e.rmse, 10);
	NEAR(e.mae, 10);
	NEAR(e.bias, 0);
	assert_true(isnan(idw_leave_one_out(&r, v, 1, estimates).rmse));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_by_three), cmocka_unit_test(equal_to_the_formula_with_holes), cmocka_unit_test(nothing_to_find),
		cmocka_unit_test(false_discoveries), cmocka_unit_test(charts), cmocka_unit_test(before_and_after),
		cmocka_unit_test(inverse_distance),
		cmocka_unit_test(each_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
