/* The newest value of every station, item and kind, kept in memory: what live pages ask for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sense/pack.h"
#include "sense/series_parts.h"

/* A station's newest values of one kind, by item. */
struct newest {
	int64_t at_ms, received_ms;
	double value;
	uint32_t item;
	char flag;
};
struct shelf {
	struct newest *v;
	uint32_t n, cap;
};
struct place {
	int64_t station;             /* 0: empty */
	bool looked;                 /* at what is packed of it */
	struct shelf of[SERIES_KIND_COUNT];
};
struct latest_table {                /* open addressing */
	struct place *v;
	size_t cap, n;
	int64_t held;                /* newest values of all */
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static size_t slot_of(const struct latest_table *t, int64_t station)
{
	size_t i = (size_t)((uint64_t)station * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (t->cap - 1);
	while (t->v[i].station && t->v[i].station != station)
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void grow(struct latest_table *t)
{
	struct latest_table old = *t;
	t->cap = old.cap ? old.cap * 2 : 256;
	t->v = must(calloc(t->cap, sizeof *t->v));
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].station)
			t->v[slot_of(t, old.v[i].station)] = old.v[i];
	free(old.v);
}

/* Under the lock. */
static struct place *place_of(struct series *s, int64_t station)
{
	if (!s->latest)
		s->latest = must(calloc(1, sizeof *s->latest));
	struct latest_table *t = s->latest;
	if (t->n * 2 >= t->cap)
		grow(t);
	struct place *p = &t->v[slot_of(t, station)];
	t->n += !p->station;
	p->station = station;
	return p;
}

static uint32_t at_or_after(const struct shelf *h, uint32_t item)
{
	uint32_t lo = 0, hi = h->n;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (h->v[mid].item < item)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Packets name the same items in the same order: the one behind the last is asked first. */
static struct newest *newest_of(struct latest_table *t, struct shelf *h, uint32_t item, uint32_t *hint)
{
	uint32_t i = *hint < h->n && h->v[*hint].item == item ? *hint : at_or_after(h, item);
	*hint = i + 1;
	if (i < h->n && h->v[i].item == item)
		return &h->v[i];
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 8;
		h->v = must(realloc(h->v, h->cap * sizeof *h->v));
	}
	memmove(&h->v[i + 1], &h->v[i], (h->n++ - i) * sizeof *h->v);
	t->held++;
	h->v[i] = (struct newest){ .item = item, .at_ms = INT64_MIN };
	return &h->v[i];
}

static void note_packet(struct series *s, const struct packet *k)
{
	struct shelf *h = &place_of(s, k->station)->of[k->kind];
	uint32_t hint = 0;
	for (size_t i = 0; i < k->n; i++) {
		if (k->v[i].what != SERIES_VALUE)
			continue;
		struct newest *w = newest_of(s->latest, h, k->v[i].item, &hint);
		if (w->at_ms <= k->at_ms)
			*w = (struct newest){ k->at_ms, k->received_ms, decimal_f64(k->v[i].value), k->v[i].item, k->v[i].flag };
	}
}

int64_t series_latest_held(const struct series *s)
{
	return s->latest ? s->latest->held : 0;
}

void series_latest_note(struct series *s, const struct packet *v, size_t n)
{
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < n; i++)
		if (v[i].station)
			note_packet(s, &v[i]);
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
	uint32_t hint = 0;
	pthread_mutex_lock(&s->lock);
	struct shelf *h = &place_of(s, l->station)->of[l->kind];
	struct newest *w = newest_of(s->latest, h, l->item, &hint);
	if (w->at_ms < l->at_ms)
		*w = (struct newest){ l->at_ms, l->received_ms, l->value, l->item, l->flag };
	pthread_mutex_unlock(&s->lock);
}

static bool is_loaded(struct series *s, int64_t station)
{
	pthread_mutex_lock(&s->lock);
	bool there = s->latest && s->latest->cap && s->latest->v[slot_of(s->latest, station)].looked;
	pthread_mutex_unlock(&s->lock);
	return there;
}

static err load_packed(struct series *s, struct arena *a, struct db_conn *c, int64_t station)
{
	struct series_chunk_newest_rows rows;
	TRY(series_chunk_newest(c, a, &(struct series_chunk_newest_params){ station }, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		struct latest l;
		TRY(last_of(c, a, station, &rows.v[i], &l));
		keep_older(s, &l);
	}
	pthread_mutex_lock(&s->lock);
	place_of(s, station)->looked = true;
	pthread_mutex_unlock(&s->lock);
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
	for (size_t i = 0; s->latest && i < s->latest->cap; i++)
		for (int k = 0; k < SERIES_KIND_COUNT; k++)
			free(s->latest->v[i].of[k].v);
	if (s->latest)
		free(s->latest->v);
	free(s->latest);
	s->latest = NULL;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* By station, kind and item. */
err series_latest(struct series *s, struct arena *a, const int64_t *stations, size_t n, struct latest **ret, size_t *ret_n, struct fail *f)
{
	VEC(struct latest) out = { 0 };
	int64_t *ids = NEW_N(a, int64_t, n + 1);
	TRY(load_stations(s, stations, n, f));
	if (n)
		memcpy(ids, stations, n * sizeof *ids);
	qsort(ids, n, sizeof *ids, by_id);
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < n && s->latest; i++) {
		const struct place *p = &s->latest->v[slot_of(s->latest, ids[i])];
		for (int kind = 0; p->station && kind < SERIES_KIND_COUNT; kind++)
			for (uint32_t k = 0; k < p->of[kind].n; k++) {
				const struct newest *w = &p->of[kind].v[k];
				vec_push(a, &out, (struct latest){ ids[i], w->at_ms, w->received_ms, w->item, (enum series_kind)kind, w->flag, w->value });
			}
	}
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; s->overlay && i < out.n; i++)
		s->overlay(s->overlay_arg, out.v[i].station, out.v[i].item, out.v[i].kind, 1, &out.v[i].at_ms, &out.v[i].flag);
	*ret = out.v;
	*ret_n = out.n;
	return ERR_OK;
}
