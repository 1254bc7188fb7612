/* Boundaries of regions, as they were brought in from a file. Where there are none, no place is refused. */
#ifndef BH_LAND_BOUNDARY_H
#define BH_LAND_BOUNDARY_H

#include "base/json.h"
#include "core/app.h"
#include "format/geojson.h"

enum { BOUNDARY_MAX = 5000, BOUNDARY_POINTS = 4000000 };

struct boundary_file {
	struct geojson json;           /* each feature has code or adcode: 2, 4, 6, 9 or 12 digits */
	enum crs crs;
	double accuracy_m;             /* 0…5000: places this near beyond the line are borne */
	bool skip_unknown;             /* leave out regions that the division table does not know, else refuse the file */
	str source;                    /* where the lines come from; must be said */
	unsigned char hash[32];        /* SHA-256 of the file */
	int64_t mended;                /* areas that had to be made valid */
	struct json_strs skipped;      /* codes of features without a geometry, and of unknown regions */
};
/* Reads the text of a file: codes, shapes. Failures name the feature: "/features/3/properties/code". */
err boundary_read(struct ctx *cx, str text, struct boundary_file *io) MUST_USE;
/* Puts them all in place of those there were, with one event. Inside a write transaction. */
struct boundary_result {
	int64_t regions;
	struct json_strs skipped;
};
err boundary_put_all(struct ctx *cx, const struct boundary_file *f, struct boundary_result *ret) MUST_USE;

/* The innermost region in [lo, hi] whose boundary holds the place, 0 when there is none. */
err boundary_find(struct ctx *cx, int64_t lo, int64_t hi, struct lonlat p, int64_t *ret) MUST_USE;

/* place_check for many places: keeps the areas it has met. Has one owner, who closes it. */
struct boundaries;
struct boundaries *boundaries_open(struct ctx *cx);  /* cx outlives it */
void boundaries_close(struct boundaries *b);         /* accepts NULL */
err boundaries_check(struct boundaries *b, int64_t region, struct lonlat p, const char *pointer) MUST_USE;

#endif
