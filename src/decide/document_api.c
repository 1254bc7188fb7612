/* Routes of documents and drafts. */
#include "core/app.h"
#include "core/evidence.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "decide/draft.h"
#include "sys/file.h"
#include "http/http.h"

#define DOCUMENT_QUERY(F, O, L)                                                                    \
	F(STR, q, OPT, .max = 100)                                                                 \
	F(STR, after, OPT, .max = 60)                                                              \
	F(I64, limit, OPT, .min = 1, .max = 200)
JSON_STRUCT(document_query, DOCUMENT_QUERY)
JSON_DEFINE(document_query, DOCUMENT_QUERY)

#define UPLOAD_QUERY(F, O, L) F(STR, name, REQ, .min = 1, .max = 255)
JSON_STRUCT(upload_query, UPLOAD_QUERY)
JSON_DEFINE(upload_query, UPLOAD_QUERY)

#define DOCUMENT_PAGE(F, O, L)                                                                     \
	L(document_item, items, REQ)                                                               \
	F(STR, next, NUL)
JSON_STRUCT(document_page_out, DOCUMENT_PAGE)
JSON_DEFINE(document_page_out, DOCUMENT_PAGE)

#define SPAN_IN(F, O, L)                                                                           \
	F(I64, start, REQ, .min = 0, .max = 1e9)                                                   \
	F(I64, end, REQ, .min = 1, .max = 1e9)
JSON_STRUCT(span_in, SPAN_IN)
JSON_DEFINE(span_in, SPAN_IN)

#define DRAFT_VER(F, O, L)                                                                         \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(STR, reason, OPT, .max = 500)
JSON_STRUCT(draft_ver, DRAFT_VER)
JSON_DEFINE(draft_ver, DRAFT_VER)

#define SPLIT_IN(F, O, L)                                                                          \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(I64, at, REQ, .min = 0, .max = 1e9)
JSON_STRUCT(split_in, SPLIT_IN)
JSON_DEFINE(split_in, SPLIT_IN)

#define DRAFTS_OUT(F, O, L) L(draft_out, drafts, REQ)
JSON_STRUCT(drafts_out, DRAFTS_OUT)
JSON_DEFINE(drafts_out, DRAFTS_OUT)

#define MERGED_OUT(F, O, L) O(draft_out, draft, REQ)
JSON_STRUCT(merged_out, MERGED_OUT)
JSON_DEFINE(merged_out, MERGED_OUT)

#define CONFIRMED_OUT(F, O, L)                                                                     \
	O(draft_out, draft, REQ)                                                                   \
	F(ID, matter, REQ)
JSON_STRUCT(confirmed_out, CONFIRMED_OUT)
JSON_DEFINE(confirmed_out, CONFIRMED_OUT)

#define SURE_IN(F, O, L) F(F64, min_confidence, REQ, .min = 0.5, .max = 1)
JSON_STRUCT(sure_in, SURE_IN)
JSON_DEFINE(sure_in, SURE_IN)

#define SKIPPED_OUT(F, O, L)                                                                       \
	F(ID, draft, REQ)                                                                          \
	F(STR, why, REQ)
JSON_STRUCT(skipped_out, SKIPPED_OUT)
JSON_DEFINE(skipped_out, SKIPPED_OUT)

#define SURE_OUT(F, O, L)                                                                          \
	F(I64, confirmed, REQ)                                                                     \
	L(skipped_out, skipped, REQ)
JSON_STRUCT(sure_out, SURE_OUT)
JSON_DEFINE(sure_out, SURE_OUT)

/* The cursor of a page is "<uploaded_ms>.<id>" of its last row. */
static err cursor_read(struct ctx *cx, str after, int64_t *ret_ms, int64_t *ret_id)
{
	str ms;
	*ret_ms = *ret_id = DB_NONE;
	if (!after.p)
		return ERR_OK;
	if (!str_cut(&after, '.', &ms) || !str_to_i64(ms, ret_ms) || !str_to_i64(after, ret_id))
		return FAIL(&cx->fail, BAD_FIELD, "/after", "err.bad_cursor");
	return ERR_OK;
}

static err documents_list(struct req *rq)
{
	const struct document_query *q = rq->query;
	struct document_page_out out = { 0 };
	int64_t ms, id, limit = q->limit == JSON_NONE ? 50 : q->limit;
	TRY(cursor_read(&rq->cx, q->after, &ms, &id));
	TRY(document_page(&rq->cx, q->q, ms, id, limit + 1, &out.items.v, &out.items.n));
	if ((int64_t)out.items.n > limit) {
		const struct document_item *last = &out.items.v[limit - 1];
		out.items.n = (size_t)limit;
		out.next = arena_printf(rq->a, "%ld.%ld", (long)last->uploaded_ms, (long)last->id);
	}
	return reply_json(rq, &out);
}

struct adding {
	struct req *rq;
	const struct document_reading *rd;
	int64_t id;
	struct document_out out;
};

static err add_job(struct db_conn *c, void *ctx)
{
	struct adding *ad = ctx;
	struct ctx *cx = &ad->rq->cx;
	cx->c = c;
	int64_t region = cx->who->org_region ? cx->who->org_region : cx->app->home_region;
	if (!cx_in_region(cx, S("document.write"), region))
		return FAIL(&cx->fail, FORBIDDEN, "", NULL);
	TRY(document_add(cx, region, ad->rd, &ad->id));
	return document_load(cx, ad->id, &ad->out);
}

/* The original is kept before the row that names it: a crash between leaves only an unused file. */
static err documents_add(struct req *rq)
{
	const struct upload_query *q = rq->query;
	struct document_reading rd;
	struct document_upload up = { .name = q->name };
	TRY(file_read(rq->a, rq->upload.path, (size_t)rq->upload.size, &up.bytes, &rq->cx.fail));
	TRY(document_read(&rq->cx, &up, &rd));
	TRY(evidence_store(rq->cx.app, up.bytes, rd.hash, &rq->cx.fail));
	struct adding ad = { .rq = rq, .rd = &rd };
	TRY(db_write(rq->cx.app->db, add_job, &ad, &rq->cx.fail));
	return reply_created(rq, &ad.out);
}

static err document_reply(struct req *rq, int64_t id)
{
	struct document_out out;
	TRY(document_load(&rq->cx, id, &out));
	return reply_json(rq, &out);
}

static err documents_get(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return document_reply(rq, id);
}

static err documents_patch(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(document_change(&rq->cx, id, rq->body));
	return document_reply(rq, id);
}

static err documents_original(struct req *rq)
{
	int64_t id;
	struct document_out d;
	TRY(rq_id(rq, "id", &id));
	TRY(document_load(&rq->cx, id, &d));
	return evidence_reply(rq, d.hash, d.name, "application/octet-stream");
}

static err drafts_add(struct req *rq)
{
	const struct span_in *in = rq->body;
	int64_t document, id;
	struct draft_out out;
	TRY(rq_id(rq, "id", &document));
	TRY(draft_add(&rq->cx, document, (size_t)in->start, (size_t)in->end, &id));
	TRY(draft_load(&rq->cx, id, &out));
	return reply_created(rq, &out);
}

static err draft_reply(struct req *rq, int64_t id)
{
	struct draft_out out;
	TRY(draft_load(&rq->cx, id, &out));
	return reply_json(rq, &out);
}

static err drafts_patch(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(draft_change(&rq->cx, id, rq->body));
	return draft_reply(rq, id);
}

static err drafts_confirm(struct req *rq)
{
	const struct draft_ver *in = rq->body;
	struct confirmed_out out = { 0 };
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(draft_confirm(&rq->cx, id, in->ver, &out.matter));
	out.draft = NEW(rq->a, struct draft_out);
	TRY(draft_load(&rq->cx, id, out.draft));
	return reply_json(rq, &out);
}

static err drafts_discard(struct req *rq)
{
	const struct draft_ver *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(draft_discard(&rq->cx, id, in->ver, in->reason));
	return draft_reply(rq, id);
}

static err drafts_restore(struct req *rq)
{
	const struct draft_ver *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(draft_restore(&rq->cx, id, in->ver));
	return draft_reply(rq, id);
}

static err drafts_split(struct req *rq)
{
	const struct split_in *in = rq->body;
	struct draft_out *two = NEW_N(rq->a, struct draft_out, 2);
	struct drafts_out out = { .drafts = { two, 2 } };
	int64_t id, second;
	TRY(rq_id(rq, "id", &id));
	TRY(draft_split(&rq->cx, id, in->ver, (size_t)in->at, &second));
	TRY(draft_load(&rq->cx, id, &two[0]));
	TRY(draft_load(&rq->cx, second, &two[1]));
	return reply_json(rq, &out);
}

static err drafts_merge(struct req *rq)
{
	const struct draft_ver *in = rq->body;
	struct merged_out out = { NEW(rq->a, struct draft_out) };
	int64_t id, kept;
	TRY(rq_id(rq, "id", &id));
	TRY(draft_merge(&rq->cx, id, in->ver, &kept));
	TRY(draft_load(&rq->cx, kept, out.draft));
	return reply_json(rq, &out);
}

/* Confirms what is sure; what cannot be confirmed stays a draft and says why. */
static err documents_confirm_sure(struct req *rq)
{
	const struct sure_in *in = rq->body;
	struct document_out d;
	struct sure_out out = { 0 };
	int64_t id, matter;
	TRY(rq_id(rq, "id", &id));
	TRY(document_load(&rq->cx, id, &d));
	out.skipped.v = NEW_N(rq->a, struct skipped_out, d.drafts.n + 1);
	for (size_t i = 0; i < d.drafts.n; i++) {
		const struct draft_out *t = &d.drafts.v[i];
		if (!str_eq(t->state, S("draft")) || t->confidence < in->min_confidence)
			continue;
		err e = draft_confirm(&rq->cx, t->id, t->ver, &matter);
		if (e == ERR_GUARD) {
			str why = i18n_fail(rq->a, rq->cx.lang, &rq->cx.fail);
			out.skipped.v[out.skipped.n++] = (struct skipped_out){ t->id, why };
			continue;
		}
		TRY(e);
		out.confirmed++;
	}
	rq->cx.fail = (struct fail){ 0 };
	return reply_json(rq, &out);
}

const struct route document_routes[] = {
	{ "GET", "/api/documents", documents_list, READ, "document.read", NULL, document_page_out_json,
	  "Documents, newest first", document_query_json },
	{ "POST", "/api/documents", documents_add, UPLOAD, "document.write", NULL, document_out_json,
	  "Keep a document and read the tasks it asks for", upload_query_json },
	{ "GET", "/api/documents/{id}", documents_get, READ, "document.read", NULL, document_out_json,
	  "A document with its text, notes and drafts", NULL },
	{ "PATCH", "/api/documents/{id}", documents_patch, WRITE, "document.write", document_patch_json, document_out_json,
	  "Correct what is known about a document", NULL },
	{ "GET", "/api/documents/{id}/original", documents_original, READ, "document.read", NULL, NULL,
	  "The bytes as they came", NULL },
	{ "POST", "/api/documents/{id}/drafts", drafts_add, WRITE, "document.write", span_in_json, draft_out_json,
	  "A draft from words chosen by hand", NULL },
	{ "POST", "/api/documents/{id}/confirm-sure", documents_confirm_sure, WRITE, "document.write", sure_in_json,
	  sure_out_json, "Confirm every draft that is at least so sure", NULL },
	{ "PATCH", "/api/drafts/{id}", drafts_patch, WRITE, "document.write", draft_patch_json, draft_out_json,
	  "Correct a draft", NULL },
	{ "POST", "/api/drafts/{id}/confirm", drafts_confirm, WRITE, "document.write", draft_ver_json, confirmed_out_json,
	  "Make a task of a draft", NULL },
	{ "POST", "/api/drafts/{id}/discard", drafts_discard, WRITE, "document.write", draft_ver_json, draft_out_json,
	  "Not a task", NULL },
	{ "POST", "/api/drafts/{id}/restore", drafts_restore, WRITE, "document.write", draft_ver_json, draft_out_json,
	  "Take a discarded draft back", NULL },
	{ "POST", "/api/drafts/{id}/split", drafts_split, WRITE, "document.write", split_in_json, drafts_out_json,
	  "Cut a draft in two", NULL },
	{ "POST", "/api/drafts/{id}/merge", drafts_merge, WRITE, "document.write", draft_ver_json, merged_out_json,
	  "Join a draft with the one above", NULL },
	{ 0 },
};
