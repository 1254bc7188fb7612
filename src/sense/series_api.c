/* Readings as pages see them: columns of one item, the newest of everything, files. */
#include <math.h>
#include <string.h>

#include "base/vec.h"
#include "core/grant.h"
#include "core/region.h"
#include "core/views.h"
#include "sense/routes.h"
#include "sense/series.h"
#include "sense/station.h"
#include "sense/station_sql.h"
#include "sense/upkeep_sql.h"

enum { POINTS_MAX = 200000, LATEST_STATIONS = 500, VERSIONS_MAX = 1000, CHANGES_MAX = 1000 };

/* ---- one item of one station ---- */

#define SERIES_QUERY(F, O, L)                                                                      \
	F(STR, item, REQ, .max = 60)                                                               \
	F(STR, kind, OPT, .max = 20)                                                               \
	F(STR, what, OPT, .max = 20)                                                               \
	F(I64, from, OPT, .format = "date-time-ms")                                                \
	F(I64, to, OPT, .format = "date-time-ms")                                                  \
	F(I64, step, OPT, .min = 1, .max = 31622400)                                               \
	F(I64, points, OPT, .min = 2, .max = 20000)
JSON_STRUCT(series_query, SERIES_QUERY)
JSON_DEFINE(series_query, SERIES_QUERY)

/* at_ms and value are arrays of the same length, flags one character each; value null: it was there and cannot be used.
 * thinned: of each step only the least and the greatest value stand. */
#define SERIES_OUT(F, O, L)                                                                        \
	F(ID, station, REQ)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(STR, unit, REQ)                                                                          \
	F(STR, kind, REQ)                                                                          \
	F(STR, what, REQ)                                                                          \
	F(I64, from, REQ, .format = "date-time-ms")                                                \
	F(I64, to, REQ, .format = "date-time-ms")                                                  \
	F(I64, n, REQ)                                                                             \
	F(I64, of, REQ)                                                                            \
	F(BOOL, thinned, REQ)                                                                      \
	F(RAW, at_ms, REQ)                                                                         \
	F(RAW, value, REQ)                                                                         \
	F(STR, flag, REQ, .max = 200000)
JSON_STRUCT(series_out, SERIES_OUT)
JSON_DEFINE(series_out, SERIES_OUT)

struct asked {
	struct station s;
	str item, unit;
	enum series_kind kind;
	enum series_what what;
	int64_t from, to, step_ms;
};

static err take_names(struct ctx *cx, const struct series_query *q, struct asked *ret)
{
	struct station_item *items;
	size_t n;
	ret->kind = SERIES_HOUR;
	ret->what = SERIES_VALUE;
	if (q->kind.n && !series_kind_parse(q->kind, &ret->kind))
		return FAIL(&cx->fail, BAD_FIELD, "?kind", "err.series.kind");
	if (q->what.n && !series_what_parse(q->what, &ret->what))
		return FAIL(&cx->fail, BAD_FIELD, "?what", "err.series.what");
	TRY(station_items(cx, &ret->s, &items, &n));
	struct station_item it = station_item_of(cx->app->stations, &ret->s, items, n, q->item);
	for (size_t i = 0; i < n; i++)
		if (str_eq(items[i].item, q->item))
			it = items[i];
	ret->item = it.item;
	ret->unit = view_str(it.unit);
	return ERR_OK;
}

static err take_span(struct ctx *cx, const struct series_query *q, struct asked *ret)
{
	ret->to = q->to == JSON_NONE ? cx->now_ms + 1 : q->to;
	ret->from = q->from == JSON_NONE ? ret->to - 7 * (int64_t)DAY_MS : q->from;
	if (ret->from >= ret->to)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.span");
	ret->step_ms = q->step != JSON_NONE ? q->step * 1000 : 0;
	if (q->points != JSON_NONE)
		ret->step_ms = (ret->to - ret->from) / q->points + 1;
	return ERR_OK;
}

static err take_asked(struct req *rq, struct asked *ret)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &ret->s));
	TRY(take_names(&rq->cx, rq->query, ret));
	return take_span(&rq->cx, rq->query, ret);
}

static err read_column(struct ctx *cx, const struct asked *q, struct column *ret)
{
	uint32_t item = series_item_known(cx->app->series, q->item);
	*ret = (struct column){ 0 };
	if (!item)
		return ERR_OK;
	return series_read(cx->app->series, cx->a, q->s.id, item, q->what, q->kind, q->from, q->to, ret, &cx->fail);
}

/* Of every step the first of the least and of the greatest values, in the order of time: a line drawn through them looks like
 * the line through all. */
static struct column thin(struct arena *a, const struct column *in, int64_t from, int64_t step_ms)
{
	int64_t *at = NEW_N(a, int64_t, in->n + 1);
	double *value = NEW_N(a, double, in->n + 1);
	char *flag = NEW_N(a, char, in->n + 1);
	size_t n = 0;
	for (size_t i = 0; i < in->n;) {
		int64_t step = (in->at_ms[i] - from) / step_ms;
		size_t lo = i, hi = i, end = i;
		for (; end < in->n && (in->at_ms[end] - from) / step_ms == step; end++) {
			if (in->value[end] < in->value[lo] || isnan(in->value[lo]))
				lo = end;
			if (in->value[end] > in->value[hi] || isnan(in->value[hi]))
				hi = end;
		}
		const size_t pick[2] = { lo < hi ? lo : hi, lo < hi ? hi : lo };
		for (int k = 0; k < (lo == hi ? 1 : 2); k++, n++) {
			at[n] = in->at_ms[pick[k]];
			value[n] = in->value[pick[k]];
			flag[n] = in->flag[pick[k]];
		}
		i = end;
	}
	return (struct column){ n, at, value, flag };
}

static str times_json(struct arena *a, const struct column *c)
{
	struct buf b = BUF(a);
	buf_byte(&b, '[');
	for (size_t i = 0; i < c->n; i++) {
		if (i)
			buf_byte(&b, ',');
		buf_i64(&b, c->at_ms[i]);
	}
	buf_byte(&b, ']');
	return buf_str(&b);
}

static str values_json(struct arena *a, const struct column *c)
{
	struct buf b = BUF(a);
	buf_byte(&b, '[');
	for (size_t i = 0; i < c->n; i++) {
		if (i)
			buf_byte(&b, ',');
		json_put_f64(&b, c->value[i]);
	}
	buf_byte(&b, ']');
	return buf_str(&b);
}

static const char *what_name(enum series_what w)
{
	static const char *const names[] = {
#define X(id, name) [SERIES_##id] = name,
		SERIES_WHATS(X)
#undef X
	};
	return names[w];
}

static err series_get(struct req *rq)
{
	struct asked q = { 0 };
	struct column c;
	TRY(take_asked(rq, &q));
	TRY(read_column(&rq->cx, &q, &c));
	size_t of = c.n;
	if (q.step_ms)
		c = thin(rq->a, &c, q.from, q.step_ms);
	if (c.n > POINTS_MAX)
		return FAIL(&rq->cx.fail, TOO_LARGE, "?points", "err.series.points", "max", "200000");
	struct series_out out = { q.s.id, q.item, q.unit, str_of(series_kind_name(q.kind)), str_of(what_name(q.what)), q.from, q.to,
				  (int64_t)c.n, (int64_t)of, q.step_ms > 0, times_json(rq->a, &c), values_json(rq->a, &c),
				  c.n ? (str){ c.flag, c.n } : S("") };
	return reply_json(rq, &out);
}

/* ---- the other versions of its values ---- */

#define SERIES_VERSION(F, O, L)                                                                    \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	F(STR, how, REQ)                                                                           \
	F(F64, value, NUL)                                                                         \
	F(STR, flag, REQ)                                                                          \
	F(STR, source, REQ)                                                                        \
	F(I64, received_ms, NUL, .format = "date-time-ms")                                         \
	F(I64, changed_ms, REQ, .format = "date-time-ms")                                         \
	F(STR, by, REQ)                                                                            \
	F(ENUM, way, NUL, .options = "file|http")                                                 \
	F(STR, file, REQ)                                                                          \
	F(STR, reason, REQ, .max = 500)
JSON_STRUCT(series_version_out, SERIES_VERSION)
JSON_DEFINE(series_version_out, SERIES_VERSION)

/* how: replaced by a better one; refused, because it came later and was not better; derived-anew from late or corrected values.
 * by, way, file, reason: of whoever brought the values that did it; empty when a device sent them or they were derived. */
#define SERIES_VERSIONS(F, O, L)                                                                   \
	F(ID, station, REQ)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(STR, kind, REQ)                                                                          \
	F(I64, from, REQ, .format = "date-time-ms")                                                \
	F(I64, to, REQ, .format = "date-time-ms")                                                  \
	F(BOOL, more, REQ)                                                                         \
	L(series_version_out, items, REQ)
JSON_STRUCT(series_versions_out, SERIES_VERSIONS)
JSON_DEFINE(series_versions_out, SERIES_VERSIONS)

static int64_t first_change(const struct series_version *v, size_t n)
{
	int64_t first = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		first = v[i].changed_ms < first ? v[i].changed_ms : first;
	return first;
}

static const struct change_list_row *change_at(const struct change_list_rows *w, int64_t ms)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].from_ms <= ms && ms <= w->v[i].to_ms)
			return &w->v[i];
	return NULL;
}

static err versions_get(struct req *rq)
{
	static const char *const hows[] = { "replaced", "refused", "derived-anew" }, *const sources[] = { "device", "file", "http", "mqtt", "derived" };
	struct asked q = { 0 };
	struct series_version *v = NULL;
	struct change_list_rows changes;
	size_t n = 0;
	TRY(take_asked(rq, &q));
	uint32_t item = series_item_known(rq->cx.app->series, q.item);
	if (item)
		TRY(series_versions(rq->cx.app->series, rq->a, q.s.id, item, q.what, q.kind, q.from, q.to, VERSIONS_MAX + 1, &v, &n, &rq->cx.fail));
	struct series_versions_out out = { .station = q.s.id, .item = q.item, .kind = str_of(series_kind_name(q.kind)), .from = q.from, .to = q.to,
					   .more = n > VERSIONS_MAX };
	n = n > VERSIONS_MAX ? VERSIONS_MAX : n;
	out.items.v = NEW_N(rq->a, struct series_version_out, n + 1);
	TRY(change_list(rq->cx.c, rq->a, &(struct change_list_params){ q.s.id, first_change(v, n), CHANGES_MAX }, &changes));
	for (size_t i = 0; i < n; i++) {
		const struct change_list_row *w = v[i].how == SERIES_DERIVED_ANEW ? NULL : change_at(&changes, v[i].changed_ms);
		out.items.v[out.items.n++] = (struct series_version_out){ v[i].at_ms, str_of(hows[v[i].how]), v[i].value,
			v[i].flag == ' ' ? S("") : arena_printf(rq->a, "%c", v[i].flag), str_of((size_t)v[i].source < COUNT_OF(sources) ? sources[v[i].source] : ""),
			v[i].received_ms ? v[i].received_ms : JSON_NONE, v[i].changed_ms, w ? view_str(w->by_name) : S(""), w ? w->way : (str){ 0 },
			w ? w->file : S(""), w ? w->reason : S("") };
	}
	return reply_json(rq, &out);
}

/* ---- a file of it ---- */

static err series_csv(struct req *rq)
{
	struct asked q = { 0 };
	struct column c;
	char at[26];
	TRY(take_asked(rq, &q));
	TRY(read_column(&rq->cx, &q, &c));
	struct buf b = BUF(rq->a);
	buf_put(&b, S("\xEF\xBB\xBFstation,item,unit,kind,time,value,flag\r\n"));
	for (size_t i = 0; i < c.n; i++) {
		time_format_china(c.at_ms[i], at);
		buf_printf(&b, "%lld," STR_FMT "," STR_FMT ",%s,%s,", (long long)q.s.id, STR_ARG(q.item), STR_ARG(q.unit),
			   series_kind_name(q.kind), at);
		if (!isnan(c.value[i]))
			json_put_f64(&b, c.value[i]);
		buf_byte(&b, ',');
		if (c.flag[i] != ' ')
			buf_byte(&b, c.flag[i]);
		buf_put(&b, S("\r\n"));
	}
	return reply_download(rq, "text/csv; charset=utf-8", arena_printf(rq->a, "%lld-" STR_FMT ".csv", (long long)q.s.id, STR_ARG(q.item)),
			      buf_str(&b));
}

/* ---- the newest of everything ---- */

#define LATEST_QUERY(F, O, L)                                                                      \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, kind, OPT, .max = 40)                                                               \
	PAGE_QUERY(F)
JSON_STRUCT(latest_query, LATEST_QUERY)
JSON_DEFINE(latest_query, LATEST_QUERY)

#define LATEST_VALUE(F, O, L)                                                                      \
	F(STR, item, REQ)                                                                          \
	F(STR, kind, REQ)                                                                          \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	F(I64, received_ms, REQ, .format = "date-time-ms")                                         \
	F(F64, value, NUL)                                                                         \
	F(STR, flag, REQ)
JSON_STRUCT(latest_value, LATEST_VALUE)
JSON_DEFINE(latest_value, LATEST_VALUE)

#define LATEST_STATION(F, O, L)                                                                    \
	F(ID, id, REQ)                                                                             \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, kind, REQ)                                                                          \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(F64, lat, NUL)                                                                           \
	F(F64, lon, NUL)                                                                           \
	F(I64, at_ms, NUL, .format = "date-time-ms")                                               \
	L(latest_value, values, REQ, .max = 2000)
JSON_STRUCT(latest_station, LATEST_STATION)
JSON_DEFINE(latest_station, LATEST_STATION)

#define LATEST_OUT(F, O, L) F(I64, now_ms, REQ, .format = "date-time-ms") L(latest_station, items, REQ) F(STR, next, NUL)
JSON_STRUCT(latest_out, LATEST_OUT)
JSON_DEFINE(latest_out, LATEST_OUT)

/* Values come by station; stations by id. */
static void values_of(struct ctx *cx, const struct latest *v, size_t n, struct latest_station *out)
{
	out->values.v = NEW_N(cx->a, struct latest_value, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (v[i].station != out->id || !v[i].item)
			continue;
		str flag = v[i].flag == ' ' ? S("") : arena_printf(cx->a, "%c", v[i].flag);
		out->values.v[out->values.n++] = (struct latest_value){ series_item_code(cx->app->series, v[i].item),
									str_of(series_kind_name(v[i].kind)), v[i].at_ms, v[i].received_ms,
									v[i].value, flag };
		out->at_ms = out->at_ms == JSON_NONE || v[i].at_ms > out->at_ms ? v[i].at_ms : out->at_ms;
	}
}

static err latest_view(struct ctx *cx, const struct station_list_rows *rows, size_t n, struct latest_out *out)
{
	struct latest *v;
	size_t nv, first = 0;
	int64_t *ids = NEW_N(cx->a, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows->v[i].id;
	TRY(series_latest(cx->app->series, cx->a, ids, n, &v, &nv, &cx->fail));
	out->items.v = NEW_N(cx->a, struct latest_station, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct station_list_row *r = &rows->v[i];
		size_t end;
		for (end = first; end < nv && v[end].station == r->id;)
			end++;
		out->items.v[i] = (struct latest_station){ .id = r->id, .region = r->region, .kind = r->kind, .name = r->name,
							   .name_en = r->name_en, .lat = r->lat, .lon = r->lon, .at_ms = JSON_NONE };
		values_of(cx, v + first, end - first, &out->items.v[i]);
		first = end;
	}
	out->items.n = n;
	return ERR_OK;
}

static err latest_get(struct req *rq)
{
	const struct latest_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct station_list_rows rows;
	struct latest_out out = { .now_ms = cx->now_ms };
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	struct station_list_params p = { .after = q->after == JSON_NONE ? 0 : q->after, .lo = DB_NONE, .hi = DB_NONE,
					 .kind = q->kind.n ? q->kind : (str){ 0 }, .object = DB_NONE, .day = china_day(cx->now_ms),
					 .max = page_limit(q->limit) + 1 };
	if (q->region != JSON_NONE && !region_valid(q->region))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.unknown_region");
	if (q->region != JSON_NONE)
		region_range(q->region, &p.lo, &p.hi);
	TRY(station_list(cx->c, rq->a, &p, &scope, &rows));
	bool more = (int64_t)rows.n == p.max;
	size_t n = more ? rows.n - 1 : rows.n;
	TRY(latest_view(cx, &rows, n, &out));
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

const struct route series_routes[] = {
	{ "GET", "/api/stations/latest", latest_get, READ, "sense.read", NULL, latest_out_json, "The newest values of the stations in scope", latest_query_json },
	{ "GET", "/api/stations/{id}/series", series_get, READ, "sense.read", NULL, series_out_json,
	  "One item over time as columns; step (s) or points thin it to the least and greatest of each step", series_query_json },
	{ "GET", "/api/stations/{id}/series/versions", versions_get, READ, "sense.read", NULL, series_versions_out_json,
	  "What its values were before better ones came, and what came later and was refused", series_query_json },
	{ "GET", "/api/stations/{id}/series.csv", series_csv, READ, "sense.read", NULL, NULL, "The same as a file", series_query_json },
	{ 0 },
};
