/* Pasted texts, and catalogs of marks that cannot be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loop/marks.h"
#include "num/phash.h"

static int distance(const char *a, const char *b)
{
	size_t n;
	return phash_distance(marks_simhash(str_of(a), &n), marks_simhash(str_of(b), &n));
}

static void adapted_texts_are_near(void **state)
{
	static const char base[] = "2026年11月3日，我单位高度重视，立即组织人员对存在的问题进行了全面整改，目前已全部整改到位。";
	(void)state;
	assert_int_equal(distance(base, base), 0);
	assert_int_equal(distance(base, "2026年12月18日 我单位高度重视 立即组织人员对存在的问题进行了全面整改 目前已全部整改到位"), 0);
	assert_true(distance(base, "已更换3号泵轴封，清理泄漏油污，复测振动值合格，并将检修周期由六个月改为三个月。") > 12);
	assert_true(distance("The valve was replaced and tested.", "THE VALVE was replaced, and tested!") == 0);
}

static void letters_are_counted(void **state)
{
	size_t n;
	(void)state;
	(void)marks_simhash(S("已完成 100%！（见附件）"), &n);
	assert_int_equal(n, 6);
	(void)marks_simhash(S(""), &n);
	assert_int_equal(n, 0);
}

static err read_with(struct arena *a, const char *from, const char *to, struct fail *f)
{
	char dir[] = "/tmp/bihuan-marks-XXXXXX", path[256], text[8192], *at;
	struct catalog *plain, *c;
	struct mark_rules *rules;
	str params;
	assert_int_equal(catalog_load(NULL, &plain, f), ERR_OK);
	assert_int_equal(catalog_text(plain, a, S("mark/2026/params.tsv"), &params, f), ERR_OK);
	snprintf(text, sizeof text, STR_FMT, STR_ARG(params));
	assert_non_null(at = strstr(text, from));
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "mkdir -p %s/mark/2026", dir);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof path, "%s/mark/2026/params.tsv", dir);
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	fprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	fclose(out);
	assert_int_equal(catalog_load(dir, &c, f), ERR_OK);
	err e = mark_rules_read(a, c, 20759, &rules, f); /* 2026-11-02 */
	catalog_free(c);
	catalog_free(plain);
	snprintf(path, sizeof path, "rm -rf %s", dir);
	assert_int_equal(system(path), 0);
	return e;
}

static void catalogs_that_cannot_be_used(void **state)
{
	struct arena *a = arena_new();
	struct fail f = { 0 };
	(void)state;
	assert_int_equal(read_with(a, "minutes\t30", "minutes\t45", &f), ERR_OK);
	assert_int_equal(read_with(a, "distance\t7\t", "distance\t40\t", &f), ERR_BAD_FORMAT); /* cannot be found by bands */
	assert_int_equal(read_with(a, "quick-accept\tminutes", "quick-accept\tseconds", &f), ERR_BAD_FORMAT);
	assert_int_equal(read_with(a, "photo-far\tdistance\t500\tmetre\tengineering", "# photo-far", &f), ERR_BAD_FORMAT);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adapted_texts_are_near),
		cmocka_unit_test(letters_are_counted),
		cmocka_unit_test(catalogs_that_cannot_be_used),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
