#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"

static void trims_ideographic_blanks(void **state)
{
	(void)state;
	assert_true(str_eq(str_trim(S("\xef\xbb\xbf 　闭环　\r\n")), S("闭环")));
	assert_true(str_eq(str_trim(S("　")), S("")));
}

static void cuts_keep_the_empty_last_piece(void **state)
{
	(void)state;
	str rest = S("a\tb\t"), piece;
	assert_true(str_cut(&rest, '\t', &piece) && str_eq(piece, S("a")));
	assert_true(str_cut(&rest, '\t', &piece) && str_eq(piece, S("b")));
	assert_true(str_cut(&rest, '\t', &piece) && str_eq(piece, S("")));
	assert_false(str_cut(&rest, '\t', &piece));
}

static void integers_do_not_overflow(void **state)
{
	(void)state;
	int64_t v = 7;
	assert_true(str_to_i64(S("-9223372036854775808"), &v) && v == INT64_MIN);
	assert_true(str_to_i64(S("9223372036854775807"), &v) && v == INT64_MAX);
	v = 7;
	assert_false(str_to_i64(S("9223372036854775808"), &v));
	assert_false(str_to_i64(S(""), &v));
	assert_false(str_to_i64(S("-"), &v));
	assert_false(str_to_i64(S("1 "), &v));
	assert_int_equal(v, 7);
}

static void utf8_refuses_overlong_and_surrogates(void **state)
{
	(void)state;
	assert_true(utf8_valid(S("安全生产 abc 𠮷")));
	assert_false(utf8_valid(S("\xc0\x80")));
	assert_false(utf8_valid(S("\xed\xa0\x80")));
	assert_false(utf8_valid(S("\xf4\x90\x80\x80")));
	assert_false(utf8_valid(S("\xe5\xae")));
	assert_int_equal(utf8_count(S("安全𠮷a")), 4);
	assert_int_equal(utf8_offset(S("安全a"), 2), 6);
}

static void dates_go_there_and_back(void **state)
{
	(void)state;
	for (int64_t d = -200000; d < 200000; d += 13) {
		int y, m, day;
		date_to_ymd(d, &y, &m, &day);
		assert_true(date_ymd_valid(y, m, day));
		assert_int_equal(date_from_ymd(y, m, day), d);
	}
	int64_t d;
	assert_true(date_parse(S("2026-11-22"), &d));
	assert_int_equal(date_weekday(d), 6);
	assert_false(date_parse(S("2026-02-29"), &d));
	assert_int_equal(china_day(china_day_start_ms(d)), d);
	assert_int_equal(china_day(china_day_end_ms(d)), d);
}

static void maps_replace_and_grow(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct map m = MAP(a);
	for (intptr_t i = 1; i <= 1000; i++)
		map_put(&m, arena_printf(a, "k%d", (int)(i % 500)), (void *)i);
	assert_int_equal(m.n, 500);
	assert_int_equal((intptr_t)map_get(&m, S("k7")), 507);
	assert_null(map_get(&m, S("k500")));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trims_ideographic_blanks),
		cmocka_unit_test(cuts_keep_the_empty_last_piece),
		cmocka_unit_test(integers_do_not_overflow),
		cmocka_unit_test(utf8_refuses_overlong_and_surrogates),
		cmocka_unit_test(dates_go_there_and_back),
		cmocka_unit_test(maps_replace_and_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
