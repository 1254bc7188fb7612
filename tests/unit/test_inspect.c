/* Inspection and statistics: rounds, due days, frequencies, draws with avoidance, funds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loop/draw.h"
#include "loop/inspect.h"
#include "loop/statistics.h"

static int64_t day(const char *iso)
{
	int64_t d = 0;
	assert_true(date_parse(str_of(iso), &d));
	return d;
}

static void test_rounds(void **state)
{
	(void)state;
	struct plan p = { .from_day = day("2026-01-31"), .to_day = day("2026-12-31"), .recurs = S("quarter") };
	int64_t from, to;
	plan_round(&p, day("2026-02-15"), &from, &to);
	assert_int_equal(from, day("2026-01-31"));
	assert_int_equal(to, day("2026-04-29"));
	plan_round(&p, day("2026-04-30"), &from, &to);
	assert_int_equal(from, day("2026-04-30"));
	plan_round(&p, day("2030-01-01"), &from, &to); /* clamped to the plan */
	assert_int_equal(to, day("2026-12-31"));
	plan_round(&p, day("2020-01-01"), &from, &to);
	assert_int_equal(from, day("2026-01-31"));
	p.recurs = S("");
	plan_round(&p, day("2026-06-01"), &from, &to);
	assert_int_equal(from, p.from_day);
	assert_int_equal(to, p.to_day);
}

static void test_due(void **state)
{
	(void)state;
	assert_int_equal(cover_due_day(100, 30, 0, 365), 130);
	assert_int_equal(cover_due_day(DB_NONE, 30, 10, 365), 40);
	assert_int_equal(cover_due_day(DB_NONE, 365, 10, 90), 90); /* by the plan's last day */
}

static void test_frequencies(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct catalog *c;
	struct inspect_rules *r;
	struct fail f = { 0 };
	assert_int_equal(catalog_load(NULL, &c, &f), ERR_OK);
	assert_int_equal(inspect_rules_read(a, c, day("2026-11-02"), &r, &f), ERR_OK);
	assert_int_equal(inspect_frequency(r, S("red"), S("school"), 140109000000)->every_days, 30);
	assert_int_equal(inspect_frequency(r, S(""), S("school"), 140109000000)->every_days, 365);
	assert_int_equal(inspect_frequency(r, S("blue"), S("coal-mine"), 140109000000)->every_days, 30); /* the shorter one */
	assert_int_equal(inspect_frequency(r, S("blue"), S("non-coal-mine"), 110105000000)->every_days, 365); /* not in Shanxi */
	assert_int_equal(inspect_rule(r, "min-inspectors", 0), 2);
	assert_int_equal(inspect_rule(r, "no-such-rule", 7), 7);
	struct stat_figures figs;
	assert_int_equal(stat_figures_read(a, c, day("2026-11-02"), &figs, &f), ERR_OK);
	assert_true(figs.n > 30);
	catalog_free(c);
}

enum { THINGS = 200, PEOPLE = 12 };

/* Nobody inspects what their own organisation runs, in any of many draws; the rest do not depend on who else is there. */
static void test_avoidance(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct draw_entry people[PEOPLE];
	for (int64_t i = 0; i < PEOPLE; i++)
		people[i] = (struct draw_entry){ 1000 + i, 1000, i % 4 + 1 };
	for (int64_t thing = 1; thing <= THINGS; thing++) {
		int64_t all[PEOPLE], some[PEOPLE];
		size_t n = draw_second(a, S("02 09 17"), thing, thing % 4 + 1, people, PEOPLE, 3, some);
		assert_int_equal(n, 3);
		for (size_t i = 0; i < n; i++)
			assert_int_not_equal((some[i] - 1000) % 4 + 1, thing % 4 + 1);
		assert_int_equal(draw_second(a, S("02 09 17"), thing, 0, people, PEOPLE, PEOPLE, all), PEOPLE);
		size_t k = 0;
		for (size_t i = 0; i < PEOPLE && k < n; i++)
			k += all[i] == some[k];
		assert_int_equal(k, n); /* the same order, with those avoided left out */
	}
}

static void test_hash_of_candidates(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct draw_entry v[] = { { 2, 1000, 7 }, { 1, 8000, 0 } }, w[] = { { 1, 8000, 0 }, { 2, 1000, 7 } };
	str h = draw_hash_of(a, v, 2, NULL, 0);
	assert_true(str_eq(h, draw_hash_of(a, w, 2, NULL, 0))); /* order does not count */
	/* printf '0 1 8000 0\n0 2 1000 7\n' | sha256sum */
	assert_true(str_eq(h, S("33fe1bd564f6fde1e3463f4910edb3354e68f37fa16346f1f843518a557f0708")));
	w[0].weight++;
	assert_false(str_eq(h, draw_hash_of(a, w, 2, NULL, 0)));
	int64_t one[2], two[2];
	assert_int_equal(draw_places(a, S("seed"), v, 2, 2, one), 2);
	assert_int_equal(draw_places(a, S("seed"), v, 2, 5, two), 2);
	assert_int_equal(one[0], two[0]);
}

static void test_funds(void **state)
{
	(void)state;
	assert_int_equal(stat_funds(S("12万元")), 1200);
	assert_int_equal(stat_funds(S("约 3.5 万")), 350);
	assert_int_equal(stat_funds(S("80000元")), 800);
	assert_int_equal(stat_funds(S("12")), 1200);
	assert_int_equal(stat_funds(S("1.2亿元")), 1200000);
	assert_int_equal(stat_funds(S("待定")), 0);
	assert_int_equal(stat_funds(S("")), 0);
	assert_int_equal(stat_funds(S("99999999999999999万元")), 0);
}

static void test_values(void **state)
{
	(void)state;
	struct stat_row r = { .n = { [STAT_general_found] = 4, [STAT_general_done] = 3, [STAT_done_ms] = 3 * DAY_MS, [STAT_done] = 2,
				     [STAT_funds] = 1250 } };
	assert_true(stat_value(&(struct stat_figure){ .over = STAT_general_done, .under = STAT_general_found }, &r) == 0.75);
	assert_true(stat_value(&(struct stat_figure){ .over = STAT_done_ms, .under = STAT_done }, &r) == 1.5);
	assert_true(stat_value(&(struct stat_figure){ .over = STAT_funds, .under = STAT_COUNT }, &r) == 12.5);
	assert_true(isnan(stat_value(&(struct stat_figure){ .over = STAT_major_done, .under = STAT_major_found }, &r)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounds),    cmocka_unit_test(test_due),
		cmocka_unit_test(test_frequencies), cmocka_unit_test(test_avoidance),
		cmocka_unit_test(test_hash_of_candidates), cmocka_unit_test(test_funds),
		cmocka_unit_test(test_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
