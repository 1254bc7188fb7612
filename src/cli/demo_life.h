/* What happens to the demo city's tasks: examples/demo-city/lives.tsv, played act by act. */
#ifndef BH_CLI_DEMO_LIFE_H
#define BH_CLI_DEMO_LIFE_H

#include "cli/open.h"
#include "core/catalog.h"

enum { DEMO_MAX_ORGS = 96, DEMO_MAX_OBJECTS = 200, DEMO_MAX_LIVED = 1000 };

struct demo_org {
	str key;
	int64_t id, region, sectors;
	struct principal duty; /* the account that acts for it */
};

struct demo_object {
	str key;
	int64_t id;
};

/* Which life a hazard lived. */
struct demo_lived {
	str life;
	int64_t matter;
};

struct demo_city {
	struct cli *cli;
	struct house *h;
	struct arena *a;
	struct rows lives;
	struct demo_org orgs[DEMO_MAX_ORGS];
	size_t norgs;
	struct demo_object objects[DEMO_MAX_OBJECTS];
	size_t nobjects;
	struct demo_lived lived[DEMO_MAX_LIVED];
	size_t nlived;
	struct principal office, eco, verifier, supervisor, desk;
	int64_t now_ms; /* the present of the city */
};

const struct demo_org *demo_org_find(const struct demo_city *city, str key);
/* Plays the n-th life on a matter that was assigned at born_ms; acts that would lie in the future are
 * left out, so tasks stand where they stand today. */
err demo_live(struct demo_city *city, int64_t matter, int64_t born_ms, size_t n) MUST_USE;

/* The same with steps that are given; criterion: what "basis" in a step stands for, may be empty. */
err demo_play(struct demo_city *city, int64_t matter, int64_t born_ms, size_t n, str steps, str criterion) MUST_USE;
/* The steps of the n-th life of a table, with the row it stands in; a weight of 3 stands for three lives. */
str demo_life_of(const struct rows *lives, size_t n, size_t *ret_row);

/* Fills in the dates of a document that was written to be made on any day (days since 1970). */
str demo_dates(struct arena *a, str text, int64_t today);

#endif
