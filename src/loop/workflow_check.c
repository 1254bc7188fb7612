/* What must hold for any workflow, whatever its data says. */
#include "loop/workflow.h"

struct check {
	const struct workflow *wf;
	struct buf *out;
	size_t faults;
};

static void fault(struct check *k, const char *what, str who)
{
	buf_printf(k->out, "%s: " STR_FMT "\n", what, STR_ARG(who));
	k->faults++;
}

static bool has_guard(const struct wf_act *act, enum guard g)
{
	for (size_t i = 0; i < act->nguards; i++)
		if (act->guards[i].id == g)
			return true;
	return false;
}

static uint64_t bit(int state)
{
	return UINT64_C(1) << state;
}

/* ---- where acts lead: state × state before × "verified in this round" ---- */

struct place {
	unsigned char state, prev, verified;
};
enum { PLACES = (WF_STATES + 1) * (WF_STATES + 1) * 2 };

struct space {
	bool seen[PLACES];
	struct place queue[PLACES];
	size_t head, tail;
};

static size_t place_index(struct place p)
{
	return ((size_t)p.state * (WF_STATES + 1) + p.prev) * 2 + p.verified;
}

static void visit(struct space *sp, struct place p)
{
	size_t i = place_index(p);
	if (sp->seen[i])
		return;
	sp->seen[i] = true;
	sp->queue[sp->tail++] = p;
}

static struct place follow(const struct workflow *wf, const struct wf_act *act, struct place p)
{
	struct place q = p;
	if (act->to != WF_SAME) {
		q.state = (unsigned char)(act->to == WF_PREV ? p.prev : act->to);
		q.prev = wf->states[q.state].side ? p.state : q.state;
	}
	if (workflow_has_effect(act, EFFECT_VERIFIED))
		q.verified = 1;
	if (workflow_has_effect(act, EFFECT_REDO) || workflow_has_effect(act, EFFECT_REOPEN))
		q.verified = 0;
	return q;
}

static void explore(const struct workflow *wf, struct space *sp)
{
	visit(sp, (struct place){ (unsigned char)wf->initial, (unsigned char)wf->initial, 0 });
	while (sp->head < sp->tail) {
		struct place p = sp->queue[sp->head++];
		for (size_t i = 0; i < wf->nacts; i++)
			if (wf->acts[i].from & bit(p.state))
				visit(sp, follow(wf, &wf->acts[i], p));
	}
}

static void check_reach(struct check *k, const struct space *sp)
{
	uint64_t reached = 0;
	for (size_t i = 0; i < sp->tail; i++) {
		struct place p = sp->queue[i];
		reached |= bit(p.state);
		if (k->wf->states[p.state].done && !p.verified) {
			fault(k, "ends well without verification", k->wf->states[p.state].id);
			break;
		}
	}
	for (size_t s = 0; s < k->wf->nstates; s++)
		if (!(reached & bit((int)s)))
			fault(k, "cannot be reached", k->wf->states[s].id);
}

/* Places from which a closed state can be reached, by going backwards until nothing is added. */
static void check_ways_out(struct check *k, const struct space *sp)
{
	const struct workflow *wf = k->wf;
	uint64_t ends = 0, before = 1;
	for (size_t s = 0; s < wf->nstates; s++)
		if (!wf->states[s].open)
			ends |= bit((int)s);
	while (before != ends) {
		before = ends;
		for (size_t i = 0; i < sp->tail; i++)
			for (size_t a = 0; a < wf->nacts; a++)
				if (wf->acts[a].from & bit(sp->queue[i].state) &&
				    ends & bit(follow(wf, &wf->acts[a], sp->queue[i]).state))
					ends |= bit(sp->queue[i].state);
	}
	for (size_t s = 0; s < wf->nstates; s++)
		if (!(ends & bit((int)s)))
			fault(k, "has no way out", wf->states[s].id);
}

/* ---- states ---- */

static void check_states(struct check *k)
{
	const struct workflow *wf = k->wf;
	bool closes = false;
	for (size_t i = 0; i < wf->nstates; i++) {
		const struct wf_state *s = &wf->states[i];
		closes |= s->done;
		if (!s->zh.n || !s->en.n)
			fault(k, "has no label in both languages", s->id);
		if (s->open && !s->owners)
			fault(k, "is open and has no owner", s->id);
		if (!s->open && (s->owners || s->initial || s->side))
			fault(k, "is closed and cannot wait for anybody", s->id);
		if (s->open && s->done)
			fault(k, "is open and cannot be done", s->id);
		for (int r = 0; r < REL_COUNT; r++)
			if (s->owners >> r & 1 && (!wf->roles[r].zh.n || !wf->roles[r].en.n))
				fault(k, "has an owner without label", s->id);
	}
	if (!closes)
		fault(k, "no state is the good end", wf->kind);
}

/* ---- acts ---- */

static uint64_t targets(const struct workflow *wf, const struct wf_act *act)
{
	uint64_t to = 0;
	if (act->to >= 0)
		return bit(act->to);
	if (act->to == WF_SAME)
		return act->from;
	for (size_t s = 0; s < wf->nstates; s++) /* back to whatever may lead into the detour */
		if (wf->states[s].open && !wf->states[s].side)
			to |= bit((int)s);
	return to;
}

static uint64_t states_with(const struct workflow *wf, bool open)
{
	uint64_t m = 0;
	for (size_t s = 0; s < wf->nstates; s++)
		if (wf->states[s].open == open)
			m |= bit((int)s);
	return m;
}

static bool has_required(const struct wf_act *act, str name)
{
	for (size_t i = 0; i < act->nfields; i++)
		if (str_eq(act->fields[i].name, name) && act->fields[i].required)
			return true;
	return false;
}

static void check_verifying(struct check *k, const struct wf_act *act)
{
	if (workflow_has_effect(act, EFFECT_VERIFIED) &&
	    !(has_guard(act, GUARD_NOT_PARTY) && has_guard(act, GUARD_NOT_REPORTER)))
		fault(k, "lets somebody verify their own work", act->id);
	if (workflow_has_effect(act, EFFECT_GRANT) && !has_guard(act, GUARD_SECOND_UNIT) &&
	    !has_guard(act, GUARD_SECOND_PERSON))
		fault(k, "lets somebody grant their own request", act->id);
}

static void check_phases(struct check *k, const struct wf_act *act)
{
	uint64_t open = states_with(k->wf, true), closed = states_with(k->wf, false);
	bool leaves = act->from & open && targets(k->wf, act) & closed && act->to != WF_SAME;
	bool returns = act->from & closed && targets(k->wf, act) & open && act->to != WF_SAME;
	if (leaves != workflow_has_effect(act, EFFECT_CLOSE))
		fault(k, "closes exactly when it has the effect close", act->id);
	if (leaves && !has_guard(act, GUARD_CHILDREN_CLOSED))
		fault(k, "closes over open children", act->id);
	if (returns != workflow_has_effect(act, EFFECT_REOPEN))
		fault(k, "reopens exactly when it has the effect reopen", act->id);
	if (returns && !has_required(act, S("text")))
		fault(k, "reopens without a reason", act->id);
}

/* A detour without term stops the clock; whatever leaves it starts the clock. */
static void check_clock(struct check *k, const struct wf_act *act)
{
	uint64_t stopped = 0;
	for (size_t s = 0; s < k->wf->nstates; s++)
		if (k->wf->states[s].open && k->wf->states[s].term == WF_NONE)
			stopped |= bit((int)s);
	bool enters = act->to >= 0 && stopped & bit(act->to),
	     exits = act->from & stopped && act->to != WF_SAME && !enters;
	if (enters != workflow_has_effect(act, EFFECT_STOP_CLOCK))
		fault(k, "stops the clock exactly when it enters a state without term", act->id);
	if (exits != workflow_has_effect(act, EFFECT_START_CLOCK))
		fault(k, "starts the clock exactly when it leaves a state without term", act->id);
	if (exits && act->from & ~stopped)
		fault(k, "starts a clock that may be running", act->id);
}

static void check_detours(struct check *k, const struct wf_act *act)
{
	uint64_t sides = 0;
	for (size_t s = 0; s < k->wf->nstates; s++)
		if (k->wf->states[s].side)
			sides |= bit((int)s);
	if (act->to == WF_PREV && act->from & ~sides)
		fault(k, "goes back from a state that is no detour", act->id);
	if (act->to >= 0 && sides & bit(act->to) && act->from & sides)
		fault(k, "goes from one detour into another", act->id);
	if (workflow_has_effect(act, EFFECT_ASK) && !(act->to >= 0 && sides & bit(act->to)))
		fault(k, "asks without a state that waits", act->id);
	if (workflow_has_effect(act, EFFECT_DROP) && act->to == WF_SAME)
		fault(k, "drops a request and stays", act->id);
}

/* What is asked for must be dropped by every act that leaves the waiting state. */
static void check_requests(struct check *k)
{
	uint64_t waiting = 0;
	for (size_t i = 0; i < k->wf->nacts; i++)
		if (workflow_has_effect(&k->wf->acts[i], EFFECT_ASK) && k->wf->acts[i].to >= 0)
			waiting |= bit(k->wf->acts[i].to);
	for (size_t i = 0; i < k->wf->nacts; i++) {
		const struct wf_act *act = &k->wf->acts[i];
		if (act->to != WF_SAME && act->from & waiting && !workflow_has_effect(act, EFFECT_DROP))
			fault(k, "leaves a request undecided", act->id);
	}
}

static void check_fields_known(struct check *k, const struct wf_act *act)
{
	static const struct {
		enum field_type type;
		const char *name;
	} fixed[] = { { FIELD_DATE, "due" }, { FIELD_PERCENT, "percent" }, { FIELD_ORG, "lead" },
		      { FIELD_ORGS, "co" },  { FIELD_FILES, "files" },     { FIELD_PERSON, "person" } };
	for (size_t i = 0; i < act->nfields; i++) {
		const struct wf_field *fd = &act->fields[i];
		if (!fd->zh.n || !fd->en.n)
			fault(k, "has a field without label in both languages", act->id);
		for (size_t j = 0; j < COUNT_OF(fixed); j++)
			if ((fd->type == fixed[j].type) != str_eq(fd->name, str_of(fixed[j].name)))
				fault(k, "has a field whose name and type do not fit", act->id);
	}
}

static void check_acts(struct check *k)
{
	for (size_t i = 0; i < k->wf->nacts; i++) {
		const struct wf_act *act = &k->wf->acts[i];
		if (!act->zh.n || !act->en.n)
			fault(k, "has no label in both languages", act->id);
		check_verifying(k, act);
		check_phases(k, act);
		check_clock(k, act);
		check_detours(k, act);
		check_fields_known(k, act);
	}
	check_requests(k);
}

size_t workflow_check(const struct workflow *wf, struct buf *faults)
{
	struct check k = { wf, faults, 0 };
	struct space *sp = NEW(faults->a, struct space);
	check_states(&k);
	check_acts(&k);
	explore(wf, sp);
	check_reach(&k, sp);
	check_ways_out(&k, sp);
	return k.faults;
}

/* ---- the graph ---- */

static void dot_edge(const struct workflow *wf, const struct wf_act *act, size_t from, bool zh,
		     struct buf *out)
{
	str to = act->to >= 0 ? wf->states[act->to].id : wf->states[from].id;
	const char *style = act->to == WF_PREV   ? ", style=dotted, dir=back"
			    : act->to == WF_SAME ? ", style=dashed"
						 : "";
	buf_printf(out, "\t\"" STR_FMT "\" -> \"" STR_FMT "\" [label=\"" STR_FMT "\"%s];\n",
		   STR_ARG(wf->states[from].id), STR_ARG(to), STR_ARG(zh ? act->zh : act->en), style);
}

void workflow_dot(const struct workflow *wf, bool zh, struct buf *out)
{
	buf_printf(out, "digraph \"" STR_FMT "\" {\n\trankdir=LR;\n\tnode [shape=box];\n", STR_ARG(wf->kind));
	for (size_t i = 0; i < wf->nstates; i++) {
		const struct wf_state *s = &wf->states[i];
		const char *style = s->initial ? ", style=bold"
				    : !s->open ? ", peripheries=2"
				    : s->side  ? ", style=dashed"
					       : "";
		buf_printf(out, "\t\"" STR_FMT "\" [label=\"" STR_FMT "\"%s];\n", STR_ARG(s->id),
			   STR_ARG(zh ? s->zh : s->en), style);
	}
	for (size_t a = 0; a < wf->nacts; a++)
		for (size_t s = 0; s < wf->nstates; s++)
			if (wf->acts[a].from >> s & 1)
				dot_edge(wf, &wf->acts[a], s, zh, out);
	buf_put(out, S("}\n"));
}
