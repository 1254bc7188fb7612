/* Gi* over 100,000 cells, and 1,000,000 points to cell and division beside GEOS's prepared geometries with an index of boxes.
 * Prints one JSON object. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "geo/tm.h"
#include "geo/zone.h"
#include "num/gistar.h"

enum { SIDE = 71, CORNERS = 32, POINTS = 1000000, GEOS_POINTS = 200000, W = 316, H = 316 };

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static uint32_t seed = 5;
static double chance(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (double)(seed >> 8) / 16777216.0;
}

/* Borders that neighbours share: each edge of the lattice is a wavy line that depends on its place only. */
static struct lonlat on_border(int x0, int y0, int x1, int y1, int i)
{
	double t = (double)i / CORNERS, wave = 0.2 * sin(6.283 * 3 * t + x0 * 1.7 + y0 * 2.3 + x1 + y1) * sin(3.14159 * t);
	double dx = x1 - x0, dy = y1 - y0;
	return (struct lonlat){ 112 + (x0 + dx * t + dy * wave) / SIDE, 37 + (y0 + dy * t + dx * wave) / SIDE };
}

static size_t put_side(struct lonlat *v, size_t n, int x0, int y0, int x1, int y1)
{
	bool back = x1 < x0 || y1 < y0; /* drawn in one direction only, so that both neighbours have the same line */
	for (int i = 0; i < CORNERS; i++)
		v[n++] = back ? on_border(x1, y1, x0, y0, CORNERS - i) : on_border(x0, y0, x1, y1, i);
	return n;
}

static struct shape *zone_at(struct arena *a, int x, int y)
{
	struct shape *s = NEW(a, struct shape);
	struct path *p = s->paths = NEW(a, struct path);
	s->kind = SHAPE_AREA;
	s->n = 1;
	p->v = NEW_N(a, struct lonlat, 4 * CORNERS + 1);
	p->n = put_side(p->v, 0, x, y, x + 1, y);
	p->n = put_side(p->v, p->n, x + 1, y, x + 1, y + 1);
	p->n = put_side(p->v, p->n, x + 1, y + 1, x, y + 1);
	p->n = put_side(p->v, p->n, x, y + 1, x, y);
	p->v[p->n++] = p->v[0];
	return s;
}

static int64_t by_geos(struct area *const *areas, const struct box *boxes, struct lonlat p)
{
	int cx = (int)floor((p.lon - 112) * SIDE), cy = (int)floor((p.lat - 37) * SIDE);
	for (int y = cy - 1; y <= cy + 1; y++)
		for (int x = cx - 1; x <= cx + 1; x++) {
			if (x < 0 || y < 0 || x >= SIDE || y >= SIDE)
				continue;
			int k = y * SIDE + x;
			if (box_holds(boxes[k], p) && area_holds(areas[k], p))
				return k + 1;
		}
	return 0;
}

static double gi_ms(void)
{
	double *v = malloc(sizeof *v * W * H), *z = malloc(sizeof *z * W * H), *work = malloc(sizeof *work * 2 * (W + 1) * H), best = 1e9;
	for (int i = 0; v && i < W * H; i++)
		v[i] = chance() * 80 + (i % W > 150 && i / W > 150 && i % W < 170 ? 40 : 0);
	const struct raster r = { v, W, H };
	for (int i = 0; i < 9 && z && work; i++) {
		double from = now_ms();
		gi_star(&r, 3, work, z); /* 1.5 km at 500 m */
		double took = now_ms() - from;
		best = took < best ? took : best;
	}
	free(v);
	free(z);
	free(work);
	return best;
}

int main(void)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct zone *v = NEW_N(a, struct zone, SIDE * SIDE);
	struct area **areas = NEW_N(a, struct area *, SIDE * SIDE);
	struct box *boxes = NEW_N(a, struct box, SIDE * SIDE);
	struct lonlat *p = NEW_N(a, struct lonlat, POINTS);
	struct zones *z;
	int64_t *ours = NEW_N(a, int64_t, POINTS);
	size_t same = 0;
	for (int i = 0; i < SIDE * SIDE; i++) {
		v[i] = (struct zone){ i + 1, zone_at(a, i % SIDE, i / SIDE) };
		boxes[i] = shape_box(v[i].area);
		if (area_open(v[i].area, &areas[i]) != ERR_OK)
			return 1;
	}
	for (int i = 0; i < POINTS; i++)
		p[i] = (struct lonlat){ 112 + 1.02 * chance() - 0.01, 37 + 1.02 * chance() - 0.01 };
	double from = now_ms();
	if (zones_open(v, SIDE * SIDE, &z) != ERR_OK)
		return 1;
	double open_ms = now_ms() - from;
	from = now_ms();
	for (int i = 0; i < POINTS; i++)
		ours[i] = zones_find(z, p[i]);
	double ours_ms = now_ms() - from;
	int64_t *cells = NEW_N(a, int64_t, POINTS);
	from = now_ms();
	for (int i = 0; i < POINTS; i++) {
		struct metres m = tm_from_lonlat(111, p[i]);
		cells[i] = (int64_t)floor(m.east / 500) * (1 << 24) + (int64_t)floor(m.north / 500);
	}
	double cells_ms = now_ms() - from;
	from = now_ms();
	for (int i = 0; i < GEOS_POINTS; i++)
		same += by_geos(areas, boxes, p[i]) == ours[i];
	double geos_ms = (now_ms() - from) * POINTS / GEOS_POINTS;
	printf("{\"gi_ms\":%.2f,\"cells\":%d,\"cells_ms\":%.1f,\"zones_ms\":%.1f,\"geos_ms\":%.1f,\"open_ms\":%.1f,\"same\":%zu,\"of\":%d,\"zones\":%d}\n", gi_ms(), W * H, cells_ms, ours_ms, geos_ms, open_ms, same,
	       GEOS_POINTS, SIDE * SIDE);
	return 0;
}
