/* Air of a station and of a region by the standards: /api/stations/{id}/air, /api/regions/{code}/air */
#include <math.h>
#include <stdlib.h>

#include "base/vec.h"
#include "core/grant.h"
#include "core/region.h"
#include "core/views.h"
#include "sense/ambient.h"
#include "sense/reading.h"
#include "sense/routes.h"
#include "sense/station.h"
#include "sense/station_sql.h"

enum { HOUR_MS = 3600000, HOURS_MAX = 24 * 62, DAYS_MAX = 1500, REGION_STATIONS = 500 };

#define AIR_QUERY(F, O, L)                                                                         \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)                                                                           \
	F(STR, edition, OPT, .max = 60)                                                            \
	F(ENUM, report, OPT, .options = "day|hour|both")
JSON_STRUCT(air_query, AIR_QUERY)
JSON_DEFINE(air_query, AIR_QUERY)

/* One item of an hour or a day: what was measured, what it was rounded from, its sub-index. */
#define AIR_ITEM_OUT(F, O, L)                                                                      \
	F(STR, item, REQ)                                                                          \
	F(F64, value, NUL)                                                                         \
	F(I64, sub, NUL)                                                                           \
	F(I64, counted, REQ)                                                                       \
	F(BOOL, valid, REQ)
JSON_STRUCT(air_item_out, AIR_ITEM_OUT)
JSON_DEFINE(air_item_out, AIR_ITEM_OUT)

/* why: "" an index; "withheld" an item is missing and the index is not above the bound; "none" nothing valid. */
#define AIR_POINT(F, O, L)                                                                         \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	F(STR, edition, REQ)                                                                       \
	F(I64, aqi, NUL)                                                                           \
	F(I64, greatest, NUL)                                                                      \
	F(I64, level, NUL)                                                                         \
	F(STR, why, REQ)                                                                           \
	F(STRS, primary, REQ)                                                                      \
	F(STRS, missing, REQ)                                                                      \
	L(air_item_out, items, REQ)
JSON_STRUCT(air_point, AIR_POINT)
JSON_DEFINE(air_point, AIR_POINT)

#define AIR_LEVEL_OUT(F, O, L)                                                                     \
	F(I64, level, REQ)                                                                         \
	F(I64, lo, REQ)                                                                            \
	F(I64, hi, NUL)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, rgb, REQ)                                                                           \
	F(STR, effect_zh, REQ, .max = 400)                                                         \
	F(STR, effect_en, REQ, .max = 400)                                                         \
	F(STR, advice_zh, REQ, .max = 400)                                                         \
	F(STR, advice_en, REQ, .max = 400)
JSON_STRUCT(air_level_out, AIR_LEVEL_OUT)
JSON_DEFINE(air_level_out, AIR_LEVEL_OUT)

#define AIR_OUT(F, O, L)                                                                           \
	F(ID, station, REQ)                                                                        \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	F(STRS, editions, REQ)                                                                     \
	F(STR, validity, REQ)                                                                      \
	L(air_level_out, levels, REQ)                                                              \
	L(air_point, hours, REQ, .max = 2000)                                                      \
	L(air_point, days, REQ, .max = 2000)
JSON_STRUCT(air_out, AIR_OUT)
JSON_DEFINE(air_out, AIR_OUT)

struct span {
	int64_t first, last;    /* days, both inclusive */
};

static err take_span(struct ctx *cx, int64_t from, int64_t to, struct span *ret)
{
	struct span s = { from, to };
	if (s.last == JSON_NONE)
		s.last = china_day(cx->now_ms);
	if (s.first == JSON_NONE)
		s.first = s.last - 13;
	if (s.first > s.last)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.span");
	if (s.last - s.first >= DAYS_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.days", "max", "1500");
	*ret = s;
	return ERR_OK;
}

/* Editions that were read for this answer: one that was asked for, or each day's own. */
struct editions {
	struct ctx *cx;
	str asked;
	VEC(struct air_edition *) v;
};

static err edition_for(struct editions *es, int64_t day, const struct air_edition **ret)
{
	struct ctx *cx = es->cx;
	str id;
	if (es->asked.n)
		TRY(edition_named(cx->app->catalog, cx->a, "aqi", es->asked, &id, &cx->fail));
	else
		TRY(edition_on(cx->app->catalog, cx->a, S("aqi/hj633"), day, &id, &cx->fail));
	for (size_t i = 0; i < es->v.n; i++)
		if (str_eq(es->v.v[i]->id, id)) {
			*ret = es->v.v[i];
			return ERR_OK;
		}
	struct air_edition *e = NEW(cx->a, struct air_edition);
	TRY(air_edition_read(cx->app->catalog, cx->a, id, e, &cx->fail));
	vec_push(cx->a, &es->v, e);
	*ret = e;
	return ERR_OK;
}

static str edition_short(str id)
{
	return str_sub(id, sizeof "aqi/" - 1, id.n);
}

static struct json_strs items_of(struct arena *a, uint32_t mask)
{
	struct json_strs out = { NEW_N(a, str, AIR_COUNT), 0 };
	for (int i = 0; i < AIR_COUNT; i++)
		if (mask >> i & 1)
			out.v[out.n++] = str_of(air_item_name((enum air_item)i));
	return out;
}

static struct air_point point_of(struct arena *a, const struct air_edition *e, enum air_report report, int64_t at_ms,
				 const struct ambient_value *v)
{
	struct air_values in = { 0 };
	for (int i = 0; i < AIR_COUNT; i++) {
		in.has[i] = v[i].has && v[i].valid;
		in.v[i] = v[i].v;
	}
	struct air_index x = air_index(e, report, &in);
	struct air_point p = { .at_ms = at_ms, .edition = edition_short(e->id), .aqi = JSON_NONE, .greatest = JSON_NONE, .level = JSON_NONE,
			       .why = S(""), .primary = items_of(a, x.aqi.primary), .missing = items_of(a, x.aqi.missing) };
	if (x.aqi.index != AQI_NONE)
		p.aqi = x.aqi.index;
	else
		p.why = x.aqi.withheld ? S("withheld") : S("none");
	p.greatest = x.aqi.greatest == AQI_NONE ? JSON_NONE : x.aqi.greatest;
	p.level = x.level ? x.level->level : JSON_NONE;
	p.items.v = NEW_N(a, struct air_item_out, AIR_COUNT);
	for (; p.items.n < AIR_COUNT; p.items.n++) {
		size_t i = p.items.n;
		p.items.v[i] = (struct air_item_out){ str_of(air_item_name((enum air_item)i)), v[i].has ? decimal_f64(v[i].v) : (double)NAN,
						      x.sub[i] == AQI_NONE ? JSON_NONE : x.sub[i], v[i].n, v[i].valid };
	}
	return p;
}

static err hour_points(struct editions *es, const struct validity *val, const struct ambient_hours *h, const struct span *s, struct air_out *out)
{
	struct arena *a = es->cx->a;
	size_t at[AIR_COUNT] = { 0 }, n = (size_t)(s->last - s->first + 1) * 24;
	out->hours.v = NEW_N(a, struct air_point, n + 1);
	for (size_t k = 0; k < n; k++) {
		int64_t t = china_day_start_ms(s->first) + (int64_t)k * HOUR_MS;
		struct ambient_value v[AIR_COUNT] = { 0 };
		const struct air_edition *e;
		bool any = false;
		for (int i = 0; i < AIR_COUNT; i++) {
			const struct column *c = &h->c[i];
			while (at[i] < c->n && c->at_ms[at[i]] < t)
				at[i]++;
			if (at[i] == c->n || c->at_ms[at[i]] >= t + HOUR_MS || !isfinite(c->value[at[i]]))
				continue;
			v[i].has = any = decimal_of_f64(c->value[at[i]], &v[i].v);
			v[i].valid = val->counts[(unsigned char)c->flag[at[i]]];
			v[i].n = 1;
		}
		if (!any)
			continue;
		TRY(edition_for(es, china_day(t), &e));
		out->hours.v[out->hours.n++] = point_of(a, e, AIR_HOUR, t, v);
	}
	return ERR_OK;
}

static err day_points(struct editions *es, const struct ambient_value *days, const struct span *s, struct air_out *out)
{
	size_t n = (size_t)(s->last - s->first + 1);
	out->days.v = NEW_N(es->cx->a, struct air_point, n + 1);
	for (size_t d = 0; d < n; d++) {
		struct ambient_value v[AIR_COUNT];
		const struct air_edition *e;
		bool any = false;
		for (int i = 0; i < AIR_COUNT; i++) {
			v[i] = days[(size_t)i * n + d];
			any |= v[i].has;
		}
		if (!any)
			continue;
		TRY(edition_for(es, s->first + (int64_t)d, &e));
		out->days.v[out->days.n++] = point_of(es->cx->a, e, AIR_DAY, china_day_start_ms(s->first + (int64_t)d), v);
	}
	return ERR_OK;
}

static void levels_out(struct arena *a, const struct air_edition *e, struct air_out *out)
{
	out->levels.v = NEW_N(a, struct air_level_out, e->nlevels + 1);
	for (; out->levels.n < e->nlevels; out->levels.n++) {
		const struct air_level *l = &e->levels[out->levels.n];
		out->levels.v[out->levels.n] = (struct air_level_out){ l->level, l->lo, l->hi == INT32_MAX ? JSON_NONE : l->hi, l->zh, l->en, l->rgb,
								       l->effect_zh, l->effect_en, l->advice_zh, l->advice_en };
	}
}

static err editions_out(struct editions *es, const struct span *s, struct air_out *out)
{
	const struct air_edition *last;
	TRY(edition_for(es, s->last, &last));
	out->editions.v = NEW_N(es->cx->a, str, es->v.n);
	for (; out->editions.n < es->v.n; out->editions.n++)
		out->editions.v[out->editions.n] = edition_short(es->v.v[out->editions.n]->id);
	levels_out(es->cx->a, last, out);
	return ERR_OK;
}

/* A day with few windows of ozone counts when it exceeds the limit of class 2. */
static err o3_limit(struct ctx *cx, int64_t day, double *ret)
{
	struct evaluation e;
	TRY(evaluation_read(cx->app->catalog, cx->a, S(""), day, 2, &e, &cx->fail));
	*ret = e.limits.day[AIR_O3];
	return ERR_OK;
}

static err station_air(struct req *rq)
{
	const struct air_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct station st;
	struct span s = { 0 };
	struct validity val;
	struct ambient_hours h;
	struct editions es = { .cx = cx, .asked = q->edition };
	double limit;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(cx, id, &st));
	TRY(take_span(cx, q->from, q->to, &s));
	TRY(validity_read(cx->app->catalog, cx->a, S("validity/gb3095"), s.last, &val, &cx->fail));
	TRY(o3_limit(cx, s.last, &limit));
	TRY(ambient_hours(cx->app->series, cx->a, id, china_day_start_ms(s.first), china_day_end_ms(s.last) + 1, &h, &cx->fail));
	struct air_out out = { .station = id, .from = s.first, .to = s.last, .validity = val.id };
	size_t n = (size_t)(s.last - s.first + 1);
	struct ambient_value *days = NEW_N(cx->a, struct ambient_value, n * AIR_COUNT);
	ambient_days(&val, &h, s.first, n, limit, days);
	if (!str_eq(q->report, S("hour")))
		TRY(day_points(&es, days, &s, &out));
	if (!str_eq(q->report, S("day"))) {
		if (n * 24 > HOURS_MAX)
			return FAIL(&cx->fail, BAD_FIELD, "?report", "err.series.days", "max", "62");
		TRY(hour_points(&es, &val, &h, &s, &out));
	}
	TRY(editions_out(&es, &s, &out));
	return reply_json(rq, &out);
}

/* ---- a region: the mean of its stations, evaluated ---- */

#define REGION_AIR_QUERY(F, O, L)                                                                  \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)                                                                           \
	F(STR, edition, OPT, .max = 60)                                                            \
	F(STR, evaluation, OPT, .max = 60)                                                         \
	F(I64, area, OPT, .min = 1, .max = 2)
JSON_STRUCT(region_air_query, REGION_AIR_QUERY)
JSON_DEFINE(region_air_query, REGION_AIR_QUERY)

#define STAT_OUT(F, O, L)                                                                          \
	F(STR, item, REQ)                                                                          \
	F(I64, days, REQ)                                                                          \
	F(BOOL, complete, REQ)                                                                     \
	F(F64, mean, NUL)                                                                          \
	F(F64, mean_limit, NUL)                                                                    \
	F(I64, p, REQ)                                                                             \
	F(F64, percentile, NUL)                                                                    \
	F(F64, day_limit, NUL)                                                                     \
	F(I64, exceed_days, REQ)                                                                   \
	F(F64, index, NUL)                                                                         \
	F(BOOL, attains, REQ)
JSON_STRUCT(air_stat_out, STAT_OUT)
JSON_DEFINE(air_stat_out, STAT_OUT)

#define RANK_OUT(F, O, L)                                                                          \
	F(I64, rank, REQ)                                                                          \
	F(ID, station, REQ)                                                                        \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(F64, composite, NUL)
JSON_STRUCT(air_rank_out, RANK_OUT)
JSON_DEFINE(air_rank_out, RANK_OUT)

#define REGION_AIR(F, O, L)                                                                        \
	F(ID, region, REQ, .format = "region")                                                     \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	F(STR, edition, REQ)                                                                       \
	F(STR, evaluation, REQ)                                                                    \
	F(STR, limits, REQ)                                                                        \
	F(STR, validity, REQ)                                                                      \
	F(I64, stations, REQ)                                                                      \
	F(I64, valid_days, REQ)                                                                    \
	F(I64, good_days, REQ)                                                                     \
	F(I64, heavy_days, REQ)                                                                    \
	F(F64, composite, NUL)                                                                     \
	L(air_stat_out, items, REQ)                                                                \
	L(air_rank_out, ranking, REQ)                                                              \
	L(air_point, days, REQ, .max = 2000)
JSON_STRUCT(region_air_out, REGION_AIR)
JSON_DEFINE(region_air_out, REGION_AIR)

struct region_job {
	struct ctx *cx;
	struct span s;
	size_t n;               /* days */
	struct validity val;
	struct evaluation ev;
	struct air_edition e;
	struct station_list_rows stations;
	struct ambient_value *values; /* [station][item][day] */
};

static const struct ambient_value *value_at(const struct region_job *j, size_t st, int item, size_t day)
{
	return &j->values[(st * AIR_COUNT + (size_t)item) * j->n + day];
}

static err read_stations(struct region_job *j)
{
	struct ctx *cx = j->cx;
	j->values = NEW_N(cx->a, struct ambient_value, j->stations.n * AIR_COUNT * j->n + 1);
	AUTO(arena_drop) struct arena *a = arena_new();
	for (size_t i = 0; i < j->stations.n; i++) {
		struct ambient_hours h;
		TRY(ambient_hours(cx->app->series, a, j->stations.v[i].id, china_day_start_ms(j->s.first), china_day_end_ms(j->s.last) + 1, &h,
				  &cx->fail));
		ambient_days(&j->val, &h, j->s.first, j->n, j->ev.limits.day[AIR_O3], j->values + i * AIR_COUNT * j->n);
		arena_reset(a);
	}
	return ERR_OK;
}

/* The arithmetic mean of the stations with a valid value, when enough of them have one. */
static struct ambient_value city_value(const struct region_job *j, int item, size_t day)
{
	struct ambient_value c = { 0 };
	__int128 sum = 0;
	for (size_t i = 0; i < j->stations.n; i++) {
		const struct ambient_value *v = value_at(j, i, item, day);
		if (!v->has || !v->valid)
			continue;
		sum += decimal_round(v->v, 6, ROUND_HALF_EVEN);
		c.n++;
	}
	c.has = c.n > 0;
	c.valid = c.has && (size_t)c.n * 100 >= j->stations.n * (size_t)j->val.stations_percent;
	if (c.has)
		c.v = (struct decimal){ (int64_t)(sum * 1000 / c.n), 9, sum * 1000 % c.n != 0 };
	return c;
}

/* Daily values are rounded before they are evaluated. */
static double rounded(const struct region_job *j, int item, const struct ambient_value *v)
{
	int places = j->ev.places[item];
	if (!v->has || !v->valid)
		return NAN;
	return decimal_f64((struct decimal){ decimal_round(v->v, places, ROUND_HALF_EVEN), places, false });
}

static double composite(const struct region_job *j, const struct ambient_stat stats[AIR_COUNT])
{
	double sum = 0;
	(void)j;
	for (int i = 0; i < AIR_COUNT; i++)
		sum += stats[i].index;
	return sum; /* NaN when one of the six is missing */
}

static double station_composite(const struct region_job *j, size_t st)
{
	struct ambient_stat stats[AIR_COUNT];
	double *v = NEW_N(j->cx->a, double, j->n + 1);
	for (int i = 0; i < AIR_COUNT; i++) {
		for (size_t d = 0; d < j->n; d++)
			v[d] = rounded(j, i, value_at(j, st, i, d));
		stats[i] = ambient_statistic(j->cx->a, &j->ev, &j->val, (enum air_item)i, j->s.first, v, j->n);
	}
	return composite(j, stats);
}

static int by_composite(const void *pa, const void *pb)
{
	const struct air_rank_out *a = pa, *b = pb;
	if (isnan(a->composite) || isnan(b->composite))
		return isnan(a->composite) - isnan(b->composite);
	return a->composite < b->composite ? -1 : a->composite > b->composite;
}

static void ranking(const struct region_job *j, struct region_air_out *out)
{
	out->ranking.v = NEW_N(j->cx->a, struct air_rank_out, j->stations.n + 1);
	for (size_t i = 0; i < j->stations.n; i++) {
		const struct station_list_row *r = &j->stations.v[i];
		out->ranking.v[out->ranking.n++] = (struct air_rank_out){ 0, r->id, r->name, r->name_en, station_composite(j, i) };
	}
	if (out->ranking.n)
		qsort(out->ranking.v, out->ranking.n, sizeof *out->ranking.v, by_composite);
	for (size_t i = 0; i < out->ranking.n; i++)
		out->ranking.v[i].rank = (int64_t)i + 1;
}

static void city_days(const struct region_job *j, double *values, struct region_air_out *out)
{
	out->days.v = NEW_N(j->cx->a, struct air_point, j->n + 1);
	for (size_t d = 0; d < j->n; d++) {
		struct ambient_value v[AIR_COUNT];
		bool any = false;
		for (int i = 0; i < AIR_COUNT; i++) {
			v[i] = city_value(j, i, d);
			values[(size_t)i * j->n + d] = rounded(j, i, &v[i]);
			any |= v[i].has;
		}
		if (!any)
			continue;
		struct air_point p = point_of(j->cx->a, &j->e, AIR_DAY, china_day_start_ms(j->s.first + (int64_t)d), v);
		out->valid_days += p.aqi != JSON_NONE;
		out->good_days += p.aqi != JSON_NONE && p.aqi <= 100;
		out->heavy_days += p.aqi != JSON_NONE && p.aqi > 200;
		out->days.v[out->days.n++] = p;
	}
}

static void statistics(const struct region_job *j, const double *values, struct region_air_out *out)
{
	struct ambient_stat stats[AIR_COUNT];
	out->items.v = NEW_N(j->cx->a, struct air_stat_out, AIR_COUNT);
	for (int i = 0; i < AIR_COUNT; i++) {
		struct ambient_stat s = ambient_statistic(j->cx->a, &j->ev, &j->val, (enum air_item)i, j->s.first, values + (size_t)i * j->n, j->n);
		stats[i] = s;
		out->items.v[out->items.n++] = (struct air_stat_out){ str_of(air_item_name((enum air_item)i)), (int64_t)s.n, s.complete, s.mean,
								      s.mean_limit, s.p, s.percentile, s.day_limit, (int64_t)s.exceed_days,
								      s.index, s.attains };
	}
	out->composite = composite(j, stats);
}

static err open_job(struct req *rq, int64_t region, struct region_job *j)
{
	const struct region_air_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	struct station_list_params p = { .kind = S("air"), .object = DB_NONE, .day = DB_NONE, .max = REGION_STATIONS };
	str edition;
	TRY(take_span(cx, q->from, q->to, &j->s));
	j->n = (size_t)(j->s.last - j->s.first + 1);
	region_range(region, &p.lo, &p.hi);
	TRY(station_list(cx->c, cx->a, &p, &scope, &j->stations));
	TRY(validity_read(cx->app->catalog, cx->a, S("validity/gb3095"), j->s.last, &j->val, &cx->fail));
	TRY(evaluation_read(cx->app->catalog, cx->a, q->evaluation, j->s.last, q->area == 1 ? 1 : 2, &j->ev, &cx->fail));
	if (q->edition.n)
		TRY(edition_named(cx->app->catalog, cx->a, "aqi", q->edition, &edition, &cx->fail));
	else
		TRY(edition_on(cx->app->catalog, cx->a, S("aqi/hj633"), j->s.last, &edition, &cx->fail));
	return air_edition_read(cx->app->catalog, cx->a, edition, &j->e, &cx->fail);
}

static err region_air(struct req *rq)
{
	struct region_job j = { .cx = &rq->cx };
	int64_t region;
	if (!str_to_i64(rq_param(rq, "code"), &region) || !region_valid(region))
		return ERR_NOT_FOUND;
	TRY(open_job(rq, region, &j));
	TRY(read_stations(&j));
	struct region_air_out out = { .region = region, .from = j.s.first, .to = j.s.last, .edition = edition_short(j.e.id),
				      .evaluation = str_sub(j.ev.id, sizeof "evaluation/" - 1, j.ev.id.n),
				      .limits = str_sub(j.ev.limits_id, sizeof "airlimit/" - 1, j.ev.limits_id.n), .validity = j.val.id,
				      .stations = (int64_t)j.stations.n };
	double *values = NEW_N(rq->a, double, j.n * AIR_COUNT + 1);
	city_days(&j, values, &out);
	statistics(&j, values, &out);
	ranking(&j, &out);
	return reply_json(rq, &out);
}

const struct route air_routes[] = {
	{ "GET", "/api/stations/{id}/air", station_air, READ, "sense.read", NULL, air_out_json,
	  "Hourly and daily air quality index of a station, by the edition in force or another", air_query_json },
	{ "GET", "/api/regions/{code}/air", region_air, READ, "sense.read", NULL, region_air_out_json,
	  "Air of a region: the mean of its stations, evaluated by HJ 663, its composite index and ranking", region_air_query_json },
	{ 0 },
};
