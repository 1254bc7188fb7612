/* What follows from readings: hours from minutes, days from hours, and word of it to open pages. Late and corrected readings
 * derive anew what depends on them. One thread does it for what devices send; whoever puts a batch may ask for it at once. */
#ifndef BH_SENSE_DERIVE_H
#define BH_SENSE_DERIVE_H

#include "core/app.h"
#include "sense/series.h"

struct derive_count {
	int64_t hours, days;    /* values derived */
	int64_t changed;        /* of them: there was another value before */
};

struct derive;
/* Watches app->series from here on. With `background` a thread works every second and publishes through app->http; without it
 * only derive_due() does. What came in within the last day before is looked at again. */
err derive_start(const struct app *app, bool background, struct derive **ret, struct fail *f) MUST_USE;
void derive_stop(struct derive *d);     /* accepts NULL */
/* Everything that is due: periods that have ended. Thread-safe. */
err derive_due(struct derive *d, struct derive_count *ret, struct fail *f) MUST_USE;

int64_t derive_held(struct derive *d);   /* periods that wait until they have ended; accepts NULL */

/* What was said of the readings of a station changed in from <= t < to: its hours and days are derived again. */
void derive_again(struct derive *d, int64_t station, int64_t from_ms, int64_t to_ms);

#endif
