#include "loop/work.h"

#include <stdlib.h>

#include "base/vec.h"
#include "core/app.h"
#include "core/region.h"
#include "loop/work_sql.h"

/* ---- my work ---- */

struct sorting {
	struct ctx *cx;
	VEC(struct matter_key) needs, waiting, soon;
	int64_t overdue, due_week, week_end_ms;
};

static int by_due(const void *pa, const void *pb)
{
	const struct matter_key *a = pa, *b = pb;
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* Does the state wait for this role of mine? */
static bool owns(struct sorting *s, const struct work_party_row *r)
{
	const struct workflow *wf = loop_workflow(s->cx->app->loop, r->kind);
	int state = wf ? workflow_state(wf, r->state) : -1;
	if (state < 0 || (r->person && r->person != s->cx->who->person))
		return false;
	for (int rel = 0; rel < REL_COUNT; rel++)
		if (wf->states[state].owners >> rel & 1 && rel != REL_VERIFIER &&
		    str_eq(r->role, str_of(relation_name((enum relation)rel))))
			return true;
	return false;
}

static bool may_act(struct sorting *s, const struct work_party_row *r)
{
	int64_t org = cx_org(s->cx);
	struct access_row row = { r->region, r->sectors, r->secret, &org, 1 };
	return cx_allowed(s->cx, S("matter.act"), &row);
}

/* One matter: its rows, one a role, stand together. */
static void sort_matter(struct sorting *s, const struct work_party_row *v, size_t n)
{
	struct matter_key k = { v->id, v->due_ms };
	bool mine = false, does = false;
	for (size_t i = 0; i < n; i++) {
		mine |= owns(s, &v[i]);
		does |= str_eq(v[i].role, S("lead")) || str_eq(v[i].role, S("co"));
	}
	if (mine && may_act(s, v))
		vec_push(s->cx->a, &s->needs, k);
	else
		vec_push(s->cx->a, &s->waiting, k);
	if (!does)
		return;
	s->overdue += k.due_ms < s->cx->now_ms;
	if (k.due_ms < s->cx->now_ms || k.due_ms > s->week_end_ms)
		return;
	s->due_week++;
	vec_push(s->cx->a, &s->soon, k);
}

static err add_party(struct sorting *s)
{
	struct work_party_rows rows;
	struct db_scope scope = cx_scope(s->cx, S("matter.read"));
	if (!cx_org(s->cx))
		return ERR_OK;
	TRY(work_party(s->cx->c, s->cx->a, &(struct work_party_params){ cx_org(s->cx), WORK_MAX }, &scope,
		       &rows));
	for (size_t i = 0, n; i < rows.n; i += n) {
		for (n = 1; i + n < rows.n && rows.v[i + n].id == rows.v[i].id;)
			n++;
		sort_matter(s, &rows.v[i], n);
	}
	return ERR_OK;
}

static err add_state_to_verify(struct sorting *s, str state)
{
	struct work_to_verify_rows rows;
	struct db_scope scope = cx_scope(s->cx, S("matter.verify"));
	TRY(work_to_verify(s->cx->c, s->cx->a,
			   &(struct work_to_verify_params){ state, cx_org(s->cx), WORK_VERIFY }, &scope,
			   &rows));
	for (size_t i = 0; i < rows.n; i++)
		vec_push(s->cx->a, &s->needs, (struct matter_key){ rows.v[i].id, rows.v[i].due_ms });
	return ERR_OK;
}

static bool names_it(const str *v, size_t n, str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i], s))
			return true;
	return false;
}

static err add_to_verify(struct sorting *s)
{
	const struct workflow *const *wf;
	size_t n = loop_workflows(s->cx->app->loop, &wf), ndone = 0;
	str done[LIST_STATES]; /* kinds share names of states */
	if (!principal_has(s->cx->who, S("matter.verify"), s->cx->now_ms))
		return ERR_OK;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < wf[i]->nstates; k++) {
			str state = wf[i]->states[k].id;
			if (!(wf[i]->states[k].owners >> REL_VERIFIER & 1) || ndone == LIST_STATES ||
			    names_it(done, ndone, state))
				continue;
			done[ndone++] = state;
			TRY(add_state_to_verify(s, state));
		}
	return ERR_OK;
}

/* Two ways may lead to the same matter. */
static size_t unique(struct matter_key *v, size_t n)
{
	size_t kept = 0;
	if (n)
		qsort(v, n, sizeof *v, by_due);
	for (size_t i = 0; i < n; i++)
		if (!kept || v[kept - 1].id != v[i].id)
			v[kept++] = v[i];
	return kept;
}

static bool holds(const struct matter_key *v, size_t n, struct matter_key k)
{
	return n && bsearch(&k, v, n, sizeof *v, by_due);
}

err work_load(struct ctx *cx, struct work *ret)
{
	struct sorting s = { .cx = cx, .week_end_ms = china_day_end_ms(china_day(cx->now_ms) + 7) };
	TRY(add_party(&s));
	TRY(add_to_verify(&s));
	s.needs.n = unique(s.needs.v, s.needs.n);
	size_t kept = 0;
	for (size_t i = 0; i < s.waiting.n; i++)
		if (!holds(s.needs.v, s.needs.n, s.waiting.v[i]))
			s.waiting.v[kept++] = s.waiting.v[i];
	*ret = (struct work){ s.needs.v, s.waiting.v, s.soon.v,  s.needs.n,
			      kept,      s.soon.n,    s.overdue, s.due_week };
	return ERR_OK;
}

/* ---- the cockpit's sums ---- */

void cockpit_begin(struct cockpit *c, struct arena *a, int64_t now_ms, int64_t level)
{
	int64_t today = china_day(now_ms), monday = today - date_weekday(today);
	int y, m, d;
	date_to_ymd(today, &y, &m, &d);
	*c = (struct cockpit){ .a = a, .now_ms = now_ms, .level = level };
	c->week_end_ms = china_day_end_ms(today + 7);
	c->month_start_ms = china_day_start_ms(date_from_ymd(y, m, 1));
	c->first_week_ms = china_day_start_ms(monday - 7 * (COCKPIT_WEEKS - 1));
}

/* The newest cell is looked at first: rows of a place come together. */
static struct cockpit_cell *cell_of(struct cockpit *c, int64_t region)
{
	for (size_t i = c->ncells; i-- > 0;)
		if (c->cells[i].region == region)
			return &c->cells[i];
	if (c->ncells == c->cells_cap) {
		size_t cap = c->cells_cap ? c->cells_cap * 2 : 16;
		c->cells = arena_grow(c->a, c->cells, c->ncells * sizeof *c->cells, cap * sizeof *c->cells);
		c->cells_cap = cap;
	}
	c->cells[c->ncells] = (struct cockpit_cell){ .region = region };
	return &c->cells[c->ncells++];
}

static void count_state(struct cockpit *c, str state)
{
	for (size_t i = 0; i < c->nstates; i++)
		if (str_eq(c->states[i].id, state)) {
			c->states[i].n++;
			return;
		}
	if (c->nstates == c->states_cap) {
		size_t cap = c->states_cap ? c->states_cap * 2 : 16;
		c->states =
		    arena_grow(c->a, c->states, c->nstates * sizeof *c->states, cap * sizeof *c->states);
		c->states_cap = cap;
	}
	c->states[c->nstates++] = (struct cockpit_state){ arena_str(c->a, state), 1 };
}

void cockpit_add_open(struct cockpit *c, int64_t region, int64_t sectors, str state, int64_t due_ms)
{
	struct cockpit_cell *cell = cell_of(c, region_up(region, (enum region_level)c->level));
	bool overdue = due_ms < c->now_ms;
	c->open++;
	c->overdue += overdue;
	c->due_week += !overdue && due_ms <= c->week_end_ms;
	cell->open++;
	cell->overdue += overdue;
	for (uint64_t rest = (uint64_t)sectors; rest; rest &= rest - 1) {
		int bit = __builtin_ctzll(rest);
		if (bit >= SECTOR_BITS)
			break;
		cell->by_sector_open[bit]++;
		cell->by_sector_overdue[bit] += overdue;
	}
	count_state(c, state);
}

static int64_t week_of(const struct cockpit *c, int64_t ms)
{
	return ms < c->first_week_ms ? -1 : (ms - c->first_week_ms) / (7 * (int64_t)DAY_MS);
}

void cockpit_add_closed(struct cockpit *c, int64_t closed_ms, int64_t due_ms)
{
	int64_t week = week_of(c, closed_ms);
	if (week >= 0 && week < COCKPIT_WEEKS)
		c->closed_at[week]++;
	if (closed_ms < c->month_start_ms)
		return;
	c->closed_month++;
	if (due_ms >= NO_DUE_MS)
		return;
	c->closed_with_due++;
	c->closed_in_time += closed_ms <= due_ms;
}

void cockpit_add_opened(struct cockpit *c, int64_t opened_ms)
{
	int64_t week = week_of(c, opened_ms);
	if (week >= 0 && week < COCKPIT_WEEKS)
		c->opened_at[week]++;
}
