/* The door without accounts: /api/public/… Whoever comes in here is nobody, even with a session in the same browser: nothing of it
 * is looked at or written down. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "core/app.h"
#include "core/canon.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/region_sql.h"
#include "core/session.h"
#include "core/views.h"
#include "loop/public.h"
#include "loop/routes.h"

enum { PHOTOS_MAX = 20, PHOTO_BYTES_MAX = 10 << 20 };

/* ---- shapes ---- */

#define PUBLIC_CATEGORY(F, O, L)                                                                                       \
	F(STR, id, REQ)                                                                                                \
	F(STR, zh, REQ)                                                                                                \
	F(STR, en, REQ)                                                                                                \
	F(STR, hint_zh, REQ)                                                                                           \
	F(STR, hint_en, REQ)
JSON_STRUCT(public_category, PUBLIC_CATEGORY)
JSON_DEFINE(public_category, PUBLIC_CATEGORY)

#define PUBLIC_CATEGORIES(F, O, L)                                                                                     \
	L(public_category, items, REQ)                                                                                 \
	F(I64, photos, REQ)                                                                                            \
	F(I64, photo_mib, REQ)                                                                                         \
	F(I64, text, REQ)                                                                                              \
	O(region_ref, home, NUL)
JSON_STRUCT(public_categories, PUBLIC_CATEGORIES)
JSON_DEFINE(public_categories, PUBLIC_CATEGORIES)

#define PUBLIC_PLACE_QUERY(F, O, L)                                                                                    \
	F(F64, lat, REQ, .min = -90, .max = 90)                                                                        \
	F(F64, lon, REQ, .min = -180, .max = 180)
JSON_STRUCT(public_place_query, PUBLIC_PLACE_QUERY)
JSON_DEFINE(public_place_query, PUBLIC_PLACE_QUERY)

#define PUBLIC_PLACE(F, O, L) O(region_ref, region, NUL)
JSON_STRUCT(public_place, PUBLIC_PLACE)
JSON_DEFINE(public_place, PUBLIC_PLACE)

#define PUBLIC_REGIONS_QUERY(F, O, L) F(ID, parent, OPT, .format = "region")
JSON_STRUCT(public_regions_query, PUBLIC_REGIONS_QUERY)
JSON_DEFINE(public_regions_query, PUBLIC_REGIONS_QUERY)

#define PUBLIC_REGIONS(F, O, L) L(region_ref, items, REQ, .max = 5000)
JSON_STRUCT(public_regions, PUBLIC_REGIONS)
JSON_DEFINE(public_regions, PUBLIC_REGIONS)

#define PUBLIC_PHOTO(F, O, L)                                                                                          \
	F(STR, token, REQ)                                                                                             \
	F(I64, expires_ms, REQ)
JSON_STRUCT(public_photo_out, PUBLIC_PHOTO)
JSON_DEFINE(public_photo_out, PUBLIC_PHOTO)

/* `website` is seen by programs only: whoever fills it in is one. */
#define PUBLIC_REPORT_IN(F, O, L)                                                                                      \
	F(STR, category, REQ, .max = 40)                                                                               \
	F(STR, text, REQ, .min = 5, .max = 20000)                                                                      \
	F(F64, lat, OPT, .min = -90, .max = 90)                                                                        \
	F(F64, lon, OPT, .min = -180, .max = 180)                                                                      \
	F(ID, region, OPT, .format = "region")                                                                         \
	F(STR, place, OPT, .max = 300)                                                                                 \
	F(STR, contact, OPT, .max = 200)                                                                               \
	F(STRS, photos, OPT, .max = 20)                                                                                \
	F(STR, website, OPT, .max = 200)
JSON_STRUCT(public_report_in, PUBLIC_REPORT_IN)
JSON_DEFINE(public_report_in, PUBLIC_REPORT_IN)

#define PUBLIC_RECEIPT(F, O, L)                                                                                        \
	F(STR, no, REQ)                                                                                                \
	F(STR, code, REQ)                                                                                              \
	F(STR, state_text, REQ)
JSON_STRUCT(public_receipt_out, PUBLIC_RECEIPT)
JSON_DEFINE(public_receipt_out, PUBLIC_RECEIPT)

#define PUBLIC_STEP(F, O, L)                                                                                           \
	F(I64, at_ms, REQ)                                                                                             \
	F(STR, text, REQ, .max = 4000)
JSON_STRUCT(public_step, PUBLIC_STEP)
JSON_DEFINE(public_step, PUBLIC_STEP)

#define PUBLIC_STATE(F, O, L)                                                                                          \
	F(STR, no, REQ)                                                                                                \
	F(STR, category_zh, REQ)                                                                                       \
	F(STR, category_en, REQ)                                                                                       \
	F(STR, state_text, REQ)                                                                                        \
	F(I64, received_ms, REQ)                                                                                       \
	F(I64, closed_ms, NUL)                                                                                         \
	L(public_step, steps, REQ)                                                                                     \
	L(public_step, answers, REQ)                                                                                   \
	F(BOOL, may_answer, REQ)                                                                                       \
	F(STRS, choices, REQ)                                                                                          \
	F(STR, fixed, REQ)                                                                                             \
	F(I64, answered_ms, NUL)
JSON_STRUCT(public_state, PUBLIC_STATE)
JSON_DEFINE(public_state, PUBLIC_STATE)

#define PUBLIC_CODE_QUERY(F, O, L) F(STR, code, REQ, .max = 40)
JSON_STRUCT(public_code_query, PUBLIC_CODE_QUERY)
JSON_DEFINE(public_code_query, PUBLIC_CODE_QUERY)

#define PUBLIC_ANSWER_IN(F, O, L)                                                                                      \
	F(STR, code, REQ, .max = 40)                                                                                   \
	F(ENUM, fixed, REQ, .options = "yes|partly|no")                                                                \
	F(STR, text, OPT, .max = 2000)
JSON_STRUCT(public_answer_in, PUBLIC_ANSWER_IN)
JSON_DEFINE(public_answer_in, PUBLIC_ANSWER_IN)

/* ---- who is nobody ---- */

static struct ctx *nobody(struct req *rq)
{
	rq->cx.who = NULL;
	return &rq->cx;
}

static bool english(const struct ctx *cx)
{
	return str_starts(cx->lang, S("en"));
}

/* ---- reference ---- */

static err region_of(struct ctx *cx, int64_t code, struct region_ref **ret)
{
	struct region_name n;
	if (!code)
		return ERR_OK;
	TRY(region_name_of(cx->c, cx->a, code, &n));
	*ret = NEW(cx->a, struct region_ref);
	**ret = (struct region_ref){ n.code, n.name, n.name_en };
	return ERR_OK;
}

static err categories(struct req *rq)
{
	struct ctx *cx = nobody(rq);
	const struct public_rules *r = cx->app->reports;
	struct public_categories out = { .photos = (int64_t)r->params[REPORT_P_PHOTOS], .photo_mib = (int64_t)r->params[REPORT_P_PHOTO_MIB],
					 .text = (int64_t)r->params[REPORT_P_TEXT] };
	out.items.v = NEW_N(cx->a, struct public_category, r->ncategories + 1);
	for (size_t i = 0; i < r->ncategories; i++) {
		const struct report_category *c = &r->categories[i];
		out.items.v[out.items.n++] = (struct public_category){ c->id, c->zh, c->en, c->hint_zh, c->hint_en };
	}
	TRY(region_of(cx, cx->app->home_region, &out.home));
	return reply_json(rq, &out);
}

static err place(struct req *rq)
{
	struct ctx *cx = nobody(rq);
	const struct public_place_query *q = rq->query;
	struct public_place out = { 0 };
	int64_t code;
	TRY(public_limit(cx, rq->peer, REPORT_LIMIT_PLACE, REPORT_LIMIT_PLACE));
	TRY(public_region_at(cx, q->lat, q->lon, &code));
	TRY(region_of(cx, code, &out.region));
	return reply_json(rq, &out);
}

static err regions(struct req *rq)
{
	struct ctx *cx = nobody(rq);
	const struct public_regions_query *q = rq->query;
	struct region_children_rows rows;
	struct public_regions out = { 0 };
	int64_t parent = q->parent == JSON_NONE ? cx->app->home_region : q->parent;
	TRY(public_limit(cx, rq->peer, REPORT_LIMIT_PLACE, REPORT_LIMIT_PLACE));
	TRY(region_children(cx->c, cx->a, &(struct region_children_params){ .parent = parent, .today = china_day(cx->now_ms) }, &rows));
	out.items.v = NEW_N(cx->a, struct region_ref, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		out.items.v[out.items.n++] = (struct region_ref){ rows.v[i].code, rows.v[i].name, rows.v[i].name_en };
	return reply_json(rq, &out);
}

/* ---- photos ---- */

static err photo(struct req *rq)
{
	struct ctx *cx = nobody(rq);
	struct public_photo_out out;
	TRY(public_limit(cx, rq->peer, REPORT_LIMIT_PHOTO, REPORT_LIMIT_PHOTO_ALL));
	TRY(public_photo_keep(cx, &rq->upload, &out.token, &out.expires_ms));
	return reply_created(rq, &out);
}

/* ---- reports ---- */

struct making {
	struct public_report_new in;
	struct public_receipt out;
	struct waiting_photo photos[PHOTOS_MAX];
};

static err check_words(struct ctx *cx, const struct public_report_in *in)
{
	double max = cx->app->reports->params[REPORT_P_TEXT];
	if (in->website.n)
		return FAIL(&cx->fail, BAD_FIELD, "/website", "err.report.machine");
	if ((double)utf8_count(in->text) > max)
		return FAIL(&cx->fail, BAD_FIELD, "/text", "err.too_long", "max", arena_printf(cx->a, "%.0f", max).p);
	if ((double)in->photos.n > cx->app->reports->params[REPORT_P_PHOTOS] || in->photos.n > PHOTOS_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/photos", "err.too_many_items", "max",
			    arena_printf(cx->a, "%.0f", cx->app->reports->params[REPORT_P_PHOTOS]).p);
	if (isnan(in->lat) != isnan(in->lon))
		return FAIL(&cx->fail, BAD_FIELD, isnan(in->lat) ? "/lat" : "/lon", "err.required");
	if (in->region != JSON_NONE && !region_valid(in->region))
		return FAIL(&cx->fail, BAD_FIELD, "/region", "err.region_unknown", "code", arena_printf(cx->a, "%lld", (long long)in->region).p);
	return ERR_OK;
}

static err make_report(struct req *rq, void *arg)
{
	struct making *m = arg;
	TRY(public_report_make(&rq->cx, &m->in, &m->out));
	return ERR_OK;
}

static err take_photos(struct ctx *cx, const struct public_report_in *in, struct making *m)
{
	for (size_t i = 0; i < in->photos.n; i++) {
		struct waiting_photo *p = &m->photos[i];
		TRY(public_photo_find(cx, in->photos.v[i], i, p));
		TRY(evidence_store(cx->app, p->bytes, p->hash, &cx->fail));
	}
	m->in.photos = m->photos;
	m->in.nphotos = in->photos.n;
	return ERR_OK;
}

/* To whom it may concern by place and sector; the accused is no party yet. */
static void tell(struct req *rq, const struct public_receipt *r)
{
	matter_tell_now(&rq->cx, r->matter,
			&(struct matter_moved){ 1, S("report"), { .region = r->region, .sectors = r->sectors, .secret = r->secret, .handler = r->region }, false });
}

static err report(struct req *rq)
{
	const struct public_report_in *in = rq->body;
	struct ctx *cx = nobody(rq);
	struct making *m = NEW(rq->a, struct making);
	TRY(check_words(cx, in));
	TRY(public_limit(cx, rq->peer, REPORT_LIMIT_REPORT, REPORT_LIMIT_REPORT_ALL));
	m->in = (struct public_report_new){ .category = in->category, .text = str_trim(in->text), .place = in->place, .contact = in->contact,
					    .lang = cx->lang, .placed = !isnan(in->lat), .lat = in->lat, .lon = in->lon,
					    .region = in->region == JSON_NONE ? 0 : in->region };
	TRY(take_photos(cx, in, m));
	TRY(session_write(rq, make_report, m));
	for (size_t i = 0; i < m->in.nphotos; i++)
		public_photo_drop(&m->photos[i]);
	tell(rq, &m->out);
	const struct report_state *s = report_state(cx->app->reports, S("received"));
	struct public_receipt_out out = { m->out.no, m->out.code, !s ? S("") : english(cx) ? s->en : s->zh };
	return reply_created(rq, &out);
}

/* ---- what became of it ---- */

/* Wrong numbers and codes are counted apart, so that a code cannot be tried out. */
static err find(struct req *rq, str no, str code, struct public_report_by_no_row *ret)
{
	struct ctx *cx = &rq->cx;
	const struct limit_rule *wrong = &cx->app->reports->limits[REPORT_LIMIT_WRONG];
	int64_t wait = limit_look(cx->app->limits, wrong, rq->peer, cx->now_ms);
	if (wait)
		return FAIL(&cx->fail, TOO_MANY, "", "err.report.too_many", "minutes", arena_printf(cx->a, "%lld", (long long)(wait + 59) / 60).p,
			    "seconds", arena_printf(cx->a, "%lld", (long long)wait).p);
	err e = public_report_find(cx, no, code, ret);
	if (e == ERR_NOT_FOUND)
		(void)limit_take(cx->app->limits, wrong, rq->peer, cx->now_ms);
	return e;
}

/* Only states, in plain words; two acts that leave the state as it was are one step. */
static err steps(struct ctx *cx, const struct public_report_by_no_row *r, struct public_state *out)
{
	struct public_steps_rows rows;
	str last = { NULL, 0 }, to;
	TRY(public_steps(cx->c, cx->a, &(struct public_steps_params){ r->region, ledger_subject(cx, "matter", r->matter) }, &rows));
	out->steps.v = NEW_N(cx->a, struct public_step, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		if (!canon_get_plain(canon_get(rows.v[i].body, "data"), "to", &to) || str_eq(to, last))
			continue;
		const struct report_state *s = report_state(cx->app->reports, to);
		if (s)
			out->steps.v[out->steps.n++] = (struct public_step){ rows.v[i].at_ms, english(cx) ? s->en : s->zh };
		last = to;
	}
	return ERR_OK;
}

static err answers(struct ctx *cx, const struct public_report_by_no_row *r, struct public_state *out)
{
	struct public_answers_rows rows;
	TRY(public_answers(cx->c, cx->a, &(struct public_answers_params){ r->region, r->matter }, &rows));
	out->answers.v = NEW_N(cx->a, struct public_step, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		out->answers.v[out->answers.n++] = (struct public_step){ rows.v[i].at_ms, rows.v[i].body };
	return ERR_OK;
}

static void choices(struct ctx *cx, const struct public_report_by_no_row *r, struct public_state *out)
{
	const struct public_rules *rules = cx->app->reports;
	const struct report_state *s = report_state(rules, r->state);
	out->choices.v = NEW_N(cx->a, str, rules->nanswers + 1);
	out->may_answer = s && s->answer;
	for (size_t i = 0; out->may_answer && i < rules->nanswers; i++)
		if (str_eq(rules->answers[i].state, r->state))
			out->choices.v[out->choices.n++] = rules->answers[i].fixed;
	out->state_text = !s ? S("") : english(cx) ? s->en : s->zh;
}

static err show(struct req *rq, const struct public_report_by_no_row *r)
{
	struct ctx *cx = &rq->cx;
	const struct report_category *c = report_category(cx->app->reports, r->category);
	struct public_state out = { .no = r->no, .category_zh = c ? c->zh : r->category, .category_en = c ? c->en : r->category,
				    .received_ms = r->received_ms, .closed_ms = r->closed_ms, .fixed = r->fixed, .answered_ms = r->answered_ms };
	choices(cx, r, &out);
	TRY(steps(cx, r, &out));
	TRY(answers(cx, r, &out));
	return reply_json(rq, &out);
}

static err state(struct req *rq)
{
	struct ctx *cx = nobody(rq);
	const struct public_code_query *q = rq->query;
	struct public_report_by_no_row r;
	TRY(public_limit(cx, rq->peer, REPORT_LIMIT_LOOK, REPORT_LIMIT_LOOK));
	TRY(find(rq, rq_param(rq, "no"), q->code, &r));
	return show(rq, &r);
}

static err answer_after(struct req *rq)
{
	const struct public_answer_in *in = rq->body;
	struct public_report_by_no_row r;
	nobody(rq);
	TRY(public_report_find(&rq->cx, rq_param(rq, "no"), in->code, &r));
	return show(rq, &r);
}

static err answer(struct req *rq)
{
	struct ctx *cx = nobody(rq);
	const struct public_answer_in *in = rq->body;
	struct public_report_by_no_row r;
	struct matter_moved moved;
	TRY(public_limit(cx, rq->peer, REPORT_LIMIT_LOOK, REPORT_LIMIT_LOOK));
	TRY(find(rq, rq_param(rq, "no"), in->code, &r));
	TRY(public_report_answer(cx, &r, in->fixed, in->text, &moved));
	matter_tell(rq, r.matter, &moved);
	return rq_after(rq, answer_after);
}

const struct route public_routes[] = {
	{ "GET", "/api/public/categories", categories, READ, NULL, NULL, public_categories_json, "What can be reported", NULL },
	{ "GET", "/api/public/place", place, READ, NULL, NULL, public_place_json, "The region of a place", public_place_query_json },
	{ "GET", "/api/public/regions", regions, READ, NULL, NULL, public_regions_json, "The regions inside one, to choose from",
	  public_regions_query_json },
	{ "POST", "/api/public/photos", photo, UPLOAD, NULL, NULL, public_photo_out_json, "Hand in a photo for a report to come", NULL, PHOTO_BYTES_MAX },
	{ "POST", "/api/public/reports", report, SLOW, NULL, public_report_in_json, public_receipt_out_json,
	  "Report a hazard or pollution without an account", NULL },
	{ "GET", "/api/public/reports/{no}", state, READ, NULL, NULL, public_state_json, "What became of a report",
	  public_code_query_json },
	{ "POST", "/api/public/reports/{no}/answer", answer, WRITE, NULL, public_answer_in_json, public_state_json,
	  "Say whether it is really fixed", NULL },
	{ 0 },
};
