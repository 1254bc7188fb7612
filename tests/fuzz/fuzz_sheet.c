/* Tables of readings with any mapping: the first line is the mapping, the rest the file. What is taken are finite values of known stations;
 * the mapping that was used reads the same again. */
#include <math.h>
#include <unistd.h>

#include "../unit/core_store.h"
#include "core/grant.h"
#include "core/region.h"
#include "core/sector.h"
#include "sense/reading_sheet.h"
#include "sense/station.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct core_store *store;

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void tidy(void)
{
	void *state = store;
	series_close(store->app.series);
	core_close(&state);
}

static void open_store(void)
{
	struct fail f = { 0 };
	static struct sector_table sectors;
	static struct role_table roles;
	struct station_kinds *kinds;
	struct rows rows;
	void *state;
	must(core_open(&state) == 0);
	store = state;
	struct catalog *c;
	must(catalog_load(NULL, &c, &f) == ERR_OK);
	store->app.catalog = c;
	must(role_table_read(store->a, catalog_bytes(c, S("role/2026/perms.tsv")), catalog_bytes(c, S("role/2026/roles.tsv")), &roles, &f) == ERR_OK);
	must(catalog_current(c, store->a, S("sector"), START_MS / DAY_MS, S("sectors"), &rows, &f) == ERR_OK);
	must(sector_table_read(store->a, &rows, &sectors, &f) == ERR_OK);
	store->app.roles = &roles;
	store->app.sectors = &sectors;
	must(station_kinds_read(store->a, c, store->app.sectors, START_MS / DAY_MS, &kinds, &f) == ERR_OK);
	store->app.stations = kinds;
	struct series_options o = { .dir = store->dir, .schema = test_file(store->a, "schema/0009_series.sql") };
	must(series_open(&o, &store->app.series, &f) == ERR_OK);
	core_sql(store, "INSERT INTO station VALUES (110105000000, 7, 'river', '示例桥', '', 0, 0, 1, 0, NULL, NULL, '{}', 0, NULL, 1)");
	core_sql(store, "INSERT INTO station VALUES (110105000000, 8, 'air', '一号站', '', 0, 0, 1, 0, NULL, NULL, '{}', 0, NULL, 1)");
	atexit(tidy);
}

struct read_job {
	struct arena *a;
	bool station;           /* said beside the file */
	str map, bytes, used;
	err e;
	struct fail fail;
	int64_t rows, skipped;
};

static err read_it(struct ctx *cx, void *arg)
{
	struct read_job *j = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	cx->a = a;
	struct reading_sheet s = { .map = j->map, .skip_unknown = true, .station = j->station ? 7 : 0 };
	j->e = reading_sheet_read(cx, j->bytes, &s);
	j->fail = cx->fail;
	if (j->e == ERR_OK)
		j->used = arena_str(j->a, s.used);
	j->rows = s.rows;
	j->skipped = s.skipped;
	return ERR_OK;
}

static struct read_job read_once(struct arena *a, str map, str bytes, bool station)
{
	static const struct principal_grant all = { .perms = -1, .lo = 1, .hi = REGION_MAX, .sectors = SECTORS_ALL, .secret = SECRET_MAX, .to_ms = INT64_MAX };
	struct principal_grant grant = all;
	const struct principal who = { .roles = store->app.roles, .n = 1, .v = &grant };
	struct read_job j = { .a = a, .map = map, .bytes = bytes, .station = station, .used = S("") };
	must(core_read(store, &who, read_it, &j) == ERR_OK);
	must(j.e != ERR_INTERNAL);
	must(j.e == ERR_OK || j.fail.key); /* a refusal says what is wrong */
	must(j.e != ERR_OK || j.skipped <= j.rows);
	return j;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	str all = { (const char *)data, size }, map = S("");
	if (!store)
		open_store();
	if (!str_cut(&all, '\n', &map))
		return 0;
	map = str_trim(map);
	struct read_job first = read_once(a, map, all, map.n % 3 == 0);
	if (first.e != ERR_OK)
		return 0;
	struct read_job again = read_once(a, first.used, all, map.n % 3 == 0);
	must(again.e == ERR_OK && again.rows == first.rows && again.skipped == first.skipped);
	return 0;
}
