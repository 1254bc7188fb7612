#include "cli/demo_sense.h"

#include <math.h>

#include "base/embed.h"
#include "cli/demo_land.h"
#include "sense/alarm.h"
#include "sense/derive.h"

EMBED_TABLE(demo_file)

/* Hours before the present at which rules are held against the readings: in the exceedance of the coke ovens, after it, after two
 * lesser ones, and now. */
enum { BEGIN_H = 28 * 24, SEEN_H = 313 };
static const int64_t looks[] = { SEEN_H, 300, 49, 25, 0 };
static const char exceedance_life[] =
	"0 lead accept;1 lead report text=已停运3号焦炉脱硝系统检修，查明喷氨格栅堵塞。 percent=30;"
	"4 lead submit text=更换喷氨格栅并复位氨逃逸监测，连续三日浓度稳定达标。 evidence;"
	"6 verifier pass text=现场核查属实，调阅在线数据连续达标。 evidence;7 office close text=同意销号。";

static err table(struct demo_city *city, const char *path, struct rows *ret)
{
	const struct embed_file *file = demo_file(str_of(path));
	return file ? rows_read(city->a, str_of(path), file->bytes, ret, &city->cli->fail)
		    : FAIL(&city->cli->fail, INTERNAL, "", NULL);
}

static err bad_row(struct demo_city *city, const char *path, const struct rows *t, size_t i)
{
	return FAIL(&city->cli->fail, BAD_FORMAT, "", "err.catalog_value", "file", path, "line", arena_printf(city->a, "%d", t->lines[i]).p);
}

static size_t station_at(const struct demo_sense *d, str key)
{
	for (size_t i = 0; i < d->nstations; i++)
		if (str_eq(d->stations[i].key, key))
			return i;
	return SIZE_MAX;
}

/* ---- the files ---- */

static err read_stations(struct demo_sense *d)
{
	struct demo_city *city = d->city;
	struct rows t;
	TRY(table(city, "stations.tsv", &t));
	for (size_t i = 0; i < t.n; i++) {
		struct demo_station *x = &d->stations[d->nstations];
		const struct demo_org *owner = demo_org_find(city, rows_get(&t, i, S("owner")));
		*x = (struct demo_station){ .key = rows_get(&t, i, S("key")), .mn = rows_get(&t, i, S("mn")) };
		x->s = (struct station){ .kind = rows_get(&t, i, S("kind")), .name = rows_get(&t, i, S("name")),
					 .name_en = rows_get(&t, i, S("name_en")), .owner = owner ? owner->id : 0,
					 .object = demo_object(city, rows_get(&t, i, S("object"))),
					 .attrs = rows_get(&t, i, S("attrs")).n ? rows_get(&t, i, S("attrs")) : S("{}"),
					 .valid_from_day = china_day(d->now_ms) - 400, .valid_to_day = DB_NONE };
		bool ok = d->nstations < DEMO_MAX_STATIONS && str_to_i64(rows_get(&t, i, S("region")), &x->s.region) &&
			  str_to_f64(rows_get(&t, i, S("lon")), &x->s.lon) && str_to_f64(rows_get(&t, i, S("lat")), &x->s.lat) &&
			  str_to_i64(rows_get(&t, i, S("days")), &x->days) && str_to_i64(rows_get(&t, i, S("step")), &x->step_min) &&
			  str_to_f64(rows_get(&t, i, S("factor")), &x->factor);
		if (!ok)
			return bad_row(city, "stations.tsv", &t, i);
		d->nstations++;
	}
	return ERR_OK;
}

static err read_measured(struct demo_sense *d)
{
	struct rows t;
	TRY(table(d->city, "measured.tsv", &t));
	for (size_t i = 0; i < t.n; i++) {
		str keys = rows_get(&t, i, S("stations")), key;
		while (str_cut(&keys, ' ', &key)) {
			struct demo_measured *m = &d->measured[d->nmeasured];
			int64_t places;
			*m = (struct demo_measured){ .station = station_at(d, key), .item = rows_get(&t, i, S("item")),
						     .code = rows_get(&t, i, S("code")), .scaled = str_eq(rows_get(&t, i, S("scaled")), S("1")) };
			bool ok = m->station != SIZE_MAX && d->nmeasured + 1 < DEMO_MAX_MEASURED && str_to_f64(rows_get(&t, i, S("base")), &m->base) &&
				  str_to_f64(rows_get(&t, i, S("episode")), &m->episode) && str_to_f64(rows_get(&t, i, S("daily")), &m->daily) &&
				  str_to_f64(rows_get(&t, i, S("peak_h")), &m->peak_h) && str_to_f64(rows_get(&t, i, S("noise")), &m->noise) &&
				  str_to_i64(rows_get(&t, i, S("places")), &places) && str_to_f64(rows_get(&t, i, S("least")), &m->least);
			if (!ok)
				return bad_row(d->city, "measured.tsv", &t, i);
			m->places = (int)places;
			TRY(series_item(d->city->h->app.series, m->item, &m->number, &d->city->cli->fail));
			d->nmeasured++;
		}
	}
	return ERR_OK;
}

static err read_incidents(struct demo_sense *d)
{
	struct rows t;
	TRY(table(d->city, "incidents.tsv", &t));
	for (size_t i = 0; i < t.n; i++) {
		struct demo_incident *x = &d->incidents[d->nincidents];
		str flag = rows_get(&t, i, S("flag"));
		*x = (struct demo_incident){ .station = station_at(d, rows_get(&t, i, S("station"))), .items = rows_get(&t, i, S("items")),
					     .flag = flag.n ? flag.p[0] : 'N' };
		bool ok = x->station != SIZE_MAX && d->nincidents + 1 < DEMO_MAX_INCIDENTS &&
			  str_to_i64(rows_get(&t, i, S("from_h")), &x->from_h) && str_to_i64(rows_get(&t, i, S("to_h")), &x->to_h) &&
			  str_to_f64(rows_get(&t, i, S("factor")), &x->factor);
		if (!ok)
			return bad_row(d->city, "incidents.tsv", &t, i);
		d->nincidents++;
	}
	return ERR_OK;
}

/* ---- stations and rules ---- */

struct settling {
	struct demo_sense *d;
	struct rows rules;
	struct fail fail;
};

static int64_t number_of(const struct rows *t, size_t i, const char *column)
{
	int64_t v = 0;
	(void)!str_to_i64(rows_get(t, i, str_of(column)), &v);
	return v;
}

static double real_of(const struct rows *t, size_t i, const char *column)
{
	double v = NAN;
	return str_to_f64(rows_get(t, i, str_of(column)), &v) ? v : (double)NAN;
}

static err put_rule(struct ctx *cx, const struct settling *s, size_t i)
{
	const struct rows *t = &s->rules;
	struct rule r = { .item = rows_get(t, i, S("item")), .kind = SERIES_HOUR, .limit = real_of(t, i, "limit"), .clear = real_of(t, i, "clear"),
			  .times = (int)number_of(t, i, "times"), .of = (int)number_of(t, i, "of"), .clear_times = (int)number_of(t, i, "clear_times"),
			  .to_min = 1440, .days = 127, .flags = S(""), .severity = rows_get(t, i, S("severity")),
			  .lawful = number_of(t, i, "lawful") != 0, .zh = rows_get(t, i, S("zh")), .en = rows_get(t, i, S("en")),
			  .source = rows_get(t, i, S("source")), .clause = rows_get(t, i, S("clause")), .certainty = S("unverified"),
			  .matter_days = number_of(t, i, "matter_days"), .check_days = number_of(t, i, "check_days"),
			  .valid_from_day = china_day(cx->now_ms), .valid_to_day = DB_NONE };
	str stations = rows_get(t, i, S("station")), key;
	if (!rule_test_parse(rows_get(t, i, S("test")), &r.test) || !rule_op_parse(rows_get(t, i, S("op")), &r.op))
		return FAIL(&cx->fail, BAD_FORMAT, "", "err.catalog_value", "file", "station_rules.tsv", "line",
			    arena_printf(cx->a, "%d", t->lines[i]).p);
	r.lasting_ms = r.test == RULE_MISSING ? 4 * (int64_t)DEMO_HOUR_MS : 0;
	while (str_cut(&stations, ' ', &key)) {
		size_t at = station_at(s->d, key);
		if (at != SIZE_MAX)
			TRY(alarm_rule_put(cx, &s->d->stations[at].s, &r, rows_get(t, i, S("instead_of")), number_of(t, i, "off") != 0));
	}
	return ERR_OK;
}

static err settle(struct db_conn *c, void *arg)
{
	struct settling *s = arg;
	struct demo_sense *d = s->d;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(d->city->h, a, c, d->now_ms - (BEGIN_H + 24) * (int64_t)DEMO_HOUR_MS);
	err e = ERR_OK;
	cx.who = &d->city->office;
	for (size_t i = 0; e == ERR_OK && i < d->nstations; i++)
		e = station_put(&cx, &d->stations[i].s, NULL, 0, &d->stations[i].s.id);
	for (size_t i = 0; e == ERR_OK && i < s->rules.n; i++)
		e = put_rule(&cx, s, i);
	s->fail = cx.fail;
	return e;
}

/* ---- time goes by ---- */

static err look_at(struct demo_sense *d, int64_t before_h)
{
	struct app *app = &d->city->h->app;
	struct alarm_looked looked;
	atomic_store(&d->city->h->clock.fixed_ms, d->now_ms - before_h * DEMO_HOUR_MS + 5 * 60000);
	return alarm_look(app->alarms, app, &looked, &d->city->cli->fail);
}


/* The matter that the exceedance of the coke ovens began. */
static err first_matter(struct demo_sense *d, int64_t *ret)
{
	struct db_conn *c;
	struct alarm_recent_rows rows;
	struct demo_city *city = d->city;
	int64_t id = d->stations[station_at(d, S("stack1"))].s.id;
	*ret = 0;
	TRY(db_read_begin(city->h->app.db, &c, &city->cli->fail));
	err e = alarm_recent(c, city->a, &(struct alarm_recent_params){ { &id, 1 }, 0 }, &rows);
	db_read_end(city->h->app.db, c);
	for (size_t i = 0; e == ERR_OK && i < rows.n; i++)
		*ret = *ret ? *ret : rows.v[i].matter;
	return e;
}

static err let_time_pass(struct demo_sense *d)
{
	int64_t matter;
	TRY(demo_readings(d, BEGIN_H, SEEN_H));
	TRY(look_at(d, SEEN_H));
	TRY(first_matter(d, &matter));
	if (matter)
		TRY(demo_play(d->city, matter, d->now_ms - SEEN_H * (int64_t)DEMO_HOUR_MS + DEMO_HOUR_MS, 0, str_of(exceedance_life), S("")));
	for (size_t i = 1; i < COUNT_OF(looks); i++) {
		TRY(demo_readings(d, looks[i - 1], looks[i]));
		TRY(look_at(d, looks[i]));
	}
	return derive_due(d->city->h->app.derive, NULL, &d->city->cli->fail);
}

err demo_sense(struct demo_city *city)
{
	struct demo_sense *d = NEW(city->a, struct demo_sense);
	int64_t fixed = atomic_load(&city->h->clock.fixed_ms);
	*d = (struct demo_sense){ .city = city, .now_ms = city->now_ms / DEMO_HOUR_MS * DEMO_HOUR_MS };
	struct settling s = { .d = d };
	TRY(read_stations(d));
	TRY(read_measured(d));
	TRY(read_incidents(d));
	TRY(table(city, "station_rules.tsv", &s.rules));
	err e = db_write(city->h->app.db, settle, &s, &s.fail);
	if (e != ERR_OK) {
		city->cli->fail = s.fail;
		return e;
	}
	e = let_time_pass(d);
	atomic_store(&city->h->clock.fixed_ms, fixed);
	TRY(e);
	TRY(demo_devices(d));
	return demo_grids(city);
}
