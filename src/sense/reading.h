/* Readings on their way in: collected by station, kind and time, then put in one transaction. */
#ifndef BH_SENSE_READING_H
#define BH_SENSE_READING_H

#include "sense/series.h"
#include "sense/station.h"

enum { READINGS_MAX = 10000, READING_CODES_MAX = 500 };

/* May a value have this time? Between 1990 and an hour from now. */
bool reading_time_ok(int64_t at_ms, int64_t now_ms);
/* Exactly the digits a person would write for it; false for what is no number. */
bool decimal_of_f64(double v, struct decimal *ret) MUST_USE;

/* A packet of the batch that is being filled; its readings grow in the arena. */
struct reading_batch;
struct reading_batch *reading_batch_new(struct arena *a, struct series *s, enum series_source source, int64_t now_ms);
/* `code` is what the device or file calls it; station and items say what that means. */
err reading_batch_add(struct reading_batch *b, const struct station_kinds *kinds, const struct station *st, const struct station_item *items,
		      size_t nitems, enum series_kind kind, int64_t at_ms, str code, enum series_what what, struct decimal value, char flag,
		      struct fail *f) MUST_USE;
size_t reading_batch_size(const struct reading_batch *b);
err reading_batch_put(struct reading_batch *b, struct series_put *ret, struct fail *f) MUST_USE;

/* Who brought readings that replaced others, or were refused: kept for each station of the batch, when there were any. Not in a
 * transaction. */
struct reading_brought {
	const char *way;        /* file, http */
	str file, reason;
};
err reading_brought(struct ctx *cx, const struct reading_batch *b, const struct series_put *put, const struct reading_brought *by) MUST_USE;

/* What a taking came to, as members of an answer. */
#define READINGS_TAKEN(F)                                                                          \
	F(I64, packets, REQ)                                                                       \
	F(I64, readings, REQ)                                                                      \
	F(I64, fresh, REQ, .as = "new")                                                            \
	F(I64, same, REQ)                                                                          \
	F(I64, better, REQ)                                                                        \
	F(I64, worse, REQ)                                                                         \
	F(I64, late, REQ)                                                                          \
	F(I64, hours, REQ)                                                                         \
	F(I64, days, REQ)                                                                          \
	F(I64, changed, REQ)

#endif
