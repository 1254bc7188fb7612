/* What happens to the demo city's tasks: examples/demo-city/lives.tsv, played act by act. */
#ifndef BH_CLI_DEMO_LIFE_H
#define BH_CLI_DEMO_LIFE_H

#include "cli/open.h"
#include "core/catalog.h"

enum { DEMO_MAX_ORGS = 64 };

struct demo_org {
	str key;
	int64_t id, region, sectors;
	struct principal duty; /* the account that acts for it */
};

struct demo_city {
	struct cli *cli;
	struct house *h;
	struct arena *a;
	struct rows lives;
	struct demo_org orgs[DEMO_MAX_ORGS];
	size_t norgs;
	struct principal office, eco, verifier, supervisor, system;
	int64_t now_ms; /* the present of the city */
};

const struct demo_org *demo_org_find(const struct demo_city *city, str key);
/* Plays the n-th life on a matter that was assigned at born_ms; acts that would lie in the future are
 * left out, so tasks stand where they stand today. */
err demo_live(struct demo_city *city, int64_t matter, int64_t born_ms, size_t n) MUST_USE;

/* Fills in the dates of a document that was written to be made on any day (days since 1970). */
str demo_dates(struct arena *a, str text, int64_t today);

#endif
