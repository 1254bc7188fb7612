/* /api/station-kinds and /api/stations */
#include <math.h>

#include "core/grant.h"
#include "core/region.h"
#include "core/sector.h"
#include "core/views.h"
#include "sense/routes.h"
#include "sense/station.h"
#include "sense/station_sql.h"

/* ---- kinds ---- */

#define KIND_OUT(F, O, L)                                                                          \
	F(STR, id, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, medium, REQ)                                                                        \
	F(STRS, sectors, REQ)                                                                      \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, certainty, REQ)
JSON_STRUCT(station_kind_out, KIND_OUT)
JSON_DEFINE(station_kind_out, KIND_OUT)

#define ITEM_KIND_OUT(F, O, L)                                                                     \
	F(STR, medium, REQ)                                                                        \
	F(STR, id, REQ)                                                                            \
	F(STR, code, REQ)                                                                          \
	F(STR, unit, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, certainty, REQ)
JSON_STRUCT(item_kind_out, ITEM_KIND_OUT)
JSON_DEFINE(item_kind_out, ITEM_KIND_OUT)

#define KINDS_OUT(F, O, L) L(station_kind_out, kinds, REQ) L(item_kind_out, items, REQ)
JSON_STRUCT(station_kinds_out, KINDS_OUT)
JSON_DEFINE(station_kinds_out, KINDS_OUT)

static err kinds_get(struct req *rq)
{
	const struct station_kinds *k = rq->cx.app->stations;
	struct station_kinds_out out = { 0 };
	out.kinds.v = NEW_N(rq->a, struct station_kind_out, k->n + 1);
	out.items.v = NEW_N(rq->a, struct item_kind_out, k->nitems + 1);
	for (; out.kinds.n < k->n; out.kinds.n++) {
		const struct station_kind *v = &k->v[out.kinds.n];
		out.kinds.v[out.kinds.n] = (struct station_kind_out){ v->id, v->zh, v->en, v->medium,
								      sector_ids(rq->a, rq->cx.app->sectors, v->sectors), v->source, v->certainty };
	}
	for (; out.items.n < k->nitems; out.items.n++) {
		const struct item_kind *v = &k->items[out.items.n];
		out.items.v[out.items.n] = (struct item_kind_out){ v->medium, v->id, v->code, v->unit, v->zh, v->en, v->source, v->certainty };
	}
	return reply_json(rq, &out);
}

/* ---- lists ---- */

#define STATION_ITEM_IO(F, O, L)                                                                   \
	F(STR, code, REQ, .max = 60)                                                               \
	F(STR, item, REQ, .max = 60)                                                               \
	F(STR, unit, OPT, .max = 30)                                                               \
	F(STR, factor, OPT, .max = 24)
JSON_STRUCT(station_item_io, STATION_ITEM_IO)
JSON_DEFINE(station_item_io, STATION_ITEM_IO)

#define STATION_BRIEF(F, O, L)                                                                     \
	F(ID, id, REQ)                                                                             \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, region_name, REQ)                                                                   \
	F(STR, kind, REQ)                                                                          \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(ID, object, NUL)                                                                         \
	F(ID, owner, NUL)                                                                          \
	F(STRS, sectors, REQ)                                                                      \
	F(F64, lat, NUL)                                                                           \
	F(F64, lon, NUL)                                                                           \
	F(RAW, attrs, REQ)                                                                         \
	F(DATE, valid_from, REQ)                                                                   \
	F(DATE, valid_to, NUL)                                                                     \
	F(I64, ver, REQ)
JSON_STRUCT(station_brief, STATION_BRIEF)
JSON_DEFINE(station_brief, STATION_BRIEF)

#define STATION_LIST(F, O, L) L(station_brief, items, REQ) F(STR, next, NUL)
JSON_STRUCT(station_list_out, STATION_LIST)
JSON_DEFINE(station_list_out, STATION_LIST)

#define STATION_QUERY(F, O, L)                                                                     \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(ID, object, OPT)                                                                         \
	F(BOOL, ended, OPT)                                                                        \
	PAGE_QUERY(F)
JSON_STRUCT(station_query, STATION_QUERY)
JSON_DEFINE(station_query, STATION_QUERY)

static struct station_brief brief_of(struct ctx *cx, const struct station_list_row *r)
{
	return (struct station_brief){
		.id = r->id, .region = r->region, .region_name = view_str(r->region_name), .kind = r->kind, .name = r->name,
		.name_en = r->name_en, .object = r->object ? r->object : JSON_NONE, .owner = r->owner ? r->owner : JSON_NONE,
		.sectors = sector_ids(cx->a, cx->app->sectors, r->sectors), .lat = r->lat, .lon = r->lon, .attrs = r->attrs,
		.valid_from = r->valid_from_day, .valid_to = r->valid_to_day, .ver = r->ver,
	};
}

static err stations_get(struct req *rq)
{
	const struct station_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct station_list_rows rows;
	struct station_list_out out = { 0 };
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	struct station_list_params p = { .after = q->after == JSON_NONE ? 0 : q->after, .lo = DB_NONE, .hi = DB_NONE,
					 .kind = q->kind.n ? q->kind : (str){ 0 }, .object = q->object == JSON_NONE ? DB_NONE : q->object,
					 .day = q->ended ? DB_NONE : china_day(cx->now_ms), .max = page_limit(q->limit) + 1 };
	if (q->region != JSON_NONE && !region_valid(q->region))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.unknown_region");
	if (q->region != JSON_NONE)
		region_range(q->region, &p.lo, &p.hi);
	if (q->kind.n && !station_kind_find(cx->app->stations, q->kind))
		return FAIL(&cx->fail, BAD_FIELD, "?kind", "err.station.kind", "kind", arena_cstr(cx->a, q->kind));
	TRY(station_list(cx->c, rq->a, &p, &scope, &rows));
	bool more = (int64_t)rows.n == p.max;
	size_t n = more ? rows.n - 1 : rows.n;
	out.items.v = NEW_N(rq->a, struct station_brief, n + 1);
	for (; out.items.n < n; out.items.n++)
		out.items.v[out.items.n] = brief_of(cx, &rows.v[out.items.n]);
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

/* ---- one ---- */

#define STATION_DETAIL(F, O, L)                                                                    \
	STATION_BRIEF(F, O, L)                                                                     \
	F(I64, secret, REQ)                                                                        \
	F(BOOL, can_write, REQ)                                                                    \
	L(station_item_io, items, REQ)
JSON_STRUCT(station_detail, STATION_DETAIL)
JSON_DEFINE(station_detail, STATION_DETAIL)

static err items_out(struct ctx *cx, const struct station *s, struct station_detail *out)
{
	struct station_item *v;
	size_t n;
	char text[24];
	TRY(station_items(cx, s, &v, &n));
	out->items.v = NEW_N(cx->a, struct station_item_io, n + 1);
	for (; out->items.n < n; out->items.n++) {
		const struct station_item *it = &v[out->items.n];
		str factor = arena_str(cx->a, decimal_text(it->factor.m, it->factor.scale, text));
		out->items.v[out->items.n] = (struct station_item_io){ it->code, it->item, it->unit, factor };
	}
	return ERR_OK;
}

static err reply_station(struct req *rq, int64_t id, bool created)
{
	struct ctx *cx = &rq->cx;
	struct station s;
	struct region_name name;
	TRY(station_load(cx, id, &s));
	TRY(region_name_of(cx->c, rq->a, s.region, &name));
	struct station_detail out = {
		.id = s.id, .region = s.region, .region_name = name.name, .kind = s.kind, .name = s.name, .name_en = s.name_en,
		.object = s.object ? s.object : JSON_NONE, .owner = s.owner ? s.owner : JSON_NONE,
		.sectors = sector_ids(rq->a, cx->app->sectors, s.sectors), .lat = s.lat, .lon = s.lon, .attrs = s.attrs,
		.valid_from = s.valid_from_day, .valid_to = s.valid_to_day, .ver = s.ver, .secret = s.secret,
		.can_write = station_may_write(cx, &s) == ERR_OK,
	};
	cx->fail = (struct fail){ 0 };
	TRY(items_out(cx, &s, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err station_get_api(struct req *rq)
{
	int64_t id;
	struct station s;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &s));
	return reply_station(rq, id, false);
}

/* ---- making and changing ---- */

#define STATION_FIELDS(F, O, L)                                                                    \
	F(STR, name_en, OPT, .max = STATION_NAME_MAX)                                              \
	F(ID, object, OPT)                                                                         \
	F(ID, owner, OPT)                                                                          \
	F(STRS, sectors, OPT, .max = 62)                                                           \
	F(I64, secret, OPT, .min = 0, .max = SECRET_MAX)                                           \
	F(F64, lat, OPT)                                                                           \
	F(F64, lon, OPT)                                                                           \
	F(RAW, attrs, OPT, .max = STATION_ATTRS_MAX)                                               \
	F(DATE, valid_from, OPT)                                                                   \
	F(DATE, valid_to, OPT)                                                                     \
	L(station_item_io, items, OPT, .max = STATION_ITEMS_MAX)
#define STATION_IN(F, O, L)                                                                        \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, kind, REQ, .max = 40)                                                               \
	F(STR, name, REQ, .max = STATION_NAME_MAX)                                                 \
	STATION_FIELDS(F, O, L)
JSON_STRUCT(station_in, STATION_IN)
JSON_DEFINE(station_in, STATION_IN)

#define STATION_PATCH(F, O, L)                                                                     \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(STR, name, OPT, .max = STATION_NAME_MAX)                                                 \
	F(STRS, clear, OPT, .max = 10)                                                             \
	STATION_FIELDS(F, O, L)
JSON_STRUCT(station_patch, STATION_PATCH)
JSON_DEFINE(station_patch, STATION_PATCH)

static err take_items(struct ctx *cx, const struct station_item_io *in, size_t n, bool given, struct station_item **ret)
{
	struct station_item *v = NEW_N(cx->a, struct station_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct station_item){ str_trim(in[i].code), str_trim(in[i].item), view_str(in[i].unit), { 1, 0, false } };
		if (in[i].factor.n && !decimal_parse(in[i].factor, &v[i].factor))
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/items/%zu/factor", i).p, "err.station.factor");
	}
	*ret = given ? v : NULL;
	return ERR_OK;
}

static err stations_post(struct req *rq)
{
	const struct station_in *in = rq->body;
	struct station s = { .region = in->region, .kind = in->kind, .name = in->name, .name_en = in->name_en,
			     .object = in->object == JSON_NONE ? 0 : in->object, .owner = in->owner == JSON_NONE ? 0 : in->owner,
			     .secret = in->secret == JSON_NONE ? 0 : in->secret, .lat = in->lat, .lon = in->lon, .attrs = in->attrs,
			     .valid_from_day = in->valid_from, .valid_to_day = in->valid_to };
	struct station_item *items;
	int64_t id;
	if (in->sectors.n)
		TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &s.sectors, &rq->cx.fail));
	TRY(take_items(&rq->cx, in->items.v, in->items.n, in->items.v != NULL, &items));
	TRY(station_put(&rq->cx, &s, items, in->items.n, &id));
	return reply_station(rq, id, true);
}

static bool clears(const struct station_patch *in, str what)
{
	for (size_t i = 0; i < in->clear.n; i++)
		if (str_eq(in->clear.v[i], what))
			return true;
	return false;
}

static void take_links(const struct station_patch *in, struct station *s)
{
	if (in->object != JSON_NONE || clears(in, S("object")))
		s->object = in->object == JSON_NONE ? 0 : in->object;
	if (in->owner != JSON_NONE || clears(in, S("owner")))
		s->owner = in->owner == JSON_NONE ? 0 : in->owner;
	if (!isnan(in->lat) || !isnan(in->lon) || clears(in, S("place"))) {
		s->lat = in->lat;
		s->lon = in->lon;
	}
	if (in->valid_to != JSON_NONE || clears(in, S("valid_to")))
		s->valid_to_day = in->valid_to;
}

static err station_patch_api(struct req *rq)
{
	const struct station_patch *in = rq->body;
	struct station s;
	struct station_item *items;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &s));
	s.ver = in->ver;
	s.name = in->name.p ? in->name : s.name;
	s.name_en = in->name_en.p ? in->name_en : s.name_en;
	s.secret = in->secret != JSON_NONE ? in->secret : s.secret;
	s.attrs = in->attrs.p ? in->attrs : s.attrs;
	s.valid_from_day = in->valid_from != JSON_NONE ? in->valid_from : s.valid_from_day;
	take_links(in, &s);
	if (in->sectors.n)
		TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &s.sectors, &rq->cx.fail));
	TRY(take_items(&rq->cx, in->items.v, in->items.n, in->items.v != NULL, &items));
	TRY(station_change(&rq->cx, &s, items, in->items.n));
	return reply_station(rq, id, false);
}

const struct route station_routes[] = {
	{ "GET", "/api/station-kinds", kinds_get, SLOW, "", NULL, station_kinds_out_json, "Kinds of monitoring stations and what they measure", NULL },
	{ "GET", "/api/stations", stations_get, READ, "sense.read", NULL, station_list_out_json, "Monitoring stations in scope", station_query_json },
	{ "POST", "/api/stations", stations_post, WRITE, "sense.write", station_in_json, station_detail_json, "Enter a station", NULL },
	{ "GET", "/api/stations/{id}", station_get_api, READ, "sense.read", NULL, station_detail_json, "A station and what its codes mean", NULL },
	{ "PATCH", "/api/stations/{id}", station_patch_api, WRITE, "sense.write", station_patch_json, station_detail_json,
	  "Change a station; items replace all; what is left out stays", NULL },
	{ 0 },
};
