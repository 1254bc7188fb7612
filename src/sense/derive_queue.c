#include <stdlib.h>

#include "base/clock.h"
#include "sense/derive_parts.h"

enum { HOUR_MS = 3600000, QUIET_US = 2000000, WAIT_US = 20000000 };

static size_t slot_of(const struct due_table *t, int64_t station, enum series_kind kind, int64_t at_ms)
{
	uint64_t h = ((uint64_t)station * UINT64_C(0x9E3779B97F4A7C15)) ^ ((uint64_t)at_ms * UINT64_C(0xBF58476D1CE4E5B9)) ^ (uint64_t)kind;
	size_t i = (size_t)(h >> 24) & (t->cap - 1);
	while (t->v[i].station && (t->v[i].station != station || t->v[i].kind != kind || t->v[i].at_ms != at_ms))
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static void grow(struct due_table *t)
{
	struct due_table old = *t;
	t->cap = old.cap ? old.cap * 2 : 256;
	t->v = must(calloc(t->cap, sizeof *t->v));
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].station)
			t->v[slot_of(t, old.v[i].station, old.v[i].kind, old.v[i].at_ms)] = old.v[i];
	free(old.v);
}

struct due *due_of(struct due_table *t, int64_t station, enum series_kind kind, int64_t at_ms, int64_t now_us)
{
	if (t->n * 2 >= t->cap)
		grow(t);
	struct due *d = &t->v[slot_of(t, station, kind, at_ms)];
	if (!d->station) {
		*d = (struct due){ .station = station, .at_ms = at_ms, .first_us = now_us, .kind = kind };
		t->n++;
	}
	d->last_us = now_us;
	return d;
}

void due_item(struct due *d, uint32_t item, size_t *hint)
{
	if (*hint < d->n && d->items[*hint] == item) {
		++*hint;
		return;
	}
	for (size_t i = 0; i < d->n; i++)
		if (d->items[i] == item) {
			*hint = i + 1;
			return;
		}
	*hint = d->n + 1;
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 8;
		d->items = must(realloc(d->items, d->cap * sizeof *d->items));
	}
	d->items[d->n++] = item;
}

/* Has it ended, and, unless all are asked for, has nothing come for it for a moment, or did it wait long enough? A station that
 * catches up sends an hour in many packets; it is derived once behind them and not after each. */
static bool is_ripe(const struct due *u, const struct due_when *w)
{
	int64_t length = w->kind == SERIES_HOUR_OWN ? HOUR_MS : DAY_MS;
	bool ended = u->station && u->kind == w->kind && u->at_ms + length <= w->now_ms;
	return ended && (w->all || w->now_us - u->last_us >= QUIET_US || w->now_us - u->first_us >= WAIT_US);
}

static int by_period(const void *pa, const void *pb)
{
	const struct due *a = pa, *b = pb;
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return a->station < b->station ? -1 : a->station > b->station;
}

struct due *due_take(struct due_table *t, const struct due_when *when, size_t *ret_n)
{
	size_t n = 0, k = 0;
	for (size_t i = 0; i < t->cap; i++)
		n += is_ripe(&t->v[i], when);
	*ret_n = n;
	if (!n)
		return NULL;
	struct due *out = must(malloc(n * sizeof *out));
	struct due_table rest = { 0 };
	for (size_t i = 0; i < t->cap; i++) {
		const struct due *u = &t->v[i];
		if (is_ripe(u, when))
			out[k++] = *u;
		else if (u->station)
			*due_of(&rest, u->station, u->kind, u->at_ms, when->now_us) = *u;
	}
	free(t->v);
	*t = rest;
	qsort(out, n, sizeof *out, by_period);
	return out;
}

void due_free(struct due_table *t)
{
	for (size_t i = 0; i < t->cap; i++)
		free(t->v[i].items);
	free(t->v);
	*t = (struct due_table){ 0 };
}
