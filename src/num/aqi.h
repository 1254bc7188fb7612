/* Air quality indices by breakpoints: HJ 633 (linear between breakpoints, rounded up) and the US EPA's (truncated
 * input, rounded to the nearest). The tables are data; arithmetic is in integers. */
#ifndef BH_NUM_AQI_H
#define BH_NUM_AQI_H

#include "num/decimal.h"

enum { AQI_ITEMS = 8, AQI_NONE = -1 };

enum aqi_above { AQI_ABOVE_CAP, AQI_ABOVE_NONE, AQI_ABOVE_EXTEND };

/* Concentrations in units of 10^-places of the item's unit. */
struct aqi_segment {
	int64_t lo, hi;
	int index_lo, index_hi;
};
struct aqi_scale {
	int places;                    /* the concentration is rounded to so many */
	const struct aqi_segment *v;   /* by rising concentration */
	size_t n;
	enum aqi_above above;          /* above the last breakpoint: `cap`, nothing, or on along the last segment */
	int cap;
};
struct aqi_rule {
	enum rounding input;           /* of concentrations */
	bool nearest;                  /* result to the nearest integer, else up */
	int least;                     /* of an index that exists: HJ 633 4.1.1 has 1…500 */
	int primary_above;             /* primary pollutants are named above this index */
	int publish_above;             /* with an item missing, published only above this; AQI_NONE: always */
};

/* Sub-index of one item; AQI_NONE when negative or above a scale that ends. */
int aqi_sub(const struct aqi_rule *r, const struct aqi_scale *s, struct decimal value);

struct aqi {
	int index;                     /* AQI_NONE: nothing valid, or not to be published */
	bool withheld;                 /* an item is missing and the index does not exceed publish_above */
	int greatest;                  /* the greatest sub-index, published or not */
	uint32_t primary;              /* bit i: item i is a primary pollutant */
	uint32_t missing;              /* bit i: item i has no sub-index */
};
/* sub[i] AQI_NONE: missing or invalid. */
struct aqi aqi_combine(const struct aqi_rule *r, const int *sub, size_t n);

#endif
