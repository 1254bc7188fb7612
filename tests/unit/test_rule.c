/* Rules over readings: text cases. A series is written as value[flag] separated by blanks, "-" a missing value, "nan" one that
 * cannot be used; what comes out is one line an episode. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "sense/rule.h"

#define T0 INT64_C(1793548800000) /* 2026-11-02 00:00 in China, a Monday */
enum { HOUR = 3600000, MOST = 400 };

struct series_text {
	int64_t at[MOST];
	double value[MOST];
	char flag[MOST];
	size_t n;
};

static void read_text(const char *text, int64_t step, struct series_text *s)
{
	int64_t at = T0;
	s->n = 0;
	for (char *end; *text && s->n < MOST; at += step) {
		while (*text == ' ')
			text++;
		if (*text == '-') {
			text++;
			continue;
		}
		s->value[s->n] = strtod(text, &end);
		s->flag[s->n] = *end && *end != ' ' ? *end++ : 'N';
		s->at[s->n++] = at;
		text = end;
	}
}

static const char *hours(struct buf *b, int64_t ms)
{
	buf_printf(b, "%g", (double)(ms - T0) / HOUR);
	return "";
}

static str say(struct arena *a, const struct episode *v, size_t n)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < n; i++) {
		buf_put(&b, i ? S("; ") : S(""));
		hours(&b, v[i].begin_ms);
		buf_put(&b, S("/"));
		hours(&b, v[i].raised_ms);
		buf_put(&b, S("-"));
		hours(&b, v[i].last_ms);
		buf_put(&b, v[i].end_ms ? S(" end ") : S(" open"));
		if (v[i].end_ms)
			hours(&b, v[i].end_ms);
		buf_printf(&b, " n%lld", (long long)v[i].n);
		if (v[i].doubtful)
			buf_printf(&b, " marked%lld", (long long)v[i].doubtful);
		buf_printf(&b, " peak %g%s", v[i].peak, v[i].lawful_ms ? " lawful" : "");
	}
	return buf_str(&b);
}

/* The whole column at once, and value by value with the state copied in between, or what is kept of it at rest: the same. */
static void expect(const struct rule *r, const char *series, const char *want)
{
	struct arena *a = arena_new();
	struct series_text t;
	struct episode v[16], w[16];
	struct rule_state s;
	size_t n, k = 0;
	read_text(series, rule_period_ms(r->kind) ? rule_period_ms(r->kind) : 60000, &t);
	struct column c = { t.n, t.at, t.value, t.flag };
	rule_begin(&s);
	n = rule_column(r, &s, &c, v, 16);
	str got = say(a, v, n);
	if (!str_eq(got, str_of(want)))
		fail_msg("%s\n  is   " STR_FMT "\n  want %s", series, STR_ARG(got), want);
	rule_begin(&s);
	for (size_t i = 0; i < t.n; i++) {
		struct rule_state kept = s;
		struct rule_rest rest;
		if (rule_rests(r, &kept, &rest))
			rule_resume(&rest, &s);
		else
			s = kept;
		if (rule_step(r, &s, t.at[i], t.value[i], t.flag[i]) == RULE_ENDED)
			w[k++] = s.e;
		assert_int_equal(rule_step(r, &s, t.at[i], 1e9, 'N'), RULE_NOTHING); /* the same time again */
	}
	if (s.open)
		w[k++] = s.e;
	assert_true(str_eq(say(a, w, k), got));
	arena_free(a);
}

static struct rule rule_of(enum rule_test test, double limit)
{
	return (struct rule){ .id = S("r"), .test = test, .kind = SERIES_HOUR, .op = RULE_GT, .limit = limit, .clear = NAN, .times = 1,
			      .of = 1, .clear_times = 1, .to_min = 1440, .days = 127, .severity = S("warning"), .valid_to_day = INT64_MIN };
}

static void thresholds(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_THRESHOLD, 50);
	expect(&r, "", "");
	expect(&r, "49 50 50", "");
	expect(&r, "49 50.1 60 50", "1/1-2 end 3 n2 peak 60 lawful");
	expect(&r, "51 49 52", "0/0-0 end 1 n1 peak 51 lawful; 2/2-2 open n1 peak 52 lawful");
	r.op = RULE_GE;
	expect(&r, "49 50", "1/1-1 open n1 peak 50 lawful");
	r.op = RULE_LT;
	expect(&r, "50 49 20 51", "1/1-2 end 3 n2 peak 20 lawful");
	expect(&r, "99T 99T", "");
	r.op = RULE_LE;
	expect(&r, "50 51", "0/0-0 end 1 n1 peak 50 lawful");
}

static void repetition(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_THRESHOLD, 50);
	r.times = 2;
	r.of = 3;
	expect(&r, "60 40 40 60 40 40", "");
	expect(&r, "60 40 61 40", "0/2-2 end 3 n2 peak 61 lawful");
	expect(&r, "60 - 61", "0/2-2 open n2 peak 61 lawful");
	expect(&r, "60 - - 61", ""); /* four hours apart is not two of three */
	r.times = r.of = 64;
	expect(&r, "60 60 60", "");
}

static void hysteresis(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_THRESHOLD, 50);
	r.clear = 45;
	r.clear_times = 2;
	expect(&r, "60 49 48 47 52 44 46 44 44", "0/0-4 end 8 n2 peak 60 lawful");
	expect(&r, "60 44M 44M 44M", "0/0-0 open n1 peak 60 lawful"); /* marked values do not say that all is well */
	expect(&r, "60 44 - - 44", "0/0-0 end 4 n1 peak 60 lawful");
}

static void marks(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_THRESHOLD, 50);
	r.times = 2;
	r.of = 2;
	expect(&r, "60M 60C", "0/1-1 open n2 marked2 peak 60");
	expect(&r, "60M 60C 61 62", "0/1-3 open n4 marked2 peak 62 lawful");
	expect(&r, "60D 60F 60S 60B 10", "0/1-3 end 4 n4 marked4 peak 60");
	expect(&r, "60 60T", "0/1-1 open n2 marked1 peak 60");
	expect(&r, "3T 3T", "0/1-1 open n2 marked2 peak 3"); /* out of range is above every upper limit */
	expect(&r, "nan nan 60", "");
}

static void lasting(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_THRESHOLD, 850);
	r.op = RULE_LT;
	r.lasting_ms = 3 * HOUR;
	expect(&r, "800 800 900 800 800", "");
	expect(&r, "900 800 790 800", "1/3-3 open n3 peak 790 lawful");
	expect(&r, "800 - - 800 800", ""); /* a gap breaks it */
}

static void schedules(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_THRESHOLD, 55);
	r.from_min = 22 * 60;
	r.to_min = 6 * 60;
	expect(&r, "60 50 50 50 50 50 99 99 50", "0/0-0 end 1 n1 peak 60 lawful");
	r.days = 1 << 0; /* the night of Sunday to Monday belongs to Sunday */
	expect(&r, "60 60 60", "");
	r.days = 1 << 6;
	expect(&r, "60 60", "0/0-1 open n2 peak 60 lawful");
	r.from_min = 480;
	r.to_min = 720;
	r.days = 127;
	expect(&r, "60 60 60 60 60 60 60 60 60 60 60 60 60", "8/8-11 open n4 peak 60 lawful");
}

static void rates(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_RATE, 10);
	expect(&r, "20 25 40 41", "2/2-2 end 3 n1 peak 15 lawful");
	expect(&r, "20 - 39 39", ""); /* 19 in two hours */
	expect(&r, "20 90D 21", "");
}

static void stuck(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_STUCK, 0);
	r.times = 4;
	expect(&r, "7 7 7 8 8 8", "");
	expect(&r, "7 7 7 7 7 8", "3/3-4 end 5 n2 marked2 peak 7");
	r.limit = 0.05;
	expect(&r, "7 7.01 7.02 7.03", "3/3-3 open n1 marked1 peak 7.03");
}

static void flags(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_FLAG, NAN);
	r.flags = S("DB");
	r.times = 2;
	r.of = 3;
	expect(&r, "1 1D 1 1B 1", "1/3-3 end 4 n2 marked2 peak 1");
	expect(&r, "1M 1C 1T", "");
}

static void outliers_and_drift(void **state)
{
	(void)state;
	char text[2400] = "";
	struct rule r = rule_of(RULE_OUTLIER, 8);
	expect(&r, "10 11 9 10 11 9 10 11 9 10 90 10", "10/10-10 end 11 n1 marked1 peak 90");
	for (int i = 0; i < RULE_BASE; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%d ", 10 + (i % 3));
	size_t before = strlen(text);
	r = rule_of(RULE_CUSUM, 5);
	snprintf(text + before, sizeof text - before, "14 14 14 14");
	expect(&r, text, "33/33-35 open n3 marked3 peak 14");
	r = rule_of(RULE_EWMA, 6);
	expect(&r, text, "35/35-35 open n1 marked1 peak 14");
	snprintf(text + before, sizeof text - before, "10 12 11 10 12 11");
	expect(&r, text, "");
}

static void silence(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_MISSING, NAN);
	struct rule_state s;
	r.lasting_ms = 4 * HOUR;
	rule_begin(&s);
	assert_int_equal(rule_silence(&r, &s, 0, T0), RULE_NOTHING);
	assert_int_equal(rule_silence(&r, &s, T0, T0 + 6 * HOUR - 1), RULE_NOTHING);
	assert_int_equal(rule_silence(&r, &s, T0, T0 + 6 * HOUR), RULE_RAISED);
	assert_int_equal(s.e.begin_ms, T0);
	assert_int_equal(rule_silence(&r, &s, T0, T0 + 9 * HOUR), RULE_GOES_ON);
	assert_int_equal(rule_silence(&r, &s, T0 + 8 * HOUR, T0 + 9 * HOUR), RULE_ENDED);
	assert_int_equal(s.e.end_ms, T0 + 8 * HOUR);
}

static void flaws(void **state)
{
	(void)state;
	struct rule r = rule_of(RULE_THRESHOLD, 50);
	assert_null(rule_flaw(&r));
	r.clear = 51;
	assert_string_equal(rule_flaw(&r), "/clear");
	r.op = RULE_LT;
	assert_null(rule_flaw(&r));
	r.lawful = true;
	assert_string_equal(rule_flaw(&r), "/source");
	r.source = S("GB 18918-2002");
	r.clause = S("4.1.3");
	assert_null(rule_flaw(&r));
	r.limit = INFINITY;
	assert_string_equal(rule_flaw(&r), "/limit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thresholds), cmocka_unit_test(repetition), cmocka_unit_test(hysteresis),
		cmocka_unit_test(marks), cmocka_unit_test(lasting), cmocka_unit_test(schedules),
		cmocka_unit_test(rates), cmocka_unit_test(stuck), cmocka_unit_test(flags),
		cmocka_unit_test(outliers_and_drift), cmocka_unit_test(silence), cmocka_unit_test(flaws),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
