/* Who brought readings that took the place of others, and why: the store of readings keeps what they were, this keeps by whom. */
#include <stdlib.h>

#include "core/grant.h"
#include "core/ledger.h"
#include "sense/reading.h"
#include "sense/reading_parts.h"
#include "sense/upkeep_sql.h"

struct keeping {
	struct ctx cx;
	const struct reading_batch *batch;
	const struct reading_brought *by;
};

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static int64_t *stations_of(struct arena *a, const struct reading_batch *b, size_t *ret_n)
{
	int64_t *v = NEW_N(a, int64_t, b->packets.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < b->packets.n; i++)
		v[i] = b->packets.v[i]->k.station;
	if (b->packets.n)
		qsort(v, b->packets.n, sizeof *v, by_number);
	for (size_t i = 0; i < b->packets.n; i++)
		if (!n || v[n - 1] != v[i])
			v[n++] = v[i];
	*ret_n = n;
	return v;
}

static err keep(struct db_conn *c, void *arg)
{
	struct keeping *k = arg;
	struct ctx *cx = &k->cx;
	size_t n;
	const int64_t *v = stations_of(cx->a, k->batch, &n);
	cx->c = c;
	for (size_t i = 0; i < n; i++) {
		struct station st;
		TRY(station_load(cx, v[i], &st));
		TRY(change_insert(c,
				  &(struct change_insert_params){ st.region, new_id(cx), st.id, k->batch->now_ms, k->batch->now_ms, str_of(k->by->way),
								  k->by->file, k->by->reason, cx_account(cx) },
				  NULL));
	}
	return ERR_OK;
}

err reading_brought(struct ctx *cx, const struct reading_batch *b, const struct series_put *put, const struct reading_brought *by)
{
	struct keeping k = { *cx, b, by };
	return put->better || put->worse ? db_write(cx->app->db, keep, &k, &cx->fail) : ERR_OK;
}
