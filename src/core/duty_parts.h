/* What the files of duty share among themselves. */
#ifndef BH_CORE_DUTY_PARTS_H
#define BH_CORE_DUTY_PARTS_H

#include "core/duty.h"

struct duty_cache;
struct duty_rules {
	struct duty_rule *rules; /* by line */
	size_t n;
	struct duty_charge_name *charges;
	size_t ncharges;
	struct duty_cache *cache;
};

/* ---- the store's organisations, posts, holders, charges and designations, compiled ---- */

struct duty_hold {
	int64_t post, person;
	int32_t from, to;        /* days, inclusive */
};
struct duty_charge {
	int64_t post, sectors;
	int32_t from, to;
	int charge;              /* index into the rules' charges, -1: unknown there */
};
struct duty_post {
	int64_t id, org, rank;
	uint64_t words;          /* rules whose words the title answers */
	uint64_t leads;          /* rules whose leader it may be */
	str title, title_en;
	uint32_t hold, nholds, charge, ncharges;
	uint32_t org_at;
};
struct duty_org {
	int64_t id, region, parent, sectors;
	uint64_t rules;          /* that look for such an organisation by place */
	str name, name_en;       /* empty for enterprises */
	str kind;
	int32_t from, to;
	uint32_t post, nposts;
};
struct duty_settled {
	int64_t id, region, object, sectors, org, post, person;
	enum duty_line line;
	str role;
	int32_t from, to;
};
struct duty_index {
	struct arena *a;
	int64_t version;
	int refs;
	struct duty_org *orgs;         /* by id */
	struct duty_post *posts;       /* by organisation, rank, id */
	uint32_t *posts_by_id;
	struct duty_hold *holds;       /* by post */
	struct duty_charge *charges;   /* by post */
	uint32_t *placed;              /* organisations that some rule looks for, by region */
	struct duty_settled *settled;  /* by object, those of regions first */
	size_t norgs, nposts, nholds, ncharges, nplaced, nsettled;
};

struct duty_cache *duty_cache_new(void);
void duty_cache_free(struct duty_cache *c);
/* The index of the store as this connection sees it. Give it back. */
err duty_index_take(struct ctx *cx, struct duty_index **ret) MUST_USE;
void duty_index_give(struct duty_cache *c, struct duty_index *x);

const struct duty_org *duty_org_at(const struct duty_index *x, int64_t id);    /* NULL: unknown */
const struct duty_post *duty_post_at(const struct duty_index *x, int64_t id);  /* NULL: unknown */
/* The present code of a region. */
int64_t duty_region_now(const struct app *app, int64_t code);

#endif
