/* Pictures from outside: what is refused, what EXIF says, what a stripped copy no longer says. */
#include "base/clock.h"
#include "format/exif.h"
#include "image_make.h"

static struct arena *a;

static int begin(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static const struct exif_make usual = { .make = "HUAWEI", .model = "ALN-AL00", .software = "ALN-AL00 4.0.0.110",
					.taken = "2026:11:01 10:20:30", .offset = "+08:00", .lat = 37.8571, .lon = 112.4923,
					.orientation = 6 };

static void exif_is_read(void **state)
{
	(void)state;
	struct picture p = picture_draw(a, 7, 200, 150), small = picture_draw(a, 7, 80, 60);
	for (int big = 0; big < 2; big++) {
		struct exif_make m = usual;
		m.big_endian = big;
		m.thumbnail = picture_jpeg(a, &small, 60, NULL);
		str block = exif_block(a, &m);
		struct exif x = exif_read(a, picture_jpeg(a, &p, 80, &block));
		int64_t day;
		assert_true(date_parse(S("2026-11-01"), &day));
		assert_true(x.present && x.zone_known);
		assert_true(str_eq(x.make, S("HUAWEI")) && str_eq(x.model, S("ALN-AL00")));
		assert_true(str_eq(x.software, S("ALN-AL00 4.0.0.110")));
		assert_int_equal(x.taken_ms, china_day_start_ms(day) + (10 * 3600 + 20 * 60 + 30) * 1000);
		assert_true(fabs(x.lat - 37.8571) < 1e-6 && fabs(x.lon - 112.4923) < 1e-6);
		assert_int_equal(x.orientation, 6);
		assert_true(str_eq(x.thumbnail, m.thumbnail));
	}
}

static void exif_in_part(void **state)
{
	(void)state;
	struct exif_make m = { .taken = "2026:11:01 10:20:30", .lat = NAN };
	struct exif x = exif_read_block(a, exif_block(a, &m));
	assert_true(x.present && !x.zone_known && x.taken_ms != INT64_MIN && isnan(x.lat));
	m.offset = "-05:30";
	assert_int_equal(exif_read_block(a, exif_block(a, &m)).taken_ms - x.taken_ms, INT64_C(13) * 3600000 + 1800000);
	static const char *const bad[] = { "0000:00:00 00:00:00", "2026:02:30 10:00:00", "1970:01:01 00:00:00", "2026-11-01",
					   "2026:11:01 25:00:00", "    :  :     :  :  " };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		m.taken = bad[i];
		assert_true(exif_read_block(a, exif_block(a, &m)).taken_ms == INT64_MIN);
	}
	struct exif_make south = { .lat = -33.5, .lon = -70.25 };
	x = exif_read_block(a, exif_block(a, &south));
	assert_true(fabs(x.lat + 33.5) < 1e-6 && fabs(x.lon + 70.25) < 1e-6);
	struct exif_make rounded = { .lat = 37.8, .lon = 112.9999999999 };
	x = exif_read_block(a, exif_block(a, &rounded));
	assert_true(fabs(x.lat - 37.8) < 1e-6 && fabs(x.lon - 113) < 1e-6);
	struct exif_make nowhere = { .lat = 0, .lon = 0 };
	assert_true(isnan(exif_read_block(a, exif_block(a, &nowhere)).lat));
}

/* Cut or changed anywhere it is read or absent, never more. */
static void exif_damaged(void **state)
{
	(void)state;
	str block = exif_block(a, &usual);
	char *copy = arena_cstr(a, block);
	for (size_t n = 0; n <= block.n; n++)
		(void)exif_read_block(a, str_sub(block, 0, n));
	for (size_t i = 0; i < block.n; i++)
		for (int v = 0; v < 256; v += 51) {
			memcpy(copy, block.p, block.n);
			copy[i] = (char)v;
			(void)exif_read_block(a, (str){ copy, block.n });
		}
}

static err grey(str bytes, float **ret, struct fail *f)
{
	*f = (struct fail){ 0 };
	return image_grey(a, bytes, 8, 1, ret, f);
}

static void refusals(void **state)
{
	(void)state;
	struct fail f;
	float *px;
	struct picture p = picture_draw(a, 3, 64, 48);
	str jpeg = picture_jpeg(a, &p, 80, NULL), png = picture_png(a, &p);
	assert_int_equal(grey(jpeg, &px, &f), ERR_OK);
	assert_int_equal(grey(png, &px, &f), ERR_OK);
	assert_int_equal(grey(S("GIF89a..........."), &px, &f), ERR_UNSUPPORTED);
	assert_string_equal(f.key, "err.image.unread");
	assert_string_equal(f.args[0].text, "GIF");
	assert_int_equal(grey(S("RIFF\0\0\0\0WEBPVP8 "), &px, &f), ERR_UNSUPPORTED);
	assert_int_equal(grey(S("\0\0\0\x18" "ftypheic........"), &px, &f), ERR_UNSUPPORTED);
	assert_int_equal(grey(S("%PDF-1.7"), &px, &f), ERR_UNSUPPORTED);
	assert_string_equal(f.key, "err.image.none");
	assert_int_equal(grey(S(""), &px, &f), ERR_UNSUPPORTED);
	assert_int_equal(grey(S("\xff\xd8\xff\xe0"), &px, &f), ERR_BAD_FORMAT);
	assert_int_equal(grey(str_sub(png, 0, png.n / 2), &px, &f), ERR_BAD_FORMAT);
	for (size_t n = 0; n < jpeg.n; n += 7) /* a picture whose end is missing is borne, whatever comes out */
		(void)!grey(str_sub(jpeg, 0, n), &px, &f);
}

/* Says 60,000 × 60,000 in its header; refused before a byte is allocated for it. */
static void bombs(void **state)
{
	(void)state;
	struct fail f;
	float *px;
	struct picture p = picture_draw(a, 3, 64, 48);
	char *jpeg = arena_cstr(a, picture_jpeg(a, &p, 80, NULL)), *png = arena_cstr(a, picture_png(a, &p));
	str j = picture_jpeg(a, &p, 80, NULL), g = picture_png(a, &p);
	ptrdiff_t at = str_find(j, S("\xff\xc0"));
	assert_true(at > 0);
	memcpy(jpeg + at + 5, "\xea\x60\xea\x60", 4);
	assert_int_equal(grey((str){ jpeg, j.n }, &px, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.image.pixels");
	memcpy(png + 16, "\0\0\xea\x60\0\0\xea\x60", 8);
	assert_int_equal(grey((str){ png, g.n }, &px, &f), ERR_TOO_LARGE);
	jpeg[at + 1] = '\xc2'; /* progressive: all of it is held, so less is borne */
	memcpy(jpeg + at + 5, "\x1f\x40\x1f\x40", 4);
	assert_int_equal(grey((str){ jpeg, j.n }, &px, &f), ERR_TOO_LARGE);
	assert_string_equal(f.args[0].text, "40");
}

/* The grey copy stands as the picture is looked at. */
static void turned_as_exif_says(void **state)
{
	(void)state;
	struct fail f = { 0 };
	float *px;
	struct picture p = { NEW_N(a, unsigned char, 64 * 64), 64, 64 };
	for (int y = 0; y < 32; y++)
		for (int x = 0; x < 32; x++)
			p.px[y * 64 + x] = 255; /* the upper left is white */
	static const int corner[] = { 0, 0, 1, 3, 2, 0, 1, 3, 2 };
	str png = picture_png(a, &p);
	for (int o = 1; o <= 8; o++) {
		assert_int_equal(image_grey(a, png, 2, o, &px, &f), ERR_OK);
		for (int i = 0; i < 4; i++)
			assert_true(i == corner[o] ? px[i] > 250 : px[i] < 5);
	}
}

static void stripped(void **state)
{
	(void)state;
	struct fail f = { 0 };
	struct picture p = picture_draw(a, 5, 320, 240);
	str block = exif_block(a, &usual), out, again;
	str jpeg = picture_jpeg(a, &p, 85, &block);
	float *before, *after;
	struct buf b = BUF(a);
	buf_put(&b, jpeg);
	buf_put(&b, S("trailing words of the camera"));
	assert_int_equal(image_strip(a, buf_str(&b), &out, &f), ERR_OK);
	assert_false(exif_read(a, out).present);
	assert_true(str_find(out, S("HUAWEI")) < 0 && str_find(out, S("trailing")) < 0);
	assert_int_equal(image_grey(a, jpeg, 16, 1, &before, &f), ERR_OK);
	assert_int_equal(image_grey(a, out, 16, 1, &after, &f), ERR_OK);
	assert_memory_equal(before, after, 16 * 16 * sizeof *before);
	assert_int_equal(image_strip(a, out, &again, &f), ERR_OK);
	assert_true(str_eq(out, again));
	assert_int_equal(image_strip(a, picture_png(a, &p), &out, &f), ERR_OK);
	assert_int_equal(image_grey(a, out, 16, 1, &after, &f), ERR_OK);
	assert_int_equal(image_strip(a, S("GIF89a"), &out, &f), ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(exif_is_read, begin, end), cmocka_unit_test_setup_teardown(exif_in_part, begin, end),
		cmocka_unit_test_setup_teardown(exif_damaged, begin, end), cmocka_unit_test_setup_teardown(refusals, begin, end),
		cmocka_unit_test_setup_teardown(bombs, begin, end), cmocka_unit_test_setup_teardown(turned_as_exif_says, begin, end),
		cmocka_unit_test_setup_teardown(stripped, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
