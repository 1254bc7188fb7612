/* Making and changing objects: checks, the row, its place on the grid, its words, its event. */
#include "land/object.h"

#include <math.h>
#include <stdio.h>

#include "core/grant.h"
#include "core/ledger.h"
#include "core/org_sql.h"
#include "core/region.h"
#include "core/region_sql.h"
#include "db/bigram.h"
#include "format/geojson.h"
#include "land/object_sql.h"

JSON_DEFINE(object_brief, OBJECT_BRIEF)

static str or_empty(str s)
{
	return s.p ? s : (str){ "", 0 };
}

/* ---- reading ---- */

static struct object object_of(const struct object_row_row *r)
{
	return (struct object){ .region = r->region, .id = r->id, .type = r->type, .no = r->no, .name = r->name,
				.name_en = r->name_en, .owner = r->owner, .sectors = r->sectors, .secret = r->secret,
				.risk = r->risk, .lat = r->lat, .lon = r->lon, .geometry = r->geometry, .level = (int)r->level,
				.attrs = r->attrs, .valid_from_day = r->valid_from_day, .valid_to_day = r->valid_to_day,
				.ver = r->ver };
}

err object_load(struct ctx *cx, int64_t id, struct object *ret)
{
	struct object_row_row row;
	TRY(object_row(cx->c, cx->a, &(struct object_row_params){ .id = id }, &row));
	*ret = object_of(&row);
	return ERR_OK;
}

err object_get(struct ctx *cx, int64_t id, struct object *ret)
{
	struct object_seen_row seen;
	struct db_scope scope = cx_scope(cx, S("object.read"));
	TRY(object_seen(cx->c, cx->a, &(struct object_seen_params){ .id = id }, &scope, &seen));
	return object_load(cx, id, ret);
}

err object_numbered(struct ctx *cx, int64_t region, str type, str no, struct object *ret)
{
	struct object_by_no_row row;
	TRY(object_by_no(cx->c, cx->a, &(struct object_by_no_params){ region, type, no }, &row));
	return object_load(cx, row.id, ret);
}

struct object_brief object_brief_of(const struct object *o)
{
	return (struct object_brief){ o->id, o->name, o->name_en, o->type, o->lat, o->lon, o->risk };
}

/* ---- the place on the map ---- */

struct location {
	double lat, lon;               /* NaN: none */
	struct box box;
	int64_t extent, cell;
	str geometry;
};

static err point_location(struct ctx *cx, const struct object *o, struct location *ret)
{
	struct lonlat p = { o->lon, o->lat };
	if (isnan(p.lat) && isnan(p.lon)) {
		*ret = (struct location){ NAN, NAN, { NAN, NAN, NAN, NAN }, -1, -1, S("") };
		return ERR_OK;
	}
	if (isnan(p.lat) || isnan(p.lon))
		return FAIL(&cx->fail, BAD_FIELD, isnan(p.lat) ? "/lat" : "/lon", "err.required");
	if (!lonlat_valid(p))
		return FAIL(&cx->fail, BAD_FIELD, fabs(p.lat) > 90 ? "/lat" : "/lon", "err.place_range");
	*ret = (struct location){ p.lat, p.lon, { p.lon, p.lat, p.lon, p.lat }, 0, grid_cell(p), S("") };
	return ERR_OK;
}

static err shape_location(struct ctx *cx, const struct shape *s, struct location *ret)
{
	const char *why;
	struct lonlat mid;
	struct buf text = BUF(cx->a);
	if (shape_points(s) > OBJECT_POINTS_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/geometry", "err.geojson.points", "max", "4000");
	if (shape_check(cx->a, s, &why) != ERR_OK || shape_middle(s, &mid) != ERR_OK)
		return FAIL(&cx->fail, BAD_FIELD, "/geometry", "err.shape", "detail", why);
	struct box b = shape_box(s);
	geojson_put(&text, s);
	if (text.n > OBJECT_GEOMETRY_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/geometry", "err.geojson.points", "max", "4000");
	*ret = (struct location){ mid.lat, mid.lon, b, grid_extent(b), grid_cell(mid), buf_str(&text) };
	return ERR_OK;
}

static err check_kind(struct ctx *cx, const struct object_type *ty, enum shape_kind kind)
{
	const char *name = shape_kind_name(kind);
	if (str_eq(ty->geometry, S("any")) || str_eq(ty->geometry, str_of(name)) ||
	    (kind == SHAPE_POINT && !str_eq(ty->geometry, S("point"))))
		return ERR_OK;
	return FAIL(&cx->fail, BAD_FIELD, "/geometry", "err.object.geometry", "type", arena_cstr(cx->a, ty->zh), "kind",
		    arena_cstr(cx->a, ty->geometry));
}

/* A shape that is one point is a point. */
static err locate(struct ctx *cx, const struct object_type *ty, const struct object *o, const struct shape *given,
		  struct location *ret)
{
	struct shape old;
	const struct shape *s = given;
	struct object point = *o;
	if (!s && o->geometry.n) {
		TRY(geojson_geometry(cx->a, o->geometry, "/geometry", OBJECT_POINTS_MAX, &old, &cx->fail));
		s = &old;
	}
	if (s)
		TRY(check_kind(cx, ty, s->kind));
	if (s && (s->kind != SHAPE_POINT || s->n != 1)) {
		TRY(shape_location(cx, s, ret));
	} else {
		if (s) {
			point.lon = s->paths[0].v[0].lon;
			point.lat = s->paths[0].v[0].lat;
		}
		TRY(point_location(cx, &point, ret));
	}
	return isnan(ret->lat) ? ERR_OK : place_check(cx, o->region, ret->lat, ret->lon, "/lat");
}

/* ---- checks ---- */

static err check_region(struct ctx *cx, const struct object *o)
{
	struct region_get_row row;
	const struct region_get_params p = { .code = o->region };
	err e = region_valid(o->region) ? region_get(cx->c, cx->a, &p, &row) : ERR_NOT_FOUND;
	return e == ERR_NOT_FOUND ? FAIL(&cx->fail, BAD_FIELD, "/region", "err.unknown_region") : e;
}

static err check_owner(struct ctx *cx, const struct object *o)
{
	struct org_get_row row;
	if (!o->owner)
		return ERR_OK;
	err e = org_get(cx->c, cx->a, &(struct org_get_params){ .id = o->owner }, &row);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && row.valid_to_day != DB_NONE && row.valid_to_day < china_day(cx->now_ms)))
		return FAIL(&cx->fail, BAD_FIELD, "/owner", "err.unknown_org");
	return e;
}

static err check_words(struct ctx *cx, const struct object *o)
{
	const struct object_types *t = cx->app->objects;
	if (!str_trim(o->name).n)
		return FAIL(&cx->fail, BAD_FIELD, "/name", "err.required");
	if (o->risk.n && !risk_rank(t, o->risk))
		return FAIL(&cx->fail, BAD_FIELD, "/risk", NULL);
	if (o->level < 0 || o->level > REGION_VILLAGE)
		return FAIL(&cx->fail, BAD_FIELD, "/level", NULL);
	if (o->secret < 0 || o->secret > SECRET_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/secret", NULL);
	if (o->valid_from_day != DB_NONE && o->valid_to_day != DB_NONE && o->valid_to_day < o->valid_from_day)
		return FAIL(&cx->fail, BAD_FIELD, "/valid_to", "err.object.valid_order");
	return ERR_OK;
}

/* May the caller write an object with this owner, these sectors, this label? */
static err check_access(struct ctx *cx, const struct object *o)
{
	const struct access_row row = { .region = o->region, .sectors = o->sectors, .secret = o->secret, .parties = &o->owner,
					.nparties = o->owner ? 1 : 0 };
	return !cx->who || cx_allowed(cx, S("object.write"), &row) ? ERR_OK : FAIL(&cx->fail, FORBIDDEN, "", NULL);
}

static err check_all(struct ctx *cx, const struct object *o, const struct object_type **ret_type)
{
	const struct object_type *ty = object_type_find(cx->app->objects, o->type);
	if (!ty)
		return FAIL(&cx->fail, BAD_FIELD, "/type", "err.object.type", "type", arena_cstr(cx->a, o->type));
	TRY(check_region(cx, o));
	TRY(check_words(cx, o));
	TRY(check_owner(cx, o));
	TRY(check_access(cx, o));
	*ret_type = ty;
	return ERR_OK;
}

/* ---- words for the search ---- */

static str search_text(struct ctx *cx, const struct object *o)
{
	const struct object_type *ty = object_type_find(cx->app->objects, o->type);
	str address = S("");
	for (size_t i = 0; ty && i < ty->nattrs; i++)
		if (str_eq(ty->attrs[i].name, S("address")))
			address = attr_text(cx->a, ty, o->attrs, i, true);
	return arena_printf(cx->a, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(o->no), STR_ARG(o->name),
			    STR_ARG(o->name_en), STR_ARG(address));
}

static err put_words(struct ctx *cx, const struct object *o)
{
	str text = search_text(cx, o);
	bool pg = db_conn_engine(cx->c) == DB_PG;
	return object_text_put(cx->c, &(struct object_text_put_params){ o->id, o->region, text,
									pg ? bigram_vector_pg(cx->a, text) : S("") }, NULL);
}

static err replace_words(struct ctx *cx, const struct object *was, const struct object *now)
{
	str old = search_text(cx, was);
	if (str_eq(old, search_text(cx, now)))
		return ERR_OK;
	TRY(object_text_drop(cx->c, &(struct object_text_drop_params){ was->id, old }, NULL));
	return put_words(cx, now);
}

/* ---- the event ---- */

/* Degrees as whole ten-millionths: events carry no fractions. */
static void put_degrees(struct canon *c, const char *key, double v)
{
	if (isnan(v))
		canon_null(c, key);
	else
		canon_i64(c, key, llround(v * 1e7));
}

static void put_day(struct canon *c, const char *key, int64_t day)
{
	if (day == DB_NONE)
		canon_null(c, key);
	else
		canon_i64(c, key, day);
}

static err put_event(struct ctx *cx, const char *kind, const struct object *o, const struct location *l, int64_t ver)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "type", o->type);
	canon_str(&c, "no", o->no);
	canon_str(&c, "name", o->name);
	canon_str(&c, "name_en", o->name_en);
	canon_id(&c, "owner", o->owner);
	canon_id(&c, "sectors", o->sectors);
	canon_i64(&c, "secret", o->secret);
	canon_str(&c, "risk", o->risk);
	canon_i64(&c, "level", o->level);
	put_degrees(&c, "lat_e7", l->lat);
	put_degrees(&c, "lon_e7", l->lon);
	canon_str(&c, "geometry", l->geometry);
	canon_str(&c, "attrs", o->attrs);
	put_day(&c, "from_day", o->valid_from_day);
	put_day(&c, "to_day", o->valid_to_day);
	canon_i64(&c, "ver", ver);
	return ledger_append(cx, o->region, kind, ledger_subject(cx, "object", o->id), canon_end(&c), NULL);
}

/* ---- making ---- */

static err number_free(struct ctx *cx, const struct object *o)
{
	struct object_by_no_row row;
	err e = object_by_no(cx->c, cx->a, &(struct object_by_no_params){ o->region, o->type, o->no }, &row);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && row.id == o->id))
		return ERR_OK;
	TRY(e);
	return FAIL(&cx->fail, CONFLICT, "/no", "err.object.no_taken", "no", arena_cstr(cx->a, o->no));
}

/* "140109006-gas-station-0007": the code without its empty levels. Numbers that somebody gave by hand are passed over. */
static err own_number(struct ctx *cx, struct object *o)
{
	static const int digits[] = { 0, 2, 4, 6, 9, 12 };
	struct object_count_up_row n;
	struct object_by_no_row row;
	int keep = digits[region_level(o->region)];
	str code = arena_printf(cx->a, "%012lld", (long long)o->region);
	err e = o->no.n ? ERR_NOT_FOUND : ERR_OK;
	while (e == ERR_OK) {
		TRY(object_count_up(cx->c, cx->a, &(struct object_count_up_params){ o->region, o->type }, &n));
		o->no = arena_printf(cx->a, "%.*s-" STR_FMT "-%04lld", keep, code.p, STR_ARG(o->type), (long long)n.last);
		e = object_by_no(cx->c, cx->a, &(struct object_by_no_params){ o->region, o->type, o->no }, &row);
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void fill_in(struct object *o, const struct object_type *ty)
{
	o->no = str_trim(or_empty(o->no));
	o->name = str_trim(o->name);
	o->name_en = o->name_en.n ? o->name_en : o->name;
	o->risk = or_empty(o->risk);
	if (!o->sectors && ty)
		o->sectors = ty->sectors;
}

err object_put(struct ctx *cx, const struct object *in, const struct shape *shape, int64_t *ret_id)
{
	struct object o = *in;
	struct location l;
	const struct object_type *ty;
	fill_in(&o, object_type_find(cx->app->objects, o.type));
	TRY(check_all(cx, &o, &ty));
	TRY(attrs_check(cx->a, ty, o.attrs, &o.attrs, &cx->fail));
	o.geometry = S("");
	TRY(locate(cx, ty, &o, shape, &l));
	o.id = new_id(cx);
	TRY(number_free(cx, &o));
	TRY(own_number(cx, &o));
	o.lat = l.lat;
	o.lon = l.lon;
	const struct object_insert_params p = {
		.region = o.region, .id = o.id, .type = o.type, .no = o.no, .name = o.name, .name_en = o.name_en,
		.owner = o.owner, .sectors = o.sectors, .secret = o.secret, .county = o.region / 1000000, .risk = o.risk,
		.level = o.level, .lat = l.lat, .lon = l.lon, .west = l.box.west, .south = l.box.south, .east = l.box.east,
		.north = l.box.north, .extent = l.extent, .cell = l.cell, .geometry = l.geometry, .attrs = o.attrs,
		.valid_from_day = o.valid_from_day, .valid_to_day = o.valid_to_day,
	};
	TRY(object_insert(cx->c, &p, NULL));
	TRY(put_words(cx, &o));
	TRY(put_event(cx, "object.create", &o, &l, 1));
	*ret_id = o.id;
	return ERR_OK;
}

/* ---- changing ---- */

static err stale(struct ctx *cx, int64_t ver)
{
	return FAIL(&cx->fail, STALE, "/ver", "err.stale", "ver", arena_printf(cx->a, "%lld", (long long)ver).p);
}

/* What the object was and what it becomes must both be the caller's to write. */
err object_change(struct ctx *cx, const struct object *in, const struct shape *shape)
{
	struct object was, o = *in;
	struct location l;
	const struct object_type *ty;
	int64_t changed;
	TRY(object_load(cx, o.id, &was));
	o.region = was.region;
	o.type = was.type;
	if (was.ver != o.ver)
		return stale(cx, was.ver);
	TRY(check_access(cx, &was));
	fill_in(&o, object_type_find(cx->app->objects, o.type));
	if (!o.no.n)
		o.no = was.no;
	TRY(check_all(cx, &o, &ty));
	TRY(attrs_check(cx->a, ty, o.attrs, &o.attrs, &cx->fail));
	TRY(locate(cx, ty, &o, shape, &l));
	TRY(number_free(cx, &o));
	const struct object_update_params p = {
		.region = o.region, .id = o.id, .ver = o.ver, .no = o.no, .name = o.name, .name_en = o.name_en, .owner = o.owner,
		.sectors = o.sectors, .secret = o.secret, .risk = o.risk, .level = o.level, .lat = l.lat, .lon = l.lon,
		.west = l.box.west, .south = l.box.south, .east = l.box.east, .north = l.box.north, .extent = l.extent,
		.cell = l.cell, .geometry = l.geometry, .attrs = o.attrs, .valid_from_day = o.valid_from_day,
		.valid_to_day = o.valid_to_day,
	};
	TRY(object_update(cx->c, &p, &changed));
	if (!changed)
		return stale(cx, was.ver);
	TRY(replace_words(cx, &was, &o));
	return put_event(cx, "object.change", &o, &l, o.ver + 1);
}
