/* Routes: /api/plans and their coverage; the rules of inspection. */
#include <math.h>

#include "core/org.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/draw_sql.h"
#include "loop/inspect_view.h"
#include "loop/routes.h"

/* ---- shapes ---- */

#define PLAN_TEAM_IN(F, O, L)                                                                                \
	F(STR, name, OPT, .max = 60)                                                                         \
	F(ID, leader, OPT)                                                                                   \
	F(IDS, members, REQ, .min = 1, .max = INSPECT_TEAM_MAX)
JSON_STRUCT(plan_team_in, PLAN_TEAM_IN)
JSON_DEFINE(plan_team_in, PLAN_TEAM_IN)

#define PLAN_EVERY(F, O, L)                                                                                  \
	F(ENUM, risk, REQ, .options = "red|orange|yellow|blue|none")                                         \
	F(I64, every_days, REQ, .min = 1, .max = 3660)
JSON_STRUCT(plan_every_io, PLAN_EVERY)
JSON_DEFINE(plan_every_io, PLAN_EVERY)

#define PLAN_IN(F, O, L)                                                                                     \
	F(ID, region, OPT, .format = "region")                                                               \
	F(STR, name, REQ, .max = 200)                                                                        \
	F(STR, campaign, OPT, .max = 200)                                                                    \
	F(DATE, from, REQ)                                                                                   \
	F(DATE, to, REQ)                                                                                     \
	F(ENUM, recurs, OPT, .options = PLAN_RECURS)                                                         \
	F(STRS, sectors, REQ, .min = 1, .max = 64)                                                           \
	F(STRS, types, OPT, .max = 100)                                                                      \
	L(plan_every_io, frequency, OPT, .max = 5)                                                           \
	F(STR, checklist, OPT, .max = 60)                                                                    \
	F(BOOL, unannounced, OPT)                                                                            \
	L(plan_team_in, teams, OPT, .max = 20)
JSON_STRUCT(plan_in, PLAN_IN)
JSON_DEFINE(plan_in, PLAN_IN)

#define PLAN_PATCH(F, O, L)                                                                                  \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, name, OPT, .max = 200)                                                                        \
	F(STR, campaign, OPT, .max = 200)                                                                    \
	F(DATE, to, OPT)                                                                                     \
	L(plan_every_io, frequency, OPT, .max = 5)                                                           \
	F(STR, checklist, OPT, .max = 60)                                                                    \
	L(plan_team_in, teams, OPT, .max = 20)
JSON_STRUCT(plan_patch, PLAN_PATCH)
JSON_DEFINE(plan_patch, PLAN_PATCH)

#define PLAN_END_IN(F, O, L)                                                                                 \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, reason, REQ, .max = 1000)
JSON_STRUCT(plan_end_in, PLAN_END_IN)
JSON_DEFINE(plan_end_in, PLAN_END_IN)

#define PLAN_HEAD(F, O, L)                                                                                   \
	F(ID, id, REQ)                                                                                       \
	F(ID, region, REQ, .format = "region")                                                               \
	F(STR, region_name, REQ)                                                                             \
	F(STR, name, REQ)                                                                                    \
	F(STR, campaign, REQ)                                                                                \
	F(DATE, from, REQ)                                                                                   \
	F(DATE, to, REQ)                                                                                     \
	F(STR, recurs, REQ)                                                                                  \
	F(STRS, sectors, REQ)                                                                                \
	F(STR, org_name, REQ)                                                                                \
	F(I64, ended_ms, NUL)                                                                                \
	F(I64, ver, REQ)
#define PLAN_ITEM(F, O, L) PLAN_HEAD(F, O, L)
JSON_STRUCT(plan_item, PLAN_ITEM)
JSON_DEFINE(plan_item, PLAN_ITEM)

#define PLAN_LIST(F, O, L) L(plan_item, items, REQ, .max = 200) PAGE_OUT(F)
JSON_STRUCT(plan_list_out, PLAN_LIST)
JSON_DEFINE(plan_list_out, PLAN_LIST)

#define COVER_COUNT(F, O, L)                                                                                 \
	F(STR, risk, NUL)                                                                                    \
	F(I64, objects, REQ)                                                                                 \
	F(I64, visited, REQ)                                                                                 \
	F(I64, due, REQ)                                                                                     \
	F(I64, overdue, REQ)                                                                                 \
	F(I64, later, REQ)                                                                                   \
	F(I64, never, REQ)
JSON_STRUCT(cover_count_out, COVER_COUNT)
JSON_DEFINE(cover_count_out, COVER_COUNT)

#define COVER_ROW(F, O, L)                                                                                   \
	O(inspect_object_out, object, NUL)                                                                   \
	F(ENUM, status, REQ, .options = "visited|due|overdue|later")                                         \
	F(BOOL, never, REQ)                                                                                  \
	F(I64, last_ms, NUL)                                                                                 \
	F(DATE, due, REQ)                                                                                    \
	F(I64, every_days, REQ)
JSON_STRUCT(cover_row_out, COVER_ROW)
JSON_DEFINE(cover_row_out, COVER_ROW)

#define PLAN_COVERAGE(F, O, L)                                                                               \
	F(DATE, round_from, REQ)                                                                             \
	F(DATE, round_to, REQ)                                                                               \
	F(DATE, as_of, REQ)                                                                                  \
	O(cover_count_out, all, REQ)                                                                         \
	L(cover_count_out, by_risk, REQ)                                                                     \
	F(F64, share, NUL)
JSON_STRUCT(plan_coverage_out, PLAN_COVERAGE)
JSON_DEFINE(plan_coverage_out, PLAN_COVERAGE)

#define PLAN_TEAM(F, O, L)                                                                                   \
	F(STR, name, REQ)                                                                                    \
	L(inspect_person, members, REQ)
JSON_STRUCT(plan_team_out, PLAN_TEAM)
JSON_DEFINE(plan_team_out, PLAN_TEAM)

#define PLAN_VISITS(F, O, L)                                                                                 \
	F(I64, planned, REQ)                                                                                 \
	F(I64, done, REQ)                                                                                    \
	F(I64, open, REQ)                                                                                    \
	F(I64, found, REQ)
JSON_STRUCT(plan_visits_out, PLAN_VISITS)
JSON_DEFINE(plan_visits_out, PLAN_VISITS)

#define PLAN_OUT(F, O, L)                                                                                    \
	PLAN_HEAD(F, O, L)                                                                                   \
	F(STRS, types, REQ)                                                                                  \
	L(plan_every_io, frequency, REQ)                                                                     \
	F(STR, checklist, REQ)                                                                               \
	F(BOOL, unannounced, REQ)                                                                            \
	F(STR, reason, REQ, .max = 1000)                                                                     \
	L(plan_team_out, teams, REQ)                                                                         \
	O(plan_coverage_out, coverage, REQ)                                                                  \
	L(cover_row_out, next_due, REQ)                                                                      \
	O(plan_visits_out, visits, REQ)                                                                      \
	L(plan_draw_item, draws, REQ)                                                                        \
	F(BOOL, may_edit, REQ)
JSON_STRUCT(plan_out, PLAN_OUT)
JSON_DEFINE(plan_out, PLAN_OUT)

#define PLAN_QUERY(F, O, L)                                                                                  \
	F(STR, region, OPT, .max = 12, .format = "region")                                                   \
	F(BOOL, running, OPT)                                                                                \
	PAGE_QUERY(F)
JSON_STRUCT(plan_query, PLAN_QUERY)
JSON_DEFINE(plan_query, PLAN_QUERY)

#define PLAN_AT_QUERY(F, O, L) F(DATE, at, OPT)
JSON_STRUCT(plan_at_query, PLAN_AT_QUERY)
JSON_DEFINE(plan_at_query, PLAN_AT_QUERY)

#define PLAN_OBJECTS_QUERY(F, O, L)                                                                          \
	F(DATE, at, OPT)                                                                                     \
	F(ENUM, status, OPT, .options = "visited|due|overdue|later|never")                                   \
	PAGE_QUERY(F)
JSON_STRUCT(plan_objects_query, PLAN_OBJECTS_QUERY)
JSON_DEFINE(plan_objects_query, PLAN_OBJECTS_QUERY)

#define PLAN_OBJECTS_OUT(F, O, L) L(cover_row_out, items, REQ, .max = 200) PAGE_OUT(F)
JSON_STRUCT(plan_objects_out, PLAN_OBJECTS_OUT)
JSON_DEFINE(plan_objects_out, PLAN_OBJECTS_OUT)

#define FREQUENCY_ITEM(F, O, L)                                                                              \
	F(STR, id, REQ)                                                                                      \
	F(STR, risk, REQ)                                                                                    \
	F(STR, type, REQ)                                                                                    \
	F(ID, region, NUL, .format = "region")                                                               \
	F(I64, every_days, REQ)                                                                              \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, source, REQ, .max = 500)                                                                      \
	F(STR, certainty, REQ)
JSON_STRUCT(frequency_item, FREQUENCY_ITEM)
JSON_DEFINE(frequency_item, FREQUENCY_ITEM)

#define INSPECT_RULES_OUT(F, O, L)                                                                           \
	L(frequency_item, frequency, REQ)                                                                    \
	F(I64, min_inspectors, REQ)                                                                          \
	F(I64, sign_inspectors, REQ)
JSON_STRUCT(inspect_rules_out, INSPECT_RULES_OUT)
JSON_DEFINE(inspect_rules_out, INSPECT_RULES_OUT)

/* ---- from the wire ---- */

/* A leader stands among the members. */
static void members_of(struct req *rq, const struct plan_team_in *teams, size_t n,
		       const struct plan_member **ret, size_t *ret_n)
{
	struct plan_member *v = NEW_N(rq->a, struct plan_member, n * INSPECT_TEAM_MAX + 1);
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < teams[i].members.n; m++)
			v[k++] = (struct plan_member){ view_str(teams[i].name), teams[i].members.v[m],
						       teams[i].members.v[m] == teams[i].leader };
	*ret = v;
	*ret_n = k;
}

static const struct plan_every *every_of(struct req *rq, const struct plan_every_io *v, size_t n)
{
	struct plan_every *out = NEW_N(rq->a, struct plan_every, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct plan_every){ v[i].risk, v[i].every_days };
	return out;
}

/* ---- views ---- */

static void view_teams(struct req *rq, const struct plan_members_rows *rows, struct plan_out *out)
{
	out->teams.v = NEW_N(rq->a, struct plan_team_out, rows->n + 1);
	for (size_t i = 0; i < rows->n; i++) {
		const struct plan_members_row *r = &rows->v[i];
		struct plan_team_out *t = out->teams.n ? &out->teams.v[out->teams.n - 1] : NULL;
		if (!t || !str_eq(t->name, r->team)) {
			t = &out->teams.v[out->teams.n++];
			t->name = r->team;
			t->members.v = NEW_N(rq->a, struct inspect_person, rows->n - i + 1);
		}
		t->members.v[t->members.n++] =
		    (struct inspect_person){ r->account,           none_if_zero(r->person), view_str(r->name),
					     none_if_zero(r->org), view_str(r->org_name),   r->leader,
					     view_str(r->name_en), view_str(r->org_name_en) };
	}
}

static struct cover_count_out count_out(const struct cover_count *c, str risk)
{
	return (
	    struct cover_count_out){ risk, c->objects, c->visited, c->due, c->overdue, c->later, c->never };
}

static struct plan_coverage_out *coverage_out(struct req *rq, const struct coverage *c)
{
	struct plan_coverage_out *out = NEW(rq->a, struct plan_coverage_out);
	*out = (struct plan_coverage_out){ .round_from = c->round_from,
					   .round_to = c->round_to,
					   .as_of = c->as_of_day,
					   .all = NEW(rq->a, struct cover_count_out) };
	*out->all = count_out(&c->all, (str){ 0 });
	out->share = c->all.objects ? (double)c->all.visited / (double)c->all.objects : nan("");
	out->by_risk.v = NEW_N(rq->a, struct cover_count_out, COVER_RISKS);
	for (size_t i = 0; i < COVER_RISKS; i++)
		out->by_risk.v[out->by_risk.n++] = count_out(&c->by_risk[i], str_of(cover_risks[i]));
	return out;
}

static err rows_out(struct req *rq, const struct cover_row *v, size_t n, struct cover_row_out **ret)
{
	int64_t *ids = NEW_N(rq->a, int64_t, n + 1);
	struct inspect_object_out *objects;
	size_t nobjects;
	for (size_t i = 0; i < n; i++)
		ids[i] = v[i].object;
	TRY(inspect_objects_view(&rq->cx, ids, n, &objects, &nobjects));
	struct cover_row_out *out = NEW_N(rq->a, struct cover_row_out, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct inspect_object_out *found = inspect_object_in(objects, nobjects, v[i].object);
		struct inspect_object_out *o = NEW(rq->a, struct inspect_object_out);
		if (found)
			*o = *found;
		out[i] = (struct cover_row_out){ .object = found ? o : NULL,
						 .status = str_of(cover_status_name(v[i].status)),
						 .never = v[i].never,
						 .last_ms = v[i].last_ms,
						 .due = v[i].due_day,
						 .every_days = v[i].every_days };
	}
	*ret = out;
	return ERR_OK;
}

static err view_draws(struct req *rq, int64_t plan, struct plan_out *out)
{
	struct draw_of_subject_rows rows;
	TRY(draw_of_subject(rq->cx.c, rq->a, &(struct draw_of_subject_params){ S("inspection"), plan },
			    &rows));
	out->draws.v = NEW_N(rq->a, struct plan_draw_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct draw_of_subject_row *r = &rows.v[i];
		out->draws.v[out->draws.n++] = (struct plan_draw_item){ r->id,
									r->want,
									r->second,
									r->candidates,
									r->hash,
									r->seed_source,
									r->seed.n ? r->seed : (str){ 0 },
									r->announced_ms,
									r->drawn_ms,
									r->ver };
	}
	return ERR_OK;
}

static err view_head(struct req *rq, const struct plan *p, struct plan_out *out)
{
	struct region_name name;
	struct org_brief org;
	TRY(region_name_of(rq->cx.c, rq->a, p->region, &name));
	bool known = p->org && org_brief(&rq->cx, p->org, &org) == ERR_OK;
	struct access_row row = { p->region, p->sectors, p->secret, &p->org, 1 };
	*out = (struct plan_out){ .id = p->id,
				  .region = p->region,
				  .region_name = name.name,
				  .name = p->name,
				  .campaign = p->campaign,
				  .from = p->from_day,
				  .to = p->to_day,
				  .recurs = p->recurs,
				  .sectors = sector_ids(rq->a, rq->cx.app->sectors, p->sectors),
				  .org_name = known ? org.name : S(""),
				  .ended_ms = p->ended_ms,
				  .ver = p->ver,
				  .checklist = p->checklist,
				  .unannounced = p->unannounced,
				  .reason = p->reason,
				  .may_edit = cx_allowed(&rq->cx, S("inspect.plan"), &row) };
	out->types = (struct json_strs){ NEW_N(rq->a, str, p->ntypes + 1), p->ntypes };
	for (size_t i = 0; i < p->ntypes; i++)
		out->types.v[i] = p->types[i];
	out->frequency.v = NEW_N(rq->a, struct plan_every_io, p->nevery + 1);
	for (size_t i = 0; i < p->nevery; i++)
		out->frequency.v[out->frequency.n++] =
		    (struct plan_every_io){ p->every[i].risk, p->every[i].days };
	return ERR_OK;
}

static err view_plan(struct req *rq, int64_t id, int64_t at, struct plan_out *out)
{
	struct plan p;
	struct coverage *c = NEW(rq->a, struct coverage);
	struct plan_members_rows members;
	struct plan_visits_row visits;
	TRY(plan_get(&rq->cx, id, S("matter.read"), &p));
	TRY(view_head(rq, &p, out));
	TRY(plan_members(rq->cx.c, rq->a, &(struct plan_members_params){ p.region, id }, &members));
	view_teams(rq, &members, out);
	TRY(plan_coverage(&rq->cx, &p, at == JSON_NONE ? china_day(rq->cx.now_ms) : at, c));
	out->coverage = coverage_out(rq, c);
	TRY(rows_out(rq, c->next, c->nnext, &out->next_due.v));
	out->next_due.n = c->nnext;
	TRY(plan_visits(rq->cx.c, rq->a, &(struct plan_visits_params){ id }, &visits));
	out->visits = NEW(rq->a, struct plan_visits_out);
	*out->visits = (struct plan_visits_out){ visits.planned, visits.done, visits.open, visits.found };
	return view_draws(rq, id, out);
}

static err reply_plan(struct req *rq, int64_t id, int64_t at, bool created)
{
	struct plan_out out;
	TRY(view_plan(rq, id, at, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

/* ---- plans ---- */

static err plan_page(struct req *rq)
{
	const struct plan_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	int64_t limit = page_limit(q->limit), region = cx->app->home_region;
	struct plan_list_params p = { .running = q->running ? china_day(cx->now_ms) : DB_NONE,
				      .after = q->after == JSON_NONE ? INT64_MAX : q->after,
				      .max = limit + 1 };
	struct plan_list_rows rows;
	struct plan_list_out out = { .total = JSON_NONE };
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	if (q->region.n && (!str_to_i64(q->region, &region) || !region_valid(region)))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.region_unknown", "code",
			    arena_cstr(cx->a, q->region));
	region_range(region, &p.lo, &p.hi);
	TRY(plan_list(cx->c, cx->a, &p, &scope, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	out.items.v = NEW_N(rq->a, struct plan_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct plan_list_row *r = &rows.v[i];
		struct region_name name;
		TRY(region_name_of(cx->c, cx->a, r->region, &name));
		out.items.v[out.items.n++] =
		    (struct plan_item){ r->id,
					r->region,
					name.name,
					r->name,
					r->campaign,
					r->from_day,
					r->to_day,
					r->recurs,
					sector_ids(rq->a, cx->app->sectors, r->sectors),
					view_str(r->org_name),
					r->ended_ms,
					r->ver };
	}
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

static err plan_create(struct req *rq)
{
	const struct plan_in *in = rq->body;
	struct plan p = { .region = in->region == JSON_NONE ? (rq->cx.who ? rq->cx.who->org_region : 0)
							    : in->region,
			  .name = in->name,
			  .campaign = in->campaign,
			  .from_day = in->from,
			  .to_day = in->to,
			  .recurs = in->recurs,
			  .secret = 1,
			  .types = in->types.v,
			  .ntypes = in->types.n,
			  .every = every_of(rq, in->frequency.v, in->frequency.n),
			  .nevery = in->frequency.n,
			  .checklist = in->checklist,
			  .unannounced = in->unannounced };
	int64_t id;
	TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &p.sectors, &rq->cx.fail));
	members_of(rq, in->teams.v, in->teams.n, &p.members, &p.nmembers);
	TRY(plan_put(&rq->cx, &p, &id));
	return reply_plan(rq, id, JSON_NONE, true);
}

static err plan_one(struct req *rq)
{
	const struct plan_at_query *q = rq->query;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return reply_plan(rq, id, q->at, false);
}

static err plan_edit(struct req *rq)
{
	const struct plan_patch *in = rq->body;
	struct plan_change c = { .ver = in->ver,
				 .to_day = in->to,
				 .name = in->name,
				 .campaign = in->campaign,
				 .checklist = in->checklist };
	TRY(rq_id(rq, "id", &c.id));
	if (in->frequency.v) {
		c.every = every_of(rq, in->frequency.v, in->frequency.n);
		c.nevery = in->frequency.n;
	}
	if (in->teams.v)
		members_of(rq, in->teams.v, in->teams.n, &c.members, &c.nmembers);
	TRY(plan_alter(&rq->cx, &c));
	return reply_plan(rq, c.id, JSON_NONE, false);
}

static err plan_finish(struct req *rq)
{
	const struct plan_end_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(plan_end(&rq->cx, id, in->ver, in->reason));
	return reply_plan(rq, id, JSON_NONE, false);
}

static bool wanted(const struct cover_row *r, str status)
{
	if (!status.n)
		return true;
	return str_eq(status, S("never")) ? r->never : str_eq(status, str_of(cover_status_name(r->status)));
}

static err plan_objects_page(struct req *rq)
{
	const struct plan_objects_query *q = rq->query;
	struct plan p;
	struct cover_row *v;
	size_t n, k = 0;
	int64_t id, limit = page_limit(q->limit), after = q->after == JSON_NONE ? 0 : q->after;
	struct plan_objects_out out = { .total = 0, .total_exact = true };
	TRY(rq_id(rq, "id", &id));
	TRY(plan_get(&rq->cx, id, S("matter.read"), &p));
	TRY(plan_cover_rows(&rq->cx, &p, q->at == JSON_NONE ? china_day(rq->cx.now_ms) : q->at, &v, &n));
	for (size_t i = 0; i < n; i++) {
		if (!wanted(&v[i], q->status))
			continue;
		out.total++;
		if (v[i].object > after && (int64_t)k <= limit)
			v[k++] = v[i];
	}
	bool more = (int64_t)k > limit;
	k = more ? (size_t)limit : k;
	TRY(rows_out(rq, v, k, &out.items.v));
	out.items.n = k;
	out.next = page_cursor(rq->a, more, k ? v[k - 1].object : 0);
	return reply_json(rq, &out);
}

/* ---- rules ---- */

static err rules_get(struct req *rq)
{
	const struct inspect_rules *t = rq->cx.app->inspect;
	const struct inspect_frequency *v;
	size_t n = inspect_frequencies(t, &v);
	struct inspect_rules_out out = { .min_inspectors = inspect_rule(t, "min-inspectors", 2),
					 .sign_inspectors = inspect_rule(t, "sign-inspectors", 2) };
	out.frequency.v = NEW_N(rq->a, struct frequency_item, n + 1);
	for (size_t i = 0; i < n; i++)
		out.frequency.v[out.frequency.n++] =
		    (struct frequency_item){ v[i].id,         v[i].risk, v[i].type, none_if_zero(v[i].region),
					     v[i].every_days, v[i].zh,   v[i].en,   v[i].source,
					     v[i].certainty };
	return reply_json(rq, &out);
}

const struct route inspect_routes[] = {
	{ "GET", "/api/plans", plan_page, READ, "matter.read", NULL, plan_list_out_json,
	  "Plans of inspection, newest first", plan_query_json },
	{ "POST", "/api/plans", plan_create, WRITE, "inspect.plan", plan_in_json, plan_out_json,
	  "Make a plan of inspection", NULL },
	{ "GET", "/api/plans/{id}", plan_one, READ, "matter.read", NULL, plan_out_json,
	  "A plan with its coverage", plan_at_query_json },
	{ "PATCH", "/api/plans/{id}", plan_edit, WRITE, "inspect.plan", plan_patch_json, plan_out_json,
	  "Change a plan", NULL },
	{ "POST", "/api/plans/{id}/end", plan_finish, WRITE, "inspect.plan", plan_end_in_json, plan_out_json,
	  "End a plan early", NULL },
	{ "GET", "/api/plans/{id}/objects", plan_objects_page, READ, "matter.read", NULL,
	  plan_objects_out_json, "Objects of a plan: visited, due, never", plan_objects_query_json },
	{ "GET", "/api/inspection/rules", rules_get, READ, "matter.read", NULL, inspect_rules_out_json,
	  "How often to inspect and by what rules", NULL },
	{ 0 },
};
