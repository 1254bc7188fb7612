#include "sense/ambient.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "sense/reading.h"

enum { HOUR_MS = 3600000 };

struct column ambient_both(struct arena *a, const struct column *sent, const struct column *own)
{
	size_t n = 0, i = 0, k = 0, room = sent->n + own->n;
	if (!own->n)
		return *sent;
	int64_t *at = NEW_N(a, int64_t, room);
	double *v = NEW_N(a, double, room);
	char *flag = NEW_N(a, char, room);
	while (i < sent->n || k < own->n) {
		bool first = k == own->n || (i < sent->n && sent->at_ms[i] <= own->at_ms[k]);
		bool same = first && k < own->n && sent->at_ms[i] == own->at_ms[k];
		const struct column *from = first ? sent : own;
		size_t at_i = first ? i : k;
		at[n] = from->at_ms[at_i];
		v[n] = from->value[at_i];
		flag[n++] = from->flag[at_i];
		i += first;
		k += !first || same;
	}
	return (struct column){ n, at, v, flag };
}

err ambient_hours(struct series *s, struct arena *a, int64_t station, int64_t from_ms, int64_t to_ms, struct ambient_hours *ret, struct fail *f)
{
	for (int i = 0; i < AIR_COUNT; i++) {
		struct column sent = { 0 }, own = { 0 };
		uint32_t item = series_item_known(s, str_of(air_item_name((enum air_item)i)));
		if (item) {
			TRY(series_read(s, a, station, item, SERIES_VALUE, SERIES_HOUR, from_ms, to_ms, &sent, f));
			TRY(series_read(s, a, station, item, SERIES_VALUE, SERIES_HOUR_OWN, from_ms, to_ms, &own, f));
		}
		ret->c[i] = ambient_both(a, &sent, &own);
	}
	return ERR_OK;
}

void ambient_days(const struct validity *v, const struct ambient_hours *h, int64_t first_day, size_t days, double o3_limit,
		  struct ambient_value *out)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct daily_rule rule = v->day;
	struct daily_sum *sums = NEW_N(a, struct daily_sum, days + 1);
	struct daily_max8 *max8 = NEW_N(a, struct daily_max8, days + 1);
	rule.window_limit = o3_limit;
	for (int i = 0; i < AIR_COUNT; i++) {
		const struct column *c = &h->c[i];
		struct ambient_value *to = out + (size_t)i * days;
		if (i == AIR_O3)
			daily_max8(c->at_ms, c->value, c->flag, c->n, v->counts, CHINA_OFFSET_MS, first_day, days, &rule, max8);
		else
			daily_sums(c->at_ms, c->value, c->flag, c->n, v->counts, CHINA_OFFSET_MS, first_day, days, sums);
		for (size_t d = 0; d < days; d++) {
			struct daily_sum s = i == AIR_O3 ? max8[d].best : sums[d];
			to[d] = (struct ambient_value){ .has = s.n > 0, .n = i == AIR_O3 ? max8[d].windows : s.n };
			to[d].valid = i == AIR_O3 ? max8[d].valid : s.n >= rule.hours;
			if (s.n)
				to[d].v = daily_mean(s);
		}
	}
}

/* ---- evaluation ---- */

static bool item_of(str name, int *ret)
{
	for (int i = 0; i < AIR_COUNT; i++)
		if (str_eq(name, str_of(air_item_name((enum air_item)i)))) {
			*ret = i;
			return true;
		}
	return false;
}

/* The limit of an item and averaging time in the table of GB 3095. */
static double limit_of(const struct rows *t, const char *item, str averaging, int area)
{
	double v = NAN;
	for (size_t i = 0; i < t->n && averaging.n; i++)
		if (str_eq(rows_get(t, i, S("pollutant")), str_of(item)) && str_eq(rows_get(t, i, S("averaging")), averaging) &&
		    str_to_f64(rows_get(t, i, area == 1 ? S("class1") : S("class2")), &v))
			return v;
	return NAN;
}

err evaluation_read(const struct catalog *c, struct arena *a, str name, int64_t day, int area, struct evaluation *ret, struct fail *f)
{
	struct evaluation e = { 0 };
	struct rows t, limits;
	int64_t places;
	str meta;
	if (name.n)
		TRY(edition_named(c, a, "evaluation", name, &e.id, f));
	else
		TRY(edition_on(c, a, S("evaluation/hj663"), day, &e.id, f));
	TRY(edition_meta(c, a, e.id, &meta, f));
	e.rounded = str_eq(meta_get(meta, S("compare")), S("rounded"));
	if (!str_to_i64(meta_get(meta, S("composite_places")), &places) || places < 0 || places > 6)
		return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", "evaluation/META", "line", "1");
	e.composite_places = (int)places;
	TRY(edition_named(c, a, "airlimit", meta_get(meta, S("limits")), &e.limits_id, f));
	TRY(edition_table(c, a, e.limits_id, "limits.tsv", &limits, f));
	TRY(edition_table(c, a, e.id, "items.tsv", &t, f));
	for (size_t r = 0; r < t.n; r++) {
		int i;
		int64_t p;
		if (!item_of(rows_get(&t, r, S("item")), &i) || !str_to_i64(rows_get(&t, r, S("percentile")), &p) ||
		    !str_to_i64(rows_get(&t, r, S("places")), &places))
			return FAIL(f, BAD_FORMAT, "", NULL);
		e.p[i] = (int)p;
		e.places[i] = (int)places;
		e.by_percentile[i] = str_eq(rows_get(&t, r, S("index_of")), S("percentile"));
		e.has_mean[i] = rows_get(&t, r, S("mean_limit")).n > 0;
		e.limits.mean[i] = limit_of(&limits, air_item_name((enum air_item)i), rows_get(&t, r, S("mean_limit")), area);
		e.limits.day[i] = limit_of(&limits, air_item_name((enum air_item)i), rows_get(&t, r, S("day_limit")), area);
	}
	*ret = e;
	return ERR_OK;
}

/* A statistic held against a limit; NaN: there is none. */
static bool attains(const struct evaluation *e, enum air_item item, struct decimal v, double limit)
{
	struct decimal bound;
	if (!decimal_of_f64(limit, &bound))
		return true;
	if (e->rounded)
		v = (struct decimal){ decimal_round(v, e->places[item], ROUND_HALF_EVEN), e->places[item], false };
	return decimal_cmp(v, bound) <= 0;
}

/* In units of the item's last place, so that means and percentiles have no rest of binary fractions. */
static void exact_statistics(const struct evaluation *e, enum air_item item, int64_t *units, struct ambient_stat *s)
{
	enum { MORE = 6 };
	__int128 sum = 0;
	for (size_t i = 0; i < s->n; i++)
		sum += units[i];
	for (int i = 0; i < MORE; i++)
		sum *= 10;
	s->exact_mean = (struct decimal){ (int64_t)(sum / (int64_t)s->n), e->places[item] + MORE, sum % (int64_t)s->n != 0 };
	s->exact_percentile = (struct decimal){ percentile_exact(units, s->n, s->p), e->places[item] + 2, false };
	s->mean = decimal_f64(s->exact_mean);
	s->percentile = decimal_f64(s->exact_percentile);
}

struct ambient_stat ambient_statistic(struct arena *a, const struct evaluation *e, const struct validity *v, enum air_item item,
				      int64_t first_day, const double *values, size_t days)
{
	struct ambient_stat s = { .p = e->p[item], .mean_limit = e->limits.mean[item], .day_limit = e->limits.day[item], .mean = NAN,
				  .percentile = NAN, .index = NAN };
	int64_t *units = NEW_N(a, int64_t, days + 1);
	bool *has = NEW_N(a, bool, days + 1);
	for (size_t i = 0; i < days; i++) {
		has[i] = isfinite(values[i]) && fabs(values[i]) < 1e9;
		if (!has[i])
			continue;
		units[s.n++] = llround(values[i] * pow(10, e->places[item]));
		s.exceed_days += values[i] > s.day_limit;
	}
	s.complete = s.n && validity_year(v, first_day, has, days);
	if (!s.n)
		return s;
	exact_statistics(e, item, units, &s);
	s.index = e->by_percentile[item] ? s.percentile / s.day_limit : s.mean / s.mean_limit;
	s.percentile_attains = attains(e, item, s.exact_percentile, s.day_limit);
	s.mean_attains = !e->has_mean[item] || attains(e, item, s.exact_mean, s.mean_limit);
	s.attains = s.percentile_attains && s.mean_attains;
	return s;
}
