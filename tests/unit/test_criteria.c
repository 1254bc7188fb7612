/* Criteria of major hazards, grading by them, and checklists built from them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/sector.h"
#include "loop/checklist.h"
#include "loop/clause.h"
#include "loop/show_if.h"

struct bench {
	struct arena *a;
	struct catalog *catalog;
	struct criteria *criteria;
	struct checklists *lists;
	struct sector_table sectors;
};

static int setup(void **state)
{
	struct arena *a = arena_new();
	struct bench *b = NEW(a, struct bench);
	struct rows rows;
	b->a = a;
	assert_int_equal(catalog_load(NULL, &b->catalog, NULL), ERR_OK);
	assert_int_equal(criteria_read(a, b->catalog, &b->criteria, NULL), ERR_OK);
	assert_int_equal(checklists_read(a, b->catalog, b->criteria, &b->lists, NULL), ERR_OK);
	assert_int_equal(catalog_table(b->catalog, a, S("sector/2026/sectors"), &rows, NULL), ERR_OK);
	assert_int_equal(sector_table_read(a, &rows, &b->sectors, NULL), ERR_OK);
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

static int64_t mask(struct bench *b, const char *id)
{
	return INT64_C(1) << sector_find(&b->sectors, str_of(id))->bit;
}

static int64_t day(const char *iso)
{
	int64_t d;
	assert_true(date_parse(str_of(iso), &d));
	return d;
}

static void assert_str(str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got %.*s, wanted %s", STR_ARG(got), want);
}

/* ---- grading ---- */

static void refused(struct bench *b, const char *id, const char *on, int64_t sectors, const char *key)
{
	struct fail f = { 0 };
	assert_int_equal(criteria_grade_check(b->criteria, str_of(id), day(on), sectors, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/criterion");
	assert_string_equal(f.key, key);
}

static void a_major_grade_needs_a_clause_in_force(void **state)
{
	struct bench *b = *state;
	int64_t mines = mask(b, "mines");
	assert_int_equal(
	    criteria_grade_check(b->criteria, S("coal-2020-5-2"), day("2026-06-30"), mines, NULL), ERR_OK);
	refused(b, "coal-2020-5-2", "2026-07-01", mines, "err.criterion.not_in_force");
	refused(b, "coal-2020-5-2", "2020-12-31", mines, "err.criterion.not_in_force");
	refused(b, "coal-2026-5-2", "2026-06-30", mines, "err.criterion.not_in_force");
	assert_int_equal(
	    criteria_grade_check(b->criteria, S("coal-2026-5-2"), day("2026-07-01"), mines, NULL), ERR_OK);
	assert_int_equal(criteria_grade_check(b->criteria, S("coal-2026-5-2"), day("2026-07-01"), -1, NULL),
			 ERR_OK);
}

static void other_clauses_are_refused(void **state)
{
	struct bench *b = *state;
	refused(b, "", "2026-01-01", -1, "err.criterion.none");
	refused(b, "coal-1999-1", "2026-01-01", -1, "err.criterion.none");
	refused(b, "fire-2025-6", "2026-01-01", mask(b, "fire"), "err.criterion.unknown_text");
	refused(b, "chemicals-aq3067-text", "2026-01-01", -1, "err.criterion.unknown_text");
	refused(b, "gas-2023-4-1", "2026-01-01", mask(b, "mines"), "err.criterion.sector");
	refused(b, "gas-2023-4-1", "2026-01-01", 0, "err.criterion.sector");
}

static void a_long_name_is_only_cut_in_the_message(void **state)
{
	struct bench *b = *state;
	char text[500];
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	refused(b, text, "2026-01-01", -1, "err.criterion.none");
}

static void every_row_says_where_it_comes_from(void **state)
{
	struct bench *b = *state;
	const struct criterion *v;
	size_t n = criteria_all(b->criteria, &v);
	assert_true(n > 600);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(criterion_find(b->criteria, v[i].id), &v[i]);
		assert_true(v[i].source.n && v[i].certainty.n && v[i].zh.n && v[i].en.n && v[i].group_zh.n &&
			    v[i].group_en.n);
		assert_true(v[i].sectors && v[i].number.n && v[i].of->issuer_zh.n);
		assert_true(v[i].clause_zh.n && v[i].clause_en.n);
	}
}

static void editions_say_how_much_is_known(void **state)
{
	struct bench *b = *state;
	static const struct {
		const char *id;
		int64_t total, known, unknown;
	} want[] = { { "gas-2023", 22, 22, 0 },          { "coal-2020", 81, 80, 1 },
		     { "coal-2026", 123, 123, 0 },       { "noncoal-2022", 64, 64, 0 },
		     { "construction-2024", 53, 53, 0 }, { "special-equipment-2024", 47, 47, 0 },
		     { "power-2026", 49, 49, 0 },        { "fire-2025", DB_NONE, 0, 4 },
		     { "nursing-homes-2023", 22, 9, 1 } };
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct criteria_edition *e = criteria_edition_find(b->criteria, str_of(want[i].id));
		assert_non_null(e);
		assert_int_equal(e->total, want[i].total);
		assert_int_equal(e->known, want[i].known);
		assert_int_equal(e->unknown, want[i].unknown);
	}
}

/* ---- clauses ---- */

static void clauses_in_words(void **state)
{
	static const struct {
		const char *text, *form, *zh, *en;
	} want[] = { { "4(1)", "article", "第4条第1项", "Art. 4(1)" },
		     { "14", "article", "第14条", "Art. 14" },
		     { "5(4.2)", "article", "第5条第4.2项", "Art. 5(4.2)" },
		     { "18(?)", "article", "第18条（项次未核）", "Art. 18 (item not known)" },
		     { "4.6(b)", "section", "4.6 b)", "4.6 b)" },
		     { "1(6-7)", "part", "第1部分第6-7项", "Part 1(6-7)" },
		     { "20", "list", "第20项", "item 20" },
		     { "?", "section", "条款未核", "clause not known" } };
	struct arena *a = arena_new();
	struct clause c;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_true(clause_parse(str_of(want[i].text), str_of(want[i].form), &c));
		assert_str(clause_words(a, &c, str_of(want[i].form), true), want[i].zh);
		assert_str(clause_words(a, &c, str_of(want[i].form), false), want[i].en);
	}
	static const char *const bad[] = { "", "4(", "4)", "4()", "4(1", "4(1)x", "4 1", ")(", "4;1", "four", "4(A)" };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(clause_parse(str_of(bad[i]), S("article"), &c));
	arena_free(a);
}

static void items_are_counted_once(void **state)
{
	static const char *const texts[] = { "4(1)",   "5(4.1)", "5(4.2)", "5(4.3)",
					     "6(6-7)", "8(?)",   "8(?)",   "16" };
	struct clause v[COUNT_OF(texts)];
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_true(clause_parse(str_of(texts[i]), S("article"), &v[i]));
	assert_int_equal(clauses_count(v, COUNT_OF(texts)), 7);
}

/* ---- what is shown ---- */

struct answers {
	const struct check_answer *v;
	size_t n;
};

static bool answer_of(void *arg, str item, struct show_answer *ret)
{
	const struct answers *g = arg;
	for (size_t i = 0; i < g->n; i++) {
		if (str_eq(g->v[i].item, item)) {
			*ret = (struct show_answer){ g->v[i].choice, g->v[i].number };
			return true;
		}
	}
	return false;
}

static void expressions(void **state)
{
	static const struct check_answer v[] = { { S("a"), S("yes"), NAN, 0 },
						 { S("b"), S("no"), NAN, 0 },
						 { S("n"), S(""), 100, 0 } };
	static const struct {
		const char *text;
		bool holds;
	} want[] = { { "a = yes", true },
		     { "a=yes&b=yes", false },
		     { "a = no | b = no", true },
		     { "!a = no & b = no", true },
		     { "n > 99.5", true },
		     { "n > 100", false },
		     { "n >= 100", true },
		     { "n != 3", true },
		     { "a != yes", false },
		     { "missing != yes", false },
		     { "!(missing = yes)", true },
		     { "a = yes | a = no & b = yes", true },
		     { "(a = yes | a = no) & b = yes", false },
		     { "n = yes", false } };
	struct arena *a = arena_new();
	struct answers g = { v, COUNT_OF(v) };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct show_if *e;
		str bad;
		if (!show_if_parse(a, str_of(want[i].text), &e, &bad))
			fail_msg("%s is not understood", want[i].text);
		if (show_if_holds(e, answer_of, &g) != want[i].holds)
			fail_msg("%s", want[i].text);
	}
	arena_free(a);
}

static void expressions_that_are_none(void **state)
{
	static const char *const bad[] = { "",        "a",        "a =",      "= yes",          "a = maybe",
					   "a < yes", "(a = yes", "a = yes)", "a = yes b = no", "a == yes",
					   "A = yes", "!",        "a = yes &" };
	struct arena *a = arena_new();
	const struct show_if *e;
	str rest;
	char deep[200];
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (show_if_parse(a, str_of(bad[i]), &e, &rest))
			fail_msg("'%s' was understood", bad[i]);
	memset(deep, '(', sizeof deep);
	assert_false(show_if_parse(a, (str){ deep, sizeof deep }, &e, &rest));
	memset(deep, '!', sizeof deep);
	assert_false(show_if_parse(a, (str){ deep, sizeof deep }, &e, &rest));
	arena_free(a);
}

/* ---- checklists ---- */

static struct checklist list_of(struct bench *b, const char *type, const char *on)
{
	struct checklist l;
	assert_int_equal(checklist_assemble(b->a, b->lists, str_of(type), 0, day(on), &l), ERR_OK);
	return l;
}

static void lists_follow_the_day(void **state)
{
	struct bench *b = *state;
	struct checklist old = list_of(b, "coal-mine", "2026-06-30"),
			 now = list_of(b, "coal-mine", "2026-07-01");
	assert_non_null(checklist_item(&old, S("coal-2020-4-1")));
	assert_null(checklist_item(&old, S("coal-2026-4-1")));
	assert_null(checklist_item(&now, S("coal-2020-4-1")));
	assert_str(checklist_item(&now, S("coal-2026-4-1"))->criterion, "coal-2026-4-1");
	assert_str(now.editions, "house-2026 coal-2026");
}

static void a_type_that_no_row_knows_is_served_by_its_sectors(void **state)
{
	struct bench *b = *state;
	struct checklist l;
	assert_int_equal(
	    checklist_assemble(b->a, b->lists, S("moon-base"), mask(b, "power"), day("2026-11-22"), &l),
	    ERR_OK);
	assert_non_null(checklist_item(&l, S("power-2026-9-1")));
	assert_int_equal(checklist_assemble(b->a, b->lists, S("moon-base"), 0, day("2026-11-22"), &l),
			 ERR_OK);
	assert_int_equal(l.n, 0);
}

static void no_list_asks_what_cannot_be_cited(void **state)
{
	struct bench *b = *state;
	static const char *const types[] = { "enterprise", "coal-mine", "tailings-pond",
					     "hospital",   "school",    "gas-station" };
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		struct checklist l = list_of(b, types[i], "2026-11-22");
		assert_true(l.n > 5);
		for (size_t k = 0; k < l.n; k++)
			if (l.v[k].criterion.n)
				assert_int_equal(
				    criteria_grade_check(b->criteria, l.v[k].criterion, l.day, -1, NULL),
				    ERR_OK);
	}
}

static struct check_answer says(const char *item, const char *choice)
{
	return (struct check_answer){ str_of(item), str_of(choice), NAN, 0 };
}

static err look(struct bench *b, const struct checklist *l, const struct check_answer *v, size_t n,
		bool complete, struct check_result *r, struct fail *f)
{
	*f = (struct fail){ 0 };
	return checklist_look(b->a, l, v, n, complete, r, f);
}

static void answers_become_findings(void **state)
{
	struct bench *b = *state;
	struct checklist l = list_of(b, "enterprise", "2026-11-22");
	struct check_answer v[] = { says("high-risk-kind", "no"),    { S("staff-count"), S(""), 120, 0 },
				    says("safety-body", "no"),       says("industry-2023-3-1", "yes"),
				    says("industry-2023-3-2", "no"), says("head-plan", "na") };
	struct check_result r;
	struct fail f;
	assert_int_equal(look(b, &l, v, COUNT_OF(v), false, &r, &f), ERR_OK);
	assert_int_equal(r.nfindings, 2);
	assert_str(r.findings[0].item->id, "safety-body");
	assert_int_equal(r.findings[0].answer, 2);
	assert_str(r.findings[1].item->criterion, "industry-2023-3-1");
	assert_int_equal(r.answered, 6);
	assert_int_equal(r.score_max - r.score, 6 + 10);
}

static void what_is_skipped_may_not_be_answered(void **state)
{
	struct bench *b = *state;
	struct checklist l = list_of(b, "enterprise", "2026-11-22");
	struct check_answer v[] = { says("high-risk-kind", "no"),
				    { S("staff-count"), S(""), 100, 0 },
				    says("safety-body", "no") };
	struct check_result r;
	struct fail f;
	assert_int_equal(look(b, &l, v, 3, false, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/answers/2/item");
	assert_string_equal(f.key, "err.checklist.skipped");
	v[2] = says("industry-2023-11-3", "yes"); /* has-dust was not answered */
	assert_int_equal(look(b, &l, v, 3, false, &r, &f), ERR_BAD_FIELD);
}

static void answers_that_are_none(void **state)
{
	struct bench *b = *state;
	struct checklist l = list_of(b, "enterprise", "2026-11-22");
	struct check_answer twice[] = { says("head-plan", "yes"), says("head-plan", "no") };
	struct check_answer number = { S("staff-count"), S(""), NAN, 0 },
			    choice = { S("head-plan"), S("perhaps"), NAN, 0 },
			    strange = says("coal-2026-4-1", "yes"), both = { S("head-plan"), S("yes"), 3, 0 };
	struct check_result r;
	struct fail f;
	assert_int_equal(look(b, &l, twice, 2, false, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.key, "err.checklist.twice");
	assert_int_equal(look(b, &l, &number, 1, false, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/answers/0/number");
	assert_int_equal(look(b, &l, &choice, 1, false, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/answers/0/choice");
	assert_int_equal(look(b, &l, &both, 1, false, &r, &f), ERR_BAD_FIELD);
	assert_int_equal(look(b, &l, &strange, 1, false, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.key, "err.checklist.item");
}

/* Answers every shown item well, one after the other. */
static size_t answer_all(struct bench *b, const struct checklist *l, struct check_answer *v)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++) {
		const struct check_item *it = &l->v[i];
		if (!checklist_shown(l, v, n, it))
			continue;
		v[n++] = (struct check_answer){ it->id,
						str_eq(it->answer, S("number")) ? S("")
						: str_eq(it->finding, S("no"))  ? S("yes")
										: S("no"),
						str_eq(it->answer, S("number")) ? 10 : NAN, 0 };
	}
	(void)b;
	return n;
}

static void a_complete_list_with_photos(void **state)
{
	struct bench *b = *state;
	struct checklist l = list_of(b, "gas-station", "2026-11-22");
	struct check_answer *v = NEW_N(b->a, struct check_answer, l.n + 1);
	size_t n = answer_all(b, &l, v);
	struct check_result r;
	struct fail f;
	assert_int_equal(look(b, &l, v, n, true, &r, &f), ERR_OK);
	assert_int_equal(r.nfindings, 0);
	assert_int_equal(r.shown, n);
	assert_int_equal(r.score, r.score_max);
	assert_int_equal(look(b, &l, v, n - 1, true, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.key, "err.checklist.missing");
	v[n - 1].choice = S("yes"); /* gas-2023-10: found */
	assert_int_equal(look(b, &l, v, n, true, &r, &f), ERR_BAD_FIELD);
	assert_string_equal(f.key, "err.checklist.photo");
	v[n - 1].photos = 1;
	assert_int_equal(look(b, &l, v, n, true, &r, &f), ERR_OK);
	assert_int_equal(r.nfindings, 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_major_grade_needs_a_clause_in_force),
		T(other_clauses_are_refused),
		T(a_long_name_is_only_cut_in_the_message),
		T(every_row_says_where_it_comes_from),
		T(editions_say_how_much_is_known),
		cmocka_unit_test(clauses_in_words),
		cmocka_unit_test(items_are_counted_once),
		cmocka_unit_test(expressions),
		cmocka_unit_test(expressions_that_are_none),
		T(lists_follow_the_day),
		T(a_type_that_no_row_knows_is_served_by_its_sectors),
		T(no_list_asks_what_cannot_be_cited),
		T(answers_become_findings),
		T(what_is_skipped_may_not_be_answered),
		T(answers_that_are_none),
		T(a_complete_list_with_photos),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
