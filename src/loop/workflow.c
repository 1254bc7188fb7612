/* What may be done to a matter, and what an act changes: pure rules over the catalog's data. */
#include "loop/workflow.h"

#include <stdio.h>

#include "base/utf8.h"
#include "loop/workflow_parts.h"

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
bool workflow_rectifies(const struct wf_matter *m, const struct wf_actor *who)
{
	return workflow_relates(m, who, REL_LEAD) || workflow_relates(m, who, REL_CO);
}

bool workflow_reported(const struct wf_matter *m, const struct wf_actor *who)
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
		if (!guard_holds(&act->guards[i], &t))
			return refuse_guard(&act->guards[i], f);
	return in ? fields_check(act, m, in, f) : ERR_OK;
}

/* ---- applying ---- */

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
	effects_apply(&after, &c);
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
		if (r == REL_VERIFIER && who->may(who->arg, "matter.verify") && !workflow_rectifies(m, who) &&
		    !workflow_reported(m, who))
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
