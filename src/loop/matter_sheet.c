/* Ledgers on their way out, and what the catalog says of their columns. */
#include "loop/matter_sheet.h"

#include <stdio.h>

#include "base/vec.h"
#include "core/app.h"
#include "core/i18n.h"
#include "core/sector.h"
#include "format/xlsx_out.h"
#include "loop/matter_sheet_sql.h"

/* ---- the catalog ---- */

static const struct {
	const char *id, *zh, *en;
} fields[] = {
#define X(id, name, zh, en) { name, zh, en },
	SHEET_FIELDS(X)
#undef X
};

const char *sheet_field_name(enum sheet_field f)
{
	return fields[f].id;
}

enum sheet_field sheet_field_find(str name)
{
	int i = 0;
	while (i < SHEET_FIELD_COUNT && !str_eq(name, str_of(fields[i].id)))
		i++;
	return (enum sheet_field)i;
}

struct sheet_column sheet_column_of(enum sheet_field f)
{
	return (struct sheet_column){ .field = f, .zh = str_of(fields[f].zh), .en = str_of(fields[f].en), .width = 16 };
}

static str cell(const struct rows *t, size_t i, const char *column)
{
	str s = rows_get(t, i, str_of(column));
	return s.p ? s : S("");
}

static enum sheet_in in_of(str word)
{
	return str_eq(word, S("value")) ? SHEET_IN_VALUE : str_eq(word, S("text")) ? SHEET_IN_TEXT : SHEET_IN_NO;
}

static void read_columns(struct arena *a, const struct rows *t, struct sheet_def *d)
{
	VEC(struct sheet_column) v = { 0 };
	for (size_t i = 0; i < t->n && v.n < SHEET_COLUMNS; i++) {
		struct sheet_column c = { .field = sheet_field_find(cell(t, i, "field")), .zh = cell(t, i, "zh"),
					  .en = cell(t, i, "en"), .group_zh = cell(t, i, "group_zh"),
					  .group_en = cell(t, i, "group_en"), .variants = cell(t, i, "variants"),
					  .required = str_eq(cell(t, i, "required"), S("1")), .in = in_of(cell(t, i, "in")) };
		if (!str_eq(cell(t, i, "sheet"), d->id) || c.field == SHEET_FIELD_COUNT)
			continue;
		if (!str_to_f64(cell(t, i, "width"), &c.width))
			c.width = 16;
		vec_push(a, &v, c);
	}
	d->v = v.v;
	d->n = v.n;
}

err sheet_defs(struct ctx *cx, struct sheet_def **ret, size_t *ret_n)
{
	struct rows sheets, columns;
	int64_t today = china_day(cx->now_ms);
	TRY(catalog_current(cx->app->catalog, cx->a, S("sheet"), today, S("sheets"), &sheets, &cx->fail));
	TRY(catalog_current(cx->app->catalog, cx->a, S("sheet"), today, S("columns"), &columns, &cx->fail));
	struct sheet_def *v = NEW_N(cx->a, struct sheet_def, sheets.n + 1);
	for (size_t i = 0; i < sheets.n; i++) {
		v[i] = (struct sheet_def){ .id = cell(&sheets, i, "id"), .kind = cell(&sheets, i, "kind"),
					   .zh = cell(&sheets, i, "zh"), .en = cell(&sheets, i, "en") };
		read_columns(cx->a, &columns, &v[i]);
	}
	*ret = v;
	*ret_n = sheets.n;
	return ERR_OK;
}

err sheet_def_find(struct ctx *cx, str id, str kind, struct sheet_def *ret)
{
	struct sheet_def *v;
	size_t n;
	TRY(sheet_defs(cx, &v, &n));
	for (size_t i = 0; i < n; i++) {
		if (id.n ? !str_eq(v[i].id, id) : !str_eq(v[i].kind, kind.n ? kind : S("task")))
			continue;
		*ret = v[i];
		return ERR_OK;
	}
	if (id.n || !n)
		return FAIL(&cx->fail, BAD_FIELD, "?sheet", "err.sheet.unknown", "name", arena_cstr(cx->a, id));
	*ret = v[0];
	return ERR_OK;
}

/* ---- out ---- */

struct writing {
	struct ctx *cx;
	struct arena *a; /* of the page being written */
	bool zh;
	struct sheet_column cols[SHEET_COLUMNS];
	size_t ncols;
	struct xlsx_out *out;
	int64_t seq;
};

static err choose_columns(struct writing *w, const struct sheet_def *d, str ids)
{
	str id;
	for (size_t i = 0; !ids.n && i < d->n; i++)
		w->cols[w->ncols++] = d->v[i];
	while (ids.n && str_cut(&ids, ',', &id)) {
		enum sheet_field f = sheet_field_find(id);
		if (f == SHEET_FIELD_COUNT || w->ncols == SHEET_COLUMNS)
			return FAIL(&w->cx->fail, BAD_FIELD, "?columns", "err.unknown_field", "field", arena_cstr(w->cx->a, id));
		struct sheet_column c = sheet_column_of(f);
		for (size_t i = 0; i < d->n; i++)
			if (d->v[i].field == f)
				c = d->v[i];
		c.group_zh = c.group_en = S("");
		w->cols[w->ncols++] = c;
	}
	return ERR_OK;
}

static str names_of(struct writing *w, const struct matter_parties_rows *p, int64_t id, const char *role)
{
	struct buf b = BUF(w->a);
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].matter != id || !str_eq(p->v[i].role, str_of(role)))
			continue;
		buf_put(&b, b.n ? S("、") : S(""));
		if (str_eq(str_of(role), S("leader")) && p->v[i].person_name.p)
			buf_put(&b, p->v[i].person_name);
		else
			buf_put(&b, w->zh || !p->v[i].name_en.n ? p->v[i].name : p->v[i].name_en);
	}
	return b.n ? buf_str(&b) : S("");
}

static str target_texts(struct writing *w, str json)
{
	/* The texts of [{"text":"…",…},…] without parsing: they are ours, and "text" is the first member. */
	struct buf b = BUF(w->a);
	str rest = json;
	for (ptrdiff_t at; (at = str_find(rest, S("\"text\":\""))) >= 0;) {
		rest = str_sub(rest, (size_t)at + 8, rest.n);
		ptrdiff_t end = str_find_char(rest, '"');
		if (end < 0)
			break;
		buf_put(&b, b.n ? S("；") : S(""));
		buf_put(&b, str_sub(rest, 0, (size_t)end));
	}
	return b.n ? buf_str(&b) : S("");
}

static str state_name(struct writing *w, const struct sheet_rows_row *r)
{
	const struct workflow *wf = loop_workflow(w->cx->app->loop, r->kind);
	int s = wf ? workflow_state(wf, r->state) : -1;
	if (s < 0)
		return r->state;
	return w->zh ? wf->states[s].zh : wf->states[s].en;
}

static struct out_cell text_cell(str s)
{
	return s.n ? OUT_TEXT_CELL(s) : (struct out_cell){ .kind = OUT_EMPTY };
}

static str word_name(struct writing *w, const char *table, str id)
{
	const struct loop_word *k = loop_known(w->cx->app->loop, table, id);
	return k ? w->zh ? k->zh : k->en : id;
}

static str grade_title(struct writing *w, str grade)
{
	return grade.n ? i18n_text(w->cx->lang, arena_printf(w->a, "grade." STR_FMT, STR_ARG(grade))) : grade;
}

/* What was found: where, how, on what. */
static struct out_cell found_cell(struct writing *w, const struct sheet_rows_row *r, enum sheet_field col)
{
	switch (col) {
	case SHEET_FOUND:
		return OUT_DATE_CELL(china_day(r->found_ms ? r->found_ms : r->opened_ms));
	case SHEET_SOURCE:
		return text_cell(word_name(w, "sources", r->source));
	case SHEET_GRADE:
		return text_cell(grade_title(w, r->grade));
	case SHEET_CRITERION:
		return text_cell(r->criterion);
	case SHEET_CAUSE:
		return text_cell(word_name(w, "causes", r->cause));
	case SHEET_LISTED:
		return text_cell(r->listed.n ? i18n_text(w->cx->lang, arena_printf(w->a, "listed." STR_FMT, STR_ARG(r->listed))) : S(""));
	case SHEET_ROUND:
		return OUT_NUMBER_CELL((double)r->round);
	case SHEET_CLOSED:
		return r->closed_ms == DB_NONE ? text_cell(S("")) : OUT_DATE_CELL(china_day(r->closed_ms));
	case SHEET_REGION:
		return text_cell(w->zh || !r->region_name_en.n ? r->region_name : r->region_name_en);
	case SHEET_OBJECT:
		return text_cell(w->zh || !r->object_name_en.n ? r->object_name : r->object_name_en);
	default:
		return text_cell(S("")); /* for the office to fill in by hand */
	}
}

static struct out_cell cell_of(struct writing *w, const struct sheet_rows_row *r,
			       const struct matter_parties_rows *p, enum sheet_field col)
{
	switch (col) {
	case SHEET_SEQ:
		return OUT_NUMBER_CELL((double)w->seq);
	case SHEET_NO:
		return text_cell(r->no);
	case SHEET_SECTOR:
		return text_cell(sector_names(w->a, w->cx->app->sectors, r->sectors, w->zh));
	case SHEET_TITLE:
		return text_cell(r->title);
	case SHEET_TEXT:
		return text_cell(r->body);
	case SHEET_MEASURES:
		return text_cell(r->measures.n || !str_eq(r->kind, S("task")) ? r->measures : r->body);
	case SHEET_TARGET:
		return text_cell(target_texts(w, r->targets));
	case SHEET_LEADER:
		return text_cell(names_of(w, p, r->id, "leader"));
	case SHEET_LEAD:
		return text_cell(names_of(w, p, r->id, "lead"));
	case SHEET_CO:
		return text_cell(names_of(w, p, r->id, "co"));
	case SHEET_ASSIGNER:
		return text_cell(names_of(w, p, r->id, "assigner"));
	case SHEET_DUE:
		return r->due_ms < NO_DUE_MS ? OUT_DATE_CELL(china_day(r->due_ms)) : text_cell(S(""));
	case SHEET_PROGRESS:
		return text_cell(r->report);
	case SHEET_PERCENT:
		return OUT_NUMBER_CELL((double)r->progress);
	case SHEET_STATE:
		return text_cell(state_name(w, r));
	case SHEET_EVIDENCE:
		return OUT_NUMBER_CELL((double)r->files);
	default:
		return found_cell(w, r, col);
	}
}

static const struct sheet_rows_row *find_row(const struct sheet_rows_rows *rows, int64_t id)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].id == id)
			return &rows->v[i];
	return NULL;
}

static err write_page(struct writing *w, const struct matter_key *keys, size_t n)
{
	struct sheet_rows_rows rows;
	struct matter_parties_rows parties;
	struct out_cell cells[SHEET_COLUMNS];
	int64_t *ids = NEW_N(w->a, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = keys[i].id;
	TRY(sheet_rows(w->cx->c, w->a, &(struct sheet_rows_params){ { ids, n } }, &rows));
	TRY(matter_parties(w->cx->c, w->a, &(struct matter_parties_params){ { ids, n } }, &parties));
	for (size_t i = 0; i < n; i++) {
		const struct sheet_rows_row *r = find_row(&rows, ids[i]);
		if (!r)
			continue;
		w->seq++;
		for (size_t k = 0; k < w->ncols; k++)
			cells[k] = cell_of(w, r, &parties, w->cols[k].field);
		TRY(xlsx_out_row(w->out, cells, w->ncols, &w->cx->fail));
	}
	return ERR_OK;
}

/* Page by page, each with memory of its own, so that a long ledger does not fill the memory. */
static err write_pages(struct writing *w, const struct matter_filter *filter)
{
	struct matter_filter f = *filter;
	f.limit = 200;
	for (bool more = true; more && w->seq < SHEET_ROWS;) {
		AUTO(arena_drop) struct arena *page = arena_new();
		struct ctx cx = *w->cx;
		struct matter_key *keys;
		size_t n;
		cx.a = w->a = page;
		TRY(matter_keys(&cx, &f, &keys, &n, &more));
		TRY(write_page(w, keys, n));
		if (n) {
			f.after_id = keys[n - 1].id;
			f.after_ms = keys[n - 1].due_ms;
		}
	}
	return ERR_OK;
}

static struct out_column out_column_of(const struct writing *w, const struct sheet_column *c)
{
	str title = w->zh ? c->zh : c->en, group = w->zh ? c->group_zh : c->group_en;
	return (struct out_column){ group.n ? group : title, c->width, group.n ? title : S("") };
}

err sheet_export(struct ctx *cx, const struct matter_filter *f, str sheet, str ids, const char *path)
{
	struct writing w = { .cx = cx, .a = cx->a, .zh = !str_starts(cx->lang, S("en")) };
	struct out_column cols[SHEET_COLUMNS];
	struct sheet_def d;
	bool grouped = false;
	TRY(sheet_def_find(cx, sheet, f->kind, &d));
	TRY(choose_columns(&w, &d, ids));
	for (size_t i = 0; i < w.ncols; i++) {
		cols[i] = out_column_of(&w, &w.cols[i]);
		grouped |= cols[i].under.n > 0;
	}
	for (size_t i = 0; grouped && i < w.ncols; i++)
		if (!cols[i].under.n) { /* stands alone: its title is in the lower row */
			cols[i].under = cols[i].title;
			cols[i].title = S("");
		}
	struct xlsx_sheet_spec spec = { .sheet_name = w.zh ? S("台账") : S("Ledger"),
					.title = w.zh ? d.zh : d.en,
					.columns = cols,
					.ncolumns = w.ncols,
					.footer = "&P / &N" };
	TRY(xlsx_out_begin(cx->a, path, NULL, &spec, &w.out, &cx->fail));
	err e = write_pages(&w, f);
	if (e != ERR_OK) {
		xlsx_out_abandon(w.out);
		return e;
	}
	return xlsx_out_end(w.out, &cx->fail);
}
