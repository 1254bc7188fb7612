/* Pictures from outside: what they are, a small grey copy for comparing, a copy without what the camera wrote.
 *
 * JPEG and PNG are decoded (libjpeg-turbo's TurboJPEG interface and libpng's simplified one: both report errors as
 * return values, so nothing jumps). GIF, WebP and HEIC are recognised but not decoded.
 *
 * What a file may cost is settled before it is decoded, from its header: at most IMAGE_SIDE_MAX a side,
 * IMAGE_PIXELS_MAX pixels where rows are decoded one by one (baseline JPEG, which is also read at an eighth of its
 * size), IMAGE_WHOLE_MAX where the decoder holds all of it (progressive JPEG, PNG: about 250 MiB at worst), and at
 * most 500 scans (TJFLAG_LIMITSCANS), so that a small file cannot keep a processor busy for minutes. */
#ifndef BH_FORMAT_IMAGE_H
#define BH_FORMAT_IMAGE_H

#include "base/arena.h"
#include "base/err.h"

enum { IMAGE_SIDE_MAX = 32768, IMAGE_PIXELS_MAX = 256 << 20, IMAGE_WHOLE_MAX = 40 << 20, IMAGE_GREY_MAX = 256 };

enum image_kind { IMAGE_NONE, IMAGE_JPEG, IMAGE_PNG, IMAGE_GIF, IMAGE_WEBP, IMAGE_HEIC };
/* By the first bytes. */
enum image_kind image_kind_of(str bytes);

struct image_info {
	enum image_kind kind;
	uint32_t width, height;       /* pixels as stored, before any turn */
	bool whole;                   /* the decoder holds all of it */
};
/* UNSUPPORTED: no picture (err.image.none) or one that is not decoded (err.image.unread, argument kind);
 * BAD_FORMAT: damaged (err.image.damaged); TOO_LARGE: beyond the limits above (err.image.pixels). */
err image_info(str bytes, struct image_info *ret, struct fail *f) MUST_USE;

/* Grey values 0…255 of the picture shrunk to side × side (2…IMAGE_GREY_MAX), each the mean of the area it stands
 * for, whatever the proportions; turned as `orientation` (EXIF, 1…8) says. Errors as above. */
err image_grey(struct arena *a, str bytes, uint32_t side, int orientation, float **ret, struct fail *f) MUST_USE;

/* The same picture, bit for bit, without EXIF, comments, colour profiles and whatever follows its end: says no more
 * than what is seen. JPEG and PNG; UNSUPPORTED or BAD_FORMAT for others. A picture that only EXIF turns stays as it
 * was stored. */
err image_strip(struct arena *a, str bytes, str *ret, struct fail *f) MUST_USE;

/* Pixels of red, green and blue, row by row, as a PNG. */
err image_png(struct arena *a, const unsigned char *rgb, uint32_t width, uint32_t height, str *ret, struct fail *f) MUST_USE;

#endif
