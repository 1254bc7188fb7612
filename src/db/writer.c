/* The writers: jobs that wait together share one transaction and one durable commit. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "db/backend.h"

enum { RETRIES = 8, GATHER_FROM = 8, GATHER_NS = 1000000 };

static struct job *take_batch(struct db *db, int *ret_n)
{
	struct job *first = db->head, *last = first;
	int n = 1;
	for (; last && last->next && n < MAX_BATCH; n++)
		last = last->next;
	if (!last)
		return NULL;
	db->head = last->next;
	if (!db->head)
		db->tail = &db->head;
	last->next = NULL;
	db->queued -= n;
	*ret_n = n;
	return first;
}

/* When many wrote together a moment ago they are likely to do so again: a short wait makes one commit of
 * what would be several. A writer alone never waits. Called with the lock held. */
static void gather(struct db *db, int before)
{
	struct timespec until;
	if (before < GATHER_FROM || db->queued >= before)
		return;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += GATHER_NS;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (db->queued < before && !db->stopping)
		if (pthread_cond_timedwait(&db->work, &db->lock, &until) == ETIMEDOUT)
			break;
}

/* One job inside its savepoint. ERR_OK of the function: the transaction still stands. */
static err run_in_savepoint(struct db_conn *c, struct job *j)
{
	TRY(c->be->simple(c, "SAVEPOINT job"));
	j->result = j->fn(c, j->ctx);
	if (!c->be->in_transaction(c) || !c->be->alive(c))
		return j->result == ERR_OK ? ERR_DB : j->result;
	if (j->result != ERR_OK)
		TRY(c->be->simple(c, "ROLLBACK TO SAVEPOINT job"));
	return c->be->simple(c, "RELEASE SAVEPOINT job");
}

err db_part(struct db_conn *c, db_job *part, void *ctx)
{
	TRY(c->be->simple(c, "SAVEPOINT part"));
	err e = part(c, ctx);
	if (!c->be->in_transaction(c) || !c->be->alive(c))
		return e == ERR_OK ? ERR_DB : e;
	if (e != ERR_OK)
		TRY(c->be->simple(c, "ROLLBACK TO SAVEPOINT part"));
	TRY(c->be->simple(c, "RELEASE SAVEPOINT part"));
	return e;
}

void db_rollback(struct db_conn *c)
{
	if (c->be->alive(c) && c->be->in_transaction(c))
		(void)c->be->simple(c, "ROLLBACK");
}

/* Most jobs succeed, or are refused before they write anything: those need no savepoint of their own.
 * *ret_dirty: the job failed and had written, so the transaction must not be kept. */
static err run_bare(struct db_conn *c, struct job *j, bool *ret_dirty)
{
	int64_t before = c->be->written(c);
	j->result = j->fn(c, j->ctx);
	if (!c->be->in_transaction(c))
		return j->result == ERR_OK ? ERR_DB : j->result;
	*ret_dirty = j->result != ERR_OK && c->be->written(c) != before;
	return ERR_OK;
}

static void count_watched(struct db *db)
{
	if (db_watched(db))
		__atomic_add_fetch(&db->watched, 1, __ATOMIC_SEQ_CST);
}

/* The transaction has begun: has anybody but us written since the last one? */
static void look_for_others(struct db *db, struct db_conn *c)
{
	int64_t now = c->be->others ? c->be->others(c) : 0;
	if (now == c->others)
		return;
	c->others = now;
	count_watched(db);
}

/* Whatever came of it: a transaction that was given up after all has changed nothing, and is counted in vain. */
static void look_for_watched(struct db *db, struct db_conn *c)
{
	if (c->touched)
		count_watched(db);
	c->touched = false;
}

/* A whole batch in one transaction. When it cannot stand, nothing of it happened. With `careful` each
 * job has its savepoint; without, *ret_dirty asks for the batch to be run again with care. */
static err run_batch(struct db *db, struct db_conn *c, struct job *batch, bool careful, bool *ret_dirty)
{
	err e = c->be->simple(c, c->be->begin_write);
	*ret_dirty = false;
	if (e == ERR_OK)
		look_for_others(db, c);
	for (struct job *j = batch; j && e == ERR_OK && !*ret_dirty; j = j->next) {
		e = careful ? run_in_savepoint(c, j) : run_bare(c, j, ret_dirty);
		if (e == ERR_OK && j->result == ERR_BUSY)
			e = ERR_BUSY;
	}
	if (e == ERR_OK && !*ret_dirty && db->at_commit)
		e = db->at_commit(c, db->at_commit_ctx);
	if (e == ERR_OK && !*ret_dirty)
		e = c->be->simple(c, "COMMIT");
	if (e != ERR_OK || *ret_dirty)
		db_rollback(c);
	look_for_watched(db, c);
	return e;
}

static err run_twice_at_most(struct db *db, struct db_conn *c, struct job *batch)
{
	bool dirty;
	err e = run_batch(db, c, batch, !c->be->written, &dirty);
	return e == ERR_OK && dirty ? run_batch(db, c, batch, true, &dirty) : e;
}

static bool reconnect(struct db *db, struct db_conn **c)
{
	if (*c && (*c)->be->alive(*c))
		return true;
	db_conn_free(*c);
	*c = db_conn_new(db, true, NULL);
	if (*c && db->be->engine == DB_SQLITE)
		db_sqlite_on_wal(db, *c);
	return *c;
}

/* A batch that failed as a whole is tried again one by one, so that one job cannot spoil the others.
 * A connection lost during COMMIT leaves the outcome unknown: such a job is not repeated. */
static void run_singly(struct db *db, struct db_conn **c, struct job *j)
{
	struct job *next = j->next;
	j->next = NULL;
	err e = ERR_BUSY;
	for (int i = 0; i < RETRIES && e == ERR_BUSY; i++) {
		if (!reconnect(db, c)) {
			e = ERR_DB;
			break;
		}
		e = run_twice_at_most(db, *c, j);
		__atomic_add_fetch(&db->stats.retries, 1, __ATOMIC_RELAXED);
	}
	if (e != ERR_OK)
		j->result = e;
	j->next = next;
}

static void run_all(struct db *db, struct db_conn **c, struct job *batch)
{
	err e = reconnect(db, c) ? run_twice_at_most(db, *c, batch) : ERR_DB;
	bool lost = *c && !(*c)->be->alive(*c);
	if (e == ERR_OK || lost || !*c) {
		for (struct job *j = batch; j && e != ERR_OK; j = j->next)
			j->result = e;
		return;
	}
	for (struct job *j = batch; j; j = j->next)
		run_singly(db, c, j);
}

/* Counted before anybody is told, so that whoever is told finds the act counted. */
static void count_batch(struct db *db, const struct job *batch)
{
	int64_t n = 0, failed = 0;
	for (; batch; batch = batch->next) {
		n++;
		failed += batch->result != ERR_OK;
	}
	__atomic_add_fetch(&db->stats.commits, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&db->stats.jobs, n, __ATOMIC_RELAXED);
	__atomic_add_fetch(&db->stats.failed, failed, __ATOMIC_RELAXED);
}

static void finish_batch(struct db *db, struct job *batch)
{
	count_batch(db, batch);
	while (batch) {
		struct job *next = batch->next; /* done() may free the job */
		batch->done(batch->ctx, batch->result);
		batch = next;
	}
}

void *db_writer_main(void *arg)
{
	struct db *db = arg;
	struct db_conn *c = NULL;
	int n = 0; /* how many came together last time */
	for (;;) {
		pthread_mutex_lock(&db->lock);
		while (!db->head && !db->stopping)
			pthread_cond_wait(&db->work, &db->lock);
		gather(db, n);
		struct job *batch = take_batch(db, &n);
		pthread_mutex_unlock(&db->lock);
		if (!batch)
			break;
		run_all(db, &c, batch);
		finish_batch(db, batch);
		db_wal_rest(db, c);
	}
	db_conn_free(c);
	return NULL;
}

void db_at_commit(struct db *db, db_job *job, void *ctx)
{
	pthread_mutex_lock(&db->lock);
	db->at_commit = job;
	db->at_commit_ctx = ctx;
	pthread_mutex_unlock(&db->lock);
}

struct async_job {
	struct job j;
	void *ctx;
	db_job *fn;
	void (*done)(void *ctx, err e);
};

static void enqueue(struct db *db, struct job *j)
{
	pthread_mutex_lock(&db->lock);
	*db->tail = j;
	db->tail = &j->next;
	db->queued++;
	pthread_cond_signal(&db->work);
	pthread_mutex_unlock(&db->lock);
}

static err async_run(struct db_conn *c, void *ctx)
{
	struct async_job *aj = ctx;
	return aj->fn(c, aj->ctx);
}

static void async_done(void *ctx, err e)
{
	struct async_job *aj = ctx;
	aj->done(aj->ctx, e);
	free(aj);
}

void db_write_async(struct db *db, db_job *job, void *ctx, void (*done)(void *ctx, err e))
{
	struct async_job *aj = calloc(1, sizeof *aj);
	if (!aj)
		abort();
	*aj = (struct async_job){ .j = { .fn = async_run, .ctx = aj, .done = async_done }, .ctx = ctx, .fn = job,
				  .done = done };
	enqueue(db, &aj->j);
}

struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool finished;
	err result;
	db_job *fn;
	void *ctx;
};

static err waiter_run(struct db_conn *c, void *ctx)
{
	struct waiter *w = ctx;
	return w->fn(c, w->ctx);
}

static void waiter_done(void *ctx, err e)
{
	struct waiter *w = ctx;
	pthread_mutex_lock(&w->lock);
	w->finished = true;
	w->result = e;
	pthread_cond_signal(&w->cond);
	pthread_mutex_unlock(&w->lock);
}

err db_write(struct db *db, db_job *job, void *ctx, struct fail *f)
{
	struct waiter w = { .lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER, .fn = job, .ctx = ctx };
	struct job j = { .fn = waiter_run, .ctx = &w, .done = waiter_done };
	enqueue(db, &j);
	pthread_mutex_lock(&w.lock);
	while (!w.finished)
		pthread_cond_wait(&w.cond, &w.lock);
	pthread_mutex_unlock(&w.lock);
	if (w.result != ERR_OK && f && f->code != w.result)
		return fail_set(f, w.result, __FILE__, __LINE__, "", NULL, NULL);
	return w.result;
}
