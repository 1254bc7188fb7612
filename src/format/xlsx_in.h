/* Workbooks from outside. The sheet's XML is streamed; names, styles and shared strings are held. */
#ifndef BH_FORMAT_XLSX_IN_H
#define BH_FORMAT_XLSX_IN_H

#include "format/table.h"

struct xlsx;

/* UNSUPPORTED: a package that is no workbook. */
err xlsx_open(struct arena *a, str bytes, const struct doc_limits *lim, struct xlsx **ret, struct fail *f) MUST_USE;
void xlsx_close(struct xlsx *x); /* accepts NULL */
size_t xlsx_sheets(const struct xlsx *x);
str xlsx_sheet_name(const struct xlsx *x, size_t sheet);
bool xlsx_sheet_hidden(const struct xlsx *x, size_t sheet);
err xlsx_select(struct xlsx *x, size_t sheet, struct fail *f) MUST_USE;
err xlsx_next(struct xlsx *x, struct arena *row_arena, struct table_row *ret, struct fail *f) MUST_USE;

#endif
