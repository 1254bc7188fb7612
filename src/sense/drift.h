/* Drift of instruments as calibrations find it: zero and span drift in per cent of full scale, held against catalog/validity/drift.
 * Beyond the limit the readings back to the last good calibration are doubtful; that founds a check, never an exceedance. */
#ifndef BH_SENSE_DRIFT_H
#define BH_SENSE_DRIFT_H

#include "core/app.h"
#include "core/catalog.h"
#include "sense/station.h"

struct drift_limit {
	str medium, item;          /* item empty: every other of the medium */
	double zero_pct, span_pct; /* NaN: not known */
	int64_t back_ms;           /* without a good calibration before it, so far back */
	str source, clause, certainty;
};
struct drift_limits {
	const struct drift_limit *v;
	size_t n;
	str edition;
};
err drift_limits_read(const struct catalog *c, struct arena *a, int64_t day, struct drift_limits *ret, struct fail *f) MUST_USE;
/* NULL: none is known. */
const struct drift_limit *drift_limit_find(const struct drift_limits *l, str medium, str item);

/* A calibration: when it was, and what it found; NaN: it was not looked at. By time. */
struct calibration {
	int64_t from_ms, to_ms;    /* to_ms INT64_MAX: it lasts */
	double zero_pct, span_pct;
};
struct drift_span {
	int64_t from_ms, to_ms;
	double value, bound;
};
/* Pure: stretches of one test that are doubtful; `out` holds n. From the end of the last calibration whose drift was within the limit (or
 * that was made good, since a calibration ends what it finds) to the beginning of the one that found it. */
size_t drift_spans(const struct calibration *v, size_t n, bool span, double limit_pct, int64_t back_ms, struct drift_span *out);

/* Writes the doubts of a station's item anew from its calibrations; inside a write transaction. */
err drift_settle(struct ctx *cx, const struct station *st, str item) MUST_USE;

#endif
