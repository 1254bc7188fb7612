#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "loop/deadline.h"

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static int64_t day_of(const char *iso)
{
	int64_t d = 0;
	assert_true(date_parse(str_of(iso), &d));
	return d;
}

static int64_t at(const char *iso, int hour, int minute)
{
	return china_day_start_ms(day_of(iso)) + (hour * 60 + minute) * 60000LL;
}

/* A week with a holiday from Thursday on and a Saturday worked instead. */
static struct calendar swapped(struct arena *a)
{
	struct calendar_rule rules[] = {
		{ day_of("2026-10-01"), false }, { day_of("2026-10-02"), false },
		{ day_of("2026-10-05"), false }, { day_of("2026-10-06"), false },
		{ day_of("2026-10-07"), false }, { day_of("2026-10-10"), false },
		{ day_of("2026-10-10"), true }, /* the later word counts */
	};
	return calendar_make(a, rules, COUNT_OF(rules));
}

static void swapped_days_count(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct calendar c = swapped(a);
	assert_false(calendar_working(&c, day_of("2026-10-01")));
	assert_true(calendar_working(&c, day_of("2026-10-10")));
	assert_false(calendar_working(&c, day_of("2026-10-11")));
	assert_int_equal(calendar_count(&c, day_of("2026-09-30"), day_of("2026-10-10")), 3);
	assert_int_equal(calendar_add(&c, day_of("2026-09-30"), 3), day_of("2026-10-10"));
	assert_int_equal(calendar_add(&c, day_of("2026-10-12"), -1), day_of("2026-10-10"));
	arena_free(a);
}

static struct calendar random_calendar(struct arena *a, uint32_t *seed, int64_t base)
{
	struct calendar_rule rules[60];
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		rules[i] = (struct calendar_rule){ base + next_random(seed) % 500, next_random(seed) % 2 };
	return calendar_make(a, rules, COUNT_OF(rules));
}

static int64_t slow_count(const struct calendar *c, int64_t after, int64_t to)
{
	int64_t n = 0;
	for (int64_t d = after + 1; d <= to; d++)
		n += calendar_working(c, d);
	for (int64_t d = to + 1; d <= after; d++)
		n -= calendar_working(c, d);
	return n;
}

static int64_t slow_add(const struct calendar *c, int64_t day, int64_t n)
{
	for (; n > 0; n -= calendar_working(c, day))
		day++;
	for (; n < 0; n += calendar_working(c, day))
		day--;
	return day;
}

static void counting_equals_walking_day_by_day(void **state)
{
	(void)state;
	uint32_t seed = 7;
	for (int round = 0; round < 60; round++) {
		struct arena *a = arena_new();
		int64_t base = day_of("2024-01-01") + next_random(&seed) % 2000 - 1000;
		struct calendar c = random_calendar(a, &seed, base);
		for (int i = 0; i < 200; i++) {
			int64_t x = base + next_random(&seed) % 700 - 100;
			int64_t y = base + next_random(&seed) % 700 - 100;
			int64_t n = (int64_t)(next_random(&seed) % 160) - 80;
			assert_int_equal(calendar_count(&c, x, y), slow_count(&c, x, y));
			assert_int_equal(calendar_add(&c, x, n), slow_add(&c, x, n));
		}
		arena_free(a);
	}
}

static void colours_and_spans_agree(void **state)
{
	(void)state;
	uint32_t seed = 99;
	struct arena *a = arena_new();
	struct calendar c = random_calendar(a, &seed, day_of("2026-01-01"));
	for (int i = 0; i < 5000; i++) {
		int64_t now = at("2026-03-01", 0, 0) + (int64_t)next_random(&seed) * 300;
		int64_t due = now + ((int64_t)next_random(&seed) - (1 << 23)) * 300;
		int64_t amber = next_random(&seed) % 8;
		enum colour want = deadline_colour(&c, true, due, now, amber);
		for (int k = COLOUR_GREEN; k <= COLOUR_RED; k++) {
			int64_t from, to;
			deadline_colour_span(&c, (enum colour)k, now, amber, &from, &to);
			assert_int_equal(due >= from && due <= to, k == (int)want);
		}
		int64_t left = deadline_days_left(&c, due, now);
		assert_int_equal(left < 0, want == COLOUR_RED);
	}
	arena_free(a);
}

static void midnight_turns_the_list_without_a_write(void **state)
{
	(void)state;
	struct calendar c = { 0 };
	int64_t due = due_instant(day_of("2026-11-20"), 1440); /* a Friday */
	int64_t last = at("2026-11-21", 0, 0) - 1;
	assert_int_equal(due, last);
	assert_int_equal(deadline_colour(&c, true, due, last, 3), COLOUR_AMBER);
	assert_int_equal(deadline_days_left(&c, due, last), 0);
	assert_int_equal(deadline_colour(&c, true, due, last + 1, 3), COLOUR_RED);
	assert_int_equal(deadline_days_left(&c, due, last + 1), -1);
	assert_int_equal(deadline_days_left(&c, due, at("2026-11-24", 9, 0)), -2);
	assert_int_equal(deadline_colour(&c, false, due, last + 1, 3), COLOUR_GREY);
	assert_int_equal(deadline_colour(&c, true, NO_DUE_MS, last, 3), COLOUR_GREY);
	assert_int_equal(due_instant(day_of("2026-11-20"), 17 * 60 + 30), at("2026-11-20", 17, 30) - 1);
}

static void terms_end(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct calendar c = swapped(a);
	int64_t from = at("2026-09-30", 15, 0);
	assert_int_equal(term_end_ms(&c, (struct term){ 2, TERM_WORKDAY }, from, 1440),
			 due_instant(day_of("2026-10-09"), 1440));
	assert_int_equal(term_end_ms(&c, (struct term){ 2, TERM_DAY }, from, 1440),
			 due_instant(day_of("2026-10-02"), 1440));
	assert_int_equal(term_end_ms(&c, (struct term){ 24, TERM_HOUR }, from, 1440), from + DAY_MS);
	assert_int_equal(term_end_ms(&c, (struct term){ 5, TERM_MONTH }, from, 1440),
			 due_instant(day_of("2027-02-28"), 1440));
	arena_free(a);
}

#define NEXT(kind, anchor, after, want)                                                                      \
	assert_int_equal(recurrence_next(RECUR_##kind, day_of(anchor), day_of(after)), day_of(want))

static void duties_recur(void **state)
{
	(void)state;
	NEXT(WEEK, "2026-11-02", "2026-11-02", "2026-11-09");
	NEXT(WEEK, "2026-11-02", "2026-11-08", "2026-11-09");
	NEXT(WEEK, "2026-11-02", "2026-10-26", "2026-11-02");
	NEXT(WEEK, "2026-11-02", "2026-10-25", "2026-10-26");
	NEXT(MONTH, "2026-01-31", "2026-01-31", "2026-02-28");
	NEXT(MONTH, "2026-01-31", "2026-02-28", "2026-03-31");
	NEXT(MONTH, "2026-01-31", "2025-11-30", "2025-12-31");
	NEXT(QUARTER, "2026-02-15", "2026-02-15", "2026-05-15");
	NEXT(QUARTER, "2026-02-15", "2026-06-30", "2026-08-15");
	NEXT(HALF_YEAR, "2026-08-31", "2026-09-01", "2027-02-28");
	NEXT(YEAR, "2024-02-29", "2026-01-01", "2026-02-28");
	NEXT(MONTH_END, "2026-01-01", "2026-02-27", "2026-02-28");
	NEXT(MONTH_END, "2026-01-01", "2026-02-28", "2026-03-31");
	NEXT(QUARTER_END, "2026-01-01", "2026-03-31", "2026-06-30");
	NEXT(HALF_YEAR_END, "2026-01-01", "2026-06-29", "2026-06-30");
	NEXT(YEAR_END, "2026-01-01", "2026-12-31", "2027-12-31");
	enum recurrence r;
	assert_true(recurrence_parse(S("quarterly"), &r) && r == RECUR_QUARTER);
	assert_true(recurrence_parse(S("half-year-end"), &r) && r == RECUR_HALF_YEAR_END);
	assert_false(recurrence_parse(S("sometimes"), &r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(swapped_days_count),
		cmocka_unit_test(counting_equals_walking_day_by_day),
		cmocka_unit_test(colours_and_spans_agree),
		cmocka_unit_test(midnight_turns_the_list_without_a_write),
		cmocka_unit_test(terms_end),
		cmocka_unit_test(duties_recur),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
