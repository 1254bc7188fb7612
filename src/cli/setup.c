#include "cli/setup.h"

#include <stdio.h>

#include "cli/house_sql.h"
#include "core/catalog.h"
#include "core/region.h"

err setup_store(struct ctx *cx, int64_t home, bool demo)
{
	struct rows regions;
	int64_t count;
	str code = arena_printf(cx->a, "%012ld", (long)home);
	TRY(catalog_current(cx->app->catalog, cx->a, S("region"), china_day(cx->now_ms), S("regions"), &regions, &cx->fail));
	TRY(region_import(cx->c, cx->a, &regions, &count, &cx->fail));
	TRY(house_meta_put(cx->c, &(struct house_meta_put_params){ S("home_region"), code }, NULL));
	TRY(house_meta_put(cx->c, &(struct house_meta_put_params){ S("demo"), demo ? S("1") : S("0") }, NULL));
	return house_meta_put(cx->c, &(struct house_meta_put_params){ S("node"), S("0") }, NULL);
}
