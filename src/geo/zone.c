#include "geo/zone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum { SIDE_MAX = 1536, SIDE_MIN = 16, BUCKETS_PER_EDGE = 4 };

struct edge {
	double x0, y0, x1, y1;
};
struct ground {
	struct box box;
	size_t from, to;               /* its edges */
};
/* What a bucket on a border knows of one area: it covers the bucket wholly (no edges), or a ray from a point in the bucket to the
 * west (else the east) meets its border only in these edges. */
struct entry {
	uint32_t zone, from, n : 29;
	bool whole : 1, west : 1, last : 1; /* last: of its bucket */
};

struct zones {
	struct arena *a;
	struct box box;
	int side;
	double per_x, per_y;           /* buckets a degree */
	VEC(struct edge) edges;        /* while it is made */
	VEC(struct edge) near;         /* of the entries */
	struct ground *v;
	size_t n;
	int64_t *ids;
	int32_t *buckets;              /* 0 nothing; k > 0: area k - 1 alone; k < 0: entries.v[-k - 1] and on, in the order
					* the areas were given */
	VEC(struct entry) entries;
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
	int c = (int)((lon - z->box.west) * z->per_x); /* cut instead of floored: what lies outside is put inside anyway */
	return c < 0 ? 0 : c >= z->side ? z->side - 1 : c;
}

static int row_of(const struct zones *z, double lat)
{
	int r = (int)((lat - z->box.south) * z->per_y);
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
				if (up == 0 || (up < 0 && r == r0 && fmin(e->y0, e->y1) - lo < 1e-3 / z->per_y) ||
				    (up > 0 && r == r1 && hi - fmax(e->y0, e->y1) < 1e-3 / z->per_y))
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

/* What one area does to one bucket. */
struct touch {
	uint32_t bucket, zone, from, n;
	bool whole, west;
};

/* Edges of one row of buckets, and which columns each reaches. */
struct reach {
	const struct edge *e;
	int lo, hi;
};
struct row_edges {
	size_t *from;                  /* where each row begins in v; one more at the end */
	struct reach *v;
};

static struct row_edges rows_of(const struct zones *z, const struct ground *g, const struct layer *l, struct arena *a)
{
	struct row_edges rows = { NEW_N(a, size_t, l->h + 1), NULL };
	size_t *n = NEW_N(a, size_t, l->h + 1);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = g->from; i < g->to; i++) {
			const struct edge *e = &z->edges.v[i];
			struct reach r = { e, column_of(z, fmin(e->x0, e->x1)), column_of(z, fmax(e->x0, e->x1)) };
			for (int y = row_of(z, fmin(e->y0, e->y1)) - l->y0, end = row_of(z, fmax(e->y0, e->y1)) - l->y0; y <= end; y++) {
				if (pass)
					rows.v[rows.from[y] + n[y]] = r;
				n[y]++;
			}
		}
		for (int y = 0; y < l->h && !pass; y++) {
			rows.from[y + 1] = rows.from[y] + n[y];
			n[y] = 0;
		}
		if (!pass)
			rows.v = NEW_N(a, struct reach, rows.from[l->h] + 1);
	}
	return rows;
}

/* Of the two rays the one that meets fewer edges. Those that reach into the bucket's column belong to both. */
static void near_edges(struct zones *z, const struct row_edges *rows, int y, int column, struct touch *t)
{
	size_t west = 0, east = 0;
	for (size_t i = rows->from[y]; i < rows->from[y + 1]; i++) {
		west += rows->v[i].lo <= column;
		east += rows->v[i].hi >= column;
	}
	t->west = west < east;
	t->from = (uint32_t)z->near.n;
	t->n = (uint32_t)(t->west ? west : east);
	vec_reserve(z->a, &z->near, z->near.n + t->n);
	for (size_t i = rows->from[y]; i < rows->from[y + 1]; i++)
		if (t->west ? rows->v[i].lo <= column : rows->v[i].hi >= column)
			z->near.v[z->near.n++] = *rows->v[i].e;
}

struct touches {
	struct arena *a;
	VEC(struct touch) v;
};

static void touch_area(struct zones *z, uint32_t zone, struct touches *out, struct arena *a)
{
	const struct ground *g = &z->v[zone];
	struct layer l = lay_out(z, g, a);
	struct row_edges rows = rows_of(z, g, &l, a);
	for (int y = 0; y < l.h; y++)
		for (int x = 0; x < l.w; x++) {
			enum mark m = (enum mark)l.mark[(size_t)y * (size_t)l.w + (size_t)x];
			struct touch t = { .bucket = (uint32_t)((y + l.y0) * z->side + x + l.x0), .zone = zone, .whole = m == MARK_WHOLE };
			if (m == MARK_OUT)
				continue;
			if (m == MARK_CROSS)
				near_edges(z, &rows, y, x + l.x0, &t);
			vec_push(out->a, &out->v, t);
		}
}

/* By bucket, areas in the order they were given; what stands behind an area that covers the bucket is never asked. */
static void make_borders(struct zones *z, const struct touches *in, struct arena *a)
{
	size_t buckets = (size_t)z->side * (size_t)z->side;
	uint32_t *at = NEW_N(a, uint32_t, buckets + 1), *order = NEW_N(a, uint32_t, in->v.n + 1);
	for (size_t i = 0; i < in->v.n; i++)
		at[in->v.v[i].bucket + 1]++;
	for (size_t b = 0; b < buckets; b++)
		at[b + 1] += at[b];
	for (size_t i = in->v.n; i-- > 0;)
		order[--at[in->v.v[i].bucket + 1]] = (uint32_t)i;
	for (size_t i = 0, end; i < in->v.n; i = end) {
		const struct touch *first = &in->v.v[order[i]];
		for (end = i + 1; end < in->v.n && in->v.v[order[end]].bucket == first->bucket;)
			end++;
		if (first->whole) {
			z->buckets[first->bucket] = (int32_t)first->zone + 1;
			continue;
		}
		z->buckets[first->bucket] = -(int32_t)z->entries.n - 1;
		for (size_t k = i; k < end; k++) {
			const struct touch *t = &in->v.v[order[k]];
			bool last = t->whole || k + 1 == end;
			vec_push(z->a, &z->entries, (struct entry){ t->zone, t->from, t->n & 0x1fffffffu, t->whole, t->west, last });
			if (last)
				break;
		}
	}
}

static void make_buckets(struct zones *z)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	AUTO(arena_drop) struct arena *one = arena_new();
	struct touches t = { .a = a };
	z->buckets = NEW_N(z->a, int32_t, (size_t)z->side * (size_t)z->side);
	for (uint32_t i = 0; i < z->n; i++) {
		touch_area(z, i, &t, one);
		arena_reset(one);
	}
	make_borders(z, &t, a);
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
	z->ids = NEW_N(a, int64_t, n + 1);
	z->n = n;
	for (size_t i = 0; i < n; i++) {
		if (v[i].area->kind != SHAPE_AREA || !v[i].area->n) {
			arena_free(a);
			return ERR_BAD_INPUT;
		}
		z->ids[i] = v[i].id;
		z->v[i] = (struct ground){ .box = shape_box(v[i].area), .from = z->edges.n };
		for (size_t k = 0; k < v[i].area->n; k++)
			take_ring(z, &v[i].area->paths[k]);
		z->v[i].to = z->edges.n;
		box_join(&z->box, z->v[i].box);
	}
	double wanted = sqrt((double)z->edges.n * BUCKETS_PER_EDGE);
	z->side = wanted > SIDE_MAX ? SIDE_MAX : wanted < SIDE_MIN ? SIDE_MIN : (int)wanted;
	z->per_x = z->side / fmax(z->box.east - z->box.west, 1e-9);
	z->per_y = z->side / fmax(z->box.north - z->box.south, 1e-9);
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
static bool holds(const struct edge *v, uint32_t n, bool west, struct lonlat p)
{
	bool in = false;
	for (const struct edge *e = v; e < v + n; e++) {
		if ((e->y0 > p.lat && e->y1 > p.lat) || (e->y0 < p.lat && e->y1 < p.lat))
			continue;
		double side = (e->x1 - e->x0) * (p.lat - e->y0) - (p.lon - e->x0) * (e->y1 - e->y0);
		if (side == 0 && p.lon >= fmin(e->x0, e->x1) && p.lon <= fmax(e->x0, e->x1))
			return true;
		if ((e->y0 > p.lat) != (e->y1 > p.lat) && ((side > 0) == (e->y1 < e->y0)) == west)
			in = !in;
	}
	return in;
}

int64_t zones_find(const struct zones *z, struct lonlat p)
{
	if (!z->n || !box_holds(z->box, p))
		return 0;
	int32_t k = z->buckets[(size_t)row_of(z, p.lat) * (size_t)z->side + (size_t)column_of(z, p.lon)];
	if (k >= 0)
		return k ? z->ids[k - 1] : 0;
	for (const struct entry *e = &z->entries.v[-k - 1];; e++) {
		if (e->whole || holds(&z->near.v[e->from], e->n, e->west, p))
			return z->ids[e->zone];
		if (e->last)
			return 0;
	}
}
