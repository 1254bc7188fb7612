/* GET /api/stations/{id}/readings.xlsx and .csv: a station over a period, a line a moment, a column an item with its mark beside it:
 * the form in which offices hand such data on. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "core/id.h"
#include "format/xlsx_out.h"
#include "sense/routes.h"
#include "sense/series.h"
#include "sense/station.h"

enum { SHEET_ITEMS_MAX = 60, SHEET_ROWS_MAX = 100000, SHEET_CELLS_MAX = 1000000, SHEET_DAYS = 31 };

#define SHEET_QUERY(F, O, L)                                                                       \
	F(STR, kind, OPT, .max = 20)                                                               \
	F(I64, from, OPT, .format = "date-time-ms")                                                \
	F(I64, to, OPT, .format = "date-time-ms")
JSON_STRUCT(series_sheet_query, SHEET_QUERY)
JSON_DEFINE(series_sheet_query, SHEET_QUERY)

struct sheet_item {
	str title;
	struct column c;
	size_t at;               /* while lines are made */
};
struct sheet {
	struct ctx *cx;
	struct station s;
	enum series_kind kind;
	int64_t from, to;
	VEC(struct sheet_item) items;
	VEC(int64_t) moments;
};

static err take_query(struct sheet *h, const struct series_sheet_query *q)
{
	struct ctx *cx = h->cx;
	h->kind = SERIES_HOUR;
	if (q->kind.n && !series_kind_parse(q->kind, &h->kind))
		return FAIL(&cx->fail, BAD_FIELD, "?kind", "err.series.kind");
	h->to = q->to == JSON_NONE ? cx->now_ms + 1 : q->to;
	h->from = q->from == JSON_NONE ? h->to - SHEET_DAYS * (int64_t)DAY_MS : q->from;
	return h->from < h->to ? ERR_OK : FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.span");
}

static str title_of(const struct sheet *h, str code)
{
	struct ctx *cx = h->cx;
	const struct station_kinds *kinds = cx->app->stations;
	const struct item_kind *it = item_kind_find(kinds, station_kind_find(kinds, h->s.kind), code);
	if (!it)
		return code;
	str name = str_starts(cx->lang, S("en")) ? it->en : it->zh;
	return it->unit.n ? arena_printf(cx->a, STR_FMT " (" STR_FMT ")", STR_ARG(name), STR_ARG(it->unit)) : name;
}

static err add_item(struct sheet *h, uint32_t item)
{
	struct ctx *cx = h->cx;
	struct sheet_item it = { .title = title_of(h, series_item_code(cx->app->series, item)) };
	TRY(series_read(cx->app->series, cx->a, h->s.id, item, SERIES_VALUE, h->kind, h->from, h->to, &it.c, &cx->fail));
	if (!it.c.n)
		return ERR_OK;
	if (h->items.n == SHEET_ITEMS_MAX || it.c.n > SHEET_ROWS_MAX)
		return FAIL(&cx->fail, TOO_LARGE, "?from", "err.series.points", "max", "100000");
	vec_push(cx->a, &h->items, it);
	for (size_t i = 0; i < it.c.n; i++)
		vec_push(cx->a, &h->moments, it.c.at_ms[i]);
	return h->moments.n <= SHEET_CELLS_MAX ? ERR_OK : FAIL(&cx->fail, TOO_LARGE, "?from", "err.series.points", "max", "1000000");
}

static int by_time(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;
	return a < b ? -1 : a > b;
}

/* The moments that any item has a value of. */
static err line_up(struct sheet *h)
{
	size_t n = 0;
	if (h->moments.n)
		qsort(h->moments.v, h->moments.n, sizeof *h->moments.v, by_time);
	for (size_t i = 0; i < h->moments.n; i++)
		if (!n || h->moments.v[n - 1] != h->moments.v[i])
			h->moments.v[n++] = h->moments.v[i];
	h->moments.n = n;
	return n <= SHEET_ROWS_MAX ? ERR_OK : FAIL(&h->cx->fail, TOO_LARGE, "?from", "err.series.points", "max", "100000");
}

static err gather(struct sheet *h)
{
	struct ctx *cx = h->cx;
	struct latest *v;
	size_t n;
	TRY(series_latest(cx->app->series, cx->a, &h->s.id, 1, &v, &n, &cx->fail));
	for (size_t i = 0; i < n; i++)
		if (v[i].kind == h->kind && v[i].item)
			TRY(add_item(h, v[i].item));
	return line_up(h);
}

static err open_sheet(struct req *rq, struct sheet *h)
{
	int64_t id;
	h->cx = &rq->cx;
	TRY(rq_id(rq, "id", &id));
	TRY(take_query(h, rq->query));
	TRY(db_read_begin(rq->cx.app->db, &rq->cx.c, &rq->cx.fail));
	err e = station_get(&rq->cx, id, &h->s);
	db_read_end(rq->cx.app->db, rq->cx.c);
	rq->cx.c = NULL;
	TRY(e);
	return gather(h);
}

/* One line: the time, then value and mark of every item; absent values are empty. */
static void line_of(struct sheet *h, size_t i, struct out_cell *cells)
{
	struct ctx *cx = h->cx;
	char at[26];
	size_t n = 0;
	time_format_china(h->moments.v[i], at);
	cells[n++] = OUT_TEXT_CELL(arena_printf(cx->a, "%.10s %.8s", at, at + 11));
	for (size_t k = 0; k < h->items.n; k++) {
		struct sheet_item *it = &h->items.v[k];
		bool there = it->at < it->c.n && it->c.at_ms[it->at] == h->moments.v[i];
		cells[n] = cells[n + 1] = (struct out_cell){ .kind = OUT_EMPTY };
		if (there && !isnan(it->c.value[it->at]))
			cells[n] = OUT_NUMBER_CELL(it->c.value[it->at]);
		if (there && it->c.flag[it->at] != ' ')
			cells[n + 1] = OUT_TEXT_CELL(arena_printf(cx->a, "%c", it->c.flag[it->at]));
		it->at += there;
		n += 2;
	}
}

static size_t titles(struct sheet *h, struct out_column **ret)
{
	struct ctx *cx = h->cx;
	struct out_column *v = NEW_N(cx->a, struct out_column, 2 * h->items.n + 1);
	size_t n = 0;
	v[n++] = (struct out_column){ i18n_say(cx->a, cx->lang, "readings.time", NULL), 20, S("") };
	for (size_t k = 0; k < h->items.n; k++) {
		v[n++] = (struct out_column){ h->items.v[k].title, 14, S("") };
		v[n++] = (struct out_column){ i18n_say(cx->a, cx->lang, "readings.mark", NULL), 6, S("") };
	}
	*ret = v;
	return n;
}

static str name_of(const struct sheet *h, const char *ending)
{
	char from[26], to[26];
	time_format_china(h->from, from);
	time_format_china(h->to - 1, to);
	return arena_printf(h->cx->a, "%lld-%s-%.10s-%.10s.%s", (long long)h->s.id, series_kind_name(h->kind), from, to, ending);
}

static err write_book(struct sheet *h, const char *path)
{
	struct ctx *cx = h->cx;
	struct out_column *columns;
	struct xlsx_out *book;
	size_t n = titles(h, &columns);
	struct out_cell *cells = NEW_N(cx->a, struct out_cell, n);
	struct xlsx_sheet_spec spec = { .sheet_name = i18n_say(cx->a, cx->lang, "readings.sheet", NULL), .columns = columns, .ncolumns = n, .footer = "&P / &N" };
	TRY(xlsx_out_begin(cx->a, path, arena_printf(cx->a, "%s/tmp", cx->app->data_dir).p, &spec, &book, &cx->fail));
	err e = ERR_OK;
	for (size_t i = 0; i < h->moments.n && e == ERR_OK; i++) {
		line_of(h, i, cells);
		e = xlsx_out_row(book, cells, n, &cx->fail);
	}
	if (e == ERR_OK)
		return xlsx_out_end(book, &cx->fail);
	xlsx_out_abandon(book);
	return e;
}

static err sheet_book(struct req *rq)
{
	static const char type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	struct sheet h = { 0 };
	TRY(open_sheet(rq, &h));
	const char *path = arena_printf(rq->a, "%s/tmp/readings-%lld.xlsx", rq->cx.app->data_dir, (long long)new_id(&rq->cx)).p;
	err e = write_book(&h, path);
	if (e == ERR_OK)
		return reply_file(rq, type, name_of(&h, "xlsx"), path, true);
	(void)unlink(path);
	return e;
}

/* Names come from the catalog and codes from devices: quoted when they hold what a CSV divides by. */
static void put_text(struct buf *b, str s)
{
	bool plain = str_find(s, S(",")) < 0 && str_find(s, S("\"")) < 0 && str_find(s, S("\n")) < 0;
	if (!plain)
		buf_byte(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, s.p[i]);
	}
	if (!plain)
		buf_byte(b, '"');
}

static err sheet_csv(struct req *rq)
{
	struct sheet h = { 0 };
	struct out_column *columns;
	TRY(open_sheet(rq, &h));
	size_t n = titles(&h, &columns);
	struct out_cell *cells = NEW_N(rq->a, struct out_cell, n);
	struct buf b = BUF(rq->a);
	buf_put(&b, S("\xEF\xBB\xBF"));
	for (size_t k = 0; k < n; k++) {
		buf_put(&b, k ? S(",") : S(""));
		put_text(&b, columns[k].title);
	}
	buf_put(&b, S("\r\n"));
	for (size_t i = 0; i < h.moments.n; i++) {
		line_of(&h, i, cells);
		for (size_t k = 0; k < n; k++) {
			buf_put(&b, k ? S(",") : S(""));
			if (cells[k].kind == OUT_NUMBER)
				json_put_f64(&b, cells[k].number);
			else if (cells[k].kind == OUT_TEXT)
				put_text(&b, cells[k].text);
		}
		buf_put(&b, S("\r\n"));
	}
	return reply_download(rq, "text/csv; charset=utf-8", name_of(&h, "csv"), buf_str(&b));
}

const struct route series_sheet_routes[] = {
	{ "GET", "/api/stations/{id}/readings.xlsx", sheet_book, SLOW, "sense.read", NULL, NULL,
	  "A station over a period as a workbook: a line a moment, a column an item with its mark", series_sheet_query_json },
	{ "GET", "/api/stations/{id}/readings.csv", sheet_csv, SLOW, "sense.read", NULL, NULL, "The same as CSV", series_sheet_query_json },
	{ 0 },
};
