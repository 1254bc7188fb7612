#include "loop/criteria.h"

#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "core/sector.h"
#include "loop/clause.h"

struct criteria {
	VEC(struct criteria_edition) editions;
	const struct criterion *all;
	size_t n;
	struct map by_id, by_edition;
};

/* ---- reading ---- */

struct reader {
	struct arena *a;
	const struct catalog *c;
	struct sector_table sectors;
	struct criteria *t;
	struct fail *f;
};

static err bad_value(struct reader *r, str path, int line)
{
	return FAIL(r->f, BAD_FORMAT, "", "err.catalog_value", "file", arena_cstr(r->a, path), "line",
		    arena_printf(r->a, "%d", line).p);
}

static int64_t day_of(str text)
{
	int64_t day;
	return date_parse(text, &day) && day < CRITERION_NO_DAY ? day : DB_NONE;
}

static int64_t mask_of(const struct sector_table *t, str list, str *ret_first)
{
	int64_t mask = 0;
	str word, rest = list;
	while (rest.n && str_cut(&rest, ' ', &word)) {
		const struct sector *s = sector_find(t, word);
		mask |= s ? INT64_C(1) << s->bit : 0;
		if (!ret_first->n)
			*ret_first = word;
	}
	return mask;
}

/* "hazard/gas/2023/META" → "gas", "2023" */
static bool is_edition(str path, str *ret_branch, str *ret_edition)
{
	str rest = path, word;
	return str_cut(&rest, '/', &word) && str_eq(word, S("hazard")) && str_cut(&rest, '/', ret_branch) &&
	       str_cut(&rest, '/', ret_edition) && str_eq(rest, S("META"));
}

static void read_meta(struct reader *r, str meta, struct criteria_edition *e)
{
	struct {
		str *to;
		const char *key;
	} texts[] = {
		{ &e->title_zh, "title_zh" },   { &e->title_en, "title_en" }, { &e->branch_zh, "branch_zh" },
		{ &e->branch_en, "branch_en" }, { &e->number, "number" },     { &e->issuer_zh, "issuer_zh" },
		{ &e->issuer_en, "issuer_en" }, { &e->status, "status" },     { &e->certainty, "certainty" },
		{ &e->dates, "dates" },         { &e->source, "source" },     { &e->note, "note" },
		{ &e->source_zh, "source_zh" }, { &e->note_zh, "note_zh" },
		{ &e->form, "form" },           { &e->replaces, "replaces" }, { &e->sector_list, "sectors" }
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i].to = arena_str(r->a, meta_get(meta, str_of(texts[i].key)));
	e->issued_day = day_of(meta_get(meta, S("issued")));
	e->from_day = day_of(meta_get(meta, S("in_force")));
	e->to_day = day_of(meta_get(meta, S("until")));
	e->sectors = mask_of(&r->sectors, e->sector_list, &e->sector);
	if (!str_to_i64(meta_get(meta, S("items")), &e->total))
		e->total = DB_NONE;
}

static void read_row(struct reader *r, const struct criteria_edition *e, const struct rows *items, size_t i,
		     const struct rows *groups, struct criterion *k)
{
	struct {
		str *to;
		const char *column;
	} cells[] = { { &k->id, "id" },
		      { &k->clause, "clause" },
		      { &k->group, "group" },
		      { &k->kind, "kind" },
		      { &k->zh, "zh" },
		      { &k->en, "en" },
		      { &k->pre_zh, "pre_zh" },
		      { &k->pre_en, "pre_en" },
		      { &k->exc_zh, "exc_zh" },
		      { &k->exc_en, "exc_en" },
		      { &k->certainty, "certainty" },
		      { &k->source, "source" },
		      { &k->source_zh, "source_zh" },
		      { &k->replaces, "replaces" } };
	for (size_t c = 0; c < COUNT_OF(cells); c++)
		*cells[c].to = arena_str(r->a, rows_get(items, i, str_of(cells[c].column)));
	if (!k->source.n) { /* a row that names none has the edition's */
		k->source = e->source;
		k->source_zh = e->source_zh;
	}
	for (size_t g = 0; g < groups->n; g++) {
		if (str_eq(rows_get(groups, g, S("id")), k->group)) {
			k->group_zh = arena_str(r->a, rows_get(groups, g, S("zh")));
			k->group_en = arena_str(r->a, rows_get(groups, g, S("en")));
		}
	}
	k->from_day = day_of(rows_get(items, i, S("from")));
	k->to_day = day_of(rows_get(items, i, S("to")));
	if (k->from_day == DB_NONE)
		k->from_day = e->from_day;
	if (k->to_day == DB_NONE)
		k->to_day = e->to_day;
}

static void of_edition(struct criterion *k, const struct criteria_edition *e)
{
	k->sector = e->sector;
	k->sectors = e->sectors;
	k->standard = e->branch;
	k->number = e->number;
	k->title_zh = e->title_zh;
	k->title_en = e->title_en;
	k->edition = e->edition;
	k->status = e->status;
}

static err read_items(struct reader *r, str dir, struct criteria_edition *e)
{
	struct rows items, groups;
	str path = arena_printf(r->a, STR_FMT "items.tsv", STR_ARG(dir));
	TRY(catalog_table(r->c, r->a, path, &items, r->f));
	TRY(catalog_table(r->c, r->a, arena_printf(r->a, STR_FMT "groups.tsv", STR_ARG(dir)), &groups, r->f));
	struct criterion *v = NEW_N(r->a, struct criterion, items.n + 1);
	struct clause *clauses = NEW_N(r->a, struct clause, items.n + 1);
	size_t known = 0;
	for (size_t i = 0; i < items.n; i++) {
		struct clause c;
		of_edition(&v[i], e);
		read_row(r, e, &items, i, &groups, &v[i]);
		if (!clause_parse(v[i].clause, e->form, &c))
			return bad_value(r, path, items.lines[i]);
		v[i].article = c.article;
		v[i].item = c.item;
		v[i].clause_zh = clause_words(r->a, &c, e->form, true);
		v[i].clause_en = clause_words(r->a, &c, e->form, false);
		if (criterion_citable(&v[i]))
			clauses[known++] = c;
	}
	e->v = v;
	e->n = items.n;
	e->known = clauses_count(clauses, known);
	e->unknown = (int64_t)(items.n - known);
	return ERR_OK;
}

/* The editions stand in their final place only now. */
static void join(struct arena *a, struct criteria *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->editions.n; i++)
		n += t->editions.v[i].n;
	struct criterion *all = NEW_N(a, struct criterion, n + 1);
	t->by_id = t->by_edition = MAP(a);
	for (size_t i = 0; i < t->editions.n; i++) {
		struct criteria_edition *e = &t->editions.v[i];
		if (e->n)
			memcpy(all + t->n, e->v, e->n * sizeof *all);
		e->v = all + t->n;
		for (size_t k = 0; k < e->n; k++) {
			all[t->n + k].of = e;
			map_put(&t->by_id, all[t->n + k].id, &all[t->n + k]);
		}
		t->n += e->n;
		map_put(&t->by_edition, e->id, e);
	}
	t->all = all;
}

static err read_sectors(struct reader *r)
{
	struct rows rows;
	TRY(catalog_current(r->c, r->a, S("sector"), CRITERION_NO_DAY, S("sectors"), &rows, r->f));
	return sector_table_read(r->a, &rows, &r->sectors, r->f);
}

err criteria_read(struct arena *a, const struct catalog *c, struct criteria **ret, struct fail *f)
{
	struct criteria *t = NEW(a, struct criteria);
	struct reader r = { .a = a, .c = c, .t = t, .f = f };
	TRY(read_sectors(&r));
	for (size_t i = 0; i < catalog_count(c); i++) {
		struct catalog_file file = catalog_at(c, i);
		struct criteria_edition e = { 0 };
		if (!is_edition(file.path, &e.branch, &e.edition))
			continue;
		e.branch = arena_str(a, e.branch);
		e.edition = arena_str(a, e.edition);
		e.id = arena_printf(a, STR_FMT "-" STR_FMT, STR_ARG(e.branch), STR_ARG(e.edition));
		read_meta(&r, file.bytes, &e);
		TRY(read_items(&r, str_sub(file.path, 0, file.path.n - 4), &e));
		vec_push(a, &t->editions, e);
	}
	join(a, t);
	*ret = t;
	return ERR_OK;
}

/* ---- looking up ---- */

const struct criterion *criterion_find(const struct criteria *t, str id)
{
	return map_get(&t->by_id, id);
}

const struct criteria_edition *criteria_edition_find(const struct criteria *t, str id)
{
	return map_get(&t->by_edition, id);
}

size_t criteria_all(const struct criteria *t, const struct criterion **ret)
{
	*ret = t->all;
	return t->n;
}

size_t criteria_editions(const struct criteria *t, const struct criteria_edition **ret)
{
	*ret = t->editions.v;
	return t->editions.n;
}

bool criterion_in_force(const struct criterion *k, int64_t day)
{
	return k->from_day != DB_NONE && day >= k->from_day && (k->to_day == DB_NONE || day <= k->to_day);
}

bool criterion_citable(const struct criterion *k)
{
	return !str_eq(k->kind, S("unknown"));
}

/* ---- grading ---- */

static const char *day_text(int64_t day, char out[static 11])
{
	if (day == DB_NONE)
		return "…";
	date_format(day, out);
	return out;
}

static err not_in_force(const struct criterion *k, int64_t day, const char *id, struct fail *f)
{
	char on[11], from[11], to[11];
	date_format(day, on);
	return FAIL(f, BAD_FIELD, "/criterion", "err.criterion.not_in_force", "id", id, "day", on, "from",
		    day_text(k->from_day, from), "to", day_text(k->to_day, to));
}

err criteria_grade_check(const struct criteria *t, str id, int64_t day, int64_t sectors, struct fail *f)
{
	char text[80];
	size_t n = id.n < sizeof text - 1 ? id.n : sizeof text - 1;
	const struct criterion *k = id.n ? criterion_find(t, id) : NULL;
	if (n)
		memcpy(text, id.p, n);
	text[n] = '\0';
	if (!k)
		return FAIL(f, BAD_FIELD, "/criterion", "err.criterion.none", "id", (const char *)text);
	if (!criterion_citable(k))
		return FAIL(f, BAD_FIELD, "/criterion", "err.criterion.unknown_text", "id",
			    (const char *)text);
	if (!criterion_in_force(k, day))
		return not_in_force(k, day, text, f);
	if (!(k->sectors & sectors))
		return FAIL(f, BAD_FIELD, "/criterion", "err.criterion.sector", "id", (const char *)text);
	return ERR_OK;
}
