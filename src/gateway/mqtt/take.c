/* What a message does: readings into the batch, presence into the topic's tally, what nobody has spoken for into the quarantine. */
#include "gateway/mqtt/mqtt_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "gateway/mqtt_sql.h"

/* ---- the tally ---- */

static void note(struct mqtt_tally *t, str payload, int64_t now_ms)
{
	size_t n = 0, at = 0;
	char letter[4];
	t->messages++;
	t->last_ms = now_ms;
	while (at < payload.n) { /* the beginning, as text that any store takes */
		uint32_t cp = utf8_next(payload, &at);
		size_t len = utf8_encode(cp < ' ' || cp == 0x7f ? ' ' : cp, letter);
		if (n + len > MQTT_SAMPLE)
			break;
		memcpy(t->sample + n, letter, len);
		n += len;
	}
	t->sample[n] = '\0';
}

static void take_fault(struct mqtt *g, struct mqtt_known *k, enum mqtt_fault f)
{
	struct mqtt_counts *c = &g->stats.counts;
	pthread_mutex_lock(&g->lock);
	c->empty += f == MQTT_FAULT_EMPTY;
	c->large += f == MQTT_FAULT_LARGE;
	c->json += f == MQTT_FAULT_JSON;
	c->shape += f == MQTT_FAULT_SHAPE;
	c->time += f == MQTT_FAULT_TIME;
	pthread_mutex_unlock(&g->lock);
	k->tally.faults++;
}

/* ---- messages of topics that are known ---- */

static void take_presence(struct mqtt *g, struct mqtt_known *k, str payload, int64_t now_ms)
{
	bool online;
	if (!mqtt_presence(g->a, payload, &online)) {
		take_fault(g, k, MQTT_FAULT_SHAPE);
		return;
	}
	MQTT_COUNT(g, presence, 1);
	MQTT_COUNT(g, offline, !online);
	k->tally.offline += !online && k->tally.online != 0;
	k->tally.online = online;
	k->tally.changed_ms = now_ms;
}

/* Names that neither the catalog nor the station know are made for so many only: a device gone mad must not fill the dictionary. */
static bool may_name(struct mqtt *g, const struct mqtt_known *k, str code)
{
	enum { NEW_NAMES = 500 };
	struct station_item it = station_item_of(g->app->stations, &k->station, k->items, k->nitems, code);
	if (series_item_known(g->app->series, it.item))
		return true;
	return g->named++ < NEW_NAMES;
}

static void take_value(struct mqtt *g, struct mqtt_known *k, const struct mqtt_value *v, bool retained, int64_t now_ms)
{
	struct fail f = { 0 };
	bool timed = v->at_ms != INT64_MIN;
	int64_t at = timed ? v->at_ms : now_ms;
	if (!timed && retained) { /* of some day before; nobody knows which */
		MQTT_COUNT(g, retained, 1);
		return;
	}
	if (!reading_time_ok(at, now_ms)) {
		MQTT_COUNT(g, bad_time, 1);
		return;
	}
	if (!may_name(g, k, v->code)) {
		MQTT_COUNT(g, lost, 1);
		return;
	}
	err e = reading_batch_add(g->batch, g->app->stations, &k->station, k->items, k->nitems, v->kind, at, v->code, SERIES_VALUE, v->value,
				  v->flag, &f);
	if (e == ERR_OK) {
		k->tally.readings++;
		MQTT_COUNT(g, readings, 1);
	} else {
		MQTT_COUNT(g, lost, 1); /* more codes than the house counts */
	}
}

static void take_values(struct mqtt *g, struct mqtt_known *k, str topic, str payload, bool retained, int64_t now_ms)
{
	struct mqtt_values v;
	str code = k->item.n ? k->item : arena_str(g->a, mqtt_topic_code(topic));
	enum mqtt_fault fault = mqtt_payload_read(g->a, payload, code, k->kind, &v);
	if (fault) {
		take_fault(g, k, fault);
		return;
	}
	MQTT_COUNT(g, words, v.words);
	for (size_t i = 0; i < v.n; i++)
		take_value(g, k, &v.v[i], retained, now_ms);
}

static void take_known(struct mqtt *g, struct mqtt_known *k, str topic, str payload, bool retained, int64_t now_ms)
{
	if (k->presence)
		take_presence(g, k, payload, now_ms);
	else
		take_values(g, k, topic, payload, retained, now_ms);
}

void mqtt_take(struct mqtt *g, str topic, str payload, bool retained, int64_t now_ms)
{
	struct mqtt_known *k = mqtt_topic_of(g, topic);
	MQTT_COUNT(g, messages, 1);
	if (k) {
		note(&k->tally, payload, now_ms);
		k->dirty = true;
	}
	if (k && k->approved) {
		take_known(g, k, topic, payload, retained, now_ms);
	} else if (k && k->refused) {
		MQTT_COUNT(g, refused, 1);
	} else {
		MQTT_COUNT(g, unknown, 1);
		vec_push(g->a, &g->holds, ((struct mqtt_hold){ arena_str(g->a, topic), arena_str(g->a, payload), now_ms }));
	}
}

/* ---- durable ---- */

struct holding {
	struct mqtt *g;
	struct arena *a;
	int64_t lost;
};

static err begin_topic(struct db_conn *c, struct holding *h, const struct mqtt_hold *x, struct mqtt_by_topic_row *ret)
{
	const struct app *app = h->g->app;
	struct mqtt_quarantined_row n;
	TRY(mqtt_quarantined(c, h->a, &n));
	if (n.n >= MQTT_TOPICS_MAX || !mqtt_topic_valid(x->topic) || memchr(x->topic.p, '+', x->topic.n))
		return ERR_NOT_FOUND;
	*ret = (struct mqtt_by_topic_row){ app->home_region, id_next(app->ids, x->at_ms), S("quarantined"), 0 };
	return mqtt_topic_insert(c,
				 &(struct mqtt_topic_insert_params){ .region = ret->region, .id = ret->id, .topic = x->topic, .station = 0,
								     .form = S("values"), .item = S(""), .kind = S("real"), .state = ret->state,
								     .reason = S(""), .first_ms = x->at_ms },
				 NULL);
}

static err count(struct db_conn *c, int64_t region, int64_t id, const struct mqtt_tally *t)
{
	return mqtt_topic_count(c,
				&(struct mqtt_topic_count_params){ region, id, t->messages, t->readings, t->faults, t->held, t->lost, t->offline,
								   t->online, t->changed_ms, t->last_ms, str_of(t->sample) },
				NULL);
}

static err hold_one(struct db_conn *c, struct holding *h, const struct mqtt_hold *x)
{
	struct mqtt_by_topic_row row;
	struct mqtt_tally t = { .online = -1 };
	err e = mqtt_by_topic(c, h->a, &(struct mqtt_by_topic_params){ x->topic }, &row);
	bool fresh = e == ERR_NOT_FOUND;
	if (fresh)
		e = begin_topic(c, h, x, &row);
	if (e == ERR_NOT_FOUND) { /* beyond what is kept of strangers */
		h->lost++;
		return ERR_OK;
	}
	TRY(e);
	note(&t, x->payload, x->at_ms);
	t.held = row.held < MQTT_HELD_MAX && x->payload.n <= MQTT_HELD_BYTES;
	t.lost = !t.held;
	t.messages = fresh || !map_get(&h->g->by_topic, x->topic); /* else the tally counts it */
	h->lost += t.lost;
	if (t.held)
		TRY(mqtt_held_insert(c, &(struct mqtt_held_insert_params){ row.region, row.id, x->at_ms, x->payload }, NULL));
	return count(c, row.region, row.id, &t);
}

static err hold_all(struct db_conn *c, void *arg)
{
	struct holding *h = arg;
	h->lost = 0;
	for (size_t i = 0; i < h->g->holds.n; i++)
		TRY(hold_one(c, h, &h->g->holds.v[i]));
	return ERR_OK;
}

static err write_holds(struct mqtt *g, struct fail *f)
{
	struct holding h = { .g = g, .a = g->a };
	if (!g->holds.n)
		return ERR_OK;
	TRY(db_write(g->app->db, hold_all, &h, f));
	MQTT_COUNT(g, lost, h.lost);
	return ERR_OK;
}

static void begin_batch(struct mqtt *g)
{
	arena_reset(g->a);
	memset(&g->holds, 0, sizeof g->holds);
	g->batch = reading_batch_new(g->a, g->app->series, SERIES_MQTT, clock_now_ms(g->app->clock));
}

err mqtt_commit(struct mqtt *g, struct fail *f)
{
	err e = ERR_OK;
	struct series_put put;
	bool any = g->batch && reading_batch_size(g->batch) > 0;
	if (any)
		e = reading_batch_put(g->batch, &put, f);
	if (e == ERR_OK)
		e = write_holds(g, f);
	MQTT_COUNT(g, batches, any && e == ERR_OK);
	MQTT_COUNT(g, failed_batches, e != ERR_OK);
	begin_batch(g);
	return e;
}

static err write_dirty(struct db_conn *c, void *arg)
{
	struct mqtt *g = arg;
	for (size_t i = 0; i < g->all.n; i++)
		if (g->all.v[i]->dirty)
			TRY(count(c, g->all.v[i]->region, g->all.v[i]->id, &g->all.v[i]->tally));
	return ERR_OK;
}

err mqtt_write_tallies(struct mqtt *g, struct fail *f)
{
	bool any = false;
	for (size_t i = 0; i < g->all.n && !any; i++)
		any = g->all.v[i]->dirty;
	if (!any)
		return ERR_OK;
	TRY(db_write(g->app->db, write_dirty, g, f));
	for (size_t i = 0; i < g->all.n; i++) {
		struct mqtt_known *k = g->all.v[i];
		k->tally = (struct mqtt_tally){ .online = -1 };
		k->dirty = false;
	}
	return ERR_OK;
}

/* ---- messages that waited ---- */

struct releasing {
	const struct mqtt_known *k;
	int64_t to_n, n;
};

static err release(struct db_conn *c, void *arg)
{
	const struct releasing *r = arg;
	TRY(mqtt_held_drop(c, &(struct mqtt_held_drop_params){ r->k->region, r->k->id, r->to_n }, NULL));
	return mqtt_held_less(c, &(struct mqtt_held_less_params){ r->k->region, r->k->id, r->n }, NULL);
}

/* Read first and let go afterwards: a second reading of the same does no harm. */
static err read_held_of(struct mqtt *g, struct mqtt_known *k, struct mqtt_known *as, struct fail *f)
{
	struct db_conn *c;
	struct mqtt_held_list_rows rows;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(g->app->db, &c, f));
	err e = mqtt_held_list(c, a, &(struct mqtt_held_list_params){ k->region, k->id, MQTT_HELD_MAX }, &rows);
	db_read_end(g->app->db, c);
	TRY(e);
	for (size_t i = 0; i < rows.n; i++)
		take_known(g, as, k->topic, rows.v[i].payload, false, rows.v[i].at_ms);
	as->dirty |= rows.n > 0;
	TRY(mqtt_commit(g, f));
	struct releasing r = { k, rows.n ? rows.v[rows.n - 1].n : 0, (int64_t)rows.n };
	TRY(db_write(g->app->db, release, &r, f));
	k->held = 0;
	return ERR_OK;
}

err mqtt_read_held(struct mqtt *g, struct fail *f)
{
	for (size_t i = 0; i < g->all.n; i++) {
		struct mqtt_known *k = g->all.v[i], *as = k->held ? mqtt_topic_of(g, k->topic) : NULL;
		if (as && as->approved)
			TRY(read_held_of(g, k, as, f));
	}
	return ERR_OK;
}
