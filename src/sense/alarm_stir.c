/* What arrived since the last look, by station and kind: only the earliest times are kept, so it costs the same for one value and
 * for a million. */
#include <stdlib.h>

#include "sense/alarm_parts.h"

static size_t place(int64_t station, size_t cap)
{
	return (size_t)((uint64_t)station * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (cap - 1);
}

static size_t slot_of(const struct stirred *t, int64_t station)
{
	size_t i = place(station, t->cap);
	while (t->v[i].station && t->v[i].station != station)
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);
	if (!p)
		abort();
	return p;
}

static void grow(struct stirred *t)
{
	struct stirred old = *t;
	t->cap = old.cap ? old.cap * 2 : 64;
	t->v = zeroed(t->cap, sizeof *t->v);
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].station)
			t->v[slot_of(t, old.v[i].station)] = old.v[i];
	free(old.v);
}

void stirred_note(struct stirred *t, int64_t station, enum series_kind kind, int64_t at_ms, bool late)
{
	if (t->n * 2 >= t->cap)
		grow(t);
	struct stir *s = &t->v[slot_of(t, station)];
	if (!s->station) {
		s->station = station;
		t->n++;
		for (int k = 0; k < SERIES_KIND_COUNT; k++)
			s->from_ms[k] = s->late_ms[k] = INT64_MAX;
	}
	if (at_ms < s->from_ms[kind])
		s->from_ms[kind] = at_ms;
	if (late && at_ms < s->late_ms[kind])
		s->late_ms[kind] = at_ms;
}

static const struct stir *stir_of(const struct stirred *t, int64_t station)
{
	const struct stir *s = t->cap ? &t->v[slot_of(t, station)] : NULL;
	return s && s->station ? s : NULL;
}

int64_t stirred_from(const struct stirred *t, int64_t station, enum series_kind kind)
{
	const struct stir *s = stir_of(t, station);
	return s ? s->from_ms[kind] : INT64_MAX;
}

int64_t stirred_late(const struct stirred *t, int64_t station, enum series_kind kind)
{
	const struct stir *s = stir_of(t, station);
	return s ? s->late_ms[kind] : INT64_MAX;
}

void stirred_merge(struct stirred *to, struct stirred *from)
{
	for (size_t i = 0; i < from->cap; i++)
		for (int k = 0; from->v[i].station && k < SERIES_KIND_COUNT; k++) {
			const struct stir *s = &from->v[i];
			if (s->from_ms[k] != INT64_MAX)
				stirred_note(to, s->station, (enum series_kind)k, s->from_ms[k], false);
			if (s->late_ms[k] != INT64_MAX)
				stirred_note(to, s->station, (enum series_kind)k, s->late_ms[k], true);
		}
	stirred_free(from);
}

void stirred_free(struct stirred *t)
{
	free(t->v);
	*t = (struct stirred){ 0 };
}

/* ---- heights ---- */

static struct height *height_of(const struct heights *h, int64_t station)
{
	size_t i = place(station, h->cap);
	while (h->v[i].station && h->v[i].station != station)
		i = (i + 1) & (h->cap - 1);
	return &h->v[i];
}

static void grow_heights(struct heights *h)
{
	struct heights old = *h;
	h->cap = old.cap ? old.cap * 2 : 64;
	h->v = zeroed(h->cap, sizeof *h->v);
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].station)
			*height_of(h, old.v[i].station) = old.v[i];
	free(old.v);
}

bool heights_rise(struct heights *h, int64_t station, enum series_kind kind, int64_t at_ms)
{
	if (h->n * 2 >= h->cap)
		grow_heights(h);
	struct height *x = height_of(h, station);
	if (!x->station) {
		x->station = station;
		h->n++;
		for (int k = 0; k < SERIES_KIND_COUNT; k++)
			x->at_ms[k] = INT64_MIN;
	}
	int64_t before = x->at_ms[kind];
	x->at_ms[kind] = at_ms > before ? at_ms : before;
	return before != INT64_MIN && at_ms > before;
}

void heights_free(struct heights *h)
{
	free(h->v);
	*h = (struct heights){ 0 };
}
