#include "format/table.h"

#include "format/address.h"
#include "format/csv.h"
#include "format/doctext.h"
#include "format/xlsx_in.h"

struct table {
	struct arena *row; /* of the row given out last */
	struct csv *csv;   /* one of the two */
	struct xlsx *xlsx;
	size_t sheet;
};

err table_open(struct arena *a, str bytes, const struct doc_limits *lim, struct table **ret, struct fail *f)
{
	struct table t = { 0 };
	enum doc_format format;
	TRY(doc_sniff(S(""), bytes, &format, f));
	if (format == DOC_PDF)
		return FAIL(f, UNSUPPORTED, "", "err.table_not_sheet");
	if (format == DOC_HTML) /* many systems name a page .xls and call it an export */
		return FAIL(f, UNSUPPORTED, "", "err.table_html");
	if (format == DOC_DOCX || format == DOC_XLSX)
		TRY(xlsx_open(a, bytes, lim, &t.xlsx, f));
	else
		TRY(csv_open(a, bytes, lim, &t.csv, f));
	t.row = arena_new();
	struct table *kept = NEW(a, struct table);
	*kept = t;
	err e = table_select(kept, 0, f);
	if (e != ERR_OK) {
		table_close(kept);
		return e;
	}
	*ret = kept;
	return ERR_OK;
}

void table_close(struct table *t)
{
	if (!t)
		return;
	xlsx_close(t->xlsx);
	arena_free(t->row);
	t->row = NULL;
	t->xlsx = NULL;
}

void table_drop(struct table **t)
{
	table_close(*t);
	*t = NULL;
}

size_t table_sheets(const struct table *t)
{
	return t->xlsx ? xlsx_sheets(t->xlsx) : 1;
}

str table_sheet_name(const struct table *t, size_t sheet)
{
	return t->xlsx ? xlsx_sheet_name(t->xlsx, sheet) : (str){ NULL, 0 };
}

bool table_sheet_hidden(const struct table *t, size_t sheet)
{
	return t->xlsx && xlsx_sheet_hidden(t->xlsx, sheet);
}

enum text_encoding table_encoding(const struct table *t)
{
	return t->csv ? csv_encoding(t->csv) : ENCODING_UTF8;
}

err table_select(struct table *t, size_t sheet, struct fail *f)
{
	if (t->xlsx) {
		TRY(xlsx_select(t->xlsx, sheet, f));
	} else {
		if (sheet != 0)
			return FAIL(f, NOT_FOUND, "", "err.xlsx_no_sheet");
		csv_rewind(t->csv);
	}
	t->sheet = sheet;
	return ERR_OK;
}

err table_rewind(struct table *t, struct fail *f)
{
	return table_select(t, t->sheet, f);
}

err table_next(struct table *t, struct table_row *ret, struct fail *f)
{
	arena_reset(t->row);
	return t->xlsx ? xlsx_next(t->xlsx, t->row, ret, f) : csv_next(t->csv, t->row, ret, f);
}

const struct cell *table_cell(const struct table_row *row, uint32_t col)
{
	static const struct cell none = { .text = { "", 0 } };
	size_t lo = 0, hi = row->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (row->cells[mid].col == col)
			return &row->cells[mid];
		if (row->cells[mid].col < col)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &none;
}

str table_address(const struct table *t, struct arena *a, uint32_t row, uint32_t col)
{
	return sheet_address(a, table_sheet_name(t, t->sheet), row, col);
}
