/* What a station measures, and the limits that standards set for it: /api/stations/{id}/measured */
#include "core/catalog.h"
#include "core/grant.h"
#include "core/views.h"
#include "base/vec.h"
#include "sense/edition.h"
#include "sense/routes.h"
#include "sense/series.h"
#include "sense/station.h"

enum { LIMITS_MAX = 200 };

/* over: what the limit is for: 1h, 8h, day, year of air; nothing of water. grade: class of the area, or of the water. */
#define MEASURED_LIMIT(F, O, L)                                                                    \
	F(STR, edition, REQ)                                                                       \
	F(STR, standard, REQ)                                                                      \
	F(STR, over, REQ)                                                                          \
	F(I64, grade, REQ)                                                                         \
	F(F64, value, REQ)                                                                         \
	F(BOOL, at_least, REQ)                                                                     \
	F(STR, clause, REQ, .max = 300)
JSON_STRUCT(measured_limit, MEASURED_LIMIT)
JSON_DEFINE(measured_limit, MEASURED_LIMIT)

#define MEASURED_ITEM(F, O, L)                                                                     \
	F(STR, item, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, unit, REQ)                                                                          \
	F(STRS, kinds, REQ)                                                                        \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	L(measured_limit, limits, REQ, .max = LIMITS_MAX)
JSON_STRUCT(measured_item, MEASURED_ITEM)
JSON_DEFINE(measured_item, MEASURED_ITEM)

/* Editions of what may be computed at this station: the name that ?edition= takes. */
#define MEASURED_EDITION(F, O, L)                                                                  \
	F(STR, id, REQ)                                                                            \
	F(STR, family, REQ)                                                                        \
	F(STR, standard, REQ)                                                                      \
	F(STR, zh, REQ, .max = 200)                                                                \
	F(STR, en, REQ, .max = 200)                                                                \
	F(STR, in_force, REQ)                                                                      \
	F(STR, until, REQ)                                                                         \
	F(STR, certainty, REQ)                                                                     \
	F(BOOL, now, REQ)
JSON_STRUCT(measured_edition, MEASURED_EDITION)
JSON_DEFINE(measured_edition, MEASURED_EDITION)

/* What a flag says, and whether a value that bears it counts. */
#define MEASURED_FLAG(F, O, L)                                                                     \
	F(STR, flag, REQ)                                                                          \
	F(BOOL, counts, REQ)                                                                       \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, source, REQ, .max = 300)
JSON_STRUCT(measured_flag, MEASURED_FLAG)
JSON_DEFINE(measured_flag, MEASURED_FLAG)

/* Classes of water by the edition in force, with the colours it gives them. */
#define MEASURED_CLASS(F, O, L)                                                                    \
	F(I64, grade, REQ, .as = "class")                                                          \
	F(STR, name, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, rgb, REQ)
JSON_STRUCT(measured_class, MEASURED_CLASS)
JSON_DEFINE(measured_class, MEASURED_CLASS)

#define MEASURED_OUT(F, O, L)                                                                      \
	F(ID, station, REQ)                                                                        \
	F(STR, medium, REQ)                                                                        \
	L(measured_item, items, REQ, .max = 500)                                                   \
	L(measured_edition, editions, REQ)                                                         \
	L(measured_flag, flags, REQ)                                                               \
	L(measured_class, classes, REQ)
JSON_STRUCT(measured_out, MEASURED_OUT)
JSON_DEFINE(measured_out, MEASURED_OUT)

struct measuring {
	struct ctx *cx;
	const struct station_kind *kind;
	VEC(struct measured_edition) editions;
	struct measured_out out;
};

/* ---- editions ---- */

static bool wanted(const struct measuring *m, str path, str *ret_family)
{
	static const str of_air[] = { S("aqi/"), S("airlimit/") }, of_water[] = { S("water/") };
	bool air = str_eq(m->kind->medium, S("air"));
	const str *v = air ? of_air : of_water;
	size_t n = air ? COUNT_OF(of_air) : str_eq(m->kind->medium, S("water")) ? COUNT_OF(of_water) : 0;
	for (size_t i = 0; i < n; i++)
		if (str_starts(path, v[i]) && str_ends(path, S("/META"))) {
			*ret_family = str_sub(v[i], 0, v[i].n - 1);
			return true;
		}
	return false;
}

static err list_editions(struct measuring *m)
{
	struct ctx *cx = m->cx;
	const struct catalog *c = cx->app->catalog;
	for (size_t i = 0; i < catalog_count(c); i++) {
		str path = catalog_at(c, i).path, family, meta, now;
		if (!wanted(m, path, &family))
			continue;
		str dir = str_sub(path, 0, path.n - (sizeof "/META" - 1)), name = str_sub(dir, family.n + 1, dir.n), stem = dir;
		while (stem.n && stem.p[stem.n - 1] != '/')
			stem.n--;
		stem.n -= stem.n > 0;
		TRY(edition_meta(c, cx->a, dir, &meta, &cx->fail));
		now = catalog_edition(c, stem, china_day(cx->now_ms));
		vec_push(cx->a, &m->editions, (struct measured_edition){
			name, family, view_str(meta_get(meta, S("standard"))), view_str(meta_get(meta, S("title_zh"))),
			view_str(meta_get(meta, S("title_en"))), view_str(meta_get(meta, S("in_force"))), view_str(meta_get(meta, S("until"))),
			view_str(meta_get(meta, S("certainty"))), str_eq(now, str_sub(dir, stem.n + 1, dir.n)) });
	}
	m->out.editions.v = m->editions.v;
	m->out.editions.n = m->editions.n;
	return ERR_OK;
}

/* ---- limits ---- */

static void add_limit(struct measured_item *it, const struct measured_edition *e, str over, int64_t grade, str value, bool at_least, str clause)
{
	double v;
	if (it->limits.n < LIMITS_MAX && str_to_f64(value, &v))
		it->limits.v[it->limits.n++] = (struct measured_limit){ e->id, e->standard, over, grade, v, at_least, view_str(clause) };
}

static void air_limits_of(const struct measured_edition *e, const struct rows *t, struct measured_item *it)
{
	for (size_t i = 0; i < t->n; i++) {
		if (!str_eq(rows_get(t, i, S("pollutant")), it->item))
			continue;
		for (int64_t grade = 1; grade <= 2; grade++)
			add_limit(it, e, rows_get(t, i, S("averaging")), grade, rows_get(t, i, grade == 1 ? S("class1") : S("class2")), false,
				  rows_get(t, i, S("clause")));
	}
}

static void water_limits_of(const struct measured_edition *e, const struct rows *t, bool lake, struct measured_item *it)
{
	static const str names[] = { S("i"), S("ii"), S("iii"), S("iv"), S("v") };
	for (size_t i = 0; i < t->n; i++) {
		str kind = rows_get(t, i, S("kind")), compare = rows_get(t, i, S("compare"));
		if (!str_eq(rows_get(t, i, S("id")), it->item) || str_eq(kind, lake ? S("river") : S("lake")))
			continue;
		for (size_t g = 0; g < COUNT_OF(names); g++) {
			str high = rows_get(t, i, names[g]), low;
			if (str_eq(compare, S("between")) && str_cut(&high, '-', &low))
				add_limit(it, e, S(""), (int64_t)g + 1, low, true, rows_get(t, i, S("clause")));
			add_limit(it, e, S(""), (int64_t)g + 1, high, str_eq(compare, S("at-least")), rows_get(t, i, S("clause")));
		}
	}
}

static err put_limits(struct measuring *m, bool lake)
{
	struct ctx *cx = m->cx;
	for (size_t i = 0; i < m->editions.n; i++) {
		const struct measured_edition *e = &m->editions.v[i];
		struct rows t;
		bool air = str_eq(e->family, S("airlimit"));
		if (!air && !str_eq(e->family, S("water")))
			continue;
		str dir = arena_printf(cx->a, STR_FMT "/" STR_FMT, STR_ARG(e->family), STR_ARG(e->id));
		TRY(edition_table(cx->app->catalog, cx->a, dir, air ? "limits.tsv" : "items.tsv", &t, &cx->fail));
		for (size_t k = 0; k < m->out.items.n; k++) {
			if (air)
				air_limits_of(e, &t, &m->out.items.v[k]);
			else
				water_limits_of(e, &t, lake, &m->out.items.v[k]);
		}
	}
	return ERR_OK;
}

/* ---- items ---- */

static struct measured_item *item_at(struct measuring *m, str code)
{
	struct measured_out *out = &m->out;
	for (size_t i = 0; i < out->items.n; i++)
		if (str_eq(out->items.v[i].item, code))
			return &out->items.v[i];
	const struct item_kind *it = item_kind_find(m->cx->app->stations, m->kind, code);
	struct measured_item *o = &out->items.v[out->items.n++];
	*o = (struct measured_item){ .item = code, .zh = it ? it->zh : code, .en = it ? it->en : code, .unit = it ? view_str(it->unit) : S("") };
	o->kinds.v = NEW_N(m->cx->a, str, SERIES_KIND_COUNT);
	o->limits.v = NEW_N(m->cx->a, struct measured_limit, LIMITS_MAX);
	return o;
}

static err list_items(struct measuring *m, int64_t station)
{
	struct ctx *cx = m->cx;
	struct latest *v;
	size_t n;
	TRY(series_latest(cx->app->series, cx->a, &station, 1, &v, &n, &cx->fail));
	m->out.items.v = NEW_N(cx->a, struct measured_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (!v[i].item || v[i].kind == SERIES_STATE)
			continue;
		struct measured_item *o = item_at(m, series_item_code(cx->app->series, v[i].item));
		o->kinds.v[o->kinds.n++] = str_of(series_kind_name(v[i].kind));
		o->at_ms = v[i].at_ms > o->at_ms ? v[i].at_ms : o->at_ms;
	}
	return ERR_OK;
}

static err list_flags(struct measuring *m)
{
	struct ctx *cx = m->cx;
	struct rows t;
	TRY(catalog_current(cx->app->catalog, cx->a, S("validity/flags"), china_day(cx->now_ms), S("flags"), &t, &cx->fail));
	m->out.flags.v = NEW_N(cx->a, struct measured_flag, t.n + 1);
	for (size_t i = 0; i < t.n; i++) {
		str flag = rows_get(&t, i, S("flag"));
		m->out.flags.v[m->out.flags.n++] = (struct measured_flag){ str_eq(flag, S("blank")) ? S("") : flag,
									   str_eq(rows_get(&t, i, S("counts")), S("yes")), rows_get(&t, i, S("zh")),
									   rows_get(&t, i, S("en")), view_str(rows_get(&t, i, S("source"))) };
	}
	return ERR_OK;
}

static err list_classes(struct measuring *m)
{
	struct ctx *cx = m->cx;
	struct rows t;
	if (!str_eq(m->kind->medium, S("water")))
		return ERR_OK;
	TRY(catalog_current(cx->app->catalog, cx->a, S("water/gb3838"), china_day(cx->now_ms), S("classes"), &t, &cx->fail));
	m->out.classes.v = NEW_N(cx->a, struct measured_class, t.n + 1);
	for (size_t i = 0; i < t.n; i++) {
		struct measured_class c = { .name = rows_get(&t, i, S("name")), .zh = rows_get(&t, i, S("zh")), .en = rows_get(&t, i, S("en")),
					    .rgb = rows_get(&t, i, S("rgb")) };
		if (str_to_i64(rows_get(&t, i, S("class")), &c.grade))
			m->out.classes.v[m->out.classes.n++] = c;
	}
	return ERR_OK;
}

static err measured_get(struct req *rq)
{
	struct measuring *m = NEW(rq->a, struct measuring);
	static const struct station_kind none = { 0 };
	struct station st;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &st));
	*m = (struct measuring){ .cx = &rq->cx, .kind = station_kind_find(rq->cx.app->stations, st.kind) };
	m->kind = m->kind ? m->kind : &none;
	m->out = (struct measured_out){ .station = id, .medium = view_str(m->kind->medium) };
	TRY(list_items(m, id));
	TRY(list_editions(m));
	TRY(put_limits(m, str_eq(st.kind, S("lake"))));
	TRY(list_flags(m));
	TRY(list_classes(m));
	return reply_json(rq, &m->out);
}

const struct route measured_routes[] = {
	{ "GET", "/api/stations/{id}/measured", measured_get, READ, "sense.read", NULL, measured_out_json,
	  "What a station measures, in which kinds, with the limits of standards by edition, and what flags mean", NULL },
	{ 0 },
};
