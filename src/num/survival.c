#include "num/survival.h"

#include <math.h>
#include <stdlib.h>

/* Unusable times behind everything. */
static int by_time(const void *pa, const void *pb)
{
	const struct survival_obs *a = pa, *b = pb;
	bool ua = isfinite(a->time) && a->time >= 0, ub = isfinite(b->time) && b->time >= 0;
	if (ua != ub)
		return ua ? -1 : 1;
	return !ua ? 0 : a->time < b->time ? -1 : a->time > b->time;
}

/* S^exp(±z·se(log(-log S))), se = √sum / |ln S|. */
static void fill_interval(struct survival_step *s, double sum, double z)
{
	s->se = s->low = s->high = NAN;
	if (!(s->survival > 0))
		return;
	double ln = log(s->survival), spread = exp(z * sqrt(sum) / -ln);
	s->se = s->survival * sqrt(sum);
	s->low = exp(ln * spread);
	s->high = exp(ln / spread);
}

size_t survival_steps(struct survival_obs *v, size_t n, double z, struct survival_step *ret)
{
	size_t steps = 0, used = 0;
	double survival = 1, sum = 0;
	qsort(v, n, sizeof *v, by_time);
	while (used < n && isfinite(v[used].time) && v[used].time >= 0)
		used++;
	for (size_t i = 0; i < used;) {
		size_t at_risk = used - i, events = 0;
		double time = v[i].time;
		for (; i < used && v[i].time == time; i++)
			events += v[i].event;
		if (!events)
			continue;
		survival *= 1 - (double)events / (double)at_risk;
		if (at_risk > events)
			sum += (double)events / ((double)at_risk * (double)(at_risk - events));
		ret[steps] = (struct survival_step){ .time = time, .at_risk = at_risk, .events = events,
						     .survival = at_risk > events ? survival : 0 };
		fill_interval(&ret[steps++], sum, z);
	}
	return steps;
}

const struct survival_step *survival_at(const struct survival_step *v, size_t n, double time)
{
	const struct survival_step *found = NULL;
	for (size_t i = 0; i < n && v[i].time <= time; i++)
		found = &v[i];
	return found;
}

double survival_median(const struct survival_step *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].survival <= 0.5)
			return v[i].time;
	return NAN;
}
