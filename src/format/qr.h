/* QR codes (ISO/IEC 18004) of short texts: addresses that a phone opens. */
#ifndef BH_FORMAT_QR_H
#define BH_FORMAT_QR_H

#include "base/arena.h"
#include "base/err.h"

enum { QR_TEXT_MAX = 1000, QR_QUIET = 4 /* light modules on every side */ };

struct qr {
	size_t size;                  /* modules a side, without the quiet zone */
	const unsigned char *dark;    /* size × size, row by row: 1 dark, 0 light */
};

/* Medium error correction (15 %). BAD_INPUT: empty, or longer than QR_TEXT_MAX bytes. */
err qr_encode(struct arena *a, str text, struct qr *ret, struct fail *f) MUST_USE;
/* A picture with its quiet zone, `scale` pixels a module (1…64). The same code gives the same bytes. */
err qr_png(struct arena *a, const struct qr *q, int scale, str *ret, struct fail *f) MUST_USE;

#endif
