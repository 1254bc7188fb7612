/* What the files of PostgreSQL's side share. */
#ifndef BH_DB_DB_PG_H
#define BH_DB_DB_PG_H

#include <libpq-fe.h>

#include "db/backend.h"

/* Takes the result over when it is a failure. */
err db_pg_check(struct db_conn *c, PGresult *r) MUST_USE;
/* A value as the wire has it; the null string for none. */
str db_pg_bytes(struct arena *a, struct db_val v);
err db_pg_copy(struct db_conn *c, const struct db_query *q, db_row_vals *vals, const void *rows, size_t n) MUST_USE;

#endif
