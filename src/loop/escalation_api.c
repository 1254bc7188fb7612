/* Routes: /api/deadlines, /api/reminders and /api/escalation. */
#include "base/vec.h"
#include "core/app.h"
#include "core/canon.h"
#include "core/duty.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/escalation.h"
#include "loop/escalation_sql.h"
#include "loop/matter_list.h"
#include "loop/routes.h"
#include "loop/work.h"
#include "loop/work_sql.h"

/* ---- the catalog of deadlines ---- */

#define DEADLINE_ROW(F, O, L)                                                                                \
	F(STR, id, REQ)                                                                                      \
	F(STR, kind, REQ)                                                                                    \
	F(STR, step, REQ)                                                                                    \
	F(STR, grade, REQ)                                                                                   \
	F(STRS, sectors, REQ)                                                                                \
	F(STR, objects, REQ)                                                                                 \
	F(I64, amount, REQ)                                                                                  \
	F(STR, unit, REQ)                                                                                    \
	F(I64, max, NUL)                                                                                     \
	F(STR, max_unit, NUL)                                                                                \
	F(I64, until_ms, REQ)                                                                                \
	F(STR, label_zh, REQ)                                                                                \
	F(STR, label_en, REQ)                                                                                \
	F(STR, clause, REQ)                                                                                  \
	F(STR, clause_en, REQ)                                                                               \
	F(STR, source, REQ)                                                                                  \
	F(STR, source_zh, REQ)                                                                               \
	F(STR, certainty, REQ)
JSON_STRUCT(deadline_row, DEADLINE_ROW)
JSON_DEFINE(deadline_row, DEADLINE_ROW)

#define DEADLINES_OUT(F, O, L) L(deadline_row, items, REQ)
JSON_STRUCT(deadlines_out, DEADLINES_OUT)
JSON_DEFINE(deadlines_out, DEADLINES_OUT)

#define DEADLINES_QUERY(F, O, L)                                                                             \
	F(STR, kind, OPT, .max = 40)                                                                         \
	F(DATE, from, OPT)
JSON_STRUCT(deadlines_query, DEADLINES_QUERY)
JSON_DEFINE(deadlines_query, DEADLINES_QUERY)

static struct deadline_row deadline_view(struct ctx *cx, const struct calendar *cal, const struct deadline_rule *r,
					 int64_t from_ms)
{
	return (struct deadline_row){ .id = r->id,
				      .kind = r->kind,
				      .step = r->step,
				      .grade = r->grade,
				      .sectors = sector_ids(cx->a, cx->app->sectors, r->sectors),
				      .objects = r->objects,
				      .amount = r->term.amount,
				      .unit = str_of(term_unit_name(r->term.unit)),
				      .max = r->limit.amount ? r->limit.amount : JSON_NONE,
				      .max_unit = r->limit.amount ? str_of(term_unit_name(r->limit.unit)) : (str){ 0 },
				      .until_ms = term_end_ms(cal, r->term, from_ms, 1440),
				      .label_zh = r->zh,
				      .label_en = r->en,
				      .clause = r->clause,
				      .clause_en = r->clause_en,
				      .source = r->source,
				      .source_zh = r->source_zh,
				      .certainty = r->certainty };
}

/* Every row, and when it would end had it begun on a day. */
static err deadlines(struct req *rq)
{
	const struct deadlines_query *q = rq->query;
	const struct deadline_rules *t = loop_deadlines(rq->cx.app->loop);
	int64_t from_ms = q->from == JSON_NONE ? rq->cx.now_ms : china_day_start_ms(q->from);
	struct deadlines_out out = { 0 };
	struct calendar cal;
	TRY(loop_calendar(&rq->cx, &cal));
	out.items.v = NEW_N(rq->a, struct deadline_row, t->n + 1);
	for (size_t i = 0; i < t->n; i++)
		if (!q->kind.n || str_eq(q->kind, t->v[i].kind))
			out.items.v[out.items.n++] = deadline_view(&rq->cx, &cal, &t->v[i], from_ms);
	return reply_json(rq, &out);
}

/* ---- reminders ---- */

#define REMINDER(F, O, L)                                                                                    \
	F(ENUM, when, REQ, .options = "before|at|after")                                                     \
	F(STR, id, REQ)                                                                                      \
	F(I64, workdays, REQ)                                                                                \
	F(STR, label_zh, REQ)                                                                                \
	F(STR, label_en, REQ)                                                                                \
	F(STR, step, REQ)                                                                                    \
	F(I64, until_ms, REQ)                                                                                \
	F(STR, clause, REQ)                                                                                  \
	F(STR, clause_en, REQ)                                                                               \
	O(matter_item, matter, REQ)
JSON_STRUCT(reminder_out, REMINDER)
JSON_DEFINE(reminder_out, REMINDER)

#define REMINDERS_OUT(F, O, L)                                                                               \
	F(DATE, day, REQ)                                                                                    \
	L(reminder_out, before, REQ)                                                                         \
	L(reminder_out, at, REQ)                                                                             \
	L(reminder_out, after, REQ)
JSON_STRUCT(reminders_out, REMINDERS_OUT)
JSON_DEFINE(reminders_out, REMINDERS_OUT)

#define REMINDERS_QUERY(F, O, L) F(DATE, day, OPT)
JSON_STRUCT(reminders_query, REMINDERS_QUERY)
JSON_DEFINE(reminders_query, REMINDERS_QUERY)

enum { REMINDERS_SHOWN = 200 };

struct reminding {
	struct ctx *cx;
	struct calendar cal;
	int64_t day;
	VEC(struct reminder_out) all;
};

/* A deadline of a matter that falls to the caller: its own, or that of the state it is in. */
static err remind_one(struct reminding *s, int64_t id, str step, int64_t until_ms,
		      const struct deadline_rule *rule)
{
	const struct ladder *l = loop_ladder(s->cx->app->loop);
	const struct ladder_reminder *r = ladder_remind(l, &s->cal, until_ms, s->day);
	struct matter_item *item;
	size_t n;
	if (!r || s->all.n >= REMINDERS_SHOWN)
		return ERR_OK;
	TRY(matter_items_view(s->cx, &id, 1, &item, &n));
	if (n)
		vec_push(s->cx->a, &s->all,
			 ((struct reminder_out){ str_of(ladder_when_name(r->when)), r->id, r->amount, r->zh, r->en, step,
						 until_ms, rule ? rule->clause : S(""), rule ? rule->clause_en : S(""), item }));
	return ERR_OK;
}

static bool does(const struct work_party_row *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].role, S("lead")) || str_eq(v[i].role, S("co")))
			return true;
	return false;
}

static bool owns_state(const struct workflow *wf, int state, const struct work_party_row *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (int r = 0; r < REL_COUNT; r++)
			if (wf->states[state].owners >> r & 1 && str_eq(v[i].role, str_of(relation_name((enum relation)r))))
				return true;
	return false;
}

static err remind_matter(struct reminding *s, const struct work_party_row *v, size_t n,
			 const struct escalation_more_row *m)
{
	const struct workflow *wf = loop_workflow(s->cx->app->loop, v->kind);
	int state = wf ? workflow_state(wf, v->state) : -1;
	const struct deadline_rule *rule = NULL;
	if (state < 0)
		return ERR_OK;
	const struct wf_state *st = &wf->states[state];
	if (does(v, n) || st->term == WF_DUE)
		TRY(remind_one(s, v->id, S("due"), v->due_ms, NULL));
	if (st->term < 0 || !owns_state(wf, state, v, n))
		return ERR_OK;
	struct deadline_case k = { wf->kind,   st->id,	       m->grade, m->object_type.p ? m->object_type : S(""),
				   m->sectors, china_day(m->state_ms) };
	rule = deadline_rule_of(loop_deadlines(s->cx->app->loop), &k);
	struct term t = rule ? rule->term : wf->terms[st->term].term;
	return remind_one(s, v->id, st->id, term_end_ms(&s->cal, t, m->state_ms, wf->day_end), rule);
}

static const struct escalation_more_row *more_of(const struct escalation_more_rows *rows, int64_t id)
{
	size_t lo = 0, hi = rows->n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (rows->v[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < rows->n && rows->v[lo].id == id ? &rows->v[lo] : NULL;
}

static err remind_all(struct reminding *s)
{
	struct work_party_rows rows;
	struct escalation_more_rows more;
	struct db_scope scope = cx_scope(s->cx, S("matter.read"));
	TRY(work_party(s->cx->c, s->cx->a, &(struct work_party_params){ cx_org(s->cx), WORK_MAX }, &scope, &rows));
	int64_t *ids = NEW_N(s->cx->a, int64_t, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		ids[i] = rows.v[i].id;
	TRY(escalation_more(s->cx->c, s->cx->a, &(struct escalation_more_params){ { ids, rows.n } }, &more));
	for (size_t i = 0, n; i < rows.n; i += n) {
		for (n = 1; i + n < rows.n && rows.v[i + n].id == rows.v[i].id;)
			n++;
		const struct escalation_more_row *m = more_of(&more, rows.v[i].id);
		if (m)
			TRY(remind_matter(s, &rows.v[i], n, m));
	}
	return ERR_OK;
}

static void put_reminders(struct reminding *s, const char *when, struct reminder_out **ret, size_t *ret_n)
{
	*ret = NEW_N(s->cx->a, struct reminder_out, s->all.n + 1);
	*ret_n = 0;
	for (size_t i = 0; i < s->all.n; i++)
		if (str_eq(s->all.v[i].when, str_of(when)))
			(*ret)[(*ret_n)++] = s->all.v[i];
}

/* What the caller's unit is reminded of on a day, today unless another is asked for. */
static err reminders(struct req *rq)
{
	const struct reminders_query *q = rq->query;
	struct reminding s = { .cx = &rq->cx, .day = q->day == JSON_NONE ? china_day(rq->cx.now_ms) : q->day };
	struct reminders_out out = { .day = s.day };
	TRY(loop_calendar(&rq->cx, &s.cal));
	if (cx_org(&rq->cx))
		TRY(remind_all(&s));
	put_reminders(&s, "before", &out.before.v, &out.before.n);
	put_reminders(&s, "at", &out.at.v, &out.at.n);
	put_reminders(&s, "after", &out.after.v, &out.after.n);
	return reply_json(rq, &out);
}

/* ---- the ladder ---- */

#define RUNG(F, O, L)                                                                                        \
	F(I64, level, REQ)                                                                                   \
	F(STR, act, REQ)                                                                                     \
	F(STR, label_zh, REQ)                                                                                \
	F(STR, label_en, REQ)
JSON_STRUCT(rung_out, RUNG)
JSON_DEFINE(rung_out, RUNG)

#define RUNG_RULE(F, O, L)                                                                                   \
	F(STR, id, REQ)                                                                                      \
	F(STR, label_zh, REQ)                                                                                \
	F(STR, label_en, REQ)                                                                                \
	F(STR, certainty, REQ)
JSON_STRUCT(rung_rule, RUNG_RULE)
JSON_DEFINE(rung_rule, RUNG_RULE)

#define RUNG_TAKEN(F, O, L)                                                                                  \
	F(STR, act, REQ)                                                                                     \
	F(I64, at_ms, REQ)
JSON_STRUCT(rung_taken, RUNG_TAKEN)
JSON_DEFINE(rung_taken, RUNG_TAKEN)

#define RUNG_TO(F, O, L)                                                                                     \
	F(STR, role, REQ)                                                                                    \
	F(ID, org, NUL)                                                                                      \
	F(STR, org_name, REQ)                                                                                \
	F(STR, org_name_en, REQ)                                                                             \
	F(ID, person, NUL)                                                                                   \
	F(STR, person_name, REQ)                                                                             \
	F(STR, post, REQ)                                                                                    \
	F(STR, post_en, REQ)
JSON_STRUCT(rung_to, RUNG_TO)
JSON_DEFINE(rung_to, RUNG_TO)

#define ESCALATION_ITEM(F, O, L)                                                                             \
	O(matter_item, matter, REQ)                                                                          \
	O(rung_out, rung, REQ)                                                                               \
	O(rung_rule, rule, REQ)                                                                              \
	F(I64, since_ms, REQ)                                                                                \
	L(rung_taken, taken, REQ)                                                                            \
	F(BOOL, todo, REQ)                                                                                   \
	O(rung_to, to, REQ)
JSON_STRUCT(escalation_item, ESCALATION_ITEM)
JSON_DEFINE(escalation_item, ESCALATION_ITEM)

#define ESCALATION_MONTH(F, O, L)                                                                            \
	F(DATE, month, REQ)                                                                                  \
	F(I64, late, REQ)
JSON_STRUCT(escalation_month, ESCALATION_MONTH)
JSON_DEFINE(escalation_month, ESCALATION_MONTH)

#define ESCALATION_UNIT(F, O, L)                                                                             \
	F(ID, org, REQ)                                                                                      \
	F(STR, name, REQ)                                                                                    \
	F(STR, name_en, REQ)                                                                                 \
	L(escalation_month, months, REQ)                                                                     \
	O(rung_out, rung, REQ)                                                                               \
	O(rung_rule, rule, REQ)
JSON_STRUCT(escalation_unit, ESCALATION_UNIT)
JSON_DEFINE(escalation_unit, ESCALATION_UNIT)

#define ESCALATION_OUT(F, O, L)                                                                              \
	L(rung_out, ladder, REQ)                                                                             \
	L(escalation_item, items, REQ, .max = 400)                                                           \
	L(escalation_unit, units, REQ, .max = 5000)                                                          \
	F(STR, next, NUL)
JSON_STRUCT(escalation_out, ESCALATION_OUT)
JSON_DEFINE(escalation_out, ESCALATION_OUT)

#define ESCALATION_QUERY(F, O, L)                                                                            \
	F(STR, region, OPT, .max = 12)                                                                       \
	F(STR, kind, OPT, .max = 40)                                                                         \
	F(STR, rung, OPT, .max = 40)                                                                         \
	F(BOOL, todo, OPT)                                                                                   \
	F(STR, after, OPT, .max = 60)                                                                        \
	F(I64, limit, OPT, .min = 1, .max = 200)
JSON_STRUCT(escalation_query, ESCALATION_QUERY)
JSON_DEFINE(escalation_query, ESCALATION_QUERY)

struct climbing {
	struct ctx *cx;
	const struct escalation_query *q;
	const struct ladder *ladder;
	struct calendar cal;
	struct matter_filter f;
	struct escalation_taken_rows taken;
	VEC(struct escalation_item) items;
};

static struct rung_out *rung_view(struct arena *a, const struct ladder_rung *r)
{
	struct rung_out *out = NEW(a, struct rung_out);
	*out = (struct rung_out){ r->level, r->act, r->zh, r->en };
	return out;
}

static struct rung_rule *rule_view(struct arena *a, const struct ladder_trigger *t)
{
	struct rung_rule *out = NEW(a, struct rung_rule);
	*out = (struct rung_rule){ t->id, t->zh, t->en, t->certainty };
	return out;
}

static str or_empty(str s)
{
	return s.p ? s : S("");
}

/* The leader in charge of the field there; a first leader where nobody is. */
static err leader_of(struct climbing *s, const struct escalation_more_row *m, bool first, struct rung_to *to)
{
	struct duty_rows rows;
	const struct duty_row *best = NULL;
	struct duty_place place = { .region = m->region, .sectors = m->sectors, .object_type = S("") };
	if (!s->cx->app->duty)
		return ERR_OK;
	TRY(duty_of(s->cx, &place, china_day(s->cx->now_ms), &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct duty_row *r = &rows.v[i];
		bool in_charge = r->sector >= 0;
		if (r->line == DUTY_LEADER && r->person && (!best || (in_charge != first && (best->sector >= 0) == first)))
			best = r;
	}
	if (best)
		*to = (struct rung_to){ S("leader"),	  best->org,	      or_empty(best->org_name), or_empty(best->org_name_en),
					best->person,	  or_empty(best->person_name), or_empty(best->post_title),
					or_empty(best->post_title_en) };
	return ERR_OK;
}

static err addressee(struct climbing *s, const struct escalation_more_row *m, const struct ladder_rung *r,
		     struct rung_to **ret)
{
	struct rung_to *to = NEW(s->cx->a, struct rung_to);
	*ret = to;
	*to = (struct rung_to){ S("lead"),  m->lead_org ? m->lead_org : JSON_NONE, or_empty(m->lead_name), or_empty(m->lead_name_en),
				JSON_NONE, S(""), S(""), S("") };
	if (str_eq(r->to, S("accountability")))
		*to = (struct rung_to){ r->to, JSON_NONE, S(""), S(""), JSON_NONE, S(""), S(""), S("") };
	if (str_eq(r->to, S("leader")) || str_eq(r->to, S("first-leader")))
		return leader_of(s, m, str_eq(r->to, S("first-leader")), to);
	return ERR_OK;
}

/* A rung stays in its state; an act of that name that moves a matter on is something else. */
static bool is_rung(struct climbing *s, str kind, str act)
{
	const struct workflow *wf = loop_workflow(s->cx->app->loop, kind);
	int i = wf ? workflow_act(wf, act) : -1;
	return i >= 0 && wf->acts[i].to == WF_SAME;
}

static void taken_view(struct climbing *s, int64_t id, struct escalation_item *it)
{
	it->taken.v = NEW_N(s->cx->a, struct rung_taken, s->taken.n + 1);
	it->todo = true;
	for (size_t i = 0; i < s->taken.n; i++) {
		const struct escalation_taken_row *r = &s->taken.v[i];
		const struct ladder_rung *rung = ladder_rung_of(s->ladder, r->act);
		if (r->matter != id || !is_rung(s, it->matter->kind, r->act))
			continue;
		it->taken.v[it->taken.n++] = (struct rung_taken){ r->act, r->at_ms };
		it->todo &= !(rung && rung->level >= it->rung->level);
	}
}

static struct ladder_fact fact_of(const struct escalation_more_row *m)
{
	str finding = S("");
	(void)!canon_get_plain(m->attrs, "finding", &finding);
	return (struct ladder_fact){ .kind = m->kind,
				     .grade = m->grade,
				     .finding = finding,
				     .listed = m->listed.n > 0,
				     .due_ms = m->due_ms,
				     .relapses = m->round - 1,
				     .round_ms = m->round_ms };
}

static err climb_one(struct climbing *s, const struct matter_item *item, const struct escalation_more_row *m)
{
	struct ladder_fact k = fact_of(m);
	struct escalation_item it = { .matter = NEW(s->cx->a, struct matter_item) };
	const struct ladder_trigger *t = ladder_reached(s->ladder, &s->cal, &k, s->cx->now_ms, &it.since_ms);
	if (!t || (s->q->rung.n && !str_eq(s->q->rung, t->rung->act)))
		return ERR_OK;
	*it.matter = *item;
	it.rung = rung_view(s->cx->a, t->rung);
	it.rule = rule_view(s->cx->a, t);
	taken_view(s, m->id, &it);
	if (s->q->todo && !it.todo)
		return ERR_OK;
	TRY(addressee(s, m, t->rung, &it.to));
	vec_push(s->cx->a, &s->items, it);
	return ERR_OK;
}

static err climb(struct climbing *s, const int64_t *ids, size_t n)
{
	struct escalation_more_rows more;
	struct matter_item *items;
	size_t nitems;
	struct db_ids list = { ids, n };
	TRY(escalation_more(s->cx->c, s->cx->a, &(struct escalation_more_params){ list }, &more));
	TRY(escalation_taken(s->cx->c, s->cx->a, &(struct escalation_taken_params){ list }, &s->taken));
	TRY(matter_items_view(s->cx, ids, n, &items, &nitems));
	for (size_t i = 0; i < nitems; i++) {
		const struct escalation_more_row *m = more_of(&more, items[i].id);
		if (m)
			TRY(climb_one(s, &items[i], m));
	}
	return ERR_OK;
}

/* By deadline, as far as a rung may come before it; on the first page also what came back and is not due yet. */
static err climb_page(struct climbing *s, str *ret_next)
{
	struct matter_key *keys;
	struct escalation_relapsed_rows back = { 0 };
	struct db_scope scope = cx_scope(s->cx, S("matter.read"));
	size_t n, all = 0;
	bool more;
	TRY(matter_keys(s->cx, &s->f, &keys, &n, &more));
	if (!s->q->after.n)
		TRY(escalation_relapsed(s->cx->c, s->cx->a,
					&(struct escalation_relapsed_params){ s->f.to_ms, s->f.lo, s->f.hi, 200 }, &scope, &back));
	int64_t *ids = NEW_N(s->cx->a, int64_t, n + back.n + 1);
	for (size_t i = 0; i < n; i++)
		ids[all++] = keys[i].id;
	for (size_t i = 0; i < back.n; i++)
		ids[all++] = back.v[i].id;
	if (more)
		*ret_next = matter_cursor(s->cx->a, keys[n - 1]);
	return climb(s, ids, all);
}

/* ---- units with bad months ---- */

struct bad_unit {
	int64_t org, late[12];
};

static err count_month(struct climbing *s, int64_t month, int64_t nmonths, struct bad_unit **v, size_t *n)
{
	int y, m, d;
	struct db_scope scope = cx_scope(s->cx, S("matter.read"));
	date_to_ymd(china_day(s->cx->now_ms), &y, &m, &d);
	int64_t index = (int64_t)y * 12 + m - 1 - nmonths + month;
	int64_t first = date_from_ymd((int)(index / 12), (int)(index % 12) + 1, 1),
		last = date_from_ymd((int)((index + 1) / 12), (int)((index + 1) % 12) + 1, 1) - 1;
	static const char *const phases[] = { "open", "closed" };
	for (size_t p = 0; p < COUNT_OF(phases); p++) {
		struct escalation_late_rows rows;
		TRY(escalation_late(s->cx->c, s->cx->a,
				    &(struct escalation_late_params){ str_of(phases[p]), china_day_start_ms(first),
								      china_day_end_ms(last), s->f.lo, s->f.hi },
				    &scope, &rows));
		struct bad_unit *grown = NEW_N(s->cx->a, struct bad_unit, *n + rows.n + 1);
		for (size_t i = 0; i < *n; i++)
			grown[i] = (*v)[i];
		*v = grown;
		for (size_t i = 0; i < rows.n; i++) {
			size_t k = 0;
			while (k < *n && grown[k].org != rows.v[i].org)
				k++;
			if (k == *n)
				grown[(*n)++] = (struct bad_unit){ .org = rows.v[i].org };
			grown[k].late[month] += rows.v[i].n;
		}
	}
	return ERR_OK;
}

static err unit_view(struct climbing *s, const struct ladder_trigger *t, const struct bad_unit *u, struct escalation_out *out)
{
	struct escalation_org_row org;
	struct escalation_unit *it = &out->units.v[out->units.n];
	int y, m, d;
	date_to_ymd(china_day(s->cx->now_ms), &y, &m, &d);
	TRY(escalation_org(s->cx->c, s->cx->a, &(struct escalation_org_params){ u->org }, &org));
	*it = (struct escalation_unit){ .org = u->org, .name = org.name, .name_en = org.name_en,
					.rung = rung_view(s->cx->a, t->rung), .rule = rule_view(s->cx->a, t) };
	it->months.v = NEW_N(s->cx->a, struct escalation_month, (size_t)t->amount + 1);
	for (int64_t i = 0; i < t->amount; i++) {
		int64_t index = (int64_t)y * 12 + m - 1 - t->amount + i;
		it->months.v[it->months.n++] = (struct escalation_month){
			date_from_ymd((int)(index / 12), (int)(index % 12) + 1, 1), u->late[i]
		};
	}
	out->units.n++;
	return ERR_OK;
}

static err units_of(struct climbing *s, const struct ladder_trigger *t, struct escalation_out *out)
{
	struct bad_unit *v = NULL;
	size_t n = 0;
	int64_t least = 1;
	if (t->amount < 1 || t->amount > 12)
		return ERR_OK;
	(void)!str_to_i64(t->word, &least);
	for (int64_t month = 0; month < t->amount; month++)
		TRY(count_month(s, month, t->amount, &v, &n));
	struct escalation_unit *grown = NEW_N(s->cx->a, struct escalation_unit, out->units.n + n + 1);
	for (size_t i = 0; i < out->units.n; i++)
		grown[i] = out->units.v[i];
	out->units.v = grown;
	for (size_t i = 0; i < n; i++) {
		bool bad = true;
		for (int64_t k = 0; k < t->amount; k++)
			bad &= v[i].late[k] >= least;
		if (bad)
			TRY(unit_view(s, t, &v[i], out));
	}
	return ERR_OK;
}

static err escalation(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct climbing s = { .cx = cx, .q = rq->query, .ladder = loop_ladder(cx->app->loop) };
	struct matter_query mq = MATTER_QUERY_NONE;
	struct escalation_out out = { 0 };
	mq.region = s.q->region;
	mq.kind = s.q->kind;
	mq.phase = S("open");
	mq.after = s.q->after;
	mq.limit = s.q->limit == JSON_NONE ? 100 : s.q->limit;
	TRY(loop_calendar(cx, &s.cal));
	TRY(matter_filter_of(cx, &mq, &s.f));
	s.f.to_ms = china_day_end_ms(calendar_add(&s.cal, china_day(cx->now_ms), ladder_before_days(s.ladder)));
	TRY(climb_page(&s, &out.next));
	for (size_t i = 0; i < s.ladder->ntriggers && !s.q->after.n && !s.q->kind.n; i++)
		if (s.ladder->triggers[i].when == LADDER_BAD_MONTHS)
			TRY(units_of(&s, &s.ladder->triggers[i], &out));
	out.ladder.v = NEW_N(rq->a, struct rung_out, s.ladder->nrungs + 1);
	for (size_t i = 0; i < s.ladder->nrungs; i++)
		out.ladder.v[out.ladder.n++] = *rung_view(rq->a, &s.ladder->rungs[i]);
	vec_reserve(rq->a, &s.items, 1);
	out.items.v = s.items.v;
	out.items.n = s.items.n;
	if (!out.units.v)
		out.units.v = NEW(rq->a, struct escalation_unit);
	return reply_json(rq, &out);
}

const struct route escalation_routes[] = {
	{ "GET", "/api/deadlines", deadlines, READ, "matter.read", NULL, deadlines_out_json,
	  "Deadlines by law and practice, with clause and certainty", deadlines_query_json },
	{ "GET", "/api/reminders", reminders, READ, "matter.read", NULL, reminders_out_json,
	  "What the caller's unit is reminded of on a day: before, on and after a deadline", reminders_query_json },
	{ "GET", "/api/escalation", escalation, READ, "matter.read", NULL, escalation_out_json,
	  "Which rung of the ladder each matter and unit has reached, since when and by which row", escalation_query_json },
	{ 0 },
};
