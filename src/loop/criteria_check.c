#include "loop/criteria_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"
#include "loop/clause.h"
#include "loop/show_if.h"

/* A row of criteria, wherever it stands. */
struct crow {
	str path, branch, edition, group, kind;
	int line;
};
/* A row of a checklist. */
struct qrow {
	str path, id;
	int line;
	bool number;
	const struct show_if *cond;
	int colour; /* of the walk: 0 new, 1 on the way, 2 done */
	size_t at;
};

struct check {
	struct arena *a;
	const struct catalog_file *files;
	size_t n;
	struct map criteria;  /* id → crow */
	struct map branches;  /* branch → itself; "branch group" too; "branch-edition" too */
	struct map questions; /* "folder id" → qrow */
	VEC(struct qrow *) list;
	void (*fault)(void *arg, const char *line);
	void *arg;
	size_t faults;
};

static void PRINTF_LIKE(4, 5) say(struct check *k, str path, int line, const char *fmt, ...)
{
	char why[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	str text = line ? arena_printf(k->a, STR_FMT ":%d: %s", STR_ARG(path), line, why)
			: arena_printf(k->a, STR_FMT ": %s", STR_ARG(path), why);
	k->faults++;
	k->fault(k->arg, text.p);
}

/* A path cut into folders: "hazard/gas/2023/items.tsv". */
struct where {
	str family, name, edition, file, dir;
};

static bool cut_path(str path, struct where *ret)
{
	struct where w;
	str rest = path;
	if (!str_cut(&rest, '/', &w.family) || !str_cut(&rest, '/', &w.name) ||
	    !str_cut(&rest, '/', &w.edition) || !rest.n)
		return false;
	w.file = rest;
	w.dir = str_sub(path, 0, path.n - rest.n - 1);
	*ret = w;
	return true;
}

static const struct catalog_file *file_in(const struct check *k, str dir, const char *name)
{
	str want = arena_printf(k->a, STR_FMT "/%s", STR_ARG(dir), name);
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->files[i].path, want))
			return &k->files[i];
	return NULL;
}

/* An empty table when it cannot be read: catalog_check() says so. */
static struct rows rows_of(const struct check *k, const struct catalog_file *file)
{
	struct rows r = { 0 };
	return file && rows_read(k->a, file->path, file->bytes, &r, NULL) == ERR_OK ? r : (struct rows){ 0 };
}

/* ---- criteria ---- */

static bool id_ok(str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '0' && id.p[i] <= '9') ||
		      id.p[i] == '-'))
			return false;
	return id.n > 0 && id.n <= 60;
}

static void check_days(struct check *k, str path, const struct rows *r, size_t i, str meta)
{
	static const char *const columns[] = { "from", "to" };
	int64_t from = INT64_MIN, until = INT64_MAX, day;
	(void)!date_parse(meta_get(meta, S("in_force")), &from);
	(void)!date_parse(meta_get(meta, S("until")), &until);
	for (size_t c = 0; c < COUNT_OF(columns); c++)
		if (date_parse(rows_get(r, i, str_of(columns[c])), &day) && (day < from || day > until))
			say(k, path, r->lines[i], "%s lies outside the edition's days", columns[c]);
}

static void check_criterion(struct check *k, const struct where *w, str path, const struct rows *r, size_t i,
			    str meta)
{
	str id = rows_get(r, i, S("id")), kind = rows_get(r, i, S("kind"));
	str begin = arena_printf(k->a, STR_FMT "-" STR_FMT "-", STR_ARG(w->name), STR_ARG(w->edition));
	if (!id_ok(id) || !str_starts(id, begin) || id.n == begin.n)
		say(k, path, r->lines[i],
		    "id '" STR_FMT "' must begin with '" STR_FMT "' and hold a-z 0-9 - only", STR_ARG(id),
		    STR_ARG(begin));
	struct crow *old = map_get(&k->criteria, id), *row = NEW(k->a, struct crow);
	if (old && !str_eq(old->path, path))
		say(k, path, r->lines[i], "id '" STR_FMT "' stands in " STR_FMT " already", STR_ARG(id),
		    STR_ARG(old->path));
	*row = (struct crow){ path, w->name, w->edition, rows_get(r, i, S("group")), kind, r->lines[i] };
	map_put(&k->criteria, id, row);
	map_put(&k->branches, arena_printf(k->a, STR_FMT " " STR_FMT, STR_ARG(w->name), STR_ARG(row->group)),
		row);
	check_days(k, path, r, i, meta);
}

static void check_count(struct check *k, str path, const struct rows *r, str meta)
{
	struct clause *v = NEW_N(k->a, struct clause, r->n + 1);
	str form = meta_get(meta, S("form"));
	int64_t total;
	size_t n = 0;
	for (size_t i = 0; i < r->n; i++) {
		if (!clause_parse(rows_get(r, i, S("clause")), form, &v[n]))
			say(k, path, r->lines[i], "clause '" STR_FMT "' is not like 4(1), 5(4.1) or 20",
			    STR_ARG(rows_get(r, i, S("clause"))));
		else if (!str_eq(rows_get(r, i, S("kind")), S("unknown")))
			n++;
	}
	if (str_to_i64(meta_get(meta, S("items")), &total) && clauses_count(v, n) > total)
		say(k, path, 0, "holds %lld items, more than the standard's %lld",
		    (long long)clauses_count(v, n), (long long)total);
}

static void check_hazard(struct check *k, const struct catalog_file *file, const struct where *w)
{
	const struct catalog_file *items = file_in(k, w->dir, "items.tsv");
	struct rows r = rows_of(k, items);
	map_put(&k->branches, w->name, k);
	map_put(&k->branches, arena_printf(k->a, STR_FMT "-" STR_FMT, STR_ARG(w->name), STR_ARG(w->edition)),
		k);
	for (size_t i = 0; i < r.n; i++)
		check_criterion(k, w, items->path, &r, i, file->bytes);
	if (r.n)
		check_count(k, items->path, &r, file->bytes);
}

/* What rows say of rows of other editions, once all are known. */
static void check_replaces(struct check *k, const struct catalog_file *file, const struct where *w)
{
	str meta = meta_get(file->bytes, S("replaces"));
	if (meta.n && !map_get(&k->branches, meta))
		say(k, file->path, 0, "replaces '" STR_FMT "', which is no edition", STR_ARG(meta));
	const struct catalog_file *items = file_in(k, w->dir, "items.tsv");
	struct rows r = rows_of(k, items);
	for (size_t i = 0; i < r.n; i++) {
		str rest = rows_get(&r, i, S("replaces")), id;
		while (rest.n && str_cut(&rest, ' ', &id)) {
			const struct crow *row = map_get(&k->criteria, id);
			if (!row || str_eq(row->path, items->path))
				say(k, items->path, r.lines[i],
				    "replaces '" STR_FMT "', which is no row of another edition",
				    STR_ARG(id));
		}
	}
}

/* ---- checklists ---- */

static void take_cond(struct check *k, str path, int line, str text, const struct show_if **ret)
{
	str bad;
	if (text.n && !show_if_parse(k->a, text, ret, &bad))
		say(k, path, line, "show_if is not understood at '" STR_FMT "'", STR_ARG(bad));
}

static void check_cites(struct check *k, str path, const struct rows *r, size_t i)
{
	str id = rows_get(r, i, S("criterion"));
	const struct crow *row = id.n ? map_get(&k->criteria, id) : NULL;
	if (id.n && !row)
		say(k, path, r->lines[i], "criterion '" STR_FMT "' is not in the catalog", STR_ARG(id));
	else if (row && str_eq(row->kind, S("unknown")))
		say(k, path, r->lines[i], "criterion '" STR_FMT "' only says that its text is not known",
		    STR_ARG(id));
}

static void check_finding(struct check *k, str path, const struct rows *r, size_t i)
{
	bool number = str_eq(rows_get(r, i, S("answer")), S("number"));
	str finding = rows_get(r, i, S("finding"));
	bool bounded = rows_get(r, i, S("lo")).n || rows_get(r, i, S("hi")).n;
	if (number != str_eq(finding, S("outside")) && !str_eq(finding, S("none")))
		say(k, path, r->lines[i], "finding '" STR_FMT "' does not fit the answer", STR_ARG(finding));
	if (bounded != str_eq(finding, S("outside")))
		say(k, path, r->lines[i], "lo or hi stand exactly with finding 'outside'");
}

static void read_questions(struct check *k, const struct where *w)
{
	const struct catalog_file *items = file_in(k, w->dir, "items.tsv");
	struct rows r = rows_of(k, items);
	for (size_t i = 0; i < r.n; i++) {
		struct qrow *q = NEW(k->a, struct qrow);
		*q = (struct qrow){ items->path,
				    rows_get(&r, i, S("id")),
				    r.lines[i],
				    str_eq(rows_get(&r, i, S("answer")), S("number")),
				    NULL,
				    0,
				    i };
		take_cond(k, q->path, q->line, rows_get(&r, i, S("show_if")), &q->cond);
		check_cites(k, q->path, &r, i);
		check_finding(k, q->path, &r, i);
			if (map_get(&k->questions, q->id))
			say(k, q->path, q->line, "id '" STR_FMT "' stands in another checklist already",
			    STR_ARG(q->id));
		map_put(&k->questions, q->id, q);
		vec_push(k->a, &k->list, q);
	}
}

static void check_types(struct check *k, const struct where *w)
{
	const struct catalog_file *types = file_in(k, w->dir, "types.tsv");
	struct rows r = rows_of(k, types);
	for (size_t i = 0; i < r.n; i++) {
		str branch = rows_get(&r, i, S("branch")), rest = rows_get(&r, i, S("group")), group;
		struct qrow *q = NEW(k->a, struct qrow);
		*q = (struct qrow){ .path = types->path, .line = r.lines[i], .at = SIZE_MAX };
		if (!map_get(&k->branches, branch))
			say(k, types->path, r.lines[i], "branch '" STR_FMT "' has no criteria",
			    STR_ARG(branch));
		while (rest.n && str_cut(&rest, ' ', &group))
			if (!map_get(&k->branches, arena_printf(k->a, STR_FMT " " STR_FMT, STR_ARG(branch),
								STR_ARG(group))))
				say(k, types->path, r.lines[i],
				    "group '" STR_FMT "' has no criteria in " STR_FMT, STR_ARG(group),
				    STR_ARG(branch));
		take_cond(k, q->path, q->line, rows_get(&r, i, S("show_if")), &q->cond);
		vec_push(k->a, &k->list, q);
	}
}

/* ---- what is shown depends on what stands above, and never on itself ---- */

struct walk {
	struct check *k;
	struct qrow *from;
};

static void visit(struct check *k, struct qrow *q);

static void visit_item(void *arg, str item, bool number)
{
	const struct walk *w = arg;
	struct qrow *to = map_get(&w->k->questions, item);
	if (!to) {
		say(w->k, w->from->path, w->from->line, "show_if names '" STR_FMT "', which is no item",
		    STR_ARG(item));
		return;
	}
	if (to->number != number)
		say(w->k, w->from->path, w->from->line,
		    "show_if compares '" STR_FMT "' with a value of the wrong kind", STR_ARG(item));
	if (to->colour == 1)
		say(w->k, w->from->path, w->from->line, "show_if goes round in a circle at '" STR_FMT "'",
		    STR_ARG(item));
	else if (w->from->at != SIZE_MAX && str_eq(to->path, w->from->path) && to->at >= w->from->at)
		say(w->k, w->from->path, w->from->line, "show_if asks for '" STR_FMT "', which comes later",
		    STR_ARG(item));
	visit(w->k, to);
}

static void visit(struct check *k, struct qrow *q)
{
	struct walk w = { k, q };
	if (q->colour)
		return;
	q->colour = 1;
	if (q->cond)
		show_if_each(q->cond, visit_item, &w);
	q->colour = 2;
}

/* ---- risk ---- */

static void check_levels(struct check *k, const struct where *w)
{
	const struct catalog_file *file = file_in(k, w->dir, "levels.tsv");
	struct rows r = rows_of(k, file);
	double before = 0, from;
	for (size_t i = 0; i < r.n; i++) {
		str text = rows_get(&r, i, S("from"));
		if (!!text.n != !!rows_get(&r, i, S("at_from")).n)
			say(k, file->path, r.lines[i], "from and at_from: both or neither");
		if (!str_to_f64(text, &from))
			continue;
		if (i && before <= from)
			say(k, file->path, r.lines[i], "levels must stand from the highest to the lowest");
		before = from;
	}
}

static void check_cells(struct check *k, const struct where *w, const char *name)
{
	const struct catalog_file *file = file_in(k, w->dir, name);
	struct rows r = rows_of(k, file);
	if (file && r.n != 25)
		say(k, file->path, 0, "holds %zu cells of 25", r.n);
}

/* ---- all ---- */

static void each_meta(struct check *k, const char *family,
		      void (*fn)(struct check *k, const struct catalog_file *file, const struct where *w))
{
	struct where w;
	for (size_t i = 0; i < k->n; i++)
		if (cut_path(k->files[i].path, &w) && str_eq(w.family, str_of(family)) &&
		    str_eq(w.file, S("META")))
			fn(k, &k->files[i], &w);
}

static void one_list(struct check *k, const struct catalog_file *file, const struct where *w)
{
	(void)file;
	read_questions(k, w);
	check_types(k, w);
}

static void one_risk(struct check *k, const struct catalog_file *file, const struct where *w)
{
	(void)file;
	check_levels(k, w);
	check_cells(k, w, "cells.tsv");
}

size_t criteria_check(struct arena *a, const struct catalog_file *files, size_t n,
		      void (*fault)(void *arg, const char *line), void *arg)
{
	struct check k = { .a = a, .files = files, .n = n, .fault = fault, .arg = arg };
	k.criteria = k.branches = k.questions = MAP(a);
	each_meta(&k, "hazard", check_hazard);
	each_meta(&k, "hazard", check_replaces);
	each_meta(&k, "checklist", one_list);
	for (size_t i = 0; i < k.list.n; i++)
		visit(&k, k.list.v[i]);
	each_meta(&k, "risk", one_risk);
	return k.faults;
}
