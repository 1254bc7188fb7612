#include "land/map_view.h"

#include <math.h>

#include "format/geojson.h"

JSON_DEFINE(map_props, MAP_PROPS)
JSON_DEFINE(map_feature, MAP_FEATURE)
JSON_DEFINE(map_features, MAP_FEATURES)

err map_view_of(struct ctx *cx, str bbox, double zoom, struct map_view *ret)
{
	struct box b;
	if (!box_parse(bbox, &b))
		return FAIL(&cx->fail, BAD_FIELD, "?bbox", "err.bbox");
	if (isnan(zoom))
		zoom = fmin(24, fmax(0, log2(360 / (b.east - b.west) * 1000 / 512)));
	*ret = (struct map_view){ b, zoom };
	return ERR_OK;
}

str map_point(struct arena *a, struct lonlat p)
{
	struct buf b = BUF(a);
	geojson_put_point(&b, p);
	return buf_str(&b);
}

struct map_feature map_cluster_feature(struct arena *a, const struct cluster *c)
{
	struct map_props *p = NEW(a, struct map_props);
	*p = (struct map_props){ .cluster = true, .count = c->n, .due_ms = JSON_NONE, .west = c->box.west,
				 .south = c->box.south, .east = c->box.east, .north = c->box.north };
	return (struct map_feature){ .type = S("Feature"), .geometry = map_point(a, cluster_middle(c)), .properties = p };
}
