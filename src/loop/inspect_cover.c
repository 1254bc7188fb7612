/* Coverage of a plan: which objects were visited, which are due, which never were. Computed in one pass. */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "core/region.h"
#include "loop/inspect.h"

const char *const cover_risks[COVER_RISKS] = { "red", "orange", "yellow", "blue", "none" };

const char *cover_status_name(enum cover_status s)
{
	static const char *const names[COVER_STATUS_COUNT] = { "visited", "due", "overdue", "later" };
	return names[s];
}

int64_t cover_due_day(int64_t last_day, int64_t every_days, int64_t plan_from, int64_t plan_to)
{
	if (last_day != DB_NONE)
		return last_day + every_days;
	return plan_from + every_days < plan_to ? plan_from + every_days : plan_to;
}

struct covering {
	struct ctx *cx;
	const struct plan *p;
	int64_t from, to, day;
	err (*each)(void *arg, const struct cover_row *row);
	void *arg;
};

static size_t risk_place(str risk)
{
	for (size_t i = 0; i + 1 < COVER_RISKS; i++)
		if (str_eq(risk, str_of(cover_risks[i])))
			return i;
	return COVER_RISKS - 1;
}

static int64_t every_days(const struct covering *k, const struct plan_objects_row *r)
{
	str risk = str_of(cover_risks[risk_place(r->risk)]);
	for (size_t i = 0; i < k->p->nevery; i++)
		if (str_eq(k->p->every[i].risk, risk))
			return k->p->every[i].days;
	const struct inspect_frequency *f =
	    inspect_frequency(k->cx->app->inspect, r->risk, r->type, r->region);
	return f ? f->every_days : 365;
}

static bool of_type(const struct plan *p, str type)
{
	for (size_t i = 0; i < p->ntypes; i++)
		if (str_eq(p->types[i], type))
			return true;
	return !p->ntypes;
}

static enum cover_status status_of(const struct covering *k, int64_t last_day, int64_t due_day)
{
	if (last_day != DB_NONE && last_day >= k->from && due_day > k->day)
		return COVER_VISITED;
	if (due_day < k->day)
		return COVER_OVERDUE;
	return due_day <= k->to ? COVER_DUE : COVER_LATER;
}

static err cover_one(void *arg, const struct plan_objects_row *r)
{
	struct covering *k = arg;
	if (!of_type(k->p, r->type))
		return ERR_OK;
	int64_t last = r->last_ms == DB_NONE ? DB_NONE : china_day(r->last_ms), every = every_days(k, r);
	int64_t due = cover_due_day(last, every, k->p->from_day, k->p->to_day);
	struct cover_row row = { .object = r->id,
				 .region = r->region,
				 .owner = r->owner,
				 .last_ms = r->last_ms,
				 .type = r->type,
				 .risk = r->risk,
				 .every_days = every,
				 .due_day = due,
				 .never = last == DB_NONE,
				 .status = status_of(k, last, due) };
	return k->each(k->arg, &row);
}

static err cover_walk(struct ctx *cx, const struct plan *p, int64_t day,
		      err (*each)(void *, const struct cover_row *), void *arg)
{
	struct covering k = { .cx = cx, .p = p, .day = day, .each = each, .arg = arg };
	struct plan_objects_params q = { .day = day,
					 .until_ms = china_day_end_ms(day) + 1,
					 .sectors = p->sectors == -1 ? DB_NONE : p->sectors };
	struct db_scope scope = cx_scope(cx, S("object.read"));
	plan_round(p, day, &k.from, &k.to);
	region_range(p->region, &q.lo, &q.hi);
	return plan_objects(cx->c, &q, &scope, cover_one, &k);
}

/* ---- sums ---- */

static void count_row(struct cover_count *c, const struct cover_row *r)
{
	c->objects++;
	c->never += r->never;
	c->visited += r->status == COVER_VISITED;
	c->due += r->status == COVER_DUE;
	c->overdue += r->status == COVER_OVERDUE;
	c->later += r->status == COVER_LATER;
}

static bool sooner(const struct cover_row *a, const struct cover_row *b)
{
	return a->due_day != b->due_day ? a->due_day < b->due_day : a->object < b->object;
}

/* Keeps the COVER_NEXT soonest, in order. */
static void keep_next(struct ctx *cx, struct coverage *c, const struct cover_row *r)
{
	size_t at = c->nnext;
	if (r->status == COVER_VISITED || (at == COVER_NEXT && !sooner(r, &c->next[at - 1])))
		return;
	if (at == COVER_NEXT)
		at--;
	else
		c->nnext++;
	for (; at && sooner(r, &c->next[at - 1]); at--)
		c->next[at] = c->next[at - 1];
	c->next[at] = *r;
	c->next[at].type = arena_str(cx->a, r->type);
	c->next[at].risk = arena_str(cx->a, r->risk);
}

struct summing {
	struct ctx *cx;
	struct coverage *c;
};

static err sum_row(void *arg, const struct cover_row *r)
{
	struct summing *s = arg;
	count_row(&s->c->all, r);
	count_row(&s->c->by_risk[risk_place(r->risk)], r);
	keep_next(s->cx, s->c, r);
	return ERR_OK;
}

err plan_coverage(struct ctx *cx, const struct plan *p, int64_t day, struct coverage *ret)
{
	struct summing s = { cx, NEW(cx->a, struct coverage) };
	plan_round(p, day, &s.c->round_from, &s.c->round_to);
	s.c->as_of_day = day;
	TRY(cover_walk(cx, p, day, sum_row, &s));
	*ret = *s.c;
	return ERR_OK;
}

/* ---- rows ---- */

struct gathering {
	struct arena *a;
	VEC(struct cover_row) rows;
};

static err gather_row(void *arg, const struct cover_row *r)
{
	struct gathering *g = arg;
	struct cover_row row = *r;
	row.type = arena_str(g->a, r->type);
	row.risk = arena_str(g->a, r->risk);
	vec_push(g->a, &g->rows, row);
	return ERR_OK;
}

static int by_object(const void *pa, const void *pb)
{
	const struct cover_row *a = pa, *b = pb;
	return a->object < b->object ? -1 : a->object > b->object;
}

err plan_cover_rows(struct ctx *cx, const struct plan *p, int64_t day, struct cover_row **ret, size_t *ret_n)
{
	struct gathering g = { .a = cx->a };
	TRY(cover_walk(cx, p, day, gather_row, &g));
	if (g.rows.n)
		qsort(g.rows.v, g.rows.n, sizeof *g.rows.v, by_object);
	*ret = g.rows.v;
	*ret_n = g.rows.n;
	return ERR_OK;
}
