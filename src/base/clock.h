/* Time is given, not taken: rules receive now_ms; only main owns a clock. */
#ifndef BH_BASE_CLOCK_H
#define BH_BASE_CLOCK_H

#include <stdatomic.h>

#include "base/str.h"

struct clock {
	_Atomic int64_t offset_ms;   /* added to the system's time */
	_Atomic int64_t fixed_ms;    /* when > 0 the clock stands here (tests) */
};

int64_t clock_now_ms(const struct clock *c);   /* ms since 1970-01-01 UTC */
int64_t clock_monotonic_us(void);              /* for durations only */

/* Civil dates as days since 1970-01-01 in the proleptic Gregorian calendar. */
int64_t date_from_ymd(int year, int month, int day); /* no check of ranges beyond month 1..12 */
void date_to_ymd(int64_t days, int *ret_year, int *ret_month, int *ret_day);
bool date_ymd_valid(int year, int month, int day);
int date_weekday(int64_t days);                /* 0 Monday … 6 Sunday */
int date_month_days(int year, int month);
bool date_parse(str iso, int64_t *ret_days) MUST_USE;   /* YYYY-MM-DD */
void date_format(int64_t days, char out[static 11]);    /* YYYY-MM-DD */

/* China has had one zone, UTC+8 without summer time, since 1992. */
enum { CHINA_OFFSET_MS = 8 * 3600 * 1000, DAY_MS = 86400 * 1000 };
int64_t china_day(int64_t ms);                 /* the civil day of an instant */
int64_t china_day_start_ms(int64_t days);      /* its first instant */
int64_t china_day_end_ms(int64_t days);        /* its last millisecond */
void time_format_china(int64_t ms, char out[static 26]); /* 2026-11-22T18:00:00+08:00 */

#endif
