/* Ids are made by the application: 63 bits, positive, ordered by time.
 *   41 bits milliseconds since 2020-01-01 UTC · 10 bits node · 12 bits sequence
 * The sequence runs over into the next millisecond, so a generator never waits, never repeats and
 * never goes back when the clock does. */
#ifndef BH_CORE_ID_H
#define BH_CORE_ID_H

#include <stdatomic.h>

#include "base/str.h"

enum { ID_NODE_BITS = 10, ID_SEQ_BITS = 12 };
#define ID_EPOCH_MS INT64_C(1577836800000)

struct id_gen {
	_Atomic uint64_t last; /* ms << 12 | sequence of the newest id */
	uint64_t node;
};

/* node 0..1023. Ids will be later than after_ms: give the newest time the store knows, so that a clock
 * that was set back over a restart does not repeat an id. */
void id_gen_init(struct id_gen *g, int node, int64_t after_ms);
/* Safe from any thread. */
int64_t id_next(struct id_gen *g, int64_t now_ms);

/* The time of the newest id given, ms UTC; it may be ahead of the clock. */
int64_t id_newest_ms(const struct id_gen *g);

int64_t id_ms(int64_t id);   /* when it was made, ms UTC */
int id_node(int64_t id);

/* "kind/123" as the ledger and files name their subjects. */
#define ID_SUBJECT_MAX 64
bool id_subject_parse(str subject, str *ret_kind, int64_t *ret_id) MUST_USE;

#endif
