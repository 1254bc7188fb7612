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

/* Trophic state of lakes, TLI(Σ): chla mg/m³, tp tn codmn mg/L, sd m. Those that are NaN are left out and the weights
 * scaled. NaN when none is given. 湖泊（水库）富营养化评价方法及分级技术规定. */
struct tli {
	double chla, tp, tn, sd, codmn;
};
double water_tli(const struct tli *in);

/* 城市黑臭水体整治工作指南 (2015): 0 not black-odorous, 1 light, 2 heavy; -1 when nothing was measured (NaN).
 * clear_cm with depth_cm below 25: 40 % of the depth takes the place of 25 cm. */
struct black_odorous {
	double clear_cm, depth_cm, do_mgl, orp_mv, nh3n_mgl;
	bool clear_to_bottom;
};
struct black_limits {
	double clear_light, clear_heavy, do_light, do_heavy, orp_light, orp_heavy, nh3n_light, nh3n_heavy;
};
int water_black(const struct black_limits *l, const struct black_odorous *in);

#endif
