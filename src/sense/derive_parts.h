/* What has to be derived, kept until it is ripe. */
#ifndef BH_SENSE_DERIVE_PARTS_H
#define BH_SENSE_DERIVE_PARTS_H

#include "sense/series.h"

/* A period that has to be derived (again): of one station, some items. */
struct due {
	int64_t station, at_ms;
	int64_t first_us, last_us; /* when something came for it */
	enum series_kind kind;  /* HOUR_OWN, DAY_OWN */
	uint32_t *items;
	size_t n, cap;
};
struct due_table {
	struct due *v;          /* open addressing; station 0: empty */
	size_t n, cap;
};
struct due *due_of(struct due_table *t, int64_t station, enum series_kind kind, int64_t at_ms, int64_t now_us);
/* Packets name the same items in the same order: the one behind the last, *hint, is asked first. */
void due_item(struct due *d, uint32_t item, size_t *hint);

/* Takes out what is ripe, period by period, each by station; the caller frees it and its items. */
struct due_when {
	enum series_kind kind;
	int64_t now_ms, now_us;
	bool all;               /* everything that has ended */
};
struct due *due_take(struct due_table *t, const struct due_when *when, size_t *ret_n);
void due_free(struct due_table *t);

#endif
