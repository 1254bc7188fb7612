/* Routes: draws of a plan, from the announcement to anybody's check. */
#include "loop/inspect_view.h"
#include "loop/routes.h"

#define PLAN_DRAW_IN(F, O, L)                                                                                \
	F(I64, n, REQ, .min = 1, .max = DRAW_WANT_MAX)                                                       \
	F(I64, inspectors, OPT, .min = 1, .max = DRAW_SECOND_MAX)                                            \
	F(BOOL, due_only, OPT)                                                                               \
	F(STR, seed_source, REQ, .max = 300)
JSON_STRUCT(plan_draw_in, PLAN_DRAW_IN)
JSON_DEFINE(plan_draw_in, PLAN_DRAW_IN)

#define PLAN_SEED_IN(F, O, L)                                                                                \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, seed, REQ, .max = DRAW_SEED_MAX)                                                              \
	F(DATE, planned, OPT)
JSON_STRUCT(plan_seed_in, PLAN_SEED_IN)
JSON_DEFINE(plan_seed_in, PLAN_SEED_IN)

#define DRAW_CANDIDATE(F, O, L)                                                                              \
	F(ID, id, REQ)                                                                                       \
	F(STR, name, REQ)                                                                                    \
	F(STR, risk, REQ)                                                                                    \
	F(I64, weight, REQ)                                                                                  \
	F(ID, avoid, NUL)
JSON_STRUCT(plan_candidate_out, DRAW_CANDIDATE)
JSON_DEFINE(plan_candidate_out, DRAW_CANDIDATE)

#define DRAW_RESULT(F, O, L)                                                                                 \
	F(I64, place, REQ)                                                                                   \
	O(inspect_object_out, object, NUL)                                                                   \
	F(ID, id, REQ)                                                                                       \
	L(inspect_person, inspectors, REQ)                                                                   \
	F(ID, visit, NUL)
JSON_STRUCT(plan_result_out, DRAW_RESULT)
JSON_DEFINE(plan_result_out, DRAW_RESULT)

#define PLAN_DRAW_OUT(F, O, L)                                                                               \
	PLAN_DRAW_ITEM(F, O, L)                                                                              \
	F(ID, plan, REQ)                                                                                     \
	F(STR, algorithm, REQ)                                                                               \
	F(RAW, weights, REQ)                                                                                 \
	L(plan_candidate_out, objects, REQ, .max = 1000000)                                                  \
	L(plan_candidate_out, people, REQ, .max = 1000)                                                      \
	L(plan_result_out, result, REQ, .max = DRAW_WANT_MAX)
JSON_STRUCT(plan_draw_out, PLAN_DRAW_OUT)
JSON_DEFINE(plan_draw_out, PLAN_DRAW_OUT)

#define DRAW_CHECK(F, O, L)                                                                                  \
	F(BOOL, ok, REQ)                                                                                     \
	F(BOOL, candidates_ok, REQ)                                                                          \
	F(BOOL, result_ok, REQ)                                                                              \
	F(I64, first_place, NUL)
JSON_STRUCT(plan_draw_check, DRAW_CHECK)
JSON_DEFINE(plan_draw_check, DRAW_CHECK)

static err candidates_out(struct req *rq, const struct draw_record *d, struct plan_draw_out *out)
{
	int64_t *ids = NEW_N(rq->a, int64_t, d->nfirst + d->nothers + 1);
	struct inspect_object_out *objects;
	struct inspect_person *people;
	size_t nobjects, npeople;
	for (size_t i = 0; i < d->nfirst; i++)
		ids[i] = d->first[i].id;
	TRY(inspect_objects_view(&rq->cx, ids, d->nfirst, &objects, &nobjects));
	out->objects.v = NEW_N(rq->a, struct plan_candidate_out, d->nfirst + 1);
	for (size_t i = 0; i < d->nfirst; i++) {
		const struct inspect_object_out *o = inspect_object_in(objects, nobjects, d->first[i].id);
		out->objects.v[out->objects.n++] =
		    (struct plan_candidate_out){ d->first[i].id, o ? o->name : S(""), o ? o->risk : S(""),
						 d->first[i].weight, none_if_zero(d->first[i].avoid) };
	}
	for (size_t i = 0; i < d->nothers; i++)
		ids[i] = d->others[i].id;
	TRY(inspect_people_view(&rq->cx, ids, d->nothers, &people, &npeople));
	out->people.v = NEW_N(rq->a, struct plan_candidate_out, d->nothers + 1);
	for (size_t i = 0; i < d->nothers; i++)
		out->people.v[out->people.n++] =
		    (struct plan_candidate_out){ d->others[i].id, i < npeople ? people[i].name : S(""), S(""),
						 d->others[i].weight, none_if_zero(d->others[i].avoid) };
	return ERR_OK;
}

static err result_out(struct req *rq, const struct draw_record *d, struct plan_draw_out *out)
{
	int64_t *ids = NEW_N(rq->a, int64_t, d->nresult + 1);
	struct inspect_object_out *objects;
	size_t nobjects;
	for (size_t i = 0; i < d->nresult; i++)
		ids[i] = d->result[i].id;
	TRY(inspect_objects_view(&rq->cx, ids, d->nresult, &objects, &nobjects));
	out->result.v = NEW_N(rq->a, struct plan_result_out, d->nresult + 1);
	for (size_t i = 0; i < d->nresult; i++) {
		const struct draw_team *t = &d->result[i];
		const struct inspect_object_out *found = inspect_object_in(objects, nobjects, t->id);
		struct plan_result_out *r = &out->result.v[out->result.n++];
		*r = (struct plan_result_out){ .place = t->place,
					       .id = t->id,
					       .visit = none_if_zero(t->result) };
		if (found) {
			r->object = NEW(rq->a, struct inspect_object_out);
			*r->object = *found;
		}
		TRY(inspect_people_view(&rq->cx, t->second, t->nsecond, &r->inspectors.v, &r->inspectors.n));
	}
	return ERR_OK;
}

/* The draw of this plan, in the caller's sight. */
static err draw_here(struct req *rq, struct draw_record *ret)
{
	struct plan p;
	int64_t plan, id;
	TRY(rq_id(rq, "id", &plan));
	TRY(rq_id(rq, "draw", &id));
	TRY(plan_get(&rq->cx, plan, S("matter.read"), &p));
	TRY(draw_load(&rq->cx, id, ret));
	return ret->subject == plan && str_eq(ret->purpose, S("inspection")) ? ERR_OK : ERR_NOT_FOUND;
}

static struct plan_draw_out draw_out_of(const struct draw_record *d)
{
	return (struct plan_draw_out){ .id = d->id,
				       .n = d->want,
				       .inspectors = d->second,
				       .candidates = (int64_t)d->nfirst,
				       .hash = d->hash,
				       .seed_source = d->seed_source,
				       .seed = d->seed.n ? d->seed : (str){ 0 },
				       .announced_ms = d->announced_ms,
				       .drawn_ms = d->drawn_ms,
				       .ver = d->ver,
				       .plan = d->subject,
				       .algorithm = d->algorithm,
				       .weights = d->weights };
}

static err reply_draw(struct req *rq, const struct draw_record *d, bool created)
{
	struct plan_draw_out out = draw_out_of(d);
	TRY(candidates_out(rq, d, &out));
	TRY(result_out(rq, d, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err draw_create_before(struct req *rq)
{
	const struct plan_draw_in *in = rq->body;
	int64_t plan;
	TRY(rq_id(rq, "id", &plan));
	rq->prepared = NEW(rq->a, struct draw_prepared);
	return plan_draw_prepare(
	    &rq->cx,
	    &(struct plan_draw){ plan, in->n,
				 in->inspectors == JSON_NONE
				     ? inspect_rule(rq->cx.app->inspect, "min-inspectors", 2)
				     : in->inspectors,
				 in->due_only, in->seed_source },
	    rq->prepared);
}

static err draw_created(struct req *rq)
{
	const struct draw_prepared *p = rq->prepared;
	struct draw_record d;
	TRY(draw_load(&rq->cx, p->id, &d));
	return reply_draw(rq, &d, true);
}

static err draw_create(struct req *rq)
{
	TRY(draw_announce(&rq->cx, rq->prepared));
	return rq_after(rq, draw_created);
}

static err draw_one(struct req *rq)
{
	struct draw_record d;
	TRY(draw_here(rq, &d));
	return reply_draw(rq, &d, false);
}

static err seed_draws(struct req *rq)
{
	const struct plan_seed_in *in = rq->body;
	struct draw_record d;
	TRY(draw_here(rq, &d));
	rq->prepared = NEW(rq->a, struct draw_seeding);
	draw_seeding(rq->a, &d, in->ver, in->seed, rq->prepared);
	return ERR_OK;
}

static err draw_seed_before(struct req *rq)
{
	return rq_snapshot(rq, seed_draws);
}

static err draw_seeded(struct req *rq)
{
	const struct plan_seed_in *in = rq->body;
	struct draw_record d;
	int64_t plan;
	TRY(rq_id(rq, "id", &plan));
	TRY(plan_draw_seed(&rq->cx, plan, rq->prepared, in->planned, &d));
	return rq_after(rq, draw_one);
}

static err draw_checked(struct req *rq)
{
	struct draw_record d;
	struct draw_check k;
	TRY(draw_here(rq, &d));
	TRY(draw_recheck(&rq->cx, &d, &k));
	struct plan_draw_check out = { k.hash_ok && k.result_ok, k.hash_ok, k.result_ok,
				       none_if_zero(k.first_place) };
	return reply_json(rq, &out);
}

const struct route inspect_draw_routes[] = {
	{ "POST", "/api/plans/{id}/draws", draw_create, WRITE, "inspect.plan", plan_draw_in_json,
	  plan_draw_out_json, "Announce a draw of objects and inspectors", NULL, 0, draw_create_before },
	{ "GET", "/api/plans/{id}/draws/{draw}", draw_one, READ, "matter.read", NULL, plan_draw_out_json,
	  "A draw: candidates, weights, seed, result", NULL },
	{ "POST", "/api/plans/{id}/draws/{draw}/seed", draw_seeded, WRITE, "inspect.plan", plan_seed_in_json,
	  plan_draw_out_json, "Give the published seed; plan the visits drawn", NULL, 0, draw_seed_before },
	{ "GET", "/api/plans/{id}/draws/{draw}/check", draw_checked, READ, "matter.read", NULL,
	  plan_draw_check_json, "Draw again and compare", NULL },
	{ 0 },
};
