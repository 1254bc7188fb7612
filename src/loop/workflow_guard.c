/* The guards of acts: whether a matter, an actor and what came in allow it. */
#include "loop/workflow_parts.h"

static bool guard_not_party(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !workflow_rectifies(t->m, t->who);
}

static bool guard_not_reporter(const struct trial *t, int64_t arg)
{
	(void)arg;
	return !workflow_reported(t->m, t->who);
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

bool guard_holds(const struct wf_guard *g, const struct trial *t)
{
	return guards[g->id](t, g->arg);
}

bool workflow_applies(const struct wf_act *act, const struct wf_matter *m)
{
	static const enum guard about[] = { GUARD_GENERAL, GUARD_MAJOR, GUARD_LISTED, GUARD_STOPPED };
	struct trial t = { .m = m };
	for (size_t i = 0; i < COUNT_OF(about); i++)
		if (workflow_has_guard(act, about[i]) && !guards[about[i]](&t, 0))
			return false;
	return true;
}
