#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "num/draw.h"

/* Key 00 01 … 0f of the vectors. */
static const struct draw_seed counted = { 0x0706050403020100u, 0x0f0e0d0c0b0a0908u };

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), appendix A (15 bytes), and the
 * reference code's vectors.h for the inputs 00, 00 01, … */
static void siphash_has_the_published_values(void **state)
{
	(void)state;
	static const uint64_t want[] = {
		0x726fdb47dd0e0e31u, 0x74f839c593dc67fdu, 0x0d6c8009d9a94f5au, 0x85676696d7fb7e2du,
		0xcf2794e0277187b7u, 0x18765564cd99a68du, 0xcbc9466e58fee3ceu, 0xab0200f58b01d137u,
		0x93f5f5799a932462u, 0x9e0082df0ba9e4b0u, 0x7a5dbbc594ddb9f3u, 0xf4b32f46226bada7u,
		0x751e8fbc860ee5fbu, 0x14ea5627c0843d90u, 0xf723ca908e7af2eeu, 0xa129ca6149be45e5u,
	};
	unsigned char bytes[16];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)i;
	for (size_t n = 0; n < COUNT_OF(want); n++)
		assert_true(draw_siphash(counted, bytes, n) == want[n]);
	assert_true(draw_hash(counted, 0x0706050403020100) == want[8]);
}

static void keys_are_logarithms(void **state)
{
	(void)state;
	for (int64_t id = 1; id < 20000; id++) {
		double u = ((double)(draw_hash(counted, id) >> 12) + 0.5) * 0x1p-52;
		double want = -log(u) / 3;
		assert_true(fabs(draw_key(counted, id, 3) - want) <= 1e-15 * want);
	}
}

struct keyed {
	double key;
	int64_t id;
	uint32_t at;
};

static int keyed_cmp(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

enum { MANY = 5000 };

static void fill(struct draw_candidate *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (struct draw_candidate){ (int64_t)(i * 7919 + 13), 1 + (double)(i % 5) };
}

/* The heap finds what a full sort finds, for every size of the sample. */
static void equals_a_full_sort(void **state)
{
	(void)state;
	static struct draw_candidate v[MANY];
	static struct keyed sorted[MANY];
	static uint32_t drawn[MANY + 1];
	fill(v, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		sorted[i] = (struct keyed){ draw_key(counted, v[i].id, v[i].weight), v[i].id, i };
	qsort(sorted, MANY, sizeof *sorted, keyed_cmp);
	static const size_t wants[] = { 0, 1, 2, 3, 17, 1000, MANY - 1, MANY, MANY + 1 };
	for (size_t w = 0; w < COUNT_OF(wants); w++) {
		size_t got = draw(counted, v, MANY, wants[w], drawn);
		assert_int_equal(got, wants[w] < MANY ? wants[w] : MANY);
		for (size_t i = 0; i < got; i++)
			assert_int_equal(drawn[i], sorted[i].at);
	}
}

static void order_of_the_list_changes_nothing(void **state)
{
	(void)state;
	static struct draw_candidate v[MANY], back[MANY];
	uint32_t a[50], b[50];
	fill(v, MANY);
	for (size_t i = 0; i < MANY; i++)
		back[i] = v[MANY - 1 - i];
	assert_int_equal(draw(counted, v, MANY, 50, a), 50);
	assert_int_equal(draw(counted, back, MANY, 50, b), 50);
	for (size_t i = 0; i < 50; i++)
		assert_true(v[a[i]].id == back[b[i]].id);
}

static void those_without_a_weight_stay_out(void **state)
{
	(void)state;
	const struct draw_candidate v[] = {
		{ 1, 0 }, { 2, -1 }, { 3, NAN }, { 4, INFINITY }, { 5, 0.5 }, { 6, 2 },
	};
	uint32_t at[6];
	assert_int_equal(draw(counted, v, COUNT_OF(v), 6, at), 2);
	assert_int_equal(at[0] + at[1], 4 + 5);
	assert_int_equal(draw(counted, v, 0, 6, at), 0);
}

/* One of two with weights 3 and 1: the first is drawn three times in four. 4,000 seeds, five standard errors. */
static void weight_is_chance(void **state)
{
	(void)state;
	const struct draw_candidate v[] = { { 1001, 3 }, { 1002, 1 } };
	int first = 0;
	for (uint64_t seed = 0; seed < 4000; seed++) {
		uint32_t at = 9;
		assert_int_equal(draw((struct draw_seed){ seed, ~seed }, v, 2, 1, &at), 1);
		first += at == 0;
	}
	assert_true(abs(first - 3000) < 5 * 27.4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siphash_has_the_published_values),
		cmocka_unit_test(keys_are_logarithms),
		cmocka_unit_test(equals_a_full_sort),
		cmocka_unit_test(order_of_the_list_changes_nothing),
		cmocka_unit_test(those_without_a_weight_stay_out),
		cmocka_unit_test(weight_is_chance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
