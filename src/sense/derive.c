#include "sense/derive.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/log.h"
#include "base/vec.h"
#include "core/catalog.h"
#include "http/http.h"
#include "sense/ambient.h"
#include "sense/derive_parts.h"
#include "sense/series_parts.h"
#include "sense/station.h"
#include "sense/validity.h"

enum { HOUR_MS = 3600000, MINUTE_MS = 60000, LOOK_BACK_MS = 26 * HOUR_MS, EVENTS_A_SECOND = 50, FRESH_MAX = 100000, FRACTIONS = 1000000,
	PERIODS_A_COMMIT = 256, TOGETHER_LEAST = 4 };

struct fresh {
	int64_t station, at_ms;
};
struct derive {
	const struct app *app;
	pthread_mutex_t lock, working;
	pthread_cond_t wake;
	pthread_t thread;
	bool running, stopping;
	struct due_table due;
	struct fresh *fresh;    /* stations to tell of, by arrival; each once */
	uint32_t *where;        /* open addressing: place in `fresh` + 1 by station, 0: empty */
	size_t nfresh, cap_fresh, cap_where;
};

/* ---- what is due ---- */

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static void due_packet(struct derive *d, const struct packet *k, int64_t now_us)
{
	bool minutes = k->kind == SERIES_REAL || k->kind == SERIES_MINUTE;
	if (!minutes && k->kind != SERIES_HOUR && k->kind != SERIES_HOUR_OWN)
		return;
	int64_t at = minutes ? k->at_ms - ((k->at_ms % HOUR_MS) + HOUR_MS) % HOUR_MS : china_day_start_ms(china_day(k->at_ms));
	struct due *u = due_of(&d->due, k->station, minutes ? SERIES_HOUR_OWN : SERIES_DAY_OWN, at, now_us);
	size_t hint = 0;
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].what == SERIES_VALUE)
			due_item(u, k->v[i].item, &hint);
}

/* ---- stations with news ---- */

static size_t where_of(const struct derive *d, int64_t station)
{
	size_t i = (size_t)((uint64_t)station * UINT64_C(0x9E3779B97F4A7C15) >> 24) & (d->cap_where - 1);
	while (d->where[i] && d->fresh[d->where[i] - 1].station != station)
		i = (i + 1) & (d->cap_where - 1);
	return i;
}

/* Finds the places anew: after the list moved, or grew. */
static void find_places(struct derive *d)
{
	size_t need = d->cap_where ? d->cap_where : 256;
	while (need < d->nfresh * 4)
		need *= 2;
	if (need != d->cap_where) {
		free(d->where);
		d->where = must(malloc(need * sizeof *d->where));
		d->cap_where = need;
	}
	memset(d->where, 0, need * sizeof *d->where);
	for (size_t i = 0; i < d->nfresh; i++)
		d->where[where_of(d, d->fresh[i].station)] = (uint32_t)i + 1;
}

static void tell_later(struct derive *d, const struct packet *k)
{
	if (d->nfresh * 2 >= d->cap_where)
		find_places(d);
	uint32_t *at = &d->where[where_of(d, k->station)];
	if (*at) {
		struct fresh *f = &d->fresh[*at - 1];
		f->at_ms = k->at_ms > f->at_ms ? k->at_ms : f->at_ms;
		return;
	}
	if (d->nfresh == FRESH_MAX)
		return;
	if (d->nfresh == d->cap_fresh) {
		d->cap_fresh = d->cap_fresh ? d->cap_fresh * 2 : 64;
		d->fresh = must(realloc(d->fresh, d->cap_fresh * sizeof *d->fresh));
	}
	d->fresh[d->nfresh++] = (struct fresh){ k->station, k->at_ms };
	*at = (uint32_t)d->nfresh;
}

static void on_put(void *arg, const struct packet *v, size_t n)
{
	struct derive *d = arg;
	int64_t now_us = clock_monotonic_us();
	pthread_mutex_lock(&d->lock);
	for (size_t i = 0; i < n; i++) {
		if (!v[i].station)
			continue;
		due_packet(d, &v[i], now_us);
		if (d->running && v[i].source != SERIES_DERIVED)
			tell_later(d, &v[i]);
	}
	pthread_mutex_unlock(&d->lock);
}

static void again(struct derive *d, int64_t station, uint32_t item, enum series_kind kind, int64_t from_ms, int64_t to_ms)
{
	int64_t now_us = clock_monotonic_us();
	int64_t step = kind == SERIES_HOUR_OWN ? HOUR_MS : DAY_MS;
	int64_t at = kind == SERIES_HOUR_OWN ? from_ms - ((from_ms % HOUR_MS) + HOUR_MS) % HOUR_MS : china_day_start_ms(china_day(from_ms));
	for (; at < to_ms; at += step) {
		size_t hint = 0;
		due_item(due_of(&d->due, station, kind, at, now_us), item, &hint);
	}
}

void derive_again(struct derive *d, int64_t station, int64_t from_ms, int64_t to_ms)
{
	struct latest *v;
	size_t n;
	struct fail f = { 0 };
	AUTO(arena_drop) struct arena *a = arena_new();
	if (series_latest(d->app->series, a, &station, 1, &v, &n, &f) != ERR_OK)
		return;
	pthread_mutex_lock(&d->lock);
	for (size_t i = 0; i < n; i++) {
		if (v[i].item && (v[i].kind == SERIES_REAL || v[i].kind == SERIES_MINUTE))
			again(d, station, v[i].item, SERIES_HOUR_OWN, from_ms, to_ms);
		if (v[i].item && (v[i].kind == SERIES_HOUR || v[i].kind == SERIES_HOUR_OWN))
			again(d, station, v[i].item, SERIES_DAY_OWN, from_ms, to_ms);
	}
	pthread_mutex_unlock(&d->lock);
}

/* Hours go before days: a day waits while hours of it are taken. */
static struct due *take_due(struct derive *d, enum series_kind kind, int64_t now_ms, bool all, size_t *ret_n)
{
	pthread_mutex_lock(&d->lock);
	struct due *out = due_take(&d->due, &(struct due_when){ kind, now_ms, clock_monotonic_us(), all }, ret_n);
	pthread_mutex_unlock(&d->lock);
	return out;
}

/* ---- one value ---- */

struct work {
	struct derive *d;
	struct arena *a;
	struct validity air, flue, other;
	struct derive_count count;
	VEC(struct packet) made;
	struct fail *f;
	/* what is derived together: one period of these stations */
	int64_t *stations;
	size_t nstations;
	const struct series_rows *rows[SERIES_KIND_COUNT];
	bool tried[SERIES_KIND_COUNT];
};

static bool counts(const struct validity *v, const struct column *c, size_t i)
{
	return v->counts[(unsigned char)c->flag[i]] && isfinite(c->value[i]);
}

/* Minutes of an hour that values stand for: each for the step between them, or, of real-time values, for its own minute. */
static int minutes_of(const struct validity *v, const struct column *c, bool steps)
{
	int64_t step = HOUR_MS, last = INT64_MIN;
	int n = 0;
	for (size_t i = 1; i < c->n; i++)
		step = c->at_ms[i] - c->at_ms[i - 1] < step ? c->at_ms[i] - c->at_ms[i - 1] : step;
	int each = !steps || c->n < 2 || step < MINUTE_MS ? 1 : (int)(step / MINUTE_MS);
	for (size_t i = 0; i < c->n; i++) {
		if (!counts(v, c, i) || c->at_ms[i] / MINUTE_MS == last)
			continue;
		last = c->at_ms[i] / MINUTE_MS;
		n += each;
	}
	return n;
}

static bool mean_of(const struct validity *v, const struct column *c, double *ret, int *ret_n)
{
	double sum = 0;
	int n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (counts(v, c, i)) {
			sum += c->value[i];
			n++;
		}
	*ret_n = n;
	*ret = n ? sum / n : 0;
	return n > 0 && fabs(*ret) < 9e11;
}

static struct decimal to_decimal(double v)
{
	struct decimal d = { llround(v * FRACTIONS), 6, false };
	while (d.scale > 0 && d.m % 10 == 0) {
		d.m /= 10;
		d.scale--;
	}
	return d;
}

/* One kind of readings of the period, all items in one pass; where the same period of several stations is derived, their rows too. */
static err read_period(struct work *w, const struct due *u, enum series_kind kind, const uint32_t *items, size_t n, struct column *ret)
{
	int64_t length = u->kind == SERIES_HOUR_OWN ? HOUR_MS : DAY_MS;
	if (n && !w->tried[kind] && w->nstations >= TOGETHER_LEAST) {
		const struct series_rows_of rows = { kind, u->at_ms, u->at_ms + length, w->stations, w->nstations };
		TRY(series_rows_read(w->d->app->series, w->a, &rows, &w->rows[kind], w->f));
		w->tried[kind] = true;
	}
	const struct series_span_of span = { u->station, u->at_ms, u->at_ms + length, kind, SERIES_VALUE, items, n, w->rows[kind] };
	return series_read_items(w->d->app->series, w->a, &span, ret, w->f);
}

/* Minutes, or where an item has none, real-time values. */
static err hours_of(struct work *w, const struct validity *v, const struct due *u, struct packet *k, struct reading *out)
{
	struct column *minutes = NEW_N(w->a, struct column, u->n + 1), *real = NEW_N(w->a, struct column, u->n + 1);
	uint32_t *without = NEW_N(w->a, uint32_t, u->n + 1);
	size_t n = 0, at = 0;
	TRY(read_period(w, u, SERIES_MINUTE, u->items, u->n, minutes));
	for (size_t i = 0; i < u->n; i++)
		if (!minutes[i].n)
			without[n++] = u->items[i];
	TRY(read_period(w, u, SERIES_REAL, without, n, real));
	for (size_t i = 0; i < u->n; i++) {
		bool steps = minutes[i].n > 0;
		const struct column *c = steps ? &minutes[i] : &real[at++];
		double mean;
		int counted;
		if (mean_of(v, c, &mean, &counted))
			out[k->n++] = (struct reading){ u->items[i], SERIES_VALUE, minutes_of(v, c, steps) >= v->hour_minutes ? 'N' : 'I', to_decimal(mean) };
	}
	return ERR_OK;
}

static err days_of(struct work *w, const struct validity *v, const struct due *u, struct packet *k, struct reading *out)
{
	struct column *sent = NEW_N(w->a, struct column, u->n + 1), *own = NEW_N(w->a, struct column, u->n + 1);
	TRY(read_period(w, u, SERIES_HOUR, u->items, u->n, sent));
	TRY(read_period(w, u, SERIES_HOUR_OWN, u->items, u->n, own));
	for (size_t i = 0; i < u->n; i++) {
		struct column c = ambient_both(w->a, &sent[i], &own[i]);
		double mean;
		int n;
		if (mean_of(v, &c, &mean, &n))
			out[k->n++] = (struct reading){ u->items[i], SERIES_VALUE, n >= v->day.hours ? 'N' : 'I', to_decimal(mean) };
	}
	return ERR_OK;
}

/* ---- all that is due ---- */

static err rules_of(struct work *w)
{
	const struct app *app = w->d->app;
	int64_t day = china_day(clock_now_ms(app->clock));
	TRY(validity_read(app->catalog, w->a, S("validity/gb3095"), day, &w->air, w->f));
	TRY(validity_read(app->catalog, w->a, S("validity/hj75"), day, &w->flue, w->f));
	return validity_read(app->catalog, w->a, S("validity/house"), day, &w->other, w->f);
}

static err rule_for(struct work *w, struct db_conn *c, int64_t station, const struct validity **ret)
{
	const struct app *app = w->d->app;
	struct ctx cx = { .a = w->a, .c = c, .app = app };
	struct station st;
	err e = station_load(&cx, station, &st);
	if (e == ERR_NOT_FOUND) {
		*ret = &w->other;
		return ERR_OK;
	}
	TRY(e);
	const struct station_kind *k = station_kind_find(app->stations, st.kind);
	*ret = k && str_eq(k->medium, S("air")) ? &w->air : k && str_eq(k->medium, S("flue")) ? &w->flue : &w->other;
	return ERR_OK;
}

static err derive_one(struct work *w, const struct validity *v, const struct due *u)
{
	struct reading *out = NEW_N(w->a, struct reading, u->n + 1);
	struct packet k = { .station = u->station, .at_ms = u->at_ms, .received_ms = clock_now_ms(w->d->app->clock), .kind = u->kind,
			    .source = SERIES_DERIVED, .v = out };
	TRY(u->kind == SERIES_HOUR_OWN ? hours_of(w, v, u, &k, out) : days_of(w, v, u, &k, out));
	if (k.n)
		vec_push(w->a, &w->made, k);
	return ERR_OK;
}

static void put_back(struct derive *d, const struct due *u)
{
	int64_t now = clock_monotonic_us();
	pthread_mutex_lock(&d->lock);
	struct due *to = due_of(&d->due, u->station, u->kind, u->at_ms, now);
	size_t hint = 0;
	for (size_t i = 0; i < u->n; i++)
		due_item(to, u->items[i], &hint);
	pthread_mutex_unlock(&d->lock);
}

static err derive_station(struct work *w, const struct due *u)
{
	struct db_conn *c;
	const struct validity *v = &w->other;
	TRY(db_read_begin(w->d->app->db, &c, w->f));
	err e = rule_for(w, c, u->station, &v);
	db_read_end(w->d->app->db, c);
	return e == ERR_OK ? derive_one(w, v, u) : e;
}

static err put_made(struct work *w)
{
	struct series_put put;
	if (!w->made.n)
		return ERR_OK;
	TRY(series_put(w->d->app->series, w->made.v, w->made.n, &put, w->f));
	for (size_t i = 0; i < w->made.n; i++)
		*(w->made.v[i].kind == SERIES_HOUR_OWN ? &w->count.hours : &w->count.days) += (int64_t)w->made.v[i].n;
	w->count.changed += put.better;
	return ERR_OK;
}

/* The same period of some stations, in one commit. What could not be derived or stored is due again. */
static err derive_some(struct work *w, const struct due *v, size_t n)
{
	err e = ERR_OK;
	memset(&w->made, 0, sizeof w->made);
	memset(w->rows, 0, sizeof w->rows);
	memset(w->tried, 0, sizeof w->tried);
	w->stations = NEW_N(w->a, int64_t, n);
	w->nstations = n;
	for (size_t i = 0; i < n; i++)
		w->stations[i] = v[i].station;
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = derive_station(w, &v[i]);
	if (e == ERR_OK)
		e = put_made(w);
	for (size_t i = 0; i < n && e != ERR_OK; i++)
		put_back(w->d, &v[i]);
	return e;
}

static size_t same_period(const struct due *v, size_t n)
{
	size_t k = 1;
	while (k < n && k < PERIODS_A_COMMIT && v[k].at_ms == v[0].at_ms)
		k++;
	return k;
}

static err derive_kind(struct work *w, enum series_kind kind, bool all)
{
	size_t n, at = 0;
	err e = ERR_OK;
	AUTO(arena_drop) struct arena *a = arena_new();
	w->a = a;
	struct due *v = take_due(w->d, kind, clock_now_ms(w->d->app->clock), all, &n);
	for (size_t k; at < n && e == ERR_OK; at += k) {
		k = same_period(v + at, n - at);
		e = derive_some(w, v + at, k);
		arena_reset(a);
	}
	for (; at < n; at++)
		put_back(w->d, &v[at]);
	for (size_t i = 0; i < n; i++)
		free(v[i].items);
	free(v);
	return e;
}

static err derive_all(struct derive *d, bool all, struct derive_count *ret, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct work w = { .d = d, .a = a, .f = f };
	pthread_mutex_lock(&d->working); /* one at a time: two could derive from halves */
	err e = rules_of(&w);
	if (e == ERR_OK)
		e = derive_kind(&w, SERIES_HOUR_OWN, all);
	if (e == ERR_OK)
		e = derive_kind(&w, SERIES_DAY_OWN, all);
	pthread_mutex_unlock(&d->working);
	if (ret)
		*ret = w.count;
	return e;
}

err derive_due(struct derive *d, struct derive_count *ret, struct fail *f)
{
	return derive_all(d, true, ret, f);
}

int64_t derive_held(struct derive *d)
{
	if (!d)
		return 0;
	pthread_mutex_lock(&d->lock);
	int64_t n = (int64_t)d->due.n;
	pthread_mutex_unlock(&d->lock);
	return n;
}

/* ---- word of it ---- */

static void tell_one(struct derive *d, struct arena *a, struct db_conn *c, const struct fresh *n)
{
	struct ctx cx = { .a = a, .c = c, .app = d->app };
	struct station st;
	struct buf b = BUF(a);
	if (station_load(&cx, n->station, &st) != ERR_OK)
		return;
	buf_put(&b, S("{\"station\":"));
	json_put_id(&b, n->station);
	buf_printf(&b, ",\"at_ms\":%lld}", (long long)n->at_ms);
	http_publish(d->app->http, "reading",
		     &(struct http_about){ "sense.read", st.region, st.sectors, st.secret, 0, &st.owner, st.owner ? 1 : 0 }, buf_str(&b));
}

/* The first so many of a second; the rest waits its turn. */
static void tell(struct derive *d)
{
	struct fresh now[EVENTS_A_SECOND];
	struct db_conn *c;
	struct fail f = { 0 };
	AUTO(arena_drop) struct arena *a = arena_new();
	pthread_mutex_lock(&d->lock);
	size_t n = d->nfresh < EVENTS_A_SECOND ? d->nfresh : EVENTS_A_SECOND;
	if (n) {
		memcpy(now, d->fresh, n * sizeof *now);
		memmove(d->fresh, d->fresh + n, (d->nfresh - n) * sizeof *now);
		d->nfresh -= n;
		find_places(d);
	}
	pthread_mutex_unlock(&d->lock);
	if (!n || !d->app->http || db_read_begin(d->app->db, &c, &f) != ERR_OK)
		return;
	for (size_t i = 0; i < n; i++)
		tell_one(d, a, c, &now[i]);
	db_read_end(d->app->db, c);
}

static void *work_on(void *arg)
{
	struct derive *d = arg;
	struct timespec until;
	pthread_mutex_lock(&d->lock);
	while (!d->stopping) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 1;
		(void)pthread_cond_timedwait(&d->wake, &d->lock, &until);
		if (d->stopping)
			break;
		bool due = d->due.n > 0;
		pthread_mutex_unlock(&d->lock);
		struct fail f = { 0 };
		if (due && derive_all(d, false, NULL, &f) != ERR_OK)
			LOG(WARN, "hours and days could not be derived");
		tell(d);
		pthread_mutex_lock(&d->lock);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

/* ---- opening ---- */

err derive_start(const struct app *app, bool background, struct derive **ret, struct fail *f)
{
	struct derive *d = must(calloc(1, sizeof *d));
	d->app = app;
	pthread_mutex_init(&d->lock, NULL);
	pthread_mutex_init(&d->working, NULL);
	pthread_cond_init(&d->wake, NULL);
	err e = series_each_since(app->series, LOOK_BACK_MS, on_put, d, f);
	if (e == ERR_OK && background) {
		d->running = pthread_create(&d->thread, NULL, work_on, d) == 0;
		e = d->running ? ERR_OK : FAIL(f, IO, "", "err.threads");
	}
	if (e != ERR_OK) {
		derive_stop(d);
		return e;
	}
	series_watch(app->series, on_put, d);
	*ret = d;
	return ERR_OK;
}

void derive_stop(struct derive *d)
{
	if (!d)
		return;
	series_unwatch(d->app->series, on_put, d);
	if (d->running) {
		pthread_mutex_lock(&d->lock);
		d->stopping = true;
		pthread_cond_signal(&d->wake);
		pthread_mutex_unlock(&d->lock);
		pthread_join(d->thread, NULL);
	}
	due_free(&d->due);
	free(d->fresh);
	free(d->where);
	pthread_mutex_destroy(&d->lock);
	pthread_mutex_destroy(&d->working);
	pthread_cond_destroy(&d->wake);
	free(d);
}
