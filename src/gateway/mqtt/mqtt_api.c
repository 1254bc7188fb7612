/* /api/mqtt: the client, its topics, and what people decide about them. Each decision is an act in the ledger. */
#include "core/grant.h"
#include "core/ledger.h"
#include "core/views.h"
#include "gateway/mqtt/mqtt.h"
#include "gateway/mqtt/payload.h"
#include "gateway/mqtt_sql.h"
#include "gateway/routes.h"
#include "sense/station.h"

/* ---- looking ---- */

#define MQTT_TALLY(F, O, L)                                                                                              \
	F(I64, messages, REQ) F(I64, readings, REQ) F(I64, words, REQ) F(I64, empty, REQ) F(I64, large, REQ) F(I64, json, REQ)     \
	F(I64, shape, REQ) F(I64, time, REQ) F(I64, bad_time, REQ) F(I64, retained, REQ) F(I64, unknown, REQ) F(I64, refused, REQ) \
	F(I64, lost, REQ) F(I64, presence, REQ) F(I64, offline, REQ) F(I64, batches, REQ) F(I64, failed_batches, REQ)            \
	F(I64, connects, REQ) F(I64, disconnects, REQ) F(I64, failed_connects, REQ)
JSON_STRUCT(mqtt_tally_out, MQTT_TALLY)
JSON_DEFINE(mqtt_tally_out, MQTT_TALLY)

#define MQTT_OUT(F, O, L)                                                                                                \
	F(BOOL, on, REQ) F(BOOL, connected, REQ) F(I64, since_ms, NUL) F(STR, address, REQ, .max = 256) F(STR, client, REQ)         \
	F(STR, trouble, REQ) O(mqtt_tally_out, counts, REQ)
JSON_STRUCT(mqtt_out, MQTT_OUT)
JSON_DEFINE(mqtt_out, MQTT_OUT)

static err mqtt_get(struct req *rq)
{
	struct mqtt *g = rq->cx.app->mqtt;
	struct mqtt_stats s = g ? mqtt_stats(g) : (struct mqtt_stats){ 0 };
	struct mqtt_tally_out counts = {
#define X(name) .name = s.counts.name,
		MQTT_COUNTS(X)
#undef X
	};
	struct mqtt_out out = { .on = g != NULL, .connected = s.connected, .since_ms = s.since_ms ? s.since_ms : JSON_NONE,
				.address = str_of(s.address), .client = str_of(s.client), .trouble = str_of(s.trouble), .counts = &counts };
	return reply_json(rq, &out);
}

/* online: null when the topic never said. held: messages kept until somebody decides; lost: beyond what is kept. */
#define TOPIC_OUT(F, O, L)                                                                                               \
	F(ID, id, REQ)                                                                                                   \
	F(STR, topic, REQ, .max = MQTT_TOPIC_MAX)                                                                        \
	F(ENUM, state, REQ, .options = "approved|quarantined|refused")                                                   \
	F(ID, station, NUL)                                                                                              \
	F(STR, station_name, REQ)                                                                                        \
	F(STR, station_name_en, REQ)                                                                                     \
	F(ID, region, REQ, .format = "region")                                                                           \
	F(ENUM, form, REQ, .options = "values|presence")                                                                 \
	F(STR, item, REQ)                                                                                                \
	F(STR, kind, REQ)                                                                                                \
	F(STR, reason, REQ, .max = 500)                                                                                  \
	F(I64, first_ms, REQ)                                                                                            \
	F(I64, last_ms, NUL)                                                                                             \
	F(I64, messages, REQ)                                                                                            \
	F(I64, readings, REQ)                                                                                            \
	F(I64, faults, REQ)                                                                                              \
	F(I64, held, REQ)                                                                                                \
	F(I64, lost, REQ)                                                                                                \
	F(I64, offline, REQ)                                                                                             \
	F(STR, online, NUL)                                                                                              \
	F(I64, changed_ms, NUL)                                                                                          \
	F(STR, sample, REQ, .max = 400)                                                                                  \
	F(I64, ver, REQ)
JSON_STRUCT(mqtt_topic_out, TOPIC_OUT)
JSON_DEFINE(mqtt_topic_out, TOPIC_OUT)
#define TOPIC_LIST(F, O, L) L(mqtt_topic_out, items, REQ) F(STR, next, NUL)
JSON_STRUCT(mqtt_topic_list_out, TOPIC_LIST)
JSON_DEFINE(mqtt_topic_list_out, TOPIC_LIST)

/* state: of topics without a station; left out: those that have one. */
#define TOPIC_QUERY(F, O, L) F(ID, station, OPT) F(ENUM, state, OPT, .options = "quarantined|refused") PAGE_QUERY(F)
JSON_STRUCT(mqtt_topic_query, TOPIC_QUERY)
JSON_DEFINE(mqtt_topic_query, TOPIC_QUERY)

static int64_t or_none(int64_t v)
{
	return v ? v : JSON_NONE;
}

static str online_word(int64_t v)
{
	return v < 0 ? (str){ 0 } : v ? S("online") : S("offline");
}

static struct mqtt_topic_out view_of(const struct mqtt_topic_list_row *r)
{
	return (struct mqtt_topic_out){ r->id, r->topic, r->state, or_none(r->station), view_str(r->station_name), view_str(r->station_name_en),
					r->region, r->form, r->item, r->kind, r->reason, r->first_ms, or_none(r->last_ms), r->messages, r->readings,
					r->faults, r->held, r->lost, r->offline, online_word(r->online), or_none(r->changed_ms), r->sample, r->ver };
}

static struct mqtt_topic_out bare_of(const struct mqtt_topic_get_row *r)
{
	return (struct mqtt_topic_out){ r->id, r->topic, r->state, or_none(r->station), S(""), S(""), r->region, r->form, r->item, r->kind,
					r->reason, r->first_ms, or_none(r->last_ms), r->messages, r->readings, r->faults, r->held, r->lost,
					r->offline, online_word(r->online), or_none(r->changed_ms), r->sample, r->ver };
}

static struct mqtt_topic_out unknown_of(const struct mqtt_topic_unknown_row *r)
{
	return (struct mqtt_topic_out){ r->id, r->topic, r->state, JSON_NONE, S(""), S(""), r->region, r->form, r->item, r->kind, r->reason,
					r->first_ms, or_none(r->last_ms), r->messages, r->readings, r->faults, r->held, r->lost, r->offline,
					online_word(r->online), or_none(r->changed_ms), r->sample, r->ver };
}

static err known_list(struct req *rq, const struct mqtt_topic_query *q, int64_t limit, struct mqtt_topic_list_out *out, bool *ret_more)
{
	struct mqtt_topic_list_rows rows;
	struct db_scope scope = cx_scope(&rq->cx, S("sense.read"));
	const struct mqtt_topic_list_params p = { q->after == JSON_NONE ? 0 : q->after, q->station, limit + 1 };
	TRY(mqtt_topic_list(rq->cx.c, rq->a, &p, &scope, &rows));
	out->items.v = NEW_N(rq->a, struct mqtt_topic_out, rows.n + 1);
	for (size_t i = 0; i < rows.n && (int64_t)i < limit; i++)
		out->items.v[out->items.n++] = view_of(&rows.v[i]);
	*ret_more = (int64_t)rows.n > limit;
	return ERR_OK;
}

/* Topics without a station are the house's: those who may write in its region see them. */
static err unknown_list(struct req *rq, const struct mqtt_topic_query *q, int64_t limit, struct mqtt_topic_list_out *out, bool *ret_more)
{
	struct mqtt_topic_unknown_rows rows = { 0 };
	const struct mqtt_topic_unknown_params p = { q->after == JSON_NONE ? 0 : q->after, q->state, limit + 1 };
	if (cx_in_region(&rq->cx, S("sense.write"), rq->cx.app->home_region))
		TRY(mqtt_topic_unknown(rq->cx.c, rq->a, &p, &rows));
	out->items.v = NEW_N(rq->a, struct mqtt_topic_out, rows.n + 1);
	for (size_t i = 0; i < rows.n && (int64_t)i < limit; i++)
		out->items.v[out->items.n++] = unknown_of(&rows.v[i]);
	*ret_more = (int64_t)rows.n > limit;
	return ERR_OK;
}

static err topics_get(struct req *rq)
{
	const struct mqtt_topic_query *q = rq->query;
	struct mqtt_topic_list_out out = { 0 };
	int64_t limit = page_limit(q->limit);
	bool more;
	if (q->state.n)
		TRY(unknown_list(rq, q, limit, &out, &more));
	else
		TRY(known_list(rq, q, limit, &out, &more));
	out.next = page_cursor(rq->a, more, out.items.n ? out.items.v[out.items.n - 1].id : 0);
	return reply_json(rq, &out);
}

/* ---- deciding ---- */

#define TOPIC_IN(F, O, L)                                                                                                \
	F(STR, topic, REQ, .max = MQTT_TOPIC_MAX)                                                                        \
	F(ID, station, REQ)                                                                                              \
	F(ENUM, form, OPT, .options = "values|presence")                                                                 \
	F(STR, item, OPT, .max = MQTT_CODE_MAX)                                                                          \
	F(STR, kind, OPT, .max = 20)                                                                                     \
	F(I64, ver, OPT)                                                                                                 \
	F(STR, reason, REQ, .max = 500)
JSON_STRUCT(mqtt_topic_in, TOPIC_IN)
JSON_DEFINE(mqtt_topic_in, TOPIC_IN)

#define TOPIC_REFUSE(F, O, L) F(I64, ver, REQ) F(STR, reason, REQ, .max = 500)
JSON_STRUCT(mqtt_refuse_in, TOPIC_REFUSE)
JSON_DEFINE(mqtt_refuse_in, TOPIC_REFUSE)

static err may_write(struct ctx *cx, int64_t id, struct station *ret)
{
	err e = station_get(cx, id, ret);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/station", "err.device.station");
	TRY(e);
	return station_may_write(cx, ret);
}

/* May the caller speak of a topic as it stands? Of one that has a station: whoever may change that station. */
static err may_decide(struct ctx *cx, const struct mqtt_topic_get_row *r)
{
	struct station s;
	if (!r->station)
		return cx_in_region(cx, S("sense.write"), r->region) ? ERR_OK : FAIL(&cx->fail, NOT_FOUND, "", NULL);
	err e = station_get(cx, r->station, &s);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	return station_may_write(cx, &s);
}

static err note(struct ctx *cx, const char *kind, int64_t region, int64_t id, const struct mqtt_topic_decide_params *d, str topic)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "topic", topic);
	canon_id(&c, "station", d->station);
	canon_str(&c, "form", d->form);
	canon_str(&c, "item", d->item);
	canon_str(&c, "kind", d->kind);
	canon_str(&c, "state", d->state);
	canon_str(&c, "reason", d->reason);
	return ledger_append(cx, region, kind, ledger_subject(cx, "mqtt", id), canon_end(&c), NULL);
}

/* In place, or made anew in the region of its station. */
static err decide(struct ctx *cx, const struct mqtt_topic_get_row *r, int64_t region, const struct mqtt_topic_decide_params *d)
{
	int64_t n;
	if (region == r->region) {
		TRY(mqtt_topic_decide(cx->c, d, &n));
	} else {
		TRY(mqtt_topic_move(cx->c,
				    &(struct mqtt_topic_move_params){ r->region, r->id, r->ver, region, d->station, d->form, d->item, d->kind,
								      d->state, d->reason },
				    &n));
		if (n) {
			TRY(mqtt_topic_drop(cx->c, &(struct mqtt_topic_drop_params){ r->region, r->id }, NULL));
			TRY(mqtt_held_move(cx->c, &(struct mqtt_held_move_params){ r->region, r->id, region }, NULL));
		}
	}
	return n ? ERR_OK : FAIL(&cx->fail, STALE, "/ver", "err.stale");
}

static err tell_client(struct req *rq)
{
	struct mqtt_by_topic_row by;
	struct mqtt_topic_get_row r;
	const struct mqtt_topic_in *in = rq->body;
	int64_t id;
	bool named = rq_param(rq, "id").p != NULL;
	if (rq->cx.app->mqtt && !rq->cx.idem.p) /* with a key the act is not durable yet; the client looks every few seconds anyway */
		mqtt_refresh(rq->cx.app->mqtt);
	if (named) {
		TRY(rq_id(rq, "id", &id));
	} else {
		TRY(mqtt_by_topic(rq->cx.c, rq->a, &(struct mqtt_by_topic_params){ in->topic }, &by));
		id = by.id;
	}
	TRY(mqtt_topic_get(rq->cx.c, rq->a, &(struct mqtt_topic_get_params){ id }, &r));
	struct mqtt_topic_out o = bare_of(&r);
	return reply_json(rq, &o);
}

static err check(struct ctx *cx, const struct mqtt_topic_in *in, struct station *ret)
{
	enum series_kind kind;
	if (!mqtt_topic_valid(in->topic))
		return FAIL(&cx->fail, BAD_FIELD, "/topic", "err.mqtt_topic");
	if (in->kind.n && (!series_kind_parse(in->kind, &kind) || kind > SERIES_STATE))
		return FAIL(&cx->fail, BAD_FIELD, "/kind", "err.series.kind");
	return may_write(cx, in->station, ret);
}

static err topic_begin(struct ctx *cx, const struct mqtt_topic_in *in, const struct station *s, const struct mqtt_topic_decide_params *d)
{
	int64_t id = new_id(cx);
	TRY(mqtt_topic_insert(cx->c,
			      &(struct mqtt_topic_insert_params){ s->region, id, in->topic, s->id, d->form, d->item, d->kind, d->state, d->reason,
								  cx->now_ms },
			      NULL));
	return note(cx, "mqtt.approve", s->region, id, d, in->topic);
}

static err topic_post(struct req *rq)
{
	const struct mqtt_topic_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct station s;
	struct mqtt_by_topic_row by;
	struct mqtt_topic_get_row r;
	TRY(check(cx, in, &s));
	struct mqtt_topic_decide_params d = { .region = s.region, .station = s.id, .form = in->form.n ? in->form : S("values"),
					      .item = view_str(str_trim(in->item)), .kind = in->kind.n ? in->kind : S("real"),
					      .state = S("approved"), .reason = in->reason };
	err e = mqtt_by_topic(cx->c, cx->a, &(struct mqtt_by_topic_params){ in->topic }, &by);
	if (e == ERR_NOT_FOUND) {
		TRY(topic_begin(cx, in, &s, &d));
		return rq_after(rq, tell_client);
	}
	TRY(e);
	TRY(mqtt_topic_get(cx->c, cx->a, &(struct mqtt_topic_get_params){ by.id }, &r));
	TRY(may_decide(cx, &r));
	if (in->ver != JSON_NONE && in->ver != r.ver)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	if (in->ver == JSON_NONE && str_eq(r.state, S("approved")))
		return FAIL(&cx->fail, CONFLICT, "/topic", "err.mqtt_there");
	d.id = r.id;
	d.ver = r.ver;
	TRY(decide(cx, &r, s.region, &d));
	TRY(note(cx, str_eq(r.state, S("approved")) ? "mqtt.change" : "mqtt.approve", s.region, r.id, &d, r.topic));
	return rq_after(rq, tell_client);
}

static err refuse_post(struct req *rq)
{
	const struct mqtt_refuse_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct mqtt_topic_get_row r;
	int64_t id, home = cx->app->home_region;
	TRY(rq_id(rq, "id", &id));
	TRY(mqtt_topic_get(cx->c, cx->a, &(struct mqtt_topic_get_params){ id }, &r));
	TRY(may_decide(cx, &r));
	if (r.ver != in->ver)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	const struct mqtt_topic_decide_params d = { .region = home, .id = id, .ver = r.ver, .station = 0, .form = r.form, .item = r.item,
						    .kind = r.kind, .state = S("refused"), .reason = in->reason };
	TRY(decide(cx, &r, home, &d));
	TRY(note(cx, "mqtt.refuse", r.region, id, &d, r.topic));
	return rq_after(rq, tell_client);
}

const struct route mqtt_routes[] = {
	{ "GET", "/api/mqtt", mqtt_get, READ, "sense.read", NULL, mqtt_out_json, "The client of the MQTT broker and its counters", NULL },
	{ "GET", "/api/mqtt/topics", topics_get, READ, "sense.read", NULL, mqtt_topic_list_out_json,
	  "Topics and the stations they report for; with state, those nobody has spoken for", mqtt_topic_query_json },
	{ "POST", "/api/mqtt/topics", topic_post, WRITE, "sense.write", mqtt_topic_in_json, mqtt_topic_out_json,
	  "Say what a topic (or a pattern with + and #) reports for; what it sent before is read", NULL },
	{ "POST", "/api/mqtt/topics/{id}/refuse", refuse_post, WRITE, "sense.write", mqtt_refuse_in_json, mqtt_topic_out_json, "Refuse a topic", NULL },
	{ 0 },
};
