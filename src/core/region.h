/* Regions: the 12-digit division code (GB/T 2260 county, then township, then village) as an integer.
 * What lies inside a region is a range of integers. */
#ifndef BH_CORE_REGION_H
#define BH_CORE_REGION_H

#include "core/catalog.h"
#include "db/ctx.h"

enum region_level { REGION_PROVINCE = 1, REGION_CITY, REGION_COUNTY, REGION_TOWN, REGION_VILLAGE };
#define REGION_MAX INT64_C(999999999999)

/* By the zeros at the end: 2, 4, 6, 9 or 12 digits. */
enum region_level region_level(int64_t code);
bool region_valid(int64_t code);
/* The codes inside, both inclusive; region_range(110105000000) is …105000000 to …105999999. */
void region_range(int64_t code, int64_t *ret_lo, int64_t *ret_hi);
/* The region at a level that contains this code: region_up(110105001002, REGION_COUNTY). */
int64_t region_up(int64_t code, enum region_level level);
/* The smallest region that is this range, or 0. */
int64_t region_of_range(int64_t lo, int64_t hi);

/* Re-coded regions: whoever may see the successor may see what was recorded under the old code. */
struct region_move {
	int64_t from, to;
};
struct region_moves {
	size_t n;
	const struct region_move *v; /* chains are resolved: to is a code of today */
};
/* Chains of successors resolved; cycles end where they meet themselves. */
struct region_moves region_moves_resolve(struct arena *a, const struct region_move *v, size_t n);
err region_moves_load(struct db_conn *c, struct arena *a, struct region_moves *ret) MUST_USE;

struct region_name {
	int64_t code;
	str name, name_en;
};
/* A name to show; the code's digits when the region is unknown. Never fails for want of a name. */
err region_name_of(struct db_conn *c, struct arena *a, int64_t code, struct region_name *ret) MUST_USE;
/* "北京市朝阳区" for a county: the names from the province down. */
err region_path_name(struct db_conn *c, struct arena *a, int64_t code, str lang, str *ret) MUST_USE;

/* Rows of a catalog table (code, name, and where present name_en, level, parent, valid_from, valid_to,
 * successor) into region_node; what is there already is replaced. Inside a write transaction. */
err region_import(struct db_conn *c, struct arena *a, const struct rows *rows, int64_t *ret_count,
		  struct fail *f) MUST_USE;

#endif
