/* Reading a column: packed periods and the rows that are not packed yet, in one. */
#include <math.h>
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

struct gather {
	struct arena *a;
	uint32_t item;
	uint8_t what;
	int64_t from, to;
	VEC(struct point) v;
	bool bad;
};

static void keep(struct gather *g, struct point p)
{
	if (p.at_ms >= g->from && p.at_ms < g->to)
		vec_push(g->a, &g->v, p);
}

static err take_chunk(void *arg, const struct series_chunks_row *row)
{
	struct gather *g = arg;
	struct point *v;
	size_t n;
	if (!unpack_column(g->a, row->body, &v, &n))
		return ERR_CORRUPT;
	for (size_t i = 0; i < n; i++)
		keep(g, v[i]);
	return ERR_OK;
}

static err take_row(void *arg, const struct series_span_row *row)
{
	struct gather *g = arg;
	struct reading *v;
	size_t n;
	if (!unpack_readings(g->a, row->body, &v, &n))
		return ERR_CORRUPT;
	for (size_t i = 0; i < n; i++)
		if (v[i].item == g->item && v[i].what == g->what)
			keep(g, (struct point){ row->at_ms, v[i].value, v[i].flag });
	return ERR_OK;
}

/* Rows and columns are each in order: a merge of runs keeps what came first before what came later. */
static void sort_by_time(struct arena *a, struct point *v, size_t n)
{
	struct point *from = v, *to = NEW_N(a, struct point, n);
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
		struct point *t = from;
		from = to;
		to = t;
		done = runs <= 1;
	}
	if (from != v)
		memcpy(v, from, n * sizeof *v);
}

/* Of values for the same moment the better stays; of equals the one that was there first; of derived ones the last. */
static size_t one_each(struct point *v, size_t n, bool own)
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

static bool in_order(const struct point *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (v[i - 1].at_ms >= v[i].at_ms)
			return false;
	return true;
}

static void fill(struct arena *a, const struct point *v, size_t n, struct column *ret)
{
	int64_t *at = NEW_N(a, int64_t, n + 1);
	double *value = NEW_N(a, double, n + 1);
	char *flag = NEW_N(a, char, n + 1);
	for (size_t i = 0; i < n; i++) {
		at[i] = v[i].at_ms;
		value[i] = decimal_f64(v[i].value);
		flag[i] = v[i].flag;
	}
	*ret = (struct column){ n, at, value, flag };
}

err series_read_sent(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		     int64_t from_ms, int64_t to_ms, struct column *ret, struct fail *f)
{
	struct gather g = { .a = a, .item = item, .what = (uint8_t)what, .from = from_ms, .to = to_ms };
	struct db_conn *c;
	if (from_ms >= to_ms) {
		*ret = (struct column){ 0 };
		return ERR_OK;
	}
	TRY(db_read_begin(s->db, &c, f));
	const struct series_chunks_params packed = { station, item, what, kind, series_period(kind, from_ms), series_period(kind, to_ms - 1) };
	const struct series_span_params rows = { station, kind, from_ms, to_ms };
	err e = series_chunks(c, &packed, take_chunk, &g);
	if (e == ERR_OK)
		e = series_span(c, &rows, take_row, &g);
	db_read_end(s->db, c);
	if (e != ERR_OK)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	if (!in_order(g.v.v, g.v.n)) {
		sort_by_time(a, g.v.v, g.v.n);
		g.v.n = one_each(g.v.v, g.v.n, series_own(kind));
	}
	fill(a, g.v.v, g.v.n, ret);
	return ERR_OK;
}

void series_overlay_set(struct series *s, series_overlay *fn, void *arg)
{
	s->overlay_arg = arg;
	s->overlay = fn;
}

err series_read(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		int64_t from_ms, int64_t to_ms, struct column *ret, struct fail *f)
{
	TRY(series_read_sent(s, a, station, item, what, kind, from_ms, to_ms, ret, f));
	if (s->overlay && ret->n) /* the column was made here, for this caller */
		s->overlay(s->overlay_arg, station, item, kind, ret->n, ret->at_ms, (char *)(uintptr_t)ret->flag);
	return ERR_OK;
}

/* ---- raw frames ---- */

struct frame_job {
	struct arena *a;
	struct raw_frame f;
};

static err write_frame(struct db_conn *c, void *arg)
{
	const struct raw_frame *f = &((struct frame_job *)arg)->f;
	return series_frame_insert(c,
				   &(struct series_frame_insert_params){ f->received_ms, f->id, f->station, f->mn, f->peer, f->fault, f->at_ms, f->raw },
				   NULL);
}

static void frame_done(void *arg, err e)
{
	struct frame_job *j = arg;
	(void)e; /* a raw frame more or less: the readings are what counts */
	arena_free(j->a);
}

void series_frame_async(struct series *s, const struct raw_frame *f)
{
	struct arena *a = arena_new();
	struct frame_job *j = NEW(a, struct frame_job);
	*j = (struct frame_job){ a, *f };
	j->f.mn = arena_str(a, f->mn);
	j->f.peer = arena_str(a, f->peer);
	j->f.fault = arena_str(a, f->fault);
	j->f.raw = arena_str(a, f->raw);
	db_write_async(s->db, write_frame, j, frame_done);
}

err series_frames(struct series *s, struct arena *a, int64_t station, str mn, int64_t from_ms, int64_t to_ms, int64_t after_id, size_t max,
		  struct raw_frame **ret, size_t *ret_n, struct fail *f)
{
	struct db_conn *c;
	struct series_frame_list_rows rows;
	(void)station;
	TRY(db_read_begin(s->db, &c, f));
	err e = series_frame_list(c, a, &(struct series_frame_list_params){ mn, from_ms, to_ms, to_ms, after_id, (int64_t)max }, &rows);
	db_read_end(s->db, c);
	if (e != ERR_OK)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	struct raw_frame *v = NEW_N(a, struct raw_frame, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		v[i] = (struct raw_frame){ rows.v[i].id, rows.v[i].received_ms, rows.v[i].station, rows.v[i].mn, rows.v[i].peer, rows.v[i].raw,
					   rows.v[i].fault, rows.v[i].at_ms };
	*ret = v;
	*ret_n = rows.n;
	return ERR_OK;
}
