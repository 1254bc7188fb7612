/* What every new store gets before its first act. */
#ifndef BH_CLI_SETUP_H
#define BH_CLI_SETUP_H

#include "cli/open.h"

/* Regions and the calendar of the catalog, the home region and what kind of store this is; inside a write transaction. */
err setup_store(struct ctx *cx, int64_t home, bool demo) MUST_USE;

#endif
