/* How often a door without accounts may be knocked at: token buckets in memory, a fixed number of them, safe from
 * any thread. Addresses are kept as keyed hashes only and are forgotten with the process; of IPv6 the first 64 bits count,
 * which is what one subscriber has. */
#ifndef BH_CORE_LIMIT_H
#define BH_CORE_LIMIT_H

#include "base/str.h"

struct limit_rule {
	str id;                /* "report" */
	double burst;          /* so many at once */
	double per_hour;       /* and so many an hour in the long run; > 0 */
	bool everybody;        /* one bucket for all callers together */
};

struct limits;
struct limits *limits_new(void);
void limits_free(struct limits *l);    /* accepts NULL */
/* Takes one token; 0: done, else the seconds until there will be one (nothing is taken). When the table is full, the bucket
 * that rested longest makes room: it is the one that is most likely full again. */
int64_t limit_take(struct limits *l, const struct limit_rule *r, str peer, int64_t now_ms);
/* Would there be one? Takes nothing. */
int64_t limit_look(struct limits *l, const struct limit_rule *r, str peer, int64_t now_ms);
/* The part of an address that counts: "2001:db8:1:2" of "2001:db8:1:2:3:4:5:6". */
str limit_peer(str address, char out[static 48]);

#endif
