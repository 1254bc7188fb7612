/* Routes: /api/work and /api/cockpit. */
#include <math.h>
#include <stdlib.h>

#include "base/vec.h"
#include "core/app.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/routes.h"
#include "loop/work.h"
#include "loop/work_sql.h"

/* ---- my work ---- */

#define WORK_ACT(F, O, L)                                                                                    \
	F(STR, id, REQ)                                                                                      \
	F(STR, label_zh, REQ)                                                                                \
	F(STR, label_en, REQ)
JSON_STRUCT(work_act, WORK_ACT)
JSON_DEFINE(work_act, WORK_ACT)

#define WORK_ITEM(F, O, L)                                                                                   \
	MATTER_HEAD(F, O, L)                                                                                 \
	F(I64, children, REQ)                                                                                \
	L(work_act, acts, REQ)
JSON_STRUCT(work_item, WORK_ITEM)
JSON_DEFINE(work_item, WORK_ITEM)

#define WORK_COUNTS(F, O, L)                                                                                 \
	F(I64, needs_me, REQ)                                                                                \
	F(I64, overdue, REQ)                                                                                 \
	F(I64, due_week, REQ)                                                                                \
	F(I64, waiting, REQ)
JSON_STRUCT(work_counts, WORK_COUNTS)
JSON_DEFINE(work_counts, WORK_COUNTS)

#define WORK_OUT(F, O, L)                                                                                    \
	L(work_item, needs_me, REQ)                                                                          \
	L(matter_item, waiting, REQ)                                                                         \
	L(matter_item, due_soon, REQ)                                                                        \
	O(work_counts, counts, REQ)
JSON_STRUCT(work_out, WORK_OUT)
JSON_DEFINE(work_out, WORK_OUT)

static err items_of(struct ctx *cx, const struct matter_key *keys, size_t n, size_t max,
		    struct matter_item **ret, size_t *ret_n)
{
	int64_t *ids = NEW_N(cx->a, int64_t, max + 1);
	size_t k = 0;
	for (; k < n && k < max; k++)
		ids[k] = keys[k].id;
	return matter_items_view(cx, ids, k, ret, ret_n);
}

/* The acts that move the matter on come first in the catalog; three are enough for a row. */
static err acts_of(struct ctx *cx, int64_t id, struct work_item *out)
{
	struct matter x;
	struct matter_act_out *acts;
	size_t n;
	TRY(matter_get(cx, id, &x));
	TRY(matter_acts_view(cx, &x, &acts, &n));
	out->acts.v = NEW_N(cx->a, struct work_act, n + 1);
	for (size_t i = 0; i < n; i++)
		if (acts[i].allowed && !str_eq(acts[i].to, x.row.state))
			out->acts.v[out->acts.n++] =
			    (struct work_act){ acts[i].id, acts[i].label_zh, acts[i].label_en };
	return ERR_OK;
}

static err needs_view(struct ctx *cx, const struct work *w, struct work_out *out)
{
	struct matter_item *items;
	size_t n;
	TRY(items_of(cx, w->needs_me, w->nneeds, WORK_SHOWN, &items, &n));
	out->needs_me.v = NEW_N(cx->a, struct work_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct work_item *it = &out->needs_me.v[out->needs_me.n++];
#define COPY_F(kind, name, ...) it->name = items[i].name;
#define COPY_L(sub, name, ...)                                                                               \
	it->name.v = items[i].name.v;                                                                        \
	it->name.n = items[i].name.n;
		MATTER_HEAD(COPY_F, COPY_F, COPY_L)
#undef COPY_F
#undef COPY_L
		it->children = items[i].children;
		TRY(acts_of(cx, items[i].id, it));
	}
	return ERR_OK;
}

static err work_get(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct work w;
	struct work_out out = { 0 };
	TRY(work_load(cx, &w));
	TRY(needs_view(cx, &w, &out));
	TRY(items_of(cx, w.waiting, w.nwaiting, WORK_SIDE, &out.waiting.v, &out.waiting.n));
	TRY(items_of(cx, w.due_soon, w.nsoon, WORK_SIDE, &out.due_soon.v, &out.due_soon.n));
	struct work_counts counts = { (int64_t)w.nneeds, w.overdue, w.due_week, (int64_t)w.nwaiting };
	out.counts = &counts;
	return reply_json(rq, &out);
}

/* ---- the cockpit ---- */

#define COCKPIT_COUNTS(F, O, L)                                                                              \
	F(I64, open, REQ)                                                                                    \
	F(I64, needs_me, REQ)                                                                                \
	F(I64, due_week, REQ)                                                                                \
	F(I64, overdue, REQ)                                                                                 \
	F(I64, closed_month, REQ)                                                                            \
	F(F64, on_time_share, NUL)
JSON_STRUCT(cockpit_counts, COCKPIT_COUNTS)
JSON_DEFINE(cockpit_counts, COCKPIT_COUNTS)

#define COCKPIT_SECTOR(F, O, L)                                                                              \
	F(STR, sector, REQ)                                                                                  \
	F(I64, open, REQ)                                                                                    \
	F(I64, overdue, REQ)
JSON_STRUCT(cockpit_sector, COCKPIT_SECTOR)
JSON_DEFINE(cockpit_sector, COCKPIT_SECTOR)

#define COCKPIT_REGION(F, O, L)                                                                              \
	F(STR, region, REQ)                                                                                  \
	F(STR, name, REQ)                                                                                    \
	F(STR, name_en, REQ)                                                                                 \
	F(I64, open, REQ)                                                                                    \
	F(I64, overdue, REQ)
JSON_STRUCT(cockpit_region, COCKPIT_REGION)
JSON_DEFINE(cockpit_region, COCKPIT_REGION)

#define COCKPIT_HEAT(F, O, L)                                                                                \
	F(STR, region, REQ)                                                                                  \
	F(STR, sector, REQ)                                                                                  \
	F(I64, open, REQ)                                                                                    \
	F(I64, overdue, REQ)
JSON_STRUCT(cockpit_heat, COCKPIT_HEAT)
JSON_DEFINE(cockpit_heat, COCKPIT_HEAT)

#define COCKPIT_WEEK(F, O, L)                                                                                \
	F(DATE, week, REQ)                                                                                   \
	F(I64, opened, REQ)                                                                                  \
	F(I64, closed, REQ)                                                                                  \
	F(I64, open, REQ)
JSON_STRUCT(cockpit_week, COCKPIT_WEEK)
JSON_DEFINE(cockpit_week, COCKPIT_WEEK)

#define COCKPIT_STATE(F, O, L)                                                                               \
	F(STR, state, REQ)                                                                                   \
	F(I64, n, REQ)
JSON_STRUCT(cockpit_state_out, COCKPIT_STATE)
JSON_DEFINE(cockpit_state_out, COCKPIT_STATE)

#define COCKPIT_OUT(F, O, L)                                                                                 \
	O(cockpit_counts, counts, REQ)                                                                       \
	L(matter_item, red, REQ)                                                                             \
	L(cockpit_sector, by_sector, REQ)                                                                    \
	L(cockpit_region, by_region, REQ, .max = 5000)                                                       \
	L(cockpit_heat, heat, REQ, .max = 100000)                                                            \
	L(cockpit_week, trend, REQ)                                                                          \
	L(cockpit_state_out, by_state, REQ)
JSON_STRUCT(cockpit_out, COCKPIT_OUT)
JSON_DEFINE(cockpit_out, COCKPIT_OUT)

#define COCKPIT_QUERY(F, O, L) F(STR, region, OPT, .max = 12)
JSON_STRUCT(cockpit_query, COCKPIT_QUERY)
JSON_DEFINE(cockpit_query, COCKPIT_QUERY)

static err on_open(void *arg, const struct cockpit_open_row *r)
{
	cockpit_add_open(arg, r->region, r->sectors, r->state, r->due_ms);
	return ERR_OK;
}

static err on_closed(void *arg, const struct cockpit_closed_row *r)
{
	cockpit_add_closed(arg, r->closed_ms, r->due_ms);
	return ERR_OK;
}

static err on_opened(void *arg, const struct cockpit_opened_row *r)
{
	cockpit_add_opened(arg, (r->id >> (ID_NODE_BITS + ID_SEQ_BITS)) + ID_EPOCH_MS);
	return ERR_OK;
}

/* The place looked at: what was asked for, or the smallest region that holds the caller's scope. */
static err place_of(struct ctx *cx, str asked, const struct db_scope *scope, int64_t *ret_lo, int64_t *ret_hi,
		    int64_t *ret_level)
{
	int64_t code = 0, lo = INT64_MAX, hi = 0;
	if (asked.n) {
		if (!str_to_i64(asked, &code) || !region_valid(code))
			return FAIL(&cx->fail, BAD_FIELD, "?region", "err.region_unknown", "code",
				    arena_cstr(cx->a, asked));
		region_range(code, &lo, &hi);
	}
	for (size_t i = 0; !asked.n && i < scope->n; i++) {
		lo = scope->v[i].lo < lo ? scope->v[i].lo : lo;
		hi = scope->v[i].hi > hi ? scope->v[i].hi : hi;
	}
	if (!asked.n)
		code = hi ? region_of_range(lo, hi) : cx->app->home_region;
	*ret_lo = lo;
	*ret_hi = hi;
	*ret_level = code ? (int64_t)region_level(code) + 1 : REGION_PROVINCE;
	if (*ret_level > REGION_VILLAGE)
		*ret_level = REGION_VILLAGE;
	return ERR_OK;
}

static err gather(struct ctx *cx, const struct db_scope *scope, int64_t lo, int64_t hi, struct cockpit *c)
{
	struct cockpit_next_county_row next = { lo / 1000000 - 1 };
	int64_t since = c->first_week_ms < c->month_start_ms ? c->first_week_ms : c->month_start_ms;
	for (;;) {
		struct cockpit_next_county_params p = { next.county, hi / 1000000 };
		TRY(cockpit_next_county(cx->c, cx->a, &p, &next));
		if (next.county == DB_NONE)
			break;
		TRY(cockpit_open(cx->c, &(struct cockpit_open_params){ next.county, lo, hi }, scope, on_open,
				 c));
	}
	TRY(cockpit_closed(cx->c, &(struct cockpit_closed_params){ since, lo, hi }, scope, on_closed, c));
	int64_t since_id = (c->first_week_ms - ID_EPOCH_MS) * (INT64_C(1) << (ID_NODE_BITS + ID_SEQ_BITS));
	return cockpit_opened(cx->c, &(struct cockpit_opened_params){ since_id, lo, hi }, scope, on_opened,
			      c);
}

static void sectors_view(struct ctx *cx, const struct cockpit *c, struct cockpit_out *out)
{
	const struct sector_table *t = cx->app->sectors;
	out->by_sector.v = NEW_N(cx->a, struct cockpit_sector, t->n + 1);
	out->heat.v = NEW_N(cx->a, struct cockpit_heat, t->n * c->ncells + 1);
	for (size_t i = 0; i < t->n; i++) {
		struct cockpit_sector s = { t->v[i].id, 0, 0 };
		for (size_t k = 0; k < c->ncells; k++) {
			int64_t open = c->cells[k].by_sector_open[t->v[i].bit],
				overdue = c->cells[k].by_sector_overdue[t->v[i].bit];
			s.open += open;
			s.overdue += overdue;
			if (open)
				out->heat.v[out->heat.n++] =
				    (struct cockpit_heat){ arena_printf(cx->a, "%012lld",
									(long long)c->cells[k].region),
							   t->v[i].id, open, overdue };
		}
		if (s.open)
			out->by_sector.v[out->by_sector.n++] = s;
	}
}

static int by_region_code(const void *pa, const void *pb)
{
	const struct cockpit_cell *a = pa, *b = pb;
	return a->region < b->region ? -1 : a->region > b->region;
}

static err regions_view(struct ctx *cx, struct cockpit *c, struct cockpit_out *out)
{
	if (c->ncells)
		qsort(c->cells, c->ncells, sizeof *c->cells, by_region_code);
	out->by_region.v = NEW_N(cx->a, struct cockpit_region, c->ncells + 1);
	for (size_t i = 0; i < c->ncells; i++) {
		struct region_name name;
		TRY(region_name_of(cx->c, cx->a, c->cells[i].region, &name));
		out->by_region.v[out->by_region.n++] =
		    (struct cockpit_region){ arena_printf(cx->a, "%012lld", (long long)c->cells[i].region),
					     name.name, name.name_en, c->cells[i].open, c->cells[i].overdue };
	}
	return ERR_OK;
}

/* How many were open at the end of each week, walking back from now. */
static void trend_view(struct ctx *cx, const struct cockpit *c, struct cockpit_out *out)
{
	int64_t open = c->open;
	out->trend.v = NEW_N(cx->a, struct cockpit_week, COCKPIT_WEEKS);
	out->trend.n = COCKPIT_WEEKS;
	for (int i = COCKPIT_WEEKS - 1; i >= 0; i--) {
		out->trend.v[i] = (struct cockpit_week){ china_day(c->first_week_ms) + 7 * i, c->opened_at[i],
							 c->closed_at[i], open };
		open += c->closed_at[i] - c->opened_at[i];
	}
}

static void states_view(struct ctx *cx, const struct cockpit *c, struct cockpit_out *out)
{
	out->by_state.v = NEW_N(cx->a, struct cockpit_state_out, c->nstates + 1);
	for (size_t i = 0; i < c->nstates; i++)
		out->by_state.v[out->by_state.n++] =
		    (struct cockpit_state_out){ c->states[i].id, c->states[i].n };
}

static err red_view(struct ctx *cx, int64_t lo, int64_t hi, struct cockpit_out *out)
{
	struct matter_key *keys;
	size_t n;
	bool more;
	struct matter_filter f = { .phase = S("open"),
				   .lo = lo,
				   .hi = hi,
				   .sectors = DB_NONE,
				   .to_ms = cx->now_ms - 1,
				   .after_id = DB_NONE,
				   .after_ms = DB_NONE,
				   .limit = COCKPIT_RED };
	TRY(matter_keys(cx, &f, &keys, &n, &more));
	return items_of(cx, keys, n, COCKPIT_RED, &out->red.v, &out->red.n);
}

static err cockpit_view(struct ctx *cx, str region, const struct db_scope *scope, struct cockpit_out *out)
{
	struct cockpit *c = NEW(cx->a, struct cockpit);
	struct work w;
	int64_t lo = 0, hi = 0, level = 0;
	TRY(place_of(cx, region, scope, &lo, &hi, &level));
	cockpit_begin(c, cx->a, cx->now_ms, level);
	TRY(gather(cx, scope, lo, hi, c));
	TRY(work_load(cx, &w));
	out->counts = NEW(cx->a, struct cockpit_counts);
	*out->counts = (struct cockpit_counts){
		c->open,
		(int64_t)w.nneeds,
		c->due_week,
		c->overdue,
		c->closed_month,
		c->closed_with_due ? (double)c->closed_in_time / (double)c->closed_with_due : (double)NAN
	};
	TRY(regions_view(cx, c, out));
	sectors_view(cx, c, out);
	trend_view(cx, c, out);
	states_view(cx, c, out);
	return red_view(cx, lo, hi, out);
}

/* Everything the sums depend on: who asks, what they may see, where they look, and the day. */
static str cockpit_key(struct ctx *cx, str region, const struct db_scope *scope)
{
	struct buf b = BUF(cx->a);
	buf_printf(&b, "%lld " STR_FMT " %lld", (long long)cx_account(cx), STR_ARG(region),
		   (long long)china_day(cx->now_ms));
	for (size_t i = 0; i < scope->n; i++)
		buf_printf(&b, " %lld-%lld/%lld/%lld/%lld", (long long)scope->v[i].lo,
			   (long long)scope->v[i].hi, (long long)scope->v[i].sectors,
			   (long long)scope->v[i].secret, (long long)scope->v[i].party);
	return buf_str(&b);
}

static err cockpit_get(struct req *rq)
{
	const struct cockpit_query *q = rq->query;
	struct db_scope scope = cx_scope(&rq->cx, S("matter.read"));
	str key = cockpit_key(&rq->cx, q->region, &scope), answer;
	int64_t start = clock_monotonic_us();
	struct cockpit_out out = { 0 };
	if (loop_kept(rq->cx.app->loop, rq->a, key, &answer))
		return reply_text(rq, "application/json", answer);
	TRY(cockpit_view(&rq->cx, q->region, &scope, &out));
	TRY(reply_json(rq, &out));
	loop_keep(rq->cx.app->loop, key, buf_str(&rq->out), clock_monotonic_us() - start);
	return ERR_OK;
}

const struct route work_routes[] = {
	{ "GET", "/api/work", work_get, READ, "matter.read", NULL, work_out_json, "What waits for me", NULL },
	{ "GET", "/api/cockpit", cockpit_get, READ, "matter.read", NULL, cockpit_out_json,
	  "The state of everything in scope", cockpit_query_json },
	{ 0 },
};
