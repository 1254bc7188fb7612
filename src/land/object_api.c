/* /api/object-types and /api/objects */
#include <math.h>

#include "core/canon.h"
#include "core/ledger.h"
#include "core/grant.h"
#include "core/org_sql.h"
#include "core/region.h"
#include "core/sector.h"
#include "db/bigram.h"
#include "format/geojson.h"
#include "land/object_view.h"
#include "land/routes.h"

JSON_DEFINE(object_item, OBJECT_ITEM)
JSON_DEFINE(object_query, OBJECT_QUERY)

enum { COUNT_MAX = 20000, HISTORY_MAX = 200 };

/* ---- types ---- */

#define OPTION_OUT(F, O, L)                                                                        \
	F(STR, id, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)
JSON_STRUCT(attr_option_out, OPTION_OUT)
JSON_DEFINE(attr_option_out, OPTION_OUT)

#define ATTR_OUT(F, O, L)                                                                          \
	F(STR, name, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(ENUM, kind, REQ, .options = "text|int|real|date|bool|enum", .as = "type")                \
	F(STR, unit, REQ)                                                                          \
	F(F64, min, NUL)                                                                           \
	F(F64, max, NUL)                                                                           \
	F(BOOL, required, REQ)                                                                     \
	L(attr_option_out, options, REQ)                                                           \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, certainty, REQ)
JSON_STRUCT(object_attr_out, ATTR_OUT)
JSON_DEFINE(object_attr_out, ATTR_OUT)

#define TYPE_OUT(F, O, L)                                                                          \
	F(STR, id, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, group, REQ)                                                                         \
	F(ENUM, geometry, REQ, .options = "point|line|area|any")                                   \
	F(STRS, sectors, REQ)                                                                      \
	L(object_attr_out, attrs, REQ)                                                             \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, certainty, REQ)
JSON_STRUCT(object_type_out, TYPE_OUT)
JSON_DEFINE(object_type_out, TYPE_OUT)

#define RISK_OUT(F, O, L)                                                                          \
	F(STR, id, REQ)                                                                            \
	F(I64, rank, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)
JSON_STRUCT(risk_colour_out, RISK_OUT)
JSON_DEFINE(risk_colour_out, RISK_OUT)

#define TYPES_OUT(F, O, L) L(object_type_out, items, REQ) L(risk_colour_out, risks, REQ)
JSON_STRUCT(object_types_out, TYPES_OUT)
JSON_DEFINE(object_types_out, TYPES_OUT)

static struct object_attr_out attr_out(struct arena *a, const struct object_attr *at)
{
	struct object_attr_out out = { .name = at->name, .zh = at->zh, .en = at->en, .unit = view_str(at->unit), .min = at->min,
				       .max = at->max, .required = at->required, .source = at->source,
				       .certainty = at->certainty, .kind = str_of(attr_kind_name(at->kind)) };
	out.options.v = NEW_N(a, struct attr_option_out, at->noptions + 1);
	out.options.n = at->noptions;
	for (size_t i = 0; i < at->noptions; i++)
		out.options.v[i] = (struct attr_option_out){ at->options[i].id, at->options[i].zh, at->options[i].en };
	return out;
}

static struct object_type_out type_out(struct req *rq, const struct object_type *ty)
{
	struct object_type_out out = { .id = ty->id, .zh = ty->zh, .en = ty->en, .group = ty->group, .geometry = ty->geometry,
				       .sectors = sector_ids(rq->a, rq->cx.app->sectors, ty->sectors), .source = ty->source,
				       .certainty = ty->certainty };
	out.attrs.v = NEW_N(rq->a, struct object_attr_out, ty->nattrs + 1);
	out.attrs.n = ty->nattrs;
	for (size_t i = 0; i < ty->nattrs; i++)
		out.attrs.v[i] = attr_out(rq->a, &ty->attrs[i]);
	return out;
}

static err types_get(struct req *rq)
{
	const struct object_types *t = rq->cx.app->objects;
	struct object_types_out out = { 0 };
	out.items.v = NEW_N(rq->a, struct object_type_out, t->n + 1);
	out.items.n = t->n;
	for (size_t i = 0; i < t->n; i++)
		out.items.v[i] = type_out(rq, &t->v[i]);
	out.risks.v = NEW_N(rq->a, struct risk_colour_out, t->nrisks + 1);
	out.risks.n = t->nrisks;
	for (size_t i = 0; i < t->nrisks; i++)
		out.risks.v[i] = (struct risk_colour_out){ t->risks[i].id, t->risks[i].rank, t->risks[i].zh, t->risks[i].en };
	return reply_json(rq, &out);
}

/* ---- lists ---- */

#define OBJECT_LIST(F, O, L) L(object_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(object_list_out, OBJECT_LIST)
JSON_DEFINE(object_list_out, OBJECT_LIST)

static err take_region(struct ctx *cx, int64_t code, struct object_list_params *p)
{
	p->lo = p->hi = p->county = DB_NONE;
	if (code == JSON_NONE)
		return ERR_OK;
	if (!region_valid(code))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.unknown_region");
	region_range(code, &p->lo, &p->hi);
	if (p->lo / 1000000 == p->hi / 1000000)
		p->county = p->lo / 1000000;
	return ERR_OK;
}

static err take_words(struct ctx *cx, str q, struct object_list_params *p)
{
	if (!str_trim(q).n)
		return ERR_OK;
	bool pg = db_conn_engine(cx->c) == DB_PG;
	p->match = pg ? bigram_match_pg(cx->a, q, 8) : bigram_match_fts5(cx->a, q, 8);
	return str_is_null(p->match) ? FAIL(&cx->fail, BAD_FIELD, "?q", "err.search_empty") : ERR_OK;
}

static err take_box(struct ctx *cx, str bbox, struct object_list_params *p)
{
	struct box b = { NAN, NAN, NAN, NAN };
	if (bbox.n && !box_parse(bbox, &b))
		return FAIL(&cx->fail, BAD_FIELD, "?bbox", "err.bbox");
	p->west = b.west;
	p->south = b.south;
	p->east = b.east;
	p->north = b.north;
	return ERR_OK;
}

err object_filter_of(struct ctx *cx, const struct object_query *q, struct object_list_params *ret)
{
	struct object_list_params p = { .risk = q->risk, .owner = q->owner == JSON_NONE ? DB_NONE : q->owner,
					.after = q->after == JSON_NONE ? 0 : q->after, .max = page_limit(q->limit) + 1,
					.sectors = DB_NONE };
	p.day = q->valid != JSON_NONE ? q->valid : q->ended ? DB_NONE : china_day(cx->now_ms);
	if (q->type.n && !object_type_find(cx->app->objects, q->type))
		return FAIL(&cx->fail, BAD_FIELD, "?type", "err.object.type", "type", arena_cstr(cx->a, q->type));
	p.type = q->type.n ? q->type : (str){ 0 };
	if (q->sector.n)
		TRY(sector_mask(cx->app->sectors, &(struct json_strs){ (str[]){ q->sector }, 1 }, "?sector", &p.sectors,
				&cx->fail));
	TRY(take_region(cx, q->region, &p));
	TRY(take_words(cx, q->q, &p));
	TRY(take_box(cx, q->bbox, &p));
	*ret = p;
	return ERR_OK;
}

/* By the first letters of what the writer writes: {"type":"LineString… */
static str kind_of(str geometry, double lat)
{
	if (!geometry.n)
		return isnan(lat) ? S("") : S("point");
	if (str_find(geometry, S("Polygon")) >= 0)
		return S("area");
	return str_find(geometry, S("Line")) >= 0 ? S("line") : S("point");
}

static struct object_item item_of(struct ctx *cx, const struct object_items_row *r)
{
	return (struct object_item){
		.id = r->id, .region = r->region, .region_name = view_str(r->region_name), .type = r->type, .no = r->no,
		.name = r->name, .name_en = r->name_en, .owner = r->owner ? r->owner : JSON_NONE,
		.owner_name = view_str(r->owner_name), .owner_name_en = view_str(r->owner_name_en),
		.sectors = sector_ids(cx->a, cx->app->sectors, r->sectors), .risk = r->risk,
		.level = r->level ? r->level : JSON_NONE, .lat = r->lat, .lon = r->lon,
		.geometry_kind = kind_of(r->geometry, r->lat), .valid_from = r->valid_from_day, .valid_to = r->valid_to_day,
		.ver = r->ver,
	};
}

err object_items_of(struct ctx *cx, const struct object_items_rows *rows, struct object_item **ret)
{
	struct object_item *v = NEW_N(cx->a, struct object_item, rows->n + 1);
	for (size_t i = 0; i < rows->n; i++)
		v[i] = item_of(cx, &rows->v[i]);
	*ret = v;
	return ERR_OK;
}

/* Exact up to COUNT_MAX; beyond it counting would cost more than knowing is worth. */
static err total_of(struct ctx *cx, const struct object_list_params *p, const struct db_scope *scope, struct object_list_out *out)
{
	struct object_count_row n;
	const struct object_count_params c = { .lo = p->lo, .hi = p->hi, .county = p->county, .type = p->type,
					       .sectors = p->sectors, .risk = p->risk, .owner = p->owner, .match = p->match,
					       .day = p->day, .west = p->west, .south = p->south, .east = p->east,
					       .north = p->north, .max = COUNT_MAX + 1 };
	TRY(object_count(cx->c, cx->a, &c, scope, &n));
	out->total_exact = n.n <= COUNT_MAX;
	out->total = n.n <= COUNT_MAX ? n.n : COUNT_MAX;
	return ERR_OK;
}

static err objects_get(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct object_list_params p;
	struct object_list_rows keys;
	struct object_items_rows rows;
	struct object_list_out out = { 0 };
	struct db_scope scope = cx_scope(cx, S("object.read"));
	TRY(object_filter_of(cx, rq->query, &p));
	TRY(object_list(cx->c, rq->a, &p, &scope, &keys));
	bool more = (int64_t)keys.n == p.max;
	size_t n = more ? keys.n - 1 : keys.n;
	int64_t *ids = NEW_N(rq->a, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = keys.v[i].id;
	TRY(object_items(cx->c, rq->a, &(struct object_items_params){ { ids, n } }, &rows));
	TRY(object_items_of(cx, &rows, &out.items.v));
	out.items.n = rows.n;
	TRY(total_of(cx, &p, &scope, &out));
	out.next = page_cursor(rq->a, more, n ? ids[n - 1] : 0);
	return reply_json(rq, &out);
}

/* ---- one ---- */

#define HISTORY_ITEM(F, O, L)                                                                      \
	F(I64, seq, REQ)                                                                           \
	F(I64, at_ms, REQ)                                                                         \
	F(STR, kind, REQ)                                                                          \
	F(STR, actor_name, REQ)                                                                    \
	F(STR, name, REQ)                                                                          \
	F(STR, risk, REQ)                                                                          \
	F(ID, owner, NUL)                                                                          \
	F(STR, owner_name, REQ)                                                                    \
	F(I64, ver, REQ)
JSON_STRUCT(object_history, HISTORY_ITEM)
JSON_DEFINE(object_history, HISTORY_ITEM)

#define OBJECT_DETAIL(F, O, L)                                                                     \
	OBJECT_ITEM(F, O, L)                                                                       \
	F(I64, secret, REQ)                                                                        \
	F(RAW, geometry, NUL, .max = 65536)                                                        \
	F(RAW, attrs, REQ)                                                                         \
	F(BOOL, can_write, REQ)                                                                    \
	L(object_history, history, REQ)
JSON_STRUCT(object_detail, OBJECT_DETAIL)
JSON_DEFINE(object_detail, OBJECT_DETAIL)

static err owner_name(struct ctx *cx, int64_t org, str *ret)
{
	struct org_get_row row;
	*ret = S("");
	err e = org ? org_get(cx->c, cx->a, &(struct org_get_params){ .id = org }, &row) : ERR_NOT_FOUND;
	if (e == ERR_OK)
		*ret = row.name;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static err history_item(struct ctx *cx, const struct object_events_row *r, struct object_history *ret)
{
	str data = canon_get(r->body, "data");
	struct object_history h = { .seq = r->seq, .at_ms = r->at_ms, .kind = r->kind, .actor_name = view_str(r->actor_name),
				    .risk = S(""), .name = S("") };
	int64_t owner = 0;
	(void)!canon_get_plain(data, "risk", &h.risk);
	(void)!canon_get_plain(data, "name", &h.name);
	(void)!canon_get_i64(data, "owner", &owner);
	(void)!canon_get_i64(data, "ver", &h.ver);
	h.owner = owner ? owner : JSON_NONE;
	TRY(owner_name(cx, owner, &h.owner_name));
	*ret = h;
	return ERR_OK;
}

static err history_of(struct ctx *cx, const struct object_items_row *r, struct object_detail *out)
{
	struct object_events_rows rows;
	const struct object_events_params p = { r->region, ledger_subject(cx, "object", r->id), HISTORY_MAX };
	TRY(object_events(cx->c, cx->a, &p, &rows));
	out->history.v = NEW_N(cx->a, struct object_history, rows.n + 1);
	for (; out->history.n < rows.n; out->history.n++)
		TRY(history_item(cx, &rows.v[out->history.n], &out->history.v[out->history.n]));
	return ERR_OK;
}

static str geometry_of(struct ctx *cx, const struct object_items_row *r)
{
	struct buf b = BUF(cx->a);
	if (r->geometry.n)
		return r->geometry;
	if (isnan(r->lat))
		return (str){ 0 };
	geojson_put_point(&b, (struct lonlat){ r->lon, r->lat });
	return buf_str(&b);
}

static err detail_of(struct ctx *cx, int64_t id, struct object_detail *ret)
{
	struct object_items_rows rows;
	TRY(object_items(cx->c, cx->a, &(struct object_items_params){ { &id, 1 } }, &rows));
	if (!rows.n)
		return ERR_NOT_FOUND;
	const struct object_items_row *r = &rows.v[0];
	struct object_item it = item_of(cx, r);
	struct object_detail out = { .secret = r->secret, .geometry = geometry_of(cx, r), .attrs = r->attrs };
	const struct access_row access = { .region = r->region, .sectors = r->sectors, .secret = r->secret,
					   .parties = &r->owner, .nparties = r->owner ? 1 : 0 };
#define COPY_F(kind, name, ...) out.name = it.name;
	OBJECT_ITEM(COPY_F, COPY_F, COPY_F)
#undef COPY_F
	out.can_write = cx_allowed(cx, S("object.write"), &access);
	TRY(history_of(cx, r, &out));
	*ret = out;
	return ERR_OK;
}

static err object_get_api(struct req *rq)
{
	int64_t id;
	struct object o;
	struct object_detail out;
	TRY(rq_id(rq, "id", &id));
	TRY(object_get(&rq->cx, id, &o));
	TRY(detail_of(&rq->cx, id, &out));
	return reply_json(rq, &out);
}

/* ---- making and changing ---- */

/* Places are degrees of `crs`; the answer and the store have WGS 84. */
#define OBJECT_FIELDS(F, O, L)                                                                     \
	F(STR, no, OPT, .max = 60)                                                                 \
	F(STR, name_en, OPT, .max = 300)                                                           \
	F(ID, owner, NUL)                                                                          \
	F(STRS, sectors, OPT, .max = 64)                                                           \
	F(I64, secret, OPT, .max = 3)                                                              \
	F(STR, risk, OPT, .max = 10)                                                               \
	F(I64, level, NUL, .min = 1, .max = 5)                                                     \
	F(F64, lat, NUL, .min = -90, .max = 90)                                                    \
	F(F64, lon, NUL, .min = -180, .max = 180)                                                  \
	F(RAW, geometry, NUL, .max = 262144)                                                       \
	F(ENUM, crs, OPT, .options = PLACE_CRS)                                                    \
	F(RAW, attrs, OPT)                                                                         \
	F(DATE, valid_from, NUL)                                                                   \
	F(DATE, valid_to, NUL)
#define OBJECT_IN(F, O, L)                                                                         \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, type, REQ, .max = 60)                                                               \
	F(STR, name, REQ, .max = OBJECT_NAME_MAX)                                                  \
	OBJECT_FIELDS(F, O, L)
JSON_STRUCT(object_in, OBJECT_IN)
JSON_DEFINE(object_in, OBJECT_IN)

/* What is left out stays as it is; `attrs` replaces all attributes; `clear` takes away owner, level, place, valid_from or
 * valid_to. */
#define OBJECT_PATCH(F, O, L)                                                                      \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(STR, name, OPT, .max = OBJECT_NAME_MAX)                                                  \
	F(STRS, clear, OPT, .max = 10)                                                             \
	OBJECT_FIELDS(F, O, L)
JSON_STRUCT(object_patch, OBJECT_PATCH)
JSON_DEFINE(object_patch, OBJECT_PATCH)

/* What both bodies say of the place. */
struct place_in {
	double lat, lon;
	str geometry, crs;
};

static err take_place(struct ctx *cx, const struct place_in *in, struct object *o, struct shape *shape, bool *ret_shape)
{
	enum crs crs = CRS_WGS84;
	*ret_shape = in->geometry.n > 0;
	if (in->crs.n && !crs_parse(in->crs, &crs))
		return FAIL(&cx->fail, BAD_FIELD, "/crs", NULL);
	if (in->geometry.n) {
		TRY(geojson_geometry(cx->a, in->geometry, "/geometry", OBJECT_POINTS_MAX, shape, &cx->fail));
		shape_convert(shape, crs);
		return ERR_OK;
	}
	if (isnan(in->lat) && isnan(in->lon))
		return ERR_OK;
	if (isnan(in->lat) || isnan(in->lon))
		return FAIL(&cx->fail, BAD_FIELD, isnan(in->lat) ? "/lat" : "/lon", "err.required");
	struct lonlat p = wgs84_from(crs, (struct lonlat){ in->lon, in->lat });
	o->lat = p.lat;
	o->lon = p.lon;
	o->geometry = S("");
	return ERR_OK;
}

static err reply_object(struct req *rq, int64_t id, bool created)
{
	struct object_detail out;
	TRY(detail_of(&rq->cx, id, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err objects_post(struct req *rq)
{
	const struct object_in *in = rq->body;
	struct object o = { .region = in->region, .type = in->type, .no = in->no, .name = in->name, .name_en = in->name_en,
			    .owner = in->owner == JSON_NONE ? 0 : in->owner, .secret = in->secret == JSON_NONE ? 0 : in->secret,
			    .risk = in->risk, .lat = NAN, .lon = NAN, .level = in->level == JSON_NONE ? 0 : (int)in->level,
			    .attrs = in->attrs, .valid_from_day = in->valid_from, .valid_to_day = in->valid_to };
	struct shape shape;
	bool shaped;
	int64_t id;
	if (in->sectors.n)
		TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &o.sectors, &rq->cx.fail));
	TRY(take_place(&rq->cx, &(struct place_in){ in->lat, in->lon, in->geometry, in->crs }, &o, &shape, &shaped));
	TRY(object_put(&rq->cx, &o, shaped ? &shape : NULL, &id));
	return reply_object(rq, id, true);
}

static bool clears(const struct object_patch *in, str what)
{
	for (size_t i = 0; i < in->clear.n; i++)
		if (str_eq(in->clear.v[i], what))
			return true;
	return false;
}

static void take_days(const struct object_patch *in, struct object *o)
{
	if (in->valid_from != JSON_NONE || clears(in, S("valid_from")))
		o->valid_from_day = in->valid_from;
	if (in->valid_to != JSON_NONE || clears(in, S("valid_to")))
		o->valid_to_day = in->valid_to;
}

static err take_patch(struct req *rq, const struct object_patch *in, struct object *o)
{
	o->ver = in->ver;
	o->no = in->no.n ? in->no : o->no;
	o->name = in->name.p ? in->name : o->name;
	o->name_en = in->name_en.p ? in->name_en : o->name_en;
	o->risk = in->risk.p ? in->risk : o->risk;
	o->secret = in->secret != JSON_NONE ? in->secret : o->secret;
	o->attrs = in->attrs.p ? in->attrs : o->attrs;
	if (in->owner != JSON_NONE || clears(in, S("owner")))
		o->owner = in->owner == JSON_NONE ? 0 : in->owner;
	if (in->level != JSON_NONE || clears(in, S("level")))
		o->level = in->level == JSON_NONE ? 0 : (int)in->level;
	if (in->sectors.n)
		TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &o->sectors, &rq->cx.fail));
	take_days(in, o);
	return ERR_OK;
}

static err object_patch_api(struct req *rq)
{
	const struct object_patch *in = rq->body;
	struct object o;
	struct shape shape;
	bool shaped;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(object_get(&rq->cx, id, &o));
	TRY(take_patch(rq, in, &o));
	if (clears(in, S("place"))) {
		o.geometry = S("");
		o.lat = o.lon = NAN;
	}
	TRY(take_place(&rq->cx, &(struct place_in){ in->lat, in->lon, in->geometry, in->crs }, &o, &shape, &shaped));
	TRY(object_change(&rq->cx, &o, shaped ? &shape : NULL));
	return reply_object(rq, id, false);
}

const struct route object_routes[] = {
	{ "GET", "/api/object-types", types_get, SLOW, "", NULL, object_types_out_json,
	  "Types of supervised objects with their attributes, and the risk colours", NULL },
	{ "GET", "/api/objects", objects_get, READ, "object.read", NULL, object_list_out_json,
	  "Supervised objects in scope; in force today unless valid=DAY or ended=1", object_query_json },
	{ "POST", "/api/objects", objects_post, WRITE, "object.write", object_in_json, object_detail_json,
	  "Enter an object; crs converts its place", NULL },
	{ "GET", "/api/objects/{id}", object_get_api, READ, "object.read", NULL, object_detail_json,
	  "An object with its attributes, shape and history", NULL },
	{ "PATCH", "/api/objects/{id}", object_patch_api, WRITE, "object.write", object_patch_json, object_detail_json,
	  "Change an object; what is left out stays", NULL },
	{ 0 },
};
