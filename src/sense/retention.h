/* How long readings are kept: catalog/retention. What an alarm points at is kept beyond its time. */
#ifndef BH_SENSE_RETENTION_H
#define BH_SENSE_RETENTION_H

#include "core/app.h"
#include "sense/series.h"

/* The edition in force on `today`; every kind must be in it. */
err retention_read(const struct catalog *c, int64_t today, struct series_terms *ret, struct fail *f) MUST_USE;
/* A series_holds_fn over all alarms; `app` is a const struct app. An episode holds its station's item from a day before its first
 * value to a day after its last, without end while it is open; where it founded a matter, hours and days of more than a year on both
 * sides, on which the question "did it work?" is decided. */
err retention_holds(void *app, struct arena *a, struct series_hold **ret, size_t *ret_n, struct fail *f) MUST_USE;

#endif
