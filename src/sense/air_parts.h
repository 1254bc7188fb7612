/* Shared by the routes of air (not for other modules). */
#ifndef BH_SENSE_AIR_PARTS_H
#define BH_SENSE_AIR_PARTS_H

#include "base/json.h"
#include "db/ctx.h"
#include "sense/ambient.h"

enum { AIR_DAYS_MAX = 1500 };

/* One item of an hour or a day: what was measured, what it was rounded from, its sub-index. */
#define AIR_ITEM_OUT(F, O, L)                                                                      \
	F(STR, item, REQ)                                                                          \
	F(F64, value, NUL)                                                                         \
	F(I64, sub, NUL)                                                                           \
	F(I64, counted, REQ)                                                                       \
	F(BOOL, valid, REQ)
JSON_STRUCT(air_item_out, AIR_ITEM_OUT)

/* why: "" an index; "withheld" an item is missing and the index is not above the bound; "none" nothing valid. */
#define AIR_POINT(F, O, L)                                                                         \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	F(STR, edition, REQ)                                                                       \
	F(I64, aqi, NUL)                                                                           \
	F(I64, greatest, NUL)                                                                      \
	F(I64, level, NUL)                                                                         \
	F(STR, why, REQ)                                                                           \
	F(STRS, primary, REQ)                                                                      \
	F(STRS, missing, REQ)                                                                      \
	L(air_item_out, items, REQ)
JSON_STRUCT(air_point, AIR_POINT)

struct air_span {
	int64_t first, last;    /* days, both inclusive */
};
/* The fourteen days up to today where nothing is said. */
err air_span_take(struct ctx *cx, int64_t from, int64_t to, struct air_span *ret) MUST_USE;
struct air_point air_point_of(struct arena *a, const struct air_edition *e, enum air_report report, int64_t at_ms, const struct ambient_value *v);
str air_edition_short(str id); /* "hj633/2026" */

#endif
