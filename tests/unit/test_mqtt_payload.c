/* Messages of MQTT: text cases. What comes out is one line: code=value[flag]@time/kind, parted by blanks; "!fault". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "gateway/mqtt/payload.h"

static str read(struct arena *a, str text)
{
	struct mqtt_values v;
	struct buf b = BUF(a);
	char number[24];
	enum mqtt_fault f = mqtt_payload_read(a, text, S("pm25"), SERIES_REAL, &v);
	if (f)
		return arena_printf(a, "!%s", mqtt_fault_name(f));
	for (size_t i = 0; i < v.n; i++) {
		const struct mqtt_value *x = &v.v[i];
		buf_printf(&b, "%s" STR_FMT "=" STR_FMT, i ? " " : "", STR_ARG(x->code), STR_ARG(decimal_text(x->value.m, x->value.scale, number)));
		if (x->flag != ' ')
			buf_byte(&b, x->flag);
		if (x->at_ms != INT64_MIN)
			buf_printf(&b, "@%lld", (long long)x->at_ms);
		if (x->kind != SERIES_REAL)
			buf_printf(&b, "/%s", series_kind_name(x->kind));
	}
	if (v.words)
		buf_printf(&b, " +%lld", (long long)v.words);
	return buf_str(&b);
}

static void says(const char *text, const char *expected)
{
	struct arena *a = arena_new();
	assert_string_equal(arena_cstr(a, read(a, str_of(text))), expected);
	arena_free(a);
}

#define NINE "1793581200000" /* 2026-11-02 09:00 in China */

static void reads_every_form(void **state)
{
	(void)state;
	says("12.50", "pm25=12.50");
	says(" -3 \n", "pm25=-3");
	says("{\"value\": 12.5}", "pm25=12.5");
	says("{\"time\": \"2026-11-02 09:00:00\", \"value\": \"12.50\", \"flag\": \"N\"}", "pm25=12.50N@" NINE);
	says("{\"item\": \"so2\", \"value\": 7, \"kind\": \"hour\", \"ts\": 1793581200}", "so2=7@" NINE "/hour");
	says("{\"pm25\": 1, \"pm10\": 2, \"timestamp\": " NINE "}", "pm25=1@" NINE " pm10=2@" NINE);
	says("{\"values\": {\"a\": 1, \"b\": {\"value\": 2, \"flag\": \"M\"}}, \"time\": 1793581200}", "a=1@" NINE " b=2M@" NINE);
	says("{\"data\": [{\"code\": \"a\", \"value\": 1}, {\"name\": \"b\", \"value\": 2}]}", "a=1 b=2");
	says("[{\"ts\": 1793581200, \"a\": 1}, {\"a\": 2}]", "a=1@" NINE " a=2");
	says("[{\"bn\": \"urn:dev:x:\", \"bt\": 1793581200, \"n\": \"pm25\", \"v\": 20.25}, {\"n\": \"pm10\", \"t\": -60, \"v\": 3}]",
	     "pm25=20.25@" NINE " pm10=3@1793581140000");
	says("[{\"n\": \"a\", \"v\": 1, \"t\": -5}]", "a=1"); /* relative to now: it has just arrived */
	says("[{\"n\": \"a\", \"bv\": 10, \"v\": 1.5}]", "a=11.5");
}

static void reads_times(void **state)
{
	(void)state;
	says("{\"value\": 1, \"time\": \"2026-11-02T09:00:00+08:00\"}", "pm25=1@" NINE);
	says("{\"value\": 1, \"time\": \"2026-11-02T01:00:00Z\"}", "pm25=1@" NINE);
	says("{\"value\": 1, \"time\": \"2026-11-02T01:00:00.250Z\"}", "pm25=1@" NINE);
	says("{\"value\": 1, \"time\": \"2026-11-01T20:00:00-05:00\"}", "pm25=1@" NINE);
	says("{\"value\": 1, \"time\": \"1793581200\"}", "pm25=1@" NINE);
	says("{\"value\": 1, \"time\": \"2026-02-30 09:00:00\"}", "!time");
	says("{\"value\": 1, \"time\": \"11-02 09:00\"}", "!time");
	says("{\"value\": 1, \"time\": 20261102090000}", "!time");
	says("{\"value\": 1, \"time\": -1}", "!time");
	says("{\"value\": 1, \"time\": true}", "!time");
}

static void counts_what_is_no_number(void **state)
{
	(void)state;
	says("{\"a\": 1, \"b\": \"x\", \"c\": null, \"d\": true}", "a=1 +3");
	says("{\"a\": {\"b\": {\"c\": 1}}}", " +1");
	says("{\"values\": 7, \"a\": 1}", "a=1 +1");
	says("{\"a b\": 1}", " +1"); /* no blanks in codes */
}

static void refuses(void **state)
{
	(void)state;
	says("", "!empty");
	says("  ", "!empty");
	says("{\"a\": 1", "!json");
	says("{\"a\": 1, \"a\": 2}", "!json");
	says("NaN", "!json");
	says("\"seven\"", "!json");
	says("\xff\xfe", "!json");
	says("[1, 2]", "!shape");
	says("[]", "!shape");
	says("{}", "!shape");
	says("{\"kind\": \"week\", \"value\": 1}", "!shape");
	says("{\"flag\": \"NN\", \"value\": 1}", "!shape");
}

static void is_bounded(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	(void)state;
	buf_put(&b, S("{\"values\": {\"a\": 0"));
	for (int i = 0; i <= MQTT_VALUES_MAX; i++)
		buf_printf(&b, ",\"c%d\": %d", i, i);
	buf_put(&b, S("}}"));
	assert_string_equal(arena_cstr(a, read(a, buf_str(&b))), "!large");
	char *deep = arena_alloc(a, 4000);
	memset(deep, '[', 4000);
	assert_string_equal(arena_cstr(a, read(a, (str){ deep, 4000 })), "!json");
	char *long_one = arena_alloc(a, MQTT_PAYLOAD_MAX + 1);
	memset(long_one, '1', MQTT_PAYLOAD_MAX + 1);
	assert_string_equal(arena_cstr(a, read(a, (str){ long_one, MQTT_PAYLOAD_MAX + 1 })), "!large");
	arena_free(a);
}

static void knows_presence(void **state)
{
	struct arena *a = arena_new();
	bool on = false;
	(void)state;
	assert_true(mqtt_presence(a, S("online"), &on) && on);
	assert_true(mqtt_presence(a, S("\"OFFLINE\""), &on) && !on);
	assert_true(mqtt_presence(a, S("{\"state\": \"online\"}"), &on) && on);
	assert_true(mqtt_presence(a, S("{\"connected\": false}"), &on) && !on);
	assert_false(mqtt_presence(a, S("maybe"), &on));
	assert_false(mqtt_presence(a, S(""), &on));
	arena_free(a);
}

static void knows_topics(void **state)
{
	(void)state;
	assert_true(mqtt_topic_valid(S("a/+/c")) && mqtt_topic_valid(S("a/#")) && mqtt_topic_valid(S("#")));
	assert_false(mqtt_topic_valid(S("a/#/b")) || mqtt_topic_valid(S("a#")) || mqtt_topic_valid(S("a+/b")) || mqtt_topic_valid(S("")) ||
		     mqtt_topic_valid(S("$SYS/x")) || mqtt_topic_valid(S("a\nb")));
	assert_true(mqtt_topic_fits(S("a/+/c"), S("a/b/c")) && mqtt_topic_fits(S("a/#"), S("a/b/c")) && mqtt_topic_fits(S("a/#"), S("a")));
	assert_false(mqtt_topic_fits(S("a/+"), S("a/b/c")) || mqtt_topic_fits(S("a/b/c"), S("a/b")) || mqtt_topic_fits(S("a"), S("b")));
	assert_true(str_eq(mqtt_topic_code(S("x/y/pm25")), S("pm25")) && str_eq(mqtt_topic_code(S("x/y/")), S("y")) &&
		    str_eq(mqtt_topic_code(S("pm10")), S("pm10")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form), cmocka_unit_test(reads_times), cmocka_unit_test(counts_what_is_no_number),
		cmocka_unit_test(refuses),	    cmocka_unit_test(is_bounded),  cmocka_unit_test(knows_presence),
		cmocka_unit_test(knows_topics),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
