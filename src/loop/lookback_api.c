/* /api/lookback, /api/lookbacks, /api/draws */
#include <math.h>

#include "base/buf.h"
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

#define WORD_OUT(F, O, L)                                                                          \
	F(STR, id, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)
JSON_STRUCT(lookback_word, WORD_OUT)
JSON_DEFINE(lookback_word, WORD_OUT)

#define FACTOR_OUT(F, O, L)                                                                        \
	F(STR, id, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(I64, times, REQ)
JSON_STRUCT(lookback_factor_out, FACTOR_OUT)
JSON_DEFINE(lookback_factor_out, FACTOR_OUT)

#define POOL_ITEM(F, O, L)                                                                         \
	F(ID, matter, REQ)                                                                         \
	F(STR, no, REQ)                                                                            \
	F(STR, title, REQ, .max = 500)                                                             \
	F(STR, region, REQ, .format = "region")                                                    \
	F(STR, grade, REQ)                                                                         \
	F(BOOL, listed, REQ)                                                                       \
	F(I64, round, REQ)                                                                         \
	O(matter_org, unit, NUL)                                                                   \
	F(I64, closed_ms, REQ)                                                                     \
	F(DATE, due_from, REQ)                                                                     \
	F(DATE, due_to, REQ)                                                                       \
	F(BOOL, late, REQ)                                                                         \
	F(BOOL, must, REQ)                                                                         \
	F(F64, share, REQ)                                                                         \
	O(lookback_word, stratum, REQ)                                                             \
	F(I64, weight, REQ)                                                                        \
	L(lookback_factor_out, why, REQ)
JSON_STRUCT(lookback_pool_item, POOL_ITEM)
JSON_DEFINE(lookback_pool_item, POOL_ITEM)

#define POOL_OUT_LIST(F, O, L)                                                                     \
	F(DATE, day, REQ)                                                                          \
	F(STR, kind, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	F(I64, must, REQ)                                                                          \
	F(I64, drawable, REQ)                                                                      \
	F(I64, want, REQ)                                                                          \
	F(I64, late, REQ)                                                                          \
	L(lookback_pool_item, items, REQ)                                                          \
	PAGE_OUT(F)
JSON_STRUCT(lookback_pool_out, POOL_OUT_LIST)
JSON_DEFINE(lookback_pool_out, POOL_OUT_LIST)

#define POOL_FILTER(F, O, L)                                                                       \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(ID, region, OPT, .format = "region")                                                     \
	F(DATE, day, OPT)                                                                          \
	PAGE_QUERY(F)
JSON_STRUCT(lookback_pool_filter, POOL_FILTER)
JSON_DEFINE(lookback_pool_filter, POOL_FILTER)

#define RESULT_OUT(F, O, L)                                                                        \
	F(STR, id, REQ)                                                                            \
	F(BOOL, held, REQ)                                                                         \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, consequence_zh, REQ)                                                                \
	F(STR, consequence_en, REQ)
JSON_STRUCT(lookback_result_out, RESULT_OUT)
JSON_DEFINE(lookback_result_out, RESULT_OUT)

#define STRATUM_OUT(F, O, L)                                                                       \
	F(STR, id, REQ)                                                                            \
	F(STR, kind, REQ)                                                                          \
	F(STR, grade, REQ)                                                                         \
	F(F64, share, REQ)                                                                         \
	F(I64, from_days, REQ)                                                                     \
	F(I64, to_days, REQ)                                                                       \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, source, REQ)                                                                        \
	F(STR, certainty, REQ)
JSON_STRUCT(lookback_stratum_out, STRATUM_OUT)
JSON_DEFINE(lookback_stratum_out, STRATUM_OUT)

#define FACTOR_RULE(F, O, L)                                                                       \
	F(STR, id, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(F64, factor, REQ)                                                                        \
	F(F64, cap, REQ)
JSON_STRUCT(lookback_factor_rule, FACTOR_RULE)
JSON_DEFINE(lookback_factor_rule, FACTOR_RULE)

#define RULES_OUT(F, O, L)                                                                         \
	F(STRS, kinds, REQ)                                                                        \
	L(lookback_stratum_out, strata, REQ)                                                       \
	L(lookback_factor_rule, weights, REQ)                                                      \
	L(lookback_result_out, results, REQ)
JSON_STRUCT(lookback_rules_out, RULES_OUT)
JSON_DEFINE(lookback_rules_out, RULES_OUT)

#define DRAW_IN(F, O, L)                                                                           \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(ID, region, OPT, .format = "region")                                                     \
	F(I64, n, OPT, .min = 1, .max = DRAW_WANT_MAX)                                             \
	F(STR, seed_source, REQ, .max = 300)
JSON_STRUCT(lookback_draw_in, DRAW_IN)
JSON_DEFINE(lookback_draw_in, DRAW_IN)

#define SEED_IN(F, O, L)                                                                           \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(STR, seed, REQ, .max = DRAW_SEED_MAX)                                                    \
	F(IDS, orgs, REQ, .min = 1, .max = 50)                                                     \
	F(DATE, due, REQ)
JSON_STRUCT(lookback_seed_in, SEED_IN)
JSON_DEFINE(lookback_seed_in, SEED_IN)

#define MUST_IN(F, O, L)                                                                           \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(ID, region, OPT, .format = "region")                                                     \
	F(IDS, orgs, REQ, .min = 1, .max = 50)                                                     \
	F(DATE, due, REQ)
JSON_STRUCT(lookback_must_in, MUST_IN)
JSON_DEFINE(lookback_must_in, MUST_IN)

#define MUST_OUT(F, O, L) F(I64, tasks, REQ)
JSON_STRUCT(lookback_must_out, MUST_OUT)
JSON_DEFINE(lookback_must_out, MUST_OUT)

#define CANDIDATE_OUT(F, O, L)                                                                     \
	F(ID, id, REQ)                                                                             \
	F(I64, weight, REQ)
JSON_STRUCT(draw_candidate_out, CANDIDATE_OUT)
JSON_DEFINE(draw_candidate_out, CANDIDATE_OUT)

#define DRAWN_OUT(F, O, L)                                                                         \
	F(I64, place, REQ)                                                                         \
	F(ID, id, REQ)                                                                             \
	F(I64, weight, REQ)                                                                        \
	F(F64, key, REQ)                                                                           \
	F(F64, chance, REQ)                                                                        \
	F(ID, result, NUL)
JSON_STRUCT(draw_drawn_out, DRAWN_OUT)
JSON_DEFINE(draw_drawn_out, DRAWN_OUT)

#define DRAW_HEAD(F, O, L)                                                                         \
	F(ID, id, REQ)                                                                             \
	O(region_ref, region, REQ)                                                                 \
	F(I64, want, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	F(STR, hash, REQ)                                                                          \
	F(STR, seed_source, REQ, .max = 300)                                                       \
	F(STR, seed, NUL)                                                                          \
	F(I64, announced_ms, REQ)                                                                  \
	F(I64, drawn_ms, NUL)                                                                      \
	F(I64, ver, REQ)

#define DRAW_OUT(F, O, L)                                                                          \
	DRAW_HEAD(F, O, L)                                                                         \
	F(I64, left, REQ)                                                                          \
	F(STR, purpose, REQ)                                                                       \
	F(STR, algorithm, REQ)                                                                     \
	F(RAW, rule, NUL)                                                                          \
	F(F64, threshold, NUL)                                                                     \
	L(draw_candidate_out, candidates, REQ, .max = 2000)                                        \
	F(BOOL, candidates_more, REQ)                                                              \
	L(draw_drawn_out, drawn, REQ, .max = DRAW_WANT_MAX)
JSON_STRUCT(draw_out, DRAW_OUT)
JSON_DEFINE(draw_out, DRAW_OUT)

JSON_STRUCT(draw_item_out, DRAW_HEAD)
JSON_DEFINE(draw_item_out, DRAW_HEAD)
#define DRAW_LIST(F, O, L) L(draw_item_out, items, REQ) PAGE_OUT(F)
JSON_STRUCT(draw_list_out, DRAW_LIST)
JSON_DEFINE(draw_list_out, DRAW_LIST)

#define DRAW_CHECK_OUT(F, O, L)                                                                    \
	F(BOOL, equal, REQ)                                                                        \
	F(BOOL, candidates_equal, REQ)                                                             \
	F(BOOL, result_equal, REQ)                                                                 \
	F(I64, first_place, NUL)
JSON_STRUCT(draw_check_out, DRAW_CHECK_OUT)
JSON_DEFINE(draw_check_out, DRAW_CHECK_OUT)

#define PLACE_FILTER(F, O, L)                                                                      \
	F(ID, region, OPT, .format = "region")                                                     \
	PAGE_QUERY(F)
JSON_STRUCT(draw_filter, PLACE_FILTER)
JSON_DEFINE(draw_filter, PLACE_FILTER)

enum { CANDIDATES_SHOWN = 2000 };

/* ---- the pool ---- */

static str kind_or(str kind)
{
	return kind.n ? kind : S("hazard");
}

static int64_t region_or_home(const struct req *rq, int64_t region)
{
	return region == JSON_NONE ? rq->cx.app->home_region : region;
}

static err check_region(struct req *rq, int64_t region, const char *pointer)
{
	return region_valid(region) ? ERR_OK : FAIL(&rq->cx.fail, BAD_FIELD, pointer, "err.unknown_region");
}

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

static err pool_item(struct req *rq, const struct pool_item *it, struct lookback_pool_item *out)
{
	const struct lookback_rules *rules = rq->cx.app->lookback;
	int64_t closed = china_day(it->closed_ms);
	struct lookback_words_row words;
	TRY(lookback_words(rq->cx.c, rq->a, &(struct lookback_words_params){ it->region, it->matter }, &words));
	*out = (struct lookback_pool_item){
		.matter = it->matter, .no = words.no, .title = words.title,
		.region = arena_printf(rq->a, "%lld", (long long)it->region), .grade = it->grade, .listed = it->listed,
		.round = it->round, .closed_ms = it->closed_ms, .due_from = closed + it->stratum->from_days,
		.due_to = closed + it->stratum->to_days, .late = it->late, .must = it->must, .share = it->stratum->share,
		.weight = it->weight,
	};
	out->stratum = NEW(rq->a, struct lookback_word);
	*out->stratum = (struct lookback_word){ it->stratum->id, it->stratum->zh, it->stratum->en };
	out->why.v = NEW_N(rq->a, struct lookback_factor_out, LOOKBACK_FACTOR_COUNT);
	for (int i = 0; i < LOOKBACK_FACTOR_COUNT; i++)
		if (it->times[i] && rules->weights[i].on)
			out->why.v[out->why.n++] = (struct lookback_factor_out){ rules->weights[i].id, rules->weights[i].zh,
										 rules->weights[i].en, it->times[i] };
	return org_of(&rq->cx, it->unit, &out->unit);
}

static err pool_get(struct req *rq)
{
	const struct lookback_pool_filter *f = rq->query;
	int64_t limit = page_limit(f->limit), after = f->after == JSON_NONE ? 0 : f->after;
	const struct pool_query q = { .kind = kind_or(f->kind), .region = region_or_home(rq, f->region),
				      .day = f->day == JSON_NONE ? china_day(rq->cx.now_ms) : f->day, .perm = "matter.read" };
	struct pool pool;
	TRY(check_region(rq, q.region, "?region"));
	TRY(lookback_pool(&rq->cx, &q, &pool));
	struct lookback_pool_out out = { .day = q.day, .kind = q.kind, .size = (int64_t)pool.n, .must = (int64_t)pool.must,
					 .drawable = (int64_t)pool.drawn, .want = pool.want, .late = (int64_t)pool.late,
					 .total = (int64_t)pool.n, .total_exact = true };
	size_t i = 0;
	while (i < pool.n && pool.v[i].matter <= after)
		i++;
	out.items.v = NEW_N(rq->a, struct lookback_pool_item, (size_t)limit + 1);
	for (; i < pool.n && (int64_t)out.items.n < limit; i++)
		TRY(pool_item(rq, &pool.v[i], &out.items.v[out.items.n++]));
	out.next = page_cursor(rq->a, i < pool.n, i ? pool.v[i - 1].matter : 0);
	return reply_json(rq, &out);
}

static err rules_get(struct req *rq)
{
	const struct lookback_rules *r = rq->cx.app->lookback;
	struct lookback_rules_out out = { .kinds = { NEW_N(rq->a, str, r->nkinds + 1), r->nkinds } };
	out.strata.v = NEW_N(rq->a, struct lookback_stratum_out, r->nstrata + 1);
	out.weights.v = NEW_N(rq->a, struct lookback_factor_rule, LOOKBACK_FACTOR_COUNT);
	out.results.v = NEW_N(rq->a, struct lookback_result_out, r->nresults + 1);
	for (size_t i = 0; i < r->nkinds; i++)
		out.kinds.v[i] = r->kinds[i].kind;
	for (size_t i = 0; i < r->nstrata; i++) {
		const struct lookback_stratum *s = &r->strata[i];
		out.strata.v[out.strata.n++] = (struct lookback_stratum_out){ s->id, s->kind, s->grade, s->share, s->from_days,
									      s->to_days, s->zh, s->en, s->source, s->certainty };
	}
	for (int i = 0; i < LOOKBACK_FACTOR_COUNT; i++)
		if (r->weights[i].on)
			out.weights.v[out.weights.n++] = (struct lookback_factor_rule){ r->weights[i].id, r->weights[i].zh,
											r->weights[i].en, r->weights[i].factor,
											r->weights[i].cap };
	for (size_t i = 0; i < r->nresults; i++) {
		const struct lookback_result *x = &r->results[i];
		out.results.v[out.results.n++] =
			(struct lookback_result_out){ x->id, x->held, x->zh, x->en, x->consequence_zh, x->consequence_en };
	}
	return reply_json(rq, &out);
}

/* ---- draws ---- */

static err region_view(struct ctx *cx, int64_t code, struct region_ref **ret)
{
	struct region_name name;
	TRY(region_name_of(cx->c, cx->a, code, &name));
	*ret = NEW(cx->a, struct region_ref);
	**ret = (struct region_ref){ name.code, name.name, name.name_en };
	return ERR_OK;
}

/* The draw when the caller may read what it is about: its region, and the sectors and label of its candidates. */
static err draw_seen(struct req *rq, const char *perm, struct draw_record *ret)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(draw_load(&rq->cx, id, ret));
	const struct access_row row = { .region = ret->region, .sectors = ret->sectors, .secret = ret->secret };
	return cx_allowed(&rq->cx, str_of(perm), &row) ? ERR_OK : ERR_NOT_FOUND;
}

static void drawn_view(struct arena *a, const struct draw_record *d, double threshold, struct draw_out *out)
{
	out->threshold = isfinite(threshold) ? threshold : NAN;
	out->drawn.v = NEW_N(a, struct draw_drawn_out, d->nresult + 1);
	for (size_t i = 0; i < d->nresult; i++) {
		const struct draw_team *t = &d->result[i];
		const struct draw_entry *found = draw_entry_of(d, t->id), e = { .id = t->id, .weight = found ? found->weight : 0 };
		out->drawn.v[out->drawn.n++] = (struct draw_drawn_out){
			.place = t->place, .id = t->id, .weight = e.weight,
			.key = draw_key(draw_seed_of(d->seed), t->id, (double)e.weight / 1000),
			.chance = draw_chance(d, &e, threshold), .result = t->result > 0 ? t->result : JSON_NONE };
	}
}

static err draw_view(struct req *rq, const struct draw_record *d, double threshold, struct draw_out *ret)
{
	struct draw_out out = { .id = d->id, .want = d->want, .size = (int64_t)d->nfirst, .hash = d->hash,
				.seed_source = d->seed_source, .seed = d->seed.n ? d->seed : (str){ 0 },
				.announced_ms = d->announced_ms, .drawn_ms = d->drawn_ms, .ver = d->ver, .purpose = d->purpose,
				.algorithm = d->algorithm, .rule = str_starts(d->weights, S("{")) ? d->weights : (str){ 0 },
				.candidates_more = d->nfirst > CANDIDATES_SHOWN };
	size_t n = out.candidates_more ? CANDIDATES_SHOWN : d->nfirst;
	out.candidates.v = NEW_N(rq->a, struct draw_candidate_out, n + 1);
	for (; out.candidates.n < n; out.candidates.n++)
		out.candidates.v[out.candidates.n] =
			(struct draw_candidate_out){ d->first[out.candidates.n].id, d->first[out.candidates.n].weight };
	drawn_view(rq->a, d, threshold, &out);
	TRY(draw_left(&rq->cx, d, &out.left));
	TRY(region_view(&rq->cx, d->region, &out.region));
	*ret = out;
	return ERR_OK;
}

static err draw_get(struct req *rq)
{
	struct draw_record d;
	struct draw_out out;
	TRY(draw_seen(rq, "matter.read", &d));
	TRY(draw_view(rq, &d, d.seed.n ? draw_threshold(rq->a, &d) : NAN, &out));
	return reply_json(rq, &out);
}

/* The text whose hash was announced. */
static err draw_pool_text(struct req *rq)
{
	struct draw_record d;
	struct buf b = BUF(rq->a);
	TRY(draw_seen(rq, "matter.read", &d));
	for (int kind = 0; kind < 2; kind++) {
		const struct draw_entry *v = kind ? d.others : d.first;
		size_t n = kind ? d.nothers : d.nfirst;
		for (size_t i = 0; i < n; i++)
			buf_printf(&b, "%d %lld %lld %lld\n", kind, (long long)v[i].id, (long long)v[i].weight, (long long)v[i].avoid);
	}
	return reply_text(rq, "text/plain; charset=utf-8", b.n ? buf_str(&b) : S(""));
}

static err draw_check_get(struct req *rq)
{
	struct draw_record d;
	struct draw_check k;
	TRY(draw_seen(rq, "matter.read", &d));
	TRY(draw_recheck(&rq->cx, &d, &k));
	const struct draw_check_out out = { .equal = k.hash_ok && k.result_ok, .candidates_equal = k.hash_ok,
					    .result_equal = k.result_ok, .first_place = k.first_place ? k.first_place : JSON_NONE };
	return reply_json(rq, &out);
}

static err draws_get(struct req *rq)
{
	const struct draw_filter *f = rq->query;
	int64_t limit = page_limit(f->limit);
	struct lookback_draws_params p = { .after = f->after == JSON_NONE ? 0 : f->after, .max = limit + 1 };
	struct lookback_draws_rows rows;
	struct draw_list_out out = { .total = JSON_NONE };
	region_range(region_or_home(rq, f->region), &p.lo, &p.hi);
	TRY(lookback_draws(rq->cx.c, rq->a, &p, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	out.items.v = NEW_N(rq->a, struct draw_item_out, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct lookback_draws_row *r = &rows.v[i];
		const struct access_row row = { .region = r->region, .sectors = r->sectors, .secret = r->secret };
		if (!cx_allowed(&rq->cx, S("matter.read"), &row))
			continue;
		struct draw_item_out *it = &out.items.v[out.items.n++];
		*it = (struct draw_item_out){ .id = r->id, .want = r->want, .size = r->candidates, .hash = r->hash,
					      .seed_source = r->seed_source, .seed = r->seed.n ? r->seed : (str){ 0 },
					      .announced_ms = r->announced_ms, .drawn_ms = r->drawn_ms, .ver = r->ver };
		TRY(region_view(&rq->cx, r->region, &it->region));
	}
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

static err may_supervise(struct req *rq, int64_t region)
{
	TRY(check_region(rq, region, "/region"));
	return cx_in_region(&rq->cx, S("matter.supervise"), region) ? ERR_OK : FAIL(&rq->cx.fail, FORBIDDEN, "/region", NULL);
}

static err draws_before(struct req *rq)
{
	const struct lookback_draw_in *in = rq->body;
	const struct lookback_draw_new n = { .kind = kind_or(in->kind), .seed_source = in->seed_source,
					     .region = region_or_home(rq, in->region), .day = china_day(rq->cx.now_ms),
					     .want = in->n == JSON_NONE ? 0 : in->n };
	TRY(may_supervise(rq, n.region));
	rq->prepared = NEW(rq->a, struct draw_prepared);
	return lookback_draw_prepare(&rq->cx, &n, rq->prepared);
}

static err draws_post(struct req *rq)
{
	struct draw_record d;
	struct draw_out out;
	TRY(draw_announce(&rq->cx, rq->prepared));
	draw_announced_record(&rq->cx, rq->prepared, &d);
	TRY(draw_view(rq, &d, NAN, &out));
	return reply_created(rq, &out);
}

static err seed_draws(struct req *rq)
{
	const struct lookback_seed_in *in = rq->body;
	struct draw_record d;
	TRY(draw_seen(rq, "matter.supervise", &d));
	if (!str_eq(d.purpose, S("look-back")))
		return ERR_NOT_FOUND;
	rq->prepared = NEW(rq->a, struct draw_seeding);
	draw_seeding(rq->a, &d, in->ver, in->seed, rq->prepared);
	return ERR_OK;
}

static err seed_before(struct req *rq)
{
	return rq_snapshot(rq, seed_draws);
}

static err seed_post(struct req *rq)
{
	const struct lookback_seed_in *in = rq->body;
	const struct lookback_lookers who = { in->orgs.v, in->orgs.n, in->due };
	const struct draw_seeding *s = rq->prepared;
	struct draw_record d;
	struct draw_out out;
	TRY(lookback_seed(&rq->cx, s, &who, &d));
	TRY(draw_view(rq, &d, s->threshold, &out));
	return reply_json(rq, &out);
}

static err must_pool(struct req *rq)
{
	const struct lookback_must_in *in = rq->body;
	const struct pool_query q = { .kind = kind_or(in->kind), .region = region_or_home(rq, in->region),
				      .day = china_day(rq->cx.now_ms), .perm = "matter.supervise" };
	TRY(may_supervise(rq, q.region));
	rq->prepared = NEW(rq->a, struct pool);
	return lookback_pool(&rq->cx, &q, rq->prepared);
}

static err must_before(struct req *rq)
{
	return rq_snapshot(rq, must_pool);
}

static err must_post(struct req *rq)
{
	const struct lookback_must_in *in = rq->body;
	const struct lookback_lookers who = { in->orgs.v, in->orgs.n, in->due };
	struct lookback_must_out out;
	TRY(lookback_take_must(&rq->cx, rq->prepared, &who, &out.tasks));
	return reply_created(rq, &out);
}

const struct route lookback_pool_routes[] = {
	{ "GET", "/api/lookback/rules", rules_get, READ, "matter.read", NULL, lookback_rules_out_json,
	  "What is looked back at, with what weight, and what a finding means", NULL },
	{ "GET", "/api/lookback/pool", pool_get, READ, "matter.read", NULL, lookback_pool_out_json,
	  "Matters that may be looked back at now", lookback_pool_filter_json },
	{ "POST", "/api/lookback/must", must_post, WRITE, "matter.supervise", lookback_must_in_json, lookback_must_out_json,
	  "Tasks for all that must be looked back at", NULL, 0, must_before },
	{ "GET", "/api/lookback/draws", draws_get, READ, "matter.read", NULL, draw_list_out_json, "Draws of look-backs", draw_filter_json },
	{ "POST", "/api/lookback/draws", draws_post, WRITE, "matter.supervise", lookback_draw_in_json, draw_out_json,
	  "Announce a draw from the pool", NULL, 0, draws_before },
	{ "POST", "/api/lookback/draws/{id}/seed", seed_post, WRITE, "matter.supervise", lookback_seed_in_json, draw_out_json,
	  "Give the published seed: draws, and makes the tasks", NULL, 0, seed_before },
	{ "GET", "/api/draws/{id}", draw_get, READ, "matter.read", NULL, draw_out_json,
	  "A draw with all that is needed to repeat it", NULL },
	{ "GET", "/api/draws/{id}/pool.txt", draw_pool_text, READ, "matter.read", NULL, NULL,
	  "The candidates of a draw: the text whose hash was announced", NULL },
	{ "GET", "/api/draws/{id}/check", draw_check_get, READ, "matter.read", NULL, draw_check_out_json,
	  "Draws anew and compares", NULL },
	{ 0 },
};
