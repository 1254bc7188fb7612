/* How long things stay as they were put: the product-limit estimate (Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958)
 * 457–481) with Greenwood's variance. */
#ifndef BH_NUM_SURVIVAL_H
#define BH_NUM_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>

struct survival_obs {
	double time;             /* ≥ 0, finite; others are left out */
	bool event;              /* it happened then; false: only known to have lasted until then */
};
struct survival_step {
	double time;             /* an event happened here */
	size_t at_risk, events;
	double survival;         /* just after it, 0 … 1 */
	double se;               /* Greenwood's standard error of it; NaN at 0 */
	double low, high;        /* interval on the log(-log) scale, within 0 … 1; NaN at 0 */
};
/* Sorts v. One step for each time at which something happened, into ret (room for n); returns how many. Something
 * censored at the time of an event was still at risk then. */
size_t survival_steps(struct survival_obs *v, size_t n, double z, struct survival_step *ret);
/* The last step at or before a time; NULL before the first event. */
const struct survival_step *survival_at(const struct survival_step *v, size_t n, double time);
/* The first time at which no more than half survive; NaN when it is not reached. */
double survival_median(const struct survival_step *v, size_t n);

#endif
