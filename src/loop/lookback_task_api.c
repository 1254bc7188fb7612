/* /api/lookbacks: tasks and findings; rates and survival. */
#include <math.h>

#include "core/grant.h"
#include "core/region.h"
#include "core/sector.h"
#include "core/views.h"
#include "loop/lookback.h"
#include "loop/lookback_sql.h"
#include "loop/loop.h"
#include "loop/matter_view.h"
#include "loop/routes.h"

/* ---- shapes ---- */

#define LOOKBACK_OUT(F, O, L)                                                                      \
	F(ID, id, REQ)                                                                             \
	F(ID, matter, REQ)                                                                         \
	F(STR, no, REQ)                                                                            \
	F(STR, title, REQ, .max = 500)                                                             \
	F(STR, kind, REQ)                                                                          \
	F(STR, state, REQ)                                                                         \
	F(STR, grade, REQ)                                                                         \
	F(STR, region, REQ, .format = "region")                                                    \
	F(I64, round, REQ)                                                                         \
	F(BOOL, moved_on, REQ)                                                                     \
	F(ID, draw, NUL)                                                                           \
	F(F64, chance, NUL)                                                                        \
	O(matter_org, unit, NUL)                                                                   \
	O(matter_org, org, NUL)                                                                    \
	F(DATE, due, REQ)                                                                          \
	F(BOOL, overdue, REQ)                                                                      \
	F(I64, closed_ms, REQ)                                                                     \
	F(I64, asked_ms, REQ)                                                                      \
	F(STR, result, NUL)                                                                        \
	F(BOOL, held, REQ)                                                                         \
	F(DATE, seen, NUL)                                                                         \
	F(I64, result_ms, NUL)                                                                     \
	O(matter_org, by_org, NUL)                                                                 \
	F(I64, ver, REQ)
JSON_STRUCT(lookback_out, LOOKBACK_OUT)
JSON_DEFINE(lookback_out, LOOKBACK_OUT)

#define LOOKBACK_LIST(F, O, L) L(lookback_out, items, REQ) PAGE_OUT(F)
JSON_STRUCT(lookback_list_out, LOOKBACK_LIST)
JSON_DEFINE(lookback_list_out, LOOKBACK_LIST)

#define LOOKBACK_QUERY(F, O, L)                                                                    \
	F(ID, region, OPT, .format = "region")                                                     \
	F(BOOL, mine, OPT)                                                                         \
	F(ID, org, OPT)                                                                            \
	F(ID, unit, OPT)                                                                           \
	F(ID, draw, OPT)                                                                           \
	F(ID, matter, OPT)                                                                         \
	F(ENUM, state, OPT, .options = "open|done")                                                \
	PAGE_QUERY(F)
JSON_STRUCT(lookback_query, LOOKBACK_QUERY)
JSON_DEFINE(lookback_query, LOOKBACK_QUERY)

#define PICK_IN(F, O, L)                                                                           \
	F(ID, matter, REQ)                                                                         \
	F(ID, org, REQ)                                                                            \
	F(DATE, due, REQ)
JSON_STRUCT(lookback_pick_in, PICK_IN)
JSON_DEFINE(lookback_pick_in, PICK_IN)

#define HAND_IN(F, O, L)                                                                           \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(ID, org, REQ)                                                                            \
	F(DATE, due, OPT)
JSON_STRUCT(lookback_hand_in, HAND_IN)
JSON_DEFINE(lookback_hand_in, HAND_IN)

#define FINDING_IN(F, O, L)                                                                        \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(STR, result, REQ, .max = 40)                                                             \
	F(STR, text, REQ, .max = 4000)                                                             \
	F(DATE, seen, OPT)                                                                         \
	F(DATE, due, OPT)                                                                          \
	F(IDS, files, OPT, .max = 50)
JSON_STRUCT(lookback_finding_in, FINDING_IN)
JSON_DEFINE(lookback_finding_in, FINDING_IN)

#define SEEN_QUERY(F, O, L)                                                                        \
	F(ENUM, by, REQ, .options = LOOKBACK_BY)                                                   \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)
JSON_STRUCT(lookback_seen_query, SEEN_QUERY)
JSON_DEFINE(lookback_seen_query, SEEN_QUERY)

#define RATE_OUT(F, O, L)                                                                          \
	F(STR, key, REQ)                                                                           \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(I64, looked, REQ)                                                                        \
	F(I64, held, REQ)                                                                          \
	F(I64, by_hand, REQ)                                                                       \
	F(I64, told, REQ)                                                                          \
	F(F64, share, NUL)                                                                         \
	F(F64, low, NUL)                                                                           \
	F(F64, high, NUL)                                                                          \
	F(F64, worth, REQ)
JSON_STRUCT(lookback_rate_out, RATE_OUT)
JSON_DEFINE(lookback_rate_out, RATE_OUT)

#define RATES_OUT(F, O, L)                                                                         \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	O(lookback_rate_out, all, REQ)                                                             \
	L(lookback_rate_out, items, REQ)
JSON_STRUCT(lookback_rates_out, RATES_OUT)
JSON_DEFINE(lookback_rates_out, RATES_OUT)

#define STEP_OUT(F, O, L)                                                                          \
	F(I64, day, REQ)                                                                           \
	F(I64, at_risk, REQ)                                                                       \
	F(I64, events, REQ)                                                                        \
	F(F64, survival, REQ)                                                                      \
	F(F64, se, NUL)                                                                            \
	F(F64, low, NUL)                                                                           \
	F(F64, high, NUL)
JSON_STRUCT(lookback_step_out, STEP_OUT)
JSON_DEFINE(lookback_step_out, STEP_OUT)

#define CURVE_OUT(F, O, L)                                                                         \
	F(STR, key, REQ)                                                                           \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(I64, fixes, REQ)                                                                         \
	F(I64, relapses, REQ)                                                                      \
	F(F64, median_days, NUL)                                                                   \
	F(I64, watched_days, REQ)                                                                  \
	L(lookback_step_out, steps, REQ, .max = 1000)
JSON_STRUCT(lookback_curve_out, CURVE_OUT)
JSON_DEFINE(lookback_curve_out, CURVE_OUT)

#define CURVES_OUT(F, O, L)                                                                        \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	O(lookback_curve_out, all, REQ)                                                            \
	L(lookback_curve_out, items, REQ)
JSON_STRUCT(lookback_curves_out, CURVES_OUT)
JSON_DEFINE(lookback_curves_out, CURVES_OUT)

/* ---- tasks ---- */

static err org_of(struct ctx *cx, int64_t id, struct matter_org **ret)
{
	struct org_brief o = { .name = S(""), .name_en = S("") };
	if (!id)
		return ERR_OK;
	err e = org_brief(cx, id, &o);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	*ret = NEW(cx->a, struct matter_org);
	**ret = (struct matter_org){ id, o.name, o.name_en };
	return ERR_OK;
}

/* Both rows have the same columns. */
static struct lookback_get_row as_get_row(const struct lookback_list_row *r)
{
	return (struct lookback_get_row){
		.region = r->region, .id = r->id, .matter = r->matter, .round = r->round, .draw = r->draw, .chance = r->chance,
		.unit = r->unit, .contractor = r->contractor, .closed_ms = r->closed_ms, .org = r->org, .due_day = r->due_day,
		.asked_ms = r->asked_ms, .result = r->result, .held = r->held, .seen_day = r->seen_day,
		.result_ms = r->result_ms, .by_org = r->by_org, .ver = r->ver, .no = r->no, .title = r->title, .kind = r->kind,
		.state = r->state, .grade = r->grade, .now_round = r->now_round,
	};
}

static err view(struct ctx *cx, const struct lookback_get_row *r, struct lookback_out *ret)
{
	struct lookback_out out = {
		.id = r->id, .matter = r->matter, .no = r->no, .title = r->title, .kind = r->kind, .state = r->state,
		.grade = r->grade, .region = arena_printf(cx->a, "%lld", (long long)r->region), .round = r->round,
		.moved_on = !r->result.n && r->now_round != r->round, .draw = r->draw ? r->draw : JSON_NONE,
		.chance = r->chance, .due = r->due_day, .overdue = !r->result.n && r->due_day < china_day(cx->now_ms),
		.closed_ms = r->closed_ms, .asked_ms = r->asked_ms, .result = r->result.n ? r->result : (str){ 0 },
		.held = r->held, .seen = r->seen_day, .result_ms = r->result_ms, .ver = r->ver,
	};
	TRY(org_of(cx, r->unit, &out.unit));
	TRY(org_of(cx, r->org, &out.org));
	TRY(org_of(cx, r->by_org, &out.by_org));
	*ret = out;
	return ERR_OK;
}

static err reply_one(struct req *rq, int64_t id, bool created)
{
	struct lookback_get_row row;
	struct lookback_out out;
	struct db_scope scope = cx_scope(&rq->cx, S("matter.read"));
	TRY(lookback_get(rq->cx.c, rq->a, &(struct lookback_get_params){ id }, &scope, &row));
	TRY(view(&rq->cx, &row, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err list_get(struct req *rq)
{
	const struct lookback_query *q = rq->query;
	int64_t limit = page_limit(q->limit);
	struct db_scope scope = cx_scope(&rq->cx, S("matter.read"));
	struct lookback_list_params p = { .org = q->mine ? cx_org(&rq->cx) : q->org, .unit = q->unit, .draw = q->draw,
					  .matter = q->matter, .open = str_eq(q->state, S("open")) ? 1 : DB_NONE,
					  .done = str_eq(q->state, S("done")) ? 1 : DB_NONE,
					  .after = q->after == JSON_NONE ? 0 : q->after, .max = limit + 1 };
	struct lookback_list_rows rows;
	struct lookback_list_out out = { .total = JSON_NONE };
	region_range(q->region == JSON_NONE ? rq->cx.app->home_region : q->region, &p.lo, &p.hi);
	TRY(lookback_list(rq->cx.c, rq->a, &p, &scope, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	out.items.v = NEW_N(rq->a, struct lookback_out, n + 1);
	for (; out.items.n < n; out.items.n++) {
		struct lookback_get_row row = as_get_row(&rows.v[out.items.n]);
		TRY(view(&rq->cx, &row, &out.items.v[out.items.n]));
	}
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

static err one_get(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return reply_one(rq, id, false);
}

static err pick_post(struct req *rq)
{
	const struct lookback_pick_in *in = rq->body;
	int64_t id;
	TRY(lookback_pick(&rq->cx, in->matter, in->org, in->due, &id));
	return reply_one(rq, id, true);
}

static err hand_post(struct req *rq)
{
	const struct lookback_hand_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(lookback_hand_to(&rq->cx, id, in->ver, in->org, in->due));
	return reply_one(rq, id, false);
}

static err result_post(struct req *rq)
{
	const struct lookback_finding_in *in = rq->body;
	const struct lookback_finding f = { .ver = in->ver, .result = in->result, .text = in->text,
					    .seen_day = in->seen == JSON_NONE ? china_day(rq->cx.now_ms) : in->seen,
					    .due_day = in->due, .files = in->files.v, .nfiles = in->files.n };
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(lookback_finish(&rq->cx, id, &f));
	return reply_one(rq, id, false);
}

/* ---- rates and survival ---- */

static err seen_query_of(struct req *rq, struct seen_query *ret)
{
	const struct lookback_seen_query *q = rq->query;
	static const char *const by[] = { "unit", "sector", "place", "contractor", "cause" };
	int64_t today = china_day(rq->cx.now_ms);
	struct seen_query out = { .region = q->region == JSON_NONE ? rq->cx.app->home_region : q->region,
				  .to_day = q->to == JSON_NONE ? today : q->to, .kind = q->kind.n ? q->kind : (str){ 0 } };
	out.from_day = q->from == JSON_NONE ? out.to_day - 365 : q->from;
	for (size_t i = 0; i < COUNT_OF(by); i++)
		if (str_eq(q->by, str_of(by[i])))
			out.by = (enum lookback_by)i;
	if (!region_valid(out.region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?region", "err.unknown_region");
	if (out.to_day < out.from_day)
		return FAIL(&rq->cx.fail, BAD_FIELD, "?to", "err.hold_order");
	*ret = out;
	return ERR_OK;
}

struct label {
	str key, zh, en;
};

static err org_label(struct ctx *cx, int64_t id, struct label *l)
{
	struct matter_org *o = NULL;
	TRY(org_of(cx, id, &o));
	if (o)
		*l = (struct label){ l->key, o->name, o->name_en };
	return ERR_OK;
}

static err label_of(struct ctx *cx, const struct seen_query *q, const struct seen_group *g, struct label *ret)
{
	struct label l = { arena_printf(cx->a, "%lld", (long long)g->key), S(""), S("") };
	struct region_name place;
	const struct loop_word *cause;
	switch (q->by) {
	case BY_UNIT:
	case BY_CONTRACTOR:
		TRY(org_label(cx, g->key, &l));
		break;
	case BY_SECTOR:
		for (size_t i = 0; i < cx->app->sectors->n; i++)
			if (cx->app->sectors->v[i].bit == (int)g->key)
				l = (struct label){ cx->app->sectors->v[i].id, cx->app->sectors->v[i].zh, cx->app->sectors->v[i].en };
		break;
	case BY_PLACE:
		TRY(region_name_of(cx->c, cx->a, g->key, &place));
		l = (struct label){ l.key, place.name, place.name_en };
		break;
	case BY_CAUSE:
		cause = loop_known(cx->app->loop, "causes", g->word);
		l = (struct label){ g->word, cause ? cause->zh : g->word, cause ? cause->en : g->word };
		break;
	}
	*ret = l;
	return ERR_OK;
}

static struct lookback_rate_out rate_view(const struct seen_group *g, const struct label *l)
{
	return (struct lookback_rate_out){ .key = l->key, .zh = l->zh, .en = l->en, .looked = (int64_t)g->looked,
					   .held = (int64_t)g->held, .by_hand = (int64_t)g->by_hand, .told = (int64_t)g->told, .share = g->rate.value,
					   .low = g->rate.low, .high = g->rate.high, .worth = g->rate.n };
}

static const struct label everything = { S("all"), S("全部"), S("All") };

static err rates_get(struct req *rq)
{
	struct seen_query q;
	struct seen_groups g;
	TRY(seen_query_of(rq, &q));
	TRY(lookback_seen_groups(&rq->cx, &q, &g));
	struct lookback_rate_out all = rate_view(&g.all, &everything);
	struct lookback_rates_out out = { .from = q.from_day, .to = q.to_day, .all = &all };
	out.items.v = NEW_N(rq->a, struct lookback_rate_out, g.n + 1);
	for (; out.items.n < g.n; out.items.n++) {
		struct label l;
		TRY(label_of(&rq->cx, &q, &g.v[out.items.n], &l));
		out.items.v[out.items.n] = rate_view(&g.v[out.items.n], &l);
	}
	return reply_json(rq, &out);
}

static struct lookback_curve_out curve_view(struct arena *a, const struct seen_group *g, const struct label *l)
{
	struct lookback_curve_out out = { .key = l->key, .zh = l->zh, .en = l->en, .fixes = (int64_t)g->nfixes,
					  .relapses = (int64_t)g->nrelapses, .median_days = g->median_days,
					  .watched_days = (int64_t)g->watched_days };
	out.steps.v = NEW_N(a, struct lookback_step_out, g->nsteps + 1);
	for (; out.steps.n < g->nsteps; out.steps.n++) {
		const struct survival_step *s = &g->steps[out.steps.n];
		out.steps.v[out.steps.n] = (struct lookback_step_out){ (int64_t)s->time, (int64_t)s->at_risk, (int64_t)s->events,
								       s->survival, s->se, s->low, s->high };
	}
	return out;
}

static err survival_get(struct req *rq)
{
	struct seen_query q;
	struct seen_groups g;
	TRY(seen_query_of(rq, &q));
	TRY(lookback_seen_groups(&rq->cx, &q, &g));
	struct lookback_curve_out all = curve_view(rq->a, &g.all, &everything);
	struct lookback_curves_out out = { .from = q.from_day, .to = q.to_day, .all = &all };
	out.items.v = NEW_N(rq->a, struct lookback_curve_out, g.n + 1);
	for (; out.items.n < g.n; out.items.n++) {
		struct label l;
		TRY(label_of(&rq->cx, &q, &g.v[out.items.n], &l));
		out.items.v[out.items.n] = curve_view(rq->a, &g.v[out.items.n], &l);
	}
	return reply_json(rq, &out);
}

const struct route lookback_routes[] = {
	{ "GET", "/api/lookbacks", list_get, READ, "matter.read", NULL, lookback_list_out_json, "Look-backs, oldest first",
	  lookback_query_json },
	{ "POST", "/api/lookbacks", pick_post, WRITE, "matter.supervise", lookback_pick_in_json, lookback_out_json,
	  "Look back at one matter picked by hand", NULL },
	{ "GET", "/api/lookbacks/{id}", one_get, READ, "matter.read", NULL, lookback_out_json, "A look-back", NULL },
	{ "POST", "/api/lookbacks/{id}/hand", hand_post, WRITE, "matter.supervise", lookback_hand_in_json, lookback_out_json,
	  "Somebody else is to look", NULL },
	{ "POST", "/api/lookbacks/{id}/result", result_post, WRITE, "matter.verify", lookback_finding_in_json, lookback_out_json,
	  "What was found: it held, or the dossier is reopened", NULL },
	{ "GET", "/api/lookback/rates", rates_get, READ, "matter.read", NULL, lookback_rates_out_json,
	  "The share that stayed fixed, with its 95 % interval", lookback_seen_query_json },
	{ "GET", "/api/lookback/survival", survival_get, READ, "matter.read", NULL, lookback_curves_out_json,
	  "How long fixes last (Kaplan–Meier)", lookback_seen_query_json },
	{ 0 },
};
