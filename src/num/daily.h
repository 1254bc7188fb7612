/* Hours to days by counting rules: means of a civil day, greatest running means, percentiles, completeness. Pure; arrays in.
 * Sums are exact: values are taken in thousandths of their unit. */
#ifndef BH_NUM_DAILY_H
#define BH_NUM_DAILY_H

#include <stddef.h>
#include <stdint.h>

#include "num/decimal.h"

enum { DAILY_SCALE = 1000, DAILY_WINDOW = 8, DAILY_WINDOWS = 17 };

struct daily_rule {
	int hours;              /* of a day's mean, of 24 */
	int window_hours;       /* of an 8-hour mean, of 8 */
	int windows;            /* of a day's greatest 8-hour mean, of the 17 that end at 8:00 … 24:00 */
	double window_limit;    /* a day with fewer windows is valid when it exceeds this; NaN: never */
};

struct daily_sum {
	int64_t sum;            /* thousandths */
	int n;                  /* hours that count */
};

/* Sums of days first_day … first_day + days - 1 (days since 1970, civil days of UTC + offset_ms). at_ms is the beginning of the
 * hour; rising. Hours whose flag's byte in counts[256] is 0, and values that are not finite, do not count; an hour given twice
 * counts as given. */
void daily_sums(const int64_t *at_ms, const double *v, const char *flag, size_t n, const unsigned char counts[256], int64_t offset_ms,
		int64_t first_day, size_t days, struct daily_sum *out);
/* The mean, exact but for what 15 digits do not hold (then `more`). n > 0. */
struct decimal daily_mean(struct daily_sum s);

struct daily_max8 {
	struct daily_sum best;  /* of the window with the greatest mean; n 0: none */
	int windows;            /* valid ones */
	int hours;              /* that count, of 24 */
	bool valid;
};
/* The same for running means of eight hours that lie within the day. */
void daily_max8(const int64_t *at_ms, const double *v, const char *flag, size_t n, const unsigned char counts[256], int64_t offset_ms,
		int64_t first_day, size_t days, const struct daily_rule *r, struct daily_max8 *out);

/* HJ 663 annex A: k = 1 + (n-1)·p, linear between neighbours. Sorts v. NaN when n is 0; p 0…1. */
double percentile_of(double *v, size_t n, double p);
/* The same without a rest: of whole units, in hundredths of them; percent 0…100, n > 0. */
int64_t percentile_exact(int64_t *v, size_t n, int percent);

#endif
