/* catalog/report: kinds of reports, limits, plain words for states. */
#include "core/sector.h"
#include "loop/public.h"

static const char *const limit_names[] = {
#define X(id, name) name,
	REPORT_LIMITS(X)
#undef X
};
static const struct {
	const char *name;
	double lo, hi;
} param_rows[] = {
#define X(id, name, lo, hi) { name, lo, hi },
	REPORT_PARAMS(X)
#undef X
};

struct reading {
	struct arena *a;
	const struct catalog *c;
	int64_t today;
	struct public_rules *out;
	struct fail *f;
};

static err bad_row(const struct reading *rd, const char *table, const struct rows *r, size_t i)
{
	return FAIL(rd->f, BAD_FORMAT, "", "err.catalog_value", "file", table, "line", arena_printf(rd->a, "%d", r->lines[i]).p);
}

static err table(const struct reading *rd, str name, struct rows *ret)
{
	return catalog_current(rd->c, rd->a, S("report"), rd->today, name, ret, rd->f);
}

static str cell(const struct reading *rd, const struct rows *r, size_t i, str column)
{
	return arena_str(rd->a, rows_get(r, i, column));
}

static err sectors_of(const struct reading *rd, const struct sector_table *t, str list, int64_t *ret)
{
	struct json_strs ids = { NEW_N(rd->a, str, 32), 0 };
	str word;
	while (ids.n < 32 && str_cut(&list, ' ', &word))
		if (word.n)
			ids.v[ids.n++] = word;
	return sector_mask(t, &ids, "", ret, rd->f);
}

static err read_categories(const struct reading *rd, const struct sector_table *t)
{
	struct rows r;
	TRY(table(rd, S("categories"), &r));
	rd->out->categories = NEW_N(rd->a, struct report_category, r.n + 1);
	for (size_t i = 0; i < r.n; i++) {
		struct report_category *c = &rd->out->categories[rd->out->ncategories++];
		*c = (struct report_category){ cell(rd, &r, i, S("id")), cell(rd, &r, i, S("zh")), cell(rd, &r, i, S("en")),
					       cell(rd, &r, i, S("hint_zh")), cell(rd, &r, i, S("hint_en")), 0 };
		TRY(sectors_of(rd, t, rows_get(&r, i, S("sectors")), &c->sectors));
	}
	return ERR_OK;
}

static err read_limits(const struct reading *rd)
{
	struct rows r;
	TRY(table(rd, S("limits"), &r));
	for (size_t k = 0; k < REPORT_LIMIT_COUNT; k++) {
		struct limit_rule *l = &rd->out->limits[k];
		for (size_t i = 0; i < r.n && !l->id.n; i++) {
			if (!str_eq(rows_get(&r, i, S("id")), str_of(limit_names[k])))
				continue;
			*l = (struct limit_rule){ .id = str_of(limit_names[k]), .everybody = str_eq(rows_get(&r, i, S("everybody")), S("1")) };
			if (!str_to_f64(rows_get(&r, i, S("burst")), &l->burst) || !(l->burst >= 1) ||
			    !str_to_f64(rows_get(&r, i, S("per_hour")), &l->per_hour) || !(l->per_hour > 0))
				return bad_row(rd, "report/limits", &r, i);
		}
		if (!l->id.n)
			return FAIL(rd->f, BAD_FORMAT, "", "err.report.catalog", "name", limit_names[k]);
	}
	return ERR_OK;
}

static err read_params(const struct reading *rd)
{
	struct rows r;
	TRY(table(rd, S("params"), &r));
	for (size_t k = 0; k < REPORT_PARAM_COUNT; k++) {
		double v = -1;
		for (size_t i = 0; i < r.n; i++)
			if (str_eq(rows_get(&r, i, S("name")), str_of(param_rows[k].name)) && !str_to_f64(rows_get(&r, i, S("value")), &v))
				return bad_row(rd, "report/params", &r, i);
		if (!(v >= param_rows[k].lo && v <= param_rows[k].hi))
			return FAIL(rd->f, BAD_FORMAT, "", "err.report.catalog", "name", param_rows[k].name);
		rd->out->params[k] = v;
	}
	return ERR_OK;
}

static err read_words(const struct reading *rd)
{
	struct rows s, w;
	struct public_rules *out = rd->out;
	TRY(table(rd, S("states"), &s));
	TRY(table(rd, S("answers"), &w));
	out->states = NEW_N(rd->a, struct report_state, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		out->states[out->nstates++] = (struct report_state){ cell(rd, &s, i, S("state")), cell(rd, &s, i, S("zh")), cell(rd, &s, i, S("en")),
								     str_eq(rows_get(&s, i, S("answer")), S("1")) };
	out->answers = NEW_N(rd->a, struct report_answer, w.n + 1);
	for (size_t i = 0; i < w.n; i++)
		out->answers[out->nanswers++] = (struct report_answer){ cell(rd, &w, i, S("state")), cell(rd, &w, i, S("fixed")),
									cell(rd, &w, i, S("act")), cell(rd, &w, i, S("zh")), cell(rd, &w, i, S("en")) };
	return ERR_OK;
}

err public_rules_read(struct arena *a, const struct catalog *c, const struct sector_table *sectors, int64_t today,
		      struct public_rules **ret, struct fail *f)
{
	struct reading rd = { a, c, today, NEW(a, struct public_rules), f };
	TRY(read_categories(&rd, sectors));
	TRY(read_limits(&rd));
	TRY(read_params(&rd));
	TRY(read_words(&rd));
	*ret = rd.out;
	return ERR_OK;
}

const struct report_category *report_category(const struct public_rules *r, str id)
{
	for (size_t i = 0; i < r->ncategories; i++)
		if (str_eq(r->categories[i].id, id))
			return &r->categories[i];
	return NULL;
}

const struct report_state *report_state(const struct public_rules *r, str state)
{
	for (size_t i = 0; i < r->nstates; i++)
		if (str_eq(r->states[i].state, state))
			return &r->states[i];
	return NULL;
}

const struct report_answer *report_answer(const struct public_rules *r, str state, str fixed)
{
	for (size_t i = 0; i < r->nanswers; i++)
		if (str_eq(r->answers[i].state, state) && str_eq(r->answers[i].fixed, fixed))
			return &r->answers[i];
	return NULL;
}
