/* Checks that hold an item against another: parts and wholes, humidity, the nearest regulatory station. Pure. */
#include <math.h>

#include "num/change.h"
#include "sense/micro.h"
#include "sense/rule.h"

enum { HOUR_MS = 3600000 };

static bool usable(const struct column *c, size_t i)
{
	return rule_flag_counts(c->flag[i]) && isfinite(c->value[i]);
}

/* Readings one after the other become one stretch; of its values the worst is kept. */
struct run {
	struct micro_out *out;
	enum micro_check check;
	int64_t step_ms, from_ms, to_ms;
	double worst, excess, bound;
};

static void finish(struct run *r)
{
	if (r->to_ms && r->out->n < r->out->max)
		r->out->v[r->out->n++] = (struct micro_doubt){ r->check, r->from_ms, r->to_ms, r->worst, r->bound };
	r->to_ms = 0;
}

static void add(struct run *r, int64_t at_ms, double value, double bound, double excess)
{
	if (r->to_ms && at_ms > r->to_ms)
		finish(r);
	if (!r->to_ms) {
		r->from_ms = at_ms;
		r->excess = -INFINITY;
	}
	r->to_ms = at_ms + r->step_ms;
	if (excess > r->excess) {
		r->excess = excess;
		r->worst = value;
		r->bound = bound;
	}
}

/* Walks two columns together; fn is told of times that both have. */
typedef void both_fn(void *arg, size_t i, size_t k);
static void walk(const struct column *c, const struct column *o, both_fn *fn, void *arg)
{
	for (size_t i = 0, k = 0; i < c->n; i++) {
		while (k < o->n && o->at_ms[k] < c->at_ms[i])
			k++;
		if (k < o->n && o->at_ms[k] == c->at_ms[i] && usable(c, i) && usable(o, k))
			fn(arg, i, k);
	}
}

/* ---- parts and wholes ---- */

struct pair {
	struct run run;
	const struct column *c, *o;
	double pct, rh;
	bool is_part;
};

static void see_part(void *arg, size_t i, size_t k)
{
	struct pair *p = arg;
	double own = p->c->value[i], other = p->o->value[k];
	double part = p->is_part ? own : other, whole = p->is_part ? other : own;
	double bound = whole * (1 + p->pct / 100);
	if (whole >= 0 && part > bound)
		add(&p->run, p->c->at_ms[i], own, p->is_part ? bound : part / (1 + p->pct / 100), part - bound);
}

void micro_inverted(const struct column *c, const struct column *other, bool is_part, double pct, int64_t step_ms, struct micro_out *out)
{
	struct pair p = { .run = { .out = out, .check = MICRO_INVERTED, .step_ms = step_ms }, .c = c, .o = other, .pct = pct, .is_part = is_part };
	if (isnan(pct))
		return;
	walk(c, other, see_part, &p);
	finish(&p.run);
}

/* ---- fog ---- */

static void see_fog(void *arg, size_t i, size_t k)
{
	struct pair *p = arg;
	if (p->o->value[k] > p->rh)
		add(&p->run, p->c->at_ms[i], p->o->value[k], p->rh, p->o->value[k]);
}

void micro_fog(const struct micro_rule *r, const struct column *c, const struct column *humidity, int64_t step_ms, struct micro_out *out)
{
	struct pair p = { .run = { .out = out, .check = MICRO_FOG, .step_ms = step_ms }, .c = c, .o = humidity, .rh = r->fog_rh };
	if (isnan(r->fog_rh))
		return;
	walk(c, humidity, see_fog, &p);
	finish(&p.run);
}

/* ---- drift ---- */

/* Sums over the hours of the window, about the first pair so that digits are not lost. */
struct sums {
	double n, x, y, xx, xy, yy;
};
struct point {
	int64_t at_ms;
	double x, y;               /* reference, own */
};
struct drifting {
	const struct micro_rule *r;
	const struct column *c, *o;
	struct point *v;
	size_t n;
};

static void take_point(void *arg, size_t i, size_t k)
{
	struct drifting *d = arg;
	d->v[d->n] = (struct point){ d->c->at_ms[i], d->o->value[k] - d->v[0].x * (d->n > 0), d->c->value[i] - d->v[0].y * (d->n > 0) };
	d->n++;
}

static void count(struct sums *s, const struct point *p, double sign)
{
	s->n += sign;
	s->x += sign * p->x;
	s->y += sign * p->y;
	s->xx += sign * p->x * p->x;
	s->xy += sign * p->x * p->y;
	s->yy += sign * p->y * p->y;
}

/* Does the window say that the instrument drifts? The slope, or where that is sound the share of variance, is what it is told by. */
static bool judge(const struct micro_rule *r, const struct sums *s, double *ret_value, double *ret_bound, double *ret_excess)
{
	double sxx = s->xx - s->x * s->x / s->n, sxy = s->xy - s->x * s->y / s->n, syy = s->yy - s->y * s->y / s->n;
	if (s->n * HOUR_MS < r->drift_least * (double)r->drift_ms || sxx / s->n < r->drift_sd * r->drift_sd || sxx <= 0)
		return false;
	double slope = sxy / sxx, r2 = syy > 0 ? sxy * sxy / (sxx * syy) : 0;
	bool low = slope < r->slope_lo, off = low || slope > r->slope_hi;
	*ret_value = off ? slope : r2;
	*ret_bound = low ? r->slope_lo : off ? r->slope_hi : r->r2_least;
	*ret_excess = fabs(*ret_value - *ret_bound);
	return off || r2 < r->r2_least;
}

void micro_drift(struct arena *a, const struct micro_rule *r, const struct column *hours, const struct column *reference, struct micro_out *out)
{
	struct drifting d = { .r = r, .c = hours, .o = reference, .v = NEW_N(a, struct point, hours->n + 1) };
	struct run run = { .out = out, .check = MICRO_DRIFT, .step_ms = HOUR_MS };
	struct sums s = { 0 };
	double value, bound, excess;
	if (!r->drift_ms || !hours->n || !reference->n)
		return;
	walk(hours, reference, take_point, &d);
	if (d.n) /* the first stands for itself: it is where the others are counted from */
		d.v[0].x = d.v[0].y = 0;
	for (size_t i = 0, first = 0; i < d.n; i++) {
		count(&s, &d.v[i], 1);
		for (; d.v[first].at_ms <= d.v[i].at_ms - r->drift_ms; first++)
			count(&s, &d.v[first], -1);
		if (judge(r, &s, &value, &bound, &excess))
			add(&run, d.v[i].at_ms, value, bound, excess);
		else
			finish(&run);
	}
	finish(&run);
}
