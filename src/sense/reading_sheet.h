/* Readings from a workbook or CSV: a row a station and time, a column an item. The titles of the national platform's table of
 * water stations are known; others are named by a mapping, which is kept for files of the same titles. */
#ifndef BH_SENSE_READING_SHEET_H
#define BH_SENSE_READING_SHEET_H

#include "sense/reading.h"

struct reading_sheet {
	/* asked */
	int64_t station;        /* for files without a column of stations; 0: none */
	int64_t region;         /* stations are looked for by name in it */
	str kind;               /* "": as remembered, else hour */
	str map;                /* "title=item;title=item", "": as remembered; "title=-" leaves a column out */
	bool skip_unknown;      /* rows of stations that are not here */
	bool look;              /* titles that say nothing are no fault: they are to be named */
	/* found */
	str shape;              /* hash of the header's titles */
	str used;               /* the mapping that was used, written as `map` is */
	bool remembered;        /* it came from an earlier file */
	str ignored;            /* titles nothing was read from, parted by ; */
	int64_t rows, skipped, missing; /* missing: cells without a value ("--", "*", "") */
	struct reading_batch *batch;
};
/* Fills s->batch; the first wrong cell refuses the whole file and is named. */
err reading_sheet_read(struct ctx *cx, str bytes, struct reading_sheet *s) MUST_USE;
/* Keeps the mapping for files of the same titles. In a write transaction. */
err reading_sheet_remember(struct ctx *cx, const struct reading_sheet *s) MUST_USE;
/* "2026-11-02 08:00", "2026/11/2 8:00:00", "2026-11-02T08:00:00", "11-02 08:00" (of the last twelve months): China's time. */
bool reading_time(str s, int64_t now_ms, int64_t *ret_ms) MUST_USE;

#endif
