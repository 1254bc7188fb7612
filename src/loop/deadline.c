#include "loop/deadline.h"

#include <stdlib.h>

/* ---- the calendar ---- */

struct calendar_entry {
	int64_t day;
	int64_t sum; /* of the differences from Monday-to-Friday up to and with this day */
	bool working;
};

static bool weekday(int64_t day)
{
	return date_weekday(day) < 5;
}

static int by_day(const void *pa, const void *pb)
{
	const struct calendar_entry *a = pa, *b = pb;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return a->sum < b->sum ? -1 : 1; /* while sorting: the order in which they were given */
}

struct calendar calendar_make(struct arena *a, const struct calendar_rule *rules, size_t n)
{
	struct calendar_entry *v = NEW_N(a, struct calendar_entry, n + 1);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct calendar_entry){ rules[i].day, (int64_t)i, rules[i].working };
	if (n)
		qsort(v, n, sizeof *v, by_day);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && v[i + 1].day == v[i].day)
			continue;
		v[kept++] = v[i];
	}
	int64_t sum = 0;
	for (size_t i = 0; i < kept; i++)
		v[i].sum = sum += v[i].working - weekday(v[i].day);
	return (struct calendar){ v, kept };
}

/* How many entries lie at or before the day. */
static size_t entries_upto(const struct calendar *c, int64_t day)
{
	size_t lo = 0, hi = c->n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (c->v[mid].day <= day)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool calendar_working(const struct calendar *c, int64_t day)
{
	size_t k = entries_upto(c, day);
	if (k && c->v[k - 1].day == day)
		return c->v[k - 1].working;
	return weekday(day);
}

/* Working days from some fixed Monday long ago up to and with `day`. */
static int64_t working_upto(const struct calendar *c, int64_t day)
{
	enum { MONDAY = -3 - 7 * 200000 }; /* 1969-12-29 was a Monday */
	int64_t days = day - MONDAY + 1, rest = days % 7;
	size_t k = entries_upto(c, day);
	return days / 7 * 5 + (rest < 5 ? rest : 5) + (k ? c->v[k - 1].sum : 0);
}

int64_t calendar_count(const struct calendar *c, int64_t after, int64_t to)
{
	return working_upto(c, to) - working_upto(c, after);
}

int64_t calendar_add(const struct calendar *c, int64_t day, int64_t n)
{
	if (n == 0)
		return day;
	/* The smallest d with `want` working days up to it; counting backwards starts before `day`. */
	int64_t want = n > 0 ? working_upto(c, day) + n : working_upto(c, day - 1) + n + 1;
	int64_t reach = (n > 0 ? n : -n) * 2 + 60 + (int64_t)c->n;
	int64_t lo = n > 0 ? day + 1 : day - reach, hi = n > 0 ? day + reach : day - 1;
	while (lo < hi) {
		int64_t mid = lo + (hi - lo) / 2;
		if (working_upto(c, mid) >= want)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* ---- due instants and colours ---- */

int64_t due_instant(int64_t day, int64_t minute_of_day)
{
	return china_day_start_ms(day) + minute_of_day * 60000 - 1;
}

static const char *const colours[] = { "grey", "green", "amber", "red" };

const char *colour_name(enum colour c)
{
	return colours[c];
}

bool colour_parse(str s, enum colour *ret)
{
	for (int i = 0; i < COLOUR_COUNT; i++)
		if (str_eq(s, str_of(colours[i]))) {
			*ret = (enum colour)i;
			return true;
		}
	return false;
}

enum colour deadline_colour(const struct calendar *c, bool open, int64_t due_ms, int64_t now_ms,
			    int64_t amber_days)
{
	if (!open || due_ms >= NO_DUE_MS)
		return COLOUR_GREY;
	if (due_ms < now_ms)
		return COLOUR_RED;
	int64_t left = calendar_count(c, china_day(now_ms), china_day(due_ms));
	return left <= amber_days ? COLOUR_AMBER : COLOUR_GREEN;
}

int64_t deadline_days_left(const struct calendar *c, int64_t due_ms, int64_t now_ms)
{
	if (due_ms >= NO_DUE_MS)
		return INT64_MIN;
	int64_t left = calendar_count(c, china_day(now_ms), china_day(due_ms));
	if (due_ms >= now_ms)
		return left;
	return left < 0 ? left : -1;
}

void deadline_colour_span(const struct calendar *c, enum colour colour, int64_t now_ms, int64_t amber_days,
			  int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	/* Amber lasts until the day before the first working day that is one too many. */
	int64_t amber_end = china_day_start_ms(calendar_add(c, china_day(now_ms), amber_days + 1)) - 1;
	int64_t from = 0, to = 0;
	switch (colour) {
	case COLOUR_RED:
		from = INT64_MIN + 1;
		to = now_ms - 1;
		break;
	case COLOUR_AMBER:
		from = now_ms;
		to = amber_end;
		break;
	case COLOUR_GREEN:
		from = amber_end + 1;
		to = NO_DUE_MS - 1;
		break;
	case COLOUR_GREY:
	case COLOUR_COUNT:
		from = to = NO_DUE_MS;
		break;
	}
	*ret_from_ms = from;
	*ret_to_ms = to;
}

/* ---- terms and recurrence ---- */

static int64_t add_months(int64_t day, int64_t months, int day_of_month)
{
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	int64_t index = (int64_t)y * 12 + (m - 1) + months;
	int year = (int)(index / 12), month = (int)(index % 12) + 1;
	int last = date_month_days(year, month);
	return date_from_ymd(year, month, day_of_month < last ? day_of_month : last);
}

static const char *const units[] = { "workday", "day", "hour", "month", "next-quarter", "next-year" };

const char *term_unit_name(enum term_unit u)
{
	return units[u];
}

bool term_unit_parse(str s, enum term_unit *ret)
{
	for (int i = 0; i < TERM_UNIT_COUNT; i++)
		if (str_eq(s, str_of(units[i]))) {
			*ret = (enum term_unit)i;
			return true;
		}
	return false;
}

/* A day of the first month of the next period of so many months. */
static int64_t next_period(int64_t day, int months, int64_t day_of_month)
{
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	int first = (m - 1) / months * months + months; /* months from January */
	int year = y + first / 12, month = first % 12 + 1, last = date_month_days(year, month);
	return date_from_ymd(year, month, day_of_month < 1 ? 1 : day_of_month > last ? last : (int)day_of_month);
}

int64_t term_end_ms(const struct calendar *c, struct term t, int64_t from_ms, int64_t minute_of_day)
{
	int64_t day = china_day(from_ms);
	int y, m, d;
	switch (t.unit) {
	case TERM_WORKDAY:
		return due_instant(calendar_add(c, day, t.amount), minute_of_day);
	case TERM_DAY:
		return due_instant(day + t.amount, minute_of_day);
	case TERM_HOUR:
		return from_ms + t.amount * 3600000;
	case TERM_NEXT_QUARTER:
		return due_instant(next_period(day, 3, t.amount), minute_of_day);
	case TERM_NEXT_YEAR:
		return due_instant(next_period(day, 12, t.amount), minute_of_day);
	case TERM_MONTH:
	case TERM_UNIT_COUNT:
		break;
	}
	date_to_ymd(day, &y, &m, &d);
	return due_instant(add_months(day, t.amount, d), minute_of_day);
}

static const char *const recurrences[] = {
#define X(id, name) [RECUR_##id] = name,
	RECURRENCES(X)
#undef X
};

const char *recurrence_name(enum recurrence r)
{
	return recurrences[r];
}

bool recurrence_parse(str s, enum recurrence *ret)
{
	static const struct {
		const char *name;
		enum recurrence r;
	} also[] = { { "weekly", RECUR_WEEK },       { "monthly", RECUR_MONTH },
		     { "quarterly", RECUR_QUARTER }, { "half-yearly", RECUR_HALF_YEAR },
		     { "yearly", RECUR_YEAR },       { "annual", RECUR_YEAR } };
	for (int i = 0; i < RECUR_COUNT; i++)
		if (str_eq(s, str_of(recurrences[i]))) {
			*ret = (enum recurrence)i;
			return true;
		}
	for (size_t i = 0; i < COUNT_OF(also); i++)
		if (str_eq(s, str_of(also[i].name))) {
			*ret = also[i].r;
			return true;
		}
	return false;
}

static int64_t months_of(enum recurrence r)
{
	switch (r) {
	case RECUR_MONTH:
	case RECUR_MONTH_END:
		return 1;
	case RECUR_QUARTER:
	case RECUR_QUARTER_END:
		return 3;
	case RECUR_HALF_YEAR:
	case RECUR_HALF_YEAR_END:
		return 6;
	case RECUR_YEAR:
	case RECUR_YEAR_END:
		return 12;
	default:
		return 0;
	}
}

/* The last day of the period of so many months in which `day` lies. */
static int64_t period_end(int64_t day, int64_t months)
{
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	int last = (int)(((m - 1) / months + 1) * months);
	return date_from_ymd(y, last, date_month_days(y, last));
}

int64_t recurrence_next(enum recurrence r, int64_t anchor, int64_t after)
{
	int64_t months = months_of(r);
	if (r == RECUR_WEEK) {
		int64_t weeks = after >= anchor ? (after - anchor) / 7 + 1 : -((anchor - after - 1) / 7);
		return anchor + weeks * 7;
	}
	if (!months)
		return INT64_MIN;
	if (r >= RECUR_MONTH_END)
		return period_end(after + 1, months);
	int ya, ma, da, yb, mb, db;
	date_to_ymd(anchor, &ya, &ma, &da);
	date_to_ymd(after, &yb, &mb, &db);
	int64_t gap = ((int64_t)yb - ya) * 12 + (mb - ma);
	int64_t steps = (gap >= 0 ? gap : gap - months + 1) / months;
	int64_t next = add_months(anchor, steps * months, da);
	return next > after ? next : add_months(anchor, (steps + 1) * months, da);
}
