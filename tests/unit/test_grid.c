/* The grid's projection, cells, periods; fires brought together. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sense/firepoint.h"

/* Published results of other programs, at the scale of UTM. */
static void known_points(void **state)
{
	(void)state;
	struct metres m = tm_from_lonlat(45, (struct lonlat){ 44.4, 33.3 });
	assert_true(fabs((m.east - 500000) * 0.9996 + 500000 - 444140.54) < 0.01);
	assert_true(fabs(m.north * 0.9996 - 3684706.36) < 0.01);
	m = tm_from_lonlat(111, (struct lonlat){ 111, 90 - 1e-12 });
	assert_true(fabs(m.north - 10001965.729) < 0.001); /* a quarter of the meridian */
	m = tm_from_lonlat(111, (struct lonlat){ 111, 0 });
	assert_true(fabs(m.east - 500000) < 1e-9 && fabs(m.north) < 1e-9);
}

static void there_and_back(void **state)
{
	(void)state;
	for (double lat = -80; lat <= 84; lat += 3.7)
		for (double lon = 101; lon <= 121; lon += 0.73) {
			struct lonlat p = tm_to_lonlat(111, tm_from_lonlat(111, (struct lonlat){ lon, lat }));
			assert_true(fabs(p.lon - lon) < 1e-11 && fabs(p.lat - lat) < 1e-11);
		}
	assert_true(tm_meridian(112.49) == 111 && tm_meridian(112.51) == 114 && tm_meridian(-1.2) == 0);
}

static void cells(void **state)
{
	struct cell_id c;
	struct arena *a = arena_new();
	(void)state;
	assert_true(cell_parse(S("3000:152:1489"), &c) && c.size == 3000 && c.col == 152 && c.row == 1489);
	assert_true(str_eq(cell_text(a, cell_unpack(3000, cell_pack(c))), S("3000:152:1489")));
	static const char *const bad[] = { "", "3000", "3000:1", "3000:1:", "1000:1:1", "3000:-1:2", "3000:1:99999999", "3000:1:2:3", "a:b:c" };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(cell_parse(str_of(bad[i]), &c));
	/* 6 × 6 fine cells make a coarse one, wherever the point lies. */
	for (double lon = 111.9; lon < 113; lon += 0.0131)
		for (double lat = 37.5; lat < 38; lat += 0.0173) {
			struct cell_id fine = cell_at(111, CELL_FINE, (struct lonlat){ lon, lat }),
				       coarse = cell_at(111, CELL_COARSE, (struct lonlat){ lon, lat }),
				       again = cell_at(111, CELL_FINE, cell_middle(111, fine));
			assert_true(fine.col / 6 == coarse.col && fine.row / 6 == coarse.row);
			assert_true(again.col == fine.col && again.row == fine.row);
		}
	arena_free(a);
}

static void periods(void **state)
{
	struct arena *a = arena_new();
	struct period p, q;
	int64_t first, last;
	char day[11];
	(void)state;
	static const struct {
		const char *text, *first, *last, *before, *year;
	} good[] = {
		{ "2026-10", "2026-10-01", "2026-10-31", "2026-09", "2025-10" },
		{ "2026-01", "2026-01-01", "2026-01-31", "2025-12", "2025-01" },
		{ "2024-02", "2024-02-01", "2024-02-29", "2024-01", "2023-02" },
		{ "2026-W44", "2026-10-26", "2026-11-01", "2026-W43", "2025-W44" },
		{ "2026-W01", "2025-12-29", "2026-01-04", "2025-W52", "2025-W01" },
		{ "2027-W01", "2027-01-04", "2027-01-10", "2026-W53", "2026-W01" },
		{ "2026-W53", "2026-12-28", "2027-01-03", "2026-W52", NULL },
	};
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_true(period_parse(str_of(good[i].text), &p));
		assert_true(str_eq(period_text(a, p), str_of(good[i].text)));
		period_days(p, &first, &last);
		date_format(first, day);
		assert_string_equal(day, good[i].first);
		date_format(last, day);
		assert_string_equal(day, good[i].last);
		assert_true(str_eq(period_text(a, period_back(p, 1)), str_of(good[i].before)));
		assert_true(period_year_ago(p, &q) == (good[i].year != NULL));
		if (good[i].year)
			assert_true(str_eq(period_text(a, q), str_of(good[i].year)));
	}
	static const char *const bad[] = { "", "2026", "2026-00", "2026-13", "2025-W53", "2026-W54", "2026-W0", "2026-1", "2026W44", "1026-10", "2026-W-1" };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(period_parse(str_of(bad[i]), &p));
	arena_free(a);
}

/* Whatever the order, the same points are together. */
static void fires(void **state)
{
	enum { N = 60 };
	struct arena *a = arena_new();
	struct fire_spot v[N], mixed[N];
	size_t group[N], other[N], at[N];
	(void)state;
	for (size_t i = 0; i < N; i++) {
		v[i] = (struct fire_spot){ { 112.4 + 0.013 * (double)(i * i % 23), 37.8 + 0.011 * (double)(i * i * i % 17) }, (int64_t)(i % 4) * 4 * 3600000 };
		at[i] = i * 37 % N;
		mixed[at[i]] = v[i];
	}
	fire_group(a, v, N, 1500, 6 * 3600000, group);
	fire_group(a, mixed, N, 1500, 6 * 3600000, other);
	size_t groups = 0;
	for (size_t i = 0; i < N; i++) {
		groups += group[i] == i;
		for (size_t k = 0; k < N; k++)
			assert_true((group[i] == group[k]) == (other[at[i]] == other[at[k]]));
	}
	assert_true(groups > 1 && groups < N);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_points), cmocka_unit_test(there_and_back), cmocka_unit_test(cells), cmocka_unit_test(periods), cmocka_unit_test(fires),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
