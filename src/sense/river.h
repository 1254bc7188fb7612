/* The state of a river or region by its sections (地表水环境质量评价办法, 环办〔2011〕22号): by the shares of classes from five
 * sections on, with fewer by the means of the items. Pure but for the catalog (riverstate). */
#ifndef BH_SENSE_RIVER_H
#define BH_SENSE_RIVER_H

#include "sense/surface_water.h"

enum { RIVER_SECTIONS = 5, RIVER_MAIN = 3 };

struct river {
	size_t n, of_class[WATER_WORSE + 1];       /* n: sections with a class */
	size_t beyond[WATER_ITEMS_MAX];            /* sections where the item is worse than III */
	__int128 sum[WATER_ITEMS_MAX];             /* billionths */
	size_t with[WATER_ITEMS_MAX];
};
/* `in` NULL: only the class is known. */
void river_add(struct river *b, const struct water_edition *e, const struct water_values *in, const struct water_result *r);

struct river_state {
	str edition;                               /* "riverstate/2011" */
	bool by_sections;                          /* else by means */
	str state, zh, en;                         /* "" where nothing can be said */
	double good_percent, worse_percent;        /* I to III, worse than V; NaN without sections */
	struct water_result means;                 /* when by means */
	size_t main[RIVER_MAIN], nmain;            /* items worse than III in most sections */
};
err river_judge(const struct catalog *c, struct arena *a, str edition, const struct water_edition *e, const struct river *b,
		struct river_state *ret, struct fail *f) MUST_USE;
double river_percent(size_t n, size_t of);         /* NaN of none */

#endif
