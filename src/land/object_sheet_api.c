/* Routes: objects as files, out and in. */
#include <unistd.h>

#include "core/i18n.h"
#include "land/object_sheet.h"
#include "land/routes.h"
#include "sys/file.h"

enum { IMPORT_BYTES = 64 << 20 };

#define OBJECT_EXPORT_QUERY(F, O, L) OBJECT_FILTERS(F, O, L)
JSON_STRUCT(object_export_query, OBJECT_EXPORT_QUERY)
JSON_DEFINE(object_export_query, OBJECT_EXPORT_QUERY)

static const struct {
	const char *ext, *type;
} formats[] = {
	[OBJECTS_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	[OBJECTS_CSV] = { "csv", "text/csv; charset=utf-8" },
	[OBJECTS_GEOJSON] = { "geojson", "application/geo+json" },
};

static struct object_query filters_of(const struct object_export_query *q)
{
	struct object_query out = { .after = JSON_NONE, .limit = JSON_NONE };
#define COPY_F(kind, name, ...) out.name = q->name;
	OBJECT_FILTERS(COPY_F, COPY_F, COPY_F)
#undef COPY_F
	return out;
}

static err write_file(struct req *rq, enum object_format format, const char *path)
{
	struct ctx cx = rq->cx;
	struct object_list_params p;
	struct object_query q = filters_of(rq->query);
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = object_filter_of(&cx, &q, &p);
	if (e == ERR_OK)
		e = objects_export(&cx, &p, format, path);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
}

static err export_as(struct req *rq, enum object_format format)
{
	char day[11];
	const char *path = arena_printf(rq->a, "%s/tmp/objects-%lld.%s", rq->cx.app->data_dir, (long long)new_id(&rq->cx),
					formats[format].ext).p;
	date_format(china_day(rq->cx.now_ms), day);
	err e = write_file(rq, format, path);
	if (e != ERR_OK) {
		(void)unlink(path);
		return e;
	}
	return reply_file(rq, formats[format].type, arena_printf(rq->a, "objects-%s.%s", day, formats[format].ext), path, true);
}

static err export_xlsx(struct req *rq)
{
	return export_as(rq, OBJECTS_XLSX);
}

static err export_csv(struct req *rq)
{
	return export_as(rq, OBJECTS_CSV);
}

static err export_geojson(struct req *rq)
{
	return export_as(rq, OBJECTS_GEOJSON);
}

/* ---- in ---- */

#define OBJECT_IMPORT_QUERY(F, O, L)                                                               \
	F(STR, name, OPT, .max = 200)                                                              \
	F(STR, type, OPT, .max = 60)                                                               \
	F(ENUM, crs, OPT, .options = PLACE_CRS)                                                    \
	F(BOOL, check, OPT)
JSON_STRUCT(object_import_query, OBJECT_IMPORT_QUERY)
JSON_DEFINE(object_import_query, OBJECT_IMPORT_QUERY)

#define OBJECT_IMPORT_ERROR(F, O, L)                                                               \
	F(STR, cell, REQ)                                                                          \
	F(I64, row, REQ)                                                                           \
	F(STR, pointer, REQ)                                                                       \
	F(STR, message, REQ, .max = 1000)
JSON_STRUCT(object_import_fault, OBJECT_IMPORT_ERROR)
JSON_DEFINE(object_import_fault, OBJECT_IMPORT_ERROR)

/* rows = ok + those with errors; of an import with errors nothing is kept. converted: places that were moved from the
 * shifted system converted_from. */
#define OBJECT_IMPORT_OUT(F, O, L)                                                                 \
	F(I64, rows, REQ)                                                                          \
	F(I64, ok, REQ)                                                                            \
	F(I64, created, REQ)                                                                       \
	F(I64, changed, REQ)                                                                       \
	F(I64, same, REQ)                                                                          \
	F(I64, converted, REQ)                                                                     \
	F(STR, converted_from, NUL)                                                                \
	F(BOOL, stored, REQ)                                                                       \
	L(object_import_fault, errors, REQ)
JSON_STRUCT(object_import_out, OBJECT_IMPORT_OUT)
JSON_DEFINE(object_import_out, OBJECT_IMPORT_OUT)

static err read_upload(struct req *rq, struct object_import *io)
{
	struct ctx cx = rq->cx;
	str bytes;
	TRY(file_read(rq->a, rq->upload.path, IMPORT_BYTES, &bytes, &rq->cx.fail));
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = objects_read(&cx, bytes, io);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
}

static str message_of(struct req *rq, const struct object_import_error *e)
{
	const char *cell = arena_cstr(rq->a, e->cell);
	if (e->key)
		return i18n_say(rq->a, rq->cx.lang, e->key, "cell", cell, "name", arena_cstr(rq->a, e->name), NULL);
	return arena_printf(rq->a, "%s%s" STR_FMT, cell, str_starts(rq->cx.lang, S("en")) ? ": " : "：",
			    STR_ARG(i18n_fail(rq->a, rq->cx.lang, &e->fail)));
}

static void faults_of(struct req *rq, const struct object_import *io, struct object_import_out *out)
{
	out->errors.v = NEW_N(rq->a, struct object_import_fault, io->nerrors + 1);
	for (; out->errors.n < io->nerrors; out->errors.n++) {
		const struct object_import_error *e = &io->errors[out->errors.n];
		out->errors.v[out->errors.n] =
		    (struct object_import_fault){ e->cell, e->row, arena_printf(rq->a, "/rows/%lld", (long long)e->row),
						  message_of(rq, e) };
	}
}

static err import_post(struct req *rq)
{
	const struct object_import_query *q = rq->query;
	struct object_import io = { .type = q->type, .check = q->check };
	struct object_import_out out = { 0 };
	if (q->crs.n && !crs_parse(q->crs, &io.crs))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?crs", NULL);
	TRY(read_upload(rq, &io));
	if (!io.nerrors && io.n)
		TRY(objects_store(&rq->cx, &io));
	bool shifted = io.crs == CRS_GCJ02 || io.crs == CRS_BD09;
	out.rows = (int64_t)io.n;
	out.ok = out.rows - io.bad_rows;
	out.created = io.created;
	out.changed = io.changed;
	out.same = io.same;
	out.converted = io.converted;
	out.converted_from = shifted ? str_of(crs_name(io.crs)) : (str){ 0 };
	out.stored = !io.nerrors && !io.check;
	faults_of(rq, &io, &out);
	return reply_json(rq, &out);
}

const struct route object_sheet_routes[] = {
	{ "GET", "/api/objects/export.xlsx", export_xlsx, SLOW, "object.read", NULL, NULL, "Objects as a workbook", object_export_query_json },
	{ "GET", "/api/objects/export.csv", export_csv, SLOW, "object.read", NULL, NULL, "Objects as CSV", object_export_query_json },
	{ "GET", "/api/objects/export.geojson", export_geojson, SLOW, "object.read", NULL, NULL, "Objects as GeoJSON",
	  object_export_query_json },
	{ "POST", "/api/objects/import", import_post, UPLOAD, "object.write", NULL, object_import_out_json,
	  "Objects from a workbook, CSV or GeoJSON, all or none; known numbers are changed", object_import_query_json },
	{ 0 },
};
