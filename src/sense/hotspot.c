/* What a picture says: background, changes, Gi*, persistence, charts, lists. */
#include "sense/hotspot.h"

#include <math.h>
#include <stdlib.h>

#include "format/limits.h"
#include "num/change.h"
#include "num/gistar.h"
#include "sense/hotspot_sql.h"

/* One value as stored; `at` is the field: 0 this period … HOT_BACK, HOT_YEAR. */
struct stored {
	int64_t cell, region, n_valid;
	double value, uncertainty;
	int at;
};
struct loading {
	struct arena *a;
	VEC(struct stored) v;
	int at;
};
/* All fields on one raster. */
struct rasters {
	struct arena *a;
	int64_t col, row;
	int width, height;
	size_t n;                    /* cells of the raster */
	double *v[HOT_FIELDS];       /* NULL: no such picture */
	double background[HOT_FIELDS];
};

static err take(void *arg, const struct hot_values_row *r)
{
	struct loading *l = arg;
	vec_push(l->a, &l->v, (struct stored){ r->cell, r->region, r->n_valid, r->value, r->uncertainty, l->at });
	return ERR_OK;
}

static err load_field(struct ctx *cx, struct loading *l, const struct grid_key *k, struct period p, int at)
{
	struct hot_set_find_row set;
	const struct hot_set_find_params q = { cx->app->home_region, k->item, k->size, k->source, period_text(cx->a, p) };
	err e = hot_set_find(cx->c, cx->a, &q, &set);
	if (e == ERR_NOT_FOUND)
		return at == 0 ? FAIL(&cx->fail, NOT_FOUND, "?period", "err.grid.none") : ERR_OK;
	TRY(e);
	l->at = at;
	return hot_values(cx->c, &(struct hot_values_params){ set.id }, take, l);
}

static err load_all(struct ctx *cx, struct loading *l, const struct grid_key *k, struct period p)
{
	struct period year;
	for (int i = 0; i <= HOT_BACK; i++)
		TRY(load_field(cx, l, k, period_back(p, i), i));
	return period_year_ago(p, &year) ? load_field(cx, l, k, year, HOT_YEAR) : ERR_OK;
}

/* ---- the raster ---- */

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return (a > b) - (a < b);
}

/* Linear between ranks; sorts. NaN of none. */
static double percentile(double *v, size_t n, double percent)
{
	if (!n)
		return NAN;
	qsort(v, n, sizeof *v, by_value);
	double at = percent / 100 * (double)(n - 1), low = floor(at);
	size_t i = (size_t)low;
	return i + 1 < n ? v[i] + (at - low) * (v[i + 1] - v[i]) : v[n - 1];
}

static double background_of(const struct rasters *r, const double *v, double percent)
{
	double *sorted = NEW_N(r->a, double, r->n + 1);
	size_t n = 0;
	for (size_t i = 0; i < r->n; i++)
		if (!isnan(v[i]))
			sorted[n++] = v[i];
	return percentile(sorted, n, percent);
}

static err lay_out(struct ctx *cx, const struct loading *l, const struct hot_params *hp, struct rasters *r)
{
	int64_t west = INT64_MAX, east = -1, south = INT64_MAX, north = -1;
	for (size_t i = 0; i < l->v.n; i++) {
		struct cell_id c = cell_unpack(0, l->v.v[i].cell);
		west = c.col < west ? c.col : west;
		east = c.col > east ? c.col : east;
		south = c.row < south ? c.row : south;
		north = c.row > north ? c.row : north;
	}
	int64_t width = east - west + 1, height = north - south + 1;
	if (width > HOT_RASTER_MAX || height > HOT_RASTER_MAX || width * height > HOT_RASTER_MAX)
		return refuse_count(&cx->fail, "err.grid.raster", HOT_RASTER_MAX);
	*r = (struct rasters){ .a = cx->a, .col = west, .row = south, .width = (int)width, .height = (int)height,
			       .n = (size_t)(width * height) };
	for (size_t i = 0; i < l->v.n; i++) {
		const struct stored *s = &l->v.v[i];
		struct cell_id c = cell_unpack(0, s->cell);
		if (!r->v[s->at]) {
			r->v[s->at] = NEW_N(cx->a, double, r->n);
			for (size_t k = 0; k < r->n; k++)
				r->v[s->at][k] = NAN;
		}
		r->v[s->at][(c.row - south) * width + c.col - west] = s->value;
	}
	for (int k = 0; k < HOT_FIELDS; k++)
		r->background[k] = r->v[k] ? background_of(r, r->v[k], hp->background) : NAN;
	return ERR_OK;
}

/* ---- hot in space ---- */

/* z of every cell, and which are called hot at the rate of false discoveries. */
static double *stars(const struct rasters *r, int at, const struct hot_params *hp, bool *hot)
{
	struct raster in = { r->v[at], r->width, r->height };
	double *z = NEW_N(r->a, double, r->n), *p = NEW_N(r->a, double, r->n + 1);
	size_t n = 0;
	gi_star(&in, hp->radius, NEW_N(r->a, double, 2 * (size_t)(r->width + 1) * (size_t)r->height), z);
	for (size_t i = 0; i < r->n; i++)
		if (!isnan(z[i]))
			p[n++] = p_of_z(z[i]);
	double limit = fdr_threshold(p, n, hp->fdr);
	for (size_t i = 0; i < r->n; i++)
		hot[i] = z[i] > 0 && limit > 0 && p_of_z(z[i]) <= limit;
	return z;
}

/* ---- hot in time ---- */

/* Do the last three periods leave what the ones before were? On values less each period's background. */
static void charts(const struct rasters *r, size_t i, const struct hot_params *hp, struct hot_cell *c)
{
	double base[HOT_BACK], last[3], sum = 0, squares = 0, z;
	size_t n = 0, m = 0;
	for (int k = HOT_BACK; k > 2; k--)
		if (r->v[k] && !isnan(r->v[k][i]))
			base[n++] = r->v[k][i] - r->background[k];
	for (int k = 2; k >= 0; k--)
		if (r->v[k] && !isnan(r->v[k][i]))
			last[m++] = r->v[k][i] - r->background[k];
	if (n < 2 || (double)n < hp->chart_min || !m)
		return;
	for (size_t k = 0; k < n; k++)
		sum += base[k];
	double mean = sum / (double)n;
	for (size_t k = 0; k < n; k++)
		squares += (base[k] - mean) * (base[k] - mean);
	double sigma = sqrt(squares / (double)(n - 1));
	if (!(sigma > 0))
		return;
	struct ewma e = { hp->ewma_lambda, hp->ewma_width, mean, sigma };
	struct cusum q = { mean, sigma, hp->cusum_k, hp->cusum_h };
	c->ewma = ewma_first(&e, last, m, &z) < m && z > mean;
	c->cusum = cusum_first(&q, last, m) < m;
}

static double change(const struct rasters *r, size_t i, int at)
{
	double was = r->v[at] ? r->v[at][i] : NAN;
	return was > 0 ? (r->v[0][i] - was) / was : NAN;
}

static int by_number(const void *x, const void *y)
{
	const struct hot_cell *a = x, *b = y;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

static void judge(const struct loading *l, const struct rasters *r, const struct hot_params *hp, struct hot_field *f)
{
	bool *hot[3] = { NULL };
	double *z[3] = { NULL }, sum = 0;
	for (int k = 0; k < 3; k++)
		if (r->v[k]) {
			hot[k] = NEW_N(r->a, bool, r->n);
			z[k] = stars(r, k, hp, hot[k]);
		}
	for (size_t s = 0; s < l->v.n; s++) {
		const struct stored *in = &l->v.v[s];
		if (in->at)
			continue;
		struct cell_id id = cell_unpack(0, in->cell);
		size_t i = (size_t)((id.row - r->row) * r->width + id.col - r->col);
		struct hot_cell *c = &f->v[f->n++];
		*c = (struct hot_cell){ .cell = in->cell, .region = in->region, .value = in->value, .uncertainty = in->uncertainty,
					.excess = in->value - r->background[0], .mom = change(r, i, 1), .yoy = change(r, i, HOT_YEAR),
					.z = z[0][i], .n_valid = in->n_valid, .hot = hot[0][i] };
		for (int k = 0; k < 3; k++)
			c->hot_periods += hot[k] && hot[k][i];
		c->persistent = (double)c->hot_periods >= hp->persistence;
		c->ranked = in->n_valid == DB_NONE || (double)in->n_valid >= hp->min_valid;
		charts(r, i, hp, c);
		f->hot += c->hot;
		sum += c->value;
	}
	f->mean = f->n ? sum / (double)f->n : NAN;
	qsort(f->v, f->n, sizeof *f->v, by_number);
}

err hot_load(struct ctx *cx, const struct grid_key *key, struct period p, const struct hot_params *hp, struct hot_field *ret)
{
	struct loading l = { .a = cx->a };
	struct rasters r;
	struct hot_field f = { .period = p, .key = *key };
	TRY(grid_meridian(cx, &f.meridian));
	TRY(load_all(cx, &l, key, p));
	TRY(lay_out(cx, &l, hp, &r));
	f.v = NEW_N(cx->a, struct hot_cell, l.v.n + 1);
	f.background = r.background[0];
	for (int k = 1; k <= HOT_BACK; k++)
		f.history += r.v[k] != NULL;
	judge(&l, &r, hp, &f);
	*ret = f;
	return ERR_OK;
}

/* ---- lists ---- */

bool hot_list_parse(str s, enum hot_list *ret)
{
	static const char *const names[] = { "mean", "yoy", "mom", "hot" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(s, str_of(names[i]))) {
			*ret = (enum hot_list)i;
			return true;
		}
	return false;
}

/* NaN: not on this list. */
static double weight(const struct hot_cell *c, enum hot_list list)
{
	if (!c->ranked)
		return NAN;
	if (list == HOT_HOT)
		return c->hot ? c->z : NAN;
	if (list == HOT_MEAN)
		return c->value;
	double rise = list == HOT_YOY ? c->yoy : c->mom;
	return rise > 0 ? rise : NAN;
}

struct weighed {
	double w;
	const struct hot_cell *c;
};

static int worst_first(const void *x, const void *y)
{
	const struct weighed *a = x, *b = y;
	if (a->w != b->w)
		return a->w > b->w ? -1 : 1;
	return (a->c->cell > b->c->cell) - (a->c->cell < b->c->cell);
}

size_t hot_rank(struct arena *a, const struct hot_field *f, enum hot_list list, size_t top, const struct hot_cell ***ret)
{
	struct weighed *v = NEW_N(a, struct weighed, f->n + 1);
	const struct hot_cell **out = NEW_N(a, const struct hot_cell *, top + 1);
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		double w = weight(&f->v[i], list);
		if (!isnan(w))
			v[n++] = (struct weighed){ w, &f->v[i] };
	}
	if (n)
		qsort(v, n, sizeof *v, worst_first);
	n = n < top ? n : top;
	for (size_t i = 0; i < n; i++)
		out[i] = v[i].c;
	*ret = out;
	return n;
}
