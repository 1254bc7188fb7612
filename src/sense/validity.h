/* What counts: flags of readings and the least number of them in a period (catalog/validity). */
#ifndef BH_SENSE_VALIDITY_H
#define BH_SENSE_VALIDITY_H

#include "num/daily.h"
#include "sense/edition.h"

struct validity {
	str id;                     /* "validity/gb3095/2026" */
	unsigned char counts[256];  /* by flag */
	int hour_minutes;
	struct daily_rule day;      /* window_limit NaN */
	int month_days, february_days, year_days, stations_percent;
};
/* The rules of a family ("validity/gb3095") in force on a day (since 1970), and the flags of that day. */
err validity_read(const struct catalog *c, struct arena *a, str family, int64_t day, struct validity *ret, struct fail *f) MUST_USE;

/* Is a year (or part of one) of daily values complete? A month of the span that is not whole is not asked for; days: whether
 * there is a value, from first_day. */
bool validity_year(const struct validity *v, int64_t first_day, const bool *has, size_t days);

#endif
