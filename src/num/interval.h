/* Shares and how sure they are. */
#ifndef BH_NUM_INTERVAL_H
#define BH_NUM_INTERVAL_H

#include <stddef.h>

#define Z_95 1.959963984540054   /* 97.5 % point of the normal distribution */

struct share {
	double value, low, high; /* within 0 … 1; NaN without observations */
	double n;                /* observations, or as many as they are worth */
};
/* Wilson's score interval (J. Am. Stat. Assoc. 22 (1927) 209–212) for k of n; k and n may be fractions, 0 ≤ k ≤ n. No
 * finite population correction: where nearly all were looked at, the interval is wider than need be. */
struct share share_wilson(double k, double n, double z);

/* A sample drawn with unequal chances: p is the chance with which this one came in, 0 < p ≤ 1. The share is Hájek's
 * ratio Σ y/p ÷ Σ 1/p; the interval is Wilson's with Kish's effective size (Σ 1/p)² ÷ Σ 1/p², as surveys do (Kish 1965
 * §11.7; Dean and Pagano, J. Surv. Stat. Methodol. 3 (2015) 484–503). Observations without such a p are left out. */
struct share_obs {
	double p;
	int held;                /* 0 or 1 */
};
struct share share_weighted(const struct share_obs *v, size_t n, double z);

#endif
