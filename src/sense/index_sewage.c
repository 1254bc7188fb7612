/* bihuan index sewage and sewage-rate: daily means of sewage works against GB 18918, rates of treatment and collection. */
#include <math.h>
#include <string.h>

#include "sense/index_parts.h"

enum { ITEMS_MAX = 40 };

struct sewage_job {
	struct rows t, removal;
	str item[ITEMS_MAX];            /* each once, in the order of the table */
	size_t row[ITEMS_MAX];          /* its first */
	size_t n, col[ITEMS_MAX], in[ITEMS_MAX]; /* in: of the influent */
	size_t grade, temp, built;
};
enum { RESULT, EXCEEDED, CHECKED };

static size_t place_of(const struct sewage_job *x, str item)
{
	size_t i = 0;
	while (i < x->n && !str_eq(x->item[i], item))
		i++;
	return i;
}

static err open_sewage(struct index_job *j)
{
	struct sewage_job *x = j->own = NEW(j->a, struct sewage_job);
	bool any = false;
	str edition;
	TRY(index_edition(j, "sewage/gb18918", j->opt.day, &edition));
	TRY(edition_table(j->cat, j->a, edition, "limits.tsv", &x->t, j->f));
	TRY(edition_table(j->cat, j->a, edition, "removal.tsv", &x->removal, j->f));
	for (size_t i = 0; i < x->t.n; i++) {
		str item = rows_get(&x->t, i, S("item"));
		size_t at = place_of(x, item);
		if (at < x->n || x->n == ITEMS_MAX)
			continue;
		x->item[at] = item;
		x->row[at] = i;
		x->col[at] = index_column_of(j, item, rows_get(&x->t, i, S("zh")), rows_get(&x->t, i, S("en")));
		x->in[at] = index_column(j, arena_printf(j->a, STR_FMT "_in", STR_ARG(item)).p);
		any |= x->col[at] != SIZE_MAX;
		x->n++;
	}
	if (!any)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "cod, bod5, ss, nh3n, tn, tp, ph …");
	x->temp = index_column_of(j, S("temp"), S("水温"), S("water temperature"));
	x->built = index_column_of(j, S("built"), S("建成年份"), S("year built"));
	index_by(j, edition);
	return index_need(j, "grade", &x->grade);
}

/* "temp>12", "temp<=12", "built>=2006", "built<=2005", "": does it hold? *ret_known: what it asks for was given. */
static bool holds(str when, const struct decimal *temp, const struct decimal *built, bool *ret_known)
{
	static const str ops[] = { S(">="), S("<="), S(">"), S("<") };
	const struct decimal *v = str_starts(when, S("temp")) ? temp : built;
	*ret_known = !when.n || v;
	for (size_t i = 0; i < COUNT_OF(ops) && when.n && v; i++) {
		ptrdiff_t at = str_find(when, ops[i]);
		struct decimal bound;
		if (at < 0 || !decimal_parse(str_sub(when, (size_t)at + ops[i].n, when.n), &bound))
			continue;
		int c = decimal_cmp(*v, bound);
		return i == 0 ? c >= 0 : i == 1 ? c <= 0 : i == 2 ? c > 0 : c < 0;
	}
	return !when.n;
}

struct works {
	str grade;
	struct decimal temp, built;
	bool has_temp, has_built;
};

/* The row of an item's limit for these works; SIZE_MAX: the grade has none. *ret_lacks: what is not known to choose it. */
static size_t limit_row(const struct sewage_job *x, size_t item, const struct works *w, str *ret_lacks)
{
	*ret_lacks = (str){ 0 };
	for (size_t i = 0; i < x->t.n; i++) {
		bool known;
		str when = rows_get(&x->t, i, S("when"));
		if (!str_eq(rows_get(&x->t, i, S("item")), x->item[item]) || !str_eq(rows_get(&x->t, i, S("grade")), w->grade))
			continue;
		if (holds(when, w->has_temp ? &w->temp : NULL, w->has_built ? &w->built : NULL, &known))
			return i;
		if (!known)
			*ret_lacks = str_starts(when, S("temp")) ? S("temp") : S("built");
	}
	return SIZE_MAX;
}

/* Where the influent is strong enough, the share that is removed decides instead of the limit. */
static err by_removal(struct index_job *j, const struct sewage_job *x, size_t item, const struct works *w, struct decimal out, bool *ret_passes,
		      size_t *ret_row)
{
	struct decimal in;
	double above, removal;
	bool has;
	*ret_row = SIZE_MAX;
	TRY(index_value(j, x->in[item], &in, &has));
	for (size_t i = 0; i < x->removal.n && has; i++) {
		if (!str_eq(rows_get(&x->removal, i, S("item")), x->item[item]) || !str_eq(rows_get(&x->removal, i, S("grade")), w->grade))
			continue;
		if (!str_to_f64(rows_get(&x->removal, i, S("influent_above")), &above) || !str_to_f64(rows_get(&x->removal, i, S("removal_above")), &removal))
			return FAIL(j->f, BAD_FORMAT, "", NULL);
		if (!(decimal_f64(in) > above))
			continue;
		*ret_row = i;
		*ret_passes = (decimal_f64(in) - decimal_f64(out)) * 100 > removal * decimal_f64(in);
	}
	return ERR_OK;
}

static err check_item(struct index_job *j, const struct sewage_job *x, size_t item, size_t row, const struct works *w, struct decimal v, bool *ret)
{
	struct arena *a = index_arena(j);
	struct decimal lo, hi;
	str least = rows_get(&x->t, row, S("at_least")), most = rows_get(&x->t, row, S("at_most"));
	size_t removed;
	bool passes;
	if (!decimal_parse(most, &hi) || (least.n && !decimal_parse(least, &lo)))
		return FAIL(j->f, BAD_FORMAT, "", NULL);
	passes = decimal_cmp(v, hi) <= 0 && (!least.n || decimal_cmp(v, lo) >= 0);
	TRY(by_removal(j, x, item, w, v, &passes, &removed));
	str when = rows_get(&x->t, row, S("when"));
	str rule = least.n ? arena_printf(a, STR_FMT "–" STR_FMT, STR_ARG(least), STR_ARG(most))
		   : when.n ? arena_printf(a, "≤ " STR_FMT " (" STR_FMT ")", STR_ARG(most), STR_ARG(when)) : arena_printf(a, "≤ " STR_FMT, STR_ARG(most));
	if (removed != SIZE_MAX)
		rule = index_lang(j, rows_get(&x->removal, removed, S("zh")), rows_get(&x->removal, removed, S("en")));
	index_explain(j, (struct index_part){
		.item = x->item[item], .zh = rows_get(&x->t, row, S("zh")), .en = rows_get(&x->t, row, S("en")), .unit = S(""),
		.value = index_cell(j, x->col[item]), .used = index_decimal(a, v), .rule = rule, .grade = passes ? S("pass") : S("exceed"),
		.source = removed == SIZE_MAX ? index_source(a, &x->t, row) : index_source(a, &x->removal, removed),
		.certainty = rows_get(&x->t, row, S("certainty")) });
	*ret = passes;
	return ERR_OK;
}

static err works_of(struct index_job *j, const struct sewage_job *x, struct works *ret)
{
	struct works w = { .grade = index_cell(j, x->grade) };
	static const struct {
		str said, grade;
	} words[] = { { S("一级A"), S("1A") }, { S("一级B"), S("1B") }, { S("二级"), S("2") }, { S("三级"), S("3") } };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq_nocase(w.grade, words[i].said))
			w.grade = words[i].grade;
	bool known = false;
	for (size_t i = 0; i < x->t.n; i++)
		known |= w.grade.n && str_eq(rows_get(&x->t, i, S("grade")), w.grade);
	if (!known)
		return index_bad(j, x->grade, "err.index_grade");
	TRY(index_value(j, x->temp, &w.temp, &w.has_temp));
	TRY(index_value(j, x->built, &w.built, &w.has_built));
	*ret = w;
	return ERR_OK;
}

static void miss_once(struct index_job *j, str what)
{
	for (size_t i = 0; i < j->r.missing.n; i++)
		if (str_eq(j->r.missing.v[i], what))
			return;
	index_miss(j, what);
}

static err row_sewage(struct index_job *j)
{
	struct sewage_job *x = j->own;
	struct arena *a = index_arena(j);
	struct buf exceeded = BUF(a);
	struct works w;
	int64_t checked = 0;
	TRY(works_of(j, x, &w));
	for (size_t i = 0; i < x->n; i++) {
		struct decimal v;
		bool has, passes = false;
		str lacks;
		size_t row = limit_row(x, i, &w, &lacks);
		TRY(index_value(j, x->col[i], &v, &has));
		if (has && v.m < 0)
			return index_bad(j, x->col[i], "err.index_number");
		if (row == SIZE_MAX) {
			if (lacks.n && has)
				miss_once(j, lacks);
			continue;
		}
		if (!has) {
			miss_once(j, x->item[i]);
			continue;
		}
		TRY(check_item(j, x, i, row, &w, v, &passes));
		checked++;
		if (!passes)
			index_join(&exceeded, x->item[i]);
	}
	index_set(j, RESULT, exceeded.n ? S("exceed") : checked ? S("pass") : S(""));
	index_set(j, EXCEEDED, buf_str(&exceeded));
	index_set_int(j, CHECKED, checked);
	const char *grade = arena_cstr(a, w.grade), *n = arena_printf(a, "%lld", (long long)checked).p;
	if (!checked)
		index_say(j, "index.none");
	else if (exceeded.n)
		index_say(j, "index.sewage.exceed", "items", buf_cstr(&exceeded), "grade", grade);
	else
		index_say(j, "index.sewage.pass", "n", n, "grade", grade);
	return ERR_OK;
}

const struct index_kind index_sewage = {
	S("sewage"), "sewage", "id,grade,temp,built,cod,bod5,ss,nh3n,tn,tp,ph,…,cod_in,bod5_in", "result,exceeded,checked", false, open_sewage, row_sewage, NULL
};

/* ---- rates ---- */

struct rate_job {
	size_t treated, discharged, load, people;
	double grams;
	int places;
	str edition;
};
enum { TREATED, COLLECTED };

static err open_rate(struct index_job *j)
{
	struct rate_job *x = j->own = NEW(j->a, struct rate_job);
	str meta;
	int64_t places;
	TRY(index_edition(j, "sewagerate/house", j->opt.day, &x->edition));
	TRY(edition_meta(j->cat, j->a, x->edition, &meta, j->f));
	if (!str_to_f64(meta_get(meta, S("bod_g_per_head")), &x->grams) || !str_to_i64(meta_get(meta, S("places")), &places) || places < 0 || places > 6)
		return index_bad_catalog(j, x->edition, "META", 1);
	x->places = (int)places;
	x->treated = index_column_of(j, S("treated"), S("达标处理水量"), S("treated volume"));
	x->discharged = index_column_of(j, S("discharged"), S("污水排放量"), S("discharged volume"));
	x->load = index_column_of(j, S("bod_load"), S("进厂BOD5负荷"), S("BOD5 load"));
	x->people = index_column_of(j, S("people"), S("服务人口"), S("people served"));
	if ((x->treated == SIZE_MAX || x->discharged == SIZE_MAX) && (x->load == SIZE_MAX || x->people == SIZE_MAX))
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "treated, discharged; bod_load, people");
	index_by(j, x->edition);
	return ERR_OK;
}

/* part / whole as a percentage; both given and sensible, else "" and what is missing. */
static err rate(struct index_job *j, size_t part, size_t whole, double unit, int places, str *ret)
{
	double p, w;
	bool has_p, has_w;
	TRY(index_number(j, part, &p, &has_p));
	TRY(index_number(j, whole, &w, &has_w));
	*ret = S("");
	if (!has_p)
		index_miss(j, part == SIZE_MAX ? S("") : j->names[part]);
	if (!has_w)
		index_miss(j, whole == SIZE_MAX ? S("") : j->names[whole]);
	if (!has_p || !has_w)
		return ERR_OK;
	if (p < 0 || p > 1e15)
		return index_bad(j, part, "err.index_number");
	if (!(w > 0) || w > 1e15)
		return index_bad(j, whole, "err.index_positive");
	*ret = index_rounded(index_arena(j), p * unit * 100 / w, places);
	return ERR_OK;
}

static err row_rate(struct index_job *j)
{
	struct rate_job *x = j->own;
	str treated = S(""), collected = S("");
	if (x->treated != SIZE_MAX && x->discharged != SIZE_MAX) {
		double t, d;
		bool has_t, has_d;
		TRY(index_number(j, x->treated, &t, &has_t));
		TRY(index_number(j, x->discharged, &d, &has_d));
		if (has_t && has_d && t > d)
			return index_bad(j, x->treated, "err.index_share");
		TRY(rate(j, x->treated, x->discharged, 1, x->places, &treated));
	}
	if (x->load != SIZE_MAX && x->people != SIZE_MAX) /* kilograms a day */
		TRY(rate(j, x->load, x->people, 1000 / x->grams, x->places, &collected));
	index_set(j, TREATED, treated);
	index_set(j, COLLECTED, collected);
	if (!treated.n && !collected.n)
		index_say(j, "index.none");
	else
		index_say(j, "index.sewage.rate", "treated", treated.n ? treated.p : "—", "collected", collected.n ? collected.p : "—", "grams",
			  arena_printf(index_arena(j), "%g", x->grams).p);
	return ERR_OK;
}

const struct index_kind index_sewage_rate = {
	S("sewage-rate"), "sewagerate", "place,treated,discharged,bod_load,people", "treatment_percent,collection_percent", false, open_rate, row_rate, NULL
};
