#include "sense/drift.h"

#include <math.h>

#include "sense/edition.h"
#include "sense/micro.h"
#include "sense/upkeep_sql.h"

/* ---- limits ---- */

static double number(const struct rows *t, size_t i, const char *column)
{
	double v;
	return str_to_f64(rows_get(t, i, str_of(column)), &v) ? v : NAN;
}

err drift_limits_read(const struct catalog *c, struct arena *a, int64_t day, struct drift_limits *ret, struct fail *f)
{
	struct rows t;
	TRY(edition_on(c, a, S("validity/drift"), day, &ret->edition, f));
	TRY(edition_table(c, a, ret->edition, "drift.tsv", &t, f));
	struct drift_limit *v = NEW_N(a, struct drift_limit, t.n + 1);
	for (size_t i = 0; i < t.n; i++)
		v[i] = (struct drift_limit){ .medium = arena_str(a, rows_get(&t, i, S("medium"))), .item = arena_str(a, rows_get(&t, i, S("item"))),
					     .zero_pct = number(&t, i, "zero_pct"), .span_pct = number(&t, i, "span_pct"),
					     .back_ms = llround(number(&t, i, "back_d")) * DAY_MS, .source = arena_str(a, rows_get(&t, i, S("source"))),
					     .clause = arena_str(a, rows_get(&t, i, S("clause"))),
					     .certainty = arena_str(a, rows_get(&t, i, S("certainty"))) };
	ret->v = v;
	ret->n = t.n;
	return ERR_OK;
}

const struct drift_limit *drift_limit_find(const struct drift_limits *l, str medium, str item)
{
	const struct drift_limit *any = NULL;
	for (size_t i = 0; i < l->n; i++) {
		if (!str_eq(l->v[i].medium, medium))
			continue;
		if (l->v[i].item.n && str_eq(l->v[i].item, item))
			return &l->v[i];
		any = l->v[i].item.n ? any : &l->v[i];
	}
	return any;
}

/* ---- stretches ---- */

size_t drift_spans(const struct calibration *v, size_t n, bool span, double limit_pct, int64_t back_ms, struct drift_span *out)
{
	size_t k = 0;
	int64_t good_ms = INT64_MIN;
	if (isnan(limit_pct))
		return 0;
	for (size_t i = 0; i < n; i++) {
		double found = span ? v[i].span_pct : v[i].zero_pct;
		int64_t since = v[i].from_ms - back_ms;
		if (isnan(found)) /* the calibration says nothing of it */
			continue;
		since = good_ms > since ? good_ms : since;
		if (fabs(found) > limit_pct && since < v[i].from_ms)
			out[k++] = (struct drift_span){ since, v[i].from_ms, found, limit_pct };
		good_ms = v[i].to_ms == INT64_MAX ? v[i].from_ms : v[i].to_ms;
	}
	return k;
}

/* ---- what is written ---- */

struct settling {
	struct ctx *cx;
	const struct station *st;
	str item, edition;
	const struct drift_limit *limit;
	struct calibration *v;
	size_t n;
};

static err write_test(const struct settling *x, enum micro_check check)
{
	struct ctx *cx = x->cx;
	bool span = check == MICRO_SPAN;
	struct drift_span *out = NEW_N(cx->a, struct drift_span, x->n + 1);
	size_t n = x->limit ? drift_spans(x->v, x->n, span, span ? x->limit->span_pct : x->limit->zero_pct, x->limit->back_ms, out) : 0;
	for (size_t i = 0; i < n; i++)
		TRY(doubt_insert(cx->c,
				 &(struct doubt_insert_params){ x->st->region, x->st->id, x->item, S(""), str_of(micro_check_name(check)), out[i].from_ms,
								out[i].to_ms, out[i].value, out[i].bound, x->edition, cx->now_ms },
				 NULL));
	return ERR_OK;
}

err drift_settle(struct ctx *cx, const struct station *st, str item)
{
	struct drift_limits limits;
	struct drift_calibrations_rows rows;
	const struct station_kind *k = station_kind_find(cx->app->stations, st->kind);
	struct settling x = { .cx = cx, .st = st, .item = item };
	TRY(drift_limits_read(cx->app->catalog, cx->a, china_day(cx->now_ms), &limits, &cx->fail));
	TRY(drift_calibrations(cx->c, cx->a, &(struct drift_calibrations_params){ st->id, item }, &rows));
	TRY(drift_drop(cx->c, &(struct drift_drop_params){ st->region, st->id, item }, NULL));
	x.edition = limits.edition;
	x.limit = drift_limit_find(&limits, k ? k->medium : S(""), item);
	x.v = NEW_N(cx->a, struct calibration, rows.n + 1);
	for (; x.n < rows.n; x.n++)
		x.v[x.n] = (struct calibration){ rows.v[x.n].from_ms, rows.v[x.n].to_ms == DB_NONE ? INT64_MAX : rows.v[x.n].to_ms,
						 rows.v[x.n].zero_pct, rows.v[x.n].span_pct };
	TRY(write_test(&x, MICRO_ZERO));
	return write_test(&x, MICRO_SPAN);
}
