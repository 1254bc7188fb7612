/* Places on the earth: degrees of CGCS2000, which equals WGS 84 within the accuracy stored here (some
 * centimetres; see docs/adr). Conversions from the shifted systems of Chinese maps, distances, and the grid
 * that the map's index walks. All pure. */
#ifndef BH_GEO_PLACE_H
#define BH_GEO_PLACE_H

#include "base/str.h"

struct lonlat {
	double lon, lat;               /* degrees, east and north positive */
};
bool lonlat_valid(struct lonlat p); /* finite, ±180 and ±90 */

/* ---- reference systems ---- */

/* GCJ-02 is the shifted system of maps published in China, BD-09 a second shift on top of it. Neither has a published
 * definition; the formulas are those in common use, and the shift is applied within 72.004–137.8347° E and
 * 0.8293–55.8271° N only, as there. */
#define PLACE_CRS "wgs84|cgcs2000|gcj02|bd09"
enum crs { CRS_WGS84, CRS_CGCS2000, CRS_GCJ02, CRS_BD09, CRS_COUNT };
bool crs_parse(str name, enum crs *ret) MUST_USE;
const char *crs_name(enum crs c);

struct lonlat gcj02_from_wgs84(struct lonlat p);
struct lonlat bd09_from_gcj02(struct lonlat p);
/* Inverse by iteration: forth and back again is within 1 mm. */
struct lonlat wgs84_from_gcj02(struct lonlat p);
struct lonlat wgs84_from_bd09(struct lonlat p);
struct lonlat wgs84_from(enum crs c, struct lonlat p);

/* ---- distance ---- */

/* Metres along a great circle of the mean earth (6,371,008.8 m); within 0.6 % of the ellipsoid's. */
double distance_m(struct lonlat a, struct lonlat b);

/* ---- boxes ---- */

struct box {
	double west, south, east, north; /* never across the 180th meridian */
};
#define BOX_EMPTY ((struct box){ 180, 90, -180, -90 })
void box_add(struct box *b, struct lonlat p);
void box_join(struct box *b, struct box more);
bool box_is_empty(struct box b);
bool box_holds(struct box b, struct lonlat p);
bool boxes_meet(struct box a, struct box b);
/* "w,s,e,n"; west < east, south < north, all within the world. */
bool box_parse(str s, struct box *ret) MUST_USE;

/* ---- the grid ---- */

/* Web Mercator cut into 2^24 columns and rows (2.4 m at the equator); a cell's number interleaves the bits of its column
 * and row (Morton order), so that a tile of zoom z is the range of all numbers with the same first 2z bits. */
enum { GRID_BITS = 24 };
int64_t grid_cell(struct lonlat p);
/* The smallest k such that the box is at most 2^k units wide and high; 0 for a point. */
int grid_extent(struct box b);

struct grid_range {
	int64_t lo, hi;                /* numbers, both inclusive */
};
enum { GRID_RANGES = 16 };
/* Ranges that together hold every cell of the box grown by 2^grow units on each side (grow < 0: as it is), and some around
 * it; in rising order. Returns how many. */
size_t grid_ranges(struct box b, int grow, struct grid_range ret[static GRID_RANGES]);

#endif
