/* What may be done to a matter, and what an act changes: pure rules over the catalog's data. */
#include "loop/workflow.h"

#include <stdio.h>

#include "base/utf8.h"

bool workflow_has_effect(const struct wf_act *act, enum effect e)
{
	return act->effects >> e & 1;
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
	if (r == REL_ASSIGNER && m->assigner_org == who->org)
		return true;
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
};

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

static str more_value(const struct wf_input *in, str name)
{
	for (size_t i = 0; i < in->nmore; i++)
		if (str_eq(in->more[i].name, name))
			return in->more[i].value;
	return (str){ NULL, 0 };
}

/* The known text fields stand in the input, a kind's own fields in `more`. */
static str text_of(const struct wf_field *fd, const struct wf_input *in)
{
	if (str_eq(fd->name, S("text")))
		return in->text;
	if (str_eq(fd->name, S("period")))
		return in->period;
	return more_value(in, fd->name);
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
	return ERR_OK;
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
	m->pending = (struct wf_pending){ c->act, c->who->account, c->who->org, due, c->now_ms };
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
