/* /api/grants and /api/roles */
#include "core/app.h"
#include "core/grant.h"
#include "core/grant_sql.h"
#include "core/region.h"
#include "core/routes.h"
#include "core/sector.h"
#include "core/views.h"

enum { SECRET_DEFAULT = 1 };

#define ROLE_ITEM(F, O, L)                                                                         \
	F(STR, id, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STRS, perms, REQ)
JSON_STRUCT(role_item, ROLE_ITEM)
JSON_DEFINE(role_item, ROLE_ITEM)

#define ROLE_LIST(F, O, L) L(role_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(role_list_out, ROLE_LIST)
JSON_DEFINE(role_list_out, ROLE_LIST)

#define GRANT_ITEM(F, O, L)                                                                        \
	F(ID, id, REQ)                                                                             \
	F(ID, account, REQ)                                                                        \
	F(STR, login, REQ)                                                                         \
	F(STR, role, REQ)                                                                          \
	F(STR, role_en, REQ)                                                                       \
	F(STR, role_zh, REQ)                                                                       \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, region_name, REQ)                                                                   \
	F(STRS, sectors, REQ)                                                                      \
	F(ID, org, NUL)                                                                            \
	F(I64, secret, REQ)                                                                        \
	F(DATE, valid_from, REQ)                                                                   \
	F(DATE, valid_to, REQ)                                                                     \
	F(STR, reason, REQ)                                                                        \
	F(STR, granted_by, REQ)                                                                    \
	F(I64, revoked_ms, NUL)
JSON_STRUCT(grant_item, GRANT_ITEM)
JSON_DEFINE(grant_item, GRANT_ITEM)

#define GRANT_LIST(F, O, L) L(grant_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(grant_list_out, GRANT_LIST)
JSON_DEFINE(grant_list_out, GRANT_LIST)

#define GRANT_QUERY(F, O, L) F(ID, account, OPT)
JSON_STRUCT(grant_query, GRANT_QUERY)
JSON_DEFINE(grant_query, GRANT_QUERY)

#define GRANT_IN(F, O, L)                                                                          \
	F(ID, account, REQ)                                                                        \
	F(STR, role, REQ, .max = 40)                                                               \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STRS, sectors, REQ, .min = 1, .max = 64)                                                 \
	F(ID, org, OPT)                                                                            \
	F(I64, secret, OPT, .max = SECRET_MAX)                                                     \
	F(DATE, valid_from, OPT)                                                                   \
	F(DATE, valid_to, OPT)                                                                     \
	F(STR, reason, REQ, .max = 500)
JSON_STRUCT(grant_in, GRANT_IN)
JSON_DEFINE(grant_in, GRANT_IN)

static struct json_strs perm_names(struct arena *a, const struct role_table *t, int64_t mask)
{
	struct json_strs out = { .v = NEW_N(a, str, t->perms.n + 1) };
	for (size_t i = 0; i < t->perms.n; i++)
		if (mask >> t->perms.v[i].bit & 1)
			out.v[out.n++] = t->perms.v[i].id;
	return out;
}

static err roles_get(struct req *rq)
{
	const struct role_table *t = rq->cx.app->roles;
	struct role_list_out out = { .total = (int64_t)t->roles.n, .total_exact = true };
	out.items.v = NEW_N(rq->a, struct role_item, t->roles.n + 1);
	for (; out.items.n < t->roles.n; out.items.n++) {
		const struct role_def *r = &t->roles.v[out.items.n];
		out.items.v[out.items.n] = (struct role_item){ r->id, r->en, r->zh, perm_names(rq->a, t, r->perms) };
	}
	return reply_json(rq, &out);
}

static struct grant_item item_of(struct req *rq, const struct grant_list_row *r)
{
	const struct role_def *role = role_find(rq->cx.app->roles, r->role);
	int64_t region = region_of_range(r->lo, r->hi);
	return (struct grant_item){
		.id = r->id, .account = r->account, .login = r->login, .role = r->role, .role_en = role ? role->en : r->role,
		.role_zh = role ? role->zh : r->role, .region = region ? region : r->lo, .region_name = view_str(r->region_name),
		.sectors = sector_ids(rq->a, rq->cx.app->sectors, r->sectors), .org = r->party ? r->party : JSON_NONE,
		.secret = r->secret, .valid_from = china_day(r->valid_from_ms), .valid_to = china_day(r->valid_to_ms - 1),
		.reason = r->reason, .granted_by = view_str(r->granted_by_name), .revoked_ms = r->revoked_ms,
	};
}

/* Grants whose region lies in the caller's; one's own too. */
static bool may_see(const struct req *rq, const struct grant_list_row *r)
{
	return r->account == cx_account(&rq->cx) || cx_in_region(&rq->cx, S("grant.read"), r->lo);
}

static err grants_get(struct req *rq)
{
	const struct grant_query *q = rq->query;
	struct grant_list_rows rows;
	struct grant_list_out out = { .total_exact = true };
	TRY(grant_list(rq->cx.c, rq->a, &(struct grant_list_params){ .account = q->account }, &rows));
	out.items.v = NEW_N(rq->a, struct grant_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		if (may_see(rq, &rows.v[i]))
			out.items.v[out.items.n++] = item_of(rq, &rows.v[i]);
	out.total = (int64_t)out.items.n;
	return reply_json(rq, &out);
}

/* Open-ended means: as long as the grantor may give. */
static int64_t furthest(const struct principal *by, int64_t giving, int64_t now_ms)
{
	int64_t to = now_ms;
	for (size_t i = 0; i < by->n; i++)
		if ((by->v[i].perms & giving) && by->v[i].to_ms > to)
			to = by->v[i].to_ms;
	return to;
}

static err read_grant(struct req *rq, const struct grant_in *in, struct grant_new *g)
{
	struct grant_account_row acc;
	int64_t now = rq->cx.now_ms, from = in->valid_from == JSON_NONE ? now : china_day_start_ms(in->valid_from);
	err e = grant_account(rq->cx.c, rq->a, &(struct grant_account_params){ .account = in->account }, &acc);
	if (e == ERR_NOT_FOUND)
		return FAIL(&rq->cx.fail, BAD_FIELD, "/account", "err.unknown_account");
	TRY(e);
	if (!region_valid(in->region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/region", "err.unknown_region");
	*g = (struct grant_new){ .account = in->account, .person = acc.person, .role = in->role,
				 .party = in->org == JSON_NONE ? 0 : in->org, .from_ms = from > now ? from : now,
				 .secret = in->secret == JSON_NONE ? SECRET_DEFAULT : in->secret };
	g->to_ms = in->valid_to == JSON_NONE ? furthest(rq->cx.who, perm_mask(rq->cx.app->roles, S("grant.write")), now) :
					       china_day_start_ms(in->valid_to + 1);
	region_range(in->region, &g->lo, &g->hi);
	return sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &g->sectors, &rq->cx.fail);
}

static err check(struct req *rq, const struct grant_new *g)
{
	struct grant_roles_of_person_rows held;
	const struct grant_roles_of_person_params p = { .person = g->person, .now_ms = rq->cx.now_ms };
	TRY(grant_roles_of_person(rq->cx.c, rq->a, &p, &held));
	str *roles = NEW_N(rq->a, str, held.n + 1);
	for (size_t i = 0; i < held.n; i++)
		roles[i] = held.v[i].role;
	return grant_check(rq->cx.who, rq->cx.app->roles, g, roles, held.n, rq->cx.now_ms, &rq->cx.fail);
}

static err grants_post(struct req *rq)
{
	const struct grant_in *in = rq->body;
	struct grant_new g;
	struct grant_list_rows rows;
	int64_t id;
	TRY(read_grant(rq, in, &g));
	TRY(check(rq, &g));
	TRY(grant_put(&rq->cx, &g, in->reason, &id));
	TRY(grant_list(rq->cx.c, rq->a, &(struct grant_list_params){ .account = g.account }, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		struct grant_item it = item_of(rq, &rows.v[i]);
		if (it.id == id)
			return reply_created(rq, &it);
	}
	return ERR_INTERNAL;
}

static err grant_revoke_api(struct req *rq)
{
	const struct reason_in *in = rq->body;
	struct grant_get_row row;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(grant_get(rq->cx.c, rq->a, &(struct grant_get_params){ .id = id }, &row));
	if (!cx_in_region(&rq->cx, S("grant.write"), row.lo) || !cx_in_region(&rq->cx, S("grant.write"), row.hi))
		return ERR_NOT_FOUND;
	if (row.account == cx_account(&rq->cx))
		return FAIL(&rq->cx.fail, SEPARATION, "", "err.grant_self");
	return grant_revoke(&rq->cx, id, in->reason);
}

const struct route grant_routes[] = {
	{ "GET", "/api/roles", roles_get, READ, "", NULL, role_list_out_json, "Roles and what they may do", NULL },
	{ "GET", "/api/grants", grants_get, READ, "grant.read", NULL, grant_list_out_json, "Grants, of one account or of all",
	  grant_query_json },
	{ "POST", "/api/grants", grants_post, WRITE, "grant.write", grant_in_json, grant_item_json, "Give access", NULL },
	{ "POST", "/api/grants/{id}/revoke", grant_revoke_api, WRITE, "grant.write", reason_in_json, NULL, "Take access back",
	  NULL },
	{ 0 },
};
