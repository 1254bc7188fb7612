/* /api/map: objects, regions with their four colours, and where the map begins. */
#include <math.h>

#include "core/grant.h"
#include "core/region.h"
#include "core/region_sql.h"
#include "core/sector.h"
#include "format/geojson.h"
#include "land/boundary_sql.h"
#include "land/map_sql.h"
#include "land/map_view.h"
#include "land/object.h"
#include "land/routes.h"

/* From SHAPE_ZOOM on lines and areas are drawn as they are, at most so many. */
enum { SHAPE_ZOOM = 11, SHAPES_MOST = 1500 };

#define MAP_OBJECT_QUERY(F, O, L)                                                                  \
	MAP_VIEW_QUERY(F)                                                                          \
	F(STR, type, OPT, .max = 60)                                                               \
	F(STR, sector, OPT, .max = 40)                                                             \
	F(ENUM, risk, OPT, .options = "red|orange|yellow|blue")
JSON_STRUCT(map_object_query, MAP_OBJECT_QUERY)
JSON_DEFINE(map_object_query, MAP_OBJECT_QUERY)

struct walking {
	struct ctx *cx;
	struct map_view view;
	struct db_scope scope;
	str type, risk;
	int64_t sectors, day, total;
	bool draw;                     /* shapes are drawn, not gathered */
	struct clusters marks;
	VEC(int64_t) shapes;           /* ids */
};

static err take_sector(struct ctx *cx, str sector, int64_t *ret)
{
	*ret = DB_NONE;
	if (!sector.n)
		return ERR_OK;
	return sector_mask(cx->app->sectors, &(struct json_strs){ (str[]){ sector }, 1 }, "?sector", ret, &cx->fail);
}

static err add_mark(void *arg, const struct map_walk_row *r)
{
	struct walking *w = arg;
	clusters_add(&w->marks, r->id, r->cell, risk_rank(w->cx->app->objects, r->risk), (struct lonlat){ r->lon, r->lat });
	w->total++;
	return ERR_OK;
}

static err walk_marks(struct walking *w, int64_t extent)
{
	struct grid_range ranges[GRID_RANGES];
	size_t n = grid_ranges(w->view.box, -1, ranges);
	struct box b = w->view.box;
	for (size_t i = 0; i < n; i++) {
		const struct map_walk_params p = { .extent = extent, .cell_lo = ranges[i].lo, .cell_hi = ranges[i].hi, .west = b.west,
						   .south = b.south, .east = b.east, .north = b.north, .day = w->day,
						   .type = w->type, .sectors = w->sectors, .risk = w->risk };
		TRY(map_walk(w->cx->c, &p, &w->scope, add_mark, w));
	}
	return ERR_OK;
}

/* A shape's middle lies at most its own extent beyond the view that it reaches into. */
static err walk_shapes(struct walking *w, int64_t extent)
{
	struct grid_range ranges[GRID_RANGES];
	size_t n = grid_ranges(w->view.box, (int)extent, ranges);
	struct box b = w->view.box;
	for (size_t i = 0; i < n && w->shapes.n < SHAPES_MOST; i++) {
		struct map_walk_shapes_rows rows;
		const struct map_walk_shapes_params p = {
			.extent = extent, .cell_lo = ranges[i].lo, .cell_hi = ranges[i].hi, .west = b.west, .south = b.south,
			.east = b.east, .north = b.north, .day = w->day, .type = w->type, .sectors = w->sectors,
			.risk = w->risk, .max = (int64_t)(SHAPES_MOST - w->shapes.n) };
		TRY(map_walk_shapes(w->cx->c, w->cx->a, &p, &w->scope, &rows));
		for (size_t k = 0; k < rows.n; k++)
			vec_push(w->cx->a, &w->shapes, rows.v[k].id);
	}
	return ERR_OK;
}

static err walk_all(struct walking *w)
{
	struct map_next_extent_row next = { -1 };
	for (;;) {
		TRY(map_next_extent(w->cx->c, w->cx->a, &(struct map_next_extent_params){ next.extent }, &next));
		if (next.extent == DB_NONE)
			break;
		TRY(next.extent > 0 && w->draw ? walk_shapes(w, next.extent) : walk_marks(w, next.extent));
	}
	clusters_end(&w->marks);
	w->total += (int64_t)w->shapes.n;
	return ERR_OK;
}

/* ---- features ---- */

/* Lines no finer than half a pixel at this zoom. */
static str drawn(struct ctx *cx, str geometry, double zoom)
{
	struct shape s;
	struct buf b = BUF(cx->a);
	if (geometry.n < 4000 || geojson_geometry(cx->a, geometry, "", OBJECT_POINTS_MAX, &s, &cx->fail) != ERR_OK)
		return geometry;
	shape_simplify(cx->a, &s, 180 / (512 * exp2(zoom)));
	geojson_put(&b, &s);
	return buf_str(&b);
}

static struct map_feature object_feature(struct walking *w, const struct map_objects_row *r)
{
	struct arena *a = w->cx->a;
	struct map_props *p = NEW(a, struct map_props);
	bool draw = w->draw && r->geometry.n;
	*p = (struct map_props){ .count = 1, .id = arena_printf(a, "%lld", (long long)r->id), .name = r->name,
				 .name_en = r->name_en, .no = r->no, .type = r->type, .risk = r->risk, .owner_name = r->owner_name,
				 .owner = r->owner ? arena_printf(a, "%lld", (long long)r->owner) : (str){ 0 },
				 .due_ms = JSON_NONE, .west = NAN, .south = NAN, .east = NAN, .north = NAN };
	return (struct map_feature){ .type = S("Feature"), .properties = p,
				     .geometry = draw ? drawn(w->cx, r->geometry, w->view.zoom) :
							map_point(a, (struct lonlat){ r->lon, r->lat }) };
}

static err put_objects(struct walking *w, const int64_t *ids, size_t n, struct map_features *out)
{
	struct map_objects_rows rows;
	TRY(map_objects(w->cx->c, w->cx->a, &(struct map_objects_params){ { ids, n } }, &rows));
	for (size_t i = 0; i < rows.n; i++)
		out->features.v[out->features.n++] = object_feature(w, &rows.v[i]);
	return ERR_OK;
}

static struct map_feature cluster_feature(struct walking *w, const struct cluster *c)
{
	struct map_feature ft = map_cluster_feature(w->cx->a, c);
	const struct object_types *t = w->cx->app->objects;
	ft.properties->risk = S("");
	for (size_t i = 0; i < t->nrisks; i++)
		if (t->risks[i].rank == c->rank)
			ft.properties->risk = t->risks[i].id;
	return ft;
}

static err features_of(struct walking *w, struct map_features *out)
{
	struct arena *a = w->cx->a;
	int64_t *singles = NEW_N(a, int64_t, w->marks.v.n + 1);
	size_t n = 0;
	out->features.v = NEW_N(a, struct map_feature, w->marks.v.n + w->shapes.n + 1);
	for (size_t i = 0; i < w->marks.v.n; i++) {
		const struct cluster *c = &w->marks.v.v[i];
		if (c->n == 1)
			singles[n++] = c->id;
		else
			out->features.v[out->features.n++] = cluster_feature(w, c);
	}
	out->clustered = out->features.n > 0;
	TRY(put_objects(w, singles, n, out));
	return put_objects(w, w->shapes.v, w->shapes.n, out);
}

static err map_objects_get(struct req *rq)
{
	const struct map_object_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct walking w = { .cx = cx, .scope = cx_scope(cx, S("object.read")), .risk = q->risk, .day = china_day(cx->now_ms),
			     .type = q->type.n ? q->type : (str){ 0 } };
	struct map_features out = { .type = S("FeatureCollection") };
	TRY(map_view_of(cx, q->bbox, q->zoom, &w.view));
	TRY(take_sector(cx, q->sector, &w.sectors));
	if (q->type.n && !object_type_find(cx->app->objects, q->type))
		return FAIL(&cx->fail, BAD_FIELD, "?type", "err.object.type", "type", arena_cstr(cx->a, q->type));
	w.draw = w.view.zoom >= SHAPE_ZOOM;
	w.marks = clusters_begin(cx->a, w.view.zoom);
	TRY(walk_all(&w));
	TRY(features_of(&w, &out));
	out.total = w.total;
	return reply_json(rq, &out);
}

/* ---- regions in four colours ---- */

#define MAP_REGION_QUERY(F, O, L)                                                                  \
	F(ID, parent, OPT, .format = "region")                                                     \
	F(STR, bbox, OPT, .max = 120)                                                              \
	F(F64, zoom, OPT, .min = 0, .max = 24)                                                     \
	F(STR, type, OPT, .max = 60)                                                               \
	F(STR, sector, OPT, .max = 40)
JSON_STRUCT(map_region_query, MAP_REGION_QUERY)
JSON_DEFINE(map_region_query, MAP_REGION_QUERY)

#define REGION_PROPS(F, O, L)                                                                      \
	F(ID, code, REQ, .format = "region")                                                       \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(BOOL, self, REQ)                                                                         \
	F(STR, risk, REQ)                                                                          \
	F(I64, red, REQ)                                                                           \
	F(I64, orange, REQ)                                                                        \
	F(I64, yellow, REQ)                                                                        \
	F(I64, blue, REQ)                                                                          \
	F(I64, total, REQ)
JSON_STRUCT(map_region_props, REGION_PROPS)
JSON_DEFINE(map_region_props, REGION_PROPS)

#define REGION_FEATURE(F, O, L)                                                                    \
	F(ENUM, type, REQ, .options = "Feature")                                                   \
	F(RAW, geometry, NUL)                                                                      \
	O(map_region_props, properties, REQ)
JSON_STRUCT(map_region_feature, REGION_FEATURE)
JSON_DEFINE(map_region_feature, REGION_FEATURE)

#define REGION_FEATURES(F, O, L)                                                                   \
	F(ENUM, type, REQ, .options = "FeatureCollection")                                         \
	L(map_region_feature, features, REQ, .max = 10000)
JSON_STRUCT(map_region_features, REGION_FEATURES)
JSON_DEFINE(map_region_features, REGION_FEATURES)

struct colouring {
	struct ctx *cx;
	int64_t parent;
	struct map_colours_rows rows;  /* by region */
	double tolerance;
};

/* Sums the rows within a range; the worst colour is the area's. */
static void colour_range(const struct colouring *k, int64_t lo, int64_t hi, struct map_region_props *p)
{
	const struct object_types *t = k->cx->app->objects;
	p->risk = S("");
	for (size_t i = 0; i < k->rows.n; i++) {
		const struct map_colours_row *r = &k->rows.v[i];
		if (r->region < lo || r->region > hi)
			continue;
		int64_t *sums[] = { &p->red, &p->orange, &p->yellow, &p->blue };
		static const str names[] = { S("red"), S("orange"), S("yellow"), S("blue") };
		for (size_t c = 0; c < COUNT_OF(names); c++)
			if (str_eq(r->risk, names[c]))
				*sums[c] += r->n;
		p->total += r->n;
		if (risk_rank(t, r->risk) > risk_rank(t, p->risk))
			p->risk = r->risk;
	}
}

static err outline(const struct colouring *k, str geometry, str *ret)
{
	struct ctx *cx = k->cx;
	struct shape s;
	struct buf b = BUF(cx->a);
	*ret = geometry;
	if (!geometry.n || !(k->tolerance > 0))
		return ERR_OK;
	TRY(geojson_geometry(cx->a, geometry, "", 10000000, &s, &cx->fail));
	shape_simplify(cx->a, &s, k->tolerance);
	geojson_put(&b, &s);
	*ret = buf_str(&b);
	return ERR_OK;
}

static err region_feature(const struct colouring *k, const struct boundary_children_row *r, bool self,
			  struct map_region_feature *ret)
{
	struct map_region_props *p = NEW(k->cx->a, struct map_region_props);
	int64_t lo, hi;
	*p = (struct map_region_props){ .code = r->code, .name = r->name, .name_en = r->name_en, .self = self };
	region_range(r->code, &lo, &hi);
	colour_range(k, lo, hi, p);
	*ret = (struct map_region_feature){ .type = S("Feature"), .properties = p };
	return outline(k, r->geometry, &ret->geometry);
}

static err self_row(struct ctx *cx, int64_t code, struct boundary_children_row *ret)
{
	struct region_get_row region;
	struct boundary_get_row shape = { 0 };
	err e = region_get(cx->c, cx->a, &(struct region_get_params){ .code = code }, &region);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "?parent", "err.unknown_region");
	TRY(e);
	e = boundary_get(cx->c, cx->a, &(struct boundary_get_params){ code }, &shape);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	*ret = (struct boundary_children_row){ .code = code, .name = region.name, .name_en = region.name_en, .west = NAN,
					       .geometry = e == ERR_OK ? shape.geometry : (str){ 0 } };
	return ERR_OK;
}

static bool in_view(const struct boundary_children_row *r, str bbox, struct box view)
{
	return !bbox.n || !r->geometry.n || boxes_meet((struct box){ r->west, r->south, r->east, r->north }, view);
}

static err colours_of(struct ctx *cx, const struct map_region_query *q, struct colouring *k)
{
	struct map_colours_params p = { .day = china_day(cx->now_ms), .type = q->type.n ? q->type : (str){ 0 } };
	struct db_scope scope = cx_scope(cx, S("object.read"));
	region_range(k->parent, &p.lo, &p.hi);
	TRY(take_sector(cx, q->sector, &p.sectors));
	return map_colours(cx->c, cx->a, &p, &scope, &k->rows);
}

static err map_regions_get(struct req *rq)
{
	const struct map_region_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct map_view view = { .zoom = q->zoom };
	struct colouring k = { .cx = cx, .parent = q->parent == JSON_NONE ? cx->app->home_region : q->parent };
	struct boundary_children_row self;
	struct boundary_children_rows kids;
	struct map_region_features out = { .type = S("FeatureCollection") };
	if (q->bbox.n)
		TRY(map_view_of(cx, q->bbox, q->zoom, &view));
	if (!isnan(view.zoom))
		k.tolerance = 180 / (512 * exp2(view.zoom));
	TRY(self_row(cx, k.parent, &self));
	TRY(colours_of(cx, q, &k));
	TRY(boundary_children(cx->c, cx->a, &(struct boundary_children_params){ k.parent }, &kids));
	out.features.v = NEW_N(cx->a, struct map_region_feature, kids.n + 1);
	TRY(region_feature(&k, &self, true, &out.features.v[out.features.n++]));
	for (size_t i = 0; i < kids.n; i++)
		if (in_view(&kids.v[i], q->bbox, view.box))
			TRY(region_feature(&k, &kids.v[i], false, &out.features.v[out.features.n++]));
	return reply_json(rq, &out);
}

/* ---- where the map begins ---- */

#define MAP_CONFIG(F, O, L)                                                                        \
	F(STR, tiles, NUL, .max = 500)                                                             \
	F(STR, attribution, REQ, .max = 300)                                                       \
	F(ID, home, REQ, .format = "region")                                                       \
	F(STR, home_name, REQ)                                                                     \
	F(BOOL, boundaries, REQ)                                                                   \
	F(F64, west, NUL)                                                                          \
	F(F64, south, NUL)                                                                         \
	F(F64, east, NUL)                                                                          \
	F(F64, north, NUL)                                                                         \
	F(STR, crs, REQ)
JSON_STRUCT(map_config, MAP_CONFIG)
JSON_DEFINE(map_config, MAP_CONFIG)

/* The home region's own boundary, else those inside it, else the objects that the caller sees. */
static err bounds_of(struct ctx *cx, struct map_config *out)
{
	struct boundary_get_row own;
	struct boundary_box_params p = { 0 };
	struct boundary_box_row inner;
	struct map_box_row objects;
	struct db_scope scope = cx_scope(cx, S("object.read"));
	err e = boundary_get(cx->c, cx->a, &(struct boundary_get_params){ cx->app->home_region }, &own);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	region_range(cx->app->home_region, &p.lo, &p.hi);
	TRY(boundary_box(cx->c, cx->a, &p, &inner));
	out->boundaries = e == ERR_OK || !isnan(inner.west);
	struct box b = e == ERR_OK ? (struct box){ own.west, own.south, own.east, own.north } :
				     (struct box){ inner.west, inner.south, inner.east, inner.north };
	if (!out->boundaries) {
		TRY(map_box(cx->c, cx->a, &(struct map_box_params){ p.lo, p.hi }, &scope, &objects));
		b = (struct box){ objects.west, objects.south, objects.east, objects.north };
	}
	out->west = b.west;
	out->south = b.south;
	out->east = b.east;
	out->north = b.north;
	return ERR_OK;
}

static err map_config_get(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct region_name home;
	struct map_config out = { .tiles = cx->app->map_tiles, .attribution = cx->app->map_attribution,
				  .home = cx->app->home_region, .crs = S("CGCS2000 / WGS 84") };
	TRY(region_name_of(cx->c, cx->a, cx->app->home_region, &home));
	out.home_name = home.name;
	out.attribution = out.attribution.p ? out.attribution : S("");
	out.tiles = out.tiles.n ? out.tiles : (str){ 0 };
	TRY(bounds_of(cx, &out));
	return reply_json(rq, &out);
}

const struct route map_routes[] = {
	{ "GET", "/api/map/config", map_config_get, READ, "object.read", NULL, map_config_json,
	  "The base map, if one is configured, and where the map begins", NULL },
	{ "GET", "/api/map/objects", map_objects_get, READ, "object.read", NULL, map_features_json,
	  "Objects in a view as GeoJSON: marks that gather many, objects where there is room", map_object_query_json },
	{ "GET", "/api/map/regions", map_regions_get, READ, "object.read", NULL, map_region_features_json,
	  "A region and its parts with boundary, worst colour and counts", map_region_query_json },
	{ 0 },
};
