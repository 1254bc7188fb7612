/* /api/accounts */
#include "core/account.h"
#include "core/account_sql.h"
#include "core/app.h"
#include "core/grant.h"
#include "core/org.h"
#include "core/region.h"
#include "core/routes.h"
#include "core/session.h"
#include "core/views.h"

#define ACCOUNT_ITEM(F, O, L)                                                                      \
	F(ID, id, REQ)                                                                             \
	F(STR, login, REQ)                                                                         \
	F(ID, person, REQ)                                                                         \
	F(STR, person_name, REQ)                                                                   \
	F(ID, org, REQ)                                                                            \
	F(STR, org_name, REQ)                                                                      \
	F(BOOL, locked, REQ)                                                                       \
	F(BOOL, otp_enabled, REQ)                                                                  \
	F(BOOL, must_change_password, REQ)                                                         \
	F(I64, created_ms, REQ)
JSON_STRUCT(account_item, ACCOUNT_ITEM)
JSON_DEFINE(account_item, ACCOUNT_ITEM)

#define ACCOUNT_LIST(F, O, L) L(account_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(account_list_out, ACCOUNT_LIST)
JSON_DEFINE(account_list_out, ACCOUNT_LIST)

#define ACCOUNT_QUERY(F, O, L) F(ID, org, OPT) PAGE_QUERY(F)
JSON_STRUCT(account_query, ACCOUNT_QUERY)
JSON_DEFINE(account_query, ACCOUNT_QUERY)

#define ACCOUNT_IN(F, O, L)                                                                        \
	F(STR, login, REQ, .max = 64)                                                              \
	F(ID, person, REQ)                                                                         \
	F(ID, org, REQ)                                                                            \
	F(STR, password, REQ, .max = 256)
JSON_STRUCT(account_in, ACCOUNT_IN)
JSON_DEFINE(account_in, ACCOUNT_IN)

#define LOCK_IN(F, O, L) F(BOOL, locked, REQ)
JSON_STRUCT(account_lock_in, LOCK_IN)
JSON_DEFINE(account_lock_in, LOCK_IN)

#define PASSWORD_IN(F, O, L) F(STR, password, REQ, .max = 256)
JSON_STRUCT(account_password_in, PASSWORD_IN)
JSON_DEFINE(account_password_in, PASSWORD_IN)

static err accounts_get(struct req *rq)
{
	const struct account_query *q = rq->query;
	int64_t limit = page_limit(q->limit);
	struct account_list_params p = { .org = q->org, .after = q->after == JSON_NONE ? 0 : q->after, .max = limit + 1 };
	struct account_list_rows rows = { 0 };
	struct account_list_out out = { .total = JSON_NONE };
	struct db_scope sc = cx_scope(&rq->cx, S("account.read"));
	/* The smallest range that spans what the caller may read; regions of others in between are left out below. */
	for (size_t i = 0; i < sc.n; i++) {
		p.lo = i == 0 || sc.v[i].lo < p.lo ? sc.v[i].lo : p.lo;
		p.hi = i == 0 || sc.v[i].hi > p.hi ? sc.v[i].hi : p.hi;
	}
	if (sc.n)
		TRY(account_list(rq->cx.c, rq->a, &p, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	out.items.v = NEW_N(rq->a, struct account_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct account_list_row *r = &rows.v[i];
		if (cx_in_region(&rq->cx, S("account.read"), r->region))
			out.items.v[out.items.n++] = (struct account_item){
				.id = r->id, .login = r->login, .person = r->person, .person_name = view_str(r->person_name),
				.org = r->org, .org_name = r->org_name, .locked = r->locked || r->lock_until_ms > rq->cx.now_ms,
				.otp_enabled = r->otp_on, .must_change_password = r->must_change, .created_ms = r->created_ms };
	}
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

/* The account when the caller may write in its region, else ERR_NOT_FOUND. */
static err writable(struct req *rq, int64_t id, struct account_get_row *ret)
{
	TRY(account_get(rq->cx.c, rq->a, &(struct account_get_params){ .id = id }, ret));
	int64_t region = ret->org_region == DB_NONE ? rq->cx.app->home_region : ret->org_region;
	return cx_in_region(&rq->cx, S("account.write"), region) ? ERR_OK : ERR_NOT_FOUND;
}

static err reply_account(struct req *rq, int64_t id, bool created)
{
	struct account_get_row r;
	TRY(account_get(rq->cx.c, rq->a, &(struct account_get_params){ .id = id }, &r));
	struct account_item it = {
		.id = r.id, .login = r.login, .person = r.person, .person_name = view_str(r.person_name), .org = r.org,
		.org_name = view_str(r.org_name), .locked = r.locked, .otp_enabled = r.otp_on,
		.must_change_password = r.must_change, .created_ms = id_ms(r.id) };
	return created ? reply_created(rq, &it) : reply_json(rq, &it);
}

/* ---- making one: hashing is slow, so outside of the transaction ---- */

struct making {
	str phc;
	int64_t id;
};

static err check_place(struct req *rq, void *arg)
{
	const struct account_in *in = rq->body;
	struct org_brief org;
	(void)arg;
	err e = org_brief(&rq->cx, in->org, &org);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && !cx_in_region(&rq->cx, S("account.write"), org.region)))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/org", "err.unknown_org");
	return e;
}

static err make(struct req *rq, void *arg)
{
	const struct account_in *in = rq->body;
	struct making *m = arg;
	const struct account_new n = { .login = in->login, .person = in->person, .org = in->org, .phc = m->phc,
				       .must_change = true };
	TRY(check_place(rq, NULL));
	TRY(account_put(&rq->cx, &n, &m->id));
	return reply_account(rq, m->id, true);
}

static err hash(struct req *rq, str login, str password, const char *pointer, str *ret)
{
	const struct app *app = rq->cx.app;
	TRY(password_check(password_policy(S("mlps3")), account_common_passwords(app, rq->a), login, password, pointer,
			   &rq->cx.fail));
	return password_hash(app->passwords, rq->a, password, ret);
}

static err accounts_post(struct req *rq)
{
	const struct account_in *in = rq->body;
	struct making m = { 0 };
	TRY(session_read(rq, check_place, NULL));
	TRY(hash(rq, in->login, in->password, "/password", &m.phc));
	return session_write(rq, make, &m);
}

static err account_lock_api(struct req *rq)
{
	const struct account_lock_in *in = rq->body;
	struct account_get_row row;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(writable(rq, id, &row));
	if (id == cx_account(&rq->cx))
		return FAIL(&rq->cx.fail, SEPARATION, "", "err.lock_self");
	TRY(account_lock(&rq->cx, id, in->locked));
	return reply_account(rq, id, false);
}

struct resetting {
	int64_t id;
	str login, phc;
};

static err find_for_reset(struct req *rq, void *arg)
{
	struct resetting *r = arg;
	struct account_get_row row;
	TRY(writable(rq, r->id, &row));
	r->login = row.login;
	return ERR_OK;
}

static err reset(struct req *rq, void *arg)
{
	struct resetting *r = arg;
	TRY(find_for_reset(rq, r));
	TRY(account_set_password(&rq->cx, r->id, r->phc, true));
	return reply_account(rq, r->id, false);
}

static err account_password_api(struct req *rq)
{
	const struct account_password_in *in = rq->body;
	struct resetting r = { 0 };
	TRY(rq_id(rq, "id", &r.id));
	TRY(session_read(rq, find_for_reset, &r));
	TRY(hash(rq, r.login, in->password, "/password", &r.phc));
	return session_write(rq, reset, &r);
}

const struct route account_routes[] = {
	{ "GET", "/api/accounts", accounts_get, READ, "account.read", NULL, account_list_out_json, "Accounts", account_query_json },
	{ "POST", "/api/accounts", accounts_post, SLOW, "account.write", account_in_json, account_item_json,
	  "Make an account; its password must be changed at the first login", NULL },
	{ "POST", "/api/accounts/{id}/lock", account_lock_api, WRITE, "account.write", account_lock_in_json, account_item_json,
	  "Lock or unlock an account", NULL },
	{ "POST", "/api/accounts/{id}/password", account_password_api, SLOW, "account.write", account_password_in_json,
	  account_item_json, "Set a new password, to be changed at the next login", NULL },
	{ 0 },
};
