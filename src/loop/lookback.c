/* Look-back: rules, weights, the pool. */
#include "loop/lookback.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"
#include "core/grant.h"
#include "core/region.h"
#include "loop/lookback_sql.h"

/* ---- rules ---- */

static const char *const factor_names[] = {
#define X(id, name) name,
	LOOKBACK_FACTORS(X)
#undef X
};

struct reading {
	struct arena *a;
	const struct catalog *c;
	int64_t today;
	struct fail *f;
	struct rows t;
	const char *table;
	size_t at;
};

static err table(struct reading *r, const char *name)
{
	r->table = name;
	return catalog_current(r->c, r->a, S("lookback"), r->today, str_of(name), &r->t, r->f);
}

static str cell(const struct reading *r, const char *column)
{
	str s = rows_get(&r->t, r->at, str_of(column));
	return s.p ? s : S("");
}

static err bad(const struct reading *r)
{
	return FAIL(r->f, BAD_FORMAT, "", "err.catalog_value", "file", arena_printf(r->a, "lookback/%s", r->table).p, "line",
		    arena_printf(r->a, "%d", r->t.lines[r->at]).p);
}

static err read_kinds(struct reading *r, struct lookback_rules *out)
{
	TRY(table(r, "kinds"));
	struct lookback_kind *v = NEW_N(r->a, struct lookback_kind, r->t.n + 1);
	for (r->at = 0; r->at < r->t.n; r->at++)
		v[r->at] = (struct lookback_kind){ cell(r, "kind"), cell(r, "state"), cell(r, "held_act"), cell(r, "failed_act") };
	out->kinds = v;
	out->nkinds = r->t.n;
	return ERR_OK;
}

static err read_strata(struct reading *r, struct lookback_rules *out)
{
	TRY(table(r, "strata"));
	struct lookback_stratum *v = NEW_N(r->a, struct lookback_stratum, r->t.n + 1);
	for (r->at = 0; r->at < r->t.n; r->at++) {
		struct lookback_stratum s = { .id = cell(r, "id"), .kind = cell(r, "kind"), .grade = cell(r, "grade"),
					      .zh = cell(r, "zh"), .en = cell(r, "en"), .source = cell(r, "source"),
					      .certainty = cell(r, "certainty") };
		s.listed = cell(r, "listed").n ? str_eq(cell(r, "listed"), S("1")) : -1;
		if (!str_to_f64(cell(r, "share"), &s.share) || s.share < 0 || s.share > 100 ||
		    !str_to_i64(cell(r, "from_days"), &s.from_days) || !str_to_i64(cell(r, "to_days"), &s.to_days) ||
		    s.from_days < 0 || s.to_days < s.from_days)
			return bad(r);
		v[r->at] = s;
	}
	out->strata = v;
	out->nstrata = r->t.n;
	return ERR_OK;
}

static err read_weights(struct reading *r, struct lookback_rules *out)
{
	TRY(table(r, "weights"));
	for (r->at = 0; r->at < r->t.n; r->at++) {
		struct lookback_weight w = { .on = true, .id = cell(r, "id"), .zh = cell(r, "zh"), .en = cell(r, "en") };
		int i = 0;
		while (i < LOOKBACK_FACTOR_COUNT && !str_eq(w.id, str_of(factor_names[i])))
			i++;
		if (i == LOOKBACK_FACTOR_COUNT || !str_to_f64(cell(r, "factor"), &w.factor) || !str_to_f64(cell(r, "cap"), &w.cap) ||
		    !(w.factor >= 1) || !(w.cap >= 1) || w.cap > 1000)
			return bad(r);
		out->weights[i] = w;
	}
	return ERR_OK;
}

static err read_results(struct reading *r, struct lookback_rules *out)
{
	TRY(table(r, "results"));
	struct lookback_result *v = NEW_N(r->a, struct lookback_result, r->t.n + 1);
	for (r->at = 0; r->at < r->t.n; r->at++)
		v[r->at] = (struct lookback_result){ cell(r, "id"), cell(r, "zh"), cell(r, "en"), cell(r, "finding"),
						     cell(r, "consequence_zh"), cell(r, "consequence_en"),
						     str_eq(cell(r, "held"), S("1")) };
	out->results = v;
	out->nresults = r->t.n;
	return ERR_OK;
}

err lookback_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct lookback_rules **ret, struct fail *f)
{
	struct lookback_rules *out = NEW(a, struct lookback_rules);
	struct reading r = { .a = a, .c = c, .today = today, .f = f };
	TRY(read_kinds(&r, out));
	TRY(read_strata(&r, out));
	TRY(read_weights(&r, out));
	TRY(read_results(&r, out));
	out->edition = catalog_edition(c, S("lookback"), today);
	*ret = out;
	return ERR_OK;
}

const struct lookback_kind *lookback_kind(const struct lookback_rules *r, str kind)
{
	for (size_t i = 0; i < r->nkinds; i++)
		if (str_eq(r->kinds[i].kind, kind))
			return &r->kinds[i];
	return NULL;
}

const struct lookback_result *lookback_result(const struct lookback_rules *r, str id)
{
	for (size_t i = 0; i < r->nresults; i++)
		if (str_eq(r->results[i].id, id))
			return &r->results[i];
	return NULL;
}

const struct lookback_stratum *lookback_stratum(const struct lookback_rules *r, str kind, str grade, bool listed)
{
	for (size_t i = 0; i < r->nstrata; i++) {
		const struct lookback_stratum *s = &r->strata[i];
		if (str_eq(s->kind, kind) && (!s->grade.n || str_eq(s->grade, grade)) && (s->listed < 0 || (s->listed == 1) == listed))
			return s;
	}
	return NULL;
}

int64_t lookback_weight(const struct lookback_rules *r, const int64_t times[LOOKBACK_FACTOR_COUNT])
{
	double w = 1000;
	for (int i = 0; i < LOOKBACK_FACTOR_COUNT; i++) {
		double one = 1;
		for (int64_t k = 0; r->weights[i].on && k < times[i] && one < r->weights[i].cap; k++)
			one *= r->weights[i].factor;
		w *= r->weights[i].on ? fmin(one, r->weights[i].cap) : 1;
	}
	return (int64_t)fmin(fmax(floor(w + 0.5), 1), 1e9);
}

/* ---- the pool ---- */

/* How often something holds of an organisation or a matter. */
struct failure {
	int64_t org, n;
};
struct gathering {
	struct ctx *cx;
	const struct pool_query *q;
	const struct lookback_rules *rules;
	struct failure *units, *contractors; /* by organisation */
	size_t nunits, ncontractors;
	struct failure *listed, *sham; /* by matter */
	size_t nlisted, nsham;
	VEC(struct pool_item) items;
	struct pool pool;
	double want;
};

static int by_org(const void *pa, const void *pb)
{
	const struct failure *a = pa, *b = pb;
	return a->org < b->org ? -1 : a->org > b->org;
}

static size_t add_up(struct failure *v, size_t n)
{
	size_t out = 0;
	qsort(v, n, sizeof *v, by_org);
	for (size_t i = 0; i < n; i++) {
		if (out && v[out - 1].org == v[i].org)
			v[out - 1].n += v[i].n;
		else
			v[out++] = v[i];
	}
	return out;
}

static err read_failures(struct gathering *g)
{
	struct lookback_failures_rows rows;
	const struct lookback_failures_params p = { .since_day = g->q->day - 365 };
	TRY(lookback_failures(g->cx->c, g->cx->a, &p, &rows));
	g->units = NEW_N(g->cx->a, struct failure, rows.n + 1);
	g->contractors = NEW_N(g->cx->a, struct failure, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		g->units[i] = (struct failure){ rows.v[i].unit, rows.v[i].n };
		g->contractors[i] = (struct failure){ rows.v[i].contractor, rows.v[i].n };
	}
	g->nunits = add_up(g->units, rows.n);
	g->ncontractors = add_up(g->contractors, rows.n);
	return ERR_OK;
}

static int64_t failures_of(const struct failure *v, size_t n, int64_t id)
{
	const struct failure key = { id, 0 };
	const struct failure *f = id && n ? bsearch(&key, v, n, sizeof *v, by_org) : NULL;
	return f ? f->n : 0;
}

/* Rare things are read once rather than looked for beside every matter. */
static err read_rare(struct gathering *g)
{
	struct lookback_listed_rows listed;
	struct lookback_sham_rows sham;
	TRY(lookback_listed(g->cx->c, g->cx->a, &listed));
	TRY(lookback_sham(g->cx->c, g->cx->a, &sham));
	g->listed = NEW_N(g->cx->a, struct failure, listed.n + 1);
	g->sham = NEW_N(g->cx->a, struct failure, sham.n + 1);
	for (; g->nlisted < listed.n; g->nlisted++)
		g->listed[g->nlisted] = (struct failure){ listed.v[g->nlisted].matter, 1 };
	for (; g->nsham < sham.n; g->nsham++)
		g->sham[g->nsham] = (struct failure){ sham.v[g->nsham].matter, sham.v[g->nsham].n };
	return ERR_OK;
}

static err gather(void *arg, const struct lookback_pool_each_row *m)
{
	struct gathering *g = arg;
	int64_t days = g->q->day - china_day(m->closed_ms);
	bool listed = m->listed.n || failures_of(g->listed, g->nlisted, m->id);
	const struct lookback_stratum *s = lookback_stratum(g->rules, g->q->kind, m->grade, listed);
	if (!s || days < s->from_days)
		return ERR_OK;
	struct pool_item it = { .region = m->region, .matter = m->id, .round = m->round, .unit = m->lead_org,
				.contractor = m->contractor, .closed_ms = m->closed_ms, .sectors = m->sectors,
				.secret = m->secret, .grade = arena_str(g->cx->a, m->grade),
				.cause = arena_str(g->cx->a, m->cause), .listed = listed,
				.must = s->share >= 100, .late = days > s->to_days, .stratum = s };
	it.times[LOOKBACK_RELAPSE] = m->round - 1;
	it.times[LOOKBACK_UNIT_FAILURE] = failures_of(g->units, g->nunits, m->lead_org);
	it.times[LOOKBACK_CONTRACTOR_FAILURE] = failures_of(g->contractors, g->ncontractors, m->contractor);
	it.times[LOOKBACK_SHAM_MARK] = failures_of(g->sham, g->nsham, m->id);
	it.times[LOOKBACK_LATE] = it.late;
	it.weight = lookback_weight(g->rules, it.times);
	g->pool.must += it.must;
	g->pool.drawn += !it.must && s->share > 0;
	g->pool.late += it.late;
	g->want += it.must ? 0 : s->share / 100;
	vec_push(g->cx->a, &g->items, it);
	return ERR_OK;
}

err lookback_pool(struct ctx *cx, const struct pool_query *q, struct pool *ret)
{
	const struct lookback_rules *rules = cx->app->lookback;
	const struct lookback_kind *k = lookback_kind(rules, q->kind);
	struct gathering g = { .cx = cx, .q = q, .rules = rules };
	struct db_scope scope = cx_scope(cx, str_of(q->perm));
	if (!k)
		return FAIL(&cx->fail, BAD_FIELD, "/kind", "err.lookback.kind");
	struct lookback_pool_each_params p = { .kind = k->kind, .state = k->state,
					  .from_ms = china_day_start_ms(q->day - LOOKBACK_BACK_DAYS),
					  .to_ms = china_day_end_ms(q->day) };
	region_range(q->region, &p.lo, &p.hi);
	TRY(read_failures(&g));
	TRY(read_rare(&g));
	TRY(lookback_pool_each(cx->c, &p, &scope, gather, &g));
	g.pool.v = g.items.v;
	g.pool.n = g.items.n;
	g.pool.want = (int64_t)ceil(g.want - 1e-9);
	*ret = g.pool;
	return ERR_OK;
}
