/* Comma-separated values (RFC 4180), read and written. */
#ifndef BH_FORMAT_CSV_H
#define BH_FORMAT_CSV_H

#include "format/encoding.h"
#include "format/limits.h"
#include "format/table.h"
#include "format/table_out.h"

struct csv;

/* Any encoding of text_decode(); the separator is the one of , ; and TAB that the first line has most of.
 * An apostrophe before = + - @ is taken off again (csv_out puts it there). */
err csv_open(struct arena *a, str bytes, const struct doc_limits *lim, struct csv **ret, struct fail *f) MUST_USE;
void csv_rewind(struct csv *c);
enum text_encoding csv_encoding(const struct csv *c);
/* BAD_INPUT: a quote that is not closed, or text behind a closing one (`row`). */
err csv_next(struct csv *c, struct arena *row_arena, struct table_row *ret, struct fail *f) MUST_USE;

/* Text is quoted where needed; text that a spreadsheet would take for a formula gets an apostrophe. */
void csv_out_bom(struct buf *b);
void csv_out_titles(struct buf *b, const struct out_column *columns, size_t n);
void csv_out_row(struct buf *b, const struct out_cell *cells, size_t n);

#endif
