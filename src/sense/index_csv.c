/* The rows of a CSV file into an index. */
#include "format/csv.h"
#include "format/limits.h"
#include "sense/index.h"

static size_t spread(const struct table_row *row, str *cells)
{
	size_t n = 0;
	for (size_t i = 0; i < INDEX_COLUMNS_MAX; i++)
		cells[i] = S("");
	for (size_t i = 0; i < row->n && row->cells[i].col <= INDEX_COLUMNS_MAX; i++) {
		cells[row->cells[i].col - 1] = row->cells[i].text;
		n = row->cells[i].col;
	}
	return n;
}

static err run(struct index_job *j, struct csv *c, struct arena *row_arena, size_t max)
{
	struct table_row row;
	str cells[INDEX_COLUMNS_MAX];
	TRY(csv_next(c, row_arena, &row, j->f));
	TRY(index_open(j, cells, spread(&row, cells)));
	for (size_t n = 0;; n++) {
		arena_reset(row_arena);
		TRY(csv_next(c, row_arena, &row, j->f));
		if (!row.number)
			return index_close(j);
		if (n == max)
			return refuse_count(j->f, "err.grid.rows", (int64_t)max);
		TRY(index_row(j, cells, spread(&row, cells), row.number));
	}
}

err index_csv(struct index_job *j, str bytes, size_t rows)
{
	AUTO(arena_drop) struct arena *row_arena = arena_new();
	struct doc_limits limits = doc_limits_default();
	struct csv *c;
	if (limits.max_input < bytes.n) /* the caller has read it whole already */
		limits.max_input = bytes.n;
	limits.max_text = limits.max_input;
	TRY(csv_open(j->a, bytes, &limits, &c, j->f));
	return run(j, c, row_arena, rows);
}
