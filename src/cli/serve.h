#ifndef BH_CLI_SERVE_H
#define BH_CLI_SERVE_H

#include "http/http.h"

/* Every route of the program; NULL-ended list of tables. */
extern const struct route *const all_routes[];
/* Routes of the program itself: health, contract, meta. */
extern const struct route system_routes[];
/* POST /api/test/clock, only with --test-clock. */
extern const struct route test_routes[];

#endif
