/* Working days, due instants and the three colours. Everything is computed from the calendar (data)
 * and the given time; nothing of it is stored. Days are days since 1970-01-01 in China's civil
 * calendar, instants are ms UTC. */
#ifndef BH_LOOP_DEADLINE_H
#define BH_LOOP_DEADLINE_H

#include "base/arena.h"
#include "base/clock.h"

/* What stands in due_ms when there is no deadline: the last instant of 9999-12-31 in China. */
#define NO_DUE_MS INT64_C(253402271999999)

/* A day that differs from Monday-to-Friday: a holiday, or a weekend day that is worked instead. */
struct calendar_rule {
	int64_t day;
	bool working;
};
struct calendar {
	const struct calendar_entry *v; /* by day, each day once */
	size_t n;
};
/* Later rules for the same day win. The calendar lives in the arena. */
struct calendar calendar_make(struct arena *a, const struct calendar_rule *rules, size_t n);

bool calendar_working(const struct calendar *c, int64_t day);
/* Working days d with after < d <= to; the negative of the reverse when to < after. O(log n). */
int64_t calendar_count(const struct calendar *c, int64_t after, int64_t to);
/* The n-th working day after `day`; before it when n < 0; `day` itself when n == 0. |n| <= 100000. */
int64_t calendar_add(const struct calendar *c, int64_t day, int64_t n);

/* The instant a deadline on `day` ends: `minute_of_day` 1440 is the end of the civil day, less is
 * the close of the office. */
int64_t due_instant(int64_t day, int64_t minute_of_day);

enum colour { COLOUR_GREY, COLOUR_GREEN, COLOUR_AMBER, COLOUR_RED, COLOUR_COUNT };
const char *colour_name(enum colour c);
bool colour_parse(str s, enum colour *ret) MUST_USE;

/* Grey: closed or without a deadline. Red: the due instant has passed. Amber: at most `amber_days`
 * working days are left after today. */
enum colour deadline_colour(const struct calendar *c, bool open, int64_t due_ms, int64_t now_ms,
			    int64_t amber_days);
/* Working days after today up to the due day (0: it ends today or before the next working day);
 * overdue: minus the working days since, at most -1. INT64_MIN without a deadline. */
int64_t deadline_days_left(const struct calendar *c, int64_t due_ms, int64_t now_ms);
/* The span of due_ms, both ends inclusive, that has the colour now. Grey gives NO_DUE_MS only. */
void deadline_colour_span(const struct calendar *c, enum colour colour, int64_t now_ms,
			  int64_t amber_days, int64_t *ret_from_ms, int64_t *ret_to_ms);

/* Terms: "3 working days after it came into this state". */
enum term_unit {
	TERM_WORKDAY,
	TERM_DAY,
	TERM_HOUR,
	TERM_MONTH,
	TERM_NEXT_QUARTER, /* that day of the first month of the next quarter */
	TERM_NEXT_YEAR,    /* that day of the next year's January */
	TERM_UNIT_COUNT
};
const char *term_unit_name(enum term_unit u);
bool term_unit_parse(str s, enum term_unit *ret) MUST_USE; /* "workday" … "next-quarter" */
struct term {
	int64_t amount;
	enum term_unit unit;
};
int64_t term_end_ms(const struct calendar *c, struct term t, int64_t from_ms, int64_t minute_of_day);

/* Recurring duties. The *_END kinds fall on the last day of the period, the others keep the
 * anchor's day (shortened in shorter months). */
#define RECURRENCES(X)                                                                             \
	X(NONE, "")                                                                                \
	X(WEEK, "week")                                                                            \
	X(MONTH, "month")                                                                          \
	X(QUARTER, "quarter")                                                                      \
	X(HALF_YEAR, "half-year")                                                                  \
	X(YEAR, "year")                                                                            \
	X(MONTH_END, "month-end")                                                                  \
	X(QUARTER_END, "quarter-end")                                                              \
	X(HALF_YEAR_END, "half-year-end")                                                          \
	X(YEAR_END, "year-end")
enum recurrence {
#define X(id, name) RECUR_##id,
	RECURRENCES(X)
#undef X
	RECUR_COUNT
};
const char *recurrence_name(enum recurrence r);
/* Also takes weekly, monthly, quarterly, half-yearly, yearly, annual. */
bool recurrence_parse(str s, enum recurrence *ret) MUST_USE;
/* The first date of the series through `anchor` that lies after `after`. NONE gives INT64_MIN. */
int64_t recurrence_next(enum recurrence r, int64_t anchor, int64_t after);

#endif
