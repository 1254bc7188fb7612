/* Look-back: the share that stayed fixed, and how long fixes last. */
#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "core/grant.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/lookback.h"
#include "loop/lookback_sql.h"

struct fix {
	int64_t matter, round;
	struct survival_obs obs;
};
struct group {
	struct seen_group out;
	VEC(struct share_obs) shares;
	VEC(struct fix) fixes;
};
struct grouping {
	struct ctx *cx;
	const struct seen_query *q;
	struct map by_key;
	VEC(struct group *) groups;
	struct group all;
	bool telling;
};

static struct group *group_of(struct grouping *g, int64_t key, str word)
{
	str name = word.p ? word : arena_printf(g->cx->a, "%lld", (long long)key);
	struct group *found = map_get(&g->by_key, name);
	if (!found) {
		found = NEW(g->cx->a, struct group);
		found->out.key = key;
		found->out.word = word;
		map_put(&g->by_key, name, found);
		vec_push(g->cx->a, &g->groups, found);
	}
	return found;
}

static void add(struct grouping *g, struct group *to, const struct lookback_seen_row *r)
{
	to->out.looked++;
	to->out.told += g->telling;
	to->out.held += r->held != 0;
	if (isnan(r->chance))
		to->out.by_hand++;
	else
		vec_push(g->cx->a, &to->shares, (struct share_obs){ r->chance, r->held != 0 });
	vec_push(g->cx->a, &to->fixes,
		 (struct fix){ r->matter, r->round, { (double)(r->seen_day - china_day(r->closed_ms)), r->held == 0 } });
}

/* A fix that was told to have come back after a look found it whole is that look's outcome; else one of its own, which
 * stands for itself alone. */
static bool outcome_of(struct lookback_seen_row *look, const struct lookback_relapsed_row *r)
{
	if (look->matter != r->matter || look->round != r->round || !look->held)
		return false;
	look->held = 0;
	look->seen_day = r->seen_day;
	return true;
}

static struct lookback_seen_row told_row(const struct lookback_relapsed_row *r)
{
	return (struct lookback_seen_row){ .region = r->region, .matter = r->matter, .round = r->round, .chance = 1,
					   .sectors = r->sectors, .unit = r->unit, .contractor = r->contractor, .cause = r->cause,
					   .closed_ms = r->closed_ms, .held = 0, .seen_day = r->seen_day };
}

static void add_by_sector(struct grouping *g, const struct lookback_seen_row *r)
{
	const struct sector_table *t = g->cx->app->sectors;
	for (size_t i = 0; i < t->n; i++)
		if (r->sectors >> t->v[i].bit & 1)
			add(g, group_of(g, t->v[i].bit, (str){ 0 }), r);
}

static void sort_in(struct grouping *g, const struct lookback_seen_row *r)
{
	const str none = { 0 };
	add(g, &g->all, r);
	switch (g->q->by) {
	case BY_UNIT:
		add(g, group_of(g, r->unit, none), r);
		break;
	case BY_SECTOR:
		add_by_sector(g, r);
		break;
	case BY_PLACE:
		add(g, group_of(g, region_up(r->region, REGION_TOWN), none), r);
		break;
	case BY_CONTRACTOR:
		if (r->contractor)
			add(g, group_of(g, r->contractor, none), r);
		break;
	case BY_CAUSE:
		if (r->cause.n)
			add(g, group_of(g, 0, r->cause), r);
		break;
	}
}

/* ---- survival ---- */

/* One fix together, a failed look last, else the latest. */
static int by_fix(const void *pa, const void *pb)
{
	const struct fix *a = pa, *b = pb;
	if (a->matter != b->matter)
		return a->matter < b->matter ? -1 : 1;
	if (a->round != b->round)
		return a->round < b->round ? -1 : 1;
	if (a->obs.event != b->obs.event)
		return a->obs.event ? 1 : -1;
	return a->obs.time < b->obs.time ? -1 : a->obs.time > b->obs.time;
}

/* A fix that was looked at several times counts once: until it was seen broken, or last seen whole. */
static void fill_survival(struct ctx *cx, struct group *g)
{
	size_t n = g->fixes.n, m = 0;
	struct survival_obs *v = NEW_N(cx->a, struct survival_obs, n + 1);
	struct survival_step *steps = NEW_N(cx->a, struct survival_step, n + 1);
	if (n)
		qsort(g->fixes.v, n, sizeof *g->fixes.v, by_fix);
	for (size_t i = 0; i < n; i++) {
		const struct fix *f = &g->fixes.v[i];
		if (i + 1 < n && f[1].matter == f->matter && f[1].round == f->round)
			continue;
		v[m++] = f->obs;
		if (f->obs.time > g->out.watched_days)
			g->out.watched_days = f->obs.time;
		g->out.nrelapses += f->obs.event;
	}
	g->out.nfixes = m;
	g->out.nsteps = survival_steps(v, m, Z_95, steps);
	g->out.steps = steps;
	g->out.median_days = survival_median(steps, g->out.nsteps);
}

static void finish(struct ctx *cx, struct group *g)
{
	g->out.rate = share_weighted(g->shares.v, g->shares.n, Z_95);
	fill_survival(cx, g);
}

static int most_looked_at(const void *pa, const void *pb)
{
	const struct seen_group *a = pa, *b = pb;
	if (a->looked != b->looked)
		return a->looked > b->looked ? -1 : 1;
	return a->key != b->key ? (a->key < b->key ? -1 : 1) : str_cmp(a->word, b->word);
}

static int by_matter(const void *pa, const void *pb)
{
	const struct lookback_seen_row *a = *(struct lookback_seen_row *const *)pa, *b = *(struct lookback_seen_row *const *)pb;
	if (a->matter != b->matter)
		return a->matter < b->matter ? -1 : 1;
	return a->round < b->round ? -1 : a->round > b->round;
}

/* Both are in the order of matters and rounds here, so one pass finds which look a relapse belongs to. */
static err add_told(struct grouping *g, const struct lookback_seen_params *p, const struct db_scope *scope, struct lookback_seen_rows *looks)
{
	const struct lookback_relapsed_params q = { .lo = p->lo, .hi = p->hi, .kind = p->kind, .from_day = p->from_day, .to_day = p->to_day };
	struct lookback_relapsed_rows told;
	struct lookback_seen_row **v = NEW_N(g->cx->a, struct lookback_seen_row *, looks->n + 1);
	TRY(lookback_relapsed(g->cx->c, g->cx->a, &q, scope, &told));
	for (size_t i = 0; i < looks->n; i++)
		v[i] = &looks->v[i];
	if (looks->n)
		qsort(v, looks->n, sizeof *v, by_matter);
	for (size_t i = 0, k = 0; i < told.n; i++) {
		bool found = false;
		struct lookback_seen_row own = told_row(&told.v[i]), *key = &own;
		while (k < looks->n && by_matter(&v[k], &key) < 0)
			k++;
		for (size_t j = k; j < looks->n && !found && by_matter(&v[j], &key) == 0; j++)
			found = outcome_of(v[j], &told.v[i]);
		g->telling = true;
		if (!found)
			sort_in(g, &own);
		g->telling = false;
	}
	for (size_t i = 0; i < looks->n; i++)
		sort_in(g, &looks->v[i]);
	return ERR_OK;
}

err lookback_seen_groups(struct ctx *cx, const struct seen_query *q, struct seen_groups *ret)
{
	struct grouping g = { .cx = cx, .q = q, .by_key = MAP(cx->a) };
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	struct lookback_seen_params p = { .kind = q->kind, .from_day = q->from_day, .to_day = q->to_day };
	struct lookback_seen_rows rows;
	region_range(q->region, &p.lo, &p.hi);
	TRY(lookback_seen(cx->c, cx->a, &p, &scope, &rows));
	TRY(add_told(&g, &p, &scope, &rows));
	struct seen_group *v = NEW_N(cx->a, struct seen_group, g.groups.n + 1);
	for (size_t i = 0; i < g.groups.n; i++) {
		finish(cx, g.groups.v[i]);
		v[i] = g.groups.v[i]->out;
	}
	if (g.groups.n)
		qsort(v, g.groups.n, sizeof *v, most_looked_at);
	finish(cx, &g.all);
	*ret = (struct seen_groups){ .all = g.all.out, .v = v, .n = g.groups.n };
	return ERR_OK;
}
