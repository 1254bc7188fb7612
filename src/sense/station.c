/* Making and changing stations: checks, the row, what their codes mean, the event. */
#include "sense/station.h"

#include <math.h>

#include "core/grant.h"
#include "core/ledger.h"
#include "core/org_sql.h"
#include "core/region.h"
#include "core/region_sql.h"
#include "geo/place.h"
#include "land/object.h"
#include "sense/station_sql.h"

static str or_empty(str s)
{
	return s.p ? s : (str){ "", 0 };
}

/* ---- reading ---- */

err station_load(struct ctx *cx, int64_t id, struct station *ret)
{
	struct station_row_row r;
	TRY(station_row(cx->c, cx->a, &(struct station_row_params){ id }, &r));
	*ret = (struct station){ r.region, r.id, r.kind, r.name, r.name_en, r.object, r.owner, r.sectors, r.secret,
				 r.lat, r.lon, r.attrs, r.valid_from_day, r.valid_to_day, r.ver };
	return ERR_OK;
}

err station_get(struct ctx *cx, int64_t id, struct station *ret)
{
	struct station_seen_row seen;
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	TRY(station_seen(cx->c, cx->a, &(struct station_seen_params){ id }, &scope, &seen));
	return station_load(cx, id, ret);
}

err station_may_write(struct ctx *cx, const struct station *s)
{
	const struct access_row row = { .region = s->region, .sectors = s->sectors, .secret = s->secret, .parties = &s->owner,
					.nparties = s->owner ? 1 : 0 };
	return !cx->who || cx_allowed(cx, S("sense.write"), &row) ? ERR_OK : FAIL(&cx->fail, FORBIDDEN, "", NULL);
}

err station_items(struct ctx *cx, const struct station *s, struct station_item **ret, size_t *ret_n)
{
	struct station_item_list_rows rows;
	TRY(station_item_list(cx->c, cx->a, &(struct station_item_list_params){ s->region, s->id }, &rows));
	struct station_item *v = NEW_N(cx->a, struct station_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		v[i] = (struct station_item){ rows.v[i].code, rows.v[i].item, rows.v[i].unit, { 1, 0, false } };
		if (!decimal_parse(rows.v[i].factor, &v[i].factor))
			return ERR_CORRUPT;
	}
	*ret = v;
	*ret_n = rows.n;
	return ERR_OK;
}

struct station_item station_item_of(const struct station_kinds *k, const struct station *s, const struct station_item *v, size_t n, str code)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].code, code))
			return v[i];
	const struct station_kind *kind = station_kind_find(k, s->kind);
	const struct item_kind *it = item_kind_find(k, kind, code);
	if (it && kind && str_eq(it->medium, kind->medium))
		return (struct station_item){ code, it->id, it->unit, { 1, 0, false } };
	return (struct station_item){ code, code, S(""), { 1, 0, false } };
}

struct decimal decimal_times(struct decimal v, struct decimal by)
{
	struct decimal out = { 0, v.scale + by.scale, v.more };
	__int128 m = (__int128)v.m * by.m;
	while (out.scale > 0 && (m % 10 == 0 || out.scale > 18 || m > INT64_MAX || m < -INT64_MAX)) {
		out.more |= m % 10 != 0;
		m /= 10;
		out.scale--;
	}
	out.m = m > INT64_MAX ? INT64_MAX : m < -INT64_MAX ? -INT64_MAX : (int64_t)m;
	return out;
}

/* ---- checks ---- */

static err check_region(struct ctx *cx, const struct station *s)
{
	struct region_get_row row;
	err e = region_valid(s->region) ? region_get(cx->c, cx->a, &(struct region_get_params){ .code = s->region }, &row) : ERR_NOT_FOUND;
	return e == ERR_NOT_FOUND ? FAIL(&cx->fail, BAD_FIELD, "/region", "err.unknown_region") : e;
}

static err check_links(struct ctx *cx, const struct station *s)
{
	struct object o;
	struct org_get_row org;
	err e = s->object ? (cx->who ? object_get(cx, s->object, &o) : object_load(cx, s->object, &o)) : ERR_OK;
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/object", "err.station.object");
	TRY(e);
	e = s->owner ? org_get(cx->c, cx->a, &(struct org_get_params){ .id = s->owner }, &org) : ERR_OK;
	return e == ERR_NOT_FOUND ? FAIL(&cx->fail, BAD_FIELD, "/owner", "err.unknown_org") : e;
}

static err check_place(struct ctx *cx, const struct station *s)
{
	struct lonlat p = { s->lon, s->lat };
	if (isnan(s->lat) && isnan(s->lon))
		return ERR_OK;
	if (isnan(s->lat) || isnan(s->lon))
		return FAIL(&cx->fail, BAD_FIELD, isnan(s->lat) ? "/lat" : "/lon", "err.required");
	if (!lonlat_valid(p))
		return FAIL(&cx->fail, BAD_FIELD, fabs(s->lat) > 90 ? "/lat" : "/lon", "err.place_range");
	return place_check(cx, s->region, s->lat, s->lon, "/lat");
}

static err check_item(struct ctx *cx, const struct station_item *v, size_t i)
{
	const char *at = arena_printf(cx->a, "/items/%zu", i).p;
	if (!v[i].code.n || !v[i].item.n)
		return FAIL(&cx->fail, BAD_FIELD, at, "err.required");
	if (v[i].factor.m == 0)
		return FAIL(&cx->fail, BAD_FIELD, at, "err.station.factor");
	for (size_t k = 0; k < i; k++)
		if (str_eq(v[k].code, v[i].code))
			return FAIL(&cx->fail, BAD_FIELD, at, "err.station.code_twice", "code", arena_cstr(cx->a, v[i].code));
	return ERR_OK;
}

static err check(struct ctx *cx, const struct station *s, const struct station_item *items, size_t n)
{
	if (!station_kind_find(cx->app->stations, s->kind))
		return FAIL(&cx->fail, BAD_FIELD, "/kind", "err.station.kind", "kind", arena_cstr(cx->a, s->kind));
	if (!str_trim(s->name).n)
		return FAIL(&cx->fail, BAD_FIELD, "/name", "err.required");
	if (s->secret < 0 || s->secret > SECRET_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/secret", NULL);
	if (s->valid_to_day != DB_NONE && s->valid_to_day < s->valid_from_day)
		return FAIL(&cx->fail, BAD_FIELD, "/valid_to", "err.object.valid_order");
	TRY(check_region(cx, s));
	TRY(station_may_write(cx, s));
	TRY(check_place(cx, s));
	TRY(check_links(cx, s));
	for (size_t i = 0; i < n; i++)
		TRY(check_item(cx, items, i));
	return ERR_OK;
}

/* ---- writing ---- */

static str factor_text(struct arena *a, struct decimal d)
{
	char text[24];
	return arena_str(a, decimal_text(d.m, d.scale, text));
}

static err put_items(struct ctx *cx, const struct station *s, const struct station_item *v, size_t n)
{
	TRY(station_items_drop(cx->c, &(struct station_items_drop_params){ s->region, s->id }, NULL));
	for (size_t i = 0; i < n; i++)
		TRY(station_item_insert(cx->c,
					&(struct station_item_insert_params){ s->region, s->id, v[i].code, v[i].item, or_empty(v[i].unit),
									      factor_text(cx->a, v[i].factor) },
					NULL));
	return ERR_OK;
}

static void put_degrees(struct canon *c, const char *key, double v)
{
	if (isnan(v))
		canon_null(c, key);
	else
		canon_i64(c, key, llround(v * 1e7)); /* events carry no fractions */
}

static void put_event_items(struct ctx *cx, struct canon *c, const struct station_item *v, size_t n)
{
	canon_list(c, "items");
	for (size_t i = 0; i < n; i++)
		canon_str(c, NULL,
			  arena_printf(cx->a, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(v[i].code), STR_ARG(v[i].item),
				       STR_ARG(factor_text(cx->a, v[i].factor)), STR_ARG(or_empty(v[i].unit))));
	canon_close(c);
}

static err put_event(struct ctx *cx, const char *kind, const struct station *s, const struct station_item *items, size_t n)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "kind", s->kind);
	canon_str(&c, "name", s->name);
	canon_str(&c, "name_en", s->name_en);
	canon_id(&c, "object", s->object);
	canon_id(&c, "owner", s->owner);
	canon_id(&c, "sectors", s->sectors);
	canon_i64(&c, "secret", s->secret);
	put_degrees(&c, "lat_e7", s->lat);
	put_degrees(&c, "lon_e7", s->lon);
	canon_str(&c, "attrs", s->attrs);
	canon_i64(&c, "from_day", s->valid_from_day);
	if (s->valid_to_day == DB_NONE)
		canon_null(&c, "to_day");
	else
		canon_i64(&c, "to_day", s->valid_to_day);
	canon_i64(&c, "ver", s->ver);
	if (items)
		put_event_items(cx, &c, items, n);
	return ledger_append(cx, s->region, kind, ledger_subject(cx, "station", s->id), canon_end(&c), NULL);
}

static void fill_in(struct ctx *cx, struct station *s)
{
	const struct station_kind *k = station_kind_find(cx->app->stations, s->kind);
	s->name = str_trim(or_empty(s->name));
	s->name_en = s->name_en.n ? s->name_en : s->name;
	s->attrs = s->attrs.n ? s->attrs : S("{}");
	if (!s->sectors && k)
		s->sectors = k->sectors;
	if (s->valid_from_day == DB_NONE)
		s->valid_from_day = china_day(cx->now_ms);
}

err station_put(struct ctx *cx, const struct station *in, const struct station_item *items, size_t n, int64_t *ret_id)
{
	struct station s = *in;
	fill_in(cx, &s);
	TRY(check(cx, &s, items, n));
	s.id = new_id(cx);
	s.ver = 1;
	const struct station_insert_params p = { s.region, s.id, s.kind, s.name, s.name_en, s.object, s.owner, s.sectors,
						 s.secret, s.lat, s.lon, s.attrs, s.valid_from_day, s.valid_to_day };
	TRY(station_insert(cx->c, &p, NULL));
	if (items)
		TRY(put_items(cx, &s, items, n));
	TRY(put_event(cx, "station.create", &s, items, n));
	*ret_id = s.id;
	return ERR_OK;
}

static err stale(struct ctx *cx, int64_t ver)
{
	return FAIL(&cx->fail, STALE, "/ver", "err.stale", "ver", arena_printf(cx->a, "%lld", (long long)ver).p);
}

err station_change(struct ctx *cx, const struct station *in, const struct station_item *items, size_t n)
{
	struct station was, s = *in;
	int64_t changed;
	TRY(station_load(cx, s.id, &was));
	s.region = was.region;
	s.kind = was.kind;
	if (was.ver != s.ver)
		return stale(cx, was.ver);
	TRY(station_may_write(cx, &was));
	fill_in(cx, &s);
	TRY(check(cx, &s, items, n));
	const struct station_update_params p = { s.region, s.id, s.ver, s.name, s.name_en, s.object, s.owner, s.sectors,
						 s.secret, s.lat, s.lon, s.attrs, s.valid_from_day, s.valid_to_day };
	TRY(station_update(cx->c, &p, &changed));
	if (!changed)
		return stale(cx, was.ver);
	if (items)
		TRY(put_items(cx, &s, items, n));
	s.ver++;
	return put_event(cx, "station.change", &s, items, n);
}
