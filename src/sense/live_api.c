/* What a board of stations shows at a glance: the newest values, the index or class they make, open alarms. */
#include <math.h>

#include "core/grant.h"
#include "core/region.h"
#include "core/views.h"
#include "sense/air.h"
#include "sense/alarm_sql.h"
#include "sense/reading.h"
#include "sense/routes.h"
#include "sense/series.h"
#include "sense/station.h"
#include "sense/station_sql.h"
#include "sense/surface_water.h"
#include "sense/validity.h"

enum { PART_LEAST = 2 }; /* one item alone makes no picture of the air */

#define LIVE_QUERY(F, O, L)                                                                        \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(ID, station, OPT)                                                                        \
	PAGE_QUERY(F)
JSON_STRUCT(live_query, LIVE_QUERY)
JSON_DEFINE(live_query, LIVE_QUERY)

/* counts: its flag lets it count. */
#define LIVE_VALUE(F, O, L)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, unit, REQ)                                                                          \
	F(STR, kind, REQ)                                                                          \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	F(F64, value, NUL)                                                                         \
	F(STR, flag, REQ)                                                                          \
	F(BOOL, counts, REQ)
JSON_STRUCT(live_value, LIVE_VALUE)
JSON_DEFINE(live_value, LIVE_VALUE)

/* is: "aqi" of an air station; "part" the greatest sub-index of what a micro-station or a station with gaps has, which is no index;
 * "water" a class. items: primary pollutants, or the worst items. */
#define LIVE_INDEX(F, O, L)                                                                        \
	F(ENUM, is, REQ, .options = "aqi|part|water")                                              \
	F(STR, edition, REQ)                                                                       \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	F(I64, value, NUL)                                                                         \
	F(I64, level, REQ)                                                                         \
	F(STR, name, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, rgb, REQ)                                                                           \
	F(STRS, items, REQ)                                                                        \
	F(STRS, missing, REQ)
JSON_STRUCT(live_index, LIVE_INDEX)
JSON_DEFINE(live_index, LIVE_INDEX)

#define LIVE_STATION(F, O, L)                                                                      \
	F(ID, id, REQ)                                                                             \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, region_name, REQ)                                                                   \
	F(STR, kind, REQ)                                                                          \
	F(STR, medium, REQ)                                                                        \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(ID, object, NUL)                                                                         \
	F(F64, lat, NUL)                                                                           \
	F(F64, lon, NUL)                                                                           \
	F(I64, at_ms, NUL, .format = "date-time-ms")                                               \
	F(I64, until_ms, NUL, .format = "date-time-ms")                                            \
	F(I64, exceedances, REQ)                                                                   \
	F(I64, doubtful, REQ)                                                                      \
	F(I64, notices, REQ)                                                                       \
	O(live_index, index, NUL)                                                                  \
	L(live_value, values, REQ, .max = 500)
JSON_STRUCT(live_station, LIVE_STATION)
JSON_DEFINE(live_station, LIVE_STATION)

#define LIVE_OUT(F, O, L) F(I64, now_ms, REQ, .format = "date-time-ms") L(live_station, items, REQ) F(STR, next, NUL)
JSON_STRUCT(live_out, LIVE_OUT)
JSON_DEFINE(live_out, LIVE_OUT)

struct board {
	struct ctx *cx;
	struct air_edition air;
	struct water_edition water;
	struct rows water_classes;
	struct validity val;
};

static err open_board(struct ctx *cx, struct board *b)
{
	const struct catalog *c = cx->app->catalog;
	int64_t day = china_day(cx->now_ms);
	str id;
	b->cx = cx;
	TRY(validity_read(c, cx->a, S("validity/gb3095"), day, &b->val, &cx->fail));
	TRY(edition_on(c, cx->a, S("aqi/hj633"), day, &id, &cx->fail));
	TRY(air_edition_read(c, cx->a, id, &b->air, &cx->fail));
	TRY(edition_on(c, cx->a, S("water/gb3838"), day, &id, &cx->fail));
	TRY(water_edition_read(c, cx->a, id, &b->water, &cx->fail));
	return edition_table(c, cx->a, id, "classes.tsv", &b->water_classes, &cx->fail);
}

/* ---- values ---- */

/* What was measured for an instant or an hour; days and states of devices stand elsewhere. */
static bool is_shown(enum series_kind k)
{
	return k == SERIES_REAL || k == SERIES_MINUTE || k == SERIES_HOUR || k == SERIES_HOUR_OWN;
}

static struct latest *newest_of(struct arena *a, const struct latest *v, size_t n, size_t *ret_n)
{
	struct latest *out = NEW_N(a, struct latest, n + 1);
	size_t m = 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		if (!is_shown(v[i].kind) || !v[i].item)
			continue;
		while (k < m && out[k].item != v[i].item)
			k++;
		if (k == m || v[i].at_ms > out[k].at_ms)
			out[k] = v[i];
		m += k == m;
	}
	*ret_n = m;
	return out;
}

static int64_t length_of(enum series_kind k)
{
	return k == SERIES_HOUR || k == SERIES_HOUR_OWN ? 3600000 : k == SERIES_MINUTE ? 60000 : 0;
}

static void put_values(const struct board *b, const struct station_kind *kind, const struct latest *v, size_t n, struct live_station *out)
{
	struct ctx *cx = b->cx;
	out->values.v = NEW_N(cx->a, struct live_value, n + 1);
	for (size_t i = 0; i < n; i++) {
		str code = series_item_code(cx->app->series, v[i].item);
		const struct item_kind *it = item_kind_find(cx->app->stations, kind, code);
		out->values.v[out->values.n++] = (struct live_value){
			code, it ? it->zh : code, it ? it->en : code, it ? view_str(it->unit) : S(""), str_of(series_kind_name(v[i].kind)),
			v[i].at_ms, v[i].value, v[i].flag == ' ' ? S("") : arena_printf(cx->a, "%c", v[i].flag),
			b->val.counts[(unsigned char)v[i].flag] && isfinite(v[i].value) };
		if (out->at_ms == JSON_NONE || v[i].at_ms > out->at_ms) {
			out->at_ms = v[i].at_ms;
			out->until_ms = v[i].at_ms + length_of(v[i].kind);
		}
	}
}

/* ---- what they make ---- */

static struct json_strs air_names(struct arena *a, uint32_t mask)
{
	struct json_strs out = { NEW_N(a, str, AIR_COUNT), 0 };
	for (int i = 0; i < AIR_COUNT; i++)
		if (mask >> i & 1)
			out.v[out.n++] = str_of(air_item_name((enum air_item)i));
	return out;
}

static int air_item_at(str code)
{
	for (int i = 0; i < AIR_COUNT; i++)
		if (str_eq(code, str_of(air_item_name((enum air_item)i))))
			return i;
	return -1;
}

/* Of the newest hour alone: a value of an hour before says nothing about this one. */
static struct live_index *air_of(const struct board *b, const struct latest *v, size_t n)
{
	struct arena *a = b->cx->a;
	struct air_values in = { 0 };
	int64_t hour = INT64_MIN;
	for (size_t i = 0; i < n; i++)
		if (length_of(v[i].kind) == 3600000 && v[i].at_ms > hour && air_item_at(series_item_code(b->cx->app->series, v[i].item)) >= 0)
			hour = v[i].at_ms;
	for (size_t i = 0; i < n; i++) {
		int item = v[i].at_ms == hour ? air_item_at(series_item_code(b->cx->app->series, v[i].item)) : -1;
		if (item >= 0 && b->val.counts[(unsigned char)v[i].flag])
			in.has[item] = decimal_of_f64(v[i].value, &in.v[item]);
	}
	struct air_index x = air_index(&b->air, AIR_HOUR, &in);
	bool whole = x.aqi.index != AQI_NONE;
	const struct air_level *l = whole ? x.level : air_level_of(&b->air, x.aqi.greatest);
	size_t there = 0;
	for (int i = 0; i < AIR_COUNT; i++)
		there += x.sub[i] != AQI_NONE;
	if (there < PART_LEAST || !l)
		return NULL;
	uint32_t first = x.aqi.primary;
	for (int i = 0; i < AIR_COUNT && !whole; i++)
		first |= x.sub[i] == x.aqi.greatest ? UINT32_C(1) << i : 0;
	struct live_index *out = NEW(a, struct live_index);
	*out = (struct live_index){ whole ? S("aqi") : S("part"), str_sub(b->air.id, sizeof "aqi/" - 1, b->air.id.n), hour,
				    whole ? x.aqi.index : x.aqi.greatest, l->level, S(""), l->zh, l->en, l->rgb, air_names(a, first),
				    air_names(a, x.aqi.missing) };
	return out;
}

static struct live_index *water_of(const struct board *b, str kind, const struct latest *v, size_t n)
{
	struct arena *a = b->cx->a;
	const struct water_edition *e = &b->water;
	struct water_values in = { 0 };
	enum water_kind is = str_eq(kind, S("lake")) ? WATER_LAKE : WATER_RIVER;
	int64_t at = INT64_MIN;
	for (size_t i = 0; i < n; i++) {
		size_t row = water_find(e, series_item_code(b->cx->app->series, v[i].item), is);
		if (row == SIZE_MAX || !b->val.counts[(unsigned char)v[i].flag])
			continue;
		in.has[row] = decimal_of_f64(v[i].value, &in.v[row]);
		at = v[i].at_ms > at ? v[i].at_ms : at;
	}
	struct water_result r = water_assess(e, is, &in);
	if (r.class == WATER_NONE)
		return NULL;
	struct live_index *out = NEW(a, struct live_index);
	*out = (struct live_index){ .is = S("water"), .edition = str_sub(e->id, sizeof "water/" - 1, e->id.n), .at_ms = at, .value = JSON_NONE,
				    .level = r.class, .name = e->names[r.class], .zh = S(""), .en = S(""), .rgb = S("") };
	out->items.v = NEW_N(a, str, e->n + 1);
	for (size_t i = 0; i < e->n; i++)
		if (r.worst >> i & 1)
			out->items.v[out->items.n++] = e->v[i].id;
	for (size_t i = 0; i < b->water_classes.n; i++)
		if (str_eq(rows_get(&b->water_classes, i, S("name")), out->name)) {
			out->zh = rows_get(&b->water_classes, i, S("zh"));
			out->en = rows_get(&b->water_classes, i, S("en"));
			out->rgb = rows_get(&b->water_classes, i, S("rgb"));
		}
	return out;
}

/* ---- the list ---- */

static void put_alarms(const struct alarm_open_counts_rows *open, struct live_station *out)
{
	for (size_t i = 0; i < open->n; i++) {
		if (open->v[i].station != out->id)
			continue;
		if (str_eq(open->v[i].grade, S("exceedance")))
			out->exceedances += open->v[i].n;
		else if (str_eq(open->v[i].grade, S("doubtful")))
			out->doubtful += open->v[i].n;
		else
			out->notices += open->v[i].n;
	}
}

static err put_stations(struct board *b, const struct station_list_rows *rows, size_t n, struct live_out *out)
{
	struct ctx *cx = b->cx;
	struct latest *v;
	struct alarm_open_counts_rows open;
	size_t nv, at = 0, end, m;
	int64_t *ids = NEW_N(cx->a, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows->v[i].id;
	TRY(series_latest(cx->app->series, cx->a, ids, n, &v, &nv, &cx->fail));
	TRY(alarm_open_counts(cx->c, cx->a, &(struct alarm_open_counts_params){ { ids, n } }, &open));
	out->items.v = NEW_N(cx->a, struct live_station, n + 1);
	for (; out->items.n < n; out->items.n++, at = end) {
		const struct station_list_row *r = &rows->v[out->items.n];
		struct live_station *o = &out->items.v[out->items.n];
		const struct station_kind *kind = station_kind_find(cx->app->stations, r->kind);
		for (end = at; end < nv && v[end].station == r->id;)
			end++;
		*o = (struct live_station){ .id = r->id, .region = r->region, .region_name = view_str(r->region_name), .kind = r->kind,
					    .medium = kind ? kind->medium : S(""), .name = r->name, .name_en = r->name_en,
					    .object = r->object ? r->object : JSON_NONE, .lat = r->lat, .lon = r->lon, .at_ms = JSON_NONE,
					    .until_ms = JSON_NONE };
		struct latest *fresh = newest_of(cx->a, v + at, end - at, &m);
		put_values(b, kind, fresh, m, o);
		put_alarms(&open, o);
		o->index = str_eq(o->medium, S("air")) ? air_of(b, fresh, m) : str_eq(o->medium, S("water")) ? water_of(b, r->kind, fresh, m) : NULL;
	}
	return ERR_OK;
}

static err live_get(struct req *rq)
{
	const struct live_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct board *b = NEW(rq->a, struct board);
	struct station_list_rows rows;
	struct live_out out = { .now_ms = cx->now_ms };
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	bool one = q->station != JSON_NONE;
	struct station_list_params p = { .after = one ? q->station - 1 : q->after == JSON_NONE ? 0 : q->after, .lo = DB_NONE, .hi = DB_NONE,
					 .kind = q->kind.n ? q->kind : (str){ 0 }, .object = DB_NONE, .day = china_day(cx->now_ms),
					 .max = (one ? 0 : page_limit(q->limit)) + 1 };
	if (q->region != JSON_NONE && !region_valid(q->region))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.unknown_region");
	if (q->region != JSON_NONE)
		region_range(q->region, &p.lo, &p.hi);
	TRY(open_board(cx, b));
	TRY(station_list(cx->c, rq->a, &p, &scope, &rows));
	if (one && (!rows.n || rows.v[0].id != q->station))
		return ERR_NOT_FOUND;
	bool more = !one && (int64_t)rows.n == p.max;
	size_t n = more ? rows.n - 1 : rows.n;
	TRY(put_stations(b, &rows, n, &out));
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

const struct route live_routes[] = {
	{ "GET", "/api/stations/live", live_get, READ, "sense.read", NULL, live_out_json,
	  "Stations with their newest values, the index or class these make, and open alarms", live_query_json },
	{ 0 },
};
