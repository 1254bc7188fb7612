/* The bytes of one packet's readings, and of a month's column. Integers are variable-length; values keep every digit. */
#ifndef BH_SENSE_PACK_H
#define BH_SENSE_PACK_H

#include "base/buf.h"
#include "sense/series.h"

/* Readings sorted by item and what (pack sorts a copy in the arena). A later reading of the same item and what in one packet
 * wins. */
str pack_readings(struct arena *a, const struct reading *v, size_t n);
/* False when the bytes are not such. */
bool unpack_readings(struct arena *a, str body, struct reading **ret, size_t *ret_n) MUST_USE;

/* One point of a column. */
struct point {
	int64_t at_ms;
	struct decimal value;
	char flag;
};
/* Points by rising time. Times as steps, values as differences at the column's scale, flags as runs. */
str pack_column(struct arena *a, const struct point *v, size_t n);
bool unpack_column(struct arena *a, str body, struct point **ret, size_t *ret_n) MUST_USE;
/* The same straight into arrays of `room` doubles; values in from <= t < to only. Returns false when damaged. */
bool unpack_values(str body, int64_t from_ms, int64_t to_ms, int64_t *at, double *value, char *flag, size_t room, size_t *ret_n) MUST_USE;

#endif
