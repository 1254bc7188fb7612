/* Tasks of large draws, some at a time, from a thread of its own: nobody waits long for the writer, and after a server
 * was killed the next one goes on. */
#include "loop/lookback_work.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "core/canon.h"
#include "core/ledger.h"
#include "core/principal.h"
#include "core/region.h"
#include "loop/draw_sql.h"
#include "loop/lookback_parts.h"

enum { LOOK_EVERY_S = 1, AFTER_FAILURE_S = 30 };

struct lookback_work {
	const struct app *app;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping;
};

static bool stopping(struct lookback_work *w)
{
	pthread_mutex_lock(&w->lock);
	bool stop = w->stopping;
	pthread_mutex_unlock(&w->lock);
	return stop;
}

/* ---- what was said with the seed ---- */

struct making {
	struct draw_record d;
	double threshold;
	struct lookback_lookers who;
	struct principal_grant reach; /* the draw's: whatever the giver may do by now */
	struct principal giver;
};

static err read_seeding(struct ctx *cx, struct making *m)
{
	struct draw_seeded_row row;
	int64_t *orgs;
	TRY(draw_seeded(cx->c, cx->a, &(struct draw_seeded_params){ m->d.region, ledger_subject(cx, "draw", m->d.id) }, &row));
	str data = canon_get(row.body, "data"), list = canon_get(data, "orgs");
	orgs = NEW_N(cx->a, int64_t, list.n / 3 + 1);
	m->who.orgs = orgs;
	for (size_t i = 0; i < list.n; i++) {
		size_t from = i;
		while (i < list.n && list.p[i] >= '0' && list.p[i] <= '9')
			i++;
		if (i > from && str_to_i64(str_sub(list, from, i), &orgs[m->who.n]))
			m->who.n++;
	}
	if (!m->who.n || !canon_get_i64(data, "due_day", &m->who.due_day))
		return FAIL(&cx->fail, INTERNAL, "", NULL);
	m->reach = (struct principal_grant){ .perms = -1, .sectors = -1, .secret = m->d.secret, .to_ms = INT64_MAX };
	region_range(m->d.region, &m->reach.lo, &m->reach.hi);
	m->giver = (struct principal){ .account = row.actor, .roles = cx->app->roles, .n = 1, .v = &m->reach };
	return ERR_OK;
}

static err read_making(struct ctx *cx, int64_t id, struct making *m)
{
	TRY(draw_load(cx, id, &m->d));
	m->threshold = draw_threshold(cx->a, &m->d);
	return read_seeding(cx, m);
}

/* ---- one piece ---- */

struct piece {
	const struct app *app;
	const struct making *m;
	size_t from, n;
	bool last;
	struct fail *f;
};

static err make_piece(struct db_conn *c, void *arg)
{
	const struct piece *p = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = { .a = a, .c = c, .app = p->app, .who = &p->m->giver, .now_ms = clock_now_ms(p->app->clock), .lang = S("zh-CN") };
	err e = ERR_OK;
	for (size_t i = p->from; i < p->from + p->n && e == ERR_OK; i++) {
		struct draw_team drawn = p->m->d.result[i];
		struct draw_item_result_row now;
		e = draw_item_result(c, a, &(struct draw_item_result_params){ p->m->d.region, p->m->d.id, drawn.id }, &now);
		if (e == ERR_OK && !now.result) /* another server may be as far */
			e = lookback_task_of_drawn(&cx, &p->m->d, &drawn, p->m->threshold, &p->m->who);
	}
	if (e == ERR_OK && p->last)
		e = draw_end(c, &(struct draw_end_params){ p->m->d.region, p->m->d.id }, NULL);
	if (e != ERR_OK)
		*p->f = cx.fail;
	return e;
}

static err make_tasks(struct lookback_work *w, const struct making *m, struct fail *f)
{
	for (size_t at = 0; at < m->d.nresult && !stopping(w);) {
		struct piece p = { .app = w->app, .m = m, .from = at, .f = f };
		size_t undone = 0;
		for (; at < m->d.nresult && undone < LOOKBACK_PIECE; at++)
			undone += m->d.result[at].result == 0;
		p.n = at - p.from;
		p.last = at == m->d.nresult;
		TRY(db_write(w->app->db, make_piece, &p, f));
	}
	return ERR_OK;
}

/* ---- all of them ---- */

static err look_at(struct lookback_work *w, int64_t id, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct making m = { 0 };
	struct ctx cx = { .a = a, .app = w->app, .now_ms = clock_now_ms(w->app->clock), .lang = S("zh-CN") };
	TRY(db_read_begin(w->app->db, &cx.c, f));
	err e = read_making(&cx, id, &m);
	db_read_end(w->app->db, cx.c);
	if (e != ERR_OK) {
		*f = cx.fail;
		return e;
	}
	return make_tasks(w, &m, f);
}

static err look(struct lookback_work *w, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct draw_making_rows rows;
	struct db_conn *c;
	TRY(db_read_begin(w->app->db, &c, f));
	err e = draw_making(c, a, &rows);
	db_read_end(w->app->db, c);
	for (size_t i = 0; e == ERR_OK && i < rows.n && !stopping(w); i++)
		e = look_at(w, rows.v[i].id, f);
	return e;
}

static bool wait_a_while(struct lookback_work *w, int seconds)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&w->lock);
	while (!w->stopping && pthread_cond_timedwait(&w->wake, &w->lock, &until) != ETIMEDOUT)
		;
	bool on = !w->stopping;
	pthread_mutex_unlock(&w->lock);
	return on;
}

static void *work(void *arg)
{
	struct lookback_work *w = arg;
	int seconds = LOOK_EVERY_S;
	do {
		struct fail f = { 0 };
		bool failed = look(w, &f) != ERR_OK;
		if (failed)
			log_fail(LOG_ERROR, "look-back", &f);
		seconds = failed ? AFTER_FAILURE_S : LOOK_EVERY_S;
	} while (wait_a_while(w, seconds));
	return NULL;
}

err lookback_work_start(const struct app *app, struct lookback_work **ret, struct fail *f)
{
	struct lookback_work *w = calloc(1, sizeof *w);
	if (!w)
		return FAIL(f, INTERNAL, "", "err.threads");
	w->app = app;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (pthread_create(&w->thread, NULL, work, w) == 0) {
		*ret = w;
		return ERR_OK;
	}
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
	return FAIL(f, INTERNAL, "", "err.threads");
}

void lookback_work_stop(struct lookback_work *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
