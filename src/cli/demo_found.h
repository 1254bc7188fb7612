/* Hazards on the demo city's objects, inspection feedback and hotline referrals, in every state. */
#ifndef BH_CLI_DEMO_FOUND_H
#define BH_CLI_DEMO_FOUND_H

#include "cli/demo_life.h"

err demo_found(struct demo_city *city) MUST_USE;

#endif
