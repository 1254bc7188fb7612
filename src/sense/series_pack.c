/* In the background: rows of finished hours (real-time, minute, state) and days (hour, day) become columns. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "sense/pack.h"
#include "sense/series_parts.h"

enum { HOUR_MS = 3600000, LOOK_EVERY_S = 60 };

/* One value of the rows that are being packed. */
struct cell {
	int64_t station, at_ms, period;
	uint32_t item;
	uint8_t what;
	char flag;
	struct decimal value;
};
struct packing {
	struct series *s;
	struct arena *a;
	enum series_kind kind;
	int64_t from_ms, to_ms;
	VEC(struct cell) v;
};

static err take(void *arg, const struct series_whole_row *row)
{
	struct packing *p = arg;
	struct reading *v;
	size_t n;
	if (!unpack_readings(p->a, row->body, &v, &n))
		return ERR_CORRUPT;
	for (size_t i = 0; i < n; i++)
		vec_push(p->a, &p->v, (struct cell){ row->station, row->at_ms, series_period(p->kind, row->at_ms), v[i].item, v[i].what, v[i].flag, v[i].value });
	return ERR_OK;
}

static int by_column(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	if (x->station != y->station)
		return x->station < y->station ? -1 : 1;
	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	if (x->what != y->what)
		return (int)x->what - (int)y->what;
	return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

static bool same_column(const struct cell *x, const struct cell *y)
{
	return x->station == y->station && x->item == y->item && x->what == y->what && x->period == y->period;
}

/* What is packed already and what came now, by time; the better of two for the same moment. */
static size_t join(const struct point *old, size_t n, const struct cell *v, size_t k, bool own, struct point *out)
{
	size_t i = 0, j = 0, m = 0;
	while (i < n || j < k) {
		if (j == k || (i < n && old[i].at_ms < v[j].at_ms)) {
			out[m++] = old[i++];
			continue;
		}
		struct point now = { v[j].at_ms, v[j].value, v[j].flag };
		j++;
		if (i < n && old[i].at_ms == now.at_ms) {
			out[m++] = own || series_better(now.flag, old[i].flag) ? now : old[i];
			i++;
		} else if (m && out[m - 1].at_ms == now.at_ms) {
			out[m - 1] = own || series_better(now.flag, out[m - 1].flag) ? now : out[m - 1];
		} else {
			out[m++] = now;
		}
	}
	return m;
}

static err put_column(struct db_conn *c, struct arena *a, enum series_kind kind, const struct cell *v, size_t n)
{
	struct series_chunk_get_row row;
	struct point *old = NULL;
	size_t had = 0;
	const struct series_chunk_get_params which = { v->station, v->item, v->what, kind, v->period };
	err e = series_chunk_get(c, a, &which, &row);
	if (e == ERR_OK && !unpack_column(a, row.body, &old, &had))
		return ERR_CORRUPT;
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	struct point *all = NEW_N(a, struct point, had + n + 1);
	size_t m = join(old, had, v, n, series_own(kind), all);
	return series_chunk_put(c,
				&(struct series_chunk_put_params){ v->station, v->item, v->what, kind, v->period, (int64_t)m, pack_column(a, all, m, series_long(kind)) },
				NULL);
}

static err put_columns(struct db_conn *c, struct packing *p)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	for (size_t i = 0; i < p->v.n;) {
		size_t k = i + 1;
		while (k < p->v.n && same_column(&p->v.v[i], &p->v.v[k]))
			k++;
		TRY(put_column(c, a, p->kind, &p->v.v[i], k - i));
		arena_reset(a);
		i = k;
	}
	return ERR_OK;
}

/* Reading, writing and dropping in one transaction: nobody sees a value twice or not at all. */
static err pack_span(struct db_conn *c, void *arg)
{
	struct packing *p = arg;
	arena_reset(p->a);
	p->v.v = NULL;
	p->v.n = p->v.cap = 0;
	TRY(series_whole(c, &(struct series_whole_params){ p->kind, p->from_ms, p->to_ms }, take, p));
	if (p->v.n)
		qsort(p->v.v, p->v.n, sizeof *p->v.v, by_column);
	TRY(put_columns(c, p));
	if (db_conn_engine(c) == DB_PG)
		return ERR_OK; /* dropped as they were read: others may have put more meanwhile, which stays for the next time */
	return series_drop_span(c, &(struct series_drop_span_params){ p->kind, p->from_ms, p->to_ms }, NULL);
}

static err oldest(struct series *s, enum series_kind kind, int64_t *ret, struct fail *f)
{
	struct db_conn *c;
	struct series_oldest_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(s->db, &c, f));
	err e = series_oldest(c, a, &(struct series_oldest_params){ kind }, &row);
	db_read_end(s->db, c);
	if (e != ERR_OK)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	*ret = row.at_ms == DB_NONE ? INT64_MAX : row.at_ms;
	return ERR_OK;
}

/* Hour by hour (day by day), so that no transaction is long. */
static err pack_kind(struct series *s, enum series_kind kind, int64_t before_ms, struct fail *f)
{
	int64_t step = series_long(kind) ? DAY_MS : HOUR_MS, first = INT64_MAX;
	AUTO(arena_drop) struct arena *a = arena_new();
	for (;;) {
		TRY(oldest(s, kind, &first, f));
		int64_t from = first == INT64_MAX ? first : first - ((first % step) + step) % step;
		if (from == INT64_MAX || from + step > before_ms || __atomic_load_n(&s->stopping, __ATOMIC_RELAXED))
			return ERR_OK;
		struct packing p = { .s = s, .a = a, .kind = kind, .from_ms = from, .to_ms = from + step };
		TRY(series_partition_columns(s, kind, from, f));
		TRY(series_partition_columns(s, kind, from + step - 1, f));
		series_packed_to(s, kind, from + step);
		TRY(db_write(s->db, pack_span, &p, f));
		pthread_mutex_lock(&s->lock);
		s->stats.packs++;
		pthread_mutex_unlock(&s->lock);
	}
}

err series_pack_before(struct series *s, int64_t before_ms, struct fail *f)
{
	for (int kind = 0; kind < SERIES_KIND_COUNT; kind++)
		TRY(pack_kind(s, (enum series_kind)kind, before_ms, f));
	return ERR_OK;
}

static void *pack_now_and_then(void *arg)
{
	struct series *s = arg;
	struct timespec until;
	pthread_mutex_lock(&s->lock);
	while (!s->stopping) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += LOOK_EVERY_S;
		if (pthread_cond_timedwait(&s->wake, &s->lock, &until) == 0)
			continue;
		pthread_mutex_unlock(&s->lock);
		struct fail f = { 0 };
		err e = series_tend(s, s->o.now_ms(s->o.clock), false, NULL, &f);
		if (e != ERR_OK)
			log_fail(LOG_WARN, "readings could not be packed", &f);
		pthread_mutex_lock(&s->lock);
		s->stats.pack_failures += e != ERR_OK;
		s->stats.packed_ms = e == ERR_OK ? s->o.now_ms(s->o.clock) : s->stats.packed_ms;
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

err series_pack_start(struct series *s, struct fail *f)
{
	if (!s->o.now_ms)
		return ERR_OK; /* packed by hand only */
	struct fail later = { 0 }; /* tried again by the thread; until then rows lie where all else lies */
	if (series_partitions_tend(s, s->o.now_ms(s->o.clock), &later) != ERR_OK)
		log_fail(LOG_WARN, "partitions could not be made", &later);
	s->packing = pthread_create(&s->packer, NULL, pack_now_and_then, s) == 0;
	return s->packing ? ERR_OK : FAIL(f, IO, "", "err.threads");
}

void series_pack_stop(struct series *s)
{
	if (!s->packing)
		return;
	pthread_mutex_lock(&s->lock);
	__atomic_store_n(&s->stopping, true, __ATOMIC_RELAXED);
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->packer, NULL);
	s->packing = false;
}
