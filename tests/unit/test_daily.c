/* Hours to days: counting rules at their edges, exact means, percentiles as written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "num/daily.h"

enum { HOURS = 24, HOUR_MS = 3600000 };

struct day {
	int64_t at[HOURS];
	double v[HOURS];
	char flag[HOURS];
	unsigned char counts[256];
	size_t n;
};

static struct day day_of(double value)
{
	struct day d = { .n = HOURS };
	for (int h = 0; h < HOURS; h++) {
		d.at[h] = (int64_t)h * HOUR_MS;
		d.v[h] = value;
		d.flag[h] = 'N';
	}
	d.counts['N'] = 1;
	return d;
}

static void a_mean_is_exact_at_the_half(void **state)
{
	struct day d = day_of(60);
	struct daily_sum s;
	(void)state;
	for (int h = 0; h < HOURS; h += 2)
		d.v[h] = 61;
	daily_sums(d.at, d.v, d.flag, d.n, d.counts, 0, 0, 1, &s);
	assert_int_equal(s.n, 24);
	assert_int_equal(decimal_round(daily_mean(s), 0, ROUND_HALF_EVEN), 60); /* 60.5 */
	d.v[1] = 60.001;
	daily_sums(d.at, d.v, d.flag, d.n, d.counts, 0, 0, 1, &s);
	assert_int_equal(decimal_round(daily_mean(s), 0, ROUND_HALF_EVEN), 61);
}

static void marked_and_absent_hours_do_not_count(void **state)
{
	struct day d = day_of(10);
	struct daily_sum s;
	(void)state;
	d.flag[3] = 'M';
	d.v[4] = (double)NAN;
	daily_sums(d.at, d.v, d.flag, d.n, d.counts, 0, 0, 1, &s);
	assert_int_equal(s.n, 22);
	assert_int_equal(s.sum, 220000);
}

static void a_day_begins_where_the_offset_says(void **state)
{
	struct day d = day_of(1);
	struct daily_sum s[2];
	(void)state;
	daily_sums(d.at, d.v, d.flag, d.n, d.counts, (int64_t)8 * HOUR_MS, 0, 2, s);
	assert_int_equal(s[0].n, 16);
	assert_int_equal(s[1].n, 8);
}

/* 17 windows of a whole day; one is lost with each hour that is missing at the end until fewer than six are left in it. */
static void ozone_needs_its_windows(void **state)
{
	static const struct daily_rule rule = { 20, 6, 14, 160 };
	struct day d = day_of(100);
	struct daily_max8 m;
	(void)state;
	for (int h = 0; h < HOURS; h++)
		d.v[h] = 100 + h;
	daily_max8(d.at, d.v, d.flag, d.n, d.counts, 0, 0, 1, &rule, &m);
	assert_int_equal(m.windows, 17);
	assert_true(m.valid);
	assert_int_equal(decimal_round(daily_mean(m.best), 1, ROUND_HALF_EVEN), 1195); /* hours 16 … 23 */
	daily_max8(d.at, d.v, d.flag, 19, d.counts, 0, 0, 1, &rule, &m); /* hours 0 … 18: windows 0 … 13 */
	assert_int_equal(m.windows, 14);
	assert_true(m.valid);
	daily_max8(d.at, d.v, d.flag, 18, d.counts, 0, 0, 1, &rule, &m);
	assert_int_equal(m.windows, 13);
	assert_false(m.valid);
	for (int h = 0; h < HOURS; h++)
		d.v[h] = 200;
	daily_max8(d.at, d.v, d.flag, 18, d.counts, 0, 0, 1, &rule, &m);
	assert_true(m.valid); /* beyond the limit all the same */
}

static void percentiles_without_a_rest(void **state)
{
	int64_t v[365], one[1] = { 7 };
	(void)state;
	for (int i = 0; i < 365; i++)
		v[i] = 365 - i;
	assert_int_equal(percentile_exact(v, 365, 90), 32860);
	assert_int_equal(percentile_exact(v, 365, 95), 34680);
	assert_int_equal(percentile_exact(v, 365, 98), 35772);
	assert_int_equal(percentile_exact(v, 365, 0), 100);
	assert_int_equal(percentile_exact(v, 365, 100), 36500);
	assert_int_equal(percentile_exact(one, 1, 95), 700);
}

static void percentiles_lie_between_neighbours(void **state)
{
	double v[365], one[] = { 7 };
	(void)state;
	for (int i = 0; i < 365; i++)
		v[i] = 365 - i;
	assert_true(fabs(percentile_of(v, 365, 0.90) - 328.6) < 1e-9);
	assert_true(fabs(percentile_of(v, 365, 0.95) - 346.8) < 1e-9);
	assert_true(fabs(percentile_of(v, 365, 0.98) - 357.72) < 1e-9);
	assert_true(percentile_of(one, 1, 0.95) == 7);
	assert_true(isnan(percentile_of(one, 0, 0.95)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mean_is_exact_at_the_half),
		cmocka_unit_test(marked_and_absent_hours_do_not_count),
		cmocka_unit_test(a_day_begins_where_the_offset_says),
		cmocka_unit_test(ozone_needs_its_windows),
		cmocka_unit_test(percentiles_lie_between_neighbours),
		cmocka_unit_test(percentiles_without_a_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
