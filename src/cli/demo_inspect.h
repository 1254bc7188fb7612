/* The demo city's inspections: a plan, a draw with its seed, visits from examples/demo-city/inspections.tsv.
 */
#ifndef BH_CLI_DEMO_INSPECT_H
#define BH_CLI_DEMO_INSPECT_H

#include "cli/demo_life.h"

err demo_inspect(struct demo_city *city) MUST_USE;

#endif
