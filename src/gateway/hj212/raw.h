/* Raw frames beside the store of readings: files of an hour each, written in order of arrival, in which a device's frames lie
 * in a chain. Kept for a number of days. They need no commit of their own: when the machine loses power the last of them may be
 * missing, the readings of acknowledged packets are not. */
#ifndef BH_GATEWAY_HJ212_RAW_H
#define BH_GATEWAY_HJ212_RAW_H

#include "base/arena.h"
#include "base/err.h"

struct raw;
struct raw_record {
	int64_t received_ms, station;      /* station 0: an unknown device */
	int64_t at_ms;                     /* of the data; INT64_MIN: none */
	str mn, peer, fault, raw;          /* fault "": none */
	str secret;                        /* a part of `raw` that is written as asterisks; when read: none */
	int64_t place;                     /* for the next page: raw_read(… before …) */
};

err raw_open(const char *dir, struct raw **ret, struct fail *f) MUST_USE;
void raw_close(struct raw *r);                              /* accepts NULL */
void raw_add(struct raw *r, const struct raw_record *v);
void raw_flush(struct raw *r);                              /* what was added stands in the file */
/* A device's frames received in from <= t < to, the newest first; `before` is the place of the last one of the page before,
 * INT64_MAX to begin. At most `max`. */
err raw_read(struct raw *r, struct arena *a, str mn, int64_t from_ms, int64_t to_ms, int64_t before, size_t max,
	     struct raw_record **ret, size_t *ret_n, struct fail *f) MUST_USE;
/* Removes files whose newest frame is older. */
void raw_forget(struct raw *r, int64_t before_ms);

#endif
