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

double water_tli(const struct tli *in)
{
	/* Weights are the squared correlations with chlorophyll a. */
	const struct {
		double value, a, b, r2;
	} v[] = {
		{ in->chla, 2.5, 1.086, 1 },
		{ in->tp, 9.436, 1.624, 0.84 * 0.84 },
		{ in->tn, 5.453, 1.694, 0.82 * 0.82 },
		{ in->sd, 5.118, -1.94, 0.83 * 0.83 },
		{ in->codmn, 0.109, 2.661, 0.83 * 0.83 },
	};
	double sum = 0, weights = 0;
	for (size_t i = 0; i < COUNT_OF(v); i++) {
		if (!(v[i].value > 0))
			continue;
		sum += v[i].r2 * 10 * (v[i].a + v[i].b * log(v[i].value));
		weights += v[i].r2;
	}
	return weights > 0 ? sum / weights : NAN;
}

/* 2 beyond `heavy`, 1 beyond `light`; `less` when small values are the bad ones. */
static int grade(double v, double light, double heavy, bool less)
{
	if (isnan(v))
		return -1;
	if (less)
		return v < heavy ? 2 : v < light;
	return v > heavy ? 2 : v > light;
}

static int clearness(const struct black_limits *l, const struct black_odorous *in)
{
	bool shallow = in->depth_cm < l->clear_light;
	if (in->clear_to_bottom && shallow)
		return 0;
	double light = shallow ? in->depth_cm * 0.4 : l->clear_light;
	return grade(in->clear_cm, light, shallow ? light * l->clear_heavy / l->clear_light : l->clear_heavy, true);
}

int water_black(const struct black_limits *l, const struct black_odorous *in)
{
	const int grades[] = { clearness(l, in), grade(in->do_mgl, l->do_light, l->do_heavy, true),
			       grade(in->orp_mv, l->orp_light, l->orp_heavy, true),
			       grade(in->nh3n_mgl, l->nh3n_light, l->nh3n_heavy, false) };
	int worst = -1;
	for (size_t i = 0; i < COUNT_OF(grades); i++)
		worst = grades[i] > worst ? grades[i] : worst;
	return worst;
}
