/* Making a report, finding it again, hearing its reporter. */
#include "loop/public.h"

#include <math.h>

#include "base/utf8.h"
#include "core/app.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "core/region.h"
#include "land/boundary.h"

enum { SALT_SIZE = 16, CODE_LETTERS = 12 };

err public_limit(struct ctx *cx, str peer, enum report_limit own, enum report_limit all)
{
	const struct public_rules *r = cx->app->reports;
	int64_t wait = limit_take(cx->app->limits, &r->limits[own], peer, cx->now_ms);
	if (!wait && all != own)
		wait = limit_take(cx->app->limits, &r->limits[all], peer, cx->now_ms);
	if (!wait)
		return ERR_OK;
	return FAIL(&cx->fail, TOO_MANY, "", "err.report.too_many", "minutes", arena_printf(cx->a, "%lld", (long long)(wait + 59) / 60).p,
		    "seconds", arena_printf(cx->a, "%lld", (long long)wait).p);
}

int64_t public_cell(double lat, double lon)
{
	return isnan(lat) || isnan(lon) ? -1 : (int64_t)floor((lat + 90) * 100) * 100000 + (int64_t)floor((lon + 180) * 100);
}

/* ---- the code ---- */

/* Twelve of 31 signs that are not mistaken for each other (no 0 O 1 I L): 59 bits, and wrong tries are limited. */
static str new_code(struct arena *a)
{
	static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	char code[CODE_LETTERS];
	for (int i = 0; i < CODE_LETTERS;) {
		unsigned char b;
		random_bytes(&b, 1);
		if (b < 248) /* 8 × 31: every sign as likely */
			code[i++] = signs[b % 31];
	}
	return arena_str(a, (str){ code, CODE_LETTERS });
}

/* As people type it: small letters, blanks and hyphens do not matter. */
static str code_hash(struct arena *a, str salt, str code)
{
	unsigned char hash[HASH_SIZE];
	struct buf b = BUF(a);
	buf_put(&b, salt);
	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != ' ' && c != '-')
			buf_byte(&b, c);
	}
	hash_bytes(HASH_SHA256, buf_str(&b), hash);
	return arena_str(a, (str){ (const char *)hash, sizeof hash });
}

/* ---- making ---- */

/* No more exact than needed to find the place: 0.0001° is about 10 m. */
static double coarse(double degrees)
{
	return round(degrees * 1e4) / 1e4;
}

static err title_of(struct ctx *cx, const struct report_category *c, int64_t region, str *ret)
{
	struct region_name place;
	TRY(region_name_of(cx->c, cx->a, region, &place));
	*ret = arena_printf(cx->a, "群众举报：" STR_FMT "（" STR_FMT "）", STR_ARG(c->zh), STR_ARG(place.name));
	return ERR_OK;
}

static err place_of(struct ctx *cx, const struct public_report_new *in, int64_t *ret)
{
	int64_t region = in->region;
	if (!region && in->placed)
		TRY(public_region_at(cx, in->lat, in->lon, &region));
	if (!region)
		return FAIL(&cx->fail, BAD_FIELD, "/region", in->placed ? "err.report.outside" : "err.required");
	*ret = region;
	return ERR_OK;
}

static err desk_of(struct ctx *cx, int64_t region, int64_t *ret)
{
	struct public_desk_row desk;
	err e = public_desk(cx->c, cx->a, &(struct public_desk_params){ region, cx->now_ms }, &desk);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, GUARD, "/region", "err.report.no_desk");
	TRY(e);
	*ret = desk.org;
	return ERR_OK;
}

static err keep_photos(struct ctx *cx, const struct public_report_new *in, const struct public_receipt *r)
{
	for (size_t i = 0; i < in->nphotos; i++) {
		const struct waiting_photo *p = &in->photos[i];
		int64_t file;
		TRY(evidence_add(cx,
				 &(struct evidence_new){ .region = r->region, .subject = ledger_subject(cx, "report", r->matter),
							 .hash = p->hash, .name = arena_printf(cx->a, "photo-%zu", i + 1), .type = p->type,
							 .size = (int64_t)p->bytes.n, .captured_ms = DB_NONE, .lat = NAN, .lon = NAN,
							 .photo = &p->photo },
				 &file));
	}
	return ERR_OK;
}

/* Words and contact as commitments: they can be erased and still be proved. */
static err note(struct ctx *cx, const struct public_report_new *in, const struct public_receipt *r, str salt)
{
	struct canon c;
	int64_t seq;
	canon_begin(&c, cx->a);
	canon_str(&c, "category", in->category);
	canon_str(&c, "no", r->no);
	canon_i64(&c, "photos", (int64_t)in->nphotos);
	canon_str(&c, "text", commitment(cx->a, salt, in->text));
	if (in->place.n)
		canon_str(&c, "place", commitment(cx->a, salt, in->place));
	if (in->contact.n)
		canon_str(&c, "contact", commitment(cx->a, salt, in->contact));
	return ledger_append(cx, r->region, "report.receive", ledger_subject(cx, "report", r->matter), canon_end(&c), &seq);
}

static str or_empty(str s)
{
	return s.p ? s : S("");
}

static err keep_report(struct ctx *cx, const struct public_report_new *in, const struct public_receipt *r)
{
	unsigned char bytes[SALT_SIZE];
	random_bytes(bytes, sizeof bytes);
	str salt = { (const char *)bytes, sizeof bytes };
	struct public_report_put_params p = { .region = r->region, .matter = r->matter, .no = r->no, .code = code_hash(cx->a, salt, r->code),
					      .salt = salt, .category = in->category, .words = in->text, .place = or_empty(in->place),
					      .lat = in->placed ? in->lat : NAN, .lon = in->placed ? in->lon : NAN,
					      .cell = in->placed ? public_cell(in->lat, in->lon) : -1, .lang = in->lang,
					      .received_ms = cx->now_ms };
	TRY(public_report_put(cx->c, &p, NULL));
	if (in->contact.n)
		TRY(public_contact_put(cx->c, &(struct public_contact_put_params){ r->region, r->matter, in->contact }, NULL));
	TRY(keep_photos(cx, in, r));
	return note(cx, in, r, salt);
}

err public_report_make(struct ctx *cx, const struct public_report_new *in, struct public_receipt *ret)
{
	const struct report_category *category = report_category(cx->app->reports, in->category);
	struct public_receipt r = { .code = new_code(cx->a), .secret = 1 };
	struct public_matter_no_row no;
	int64_t desk = 0;
	if (!category)
		return FAIL(&cx->fail, BAD_FIELD, "/category", "err.report.category");
	TRY(place_of(cx, in, &r.region));
	TRY(desk_of(cx, r.region, &desk));
	struct matter_new n = { .found = { .placed = in->placed, .lat = coarse(in->lat), .lon = coarse(in->lon), .source = S("citizen") },
				.region = r.region, .kind = S("report"), .sectors = category->sectors, .secret = r.secret,
				.due_day = JSON_NONE, .assigner_org = desk };
	TRY(title_of(cx, category, r.region, &n.title));
	TRY(matter_create(cx, &n, &r.matter));
	TRY(public_matter_no(cx->c, cx->a, &(struct public_matter_no_params){ r.region, r.matter }, &no));
	r.no = no.no;
	r.sectors = category->sectors;
	TRY(keep_report(cx, in, &r));
	*ret = r;
	return ERR_OK;
}

/* ---- finding it again ---- */

err public_report_find(struct ctx *cx, str no, str code, struct public_report_by_no_row *ret)
{
	struct public_report_by_no_row r;
	err e = public_report_by_no(cx->c, cx->a, &(struct public_report_by_no_params){ no }, &r);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	str want = e == ERR_OK ? r.code : S("");
	str got = code_hash(cx->a, e == ERR_OK ? r.salt : S("0123456789abcdef"), code);
	if (!bytes_equal(want, got))
		return FAIL(&cx->fail, NOT_FOUND, "", "err.report.unknown");
	*ret = r;
	return ERR_OK;
}

/* ---- is it really fixed? ---- */

static err note_answer(struct ctx *cx, const struct public_report_by_no_row *r, str fixed, str text)
{
	struct canon c;
	int64_t seq;
	canon_begin(&c, cx->a);
	canon_str(&c, "fixed", fixed);
	if (text.n)
		canon_str(&c, "text", commitment(cx->a, r->salt, text));
	TRY(ledger_append(cx, r->region, "report.answer", ledger_subject(cx, "report", r->matter), canon_end(&c), &seq));
	return public_word_put(cx->c, &(struct public_word_put_params){ r->region, r->matter, fixed, or_empty(text), cx->now_ms }, NULL);
}

/* The unit sees an act with the answer; its words, which may say who wrote them, stay with the desk. */
err public_report_answer(struct ctx *cx, const struct public_report_by_no_row *r, str fixed, str text, struct matter_moved *ret_moved)
{
	const struct report_state *state = report_state(cx->app->reports, r->state);
	const struct report_answer *a = report_answer(cx->app->reports, r->state, fixed);
	struct wf_input in = matter_no_input();
	if (!state || !state->answer)
		return FAIL(&cx->fail, GUARD, "", "err.report.not_asked");
	if (!a)
		return FAIL(&cx->fail, BAD_FIELD, "/fixed", "err.report.not_asked");
	in.text = a->zh;
	TRY(matter_move_system(cx, r->matter, a->act, &in, ret_moved));
	return note_answer(cx, r, fixed, text);
}

/* ---- places ---- */

err public_region_at(struct ctx *cx, double lat, double lon, int64_t *ret)
{
	return boundary_find(cx, 0, REGION_MAX, (struct lonlat){ .lon = lon, .lat = lat }, ret);
}
