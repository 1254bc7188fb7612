#include "core/catalog_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "core/template.h"

struct edition {
	str dir, family;   /* "workflow/task/2026", "workflow/task" */
	int64_t from, until;
	const struct rows *schema;
};

struct check {
	struct arena *a;
	const struct catalog_file *files;
	size_t n;
	struct map by_path;  /* catalog_file */
	struct map tables;   /* path → rows */
	struct map values;   /* "path column" → map of its values */
	VEC(struct edition) editions;
	void (*fault)(void *arg, const char *line);
	void *arg;
	size_t faults;
};

/* Where a value stands, for the line that says what is wrong with it. */
struct place {
	str path;
	int line;
	str column;
};

static void PRINTF_LIKE(4, 5) say(struct check *k, str path, int line, const char *fmt, ...)
{
	struct buf b = BUF(k->a);
	char why[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	buf_put(&b, path);
	if (line)
		buf_printf(&b, ":%d", line);
	buf_printf(&b, ": %s", why);
	k->faults++;
	k->fault(k->arg, buf_cstr(&b));
}

static const struct catalog_file *file_at(const struct check *k, str path)
{
	return map_get(&k->by_path, path);
}

static str join(const struct check *k, str dir, const char *between, str name, const char *end)
{
	return arena_printf(k->a, STR_FMT "%s" STR_FMT "%s", STR_ARG(dir), between, STR_ARG(name), end);
}

static str upto_last(str path, char sep, str *ret_rest)
{
	for (size_t i = path.n; i > 0; i--) {
		if (path.p[i - 1] == sep) {
			*ret_rest = str_sub(path, i, path.n);
			return str_sub(path, 0, i - 1);
		}
	}
	*ret_rest = path;
	return S("");
}

/* Parsed once; a table that cannot be parsed is reported once and then empty. */
static const struct rows *table_at(struct check *k, str path)
{
	struct rows *r = map_get(&k->tables, path);
	if (r)
		return r;
	const struct catalog_file *file = file_at(k, path);
	if (!file)
		return NULL;
	struct fail f = { 0 };
	r = NEW(k->a, struct rows);
	if (rows_read(k->a, path, file->bytes, r, &f) != ERR_OK) {
		int64_t line = 0;
		(void)!str_to_i64(str_of(f.args[1].text), &line);
		say(k, path, (int)line, "another number of cells than there are columns");
	}
	map_put(&k->tables, path, r);
	return r;
}

/* ---- values ---- */

static const struct map *values_of(struct check *k, str path, str column)
{
	str key = join(k, path, " ", column, "");
	struct map *m = map_get(&k->values, key);
	if (m)
		return m;
	const struct rows *r = table_at(k, path);
	size_t c = r ? rows_column(r, column) : SIZE_MAX;
	if (c == SIZE_MAX)
		return NULL;
	m = NEW(k->a, struct map);
	*m = MAP(k->a);
	for (size_t i = 0; i < r->n; i++)
		map_put(m, rows_cell(r, i, c), m);
	map_put(&k->values, key, m);
	return m;
}

/* target: TABLE/COLUMN or FAMILY/TABLE/COLUMN */
static bool refers(struct check *k, str dir, str target, str value)
{
	str column, table;
	str rest = upto_last(target, '/', &column);
	str family = upto_last(rest, '/', &table);
	if (!family.n) {
		const struct map *m = values_of(k, join(k, dir, "/", table, ".tsv"), column);
		return m && map_get(m, value);
	}
	str head = join(k, family, "/", S(""), ""), tail = join(k, S("/"), "", table, ".tsv");
	for (size_t i = 0; i < k->n; i++) {
		str p = k->files[i].path;
		const struct map *m = str_starts(p, head) && str_ends(p, tail) ? values_of(k, p, column) : NULL;
		if (m && map_get(m, value))
			return true;
	}
	return false;
}

static bool in_list(str options, str value)
{
	str o;
	while (str_cut(&options, '|', &o))
		if (str_eq(o, value))
			return true;
	return false;
}

/* "", or LO..HI */
static bool in_range(str range, double v)
{
	double lo, hi;
	ptrdiff_t dots = str_find(range, S(".."));
	if (dots < 0)
		return true;
	return str_to_f64(str_sub(range, 0, (size_t)dots), &lo) &&
	       str_to_f64(str_sub(range, (size_t)dots + 2, range.n), &hi) && v >= lo && v <= hi;
}

static void check_refs(struct check *k, const struct place *at, str dir, str target, bool list, str value)
{
	str word;
	while (value.n && str_cut(&value, list ? ' ' : '\t', &word))
		if (!refers(k, dir, target, word))
			say(k, at->path, at->line, STR_FMT " '" STR_FMT "' is not in " STR_FMT, STR_ARG(at->column),
			    STR_ARG(word), STR_ARG(target));
}

/* Fields of a text: values of TABLE/COLUMN. */
struct field_list {
	struct check *k;
	str dir, target;
};

static bool field_known(void *arg, str name)
{
	const struct field_list *l = arg;
	return refers(l->k, l->dir, l->target, name);
}

static void check_template(struct check *k, const struct place *at, str dir, str target, str value)
{
	struct field_list l = { k, dir, target };
	const char *why = template_fault(k->a, value, field_known, &l);
	if (why)
		say(k, at->path, at->line, STR_FMT ": %s", STR_ARG(at->column), why);
}

static void check_value(struct check *k, const struct place *at, str dir, str type, str value)
{
	str kind = S(""), more = type;
	(void)!str_cut(&more, ':', &kind);
	int64_t i;
	double d;
	const char *want = NULL;
	if (str_eq(kind, S("int")))
		want = str_to_i64(value, &i) && in_range(more, (double)i) ? NULL : "a whole number";
	else if (str_eq(kind, S("real")))
		want = str_to_f64(value, &d) && in_range(more, d) ? NULL : "a number";
	else if (str_eq(kind, S("date")))
		want = date_parse(value, &i) ? NULL : "a date YYYY-MM-DD";
	else if (str_eq(kind, S("bool")))
		want = str_eq(value, S("0")) || str_eq(value, S("1")) ? NULL : "0 or 1";
	else if (str_eq(kind, S("enum")))
		want = in_list(more, value) ? NULL : "one of";
	else if (str_eq(kind, S("sector")))
		check_refs(k, at, dir, S("sector/sectors/id"), false, value);
	else if (str_eq(kind, S("ref")) || str_eq(kind, S("refs")))
		check_refs(k, at, dir, more, kind.n == 4, value);
	else if (str_eq(kind, S("template")))
		check_template(k, at, dir, more, value);
	if (want)
		say(k, at->path, at->line, STR_FMT " '" STR_FMT "' is not %s%s" STR_FMT, STR_ARG(at->column),
		    STR_ARG(value), want, more.n ? " " : "", STR_ARG(more));
}

/* ---- tables ---- */

struct column {
	str name, type, unique;
	bool required;
};
typedef VEC(struct column) columns;

/* The schema's rows of one table; false when it has none. */
static bool columns_of(struct check *k, const struct rows *schema, str table, columns *ret, bool *ret_open)
{
	bool any = false;
	*ret_open = false;
	for (size_t i = 0; i < schema->n; i++) {
		if (!str_eq(rows_get(schema, i, S("table")), table))
			continue;
		any = true;
		struct column c = { rows_get(schema, i, S("column")), rows_get(schema, i, S("type")),
				    rows_get(schema, i, S("unique")),
				    str_eq(rows_get(schema, i, S("required")), S("yes")) };
		if (!str_eq(c.name, S("*")))
			vec_push(k->a, ret, c);
		else if (str_eq(c.type, S("open")))
			*ret_open = true;
	}
	return any;
}

static void check_header(struct check *k, str path, const struct rows *r, const columns *want, bool open)
{
	for (size_t i = 0; i < r->ncolumns; i++) {
		bool known = open;
		for (size_t c = 0; c < want->n; c++)
			known |= str_eq(want->v[c].name, r->columns[i]);
		if (!known)
			say(k, path, 1, "unknown column '" STR_FMT "'", STR_ARG(r->columns[i]));
		if (rows_column(r, r->columns[i]) != i)
			say(k, path, 1, "column '" STR_FMT "' stands twice", STR_ARG(r->columns[i]));
	}
	for (size_t c = 0; c < want->n; c++)
		if (want->v[c].required && rows_column(r, want->v[c].name) == SIZE_MAX)
			say(k, path, 1, "column '" STR_FMT "' is missing", STR_ARG(want->v[c].name));
}

static void check_cells(struct check *k, str dir, str path, const struct rows *r, const struct column *c)
{
	size_t at = rows_column(r, c->name);
	for (size_t i = 0; i < r->n && at != SIZE_MAX; i++) {
		str value = rows_cell(r, i, at);
		struct place place = { path, r->lines[i], c->name };
		if (value.n)
			check_value(k, &place, dir, c->type, value);
		else if (c->required)
			say(k, path, r->lines[i], STR_FMT " is missing", STR_ARG(c->name));
	}
}

/* Columns with the same word are one key. */
static void check_unique(struct check *k, str path, const struct rows *r, const columns *want, size_t first)
{
	str word = want->v[first].unique;
	struct map seen = MAP(k->a);
	for (size_t i = 0; i < r->n; i++) {
		struct buf key = BUF(k->a);
		for (size_t c = first; c < want->n; c++) {
			if (c == first || (str_eq(want->v[c].unique, word) && !str_eq(word, S("yes")))) {
				buf_put(&key, rows_get(r, i, want->v[c].name));
				buf_byte(&key, ' ');
			}
		}
		str text = str_trim(buf_str(&key));
		int *line = map_get(&seen, text);
		if (line)
			say(k, path, r->lines[i], "'" STR_FMT "' stands in line %d already", STR_ARG(text), *line);
		else
			map_put(&seen, text, &r->lines[i]);
	}
}

static void check_uniques(struct check *k, str path, const struct rows *r, const columns *want)
{
	for (size_t c = 0; c < want->n; c++) {
		str word = want->v[c].unique;
		bool first = word.n > 0 && rows_column(r, want->v[c].name) != SIZE_MAX;
		for (size_t b = 0; b < c && !str_eq(word, S("yes")); b++)
			first &= !str_eq(want->v[b].unique, word);
		if (first)
			check_unique(k, path, r, want, c);
	}
}

/* The other language of a column: en or the bare name beside zh; NULL: it has none. */
static const struct column *other_language(struct check *k, const columns *want, const struct column *c)
{
	str base = c->name;
	if (!str_ends(base, S("_zh")))
		return NULL;
	base.n -= 3;
	str en = join(k, base, "", S("_en"), "");
	for (size_t i = 0; i < want->n; i++)
		if (str_eq(want->v[i].name, en) || str_eq(want->v[i].name, base))
			return &want->v[i];
	return NULL;
}

/* What people read stands in both languages or in neither. */
static void check_pairs(struct check *k, str path, const struct rows *r, const columns *want)
{
	for (size_t c = 0; c < want->n; c++) {
		const struct column *en = other_language(k, want, &want->v[c]);
		for (size_t i = 0; en && i < r->n; i++)
			if (!rows_get(r, i, want->v[c].name).n != !rows_get(r, i, en->name).n)
				say(k, path, r->lines[i], STR_FMT " and " STR_FMT ": both or neither",
				    STR_ARG(want->v[c].name), STR_ARG(en->name));
	}
}

static void check_table(struct check *k, const struct edition *e, str path, str table)
{
	columns want = { 0 };
	bool open;
	if (!columns_of(k, e->schema, table, &want, &open)) {
		say(k, path, 0, "the schema of " STR_FMT " knows no such table", STR_ARG(e->family));
		return;
	}
	const struct rows *r = table_at(k, path);
	if (!r->columns)
		return;
	check_header(k, path, r, &want, open);
	for (size_t c = 0; c < want.n; c++)
		check_cells(k, e->dir, path, r, &want.v[c]);
	check_pairs(k, path, r, &want);
	check_uniques(k, path, r, &want);
}

/* ---- editions ---- */

static const struct column meta_keys[] = {
	{ S("title_zh"), S("text"), S(""), true },
	{ S("title_en"), S("text"), S(""), true },
	{ S("source"), S("text"), S(""), true },
	{ S("edition"), S("text"), S(""), true },
	{ S("issued"), S("date"), S(""), false },
	{ S("in_force"), S("date"), S(""), true },
	{ S("until"), S("date"), S(""), false },
	{ S("status"), S("enum:in_force|superseded|draft|house"), S(""), true },
	/* how sure it is; mixed: the rows say it themselves */
	{ S("certainty"), S("enum:verified|secondary|computed|high|medium|engineering|unverified|mixed"), S(""), true },
	{ S("note"), S("text"), S(""), false },
};

static const struct column *meta_key(const columns *more, str key)
{
	for (size_t i = 0; i < COUNT_OF(meta_keys); i++)
		if (str_eq(meta_keys[i].name, key))
			return &meta_keys[i];
	for (size_t i = 0; i < more->n; i++)
		if (str_eq(more->v[i].name, key))
			return &more->v[i];
	return NULL;
}

static void check_meta_lines(struct check *k, const struct edition *e, str path, str text, const columns *more)
{
	str line, key;
	for (int at = 1; str_cut(&text, '\n', &line); at++) {
		if (!line.n || line.p[0] == '#')
			continue;
		str value = line;
		if (!str_cut(&value, ':', &key) || str_is_null(value)) {
			say(k, path, at, "is not 'key: value'");
			continue;
		}
		const struct column *c = meta_key(more, key);
		value = str_trim(value);
		struct place place = { path, at, key };
		if (!c)
			say(k, path, at, "unknown key '" STR_FMT "'", STR_ARG(key));
		else if (value.n)
			check_value(k, &place, e->dir, c->type, value);
	}
}

static void check_meta(struct check *k, struct edition *e, str path, str text)
{
	columns more = { 0 };
	bool open;
	columns_of(k, e->schema, S("META"), &more, &open);
	check_meta_lines(k, e, path, text, &more);
	for (size_t i = 0; i < COUNT_OF(meta_keys) + more.n; i++) {
		const struct column *c = i < COUNT_OF(meta_keys) ? &meta_keys[i] : &more.v[i - COUNT_OF(meta_keys)];
		if (c->required && !meta_get(text, c->name).n)
			say(k, path, 0, STR_FMT " is missing", STR_ARG(c->name));
	}
	for (size_t i = 0; i < more.n; i++) {
		str zh = more.v[i].name, base = { zh.p, str_ends(zh, S("_zh")) ? zh.n - 3 : 0 };
		if (base.n && meta_key(&more, base) && !meta_get(text, zh).n != !meta_get(text, base).n)
			say(k, path, 0, STR_FMT " and " STR_FMT ": both or neither", STR_ARG(zh), STR_ARG(base));
	}
	str name, edition = meta_get(text, S("edition"));
	upto_last(e->dir, '/', &name);
	if (edition.n && !str_eq(edition, name))
		say(k, path, 0, "edition '" STR_FMT "' is not the name of its folder", STR_ARG(edition));
	e->from = e->until = INT64_MAX;
	(void)!date_parse(meta_get(text, S("in_force")), &e->from);
	(void)!date_parse(meta_get(text, S("until")), &e->until);
	if (e->until < e->from && e->from != INT64_MAX)
		say(k, path, 0, "ends before it begins");
}

static bool family_says(const struct rows *schema, str word)
{
	for (size_t i = 0; i < schema->n; i++)
		if (str_eq(rows_get(schema, i, S("table")), S("FAMILY")) &&
		    str_eq(rows_get(schema, i, S("column")), word) &&
		    str_eq(rows_get(schema, i, S("type")), S("yes")))
			return true;
	return false;
}

static bool is_special(str table)
{
	return str_eq(table, S("FAMILY")) || str_eq(table, S("META"));
}

static bool table_optional(const struct rows *schema, str table)
{
	for (size_t i = 0; i < schema->n; i++)
		if (str_eq(rows_get(schema, i, S("table")), table) &&
		    str_eq(rows_get(schema, i, S("column")), S("*")) &&
		    str_eq(rows_get(schema, i, S("type")), S("optional")))
			return true;
	return false;
}

static void check_complete(struct check *k, const struct edition *e)
{
	str before = S("");
	for (size_t i = 0; i < e->schema->n; i++) {
		str table = rows_get(e->schema, i, S("table"));
		if (is_special(table) || str_eq(table, before) || table_optional(e->schema, table))
			continue;
		if (!file_at(k, join(k, e->dir, "/", table, ".tsv")))
			say(k, e->dir, 0, "table " STR_FMT ".tsv is missing", STR_ARG(table));
		before = table;
	}
}

static void check_edition(struct check *k, const struct catalog_file *meta)
{
	struct edition e = { 0 };
	str name, word, rest;
	e.dir = upto_last(meta->path, '/', &name);
	e.family = upto_last(e.dir, '/', &name);
	rest = e.family;
	if (!str_cut(&rest, '/', &word) || !word.n) {
		say(k, meta->path, 0, "must stand in <family>/<edition>/");
		return;
	}
	e.schema = table_at(k, join(k, S("SCHEMA/"), "", word, ".tsv"));
	if (!e.schema) {
		say(k, meta->path, 0, "SCHEMA/" STR_FMT ".tsv is missing", STR_ARG(word));
		return;
	}
	check_meta(k, &e, meta->path, meta->bytes);
	for (size_t i = 0; i < k->n; i++) {
		str path = k->files[i].path, file;
		if (!str_eq(upto_last(path, '/', &file), e.dir) || str_eq(file, S("META")))
			continue;
		if (str_ends(file, S(".tsv")))
			check_table(k, &e, path, str_sub(file, 0, file.n - 4));
		else
			say(k, path, 0, "only META and tables (.tsv) stand in an edition");
	}
	check_complete(k, &e);
	vec_push(k->a, &k->editions, e);
}

static void check_overlaps(struct check *k)
{
	for (size_t i = 0; i < k->editions.n; i++) {
		for (size_t j = i + 1; j < k->editions.n; j++) {
			const struct edition *a = &k->editions.v[i], *b = &k->editions.v[j];
			if (!str_eq(a->family, b->family) || !family_says(a->schema, S("exclusive")))
				continue;
			if (a->from <= b->until && b->from <= a->until)
				say(k, b->dir, 0, "is in force at the same time as " STR_FMT, STR_ARG(a->dir));
		}
	}
}

/* ---- schemas ---- */

static bool type_known(str type)
{
	static const char *const kinds[] = { "text", "int", "real", "date", "bool", "enum",
					     "ref", "refs", "sector", "template", "open", "optional", "yes" };
	str kind = S("");
	(void)!str_cut(&type, ':', &kind);
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_eq(kind, str_of(kinds[i])))
			return true;
	return false;
}

static bool has_required(const struct rows *r, str table, str column)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(rows_get(r, i, S("table")), table) && str_eq(rows_get(r, i, S("column")), column))
			return str_eq(rows_get(r, i, S("required")), S("yes"));
	return false;
}

static void check_schema(struct check *k, str path)
{
	static const char *const heads[] = { "table", "column", "type", "required", "unique" };
	const struct rows *r = table_at(k, path);
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		if (r->columns && rows_column(r, str_of(heads[i])) == SIZE_MAX) {
			say(k, path, 1, "column '%s' is missing", heads[i]);
			return;
		}
	}
	bool law = family_says(r, S("law"));
	for (size_t i = 0; i < r->n; i++) {
		str type = rows_get(r, i, S("type")), required = rows_get(r, i, S("required"));
		str table = rows_get(r, i, S("table"));
		if (!type_known(type))
			say(k, path, r->lines[i], "unknown type '" STR_FMT "'", STR_ARG(type));
		if (required.n && !in_list(S("yes|no"), required))
			say(k, path, r->lines[i], "required '" STR_FMT "' is not yes or no", STR_ARG(required));
		bool first = law && !is_special(table) && (i == 0 || !str_eq(rows_get(r, i - 1, S("table")), table));
		if (first && (!has_required(r, table, S("source")) || !has_required(r, table, S("clause"))))
			say(k, path, r->lines[i], "table " STR_FMT " states law: it needs columns source and clause",
			    STR_ARG(table));
	}
}

static void check_file(struct check *k, const struct catalog_file *file)
{
	str name, dir = upto_last(file->path, '/', &name);
	if (!utf8_valid(file->bytes))
		say(k, file->path, 0, "is not UTF-8");
	else if (str_eq(dir, S("SCHEMA")))
		check_schema(k, file->path);
	else if (str_eq(name, S("META")))
		check_edition(k, file);
	else if (!file_at(k, join(k, dir, "/", S("META"), "")))
		say(k, file->path, 0, "no META stands beside it");
}

size_t catalog_check(struct arena *a, const struct catalog_file *files, size_t n,
		     void (*fault)(void *arg, const char *line), void *arg)
{
	struct check k = { .a = a, .files = files, .n = n, .fault = fault, .arg = arg };
	k.by_path = k.tables = k.values = MAP(a);
	for (size_t i = 0; i < n; i++)
		map_put(&k.by_path, files[i].path, (void *)(uintptr_t)&files[i]);
	for (size_t i = 0; i < n; i++)
		check_file(&k, &files[i]);
	check_overlaps(&k);
	return k.faults;
}
