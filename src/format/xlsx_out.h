/* Tables written as workbooks: a title over all columns, bold frozen column titles with a filter, printed
 * on A4 landscape with the titles on every page. Memory does not grow with the rows. */
#ifndef BH_FORMAT_XLSX_OUT_H
#define BH_FORMAT_XLSX_OUT_H

#include "base/arena.h"
#include "base/err.h"
#include "format/table_out.h"

enum { XLSX_MAX_ROWS = 1048576, XLSX_MAX_TEXT = 32767 /* UTF-16 units in a cell */ };

struct xlsx_sheet_spec {
	str sheet_name;                     /* at most 31 characters; []:*?/\ become blanks */
	str title;                          /* over the table; empty for none */
	const struct out_column *columns;   /* with a second row of titles, equal neighbours above are merged */
	size_t ncolumns;                    /* 1 … 16,384 */
	const char *footer;                 /* printed below, Excel's codes: "&P / &N"; NULL for none */
};

struct xlsx_out;

/* Writes to the file `path`; scratch files go to `scratch_dir` (NULL: the system's). IO, DISK_FULL. */
err xlsx_out_begin(struct arena *a, const char *path, const char *scratch_dir,
		   const struct xlsx_sheet_spec *spec, struct xlsx_out **ret, struct fail *f) MUST_USE;
/* Text stays text, whatever it begins with; what exceeds a cell is cut and ends in "…".
 * TOO_LARGE: the sheet is full. */
err xlsx_out_row(struct xlsx_out *o, const struct out_cell *cells, size_t n, struct fail *f) MUST_USE;
/* Goes on on another sheet; the one before is finished. */
err xlsx_out_sheet(struct xlsx_out *o, struct arena *a, const struct xlsx_sheet_spec *spec, struct fail *f) MUST_USE;
err xlsx_out_end(struct xlsx_out *o, struct fail *f) MUST_USE; /* o is gone, also on failure */
void xlsx_out_abandon(struct xlsx_out *o); /* instead of the end: leaves no file; accepts NULL */

#endif
