/* What came from a device, by hour. */
#ifndef BH_GATEWAY_HJ212_DEVICE_QUALITY_H
#define BH_GATEWAY_HJ212_DEVICE_QUALITY_H

#include "http/http.h"

enum { DEVICE_HOURS_MAX = 24 * 92 };

#define DEVICE_COUNT_FIELDS(F)                                                                                                  \
	F(I64, frames, REQ) F(I64, packets, REQ) F(I64, readings, REQ) F(I64, words, REQ) F(I64, late, REQ) F(I64, missed, REQ)   \
	F(I64, repeated, REQ) F(I64, acked, REQ) F(I64, frame, REQ) F(I64, length, REQ) F(I64, crc_modbus, REQ)            \
	F(I64, crc_swapped, REQ) F(I64, crc_none, REQ) F(I64, segment, REQ) F(I64, bad_time, REQ) F(I64, password, REQ) F(I64, peer, REQ)
#define DEVICE_TOTALS(F, O, L) DEVICE_COUNT_FIELDS(F)
JSON_STRUCT(device_totals, DEVICE_TOTALS)
#define DEVICE_HOUR_OUT(F, O, L) F(I64, hour_ms, REQ) F(I64, last_ms, REQ) F(I64, offset_ms, REQ) DEVICE_COUNT_FIELDS(F)
JSON_STRUCT(device_hour_out, DEVICE_HOUR_OUT)
#define DEVICE_QUALITY(F, O, L)                                                                                             \
	F(STR, mn, REQ) F(I64, from_ms, REQ) F(I64, to_ms, REQ) O(device_totals, totals, REQ) F(I64, offset_ms, NUL)               \
	F(I64, silent_hours, REQ) L(device_hour_out, hours, REQ, .max = DEVICE_HOURS_MAX)
JSON_STRUCT(device_quality, DEVICE_QUALITY)
#define DEVICE_SPAN_QUERY(F, O, L) F(I64, from, OPT) F(I64, to, OPT)
JSON_STRUCT(device_span_query, DEVICE_SPAN_QUERY)

err device_quality_get(struct req *rq) MUST_USE;

#endif
