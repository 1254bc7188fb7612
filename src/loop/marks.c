/* Marks of a matter: put together, and those that its course of events gives. */
#include "loop/marks.h"

#include <math.h>
#include <stdio.h>

#include "core/app.h"
#include "core/canon.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "loop/marks_parts.h"

enum { MINUTE_MS = 60 * 1000, PARENTS_MAX = 8 };

JSON_DEFINE(mark_other, MARK_OTHER)
JSON_DEFINE(mark_decision, MARK_DECISION)
JSON_DEFINE(matter_mark, MATTER_MARK)

/* ---- one mark ---- */

bool mark_begin(struct marking *m, enum mark_kind kind)
{
	canon_begin(&m->values, m->cx->a);
	return mark_rule(m->rules, kind)->on;
}

static struct mark_decision *decision_of(const struct marking *m, str key)
{
	for (size_t i = 0; i < m->decisions.n; i++) {
		const struct mark_decisions_row *d = &m->decisions.v[i];
		struct mark_decision *out;
		if (!str_eq(d->mark, key))
			continue;
		out = NEW(m->cx->a, struct mark_decision);
		*out = (struct mark_decision){ d->decision, d->body, d->person_name.p ? d->person_name : S(""), d->at_ms };
		return out;
	}
	return NULL;
}

void mark_end(struct marking *m, enum mark_kind kind, int64_t number, int64_t file, const struct mark_other *other, str text)
{
	struct arena *a = m->cx->a;
	const struct mark_rule *r = mark_rule(m->rules, kind);
	struct mark_other *copy = other ? NEW(a, struct mark_other) : NULL;
	struct matter_mark out = { .key = arena_printf(a, STR_FMT ".%lld", STR_ARG(r->id), (long long)number),
				   .kind = r->id,
				   .label = str_starts(m->cx->lang, S("en")) ? r->en : r->zh,
				   .text = text,
				   .weight = r->weight,
				   .file = file ? file : JSON_NONE,
				   .other = copy,
				   .values = canon_end(&m->values) };
	if (copy)
		*copy = *other;
	out.decision = decision_of(m, out.key);
	vec_push(a, &m->out, out);
}

const char *mark_num(struct marking *m, double v)
{
	return arena_printf(m->cx->a, "%.10g", v).p;
}

const char *mark_day(struct marking *m, int64_t ms)
{
	char text[26];
	time_format_china(ms, text);
	text[10] = ' ';
	return arena_printf(m->cx->a, "%.16s", text).p;
}

double mark_p(const struct marking *m, enum mark_param p)
{
	return mark_param(m->rules, p);
}

bool mark_rectifier(const struct marking *m, int64_t org)
{
	if (org == DB_NONE || !org)
		return false;
	for (size_t i = 0; i < m->x->m.nparties; i++) {
		const struct wf_party *p = &m->x->m.parties[i];
		if (p->org == org && (p->role == REL_LEAD || p->role == REL_CO))
			return true;
	}
	return org == m->x->row.contractor;
}

int mark_act(const struct marking *m, str kind)
{
	return str_starts(kind, S("matter.")) ? workflow_act(m->x->wf, str_sub(kind, 7, kind.n)) : -1;
}

static bool event_has(const struct marking *m, size_t i, enum effect e)
{
	int act = mark_act(m, m->events.v[i].kind);
	return act >= 0 && workflow_has_effect(&m->x->wf->acts[act], e);
}

/* ---- verified so quickly that nobody can have looked ---- */

static void mark_quick(struct marking *m)
{
	int64_t asked_ms = 0;
	for (size_t i = 0; i < m->events.n; i++) {
		const struct mark_events_row *e = &m->events.v[i];
		if (event_has(m, i, EFFECT_REPORTER))
			asked_ms = e->at_ms;
		if (!event_has(m, i, EFFECT_VERIFIED) || !asked_ms)
			continue;
		double minutes = (double)(e->at_ms - asked_ms) / MINUTE_MS;
		asked_ms = 0;
		if (minutes >= mark_p(m, MARK_P_QUICK_MINUTES) || !mark_begin(m, MARK_QUICK))
			continue;
		canon_i64(&m->values, "minutes", (int64_t)round(minutes));
		mark_end(m, MARK_QUICK, e->seq, 0, NULL,
			 i18n_say(m->cx->a, m->cx->lang, "mark.quick", "minutes", mark_num(m, round(minutes)), NULL));
	}
}

/* ---- the deadline put off at the last moment ---- */

static void mark_deadline(struct marking *m)
{
	int64_t due = NO_DUE_MS;
	for (size_t i = 0; i < m->events.n; i++) {
		const struct mark_events_row *e = &m->events.v[i];
		int64_t now_due, old = due;
		if (!canon_get_i64(canon_get(e->body, "data"), "due", &now_due))
			continue;
		due = now_due;
		bool moved = (event_has(m, i, EFFECT_SET_DUE) || event_has(m, i, EFFECT_GRANT)) && !event_has(m, i, EFFECT_REOPEN);
		double days = (double)(old - e->at_ms) / DAY_MS;
		if (!moved || old >= NO_DUE_MS || due <= old || days > mark_p(m, MARK_P_DEADLINE_DAYS) || !mark_begin(m, MARK_DEADLINE))
			continue;
		canon_i64(&m->values, "old_ms", old);
		canon_i64(&m->values, "new_ms", due);
		mark_end(m, MARK_DEADLINE, e->seq, 0, NULL,
			 i18n_say(m->cx->a, m->cx->lang, days < 0 ? "mark.deadline_past" : "mark.deadline_near", "at", mark_day(m, e->at_ms),
				  "old", mark_day(m, old), "new", mark_day(m, due), NULL));
	}
}

/* ---- who verified ---- */

static err mark_verifier(struct marking *m)
{
	struct ctx *cx = m->cx;
	struct mark_org_row first = { 0 }, o;
	int64_t org = m->x->m.verifier_org;
	for (int depth = 0; org && depth < PARENTS_MAX; depth++) {
		err e = mark_org(cx->c, cx->a, &(struct mark_org_params){ org }, &o);
		if (e != ERR_OK)
			return e == ERR_NOT_FOUND ? ERR_OK : e;
		if (!depth)
			first = o;
		if (mark_rectifier(m, org) && mark_begin(m, MARK_VERIFIER)) {
			bool en = str_starts(cx->lang, S("en"));
			canon_i64(&m->values, "steps", depth);
			mark_end(m, MARK_VERIFIER, m->x->row.round, 0, NULL,
				 i18n_say(cx->a, cx->lang, depth ? "mark.verifier_below" : "mark.verifier_same", "verifier",
					  arena_cstr(cx->a, en ? first.name_en : first.name), "unit",
					  arena_cstr(cx->a, en ? o.name_en : o.name), NULL));
			return ERR_OK;
		}
		org = o.parent;
	}
	return ERR_OK;
}

/* ---- closed with many others before the month ended ---- */

static err closed_between(struct marking *m, int64_t from_day, int64_t to_day, int64_t *ret)
{
	struct mark_closed_count_row n;
	struct mark_closed_count_params p = { m->x->row.lead_org, china_day_start_ms(from_day), china_day_start_ms(to_day) };
	TRY(mark_closed_count(m->cx->c, m->cx->a, &p, &n));
	*ret = n.n;
	return ERR_OK;
}

static err mark_batch(struct marking *m)
{
	int y, mo, d;
	int64_t late, all, closed = m->x->row.closed_ms;
	if (closed == DB_NONE || !m->x->row.lead_org || !m->x->wf->states[m->x->m.state].done)
		return ERR_OK;
	int64_t day = china_day(closed), days = (int64_t)mark_p(m, MARK_P_BATCH_DAYS);
	date_to_ymd(day, &y, &mo, &d);
	int64_t first = day - d + 1, next = first + date_month_days(y, mo);
	if (day < next - days)
		return ERR_OK;
	TRY(closed_between(m, next - days, next, &late));
	if ((double)late < mark_p(m, MARK_P_BATCH_MATTERS))
		return ERR_OK;
	TRY(closed_between(m, first, next, &all));
	if ((double)late < mark_p(m, MARK_P_BATCH_SHARE) * (double)all || !mark_begin(m, MARK_BATCH))
		return ERR_OK;
	canon_i64(&m->values, "matters", late);
	canon_i64(&m->values, "month", all);
	mark_end(m, MARK_BATCH, m->x->row.round, 0, NULL,
		 i18n_say(m->cx->a, m->cx->lang, "mark.batch", "n", mark_num(m, (double)late), "all", mark_num(m, (double)all), "days",
			  mark_num(m, (double)days), NULL));
	return ERR_OK;
}

err marks_course(struct marking *m)
{
	mark_quick(m);
	mark_deadline(m);
	TRY(mark_verifier(m));
	return mark_batch(m);
}

/* ---- all of them ---- */

err marks_of(struct ctx *cx, const struct matter *x, struct mark_list *ret)
{
	struct marking m = { .cx = cx, .x = x, .rules = cx->app->marks };
	*ret = (struct mark_list){ NEW(cx->a, struct matter_mark), 0 };
	if (!m.rules)
		return ERR_OK;
	TRY(mark_events(cx->c, cx->a, &(struct mark_events_params){ x->row.region, ledger_subject(cx, "matter", x->row.id) }, &m.events));
	TRY(mark_decisions(cx->c, cx->a, &(struct mark_decisions_params){ x->row.region, x->row.id }, &m.decisions));
	TRY(marks_photos(&m));
	TRY(marks_texts(&m));
	TRY(marks_course(&m));
	if (m.out.n)
		*ret = (struct mark_list){ m.out.v, m.out.n };
	return ERR_OK;
}

/* ---- deciding ---- */

static const struct matter_mark *find_mark(const struct mark_list *l, str key)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i].key, key))
			return &l->v[i];
	return NULL;
}

static bool rectifies(const struct matter *x, int64_t org)
{
	for (size_t i = 0; i < x->m.nparties; i++)
		if (x->m.parties[i].org == org && (x->m.parties[i].role == REL_LEAD || x->m.parties[i].role == REL_CO))
			return true;
	return org == x->row.contractor;
}

static err check_decider(struct ctx *cx, const struct matter *x)
{
	if (!cx_allowed(cx, S("matter.verify"), &x->access))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.act_who");
	if (cx_org(cx) && rectifies(x, cx_org(cx)))
		return FAIL(&cx->fail, SEPARATION, "", "err.mark_party");
	return ERR_OK;
}

static err write_decision(struct ctx *cx, const struct matter *x, const struct mark_verdict *in, const struct matter_mark *mark)
{
	unsigned char bytes[16];
	struct canon c;
	int64_t seq;
	random_bytes(bytes, sizeof bytes);
	str salt = { (const char *)bytes, sizeof bytes };
	canon_begin(&c, cx->a);
	canon_str(&c, "mark", in->mark);
	canon_str(&c, "decision", in->decision);
	canon_raw(&c, "values", mark->values); /* the numbers that were decided on */
	canon_str(&c, "text", commitment(cx->a, salt, in->text));
	if (cx_org(cx))
		canon_id(&c, "org", cx_org(cx));
	TRY(ledger_append(cx, x->row.region, "mark.decide", ledger_subject(cx, "matter", in->matter), canon_end(&c), &seq));
	return mark_decision_put(cx->c,
				 &(struct mark_decision_put_params){ x->row.region, in->matter, in->mark, in->decision, in->text, salt,
								     cx_account(cx), cx->now_ms, seq },
				 NULL);
}

err marks_decide(struct ctx *cx, const struct mark_verdict *in, struct matter_mark *ret)
{
	struct matter x;
	struct mark_list list;
	TRY(matter_get(cx, in->matter, &x));
	TRY(check_decider(cx, &x));
	TRY(marks_of(cx, &x, &list));
	const struct matter_mark *mark = find_mark(&list, in->mark);
	if (!mark)
		return FAIL(&cx->fail, CONFLICT, "/mark", "err.mark_gone");
	TRY(write_decision(cx, &x, in, mark));
	TRY(marks_of(cx, &x, &list));
	mark = find_mark(&list, in->mark);
	if (!mark)
		return FAIL(&cx->fail, INTERNAL, "", NULL);
	*ret = *mark;
	return ERR_OK;
}
