#include "num/aqi.h"

/* (Ihi − Ilo)/(Chi − Clo)·(C − Clo) + Ilo, HJ 633 formula (1), exactly. */
static int on_segment(const struct aqi_rule *r, const struct aqi_segment *s, int64_t c)
{
	if (c < INT64_C(1) << 40 && !r->nearest && s->hi > s->lo) { /* nearly always: no need of wide division */
		int64_t up = (s->index_hi - s->index_lo) * (c - s->lo) + (s->hi - s->lo) - 1, q = up / (s->hi - s->lo);
		return q > 100000 ? 100000 : (int)q + s->index_lo;
	}
	__int128 num = (__int128)(s->index_hi - s->index_lo) * (c - s->lo), den = s->hi - s->lo;
	if (den == 0)
		return s->index_hi;
	__int128 q = r->nearest ? (2 * num + den) / (2 * den) : (num + den - 1) / den;
	return q > 100000 ? 100000 : (int)q + s->index_lo;
}

int aqi_sub(const struct aqi_rule *r, const struct aqi_scale *s, struct decimal value)
{
	int64_t c = decimal_round(value, s->places, r->input);
	if (value.m < 0 || !s->n)
		return AQI_NONE;
	for (size_t i = 0; i < s->n; i++)
		if (c <= s->v[i].hi)
			return on_segment(r, &s->v[i], c < s->v[i].lo ? s->v[i].lo : c);
	if (s->above == AQI_ABOVE_EXTEND)
		return on_segment(r, &s->v[s->n - 1], c);
	return s->above == AQI_ABOVE_CAP ? s->cap : AQI_NONE;
}

struct aqi aqi_combine(const struct aqi_rule *r, const int *sub, size_t n)
{
	struct aqi a = { .index = AQI_NONE, .greatest = AQI_NONE };
	for (size_t i = 0; i < n; i++) {
		if (sub[i] == AQI_NONE)
			a.missing |= UINT32_C(1) << i;
		else if (sub[i] > a.greatest)
			a.greatest = sub[i];
	}
	if (a.greatest == AQI_NONE)
		return a;
	for (size_t i = 0; i < n && a.greatest > r->primary_above; i++)
		if (sub[i] == a.greatest)
			a.primary |= UINT32_C(1) << i;
	a.withheld = a.missing && r->publish_above != AQI_NONE && a.greatest <= r->publish_above;
	if (a.withheld)
		a.primary = 0;
	else
		a.index = a.greatest < r->least ? r->least : a.greatest;
	return a;
}
