#include "sense/air.h"

#include <limits.h>

const char *air_item_name(enum air_item i)
{
	static const char *const names[] = {
#define X(id, name) [AIR_##id] = name,
		AIR_ITEMS(X)
#undef X
	};
	return names[i];
}

static err bad(struct arena *a, str edition, const char *table, int line, struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", arena_printf(a, STR_FMT "/%s", STR_ARG(edition), table).p,
		    "line", arena_printf(a, "%d", line).p);
}

static bool int_of(str s, int *ret)
{
	int64_t v;
	if (!str_to_i64(s, &v) || v < INT_MIN || v > INT_MAX)
		return false;
	*ret = (int)v;
	return true;
}

static bool rule_of(str meta, struct aqi_rule *r)
{
	str input = meta_get(meta, S("input")), publish = meta_get(meta, S("publish_above"));
	r->input = str_eq(input, S("down")) ? ROUND_DOWN : ROUND_HALF_EVEN;
	r->nearest = str_eq(meta_get(meta, S("result")), S("nearest"));
	r->publish_above = AQI_NONE;
	return int_of(meta_get(meta, S("least")), &r->least) &&
	       int_of(meta_get(meta, S("primary_above")), &r->primary_above) &&
	       (!publish.n || int_of(publish, &r->publish_above));
}

static bool above_of(str s, struct aqi_scale *scale)
{
	scale->above = str_eq(s, S("extend")) ? AQI_ABOVE_EXTEND : str_eq(s, S("none")) ? AQI_ABOVE_NONE : AQI_ABOVE_CAP;
	return scale->above != AQI_ABOVE_CAP || (str_starts(s, S("cap:")) && int_of(str_sub(s, 4, s.n), &scale->cap));
}

/* A breakpoint with more places than the rounding of its item would not be exact. */
static bool exact(str s, int places, int64_t *ret)
{
	struct decimal d, back;
	if (!decimal_parse(s, &d))
		return false;
	*ret = decimal_round(d, places, ROUND_DOWN);
	back = (struct decimal){ *ret, places, false };
	return decimal_cmp(d, back) == 0;
}

static bool segments_of(struct arena *a, const struct rows *points, str id, struct aqi_scale *scale, int *ret_line)
{
	struct aqi_segment *v = NEW_N(a, struct aqi_segment, points->n);
	for (size_t i = 0; i < points->n; i++) {
		struct aqi_segment *s = &v[scale->n];
		if (!str_eq(rows_get(points, i, S("indicator")), id))
			continue;
		*ret_line = points->lines[i];
		bool ok = exact(rows_get(points, i, S("lo")), scale->places, &s->lo) &&
			  exact(rows_get(points, i, S("hi")), scale->places, &s->hi) && s->lo < s->hi &&
			  (!scale->n || s->lo >= v[scale->n - 1].hi) &&
			  int_of(rows_get(points, i, S("index_lo")), &s->index_lo) &&
			  int_of(rows_get(points, i, S("index_hi")), &s->index_hi) && s->index_lo < s->index_hi;
		if (!ok)
			return false;
		scale->n++;
	}
	scale->v = v;
	return scale->n > 0;
}

static bool item_of(str name, enum air_item *ret)
{
	for (int i = 0; i < AIR_COUNT; i++)
		if (str_eq(name, str_of(air_item_name((enum air_item)i)))) {
			*ret = (enum air_item)i;
			return true;
		}
	return false;
}

static err read_indicators(const struct catalog *c, struct arena *a, struct air_edition *e, struct fail *f)
{
	struct rows ind, points;
	TRY(edition_table(c, a, e->id, "indicators.tsv", &ind, f));
	TRY(edition_table(c, a, e->id, "breakpoints.tsv", &points, f));
	for (size_t i = 0; i < ind.n; i++) {
		struct aqi_scale s = { 0 };
		enum air_item item;
		int line = ind.lines[i];
		str id = rows_get(&ind, i, S("id")), report = rows_get(&ind, i, S("report"));
		if (!item_of(rows_get(&ind, i, S("pollutant")), &item) || !int_of(rows_get(&ind, i, S("places")), &s.places) ||
		    s.places < 0 || s.places > 6 || !above_of(rows_get(&ind, i, S("above")), &s))
			return bad(a, e->id, "indicators.tsv", line, f);
		if (!segments_of(a, &points, id, &s, &line))
			return bad(a, e->id, "breakpoints.tsv", line, f);
		for (int r = 0; r < AIR_REPORT_COUNT; r++) {
			if (str_eq(report, r == AIR_HOUR ? S("day") : S("hour")))
				continue;
			e->scale[r][item] = s;
			e->indicator[r][item] = id;
			e->zh[item] = rows_get(&ind, i, S("zh"));
			e->en[item] = rows_get(&ind, i, S("en"));
			e->unit[r][item] = rows_get(&ind, i, S("unit"));
			e->source[r][item] = arena_printf(a, STR_FMT ", " STR_FMT, STR_ARG(rows_get(&ind, i, S("source"))),
							  STR_ARG(rows_get(&ind, i, S("clause"))));
		}
	}
	return ERR_OK;
}

static err read_levels(const struct catalog *c, struct arena *a, struct air_edition *e, struct fail *f)
{
	struct rows t;
	TRY(edition_table(c, a, e->id, "levels.tsv", &t, f));
	struct air_level *v = NEW_N(a, struct air_level, t.n);
	for (size_t i = 0; i < t.n; i++) {
		str hi = rows_get(&t, i, S("hi"));
		v[i] = (struct air_level){
			.hi = INT_MAX, .zh = rows_get(&t, i, S("zh")), .en = rows_get(&t, i, S("en")),
			.colour_zh = rows_get(&t, i, S("colour_zh")), .colour_en = rows_get(&t, i, S("colour_en")),
			.rgb = rows_get(&t, i, S("rgb")), .effect_zh = rows_get(&t, i, S("effect_zh")),
			.effect_en = rows_get(&t, i, S("effect_en")), .advice_zh = rows_get(&t, i, S("advice_zh")),
			.advice_en = rows_get(&t, i, S("advice_en")),
		};
		if (!int_of(rows_get(&t, i, S("level")), &v[i].level) || !int_of(rows_get(&t, i, S("lo")), &v[i].lo) ||
		    (hi.n && !int_of(hi, &v[i].hi)))
			return bad(a, e->id, "levels.tsv", t.lines[i], f);
	}
	e->levels = v;
	e->nlevels = t.n;
	return ERR_OK;
}

/* Empty for editions that are written in µg/m³ themselves. */
static err read_units(const struct catalog *c, struct arena *a, struct air_edition *e, struct fail *f)
{
	struct rows t;
	TRY(edition_table(c, a, e->id, "units.tsv", &t, f));
	for (size_t i = 0; i < t.n; i++) {
		enum air_item item;
		if (!item_of(rows_get(&t, i, S("pollutant")), &item) || !decimal_parse(rows_get(&t, i, S("times")), &e->turn[item].times) ||
		    !decimal_parse(rows_get(&t, i, S("over")), &e->turn[item].over) || e->turn[item].over.m <= 0)
			return bad(a, e->id, "units.tsv", t.lines[i], f);
	}
	return ERR_OK;
}

err air_edition_read(const struct catalog *c, struct arena *a, str edition, struct air_edition *ret, struct fail *f)
{
	struct air_edition e = { .id = edition };
	str meta;
	TRY(edition_meta(c, a, edition, &meta, f));
	e.standard = meta_get(meta, S("standard"));
	if (!rule_of(meta, &e.rule))
		return bad(a, edition, "META", 1, f);
	TRY(read_indicators(c, a, &e, f));
	TRY(read_levels(c, a, &e, f));
	TRY(read_units(c, a, &e, f));
	*ret = e;
	return ERR_OK;
}

const struct air_level *air_level_of(const struct air_edition *e, int index)
{
	for (size_t i = 0; i < e->nlevels; i++)
		if (index >= e->levels[i].lo && index <= e->levels[i].hi)
			return &e->levels[i];
	return NULL;
}

struct air_index air_index(const struct air_edition *e, enum air_report report, const struct air_values *in)
{
	struct air_index x = { 0 };
	for (int i = 0; i < AIR_COUNT; i++)
		x.sub[i] = in->has[i] ? aqi_sub(&e->rule, &e->scale[report][i], in->v[i]) : AQI_NONE;
	x.aqi = aqi_combine(&e->rule, x.sub, AIR_COUNT);
	x.level = x.aqi.index == AQI_NONE ? NULL : air_level_of(e, x.aqi.index);
	return x;
}

/* Millionths of what came, billionths of what comes out: the digits behind are remembered in `more`. */
struct decimal air_in_unit(const struct air_edition *e, enum air_item item, struct decimal v)
{
	enum { IN = 6, OUT = 9 };
	const struct decimal *times = &e->turn[item].times, *over = &e->turn[item].over;
	if (over->m <= 0)
		return v;
	int64_t in = decimal_round(v, IN, ROUND_DOWN), most = INT64_C(1000000000000000);
	in = in > most ? most : in < -most ? -most : in;
	__int128 top = (__int128)in * times->m, bottom = over->m;
	for (int scale = IN + times->scale - over->scale; scale < OUT; scale++)
		top *= 10;
	for (int scale = IN + times->scale - over->scale; scale > OUT; scale--)
		bottom *= 10;
	return (struct decimal){ (int64_t)(top / bottom), OUT, v.more || top % bottom != 0 };
}

err air_edition_for(struct air_editions *es, int64_t day, const struct air_edition **ret, struct fail *f)
{
	str id;
	if (es->asked.n && es->v.n) {
		*ret = es->v.v[0];
		return ERR_OK;
	}
	if (es->asked.n)
		TRY(edition_named(es->c, es->a, "aqi", es->asked, &id, f));
	else
		TRY(edition_on(es->c, es->a, S("aqi/hj633"), day, &id, f));
	for (size_t i = 0; i < es->v.n; i++)
		if (str_eq(es->v.v[i]->id, id)) {
			*ret = es->v.v[i];
			return ERR_OK;
		}
	struct air_edition *e = NEW(es->a, struct air_edition);
	TRY(air_edition_read(es->c, es->a, id, e, f));
	vec_push(es->a, &es->v, e);
	*ret = e;
	return ERR_OK;
}
