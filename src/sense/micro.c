#include "sense/micro.h"

#include <math.h>
#include <string.h>

#include "num/change.h"
#include "sense/edition.h"
#include "sense/rule.h"

enum { HOUR_MS = 3600000, AROUND = 512 };

static const char *const names[] = {
#define X(id, name, flag) [MICRO_##id] = name,
	MICRO_CHECKS(X)
#undef X
};

const char *micro_check_name(enum micro_check c)
{
	return names[c];
}

char micro_check_flag(str name)
{
#define X(id, is, flag)                                                                            \
	if (str_eq(name, S(is)))                                                                   \
		return flag;
	MICRO_CHECKS(X)
#undef X
	return 'Q';
}

/* ---- rules ---- */

static double number(const struct rows *t, size_t i, const char *column)
{
	double v;
	return str_to_f64(rows_get(t, i, str_of(column)), &v) ? v : NAN;
}

/* 0 where the cell is empty. */
static int64_t hours_of(const struct rows *t, size_t i, const char *column)
{
	double v = number(t, i, column);
	return isnan(v) ? 0 : llround(v) * HOUR_MS;
}

err micro_rules_read(const struct catalog *c, struct arena *a, int64_t day, struct micro_rules *ret, struct fail *f)
{
	struct rows t;
	TRY(edition_on(c, a, S("validity/micro"), day, &ret->edition, f));
	TRY(edition_table(c, a, ret->edition, "checks.tsv", &t, f));
	struct micro_rule *v = NEW_N(a, struct micro_rule, t.n + 1);
	for (size_t i = 0; i < t.n; i++)
		v[i] = (struct micro_rule){ .station_kind = arena_str(a, rows_get(&t, i, S("station_kind"))),
					    .item = arena_str(a, rows_get(&t, i, S("item"))), .lo = number(&t, i, "lo"), .hi = number(&t, i, "hi"),
					    .stuck_ms = llround(number(&t, i, "stuck_h")) * HOUR_MS, .spike_abs = number(&t, i, "spike_abs"),
					    .spike_mad = number(&t, i, "spike_mad"), .neighbours_z = number(&t, i, "neighbours_z"),
					    .neighbours_ms = llround(number(&t, i, "neighbours_h")) * HOUR_MS,
					    .radius_km = number(&t, i, "radius_km"), .plume_km = number(&t, i, "plume_km"),
					    .part_of = arena_str(a, rows_get(&t, i, S("part_of"))), .part_pct = number(&t, i, "part_pct"),
					    .fog_item = arena_str(a, rows_get(&t, i, S("fog_item"))), .fog_rh = number(&t, i, "fog_rh"), .drift_ms = hours_of(&t, i, "drift_h"),
					    .drift_least = number(&t, i, "drift_least"), .drift_km = number(&t, i, "drift_km"),
					    .slope_lo = number(&t, i, "slope_lo"), .slope_hi = number(&t, i, "slope_hi"),
					    .r2_least = number(&t, i, "r2_least"), .drift_sd = number(&t, i, "drift_sd"),
					    .source = arena_str(a, rows_get(&t, i, S("source"))),
					    .certainty = arena_str(a, rows_get(&t, i, S("certainty"))) };
	ret->v = v;
	ret->n = t.n;
	return ERR_OK;
}

const struct micro_rule *micro_rule_find(const struct micro_rules *r, str station_kind, str item)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->v[i].station_kind, station_kind) && (!item.n || str_eq(r->v[i].item, item)))
			return &r->v[i];
	return NULL;
}

int64_t micro_window_ms(const struct micro_rule *r)
{
	int64_t most = 4 * (int64_t)HOUR_MS;
	most = r->stuck_ms > most ? r->stuck_ms : most;
	most = r->neighbours_ms > most ? r->neighbours_ms : most;
	return most + HOUR_MS;
}

/* ---- columns ---- */

static bool usable(const struct column *c, size_t i)
{
	return rule_flag_counts(c->flag[i]) && isfinite(c->value[i]);
}

static void add(struct micro_out *out, enum micro_check check, int64_t from, int64_t to, double value, double bound)
{
	if (out->n < out->max)
		out->v[out->n++] = (struct micro_doubt){ check, from, to, value, bound };
}

/* The first reading at or after a time. */
static size_t at_or_after(const struct column *c, int64_t ms)
{
	size_t lo = 0, hi = c->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (c->at_ms[mid] < ms)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Usable values in from <= t < to, at most `max` of them. */
static size_t values_in(const struct column *c, int64_t from, int64_t to, double *v, size_t max)
{
	size_t n = 0;
	for (size_t i = at_or_after(c, from); i < c->n && c->at_ms[i] < to && n < max; i++)
		if (usable(c, i))
			v[n++] = c->value[i];
	return n;
}

/* ---- range ---- */

void micro_range(const struct micro_rule *r, const struct column *c, int64_t step_ms, struct micro_out *out)
{
	for (size_t i = 0; i < c->n; i++) {
		double v = c->value[i];
		if (usable(c, i) && (v < r->lo || v > r->hi))
			add(out, MICRO_RANGE, c->at_ms[i], c->at_ms[i] + step_ms, v, v < r->lo ? r->lo : r->hi);
	}
}

/* ---- stuck ---- */

static bool moved(const struct column *c, int64_t from, int64_t to)
{
	double first = NAN;
	for (size_t i = at_or_after(c, from); i < c->n && c->at_ms[i] < to; i++) {
		if (!usable(c, i))
			continue;
		if (!isnan(first) && c->value[i] != first)
			return true;
		first = c->value[i];
	}
	return false;
}

static bool any_moved(const struct micro_rule *r, const struct micro_near *near, size_t n, int64_t from, int64_t to)
{
	for (size_t i = 0; i < n; i++)
		if (near[i].km <= r->radius_km && moved(&near[i].c, from, to))
			return true;
	return false;
}

void micro_stuck(const struct micro_rule *r, const struct column *c, int64_t step_ms, const struct micro_near *near, size_t n, struct micro_out *out)
{
	for (size_t i = 0; i < c->n;) {
		size_t last = i, k = i + 1;
		if (!usable(c, i)) {
			i++;
			continue;
		}
		for (; k < c->n && (!usable(c, k) || c->value[k] == c->value[i]); k++)
			last = usable(c, k) ? k : last;
		int64_t to = c->at_ms[last] + step_ms;
		if (last > i && to - c->at_ms[i] >= r->stuck_ms && any_moved(r, near, n, c->at_ms[i], to))
			add(out, MICRO_STUCK, c->at_ms[i], to, c->value[i], (double)r->stuck_ms / HOUR_MS);
		i = last + 1;
	}
}

/* ---- spikes ---- */

struct around {
	double mid, limit;
	size_t n;
};

/* What is usual around a time: an hour and a half before and after it. */
static struct around around_of(const struct micro_rule *r, const struct column *c, int64_t at)
{
	double v[AROUND], off[AROUND];
	struct around out = { .n = values_in(c, at - HOUR_MS * 3 / 2, at + HOUR_MS * 3 / 2 + 1, v, AROUND) };
	out.mid = median(v, out.n); /* sorts */
	for (size_t i = 0; i < out.n; i++)
		off[i] = fabs(v[i] - out.mid);
	out.limit = fmax(r->spike_abs, r->spike_mad * median(off, out.n));
	return out;
}

static bool stands_out(const struct micro_rule *r, const struct column *c, int64_t at, double value, struct around *ret)
{
	*ret = around_of(r, c, at);
	return ret->n >= MICRO_NEAR_LEAST && fabs(value - ret->mid) > ret->limit;
}

/* Within an hour before it and within one after it a reading is as usual; else it is another level, not a spike. */
static bool comes_and_goes(const struct column *c, size_t i, const struct around *a)
{
	bool before = false, after = false;
	for (size_t k = i; k-- > 0 && c->at_ms[k] >= c->at_ms[i] - HOUR_MS;)
		before |= usable(c, k) && fabs(c->value[k] - a->mid) <= a->limit;
	for (size_t k = i + 1; k < c->n && c->at_ms[k] <= c->at_ms[i] + HOUR_MS; k++)
		after |= usable(c, k) && fabs(c->value[k] - a->mid) <= a->limit;
	return before && after;
}

static bool seen_near(const struct micro_rule *r, const struct micro_near *near, size_t n, int64_t from, int64_t to, bool upwards)
{
	struct around a;
	for (size_t i = 0; i < n; i++) {
		const struct column *c = &near[i].c;
		if (near[i].km > r->plume_km)
			continue;
		for (size_t k = at_or_after(c, from); k < c->n && c->at_ms[k] < to; k++)
			if (usable(c, k) && stands_out(r, c, c->at_ms[k], c->value[k], &a) && (c->value[k] > a.mid) == upwards)
				return true;
	}
	return false;
}

void micro_spike(const struct micro_rule *r, const struct column *c, int64_t step_ms, const struct micro_near *near, size_t n, struct micro_out *out)
{
	for (size_t i = 0; i < c->n; i++) {
		struct around a;
		int64_t at = c->at_ms[i];
		if (!usable(c, i) || c->at_ms[c->n - 1] < at + HOUR_MS || !stands_out(r, c, at, c->value[i], &a) || !comes_and_goes(c, i, &a))
			continue;
		if (!seen_near(r, near, n, at - HOUR_MS / 2, at + step_ms + HOUR_MS / 2, c->value[i] > a.mid))
			add(out, MICRO_SPIKE, at, at + step_ms, c->value[i], a.mid + copysign(a.limit, c->value[i] - a.mid));
	}
}

/* ---- neighbours ---- */

static bool disagrees(const struct micro_rule *r, const struct column *c, size_t i, const struct micro_near *near, size_t n, double *ret_z)
{
	double v[MICRO_NEAR_MAX], work[MICRO_NEAR_MAX];
	size_t k = 0;
	for (size_t s = 0; s < n && k < MICRO_NEAR_MAX; s++)
		if (near[s].km <= r->radius_km)
			k += values_in(&near[s].c, c->at_ms[i], c->at_ms[i] + HOUR_MS, &v[k], 1);
	*ret_z = k >= MICRO_NEAR_LEAST ? robust_z(c->value[i], v, k, work) : 0;
	return isfinite(*ret_z) && fabs(*ret_z) > r->neighbours_z;
}

void micro_neighbours(const struct micro_rule *r, const struct column *c, const struct micro_near *near, size_t n, struct micro_out *out)
{
	int64_t begin = 0, end = 0;
	double worst = 0, z;
	for (size_t i = 0; i <= c->n; i++) {
		bool off = i < c->n && usable(c, i) && disagrees(r, c, i, near, n, &z);
		bool follows = off && end && c->at_ms[i] == end;
		if (!follows && end) {
			if (end - begin >= r->neighbours_ms)
				add(out, MICRO_NEIGHBOURS, begin, end, worst, r->neighbours_z);
			end = 0;
		}
		if (!off)
			continue;
		begin = end ? begin : c->at_ms[i];
		worst = end && fabs(worst) > fabs(z) ? worst : z;
		end = c->at_ms[i] + HOUR_MS;
	}
}
