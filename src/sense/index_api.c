/* Indices of tables that are sent: /api/index, /api/index/{kind}. Nothing is stored. */
#include "core/app.h"
#include "sense/index_out.h"
#include "sense/routes.h"

/* ---- what there is ---- */

/* takes: columns that are read, … the items of the edition; groups: answers are of groups of rows. */
#define INDEX_KIND_OUT(F, O, L)                                                                    \
	F(STR, kind, REQ)                                                                          \
	F(STRS, takes, REQ)                                                                        \
	F(STRS, gives, REQ)                                                                        \
	F(BOOL, groups, REQ)                                                                       \
	L(index_edition_out, editions, REQ)
JSON_STRUCT(index_kind_out, INDEX_KIND_OUT)
JSON_DEFINE(index_kind_out, INDEX_KIND_OUT)

#define INDEX_KINDS_OUT(F, O, L) L(index_kind_out, items, REQ)
JSON_STRUCT(index_kinds_out, INDEX_KINDS_OUT)
JSON_DEFINE(index_kinds_out, INDEX_KINDS_OUT)

static err editions_of(struct req *rq, const struct index_kind *k, struct index_kind_out *out)
{
	const struct catalog *c = rq->cx.app->catalog;
	str first = arena_printf(rq->a, "%s/", k->first);
	VEC(struct index_edition_out) v = { 0 };
	for (size_t i = 0; i < catalog_count(c); i++) {
		struct index_edition_out e;
		str path = catalog_at(c, i).path;
		if (!str_starts(path, first) || !str_ends(path, S("/META")))
			continue;
		TRY(index_edition_view(c, rq->a, str_sub(path, 0, path.n - S("/META").n), &e, &rq->cx.fail));
		vec_push(rq->a, &v, e);
	}
	out->editions.v = v.v;
	out->editions.n = v.n;
	return ERR_OK;
}

static err kinds_get(struct req *rq)
{
	struct index_kinds_out out = { 0 };
	size_t n = 0;
	while (index_kind_at(n))
		n++;
	out.items.v = NEW_N(rq->a, struct index_kind_out, n);
	for (; out.items.n < n; out.items.n++) {
		const struct index_kind *k = index_kind_at(out.items.n);
		struct index_kind_out *o = &out.items.v[out.items.n];
		*o = (struct index_kind_out){ .kind = k->id, .takes = index_words(rq->a, k->takes), .gives = index_words(rq->a, k->gives),
					      .groups = k->groups };
		TRY(editions_of(rq, k, o));
	}
	return reply_json(rq, &out);
}

/* ---- what is asked ---- */

#define INDEX_ROW_IN(F, O, L) F(STRS, cells, REQ)
JSON_STRUCT(index_row_in, INDEX_ROW_IN)
JSON_DEFINE(index_row_in, INDEX_ROW_IN)

/* Either csv, or columns and rows. Numbers are texts, so that not a digit is lost. date: whose edition is in force where the rows have
 * no day, today unless said. brief: without the items of each row. */
#define INDEX_IN(F, O, L)                                                                          \
	F(STR, edition, OPT, .max = 60)                                                            \
	F(DATE, date, OPT)                                                                         \
	F(ENUM, period, OPT, .options = "hour|day")                                                \
	F(ENUM, units, OPT, .options = "standard|edition")                                         \
	F(STR, start, OPT, .max = 60)                                                              \
	F(I64, area, OPT, .min = 1, .max = 2)                                                      \
	F(BOOL, brief, OPT)                                                                        \
	F(STRS, columns, OPT, .max = INDEX_COLUMNS_MAX)                                            \
	L(index_row_in, rows, OPT, .max = INDEX_ROWS_MAX)                                          \
	F(STR, csv, OPT, .max = 4000000)
JSON_STRUCT(index_in, INDEX_IN)
JSON_DEFINE(index_in, INDEX_IN)

static err run_cells(struct index_job *j, const struct index_in *in)
{
	j->by_cells = true;
	TRY(index_open(j, in->columns.v, in->columns.n));
	for (size_t i = 0; i < in->rows.n; i++) {
		const struct json_strs *cells = &in->rows.v[i].cells;
		if (cells->n > in->columns.n)
			return FAIL(j->f, BAD_FIELD, arena_printf(j->a, "/rows/%zu/cells", i).p, "err.too_many_items");
		TRY(index_row(j, cells->v, cells->n, (uint32_t)i + 2));
	}
	return index_close(j);
}

static err index_post(struct req *rq)
{
	const struct index_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct index_gathered got = { .a = rq->a };
	struct index_out out;
	struct index_job j = {
		.a = rq->a, .cat = cx->app->catalog, .kind = index_kind_find(rq_param(rq, "kind")), .lang = cx->lang, .f = &cx->fail,
		.sink = index_gather, .arg = &got,
		.opt = { .edition = in->edition, .period = in->period, .units = in->units, .start = in->start,
			 .area = in->area == JSON_NONE ? 0 : (int)in->area, .day = in->date == JSON_NONE ? china_day(cx->now_ms) : in->date,
			 .explain = !in->brief },
	};
	if (!j.kind)
		return ERR_NOT_FOUND;
	if ((in->csv.n > 0) == (in->columns.n > 0))
		return FAIL(&cx->fail, BAD_FIELD, "/columns", "err.index_either");
	got.width = index_words(rq->a, j.kind->gives).n;
	err e = in->csv.n ? index_csv(&j, in->csv, INDEX_ROWS_MAX) : run_cells(&j, in);
	index_drop(&j);
	TRY(e);
	TRY(index_answer(&j, &got, &out));
	return reply_json(rq, &out);
}

const struct route index_routes[] = {
	{ "GET", "/api/index", kinds_get, SLOW, "sense.read", NULL, index_kinds_out_json,
	  "Indices that tables are turned into: columns, and editions of their standards" },
	{ "POST", "/api/index/{kind}", index_post, SLOW, "sense.read", index_in_json, index_out_json,
	  "An index of a table, row by row with edition, reason and what was missing; nothing is stored" },
	{ 0 },
};
