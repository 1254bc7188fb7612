#include "geo/zone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum { SIDE_MAX = 1024, SIDE_MIN = 16, BUCKETS_PER_EDGE = 2 };

struct edge {
	double x0, y0, x1, y1;
};
struct ground {
	int64_t id;
	struct box box;
	size_t from, to;               /* its edges */
	int row;                       /* of its southernmost bucket */
	size_t bands;                  /* where its rows begin in `bands` */
};
/* What a bucket knows: areas in the order they were given, each wholly covering it or crossing it. */
struct entry {
	uint32_t zone;
	bool whole;
};
struct bucket {
	uint32_t from, n;
};

struct zones {
	struct arena *a;
	struct box box;
	int side;
	double per_x, per_y;           /* buckets a degree */
	VEC(struct edge) edges;
	VEC(struct edge) banded;       /* the edges of each area again, row of buckets by row */
	VEC(size_t) bands;             /* where each row begins in `banded`; one more at an area's end */
	struct ground *v;
	size_t n;
	struct bucket *buckets;
	struct entry *entries;
};

/* ---- making ---- */

/* While one area is laid out: what it does to each bucket of its box. */
enum mark { MARK_OUT, MARK_CROSS, MARK_WHOLE };

struct layer {
	int x0, y0, w, h;
	unsigned char *mark;
};

static int column_of(const struct zones *z, double lon)
{
	int c = (int)floor((lon - z->box.west) * z->per_x);
	return c < 0 ? 0 : c >= z->side ? z->side - 1 : c;
}

static int row_of(const struct zones *z, double lat)
{
	int r = (int)floor((lat - z->box.south) * z->per_y);
	return r < 0 ? 0 : r >= z->side ? z->side - 1 : r;
}

static void mark_cross(struct layer *l, int x, int y)
{
	if (x >= l->x0 && x < l->x0 + l->w && y >= l->y0 && y < l->y0 + l->h)
		l->mark[(size_t)(y - l->y0) * (size_t)l->w + (size_t)(x - l->x0)] = MARK_CROSS;
}

/* Every bucket that an edge touches, and one more on each side where rounding might decide. */
static void mark_edge(const struct zones *z, struct layer *l, const struct edge *e)
{
	int r0 = row_of(z, fmin(e->y0, e->y1)), r1 = row_of(z, fmax(e->y0, e->y1));
	for (int r = r0; r <= r1; r++) {
		double lo = z->box.south + r / z->per_y, hi = z->box.south + (r + 1) / z->per_y;
		double a = e->x0, b = e->x1;
		if (e->y0 != e->y1) {
			double t0 = (fmax(lo, fmin(e->y0, e->y1)) - e->y0) / (e->y1 - e->y0);
			double t1 = (fmin(hi, fmax(e->y0, e->y1)) - e->y0) / (e->y1 - e->y0);
			a = e->x0 + t0 * (e->x1 - e->x0);
			b = e->x0 + t1 * (e->x1 - e->x0);
		}
		int c0 = column_of(z, fmin(a, b) - 1e-3 / z->per_x), c1 = column_of(z, fmax(a, b) + 1e-3 / z->per_x);
		for (int c = c0; c <= c1; c++)
			for (int up = -1; up <= 1; up++)
				if (up == 0 || (up < 0 && fmin(e->y0, e->y1) - lo < 1e-3 / z->per_y) || (up > 0 && hi - fmax(e->y0, e->y1) < 1e-3 / z->per_y))
					mark_cross(l, c, r + up);
	}
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Buckets that no edge touches lie wholly within or without: the middle of their row says which. */
static void fill_row(const struct zones *z, struct layer *l, const struct ground *g, int row, double *cuts)
{
	double y = z->box.south + (row + 0.5) / z->per_y;
	size_t n = 0;
	for (size_t i = g->from; i < g->to; i++) {
		const struct edge *e = &z->edges.v[i];
		if ((e->y0 > y) != (e->y1 > y))
			cuts[n++] = e->x0 + (y - e->y0) / (e->y1 - e->y0) * (e->x1 - e->x0);
	}
	qsort(cuts, n, sizeof *cuts, rising);
	for (size_t i = 0; i + 1 < n; i += 2)
		for (int c = column_of(z, cuts[i]); c <= column_of(z, cuts[i + 1]); c++) {
			double middle = z->box.west + (c + 0.5) / z->per_x;
			unsigned char *m = c >= l->x0 && c < l->x0 + l->w ? &l->mark[(size_t)(row - l->y0) * (size_t)l->w + (size_t)(c - l->x0)] : NULL;
			if (m && *m == MARK_OUT && middle > cuts[i] && middle < cuts[i + 1])
				*m = MARK_WHOLE;
		}
}

static struct layer lay_out(const struct zones *z, const struct ground *g, struct arena *a)
{
	struct layer l = { .x0 = column_of(z, g->box.west), .y0 = row_of(z, g->box.south) };
	l.w = column_of(z, g->box.east) - l.x0 + 1;
	l.h = row_of(z, g->box.north) - l.y0 + 1;
	l.mark = arena_alloc(a, (size_t)l.w * (size_t)l.h);
	for (size_t i = g->from; i < g->to; i++)
		mark_edge(z, &l, &z->edges.v[i]);
	double *cuts = NEW_N(a, double, g->to - g->from + 1);
	for (int r = l.y0; r < l.y0 + l.h; r++)
		fill_row(z, &l, g, r, cuts);
	return l;
}

/* Twice over the areas: how much each bucket holds, then what. */
static void put_layers(struct zones *z, bool count_only, uint32_t *at)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	for (size_t i = 0; i < z->n; i++) {
		struct layer l = lay_out(z, &z->v[i], a);
		for (int y = 0; y < l.h; y++)
			for (int x = 0; x < l.w; x++) {
				enum mark m = (enum mark)l.mark[(size_t)y * (size_t)l.w + (size_t)x];
				size_t b = (size_t)(y + l.y0) * (size_t)z->side + (size_t)(x + l.x0);
				if (m == MARK_OUT)
					continue;
				if (!count_only)
					z->entries[z->buckets[b].from + at[b]] = (struct entry){ (uint32_t)i, m == MARK_WHOLE };
				at[b]++;
			}
		arena_reset(a);
	}
}

/* A question in a row of buckets concerns the edges that reach into that row. */
static void make_bands(struct zones *z, struct ground *g)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	int first = row_of(z, g->box.south), rows = row_of(z, g->box.north) - first + 1;
	size_t *n = NEW_N(a, size_t, rows + 1), base = z->banded.n;
	g->row = first;
	g->bands = z->bands.n;
	for (size_t i = g->from; i < g->to; i++)
		for (int r = row_of(z, fmin(z->edges.v[i].y0, z->edges.v[i].y1)); r <= row_of(z, fmax(z->edges.v[i].y0, z->edges.v[i].y1)); r++)
			n[r - first]++;
	for (int r = 0; r <= rows; r++) {
		vec_push(z->a, &z->bands, base);
		base += r < rows ? n[r] : 0;
		n[r] = 0;
	}
	vec_reserve(z->a, &z->banded, base);
	z->banded.n = base;
	for (size_t i = g->from; i < g->to; i++)
		for (int r = row_of(z, fmin(z->edges.v[i].y0, z->edges.v[i].y1)); r <= row_of(z, fmax(z->edges.v[i].y0, z->edges.v[i].y1)); r++)
			z->banded.v[z->bands.v[g->bands + (size_t)(r - first)] + n[r - first]++] = z->edges.v[i];
}

static void make_buckets(struct zones *z)
{
	size_t n = (size_t)z->side * (size_t)z->side, total = 0;
	uint32_t *at = calloc(n, sizeof *at);
	if (!at)
		abort();
	z->buckets = NEW_N(z->a, struct bucket, n);
	put_layers(z, true, at);
	for (size_t i = 0; i < n; i++) {
		z->buckets[i] = (struct bucket){ (uint32_t)total, at[i] };
		total += at[i];
		at[i] = 0;
	}
	z->entries = NEW_N(z->a, struct entry, total + 1);
	put_layers(z, false, at);
	free(at);
}

static void take_ring(struct zones *z, const struct path *p)
{
	for (size_t i = 0; i + 1 < p->n; i++)
		vec_push(z->a, &z->edges, (struct edge){ p->v[i].lon, p->v[i].lat, p->v[i + 1].lon, p->v[i + 1].lat });
}

err zones_open(const struct zone *v, size_t n, struct zones **ret)
{
	struct arena *a = arena_new();
	struct zones *z = NEW(a, struct zones);
	z->a = a;
	z->box = BOX_EMPTY;
	z->v = NEW_N(a, struct ground, n + 1);
	z->n = n;
	for (size_t i = 0; i < n; i++) {
		if (v[i].area->kind != SHAPE_AREA || !v[i].area->n) {
			arena_free(a);
			return ERR_BAD_INPUT;
		}
		z->v[i] = (struct ground){ .id = v[i].id, .box = shape_box(v[i].area), .from = z->edges.n };
		for (size_t k = 0; k < v[i].area->n; k++)
			take_ring(z, &v[i].area->paths[k]);
		z->v[i].to = z->edges.n;
		box_join(&z->box, z->v[i].box);
	}
	double wanted = sqrt((double)z->edges.n * BUCKETS_PER_EDGE);
	z->side = wanted > SIDE_MAX ? SIDE_MAX : wanted < SIDE_MIN ? SIDE_MIN : (int)wanted;
	z->per_x = z->side / fmax(z->box.east - z->box.west, 1e-9);
	z->per_y = z->side / fmax(z->box.north - z->box.south, 1e-9);
	for (size_t i = 0; i < n; i++)
		make_bands(z, &z->v[i]);
	if (n)
		make_buckets(z);
	*ret = z;
	return ERR_OK;
}

void zones_close(struct zones *z)
{
	if (z)
		arena_free(z->a);
}

/* ---- asking ---- */

/* Even–odd over all rings, holes too; on an edge counts as inside. */
static bool holds(const struct zones *z, const struct ground *g, struct lonlat p, int row)
{
	bool in = false;
	if (!box_holds(g->box, p))
		return false;
	const size_t *band = &z->bands.v[g->bands + (size_t)(row - g->row)];
	for (size_t i = band[0]; i < band[1]; i++) {
		const struct edge *e = &z->banded.v[i];
		if ((e->y0 > p.lat && e->y1 > p.lat) || (e->y0 < p.lat && e->y1 < p.lat))
			continue;
		double side = (e->x1 - e->x0) * (p.lat - e->y0) - (p.lon - e->x0) * (e->y1 - e->y0);
		if (side == 0 && p.lon >= fmin(e->x0, e->x1) && p.lon <= fmax(e->x0, e->x1))
			return true;
		if ((e->y0 > p.lat) != (e->y1 > p.lat) && (side > 0) == (e->y1 < e->y0))
			in = !in;
	}
	return in;
}

int64_t zones_find(const struct zones *z, struct lonlat p)
{
	if (!z->n || !box_holds(z->box, p))
		return 0;
	int row = row_of(z, p.lat);
	const struct bucket *b = &z->buckets[(size_t)row * (size_t)z->side + (size_t)column_of(z, p.lon)];
	for (uint32_t i = 0; i < b->n; i++) {
		const struct entry *e = &z->entries[b->from + i];
		if (e->whole || holds(z, &z->v[e->zone], p, row))
			return z->v[e->zone].id;
	}
	return 0;
}
