/* Which of many areas holds a point: a raster of buckets answers most questions alone, borders are looked at edge by edge. */
#ifndef BH_GEO_ZONE_H
#define BH_GEO_ZONE_H

#include "geo/shape.h"

struct zone {
	int64_t id;
	const struct shape *area;
};
/* Made once, asked from any thread. The shapes may go after opening. */
struct zones;
/* ERR_BAD_INPUT when one is no area. Of areas that overlap, the one given first holds. */
err zones_open(const struct zone *v, size_t n, struct zones **ret) MUST_USE;
void zones_close(struct zones *z);              /* accepts NULL */
/* The id, or 0 when none holds it; a border belongs to its area. */
int64_t zones_find(const struct zones *z, struct lonlat p);

#endif
