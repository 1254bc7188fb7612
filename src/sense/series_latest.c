/* The newest value of every station, item and kind, kept in memory: what live pages ask for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sense/pack.h"
#include "sense/series_parts.h"

/* Open addressing; a slot with station 0 is empty. */
struct latest_table {
	struct latest *v;
	size_t cap, n;
};

static size_t slot_of(const struct latest_table *t, int64_t station, uint32_t item, enum series_kind kind)
{
	uint64_t h = (uint64_t)station * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)item * UINT64_C(0xBF58476D1CE4E5B9) ^ (uint64_t)kind << 56;
	size_t i = (size_t)(h >> 20) & (t->cap - 1);
	while (t->v[i].station && (t->v[i].station != station || t->v[i].item != item || t->v[i].kind != kind))
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void grow(struct latest_table *t)
{
	struct latest_table old = *t;
	t->cap = old.cap ? old.cap * 2 : 1024;
	t->v = calloc(t->cap, sizeof *t->v);
	if (!t->v)
		abort();
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].station)
			t->v[slot_of(t, old.v[i].station, old.v[i].item, old.v[i].kind)] = old.v[i];
	free(old.v);
}

static void note_one(struct latest_table *t, const struct packet *k, const struct reading *r)
{
	if (t->n * 2 >= t->cap)
		grow(t);
	struct latest *l = &t->v[slot_of(t, k->station, r->item, k->kind)];
	if (l->station && l->at_ms > k->at_ms)
		return;
	t->n += !l->station;
	*l = (struct latest){ k->station, k->at_ms, k->received_ms, r->item, k->kind, r->flag, decimal_f64(r->value) };
}

void series_latest_note(struct series *s, const struct packet *v, size_t n)
{
	pthread_mutex_lock(&s->lock);
	if (!s->latest && !(s->latest = calloc(1, sizeof *s->latest)))
		abort();
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < v[i].n; k++)
			if (v[i].v[k].what == SERIES_VALUE && v[i].station)
				note_one(s->latest, &v[i], &v[i].v[k]);
	pthread_mutex_unlock(&s->lock);
}

/* ---- after a restart: what is not packed yet at once, what is packed when a station is asked for ---- */

enum { LOAD_BACK_MS = 26 * 3600000 };

struct loading {
	struct arena *a;
	series_watcher *fn;
	void *arg;
};

static err take_row(void *arg, const struct series_since_row *r)
{
	struct loading *l = arg;
	struct reading *v;
	struct packet k = { .station = r->station, .at_ms = r->at_ms, .received_ms = r->received_ms, .kind = (enum series_kind)r->kind };
	arena_reset(l->a);
	if (!unpack_readings(l->a, r->body, &v, &k.n))
		return ERR_CORRUPT;
	k.v = v;
	l->fn(l->arg, &k, 1);
	return ERR_OK;
}

static void note(void *s, const struct packet *v, size_t n)
{
	series_latest_note(s, v, n);
}

err series_latest_load(struct series *s, struct fail *f)
{
	return series_each_since(s, LOAD_BACK_MS, note, s, f);
}

err series_each_since(struct series *s, int64_t back_ms, series_watcher *fn, void *arg, struct fail *f)
{
	struct db_conn *c;
	struct series_newest_row newest;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct loading l = { a, fn, arg };
	TRY(db_read_begin(s->db, &c, f));
	err e = series_newest(c, a, &newest);
	if (e == ERR_OK && newest.at_ms != DB_NONE)
		e = series_since(c, &(struct series_since_params){ newest.at_ms - back_ms }, take_row, &l);
	db_read_end(s->db, c);
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}

static err last_of(struct db_conn *c, struct arena *a, int64_t station, const struct series_chunk_newest_row *r, struct latest *ret)
{
	struct series_chunk_get_row row;
	struct point *v;
	size_t n;
	TRY(series_chunk_get(c, a, &(struct series_chunk_get_params){ station, r->item, 0, r->kind, r->period }, &row));
	if (!unpack_column(a, row.body, &v, &n) || !n)
		return ERR_CORRUPT;
	*ret = (struct latest){ station, v[n - 1].at_ms, v[n - 1].at_ms, (uint32_t)r->item, (enum series_kind)r->kind, v[n - 1].flag,
				decimal_f64(v[n - 1].value) };
	return ERR_OK;
}

static void keep_older(struct series *s, const struct latest *l)
{
	pthread_mutex_lock(&s->lock);
	if (!s->latest && !(s->latest = calloc(1, sizeof *s->latest)))
		abort();
	if (s->latest->n * 2 >= s->latest->cap)
		grow(s->latest);
	struct latest *slot = &s->latest->v[slot_of(s->latest, l->station, l->item, l->kind)];
	if (!slot->station || slot->at_ms < l->at_ms) {
		s->latest->n += !slot->station;
		*slot = *l;
	}
	pthread_mutex_unlock(&s->lock);
}

static bool is_loaded(struct series *s, int64_t station)
{
	pthread_mutex_lock(&s->lock);
	bool there = s->latest && s->latest->cap && s->latest->v[slot_of(s->latest, station, 0, SERIES_REAL)].station;
	pthread_mutex_unlock(&s->lock);
	return there;
}

/* Item 0 stands for "its columns were looked at". */
static err load_packed(struct series *s, struct arena *a, struct db_conn *c, int64_t station)
{
	struct series_chunk_newest_rows rows;
	TRY(series_chunk_newest(c, a, &(struct series_chunk_newest_params){ station }, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		struct latest l;
		TRY(last_of(c, a, station, &rows.v[i], &l));
		keep_older(s, &l);
	}
	keep_older(s, &(struct latest){ .station = station });
	return ERR_OK;
}

static err load_stations(struct series *s, const int64_t *stations, size_t n, struct fail *f)
{
	struct db_conn *c = NULL;
	AUTO(arena_drop) struct arena *a = arena_new();
	err e = ERR_OK;
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if (is_loaded(s, stations[i]))
			continue;
		if (!c)
			TRY(db_read_begin(s->db, &c, f));
		e = load_packed(s, a, c, stations[i]);
		arena_reset(a);
	}
	if (c)
		db_read_end(s->db, c);
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}

void series_latest_free(struct series *s)
{
	if (s->latest)
		free(s->latest->v);
	free(s->latest);
	s->latest = NULL;
}

static int by_station(const void *a, const void *b)
{
	const struct latest *x = a, *y = b;
	if (x->station != y->station)
		return x->station < y->station ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

err series_latest(struct series *s, struct arena *a, const int64_t *stations, size_t n, struct latest **ret, size_t *ret_n, struct fail *f)
{
	VEC(struct latest) out = { 0 };
	TRY(load_stations(s, stations, n, f));
	pthread_mutex_lock(&s->lock);
	uint32_t items = (uint32_t)s->codes.n;
	for (size_t i = 0; i < n && s->latest; i++)
		for (uint32_t item = 1; item < items; item++)
			for (int kind = 0; kind < SERIES_KIND_COUNT; kind++) {
				const struct latest *l = &s->latest->v[slot_of(s->latest, stations[i], item, (enum series_kind)kind)];
				if (l->station)
					vec_push(a, &out, *l);
			}
	pthread_mutex_unlock(&s->lock);
	if (out.n)
		qsort(out.v, out.n, sizeof *out.v, by_station);
	*ret = out.v;
	*ret_n = out.n;
	return ERR_OK;
}
