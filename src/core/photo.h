/* What a photo that arrived says and is like: its EXIF, its perceptual hash. Read once, on the worker that took the
 * upload, outside of any transaction; the row stands beside that of its file. */
#ifndef BH_CORE_PHOTO_H
#define BH_CORE_PHOTO_H

#include "base/arena.h"
#include "db/ctx.h"

enum photo_state {
	PHOTO_NONE,            /* no picture: no row */
	PHOTO_READ,            /* hashed */
	PHOTO_PLAIN,           /* a picture, but so plain (a wall, black) that it resembles any other such */
	PHOTO_UNREAD,          /* a kind that is not decoded: GIF, WebP, HEIC */
	PHOTO_DAMAGED,         /* says it is a JPEG or PNG, but cannot be read */
};
struct photo {
	enum photo_state state;
	uint64_t phash;
	uint32_t width, height;
	bool exif, zone_known;
	int64_t taken_ms;      /* DB_NONE: not said */
	double lat, lon;       /* NaN: not said */
	str device, software;
	int64_t thumb_distance; /* DB_NONE: no thumbnail, or one of other proportions */
	struct fail why;       /* of UNREAD, DAMAGED and NONE */
};

/* Never fails: what cannot be read is a state. */
struct photo photo_of(struct arena *a, str bytes);
/* Of bytes that evidence_store() keeps under their hash. ERR_IO when they cannot be read. */
err photo_read(const struct app *app, struct arena *a, str hash, struct photo *ret, struct fail *f) MUST_USE;
/* Of a file that was uploaded to `path`, before any of it is kept. Files of all kinds are taken, but what says that it is a
 * photo, by its name or its first bytes, has to be one: else the reason, at /file. Kinds of pictures that are not decoded
 * here are taken as files. */
err photo_of_upload(struct arena *a, const char *path, str name, struct photo *ret, const char **ret_type, struct fail *f) MUST_USE;
/* Where a photo is asked for: ERR_OK for one that was decoded, else the reason at `pointer`. */
err photo_demand(const struct photo *p, const char *pointer, struct fail *f) MUST_USE;
/* The row beside file `id`, in the caller's transaction; nothing for PHOTO_NONE. */
err photo_put(struct ctx *cx, int64_t region, int64_t file, const struct photo *p) MUST_USE;
/* Keeps it by the hash of its bytes until a file with them is placed (photo_place). */
err photo_hold(struct ctx *cx, str hash, const struct photo *p) MUST_USE;
err photo_forget(struct ctx *cx, str hash) MUST_USE;
/* The row of a file that comes without its photo: from what was held, or from another file of the same bytes. */
err photo_place(struct ctx *cx, int64_t region, int64_t file, str hash) MUST_USE;

#endif
