/* /api/ledger */
#include <string.h>

#include "core/app.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "core/ledger_sql.h"
#include "core/merkle.h"
#include "core/routes.h"
#include "core/views.h"

/* region "0" is the log of who came in and who was refused. */
#define LEDGER_LOG_ITEM(F, O, L)                                                                   \
	F(STR, region, REQ, .format = "region")                                                    \
	F(STR, region_name, REQ)                                                                   \
	F(I64, size, REQ)                                                                          \
	F(STR, root, REQ)                                                                          \
	F(STR, alg, REQ)                                                                           \
	F(I64, last_ms, NUL)
JSON_STRUCT(ledger_log_item, LEDGER_LOG_ITEM)
JSON_DEFINE(ledger_log_item, LEDGER_LOG_ITEM)

#define LEDGER_LOG_LIST(F, O, L) L(ledger_log_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(ledger_log_list, LEDGER_LOG_LIST)
JSON_DEFINE(ledger_log_list, LEDGER_LOG_LIST)

#define LEDGER_EVENTS_QUERY(F, O, L)                                                               \
	F(STR, region, OPT, .max = 12, .format = "region")                                         \
	F(I64, after, OPT, .min = -1, .max = 9e15)                                                 \
	F(STR, subject, OPT, .max = 64)                                                            \
	F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(ledger_events_query, LEDGER_EVENTS_QUERY)
JSON_DEFINE(ledger_events_query, LEDGER_EVENTS_QUERY)

/* body is empty where the caller may not see what the event is about; its leaf still counts. */
#define LEDGER_EVENT_ITEM(F, O, L)                                                                 \
	F(STR, region, REQ, .format = "region")                                                    \
	F(I64, seq, REQ)                                                                           \
	F(I64, at_ms, REQ)                                                                         \
	F(STR, kind, REQ)                                                                          \
	F(STR, subject, REQ)                                                                       \
	F(STR, actor_name, REQ)                                                                    \
	F(STR, leaf, REQ)                                                                          \
	F(STR, body, REQ)
JSON_STRUCT(ledger_event_item, LEDGER_EVENT_ITEM)
JSON_DEFINE(ledger_event_item, LEDGER_EVENT_ITEM)

#define LEDGER_EVENT_LIST(F, O, L) L(ledger_event_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(ledger_event_list, LEDGER_EVENT_LIST)
JSON_DEFINE(ledger_event_list, LEDGER_EVENT_LIST)

#define LEDGER_FIRST(F, O, L)                                                                      \
	F(STR, region, REQ, .format = "region")                                                    \
	F(I64, seq, REQ)                                                                           \
	F(STR, what, REQ)                                                                          \
	F(STR, subject, REQ)
JSON_STRUCT(ledger_first, LEDGER_FIRST)
JSON_DEFINE(ledger_first, LEDGER_FIRST)

#define LEDGER_CHECK(F, O, L)                                                                      \
	F(BOOL, ok, REQ)                                                                           \
	F(I64, events, REQ)                                                                        \
	F(I64, logs, REQ)                                                                          \
	F(I64, matters, REQ)                                                                       \
	F(I64, ms, REQ)                                                                            \
	O(ledger_first, first, NUL)
JSON_STRUCT(ledger_check_out, LEDGER_CHECK)
JSON_DEFINE(ledger_check_out, LEDGER_CHECK)

static str root_of(struct req *rq, const struct ledger_logs_row *r)
{
	enum hash_alg alg;
	unsigned char root[HASH_SIZE];
	struct merkle *m = NEW(rq->a, struct merkle);
	if (!hash_alg_parse(r->alg, &alg) || !merkle_load(m, r->size, r->frontier))
		return S("");
	AUTO(hasher_drop) struct hasher *h = hasher_new(alg);
	merkle_root(m, h, root);
	return hex_encode(rq->a, (str){ (const char *)root, HASH_SIZE });
}

/* The log of access belongs to nobody's territory: whoever may check the ledger at home may read it. */
static bool may_read(const struct ctx *cx, int64_t region)
{
	if (region == LEDGER_ACCESS)
		return cx_in_region(cx, S("ledger.check"), cx->app->home_region);
	return cx_in_region(cx, S("ledger.read"), region);
}

static struct ledger_log_item log_item(struct req *rq, const struct ledger_logs_row *r)
{
	bool en = str_starts(rq->cx.lang, S("en"));
	str name = r->region == LEDGER_ACCESS ? i18n_text(rq->cx.lang, S("ledger.access")) :
						view_str(en ? r->region_name_en : r->region_name);
	return (struct ledger_log_item){ .region = arena_printf(rq->a, "%lld", (long long)r->region), .region_name = name,
					 .size = r->size, .root = root_of(rq, r), .alg = r->alg,
					 .last_ms = r->last_ms ? r->last_ms : JSON_NONE };
}

static err logs_get(struct req *rq)
{
	struct ledger_logs_rows rows;
	struct ledger_log_list out = { .total_exact = true };
	TRY(ledger_logs(rq->cx.c, rq->a, &rows));
	out.items.v = NEW_N(rq->a, struct ledger_log_item, rows.n + 1);
	/* Regions first, then access, which has the smallest number. */
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < rows.n; i++)
			if ((rows.v[i].region == LEDGER_ACCESS) == (pass == 1) && may_read(&rq->cx, rows.v[i].region))
				out.items.v[out.items.n++] = log_item(rq, &rows.v[i]);
	out.total = (int64_t)out.items.n;
	return reply_json(rq, &out);
}

/* What an event is about may lie outside of the caller's sectors or label. */
static err subject_visible(struct req *rq, const struct db_scope *scope, int64_t region, str subject, bool *ret)
{
	str kind;
	struct ledger_matter_visible_row row;
	*ret = true;
	struct ledger_matter_visible_params p = { .region = region };
	if (!id_subject_parse(subject, &kind, &p.id) || !str_eq(kind, S("matter")))
		return ERR_OK;
	err e = ledger_matter_visible(rq->cx.c, rq->a, &p, scope, &row);
	*ret = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static err put_events(struct req *rq, int64_t region, const struct ledger_page_rows *rows, struct ledger_event_list *out)
{
	struct db_scope scope = cx_scope(&rq->cx, S("ledger.read"));
	str code = arena_printf(rq->a, "%lld", (long long)region);
	for (size_t i = 0; i < out->items.n; i++) {
		const struct ledger_page_row *r = &rows->v[i];
		bool seen;
		TRY(subject_visible(rq, &scope, region, r->subject, &seen));
		out->items.v[i] = (struct ledger_event_item){
			.region = code, .seq = r->seq, .at_ms = r->at_ms, .kind = r->kind, .subject = seen ? r->subject : S(""),
			.actor_name = seen ? view_str(r->actor_name) : S(""), .leaf = hex_encode(rq->a, r->leaf),
			.body = seen ? r->body : S("") };
	}
	return ERR_OK;
}

static err events_get(struct req *rq)
{
	const struct ledger_events_query *q = rq->query;
	struct ledger_page_params p = { .region = rq->cx.app->home_region, .after = q->after == JSON_NONE ? -1 : q->after,
					.subject = q->subject.n ? q->subject : (str){ 0 }, .max = page_limit(q->limit) + 1 };
	struct ledger_page_rows rows;
	struct ledger_event_list out = { .total = JSON_NONE };
	if (q->region.n && !str_to_i64(q->region, &p.region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?region", "err.unknown_region");
	if (!may_read(&rq->cx, p.region))
		return ERR_NOT_FOUND;
	TRY(ledger_page(rq->cx.c, rq->a, &p, &rows));
	bool more = (int64_t)rows.n >= p.max;
	out.items.n = more ? rows.n - 1 : rows.n;
	out.items.v = NEW_N(rq->a, struct ledger_event_item, out.items.n + 1);
	TRY(put_events(rq, p.region, &rows, &out));
	out.next = page_cursor(rq->a, more, out.items.n ? rows.v[out.items.n - 1].seq : 0);
	return reply_json(rq, &out);
}

static err check_post(struct req *rq)
{
	struct db_conn *c;
	struct ledger_report r;
	int64_t begun = clock_monotonic_us();
	TRY(db_read_begin(rq->cx.app->db, &c, &rq->cx.fail));
	err e = ledger_verify(c, NULL, NULL, &r);
	db_read_end(rq->cx.app->db, c);
	TRY(e);
	struct ledger_check_out out = { .ok = r.what == LEDGER_OK, .events = r.events, .logs = r.logs, .matters = r.matters,
					.ms = (clock_monotonic_us() - begun) / 1000 };
	struct ledger_first first = {
		.region = arena_printf(rq->a, "%lld", (long long)r.region), .seq = r.seq,
		.subject = arena_str(rq->a, str_of(r.subject)),
		.what = i18n_text(rq->cx.lang, arena_printf(rq->a, "ledger.what.%s", ledger_what_name(r.what))) };
	if (!out.ok)
		out.first = &first;
	return reply_json(rq, &out);
}

const struct route ledger_routes[] = {
	{ "GET", "/api/ledger", logs_get, READ, "ledger.read", NULL, ledger_log_list_json, "The logs with their sizes and roots", NULL },
	{ "GET", "/api/ledger/events", events_get, READ, "ledger.read", NULL, ledger_event_list_json, "Events of a region's log",
	  ledger_events_query_json },
	{ "POST", "/api/ledger/check", check_post, SLOW, "ledger.check", NULL, ledger_check_out_json,
	  "Hash everything again and report the first difference", NULL },
	{ 0 },
};
