/* Exact decimals for values that standards round and compare by digits: 60.5 is 605 tenths, never 60.49999. */
#ifndef BH_NUM_DECIMAL_H
#define BH_NUM_DECIMAL_H

#include "base/str.h"

enum { DECIMAL_DIGITS = 18 };

struct decimal {
	int64_t m;     /* value = m / 10^scale */
	int scale;     /* 0…18 */
	bool more;     /* digits beyond the 18th were not all zero: the true size is a little larger */
};

enum rounding {
	ROUND_HALF_EVEN,  /* GB/T 8170-2008: 四舍六入五成双, of the absolute value */
	ROUND_DOWN,       /* towards zero */
	ROUND_UP,         /* away from zero */
	ROUND_HALF_UP     /* 0.5 away from zero */
};

/* "-12.50", ".5", "1e-3"; no blanks. False for anything else and beyond ±9.2·10^17. */
bool decimal_parse(str s, struct decimal *ret) MUST_USE;
/* m of the value rounded to `places` (0…18) places, in units of 10^-places; saturates at ±INT64_MAX. */
int64_t decimal_round(struct decimal d, int places, enum rounding how);
int decimal_cmp(struct decimal a, struct decimal b);     /* <0, 0, >0 */
double decimal_f64(struct decimal d);
/* m/10^scale as digits; `out` holds 24. */
str decimal_text(int64_t m, int scale, char out[static 24]);

#endif
