#include "loop/inspect_sync.h"

#include <string.h>

#include "core/evidence.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "loop/inspect_parts.h"
#include "loop/inspect_sync_sql.h"

JSON_DEFINE(sync_item_in, SYNC_ITEM)
JSON_DEFINE(sync_result, SYNC_RESULT)

err inspect_client_id(struct ctx *cx, str id)
{
	bool ok = !id.n || (id.n >= 8 && id.n <= CLIENT_ID_MAX);
	bool digits = id.n > 0;
	for (size_t i = 0; ok && i < id.n; i++) {
		char c = id.p[i];
		digits &= c >= '0' && c <= '9';
		ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
	}
	/* digits alone would be mistaken for an id of the store */
	return ok && !digits ? ERR_OK : FAIL(&cx->fail, BAD_FIELD, "/client_id", "err.inspect.client_id");
}

/* ---- one item ---- */

struct syncing {
	struct ctx *cx;
	const struct sync_item_in *in;
	str device;
	int64_t visit, id; /* of the visit; of what was made */
	bool lost;         /* a later answer counts */
};

typedef err sync_do(struct syncing *s, void *body);

static err do_visit(struct syncing *s, void *body)
{
	struct visit_new n = visit_new_of(body);
	n.client_id = s->in->client_id;
	TRY(visit_put(s->cx, &n, &s->visit));
	s->id = s->visit;
	return ERR_OK;
}

static err do_start(struct syncing *s, void *body)
{
	const struct visit_start_in *in = body;
	struct visit_at at = { in->at_ms == JSON_NONE ? s->in->made_ms : in->at_ms, in->lat, in->lon };
	return visit_start(s->cx, s->visit, 0, at, in->place);
}

static err do_answer(struct syncing *s, void *body)
{
	struct visit_reply r = visit_reply_of(body);
	bool wins;
	r.client_id = s->in->client_id;
	if (r.at.ms == JSON_NONE)
		r.at.ms = s->in->made_ms;
	TRY(visit_answer(s->cx, s->visit, &r, &wins));
	s->lost = !wins;
	return ERR_OK;
}

static err do_finding(struct syncing *s, void *body)
{
	struct visit_found f = visit_found_of(body);
	f.client_id = s->in->client_id;
	if (f.at.ms == JSON_NONE)
		f.at.ms = s->in->made_ms;
	return visit_find(s->cx, s->visit, &f, &s->id);
}

static err do_record(struct syncing *s, void *body)
{
	struct visit_words w = visit_words_of(body);
	return visit_record(s->cx, s->visit, s->in->base_ver == JSON_NONE ? 0 : s->in->base_ver, &w);
}

static err do_sign(struct syncing *s, void *body)
{
	struct visit_signing g = visit_signing_of(body);
	if (g.at.ms == JSON_NONE)
		g.at.ms = s->in->made_ms;
	return visit_sign(s->cx, s->visit, &g);
}

static err do_refuse(struct syncing *s, void *body)
{
	struct visit_signing g = visit_signing_of(body);
	if (g.at.ms == JSON_NONE)
		g.at.ms = s->in->made_ms;
	return visit_refuse(s->cx, s->visit, &g);
}

static err do_close(struct syncing *s, void *body)
{
	(void)body;
	return visit_close(s->cx, s->visit, s->in->base_ver == JSON_NONE ? 0 : s->in->base_ver);
}

static err do_note(struct syncing *s, void *body)
{
	const struct visit_note_in *in = body;
	return visit_note(s->cx, s->visit, in->text);
}

/* Every body but that of a visit begins with the name of its visit. */
static const struct sync_kind {
	const char *kind;
	json_type_fn *type;
	sync_do *fn;
	size_t visit; /* where the name stands, SIZE_MAX: nowhere */
} kinds[] = {
	{ "visit", visit_in_json, do_visit, SIZE_MAX },
	{ "start", visit_start_in_json, do_start, offsetof(struct visit_start_in, visit) },
	{ "answer", visit_answer_in_json, do_answer, offsetof(struct visit_answer_in, visit) },
	{ "finding", visit_finding_in_json, do_finding, offsetof(struct visit_finding_in, visit) },
	{ "record", visit_record_in_json, do_record, offsetof(struct visit_record_in, visit) },
	{ "sign", visit_sign_in_json, do_sign, offsetof(struct visit_sign_in, visit) },
	{ "refuse", visit_sign_in_json, do_refuse, offsetof(struct visit_sign_in, visit) },
	{ "close", visit_close_in_json, do_close, offsetof(struct visit_close_in, visit) },
	{ "note", visit_note_in_json, do_note, offsetof(struct visit_note_in, visit) },
};

static err part(struct db_conn *c, void *arg)
{
	struct syncing *s = arg;
	const struct sync_kind *k = kinds;
	(void)c;
	while (!str_eq(s->in->kind, str_of(k->kind)))
		k++;
	void *body = arena_alloc(s->cx->a, k->type()->size);
	TRY(inspect_client_id(s->cx, s->in->client_id));
	TRY(json_read(s->cx->a, s->in->body, k->type, body, &s->cx->fail));
	if (k->visit != SIZE_MAX) {
		str name = *(str *)(void *)((char *)body + k->visit);
		if (!name.n)
			return FAIL(&s->cx->fail, BAD_FIELD, "/visit", "err.required");
		if (visit_named(s->cx, name, &s->visit) != ERR_OK)
			return FAIL(&s->cx->fail, NOT_FOUND, "/visit", INSPECT_NOT_YET);
	}
	return k->fn(s, body);
}

/* ---- photos ---- */

static err place_photo(struct ctx *cx, const struct visit *v, str client_id, const struct evidence_new *e,
		       str about)
{
	struct visit_findings_rows found;
	struct visit_files_rows files;
	int64_t file;
	TRY(evidence_add(cx, e, &file));
	TRY(sync_file_place(
	    cx->c,
	    &(struct sync_file_place_params){ cx_account(cx), client_id, v->row.region, v->row.id, file },
	    NULL));
	if (!about.n)
		return ERR_OK;
	/* its finding may be a matter already */
	TRY(visit_findings(cx->c, cx->a, &(struct visit_findings_params){ v->row.region, v->row.id },
			   &found));
	for (size_t i = 0; i < found.n; i++) {
		const struct visit_findings_row *f = &found.v[i];
		if (!f->matter || !((f->client_id.n && str_eq(f->client_id, about)) ||
				    (f->item.n && str_eq(f->item, about))))
			continue;
		TRY(visit_files(cx->c, cx->a, &(struct visit_files_params){ v->row.id }, &files));
		for (size_t k = 0; k < files.n; k++)
			if (files.v[k].account == cx_account(cx) && str_eq(files.v[k].client_id, client_id))
				return inspect_file_to_matter(cx, v->row.region, &files.v[k], f->matter);
	}
	return ERR_OK;
}

static err photo_of_visit(struct ctx *cx, int64_t id, struct visit *ret)
{
	TRY(inspect_own(cx, id, ret));
	return inspect_state(
	    cx, ret,
	    (const char *const[]){ "planned", "under-way", "recorded", "signed", "refused", "closed", NULL });
}

/* The visit came in after its photos. */
static err place_waiting(struct ctx *cx, int64_t id, str visit_client)
{
	struct visit v;
	struct sync_files_waiting_rows rows;
	TRY(photo_of_visit(cx, id, &v));
	TRY(sync_files_waiting(cx->c, cx->a,
			       &(struct sync_files_waiting_params){ cx_account(cx), visit_client }, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct sync_files_waiting_row *r = &rows.v[i];
		struct evidence_new e = { .region = v.row.region,
					  .subject = ledger_subject(cx, "visit", id),
					  .hash = r->hash,
					  .name = r->name,
					  .type = arena_cstr(cx->a, r->type),
					  .size = r->size,
					  .captured_ms = r->captured_ms,
					  .lat = r->lat,
					  .lon = r->lon };
		TRY(place_photo(cx, &v, r->client_id, &e, r->about));
	}
	return ERR_OK;
}

static err known_photo(struct ctx *cx, const struct sync_photo *in, bool *ret_known)
{
	struct sync_file_found_row row;
	err e = sync_file_found(cx->c, cx->a,
				&(struct sync_file_found_params){ cx_account(cx), in->client_id }, &row);
	*ret_known = e == ERR_OK;
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	return str_eq(row.hash, in->hash)
		   ? ERR_OK
		   : FAIL(&cx->fail, CONFLICT, "?client_id", "err.inspect.other_bytes");
}

err sync_photo_put(struct ctx *cx, const struct sync_photo *in, bool *ret_known)
{
	struct visit v;
	int64_t id = 0;
	TRY(known_photo(cx, in, ret_known));
	if (*ret_known)
		return ERR_OK;
	err e = visit_named(cx, in->visit, &id);
	if (e == ERR_OK)
		TRY(photo_of_visit(cx, id, &v));
	else if (e != ERR_NOT_FOUND)
		return e;
	TRY(sync_file_insert(cx->c,
			     &(struct sync_file_insert_params){ cx_account(cx), in->client_id, in->device,
								in->visit, in->about, in->hash, in->name,
								in->type, in->size, in->captured_ms,
								cx->now_ms, in->lat, in->lon },
			     NULL));
	if (!id)
		return ERR_OK; /* waits for its visit */
	struct evidence_new file = { .region = v.row.region,
				     .subject = ledger_subject(cx, "visit", id),
				     .hash = in->hash,
				     .name = in->name,
				     .type = arena_cstr(cx->a, in->type),
				     .size = in->size,
				     .captured_ms = in->captured_ms,
				     .lat = in->lat,
				     .lon = in->lon };
	return place_photo(cx, &v, in->client_id, &file, in->about);
}

/* ---- the answer ---- */

static err found_before(struct ctx *cx, const struct sync_item_in *in, struct sync_result *ret,
			bool *ret_found)
{
	struct sync_found_row row;
	err e = sync_found(cx->c, cx->a, &(struct sync_found_params){ cx_account(cx), in->client_id }, &row);
	*ret_found = e == ERR_OK;
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	TRY(json_read(cx->a, row.answer, sync_result_json, ret, &cx->fail));
	ret->was = ret->outcome;
	ret->outcome = S("duplicate");
	return ERR_OK;
}

static void tell_state(struct syncing *s, struct sync_result *out)
{
	struct visit v;
	out->visit = s->visit ? s->visit : JSON_NONE;
	out->id = s->id ? s->id : JSON_NONE;
	if (s->visit && visit_get(s->cx, s->visit, &v) == ERR_OK) {
		out->state = v.row.state;
		out->ver = v.row.ver;
	}
}

/* Another try may mend it: nothing is written down. */
static bool may_wait(const struct syncing *s, err e, const char *key)
{
	if (key && (!strcmp(key, INSPECT_PHOTO_MISSING) || !strcmp(key, INSPECT_NOT_YET)))
		return true;
	struct visit v;
	bool planned = e == ERR_GUARD && s->visit && visit_get(s->cx, s->visit, &v) == ERR_OK &&
		       str_eq(v.row.state, S("planned"));
	return planned && !str_eq(s->in->kind, S("start")); /* its beginning has not come in */
}

static void tell_failure(struct syncing *s, err e, struct sync_result *out)
{
	struct ctx *cx = s->cx;
	struct fail f = cx->fail;
	if (f.code != e)
		(void)fail_set(&f, e, __FILE__, __LINE__, "", NULL, NULL);
	out->outcome = may_wait(s, e, f.key) ? S("waiting") : e == ERR_STALE ? S("conflict") : S("refused");
	out->code = str_of(err_name(e));
	out->key = f.key ? str_of(f.key) : str_of(err_key(e));
	out->detail = i18n_fail(cx->a, cx->lang, &f);
	out->pointer = arena_str(cx->a, str_of(f.pointer));
	cx->fail = (struct fail){ 0 };
}

static err receipt(struct syncing *s, const struct sync_result *out)
{
	struct buf b = BUF(s->cx->a);
	bool kept = !str_eq(out->outcome, S("done"));
	json_write(&b, sync_result_json, out);
	return sync_insert(s->cx->c,
			   &(struct sync_insert_params){
			       cx_account(s->cx), s->in->client_id, s->device, s->in->kind, s->visit,
			       out->outcome, buf_str(&b), kept ? s->in->body : S(""),
			       s->in->made_ms == JSON_NONE ? s->cx->now_ms : s->in->made_ms, s->cx->now_ms },
			   NULL);
}

err sync_one(struct ctx *cx, str device, const struct sync_item_in *in, struct sync_result *ret)
{
	struct syncing s = { .cx = cx, .in = in, .device = device };
	struct sync_result out = { .visit = JSON_NONE, .id = JSON_NONE, .ver = JSON_NONE };
	bool found;
	TRY(found_before(cx, in, &out, &found));
	if (found) {
		*ret = out;
		return ERR_OK;
	}
	out.client_id = in->client_id;
	cx->fail = (struct fail){ 0 };
	err e = db_part(cx->c, part, &s);
	if (e != ERR_OK && err_status(e) >= 500)
		return e;
	if (e == ERR_OK && str_eq(in->kind, S("visit")))
		TRY(place_waiting(cx, s.visit, in->client_id));
	if (e != ERR_OK)
		tell_failure(&s, e, &out);
	else
		out.outcome = s.lost ? S("conflict") : S("done");
	tell_state(&s, &out);
	*ret = out;
	return str_eq(out.outcome, S("waiting")) ? ERR_OK : receipt(&s, &out);
}
