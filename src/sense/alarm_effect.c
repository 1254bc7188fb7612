/* "Did it work?": the readings of the station a matter is about, before it was found and after it was put right. */
#include <math.h>

#include "base/vec.h"
#include "core/views.h"
#include "loop/matter.h"
#include "num/change.h"
#include "sense/alarm.h"
#include "sense/routes.h"
#include "sense/station.h"

/* Where a station sends daily values they count; else a day's mean needs 20 hours (GB 3095-2026 table 4; for other media a house rule). */
enum { EFFECT_DAYS = 30, EFFECT_DAYS_MAX = 366, DAY_HOURS = 20, PAIRS_MAX = EFFECT_DAYS_MAX * EFFECT_DAYS_MAX };

#define EFFECT_QUERY(F, O, L)                                                                      \
	F(ID, station, OPT)                                                                        \
	F(STR, item, OPT, .max = 60)                                                               \
	F(I64, days, OPT, .min = 4, .max = EFFECT_DAYS_MAX)
JSON_STRUCT(effect_query, EFFECT_QUERY)
JSON_DEFINE(effect_query, EFFECT_QUERY)

#define EFFECT_DAY(F, O, L) F(DATE, day, REQ) F(F64, mean, REQ) F(I64, hours, REQ)
JSON_STRUCT(effect_day, EFFECT_DAY)
JSON_DEFINE(effect_day, EFFECT_DAY)

#define EFFECT_SIDE(F, O, L)                                                                       \
	F(I64, from, REQ, .format = "date-time-ms")                                                \
	F(I64, to, REQ, .format = "date-time-ms")                                                  \
	F(I64, n, REQ)                                                                             \
	F(F64, median, NUL)                                                                        \
	L(effect_day, days, REQ)
JSON_STRUCT(effect_side, EFFECT_SIDE)
JSON_DEFINE(effect_side, EFFECT_SIDE)

/* lower: the share of pairs of days of which the later is lower; shift: after minus before. p and verdict are null without
 * enough days or before anything was put right. */
#define EFFECT_OUT(F, O, L)                                                                        \
	F(ID, matter, REQ)                                                                         \
	F(ID, station, NUL)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(F64, limit, NUL)                                                                         \
	F(I64, found_ms, REQ)                                                                      \
	F(I64, rectified_ms, NUL)                                                                  \
	O(effect_side, before, NUL)                                                                \
	O(effect_side, after, NUL)                                                                 \
	F(F64, shift, NUL)                                                                         \
	F(F64, lower, NUL)                                                                         \
	F(F64, p, NUL)                                                                             \
	F(ENUM, verdict, REQ, .options = "lower|higher|no-change|too-few|not-yet|no-series")       \
	F(STR, method, REQ, .max = 600)                                                            \
	F(STR, method_zh, REQ, .max = 600)                                                         \
	F(STR, warning, REQ, .max = 600)                                                           \
	F(STR, warning_zh, REQ, .max = 600)
JSON_STRUCT(effect_out, EFFECT_OUT)
JSON_DEFINE(effect_out, EFFECT_OUT)

struct held_up {
	struct ctx *cx;
	struct matter m;
	int64_t station, days;
	str item;
	struct effect_out out;
};

/* ---- which column ---- */

static err from_alarm(struct held_up *f, const struct effect_query *q)
{
	struct alarm_of_matter_rows rows;
	TRY(alarm_of_matter(f->cx->c, f->cx->a, &(struct alarm_of_matter_params){ f->m.row.id }, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct alarm_of_matter_row *r = &rows.v[i];
		bool wanted = (q->station == JSON_NONE || q->station == r->station) && (!q->item.n || str_eq(q->item, r->item)) && r->item.n;
		if (!wanted || f->station)
			continue;
		f->station = r->station;
		f->item = r->item;
		f->out.limit = r->limit_value;
		f->out.found_ms = r->begin_ms;
	}
	return ERR_OK;
}

static err from_object(struct held_up *f, const struct effect_query *q)
{
	struct alarm_object_station_rows rows = { 0 };
	if (f->station || !q->item.n)
		return ERR_OK;
	if (f->m.row.object)
		TRY(alarm_object_station(f->cx->c, f->cx->a, &(struct alarm_object_station_params){ f->m.row.object, f->m.row.region }, &rows));
	for (size_t i = 0; i < rows.n && !f->station; i++)
		if (q->station == JSON_NONE || q->station == rows.v[i].id)
			f->station = rows.v[i].id;
	if (!f->station && q->station != JSON_NONE)
		f->station = q->station;
	f->item = q->item;
	return ERR_OK;
}

/* ---- days ---- */

struct day_sum {
	double sum;
	int64_t n;
};

static err add_hours(struct held_up *f, uint32_t item, const struct effect_side *side, int64_t from_day, struct day_sum *sums)
{
	struct column c;
	struct ctx *cx = f->cx;
	TRY(series_read(cx->app->series, cx->a, f->station, item, SERIES_VALUE, SERIES_HOUR, side->from, side->to, &c, &cx->fail));
	for (size_t i = 0; i < c.n; i++) {
		struct day_sum *s = &sums[china_day(c.at_ms[i]) - from_day];
		bool counts = !isnan(c.value[i]) && rule_flag_counts(c.flag[i]);
		s->sum += counts ? c.value[i] : 0;
		s->n += counts;
	}
	return ERR_OK;
}

static err add_days(struct held_up *f, uint32_t item, const struct effect_side *side, int64_t from_day, struct day_sum *sums)
{
	struct column c;
	struct ctx *cx = f->cx;
	TRY(series_read(cx->app->series, cx->a, f->station, item, SERIES_VALUE, SERIES_DAY, side->from, side->to, &c, &cx->fail));
	for (size_t i = 0; i < c.n; i++)
		if (!isnan(c.value[i]) && rule_flag_counts(c.flag[i]))
			sums[china_day(c.at_ms[i]) - from_day] = (struct day_sum){ c.value[i] * 24, 24 };
	return ERR_OK;
}

static err side_of(struct held_up *f, uint32_t item, int64_t from_day, int64_t to_day, struct effect_side **ret)
{
	struct ctx *cx = f->cx;
	struct effect_side *out = NEW(cx->a, struct effect_side);
	size_t n = to_day > from_day ? (size_t)(to_day - from_day) : 0;
	struct day_sum *sums = NEW_N(cx->a, struct day_sum, n + 1);
	out->from = china_day_start_ms(from_day);
	out->to = china_day_start_ms(to_day);
	out->days.v = NEW_N(cx->a, struct effect_day, n + 1);
	out->median = NAN;
	*ret = out;
	if (!n)
		return ERR_OK;
	TRY(add_hours(f, item, out, from_day, sums));
	TRY(add_days(f, item, out, from_day, sums));
	for (size_t i = 0; i < n; i++)
		if (sums[i].n >= DAY_HOURS)
			out->days.v[out->days.n++] = (struct effect_day){ from_day + (int64_t)i, sums[i].sum / (double)sums[i].n, sums[i].n };
	out->n = (int64_t)out->days.n;
	return ERR_OK;
}

static double *means_of(struct arena *a, const struct effect_side *s)
{
	double *v = NEW_N(a, double, s->days.n + 1);
	for (size_t i = 0; i < s->days.n; i++)
		v[i] = s->days.v[i].mean;
	return v;
}

static str verdict_of(const struct change_test *t)
{
	if (isnan(t->p))
		return S("too-few");
	if (t->p >= 0.05)
		return S("no-change");
	return t->shift < 0 ? S("lower") : S("higher");
}

static void hold_against(struct held_up *f)
{
	struct effect_side *b = f->out.before, *x = f->out.after;
	size_t n = b->days.n, m = x->days.n, room = n + m + n * m;
	room = room < PAIRS_MAX + n + m ? room : PAIRS_MAX + n + m;
	struct change_test t = change_test(means_of(f->cx->a, b), n, means_of(f->cx->a, x), m, NEW_N(f->cx->a, double, room + 1), room);
	b->median = n ? t.median_before : NAN;
	x->median = m ? t.median_after : NAN;
	f->out.shift = n && m ? t.shift : NAN;
	f->out.lower = n && m ? t.lower : NAN;
	f->out.p = t.p;
	f->out.verdict = verdict_of(&t);
}

static err read_rectified(struct held_up *f)
{
	struct alarm_rectified_row row;
	err e = alarm_rectified(f->cx->c, f->cx->a, &(struct alarm_rectified_params){ f->m.row.region, f->m.row.id }, &row);
	f->out.rectified_ms = e == ERR_OK && row.at_ms != DB_NONE ? row.at_ms : JSON_NONE;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* The days on which it was found and put right belong to neither side. */
static err compare(struct held_up *f)
{
	uint32_t item;
	struct ctx *cx = f->cx;
	int64_t found = china_day(f->out.found_ms), today = china_day(cx->now_ms);
	TRY(series_item(cx->app->series, f->item, &item, &cx->fail));
	TRY(side_of(f, item, found - f->days, found, &f->out.before));
	f->out.verdict = S("not-yet");
	if (f->out.rectified_ms == JSON_NONE)
		return ERR_OK;
	int64_t from = china_day(f->out.rectified_ms) + 1, to = from + f->days < today ? from + f->days : today;
	TRY(side_of(f, item, from, to > from ? to : from, &f->out.after));
	hold_against(f);
	return ERR_OK;
}

static void put_words(struct effect_out *o)
{
	o->method = S("Daily values as sent, or means of valid hours (at least 20 a day), before the finding and after the rectification was reported; "
		      "Mann–Whitney U test, two-sided, mid-ranks, corrected for ties and continuity; shift: Hodges–Lehmann, the median "
		      "of all differences after minus before. A change is named at p < 0.05.");
	o->method_zh = S("比较发现之前与申报整改完成之后的日均值（上报的日数据，或每日不少于20个有效小时的均值）；曼-惠特尼U检验，双侧，同值取平均秩，"
			 "作同值和连续性校正；变化量为霍奇斯-莱曼估计，即所有“后减前”差值的中位数。p<0.05时认为有变化。");
	o->warning = S("Neighbouring days resemble each other, so the test speaks more boldly than it should; weather, season and load of "
		       "the plant are not taken out. It is a clue, not a proof.");
	o->warning_zh = S("相邻日数据相互关联，检验结论会偏于乐观；未剔除气象、季节和生产负荷的影响。仅作线索，不作证明。");
}

static err effect_get(struct req *rq)
{
	const struct effect_query *q = rq->query;
	struct held_up f = { .cx = &rq->cx, .days = q->days == JSON_NONE ? EFFECT_DAYS : q->days };
	struct station st;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(matter_get_lean(&rq->cx, id, &f.m));
	f.out = (struct effect_out){ .matter = id, .station = JSON_NONE, .item = S(""), .limit = NAN, .rectified_ms = JSON_NONE, .shift = NAN,
				     .lower = NAN, .p = NAN, .verdict = S("no-series"),
				     .found_ms = f.m.row.found_ms ? f.m.row.found_ms : f.m.row.opened_ms };
	put_words(&f.out);
	TRY(from_alarm(&f, q));
	TRY(from_object(&f, q));
	TRY(read_rectified(&f));
	if (!f.station || !rq->cx.app->series)
		return reply_json(rq, &f.out);
	err e = station_get(&rq->cx, f.station, &st); /* whoever sees the matter need not see the station */
	if (e == ERR_NOT_FOUND)
		return FAIL(&rq->cx.fail, NOT_FOUND, "?station", NULL);
	TRY(e);
	f.out.station = f.station;
	f.out.item = f.item;
	TRY(compare(&f));
	return reply_json(rq, &f.out);
}

const struct route effect_routes[] = {
	{ "GET", "/api/matters/{id}/effect", effect_get, READ, "matter.read", NULL, effect_out_json,
	  "Did it work? Daily means before the finding and after the rectification, with a test", effect_query_json },
	{ 0 },
};
