/* What is past its time is dropped: column by column, some at a time, so that no transaction is long. What is held stays. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "sense/series_parts.h"

enum { COLUMNS_A_STEP = 200, HELD_STATIONS_MAX = 10000 };

void series_keep(struct series *s, const struct series_terms *terms, series_holds_fn *holds, void *arg)
{
	pthread_mutex_lock(&s->tending);
	s->terms = *terms;
	s->holds = holds;
	s->holds_arg = arg;
	pthread_mutex_unlock(&s->tending);
}

struct sweep {
	struct series *s;
	struct series_hold *holds;          /* by station and item */
	size_t nholds;
	int64_t before_ms[SERIES_KIND_COUNT]; /* INT64_MIN: for ever */
	struct series_column_loose_row at;  /* the column that was looked at last */
	bool done;
	int64_t dropped[SERIES_KIND_COUNT]; /* columns */
	int64_t history;
};

static int by_series(const void *pa, const void *pb)
{
	const struct series_hold *a = pa, *b = pb;
	if (a->station != b->station)
		return a->station < b->station ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

/* The first hold of a series, or where it would be. */
static size_t holds_of(const struct sweep *w, int64_t station, int64_t item)
{
	size_t lo = 0, hi = w->nholds;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct series_hold *h = &w->holds[mid];
		bool before = h->station < station || (h->station == station && (int64_t)h->item < item);
		lo = before ? mid + 1 : lo;
		hi = before ? hi : mid;
	}
	return lo;
}

void series_hold_periods(const struct series_hold *h, enum series_kind kind, int64_t *ret_from, int64_t *ret_to)
{
	bool is_long = series_long(kind);
	int64_t to_ms = is_long ? h->long_to_ms : h->to_ms;
	*ret_from = series_period(kind, is_long ? h->long_from_ms : h->from_ms);
	*ret_to = to_ms == INT64_MAX ? INT64_MAX : series_period(kind, to_ms) + 1;
}

/* The first period from `from` on that is held, with its end; false when none is. */
static bool next_held(const struct sweep *w, const struct series_column_loose_row *c, int64_t from, int64_t *ret_from, int64_t *ret_to)
{
	enum series_kind kind = (enum series_kind)c->kind;
	bool any = false;
	for (size_t i = holds_of(w, c->station, c->item); i < w->nholds && w->holds[i].station == c->station && w->holds[i].item == c->item; i++) {
		int64_t first, end;
		series_hold_periods(&w->holds[i], kind, &first, &end);
		first = first > from ? first : from;
		if (end <= from || (any && first >= *ret_from))
			continue;
		*ret_from = first;
		*ret_to = end;
		any = true;
	}
	return any;
}

/* Periods before the column's limit, but for those that are held. */
static err drop_column(struct db_conn *c, struct sweep *w, const struct series_column_loose_row *k)
{
	int64_t before_ms = w->before_ms[k->kind], held_from = 0, held_to = 0, n;
	if (before_ms == INT64_MIN)
		return ERR_OK;
	int64_t from = INT64_MIN + 1, limit = series_period((enum series_kind)k->kind, before_ms);
	while (from < limit) {
		bool held = next_held(w, k, from, &held_from, &held_to);
		int64_t to = held && held_from < limit ? held_from : limit;
		if (to > from) {
			TRY(series_chunks_drop(c, &(struct series_chunks_drop_params){ k->station, k->item, k->what, k->kind, from, to }, &n));
			w->dropped[k->kind] += n;
		}
		from = held ? held_to : limit;
	}
	return ERR_OK;
}

/* The job may run twice, so it works on a copy of the sweep. */
struct sweep_step {
	const struct sweep *from;
	struct sweep to;
};

static err sweep_some(struct db_conn *c, void *arg)
{
	struct sweep_step *step = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct sweep *w = &step->to;
	*w = *step->from;
	for (int i = 0; i < COLUMNS_A_STEP && !w->done; i++) {
		const struct series_column_loose_params p = { w->at.station, w->at.item, w->at.what, w->at.kind };
		err e = series_column_loose(c, a, &p, &w->at);
		w->done = e == ERR_NOT_FOUND;
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		if (e == ERR_OK && w->at.kind >= 0 && w->at.kind < SERIES_KIND_COUNT)
			TRY(drop_column(c, w, &w->at));
	}
	return ERR_OK;
}

/* ---- history: a day at a time ---- */

struct history_step {
	int64_t from_ms, to_ms, n;
	struct db_ids held;
};

static err drop_history(struct db_conn *c, void *arg)
{
	struct history_step *h = arg;
	return series_history_drop(c, &(struct series_history_drop_params){ h->from_ms, h->to_ms, h->held }, &h->n);
}

static err oldest_history(struct series *s, int64_t from_ms, int64_t *ret, struct fail *f)
{
	struct db_conn *c;
	struct series_history_oldest_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(s->db, &c, f));
	err e = series_history_oldest(c, a, &(struct series_history_oldest_params){ from_ms }, &row);
	db_read_end(s->db, c);
	if (e != ERR_OK)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	*ret = row.at_ms == DB_NONE ? INT64_MAX : row.at_ms;
	return ERR_OK;
}

/* What better values took the place of, but for stations with an alarm: there it belongs to what is told of it. */
static err sweep_history(struct sweep *w, int64_t before_ms, struct fail *f)
{
	int64_t *held = malloc((w->nholds + 1) * sizeof *held), at = INT64_MIN + 1;
	struct history_step h = { .held = { held, 0 } };
	err e = ERR_OK;
	if (!held)
		abort();
	for (size_t i = 0; i < w->nholds; i++)
		if (!h.held.n || held[h.held.n - 1] != w->holds[i].station)
			held[h.held.n++] = w->holds[i].station;
	while (e == ERR_OK && (e = oldest_history(w->s, at, &h.from_ms, f)) == ERR_OK && h.from_ms < before_ms) {
		h.to_ms = h.from_ms + DAY_MS < before_ms ? h.from_ms + DAY_MS : before_ms;
		e = db_write(w->s->db, drop_history, &h, f);
		w->history += h.n;
		at = h.to_ms;
	}
	free(held);
	return e;
}

/* ---- all of it ---- */

static void tell(const struct sweep *w)
{
	char n[24];
	for (int k = 0; k < SERIES_KIND_COUNT; k++) {
		if (!w->dropped[k])
			continue;
		snprintf(n, sizeof n, "%lld", (long long)w->dropped[k]);
		LOG(INFO, "columns past their time were dropped", "kind", series_kind_name((enum series_kind)k), "columns", n);
	}
	if (!w->history)
		return;
	snprintf(n, sizeof n, "%lld", (long long)w->history);
	LOG(INFO, "replaced values past their time were dropped", "rows", n);
}

static err sweep(struct sweep *w, const struct series_terms *t, int64_t now_ms, struct fail *f)
{
	bool any = false;
	for (int k = 0; k < SERIES_KIND_COUNT; k++) {
		w->before_ms[k] = t->days[k] ? now_ms - t->days[k] * DAY_MS : INT64_MIN;
		any |= t->days[k] > 0;
	}
	if (any)
		TRY(series_partitions_drop_old(w->s, w->before_ms, w->holds, w->nholds, w->dropped, f));
	w->at.station = INT64_MIN;
	w->done = !any;
	while (!w->done && !__atomic_load_n(&w->s->stopping, __ATOMIC_RELAXED)) {
		struct sweep_step step = { .from = w };
		TRY(db_write(w->s->db, sweep_some, &step, f));
		*w = step.to;
	}
	return t->history_days ? sweep_history(w, now_ms - t->history_days * DAY_MS, f) : ERR_OK;
}

/* Called with `tending` held. */
err series_drop_old(struct series *s, int64_t now_ms, struct series_tended *ret, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct sweep w = { .s = s };
	if (!s->holds)
		return ERR_OK; /* not told what is held: nothing is dropped */
	TRY(s->holds(s->holds_arg, a, &w.holds, &w.nholds, f));
	if (w.nholds)
		qsort(w.holds, w.nholds, sizeof *w.holds, by_series);
	err e = sweep(&w, &s->terms, now_ms, f);
	tell(&w);
	for (int k = 0; k < SERIES_KIND_COUNT; k++)
		ret->dropped[k] += w.dropped[k];
	ret->history += w.history;
	return e;
}

err series_tend(struct series *s, int64_t now_ms, bool drop, struct series_tended *ret, struct fail *f)
{
	struct series_tended t = { 0 };
	pthread_mutex_lock(&s->tending);
	err e = series_partitions_tend(s, now_ms, f);
	if (e == ERR_OK)
		e = series_pack_before(s, now_ms - SERIES_SETTLE_MS, f);
	if (e == ERR_OK && (drop || s->swept_day != china_day(now_ms))) {
		e = series_drop_old(s, now_ms, &t, f);
		s->swept_day = e == ERR_OK ? china_day(now_ms) : s->swept_day;
	}
	pthread_mutex_lock(&s->lock);
	s->tended.failed += e != ERR_OK;
	s->tended.history += t.history;
	for (int k = 0; k < SERIES_KIND_COUNT; k++)
		s->tended.dropped[k] += t.dropped[k];
	pthread_mutex_unlock(&s->lock);
	pthread_mutex_unlock(&s->tending);
	if (ret)
		*ret = t;
	return e;
}

struct series_tended series_tended_so_far(struct series *s)
{
	pthread_mutex_lock(&s->lock);
	struct series_tended t = s->tended;
	pthread_mutex_unlock(&s->lock);
	return t;
}
