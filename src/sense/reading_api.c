/* POST /api/readings: a batch of packets, put again without harm. */
#include "base/map.h"
#include "core/grant.h"
#include "core/views.h"
#include "sense/derive.h"
#include "sense/reading.h"
#include "sense/routes.h"

#define READING_IN(F, O, L)                                                                        \
	F(STR, item, REQ, .max = 60)                                                               \
	F(F64, value, REQ)                                                                         \
	F(STR, what, OPT, .max = 20)                                                               \
	F(STR, flag, OPT, .max = 1)
JSON_STRUCT(reading_in, READING_IN)
JSON_DEFINE(reading_in, READING_IN)

#define PACKET_IN(F, O, L)                                                                         \
	F(ID, station, REQ)                                                                        \
	F(STR, kind, REQ, .max = 20)                                                               \
	F(I64, at_ms, REQ, .format = "date-time-ms")                                               \
	L(reading_in, readings, REQ, .max = 500)
JSON_STRUCT(packet_in, PACKET_IN)
JSON_DEFINE(packet_in, PACKET_IN)

/* reason: why values that are there already come again. */
#define READINGS_IN(F, O, L) L(packet_in, packets, REQ, .max = 10000) F(STR, reason, OPT, .max = 500)
JSON_STRUCT(readings_in, READINGS_IN)
JSON_DEFINE(readings_in, READINGS_IN)

#define READINGS_OUT(F, O, L) READINGS_TAKEN(F)
JSON_STRUCT(readings_out, READINGS_OUT)
JSON_DEFINE(readings_out, READINGS_OUT)

struct known_station {
	struct station s;
	struct station_item *items;
	size_t nitems;
};
struct taking {
	struct ctx *cx;
	struct map stations;
	struct reading_batch *batch;
};

static err station_for(struct taking *t, int64_t id, const char *at, struct known_station **ret)
{
	str key = arena_printf(t->cx->a, "%lld", (long long)id);
	struct known_station *k = map_get(&t->stations, key);
	if (!k) {
		k = NEW(t->cx->a, struct known_station);
		err e = station_get(t->cx, id, &k->s);
		if (e == ERR_NOT_FOUND)
			return FAIL(&t->cx->fail, BAD_FIELD, at, "err.reading.station");
		TRY(e);
		TRY(station_may_write(t->cx, &k->s));
		TRY(station_items(t->cx, &k->s, &k->items, &k->nitems));
		map_put(&t->stations, key, k);
	}
	*ret = k;
	return ERR_OK;
}

static err take_reading(struct taking *t, const struct known_station *k, enum series_kind kind, int64_t at_ms, const struct reading_in *in,
			const char *at)
{
	struct ctx *cx = t->cx;
	enum series_what what = SERIES_VALUE;
	struct decimal v;
	char flag = in->flag.n ? in->flag.p[0] : ' ';
	if (in->what.n && !series_what_parse(in->what, &what))
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "%s/what", at).p, "err.series.what");
	if (flag != ' ' && !(flag >= 'A' && flag <= 'Z'))
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "%s/flag", at).p, "err.reading.flag");
	if (!decimal_of_f64(in->value, &v))
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "%s/value", at).p, "err.reading.value");
	return reading_batch_add(t->batch, cx->app->stations, &k->s, k->items, k->nitems, kind, at_ms, in->item, what, v, flag, &cx->fail);
}

static err take_packet(struct taking *t, const struct packet_in *in, size_t i)
{
	struct ctx *cx = t->cx;
	const char *at = arena_printf(cx->a, "/packets/%zu", i).p;
	struct known_station *k = NULL;
	enum series_kind kind;
	if (!series_kind_parse(in->kind, &kind) || kind > SERIES_STATE)
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "%s/kind", at).p, "err.series.kind");
	if (!reading_time_ok(in->at_ms, cx->now_ms))
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "%s/at_ms", at).p, "err.reading.time");
	TRY(station_for(t, in->station, arena_printf(cx->a, "%s/station", at).p, &k));
	for (size_t r = 0; r < in->readings.n; r++)
		TRY(take_reading(t, k, kind, in->at_ms, &in->readings.v[r], arena_printf(cx->a, "%s/readings/%zu", at, r).p));
	if (reading_batch_size(t->batch) > READINGS_MAX)
		return FAIL(&cx->fail, TOO_LARGE, "/packets", "err.series.points", "max", "10000");
	return ERR_OK;
}

static err take_all(struct req *rq, struct taking *t)
{
	const struct readings_in *in = rq->body;
	for (size_t i = 0; i < in->packets.n; i++)
		TRY(take_packet(t, &in->packets.v[i], i));
	return reading_batch_size(t->batch) ? ERR_OK : FAIL(&rq->cx.fail, BAD_FIELD, "/packets", "err.reading.none");
}

/* The store of readings has its own commit; nothing is held of the ledger's meanwhile. */
static err readings_post(struct req *rq)
{
	const struct readings_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct taking t = { .cx = cx, .stations = MAP(rq->a), .batch = reading_batch_new(rq->a, cx->app->series, SERIES_HTTP, cx->now_ms) };
	struct series_put put;
	struct derive_count derived;
	TRY(db_read_begin(cx->app->db, &cx->c, &cx->fail));
	err e = take_all(rq, &t);
	db_read_end(cx->app->db, cx->c);
	cx->c = NULL;
	TRY(e);
	TRY(reading_batch_put(t.batch, &put, &cx->fail));
	TRY(reading_brought(cx, t.batch, &put, &(struct reading_brought){ "http", S(""), view_str(str_trim(in->reason)) }));
	TRY(derive_due(cx->app->derive, &derived, &cx->fail));
	const struct readings_out out = { put.packets, put.readings, put.readings - put.same - put.better - put.worse, put.same, put.better,
					  put.worse, put.late, derived.hours, derived.days, derived.changed };
	return reply_json(rq, &out);
}

/* ---- tidying ---- */

#define KIND_DROPPED(F, O, L) F(STR, kind, REQ) F(I64, columns, REQ)
JSON_STRUCT(kind_dropped, KIND_DROPPED)
JSON_DEFINE(kind_dropped, KIND_DROPPED)

#define TIDIED_OUT(F, O, L) L(kind_dropped, dropped, REQ) F(I64, replaced, REQ)
JSON_STRUCT(tidied_out, TIDIED_OUT)
JSON_DEFINE(tidied_out, TIDIED_OUT)

/* What a thread does by itself every minute and day, done at once. */
static err tidy_post(struct req *rq)
{
	struct series_tended t;
	TRY(series_tend(rq->cx.app->series, rq->cx.now_ms, true, &t, &rq->cx.fail));
	struct tidied_out out = { .replaced = t.history };
	out.dropped.v = NEW_N(rq->a, struct kind_dropped, SERIES_KIND_COUNT);
	for (int k = 0; k < SERIES_KIND_COUNT; k++)
		if (t.dropped[k])
			out.dropped.v[out.dropped.n++] = (struct kind_dropped){ str_of(series_kind_name((enum series_kind)k)), t.dropped[k] };
	return reply_json(rq, &out);
}

const struct route reading_routes[] = {
	{ "POST", "/api/readings/tidy", tidy_post, SLOW, "sense.write", NULL, tidied_out_json,
	  "Pack readings and drop what is past its time now, as is done by itself every day", NULL },
	{ "POST", "/api/readings", readings_post, SLOW, "sense.write", readings_in_json, readings_out_json,
	  "Readings of stations, at most 10,000 at once; what was sent before does no harm", NULL },
	{ 0 },
};
