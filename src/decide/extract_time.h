/* Shared by the Chinese and the English reader of deadlines. */
#ifndef BH_DECIDE_EXTRACT_TIME_H
#define BH_DECIDE_EXTRACT_TIME_H

#include "decide/extract_parts.h"

enum rank { RANK_NONE, RANK_EVENT, RANK_RECURS, RANK_DURATION, RANK_DATE };
enum duration { DURATION_HOUR, DURATION_DAY, DURATION_WORKDAY, DURATION_WEEK, DURATION_MONTH, DURATION_YEAR };

struct found {
	uint32_t start, end;
	enum rank rank;
	bool has_due;
	int64_t due;
	str recurs;
	int working_days;
};

/* ---- extract_date.c ---- */
int chinese_digit(uint32_t c); /* 十 is 10; -1 when it is none */
uint32_t small_number_at(const struct doc *d, uint32_t at, uint32_t end, int max, int *ret); /* 1…max; else `at` */
uint32_t blank_end(const struct doc *d, uint32_t at, uint32_t end);
bool ymd_day(int y, int m, int day, int64_t *ret);
int ref_part(const struct doc *d, int which); /* 0 year, 1 month, 2 day of the document; 0 when it has none */
int ref_year(const struct doc *d); /* 0 when the document has no date */
uint32_t year_at(const struct doc *d, uint32_t at, uint32_t end, int *ret);
int64_t add_working_days(int64_t day, int n);
bool duration_due(const struct doc *d, enum duration unit, double n, struct found *ret);
/* "March 12, 2026", "12 March 2026"; without a year `year` is taken, 0 refuses such dates. */
bool english_date_at(const struct doc *d, uint32_t at, uint32_t end, int year, int64_t *ret_day, uint32_t *ret_end);
/* 1月15日 */
bool month_day_at(const struct doc *d, uint32_t at, uint32_t end, int year, int64_t *ret_day, uint32_t *ret_end);
bool english_deadline_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret);
bool chinese_deadline_at(const struct doc *d, uint32_t start, uint32_t at, uint32_t end, struct found *ret);
bool chinese_duration_at(const struct doc *d, uint32_t start, uint32_t at, uint32_t end, struct found *ret);
bool word_deadline_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret);

#endif
