/* bihuan index soil: screening and control values of development land (GB 36600) and farm land (GB 15618, by pH). */
#include <math.h>

#include "sense/index_parts.h"

enum { ITEMS_MAX = 96, LEVELS = 2, CLASSES = 3 };

struct soil_limit {
	str land;
	struct decimal above, upto, limit; /* above < pH <= upto */
	bool has_above, has_upto;
	size_t row;
};
struct soil_item {
	str id, zh, en;
	size_t col, background;
	VEC(struct soil_limit) v[LEVELS];
};
struct soil_edition {
	str id;
	bool background, by_ph;
	struct rows t, classes;
	struct soil_item v[ITEMS_MAX];
	size_t n;
};
struct soil_job {
	size_t land, ph;
	struct soil_edition *e[2];
	size_t ne;
};
enum { RESULT, WORST, EXCEEDING, CHECKED };

static const struct {
	str said, land;
	const char *family;
} lands[] = {
	{ S("class1"), S("class1"), "soil/gb36600" },   { S("第一类用地"), S("class1"), "soil/gb36600" }, { S("一类"), S("class1"), "soil/gb36600" },
	{ S("class2"), S("class2"), "soil/gb36600" },   { S("第二类用地"), S("class2"), "soil/gb36600" }, { S("二类"), S("class2"), "soil/gb36600" },
	{ S("paddy"), S("paddy"), "soil/gb15618" },     { S("水田"), S("paddy"), "soil/gb15618" },
	{ S("orchard"), S("orchard"), "soil/gb15618" }, { S("果园"), S("orchard"), "soil/gb15618" },
	{ S("other"), S("other"), "soil/gb15618" },     { S("其他"), S("other"), "soil/gb15618" },      { S("旱地"), S("other"), "soil/gb15618" },
	{ S("rotation"), S("rotation"), "soil/gb15618" }, { S("水旱轮作"), S("rotation"), "soil/gb15618" },
};

/* ---- the edition ---- */

static struct soil_item *item_named(struct soil_edition *e, str id)
{
	for (size_t i = 0; i < e->n; i++)
		if (str_eq(e->v[i].id, id))
			return &e->v[i];
	return e->n < ITEMS_MAX ? &e->v[e->n++] : NULL;
}

static err read_row(struct index_job *j, struct soil_edition *e, size_t i)
{
	const struct rows *t = &e->t;
	struct soil_limit l = { .land = rows_get(t, i, S("land")), .row = i };
	str above = rows_get(t, i, S("ph_above")), upto = rows_get(t, i, S("ph_upto")), id = rows_get(t, i, S("item"));
	struct soil_item *it = item_named(e, id);
	l.has_above = above.n > 0;
	l.has_upto = upto.n > 0;
	if (!it || (above.n && !decimal_parse(above, &l.above)) || (upto.n && !decimal_parse(upto, &l.upto)) ||
	    !decimal_parse(rows_get(t, i, S("limit")), &l.limit))
		return index_bad_catalog(j, e->id, "limits.tsv", t->lines[i]);
	if (!it->id.n) {
		*it = (struct soil_item){ .id = id, .zh = rows_get(t, i, S("zh")), .en = rows_get(t, i, S("en")) };
		it->col = index_column_of(j, it->id, it->zh, it->en);
		it->background = index_column(j, arena_printf(j->a, STR_FMT "_background", STR_ARG(id)).p);
	}
	e->by_ph |= l.has_above || l.has_upto;
	vec_push(j->a, &it->v[str_eq(rows_get(t, i, S("level")), S("control"))], l);
	return ERR_OK;
}

static err read_edition(struct index_job *j, str id, struct soil_edition **ret)
{
	struct soil_edition *e = NEW(j->a, struct soil_edition);
	str meta;
	e->id = id;
	TRY(edition_meta(j->cat, j->a, id, &meta, j->f));
	e->background = str_eq(meta_get(meta, S("background")), S("yes"));
	TRY(edition_table(j->cat, j->a, id, "limits.tsv", &e->t, j->f));
	TRY(edition_table(j->cat, j->a, id, "classes.tsv", &e->classes, j->f));
	if (e->classes.n != CLASSES)
		return index_bad_catalog(j, id, "classes.tsv", 1);
	for (size_t i = 0; i < e->t.n; i++)
		TRY(read_row(j, e, i));
	*ret = e;
	return ERR_OK;
}

/* The edition of a row: the one asked for, else the standard of its land. */
static err edition_for(struct index_job *j, const char *family, struct soil_edition **ret)
{
	struct soil_job *x = j->own;
	str id;
	TRY(index_edition(j, family, j->opt.day, &id));
	for (size_t i = 0; i < x->ne; i++)
		if (str_eq(x->e[i]->id, id)) {
			*ret = x->e[i];
			return ERR_OK;
		}
	TRY(read_edition(j, id, ret));
	x->e[x->ne++] = *ret;
	return ERR_OK;
}

static err open_soil(struct index_job *j)
{
	struct soil_job *x = j->own = NEW(j->a, struct soil_job);
	struct soil_edition *e;
	bool any = false;
	TRY(index_need(j, "land", &x->land));
	x->ph = index_column_of(j, S("ph"), S("pH值"), S("pH"));
	TRY(edition_for(j, "soil/gb36600", &e));
	if (!j->opt.edition.n)
		TRY(edition_for(j, "soil/gb15618", &e));
	for (size_t i = 0; i < x->ne; i++)
		for (size_t k = 0; k < x->e[i]->n; k++)
			any |= x->e[i]->v[k].col != SIZE_MAX;
	if (!any)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "arsenic, cadmium, lead, mercury …");
	return ERR_OK;
}

/* ---- rows ---- */

static bool fits(const struct soil_limit *l, str land, const struct decimal *ph)
{
	if (!str_eq(l->land, land))
		return false;
	if (!l->has_above && !l->has_upto)
		return true;
	return ph && (!l->has_above || decimal_cmp(*ph, l->above) > 0) && (!l->has_upto || decimal_cmp(*ph, l->upto) <= 0);
}

/* The limit of a land: its own, else that of all land, else that of other farm land; of rotated land the stricter of paddy and other. */
static const struct soil_limit *limit_of(const struct soil_item *it, int level, str land, const struct decimal *ph)
{
	if (str_eq(land, S("rotation"))) {
		const struct soil_limit *a = limit_of(it, level, S("paddy"), ph), *b = limit_of(it, level, S("other"), ph);
		return !a || (b && decimal_cmp(b->limit, a->limit) < 0) ? b : a;
	}
	const str order[] = { land, S("all"), S("other") };
	for (size_t k = 0; k < COUNT_OF(order); k++)
		for (size_t i = 0; i < it->v[level].n; i++)
			if (fits(&it->v[level].v[i], order[k], ph))
				return &it->v[level].v[i];
	return NULL;
}

struct judged {
	int class;                      /* 0: nothing to hold it against */
	bool natural;                   /* above screening, and not above the background of the place */
	const struct soil_limit *screening, *control;
};

static err judge(struct index_job *j, const struct soil_edition *e, const struct soil_item *it, str land, const struct decimal *ph,
		 struct decimal v, struct judged *ret)
{
	struct judged r = { .screening = limit_of(it, 0, land, ph), .control = limit_of(it, 1, land, ph) };
	struct decimal background;
	bool has = false;
	r.class = !r.screening ? 0 : decimal_cmp(v, r.screening->limit) <= 0 ? 1 : 2;
	if (r.control && decimal_cmp(v, r.control->limit) > 0)
		r.class = 3;
	if (e->background)
		TRY(index_value(j, it->background, &background, &has));
	if (r.class == 2 && has && decimal_cmp(v, background) <= 0) {
		r.class = 1;
		r.natural = true;
	}
	*ret = r;
	return ERR_OK;
}

static void explain_item(struct index_job *j, const struct soil_edition *e, const struct soil_item *it, struct decimal v, const struct judged *r)
{
	struct arena *a = index_arena(j);
	str lo = r->screening ? index_decimal(a, r->screening->limit) : S("—"), hi = r->control ? index_decimal(a, r->control->limit) : S("—");
	size_t row = r->screening ? r->screening->row : r->control ? r->control->row : 0;
	str ph_above = rows_get(&e->t, row, S("ph_above")), ph_upto = rows_get(&e->t, row, S("ph_upto"));
	str ph = ph_above.n || ph_upto.n ? arena_printf(a, ", pH %s" STR_FMT "%s" STR_FMT, ph_above.n ? "> " : "", STR_ARG(ph_above),
							ph_upto.n ? ph_above.n ? ", ≤ " : "≤ " : "", STR_ARG(ph_upto)) : S("");
	index_explain(j, (struct index_part){
		.item = it->id, .zh = it->zh, .en = it->en, .unit = S("mg/kg"), .value = index_cell(j, it->col), .used = index_decimal(a, v),
		.rule = arena_printf(a, "≤ " STR_FMT " / " STR_FMT STR_FMT, STR_ARG(lo), STR_ARG(hi), STR_ARG(ph)),
		.grade = !r->class ? S("") : r->natural ? S("background") : rows_get(&e->classes, (size_t)r->class - 1, S("id")),
		.source = index_source(a, &e->t, row), .certainty = rows_get(&e->t, row, S("certainty")) });
}

static err land_of(struct index_job *j, const struct soil_job *x, str *ret_land, const char **ret_family)
{
	str said = index_cell(j, x->land);
	for (size_t i = 0; i < COUNT_OF(lands); i++)
		if (str_eq_nocase(said, lands[i].said)) {
			*ret_land = lands[i].land;
			*ret_family = lands[i].family;
			return ERR_OK;
		}
	return index_bad(j, x->land, "err.index_land");
}

static err take_item(struct index_job *j, const struct soil_edition *e, const struct soil_item *it, str land, const struct decimal *ph,
		     struct judged *ret, bool *ret_has)
{
	struct decimal v;
	TRY(index_value(j, it->col, &v, ret_has));
	if (!*ret_has)
		return ERR_OK;
	if (v.m < 0)
		return index_bad(j, it->col, "err.index_number");
	TRY(judge(j, e, it, land, ph, v, ret));
	if (ret->class)
		explain_item(j, e, it, v, ret);
	return ERR_OK;
}

static void say_soil(struct index_job *j, const struct soil_edition *e, int worst, str items, bool natural)
{
	struct arena *a = index_arena(j);
	if (!worst) {
		index_say(j, "index.none");
		return;
	}
	size_t at = (size_t)worst - 1;
	const char *class = arena_cstr(a, index_lang(j, rows_get(&e->classes, at, S("zh")), rows_get(&e->classes, at, S("en")))),
		   *meaning = arena_cstr(a, index_lang(j, rows_get(&e->classes, at, S("meaning_zh")), rows_get(&e->classes, at, S("meaning_en"))));
	if (items.n)
		index_say(j, "index.soil.worst", "class", class, "meaning", meaning, "items", arena_cstr(a, items));
	else
		index_say(j, natural ? "index.soil.natural" : "index.soil.best", "class", class, "meaning", meaning);
}

static err row_soil(struct index_job *j)
{
	struct soil_job *x = j->own;
	struct arena *a = index_arena(j);
	struct soil_edition *e;
	struct decimal ph;
	const char *family = NULL;
	struct judged of[ITEMS_MAX] = { 0 };
	struct buf worst_items = BUF(a), exceeding = BUF(a);
	int worst = 0;
	int64_t checked = 0;
	bool has_ph, natural = false, lacks_ph = false;
	str land = S("");
	TRY(land_of(j, x, &land, &family));
	TRY(edition_for(j, family, &e));
	if (!str_starts(e->id, str_of(family))) /* the edition asked for is for other land */
		return index_bad(j, x->land, "err.index_land");
	index_by(j, e->id);
	TRY(index_value(j, x->ph, &ph, &has_ph));
	if (has_ph && (ph.m < 0 || decimal_f64(ph) > 14))
		return index_bad(j, x->ph, "err.index_ph");
	for (size_t i = 0; i < e->n; i++) {
		bool has;
		TRY(take_item(j, e, &e->v[i], land, has_ph ? &ph : NULL, &of[i], &has));
		if (!has)
			index_miss(j, e->v[i].id);
		lacks_ph |= has && !of[i].class && !has_ph && e->by_ph;
		checked += of[i].class > 0;
		natural |= of[i].natural;
		worst = of[i].class > worst ? of[i].class : worst;
	}
	if (lacks_ph)
		index_miss(j, S("ph"));
	for (size_t i = 0; i < e->n && worst > 1; i++) {
		if (of[i].class > 1)
			index_join(&exceeding, e->v[i].id);
		if (of[i].class == worst)
			index_join(&worst_items, e->v[i].id);
	}
	index_set(j, RESULT, worst ? rows_get(&e->classes, (size_t)worst - 1, S("id")) : S(""));
	index_set(j, WORST, buf_str(&worst_items));
	index_set(j, EXCEEDING, buf_str(&exceeding));
	index_set_int(j, CHECKED, checked);
	say_soil(j, e, worst, buf_str(&worst_items), natural);
	return ERR_OK;
}

const struct index_kind index_soil = {
	S("soil"), "soil", "id,land,ph,arsenic,cadmium,chromium,copper,lead,mercury,nickel,zinc,…", "result,worst,exceeding,checked", false, open_soil, row_soil, NULL
};
