/* bihuan index air: one-hour means or daily values to AQI, level and primary pollutants. */
#include "base/clock.h"
#include "sense/air.h"
#include "sense/index_parts.h"

struct air_job {
	struct air_editions es;
	enum air_report report;
	bool own_units;
	size_t col[AIR_COUNT], time;
};
enum { AQI, LEVEL, PRIMARY };

static err open_air(struct index_job *j)
{
	struct air_job *x = j->own = NEW(j->a, struct air_job);
	str period = j->opt.period, units = j->opt.units;
	bool any = false;
	x->es = (struct air_editions){ .c = j->cat, .a = j->a, .asked = j->opt.edition };
	x->report = str_eq(period, S("day")) ? AIR_DAY : AIR_HOUR;
	x->own_units = str_eq(units, S("edition"));
	if (period.n && !str_eq(period, S("day")) && !str_eq(period, S("hour")))
		return FAIL(j->f, BAD_INPUT, "/period", "err.index_period", "value", arena_cstr(j->a, period));
	if (units.n && !x->own_units && !str_eq(units, S("standard")))
		return FAIL(j->f, BAD_INPUT, "/units", "err.index_units", "value", arena_cstr(j->a, units));
	for (int i = 0; i < AIR_COUNT; i++) {
		x->col[i] = index_column(j, air_item_name((enum air_item)i));
		any |= x->col[i] != SIZE_MAX;
	}
	if (!any)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "pm25, pm10, so2, no2, co, o3");
	x->time = index_column(j, "time");
	const struct air_edition *e; /* a wrong name is told before anything is read */
	if (j->opt.edition.n)
		return air_edition_for(&x->es, j->opt.day, &e, j->f);
	return x->time == SIZE_MAX ? index_need(j, "time", &x->time) : ERR_OK;
}

/* "115–150 → 150–200": the segment that a rounded value lies on. */
static str rule_of(struct arena *a, const struct aqi_scale *s, int64_t used)
{
	char lo[24], hi[24];
	for (size_t i = 0; i < s->n; i++)
		if (used <= s->v[i].hi) {
			str l = arena_str(a, decimal_text(s->v[i].lo, s->places, lo)), h = arena_str(a, decimal_text(s->v[i].hi, s->places, hi));
			return arena_printf(a, STR_FMT "–" STR_FMT " → %d–%d", STR_ARG(l), STR_ARG(h), s->v[i].index_lo, s->v[i].index_hi);
		}
	if (!s->n)
		return S("");
	str top = arena_str(a, decimal_text(s->v[s->n - 1].hi, s->places, hi));
	return arena_printf(a, "> " STR_FMT, STR_ARG(top));
}

static void explain_item(struct index_job *j, const struct air_edition *e, const struct air_job *x, int i, struct decimal v, int sub)
{
	struct arena *a = index_arena(j);
	const struct aqi_scale *s = &e->scale[x->report][i];
	int64_t used = decimal_round(v, s->places, e->rule.input);
	char text[24];
	index_explain(j, (struct index_part){
		.item = str_of(air_item_name((enum air_item)i)), .zh = e->zh[i], .en = e->en[i], .unit = e->unit[x->report][i],
		.value = index_cell(j, x->col[i]), .used = arena_str(a, decimal_text(used, s->places, text)), .rule = rule_of(a, s, used),
		.grade = sub == AQI_NONE ? S("") : arena_printf(a, "%d", sub), .source = e->source[x->report][i], .certainty = S("") });
}

static void say_air(struct index_job *j, const struct air_edition *e, const struct air_index *x, str primary)
{
	struct arena *a = index_arena(j);
	const char *index = arena_printf(a, "%d", x->aqi.greatest).p, *standard = arena_cstr(a, e->standard);
	if (x->aqi.withheld)
		index_say(j, "index.air.withheld", "index", index, "bound", arena_printf(a, "%d", e->rule.publish_above).p, "standard", standard);
	else if (x->aqi.index == AQI_NONE)
		index_say(j, "index.none");
	else if (primary.n)
		index_say(j, "index.air.primary", "index", index, "items", arena_cstr(a, primary), "standard", standard);
	else
		index_say(j, "index.air.clean", "index", index, "bound", arena_printf(a, "%d", e->rule.primary_above).p, "standard", standard);
}

static err row_air(struct index_job *j)
{
	struct air_job *x = j->own;
	struct arena *a = index_arena(j);
	struct air_values in = { 0 };
	struct buf primary = BUF(a);
	const struct air_edition *e;
	int64_t day = j->opt.day;
	if (!j->opt.edition.n)
		TRY(index_day(j, x->time, &day));
	TRY(air_edition_for(&x->es, day, &e, j->f));
	index_by(j, e->id);
	for (int i = 0; i < AIR_COUNT; i++) {
		TRY(index_value(j, x->col[i], &in.v[i], &in.has[i]));
		if (in.has[i] && !x->own_units)
			in.v[i] = air_in_unit(e, (enum air_item)i, in.v[i]);
	}
	struct air_index got = air_index(e, x->report, &in);
	for (int i = 0; i < AIR_COUNT; i++) {
		str name = str_of(air_item_name((enum air_item)i));
		if (got.aqi.missing >> i & 1)
			index_miss(j, name);
		if (got.aqi.primary >> i & 1)
			index_join(&primary, name);
		if (in.has[i] && j->opt.explain)
			explain_item(j, e, x, i, in.v[i], got.sub[i]);
	}
	if (got.aqi.withheld) {
		index_set(j, AQI, S("NA"));
		index_set(j, LEVEL, S("NA"));
	} else if (got.aqi.index != AQI_NONE) {
		index_set_int(j, AQI, got.aqi.index);
		index_set_int(j, LEVEL, got.level ? got.level->level : 0);
		index_set(j, PRIMARY, buf_str(&primary));
	}
	say_air(j, e, &got, buf_str(&primary));
	return ERR_OK;
}

const struct index_kind index_air = { S("air"), "aqi", "station,time,pm25,pm10,so2,no2,co,o3", "aqi,level,primary", false, open_air, row_air, NULL };
