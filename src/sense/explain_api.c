/* Why an air quality index is what it is: /api/stations/{id}/air/explain */
#include <math.h>

#include "core/grant.h"
#include "core/views.h"
#include "sense/ambient.h"
#include "sense/reading.h"
#include "sense/routes.h"
#include "sense/station.h"

enum { HOUR_MS = 3600000 };

#define EXPLAIN_QUERY(F, O, L)                                                                     \
	F(I64, at, REQ, .format = "date-time-ms")                                                  \
	F(ENUM, report, OPT, .options = "day|hour")                                                \
	F(STR, edition, OPT, .max = 60)
JSON_STRUCT(explain_query, EXPLAIN_QUERY)
JSON_DEFINE(explain_query, EXPLAIN_QUERY)

/* value as measured, in measured_unit; rounded: what went into the formula, in the unit of the edition; the breakpoints it lies between (0 and none above the scale's end).
 * need: hours, or of the greatest 8-hour mean the windows, that a value needs to count. */
#define EXPLAIN_ITEM(F, O, L)                                                                      \
	F(STR, item, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, unit, REQ)                                                                          \
	F(STR, measured_unit, REQ)                                                                 \
	F(STR, flag, REQ)                                                                          \
	F(F64, value, NUL)                                                                         \
	F(F64, rounded, NUL)                                                                       \
	F(I64, places, REQ)                                                                        \
	F(I64, counted, REQ)                                                                       \
	F(I64, need, REQ)                                                                          \
	F(BOOL, valid, REQ)                                                                        \
	F(F64, lo, NUL)                                                                            \
	F(F64, hi, NUL)                                                                            \
	F(I64, index_lo, NUL)                                                                      \
	F(I64, index_hi, NUL)                                                                      \
	F(BOOL, above, REQ)                                                                        \
	F(I64, sub, NUL)                                                                           \
	F(STR, indicator, REQ)                                                                     \
	F(STR, clause, REQ, .max = 300)
JSON_STRUCT(explain_item, EXPLAIN_ITEM)
JSON_DEFINE(explain_item, EXPLAIN_ITEM)

#define EXPLAIN_LEVEL(F, O, L)                                                                     \
	F(I64, level, REQ)                                                                         \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, rgb, REQ)                                                                           \
	F(STR, effect_zh, REQ, .max = 400)                                                         \
	F(STR, effect_en, REQ, .max = 400)                                                         \
	F(STR, advice_zh, REQ, .max = 400)                                                         \
	F(STR, advice_en, REQ, .max = 400)
JSON_STRUCT(explain_level, EXPLAIN_LEVEL)
JSON_DEFINE(explain_level, EXPLAIN_LEVEL)

/* why as in /air. input, result: how concentrations and sub-indices are rounded; publish_above: with an item missing the index is
 * given only above it. */
#define EXPLAIN_OUT(F, O, L)                                                                       \
	F(ID, station, REQ)                                                                        \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	F(ENUM, report, REQ, .options = "day|hour")                                                \
	F(STR, edition, REQ)                                                                       \
	F(STR, standard, REQ)                                                                      \
	F(STR, title_zh, REQ, .max = 200)                                                          \
	F(STR, title_en, REQ, .max = 200)                                                          \
	F(STR, in_force, REQ)                                                                      \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, certainty, REQ)                                                                     \
	F(STR, validity, REQ)                                                                      \
	F(ENUM, input, REQ, .options = "half-even|down")                                           \
	F(ENUM, result, REQ, .options = "up|nearest")                                              \
	F(I64, least, REQ)                                                                         \
	F(I64, primary_above, REQ)                                                                 \
	F(I64, publish_above, NUL)                                                                 \
	F(I64, aqi, NUL)                                                                           \
	F(I64, greatest, NUL)                                                                      \
	F(STR, why, REQ)                                                                           \
	O(explain_level, level, NUL)                                                               \
	F(STRS, primary, REQ)                                                                      \
	F(STRS, missing, REQ)                                                                      \
	L(explain_item, items, REQ)
JSON_STRUCT(explain_out, EXPLAIN_OUT)
JSON_DEFINE(explain_out, EXPLAIN_OUT)

struct explaining {
	struct ctx *cx;
	int64_t day;
	enum air_report report;
	struct air_edition e;
	struct validity val;
	struct rows indicators;
	struct ambient_value v[AIR_COUNT];
	char flag[AIR_COUNT];
	struct explain_out out;
};

static err open_edition(struct explaining *x, str asked)
{
	struct ctx *cx = x->cx;
	const struct catalog *c = cx->app->catalog;
	str id, meta;
	if (asked.n)
		TRY(edition_named(c, cx->a, "aqi", asked, &id, &cx->fail));
	else
		TRY(edition_on(c, cx->a, S("aqi/hj633"), x->day, &id, &cx->fail));
	TRY(air_edition_read(c, cx->a, id, &x->e, &cx->fail));
	TRY(edition_meta(c, cx->a, id, &meta, &cx->fail));
	TRY(edition_table(c, cx->a, id, "indicators.tsv", &x->indicators, &cx->fail));
	TRY(validity_read(c, cx->a, S("validity/gb3095"), x->day, &x->val, &cx->fail));
	struct explain_out *o = &x->out;
	o->edition = str_sub(id, sizeof "aqi/" - 1, id.n);
	o->standard = view_str(x->e.standard);
	o->title_zh = view_str(meta_get(meta, S("title_zh")));
	o->title_en = view_str(meta_get(meta, S("title_en")));
	o->in_force = view_str(meta_get(meta, S("in_force")));
	o->source = view_str(meta_get(meta, S("source")));
	o->certainty = view_str(meta_get(meta, S("certainty")));
	o->validity = x->val.id;
	o->input = x->e.rule.input == ROUND_DOWN ? S("down") : S("half-even");
	o->result = x->e.rule.nearest ? S("nearest") : S("up");
	o->least = x->e.rule.least;
	o->primary_above = x->e.rule.primary_above;
	o->publish_above = x->e.rule.publish_above == AQI_NONE ? JSON_NONE : x->e.rule.publish_above;
	return ERR_OK;
}

/* ---- what went in ---- */

static err read_values(struct explaining *x, int64_t station)
{
	struct ctx *cx = x->cx;
	struct ambient_hours h;
	struct evaluation ev;
	bool day = x->report == AIR_DAY;
	int64_t from = day ? china_day_start_ms(x->day) : x->out.at_ms, to = day ? china_day_end_ms(x->day) + 1 : from + HOUR_MS;
	TRY(ambient_hours(cx->app->series, cx->a, station, from, to, &h, &cx->fail));
	if (day) {
		TRY(evaluation_read(cx->app->catalog, cx->a, S(""), x->day, 2, &ev, &cx->fail));
		ambient_days(&x->val, &h, x->day, 1, ev.limits.day[AIR_O3], x->v);
		return ERR_OK;
	}
	for (int i = 0; i < AIR_COUNT; i++) {
		const struct column *c = &h.c[i];
		if (!c->n || !isfinite(c->value[0]))
			continue;
		x->flag[i] = c->flag[0];
		x->v[i].has = decimal_of_f64(c->value[0], &x->v[i].v);
		x->v[i].valid = x->v[i].has && x->val.counts[(unsigned char)c->flag[0]];
		x->v[i].n = x->v[i].valid;
	}
	return ERR_OK;
}

/* ---- one item ---- */

static double scaled(int64_t m, int places)
{
	return decimal_f64((struct decimal){ m, places, false });
}

static void put_segment(const struct explaining *x, int i, struct explain_item *o)
{
	const struct aqi_scale *s = &x->e.scale[x->report][i];
	int64_t c = decimal_round(air_in_unit(&x->e, (enum air_item)i, x->v[i].v), s->places, x->e.rule.input);
	size_t k = 0;
	o->rounded = scaled(c, s->places);
	while (k < s->n && c > s->v[k].hi)
		k++;
	o->above = k == s->n;
	if (!s->n || (o->above && s->above != AQI_ABOVE_EXTEND))
		return;
	const struct aqi_segment *g = &s->v[o->above ? s->n - 1 : k];
	o->lo = scaled(g->lo, s->places);
	o->hi = scaled(g->hi, s->places);
	o->index_lo = g->index_lo;
	o->index_hi = g->index_hi;
}

static int64_t need_of(const struct explaining *x, int i)
{
	return x->report == AIR_HOUR ? 1 : i == AIR_O3 ? x->val.day.windows : x->val.day.hours;
}

static struct explain_item item_view(const struct explaining *x, int i, int sub)
{
	static const struct station_kind air = { .medium = S("air") };
	struct ctx *cx = x->cx;
	str name = str_of(air_item_name((enum air_item)i)), id = view_str(x->e.indicator[x->report][i]);
	const struct item_kind *it = item_kind_find(cx->app->stations, &air, name);
	struct explain_item o = { .item = name, .zh = it ? it->zh : name, .en = it ? it->en : name, .unit = S(""), .measured_unit = it ? it->unit : S(""), .flag = S(""),
				  .value = x->v[i].has ? decimal_f64(x->v[i].v) : (double)NAN, .rounded = NAN, .lo = NAN, .hi = NAN,
				  .places = x->e.scale[x->report][i].places, .counted = x->v[i].n, .need = need_of(x, i), .valid = x->v[i].valid,
				  .index_lo = JSON_NONE, .index_hi = JSON_NONE, .sub = sub == AQI_NONE ? JSON_NONE : sub, .indicator = id,
				  .clause = S("") };
	if (x->flag[i] && x->flag[i] != ' ')
		o.flag = arena_printf(cx->a, "%c", x->flag[i]);
	for (size_t r = 0; r < x->indicators.n; r++)
		if (str_eq(rows_get(&x->indicators, r, S("id")), id)) {
			o.clause = arena_printf(cx->a, STR_FMT " " STR_FMT, STR_ARG(rows_get(&x->indicators, r, S("source"))),
						STR_ARG(rows_get(&x->indicators, r, S("clause"))));
			o.unit = rows_get(&x->indicators, r, S("unit"));
		}
	if (x->v[i].has)
		put_segment(x, i, &o);
	return o;
}

static struct json_strs names_of(struct arena *a, uint32_t mask)
{
	struct json_strs out = { NEW_N(a, str, AIR_COUNT), 0 };
	for (int i = 0; i < AIR_COUNT; i++)
		if (mask >> i & 1)
			out.v[out.n++] = str_of(air_item_name((enum air_item)i));
	return out;
}

static void conclude(struct explaining *x)
{
	struct arena *a = x->cx->a;
	struct explain_out *o = &x->out;
	struct air_values in = { 0 };
	for (int i = 0; i < AIR_COUNT; i++) {
		in.has[i] = x->v[i].has && x->v[i].valid;
		in.v[i] = air_in_unit(&x->e, (enum air_item)i, x->v[i].v);
	}
	struct air_index r = air_index(&x->e, x->report, &in);
	o->aqi = r.aqi.index == AQI_NONE ? JSON_NONE : r.aqi.index;
	o->greatest = r.aqi.greatest == AQI_NONE ? JSON_NONE : r.aqi.greatest;
	o->why = r.aqi.index != AQI_NONE ? S("") : r.aqi.withheld ? S("withheld") : S("none");
	o->primary = names_of(a, r.aqi.primary);
	o->missing = names_of(a, r.aqi.missing);
	if (r.level) {
		o->level = NEW(a, struct explain_level);
		*o->level = (struct explain_level){ r.level->level, r.level->zh, r.level->en, r.level->rgb, r.level->effect_zh, r.level->effect_en,
						    r.level->advice_zh, r.level->advice_en };
	}
	o->items.v = NEW_N(a, struct explain_item, AIR_COUNT);
	for (int i = 0; i < AIR_COUNT; i++)
		o->items.v[o->items.n++] = item_view(x, i, r.sub[i]);
}

static err explain_get(struct req *rq)
{
	const struct explain_query *q = rq->query;
	struct explaining *x = NEW(rq->a, struct explaining);
	struct station st;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &st));
	if (!reading_time_ok(q->at, rq->cx.now_ms))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?at", "err.reading.time");
	*x = (struct explaining){ .cx = &rq->cx, .day = china_day(q->at), .report = str_eq(q->report, S("hour")) ? AIR_HOUR : AIR_DAY };
	x->out = (struct explain_out){ .station = id, .report = x->report == AIR_HOUR ? S("hour") : S("day"),
				       .at_ms = x->report == AIR_HOUR ? q->at - q->at % HOUR_MS : china_day_start_ms(x->day) };
	TRY(open_edition(x, q->edition));
	TRY(read_values(x, id));
	conclude(x);
	return reply_json(rq, &x->out);
}

const struct route explain_routes[] = {
	{ "GET", "/api/stations/{id}/air/explain", explain_get, READ, "sense.read", NULL, explain_out_json,
	  "The index of an hour or day, item by item: what was measured, rounded, the breakpoints used, by which edition", explain_query_json },
	{ 0 },
};
