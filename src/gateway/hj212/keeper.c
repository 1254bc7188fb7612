/* The housekeeper of the gateway: what the store says of devices, what devices did for the store. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "gateway/device_sql.h"
#include "gateway/hj212/device.h"
#include "gateway/hj212/server_parts.h"

enum {
	HOUR_MS = 3600000, TICK_MS = 250, LOOK_EVERY_US = 1000000, COUNTS_EVERY_US = 5000000, CLEAR_EVERY_US = 600000000,
	QUARANTINE_MAX = 10000, COMMANDS_MAX = 500, PAGE = 200,
};

/* ---- frames of a device that was approved now ---- */

struct replay {
	struct hj212 *g;
	const struct hj212_device *device;
	struct hj212_reader *reader;
	struct hj212_data *data;
};

/* What the strict policy of the time before knew nothing of is judged by the policy that was chosen, as the packet came: what
 * is kept has no password any more, so its sum cannot be taken again. */
static bool readable(struct replay *p, const struct raw_record *r, struct hj212_head *h)
{
	struct hj212_frame f;
	enum hj212_found found;
	enum hj212_crc_policy policy = p->device->crc;
	hj212_next(&p->g->crc, r->raw, true, &f, &found);
	bool whole = !r->fault.n || (policy == HJ212_REPORT && (str_starts(r->fault, S("crc:")) || str_eq(r->fault, S("length")))) ||
		     (policy == HJ212_MODBUS && str_eq(r->fault, S("crc:modbus"))) || (policy == HJ212_SWAPPED && str_eq(r->fault, S("crc:swapped")));
	return whole && found == HJ212_FRAME && hj212_head(f.segment, h) && h->whole;
}

static err put_page(struct replay *p, struct arena *a, const struct raw_record *v, size_t n, struct fail *f)
{
	VEC(struct packet) packets = { 0 };
	struct hj212_head h;
	for (size_t i = 0; i < n; i++) {
		if (v[i].station || !readable(p, &v[i], &h))
			continue;
		hj212_read(p->reader, &h, p->data);
		if (!p->data->has_data || p->data->at_ms == INT64_MIN || p->data->at_ms > v[i].received_ms + DAY_MS || !p->data->n)
			continue;
		struct reading *r = NEW_N(a, struct reading, p->data->n);
		memcpy(r, p->data->v, p->data->n * sizeof *r);
		hj212_mean(p->device, r, p->data->n);
		vec_push(a, &packets, (struct packet){ .station = p->device->station, .at_ms = p->data->at_ms, .received_ms = v[i].received_ms,
						       .kind = p->data->kind, .source = SERIES_DEVICE, .v = r, .n = p->data->n });
	}
	return packets.n ? series_put(p->g->app->series, packets.v, packets.n, NULL, f) : ERR_OK;
}

static void replay(struct hj212 *g, const struct hj212_device *d)
{
	struct replay p = { g, d, calloc(1, sizeof *p.reader), malloc(sizeof *p.data) };
	AUTO(arena_drop) struct arena *a = arena_new();
	struct raw_record *v;
	struct fail f = { 0 };
	int64_t before = INT64_MAX;
	size_t n = PAGE;
	if (!p.reader || !p.data)
		abort();
	p.reader->words = g->words;
	p.reader->item = hj212_dictionary_item;
	p.reader->arg = &g->dictionary;
	while (n == PAGE && raw_read(g->raw, a, d->mn, 0, INT64_MAX, before, PAGE, &v, &n, &f) == ERR_OK && n) {
		before = v[n - 1].place;
		if (put_page(&p, a, v, n, &f) != ERR_OK)
			log_fail(LOG_ERROR, "frames of an approved device could not be stored", &f);
		arena_reset(a);
	}
	free(p.reader);
	free(p.data);
}

/* ---- the registry ---- */

static struct hj212_device copy_of(struct arena *a, const struct hj212_device *d)
{
	struct hj212_device out = *d;
	struct hj212_meaning *m = NEW_N(a, struct hj212_meaning, d->nmeanings + 1);
	if (d->nmeanings)
		memcpy(m, d->meanings, d->nmeanings * sizeof *m);
	out.mn = arena_str(a, d->mn);
	out.meanings = m;
	if (d->usual) {
		struct hj212_usual *u = NEW(a, struct hj212_usual);
		u->n = d->usual->n;
		u->to = NEW_N(a, uint32_t, u->n + 1);
		memcpy(u->to, d->usual->to, u->n * sizeof *u->to);
		out.usual = u;
	}
	return out;
}

/* Swaps the registry under the lock; devices that were quarantined until now are listed. */
static size_t adopt(struct hj212 *g, struct hj212_registry *r, struct arena *a, struct hj212_device **ret)
{
	VEC(struct hj212_device) fresh = { 0 };
	struct hj212_registry *old = g->registry;
	for (size_t i = 0; i < r->by_mn.cap; i++) {
		const struct hj212_device *now = map_value(&r->by_mn, i), *was = now ? map_get(&old->by_mn, now->mn) : NULL;
		bool waited = now && (was ? !was->approved : map_get(&g->lives, now->mn) != NULL);
		if (waited && now->approved)
			vec_push(a, &fresh, copy_of(a, now));
	}
	g->registry = r;
	for (size_t i = 0; i < g->all.n; i++) {
		struct hj212_live *l = g->all.v[i];
		l->device = map_get(&r->by_mn, l->mn);
		l->pw_known = false; /* the password may have been changed */
		l->reported = l->reported && l->device;
	}
	hj212_registry_free(old);
	*ret = fresh.v;
	return fresh.n;
}

static err read_stamp(struct hj212 *g, int64_t stamp[static 4], struct fail *f)
{
	struct db_conn *c;
	struct device_stamp_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(g->app->db, &c, f));
	err e = device_stamp(c, a, &row);
	db_read_end(g->app->db, c);
	TRY(e);
	int64_t now[4] = { row.devices, row.vers, row.items, row.stations };
	memcpy(stamp, now, sizeof now);
	return ERR_OK;
}

static err refresh_alone(struct hj212 *g, struct fail *f)
{
	int64_t stamp[4];
	struct hj212_registry *r;
	struct hj212_device *fresh;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(read_stamp(g, stamp, f));
	if (g->registry && memcmp(stamp, g->stamp, sizeof stamp) == 0)
		return ERR_OK;
	TRY(hj212_registry_read(g->app, &g->dictionary, &r, f));
	memcpy(g->stamp, stamp, sizeof stamp);
	if (!g->registry) {
		g->registry = r;
		return ERR_OK;
	}
	pthread_mutex_lock(&g->lock);
	size_t n = adopt(g, r, a, &fresh);
	pthread_mutex_unlock(&g->lock);
	for (size_t i = 0; i < n; i++)
		replay(g, &fresh[i]);
	return ERR_OK;
}

static err refresh(struct hj212 *g, struct fail *f)
{
	pthread_mutex_lock(&g->refreshing);
	err e = refresh_alone(g, f);
	pthread_mutex_unlock(&g->refreshing);
	return e;
}

void hj212_refresh(struct hj212 *g)
{
	struct fail f = { 0 };
	if (refresh(g, &f) != ERR_OK)
		log_fail(LOG_WARN, "devices", &f);
}

/* ---- unknown devices ---- */

struct listing {
	struct hj212 *g;
	str *v;
	size_t n;
};

static err insert_unknown(struct db_conn *c, void *arg)
{
	struct listing *w = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct device_quarantined_row held;
	TRY(device_quarantined(c, a, &held));
	for (size_t i = 0; i < w->n && held.n + (int64_t)i < QUARANTINE_MAX; i++) {
		struct device_by_mn_row row;
		err e = device_by_mn(c, a, &(struct device_by_mn_params){ w->v[i] }, &row);
		if (e == ERR_OK)
			continue;
		if (e != ERR_NOT_FOUND)
			return e;
		TRY(device_insert(c, &(struct device_insert_params){ w->g->app->home_region, w->v[i], 0, S("quarantined"), S("auto"), S("strict"),
								     S("asked"), S(""), S(""), S(""), 0, 0, S(""),
								     clock_now_ms(w->g->app->clock), 1 }, NULL));
	}
	return ERR_OK;
}

static err list_unknown(struct hj212 *g, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct listing w = { .g = g };
	pthread_mutex_lock(&g->lock);
	w.v = NEW_N(a, str, g->unknown.n + 1);
	for (; w.n < g->unknown.n; w.n++)
		w.v[w.n] = arena_str(a, g->unknown.v[w.n]);
	arena_reset(g->unknown_a);
	memset(&g->unknown, 0, sizeof g->unknown);
	pthread_mutex_unlock(&g->lock);
	return w.n ? db_write(g->app->db, insert_unknown, &w, f) : ERR_OK;
}

/* ---- counts ---- */

struct tally {
	int64_t region, hour, last_ms, offset_ms;
	str mn;
	struct hj212_counts counts;
};
struct tallies {
	struct tally *v;
	size_t n;
};

static err add_tallies(struct db_conn *c, void *arg)
{
	const struct tallies *t = arg;
	for (size_t i = 0; i < t->n; i++) {
		const struct tally *k = &t->v[i];
		struct device_hour_add_params p = { .region = k->region, .mn = k->mn, .hour = k->hour, .last_ms = k->last_ms, .offset_ms = k->offset_ms };
#define X(name) p.name = k->counts.name;
		HJ212_COUNTS(X)
#undef X
		TRY(device_hour_add(c, &p, NULL));
	}
	return ERR_OK;
}

static err write_counts(struct hj212 *g, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct tallies t = { 0 };
	int64_t hour = clock_now_ms(g->app->clock) / HOUR_MS;
	pthread_mutex_lock(&g->lock);
	t.v = NEW_N(a, struct tally, g->all.n + 1);
	for (size_t i = 0; i < g->all.n; i++) {
		struct hj212_live *l = g->all.v[i];
		if (l->hour != hour)
			l->kept_unknown = 0;
		l->hour = hour;
		if (!l->dirty || !l->device)
			continue;
		t.v[t.n++] = (struct tally){ l->device->region, l->last_ms / HOUR_MS, l->last_ms, l->offset_ms, arena_str(a, l->device->mn), l->counts };
		l->counts = (struct hj212_counts){ 0 };
		l->dirty = false;
	}
	pthread_mutex_unlock(&g->lock);
	return t.n ? db_write(g->app->db, add_tallies, &t, f) : ERR_OK;
}

/* ---- commands ---- */

static err fetch_commands(struct hj212 *g, struct fail *f)
{
	struct db_conn *c;
	struct command_waiting_rows rows;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(g->app->db, &c, f));
	err e = command_waiting(c, a, &(struct command_waiting_params){ COMMANDS_MAX }, &rows);
	db_read_end(g->app->db, c);
	TRY(e);
	pthread_mutex_lock(&g->lock);
	for (size_t i = 0; i < rows.n; i++) {
		struct hj212_live *l = hj212_live_of(g, rows.v[i].mn);
		if (l)
			hj212_command_add(g, l, rows.v[i].region, rows.v[i].id, rows.v[i].cn, rows.v[i].body, rows.v[i].made_ms);
	}
	pthread_mutex_unlock(&g->lock);
	return ERR_OK;
}

/* ---- clocks ---- */

struct clock_job {
	struct hj212 *g;
	int64_t region, now_ms;
	str mn;
};

/* An act of the system: told in the ledger as one of a person would be. */
static err order_clock(struct db_conn *c, void *arg)
{
	const struct clock_job *j = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = { .a = a, .c = c, .app = j->g->app, .now_ms = j->now_ms, .lang = S("zh-CN") };
	return device_command_by_system(&cx, j->region, j->mn, S("1012"),
					arena_printf(a, "SystemTime=%.14s", hj212_qn(a, j->now_ms).p));
}

/* Devices whose clock is off by more than the limit are set right, once an hour at most. */
static err set_clocks(struct hj212 *g, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	VEC(struct clock_job) off = { 0 };
	int64_t now = clock_now_ms(g->app->clock), limit = g->o.clock_limit_s * 1000;
	pthread_mutex_lock(&g->lock);
	for (size_t i = 0; limit > 0 && i < g->all.n; i++) {
		struct hj212_live *l = g->all.v[i];
		int64_t by = l->offset_ms < 0 ? -l->offset_ms : l->offset_ms;
		if (!l->gen || !l->device || !l->device->approved || by <= limit || now - l->clock_set_ms < HOUR_MS)
			continue;
		l->clock_set_ms = now;
		vec_push(a, &off, (struct clock_job){ g, l->device->region, now, arena_str(a, l->device->mn) });
	}
	pthread_mutex_unlock(&g->lock);
	for (size_t i = 0; i < off.n; i++)
		TRY(db_write(g->app->db, order_clock, &off.v[i], f));
	return ERR_OK;
}

static err write_updates(struct db_conn *c, void *arg)
{
	for (const struct hj212_update *u = arg; u; u = u->next)
		TRY(command_update(c, &(struct command_update_params){ u->region, u->id, str_of(u->state), str_of(u->qn), u->answer, u->tries,
								       u->done_ms == INT64_MIN ? DB_NONE : u->done_ms }, NULL));
	return ERR_OK;
}

static err store_updates(struct hj212 *g, struct fail *f)
{
	pthread_mutex_lock(&g->lock);
	struct hj212_update *list = g->updates;
	struct arena *a = g->updates_a;
	g->updates_a = arena_new();
	g->updates = NULL;
	g->updates_end = &g->updates;
	pthread_mutex_unlock(&g->lock);
	err e = list ? db_write(g->app->db, write_updates, list, f) : ERR_OK;
	arena_free(a);
	return e;
}

static err drop_orphans(struct db_conn *c, void *arg)
{
	return command_orphans(c, &(struct command_orphans_params){ *(int64_t *)arg }, NULL);
}

/* ---- the round ---- */

static void log_if(err e, const char *what, struct fail *f)
{
	if (e != ERR_OK) {
		log_fail(LOG_WARN, what, f);
		*f = (struct fail){ 0 };
	}
}

err hj212_keep_first(struct hj212 *g, struct fail *f)
{
	int64_t now = clock_now_ms(g->app->clock);
	TRY(refresh(g, f));
	return db_write(g->app->db, drop_orphans, &now, f);
}

/* → true: somebody asked; false: the time is over. */
static bool wait_a_while(struct hj212 *g)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += TICK_MS * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000L;
	t.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&g->lock);
	while (!g->asked && g->keeping && pthread_cond_timedwait(&g->keep, &g->lock, &t) != ETIMEDOUT)
		;
	bool asked = g->asked;
	g->asked = false;
	pthread_mutex_unlock(&g->lock);
	return asked;
}

static bool over(struct hj212 *g)
{
	pthread_mutex_lock(&g->lock);
	bool yes = !g->keeping;
	pthread_mutex_unlock(&g->lock);
	return yes;
}

static bool is_due(int64_t *last_us, int64_t now_us, int64_t every_us)
{
	if (now_us - *last_us < every_us)
		return false;
	*last_us = now_us;
	return true;
}

/* The store is asked when somebody says that something changed, and now and then in case nobody did. */
static void look_at_store(struct hj212 *g)
{
	struct fail f = { 0 };
	log_if(refresh(g, &f), "devices", &f);
	log_if(set_clocks(g, &f), "clocks", &f);
	log_if(fetch_commands(g, &f), "commands", &f);
}

static void write_down(struct hj212 *g, bool counts)
{
	struct fail f = { 0 };
	log_if(list_unknown(g, &f), "unknown devices", &f);
	log_if(store_updates(g, &f), "commands", &f);
	if (counts)
		log_if(write_counts(g, &f), "counts", &f);
}

static void push_commands(struct hj212 *g)
{
	pthread_mutex_lock(&g->lock);
	hj212_command_tick(g);
	pthread_mutex_unlock(&g->lock);
}

void *hj212_keep(void *gateway)
{
	struct hj212 *g = gateway;
	struct fail f = { 0 };
	int64_t looked = 0, counted = clock_monotonic_us(), cleared = 0;
	while (!over(g)) {
		bool asked = wait_a_while(g);
		int64_t now = clock_monotonic_us();
		write_down(g, is_due(&counted, now, COUNTS_EVERY_US));
		if (is_due(&looked, now, asked ? 0 : LOOK_EVERY_US))
			look_at_store(g);
		push_commands(g);
		if (is_due(&cleared, now, CLEAR_EVERY_US))
			raw_forget(g->raw, clock_now_ms(g->app->clock) - g->o.keep_days * DAY_MS);
	}
	write_down(g, false);
	log_if(refresh(g, &f), "devices", &f);
	write_down(g, true);
	return NULL;
}
