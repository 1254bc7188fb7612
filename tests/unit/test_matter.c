#include "loop_store.h"

#include "loop/matter_view.h"

struct view_job {
	int64_t id;
	struct matter_out out;
};

static err view_run(struct ctx *cx, void *arg)
{
	struct view_job *j = arg;
	return matter_view(cx, j->id, &j->out);
}

static struct matter_out look_at(struct loop_store *s, const struct principal *who, int64_t id)
{
	struct view_job j = { .id = id };
	assert_int_equal(core_read(s->core, who, view_run, &j), ERR_OK);
	return j.out;
}

static bool offers(const struct matter_out *m, const char *act)
{
	for (size_t i = 0; i < m->acts.n; i++)
		if (str_eq(m->acts.v[i].id, str_of(act)))
			return m->acts.v[i].allowed;
	return false;
}

static void run_to_closed(struct loop_store *s, int64_t id)
{
	must_act(s, &s->lead, id, "accept", matter_no_input(), "doing");
	struct wf_input report = says("完成一半");
	report.percent = 50;
	report.period = S("2026-11");
	must_act(s, &s->co, id, "report", report, "doing");
	add_file(s, id);
	must_act(s, &s->lead, id, "submit", says("全部完成"), "verifying");
	must_act(s, &s->verifier, id, "pass", says("现场属实"), "verified");
	must_act(s, &s->office, id, "close", matter_no_input(), "closed");
}

static err verify_run(struct ctx *cx, void *arg)
{
	return ledger_verify(cx->c, NULL, NULL, arg);
}

static void ledger_agrees(struct loop_store *s)
{
	struct ledger_report r;
	assert_int_equal(core_read(s->core, NULL, verify_run, &r), ERR_OK);
	if (r.what != LEDGER_OK)
		fail_msg("ledger: %s", ledger_what_name(r.what));
}

static void a_task_runs_from_order_to_end(void **state)
{
	struct loop_store *s = *state;
	struct matter_new in = new_task(s, "燃气管网改造");
	int64_t id = make_task(s, &in);
	struct matter_out m = look_at(s, &s->lead, id);
	assert_string_equal(arena_cstr(s->core->a, m.no), "110105-2026-task-000001");
	assert_true(str_eq(m.colour, S("green")) && m.lead.n == 1 && m.co.n == 1 && m.parties.n == 3);
	assert_true(offers(&m, "accept") && offers(&m, "return") && !offers(&m, "report"));
	assert_true(m.waiting.n == 1 && str_eq(m.waiting.v[0].who_zh, S("住建局")));
	run_to_closed(s, id);
	m = look_at(s, &s->lead, id);
	assert_true(str_eq(m.phase, S("closed")) && str_eq(m.colour, S("grey")) && m.progress == 100);
	assert_int_equal(m.timeline.n, 6);
	assert_true(str_eq(m.timeline.v[2].text, S("完成一半")) &&
		    str_eq(m.timeline.v[2].label_zh, S("填报进展")));
	assert_int_equal(m.reports.n, 2);
	assert_true(str_find(m.timeline.v[2].data, S("完成一半")) < 0);
	ledger_agrees(s);
}

static void nobody_verifies_their_own_work(void **state)
{
	struct loop_store *s = *state;
	struct matter_new in = new_task(s, "自查自验");
	int64_t id = make_task(s, &in);
	struct fail f;
	must_act(s, &s->lead, id, "accept", matter_no_input(), "doing");
	add_file(s, id);
	must_act(s, &s->lead, id, "submit", says("完成"), "verifying");
	assert_int_equal(do_act(s, &s->lead, id, "pass", says("好"), NULL, &f), ERR_SEPARATION);
	assert_int_equal(do_act(s, &s->co, id, "pass", says("好"), NULL, &f), ERR_FORBIDDEN);
	assert_int_equal(do_act(s, &s->reader, id, "note", says("好"), NULL, &f), ERR_FORBIDDEN);
	assert_int_equal(do_act(s, &s->other_county, id, "pass", says("好"), NULL, &f), ERR_NOT_FOUND);
	must_act(s, &s->verifier, id, "reject", says("不实"), "doing");
	ledger_agrees(s);
}

static void old_versions_are_told_what_changed(void **state)
{
	struct loop_store *s = *state;
	struct matter_new in = new_task(s, "并发");
	int64_t id = make_task(s, &in);
	struct fail f;
	struct wf_input first = matter_no_input();
	first.ver = 1;
	must_act(s, &s->lead, id, "accept", first, "doing");
	assert_int_equal(do_act(s, &s->lead, id, "accept", first, NULL, &f), ERR_STALE);
	assert_string_equal(f.args[0].text, "2");
	assert_string_equal(f.args[1].text, "doing");
	assert_string_equal(f.pointer, "/ver");
}

static void reopening_keeps_the_dossier(void **state)
{
	struct loop_store *s = *state;
	struct matter_new in = new_task(s, "反弹");
	int64_t id = make_task(s, &in);
	struct fail f;
	run_to_closed(s, id);
	struct wf_input again = says("回头看发现反弹");
	assert_int_equal(do_act(s, &s->office, id, "reopen", again, NULL, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/due");
	again.due_day = day_of("2027-03-31");
	atomic_store(&s->core->clock.fixed_ms, START_MS + 1000);
	must_act(s, &s->office, id, "reopen", again, "doing");
	struct matter_out m = look_at(s, &s->office, id);
	assert_int_equal(m.round, 2);
	assert_int_equal(m.timeline.n, 7);
	assert_int_equal(m.files.n, 1);
	assert_int_equal(do_act(s, &s->lead, id, "submit", says("又好了"), NULL, &f),
			 ERR_GUARD); /* last round's evidence is spent */
	assert_string_equal(f.key, "err.guard.evidence");
	atomic_store(&s->core->clock.fixed_ms, START_MS);
	ledger_agrees(s);
}

static void extensions_have_a_quota_and_another_judge(void **state)
{
	struct loop_store *s = *state;
	struct matter_new in = new_task(s, "延期");
	int64_t id = make_task(s, &in);
	struct fail f;
	struct wf_input ask = says("材料未到");
	must_act(s, &s->lead, id, "accept", matter_no_input(), "doing");
	ask.due_day = day_of("2026-12-31");
	assert_int_equal(do_act(s, &s->lead, id, "extend-ask", ask, NULL, &f), ERR_GUARD);
	ask.due_day = day_of("2027-01-31");
	must_act(s, &s->lead, id, "extend-ask", ask, "extending");
	assert_int_equal(do_act(s, &s->lead, id, "extend-grant", matter_no_input(), NULL, &f), ERR_FORBIDDEN);
	must_act(s, &s->office, id, "extend-grant", matter_no_input(), "doing");
	struct matter_out m = look_at(s, &s->office, id);
	assert_int_equal(china_day(m.due_ms), day_of("2027-01-31"));
	ask.due_day = day_of("2027-02-28");
	must_act(s, &s->lead, id, "extend-ask", ask, "extending");
	must_act(s, &s->office, id, "extend-grant", matter_no_input(), "doing");
	assert_int_equal(do_act(s, &s->lead, id, "extend-ask", ask, NULL, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.later");
	ask.due_day = day_of("2027-03-31");
	assert_int_equal(do_act(s, &s->lead, id, "extend-ask", ask, NULL, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.quota");
}

static void a_tree_closes_from_its_leaves(void **state)
{
	struct loop_store *s = *state;
	struct matter_new in = new_task(s, "全市任务");
	struct fail f;
	int64_t top = make_task(s, &in), child[2];
	in.parent = top;
	for (int i = 0; i < 2; i++)
		child[i] = make_task(s, &in);
	must_act(s, &s->lead, top, "accept", matter_no_input(), "doing");
	struct wf_input typed = says("我说八成");
	typed.percent = 80;
	assert_int_equal(do_act(s, &s->lead, top, "report", typed, NULL, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.progress_computed");
	add_file(s, top);
	assert_int_equal(do_act(s, &s->lead, top, "submit", says("完"), NULL, &f), ERR_GUARD);
	assert_string_equal(f.key, "err.guard.children_open");
	run_to_closed(s, child[0]);
	struct matter_out m = look_at(s, &s->office, top);
	assert_int_equal(m.progress, 50);
	assert_int_equal(m.children.n, 2);
	must_act(s, &s->office, child[1], "cancel", says("重复"), "cancelling");
	assert_int_equal(do_act(s, &s->office, child[1], "cancel-confirm", matter_no_input(), NULL, &f),
			 ERR_SEPARATION);
	must_act(s, &s->office2, child[1], "cancel-confirm", matter_no_input(), "cancelled");
	m = look_at(s, &s->office, top);
	assert_int_equal(m.progress, 100);
	must_act(s, &s->lead, top, "submit", says("完"), "verifying");
	ledger_agrees(s);
}

struct bulk_job {
	struct json_ids ids;
	struct wf_input in;
};

static err bulk_run(struct ctx *cx, void *arg)
{
	struct bulk_job *j = arg;
	return matter_bulk(cx, j->ids, S("reassign"), &j->in);
}

static void bulk_is_all_or_nothing(void **state)
{
	struct loop_store *s = *state;
	enum { N = 300 };
	struct matter_new in = new_task(s, "批量改派");
	int64_t ids[N];
	struct fail f;
	for (int i = 0; i < N; i++)
		ids[i] = make_task(s, &in);
	struct bulk_job j = { { ids, N }, matter_no_input() };
	j.in.lead = VERIFIER;
	must_act(s, &s->lead, ids[7], "accept", matter_no_input(), "doing");
	must_act(s, &s->office, ids[7], "suspend", says("等"), "suspended");
	assert_int_equal(core_write_as(s->core, &s->office, bulk_run, &j, &f), ERR_GUARD);
	assert_string_equal(f.pointer, "/ids/7");
	struct matter_out m = look_at(s, &s->office, ids[0]);
	assert_int_equal(m.lead.v[0].org, LEAD);
	must_act(s, &s->office, ids[7], "resume", matter_no_input(), "doing");
	int64_t start = clock_monotonic_us();
	assert_int_equal(core_write_as(s->core, &s->office, bulk_run, &j, &f), ERR_OK);
	print_message("# 300 matters in one transaction: %.1f ms\n",
		      (double)(clock_monotonic_us() - start) / 1000);
	m = look_at(s, &s->office, ids[299]);
	assert_int_equal(m.lead.v[0].org, VERIFIER);
	ledger_agrees(s);
}

struct find_job {
	const char *words;
	struct matter_list page;
};

static err find_run(struct ctx *cx, void *arg)
{
	struct find_job *j = arg;
	struct matter_query q = { .q = str_of(j->words),
				  .lead = JSON_NONE,
				  .org = JSON_NONE,
				  .due_from = JSON_NONE,
				  .due_to = JSON_NONE,
				  .document = JSON_NONE,
				  .parent = JSON_NONE,
				  .limit = JSON_NONE };
	struct matter_filter f;
	TRY(matter_filter_of(cx, &q, &f));
	return matter_list_page(cx, &f, false, &j->page);
}

static void recurring_duties_come_back(void **state)
{
	struct loop_store *s = *state;
	struct matter_new in = new_task(s, "每季度排查液化气瓶");
	struct find_job j = { .words = "液化气瓶" };
	in.recurs = S("quarter-end");
	run_to_closed(s, make_task(s, &in));
	assert_int_equal(core_read(s->core, &s->office, find_run, &j), ERR_OK);
	assert_int_equal(j.page.items.n, 2);
	assert_true(str_eq(j.page.items.v[0].state, S("assigned")));
	assert_int_equal(china_day(j.page.items.v[0].due_ms), day_of("2027-03-31"));
	assert_true(j.page.items.v[0].lead.n == 1 && j.page.items.v[0].co.n == 1);
	assert_int_equal(core_read(s->core, &s->other_county, find_run, &j), ERR_OK);
	assert_int_equal(j.page.items.n, 0);
	ledger_agrees(s);
}

static void bad_input_names_its_field(void **state)
{
	struct loop_store *s = *state;
	struct fail f;
	int64_t nobody = 424242;
	struct make_job j = { new_task(s, "  "), 0 };
	assert_int_equal(core_write_as(s->core, &s->office, make_run, &j, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/title");
	j.in = new_task(s, "x");
	j.in.lead = (struct json_ids){ &nobody, 1 };
	assert_int_equal(core_write_as(s->core, &s->office, make_run, &j, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/lead/0");
	j.in = new_task(s, "x");
	j.in.kind = S("dream");
	assert_int_equal(core_write_as(s->core, &s->office, make_run, &j, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/kind");
	j.in = new_task(s, "x");
	assert_int_equal(core_write_as(s->core, &s->co, make_run, &j, &f), ERR_FORBIDDEN);
	assert_int_equal(core_write_as(s->core, &s->other_county, make_run, &j, &f), ERR_FORBIDDEN);
	int64_t id = make_task(s, &j.in);
	assert_int_equal(do_act(s, &s->lead, id, "dance", matter_no_input(), NULL, &f), ERR_BAD_FIELD);
	struct wf_input in = says("x");
	in.percent = 10;
	assert_int_equal(do_act(s, &s->lead, id, "accept", in, NULL, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/percent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_task_runs_from_order_to_end),
		cmocka_unit_test(nobody_verifies_their_own_work),
		cmocka_unit_test(old_versions_are_told_what_changed),
		cmocka_unit_test(reopening_keeps_the_dossier),
		cmocka_unit_test(extensions_have_a_quota_and_another_judge),
		cmocka_unit_test(a_tree_closes_from_its_leaves),
		cmocka_unit_test(bulk_is_all_or_nothing),
		cmocka_unit_test(recurring_duties_come_back),
		cmocka_unit_test(bad_input_names_its_field),
	};
	return cmocka_run_group_tests(tests, loop_open_store, loop_close_store);
}
