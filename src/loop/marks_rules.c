/* catalog/mark: which marks there are, how grave, and their limits. */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "loop/marks.h"

struct word {
	enum mark_kind kind;
	str text;
};
struct mark_rules {
	struct mark_rule rules[MARK_KIND_COUNT];
	double params[MARK_PARAM_COUNT];
	VEC(struct word) words;
};

static const char *const kind_names[] = {
#define X(id, name) name,
	MARK_KINDS(X)
#undef X
};
static const struct {
	enum mark_kind kind;
	const char *name;
	double lo, hi;
} param_rows[] = {
#define X(id, kind, name, lo, hi) { MARK_##kind, name, lo, hi },
	MARK_PARAMS(X)
#undef X
};

static int kind_of(str id)
{
	for (int i = 0; i < MARK_KIND_COUNT; i++)
		if (str_eq(id, str_of(kind_names[i])))
			return i;
	return -1;
}

static err bad_row(const char *table, const struct rows *r, size_t i, struct arena *a, struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", table, "line", arena_printf(a, "%d", r->lines[i]).p);
}

static err read_marks(struct arena *a, const struct rows *r, struct mark_rules *out, struct fail *f)
{
	for (size_t i = 0; i < r->n; i++) {
		int kind = kind_of(rows_get(r, i, S("id")));
		struct mark_rule *rule = &out->rules[kind < 0 ? 0 : kind];
		int64_t weight;
		if (kind < 0 || !str_to_i64(rows_get(r, i, S("weight")), &weight) || weight < 1 || weight > 100)
			return bad_row("mark/marks", r, i, a, f);
		*rule = (struct mark_rule){ true, arena_str(a, rows_get(r, i, S("id"))), arena_str(a, rows_get(r, i, S("zh"))),
					    arena_str(a, rows_get(r, i, S("en"))), arena_str(a, rows_get(r, i, S("why_zh"))),
					    arena_str(a, rows_get(r, i, S("why_en"))), arena_str(a, rows_get(r, i, S("certainty"))),
					    weight };
	}
	return ERR_OK;
}

static int param_of(enum mark_kind kind, str name)
{
	for (size_t i = 0; i < COUNT_OF(param_rows); i++)
		if (param_rows[i].kind == kind && str_eq(name, str_of(param_rows[i].name)))
			return (int)i;
	return -1;
}

static err read_params(struct arena *a, const struct rows *r, struct mark_rules *out, struct fail *f)
{
	bool given[MARK_PARAM_COUNT] = { false };
	for (size_t i = 0; i < r->n; i++) {
		int kind = kind_of(rows_get(r, i, S("mark")));
		int p = kind < 0 ? -1 : param_of((enum mark_kind)kind, rows_get(r, i, S("name")));
		double v;
		if (p < 0 || !str_to_f64(rows_get(r, i, S("value")), &v) || !(v >= param_rows[p].lo && v <= param_rows[p].hi))
			return bad_row("mark/params", r, i, a, f);
		out->params[p] = v;
		given[p] = true;
	}
	for (size_t i = 0; i < COUNT_OF(param_rows); i++)
		if (!given[i] && out->rules[param_rows[i].kind].on)
			return FAIL(f, BAD_FORMAT, "", "err.mark_param", "mark", kind_names[param_rows[i].kind], "name",
				    param_rows[i].name);
	return ERR_OK;
}

static err read_words(struct arena *a, const struct rows *r, struct mark_rules *out, struct fail *f)
{
	for (size_t i = 0; i < r->n; i++) {
		int kind = kind_of(rows_get(r, i, S("mark")));
		if (kind < 0 || !rows_get(r, i, S("word")).n)
			return bad_row("mark/words", r, i, a, f);
		vec_push(a, &out->words, (struct word){ (enum mark_kind)kind, arena_str(a, rows_get(r, i, S("word"))) });
	}
	return ERR_OK;
}

err mark_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct mark_rules **ret, struct fail *f)
{
	struct mark_rules *out = NEW(a, struct mark_rules);
	struct rows marks, params, words;
	TRY(catalog_current(c, a, S("mark"), today, S("marks"), &marks, f));
	TRY(catalog_current(c, a, S("mark"), today, S("params"), &params, f));
	TRY(catalog_current(c, a, S("mark"), today, S("words"), &words, f));
	TRY(read_marks(a, &marks, out, f));
	TRY(read_params(a, &params, out, f));
	TRY(read_words(a, &words, out, f));
	*ret = out;
	return ERR_OK;
}

const struct mark_rule *mark_rule(const struct mark_rules *r, enum mark_kind kind)
{
	return &r->rules[kind];
}

double mark_param(const struct mark_rules *r, enum mark_param p)
{
	return r->params[p];
}

static bool contains(str text, str word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if (str_eq_nocase(str_sub(text, i, i + word.n), word))
			return true;
	return false;
}

bool mark_word(const struct mark_rules *r, enum mark_kind kind, str text)
{
	for (size_t i = 0; i < r->words.n; i++)
		if (r->words.v[i].kind == kind && contains(text, r->words.v[i].text))
			return true;
	return false;
}
