/* How far each column was looked at, and where its rule stands: a look reads what is new and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "sense/alarm_parts.h"

enum { MARKS_MAX = 1000000, STATES_MAX = 20000, KEY_MAX = 128 };

struct alarm_mark *alarm_mark_of(struct alarms *s, int64_t station, uint32_t item, str rule, bool *ret_new)
{
	char key[KEY_MAX];
	size_t n = sizeof station + sizeof item;
	if (n + rule.n > sizeof key)
		return NULL;
	memcpy(key, &station, sizeof station);
	memcpy(key + sizeof station, &item, sizeof item);
	if (rule.n)
		memcpy(key + n, rule.p, rule.n);
	str k = { key, n + rule.n };
	struct alarm_mark *mark = map_get(&s->marks, k);
	*ret_new = mark == NULL;
	if (mark || s->marks.n >= MARKS_MAX)
		return mark;
	mark = NEW(s->marks_arena, struct alarm_mark);
	map_put(&s->marks, arena_str(s->marks_arena, k), mark);
	return mark;
}

static void drop_state(struct alarms *s, struct alarm_mark *m)
{
	s->nstates -= m->state != NULL;
	free(m->state);
	m->state = NULL;
}

/* A whole state is a kilobyte: of so many columns at once in which something is pending, the rest is read from before each time. */
void alarm_mark_keep(struct alarms *s, struct alarm_mark *m, const struct rule *r, const struct rule_state *state, const struct column *c)
{
	if (!m)
		return;
	m->read_ms = c->n && c->at_ms[c->n - 1] > m->read_ms ? c->at_ms[c->n - 1] : m->read_ms;
	m->known = !rule_learns(r);
	if (!m->known || rule_rests(r, state, &m->rest)) {
		drop_state(s, m);
		return;
	}
	if (!m->state && s->nstates < STATES_MAX) {
		m->state = malloc(sizeof *m->state);
		s->nstates += m->state != NULL;
	}
	m->known = m->state != NULL;
	if (m->state)
		*m->state = *state;
}

void alarm_marks_forget(struct alarms *s)
{
	for (size_t i = 0; i < s->marks.cap; i++) {
		struct alarm_mark *m = map_value(&s->marks, i);
		if (m)
			drop_state(s, m);
	}
	arena_free(s->marks_arena);
	s->marks_arena = arena_new();
	s->marks = MAP(s->marks_arena);
	s->reached = MAP(s->marks_arena);
}

/* How far a station was looked at, by kind; how far its rows were read ahead, whether a rule wanted them or not. */
struct reach {
	int64_t station, read_ms[SERIES_KIND_COUNT], ahead_ms[SERIES_KIND_COUNT];
};

static str key_of(const int64_t *station)
{
	return (str){ (const char *)station, sizeof *station };
}

static struct reach *reach_of(struct alarms *s, int64_t station)
{
	struct reach *r = map_get(&s->reached, key_of(&station));
	if (r || s->reached.n >= MARKS_MAX)
		return r;
	r = NEW(s->marks_arena, struct reach);
	r->station = station;
	map_put(&s->reached, key_of(&r->station), r);
	return r;
}

static void reached(struct alarms *s, int64_t station, enum series_kind kind, const struct column *c)
{
	struct reach *r = c->n ? reach_of(s, station) : NULL;
	if (r && r->read_ms[kind] < c->at_ms[c->n - 1])
		r->read_ms[kind] = c->at_ms[c->n - 1];
}

/* ---- columns ---- */

/* A pass over a longer time reads real-time values of what is asked for alone. */
/* Behind: so much came since that a pass over all rows is sooner done than station after station, moment after moment. */
enum { HOUR_MS = 3600000, BEHIND_MS = 120000, AHEAD_DAYS = 8, AHEAD_LEAST = 4 };

static bool is_asked_for(const uint32_t *items, size_t n, uint32_t item)
{
	for (size_t i = 0; i < n; i++)
		if (items[i] == item)
			return true;
	return false;
}

static struct column from(const struct column *c, int64_t from_ms)
{
	size_t lo = 0, hi = c->n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (c->at_ms[mid] < from_ms)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? (struct column){ c->n - lo, c->at_ms + lo, c->value + lo, c->flag + lo } : *c;
}

static err pass(struct page *p, int64_t station, const uint32_t *items, size_t n, enum series_kind kind, enum series_what what, int64_t from_ms)
{
	struct arena *a = p->columns.a;
	struct column *v = NEW_N(a, struct column, n);
	const struct series_span_of span = { station, from_ms, p->now_ms + 1, kind, what, items, n, p->columns.rows[kind] };
	TRY(series_read_items(p->app->series, a, &span, v, p->f));
	for (size_t i = 0; i < n; i++)
		reached(p->s, station, kind, &v[i]);
	vec_push(a, &p->columns.passes, (struct alarm_pass){ kind, what, from_ms, items, v, n });
	return ERR_OK;
}

err alarm_column(struct page *p, int64_t station, uint32_t item, enum series_kind kind, enum series_what what, int64_t from_ms, struct column *ret)
{
	struct alarm_columns *k = &p->columns;
	bool was_read = false;
	for (size_t i = 0; i < k->passes.n; i++) {
		const struct alarm_pass *x = &k->passes.v[i];
		bool alike = x->kind == kind && x->what == what;
		was_read |= alike;
		for (size_t j = 0; alike && x->from_ms <= from_ms && j < x->n; j++)
			if (x->items[j] == item) {
				*ret = from(&x->v[j], from_ms);
				return ERR_OK;
			}
	}
	uint32_t *items = NEW_N(k->a, uint32_t, p->nof_station + 1);
	size_t n = 0;
	bool all = !was_read && (kind != SERIES_REAL || p->now_ms - from_ms <= HOUR_MS);
	items[n++] = item;
	for (size_t i = 0; all && i < p->nof_station; i++)
		if (p->of_station[i].kind == kind && !is_asked_for(items, n, p->of_station[i].item))
			items[n++] = p->of_station[i].item;
	TRY(pass(p, station, items, n, kind, what, from_ms));
	*ret = k->passes.v[k->passes.n - 1].v[0];
	return ERR_OK;
}

/* ---- rows of a page ---- */

/* From when on a station's values will be read; INT64_MAX: from lately or not at all. */
static int64_t reads_from(struct page *p, int64_t station, enum series_kind kind, int64_t newest_ms)
{
	struct reach *r = reach_of(p->s, station);
	int64_t all = p->now_ms - AHEAD_DAYS * (int64_t)DAY_MS;
	if (!r || !newest_ms)
		return INT64_MAX;
	int64_t read_ms = r->read_ms[kind], known = read_ms > r->ahead_ms[kind] ? read_ms : r->ahead_ms[kind];
	bool late = stirred_late(p->stirred, station, kind) <= read_ms, behind = newest_ms > known + BEHIND_MS;
	r->ahead_ms[kind] = newest_ms;
	if (!late && !behind)
		return INT64_MAX;
	return late || !read_ms ? all : read_ms;
}

static int64_t newest_of(const struct page *p, size_t *at, int64_t station, enum series_kind kind)
{
	int64_t newest = 0;
	for (; *at < p->nlatest && p->latest[*at].station <= station; ++*at) {
		const struct latest *l = &p->latest[*at];
		if (l->station == station && l->kind == kind && l->at_ms > newest)
			newest = l->at_ms;
	}
	return newest;
}

static bool has_kind(const struct page *p, enum series_kind kind)
{
	bool any = false;
	for (size_t i = 0; i < p->s->rules->n && !any; i++)
		any = p->s->rules->v[i].kind == kind && p->s->rules->v[i].test != RULE_MISSING;
	for (size_t i = 0; i < p->own.n && !any; i++)
		any = str_eq(p->own.v[i].kind, str_of(series_kind_name(kind)));
	return any;
}

static err rows_ahead(struct page *p, enum series_kind kind)
{
	struct series_rows_of w = { kind, p->now_ms, p->now_ms + 1, NULL, 0 };
	int64_t *v = NEW_N(p->a, int64_t, p->n + 1);
	size_t at = 0;
	for (size_t i = 0; i < p->n; i++) {
		int64_t from = reads_from(p, p->ids[i], kind, newest_of(p, &at, p->ids[i], kind));
		if (from == INT64_MAX)
			continue;
		v[w.n++] = p->ids[i];
		w.from_ms = from < w.from_ms ? from : w.from_ms;
	}
	w.stations = v;
	return w.n >= AHEAD_LEAST ? series_rows_read(p->app->series, p->a, &w, &p->columns.rows[kind], p->f) : ERR_OK;
}

err alarm_rows_ahead(struct page *p)
{
	for (int k = 0; k < SERIES_KIND_COUNT; k++)
		if (has_kind(p, (enum series_kind)k))
			TRY(rows_ahead(p, (enum series_kind)k));
	return ERR_OK;
}

void alarm_columns_reset(struct page *p)
{
	arena_reset(p->columns.a);
	memset(&p->columns.passes, 0, sizeof p->columns.passes);
}
