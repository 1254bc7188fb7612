/* Exchange tables on their way out. A row goes out as it came; of a danger that is linked with a matter, state
 * and deadline are the matter's once the matter has left the state it began in. Hazards of the company that did
 * not come through the exchange go out as dangers of their own. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json_tree.h"
#include "base/utf8.h"
#include "core/app.h"
#include "core/base64.h"
#include "base/json.h"
#include "core/crypto.h"
#include "format/csv.h"
#include "format/xlsx_out.h"
#include "loop/exchange_check.h"
#include "sys/file.h"

enum { PAGE = 200, CELL_MAX = 32000 };

struct writing {
	struct ctx *cx;
	struct arena *a;         /* of the page */
	const struct exchange_spec *s;
	const struct exchange_company_get_row *c;
	enum exchange_format format;
	FILE *out;
	struct xlsx_out *book;
	bool begun;              /* a table has rows already */
	bool whole;              /* with telephone numbers: for who may hand the tables in */
};

/* ---- the values of a row ---- */

static bool moved(const struct writing *w, str kind, str state)
{
	const struct workflow *wf = loop_workflow(w->cx->app->loop, kind);
	return wf && workflow_state(wf, state) != wf->initial;
}

static str code_of_state(const struct writing *w, str kind, str state)
{
	const struct rows *t = &w->s->states;
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(rows_get(t, i, S("kind")), kind) && str_eq(rows_get(t, i, S("state")), state))
			return rows_get(t, i, S("code"));
	return (str){ NULL, 0 };
}

static str day_text(struct arena *a, int64_t ms)
{
	char day[11];
	date_format(china_day(ms), day);
	return arena_str(a, str_of(day));
}

static err values_of(struct writing *w, const struct exchange_table *t, const struct exchange_rows_row *r, str *values)
{
	struct json_node body;
	TRY(json_tree(w->a, r->body, &body, &w->cx->fail));
	for (size_t i = 0; i < t->n; i++) {
		const struct json_node *v = json_tree_get(&body, t->fields[i].name);
		values[i] = v ? v->text : (str){ NULL, 0 };
		if (values[i].n && !w->whole && str_eq(t->fields[i].as, S("mobile")))
			values[i] = exchange_mask(w->a, values[i]);
	}
	size_t state = exchange_meaning(t, S("state")), due = exchange_meaning(t, S("due"));
	if (!r->matter || !r->state.p || !moved(w, r->kind, r->state))
		return ERR_OK;
	str code = code_of_state(w, r->kind, r->state);
	if (state != SIZE_MAX && code.n)
		values[state] = code;
	if (due != SIZE_MAX && r->due_ms < NO_DUE_MS)
		values[due] = day_text(w->a, r->due_ms);
	return ERR_OK;
}

static str code_of_word(const struct writing *w, const char *table, str id)
{
	const struct loop_word *k = loop_known(w->cx->app->loop, table, id);
	return k && k->code.n ? k->code : (str){ NULL, 0 };
}

/* RFC 9562, version 8: made from the matter's id, so that it is the same each time. */
static str uuid_of(struct arena *a, int64_t matter)
{
	unsigned char h[HASH_SIZE];
	hash_bytes(HASH_SHA256, arena_printf(a, "matter/%lld", (long long)matter), h);
	h[6] = (unsigned char)((h[6] & 0x0f) | 0x80);
	h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
	return hex_encode(a, (str){ (const char *)h, 16 });
}

static str means_code(const struct writing *w, const struct exchange_table *t, const char *as, str means)
{
	size_t f = exchange_meaning(t, str_of(as));
	for (size_t i = 0; f != SIZE_MAX && i < w->s->ncodes; i++)
		if (str_eq(w->s->codes[i].list, t->fields[f].codes) && str_eq(w->s->codes[i].means, means))
			return w->s->codes[i].value;
	return (str){ NULL, 0 };
}

static str last_code(const struct writing *w, str list)
{
	str value = { NULL, 0 };
	for (size_t i = 0; i < w->s->ncodes; i++)
		if (str_eq(w->s->codes[i].list, list))
			value = w->s->codes[i].value;
	return value;
}

/* A hazard of ours as a row: what its meaning says; a code that nobody knows is the list's last, "other". */
static void own_values(struct writing *w, const struct exchange_table *t, const struct exchange_own_row *m, str *values)
{
	char day[11];
	date_format(china_day(m->found_ms ? m->found_ms : m->opened_ms), day);
	const struct {
		const char *as;
		str value;
	} known[] = {
		{ "title", m->title }, { "text", m->body.n ? m->body : m->title }, { "measures", m->measures },
		{ "due", m->due_ms < NO_DUE_MS ? day_text(w->a, m->due_ms) : (str){ NULL, 0 } },
		{ "found", arena_str(w->a, str_of(day)) },
		{ "grade", means_code(w, t, "grade", m->grade.n ? m->grade : S("general")) },
		{ "source", code_of_word(w, "sources", m->source) }, { "cause", code_of_word(w, "causes", m->cause) },
		{ "state", code_of_state(w, w->s->matters, m->state) },
	};
	for (size_t i = 0; i < t->n; i++) {
		const struct exchange_field *f = &t->fields[i];
		values[i] = (str){ NULL, 0 };
		for (size_t k = 0; f->as.n && k < COUNT_OF(known); k++)
			if (str_eq(f->as, str_of(known[k].as)))
				values[i] = known[k].value;
		if (i == t->id_at)
			values[i] = uuid_of(w->a, m->id);
		else if (i == t->company_at)
			values[i] = w->c->code;
		else if (i == t->deleted_at)
			values[i] = S("0");
		else if (!values[i].n && f->required)
			values[i] = f->type == EX_CODE ? last_code(w, f->codes) : S("-");
		if (values[i].n && f->type != EX_IMAGE && f->max)
			values[i] = utf8_cut(values[i], f->max);
	}
}

/* ---- photos ---- */

static err photo_of(struct writing *w, str value, str *ret)
{
	str hash = str_sub(value, 7, value.n), bytes;
	if (!str_starts(value, S("sha256:")) || hash.n != 64) {
		*ret = value;
		return ERR_OK;
	}
	const char *path = arena_printf(w->a, "%s/files/%.2s/%.62s", w->cx->app->data_dir, hash.p, hash.p + 2).p;
	if (file_read(w->a, path, (size_t)8 << 20, &bytes, NULL) != ERR_OK) {
		*ret = value; /* handed over by name only: the bytes never came */
		return ERR_OK;
	}
	*ret = base64_encode(w->a, bytes);
	return ERR_OK;
}

/* ---- one row in each form ---- */

static void put_json_row(struct writing *w, const struct exchange_table *t, const str *values)
{
	struct buf b = BUF(w->a);
	bool any = false;
	buf_put(&b, w->begun ? S(",\n  {") : S("\n  {"));
	for (size_t i = 0; i < t->n; i++) {
		if (!values[i].n)
			continue;
		buf_put(&b, any ? S(",") : S(""));
		json_put_str(&b, t->fields[i].name);
		buf_byte(&b, ':');
		if (t->fields[i].type == EX_INT)
			buf_put(&b, values[i]);
		else
			json_put_str(&b, values[i]);
		any = true;
	}
	buf_byte(&b, '}');
	(void)fwrite(b.p, 1, b.n, w->out);
}

static err put_cells(struct writing *w, const struct exchange_table *t, const str *values)
{
	struct out_cell cells[EXCHANGE_FIELDS];
	struct buf b = BUF(w->a);
	for (size_t i = 0; i < t->n; i++)
		cells[i] = values[i].n ? OUT_TEXT_CELL(values[i]) : (struct out_cell){ .kind = OUT_EMPTY };
	if (w->format == EXCHANGE_XLSX)
		return xlsx_out_row(w->book, cells, t->n, &w->cx->fail);
	csv_out_row(&b, cells, t->n);
	(void)fwrite(b.p, 1, b.n, w->out);
	return ERR_OK;
}

static err put_row(struct writing *w, const struct exchange_table *t, str *values)
{
	for (size_t i = 0; i < t->n; i++) {
		str photo;
		if (t->fields[i].type != EX_IMAGE || !values[i].n)
			continue;
		TRY(photo_of(w, values[i], &photo));
		if (w->format != EXCHANGE_XLSX || photo.n <= CELL_MAX)
			values[i] = photo; /* a cell of a workbook holds no more: there it is its hash */
	}
	if (w->format == EXCHANGE_JSON)
		put_json_row(w, t, values);
	else
		TRY(put_cells(w, t, values));
	w->begun = true;
	return ERR_OK;
}

/* ---- tables ---- */

static err put_kept(struct writing *w, const struct exchange_table *t)
{
	str after = S(""), values[EXCHANGE_FIELDS];
	for (bool more = true; more;) {
		AUTO(arena_drop) struct arena *page = arena_new();
		struct exchange_rows_rows rows;
		w->a = page;
		TRY(exchange_rows(w->cx->c, page, &(struct exchange_rows_params){ w->c->region, w->s->id, w->c->code, t->id, after, PAGE },
				  &rows));
		for (size_t i = 0; i < rows.n; i++) {
			TRY(values_of(w, t, &rows.v[i], values));
			TRY(put_row(w, t, values));
		}
		more = rows.n == PAGE;
		if (more)
			after = arena_str(w->cx->a, rows.v[rows.n - 1].id);
	}
	return ERR_OK;
}

static err put_own(struct writing *w, const struct exchange_table *t)
{
	int64_t after = 0;
	str values[EXCHANGE_FIELDS];
	for (bool more = w->c->org && w->s->matters.n && exchange_meaning(t, S("title")) != SIZE_MAX; more;) {
		AUTO(arena_drop) struct arena *page = arena_new();
		struct exchange_own_rows rows;
		w->a = page;
		TRY(exchange_own(w->cx->c, page, &(struct exchange_own_params){ w->c->org, w->s->matters, after, PAGE }, &rows));
		for (size_t i = 0; i < rows.n; i++) {
			own_values(w, t, &rows.v[i], values);
			TRY(put_row(w, t, values));
		}
		more = rows.n == PAGE;
		if (more)
			after = rows.v[rows.n - 1].id;
	}
	return ERR_OK;
}

static err begin_book_sheet(struct writing *w, const struct exchange_table *t, const char *path)
{
	struct out_column cols[EXCHANGE_FIELDS];
	for (size_t i = 0; i < t->n; i++)
		cols[i] = (struct out_column){ t->fields[i].zh, t->fields[i].type == EX_UUID ? 34 : 16, t->fields[i].name };
	struct xlsx_sheet_spec spec = { .sheet_name = t->id, .title = S(""), .columns = cols, .ncolumns = t->n };
	if (w->book)
		return xlsx_out_sheet(w->book, w->cx->a, &spec, &w->cx->fail);
	return xlsx_out_begin(w->cx->a, path, NULL, &spec, &w->book, &w->cx->fail);
}

static void begin_csv(struct writing *w, const struct exchange_table *t)
{
	struct buf b = BUF(w->cx->a);
	struct out_cell cells[EXCHANGE_FIELDS];
	csv_out_bom(&b);
	for (size_t i = 0; i < t->n; i++)
		cells[i] = OUT_TEXT_CELL(t->fields[i].zh);
	csv_out_row(&b, cells, t->n);
	for (size_t i = 0; i < t->n; i++)
		cells[i] = OUT_TEXT_CELL(t->fields[i].name);
	csv_out_row(&b, cells, t->n);
	(void)fwrite(b.p, 1, b.n, w->out);
}

static err put_table(struct writing *w, const struct exchange_table *t, bool first, const char *path)
{
	w->begun = false;
	if (w->format == EXCHANGE_XLSX)
		TRY(begin_book_sheet(w, t, path));
	else if (w->format == EXCHANGE_CSV)
		begin_csv(w, t);
	else
		fprintf(w->out, "%s\n \"" STR_FMT "\": [", first ? "" : ",", STR_ARG(t->id));
	TRY(put_kept(w, t));
	TRY(put_own(w, t));
	if (w->format == EXCHANGE_JSON)
		fputs(w->begun ? "\n ]" : "]", w->out);
	return ERR_OK;
}

/* ---- the file ---- */

static void begin_json(struct writing *w)
{
	struct buf b = BUF(w->cx->a);
	const struct exchange_company_get_row *c = w->c;
	buf_put(&b, S("{\"spec\":"));
	json_put_str(&b, w->s->id);
	buf_put(&b, S(",\"edition\":"));
	json_put_str(&b, w->s->edition);
	buf_put(&b, S(",\n\"company\":{\"companyCode\":"));
	json_put_str(&b, c->code);
	buf_put(&b, S(",\"creditCode\":"));
	json_put_str(&b, c->credit_code);
	buf_put(&b, S(",\"name\":"));
	json_put_str(&b, c->name);
	buf_put(&b, S("},\n\"tables\":{"));
	(void)fwrite(b.p, 1, b.n, w->out);
}

/* The company stands on a sheet of its own, as pairs of field and value. */
static err put_company_sheet(struct writing *w)
{
	const struct exchange_company_get_row *c = w->c;
	struct out_column cols[] = { { S("企业"), 20, S("field") }, { S("内容"), 40, S("value") } };
	struct xlsx_sheet_spec spec = { .sheet_name = S("Company"), .title = S(""), .columns = cols, .ncolumns = 2 };
	const str pairs[][2] = { { S("companyCode"), c->code }, { S("creditCode"), c->credit_code }, { S("name"), c->name } };
	TRY(xlsx_out_sheet(w->book, w->cx->a, &spec, &w->cx->fail));
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct out_cell cells[] = { OUT_TEXT_CELL(pairs[i][0]), OUT_TEXT_CELL(pairs[i][1]) };
		TRY(xlsx_out_row(w->book, cells, 2, &w->cx->fail));
	}
	return ERR_OK;
}

static err put_tables(struct writing *w, str table, const char *path)
{
	bool first = true;
	for (size_t i = 0; i < w->s->n; i++) {
		if (table.n && !str_eq(table, w->s->tables[i].id))
			continue;
		TRY(put_table(w, &w->s->tables[i], first, path));
		first = false;
	}
	return w->book ? put_company_sheet(w) : ERR_OK;
}

static err write_book(struct writing *w, str table, const char *path)
{
	err e = put_tables(w, table, path);
	if (e == ERR_OK)
		return xlsx_out_end(w->book, &w->cx->fail);
	xlsx_out_abandon(w->book);
	return e;
}

static err write_text(struct writing *w, str table, const char *path)
{
	w->out = fopen(path, "wbe");
	if (!w->out)
		return FAIL(&w->cx->fail, IO, "", "err.file", "path", path, "detail", strerror(errno));
	if (w->format == EXCHANGE_JSON)
		begin_json(w);
	err e = put_tables(w, table, path);
	if (w->format == EXCHANGE_JSON)
		fputs("\n}}\n", w->out);
	bool ok = !ferror(w->out);
	ok = fclose(w->out) == 0 && ok;
	if (e != ERR_OK)
		return e;
	if (!ok && errno == ENOSPC)
		return FAIL(&w->cx->fail, DISK_FULL, "", NULL);
	return ok ? ERR_OK : FAIL(&w->cx->fail, IO, "", NULL);
}

err exchange_write(struct ctx *cx, const struct exchange_spec *s, const struct exchange_company_get_row *c,
		   enum exchange_format format, str table, const char *path)
{
	struct writing w = { .cx = cx, .a = cx->a, .s = s, .c = c, .format = format, .whole = exchange_hands_in(cx, c) };
	const struct exchange_table *t = table.n ? exchange_table_find(s, table) : NULL;
	if ((table.n && !t) || (format == EXCHANGE_CSV && !t))
		return FAIL(&cx->fail, BAD_FIELD, "?table", "err.exchange.which");
	if (t)
		table = t->id;
	return format == EXCHANGE_XLSX ? write_book(&w, table, path) : write_text(&w, table, path);
}
