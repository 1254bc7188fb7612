/* What the map feeds of all layers have in common: features, the view asked for. */
#ifndef BH_LAND_MAP_VIEW_H
#define BH_LAND_MAP_VIEW_H

#include "http/http.h"
#include "land/cluster.h"

/* A mark or an object; members that do not fit are left out. `bbox` of a cluster is what to zoom into. */
#define MAP_PROPS(F, O, L)                                                                         \
	F(BOOL, cluster, REQ)                                                                      \
	F(I64, count, REQ)                                                                         \
	F(STR, id, OPT)                                                                            \
	F(STR, name, OPT)                                                                          \
	F(STR, name_en, OPT)                                                                       \
	F(STR, no, OPT)                                                                            \
	F(STR, type, OPT)                                                                          \
	F(STR, risk, OPT)                                                                          \
	F(STR, owner, OPT)                                                                         \
	F(STR, owner_name, OPT)                                                                    \
	F(STR, kind, OPT)                                                                          \
	F(STR, state, OPT)                                                                         \
	F(STR, grade, OPT)                                                                         \
	F(STR, colour, OPT)                                                                        \
	F(I64, due_ms, OPT)                                                                        \
	F(F64, west, OPT)                                                                          \
	F(F64, south, OPT)                                                                         \
	F(F64, east, OPT)                                                                          \
	F(F64, north, OPT)
JSON_STRUCT(map_props, MAP_PROPS)

#define MAP_FEATURE(F, O, L)                                                                       \
	F(ENUM, type, REQ, .options = "Feature")                                                   \
	F(RAW, geometry, NUL)                                                                      \
	O(map_props, properties, REQ)
JSON_STRUCT(map_feature, MAP_FEATURE)

#define MAP_FEATURES(F, O, L)                                                                      \
	F(ENUM, type, REQ, .options = "FeatureCollection")                                         \
	L(map_feature, features, REQ, .max = 10000)                                                \
	F(I64, total, REQ)                                                                         \
	F(BOOL, clustered, REQ)
JSON_STRUCT(map_features, MAP_FEATURES)

#define MAP_VIEW_QUERY(F)                                                                          \
	F(STR, bbox, REQ, .max = 120)                                                              \
	F(F64, zoom, OPT, .min = 0, .max = 24)
struct map_view {
	struct box box;
	double zoom;
};
/* ERR_BAD_FIELD at ?bbox; without a zoom the one at which the box is about 1,000 pixels wide. */
err map_view_of(struct ctx *cx, str bbox, double zoom, struct map_view *ret) MUST_USE;

struct map_feature map_cluster_feature(struct arena *a, const struct cluster *c);
str map_point(struct arena *a, struct lonlat p);       /* GeoJSON */

#endif
