/* Exchange of tables with systems of others, by specifications that are data: catalog/exchange/<spec> says which
 * tables there are, their fields, codes and references. Rows are kept as they came; a table of dangers is
 * linked with matters. What goes out can come in again and goes out the same. */
#ifndef BH_LOOP_EXCHANGE_H
#define BH_LOOP_EXCHANGE_H

#include "core/catalog.h"
#include "http/http.h"
#include "loop/exchange_sql.h"
#include "loop/matter.h"

enum { EXCHANGE_TABLES = 16, EXCHANGE_FIELDS = 64, EXCHANGE_ROWS = 50000, EXCHANGE_ERRORS = 200, EXCHANGE_BYTES = 64 << 20 };

enum exchange_type { EX_TEXT, EX_INT, EX_REAL, EX_UUID, EX_TIME, EX_CODE, EX_IMAGE, EX_FLAG, EX_COMPANY, EX_TYPE_COUNT };
const char *exchange_type_name(enum exchange_type t);

struct exchange_code {
	str list, value, zh, en, means;
};
struct exchange_field {
	str name, zh, en, codes, as, certainty;
	enum exchange_type type;
	bool required;
	size_t max;              /* characters; bytes of a decoded image */
};
struct exchange_table {
	str id, zh, en, parent, parent_field;
	const struct exchange_field *fields;
	size_t n;
	size_t id_at, company_at, parent_at, deleted_at; /* places of special fields; SIZE_MAX: none */
	size_t image_at;         /* the first image, SIZE_MAX none */
};
struct exchange_spec {
	str id, edition, zh, en, certainty, matters; /* kind of the matters that the last table is linked with, "" none */
	int64_t sectors;
	const struct exchange_table *tables;         /* parents before children */
	size_t n;
	const struct exchange_code *codes;
	size_t ncodes;
	struct rows states;
};
/* The edition in force; ERR_NOT_FOUND for an unknown specification. */
err exchange_spec_read(struct ctx *cx, str id, struct exchange_spec *ret) MUST_USE;
const struct exchange_table *exchange_table_find(const struct exchange_spec *s, str id); /* by id or Chinese title; NULL */
size_t exchange_field_find(const struct exchange_table *t, str name);                    /* SIZE_MAX: none */
const struct exchange_code *exchange_code_find(const struct exchange_spec *s, str list, str value);
str exchange_codes_text(struct arena *a, const struct exchange_spec *s, str list, bool zh); /* "0 一般、1 重大" */
/* The field of the table with this meaning ("title", "state" …), SIZE_MAX: none. */
size_t exchange_meaning(const struct exchange_table *t, str as);

/* ---- reading ---- */

struct exchange_error {
	str table, cell, field, message;
	int64_t row;
};
struct exchange_row {
	size_t table;
	int64_t number;          /* in its sheet, or its place in the list from 1 */
	str where;               /* of the row: "Danger!A5", "/tables/Danger/3" */
	str *values;             /* by field; the null string: absent */
	str *bytes;              /* of images, decoded; NULL without */
};
struct exchange_company {
	str code, credit_code, name;
};
struct exchange_in {
	struct exchange_company company;
	struct exchange_row *rows;
	size_t n;
	struct exchange_error *errors;
	size_t nerrors;
};
/* JSON, XLSX or CSV by the first bytes; `table`: of a CSV file, may be empty when its columns tell. Every value is
 * checked by its field; what is wrong is collected. Photos that the store should know ("sha256:…") are kept
 * as such. ERR_* only for files that are none. */
err exchange_read(struct ctx *cx, const struct exchange_spec *s, str bytes, str table, struct exchange_in *ret) MUST_USE;
/* Adds an error with a message of i18n; pairs name, text. */
void exchange_wrong(struct ctx *cx, struct exchange_in *in, const struct exchange_error *at, const char *key, ...)
	__attribute__((sentinel));

/* ---- the store ---- */

struct exchange_import {
	const struct exchange_spec *spec;
	struct exchange_in *in;
	int64_t region, org;     /* of a company that is new; 0: the caller's region, no organisation */
	bool matters;            /* link dangers with matters */
	bool check;              /* try it all, keep nothing */
	str hash;                /* of the file */
	/* what was done */
	int64_t created, updated, unchanged, linked, photos;
};
/* References to rows of the same company in the file or the store. Needs a connection. */
err exchange_check_refs(struct ctx *cx, struct exchange_import *im) MUST_USE;
/* Inside a write transaction; a row that the rules of matters refuse is added to the errors (ERR_BAD_INPUT). */
err exchange_store(struct ctx *cx, struct exchange_import *im) MUST_USE;
/* May the caller read or hand in this company's tables? */
bool exchange_may(struct ctx *cx, str perm, const struct exchange_company_get_row *c);
/* May the caller hand in this company's tables? Such a caller gets them back whole, others with telephone numbers masked. */
bool exchange_hands_in(struct ctx *cx, const struct exchange_company_get_row *c);
/* "138****1234"; shorter ones lose all but their last two characters. */
str exchange_mask(struct arena *a, str number);
/* The row's text with its telephone numbers masked. */
str exchange_minimal(struct arena *a, const struct exchange_table *t, str body);

/* ---- writing ---- */

enum exchange_format { EXCHANGE_JSON, EXCHANGE_XLSX, EXCHANGE_CSV };
/* The whole of a company, or one table of it (CSV: one it must be), to a file. */
err exchange_write(struct ctx *cx, const struct exchange_spec *s, const struct exchange_company_get_row *c,
		   enum exchange_format format, str table, const char *path) MUST_USE;

#endif
