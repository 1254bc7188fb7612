#include "num/idw.h"

#include <math.h>
#include <stdint.h>

static const double same_place = 1; /* metre */

static double weight_of(const struct idw_rule *r, double d2)
{
	return r->power == 2 ? 1 / d2 : pow(d2, -r->power / 2);
}

static void spread_of(const struct idw_point *v, size_t n, const double *weights, struct idw_value *ret)
{
	double squares = 0;
	for (size_t i = 0; i < n; i++)
		squares += weights[i] * (v[i].v - ret->v) * (v[i].v - ret->v);
	ret->spread = sqrt(squares);
}

bool idw_at(const struct idw_rule *r, const struct idw_point *v, size_t n, size_t without, double x, double y, double *weights,
	    struct idw_value *ret)
{
	double sum = 0, total = 0, squares = 0, here = 0, reach = r->radius * r->radius;
	struct idw_value out = { .nearest = INFINITY };
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		double dx = v[i].x - x, dy = v[i].y - y, d2 = dx * dx + dy * dy;
		if (weights)
			weights[i] = 0;
		if (i == without || !(d2 <= reach))
			continue;
		out.n++;
		out.nearest = fmin(out.nearest, sqrt(d2));
		if (d2 < same_place * same_place) {
			here += v[i].v;
			at++;
			continue;
		}
		double w = weight_of(r, d2);
		if (weights)
			weights[i] = w;
		total += w;
		sum += w * v[i].v;
		squares += w * v[i].v * v[i].v;
	}
	if (out.n < r->least || !out.n)
		return false;
	out.v = at ? here / (double)at : sum / total;
	out.spread = at ? 0 : sqrt(fmax(0, squares / total - out.v * out.v));
	for (size_t i = 0; i < n && weights; i++) {
		double dx = v[i].x - x, dy = v[i].y - y;
		bool on = i != without && dx * dx + dy * dy < same_place * same_place;
		weights[i] = at ? (on ? 1 / (double)at : 0) : weights[i] / total;
	}
	if (weights)
		spread_of(v, n, weights, &out);
	*ret = out;
	return true;
}

struct idw_errors idw_leave_one_out(const struct idw_rule *r, const struct idw_point *v, size_t n, double *estimates)
{
	struct idw_errors e = { .rmse = NAN, .mae = NAN, .bias = NAN };
	double squares = 0, sizes = 0, sum = 0;
	for (size_t i = 0; i < n; i++) {
		struct idw_value at;
		estimates[i] = NAN;
		if (!idw_at(r, v, n, i, v[i].x, v[i].y, NULL, &at))
			continue;
		double miss = at.v - v[i].v;
		estimates[i] = at.v;
		squares += miss * miss;
		sizes += fabs(miss);
		sum += miss;
		e.n++;
	}
	if (e.n) {
		e.rmse = sqrt(squares / (double)e.n);
		e.mae = sizes / (double)e.n;
		e.bias = sum / (double)e.n;
	}
	return e;
}
