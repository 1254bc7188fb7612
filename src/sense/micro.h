/* Checks of micro-stations: range, values that do not move, spikes, disagreement with the neighbours. Pure, over columns; the
 * numbers stand in catalog/validity/micro. A check finds readings doubtful; it changes and deletes none. */
#ifndef BH_SENSE_MICRO_H
#define BH_SENSE_MICRO_H

#include "core/catalog.h"
#include "sense/series.h"

#define MICRO_CHECKS(X) X(RANGE, "range") X(STUCK, "stuck") X(SPIKE, "spike") X(NEIGHBOURS, "neighbours")
enum micro_check {
#define X(id, name) MICRO_##id,
	MICRO_CHECKS(X)
#undef X
	MICRO_CHECK_COUNT
};
#define MICRO_CHECK_OPTIONS "range|stuck|spike|neighbours"
const char *micro_check_name(enum micro_check c);

struct micro_rule {
	str station_kind, item;
	double lo, hi;
	int64_t stuck_ms;
	double spike_abs, spike_mad;   /* beyond the greater of the two from the median of three hours */
	double neighbours_z;
	int64_t neighbours_ms;
	double radius_km, plume_km;    /* neighbours; those near enough to see the same plume */
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
/* So much before a reading is needed to judge it. */
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

#endif
