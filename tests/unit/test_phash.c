/* Distances of copies and of strangers, with pictures drawn here and written as JPEG. The table that it prints with
 * BIHUAN_SHOW=1 is what the thresholds of catalog/mark were chosen from. */
#include "image_make.h"
#include "num/phash.h"

static uint64_t hash_of(struct arena *a, str bytes)
{
	float *px;
	struct fail f = { 0 };
	err e = image_grey(a, bytes, PHASH_SIDE, 1, &px, &f);
	if (e != ERR_OK)
		fail_msg("image_grey: %s %s", err_name(e), f.key ? f.key : "");
	return phash_of(px, NULL);
}

static void turns_are_bits(void **state)
{
	struct arena *a = *state;
	for (unsigned seed = 1; seed <= 20; seed++) {
		float px[PHASH_SIDE * PHASH_SIDE], moved[PHASH_SIDE * PHASH_SIDE];
		struct picture p = picture_draw(a, seed, 32, 32);
		for (size_t i = 0; i < COUNT_OF(px); i++)
			px[i] = p.px[i];
		uint64_t h = phash_of(px, NULL);
		for (int turn = 0; turn < PHASH_TURNS; turn++) {
			for (int y = 0; y < 32; y++)
				for (int x = 0; x < 32; x++) {
					int sx = turn & 1 ? 31 - x : x, sy = turn & 2 ? 31 - y : y;
					moved[y * 32 + x] = turn & 4 ? px[sx * 32 + sy] : px[sy * 32 + sx];
				}
			uint64_t want = phash_of(moved, NULL);
			int best = 64;
			for (int k = 0; k < PHASH_TURNS; k++)
				if (phash_distance(phash_turned(h, k), want) < best)
					best = phash_distance(phash_turned(h, k), want);
			assert_int_equal(best, 0);
			if (turn < 4)
				assert_int_equal(phash_turned(h, turn), want);
		}
	}
}

static void radii_cover(void **state)
{
	int64_t v[PHASH_PROBES_MAX];
	(void)state;
	for (int d = 0; d <= 11; d++) {
		int least = 0; /* the fewest errors that no band would show */
		for (int b = 0; b < PHASH_BANDS; b++)
			least += phash_radius(d, b) + 1;
		assert_int_equal(least, d + 1);
	}
	assert_int_equal(phash_probes(0x1234, 0, v), 1);
	assert_int_equal(phash_probes(0x1234, 1, v), 17);
	assert_int_equal(phash_probes(0x1234, 2, v), 137);
	assert_int_equal(phash_probes(0x1234, -1, v), 0);
	assert_int_equal(phash_band(0x1234567890abcdefULL, 3), 0x1234);
}

static void a_wall_has_no_detail(void **state)
{
	float px[PHASH_SIDE * PHASH_SIDE];
	double detail;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(px); i++)
		px[i] = 120;
	(void)phash_of(px, &detail);
	assert_true(detail < 0.01);
}

enum { SEEDS = 60 };
struct variant {
	const char *name;
	str (*make)(struct arena *a, const struct picture *p);
	int max;               /* none of the 60 copies may differ more */
};

static str quality_35(struct arena *a, const struct picture *p)
{
	return picture_jpeg(a, p, 35, NULL);
}
static str half(struct arena *a, const struct picture *p)
{
	struct picture q = picture_scaled(a, p, p->w * 6 / 13, p->h * 6 / 13);
	return picture_jpeg(a, &q, 80, NULL);
}
static str brighter(struct arena *a, const struct picture *p)
{
	struct picture q = picture_levels(a, p, 1.15, 20);
	return picture_jpeg(a, &q, 85, NULL);
}
static str cropped_2(struct arena *a, const struct picture *p)
{
	struct picture q = picture_cropped(a, p, p->w / 100, p->h / 100);
	return picture_jpeg(a, &q, 85, NULL);
}
static str cropped_6(struct arena *a, const struct picture *p)
{
	struct picture q = picture_cropped(a, p, p->w * 3 / 100, p->h * 3 / 100);
	return picture_jpeg(a, &q, 85, NULL);
}
static str stamped(struct arena *a, const struct picture *p)
{
	struct picture q = picture_stamped(a, p);
	return picture_jpeg(a, &q, 85, NULL);
}
static str as_png(struct arena *a, const struct picture *p)
{
	return picture_png(a, p);
}

static void copies_are_near_strangers_far(void **state)
{
	static const struct variant variants[] = {
		{ "quality 35", quality_35, 4 },   { "scaled to 46 %", half, 4 }, { "brighter, more contrast", brighter, 7 },
		{ "2 % cropped", cropped_2, 7 },   { "6 % cropped", cropped_6, 14 }, { "date stamped", stamped, 7 },
		{ "as PNG", as_png, 4 },
	};
	struct arena *a = *state;
	uint64_t h[SEEDS];
	bool show = getenv("BIHUAN_SHOW");
	for (size_t v = 0; v < COUNT_OF(variants); v++) {
		int worst = 0, sum = 0, over = 0;
		for (unsigned s = 0; s < SEEDS; s++) {
			struct picture p = picture_draw(a, s + 1, 400, 300);
			h[s] = hash_of(a, picture_jpeg(a, &p, 90, NULL));
			int d = phash_distance(h[s], hash_of(a, variants[v].make(a, &p)));
			worst = d > worst ? d : worst;
			over += d > 7;
			sum += d;
		}
		if (show)
			printf("# %-26s mean %.2f worst %d beyond 7: %d of %d\n", variants[v].name, (double)sum / SEEDS, worst, over, SEEDS);
		if (worst > variants[v].max)
			fail_msg("%s: %d bits differ", variants[v].name, worst);
	}
	int nearest = 64, within = 0;
	for (int i = 0; i < SEEDS; i++)
		for (int k = 0; k < i; k++)
			for (int t = 0; t < PHASH_TURNS; t++) {
				int d = phash_distance(phash_turned(h[i], t), h[k]);
				nearest = d < nearest ? d : nearest;
				within += d <= 10;
			}
	if (show)
		printf("# strangers, any turn: nearest %d, within 10: %d of %d\n", nearest, within, SEEDS * (SEEDS - 1) / 2 * 8);
	assert_true(nearest > 12);
}

static int begin(void **state)
{
	*state = arena_new();
	return 0;
}

static int end(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(turns_are_bits, begin, end),
		cmocka_unit_test(radii_cover),
		cmocka_unit_test(a_wall_has_no_detail),
		cmocka_unit_test_setup_teardown(copies_are_near_strangers_far, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
