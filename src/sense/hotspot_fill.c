/* Cells from stations: means of a period by the counting rules, then inverse distance. */
#include <math.h>
#include <stdlib.h>

#include "base/json_tree.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "core/region.h"
#include "format/limits.h"
#include "sense/ambient.h"
#include "sense/hotspot.h"
#include "sense/hotspot_sql.h"
#include "sense/station_sql.h"

enum { FILL_STATIONS_MAX = 5000 };

struct filling {
	struct ctx *cx;
	struct grid_fill *f;
	struct hot_params hp;
	struct hot_item item;
	enum air_item air;
	struct validity val;
	double o3_limit;
	int64_t first, days;         /* of the period, up to today */
	struct idw_point *points;
	struct territory land;
};

/* ---- what the stations say ---- */

static bool air_item_of(str id, enum air_item *ret)
{
	for (int i = 0; i < AIR_COUNT; i++)
		if (str_eq(id, str_of(air_item_name((enum air_item)i)))) {
			*ret = (enum air_item)i;
			return true;
		}
	return false;
}

static err open_filling(struct filling *x, const struct grid_key *key, struct period p)
{
	struct ctx *cx = x->cx;
	struct evaluation ev;
	int64_t last, today = china_day(cx->now_ms);
	TRY(hot_params_read(cx, &x->hp));
	TRY(hot_item_find(cx, key->item, "/item", &x->item));
	if (!air_item_of(key->item, &x->air))
		return FAIL(&cx->fail, BAD_FIELD, "/item", "err.grid.item");
	period_days(p, &x->first, &last);
	if (x->first > today)
		return FAIL(&cx->fail, BAD_FIELD, "/period", "err.grid.future");
	x->days = (last < today ? last : today) - x->first + 1;
	TRY(validity_read(cx->app->catalog, cx->a, S("validity/gb3095"), x->first, &x->val, &cx->fail));
	TRY(evaluation_read(cx->app->catalog, cx->a, S(""), x->first, 2, &ev, &cx->fail));
	x->o3_limit = ev.limits.day[AIR_O3];
	x->f->rule = (struct idw_rule){ x->hp.idw_power, x->hp.idw_radius, (size_t)fmax(x->hp.idw_min, 1) };
	x->f->days_needed = (int64_t)ceil(x->hp.idw_days * (double)x->days);
	x->f->days_needed = x->f->days_needed < 1 ? 1 : x->f->days_needed;
	return grid_meridian(cx, &x->f->meridian);
}

/* The mean of its valid days. */
static err station_mean(struct filling *x, struct fill_station *s, struct arena *a)
{
	struct ambient_hours h;
	size_t days = (size_t)x->days;
	struct ambient_value *v = NEW_N(a, struct ambient_value, days * AIR_COUNT);
	double sum = 0;
	TRY(ambient_hours(x->cx->app->series, a, s->id, china_day_start_ms(x->first), china_day_end_ms(x->first + x->days - 1) + 1, &h, &x->cx->fail));
	ambient_days(&x->val, &h, x->first, days, x->o3_limit, v);
	for (size_t d = 0; d < days; d++) {
		const struct ambient_value *one = &v[(size_t)x->air * days + d];
		if (!one->has || !one->valid)
			continue;
		sum += decimal_f64(one->v);
		s->days++;
	}
	s->value = s->days ? sum / (double)s->days : NAN;
	return ERR_OK;
}

static int used_first(const void *pa, const void *pb)
{
	const struct fill_station *a = pa, *b = pb;
	if (!a->why != !b->why)
		return a->why ? 1 : -1;
	return (a->id > b->id) - (a->id < b->id);
}

static err take_stations(struct filling *x, str kind)
{
	struct ctx *cx = x->cx;
	struct station_list_rows rows;
	struct db_scope_range all = { .sectors = -1, .secret = INT64_MAX };
	struct db_scope scope = cx->who ? cx_scope(cx, S("sense.write")) : (struct db_scope){ 1, &all };
	struct station_list_params p = { .kind = kind, .object = DB_NONE, .day = x->first + x->days - 1, .max = FILL_STATIONS_MAX };
	AUTO(arena_drop) struct arena *a = arena_new();
	struct grid_fill *f = x->f;
	region_range(cx->app->home_region, &p.lo, &p.hi);
	all.lo = p.lo; /* what is made by itself sees the whole territory */
	all.hi = p.hi;
	TRY(station_list(cx->c, cx->a, &p, &scope, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct station_list_row *r = &rows.v[i];
		struct fill_station s = { .id = r->id, .name = r->name, .name_en = r->name_en, .at = { r->lon, r->lat }, .value = NAN, .estimate = NAN };
		if (!lonlat_valid(s.at)) {
			s.why = "grid.fill.no_place";
		} else {
			TRY(station_mean(x, &s, a));
			arena_reset(a);
			s.why = !s.days ? "grid.fill.no_values" : s.days < f->days_needed ? "grid.fill.few_days" : NULL;
		}
		f->used += s.why == NULL;
		vec_push(cx->a, &f->stations, s);
	}
	if (f->stations.n)
		qsort(f->stations.v, f->stations.n, sizeof *f->stations.v, used_first);
	if (f->used < f->rule.least)
		return FAIL(&cx->fail, GUARD, "", "err.grid.few_stations", "n", arena_printf(cx->a, "%zu", f->used).p, "least",
			    arena_printf(cx->a, "%zu", f->rule.least).p);
	return ERR_OK;
}

static struct idw_point point_of(double meridian, struct lonlat at, double value)
{
	struct metres m = tm_from_lonlat(meridian, at);
	return (struct idw_point){ m.east, m.north, value };
}

static void leave_one_out(struct filling *x)
{
	struct grid_fill *f = x->f;
	double *estimates = NEW_N(x->cx->a, double, f->used + 1);
	x->points = NEW_N(x->cx->a, struct idw_point, f->used + 1);
	for (size_t i = 0; i < f->used; i++)
		x->points[i] = point_of(f->meridian, f->stations.v[i].at, f->stations.v[i].value);
	f->errors = idw_leave_one_out(&f->rule, x->points, f->used, estimates);
	for (size_t i = 0; i < f->used; i++)
		f->stations.v[i].estimate = estimates[i];
}

/* ---- cells ---- */

/* Columns and rows within reach of a station, which is all that can have a value. */
struct reach {
	int64_t col0, col1, row0, row1;
};
static struct reach reach_of(const struct filling *x, int64_t size)
{
	struct reach r = { INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < x->f->used; i++) {
		double d = x->f->rule.radius, s = (double)size;
		int64_t c0 = (int64_t)floor((x->points[i].x - d) / s), c1 = (int64_t)floor((x->points[i].x + d) / s);
		int64_t r0 = (int64_t)floor((x->points[i].y - d) / s), r1 = (int64_t)floor((x->points[i].y + d) / s);
		r.col0 = c0 < r.col0 ? c0 : r.col0;
		r.col1 = c1 > r.col1 ? c1 : r.col1;
		r.row0 = r0 < r.row0 ? r0 : r.row0;
		r.row1 = r1 > r.row1 ? r1 : r.row1;
	}
	return r;
}

static void fill_cell(struct filling *x, struct cell_id c)
{
	struct idw_value v;
	double s = (double)c.size;
	if (!idw_at(&x->f->rule, x->points, x->f->used, SIZE_MAX, ((double)c.col + 0.5) * s, ((double)c.row + 0.5) * s, NULL, &v))
		return;
	int64_t region = territory_cell(&x->land, c);
	if (region)
		vec_push(x->cx->a, &x->f->batch.cells, (struct grid_input){ region, cell_pack(c), v.v, v.spread, (int64_t)v.n });
}

static err fill_cells(struct filling *x)
{
	int64_t size = x->f->batch.key.size;
	struct reach r = reach_of(x, size);
	int64_t wide = r.col1 - r.col0 + 1, high = r.row1 - r.row0 + 1;
	if (wide > HOT_RASTER_MAX || high > HOT_RASTER_MAX || wide * high > HOT_RASTER_MAX)
		return refuse_count(&x->cx->fail, "err.grid.raster", HOT_RASTER_MAX);
	TRY(territory_open(x->cx, &x->land));
	for (int64_t col = r.col0; col <= r.col1; col++)
		for (int64_t row = r.row0; row <= r.row1; row++)
			if (col >= 0 && row >= 0)
				fill_cell(x, (struct cell_id){ size, col, row });
	territory_close(&x->land);
	return ERR_OK;
}

err grid_fill_make(struct ctx *cx, const struct grid_key *key, struct period p, struct grid_fill *ret)
{
	struct filling x = { .cx = cx, .f = ret };
	str kind;
	*ret = (struct grid_fill){ .batch = { .key = *key, .period = p, .method = S("idw"), .note = S("") } };
	TRY(hot_source_find(cx, key->source, "/source", &kind));
	if (!kind.n)
		return FAIL(&cx->fail, BAD_FIELD, "/source", "err.grid.no_stations");
	TRY(open_filling(&x, key, p));
	TRY(take_stations(&x, kind));
	leave_one_out(&x);
	return fill_cells(&x);
}

/* ---- into the store, and out again ---- */

static str exact(struct ctx *cx, double v)
{
	return isnan(v) ? (str){ 0 } : arena_printf(cx->a, "%.17g", v);
}

static void put_stations(struct ctx *cx, struct canon *c, const struct grid_fill *f)
{
	canon_list(c, "stations");
	for (size_t i = 0; i < f->used; i++) {
		const struct fill_station *s = &f->stations.v[i];
		canon_object(c, NULL);
		canon_id(c, "id", s->id);
		canon_str(c, "name", s->name);
		canon_str(c, "name_en", s->name_en);
		canon_str(c, "lon", exact(cx, s->at.lon));
		canon_str(c, "lat", exact(cx, s->at.lat));
		canon_str(c, "value", exact(cx, s->value));
		canon_i64(c, "days", s->days);
		canon_close(c);
	}
	canon_close(c);
}

err grid_fill_store(struct ctx *cx, const struct grid_fill *f, int64_t *ret_id)
{
	struct canon c;
	int64_t id;
	TRY(hot_frame_put(cx->c, &(struct hot_frame_put_params){ cx->app->home_region, f->meridian }, NULL));
	canon_begin(&c, cx->a);
	canon_list(&c, "sets");
	TRY(grid_store_set(cx, &f->batch, &c, &id));
	canon_close(&c);
	canon_str(&c, "method", f->batch.method);
	canon_str(&c, "power", exact(cx, f->rule.power));
	canon_str(&c, "radius", exact(cx, f->rule.radius));
	canon_i64(&c, "least", (int64_t)f->rule.least);
	canon_str(&c, "rmse", exact(cx, f->errors.rmse));
	canon_str(&c, "hash", grid_values_hash(cx, &f->batch, 1));
	put_stations(cx, &c, f);
	TRY(ledger_append(cx, cx->app->home_region, "grid.fill", ledger_subject(cx, "grid", id), canon_end(&c), NULL));
	*ret_id = id;
	return ERR_OK;
}

static double number_at(const struct json_node *o, str key)
{
	const struct json_node *n = json_tree_get(o, key);
	double v;
	return n && str_to_f64(n->text, &v) ? v : NAN;
}

static str text_at(const struct json_node *o, str key)
{
	const struct json_node *n = json_tree_get(o, key);
	return n ? n->text : S("");
}

static int weightiest(const void *pa, const void *pb)
{
	const struct cell_maker *a = pa, *b = pb;
	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return (a->station > b->station) - (a->station < b->station);
}

static size_t weigh(struct ctx *cx, const struct json_node *data, double meridian, struct cell_id cell, struct cell_maker *out)
{
	const struct json_node *stations = json_tree_get(data, S("stations"));
	struct idw_rule rule = { number_at(data, S("power")), number_at(data, S("radius")), (size_t)number_at(data, S("least")) };
	struct idw_point *points = NEW_N(cx->a, struct idw_point, stations->n + 1);
	double *weights = NEW_N(cx->a, double, stations->n + 1), s = (double)cell.size, x = ((double)cell.col + 0.5) * s, y = ((double)cell.row + 0.5) * s;
	struct idw_value v;
	size_t n = 0;
	for (size_t i = 0; i < stations->n; i++) {
		const struct json_node *o = &stations->v[i];
		points[i] = point_of(meridian, (struct lonlat){ number_at(o, S("lon")), number_at(o, S("lat")) }, number_at(o, S("value")));
	}
	if (!idw_at(&rule, points, stations->n, SIZE_MAX, x, y, weights, &v))
		return 0;
	for (size_t i = 0; i < stations->n; i++) {
		const struct json_node *o = &stations->v[i];
		struct cell_maker m = { .name = text_at(o, S("name")), .name_en = text_at(o, S("name_en")), .value = points[i].v, .weight = weights[i],
					.metres = hypot(points[i].x - x, points[i].y - y) };
		if (weights[i] > 0 && str_to_i64(text_at(o, S("id")), &m.station))
			out[n++] = m;
	}
	qsort(out, n, sizeof *out, weightiest);
	return n;
}

err grid_fill_makers(struct ctx *cx, int64_t set, double meridian, struct cell_id cell, struct cell_maker **ret, size_t *ret_n)
{
	struct hot_fill_event_row row;
	struct json_node body;
	*ret_n = 0;
	*ret = NULL;
	err e = hot_fill_event(cx->c, cx->a, &(struct hot_fill_event_params){ cx->app->home_region, ledger_subject(cx, "grid", set) }, &row);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	TRY(json_tree(cx->a, row.body, &body, &cx->fail));
	const struct json_node *data = json_tree_get(&body, S("data")), *stations = data ? json_tree_get(data, S("stations")) : NULL;
	if (!stations || stations->kind != NODE_LIST)
		return ERR_OK;
	*ret = NEW_N(cx->a, struct cell_maker, stations->n + 1);
	*ret_n = weigh(cx, data, meridian, cell, *ret);
	return ERR_OK;
}
