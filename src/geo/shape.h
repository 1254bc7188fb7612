/* Points, lines and areas, each of one or several parts, and what GEOS knows about them. */
#ifndef BH_GEO_SHAPE_H
#define BH_GEO_SHAPE_H

#include "base/arena.h"
#include "base/err.h"
#include "geo/place.h"

enum shape_kind { SHAPE_POINT, SHAPE_LINE, SHAPE_AREA };
const char *shape_kind_name(enum shape_kind kind); /* "point", "line", "area" */

/* Points; a line; or a ring, closed. */
struct path {
	struct lonlat *v;
	size_t n;
	bool hole;                     /* a ring cut out of the area before it */
};
struct shape {
	enum shape_kind kind;
	bool many;                     /* written as Multi… */
	struct path *paths;
	size_t n;
};

struct box shape_box(const struct shape *s);
size_t shape_points(const struct shape *s);
void shape_convert(struct shape *s, enum crs from);      /* in place, to WGS 84 */
/* The point; the middle of the longest line; a point that surely lies on the area. */
err shape_middle(const struct shape *s, struct lonlat *ret) MUST_USE;
/* Is it what it says: rings that do not cross themselves, lines of two points? ERR_BAD_INPUT otherwise;
 * `ret_why` is the reason in the library's English ("Self-intersection[112.5 37.9]"). */
err shape_check(struct arena *a, const struct shape *s, const char **ret_why) MUST_USE;
/* Makes an area that is not valid (rings that cross or touch themselves, as in maps drawn on a coarse grid) one that is, covering the
 * same ground. *ret_mended tells whether it was needed. ERR_BAD_INPUT when nothing of an area is left. */
err shape_mend(struct arena *a, struct shape *s, bool *ret_mended) MUST_USE;
/* With fewer points, none farther from the line than the tolerance in degrees. The same when it cannot be. */
void shape_simplify(struct arena *a, struct shape *s, double tolerance);

/* An area made ready for many questions. Has one owner, who closes it. */
struct area;
err area_open(const struct shape *s, struct area **ret) MUST_USE;    /* ERR_BAD_INPUT: not an area */
void area_close(struct area *ar);                                    /* accepts NULL */
void area_drop(struct area **ar);                                    /* for AUTO() */
bool area_holds(const struct area *ar, struct lonlat p);             /* on the border too */
double area_distance_m(const struct area *ar, struct lonlat p);      /* 0 inside */

#endif
