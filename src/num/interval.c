#include "num/interval.h"

#include <math.h>

struct share share_wilson(double k, double n, double z)
{
	if (!(n > 0) || !(k >= 0) || k > n)
		return (struct share){ NAN, NAN, NAN, n > 0 ? n : 0 };
	double p = k / n, z2 = z * z;
	double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
	double half = z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
	return (struct share){ p, k > 0 ? fmax(0, middle - half) : 0, k < n ? fmin(1, middle + half) : 1, n };
}

struct share share_weighted(const struct share_obs *v, size_t n, double z)
{
	double w = 0, w2 = 0, held = 0;
	for (size_t i = 0; i < n; i++) {
		if (!(v[i].p > 0) || v[i].p > 1)
			continue;
		double one = 1 / v[i].p;
		w += one;
		w2 += one * one;
		held += v[i].held ? one : 0;
	}
	double size = w > 0 ? w * w / w2 : 0;
	return share_wilson(w > 0 ? held / w * size : 0, size, z);
}
