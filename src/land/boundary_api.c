/* /api/boundaries: the lines of regions, brought in from GeoJSON. */
#include "core/org.h"
#include "land/boundary.h"
#include "land/routes.h"
#include "sys/file.h"

enum { FILE_MAX = 64 << 20 };

#define BOUNDARY_QUERY(F, O, L)                                                                    \
	F(STR, name, OPT, .max = 200)                                                              \
	F(ENUM, crs, OPT, .options = PLACE_CRS)                                                    \
	F(I64, accuracy_m, OPT, .min = 0, .max = 5000)                                             \
	F(STR, source, REQ, .max = 300)                                                            \
	F(BOOL, skip_unknown, OPT)                                                                 \
	F(BOOL, check, OPT)
JSON_STRUCT(boundary_query, BOUNDARY_QUERY)
JSON_DEFINE(boundary_query, BOUNDARY_QUERY)

#define BOUNDARY_OUT(F, O, L)                                                                      \
	F(I64, regions, REQ)                                                                       \
	F(I64, mended, REQ)                                                                        \
	F(STRS, skipped, REQ, .max = 5000)                                                         \
	F(BOOL, stored, REQ)                                                                       \
	F(STR, converted_from, NUL)
JSON_STRUCT(boundary_out, BOUNDARY_OUT)
JSON_DEFINE(boundary_out, BOUNDARY_OUT)

struct storing {
	struct ctx cx;
	const struct boundary_file *file;
	bool check;
	struct boundary_result done;
};

/* With check everything is done and then taken back. */
static err store(struct db_conn *c, void *arg)
{
	struct storing *st = arg;
	st->cx.c = c;
	st->cx.fail = (struct fail){ 0 };
	TRY(boundary_put_all(&st->cx, st->file, &st->done));
	return st->check ? ERR_CONFLICT : ERR_OK;
}

static err boundaries_post(struct req *rq)
{
	const struct boundary_query *q = rq->query;
	struct boundary_file file = { .accuracy_m = q->accuracy_m == JSON_NONE ? 0 : (double)q->accuracy_m, .source = q->source,
				      .skip_unknown = q->skip_unknown };
	str bytes;
	if (q->crs.n && !crs_parse(q->crs, &file.crs))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?crs", NULL);
	TRY(file_read(rq->a, rq->upload.path, FILE_MAX, &bytes, &rq->cx.fail));
	TRY(boundary_read(&rq->cx, bytes, &file));
	struct storing *st = NEW(rq->a, struct storing);
	*st = (struct storing){ .cx = rq->cx, .file = &file, .check = q->check };
	err e = db_write(rq->cx.app->db, store, st, &rq->cx.fail);
	if (e != ERR_OK && !(q->check && e == ERR_CONFLICT)) {
		rq->cx.fail = st->cx.fail.code == e ? st->cx.fail : rq->cx.fail;
		return e;
	}
	bool shifted = file.crs == CRS_GCJ02 || file.crs == CRS_BD09;
	return reply_json(rq, &(struct boundary_out){ st->done.regions, file.mended, st->done.skipped, !q->check,
						      shifted ? str_of(crs_name(file.crs)) : (str){ 0 } });
}

const struct route boundary_routes[] = {
	{ "POST", "/api/boundaries", boundaries_post, UPLOAD, "org.write", NULL, boundary_out_json,
	  "Bring in boundaries of regions (GeoJSON, property code or adcode), all or none", boundary_query_json },
	{ 0 },
};
