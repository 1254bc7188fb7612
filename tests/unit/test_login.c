#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "core/login.h"

static void codes_agree_with_rfc_6238(void **state)
{
	(void)state;
	/* Appendix B, SHA-1: eight digits of the secret "12345678901234567890". */
	static const struct {
		int64_t s;
		uint32_t code;
	} rows[] = { { 59, 94287082 }, { 1111111109, 7081804 }, { 1111111111, 14050471 },
		     { 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_int_equal(totp_code(S("12345678901234567890"), rows[i].s / 30, 8), rows[i].code);
}

static void a_code_works_once_and_only_around_its_time(void **state)
{
	(void)state;
	str secret = S("12345678901234567890");
	int64_t now = INT64_C(1111111109000), step = now / TOTP_STEP_MS, used = 0;
	char code[3][16];
	for (int i = 0; i < 3; i++)
		snprintf(code[i], sizeof code[i], "%06u", totp_code(secret, step - 1 + i, 6));
	assert_true(totp_check(secret, str_of(code[0]), now, 0, &used) && used == step - 1);
	assert_true(totp_check(secret, str_of(code[1]), now, used, &used) && used == step);
	assert_false(totp_check(secret, str_of(code[1]), now, used, &used));
	assert_false(totp_check(secret, str_of(code[0]), now, used, &used)); /* older than one that was used */
	assert_true(totp_check(secret, str_of(code[2]), now, used, &used) && used == step + 1);
	assert_false(totp_check(secret, str_of(code[1]), now + 90000, 0, &used));
	assert_false(totp_check(secret, str_of(code[1]), now - 90000, 0, &used));
	assert_false(totp_check(secret, S(""), now, 0, &used));
	assert_false(totp_check(secret, S("12345"), now, 0, &used));
}

static void the_uri_is_escaped(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	assert_string_equal(totp_uri(a, S("hello"), S("闭环"), S("a b")).p,
			    "otpauth://totp/%E9%97%AD%E7%8E%AF:a%20b?secret=NBSWY3DP&issuer=%E9%97%AD%E7%8E%AF"
			    "&algorithm=SHA1&digits=6&period=30");
}

static void passwords_follow_their_profile(void **state)
{
	(void)state;
	static const struct {
		const char *profile, *password;
		const char *key; /* NULL: accepted */
	} rows[] = {
		{ "mlps3", "Demo-City-2026", NULL },
		{ "mlps3", "Long-Enough-Word-1", NULL },
		{ "mlps3", "short-1A", "err.password_short" },
		{ "mlps3", "alllowercaseletters", "err.password_classes" },
		{ "mlps3", "lowercase and 1 digit", NULL },
		{ "mlps3", "Password123!", "err.password_common" },
		{ "mlps3", "!!Qwerty2026", "err.password_common" },
		{ "mlps3", "Zhang.san-2026", "err.password_login" },
		{ "mlps3", "安全第一Abc12345", NULL },
		{ "asvs5", "alllowercaseletters", NULL },
		{ "asvs5", "Demo-City-2026", "err.password_short" },
		{ "unknown", "short-1A", "err.password_short" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fail f = { 0 };
		err e = password_check(password_policy(str_of(rows[i].profile)), S("123456\npassword\nqwerty\n"), S("hang.san"),
				       str_of(rows[i].password), "/password", &f);
		if ((e == ERR_OK) != !rows[i].key || (rows[i].key && !str_eq(str_of(f.key), str_of(rows[i].key))))
			fail_msg("%s: %s", rows[i].password, e ? f.key : "accepted");
	}
	char big[200];
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = "aA1"[i % 3];
	assert_int_equal(password_check(password_policy(S("mlps3")), S(""), S("x"), (str){ big, sizeof big }, "/", NULL),
			 ERR_BAD_FIELD);
}

static void logins_are_plain(void **state)
{
	(void)state;
	assert_true(login_valid(S("chen.office")));
	assert_true(login_valid(S("a1")));
	assert_false(login_valid(S("a")));
	assert_false(login_valid(S("Chen")));
	assert_false(login_valid(S("a b")));
	assert_false(login_valid(S("陈")));
}

static void five_failures_lock_for_a_quarter_of_an_hour(void **state)
{
	(void)state;
	struct lock_state s = { 0 };
	for (int i = 0; i < 4; i++) {
		s = lock_after_failure(s, 1000);
		assert_int_equal(lock_minutes(s.until_ms, 1000), 0);
	}
	s = lock_after_failure(s, 1000);
	assert_int_equal(s.fails, 0);
	assert_int_equal(lock_minutes(s.until_ms, 1000), 15);
	assert_int_equal(lock_minutes(s.until_ms, 1000 + LOCK_MS - 1), 1);
	assert_int_equal(lock_minutes(s.until_ms, 1000 + LOCK_MS), 0);
}

static void unknown_logins_lock_like_known_ones(void **state)
{
	(void)state;
	struct throttle *t = throttle_new();
	for (int i = 0; i < 4; i++)
		throttle_failed(t, THROTTLE_LOGIN, S("nobody"), 1000);
	assert_int_equal(throttle_until(t, THROTTLE_LOGIN, S("nobody"), 1000), 0);
	throttle_failed(t, THROTTLE_LOGIN, S("nobody"), 1000);
	assert_int_equal(throttle_until(t, THROTTLE_LOGIN, S("nobody"), 1000), 1000 + LOCK_MS);
	assert_int_equal(throttle_until(t, THROTTLE_PEER, S("nobody"), 1000), 0);
	assert_int_equal(throttle_until(t, THROTTLE_LOGIN, S("other"), 1000), 0);
	assert_int_equal(throttle_until(t, THROTTLE_LOGIN, S("nobody"), 1000 + LOCK_MS), 0);
	throttle_free(t);
}

static void a_flood_of_names_does_not_grow_the_table(void **state)
{
	(void)state;
	struct throttle *t = throttle_new();
	for (int i = 0; i < 120; i++)
		throttle_failed(t, THROTTLE_PEER, S("10.0.0.1"), 1000 + i);
	assert_true(throttle_until(t, THROTTLE_PEER, S("10.0.0.1"), 1200) > 0);
	for (int i = 0; i < 20000; i++) {
		char name[32];
		int n = snprintf(name, sizeof name, "n%d", i);
		throttle_failed(t, THROTTLE_LOGIN, (str){ name, (size_t)n }, 2000);
	}
	throttle_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_agree_with_rfc_6238),
		cmocka_unit_test(a_code_works_once_and_only_around_its_time),
		cmocka_unit_test(the_uri_is_escaped),
		cmocka_unit_test(passwords_follow_their_profile),
		cmocka_unit_test(logins_are_plain),
		cmocka_unit_test(five_failures_lock_for_a_quarter_of_an_hour),
		cmocka_unit_test(unknown_logins_lock_like_known_ones),
		cmocka_unit_test(a_flood_of_names_does_not_grow_the_table),
	};
	return cmocka_run_group_tests_name("login", tests, NULL, NULL);
}
