/* Whatever the CSV: what was read comes back from what is written of it. */
#include <stdlib.h>

#include "format/csv.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Written as text and read again, the fields must be the same. A row of one empty field and a line of
 * nothing look alike; empty fields are not cells. */
static void check_row(struct arena *a, const struct table_row *row, const struct doc_limits *lim)
{
	struct buf out = BUF(a);
	struct out_cell *cells = NEW_N(a, struct out_cell, row->n + 1);
	for (size_t i = 0; i < row->n; i++)
		cells[i] = OUT_TEXT_CELL(row->cells[i].text);
	cells[row->n] = OUT_TEXT_CELL(S("，")); /* keeps the encoding and the separator apparent */
	csv_out_row(&out, cells, row->n + 1);
	struct csv *c;
	struct table_row again;
	if (csv_open(a, buf_str(&out), lim, &c, NULL) != ERR_OK)
		abort();
	if (row->n == 0 || str_starts(buf_str(&out), S("sep=")) || str_starts(buf_str(&out), S("\xef\xbb\xbf")))
		return; /* what Excel and byte order marks make of the first cell */
	if (csv_next(c, a, &again, NULL) != ERR_OK || again.n != row->n + 1)
		abort();
	for (size_t i = 0; i < row->n; i++)
		if (!str_eq(again.cells[i].text, row->cells[i].text))
			abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	AUTO(arena_drop) struct arena *scratch = arena_new();
	struct doc_limits lim = doc_limits_default();
	struct csv *c;
	struct table_row row;
	if (csv_open(a, (str){ (const char *)data, size }, &lim, &c, NULL) != ERR_OK)
		return 0;
	while (csv_next(c, scratch, &row, NULL) == ERR_OK && row.number) {
		check_row(scratch, &row, &lim);
		arena_reset(scratch);
	}
	return 0;
}
