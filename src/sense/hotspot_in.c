/* Values of cells from a table, all or none. */
#include <math.h>
#include <stdlib.h>

#include "core/ledger.h"
#include "format/table.h"
#include "sense/hotspot.h"
#include "sense/hotspot_sql.h"

enum { COL_CELL, COL_LON, COL_LAT, COL_VALUE, COL_VALID, COL_UNCERTAIN, COL_SOURCE, COL_PERIOD, COL_ITEM, COLS };

static const char *const t_cell[] = { "cell", "网格", "网格编号", NULL }, *const t_lon[] = { "lon", "longitude", "经度", NULL },
		   *const t_lat[] = { "lat", "latitude", "纬度", NULL }, *const t_value[] = { "value", "值", "均值", "浓度", NULL },
		   *const t_valid[] = { "n_valid", "n", "有效数", "有效观测数", NULL },
		   *const t_uncertain[] = { "uncertainty", "不确定度", NULL }, *const t_source[] = { "source", "来源", NULL },
		   *const t_period[] = { "period", "周期", "时段", NULL }, *const t_item[] = { "item", "pollutant", "污染物", "因子", NULL };
static const struct table_column wanted[COLS] = {
	[COL_CELL] = { t_cell, false }, [COL_LON] = { t_lon, false }, [COL_LAT] = { t_lat, false }, [COL_VALUE] = { t_value, true },
	[COL_VALID] = { t_valid, false }, [COL_UNCERTAIN] = { t_uncertain, false }, [COL_SOURCE] = { t_source, false },
	[COL_PERIOD] = { t_period, false }, [COL_ITEM] = { t_item, false },
};

/* One row, before rows of one cell are brought together. */
struct grid_row {
	size_t set;
	int64_t number, region, cell, n_valid;
	double value, uncertainty;
	bool point;
};
struct reading_grid {
	struct ctx *cx;
	struct grid_import *io;
	struct territory land;
	VEC(struct grid_row) rows;
	VEC(double) max;             /* of each set's item */
	struct fail *f;              /* of the row at hand */
	const char *column;
};

static err bad(struct reading_grid *r, int col, const char *key)
{
	r->column = wanted[col].titles[0];
	return FAIL(r->f, BAD_FIELD, "", key);
}

static str text_of(const struct cell *c)
{
	return str_trim(c->text);
}

static bool number_of(const struct cell *c, double *ret)
{
	if (c->kind == CELL_NUMBER) {
		*ret = c->number;
		return isfinite(c->number);
	}
	return str_to_f64(text_of(c), ret) && isfinite(*ret);
}

/* Which set a row belongs to; made when it is new. */
static err take_set(struct reading_grid *r, const struct cell **cells, int64_t size, size_t *ret)
{
	struct grid_import *io = r->io;
	str item = text_of(cells[COL_ITEM]), source = text_of(cells[COL_SOURCE]), when = text_of(cells[COL_PERIOD]), kind;
	struct hot_item known;
	struct period p;
	item = item.n ? item : io->key.item;
	source = source.n ? source : io->key.source;
	when = when.n ? when : io->period;
	if (!period_parse(when, &p))
		return bad(r, COL_PERIOD, "err.grid.period");
	for (size_t i = 0; i < io->sets.n; i++) {
		const struct grid_batch *b = &io->sets.v[i];
		bool same = str_eq(b->key.item, item) && str_eq(b->key.source, source) && b->key.size == size && b->period.week == p.week &&
			    b->period.year == p.year && b->period.number == p.number;
		*ret = i;
		if (same)
			return ERR_OK;
	}
	if (io->sets.n == GRID_SETS_MAX)
		return bad(r, COL_PERIOD, "err.too_many_items");
	struct ctx sub = *r->cx;
	sub.fail = (struct fail){ 0 };
	if (hot_item_find(&sub, item, "", &known) != ERR_OK)
		return bad(r, COL_ITEM, "err.grid.item");
	if (hot_source_find(&sub, source, "", &kind) != ERR_OK)
		return bad(r, COL_SOURCE, "err.grid.source");
	struct grid_batch b = { .key = { known.id, arena_str(r->cx->a, source), size }, .period = p, .method = S("import"), .note = io->note };
	*ret = io->sets.n;
	vec_push(r->cx->a, &io->sets, b);
	vec_push(r->cx->a, &r->max, known.max);
	return ERR_OK;
}

static err take_place(struct reading_grid *r, const struct cell **cells, struct cell_id *ret, struct grid_row *row)
{
	struct lonlat p;
	if (text_of(cells[COL_CELL]).n) {
		if (!cell_parse(text_of(cells[COL_CELL]), ret) || (r->io->key.size && ret->size != r->io->key.size))
			return bad(r, COL_CELL, "err.grid.cell");
		row->region = territory_cell(&r->land, *ret);
		return row->region ? ERR_OK : bad(r, COL_CELL, "err.grid.outside");
	}
	if (!number_of(cells[COL_LON], &p.lon) || !number_of(cells[COL_LAT], &p.lat) || !lonlat_valid(p))
		return bad(r, COL_LON, "err.place_range");
	if (!r->io->key.size)
		return bad(r, COL_CELL, "err.grid.size");
	if (!territory_find(&r->land, p))
		return bad(r, COL_LON, "err.grid.outside");
	*ret = cell_at(r->land.meridian, r->io->key.size, p);
	row->point = true;
	row->region = territory_cell(&r->land, *ret);
	row->region = row->region ? row->region : territory_find(&r->land, p);
	return ERR_OK;
}

static err take_row(struct reading_grid *r, const struct cell **cells, struct grid_row *row)
{
	struct cell_id cell = { 0 };
	TRY(take_place(r, cells, &cell, row));
	TRY(take_set(r, cells, cell.size, &row->set));
	row->cell = cell_pack(cell);
	if (!number_of(cells[COL_VALUE], &row->value) || row->value < 0 || row->value > r->max.v[row->set])
		return bad(r, COL_VALUE, "err.grid.value");
	if (text_of(cells[COL_VALID]).n &&
	    (!str_to_i64(text_of(cells[COL_VALID]), &row->n_valid) || row->n_valid < 1 || row->n_valid > 100000000))
		return bad(r, COL_VALID, "err.grid.count");
	if (text_of(cells[COL_UNCERTAIN]).n && (!number_of(cells[COL_UNCERTAIN], &row->uncertainty) || row->uncertainty < 0))
		return bad(r, COL_UNCERTAIN, "err.grid.value");
	return ERR_OK;
}

static void fault(struct reading_grid *r, int64_t number, const char *column, const struct fail *f)
{
	if (r->io->faults.n < GRID_FAULTS_MAX)
		vec_push(r->cx->a, &r->io->faults, (struct grid_fault){ number, str_of(column), *f });
}

static int by_cell(const void *x, const void *y)
{
	const struct grid_row *a = x, *b = y;
	if (a->set != b->set)
		return a->set < b->set ? -1 : 1;
	if (a->cell != b->cell)
		return a->cell < b->cell ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

/* Points of one cell: the mean weighted by observations; the uncertainty of a mean of values that err alike is the weighted mean
 * of theirs (errors of retrieval do not average out). */
static struct grid_input mean_of(const struct grid_row *v, size_t n)
{
	double sum = 0, weight = 0, unsure = 0;
	int64_t valid = 0;
	for (size_t i = 0; i < n; i++) {
		double w = v[i].n_valid == DB_NONE ? 1 : (double)v[i].n_valid;
		sum += w * v[i].value;
		unsure += w * v[i].uncertainty;
		weight += w;
		valid = v[i].n_valid == DB_NONE || valid == DB_NONE ? DB_NONE : valid + v[i].n_valid;
	}
	return (struct grid_input){ v[0].region, v[0].cell, sum / weight, unsure / weight, valid };
}

static void bring_together(struct reading_grid *r)
{
	struct grid_row *v = r->rows.v;
	size_t n = r->rows.n;
	if (n)
		qsort(v, n, sizeof *v, by_cell);
	for (size_t i = 0, end; i < n; i = end) {
		bool twice = false;
		for (end = i + 1; end < n && v[end].set == v[i].set && v[end].cell == v[i].cell; end++)
			twice |= !v[end].point || !v[i].point;
		if (twice) {
			struct fail f = { 0 };
			(void)FAIL(&f, BAD_FIELD, "", "err.grid.twice", "row", arena_printf(r->cx->a, "%lld", (long long)v[i].number).p);
			fault(r, v[i + 1].number, "cell", &f);
			continue;
		}
		vec_push(r->cx->a, &r->io->sets.v[v[i].set].cells, mean_of(&v[i], end - i));
	}
}

static err read_rows(struct reading_grid *r, struct table *t, const struct table_header *h)
{
	const struct cell *cells[COLS];
	uint32_t number;
	for (;;) {
		struct grid_row row = { .n_valid = DB_NONE, .uncertainty = NAN };
		struct fail f = { 0 };
		TRY(table_next_mapped(t, h, cells, &number, &r->cx->fail));
		if (!number)
			return ERR_OK;
		if (++r->io->rows > GRID_ROWS_MAX)
			return refuse_count(&r->cx->fail, "err.grid.rows", GRID_ROWS_MAX);
		row.number = number;
		r->f = &f;
		if (take_row(r, cells, &row) == ERR_OK)
			vec_push(r->cx->a, &r->rows, row);
		else
			fault(r, number, r->column, &f);
	}
}

err grid_read(struct ctx *cx, str bytes, struct grid_import *io)
{
	struct doc_limits lim = doc_limits_default();
	struct reading_grid r = { .cx = cx, .io = io };
	struct table_header h;
	AUTO(table_drop) struct table *t = NULL;
	TRY(table_open(cx->a, bytes, &lim, &t, &cx->fail));
	TRY(table_find_header(t, cx->a, wanted, COLS, &h, &cx->fail));
	if (!h.cols[COL_CELL] && !(h.cols[COL_LON] && h.cols[COL_LAT]))
		return FAIL(&cx->fail, BAD_INPUT, "", "err.grid.columns");
	TRY(territory_open(cx, &r.land));
	err e = read_rows(&r, t, &h);
	if (e == ERR_OK)
		bring_together(&r);
	territory_close(&r.land);
	if (e == ERR_OK && !io->rows)
		return FAIL(&cx->fail, BAD_INPUT, "", "err.grid.empty");
	return e;
}

/* ---- into the store ---- */

err grid_store_set(struct ctx *cx, const struct grid_batch *b, struct canon *c, int64_t *ret_id)
{
	struct hot_set_find_row had;
	str period = period_text(cx->a, b->period);
	struct hot_set_find_params key = { cx->app->home_region, b->key.item, b->key.size, b->key.source, period };
	err e = hot_set_find(cx->c, cx->a, &key, &had);
	int64_t id = e == ERR_OK ? had.id : new_id(cx);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	TRY(hot_set_put(cx->c, &(struct hot_set_put_params){ key.region, id, period, key.item, key.size, key.source, b->method, b->note,
							     (int64_t)b->cells.n, cx->now_ms }, NULL));
	TRY(hot_values_drop(cx->c, &(struct hot_values_drop_params){ id }, NULL));
	for (size_t i = 0; i < b->cells.n; i++) {
		const struct grid_input *v = &b->cells.v[i];
		TRY(hot_value_put(cx->c, &(struct hot_value_put_params){ v->region, id, v->cell, v->value, v->n_valid, v->uncertainty }, NULL));
	}
	canon_object(c, NULL);
	canon_id(c, "id", id);
	canon_str(c, "period", period);
	canon_str(c, "item", key.item);
	canon_str(c, "source", key.source);
	canon_i64(c, "size", key.size);
	canon_i64(c, "cells", (int64_t)b->cells.n);
	canon_bool(c, "replaced", e == ERR_OK);
	canon_close(c);
	*ret_id = id;
	return ERR_OK;
}

/* What the values were, for the ledger: their bytes in the order of cells. */
str grid_values_hash(struct ctx *cx, const struct grid_batch *sets, size_t n)
{
	struct buf b = BUF(cx->a);
	unsigned char hash[32];
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sets[i].cells.n; k++) {
			const struct grid_input *v = &sets[i].cells.v[k];
			buf_printf(&b, "%lld %.17g %lld\n", (long long)v->cell, v->value, (long long)v->n_valid);
		}
	hash_bytes(HASH_SHA256, buf_str(&b), hash);
	return hex_encode(cx->a, (str){ (const char *)hash, sizeof hash });
}

err grid_store(struct ctx *cx, const struct grid_import *in)
{
	struct canon c;
	double meridian;
	int64_t id;
	TRY(grid_meridian(cx, &meridian));
	TRY(hot_frame_put(cx->c, &(struct hot_frame_put_params){ cx->app->home_region, meridian }, NULL));
	canon_begin(&c, cx->a);
	canon_list(&c, "sets");
	for (size_t i = 0; i < in->sets.n; i++)
		TRY(grid_store_set(cx, &in->sets.v[i], &c, &id));
	canon_close(&c);
	canon_str(&c, "note", in->note);
	canon_str(&c, "hash", grid_values_hash(cx, in->sets.v, in->sets.n));
	return ledger_append(cx, cx->app->home_region, "grid.import", S("system/grid"), canon_end(&c), NULL);
}
