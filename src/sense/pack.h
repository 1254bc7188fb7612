/* The bytes of one packet's readings, and of a month's column. Integers are variable-length; values keep every digit. */
#ifndef BH_SENSE_PACK_H
#define BH_SENSE_PACK_H

#include "num/daily.h"
#include "sense/series.h"

/* Readings sorted by item and what (pack sorts a copy in the arena). A later reading of the same item and what in one packet
 * wins. */
str pack_readings(struct arena *a, const struct reading *v, size_t n);
/* False when the bytes are not such. */
bool unpack_readings(struct arena *a, str body, struct reading **ret, size_t *ret_n) MUST_USE;

/* One of them, without unpacking the rest. */
bool unpack_one(str body, uint32_t item, uint8_t what, struct reading *ret, bool *ret_there) MUST_USE;

enum { COLUMN_POINTS_MAX = 4 << 20 }; /* a month of seconds and a half */

/* One point of a column. */
struct point {
	int64_t at_ms;
	struct decimal value;
	char flag;
};
/* Points by rising time. Times as steps, flags as runs, values at the column's scale: `fixed` all of one width, quick to sum;
 * else as differences, shorter. */
str pack_column(struct arena *a, const struct point *v, size_t n, bool fixed);
bool unpack_column(struct arena *a, str body, struct point **ret, size_t *ret_n) MUST_USE;
/* How many points it says it has; the bytes behind are not looked at. */
bool column_points(str body, size_t *ret_n) MUST_USE;
/* The same straight into arrays of `room` doubles; values in from <= t < to only. Returns false when damaged. */
bool unpack_values(str body, int64_t from_ms, int64_t to_ms, int64_t *at, double *value, char *flag, size_t room, size_t *ret_n) MUST_USE;

/* Which values count into which days: flags whose byte in counts[256] is not 0; civil days from begin_ms on. */
struct day_span {
	int64_t begin_ms;
	size_t days;
	const unsigned char *counts;
};
/* Adds the column's values to the days' sums without taking them apart; exactly what daily_sums() of them adds. */
bool column_day_sums(str body, const struct day_span *span, struct daily_sum *out) MUST_USE;

#endif
