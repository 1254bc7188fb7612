/* Air of a region: the mean of its stations, evaluated by HJ 663: /api/regions/{code}/air */
#include <math.h>
#include <stdlib.h>

#include "core/grant.h"
#include "core/region.h"
#include "core/views.h"
#include "sense/air_parts.h"
#include "sense/routes.h"
#include "sense/station.h"
#include "sense/station_sql.h"

enum { REGION_STATIONS = 500 };

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
	struct air_span s;
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
		struct air_point p = air_point_of(j->cx->a, &j->e, AIR_DAY, china_day_start_ms(j->s.first + (int64_t)d), v);
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
	TRY(air_span_take(cx, q->from, q->to, &j->s));
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
	struct region_air_out out = { .region = region, .from = j.s.first, .to = j.s.last, .edition = air_edition_short(j.e.id),
				      .evaluation = str_sub(j.ev.id, sizeof "evaluation/" - 1, j.ev.id.n),
				      .limits = str_sub(j.ev.limits_id, sizeof "airlimit/" - 1, j.ev.limits_id.n), .validity = j.val.id,
				      .stations = (int64_t)j.stations.n };
	double *values = NEW_N(rq->a, double, j.n * AIR_COUNT + 1);
	city_days(&j, values, &out);
	statistics(&j, values, &out);
	ranking(&j, &out);
	return reply_json(rq, &out);
}

const struct route air_region_routes[] = {
	{ "GET", "/api/regions/{code}/air", region_air, READ, "sense.read", NULL, region_air_out_json,
	  "Air of a region: the mean of its stations, evaluated by HJ 663, its composite index and ranking", region_air_query_json },
	{ 0 },
};
