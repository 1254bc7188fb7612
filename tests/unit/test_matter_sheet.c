/* What goes out as a workbook comes in again, and what is wrong in a table is named by its cell. */
#include "loop_store.h"

#include <unistd.h>

#include "loop/matter_sheet.h"
#include "sys/file.h"

struct sheet_job {
	const char *path;
	str bytes, ledger;
	struct sheet sheet;
};

static err export_run(struct ctx *cx, void *arg)
{
	struct sheet_job *j = arg;
	struct matter_filter f = { .phase = S("open"),
				   .lo = DB_NONE,
				   .hi = DB_NONE,
				   .sectors = DB_NONE,
				   .to_ms = INT64_MAX,
				   .after_id = DB_NONE,
				   .after_ms = DB_NONE,
				   .limit = 3 };
	TRY(sheet_export(cx, &f, (str){ 0 }, (str){ 0 }, j->path));
	return file_read(cx->a, j->path, 1 << 24, &j->bytes, &cx->fail);
}

static err read_run(struct ctx *cx, void *arg)
{
	struct sheet_job *j = arg;
	return sheet_read(cx, j->bytes, j->ledger, S(""), &j->sheet);
}

static void out_and_in_again(void **state)
{
	struct loop_store *s = *state;
	for (int i = 0; i < 250; i++) {
		struct matter_new in = new_task(s, arena_printf(s->core->a, "第%d项：管网改造", i).p);
		in.sectors =
		    i % 2 ? 16 : 16 | INT64_C(1) << 24; /* its name holds the mark that parts names */
		in.measures = S("=1+1 先排查、后整改");
		in.due_day = i % 5 ? in.due_day + i : JSON_NONE;
		make_task(s, &in);
	}
	struct sheet_job j = { .path = arena_printf(s->core->a, "%s/x.xlsx", s->core->dir).p };
	assert_int_equal(core_read(s->core, &s->office, export_run, &j), ERR_OK);
	assert_int_equal(core_read(s->core, &s->office, read_run, &j), ERR_OK);
	if (j.sheet.nerrors)
		fail_msg("%s %s", arena_cstr(s->core->a, j.sheet.errors[0].cell), j.sheet.errors[0].key);
	assert_int_equal(j.sheet.n, 250);
	const struct matter_new *first = &j.sheet.rows[0].in, *last = &j.sheet.rows[249].in;
	assert_true(str_eq(first->title, S("第1项：管网改造")) &&
		    str_eq(first->measures, S("=1+1 先排查、后整改")));
	assert_true(first->lead.n == 1 && first->lead.v[0] == LEAD && first->co.n == 1 &&
		    first->co.v[0] == CO);
	assert_int_equal(first->due_day, day_of("2026-12-31") + 1);
	assert_int_equal(first->sectors, 16);
	assert_int_equal(last->due_day, JSON_NONE);
	bool both = false;
	for (size_t i = 0; i < j.sheet.n; i++)
		both |= j.sheet.rows[i].in.sectors == (16 | INT64_C(1) << 24);
	assert_true(both);
	(void)unlink(j.path);
}

static void errors_name_their_cell(void **state)
{
	struct loop_store *s = *state;
	struct sheet_job j = { .bytes = S("重点任务台账,,,\n序号,重点任务,责任单位,完成时限,任务领域\n"
					  "1,好的,住建局、消防大队,2026年12月底,燃气\n"
					  "2,,住建局,2026-12-31,\n"
					  "3,单位不对,火星办,不久,外星\n"
					  "4,长期的,应急局,长期坚持,\n") };
	assert_int_equal(core_read(s->core, &s->office, read_run, &j), ERR_OK);
	assert_int_equal(j.sheet.n, 4);
	static const char *const want[] = { "B4 err.sheet.title", "D5 err.sheet.date", "E5 err.sheet.sector",
					    "C5 err.sheet.org" };
	assert_int_equal(j.sheet.nerrors, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct sheet_error *e = &j.sheet.errors[i];
		str got = arena_printf(s->core->a, STR_FMT " %s", STR_ARG(e->cell), e->key);
		assert_string_equal(got.p, want[i]);
	}
	assert_int_equal(j.sheet.rows[0].in.lead.n, 2);
	assert_int_equal(j.sheet.rows[0].in.due_day, day_of("2026-12-31"));
	assert_int_equal(j.sheet.rows[3].in.due_day, JSON_NONE);
}

static void a_table_without_its_columns_is_refused(void **state)
{
	struct loop_store *s = *state;
	struct sheet_job j = { .bytes = S("姓名,电话\n张,1\n") };
	assert_int_equal(core_read(s->core, &s->office, read_run, &j), ERR_BAD_INPUT);
}

static void dates_as_offices_write_them(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} cases[] = { { "2026-12-31", "2026-12-31" },    { "2026年6月5日", "2026-06-05" },
		      { "2026年6月底前", "2026-06-30" }, { "2026年底", "2026-12-31" },
		      { "2027.2", "2027-02-28" },        { "2026/7/1", "2026-07-01" } };
	int64_t day;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(sheet_date(str_of(cases[i].text), &day));
		assert_int_equal(day, day_of(cases[i].want));
	}
	assert_false(sheet_date(S("尽快"), &day));
	assert_false(sheet_date(S("2026年13月"), &day));
	assert_false(sheet_date(S("2026-02-30"), &day));
	assert_false(sheet_date(S("99999999"), &day));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_and_in_again),
		cmocka_unit_test(errors_name_their_cell),
		cmocka_unit_test(a_table_without_its_columns_is_refused),
		cmocka_unit_test(dates_as_offices_write_them),
	};
	return cmocka_run_group_tests(tests, loop_open_store, loop_close_store);
}
