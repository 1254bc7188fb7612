#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "core/crypto.h"

static str hex32(struct arena *a, const unsigned char *p)
{
	return hex_encode(a, (str){ (const char *)p, HASH_SIZE });
}

static void assert_hash(enum hash_alg alg, str text, const char *want)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	unsigned char h[HASH_SIZE];
	hash_bytes(alg, text, h);
	assert_string_equal(hex32(a, h).p, want);
}

static void hashes_agree_with_their_standards(void **state)
{
	(void)state;
	/* FIPS 180-4 and GB/T 32905 examples. */
	assert_hash(HASH_SHA256, S("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_hash(HASH_SHA256, S(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_hash(HASH_SM3, S("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void a_hasher_can_be_used_again(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	AUTO(hasher_drop) struct hasher *h = hasher_new(HASH_SHA256);
	unsigned char first[HASH_SIZE], second[HASH_SIZE];
	hasher_begin(h);
	hasher_add(h, S("a"));
	hasher_add(h, S("bc"));
	hasher_end(h, first);
	hasher_begin(h);
	hasher_add(h, S("abc"));
	hasher_end(h, second);
	assert_memory_equal(first, second, HASH_SIZE);
	assert_string_equal(hex32(a, first).p, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void hmac_agrees_with_rfc_4231_and_2202(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	unsigned char m[HASH_SIZE], s[20];
	hmac_sha256(S("Jefe"), S("what do ya want for nothing?"), m);
	assert_string_equal(hex32(a, m).p, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	hmac_sha1(S("Jefe"), S("what do ya want for nothing?"), s);
	assert_string_equal(hex_encode(a, (str){ (char *)s, 20 }).p, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

static void encodings_agree_with_rfc_4648(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	assert_string_equal(base32_encode(a, S("foobar")).p, "MZXW6YTBOI");
	assert_string_equal(base32_encode(a, S("fooba")).p, "MZXW6YTB");
	assert_string_equal(base32_encode(a, S("f")).p, "MY");
	assert_string_equal(base64url_encode(a, S("foob")).p, "Zm9vYg");
	assert_string_equal(base64url_encode(a, S("\xff\xfe\xfd")).p, "__79");
	str back;
	assert_true(base32_decode(a, S("mzxw 6ytb oi======"), &back) && str_eq(back, S("foobar")));
	assert_true(base64url_decode(a, S("Zm9vYg"), &back) && str_eq(back, S("foob")));
	assert_true(hex_decode(a, S("00fFa1"), &back) && str_eq(back, S("\x00\xff\xa1")));
	assert_false(hex_decode(a, S("0"), &back));
	assert_false(hex_decode(a, S("0g"), &back));
	assert_false(base64url_decode(a, S("Zm9vYh"), &back)); /* left-over bits */
	assert_false(base64url_decode(a, S("Zm9v+g"), &back));
}

static void every_byte_survives_encoding(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	unsigned char raw[61];
	for (size_t n = 0; n <= sizeof raw; n++) {
		random_bytes(raw, sizeof raw);
		str s = { (char *)raw, n }, back;
		assert_true(hex_decode(a, hex_encode(a, s), &back) && str_eq(back, s));
		assert_true(base32_decode(a, base32_encode(a, s), &back) && str_eq(back, s));
		assert_true(base64url_decode(a, base64url_encode(a, s), &back) && str_eq(back, s));
	}
}

static void equality_needs_equal_lengths(void **state)
{
	(void)state;
	assert_true(bytes_equal(S("abc"), S("abc")));
	assert_false(bytes_equal(S("abc"), S("abd")));
	assert_false(bytes_equal(S("abc"), S("ab")));
	assert_true(bytes_equal((str){ 0 }, S("")));
}

static const struct password_cost cheap = { .memory_kib = 64, .passes = 1, .lanes = 1 };

static void passwords_are_hashed_with_a_fresh_salt(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct password_hasher *p = password_hasher_new(cheap, 2);
	str one, two;
	assert_int_equal(password_hash(p, a, S("闭环 Loop 2026"), &one), ERR_OK);
	assert_int_equal(password_hash(p, a, S("闭环 Loop 2026"), &two), ERR_OK);
	assert_true(str_starts(one, S("$argon2id$v=19$m=64,t=1,p=1$")));
	assert_false(str_eq(one, two));
	assert_true(password_matches(p, one, S("闭环 Loop 2026")));
	assert_false(password_matches(p, one, S("闭环 Loop 2027")));
	assert_false(password_matches(p, (str){ 0 }, S("nobody")));
	assert_false(password_matches(p, S("$argon2id$broken"), S("x")));
	password_hasher_free(p);
}

static void a_hash_of_another_program_is_accepted(void **state)
{
	(void)state;
	struct password_hasher *p = password_hasher_new(cheap, 1);
	/* From the tests of the reference implementation of Argon2 (version 0x13, argon2id). */
	str phc = S("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
	assert_true(password_matches(p, phc, S("password")));
	assert_false(password_matches(p, phc, S("Password")));
	password_hasher_free(p);
}

struct crowd {
	struct password_hasher *p;
	str phc;
};

static void *knock(void *arg)
{
	struct crowd *c = arg;
	return password_matches(c->p, c->phc, S("right")) ? arg : NULL;
}

static void many_at_once_take_turns(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct crowd c = { .p = password_hasher_new(cheap, 2) };
	assert_int_equal(password_hash(c.p, a, S("right"), &c.phc), ERR_OK);
	pthread_t th[8];
	for (int i = 0; i < 8; i++)
		pthread_create(&th[i], NULL, knock, &c);
	for (int i = 0; i < 8; i++) {
		void *r;
		pthread_join(th[i], &r);
		assert_non_null(r);
	}
	password_hasher_free(c.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_agree_with_their_standards),
		cmocka_unit_test(a_hasher_can_be_used_again),
		cmocka_unit_test(hmac_agrees_with_rfc_4231_and_2202),
		cmocka_unit_test(encodings_agree_with_rfc_4648),
		cmocka_unit_test(every_byte_survives_encoding),
		cmocka_unit_test(equality_needs_equal_lengths),
		cmocka_unit_test(passwords_are_hashed_with_a_fresh_salt),
		cmocka_unit_test(a_hash_of_another_program_is_accepted),
		cmocka_unit_test(many_at_once_take_turns),
	};
	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
