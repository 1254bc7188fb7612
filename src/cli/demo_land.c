#include "cli/demo_land.h"

#include <math.h>

#include "base/embed.h"
#include "cli/demo_duty.h"
#include "land/boundary.h"
#include "land/object.h"

EMBED_TABLE(demo_file)

struct settling {
	struct demo_city *city;
	const struct rows *rows;
	str boundaries;
	int64_t at_ms;
	struct fail fail;
};

int64_t demo_object(const struct demo_city *city, str key)
{
	for (size_t i = 0; i < city->nobjects; i++)
		if (str_eq(city->objects[i].key, key))
			return city->objects[i].id;
	return 0;
}

static err put_boundaries(struct ctx *cx, str text)
{
	struct boundary_file file = { .source = S("示例城市虚构边界") };
	struct boundary_result done;
	TRY(boundary_read(cx, text, &file));
	return boundary_put_all(cx, &file, &done);
}

static err bad_row(struct ctx *cx, const struct rows *t, size_t i)
{
	return FAIL(&cx->fail, BAD_FORMAT, "", "err.catalog_value", "file", "objects.tsv", "line",
		    arena_printf(cx->a, "%d", t->lines[i]).p);
}

static err put_object(struct ctx *cx, struct demo_city *city, const struct rows *t, size_t i)
{
	const struct demo_org *owner = demo_org_find(city, rows_get(t, i, S("owner")));
	str geometry = rows_get(t, i, S("geometry")), lat = rows_get(t, i, S("lat")), lon = rows_get(t, i, S("lon"));
	struct object o = { .type = rows_get(t, i, S("type")), .name = rows_get(t, i, S("name")),
			    .name_en = rows_get(t, i, S("name_en")), .owner = owner ? owner->id : 0,
			    .risk = rows_get(t, i, S("risk")), .attrs = rows_get(t, i, S("attrs")), .lat = NAN, .lon = NAN,
			    .valid_to_day = DB_NONE };
	struct demo_object *kept = &city->objects[city->nobjects];
	struct shape shape;
	int64_t level = 0;
	bool ok = str_to_i64(rows_get(t, i, S("region")), &o.region) && date_parse(rows_get(t, i, S("from")), &o.valid_from_day) &&
		  (!lat.n || (str_to_f64(lat, &o.lat) && str_to_f64(lon, &o.lon)));
	if (!ok || city->nobjects == DEMO_MAX_OBJECTS)
		return bad_row(cx, t, i);
	if (str_to_i64(rows_get(t, i, S("level")), &level))
		o.level = (int)level;
	if (geometry.n)
		TRY(geojson_geometry(cx->a, geometry, "/geometry", OBJECT_POINTS_MAX, &shape, &cx->fail));
	TRY(object_put(cx, &o, geometry.n ? &shape : NULL, &kept->id));
	kept->key = rows_get(t, i, S("key"));
	city->nobjects++;
	return ERR_OK;
}

static err settle(struct db_conn *c, void *arg)
{
	struct settling *s = arg;
	struct demo_city *city = s->city;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(city->h, a, c, s->at_ms);
	cx.who = &city->office;
	city->nobjects = 0;
	err e = put_boundaries(&cx, s->boundaries);
	for (size_t i = 0; e == ERR_OK && i < s->rows->n; i++)
		e = put_object(&cx, city, s->rows, i);
	if (e == ERR_OK)
		e = demo_designations(&cx, city);
	s->fail = cx.fail;
	return e;
}

err demo_land(struct demo_city *city, int64_t at_ms)
{
	const struct embed_file *objects = demo_file(S("objects.tsv")), *lines = demo_file(S("boundaries.geojson"));
	struct fail *f = &city->cli->fail;
	struct rows rows;
	if (!objects || !lines)
		return FAIL(f, INTERNAL, "", NULL);
	TRY(rows_read(city->a, S("objects.tsv"), objects->bytes, &rows, f));
	struct settling s = { .city = city, .rows = &rows, .boundaries = lines->bytes, .at_ms = at_ms };
	err e = db_write(city->h->app.db, settle, &s, &s.fail);
	if (e != ERR_OK)
		*f = s.fail;
	return e;
}
