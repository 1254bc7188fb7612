#include "land/duty_gaps.h"

#include "base/vec.h"
#include "core/grant.h"
#include "core/region.h"
#include "land/object_duty_sql.h"

struct weighing {
	struct ctx *cx;
	struct duty_view *view;
	const struct gaps_query *q;
	struct gaps_report r;
	VEC(struct gaps_object) list;
};

static int64_t pairs_of(const struct duty_place *p)
{
	return p->sectors ? p->sectors : DUTY_NO_SECTOR;
}

static int64_t count(int64_t mask)
{
	return __builtin_popcountll((unsigned long long)mask);
}

static void add(struct gaps_count *c, int64_t pairs, int64_t missing, int64_t overlap)
{
	c->pairs += count(pairs);
	c->covered += count(pairs & ~missing);
	c->overlaps += count(pairs & overlap);
}

/* Does the list ask for it? */
static bool listed(const struct gaps_query *q, const struct duty_tally *t, int64_t pairs)
{
	int64_t missing = 0, overlap = 0;
	for (int l = 0; l < DUTY_LINE_COUNT; l++) {
		if (q->line >= 0 && l != q->line)
			continue;
		missing |= t->missing[l] & pairs;
		overlap |= t->overlap[l] & pairs;
	}
	return (q->what != GAPS_OVERLAP && missing) || (q->what != GAPS_MISSING && overlap);
}

static void enlist(struct weighing *w, const struct duty_place *p, const struct duty_objects_row *o)
{
	w->r.found++;
	if (o->id <= w->q->after)
		return;
	w->r.more = w->list.n == w->q->max;
	if (w->r.more)
		return;
	struct gaps_object g = { .place = *p, .no = arena_str(w->cx->a, o->no), .name = arena_str(w->cx->a, o->name),
				 .name_en = arena_str(w->cx->a, o->name_en) };
	g.place.object_type = arena_str(w->cx->a, o->type);
	vec_push(w->cx->a, &w->list, g);
}

static err weigh(void *arg, const struct duty_objects_row *o)
{
	struct weighing *w = arg;
	int64_t all_missing = 0, all_overlap = 0;
	struct duty_tally t;
	struct duty_place p = { .region = o->region, .sectors = duty_sectors(w->cx->app, o->sectors), .owner = o->owner,
				.object = o->id, .object_type = o->type, .level = (int)o->level };
	if (w->q->sector != DB_NONE)
		p.sectors &= w->q->sector;
	int64_t pairs = pairs_of(&p);
	duty_tally(w->view, &p, &t);
	for (int l = 0; l < DUTY_LINE_COUNT; l++) {
		add(&w->r.lines[l], t.demanded[l] & pairs, t.missing[l], t.overlap[l]);
		all_missing |= t.missing[l];
		all_overlap |= t.overlap[l];
	}
	w->r.objects++;
	add(&w->r.all, pairs, all_missing, all_overlap);
	if (listed(w->q, &t, pairs))
		enlist(w, &p, o);
	return ERR_OK;
}

static bool asked_for(const struct gaps_query *q, const struct duty_row *r)
{
	bool missing = r->gap != DUTY_GAP_NONE;
	return (q->line < 0 || (int)r->line == q->line) &&
	       ((missing && q->what != GAPS_OVERLAP) || (r->overlap && q->what != GAPS_MISSING));
}

static err detail(struct weighing *w, struct gaps_object *g)
{
	struct duty_rows rows;
	TRY(duty_rows_of(w->view, &g->place, &rows));
	struct duty_row *v = NEW_N(w->cx->a, struct duty_row, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		if (asked_for(w->q, &rows.v[i]))
			v[g->rows.n++] = rows.v[i];
	g->rows.v = v;
	return ERR_OK;
}

err gaps_report(struct ctx *cx, const struct gaps_query *q, struct gaps_report *ret)
{
	struct weighing w = { .cx = cx, .q = q };
	struct db_scope scope = cx_scope(cx, S("object.read"));
	struct duty_objects_params p = { .sector = q->sector, .day = q->day };
	region_range(q->region, &p.lo, &p.hi);
	TRY(duty_begin(cx, q->day, &w.view));
	err e = duty_objects(cx->c, &p, &scope, weigh, &w);
	for (size_t i = 0; e == ERR_OK && i < w.list.n; i++)
		e = detail(&w, &w.list.v[i]);
	duty_end(w.view);
	w.r.v = w.list.v;
	w.r.n = w.list.n;
	if (e == ERR_OK)
		*ret = w.r;
	return e;
}
