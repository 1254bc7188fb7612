#include "base/embed.h"
#include "cli/demo_after.h"
#include "loop/draw.h"
#include "loop/lookback.h"
#include "loop/lookback_sql.h"

EMBED_TABLE(demo_file)

enum { DRAW_DAYS_AGO = 24, MUST_DAYS_AGO = 2, DUE_DAYS = 30, OPEN = 2, HOUR_MS = 3600 * 1000, TASKS_MAX = 200 };
static const int64_t HOME = INT64_C(140109000000);

struct looking {
	struct demo_city *city;
	struct rows rows;
	int64_t want;
	int64_t at_ms, draw, orgs[2];
	struct lookback_list_rows tasks;
	struct lookback_finding finding;
	int64_t task;
	struct fail fail;
};

static err run(struct looking *l, err (*fn)(struct ctx *cx, struct looking *l), struct db_conn *c)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(l->city->h, a, c, l->at_ms);
	cx.who = &l->city->office;
	err e = fn(&cx, l);
	l->fail = cx.fail;
	return e;
}

static struct lookback_lookers lookers(const struct looking *l, int64_t at_ms)
{
	return (struct lookback_lookers){ .orgs = l->orgs, .n = COUNT_OF(l->orgs), .due_day = china_day(at_ms) + DUE_DAYS };
}

static err announce(struct ctx *cx, struct looking *l)
{
	struct draw_prepared p;
	TRY(lookback_draw_prepare(cx,
				  &(struct lookback_draw_new){ .kind = S("hazard"), .region = HOME, .day = china_day(cx->now_ms),
							       .want = l->want,
							       .seed_source = S("福利彩票双色球最近一期开奖号码（示例）") },
				  &p));
	l->draw = p.id;
	return draw_announce(cx, &p);
}

static err seed(struct ctx *cx, struct looking *l)
{
	struct lookback_lookers who = lookers(l, cx->now_ms);
	struct draw_seeding s;
	struct draw_record d;
	TRY(draw_load(cx, l->draw, &d));
	draw_seeding(cx->a, &d, d.ver, S("02 09 14 21 25 33 + 06"), &s);
	return lookback_seed(cx, &s, &who, &d);
}

static err must(struct ctx *cx, struct looking *l)
{
	struct lookback_lookers who = lookers(l, cx->now_ms);
	const struct pool_query q = { .kind = S("hazard"), .region = HOME, .day = china_day(cx->now_ms), .perm = "matter.supervise" };
	struct pool pool;
	int64_t n;
	TRY(lookback_pool(cx, &q, &pool));
	err e = lookback_take_must(cx, &pool, &who, &n);
	return e == ERR_BAD_FIELD ? ERR_OK : e; /* none there */
}

/* Tasks that are open, of the draw or of what must be looked at. */
static err list(struct ctx *cx, struct looking *l)
{
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	struct lookback_list_params p = { .lo = HOME, .hi = HOME + 999999, .org = DB_NONE, .unit = DB_NONE, .draw = l->draw,
					  .matter = DB_NONE, .open = 1, .done = DB_NONE, .max = TASKS_MAX };
	return lookback_list(cx->c, l->city->a, &p, &scope, &l->tasks);
}

static err finish(struct ctx *cx, struct looking *l)
{
	struct principal *who = &l->city->office;
	for (size_t i = 0; i < l->tasks.n; i++)
		if (l->tasks.v[i].id == l->task && l->tasks.v[i].org == l->orgs[1])
			who = &l->city->eco;
	cx->who = who;
	return lookback_finish(cx, l->task, &l->finding);
}

#define STEP(name)                                                                                                     \
	static err name##_step(struct db_conn *c, void *arg)                                                           \
	{                                                                                                              \
		return run(arg, name, c);                                                                              \
	}
STEP(announce)
STEP(seed)
STEP(must)
STEP(list)
STEP(finish)

static err step(struct looking *l, err (*fn)(struct db_conn *c, void *arg), int64_t at_ms)
{
	l->at_ms = at_ms;
	err e = db_write(l->city->h->app.db, fn, l, &l->fail);
	if (e != ERR_OK)
		l->city->cli->fail = l->fail;
	return e;
}

/* The i-th task gets the result of the i-th row; what is left over stayed fixed. */
static err finish_as(struct looking *l, size_t i, int64_t from_ms)
{
	int64_t days = 1;
	str result = i < l->rows.n ? rows_get(&l->rows, i, S("result")) : S("held");
	str text = i < l->rows.n ? rows_get(&l->rows, i, S("text")) : S("现场复查，未发现反弹。");
	if (i < l->rows.n)
		(void)!str_to_i64(rows_get(&l->rows, i, S("days")), &days);
	int64_t at_ms = from_ms + days * DAY_MS + (int64_t)i * HOUR_MS / 4;
	l->task = l->tasks.v[i].id;
	l->finding = (struct lookback_finding){ .ver = l->tasks.v[i].ver, .result = result, .text = text,
						.seen_day = china_day(at_ms),
						.due_day = str_eq(result, S("held")) ? DB_NONE : china_day(at_ms) + DUE_DAYS };
	return step(l, finish_step, at_ms);
}

static err drawn(struct looking *l)
{
	int64_t from_ms = l->city->now_ms - DRAW_DAYS_AGO * (int64_t)DAY_MS;
	l->want = (int64_t)l->rows.n;
	TRY(step(l, announce_step, from_ms));
	TRY(step(l, seed_step, from_ms + 10 * (int64_t)HOUR_MS));
	TRY(step(l, list_step, from_ms + 11 * (int64_t)HOUR_MS));
	for (size_t i = 0; i < l->tasks.n; i++)
		TRY(finish_as(l, i, from_ms));
	return ERR_OK;
}

/* Listed hazards are all looked back at; the last two tasks wait for somebody. */
static err undrawn(struct looking *l)
{
	int64_t from_ms = l->city->now_ms - MUST_DAYS_AGO * (int64_t)DAY_MS;
	l->draw = 0;
	l->rows.n = 0;
	TRY(step(l, must_step, from_ms));
	TRY(step(l, list_step, from_ms + HOUR_MS));
	for (size_t i = 0; i + OPEN < l->tasks.n; i++)
		TRY(finish_as(l, i, from_ms));
	return ERR_OK;
}

err demo_lookback(struct demo_city *city)
{
	struct looking l = { .city = city, .orgs = { city->office.org, city->eco.org } };
	const struct embed_file *file = demo_file(S("lookbacks.tsv"));
	if (!file)
		return FAIL(&city->cli->fail, INTERNAL, "", NULL);
	TRY(rows_read(city->a, S("lookbacks.tsv"), file->bytes, &l.rows, &city->cli->fail));
	TRY(drawn(&l));
	return undrawn(&l);
}
