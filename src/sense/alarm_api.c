/* /api/alarms, /api/rules and the rules of a station. */
#include <math.h>

#include "core/canon.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/views.h"
#include "sense/alarm.h"
#include "sense/routes.h"
#include "sense/station.h"

enum { ALARM_TEXT_MAX = 2000, RULES_A_STATION = 100 };

/* ---- alarms ---- */

#define ALARM_ACT(F, O, L)                                                                         \
	F(I64, at_ms, REQ)                                                                         \
	F(STR, by, REQ)                                                                            \
	F(STR, text, REQ, .max = ALARM_TEXT_MAX)
JSON_STRUCT(alarm_act, ALARM_ACT)
JSON_DEFINE(alarm_act, ALARM_ACT)

/* ended_ms: the values were good again; cleared: somebody, or the values (by is empty then), took it off the board. withdrawn_ms: what it was raised by was
 * corrected, or joined with another alarm; with the reason "rule" its rule ended and only the episode did. unlawful_ms: it was an exceedance,
 * since then it counts as none. grouped: how
 * many alarms stand in its group (storm is the group's first); way: the gateway or broker that went silent. */
#define ALARM_OUT(F, O, L)                                                                         \
	F(ID, id, REQ)                                                                             \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, region_name, REQ)                                                                   \
	F(ID, station, REQ)                                                                        \
	F(STR, station_name, REQ)                                                                  \
	F(STR, station_name_en, REQ)                                                               \
	F(ID, object, NUL)                                                                         \
	F(STR, rule, REQ)                                                                          \
	F(STR, item, REQ)                                                                          \
	F(ENUM, test, REQ, .options = RULE_TEST_OPTIONS)                                           \
	F(STR, kind, REQ)                                                                          \
	F(ENUM, severity, REQ, .options = "info|warning|serious")                                  \
	F(ENUM, grade, REQ, .options = "exceedance|doubtful|notice")                               \
	F(STR, zh, REQ, .max = 200)                                                                \
	F(STR, en, REQ, .max = 200)                                                                \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, clause, REQ, .max = 200)                                                            \
	F(STR, certainty, REQ)                                                                     \
	F(F64, limit, NUL)                                                                         \
	F(ENUM, op, REQ, .options = RULE_OP_OPTIONS)                                               \
	F(I64, begin_ms, REQ)                                                                      \
	F(I64, raised_ms, REQ)                                                                     \
	F(I64, seen_ms, REQ)                                                                       \
	F(I64, last_ms, REQ)                                                                       \
	F(I64, lawful_ms, NUL)                                                                     \
	F(I64, n, REQ)                                                                             \
	F(I64, marked, REQ)                                                                        \
	F(F64, peak, NUL)                                                                          \
	F(I64, ended_ms, NUL)                                                                      \
	O(alarm_act, ack, NUL)                                                                     \
	O(alarm_act, cleared, NUL)                                                                 \
	F(I64, withdrawn_ms, NUL)                                                                  \
	F(ENUM, withdrawn_why, NUL, .options = "corrected|joined|rule")                            \
	F(I64, unlawful_ms, NUL)                                                                   \
	F(ID, storm, REQ)                                                                          \
	F(I64, grouped, REQ)                                                                       \
	F(STR, item_zh, REQ)                                                                       \
	F(STR, item_en, REQ)                                                                       \
	F(ENUM, way, NUL, .options = "hj212|mqtt")                                                 \
	F(ID, matter, NUL)                                                                         \
	F(STR, matter_no, NUL)                                                                     \
	F(STR, matter_state, NUL)                                                                  \
	F(I64, ver, REQ)
JSON_STRUCT(alarm_out, ALARM_OUT)
JSON_DEFINE(alarm_out, ALARM_OUT)

#define ALARM_LIST(F, O, L) L(alarm_out, items, REQ) F(STR, next, NUL)
JSON_STRUCT(alarm_list_out, ALARM_LIST)
JSON_DEFINE(alarm_list_out, ALARM_LIST)

#define ALARM_QUERY(F, O, L)                                                                       \
	F(ID, region, OPT, .format = "region")                                                     \
	F(ID, station, OPT)                                                                        \
	F(ID, matter, OPT)                                                                         \
	F(ID, storm, OPT)                                                                          \
	F(ENUM, state, OPT, .options = "unacknowledged|uncleared|cleared|withdrawn")                         \
	F(ENUM, grade, OPT, .options = "exceedance|doubtful|notice")                               \
	F(ENUM, severity, OPT, .options = "info|warning|serious")                                  \
	F(I64, from, OPT, .format = "date-time-ms")                                                \
	F(I64, to, OPT, .format = "date-time-ms")                                                  \
	F(BOOL, heads, OPT)                                                                        \
	PAGE_QUERY(F)
JSON_STRUCT(alarm_query, ALARM_QUERY)
JSON_DEFINE(alarm_query, ALARM_QUERY)

#define ALARM_TEXT_IN(F, O, L) F(STR, text, REQ, .max = ALARM_TEXT_MAX)
JSON_STRUCT(alarm_text_in, ALARM_TEXT_IN)
JSON_DEFINE(alarm_text_in, ALARM_TEXT_IN)

static struct alarm_act *act_of(struct arena *a, int64_t at_ms, str by, str text)
{
	struct alarm_act *out = NULL;
	if (at_ms == DB_NONE)
		return NULL;
	out = NEW(a, struct alarm_act);
	*out = (struct alarm_act){ at_ms, view_str(by), text };
	return out;
}

static int64_t none_of(int64_t v)
{
	return v ? v : JSON_NONE;
}

static struct alarm_out alarm_view(struct ctx *cx, const struct alarm_list_row *r)
{
	struct arena *a = cx->a;
	const struct item_kind *it = r->item.n ? item_kind_find(cx->app->stations, station_kind_find(cx->app->stations, view_str(r->station_kind)), r->item) : NULL;
	return (struct alarm_out){
		.id = r->id, .region = r->region, .region_name = view_str(r->region_name), .station = r->station,
		.station_name = view_str(r->station_name), .station_name_en = view_str(r->station_name_en), .object = none_of(r->object),
		.rule = r->rule, .item = r->item, .test = r->test, .kind = r->kind, .severity = r->severity, .grade = r->grade,
		.zh = r->name, .en = r->name_en, .source = r->source, .clause = r->clause, .certainty = r->certainty,
		.limit = r->limit_value, .op = r->op, .begin_ms = r->begin_ms, .raised_ms = r->raised_ms, .seen_ms = r->seen_ms,
		.last_ms = r->last_ms, .lawful_ms = r->lawful_ms, .n = r->n, .marked = r->doubtful, .peak = r->peak,
		.ended_ms = r->ended_ms, .ack = act_of(a, r->ack_ms, r->ack_name, r->ack_text),
		.cleared = act_of(a, r->cleared_ms, r->cleared_name, r->cleared_text), .storm = r->storm, .grouped = r->grouped,
		.matter = none_of(r->matter), .matter_no = r->matter_no, .matter_state = r->matter_state, .ver = r->ver,
		.withdrawn_ms = r->withdrawn_ms, .withdrawn_why = r->withdrawn_why.n ? r->withdrawn_why : (str){ 0 },
		.unlawful_ms = r->unlawful_ms, .way = r->way.n ? r->way : (str){ 0 }, .item_zh = it ? it->zh : r->item,
		.item_en = it ? it->en : r->item,
	};
}

static struct alarm_list_params no_filter(void)
{
	return (struct alarm_list_params){ .before = INT64_MAX, .id = DB_NONE, .lo = DB_NONE, .hi = DB_NONE, .station = DB_NONE,
					   .matter = DB_NONE, .storm = DB_NONE, .unacked = DB_NONE, .uncleared = DB_NONE,
					   .cleared = DB_NONE, .withdrawn = DB_NONE, .from_ms = DB_NONE, .to_ms = DB_NONE, .heads = DB_NONE, .max = 1 };
}

static err take_filter(struct req *rq, const struct alarm_query *q, struct alarm_list_params *p)
{
	*p = no_filter();
	p->before = q->after == JSON_NONE ? INT64_MAX : q->after;
	p->station = q->station;
	p->matter = q->matter;
	p->storm = q->storm;
	p->from_ms = q->from;
	p->to_ms = q->to;
	p->grade = q->grade.n ? q->grade : (str){ 0 };
	p->severity = q->severity.n ? q->severity : (str){ 0 };
	p->unacked = str_eq(q->state, S("unacknowledged")) ? 1 : DB_NONE;
	p->uncleared = str_eq(q->state, S("uncleared")) ? 1 : DB_NONE;
	p->cleared = str_eq(q->state, S("cleared")) ? 1 : DB_NONE;
	p->withdrawn = str_eq(q->state, S("withdrawn")) ? 1 : DB_NONE;
	p->heads = q->heads ? 1 : DB_NONE;
	p->max = page_limit(q->limit) + 1;
	if (q->region == JSON_NONE)
		return ERR_OK;
	if (!region_valid(q->region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?region", "err.unknown_region");
	region_range(q->region, &p->lo, &p->hi);
	return ERR_OK;
}

static err alarms_get(struct req *rq)
{
	struct alarm_list_params p;
	struct alarm_list_rows rows;
	struct alarm_list_out out = { 0 };
	struct db_scope scope = cx_scope(&rq->cx, S("sense.read"));
	TRY(take_filter(rq, rq->query, &p));
	TRY(alarm_list(rq->cx.c, rq->a, &p, &scope, &rows));
	bool more = (int64_t)rows.n == p.max;
	size_t n = more ? rows.n - 1 : rows.n;
	out.items.v = NEW_N(rq->a, struct alarm_out, n + 1);
	for (; out.items.n < n; out.items.n++)
		out.items.v[out.items.n] = alarm_view(&rq->cx, &rows.v[out.items.n]);
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

static err reply_alarm(struct req *rq, int64_t id)
{
	struct alarm_list_params p = no_filter();
	struct alarm_list_rows rows;
	struct db_scope scope = cx_scope(&rq->cx, S("sense.read"));
	p.id = id;
	TRY(alarm_list(rq->cx.c, rq->a, &p, &scope, &rows));
	if (!rows.n)
		return FAIL(&rq->cx.fail, NOT_FOUND, "", NULL);
	struct alarm_out out = alarm_view(&rq->cx, &rows.v[0]);
	return reply_json(rq, &out);
}

static err alarm_get(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return reply_alarm(rq, id);
}

/* ---- acknowledging and clearing ---- */

static err find_for_act(struct req *rq, struct alarm_find_row *ret)
{
	int64_t id;
	struct ctx *cx = &rq->cx;
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	TRY(rq_id(rq, "id", &id));
	TRY(alarm_find(cx->c, cx->a, &(struct alarm_find_params){ id }, &scope, ret));
	const struct access_row row = { ret->region, ret->sectors, ret->secret, &ret->owner, ret->owner ? 1 : 0 };
	return cx_allowed(cx, S("sense.write"), &row) ? ERR_OK : FAIL(&cx->fail, FORBIDDEN, "", NULL);
}

/* The words may name people: the event holds them under a salt that stands with them and can be erased with them. */
struct said {
	str text, salt;
	unsigned char bytes[16];
};

static err put_act(struct req *rq, const struct alarm_find_row *r, const char *kind, const struct said *said)
{
	struct canon c;
	int64_t seq;
	canon_begin(&c, rq->a);
	canon_id(&c, "station", r->station);
	canon_str(&c, "rule", r->rule);
	canon_str(&c, "item", r->item);
	canon_i64(&c, "begin", r->begin_ms);
	canon_str(&c, "text", commitment(rq->a, said->salt, said->text));
	TRY(ledger_append(&rq->cx, r->region, kind, ledger_subject(&rq->cx, "alarm", r->id), canon_end(&c), &seq));
	const struct http_about about = { "sense.read", r->region, r->sectors, r->secret, 0, &r->owner, r->owner ? 1 : 0 };
	rq_publish(rq, "alarm", &about,
		   arena_printf(rq->a, "{\"region\":\"%012lld\",\"alarm\":\"%lld\",\"station\":\"%lld\",\"act\":\"%s\"}", (long long)r->region,
				(long long)r->id, (long long)r->station, kind));
	return reply_alarm(rq, r->id);
}

static err need_text(struct req *rq, struct said *ret)
{
	const struct alarm_text_in *in = rq->body;
	ret->text = str_trim(in->text);
	random_bytes(ret->bytes, sizeof ret->bytes);
	ret->salt = (str){ (const char *)ret->bytes, sizeof ret->bytes };
	return ret->text.n ? ERR_OK : FAIL(&rq->cx.fail, BAD_FIELD, "/text", "err.required");
}

static err ack_post(struct req *rq)
{
	struct alarm_find_row r;
	struct said said;
	int64_t n;
	TRY(find_for_act(rq, &r));
	TRY(need_text(rq, &said));
	TRY(alarm_ack(rq->cx.c, &(struct alarm_ack_params){ r.region, r.id, rq->cx.now_ms, cx_account(&rq->cx), said.text, said.salt }, &n));
	if (!n)
		return FAIL(&rq->cx.fail, STALE, "", "err.alarm.acked");
	return put_act(rq, &r, "alarm.ack", &said);
}

static err clear_post(struct req *rq)
{
	struct alarm_find_row r;
	struct said said;
	int64_t n;
	TRY(find_for_act(rq, &r));
	TRY(need_text(rq, &said));
	TRY(alarm_clear(rq->cx.c, &(struct alarm_clear_params){ r.region, r.id, rq->cx.now_ms, cx_account(&rq->cx), said.text, said.salt }, &n));
	if (!n)
		return FAIL(&rq->cx.fail, STALE, "", "err.alarm.cleared");
	return put_act(rq, &r, "alarm.clear", &said);
}

/* ---- looking now ---- */

#define LOOK_OUT(F, O, L)                                                                          \
	F(I64, stations, REQ)                                                                      \
	F(I64, columns, REQ)                                                                       \
	F(I64, values, REQ)                                                                        \
	F(I64, raised, REQ)                                                                        \
	F(I64, changed, REQ)                                                                       \
	F(I64, matters, REQ)
JSON_STRUCT(alarm_look_out, LOOK_OUT)
JSON_DEFINE(alarm_look_out, LOOK_OUT)

static err look_post(struct req *rq)
{
	const struct app *app = rq->cx.app;
	struct alarm_looked l;
	TRY(alarm_look(app->alarms, app, &l, &rq->cx.fail));
	return reply_json(rq, &(struct alarm_look_out){ l.stations, l.columns, l.values, l.raised, l.changed, l.matters });
}

/* ---- rules ---- */

#define RULE_FIELDS(F, O, L)                                                                       \
	F(STR, item, REQ, .max = 60)                                                               \
	F(STR, kind, REQ, .max = 20)                                                               \
	F(STR, what, REQ, .max = 20)                                                               \
	F(ENUM, test, REQ, .options = RULE_TEST_OPTIONS)                                           \
	F(ENUM, op, REQ, .options = RULE_OP_OPTIONS)                                               \
	F(F64, limit, NUL)                                                                         \
	F(F64, clear, NUL)                                                                         \
	F(I64, times, REQ)                                                                         \
	F(I64, of, REQ)                                                                            \
	F(I64, clear_times, REQ)                                                                   \
	F(I64, lasting_min, REQ)                                                                   \
	F(I64, from_min, REQ)                                                                      \
	F(I64, to_min, REQ)                                                                        \
	F(I64, days, REQ)                                                                          \
	F(STR, flags, REQ, .max = 16)                                                              \
	F(ENUM, severity, REQ, .options = "info|warning|serious")                                  \
	F(BOOL, lawful, REQ)                                                                       \
	F(STR, zh, REQ, .max = 200)                                                                \
	F(STR, en, REQ, .max = 200)                                                                \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, clause, REQ, .max = 200)                                                            \
	F(STR, certainty, REQ)                                                                     \
	F(I64, matter_days, REQ)                                                                   \
	F(I64, check_days, REQ)

#define RULE_OUT(F, O, L)                                                                          \
	F(STR, id, REQ)                                                                            \
	F(BOOL, own, REQ)                                                                          \
	F(STR, station_kind, REQ)                                                                  \
	F(STR, instead_of, REQ)                                                                    \
	F(BOOL, off, REQ)                                                                          \
	RULE_FIELDS(F, O, L)                                                                       \
	F(DATE, valid_from, NUL)                                                                   \
	F(DATE, valid_to, NUL)                                                                     \
	F(I64, ver, REQ)
JSON_STRUCT(rule_out, RULE_OUT)
JSON_DEFINE(rule_out, RULE_OUT)

#define RULES_OUT(F, O, L) F(STR, edition, REQ) L(rule_out, items, REQ)
JSON_STRUCT(rules_out, RULES_OUT)
JSON_DEFINE(rules_out, RULES_OUT)

#define RULE_IN(F, O, L)                                                                           \
	F(STR, instead_of, OPT, .max = 60)                                                         \
	F(BOOL, off, OPT)                                                                          \
	F(STR, item, OPT, .max = 60)                                                               \
	F(STR, kind, OPT, .max = 20)                                                               \
	F(STR, what, OPT, .max = 20)                                                               \
	F(ENUM, test, REQ, .options = RULE_TEST_OPTIONS)                                           \
	F(ENUM, op, OPT, .options = RULE_OP_OPTIONS)                                               \
	F(F64, limit, OPT)                                                                         \
	F(F64, clear, OPT)                                                                         \
	F(I64, times, OPT, .min = 1, .max = RULE_OF_MAX)                                           \
	F(I64, of, OPT, .min = 1, .max = RULE_OF_MAX)                                              \
	F(I64, clear_times, OPT, .min = 1, .max = RULE_OF_MAX)                                     \
	F(I64, lasting_min, OPT, .min = 0, .max = 576000)                                          \
	F(I64, from_min, OPT, .min = 0, .max = 1440)                                               \
	F(I64, to_min, OPT, .min = 0, .max = 1440)                                                 \
	F(I64, days, OPT, .min = 1, .max = 127)                                                    \
	F(STR, flags, OPT, .max = 16)                                                              \
	F(ENUM, severity, OPT, .options = "info|warning|serious")                                  \
	F(BOOL, lawful, OPT)                                                                       \
	F(STR, zh, REQ, .max = 200)                                                                \
	F(STR, en, OPT, .max = 200)                                                                \
	F(STR, source, OPT, .max = 500)                                                            \
	F(STR, clause, OPT, .max = 200)                                                            \
	F(ENUM, certainty, OPT, .options = "verified|secondary|high|medium|engineering|unverified") \
	F(I64, matter_days, OPT, .min = 0, .max = 400)                                             \
	F(I64, check_days, OPT, .min = 0, .max = 400)                                              \
	F(DATE, valid_from, OPT)                                                                   \
	F(DATE, valid_to, OPT)
JSON_STRUCT(rule_in, RULE_IN)
JSON_DEFINE(rule_in, RULE_IN)

#define RULE_END_IN(F, O, L) F(I64, ver, REQ, .min = 1, .max = 1e9) F(DATE, valid_to, OPT)
JSON_STRUCT(rule_end_in, RULE_END_IN)
JSON_DEFINE(rule_end_in, RULE_END_IN)

static struct rule_out rule_view(const struct rule *r)
{
	return (struct rule_out){
		.id = r->id, .own = r->row != 0, .station_kind = view_str(r->station_kind), .instead_of = S(""), .item = view_str(r->item),
		.kind = str_of(series_kind_name(r->kind)), .what = str_of(rule_what_name(r->what)), .test = str_of(rule_test_name(r->test)),
		.op = str_of(rule_op_name(r->op)), .limit = r->limit, .clear = r->clear, .times = r->times, .of = r->of,
		.clear_times = r->clear_times, .lasting_min = r->lasting_ms / 60000, .from_min = r->from_min, .to_min = r->to_min,
		.days = r->days, .flags = view_str(r->flags), .severity = r->severity, .lawful = r->lawful, .zh = r->zh, .en = r->en,
		.source = view_str(r->source), .clause = view_str(r->clause), .certainty = r->certainty, .matter_days = r->matter_days,
		.check_days = r->check_days, .valid_from = r->row ? r->valid_from_day : JSON_NONE, .valid_to = r->valid_to_day,
	};
}

static err rules_get(struct req *rq)
{
	const struct rules *r = alarms_rules(rq->cx.app->alarms);
	struct rules_out out = { .edition = view_str(r->edition) };
	out.items.v = NEW_N(rq->a, struct rule_out, r->n + 1);
	for (; out.items.n < r->n; out.items.n++)
		out.items.v[out.items.n] = rule_view(&r->v[out.items.n]);
	return reply_json(rq, &out);
}

static err reply_rules(struct req *rq, const struct station *st, bool created)
{
	struct station_rule_list_rows own;
	struct rule *v;
	size_t n;
	const struct rules *house = alarms_rules(rq->cx.app->alarms);
	struct rules_out out = { .edition = view_str(house->edition) };
	const struct alarm_station as = { .id = st->id, .kind = st->kind };
	TRY(station_rule_list(rq->cx.c, rq->a, &(struct station_rule_list_params){ { &st->id, 1 } }, &own));
	alarm_rules_of(house, rq->a, &as, own.v, own.n, china_day(rq->cx.now_ms), &v, &n);
	out.items.v = NEW_N(rq->a, struct rule_out, n + own.n + 1);
	for (size_t i = 0; i < n; i++)
		if (!v[i].row)
			out.items.v[out.items.n++] = rule_view(&v[i]);
	for (size_t i = 0; i < own.n; i++) {
		struct rule r = station_rule_as(rq->a, &own.v[i]);
		struct rule_out *o = &out.items.v[out.items.n++];
		*o = rule_view(&r);
		o->instead_of = own.v[i].rule;
		o->off = own.v[i].is_off != 0;
		o->ver = own.v[i].ver;
	}
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err station_rules_get(struct req *rq)
{
	int64_t id;
	struct station st;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &st));
	return reply_rules(rq, &st, false);
}

static int64_t or_else(int64_t v, int64_t otherwise)
{
	return v == JSON_NONE ? otherwise : v;
}

static str words_or(str v, str otherwise)
{
	return str_trim(v).n ? str_trim(v) : otherwise;
}

static err take_rule(struct ctx *cx, const struct rule_in *in, struct rule *ret)
{
	struct rule r = {
		.item = view_str(str_trim(in->item)), .kind = SERIES_HOUR, .limit = in->limit, .clear = in->clear, .times = (int)or_else(in->times, 1),
		.clear_times = (int)or_else(in->clear_times, 1), .lasting_ms = or_else(in->lasting_min, 0) * 60000,
		.from_min = (int)or_else(in->from_min, 0), .to_min = (int)or_else(in->to_min, 1440), .days = (int)or_else(in->days, 127),
		.flags = view_str(in->flags), .severity = words_or(in->severity, S("warning")), .lawful = in->lawful, .zh = str_trim(in->zh),
		.en = words_or(in->en, S("")), .source = words_or(in->source, S("")), .clause = words_or(in->clause, S("")),
		.certainty = words_or(in->certainty, S("unverified")), .matter_days = or_else(in->matter_days, in->lawful ? 15 : 0),
		.check_days = or_else(in->check_days, 2), .valid_from_day = or_else(in->valid_from, china_day(cx->now_ms)),
		.valid_to_day = in->valid_to,
	};
	r.of = (int)or_else(in->of, r.times);
	r.of = r.test == RULE_STUCK && in->of == JSON_NONE ? 1 : r.of;
	if (in->kind.n && !series_kind_parse(in->kind, &r.kind))
		return FAIL(&cx->fail, BAD_FIELD, "/kind", "err.series.kind");
	if (in->what.n && !series_what_parse(in->what, &r.what))
		return FAIL(&cx->fail, BAD_FIELD, "/what", "err.series.what");
	if (!rule_test_parse(in->test, &r.test) || (in->op.n && !rule_op_parse(in->op, &r.op)))
		return FAIL(&cx->fail, BAD_FIELD, "/test", NULL);
	if (!r.zh.n)
		return FAIL(&cx->fail, BAD_FIELD, "/zh", "err.required");
	if (r.valid_to_day != JSON_NONE && r.valid_to_day < r.valid_from_day)
		return FAIL(&cx->fail, BAD_FIELD, "/valid_to", "err.object.valid_order");
	const char *flaw = rule_flaw(&r);
	if (flaw)
		return FAIL(&cx->fail, BAD_FIELD, flaw, r.lawful && flaw[1] == 's' && flaw[2] == 'o' ? "err.rule.source" : "err.rule.value");
	*ret = r;
	return ERR_OK;
}

static err check_instead(struct ctx *cx, str id)
{
	const struct rules *house = alarms_rules(cx->app->alarms);
	for (size_t i = 0; i < house->n; i++)
		if (str_eq(house->v[i].id, id))
			return ERR_OK;
	return id.n ? FAIL(&cx->fail, BAD_FIELD, "/instead_of", "err.rule.unknown", "rule", arena_cstr(cx->a, id)) : ERR_OK;
}

static str number_text(struct arena *a, double v)
{
	return isnan(v) ? S("") : arena_printf(a, "%.15g", v);
}

static err rule_event(struct ctx *cx, const struct station *st, const struct rule *r, str instead_of, bool off, int64_t id)
{
	struct canon c;
	int64_t seq;
	canon_begin(&c, cx->a);
	canon_id(&c, "station", st->id);
	canon_str(&c, "instead_of", instead_of);
	canon_bool(&c, "off", off);
	canon_str(&c, "item", r->item);
	canon_str(&c, "kind", str_of(series_kind_name(r->kind)));
	canon_str(&c, "test", str_of(rule_test_name(r->test)));
	canon_str(&c, "op", str_of(rule_op_name(r->op)));
	canon_str(&c, "limit", number_text(cx->a, r->limit));
	canon_str(&c, "clear", number_text(cx->a, r->clear));
	canon_i64(&c, "times", r->times);
	canon_i64(&c, "of", r->of);
	canon_i64(&c, "lasting", r->lasting_ms);
	canon_bool(&c, "lawful", r->lawful);
	canon_str(&c, "name", r->zh);
	canon_str(&c, "source", r->source);
	canon_str(&c, "clause", r->clause);
	canon_i64(&c, "from", r->valid_from_day);
	return ledger_append(cx, st->region, "rule.add", ledger_subject(cx, "rule", id), canon_end(&c), &seq);
}

err alarm_rule_put(struct ctx *cx, const struct station *st, const struct rule *r, str instead_of, bool off)
{
	int64_t id = new_id(cx);
	TRY(station_rule_insert(
	    cx->c,
	    &(struct station_rule_insert_params){
		.region = st->region, .id = id, .station = st->id, .rule = instead_of, .item = r->item,
		.kind = str_of(series_kind_name(r->kind)), .what = str_of(rule_what_name(r->what)), .test = str_of(rule_test_name(r->test)),
		.op = str_of(rule_op_name(r->op)), .limit_value = r->limit, .clear_value = r->clear, .times = r->times, .of_last = r->of,
		.clear_times = r->clear_times, .lasting_ms = r->lasting_ms, .from_min = r->from_min, .to_min = r->to_min, .days = r->days,
		.flags = r->flags, .severity = r->severity, .lawful = r->lawful, .name = r->zh, .name_en = r->en, .source = r->source,
		.clause = r->clause, .certainty = r->certainty, .matter_days = r->matter_days, .check_days = r->check_days, .is_off = off,
		.valid_from_day = r->valid_from_day, .valid_to_day = r->valid_to_day },
	    NULL));
	return rule_event(cx, st, r, instead_of, off, id);
}

static err station_rules_post(struct req *rq)
{
	const struct rule_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct station_rule_list_rows own;
	struct station st;
	struct rule r = { 0 };
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(cx, id, &st));
	TRY(station_may_write(cx, &st));
	TRY(check_instead(cx, view_str(str_trim(in->instead_of))));
	TRY(take_rule(cx, in, &r));
	TRY(station_rule_list(cx->c, cx->a, &(struct station_rule_list_params){ { &st.id, 1 } }, &own));
	if (own.n >= RULES_A_STATION)
		return FAIL(&cx->fail, BAD_FIELD, "", "err.rule.many");
	TRY(alarm_rule_put(cx, &st, &r, view_str(str_trim(in->instead_of)), in->off));
	return reply_rules(rq, &st, true);
}

/* Rules are ended, not changed: what an alarm was raised by stays readable. */
static err rule_end_post(struct req *rq)
{
	const struct rule_end_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct station_rule_of_row r;
	struct station st;
	struct canon c;
	int64_t id, n, seq, until = or_else(in->valid_to, china_day(cx->now_ms) - 1);
	TRY(rq_id(rq, "id", &id));
	TRY(station_rule_of(cx->c, cx->a, &(struct station_rule_of_params){ id }, &r));
	TRY(station_get(cx, r.station, &st));
	TRY(station_may_write(cx, &st));
	TRY(station_rule_end(cx->c, &(struct station_rule_end_params){ r.region, id, in->ver, until }, &n));
	if (!n)
		return FAIL(&cx->fail, STALE, "/ver", NULL);
	canon_begin(&c, cx->a);
	canon_id(&c, "station", r.station);
	canon_i64(&c, "until", until);
	TRY(ledger_append(cx, r.region, "rule.end", ledger_subject(cx, "rule", id), canon_end(&c), &seq));
	return reply_rules(rq, &st, false);
}

const struct route alarm_routes[] = {
	{ "GET", "/api/alarms", alarms_get, READ, "sense.read", NULL, alarm_list_out_json, "Alarms in scope, newest first", alarm_query_json },
	{ "GET", "/api/alarms/{id}", alarm_get, READ, "sense.read", NULL, alarm_out_json, "An alarm", NULL },
	{ "POST", "/api/alarms/{id}/ack", ack_post, WRITE, "sense.write", alarm_text_in_json, alarm_out_json,
	  "Somebody has seen it and says what is done", NULL },
	{ "POST", "/api/alarms/{id}/clear", clear_post, WRITE, "sense.write", alarm_text_in_json, alarm_out_json,
	  "Take it off the board; the episode goes on being written", NULL },
	{ "POST", "/api/alarms/look", look_post, SLOW, "sense.write", NULL, alarm_look_out_json, "Hold the rules against the readings now", NULL },
	{ "GET", "/api/rules", rules_get, SLOW, "", NULL, rules_out_json, "The house's rules of alarms", NULL },
	{ "GET", "/api/stations/{id}/rules", station_rules_get, READ, "sense.read", NULL, rules_out_json,
	  "The rules that hold at a station: the house's and its own, ended ones too", NULL },
	{ "POST", "/api/stations/{id}/rules", station_rules_post, WRITE, "sense.write", rule_in_json, rules_out_json,
	  "A rule of the station's own, or one in place of a rule of the house", NULL },
	{ "POST", "/api/rules/{id}/end", rule_end_post, WRITE, "sense.write", rule_end_in_json, rules_out_json, "End a rule of a station", NULL },
	{ 0 },
};
