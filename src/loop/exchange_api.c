/* Routes of exchange tables: what a specification says, companies, rows, in and out. */
#include <stdio.h>
#include <unistd.h>

#include "core/app.h"
#include "core/region.h"
#include "core/session.h"
#include "core/views.h"
#include "loop/exchange_run.h"
#include "loop/routes.h"
#include "sys/file.h"

#define CODE_OUT(F, O, L)                                                                                    \
	F(STR, value, REQ)                                                                                   \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)
JSON_STRUCT(exchange_code_out, CODE_OUT)
JSON_DEFINE(exchange_code_out, CODE_OUT)

#define FIELD_OUT(F, O, L)                                                                                   \
	F(STR, name, REQ)                                                                                    \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, type, REQ)                                                                                    \
	F(BOOL, required, REQ)                                                                               \
	F(I64, max, REQ)                                                                                     \
	L(exchange_code_out, codes, REQ)                                                                     \
	F(STR, certainty, REQ)
JSON_STRUCT(exchange_field_out, FIELD_OUT)
JSON_DEFINE(exchange_field_out, FIELD_OUT)

#define TABLE_OUT(F, O, L)                                                                                   \
	F(STR, id, REQ)                                                                                      \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, parent, NUL)                                                                                  \
	L(exchange_field_out, fields, REQ)
JSON_STRUCT(exchange_table_out, TABLE_OUT)
JSON_DEFINE(exchange_table_out, TABLE_OUT)

#define SPEC_OUT(F, O, L)                                                                                    \
	F(STR, id, REQ)                                                                                      \
	F(STR, edition, REQ)                                                                                 \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, certainty, REQ)                                                                               \
	L(exchange_table_out, tables, REQ)
JSON_STRUCT(exchange_spec_out, SPEC_OUT)
JSON_DEFINE(exchange_spec_out, SPEC_OUT)

#define COUNT_OUT(F, O, L)                                                                                   \
	F(STR, table, REQ)                                                                                   \
	F(I64, n, REQ)
JSON_STRUCT(exchange_count_out, COUNT_OUT)
JSON_DEFINE(exchange_count_out, COUNT_OUT)

#define COMPANY_OUT(F, O, L)                                                                                 \
	F(STR, region, REQ, .format = "region")                                                              \
	F(STR, code, REQ)                                                                                    \
	F(STR, credit_code, REQ)                                                                             \
	F(STR, name, REQ)                                                                                    \
	F(ID, org, NUL)                                                                                      \
	F(STR, org_name, REQ)                                                                                \
	F(I64, updated_ms, REQ)                                                                              \
	L(exchange_count_out, rows, REQ)
JSON_STRUCT(exchange_company_out, COMPANY_OUT)
JSON_DEFINE(exchange_company_out, COMPANY_OUT)

#define COMPANY_LIST(F, O, L)                                                                                \
	L(exchange_company_out, items, REQ)                                                                  \
	F(STR, next, NUL)
JSON_STRUCT(exchange_company_list, COMPANY_LIST)
JSON_DEFINE(exchange_company_list, COMPANY_LIST)

#define COMPANY_QUERY(F, O, L)                                                                               \
	F(STR, after, OPT, .max = 20)                                                                        \
	F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(exchange_company_query, COMPANY_QUERY)
JSON_DEFINE(exchange_company_query, COMPANY_QUERY)

#define ROW_OUT(F, O, L)                                                                                     \
	F(STR, id, REQ)                                                                                      \
	F(STR, parent, NUL)                                                                                  \
	F(BOOL, deleted, REQ)                                                                                \
	F(RAW, values, REQ)                                                                                  \
	F(ID, matter, NUL)                                                                                   \
	F(STR, state, NUL)
JSON_STRUCT(exchange_row_out, ROW_OUT)
JSON_DEFINE(exchange_row_out, ROW_OUT)

#define ROW_LIST(F, O, L)                                                                                    \
	L(exchange_row_out, items, REQ)                                                                      \
	F(STR, next, NUL)
JSON_STRUCT(exchange_row_list, ROW_LIST)
JSON_DEFINE(exchange_row_list, ROW_LIST)

#define ROW_QUERY(F, O, L)                                                                                   \
	F(STR, company, REQ, .max = 20)                                                                      \
	F(STR, table, REQ, .max = 40)                                                                        \
	F(STR, after, OPT, .max = 40)                                                                        \
	F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(exchange_row_query, ROW_QUERY)
JSON_DEFINE(exchange_row_query, ROW_QUERY)

#define EXPORT_QUERY(F, O, L)                                                                                \
	F(STR, company, REQ, .max = 20)                                                                      \
	F(ENUM, format, OPT, .options = "json|xlsx|csv")                                                     \
	F(STR, table, OPT, .max = 40)
JSON_STRUCT(exchange_export_query, EXPORT_QUERY)
JSON_DEFINE(exchange_export_query, EXPORT_QUERY)

/* Of a company that is new: where it is, whose it is; `matters` false keeps dangers apart from matters. */
#define IMPORT_QUERY(F, O, L)                                                                                \
	F(BOOL, check, OPT)                                                                                  \
	F(STR, table, OPT, .max = 40)                                                                        \
	F(STR, region, OPT, .max = 12)                                                                       \
	F(ID, org, OPT)                                                                                      \
	F(STR, name, OPT, .max = 200)                                                                        \
	F(STR, credit_code, OPT, .max = 18)                                                                  \
	F(ENUM, matters, OPT, .options = "yes|no")
JSON_STRUCT(exchange_import_query, IMPORT_QUERY)
JSON_DEFINE(exchange_import_query, IMPORT_QUERY)

#define ERROR_OUT(F, O, L)                                                                                   \
	F(STR, table, REQ)                                                                                   \
	F(I64, row, REQ)                                                                                     \
	F(STR, cell, REQ)                                                                                    \
	F(STR, field, REQ)                                                                                   \
	F(STR, message, REQ, .max = 2000)
JSON_STRUCT(exchange_error_out, ERROR_OUT)
JSON_DEFINE(exchange_error_out, ERROR_OUT)

#define IMPORT_OUT(F, O, L)                                                                                  \
	F(STR, company, REQ)                                                                                 \
	F(I64, rows, REQ)                                                                                    \
	F(I64, created, REQ)                                                                                 \
	F(I64, updated, REQ)                                                                                 \
	F(I64, unchanged, REQ)                                                                               \
	F(I64, matters, REQ)                                                                                 \
	F(I64, photos, REQ)                                                                                  \
	L(exchange_error_out, errors, REQ)
JSON_STRUCT(exchange_import_out, IMPORT_OUT)
JSON_DEFINE(exchange_import_out, IMPORT_OUT)

/* ---- the specification ---- */

static void view_codes(struct arena *a, const struct exchange_spec *s, str list, struct exchange_field_out *out)
{
	out->codes.v = NEW_N(a, struct exchange_code_out, s->ncodes + 1);
	for (size_t i = 0; i < s->ncodes; i++)
		if (list.n && str_eq(s->codes[i].list, list))
			out->codes.v[out->codes.n++] =
			    (struct exchange_code_out){ s->codes[i].value, s->codes[i].zh, s->codes[i].en };
}

static err spec_get(struct req *rq)
{
	struct exchange_spec s;
	TRY(exchange_spec_read(&rq->cx, rq_param(rq, "spec"), &s));
	struct exchange_spec_out out = { .id = s.id, .edition = s.edition, .zh = s.zh, .en = s.en, .certainty = s.certainty };
	out.tables.v = NEW_N(rq->a, struct exchange_table_out, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		const struct exchange_table *t = &s.tables[i];
		struct exchange_table_out *o = &out.tables.v[out.tables.n++];
		*o = (struct exchange_table_out){ .id = t->id, .zh = t->zh, .en = t->en,
						  .parent = t->parent.n ? t->parent : (str){ NULL, 0 } };
		o->fields.v = NEW_N(rq->a, struct exchange_field_out, t->n + 1);
		for (size_t k = 0; k < t->n; k++) {
			const struct exchange_field *f = &t->fields[k];
			struct exchange_field_out *fo = &o->fields.v[o->fields.n++];
			*fo = (struct exchange_field_out){ .name = f->name, .zh = f->zh, .en = f->en,
							   .type = str_of(exchange_type_name(f->type)), .required = f->required,
							   .max = (int64_t)f->max, .certainty = f->certainty };
			view_codes(rq->a, &s, f->codes, fo);
		}
	}
	return reply_json(rq, &out);
}

/* ---- companies and rows ---- */

static err view_company(struct ctx *cx, str spec, const struct exchange_companies_row *c, struct exchange_company_out *o)
{
	struct exchange_counts_rows n;
	TRY(exchange_counts(cx->c, cx->a, &(struct exchange_counts_params){ c->region, spec, c->code }, &n));
	*o = (struct exchange_company_out){ .region = arena_printf(cx->a, "%012lld", (long long)c->region), .code = c->code,
					    .credit_code = c->credit_code, .name = c->name, .org = c->org ? c->org : JSON_NONE,
					    .org_name = view_str(c->org_name), .updated_ms = c->updated_ms };
	o->rows.v = NEW_N(cx->a, struct exchange_count_out, n.n + 1);
	for (size_t i = 0; i < n.n; i++)
		o->rows.v[o->rows.n++] = (struct exchange_count_out){ n.v[i].tbl, n.v[i].n };
	return ERR_OK;
}

static struct exchange_company_get_row as_company(const struct exchange_companies_row *c)
{
	return (struct exchange_company_get_row){ .region = c->region, .code = c->code, .credit_code = c->credit_code,
						  .name = c->name, .org = c->org, .sectors = c->sectors };
}

/* Pages by code until the page is full of what the caller may see. */
static err companies(struct req *rq)
{
	const struct exchange_company_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct exchange_spec s;
	struct exchange_companies_rows rows;
	struct exchange_company_list out = { 0 };
	size_t limit = (size_t)page_limit(q->limit);
	str after = view_str(q->after);
	TRY(exchange_spec_read(cx, rq_param(rq, "spec"), &s));
	out.items.v = NEW_N(rq->a, struct exchange_company_out, limit + 1);
	do {
		TRY(exchange_companies(cx->c, rq->a, &(struct exchange_companies_params){ s.id, after, 200 }, &rows));
		for (size_t i = 0; i < rows.n && out.items.n < limit; i++) {
			struct exchange_company_get_row c = as_company(&rows.v[i]);
			after = c.code;
			if (exchange_may(cx, S("matter.read"), &c))
				TRY(view_company(cx, s.id, &rows.v[i], &out.items.v[out.items.n++]));
		}
	} while (rows.n == 200 && out.items.n < limit);
	if (out.items.n == limit)
		out.next = after;
	return reply_json(rq, &out);
}

static err company_of(struct ctx *cx, const struct exchange_spec *s, str code, struct exchange_company_get_row *ret)
{
	err e = exchange_company_get(cx->c, cx->a, &(struct exchange_company_get_params){ s->id, code }, ret);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && !exchange_may(cx, S("matter.read"), ret)))
		return FAIL(&cx->fail, NOT_FOUND, "?company", NULL);
	return e;
}

static err rows_get_page(struct req *rq)
{
	const struct exchange_row_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct exchange_spec s;
	struct exchange_company_get_row c;
	struct exchange_rows_rows rows;
	struct exchange_row_list out = { 0 };
	int64_t limit = page_limit(q->limit);
	TRY(exchange_spec_read(cx, rq_param(rq, "spec"), &s));
	TRY(company_of(cx, &s, q->company, &c));
	const struct exchange_table *t = exchange_table_find(&s, q->table);
	if (!t)
		return FAIL(&cx->fail, BAD_FIELD, "?table", "err.exchange.table", "name", arena_cstr(rq->a, q->table));
	TRY(exchange_rows(cx->c, rq->a, &(struct exchange_rows_params){ c.region, s.id, c.code, t->id, view_str(q->after), limit }, &rows));
	out.items.v = NEW_N(rq->a, struct exchange_row_out, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct exchange_rows_row *r = &rows.v[i];
		out.items.v[out.items.n++] = (struct exchange_row_out){ r->id, r->parent.n ? r->parent : (str){ NULL, 0 },
			r->deleted != 0, exchange_minimal(rq->a, t, r->body), r->matter ? r->matter : JSON_NONE, r->matter ? r->state : (str){ NULL, 0 } };
	}
	if ((int64_t)rows.n == limit)
		out.next = rows.v[rows.n - 1].id;
	return reply_json(rq, &out);
}

/* ---- out ---- */

struct export_job {
	const char *path;
	str name;
	enum exchange_format format;
};

static err export_read(struct req *rq, void *arg)
{
	struct export_job *j = arg;
	const struct exchange_export_query *q = rq->query;
	struct exchange_spec s;
	struct exchange_company_get_row c;
	TRY(exchange_spec_read(&rq->cx, rq_param(rq, "spec"), &s));
	TRY(company_of(&rq->cx, &s, q->company, &c));
	j->name = arena_printf(rq->a, STR_FMT "-" STR_FMT "%s" STR_FMT, STR_ARG(s.id), STR_ARG(c.code), q->table.n ? "-" : "",
			       STR_ARG(q->table));
	return exchange_write(&rq->cx, &s, &c, j->format, view_str(q->table), j->path);
}

static err export(struct req *rq)
{
	static const char *const types[] = { "application/json",
					     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv" };
	static const char *const ends[] = { "json", "xlsx", "csv" };
	const struct exchange_export_query *q = rq->query;
	struct export_job j = { .format = EXCHANGE_JSON };
	for (int i = 0; i < 3; i++)
		if (str_eq(q->format, str_of(ends[i])))
			j.format = (enum exchange_format)i;
	j.path = arena_printf(rq->a, "%s/tmp/exchange-%lld", rq->cx.app->data_dir, (long long)new_id(&rq->cx)).p;
	err e = session_read(rq, export_read, &j);
	if (e != ERR_OK) {
		(void)unlink(j.path);
		return e;
	}
	return reply_file(rq, types[j.format], arena_printf(rq->a, STR_FMT ".%s", STR_ARG(j.name), ends[j.format]), j.path, true);
}

/* ---- in ---- */

static err region_of(struct req *rq, str text, int64_t *ret)
{
	*ret = 0;
	if (!text.n || (str_to_i64(text, ret) && region_valid(*ret)))
		return ERR_OK;
	return FAIL(&rq->cx.fail, BAD_FIELD, "?region", "err.region_unknown", "code", arena_cstr(rq->a, text));
}

static err import(struct req *rq)
{
	const struct exchange_import_query *q = rq->query;
	struct exchange_run how = { .spec = rq_param(rq, "spec"), .table = view_str(q->table), .name = q->name,
				    .credit_code = q->credit_code, .org = q->org == JSON_NONE ? 0 : q->org,
				    .matters = !str_eq(q->matters, S("no")), .check = q->check };
	struct exchange_import im;
	str bytes;
	TRY(region_of(rq, q->region, &how.region));
	TRY(file_read(rq->a, rq->upload.path, EXCHANGE_BYTES, &bytes, &rq->cx.fail));
	TRY(exchange_run(&rq->cx, &how, bytes, &im));
	struct exchange_import_out out = { .company = im.in->company.code, .rows = (int64_t)im.in->n };
	bool kept = !im.in->nerrors;
	if (kept) {
		out.created = im.created;
		out.updated = im.updated;
		out.unchanged = im.unchanged;
		out.matters = im.linked;
		out.photos = im.photos;
	}
	out.errors.v = NEW_N(rq->a, struct exchange_error_out, im.in->nerrors + 1);
	for (size_t i = 0; i < im.in->nerrors; i++) {
		const struct exchange_error *e = &im.in->errors[i];
		out.errors.v[out.errors.n++] = (struct exchange_error_out){ e->table, e->row, e->cell, e->field, e->message };
	}
	return reply_json(rq, &out);
}

const struct route exchange_routes[] = {
	{ "GET", "/api/exchange/{spec}", spec_get, READ, "matter.read", NULL, exchange_spec_out_json,
	  "Tables, fields and codes of a specification", NULL },
	{ "GET", "/api/exchange/{spec}/companies", companies, READ, "matter.read", NULL, exchange_company_list_json,
	  "Companies with exchange tables", exchange_company_query_json },
	{ "GET", "/api/exchange/{spec}/rows", rows_get_page, READ, "matter.read", NULL, exchange_row_list_json,
	  "Rows of one table of a company", exchange_row_query_json },
	{ "GET", "/api/exchange/{spec}/export", export, SLOW, "matter.read", NULL, NULL,
	  "A company's tables as JSON, workbook or CSV", exchange_export_query_json },
	{ "POST", "/api/exchange/{spec}/import", import, UPLOAD, "matter.read", NULL, exchange_import_out_json,
	  "Take tables in, all rows or none", exchange_import_query_json },
	{ 0 },
};
