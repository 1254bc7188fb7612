#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/json.h"

#define PART(F, O, L)                                                                              \
	F(STR, indicator, REQ, .max = 10)                                                          \
	F(F64, value, OPT, .min = -5, .max = 5)
JSON_STRUCT(part, PART)
JSON_DEFINE(part, PART)

#define WHOLE(F, O, L)                                                                             \
	F(STR, title, REQ, .min = 2, .max = 4)                                                     \
	F(I64, percent, OPT, .max = 100)                                                           \
	F(BOOL, leader, OPT)                                                                       \
	F(ID, org, OPT)                                                                            \
	F(DATE, due, NUL)                                                                          \
	F(ENUM, kind, OPT, .options = "task|hazard")                                               \
	F(STRS, names, OPT, .max = 3)                                                              \
	F(IDS, ids, OPT)                                                                           \
	F(RAW, prefs, OPT, .max = 40)                                                              \
	O(part, main, OPT)                                                                         \
	L(part, parts, OPT, .max = 4)                                                              \
	L(whole, children, OPT)
JSON_STRUCT(whole, WHOLE)
JSON_DEFINE(whole, WHOLE)

struct bench {
	struct arena *a;
	struct fail f;
	struct whole v;
};

static int set_up(void **state)
{
	static struct bench b;
	b = (struct bench){ .a = arena_new() };
	*state = &b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	arena_free(b->a);
	return 0;
}

static err read_text(struct bench *b, const char *text)
{
	b->f = (struct fail){ 0 };
	return json_read(b->a, str_of(text), whole_json, &b->v, &b->f);
}

static void refused(struct bench *b, const char *text, const char *pointer, const char *key)
{
	assert_int_not_equal(read_text(b, text), ERR_OK);
	assert_string_equal(b->f.pointer, pointer);
	assert_string_equal(b->f.key, key);
}

static void reads_every_kind(void **state)
{
	struct bench *b = *state;
	assert_int_equal(read_text(b, "{\"title\":\"\xe5\xae\x89\xe5\x85\xa8\xe7\x94\x9f\xe4\xba\xa7\",\"percent\":40,\"leader\":true,"
				      "\"org\":\"9007199254740993\",\"due\":\"2026-02-28\",\"kind\":\"hazard\","
				      "\"names\":[\"a\",\"b\"],\"ids\":[\"7\"],\"prefs\":{\"x\": [1, 2.5]},"
				      "\"main\":{\"indicator\":\"PM2.5\",\"value\":-4.5},\"parts\":[{\"indicator\":\"SO2\"}],"
				      "\"children\":[{\"title\":\"ab\",\"due\":null}]}"),
			 ERR_OK);
	struct whole *v = &b->v;
	assert_int_equal(v->percent, 40);
	assert_true(v->leader);
	assert_int_equal(v->org, 9007199254740993);
	assert_true(str_eq(v->kind, S("hazard")));
	assert_true(v->names.n == 2 && str_eq(v->names.v[1], S("b")));
	assert_true(v->ids.n == 1 && v->ids.v[0] == 7);
	assert_true(str_eq(v->prefs, S("{\"x\":[1,2.5]}")));
	assert_true(v->main->value == -4.5);
	assert_true(v->parts.n == 1 && isnan(v->parts.v[0].value));
	assert_true(v->children.n == 1 && v->children.v[0].due == JSON_NONE);
}

static void absent_is_told_from_empty(void **state)
{
	struct bench *b = *state;
	assert_int_equal(read_text(b, "{\"title\":\"ab\",\"names\":[]}"), ERR_OK);
	assert_non_null(b->v.names.v);
	assert_null(b->v.parts.v);
	assert_null(b->v.kind.p);
	assert_null(b->v.main);
	assert_int_equal(b->v.percent, JSON_NONE);
}

static void points_at_the_broken_field(void **state)
{
	struct bench *b = *state;
	refused(b, "{}", "/title", "err.required");
	refused(b, "{\"title\":\"\"}", "/title", "err.required");
	refused(b, "{\"title\":\"a\"}", "/title", "err.too_short");
	refused(b, "{\"title\":\"abcde\"}", "/title", "err.too_long");
	assert_string_equal(b->f.args[0].text, "4");
	refused(b, "{\"title\":5}", "/title", "err.type");
	refused(b, "{\"title\":null}", "/title", "err.type");
	refused(b, "{\"title\":\"ab\",\"percent\":101}", "/percent", "err.range");
	assert_string_equal(b->f.args[1].text, "100");
	refused(b, "{\"title\":\"ab\",\"percent\":-1}", "/percent", "err.range");
	refused(b, "{\"title\":\"ab\",\"percent\":1.5}", "/percent", "err.type");
	refused(b, "{\"title\":\"ab\",\"percent\":9007199254740993}", "/percent", "err.number");
	refused(b, "{\"title\":\"ab\",\"due\":\"2026-02-29\"}", "/due", "err.bad_date");
	refused(b, "{\"title\":\"ab\",\"org\":\"0\"}", "/org", "err.bad_id");
	refused(b, "{\"title\":\"ab\",\"org\":\"07\"}", "/org", "err.bad_id");
	refused(b, "{\"title\":\"ab\",\"org\":7}", "/org", "err.type");
	refused(b, "{\"title\":\"ab\",\"kind\":\"Task\"}", "/kind", "err.enum");
	refused(b, "{\"title\":\"ab\",\"names\":[\"a\",\"b\",\"c\",\"d\"]}", "/names", "err.too_many_items");
	refused(b, "{\"title\":\"ab\",\"names\":[\"a\",1]}", "/names/1", "err.type");
	refused(b, "{\"title\":\"ab\",\"parts\":[{\"indicator\":\"x\"},{\"indicator\":\"x\",\"value\":7}]}",
		"/parts/1/value", "err.range");
	refused(b, "{\"title\":\"ab\",\"main\":[]}", "/main", "err.type");
	refused(b, "{\"title\":\"ab\",\"prefs\":{\"aaaaaaaaaaaaaaaaaaaa\":\"bbbbbbbbbbbbbbbbbbbbbb\"}}", "/prefs", "err.too_long");
	refused(b, "[]", "", "err.type");
}

static void refuses_what_is_not_expected(void **state)
{
	struct bench *b = *state;
	refused(b, "{\"title\":\"ab\",\"a/b~\":1}", "/a~1b~0", "err.unknown_field");
	refused(b, "{\"title\":\"ab\",\"parts\":[{\"indicator\":\"x\",\"indicator\":\"y\"}]}", "/parts/0/indicator",
		"err.duplicate_field");
	refused(b, "{\"title\" : \"ab\", \"title\" : \"cd\"}", "/title", "err.duplicate_field");
	refused(b, "{\"title\":\"ab\",\"percent\":123456789012345678901234567890}", "/percent", "err.number");
	refused(b, "{\"title\":\"a\\u0000\"}", "/title", "err.bad_json");
	refused(b, "{\"title\":\"ab\",}", "", "err.bad_json");
	refused(b, "", "", "err.bad_json");
	refused(b, "{\"title\":\"ab\"} x", "", "err.bad_json");
	refused(b, "{\"title\":\"\xc0\x80\"}", "/title", "err.bad_json");
	assert_int_equal(b->f.code, ERR_BAD_JSON);
}

static void refuses_deep_nesting_before_parsing(void **state)
{
	struct bench *b = *state;
	char deep[20000];
	memset(deep, '[', sizeof deep);
	deep[sizeof deep - 1] = 0;
	refused(b, deep, "", "err.json_depth");
	refused(b, "{\"title\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", "/title", "err.too_long");
}

static void failure_leaves_the_result_alone(void **state)
{
	struct bench *b = *state;
	b->v.percent = 77;
	refused(b, "{\"title\":\"ab\",\"percent\":1,\"kind\":\"x\"}", "/kind", "err.enum");
	assert_int_equal(b->v.percent, 77);
}

static void what_is_written_reads_back(void **state)
{
	struct bench *b = *state;
	const char *text = "{\"title\":\"a\\\"\\u0001\\n\",\"percent\":40,\"leader\":false,\"org\":\"12\",\"due\":null,"
			   "\"names\":[\"\xe9\x97\xad\",\"b\"],\"main\":{\"indicator\":\"x\",\"value\":0.1},\"parts\":[]}";
	assert_int_equal(read_text(b, text), ERR_OK);
	struct buf out = BUF(b->a);
	json_write(&out, whole_json, &b->v);
	assert_string_equal(buf_cstr(&out), text);
}

static void bad_utf8_is_mended(void **state)
{
	struct bench *b = *state;
	struct buf out = BUF(b->a);
	json_put_str(&out, S("a\xff\xe5\xae\x89\"\x1f"));
	assert_string_equal(buf_cstr(&out), "\"a\xef\xbf\xbd\xe5\xae\x89\\\"\\u001f\"");
}

static void numbers_are_short(void **state)
{
	struct bench *b = *state;
	struct buf out = BUF(b->a);
	const double v[] = { 0.1, 1e300, -3, 1.0 / 3, NAN, INFINITY, 1e15 };
	for (size_t i = 0; i < COUNT_OF(v); i++) {
		json_put_f64(&out, v[i]);
		buf_byte(&out, ' ');
	}
	assert_string_equal(buf_cstr(&out), "0.1 1e+300 -3 0.3333333333333333 null null 1e+15 ");
}

static err read_pairs(struct bench *b, const struct json_pair *p, size_t n)
{
	b->f = (struct fail){ 0 };
	return json_read_query(b->a, p, n, whole_json, &b->v, &b->f);
}

static void reads_queries(void **state)
{
	struct bench *b = *state;
	const struct json_pair good[] = { { S("title"), S("ab") }, { S("percent"), S("7") }, { S("leader"), S("1") },
					  { S("names"), S("a,b") }, { S("names"), S("c") }, { S("kind"), S("") },
					  { S("ids"), S("5") }, { S("due"), S("2026-11-22") } };
	assert_int_equal(read_pairs(b, good, COUNT_OF(good)), ERR_OK);
	assert_true(b->v.names.n == 3 && str_eq(b->v.names.v[2], S("c")));
	assert_true(b->v.leader && b->v.percent == 7 && b->v.ids.v[0] == 5 && !b->v.kind.p);
	const struct json_pair twice[] = { { S("title"), S("ab") }, { S("title"), S("cd") } };
	assert_int_equal(read_pairs(b, twice, 2), ERR_BAD_FIELD);
	assert_string_equal(b->f.key, "err.duplicate_field");
	const struct json_pair unknown[] = { { S("nope"), S("ab") } };
	assert_int_equal(read_pairs(b, unknown, 1), ERR_BAD_FIELD);
	assert_string_equal(b->f.pointer, "?nope");
	assert_int_equal(read_pairs(b, good + 1, 1), ERR_BAD_FIELD);
	assert_string_equal(b->f.pointer, "?title");
	assert_int_equal(json_read_query(b->a, unknown, 1, NULL, NULL, &b->f), ERR_BAD_FIELD);
	assert_int_equal(json_read_query(b->a, unknown, 0, NULL, NULL, &b->f), ERR_OK);
}

static void writes_schemas(void **state)
{
	struct bench *b = *state;
	struct buf out = BUF(b->a);
	json_schema(&out, part_json, false);
	assert_string_equal(buf_cstr(&out),
			    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"indicator\"],\"properties\":{"
			    "\"indicator\":{\"type\":\"string\",\"maxLength\":10},"
			    "\"value\":{\"type\":\"number\",\"minimum\":-5,\"maximum\":5}}}");
	out.n = 0;
	json_schema(&out, whole_json, false);
	assert_non_null(strstr(buf_cstr(&out), "\"due\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}"));
	assert_non_null(strstr(buf_cstr(&out), "\"items\":{\"$ref\":\"#/components/schemas/part\"}"));
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(reads_every_kind),
		TEST(absent_is_told_from_empty),
		TEST(points_at_the_broken_field),
		TEST(refuses_what_is_not_expected),
		TEST(refuses_deep_nesting_before_parsing),
		TEST(failure_leaves_the_result_alone),
		TEST(what_is_written_reads_back),
		TEST(bad_utf8_is_mended),
		TEST(numbers_are_short),
		TEST(reads_queries),
		TEST(writes_schemas),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
