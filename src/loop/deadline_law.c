#include "loop/deadline_law.h"

static err bad_word(struct arena *a, struct fail *f, const char *column, str word)
{
	return FAIL(f, BAD_FORMAT, "", "err.workflow.word", "file", "deadline/terms.tsv", "row", column, "word",
		    arena_cstr(a, word));
}

static err read_sectors(struct arena *a, const struct sector_table *sectors, str list, int64_t *ret, struct fail *f)
{
	str word;
	*ret = 0;
	while (str_cut(&list, ' ', &word)) {
		size_t i = 0;
		while (i < sectors->n && !str_eq(sectors->v[i].id, word))
			i++;
		if (word.n && i == sectors->n)
			return bad_word(a, f, "sectors", word);
		*ret |= word.n ? INT64_C(1) << sectors->v[i].bit : 0;
	}
	return ERR_OK;
}

static err read_term(struct arena *a, str amount, str unit, struct term *ret, struct fail *f)
{
	*ret = (struct term){ 0 };
	if (!amount.n)
		return ERR_OK;
	if (!str_to_i64(amount, &ret->amount) || ret->amount < 0 || ret->amount > 10000)
		return bad_word(a, f, "amount", amount);
	return term_unit_parse(unit, &ret->unit) ? ERR_OK : bad_word(a, f, "unit", unit);
}

static int64_t day_or(str s, int64_t otherwise)
{
	int64_t day;
	return date_parse(s, &day) ? day : otherwise;
}

static err read_rule(struct arena *a, const struct rows *r, size_t i, const struct sector_table *sectors,
		     struct deadline_rule *ret, struct fail *f)
{
#define CELL(name) arena_str(a, rows_get(r, i, S(name)))
	*ret = (struct deadline_rule){ .id = CELL("id"), .kind = CELL("kind"), .step = CELL("step"), .grade = CELL("grade"),
				       .objects = CELL("objects"), .zh = CELL("zh"), .en = CELL("en"), .clause = CELL("clause"),
				       .clause_en = CELL("clause_en"), .source_zh = CELL("source_zh"),
				       .source = CELL("source"), .certainty = CELL("certainty"),
				       .from_day = day_or(CELL("from"), INT64_MIN), .to_day = day_or(CELL("until"), INT64_MAX) };
	TRY(read_sectors(a, sectors, CELL("sectors"), &ret->sectors, f));
	TRY(read_term(a, CELL("amount"), CELL("unit"), &ret->term, f));
	return read_term(a, CELL("max"), CELL("max_unit"), &ret->limit, f);
#undef CELL
}

err deadline_rules_read(struct arena *a, const struct catalog *c, const struct sector_table *sectors, int64_t today,
			struct deadline_rules *ret, struct fail *f)
{
	struct rows r;
	*ret = (struct deadline_rules){ 0 };
	if (str_is_null(catalog_edition(c, S("deadline"), today)))
		return ERR_OK;
	TRY(catalog_current(c, a, S("deadline"), today, S("terms"), &r, f));
	struct deadline_rule *v = NEW_N(a, struct deadline_rule, r.n + 1);
	for (size_t i = 0; i < r.n; i++)
		TRY(read_rule(a, &r, i, sectors, &v[i], f));
	*ret = (struct deadline_rules){ v, r.n };
	return ERR_OK;
}

static bool has_word(str list, str word)
{
	str one;
	while (str_cut(&list, ' ', &one))
		if (one.n && str_eq(one, word))
			return true;
	return false;
}

/* How closely a row fits; -1: not at all. */
static int fits(const struct deadline_rule *r, const struct deadline_case *k)
{
	if (!str_eq(r->kind, k->kind) || !str_eq(r->step, k->step) || k->day < r->from_day || k->day > r->to_day)
		return -1;
	if ((r->grade.n && !str_eq(r->grade, k->grade)) || (r->sectors && !(r->sectors & k->sectors)) ||
	    (r->objects.n && !has_word(r->objects, k->object_type)))
		return -1;
	return (r->objects.n ? 4 : 0) + (r->sectors ? 2 : 0) + (r->grade.n ? 1 : 0);
}

const struct deadline_rule *deadline_rule_of(const struct deadline_rules *t, const struct deadline_case *k)
{
	const struct deadline_rule *best = NULL;
	int most = -1;
	for (size_t i = 0; i < t->n; i++) {
		int n = fits(&t->v[i], k);
		if (n > most) {
			most = n;
			best = &t->v[i];
		}
	}
	return best;
}

const struct deadline_rule *deadline_rule_by_id(const struct deadline_rules *t, str id)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->v[i].id, id))
			return &t->v[i];
	return NULL;
}
