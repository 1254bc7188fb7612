/* Terms by law, reminders and rungs: pure rules over catalog/deadline and catalog/escalation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "loop/deadline_law.h"
#include "loop/escalation.h"

struct law {
	struct arena *a;
	struct catalog *c;
	struct sector_table sectors;
	struct deadline_rules rules;
	struct ladder ladder;
	struct calendar cal; /* Mondays to Fridays */
};

static int64_t day(const char *iso)
{
	int64_t d = 0;
	assert_true(date_parse(str_of(iso), &d));
	return d;
}

static struct law open_law(void)
{
	struct law l = { .a = arena_new() };
	struct fail f = { 0 };
	struct rows r;
	const char *root = getenv("BIHUAN_SOURCE");
	assert_int_equal(catalog_load(arena_printf(l.a, "%s/catalog", root ? root : ".").p, &l.c, &f), ERR_OK);
	assert_int_equal(catalog_current(l.c, l.a, S("sector"), day("2026-03-02"), S("sectors"), &r, &f), ERR_OK);
	assert_int_equal(sector_table_read(l.a, &r, &l.sectors, &f), ERR_OK);
	assert_int_equal(deadline_rules_read(l.a, l.c, &l.sectors, day("2026-03-02"), &l.rules, &f), ERR_OK);
	assert_int_equal(ladder_read(l.a, l.c, day("2026-03-02"), &l.ladder, &f), ERR_OK);
	l.cal = calendar_make(l.a, NULL, 0);
	return l;
}

static void close_law(struct law *l)
{
	catalog_free(l->c);
	arena_free(l->a);
}

static int64_t ends(struct law *l, const char *kind, const char *step, const char *grade, const char *object, const char *from)
{
	struct deadline_case k = { str_of(kind), str_of(step), str_of(grade), str_of(object), -1, day(from) };
	const struct deadline_rule *r = deadline_rule_of(&l->rules, &k);
	assert_non_null(r);
	return china_day(term_end_ms(&l->cal, r->term, china_day_start_ms(day(from)) + 1, 1440));
}

/* The clocks of order 16 and of the coal mine regulation, with the published examples. */
static void law_says_until_when(void **state)
{
	(void)state;
	struct law l = open_law();
	assert_int_equal(ends(&l, "hazard", "resuming", "major", "", "2026-03-02"), day("2026-03-12"));
	assert_int_equal(ends(&l, "hazard", "resuming", "major", "coal-mine", "2026-03-02"), day("2026-03-22"));
	assert_int_equal(ends(&l, "statistics", "quarter", "", "", "2026-02-11"), day("2026-04-15"));
	assert_int_equal(ends(&l, "statistics", "quarter", "", "", "2026-12-31"), day("2027-01-15"));
	assert_int_equal(ends(&l, "statistics", "year", "", "", "2026-02-11"), day("2027-01-31"));
	assert_int_equal(ends(&l, "hazard", "rectify", "general", "", "2026-03-02"), day("2026-03-17"));
	/* The coal mine regulation was not in force before 2024-05-01. */
	assert_int_equal(ends(&l, "hazard", "resuming", "major", "coal-mine", "2024-04-30"), day("2024-05-10"));
	struct deadline_case none = { S("hazard"), S("dancing"), S(""), S(""), -1, day("2026-03-02") };
	assert_null(deadline_rule_of(&l.rules, &none));
	close_law(&l);
}

static str reached(struct law *l, struct ladder_fact k, const char *now, int64_t *ret_since)
{
	const struct ladder_trigger *t =
	    ladder_reached(&l->ladder, &l->cal, &k, china_day_start_ms(day(now)), ret_since);
	return t ? t->rung->act : S("");
}

static void the_longer_overdue_the_higher(void **state)
{
	(void)state;
	struct law l = open_law();
	int64_t since;
	/* Friday 2026-03-06 */
	struct ladder_fact k = { S("hazard"), S("general"), S(""), false, due_instant(day("2026-03-06"), 1440), 0, 0 };
	assert_true(str_eq(reached(&l, k, "2026-03-02", &since), S("")));
	assert_true(str_eq(reached(&l, k, "2026-03-03", &since), S("remind")));
	assert_true(str_eq(reached(&l, k, "2026-03-07", &since), S(""))); /* a weekend is no working day overdue */
	assert_true(str_eq(reached(&l, k, "2026-03-09", &since), S("supervise-letter")));
	assert_int_equal(since, china_day_start_ms(day("2026-03-09")));
	assert_true(str_eq(reached(&l, k, "2026-03-27", &since), S("criticise")));
	k.listed = true;
	assert_true(str_eq(reached(&l, k, "2026-03-09", &since), S("interview")));
	k.listed = false;
	k.grade = S("major");
	assert_true(str_eq(reached(&l, k, "2026-04-06", &since), S("list")));
	k.relapses = 1;
	k.finding = S("false");
	assert_true(str_eq(reached(&l, k, "2026-03-01", &since), S("refer")));
	k = (struct ladder_fact){ .kind = S("task"), .grade = S(""), .finding = S(""), .due_ms = NO_DUE_MS };
	assert_true(str_eq(reached(&l, k, "2029-03-01", &since), S("")));
	close_law(&l);
}

static void a_reminder_comes_once(void **state)
{
	(void)state;
	struct law l = open_law();
	int64_t due = due_instant(day("2026-03-06"), 1440), n = 0;
	for (int64_t d = day("2026-02-01"); d < day("2026-05-01"); d++)
		n += ladder_remind(&l.ladder, &l.cal, due, d) != NULL;
	assert_int_equal(n, l.ladder.nreminders);
	assert_int_equal(ladder_remind(&l.ladder, &l.cal, due, day("2026-03-06"))->when, LADDER_AT);
	assert_int_equal(ladder_remind(&l.ladder, &l.cal, due, day("2026-03-05"))->when, LADDER_BEFORE);
	assert_int_equal(ladder_remind(&l.ladder, &l.cal, due, day("2026-03-09"))->when, LADDER_AFTER);
	assert_null(ladder_remind(&l.ladder, &l.cal, NO_DUE_MS, day("2026-03-09")));
	close_law(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(law_says_until_when),
		cmocka_unit_test(the_longer_overdue_the_higher),
		cmocka_unit_test(a_reminder_comes_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
