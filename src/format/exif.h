/* EXIF (CIPA DC-008): when, where and with what a photo says it was taken. All of it is the sender's word: it can
 * be missing or forged, so it is kept beside the time of receipt, never instead of it.
 *
 * The reader is bounded: the block is at most 64 KiB (a JPEG segment), four directories of at most 512 entries
 * are read once each, nothing is followed twice. */
#ifndef BH_FORMAT_EXIF_H
#define BH_FORMAT_EXIF_H

#include "base/arena.h"

struct exif {
	bool present;          /* there is a block that can be read */
	str make, model;       /* "" when not said; printable, at most 60 characters */
	str software;
	int64_t taken_ms;      /* ms UTC; INT64_MIN when not said or not a date */
	bool zone_known;       /* false: the offset is not said, China's (UTC+8) was assumed */
	double lat, lon;       /* WGS 84 degrees; NaN when not said or out of range */
	int orientation;       /* 1…8 as in the standard; 1 when not said */
	str thumbnail;         /* a JPEG inside of the block, or the null string; points into the input */
};

/* Of the bytes of a JPEG or PNG file. Never fails: what cannot be read is absent. */
struct exif exif_read(struct arena *a, str image);
/* Of a bare block ("II*\0…" or "MM\0*…"). */
struct exif exif_read_block(struct arena *a, str block);

#endif
