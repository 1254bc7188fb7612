/* Routes: /api/visits. */
#include <math.h>
#include <stdio.h>

#include "core/region.h"
#include "loop/inspect_door.h"
#include "loop/inspect_parts.h"
#include "loop/inspect_view.h"
#include "loop/routes.h"

JSON_DEFINE(visit_in, VISIT_IN)
JSON_DEFINE(visit_start_in, VISIT_START_IN)
JSON_DEFINE(visit_answer_in, VISIT_ANSWER_IN)
JSON_DEFINE(visit_finding_in, VISIT_FINDING_IN)
JSON_DEFINE(visit_record_in, VISIT_RECORD_IN)
JSON_DEFINE(visit_sign_in, VISIT_SIGN_IN)
JSON_DEFINE(visit_close_in, VISIT_CLOSE_IN)
JSON_DEFINE(visit_note_in, VISIT_NOTE_IN)

#define VISIT_ANSWERS_IN(F, O, L) L(visit_answer_in, answers, REQ, .min = 1, .max = 500)
JSON_STRUCT(visit_answers_in, VISIT_ANSWERS_IN)
JSON_DEFINE(visit_answers_in, VISIT_ANSWERS_IN)

#define VISIT_CANCEL_IN(F, O, L)                                                                             \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, reason, REQ, .max = 1000)
JSON_STRUCT(visit_cancel_in, VISIT_CANCEL_IN)
JSON_DEFINE(visit_cancel_in, VISIT_CANCEL_IN)

#define VISIT_FOLLOW_IN(F, O, L)                                                                             \
	F(DATE, planned, OPT)                                                                                \
	F(IDS, inspectors, REQ, .min = 1, .max = INSPECT_TEAM_MAX)
JSON_STRUCT(visit_follow_in, VISIT_FOLLOW_IN)
JSON_DEFINE(visit_follow_in, VISIT_FOLLOW_IN)

#define VISIT_QUERY(F, O, L)                                                                                 \
	F(STR, region, OPT, .max = 12, .format = "region")                                                   \
	F(ID, plan, OPT)                                                                                     \
	F(ID, object, OPT)                                                                                   \
	F(ID, unit, OPT)                                                                                     \
	F(ENUM, state, OPT, .options = "planned|under-way|recorded|signed|refused|closed|cancelled")         \
	F(ENUM, phase, OPT, .options = "open|closed")                                                        \
	F(DATE, from, OPT)                                                                                   \
	F(DATE, to, OPT)                                                                                     \
	F(BOOL, mine, OPT)                                                                                   \
	PAGE_QUERY(F)
JSON_STRUCT(visit_query, VISIT_QUERY)
JSON_DEFINE(visit_query, VISIT_QUERY)

#define VISIT_LIST(F, O, L) L(visit_item, items, REQ, .max = 200) PAGE_OUT(F)
JSON_STRUCT(visit_list_out, VISIT_LIST)
JSON_DEFINE(visit_list_out, VISIT_LIST)

/* ---- from the wire ---- */

static int64_t zero_if_none(int64_t v)
{
	return v == JSON_NONE ? 0 : v;
}

struct visit_new visit_new_of(const struct visit_in *in)
{
	return (struct visit_new){ .client_id = in->client_id,
				   .plan = zero_if_none(in->plan),
				   .follows = zero_if_none(in->follows),
				   .object = in->object,
				   .source = in->source,
				   .unannounced = in->unannounced,
				   .planned_day = in->planned,
				   .inspectors = in->inspectors,
				   .checklist = in->checklist,
				   .items = in->items };
}

struct visit_reply visit_reply_of(const struct visit_answer_in *in)
{
	return (struct visit_reply){
		in->client_id, in->item, in->value, in->note, { in->captured_ms, in->lat, in->lon }
	};
}

struct visit_found visit_found_of(const struct visit_finding_in *in)
{
	return (struct visit_found){ .client_id = in->client_id,
				     .item = in->item,
				     .criterion = in->criterion,
				     .title = in->title,
				     .text = in->text,
				     .spot = in->spot,
				     .fixed = in->fixed,
				     .now = in->now,
				     .due_day = in->due,
				     .at = { in->captured_ms, in->lat, in->lon } };
}

struct visit_words visit_words_of(const struct visit_record_in *in)
{
	return (struct visit_words){ in->content, in->problems, in->handling, in->ended_ms, in->clean };
}

struct visit_signing visit_signing_of(const struct visit_sign_in *in)
{
	return (struct visit_signing){ in->side,
				       in->name,
				       in->title,
				       in->file,
				       in->reason,
				       in->witness,
				       { in->captured_ms, nan(""), nan("") } };
}

/* ---- reading ---- */

static err named(struct req *rq, int64_t *ret)
{
	return visit_named(&rq->cx, rq_param(rq, "id"), ret);
}

static err reply_visit(struct req *rq, int64_t id, bool created)
{
	struct visit_out out;
	TRY(visit_view(&rq->cx, id, true, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err visit_one(struct req *rq)
{
	int64_t id;
	TRY(named(rq, &id));
	return reply_visit(rq, id, false);
}

static err fill_list(struct req *rq, const struct visit_list_rows *rows, size_t n, struct visit_list_out *out)
{
	int64_t *ids = NEW_N(rq->a, int64_t, n + 1);
	struct inspect_object_out *objects;
	size_t nobjects;
	for (size_t i = 0; i < n; i++)
		ids[i] = rows->v[i].object;
	TRY(inspect_objects_view(&rq->cx, ids, n, &objects, &nobjects));
	out->items.v = NEW_N(rq->a, struct visit_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct visit_list_row *r = &rows->v[i];
		struct inspect_object_out *o = NEW(rq->a, struct inspect_object_out);
		const struct inspect_object_out *found = inspect_object_in(objects, nobjects, r->object);
		if (found)
			*o = *found;
		out->items.v[out->items.n++] =
		    (struct visit_item){ .id = r->id,
					 .no = r->no,
					 .state = r->state,
					 .object = found ? o : NULL,
					 .plan = none_if_zero(r->plan),
					 .source = r->source,
					 .unannounced = r->unannounced,
					 .planned = r->planned_day,
					 .started_ms = r->started_ms,
					 .clean = r->clean < 0 ? JSON_NONE : r->clean,
					 .ver = r->ver };
	}
	return ERR_OK;
}

static err list_of(struct req *rq, int64_t limit, struct visit_list_rows *ret)
{
	const struct visit_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	int64_t after = q->after == JSON_NONE ? INT64_MAX : q->after, region = cx->app->home_region;
	if (q->mine) /* the same columns */
		return visit_mine(cx->c, cx->a,
				  &(struct visit_mine_params){ cx_account(cx), !str_eq(q->phase, S("closed")),
							       after, limit + 1 },
				  (struct visit_mine_rows *)(void *)ret);
	struct visit_list_params p = { .org = cx_org(cx),
				       .plan = q->plan,
				       .object = q->object,
				       .unit = q->unit,
				       .state = q->state,
				       .open = q->phase.p ? str_eq(q->phase, S("open")) : DB_NONE,
				       .from_day = q->from,
				       .to_day = q->to,
				       .after = after,
				       .max = limit + 1 };
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	if (q->region.n && (!str_to_i64(q->region, &region) || !region_valid(region)))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.region_unknown", "code",
			    arena_cstr(cx->a, q->region));
	region_range(region, &p.lo, &p.hi);
	return visit_list(cx->c, cx->a, &p, &scope, ret);
}

static err visit_page(struct req *rq)
{
	const struct visit_query *q = rq->query;
	int64_t limit = page_limit(q->limit);
	struct visit_list_rows rows;
	struct visit_list_out out = { .total = JSON_NONE };
	_Static_assert(sizeof(struct visit_list_row) == sizeof(struct visit_mine_row),
		       "both lists have the same columns");
	TRY(list_of(rq, limit, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	TRY(fill_list(rq, &rows, n, &out));
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

/* ---- acts ---- */

static err visit_create(struct req *rq)
{
	struct visit_new n = visit_new_of(rq->body);
	int64_t id;
	TRY(inspect_client_id(&rq->cx, n.client_id));
	TRY(visit_put(&rq->cx, &n, &id));
	return reply_visit(rq, id, true);
}

static err visit_do_start(struct req *rq)
{
	const struct visit_start_in *in = rq->body;
	int64_t id;
	TRY(named(rq, &id));
	TRY(visit_start(&rq->cx, id, zero_if_none(in->ver), (struct visit_at){ in->at_ms, in->lat, in->lon },
			in->place));
	return reply_visit(rq, id, false);
}

static err visit_do_answers(struct req *rq)
{
	const struct visit_answers_in *in = rq->body;
	int64_t id;
	bool wins;
	TRY(named(rq, &id));
	for (size_t i = 0; i < in->answers.n; i++) {
		struct visit_reply r = visit_reply_of(&in->answers.v[i]);
		err e = visit_answer(&rq->cx, id, &r, &wins);
		if (e == ERR_BAD_FIELD) {
			str inner = arena_str(rq->a, str_of(rq->cx.fail.pointer));
			(void)snprintf(rq->cx.fail.pointer, sizeof rq->cx.fail.pointer,
				       "/answers/%zu" STR_FMT, i, STR_ARG(inner));
		}
		TRY(e);
	}
	return reply_visit(rq, id, false);
}

static err visit_do_finding(struct req *rq)
{
	struct visit_found f = visit_found_of(rq->body);
	int64_t id, finding;
	TRY(named(rq, &id));
	TRY(visit_find(&rq->cx, id, &f, &finding));
	return reply_visit(rq, id, true);
}

static err visit_do_record(struct req *rq)
{
	const struct visit_record_in *in = rq->body;
	struct visit_words w = visit_words_of(in);
	int64_t id;
	TRY(named(rq, &id));
	TRY(visit_record(&rq->cx, id, zero_if_none(in->ver), &w));
	return reply_visit(rq, id, false);
}

static err visit_do_sign(struct req *rq)
{
	struct visit_signing s = visit_signing_of(rq->body);
	int64_t id;
	TRY(named(rq, &id));
	TRY(visit_sign(&rq->cx, id, &s));
	return reply_visit(rq, id, false);
}

static err visit_do_refuse(struct req *rq)
{
	struct visit_signing s = visit_signing_of(rq->body);
	int64_t id;
	TRY(named(rq, &id));
	TRY(visit_refuse(&rq->cx, id, &s));
	return reply_visit(rq, id, false);
}

static err visit_do_close(struct req *rq)
{
	const struct visit_close_in *in = rq->body;
	int64_t id;
	TRY(named(rq, &id));
	TRY(visit_close(&rq->cx, id, zero_if_none(in->ver)));
	return reply_visit(rq, id, false);
}

static err visit_do_cancel(struct req *rq)
{
	const struct visit_cancel_in *in = rq->body;
	int64_t id;
	TRY(named(rq, &id));
	TRY(visit_cancel(&rq->cx, id, in->ver, in->reason));
	return reply_visit(rq, id, false);
}

static err visit_do_note(struct req *rq)
{
	const struct visit_note_in *in = rq->body;
	int64_t id;
	TRY(named(rq, &id));
	TRY(visit_note(&rq->cx, id, in->text));
	return reply_visit(rq, id, false);
}

static err visit_do_follow(struct req *rq)
{
	const struct visit_follow_in *in = rq->body;
	int64_t id, next;
	TRY(named(rq, &id));
	TRY(visit_follow_up(&rq->cx, id, in->planned, in->inspectors, &next));
	return reply_visit(rq, next, true);
}

const struct route visit_routes[] = {
	{ "GET", "/api/visits", visit_page, READ, "matter.read", NULL, visit_list_out_json,
	  "Visits, newest first", visit_query_json },
	{ "POST", "/api/visits", visit_create, WRITE, "inspect.do", visit_in_json, visit_out_json,
	  "Plan a visit", NULL },
	{ "GET", "/api/visits/{id}", visit_one, READ, "matter.read", NULL, visit_out_json,
	  "A visit with its checklist and record", NULL },
	{ "POST", "/api/visits/{id}/start", visit_do_start, WRITE, "inspect.do", visit_start_in_json,
	  visit_out_json, "Begin a visit", NULL },
	{ "POST", "/api/visits/{id}/answers", visit_do_answers, WRITE, "inspect.do", visit_answers_in_json,
	  visit_out_json, "Answer items of the checklist", NULL },
	{ "POST", "/api/visits/{id}/findings", visit_do_finding, WRITE, "inspect.do", visit_finding_in_json,
	  visit_out_json, "Write down what was found", NULL },
	{ "POST", "/api/visits/{id}/record", visit_do_record, WRITE, "inspect.do", visit_record_in_json,
	  visit_out_json, "Make the record, ready for signing", NULL },
	{ "POST", "/api/visits/{id}/sign", visit_do_sign, WRITE, "matter.read", visit_sign_in_json,
	  visit_out_json, "Sign the record", NULL },
	{ "POST", "/api/visits/{id}/refuse", visit_do_refuse, WRITE, "inspect.do", visit_sign_in_json,
	  visit_out_json, "Record that the unit refused to sign", NULL },
	{ "POST", "/api/visits/{id}/close", visit_do_close, WRITE, "inspect.do", visit_close_in_json,
	  visit_out_json, "Close a visit: what was found becomes matters", NULL },
	{ "POST", "/api/visits/{id}/cancel", visit_do_cancel, WRITE, "inspect.plan", visit_cancel_in_json,
	  visit_out_json, "Give up a planned visit", NULL },
	{ "POST", "/api/visits/{id}/notes", visit_do_note, WRITE, "matter.read", visit_note_in_json,
	  visit_out_json, "Add to a record", NULL },
	{ "POST", "/api/visits/{id}/follow-up", visit_do_follow, WRITE, "inspect.do", visit_follow_in_json,
	  visit_out_json, "Plan a visit that carries the failed items", NULL },
	{ 0 },
};
