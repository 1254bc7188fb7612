/* The only file with GEOS. Each call works in a context of its own, so nothing is shared between threads. */
#include "geo/shape.h"

#include <geos_c.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *shape_kind_name(enum shape_kind kind)
{
	static const char *const names[] = { "point", "line", "area" };
	return names[kind];
}

struct box shape_box(const struct shape *s)
{
	struct box b = BOX_EMPTY;
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->paths[i].n; k++)
			box_add(&b, s->paths[i].v[k]);
	return b;
}

size_t shape_points(const struct shape *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += s->paths[i].n;
	return n;
}

void shape_convert(struct shape *s, enum crs from)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->paths[i].n; k++)
			s->paths[i].v[k] = wgs84_from(from, s->paths[i].v[k]);
}

/* ---- to GEOS ---- */

static GEOSCoordSequence *sequence_of(GEOSContextHandle_t g, const struct path *p)
{
	GEOSCoordSequence *seq = GEOSCoordSeq_create_r(g, (unsigned)p->n, 2);
	for (size_t i = 0; seq && i < p->n; i++)
		GEOSCoordSeq_setXY_r(g, seq, (unsigned)i, p->v[i].lon, p->v[i].lat);
	return seq;
}

static GEOSGeometry *ring_of(GEOSContextHandle_t g, const struct path *p)
{
	GEOSCoordSequence *seq = sequence_of(g, p);
	return seq ? GEOSGeom_createLinearRing_r(g, seq) : NULL;
}

static GEOSGeometry *line_of(GEOSContextHandle_t g, const struct path *p)
{
	GEOSCoordSequence *seq = sequence_of(g, p);
	return seq ? GEOSGeom_createLineString_r(g, seq) : NULL;
}

static void destroy_all(GEOSContextHandle_t g, GEOSGeometry **v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (v[i])
			GEOSGeom_destroy_r(g, v[i]);
}

/* The polygon of the ring at *at and the holes behind it; moves *at behind them. */
static GEOSGeometry *polygon_of(GEOSContextHandle_t g, struct arena *a, const struct shape *s, size_t *at)
{
	GEOSGeometry **holes = NEW_N(a, GEOSGeometry *, s->n + 1);
	unsigned n = 0;
	bool ok = true;
	GEOSGeometry *shell = ring_of(g, &s->paths[(*at)++]);
	for (; *at < s->n && s->paths[*at].hole; ++*at) {
		holes[n] = ring_of(g, &s->paths[*at]);
		ok = ok && holes[n++];
	}
	if (shell && ok)
		return GEOSGeom_createPolygon_r(g, shell, holes, n);
	destroy_all(g, holes, n);
	destroy_all(g, &shell, 1);
	return NULL;
}

static GEOSGeometry *part_of(GEOSContextHandle_t g, struct arena *a, const struct shape *s, size_t *at)
{
	if (s->kind == SHAPE_AREA)
		return polygon_of(g, a, s, at);
	const struct path *p = &s->paths[(*at)++];
	return s->kind == SHAPE_LINE ? line_of(g, p) : GEOSGeom_createPointFromXY_r(g, p->v[0].lon, p->v[0].lat);
}

/* NULL when it is none: a ring that is not closed, a line of one point. */
static GEOSGeometry *geometry_of(GEOSContextHandle_t g, const struct shape *s)
{
	static const int types[] = { GEOS_MULTIPOINT, GEOS_MULTILINESTRING, GEOS_MULTIPOLYGON };
	AUTO(arena_drop) struct arena *a = arena_new();
	GEOSGeometry **parts = NEW_N(a, GEOSGeometry *, s->n + 1);
	unsigned n = 0;
	for (size_t at = 0; at < s->n; n++) {
		parts[n] = s->paths[at].n ? part_of(g, a, s, &at) : NULL;
		if (!parts[n]) {
			destroy_all(g, parts, n);
			return NULL;
		}
	}
	return n ? GEOSGeom_createCollection_r(g, types[s->kind], parts, n) : NULL;
}

/* ---- questions ---- */

struct geos {
	GEOSContextHandle_t g;
	GEOSGeometry *geometry;
};

static void geos_done(struct geos *x)
{
	if (x->geometry)
		GEOSGeom_destroy_r(x->g, x->geometry);
	if (x->g)
		GEOS_finish_r(x->g);
}

static struct geos geos_of(const struct shape *s)
{
	struct geos x = { .g = GEOS_init_r() };
	if (!x.g)
		abort();
	x.geometry = geometry_of(x.g, s);
	return x;
}

err shape_check(struct arena *a, const struct shape *s, const char **ret_why)
{
	AUTO(geos_done) struct geos x = geos_of(s);
	*ret_why = "not closed or too short";
	if (!x.geometry)
		return ERR_BAD_INPUT;
	if (GEOSisValid_r(x.g, x.geometry) == 1)
		return ERR_OK;
	char *why = GEOSisValidReason_r(x.g, x.geometry);
	if (why) {
		*ret_why = arena_cstr(a, str_of(why));
		GEOSFree_r(x.g, why);
	}
	return ERR_BAD_INPUT;
}

static double path_length_m(const struct path *p)
{
	double sum = 0;
	for (size_t i = 1; i < p->n; i++)
		sum += distance_m(p->v[i - 1], p->v[i]);
	return sum;
}

static struct lonlat middle_of_path(const struct path *p, double half)
{
	for (size_t i = 1; i < p->n; i++) {
		double step = distance_m(p->v[i - 1], p->v[i]);
		if (step > 0 && half <= step) {
			double t = half / step;
			return (struct lonlat){ p->v[i - 1].lon + t * (p->v[i].lon - p->v[i - 1].lon),
						p->v[i - 1].lat + t * (p->v[i].lat - p->v[i - 1].lat) };
		}
		half -= step;
	}
	return p->v[p->n - 1];
}

static struct lonlat middle_of_lines(const struct shape *s)
{
	const struct path *longest = &s->paths[0];
	double most = path_length_m(longest);
	for (size_t i = 1; i < s->n; i++) {
		double length = path_length_m(&s->paths[i]);
		if (length > most) {
			most = length;
			longest = &s->paths[i];
		}
	}
	return middle_of_path(longest, most / 2);
}

static err point_on_area(const struct shape *s, struct lonlat *ret)
{
	AUTO(geos_done) struct geos x = geos_of(s);
	struct lonlat p;
	GEOSGeometry *on = x.geometry ? GEOSPointOnSurface_r(x.g, x.geometry) : NULL;
	bool ok = on && GEOSGeomGetX_r(x.g, on, &p.lon) == 1 && GEOSGeomGetY_r(x.g, on, &p.lat) == 1;
	if (on)
		GEOSGeom_destroy_r(x.g, on);
	if (!ok)
		return ERR_BAD_INPUT;
	*ret = p;
	return ERR_OK;
}

err shape_middle(const struct shape *s, struct lonlat *ret)
{
	if (!s->n || !s->paths[0].n)
		return ERR_BAD_INPUT;
	if (s->kind == SHAPE_AREA)
		return point_on_area(s, ret);
	*ret = s->kind == SHAPE_LINE ? middle_of_lines(s) : s->paths[0].v[0];
	return ERR_OK;
}

/* ---- from GEOS ---- */

static void path_from(struct arena *a, GEOSContextHandle_t g, const GEOSGeometry *line, struct path *ret)
{
	const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(g, line);
	unsigned n = 0;
	if (!seq || !GEOSCoordSeq_getSize_r(g, seq, &n))
		return;
	ret->v = NEW_N(a, struct lonlat, n + 1);
	ret->n = n;
	for (unsigned i = 0; i < n; i++)
		GEOSCoordSeq_getXY_r(g, seq, i, &ret->v[i].lon, &ret->v[i].lat);
}

static void put_ring(struct arena *a, GEOSContextHandle_t g, const GEOSGeometry *ring, bool hole, struct shape *s)
{
	struct path *p = &s->paths[s->n];
	*p = (struct path){ .hole = hole };
	path_from(a, g, ring, p);
	s->n += p->n >= 4;
}

static int rings_of(GEOSContextHandle_t g, const GEOSGeometry *polygon)
{
	return GEOSGeomTypeId_r(g, polygon) == GEOS_POLYGON ? 1 + GEOSGetNumInteriorRings_r(g, polygon) : 0;
}

/* The polygons of whatever came out; points and lines that were left over are dropped. */
static void polygons_from(struct arena *a, GEOSContextHandle_t g, const GEOSGeometry *all, struct shape *ret)
{
	int parts = GEOSGetNumGeometries_r(g, all), rings = 0, polygons = 0;
	for (int i = 0; i < parts; i++)
		rings += rings_of(g, GEOSGetGeometryN_r(g, all, i));
	ret->paths = NEW_N(a, struct path, (size_t)rings + 1);
	ret->n = 0;
	for (int i = 0; i < parts; i++) {
		const GEOSGeometry *part = GEOSGetGeometryN_r(g, all, i);
		int n = rings_of(g, part);
		if (!n)
			continue;
		polygons++;
		put_ring(a, g, GEOSGetExteriorRing_r(g, part), false, ret);
		for (int k = 0; k + 1 < n; k++)
			put_ring(a, g, GEOSGetInteriorRingN_r(g, part, k), true, ret);
	}
	ret->many = polygons > 1;
}

/* MakeValid may nest a collection of polygons in one of lines; a union flattens it. */
err shape_mend(struct arena *a, struct shape *s, bool *ret_mended)
{
	AUTO(geos_done) struct geos x = geos_of(s);
	struct shape out = *s;
	*ret_mended = false;
	if (!x.geometry || s->kind != SHAPE_AREA)
		return ERR_BAD_INPUT;
	if (GEOSisValid_r(x.g, x.geometry) == 1)
		return ERR_OK;
	GEOSGeometry *valid = GEOSMakeValid_r(x.g, x.geometry);
	GEOSGeometry *flat = valid ? GEOSUnaryUnion_r(x.g, valid) : NULL;
	if (flat)
		polygons_from(a, x.g, flat, &out);
	destroy_all(x.g, &valid, 1);
	destroy_all(x.g, &flat, 1);
	if (!flat || !out.n)
		return ERR_BAD_INPUT;
	*s = out;
	*ret_mended = true;
	return ERR_OK;
}

/* ---- fewer points ---- */

/* Topology is kept within each part, so no ring crosses itself; neighbours may gap by the tolerance. */
static void simplify_path(struct arena *a, struct path *p, bool ring, double tolerance)
{
	struct path *one = p;
	struct shape s = { .kind = SHAPE_LINE, .paths = one, .n = 1 };
	AUTO(geos_done) struct geos x = geos_of(&s);
	GEOSGeometry *less = x.geometry ? GEOSTopologyPreserveSimplify_r(x.g, x.geometry, tolerance) : NULL;
	struct path out = { .hole = p->hole };
	if (less)
		path_from(a, x.g, GEOSGetGeometryN_r(x.g, less, 0), &out);
	if (less)
		GEOSGeom_destroy_r(x.g, less);
	if (out.n >= (ring ? 4u : 2u))
		*p = out;
}

void shape_simplify(struct arena *a, struct shape *s, double tolerance)
{
	for (size_t i = 0; s->kind != SHAPE_POINT && i < s->n; i++)
		simplify_path(a, &s->paths[i], s->kind == SHAPE_AREA, tolerance);
}

/* ---- areas for many questions ---- */

struct area {
	struct geos x;
	const GEOSPreparedGeometry *prepared;
	struct box box;
};

err area_open(const struct shape *s, struct area **ret)
{
	struct area *ar = calloc(1, sizeof *ar);
	if (!ar)
		abort();
	ar->x = geos_of(s);
	ar->box = shape_box(s);
	ar->prepared = s->kind == SHAPE_AREA && ar->x.geometry ? GEOSPrepare_r(ar->x.g, ar->x.geometry) : NULL;
	if (!ar->prepared) {
		area_close(ar);
		return ERR_BAD_INPUT;
	}
	*ret = ar;
	return ERR_OK;
}

void area_close(struct area *ar)
{
	if (!ar)
		return;
	if (ar->prepared)
		GEOSPreparedGeom_destroy_r(ar->x.g, ar->prepared);
	geos_done(&ar->x);
	free(ar);
}

void area_drop(struct area **ar)
{
	area_close(*ar);
}

bool area_holds(const struct area *ar, struct lonlat p)
{
	if (!box_holds(ar->box, p))
		return false;
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(ar->x.g, p.lon, p.lat);
	bool in = point && GEOSPreparedCovers_r(ar->x.g, ar->prepared, point) == 1;
	if (point)
		GEOSGeom_destroy_r(ar->x.g, point);
	return in;
}

double area_distance_m(const struct area *ar, struct lonlat p)
{
	struct lonlat near = p;
	if (area_holds(ar, p))
		return 0;
	GEOSContextHandle_t g = ar->x.g;
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(g, p.lon, p.lat);
	GEOSCoordSequence *pair = point ? GEOSPreparedNearestPoints_r(g, ar->prepared, point) : NULL;
	bool ok = pair && GEOSCoordSeq_getXY_r(g, pair, 0, &near.lon, &near.lat) == 1;
	if (pair)
		GEOSCoordSeq_destroy_r(g, pair);
	if (point)
		GEOSGeom_destroy_r(g, point);
	return ok ? distance_m(near, p) : (double)INFINITY;
}
