/* bihuan index water and river: classes of sections by their worst item, and the state of a river by its sections. */
#include <math.h>

#include "base/map.h"
#include "sense/index_parts.h"
#include "sense/river.h"

struct water_columns {
	struct water_edition e;
	struct rows t;                  /* of its items, row by row as in e */
	size_t kind;
	size_t col[2][WATER_ITEMS_MAX]; /* by kind and place in the edition */
	bool any;
};
enum { CLASS, WORST };

static bool kind_of(str s, enum water_kind *ret)
{
	bool lake = str_eq_nocase(s, S("lake")) || str_eq_nocase(s, S("reservoir")) || str_eq(s, S("湖库")) || str_eq(s, S("湖泊")) ||
		    str_eq(s, S("水库"));
	*ret = lake ? WATER_LAKE : WATER_RIVER;
	return lake || !s.n || str_eq_nocase(s, S("river")) || str_eq(s, S("河流"));
}

static err open_columns(struct index_job *j, str edition, struct water_columns *x)
{
	TRY(water_edition_read(j->cat, j->a, edition, &x->e, j->f));
	TRY(edition_table(j->cat, j->a, edition, "items.tsv", &x->t, j->f));
	x->kind = index_column(j, "kind");
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < WATER_ITEMS_MAX; i++)
			x->col[k][i] = SIZE_MAX;
	for (size_t c = 0; c < j->ncols; c++)
		for (int k = 0; k < 2; k++) {
			size_t at = water_find(&x->e, j->names[c], (enum water_kind)k);
			if (at != SIZE_MAX && x->col[k][at] != SIZE_MAX)
				j->twice = j->names[c];
			if (at != SIZE_MAX)
				x->col[k][at] = c;
			x->any |= at != SIZE_MAX;
		}
	return ERR_OK;
}

static err read_values(struct index_job *j, const struct water_columns *x, enum water_kind *ret_kind, struct water_values *ret)
{
	struct water_values in = { 0 };
	enum water_kind kind;
	if (!kind_of(index_cell(j, x->kind), &kind))
		return index_bad(j, x->kind, "err.index_kind");
	for (size_t i = 0; i < x->e.n; i++)
		if (x->col[kind][i] != SIZE_MAX)
			TRY(index_value(j, x->col[kind][i], &in.v[i], &in.has[i]));
	*ret_kind = kind;
	*ret = in;
	return ERR_OK;
}

static str items_of(struct arena *a, const struct water_edition *e, uint64_t mask)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < e->n; i++)
		if (mask >> i & 1)
			index_join(&b, e->v[i].id);
	return buf_str(&b);
}

/* ---- sections ---- */

static err open_water(struct index_job *j)
{
	struct water_columns *x = j->own = NEW(j->a, struct water_columns);
	str edition;
	TRY(index_edition(j, "water/gb3838", j->opt.day, &edition));
	TRY(open_columns(j, edition, x));
	if (!x->any)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "ph, do, codmn, nh3n, tp …");
	index_by(j, edition);
	return ERR_OK;
}

/* "≤ 1 (III)": the limit of the class, or of V for what is worse. */
static str limit_text(struct arena *a, const struct water_edition *e, const struct water_item *it, int class)
{
	int c = class > WATER_CLASSES ? WATER_CLASSES : class;
	if (c < 1)
		return S("");
	str hi = index_decimal(a, it->limit[c - 1]), lo = index_decimal(a, it->low[c - 1]), name = e->names[c];
	if (it->compare == WATER_BETWEEN)
		return arena_printf(a, STR_FMT "–" STR_FMT " (" STR_FMT ")", STR_ARG(lo), STR_ARG(hi), STR_ARG(name));
	return arena_printf(a, "%s " STR_FMT " (" STR_FMT ")", it->compare == WATER_AT_LEAST ? "≥" : "≤", STR_ARG(hi), STR_ARG(name));
}

static void explain_items(struct index_job *j, const struct water_columns *x, enum water_kind kind, const struct water_values *in,
			  const struct water_result *r)
{
	struct arena *a = index_arena(j);
	for (size_t i = 0; i < x->e.n && j->opt.explain; i++) {
		const struct water_row *w = &x->e.v[i];
		if (in->has[i])
			index_explain(j, (struct index_part){
				.item = w->id, .zh = w->zh, .en = w->en, .unit = w->unit, .value = index_cell(j, x->col[kind][i]),
				.used = index_decimal(a, in->v[i]), .rule = limit_text(a, &x->e, &w->item, r->of[i]),
				.grade = r->of[i] == WATER_NONE ? S("") : x->e.names[r->of[i]], .source = index_source(a, &x->t, i),
				.certainty = w->counts ? S("") : S("reference") });
	}
}

static void say_class(struct index_job *j, const struct water_columns *x, const struct water_result *r)
{
	struct arena *a = index_arena(j);
	const char *standard = arena_cstr(a, x->e.standard), *class = arena_cstr(a, x->e.names[r->class]);
	struct buf main = BUF(a);
	if (r->class == WATER_NONE) {
		index_say(j, "index.none");
		return;
	}
	for (size_t i = 0; i < r->nmain; i++) {
		const struct water_row *w = &x->e.v[r->main[i]];
		bool times = w->item.compare == WATER_AT_MOST; /* no multiple of pH and oxygen */
		index_join(&main, times ? arena_printf(a, STR_FMT "(%.2f)", STR_ARG(w->id), r->excess[i]) : w->id);
	}
	str worst = items_of(a, &x->e, r->worst);
	if (main.n)
		index_say(j, "index.water.main", "class", class, "items", arena_cstr(a, worst), "main", buf_cstr(&main), "standard", standard);
	else if (worst.n)
		index_say(j, "index.water.worst", "class", class, "items", arena_cstr(a, worst), "standard", standard);
	else
		index_say(j, "index.water.best", "class", class, "standard", standard);
}

static err row_water(struct index_job *j)
{
	const struct water_columns *x = j->own;
	struct water_values in;
	enum water_kind kind;
	TRY(read_values(j, x, &kind, &in));
	struct water_result r = water_assess(&x->e, kind, &in);
	if (r.class != WATER_NONE)
		index_set(j, CLASS, x->e.names[r.class]);
	index_set(j, WORST, items_of(index_arena(j), &x->e, r.worst));
	for (size_t i = 0; i < x->e.n; i++)
		if (x->e.v[i].counts && !in.has[i] && (kind == WATER_RIVER ? x->e.v[i].river : x->e.v[i].lake))
			index_miss(j, x->e.v[i].id);
	explain_items(j, x, kind, &in, &r);
	say_class(j, x, &r);
	return ERR_OK;
}

const struct index_kind index_water = { S("water"), "water", "id,kind,ph,do,codmn,nh3n,tp,…", "class,worst", false, open_water, row_water, NULL };

/* ---- rivers ---- */

enum { SECTIONS, OF_CLASS, GOOD = OF_CLASS + WATER_WORSE, WORSE, STATE, BY, MAIN, ELIMINATED, UNCLASSED };

struct named_river {
	str name;
	struct river v;
};
struct rivers {
	struct water_columns w;
	size_t name, class;
	struct map by_name;
	VEC(struct named_river *) v;
	struct named_river all;
	str states;                     /* riverstate/… */
};

static err open_river(struct index_job *j)
{
	struct rivers *x = j->own = NEW(j->a, struct rivers);
	str water;
	x->by_name = MAP(j->a);
	x->all.name = S("*");
	TRY(index_edition(j, "riverstate", j->opt.day, &x->states));
	TRY(edition_on(j->cat, j->a, S("water/gb3838"), j->opt.day, &water, j->f));
	TRY(open_columns(j, water, &x->w));
	x->name = index_column(j, "river");
	x->class = index_column(j, "class");
	if (!x->w.any && x->class == SIZE_MAX)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "class");
	return ERR_OK;
}

/* "III", "Ⅲ", "3", "Ⅲ类", "劣V", "劣Ⅴ类", "worse". */
static bool class_of(str s, int *ret)
{
	static const struct {
		str word;
		int class;
	} words[] = { { S("I"), 1 },   { S("Ⅰ"), 1 },  { S("1"), 1 }, { S("II"), 2 },    { S("Ⅱ"), 2 },	   { S("2"), 2 },
		      { S("III"), 3 }, { S("Ⅲ"), 3 }, { S("3"), 3 }, { S("IV"), 4 },    { S("Ⅳ"), 4 },	   { S("4"), 4 },
		      { S("V"), 5 },   { S("Ⅴ"), 5 },  { S("5"), 5 }, { S("劣V"), 6 }, { S("劣Ⅴ"), 6 }, { S("6"), 6 }, { S("worse"), 6 } };
	if (str_ends(s, S("类")))
		s = str_sub(s, 0, s.n - S("类").n);
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq(s, words[i].word)) {
			*ret = words[i].class;
			return true;
		}
	return false;
}

static struct named_river *river_named(struct index_job *j, struct rivers *x, str name)
{
	struct named_river *r = map_get(&x->by_name, name);
	if (!r) {
		r = NEW(j->a, struct named_river);
		r->name = arena_str(j->a, name);
		map_put(&x->by_name, r->name, r);
		vec_push(j->a, &x->v, r);
	}
	return r;
}

static err row_river(struct index_job *j)
{
	struct rivers *x = j->own;
	struct water_values in;
	enum water_kind kind;
	TRY(read_values(j, &x->w, &kind, &in));
	struct water_result r = water_assess(&x->w.e, kind, &in);
	str given = index_cell(j, x->class), name = index_cell(j, x->name);
	const struct water_values *values = x->w.any ? &in : NULL;
	if (given.n && r.class == WATER_NONE && !class_of(given, &r.class))
		return index_bad(j, x->class, "err.index_class");
	river_add(&x->all.v, &x->w.e, values, &r);
	if (name.n)
		river_add(&river_named(j, x, name)->v, &x->w.e, values, &r);
	return ERR_OK;
}

static err give_river(struct index_job *j, const struct named_river *r)
{
	const struct rivers *x = j->own;
	const struct water_edition *e = &x->w.e;
	struct river_state s;
	struct buf main = BUF(j->a);
	TRY(river_judge(j->cat, j->a, x->states, e, &r->v, &s, j->f));
	index_by(j, x->states);
	index_set_int(j, SECTIONS, (int64_t)r->v.n);
	for (int c = 1; c <= WATER_WORSE; c++)
		index_set_int(j, OF_CLASS + (size_t)c - 1, (int64_t)r->v.of_class[c]);
	index_set(j, GOOD, index_rounded(j->a, s.good_percent, 1));
	index_set(j, WORSE, index_rounded(j->a, s.worse_percent, 1));
	index_set(j, STATE, s.state);
	index_set(j, BY, s.by_sections ? S("sections") : S("mean"));
	for (size_t i = 0; i < s.nmain; i++)
		index_join(&main, arena_printf(j->a, STR_FMT "(%.1f%%)", STR_ARG(e->v[s.main[i]].id), river_percent(r->v.beyond[s.main[i]], r->v.n)));
	index_set(j, MAIN, buf_str(&main));
	index_set(j, ELIMINATED, !r->v.n ? S("") : r->v.of_class[WATER_WORSE] ? S("no") : S("yes"));
	index_set_int(j, UNCLASSED, (int64_t)r->v.of_class[WATER_NONE]);
	const char *good = index_rounded(j->a, s.good_percent, 1).p, *worse = index_rounded(j->a, s.worse_percent, 1).p,
		   *n = arena_printf(j->a, "%zu", r->v.n).p, *state = arena_cstr(j->a, index_lang(j, s.zh, s.en));
	if (!r->v.n)
		index_say(j, "index.none");
	else if (s.by_sections)
		index_say(j, "index.river.shares", "n", n, "good", good, "worse", worse, "state", state);
	else if (s.state.n)
		index_say(j, "index.river.means", "n", n, "class", arena_cstr(j->a, e->names[s.means.class]), "state", state);
	else
		index_say(j, "index.river.few", "n", n);
	return index_give(j, r->name);
}

static err close_river(struct index_job *j)
{
	struct rivers *x = j->own;
	for (size_t i = 0; i < x->v.n; i++)
		TRY(give_river(j, x->v.v[i]));
	return give_river(j, &x->all);
}

const struct index_kind index_river = {
	S("river"), "riverstate", "river,id,kind,class,ph,do,codmn,nh3n,tp,…",
	"sections,I,II,III,IV,V,worse,good_percent,worse_percent,state,by,main,eliminated,unclassed", true, open_river, row_river, close_river
};
