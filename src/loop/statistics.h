/* Statistics of hazards: one pass over matters, visits and the few acts that count, added up in memory.
 *
 * A hazard counts in the period in which it was found (false alarms do not count), with its state of now;
 * acts, visits and reports count in the period in which they happened. What the figures are is
 * catalog/statistics: each is a counter below or a quotient of two. A test recounts everything from the
 * events. */
#ifndef BH_LOOP_STATISTICS_H
#define BH_LOOP_STATISTICS_H

#include "base/vec.h"
#include "core/app.h"
#include "core/catalog.h"

/* Counters; done_ms are milliseconds, funds hundredths of 万元, fines and rewards yuan. */
#define STAT_COUNTERS(X)                                                                                     \
	X(units)                                                                                             \
	X(objects) X(visits) X(visits_due) X(visits_done) X(general_found) X(general_done) X(major_found)    \
	    X(major_done) X(major_open) X(ungraded) X(planned) X(plan_goal) X(plan_funds) X(plan_people)     \
		X(plan_time) X(plan_emergency) X(funds) X(on_time) X(done_with_due) X(done) X(done_ms)       \
		    X(overdue) X(extensions) X(listed_national) X(listed_province) X(listed_city)            \
			X(listed_county) X(listed_town) X(delisted) X(rechecked) X(relapsed) X(reports)      \
			    X(reports_true) X(stopped) X(letters) X(criticised) X(interviews) X(referred)   \
				X(penalties) X(fines) X(rewards)
enum stat_counter {
#define X(name) STAT_##name,
	STAT_COUNTERS(X)
#undef X
	    STAT_COUNT
};

enum stat_by { STAT_BY_NONE, STAT_BY_MONTH, STAT_BY_REGION, STAT_BY_SECTOR, STAT_BY_SOURCE };

struct stat_ids {
	int64_t *v;
	size_t n, cap;
};

struct stat_filter {
	int64_t from_day, to_day; /* both inclusive, at most ten years */
	int64_t region;
	int64_t sectors; /* mask, DB_NONE: every */
	str source;      /* null: every */
	enum stat_by by;
	enum stat_counter pick; /* with `picked`: the matters behind this counter */
	struct stat_ids *picked;
	str pick_key; /* of this row only; null: of all */
};
struct stat_row {
	str key; /* "2026-11", a region's code, a sector's or source's id; "" of the total */
	int64_t n[STAT_COUNT];
};
struct statistics {
	struct stat_row total;
	struct stat_row *rows; /* by key */
	size_t n;
};
err statistics_count(struct ctx *cx, const struct stat_filter *f, struct statistics *ret) MUST_USE;

/* ---- figures ---- */

struct stat_figure {
	str id, group_zh, group_en, zh, en, unit, query, basis_zh, basis_en, certainty;
	enum stat_counter over, under; /* under STAT_COUNT: the counter itself */
};
struct stat_figures {
	struct stat_figure *v;
	size_t n;
};
/* catalog/statistics in force on `today`. ERR_BAD_FORMAT for a value that is no counter. */
err stat_figures_read(struct arena *a, const struct catalog *c, int64_t today, struct stat_figures *ret,
		      struct fail *f) MUST_USE;
/* NaN where there is nothing to divide by. Shares 0…1, days, 万元. */
double stat_value(const struct stat_figure *fig, const struct stat_row *row);

/* "12万元", "3.5 万", "80000元", "12" (万元) to hundredths of 万元; 0 when there is no number. Pure. */
int64_t stat_funds(str text);

#endif
