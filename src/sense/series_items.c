/* Reading several items of a station in one pass, and the rows of many stations in one. */
#include <string.h>

#include "base/clock.h"
#include "sense/pack.h"
#include "sense/series_parts.h"

/* ---- rows of many stations ---- */

enum { ROWS_BYTES_MAX = 32 << 20 };

struct kept_row {
	int64_t at_ms;
	str body;
};
struct kept {
	VEC(struct kept_row) rows;
};
struct series_rows {
	struct arena *a;
	struct series_rows_of of;
	struct kept *v;              /* by station */
	size_t bytes;
};

static struct kept *kept_of(const struct series_rows *r, int64_t station)
{
	size_t lo = 0, hi = r->of.n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (r->of.stations[mid] < station)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->of.n && r->of.stations[lo] == station ? &r->v[lo] : NULL;
}

static err keep_row(void *arg, const struct series_rows_of_row *row)
{
	struct series_rows *r = arg;
	struct kept *k = kept_of(r, row->station);
	r->bytes += row->body.n + sizeof(struct kept_row);
	if (r->bytes > ROWS_BYTES_MAX)
		return ERR_TOO_LARGE;
	if (k)
		vec_push(r->a, &k->rows, (struct kept_row){ row->at_ms, arena_str(r->a, row->body) });
	return ERR_OK;
}

err series_rows_read(struct series *s, struct arena *a, const struct series_rows_of *w, const struct series_rows **ret, struct fail *f)
{
	struct db_conn *c;
	struct series_rows *r = NEW(a, struct series_rows);
	*r = (struct series_rows){ .a = a, .of = *w, .v = NEW_N(a, struct kept, w->n + 1) };
	TRY(db_read_begin(s->db, &c, f));
	err e = series_rows_of(c, &(struct series_rows_of_params){ { w->stations, w->n }, w->kind, w->from_ms, w->to_ms }, keep_row, r);
	db_read_end(s->db, c);
	if (e != ERR_OK && e != ERR_TOO_LARGE)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	*ret = e == ERR_OK ? r : NULL;
	return ERR_OK;
}

/* ---- several items of a station ---- */

struct many {
	struct arena *rows;          /* of one row at a time */
	struct series_gather *v;
	size_t n;
};

static struct series_gather *gather_of(struct many *m, uint32_t item, size_t *hint)
{
	for (size_t i = 0; i < m->n; i++) { /* packets name the same items in the same order */
		size_t k = *hint + i < m->n ? *hint + i : *hint + i - m->n;
		if (m->v[k].item == item) {
			*hint = k + 1 < m->n ? k + 1 : 0;
			return &m->v[k];
		}
	}
	return NULL;
}

static err take_body(struct many *m, int64_t at_ms, str body)
{
	struct reading *v;
	size_t n, hint = 0;
	if (at_ms < m->v->from || at_ms >= m->v->to)
		return ERR_OK;
	arena_reset(m->rows);
	if (!unpack_readings(m->rows, body, &v, &n))
		return ERR_CORRUPT;
	for (size_t i = 0; i < n; i++) {
		struct series_gather *g = v[i].what == m->v->what ? gather_of(m, v[i].item, &hint) : NULL;
		if (g)
			series_gather_add(g, at_ms, &v[i]);
	}
	return ERR_OK;
}

static err take_row(void *arg, const struct series_span_row *row)
{
	return take_body(arg, row->at_ms, row->body);
}

static err take_rows(struct db_conn *c, const struct series_span_of *w, struct many *m)
{
	const struct series_rows *r = w->rows;
	bool covered = r && r->of.kind == w->kind && r->of.from_ms <= w->from_ms && r->of.to_ms >= w->to_ms;
	const struct kept *k = covered ? kept_of(r, w->station) : NULL;
	if (!k)
		return series_span(c, &(struct series_span_params){ w->station, w->kind, w->from_ms, w->to_ms }, take_row, m);
	for (size_t i = 0; i < k->rows.n; i++)
		TRY(take_body(m, k->rows.v[i].at_ms, k->rows.v[i].body));
	return ERR_OK;
}

/* Columns are asked for only when one may reach into the span: of hours that just passed there are rows alone. Rows that were read
 * before and packed since are found twice, and count once. */
static err gather_all(struct series *s, struct db_conn *c, const struct series_span_of *w, struct many *m)
{
	bool packed = series_may_be_packed(s, w->kind, w->from_ms);
	for (size_t i = 0; i < w->n && packed; i++)
		TRY(series_gather_packed(c, &(struct series_column){ w->station, w->items[i], w->what, w->kind }, &m->v[i]));
	return take_rows(c, w, m);
}

err series_read_items(struct series *s, struct arena *a, const struct series_span_of *w, struct column *ret, struct fail *f)
{
	struct db_conn *c;
	if (w->n)
		memset(ret, 0, w->n * sizeof *ret);
	if (w->from_ms >= w->to_ms || !w->n)
		return ERR_OK;
	AUTO(arena_drop) struct arena *rows = arena_new();
	struct many m = { rows, NEW_N(a, struct series_gather, w->n), w->n };
	for (size_t i = 0; i < w->n; i++)
		m.v[i] = (struct series_gather){ .a = a, .item = w->items[i], .what = (uint8_t)w->what, .from = w->from_ms, .to = w->to_ms };
	TRY(db_read_begin(s->db, &c, f));
	err e = gather_all(s, c, w, &m);
	db_read_end(s->db, c);
	for (size_t i = 0; i < w->n && e == ERR_OK; i++) {
		ret[i] = series_gather_column(&m.v[i], w->kind);
		series_overlay_on(s, &(struct series_column){ w->station, w->items[i], w->what, w->kind }, &ret[i]);
	}
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}
