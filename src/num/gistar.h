/* Hot spots on a grid: Getis and Ord's Gi* (1995) with control of the false discovery rate (Benjamini and Hochberg 1995). */
#ifndef BH_NUM_GISTAR_H
#define BH_NUM_GISTAR_H

#include <stddef.h>

#include "base/err.h"

/* A raster row by row; NaN cells lie outside and take no part. */
struct raster {
	const double *v;
	int width, height;
};
/* z of every cell with weights 1 for cells whose middle is at most `radius` cells away, itself included, else 0; NaN outside, and
 * everywhere when fewer than two cells or no variation. O(cells × radius). `z` holds width × height; `work` holds
 * 2 × (width + 1) × height doubles. */
void gi_star(const struct raster *r, double radius, double *work, double *z);

/* Two-sided p of a standard normal z; 1 for NaN. */
double p_of_z(double z);
/* The greatest p that is called at rate q (0…1) of false discoveries: p(k) <= k/n·q. 0 when none is; p is sorted. */
double fdr_threshold(double *p, size_t n, double q);

#endif
