/* Look-back: rules, weights, chances; the draw that another program repeats. */
#include "core_store.h"

#include <math.h>

#include "core/catalog.h"
#include "loop/lookback.h"

struct rules {
	struct arena *a;
	struct catalog *c;
	struct lookback_rules *r;
};

static int open_rules(void **state)
{
	struct rules *s = calloc(1, sizeof *s);
	struct fail f = { 0 };
	s->a = arena_new();
	assert_int_equal(catalog_load(NULL, &s->c, &f), ERR_OK);
	assert_int_equal(lookback_rules_read(s->a, s->c, china_day(START_MS), &s->r, &f), ERR_OK);
	*state = s;
	return 0;
}

static int close_rules(void **state)
{
	struct rules *s = *state;
	catalog_free(s->c);
	arena_free(s->a);
	free(s);
	return 0;
}

static void strata_are_found_by_grade_and_listing(void **state)
{
	const struct rules *s = *state;
	assert_true(str_eq(lookback_stratum(s->r, S("hazard"), S("general"), false)->id, S("hazard-general")));
	assert_true(str_eq(lookback_stratum(s->r, S("hazard"), S("general"), true)->id, S("hazard-listed")));
	assert_true(str_eq(lookback_stratum(s->r, S("hazard"), S("major"), false)->id, S("hazard-major")));
	assert_true(lookback_stratum(s->r, S("hazard"), S("major"), false)->share == 100);
	assert_null(lookback_stratum(s->r, S("task"), S(""), false));
	assert_null(lookback_kind(s->r, S("task")));
	assert_null(lookback_result(s->r, S("fine")));
	assert_false(lookback_result(s->r, S("sham"))->held);
}

static void weights_multiply_up_to_their_caps(void **state)
{
	const struct rules *s = *state;
	int64_t times[LOOKBACK_FACTOR_COUNT] = { 0 };
	assert_int_equal(lookback_weight(s->r, times), 1000);
	times[LOOKBACK_RELAPSE] = 1;
	assert_int_equal(lookback_weight(s->r, times), 2000);
	times[LOOKBACK_RELAPSE] = 100000000;
	assert_int_equal(lookback_weight(s->r, times), 8000);
	times[LOOKBACK_UNIT_FAILURE] = 2;
	assert_int_equal(lookback_weight(s->r, times), 18000);
	times[LOOKBACK_UNIT_FAILURE] = -5;
	assert_int_equal(lookback_weight(s->r, times), 8000);
}

/* ---- draws ---- */

static struct draw_entry *golden_pool(struct arena *a, size_t *ret_n)
{
	str text = test_file(a, "tests/golden/draw/pool.txt"), line, cells[4];
	struct draw_entry *v = NEW_N(a, struct draw_entry, 1000);
	*ret_n = 0;
	while (str_cut(&text, '\n', &line) && line.n) {
		for (int i = 0; i < 4; i++)
			assert_true(str_cut(&line, ' ', &cells[i]));
		if (str_eq(cells[0], S("0"))) {
			struct draw_entry *e = &v[(*ret_n)++];
			assert_true(str_to_i64(cells[1], &e->id) && str_to_i64(cells[2], &e->weight) && str_to_i64(cells[3], &e->avoid));
		}
	}
	return v;
}

/* What tests/lib/draw.mjs gave, which shares no code with this. */
static void another_program_draws_the_same(void **state)
{
	const struct rules *s = *state;
	size_t n;
	const struct draw_entry *v = golden_pool(s->a, &n);
	str drawn = test_file(s->a, "tests/golden/draw/drawn.txt"), line;
	int64_t got[25], id;
	assert_int_equal(n, 400);
	assert_int_equal(draw_places(s->a, test_file(s->a, "tests/golden/draw/seed.txt"), v, n, 25, got), 25);
	for (int i = 0; i < 25; i++) {
		assert_true(str_cut(&drawn, '\n', &line) && str_to_i64(line, &id));
		assert_int_equal(got[i], id);
	}
}

/* 1/chance of those drawn adds up to how many there are, on the average: 60 candidates of weights 1 to 5, 12 of them drawn, 4,000
 * seeds; within five standard errors of the mean. */
static void chances_weigh_without_bias(void **state)
{
	const struct rules *s = *state;
	enum { N = 60, WANT = 12, SEEDS = 4000 };
	struct draw_entry v[N];
	double sum = 0, sum2 = 0;
	for (int i = 0; i < N; i++)
		v[i] = (struct draw_entry){ 1000 + i * 17, 1000 * (1 + i % 5), 0 };
	struct draw_record d = { .want = WANT, .first = v, .nfirst = N };
	AUTO(arena_drop) struct arena *a = arena_new();
	for (int k = 0; k < SEEDS; k++) {
		int64_t got[WANT];
		double total = 0;
		arena_reset(a);
		d.seed = arena_printf(a, "seed %d", k);
		double threshold = draw_threshold(a, &d);
		assert_int_equal(draw_places(a, d.seed, v, N, WANT, got), WANT);
		for (int i = 0; i < WANT; i++)
			total += 1 / draw_chance(&d, &v[(got[i] - 1000) / 17], threshold);
		sum += total;
		sum2 += total * total;
	}
	double mean = sum / SEEDS, se = sqrt((sum2 / SEEDS - mean * mean) / SEEDS);
	assert_true(fabs(mean - N) < 5 * se);
	assert_true(se < 1);
	(void)s;
}

static void everybody_drawn_is_certain(void **state)
{
	const struct rules *s = *state;
	const struct draw_entry v[] = { { 1, 1000, 0 }, { 2, 5000, 0 } };
	struct draw_record d = { .want = 2, .first = v, .nfirst = 2, .seed = S("x") };
	double threshold = draw_threshold(s->a, &d);
	assert_true(isinf(threshold));
	assert_true(draw_chance(&d, &v[0], threshold) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strata_are_found_by_grade_and_listing),
		cmocka_unit_test(weights_multiply_up_to_their_caps),
		cmocka_unit_test(another_program_draws_the_same),
		cmocka_unit_test(chances_weigh_without_bias),
		cmocka_unit_test(everybody_drawn_is_certain),
	};
	return cmocka_run_group_tests(tests, open_rules, close_rules);
}
