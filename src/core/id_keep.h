/* Ids stay ahead of those of earlier runs, whatever the clock does: the store knows a time that no id in it
 * is later than, and a run begins after it. */
#ifndef BH_CORE_ID_KEEP_H
#define BH_CORE_ID_KEEP_H

#include "core/id.h"
#include "db/db.h"

struct id_keep {
	struct id_gen *ids;
	_Atomic int64_t kept_ms; /* as far as the store is known to cover ids */
};

/* Begins after everything the store covers, and after_ms. Every later commit covers the ids in it. */
err id_keep_begin(struct id_keep *k, struct db_conn *c, int node, int64_t after_ms) MUST_USE;
/* The db_job for db_at_commit(): ctx is a struct id_keep. */
err id_keep_commit(struct db_conn *c, void *ctx);

#endif
