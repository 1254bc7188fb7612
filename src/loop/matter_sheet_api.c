/* Routes: the ledger as a workbook, out and in. */
#include <stdio.h>
#include <unistd.h>

#include "core/app.h"
#include "core/i18n.h"
#include "loop/matter_sheet.h"
#include "loop/routes.h"
#include "sys/file.h"

/* ---- out ---- */

#define EXPORT_QUERY(F, O, L)                                                                                \
	MATTER_QUERY_FIELDS(F, O, L)                                                                         \
	F(STR, columns, OPT, .max = 400)
JSON_STRUCT(export_query, EXPORT_QUERY)
JSON_DEFINE(export_query, EXPORT_QUERY)

static struct matter_query filters_of(const struct export_query *q)
{
	struct matter_query out = { 0 };
#define COPY_F(kind, name, ...) out.name = q->name;
	MATTER_QUERY_FIELDS(COPY_F, COPY_F, COPY_F)
#undef COPY_F
	return out;
}

static err write_book(struct req *rq, const char *path)
{
	struct ctx cx = rq->cx;
	struct matter_filter f;
	const struct export_query *q = rq->query;
	struct matter_query filters = filters_of(q);
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = matter_filter_of(&cx, &filters, &f);
	if (e == ERR_OK)
		e = sheet_export(&cx, &f, q->columns, path);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
}

static err export_sheet(struct req *rq)
{
	static const char type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	char day[11];
	date_format(china_day(rq->cx.now_ms), day);
	const char *path =
	    arena_printf(rq->a, "%s/tmp/ledger-%lld.xlsx", rq->cx.app->data_dir, (long long)new_id(&rq->cx))
		.p;
	err e = write_book(rq, path);
	if (e != ERR_OK) {
		(void)unlink(path);
		return e;
	}
	return reply_file(rq, type, arena_printf(rq->a, "ledger-%s.xlsx", day), path, true);
}

/* ---- in ---- */

#define IMPORT_QUERY(F, O, L)                                                                                \
	F(STR, name, OPT, .max = 200)                                                                        \
	F(BOOL, check, OPT)
JSON_STRUCT(import_query, IMPORT_QUERY)
JSON_DEFINE(import_query, IMPORT_QUERY)

#define IMPORT_ERROR(F, O, L)                                                                                \
	F(STR, cell, REQ)                                                                                    \
	F(I64, row, REQ)                                                                                     \
	F(STR, pointer, REQ)                                                                                 \
	F(STR, message, REQ, .max = 1000)
JSON_STRUCT(import_error, IMPORT_ERROR)
JSON_DEFINE(import_error, IMPORT_ERROR)

#define IMPORT_OUT(F, O, L)                                                                                  \
	F(I64, rows, REQ)                                                                                    \
	F(I64, ok, REQ)                                                                                      \
	L(import_error, errors, REQ)                                                                         \
	F(IDS, created, REQ, .max = 5000)
JSON_STRUCT(import_out, IMPORT_OUT)
JSON_DEFINE(import_out, IMPORT_OUT)

enum { IMPORT_BYTES = 64 << 20 };

struct import_job {
	struct ctx cx;
	const struct sheet *sheet;
	bool check; /* try it all, keep nothing */
	size_t at;  /* the row at hand */
	struct json_ids created;
};

static err create_rows(struct db_conn *c, void *arg)
{
	struct import_job *j = arg;
	j->cx.c = c;
	j->cx.fail = (struct fail){ 0 };
	j->created.n = 0;
	for (j->at = 0; j->at < j->sheet->n; j->at++)
		TRY(matter_create(&j->cx, &j->sheet->rows[j->at].in, &j->created.v[j->created.n++]));
	return j->check ? ERR_CONFLICT : ERR_OK; /* an error takes everything back */
}

static str message_of(struct req *rq, const struct sheet_error *e)
{
	if (!e->key)
		return i18n_fail(rq->a, rq->cx.lang, &e->fail);
	return i18n_say(rq->a, rq->cx.lang, e->key, "cell", arena_cstr(rq->a, e->cell), "name",
			arena_cstr(rq->a, e->name), "max", "5000", NULL);
}

static err read_book(struct req *rq, struct sheet *ret)
{
	struct ctx cx = rq->cx;
	str bytes;
	TRY(file_read(rq->a, rq->upload.path, IMPORT_BYTES, &bytes, &rq->cx.fail));
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = sheet_read(&cx, bytes, ret);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
}

/* A row that the rules of making refuse is one more error of the table; the store being away is not. */
static err create_all(struct req *rq, struct sheet *sheet, bool check, struct json_ids *ret)
{
	struct import_job *j = NEW(rq->a, struct import_job);
	*j = (struct import_job){ .cx = rq->cx, .sheet = sheet, .check = check };
	j->created.v = NEW_N(rq->a, int64_t, sheet->n + 1);
	err e = db_write(rq->cx.app->db, create_rows, j, &rq->cx.fail);
	if (e == ERR_OK)
		*ret = j->created;
	if (e == ERR_OK || (check && j->at == sheet->n))
		return ERR_OK;
	if (err_status(e) >= 500 || j->at >= sheet->n)
		return e;
	const struct sheet_row *row = &sheet->rows[j->at];
	sheet->errors = NEW(rq->a, struct sheet_error);
	sheet->errors[0] = (struct sheet_error){ row->cell, row->number, NULL, S(""), j->cx.fail };
	sheet->nerrors = 1;
	return ERR_OK;
}

static int64_t bad_rows(const struct sheet *s)
{
	int64_t n = 0;
	for (size_t i = 0; i < s->nerrors; i++)
		n += i == 0 || s->errors[i].row != s->errors[i - 1].row;
	return n;
}

static err import_sheet(struct req *rq)
{
	const struct import_query *q = rq->query;
	struct sheet sheet;
	struct import_out out = { 0 };
	TRY(read_book(rq, &sheet));
	if (!sheet.nerrors && sheet.n)
		TRY(create_all(rq, &sheet, q->check, &out.created));
	if (!out.created.v)
		out.created.v = NEW(rq->a, int64_t);
	out.rows = (int64_t)sheet.n;
	out.ok = out.rows - bad_rows(&sheet);
	out.errors.v = NEW_N(rq->a, struct import_error, sheet.nerrors + 1);
	for (size_t i = 0; i < sheet.nerrors; i++)
		out.errors.v[out.errors.n++] =
		    (struct import_error){ sheet.errors[i].cell, sheet.errors[i].row,
					   arena_printf(rq->a, "/rows/%lld", (long long)sheet.errors[i].row),
					   message_of(rq, &sheet.errors[i]) };
	return reply_json(rq, &out);
}

const struct route matter_sheet_routes[] = {
	{ "GET", "/api/matters/export.xlsx", export_sheet, SLOW, "matter.read", NULL, NULL,
	  "The filtered ledger as a workbook", export_query_json },
	{ "POST", "/api/matters/import", import_sheet, UPLOAD, "matter.create", NULL, import_out_json,
	  "Make matters from a workbook, all or none", import_query_json },
	{ 0 },
};
