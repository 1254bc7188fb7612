/* The look: stations page by page, columns with something new, episodes compared with what is known. */
#include "sense/alarm_parts.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "sense/derive.h"
#include "sense/hotspot.h"
#include "sense/upkeep.h"

/* After a start a column is judged again so far back: what arrived late just before the stop may not have been looked at. */
enum { LOOK_EVERY_S = 5, LOOK_AFTER_S = 60, FIRST_BACK_MS = 3 * DAY_MS };

err alarms_open(const struct catalog *c, int64_t today, struct alarms **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct alarms *s = NEW(a, struct alarms);
	s->a = a;
	err e = rules_read(a, c, today, &s->rules, f);
	if (e != ERR_OK) {
		arena_free(a);
		return e;
	}
	s->marks_arena = arena_new();
	s->marks = MAP(s->marks_arena);
	s->reached = MAP(s->marks_arena);
	pthread_mutex_init(&s->look, NULL);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	*ret = s;
	return ERR_OK;
}

void alarms_close(struct alarms *s)
{
	if (!s)
		return;
	alarms_stop(s);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	pthread_mutex_destroy(&s->look);
	stirred_free(&s->stirred);
	heights_free(&s->heights);
	alarm_marks_forget(s);
	arena_free(s->marks_arena);
	arena_free(s->a);
}

const struct rules *alarms_rules(const struct alarms *s)
{
	return s->rules;
}

struct alarm_counts alarms_counts(struct alarms *s)
{
	pthread_mutex_lock(&s->lock);
	struct alarm_counts out = s->counts;
	pthread_mutex_unlock(&s->lock);
	return out;
}

/* ---- one page of stations ---- */

static err read_page(struct page *p, int64_t after)
{
	struct db_conn *c;
	struct alarm_stations_rows rows;
	int64_t day = china_day(p->now_ms);
	TRY(db_read_begin(p->app->db, &c, p->f));
	err e = alarm_stations(c, p->a, &(struct alarm_stations_params){ .after = after, .day = day, .max = ALARM_STATIONS }, &rows);
	if (e == ERR_OK && rows.n) {
		p->ids = NEW_N(p->a, int64_t, rows.n);
		p->stations = NEW_N(p->a, struct alarm_station, rows.n);
		for (; p->n < rows.n; p->n++) {
			const struct alarm_stations_row *r = &rows.v[p->n];
			p->ids[p->n] = r->id;
			p->stations[p->n] = (struct alarm_station){ r->region, r->id, r->object, r->owner, r->sectors, r->secret, r->kind,
								    r->name, r->name_en, r->object_type, r->lat, r->lon };
		}
		struct db_ids ids = { p->ids, p->n };
		e = station_rule_list(c, p->a, &(struct station_rule_list_params){ ids }, &p->own);
		if (e == ERR_OK)
			e = alarm_recent(c, p->a, &(struct alarm_recent_params){ ids, p->now_ms - 7 * (int64_t)DAY_MS }, &p->recent);
	}
	db_read_end(p->app->db, c);
	return e;
}

/* ---- one rule at one station ---- */

/* One that was withdrawn comes back when nothing else meets. */
static const struct alarm_recent_row *known_episode(const struct page *p, int64_t station, str rule, str item, const struct episode *e)
{
	const struct alarm_recent_row *withdrawn = NULL;
	for (size_t i = 0; i < p->recent.n; i++) {
		const struct alarm_recent_row *r = &p->recent.v[i];
		bool meets = r->begin_ms <= e->last_ms && (r->ended_ms == DB_NONE || r->last_ms >= e->begin_ms);
		if (r->station != station || !str_eq(r->rule, rule) || !str_eq(r->item, item) || !meets)
			continue;
		if (r->withdrawn_ms == DB_NONE)
			return r;
		withdrawn = r;
	}
	return withdrawn;
}

static const struct alarm_recent_row *open_alarm(const struct page *p, int64_t station, str rule, str item)
{
	for (size_t i = p->recent.n; i-- > 0;) {
		const struct alarm_recent_row *r = &p->recent.v[i];
		if (r->station == station && r->ended_ms == DB_NONE && str_eq(r->rule, rule) && str_eq(r->item, item))
			return r;
	}
	return NULL;
}

static struct episode episode_of(const struct alarm_recent_row *k)
{
	return (struct episode){ .begin_ms = k->begin_ms, .raised_ms = k->raised_ms, .last_ms = k->last_ms,
				 .lawful_ms = k->lawful_ms == DB_NONE ? 0 : k->lawful_ms, .n = k->n, .doubtful = k->doubtful, .peak = k->peak };
}

bool alarm_episode_changed(const struct alarm_recent_row *k, const struct episode *e)
{
	return k->withdrawn_ms != DB_NONE || k->begin_ms != e->begin_ms || k->last_ms != e->last_ms || k->n != e->n ||
	       k->doubtful != e->doubtful || (k->ended_ms == DB_NONE) != (e->end_ms == 0) || (e->end_ms && k->ended_ms != e->end_ms) ||
	       (k->lawful_ms == DB_NONE) != (e->lawful_ms == 0) || (!isnan(e->peak) && k->peak != e->peak);
}

void alarm_note(struct page *p, const struct held *h, const struct alarm_recent_row *k, const struct episode *e, const char *withdraw)
{
	struct alarm_found x = { .station = h->station, .rule = h->rule, .item = h->item, .withdraw = withdraw };
	if (!k && h->rule->valid_from_day && china_day(e->raised_ms) < h->rule->valid_from_day)
		return; /* a rule does not speak of the time before it */
	x.e = e ? *e : episode_of(k);
	if (k) {
		x.alarm = k->id;
		x.matter = k->matter;
		x.storm = k->storm;
		x.was = k->grade;
		x.was_withdrawn = k->withdrawn_ms != DB_NONE;
	}
	vec_push(p->a, &p->found, x);
}

/* An ended episode of which the window shows the end only stays as it was written. */
static void note(struct page *p, const struct held *h, const struct episode *e, int64_t from_ms)
{
	const struct alarm_recent_row *k = known_episode(p, h->station->id, h->rule->id, h->item, e);
	if (!k || (alarm_episode_changed(k, e) && (k->begin_ms >= from_ms || k->ended_ms == DB_NONE)))
		alarm_note(p, h, k, e, NULL);
}

void alarm_held(struct page *p, const struct column *c)
{
	p->looked->columns++;
	p->looked->values += (int64_t)c->n;
}

/* Values at the end of a column of which no state is known: the window before them is read, and an episode longer than the window
 * goes on from what is written of it. */
static err hold_tail(struct page *p, const struct held *h, struct alarm_mark *mark, int64_t last_ms)
{
	struct column c;
	struct rule_state s;
	struct episode v[ALARM_EPISODES_MAX];
	const struct rule *r = h->rule;
	const struct alarm_recent_row *open = open_alarm(p, h->station->id, r->id, h->item);
	int64_t from = last_ms - rule_window_ms(r);
	rule_begin(&s);
	if (open && open->begin_ms < from) {
		struct episode e = episode_of(open);
		rule_begin_open(&s, &e);
		from = s.at_ms = open->last_ms;
	}
	TRY(alarm_column(p, h->station->id, h->number, r->kind, r->what, from, &c));
	size_t n = rule_column(r, &s, &c, v, ALARM_EPISODES_MAX);
	for (size_t i = 0; i < n; i++)
		note(p, h, &v[i], from);
	if (n < ALARM_EPISODES_MAX)
		alarm_mark_keep(p->s, mark, r, &s, &c);
	alarm_held(p, &c);
	return ERR_OK;
}

/* What came behind the values that were looked at; the rule goes on where it stood. */
static err hold_on(struct page *p, const struct held *h, struct alarm_mark *mark, int64_t from_ms)
{
	struct column c;
	struct rule_state s;
	const struct rule *r = h->rule;
	if (mark->state)
		s = *mark->state;
	else
		rule_resume(&mark->rest, &s);
	TRY(alarm_column(p, h->station->id, h->number, r->kind, r->what, from_ms, &c));
	if (!c.n)
		return ERR_OK;
	for (size_t i = 0; i < c.n; i++)
		if (rule_step(r, &s, c.at_ms[i], c.value[i], c.flag[i]) == RULE_ENDED)
			note(p, h, &s.e, INT64_MIN);
	if (s.open)
		note(p, h, &s.e, INT64_MIN);
	alarm_mark_keep(p->s, mark, r, &s, &c);
	alarm_held(p, &c);
	return ERR_OK;
}

/* Newer values only: the rule goes on. Something at or before what was looked at: it is judged anew from there. What was measured
 * by a clock that runs ahead is looked at when its time has come. */
static err hold_column(struct page *p, const struct held *h, const struct latest *l)
{
	bool first = false;
	struct alarm_mark *mark = alarm_mark_of(p->s, h->station->id, h->number, h->rule->id, &first);
	int64_t from = stirred_from(p->stirred, h->station->id, l->kind), late = stirred_late(p->stirred, h->station->id, l->kind);
	if (!mark)
		return late == INT64_MAX ? hold_tail(p, h, NULL, l->at_ms) : alarm_hold_anew(p, h, NULL, late);
	bool changed = mark->received_ms != l->received_ms || mark->at_ms != l->at_ms, known = mark->known && mark->read_ms;
	mark->received_ms = l->received_ms;
	mark->at_ms = l->at_ms;
	if (first)
		return alarm_hold_anew(p, h, mark, l->at_ms - FIRST_BACK_MS < from ? l->at_ms - FIRST_BACK_MS : from);
	if (late != INT64_MAX && late <= mark->read_ms)
		return alarm_hold_anew(p, h, mark, late);
	if (!changed && (from == INT64_MAX || (!known && l->at_ms <= p->now_ms)))
		return ERR_OK;
	if (!known)
		return hold_tail(p, h, mark, l->at_ms);
	return hold_on(p, h, mark, !changed && from > mark->read_ms ? from : mark->read_ms + 1);
}

static void hold_silence(struct page *p, const struct held *h, const struct latest *l)
{
	struct rule_state s;
	const struct alarm_recent_row *open = open_alarm(p, h->station->id, h->rule->id, h->item);
	rule_begin(&s);
	if (open) { /* it goes on from what is written */
		struct episode e = episode_of(open);
		rule_begin_open(&s, &e);
	}
	if (rule_silence(h->rule, &s, l->at_ms, p->now_ms) != RULE_NOTHING)
		note(p, h, &s.e, INT64_MIN);
}

/* Silence is the station's, not each item's: its newest value of that kind counts unless the rule names an item. */
static void station_silence(struct page *p, const struct alarm_station *st, const struct rule *r)
{
	const struct latest *newest = NULL;
	const struct held h = { .station = st, .rule = r, .item = r->item };
	for (size_t i = 0; i < p->nof_station; i++) {
		const struct latest *l = &p->of_station[i];
		bool counts = l->kind == r->kind && (!r->item.n || str_eq(r->item, series_item_code(p->app->series, l->item)));
		if (counts && (!newest || l->at_ms > newest->at_ms))
			newest = l;
	}
	if (newest)
		hold_silence(p, &h, newest);
}

static err hold_rule(struct page *p, const struct alarm_station *st, const struct rule *r)
{
	if (r->test == RULE_MISSING) {
		station_silence(p, st, r);
		return ERR_OK;
	}
	for (size_t i = 0; i < p->nof_station; i++) {
		const struct latest *l = &p->of_station[i];
		str item = l->kind == r->kind ? series_item_code(p->app->series, l->item) : S("");
		if (!item.n || (r->item.n && !str_eq(r->item, item)))
			continue;
		const struct held h = { st, r, item, l->item }; /* codes stay as long as the store is open */
		TRY(hold_column(p, &h, l));
	}
	return ERR_OK;
}

/* What a rule raised does not outlive it. */
static void retire(struct page *p, const struct alarm_station *st, const struct rule *rules, size_t n)
{
	for (size_t i = 0; i < p->recent.n; i++) {
		const struct alarm_recent_row *k = &p->recent.v[i];
		bool held = k->station != st->id || k->ended_ms != DB_NONE;
		for (size_t j = 0; j < n && !held; j++)
			held = str_eq(rules[j].id, k->rule);
		if (held)
			continue;
		struct rule *gone = NEW(p->a, struct rule);
		gone->id = k->rule;
		alarm_note(p, &(struct held){ .station = st, .rule = gone, .item = k->item }, k, NULL, "rule");
	}
}

/* Both stations and newest values are in the order of stations. */
static void find_latest(struct page *p, int64_t station)
{
	const struct latest *end = p->latest + p->nlatest, *v = p->of_station + p->nof_station;
	while (v < end && v->station < station)
		v++;
	p->of_station = v;
	while (v < end && v->station == station)
		v++;
	p->nof_station = (size_t)(v - p->of_station);
}

static err hold_station(struct page *p, const struct alarm_station *st)
{
	struct rule *rules;
	size_t n;
	find_latest(p, st->id);
	alarm_columns_reset(p);
	alarm_rules_of(p->s->rules, p->a, st, p->own.v, p->own.n, china_day(p->now_ms), &rules, &n);
	for (size_t i = 0; i < n; i++)
		TRY(hold_rule(p, st, &rules[i]));
	retire(p, st, rules, n);
	p->looked->stations++;
	return ERR_OK;
}

static err look_page(struct page *p, int64_t *after)
{
	TRY(read_page(p, *after));
	if (!p->n)
		return ERR_OK;
	TRY(series_latest(p->app->series, p->a, p->ids, p->n, &p->latest, &p->nlatest, p->f));
	p->of_station = p->latest;
	TRY(alarm_rows_ahead(p));
	for (size_t i = 0; i < p->n; i++)
		TRY(hold_station(p, &p->stations[i]));
	p->again = !alarm_write_found(p);
	*after = p->ids[p->n - 1];
	return ERR_OK;
}

static struct stirred take_stirred(struct alarms *s)
{
	pthread_mutex_lock(&s->lock);
	struct stirred out = s->stirred;
	s->stirred = (struct stirred){ 0 };
	pthread_mutex_unlock(&s->lock);
	return out;
}

void alarms_stir(struct alarms *s, int64_t station, int64_t from_ms)
{
	pthread_mutex_lock(&s->lock);
	for (int k = 0; k < SERIES_KIND_COUNT; k++)
		stirred_note(&s->stirred, station, (enum series_kind)k, from_ms, true);
	pthread_mutex_unlock(&s->lock);
}

/* What arrived, after marks were made of it. Marks come first, since rules look at them: those another server wrote and those of
 * checks. What they change is derived, checked and judged in the same look; what arrives meanwhile is never judged unchecked. */
static err look_at_marks(struct alarms *s, const struct app *app, struct stirred *t, int64_t now_ms, struct fail *f)
{
	enum { ROUNDS = 3 };
	err e = app->upkeep ? upkeep_refresh(app->upkeep, f) : ERR_OK;
	for (int round = 0; e == ERR_OK && round < ROUNDS; round++) {
		bool changed = false;
		struct stirred part = take_stirred(s);
		if (app->upkeep && app->series)
			e = micro_look(app, &part, !s->checked, now_ms, &changed, f);
		stirred_merge(t, &part);
		s->checked |= e == ERR_OK;
		if (e == ERR_OK && changed)
			e = upkeep_refresh(app->upkeep, f);
		if (e == ERR_OK && changed && app->derive)
			e = derive_due(app->derive, NULL, f);
		if (!changed)
			break;
	}
	return e;
}

/* What could not be looked at stays to be looked at. */
static void finish_look(struct alarms *s, struct stirred *t, bool again, const struct alarm_looked *looked, int64_t now_ms)
{
	if (again)
		alarm_marks_forget(s);
	pthread_mutex_lock(&s->lock);
	if (again)
		stirred_merge(&s->stirred, t);
	s->counts.looks++;
	s->counts.columns += looked->columns;
	s->counts.values += looked->values;
	s->counts.last_look_ms = now_ms;
	s->counts.marks = (int64_t)s->marks.n;
	s->counts.states = (int64_t)s->nstates;
	pthread_mutex_unlock(&s->lock);
	stirred_free(t);
}

err alarm_look(struct alarms *s, const struct app *app, struct alarm_looked *ret, struct fail *f)
{
	struct alarm_looked looked = { 0 };
	int64_t now = clock_now_ms(app->clock), after = 0;
	err e = ERR_OK;
	bool again = false;
	pthread_mutex_lock(&s->look);
	struct stirred t = { 0 };
	e = look_at_marks(s, app, &t, now, f);
	again = e != ERR_OK;
	for (bool more = app->series != NULL; more && e == ERR_OK;) {
		struct page p = { .s = s, .app = app, .a = arena_new(), .now_ms = now, .f = f, .stirred = &t, .looked = &looked,
				  .columns = { .a = arena_new() } };
		e = look_page(&p, &after);
		more = p.n == ALARM_STATIONS;
		again |= p.again || e != ERR_OK;
		arena_free(p.columns.a);
		arena_free(p.a);
	}
	finish_look(s, &t, again, &looked, now);
	pthread_mutex_unlock(&s->look);
	if (e == ERR_OK)
		*ret = looked;
	return e;
}

/* ---- the watch ---- */

/* Seconds, and twice as long as the last look took, so that looks never take the machine from what they look at. */
static bool wait_a_while(struct alarms *s, int64_t took_us)
{
	int64_t wait_s = took_us * 2 / 1000000;
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += wait_s < LOOK_EVERY_S ? LOOK_EVERY_S : wait_s > LOOK_AFTER_S ? LOOK_AFTER_S : wait_s;
	pthread_mutex_lock(&s->lock);
	while (!s->stopping && pthread_cond_timedwait(&s->wake, &s->lock, &until) != ETIMEDOUT)
		;
	bool on = !s->stopping;
	pthread_mutex_unlock(&s->lock);
	return on;
}

/* Pictures of the grid that are due are made between looks, once an hour. */
static void fill_grids(struct alarms *s)
{
	enum { EVERY_MS = 3600000 };
	int64_t now = clock_now_ms(s->app->clock);
	struct fail f = { 0 };
	size_t made;
	if (!s->app->grid_fill.n || (s->filled_ms && now - s->filled_ms < EVERY_MS))
		return;
	s->filled_ms = now;
	if (grid_fill_due(s->app, &made, &f) != ERR_OK)
		log_fail(LOG_ERROR, "grid", &f);
}

static void *watch(void *arg)
{
	struct alarms *s = arg;
	int64_t took_us = 0;
	while (wait_a_while(s, took_us)) {
		struct alarm_looked looked;
		struct fail f = { 0 };
		int64_t from_us = clock_monotonic_us();
		if (alarm_look(s, s->app, &looked, &f) != ERR_OK)
			log_fail(LOG_ERROR, "alarms", &f);
		fill_grids(s);
		took_us = clock_monotonic_us() - from_us;
	}
	return NULL;
}

static void on_put(void *arg, const struct packet *v, size_t n)
{
	struct alarms *s = arg;
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < n; i++)
		if (v[i].station)
			stirred_note(&s->stirred, v[i].station, v[i].kind, v[i].at_ms, !heights_rise(&s->heights, v[i].station, v[i].kind, v[i].at_ms));
	pthread_mutex_unlock(&s->lock);
}

err alarms_watch(struct alarms *s, const struct app *app, struct fail *f)
{
	s->app = app;
	series_watch(app->series, on_put, s);
	s->stopping = false;
	if (pthread_create(&s->thread, NULL, watch, s) != 0)
		return FAIL(f, INTERNAL, "", "err.threads");
	s->watching = true;
	return ERR_OK;
}

void alarms_stop(struct alarms *s)
{
	if (!s->watching)
		return;
	series_unwatch(s->app->series, on_put, s);
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	s->watching = false;
}
