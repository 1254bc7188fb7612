/* Interpolation by inverse distance (Shepard 1968) within a radius, and how well it does, each point left out in turn. Pure. */
#ifndef BH_NUM_IDW_H
#define BH_NUM_IDW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

struct idw_point {
	double x, y, v;           /* metres; value */
};
struct idw_rule {
	double power, radius;     /* 1/d^power; metres */
	size_t least;             /* points within the radius that a value needs */
};
struct idw_value {
	double v;
	double spread;            /* weighted standard deviation of the points about the value */
	size_t n;                 /* points within the radius */
	double nearest;           /* metres */
};
/* `without` SIZE_MAX: all points. On a point its own value (of several there the mean). `weights` may be NULL; else one a point, their
 * sum is 1. False where too few points lie within the radius. */
bool idw_at(const struct idw_rule *r, const struct idw_point *v, size_t n, size_t without, double x, double y, double *weights,
	    struct idw_value *ret) MUST_USE;

struct idw_errors {
	size_t n;                 /* points that the others say something about */
	double rmse, mae, bias;   /* bias: mean of estimate less value; NaN of none */
};
/* estimates[i]: of point i by the others, NaN where they are too few. */
struct idw_errors idw_leave_one_out(const struct idw_rule *r, const struct idw_point *v, size_t n, double *estimates);

#endif
