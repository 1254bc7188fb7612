/* Principals that were made lately, one a session, so that a busy session is not read again with every request.
 *
 * One is given out only while db_watched() is what it was before the session, the account and the grants were read:
 * whatever changes one of them (a logout, a lock, a revoked grant, a new name) is in force with the next request. Where
 * that number is not known (0) nothing is kept. Thread-safe. */
#ifndef BH_CORE_PRINCIPAL_KEEP_H
#define BH_CORE_PRINCIPAL_KEEP_H

#include "core/principal.h"
#include "db/db.h"

enum {
	PRINCIPALS_KEPT = 1024,
	PRINCIPAL_KEEP_MS = 10 * 1000, /* at most, should somebody else have written to the file */
	PRINCIPAL_GRANTS_MAX = 64,     /* one with more is made anew each time */
};

/* What a principal is made of, for db_options. */
extern const struct db_watch principal_watch[];

struct principals;
struct principals *principals_new(void);
void principals_free(struct principals *k);

/* NULL when there is none. It lives in `a`; at_ms is now. */
struct principal *principals_find(struct principals *k, struct arena *a, const unsigned char session[static HASH_SIZE],
				  uint64_t watched, int64_t now_ms);
/* p was read at p->at_ms, after `watched` was asked for; it holds until until_ms at the latest. */
void principals_keep(struct principals *k, const struct principal *p, uint64_t watched, int64_t until_ms);

#endif
