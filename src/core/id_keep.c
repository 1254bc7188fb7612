#include "core/id_keep.h"

#include "core/id_keep_sql.h"

/* How far ahead of the newest id the store is told: one row is written so often, and a restart may set ids as
 * far ahead of the clock. */
enum { AHEAD_MS = 10000 };

static err kept(struct db_conn *c, struct arena *a, int64_t *ret_ms)
{
	struct id_kept_row row = { 0 };
	err e = id_kept(c, a, &row);
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		*ret_ms = row.ms;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

err id_keep_begin(struct id_keep *k, struct db_conn *c, int node, int64_t after_ms)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	int64_t ms;
	TRY(kept(c, a, &ms));
	id_gen_init(k->ids, node, ms > after_ms ? ms : after_ms);
	atomic_store(&k->kept_ms, ms);
	return ERR_OK;
}

err id_keep_commit(struct db_conn *c, void *ctx)
{
	struct id_keep *k = ctx;
	int64_t newest = id_newest_ms(k->ids), ms;
	if (newest <= atomic_load_explicit(&k->kept_ms, memory_order_relaxed))
		return ERR_OK;
	/* What this run wrote before may have been rolled back: only what is read is believed. */
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(kept(c, a, &ms));
	if (newest > ms)
		return id_kept_put(c, &(struct id_kept_put_params){ arena_printf(a, "%lld", (long long)newest + AHEAD_MS) },
				   NULL);
	atomic_store_explicit(&k->kept_ms, ms, memory_order_relaxed);
	return ERR_OK;
}
