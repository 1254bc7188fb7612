/* /api/duty/rules and the charges of posts; what needs objects stands in land. */
#include "core/duty_view.h"

#include "core/duty_sql.h"
#include "core/grant.h"
#include "core/org_sql.h"
#include "core/routes.h"
#include "core/sector.h"
#include "http/http.h"

JSON_DEFINE(duty_org_out, DUTY_ORG)
JSON_DEFINE(duty_post_out, DUTY_POST)
JSON_DEFINE(duty_person_out, DUTY_PERSON)
JSON_DEFINE(duty_row_out, DUTY_ROW)

#define DUTY_LEVELS "supervising|province|city|county|town|village"

#define RULE_OUT(F, O, L)                                                                          \
	F(STR, id, REQ)                                                                            \
	F(ENUM, line, REQ, .options = DUTY_LINE_OPTIONS)                                           \
	F(STR, role, REQ)                                                                          \
	F(STR, role_zh, REQ)                                                                       \
	F(STR, role_en, REQ)                                                                       \
	F(STRS, sectors, REQ)                                                                      \
	F(BOOL, per_sector, REQ)                                                                   \
	F(STRS, types, REQ)                                                                        \
	F(ID, region, NUL, .format = "region")                                                     \
	F(ENUM, level, REQ, .options = DUTY_LEVELS)                                                \
	F(I64, need, REQ)                                                                          \
	F(BOOL, demand, REQ)                                                                       \
	F(STR, basis_zh, REQ)                                                                      \
	F(STR, basis_en, REQ)                                                                      \
	F(STR, source_zh, REQ)                                                                     \
	F(STR, source_en, REQ)                                                                     \
	F(STR, clause_zh, REQ)                                                                     \
	F(STR, clause_en, REQ)                                                                     \
	F(STR, certainty, REQ)
JSON_STRUCT(duty_rule_out, RULE_OUT)
JSON_DEFINE(duty_rule_out, RULE_OUT)

#define CHARGE_NAME(F, O, L)                                                                       \
	F(STR, id, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)
JSON_STRUCT(charge_name_out, CHARGE_NAME)
JSON_DEFINE(charge_name_out, CHARGE_NAME)

#define RULES_OUT(F, O, L)                                                                         \
	L(duty_rule_out, items, REQ)                                                               \
	L(charge_name_out, charges, REQ)
JSON_STRUCT(duty_rules_out, RULES_OUT)
JSON_DEFINE(duty_rules_out, RULES_OUT)

#define CHARGE_OUT(F, O, L)                                                                        \
	F(ID, id, REQ)                                                                             \
	F(STR, charge, REQ)                                                                        \
	F(STR, charge_zh, REQ)                                                                     \
	F(STR, charge_en, REQ)                                                                     \
	F(STRS, sectors, REQ)                                                                      \
	F(STR, basis, REQ)                                                                         \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, NUL)
JSON_STRUCT(charge_out, CHARGE_OUT)
JSON_DEFINE(charge_out, CHARGE_OUT)

#define CHARGES_OUT(F, O, L) L(charge_out, items, REQ)
JSON_STRUCT(charges_out, CHARGES_OUT)
JSON_DEFINE(charges_out, CHARGES_OUT)

#define CHARGE_IN(F, O, L)                                                                         \
	F(STR, charge, REQ, .max = 40)                                                             \
	F(STRS, sectors, OPT, .max = 64)                                                           \
	F(STR, basis, OPT, .max = 500)                                                             \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)
JSON_STRUCT(charge_in, CHARGE_IN)
JSON_DEFINE(charge_in, CHARGE_IN)

#define CHARGE_END(F, O, L) F(DATE, to, OPT)
JSON_STRUCT(charge_end_in, CHARGE_END)
JSON_DEFINE(charge_end_in, CHARGE_END)

/* ---- rows ---- */

str duty_sector_id(const struct ctx *cx, int bit)
{
	for (size_t i = 0; i < cx->app->sectors->n; i++)
		if (cx->app->sectors->v[i].bit == bit)
			return cx->app->sectors->v[i].id;
	return (str){ 0 };
}

struct duty_row_out duty_row_view(const struct ctx *cx, const struct duty_row *r)
{
	const struct duty_rule *u = r->rule;
	struct duty_row_out out = {
		.line = str_of(duty_line_name(r->line)), .sector = duty_sector_id(cx, r->sector), .role = u->role,
		.role_zh = u->role_zh, .role_en = u->role_en, .since = r->since_day, .rule = u->id, .basis_zh = u->basis_zh,
		.basis_en = u->basis_en, .source_zh = u->source_zh, .source_en = u->source_en,
		.clause_zh = u->clause_zh, .clause_en = u->clause_en, .certainty = u->certainty,
		.demand = u->demand, .designation = r->designation ? r->designation : JSON_NONE,
		.gap = str_of(duty_gap_name(r->gap)), .overlap = r->overlap,
	};
	if (r->org) {
		out.org = NEW(cx->a, struct duty_org_out);
		*out.org = (struct duty_org_out){ r->org, r->org_name, r->org_name_en };
	}
	if (r->post) {
		out.post = NEW(cx->a, struct duty_post_out);
		*out.post = (struct duty_post_out){ r->post, r->post_title, r->post_title_en };
	}
	if (r->person) {
		out.person = NEW(cx->a, struct duty_person_out);
		*out.person = (struct duty_person_out){ r->person, r->person_name, r->person_name_en };
	}
	out.fits.v = NEW_N(cx->a, struct duty_org_out, r->nfits + 1);
	for (size_t i = 0; i < r->nfits; i++)
		out.fits.v[out.fits.n++] = (struct duty_org_out){ r->fits[i].id, r->fits[i].name, r->fits[i].name_en };
	return out;
}

/* ---- rules ---- */

static struct duty_rule_out rule_view(struct req *rq, const struct duty_rule *r)
{
	static const char *const levels[] = { "supervising", "province", "city", "county", "town", "village" };
	struct duty_rule_out out = {
		.id = r->id, .line = str_of(duty_line_name(r->line)), .role = r->role, .role_zh = r->role_zh,
		.role_en = r->role_en, .sectors = sector_ids(rq->a, rq->cx.app->sectors, r->sectors),
		.per_sector = r->per_sector, .types = { .v = NEW_N(rq->a, str, r->types.n + 1), .n = r->types.n },
		.region = r->region ? r->region : JSON_NONE, .level = str_of(levels[r->level]), .need = r->need,
		.demand = r->demand, .basis_zh = r->basis_zh, .basis_en = r->basis_en,
		.source_zh = r->source_zh, .source_en = r->source_en, .clause_zh = r->clause_zh, .clause_en = r->clause_en, .certainty = r->certainty,
	};
	for (size_t i = 0; i < r->types.n; i++)
		out.types.v[i] = r->types.v[i];
	return out;
}

static err rules_get(struct req *rq)
{
	const struct duty_rule *v;
	const struct duty_charge_name *names;
	size_t n = duty_rules_all(rq->cx.app->duty, &v), nnames = duty_charges_all(rq->cx.app->duty, &names);
	struct duty_rules_out out = { .items = { .v = NEW_N(rq->a, struct duty_rule_out, n + 1), .n = n },
				      .charges = { .v = NEW_N(rq->a, struct charge_name_out, nnames + 1), .n = nnames } };
	for (size_t i = 0; i < n; i++)
		out.items.v[i] = rule_view(rq, &v[i]);
	for (size_t i = 0; i < nnames; i++)
		out.charges.v[i] = (struct charge_name_out){ names[i].id, names[i].zh, names[i].en };
	return reply_json(rq, &out);
}

/* ---- charges ---- */

static struct duty_charge_name charge_name(const struct ctx *cx, str id)
{
	const struct duty_charge_name *names;
	size_t n = duty_charges_all(cx->app->duty, &names);
	for (size_t i = 0; i < n; i++)
		if (str_eq(names[i].id, id))
			return names[i];
	return (struct duty_charge_name){ id, id, id };
}

static err reply_charges(struct req *rq, int64_t post, bool created)
{
	struct charge_of_post_rows rows;
	TRY(charge_of_post(rq->cx.c, rq->a, &(struct charge_of_post_params){ .post = post }, &rows));
	struct charges_out out = { .items = { .v = NEW_N(rq->a, struct charge_out, rows.n + 1), .n = rows.n } };
	for (size_t i = 0; i < rows.n; i++) {
		const struct charge_of_post_row *r = &rows.v[i];
		struct duty_charge_name name = charge_name(&rq->cx, r->charge);
		out.items.v[i] = (struct charge_out){ .id = r->id, .charge = r->charge, .charge_zh = name.zh, .charge_en = name.en,
						      .sectors = sector_ids(rq->a, rq->cx.app->sectors, r->sectors),
						      .basis = r->basis, .from = r->from_day, .to = r->to_day };
	}
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err post_here(struct req *rq, int64_t id, str perm)
{
	struct post_get_row row;
	TRY(post_get(rq->cx.c, rq->a, &(struct post_get_params){ .id = id }, &row));
	return cx_in_region(&rq->cx, perm, row.region) ? ERR_OK : ERR_NOT_FOUND;
}

static err charges_get(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(post_here(rq, id, S("org.read")));
	return reply_charges(rq, id, false);
}

static err charges_post(struct req *rq)
{
	const struct charge_in *in = rq->body;
	struct charge_new n = { .charge = in->charge, .sectors = -1, .basis = in->basis,
				.from_day = in->from == JSON_NONE ? china_day(rq->cx.now_ms) : in->from, .to_day = in->to };
	int64_t id;
	TRY(rq_id(rq, "id", &n.post));
	TRY(post_here(rq, n.post, S("org.write")));
	if (in->sectors.v)
		TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &n.sectors, &rq->cx.fail));
	TRY(charge_put(&rq->cx, &n, &id));
	return reply_charges(rq, n.post, true);
}

static err charge_end_post(struct req *rq)
{
	const struct charge_end_in *in = rq->body;
	struct charge_get_row row;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(charge_get(rq->cx.c, rq->a, &(struct charge_get_params){ .id = id }, &row));
	if (!cx_in_region(&rq->cx, S("org.write"), row.region))
		return ERR_NOT_FOUND;
	TRY(charge_end(&rq->cx, id, in->to == JSON_NONE ? china_day(rq->cx.now_ms) : in->to));
	return reply_charges(rq, row.post, false);
}

const struct route duty_rule_routes[] = {
	{ "GET", "/api/duty/rules", rules_get, READ, "org.read", NULL, duty_rules_out_json,
	  "The rules that say who is answerable", NULL },
	{ "GET", "/api/posts/{id}/charges", charges_get, READ, "org.read", NULL, charges_out_json,
	  "What a post carries, from–to", NULL },
	{ "POST", "/api/posts/{id}/charges", charges_post, WRITE, "org.write", charge_in_json, charges_out_json,
	  "A post is given a charge", NULL },
	{ "POST", "/api/charges/{id}/end", charge_end_post, WRITE, "org.write", charge_end_in_json, charges_out_json,
	  "A charge ends", NULL },
	{ 0 },
};
