/* Ledgers on their way in: every row is read and resolved, what is wrong is named by its cell. */
#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "core/app.h"
#include "core/sector.h"
#include "loop/matter_sheet.h"
#include "loop/matter_sheet_sql.h"

struct reading {
	struct ctx *cx;
	struct sheet_def d;
	str kind;
	struct table *t;
	struct table_header h;
	uint32_t row;
	const struct cell *const *c; /* the row's cells, by the ledger's columns */
	VEC(struct sheet_row) rows;
	VEC(struct sheet_error) errors;
};

/* The place of a field among the ledger's columns, -1: it has none. */
static int column_of(const struct reading *r, enum sheet_field f)
{
	for (size_t i = 0; i < r->d.n; i++)
		if (r->d.v[i].field == f)
			return (int)i;
	return -1;
}

static str text_of(const struct reading *r, enum sheet_field f)
{
	int i = column_of(r, f);
	return i < 0 || r->d.v[i].in == SHEET_IN_NO ? S("") : str_trim(r->c[i]->text);
}

/* "B3"; with the sheet's name where there are several. */
static str address(struct reading *r, enum sheet_field f)
{
	int i = column_of(r, f);
	str whole = table_address(r->t, r->cx->a, r->row, i < 0 || !r->h.cols[i] ? 1 : r->h.cols[i]);
	size_t start = 0;
	for (size_t k = 0; k < whole.n && table_sheets(r->t) == 1; k++)
		if (whole.p[k] == '!')
			start = k + 1;
	return str_sub(whole, start, whole.n);
}

static void wrong(struct reading *r, enum sheet_field f, const char *key, str name)
{
	struct sheet_error e = { address(r, f), r->row, key, arena_str(r->cx->a, name), { 0 } };
	if (r->errors.n < SHEET_ERRORS)
		vec_push(r->cx->a, &r->errors, e);
}

bool sheet_date(str s, int64_t *ret_day)
{
	int64_t day;
	if (!table_date(s, &day) || day < date_from_ymd(1990, 1, 1))
		return false;
	*ret_day = day;
	return true;
}

/* "长期", "持续推进": no end is set. */
static bool is_endless(str s)
{
	return !s.n || str_find(s, S("长期")) >= 0 || str_find(s, S("持续")) >= 0 ||
	       str_find(s, S("常态")) >= 0;
}

static void read_due(struct reading *r, struct matter_new *in)
{
	str s = text_of(r, SHEET_DUE);
	in->due_day = JSON_NONE;
	if (is_endless(s))
		return;
	if (!sheet_date(s, &in->due_day))
		wrong(r, SHEET_DUE, "err.sheet.date", s);
}

static void read_found(struct reading *r, struct matter_new *in)
{
	int64_t day;
	str s = text_of(r, SHEET_FOUND);
	if (!s.n)
		return;
	if (!sheet_date(s, &day))
		wrong(r, SHEET_FOUND, "err.sheet.date", s);
	else
		in->found.found_ms = china_day_start_ms(day);
}

/* The next piece between any of the marks; false at the end. */
static bool next_of(str *rest, const char *const *marks, size_t nmarks, str *ret)
{
	while (rest->n) {
		size_t end = rest->n, skip = 0;
		for (size_t i = 0; i < nmarks; i++) {
			ptrdiff_t at = str_find(*rest, str_of(marks[i]));
			if (at >= 0 && (size_t)at < end) {
				end = (size_t)at;
				skip = str_of(marks[i]).n;
			}
		}
		*ret = str_trim(str_sub(*rest, 0, end));
		*rest = str_sub(*rest, end + skip, rest->n);
		if (ret->n)
			return true;
	}
	return false;
}

/* The next name of "甲、乙，丙". */
static bool next_name(str *rest, str *ret)
{
	static const char *const marks[] = { "、", "，", ",", "；", ";", "\n", "/" };
	return next_of(rest, marks, COUNT_OF(marks), ret);
}

static err read_orgs(struct reading *r, enum sheet_field f, struct json_ids *ret)
{
	VEC(int64_t) ids = { 0 };
	str rest = text_of(r, f), name;
	int64_t region = r->cx->who ? r->cx->who->org_region : r->cx->app->home_region;
	while (next_name(&rest, &name)) {
		struct sheet_org_rows found;
		TRY(sheet_org(r->cx->c, r->cx->a,
			      &(struct sheet_org_params){ name, region, china_day(r->cx->now_ms) }, &found));
		if (found.n)
			vec_push(r->cx->a, &ids, found.v[0].id);
		else
			wrong(r, f, "err.sheet.org", name);
	}
	*ret = (struct json_ids){ ids.v, ids.n };
	return ERR_OK;
}

static bool add_sector(struct reading *r, str name, struct matter_new *in)
{
	const struct sector_table *t = r->cx->app->sectors;
	for (size_t k = 0; k < t->n; k++)
		if (str_eq(name, t->v[k].zh) || str_eq_nocase(name, t->v[k].en) || str_eq(name, t->v[k].id)) {
			in->sectors |= INT64_C(1) << t->v[k].bit;
			return true;
		}
	return false;
}

/* Fields are parted by semicolons, their names may hold other marks; other tables part them by any mark. */
static void read_sectors(struct reading *r, struct matter_new *in)
{
	static const char *const marks[] = { "；", ";", "\n" };
	str rest = text_of(r, SHEET_SECTOR), piece, name;
	while (next_of(&rest, marks, COUNT_OF(marks), &piece)) {
		if (add_sector(r, piece, in))
			continue;
		while (next_name(&piece, &name))
			if (!add_sector(r, name, in))
				wrong(r, SHEET_SECTOR, "err.sheet.sector", name);
	}
}

static str targets_json(struct arena *a, str text)
{
	struct buf b = BUF(a);
	struct matter_target t = { .text = text,
				   .indicator = S(""),
				   .comparator = S(""),
				   .unit = S(""),
				   .start = JSON_NONE,
				   .end = JSON_NONE };
	json_write_list(&b, matter_target_json, &t, text.n ? 1 : 0);
	return buf_str(&b);
}

/* ---- what has no field of its own goes into the description, with its title ---- */

static void add_line(struct buf *b, str title, str value)
{
	buf_printf(b, "%s" STR_FMT "：" STR_FMT, b->n ? "\n" : "", STR_ARG(title), STR_ARG(value));
}

/* A word of catalog/source, by its words or its id; a word that is none of them stays in the description. */
static str word_of(struct reading *r, const char *table, enum sheet_field f, struct buf *text)
{
	const struct loop_word *v;
	str s = text_of(r, f);
	size_t n = loop_words(r->cx->app->loop, table, &v);
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].zh, s) || str_eq_nocase(v[i].en, s) || str_eq(v[i].id, s))
			return v[i].id;
	if (s.n)
		add_line(text, r->d.v[column_of(r, f)].zh, s);
	return S("");
}

static err object_of(struct reading *r, struct buf *text, int64_t *ret)
{
	struct sheet_object_rows found;
	str s = text_of(r, SHEET_OBJECT);
	int64_t region = r->cx->who ? r->cx->who->org_region : r->cx->app->home_region;
	if (!s.n)
		return ERR_OK;
	TRY(sheet_object(r->cx->c, r->cx->a, &(struct sheet_object_params){ s, region / 1000000 }, &found));
	if (found.n == 1)
		*ret = found.v[0].id;
	else
		add_line(text, r->d.v[column_of(r, SHEET_OBJECT)].zh, s);
	return ERR_OK;
}

static err read_found_things(struct reading *r, struct matter_new *in)
{
	struct buf text = BUF(r->cx->a);
	str body = text_of(r, SHEET_TEXT);
	if (body.n)
		buf_put(&text, body);
	in->found.source = word_of(r, "sources", SHEET_SOURCE, &text);
	in->found.cause = word_of(r, "causes", SHEET_CAUSE, &text);
	TRY(object_of(r, &text, &in->found.object));
	for (size_t i = 0; i < r->d.n; i++)
		if (r->d.v[i].in == SHEET_IN_TEXT && str_trim(r->c[i]->text).n)
			add_line(&text, r->d.v[i].zh, str_trim(r->c[i]->text));
	if (text.n)
		in->text = arena_str(r->cx->a, buf_str(&text));
	return ERR_OK;
}

static err read_row(struct reading *r)
{
	struct arena *a = r->cx->a;
	struct sheet_row row = { .number = r->row, .cell = address(r, SHEET_TITLE) };
	struct matter_new *in = &row.in;
	in->kind = r->kind;
	if (!r->cx->who)
		in->region = r->cx->app->home_region;
	in->title = arena_str(a, text_of(r, SHEET_TITLE));
	in->measures = arena_str(a, text_of(r, SHEET_MEASURES));
	in->targets = targets_json(a, arena_str(a, text_of(r, SHEET_TARGET)));
	if (!in->title.n || utf8_count(in->title) > MATTER_TITLE_MAX)
		wrong(r, SHEET_TITLE, "err.sheet.title", utf8_cut(in->title, 40));
	if (!text_of(r, SHEET_LEAD).n)
		wrong(r, SHEET_LEAD, "err.sheet.lead", S(""));
	read_due(r, in);
	read_found(r, in);
	read_sectors(r, in);
	TRY(read_orgs(r, SHEET_LEAD, &in->lead));
	TRY(read_orgs(r, SHEET_CO, &in->co));
	TRY(read_found_things(r, in));
	vec_push(a, &r->rows, row);
	return ERR_OK;
}

/* A column's titles: its own, the catalog's variants, English; each also under its group. */
static const char *const *titles_of(struct arena *a, const struct sheet_column *c)
{
	VEC(const char *) v = { 0 };
	str rest = c->variants, one;
	vec_push(a, &v, arena_cstr(a, c->zh));
	while (c->variants.n && str_cut(&rest, '|', &one))
		vec_push(a, &v, arena_cstr(a, one));
	vec_push(a, &v, arena_cstr(a, c->en));
	vec_push(a, &v, NULL);
	return v.v;
}

static err read_rows(struct reading *r)
{
	const struct cell *cells[SHEET_COLUMNS];
	struct table_column wanted[SHEET_COLUMNS];
	r->c = cells;
	for (size_t i = 0; i < r->d.n; i++)
		wanted[i] = (struct table_column){ titles_of(r->cx->a, &r->d.v[i]), r->d.v[i].required };
	TRY(table_find_header(r->t, r->cx->a, wanted, r->d.n, &r->h, &r->cx->fail));
	for (;;) {
		TRY(table_next_mapped(r->t, &r->h, cells, &r->row, &r->cx->fail));
		if (!r->row)
			return ERR_OK;
		if (r->rows.n == SHEET_IMPORT)
			return FAIL(&r->cx->fail, BAD_INPUT, "", "err.sheet.rows", "max", "5000");
		TRY(read_row(r));
	}
}

err sheet_read(struct ctx *cx, str bytes, str sheet, str kind, struct sheet *ret)
{
	struct reading r = { .cx = cx };
	AUTO(table_drop) struct table *t = NULL;
	struct doc_limits limits = doc_limits_default();
	TRY(sheet_def_find(cx, sheet, kind, &r.d));
	r.kind = kind.n ? kind : r.d.kind;
	TRY(table_open(cx->a, bytes, &limits, &t, &cx->fail));
	r.t = t;
	TRY(read_rows(&r));
	*ret = (struct sheet){ r.rows.v, r.rows.n, r.errors.v, r.errors.n };
	return ERR_OK;
}

/* ---- making ---- */

struct making {
	struct ctx cx;
	const struct sheet *sheet;
	bool check; /* try it all, keep nothing */
	size_t at;  /* the row at hand */
	struct json_ids created;
};

static err make_rows(struct db_conn *c, void *arg)
{
	struct making *j = arg;
	j->cx.c = c;
	j->cx.fail = (struct fail){ 0 };
	j->created.n = 0;
	for (j->at = 0; j->at < j->sheet->n; j->at++)
		TRY(matter_create(&j->cx, &j->sheet->rows[j->at].in, &j->created.v[j->created.n++]));
	return j->check ? ERR_CONFLICT : ERR_OK; /* an error takes everything back */
}

/* A row that the rules of making refuse is one more error of the table; the store being away is not. */
err sheet_create(struct ctx *cx, struct sheet *s, bool check, struct json_ids *ret)
{
	struct making *j = NEW(cx->a, struct making);
	*j = (struct making){ .cx = *cx, .sheet = s, .check = check };
	j->created.v = NEW_N(cx->a, int64_t, s->n + 1);
	err e = db_write(cx->app->db, make_rows, j, &cx->fail);
	if (e == ERR_OK)
		*ret = j->created;
	if (e == ERR_OK || (check && j->at == s->n))
		return ERR_OK;
	if (err_status(e) >= 500 || j->at >= s->n)
		return e;
	const struct sheet_row *row = &s->rows[j->at];
	s->errors = NEW(cx->a, struct sheet_error);
	s->errors[0] = (struct sheet_error){ row->cell, row->number, NULL, S(""), j->cx.fail };
	s->nerrors = 1;
	return ERR_OK;
}
