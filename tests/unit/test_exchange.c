/* Exchange tables from one store to an empty one: what goes out the second time are the same bytes. */
#include "loop_store.h"

#include "loop/exchange_run.h"
#include "sys/file.h"

static const char doc[] =
	"{\"company\":{\"companyCode\":\"123456789\",\"creditCode\":\"91350100M000100Y43\",\"name\":\"示例化工\"},\"tables\":{"
	"\"RiskUnit\":[{\"id\":\"11111111111111111111111111111111\",\"companyCode\":\"123456789\",\"hazardCode\":\"HZ\\\"1\","
	"\"hazardDep\":\"生产部\",\"hazardLiablePerson\":\"王某\",\"riskUnitName\":\"液氨\\n罐区\",\"rvalue\":85.6,\"deleted\":\"0\"}],"
	"\"Danger\":["
	"{\"id\":\"66666666666666666666666666666666\",\"companyCode\":\"123456789\",\"dangerName\":\"安全阀超期\",\"dangerLevel\":\"0\","
	"\"registTime\":\"2026/11/1 8:05\",\"registrant\":\"李某\",\"dangerSrc\":\"日常排查\",\"dangerManageType\":\"1\","
	"\"hazardDangerType\":\"7\",\"dangerDesc\":\"校验期已过\",\"dangerState\":\"1\",\"photoBefore\":\"/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==\"},"
	"{\"id\":\"77777777777777777777777777777777\",\"companyCode\":\"123456789\",\"dangerName\":\"已删除\",\"dangerLevel\":\"0\","
	"\"registTime\":\"2026-10-01\",\"registrant\":\"李某\",\"dangerSrc\":\"2\",\"dangerManageType\":\"0\",\"hazardDangerType\":\"8\","
	"\"dangerDesc\":\"x\",\"dangerState\":\"0\",\"deleted\":\"1\"}]}}";

static struct exchange_import take_in(struct loop_store *s, str bytes, bool check)
{
	struct exchange_import im;
	struct ctx cx = core_ctx(s->core, &s->office);
	assert_int_equal(system(arena_printf(s->core->a, "mkdir -p %s/files %s/tmp", s->core->dir, s->core->dir).p), 0);
	struct exchange_run how = { .spec = S("hazchem"), .table = S(""), .org = LEAD, .matters = true, .check = check };
	err e = exchange_run(&cx, &how, bytes, &im);
	if (e != ERR_OK)
		fail_msg("%s %s %s", err_name(e), cx.fail.key ? cx.fail.key : "", cx.fail.pointer);
	for (size_t i = 0; i < im.in->nerrors; i++)
		print_message("# %s\n", arena_cstr(s->core->a, im.in->errors[i].message));
	assert_int_equal(im.in->nerrors, 0);
	return im;
}

struct out_job {
	const char *path;
	enum exchange_format format;
	str bytes;
};

static err write_out(struct ctx *cx, void *arg)
{
	struct out_job *j = arg;
	struct exchange_spec s;
	struct exchange_company_get_row c;
	TRY(exchange_spec_read(cx, S("hazchem"), &s));
	TRY(exchange_company_get(cx->c, cx->a, &(struct exchange_company_get_params){ s.id, S("123456789") }, &c));
	TRY(exchange_write(cx, &s, &c, j->format, S(""), j->path));
	return file_read(cx->a, j->path, 1 << 24, &j->bytes, &cx->fail);
}

static str put_out(struct loop_store *s, enum exchange_format format)
{
	struct out_job j = { .path = arena_printf(s->core->a, "%s/out", s->core->dir).p, .format = format };
	assert_int_equal(core_read(s->core, &s->office, write_out, &j), ERR_OK);
	return j.bytes;
}

static void out_and_in_again(void **state)
{
	struct loop_store *s = *state, *second;
	void *other;
	struct exchange_import im = take_in(s, str_of(doc), true);
	assert_int_equal(im.linked, 1);
	im = take_in(s, str_of(doc), false);
	assert_int_equal(im.created, 3);
	assert_int_equal(im.linked, 1); /* what is deleted becomes no matter */
	assert_int_equal(im.photos, 1);
	str one = put_out(s, EXCHANGE_JSON), book = put_out(s, EXCHANGE_XLSX);
	assert_true(str_find(one, S("\"registTime\":\"2026-11-01 08:05:00\"")) > 0);
	assert_true(str_find(one, S("\"dangerSrc\":\"1\"")) > 0);   /* the word became its code */
	assert_true(str_find(one, S("\"dangerState\":\"1\"")) > 0); /* what came stands until somebody acts */
	if (db_engine(s->core->app.db) == DB_PG)
		return; /* one database a test */
	assert_int_equal(loop_open_store(&other), 0);
	second = other;
	im = take_in(second, arena_str(second->core->a, one), false);
	assert_int_equal(im.created, 3);
	str two = put_out(second, EXCHANGE_JSON);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.p, two.p, one.n);
	im = take_in(second, arena_str(second->core->a, book), false);
	assert_int_equal(im.unchanged, 3);
	loop_close_store(&other);
}

static void a_row_that_cannot_be_a_matter(void **state)
{
	struct loop_store *s = *state;
	struct ctx cx = core_ctx(s->core, &s->office);
	struct exchange_import im;
	struct exchange_run how = { .spec = S("hazchem"), .table = S(""), .org = LEAD, .matters = true };
	str late = S("{\"company\":{\"companyCode\":\"123456789\"},\"tables\":{\"Danger\":[{\"id\":\"66666666666666666666666666666666\","
		     "\"companyCode\":\"123456789\",\"dangerName\":\"x\",\"dangerLevel\":\"0\",\"registTime\":\"2031-01-01\",\"registrant\":\"李\","
		     "\"dangerSrc\":\"1\",\"dangerManageType\":\"1\",\"hazardDangerType\":\"7\",\"dangerDesc\":\"x\",\"dangerState\":\"0\"}]}}");
	assert_int_equal(exchange_run(&cx, &how, late, &im), ERR_OK);
	assert_int_equal(im.in->nerrors, 1);
	assert_true(str_eq(im.in->errors[0].cell, S("/tables/Danger/0")));
	struct out_job j = { .path = arena_printf(s->core->a, "%s/out", s->core->dir).p };
	assert_int_equal(core_read(s->core, &s->office, write_out, &j), ERR_NOT_FOUND); /* nothing was kept, not even the company */
}

static void files_that_are_none(void **state)
{
	struct loop_store *s = *state;
	static const char *const bad[] = { "", "{", "[]", "{\"tables\":[]}", "{\"tables\":{\"Moon\":[]}}", "{\"tables\":{\"Danger\":[1]}}", "\xff\xfe\x00" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct exchange_import im;
		struct ctx cx = core_ctx(s->core, &s->office);
		struct exchange_run how = { .spec = S("hazchem"), .table = S("") };
		err e = exchange_run(&cx, &how, str_of(bad[i]), &im);
		assert_true(e != ERR_OK || im.in->nerrors || !im.in->n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(out_and_in_again, loop_open_store, loop_close_store),
		cmocka_unit_test_setup_teardown(a_row_that_cannot_be_a_matter, loop_open_store, loop_close_store),
		cmocka_unit_test_setup_teardown(files_that_are_none, loop_open_store, loop_close_store),
	};
	return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
