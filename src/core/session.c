/* Who asks: from the cookie to the principal, and the hooks of the server. */
#include "core/session.h"

#include <stdlib.h>
#include <string.h>

#include "core/account_sql.h"
#include "core/app.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "core/principal_keep.h"
#include "core/session_sql.h"

enum { TOKEN_SIZE = 32, IDEM_KEEP_MS = 24 * 3600 * 1000 };

/* ---- cookies ---- */

static str cookie_name(const struct app *app)
{
	return app->secure_cookies ? S("__Host-bihuan_session") : S("bihuan_session");
}

str cookie_value(str header, str name)
{
	str pair;
	while (str_cut(&header, ';', &pair)) {
		pair = str_trim(pair);
		if (str_starts(pair, name) && pair.n > name.n && pair.p[name.n] == '=')
			return str_sub(pair, name.n + 1, pair.n);
	}
	return (str){ 0 };
}

static void set_cookie(struct req *rq, str token, int64_t max_age_s)
{
	const struct app *app = rq->cx.app;
	rq->set_cookie = arena_printf(rq->a, STR_FMT "=" STR_FMT "; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
				      STR_ARG(cookie_name(app)), STR_ARG(token), (long long)max_age_s,
				      app->secure_cookies ? "; Secure" : "");
}

static str as_str(const unsigned char hash[static HASH_SIZE])
{
	return (str){ (const char *)hash, HASH_SIZE };
}

/* ---- sessions ---- */

err session_begin(struct req *rq, int64_t account, str *ret_csrf)
{
	unsigned char token[TOKEN_SIZE], csrf[TOKEN_SIZE], hash[HASH_SIZE];
	random_bytes(token, sizeof token);
	random_bytes(csrf, sizeof csrf);
	str text = base64url_encode(rq->a, (str){ (const char *)token, sizeof token });
	str csrf_text = base64url_encode(rq->a, (str){ (const char *)csrf, sizeof csrf });
	hash_bytes(HASH_SHA256, text, hash);
	int64_t now = rq->cx.now_ms;
	const struct session_delete_over_params over = { .account = account, .now_ms = now,
							 .idle_before_ms = now - SESSION_IDLE_MS };
	TRY(session_delete_over(rq->cx.c, &over, NULL));
	const struct session_insert_params p = { .token = as_str(hash), .account = account, .csrf = csrf_text, .now_ms = now,
						 .expires_ms = now + SESSION_MAX_MS, .peer = rq->peer };
	TRY(session_insert(rq->cx.c, &p, NULL));
	set_cookie(rq, text, SESSION_MAX_MS / 1000);
	bytes_wipe(token, sizeof token);
	*ret_csrf = csrf_text;
	return ERR_OK;
}

err session_end(struct req *rq)
{
	if (rq->cx.who)
		TRY(session_delete(rq->cx.c, &(struct session_delete_params){ .token = as_str(rq->cx.who->session) }, NULL));
	set_cookie(rq, S(""), 0);
	return ERR_OK;
}

err session_rotate(struct req *rq, str *ret_csrf)
{
	TRY(session_end(rq));
	return session_begin(rq, rq->cx.who->account, ret_csrf);
}

static str or_empty(str s)
{
	return s.p ? s : (str){ "", 0 };
}

err session_principal(struct db_conn *c, struct arena *a, const struct app *app, int64_t account, int64_t now_ms,
		      struct principal *ret)
{
	struct account_get_row row;
	TRY(account_get(c, a, &(struct account_get_params){ .id = account }, &row));
	if (row.locked)
		return ERR_NOT_FOUND;
	struct principal p = {
		.account = row.id, .person = row.person, .org = row.org,
		.org_region = row.org_region == DB_NONE ? 0 : row.org_region, .login = row.login,
		.name = or_empty(row.person_name), .name_en = or_empty(row.person_name_en),
		.must_change = row.must_change, .otp_on = row.otp_on, .at_ms = now_ms,
	};
	TRY(grant_load(c, a, app, account, now_ms, &p));
	*ret = p;
	return ERR_OK;
}

/* ---- the last time seen: at most one write a minute and session, beside the request ---- */

struct seen {
	unsigned char token[HASH_SIZE];
	int64_t now_ms;
};

static err write_seen(struct db_conn *c, void *arg)
{
	struct seen *s = arg;
	const struct session_seen_params p = { .token = as_str(s->token), .now_ms = s->now_ms,
					       .before_ms = s->now_ms - SESSION_SEEN_MS / 2 };
	return session_seen(c, &p, NULL);
}

static void seen_done(void *arg, err e)
{
	(void)e; /* the next request tries again */
	free(arg);
}

static void note_seen(const struct app *app, const unsigned char token[static HASH_SIZE], int64_t now_ms)
{
	struct seen *s = malloc(sizeof *s);
	if (!s)
		return;
	memcpy(s->token, token, HASH_SIZE);
	s->now_ms = now_ms;
	db_write_async(app->db, write_seen, s, seen_done);
}

/* ---- hooks ---- */

/* False: no cookie that could be one of ours. */
static bool token_hash(const struct app *app, const struct req *rq, unsigned char ret[static HASH_SIZE])
{
	str token = cookie_value(rq->cookie, cookie_name(app));
	if (!token.n || token.n > 64)
		return false;
	hash_bytes(HASH_SHA256, token, ret);
	return true;
}

/* ERR_NOT_FOUND: nobody. */
static err find_session(struct req *rq, const unsigned char hash[static HASH_SIZE], struct session_get_row *ret)
{
	TRY(session_get(rq->cx.c, rq->a, &(struct session_get_params){ .token = as_str(hash) }, ret));
	bool over = ret->expires_ms <= rq->cx.now_ms || ret->seen_ms + SESSION_IDLE_MS <= rq->cx.now_ms;
	return over ? ERR_NOT_FOUND : ERR_OK;
}

static bool changes(const struct req *rq)
{
	str method = str_of(rq->route->method);
	return !str_eq(method, S("GET")) && !str_eq(method, S("HEAD"));
}

static err enter_as(struct req *rq, struct principal *p)
{
	p->lang = rq->cx.lang;
	if (rq->route->perm && changes(rq) && !bytes_equal(rq->csrf_header, p->csrf))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", "err.csrf");
	rq->cx.who = p;
	return ERR_OK;
}

/* The number is noted before the store is read: what is read then is kept under it. */
static err recall(void *arg, struct req *rq, bool *ret_known)
{
	const struct app *app = arg;
	unsigned char hash[HASH_SIZE];
	rq->asked_at = db_watched(app->db);
	if (!rq->asked_at || !token_hash(app, rq, hash))
		return ERR_OK;
	struct principal *p = principals_find(app->principals, rq->a, hash, rq->asked_at, rq->cx.now_ms);
	*ret_known = p;
	return p ? enter_as(rq, p) : ERR_OK;
}

static err authenticate(void *arg, struct req *rq)
{
	const struct app *app = arg;
	struct session_get_row row;
	struct principal *p = NEW(rq->a, struct principal);
	unsigned char hash[HASH_SIZE];
	err e = token_hash(app, rq, hash) ? find_session(rq, hash, &row) : ERR_NOT_FOUND;
	if (e == ERR_OK)
		e = session_principal(rq->cx.c, rq->a, app, row.account, rq->cx.now_ms, p);
	if (e == ERR_NOT_FOUND)
		return ERR_OK; /* nobody: the server refuses where somebody is needed */
	TRY(e);
	memcpy(p->session, hash, HASH_SIZE);
	p->csrf = row.csrf;
	TRY(enter_as(rq, p));
	int64_t until = row.seen_ms + SESSION_SEEN_MS;
	principals_keep(app->principals, p, rq->asked_at, until < row.expires_ms ? until : row.expires_ms);
	if (rq->cx.now_ms >= until)
		note_seen(app, hash, rq->cx.now_ms);
	return ERR_OK;
}

/* Whoever must change the password may do that, look who they are, and leave. */
static bool before_change(str path)
{
	return str_eq(path, S("/api/me")) || str_eq(path, S("/api/me/password")) || str_eq(path, S("/api/logout"));
}

static err authorize(void *arg, struct req *rq)
{
	(void)arg;
	const struct principal *p = rq->cx.who;
	if (p->must_change && !before_change(str_of(rq->route->path)))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", "err.must_change_password");
	if (rq->route->perm[0] && !principal_has(p, str_of(rq->route->perm), rq->cx.now_ms))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", NULL);
	return ERR_OK;
}

static str message(void *arg, struct arena *a, str lang, const struct fail *f)
{
	(void)arg;
	return i18n_fail(a, lang, f);
}

/* The route with the thing it is about: the same key for another thing is another request. */
static str idem_route(struct req *rq)
{
	return arena_printf(rq->a, "%s %s " STR_FMT, rq->route->method, rq->route->path, STR_ARG(rq_param(rq, "id")));
}

/* Answers about oneself carry secrets and cookies: they are not kept. */
static bool idem_applies(const struct req *rq)
{
	return rq->cx.who && !str_starts(str_of(rq->route->path), S("/api/me"));
}

static err idem_find(void *arg, struct req *rq, bool *ret_hit)
{
	(void)arg;
	struct idem_get_row row;
	unsigned char hash[HASH_SIZE];
	if (!idem_applies(rq))
		return ERR_OK;
	const struct idem_get_params p = { .account = rq->cx.who->account, .idem_key = rq->cx.idem };
	err e = idem_get(rq->cx.c, rq->a, &p, &row);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	hash_bytes(HASH_SHA256, rq->body_text, hash);
	if (!str_eq(row.route, idem_route(rq)) || !str_eq(row.body_hash, as_str(hash)))
		return FAIL(&rq->cx.fail, CONFLICT, "", "err.idem_reused");
	rq->status = (int)row.status;
	rq->content_type = "application/json; charset=utf-8";
	buf_put(&rq->out, row.answer);
	*ret_hit = true;
	return ERR_OK;
}

static err idem_store(void *arg, struct req *rq)
{
	(void)arg;
	unsigned char hash[HASH_SIZE];
	if (!idem_applies(rq))
		return ERR_OK;
	hash_bytes(HASH_SHA256, rq->body_text, hash);
	if (hash[0] % 32 == 0) /* now and then */
		TRY(idem_forget(rq->cx.c, &(struct idem_forget_params){ .before_ms = rq->cx.now_ms - IDEM_KEEP_MS }, NULL));
	const struct idem_put_params p = {
		.account = rq->cx.who->account, .idem_key = rq->cx.idem, .route = idem_route(rq), .body_hash = as_str(hash),
		.status = rq->status ? rq->status : 200, .answer = or_empty(buf_str(&rq->out)), .now_ms = rq->cx.now_ms,
	};
	return idem_put(rq->cx.c, &p, NULL);
}

struct http_hooks session_hooks(struct app *app)
{
	return (struct http_hooks){ .arg = app, .recall = recall, .authenticate = authenticate, .authorize = authorize, .message = message,
				    .idem_find = idem_find, .idem_store = idem_store };
}

bool session_stream_filter(const struct principal *who, const struct http_about *about)
{
	const struct access_row row = { about->region, about->sectors, about->secret, about->parties, about->nparties, about->handler };
	return who && allow(who, str_of(about->perm), &row, who->at_ms);
}

/* ---- connections for slow handlers ---- */

struct slow_job {
	struct req *rq;
	err (*fn)(struct req *rq, void *arg);
	void *arg;
};

static err run_slow(struct db_conn *c, void *arg)
{
	struct slow_job *j = arg;
	j->rq->cx.c = c;
	j->rq->cx.fail = (struct fail){ 0 };
	j->rq->out = BUF(j->rq->a); /* of an attempt that was given up */
	err e = j->fn(j->rq, j->arg);
	j->rq->cx.c = NULL;
	return e;
}

err session_read(struct req *rq, err (*fn)(struct req *rq, void *arg), void *arg)
{
	struct db_conn *c;
	TRY(db_read_begin(rq->cx.app->db, &c, &rq->cx.fail));
	err e = run_slow(c, &(struct slow_job){ rq, fn, arg });
	db_read_end(rq->cx.app->db, c);
	return e;
}

err session_write(struct req *rq, err (*fn)(struct req *rq, void *arg), void *arg)
{
	struct fail f = { 0 };
	struct slow_job j = { rq, fn, arg };
	err e = db_write(rq->cx.app->db, run_slow, &j, &f);
	if (e != ERR_OK && rq->cx.fail.code != e)
		rq->cx.fail = f;
	return e;
}
