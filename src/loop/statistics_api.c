/* Routes: /api/statistics, its workbook, and the matters behind a figure. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/i18n.h"
#include "core/region.h"
#include "core/sector.h"
#include "core/views.h"
#include "format/xlsx_out.h"
#include "loop/loop.h"
#include "loop/matter_list.h"
#include "loop/routes.h"
#include "loop/statistics.h"

#define STAT_QUERY_FIELDS(F, O, L)                                                                           \
	F(DATE, from, REQ)                                                                                   \
	F(DATE, to, REQ)                                                                                     \
	F(STR, region, OPT, .max = 12, .format = "region")                                                   \
	F(STR, sector, OPT, .max = 40)                                                                       \
	F(STR, source, OPT, .max = 40)                                                                       \
	F(ENUM, by, OPT, .options = "month|region|sector|source")
#define STAT_QUERY(F, O, L) STAT_QUERY_FIELDS(F, O, L)
JSON_STRUCT(stat_query, STAT_QUERY)
JSON_DEFINE(stat_query, STAT_QUERY)

#define STAT_PICK_QUERY(F, O, L)                                                                             \
	STAT_QUERY_FIELDS(F, O, L)                                                                           \
	F(STR, figure, REQ, .max = 40)                                                                       \
	F(STR, key, OPT, .max = 40)                                                                          \
	F(ID, after, OPT)                                                                                    \
	F(I64, limit, OPT, .min = 1, .max = 200)
JSON_STRUCT(stat_pick_query, STAT_PICK_QUERY)
JSON_DEFINE(stat_pick_query, STAT_PICK_QUERY)

#define STAT_FIGURE(F, O, L)                                                                                 \
	F(STR, id, REQ)                                                                                      \
	F(STR, group_zh, REQ)                                                                                \
	F(STR, group_en, REQ)                                                                                \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(ENUM, unit, REQ, .options = "count|share|day|wan")                                                 \
	F(STR, basis_zh, REQ)                                                                                \
	F(STR, basis_en, REQ)                                                                                \
	F(STR, certainty, REQ)
JSON_STRUCT(stat_figure_out, STAT_FIGURE)
JSON_DEFINE(stat_figure_out, STAT_FIGURE)

/* query: of /api/matters, as near as its filters come (it knows no day of discovery); matters: of
 * /api/statistics/matters, exactly those counted. */
#define STAT_VALUE(F, O, L)                                                                                  \
	F(STR, id, REQ)                                                                                      \
	F(F64, value, NUL)                                                                                   \
	F(STR, query, NUL, .max = 500)                                                                       \
	F(STR, matters, NUL, .max = 500)
JSON_STRUCT(stat_value_out, STAT_VALUE)
JSON_DEFINE(stat_value_out, STAT_VALUE)

#define STAT_ROW(F, O, L)                                                                                    \
	F(STR, key, REQ)                                                                                     \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	L(stat_value_out, values, REQ)
JSON_STRUCT(stat_row_out, STAT_ROW)
JSON_DEFINE(stat_row_out, STAT_ROW)

#define STAT_OUT(F, O, L)                                                                                    \
	F(DATE, from, REQ)                                                                                   \
	F(DATE, to, REQ)                                                                                     \
	F(STR, region, REQ, .format = "region")                                                              \
	F(STR, region_name, REQ)                                                                             \
	F(STR, sector, NUL)                                                                                  \
	F(STR, source, NUL)                                                                                  \
	F(STR, by, NUL)                                                                                      \
	F(I64, as_of_ms, REQ)                                                                                \
	L(stat_figure_out, figures, REQ)                                                                     \
	O(stat_row_out, total, REQ)                                                                          \
	L(stat_row_out, rows, REQ, .max = 5000)
JSON_STRUCT(stat_out, STAT_OUT)
JSON_DEFINE(stat_out, STAT_OUT)

enum { STAT_SPAN_DAYS = 3660 };

/* ---- from the wire ---- */

static enum stat_by by_of(str by)
{
	static const char *const names[] = { "", "month", "region", "sector", "source" };
	for (size_t i = 1; i < COUNT_OF(names); i++)
		if (str_eq(by, str_of(names[i])))
			return (enum stat_by)i;
	return STAT_BY_NONE;
}

static err filter_of(struct ctx *cx, const struct stat_query *q, struct stat_filter *ret)
{
	struct stat_filter f = { .from_day = q->from,
				 .to_day = q->to,
				 .region = cx->app->home_region,
				 .sectors = DB_NONE,
				 .source = q->source.n ? q->source : (str){ 0 },
				 .by = by_of(q->by) };
	if (q->to < q->from || q->to - q->from > STAT_SPAN_DAYS)
		return FAIL(&cx->fail, BAD_FIELD, "?to", "err.inspect.span");
	if (q->region.n && (!str_to_i64(q->region, &f.region) || !region_valid(f.region)))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.region_unknown", "code",
			    arena_cstr(cx->a, q->region));
	if (q->source.n && !loop_known(cx->app->loop, "sources", q->source))
		return FAIL(&cx->fail, BAD_FIELD, "?source", "err.found_unknown", "name",
			    arena_cstr(cx->a, q->source));
	if (q->sector.n) {
		str one = q->sector;
		struct json_strs ids = { &one, 1 };
		TRY(sector_mask(cx->app->sectors, &ids, "?sector", &f.sectors, &cx->fail));
	}
	*ret = f;
	return ERR_OK;
}

/* ---- labels ---- */

static err label(struct ctx *cx, enum stat_by by, struct stat_row_out *row)
{
	struct region_name name;
	const struct sector *s;
	const struct loop_word *w;
	int64_t code = 0;
	row->zh = row->en = row->key;
	if (by == STAT_BY_REGION && str_to_i64(row->key, &code)) {
		TRY(region_name_of(cx->c, cx->a, code, &name));
		row->zh = name.name;
		row->en = name.name_en.n ? name.name_en : name.name;
	} else if (by == STAT_BY_SECTOR && (s = sector_find(cx->app->sectors, row->key))) {
		row->zh = s->zh;
		row->en = s->en;
	} else if (by == STAT_BY_SOURCE && (w = loop_known(cx->app->loop, "sources", row->key))) {
		row->zh = w->zh;
		row->en = w->en;
	}
	return ERR_OK;
}

static void put_filter(struct buf *b, const char *name, str value)
{
	if (value.n)
		buf_printf(b, "%s%s=" STR_FMT, b->n ? "&" : "", name, STR_ARG(value));
}

/* The list's filters of a figure: nothing for rows that the list cannot be cut to. */
static str list_query(struct ctx *cx, const struct stat_query *q, const struct stat_figure *fig, str key)
{
	enum stat_by by = by_of(q->by);
	struct buf b = BUF(cx->a);
	if (!fig->query.n)
		return (str){ 0 };
	buf_put(&b, fig->query);
	put_filter(&b, "region", by == STAT_BY_REGION && key.n ? key : q->region);
	put_filter(&b, "sector", by == STAT_BY_SECTOR && key.n ? key : q->sector);
	put_filter(&b, "source", by == STAT_BY_SOURCE && key.n ? key : q->source);
	return buf_str(&b);
}

static bool behind_are_matters(enum stat_counter c)
{
	return c != STAT_units && c != STAT_objects && c != STAT_visits && c != STAT_visits_due &&
	       c != STAT_visits_done;
}

static str pick_query(struct ctx *cx, const struct stat_query *q, const struct stat_figure *fig, str key)
{
	struct buf b = BUF(cx->a);
	char from[11], to[11];
	if (!behind_are_matters(fig->over))
		return (str){ 0 };
	date_format(q->from, from);
	date_format(q->to, to);
	put_filter(&b, "from", str_of(from));
	put_filter(&b, "to", str_of(to));
	put_filter(&b, "region", q->region);
	put_filter(&b, "sector", q->sector);
	put_filter(&b, "source", q->source);
	put_filter(&b, "by", q->by);
	put_filter(&b, "key", key);
	put_filter(&b, "figure", fig->id);
	return buf_str(&b);
}

static err row_view(struct ctx *cx, const struct stat_query *q, const struct stat_figures *figs,
		    const struct stat_row *r, struct stat_row_out *ret)
{
	struct stat_row_out out = { .key = r->key };
	TRY(label(cx, by_of(q->by), &out));
	out.values.v = NEW_N(cx->a, struct stat_value_out, figs->n + 1);
	for (size_t i = 0; i < figs->n; i++)
		out.values.v[out.values.n++] =
		    (struct stat_value_out){ figs->v[i].id, stat_value(&figs->v[i], r),
					     list_query(cx, q, &figs->v[i], r->key),
					     pick_query(cx, q, &figs->v[i], r->key) };
	*ret = out;
	return ERR_OK;
}

/* ---- JSON ---- */

static err view(struct ctx *cx, const struct stat_query *q, struct stat_out *ret)
{
	struct stat_filter f;
	struct statistics s;
	struct stat_figures figs;
	struct region_name name;
	TRY(filter_of(cx, q, &f));
	TRY(stat_figures_read(cx->a, cx->app->catalog, china_day(cx->now_ms), &figs, &cx->fail));
	TRY(statistics_count(cx, &f, &s));
	TRY(region_name_of(cx->c, cx->a, f.region, &name));
	struct stat_out out = { .from = f.from_day,
				.to = f.to_day,
				.region = arena_printf(cx->a, "%012lld", (long long)f.region),
				.region_name = name.name,
				.sector = q->sector,
				.source = q->source,
				.by = q->by,
				.as_of_ms = cx->now_ms };
	out.figures.v = NEW_N(cx->a, struct stat_figure_out, figs.n + 1);
	for (size_t i = 0; i < figs.n; i++) {
		const struct stat_figure *g = &figs.v[i];
		out.figures.v[out.figures.n++] =
		    (struct stat_figure_out){ g->id, g->group_zh, g->group_en, g->zh,
					      g->en, g->unit, g->basis_zh, g->basis_en, g->certainty };
	}
	out.total = NEW(cx->a, struct stat_row_out);
	TRY(row_view(cx, q, &figs, &s.total, out.total));
	out.total->zh = S("合计");
	out.total->en = S("Total");
	out.rows.v = NEW_N(cx->a, struct stat_row_out, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		TRY(row_view(cx, q, &figs, &s.rows[i], &out.rows.v[out.rows.n++]));
	*ret = out;
	return ERR_OK;
}

static err statistics_get(struct req *rq)
{
	struct stat_out out;
	TRY(view(&rq->cx, rq->query, &out));
	return reply_json(rq, &out);
}

/* ---- the matters behind a figure ---- */

static int by_id(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;
	return a < b ? -1 : a > b;
}

static size_t unique(int64_t *v, size_t n)
{
	size_t kept = 0;
	if (n)
		qsort(v, n, sizeof *v, by_id);
	for (size_t i = 0; i < n; i++)
		if (!kept || v[kept - 1] != v[i])
			v[kept++] = v[i];
	return kept;
}

static err picked_ids(struct ctx *cx, const struct stat_pick_query *q, int64_t **ret, size_t *ret_n)
{
	struct stat_query plain = { .from = q->from,
				    .to = q->to,
				    .region = q->region,
				    .sector = q->sector,
				    .source = q->source,
				    .by = q->by };
	struct stat_filter f;
	struct stat_figures figs;
	struct statistics s;
	struct stat_ids ids = { 0 };
	const struct stat_figure *fig = NULL;
	TRY(filter_of(cx, &plain, &f));
	TRY(stat_figures_read(cx->a, cx->app->catalog, china_day(cx->now_ms), &figs, &cx->fail));
	for (size_t i = 0; i < figs.n; i++)
		if (str_eq(figs.v[i].id, q->figure))
			fig = &figs.v[i];
	if (!fig || !behind_are_matters(fig->over))
		return FAIL(&cx->fail, BAD_FIELD, "?figure", "err.statistics.figure", "name",
			    arena_cstr(cx->a, q->figure));
	f.pick = fig->over;
	f.pick_key = q->key.n ? q->key : (str){ 0 };
	f.picked = &ids;
	TRY(statistics_count(cx, &f, &s));
	*ret = ids.v;
	*ret_n = unique(ids.v, ids.n);
	return ERR_OK;
}

static err statistics_matters(struct req *rq)
{
	const struct stat_pick_query *q = rq->query;
	int64_t *ids = NULL, limit = page_limit(q->limit), after = q->after == JSON_NONE ? 0 : q->after;
	size_t n = 0, from = 0;
	TRY(picked_ids(&rq->cx, q, &ids, &n));
	while (from < n && ids[from] <= after)
		from++;
	size_t shown = n - from < (size_t)limit ? n - from : (size_t)limit;
	struct matter_list out = { .total = (int64_t)n, .total_exact = true };
	TRY(matter_items_view(&rq->cx, ids + from, shown, &out.items.v, &out.items.n));
	out.next = page_cursor(rq->a, from + shown < n, shown ? ids[from + shown - 1] : 0);
	return reply_json(rq, &out);
}

/* ---- the workbook ---- */

static bool english(const struct ctx *cx)
{
	return str_eq(cx->lang, S("en"));
}

static str column_title(struct ctx *cx, const struct stat_figure_out *g)
{
	static const char *const units_zh[] = { "", "（%）", "（天）", "（万元）" }, *const units_en[] = {
		"", " (%)", " (days)", " (10,000 yuan)"
	};
	static const char *const units[] = { "count", "share", "day", "wan" };
	size_t u = 0;
	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (str_eq(g->unit, str_of(units[i])))
			u = i;
	if (english(cx))
		return arena_printf(cx->a, STR_FMT ": " STR_FMT "%s", STR_ARG(g->group_en), STR_ARG(g->en),
				    units_en[u]);
	return arena_printf(cx->a, STR_FMT "：" STR_FMT "%s", STR_ARG(g->group_zh), STR_ARG(g->zh),
			    units_zh[u]);
}

static err write_row(struct ctx *cx, struct xlsx_out *book, const struct stat_out *s,
		     const struct stat_row_out *r)
{
	struct out_cell *cells = NEW_N(cx->a, struct out_cell, s->figures.n + 1);
	cells[0] = OUT_TEXT_CELL(english(cx) ? r->en : r->zh);
	for (size_t i = 0; i < r->values.n; i++) {
		double v = r->values.v[i].value;
		bool share = str_eq(s->figures.v[i].unit, S("share"));
		if (isfinite(v))
			cells[i + 1] = OUT_NUMBER_CELL(share ? round(v * 1000) / 10 : round(v * 100) / 100);
	}
	return xlsx_out_row(book, cells, s->figures.n + 1, &cx->fail);
}

static err write_rows(struct ctx *cx, struct xlsx_out *book, const struct stat_out *s)
{
	for (size_t i = 0; i < s->rows.n; i++)
		TRY(write_row(cx, book, s, &s->rows.v[i]));
	return write_row(cx, book, s, s->total);
}

static err write_book(struct ctx *cx, const struct stat_out *s, const char *path)
{
	struct out_column *columns = NEW_N(cx->a, struct out_column, s->figures.n + 1);
	struct xlsx_out *book;
	char from[11], to[11];
	date_format(s->from, from);
	date_format(s->to, to);
	columns[0] = (struct out_column){ i18n_say(cx->a, cx->lang, "statistics.row", NULL), 24 };
	for (size_t i = 0; i < s->figures.n; i++)
		columns[i + 1] = (struct out_column){ column_title(cx, &s->figures.v[i]), 12 };
	struct xlsx_sheet_spec spec = { .sheet_name = i18n_say(cx->a, cx->lang, "statistics.sheet", NULL),
					.title = i18n_say(cx->a, cx->lang, "statistics.title", "region",
							  arena_cstr(cx->a, s->region_name), "from",
							  (const char *)from, "to", (const char *)to, NULL),
					.columns = columns,
					.ncolumns = s->figures.n + 1,
					.footer = "&P / &N" };
	TRY(xlsx_out_begin(cx->a, path, arena_printf(cx->a, "%s/tmp", cx->app->data_dir).p, &spec, &book,
			   &cx->fail));
	err e = write_rows(cx, book, s);
	if (e == ERR_OK)
		return xlsx_out_end(book, &cx->fail);
	xlsx_out_abandon(book);
	return e;
}

static err statistics_book(struct req *rq)
{
	static const char type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	struct ctx cx = rq->cx;
	struct stat_out s;
	const char *path =
	    arena_printf(rq->a, "%s/tmp/statistics-%lld.xlsx", cx.app->data_dir, (long long)new_id(&rq->cx))
		.p;
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = view(&cx, rq->query, &s);
	db_read_end(cx.app->db, cx.c);
	if (e == ERR_OK)
		e = write_book(&cx, &s, path);
	rq->cx.fail = cx.fail;
	if (e != ERR_OK) {
		(void)unlink(path);
		return e;
	}
	char day[11];
	date_format(s.to, day);
	return reply_file(rq, type, arena_printf(rq->a, "statistics-%s.xlsx", day), path, true);
}

const struct route statistics_routes[] = {
	{ "GET", "/api/statistics", statistics_get, READ, "matter.read", NULL, stat_out_json,
	  "Statistics of hazards for a period", stat_query_json },
	{ "GET", "/api/statistics/matters", statistics_matters, READ, "matter.read", NULL, matter_list_json,
	  "The matters behind a figure", stat_pick_query_json },
	{ "GET", "/api/statistics.xlsx", statistics_book, SLOW, "matter.read", NULL, NULL,
	  "Statistics as a workbook", stat_query_json },
	{ 0 },
};
