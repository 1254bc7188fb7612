#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/canon.h"

static void keys_are_sorted_whatever_the_order(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct canon c;
	canon_begin(&c, a);
	canon_str(&c, "title", S("整改\"一\"\n"));
	canon_id(&c, "org", INT64_C(7000000000000000001));
	canon_object(&c, "by");
	canon_i64(&c, "z", -3);
	canon_bool(&c, "a", true);
	canon_close(&c);
	canon_list(&c, "list");
	canon_i64(&c, NULL, 2);
	canon_str(&c, NULL, (str){ 0 });
	canon_close(&c);
	canon_list(&c, "empty");
	canon_close(&c);
	str t = canon_end(&c);
	assert_string_equal(t.p, "{\"by\":{\"a\":true,\"z\":-3},\"empty\":[],\"list\":[2,null],"
				 "\"org\":\"7000000000000000001\",\"title\":\"整改\\\"一\\\"\\n\"}");
	assert_true(canon_valid(t));
	int64_t v;
	assert_true(canon_get_i64(t, "org", &v) && v == INT64_C(7000000000000000001));
	assert_true(str_eq(canon_get(t, "list"), S("[2,null]")));
	assert_true(str_is_null(canon_get(t, "z")));
	assert_true(str_is_null(canon_get(S("{}"), "z")));
}

static void what_cannot_be_written_gives_nothing(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct canon c;
	canon_begin(&c, a);
	canon_i64(&c, "n", (INT64_C(1) << 53) + 1);
	assert_true(str_is_null(canon_end(&c)));
	canon_begin(&c, a);
	canon_str(&c, "s", S("\xff"));
	assert_true(str_is_null(canon_end(&c)));
	canon_begin(&c, a);
	canon_i64(&c, "n", 1);
	canon_i64(&c, "n", 1);
	assert_true(str_is_null(canon_end(&c)));
	canon_begin(&c, a);
	canon_list(&c, "open");
	assert_true(str_is_null(canon_end(&c)));
	canon_begin(&c, a);
	canon_raw(&c, "x", S("1.5"));
	assert_true(str_is_null(canon_end(&c)));
	canon_begin(&c, a);
	for (int i = 0; i < CANON_DEPTH; i++)
		canon_object(&c, "deep");
	assert_true(str_is_null(canon_end(&c)));
}

static void only_one_spelling_is_valid(void **state)
{
	(void)state;
	static const char *const good[] = { "{}", "{\"a\":0}", "{\"a\":\"\\u0001\",\"b\":[[],{}]}", "{\"a\":-1}",
					    "{\"a\":9007199254740992}", "{\"A\":null,\"a\":false}" };
	static const char *const bad[] = {
		"", "[]", "1", "{ }", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"a\":1.0}", "{\"a\":1e3}",
		"{\"a\":01}", "{\"a\":-0}", "{\"a\":9007199254740993}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\u000a\"}",
		"{\"a\":\"\\/\"}", "{\"a\":\"\n\"}", "{\"a\":1,}", "{\"a\":[1,]}", "{\"a\":}", "{\"a\":tru}", "{\"a\":1}x",
		"{\"\":1}", "{\"键\":1}", "{\"a\":\"\xff\"}", "{\"a\":[1}", "{\"a\":\"\\", "{\"a\":\"", "{\"a\":+1}",
		"{\"a\":[[[[[[[[[[]]]]]]]]]]}", "{\"a\":\"\\u00\"}", "{\"a\":-}",
	};
	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (!canon_valid(str_of(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (canon_valid(str_of(bad[i])))
			fail_msg("accepted: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_sorted_whatever_the_order),
		cmocka_unit_test(what_cannot_be_written_gives_nothing),
		cmocka_unit_test(only_one_spelling_is_valid),
	};
	return cmocka_run_group_tests_name("canon", tests, NULL, NULL);
}
