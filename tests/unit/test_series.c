/* The store of readings: what is put is read, again and better, before and after packing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sense/pack.h"
#include "sense/series.h"
#include "sense/series_parts.h"
#include "sys/file.h"

#define T0 INT64_C(1793581200000) /* 2026-11-02 01:00 UTC */
enum { MINUTE = 60000, HOUR = 3600000 };

struct store {
	struct arena *a;
	char dir[64];
	struct series *s;
	str schema;
};

static void open_it(struct store *st)
{
	struct fail f = { 0 };
	const struct series_options o = { .dir = st->dir, .schema = st->schema };
	assert_int_equal(series_open(&o, &st->s, &f), ERR_OK);
}

static int begin(void **state)
{
	struct store *st = calloc(1, sizeof *st);
	struct fail f = { 0 };
	st->a = arena_new();
	snprintf(st->dir, sizeof st->dir, "/tmp/bihuan-series-XXXXXX");
	assert_non_null(mkdtemp(st->dir));
	assert_int_equal(file_read(st->a, arena_printf(st->a, "%s/schema/0009_series.sql", getenv("BIHUAN_SOURCE")).p, 1 << 20, &st->schema, &f), ERR_OK);
	open_it(st);
	*state = st;
	return 0;
}

static int end(void **state)
{
	struct store *st = *state;
	char cmd[96];
	series_close(st->s);
	snprintf(cmd, sizeof cmd, "rm -rf %s", st->dir);
	assert_int_equal(system(cmd), 0);
	arena_free(st->a);
	free(st);
	return 0;
}

static struct decimal dec(const char *s)
{
	struct decimal d;
	assert_true(decimal_parse(str_of(s), &d));
	return d;
}

static uint32_t item(struct store *st, const char *code)
{
	struct fail f = { 0 };
	uint32_t id;
	assert_int_equal(series_item(st->s, str_of(code), &id, &f), ERR_OK);
	return id;
}

static struct series_put put(struct store *st, int64_t at, enum series_kind kind, const char *code, const char *value, char flag)
{
	struct fail f = { 0 };
	struct series_put n;
	const struct reading r = { item(st, code), SERIES_VALUE, flag, dec(value) };
	const struct packet k = { 7, at, at + 5000, kind, SERIES_DEVICE, &r, 1 };
	assert_int_equal(series_put(st->s, &k, 1, &n, &f), ERR_OK);
	return n;
}

/* Read with others in one pass, from any moment of it on: the same values. */
static void read_together(struct store *st, uint32_t code, enum series_kind kind, const struct column *want)
{
	const uint32_t items[] = { item(st, "nothing-there"), code, item(st, "a34004"), item(st, "w01018") };
	struct fail f = { 0 };
	struct column v[COUNT_OF(items)];
	for (size_t from = 0; from <= want->n; from += from < 4 ? 1 : want->n / 7 + 1) {
		int64_t since = from ? want->at_ms[from - 1] + 1 : T0 - 90 * 24 * (int64_t)HOUR;
		struct series_span_of span = { 7, since, T0 + 90 * 24 * (int64_t)HOUR, kind, SERIES_VALUE, items, COUNT_OF(items) };
		if (from % 2) { /* from rows of several stations that were read before, or from the store */
			static const int64_t stations[] = { 3, 7, 9 };
			const struct series_rows_of of = { kind, since, span.to_ms, stations, COUNT_OF(stations) };
			assert_int_equal(series_rows_read(st->s, st->a, &of, &span.rows, &f), ERR_OK);
			assert_non_null(span.rows);
		}
		assert_int_equal(series_read_items(st->s, st->a, &span, v, &f), ERR_OK);
		assert_int_equal(v[0].n, 0);
		assert_int_equal(v[1].n, want->n - from);
		for (size_t i = 0; i < v[1].n; i++) {
			assert_int_equal(v[1].at_ms[i], want->at_ms[from + i]);
			assert_memory_equal(&v[1].value[i], &want->value[from + i], sizeof v[1].value[i]);
			assert_int_equal(v[1].flag[i], want->flag[from + i]);
		}
	}
}

static struct column read_all(struct store *st, const char *code, enum series_kind kind)
{
	struct fail f = { 0 };
	struct column c;
	assert_int_equal(series_read(st->s, st->a, 7, item(st, code), SERIES_VALUE, kind, T0 - 90 * 24 * (int64_t)HOUR, T0 + 90 * 24 * (int64_t)HOUR, &c, &f), ERR_OK);
	read_together(st, item(st, code), kind, &c);
	return c;
}

static void readings_are_packed_and_unpacked(void **state)
{
	struct store *st = *state;
	struct reading v[] = {
		{ 9, SERIES_VALUE, 'N', dec("35.123") }, { 3, SERIES_MAX, 'D', dec("-0.000000000000000001") }, { 3, SERIES_VALUE, 'D', dec("922337203685477580") },
		{ 70000, SERIES_ZS_MAX, ' ', dec("0") }, { 9, SERIES_VALUE, 'M', dec("36") },
	};
	struct reading *got;
	size_t n;
	str body = pack_readings(st->a, v, COUNT_OF(v));
	assert_true(unpack_readings(st->a, body, &got, &n));
	assert_int_equal(n, 4); /* item 9 came twice: the last one holds */
	assert_int_equal(got[0].item, 3);
	assert_int_equal(got[0].value.m, INT64_C(922337203685477580));
	assert_int_equal(got[1].value.scale, 18);
	assert_int_equal(got[2].flag, 'M');
	assert_int_equal(got[3].item, 70000);
	for (size_t cut = 0; cut < body.n; cut++)
		assert_false(unpack_readings(st->a, str_sub(body, 0, cut), &got, &n));
}

static void a_column_is_packed_and_unpacked(void **state)
{
	struct store *st = *state;
	struct point v[200], *got;
	size_t n;
	for (int i = 0; i < 200; i++)
		v[i] = (struct point){ T0 + (i + (i > 100 ? 7 : 0)) * (int64_t)MINUTE, { 1000 + i * i % 37 - 500, i % 3, false }, i % 50 ? 'N' : 'C' };
	for (int fixed = 0; fixed < 2; fixed++) {
		str body = pack_column(st->a, v, 200, fixed);
		assert_true(body.n < 200 * 4);
		assert_true(unpack_column(st->a, body, &got, &n));
		assert_int_equal(n, 200);
		for (int i = 0; i < 200; i++) {
			assert_int_equal(got[i].at_ms, v[i].at_ms);
			assert_int_equal(decimal_cmp(got[i].value, v[i].value), 0);
			assert_int_equal(got[i].flag, v[i].flag);
		}
		for (size_t cut = 0; cut < body.n; cut++)
			assert_false(unpack_column(st->a, str_sub(body, 0, cut), &got, &n));
	}
}

/* Sums of days straight from the bytes are those of the values taken apart: every width, gaps, marks, days cut at both ends. */
static void days_are_summed_from_the_bytes(void **state)
{
	enum { N = 900, DAYS = 30 };
	struct store *st = *state;
	unsigned char counts[256] = { ['N'] = 1, ['T'] = 1 };
	static const int64_t span[] = { 0, 200, 60000, INT64_C(4000000000), INT64_C(900000000000000) };
	struct point v[N];
	int64_t at[N];
	double value[N];
	char flag[N];
	for (size_t s = 0; s < COUNT_OF(span) * 2; s++) {
		int64_t t = T0;
		for (int i = 0; i < N; i++) {
			t += HOUR * (i % 97 == 13 ? 5 : 1);
			v[i] = (struct point){ t, { span[s / 2] ? (int64_t)i * 7919 * 7919 % span[s / 2] - span[s / 2] / 3 : -7, s / 2 < 3 ? (int)s % 4 : 1, false }, "NNNTMN"[i / 11 % 6] };
		}
		str body = pack_column(st->a, v, N, s % 2);
		struct daily_sum a[DAYS] = { 0 }, b[DAYS];
		size_t n;
		assert_true(column_points(body, &n) && n == N);
		assert_true(unpack_values(body, INT64_MIN, INT64_MAX, at, value, flag, N, &n) && n == N);
		int64_t first = (T0 + 8 * HOUR) / (24 * HOUR) + 2, begin = first * 24 * HOUR - 8 * HOUR;
		daily_sums(at, value, flag, n, counts, 8 * HOUR, first, DAYS, b);
		assert_true(column_day_sums(body, &(struct day_span){ begin, DAYS, counts }, a));
		for (int d = 0; d < DAYS; d++) {
			assert_int_equal(a[d].n, b[d].n);
			assert_int_equal(a[d].sum, b[d].sum);
		}
	}
}

static void what_is_put_is_read(void **state)
{
	struct store *st = *state;
	put(st, T0, SERIES_REAL, "w01018", "20.5", 'N');
	put(st, T0 + MINUTE, SERIES_REAL, "w01018", "21", 'D');
	put(st, T0, SERIES_REAL, "w21003", "1.25", 'N');
	put(st, T0, SERIES_HOUR, "w01018", "99", 'N');
	struct column c = read_all(st, "w01018", SERIES_REAL);
	assert_int_equal(c.n, 2);
	assert_true(c.value[0] == 20.5 && c.value[1] == 21 && c.flag[1] == 'D' && c.at_ms[1] == T0 + MINUTE);
	assert_int_equal(read_all(st, "w21003", SERIES_REAL).n, 1);
	assert_int_equal(read_all(st, "w21003", SERIES_HOUR).n, 0);
}

static void sent_again_counts_once_and_only_better_replaces(void **state)
{
	struct store *st = *state;
	put(st, T0, SERIES_MINUTE, "a34004", "35", 'D');
	struct series_put n = put(st, T0, SERIES_MINUTE, "a34004", "35", 'D');
	assert_int_equal(n.same, 1);
	n = put(st, T0, SERIES_MINUTE, "a34004", "36", 'D');
	assert_int_equal(n.worse, 1);
	n = put(st, T0, SERIES_MINUTE, "a34004", "37", 'N');
	assert_int_equal(n.better, 1);
	put(st, T0, SERIES_MINUTE, "a34002", "60", 'N'); /* the other part of a packet that was cut in two */
	struct column c = read_all(st, "a34004", SERIES_MINUTE);
	assert_int_equal(c.n, 1);
	assert_true(c.value[0] == 37);
	assert_int_equal(read_all(st, "a34002", SERIES_MINUTE).n, 1);
}

static void packing_changes_nothing_that_is_read(void **state)
{
	struct store *st = *state;
	struct fail f = { 0 };
	char text[24];
	for (int i = 0; i < 3 * 60; i++) {
		snprintf(text, sizeof text, "%d.%03d", 20 + i % 9, i * 37 % 1000);
		put(st, T0 + i * (int64_t)MINUTE, SERIES_MINUTE, "a21026", text, i % 20 ? 'N' : 'M');
	}
	struct column before = read_all(st, "a21026", SERIES_MINUTE);
	assert_int_equal(series_pack_before(st->s, T0 + 2 * HOUR, &f), ERR_OK); /* the third hour stays in rows */
	struct column after = read_all(st, "a21026", SERIES_MINUTE);
	assert_int_equal(after.n, 180);
	assert_memory_equal(before.value, after.value, 180 * sizeof *before.value);
	assert_memory_equal(before.flag, after.flag, 180);
	assert_memory_equal(before.at_ms, after.at_ms, 180 * sizeof *before.at_ms);
	/* A late and better value of a packed hour is read at once, and stays when it is packed too. */
	struct series_put again = put(st, T0 + 7 * MINUTE, SERIES_MINUTE, "a21026", "27.259", 'N');
	assert_int_equal(again.same, 1); /* what is packed is known to have come */
	again = put(st, T0 + 7 * MINUTE, SERIES_MINUTE, "a21026", "28", 'N');
	assert_int_equal(again.worse, 1);
	again = put(st, T0, SERIES_MINUTE, "a21026", "5", 'N');
	assert_int_equal(again.better, 1);
	assert_true(read_all(st, "a21026", SERIES_MINUTE).value[0] == 5);
	put(st, T0 + MINUTE, SERIES_MINUTE, "a21026", "6", 'D');
	assert_int_equal(series_pack_before(st->s, T0 + 3 * HOUR, &f), ERR_OK);
	struct column last = read_all(st, "a21026", SERIES_MINUTE);
	assert_int_equal(last.n, 180);
	assert_true(last.value[0] == 5 && last.value[1] == before.value[1]);
}

static err keep_sums(void *arg, size_t station, const struct daily_sum *sums)
{
	struct daily_sum *to = arg;
	memcpy(to + station * 40, sums, 40 * sizeof *sums);
	return ERR_OK;
}

static void worsen(void *arg, int64_t station, uint32_t item, enum series_kind kind, size_t n, const int64_t *at_ms, char *flag)
{
	const int64_t *span = arg;
	for (size_t i = 0; i < n && station == 7 && item && kind == SERIES_HOUR; i++)
		flag[i] = at_ms[i] >= span[0] && at_ms[i] < span[1] ? 'M' : flag[i];
}

/* Days of columns, of rows that are not packed, and under marks are the days of what is read. */
static void days_of_columns_and_rows_are_those_that_are_read(void **state)
{
	struct store *st = *state;
	struct fail f = { 0 };
	unsigned char counts[256] = { ['N'] = 1 };
	char text[24];
	int64_t first = (T0 + 8 * HOUR) / (24 * HOUR), begin = first * 24 * HOUR - 8 * HOUR, mark[2] = { begin + 5 * HOUR, begin + 31 * HOUR };
	for (int i = 0; i < 40 * 24; i += i % 50 == 7 ? 3 : 1) {
		snprintf(text, sizeof text, "%d.%d", 20 + i * 7 % 31, i % 10);
		put(st, begin + i * (int64_t)HOUR, SERIES_HOUR, "pm25", text, i % 33 ? 'N' : 'D');
		if (i == 30 * 24) /* into the next month; the rest stays in rows */
			assert_int_equal(series_pack_before(st->s, begin + 29 * 24 * (int64_t)HOUR, &f), ERR_OK);
	}
	const int64_t stations[] = { 7, 8 };
	const struct series_days j = { stations, 2, item(st, "pm25"), SERIES_VALUE, SERIES_HOUR, counts, first, 40 };
	for (int marked = 0; marked < 2; marked++) {
		struct daily_sum got[80], want[40];
		struct column c;
		if (marked)
			series_overlay_set(st->s, worsen, mark);
		assert_int_equal(series_day_sums(st->s, &j, keep_sums, got, &f), ERR_OK);
		assert_int_equal(series_read(st->s, st->a, 7, j.item, SERIES_VALUE, SERIES_HOUR, begin, begin + 40 * 24 * (int64_t)HOUR, &c, &f), ERR_OK);
		daily_sums(c.at_ms, c.value, c.flag, c.n, counts, 8 * HOUR, first, 40, want);
		assert_memory_equal(got, want, sizeof want);
		assert_true(got[1].n > (marked ? 0 : 20) && got[39].n > 20);
		assert_int_equal(got[40].n + got[79].n, 0); /* a station without any */
	}
	series_overlay_set(st->s, NULL, NULL);
}

static void a_store_that_was_closed_knows_its_codes(void **state)
{
	struct store *st = *state;
	uint32_t id = item(st, "w01018");
	put(st, T0, SERIES_REAL, "w01018", "20.5", 'N');
	series_close(st->s);
	open_it(st);
	assert_int_equal(item(st, "w01018"), id);
	assert_true(str_eq(series_item_code(st->s, id), S("w01018")));
	assert_int_equal(read_all(st, "w01018", SERIES_REAL).n, 1);
}

static void the_newest_is_known(void **state)
{
	struct store *st = *state;
	struct fail f = { 0 };
	struct latest *v;
	size_t n;
	int64_t stations[] = { 7, 8 };
	put(st, T0 + MINUTE, SERIES_REAL, "w01018", "22", 'N');
	put(st, T0, SERIES_REAL, "w01018", "21", 'N');
	assert_int_equal(series_latest(st->s, st->a, stations, 2, &v, &n, &f), ERR_OK);
	assert_int_equal(n, 1);
	assert_true(v[0].value == 22 && v[0].at_ms == T0 + MINUTE);
}

int main(void)
{
#define EACH(fn) cmocka_unit_test_setup_teardown(fn, begin, end)
	const struct CMUnitTest tests[] = {
		EACH(readings_are_packed_and_unpacked),
		EACH(a_column_is_packed_and_unpacked),
		EACH(days_are_summed_from_the_bytes),
		EACH(what_is_put_is_read),
		EACH(sent_again_counts_once_and_only_better_replaces),
		EACH(packing_changes_nothing_that_is_read),
		EACH(days_of_columns_and_rows_are_those_that_are_read),
		EACH(a_store_that_was_closed_knows_its_codes),
		EACH(the_newest_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
