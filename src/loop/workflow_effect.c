/* The effects of acts: what they change in a matter. */
#include "loop/workflow_parts.h"

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
	m->progress = 0;
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

void effects_apply(struct wf_matter *m, const struct change *c)
{
	uint64_t which = c->wf->acts[c->act].effects;
	for (int e = 0; e < EFFECT_COUNT; e++)
		if (which >> e & 1)
			effects[e](m, c);
}
