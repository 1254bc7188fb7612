/* /api/devices, /api/device-commands, /api/gateway */
#include <stdlib.h>

#include "base/vec.h"
#include "core/catalog.h"
#include "core/grant.h"
#include "core/region.h"
#include "core/views.h"
#include "gateway/hj212/device.h"
#include "gateway/hj212/device_quality.h"
#include "gateway/hj212/server_parts.h"
#include "gateway/routes.h"

JSON_DEFINE(device_approve, DEVICE_APPROVE)
JSON_DEFINE(device_new, DEVICE_NEW)

enum { FRAMES_MAX = 200, READINGS_SHOWN = 400, MOMENT_SCAN = 5000, LATEST_MS = 26 * 3600000 };

#define DEVICE_OUT(F, O, L)                                                                                              \
	F(STR, mn, REQ)                                                                                                  \
	F(ENUM, state, REQ, .options = "approved|quarantined|refused")                                                   \
	F(ID, station, NUL)                                                                                              \
	F(STR, station_name, REQ)                                                                                        \
	F(STR, station_name_en, REQ)                                                                                     \
	F(ID, region, REQ, .format = "region")                                                                           \
	F(STR, dialect, REQ)                                                                                             \
	F(STR, crc_policy, REQ)                                                                                          \
	F(STR, answer_policy, REQ)                                                                                       \
	F(STR, peers, REQ, .max = 500)                                                                                   \
	F(BOOL, has_password, REQ)                                                                                       \
	F(I64, real_s, NUL)                                                                                              \
	F(I64, minute_m, NUL)                                                                                            \
	F(STR, reason, REQ, .max = 500)                                                                                  \
	F(I64, first_ms, REQ)                                                                                            \
	F(I64, ver, REQ)                                                                                                 \
	F(BOOL, online, REQ)                                                                                             \
	F(STR, peer, REQ)                                                                                                \
	F(I64, last_ms, NUL)                                                                                             \
	F(I64, offset_ms, NUL)
JSON_STRUCT(device_out, DEVICE_OUT)
JSON_DEFINE(device_out, DEVICE_OUT)

#define DEVICE_LIST_OUT(F, O, L) L(device_out, items, REQ) F(STR, next, NUL)
JSON_STRUCT(device_list_out, DEVICE_LIST_OUT)
JSON_DEFINE(device_list_out, DEVICE_LIST_OUT)

#define DEVICE_QUERY(F, O, L)                                                                                            \
	F(ID, station, OPT) F(ID, region, OPT, .format = "region") F(STR, after, OPT, .max = 64) F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(device_query, DEVICE_QUERY)
JSON_DEFINE(device_query, DEVICE_QUERY)

#define UNKNOWN_QUERY(F, O, L)                                                                                           \
	F(ENUM, state, OPT, .options = "quarantined|refused") F(STR, after, OPT, .max = 64) F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(device_unknown_query, UNKNOWN_QUERY)
JSON_DEFINE(device_unknown_query, UNKNOWN_QUERY)

static int64_t none_if_zero(int64_t v)
{
	return v ? v : JSON_NONE;
}

static void add_now(struct ctx *cx, struct device_out *o)
{
	o->last_ms = o->offset_ms = JSON_NONE;
	o->peer = S("");
	if (!cx->app->hj212)
		return;
	struct hj212_now now = hj212_now(cx->app->hj212, o->mn);
	o->online = now.online;
	o->peer = arena_str(cx->a, str_of(now.peer));
	if (now.last_ms) {
		o->last_ms = now.last_ms;
		o->offset_ms = now.offset_ms;
	}
}

/* ---- looking ---- */

static struct device_out out_of(struct ctx *cx, const struct device_list_row *r)
{
	struct device_out o = { .mn = r->mn, .state = r->state, .station = r->station, .station_name = r->station_name,
				.station_name_en = r->station_name_en, .region = r->region, .dialect = r->dialect, .crc_policy = r->crc_policy,
				.answer_policy = r->answer_policy, .peers = r->peers, .has_password = r->has_pw > 0, .real_s = none_if_zero(r->real_s),
				.minute_m = none_if_zero(r->minute_m), .reason = r->reason, .first_ms = r->first_ms, .ver = r->ver };
	add_now(cx, &o);
	return o;
}

static err devices_get(struct req *rq)
{
	const struct device_query *q = rq->query;
	struct device_list_rows rows;
	struct device_list_out out = { 0 };
	struct db_scope scope = cx_scope(&rq->cx, S("sense.read"));
	int64_t limit = page_limit(q->limit);
	struct device_list_params p = { .after = view_str(q->after), .station = q->station == JSON_NONE ? DB_NONE : q->station, .lo = DB_NONE,
					.hi = DB_NONE, .max = limit + 1 };
	if (q->region != JSON_NONE) {
		if (!region_valid(q->region))
			return FAIL(&rq->cx.fail, BAD_FIELD, "?region", "err.unknown_region");
		region_range(q->region, &p.lo, &p.hi);
	}
	TRY(device_list(rq->cx.c, rq->a, &p, &scope, &rows));
	out.items.v = NEW_N(rq->a, struct device_out, rows.n + 1);
	for (size_t i = 0; i < rows.n && (int64_t)i < limit; i++)
		out.items.v[out.items.n++] = out_of(&rq->cx, &rows.v[i]);
	if ((int64_t)rows.n > limit)
		out.next = out.items.v[out.items.n - 1].mn;
	return reply_json(rq, &out);
}

static struct device_out bare_of(struct ctx *cx, const struct device_by_mn_row *r)
{
	struct device_out o = { .mn = r->mn, .state = r->state, .station = none_if_zero(r->station), .station_name = S(""), .station_name_en = S(""),
				.region = r->region, .dialect = r->dialect, .crc_policy = r->crc_policy, .answer_policy = r->answer_policy,
				.peers = r->peers, .has_password = r->pw_mac.n > 0, .real_s = none_if_zero(r->real_s),
				.minute_m = none_if_zero(r->minute_m), .reason = r->reason, .first_ms = r->first_ms, .ver = r->ver };
	add_now(cx, &o);
	return o;
}

static err unknown_get(struct req *rq)
{
	const struct device_unknown_query *q = rq->query;
	struct device_unknown_rows rows = { 0 };
	struct device_list_out out = { 0 };
	int64_t limit = page_limit(q->limit);
	if (cx_in_region(&rq->cx, S("sense.write"), rq->cx.app->home_region))
		TRY(device_unknown(rq->cx.c, rq->a, &(struct device_unknown_params){ view_str(q->after), q->state.n ? q->state : S("quarantined"), limit + 1 },
				   &rows));
	out.items.v = NEW_N(rq->a, struct device_out, rows.n + 1);
	for (size_t i = 0; i < rows.n && (int64_t)i < limit; i++) {
		const struct device_unknown_row *r = &rows.v[i];
		struct device_by_mn_row row = { .region = r->region, .mn = r->mn, .state = r->state, .dialect = S("auto"), .crc_policy = S("strict"),
						.answer_policy = S("asked"), .peers = S(""), .reason = r->reason, .first_ms = r->first_ms, .ver = r->ver };
		out.items.v[out.items.n++] = bare_of(&rq->cx, &row);
	}
	if ((int64_t)rows.n > limit)
		out.next = out.items.v[out.items.n - 1].mn;
	return reply_json(rq, &out);
}

static err device_view(struct req *rq, str mn, struct device_out *ret)
{
	struct device_by_mn_row row;
	struct device_seen_row seen;
	struct db_scope scope = cx_scope(&rq->cx, S("sense.read"));
	TRY(device_see(&rq->cx, mn, S("sense.read"), &row));
	struct device_out o = bare_of(&rq->cx, &row);
	if (row.station && device_seen(rq->cx.c, rq->a, &(struct device_seen_params){ row.station }, &scope, &seen) == ERR_OK) {
		o.station_name = seen.name;
		o.station_name_en = seen.name_en;
	}
	*ret = o;
	return ERR_OK;
}

static err device_get(struct req *rq)
{
	struct device_out o;
	TRY(device_view(rq, rq_param(rq, "mn"), &o));
	return reply_json(rq, &o);
}

/* ---- deciding ---- */

/* The gateway knows of it before the caller does. */
static err tell_gateway(struct req *rq)
{
	struct device_out o;
	const struct device_new *in = rq->body;
	bool fresh = !rq_param(rq, "mn").p;
	if (rq->cx.app->hj212)
		hj212_refresh(rq->cx.app->hj212);
	TRY(device_view(rq, fresh ? in->mn : rq_param(rq, "mn"), &o));
	return fresh ? reply_created(rq, &o) : reply_json(rq, &o);
}

static err approve_post(struct req *rq)
{
	TRY(device_allow(&rq->cx, rq_param(rq, "mn"), rq->body));
	return rq_after(rq, tell_gateway);
}

static err device_post(struct req *rq)
{
	TRY(device_put_new(&rq->cx, rq->body));
	return rq_after(rq, tell_gateway);
}

#define REFUSE_IN(F, O, L) F(I64, ver, REQ) F(STR, reason, REQ, .max = 500)
JSON_STRUCT(device_refuse_in, REFUSE_IN)
JSON_DEFINE(device_refuse_in, REFUSE_IN)

static err refuse_post(struct req *rq)
{
	const struct device_refuse_in *in = rq->body;
	TRY(device_refuse(&rq->cx, rq_param(rq, "mn"), in->ver, in->reason));
	return rq_after(rq, tell_gateway);
}

#define RENAME_IN(F, O, L) F(I64, ver, REQ) F(STR, mn, REQ, .max = 64) F(STR, reason, REQ, .max = 500)
JSON_STRUCT(device_rename_in, RENAME_IN)
JSON_DEFINE(device_rename_in, RENAME_IN)

static err tell_renamed(struct req *rq)
{
	struct device_out o;
	const struct device_rename_in *in = rq->body;
	if (rq->cx.app->hj212)
		hj212_refresh(rq->cx.app->hj212);
	TRY(device_view(rq, in->mn, &o));
	return reply_json(rq, &o);
}

static err rename_post(struct req *rq)
{
	const struct device_rename_in *in = rq->body;
	TRY(device_rename(&rq->cx, rq_param(rq, "mn"), in->ver, in->mn, in->reason));
	return rq_after(rq, tell_renamed);
}

/* ---- raw frames ---- */

#define FRAME_READING(F, O, L) F(STR, code, REQ) F(STR, what, REQ) F(STR, value, REQ, .max = 1000) F(STR, flag, REQ)
JSON_STRUCT(frame_reading, FRAME_READING)
JSON_DEFINE(frame_reading, FRAME_READING)
#define FRAME_OUT(F, O, L)                                                                                               \
	F(STR, id, REQ) F(I64, received_ms, REQ) F(I64, at_ms, NUL) F(STR, peer, REQ) F(STR, fault, REQ) F(STR, raw, REQ, .max = 20000)     \
	F(STR, qn, REQ) F(STR, st, REQ) F(STR, cn, REQ) F(STR, flag, REQ) L(frame_reading, readings, REQ)
JSON_STRUCT(device_frame, FRAME_OUT)
JSON_DEFINE(device_frame, FRAME_OUT)
#define FRAMES_OUT(F, O, L) L(device_frame, items, REQ) F(STR, next, NUL)
JSON_STRUCT(device_frames, FRAMES_OUT)
JSON_DEFINE(device_frames, FRAMES_OUT)
/* at: only frames whose data are of that moment. */
#define FRAMES_QUERY(F, O, L) F(I64, from, OPT) F(I64, to, OPT) F(I64, at, OPT) F(ID, before, OPT) F(I64, limit, OPT, .min = 1, .max = FRAMES_MAX)
JSON_STRUCT(device_frames_query, FRAMES_QUERY)
JSON_DEFINE(device_frames_query, FRAMES_QUERY)

/* The flag of an item stands in a pair of its own. */
static str flag_in(str cp, str code)
{
	struct hj212_pair p = { 0 };
	while (hj212_pair(&cp, &p))
		if (str_eq(p.code, code) && str_eq(p.field, S("Flag")))
			return p.value;
	return S("");
}

static void read_pairs(struct arena *a, str cp, struct device_frame *o)
{
	struct hj212_pair p = { 0 };
	str rest = cp;
	o->readings.v = NEW_N(a, struct frame_reading, READINGS_SHOWN);
	while (o->readings.n < READINGS_SHOWN && hj212_pair(&rest, &p))
		if (p.field.n && !str_eq(p.field, S("Flag")))
			o->readings.v[o->readings.n++] = (struct frame_reading){ p.code, p.field, p.value, flag_in(cp, p.code) };
}

static struct device_frame frame_out(struct req *rq, const struct hj212_crc *t, const struct raw_record *r)
{
	struct device_frame o = { .received_ms = r->received_ms, .at_ms = r->at_ms == INT64_MIN ? JSON_NONE : r->at_ms, .peer = r->peer,
				  .fault = r->fault, .raw = r->raw, .qn = S(""), .st = S(""), .cn = S(""), .flag = S("") };
	struct hj212_frame f;
	struct hj212_head h;
	enum hj212_found found;
	o.id = arena_printf(rq->a, "%lld", (long long)r->place);
	hj212_next(t, r->raw, true, &f, &found);
	if (found != HJ212_FRAME || !hj212_head(f.segment, &h))
		return o;
	o.qn = view_str(h.qn);
	o.st = view_str(h.st);
	o.cn = view_str(h.cn);
	o.flag = view_str(h.flag_text);
	read_pairs(rq->a, h.cp, &o);
	return o;
}

static size_t only_at(struct raw_record *v, size_t n, int64_t at_ms)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		if (v[i].at_ms == at_ms)
			v[k++] = v[i];
	return k;
}

static int newest_first(const void *a, const void *b)
{
	const struct raw_record *x = a, *y = b;
	return x->place < y->place ? 1 : x->place > y->place ? -1 : 0;
}

struct wish {
	int64_t from, to, before;
	size_t max;
};

/* Of all names that it ever had. */
static err read_names(struct ctx *cx, struct raw *raw, str mn, const struct device_names_of_rows *names, const struct wish *w, struct raw_record **ret, size_t *ret_n)
{
	VEC(struct raw_record) all = { 0 };
	for (size_t i = 0; i <= names->n; i++) {
		struct raw_record *v;
		size_t n;
		TRY(raw_read(raw, cx->a, i ? names->v[i - 1].old_mn : mn, w->from, w->to, w->before, w->max, &v, &n, &cx->fail));
		for (size_t k = 0; k < n; k++)
			vec_push(cx->a, &all, v[k]);
	}
	if (all.n)
		qsort(all.v, all.n, sizeof *all.v, newest_first);
	*ret = all.v;
	*ret_n = all.n < w->max ? all.n : w->max;
	return ERR_OK;
}

/* What was kept stays readable while the gateway is off. */
static err read_frames(struct ctx *cx, str mn, const struct device_names_of_rows *names, const struct wish *w, struct raw_record **ret, size_t *ret_n)
{
	struct hj212 *g = cx->app->hj212;
	struct raw *own = NULL;
	if (!g)
		TRY(raw_open(cx->app->data_dir, &own, &cx->fail));
	err e = read_names(cx, g ? hj212_raw(g) : own, mn, names, w, ret, ret_n);
	raw_close(own);
	return e;
}

static err frames_get(struct req *rq)
{
	const struct device_frames_query *q = rq->query;
	struct device_by_mn_row row;
	struct device_names_of_rows names = { 0 };
	struct raw_record *v = NULL;
	size_t n = 0;
	int64_t limit = q->limit == JSON_NONE ? PAGE_DEFAULT : q->limit;
	struct device_frames out = { 0 };
	struct hj212_crc *t = NEW(rq->a, struct hj212_crc);
	struct ctx cx = rq->cx;
	hj212_crc_init(t);
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = device_see(&cx, rq_param(rq, "mn"), S("sense.read"), &row);
	if (e == ERR_OK)
		e = device_names_of(cx.c, cx.a, &(struct device_names_of_params){ row.mn, DEVICE_NAMES_MAX }, &names);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	TRY(e);
	const bool moment = q->at != JSON_NONE;
	const struct wish w = { .from = q->from != JSON_NONE ? q->from : moment ? q->at : 0,
				.to = q->to != JSON_NONE ? q->to : moment ? q->at + LATEST_MS : INT64_MAX,
				.before = q->before == JSON_NONE ? INT64_MAX : q->before, .max = moment ? MOMENT_SCAN : (size_t)limit + 1 };
	TRY(read_frames(&rq->cx, row.mn, &names, &w, &v, &n));
	if (moment)
		n = only_at(v, n, q->at);
	out.items.v = NEW_N(rq->a, struct device_frame, n + 1);
	for (size_t i = 0; i < n && (int64_t)i < limit; i++)
		out.items.v[out.items.n++] = frame_out(rq, t, &v[i]);
	if ((int64_t)n > limit)
		out.next = out.items.v[out.items.n - 1].id;
	return reply_json(rq, &out);
}

/* ---- commands ---- */

#define PARAM_IN(F, O, L) F(STR, name, REQ, .max = 32) F(STR, value, REQ, .max = 64)
JSON_STRUCT(command_param, PARAM_IN)
JSON_DEFINE(command_param, PARAM_IN)
#define COMMAND_IN(F, O, L) F(STR, cn, REQ, .max = 4) L(command_param, params, OPT, .max = 10)
JSON_STRUCT(command_in, COMMAND_IN)
JSON_DEFINE(command_in, COMMAND_IN)
#define COMMAND_OUT(F, O, L)                                                                                             \
	F(ID, id, REQ) F(STR, cn, REQ) F(STR, zh, REQ) F(STR, en, REQ) F(STR, qn, REQ) F(STR, params, REQ, .max = 1000)                     \
	F(ENUM, state, REQ, .options = "waiting|sent|accepted|done|refused|failed|timeout") F(STR, answer, REQ, .max = 5000)         \
	F(ID, account, NUL) F(I64, made_ms, REQ) F(I64, done_ms, NUL) F(I64, tries, REQ)
JSON_STRUCT(command_out, COMMAND_OUT)
JSON_DEFINE(command_out, COMMAND_OUT)
#define COMMANDS_OUT(F, O, L) L(command_out, items, REQ) F(STR, next, NUL)
JSON_STRUCT(command_list_out, COMMANDS_OUT)
JSON_DEFINE(command_list_out, COMMANDS_OUT)
#define COMMANDS_QUERY(F, O, L) F(ID, before, OPT) F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(command_query, COMMANDS_QUERY)
JSON_DEFINE(command_query, COMMANDS_QUERY)

static err command_rows(struct ctx *cx, struct rows *ret)
{
	return catalog_current(cx->app->catalog, cx->a, S("hj212"), china_day(cx->now_ms), S("commands"), ret, &cx->fail);
}

static struct command_out command_view(const struct rows *t, const struct command_list_row *r)
{
	struct command_out o = { .id = r->id, .cn = r->cn, .zh = S(""), .en = S(""), .qn = r->qn, .params = r->body, .state = r->state,
				 .answer = r->answer, .account = none_if_zero(r->account), .made_ms = r->made_ms,
				 .done_ms = r->done_ms == DB_NONE ? JSON_NONE : r->done_ms, .tries = r->tries };
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(rows_get(t, i, S("code")), r->cn)) {
			o.zh = rows_get(t, i, S("zh"));
			o.en = rows_get(t, i, S("en"));
		}
	return o;
}

static err command_post(struct req *rq)
{
	const struct command_in *in = rq->body;
	struct command_list_rows rows;
	struct rows table;
	int64_t id;
	struct device_param *v = NEW_N(rq->a, struct device_param, in->params.n + 1);
	for (size_t i = 0; i < in->params.n; i++)
		v[i] = (struct device_param){ in->params.v[i].name, in->params.v[i].value };
	TRY(device_command_put(&rq->cx, rq_param(rq, "mn"), in->cn, v, in->params.n, &id));
	TRY(command_list(rq->cx.c, rq->a, &(struct command_list_params){ rq_param(rq, "mn"), id + 1, 1 }, &rows));
	TRY(command_rows(&rq->cx, &table));
	struct command_out o = command_view(&table, &rows.v[0]);
	return reply_created(rq, &o);
}

static err commands_get(struct req *rq)
{
	const struct command_query *q = rq->query;
	struct device_by_mn_row row;
	struct command_list_rows rows;
	struct command_list_out out = { 0 };
	struct rows table;
	int64_t limit = page_limit(q->limit);
	TRY(device_see(&rq->cx, rq_param(rq, "mn"), S("sense.read"), &row));
	TRY(command_list(rq->cx.c, rq->a, &(struct command_list_params){ row.mn, q->before == JSON_NONE ? INT64_MAX : q->before, limit + 1 }, &rows));
	TRY(command_rows(&rq->cx, &table));
	out.items.v = NEW_N(rq->a, struct command_out, rows.n + 1);
	for (size_t i = 0; i < rows.n && (int64_t)i < limit; i++)
		out.items.v[out.items.n++] = command_view(&table, &rows.v[i]);
	out.next = page_cursor(rq->a, (int64_t)rows.n > limit, rows.n ? out.items.v[out.items.n - 1].id : 0);
	return reply_json(rq, &out);
}

#define COMMAND_KIND(F, O, L) F(STR, cn, REQ) F(STR, zh, REQ) F(STR, en, REQ) F(STR, params, REQ) F(STR, source, REQ) F(STR, certainty, REQ)
JSON_STRUCT(command_kind, COMMAND_KIND)
JSON_DEFINE(command_kind, COMMAND_KIND)
#define COMMAND_KINDS(F, O, L) L(command_kind, items, REQ)
JSON_STRUCT(command_kinds, COMMAND_KINDS)
JSON_DEFINE(command_kinds, COMMAND_KINDS)

static err kinds_get(struct req *rq)
{
	struct rows t;
	struct command_kinds out = { 0 };
	TRY(command_rows(&rq->cx, &t));
	out.items.v = NEW_N(rq->a, struct command_kind, t.n + 1);
	for (size_t i = 0; i < t.n; i++)
		if (str_eq(rows_get(&t, i, S("may_send")), S("yes")))
			out.items.v[out.items.n++] = (struct command_kind){ rows_get(&t, i, S("code")), rows_get(&t, i, S("zh")), rows_get(&t, i, S("en")),
									    rows_get(&t, i, S("params")), rows_get(&t, i, S("source")),
									    rows_get(&t, i, S("certainty")) };
	return reply_json(rq, &out);
}

/* ---- the gateway ---- */

#define GATEWAY_OUT(F, O, L)                                                                                             \
	F(BOOL, listening, REQ) F(I64, port, REQ) F(I64, connections, REQ) F(I64, accepted, REQ) F(I64, refused, REQ)                       \
	F(I64, closed_idle, REQ) F(I64, closed_partial, REQ) F(I64, closed_junk, REQ) F(I64, closed_slow, REQ) F(I64, junk_bytes, REQ)     \
	F(I64, batches, REQ) F(I64, failed_batches, REQ) F(I64, unknown, REQ) F(I64, paused, REQ) O(device_totals, counts, REQ)
JSON_STRUCT(gateway_out, GATEWAY_OUT)
JSON_DEFINE(gateway_out, GATEWAY_OUT)

static err gateway_get(struct req *rq)
{
	struct gateway_out o = { 0 };
	struct hj212_stats s = { 0 };
	struct hj212 *g = rq->cx.app->hj212;
	o.counts = NEW(rq->a, struct device_totals);
	if (g) {
		s = hj212_stats(g);
		o.listening = true;
		o.port = hj212_port(g);
	}
	o.connections = s.connections;
	o.accepted = s.accepted;
	o.refused = s.refused;
	o.closed_idle = s.closed_idle;
	o.closed_partial = s.closed_partial;
	o.closed_junk = s.closed_junk;
	o.closed_slow = s.closed_slow;
	o.junk_bytes = s.junk_bytes;
	o.batches = s.batches;
	o.failed_batches = s.failed_batches;
	o.unknown = s.unknown;
	o.paused = s.paused;
#define X(name) o.counts->name = s.counts.name;
	HJ212_COUNTS(X)
#undef X
	return reply_json(rq, &o);
}

const struct route device_routes[] = {
	{ "GET", "/api/devices", devices_get, READ, "sense.read", NULL, device_list_out_json, "Devices that report for stations", device_query_json },
	{ "POST", "/api/devices", device_post, WRITE, "sense.write", device_new_json, device_out_json, "Register a device before it connects", NULL },
	{ "GET", "/api/devices/unknown", unknown_get, READ, "sense.write", NULL, device_list_out_json, "Devices in quarantine, or refused",
	  device_unknown_query_json },
	{ "GET", "/api/devices/{mn}", device_get, READ, "sense.read", NULL, device_out_json, "One device", NULL },
	{ "POST", "/api/devices/{mn}/approve", approve_post, WRITE, "sense.write", device_approve_json, device_out_json,
	  "Give a device to a station, or change how it is treated", NULL },
	{ "POST", "/api/devices/{mn}/refuse", refuse_post, WRITE, "sense.write", device_refuse_in_json, device_out_json, "Refuse a device", NULL },
	{ "POST", "/api/devices/{mn}/rename", rename_post, WRITE, "sense.write", device_rename_in_json, device_out_json,
	  "Another name, given by the platform; its history stays", NULL },
	{ "GET", "/api/devices/{mn}/quality", device_quality_get, READ, "sense.read", NULL, device_quality_json, "What came from a device, by hour",
	  device_span_query_json },
	{ "GET", "/api/devices/{mn}/frames", frames_get, SLOW, "sense.read", NULL, device_frames_json, "Raw packets beside what was read",
	  device_frames_query_json },
	{ "GET", "/api/devices/{mn}/commands", commands_get, READ, "sense.read", NULL, command_list_out_json, "Commands to a device", command_query_json },
	{ "POST", "/api/devices/{mn}/commands", command_post, WRITE, "sense.command", command_in_json, command_out_json, "Send a command to a device", NULL },
	{ "GET", "/api/device-commands", kinds_get, READ, "sense.read", NULL, command_kinds_json, "Commands that may be sent", NULL },
	{ "GET", "/api/gateway", gateway_get, READ, "sense.read", NULL, gateway_out_json, "Counters of the gateway for devices", NULL },
	{ 0 },
};
