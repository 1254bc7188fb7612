/* A reading that may be there already, in a row or in a column of a packed period: it counts once. A better value takes the place
 * of the one before, which is kept; one that is not better is kept as refused. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sense/pack.h"
#include "sense/series_parts.h"

enum { HOUR_MS = 3600000 };

/* ---- may it be in a column? ---- */

static int64_t span_end(enum series_kind kind, int64_t at_ms)
{
	int64_t step = series_long(kind) ? DAY_MS : HOUR_MS;
	return at_ms - ((at_ms % step) + step) % step + step;
}

bool series_may_be_packed(struct series *s, enum series_kind kind, int64_t at_ms)
{
	int64_t end = span_end(kind, at_ms);
	if (s->o.now_ms && end <= s->o.now_ms(s->o.clock) - SERIES_SETTLE_MS)
		return true;
	pthread_mutex_lock(&s->lock);
	bool packed = end <= s->packed_to_ms[kind];
	pthread_mutex_unlock(&s->lock);
	return packed;
}

/* Said before the columns are written, so that nobody who comes after them takes the short way. */
void series_packed_to(struct series *s, enum series_kind kind, int64_t to_ms)
{
	pthread_mutex_lock(&s->lock);
	s->packed_to_ms[kind] = to_ms > s->packed_to_ms[kind] ? to_ms : s->packed_to_ms[kind];
	pthread_mutex_unlock(&s->lock);
}

/* After opening: with a clock the clock says it; without one, any column that is there makes everything suspect. */
err series_know_packed(struct series *s, struct fail *f)
{
	struct db_conn *c;
	struct series_column_next_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(s->db, &c, f));
	err e = series_column_next(c, a, &(struct series_column_next_params){ INT64_MIN, 0, 0, 0 }, &row);
	db_read_end(s->db, c);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	for (int k = 0; k < SERIES_KIND_COUNT; k++)
		s->packed_to_ms[k] = e == ERR_OK && !s->o.now_ms ? INT64_MAX : INT64_MIN;
	return ERR_OK;
}

/* ---- what is there ---- */

struct packed_column {
	struct point *v;
	size_t n;
};

/* Looked up once a transaction: late readings come by the hundred for one column. */
static err column_for(struct putting *p, const struct packet *k, const struct reading *r, const struct packed_column **ret)
{
	const struct series_chunk_get_params which = { k->station, r->item, r->what, k->kind, series_period(k->kind, k->at_ms) };
	str key = { (const char *)&which, sizeof which };
	struct series_chunk_get_row row;
	struct packed_column *col = map_get(&p->columns, key);
	if (!col) {
		col = NEW(p->a, struct packed_column);
		err e = series_chunk_get(p->c, p->a, &which, &row);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		if (e == ERR_OK && !unpack_column(p->a, row.body, &col->v, &col->n))
			return ERR_CORRUPT;
		map_put(&p->columns, arena_str(p->a, key), col);
	}
	*ret = col;
	return ERR_OK;
}

static const struct point *point_at(const struct packed_column *c, int64_t at_ms)
{
	size_t lo = 0, hi = c->n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (c->v[mid].at_ms < at_ms)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->n && c->v[lo].at_ms == at_ms ? &c->v[lo] : NULL;
}

/* ---- one packet ---- */

struct readings {
	struct reading *v;
	size_t n;
};

struct again {
	const struct packet *k;
	bool has_row, own;
	struct series_packet_get_row row;
	struct readings old, now;           /* of the row; that came */
	struct readings all, packed, refused; /* of the row to be; columns' values that lose their place; that came and were not better */
	bool replaced;                      /* something in the row */
};

static bool is_same(const struct reading *a, const struct reading *b)
{
	return decimal_cmp(a->value, b->value) == 0 && a->flag == b->flag;
}

static int by_key(const struct reading *a, const struct reading *b)
{
	if (a->item != b->item)
		return a->item < b->item ? -1 : 1;
	return (int)a->what - (int)b->what;
}

/* What came held against what was there. Returns whether it is taken. */
static bool judge(struct putting *p, struct again *g, const struct reading *was, const struct reading *now)
{
	bool same = is_same(was, now), better = !same && (g->own || series_better(now->flag, was->flag));
	p->count.same += same;
	p->count.better += better;
	p->count.worse += !same && !better;
	if (!same && !better)
		g->refused.v[g->refused.n++] = *now;
	return better;
}

static err take_new(struct putting *p, struct again *g, const struct reading *now)
{
	const struct packed_column *c;
	const struct point *pt = NULL;
	if (series_may_be_packed(p->s, g->k->kind, g->k->at_ms)) {
		TRY(column_for(p, g->k, now, &c));
		pt = point_at(c, g->k->at_ms);
	}
	if (pt) {
		const struct reading was = { now->item, now->what, pt->flag, pt->value };
		if (!judge(p, g, &was, now))
			return ERR_OK;
		g->packed.v[g->packed.n++] = was;
	}
	g->all.v[g->all.n++] = *now;
	return ERR_OK;
}

/* Both in order. */
static err merge(struct putting *p, struct again *g)
{
	size_t i = 0, j = 0;
	while (i < g->old.n || j < g->now.n) {
		int side = i == g->old.n ? 1 : j == g->now.n ? -1 : by_key(&g->old.v[i], &g->now.v[j]);
		if (side > 0) {
			TRY(take_new(p, g, &g->now.v[j++]));
			continue;
		}
		const struct reading *was = &g->old.v[i++], *now = side == 0 ? &g->now.v[j++] : NULL;
		bool better = now && judge(p, g, was, now);
		g->replaced |= better;
		g->all.v[g->all.n++] = better ? *now : *was;
	}
	return ERR_OK;
}

static err keep(struct putting *p, const struct packet *k, int64_t part, int64_t received_ms, int64_t source, str body)
{
	return series_history_insert(p->c, &(struct series_history_insert_params){ k->at_ms, k->station, k->kind, part, k->received_ms, received_ms, source, body }, NULL);
}

/* A device that repeats what was refused is not written down again. */
static err keep_refused(struct putting *p, const struct again *g)
{
	const struct packet *k = g->k;
	int64_t part = part_of(k) + HISTORY_REFUSED;
	struct series_history_has_row has;
	str body = pack_readings(p->a, g->refused.v, g->refused.n);
	TRY(series_history_has(p->c, p->a, &(struct series_history_has_params){ k->at_ms, k->station, k->kind, part, body }, &has));
	return has.n ? ERR_OK : keep(p, k, part, k->received_ms, k->source, body);
}

/* When a packed value came is not known any more: 0. */
static err keep_history(struct putting *p, const struct again *g)
{
	const struct packet *k = g->k;
	if (g->replaced)
		TRY(keep(p, k, part_of(k), g->row.received_ms, g->row.source, g->row.body));
	if (g->packed.n)
		TRY(keep(p, k, part_of(k), 0, k->source, pack_readings(p->a, g->packed.v, g->packed.n)));
	return g->refused.n ? keep_refused(p, g) : ERR_OK;
}

static err read_both(struct putting *p, struct again *g, str body)
{
	const struct packet *k = g->k;
	err e = series_packet_get(p->c, p->a, &(struct series_packet_get_params){ k->at_ms, k->station, k->kind, part_of(k) }, &g->row);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	g->has_row = e == ERR_OK;
	if (g->has_row && !unpack_readings(p->a, g->row.body, &g->old.v, &g->old.n))
		return ERR_CORRUPT;
	if (!unpack_readings(p->a, body, &g->now.v, &g->now.n))
		return ERR_CORRUPT;
	g->all.v = NEW_N(p->a, struct reading, g->old.n + g->now.n);
	g->packed.v = NEW_N(p->a, struct reading, g->now.n);
	g->refused.v = NEW_N(p->a, struct reading, g->now.n);
	return ERR_OK;
}

err series_put_again(struct putting *p, const struct packet *k, str body)
{
	struct again g = { .k = k, .own = series_own(k->kind) };
	TRY(read_both(p, &g, body));
	TRY(merge(p, &g));
	TRY(keep_history(p, &g));
	if (g.all.n == g.old.n && !g.replaced)
		return ERR_OK;
	str all = pack_readings(p->a, g.all.v, g.all.n);
	if (g.has_row)
		return series_packet_update(p->c, &(struct series_packet_update_params){ k->at_ms, k->station, k->kind, part_of(k), k->received_ms, k->source, all }, NULL);
	int64_t changed;
	TRY(series_packet_insert(p->c, &(struct series_packet_insert_params){ k->at_ms, k->station, k->kind, part_of(k), k->received_ms, k->source, all }, &changed));
	return changed ? ERR_OK : ERR_BUSY; /* somebody wrote it meanwhile: asked again */
}

/* ---- the other versions ---- */

struct versions {
	struct arena *a;
	uint32_t item;
	uint8_t what;
	size_t max;
	VEC(struct series_version) v;
};

static err take_version(void *arg, const struct series_history_list_row *row)
{
	struct versions *g = arg;
	struct reading r;
	bool there = false;
	if (!unpack_one(row->body, g->item, g->what, &r, &there))
		return ERR_CORRUPT;
	if (!there || g->v.n == g->max)
		return ERR_OK;
	enum series_version_how how = row->part >= HISTORY_REFUSED ? SERIES_REFUSED : row->part ? SERIES_DERIVED_ANEW : SERIES_REPLACED;
	vec_push(g->a, &g->v, (struct series_version){ row->at_ms, how, row->received_ms, row->replaced_ms, (enum series_source)row->source, decimal_f64(r.value), r.flag });
	return ERR_OK;
}

/* A row of history is the whole packet as it was: a version that says what the one before said is left out. */
static size_t different(struct series_version *v, size_t n)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		const struct series_version *b = k ? &v[k - 1] : NULL;
		bool same = b && b->at_ms == v[i].at_ms && b->how == v[i].how && b->value == v[i].value && b->flag == v[i].flag;
		if (!same)
			v[k++] = v[i];
	}
	return k;
}

err series_versions(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		    int64_t from_ms, int64_t to_ms, size_t max, struct series_version **ret, size_t *ret_n, struct fail *f)
{
	struct versions g = { .a = a, .item = item, .what = (uint8_t)what, .max = max };
	struct db_conn *c;
	TRY(db_read_begin(s->db, &c, f));
	err e = series_history_list(c, &(struct series_history_list_params){ station, kind, from_ms, to_ms }, take_version, &g);
	db_read_end(s->db, c);
	if (e != ERR_OK)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	*ret = g.v.v;
	*ret_n = different(g.v.v, g.v.n);
	return ERR_OK;
}
