/* Marks over readings: an hour and a day count while enough of them is left. Spans are minutes (or hours) of 2026-11-02. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sense/upkeep.h"

#define T0 INT64_C(1793548800000)
enum { HOUR = 3600000, MINUTE = 60000 };
#define ALL SERIES_KIND_COUNT

static struct mark_span span(int64_t from_min, int64_t to_min, char flag, int rank)
{
	return (struct mark_span){ T0 + from_min * MINUTE, to_min < 0 ? INT64_MAX : T0 + to_min * MINUTE, 0, ALL, flag, rank };
}

/* The flags of `n` readings from midnight on, all as `sent`. */
static const char *flags(const struct mark_span *v, size_t n, enum series_kind kind, int64_t step, char sent, char *out, size_t readings)
{
	static struct mark_span copy[8];
	int64_t at[64];
	memcpy(copy, v, n * sizeof *v);
	const struct marks_of_station m = { 1, 45, 20, copy, n };
	for (size_t i = 0; i < readings; i++) {
		at[i] = T0 + (int64_t)i * step;
		out[i] = sent;
	}
	out[readings] = '\0';
	marks_over(&m, 7, kind, readings, at, out);
	return out;
}

static void hours_by_minutes_left(void **state)
{
	char out[64];
	(void)state;
	const struct mark_span fifteen[] = { span(0, 15, 'M', 4) }, sixteen[] = { span(0, 16, 'M', 4) };
	assert_string_equal(flags(fifteen, 1, SERIES_HOUR, HOUR, 'N', out, 2), "NN");
	assert_string_equal(flags(sixteen, 1, SERIES_HOUR, HOUR, 'N', out, 2), "MN");
	assert_string_equal(flags(sixteen, 1, SERIES_HOUR_OWN, HOUR, 'I', out, 2), "MI"); /* the reason is shown */
	/* together they take 16 minutes; the graver is shown; what both cover counts once */
	const struct mark_span two[] = { span(0, 8, 'M', 4), span(30, 38, 'C', 3) }, over[] = { span(0, 10, 'M', 4), span(5, 15, 'C', 3) };
	assert_string_equal(flags(two, 2, SERIES_HOUR, HOUR, 'N', out, 1), "C");
	assert_string_equal(flags(over, 2, SERIES_HOUR, HOUR, 'N', out, 1), "N");
	/* over the full hour: each hour loses its part */
	const struct mark_span across[] = { span(44, 76, 'D', 1) };
	assert_string_equal(flags(across, 1, SERIES_HOUR, HOUR, 'N', out, 3), "DDN");
	const struct mark_span seconds[] = { { T0 + 30000, T0 + 15 * MINUTE + 30000, 0, ALL, 'M', 4 } }; /* 16 minutes are touched */
	assert_string_equal(flags(seconds, 1, SERIES_HOUR, HOUR, 'N', out, 1), "M");
}

static void days_by_hours_left(void **state)
{
	char out[64];
	(void)state;
	const struct mark_span four[] = { span(0, 240, 'D', 1) }, five[] = { span(0, 300, 'D', 1) };
	assert_string_equal(flags(four, 1, SERIES_DAY, 24 * HOUR, 'N', out, 2), "NN");
	assert_string_equal(flags(five, 1, SERIES_DAY_OWN, 24 * HOUR, 'N', out, 2), "DN");
	const struct mark_span almost[] = { span(0, 255, 'D', 1) }; /* of the fifth hour 45 minutes are left */
	assert_string_equal(flags(almost, 1, SERIES_DAY, 24 * HOUR, 'N', out, 1), "N");
}

static void minutes_and_instants(void **state)
{
	char out[64];
	(void)state;
	const struct mark_span v[] = { span(1, 3, 'M', 4) }, part[] = { { T0 + MINUTE + 30000, T0 + 2 * MINUTE, 0, ALL, 'C', 3 } };
	assert_string_equal(flags(v, 1, SERIES_MINUTE, MINUTE, 'N', out, 5), "NMMNN");
	assert_string_equal(flags(part, 1, SERIES_MINUTE, MINUTE, 'N', out, 3), "NCN"); /* a minute that is touched */
	assert_string_equal(flags(part, 1, SERIES_REAL, MINUTE / 2, 'N', out, 6), "NNNCNN"); /* an instant within */
	const struct mark_span lasts[] = { span(2, -1, 'F', 2) };
	assert_string_equal(flags(lasts, 1, SERIES_MINUTE, MINUTE, ' ', out, 5), "  FFF");
}

static void what_stays(void **state)
{
	char out[64];
	(void)state;
	struct mark_span v[] = { span(0, 60, 'M', 4) };
	assert_string_equal(flags(v, 1, SERIES_HOUR, HOUR, 'T', out, 1), "T"); /* the device said something graver */
	assert_string_equal(flags(v, 1, SERIES_HOUR, HOUR, 'B', out, 1), "B");
	assert_string_equal(flags(v, 1, SERIES_HOUR, HOUR, 'S', out, 1), "M");
	v[0].item = 8; /* of another item */
	assert_string_equal(flags(v, 1, SERIES_HOUR, HOUR, 'N', out, 1), "N");
	v[0].item = 7;
	assert_string_equal(flags(v, 1, SERIES_HOUR, HOUR, 'N', out, 1), "M");
	v[0].kind = SERIES_MINUTE; /* a doubt of minutes is none of the hour as sent */
	assert_string_equal(flags(v, 1, SERIES_HOUR, HOUR, 'N', out, 1), "N");
	assert_string_equal(flags(v, 1, SERIES_MINUTE, HOUR, 'N', out, 2), "MN");
}

/* A long span in front of short ones must not hide them, nor be forgotten behind them. */
static void long_before_short(void **state)
{
	char out[64];
	(void)state;
	const struct mark_span v[] = { span(0, 10, 'M', 4), span(1, 2, 'C', 3), span(5, 6, 'D', 1) };
	assert_string_equal(flags(v, 3, SERIES_MINUTE, MINUTE, 'N', out, 12), "MCMMMDMMMMNN");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hours_by_minutes_left), cmocka_unit_test(days_by_hours_left),
					    cmocka_unit_test(minutes_and_instants), cmocka_unit_test(what_stays), cmocka_unit_test(long_before_short) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
