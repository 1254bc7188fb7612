#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "workflow_task.h"

static struct workflow *load(struct arena *a, const struct wf_source *src)
{
	struct fail f = { 0 };
	struct workflow *wf = NULL;
	err e = workflow_load(a, src, &wf, &f);
	if (e != ERR_OK)
		fail_msg("%s %s %s %s", f.key, f.args[0].text, f.args[1].text, f.args[2].text);
	return wf;
}

static void the_task_workflow_stands(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct wf_source src = task_source(a);
	struct workflow *wf = load(a, &src);
	struct buf faults = BUF(a), dot = BUF(a);
	if (workflow_check(wf, &faults))
		fail_msg("%s", buf_cstr(&faults));
	workflow_dot(wf, true, &dot);
	assert_true(str_find(buf_str(&dot), S("已办结")) > 0);
	assert_int_equal(wf->amber_days, 5);
	arena_free(a);
}

/* One text of the catalog with a piece replaced. */
static str swap(struct arena *a, str text, const char *from, const char *to)
{
	ptrdiff_t at = str_find(text, str_of(from));
	if (at < 0)
		fail_msg("not in the catalog: %s", from);
	struct buf b = BUF(a);
	buf_put(&b, str_sub(text, 0, (size_t)at));
	buf_put(&b, str_of(to));
	buf_put(&b, str_sub(text, (size_t)at + strlen(from), text.n));
	return buf_str(&b);
}

enum file { STATES, ACTS, FIELDS, DEADLINES, ROLES };

static str *file_of(struct wf_source *src, enum file f)
{
	str *const files[] = { &src->states, &src->acts, &src->fields, &src->deadlines, &src->roles };
	return files[f];
}

static const struct broken {
	enum file file;
	const char *from, *to, *want;
} unsound[] = {
	{ ACTS, "not-party not-reporter children-closed\tverified", "not-reporter children-closed\tverified",
	  "verify their own work: pass" },
	{ ACTS, "verifying\tverified\t", "verifying\tclosed\t",
	  "closes exactly when it has the effect close: pass" },
	{ ACTS, "\tverified\tclosed\t", "\tverified doing\tclosed\t",
	  "ends well without verification: closed" },
	{ ACTS, "\treopen set-due", "\tset-due", "reopens exactly when" },
	{ ACTS, "*\tsuspended", "*\t=", "cannot be reached: suspended" },
	{ ACTS, "suspended\tprev", "suspended\t=", "has no way out: suspended" },
	{ ACTS, "\tstart-clock", "\t", "starts the clock exactly when" },
	{ ACTS, "\tsecond-unit\tgrant drop", "\t\tgrant drop", "grant their own request: extend-grant" },
	{ ACTS, "\tsecond-unit\tgrant drop", "\tsecond-unit\tgrant",
	  "leaves a request undecided: extend-grant" },
	{ ACTS, "children-closed\tclose\n", "\tclose\n", "closes over open children: close" },
	{ ACTS, "Hand back", "", "has no label in both languages: return" },
	{ STATES, "doing\t办理中", "doing\t", "has no label in both languages: doing" },
	{ STATES, "open\t\tlead\tdue", "open\t\t\tdue", "is open and has no owner: doing" },
	{ STATES, "closed\tdone", "closed\t", "no state is the good end" },
	{ ROLES, "核验单位", "", "has an owner without label: verifying" },
	{ FIELDS, "reopen\ttext\ttext\tyes", "reopen\ttext\ttext\tno", "reopens without a reason: reopen" },
	{ FIELDS, "report\tpercent\tpercent", "report\tshare\tpercent", "name and type do not fit: report" },
};

static void unsound_workflows_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unsound); i++) {
		const struct broken *b = &unsound[i];
		struct arena *a = arena_new();
		struct wf_source src = task_source(a);
		*file_of(&src, b->file) = swap(a, *file_of(&src, b->file), b->from, b->to);
		struct workflow *wf = load(a, &src);
		struct buf faults = BUF(a);
		workflow_check(wf, &faults);
		if (str_find(buf_str(&faults), str_of(b->want)) < 0)
			fail_msg("case %zu: wanted \"%s\", got: %s", i, b->want, buf_cstr(&faults));
		arena_free(a);
	}
}

static const struct broken unsound_hazards[] = {
	{ ACTS, "look-back-ok\t", "look-back-off\t", "" }, /* only a name: nothing to object to */
	{ ACTS, "ticked-off confirmed\tconfirmed\tmatter.verify", "ticked-off confirmed\tticked-off\tmatter.verify",
	  "states.tsv:16: cannot be reached: confirmed" },
	{ ACTS, "verified\tticked-off\t", "verified rectifying\tticked-off\t",
	  "ends well without verification: ticked-off" },
	{ ACTS, "criterion-in-force\tset-grade set-attrs\nupgrade", "\tset-grade set-attrs\nupgrade",
	  "acts.tsv:2: grades without a criterion in force: grade" },
	{ ACTS, "graded has-lead within-term", "graded has-lead", "beyond what the law allows: order" },
	{ ACTS, "not-party five-elements\tapprove", "not-party\tapprove",
	  "approves a plan without the five elements: plan-approve" },
	{ ACTS, "not-party five-elements\tapprove", "five-elements\tapprove", "approve their own plan: plan-approve" },
	{ ACTS, "listing-unit not-expired\tgrant", "listing-unit\tgrant",
	  "grants an extension after expiry: extend-grant" },
	{ ACTS, "verified not-listed not-stopped", "verified not-stopped",
	  "closes what is listed for supervision: close" },
	{ ACTS, "listed listing-unit not-party\tdelist", "listed not-party\tdelist",
	  "another unit than the one that listed delist: delist" },
	{ ACTS, "second-person not-party not-listed", "not-party not-listed",
	  "gives up without a second person: false-confirm" },
	{ ACTS, "second-unit\ttake-over", "\ttake-over", "hand something over to itself: transfer-accept" },
	{ ACTS, "stopped not-party not-reporter on-site", "stopped not-reporter on-site",
	  "consent to their own resumption: resume-consent" },
	{ STATES, "plan-review\t方案待批\tPlan to be approved\topen\t\tassigner",
	  "plan-review\t方案待批\tPlan to be approved\topen\t\tlead",
	  "waits for somebody who can do nothing: plan-review" },
	{ ACTS, "planning\tplan-review\tlead", "planning\t=\tlead",
	  "states.tsv:5: waits for somebody who can do nothing: planning" },
	{ STATES, "ticked-off\t已销号", "limbo\t死角\tLimbo\topen\t\tlead\tdue\nticked-off\t已销号",
	  "states.tsv:15: has no way out: limbo" },
	{ ACTS, "planning\tplan-review\tlead", "planning\t=\tlead", "cannot be reached: plan-review" },
};

static void unsound_hazards_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unsound_hazards); i++) {
		const struct broken *b = &unsound_hazards[i];
		struct arena *a = arena_new();
		struct wf_source src = kind_source(a, "hazard");
		*file_of(&src, b->file) = swap(a, *file_of(&src, b->file), b->from, b->to);
		if (!*b->want)
			src.fields = swap(a, swap(a, swap(a, src.fields, "look-back-ok\tcause", "look-back-off\tcause"),
						  "look-back-ok\ttext", "look-back-off\ttext"),
					  "look-back-ok\tfiles", "look-back-off\tfiles");
		struct workflow *wf = load(a, &src);
		struct buf faults = BUF(a);
		size_t n = workflow_check(wf, &faults);
		if (*b->want ? str_find(buf_str(&faults), str_of(b->want)) < 0 : n > 0)
			fail_msg("case %zu: wanted \"%s\", got: %s", i, b->want, buf_cstr(&faults));
		arena_free(a);
	}
}

static void every_kind_stands(void **state)
{
	static const char *const kinds[] = { "task", "hazard", "feedback", "referral", "report" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct arena *a = arena_new();
		struct wf_source src = kind_source(a, kinds[i]);
		struct workflow *wf = load(a, &src);
		struct buf faults = BUF(a);
		if (workflow_check(wf, &faults))
			fail_msg("%s: %s", kinds[i], buf_cstr(&faults));
		arena_free(a);
	}
}

static const struct broken malformed[] = {
	{ ACTS, "set-lead", "set-leed", "set-leed" },
	{ ACTS, "quota:2", "quota", "quota" },
	{ ACTS, "quota:2", "sunshine", "sunshine" },
	{ ACTS, "returned doing\tassigned", "returned doin\tassigned", "doin" },
	{ ACTS, "id\tzh", "id\tcn", "cn" },
	{ ACTS, "accept\t签收", "return\t签收", "return" },
	{ STATES, "open\tinitial", "ajar\tinitial", "ajar" },
	{ STATES, "open\tinitial\tlead\taccept", "open\tinitial\tlead\t", "assigned" },
	{ STATES, "open\tinitial\tlead\taccept", "open\tinitial\tlead\tsoon", "soon" },
	{ STATES, "open\tinitial\tlead", "open\t\tlead", "initial" },
	{ STATES, "returned\t已退回\t", "returned\t", "returned" },
	{ FIELDS, "accept\ttext", "accepts\ttext", "accepts" },
	{ FIELDS, "report\tpercent\tpercent", "report\tpercent\tfloat", "float" },
	{ DEADLINES, "2\tworkday", "2\tfortnight", "fortnight" },
	{ DEADLINES, "amber\t", "ambre\t", "amber" },
};

static void malformed_tables_name_the_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(malformed); i++) {
		const struct broken *b = &malformed[i];
		struct arena *a = arena_new();
		struct wf_source src = task_source(a);
		struct workflow *wf = NULL;
		struct fail f = { 0 };
		*file_of(&src, b->file) = swap(a, *file_of(&src, b->file), b->from, b->to);
		assert_int_equal(workflow_load(a, &src, &wf, &f), ERR_BAD_FORMAT);
		if (strcmp(f.args[2].text, b->want))
			fail_msg("case %zu: wanted %s, got %s (%s row %s)", i, b->want, f.args[2].text,
				 f.args[0].text, f.args[1].text);
		arena_free(a);
	}
}

/* ---- acts ---- */

static bool may_all(const void *arg, const char *perm)
{
	(void)arg;
	(void)perm;
	return true;
}

static bool may_read(const void *arg, const char *perm)
{
	(void)arg;
	return strcmp(perm, "matter.read") == 0;
}

static struct wf_input no_input(void)
{
	return (struct wf_input){ .due_day = INT64_MIN, .percent = INT64_MIN };
}

static err try_as(const struct workflow *wf, const char *act, const struct wf_matter *m, int64_t org,
		  struct wf_input in, struct fail *f)
{
	struct wf_actor who = { .account = org * 10, .org = org, .may = may_all };
	*f = (struct fail){ 0 };
	return workflow_try(wf, workflow_act(wf, str_of(act)), m, &who, &in, 1000, f);
}

static void refusals_say_why(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct wf_source src = task_source(a);
	struct workflow *wf = load(a, &src);
	struct fail f;
	struct wf_matter m = { .state = workflow_state(wf, S("doing")),
			       .lead_org = 1,
			       .assigner_org = 2,
			       .due_ms = NO_DUE_MS,
			       .pending = { .act = -1 } };
	struct wf_input in = no_input();
	assert_int_equal(try_as(wf, "report", &m, 1, in, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/text");
	in.text = S("一半");
	assert_int_equal(try_as(wf, "report", &m, 1, in, &f), ERR_OK);
	in.percent = 50;
	m.children = 2;
	assert_int_equal(try_as(wf, "report", &m, 1, in, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.progress_computed");
	assert_int_equal(try_as(wf, "accept", &m, 1, no_input(), &f), ERR_GUARD);
	assert_string_equal(f.args[0].text, "doing");
	assert_int_equal(try_as(wf, "submit", &m, 3, in, &f), ERR_FORBIDDEN);
	in = no_input();
	in.text = S("办完了");
	assert_int_equal(try_as(wf, "submit", &m, 1, in, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.evidence");
	m.files = 1;
	m.open_children = 1;
	assert_int_equal(try_as(wf, "submit", &m, 1, in, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.children_open");
	in.due_day = 3;
	assert_int_equal(try_as(wf, "extend-ask", &m, 1, in, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.no_due");
	m.due_ms = 999;
	assert_int_equal(try_as(wf, "extend-ask", &m, 1, in, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.expired");
	m.due_ms = due_instant(3, 1440);
	assert_int_equal(try_as(wf, "extend-ask", &m, 1, in, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.later");
	in.due_day = 4;
	m.extensions = 2;
	assert_int_equal(try_as(wf, "extend-ask", &m, 1, in, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.quota");
	struct wf_actor reader = { .account = 10, .org = 1, .may = may_read };
	assert_int_equal(workflow_try(wf, workflow_act(wf, S("note")), &m, &reader, NULL, 1000, &f),
			 ERR_FORBIDDEN);
	arena_free(a);
}

static void separation_of_duties(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct wf_source src = task_source(a);
	struct workflow *wf = load(a, &src);
	struct fail f;
	const struct wf_party parties[] = { { REL_CO, 5, 0 } };
	struct wf_matter m = { .state = workflow_state(wf, S("verifying")),
			       .lead_org = 1,
			       .assigner_org = 2,
			       .parties = parties,
			       .nparties = 1,
			       .due_ms = NO_DUE_MS,
			       .reporter = 40,
			       .reporter_org = 4,
			       .pending = { .act = -1 } };
	struct wf_input in = no_input();
	in.text = S("属实");
	assert_int_equal(try_as(wf, "pass", &m, 1, in, &f), ERR_SEPARATION); /* lead */
	assert_int_equal(try_as(wf, "pass", &m, 5, in, &f), ERR_SEPARATION); /* co */
	assert_int_equal(try_as(wf, "pass", &m, 4, in, &f), ERR_SEPARATION); /* reporter's unit */
	assert_int_equal(try_as(wf, "pass", &m, 2, in, &f), ERR_OK);
	m.state = workflow_state(wf, S("cancelling"));
	m.pending = (struct wf_pending){ workflow_act(wf, S("cancel")), 20, 2, NO_DUE_MS, 0 };
	assert_int_equal(try_as(wf, "cancel-confirm", &m, 2, no_input(), &f), ERR_SEPARATION);
	m.pending.by = 21;
	assert_int_equal(try_as(wf, "cancel-confirm", &m, 2, no_input(), &f), ERR_OK);
	arena_free(a);
}

static void the_clock_stops_while_suspended(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct wf_source src = task_source(a);
	struct workflow *wf = load(a, &src);
	struct wf_actor who = { .account = 20, .org = 2, .may = may_all };
	struct wf_input in = no_input();
	int64_t due = due_instant(100, 1440);
	struct wf_matter m = { .state = workflow_state(wf, S("verifying")),
			       .due_ms = due,
			       .pending = { .act = -1 } };
	m = workflow_apply(wf, workflow_act(wf, S("suspend")), &m, &who, &in, china_day_start_ms(50));
	assert_int_equal(m.due_ms, NO_DUE_MS);
	m = workflow_apply(wf, workflow_act(wf, S("resume")), &m, &who, &in, china_day_start_ms(57));
	assert_int_equal(m.due_ms, due_instant(107, 1440));
	assert_int_equal(m.held_due_ms, 0);
	assert_int_equal(m.state, workflow_state(wf, S("verifying")));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_task_workflow_stands),
		cmocka_unit_test(every_kind_stands),
		cmocka_unit_test(unsound_workflows_are_named),
		cmocka_unit_test(unsound_hazards_are_named),
		cmocka_unit_test(malformed_tables_name_the_word),
		cmocka_unit_test(refusals_say_why),
		cmocka_unit_test(separation_of_duties),
		cmocka_unit_test(the_clock_stops_while_suspended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
