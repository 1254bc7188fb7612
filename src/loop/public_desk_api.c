/* The intake desk: what a citizen wrote and showed, read by nobody else. */
#include <math.h>
#include <stdlib.h>

#include "core/app.h"
#include "core/canon.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/session.h"
#include "core/views.h"
#include "format/image.h"
#include "geo/place.h"
#include "loop/matter_view.h"
#include "loop/public.h"
#include "loop/routes.h"

enum { HOUR_MS = 3600 * 1000, SIMILAR_MAX = 20, CELLS = 9 };

#define INTAKE_PHOTO(F, O, L)                                                                                          \
	F(ID, id, REQ)                                                                                                 \
	F(STR, type, REQ)                                                                                              \
	F(I64, size, REQ)                                                                                              \
	F(I64, received_ms, REQ)                                                                                       \
	F(BOOL, released, REQ)
JSON_STRUCT(intake_photo, INTAKE_PHOTO)
JSON_DEFINE(intake_photo, INTAKE_PHOTO)

#define INTAKE_ANSWER(F, O, L)                                                                                         \
	F(I64, at_ms, REQ)                                                                                             \
	F(STR, text, REQ, .max = 4000)
JSON_STRUCT(intake_answer, INTAKE_ANSWER)
JSON_DEFINE(intake_answer, INTAKE_ANSWER)

#define INTAKE_SIMILAR(F, O, L)                                                                                        \
	O(matter_item, matter, REQ)                                                                                    \
	F(I64, metres, NUL)                                                                                            \
	F(I64, hours, REQ)
JSON_STRUCT(intake_similar, INTAKE_SIMILAR)
JSON_DEFINE(intake_similar, INTAKE_SIMILAR)

#define INTAKE_REPORT(F, O, L)                                                                                         \
	F(ID, matter, REQ)                                                                                             \
	F(STR, no, REQ)                                                                                                \
	F(STR, category, REQ)                                                                                          \
	F(STR, words, REQ, .max = 20000)                                                                               \
	F(STR, place, REQ, .max = 300)                                                                                 \
	F(F64, lat, NUL)                                                                                               \
	F(F64, lon, NUL)                                                                                               \
	F(STR, lang, REQ)                                                                                              \
	F(I64, received_ms, REQ)                                                                                       \
	F(ENUM, contact, REQ, .options = "none|kept|erased")                                                           \
	F(STR, fixed, REQ)                                                                                             \
	F(STR, answer, REQ, .max = 2000)                                                                               \
	F(I64, answered_ms, NUL)                                                                                       \
	L(intake_photo, photos, REQ)                                                                                   \
	L(intake_answer, answers, REQ)                                                                                 \
	L(intake_similar, similar, REQ)
JSON_STRUCT(intake_report, INTAKE_REPORT)
JSON_DEFINE(intake_report, INTAKE_REPORT)

#define INTAKE_CONTACT(F, O, L) F(STR, contact, REQ, .max = 200)
JSON_STRUCT(intake_contact, INTAKE_CONTACT)
JSON_DEFINE(intake_contact, INTAKE_CONTACT)

#define INTAKE_ANSWER_IN(F, O, L) F(STR, text, REQ, .max = 2000)
JSON_STRUCT(intake_answer_in, INTAKE_ANSWER_IN)
JSON_DEFINE(intake_answer_in, INTAKE_ANSWER_IN)

#define INTAKE_RELEASE_IN(F, O, L) F(IDS, photos, REQ, .min = 1, .max = 20)
JSON_STRUCT(intake_release_in, INTAKE_RELEASE_IN)
JSON_DEFINE(intake_release_in, INTAKE_RELEASE_IN)

/* The desk is the unit that took the report; whoever else may see the matter does not see this. */
static err at_desk(struct ctx *cx, int64_t matter, struct matter *ret_matter, struct public_report_of_row *ret)
{
	TRY(matter_get(cx, matter, ret_matter));
	if (!cx_allowed(cx, S("report.intake"), &ret_matter->access) || cx_org(cx) != ret_matter->row.assigner_org)
		return FAIL(&cx->fail, FORBIDDEN, "", "err.report.desk_only");
	err e = public_report_of(cx->c, cx->a, &(struct public_report_of_params){ matter }, ret);
	return e == ERR_NOT_FOUND ? FAIL(&cx->fail, NOT_FOUND, "", NULL) : e;
}

static err desk_of(struct req *rq, struct matter *ret_matter, struct public_report_of_row *ret)
{
	int64_t id;
	TRY(rq_id(rq, "matter", &id));
	return at_desk(&rq->cx, id, ret_matter, ret);
}

/* ---- what may be the same ---- */

static err add_similar(struct ctx *cx, struct intake_report *out, int64_t matter, double metres, int64_t ms_apart)
{
	struct matter_item *item;
	size_t n;
	if (out->similar.n == SIMILAR_MAX)
		return ERR_OK;
	TRY(matter_items_view(cx, &matter, 1, &item, &n));
	if (n)
		out->similar.v[out->similar.n++] =
		    (struct intake_similar){ item, isnan(metres) ? JSON_NONE : (int64_t)metres, llabs(ms_apart) / HOUR_MS };
	return ERR_OK;
}

static err similar_near(struct ctx *cx, const struct public_report_of_row *r, int64_t span, struct intake_report *out)
{
	int64_t cells[CELLS];
	struct public_near_rows rows;
	size_t n = 0;
	for (int dy = -1; dy <= 1; dy++)
		for (int dx = -1; dx <= 1; dx++)
			cells[n++] = public_cell(r->lat + dy * 0.01, r->lon + dx * 0.01);
	struct public_near_params p = { { cells, n }, r->category, r->received_ms - span, r->received_ms + span, r->matter };
	TRY(public_near(cx->c, cx->a, &p, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		double d = distance_m((struct lonlat){ r->lon, r->lat }, (struct lonlat){ rows.v[i].lon, rows.v[i].lat });
		if (d <= cx->app->reports->params[REPORT_P_NEAR_M])
			TRY(add_similar(cx, out, rows.v[i].matter, d, rows.v[i].received_ms - r->received_ms));
	}
	return ERR_OK;
}

/* Proposed, never merged: a person sees that two reports tell of one thing. */
static err similar(struct ctx *cx, const struct public_report_of_row *r, struct intake_report *out)
{
	int64_t span = (int64_t)(cx->app->reports->params[REPORT_P_NEAR_HOURS] * HOUR_MS);
	struct public_same_region_params p = { r->region, r->category, r->received_ms - span, r->received_ms + span, r->matter };
	struct public_same_region_rows rows;
	out->similar.v = NEW_N(cx->a, struct intake_similar, SIMILAR_MAX);
	if (!isnan(r->lat))
		return similar_near(cx, r, span, out);
	TRY(public_same_region(cx->c, cx->a, &p, &rows));
	for (size_t i = 0; i < rows.n; i++)
		TRY(add_similar(cx, out, rows.v[i].matter, (double)NAN, rows.v[i].received_ms - r->received_ms));
	return ERR_OK;
}

/* ---- the report ---- */

static err photos_view(struct ctx *cx, const struct public_report_of_row *r, struct intake_report *out)
{
	struct public_photos_rows rows;
	struct public_photos_params p = { r->region, ledger_subject(cx, "report", r->matter), ledger_subject(cx, "matter", r->matter) };
	TRY(public_photos(cx->c, cx->a, &p, &rows));
	out->photos.v = NEW_N(cx->a, struct intake_photo, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		out->photos.v[out->photos.n++] = (struct intake_photo){ rows.v[i].id, rows.v[i].type, rows.v[i].size, rows.v[i].received_ms,
									rows.v[i].released != 0 };
	return ERR_OK;
}

static err answers_view(struct ctx *cx, const struct public_report_of_row *r, struct intake_report *out)
{
	struct public_answers_rows rows;
	TRY(public_answers(cx->c, cx->a, &(struct public_answers_params){ r->region, r->matter }, &rows));
	out->answers.v = NEW_N(cx->a, struct intake_answer, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		out->answers.v[out->answers.n++] = (struct intake_answer){ rows.v[i].at_ms, rows.v[i].body };
	return ERR_OK;
}

static err get(struct req *rq)
{
	struct matter x;
	struct public_report_of_row r;
	struct ctx *cx = &rq->cx;
	TRY(desk_of(rq, &x, &r));
	struct intake_report out = { .matter = r.matter, .no = r.no, .category = r.category, .words = r.words, .place = r.place,
				     .lat = r.lat, .lon = r.lon, .lang = r.lang, .received_ms = r.received_ms,
				     .contact = r.erased_ms != DB_NONE ? S("erased") : r.has_contact ? S("kept") : S("none"),
				     .fixed = r.fixed, .answer = r.answer, .answered_ms = r.answered_ms };
	TRY(photos_view(cx, &r, &out));
	TRY(answers_view(cx, &r, &out));
	TRY(similar(cx, &r, &out));
	return reply_json(rq, &out);
}

/* ---- personal data ---- */

static err note(struct ctx *cx, const struct public_report_of_row *r, const char *kind, str reason)
{
	struct canon c;
	int64_t seq;
	canon_begin(&c, cx->a);
	canon_str(&c, "text", commitment(cx->a, r->salt, reason));
	return ledger_append(cx, r->region, kind, ledger_subject(cx, "report", r->matter), canon_end(&c), &seq);
}

static err contact(struct req *rq)
{
	const struct reason_in *in = rq->body;
	struct matter x;
	struct public_report_of_row r;
	struct public_contact_get_row row;
	TRY(desk_of(rq, &x, &r));
	err e = public_contact_get(rq->cx.c, rq->a, &(struct public_contact_get_params){ r.region, r.matter }, &row);
	if (e == ERR_NOT_FOUND)
		return FAIL(&rq->cx.fail, NOT_FOUND, "", "err.report.no_contact");
	TRY(e);
	TRY(note(&rq->cx, &r, "report.contact-read", in->reason));
	return reply_json(rq, &(struct intake_contact){ row.contact });
}

static err erase(struct req *rq)
{
	const struct reason_in *in = rq->body;
	struct matter x;
	struct public_report_of_row r;
	TRY(desk_of(rq, &x, &r));
	TRY(note(&rq->cx, &r, "report.erase", in->reason));
	TRY(public_contact_erase(rq->cx.c, &(struct public_contact_erase_params){ r.region, r.matter }, NULL));
	return public_report_erase(rq->cx.c, &(struct public_report_erase_params){ r.region, r.matter, rq->cx.now_ms }, NULL);
}

/* ---- answering ---- */

static err answer(struct req *rq)
{
	const struct intake_answer_in *in = rq->body;
	struct matter x;
	struct public_report_of_row r;
	struct ctx *cx = &rq->cx;
	TRY(desk_of(rq, &x, &r));
	TRY(note(cx, &r, "report.reply", in->text));
	struct public_answer_put_params p = { r.region, r.matter, new_id(cx), in->text, cx_account(cx), cx->now_ms };
	return public_answer_put(cx->c, &p, NULL);
}

/* ---- photos ---- */

struct showing {
	int64_t id;
	struct public_photo_get_row row;
	int64_t matter;
};

static err find_photo(struct req *rq, void *arg)
{
	struct showing *s = arg;
	struct matter x;
	struct public_report_of_row r;
	str kind;
	err e = public_photo_get(rq->cx.c, rq->a, &(struct public_photo_get_params){ s->id }, &s->row);
	if (e == ERR_OK && (!id_subject_parse(s->row.subject, &kind, &s->matter) || !str_eq(kind, S("report"))))
		e = ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND)
		return FAIL(&rq->cx.fail, NOT_FOUND, "", NULL);
	TRY(e);
	return at_desk(&rq->cx, s->matter, &x, &r);
}

/* Without what the camera wrote: even the desk need not know whose phone it was. */
static err stripped(struct ctx *cx, str hash, str *ret)
{
	str bytes;
	TRY(evidence_bytes(cx->app, cx->a, hash, &bytes, &cx->fail));
	return image_strip(cx->a, bytes, ret, &cx->fail);
}

static err photo(struct req *rq)
{
	struct showing s = { 0 };
	str bytes;
	TRY(rq_id(rq, "id", &s.id));
	TRY(session_read(rq, find_photo, &s));
	TRY(stripped(&rq->cx, s.row.hash, &bytes));
	return reply_download(rq, arena_cstr(rq->a, s.row.type),
			      str_eq(s.row.type, S("image/png")) ? S("photo.png") : S("photo.jpg"), bytes);
}

struct releasing {
	int64_t matter;
	struct json_ids ids;
	struct evidence_new *files;
	struct photo *photos;
};

static err check_release(struct req *rq, void *arg)
{
	struct releasing *rel = arg;
	struct ctx *cx = &rq->cx;
	struct matter x;
	struct public_report_of_row r;
	TRY(at_desk(cx, rel->matter, &x, &r));
	for (size_t i = 0; i < rel->ids.n; i++) {
		struct public_photo_get_row row;
		err e = public_photo_get(cx->c, cx->a, &(struct public_photo_get_params){ rel->ids.v[i] }, &row);
		if (e == ERR_OK && !str_eq(row.subject, ledger_subject(cx, "report", rel->matter)))
			e = ERR_NOT_FOUND;
		if (e == ERR_NOT_FOUND)
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/photos/%zu", i).p, "err.file_unknown");
		TRY(e);
		rel->files[i] = (struct evidence_new){ .region = row.region, .subject = ledger_subject(cx, "matter", rel->matter), .hash = row.hash,
						       .name = arena_printf(cx->a, "report-%lld.img", (long long)rel->ids.v[i]),
						       .type = arena_cstr(cx->a, row.type), .captured_ms = DB_NONE, .lat = NAN, .lon = NAN };
	}
	return ERR_OK;
}

static err strip_all(struct ctx *cx, struct releasing *rel)
{
	for (size_t i = 0; i < rel->ids.n; i++) {
		struct evidence_new *f = &rel->files[i];
		unsigned char hash[HASH_SIZE];
		str bytes;
		TRY(stripped(cx, f->hash, &bytes));
		hash_bytes(HASH_SHA256, bytes, hash);
		f->hash = hex_encode(cx->a, (str){ (const char *)hash, sizeof hash });
		f->size = (int64_t)bytes.n;
		rel->photos[i] = photo_of(cx->a, bytes);
		f->photo = &rel->photos[i];
		TRY(evidence_store(cx->app, bytes, f->hash, &cx->fail));
	}
	return ERR_OK;
}

static err write_release(struct req *rq, void *arg)
{
	struct releasing *rel = arg;
	int64_t file;
	for (size_t i = 0; i < rel->ids.n; i++)
		TRY(evidence_add(&rq->cx, &rel->files[i], &file));
	return ERR_OK;
}

static err show_matter(struct req *rq, void *arg)
{
	struct releasing *rel = arg;
	struct matter_out out;
	TRY(matter_view(&rq->cx, rel->matter, &out));
	return reply_json(rq, &out);
}

static err release(struct req *rq)
{
	const struct intake_release_in *in = rq->body;
	struct releasing rel = { .ids = in->photos, .files = NEW_N(rq->a, struct evidence_new, in->photos.n),
				 .photos = NEW_N(rq->a, struct photo, in->photos.n) };
	TRY(rq_id(rq, "matter", &rel.matter));
	TRY(session_read(rq, check_release, &rel));
	TRY(strip_all(&rq->cx, &rel));
	TRY(session_write(rq, write_release, &rel));
	return session_read(rq, show_matter, &rel);
}

const struct route public_desk_routes[] = {
	{ "GET", "/api/intake/reports/{matter}", get, READ, "report.intake", NULL, intake_report_json,
	  "What a citizen reported, for the intake desk", NULL },
	{ "POST", "/api/intake/reports/{matter}/contact", contact, WRITE, "report.intake", reason_in_json, intake_contact_json,
	  "Read how to reach the reporter; recorded", NULL },
	{ "POST", "/api/intake/reports/{matter}/erase", erase, WRITE, "report.intake", reason_in_json, NULL,
	  "Erase words and contact of a reporter", NULL },
	{ "POST", "/api/intake/reports/{matter}/answer", answer, WRITE, "report.intake", intake_answer_in_json, NULL,
	  "Answer the reporter in public", NULL },
	{ "POST", "/api/intake/reports/{matter}/release", release, SLOW, "report.intake", intake_release_in_json, matter_out_json,
	  "Make photos of a report evidence of the matter, without their metadata", NULL },
	{ "GET", "/api/intake/photos/{id}", photo, SLOW, "report.intake", NULL, NULL, "A photo of a report, without its metadata", NULL },
	{ 0 },
};
