/* Runs the handler of a request on the thread its kind asks for. */
#include "http/internal.h"

#include <string.h>
#include <unistd.h>

static void new_attempt(struct exchange *x, struct arena *a)
{
	struct req *rq = &x->rq;
	rq->a = rq->cx.a = a;
	rq->status = 0;
	rq->out = BUF(a);
	rq->content_type = NULL;
	rq->disposition_name = rq->set_cookie = rq->etag = (str){ NULL, 0 };
	rq->send_path = NULL;
	rq->send_unlink = false;
	rq->notices = NULL;
	rq->after = NULL;
	rq->cx.fail = (struct fail){ 0 };
	x->db_message = (str){ NULL, 0 };
}

static void note_db(struct exchange *x, err e, struct db_conn *c)
{
	if (e == ERR_CONFLICT || (e != ERR_OK && err_status(e) >= 500))
		x->db_message = arena_str(x->a, str_of(db_message(c)));
}

static err call(struct exchange *x)
{
	return x->rq.route->fn ? x->rq.route->fn(&x->rq) : ERR_OK;
}

/* Who asks, what is asked, and for READ and STREAM the answer; with a read snapshot, unless nothing needs one. */
static err read_part(struct exchange *x)
{
	struct http *h = x->h;
	const struct http_hooks *k = &h->o.hooks;
	bool here = x->rq.route->kind == READ || x->rq.route->kind == STREAM;
	struct db_conn *c;
	if (k->recall)
		TRY(k->recall(k->arg, &x->rq, &x->who_known));
	if (x->who_known && !here)
		return request_ready(x);
	TRY(db_read_begin(h->o.db, &c, &x->rq.cx.fail));
	x->rq.cx.c = c;
	err e = request_ready(x);
	if (e == ERR_OK && here)
		e = call(x);
	note_db(x, e, c);
	x->rq.cx.c = NULL;
	db_read_end(h->o.db, c);
	return e;
}

static void resume(struct exchange *x)
{
	struct http *h = x->h;
	x->phase = PHASE_READY;
	MHD_resume_connection(x->conn); /* from here on x may be gone */
	atomic_fetch_sub(&h->running, 1);
}

static err write_once(struct exchange *x)
{
	struct req *rq = &x->rq;
	const struct http_hooks *k = &x->h->o.hooks;
	bool keyed = rq->cx.idem.p != NULL, hit = false;
	if (keyed && k->idem_find)
		TRY(k->idem_find(k->arg, rq, &hit));
	if (hit)
		return ERR_OK;
	TRY(call(x));
	return keyed && k->idem_store ? k->idem_store(k->arg, rq) : ERR_OK;
}

/* On a writer's thread, inside the transaction; perhaps not for the first time. */
static err write_job(struct db_conn *c, void *arg)
{
	struct exchange *x = arg;
	arena_reset(x->attempt);
	new_attempt(x, x->attempt);
	x->rq.cx.c = c;
	x->rq.cx.now_ms = clock_now_ms(x->h->o.clock);
	err e = write_once(x);
	note_db(x, e, c);
	x->rq.cx.c = NULL;
	return e;
}

struct notice {
	struct notice *next;
	const char *event;
	struct http_about about;
	str data;
};

void rq_publish(struct req *rq, const char *event, const struct http_about *about, str data)
{
	struct notice **end = &rq->notices;
	while (*end)
		end = &(*end)->next;
	*end = NEW(rq->a, struct notice);
	**end = (struct notice){ NULL, event, *about, arena_str(rq->a, data) };
	int64_t *parties = NEW_N(rq->a, int64_t, about->nparties + 1);
	if (about->nparties)
		memcpy(parties, about->parties, about->nparties * sizeof *parties);
	(*end)->about.parties = parties;
}

/* The outcome is sure: tell the subscribers, then the caller. */
static void finish(struct exchange *x, err e)
{
	for (const struct notice *n = e == ERR_OK ? x->rq.notices : NULL; n; n = n->next)
		http_publish(x->h, n->event, &n->about, n->data);
	settle(x, e);
	resume(x);
}

err rq_after(struct req *rq, handler *fn)
{
	if (rq->cx.idem.p)
		return fn(rq);
	rq->after = fn;
	return ERR_OK;
}

err rq_snapshot(struct req *rq, handler *fn)
{
	struct exchange *x = rq->x;
	struct db_conn *c;
	TRY(db_read_begin(x->h->o.db, &c, &rq->cx.fail));
	rq->cx.c = c;
	err e = fn(rq);
	note_db(x, e, c);
	rq->cx.c = NULL;
	db_read_end(x->h->o.db, c);
	return e;
}

static err answer_after(struct exchange *x)
{
	return rq_snapshot(&x->rq, x->rq.after);
}

void finish_write(struct exchange *x)
{
	finish(x, x->written == ERR_OK && x->rq.after ? answer_after(x) : x->written);
}

/* On the writer's thread, once the transaction is durable. */
static void write_done(void *arg, err e)
{
	struct exchange *x = arg;
	x->written = e;
	if (e == ERR_OK && x->rq.after && pool_put(&x->h->pool, x))
		return;
	finisher_put(&x->h->finisher, x);
}

static err find_known(struct req *rq)
{
	const struct http_hooks *k = &rq->x->h->o.hooks;
	return k->idem_find(k->arg, rq, &rq->x->known);
}

/* Prepares, then waits for the writer. The stored answer of a request that was made before needs no preparation. */
static void run_before(struct exchange *x)
{
	err e = ERR_OK;
	if (x->rq.cx.idem.p && x->h->o.hooks.idem_find)
		e = rq_snapshot(&x->rq, find_known);
	if (e == ERR_OK && !x->known)
		e = x->rq.route->before(&x->rq);
	if (e != ERR_OK || x->known) {
		finish(x, e);
		return;
	}
	x->attempt = arena_new();
	db_write_async(x->h->o.db, write_job, x, write_done); /* x belongs to the writer now */
}

void run_slow(struct exchange *x)
{
	if (x->rq.route->kind == WRITE && !x->rq.after)
		run_before(x);
	else
		finish(x, x->rq.after ? answer_after(x) : call(x));
}

/* Suspended before anybody else can finish it. */
static void hand_over(struct exchange *x)
{
	x->phase = PHASE_RUNNING;
	atomic_fetch_add(&x->h->running, 1);
	MHD_suspend_connection(x->conn);
}

static enum MHD_Result suspend_for_write(struct exchange *x)
{
	x->attempt = arena_new();
	hand_over(x);
	db_write_async(x->h->o.db, write_job, x, write_done);
	return MHD_YES; /* x belongs to the writer now */
}

static enum MHD_Result suspend_for_worker(struct exchange *x)
{
	hand_over(x);
	if (pool_put(&x->h->pool, x))
		return MHD_YES;
	settle(x, FAIL(&x->rq.cx.fail, BUSY, "", NULL));
	resume(x);
	return MHD_YES;
}

enum MHD_Result run_exchange(struct exchange *x)
{
	if (x->result == ERR_OK && !x->is_page) {
		new_attempt(x, x->a);
		settle(x, x->rq.route->kind == UPLOAD ? request_ready(x) : read_part(x));
	}
	if (x->result != ERR_OK || x->is_page)
		return answer(x);
	switch (x->rq.route->kind) {
	case WRITE:
		return x->rq.route->before ? suspend_for_worker(x) : suspend_for_write(x);
	case SLOW:
	case UPLOAD:
		return suspend_for_worker(x);
	default:
		return answer(x);
	}
}

void exchange_free(struct exchange *x)
{
	stream_leave(x);
	temp_drop(x);
	if (x->rq.send_unlink && x->rq.send_path)
		unlink(x->rq.send_path);
	arena_free(x->attempt);
	arena_free(x->a); /* x itself lives in it */
}
