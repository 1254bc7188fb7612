/* Checks of micro-stations: text cases. A column is written as values by step, "-" a missing one, "M" behind a marked one; what is
 * found is check from-to in hours. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "sense/drift.h"
#include "sense/micro.h"

#define T0 INT64_C(1793548800000)
enum { HOUR = 3600000, MINUTE = 60000 };

static const struct micro_rule pm = { .item = S("pm25"), .lo = 0, .hi = 1000, .stuck_ms = 4 * HOUR, .spike_abs = 50, .spike_mad = 5,
				      .neighbours_z = 3.5, .neighbours_ms = 6 * HOUR, .radius_km = 3, .plume_km = 2 };

static struct column read(struct arena *a, const char *text, int64_t step)
{
	int64_t *at = NEW_N(a, int64_t, 500), t = T0;
	double *value = NEW_N(a, double, 500);
	char *flag = NEW_N(a, char, 500);
	struct column c = { 0, at, value, flag };
	for (char *end; *text; t += step) {
		while (*text == ' ')
			text++;
		if (*text == '-' && (text[1] == ' ' || !text[1])) {
			text++;
			continue;
		}
		value[c.n] = strtod(text, &end);
		flag[c.n] = *end == 'M' ? *end++ : 'N';
		at[c.n++] = t;
		text = end;
	}
	return c;
}

static str say(struct arena *a, const struct micro_out *o)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < o->n; i++)
		buf_printf(&b, "%s%s %g-%g", i ? "; " : "", micro_check_name(o->v[i].check), (double)(o->v[i].from_ms - T0) / HOUR,
			   (double)(o->v[i].to_ms - T0) / HOUR);
	return buf_str(&b);
}

struct bench {
	struct arena *a;
	struct micro_near near[8];
	size_t n;
	struct micro_out out;
	struct micro_doubt room[100];
};

static struct bench *bench(struct bench *b)
{
	*b = (struct bench){ .a = arena_new(), .out = { .max = 100 } };
	b->out.v = b->room;
	return b;
}

static void near(struct bench *b, const char *text, int64_t step, double km)
{
	b->near[b->n++] = (struct micro_near){ read(b->a, text, step), km };
}

static void says(struct bench *b, const char *expected)
{
	assert_string_equal(arena_cstr(b->a, say(b->a, &b->out)), expected);
	arena_free(b->a);
}

static void range(void **state)
{
	struct bench b;
	(void)state;
	struct column c = read(bench(&b)->a, "0 1000 1000.1 -1 12 5000M", HOUR);
	micro_range(&pm, &c, HOUR, &b.out);
	says(&b, "range 2-3; range 3-4");
}

static void stuck(void **state)
{
	struct bench b;
	(void)state;
	struct column c = read(bench(&b)->a, "10 12 12 12 12 13", HOUR);
	near(&b, "9 9 10 11 9 9", HOUR, 1);
	micro_stuck(&pm, &c, HOUR, b.near, b.n, &b.out);
	says(&b, "stuck 1-5");
	c = read(bench(&b)->a, "10 12 12 12 13", HOUR); /* three hours are not four */
	near(&b, "9 9 10 11 9", HOUR, 1);
	micro_stuck(&pm, &c, HOUR, b.near, b.n, &b.out);
	says(&b, "");
	c = read(bench(&b)->a, "12 12 12 12 12", HOUR); /* the neighbour does not move either; another is too far away */
	near(&b, "9 9 9 9 9", HOUR, 1);
	near(&b, "9 8 7 6 5", HOUR, 3.1);
	micro_stuck(&pm, &c, HOUR, b.near, b.n, &b.out);
	says(&b, "");
	c = read(bench(&b)->a, "12 - 12M 12 12 12", HOUR); /* gaps and marks do not make it move */
	near(&b, "9 8 7 6 5 4", HOUR, 3);
	micro_stuck(&pm, &c, HOUR, b.near, b.n, &b.out);
	says(&b, "stuck 0-6");
}

static void spike(void **state)
{
	struct bench b;
	(void)state;
	struct column c = read(bench(&b)->a, "20 22 21 300 20 22 21 20", HOUR / 4);
	micro_spike(&pm, &c, HOUR / 4, NULL, 0, &b.out);
	says(&b, "spike 0.75-1");
	c = read(bench(&b)->a, "20 22 21 71 20 22 21 20", HOUR / 4); /* 50 from the median is not more than 50 */
	micro_spike(&pm, &c, HOUR / 4, NULL, 0, &b.out);
	says(&b, "");
	c = read(bench(&b)->a, "20 22 21 72 20 22 21 20", HOUR / 4);
	micro_spike(&pm, &c, HOUR / 4, NULL, 0, &b.out);
	says(&b, "spike 0.75-1");
	c = read(bench(&b)->a, "20 22 21 300 20 22 21 20", HOUR / 4); /* a plume: the next street has it too */
	near(&b, "20 22 21 25 280 22 21 20", HOUR / 4, 2);
	micro_spike(&pm, &c, HOUR / 4, b.near, b.n, &b.out);
	says(&b, "");
	c = read(bench(&b)->a, "20 22 21 300 20 22 21 20", HOUR / 4); /* too far away to be the same */
	near(&b, "20 22 21 25 280 22 21 20", HOUR / 4, 2.1);
	micro_spike(&pm, &c, HOUR / 4, b.near, b.n, &b.out);
	says(&b, "spike 0.75-1");
	c = read(bench(&b)->a, "20 22 21 20 22 300 310", HOUR / 4); /* nobody knows yet whether it comes back */
	micro_spike(&pm, &c, HOUR / 4, NULL, 0, &b.out);
	says(&b, "");
	c = read(bench(&b)->a, "20 21 22 300 310 305 300 310 300 305 310 300", HOUR / 4); /* it stays: no spike, another level */
	micro_spike(&pm, &c, HOUR / 4, NULL, 0, &b.out);
	says(&b, "");
}

static void neighbours(void **state)
{
	struct bench b;
	const char *own = "80 80 80 80 80 80 20";
	(void)state;
	struct column c = read(bench(&b)->a, own, HOUR);
	near(&b, "20 21 20 22 20 21 20", HOUR, 1);
	near(&b, "22 23 22 20 22 23 22", HOUR, 2);
	near(&b, "24 25 24 24 25 25 24", HOUR, 3);
	micro_neighbours(&pm, &c, b.near, b.n, &b.out);
	says(&b, "neighbours 0-6");
	c = read(bench(&b)->a, own, HOUR); /* two are no crowd */
	near(&b, "20 21 20 22 20 21 20", HOUR, 1);
	near(&b, "22 23 22 20 22 23 22", HOUR, 2);
	near(&b, "24 25 24 24 25 25 24", HOUR, 3.5);
	micro_neighbours(&pm, &c, b.near, b.n, &b.out);
	says(&b, "");
	c = read(bench(&b)->a, "80 80 80 80 80 23 80", HOUR); /* five hours are not six */
	near(&b, "20 21 20 22 20 21 20", HOUR, 1);
	near(&b, "22 23 22 20 22 23 22", HOUR, 2);
	near(&b, "24 25 24 24 25 25 24", HOUR, 3);
	micro_neighbours(&pm, &c, b.near, b.n, &b.out);
	says(&b, "");
	c = read(bench(&b)->a, own, HOUR); /* neighbours that all say the same give no measure */
	for (int i = 0; i < 3; i++)
		near(&b, "20 20 20 20 20 20 20", HOUR, 1);
	micro_neighbours(&pm, &c, b.near, b.n, &b.out);
	says(&b, "");
}

/* Fine particles are a part of all: ten per cent above them both are doubtful. */
static void parts(void **state)
{
	struct bench b;
	(void)state;
	struct column fine = read(bench(&b)->a, "50 56 60 70 40 50M 90", HOUR), coarse = read(b.a, "50 50 50 50 50 10 -", HOUR);
	micro_inverted(&fine, &coarse, true, 10, HOUR, &b.out);
	assert_float_equal(b.room[0].value, 70, 1e-9);
	assert_float_equal(b.room[0].bound, 55, 1e-9);
	micro_inverted(&coarse, &fine, false, 10, HOUR, &b.out);
	assert_float_equal(b.room[1].value, 50, 1e-9);
	assert_true(fabs(b.room[1].bound - 70 / 1.1) < 1e-9);
	micro_inverted(&fine, &coarse, true, NAN, HOUR, &b.out);
	says(&b, "inverted 1-4; inverted 1-4");
}

static void fog(void **state)
{
	struct bench b;
	struct micro_rule r = pm;
	(void)state;
	r.fog_rh = 90;
	struct column c = read(bench(&b)->a, "50 56 - 70 40 50M 60", HOUR), rh = read(b.a, "80 91 99 90 90.5 99 95", HOUR);
	micro_fog(&r, &c, &rh, HOUR, &b.out);
	r.fog_rh = NAN;
	micro_fog(&r, &c, &rh, HOUR, &b.out);
	says(&b, "fog 1-2; fog 4-5; fog 6-7");
}

/* A day's window of a reference that swings; own follows with a slope. */
static struct column swing(struct arena *a, double slope, double turn_at, double slope_after)
{
	struct buf b = BUF(a);
	for (int i = 0; i < 60; i++)
		buf_printf(&b, "%s%.3f", i ? " " : "", 5 + (i < turn_at ? slope : slope_after) * (40 + 30 * sin(i * 0.9)));
	buf_byte(&b, 0);
	return read(a, buf_str(&b).p, HOUR);
}

static void drift(void **state)
{
	struct bench b;
	struct micro_rule r = pm;
	(void)state;
	r.drift_ms = 24 * (int64_t)HOUR;
	r.drift_least = 0.75;
	r.slope_lo = 0.7;
	r.slope_hi = 1.3;
	r.r2_least = 0.6;
	r.drift_sd = 10;
	struct column ref = swing(bench(&b)->a, 1, 60, 1), same = swing(b.a, 1.1, 60, 1.1), weak = swing(b.a, 0.5, 60, 0.5);
	micro_drift(b.a, &r, &same, &ref, &b.out);
	assert_int_equal(b.out.n, 0);
	/* too weak from the hour on at which 18 of 24 are there */
	micro_drift(b.a, &r, &weak, &ref, &b.out);
	assert_int_equal(b.out.n, 1);
	assert_true(fabs(b.room[0].value - 0.5) < 1e-3);
	assert_true(b.room[0].bound == r.slope_lo);
	assert_int_equal((b.room[0].from_ms - T0) / HOUR, 17);
	assert_int_equal((b.room[0].to_ms - T0) / HOUR, 60);
	/* it begins to drift at hour 30: marked from where the window shows it, not before */
	struct column turns = swing(b.a, 1, 30, 0.4);
	b.out.n = 0;
	micro_drift(b.a, &r, &turns, &ref, &b.out);
	assert_true(b.out.n >= 1);
	assert_true(b.room[0].from_ms >= T0 + 30 * (int64_t)HOUR && b.room[b.out.n - 1].to_ms == T0 + 60 * (int64_t)HOUR);
	/* the air stood still: nothing is said */
	r.drift_sd = 100;
	b.out.n = 0;
	micro_drift(b.a, &r, &weak, &ref, &b.out);
	says(&b, "");
}

static void calibrations(void **state)
{
	const int64_t h = HOUR;
	const struct calibration v[] = { { 100 * h, 101 * h, 1, NAN }, { 124 * h, 125 * h, -6, 4 }, { 148 * h, INT64_MAX, 5, 12 }, { 172 * h, 173 * h, NAN, 2 } };
	struct drift_span out[4];
	(void)state;
	assert_int_equal(drift_spans(v, 4, false, 5, 48 * h, out), 1); /* at the limit it is not beyond it */
	assert_true(out[0].from_ms == 101 * h && out[0].to_ms == 124 * h && out[0].value == -6 && out[0].bound == 5);
	assert_int_equal(drift_spans(v, 4, true, 10, 48 * h, out), 1);
	assert_true(out[0].from_ms == 125 * h && out[0].to_ms == 148 * h);
	assert_int_equal(drift_spans(v, 4, true, 10, 12 * h, out), 1);
	assert_true(out[0].from_ms == 136 * h); /* no further back than is said */
	assert_int_equal(drift_spans(v, 4, true, NAN, 48 * h, out), 0); /* a limit that nobody looked up */
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(range), cmocka_unit_test(stuck), cmocka_unit_test(spike), cmocka_unit_test(neighbours),
					  cmocka_unit_test(parts), cmocka_unit_test(fog), cmocka_unit_test(drift), cmocka_unit_test(calibrations) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
