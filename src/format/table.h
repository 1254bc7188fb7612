/* Tables from outside, row by row: XLSX and CSV behind one interface, for imports.
 * Nothing of a row outlives the next call of table_next(); copy what is kept. */
#ifndef BH_FORMAT_TABLE_H
#define BH_FORMAT_TABLE_H

#include "base/arena.h"
#include "base/err.h"
#include "format/encoding.h"
#include "format/limits.h"

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_BOOL, CELL_ERROR };

struct cell {
	uint32_t col;     /* from 1 */
	enum cell_kind kind;
	bool inherited;   /* covered by a merged cell, whose value it repeats */
	str text;         /* numbers as a person reads them ("0.1", "85%"), dates as YYYY-MM-DD, with
			     THH:MM:SS where there is a time; never the null string */
	double number;    /* of a number, as stored: 85% is 0.85 */
};

struct table_row {
	uint32_t number;  /* from 1; 0 at the end of the sheet */
	const struct cell *cells; /* those that hold something, by rising column */
	size_t n;
};

struct table;

/* By the first bytes: a ZIP package is read as XLSX, text as CSV. UNSUPPORTED: other packages, PDF, web
 * pages, Excel 97; the errors of text_decode(); TOO_LARGE. */
err table_open(struct arena *a, str bytes, const struct doc_limits *lim, struct table **ret,
	       struct fail *f) MUST_USE;
void table_close(struct table *t);  /* accepts NULL; the arena stays the caller's */
void table_drop(struct table **t);  /* for AUTO() */

size_t table_sheets(const struct table *t);
str table_sheet_name(const struct table *t, size_t sheet); /* CSV: the null string */
bool table_sheet_hidden(const struct table *t, size_t sheet);
enum text_encoding table_encoding(const struct table *t);

/* Goes to the first row of a sheet, again if need be. Sheet 0 is selected by opening.
 * Merged cells repeat the value of their first cell. */
err table_select(struct table *t, size_t sheet, struct fail *f) MUST_USE;
err table_rewind(struct table *t, struct fail *f) MUST_USE; /* to the first row of the same sheet */
err table_next(struct table *t, struct table_row *ret, struct fail *f) MUST_USE;

const struct cell *table_cell(const struct table_row *row, uint32_t col); /* never NULL */
/* "Sheet1!C7" ('My sheet'!C7 where Excel wants quotes; "C7" for CSV). */
str table_address(const struct table *t, struct arena *a, uint32_t row, uint32_t col);

/* A day as people write it: "2026-12-31", "2026年12月31日", "2026/12/31"; without a day or a month the last one:
 * "2026年12月", "2026年底". From 1900 on; false for anything else. */
bool table_date(str s, int64_t *ret_day) MUST_USE;

/* ---- finding columns by their titles ---- */

struct table_column {
	const char *const *titles; /* closed by NULL; the first is the one shown to people.
				      "责任分工/牵头单位" asks for a title under a merged title */
	bool required;
};

struct table_header {
	uint32_t first_row, last_row; /* one or two rows */
	uint32_t *cols;               /* a wanted column's column, 0 where it is absent */
	size_t n;
};

/* Looks in the first 30 rows of the selected sheet for the row, or the pair of rows, that holds most of
 * the wanted titles and all required ones; titles are compared without blanks, brackets' content,
 * asterisks, case and width. Leaves the table behind the header.
 * BAD_INPUT: no such row; argument `missing` names the required titles that are nowhere. */
err table_find_header(struct table *t, struct arena *a, const struct table_column *wanted, size_t n,
		      struct table_header *ret, struct fail *f) MUST_USE;

/* The next row that holds something of its own (not only what merged cells repeat) in a wanted column; ret_cells[i] belongs to wanted[i] and is never
 * NULL. Returns the row's number in *ret_row, 0 at the end. */
err table_next_mapped(struct table *t, const struct table_header *h, const struct cell **ret_cells,
		      uint32_t *ret_row, struct fail *f) MUST_USE;

#endif
