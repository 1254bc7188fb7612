/* What goes into a table on its way out, whatever the file's format. */
#ifndef BH_FORMAT_TABLE_OUT_H
#define BH_FORMAT_TABLE_OUT_H

#include "base/buf.h"

enum out_kind { OUT_EMPTY, OUT_TEXT, OUT_NUMBER, OUT_DATE };

struct out_cell {
	enum out_kind kind;
	str text;
	double number;
	int64_t day; /* since 1970-01-01 */
};

struct out_column {
	str title;
	double width; /* in characters; 0 for the default */
	str under;    /* a second row of titles (names of fields); empty in all columns: none */
};

#define OUT_TEXT_CELL(s) ((struct out_cell){ .kind = OUT_TEXT, .text = (s) })
#define OUT_NUMBER_CELL(v) ((struct out_cell){ .kind = OUT_NUMBER, .number = (v) })
#define OUT_DATE_CELL(d) ((struct out_cell){ .kind = OUT_DATE, .day = (d) })

#endif
