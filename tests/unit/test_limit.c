/* Token buckets: bursts, refilling, who counts as one caller, and a full table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/limit.h"

static const struct limit_rule each = { S("report"), 3, 60, false }, all = { S("total"), 5, 60, true };
#define T0 INT64_C(1793581200000)

static void a_burst_then_one_a_minute(void **state)
{
	struct limits *l = limits_new();
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(limit_take(l, &each, S("192.0.2.1"), T0), 0);
	assert_int_equal(limit_take(l, &each, S("192.0.2.1"), T0), 60);
	assert_int_equal(limit_look(l, &each, S("192.0.2.1"), T0 + 59000), 1);
	assert_int_equal(limit_take(l, &each, S("192.0.2.1"), T0 + 60000), 0);
	assert_int_equal(limit_take(l, &each, S("192.0.2.1"), T0 + 60000), 60);
	assert_int_equal(limit_take(l, &each, S("192.0.2.2"), T0 + 60000), 0); /* somebody else */
	for (int i = 0; i < 3; i++) /* never more than the burst */
		assert_int_equal(limit_take(l, &each, S("192.0.2.1"), T0 + 36000000), 0);
	assert_true(limit_take(l, &each, S("192.0.2.1"), T0 + 36000000) > 0);
	limits_free(l);
}

static void everybody_together(void **state)
{
	struct limits *l = limits_new();
	char peer[32];
	(void)state;
	for (int i = 0; i < 6; i++) {
		snprintf(peer, sizeof peer, "192.0.2.%d", i);
		assert_int_equal(limit_take(l, &all, str_of(peer), T0) > 0, i == 5);
	}
	limits_free(l);
}

static void who_counts_as_one(void **state)
{
	char a[48], b[48];
	(void)state;
	assert_true(str_eq(limit_peer(S("2001:db8:1:2:3:4:5:6"), a), limit_peer(S("2001:db8:1:2::1"), b)));
	assert_false(str_eq(limit_peer(S("2001:db8:1:3::1"), a), limit_peer(S("2001:db8:1:2::1"), b)));
	assert_true(str_eq(limit_peer(S("::ffff:192.0.2.7"), a), S("192.0.2.7")));
	assert_true(str_eq(limit_peer(S("rubbish"), a), S("")));
}

/* 100,000 callers use the same memory, and those who knock now stay known. */
static void a_full_table(void **state)
{
	struct limits *l = limits_new();
	char peer[48];
	(void)state;
	for (int i = 0; i < 100000; i++) {
		snprintf(peer, sizeof peer, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		(void)limit_take(l, &each, str_of(peer), T0 + i);
	}
	for (int i = 0; i < 3; i++)
		(void)limit_take(l, &each, S("192.0.2.1"), T0 + 100001);
	assert_true(limit_take(l, &each, S("192.0.2.1"), T0 + 100002) > 0);
	limits_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_burst_then_one_a_minute),
		cmocka_unit_test(everybody_together),
		cmocka_unit_test(who_counts_as_one),
		cmocka_unit_test(a_full_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
