/* Catalogs at run time: the built-in files, a folder that replaces some, editions, rows; and texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/catalog.h"
#include "core/catalog_check.h"
#include "core/i18n.h"

static void assert_str(str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static int64_t day(const char *iso)
{
	int64_t d;
	assert_true(date_parse(str_of(iso), &d));
	return d;
}

static void rows_are_cells(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct rows r;
	assert_int_equal(rows_read(a, S("t.tsv"), S("# why\na\tb\n\n1\t\r\n#no\n\t4\n"), &r, NULL), ERR_OK);
	assert_int_equal(r.n, 2);
	assert_int_equal(r.ncolumns, 2);
	assert_str(rows_get(&r, 0, S("a")), "1");
	assert_str(rows_get(&r, 0, S("b")), "");
	assert_str(rows_get(&r, 1, S("b")), "4");
	assert_int_equal(r.lines[0], 4);
	assert_int_equal(r.lines[1], 6);
	assert_true(str_is_null(rows_get(&r, 0, S("c"))));
	assert_true(str_is_null(rows_cell(&r, 2, 0)));
	arena_free(a);
}

static void short_rows_are_refused(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct rows r = { .n = 7 };
	struct fail f = { 0 };
	assert_int_equal(rows_read(a, S("t.tsv"), S("a\tb\n1\t2\n3\n"), &r, &f), ERR_BAD_FORMAT);
	assert_int_equal(r.n, 7);
	assert_str(i18n_fail(a, S("en"), &f), "t.tsv, line 3: another number of cells than there are columns");
	assert_int_equal(rows_read(a, S("t.tsv"), S("# only\n"), &r, &f), ERR_BAD_FORMAT);
	arena_free(a);
}

static void the_built_in_files_are_there(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct catalog *c;
	struct rows r;
	assert_int_equal(catalog_load(NULL, &c, NULL), ERR_OK);
	assert_true(catalog_count(c) > 10);
	assert_true(catalog_bytes(c, S("sector/2026/META")).n > 0);
	assert_true(str_is_null(catalog_bytes(c, S("sector/2026/NONE"))));
	assert_int_equal(catalog_table(c, a, S("role/2026/perms"), &r, NULL), ERR_OK);
	assert_true(r.n > 5);
	struct fail f = { 0 };
	assert_int_equal(catalog_table(c, a, S("role/1999/perms"), &r, &f), ERR_NOT_FOUND);
	assert_string_equal(f.args[0].text, "role/1999/perms.tsv");
	catalog_free(c);
	arena_free(a);
}

/* Large tables are kept compressed. */
static void the_divisions_unpack(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct catalog *c;
	struct rows r;
	assert_int_equal(catalog_load("", &c, NULL), ERR_OK);
	assert_true(str_is_null(catalog_bytes(c, S("region/2026/regions.tsv"))));
	assert_int_equal(catalog_table(c, a, S("region/2026/regions"), &r, NULL), ERR_OK);
	assert_true(r.n > 40000);
	assert_str(rows_get(&r, 0, S("code")), "110000000000");
	assert_str(rows_get(&r, 0, S("name_en")), "Beijing");
	size_t code = rows_column(&r, S("code"));
	for (size_t i = 1; i < r.n; i++)
		assert_true(str_cmp(rows_cell(&r, i - 1, code), rows_cell(&r, i, code)) < 0);
	catalog_free(c);
	arena_free(a);
}

static void fault(void *arg, const char *line)
{
	fprintf(stderr, "# %s\n", line);
	++*(int *)arg;
}

static void the_built_in_files_are_sound(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct catalog *c;
	struct catalog_file *v;
	size_t n;
	int faults = 0;
	assert_int_equal(catalog_load(NULL, &c, NULL), ERR_OK);
	assert_int_equal(catalog_files(c, a, &v, &n, NULL), ERR_OK);
	assert_int_equal(catalog_check(a, v, n, fault, &faults), 0);
	assert_int_equal(faults, 0);
	catalog_free(c);
	arena_free(a);
}

static void put(const char *dir, const char *path, const char *text)
{
	char name[256];
	snprintf(name, sizeof name, "%s/%s", dir, path);
	for (char *p = name + strlen(dir) + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		mkdir(name, 0700);
	}
	FILE *f = fopen(name, "wb");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void remove_tree(const char *dir)
{
	char command[256];
	snprintf(command, sizeof command, "rm -r '%s'", dir);
	assert_int_equal(system(command), 0);
}

static void a_folder_adds_and_replaces(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct catalog *c;
	struct rows r;
	char dir[] = "/tmp/bihuan-catalog-XXXXXX";
	assert_non_null(mkdtemp(dir));
	put(dir, "role/2026/perms.tsv", "id\nx\n");
	put(dir, "air/2012/META", "in_force: 2016-01-01\nuntil: 2018-08-31\n");
	put(dir, "air/2018/META", "in_force: 2018-09-01\nuntil:\n");
	put(dir, "air/2018/limits.tsv", "id\tvalue\npm25\t75\n");
	put(dir, "air/fog/2019/META", "in_force: 2019-01-01\n");
	put(dir, "air/bad/META", "in_force: soon\n");
	assert_int_equal(catalog_load(dir, &c, NULL), ERR_OK);
	assert_int_equal(catalog_table(c, a, S("role/2026/perms"), &r, NULL), ERR_OK);
	assert_int_equal(r.n, 1);
	assert_true(str_is_null(catalog_edition(c, S("air"), day("2015-12-31"))));
	assert_str(catalog_edition(c, S("air"), day("2016-01-01")), "2012");
	assert_str(catalog_edition(c, S("air"), day("2018-08-31")), "2012");
	assert_str(catalog_edition(c, S("air"), day("2018-09-01")), "2018");
	assert_str(catalog_edition(c, S("air/fog"), day("2026-01-01")), "2019");
	assert_true(str_is_null(catalog_edition(c, S("ai"), day("2026-01-01"))));
	assert_int_equal(catalog_current(c, a, S("air"), day("2026-01-01"), S("limits"), &r, NULL), ERR_OK);
	assert_str(rows_get(&r, 0, S("value")), "75");
	struct fail f = { 0 };
	assert_int_equal(catalog_current(c, a, S("air"), day("2000-01-01"), S("limits"), &r, &f), ERR_NOT_FOUND);
	assert_string_equal(f.args[0].text, "air/*/limits.tsv");
	catalog_free(c);
	arena_free(a);
	remove_tree(dir);
	struct catalog *none = NULL;
	assert_int_equal(catalog_load(dir, &none, &f), ERR_NOT_FOUND);
	assert_null(none);
}

static void meta_values(void **state)
{
	(void)state;
	str meta = S("source_more: b\nsource:  a: b \nuntil:\n");
	assert_str(meta_get(meta, S("source")), "a: b");
	assert_str(meta_get(meta, S("until")), "");
	assert_true(str_is_null(meta_get(meta, S("sour"))));
}

static void texts_in_both_languages(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	assert_str(i18n_text(S("en"), S("err.forbidden")), "You have no permission for this");
	assert_str(i18n_text(S("en-GB"), S("err.forbidden")), "You have no permission for this");
	assert_str(i18n_text(S("zh-CN"), S("err.forbidden")), "您没有此项权限");
	assert_str(i18n_text((str){ NULL, 0 }, S("err.forbidden")), "您没有此项权限");
	assert_str(i18n_text(S("en"), S("no.such.key")), "no.such.key");
	assert_true(i18n_has(S("err.forbidden")));
	assert_false(i18n_has(S("err.")));
	for (int e = 0; e < ERR_COUNT; e++)
		assert_true(i18n_has(str_of(err_key((err)e))));
	for (size_t i = 1; i < message_count(); i++)
		assert_true(str_cmp(message_at(i - 1)->key, message_at(i)->key) < 0);
	arena_free(a);
}

static void arguments_are_filled_in(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct fail f;
	(void)!FAIL(&f, BAD_FIELD, "/x", "err.range", "max", "9", "min", "1");
	assert_str(i18n_fail(a, S("en"), &f), "Must be between 1 and 9");
	(void)!FAIL(&f, BAD_FIELD, "", "err.range", "max", "9");
	assert_str(i18n_fail(a, S("zh-CN"), &f), "必须在 {min} 与 9 之间");
	(void)!FAIL(&f, BAD_FIELD, "", "err.unknown_field", "field", "{x} \xe5\xad\x97");
	assert_str(i18n_fail(a, S("en"), &f), "Unknown field: {x} \xe5\xad\x97");
	(void)!FAIL(&f, BAD_FIELD, "", "err.unknown_field", "field", "@err.ok");
	assert_str(i18n_fail(a, S("zh-CN"), &f), "未知字段：完成");
	assert_str(i18n_say(a, S("en"), "err.type", "expected", "@", NULL), "Wrong type: @ expected");
	assert_str(i18n_say(a, S("en"), "{open", "open", "x", NULL), "{open");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_cells),
		cmocka_unit_test(short_rows_are_refused),
		cmocka_unit_test(the_built_in_files_are_there),
		cmocka_unit_test(the_divisions_unpack),
		cmocka_unit_test(the_built_in_files_are_sound),
		cmocka_unit_test(a_folder_adds_and_replaces),
		cmocka_unit_test(meta_values),
		cmocka_unit_test(texts_in_both_languages),
		cmocka_unit_test(arguments_are_filled_in),
	};
	return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
