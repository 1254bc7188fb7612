/* How long packets wait for others: devices of every number and pace, on a clock of the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/hj212/gather.h"

enum { MS = 1000, SECOND = 1000 * MS, MOST = 100 * MS, COMMIT = 3 * MS, SENDERS = 6000 };

/* One packet every `every` µs, each from the next of `senders`, for `us`; a commit takes three milliseconds, and while it is under
 * way the next one waits. */
struct seen {
	int64_t packets, commits, longest_us;
};

static struct seen paced(struct gather *g, uint32_t *spoke, uint32_t senders, int64_t every, int64_t *now, int64_t us)
{
	struct seen out = { 0 };
	int64_t until = *now + us, next = *now, since = 0, n = 0, free_at = 0, batch = 1;
	int64_t *in = calloc(senders, sizeof *in);
	uint32_t distinct = 0;
	assert_non_null(in);
	for (; *now < until; *now += 100) {
		for (; next <= *now; next += every) {
			uint32_t who = (uint32_t)(out.packets++ % senders);
			gather_packet(g, &spoke[who], *now);
			since = n++ ? since : *now;
			distinct += in[who] != batch;
			in[who] = batch;
		}
		if (!n || *now < free_at || *now < since + gather_us(g, n, distinct, *now))
			continue;
		int64_t waited = *now - since;
		out.longest_us = waited > out.longest_us ? waited : out.longest_us;
		out.commits++;
		batch++;
		n = distinct = 0;
		free_at = *now + COMMIT;
	}
	free(in);
	return out;
}

static struct seen settled(uint32_t senders, int64_t every)
{
	struct gather g;
	int64_t now = 1000 * (int64_t)SECOND;
	uint32_t *spoke = calloc(SENDERS, sizeof *spoke);
	assert_non_null(spoke);
	gather_begin(&g, MOST, now);
	(void)paced(&g, spoke, senders, every, &now, 3 * SECOND);
	struct seen s = paced(&g, spoke, senders, every, &now, 5 * SECOND);
	free(spoke);
	return s;
}

static void many_share_a_commit(void **state)
{
	(void)state;
	static const int64_t rates[] = { 600, 1000, 2000, 5000, 10000 };
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		struct seen s = settled(SENDERS, SECOND / rates[i]);
		assert_true(s.packets >= 50 * s.commits);
		assert_true(s.longest_us <= MOST + COMMIT);
	}
}

static void few_do_not_wait(void **state)
{
	(void)state;
	assert_in_range(settled(1, SECOND).longest_us, 0, COMMIT);
	assert_in_range(settled(3, SECOND).longest_us, 0, COMMIT);
	assert_in_range(settled(60, SECOND).longest_us, 0, COMMIT);
	assert_in_range(settled(4000, SECOND / 60).longest_us, 0, COMMIT); /* many, but each once in minutes */
}

/* Each sends the next packet when the one before is acknowledged: nobody is left to wait for. */
static void all_who_speak_have_spoken(void **state)
{
	(void)state;
	for (uint32_t senders = 1; senders <= 64; senders *= 2) {
		struct gather g;
		int64_t now = SECOND;
		uint32_t spoke[64] = { 0 };
		gather_begin(&g, MOST, now);
		for (int round = 0; round < 3000; round++) {
			for (uint32_t i = 0; i < senders; i++)
				gather_packet(&g, &spoke[i], now);
			assert_int_equal(gather_us(&g, senders, senders, now), 0);
			now += COMMIT;
		}
	}
}

static void a_storm_is_over(void **state)
{
	(void)state;
	struct gather g;
	int64_t now = SECOND;
	uint32_t *spoke = calloc(SENDERS, sizeof *spoke);
	assert_non_null(spoke);
	gather_begin(&g, MOST, now);
	assert_true(paced(&g, spoke, SENDERS, 200, &now, 5 * SECOND).longest_us > COMMIT);
	(void)paced(&g, spoke, 2, SECOND, &now, 3 * SECOND);
	assert_in_range(paced(&g, spoke, 2, SECOND, &now, 20 * SECOND).longest_us, 0, COMMIT);
	free(spoke);
}

static void none_wait_when_told_so(void **state)
{
	(void)state;
	struct gather g;
	int64_t now = SECOND;
	uint32_t *spoke = calloc(SENDERS, sizeof *spoke);
	assert_non_null(spoke);
	gather_begin(&g, 0, now);
	assert_in_range(paced(&g, spoke, SENDERS, 200, &now, 3 * SECOND).longest_us, 0, COMMIT);
	free(spoke);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_share_a_commit), cmocka_unit_test(few_do_not_wait), cmocka_unit_test(all_who_speak_have_spoken),
		cmocka_unit_test(a_storm_is_over), cmocka_unit_test(none_wait_when_told_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
