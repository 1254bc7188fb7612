/* Classes of water by limits (GB 3838 and others of its form): the class of an item is the best one whose limit it meets,
 * that of a water body its worst item's. Values are compared as they are, exactly. */
#ifndef BH_NUM_WATER_H
#define BH_NUM_WATER_H

#include "num/decimal.h"

enum { WATER_CLASSES = 5, WATER_WORSE = WATER_CLASSES + 1, WATER_NONE = 0 };

enum water_compare { WATER_AT_MOST, WATER_AT_LEAST, WATER_BETWEEN };

struct water_item {
	enum water_compare compare;
	int classes;                              /* that have a limit, from the best */
	struct decimal limit[WATER_CLASSES];
	struct decimal low[WATER_CLASSES];        /* of BETWEEN */
};

/* 1…5 for I…V, WATER_WORSE, WATER_NONE for a negative value. */
int water_class(const struct water_item *it, struct decimal value);
/* (C − S)/S against the limit of class `base`; for at-least items (S − C)/S; NaN where it has no meaning. */
double water_excess(const struct water_item *it, struct decimal value, int base);

/* Trophic state of lakes, TLI(j) = 10(a + b ln x), and TLI(Σ) weighted by r² over the items that were measured.
 * 湖泊（水库）富营养化评价方法及分级技术规定. */
struct tli_item {
	double a, b, r;
};
double tli_of(const struct tli_item *it, double value);                         /* NaN unless positive */
double tli_sum(const struct tli_item *items, const double *tli, size_t n);     /* NaN are left out; NaN when all are */

/* 城市黑臭水体整治工作指南 (2015): 0 not black-odorous, 1 light, 2 heavy. `less`: small values are the bad ones; a value on a limit
 * is on the better side. */
int water_black(struct decimal value, struct decimal light, struct decimal heavy, bool less);

#endif
