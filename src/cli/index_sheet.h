/* A CSV file read row by row, echoed with columns added. */
#ifndef BH_CLI_INDEX_SHEET_H
#define BH_CLI_INDEX_SHEET_H

#include "base/buf.h"
#include "format/csv.h"

enum { SHEET_COLUMNS_MAX = 256, SHEET_BYTES_MAX = 1 << 30 };

struct sheet {
	struct arena *a;
	struct fail *f;
	str in;                         /* path */
	struct arena *row_arena;
	struct csv *csv;
	str names[SHEET_COLUMNS_MAX], cells[SHEET_COLUMNS_MAX];
	size_t ncols;
	uint32_t line;
	int64_t rows;
	struct buf out;
};
err sheet_open(struct sheet *s) MUST_USE;                    /* reads the file and its header */
size_t sheet_column(const struct sheet *s, const char *name); /* SIZE_MAX: none; case does not count */
str sheet_cell(const struct sheet *s, size_t column);        /* "" for SIZE_MAX */
/* The header with `added`, then for each row what row() writes. Stops at the first failure. */
err sheet_run(struct sheet *s, const char *added, err (*row)(void *arg), void *arg) MUST_USE;
void sheet_echo(struct sheet *s);
/* Refuses the row; arguments row, column, value. */
err sheet_bad(struct sheet *s, size_t column, const char *key);
err sheet_write(struct sheet *s, str path) MUST_USE;         /* "" or "-": standard output */

#endif
