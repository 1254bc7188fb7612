/* The marks of the running program: read whole when something changed, and laid over every column that is read. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "sense/alarm.h"
#include "sense/derive.h"
#include "sense/micro.h"
#include "sense/station.h"
#include "sense/upkeep.h"
#include "sense/upkeep_sql.h"
#include "sense/validity.h"

struct table {
	struct arena *a;
	struct marks_of_station *v;    /* by station */
	size_t n;
};
struct upkeep {
	const struct app *app;
	struct arena *a;
	struct upkeep_kinds kinds;
	struct validity air, flue, other;
	pthread_mutex_t refreshing;
	int64_t stamp[8];
	pthread_rwlock_t lock;         /* guards the table */
	struct table t;
};

const struct upkeep_kinds *upkeep_kinds(const struct upkeep *u)
{
	return &u->kinds;
}

static const struct marks_of_station *of_station(const struct table *t, int64_t station)
{
	size_t lo = 0, hi = t->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (t->v[mid].station < station)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < t->n && t->v[lo].station == station ? &t->v[lo] : NULL;
}

static void overlay(void *arg, int64_t station, uint32_t item, enum series_kind kind, size_t n, const int64_t *at_ms, char *flag)
{
	struct upkeep *u = arg;
	pthread_rwlock_rdlock(&u->lock);
	const struct marks_of_station *m = of_station(&u->t, station);
	if (m)
		marks_over(m, item, kind, n, at_ms, flag);
	pthread_rwlock_unlock(&u->lock);
}

/* ---- reading ---- */

static const struct validity *rule_for(const struct upkeep *u, str station_kind)
{
	const struct station_kind *k = station_kind_find(u->app->stations, station_kind);
	str medium = k ? k->medium : S("");
	return str_eq(medium, S("air")) ? &u->air : str_eq(medium, S("flue")) ? &u->flue : &u->other;
}

/* One mark with its station, on the way into the table. */
struct raw_span {
	int64_t station;
	str station_kind;
	struct mark_span s;
};
struct all_rows {
	struct upkeep_all_rows upkeep;
	struct doubt_all_rows doubts;
	struct doubt_lifted_rows lifted; /* by station */
};
enum { DOUBT_RANK = 9, DOUBT_DAYS = 400 };

static uint32_t item_number(const struct upkeep *u, str item)
{
	uint32_t n = item.n ? series_item_known(u->app->series, item) : 0;
	return item.n && !n ? UINT32_MAX : n; /* of an item that never came */
}

static struct raw_span of_upkeep(const struct upkeep *u, const struct upkeep_all_row *r)
{
	const struct upkeep_kind *k = upkeep_kind_find(&u->kinds, r->kind);
	return (struct raw_span){ r->station, r->station_kind,
				  { r->from_ms, r->to_ms == DB_NONE ? INT64_MAX : r->to_ms, item_number(u, r->item), SERIES_KIND_COUNT,
				    k ? k->flag : 'M', k ? k->rank : DOUBT_RANK } };
}

static struct raw_span of_doubt(const struct upkeep *u, const struct doubt_all_row *r, int64_t from_ms, int64_t to_ms)
{
	enum series_kind kind = SERIES_KIND_COUNT;
	if (r->kind.n && !series_kind_parse(r->kind, &kind))
		kind = SERIES_STATE;
	return (struct raw_span){ r->station, r->station_kind, { from_ms, to_ms, item_number(u, r->item), kind, micro_check_flag(r->test), DOUBT_RANK } };
}

static size_t first_lifted(const struct doubt_lifted_rows *l, int64_t station)
{
	size_t lo = 0, hi = l->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (l->v[mid].station < station)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct gathered {
	struct arena *a;
	VEC(struct raw_span) raw;
};
/* A doubt less the stretches that a person found good, which do not overlap; one that goes on after them goes on being marked. */
static void put_doubt(const struct upkeep *u, const struct doubt_lifted_rows *l, const struct doubt_all_row *r, struct gathered *g)
{
	int64_t from = r->from_ms;
	for (size_t i = first_lifted(l, r->station); i < l->n && l->v[i].station == r->station; i++) {
		const struct doubt_lifted_row *o = &l->v[i];
		if (!str_eq(o->item, r->item) || !str_eq(o->kind, r->kind) || !str_eq(o->test, r->test) || o->to_ms <= from || o->from_ms >= r->to_ms)
			continue;
		if (o->from_ms > from)
			vec_push(g->a, &g->raw, of_doubt(u, r, from, o->from_ms));
		from = o->to_ms;
	}
	if (from < r->to_ms)
		vec_push(g->a, &g->raw, of_doubt(u, r, from, r->to_ms));
}

static int by_station_and_time(const void *a, const void *b)
{
	const struct raw_span *x = a, *y = b;
	if (x->station != y->station)
		return x->station < y->station ? -1 : 1;
	return x->s.from_ms < y->s.from_ms ? -1 : x->s.from_ms > y->s.from_ms;
}

static struct table build(const struct upkeep *u, struct arena *a, const struct all_rows *rows)
{
	struct gathered g = { .a = a };
	for (size_t i = 0; i < rows->upkeep.n; i++)
		vec_push(a, &g.raw, of_upkeep(u, &rows->upkeep.v[i]));
	for (size_t i = 0; i < rows->doubts.n; i++)
		put_doubt(u, &rows->lifted, &rows->doubts.v[i], &g);
	size_t n = g.raw.n;
	struct raw_span *raw = g.raw.v;
	struct table t = { .a = a, .v = NEW_N(a, struct marks_of_station, n + 1) };
	struct mark_span *spans = NEW_N(a, struct mark_span, n + 1);
	if (n)
		qsort(raw, n, sizeof *raw, by_station_and_time);
	for (size_t i = 0; i < n; i++) {
		struct marks_of_station *m = t.n ? &t.v[t.n - 1] : NULL;
		spans[i] = raw[i].s;
		if (!m || m->station != raw[i].station) {
			const struct validity *rule = rule_for(u, raw[i].station_kind.p ? raw[i].station_kind : S(""));
			m = &t.v[t.n++];
			*m = (struct marks_of_station){ raw[i].station, rule->hour_minutes, rule->day.hours, &spans[i], 0 };
		}
		m->n++;
	}
	return t;
}

static err read_rows(struct upkeep *u, struct arena *a, bool *ret_changed, struct all_rows *ret, struct fail *f)
{
	struct db_conn *c;
	struct upkeep_stamp_row s;
	struct doubt_stamp_row d = { 0 };
	int64_t since = clock_now_ms(u->app->clock) - DOUBT_DAYS * (int64_t)DAY_MS;
	TRY(db_read_begin(u->app->db, &c, f));
	err e = upkeep_stamp(c, a, &s);
	if (e == ERR_OK)
		e = doubt_stamp(c, a, &d);
	const int64_t now[COUNT_OF(u->stamp)] = { s.n + 1, s.vers, s.stations, d.n, d.made_ms, d.from_ms, d.decided, d.decided_ms };
	*ret_changed = e == ERR_OK && memcmp(now, u->stamp, sizeof now) != 0;
	if (*ret_changed)
		e = upkeep_all(c, a, &ret->upkeep);
	if (e == ERR_OK && *ret_changed)
		e = doubt_all(c, a, &(struct doubt_all_params){ since }, &ret->doubts);
	if (e == ERR_OK && *ret_changed)
		e = doubt_lifted(c, a, &(struct doubt_lifted_params){ since }, &ret->lifted);
	db_read_end(u->app->db, c);
	if (e == ERR_OK)
		memcpy(u->stamp, now, sizeof now);
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}

/* ---- what a change means for what was derived and judged ---- */

static bool has_span(const struct marks_of_station *m, const struct mark_span *s)
{
	for (size_t i = 0; m && i < m->n && m->v[i].from_ms <= s->from_ms; i++) {
		const struct mark_span *o = &m->v[i];
		if (o->from_ms == s->from_ms && o->to_ms == s->to_ms && o->item == s->item && o->kind == s->kind && o->flag == s->flag)
			return true;
	}
	return false;
}

static void told_of(struct upkeep *u, int64_t station, const struct mark_span *s)
{
	int64_t now = clock_now_ms(u->app->clock), to = s->to_ms < now ? s->to_ms : now;
	if (s->from_ms >= to)
		return;
	if (u->app->derive)
		derive_again(u->app->derive, station, s->from_ms, to);
	if (u->app->alarms)
		alarms_stir(u->app->alarms, station, s->from_ms);
}

static void tell_changes(struct upkeep *u, const struct table *from, const struct table *to)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct marks_of_station *other = of_station(to, from->v[i].station);
		for (size_t k = 0; k < from->v[i].n; k++)
			if (!has_span(other, &from->v[i].v[k]))
				told_of(u, from->v[i].station, &from->v[i].v[k]);
	}
}

err upkeep_refresh(struct upkeep *u, struct fail *f)
{
	bool changed = false;
	struct all_rows rows = { 0 };
	struct arena *a = arena_new();
	pthread_mutex_lock(&u->refreshing);
	err e = read_rows(u, a, &changed, &rows, f);
	if (e == ERR_OK && changed) {
		struct table now = build(u, a, &rows), old;
		pthread_rwlock_wrlock(&u->lock);
		old = u->t;
		u->t = now;
		pthread_rwlock_unlock(&u->lock);
		tell_changes(u, &old, &now);
		tell_changes(u, &now, &old);
		arena_free(old.a);
		a = NULL;
	}
	pthread_mutex_unlock(&u->refreshing);
	arena_free(a);
	return e;
}

/* ---- opening ---- */

static err read_rules(struct upkeep *u, struct fail *f)
{
	const struct catalog *c = u->app->catalog;
	int64_t day = china_day(clock_now_ms(u->app->clock));
	TRY(upkeep_kinds_read(c, u->a, day, &u->kinds, f));
	TRY(validity_read(c, u->a, S("validity/gb3095"), day, &u->air, f));
	TRY(validity_read(c, u->a, S("validity/hj75"), day, &u->flue, f));
	return validity_read(c, u->a, S("validity/house"), day, &u->other, f);
}

err upkeep_open(const struct app *app, struct upkeep **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct upkeep *u = NEW(a, struct upkeep);
	*u = (struct upkeep){ .app = app, .a = a, .t = { .a = arena_new() } };
	pthread_mutex_init(&u->refreshing, NULL);
	pthread_rwlock_init(&u->lock, NULL);
	err e = read_rules(u, f);
	if (e == ERR_OK)
		e = upkeep_refresh(u, f);
	if (e != ERR_OK) {
		upkeep_close(u);
		return e;
	}
	series_overlay_set(app->series, overlay, u);
	*ret = u;
	return ERR_OK;
}

void upkeep_close(struct upkeep *u)
{
	if (!u)
		return;
	series_overlay_set(u->app->series, NULL, NULL);
	pthread_rwlock_destroy(&u->lock);
	pthread_mutex_destroy(&u->refreshing);
	arena_free(u->t.a);
	arena_free(u->a);
}
