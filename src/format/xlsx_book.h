/* What a workbook holds besides its sheets' cells. */
#ifndef BH_FORMAT_XLSX_BOOK_H
#define BH_FORMAT_XLSX_BOOK_H

#include "base/buf.h"
#include "base/vec.h"
#include "format/package.h"
#include "format/table.h"

enum number_style { STYLE_PLAIN, STYLE_PERCENT, STYLE_DATE, STYLE_TIME, STYLE_DATETIME };

struct book_sheet {
	str name, rel_id;
	const char *part; /* NULL when it is no worksheet */
	bool hidden;
};

struct book {
	struct arena *a;
	bool dates_from_1904;
	VEC(struct book_sheet) sheets;
	VEC(str) strings;
	VEC(enum number_style) styles; /* by the s attribute of a cell */
};

err book_read(struct book *b, struct package *p, const char *main_part, struct fail *f) MUST_USE;

/* Collects the text of <si> and <is>, whose runs may be formatted apart. */
void book_unescape(struct buf *text); /* _x000A_ and the like, in place */

enum number_style number_style_of_id(uint32_t id);     /* the built-in formats */
enum number_style number_style_of_code(str code);      /* "yyyy\-mm\-dd;@" */
/* Fills kind, text and number from a cell's raw value. */
void number_cell(struct arena *a, str raw, enum number_style style, bool from_1904, struct cell *ret);

#endif
