#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_now_ms(const struct clock *c)
{
	int64_t fixed = atomic_load(&c->fixed_ms);
	if (fixed > 0)
		return fixed;
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + atomic_load(&c->offset_ms);
}

int64_t clock_monotonic_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Days from civil and back: years counted from March so that the leap day comes last. */
int64_t date_from_ymd(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

void date_to_ymd(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*ret_day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*ret_month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*ret_year = (int)(yoe + era * 400 + (*ret_month <= 2));
}

int date_month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

bool date_ymd_valid(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= date_month_days(year, month);
}

int date_weekday(int64_t days)
{
	return (int)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

bool date_parse(str iso, int64_t *ret_days)
{
	int64_t y, m, d;
	if (iso.n != 10 || iso.p[4] != '-' || iso.p[7] != '-' || iso.p[0] == '-')
		return false;
	if (!str_to_i64(str_sub(iso, 0, 4), &y) || !str_to_i64(str_sub(iso, 5, 7), &m) ||
	    !str_to_i64(str_sub(iso, 8, 10), &d))
		return false;
	if (!date_ymd_valid((int)y, (int)m, (int)d))
		return false;
	*ret_days = date_from_ymd((int)y, (int)m, (int)d);
	return true;
}

void date_format(int64_t days, char out[static 11])
{
	int y, m, d;
	date_to_ymd(days, &y, &m, &d);
	snprintf(out, 11, "%04u-%02u-%02u", (unsigned)y % 10000u, (unsigned)m % 100u, (unsigned)d % 100u);
}

int64_t china_day(int64_t ms)
{
	int64_t local = ms + CHINA_OFFSET_MS;
	return (local >= 0 ? local : local - (DAY_MS - 1)) / DAY_MS;
}

int64_t china_day_start_ms(int64_t days)
{
	return days * DAY_MS - CHINA_OFFSET_MS;
}

int64_t china_day_end_ms(int64_t days)
{
	return china_day_start_ms(days + 1) - 1;
}

void time_format_china(int64_t ms, char out[static 26])
{
	int64_t day = china_day(ms);
	unsigned s = (unsigned)((ms - china_day_start_ms(day)) / 1000);
	char date[11];
	date_format(day, date);
	snprintf(out, 26, "%sT%02u:%02u:%02u+08:00", date, s / 3600 % 24, s / 60 % 60, s % 60);
}
