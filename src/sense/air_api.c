/* Air of a station by the standards: /api/stations/{id}/air */
#include <math.h>

#include "core/views.h"
#include "sense/air_parts.h"
#include "sense/reading.h"
#include "sense/routes.h"
#include "sense/station.h"

enum { HOUR_MS = 3600000, HOURS_MAX = 24 * 62 };

#define AIR_QUERY(F, O, L)                                                                         \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)                                                                           \
	F(STR, edition, OPT, .max = 60)                                                            \
	F(ENUM, report, OPT, .options = "day|hour|both")
JSON_STRUCT(air_query, AIR_QUERY)
JSON_DEFINE(air_query, AIR_QUERY)

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

JSON_DEFINE(air_item_out, AIR_ITEM_OUT)
JSON_DEFINE(air_point, AIR_POINT)

err air_span_take(struct ctx *cx, int64_t from, int64_t to, struct air_span *ret)
{
	struct air_span s = { from, to };
	if (s.last == JSON_NONE)
		s.last = china_day(cx->now_ms);
	if (s.first == JSON_NONE)
		s.first = s.last - 13;
	if (s.first > s.last)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.span");
	if (s.last - s.first >= AIR_DAYS_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.days", "max", "1500");
	*ret = s;
	return ERR_OK;
}

str air_edition_short(str id)
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

struct air_point air_point_of(struct arena *a, const struct air_edition *e, enum air_report report, int64_t at_ms, const struct ambient_value *v)
{
	struct air_values in = { 0 };
	for (int i = 0; i < AIR_COUNT; i++) {
		in.has[i] = v[i].has && v[i].valid;
		in.v[i] = v[i].has ? air_in_unit(e, (enum air_item)i, v[i].v) : v[i].v;
	}
	struct air_index x = air_index(e, report, &in);
	struct air_point p = { .at_ms = at_ms, .edition = air_edition_short(e->id), .aqi = JSON_NONE, .greatest = JSON_NONE, .level = JSON_NONE,
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

static err hour_points(struct ctx *cx, struct air_editions *es, const struct validity *val, const struct ambient_hours *h, const struct air_span *s, struct air_out *out)
{
	struct arena *a = cx->a;
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
		TRY(air_edition_for(es, china_day(t), &e, &cx->fail));
		out->hours.v[out->hours.n++] = air_point_of(a, e, AIR_HOUR, t, v);
	}
	return ERR_OK;
}

static err day_points(struct ctx *cx, struct air_editions *es, const struct ambient_value *days, const struct air_span *s, struct air_out *out)
{
	size_t n = (size_t)(s->last - s->first + 1);
	out->days.v = NEW_N(cx->a, struct air_point, n + 1);
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
		TRY(air_edition_for(es, s->first + (int64_t)d, &e, &cx->fail));
		out->days.v[out->days.n++] = air_point_of(cx->a, e, AIR_DAY, china_day_start_ms(s->first + (int64_t)d), v);
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

static err editions_out(struct ctx *cx, struct air_editions *es, const struct air_span *s, struct air_out *out)
{
	const struct air_edition *last;
	TRY(air_edition_for(es, s->last, &last, &cx->fail));
	out->editions.v = NEW_N(cx->a, str, es->v.n);
	for (; out->editions.n < es->v.n; out->editions.n++)
		out->editions.v[out->editions.n] = air_edition_short(es->v.v[out->editions.n]->id);
	levels_out(cx->a, last, out);
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
	struct air_span s = { 0 };
	struct validity val;
	struct ambient_hours h;
	struct air_editions es = { .c = cx->app->catalog, .a = cx->a, .asked = q->edition };
	double limit;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(cx, id, &st));
	TRY(air_span_take(cx, q->from, q->to, &s));
	TRY(validity_read(cx->app->catalog, cx->a, S("validity/gb3095"), s.last, &val, &cx->fail));
	TRY(o3_limit(cx, s.last, &limit));
	TRY(ambient_hours(cx->app->series, cx->a, id, china_day_start_ms(s.first), china_day_end_ms(s.last) + 1, &h, &cx->fail));
	struct air_out out = { .station = id, .from = s.first, .to = s.last, .validity = val.id };
	size_t n = (size_t)(s.last - s.first + 1);
	struct ambient_value *days = NEW_N(cx->a, struct ambient_value, n * AIR_COUNT);
	ambient_days(&val, &h, s.first, n, limit, days);
	if (!str_eq(q->report, S("hour")))
		TRY(day_points(cx, &es, days, &s, &out));
	if (!str_eq(q->report, S("day"))) {
		if (n * 24 > HOURS_MAX)
			return FAIL(&cx->fail, BAD_FIELD, "?report", "err.series.days", "max", "62");
		TRY(hour_points(cx, &es, &val, &h, &s, &out));
	}
	TRY(editions_out(cx, &es, &s, &out));
	return reply_json(rq, &out);
}

const struct route air_routes[] = {
	{ "GET", "/api/stations/{id}/air", station_air, READ, "sense.read", NULL, air_out_json,
	  "Hourly and daily air quality index of a station, by the edition in force or another", air_query_json },
	{ 0 },
};
