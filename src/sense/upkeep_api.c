/* /api/stations/{id}/upkeep: what was done to the instruments, by whom and why. Entries are acts: ended or withdrawn, never changed
 * or deleted. */
#include <math.h>
#include <string.h>

#include "core/grant.h"
#include "core/ledger.h"
#include "core/views.h"
#include "sense/derive.h"
#include "sense/drift.h"
#include "sense/routes.h"
#include "sense/station.h"
#include "sense/upkeep.h"
#include "sense/upkeep_sql.h"

enum { UPKEEP_TEXT_MAX = 1000, UPKEEP_ITEM_MAX = 60 };

/* ---- kinds ---- */

#define UPKEEP_KIND(F, O, L)                                                                       \
	F(STR, id, REQ)                                                                            \
	F(STR, flag, REQ)                                                                          \
	F(I64, late_h, REQ)                                                                        \
	F(I64, ahead_d, REQ)                                                                       \
	F(I64, longest_d, REQ)                                                                     \
	F(I64, back_d, REQ)                                                                        \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, source, REQ, .max = 500)                                                            \
	F(STR, certainty, REQ)
JSON_STRUCT(upkeep_kind_out, UPKEEP_KIND)
JSON_DEFINE(upkeep_kind_out, UPKEEP_KIND)
#define UPKEEP_KINDS(F, O, L) F(STR, edition, REQ) L(upkeep_kind_out, items, REQ)
JSON_STRUCT(upkeep_kinds_out, UPKEEP_KINDS)
JSON_DEFINE(upkeep_kinds_out, UPKEEP_KINDS)

static err kinds_get(struct req *rq)
{
	enum { HOUR_MS = 3600000 };
	const struct upkeep_kinds *k = upkeep_kinds(rq->cx.app->upkeep);
	struct upkeep_kinds_out out = { .edition = k->edition };
	out.items.v = NEW_N(rq->a, struct upkeep_kind_out, k->n + 1);
	for (; out.items.n < k->n; out.items.n++) {
		const struct upkeep_kind *v = &k->v[out.items.n];
		out.items.v[out.items.n] = (struct upkeep_kind_out){ v->id, arena_printf(rq->a, "%c", v->flag), v->late_ms / HOUR_MS,
								     v->ahead_ms / DAY_MS, v->longest_ms / DAY_MS, v->back_ms / DAY_MS, v->zh,
								     v->en, v->source, v->certainty };
	}
	return reply_json(rq, &out);
}

/* ---- entries ---- */

#define UPKEEP_ACT(F, O, L) F(I64, at_ms, REQ) F(STR, by, REQ) F(STR, text, REQ, .max = UPKEEP_TEXT_MAX)
JSON_STRUCT(upkeep_act, UPKEEP_ACT)
JSON_DEFINE(upkeep_act, UPKEEP_ACT)

/* zero_pct, span_pct: drift that a calibration found, in per cent of full scale. state: planned (not begun), lasting, ended, withdrawn. backdated: entered longer after it began than the kind allows for. */
#define UPKEEP_OUT(F, O, L)                                                                        \
	F(ID, id, REQ)                                                                             \
	F(STR, kind, REQ)                                                                          \
	F(STR, flag, REQ)                                                                          \
	F(STR, item, REQ)                                                                          \
	F(I64, from_ms, REQ)                                                                       \
	F(I64, to_ms, NUL)                                                                         \
	F(ENUM, state, REQ, .options = "planned|lasting|ended|withdrawn")                          \
	F(BOOL, backdated, REQ)                                                                    \
	O(upkeep_act, made, REQ)                                                                   \
	O(upkeep_act, ended, NUL)                                                                  \
	O(upkeep_act, withdrawn, NUL)                                                              \
	F(F64, zero_pct, NUL)                                                                      \
	F(F64, span_pct, NUL)                                                                      \
	F(I64, ver, REQ)
JSON_STRUCT(upkeep_out, UPKEEP_OUT)
JSON_DEFINE(upkeep_out, UPKEEP_OUT)
#define UPKEEP_LIST(F, O, L) L(upkeep_out, items, REQ) F(STR, next, NUL)
JSON_STRUCT(upkeep_list_out, UPKEEP_LIST)
JSON_DEFINE(upkeep_list_out, UPKEEP_LIST)
/* hours, days: derived anew because of it; changed: that were another value before. What takes longer follows in the background. */
#define UPKEEP_DONE(F, O, L) F(ID, id, REQ) O(upkeep_out, entry, REQ) F(I64, hours, REQ) F(I64, days, REQ) F(I64, changed, REQ)
JSON_STRUCT(upkeep_done_out, UPKEEP_DONE)
JSON_DEFINE(upkeep_done_out, UPKEEP_DONE)

#define UPKEEP_QUERY(F, O, L) F(I64, from, OPT, .format = "date-time-ms") F(I64, to, OPT, .format = "date-time-ms") F(STR, after, OPT, .max = 60) \
	F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(upkeep_query, UPKEEP_QUERY)
JSON_DEFINE(upkeep_query, UPKEEP_QUERY)

static struct upkeep_act *act_of(struct arena *a, int64_t at_ms, str by, str text)
{
	if (at_ms == DB_NONE)
		return NULL;
	struct upkeep_act *out = NEW(a, struct upkeep_act);
	*out = (struct upkeep_act){ at_ms, view_str(by), text };
	return out;
}

static str state_of(const struct upkeep_list_row *r, int64_t now_ms)
{
	if (r->withdrawn_ms != DB_NONE)
		return S("withdrawn");
	if (r->from_ms > now_ms)
		return S("planned");
	return r->to_ms == DB_NONE || r->to_ms > now_ms ? S("lasting") : S("ended");
}

static struct upkeep_out view_of(struct ctx *cx, const struct upkeep_list_row *r)
{
	const struct upkeep_kind *k = upkeep_kind_find(upkeep_kinds(cx->app->upkeep), r->kind);
	return (struct upkeep_out){ .id = r->id, .kind = r->kind, .flag = arena_printf(cx->a, "%c", k ? k->flag : 'M'), .item = r->item,
				    .from_ms = r->from_ms, .to_ms = r->to_ms, .state = state_of(r, cx->now_ms), .backdated = r->backdated != 0,
				    .made = act_of(cx->a, r->made_ms, r->made_name, r->reason),
				    .ended = act_of(cx->a, r->ended_ms, r->ended_name, S("")),
				    .withdrawn = act_of(cx->a, r->withdrawn_ms, r->withdrawn_name, r->withdrawn_reason), .zero_pct = r->zero_pct,
				    .span_pct = r->span_pct, .ver = r->ver };
}

/* "<time>-<id>" of the last entry shown. */
static err take_after(struct req *rq, str after, struct upkeep_list_params *p)
{
	str at;
	p->before_ms = p->before_id = INT64_MAX;
	if (!after.n)
		return ERR_OK;
	bool ok = str_cut(&after, '-', &at) && str_to_i64(at, &p->before_ms) && str_to_i64(after, &p->before_id);
	return ok ? ERR_OK : FAIL(&rq->cx.fail, BAD_FIELD, "?after", NULL);
}

static err list_get(struct req *rq)
{
	const struct upkeep_query *q = rq->query;
	struct upkeep_list_rows rows;
	struct upkeep_list_out out = { 0 };
	struct station st;
	int64_t id, limit = page_limit(q->limit);
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(&rq->cx, id, &st));
	struct upkeep_list_params p = { .station = id, .from_ms = q->from == JSON_NONE ? INT64_MIN / 2 : q->from,
					.to_ms = q->to == JSON_NONE ? INT64_MAX : q->to, .max = limit + 1 };
	TRY(take_after(rq, q->after, &p));
	TRY(upkeep_list(rq->cx.c, rq->a, &p, &rows));
	out.items.v = NEW_N(rq->a, struct upkeep_out, rows.n + 1);
	for (size_t i = 0; i < rows.n && (int64_t)i < limit; i++)
		out.items.v[out.items.n++] = view_of(&rq->cx, &rows.v[i]);
	if ((int64_t)rows.n > limit) {
		const struct upkeep_list_row *last = &rows.v[limit - 1];
		out.next = arena_printf(rq->a, "%lld-%lld", (long long)last->from_ms, (long long)last->id);
	}
	return reply_json(rq, &out);
}

/* ---- acts ---- */

#define UPKEEP_IN(F, O, L)                                                                         \
	F(STR, kind, REQ, .max = 40)                                                               \
	F(STR, item, OPT, .max = UPKEEP_ITEM_MAX)                                                  \
	F(I64, from_ms, REQ, .format = "date-time-ms")                                             \
	F(I64, to_ms, OPT, .format = "date-time-ms")                                               \
	F(F64, zero_pct, OPT)                                                                      \
	F(F64, span_pct, OPT)                                                                      \
	F(STR, reason, REQ, .max = UPKEEP_TEXT_MAX)
JSON_STRUCT(upkeep_in, UPKEEP_IN)
JSON_DEFINE(upkeep_in, UPKEEP_IN)
#define UPKEEP_END(F, O, L) F(I64, ver, REQ) F(I64, to_ms, REQ, .format = "date-time-ms")
JSON_STRUCT(upkeep_end_in, UPKEEP_END)
JSON_DEFINE(upkeep_end_in, UPKEEP_END)
#define UPKEEP_WITHDRAW(F, O, L) F(I64, ver, REQ) F(STR, reason, REQ, .max = UPKEEP_TEXT_MAX)
JSON_STRUCT(upkeep_withdraw_in, UPKEEP_WITHDRAW)
JSON_DEFINE(upkeep_withdraw_in, UPKEEP_WITHDRAW)

static const char *days_text(struct arena *a, int64_t ms)
{
	return arena_printf(a, "%lld", (long long)(ms / DAY_MS)).p;
}

static err check_time(struct ctx *cx, const struct upkeep_kind *k, int64_t from, int64_t to)
{
	bool lasts = to == DB_NONE;
	if (from < cx->now_ms - k->back_ms)
		return FAIL(&cx->fail, BAD_FIELD, "/from_ms", "err.upkeep.back", "days", days_text(cx->a, k->back_ms));
	if (from > cx->now_ms + k->ahead_ms || (lasts && from > cx->now_ms))
		return FAIL(&cx->fail, BAD_FIELD, "/from_ms", "err.upkeep.ahead", "days", days_text(cx->a, k->ahead_ms));
	if (!lasts && to <= from)
		return FAIL(&cx->fail, BAD_FIELD, "/to_ms", "err.series.span");
	if (!lasts && to - from > k->longest_ms)
		return FAIL(&cx->fail, BAD_FIELD, "/to_ms", "err.upkeep.long", "days", days_text(cx->a, k->longest_ms));
	return ERR_OK;
}

/* Of one kind and item one entry holds at a time: two that overlap are one that should be ended or withdrawn. */
static err check_free(struct ctx *cx, int64_t station, str item, str kind, int64_t from, int64_t to, int64_t id)
{
	struct upkeep_meets_row row;
	char at[26];
	err e = upkeep_meets(cx->c, cx->a, &(struct upkeep_meets_params){ station, item, kind, from, to == DB_NONE ? INT64_MAX : to, id }, &row);
	if (e == ERR_NOT_FOUND) {
		cx->fail = (struct fail){ 0 };
		return ERR_OK;
	}
	TRY(e);
	time_format_china(row.from_ms, at);
	return FAIL(&cx->fail, CONFLICT, "/from_ms", "err.upkeep.overlap", "from", arena_cstr(cx->a, str_sub(str_of(at), 0, 16)));
}

struct secret_words {
	unsigned char bytes[16];
	str salt, text;
};

static void salt_words(struct secret_words *w, str text)
{
	random_bytes(w->bytes, sizeof w->bytes);
	w->salt = (str){ (const char *)w->bytes, sizeof w->bytes };
	w->text = text;
}

struct entry {
	int64_t region, id, station;
	str item, kind;
	int64_t from_ms, to_ms;
	bool backdated;
	double zero_pct, span_pct;   /* NaN: not looked at */
};

/* Exactly, since an event's body has no fractions; empty: not looked at. */
static str pct_text(struct arena *a, double v)
{
	return isnan(v) ? S("") : arena_printf(a, "%.15g", v);
}

static err put_event(struct ctx *cx, const char *kind, const struct entry *e, const struct secret_words *w)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "station", e->station);
	canon_str(&c, "kind", e->kind);
	canon_str(&c, "item", e->item);
	canon_i64(&c, "from", e->from_ms);
	if (e->to_ms == DB_NONE)
		canon_null(&c, "to");
	else
		canon_i64(&c, "to", e->to_ms);
	canon_bool(&c, "backdated", e->backdated);
	if (!isnan(e->zero_pct) || !isnan(e->span_pct)) {
		canon_str(&c, "zero_pct", pct_text(cx->a, e->zero_pct));
		canon_str(&c, "span_pct", pct_text(cx->a, e->span_pct));
	}
	if (w)
		canon_str(&c, "reason", commitment(cx->a, w->salt, w->text));
	return ledger_append(cx, e->region, kind, ledger_subject(cx, "upkeep", e->id), canon_end(&c), NULL);
}

/* Once it is durable: marks lie over the readings, and what depends on them is derived anew before the answer leaves. */
static err derive_and_reply(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct upkeep_get_row r;
	struct upkeep_list_rows rows;
	struct derive_count n = { 0 };
	int64_t id = *(const int64_t *)rq->prepared;
	if (!cx->idem.p) { /* else the answer is stored with the act, before it is durable; the next look catches up */
		TRY(upkeep_refresh(cx->app->upkeep, &cx->fail));
		TRY(derive_due(cx->app->derive, &n, &cx->fail));
	}
	TRY(upkeep_get(cx->c, cx->a, &(struct upkeep_get_params){ id }, &r));
	const struct upkeep_list_params p = { r.station, r.from_ms, r.id + 1, INT64_MIN / 2, INT64_MAX, 1 };
	TRY(upkeep_list(cx->c, cx->a, &p, &rows));
	if (!rows.n)
		return ERR_NOT_FOUND;
	struct upkeep_out entry = view_of(cx, &rows.v[0]);
	const struct upkeep_done_out out = { id, &entry, n.hours, n.days, n.changed };
	return reply_json(rq, &out);
}

static err done(struct req *rq, int64_t id)
{
	int64_t *keep = NEW(rq->a, int64_t);
	*keep = id;
	rq->prepared = keep;
	return rq_after(rq, derive_and_reply);
}

static err kind_of(struct ctx *cx, str id, const struct upkeep_kind **ret)
{
	*ret = upkeep_kind_find(upkeep_kinds(cx->app->upkeep), id);
	return *ret ? ERR_OK : FAIL(&cx->fail, BAD_FIELD, "/kind", "err.upkeep.kind", "kind", arena_cstr(cx->a, id));
}

/* The item by which the readings are kept, from what the device or the catalog calls it. */
static err item_of(struct ctx *cx, const struct station *st, str code, str *ret)
{
	struct station_item *v;
	size_t n;
	*ret = S("");
	code = str_trim(code);
	if (!code.n)
		return ERR_OK;
	TRY(station_items(cx, st, &v, &n));
	*ret = station_item_of(cx->app->stations, st, v, n, code).item;
	return ERR_OK;
}

/* Drift is what a calibration of one item found. */
static err check_drift(struct ctx *cx, const struct upkeep_kind *k, const struct entry *e)
{
	const struct { double v; const char *at; } pct[] = { { e->zero_pct, "/zero_pct" }, { e->span_pct, "/span_pct" } };
	for (size_t i = 0; i < COUNT_OF(pct); i++) {
		if (isnan(pct[i].v))
			continue;
		if (k->flag != 'C' || !e->item.n)
			return FAIL(&cx->fail, BAD_FIELD, pct[i].at, "err.upkeep.drift_of");
		if (!(fabs(pct[i].v) <= 100))
			return FAIL(&cx->fail, BAD_FIELD, pct[i].at, "err.upkeep.drift_size");
	}
	return ERR_OK;
}

/* What a calibration found makes readings before it doubtful, or no more. */
static err settle_drift(struct ctx *cx, const struct station *st, const struct entry *e)
{
	const struct upkeep_kind *k = upkeep_kind_find(upkeep_kinds(cx->app->upkeep), e->kind);
	return k && k->flag == 'C' && e->item.n ? drift_settle(cx, st, e->item) : ERR_OK;
}

static err entry_post(struct req *rq)
{
	const struct upkeep_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	const struct upkeep_kind *k;
	struct secret_words w;
	struct station st;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(station_get(cx, id, &st));
	TRY(station_may_write(cx, &st));
	TRY(kind_of(cx, in->kind, &k));
	struct entry e = { .region = st.region, .station = st.id, .kind = k->id, .from_ms = in->from_ms,
			   .to_ms = in->to_ms == JSON_NONE ? DB_NONE : in->to_ms, .backdated = cx->now_ms - in->from_ms > k->late_ms,
			   .zero_pct = in->zero_pct, .span_pct = in->span_pct };
	TRY(item_of(cx, &st, view_str(in->item), &e.item));
	TRY(check_drift(cx, k, &e));
	TRY(check_time(cx, k, e.from_ms, e.to_ms));
	TRY(check_free(cx, e.station, e.item, e.kind, e.from_ms, e.to_ms, 0));
	e.id = new_id(cx);
	salt_words(&w, str_trim(in->reason));
	if (!w.text.n)
		return FAIL(&cx->fail, BAD_FIELD, "/reason", "err.required");
	TRY(upkeep_insert(cx->c,
			  &(struct upkeep_insert_params){ .region = e.region, .id = e.id, .station = e.station, .item = e.item, .kind = e.kind,
							  .from_ms = e.from_ms, .to_ms = e.to_ms, .reason = w.text, .salt = w.salt,
							  .backdated = e.backdated, .account = cx_account(cx), .made_ms = cx->now_ms,
							  .ended_ms = DB_NONE, .zero_pct = e.zero_pct, .span_pct = e.span_pct },
			  NULL));
	TRY(settle_drift(cx, &st, &e));
	TRY(put_event(cx, "upkeep.add", &e, &w));
	return done(rq, e.id);
}

static err find_entry(struct req *rq, struct upkeep_get_row *r, struct entry *e, struct station *st)
{
	struct ctx *cx = &rq->cx;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(upkeep_get(cx->c, cx->a, &(struct upkeep_get_params){ id }, r));
	TRY(station_get(cx, r->station, st));
	TRY(station_may_write(cx, st));
	*e = (struct entry){ r->region, r->id, r->station, r->item, r->kind, r->from_ms, r->to_ms, r->backdated != 0, NAN, NAN };
	return r->withdrawn_ms == DB_NONE ? ERR_OK : FAIL(&cx->fail, CONFLICT, "", "err.upkeep.withdrawn");
}

static err end_post(struct req *rq)
{
	const struct upkeep_end_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	const struct upkeep_kind *k;
	struct upkeep_get_row r;
	struct station st;
	struct entry e;
	int64_t n;
	TRY(find_entry(rq, &r, &e, &st));
	TRY(kind_of(cx, r.kind, &k));
	e.to_ms = in->to_ms;
	if (in->to_ms <= r.from_ms || in->to_ms > cx->now_ms)
		return FAIL(&cx->fail, BAD_FIELD, "/to_ms", "err.upkeep.end");
	if (in->to_ms - r.from_ms > k->longest_ms)
		return FAIL(&cx->fail, BAD_FIELD, "/to_ms", "err.upkeep.long", "days", days_text(cx->a, k->longest_ms));
	TRY(check_free(cx, e.station, e.item, e.kind, e.from_ms, e.to_ms, e.id));
	TRY(upkeep_end(cx->c, &(struct upkeep_end_params){ r.region, r.id, in->ver, in->to_ms, cx_account(cx), cx->now_ms }, &n));
	if (!n)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	TRY(settle_drift(cx, &st, &e));
	TRY(put_event(cx, "upkeep.end", &e, NULL));
	return done(rq, e.id);
}

static err withdraw_post(struct req *rq)
{
	const struct upkeep_withdraw_in *in = rq->body;
	struct ctx *cx = &rq->cx;
	struct upkeep_get_row r;
	struct secret_words w;
	struct station st;
	struct entry e;
	int64_t n;
	TRY(find_entry(rq, &r, &e, &st));
	salt_words(&w, str_trim(in->reason));
	if (!w.text.n)
		return FAIL(&cx->fail, BAD_FIELD, "/reason", "err.required");
	TRY(upkeep_withdraw(cx->c, &(struct upkeep_withdraw_params){ r.region, r.id, in->ver, cx->now_ms, cx_account(cx), w.text, w.salt }, &n));
	if (!n)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	TRY(settle_drift(cx, &st, &e));
	TRY(put_event(cx, "upkeep.withdraw", &e, &w));
	return done(rq, e.id);
}

const struct route upkeep_routes[] = {
	{ "GET", "/api/upkeep-kinds", kinds_get, SLOW, "", NULL, upkeep_kinds_out_json, "Kinds of upkeep and the flags they lay over readings", NULL },
	{ "GET", "/api/stations/{id}/upkeep", list_get, READ, "sense.read", NULL, upkeep_list_out_json,
	  "What was done to a station's instruments, newest first", upkeep_query_json },
	{ "POST", "/api/stations/{id}/upkeep", entry_post, WRITE, "sense.write", upkeep_in_json, upkeep_done_out_json,
	  "Enter maintenance, calibration, a fault or a power cut; what depends on the readings is derived anew", NULL },
	{ "POST", "/api/upkeep/{id}/end", end_post, WRITE, "sense.write", upkeep_end_in_json, upkeep_done_out_json, "Say when it ended", NULL },
	{ "POST", "/api/upkeep/{id}/withdraw", withdraw_post, WRITE, "sense.write", upkeep_withdraw_in_json, upkeep_done_out_json,
	  "Take an entry back; it stays readable", NULL },
	{ 0 },
};
