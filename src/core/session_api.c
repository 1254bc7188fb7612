/* /api/login, /api/logout, /api/me */
#include <string.h>

#include "core/account.h"
#include "core/account_sql.h"
#include "core/app.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "core/org_view.h"
#include "core/region.h"
#include "core/routes.h"
#include "core/sector.h"
#include "core/session.h"
#include "core/session_sql.h"

/* ---- shapes ---- */

#define LOGIN_IN(F, O, L)                                                                          \
	F(STR, login, REQ, .max = 64)                                                              \
	F(STR, password, REQ, .max = 256)                                                          \
	F(STR, otp, OPT, .max = 10)
JSON_STRUCT(login_in, LOGIN_IN)
JSON_DEFINE(login_in, LOGIN_IN)

#define ME_ACCOUNT(F, O, L)                                                                        \
	F(ID, id, REQ)                                                                             \
	F(STR, login, REQ)                                                                         \
	F(BOOL, must_change_password, REQ)                                                         \
	F(BOOL, otp_enabled, REQ)
JSON_STRUCT(me_account, ME_ACCOUNT)
JSON_DEFINE(me_account, ME_ACCOUNT)

#define ME_PERSON(F, O, L)                                                                         \
	F(ID, id, REQ)                                                                             \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)
JSON_STRUCT(me_person, ME_PERSON)
JSON_DEFINE(me_person, ME_PERSON)

#define ME_ORG(F, O, L)                                                                            \
	F(ID, id, REQ)                                                                             \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(STR, kind, REQ)
JSON_STRUCT(me_org, ME_ORG)
JSON_DEFINE(me_org, ME_ORG)

#define ME_POST(F, O, L)                                                                           \
	F(ID, id, REQ)                                                                             \
	F(STR, title, REQ)                                                                         \
	F(STR, org_name, REQ)                                                                      \
	F(STRS, duties, REQ)
JSON_STRUCT(me_post, ME_POST)
JSON_DEFINE(me_post, ME_POST)

#define ME_SCOPE(F, O, L)                                                                          \
	O(region_ref, region, REQ)                                                                 \
	F(STRS, sectors, REQ)                                                                      \
	F(STRS, perms, REQ)                                                                        \
	F(I64, valid_to_ms, NUL)
JSON_STRUCT(me_scope, ME_SCOPE)
JSON_DEFINE(me_scope, ME_SCOPE)

#define ME_OUT(F, O, L)                                                                            \
	O(me_account, account, REQ)                                                                \
	O(me_person, person, REQ)                                                                  \
	O(me_org, org, NUL)                                                                        \
	L(me_post, posts, REQ)                                                                     \
	F(STR, csrf, REQ)                                                                          \
	F(STRS, perms, REQ)                                                                        \
	L(me_scope, scopes, REQ)                                                                   \
	O(region_ref, home_region, REQ)                                                            \
	F(I64, now_ms, REQ)                                                                        \
	F(BOOL, demo, REQ)                                                                         \
	F(RAW, prefs, REQ)
JSON_STRUCT(me_out, ME_OUT)
JSON_DEFINE(me_out, ME_OUT)

#define ME_PASSWORD_IN(F, O, L)                                                                    \
	F(STR, old, REQ, .max = 256)                                                               \
	F(STR, new, REQ, .max = 256)
JSON_STRUCT(me_password_in, ME_PASSWORD_IN)
JSON_DEFINE(me_password_in, ME_PASSWORD_IN)

#define ME_CSRF(F, O, L) F(STR, csrf, REQ)
JSON_STRUCT(me_csrf, ME_CSRF)
JSON_DEFINE(me_csrf, ME_CSRF)

#define OTP_OUT(F, O, L)                                                                           \
	F(STR, secret, REQ)                                                                        \
	F(STR, uri, REQ)
JSON_STRUCT(otp_out, OTP_OUT)
JSON_DEFINE(otp_out, OTP_OUT)

#define OTP_IN(F, O, L) F(STR, otp, REQ, .max = 10)
JSON_STRUCT(otp_in, OTP_IN)
JSON_DEFINE(otp_in, OTP_IN)

#define OTP_OFF_IN(F, O, L) F(STR, password, REQ, .max = 256)
JSON_STRUCT(otp_off_in, OTP_OFF_IN)
JSON_DEFINE(otp_off_in, OTP_OFF_IN)

#define PREFS_IN(F, O, L) F(RAW, prefs, REQ, .max = 16384)
JSON_STRUCT(prefs_in, PREFS_IN)
JSON_DEFINE(prefs_in, PREFS_IN)

/* ---- who I am ---- */

static err region_view(struct req *rq, int64_t code, struct region_ref **ret)
{
	struct region_name n;
	struct region_ref *r = NEW(rq->a, struct region_ref);
	TRY(region_name_of(rq->cx.c, rq->a, code, &n));
	*r = (struct region_ref){ n.code, n.name, n.name_en };
	*ret = r;
	return ERR_OK;
}

static struct json_strs perms_of(struct arena *a, const struct role_table *t, int64_t mask)
{
	struct json_strs out = { .v = NEW_N(a, str, t->perms.n + 1) };
	for (size_t i = 0; i < t->perms.n; i++)
		if (mask >> t->perms.v[i].bit & 1)
			out.v[out.n++] = t->perms.v[i].id;
	return out;
}

static err put_scopes(struct req *rq, const struct principal *p, struct me_out *out)
{
	int64_t all = 0;
	out->scopes.v = NEW_N(rq->a, struct me_scope, p->n + 1);
	for (size_t i = 0; i < p->n; i++) {
		const struct principal_grant *g = &p->v[i];
		int64_t region = region_of_range(g->lo, g->hi);
		if (g->derived || rq->cx.now_ms < g->from_ms || rq->cx.now_ms >= g->to_ms)
			continue;
		struct me_scope *s = &out->scopes.v[out->scopes.n++];
		TRY(region_view(rq, region ? region : g->lo, &s->region));
		s->sectors = sector_ids(rq->a, rq->cx.app->sectors, g->sectors);
		s->perms = perms_of(rq->a, p->roles, g->perms);
		s->valid_to_ms = g->to_ms;
		all |= g->perms;
	}
	out->perms = perms_of(rq->a, p->roles, p->must_change ? 0 : all);
	return ERR_OK;
}

static err put_posts(struct req *rq, const struct principal *p, struct me_out *out)
{
	struct hold_of_person_rows rows;
	const struct hold_of_person_params q = { .person = p->person, .today = china_day(rq->cx.now_ms) };
	bool en = str_starts(rq->cx.lang, S("en"));
	TRY(hold_of_person(rq->cx.c, rq->a, &q, &rows));
	out->posts.v = NEW_N(rq->a, struct me_post, rows.n + 1);
	out->posts.n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		out->posts.v[i] = (struct me_post){ .id = rows.v[i].post, .title = en ? rows.v[i].title_en : rows.v[i].title,
						    .org_name = rows.v[i].org_name };
		duties_read(rq->a, rows.v[i].duties, &out->posts.v[i].duties);
	}
	return ERR_OK;
}

static err reply_me(struct req *rq, const struct principal *p, str csrf)
{
	struct account_get_row a;
	TRY(account_get(rq->cx.c, rq->a, &(struct account_get_params){ .id = p->account }, &a));
	struct me_account account = { p->account, p->login, p->must_change, a.otp_on };
	struct me_person person = { p->person, p->name, p->name_en };
	struct me_org org = { p->org, view_str(a.org_name), view_str(a.org_name_en), view_str(a.org_kind) };
	struct me_out out = { .account = &account, .person = &person, .org = a.org_name.p ? &org : NULL, .csrf = csrf,
			      .now_ms = rq->cx.now_ms, .demo = rq->cx.app->demo, .prefs = a.prefs };
	TRY(put_scopes(rq, p, &out));
	TRY(put_posts(rq, p, &out));
	TRY(region_view(rq, rq->cx.app->home_region, &out.home_region));
	return reply_json(rq, &out);
}

static err me_get(struct req *rq)
{
	return reply_me(rq, rq->cx.who, rq->cx.who->csrf);
}

/* ---- logging in ---- */

struct attempt {
	const struct login_in *in;
	struct account_by_login_row acc;
	bool known, matches;
	err verdict;           /* what to answer after the counters were written */
};

static err find_account(struct req *rq, void *arg)
{
	struct attempt *at = arg;
	err e = account_by_login(rq->cx.c, rq->a, &(struct account_by_login_params){ .login = at->in->login }, &at->acc);
	at->known = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static err locked_answer(struct req *rq, int64_t until_ms)
{
	str minutes = arena_printf(rq->a, "%lld", (long long)lock_minutes(until_ms, rq->cx.now_ms));
	return FAIL(&rq->cx.fail, LOCKED, "", "err.locked_minutes", "minutes", minutes.p);
}

static err note_login(struct req *rq, int64_t account, const char *kind)
{
	struct principal self = { .account = account };
	struct ctx cx = rq->cx;
	cx.who = account ? &self : NULL;
	return ledger_append(&cx, LEDGER_ACCESS, kind, ledger_subject(&cx, "account", account), S("{}"), NULL);
}

/* The account's counters as they are now, not as they were when the password was being hashed. */
static err count_failure(struct req *rq, void *arg)
{
	struct attempt *at = arg;
	TRY(find_account(rq, at));
	struct lock_state s = lock_after_failure((struct lock_state){ at->acc.fails, at->acc.lock_until_ms }, rq->cx.now_ms);
	const struct account_set_fails_params p = { .id = at->acc.id, .fails = s.fails, .lock_until_ms = s.until_ms };
	TRY(account_set_fails(rq->cx.c, &p, NULL));
	return note_login(rq, at->acc.id, lock_minutes(s.until_ms, rq->cx.now_ms) ? "session.locked" : "session.refused");
}

/* Nobody's failure is an event as well, without the login, which may be a mistyped password. */
static err note_unknown(struct req *rq, void *arg)
{
	(void)arg;
	return note_login(rq, 0, "session.refused");
}

static err failed(struct req *rq, struct attempt *at, const char *key)
{
	struct throttle *t = rq->cx.app->throttle;
	throttle_failed(t, THROTTLE_PEER, rq->peer, rq->cx.now_ms);
	if (!at->known)
		throttle_failed(t, THROTTLE_LOGIN, at->in->login, rq->cx.now_ms);
	TRY(session_write(rq, at->known ? count_failure : note_unknown, at));
	return fail_set(&rq->cx.fail, ERR_UNAUTHENTICATED, __FILE__, __LINE__, "", key, NULL);
}

/* The second factor, used up in the transaction of the session. */
static err use_otp(struct req *rq, const struct attempt *at)
{
	int64_t step, changed;
	if (!at->acc.otp_on)
		return ERR_OK;
	if (!at->acc.otp_secret.p ||
	    !totp_check(at->acc.otp_secret, at->in->otp, rq->cx.now_ms, at->acc.otp_last, &step))
		return ERR_GUARD;
	TRY(account_use_otp(rq->cx.c, &(struct account_use_otp_params){ .id = at->acc.id, .step = step }, &changed));
	return changed ? ERR_OK : ERR_GUARD;
}

static err come_in(struct req *rq, void *arg)
{
	struct attempt *at = arg;
	struct principal p;
	str csrf;
	TRY(find_account(rq, at));
	if (!at->known || at->acc.locked)
		return FAIL(&rq->cx.fail, FORBIDDEN, "", "err.account_locked");
	if (at->acc.lock_until_ms > rq->cx.now_ms)
		return locked_answer(rq, at->acc.lock_until_ms);
	TRY(use_otp(rq, at));
	TRY(account_set_fails(rq->cx.c, &(struct account_set_fails_params){ .id = at->acc.id, .fails = 0 }, NULL));
	if (rq->cx.who)
		TRY(session_end(rq)); /* the session of before is not left behind */
	TRY(session_begin(rq, at->acc.id, &csrf));
	TRY(note_login(rq, at->acc.id, "session.begin"));
	TRY(session_principal(rq->cx.c, rq->a, rq->cx.app, at->acc.id, rq->cx.now_ms, &p));
	return reply_me(rq, &p, csrf);
}

/* Known and unknown logins take the same way: the same answers after the same time. */
static err login_post(struct req *rq)
{
	struct attempt at = { .in = rq->body };
	const struct app *app = rq->cx.app;
	int64_t now = rq->cx.now_ms, until = throttle_until(app->throttle, THROTTLE_PEER, rq->peer, now);
	if (until)
		return locked_answer(rq, until);
	TRY(session_read(rq, find_account, &at));
	until = at.known ? at.acc.lock_until_ms : throttle_until(app->throttle, THROTTLE_LOGIN, at.in->login, now);
	if (until > now)
		return locked_answer(rq, until);
	at.matches = password_matches(app->passwords, at.known ? at.acc.phc : (str){ 0 }, at.in->password);
	if (!at.matches)
		return failed(rq, &at, "err.bad_login");
	if (at.acc.otp_on && !at.acc.locked && !at.in->otp.n)
		return FAIL(&rq->cx.fail, FORBIDDEN, "", "err.otp_required");
	err e = session_write(rq, come_in, &at);
	return e == ERR_GUARD ? failed(rq, &at, "err.bad_otp") : e;
}

static err logout_post(struct req *rq)
{
	TRY(note_login(rq, rq->cx.who->account, "session.end"));
	return session_end(rq);
}

/* ---- my password, my second factor, my preferences ---- */

struct my_change {
	struct account_get_row acc;
	str phc;
	bool otp_off;
};

static err find_me(struct req *rq, void *arg)
{
	struct my_change *m = arg;
	return account_get(rq->cx.c, rq->a, &(struct account_get_params){ .id = rq->cx.who->account }, &m->acc);
}

static err count_my_failure(struct req *rq, void *arg)
{
	struct my_change *m = arg;
	TRY(find_me(rq, m));
	struct lock_state s = lock_after_failure((struct lock_state){ m->acc.fails, m->acc.lock_until_ms }, rq->cx.now_ms);
	const struct account_set_fails_params p = { .id = m->acc.id, .fails = s.fails, .lock_until_ms = s.until_ms };
	return account_set_fails(rq->cx.c, &p, NULL);
}

/* A session that was left open is not enough to change how one gets in; guesses count like logins. */
static err prove_password(struct req *rq, struct my_change *m, str password, const char *pointer)
{
	TRY(session_read(rq, find_me, m));
	if (m->acc.lock_until_ms > rq->cx.now_ms)
		return locked_answer(rq, m->acc.lock_until_ms);
	if (password_matches(rq->cx.app->passwords, m->acc.phc, password))
		return ERR_OK;
	TRY(session_write(rq, count_my_failure, m));
	return FAIL(&rq->cx.fail, BAD_FIELD, pointer, "err.bad_login");
}

static err reply_csrf(struct req *rq, str csrf)
{
	struct me_csrf out = { csrf };
	return reply_json(rq, &out);
}

static err change_password(struct req *rq, void *arg)
{
	struct my_change *m = arg;
	str csrf;
	TRY(account_set_password(&rq->cx, m->acc.id, m->phc, false));
	TRY(session_begin(rq, m->acc.id, &csrf));
	return reply_csrf(rq, csrf);
}

static err me_password_post(struct req *rq)
{
	const struct me_password_in *in = rq->body;
	const struct app *app = rq->cx.app;
	struct my_change m = { 0 };
	TRY(prove_password(rq, &m, in->old, "/old"));
	if (str_eq(in->old, in->new))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/new", "err.password_same");
	TRY(password_check(password_policy(S("mlps3")), account_common_passwords(app, rq->a), m.acc.login, in->new, "/new",
			   &rq->cx.fail));
	TRY(password_hash(app->passwords, rq->a, in->new, &m.phc));
	return session_write(rq, change_password, &m);
}

static err note_otp(struct req *rq, const char *kind)
{
	int64_t region = rq->cx.who->org_region ? rq->cx.who->org_region : rq->cx.app->home_region;
	return ledger_append(&rq->cx, region, kind, ledger_subject(&rq->cx, "account", rq->cx.who->account), S("{}"), NULL);
}

/* A secret that is not in force until a code of it was shown. */
static err otp_post(struct req *rq)
{
	struct account_get_row a;
	unsigned char secret[TOTP_SECRET_SIZE];
	TRY(account_get(rq->cx.c, rq->a, &(struct account_get_params){ .id = rq->cx.who->account }, &a));
	if (a.otp_on)
		return FAIL(&rq->cx.fail, CONFLICT, "", "err.otp_on");
	random_bytes(secret, sizeof secret);
	str s = { (const char *)secret, sizeof secret };
	TRY(account_set_otp(rq->cx.c, &(struct account_set_otp_params){ .id = a.id, .otp_secret = s }, NULL));
	struct otp_out out = { base32_encode(rq->a, s), totp_uri(rq->a, s, S("bihuan"), a.login) };
	bytes_wipe(secret, sizeof secret);
	return reply_json(rq, &out);
}

static err otp_confirm(struct req *rq)
{
	const struct otp_in *in = rq->body;
	struct account_get_row a;
	int64_t step;
	str csrf;
	TRY(account_get(rq->cx.c, rq->a, &(struct account_get_params){ .id = rq->cx.who->account }, &a));
	if (a.otp_on)
		return FAIL(&rq->cx.fail, CONFLICT, "", "err.otp_on");
	if (!a.otp_secret.p)
		return FAIL(&rq->cx.fail, CONFLICT, "", "err.otp_none");
	if (!totp_check(a.otp_secret, in->otp, rq->cx.now_ms, a.otp_last, &step))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/otp", "err.bad_otp");
	const struct account_set_otp_params p = { .id = a.id, .otp_secret = a.otp_secret, .otp_on = 1, .otp_last = step };
	TRY(account_set_otp(rq->cx.c, &p, NULL));
	TRY(note_otp(rq, "account.otp-on"));
	TRY(session_rotate(rq, &csrf));
	return reply_csrf(rq, csrf);
}

static err switch_off(struct req *rq, void *arg)
{
	struct my_change *m = arg;
	TRY(account_set_otp(rq->cx.c, &(struct account_set_otp_params){ .id = m->acc.id }, NULL));
	return note_otp(rq, "account.otp-off");
}

static err otp_delete(struct req *rq)
{
	const struct otp_off_in *in = rq->body;
	struct my_change m = { 0 };
	TRY(prove_password(rq, &m, in->password, "/password"));
	return session_write(rq, switch_off, &m);
}

static err prefs_put(struct req *rq)
{
	const struct prefs_in *in = rq->body;
	return account_set_prefs(rq->cx.c, &(struct account_set_prefs_params){ .id = rq->cx.who->account, .prefs = in->prefs },
				 NULL);
}

const struct route session_routes[] = {
	{ "POST", "/api/login", login_post, SLOW, NULL, login_in_json, me_out_json, "Log in", NULL },
	{ "POST", "/api/logout", logout_post, WRITE, "", NULL, NULL, "Log out", NULL },
	{ "GET", "/api/me", me_get, READ, "", NULL, me_out_json, "Who I am and what I may do", NULL },
	{ "POST", "/api/me/password", me_password_post, SLOW, "", me_password_in_json, me_csrf_json,
	  "Change my password; ends my other sessions", NULL },
	{ "POST", "/api/me/otp", otp_post, WRITE, "", NULL, otp_out_json, "A secret for an authenticator", NULL },
	{ "POST", "/api/me/otp/confirm", otp_confirm, WRITE, "", otp_in_json, me_csrf_json, "Switch the second factor on", NULL },
	{ "DELETE", "/api/me/otp", otp_delete, SLOW, "", otp_off_in_json, NULL, "Switch the second factor off", NULL },
	{ "PUT", "/api/me/prefs", prefs_put, WRITE, "", prefs_in_json, NULL, "Keep my preferences", NULL },
	{ 0 },
};
