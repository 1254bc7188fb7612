/* bihuan index tli and blackwater: trophic state of lakes, grades of black and odorous water. */
#include <math.h>

#include "num/water.h"
#include "sense/index_parts.h"

enum { ITEMS_MAX = 8 };

/* ---- trophic state ---- */

struct tli_job {
	struct rows t, grades;
	struct tli_item items[ITEMS_MAX];
	size_t n, col[ITEMS_MAX];
};
enum { TLI, GRADE };

static err open_tli(struct index_job *j)
{
	struct tli_job *x = j->own = NEW(j->a, struct tli_job);
	bool any = false;
	str edition;
	TRY(index_edition(j, "trophic", j->opt.day, &edition));
	TRY(edition_table(j->cat, j->a, edition, "items.tsv", &x->t, j->f));
	TRY(edition_table(j->cat, j->a, edition, "grades.tsv", &x->grades, j->f));
	for (; x->n < x->t.n && x->n < ITEMS_MAX; x->n++) {
		struct tli_item *it = &x->items[x->n];
		size_t i = x->n;
		if (!str_to_f64(rows_get(&x->t, i, S("a")), &it->a) || !str_to_f64(rows_get(&x->t, i, S("b")), &it->b) ||
		    !str_to_f64(rows_get(&x->t, i, S("r")), &it->r))
			return index_bad_catalog(j, edition, "items.tsv", x->t.lines[i]);
		x->col[i] = index_column_of(j, rows_get(&x->t, i, S("item")), rows_get(&x->t, i, S("zh")), rows_get(&x->t, i, S("en")));
		any |= x->col[i] != SIZE_MAX;
	}
	if (!any)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "chla, tp, tn, sd, codmn");
	index_by(j, edition);
	return ERR_OK;
}

/* The last grade whose beginning is passed; "strict": only above it. */
static size_t grade_of(const struct rows *t, double v)
{
	size_t at = SIZE_MAX;
	for (size_t i = 0; i < t->n; i++) {
		double from;
		if (str_to_f64(rows_get(t, i, S("from")), &from) && (str_eq(rows_get(t, i, S("strict")), S("yes")) ? v > from : v >= from))
			at = i;
	}
	return at;
}

static err row_tli(struct index_job *j)
{
	struct tli_job *x = j->own;
	struct arena *a = index_arena(j);
	double tli[ITEMS_MAX];
	for (size_t i = 0; i < x->n; i++) {
		double v;
		bool has;
		str item = rows_get(&x->t, i, S("item"));
		TRY(index_number(j, x->col[i], &v, &has));
		if (has && !(v > 0))
			return index_bad(j, x->col[i], "err.index_positive");
		tli[i] = has ? tli_of(&x->items[i], v) : NAN;
		if (!has)
			index_miss(j, item);
		else if (j->opt.explain)
			index_explain(j, (struct index_part){
				.item = item, .zh = rows_get(&x->t, i, S("zh")), .en = rows_get(&x->t, i, S("en")), .unit = rows_get(&x->t, i, S("unit")),
				.value = index_cell(j, x->col[i]), .used = arena_printf(a, "%.10g", v),
				.rule = arena_printf(a, "10(%g %c %g ln x), r = %g", x->items[i].a, x->items[i].b < 0 ? '-' : '+', fabs(x->items[i].b), x->items[i].r),
				.grade = index_rounded(a, tli[i], 2), .source = index_source(a, &x->t, i), .certainty = rows_get(&x->t, i, S("certainty")) });
	}
	double sum = tli_sum(x->items, tli, x->n);
	size_t at = isnan(sum) ? SIZE_MAX : grade_of(&x->grades, sum);
	if (at == SIZE_MAX) {
		index_say(j, "index.none");
		return ERR_OK;
	}
	str shown = index_rounded(a, sum, 2);
	index_set(j, TLI, shown);
	index_set(j, GRADE, rows_get(&x->grades, at, S("grade")));
	index_say(j, "index.tli", "tli", shown.p, "grade", arena_cstr(a, index_lang(j, rows_get(&x->grades, at, S("zh")), rows_get(&x->grades, at, S("en")))));
	return ERR_OK;
}

const struct index_kind index_tli = { S("tli"), "trophic", "id,chla,tp,tn,sd,codmn", "tli,grade", false, open_tli, row_tli, NULL };

/* ---- black and odorous water ---- */

struct black_item {
	str id;
	struct decimal light, heavy;
	bool less;
	size_t col;
};
struct black_job {
	struct rows t, names;
	struct black_item items[ITEMS_MAX];
	size_t n, depth, bottom;
	int64_t shallow_percent;
};
enum { BLACK_GRADE, BLACK_WORST };

static err open_black(struct index_job *j)
{
	struct black_job *x = j->own = NEW(j->a, struct black_job);
	bool any = false;
	str edition, meta;
	TRY(index_edition(j, "blackwater", j->opt.day, &edition));
	TRY(edition_meta(j->cat, j->a, edition, &meta, j->f));
	TRY(edition_table(j->cat, j->a, edition, "grades.tsv", &x->t, j->f));
	TRY(edition_table(j->cat, j->a, edition, "names.tsv", &x->names, j->f));
	if (!str_to_i64(meta_get(meta, S("shallow_percent")), &x->shallow_percent) || x->names.n != 3)
		return index_bad_catalog(j, edition, "META", 1);
	for (; x->n < x->t.n && x->n < ITEMS_MAX; x->n++) {
		struct black_item *it = &x->items[x->n];
		size_t i = x->n;
		it->id = rows_get(&x->t, i, S("item"));
		it->less = str_eq(rows_get(&x->t, i, S("worse")), S("below"));
		if (!decimal_parse(rows_get(&x->t, i, S("light")), &it->light) || !decimal_parse(rows_get(&x->t, i, S("heavy")), &it->heavy))
			return index_bad_catalog(j, edition, "grades.tsv", x->t.lines[i]);
		it->col = index_column_of(j, it->id, rows_get(&x->t, i, S("zh")), rows_get(&x->t, i, S("en")));
		any |= it->col != SIZE_MAX;
	}
	x->depth = index_column_of(j, S("depth"), S("水深"), S("water depth"));
	x->bottom = index_column_of(j, S("clear_to_bottom"), S("清澈见底"), S("clear to the bottom"));
	if (!any)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "transparency, do, orp, nh3n");
	index_by(j, edition);
	return ERR_OK;
}

static err yes_of(struct index_job *j, size_t column, bool *ret)
{
	str s = index_cell(j, column);
	bool yes = str_eq_nocase(s, S("yes")) || str_eq(s, S("1")) || str_eq_nocase(s, S("true")) || str_eq(s, S("是"));
	bool no = !s.n || str_eq_nocase(s, S("no")) || str_eq(s, S("0")) || str_eq_nocase(s, S("false")) || str_eq(s, S("否"));
	*ret = yes;
	return yes || no ? ERR_OK : index_bad(j, column, "err.index_yes");
}

/* Where the water is shallower than the limit of light, a share of its depth takes the place of that of heavy, and what is clear to the
 * bottom is not black. */
static err grade_transparency(struct index_job *j, const struct black_job *x, struct black_item it, struct decimal v, int *ret)
{
	struct decimal depth;
	bool has, bottom;
	TRY(index_value(j, x->depth, &depth, &has));
	TRY(yes_of(j, x->bottom, &bottom));
	bool shallow = has && decimal_cmp(depth, it.light) < 0 && depth.scale <= DECIMAL_DIGITS - 2 && depth.m >= 0 && depth.m < INT64_MAX / 1000;
	if (shallow) {
		it.light = depth;
		it.heavy = (struct decimal){ depth.m * x->shallow_percent, depth.scale + 2, depth.more };
	}
	*ret = shallow && bottom ? 0 : water_black(v, it.light, it.heavy, it.less);
	return ERR_OK;
}

static err row_black(struct index_job *j)
{
	struct black_job *x = j->own;
	struct arena *a = index_arena(j);
	int worst = -1, of[ITEMS_MAX];
	struct buf items = BUF(a);
	for (size_t i = 0; i < x->n; i++) {
		const struct black_item *it = &x->items[i];
		struct decimal v;
		bool has;
		TRY(index_value(j, it->col, &v, &has));
		of[i] = -1;
		if (!has) {
			index_miss(j, it->id);
			continue;
		}
		if (v.m < 0 && !str_eq(it->id, S("orp")))
			return index_bad(j, it->col, "err.index_number");
		of[i] = water_black(v, it->light, it->heavy, it->less);
		if (str_eq(it->id, S("transparency")))
			TRY(grade_transparency(j, x, *it, v, &of[i]));
		worst = of[i] > worst ? of[i] : worst;
		index_explain(j, (struct index_part){
			.item = it->id, .zh = rows_get(&x->t, i, S("zh")), .en = rows_get(&x->t, i, S("en")), .unit = rows_get(&x->t, i, S("unit")),
			.value = index_cell(j, it->col), .used = index_decimal(a, v),
			.rule = arena_printf(a, "%s " STR_FMT " / " STR_FMT, it->less ? "<" : ">", STR_ARG(rows_get(&x->t, i, S("light"))),
					     STR_ARG(rows_get(&x->t, i, S("heavy")))),
			.grade = rows_get(&x->names, (size_t)of[i], S("id")), .source = index_source(a, &x->t, i),
			.certainty = rows_get(&x->t, i, S("certainty")) });
	}
	for (size_t i = 0; i < x->n && worst > 0; i++)
		if (of[i] == worst)
			index_join(&items, x->items[i].id);
	if (worst < 0) {
		index_say(j, "index.none");
		return ERR_OK;
	}
	index_set(j, BLACK_GRADE, rows_get(&x->names, (size_t)worst, S("id")));
	index_set(j, BLACK_WORST, buf_str(&items));
	const char *name = arena_cstr(a, index_lang(j, rows_get(&x->names, (size_t)worst, S("zh")), rows_get(&x->names, (size_t)worst, S("en"))));
	if (worst)
		index_say(j, "index.blackwater.worst", "grade", name, "items", buf_cstr(&items));
	else
		index_say(j, "index.blackwater.none", "grade", name);
	return ERR_OK;
}

const struct index_kind index_blackwater = {
	S("blackwater"), "blackwater", "id,transparency,depth,clear_to_bottom,do,orp,nh3n", "grade,worst", false, open_black, row_black, NULL
};
