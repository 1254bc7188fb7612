/* catalog/hotspot, the edition in force on the day of the request. */
#include "core/catalog.h"
#include "sense/hotspot.h"

static err table(struct ctx *cx, str name, struct rows *ret)
{
	return catalog_current(cx->app->catalog, cx->a, S("hotspot"), china_day(cx->now_ms), name, ret, &cx->fail);
}

err hot_params_read(struct ctx *cx, struct hot_params *ret)
{
	struct hot_params p = { 0 };
	const struct {
		str id;
		double *to;
	} names[] = {
		{ S("background"), &p.background }, { S("radius"), &p.radius }, { S("fdr"), &p.fdr },
		{ S("persistence"), &p.persistence }, { S("ewma_lambda"), &p.ewma_lambda }, { S("ewma_width"), &p.ewma_width },
		{ S("cusum_k"), &p.cusum_k }, { S("cusum_h"), &p.cusum_h }, { S("chart_min"), &p.chart_min },
		{ S("min_valid"), &p.min_valid }, { S("top"), &p.top }, { S("patrol_days"), &p.patrol_days },
		{ S("idw_power"), &p.idw_power }, { S("idw_radius"), &p.idw_radius }, { S("idw_min"), &p.idw_min },
		{ S("idw_days"), &p.idw_days }, { S("fill_wait"), &p.fill_wait },
		{ S("fire_distance"), &p.fire_distance }, { S("fire_hours"), &p.fire_hours },
		{ S("fire_confidence"), &p.fire_confidence }, { S("fire_minutes"), &p.fire_minutes }, { S("fire_age"), &p.fire_age },
		{ S("modis_nominal"), &p.modis_nominal }, { S("modis_high"), &p.modis_high },
	};
	struct rows t;
	TRY(table(cx, S("params"), &t));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t k = 0;
		while (k < t.n && !str_eq(rows_get(&t, k, S("id")), names[i].id))
			k++;
		if (k == t.n || !str_to_f64(rows_get(&t, k, S("value")), names[i].to))
			return FAIL(&cx->fail, BAD_FORMAT, "", "err.catalog_value", "file", "hotspot/params", "line",
				    arena_cstr(cx->a, names[i].id));
	}
	*ret = p;
	return ERR_OK;
}

static err row_of(struct ctx *cx, str name, str id, const char *pointer, struct rows *t, size_t *ret)
{
	TRY(table(cx, name, t));
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(rows_get(t, i, S("id")), id)) {
			*ret = i;
			return ERR_OK;
		}
	return FAIL(&cx->fail, BAD_FIELD, pointer, "err.grid.word", "name", arena_cstr(cx->a, id));
}

err hot_item_find(struct ctx *cx, str id, const char *pointer, struct hot_item *ret)
{
	struct rows t;
	size_t i;
	struct hot_item it;
	TRY(row_of(cx, S("items"), id, pointer, &t, &i));
	it = (struct hot_item){ rows_get(&t, i, S("id")), rows_get(&t, i, S("zh")), rows_get(&t, i, S("en")),
				rows_get(&t, i, S("unit")), 0 };
	if (!str_to_f64(rows_get(&t, i, S("max")), &it.max))
		return FAIL(&cx->fail, BAD_FORMAT, "", "err.catalog_value", "file", "hotspot/items", "line",
			    arena_printf(cx->a, "%d", t.lines[i]).p);
	*ret = it;
	return ERR_OK;
}

err hot_source_find(struct ctx *cx, str id, const char *pointer, str *ret_station_kind)
{
	struct rows t;
	size_t i;
	TRY(row_of(cx, S("sources"), id, pointer, &t, &i));
	*ret_station_kind = rows_get(&t, i, S("station_kind"));
	return ERR_OK;
}

err hot_outcome_find(struct ctx *cx, str kind, str id, bool *ret_fire)
{
	struct rows t;
	size_t i;
	TRY(row_of(cx, S("outcomes"), id, "/outcome", &t, &i));
	if (!str_eq(rows_get(&t, i, S("kind")), kind))
		return FAIL(&cx->fail, BAD_FIELD, "/outcome", "err.grid.word", "name", arena_cstr(cx->a, id));
	*ret_fire = str_eq(rows_get(&t, i, S("fire")), S("1"));
	return ERR_OK;
}
