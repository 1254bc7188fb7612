/* Routes: /api/grids/import, /api/grids/fill: values of cells come in, or are made of stations. */
#include "core/i18n.h"
#include "sense/hotspot_parts.h"
#include "sys/file.h"

enum { GRID_FILE_MAX = 64 << 20 };

#define IMPORT_QUERY(F, O, L)                                                                      \
	F(STR, name, OPT, .max = 200)                                                              \
	F(STR, period, OPT, .max = 10)                                                             \
	F(STR, item, OPT, .max = 20)                                                               \
	F(ENUM, size, OPT, .options = GRID_SIZES)                                                  \
	F(STR, source, OPT, .max = 20)                                                             \
	F(STR, note, OPT, .max = 300)                                                              \
	F(BOOL, check, OPT)
JSON_STRUCT(grid_import_query, IMPORT_QUERY)
JSON_DEFINE(grid_import_query, IMPORT_QUERY)

#define IMPORT_FAULT(F, O, L)                                                                      \
	F(I64, row, REQ)                                                                           \
	F(STR, column, REQ)                                                                        \
	F(STR, message, REQ, .max = 1000)
JSON_STRUCT(grid_import_fault, IMPORT_FAULT)
JSON_DEFINE(grid_import_fault, IMPORT_FAULT)

#define IMPORT_SET(F, O, L)                                                                        \
	F(STR, period, REQ)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	F(STR, source, REQ)                                                                        \
	F(I64, cells, REQ)
JSON_STRUCT(grid_import_set, IMPORT_SET)
JSON_DEFINE(grid_import_set, IMPORT_SET)

#define IMPORT_OUT(F, O, L)                                                                        \
	F(I64, rows, REQ)                                                                          \
	F(BOOL, stored, REQ)                                                                       \
	L(grid_import_set, sets, REQ)                                                              \
	L(grid_import_fault, errors, REQ)
JSON_STRUCT(grid_import_out, IMPORT_OUT)
JSON_DEFINE(grid_import_out, IMPORT_OUT)

struct storing_grid {
	struct ctx cx;
	const struct grid_import *in;
};

static err store(struct db_conn *c, void *arg)
{
	struct storing_grid *s = arg;
	s->cx.c = c;
	s->cx.fail = (struct fail){ 0 };
	return grid_store(&s->cx, s->in);
}

static err read_file(struct req *rq, struct grid_import *io)
{
	struct ctx cx = rq->cx;
	str bytes;
	TRY(file_read(rq->a, rq->upload.path, GRID_FILE_MAX, &bytes, &rq->cx.fail));
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = grid_read(&cx, bytes, io);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
}

static void import_view(struct req *rq, const struct grid_import *io, bool stored, struct grid_import_out *out)
{
	*out = (struct grid_import_out){ .rows = io->rows, .stored = stored };
	out->sets.v = NEW_N(rq->a, struct grid_import_set, io->sets.n + 1);
	out->errors.v = NEW_N(rq->a, struct grid_import_fault, io->faults.n + 1);
	for (size_t i = 0; i < io->sets.n; i++) {
		const struct grid_batch *b = &io->sets.v[i];
		out->sets.v[out->sets.n++] = (struct grid_import_set){ period_text(rq->a, b->period), b->key.item, b->key.size, b->key.source,
								       (int64_t)b->cells.n };
	}
	for (size_t i = 0; i < io->faults.n; i++)
		out->errors.v[out->errors.n++] = (struct grid_import_fault){ io->faults.v[i].row, io->faults.v[i].column,
									     i18n_fail(rq->a, rq->cx.lang, &io->faults.v[i].fail) };
}

static err import_post(struct req *rq)
{
	const struct grid_import_query *q = rq->query;
	struct grid_import io = { .key = { q->item, q->source, q->size.n ? grid_size_of(q->size) : 0 }, .period = q->period,
				  .note = q->note.n ? q->note : kept(q->name) };
	struct grid_import_out out;
	if (!cx_in_region(&rq->cx, S("sense.write"), rq->cx.app->home_region))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", NULL);
	TRY(read_file(rq, &io));
	bool stored = !io.faults.n && !q->check;
	if (stored) {
		struct storing_grid *s = NEW(rq->a, struct storing_grid);
		*s = (struct storing_grid){ rq->cx, &io };
		err e = db_write(rq->cx.app->db, store, s, &rq->cx.fail);
		if (e != ERR_OK) {
			rq->cx.fail = s->cx.fail.code == e ? s->cx.fail : rq->cx.fail;
			return e;
		}
	}
	import_view(rq, &io, stored, &out);
	return reply_json(rq, &out);
}

/* ---- made of stations ---- */

#define FILL_IN(F, O, L)                                                                           \
	F(STR, period, REQ, .max = 10)                                                             \
	F(STR, item, REQ, .max = 20)                                                               \
	F(ENUM, size, REQ, .options = GRID_SIZES)                                                  \
	F(STR, source, REQ, .max = 20)                                                             \
	F(BOOL, check, OPT)
JSON_STRUCT(grid_fill_in, FILL_IN)
JSON_DEFINE(grid_fill_in, FILL_IN)

/* estimate: by the other stations; why: left out for this reason. */
#define FILL_STATION(F, O, L)                                                                      \
	F(ID, station, REQ)                                                                        \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(F64, value, NUL)                                                                         \
	F(I64, days, REQ)                                                                          \
	F(F64, estimate, NUL)                                                                      \
	F(STR, why, NUL, .max = 300)
JSON_STRUCT(grid_fill_station, FILL_STATION)
JSON_DEFINE(grid_fill_station, FILL_STATION)

/* rmse, mae, bias: of estimates with each station left out, over n of them. */
#define FILL_OUT(F, O, L)                                                                          \
	F(STR, period, REQ)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	F(STR, source, REQ)                                                                        \
	F(STR, method, REQ)                                                                        \
	F(F64, power, REQ)                                                                         \
	F(F64, radius_m, REQ)                                                                      \
	F(I64, least, REQ)                                                                         \
	F(I64, days_needed, REQ)                                                                   \
	F(I64, cells, REQ)                                                                         \
	F(BOOL, stored, REQ)                                                                       \
	F(I64, n, REQ)                                                                             \
	F(F64, rmse, NUL)                                                                          \
	F(F64, mae, NUL)                                                                           \
	F(F64, bias, NUL)                                                                          \
	L(grid_fill_station, stations, REQ, .max = 5000)
JSON_STRUCT(grid_fill_out, FILL_OUT)
JSON_DEFINE(grid_fill_out, FILL_OUT)

struct storing_fill {
	struct ctx cx;
	const struct grid_fill *f;
};

static err store_fill(struct db_conn *c, void *arg)
{
	struct storing_fill *s = arg;
	int64_t id;
	s->cx.c = c;
	s->cx.fail = (struct fail){ 0 };
	return grid_fill_store(&s->cx, s->f, &id);
}

static err make_fill(struct req *rq, const struct grid_fill_in *in, struct grid_fill *ret)
{
	struct ctx cx = rq->cx;
	struct grid_key key = { in->item, in->source, grid_size_of(in->size) };
	struct period p;
	if (!period_parse(in->period, &p))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/period", "err.grid.period");
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = grid_fill_make(&cx, &key, p, ret);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
}

static void fill_view(struct req *rq, const struct grid_fill_in *in, const struct grid_fill *f, bool stored, struct grid_fill_out *out)
{
	*out = (struct grid_fill_out){ .period = in->period, .item = in->item, .size = f->batch.key.size, .source = in->source, .method = f->batch.method,
				       .power = f->rule.power, .radius_m = f->rule.radius, .least = (int64_t)f->rule.least, .days_needed = f->days_needed,
				       .cells = (int64_t)f->batch.cells.n, .stored = stored, .n = (int64_t)f->errors.n, .rmse = f->errors.rmse,
				       .mae = f->errors.mae, .bias = f->errors.bias };
	out->stations.v = NEW_N(rq->a, struct grid_fill_station, f->stations.n + 1);
	for (; out->stations.n < f->stations.n; out->stations.n++) {
		const struct fill_station *s = &f->stations.v[out->stations.n];
		str why = s->why ? i18n_say(rq->a, rq->cx.lang, s->why, "days", arena_printf(rq->a, "%lld", (long long)s->days).p, "needed",
					    arena_printf(rq->a, "%lld", (long long)f->days_needed).p, NULL) : (str){ 0 };
		out->stations.v[out->stations.n] = (struct grid_fill_station){ s->id, s->name, s->name_en, s->value, s->days, s->estimate, why };
	}
}

static err fill_post(struct req *rq)
{
	const struct grid_fill_in *in = rq->body;
	struct grid_fill f;
	struct grid_fill_out out;
	if (!cx_in_region(&rq->cx, S("sense.write"), rq->cx.app->home_region))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", NULL);
	TRY(make_fill(rq, in, &f));
	bool stored = !in->check && f.batch.cells.n > 0;
	if (stored) {
		struct storing_fill *s = NEW(rq->a, struct storing_fill);
		*s = (struct storing_fill){ rq->cx, &f };
		err e = db_write(rq->cx.app->db, store_fill, s, &rq->cx.fail);
		if (e != ERR_OK) {
			rq->cx.fail = s->cx.fail.code == e ? s->cx.fail : rq->cx.fail;
			return e;
		}
	}
	fill_view(rq, in, &f, stored, &out);
	return reply_json(rq, &out);
}

const struct route hotspot_in_routes[] = {
	{ "POST", "/api/grids/import", import_post, UPLOAD, "sense.write", NULL, grid_import_out_json,
	  "Values of cells from CSV or a workbook, all or none", grid_import_query_json },
	{ "POST", "/api/grids/fill", fill_post, SLOW, "sense.write", grid_fill_in_json, grid_fill_out_json,
	  "Cells from the stations of a source by inverse distance, with the error of leaving each station out" },
	{ 0 },
};
