/* What arrived since the last look, by station and kind: only the earliest time is kept, so it costs the same for one value and
 * for a million. */
#include <stdlib.h>

#include "sense/alarm_parts.h"

static size_t slot_of(const struct stirred *t, int64_t station)
{
	size_t i = (size_t)((uint64_t)station * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (t->cap - 1);
	while (t->v[i].station && t->v[i].station != station)
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void grow(struct stirred *t)
{
	struct stirred old = *t;
	t->cap = old.cap ? old.cap * 2 : 64;
	t->v = calloc(t->cap, sizeof *t->v);
	if (!t->v)
		abort();
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].station)
			t->v[slot_of(t, old.v[i].station)] = old.v[i];
	free(old.v);
}

void stirred_note(struct stirred *t, int64_t station, enum series_kind kind, int64_t at_ms)
{
	if (t->n * 2 >= t->cap)
		grow(t);
	struct stir *s = &t->v[slot_of(t, station)];
	if (!s->station) {
		s->station = station;
		t->n++;
		for (int k = 0; k < SERIES_KIND_COUNT; k++)
			s->from_ms[k] = INT64_MAX;
	}
	if (at_ms < s->from_ms[kind])
		s->from_ms[kind] = at_ms;
}

int64_t stirred_from(const struct stirred *t, int64_t station, enum series_kind kind)
{
	const struct stir *s = t->cap ? &t->v[slot_of(t, station)] : NULL;
	return s && s->station ? s->from_ms[kind] : INT64_MAX;
}

void stirred_merge(struct stirred *to, struct stirred *from)
{
	for (size_t i = 0; i < from->cap; i++)
		for (int k = 0; from->v[i].station && k < SERIES_KIND_COUNT; k++)
			if (from->v[i].from_ms[k] != INT64_MAX)
				stirred_note(to, from->v[i].station, (enum series_kind)k, from->v[i].from_ms[k]);
	stirred_free(from);
}

void stirred_free(struct stirred *t)
{
	free(t->v);
	*t = (struct stirred){ 0 };
}
