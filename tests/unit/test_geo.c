/* Places, shifted maps, the grid, shapes, GeoJSON, marks of the map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "format/geojson.h"
#include "land/cluster.h"

static void assert_near(struct lonlat got, double lon, double lat, double metres)
{
	double off = distance_m(got, (struct lonlat){ lon, lat });
	if (!(off <= metres))
		fail_msg("%.9f, %.9f is %.4f m from %.9f, %.9f", got.lon, got.lat, off, lon, lat);
}

/* ---- reference systems ---- */

/* Values as printed in the documentation of a widely used converter (coordtransform). */
static void shifts_agree_with_known_points(void **state)
{
	(void)state;
	const struct lonlat p = { 116.404, 39.915 };
	assert_near(gcj02_from_wgs84(p), 116.41024449916938, 39.91640428150164, 0.001);
	assert_near(bd09_from_gcj02(p), 116.41036949371029, 39.92133699351021, 0.001);
	/* Its inverses are one step of what is iterated here: near, not equal. */
	assert_near(wgs84_from_gcj02(p), 116.39775550083061, 39.91359571849836, 2);
	assert_near(wgs84_from_bd09(bd09_from_gcj02(gcj02_from_wgs84(p))), p.lon, p.lat, 0.001);
}

static void there_and_back_is_within_a_millimetre(void **state)
{
	(void)state;
	for (double lat = 4; lat < 54; lat += 3.7)
		for (double lon = 74; lon < 135; lon += 4.3) {
			struct lonlat p = { lon, lat };
			assert_near(wgs84_from_gcj02(gcj02_from_wgs84(p)), lon, lat, 0.001);
			assert_near(wgs84_from_bd09(bd09_from_gcj02(gcj02_from_wgs84(p))), lon, lat, 0.001);
		}
	assert_near(wgs84_from_gcj02((struct lonlat){ 2.35, 48.85 }), 2.35, 48.85, 0);
}

static void names_of_systems(void **state)
{
	(void)state;
	enum crs c = CRS_WGS84;
	assert_true(crs_parse(S("GCJ02"), &c));
	assert_int_equal(c, CRS_GCJ02);
	assert_false(crs_parse(S("utm"), &c));
}

static void distances(void **state)
{
	(void)state;
	/* One degree of latitude of the mean sphere. */
	assert_true(fabs(distance_m((struct lonlat){ 112, 37 }, (struct lonlat){ 112, 38 }) - 111195.08) < 0.1);
	assert_true(distance_m((struct lonlat){ 1, 1 }, (struct lonlat){ 1, 1 }) == 0);
	assert_true(distance_m((struct lonlat){ 0, 0 }, (struct lonlat){ 180, 0 }) > 20015000);
}

/* ---- the grid ---- */

static bool in_ranges(const struct grid_range *v, size_t n, int64_t cell)
{
	for (size_t i = 0; i < n; i++)
		if (cell >= v[i].lo && cell <= v[i].hi)
			return true;
	return false;
}

static void ranges_hold_every_cell_of_a_box(void **state)
{
	(void)state;
	srand(7);
	for (int round = 0; round < 300; round++) {
		double size = pow(10, -4 + (double)(rand() % 50) / 10);
		struct box b = { 70 + rand() % 60, -40 + rand() % 80, 0, 0 };
		b.east = fmin(180, b.west + size);
		b.north = fmin(85, b.south + size * 0.7);
		struct grid_range v[GRID_RANGES];
		size_t n = grid_ranges(b, -1, v);
		assert_true(n >= 1 && n <= GRID_RANGES);
		for (size_t i = 1; i < n; i++)
			assert_true(v[i - 1].hi + 1 < v[i].lo);
		for (int k = 0; k < 20; k++) {
			struct lonlat p = { b.west + (b.east - b.west) * rand() / RAND_MAX,
					    b.south + (b.north - b.south) * rand() / RAND_MAX };
			assert_true(in_ranges(v, n, grid_cell(p)));
		}
	}
}

static void a_shape_is_found_from_any_view_it_reaches_into(void **state)
{
	(void)state;
	srand(11);
	for (int round = 0; round < 500; round++) {
		double size = pow(10, -4 + (double)(rand() % 40) / 10);
		struct box s = { 100 + rand() % 20, 20 + rand() % 20, 0, 0 };
		s.east = s.west + size;
		s.north = s.south + size / 2;
		struct lonlat mid = { s.west + size * (rand() % 100) / 100, s.south + size / 2 * (rand() % 100) / 100 };
		/* A small view at a corner of the shape. */
		struct box view = { s.east - size / 100, s.north - size / 100, s.east + size, s.north + size };
		struct grid_range v[GRID_RANGES];
		size_t n = grid_ranges(view, grid_extent(s), v);
		assert_true(in_ranges(v, n, grid_cell(mid)));
	}
	assert_int_equal(grid_extent((struct box){ 112, 37, 112, 37 }), 0);
	assert_true(grid_extent((struct box){ 112, 37, 112.00001, 37 }) >= 1);
}

static void boxes_are_read_strictly(void **state)
{
	(void)state;
	struct box b;
	assert_true(box_parse(S("112.3, 37.7,112.6,38"), &b));
	assert_true(b.north == 38);
	static const char *const bad[] = { "", "1,2,3", "1,2,3,4,5", "3,2,1,4", "1,2,3,x", "1,2,3,91", "1,2,3,nan", "-181,0,1,1" };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(box_parse(str_of(bad[i]), &b));
}

/* ---- GeoJSON ---- */

static const struct geojson_limits small = { 3, 12 };

static err read(struct arena *a, const char *text, struct geojson *ret, struct fail *f)
{
	*f = (struct fail){ 0 };
	return geojson_read(a, str_of(text), small, ret, f);
}

static void geometries_go_in_and_out(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	static const char *const texts[] = {
		"{\"type\":\"Point\",\"coordinates\":[112.5,37.9]}",
		"{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}",
		"{\"type\":\"LineString\",\"coordinates\":[[112.5,37.9],[112.5123457,37.95]]}",
		"{\"type\":\"MultiLineString\",\"coordinates\":[[[1,2],[3,4]],[[5,6],[7,8]]]}",
		"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,0],[9,9],[0,0]],[[5,2],[6,2],[6,3],[5,2]]]}",
		"{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}",
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct geojson g;
		struct fail f;
		struct buf b = BUF(a);
		assert_int_equal(read(a, texts[i], &g, &f), ERR_OK);
		geojson_put(&b, &g.v[0].shape);
		assert_string_equal(buf_cstr(&b), texts[i]);
	}
}

static void features_with_their_properties(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct geojson g;
	struct fail f;
	const char *text = "\xEF\xBB\xBF{\"features\":[{\"properties\":{\"名称\":\"甲\\u4e59\\n\",\"n\":-1.5e2,\"yes\":true,\"no\":null,"
			   "\"list\":[1,{\"a\":2}]},\"geometry\":{\"coordinates\":[1,2,300],\"type\":\"Point\"},\"type\":\"Feature\"},"
			   "{\"type\":\"Feature\",\"geometry\":null,\"properties\":null}],\"crs\":{\"type\":\"name\",\"properties\":"
			   "{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}},\"type\":\"FeatureCollection\"}";
	assert_int_equal(read(a, text, &g, &f), ERR_OK);
	assert_int_equal(g.n, 2);
	assert_true(str_eq(feature_prop(&g.v[0], S("名称"))->text, S("甲乙\n")));
	assert_int_equal(feature_prop(&g.v[0], S("N"))->kind, PROP_NUMBER);
	assert_true(str_eq(feature_prop(&g.v[0], S("yes"))->text, S("true")));
	assert_int_equal(feature_prop(&g.v[0], S("list"))->kind, PROP_NULL);
	assert_true(g.v[0].placed && !g.v[1].placed);
	assert_true(str_eq(g.crs, S("urn:ogc:def:crs:EPSG::4490")));
}

static void what_is_wrong_names_the_feature(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
#define IN_SECOND(x) "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":null,\"properties\":{}}," \
		     "{\"type\":\"Feature\",\"properties\":{},\"geometry\":" x "}]}"
	static const struct {
		const char *text, *key, *pointer;
	} rows[] = {
		{ IN_SECOND("{\"type\":\"Point\",\"coordinates\":[200,0]}"), "err.geojson.position", "/features/1" },
		{ IN_SECOND("{\"type\":\"Point\",\"coordinates\":[1]}"), "err.geojson.position", "/features/1" },
		{ IN_SECOND("{\"type\":\"Circle\",\"coordinates\":[1,2]}"), "err.geojson.type", "/features/1" },
		{ IN_SECOND("{\"type\":\"Polygon\"}"), "err.geojson.empty", "/features/1" },
		{ IN_SECOND("{\"type\":\"LineString\",\"coordinates\":[1,2]}"), "err.geojson.syntax", "/features/1" },
		{ IN_SECOND("{\"type\":\"LineString\",\"coordinates\":[[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],"
			    "[1,2],[1,2],[1,2]]}"), "err.geojson.points", "/features/1" },
		{ "{\"type\":\"FeatureCollection\",\"features\":[{},{}]}", "err.geojson.type", "/features/0" },
		{ "{\"type\":\"Point\",\"coordinates\":[1,2]", "err.geojson.syntax", "" },
		{ "{\"type\":\"Point\",\"coordinates\":[1,2]} x", "err.geojson.syntax", "" },
		{ "[1,2]", "err.geojson.syntax", "" },
		{ "", "err.geojson.syntax", "" },
		{ "{\"a\":\"\\ud800\"}", "err.geojson.syntax", "" },
		{ "{\"a\":\"\xff\"}", "err.geojson.utf8", "" },
		{ "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "err.json_depth", "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct geojson g;
		struct fail f;
		assert_int_not_equal(read(a, rows[i].text, &g, &f), ERR_OK);
		assert_string_equal(f.key, rows[i].key);
		assert_string_equal(f.pointer, rows[i].pointer);
	}
}

/* ---- shapes ---- */

static struct shape shape_of(struct arena *a, const char *text)
{
	struct shape s;
	struct fail f = { 0 };
	assert_int_equal(geojson_geometry(a, str_of(text), "", 1000, &s, &f), ERR_OK);
	return s;
}

#define RING_WITH_HOLE "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]}"

static void inside_and_outside(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	AUTO(area_drop) struct area *ar = NULL;
	struct shape s = shape_of(a, RING_WITH_HOLE);
	assert_int_equal(area_open(&s, &ar), ERR_OK);
	assert_true(area_holds(ar, (struct lonlat){ 1, 1 }));
	assert_true(area_holds(ar, (struct lonlat){ 0, 5 }));  /* the border */
	assert_false(area_holds(ar, (struct lonlat){ 5, 5 })); /* the hole */
	assert_false(area_holds(ar, (struct lonlat){ 11, 5 }));
	assert_true(area_distance_m(ar, (struct lonlat){ 1, 1 }) == 0);
	assert_true(fabs(area_distance_m(ar, (struct lonlat){ 5, 11 }) - 111195) < 100);
	struct shape line = shape_of(a, "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}");
	struct area *none = NULL;
	assert_int_equal(area_open(&line, &none), ERR_BAD_INPUT);
}

static void middles_lie_on_their_shapes(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct shape s = shape_of(a, RING_WITH_HOLE);
	AUTO(area_drop) struct area *ar = NULL;
	struct lonlat m;
	assert_int_equal(area_open(&s, &ar), ERR_OK);
	assert_int_equal(shape_middle(&s, &m), ERR_OK);
	assert_true(area_holds(ar, m));
	s = shape_of(a, "{\"type\":\"LineString\",\"coordinates\":[[0,0],[0.01,0],[0.04,0]]}");
	assert_int_equal(shape_middle(&s, &m), ERR_OK);
	assert_near(m, 0.02, 0, 1);
}

static void crossed_and_open_rings_are_refused(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	static const char *const bad[] = {
		"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}",
		"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2],[2,0]]]}",
		"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2]]]}",
		"{\"type\":\"LineString\",\"coordinates\":[[0,0]]}",
		"{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[4,0],[4,4],[0,0]]],[[[0,0],[4,0],[4,4],[0,0]]]]}",
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const char *why = NULL;
		struct shape s = shape_of(a, bad[i]);
		assert_int_equal(shape_check(a, &s, &why), ERR_BAD_INPUT);
		assert_non_null(why);
	}
}

static void a_bow_tie_is_mended(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct shape s = shape_of(a, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}");
	const char *why;
	bool mended;
	assert_int_equal(shape_mend(a, &s, &mended), ERR_OK);
	assert_true(mended && s.many && s.n == 2);
	assert_int_equal(shape_check(a, &s, &why), ERR_OK);
	assert_int_equal(shape_mend(a, &s, &mended), ERR_OK);
	assert_false(mended);
}

static void fewer_points_keep_the_form(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct path p = { NEW_N(a, struct lonlat, 1001), 1001, false };
	for (size_t i = 0; i < p.n; i++)
		p.v[i] = (struct lonlat){ cos((double)i * 6.283185307179586 / 1000), sin((double)i * 6.283185307179586 / 1000) };
	p.v[1000] = p.v[0];
	struct shape s = { SHAPE_AREA, false, &p, 1 };
	const char *why;
	shape_simplify(a, &s, 0.01);
	assert_true(p.n < 60 && p.n >= 4);
	assert_int_equal(shape_check(a, &s, &why), ERR_OK);
}

/* ---- real counties ---- */

static char *gunzip(const char *path, size_t *ret_n)
{
	char command[600];
	size_t cap = 1 << 23;
	snprintf(command, sizeof command, "gzip -dc '%s' 2>/dev/null", path);
	FILE *f = popen(command, "r");
	char *text = calloc(1, cap);
	*ret_n = f ? fread(text, 1, cap - 1, f) : 0;
	if (f)
		pclose(f);
	return text;
}

/* Each county's label point lies in it and in no other (their lines are drawn on a coarse grid, so a few touch). */
static void label_points_lie_in_their_counties(void **state)
{
	(void)state;
	const char *root = getenv("BIHUAN_SOURCE");
	char path[512];
	size_t n, hits = 0, elsewhere = 0, mended = 0, bare = 0;
	struct geojson g;
	struct fail f = { 0 };
	snprintf(path, sizeof path, "%s/../shared/data/admin-divisions/bj_tj_sx_counties.geojson.gz", root ? root : ".");
	char *text = gunzip(path, &n);
	if (!n) {
		free(text);
		skip();
	}
	AUTO(arena_drop) struct arena *a = arena_new();
	assert_int_equal(geojson_read(a, (str){ text, n }, (struct geojson_limits){ 1000, 1000000 }, &g, &f), ERR_OK);
	for (size_t i = 0; i < g.n; i++) {
		bool mend;
		const char *why;
		bare += !g.v[i].placed;
		if (!g.v[i].placed)
			continue;
		assert_int_equal(shape_mend(a, &g.v[i].shape, &mend), ERR_OK);
		assert_int_equal(shape_check(a, &g.v[i].shape, &why), ERR_OK);
		mended += mend;
	}
	assert_true(mended > 0); /* the file has rings that touch themselves */
	assert_true(bare <= 1);  /* and a county without coordinates */
	for (size_t i = 0; i < g.n; i++) {
		struct lonlat m;
		if (!g.v[i].placed)
			continue;
		assert_int_equal(shape_middle(&g.v[i].shape, &m), ERR_OK);
		for (size_t k = 0; k < g.n; k++) {
			AUTO(area_drop) struct area *ar = NULL;
			if (!g.v[k].placed || !boxes_meet(shape_box(&g.v[k].shape), shape_box(&g.v[i].shape)))
				continue;
			assert_int_equal(area_open(&g.v[k].shape, &ar), ERR_OK);
			hits += i == k && area_holds(ar, m);
			elsewhere += i != k && area_holds(ar, m);
		}
	}
	free(text);
	assert_true(hits == g.n - bare);
	assert_true(elsewhere <= g.n / 50);
}

/* ---- marks ---- */

static void marks_gather_by_tiles(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct clusters c = clusters_begin(a, 10);
	const struct lonlat near1 = { 112.5000, 37.9 }, near2 = { 112.5001, 37.9 }, far = { 113.5, 37.9 };
	clusters_add(&c, 1, grid_cell(near1), 2, near1);
	clusters_add(&c, 3, grid_cell(far), 1, far);
	clusters_add(&c, 2, grid_cell(near2), 4, near2);
	clusters_end(&c);
	assert_int_equal(c.v.n, 2);
	assert_int_equal(c.v.v[0].n, 2);
	assert_int_equal(c.v.v[0].rank, 4);
	assert_near(cluster_middle(&c.v.v[0]), 112.50005, 37.9, 1);
	assert_true(c.v.v[0].box.west == 112.5 && c.v.v[0].box.east == 112.5001);
	assert_int_equal(c.v.v[1].id, 3);
}

static void nothing_gathers_near_and_nothing_overflows_far(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct clusters c = clusters_begin(a, 18);
	const struct lonlat p = { 112.5, 37.9 };
	clusters_add(&c, 1, grid_cell(p), 0, p);
	clusters_add(&c, 2, grid_cell(p), 0, p);
	clusters_end(&c);
	assert_int_equal(c.v.n, 2);
	c = clusters_begin(a, 18);
	int64_t total = 0;
	for (int i = 0; i < 40000; i++) {
		struct lonlat q = { 73 + (i % 200) * 0.3, 20 + i / 200 * 0.15 };
		clusters_add(&c, i + 1, grid_cell(q), 0, q);
	}
	clusters_end(&c);
	assert_true(c.v.n <= CLUSTER_MOST && c.v.n > 100);
	for (size_t i = 0; i < c.v.n; i++)
		total += c.v.v[i].n;
	assert_int_equal(total, 40000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shifts_agree_with_known_points),
		cmocka_unit_test(there_and_back_is_within_a_millimetre),
		cmocka_unit_test(names_of_systems),
		cmocka_unit_test(distances),
		cmocka_unit_test(ranges_hold_every_cell_of_a_box),
		cmocka_unit_test(a_shape_is_found_from_any_view_it_reaches_into),
		cmocka_unit_test(boxes_are_read_strictly),
		cmocka_unit_test(geometries_go_in_and_out),
		cmocka_unit_test(features_with_their_properties),
		cmocka_unit_test(what_is_wrong_names_the_feature),
		cmocka_unit_test(inside_and_outside),
		cmocka_unit_test(middles_lie_on_their_shapes),
		cmocka_unit_test(crossed_and_open_rings_are_refused),
		cmocka_unit_test(a_bow_tie_is_mended),
		cmocka_unit_test(fewer_points_keep_the_form),
		cmocka_unit_test(label_points_lie_in_their_counties),
		cmocka_unit_test(marks_gather_by_tiles),
		cmocka_unit_test(nothing_gathers_near_and_nothing_overflows_far),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
