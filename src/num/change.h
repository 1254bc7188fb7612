/* Did something change? Charts in time, robust outliers, and a test of before against after. Pure; NaN values are left out. */
#ifndef BH_NUM_CHANGE_H
#define BH_NUM_CHANGE_H

#include <stddef.h>
#include <stdbool.h>

/* Exponentially weighted moving average (Roberts 1959): limits mean ± width·sigma·√(λ/(2−λ)·(1−(1−λ)^2t)). */
struct ewma {
	double lambda, width;      /* 0.2 and 3 are usual */
	double mean, sigma;        /* of the time before */
};
/* The first index whose average leaves the limits, n when none does; *ret_z the average there or at the end. */
size_t ewma_first(const struct ewma *e, const double *v, size_t n, double *ret_z);

/* Upper CUSUM (Page 1954): C = max(0, C + x − mean − k·sigma), out above h·sigma. */
struct cusum {
	double mean, sigma, k, h;  /* k 0.5, h 4 to 5 are usual */
};
size_t cusum_first(const struct cusum *c, const double *v, size_t n);

/* Median; sorts v. NaN when n is 0. */
double median(double *v, size_t n);
/* 0.6745·(x − median)/MAD (Iglewicz and Hoaglin 1993); `work` holds n. 0 when MAD is 0 and x the median, else infinite. */
double robust_z(double x, const double *v, size_t n, double *work);

/* Mann and Whitney's U with mid-ranks and the correction for ties and continuity; normal approximation, both sides. */
struct change_test {
	size_t n_before, n_after;
	double median_before, median_after;
	double shift;              /* Hodges and Lehmann: median of all differences after − before */
	double lower;              /* share of pairs in which after is lower; 0.5: no change */
	double p;                  /* NaN with fewer than 4 values on a side */
};
/* `work` holds n + m + n·m doubles at most (n·m capped at `room` − n − m by thinning evenly). */
struct change_test change_test(const double *before, size_t n, const double *after, size_t m, double *work, size_t room);

#endif
