/* Risk grading: exact arithmetic, and the published and boundary cases of tests/golden/risk against the
 * built-in tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loop/risk.h"

struct bench {
	struct arena *a;
	struct catalog *catalog;
	struct risk_tables *t;
};

static int setup(void **state)
{
	struct arena *a = arena_new();
	struct bench *b = NEW(a, struct bench);
	b->a = a;
	assert_int_equal(catalog_load(NULL, &b->catalog, NULL), ERR_OK);
	assert_int_equal(risk_tables_read(a, b->catalog, &b->t, NULL), ERR_OK);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;
	catalog_free(b->catalog);
	arena_free(b->a);
	return 0;
}

static const struct risk_method *method(struct bench *b, const char *name)
{
	const struct risk_method *m = risk_method_find(b->t, str_of(name), date_from_ymd(2026, 11, 22));
	assert_non_null(m);
	return m;
}

static str golden(struct arena *a, const char *name)
{
	str path = arena_printf(a, "%s/tests/golden/risk/%s.txt", getenv("BIHUAN_SOURCE"), name);
	FILE *f = fopen(path.p, "rb");
	char *text = arena_alloc(a, 65536);
	assert_non_null(f);
	size_t n = fread(text, 1, 65535, f);
	fclose(f);
	return (str){ text, n };
}

static struct risk_input nothing(void)
{
	return (struct risk_input){ .l = NAN, .e = NAN, .c = NAN, .s = NAN, .persons = DB_NONE };
}

static str value_text(struct arena *a, struct risk_value v)
{
	char text[64];
	bool exact;
	size_t n = risk_text(v, text, sizeof text, &exact);
	assert_true(exact);
	return arena_str(a, (str){ text, n });
}

static double number(str *rest)
{
	str word;
	double d = NAN;
	assert_true(str_cut(rest, ' ', &word));
	assert_true(str_to_f64(word, &d));
	return d;
}

static void expect(struct bench *b, str line, str want, const struct risk_result *r)
{
	str got = arena_printf(b->a, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(value_text(b->a, r->value)),
			       STR_ARG(r->level->id), STR_ARG(r->level->colour));
	if (!str_eq(got, want))
		fail_msg("%.*s: got %.*s", STR_ARG(line), STR_ARG(got));
}

static void simple_cases(struct bench *b, const char *name)
{
	str text = golden(b->a, name), line;
	size_t n = 0;
	while (str_cut(&text, '\n', &line)) {
		ptrdiff_t eq = str_find(line, S(" = "));
		str rest = line;
		struct risk_input in = nothing();
		struct risk_result r;
		if (eq < 0 || line.p[0] == '#')
			continue;
		in.l = number(&rest);
		if (!strcmp(name, "lec")) {
			in.e = number(&rest);
			in.c = number(&rest);
		} else {
			in.s = number(&rest);
		}
		assert_int_equal(risk_grade(b->a, method(b, name), &in, &r, NULL), ERR_OK);
		expect(b, line, str_sub(line, (size_t)eq + 3, line.n), &r);
		n++;
	}
	assert_true(n > 10);
}

static void lec_cases(void **state)
{
	simple_cases(*state, "lec");
}

static void ls_cases(void **state)
{
	simple_cases(*state, "ls");
}

static size_t substances(str *rest, struct risk_substance *v)
{
	str word, part;
	size_t n = 0;
	while (str_cut(rest, ' ', &word) && !str_eq(word, S("="))) {
		double d[3];
		for (size_t i = 0; i < 3; i++) {
			assert_true(str_cut(&word, '/', &part));
			assert_true(str_to_f64(part, &d[i]));
		}
		v[n++] = (struct risk_substance){ S(""), S(""), d[0], d[1], d[2] };
	}
	return n;
}

static void installation_cases(void **state)
{
	struct bench *b = *state;
	str text = golden(b->a, "gb18218"), line;
	while (str_cut(&text, '\n', &line)) {
		struct risk_substance v[8];
		struct risk_input in = nothing();
		struct risk_result r;
		str rest = line;
		if (!line.n || line.p[0] == '#')
			continue;
		in.persons = (int64_t)number(&rest);
		in.substances = v;
		in.nsubstances = substances(&rest, v);
		assert_int_equal(risk_grade(b->a, method(b, "gb18218"), &in, &r, NULL), ERR_OK);
		str got =
		    arena_printf(b->a, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(value_text(b->a, r.sum)),
				 STR_ARG(r.level ? value_text(b->a, r.value) : S("-")),
				 STR_ARG(r.level ? r.level->id : S("-")));
		assert_true(r.installation == !!r.level);
		if (!str_eq(got, rest))
			fail_msg("%.*s: got %.*s", STR_ARG(line), STR_ARG(got));
	}
}

static void area_takes_the_gravest(void **state)
{
	struct bench *b = *state;
	const str colours[] = { S("yellow"), S("blue"), S("orange"), S("blue") };
	struct risk_input in = nothing();
	struct risk_result r;
	in.colours = colours;
	in.ncolours = 4;
	assert_int_equal(risk_grade(b->a, method(b, "area"), &in, &r, NULL), ERR_OK);
	assert_true(str_eq(r.level->colour, S("orange")));
	in.ncolours = 0;
	assert_int_equal(risk_grade(b->a, method(b, "area"), &in, &r, NULL), ERR_BAD_FIELD);
}

static void refused(struct bench *b, const char *name, const struct risk_input *in, const char *pointer)
{
	struct risk_result r;
	struct fail f = { 0 };
	assert_int_equal(risk_grade(b->a, method(b, name), in, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, pointer);
}

static void what_is_not_in_the_table_is_refused(void **state)
{
	struct bench *b = *state;
	struct risk_substance v = { S(""), S("nh3"), 1, 0, NAN };
	struct risk_input in = nothing();
	refused(b, "lec", &in, "/l");
	in.l = 3;
	in.e = 7;
	in.c = 15;
	refused(b, "lec", &in, "/e");
	in.l = 2.5;
	in.s = 3;
	refused(b, "ls", &in, "/l");
	refused(b, "gb18218", &in, "/substances");
	in.substances = &v;
	in.nsubstances = 1;
	refused(b, "gb18218", &in, "/substances/0/cap");
	v.cap = NAN;
	refused(b, "gb18218", &in, "/persons");
	in.persons = 1;
	v.q = 1e-7;
	refused(b, "gb18218", &in, "/substances/0/q");
	v.row = S("water");
	refused(b, "gb18218", &in, "/substances/0/row");
}

static void a_method_has_editions(void **state)
{
	struct bench *b = *state;
	assert_null(risk_method_find(b->t, S("gb18218"), date_from_ymd(2019, 2, 28)));
	assert_non_null(risk_method_find(b->t, S("gb18218"), date_from_ymd(2019, 3, 1)));
	assert_null(risk_method_find(b->t, S("hazop"), date_from_ymd(2026, 1, 1)));
}

/* ---- exact arithmetic ---- */

static void decimals(void **state)
{
	(void)state;
	int64_t v;
	assert_true(risk_decimal(0.1, &v) && v == 100000);
	assert_true(risk_decimal(4.995, &v) && v == 4995000);
	assert_true(risk_decimal(999999999.999999, &v));
	assert_false(risk_decimal(0.1234567, &v));
	assert_false(risk_decimal(-1, &v));
	assert_false(risk_decimal(NAN, &v));
	assert_false(risk_decimal(INFINITY, &v));
	assert_false(risk_decimal(2e9, &v));
}

static void fractions_are_exact(void **state)
{
	(void)state;
	struct risk_value third = { 1, 3 }, sum = { 0, 1 }, big = { ((unsigned __int128)1 << 100) + 1, 3 },
			  out = { 7, 1 };
	for (int i = 0; i < 3; i++)
		assert_true(risk_add(sum, third, &sum));
	assert_int_equal(risk_compare(sum, (struct risk_value){ 1, 1 }), 0);
	assert_true(risk_compare((struct risk_value){ 1, 3 }, (struct risk_value){ 333333, 1000000 }) > 0);
	assert_true(risk_compare((struct risk_value){ 2, 3 }, (struct risk_value){ 666667, 1000000 }) < 0);
	assert_false(risk_mul(big, big, &out));
	assert_int_equal((int)out.n, 7);
	assert_false(risk_div(third, (struct risk_value){ 0, 1 }, &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lec_cases, setup, teardown),
		cmocka_unit_test_setup_teardown(ls_cases, setup, teardown),
		cmocka_unit_test_setup_teardown(installation_cases, setup, teardown),
		cmocka_unit_test_setup_teardown(area_takes_the_gravest, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_in_the_table_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_method_has_editions, setup, teardown),
		cmocka_unit_test(decimals),
		cmocka_unit_test(fractions_are_exact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
