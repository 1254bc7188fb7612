/* catalog/duty: who is answerable by which rule. */
#include "core/duty_parts.h"

#include "core/grant.h"
#include "core/sector.h"

static const char *const line_names[] = {
#define X(id, name) name,
	DUTY_LINES(X)
#undef X
};
static const char *const gap_names[] = {
#define X(id, name) name,
	DUTY_GAPS(X)
#undef X
};

const char *duty_line_name(enum duty_line line)
{
	return line_names[line];
}

const char *duty_gap_name(enum duty_gap gap)
{
	return gap_names[gap];
}

static int place_of(str word, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(word, str_of(names[i])))
			return (int)i;
	return -1;
}

bool duty_line_parse(str name, enum duty_line *ret)
{
	int i = place_of(name, line_names, COUNT_OF(line_names));
	if (i >= 0)
		*ret = (enum duty_line)i;
	return i >= 0;
}

/* ---- one row ---- */

struct reading {
	struct arena *a;
	const struct rows *rows;
	size_t at;
	const struct sector_table *sectors;
	struct duty_rules *out;
	struct fail *f;
};

static str cell(const struct reading *r, const char *column)
{
	str s = rows_get(r->rows, r->at, str_of(column));
	return s.p ? s : S("");
}

static err bad(const struct reading *r)
{
	return FAIL(r->f, BAD_FORMAT, "", "err.catalog_value", "file", "duty/rules", "line",
		    arena_printf(r->a, "%d", r->rows->lines[r->at]).p);
}

static err words_of(const struct reading *r, const char *column, char sep, struct duty_words *ret)
{
	str list = cell(r, column), word;
	while (str_cut(&list, sep, &word)) {
		if (!word.n)
			continue;
		if (ret->n == DUTY_WORDS_MAX)
			return bad(r);
		ret->v[ret->n++] = word;
	}
	return ERR_OK;
}

static err sectors_of(const struct reading *r, int64_t *ret)
{
	struct json_strs ids = { .v = NEW_N(r->a, str, PERM_MAX + 1) };
	str list = cell(r, "sectors"), word;
	while (ids.n <= PERM_MAX && str_cut(&list, ' ', &word))
		if (word.n)
			ids.v[ids.n++] = word;
	return sector_mask(r->sectors, &ids, "", ret, r->f) == ERR_OK ? ERR_OK : bad(r);
}

static err take_enums(const struct reading *r, struct duty_rule *u)
{
	static const char *const applies[] = { "always", "owner", "no-owner", "contractor" };
	static const char *const by[] = { "owner", "contractor", "place", "designation" };
	static const char *const levels[] = { "supervising", "province", "city", "county", "town", "village" };
	int a = place_of(cell(r, "applies"), applies, COUNT_OF(applies)), b = place_of(cell(r, "by"), by, COUNT_OF(by));
	int l = place_of(cell(r, "level"), levels, COUNT_OF(levels));
	if (a < 0 || b < 0 || l < 0 || !duty_line_parse(cell(r, "line"), &u->line))
		return bad(r);
	u->applies = (enum duty_applies)a;
	u->by = (enum duty_by)b;
	u->level = l;
	return ERR_OK;
}

static err take_numbers(const struct reading *r, struct duty_rule *u)
{
	int64_t need;
	if (!str_to_i64(cell(r, "need"), &need) || need < 1 || need > DUTY_NEED_MAX)
		return bad(r);
	if (cell(r, "region").n && !str_to_i64(cell(r, "region"), &u->region))
		return bad(r);
	u->need = (int)need;
	u->per_sector = str_eq(cell(r, "per_sector"), S("1"));
	u->org_top = str_eq(cell(r, "org_top"), S("1"));
	u->org_sector = str_eq(cell(r, "org_sector"), S("1"));
	u->leader = str_eq(cell(r, "leader"), S("1"));
	u->demand = str_eq(cell(r, "demand"), S("1"));
	return sectors_of(r, &u->sectors);
}

static err take_rule(const struct reading *r, struct duty_rule *u)
{
	*u = (struct duty_rule){
		.id = cell(r, "id"), .role = cell(r, "role"), .role_zh = cell(r, "role_zh"), .role_en = cell(r, "role_en"),
		.org_kind = cell(r, "org_kind"), .charge = cell(r, "charge"), .basis_zh = cell(r, "basis_zh"),
		.basis_en = cell(r, "basis_en"), .source_zh = cell(r, "source_zh"), .source_en = cell(r, "source_en"),
		.clause_zh = cell(r, "clause_zh"), .clause_en = cell(r, "clause_en"),
		.certainty = cell(r, "certainty"),
	};
	TRY(take_enums(r, u));
	TRY(take_numbers(r, u));
	TRY(words_of(r, "types", ' ', &u->types));
	TRY(words_of(r, "org_words", '|', &u->org_words));
	TRY(words_of(r, "words", '|', &u->words));
	TRY(words_of(r, "not_words", '|', &u->not_words));
	return u->charge.n && duty_charge_index(r->out, u->charge) < 0 ? bad(r) : ERR_OK;
}

/* ---- the table ---- */

static void take_charges(struct arena *a, const struct rows *t, struct duty_rules *out)
{
	out->charges = NEW_N(a, struct duty_charge_name, t->n + 1);
	for (size_t i = 0; i < t->n; i++)
		out->charges[out->ncharges++] = (struct duty_charge_name){ rows_get(t, i, S("id")), rows_get(t, i, S("zh")),
									   rows_get(t, i, S("en")) };
}

/* In the order of the lines; within a line as in the file. */
static err take_rules(struct reading *r, const struct rows *t)
{
	struct duty_rules *out = r->out;
	if (t->n > DUTY_RULES_MAX)
		return FAIL(r->f, BAD_FORMAT, "", "err.catalog_value", "file", "duty/rules", "line", "64");
	out->rules = NEW_N(r->a, struct duty_rule, t->n + 1);
	for (int line = 0; line < DUTY_LINE_COUNT; line++) {
		for (r->at = 0; r->at < t->n; r->at++) {
			struct duty_rule u;
			TRY(take_rule(r, &u));
			if ((int)u.line == line)
				out->rules[out->n++] = u;
		}
	}
	return ERR_OK;
}

err duty_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct duty_rules **ret, struct fail *f)
{
	struct rows rules, charges, sectors;
	struct sector_table table;
	struct duty_rules *out = NEW(a, struct duty_rules);
	struct reading r = { .a = a, .rows = &rules, .sectors = &table, .out = out, .f = f };
	TRY(catalog_current(c, a, S("duty"), today, S("rules"), &rules, f));
	TRY(catalog_current(c, a, S("duty"), today, S("charges"), &charges, f));
	TRY(catalog_current(c, a, S("sector"), today, S("sectors"), &sectors, f));
	TRY(sector_table_read(a, &sectors, &table, f));
	take_charges(a, &charges, out);
	TRY(take_rules(&r, &rules));
	out->cache = duty_cache_new();
	*ret = out;
	return ERR_OK;
}

void duty_rules_close(struct duty_rules *r)
{
	if (r)
		duty_cache_free(r->cache);
}

size_t duty_rules_all(const struct duty_rules *r, const struct duty_rule **ret)
{
	*ret = r->rules;
	return r->n;
}

size_t duty_charges_all(const struct duty_rules *r, const struct duty_charge_name **ret)
{
	*ret = r->charges;
	return r->ncharges;
}

int duty_charge_index(const struct duty_rules *r, str id)
{
	for (size_t i = 0; i < r->ncharges; i++)
		if (str_eq(r->charges[i].id, id))
			return (int)i;
	return -1;
}
