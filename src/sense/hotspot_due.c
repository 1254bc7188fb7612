/* Pictures that are due: of each week and month that has ended, by what the configuration names. */
#include "base/log.h"
#include "core/i18n.h"
#include "sense/hotspot_parts.h"

enum { DUE_PLANS = 32, HOUR_MS = 3600000 };

/* "micro pm25 3000" */
static bool plan_of(str s, struct grid_key *ret)
{
	str item, rest = str_trim(s);
	struct grid_key k = { 0 };
	if (!str_cut(&rest, ' ', &k.source))
		return false;
	rest = str_trim(rest);
	if (!str_cut(&rest, ' ', &item))
		return false;
	k.item = item;
	k.size = grid_size_of(str_trim(rest));
	*ret = k;
	return k.source.n && k.item.n && k.size;
}

err grid_plans_read(struct arena *a, str text, struct grid_key **ret, size_t *ret_n, struct fail *f)
{
	struct grid_key *v = NEW_N(a, struct grid_key, DUE_PLANS);
	size_t n = 0;
	for (str one, rest = str_trim(text); rest.n;) {
		bool more = str_cut(&rest, ',', &one);
		if (!more) {
			one = rest;
			rest = S("");
		}
		if (n == DUE_PLANS || !plan_of(one, &v[n]))
			return FAIL(f, BAD_INPUT, "grid-fill", "err.config_value", "key", "grid-fill", "value", arena_cstr(a, one));
		n++;
	}
	*ret = v;
	*ret_n = n;
	return ERR_OK;
}

struct due {
	const struct app *app;
	struct arena *a;
	const struct grid_key *key;
	struct period period;
	struct grid_fill fill;
	struct fail fail;
};

static struct ctx ctx_of(struct due *d, struct db_conn *c)
{
	return (struct ctx){ .a = d->a, .c = c, .app = d->app, .now_ms = clock_now_ms(d->app->clock), .lang = S("zh-CN") };
}

static err is_there(struct due *d, bool *ret)
{
	struct db_conn *c;
	struct hot_set_find_row row;
	TRY(db_read_begin(d->app->db, &c, &d->fail));
	err e = hot_set_find(c, d->a, &(struct hot_set_find_params){ d->app->home_region, d->key->item, d->key->size, d->key->source, period_text(d->a, d->period) }, &row);
	db_read_end(d->app->db, c);
	*ret = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static err make(struct due *d)
{
	struct db_conn *c;
	TRY(db_read_begin(d->app->db, &c, &d->fail));
	struct ctx cx = ctx_of(d, c);
	err e = grid_fill_make(&cx, d->key, d->period, &d->fill);
	db_read_end(d->app->db, c);
	d->fail = cx.fail;
	return e;
}

static err store(struct db_conn *c, void *arg)
{
	struct due *d = arg;
	struct ctx cx = ctx_of(d, c);
	int64_t id;
	err e = grid_fill_store(&cx, &d->fill, &id);
	d->fail = cx.fail;
	return e;
}

/* Too few stations, or none near a cell, is no failure: there is no picture of that time. */
static err fill(struct due *d, bool *ret_made)
{
	bool there;
	*ret_made = false;
	TRY(is_there(d, &there));
	if (there)
		return ERR_OK;
	err e = make(d);
	if (e == ERR_GUARD || (e == ERR_OK && !d->fill.batch.cells.n)) {
		d->fail = (struct fail){ 0 };
		return ERR_OK;
	}
	TRY(e);
	*ret_made = true;
	return db_write(d->app->db, store, d, &d->fail);
}

static struct period month_of(int64_t day)
{
	int y, m, dd;
	date_to_ymd(day, &y, &m, &dd);
	return (struct period){ .week = false, .year = y, .number = m };
}

/* The last week and the last month that have ended for so many hours. */
static size_t ended(int64_t now_ms, double wait_h, struct period out[2])
{
	int64_t day = china_day(now_ms - (int64_t)(wait_h * HOUR_MS));
	out[0] = period_back(period_week_of(day), 1);
	out[1] = period_back(month_of(day), 1);
	return 2;
}

err grid_fill_due(const struct app *app, size_t *ret_made, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct grid_key *plans;
	struct hot_params hp;
	struct period periods[2];
	size_t n;
	*ret_made = 0;
	TRY(grid_plans_read(a, app->grid_fill, &plans, &n, f));
	struct ctx cx = { .a = a, .app = app, .now_ms = clock_now_ms(app->clock) };
	if (!n)
		return ERR_OK;
	TRY(hot_params_read(&cx, &hp));
	size_t k = ended(cx.now_ms, hp.fill_wait, periods);
	for (size_t i = 0; i < n; i++)
		for (size_t p = 0; p < k; p++) {
			AUTO(arena_drop) struct arena *room = arena_new();
			struct due d = { .app = app, .a = room, .key = &plans[i], .period = periods[p] };
			bool made;
			err e = fill(&d, &made);
			if (e != ERR_OK) {
				*f = d.fail;
				return e;
			}
			*ret_made += made;
		}
	return ERR_OK;
}

/* ---- done at once ---- */

#define FILL_DUE(F, O, L) F(STR, plans, REQ, .max = 2000) F(I64, made, REQ)
JSON_STRUCT(grid_fill_due_out, FILL_DUE)
JSON_DEFINE(grid_fill_due_out, FILL_DUE)

static err due_post(struct req *rq)
{
	size_t made;
	if (!cx_in_region(&rq->cx, S("sense.write"), rq->cx.app->home_region))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", NULL);
	TRY(grid_fill_due(rq->cx.app, &made, &rq->cx.fail));
	const struct grid_fill_due_out out = { kept(rq->cx.app->grid_fill), (int64_t)made };
	return reply_json(rq, &out);
}

const struct route hotspot_due_routes[] = {
	{ "POST", "/api/grids/fill/due", due_post, SLOW, "sense.write", NULL, grid_fill_due_out_json,
	  "Make the pictures of the last week and month that the setting grid-fill names and that are not there, as is done by itself every hour" },
	{ 0 },
};
