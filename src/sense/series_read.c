/* Reading a column: packed periods and the rows that are not packed yet, in one. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sense/pack.h"
#include "sense/series_parts.h"

bool series_own(enum series_kind kind)
{
	return kind == SERIES_HOUR_OWN || kind == SERIES_DAY_OWN;
}

bool series_long(enum series_kind kind)
{
	return kind == SERIES_HOUR || kind == SERIES_DAY || series_own(kind);
}

int64_t series_period(enum series_kind kind, int64_t at_ms)
{
	int64_t day = china_day(at_ms);
	int y, m, d;
	if (!series_long(kind))
		return day;
	date_to_ymd(day, &y, &m, &d);
	return (int64_t)(y - 1970) * 12 + m - 1;
}

static void make_room(struct series_gather *g, size_t more)
{
	size_t cap = g->cap ? g->cap : 64;
	if (g->n + more <= g->cap)
		return;
	while (cap < g->n + more)
		cap *= 2;
	int64_t *at = arena_raw(g->a, cap * sizeof *at);
	double *value = arena_raw(g->a, cap * sizeof *value);
	char *flag = arena_raw(g->a, cap);
	if (g->n) {
		memcpy(at, g->at, g->n * sizeof *at);
		memcpy(value, g->value, g->n * sizeof *value);
		memcpy(flag, g->flag, g->n);
	}
	g->at = at;
	g->value = value;
	g->flag = flag;
	g->cap = cap;
}

static err take_chunk(void *arg, const struct series_chunks_row *row)
{
	struct series_gather *g = arg;
	size_t n;
	if (!column_points(row->body, &n))
		return ERR_CORRUPT;
	if (!g->cap && n && (int64_t)(COLUMN_POINTS_MAX / n) >= g->periods) /* as if every period had as many: one piece, not doubled */
		make_room(g, n * (size_t)g->periods + 64);
	make_room(g, n);
	if (!unpack_values(row->body, g->from, g->to, g->at + g->n, g->value + g->n, g->flag + g->n, n, &n))
		return ERR_CORRUPT;
	g->n += n;
	return ERR_OK;
}

void series_gather_add(struct series_gather *g, int64_t at_ms, const struct reading *v)
{
	make_room(g, 1);
	g->at[g->n] = at_ms;
	g->value[g->n] = decimal_f64(v->value);
	g->flag[g->n++] = v->flag;
}

err series_gather_packed(struct db_conn *c, const struct series_column *k, struct series_gather *g)
{
	const struct series_chunks_params p = { k->station, k->item, k->what, k->kind, series_period(k->kind, g->from), series_period(k->kind, g->to - 1) };
	g->periods = p.to_period - p.from_period + 1;
	return series_chunks(c, &p, take_chunk, g);
}

static err take_row(void *arg, const struct series_span_row *row)
{
	struct series_gather *g = arg;
	struct reading v;
	if (row->at_ms < g->from || row->at_ms >= g->to)
		return ERR_OK;
	bool there = false;
	if (!unpack_one(row->body, g->item, g->what, &v, &there))
		return ERR_CORRUPT;
	if (there)
		series_gather_add(g, row->at_ms, &v);
	return ERR_OK;
}

struct triple {
	int64_t at_ms;
	double value;
	char flag;
};

/* Rows and columns are each in order: a merge of runs keeps what came first before what came later. */
static struct triple *sorted_by_time(struct arena *a, struct triple *v, size_t n)
{
	struct triple *from = v, *to = NEW_N(a, struct triple, n);
	for (bool done = false; !done;) {
		size_t out = 0, runs = 0;
		for (size_t i = 0; i < n;) {
			size_t m = i + 1, e;
			while (m < n && from[m - 1].at_ms <= from[m].at_ms)
				m++;
			for (e = m < n ? m + 1 : m; e < n && from[e - 1].at_ms <= from[e].at_ms;)
				e++;
			for (size_t l = i, r = m; l < m || r < e;)
				to[out++] = r == e || (l < m && from[l].at_ms <= from[r].at_ms) ? from[l++] : from[r++];
			i = e;
			runs++;
		}
		struct triple *t = from;
		from = to;
		to = t;
		done = runs <= 1;
	}
	return from;
}

/* Of values for the same moment the better stays; of equals the one that was there first; of derived ones the last. */
static size_t one_each(struct triple *v, size_t n, bool own)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		if (k && v[k - 1].at_ms == v[i].at_ms) {
			if (own || series_better(v[i].flag, v[k - 1].flag))
				v[k - 1] = v[i];
			continue;
		}
		v[k++] = v[i];
	}
	return k;
}

static bool in_order(const int64_t *at, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (at[i - 1] >= at[i])
			return false;
	return true;
}

static void put_in_order(struct series_gather *g, bool own)
{
	struct triple *v = NEW_N(g->a, struct triple, g->n + 1);
	for (size_t i = 0; i < g->n; i++)
		v[i] = (struct triple){ g->at[i], g->value[i], g->flag[i] };
	v = sorted_by_time(g->a, v, g->n);
	g->n = one_each(v, g->n, own);
	for (size_t i = 0; i < g->n; i++) {
		g->at[i] = v[i].at_ms;
		g->value[i] = v[i].value;
		g->flag[i] = v[i].flag;
	}
}

struct column series_gather_column(struct series_gather *g, enum series_kind kind)
{
	if (!in_order(g->at, g->n))
		put_in_order(g, series_own(kind));
	return (struct column){ g->n, g->at, g->value, g->flag };
}

err series_read_on(struct db_conn *c, struct arena *a, const struct series_column *k, int64_t from_ms, int64_t to_ms, struct column *ret)
{
	struct series_gather g = { .a = a, .item = k->item, .what = (uint8_t)k->what, .from = from_ms, .to = to_ms };
	const struct series_span_params rows = { k->station, k->kind, from_ms, to_ms };
	TRY(series_gather_packed(c, k, &g));
	TRY(series_span(c, &rows, take_row, &g));
	*ret = series_gather_column(&g, k->kind);
	return ERR_OK;
}

err series_read_sent(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		     int64_t from_ms, int64_t to_ms, struct column *ret, struct fail *f)
{
	struct db_conn *c;
	*ret = (struct column){ 0 };
	if (from_ms >= to_ms)
		return ERR_OK;
	TRY(db_read_begin(s->db, &c, f));
	err e = series_read_on(c, a, &(struct series_column){ station, item, what, kind }, from_ms, to_ms, ret);
	db_read_end(s->db, c);
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}

void series_overlay_set(struct series *s, series_overlay *fn, void *arg)
{
	s->overlay_arg = arg;
	s->overlay = fn;
}

void series_overlay_on(struct series *s, const struct series_column *k, struct column *c)
{
	if (s->overlay && c->n) /* the column was made here, for this caller */
		s->overlay(s->overlay_arg, k->station, k->item, k->kind, c->n, c->at_ms, (char *)(uintptr_t)c->flag);
}

err series_read(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		int64_t from_ms, int64_t to_ms, struct column *ret, struct fail *f)
{
	TRY(series_read_sent(s, a, station, item, what, kind, from_ms, to_ms, ret, f));
	series_overlay_on(s, &(struct series_column){ station, item, what, kind }, ret);
	return ERR_OK;
}
