/* Checks of micro-stations: range, values that do not move, spikes, disagreement with the neighbours, fine particles above coarse
 * ones, fog, drift against the nearest regulatory station. Pure, over columns; the numbers stand in catalog/validity/micro. A check
 * finds readings doubtful; it changes and deletes none. */
#ifndef BH_SENSE_MICRO_H
#define BH_SENSE_MICRO_H

#include "core/catalog.h"
#include "sense/series.h"

/* With the mark that what it finds is given: Q doubtful, Z drift (RULE_DRIFT_FLAG). The last two are found by calibrations (drift.h). */
#define MICRO_CHECKS(X)                                                                            \
	X(RANGE, "range", 'Q') X(STUCK, "stuck", 'Q') X(SPIKE, "spike", 'Q')                       \
	X(NEIGHBOURS, "neighbours", 'Q') X(INVERTED, "inverted", 'Q') X(FOG, "fog", 'Q')           \
	X(DRIFT, "drift", 'Z') X(ZERO, "zero-drift", 'Z') X(SPAN, "span-drift", 'Z')
enum micro_check {
#define X(id, name, flag) MICRO_##id,
	MICRO_CHECKS(X)
#undef X
	MICRO_CHECK_COUNT
};
#define MICRO_CHECK_OPTIONS "range|stuck|spike|neighbours|inverted|fog|drift|zero-drift|span-drift"
const char *micro_check_name(enum micro_check c);
char micro_check_flag(str name); /* Q for one that is not known */

struct micro_rule {
	str station_kind, item;
	double lo, hi;
	int64_t stuck_ms;
	double spike_abs, spike_mad;   /* beyond the greater of the two from the median of three hours */
	double neighbours_z;
	int64_t neighbours_ms;
	double radius_km, plume_km;    /* neighbours; those near enough to see the same plume */
	str part_of;                   /* the item that this one is a part of (PM2.5 of PM10), */
	double part_pct;               /* and by how much per cent it may be above it; NaN: not held against another */
	str fog_item;                  /* relative humidity of the same station, */
	double fog_rh;                 /* above which drops are counted as particles; NaN: no such check */
	int64_t drift_ms;              /* regression over so long against the nearest regulatory station; 0: none */
	double drift_least, drift_km;  /* share of the hours that it needs; how far the station may be */
	double slope_lo, slope_hi, r2_least, drift_sd; /* sd: the least deviation of the reference that says anything */
	str source, certainty;
};
struct micro_rules {
	const struct micro_rule *v;
	size_t n;
	str edition;
};
err micro_rules_read(const struct catalog *c, struct arena *a, int64_t day, struct micro_rules *ret, struct fail *f) MUST_USE;
/* item empty: any of that kind of station. NULL: not checked. */
const struct micro_rule *micro_rule_find(const struct micro_rules *r, str station_kind, str item);
/* So much before a reading is needed to judge it; drift needs its own window before that. */
int64_t micro_window_ms(const struct micro_rule *r);

enum { MICRO_NEAR_MAX = 20, MICRO_NEAR_LEAST = 3 };
/* The same item at a station near by, the same kind of readings. */
struct micro_near {
	struct column c;
	double km;
};
struct micro_doubt {
	enum micro_check check;
	int64_t from_ms, to_ms;        /* readings in it are doubtful; to_ms is after the last */
	double value, bound;           /* the worst of it, and what it was held against */
};
struct micro_out {
	struct micro_doubt *v;
	size_t n, max;                 /* more than max are left out */
};
/* `step_ms`: what one reading stands for. Readings whose flag does not count are passed by. */
void micro_range(const struct micro_rule *r, const struct column *c, int64_t step_ms, struct micro_out *out);
/* The same value for so long, while a neighbour's moved. Without a neighbour nothing is said. */
void micro_stuck(const struct micro_rule *r, const struct column *c, int64_t step_ms, const struct micro_near *near, size_t n, struct micro_out *out);
/* Far from the median of the three hours around it, usual within an hour before and back within one after; not when a neighbour near enough shows it too. What has no
 * hour after it yet is not judged. */
void micro_spike(const struct micro_rule *r, const struct column *c, int64_t step_ms, const struct micro_near *near, size_t n, struct micro_out *out);
/* Hours in a row in which the robust z against at least three neighbours is beyond the rule's. Neighbours that all say the same
 * give no measure, and nothing is said. */
void micro_neighbours(const struct micro_rule *r, const struct column *hours, const struct micro_near *near, size_t n, struct micro_out *out);
/* `other` is the whole (of a part) or the part (of a whole: is_part false): where the part is above the whole, both are doubtful. */
void micro_inverted(const struct column *c, const struct column *other, bool is_part, double pct, int64_t step_ms, struct micro_out *out);
/* Readings at times whose humidity is above the rule's. */
void micro_fog(const struct micro_rule *r, const struct column *c, const struct column *humidity, int64_t step_ms, struct micro_out *out);
/* Hours whose trailing window, drawn against the reference's, has a slope or a share of explained variance outside the rule's: from then
 * on, not the whole window. Where the reference hardly moved, or hours are too few, nothing is said. */
void micro_drift(struct arena *a, const struct micro_rule *r, const struct column *hours, const struct column *reference, struct micro_out *out);

#endif
