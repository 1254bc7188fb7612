/* What a person decides of a doubt, and what the neighbours measured meanwhile. A decision is an act in the ledger; the readings stay
 * as they were sent, and the mark lies over them or not. */
#include <math.h>
#include <stdlib.h>

#include "core/grant.h"
#include "core/ledger.h"
#include "core/views.h"
#include "geo/place.h"
#include "num/change.h"
#include "sense/ambient.h"
#include "sense/derive.h"
#include "sense/micro.h"
#include "sense/routes.h"
#include "sense/rule.h"
#include "sense/station.h"
#include "sense/upkeep.h"
#include "sense/upkeep_sql.h"

enum { DOUBT_TEXT_MAX = 500, NEAR_SHOWN = 20, NEAR_DAYS_MAX = 31 };

/* ---- deciding ---- */

/* good: the readings count after all; bad: they do not, and the matter is settled. from_ms names the doubt, to_ms says how far it went
 * when it was looked at: a doubt that has grown since is decided anew. */
#define DOUBT_DECIDE(F, O, L)                                                                      \
	F(STR, item, REQ, .max = 60)                                                               \
	F(STR, kind, OPT, .max = 20)                                                               \
	F(ENUM, test, REQ, .options = MICRO_CHECK_OPTIONS)                                         \
	F(I64, from_ms, REQ, .format = "date-time-ms")                                             \
	F(I64, to_ms, REQ, .format = "date-time-ms")                                               \
	F(ENUM, verdict, REQ, .options = "good|bad")                                               \
	F(STR, reason, REQ, .max = DOUBT_TEXT_MAX)
JSON_STRUCT(doubt_decide_in, DOUBT_DECIDE)
JSON_DEFINE(doubt_decide_in, DOUBT_DECIDE)
/* hours, days: derived anew because of it; changed: that were another value before. */
#define DOUBT_DECIDED(F, O, L) F(ID, id, REQ) F(I64, hours, REQ) F(I64, days, REQ) F(I64, changed, REQ)
JSON_STRUCT(doubt_decided_out, DOUBT_DECIDED)
JSON_DEFINE(doubt_decided_out, DOUBT_DECIDED)

static err find_doubt(struct ctx *cx, const struct station *st, const struct doubt_decide_in *in)
{
	struct doubt_find_row row;
	err e = doubt_find(cx->c, cx->a, &(struct doubt_find_params){ st->region, st->id, in->item, view_str(in->kind), in->test, in->from_ms }, &row);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", "err.doubt.gone");
	TRY(e);
	return row.to_ms == in->to_ms ? ERR_OK : FAIL(&cx->fail, STALE, "/to_ms", "err.doubt.grown");
}

static err put_event(struct ctx *cx, const struct station *st, const struct doubt_decide_in *in, int64_t id, str salt, str reason)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "station", st->id);
	canon_str(&c, "item", in->item);
	canon_str(&c, "kind", view_str(in->kind));
	canon_str(&c, "test", in->test);
	canon_i64(&c, "from", in->from_ms);
	canon_i64(&c, "to", in->to_ms);
	canon_str(&c, "verdict", in->verdict);
	canon_str(&c, "reason", commitment(cx->a, salt, reason));
	return ledger_append(cx, st->region, "doubt.decide", ledger_subject(cx, "doubt", id), canon_end(&c), NULL);
}

/* Once it is durable the marks change, and what depends on them is derived anew before the answer leaves. */
static err derive_and_reply(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct derive_count n = { 0 };
	if (!cx->idem.p) { /* else the next look catches up */
		TRY(upkeep_refresh(cx->app->upkeep, &cx->fail));
		TRY(derive_due(cx->app->derive, &n, &cx->fail));
	}
	const struct doubt_decided_out out = { *(const int64_t *)rq->prepared, n.hours, n.days, n.changed };
	return reply_json(rq, &out);
}

static err decide_post(struct req *rq)
{
	const struct doubt_decide_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct station st;
	unsigned char bytes[16];
	str salt = { (const char *)bytes, sizeof bytes }, reason = str_trim(in->reason), kind = view_str(in->kind);
	int64_t station, *id = NEW(rq->a, int64_t);
	TRY(rq_id(rq, "id", &station));
	TRY(station_get(cx, station, &st));
	TRY(station_may_write(cx, &st));
	if (!reason.n)
		return FAIL(&cx->fail, BAD_FIELD, "/reason", "err.required");
	TRY(find_doubt(cx, &st, in));
	random_bytes(bytes, sizeof bytes);
	*id = new_id(cx);
	TRY(doubt_supersede(cx->c, &(struct doubt_supersede_params){ st.region, st.id, in->item, kind, in->test, in->from_ms, in->to_ms, cx->now_ms }, NULL));
	TRY(doubt_decide(cx->c,
			 &(struct doubt_decide_params){ st.region, *id, st.id, in->item, kind, in->test, in->from_ms, in->to_ms, in->verdict, reason, salt,
							cx_account(cx), cx->now_ms },
			 NULL));
	TRY(put_event(cx, &st, in, *id, salt, reason));
	rq->prepared = id;
	return rq_after(rq, derive_and_reply);
}

/* ---- the neighbours ---- */

#define DOUBT_NEAR_QUERY(F, O, L)                                                                  \
	F(STR, item, REQ, .max = 60)                                                               \
	F(STR, kind, OPT, .max = 20)                                                               \
	F(I64, from, REQ, .format = "date-time-ms")                                                \
	F(I64, to, REQ, .format = "date-time-ms")
JSON_STRUCT(doubt_near_query, DOUBT_NEAR_QUERY)
JSON_DEFINE(doubt_near_query, DOUBT_NEAR_QUERY)
/* n values that count; km null: the station itself, first of the list. */
#define DOUBT_NEAR(F, O, L)                                                                        \
	F(ID, station, REQ) F(STR, name, REQ) F(STR, name_en, REQ) F(STR, kind, REQ) F(F64, km, NUL) F(I64, n, REQ)               \
	F(F64, least, NUL) F(F64, median, NUL) F(F64, most, NUL)
JSON_STRUCT(doubt_near_out, DOUBT_NEAR)
JSON_DEFINE(doubt_near_out, DOUBT_NEAR)
#define DOUBT_NEAR_LIST(F, O, L) F(F64, radius_km, REQ) F(STR, unit, REQ) L(doubt_near_out, items, REQ)
JSON_STRUCT(doubt_near_list_out, DOUBT_NEAR_LIST)
JSON_DEFINE(doubt_near_list_out, DOUBT_NEAR_LIST)

struct looking {
	struct req *rq;
	const struct doubt_near_query *q;
	uint32_t item;
	enum series_kind kind;
	bool minutes;
};

/* Of hours those that were sent and those that were derived here; values as they were sent. */
static err read_values(const struct looking *x, int64_t station, struct column *ret)
{
	struct ctx *cx = &x->rq->cx;
	struct series *s = cx->app->series;
	struct column sent, own;
	if (x->minutes)
		return series_read_sent(s, cx->a, station, x->item, SERIES_VALUE, x->kind, x->q->from, x->q->to, ret, &cx->fail);
	TRY(series_read_sent(s, cx->a, station, x->item, SERIES_VALUE, SERIES_HOUR, x->q->from, x->q->to, &sent, &cx->fail));
	TRY(series_read_sent(s, cx->a, station, x->item, SERIES_VALUE, SERIES_HOUR_OWN, x->q->from, x->q->to, &own, &cx->fail));
	*ret = ambient_both(cx->a, &sent, &own);
	return ERR_OK;
}

static err sum_up(const struct looking *x, struct doubt_near_out *o)
{
	struct column c;
	TRY(read_values(x, o->station, &c));
	double *v = NEW_N(x->rq->a, double, c.n + 1);
	size_t n = 0;
	o->least = o->most = NAN;
	for (size_t i = 0; i < c.n; i++) {
		if (!isfinite(c.value[i]) || !rule_flag_counts(c.flag[i]))
			continue;
		o->least = n && o->least < c.value[i] ? o->least : c.value[i];
		o->most = n && o->most > c.value[i] ? o->most : c.value[i];
		v[n++] = c.value[i];
	}
	o->n = (int64_t)n;
	o->median = median(v, n);
	return ERR_OK;
}

struct neighbour {
	const struct micro_stations_row *row;
	double km;
};

static int by_distance(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;
	return x->km < y->km ? -1 : x->km > y->km;
}

static err find_near(const struct looking *x, const struct station *st, double radius, struct neighbour **ret, size_t *ret_n)
{
	struct ctx *cx = &x->rq->cx;
	struct micro_stations_rows all;
	const struct station_kind *own = station_kind_find(cx->app->stations, st->kind);
	*ret_n = 0;
	TRY(micro_stations(cx->c, cx->a, &all));
	*ret = NEW_N(cx->a, struct neighbour, all.n + 1);
	for (size_t i = 0; i < all.n && isfinite(st->lat) && isfinite(st->lon); i++) {
		const struct micro_stations_row *o = &all.v[i];
		const struct station_kind *k = station_kind_find(cx->app->stations, o->kind);
		double km = distance_m((struct lonlat){ st->lon, st->lat }, (struct lonlat){ o->lon, o->lat }) / 1000;
		struct station seen;
		bool fits = o->id != st->id && km <= radius && own && k && str_eq(own->medium, k->medium);
		if (fits && station_get(cx, o->id, &seen) == ERR_OK)
			(*ret)[(*ret_n)++] = (struct neighbour){ o, km };
		cx->fail = (struct fail){ 0 };
	}
	if (*ret_n)
		qsort(*ret, *ret_n, sizeof **ret, by_distance);
	*ret_n = *ret_n < NEAR_SHOWN ? *ret_n : NEAR_SHOWN;
	return ERR_OK;
}

static err take_query(struct looking *x)
{
	const struct doubt_near_query *q = x->q;
	struct fail *f = &x->rq->cx.fail;
	x->kind = SERIES_HOUR;
	if (q->kind.n && !series_kind_parse(q->kind, &x->kind))
		return FAIL(f, BAD_FIELD, "?kind", "err.series.kind");
	if (q->to <= q->from || q->to - q->from > NEAR_DAYS_MAX * (int64_t)DAY_MS)
		return FAIL(f, BAD_FIELD, "?to", "err.series.span");
	x->minutes = x->kind == SERIES_MINUTE;
	x->item = series_item_known(x->rq->cx.app->series, q->item);
	return ERR_OK;
}

static err near_get(struct req *rq)
{
	struct looking x = { .rq = rq, .q = rq->query };
	struct ctx *cx = &rq->cx;
	struct micro_rules rules;
	struct neighbour *v;
	struct station st;
	struct doubt_near_list_out out = { .radius_km = 3, .unit = S("") };
	size_t n;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(cx, id, &st));
	TRY(take_query(&x));
	TRY(micro_rules_read(cx->app->catalog, cx->a, china_day(cx->now_ms), &rules, &cx->fail));
	const struct micro_rule *rule = micro_rule_find(&rules, st.kind, x.q->item);
	const struct item_kind *it = item_kind_find(cx->app->stations, station_kind_find(cx->app->stations, st.kind), x.q->item);
	out.radius_km = rule ? rule->radius_km : out.radius_km;
	out.unit = it ? it->unit : S("");
	TRY(find_near(&x, &st, out.radius_km, &v, &n));
	out.items.v = NEW_N(rq->a, struct doubt_near_out, n + 1);
	out.items.v[out.items.n++] = (struct doubt_near_out){ .station = st.id, .name = st.name, .name_en = st.name_en, .kind = st.kind, .km = NAN };
	for (size_t i = 0; i < n; i++)
		out.items.v[out.items.n++] = (struct doubt_near_out){ .station = v[i].row->id, .name = v[i].row->name, .name_en = v[i].row->name_en,
								      .kind = v[i].row->kind, .km = v[i].km };
	for (size_t i = 0; i < out.items.n; i++)
		TRY(sum_up(&x, &out.items.v[i]));
	return reply_json(rq, &out);
}

const struct route doubt_routes[] = {
	{ "POST", "/api/stations/{id}/doubts/decide", decide_post, WRITE, "sense.write", doubt_decide_in_json, doubt_decided_out_json,
	  "Say of a doubt that its readings are good after all, or that they are not; what depends on them is derived anew", NULL },
	{ "GET", "/api/stations/{id}/doubts/near", near_get, READ, "sense.read", NULL, doubt_near_list_out_json,
	  "What a station and its neighbours measured at that time", doubt_near_query_json },
	{ 0 },
};
