/* What the files of the store of readings share. */
#ifndef BH_SENSE_SERIES_PARTS_H
#define BH_SENSE_SERIES_PARTS_H

#include <pthread.h>

#include "base/map.h"
#include "base/vec.h"
#include "db/db.h"
#include "sense/series.h"
#include "sense/series_sql.h"

enum { SERIES_SETTLE_MS = 10 * 60000, SERIES_CODE_MAX = 64, SERIES_CODES_MAX = 100000, PUT_ARENA_MAX = 16 << 20,
       PUT_AT_ONCE = 4096 };

struct series_code {
	uint32_t id;
	str code;
};

struct series {
	struct arena *a;             /* codes; under the lock */
	struct series_options o;
	struct db *db;
	pthread_mutex_t lock;
	struct map by_code;
	VEC(struct series_code *) codes;
	struct latest_table *latest; /* newest values, under the lock; NULL: none yet */
	struct {
		series_watcher *fn;
		void *arg;
	} watchers[SERIES_WATCHERS];
	struct series_stats stats;   /* under the lock */
	series_overlay *overlay;
	void *overlay_arg;
	pthread_rwlock_t watching;   /* of the watchers: taken for writing only when one comes or goes */
	/* tidying: one at a time */
	pthread_mutex_t tending;
	struct series_terms terms;
	series_holds_fn *holds;
	void *holds_arg;
	int64_t swept_day;
	int64_t partitioned_day;     /* the day on which partitions were made ahead; 0: none yet */
	int64_t columns_made[SERIES_KIND_COUNT]; /* the first period of the partition that was made last; 0: none */
	struct series_tended tended;  /* under the lock */
	int64_t packed_to_ms[SERIES_KIND_COUNT]; /* under the lock: before it there may be columns */
	pthread_cond_t wake;
	pthread_t packer;
	bool packing, stopping;
};

void series_item_know(struct series *s, str code, int64_t id);

/* While packets are put, in a write transaction. */
struct putting {
	struct series *s;
	struct db_conn *c;
	struct arena *a;
	struct series_put count;
	struct map columns;          /* packed ones that were looked at */
};
err series_put_one(struct putting *p, const struct packet *k) MUST_USE;
void series_count_one(struct putting *p, const struct packet *k);
/* series_many.c: where the engine takes many rows quicker than one by one. */
err series_put_many(struct putting *p, const struct packet *v, size_t n) MUST_USE;
/* May a value with this flag take the place of one with that? */
bool series_better(char now, char before);

/* series_again.c: what may be there already, in a row or in a column. */
bool series_may_be_packed(struct series *s, enum series_kind kind, int64_t at_ms);
err series_put_again(struct putting *p, const struct packet *k, str body) MUST_USE;
void series_packed_to(struct series *s, enum series_kind kind, int64_t to_ms);
err series_know_packed(struct series *s, struct fail *f) MUST_USE;
enum { HISTORY_REFUSED = 2 }; /* added to the part of a row: it came later and was not better */

static inline int64_t part_of(const struct packet *k)
{
	return k->source == SERIES_DERIVED;
}

struct series_column {
	int64_t station;
	uint32_t item;
	enum series_what what;
	enum series_kind kind;
};
/* Points as arrays, in the order in which they were found; the column of them in order, the better of two for a moment. */
struct series_gather {
	struct arena *a;
	uint32_t item;
	uint8_t what;
	int64_t from, to;
	int64_t periods;
	size_t n, cap;
	int64_t *at;
	double *value;
	char *flag;
};
void series_gather_add(struct series_gather *g, int64_t at_ms, const struct reading *v);
err series_gather_packed(struct db_conn *c, const struct series_column *k, struct series_gather *g) MUST_USE;
struct column series_gather_column(struct series_gather *g, enum series_kind kind);

/* Within a read that is open. from < to. */
err series_read_on(struct db_conn *c, struct arena *a, const struct series_column *k, int64_t from_ms, int64_t to_ms, struct column *ret) MUST_USE;
/* What was said afterwards, laid over a column that was made for the caller. */
void series_overlay_on(struct series *s, const struct series_column *k, struct column *c);

/* series_latest.c */
int64_t series_latest_held(const struct series *s); /* under the lock */
void series_latest_note(struct series *s, const struct packet *v, size_t n);
err series_latest_load(struct series *s, struct fail *f) MUST_USE;
/* Rows that are not packed yet, of the last `back_ms` before the newest: packet by packet. */
err series_each_since(struct series *s, int64_t back_ms, series_watcher *fn, void *arg, struct fail *f) MUST_USE;
void series_latest_free(struct series *s);

/* The periods of a kind that a hold keeps, without the one at *ret_to. */
void series_hold_periods(const struct series_hold *h, enum series_kind kind, int64_t *ret_from, int64_t *ret_to);
/* series_keep.c: called with `tending` held. */
err series_drop_old(struct series *s, int64_t now_ms, struct series_tended *ret, struct fail *f) MUST_USE;

/* series_partition.c: what is kept in partitions, which PostgreSQL drops as a whole. Nothing with SQLite. */
err series_partitions_tend(struct series *s, int64_t now_ms, struct fail *f) MUST_USE;
/* Before columns of a moment are written. */
err series_partition_columns(struct series *s, enum series_kind kind, int64_t at_ms, struct fail *f) MUST_USE;
/* Spans of columns that lie before the limit of their kind (INT64_MIN: none) as a whole, but for what is held. Adds to `dropped`. */
err series_partitions_drop_old(struct series *s, const int64_t before_ms[static SERIES_KIND_COUNT], const struct series_hold *holds, size_t nholds,
			       int64_t dropped[static SERIES_KIND_COUNT], struct fail *f) MUST_USE;

/* series_pack.c: rows of finished hours and days become columns, in the background. */
err series_pack_start(struct series *s, struct fail *f) MUST_USE;
void series_pack_stop(struct series *s);
/* Packs everything before `before_ms` now; for tests and the command line. */
err series_pack_before(struct series *s, int64_t before_ms, struct fail *f) MUST_USE;

/* Hours, days and what is derived of them: a month to a column. */
bool series_long(enum series_kind kind);
/* Kinds that are computed here; the newer of two values is the right one. */
bool series_own(enum series_kind kind);
/* The period a value belongs to: its day, or its month for hours and days. */
int64_t series_period(enum series_kind kind, int64_t at_ms);
int64_t series_period_start_ms(enum series_kind kind, int64_t period);

#endif
