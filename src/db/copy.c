/* Many rows by the statement of one. */
#include <string.h>

#include "db/backend.h"

enum { COPY_FROM = 8, COLUMNS_MAX = 64 }; /* fewer rows are put one by one: a copy has two answers to wait for, and so has a savepoint */

bool db_copies(const struct db_conn *c)
{
	return c->be->copy != NULL;
}

err db_copy(struct db_conn *c, const struct db_query *q, db_row_vals *vals, const void *rows, size_t n)
{
	struct db_val row[COLUMNS_MAX];
	if (strlen(q->types) > COLUMNS_MAX)
		return ERR_TOO_LARGE;
	if (c->open_cursors == 0)
		arena_reset(c->scratch);
	if (c->be->copy && q->copy && n >= COPY_FROM)
		return c->be->copy(c, q, vals, rows, n);
	for (size_t i = 0; i < n; i++) {
		vals(rows, i, row);
		TRY(db_exec(c, q, row, NULL, NULL));
	}
	return ERR_OK;
}
