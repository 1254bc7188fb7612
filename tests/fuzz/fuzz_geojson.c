/* Whatever the GeoJSON: what was read is written so that it reads back the same, and shapes bear every question. */
#include <stdlib.h>

#include "format/geojson.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_shape(struct arena *a, const struct shape *s)
{
	struct shape again, mended = *s;
	struct lonlat mid;
	struct buf first = BUF(a), second = BUF(a);
	const char *why;
	bool done;
	geojson_put(&first, s);
	if (geojson_geometry(a, buf_str(&first), "", 100000, &again, NULL) != ERR_OK)
		abort();
	geojson_put(&second, &again);
	if (!str_eq(buf_str(&first), buf_str(&second)))
		abort();
	if (shape_check(a, s, &why) == ERR_OK && shape_middle(s, &mid) == ERR_OK && !lonlat_valid(mid))
		abort();
	if (s->kind == SHAPE_AREA && shape_mend(a, &mended, &done) == ERR_OK && shape_check(a, &mended, &why) != ERR_OK)
		abort();
	shape_simplify(a, &mended, 0.001);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct geojson g;
	const struct geojson_limits lim = { 100, 2000 };
	if (geojson_read(a, (str){ (const char *)data, size }, lim, &g, NULL) != ERR_OK)
		return 0;
	for (size_t i = 0; i < g.n; i++)
		if (g.v[i].placed)
			check_shape(a, &g.v[i].shape);
	return 0;
}
