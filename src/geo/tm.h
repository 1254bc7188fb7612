/* Transverse Mercator on the CGCS2000 ellipsoid with scale 1 on the central meridian and a false easting of 500 km: the 3-degree
 * Gauss-Krüger zones of Chinese maps, without the zone's number before the easting. Pure. */
#ifndef BH_GEO_TM_H
#define BH_GEO_TM_H

#include "geo/place.h"

struct metres {
	double east, north;
};
/* Krüger's series to the sixth order of the third flattening: within 0.01 mm up to 10 degrees from the meridian, and within
 * 0.1 mm of WGS 84. `meridian` in degrees; latitudes of ±90 and longitudes within ±80 degrees of the meridian. */
struct metres tm_from_lonlat(double meridian, struct lonlat p);
/* Back; forth and back again is within 1e-11 degrees up to 10 degrees from the meridian. */
struct lonlat tm_to_lonlat(double meridian, struct metres m);
/* The nearest central meridian of a 3-degree zone: 111, 114, … */
double tm_meridian(double lon);

#endif
