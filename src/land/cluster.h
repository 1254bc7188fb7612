/* Points of a map gathered by tiles, so that a view has hundreds of marks and not a hundred thousand. Pure. */
#ifndef BH_LAND_CLUSTER_H
#define BH_LAND_CLUSTER_H

#include "base/vec.h"
#include "geo/place.h"

enum { CLUSTER_MOST = 3000, CLUSTER_PIXELS_LOG2 = 6, CLUSTER_SINGLE_ZOOM = 16 };

struct cluster {
	int64_t tile;                  /* cell number without its lower bits */
	int64_t id;                    /* of the only member, or of one of them */
	int64_t n;
	int rank;                      /* of the worst */
	double lat_sum, lon_sum;
	struct box box;
};
struct clusters {
	struct arena *a;
	int shift;                     /* bits of a cell's number that are not looked at */
	VEC(struct cluster) v;
};
/* `zoom` as web maps count it for tiles of 512 pixels; a mark takes about 64. From CLUSTER_SINGLE_ZOOM on nothing is gathered. */
struct clusters clusters_begin(struct arena *a, double zoom);
/* Cheapest in the order of cells. */
void clusters_add(struct clusters *c, int64_t id, int64_t cell, int rank, struct lonlat p);
/* Joins what was met in several walks; coarser tiles until there are at most CLUSTER_MOST. */
void clusters_end(struct clusters *c);
/* Where its mark stands: the middle of its members, within their box. */
struct lonlat cluster_middle(const struct cluster *c);

#endif
