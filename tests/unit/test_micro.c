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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(range), cmocka_unit_test(stuck), cmocka_unit_test(spike), cmocka_unit_test(neighbours) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
