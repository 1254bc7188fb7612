/* The demo city's supervised objects and invented boundaries: examples/demo-city/{objects.tsv,boundaries.geojson}. */
#ifndef BH_CLI_DEMO_LAND_H
#define BH_CLI_DEMO_LAND_H

#include "cli/demo_life.h"

/* All of them as the committee's office enters them at at_ms, in one transaction. */
err demo_land(struct demo_city *city, int64_t at_ms) MUST_USE;
/* The object of a key of objects.tsv, 0 when there is none. */
int64_t demo_object(const struct demo_city *city, str key);

#endif
