/* What a matter knows beyond a task: grade, plan, use stopped, listing, hand-over, notice, deadlines by law. */
#include <stdio.h>

#include "core/app.h"
#include "core/region.h"
#include "land/object.h"
#include "loop/criteria.h"
#include "loop/matter_doing.h"

/* ---- reading ---- */

static bool has_attr(const struct matter_load_row *r, const char *key)
{
	return canon_get(r->attrs, key).n > 0;
}

/* The public notice: full working days since the day it began. */
static err notice_days(struct ctx *cx, const struct matter_load_row *r, int64_t *ret)
{
	struct calendar cal;
	int64_t from_ms;
	*ret = NOTICE_NONE;
	if (!canon_get_i64(r->attrs, "notice_ms", &from_ms))
		return ERR_OK;
	TRY(loop_calendar(cx, &cal));
	int64_t n = calendar_count(&cal, china_day(from_ms), china_day(cx->now_ms) - 1);
	*ret = n > 0 ? n : 0;
	return ERR_OK;
}

err doing_known(struct ctx *cx, struct matter *x)
{
	const struct matter_load_row *r = &x->row;
	x->m.grade = grade_parse(r->grade);
	x->m.listed = r->listed.n > 0;
	x->m.notice_days = NOTICE_NONE;
	if (r->attrs.n <= 2)
		return ERR_OK;
	x->m.stopped = has_attr(r, "stopped_ms");
	x->m.planned = has_attr(r, "planned_ms");
	x->m.approved = has_attr(r, "approved_ms");
	if (!canon_get_i64(r->attrs, "first_due_ms", &x->m.first_due_ms))
		x->m.first_due_ms = 0;
	return notice_days(cx, r, &x->m.notice_days);
}

/* ---- deadlines ---- */

int64_t matter_until_ms(const struct ctx *cx, const struct calendar *c, const struct matter *x, str object_type,
			const struct deadline_rule **ret_rule)
{
	const struct deadline_rules *rules = loop_deadlines(cx->app->loop);
	const struct wf_state *s = &x->wf->states[x->m.state];
	str by;
	struct deadline_case k = { .kind = x->wf->kind,
				   .step = s->id,
				   .grade = x->row.grade,
				   .object_type = object_type,
				   .sectors = x->row.sectors,
				   .day = china_day(x->m.state_ms) };
	*ret_rule = NULL;
	if (s->open && s->term >= 0)
		*ret_rule = deadline_rule_of(rules, &k);
	else if (s->term == WF_DUE && canon_get_plain(x->row.attrs, "due_rule", &by))
		*ret_rule = deadline_rule_by_id(rules, by);
	if (s->open && s->term >= 0 && *ret_rule)
		return term_end_ms(c, (*ret_rule)->term, x->m.state_ms, x->wf->day_end);
	return workflow_until_ms(x->wf, c, &x->m);
}

/* ---- looking up ---- */

static enum wf_grade grade_after(const struct doing *d)
{
	return workflow_has_effect(d->def, EFFECT_SET_GRADE) ? grade_parse(workflow_more(d->in, S("grade")))
							     : d->x.m.grade;
}

static err look_term(struct doing *d, struct wf_input *given)
{
	struct calendar cal;
	const struct workflow *wf = d->x.wf;
	struct deadline_case k = { .kind = wf->kind,
				   .step = S("rectify"),
				   .grade = str_of(grade_name(grade_after(d))),
				   .object_type = S(""),
				   .sectors = d->x.row.sectors,
				   .day = china_day(d->cx->now_ms) };
	struct object o;
	if (d->x.row.object) {
		TRY(object_load(d->cx, d->x.row.object, &o));
		k.object_type = o.type;
	}
	d->rule = deadline_rule_of(loop_deadlines(d->cx->app->loop), &k);
	if (!d->rule)
		return ERR_OK;
	TRY(loop_calendar(d->cx, &cal));
	given->term_ms = term_end_ms(&cal, d->rule->term, d->cx->now_ms, wf->day_end);
	if (d->rule->limit.amount)
		given->limit_ms = term_end_ms(&cal, d->rule->limit, d->cx->now_ms, wf->day_end);
	return ERR_OK;
}

static err look_criterion(struct doing *d)
{
	const struct criteria *t = d->cx->app->criteria;
	const struct matter_load_row *r = &d->x.row;
	str id = str_trim(workflow_more(d->in, S("criterion"))), cause = str_trim(workflow_more(d->in, S("cause")));
	if (cause.n && !loop_known(d->cx->app->loop, "causes", cause))
		return FAIL(&d->cx->fail, BAD_FIELD, "/cause", "err.found_unknown", "name", arena_cstr(d->cx->a, cause));
	if (!id.n || !t)
		return ERR_OK;
	int64_t day = china_day(r->found_ms ? r->found_ms : r->opened_ms);
	return criteria_grade_check(t, id, day, r->sectors ? r->sectors : -1, &d->cx->fail);
}

/* The other matter goes on: it is open, in the caller's scope and not this one. */
static err look_merge(struct doing *d)
{
	struct matter other;
	int64_t id = 0;
	if (!str_to_i64(str_trim(workflow_more(d->in, S("into"))), &id) || id == d->x.row.id)
		return FAIL(&d->cx->fail, BAD_FIELD, "/into", "err.merge_into");
	err e = matter_get_lean(d->cx, id, &other);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && !other.wf->states[other.m.state].open))
		return FAIL(&d->cx->fail, BAD_FIELD, "/into", "err.merge_into");
	return e;
}

static err look_handler(struct doing *d)
{
	str text = str_trim(workflow_more(d->in, S("region")));
	int64_t code = 0;
	struct matter_region_known_row known;
	err e = str_to_i64(text, &code) && region_valid(code)
		    ? matter_region_known(d->cx->c, d->cx->a, &(struct matter_region_known_params){ code }, &known)
		    : ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND)
		return FAIL(&d->cx->fail, BAD_FIELD, "/region", "err.region_unknown", "code",
			    arena_cstr(d->cx->a, text));
	return e;
}

err doing_lookup(struct doing *d, struct wf_input *given)
{
	if (workflow_has_effect(d->def, EFFECT_SET_TERM))
		TRY(look_term(d, given));
	if (workflow_has_effect(d->def, EFFECT_SET_GRADE))
		TRY(look_criterion(d));
	if (workflow_has_effect(d->def, EFFECT_MERGE))
		TRY(look_merge(d));
	return workflow_has_effect(d->def, EFFECT_SET_HANDLER) ? look_handler(d) : ERR_OK;
}

/* ---- the kind's own fields ---- */

/* What the program itself keeps among them. */
static const char *const own_words[] = { "stopped_ms", "planned_ms", "approved_ms", "first_due_ms",
					 "notice_ms",  "due_rule",   "plan_due" };

static bool is_own(str key)
{
	for (size_t i = 0; i < COUNT_OF(own_words); i++)
		if (str_eq(key, str_of(own_words[i])))
			return true;
	return false;
}

static bool said_now(const struct doing *d, str key)
{
	return workflow_has_effect(d->def, EFFECT_SET_ATTRS) && !str_is_null(workflow_more(d->in, key));
}

static void keep_ms(const struct doing *d, struct canon *c, const char *key, bool was, bool is)
{
	int64_t ms = d->cx->now_ms;
	if (was)
		(void)!canon_get_i64(d->x.row.attrs, key, &ms);
	if (is)
		canon_i64(c, key, ms);
}

static void keep_rule(const struct doing *d, struct canon *c)
{
	str rule;
	if (d->rule)
		canon_str(c, "due_rule", d->rule->id);
	else if (d->after.first_due_ms && canon_get_plain(d->x.row.attrs, "due_rule", &rule))
		canon_str(c, "due_rule", rule);
}

static void keep_plan_due(const struct doing *d, struct canon *c)
{
	char day[11];
	str old;
	if (workflow_has_effect(d->def, EFFECT_PLAN) && d->in->due_day != INT64_MIN) {
		date_format(d->in->due_day, day);
		canon_str(c, "plan_due", str_of(day));
	} else if (canon_get_plain(d->x.row.attrs, "plan_due", &old)) {
		canon_str(c, "plan_due", old);
	}
}

static bool changes_attrs(const struct doing *d)
{
	const struct wf_matter *a = &d->x.m, *b = &d->after;
	return workflow_has_effect(d->def, EFFECT_SET_ATTRS) || workflow_has_effect(d->def, EFFECT_PLAN) ||
	       workflow_has_effect(d->def, EFFECT_SET_TERM) || a->stopped != b->stopped || a->planned != b->planned ||
	       a->approved != b->approved || a->first_due_ms != b->first_due_ms || a->notice_days != b->notice_days;
}

/* Fields given now take the place of older ones of the same name; the others stay. */
str doing_attrs(const struct doing *d)
{
	struct canon c;
	str key, value;
	bool begins = workflow_has_effect(d->def, EFFECT_NOTICE);
	if (!changes_attrs(d))
		return d->x.row.attrs;
	canon_begin(&c, d->cx->a);
	for (size_t at = 0; canon_next(d->x.row.attrs, &at, &key, &value);)
		if (!is_own(key) && !said_now(d, key))
			canon_raw(&c, arena_cstr(d->cx->a, key), value);
	for (size_t i = 0; i < d->in->nmore && workflow_has_effect(d->def, EFFECT_SET_ATTRS); i++)
		if (str_trim(d->in->more[i].value).n)
			canon_str(&c, arena_cstr(d->cx->a, d->in->more[i].name), d->in->more[i].value);
	keep_ms(d, &c, "stopped_ms", d->x.m.stopped, d->after.stopped);
	keep_ms(d, &c, "planned_ms", false, d->after.planned);
	keep_ms(d, &c, "approved_ms", d->x.m.approved, d->after.approved);
	keep_ms(d, &c, "notice_ms", !begins, d->after.notice_days != NOTICE_NONE);
	if (d->after.first_due_ms)
		canon_i64(&c, "first_due_ms", d->after.first_due_ms);
	keep_rule(d, &c);
	keep_plan_due(d, &c);
	return canon_end(&c);
}

/* ---- columns ---- */

static str or_row(bool given, str value, str otherwise)
{
	return given ? value.p ? str_trim(value) : S("") : otherwise;
}

/* Does the act change one of the columns that only such matters have? */
static bool touches(const struct doing *d)
{
	static const enum effect all[] = { EFFECT_SET_GRADE, EFFECT_LIST,        EFFECT_DELIST,
					   EFFECT_TAKE_OVER, EFFECT_SET_HANDLER, EFFECT_CONTRACTOR };
	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (workflow_has_effect(d->def, all[i]))
			return true;
	return false;
}

static str listed_after(const struct doing *d)
{
	if (workflow_has_effect(d->def, EFFECT_DELIST))
		return S("");
	return or_row(workflow_has_effect(d->def, EFFECT_LIST), workflow_more(d->in, S("level")), d->x.row.listed);
}

int64_t doing_handler(const struct doing *d)
{
	int64_t to = d->x.row.handler_region;
	if (workflow_has_effect(d->def, EFFECT_SET_HANDLER))
		(void)!str_to_i64(str_trim(workflow_more(d->in, S("region"))), &to);
	return to;
}

static err write_columns(struct doing *d)
{
	const struct matter_load_row *r = &d->x.row;
	bool graded = workflow_has_effect(d->def, EFFECT_SET_GRADE);
	str cause = workflow_more(d->in, S("cause"));
	return matter_found_update(
	    d->cx->c,
	    &(struct matter_found_update_params){
		.region = r->region,
		.id = r->id,
		.grade = str_of(grade_name(d->after.grade)),
		.criterion = or_row(graded, workflow_more(d->in, S("criterion")), r->criterion),
		.cause = or_row(graded && str_trim(cause).n, cause, r->cause),
		.listed = listed_after(d),
		.contractor = workflow_has_effect(d->def, EFFECT_CONTRACTOR) ? d->in->lead : r->contractor,
		.handler_region = doing_handler(d),
		.assigner_org = d->after.assigner_org,
		.assigner = d->after.assigner },
	    NULL);
}

/* ---- parties ---- */

/* Opens the matter to the territory that handles it from now on, and puts it on the desk of its township. */
static err hand_over(struct doing *d)
{
	struct matter_units_of_rows units;
	int64_t to = doing_handler(d);
	TRY(matter_party_undo(d->cx->c, &(struct matter_party_undo_params){ d->x.row.region, d->x.row.id, d->def->id }, NULL));
	if (to == d->x.row.region)
		return ERR_OK;
	TRY(grant_hand_over(d->cx, d->x.row.region, to));
	TRY(matter_units_of(d->cx->c, d->cx->a, &(struct matter_units_of_params){ to, china_day(d->cx->now_ms) }, &units));
	for (size_t i = 0; i < units.n; i++)
		if (units.v[i].id != d->after.assigner_org)
			TRY(doing_put_party(d, units.v[i].id, REL_ASSIGNER, 0));
	return ERR_OK;
}

static err write_parties_found(struct doing *d)
{
	if (workflow_has_effect(d->def, EFFECT_LIST))
		TRY(doing_put_party(d, cx_org(d->cx), REL_SUPERVISOR, 0));
	if (workflow_has_effect(d->def, EFFECT_DELIST))
		TRY(doing_drop_parties(d, REL_SUPERVISOR));
	if (workflow_has_effect(d->def, EFFECT_SET_HANDLER))
		TRY(hand_over(d));
	if (d->x.m.pending.to && !d->after.pending.to)
		TRY(doing_drop_parties(d, REL_RECEIVER));
	if (d->after.pending.to && !d->x.m.pending.to)
		TRY(doing_put_party(d, d->after.pending.to, REL_RECEIVER, 0));
	if (!workflow_has_effect(d->def, EFFECT_TAKE_OVER))
		return ERR_OK;
	TRY(doing_drop_parties(d, REL_ASSIGNER));
	return doing_put_party(d, d->after.assigner_org, REL_ASSIGNER, 0);
}

err doing_found(struct doing *d)
{
	if (touches(d))
		TRY(write_columns(d));
	return write_parties_found(d);
}

/* ---- the event ---- */

/* What figures are counted from stands in the event in the clear. */
void doing_event(const struct doing *d, struct canon *c)
{
	if (workflow_has_effect(d->def, EFFECT_SET_GRADE)) {
		canon_str(c, "grade", str_of(grade_name(d->after.grade)));
		canon_str(c, "criterion", or_row(true, workflow_more(d->in, S("criterion")), S("")));
		canon_str(c, "cause", or_row(true, workflow_more(d->in, S("cause")), S("")));
	}
	if (workflow_has_effect(d->def, EFFECT_LIST))
		canon_str(c, "listed", listed_after(d));
	if (workflow_has_effect(d->def, EFFECT_SET_HANDLER))
		canon_str(c, "handler", str_trim(workflow_more(d->in, S("region"))));
	if (workflow_has_effect(d->def, EFFECT_MERGE))
		canon_str(c, "into", str_trim(workflow_more(d->in, S("into"))));
	if (d->rule)
		canon_str(c, "due_rule", d->rule->id);
}
