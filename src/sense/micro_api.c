/* /api/stations/{id}/doubts: what checks of micro-stations found, and by which numbers. */
#include "core/grant.h"
#include "core/views.h"
#include "sense/micro.h"
#include "sense/routes.h"
#include "sense/station.h"
#include "sense/upkeep_sql.h"

enum { DOUBTS_SHOWN = 1000, DOUBT_DAYS = 7 };

/* The newest word of a person about it; from_ms and to_ms are what it was said of. */
#define DOUBT_WORD(F, O, L)                                                                        \
	F(ENUM, verdict, REQ, .options = "good|bad") F(I64, at_ms, REQ) F(STR, by, REQ) F(STR, reason, REQ, .max = 500) F(I64, from_ms, REQ) F(I64, to_ms, REQ)
JSON_STRUCT(doubt_word, DOUBT_WORD)
JSON_DEFINE(doubt_word, DOUBT_WORD)
/* kind "": readings of every kind. */
#define DOUBT_OUT(F, O, L)                                                                         \
	F(STR, item, REQ)                                                                          \
	F(STR, kind, REQ)                                                                          \
	F(ENUM, test, REQ, .options = MICRO_CHECK_OPTIONS)                                         \
	F(I64, from_ms, REQ)                                                                       \
	F(I64, to_ms, REQ)                                                                         \
	F(F64, value, REQ)                                                                         \
	F(F64, bound, REQ)                                                                         \
	F(STR, edition, REQ)                                                                       \
	F(I64, made_ms, REQ)                                                                       \
	O(doubt_word, decision, NUL)
JSON_STRUCT(doubt_out, DOUBT_OUT)
JSON_DEFINE(doubt_out, DOUBT_OUT)
#define DOUBT_RULE(F, O, L)                                                                        \
	F(STR, item, REQ) F(F64, lo, REQ) F(F64, hi, REQ) F(I64, stuck_h, REQ) F(F64, spike_abs, REQ) F(F64, spike_mad, REQ)       \
	F(F64, neighbours_z, REQ) F(I64, neighbours_h, REQ) F(F64, radius_km, REQ) F(F64, plume_km, REQ)                         \
	F(STR, source, REQ, .max = 500) F(STR, certainty, REQ)
JSON_STRUCT(doubt_rule_out, DOUBT_RULE)
JSON_DEFINE(doubt_rule_out, DOUBT_RULE)
/* rules: those that hold for this kind of station; none: it is not checked. */
#define DOUBT_LIST(F, O, L) F(STR, edition, REQ) L(doubt_rule_out, rules, REQ) L(doubt_out, items, REQ, .max = DOUBTS_SHOWN) F(BOOL, more, REQ)
JSON_STRUCT(doubt_list_out, DOUBT_LIST)
JSON_DEFINE(doubt_list_out, DOUBT_LIST)
#define DOUBT_QUERY(F, O, L) F(I64, from, OPT, .format = "date-time-ms") F(I64, to, OPT, .format = "date-time-ms")
JSON_STRUCT(doubt_query, DOUBT_QUERY)
JSON_DEFINE(doubt_query, DOUBT_QUERY)

static err add_rules(struct ctx *cx, const struct station *st, struct doubt_list_out *out)
{
	enum { HOUR_MS = 3600000 };
	struct micro_rules r;
	TRY(micro_rules_read(cx->app->catalog, cx->a, china_day(cx->now_ms), &r, &cx->fail));
	out->edition = r.edition;
	out->rules.v = NEW_N(cx->a, struct doubt_rule_out, r.n + 1);
	for (size_t i = 0; i < r.n; i++) {
		const struct micro_rule *v = &r.v[i];
		if (str_eq(v->station_kind, st->kind))
			out->rules.v[out->rules.n++] = (struct doubt_rule_out){ v->item, v->lo, v->hi, v->stuck_ms / HOUR_MS, v->spike_abs,
										v->spike_mad, v->neighbours_z, v->neighbours_ms / HOUR_MS,
										v->radius_km, v->plume_km, v->source, v->certainty };
	}
	return ERR_OK;
}

static struct doubt_word *word_of(struct arena *a, const struct doubt_decisions_rows *words, const struct doubt_list_row *d)
{
	for (size_t i = 0; i < words->n; i++) { /* the newest first */
		const struct doubt_decisions_row *w = &words->v[i];
		if (!str_eq(w->item, d->item) || !str_eq(w->kind, d->kind) || !str_eq(w->test, d->test) || w->from_ms >= d->to_ms || w->to_ms <= d->from_ms)
			continue;
		struct doubt_word *out = NEW(a, struct doubt_word);
		*out = (struct doubt_word){ w->verdict, w->made_ms, view_str(w->by_name), w->reason, w->from_ms, w->to_ms };
		return out;
	}
	return NULL;
}

static err doubts_get(struct req *rq)
{
	const struct doubt_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct doubt_list_rows rows;
	struct doubt_decisions_rows words;
	struct doubt_list_out out = { 0 };
	struct station st;
	int64_t id, to = q->to == JSON_NONE ? cx->now_ms + 1 : q->to;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(cx, id, &st));
	TRY(add_rules(cx, &st, &out));
	const struct doubt_list_params p = { id, q->from == JSON_NONE ? to - DOUBT_DAYS * (int64_t)DAY_MS : q->from, to, DOUBTS_SHOWN + 1 };
	TRY(doubt_list(cx->c, rq->a, &p, &rows));
	TRY(doubt_decisions(cx->c, rq->a, &(struct doubt_decisions_params){ id, p.from_ms, p.to_ms }, &words));
	out.more = rows.n > DOUBTS_SHOWN;
	out.items.v = NEW_N(rq->a, struct doubt_out, rows.n + 1);
	for (; out.items.n < rows.n && out.items.n < DOUBTS_SHOWN; out.items.n++) {
		const struct doubt_list_row *r = &rows.v[out.items.n];
		out.items.v[out.items.n] = (struct doubt_out){ r->item, r->kind, r->test, r->from_ms, r->to_ms, r->value, r->bound, r->edition, r->made_ms,
								     word_of(rq->a, &words, r) };
	}
	return reply_json(rq, &out);
}

const struct route micro_routes[] = {
	{ "GET", "/api/stations/{id}/doubts", doubts_get, READ, "sense.read", NULL, doubt_list_out_json,
	  "Readings that checks found doubtful, newest first, and the numbers they were held against", doubt_query_json },
	{ 0 },
};
