/* The look: stations page by page, columns with something new, episodes compared with what is known. */
#include "sense/alarm.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "http/http.h"

enum { LOOK_EVERY_S = 5, MARKS_MAX = 1000000 };

struct alarms {
	struct arena *a;
	struct rules *rules;
	pthread_mutex_t look;        /* one look at a time; guards the marks */
	struct arena *marks_arena;
	struct map marks;            /* station, rule and item → when its newest value was received, as looked at last */
	pthread_mutex_t lock;        /* guards what follows */
	pthread_cond_t wake;
	struct alarm_counts counts;
	bool watching, stopping;
	pthread_t thread;
	const struct app *app;
};

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
	s->marks = (struct map){ .a = s->marks_arena };
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

struct page {
	struct alarms *s;
	const struct app *app;
	struct arena *a;
	int64_t now_ms;
	struct fail *f;
	struct alarm_station *stations;
	int64_t *ids;
	size_t n;
	struct station_rule_list_rows own;
	struct alarm_recent_rows recent;
	struct latest *latest;
	size_t nlatest;
	VEC(struct alarm_found) found;
	struct alarm_looked *looked;
};

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

/* ---- marks: columns in which nothing is new are not read again ---- */

static bool is_new(struct page *p, const struct alarm_station *st, const struct rule *r, str item, int64_t received_ms)
{
	struct alarms *s = p->s;
	str key = arena_printf(p->a, "%lld " STR_FMT " " STR_FMT, (long long)st->id, STR_ARG(r->id), STR_ARG(item));
	int64_t *mark = map_get(&s->marks, key);
	if (mark && *mark == received_ms)
		return false;
	if (!mark && s->marks.n >= MARKS_MAX)
		return true;
	if (!mark) {
		mark = NEW(s->marks_arena, int64_t);
		map_put(&s->marks, arena_str(s->marks_arena, key), mark);
	}
	*mark = received_ms;
	return true;
}

/* What could not be written is looked at again. */
static void forget_marks(struct alarms *s)
{
	arena_free(s->marks_arena);
	s->marks_arena = arena_new();
	s->marks = (struct map){ .a = s->marks_arena };
}

/* ---- one rule at one station ---- */

static const struct alarm_recent_row *known_episode(const struct page *p, int64_t station, str rule, str item, const struct episode *e)
{
	for (size_t i = 0; i < p->recent.n; i++) {
		const struct alarm_recent_row *r = &p->recent.v[i];
		bool meets = r->begin_ms <= e->last_ms && (r->ended_ms == DB_NONE || r->last_ms >= e->begin_ms);
		if (r->station == station && str_eq(r->rule, rule) && str_eq(r->item, item) && meets)
			return r;
	}
	return NULL;
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

static bool changed(const struct alarm_recent_row *k, const struct episode *e)
{
	return k->last_ms != e->last_ms || k->n != e->n || k->doubtful != e->doubtful || (k->ended_ms == DB_NONE) != (e->end_ms == 0) ||
	       (e->end_ms && k->ended_ms != e->end_ms) || (k->lawful_ms == DB_NONE) != (e->lawful_ms == 0);
}

static void note(struct page *p, const struct alarm_station *st, const struct rule *r, str item, const struct episode *e)
{
	const struct alarm_recent_row *k = known_episode(p, st->id, r->id, item, e);
	if (k && !changed(k, e))
		return;
	struct alarm_found x = { .station = st, .rule = r, .item = item, .e = *e };
	if (k) {
		x.alarm = k->id;
		x.matter = k->matter;
		x.storm = k->storm;
		x.was = k->grade;
	}
	vec_push(p->a, &p->found, x);
}

static struct episode episode_of(const struct alarm_recent_row *k)
{
	return (struct episode){ .begin_ms = k->begin_ms, .raised_ms = k->raised_ms, .last_ms = k->last_ms,
				 .lawful_ms = k->lawful_ms == DB_NONE ? 0 : k->lawful_ms, .n = k->n, .doubtful = k->doubtful, .peak = k->peak };
}

/* The window is read anew, so that late and corrected values count; an episode longer than the window goes on from what is
 * written of it. */
static err hold_column(struct page *p, const struct alarm_station *st, const struct rule *r, str item, uint32_t item_id, int64_t last_ms)
{
	struct column c;
	struct rule_state s;
	struct episode v[ALARM_EPISODES_MAX];
	const struct alarm_recent_row *open = open_alarm(p, st->id, r->id, item);
	int64_t from = last_ms - rule_window_ms(r);
	rule_begin(&s);
	if (open && open->begin_ms < from) {
		struct episode e = episode_of(open);
		rule_begin_open(&s, &e);
		from = s.at_ms = open->last_ms;
	}
	TRY(series_read(p->app->series, p->a, st->id, item_id, r->what, r->kind, from, p->now_ms + 1, &c, p->f));
	size_t n = rule_column(r, &s, &c, v, ALARM_EPISODES_MAX);
	for (size_t i = 0; i < n; i++)
		note(p, st, r, item, &v[i]);
	p->looked->columns++;
	return ERR_OK;
}

static void hold_silence(struct page *p, const struct alarm_station *st, const struct rule *r, str item, const struct latest *l)
{
	struct rule_state s;
	const struct alarm_recent_row *open = open_alarm(p, st->id, r->id, item);
	rule_begin(&s);
	if (open) {
		struct episode e = episode_of(open);
		rule_begin_open(&s, &e);
	}
	if (rule_silence(r, &s, l->at_ms, p->now_ms) != RULE_NOTHING)
		note(p, st, r, item, &s.e);
}

/* Silence is the station's, not each item's: its newest value of that kind counts unless the rule names an item. */
static void station_silence(struct page *p, const struct alarm_station *st, const struct rule *r)
{
	const struct latest *newest = NULL;
	for (size_t i = 0; i < p->nlatest; i++) {
		const struct latest *l = &p->latest[i];
		bool counts = l->station == st->id && l->kind == r->kind &&
			      (!r->item.n || str_eq(r->item, series_item_code(p->app->series, l->item)));
		if (counts && (!newest || l->at_ms > newest->at_ms))
			newest = l;
	}
	if (newest)
		hold_silence(p, st, r, r->item, newest);
}

static err hold_rule(struct page *p, const struct alarm_station *st, const struct rule *r)
{
	if (r->test == RULE_MISSING) {
		station_silence(p, st, r);
		return ERR_OK;
	}
	for (size_t i = 0; i < p->nlatest; i++) {
		const struct latest *l = &p->latest[i];
		str item = l->station == st->id && l->kind == r->kind ? series_item_code(p->app->series, l->item) : S("");
		if (!item.n || (r->item.n && !str_eq(r->item, item)))
			continue;
		if (is_new(p, st, r, item, l->received_ms))
			TRY(hold_column(p, st, r, arena_str(p->a, item), l->item, l->at_ms));
	}
	return ERR_OK;
}

static err hold_station(struct page *p, const struct alarm_station *st)
{
	struct rule *rules;
	size_t n;
	alarm_rules_of(p->s->rules, p->a, st, p->own.v, p->own.n, china_day(p->now_ms), &rules, &n);
	for (size_t i = 0; i < n; i++)
		TRY(hold_rule(p, st, &rules[i]));
	p->looked->stations++;
	return ERR_OK;
}

/* ---- writing ---- */

struct one {
	struct page *p;
	struct alarm_found *x, out;
	struct arena *a;
	struct fail fail;
};

static err write_one(struct db_conn *c, void *arg)
{
	struct one *o = arg;
	struct ctx cx = { .a = o->a, .c = c, .app = o->p->app, .now_ms = o->p->now_ms, .lang = S("zh-CN") };
	o->out = *o->x;
	err e = alarm_record(&cx, &o->out);
	o->fail = cx.fail;
	return e;
}

static void tell(struct page *p, const struct alarm_found *x)
{
	str data = arena_printf(p->a, "{\"region\":\"%012lld\",\"alarm\":\"%lld\",\"station\":\"%lld\",\"grade\":\"%s\",\"ended\":%s,\"matter\":%s%lld%s}",
				(long long)x->station->region, (long long)x->alarm, (long long)x->station->id,
				alarm_grade_name(alarm_grade_of(x->rule, &x->e)), x->e.end_ms ? "true" : "false", x->matter ? "\"" : "",
				(long long)x->matter, x->matter ? "\"" : "");
	if (p->app->http)
		http_publish(p->app->http, "alarm", x->station->region, x->station->sectors, data);
}

static void count(struct alarms *s, const struct alarm_found *x, err e)
{
	pthread_mutex_lock(&s->lock);
	s->counts.failed += e != ERR_OK;
	s->counts.raised += e == ERR_OK && x->is_new;
	s->counts.ended += e == ERR_OK && x->e.end_ms != 0;
	s->counts.matters += x->founded && alarm_grade_of(x->rule, &x->e) == ALARM_EXCEEDANCE;
	s->counts.checks += x->founded && alarm_grade_of(x->rule, &x->e) != ALARM_EXCEEDANCE;
	pthread_mutex_unlock(&s->lock);
}

/* Each by itself: one that is refused must not hold up the others, and the ledger's log is not held for long. */
static bool write_found(struct page *p)
{
	bool all = true;
	for (size_t i = 0; i < p->found.n; i++) {
		struct one o = { .p = p, .x = &p->found.v[i], .a = p->a };
		struct fail f = { 0 };
		err e = db_write(p->app->db, write_one, &o, &f);
		count(p->s, &o.out, e);
		if (e != ERR_OK) {
			log_fail(LOG_ERROR, "alarm", o.fail.code ? &o.fail : &f);
			all = false;
			continue;
		}
		p->looked->raised += o.out.is_new;
		p->looked->changed += !o.out.is_new;
		p->looked->matters += o.out.founded;
		tell(p, &o.out);
	}
	return all;
}

static err look_page(struct page *p, int64_t *after)
{
	TRY(read_page(p, *after));
	if (!p->n)
		return ERR_OK;
	TRY(series_latest(p->app->series, p->a, p->ids, p->n, &p->latest, &p->nlatest, p->f));
	for (size_t i = 0; i < p->n; i++)
		TRY(hold_station(p, &p->stations[i]));
	if (!write_found(p))
		forget_marks(p->s);
	*after = p->ids[p->n - 1];
	return ERR_OK;
}

err alarm_look(struct alarms *s, const struct app *app, struct alarm_looked *ret, struct fail *f)
{
	struct alarm_looked looked = { 0 };
	int64_t now = clock_now_ms(app->clock), after = 0;
	err e = ERR_OK;
	pthread_mutex_lock(&s->look);
	for (bool more = app->series != NULL; more && e == ERR_OK;) {
		struct page p = { .s = s, .app = app, .a = arena_new(), .now_ms = now, .f = f, .looked = &looked };
		e = look_page(&p, &after);
		more = p.n == ALARM_STATIONS;
		arena_free(p.a);
	}
	if (e != ERR_OK)
		forget_marks(s);
	pthread_mutex_unlock(&s->look);
	pthread_mutex_lock(&s->lock);
	s->counts.looks++;
	s->counts.columns += looked.columns;
	s->counts.last_look_ms = now;
	pthread_mutex_unlock(&s->lock);
	if (e == ERR_OK)
		*ret = looked;
	return e;
}

/* ---- the watch ---- */

static bool wait_a_while(struct alarms *s)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LOOK_EVERY_S;
	pthread_mutex_lock(&s->lock);
	while (!s->stopping && pthread_cond_timedwait(&s->wake, &s->lock, &until) != ETIMEDOUT)
		;
	bool on = !s->stopping;
	pthread_mutex_unlock(&s->lock);
	return on;
}

static void *watch(void *arg)
{
	struct alarms *s = arg;
	while (wait_a_while(s)) {
		struct alarm_looked looked;
		struct fail f = { 0 };
		if (alarm_look(s, s->app, &looked, &f) != ERR_OK)
			log_fail(LOG_ERROR, "alarms", &f);
	}
	return NULL;
}

err alarms_watch(struct alarms *s, const struct app *app, struct fail *f)
{
	s->app = app;
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
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	s->watching = false;
}
