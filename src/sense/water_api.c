/* Surface water of a section and of a river: /api/stations/{id}/water, /api/regions/{code}/water */
#include <math.h>

#include "base/vec.h"
#include "core/grant.h"
#include "core/region.h"
#include "core/views.h"
#include "sense/river.h"
#include "sense/routes.h"
#include "sense/series.h"
#include "sense/station.h"
#include "sense/station_sql.h"
#include "sense/surface_water.h"
#include "sense/validity.h"

enum { SECTIONS_MAX = 500, WATER_DAYS_MAX = 1500 };

#define WATER_QUERY(F, O, L)                                                                       \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)                                                                           \
	F(STR, edition, OPT, .max = 60)                                                            \
	F(ENUM, by, OPT, .options = "day|month|all")
JSON_STRUCT(water_query, WATER_QUERY)
JSON_DEFINE(water_query, WATER_QUERY)

#define WATER_ITEM_OUT(F, O, L)                                                                    \
	F(STR, item, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, unit, REQ)                                                                          \
	F(F64, value, REQ)                                                                         \
	F(I64, n, REQ)                                                                             \
	F(I64, grade, NUL, .as = "class")                                                          \
	F(BOOL, counts, REQ)
JSON_STRUCT(water_item_out, WATER_ITEM_OUT)
JSON_DEFINE(water_item_out, WATER_ITEM_OUT)

#define WATER_MAIN_OUT(F, O, L) F(STR, item, REQ) F(F64, excess, NUL)
JSON_STRUCT(water_main_out, WATER_MAIN_OUT)
JSON_DEFINE(water_main_out, WATER_MAIN_OUT)

#define WATER_POINT(F, O, L)                                                                       \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	F(I64, grade, NUL, .as = "class")                                                          \
	F(STR, name, REQ)                                                                          \
	F(STRS, worst, REQ)                                                                        \
	L(water_main_out, main, REQ)                                                               \
	L(water_item_out, items, REQ)
JSON_STRUCT(water_point, WATER_POINT)
JSON_DEFINE(water_point, WATER_POINT)

#define WATER_OUT(F, O, L)                                                                         \
	F(ID, station, REQ)                                                                        \
	F(STR, edition, REQ)                                                                       \
	F(STR, kind, REQ)                                                                          \
	L(water_point, periods, REQ, .max = 2000)
JSON_STRUCT(water_out, WATER_OUT)
JSON_DEFINE(water_out, WATER_OUT)

struct water_job {
	struct ctx *cx;
	int64_t first, last;
	struct validity val;
	struct water_edition e;
};

static err open_job(struct ctx *cx, int64_t from, int64_t to, str edition, struct water_job *j)
{
	str id;
	j->cx = cx;
	j->last = to == JSON_NONE ? china_day(cx->now_ms) : to;
	j->first = from == JSON_NONE ? j->last - 29 : from;
	if (j->first > j->last)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.span");
	if (j->last - j->first >= WATER_DAYS_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.series.days", "max", "1500");
	TRY(validity_read(cx->app->catalog, cx->a, S("validity/gb3095"), j->last, &j->val, &cx->fail));
	TRY(edition_named(cx->app->catalog, cx->a, "water", edition.n ? edition : S("gb3838-2002"), &id, &cx->fail));
	return water_edition_read(cx->app->catalog, cx->a, id, &j->e, &cx->fail);
}

/* What a section has of one item over the whole span: hours where there are any, else days. */
static err column_of(struct water_job *j, int64_t station, str item, struct column *ret)
{
	struct series *s = j->cx->app->series;
	static const enum series_kind kinds[] = { SERIES_HOUR, SERIES_HOUR_OWN, SERIES_DAY };
	uint32_t id = series_item_known(s, item);
	*ret = (struct column){ 0 };
	for (size_t k = 0; id && k < COUNT_OF(kinds) && !ret->n; k++)
		TRY(series_read(s, j->cx->a, station, id, SERIES_VALUE, kinds[k], china_day_start_ms(j->first), china_day_end_ms(j->last) + 1,
				ret, &j->cx->fail));
	return ERR_OK;
}

/* The arithmetic mean of what counts. Rounded to nine places: what a sum of doubles adds behind them is noise. */
static bool mean_of(const struct validity *v, const struct column *c, int64_t from_ms, int64_t to_ms, struct decimal *ret, int64_t *ret_n)
{
	double sum = 0;
	int64_t n = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (c->at_ms[i] < from_ms || c->at_ms[i] >= to_ms || !v->counts[(unsigned char)c->flag[i]] || !isfinite(c->value[i]))
			continue;
		sum += c->value[i];
		n++;
	}
	*ret_n = n;
	if (!n || fabs(sum) > 1e9)
		return false;
	*ret = (struct decimal){ llround(sum / (double)n * 1e9), 9, false };
	return true;
}

static struct json_strs worst_of(struct water_job *j, const struct water_result *r)
{
	struct json_strs out = { NEW_N(j->cx->a, str, j->e.n + 1), 0 };
	for (size_t i = 0; i < j->e.n; i++)
		if (r->worst >> i & 1)
			out.v[out.n++] = j->e.v[i].id;
	return out;
}

static struct water_point point_of(struct water_job *j, enum water_kind kind, const struct water_values *in, const int64_t *n, int64_t from,
				   int64_t to, struct water_result *ret)
{
	struct arena *a = j->cx->a;
	struct water_result r = water_assess(&j->e, kind, in);
	struct water_point p = { .from = from, .to = to, .grade = r.class == WATER_NONE ? JSON_NONE : r.class,
				 .name = r.class == WATER_NONE ? S("") : j->e.names[r.class], .worst = worst_of(j, &r) };
	p.main.v = NEW_N(a, struct water_main_out, 3);
	for (; p.main.n < r.nmain; p.main.n++)
		p.main.v[p.main.n] = (struct water_main_out){ j->e.v[r.main[p.main.n]].id, r.excess[p.main.n] };
	p.items.v = NEW_N(a, struct water_item_out, j->e.n + 1);
	for (size_t i = 0; i < j->e.n; i++)
		if (in->has[i])
			p.items.v[p.items.n++] = (struct water_item_out){ j->e.v[i].id, j->e.v[i].zh, j->e.v[i].en, j->e.v[i].unit,
									  decimal_f64(in->v[i]), n[i], r.of[i] ? r.of[i] : JSON_NONE,
									  j->e.v[i].counts };
	*ret = r;
	return p;
}

static enum water_kind kind_of(str kind)
{
	return str_eq(kind, S("lake")) ? WATER_LAKE : WATER_RIVER;
}

static err columns_of(struct water_job *j, int64_t station, enum water_kind kind, struct column *cols)
{
	for (size_t i = 0; i < j->e.n; i++) {
		cols[i] = (struct column){ 0 };
		if (kind == WATER_LAKE ? j->e.v[i].lake : j->e.v[i].river)
			TRY(column_of(j, station, j->e.v[i].id, &cols[i]));
	}
	return ERR_OK;
}

static bool values_in(struct water_job *j, const struct column *cols, int64_t from, int64_t to, struct water_values *in, int64_t *n)
{
	bool any = false;
	for (size_t i = 0; i < j->e.n; i++) {
		in->has[i] = mean_of(&j->val, &cols[i], china_day_start_ms(from), china_day_end_ms(to) + 1, &in->v[i], &n[i]);
		any |= in->has[i];
	}
	return any;
}

static int64_t period_end(int64_t day, int64_t last, str by)
{
	int y, m, d;
	int64_t end = day;
	if (str_eq(by, S("all")))
		return last;
	if (str_eq(by, S("month"))) {
		date_to_ymd(day, &y, &m, &d);
		end = day + date_month_days(y, m) - d;
	}
	return end < last ? end : last;
}

static err station_water(struct req *rq)
{
	const struct water_query *q = rq->query;
	struct station st;
	struct water_job j = { 0 };
	struct column cols[WATER_ITEMS_MAX];
	struct water_out out = { 0 };
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &st));
	TRY(open_job(&rq->cx, q->from, q->to, q->edition, &j));
	TRY(columns_of(&j, id, kind_of(st.kind), cols));
	out = (struct water_out){ .station = id, .edition = str_sub(j.e.id, sizeof "water/" - 1, j.e.id.n), .kind = st.kind };
	out.periods.v = NEW_N(rq->a, struct water_point, (size_t)(j.last - j.first + 2));
	for (int64_t day = j.first, end; day <= j.last; day = end + 1) {
		struct water_values in = { 0 };
		struct water_result r;
		int64_t n[WATER_ITEMS_MAX];
		end = period_end(day, j.last, q->by.n ? q->by : S("day"));
		if (values_in(&j, cols, day, end, &in, n))
			out.periods.v[out.periods.n++] = point_of(&j, kind_of(st.kind), &in, n, day, end, &r);
	}
	return reply_json(rq, &out);
}

/* ---- the sections of a region ---- */

#define REGION_WATER_QUERY(F, O, L)                                                                \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)                                                                           \
	F(STR, edition, OPT, .max = 60)                                                            \
	F(STR, river, OPT, .max = 80)
JSON_STRUCT(region_water_query, REGION_WATER_QUERY)
JSON_DEFINE(region_water_query, REGION_WATER_QUERY)

#define SECTION_OUT(F, O, L)                                                                       \
	F(ID, station, REQ)                                                                        \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(STR, kind, REQ)                                                                          \
	F(I64, target, NUL)                                                                        \
	F(BOOL, attains, REQ)                                                                      \
	O(water_point, water, REQ)
JSON_STRUCT(section_out, SECTION_OUT)
JSON_DEFINE(section_out, SECTION_OUT)

#define SHARE_OUT(F, O, L) F(I64, grade, REQ, .as = "class") F(STR, name, REQ) F(I64, sections, REQ) F(F64, percent, NUL)
JSON_STRUCT(water_share_out, SHARE_OUT)
JSON_DEFINE(water_share_out, SHARE_OUT)

#define BASIN_ITEM_OUT(F, O, L) F(STR, item, REQ) F(I64, sections, REQ) F(F64, percent, NUL)
JSON_STRUCT(basin_item_out, BASIN_ITEM_OUT)
JSON_DEFINE(basin_item_out, BASIN_ITEM_OUT)

/* by: "sections" five and more, by proportions; "mean" fewer, by the means of the items. */
#define REGION_WATER(F, O, L)                                                                      \
	F(ID, region, REQ, .format = "region")                                                     \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	F(STR, edition, REQ)                                                                       \
	F(I64, sections, REQ)                                                                      \
	F(F64, good_percent, NUL)                                                                  \
	F(F64, worse_percent, NUL)                                                                 \
	F(STR, by, REQ)                                                                            \
	F(STR, state_zh, REQ)                                                                      \
	F(STR, state_en, REQ)                                                                      \
	L(water_share_out, shares, REQ)                                                            \
	L(basin_item_out, main, REQ)                                                               \
	L(section_out, items, REQ)
JSON_STRUCT(region_water_out, REGION_WATER)
JSON_DEFINE(region_water_out, REGION_WATER)

struct basin {
	struct water_job j;
	struct river river;
	struct region_water_out *out;
};

struct section_attrs {
	int64_t target_class;   /* JSON_NONE: none */
	str river;
};

/* Attributes are free; these two mean something here. */
static void attrs_of(struct arena *a, str attrs, struct section_attrs *ret)
{
	static const str names[] = { S("\"target_class\""), S("\"river\"") };
	*ret = (struct section_attrs){ .target_class = JSON_NONE, .river = S("") };
	ptrdiff_t t = str_find(attrs, names[0]), r = str_find(attrs, names[1]);
	size_t at = t < 0 ? attrs.n : (size_t)t + names[0].n;
	while (at < attrs.n && (attrs.p[at] == ':' || attrs.p[at] == ' '))
		at++;
	if (at < attrs.n && attrs.p[at] >= '1' && attrs.p[at] <= '5')
		ret->target_class = attrs.p[at] - '0';
	if (r >= 0) {
		size_t from = (size_t)r + names[1].n;
		while (from < attrs.n && attrs.p[from] != '"')
			from++;
		size_t to = ++from;
		while (to < attrs.n && attrs.p[to] != '"')
			to++;
		ret->river = arena_str(a, str_sub(attrs, from < attrs.n ? from : attrs.n, to));
	}
}

static err add_section(struct basin *b, const struct station_list_row *row, str river)
{
	struct arena *a = b->j.cx->a;
	enum water_kind kind = kind_of(row->kind);
	struct column cols[WATER_ITEMS_MAX];
	struct water_values in = { 0 };
	struct water_result r;
	struct section_attrs attrs;
	int64_t n[WATER_ITEMS_MAX];
	attrs_of(a, row->attrs, &attrs);
	if (river.n && !str_eq(river, attrs.river))
		return ERR_OK;
	TRY(columns_of(&b->j, row->id, kind, cols));
	if (!values_in(&b->j, cols, b->j.first, b->j.last, &in, n))
		return ERR_OK;
	struct water_point *p = NEW(a, struct water_point);
	*p = point_of(&b->j, kind, &in, n, b->j.first, b->j.last, &r);
	bool attains = attrs.target_class != JSON_NONE && r.class != WATER_NONE && r.class <= attrs.target_class;
	b->out->items.v[b->out->items.n++] = (struct section_out){ row->id, row->name, row->name_en, row->kind, attrs.target_class, attains, p };
	river_add(&b->river, &b->j.e, &in, &r);
	return ERR_OK;
}

static err conclude(struct basin *b)
{
	struct region_water_out *out = b->out;
	struct ctx *cx = b->j.cx;
	const struct river *r = &b->river;
	struct river_state s;
	str edition;
	TRY(edition_on(cx->app->catalog, cx->a, S("riverstate"), b->j.last, &edition, &cx->fail));
	TRY(river_judge(cx->app->catalog, cx->a, edition, &b->j.e, r, &s, &cx->fail));
	out->sections = (int64_t)r->n;
	out->good_percent = s.good_percent;
	out->worse_percent = s.worse_percent;
	out->by = s.by_sections ? S("sections") : S("mean");
	out->state_zh = s.zh;
	out->state_en = s.en;
	out->shares.v = NEW_N(cx->a, struct water_share_out, WATER_WORSE);
	for (int c = 1; c <= WATER_WORSE; c++)
		out->shares.v[out->shares.n++] = (struct water_share_out){ c, b->j.e.names[c], (int64_t)r->of_class[c],
									   river_percent(r->of_class[c], r->n) };
	out->main.v = NEW_N(cx->a, struct basin_item_out, RIVER_MAIN);
	for (; out->main.n < s.nmain; out->main.n++) {
		size_t i = s.main[out->main.n];
		out->main.v[out->main.n] = (struct basin_item_out){ b->j.e.v[i].id, (int64_t)r->beyond[i], river_percent(r->beyond[i], r->n) };
	}
	return ERR_OK;
}

static err region_water(struct req *rq)
{
	const struct region_water_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct basin *b = NEW(rq->a, struct basin);
	struct station_list_rows rows;
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	struct station_list_params p = { .object = DB_NONE, .day = DB_NONE, .max = SECTIONS_MAX };
	static const str kinds[] = { S("river"), S("lake") };
	int64_t region;
	if (!str_to_i64(rq_param(rq, "code"), &region) || !region_valid(region))
		return ERR_NOT_FOUND;
	*b = (struct basin){ 0 };
	TRY(open_job(cx, q->from, q->to, q->edition, &b->j));
	struct region_water_out out = { .region = region, .from = b->j.first, .to = b->j.last,
					.edition = str_sub(b->j.e.id, sizeof "water/" - 1, b->j.e.id.n) };
	b->out = &out;
	out.items.v = NEW_N(rq->a, struct section_out, 2 * SECTIONS_MAX + 1);
	region_range(region, &p.lo, &p.hi);
	for (size_t k = 0; k < COUNT_OF(kinds); k++) {
		p.kind = kinds[k];
		TRY(station_list(cx->c, rq->a, &p, &scope, &rows));
		for (size_t i = 0; i < rows.n; i++)
			TRY(add_section(b, &rows.v[i], q->river));
	}
	TRY(conclude(b));
	return reply_json(rq, &out);
}

const struct route water_routes[] = {
	{ "GET", "/api/stations/{id}/water", station_water, READ, "sense.read", NULL, water_out_json,
	  "Class of a section by its worst item, by day, month or the whole span", water_query_json },
	{ "GET", "/api/regions/{code}/water", region_water, READ, "sense.read", NULL, region_water_out_json,
	  "Sections of a region or river: classes, proportions, main pollution items, state", region_water_query_json },
	{ 0 },
};
