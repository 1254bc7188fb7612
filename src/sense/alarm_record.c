/* What was found is written: the alarm, the group it belongs to, and the matter or check that follows. */
#include <math.h>

#include "core/canon.h"
#include "core/duty.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "core/region.h"
#include "loop/matter.h"
#include "sense/alarm.h"
#include "sense/station.h"

static const char *const grades[] = { "exceedance", "doubtful", "notice" };

const char *alarm_grade_name(enum alarm_grade g)
{
	return grades[g];
}

/* Only values counted by the rule's own paper found a case; the same with marked values asks for a look at the instrument first,
 * as do faults, silence and values that do not move. */
enum alarm_grade alarm_grade_of(const struct rule *r, const struct episode *e)
{
	if (r->lawful)
		return e->lawful_ms ? ALARM_EXCEEDANCE : ALARM_DOUBTFUL;
	if (r->test == RULE_THRESHOLD || r->test == RULE_RATE || r->test == RULE_OUTLIER)
		return e->doubtful >= e->n ? ALARM_DOUBTFUL : ALARM_NOTICE;
	return ALARM_DOUBTFUL;
}

/* ---- who ---- */

struct owners {
	int64_t lead, assigner;
};

static void take(int64_t *to, int64_t org)
{
	*to = *to ? *to : org;
}

static err owners_of(struct ctx *cx, const struct alarm_station *st, struct owners *ret)
{
	struct duty_rows rows;
	int64_t regulator = 0, rest = 0;
	const struct duty_place place = { .region = st->region, .sectors = st->sectors, .owner = st->owner, .object = st->object,
					  .object_type = st->object_type.p ? st->object_type : S("") };
	*ret = (struct owners){ .lead = st->owner };
	TRY(duty_of(cx, &place, china_day(cx->now_ms), &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct duty_row *r = &rows.v[i];
		if (r->line == DUTY_ENTITY && r->rule->by == DUTY_BY_OWNER)
			take(&ret->lead, r->org);
		else if (r->line == DUTY_REGULATOR)
			take(&regulator, r->org);
		else if (r->line == DUTY_TERRITORY || r->line == DUTY_COMPREHENSIVE)
			take(&rest, r->org);
	}
	ret->assigner = regulator ? regulator : rest;
	take(&ret->lead, ret->assigner);
	return ERR_OK;
}

/* ---- the matter ---- */

static str figure(struct arena *a, double v)
{
	return isnan(v) ? S("–") : arena_printf(a, "%.10g", v);
}

static const char *time_of(struct arena *a, int64_t ms)
{
	char text[26];
	time_format_china(ms, text);
	return arena_cstr(a, str_sub(str_of(text), 0, 16));
}

/* By its name in the office's language; the code where the catalog has no name for it, a dash of rules that mean every item. */
static const char *item_name(struct ctx *cx, const struct alarm_found *x)
{
	const struct station_kinds *k = cx->app->stations;
	const struct item_kind *it = x->item.n ? item_kind_find(k, station_kind_find(k, x->station->kind), x->item) : NULL;
	return x->item.n ? arena_cstr(cx->a, it ? it->zh : x->item) : "–";
}

static str say(struct ctx *cx, const struct alarm_found *x, const char *key)
{
	struct arena *a = cx->a;
	const struct rule *r = x->rule;
	return i18n_say(a, S("zh-CN"), key, "station", arena_cstr(a, x->station->name), "item", item_name(cx, x), "rule",
			arena_cstr(a, r->zh), "from", time_of(a, x->e.begin_ms), "to", time_of(a, x->e.last_ms), "n",
			arena_printf(a, "%lld", (long long)x->e.n).p, "marked", arena_printf(a, "%lld", (long long)x->e.doubtful).p,
			"peak", figure(a, x->e.peak).p, "limit", figure(a, r->limit).p, "source",
			arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(r->source), STR_ARG(r->clause)).p, NULL);
}

static str attrs_of(struct ctx *cx, const struct alarm_found *x)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "alarm", x->alarm);
	canon_id(&c, "station", x->station->id);
	canon_str(&c, "item", x->item);
	canon_str(&c, "rule", x->rule->id);
	canon_str(&c, "clause", x->rule->clause);
	canon_str(&c, "source", x->rule->source);
	return canon_end(&c);
}

static err due_of(struct ctx *cx, int64_t days, int64_t *ret)
{
	struct calendar cal;
	TRY(loop_calendar(cx, &cal));
	*ret = calendar_add(&cal, china_day(cx->now_ms), days);
	return ERR_OK;
}

err alarm_found_matter(struct ctx *cx, const struct alarm_found *x, enum alarm_grade grade, int64_t *ret)
{
	bool lawful = grade == ALARM_EXCEEDANCE;
	int64_t days = lawful ? x->rule->matter_days : x->rule->check_days, due;
	struct owners who;
	const struct alarm_station *st = x->station;
	*ret = 0;
	if (grade == ALARM_NOTICE || days <= 0)
		return ERR_OK;
	TRY(owners_of(cx, st, &who));
	TRY(due_of(cx, days, &due));
	const struct matter_new n = {
		.found = { .object = st->object, .source = S("monitoring"), .found_ms = cx->now_ms, .attrs = attrs_of(cx, x),
			   .placed = !st->object && !isnan(st->lat) && !isnan(st->lon), .lat = st->lat, .lon = st->lon },
		.region = st->region, .kind = lawful ? S("exceedance") : S("task"),
		.title = say(cx, x, lawful ? "alarm.matter.title" : "alarm.check.title"),
		.text = say(cx, x, lawful ? "alarm.matter.text" : "alarm.check.text"),
		.sectors = st->sectors, .secret = st->secret, .lead = { &who.lead, who.lead ? 1 : 0 }, .due_day = due,
		.assigner_org = who.assigner,
	};
	return matter_create(cx, &n, ret);
}

/* ---- the event that says why a matter began ---- */

static err put_event(struct ctx *cx, const struct alarm_found *x, const char *kind, int64_t matter)
{
	struct canon c;
	int64_t seq;
	canon_begin(&c, cx->a);
	canon_id(&c, "station", x->station->id);
	canon_str(&c, "item", x->item);
	canon_str(&c, "rule", x->rule->id);
	canon_str(&c, "source", x->rule->source);
	canon_str(&c, "clause", x->rule->clause);
	canon_str(&c, "limit", figure(cx->a, x->rule->limit));
	canon_str(&c, "peak", figure(cx->a, x->e.peak));
	canon_i64(&c, "begin", x->e.begin_ms);
	canon_i64(&c, "last", x->e.last_ms);
	canon_i64(&c, "n", x->e.n);
	canon_i64(&c, "marked", x->e.doubtful);
	canon_id(&c, "matter", matter);
	return ledger_append(cx, x->station->region, kind, ledger_subject(cx, "alarm", x->alarm), canon_end(&c), &seq);
}

/* ---- word to a matter that stands on values that changed ---- */

err alarm_tell(struct ctx *cx, const struct alarm_found *x, const char *message)
{
	struct wf_input in = matter_no_input();
	struct matter_moved moved;
	in.text = say(cx, x, message);
	return matter_move_system(cx, x->matter, S("told"), &in, &moved);
}

/* A matter is never ended by values: it is told, and people decide. */
static err note_change(struct ctx *cx, const struct alarm_found *x, const char *event, const char *message)
{
	if (!x->matter)
		return ERR_OK;
	TRY(put_event(cx, x, event, x->matter));
	return alarm_tell(cx, x, message);
}

/* ---- the alarm ---- */

static int64_t county_of(int64_t region)
{
	return region / 1000000 * 1000000;
}

/* Is the way itself silent: are so many of its stations, and such a share of them, that it is no coincidence? */
static bool is_silent(const struct rules *r, int64_t all, int64_t heard)
{
	return all - heard >= r->way_least && (double)(all - heard) >= r->way_share * (double)all;
}

static err way_silent(struct ctx *cx, bool gateway, int64_t since, bool *ret)
{
	enum { HOUR_MS = 3600000 };
	struct alarm_gateway_silent_row g;
	struct alarm_broker_silent_row b;
	const struct rules *r = alarms_rules(cx->app->alarms);
	if (gateway) {
		TRY(alarm_gateway_silent(cx->c, cx->a, &(struct alarm_gateway_silent_params){ since, since / HOUR_MS }, &g));
		*ret = is_silent(r, g.all_n, g.heard);
	} else {
		TRY(alarm_broker_silent(cx->c, cx->a, &(struct alarm_broker_silent_params){ since }, &b));
		*ret = is_silent(r, b.all_n, b.heard);
	}
	return ERR_OK;
}

/* Silence of many stations has one cause: the gateway or broker they share, else the network of a county. Of other things only
 * what is the same station's or owner's belongs together. */
static err storm_of(struct ctx *cx, const struct alarm_found *x, str way, int64_t *ret)
{
	struct alarm_storm_of_row row;
	struct alarm_storm_of_params p = { .station = x->station->id, .owner = x->station->owner, .test = str_of(rule_test_name(x->rule->test)),
					   .wide = x->rule->test == RULE_MISSING, .way = way,
					   .since_ms = cx->now_ms - alarms_rules(cx->app->alarms)->storm_ms };
	region_range(way.n ? cx->app->home_region : county_of(x->station->region), &p.lo, &p.hi);
	err e = alarm_storm_of(cx->c, cx->a, &p, &row);
	*ret = e == ERR_OK ? row.storm : 0;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* What went silent with a station: the gateway of HJ 212 or the broker of MQTT that it reports through. What else its devices
 * sent since counts as a sign of life. Where a group of that way is there already nobody counts again: thousands fall silent at once. */
static err way_of(struct ctx *cx, const struct alarm_found *x, str *ret)
{
	enum { HOUR_MS = 3600000 };
	struct alarm_way_of_row own;
	int64_t since = x->e.raised_ms - x->rule->lasting_ms, storm;
	bool silent = false;
	*ret = S("");
	if (x->rule->test != RULE_MISSING)
		return ERR_OK;
	TRY(alarm_way_of(cx->c, cx->a, &(struct alarm_way_of_params){ x->station->id, since, since / HOUR_MS }, &own));
	bool device = own.devices && !own.devices_heard, topic = !own.devices && own.topics && !own.topics_heard;
	str way = device ? S("hj212") : S("mqtt");
	if (!device && !topic)
		return ERR_OK;
	TRY(storm_of(cx, x, way, &storm));
	if (!storm)
		TRY(way_silent(cx, device, since, &silent));
	*ret = storm || silent ? way : S("");
	return ERR_OK;
}

static int64_t or_none(int64_t ms)
{
	return ms ? ms : DB_NONE;
}

static err insert(struct ctx *cx, struct alarm_found *x, enum alarm_grade grade)
{
	const struct alarm_station *st = x->station;
	const struct rule *r = x->rule;
	str way;
	x->alarm = new_id(cx);
	TRY(way_of(cx, x, &way));
	TRY(storm_of(cx, x, way, &x->storm));
	const struct alarm_insert_params p = {
		.region = st->region, .id = x->alarm, .station = st->id, .rule = r->id, .item = x->item,
		.storm = x->storm ? x->storm : x->alarm, .object = st->object, .owner = st->owner, .sectors = st->sectors,
		.secret = st->secret, .test = str_of(rule_test_name(r->test)), .kind = str_of(series_kind_name(r->kind)),
		.severity = r->severity, .grade = str_of(alarm_grade_name(grade)), .name = r->zh, .name_en = r->en, .source = r->source,
		.clause = r->clause, .certainty = r->certainty, .limit_value = r->limit, .op = str_of(rule_op_name(r->op)),
		.begin_ms = x->e.begin_ms, .raised_ms = x->e.raised_ms, .seen_ms = cx->now_ms, .last_ms = x->e.last_ms,
		.lawful_ms = or_none(x->e.lawful_ms), .n = x->e.n, .doubtful = x->e.doubtful, .peak = x->e.peak,
		.ended_ms = or_none(x->e.end_ms), .cleared_ms = x->e.end_ms ? cx->now_ms : DB_NONE, .way = way,
	};
	x->is_new = true;
	return alarm_insert(cx->c, &p, NULL);
}

static err update(struct ctx *cx, const struct alarm_found *x, enum alarm_grade grade)
{
	return alarm_goes_on(cx->c,
			     &(struct alarm_goes_on_params){ .region = x->station->region, .id = x->alarm,
							     .grade = str_of(alarm_grade_name(grade)), .begin_ms = x->e.begin_ms,
							     .last_ms = x->e.last_ms, .lawful_ms = or_none(x->e.lawful_ms), .n = x->e.n,
							     .doubtful = x->e.doubtful, .peak = x->e.peak, .ended_ms = or_none(x->e.end_ms),
							     .cleared_ms = x->e.end_ms ? cx->now_ms : DB_NONE, .now_ms = cx->now_ms },
			     NULL);
}

/* Of an alarm whose rule ended the episode ends; that is no news for its matter. */
static err withdraw(struct ctx *cx, const struct alarm_found *x)
{
	int64_t n;
	bool retired = str_eq(str_of(x->withdraw), S("rule"));
	TRY(alarm_withdraw(cx->c,
			   &(struct alarm_withdraw_params){ .region = x->station->region, .id = x->alarm, .now_ms = cx->now_ms,
							    .withdrawn_ms = retired ? DB_NONE : cx->now_ms, .why = str_of(x->withdraw) },
			   &n));
	bool joined = str_eq(str_of(x->withdraw), S("joined"));
	return n && !retired ? note_change(cx, x, "alarm.withdraw", joined ? "alarm.told.joined" : "alarm.told.withdrawn") : ERR_OK;
}

/* In a group a check that was begun serves all alarms of the same owner, or of the district where nobody owns the stations: who
 * answers for the instruments is another for each owner, whatever silenced them together. A lawful exceedance always stands for
 * itself. */
static err group_matter(struct ctx *cx, const struct alarm_found *x, int64_t *ret)
{
	struct alarm_group_check_row row;
	struct alarm_group_check_params p = { .storm = x->storm, .owner = x->station->owner };
	*ret = 0;
	if (!x->storm || x->storm == x->alarm)
		return ERR_OK;
	region_range(county_of(x->station->region), &p.lo, &p.hi);
	err e = alarm_group_check(cx->c, cx->a, &p, &row);
	if (e == ERR_OK)
		*ret = row.matter;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Is its matter the one of an exceedance already? It may have been one before its values were corrected. */
static err has_case(struct ctx *cx, const struct alarm_found *x, bool *ret)
{
	struct alarm_matter_kind_row row;
	err e = x->matter ? alarm_matter_kind(cx->c, cx->a, &(struct alarm_matter_kind_params){ x->matter }, &row) : ERR_NOT_FOUND;
	*ret = e == ERR_OK && str_eq(row.kind, S("exceedance"));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static err begin_matter(struct ctx *cx, struct alarm_found *x, enum alarm_grade grade)
{
	int64_t matter = 0;
	if (grade == ALARM_DOUBTFUL)
		TRY(group_matter(cx, x, &matter));
	if (!matter) {
		TRY(alarm_found_matter(cx, x, grade, &matter));
		x->founded = matter != 0;
	}
	if (!matter)
		return ERR_OK;
	if (x->founded)
		TRY(put_event(cx, x, grade == ALARM_EXCEEDANCE ? "alarm.exceedance" : "alarm.check", matter));
	x->matter = matter;
	return alarm_founds(cx->c, &(struct alarm_founds_params){ x->station->region, x->alarm, matter }, NULL);
}

static err follow(struct ctx *cx, struct alarm_found *x, enum alarm_grade grade)
{
	bool lawful = grade == ALARM_EXCEEDANCE, was_lawful = str_eq(x->was, S("exceedance")), stands;
	TRY(has_case(cx, x, &stands));
	if (!x->matter || (lawful && !stands))
		return begin_matter(cx, x, grade);
	if (x->was_withdrawn || (lawful && !was_lawful))
		return note_change(cx, x, "alarm.reinstate", "alarm.told.again");
	return stands && was_lawful && !lawful ? note_change(cx, x, "alarm.regrade", "alarm.told.doubtful") : ERR_OK;
}

/* Somebody else may have seen the same episode since it was looked for. */
static err find_same(struct ctx *cx, struct alarm_found *x)
{
	struct alarm_same_row row;
	err e = x->alarm ? ERR_NOT_FOUND
			 : alarm_same(cx->c, cx->a,
				      &(struct alarm_same_params){ x->station->id, x->rule->id, x->item, x->e.begin_ms, x->e.last_ms }, &row);
	if (e == ERR_OK) {
		x->alarm = row.id;
		x->matter = row.matter;
		x->storm = row.storm;
		x->was = row.grade;
		x->was_withdrawn = row.withdrawn_ms != DB_NONE;
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

err alarm_record(struct ctx *cx, struct alarm_found *x)
{
	enum alarm_grade grade = alarm_grade_of(x->rule, &x->e);
	if (x->withdraw)
		return withdraw(cx, x);
	TRY(find_same(cx, x));
	if (x->alarm)
		TRY(update(cx, x, grade));
	else
		TRY(insert(cx, x, grade));
	return follow(cx, x, grade);
}
