/* The schema is one text; each engine gets its own words for types and table storage. */
#ifndef BH_DB_DDL_H
#define BH_DB_DDL_H

#include "base/arena.h"
#include "db/db.h"

/* Lines ending in --@sqlite or --@pg stand only there. SQLite: BIGINT becomes INTEGER, DOUBLE
 * PRECISION becomes REAL, tables become STRICT; CLUSTERED means WITHOUT ROWID.
 * PostgreSQL: BLOB becomes BYTEA, CLUSTERED is dropped. */
str ddl_for(struct arena *a, enum db_engine engine, str text);

#endif
