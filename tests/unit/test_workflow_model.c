/* Walks through everything that can happen to a matter of each kind with a handful of actors, breadth first, and
 * holds what must never happen against every step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "workflow_task.h"

enum { LEAD = 1, ASSIGNER, CO, VERIFIER, SUPERVISOR };
enum { MAX_STATES = 200000, ROUNDS = 2 };
#define NOW (china_day_start_ms(100) + 5)

static const struct actor {
	int64_t account, org;
	const char *perms;
} actors[] = {
	{ 11, LEAD, "matter.act matter.verify" }, /* as much as a badly configured office would grant */
	{ 12, LEAD, "matter.act" },
	{ 21, ASSIGNER, "matter.act matter.verify" },
	{ 22, ASSIGNER, "matter.act" },
	{ 31, CO, "matter.act matter.verify" },
	{ 41, VERIFIER, "matter.act matter.verify" },
	{ 51, SUPERVISOR, "matter.act matter.supervise" },
	{ 61, LEAD, "matter.read" },
};
static const struct wf_party parties[] = { { REL_CO, CO, 0 }, { REL_SUPERVISOR, SUPERVISOR, 0 } };

static bool may(const void *arg, const char *perm)
{
	const struct actor *a = arg;
	return strstr(a->perms, perm) != NULL;
}

struct model {
	struct arena *a;
	const struct workflow *wf;
	struct map seen;
	VEC(struct wf_matter) queue;
	bool asks_reports; /* an act of the workflow looks at them */
	size_t steps, violations, stale;
	const char *what;
};

static str key_of(struct arena *a, const struct wf_matter *m)
{
	return arena_printf(a, "%d%d%d%d%d%d%d %d %d %lld %lld %lld %lld %lld %lld %d %lld %lld %lld %lld %d %lld", m->grade, m->listed, m->stopped, m->planned, m->approved,
			    (int)m->notice_days, (int)m->reports, m->state, m->prev, (long long)m->lead_org, (long long)m->due_ms, (long long)m->held_due_ms,
			    (long long)m->reporter, (long long)m->reporter_org, (long long)m->verifier,
			    m->pending.act, (long long)m->pending.by, (long long)m->pending.due_ms,
			    (long long)m->extensions, (long long)m->round, m->files > 0,
			    (long long)m->open_children);
}

static void push(struct model *mo, struct wf_matter m)
{
	m.ver = 1;
	m.reports = mo->asks_reports && m.reports > 0;
	m.files = m.files > 0;
	m.nparties = m.listed ? 2 : 1; /* the unit that listed it is a party while it is listed */
	if (m.round > ROUNDS || mo->queue.n >= MAX_STATES)
		return;
	str key = key_of(mo->a, &m);
	if (map_get(&mo->seen, key))
		return;
	map_put(&mo->seen, key, mo);
	vec_push(mo->a, &mo->queue, m);
}

static void violation(struct model *mo, const char *what)
{
	mo->violations++;
	mo->what = what;
}

static void must(struct model *mo, bool holds, const char *what)
{
	if (!holds)
		violation(mo, what);
}

static bool judges_itself(const struct wf_matter *m)
{
	return m->verifier && (m->verifier_org == m->lead_org || m->verifier_org == CO ||
			       m->verifier_org == m->reporter_org);
}

static void check_matter(struct model *mo, const struct wf_matter *m)
{
	const struct wf_state *s = &mo->wf->states[m->state];
	must(mo, !judges_itself(m), "somebody verified their own work");
	must(mo, !s->done || m->verifier, "closed without verification");
	must(mo, s->open || !m->open_children, "closed over an open child");
	must(mo, !s->done || (!m->listed && !m->stopped), "closed while listed or out of use");
	must(mo, !s->done || m->grade != GRADE_MAJOR || m->approved, "a major hazard closed without an approved plan");
	must(mo, !m->first_due_ms || m->due_ms >= NO_DUE_MS || m->due_ms <= m->first_due_ms + INT64_C(180) * DAY_MS,
	     "extended beyond all measure");
	must(mo, !s->open || m->due_ms < NO_DUE_MS || (m->held_due_ms && m->held_due_ms < NO_DUE_MS),
	     "the deadline got lost");
	must(mo, s->open == !m->closed_ms, "closing time and phase differ");
	must(mo, s->side || m->pending.act < 0, "a request waits where nobody decides");
	must(mo, s->side == (m->prev != m->state), "a detour without a way back");
}

/* A few values for what an act asks for. */
static void inputs(const struct wf_act *act, int variant, const int64_t *file, struct wf_input *in)
{
	*in = (struct wf_input){ .ver = 1, .text = S("x"), .due_day = INT64_MIN, .percent = INT64_MIN };
	static struct wf_more more[16];
	in->term_ms = due_instant(150, 1440);
	in->limit_ms = due_instant(260, 1440);
	in->more = more;
	for (size_t i = 0; i < act->nfields; i++) {
		const struct wf_field *fd = &act->fields[i];
		str options = fd->options, first = S("x");
		if (fd->type == FIELD_SELECT)
			for (int k = 0; k <= variant && str_cut(&options, '|', &first); k++)
				;
		if (fd->type == FIELD_SELECT || fd->type == FIELD_NUMBER ||
		    (fd->type == FIELD_TEXT && !str_eq(fd->name, S("text")) && !str_eq(fd->name, S("period"))))
			more[in->nmore++] = (struct wf_more){ fd->name, first };
		if (str_eq(fd->name, S("period")))
			in->period = S("2026-11");
		if (act->fields[i].type == FIELD_DATE)
			in->due_day = workflow_has_guard(act, GUARD_EARLIER) || workflow_has_guard(act, GUARD_WITHIN_DUE)
					  ? 140 - variant
					  : 200 + 100 * variant;
		if (act->fields[i].type == FIELD_ORG)
			in->lead = variant ? ASSIGNER : LEAD;
		if (act->fields[i].type == FIELD_FILES && variant) {
			in->files = file;
			in->nfiles = 1;
		}
	}
}

static void step(struct model *mo, const struct wf_matter *m, int act, const struct actor *a, int variant)
{
	const int64_t file = 7;
	struct wf_actor who = { .account = a->account, .org = a->org, .may = may, .arg = a };
	struct wf_input in;
	inputs(&mo->wf->acts[act], variant, &file, &in);
	if (workflow_try(mo->wf, act, m, &who, &in, NOW, NULL) != ERR_OK)
		return;
	struct wf_matter after = workflow_apply(mo->wf, act, m, &who, &in, NOW);
	mo->steps++;
	check_matter(mo, &after);
	/* Whoever acts on what they saw before this step is told so, whatever they try. */
	if (workflow_try(mo->wf, act, &after, &who, &in, NOW, NULL) == ERR_OK)
		violation(mo, "an act on an old version went through");
	else
		mo->stale++;
	if (workflow_has_effect(&mo->wf->acts[act], EFFECT_GRANT))
		must(mo, m->pending.org != a->org, "somebody granted their own request");
	push(mo, after);
}

/* Children open and close by themselves. */
static void environment(struct model *mo, const struct wf_matter *m)
{
	struct wf_matter other = *m;
	if (!mo->wf->states[m->state].open)
		return;
	other.open_children = !m->open_children;
	push(mo, other);
	other = *m;
	if (m->notice_days == 0) { /* time passes */
		other.notice_days = 6;
		push(mo, other);
	}
}

static struct wf_matter start(const struct workflow *wf)
{
	return (struct wf_matter){ .ver = 1,
				   .state = wf->initial,
				   .prev = wf->initial,
				   .lead_org = LEAD,
				   .assigner_org = ASSIGNER,
				   .assigner = 21,
				   .parties = parties,
				   .nparties = 1,
				   .due_ms = due_instant(150, 1440),
				   .pending = { .act = -1 },
				   .round = 1,
				   .notice_days = NOTICE_NONE,
				   .state_ms = NOW };
}

static struct model run(struct arena *a, const struct wf_source *src)
{
	struct workflow *wf = NULL;
	assert_int_equal(workflow_load(a, src, &wf, NULL), ERR_OK);
	struct model mo = { .a = a, .wf = wf, .seen = MAP(a) };
	for (size_t i = 0; i < wf->nacts; i++)
		mo.asks_reports |= workflow_has_guard(&wf->acts[i], GUARD_HAS_REPORT);
	push(&mo, start(wf));
	for (size_t i = 0; i < mo.queue.n && mo.queue.n < MAX_STATES; i++) {
		struct wf_matter m = mo.queue.v[i];
		environment(&mo, &m);
		for (size_t act = 0; act < wf->nacts; act++)
			for (size_t who = 0; who < COUNT_OF(actors); who++)
				for (int variant = 0; variant < 2; variant++)
					step(&mo, &m, (int)act, &actors[who], variant);
	}
	return mo;
}

static void nothing_forbidden_can_happen(const char *kind)
{
	struct arena *a = arena_new();
	struct wf_source src = kind_source(a, kind);
	struct model mo = run(a, &src);
	if (mo.violations)
		fail_msg("%s: %zu violations, the last: %s", kind, mo.violations, mo.what);
	assert_true(mo.queue.n > 200 && mo.queue.n < MAX_STATES);
	assert_true(mo.steps > mo.queue.n && mo.stale == mo.steps);
	uint64_t reached = 0;
	for (size_t i = 0; i < mo.queue.n; i++)
		reached |= UINT64_C(1) << mo.queue.v[i].state;
	assert_int_equal(reached, (UINT64_C(1) << mo.wf->nstates) - 1);
	print_message("# %s: %zu states, %zu steps\n", kind, mo.queue.n, mo.steps);
	arena_free(a);
}

static void of_a_task(void **state)
{
	(void)state;
	nothing_forbidden_can_happen("task");
}

static void of_a_hazard(void **state)
{
	(void)state;
	nothing_forbidden_can_happen("hazard");
}

static void of_feedback(void **state)
{
	(void)state;
	nothing_forbidden_can_happen("feedback");
}

static void of_a_referral(void **state)
{
	(void)state;
	nothing_forbidden_can_happen("referral");
}

/* The search itself is worth something only if it finds what is wrong. */
static const struct {
	const char *from, *to;
} mutants[] = {
	{ "not-party not-reporter children-closed\tverified", "children-closed\tverified" },
	{ "children-closed\tclose\n", "\tclose\n" },
	{ "\tstart-clock", "\t" },
	{ "\tsecond-unit\tgrant drop", "\t\tgrant drop" },
	{ "\tverified\tclosed\t", "\tdoing\tclosed\t" },
	{ "\treopen set-due", "\tset-due" },
};

static void the_search_finds_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mutants); i++) {
		struct arena *a = arena_new();
		struct wf_source src = task_source(a);
		ptrdiff_t at = str_find(src.acts, str_of(mutants[i].from));
		assert_true(at >= 0);
		struct buf b = BUF(a);
		buf_put(&b, str_sub(src.acts, 0, (size_t)at));
		buf_put(&b, str_of(mutants[i].to));
		buf_put(&b, str_sub(src.acts, (size_t)at + strlen(mutants[i].from), src.acts.n));
		src.acts = buf_str(&b);
		struct model mo = run(a, &src);
		if (!mo.violations)
			fail_msg("mutant %zu went unnoticed", i);
		arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_task),	  cmocka_unit_test(of_a_hazard), cmocka_unit_test(of_feedback),
		cmocka_unit_test(of_a_referral),
		cmocka_unit_test(the_search_finds_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
