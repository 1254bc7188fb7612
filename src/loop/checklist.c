#include "loop/checklist.h"

#include <math.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "core/sector.h"
#include "loop/show_if.h"

/* "gas-station" → branch "gas", groups "management stations", shown when … */
struct mapping {
	str type, branch, groups, show_if;
	const struct show_if *cond;
};
struct house_item {
	struct check_item item;
	str types; /* parted by blanks; "*" every type */
};
struct template
{
	str id; /* "house-2026" */
	int64_t from_day, to_day;
	struct house_item *items;
	size_t nitems;
	struct mapping *maps;
	size_t nmaps;
};
struct checklists {
	const struct criteria *criteria;
	VEC(struct template) v;
};

/* ---- reading ---- */

struct reader {
	struct arena *a;
	const struct catalog *c;
	struct fail *f;
};

static err read_cond(struct reader *r, str path, int line, str text, const struct show_if **ret)
{
	str bad;
	if (!text.n || show_if_parse(r->a, text, ret, &bad))
		return ERR_OK;
	return FAIL(r->f, BAD_FORMAT, "", "err.catalog_value", "file", arena_cstr(r->a, path), "line",
		    arena_printf(r->a, "%d", line).p);
}

static void read_item(struct reader *r, const struct rows *rows, size_t i, struct house_item *h)
{
	struct check_item *it = &h->item;
	struct {
		str *to;
		const char *column;
	} cells[] = { { &it->id, "id" },
		      { &it->group_zh, "group_zh" },
		      { &it->group_en, "group_en" },
		      { &it->zh, "zh" },
		      { &it->en, "en" },
		      { &it->answer, "answer" },
		      { &it->unit, "unit" },
		      { &it->finding, "finding" },
		      { &it->criterion, "criterion" },
		      { &it->basis_zh, "basis_zh" },
		      { &it->basis_en, "basis_en" },
		      { &it->source, "source" },
		      { &it->certainty, "certainty" },
		      { &it->show_if, "show_if" },
		      { &h->types, "types" } };
	int64_t weight = 1;
	for (size_t c = 0; c < COUNT_OF(cells); c++)
		*cells[c].to = arena_str(r->a, rows_get(rows, i, str_of(cells[c].column)));
	it->lo = it->hi = NAN;
	(void)!str_to_f64(rows_get(rows, i, S("lo")), &it->lo);
	(void)!str_to_f64(rows_get(rows, i, S("hi")), &it->hi);
	(void)!str_to_i64(rows_get(rows, i, S("weight")), &weight);
	it->weight = (int)weight;
	it->photo = str_eq(rows_get(rows, i, S("photo")), S("1"));
	it->major = it->criterion.n > 0;
	if (str_eq(it->finding, S("none")))
		it->finding = S("");
}

static err read_items(struct reader *r, str path, struct template *t)
{
	struct rows rows;
	TRY(catalog_table(r->c, r->a, path, &rows, r->f));
	t->items = NEW_N(r->a, struct house_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		read_item(r, &rows, i, &t->items[i]);
		TRY(read_cond(r, path, rows.lines[i], t->items[i].item.show_if, &t->items[i].item.cond));
	}
	t->nitems = rows.n;
	return ERR_OK;
}

static err read_maps(struct reader *r, str path, struct template *t)
{
	struct rows rows;
	if (str_is_null(catalog_bytes(r->c, path)))
		return ERR_OK;
	TRY(catalog_table(r->c, r->a, path, &rows, r->f));
	t->maps = NEW_N(r->a, struct mapping, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		t->maps[i] = (struct mapping){ arena_str(r->a, rows_get(&rows, i, S("type"))),
					       arena_str(r->a, rows_get(&rows, i, S("branch"))),
					       arena_str(r->a, rows_get(&rows, i, S("group"))),
					       arena_str(r->a, rows_get(&rows, i, S("show_if"))), NULL };
		TRY(read_cond(r, path, rows.lines[i], t->maps[i].show_if, &t->maps[i].cond));
	}
	t->nmaps = rows.n;
	return ERR_OK;
}

static bool is_template(str path, str *ret_name, str *ret_edition)
{
	str rest = path, word;
	return str_cut(&rest, '/', &word) && str_eq(word, S("checklist")) && str_cut(&rest, '/', ret_name) &&
	       str_cut(&rest, '/', ret_edition) && str_eq(rest, S("META"));
}

err checklists_read(struct arena *a, const struct catalog *c, const struct criteria *criteria,
		    struct checklists **ret, struct fail *f)
{
	struct checklists *t = NEW(a, struct checklists);
	struct reader r = { a, c, f };
	t->criteria = criteria;
	for (size_t i = 0; i < catalog_count(c); i++) {
		struct catalog_file file = catalog_at(c, i);
		struct template one = { .from_day = DB_NONE, .to_day = DB_NONE };
		str name, edition;
		if (!is_template(file.path, &name, &edition))
			continue;
		str dir = str_sub(file.path, 0, file.path.n - 4);
		one.id = arena_printf(a, STR_FMT "-" STR_FMT, STR_ARG(name), STR_ARG(edition));
		(void)!date_parse(meta_get(file.bytes, S("in_force")), &one.from_day);
		(void)!date_parse(meta_get(file.bytes, S("until")), &one.to_day);
		TRY(read_items(&r, arena_printf(a, STR_FMT "items.tsv", STR_ARG(dir)), &one));
		TRY(read_maps(&r, arena_printf(a, STR_FMT "types.tsv", STR_ARG(dir)), &one));
		vec_push(a, &t->v, one);
	}
	*ret = t;
	return ERR_OK;
}

/* ---- putting together ---- */

struct maker {
	struct arena *a;
	const struct checklists *t;
	str type;
	int64_t sectors, day;
	VEC(struct check_item) items;
	struct map have;
	struct buf editions;
};

static bool in_force(const struct template *t, int64_t day)
{
	return day >= t->from_day && (t->to_day == DB_NONE || day <= t->to_day);
}

static bool in_words(str list, str word)
{
	str rest = list, one;
	while (rest.n && str_cut(&rest, ' ', &one))
		if (str_eq(one, word) || str_eq(one, S("*")))
			return true;
	return false;
}

static void add(struct maker *m, const struct check_item *it)
{
	if (m->items.n >= CHECKLIST_MAX || map_get(&m->have, it->id))
		return;
	vec_push(m->a, &m->items, *it);
	map_put(&m->have, it->id, m);
}

static void name_edition(struct maker *m, str id)
{
	if (map_get(&m->have, id))
		return;
	map_put(&m->have, id, m);
	if (m->editions.n)
		buf_byte(&m->editions, ' ');
	buf_put(&m->editions, id);
}

/* "yes" is the bad answer: the criterion says what must not be. */
static struct check_item of_criterion(struct arena *a, const struct criterion *k, const struct mapping *map)
{
	struct check_item it = { .id = k->id,
				 .group_zh = k->group_zh,
				 .group_en = k->group_en,
				 .answer = S("choice"),
				 .unit = S(""),
				 .lo = NAN,
				 .hi = NAN,
				 .finding = S("yes"),
				 .major = true,
				 .photo = true,
				 .criterion = k->id,
				 .source = k->source,
				 .certainty = k->certainty,
				 .weight = 10,
				 .show_if = map->show_if,
				 .cond = map->cond };
	str pre = k->pre_zh.n ? arena_printf(a, "（前提：" STR_FMT "）", STR_ARG(k->pre_zh)) : S("");
	str exc = k->exc_zh.n ? arena_printf(a, "（除外：" STR_FMT "）", STR_ARG(k->exc_zh)) : S("");
	it.zh =
	    arena_printf(a, "是否存在：" STR_FMT STR_FMT STR_FMT, STR_ARG(k->zh), STR_ARG(pre), STR_ARG(exc));
	pre = k->pre_en.n ? arena_printf(a, " (only if: " STR_FMT ")", STR_ARG(k->pre_en)) : S("");
	exc = k->exc_en.n ? arena_printf(a, " (except: " STR_FMT ")", STR_ARG(k->exc_en)) : S("");
	it.en = arena_printf(a, "Is this found: " STR_FMT STR_FMT STR_FMT, STR_ARG(k->en), STR_ARG(pre),
			     STR_ARG(exc));
	it.basis_zh = arena_printf(a, "《" STR_FMT "》（" STR_FMT "）" STR_FMT, STR_ARG(k->title_zh),
				   STR_ARG(k->number), STR_ARG(k->clause_zh));
	it.basis_en = arena_printf(a, STR_FMT " (" STR_FMT "), " STR_FMT, STR_ARG(k->title_en),
				   STR_ARG(k->number), STR_ARG(k->clause_en));
	return it;
}

static bool wanted(const struct maker *m, const struct mapping *map)
{
	return str_eq(map->type, m->type) || str_eq(map->type, S("*"));
}

static void add_branch(struct maker *m, const struct mapping *map)
{
	const struct criterion *v;
	size_t n = criteria_all(m->t->criteria, &v);
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(v[i].standard, map->branch) || !criterion_citable(&v[i]) ||
		    !criterion_in_force(&v[i], m->day))
			continue;
		if (map->groups.n && !in_words(map->groups, v[i].group))
			continue;
		struct check_item it = of_criterion(m->a, &v[i], map);
		add(m, &it);
		name_edition(m, v[i].of->id);
	}
}

/* A type that no row knows is served by its sectors. */
static void add_by_sectors(struct maker *m)
{
	const struct criteria_edition *v;
	size_t n = criteria_editions(m->t->criteria, &v);
	for (size_t i = 0; i < n; i++)
		if (m->sectors != -1 && v[i].sectors & m->sectors)
			add_branch(m, &(struct mapping){ m->type, v[i].branch, S(""), S(""), NULL });
}

static bool type_known(const struct maker *m)
{
	for (size_t t = 0; t < m->t->v.n; t++)
		for (size_t i = 0; i < m->t->v.v[t].nmaps; i++)
			if (in_force(&m->t->v.v[t], m->day) && str_eq(m->t->v.v[t].maps[i].type, m->type))
				return true;
	return false;
}

static void add_template(struct maker *m, const struct template *t)
{
	for (size_t i = 0; i < t->nitems; i++) {
		if (in_words(t->items[i].types, m->type)) {
			add(m, &t->items[i].item);
			name_edition(m, t->id);
		}
	}
}

err checklist_assemble(struct arena *a, const struct checklists *t, str type, int64_t sectors, int64_t day,
		       struct checklist *ret)
{
	struct maker m = { .a = a,
			   .t = t,
			   .type = type,
			   .sectors = sectors,
			   .day = day,
			   .have = MAP(a),
			   .editions = BUF(a) };
	for (size_t i = 0; i < t->v.n; i++)
		if (in_force(&t->v.v[i], day))
			add_template(&m, &t->v.v[i]);
	for (size_t k = 0; k < t->v.n; k++)
		for (size_t i = 0; i < t->v.v[k].nmaps && in_force(&t->v.v[k], day); i++)
			if (wanted(&m, &t->v.v[k].maps[i]))
				add_branch(&m, &t->v.v[k].maps[i]);
	if (!type_known(&m))
		add_by_sectors(&m);
	*ret = (struct checklist){ type, day, buf_str(&m.editions), m.items.v, m.items.n };
	return ERR_OK;
}

/* ---- answers ---- */

const struct check_item *checklist_item(const struct checklist *l, str id)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i].id, id))
			return &l->v[i];
	return NULL;
}

enum { CHAIN_MAX = 16 }; /* items shown because of items shown because of … */
struct given {
	const struct checklist *l;
	const struct check_answer *v;
	size_t n;
	int depth;
};

static const struct check_answer *answer_to(const struct given *g, str item)
{
	for (size_t i = 0; i < g->n; i++)
		if (str_eq(g->v[i].item, item))
			return &g->v[i];
	return NULL;
}

static bool shown_answer(void *arg, str item, struct show_answer *ret);

static bool shown(struct given *g, const struct check_item *it)
{
	if (!it->cond)
		return true;
	if (g->depth == CHAIN_MAX)
		return false;
	g->depth++;
	bool holds = show_if_holds(it->cond, shown_answer, g);
	g->depth--;
	return holds;
}

/* An answer counts only while its item is shown. */
static bool shown_answer(void *arg, str item, struct show_answer *ret)
{
	struct given *g = arg;
	const struct check_answer *x = answer_to(g, item);
	const struct check_item *it = x ? checklist_item(g->l, item) : NULL;
	if (!it || !shown(g, it))
		return false;
	*ret = (struct show_answer){ x->choice, x->number };
	return true;
}

bool checklist_shown(const struct checklist *l, const struct check_answer *v, size_t n,
		     const struct check_item *it)
{
	struct given g = { l, v, n, 0 };
	return shown(&g, it);
}

static bool is_choice(str s)
{
	return str_eq(s, S("yes")) || str_eq(s, S("no")) || str_eq(s, S("na"));
}

static err refuse(struct arena *a, size_t place, const char *field, const char *key, str id, struct fail *f)
{
	return FAIL(f, BAD_FIELD, arena_printf(a, "/answers/%zu%s", place, field).p, key, "item",
		    arena_cstr(a, id));
}

static err check_answer_one(struct arena *a, struct given *g, size_t i, struct fail *f)
{
	const struct check_answer *x = &g->v[i];
	const struct check_item *it = checklist_item(g->l, x->item);
	if (!it)
		return refuse(a, i, "/item", "err.checklist.item", x->item, f);
	for (size_t k = 0; k < i; k++)
		if (str_eq(g->v[k].item, x->item))
			return refuse(a, i, "/item", "err.checklist.twice", x->item, f);
	if (!shown(g, it))
		return refuse(a, i, "/item", "err.checklist.skipped", x->item, f);
	bool number = str_eq(it->answer, S("number"));
	if (number ? x->choice.n && !str_eq(x->choice, S("na")) : !is_choice(x->choice))
		return refuse(a, i, "/choice", "err.checklist.choice", x->item, f);
	if (number ? !x->choice.n && !isfinite(x->number) : !isnan(x->number))
		return refuse(a, i, "/number", "err.checklist.number", x->item, f);
	return ERR_OK;
}

static bool is_finding(const struct check_item *it, const struct check_answer *x)
{
	if (str_eq(x->choice, S("na")))
		return false;
	if (str_eq(it->answer, S("number")))
		return x->number < it->lo || x->number > it->hi; /* false for NaN bounds */
	return it->finding.n && str_eq(it->finding, x->choice);
}

static err look_at_item(struct arena *a, struct given *g, const struct check_item *it, bool complete,
			struct check_result *r, struct fail *f)
{
	const struct check_answer *x = answer_to(g, it->id);
	if (!shown(g, it))
		return ERR_OK;
	r->shown++;
	if (!x)
		return complete ? FAIL(f, BAD_FIELD, "/answers", "err.checklist.missing", "item",
				       arena_cstr(a, it->id))
				: ERR_OK;
	r->answered++;
	if (str_eq(x->choice, S("na")))
		return ERR_OK;
	r->score_max += it->weight;
	if (!is_finding(it, x)) {
		r->score += it->weight;
		return ERR_OK;
	}
	if (complete && it->photo && !x->photos)
		return refuse(a, (size_t)(x - g->v), "/photos", "err.checklist.photo", it->id, f);
	r->findings[r->nfindings++] = (struct check_finding){ it, (size_t)(x - g->v) };
	return ERR_OK;
}

err checklist_look(struct arena *a, const struct checklist *l, const struct check_answer *v, size_t n,
		   bool complete, struct check_result *ret, struct fail *f)
{
	struct given g = { l, v, n, 0 };
	struct check_result r = { .findings = NEW_N(a, struct check_finding, l->n + 1) };
	for (size_t i = 0; i < n; i++)
		TRY(check_answer_one(a, &g, i, f));
	for (size_t i = 0; i < l->n; i++)
		TRY(look_at_item(a, &g, &l->v[i], complete, &r, f));
	*ret = r;
	return ERR_OK;
}
