#include "gateway/hj212/words.h"

#include <string.h>

#include "gateway/hj212/answer.h"

static bool index_of(str s, const char *const *names, size_t n, int *ret)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, str_of(names[i]))) {
			*ret = (int)i;
			return true;
		}
	return false;
}

struct table {
	struct arena *a;
	struct rows rows;
	const char *name;
	struct fail *f;
};

static err bad(const struct table *t, size_t i)
{
	return FAIL(t->f, BAD_FORMAT, "", "err.catalog_value", "file", arena_printf(t->a, "hj212/%s.tsv", t->name).p, "line",
		    arena_printf(t->a, "%d", t->rows.lines[i]).p);
}

static err read_words(const struct table *t, struct hj212_words *w)
{
	const struct rows *r = &t->rows;
	static const char *const roles[] = { "", "upload", "notice", "reply" };
	for (size_t i = 0; i < r->n; i++) {
		str code = rows_get(r, i, S("code")), values = rows_get(r, i, S("values")), answer = rows_get(r, i, S("answer"));
		int64_t number;
		int role;
		if (code.n != 4 || !str_to_i64(code, &number) || number < 0)
			return bad(t, i);
		struct hj212_word *to = &w->by_number[number];
		if (!index_of(rows_get(r, i, S("incoming")), roles, COUNT_OF(roles), &role))
			return bad(t, i);
		to->role = (enum hj212_role)role;
		to->values = values.n > 0;
		if (to->values && !series_kind_parse(values, &to->kind))
			return bad(t, i);
		if (answer.n != 0 && answer.n != 4)
			return bad(t, i);
		if (answer.n)
			memcpy(to->answer, answer.p, answer.n);
	}
	return ERR_OK;
}

static err read_fields(const struct table *t, struct hj212_words *w)
{
	const struct rows *r = &t->rows;
	size_t n = 0;
	for (size_t i = 0; i < r->n; i++) {
		str name = rows_get(r, i, S("field")), means = rows_get(r, i, S("means"));
		struct hj212_field v = { .name = name, .means = HJ212_MEANS_VALUE };
		enum series_what what = SERIES_VALUE;
		if (!name.n || ++n > HJ212_FIELDS / 2)
			return bad(t, i);
		for (size_t k = 0; k < name.n; k++)
			v.word = v.word << 8 | (unsigned char)name.p[k];
		if (str_eq(means, S("flag")))
			v.means = HJ212_MEANS_FLAG;
		else if (str_eq(means, S("item")))
			v.means = HJ212_MEANS_ITEM;
		else if (!series_what_parse(means, &what))
			return bad(t, i);
		v.what = (uint8_t)what;
		w->fields[hj212_field(w, v.word) - w->fields] = v;
	}
	return ERR_OK;
}

/* A version that no edition knows speaks like the newest one. */
static err read_versions(const struct table *t, struct hj212_words *w)
{
	const struct rows *r = &t->rows;
	for (size_t i = 0; i < HJ212_VERSIONS; i++)
		w->versions[i] = HJ212_DIALECTS - 1;
	for (size_t i = 0; i < r->n; i++) {
		int64_t n;
		if (!str_to_i64(rows_get(r, i, S("version")), &n) || n < 0 || n >= HJ212_VERSIONS)
			return bad(t, i);
		if (!hj212_dialect_of(rows_get(r, i, S("dialect")), &w->versions[n]))
			return bad(t, i);
	}
	return ERR_OK;
}

err hj212_words_read(const struct catalog *c, struct arena *a, int64_t day, struct hj212_words **ret, struct fail *f)
{
	struct hj212_words *w = NEW(a, struct hj212_words);
	static const struct {
		const char *name;
		err (*read)(const struct table *t, struct hj212_words *w);
	} tables[] = { { "commands", read_words }, { "fields", read_fields }, { "versions", read_versions } };
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		struct table t = { .a = a, .name = tables[i].name, .f = f };
		TRY(catalog_current(c, a, S("hj212"), day, str_of(t.name), &t.rows, f));
		TRY(tables[i].read(&t, w));
	}
	*ret = w;
	return ERR_OK;
}
