/* What may be done to a matter, and what an act changes: pure rules over the catalog's data. */
#include "loop/workflow.h"

#include <stdio.h>

#include "base/utf8.h"

bool workflow_looks_around(const struct wf_act *act)
{
	if (workflow_has_effect(act, EFFECT_SET_PROGRESS)) /* that of a parent is computed, never typed */
		return true;
	for (size_t i = 0; i < act->nguards; i++) {
		enum guard g = act->guards[i].id;
		if (g == GUARD_HAS_EVIDENCE || g == GUARD_HAS_REPORT || g == GUARD_CHILDREN_CLOSED)
			return true;
	}
	return false;
}

bool workflow_has_effect(const struct wf_act *act, enum effect e)
{
	return act->effects >> e & 1;
}

bool workflow_has_guard(const struct wf_act *act, enum guard g)
{
	for (size_t i = 0; i < act->nguards; i++)
		if (act->guards[i].id == g)
			return true;
	return false;
}

static const char *const grades[] = { "", "general", "major" };

const char *grade_name(enum wf_grade g)
{
	return grades[g];
}

enum wf_grade grade_parse(str s)
{
	return str_eq(s, S("major")) ? GRADE_MAJOR : str_eq(s, S("general")) ? GRADE_GENERAL : GRADE_NONE;
}

str workflow_more(const struct wf_input *in, str name)
{
	for (size_t i = 0; i < in->nmore; i++)
		if (str_eq(in->more[i].name, name))
			return in->more[i].value;
	return (str){ NULL, 0 };
}

/* ---- who ---- */

bool workflow_relates(const struct wf_matter *m, const struct wf_actor *who, enum relation r)
{
	if (r == REL_SYSTEM)
		return who->system;
	if (!who->org)
		return false;
	if (r == REL_LEAD && m->lead_org == who->org)
		return true;
	if (r == REL_ASSIGNER && (m->assigner_org == who->org || who->handles))
		return true;
	if (r == REL_RECEIVER)
		return m->pending.to == who->org;
	if (r == REL_REPORTER)
		return m->reporter != 0 && m->reporter == who->account;
	for (size_t i = 0; i < m->nparties; i++) {
		const struct wf_party *p = &m->parties[i];
		if (p->role == r && p->org == who->org && (!p->person || p->person == who->person))
			return true;
	}
	return false;
}

/* Who has to bring it to an end: the units that may not judge it. */
static bool is_rectifier(const struct wf_matter *m, const struct wf_actor *who)
{
	return workflow_relates(m, who, REL_LEAD) || workflow_relates(m, who, REL_CO);
}

static bool is_reporter(const struct wf_matter *m, const struct wf_actor *who)
{
	return (m->reporter && m->reporter == who->account) ||
	       (m->reporter_org && m->reporter_org == who->org);
}

/* A relation lets somebody act only together with the permission to act at all: an account of the
 * same unit that only reads stays a reader. */
static bool may_act(const struct wf_act *act, const struct wf_matter *m, const struct wf_actor *who)
{
	for (const char *const *p = act->perms; *p; p++)
		if (who->may(who->arg, *p))
			return true;
	for (int r = 0; r < REL_COUNT; r++)
		if (act->who >> r & 1 && workflow_relates(m, who, (enum relation)r))
			return who->system || who->may(who->arg, "matter.act");
	return false;
}

/* ---- guards ---- */

struct trial {
	const struct wf_matter *m;
	const struct wf_actor *who;
	const struct wf_input *in; /* NULL: not known yet */
	int64_t now_ms;
	int64_t day_end;
};

static bool guard_not_party(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !is_rectifier(t->m, t->who);
}

static bool guard_not_reporter(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !is_reporter(t->m, t->who);
}

static bool guard_second_person(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->pending.act < 0 || t->m->pending.by != t->who->account;
}

static bool guard_second_unit(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->pending.act < 0 || t->m->pending.org != t->who->org;
}

static bool guard_has_evidence(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->in || t->in->nfiles || t->m->files;
}

static bool guard_has_report(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->reports > 0;
}

static bool guard_has_due(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->due_ms < NO_DUE_MS;
}

static bool guard_not_expired(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->now_ms <= t->m->due_ms;
}

static bool guard_later(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->in || t->in->due_day == INT64_MIN ||
	       due_instant(t->in->due_day, t->day_end) > t->m->due_ms;
}

static bool guard_quota(const struct trial *t, int64_t arg)
{
	return t->m->extensions < arg;
}

static bool guard_children_closed(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->open_children == 0;
}

static bool guard_graded(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->grade != GRADE_NONE;
}

static bool guard_general(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->grade == GRADE_GENERAL;
}

static bool guard_major(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->grade == GRADE_MAJOR;
}

/* A major hazard has a clause or a recorded expert decision behind it; that the clause was in force is looked
 * up by the caller (Law on Work Safety, Art. 118: the sectors' criteria decide). */
static bool guard_criterion(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->in || grade_parse(workflow_more(t->in, S("grade"))) != GRADE_MAJOR ||
	       str_trim(workflow_more(t->in, S("criterion"))).n || str_trim(workflow_more(t->in, S("expert"))).n;
}

static bool guard_has_lead(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->lead_org || !t->in || t->in->lead;
}

static int64_t given_due(const struct trial *t)
{
	return !t->in || t->in->due_day == INT64_MIN ? INT64_MIN : due_instant(t->in->due_day, t->day_end);
}

static bool guard_within_term(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->in || !t->in->limit_ms || given_due(t) <= t->in->limit_ms;
}

static bool guard_earlier(const struct trial *t, int64_t arg)
{
	(void)arg;
	return given_due(t) <= t->m->due_ms;
}

static bool guard_total_days(const struct trial *t, int64_t arg)
{
	return !t->m->first_due_ms || given_due(t) <= t->m->first_due_ms + arg * DAY_MS;
}

static bool guard_five_elements(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->planned;
}

static bool guard_plan_approved(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->grade != GRADE_MAJOR || t->m->approved;
}

static bool guard_listed(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->listed;
}

static bool guard_not_listed(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->m->listed;
}

static bool guard_listing_unit(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->m->listed || workflow_relates(t->m, t->who, REL_SUPERVISOR);
}

static bool guard_stopped(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->stopped;
}

static bool guard_not_stopped(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->m->stopped;
}

static bool guard_on_site(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->in || t->m->grade != GRADE_MAJOR ||
	       (str_eq(workflow_more(t->in, S("method")), S("on-site")) && t->in->nfiles > 0);
}

static bool guard_verified(const struct trial *t, int64_t arg)
{
	(void)arg;
	return t->m->verifier_org != 0;
}

/* The verifier is kept as a person once it is stored, as an account before. */
static bool guard_not_verifier(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !t->m->verifier || (t->m->verifier != t->who->person && t->m->verifier != t->who->account);
}

static bool guard_notice_elapsed(const struct trial *t, int64_t arg)
{
	return t->m->notice_days >= arg;
}

static bool (*const guards[])(const struct trial *t, int64_t arg) = {
	[GUARD_NOT_PARTY] = guard_not_party,
	[GUARD_NOT_REPORTER] = guard_not_reporter,
	[GUARD_SECOND_PERSON] = guard_second_person,
	[GUARD_SECOND_UNIT] = guard_second_unit,
	[GUARD_HAS_EVIDENCE] = guard_has_evidence,
	[GUARD_HAS_REPORT] = guard_has_report,
	[GUARD_HAS_DUE] = guard_has_due,
	[GUARD_NOT_EXPIRED] = guard_not_expired,
	[GUARD_LATER] = guard_later,
	[GUARD_QUOTA] = guard_quota,
	[GUARD_CHILDREN_CLOSED] = guard_children_closed,
	[GUARD_GRADED] = guard_graded,
	[GUARD_GENERAL] = guard_general,
	[GUARD_MAJOR] = guard_major,
	[GUARD_CRITERION] = guard_criterion,
	[GUARD_HAS_LEAD] = guard_has_lead,
	[GUARD_WITHIN_TERM] = guard_within_term,
	[GUARD_EARLIER] = guard_earlier,
	[GUARD_WITHIN_DUE] = guard_earlier,
	[GUARD_TOTAL_DAYS] = guard_total_days,
	[GUARD_FIVE_ELEMENTS] = guard_five_elements,
	[GUARD_PLAN_APPROVED] = guard_plan_approved,
	[GUARD_LISTED] = guard_listed,
	[GUARD_NOT_LISTED] = guard_not_listed,
	[GUARD_LISTING_UNIT] = guard_listing_unit,
	[GUARD_STOPPED] = guard_stopped,
	[GUARD_NOT_STOPPED] = guard_not_stopped,
	[GUARD_ON_SITE] = guard_on_site,
	[GUARD_VERIFIED] = guard_verified,
	[GUARD_NOT_VERIFIER] = guard_not_verifier,
	[GUARD_NOTICE_ELAPSED] = guard_notice_elapsed,
};

bool workflow_applies(const struct wf_act *act, const struct wf_matter *m)
{
	static const enum guard about[] = { GUARD_GENERAL, GUARD_MAJOR, GUARD_LISTED, GUARD_STOPPED };
	struct trial t = { .m = m };
	for (size_t i = 0; i < COUNT_OF(about); i++)
		if (workflow_has_guard(act, about[i]) && !guards[about[i]](&t, 0))
			return false;
	return true;
}

/* ---- fields ---- */

static err field_missing(const struct wf_field *fd, struct fail *f)
{
	char pointer[64], name[FAIL_TEXT];
	snprintf(pointer, sizeof pointer, "/" STR_FMT, STR_ARG(fd->name));
	snprintf(name, sizeof name, STR_FMT, STR_ARG(fd->name));
	return FAIL(f, BAD_FIELD, pointer, "err.field_required", "name", (const char *)name);
}

static err field_limit(const struct wf_field *fd, struct fail *f)
{
	char pointer[64], max[24];
	snprintf(pointer, sizeof pointer, "/" STR_FMT, STR_ARG(fd->name));
	snprintf(max, sizeof max, "%lld", (long long)fd->max);
	return FAIL(f, BAD_FIELD, pointer, "err.field_limit", "max", (const char *)max);
}

/* The known text fields stand in the input, a kind's own fields in `more`. */
static str text_of(const struct wf_field *fd, const struct wf_input *in)
{
	if (str_eq(fd->name, S("text")))
		return in->text;
	if (str_eq(fd->name, S("period")))
		return in->period;
	return workflow_more(in, fd->name);
}

static bool option_known(str options, str value)
{
	str one;
	while (str_cut(&options, '|', &one))
		if (str_eq(one, value))
			return true;
	return false;
}

static err check_text(const struct wf_field *fd, const struct wf_input *in, struct fail *f)
{
	str s = str_trim(text_of(fd, in));
	int64_t v = 0;
	if (!s.n)
		return fd->required ? field_missing(fd, f) : ERR_OK;
	if (fd->type == FIELD_TEXT && fd->max && utf8_count(s) > (size_t)fd->max)
		return field_limit(fd, f);
	if (fd->type == FIELD_SELECT && !option_known(fd->options, s))
		return field_missing(fd, f);
	if (fd->type == FIELD_NUMBER && (!str_to_i64(s, &v) || (fd->max && v > fd->max)))
		return field_limit(fd, f);
	return ERR_OK;
}

static err check_field(const struct wf_field *fd, const struct wf_input *in, struct fail *f)
{
	bool there = false;
	size_t items = 0;
	switch (fd->type) {
	case FIELD_TEXT:
	case FIELD_SELECT:
	case FIELD_NUMBER:
		return check_text(fd, in, f);
	case FIELD_DATE:
		there = in->due_day != INT64_MIN;
		break;
	case FIELD_PERCENT:
		there = in->percent != INT64_MIN;
		break;
	case FIELD_ORG:
		there = in->lead != 0;
		break;
	case FIELD_PERSON:
		there = in->person != 0;
		break;
	case FIELD_ORGS:
		items = in->nco;
		there = items > 0;
		break;
	case FIELD_FILES:
		items = in->nfiles;
		there = items > 0;
		break;
	case FIELD_COUNT:
		break;
	}
	if (fd->required && !there)
		return field_missing(fd, f);
	if (fd->max && items > (size_t)fd->max)
		return field_limit(fd, f);
	return ERR_OK;
}

static bool takes_more(const struct wf_act *act, str name)
{
	for (size_t i = 0; i < act->nfields; i++) {
		enum field_type t = act->fields[i].type;
		if ((t == FIELD_TEXT || t == FIELD_SELECT || t == FIELD_NUMBER) &&
		    str_eq(act->fields[i].name, name))
			return true;
	}
	return false;
}

static err check_more(const struct wf_act *act, const struct wf_input *in, struct fail *f)
{
	char pointer[40], name[FAIL_TEXT];
	for (size_t i = 0; i < in->nmore; i++) {
		bool twice = workflow_more(in, in->more[i].name).p != in->more[i].value.p;
		if (takes_more(act, in->more[i].name) && !twice)
			continue;
		snprintf(pointer, sizeof pointer, "/more/%zu/name", i);
		snprintf(name, sizeof name, STR_FMT, STR_ARG(utf8_cut(in->more[i].name, 40)));
		return FAIL(f, BAD_FIELD, pointer, "err.field_unknown", "name", (const char *)name);
	}
	return ERR_OK;
}

/* What came but is no field of this act is refused rather than dropped. */
static err check_unknown(const struct wf_act *act, const struct wf_input *in, struct fail *f)
{
	uint64_t takes = 0;
	for (size_t i = 0; i < act->nfields; i++)
		takes |= UINT64_C(1) << act->fields[i].type;
	const struct {
		bool there;
		enum field_type type;
		const char *pointer;
	} came[] = {
		{ in->due_day != INT64_MIN, FIELD_DATE, "/due" },
		{ in->percent != INT64_MIN, FIELD_PERCENT, "/percent" },
		{ in->lead != 0, FIELD_ORG, "/lead" },
		{ in->person != 0, FIELD_PERSON, "/person" },
		{ in->nco > 0, FIELD_ORGS, "/co" },
		{ in->nfiles > 0, FIELD_FILES, "/files" },
	};
	for (size_t i = 0; i < COUNT_OF(came); i++)
		if (came[i].there && !(takes >> came[i].type & 1))
			return FAIL(f, BAD_FIELD, came[i].pointer, "err.field_unknown", "name",
				    came[i].pointer + 1);
	return check_more(act, in, f);
}

static err check_fields(const struct wf_act *act, const struct wf_matter *m, const struct wf_input *in,
			struct fail *f)
{
	for (size_t i = 0; i < act->nfields; i++)
		TRY(check_field(&act->fields[i], in, f));
	TRY(check_unknown(act, in, f));
	/* Progress of a matter with children is what its children add up to. */
	if (workflow_has_effect(act, EFFECT_SET_PROGRESS) && in->percent != INT64_MIN && m->children)
		return FAIL(f, GUARD, "/percent", "err.guard.progress_computed");
	return ERR_OK;
}

/* ---- trying ---- */

static err refuse_guard(const struct wf_guard *g, struct fail *f)
{
	static const struct {
		err code;
		const char *key;
	} says[] = {
#define X(id, name, code, key) [GUARD_##id] = { ERR_##code, key },
		GUARDS(X)
#undef X
	};
	char arg[24];
	snprintf(arg, sizeof arg, "%lld", (long long)g->arg);
	return fail_set(f, says[g->id].code, __FILE__, __LINE__, "/act", says[g->id].key, "n",
			(const char *)arg, NULL);
}

static err refuse_state(const struct workflow *wf, const struct wf_matter *m, struct fail *f)
{
	char state[64], zh[64], en[64];
	const struct wf_state *s = &wf->states[m->state];
	snprintf(state, sizeof state, STR_FMT, STR_ARG(s->id));
	snprintf(zh, sizeof zh, STR_FMT, STR_ARG(utf8_cut(s->zh, 20)));
	snprintf(en, sizeof en, STR_FMT, STR_ARG(utf8_cut(s->en, 40)));
	return FAIL(f, GUARD, "/act", "err.guard.state", "state", (const char *)state, "state_zh",
		    (const char *)zh, "state_en", (const char *)en);
}

err workflow_try(const struct workflow *wf, int act_index, const struct wf_matter *m,
		 const struct wf_actor *who, const struct wf_input *in, int64_t now_ms, struct fail *f)
{
	const struct wf_act *act = &wf->acts[act_index];
	struct trial t = { m, who, in, now_ms, wf->day_end };
	if (in && in->ver != m->ver)
		return FAIL(f, STALE, "/ver", NULL);
	if (!may_act(act, m, who))
		return FAIL(f, FORBIDDEN, "/act", "err.act_who");
	if (!(act->from >> m->state & 1))
		return refuse_state(wf, m, f);
	for (size_t i = 0; i < act->nguards; i++)
		if (!guards[act->guards[i].id](&t, act->guards[i].arg))
			return refuse_guard(&act->guards[i], f);
	return in ? check_fields(act, m, in, f) : ERR_OK;
}

/* ---- applying ---- */

struct change {
	const struct workflow *wf;
	int act;
	const struct wf_actor *who;
	const struct wf_input *in;
	int64_t now_ms;
};

static void effect_none(struct wf_matter *m, const struct change *c)
{
	(void)m;
	(void)c;
}

static void effect_set_lead(struct wf_matter *m, const struct change *c)
{
	if (c->in->lead)
		m->lead_org = c->in->lead;
}

static void effect_set_due(struct wf_matter *m, const struct change *c)
{
	if (c->in->due_day != INT64_MIN)
		m->due_ms = due_instant(c->in->due_day, c->wf->day_end);
}

static void effect_set_progress(struct wf_matter *m, const struct change *c)
{
	if (c->in->percent != INT64_MIN)
		m->progress = c->in->percent;
}

static void effect_report(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->reports++;
}

static void effect_reporter(struct wf_matter *m, const struct change *c)
{
	m->reporter = c->who->account;
	m->reporter_org = c->who->org;
}

static void effect_ask(struct wf_matter *m, const struct change *c)
{
	int64_t due = c->in->due_day == INT64_MIN ? NO_DUE_MS : due_instant(c->in->due_day, c->wf->day_end);
	m->pending = (struct wf_pending){ c->act, c->who->account, c->who->org, due, c->now_ms, c->in->lead };
}

static void effect_grant(struct wf_matter *m, const struct change *c)
{
	(void)c;
	if (m->pending.act < 0 || m->pending.due_ms >= NO_DUE_MS)
		return;
	m->due_ms = m->pending.due_ms;
	m->extensions++;
}

static void effect_drop(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->pending = (struct wf_pending){ .act = -1 };
}

static void effect_verified(struct wf_matter *m, const struct change *c)
{
	m->verifier = c->who->account;
	m->verifier_org = c->who->org;
	m->progress = 100;
}

static void effect_redo(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->verifier = m->verifier_org = 0;
	m->notice_days = NOTICE_NONE;
}

static void effect_close(struct wf_matter *m, const struct change *c)
{
	m->closed_ms = c->now_ms;
}

static void effect_reopen(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->closed_ms = 0;
	m->round++;
	m->extensions = m->reports = m->files = 0;
	m->reporter = m->reporter_org = 0;
	m->verifier = m->verifier_org = 0;
	m->planned = m->approved = false;
	m->first_due_ms = 0;
	m->notice_days = NOTICE_NONE;
}

static void effect_stop_clock(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->held_due_ms = m->due_ms;
	m->due_ms = NO_DUE_MS;
}

static void effect_start_clock(struct wf_matter *m, const struct change *c)
{
	int64_t stood = china_day(c->now_ms) - china_day(m->state_ms);
	m->due_ms = m->held_due_ms < NO_DUE_MS ? m->held_due_ms + stood * DAY_MS : NO_DUE_MS;
	m->held_due_ms = 0;
}

static void effect_set_grade(struct wf_matter *m, const struct change *c)
{
	m->grade = grade_parse(workflow_more(c->in, S("grade")));
	m->approved = false;
}

static void effect_set_term(struct wf_matter *m, const struct change *c)
{
	bool given = c->in->due_day != INT64_MIN;
	m->due_ms = given            ? due_instant(c->in->due_day, c->wf->day_end)
		    : c->in->term_ms ? c->in->term_ms
				     : m->due_ms;
	m->first_due_ms = m->due_ms;
}

/* The five elements (五落实): measures, responsibility, funds, term, emergency plan. */
static void effect_plan(struct wf_matter *m, const struct change *c)
{
	static const char *const words[] = { "measures", "responsible", "funds", "emergency" };
	m->planned = c->in->due_day != INT64_MIN;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		m->planned &= str_trim(workflow_more(c->in, str_of(words[i]))).n > 0;
	m->approved = false;
}

static void effect_approve(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->approved = true;
}

static void effect_unplan(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->approved = false;
}

static void effect_stop_use(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->stopped = true;
}

static void effect_resume_use(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->stopped = false;
}

static void effect_list(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->listed = true;
}

static void effect_delist(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->listed = false;
}

static void effect_take_over(struct wf_matter *m, const struct change *c)
{
	m->assigner_org = c->who->org;
	m->assigner = c->who->account;
}

static void effect_notice(struct wf_matter *m, const struct change *c)
{
	(void)c;
	m->notice_days = 0;
}

/* In the order of the table: what is asked is granted before it is dropped. */
static void (*const effects[])(struct wf_matter *, const struct change *) = {
	[EFFECT_SET_LEAD] = effect_set_lead,
	[EFFECT_SET_DUE] = effect_set_due,
	[EFFECT_SET_PROGRESS] = effect_set_progress,
	[EFFECT_REPORT] = effect_report,
	[EFFECT_REPORTER] = effect_reporter,
	[EFFECT_ASK] = effect_ask,
	[EFFECT_GRANT] = effect_grant,
	[EFFECT_DROP] = effect_drop,
	[EFFECT_VERIFIED] = effect_verified,
	[EFFECT_REDO] = effect_redo,
	[EFFECT_CLOSE] = effect_close,
	[EFFECT_REOPEN] = effect_reopen,
	[EFFECT_STOP_CLOCK] = effect_stop_clock,
	[EFFECT_START_CLOCK] = effect_start_clock,
	[EFFECT_SET_ATTRS] = effect_none,
	[EFFECT_SET_GRADE] = effect_set_grade,
	[EFFECT_SET_TERM] = effect_set_term,
	[EFFECT_PLAN] = effect_plan,
	[EFFECT_APPROVE] = effect_approve,
	[EFFECT_UNPLAN] = effect_unplan,
	[EFFECT_STOP_USE] = effect_stop_use,
	[EFFECT_RESUME_USE] = effect_resume_use,
	[EFFECT_LIST] = effect_list,
	[EFFECT_DELIST] = effect_delist,
	[EFFECT_TAKE_OVER] = effect_take_over,
	[EFFECT_NOTICE] = effect_notice,
	[EFFECT_MERGE] = effect_none,
	[EFFECT_SET_HANDLER] = effect_none,
	[EFFECT_CONTRACTOR] = effect_none,
};

static void move(const struct workflow *wf, const struct wf_act *act, struct wf_matter *m, int64_t now_ms)
{
	if (act->to == WF_SAME)
		return;
	int to = act->to == WF_PREV ? m->prev : act->to;
	m->prev = wf->states[to].side ? m->state : to;
	m->state = to;
	m->state_ms = now_ms;
}

struct wf_matter workflow_apply(const struct workflow *wf, int act_index, const struct wf_matter *m,
				const struct wf_actor *who, const struct wf_input *in, int64_t now_ms)
{
	struct change c = { wf, act_index, who, in, now_ms };
	const struct wf_act *act = &wf->acts[act_index];
	struct wf_matter after = *m;
	for (int e = 0; e < EFFECT_COUNT; e++)
		if (act->effects >> e & 1)
			effects[e](&after, &c);
	after.files += (int64_t)in->nfiles;
	move(wf, act, &after, now_ms);
	after.ver++;
	return after;
}

/* ---- waiting ---- */

bool workflow_waits_for(const struct workflow *wf, const struct wf_matter *m, const struct wf_actor *who)
{
	const struct wf_state *s = &wf->states[m->state];
	if (!s->open)
		return false;
	for (int r = 0; r < REL_COUNT; r++) {
		if (!(s->owners >> r & 1))
			continue;
		if (r == REL_VERIFIER && who->may(who->arg, "matter.verify") && !is_rectifier(m, who) &&
		    !is_reporter(m, who))
			return true;
		if (workflow_relates(m, who, (enum relation)r) && who->may(who->arg, "matter.act"))
			return true;
	}
	return false;
}

int64_t workflow_until_ms(const struct workflow *wf, const struct calendar *c, const struct wf_matter *m)
{
	const struct wf_state *s = &wf->states[m->state];
	if (!s->open || s->term == WF_NONE)
		return NO_DUE_MS;
	if (s->term == WF_DUE)
		return m->due_ms;
	return term_end_ms(c, wf->terms[s->term].term, m->state_ms, wf->day_end);
}
