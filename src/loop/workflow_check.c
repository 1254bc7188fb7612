/* What must hold for any workflow, whatever its data says. */
#include "loop/workflow.h"

struct check {
	const struct workflow *wf;
	struct buf *out;
	size_t faults;
};

/* Names the file, the row and the word. */
static void fault(struct check *k, const char *file, int row, const char *what, str who)
{
	buf_printf(k->out, "%s:%d: %s: " STR_FMT "\n", file, row, what, STR_ARG(who));
	k->faults++;
}

static void bad_state(struct check *k, const char *what, const struct wf_state *s)
{
	fault(k, "states.tsv", s->row, what, s->id);
}

static void bad_act(struct check *k, const char *what, const struct wf_act *act)
{
	fault(k, "acts.tsv", act->row, what, act->id);
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
			bad_state(k, "ends well without verification", &k->wf->states[p.state]);
			break;
		}
	}
	for (size_t s = 0; s < k->wf->nstates; s++)
		if (!(reached & bit((int)s)))
			bad_state(k, "cannot be reached", &k->wf->states[s]);
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
			bad_state(k, "has no way out", &k->wf->states[s]);
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
			bad_state(k, "has no label in both languages", s);
		if (s->open && !s->owners)
			bad_state(k, "is open and has no owner", s);
		if (!s->open && (s->owners || s->initial || s->side))
			bad_state(k, "is closed and cannot wait for anybody", s);
		if (s->open && s->done)
			bad_state(k, "is open and cannot be done", s);
		for (int r = 0; r < REL_COUNT; r++)
			if (s->owners >> r & 1 && (!wf->roles[r].zh.n || !wf->roles[r].en.n))
				bad_state(k, "has an owner without label", s);
	}
	if (!closes)
		fault(k, "states.tsv", 1, "no state is the good end", wf->kind);
}

/* Whoever a state waits for must be able to bring it on. */
static void check_owners(struct check *k)
{
	const struct workflow *wf = k->wf;
	for (size_t i = 0; i < wf->nstates; i++) {
		bool can = false;
		uint64_t owners = wf->states[i].owners;
		for (size_t a = 0; a < wf->nacts && !can; a++) {
			const struct wf_act *act = &wf->acts[a];
			if (!(act->from & bit((int)i)) || act->to == WF_SAME)
				continue;
			can = act->who & owners;
			for (size_t p = 0; act->perms[p] && owners >> REL_VERIFIER & 1; p++)
				can |= str_eq(str_of(act->perms[p]), S("matter.verify"));
		}
		if (wf->states[i].open && owners && !can)
			bad_state(k, "waits for somebody who can do nothing", &wf->states[i]);
	}
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
	    !(workflow_has_guard(act, GUARD_NOT_PARTY) && workflow_has_guard(act, GUARD_NOT_REPORTER)))
		bad_act(k, "lets somebody verify their own work", act);
	if (workflow_has_effect(act, EFFECT_GRANT) && !workflow_has_guard(act, GUARD_SECOND_UNIT) &&
	    !workflow_has_guard(act, GUARD_SECOND_PERSON))
		bad_act(k, "lets somebody grant their own request", act);
}

/* What an effect may only do under which guards: a row says both, in words that stand in the catalog. */
static const struct {
	enum effect effect;
	enum guard guard;
	const char *otherwise;
} demanded[] = {
	{ EFFECT_SET_GRADE, GUARD_CRITERION, "grades without a criterion in force" },
	{ EFFECT_SET_TERM, GUARD_WITHIN_TERM, "sets a deadline beyond what the law allows" },
	{ EFFECT_APPROVE, GUARD_FIVE_ELEMENTS, "approves a plan without the five elements" },
	{ EFFECT_APPROVE, GUARD_NOT_PARTY, "lets somebody approve their own plan" },
	{ EFFECT_RESUME_USE, GUARD_NOT_PARTY, "lets somebody consent to their own resumption" },
	{ EFFECT_LIST, GUARD_NOT_LISTED, "lists twice" },
	{ EFFECT_DELIST, GUARD_LISTED, "delists what is not listed" },
	{ EFFECT_DELIST, GUARD_LISTING_UNIT, "lets another unit than the one that listed delist" },
	{ EFFECT_TAKE_OVER, GUARD_SECOND_UNIT, "lets a unit hand something over to itself" },
};

static bool any_has(const struct workflow *wf, enum effect e)
{
	for (size_t i = 0; i < wf->nacts; i++)
		if (workflow_has_effect(&wf->acts[i], e))
			return true;
	return false;
}

static void check_demands(struct check *k, const struct wf_act *act)
{
	for (size_t i = 0; i < COUNT_OF(demanded); i++)
		if (workflow_has_effect(act, demanded[i].effect) &&
		    !workflow_has_guard(act, demanded[i].guard))
			bad_act(k, demanded[i].otherwise, act);
	if (any_has(k->wf, EFFECT_SET_TERM) && workflow_has_effect(act, EFFECT_GRANT) &&
	    !workflow_has_guard(act, GUARD_NOT_EXPIRED))
		bad_act(k, "grants an extension after expiry", act);
	if (any_has(k->wf, EFFECT_LIST) && workflow_has_effect(act, EFFECT_CLOSE) &&
	    !workflow_has_guard(act, GUARD_NOT_LISTED))
		bad_act(k, "closes what is listed for supervision", act);
}

static void check_phases(struct check *k, const struct wf_act *act)
{
	uint64_t open = states_with(k->wf, true), closed = states_with(k->wf, false);
	bool leaves = act->from & open && targets(k->wf, act) & closed && act->to != WF_SAME;
	bool returns = act->from & closed && targets(k->wf, act) & open && act->to != WF_SAME;
	if (leaves != workflow_has_effect(act, EFFECT_CLOSE))
		bad_act(k, "closes exactly when it has the effect close", act);
	if (leaves && act->to >= 0 && !k->wf->states[act->to].done && !workflow_has_effect(act, EFFECT_MERGE) &&
	    !workflow_has_guard(act, GUARD_SECOND_PERSON) && !workflow_has_guard(act, GUARD_SECOND_UNIT))
		bad_act(k, "gives up without a second person", act);
	if (leaves && !workflow_has_guard(act, GUARD_CHILDREN_CLOSED))
		bad_act(k, "closes over open children", act);
	if (returns != workflow_has_effect(act, EFFECT_REOPEN))
		bad_act(k, "reopens exactly when it has the effect reopen", act);
	if (returns && !has_required(act, S("text")))
		bad_act(k, "reopens without a reason", act);
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
		bad_act(k, "stops the clock exactly when it enters a state without term", act);
	if (exits != workflow_has_effect(act, EFFECT_START_CLOCK))
		bad_act(k, "starts the clock exactly when it leaves a state without term", act);
	if (exits && act->from & ~stopped)
		bad_act(k, "starts a clock that may be running", act);
}

static void check_detours(struct check *k, const struct wf_act *act)
{
	uint64_t sides = 0;
	for (size_t s = 0; s < k->wf->nstates; s++)
		if (k->wf->states[s].side)
			sides |= bit((int)s);
	if (act->to == WF_PREV && act->from & ~sides)
		bad_act(k, "goes back from a state that is no detour", act);
	if (act->to >= 0 && sides & bit(act->to) && act->from & sides)
		bad_act(k, "goes from one detour into another", act);
	if (workflow_has_effect(act, EFFECT_ASK) && !(act->to >= 0 && sides & bit(act->to)))
		bad_act(k, "asks without a state that waits", act);
	if (workflow_has_effect(act, EFFECT_DROP) && act->to == WF_SAME)
		bad_act(k, "drops a request and stays", act);
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
			bad_act(k, "leaves a request undecided", act);
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
			bad_act(k, "has a field without label in both languages", act);
		for (size_t j = 0; j < COUNT_OF(fixed); j++)
			if ((fd->type == fixed[j].type) != str_eq(fd->name, str_of(fixed[j].name)))
				bad_act(k, "has a field whose name and type do not fit", act);
	}
}

static void check_acts(struct check *k)
{
	for (size_t i = 0; i < k->wf->nacts; i++) {
		const struct wf_act *act = &k->wf->acts[i];
		if (!act->zh.n || !act->en.n)
			bad_act(k, "has no label in both languages", act);
		check_verifying(k, act);
		check_demands(k, act);
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
	check_owners(&k);
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
