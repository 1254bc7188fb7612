#include "loop/matter_sheet.h"

#include <stdio.h>

#include "base/vec.h"
#include "core/app.h"
#include "core/sector.h"
#include "format/xlsx_out.h"
#include "loop/matter_sheet_sql.h"

static const struct {
	const char *id, *zh, *en;
	double width;
} columns[] = {
#define X(id, name, zh, en, width) { name, zh, en, width },
	SHEET_COLUMNS(X)
#undef X
};

/* ---- out ---- */

struct writing {
	struct ctx *cx;
	struct arena *a; /* of the page being written */
	bool zh;
	enum sheet_column cols[SHEET_COLUMN_COUNT];
	size_t ncols;
	struct xlsx_out *out;
	int64_t seq;
};

static err choose_columns(struct writing *w, str ids)
{
	str id;
	if (!ids.n) {
		for (int i = 0; i < SHEET_COLUMN_COUNT; i++)
			w->cols[w->ncols++] = (enum sheet_column)i;
		return ERR_OK;
	}
	while (str_cut(&ids, ',', &id)) {
		int k = 0;
		while (k < SHEET_COLUMN_COUNT && !str_eq(id, str_of(columns[k].id)))
			k++;
		if (k == SHEET_COLUMN_COUNT || w->ncols == SHEET_COLUMN_COUNT)
			return FAIL(&w->cx->fail, BAD_FIELD, "?columns", "err.unknown_field", "field",
				    arena_cstr(w->cx->a, id));
		w->cols[w->ncols++] = (enum sheet_column)k;
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

static str sector_names(struct writing *w, int64_t mask)
{
	const struct sector_table *t = w->cx->app->sectors;
	struct buf b = BUF(w->a);
	for (size_t i = 0; i < t->n; i++)
		if (mask != -1 && mask >> t->v[i].bit & 1) {
			buf_put(&b, b.n ? S("；") : S(""));
			buf_put(&b, w->zh ? t->v[i].zh : t->v[i].en);
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

static struct out_cell cell_of(struct writing *w, const struct sheet_rows_row *r,
			       const struct matter_parties_rows *p, enum sheet_column col)
{
	switch (col) {
	case SHEET_SEQ:
		return OUT_NUMBER_CELL((double)w->seq);
	case SHEET_NO:
		return text_cell(r->no);
	case SHEET_SECTOR:
		return text_cell(sector_names(w, r->sectors));
	case SHEET_TITLE:
		return text_cell(r->title);
	case SHEET_MEASURES:
		return text_cell(r->measures.n ? r->measures : r->body);
	case SHEET_TARGET:
		return text_cell(target_texts(w, r->targets));
	case SHEET_LEADER:
		return text_cell(names_of(w, p, r->id, "leader"));
	case SHEET_LEAD:
		return text_cell(names_of(w, p, r->id, "lead"));
	case SHEET_CO:
		return text_cell(names_of(w, p, r->id, "co"));
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
	case SHEET_PROBLEMS:
	case SHEET_NEXT:
	case SHEET_REMARK:
	case SHEET_COLUMN_COUNT:
		break;
	}
	return text_cell(S("")); /* for the office to fill in by hand */
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
	struct out_cell cells[SHEET_COLUMN_COUNT];
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
			cells[k] = cell_of(w, r, &parties, w->cols[k]);
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

err sheet_export(struct ctx *cx, const struct matter_filter *f, str ids, const char *path)
{
	struct writing w = { .cx = cx, .a = cx->a, .zh = !str_starts(cx->lang, S("en")) };
	struct out_column cols[SHEET_COLUMN_COUNT];
	TRY(choose_columns(&w, ids));
	for (size_t i = 0; i < w.ncols; i++)
		cols[i] = (struct out_column){ str_of(w.zh ? columns[w.cols[i]].zh : columns[w.cols[i]].en),
					       columns[w.cols[i]].width };
	struct xlsx_sheet_spec spec = { .sheet_name = w.zh ? S("台账") : S("Ledger"),
					.title = w.zh ? S("重点任务台账") : S("Ledger of tasks"),
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

/* ---- in ---- */

/* What the columns are called elsewhere. */
static const char *const t_title[] = { "重点任务", "任务名称", "任务内容", "工作任务",
				       "任务",     "整改任务", "Task",     NULL };
static const char *const t_measures[] = { "工作措施", "具体举措", "措施", "主要措施",
					  "整改措施", "Measures", NULL };
static const char *const t_target[] = { "工作目标", "目标", "量化指标", "整改目标", "Target", NULL };
static const char *const t_lead[] = { "牵头单位", "责任单位", "主责单位", "Lead unit", NULL };
static const char *const t_co[] = { "配合单位", "协办单位", "参与单位", "Co-operating units", NULL };
static const char *const t_due[] = {
	"完成时限", "时限", "完成时间", "整改期限", "整改时限", "Deadline", NULL
};
static const char *const t_sector[] = { "任务领域", "领域", "任务类别", "类别", "Field", NULL };
enum { IN_TITLE, IN_MEASURES, IN_TARGET, IN_LEAD, IN_CO, IN_DUE, IN_SECTOR, IN_COUNT };
static const struct table_column wanted[IN_COUNT] = {
	[IN_TITLE] = { t_title, true },    [IN_MEASURES] = { t_measures, false },
	[IN_TARGET] = { t_target, false }, [IN_LEAD] = { t_lead, true },
	[IN_CO] = { t_co, false },         [IN_DUE] = { t_due, false },
	[IN_SECTOR] = { t_sector, false },
};

struct reading {
	struct ctx *cx;
	struct table *t;
	struct table_header h;
	uint32_t row;
	const struct cell *const *c; /* the row's cells, by what is wanted */
	VEC(struct sheet_row) rows;
	VEC(struct sheet_error) errors;
};

/* "B3"; with the sheet's name where there are several. */
static str address(struct reading *r, int col)
{
	str whole = table_address(r->t, r->cx->a, r->row, r->h.cols[col]);
	size_t start = 0;
	for (size_t i = 0; i < whole.n && table_sheets(r->t) == 1; i++)
		if (whole.p[i] == '!')
			start = i + 1;
	return str_sub(whole, start, whole.n);
}

static void wrong(struct reading *r, int col, const char *key, str name)
{
	struct sheet_error e = { address(r, col), r->row, key, arena_str(r->cx->a, name), { 0 } };
	if (r->errors.n < SHEET_ERRORS)
		vec_push(r->cx->a, &r->errors, e);
}

bool sheet_date(str s, int64_t *ret_day)
{
	int64_t part[3] = { 0 };
	size_t n = 0;
	bool digits = false;
	s = str_trim(s);
	if (date_parse(str_sub(s, 0, 10), ret_day))
		return true;
	for (size_t i = 0; i < s.n; i++) {
		bool d = s.p[i] >= '0' && s.p[i] <= '9';
		if (d && !digits && n++ == 3)
			return false;
		if (d && (part[n - 1] = part[n - 1] * 10 + (s.p[i] - '0')) > 9999)
			return false;
		digits = d;
	}
	if (n == 0 || part[0] < 1990 || (n > 1 && (part[1] < 1 || part[1] > 12)))
		return false;
	int year = (int)part[0], month = n > 1 ? (int)part[1] : 12;
	int day = n > 2 ? (int)part[2] : date_month_days(year, month);
	if (!date_ymd_valid(year, month, day))
		return false;
	*ret_day = date_from_ymd(year, month, day);
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
	str s = str_trim(r->c[IN_DUE]->text);
	in->due_day = JSON_NONE;
	if (is_endless(s))
		return;
	if (!sheet_date(s, &in->due_day))
		wrong(r, IN_DUE, "err.sheet.date", s);
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

static err read_orgs(struct reading *r, int col, struct json_ids *ret)
{
	VEC(int64_t) ids = { 0 };
	str rest = r->c[col]->text, name;
	int64_t region = r->cx->who ? r->cx->who->org_region : 0;
	while (next_name(&rest, &name)) {
		struct sheet_org_rows found;
		TRY(sheet_org(r->cx->c, r->cx->a,
			      &(struct sheet_org_params){ name, region, china_day(r->cx->now_ms) }, &found));
		if (found.n)
			vec_push(r->cx->a, &ids, found.v[0].id);
		else
			wrong(r, col, "err.sheet.org", name);
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
	str rest = r->c[IN_SECTOR]->text, piece, name;
	while (next_of(&rest, marks, COUNT_OF(marks), &piece)) {
		if (add_sector(r, piece, in))
			continue;
		while (next_name(&piece, &name))
			if (!add_sector(r, name, in))
				wrong(r, IN_SECTOR, "err.sheet.sector", name);
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

static err read_row(struct reading *r)
{
	struct arena *a = r->cx->a;
	struct sheet_row row = { .number = r->row, .cell = address(r, IN_TITLE) };
	struct matter_new *in = &row.in;
	in->kind = S("task");
	in->title = arena_str(a, str_trim(r->c[IN_TITLE]->text));
	in->measures = arena_str(a, str_trim(r->c[IN_MEASURES]->text));
	in->targets = targets_json(a, str_trim(r->c[IN_TARGET]->text));
	if (!in->title.n || in->title.n > MATTER_TITLE_MAX * 3)
		wrong(r, IN_TITLE, "err.sheet.title", in->title);
	if (!str_trim(r->c[IN_LEAD]->text).n)
		wrong(r, IN_LEAD, "err.sheet.lead", S(""));
	read_due(r, in);
	read_sectors(r, in);
	TRY(read_orgs(r, IN_LEAD, &in->lead));
	TRY(read_orgs(r, IN_CO, &in->co));
	vec_push(a, &r->rows, row);
	return ERR_OK;
}

static err read_rows(struct reading *r)
{
	const struct cell *cells[IN_COUNT];
	r->c = cells;
	TRY(table_find_header(r->t, r->cx->a, wanted, IN_COUNT, &r->h, &r->cx->fail));
	for (;;) {
		TRY(table_next_mapped(r->t, &r->h, cells, &r->row, &r->cx->fail));
		if (!r->row)
			return ERR_OK;
		if (r->rows.n == SHEET_IMPORT)
			return FAIL(&r->cx->fail, BAD_INPUT, "", "err.sheet.rows", "max", "5000");
		TRY(read_row(r));
	}
}

err sheet_read(struct ctx *cx, str bytes, struct sheet *ret)
{
	struct reading r = { .cx = cx };
	AUTO(table_drop) struct table *t = NULL;
	struct doc_limits limits = doc_limits_default();
	TRY(table_open(cx->a, bytes, &limits, &t, &cx->fail));
	r.t = t;
	TRY(read_rows(&r));
	*ret = (struct sheet){ r.rows.v, r.rows.n, r.errors.v, r.errors.n };
	return ERR_OK;
}
