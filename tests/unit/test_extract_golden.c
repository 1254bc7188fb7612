/* The documents of tests/golden/extract/case and the facts that must be read out of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "extract_support.h"

#define CASES "tests/golden/extract/case"
#define MEETINGS "tests/golden/extract/meeting"

struct golden {
	struct arena *a;
	const char *name;
	str text, expect;
	int64_t reference;
	struct extraction x;
	size_t notes; /* of the expected ones met so far */
};

#define WRONG(g, what, want, got)                                                                  \
	fail_msg("%s: %s: want '" STR_FMT "', got '" STR_FMT "'", (g)->name, (what), STR_ARG(want), STR_ARG(got))

static str join(struct arena *a, const struct unit_refs *u)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < u->n; i++) {
		if (i)
			buf_put(&b, S("、"));
		buf_put(&b, u->v[i].name);
	}
	return b.n ? buf_str(&b) : S("");
}

static bool cut_word(str *rest, str sep, str *ret)
{
	if (str_is_null(*rest))
		return false;
	ptrdiff_t at = str_find(*rest, sep);
	if (at < 0) {
		*ret = str_trim(*rest);
		*rest = (str){ NULL, 0 };
	} else {
		*ret = str_trim(str_sub(*rest, 0, (size_t)at));
		*rest = str_sub(*rest, (size_t)at + sep.n, rest->n);
	}
	return true;
}

static str behind_word(str s)
{
	ptrdiff_t at = str_find_char(s, ' ');
	return at < 0 ? S("") : str_trim(str_sub(s, (size_t)at, s.n));
}

static void same(struct golden *g, const char *what, str want, str got)
{
	if (!str_eq(want, got))
		WRONG(g, what, want, got);
}

static struct cue find_words(struct golden *g, str words)
{
	ptrdiff_t at = str_find(g->text, words);
	if (at < 0)
		fail_msg("%s: the text has no '" STR_FMT "'", g->name, STR_ARG(words));
	size_t start = utf8_count(str_sub(g->text, 0, (size_t)at));
	return (struct cue){ start, start + utf8_count(words) };
}

static const struct directive *covering(struct golden *g, struct cue c)
{
	for (size_t i = 0; i < g->x.directives.n; i++)
		if (g->x.directives.v[i].start < c.end && c.start < g->x.directives.v[i].end)
			return &g->x.directives.v[i];
	return NULL;
}

static void check_targets(struct golden *g, const struct directive *d, str want)
{
	struct buf b = BUF(g->a);
	for (size_t i = 0; i < d->targets.n; i++) {
		const struct target *t = &d->targets.v[i];
		buf_printf(&b, "%s" STR_FMT " " STR_FMT " %.15g " STR_FMT, i ? "; " : "", STR_ARG(t->indicator),
			   STR_ARG(t->comparator), t->value, STR_ARG(t->unit));
	}
	same(g, "target", want, b.n ? buf_str(&b) : S(""));
}

static void check_sectors(struct golden *g, const struct directive *d, str want)
{
	str id;
	while (cut_word(&want, S(" "), &id)) {
		bool found = false;
		for (size_t i = 0; i < d->sectors.n && !found; i++)
			found = str_eq(d->sectors.v[i].sector->id, id);
		if (!found)
			WRONG(g, "sector", id, d->sectors.n ? d->sectors.v[0].sector->id : S("none"));
	}
}

static void check_field(struct golden *g, const struct directive *d, str field)
{
	str value = behind_word(field);
	char iso[11] = "-";
	if (d->has_deadline && d->deadline.has_due)
		date_format(d->deadline.due_day, iso);
	if (str_starts(field, S("lead ")))
		same(g, "lead", str_eq(value, S("-")) ? S("") : value, join(g->a, &d->leads));
	else if (str_starts(field, S("co ")))
		same(g, "co", value, join(g->a, &d->cos));
	else if (str_starts(field, S("due ")))
		same(g, "due", value, str_of(iso));
	else if (str_starts(field, S("recurs ")))
		same(g, "recurs", value, d->has_deadline ? d->deadline.recurs : S(""));
	else if (str_starts(field, S("by ")))
		same(g, "by", value, d->has_deadline ? d->deadline.text : S(""));
	else if (str_starts(field, S("target ")))
		check_targets(g, d, value);
	else if (str_starts(field, S("sector ")))
		check_sectors(g, d, value);
	else if (str_starts(field, S("action ")))
		same(g, "action", value, d->action);
	else if (str_starts(field, S("object ")))
		same(g, "object", value, d->object);
	else
		fail_msg("%s: unknown field '" STR_FMT "'", g->name, STR_ARG(field));
}

static void check_directive(struct golden *g, str rest)
{
	str words = { 0 }, field;
	assert_true(cut_word(&rest, S("|"), &words));
	const struct directive *d = covering(g, find_words(g, words));
	if (!d)
		fail_msg("%s: no directive at '" STR_FMT "'", g->name, STR_ARG(words));
	while (cut_word(&rest, S("|"), &field))
		check_field(g, d, field);
}

static void check_note(struct golden *g, str rest)
{
	str lead, co = S("");
	assert_true(cut_word(&rest, S("|"), &lead));
	if (cut_word(&rest, S("|"), &co))
		co = behind_word(co);
	if (g->notes >= g->x.notes.n)
		fail_msg("%s: note %zu was not read", g->name, g->notes + 1);
	const struct note *n = &g->x.notes.v[g->notes++];
	same(g, "note's lead", behind_word(lead), join(g->a, &n->leads));
	same(g, "note's co", co, join(g->a, &n->cos));
}

static void check_line(struct golden *g, str line)
{
	ptrdiff_t colon = str_find(line, S(": "));
	if (colon < 0)
		return;
	str key = str_sub(line, 0, (size_t)colon), value = str_sub(line, (size_t)colon + 2, line.n);
	if (str_eq(key, S("title")))
		same(g, "title", value, g->x.title.text);
	else if (str_eq(key, S("issuer")))
		same(g, "issuer", value, g->x.issuer.text);
	else if (str_eq(key, S("date")))
		same(g, "date", value, g->x.date.text);
	else if (str_eq(key, S("number")))
		same(g, "number", value, g->x.number.text);
	else if (str_eq(key, S("note")))
		check_note(g, value);
	else if (str_eq(key, S("directive")))
		check_directive(g, value);
	else if (str_eq(key, S("quiet")) && covering(g, find_words(g, value)))
		fail_msg("%s: a directive at '" STR_FMT "'", g->name, STR_ARG(value));
}

static void parse(struct golden *g, str file)
{
	ptrdiff_t text = str_find(file, S("--- text\n")), expect = str_find(file, S("--- expect\n"));
	assert_true(text >= 0 && expect > text);
	str head = str_sub(file, 0, (size_t)text);
	g->text = str_sub(file, (size_t)text + 9, (size_t)expect);
	g->expect = str_sub(file, (size_t)expect + 11, file.n);
	g->reference = INT64_MIN;
	ptrdiff_t at = str_find(head, S("reference: "));
	if (at >= 0)
		assert_true(date_parse(str_sub(head, (size_t)at + 11, (size_t)at + 21), &g->reference));
}

static void every_case_is_read_as_expected(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct fail f = { 0 };
	struct lexicon *lx = support_lexicon(a, &f);
	struct support_files files = support_list(a, CASES);
	assert_non_null(lx);
	assert_true(files.n >= 4);
	for (int i = 0; i < files.n; i++) {
		struct golden g = { .a = a, .name = files.v[i]->d_name };
		parse(&g, support_slurp(a, arena_printf(a, "%s/" CASES "/%s", support_root(), g.name).p));
		assert_int_equal(extract(a, lx, g.text, g.reference, &g.x), ERR_OK);
		str line;
		while (str_cut(&g.expect, '\n', &line))
			check_line(&g, line);
		assert_int_equal(g.notes, g.x.notes.n);
	}
	support_list_free(&files);
	arena_free(a);
}

static bool within(struct cue c, const struct directive *d)
{
	return c.start == c.end || (c.start >= d->start && c.end <= d->end && c.start < c.end);
}

static void what_is_done_to_what_stands_in_the_directive(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct fail f = { 0 };
	struct lexicon *lx = support_lexicon(a, &f);
	struct support_files files = support_list(a, MEETINGS);
	assert_non_null(lx);
	assert_true(files.n >= 100);
	for (int i = 0; i < files.n; i++) {
		struct extraction x;
		str text = support_slurp(a, arena_printf(a, "%s/" MEETINGS "/%s", support_root(), files.v[i]->d_name).p);
		assert_int_equal(extract(a, lx, text, INT64_MIN, &x), ERR_OK);
		for (size_t k = 0; k < x.directives.n; k++) {
			const struct directive *d = &x.directives.v[k];
			if (!within(d->action_cue, d) || !within(d->object_cue, d))
				fail_msg("%s: '" STR_FMT "' does '" STR_FMT "' to '" STR_FMT "'", files.v[i]->d_name,
					 STR_ARG(d->text), STR_ARG(d->action), STR_ARG(d->object));
		}
	}
	support_list_free(&files);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_is_read_as_expected),
		cmocka_unit_test(what_is_done_to_what_stands_in_the_directive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
