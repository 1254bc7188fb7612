/* Routes: the ledger as a workbook, out and in. */
#include <stdio.h>
#include <unistd.h>

#include "core/app.h"
#include "core/i18n.h"
#include "loop/matter_sheet.h"
#include "loop/routes.h"
#include "sys/file.h"

/* ---- which there are ---- */

#define SHEET_COLUMN_OUT(F, O, L)                                                                            \
	F(STR, field, REQ)                                                                                   \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, group_zh, REQ)                                                                                \
	F(STR, group_en, REQ)                                                                                \
	F(BOOL, required, REQ)
JSON_STRUCT(sheet_column_out, SHEET_COLUMN_OUT)
JSON_DEFINE(sheet_column_out, SHEET_COLUMN_OUT)

#define SHEET_OUT(F, O, L)                                                                                   \
	F(STR, id, REQ)                                                                                      \
	F(STR, kind, REQ)                                                                                    \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	L(sheet_column_out, columns, REQ)
JSON_STRUCT(sheet_out, SHEET_OUT)
JSON_DEFINE(sheet_out, SHEET_OUT)

#define SHEET_LIST(F, O, L) L(sheet_out, items, REQ)
JSON_STRUCT(sheet_list, SHEET_LIST)
JSON_DEFINE(sheet_list, SHEET_LIST)

static err list_sheets(struct req *rq)
{
	struct sheet_def *v;
	size_t n;
	struct sheet_list out = { 0 };
	TRY(sheet_defs(&rq->cx, &v, &n));
	out.items.v = NEW_N(rq->a, struct sheet_out, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct sheet_out *o = &out.items.v[out.items.n++];
		*o = (struct sheet_out){ .id = v[i].id, .kind = v[i].kind, .zh = v[i].zh, .en = v[i].en };
		o->columns.v = NEW_N(rq->a, struct sheet_column_out, v[i].n + 1);
		for (size_t k = 0; k < v[i].n; k++) {
			const struct sheet_column *c = &v[i].v[k];
			o->columns.v[o->columns.n++] = (struct sheet_column_out){ str_of(sheet_field_name(c->field)), c->zh, c->en,
										 c->group_zh, c->group_en, c->required };
		}
	}
	return reply_json(rq, &out);
}

/* ---- out ---- */

#define EXPORT_QUERY(F, O, L)                                                                                \
	MATTER_QUERY_FIELDS(F, O, L)                                                                         \
	F(STR, columns, OPT, .max = 400)                                                                     \
	F(STR, sheet, OPT, .max = 40)
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
		e = sheet_export(&cx, &f, q->sheet, q->columns, path);
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
	F(BOOL, check, OPT)                                                                                  \
	F(STR, kind, OPT, .max = 40)                                                                         \
	F(STR, sheet, OPT, .max = 40)
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

static str message_of(struct req *rq, const struct sheet_error *e)
{
	if (!e->key)
		return i18n_fail(rq->a, rq->cx.lang, &e->fail);
	return i18n_say(rq->a, rq->cx.lang, e->key, "cell", arena_cstr(rq->a, e->cell), "name",
			arena_cstr(rq->a, e->name), "max", "5000", NULL);
}

static err read_book(struct req *rq, struct sheet *ret)
{
	const struct import_query *q = rq->query;
	struct ctx cx = rq->cx;
	str bytes;
	TRY(file_read(rq->a, rq->upload.path, IMPORT_BYTES, &bytes, &rq->cx.fail));
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = sheet_read(&cx, bytes, q->sheet, q->kind, ret);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
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
		TRY(sheet_create(&rq->cx, &sheet, q->check, &out.created));
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
	{ "GET", "/api/sheets", list_sheets, READ, "matter.read", NULL, sheet_list_json, "Ledgers and their columns", NULL },
	{ "GET", "/api/matters/export.xlsx", export_sheet, SLOW, "matter.read", NULL, NULL,
	  "The filtered ledger as a workbook", export_query_json },
	{ "POST", "/api/matters/import", import_sheet, UPLOAD, "matter.create", NULL, import_out_json,
	  "Make matters from a workbook, all or none", import_query_json },
	{ 0 },
};
