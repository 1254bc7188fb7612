/* Logging in and being somebody, over HTTP, with a clock that the test moves. */
#include "core_store.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/account.h"
#include "core/catalog.h"
#include "core/grant.h"
#include "core/org.h"
#include "core/region.h"
#include "core/routes.h"
#include "core/sector.h"
#include "core/session.h"

static const int64_t NEXT = INT64_C(110106000000);
#define PASSWORD "Right-Horse-42"

static const struct route *const tables[] = { session_routes, account_routes, grant_routes, region_routes, org_routes,
					      person_routes, ledger_routes, evidence_routes, NULL };

struct site {
	struct core_store *s;
	struct http *http;
	struct role_table roles;
	struct sector_table sectors;
	int64_t org, next_org, chen, sys, sec, li;
	/* the client */
	str cookie, csrf, idem;
	int status;
	str head, body;
};

/* ---- the scene ---- */

static err add_user(struct ctx *cx, const char *login, int64_t org, const char *role, int64_t region, bool must_change,
		    int64_t *ret)
{
	int64_t person, lo, hi;
	str phc;
	TRY(person_put(cx, str_of(login), S(""), &person));
	TRY(password_hash(cx->app->passwords, cx->a, S(PASSWORD), &phc));
	TRY(account_put(cx, &(struct account_new){ .login = str_of(login), .person = person, .org = org, .phc = phc,
						    .must_change = must_change }, ret));
	region_range(region, &lo, &hi);
	return grant_put(cx, &(struct grant_new){ .account = *ret, .person = person, .role = str_of(role), .lo = lo, .hi = hi,
						   .sectors = SECTORS_ALL, .secret = 2, .from_ms = cx->now_ms,
						   .to_ms = cx->now_ms + 100 * (int64_t)DAY_MS }, S("test"), NULL);
}

static err found(struct ctx *cx, void *arg)
{
	struct site *t = arg;
	int64_t id;
	const struct org_new o = { .region = HOME, .kind = S("department"), .name = S("示例区应急管理局"), .sectors = 1 };
	const struct org_new n = { .region = NEXT, .kind = S("department"), .name = S("邻区应急管理局"), .sectors = 1 };
	TRY(org_put(cx, &o, &t->org));
	TRY(org_put(cx, &n, &t->next_org));
	TRY(add_user(cx, "chen", t->org, "office", HOME, false, &t->chen));
	TRY(add_user(cx, "sys", t->org, "sysadmin", HOME, false, &t->sys));
	TRY(add_user(cx, "sec", t->org, "secadmin", HOME, false, &t->sec));
	TRY(add_user(cx, "li", t->next_org, "office", NEXT, false, &t->li));
	return add_user(cx, "fresh", t->org, "office", HOME, true, &id);
}

static void read_catalogs(struct site *t)
{
	struct app *app = &t->s->app;
	struct fail f;
	struct rows rows;
	assert_int_equal(catalog_load(NULL, &app->catalog, &f), ERR_OK);
	assert_int_equal(role_table_read(t->s->a, catalog_bytes(app->catalog, S("role/2026/perms.tsv")),
					 catalog_bytes(app->catalog, S("role/2026/roles.tsv")), &t->roles, &f), ERR_OK);
	assert_int_equal(catalog_table(app->catalog, t->s->a, S("sector/2026/sectors"), &rows, &f), ERR_OK);
	assert_int_equal(sector_table_read(t->s->a, &rows, &t->sectors, &f), ERR_OK);
	app->roles = &t->roles;
	app->sectors = &t->sectors;
}

static int open_site(void **state)
{
	struct site *t = calloc(1, sizeof *t);
	struct fail f = { 0 };
	void *store;
	core_open(&store);
	t->s = store;
	struct app *app = &t->s->app;
	read_catalogs(t);
	app->passwords = password_hasher_new((struct password_cost){ 64, 1, 1 }, 2);
	app->throttle = throttle_new();
	assert_int_equal(core_write(t->s, found, t), ERR_OK);
	str tmp = arena_printf(t->s->a, "%s/tmp", t->s->dir);
	mkdir(tmp.p, 0700);
	const struct http_options o = { .listen = "127.0.0.1:0", .tables = tables, .hooks = session_hooks(app), .app = app,
					.db = app->db, .clock = &t->s->clock, .tmp_dir = tmp.p, .threads = 1, .workers = 2 };
	assert_int_equal(http_start(&o, &t->http, &f), ERR_OK);
	*state = t;
	return 0;
}

static int close_site(void **state)
{
	struct site *t = *state;
	void *store = t->s;
	http_stop(t->http);
	password_hasher_free(t->s->app.passwords);
	throttle_free(t->s->app.throttle);
	catalog_free(t->s->app.catalog);
	core_close(&store);
	free(t);
	return 0;
}

/* ---- the client ---- */

static str between(str text, const char *from, const char *to)
{
	ptrdiff_t at = str_find(text, str_of(from));
	if (at < 0)
		return (str){ 0 };
	str rest = str_sub(text, (size_t)at + strlen(from), text.n);
	ptrdiff_t end = str_find(rest, str_of(to));
	return end < 0 ? (str){ 0 } : str_sub(rest, 0, (size_t)end);
}

static str exchange(struct site *t, str request)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(t->http)) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct buf b = BUF(t->s->a);
	char tmp[4096];
	ssize_t n;
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(write(fd, request.p, request.n), (ssize_t)request.n);
	while ((n = read(fd, tmp, sizeof tmp)) > 0)
		buf_put(&b, (str){ tmp, (size_t)n });
	close(fd);
	return buf_str(&b);
}

static int ask(struct site *t, const char *method, const char *path, const char *body)
{
	struct buf b = BUF(t->s->a);
	buf_printf(&b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\nAccept-Language: en\r\n", method, path,
		   http_port(t->http));
	if (t->cookie.n)
		buf_printf(&b, "Cookie: other=1; bihuan_session=" STR_FMT "\r\n", STR_ARG(t->cookie));
	if (t->csrf.n)
		buf_printf(&b, "X-CSRF-Token: " STR_FMT "\r\n", STR_ARG(t->csrf));
	if (t->idem.n)
		buf_printf(&b, "Idempotency-Key: " STR_FMT "\r\n", STR_ARG(t->idem));
	if (body)
		buf_printf(&b, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
	buf_printf(&b, "\r\n%s", body ? body : "");
	str reply = exchange(t, buf_str(&b));
	ptrdiff_t cut = str_find(reply, S("\r\n\r\n"));
	assert_true(cut > 12);
	t->head = str_sub(reply, 0, (size_t)cut);
	t->body = str_sub(reply, (size_t)cut + 4, reply.n);
	int64_t status = 0;
	assert_true(str_to_i64(str_sub(t->head, 9, 12), &status));
	t->status = (int)status;
	return t->status;
}

static str set_cookie(struct site *t)
{
	str c = between(t->head, "Set-Cookie: ", "\r\n");
	return c.p ? c : between(t->head, "set-cookie: ", "\r\n");
}

static int try_login(struct site *t, const char *login, const char *password, const char *otp)
{
	t->cookie = t->csrf = (str){ 0 };
	str body = otp ? arena_printf(t->s->a, "{\"login\":\"%s\",\"password\":\"%s\",\"otp\":\"%s\"}", login, password, otp) :
			 arena_printf(t->s->a, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
	if (ask(t, "POST", "/api/login", body.p) == 200) {
		t->cookie = between(set_cookie(t), "bihuan_session=", ";");
		t->csrf = between(t->body, "\"csrf\":\"", "\"");
	}
	return t->status;
}

static void has(struct site *t, const char *text)
{
	if (str_find(t->body, str_of(text)) < 0)
		fail_msg("no %s in %.*s", text, (int)t->body.n, t->body.p);
}

static void advance(struct site *t, int64_t ms)
{
	atomic_fetch_add(&t->s->clock.fixed_ms, ms);
}

/* ---- tests ---- */

static void a_login_gives_a_hardened_cookie(void **state)
{
	struct site *t = *state;
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401);
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	has(t, "\"login\":\"chen\"");
	has(t, "\"matter.read\"");
	str c = set_cookie(t);
	assert_true(str_find(c, S("HttpOnly")) > 0 && str_find(c, S("SameSite=Strict")) > 0 && str_find(c, S("Path=/")) > 0);
	assert_int_equal(t->cookie.n, 43); /* 256 bits */
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 200);
	str good = t->cookie;
	t->cookie = S("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401);
	t->cookie = good;
	assert_int_equal(ask(t, "POST", "/api/logout", "{}"), 200);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401);
}

static void the_cookie_of_a_secure_site_is_bound_to_its_host(void **state)
{
	struct site *t = *state;
	t->s->app.secure_cookies = true;
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	str c = set_cookie(t);
	assert_true(str_starts(c, S("__Host-bihuan_session=")) && str_find(c, S("; Secure")) > 0 &&
		    str_find(c, S("Path=/;")) > 0 && str_find(c, S("Domain")) < 0);
	t->s->app.secure_cookies = false;
}

static void known_and_unknown_logins_get_the_same_answers(void **state)
{
	struct site *t = *state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(try_login(t, "chen", "Wrong-Horse-42", NULL), 401);
		str known = arena_str(t->s->a, between(t->body, "\"key\":", ",\"request\""));
		assert_int_equal(try_login(t, "nobody", "Wrong-Horse-42", NULL), 401);
		assert_true(str_eq(known, between(t->body, "\"key\":", ",\"request\"")));
	}
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 429);
	has(t, "\"minutes\":\"15\"");
	str known = arena_str(t->s->a, between(t->body, "\"key\":", ",\"request\""));
	assert_int_equal(try_login(t, "nobody", PASSWORD, NULL), 429);
	assert_true(str_eq(known, between(t->body, "\"key\":", ",\"request\"")));
	advance(t, LOCK_MS);
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	assert_int_equal(try_login(t, "nobody", PASSWORD, NULL), 401);
}

static void writing_needs_the_token_of_the_page(void **state)
{
	struct site *t = *state;
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	str csrf = t->csrf;
	t->csrf = S("forged");
	assert_int_equal(ask(t, "PUT", "/api/me/prefs", "{\"prefs\":{\"a\":1}}"), 403);
	has(t, "err.csrf");
	t->csrf = (str){ 0 };
	assert_int_equal(ask(t, "PUT", "/api/me/prefs", "{\"prefs\":{\"a\":1}}"), 403);
	t->csrf = csrf;
	assert_int_equal(ask(t, "PUT", "/api/me/prefs", "{\"prefs\":{\"a\":1}}"), 200);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 200);
	has(t, "\"prefs\":{\"a\":1}");
}

static void sessions_end_when_idle_and_at_last(void **state)
{
	struct site *t = *state;
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	advance(t, SESSION_IDLE_MS);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401);
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	for (int64_t gone = 0; gone + SESSION_IDLE_MS / 2 < SESSION_MAX_MS; gone += SESSION_IDLE_MS / 2) {
		assert_int_equal(ask(t, "GET", "/api/me", NULL), 200);
		/* A write waits behind the note of having been seen. */
		assert_int_equal(ask(t, "PUT", "/api/me/prefs", "{\"prefs\":{}}"), 200);
		advance(t, SESSION_IDLE_MS / 2);
	}
	advance(t, SESSION_IDLE_MS / 2);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401);
}

static void a_fresh_account_can_only_change_its_password(void **state)
{
	struct site *t = *state;
	assert_int_equal(try_login(t, "fresh", PASSWORD, NULL), 200);
	has(t, "\"must_change_password\":true");
	has(t, "\"perms\":[]");
	assert_int_equal(ask(t, "GET", "/api/orgs", NULL), 403);
	has(t, "err.must_change_password");
	assert_int_equal(ask(t, "POST", "/api/me/password", "{\"old\":\"Wrong-Horse-42\",\"new\":\"Other-Horse-43\"}"), 422);
	assert_int_equal(ask(t, "POST", "/api/me/password", "{\"old\":\"" PASSWORD "\",\"new\":\"short\"}"), 422);
	assert_int_equal(ask(t, "POST", "/api/me/password", "{\"old\":\"" PASSWORD "\",\"new\":\"" PASSWORD "\"}"), 422);
	str old = t->cookie;
	assert_int_equal(ask(t, "POST", "/api/me/password", "{\"old\":\"" PASSWORD "\",\"new\":\"Other-Horse-43\"}"), 200);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401); /* the session of before is over */
	assert_int_equal(try_login(t, "fresh", "Other-Horse-43", NULL), 200);
	has(t, "\"must_change_password\":false");
	assert_int_equal(ask(t, "GET", "/api/orgs", NULL), 200);
	assert_false(str_eq(old, t->cookie));
}

static str code_now(struct site *t, str secret)
{
	return arena_printf(t->s->a, "%06u", totp_code(secret, clock_now_ms(&t->s->clock) / TOTP_STEP_MS, 6));
}

static void the_second_factor_works_once(void **state)
{
	struct site *t = *state;
	str secret;
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	assert_int_equal(ask(t, "POST", "/api/me/otp/confirm", "{\"otp\":\"123456\"}"), 409);
	assert_int_equal(ask(t, "POST", "/api/me/otp", "{}"), 200);
	assert_true(base32_decode(t->s->a, between(t->body, "\"secret\":\"", "\""), &secret));
	assert_int_equal(secret.n, TOTP_SECRET_SIZE);
	str body = arena_printf(t->s->a, "{\"otp\":\"%s\"}", code_now(t, secret).p);
	assert_int_equal(ask(t, "POST", "/api/me/otp/confirm", body.p), 200);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401); /* a new session began */
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 403);
	has(t, "err.otp_required");
	assert_int_equal(try_login(t, "chen", PASSWORD, code_now(t, secret).p), 401); /* used up by confirming */
	advance(t, TOTP_STEP_MS);
	assert_int_equal(try_login(t, "chen", PASSWORD, code_now(t, secret).p), 200);
	assert_int_equal(ask(t, "DELETE", "/api/me/otp", "{\"password\":\"Wrong-Horse-42\"}"), 422);
	assert_int_equal(ask(t, "DELETE", "/api/me/otp", "{\"password\":\"" PASSWORD "\"}"), 200);
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
}

static void a_repeated_request_happens_once(void **state)
{
	struct site *t = *state;
	const char *org = arena_printf(t->s->a, "{\"region\":\"%lld\",\"kind\":\"department\",\"name\":\"甲局\"}", (long long)HOME).p;
	const char *other = arena_printf(t->s->a, "{\"region\":\"%lld\",\"kind\":\"department\",\"name\":\"乙局\"}", (long long)HOME).p;
	assert_int_equal(try_login(t, "sys", PASSWORD, NULL), 200);
	t->idem = S("key-1");
	assert_int_equal(ask(t, "POST", "/api/orgs", org), 201);
	str first = arena_str(t->s->a, t->body);
	assert_int_equal(ask(t, "POST", "/api/orgs", org), 201);
	assert_true(str_eq(first, t->body));
	assert_int_equal(ask(t, "POST", "/api/orgs", other), 409);
	has(t, "err.idem_reused");
	t->idem = (str){ 0 };
	assert_int_equal(ask(t, "GET", "/api/orgs?q=%E7%94%B2%E5%B1%80", NULL), 200);
	has(t, "\"items\":[{");
	assert_true(str_find(t->body, S("},{\"id\"")) < 0);
}

static void territories_are_kept_apart(void **state)
{
	struct site *t = *state;
	assert_int_equal(try_login(t, "li", PASSWORD, NULL), 200);
	assert_int_equal(ask(t, "GET", "/api/orgs", NULL), 200); /* the home region is not this one's */
	has(t, "\"items\":[]");
	str path = arena_printf(t->s->a, "/api/orgs/%lld", (long long)t->org);
	assert_int_equal(ask(t, "GET", path.p, NULL), 404);
	assert_int_equal(ask(t, "PATCH", path.p, "{\"ver\":1,\"name\":\"x\"}"), 404);
	path = arena_printf(t->s->a, "/api/posts?org=%lld", (long long)t->org);
	assert_int_equal(ask(t, "GET", path.p, NULL), 404);
	path = arena_printf(t->s->a, "/api/ledger/events?region=%lld", (long long)HOME);
	assert_int_equal(ask(t, "GET", path.p, NULL), 404);
	assert_int_equal(ask(t, "GET", "/api/people?q=chen", NULL), 200);
	has(t, "\"items\":[]");
	assert_int_equal(ask(t, "GET", "/api/accounts", NULL), 200);
	assert_true(str_find(t->body, S("\"chen\"")) < 0);
	has(t, "\"li\"");
	assert_int_equal(ask(t, "GET", "/api/ledger", NULL), 200);
	assert_true(str_find(t->body, S("110105000000")) < 0);
	str body = arena_printf(t->s->a, "{\"region\":\"%lld\",\"kind\":\"department\",\"name\":\"x\"}", (long long)HOME);
	assert_int_equal(ask(t, "POST", "/api/orgs", body.p), 403);
}

static void access_is_given_and_taken_by_the_one_who_may(void **state)
{
	struct site *t = *state;
	str give = arena_printf(t->s->a, "{\"account\":\"%lld\",\"role\":\"regulator\",\"region\":\"%lld\",\"sectors\":[\"fire\"],"
					 "\"reason\":\"r\"}", (long long)t->chen, (long long)HOME);
	assert_int_equal(try_login(t, "sys", PASSWORD, NULL), 200);
	assert_int_equal(ask(t, "POST", "/api/grants", give.p), 403);
	assert_int_equal(try_login(t, "sec", PASSWORD, NULL), 200);
	assert_int_equal(ask(t, "POST", "/api/grants", give.p), 201);
	str id = arena_str(t->s->a, between(t->body, "\"id\":\"", "\""));
	str wide = arena_printf(t->s->a, "{\"account\":\"%lld\",\"role\":\"regulator\",\"region\":\"%lld\",\"sectors\":[\"fire\"],"
					 "\"reason\":\"r\"}", (long long)t->chen, (long long)NEXT);
	assert_int_equal(ask(t, "POST", "/api/grants", wide.p), 403);
	str self = arena_printf(t->s->a, "{\"account\":\"%lld\",\"role\":\"office\",\"region\":\"%lld\",\"sectors\":[\"all\"],"
					 "\"reason\":\"r\"}", (long long)t->sec, (long long)HOME);
	assert_int_equal(ask(t, "POST", "/api/grants", self.p), 409);
	str third = arena_printf(t->s->a, "{\"account\":\"%lld\",\"role\":\"auditadmin\",\"region\":\"%lld\",\"sectors\":[\"all\"],"
					  "\"reason\":\"r\"}", (long long)t->sys, (long long)HOME);
	assert_int_equal(ask(t, "POST", "/api/grants", third.p), 409);
	has(t, "err.role_exclusive");
	str path = arena_printf(t->s->a, "/api/grants/" STR_FMT "/revoke", STR_ARG(id));
	assert_int_equal(ask(t, "POST", path.p, "{\"reason\":\"over\"}"), 200);
	assert_int_equal(ask(t, "POST", path.p, "{\"reason\":\"over\"}"), 409);
}

static void a_locked_account_is_out_at_once(void **state)
{
	struct site *t = *state;
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	str cookie = t->cookie, csrf = t->csrf;
	assert_int_equal(try_login(t, "sys", PASSWORD, NULL), 200);
	str path = arena_printf(t->s->a, "/api/accounts/%lld/lock", (long long)t->chen);
	assert_int_equal(ask(t, "POST", path.p, "{\"locked\":true}"), 200);
	str own = arena_printf(t->s->a, "/api/accounts/%lld/lock", (long long)t->sys);
	assert_int_equal(ask(t, "POST", own.p, "{\"locked\":true}"), 409);
	str sys_cookie = t->cookie, sys_csrf = t->csrf;
	t->cookie = cookie;
	t->csrf = csrf;
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401);
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 403);
	assert_int_equal(try_login(t, "chen", "Wrong-Horse-42", NULL), 401);
	t->cookie = sys_cookie;
	t->csrf = sys_csrf;
	assert_int_equal(ask(t, "POST", path.p, "{\"locked\":false}"), 200);
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
}

/* Written straight into the store: what counts is what changes, not which part of the program changes it. */
static void changes_are_in_force_with_the_next_request(void **state)
{
	struct site *t = *state;
	static const struct {
		const char *sql, *undo;
		int status;
	} cases[] = {
		{ "UPDATE account SET locked = 1", "UPDATE account SET locked = 0", 401 },
		{ "UPDATE account SET must_change = 1", "UPDATE account SET must_change = 0", 403 },
		{ "UPDATE access_grant SET revoked_ms = 1", "UPDATE access_grant SET revoked_ms = NULL", 403 },
		{ "UPDATE access_grant SET valid_to_ms = valid_to_ms - 90000000000", "UPDATE access_grant SET valid_to_ms = valid_to_ms + 90000000000", 403 },
		{ "UPDATE session SET expires_ms = expires_ms - 90000000", "UPDATE session SET expires_ms = expires_ms + 90000000", 401 },
		{ "UPDATE session SET csrf = 'other'", NULL, 200 },
		{ "DELETE FROM session", NULL, 401 },
	};
	assert_int_equal(try_login(t, "sys", PASSWORD, NULL), 200);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(ask(t, "GET", "/api/accounts", NULL), 200);
		assert_int_equal(ask(t, "GET", "/api/accounts", NULL), 200);
		core_sql(t->s, cases[i].sql);
		if (ask(t, "GET", "/api/accounts", NULL) != cases[i].status)
			fail_msg("%s: status %d", cases[i].sql, t->status);
		if (cases[i].undo)
			core_sql(t->s, cases[i].undo);
	}
}

static void a_name_changes_with_the_next_request(void **state)
{
	struct site *t = *state;
	assert_int_equal(try_login(t, "chen", PASSWORD, NULL), 200);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 200);
	has(t, "示例区应急管理局");
	core_sql(t->s, "UPDATE org SET name = '更名局'");
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 200);
	has(t, "更名局");
	core_sql(t->s, "UPDATE session SET csrf = 'other'");
	assert_int_equal(ask(t, "POST", "/api/logout", "{}"), 403);
	t->csrf = S("other");
	assert_int_equal(ask(t, "POST", "/api/logout", "{}"), 200);
	assert_int_equal(ask(t, "GET", "/api/me", NULL), 401);
}

/* Kept, so that a file that somebody else writes to is looked at again after a while only, or with our next commit. */
static void a_principal_is_kept_for_a_while(void **state)
{
	struct site *t = *state;
	struct core_store other = *t->s;
	struct fail f;
	if (getenv("BIHUAN_TEST_PG"))
		skip(); /* there others write all the time, and nothing is kept */
	assert_int_equal(db_open(&(struct db_options){ .dir = t->s->dir }, &other.app.db, &f), ERR_OK);
	assert_int_equal(try_login(t, "sys", PASSWORD, NULL), 200);
	assert_int_equal(ask(t, "GET", "/api/accounts", NULL), 200);
	core_sql(&other, "UPDATE account SET must_change = 1");
	assert_int_equal(ask(t, "GET", "/api/accounts", NULL), 200);
	advance(t, PRINCIPAL_KEEP_MS);
	assert_int_equal(ask(t, "GET", "/api/accounts", NULL), 403);
	core_sql(&other, "UPDATE account SET must_change = 0");
	core_sql(t->s, "UPDATE account SET prefs = '{}'");
	assert_int_equal(ask(t, "GET", "/api/accounts", NULL), 200);
	db_close(other.app.db);
}

static void what_is_kept_is_given_out_only_as_long_as_it_holds(void **state)
{
	(void)state;
	struct principals *k = principals_new();
	struct arena *a = arena_new();
	const struct principal_grant grants[] = { { .id = 7, .role = S("office"), .lo = 1, .hi = 9 }, { .id = 8, .role = S("x") } };
	struct principal p = { .account = 3, .login = S("chen"), .name = S("陈"), .name_en = S(""), .csrf = S("c"), .at_ms = 1000,
			       .session = { 1, 2, 3 }, .n = 2, .v = grants }, many = p, *got;
	principals_keep(k, &p, 5, 9000);
	assert_non_null(got = principals_find(k, a, p.session, 5, 8999));
	assert_int_equal(got->account, 3);
	assert_int_equal(got->at_ms, 8999);
	assert_int_equal(got->v[1].id, 8);
	assert_true(str_eq(got->v[0].role, S("office")) && str_eq(got->name, S("陈")) && str_eq(got->csrf, S("c")));
	assert_null(principals_find(k, a, p.session, 5, 9000)); /* over */
	assert_null(principals_find(k, a, p.session, 6, 2000)); /* something changed */
	assert_null(principals_find(k, a, p.session, 0, 2000)); /* not known */
	assert_null(principals_find(k, a, p.session, 5, 999));  /* before it was read */
	assert_null(principals_find(k, a, (const unsigned char[HASH_SIZE]){ 1, 2, 3, 0, 1 }, 5, 2000)); /* the same place, another session */
	principals_keep(k, &p, 5, 1000000);
	assert_null(principals_find(k, a, p.session, 5, 1000 + PRINCIPAL_KEEP_MS));
	many.n = PRINCIPAL_GRANTS_MAX + 1;
	many.session[0] = 9;
	principals_keep(k, &many, 5, 9000);
	principals_keep(k, &p, 0, 9000);
	assert_null(principals_find(k, a, many.session, 5, 2000));
	arena_free(a);
	principals_free(k);
}

static void cookies_are_cut_exactly(void **state)
{
	(void)state;
	assert_true(str_eq(cookie_value(S("a=1; b=2"), S("b")), S("2")));
	assert_true(str_is_null(cookie_value(S("ab=1"), S("b"))));
	assert_true(str_is_null(cookie_value(S("bb=1"), S("b"))));
	assert_true(str_is_null(cookie_value(S(""), S("b"))));
	assert_true(str_eq(cookie_value(S("b="), S("b")), S("")));
}

/* Who may read it hears of it, and nobody else: by place, sector, label, party and hand-over. */
static void news_goes_to_those_who_may_read_it(void **state)
{
	(void)state;
	const int64_t place = INT64_C(110105001000), parties[] = { 7, 8 };
	struct perm_def perm = { .id = S("matter.read"), .bit = 0 };
	const struct role_table t = { .perms = { &perm, 1 } };
	struct principal_grant g = { .perms = 1, .sectors = SECTORS_ALL, .secret = 1, .to_ms = 100 };
	struct principal who = { .roles = &t, .v = &g, .n = 1, .at_ms = 50 };
	struct http_about about = { "matter.read", place, 1, 0, place, parties, COUNT_OF(parties) };
	region_range(place, &g.lo, &g.hi);
	assert_true(session_stream_filter(&who, &about));
	assert_false(session_stream_filter(NULL, &about));
	about.secret = 2;
	assert_false(session_stream_filter(&who, &about));
	about.secret = 1;
	about.perm = "sense.read";
	assert_false(session_stream_filter(&who, &about));
	about.perm = "matter.read";
	g.party = 9;
	assert_false(session_stream_filter(&who, &about));
	g.party = 8;
	assert_true(session_stream_filter(&who, &about));
	g.party = 0;
	g.sectors = 2;
	assert_false(session_stream_filter(&who, &about));
	g.sectors = 1;
	g.via_lo = g.via_hi = INT64_C(110106001000);
	assert_false(session_stream_filter(&who, &about));
	about.handler = g.via_lo;
	assert_true(session_stream_filter(&who, &about));
	who.at_ms = 100;
	assert_false(session_stream_filter(&who, &about));
}

int main(void)
{
#define ON_SITE(f) cmocka_unit_test_setup_teardown(f, open_site, close_site)
	const struct CMUnitTest tests[] = {
		ON_SITE(a_login_gives_a_hardened_cookie),
		ON_SITE(the_cookie_of_a_secure_site_is_bound_to_its_host),
		ON_SITE(known_and_unknown_logins_get_the_same_answers),
		ON_SITE(writing_needs_the_token_of_the_page),
		ON_SITE(sessions_end_when_idle_and_at_last),
		ON_SITE(a_fresh_account_can_only_change_its_password),
		ON_SITE(the_second_factor_works_once),
		ON_SITE(a_repeated_request_happens_once),
		ON_SITE(territories_are_kept_apart),
		ON_SITE(access_is_given_and_taken_by_the_one_who_may),
		ON_SITE(a_locked_account_is_out_at_once),
		cmocka_unit_test(news_goes_to_those_who_may_read_it),
		ON_SITE(changes_are_in_force_with_the_next_request),
		ON_SITE(a_name_changes_with_the_next_request),
		ON_SITE(a_principal_is_kept_for_a_while),
		cmocka_unit_test(what_is_kept_is_given_out_only_as_long_as_it_holds),
		cmocka_unit_test(cookies_are_cut_exactly),
	};
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
