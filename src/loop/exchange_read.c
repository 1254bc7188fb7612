/* Exchange tables from a file: JSON, a workbook with a sheet a table, or CSV of one table. */
#include <stdarg.h>

#include "base/json_tree.h"
#include "base/vec.h"
#include "core/app.h"
#include "core/i18n.h"
#include "format/table.h"
#include "loop/exchange_check.h"

struct reading {
	struct ctx *cx;
	const struct exchange_spec *s;
	VEC(struct exchange_row) rows;
	struct exchange_in *in;
};

/* ---- errors ---- */

void exchange_wrong(struct ctx *cx, struct exchange_in *in, const struct exchange_error *at, const char *key, ...)
{
	va_list ap;
	if (in->nerrors == EXCHANGE_ERRORS)
		return;
	if (!in->errors)
		in->errors = NEW_N(cx->a, struct exchange_error, EXCHANGE_ERRORS);
	struct exchange_error *e = &in->errors[in->nerrors++];
	*e = *at;
	va_start(ap, key);
	e->message = i18n_vsay(cx->a, cx->lang, key, ap);
	va_end(ap);
}

/* ---- rows ---- */

static err keep_row(struct reading *r, struct exchange_row *row)
{
	if (r->rows.n == EXCHANGE_ROWS)
		return FAIL(&r->cx->fail, BAD_INPUT, "", "err.sheet.rows", "max", "50000");
	vec_push(r->cx->a, &r->rows, *row);
	return ERR_OK;
}

static struct exchange_row new_row(struct reading *r, size_t table, int64_t number)
{
	size_t n = r->s->tables[table].n;
	return (struct exchange_row){ .table = table, .number = number, .values = NEW_N(r->cx->a, str, n + 1),
				      .bytes = NEW_N(r->cx->a, str, n + 1) };
}

/* ---- JSON ---- */

static err read_object(struct reading *r, size_t table, const struct json_node *node, int64_t number, const char *base)
{
	const struct exchange_table *t = &r->s->tables[table];
	struct exchange_row row = new_row(r, table, number);
	row.where = arena_printf(r->cx->a, "%s/%lld", base, (long long)number - 1);
	struct exchange_error at = { t->id, row.where, S(""), S(""), number };
	if (node->kind != NODE_OBJECT) {
		exchange_wrong(r->cx, r->in, &at, "err.exchange.object", NULL);
		return ERR_OK;
	}
	for (size_t i = 0; i < node->n; i++) {
		size_t f = exchange_field_find(t, node->v[i].key);
		at.field = node->v[i].key;
		at.cell = arena_printf(r->cx->a, STR_FMT "/" STR_FMT, STR_ARG(row.where), STR_ARG(at.field));
		if (f == SIZE_MAX)
			exchange_wrong(r->cx, r->in, &at, "err.exchange.field", "name", arena_cstr(r->cx->a, at.field), NULL);
		else if (node->v[i].kind == NODE_LIST || node->v[i].kind == NODE_OBJECT)
			exchange_wrong(r->cx, r->in, &at, "err.exchange.value", NULL);
		else if (node->v[i].kind != NODE_NULL)
			exchange_take_value(r->cx, r->s, r->in, &row, f, node->v[i].text, at.cell);
	}
	exchange_check_row(r->cx, r->s, r->in, &row);
	return keep_row(r, &row);
}

static err read_list(struct reading *r, str name, const struct json_node *list)
{
	const struct exchange_table *t = exchange_table_find(r->s, name);
	const char *base = arena_printf(r->cx->a, "/tables/" STR_FMT, STR_ARG(name)).p;
	if (!t || list->kind != NODE_LIST) {
		struct exchange_error at = { name, str_of(base), S(""), S(""), 0 };
		exchange_wrong(r->cx, r->in, &at, "err.exchange.table", "name", arena_cstr(r->cx->a, name), NULL);
		return ERR_OK;
	}
	for (size_t i = 0; i < list->n; i++)
		TRY(read_object(r, (size_t)(t - r->s->tables), &list->v[i], (int64_t)i + 1, base));
	return ERR_OK;
}

static str member(const struct json_node *o, str name)
{
	const struct json_node *v = o ? json_tree_get(o, name) : NULL;
	return v && v->kind == NODE_TEXT ? str_trim(v->text) : v && v->kind == NODE_NUMBER ? v->text : S("");
}

static err read_json(struct reading *r, str bytes, str table)
{
	struct json_node root;
	TRY(json_tree(r->cx->a, bytes, &root, &r->cx->fail));
	if (root.kind == NODE_LIST)
		return read_list(r, table, &root);
	const struct json_node *tables = json_tree_get(&root, S("tables")), *company = json_tree_get(&root, S("company"));
	r->in->company = (struct exchange_company){ member(company, S("companyCode")), member(company, S("creditCode")),
						    member(company, S("name")) };
	if (!tables || tables->kind != NODE_OBJECT)
		return FAIL(&r->cx->fail, BAD_INPUT, "/tables", "err.exchange.tables");
	for (size_t i = 0; i < tables->n; i++)
		TRY(read_list(r, tables->v[i].key, &tables->v[i]));
	return ERR_OK;
}

/* ---- workbooks and CSV ---- */

enum { HEADER_ROWS = 10 };
struct columns {
	size_t field[EXCHANGE_FIELDS * 2]; /* by column − 1; SIZE_MAX: none */
	size_t n, found;
	uint32_t row;
};

static size_t field_of_title(const struct exchange_table *t, str title, bool zh)
{
	str s = str_trim(title);
	while (s.n && s.p[s.n - 1] == '*')
		s.n--;
	if (!zh)
		return exchange_field_find(t, s);
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->fields[i].zh, s))
			return i;
	return SIZE_MAX;
}

static void match_titles(const struct exchange_table *t, const struct table_row *row, bool zh, struct columns *ret)
{
	struct columns c = { .row = row->number };
	for (size_t i = 0; i < COUNT_OF(c.field); i++)
		c.field[i] = SIZE_MAX;
	for (size_t i = 0; i < row->n; i++) {
		uint32_t col = row->cells[i].col;
		size_t f = col <= COUNT_OF(c.field) ? field_of_title(t, row->cells[i].text, zh) : SIZE_MAX;
		if (f == SIZE_MAX)
			continue;
		c.field[col - 1] = f;
		c.n = col > c.n ? col : c.n;
		c.found++;
	}
	if (c.found > ret->found)
		*ret = c;
}

/* The row of field names, else of Chinese titles, among the first rows. The table is left at its beginning. */
static err find_titles(struct reading *r, struct table *tb, const struct exchange_table *t, struct columns *ret)
{
	struct table_row row;
	struct columns names = { 0 }, words = { 0 };
	for (int i = 0; i < HEADER_ROWS; i++) {
		TRY(table_next(tb, &row, &r->cx->fail));
		if (!row.number)
			break;
		match_titles(t, &row, false, &names);
		match_titles(t, &row, true, &words);
	}
	*ret = names.found >= words.found || names.found >= 3 ? names : words;
	return table_rewind(tb, &r->cx->fail);
}

static err no_titles(struct reading *r, const struct exchange_table *t, str sheet, const struct columns *c)
{
	struct buf b = BUF(r->cx->a);
	for (size_t i = 0; i < t->n; i++) {
		bool there = false;
		for (size_t k = 0; k < c->n; k++)
			there |= c->field[k] == i;
		if (t->fields[i].required && !there && i != t->deleted_at)
			buf_printf(&b, "%s" STR_FMT, b.n ? ", " : "", STR_ARG(t->fields[i].name));
	}
	struct exchange_error at = { t->id, sheet, S(""), S(""), c->row };
	exchange_wrong(r->cx, r->in, &at, "err.exchange.header", "table", arena_cstr(r->cx->a, t->id), "missing", buf_cstr(&b), "row",
		       arena_printf(r->cx->a, "%u", c->row).p, NULL);
	return ERR_OK;
}

static bool has_required(const struct exchange_table *t, const struct columns *c)
{
	for (size_t i = 0; i < t->n; i++) {
		bool there = !t->fields[i].required || i == t->deleted_at;
		for (size_t k = 0; k < c->n; k++)
			there |= c->field[k] == i;
		if (!there)
			return false;
	}
	return true;
}

static err take_sheet_row(struct reading *r, struct table *tb, size_t table, const struct columns *c, const struct table_row *row)
{
	struct exchange_row x = new_row(r, table, row->number);
	bool any = false;
	for (size_t i = 0; i < row->n; i++) {
		const struct cell *cell = &row->cells[i];
		size_t f = cell->col <= c->n ? c->field[cell->col - 1] : SIZE_MAX;
		if (f == SIZE_MAX || !str_trim(cell->text).n || cell->inherited)
			continue;
		any = true;
		exchange_take_value(r->cx, r->s, r->in, &x, f, cell->text, table_address(tb, r->cx->a, row->number, cell->col));
	}
	if (!any)
		return ERR_OK;
	x.where = table_address(tb, r->cx->a, row->number, 1);
	exchange_check_row(r->cx, r->s, r->in, &x);
	return keep_row(r, &x);
}

/* Titles stand in one row or two; what stands under the field names, or under the Chinese titles, is data. */
static err read_sheet(struct reading *r, struct table *tb, size_t table, str sheet)
{
	struct columns c;
	struct table_row row;
	const struct exchange_table *t = &r->s->tables[table];
	TRY(find_titles(r, tb, t, &c));
	if (!has_required(t, &c))
		return no_titles(r, t, sheet, &c);
	for (;;) {
		TRY(table_next(tb, &row, &r->cx->fail));
		if (!row.number)
			return ERR_OK;
		if (row.number > c.row)
			TRY(take_sheet_row(r, tb, table, &c, &row));
	}
}

/* A sheet of pairs: field name, value. */
static err read_company(struct reading *r, struct table *tb)
{
	struct table_row row;
	struct exchange_company *k = &r->in->company;
	const struct {
		str name;
		str *to;
	} fields[] = { { S("companyCode"), &k->code }, { S("creditCode"), &k->credit_code }, { S("name"), &k->name } };
	for (;;) {
		TRY(table_next(tb, &row, &r->cx->fail));
		if (!row.number)
			return ERR_OK;
		for (size_t i = 0; i < COUNT_OF(fields); i++)
			for (uint32_t c = 1; c <= 2; c++)
				if (str_eq(str_trim(table_cell(&row, c)->text), fields[i].name))
					*fields[i].to = arena_str(r->cx->a, str_trim(table_cell(&row, c + 1)->text));
	}
}

/* Of CSV: the table named, else the one that most of the columns belong to. */
static err guess_table(struct reading *r, struct table *tb, str table, size_t *ret)
{
	const struct exchange_table *t = table.n ? exchange_table_find(r->s, table) : NULL;
	size_t best = 0;
	if (table.n && !t)
		return FAIL(&r->cx->fail, BAD_FIELD, "?table", "err.exchange.table", "name", arena_cstr(r->cx->a, table));
	for (size_t i = 0; i < r->s->n && !table.n; i++) {
		struct columns c;
		TRY(find_titles(r, tb, &r->s->tables[i], &c));
		if (has_required(&r->s->tables[i], &c) && c.found > best) {
			best = c.found;
			t = &r->s->tables[i];
		}
	}
	if (!t)
		return FAIL(&r->cx->fail, BAD_INPUT, "?table", "err.exchange.which");
	*ret = (size_t)(t - r->s->tables);
	return ERR_OK;
}

static err read_tables(struct reading *r, str bytes, str table)
{
	AUTO(table_drop) struct table *tb = NULL;
	struct doc_limits limits = doc_limits_default();
	size_t sheets, at, known = 0;
	TRY(table_open(r->cx->a, bytes, &limits, &tb, &r->cx->fail));
	sheets = table_sheets(tb);
	for (size_t i = 0; i < sheets; i++) {
		str name = table_sheet_name(tb, i);
		TRY(table_select(tb, i, &r->cx->fail));
		const struct exchange_table *t = name.n ? exchange_table_find(r->s, str_trim(name)) : NULL;
		if (str_eq_nocase(name, S("Company")) || str_eq(name, S("企业"))) {
			TRY(read_company(r, tb));
		} else if (t) {
			TRY(read_sheet(r, tb, (size_t)(t - r->s->tables), name));
			known++;
		}
	}
	if (known)
		return ERR_OK;
	TRY(table_select(tb, 0, &r->cx->fail));
	TRY(guess_table(r, tb, table, &at));
	return read_sheet(r, tb, at, r->s->tables[at].id);
}

/* ---- the whole ---- */

static bool is_json(str bytes)
{
	str s = str_trim(str_sub(bytes, 0, 64));
	return s.n && (s.p[0] == '{' || s.p[0] == '[');
}

err exchange_read(struct ctx *cx, const struct exchange_spec *s, str bytes, str table, struct exchange_in *ret)
{
	struct reading r = { .cx = cx, .s = s, .in = ret };
	*ret = (struct exchange_in){ .company = { S(""), S(""), S("") } };
	TRY(is_json(bytes) ? read_json(&r, bytes, table) : read_tables(&r, bytes, table));
	ret->rows = r.rows.v;
	ret->n = r.rows.n;
	return exchange_check_company(cx, s, ret);
}
