#include "num/water.h"

#include <math.h>

static bool meets(const struct water_item *it, struct decimal v, int c)
{
	switch (it->compare) {
	case WATER_AT_MOST:
		return decimal_cmp(v, it->limit[c]) <= 0;
	case WATER_AT_LEAST:
		return decimal_cmp(v, it->limit[c]) >= 0;
	default:
		return decimal_cmp(v, it->low[c]) >= 0 && decimal_cmp(v, it->limit[c]) <= 0;
	}
}

int water_class(const struct water_item *it, struct decimal value)
{
	if (value.m < 0)
		return WATER_NONE;
	for (int c = 0; c < it->classes; c++)
		if (meets(it, value, c))
			return c + 1;
	return WATER_WORSE;
}

double water_excess(const struct water_item *it, struct decimal value, int base)
{
	if (it->compare == WATER_BETWEEN || base < 1 || base > it->classes)
		return NAN;
	double s = decimal_f64(it->limit[base - 1]), c = decimal_f64(value);
	if (s <= 0)
		return NAN;
	return it->compare == WATER_AT_LEAST ? (s - c) / s : (c - s) / s;
}

double tli_of(const struct tli_item *it, double value)
{
	return value > 0 ? 10 * (it->a + it->b * log(value)) : NAN;
}

double tli_sum(const struct tli_item *items, const double *tli, size_t n)
{
	double sum = 0, weights = 0;
	for (size_t i = 0; i < n; i++) {
		if (isnan(tli[i]))
			continue;
		sum += items[i].r * items[i].r * tli[i];
		weights += items[i].r * items[i].r;
	}
	return weights > 0 ? sum / weights : NAN;
}

int water_black(struct decimal value, struct decimal light, struct decimal heavy, bool less)
{
	int to_light = decimal_cmp(value, light), to_heavy = decimal_cmp(value, heavy);
	if (less)
		return to_heavy < 0 ? 2 : to_light < 0;
	return to_heavy > 0 ? 2 : to_light > 0;
}
