/* POST /api/stations/import: readings from a workbook or CSV. */
#include "core/grant.h"
#include "core/views.h"
#include "sense/derive.h"
#include "sense/reading_sheet.h"
#include "sense/routes.h"
#include "sys/file.h"

enum { SHEET_BYTES = 64 << 20 };

#define SHEET_QUERY(F, O, L)                                                                       \
	F(ID, station, OPT)                                                                        \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, kind, OPT, .max = 20)                                                               \
	F(STR, map, OPT, .max = 4000)                                                              \
	F(BOOL, skip_unknown, OPT)                                                                 \
	F(STR, name, OPT, .max = 200)                                                              \
	F(STR, reason, OPT, .max = 500)                                                            \
	F(BOOL, check, OPT)
JSON_STRUCT(reading_sheet_query, SHEET_QUERY)
JSON_DEFINE(reading_sheet_query, SHEET_QUERY)

/* map: how the columns are read; ignored: titles that nothing was read from; found: readings in the file, of which those below were
 * stored. With check a file whose titles are all unknown is no fault: they stand under ignored, to be named. */
#define SHEET_OUT(F, O, L)                                                                         \
	F(I64, rows, REQ)                                                                          \
	F(I64, skipped, REQ)                                                                       \
	F(I64, missing, REQ)                                                                       \
	F(STR, map, REQ, .max = 8000)                                                              \
	F(BOOL, remembered, REQ)                                                                   \
	F(STR, ignored, REQ, .max = 8000)                                                          \
	F(I64, found, REQ)                                                                         \
	READINGS_TAKEN(F)
JSON_STRUCT(reading_sheet_out, SHEET_OUT)
JSON_DEFINE(reading_sheet_out, SHEET_OUT)

struct remember {
	struct ctx cx;
	const struct reading_sheet *s;
};

static err remember(struct db_conn *c, void *arg)
{
	struct remember *r = arg;
	r->cx.c = c;
	return reading_sheet_remember(&r->cx, r->s);
}

static err read_upload(struct req *rq, struct reading_sheet *s)
{
	struct ctx *cx = &rq->cx;
	str bytes;
	TRY(file_read(rq->a, rq->upload.path, SHEET_BYTES, &bytes, &cx->fail));
	TRY(db_read_begin(cx->app->db, &cx->c, &cx->fail));
	err e = reading_sheet_read(cx, bytes, s);
	db_read_end(cx->app->db, cx->c);
	cx->c = NULL;
	return e;
}

static err reply_sheet(struct req *rq, const struct reading_sheet *s, const struct series_put *put, const struct derive_count *d)
{
	const struct reading_sheet_out out = { s->rows, s->skipped, s->missing, s->used, s->remembered, s->ignored,
					       (int64_t)reading_batch_size(s->batch), put->packets, put->readings,
					       put->readings - put->same - put->better - put->worse, put->same, put->better, put->worse,
					       put->late, d->hours, d->days, d->changed };
	return reply_json(rq, &out);
}

static err import_post(struct req *rq)
{
	const struct reading_sheet_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct reading_sheet s = { .station = q->station == JSON_NONE ? 0 : q->station, .region = q->region == JSON_NONE ? 0 : q->region,
				   .kind = q->kind, .map = q->map, .skip_unknown = q->skip_unknown, .look = q->check };
	struct series_put put = { 0 };
	struct derive_count d = { 0 };
	TRY(read_upload(rq, &s));
	if (q->check) /* what would be read, and how; nothing is stored */
		return reply_sheet(rq, &s, &put, &d);
	TRY(reading_batch_put(s.batch, &put, &cx->fail));
	TRY(reading_brought(cx, s.batch, &put, &(struct reading_brought){ "file", view_str(q->name), view_str(str_trim(q->reason)) }));
	struct remember r = { *cx, &s };
	TRY(db_write(cx->app->db, remember, &r, &cx->fail));
	TRY(derive_due(cx->app->derive, &d, &cx->fail));
	return reply_sheet(rq, &s, &put, &d);
}

const struct route reading_sheet_routes[] = {
	{ "POST", "/api/stations/import", import_post, UPLOAD, "sense.write", NULL, reading_sheet_out_json,
	  "Readings from a workbook or CSV, all or none; map names columns and is remembered for files of the same titles", reading_sheet_query_json },
	{ 0 },
};
