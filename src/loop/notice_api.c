/* Routes of official papers. */
#include <math.h>
#include <stdio.h>

#include "base/vec.h"
#include "core/app.h"
#include "core/crypto.h"
#include "core/evidence.h"
#include "core/photo.h"
#include "core/ledger.h"
#include "core/session.h"
#include "core/views.h"
#include "loop/notice_facts.h"
#include "loop/notice_view.h"
#include "loop/routes.h"

JSON_DEFINE(notice_org, NOTICE_ORG)
JSON_DEFINE(notice_served_out, NOTICE_SERVED)
JSON_DEFINE(notice_ack_out, NOTICE_ACK)
JSON_DEFINE(notice_version_out, NOTICE_VERSION)
JSON_DEFINE(notice_out, NOTICE_OUT)
JSON_DEFINE(notice_given_out, NOTICE_GIVEN_OUT)
JSON_DEFINE(notice_offer, NOTICE_OFFER)
JSON_DEFINE(notice_list, NOTICE_LIST)

#define DRAFT_FIELDS(F, O, L)                                                                                \
	F(ENUM, lang, OPT, .options = "zh-CN|en")                                                            \
	L(notice_value, fields, OPT, .max = NOTICE_FIELDS_MAX)                                               \
	F(ID, addressee, OPT)                                                                                \
	F(I64, days, OPT, .min = 1, .max = NOTICE_DAYS_MAX)                                                  \
	F(STR, unit, OPT, .max = 20)                                                                         \
	F(DATE, due, OPT)
#define DRAFT_IN(F, O, L) F(STR, template, REQ, .max = 60) DRAFT_FIELDS(F, O, L)
JSON_STRUCT(notice_in, DRAFT_IN)
JSON_DEFINE(notice_in, DRAFT_IN)
#define EDIT_IN(F, O, L) F(I64, ver, REQ, .min = 1) DRAFT_FIELDS(F, O, L)
JSON_STRUCT(notice_edit_in, EDIT_IN)
JSON_DEFINE(notice_edit_in, EDIT_IN)

/* `reason` is obligatory from the second version on. */
#define ISSUE_IN(F, O, L)                                                                                    \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, reason, OPT, .max = 1000)
JSON_STRUCT(notice_issue_in, ISSUE_IN)
JSON_DEFINE(notice_issue_in, ISSUE_IN)

#define SERVE_IN(F, O, L)                                                                                    \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, method, REQ, .max = 40)                                                                       \
	F(STR, receiver, OPT, .max = 100)                                                                    \
	F(I64, at_ms, OPT, .min = 0)                                                                         \
	F(BOOL, refused, OPT)                                                                                \
	F(STR, note, OPT, .max = 1000)                                                                       \
	F(IDS, files, OPT, .max = NOTICE_FILES_MAX)
JSON_STRUCT(notice_serve_in, SERVE_IN)
JSON_DEFINE(notice_serve_in, SERVE_IN)

#define ACK_IN(F, O, L)                                                                                      \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, text, OPT, .max = 1000)                                                                       \
	F(IDS, files, OPT, .max = NOTICE_FILES_MAX)
JSON_STRUCT(notice_ack_in, ACK_IN)
JSON_DEFINE(notice_ack_in, ACK_IN)

#define WITHDRAW_IN(F, O, L)                                                                                 \
	F(I64, ver, REQ, .min = 1)                                                                           \
	F(STR, reason, REQ, .max = 1000)
JSON_STRUCT(notice_withdraw_in, WITHDRAW_IN)
JSON_DEFINE(notice_withdraw_in, WITHDRAW_IN)

#define LETTERS_IN(F, O, L)                                                                                  \
	F(STR, letters, REQ, .max = 30)                                                                      \
	F(STR, contact, OPT, .max = 200)
JSON_STRUCT(notice_letters_in, LETTERS_IN)
JSON_DEFINE(notice_letters_in, LETTERS_IN)

#define BYTES_QUERY(F, O, L) F(I64, version, OPT, .min = 1, .max = 1000)
JSON_STRUCT(notice_bytes_query, BYTES_QUERY)
JSON_DEFINE(notice_bytes_query, BYTES_QUERY)

#define UPLOAD_QUERY(F, O, L)                                                                                \
	F(STR, name, REQ, .min = 1, .max = 200)                                                              \
	F(I64, captured_ms, OPT, .min = 0)
JSON_STRUCT(notice_upload_query, UPLOAD_QUERY)
JSON_DEFINE(notice_upload_query, UPLOAD_QUERY)

#define UPLOAD_OUT(F, O, L)                                                                                  \
	F(ID, id, REQ)                                                                                       \
	F(STR, hash, REQ)                                                                                    \
	F(STR, name, REQ)                                                                                    \
	F(STR, type, REQ)                                                                                    \
	F(I64, size, REQ)
JSON_STRUCT(notice_file_out, UPLOAD_OUT)
JSON_DEFINE(notice_file_out, UPLOAD_OUT)

/* ---- views ---- */

static int64_t opt_ms(int64_t ms)
{
	return ms == DB_NONE ? JSON_NONE : ms;
}

/* ["1","2"] of our own writing. */
static struct json_ids ids_of(struct arena *a, str list)
{
	struct json_ids ids = { NEW_N(a, int64_t, list.n / 3 + 1), 0 };
	str rest = str_sub(list, 1, list.n ? list.n - 1 : 0), one;
	while (rest.n && str_cut(&rest, ',', &one))
		if (one.n > 2 && str_to_i64(str_sub(one, 1, one.n - 1), &ids.v[ids.n]))
			ids.n++;
	return ids;
}

static void can(struct arena *a, struct notice_out *o, bool may, const char *what)
{
	if (!o->can.v)
		o->can.v = NEW_N(a, str, 8);
	if (may)
		o->can.v[o->can.n++] = str_of(what);
}

static void view_can(struct ctx *cx, const struct notice *n, struct notice_out *o)
{
	bool issuer = cx_org(cx) == n->row.org && notice_may(cx, &n->x, &n->t), own = notice_is_addressee(cx, n);
	bool issued = str_eq(n->row.state, S("issued")), served = str_eq(n->row.state, S("served"));
	bool alive = !str_eq(n->row.state, S("withdrawn"));
	can(cx->a, o, issuer && alive, "edit");
	can(cx->a, o, issuer && alive, "issue");
	can(cx->a, o, issuer && issued, "serve");
	can(cx->a, o, (own && (issued || served)) || (issuer && served), "acknowledge");
	can(cx->a, o, issuer && alive, "withdraw");
}

static void view_service(struct arena *a, const struct notice *n, struct notice_out *o)
{
	const struct notice_load_row *r = &n->row;
	struct notice_method m = { 0 };
	if (r->served_ms != DB_NONE) {
		(void)notice_method_find(&n->rules, r->method, &m);
		o->served = NEW(a, struct notice_served_out);
		*o->served = (struct notice_served_out){ r->served_ms, r->method, m.zh, m.en, r->receiver, r->refused != 0,
							 r->service_note, ids_of(a, r->service_files), view_str(r->server_name) };
	}
	if (r->ack_ms != DB_NONE) {
		o->acknowledged = NEW(a, struct notice_ack_out);
		*o->acknowledged = (struct notice_ack_out){ r->ack_ms, r->ack_how, r->ack_text, ids_of(a, r->ack_files),
							    view_str(r->ack_name) };
	}
}

static err view_versions(struct ctx *cx, const struct notice *n, struct notice_out *o)
{
	struct notice_versions_rows rows;
	TRY(notice_versions(cx->c, cx->a, &(struct notice_versions_params){ n->row.region, n->row.id }, &rows));
	o->versions.v = NEW_N(cx->a, struct notice_version_out, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct notice_versions_row *r = &rows.v[i];
		o->versions.v[o->versions.n++] = (struct notice_version_out){ r->version, r->issued_ms, r->pdf_hash, r->pdf_size,
									       r->docx_hash, r->docx_size, r->reason };
	}
	return ERR_OK;
}

static struct notice_org *org_view(struct arena *a, int64_t id, str name, str name_en)
{
	struct notice_org *o = NEW(a, struct notice_org);
	*o = (struct notice_org){ id ? id : JSON_NONE, view_str(name), view_str(name_en) };
	return o;
}

static err view(struct ctx *cx, const struct notice *n, struct notice_out *o)
{
	const struct notice_load_row *r = &n->row;
	struct calendar calendar;
	struct notice_value *values;
	size_t nvalues;
	bool zh = str_eq(r->lang, S("zh-CN"));
	TRY(loop_calendar(cx, &calendar));
	TRY(notice_values_read(cx, r->fields, &values, &nvalues));
	*o = (struct notice_out){
		.id = r->id, .matter = r->matter, .region = arena_printf(cx->a, "%012lld", (long long)r->region),
		.template = r->template, .zh = n->t.zh, .en = n->t.en, .lang = r->lang, .state = r->state,
		.number = r->number.n ? r->number : (str){ NULL, 0 }, .version = r->version,
		.issuer = org_view(cx->a, r->org, r->org_name, r->org_name_en),
		.addressee = org_view(cx->a, r->addressee, r->addressee ? r->addressee_org : r->addressee_name,
				      r->addressee ? r->addressee_org_en : r->addressee_name),
		.days = opt_ms(r->days), .unit = r->unit, .clock = r->clock,
		.deadline = notice_deadline_words(cx->a, zh, r->days, r->unit, r->due_day, r->clock),
		.due = opt_ms(notice_due(&calendar, r)), .ack = n->t.ack, .fields = { values, nvalues },
		.address = arena_printf(cx->a, STR_FMT "/matters/%lld", STR_ARG(cx->app->public_url), (long long)r->matter),
		.drafted_ms = r->drafted_ms, .drafter = view_str(r->drafter_name), .issued_ms = opt_ms(r->issued_ms),
		.issued_by = view_str(r->issuer_name), .withdrawn_ms = opt_ms(r->withdrawn_ms), .reason = r->reason, .ver = r->ver,
	};
	view_service(cx->a, n, o);
	view_can(cx, n, o);
	return view_versions(cx, n, o);
}

static err reply_notice(struct req *rq, int64_t id, bool created)
{
	struct notice n;
	struct notice_out out;
	TRY(notice_get(&rq->cx, id, &n));
	TRY(view(&rq->cx, &n, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

/* ---- what a matter has and may have ---- */

static void offer_fields(struct ctx *cx, struct notice *n, struct notice_offer *o)
{
	struct notice_given *given;
	size_t count = notice_given_of(&n->rules, n->t.id, &given);
	o->fields.v = NEW_N(cx->a, struct notice_given_out, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct notice_given *g = &given[i];
		struct notice_given_out *f = &o->fields.v[o->fields.n++];
		*f = (struct notice_given_out){ .name = g->field->name, .zh = g->field->zh, .en = g->field->en,
						.type = g->field->type, .required = g->required, .max = g->max };
		n->row.lang = S("zh-CN");
		f->preset_zh = notice_preset(cx, n, g->preset_zh);
		n->row.lang = S("en");
		f->preset_en = notice_preset(cx, n, g->preset_en);
	}
}

/* Does the matter stand where one of the template's acts can be done? */
static void offer_acts(struct ctx *cx, const struct notice *n, struct notice_offer *o)
{
	str act;
	o->acts.v = NEW_N(cx->a, str, 16);
	for (size_t i = 0; i < 16 && (act = notice_act_of(n->t.acts, n->x.row.kind, i)).p; i++) {
		int at = workflow_act(n->x.wf, act);
		if (at < 0)
			continue;
		o->acts.v[o->acts.n++] = act;
		o->fits |= n->x.wf->acts[at].from >> n->x.m.state & 1;
	}
}

static err offers(struct ctx *cx, const struct matter *x, struct notice_list *out)
{
	struct notice n = { .x = *x };
	struct notice_template *templates;
	TRY(notice_rules_read(cx, china_day(cx->now_ms), &n.rules));
	size_t count = notice_templates(&n.rules, &templates);
	out->offers.v = NEW_N(cx->a, struct notice_offer, count + 1);
	for (size_t i = 0; i < count; i++) {
		n.t = templates[i];
		if (!cx_org(cx) || !notice_may(cx, x, &n.t))
			continue;
		n.row = (struct notice_load_row){ .region = x->row.region, .matter = x->row.id, .fields = S("{\"fields\":[]}"),
						  .days = DB_NONE, .due_day = DB_NONE, .issued_ms = DB_NONE, .served_ms = DB_NONE,
						  .org = cx_org(cx), .org_region = cx->who->org_region };
		struct notice_org_row org;
		if (notice_org(cx->c, cx->a, &(struct notice_org_params){ cx_org(cx) }, &org) == ERR_OK) {
			n.row.org_name = org.name;
			n.row.org_name_en = org.name_en;
		}
		struct notice_offer *o = &out->offers.v[out->offers.n++];
		*o = (struct notice_offer){ .template = n.t.id, .zh = n.t.zh, .en = n.t.en, .clock = n.t.clock, .deadline = n.t.deadline,
					    .days = n.t.days ? n.t.days : JSON_NONE, .unit = n.t.unit, .ack = n.t.ack, .to = n.t.to,
					    .basis_zh = n.t.basis_zh, .basis_en = n.t.basis_en, .source = n.t.source,
					    .source_zh = n.t.source_zh,
					    .certainty = n.t.certainty };
		offer_acts(cx, &n, o);
		offer_fields(cx, &n, o);
	}
	return ERR_OK;
}

static err list(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct notice_of_matter_rows rows;
	struct notice_list out = { 0 };
	struct matter x;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(matter_get(cx, id, &x));
	TRY(notice_of_matter(cx->c, cx->a, &(struct notice_of_matter_params){ x.row.region, id }, &rows));
	out.items.v = NEW_N(cx->a, struct notice_out, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		struct notice n;
		err e = notice_get(cx, rows.v[i].id, &n);
		if (e == ERR_NOT_FOUND) /* a draft of others */
			continue;
		TRY(e);
		TRY(view(cx, &n, &out.items.v[out.items.n++]));
	}
	cx->fail = (struct fail){ 0 };
	TRY(offers(cx, &x, &out));
	return reply_json(rq, &out);
}

/* ---- steps ---- */

#define DRAFT_OF(in_, matter_, template_)                                                                    \
	(struct notice_draft)                                                                                \
	{                                                                                                    \
		.matter = (matter_), .template = (template_), .lang = (in_)->lang.n ? (in_)->lang : S("zh-CN"), \
		.fields = (in_)->fields.v, .nfields = (in_)->fields.n, .addressee = (in_)->addressee,        \
		.days = (in_)->days, .due_day = (in_)->due, .unit = (in_)->unit.p ? (in_)->unit : S(""),     \
	}

static err make(struct req *rq)
{
	const struct notice_in *in = rq->body;
	int64_t matter, id;
	TRY(rq_id(rq, "id", &matter));
	struct notice_draft d = DRAFT_OF(in, matter, in->template);
	TRY(notice_make(&rq->cx, &d, &id));
	return reply_notice(rq, id, true);
}

static err edit(struct req *rq)
{
	const struct notice_edit_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	struct notice_draft d = DRAFT_OF(in, 0, S(""));
	TRY(notice_change(&rq->cx, id, in->ver, &d));
	return reply_notice(rq, id, false);
}

static err get(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return reply_notice(rq, id, false);
}

static err reply_read(struct req *rq, void *arg)
{
	return reply_notice(rq, *(int64_t *)arg, false);
}

static err issue(struct req *rq)
{
	const struct notice_issue_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(notice_issue(rq, id, in->ver, in->reason));
	return session_read(rq, reply_read, &id);
}

static err serve(struct req *rq)
{
	const struct notice_serve_in *in = rq->body;
	struct notice_service s = { .ver = in->ver, .at_ms = in->at_ms, .method = in->method, .receiver = view_str(in->receiver),
				    .note = view_str(in->note), .refused = in->refused, .files = in->files };
	TRY(rq_id(rq, "id", &s.id));
	TRY(notice_serve(&rq->cx, &s));
	return reply_notice(rq, s.id, false);
}

static err acknowledge(struct req *rq)
{
	const struct notice_ack_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(notice_acknowledge(&rq->cx, id, in->ver, in->text, in->files));
	return reply_notice(rq, id, false);
}

static err withdraw(struct req *rq)
{
	const struct notice_withdraw_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(notice_withdraw(&rq->cx, id, in->ver, in->reason));
	return reply_notice(rq, id, false);
}

static err put_letters(struct req *rq)
{
	const struct notice_letters_in *in = rq->body;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return notice_put_letters(&rq->cx, id, in->letters, view_str(in->contact));
}

/* ---- the paper ---- */

/* The paper of a version that was issued; the present draft when there is none. */
static err paper_of(struct req *rq, const struct notice *n, int64_t version, struct paper *ret, struct notice_content_row *row)
{
	struct ctx *cx = &rq->cx;
	version = version == JSON_NONE ? n->row.version : version;
	*row = (struct notice_content_row){ 0 };
	if (!version)
		return notice_paper(cx, n, (str){ NULL, 0 }, china_day(cx->now_ms), ret);
	err e = notice_content(cx->c, cx->a, &(struct notice_content_params){ n->row.region, n->row.id, version }, row);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "?version", NULL);
	TRY(e);
	return notice_paper_read(cx, row->content, ret);
}

static err preview(struct req *rq)
{
	const struct notice_bytes_query *q = rq->query;
	struct notice_content_row row;
	struct notice_paper_out out;
	struct paper p;
	struct notice n;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(notice_get(&rq->cx, id, &n));
	TRY(paper_of(rq, &n, q->version, &p, &row));
	notice_paper_view(rq->a, &p, &out);
	return reply_json(rq, &out);
}

struct bytes_job {
	struct paper paper;
	struct notice_content_row row;
	str name;
};

static err bytes_read(struct req *rq, void *arg)
{
	struct bytes_job *j = arg;
	const struct notice_bytes_query *q = rq->query;
	struct notice n;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(notice_get(&rq->cx, id, &n));
	j->name = n.row.number.n ? n.row.number : n.t.zh;
	return paper_of(rq, &n, q->version, &j->paper, &j->row);
}

/* What was issued is answered with the kept bytes; a draft is set afresh. */
static err bytes_reply(struct req *rq, bool pdf)
{
	static const char docx_type[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
	struct bytes_job j;
	str bytes;
	TRY(session_read(rq, bytes_read, &j));
	str name = arena_printf(rq->a, STR_FMT "%s", STR_ARG(j.name), pdf ? ".pdf" : ".docx");
	const char *type = pdf ? "application/pdf" : docx_type;
	if (j.row.content.n)
		return evidence_reply(rq, pdf ? j.row.pdf_hash : j.row.docx_hash, name, type);
	TRY(pdf ? paper_pdf(rq->a, &j.paper, &bytes, &rq->cx.fail) : paper_docx(rq->a, &j.paper, &bytes, &rq->cx.fail));
	return reply_download(rq, type, name, bytes);
}

static err get_pdf(struct req *rq)
{
	return bytes_reply(rq, true);
}

static err get_docx(struct req *rq)
{
	return bytes_reply(rq, false);
}

/* ---- evidence of service ---- */

static err upload_write(struct req *rq, void *arg)
{
	struct notice_file_out *out = arg;
	const struct notice_upload_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct notice n;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(notice_get(cx, id, &n));
	if (!notice_is_addressee(cx, &n) && (cx_org(cx) != n.row.org || !notice_may(cx, &n.x, &n.t)))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.notice.who");
	return evidence_add(cx, &(struct evidence_new){ .region = n.row.region, .subject = ledger_subject(cx, "notice", id),
							.hash = out->hash, .name = out->name, .type = arena_cstr(rq->a, out->type),
							.size = out->size, .captured_ms = q->captured_ms, .lat = NAN, .lon = NAN },
			    &out->id);
}

static err upload(struct req *rq)
{
	const struct notice_upload_query *q = rq->query;
	str hash = hex_encode(rq->a, (str){ (const char *)rq->upload.sha256, sizeof rq->upload.sha256 });
	struct photo photo;
	const char *type;
	TRY(photo_of_upload(rq->a, rq->upload.path, q->name, &photo, &type, &rq->cx.fail));
	struct notice_file_out out = { .hash = hash, .name = q->name, .type = str_of(type), .size = rq->upload.size };
	TRY(evidence_store_upload(rq->cx.app, &rq->upload, hash, &rq->cx.fail));
	TRY(session_write(rq, upload_write, &out));
	return reply_created(rq, &out);
}

static err get_file(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct notice_file_own_row row;
	struct notice n;
	int64_t id, file;
	TRY(rq_id(rq, "id", &id));
	TRY(rq_id(rq, "file", &file));
	TRY(notice_get(cx, id, &n));
	struct notice_file_own_params p = { n.row.region, ledger_subject(cx, "notice", id), file };
	err e = notice_file_own(cx->c, cx->a, &p, &row);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	return evidence_reply(rq, row.hash, row.name, arena_cstr(rq->a, row.type));
}

/* Who may do what is the template's to say, matter by matter. */
const struct route notice_routes[] = {
	{ "GET", "/api/matters/{id}/notices", list, READ, "matter.read", NULL, notice_list_json,
	  "Papers of a matter, and the templates that fit it", NULL },
	{ "POST", "/api/matters/{id}/notices", make, WRITE, "matter.read", notice_in_json, notice_out_json, "Draft a paper", NULL },
	{ "GET", "/api/notices/{id}", get, READ, "matter.read", NULL, notice_out_json, "A paper and its life", NULL },
	{ "PATCH", "/api/notices/{id}", edit, WRITE, "matter.read", notice_edit_in_json, notice_out_json,
	  "Fill in a paper anew; what was issued changes only by issuing again", NULL },
	{ "GET", "/api/notices/{id}/preview", preview, READ, "matter.read", NULL, notice_paper_out_json,
	  "The paper's paragraphs", notice_bytes_query_json },
	{ "GET", "/api/notices/{id}/notice.pdf", get_pdf, SLOW, "matter.read", NULL, NULL, "The paper as PDF", notice_bytes_query_json },
	{ "GET", "/api/notices/{id}/notice.docx", get_docx, SLOW, "matter.read", NULL, NULL, "The paper as DOCX",
	  notice_bytes_query_json },
	{ "POST", "/api/notices/{id}/issue", issue, SLOW, "matter.read", notice_issue_in_json, notice_out_json,
	  "Number a paper, set it, keep its bytes", NULL },
	{ "POST", "/api/notices/{id}/serve", serve, WRITE, "matter.read", notice_serve_in_json, notice_out_json,
	  "Record how a paper was served", NULL },
	{ "POST", "/api/notices/{id}/acknowledge", acknowledge, WRITE, "matter.read", notice_ack_in_json, notice_out_json,
	  "Acknowledge a paper", NULL },
	{ "POST", "/api/notices/{id}/withdraw", withdraw, WRITE, "matter.read", notice_withdraw_in_json, notice_out_json,
	  "Withdraw a paper", NULL },
	{ "POST", "/api/notices/{id}/files", upload, UPLOAD, "matter.read", NULL, notice_file_out_json,
	  "Hand in evidence of service", notice_upload_query_json },
	{ "GET", "/api/notices/{id}/files/{file}", get_file, READ, "matter.read", NULL, NULL, "Evidence of service", NULL },
	{ "PUT", "/api/orgs/{id}/letters", put_letters, WRITE, "org.write", notice_letters_in_json, NULL,
	  "A unit's letters in numbers of papers, and its contact", NULL },
	{ 0 },
};
