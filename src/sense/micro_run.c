/* Micro-stations that something came from are checked, and what is doubtful is written down; the marks lie over the readings from
 * then on. Readings are taken as they were sent, so that a mark does not hide from the check what made it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/place.h"
#include "sense/alarm_parts.h"
#include "sense/ambient.h"
#include "sense/micro.h"
#include "sense/station.h"
#include "sense/upkeep.h"
#include "sense/upkeep_sql.h"

enum { HOUR_MS = 3600000, MINUTE_MS = 60000, DOUBTS_MAX = 500, BACK_DAYS = 30, FIRST_BACK_HOURS = 26 };

struct checking {
	const struct app *app;
	const struct stirred *stirred;
	struct arena *a;
	struct fail *f;
	int64_t now_ms;
	bool first;
	struct micro_rules rules;
	struct micro_stations_rows all;
	struct latest *latest;
	size_t nlatest;
	bool changed;
};

/* ---- neighbours ---- */

struct neighbour {
	size_t at;
	double km;
};

static int by_distance(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;
	return x->km < y->km ? -1 : x->km > y->km;
}

static bool is_air(const struct checking *k, str kind)
{
	const struct station_kind *s = station_kind_find(k->app->stations, kind);
	return s && str_eq(s->medium, S("air"));
}

static size_t neighbours_of(const struct checking *k, const struct micro_stations_row *st, double km, struct neighbour *out)
{
	size_t n = 0;
	struct neighbour *v = NEW_N(k->a, struct neighbour, k->all.n + 1);
	for (size_t i = 0; i < k->all.n; i++) {
		const struct micro_stations_row *o = &k->all.v[i];
		double d = distance_m((struct lonlat){ st->lon, st->lat }, (struct lonlat){ o->lon, o->lat }) / 1000;
		if (o->id != st->id && d <= km && is_air(k, o->kind))
			v[n++] = (struct neighbour){ i, d };
	}
	if (n)
		qsort(v, n, sizeof *v, by_distance);
	n = n < MICRO_NEAR_MAX ? n : MICRO_NEAR_MAX;
	memcpy(out, v, n * sizeof *v);
	return n;
}

/* ---- one item of one station, one kind of readings ---- */

struct subject {
	const struct micro_stations_row *st;
	const struct micro_rule *rule;
	uint32_t item;
	enum series_kind kind;
	int64_t from_ms;           /* something changed from here on */
};

static err read_column(struct checking *k, int64_t station, uint32_t item, enum series_kind kind, int64_t from_ms, struct column *ret)
{
	return series_read_sent(k->app->series, k->a, station, item, SERIES_VALUE, kind, from_ms, k->now_ms + 1, ret, k->f);
}

/* Hours as sent and as derived here; minutes as sent. */
static err read_near(struct checking *k, const struct subject *s, int64_t station, int64_t from_ms, struct column *ret)
{
	struct column sent, own;
	if (s->kind == SERIES_MINUTE)
		return read_column(k, station, s->item, SERIES_MINUTE, from_ms, ret);
	TRY(read_column(k, station, s->item, SERIES_HOUR, from_ms, &sent));
	TRY(read_column(k, station, s->item, SERIES_HOUR_OWN, from_ms, &own));
	*ret = ambient_both(k->a, &sent, &own);
	return ERR_OK;
}

/* Another item of the same station, and the items that are parts of this one or that this one is a part of. */
static err find_pairs(struct checking *k, const struct subject *s, const struct column *c, int64_t from_ms, int64_t step, struct micro_out *out)
{
	const struct micro_rule *r = s->rule;
	struct column o;
	for (size_t i = 0; i < k->rules.n; i++) {
		const struct micro_rule *p = &k->rules.v[i];
		bool is_part = p == r && r->part_of.n, is_whole = str_eq(p->station_kind, r->station_kind) && str_eq(p->part_of, r->item);
		uint32_t item = is_part ? series_item_known(k->app->series, r->part_of) : is_whole ? series_item_known(k->app->series, p->item) : 0;
		if (!item)
			continue;
		TRY(read_column(k, s->st->id, item, s->kind, from_ms, &o));
		micro_inverted(c, &o, is_part, p->part_pct, step, out);
	}
	uint32_t rh = r->fog_item.n ? series_item_known(k->app->series, r->fog_item) : 0;
	if (!rh)
		return ERR_OK;
	TRY(read_column(k, s->st->id, rh, s->kind, from_ms, &o));
	micro_fog(r, c, &o, step, out);
	return ERR_OK;
}

/* The nearest station that is regulatory: of air, and not itself one that is checked. */
static const struct micro_stations_row *reference_of(const struct checking *k, const struct micro_stations_row *st, double km)
{
	const struct micro_stations_row *best = NULL;
	for (size_t i = 0; i < k->all.n; i++) {
		const struct micro_stations_row *o = &k->all.v[i];
		double d = distance_m((struct lonlat){ st->lon, st->lat }, (struct lonlat){ o->lon, o->lat }) / 1000;
		if (o->id != st->id && d <= km && is_air(k, o->kind) && !micro_rule_find(&k->rules, o->kind, S(""))) {
			km = d;
			best = o;
		}
	}
	return best;
}

/* Hours before from_ms are judged as well as they were: their windows are whole. */
static err find_drift(struct checking *k, const struct subject *s, int64_t from_ms, struct micro_out *out)
{
	struct column c, o;
	int64_t before = from_ms - 2 * s->rule->drift_ms;
	const struct micro_stations_row *near = s->rule->drift_ms ? reference_of(k, s->st, s->rule->drift_km) : NULL;
	if (!near)
		return ERR_OK;
	TRY(read_column(k, s->st->id, s->item, s->kind, before, &c));
	TRY(read_near(k, s, near->id, before, &o));
	micro_drift(k->a, s->rule, &c, &o, out);
	return ERR_OK;
}

static err find(struct checking *k, const struct subject *s, int64_t from_ms, struct micro_out *out)
{
	struct column c;
	struct neighbour who[MICRO_NEAR_MAX];
	struct micro_near near[MICRO_NEAR_MAX];
	int64_t step = s->kind == SERIES_MINUTE ? MINUTE_MS : HOUR_MS;
	size_t n = neighbours_of(k, s->st, s->rule->radius_km, who);
	TRY(read_column(k, s->st->id, s->item, s->kind, from_ms, &c));
	for (size_t i = 0; i < n; i++) {
		near[i].km = who[i].km;
		TRY(read_near(k, s, k->all.v[who[i].at].id, from_ms, &near[i].c));
	}
	micro_range(s->rule, &c, step, out);
	micro_stuck(s->rule, &c, step, near, n, out);
	micro_spike(s->rule, &c, step, near, n, out);
	TRY(find_pairs(k, s, &c, from_ms, step, out));
	if (s->kind == SERIES_MINUTE)
		return ERR_OK;
	micro_neighbours(s->rule, &c, near, n, out);
	return find_drift(k, s, from_ms, out);
}

/* ---- what is written ---- */

static bool ends_in(const struct micro_doubt *d, int64_t from_ms)
{
	return d->to_ms > from_ms;
}

/* What began before the window keeps its beginning. */
static void keep_beginnings(struct micro_out *out, const struct doubt_near_rows *was)
{
	for (size_t i = 0; i < out->n; i++)
		for (size_t w = 0; w < was->n; w++)
			if (str_eq(was->v[w].test, str_of(micro_check_name(out->v[i].check))) && was->v[w].from_ms < out->v[i].from_ms &&
			    was->v[w].to_ms >= out->v[i].from_ms)
				out->v[i].from_ms = was->v[w].from_ms;
}

static bool is_there(const struct doubt_near_rows *was, const struct micro_doubt *d)
{
	for (size_t i = 0; i < was->n; i++)
		if (was->v[i].from_ms == d->from_ms && was->v[i].to_ms == d->to_ms && str_eq(was->v[i].test, str_of(micro_check_name(d->check))))
			return true;
	return false;
}

struct writing {
	struct checking *k;
	const struct subject *s;
	const struct micro_out *out;
	int64_t from_ms;
};

static err write_doubts(struct db_conn *c, void *arg)
{
	const struct writing *w = arg;
	const struct micro_stations_row *st = w->s->st;
	str kind = str_of(series_kind_name(w->s->kind));
	TRY(doubt_drop(c, &(struct doubt_drop_params){ st->region, st->id, w->s->rule->item, kind, w->from_ms }, NULL));
	for (size_t i = 0; i < w->out->n; i++) {
		const struct micro_doubt *d = &w->out->v[i];
		if (!ends_in(d, w->from_ms))
			continue;
		TRY(doubt_insert(c,
				 &(struct doubt_insert_params){ st->region, st->id, w->s->rule->item, kind, str_of(micro_check_name(d->check)),
								d->from_ms, d->to_ms, d->value, d->bound, w->k->rules.edition, w->k->now_ms },
				 NULL));
	}
	return ERR_OK;
}

static err settle(struct checking *k, const struct subject *s, int64_t from_ms, struct micro_out *out)
{
	struct db_conn *c;
	struct doubt_near_rows was = { 0 };
	size_t same = 0, now = 0;
	str kind = str_of(series_kind_name(s->kind));
	TRY(db_read_begin(k->app->db, &c, k->f));
	err e = doubt_near(c, k->a, &(struct doubt_near_params){ s->st->region, s->st->id, s->rule->item, kind, from_ms }, &was);
	db_read_end(k->app->db, c);
	TRY(e);
	keep_beginnings(out, &was);
	for (size_t i = 0; i < out->n; i++) {
		now += ends_in(&out->v[i], from_ms);
		same += ends_in(&out->v[i], from_ms) && is_there(&was, &out->v[i]);
	}
	if (now == was.n && same == now)
		return ERR_OK;
	struct writing w = { k, s, out, from_ms };
	k->changed = true;
	return db_write(k->app->db, write_doubts, &w, k->f);
}

static err check_subject(struct checking *k, const struct subject *s)
{
	struct micro_out out = { .v = NEW_N(k->a, struct micro_doubt, DOUBTS_MAX), .max = DOUBTS_MAX };
	int64_t window = micro_window_ms(s->rule), least = k->now_ms - BACK_DAYS * (int64_t)DAY_MS;
	int64_t from = (s->from_ms > least ? s->from_ms : least) - window;
	TRY(find(k, s, from - window, &out)); /* spans that reach into the window are seen whole */
	return settle(k, s, from, &out);
}

/* ---- all that is due ---- */

static int64_t from_of(const struct checking *k, int64_t station, enum series_kind kind)
{
	int64_t from = stirred_from(k->stirred, station, kind), first = k->now_ms - FIRST_BACK_HOURS * (int64_t)HOUR_MS;
	return k->first && from > first ? first : from;
}

static err check_station(struct checking *k, const struct micro_stations_row *st)
{
	static const enum series_kind kinds[] = { SERIES_MINUTE, SERIES_HOUR, SERIES_HOUR_OWN };
	TRY(series_latest(k->app->series, k->a, &st->id, 1, &k->latest, &k->nlatest, k->f));
	for (size_t i = 0; i < k->nlatest; i++)
		for (size_t j = 0; j < COUNT_OF(kinds); j++) {
			const struct latest *l = &k->latest[i];
			const struct micro_rule *r = l->kind == kinds[j] && l->item
							     ? micro_rule_find(&k->rules, st->kind, series_item_code(k->app->series, l->item))
							     : NULL;
			int64_t from = r ? from_of(k, st->id, kinds[j]) : INT64_MAX;
			if (from != INT64_MAX)
				TRY(check_subject(k, &(struct subject){ st, r, l->item, kinds[j], from }));
		}
	return ERR_OK;
}

static bool is_due(const struct checking *k, const struct micro_stations_row *st)
{
	if (!micro_rule_find(&k->rules, st->kind, S("")))
		return false;
	return k->first || stirred_from(k->stirred, st->id, SERIES_MINUTE) != INT64_MAX || stirred_from(k->stirred, st->id, SERIES_HOUR) != INT64_MAX ||
	       stirred_from(k->stirred, st->id, SERIES_HOUR_OWN) != INT64_MAX;
}

static err read_stations(struct checking *k)
{
	struct db_conn *c;
	TRY(db_read_begin(k->app->db, &c, k->f));
	err e = micro_stations(c, k->a, &k->all);
	db_read_end(k->app->db, c);
	return e;
}

err micro_look(const struct app *app, const struct stirred *stirred, bool first, int64_t now_ms, bool *ret_changed, struct fail *f)
{
	AUTO(arena_drop) struct arena *kept = arena_new();
	AUTO(arena_drop) struct arena *a = arena_new();
	struct checking k = { .app = app, .stirred = stirred, .a = kept, .f = f, .now_ms = now_ms, .first = first };
	*ret_changed = false;
	if (!first && !stirred->n)
		return ERR_OK;
	TRY(micro_rules_read(app->catalog, kept, china_day(now_ms), &k.rules, f));
	TRY(read_stations(&k));
	k.a = a;
	for (size_t i = 0; i < k.all.n; i++) {
		if (!is_due(&k, &k.all.v[i]))
			continue;
		TRY(check_station(&k, &k.all.v[i]));
		arena_reset(a);
	}
	*ret_changed = k.changed;
	return ERR_OK;
}
