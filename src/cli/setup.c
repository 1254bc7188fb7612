#include "cli/setup.h"

#include <stdio.h>

#include "cli/house_sql.h"
#include "core/catalog.h"
#include "core/region.h"

static err current(struct ctx *cx, str family, str table, struct rows *ret)
{
	return catalog_current(cx->app->catalog, cx->a, family, china_day(cx->now_ms), table, ret, &cx->fail);
}

/* The former divisions come behind those of today, which take their place. */
static err setup_regions(struct ctx *cx)
{
	struct rows rows;
	int64_t count;
	TRY(current(cx, S("region"), S("regions"), &rows));
	TRY(region_import(cx->c, cx->a, &rows, &count, &cx->fail));
	TRY(current(cx, S("region"), S("changes"), &rows));
	return region_import(cx->c, cx->a, &rows, &count, &cx->fail);
}

static err setup_calendar(struct ctx *cx)
{
	struct rows r;
	int64_t day;
	TRY(current(cx, S("calendar"), S("days"), &r));
	for (size_t i = 0; i < r.n; i++) {
		bool working = str_eq(rows_get(&r, i, S("working")), S("1"));
		if (!date_parse(rows_get(&r, i, S("date")), &day))
			return FAIL(&cx->fail, BAD_FORMAT, "", "err.catalog_value", "file", "calendar/days", "line",
				    arena_printf(cx->a, "%d", r.lines[i]).p);
		TRY(house_day_put(cx->c,
				  &(struct house_day_put_params){ day, working, rows_get(&r, i, S("name_zh")),
								  rows_get(&r, i, S("name_en")), rows_get(&r, i, S("source")),
								  rows_get(&r, i, S("certainty")) },
				  NULL));
	}
	return ERR_OK;
}

err setup_store(struct ctx *cx, int64_t home, bool demo)
{
	str code = arena_printf(cx->a, "%012ld", (long)home);
	TRY(setup_regions(cx));
	TRY(setup_calendar(cx));
	TRY(house_meta_put(cx->c, &(struct house_meta_put_params){ S("home_region"), code }, NULL));
	TRY(house_meta_put(cx->c, &(struct house_meta_put_params){ S("demo"), demo ? S("1") : S("0") }, NULL));
	return house_meta_put(cx->c, &(struct house_meta_put_params){ S("node"), S("0") }, NULL);
}
