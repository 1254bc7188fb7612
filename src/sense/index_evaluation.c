/* bihuan index evaluation: daily values of cities or stations to statistics, attainment, composite index and ranking (HJ 663). */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/map.h"
#include "sense/ambient.h"
#include "sense/index_parts.h"

enum { RANK, COMPOSITE, ATTAINS, EXCEEDING, COMPLETE, DAYS, GOOD_DAYS, HEAVY_DAYS, FIRST_ITEM, PER_ITEM = 3, DAYS_MAX = 1500 };

struct day_row {
	size_t city, station;
	int64_t day;
	uint32_t line;
	struct air_values v;
};
struct city {
	str name;
	size_t stations;
	struct ambient_stat s[AIR_COUNT];
	double composite;
	int64_t rank, valid, good, heavy;
};
struct evaluating {
	size_t col[AIR_COUNT], city, station, date;
	VEC(struct day_row) rows;
	VEC(struct city) cities;
	struct map by_city, by_station;
	int64_t first, last;
	struct evaluation ev;
	struct validity val;
	struct air_editions es;
};

static err open_evaluation(struct index_job *j)
{
	struct evaluating *x = j->own = NEW(j->a, struct evaluating);
	bool any = false;
	x->es = (struct air_editions){ .c = j->cat, .a = j->a };
	x->by_city = MAP(j->a);
	x->by_station = MAP(j->a);
	x->city = index_column(j, "city");
	x->station = index_column(j, "station");
	if (x->city == SIZE_MAX)
		x->city = x->station;
	if (j->opt.area < 0 || j->opt.area > 2)
		return FAIL(j->f, BAD_INPUT, "/area", "err.index_area");
	for (int i = 0; i < AIR_COUNT; i++) {
		x->col[i] = index_column(j, air_item_name((enum air_item)i));
		any |= x->col[i] != SIZE_MAX;
	}
	if (!any)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", "pm25, pm10, so2, no2, co, o3");
	if (x->city == SIZE_MAX)
		return index_need(j, "city", &x->city);
	return index_need(j, "date", &x->date);
}

/* The number of a name, from 0 in the order of appearance. */
static size_t number_of(struct map *m, str name, bool *ret_new)
{
	uintptr_t had = (uintptr_t)map_get(m, name);
	*ret_new = had == 0;
	if (had)
		return (size_t)had - 1;
	map_put(m, arena_str(m->a, name), (void *)(uintptr_t)(m->n + 1));
	return m->n - 1;
}

static err row_evaluation(struct index_job *j)
{
	struct evaluating *x = j->own;
	struct day_row r = { .line = j->line };
	bool fresh;
	str city = index_cell(j, x->city);
	if (!city.n)
		return index_bad(j, x->city, "err.index_name");
	TRY(index_day(j, x->date, &r.day));
	for (int i = 0; i < AIR_COUNT; i++) {
		TRY(index_value(j, x->col[i], &r.v.v[i], &r.v.has[i]));
		if (r.v.has[i] && (r.v.v[i].m < 0 || decimal_f64(r.v.v[i]) > 1e6))
			return index_bad(j, x->col[i], "err.index_number");
	}
	r.city = number_of(&x->by_city, city, &fresh);
	if (fresh)
		vec_push(j->a, &x->cities, (struct city){ .name = arena_str(j->a, city) });
	str station = arena_printf(j->row, "%zu\t" STR_FMT, r.city, STR_ARG(index_cell(j, x->station)));
	r.station = number_of(&x->by_station, station, &fresh);
	x->cities.v[r.city].stations += fresh;
	x->first = !x->rows.n || r.day < x->first ? r.day : x->first;
	x->last = !x->rows.n || r.day > x->last ? r.day : x->last;
	if (x->last - x->first >= DAYS_MAX)
		return index_bad(j, x->date, "err.index_span");
	vec_push(j->a, &x->rows, r);
	return ERR_OK;
}

static int by_city_day(const void *pa, const void *pb)
{
	const struct day_row *a = pa, *b = pb;
	if (a->city != b->city)
		return a->city < b->city ? -1 : 1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->station != b->station)
		return a->station < b->station ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

/* The mean of a city's stations on a day, when enough of them have a value. */
static bool mean_of(const struct evaluating *x, const struct city *c, const struct day_row *v, size_t n, int item, struct decimal *ret)
{
	__int128 sum = 0;
	int64_t with = 0;
	for (size_t i = 0; i < n; i++) {
		if (!v[i].v.has[item])
			continue;
		sum += decimal_round(v[i].v.v[item], 6, ROUND_HALF_EVEN);
		with++;
	}
	if (!with || (size_t)with * 100 < c->stations * (size_t)x->val.stations_percent)
		return false;
	*ret = (struct decimal){ (int64_t)(sum * 1000 / with), 9, sum * 1000 % with != 0 };
	return true;
}

static err judge_day(struct index_job *j, struct city *c, const struct day_row *v, size_t n, double *values, size_t days)
{
	struct evaluating *x = j->own;
	struct air_values in = { 0 };
	const struct air_edition *e;
	for (int i = 0; i < AIR_COUNT; i++) {
		int places = x->ev.places[i];
		in.has[i] = mean_of(x, c, v, n, i, &in.v[i]);
		if (in.has[i])
			values[(size_t)i * days + (size_t)(v->day - x->first)] =
				decimal_f64((struct decimal){ decimal_round(in.v[i], places, ROUND_HALF_EVEN), places, false });
	}
	if (air_edition_for(&x->es, v->day, &e, NULL) != ERR_OK) /* before the first index: such days are not counted */
		return ERR_OK;
	struct air_index got = air_index(e, AIR_DAY, &in);
	c->valid += got.aqi.index != AQI_NONE;
	c->good += got.aqi.index != AQI_NONE && got.aqi.index <= 100;
	c->heavy += got.aqi.index > 200;
	return ERR_OK;
}

static err judge_city(struct index_job *j, struct city *c, const struct day_row *v, size_t n)
{
	struct evaluating *x = j->own;
	AUTO(arena_drop) struct arena *a = arena_new();
	size_t days = (size_t)(x->last - x->first + 1);
	double *values = NEW_N(a, double, days * AIR_COUNT + 1);
	for (size_t i = 0; i < days * AIR_COUNT; i++)
		values[i] = NAN;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && v[end].day == v[i].day; end++)
			if (v[end].station == v[end - 1].station) {
				j->line = v[end].line;
				return FAIL(j->f, BAD_INPUT, "/csv", "err.index_twice", "row", arena_printf(j->a, "%u", v[end].line).p, "other",
					    arena_printf(j->a, "%u", v[end - 1].line).p);
			}
		TRY(judge_day(j, c, v + i, end - i, values, days));
	}
	c->composite = 0;
	for (int i = 0; i < AIR_COUNT; i++) {
		c->s[i] = ambient_statistic(a, &x->ev, &x->val, (enum air_item)i, x->first, values + (size_t)i * days, days);
		c->composite += c->s[i].index; /* NaN when one is missing */
	}
	return ERR_OK;
}

static int by_composite(const void *pa, const void *pb)
{
	const struct city *a = *(const struct city *const *)pa, *b = *(const struct city *const *)pb;
	if (isnan(a->composite) || isnan(b->composite))
		return isnan(a->composite) - isnan(b->composite);
	return a->composite < b->composite ? -1 : a->composite > b->composite;
}

/* Small is good; equals to the printed places share a rank. */
static void rank_cities(struct index_job *j, struct city **order)
{
	struct evaluating *x = j->own;
	for (size_t i = 0; i < x->cities.n; i++)
		order[i] = &x->cities.v[i];
	qsort(order, x->cities.n, sizeof *order, by_composite);
	for (size_t i = 0; i < x->cities.n; i++) {
		bool equal = i && str_eq(index_rounded(j->a, order[i]->composite, x->ev.composite_places),
					 index_rounded(j->a, order[i - 1]->composite, x->ev.composite_places));
		order[i]->rank = isnan(order[i]->composite) ? 0 : equal ? order[i - 1]->rank : (int64_t)i + 1;
	}
}

static void explain_one(struct index_job *j, const struct evaluating *x, int i, struct decimal v, double limit, const char *what, bool attains)
{
	char text[24];
	struct arena *a = j->a;
	index_explain(j, (struct index_part){
		.item = arena_printf(a, "%s_%s", air_item_name((enum air_item)i), what), .zh = S(""), .en = S(""), .unit = i == AIR_CO ? S("mg/m3") : S("ug/m3"),
		.value = index_decimal(a, v),
		.used = x->ev.rounded ? arena_str(a, decimal_text(decimal_round(v, x->ev.places[i], ROUND_HALF_EVEN), x->ev.places[i], text)) : index_decimal(a, v),
		.rule = isnan(limit) ? S("") : arena_printf(a, "≤ %g", limit), .grade = isnan(limit) ? S("") : attains ? S("attains") : S("exceeds"),
		.source = str_sub(x->ev.limits_id, sizeof "airlimit/" - 1, x->ev.limits_id.n), .certainty = S("") });
}

static void put_item(struct index_job *j, const struct evaluating *x, const struct city *c, int i, struct buf *exceeding)
{
	const struct ambient_stat *s = &c->s[i];
	str name = str_of(air_item_name((enum air_item)i));
	size_t at = FIRST_ITEM + (size_t)i * PER_ITEM;
	if (!s->n) {
		index_miss(j, name);
		return;
	}
	index_set(j, at, index_rounded(j->a, s->mean, x->ev.places[i] + 1));
	index_set(j, at + 1, index_rounded(j->a, s->percentile, x->ev.places[i] + 1));
	index_set(j, at + 2, index_rounded(j->a, s->index, x->ev.composite_places + 1));
	if (x->ev.has_mean[i])
		explain_one(j, x, i, s->exact_mean, s->mean_limit, "mean", s->mean_attains);
	explain_one(j, x, i, s->exact_percentile, s->day_limit, arena_printf(j->a, "p%d", s->p).p, s->percentile_attains);
	if (!s->attains)
		index_join(exceeding, name);
}

static err put_city(struct index_job *j, const struct city *c)
{
	struct evaluating *x = j->own;
	struct buf exceeding = BUF(j->a);
	bool all = true, complete = true;
	for (int i = 0; i < AIR_COUNT; i++) {
		put_item(j, x, c, i, &exceeding);
		all &= c->s[i].n > 0;
		complete &= c->s[i].complete;
	}
	str composite = index_rounded(j->a, c->composite, x->ev.composite_places);
	if (c->rank)
		index_set_int(j, RANK, c->rank);
	index_set(j, COMPOSITE, composite);
	index_set(j, ATTAINS, exceeding.n ? S("no") : all ? S("yes") : S(""));
	index_set(j, EXCEEDING, buf_str(&exceeding));
	index_set(j, COMPLETE, complete ? S("yes") : S("no"));
	index_set_int(j, DAYS, c->valid);
	if (c->valid) {
		index_set_int(j, GOOD_DAYS, c->good);
		index_set_int(j, HEAVY_DAYS, c->heavy);
	}
	const char *limits = arena_cstr(j->a, str_sub(x->ev.limits_id, sizeof "airlimit/" - 1, x->ev.limits_id.n));
	if (exceeding.n)
		index_say(j, "index.evaluation.exceeds", "items", buf_cstr(&exceeding), "limits", limits, "composite", composite.n ? composite.p : "—");
	else
		index_say(j, all ? "index.evaluation.attains" : "index.evaluation.part", "limits", limits, "composite", composite.n ? composite.p : "—");
	return index_give(j, c->name);
}

static err close_evaluation(struct index_job *j)
{
	struct evaluating *x = j->own;
	if (!x->rows.n)
		return ERR_OK;
	str edition;
	TRY(index_edition(j, "evaluation/hj663", x->last, &edition));
	TRY(evaluation_read(j->cat, j->a, j->opt.edition, x->last, j->opt.area == 1 ? 1 : 2, &x->ev, j->f));
	/* Days before the first rule of counting are judged by the one of the day that was asked for. */
	if (validity_read(j->cat, j->a, S("validity/gb3095"), x->last, &x->val, NULL) != ERR_OK)
		TRY(validity_read(j->cat, j->a, S("validity/gb3095"), j->opt.day, &x->val, j->f));
	qsort(x->rows.v, x->rows.n, sizeof *x->rows.v, by_city_day);
	for (size_t i = 0, end; i < x->rows.n; i = end) {
		for (end = i + 1; end < x->rows.n && x->rows.v[end].city == x->rows.v[i].city;)
			end++;
		TRY(judge_city(j, &x->cities.v[x->rows.v[i].city], &x->rows.v[i], end - i));
	}
	struct city **order = NEW_N(j->a, struct city *, x->cities.n + 1);
	rank_cities(j, order);
	for (size_t i = 0; i < x->cities.n; i++) {
		index_by(j, x->ev.id);
		TRY(put_city(j, order[i]));
	}
	return ERR_OK;
}

const struct index_kind index_evaluation = {
	S("evaluation"), "evaluation", "city,station,date,pm25,pm10,so2,no2,co,o3",
	"rank,composite,attains,exceeding,complete,days,good_days,heavy_days,pm25_mean,pm25_percentile,pm25_index,pm10_mean,pm10_percentile,pm10_index,so2_mean,"
	"so2_percentile,so2_index,no2_mean,no2_percentile,no2_index,co_mean,co_percentile,co_index,o3_mean,o3_percentile,o3_index",
	true, open_evaluation, row_evaluation, close_evaluation
};
