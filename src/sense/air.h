/* Ambient air by an edition of an index standard (catalog/aqi). */
#ifndef BH_SENSE_AIR_H
#define BH_SENSE_AIR_H

#include "base/vec.h"
#include "num/aqi.h"
#include "sense/edition.h"

/* In the order in which they are asked for and named. */
#define AIR_ITEMS(X) X(PM25, "pm25") X(PM10, "pm10") X(SO2, "so2") X(NO2, "no2") X(CO, "co") X(O3, "o3")
enum air_item {
#define X(id, name) AIR_##id,
	AIR_ITEMS(X)
#undef X
	AIR_COUNT
};
const char *air_item_name(enum air_item i);

enum air_report { AIR_HOUR, AIR_DAY, AIR_REPORT_COUNT }; /* one-hour means; daily values, o3 the greatest 8-hour mean */

struct air_level {
	int level, lo, hi;       /* hi INT_MAX: open */
	str zh, en, colour_zh, colour_en, rgb, effect_zh, effect_en, advice_zh, advice_en;
};
struct air_edition {
	str id, standard;        /* "aqi/hj633/2026", "HJ 633-2026" */
	struct aqi_rule rule;
	struct aqi_scale scale[AIR_REPORT_COUNT][AIR_COUNT];
	str indicator[AIR_REPORT_COUNT][AIR_COUNT], unit[AIR_REPORT_COUNT][AIR_COUNT], source[AIR_REPORT_COUNT][AIR_COUNT];
	str zh[AIR_COUNT], en[AIR_COUNT];
	/* From µg/m³ (CO mg/m³) into the edition's own unit: times / over; over.m 0: it is the same. */
	struct {
		struct decimal times, over;
	} turn[AIR_COUNT];
	const struct air_level *levels;
	size_t nlevels;
};
err air_edition_read(const struct catalog *c, struct arena *a, str edition, struct air_edition *ret, struct fail *f) MUST_USE;

struct air_values {
	struct decimal v[AIR_COUNT];
	bool has[AIR_COUNT];
};
struct air_index {
	struct aqi aqi;
	int sub[AIR_COUNT];
	const struct air_level *level;  /* NULL without an index */
};
struct air_index air_index(const struct air_edition *e, enum air_report report, const struct air_values *in);
/* A value in µg/m³ (CO mg/m³) in the unit of the edition. */
struct decimal air_in_unit(const struct air_edition *e, enum air_item item, struct decimal v);
const struct air_level *air_level_of(const struct air_edition *e, int index);

/* Editions that were read already: the one that was asked for, or each day's own. */
struct air_editions {
	const struct catalog *c;
	struct arena *a;
	str asked;               /* as a person writes it; "": by the day */
	VEC(struct air_edition *) v;
};
err air_edition_for(struct air_editions *es, int64_t day, const struct air_edition **ret, struct fail *f) MUST_USE;

#endif
