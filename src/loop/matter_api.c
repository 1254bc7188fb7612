/* Routes of matters: /api/matters, acts, breakdown, files, events, search. */
#include <math.h>
#include <stdio.h>

#include "core/app.h"
#include "core/canon.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/matter_list.h"
#include "loop/matter_list_sql.h"
#include "loop/routes.h"

/* ---- what comes in ---- */

#define MATTER_MORE(F, O, L)                                                                                 \
	F(STR, name, REQ, .max = 40)                                                                         \
	F(STR, value, REQ, .max = 4000)
JSON_STRUCT(matter_more, MATTER_MORE)
JSON_DEFINE(matter_more, MATTER_MORE)

#define ACT_FIELDS(F, O, L)                                                                                  \
	F(STR, act, REQ, .max = 40)                                                                          \
	F(STR, text, OPT, .max = 20000)                                                                      \
	F(STR, period, OPT, .max = 40)                                                                       \
	F(DATE, due, OPT)                                                                                    \
	F(I64, percent, OPT, .min = 0, .max = 100)                                                           \
	F(ID, lead, OPT)                                                                                     \
	F(IDS, co, OPT, .max = 100)                                                                          \
	F(IDS, files, OPT, .max = 100)                                                                       \
	F(ID, person, OPT)                                                                                   \
	L(matter_more, more, OPT, .max = 40)

#define ACT_IN(F, O, L) F(I64, ver, REQ, .min = 1) ACT_FIELDS(F, O, L)
JSON_STRUCT(act_in, ACT_IN)
JSON_DEFINE(act_in, ACT_IN)

#define BULK_IN(F, O, L) F(IDS, ids, REQ, .min = 1, .max = 1000) ACT_FIELDS(F, O, L)
JSON_STRUCT(bulk_in, BULK_IN)
JSON_DEFINE(bulk_in, BULK_IN)

#define BULK_OUT(F, O, L) F(I64, done, REQ)
JSON_STRUCT(bulk_out, BULK_OUT)
JSON_DEFINE(bulk_out, BULK_OUT)

#define MATTER_IN(F, O, L)                                                                                   \
	F(STR, kind, REQ, .max = 40)                                                                         \
	F(STR, region, OPT, .max = 12)                                                                       \
	F(STR, title, REQ, .min = 1, .max = 500)                                                             \
	F(STR, text, OPT, .max = 20000)                                                                      \
	F(STRS, sectors, OPT, .max = 12)                                                                     \
	F(IDS, lead, OPT, .max = 20)                                                                         \
	F(IDS, co, OPT, .max = 100)                                                                          \
	F(DATE, due, OPT)                                                                                    \
	F(STR, recurs, OPT, .max = 40)                                                                       \
	L(matter_target, targets, OPT, .max = 20)                                                            \
	F(STR, measures, OPT, .max = 20000)                                                                  \
	F(ID, parent, OPT)                                                                                   \
	F(ID, object, OPT)                                                                                   \
	F(F64, lat, OPT, .min = -90, .max = 90)                                                              \
	F(F64, lon, OPT, .min = -180, .max = 180)                                                            \
	F(STR, source, OPT, .max = 40)                                                                       \
	F(STR, cause, OPT, .max = 40)                                                                        \
	F(I64, found_ms, OPT, .min = 1)                                                                      \
	F(ID, contractor, OPT)                                                                               \
	F(ID, visit, OPT)                                                                                    \
	L(matter_more, more, OPT, .max = 40)
JSON_STRUCT(matter_in, MATTER_IN)
JSON_DEFINE(matter_in, MATTER_IN)

#define CHILD_IN(F, O, L)                                                                                    \
	F(STR, title, REQ, .min = 1, .max = 500)                                                             \
	F(STR, text, OPT, .max = 20000)                                                                      \
	F(STR, region, OPT, .max = 12)                                                                       \
	F(IDS, lead, REQ, .min = 1, .max = 20)                                                               \
	F(IDS, co, OPT, .max = 100)                                                                          \
	F(DATE, due, OPT)
JSON_STRUCT(child_in, CHILD_IN)
JSON_DEFINE(child_in, CHILD_IN)

#define CHILDREN_IN(F, O, L) L(child_in, children, REQ, .min = 1, .max = 100)
JSON_STRUCT(children_in, CHILDREN_IN)
JSON_DEFINE(children_in, CHILDREN_IN)

#define EVENTS_QUERY(F, O, L) F(I64, after, OPT, .min = -1, .max = 9e15)
JSON_STRUCT(events_query, EVENTS_QUERY)
JSON_DEFINE(events_query, EVENTS_QUERY)

#define FILE_QUERY(F, O, L)                                                                                  \
	F(STR, name, REQ, .min = 1, .max = 200)                                                              \
	F(I64, captured_ms, OPT, .min = 0)                                                                   \
	F(F64, lat, OPT, .min = -90, .max = 90)                                                              \
	F(F64, lon, OPT, .min = -180, .max = 180)
JSON_STRUCT(matter_file_query, FILE_QUERY)
JSON_DEFINE(matter_file_query, FILE_QUERY)

#define SEARCH_QUERY(F, O, L)                                                                                \
	F(STR, q, REQ, .min = 1, .max = 200)                                                                 \
	F(STR, after, OPT, .max = 60)                                                                        \
	F(I64, limit, OPT, .min = 1, .max = 200)
JSON_STRUCT(search_query, SEARCH_QUERY)
JSON_DEFINE(search_query, SEARCH_QUERY)

#define FOUND_DOCUMENT(F, O, L)                                                                              \
	F(ID, id, REQ)                                                                                       \
	F(STR, title, REQ, .max = 500)                                                                       \
	F(STR, issuer, REQ)                                                                                  \
	F(STR, number, REQ)                                                                                  \
	F(DATE, date, NUL)
JSON_STRUCT(found_document, FOUND_DOCUMENT)
JSON_DEFINE(found_document, FOUND_DOCUMENT)

#define SEARCH_OUT(F, O, L)                                                                                  \
	L(matter_item, items, REQ, .max = 200)                                                               \
	F(STR, next, NUL)                                                                                    \
	F(I64, total, NUL)                                                                                   \
	F(BOOL, total_exact, REQ)                                                                            \
	L(found_document, documents, REQ, .max = 5)
JSON_STRUCT(search_out, SEARCH_OUT)
JSON_DEFINE(search_out, SEARCH_OUT)

/* ---- helpers ---- */

static err region_in(struct ctx *cx, str text, const char *pointer, int64_t *ret)
{
	int64_t code = 0;
	if (text.n && (!str_to_i64(text, &code) || !region_valid(code)))
		return FAIL(&cx->fail, BAD_FIELD, pointer, "err.region_unknown", "code",
			    arena_cstr(cx->a, text));
	*ret = code;
	return ERR_OK;
}

#define INPUT_OF(cx_, in_)                                                                                   \
	(struct wf_input)                                                                                    \
	{                                                                                                    \
		.text = (in_)->text, .period = (in_)->period, .due_day = (in_)->due,                         \
		.percent = (in_)->percent, .lead = (in_)->lead == JSON_NONE ? 0 : (in_)->lead,               \
		.person = (in_)->person == JSON_NONE ? 0 : (in_)->person, .co = (in_)->co.v,                 \
		.nco = (in_)->co.n, .files = (in_)->files.v, .nfiles = (in_)->files.n,                       \
		.more = more_of((cx_), (in_)->more.v, (in_)->more.n), .nmore = (in_)->more.n,                \
	}

static const struct wf_more *more_of(struct ctx *cx, const struct matter_more *v, size_t n)
{
	struct wf_more *out = NEW_N(cx->a, struct wf_more, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct wf_more){ v[i].name, v[i].value };
	return out;
}

static err reply_matter(struct req *rq, int64_t id, bool created)
{
	struct matter_out out;
	TRY(matter_view(&rq->cx, id, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err tell_changed(struct req *rq, int64_t id)
{
	struct matter x;
	TRY(matter_get(&rq->cx, id, &x));
	matter_tell(rq, id, &(struct matter_moved){ x.row.ver, x.row.kind, x.access, x.row.handler_region != x.row.region });
	return ERR_OK;
}

/* ---- reading ---- */

static err list(struct req *rq)
{
	struct matter_filter f;
	struct matter_list page;
	const struct matter_query *q = rq->query;
	TRY(matter_filter_of(&rq->cx, q, &f));
	TRY(matter_list_page(&rq->cx, &f, !q->after.n, &page));
	return reply_json(rq, &page);
}

static err get(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return reply_matter(rq, id, false);
}

static err events(struct req *rq)
{
	int64_t id;
	struct matter x;
	struct matter_events_out out;
	const struct events_query *q = rq->query;
	TRY(rq_id(rq, "id", &id));
	TRY(matter_get(&rq->cx, id, &x));
	TRY(matter_timeline(&rq->cx, &x, q->after == JSON_NONE ? -1 : q->after, 200, &out));
	return reply_json(rq, &out);
}

static err find_documents(struct ctx *cx, str typed, struct search_out *out)
{
	struct search_documents_rows rows;
	struct db_scope scope = cx_scope(cx, S("document.read"));
	TRY(search_documents(cx->c, cx->a, &(struct search_documents_params){ str_trim(typed), 5 }, &scope,
			     &rows));
	out->documents.v = NEW_N(cx->a, struct found_document, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		out->documents.v[out->documents.n++] =
		    (struct found_document){ rows.v[i].id, rows.v[i].title, rows.v[i].issuer,
					     rows.v[i].number, rows.v[i].issued_day };
	return ERR_OK;
}

static err search(struct req *rq)
{
	const struct search_query *q = rq->query;
	struct matter_query mq = MATTER_QUERY_NONE;
	mq.q = q->q;
	mq.after = q->after;
	mq.limit = q->limit == JSON_NONE ? 20 : q->limit;
	struct matter_filter f;
	struct matter_list page;
	TRY(matter_filter_of(&rq->cx, &mq, &f));
	TRY(matter_list_page(&rq->cx, &f, false, &page));
	struct search_out out = { .next = page.next, .total = page.total, .total_exact = page.total_exact };
	out.items.v = page.items.v;
	out.items.n = page.items.n;
	if (!q->after.n)
		TRY(find_documents(&rq->cx, q->q, &out));
	if (!out.documents.v)
		out.documents.v = NEW(rq->a, struct found_document);
	return reply_json(rq, &out);
}

/* ---- making ---- */

static str attrs_in(struct ctx *cx, const struct matter_in *in)
{
	struct canon c;
	if (!in->more.n)
		return (str){ NULL, 0 };
	canon_begin(&c, cx->a);
	for (size_t i = 0; i < in->more.n; i++)
		canon_str(&c, arena_cstr(cx->a, in->more.v[i].name), in->more.v[i].value);
	return canon_end(&c);
}

static int64_t given_id(int64_t id)
{
	return id == JSON_NONE ? 0 : id;
}

static err found_in(struct ctx *cx, const struct matter_in *in, struct matter_found *ret)
{
	if (isnan(in->lat) != isnan(in->lon))
		return FAIL(&cx->fail, BAD_FIELD, isnan(in->lat) ? "/lat" : "/lon", "err.required");
	*ret = (struct matter_found){ .object = given_id(in->object),
				      .placed = !isnan(in->lat),
				      .lat = in->lat,
				      .lon = in->lon,
				      .source = in->source,
				      .cause = in->cause,
				      .found_ms = in->found_ms == JSON_NONE ? 0 : in->found_ms,
				      .visit = given_id(in->visit),
				      .contractor = given_id(in->contractor),
				      .attrs = attrs_in(cx, in) };
	if (in->more.n && str_is_null(ret->attrs)) /* a name twice, or no name at all */
		return FAIL(&cx->fail, BAD_FIELD, "/more", "err.bad_json");
	return ERR_OK;
}

static err create(struct req *rq)
{
	const struct matter_in *in = rq->body;
	struct buf targets = BUF(rq->a);
	struct matter_new n = { .kind = in->kind,
				.title = in->title,
				.text = in->text,
				.measures = in->measures,
				.recurs = in->recurs,
				.lead = in->lead,
				.co = in->co,
				.due_day = in->due,
				.parent = in->parent == JSON_NONE ? 0 : in->parent };
	int64_t id;
	TRY(found_in(&rq->cx, in, &n.found));
	TRY(region_in(&rq->cx, in->region, "/region", &n.region));
	TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &n.sectors, &rq->cx.fail));
	json_write_list(&targets, matter_target_json, in->targets.v, in->targets.n);
	n.targets = buf_str(&targets);
	TRY(matter_create(&rq->cx, &n, &id));
	TRY(tell_changed(rq, id));
	return reply_matter(rq, id, true);
}

static err create_child(struct ctx *cx, const struct matter *parent, const struct child_in *in, size_t i)
{
	const struct matter_load_row *r = &parent->row;
	bool same_place;
	int64_t id;
	struct matter_new n = { .kind = r->kind,
				.title = in->title,
				.text = in->text,
				.sectors = r->sectors,
				.secret = r->secret,
				.lead = in->lead,
				.co = in->co,
				.due_day = in->due,
				.parent = r->id };
	TRY(region_in(cx, in->region, "/region", &n.region));
	if (!n.region)
		n.region = r->region;
	same_place = n.region == r->region;
	if (same_place) { /* a document and what comes of it lie in one region */
		n.document = r->document;
		n.draft = r->draft;
		n.span_start = r->span_start;
		n.span_end = r->span_end;
	}
	if (n.due_day == JSON_NONE && r->due_ms < NO_DUE_MS)
		n.due_day = china_day(r->due_ms);
	err e = matter_create(cx, &n, &id);
	if (e != ERR_OK && cx->fail.code != ERR_OK) {
		str inner = arena_str(cx->a, str_of(cx->fail.pointer));
		snprintf(cx->fail.pointer, sizeof cx->fail.pointer, "/children/%zu" STR_FMT, i,
			 STR_ARG(inner));
	}
	return e;
}

static err break_down(struct req *rq)
{
	const struct children_in *in = rq->body;
	int64_t id;
	struct matter parent;
	TRY(rq_id(rq, "id", &id));
	TRY(matter_get(&rq->cx, id, &parent));
	for (size_t i = 0; i < in->children.n; i++)
		TRY(create_child(&rq->cx, &parent, &in->children.v[i], i));
	TRY(tell_changed(rq, id));
	return reply_matter(rq, id, false);
}

/* ---- acting ---- */

static err act_answer(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return reply_matter(rq, id, false);
}

/* A program that does many acts asks for no dossier in return: Prefer: return=minimal (RFC 7240). It gets
 * 204 and the new version as the entity tag. */
static bool wants_little(struct req *rq)
{
	return str_find(rq_header(rq, "Prefer"), S("return=minimal")) >= 0;
}

static err answer_little(struct req *rq, int64_t ver)
{
	rq->status = 204;
	rq->etag = arena_printf(rq->a, "\"%lld\"", (long long)ver);
	return ERR_OK;
}

static err act(struct req *rq)
{
	const struct act_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	struct wf_input input = INPUT_OF(&rq->cx, in);
	input.ver = in->ver;
	struct matter_moved moved;
	TRY(matter_move(&rq->cx, id, in->act, &input, &moved));
	matter_tell(rq, id, &moved);
	return wants_little(rq) ? answer_little(rq, moved.ver) : rq_after(rq, act_answer);
}

static err bulk(struct req *rq)
{
	const struct bulk_in *in = rq->body;
	struct bulk_out out = { (int64_t)in->ids.n };
	struct wf_input input = INPUT_OF(&rq->cx, in);
	TRY(matter_bulk(&rq->cx, in->ids, in->act, &input));
	for (size_t i = 0; i < in->ids.n && i < 20; i++) /* pages read their list afresh on the first */
		TRY(tell_changed(rq, in->ids.v[i]));
	return reply_json(rq, &out);
}

/* ---- evidence ---- */

struct upload_job {
	struct ctx cx;
	const struct matter_file_query *q;
	int64_t matter, file;
	str hash;
	const char *type;
	int64_t size;
	struct photo photo;
};

static err upload_write(struct db_conn *c, void *arg)
{
	struct upload_job *j = arg;
	struct matter x;
	struct ctx *cx = &j->cx;
	cx->c = c;
	TRY(matter_get(cx, j->matter, &x));
	if (!cx_allowed(cx, S("matter.act"), &x.access) && !cx_allowed(cx, S("matter.verify"), &x.access))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.act_who");
	return evidence_add(cx,
			    &(struct evidence_new){ .region = x.row.region,
						    .subject = ledger_subject(cx, "matter", j->matter),
						    .hash = j->hash,
						    .name = j->q->name,
						    .type = j->type,
						    .size = j->size,
						    .captured_ms = j->q->captured_ms,
						    .lat = isnan(j->q->lon) ? NAN : j->q->lat,
						    .lon = isnan(j->q->lat) ? NAN : j->q->lon,
						    .photo = &j->photo },
			    &j->file);
}

static err upload(struct req *rq)
{
	struct upload_job *j = NEW(rq->a, struct upload_job);
	*j = (struct upload_job){ .cx = rq->cx, .q = rq->query, .size = rq->upload.size };
	TRY(rq_id(rq, "id", &j->matter));
	j->hash = hex_encode(rq->a, (str){ (const char *)rq->upload.sha256, sizeof rq->upload.sha256 });
	TRY(photo_of_upload(rq->a, rq->upload.path, j->q->name, &j->photo, &j->type, &rq->cx.fail));
	TRY(evidence_store_upload(rq->cx.app, &rq->upload, j->hash, &rq->cx.fail));
	err e = db_write(rq->cx.app->db, upload_write, j, &rq->cx.fail);
	if (e != ERR_OK && j->cx.fail.code != ERR_OK)
		rq->cx.fail = j->cx.fail;
	TRY(e);
	struct matter_file out = { .id = j->file,
				   .hash = j->hash,
				   .name = j->q->name,
				   .type = str_of(j->type),
				   .size = j->size,
				   .captured_ms = j->q->captured_ms,
				   .received_ms = j->cx.now_ms,
				   .by = rq->cx.who->name,
				   .by_en = rq->cx.who->name_en,
				   .act_seq = JSON_NONE,
				   .marks = { NEW(rq->a, struct matter_mark), 0 } };
	return reply_created(rq, &out);
}

/* Who may do which act is the workflow's to say, matter by matter. */
const struct route matter_routes[] = {
	{ "GET", "/api/matters", list, READ, "matter.read", NULL, matter_list_json,
	  "Matters, filtered, page by page", matter_query_json },
	{ "POST", "/api/matters", create, WRITE, "matter.create", matter_in_json, matter_out_json,
	  "Make a matter", NULL },
	{ "GET", "/api/matters/{id}", get, READ, "matter.read", NULL, matter_out_json, "A matter's dossier",
	  NULL },
	{ "POST", "/api/matters/{id}/acts", act, WRITE, "matter.read", act_in_json, matter_out_json,
	  "Do an act", NULL },
	{ "POST", "/api/matters/bulk", bulk, WRITE, "matter.read", bulk_in_json, bulk_out_json,
	  "Do one act on many matters, all or none", NULL },
	{ "POST", "/api/matters/{id}/children", break_down, WRITE, "matter.create", children_in_json,
	  matter_out_json, "Break a matter down", NULL },
	{ "POST", "/api/matters/{id}/files", upload, UPLOAD, "matter.read", NULL, matter_file_json,
	  "Hand in evidence", matter_file_query_json },
	{ "GET", "/api/matters/{id}/events", events, READ, "matter.read", NULL, matter_events_out_json,
	  "What happened to a matter", events_query_json },
	{ "GET", "/api/search", search, READ, "matter.read", NULL, search_out_json,
	  "Search matters, newest first", search_query_json },
	{ 0 },
};
