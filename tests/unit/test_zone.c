/* Points in areas: the same answers as GEOS, area by area. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "geo/zone.h"

static uint32_t seed = 11;
static double chance(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (double)(seed >> 8) / 16777216.0;
}

/* A star with a hole, somewhere in a square degree; neighbours may overlap. */
static struct shape *star(struct arena *a, double lon, double lat, double size)
{
	enum { POINTS = 40 };
	struct shape *s = NEW(a, struct shape);
	s->kind = SHAPE_AREA;
	s->n = 2;
	s->paths = NEW_N(a, struct path, 2);
	for (int ring = 0; ring < 2; ring++) {
		struct path *p = &s->paths[ring];
		p->hole = ring == 1;
		p->n = POINTS + 1;
		p->v = NEW_N(a, struct lonlat, p->n);
		for (int i = 0; i < POINTS; i++) {
			double t = 2 * 3.14159265358979 * i / POINTS * (ring ? -1 : 1), r = ring ? size * 0.2 : size * (0.5 + 0.5 * chance());
			p->v[i] = (struct lonlat){ lon + r * cos(t), lat + r * sin(t) };
		}
		p->v[POINTS] = p->v[0];
	}
	return s;
}

static void the_same_as_geos(void **state)
{
	enum { AREAS = 60, POINTS = 40000 };
	AUTO(arena_drop) struct arena *a = arena_new();
	struct zone v[AREAS];
	struct area *geos[AREAS];
	struct zones *z;
	(void)state;
	for (int i = 0; i < AREAS; i++) {
		v[i] = (struct zone){ 100 + i, star(a, 112 + chance(), 37 + chance(), 0.02 + 0.1 * chance()) };
		assert_int_equal(area_open(v[i].area, &geos[i]), ERR_OK);
	}
	assert_int_equal(zones_open(v, AREAS, &z), ERR_OK);
	int inside = 0;
	for (int i = 0; i < POINTS; i++) {
		struct lonlat p = { 111.9 + 1.2 * chance(), 36.9 + 1.2 * chance() };
		int64_t want = 0;
		for (int k = 0; k < AREAS && !want; k++)
			want = area_holds(geos[k], p) ? v[k].id : 0;
		inside += want != 0;
		assert_int_equal(zones_find(z, p), want);
	}
	assert_true(inside > POINTS / 20);
	for (int i = 0; i < AREAS; i++) /* corners lie on the border */
		assert_true(zones_find(z, v[i].area->paths[0].v[3]) != 0);
	zones_close(z);
	for (int i = 0; i < AREAS; i++)
		area_close(geos[i]);
}

/* Borders along the lines between buckets, and corners on them. */
static void squares_side_by_side(void **state)
{
	enum { SIDE = 9 };
	AUTO(arena_drop) struct arena *a = arena_new();
	struct zone v[SIDE * SIDE];
	struct area *geos[SIDE * SIDE];
	struct zones *z;
	(void)state;
	for (int i = 0; i < SIDE * SIDE; i++) {
		struct shape *s = NEW(a, struct shape);
		double x = i % SIDE, y = i / SIDE;
		const struct lonlat ring[] = { { x, y }, { x + 1, y }, { x + 1, y + 1 }, { x, y + 1 }, { x, y } };
		s->kind = SHAPE_AREA;
		s->n = 1;
		s->paths = NEW(a, struct path);
		s->paths->n = COUNT_OF(ring);
		s->paths->v = NEW_N(a, struct lonlat, COUNT_OF(ring));
		for (size_t k = 0; k < COUNT_OF(ring); k++)
			s->paths->v[k] = ring[k];
		v[i] = (struct zone){ 1 + i, s };
		assert_int_equal(area_open(s, &geos[i]), ERR_OK);
	}
	assert_int_equal(zones_open(v, COUNT_OF(v), &z), ERR_OK);
	for (int i = 0; i <= SIDE * 8; i++)
		for (int k = 0; k <= SIDE * 8; k++) {
			struct lonlat p = { i / 8.0, k / 8.0 };
			int64_t want = 0;
			for (size_t n = 0; n < COUNT_OF(v) && !want; n++)
				want = area_holds(geos[n], p) ? v[n].id : 0;
			assert_true(want > 0);
			assert_int_equal(zones_find(z, p), want);
		}
	assert_int_equal(zones_find(z, (struct lonlat){ -1e-12, 3 }), 0);
	zones_close(z);
	for (size_t i = 0; i < COUNT_OF(v); i++)
		area_close(geos[i]);
}

static void none_at_all(void **state)
{
	struct zones *z;
	(void)state;
	assert_int_equal(zones_open(NULL, 0, &z), ERR_OK);
	assert_int_equal(zones_find(z, (struct lonlat){ 112, 37 }), 0);
	zones_close(z);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_same_as_geos), cmocka_unit_test(squares_side_by_side),
		cmocka_unit_test(none_at_all) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
