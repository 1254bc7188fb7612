/* Air of a station or a place over time: hours and days by the counting rules, indices by an edition, statistics of a period. */
#ifndef BH_SENSE_AMBIENT_H
#define BH_SENSE_AMBIENT_H

#include "sense/air.h"
#include "sense/series.h"
#include "sense/validity.h"

struct ambient_hours {
	struct column c[AIR_COUNT]; /* sent, or derived where not sent */
};
/* Hours of one station in from <= t < to. */
err ambient_hours(struct series *s, struct arena *a, int64_t station, int64_t from_ms, int64_t to_ms, struct ambient_hours *ret,
		  struct fail *f) MUST_USE;

/* Sent and derived in one, by time; a sent value goes before a derived one. */
struct column ambient_both(struct arena *a, const struct column *sent, const struct column *own);

/* A day's value of an item: mean, or the greatest 8-hour mean of ozone. */
struct ambient_value {
	bool has, valid;
	struct decimal v;
	int n;                  /* hours; of ozone: windows */
};
/* out[item * days + day] */
void ambient_days(const struct validity *v, const struct ambient_hours *h, int64_t first_day, size_t days, double o3_limit,
		  struct ambient_value *out);

/* The limits of class 1 or 2; NaN none. */
struct air_limits {
	str id;
	double mean[AIR_COUNT], day[AIR_COUNT];
};

struct ambient_stat {
	size_t n;               /* valid days */
	bool complete;          /* by the rule of the year */
	double mean, percentile;
	struct decimal exact_mean, exact_percentile; /* when n > 0 */
	int p;
	double mean_limit, day_limit;
	size_t exceed_days;
	double index;           /* single index of the composite one */
	bool mean_attains, percentile_attains, attains; /* true where there is no limit */
};
struct evaluation {
	str id, limits_id;
	bool rounded;           /* statistics are rounded before they are held against the limit */
	int composite_places;
	int p[AIR_COUNT], places[AIR_COUNT];
	bool has_mean[AIR_COUNT], by_percentile[AIR_COUNT];
	struct air_limits limits;
};
/* By a name a person writes, or the one in force on the day. `area` 1 or 2. */
err evaluation_read(const struct catalog *c, struct arena *a, str name, int64_t day, int area, struct evaluation *ret, struct fail *f) MUST_USE;
/* values[day], rounded to the item's places, NaN: not valid. */
struct ambient_stat ambient_statistic(struct arena *a, const struct evaluation *e, const struct validity *v, enum air_item item,
				      int64_t first_day, const double *values, size_t days);

#endif
