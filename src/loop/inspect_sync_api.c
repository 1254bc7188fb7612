/* Routes: the door for pages that were offline. */
#include <math.h>
#include <stdio.h>

#include "core/evidence.h"
#include "loop/inspect_parts.h"
#include "loop/inspect_sync.h"
#include "loop/inspect_sync_sql.h"
#include "loop/inspect_view.h"
#include "loop/routes.h"

enum { SYNC_BATCH = 100, STATUS_PAGE = 500, BUNDLE_VISITS = 100, BUNDLE_OBJECTS = 200 };

#define SYNC_IN(F, O, L)                                                                                     \
	F(STR, device, REQ, .max = 80)                                                                       \
	L(sync_item_in, items, REQ, .max = SYNC_BATCH)
JSON_STRUCT(sync_in, SYNC_IN)
JSON_DEFINE(sync_in, SYNC_IN)

#define SYNC_OUT(F, O, L) L(sync_result, items, REQ)
JSON_STRUCT(sync_out, SYNC_OUT)
JSON_DEFINE(sync_out, SYNC_OUT)

#define SYNC_STATUS_QUERY(F, O, L)                                                                           \
	F(STR, device, REQ, .max = 80)                                                                       \
	F(ENUM, what, OPT, .options = "items|files")                                                         \
	F(STR, after, OPT, .max = 100)
JSON_STRUCT(sync_status_query, SYNC_STATUS_QUERY)
JSON_DEFINE(sync_status_query, SYNC_STATUS_QUERY)

#define SYNC_STATUS_ITEM(F, O, L)                                                                            \
	F(STR, client_id, REQ)                                                                               \
	F(STR, kind, REQ)                                                                                    \
	F(ID, visit, NUL)                                                                                    \
	F(STR, outcome, REQ)                                                                                 \
	F(I64, received_ms, REQ)                                                                             \
	O(sync_result, answer, NUL)                                                                          \
	F(RAW, body, NUL)                                                                                    \
	F(STR, about, NUL)                                                                                   \
	F(STR, hash, NUL)                                                                                    \
	F(STR, name, NUL)                                                                                    \
	F(I64, size, NUL)
JSON_STRUCT(sync_status_item, SYNC_STATUS_ITEM)
JSON_DEFINE(sync_status_item, SYNC_STATUS_ITEM)

#define SYNC_COUNTS(F, O, L)                                                                                 \
	F(I64, items, REQ)                                                                                   \
	F(I64, refused, REQ)                                                                                 \
	F(I64, files, REQ)                                                                                   \
	F(I64, waiting, REQ)
JSON_STRUCT(sync_counts_out, SYNC_COUNTS)
JSON_DEFINE(sync_counts_out, SYNC_COUNTS)

#define SYNC_STATUS(F, O, L)                                                                                 \
	L(sync_status_item, items, REQ)                                                                      \
	F(STR, next, NUL)                                                                                    \
	O(sync_counts_out, counts, REQ)
JSON_STRUCT(sync_status_out, SYNC_STATUS)
JSON_DEFINE(sync_status_out, SYNC_STATUS)

#define VISIT_FILE_QUERY(F, O, L)                                                                            \
	F(STR, client_id, REQ, .min = 8, .max = CLIENT_ID_MAX)                                               \
	F(STR, hash, REQ, .min = 64, .max = 64)                                                              \
	F(STR, name, OPT, .max = 200)                                                                        \
	F(STR, device, OPT, .max = 80)                                                                       \
	F(STR, about, OPT, .max = 100)                                                                       \
	F(I64, captured_ms, OPT, .min = 1)                                                                   \
	F(F64, lat, OPT)                                                                                     \
	F(F64, lon, OPT)
JSON_STRUCT(visit_file_query, VISIT_FILE_QUERY)
JSON_DEFINE(visit_file_query, VISIT_FILE_QUERY)

#define VISIT_FILE_RESULT(F, O, L)                                                                           \
	F(STR, client_id, REQ)                                                                               \
	F(ENUM, outcome, REQ, .options = "done|duplicate")                                                   \
	F(STR, hash, REQ)                                                                                    \
	F(BOOL, waiting, REQ)                                                                                \
	F(ID, file, NUL)
JSON_STRUCT(visit_file_result, VISIT_FILE_RESULT)
JSON_DEFINE(visit_file_result, VISIT_FILE_RESULT)

#define BUNDLE_RULES(F, O, L)                                                                                \
	F(I64, min_inspectors, REQ)                                                                          \
	F(I64, sign_inspectors, REQ)
JSON_STRUCT(bundle_rules, BUNDLE_RULES)
JSON_DEFINE(bundle_rules, BUNDLE_RULES)

#define BUNDLE_PLAN(F, O, L)                                                                                 \
	F(ID, id, REQ)                                                                                       \
	F(STR, name, REQ)                                                                                    \
	F(STR, checklist, REQ)                                                                               \
	F(BOOL, unannounced, REQ)                                                                            \
	L(inspect_person, members, REQ)
JSON_STRUCT(bundle_plan, BUNDLE_PLAN)
JSON_DEFINE(bundle_plan, BUNDLE_PLAN)

#define BUNDLE_OUT(F, O, L)                                                                                  \
	F(ID, account, REQ)                                                                                  \
	O(bundle_rules, rules, REQ)                                                                          \
	L(visit_out, visits, REQ)                                                                            \
	L(visit_checklist, checklists, REQ)                                                                  \
	L(bundle_plan, plans, REQ)                                                                           \
	L(inspect_object_out, objects, REQ)
JSON_STRUCT(bundle_out, BUNDLE_OUT)
JSON_DEFINE(bundle_out, BUNDLE_OUT)

/* ---- items ---- */

static err sync_post(struct req *rq)
{
	const struct sync_in *in = rq->body;
	struct sync_out out = { .items = { NEW_N(rq->a, struct sync_result, in->items.n + 1), 0 } };
	for (size_t i = 0; i < in->items.n; i++)
		TRY(sync_one(&rq->cx, in->device, &in->items.v[i], &out.items.v[out.items.n++]));
	return reply_json(rq, &out);
}

/* ---- photos ---- */

struct photo_job {
	struct ctx cx;
	struct sync_photo in;
	bool known;
	struct sync_file_found_row row;
	struct photo photo;
};

static err write_photo(struct db_conn *c, void *arg)
{
	struct photo_job *j = arg;
	j->cx.c = c;
	j->cx.fail = (struct fail){ 0 };
	TRY(photo_hold(&j->cx, j->in.hash, &j->photo));
	TRY(sync_photo_put(&j->cx, &j->in, &j->known));
	TRY(sync_file_found(
	    c, j->cx.a, &(struct sync_file_found_params){ cx_account(&j->cx), j->in.client_id }, &j->row));
	return j->known && j->row.file ? photo_forget(&j->cx, j->in.hash) : ERR_OK; /* placed long ago */
}

static const char *type_of(const char *path)
{
	char head[512];
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(head, 1, sizeof head, f) : 0;
	if (f)
		(void)fclose(f);
	return evidence_type((str){ head, n });
}

static err check_upload(struct req *rq, const struct visit_file_query *q, str hash, const char *type)
{
	TRY(inspect_client_id(&rq->cx, q->client_id));
	if (!str_eq(q->hash, hash))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?hash", "err.inspect.hash");
	if (!str_starts(str_of(type), S("image/")))
		return FAIL(&rq->cx.fail, BAD_FORMAT, "", "err.inspect.no_image");
	struct visit_at at = { q->captured_ms == JSON_NONE ? rq->cx.now_ms : q->captured_ms, q->lat, q->lon };
	return inspect_at(&rq->cx, &at, &at);
}

static err photo_post(struct req *rq)
{
	const struct visit_file_query *q = rq->query;
	struct photo_job *j = NEW(rq->a, struct photo_job);
	str hash = hex_encode(rq->a, (str){ (const char *)rq->upload.sha256, sizeof rq->upload.sha256 });
	const char *type = type_of(rq->upload.path);
	*j = (struct photo_job){ .cx = rq->cx,
				 .in = { .client_id = q->client_id,
					 .device = view_str(q->device),
					 .visit = rq_param(rq, "id"),
					 .about = view_str(q->about),
					 .hash = hash,
					 .name = q->name.n ? q->name : q->client_id,
					 .type = str_of(type),
					 .size = rq->upload.size,
					 .captured_ms = q->captured_ms,
					 .lat = q->lat,
					 .lon = q->lon } };
	TRY(check_upload(rq, q, hash, type));
	TRY(evidence_store_upload(rq->cx.app, &rq->upload, hash, &rq->cx.fail));
	TRY(photo_read(rq->cx.app, rq->a, hash, &j->photo, &rq->cx.fail));
	err e = db_write(rq->cx.app->db, write_photo, j, &rq->cx.fail);
	if (e != ERR_OK && j->cx.fail.code != ERR_OK)
		rq->cx.fail = j->cx.fail;
	TRY(e);
	struct visit_file_result out = { q->client_id, j->known ? S("duplicate") : S("done"), hash,
					 !j->row.file, none_if_zero(j->row.file) };
	return j->known ? reply_json(rq, &out) : reply_created(rq, &out);
}

/* ---- what was received ---- */

static err parse_after(struct req *rq, str after, int64_t *ret_ms, str *ret_id)
{
	str ms;
	*ret_ms = -1;
	*ret_id = S("");
	if (!after.n)
		return ERR_OK;
	if (!str_cut(&after, '~', &ms) || !str_to_i64(ms, ret_ms))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?after", "err.bad_field");
	*ret_id = after;
	return ERR_OK;
}

static str cursor(struct req *rq, size_t n, int64_t ms, str id)
{
	return n < STATUS_PAGE ? (str){ 0 }
			       : arena_printf(rq->a, "%lld~" STR_FMT, (long long)ms, STR_ARG(id));
}

static err status_items(struct req *rq, int64_t ms, str id, struct sync_status_out *out)
{
	const struct sync_status_query *q = rq->query;
	struct sync_items_of_rows rows;
	TRY(sync_items_of(
	    rq->cx.c, rq->a,
	    &(struct sync_items_of_params){ cx_account(&rq->cx), q->device, ms, id, STATUS_PAGE }, &rows));
	out->items.v = NEW_N(rq->a, struct sync_status_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct sync_items_of_row *r = &rows.v[i];
		struct sync_status_item *it = &out->items.v[out->items.n++];
		*it = (struct sync_status_item){ .client_id = r->client_id,
						 .kind = r->kind,
						 .visit = none_if_zero(r->visit),
						 .outcome = r->outcome,
						 .received_ms = r->received_ms,
						 .size = JSON_NONE,
						 .answer = NEW(rq->a, struct sync_result),
						 .body = r->body.n ? r->body : (str){ 0 } };
		TRY(json_read(rq->a, r->answer, sync_result_json, it->answer, &rq->cx.fail));
	}
	if (rows.n)
		out->next = cursor(rq, rows.n, rows.v[rows.n - 1].received_ms, rows.v[rows.n - 1].client_id);
	return ERR_OK;
}

static err status_files(struct req *rq, int64_t ms, str id, struct sync_status_out *out)
{
	const struct sync_status_query *q = rq->query;
	struct sync_files_of_rows rows;
	TRY(sync_files_of(
	    rq->cx.c, rq->a,
	    &(struct sync_files_of_params){ cx_account(&rq->cx), q->device, ms, id, STATUS_PAGE }, &rows));
	out->items.v = NEW_N(rq->a, struct sync_status_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct sync_files_of_row *r = &rows.v[i];
		out->items.v[out->items.n++] =
		    (struct sync_status_item){ .client_id = r->client_id,
					       .kind = S("file"),
					       .visit = none_if_zero(r->visit),
					       .outcome = r->file ? S("done") : S("waiting"),
					       .received_ms = r->received_ms,
					       .about = r->about,
					       .hash = r->hash,
					       .name = r->name,
					       .size = r->size };
	}
	if (rows.n)
		out->next = cursor(rq, rows.n, rows.v[rows.n - 1].received_ms, rows.v[rows.n - 1].client_id);
	return ERR_OK;
}

static err status_get(struct req *rq)
{
	const struct sync_status_query *q = rq->query;
	struct sync_status_out out = { 0 };
	struct sync_counts_row n;
	int64_t ms;
	str id;
	TRY(parse_after(rq, q->after, &ms, &id));
	TRY(str_eq(q->what, S("files")) ? status_files(rq, ms, id, &out) : status_items(rq, ms, id, &out));
	TRY(sync_counts(rq->cx.c, rq->a, &(struct sync_counts_params){ cx_account(&rq->cx), q->device }, &n));
	out.counts = &(struct sync_counts_out){ n.items, n.refused, n.files, n.waiting };
	return reply_json(rq, &out);
}

/* ---- the bundle ---- */

static bool holds_list(const struct bundle_out *out, str key)
{
	for (size_t i = 0; i < out->checklists.n; i++)
		if (str_eq(out->checklists.v[i].key, key))
			return true;
	return false;
}

static err bundle_visits(struct req *rq, struct bundle_out *out)
{
	struct visit_mine_rows rows;
	TRY(visit_mine(rq->cx.c, rq->a,
		       &(struct visit_mine_params){ cx_account(&rq->cx), 1, INT64_MAX, BUNDLE_VISITS },
		       &rows));
	out->visits.v = NEW_N(rq->a, struct visit_out, rows.n + 1);
	out->checklists.v = NEW_N(rq->a, struct visit_checklist, rows.n + BUNDLE_OBJECTS + 1);
	for (size_t i = 0; i < rows.n; i++) {
		struct visit_out *v = &out->visits.v[out->visits.n++];
		struct visit whole;
		TRY(visit_view(&rq->cx, rows.v[i].id, false, v));
		if (holds_list(out, v->checklist_key))
			continue;
		TRY(visit_get(&rq->cx, rows.v[i].id, &whole));
		TRY(visit_checklist_view(&rq->cx, &whole, &out->checklists.v[out->checklists.n++]));
	}
	return ERR_OK;
}

static err bundle_members(struct req *rq, const struct plan *p, struct bundle_plan *out)
{
	struct plan_members_rows rows;
	TRY(plan_members(rq->cx.c, rq->a, &(struct plan_members_params){ p->region, p->id }, &rows));
	out->members.v = NEW_N(rq->a, struct inspect_person, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		out->members.v[out->members.n++] = (struct inspect_person){
			rows.v[i].account,           none_if_zero(rows.v[i].person), view_str(rows.v[i].name),
			none_if_zero(rows.v[i].org), view_str(rows.v[i].org_name),   rows.v[i].leader,
			view_str(rows.v[i].name_en), view_str(rows.v[i].org_name_en)
		};
	return ERR_OK;
}

static bool holds_object(const struct bundle_out *out, int64_t id)
{
	for (size_t i = 0; i < out->objects.n; i++)
		if (out->objects.v[i].id == id)
			return true;
	return false;
}

/* What may be visited without a plan for the day: the soonest due of the caller's plans, with their lists as
 * of today. */
static err bundle_plan_of(struct req *rq, int64_t id, struct bundle_out *out)
{
	struct plan p;
	struct coverage *c = NEW(rq->a, struct coverage);
	struct inspect_object_out *v;
	size_t n;
	int64_t ids[COVER_NEXT];
	err e = plan_get(&rq->cx, id, S("matter.read"), &p);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	out->plans.v[out->plans.n] = (struct bundle_plan){
		.id = p.id, .name = p.name, .checklist = p.checklist, .unannounced = p.unannounced
	};
	TRY(bundle_members(rq, &p, &out->plans.v[out->plans.n++]));
	TRY(plan_coverage(&rq->cx, &p, china_day(rq->cx.now_ms), c));
	for (size_t i = 0; i < c->nnext; i++)
		ids[i] = c->next[i].object;
	TRY(inspect_objects_view(&rq->cx, ids, c->nnext, &v, &n));
	for (size_t i = 0; i < n && out->objects.n < BUNDLE_OBJECTS; i++)
		if (!holds_object(out, v[i].id))
			out->objects.v[out->objects.n++] = v[i];
	return ERR_OK;
}

static err bundle_lists(struct req *rq, struct bundle_out *out)
{
	struct inspect_objects_named_rows rows;
	int64_t *ids = NEW_N(rq->a, int64_t, out->objects.n + 1);
	for (size_t i = 0; i < out->objects.n; i++)
		ids[i] = out->objects.v[i].id;
	TRY(inspect_objects_named(rq->cx.c, rq->a,
				  &(struct inspect_objects_named_params){ { ids, out->objects.n } }, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		struct visit v = { .row = { .checklist = rows.v[i].type,
					    .checklist_day = china_day(rq->cx.now_ms),
					    .sectors = rows.v[i].sectors,
					    .items = S("{\"items\":[]}") } };
		struct visit_checklist l;
		TRY(visit_checklist_view(&rq->cx, &v, &l));
		if (!holds_list(out, l.key))
			out->checklists.v[out->checklists.n++] = l;
	}
	return ERR_OK;
}

static err bundle_get(struct req *rq)
{
	struct bundle_out out = { .account = cx_account(&rq->cx) };
	struct bundle_rules rules = { inspect_rule(rq->cx.app->inspect, "min-inspectors", 2),
				      inspect_rule(rq->cx.app->inspect, "sign-inspectors", 2) };
	struct sync_my_plans_rows plans;
	unsigned char hash[HASH_SIZE];
	out.rules = &rules;
	TRY(bundle_visits(rq, &out));
	TRY(sync_my_plans(rq->cx.c, rq->a,
			  &(struct sync_my_plans_params){ cx_account(&rq->cx), china_day(rq->cx.now_ms) },
			  &plans));
	out.plans.v = NEW_N(rq->a, struct bundle_plan, plans.n + 1);
	out.objects.v = NEW_N(rq->a, struct inspect_object_out, BUNDLE_OBJECTS);
	for (size_t i = 0; i < plans.n; i++)
		TRY(bundle_plan_of(rq, plans.v[i].plan, &out));
	TRY(bundle_lists(rq, &out));
	TRY(reply_json(rq, &out));
	hash_bytes(HASH_SHA256, buf_str(&rq->out), hash);
	rq->etag = arena_printf(rq->a, "\"" STR_FMT "\"",
				STR_ARG(hex_encode(rq->a, (str){ (const char *)hash, 16 })));
	return ERR_OK;
}

const struct route sync_routes[] = {
	{ "POST", "/api/sync", sync_post, WRITE, "inspect.do", sync_in_json, sync_out_json,
	  "Hand in what a page made while offline", NULL },
	{ "GET", "/api/sync/status", status_get, READ, "inspect.do", NULL, sync_status_out_json,
	  "What was received from a device", sync_status_query_json },
	{ "GET", "/api/sync/bundle", bundle_get, READ, "inspect.do", NULL, bundle_out_json,
	  "Everything a page needs to inspect without a network", NULL },
	{ "POST", "/api/visits/{id}/files", photo_post, UPLOAD, "inspect.do", NULL, visit_file_result_json,
	  "Hand in a photo of a visit, once", visit_file_query_json },
	{ 0 },
};
