/* Deadlines as a calendar that other programs subscribe to. Whoever knows the address reads the open matters of
 * its account's unit, as the account may see them today, and nothing else; the store keeps a hash of the token. */
#include "core/app.h"
#include "core/crypto.h"
#include "core/ledger.h"
#include "core/session.h"
#include "format/ics.h"
#include "loop/calendar_feed_sql.h"
#include "loop/matter_list.h"
#include "loop/routes.h"

enum { TOKEN_BYTES = 24, FEED_MAX = 1000, FEED_PAGE = 200, REMIND_DAYS = 3 };

#define FEED_OUT(F, O, L)                                                                                    \
	F(BOOL, active, REQ)                                                                                 \
	F(I64, created_ms, NUL)                                                                              \
	F(STR, url, NUL, .max = 1000)
JSON_STRUCT(calendar_feed, FEED_OUT)
JSON_DEFINE(calendar_feed, FEED_OUT)

#define FEED_QUERY(F, O, L) F(STR, token, REQ, .max = 100)
JSON_STRUCT(calendar_feed_query, FEED_QUERY)
JSON_DEFINE(calendar_feed_query, FEED_QUERY)

static str token_hash(struct arena *a, str token)
{
	unsigned char *h = arena_alloc(a, HASH_SIZE);
	hash_bytes(HASH_SHA256, token, h);
	return (str){ (const char *)h, HASH_SIZE };
}

static err note(struct req *rq, const char *kind)
{
	struct ctx *cx = &rq->cx;
	struct canon c;
	canon_begin(&c, cx->a);
	return ledger_append(cx, LEDGER_ACCESS, kind, ledger_subject(cx, "account", cx->who->account), canon_end(&c), NULL);
}

/* ---- the token ---- */

static err feed_state(struct req *rq)
{
	struct calendar_token_get_row row;
	err e = calendar_token_get(rq->cx.c, rq->a, &(struct calendar_token_get_params){ rq->cx.who->account }, &row);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	rq->cx.fail = (struct fail){ 0 };
	return reply_json(rq, &(struct calendar_feed){ e == ERR_OK, e == ERR_OK ? row.created_ms : JSON_NONE, { NULL, 0 } });
}

/* A new token; the one before is worth nothing from now on. It is shown once. */
static err feed_make(struct req *rq)
{
	unsigned char bytes[TOKEN_BYTES];
	random_bytes(bytes, sizeof bytes);
	str token = base64url_encode(rq->a, (str){ (const char *)bytes, sizeof bytes });
	TRY(calendar_token_put(rq->cx.c, &(struct calendar_token_put_params){ rq->cx.who->account, token_hash(rq->a, token),
									      rq->cx.now_ms }, NULL));
	TRY(note(rq, "calendar.token"));
	str url = arena_printf(rq->a, STR_FMT "/api/calendar.ics?token=" STR_FMT, STR_ARG(rq->cx.app->public_url), STR_ARG(token));
	return reply_created(rq, &(struct calendar_feed){ true, rq->cx.now_ms, url });
}

static err feed_drop(struct req *rq)
{
	TRY(calendar_token_drop(rq->cx.c, &(struct calendar_token_drop_params){ rq->cx.who->account }, NULL));
	TRY(note(rq, "calendar.revoke"));
	return reply_json(rq, &(struct calendar_feed){ false, JSON_NONE, { NULL, 0 } });
}

/* ---- the feed ---- */

static void put_event(struct ctx *cx, struct buf *b, const struct matter_item *m)
{
	struct buf text = BUF(cx->a);
	buf_printf(&text, STR_FMT, STR_ARG(m->no));
	for (size_t i = 0; i < m->lead.n; i++)
		buf_printf(&text, "\n" STR_FMT, STR_ARG(m->lead.v[i].name));
	str base = cx->app->public_url;
	ics_event(b, &(struct ics_event){
		.uid = arena_printf(cx->a, "matter-%lld@bihuan", (long long)m->id), .day = china_day(m->due_ms),
		.stamp_ms = m->opened_ms, .sequence = m->ver, .summary = m->title, .description = buf_str(&text),
		.categories = m->sectors.n ? m->sectors.v[0] : S(""),
		.url = base.n ? arena_printf(cx->a, STR_FMT "/matters/%lld", STR_ARG(base), (long long)m->id) : S(""),
		.remind_days = REMIND_DAYS });
}

static err put_page(struct ctx *cx, struct matter_filter *f, struct buf *b, size_t *count, bool *ret_more)
{
	struct matter_key *keys;
	struct matter_item *items;
	size_t n, kept;
	TRY(matter_keys(cx, f, &keys, &n, ret_more));
	int64_t *ids = NEW_N(cx->a, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = keys[i].id;
	TRY(matter_items_view(cx, ids, n, &items, &kept));
	for (size_t i = 0; i < kept; i++)
		if (items[i].due_ms != JSON_NONE && items[i].due_ms < NO_DUE_MS)
			put_event(cx, b, &items[i]);
	*count += n;
	if (n) {
		f->after_id = keys[n - 1].id;
		f->after_ms = keys[n - 1].due_ms;
	}
	return ERR_OK;
}

static err put_feed(struct ctx *cx, struct buf *b)
{
	struct matter_query q;
	struct matter_filter f;
	const struct json_pair pairs[] = { { S("phase"), S("open") }, { S("mine"), S("1") }, { S("sort"), S("due") } };
	size_t count = 0;
	bool more = cx_org(cx) != 0;
	TRY(json_read_query(cx->a, pairs, COUNT_OF(pairs), matter_query_json, &q, &cx->fail));
	ics_begin(b, str_starts(cx->lang, S("en")) ? S("Deadlines") : S("办理时限"));
	if (more)
		TRY(matter_filter_of(cx, &q, &f));
	f.limit = FEED_PAGE;
	while (more && count < FEED_MAX)
		TRY(put_page(cx, &f, b, &count, &more));
	ics_end(b);
	return ERR_OK;
}

static err feed(struct req *rq)
{
	const struct calendar_feed_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct calendar_token_find_row row;
	struct principal *who = NEW(rq->a, struct principal);
	err e = calendar_token_find(cx->c, rq->a, &(struct calendar_token_find_params){ token_hash(rq->a, q->token) }, &row);
	if (e == ERR_OK)
		e = session_principal(cx->c, rq->a, cx->app, row.account, cx->now_ms, who);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && !principal_has(who, S("matter.read"), cx->now_ms)))
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	cx->who = who;
	TRY(put_feed(cx, &rq->out));
	rq->content_type = "text/calendar; charset=utf-8";
	return ERR_OK;
}

const struct route calendar_feed_routes[] = {
	{ "GET", "/api/calendar.ics", feed, READ, NULL, NULL, NULL, "Deadlines of an account's matters (iCalendar)",
	  calendar_feed_query_json },
	{ "GET", "/api/me/calendar", feed_state, READ, "", NULL, calendar_feed_json, "Is there a calendar address?", NULL },
	{ "POST", "/api/me/calendar", feed_make, WRITE, "", NULL, calendar_feed_json, "Make a calendar address, ending the one before",
	  NULL },
	{ "DELETE", "/api/me/calendar", feed_drop, WRITE, "", NULL, calendar_feed_json, "End the calendar address", NULL },
	{ 0 },
};
