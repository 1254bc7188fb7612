/* GeoJSON (RFC 7946), read and written. Depth, features and points are bounded before anything is kept. Altitudes are
 * left out. What a "crs" member says (it is no longer part of the standard) is handed on as text. */
#ifndef BH_FORMAT_GEOJSON_H
#define BH_FORMAT_GEOJSON_H

#include "base/buf.h"
#include "base/err.h"
#include "geo/shape.h"

enum prop_kind { PROP_TEXT, PROP_NUMBER, PROP_BOOL, PROP_NULL };
struct prop {
	str name;
	enum prop_kind kind;
	str text;                      /* decoded; of a number as it stands in the file, of a boolean true or false */
};
struct feature {
	bool placed;                   /* false: the geometry is null or has empty coordinates */
	struct shape shape;
	struct prop *props;            /* members of "properties" that are no lists or objects */
	size_t nprops;
	size_t index;                  /* from 0 */
};
struct geojson {
	struct feature *v;
	size_t n;
	str crs;                       /* "urn:ogc:def:crs:OGC:1.3:CRS84", or the null string */
};
struct geojson_limits {
	size_t max_features, max_points; /* points of all features together */
};

/* A FeatureCollection, a Feature or a geometry. Failures point at the feature: "/features/12/geometry".
 * BAD_JSON (line), BAD_INPUT, TOO_LARGE. */
err geojson_read(struct arena *a, str text, struct geojson_limits lim, struct geojson *ret, struct fail *f) MUST_USE;
/* One geometry; pointers begin with `at`. */
err geojson_geometry(struct arena *a, str text, const char *at, size_t max_points, struct shape *ret, struct fail *f) MUST_USE;

/* {"type":"Polygon","coordinates":[…]}; seven decimals, about a centimetre. */
void geojson_put(struct buf *b, const struct shape *s);
void geojson_put_point(struct buf *b, struct lonlat p);

const struct prop *feature_prop(const struct feature *f, str name); /* NULL when it has none */

#endif
