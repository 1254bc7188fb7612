#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "base/macro.h"
#include "num/interval.h"
#include "num/survival.h"

#define NEAR(x, y, eps) assert_true(fabs((x) - (y)) <= (eps))

/* R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in
 * Medicine 17 (1998) 857–872, table I, method 3 (score without continuity correction). */
static void wilson_as_published(void **state)
{
	(void)state;
	static const struct {
		double k, n, low, high;
	} cases[] = {
		{ 81, 263, 0.2553, 0.3662 },
		{ 15, 148, 0.0624, 0.1605 },
		{ 0, 20, 0, 0.1611 },
		{ 1, 29, 0.0061, 0.1718 },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct share s = share_wilson(cases[i].k, cases[i].n, Z_95);
		NEAR(s.low, cases[i].low, 5e-5);
		NEAR(s.high, cases[i].high, 5e-5);
		struct share mirror = share_wilson(cases[i].n - cases[i].k, cases[i].n, Z_95);
		NEAR(mirror.low, 1 - s.high, 1e-12);
	}
}

static void nothing_is_known_of_nothing(void **state)
{
	(void)state;
	assert_true(isnan(share_wilson(0, 0, Z_95).value));
	assert_true(isnan(share_wilson(3, 2, Z_95).value));
	assert_true(isnan(share_wilson(NAN, 5, Z_95).value));
	assert_true(isnan(share_weighted(NULL, 0, Z_95).value));
}

/* Equal chances: as if nothing had been weighed. */
static void equal_chances_are_a_plain_share(void **state)
{
	(void)state;
	struct share_obs v[148];
	for (int i = 0; i < 148; i++)
		v[i] = (struct share_obs){ 0.25, i < 15 };
	struct share s = share_weighted(v, 148, Z_95);
	NEAR(s.value, 15.0 / 148, 1e-12);
	NEAR(s.low, 0.0624, 5e-5);
	NEAR(s.n, 148, 1e-9);
}

/* Two certain ones held, two of chance ½ did not: they stand for four. */
static void rare_chances_count_more(void **state)
{
	(void)state;
	const struct share_obs v[] = { { 1, 1 }, { 1, 1 }, { 0.5, 0 }, { 0.5, 0 }, { 0, 1 }, { NAN, 1 }, { 1.5, 1 } };
	struct share s = share_weighted(v, COUNT_OF(v), Z_95);
	NEAR(s.value, 2.0 / 6, 1e-12);
	NEAR(s.n, 36.0 / 10, 1e-12);
}

/* Remission of leukaemia under 6-mercaptopurine (Freireich et al., Blood 21 (1963) 699–716), the example of Kaplan–Meier in
 * Cox and Oakes, "Analysis of Survival Data" (1984) and of most programs since; 0 marks the censored. Standard errors and
 * log(-log) intervals as Stata's sts list prints them. */
static void remission_as_published(void **state)
{
	(void)state;
	static const double times[] = { 6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35 };
	static const struct survival_step want[] = {
		{ 6, 21, 3, 0.8571, 0.0764, 0.6197, 0.9516 },  { 7, 17, 1, 0.8067, 0.0869, 0.5631, 0.9228 },
		{ 10, 15, 1, 0.7529, 0.0963, 0.5032, 0.8894 }, { 13, 12, 1, 0.6902, 0.1068, 0.4316, 0.8491 },
		{ 16, 11, 1, 0.6275, 0.1141, 0.3675, 0.8049 }, { 22, 7, 1, 0.5378, 0.1282, 0.2678, 0.7468 },
		{ 23, 6, 1, 0.4482, 0.1346, 0.1881, 0.6801 },
	};
	struct survival_obs v[COUNT_OF(times)];
	struct survival_step got[COUNT_OF(times)];
	for (size_t i = 0; i < COUNT_OF(times); i++)
		v[i] = (struct survival_obs){ fabs(times[i]), times[i] > 0 };
	size_t n = survival_steps(v, COUNT_OF(v), Z_95, got);
	assert_int_equal(n, COUNT_OF(want));
	for (size_t i = 0; i < n; i++) {
		assert_true(got[i].time == want[i].time);
		assert_int_equal(got[i].at_risk, want[i].at_risk);
		assert_int_equal(got[i].events, want[i].events);
		NEAR(got[i].survival, want[i].survival, 5e-5);
		NEAR(got[i].se, want[i].se, 5e-5);
		NEAR(got[i].low, want[i].low, 5e-5);
		NEAR(got[i].high, want[i].high, 5e-5);
	}
	assert_true(survival_median(got, n) == 23);
	assert_null(survival_at(got, n, 5.9));
	assert_true(survival_at(got, n, 22.5)->time == 22);
}

static void ends_of_survival(void **state)
{
	(void)state;
	struct survival_obs all[] = { { 5, true }, { 5, true }, { -1, true }, { NAN, true } };
	struct survival_step got[4];
	assert_int_equal(survival_steps(all, 4, Z_95, got), 1);
	assert_true(got[0].at_risk == 2 && got[0].survival == 0 && isnan(got[0].se) && isnan(got[0].low));
	struct survival_obs none[] = { { 5, false }, { 9, false } };
	assert_int_equal(survival_steps(none, 2, Z_95, got), 0);
	assert_true(isnan(survival_median(got, 0)));
	assert_int_equal(survival_steps(none, 0, Z_95, got), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilson_as_published),
		cmocka_unit_test(nothing_is_known_of_nothing),
		cmocka_unit_test(equal_chances_are_a_plain_share),
		cmocka_unit_test(rare_chances_count_more),
		cmocka_unit_test(remission_as_published),
		cmocka_unit_test(ends_of_survival),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
