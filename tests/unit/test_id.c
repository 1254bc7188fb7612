#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/id.h"

static const int64_t T = INT64_C(1795370400000); /* 2026-11-22 18:00 UTC */

static void ids_say_when_and_where_they_were_made(void **state)
{
	(void)state;
	struct id_gen g;
	id_gen_init(&g, 517, 0);
	int64_t id = id_next(&g, T);
	assert_true(id > 0);
	assert_int_equal(id_ms(id), T);
	assert_int_equal(id_node(id), 517);
}

static void ids_grow_when_the_clock_steps_back(void **state)
{
	(void)state;
	struct id_gen g;
	id_gen_init(&g, 0, 0);
	int64_t last = 0;
	for (int i = 0; i < 20000; i++) {
		int64_t id = id_next(&g, T - (i % 7) * 1000 - (i > 10000 ? 3600000 : 0));
		assert_true(id > last);
		last = id;
	}
}

static void a_restart_continues_behind_what_is_stored(void **state)
{
	(void)state;
	struct id_gen g;
	id_gen_init(&g, 3, T + 5000);
	assert_true(id_ms(id_next(&g, T)) > T + 5000);
}

static void times_before_the_epoch_still_give_positive_ids(void **state)
{
	(void)state;
	struct id_gen g;
	id_gen_init(&g, 0, 0);
	assert_true(id_next(&g, 0) > 0);
	assert_true(id_next(&g, -5) > 0);
}

enum { THREADS = 4, EACH = 20000 };
struct worker {
	struct id_gen *g;
	int64_t ids[EACH];
};

static void *make_ids(void *arg)
{
	struct worker *w = arg;
	for (int i = 0; i < EACH; i++)
		w->ids[i] = id_next(w->g, T);
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void threads_never_get_the_same_id(void **state)
{
	(void)state;
	struct id_gen g;
	id_gen_init(&g, 1, 0);
	struct worker *w = calloc(THREADS, sizeof *w);
	pthread_t th[THREADS];
	for (int i = 0; i < THREADS; i++) {
		w[i].g = &g;
		pthread_create(&th[i], NULL, make_ids, &w[i]);
	}
	int64_t *all = calloc((size_t)THREADS * EACH, sizeof *all);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(th[i], NULL);
		for (int k = 0; k < EACH; k++)
			all[i * EACH + k] = w[i].ids[k];
	}
	qsort(all, (size_t)THREADS * EACH, sizeof *all, by_value);
	for (int i = 1; i < THREADS * EACH; i++)
		assert_true(all[i] > all[i - 1]);
	free(all);
	free(w);
}

static void subjects_are_kind_and_id(void **state)
{
	(void)state;
	str kind;
	int64_t id = 0;
	assert_true(id_subject_parse(S("matter/123"), &kind, &id));
	assert_true(str_eq(kind, S("matter")) && id == 123);
	assert_false(id_subject_parse(S("matter/"), &kind, &id));
	assert_false(id_subject_parse(S("/123"), &kind, &id));
	assert_false(id_subject_parse(S("matter/-3"), &kind, &id));
	assert_false(id_subject_parse(S("matter/12x"), &kind, &id));
	assert_false(id_subject_parse(S("matter"), &kind, &id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_say_when_and_where_they_were_made),
		cmocka_unit_test(ids_grow_when_the_clock_steps_back),
		cmocka_unit_test(a_restart_continues_behind_what_is_stored),
		cmocka_unit_test(times_before_the_epoch_still_give_positive_ids),
		cmocka_unit_test(threads_never_get_the_same_id),
		cmocka_unit_test(subjects_are_kind_and_id),
	};
	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
