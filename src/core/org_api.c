/* /api/orgs and /api/posts */
#include "core/app.h"
#include "core/grant.h"
#include "core/org_sql.h"
#include "core/org_view.h"
#include "core/region.h"
#include "core/routes.h"
#include "core/sector.h"

JSON_DEFINE(org_item, ORG_ITEM)
JSON_DEFINE(hold_item, HOLD_ITEM)
JSON_DEFINE(post_item, POST_ITEM)
JSON_DEFINE(person_item, PERSON_ITEM)

/* ---- shapes of this file ---- */

#define ORG_QUERY(F, O, L)                                                                         \
	F(STR, q, OPT, .max = 60)                                                                  \
	F(ID, region, OPT, .format = "region")                                                     \
	F(ENUM, kind, OPT, .options = ORG_KINDS)                                                   \
	PAGE_QUERY(F)
JSON_STRUCT(org_query, ORG_QUERY)
JSON_DEFINE(org_query, ORG_QUERY)

#define ORG_LIST(F, O, L) L(org_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(org_list_out, ORG_LIST)
JSON_DEFINE(org_list_out, ORG_LIST)

#define ORG_DETAIL(F, O, L) ORG_ITEM(F, O, L) L(post_item, posts, REQ) L(person_item, people, REQ)
JSON_STRUCT(org_detail, ORG_DETAIL)
JSON_DEFINE(org_detail, ORG_DETAIL)

#define ORG_IN(F, O, L)                                                                            \
	F(ID, region, REQ, .format = "region")                                                     \
	F(ENUM, kind, REQ, .options = ORG_KINDS)                                                   \
	F(STR, name, REQ, .max = 100)                                                              \
	F(STR, name_en, OPT, .max = 200)                                                           \
	F(STR, short_name, OPT, .max = 60, .as = "short")                                          \
	F(ID, parent, OPT)                                                                         \
	F(STRS, sectors, OPT, .max = 64)
JSON_STRUCT(org_in, ORG_IN)
JSON_DEFINE(org_in, ORG_IN)

#define ORG_PATCH(F, O, L)                                                                         \
	F(I64, ver, REQ)                                                                           \
	F(STR, name, OPT, .max = 100)                                                              \
	F(STR, name_en, OPT, .max = 200)                                                           \
	F(STR, short_name, OPT, .max = 60, .as = "short")                                          \
	F(ID, parent, OPT)                                                                         \
	F(STRS, sectors, OPT, .max = 64)                                                           \
	F(DATE, valid_to, OPT)
JSON_STRUCT(org_patch, ORG_PATCH)
JSON_DEFINE(org_patch, ORG_PATCH)

#define POST_QUERY(F, O, L) F(ID, org, REQ)
JSON_STRUCT(post_query, POST_QUERY)
JSON_DEFINE(post_query, POST_QUERY)

#define POST_LIST(F, O, L) L(post_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(post_list_out, POST_LIST)
JSON_DEFINE(post_list_out, POST_LIST)

#define POST_IN(F, O, L)                                                                           \
	F(ID, org, REQ)                                                                            \
	F(STR, title, REQ, .max = 100)                                                             \
	F(STR, title_en, OPT, .max = 200)                                                          \
	F(I64, rank, OPT, .min = 0, .max = 1000)                                                   \
	F(BOOL, leader, OPT)                                                                       \
	F(STRS, duties, OPT, .max = 50)
JSON_STRUCT(post_in, POST_IN)
JSON_DEFINE(post_in, POST_IN)

#define HOLD_IN(F, O, L)                                                                           \
	F(ID, person, REQ)                                                                         \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, OPT)
JSON_STRUCT(hold_in, HOLD_IN)
JSON_DEFINE(hold_in, HOLD_IN)

/* ---- reading ---- */

/* Both rows have the same columns. */
static struct org_item item_of(struct req *rq, const struct org_get_row *r)
{
	return (struct org_item){
		.id = r->id, .region = r->region, .region_name = view_str(r->region_name), .kind = r->kind, .name = r->name,
		.name_en = r->name_en, .short_name = r->short_name, .parent = r->parent ? r->parent : JSON_NONE,
		.level = region_level(r->region), .sectors = sector_ids(rq->a, rq->cx.app->sectors, r->sectors),
		.valid_from = r->valid_from_day ? r->valid_from_day : JSON_NONE, .valid_to = r->valid_to_day, .ver = r->ver,
	};
}

static struct org_get_row as_get_row(const struct org_list_row *r)
{
	return (struct org_get_row){
		.id = r->id, .region = r->region, .region_name = r->region_name, .kind = r->kind, .name = r->name,
		.name_en = r->name_en, .short_name = r->short_name, .parent = r->parent, .sectors = r->sectors,
		.valid_from_day = r->valid_from_day, .valid_to_day = r->valid_to_day, .ver = r->ver,
	};
}

/* The range asked for; without one the home region. Outside of the caller's regions nothing shows. */
static void asked_range(const struct ctx *cx, int64_t region, int64_t *lo, int64_t *hi)
{
	region_range(region == JSON_NONE ? cx->app->home_region : region, lo, hi);
}

static err orgs_get(struct req *rq)
{
	const struct org_query *q = rq->query;
	int64_t limit = page_limit(q->limit);
	struct org_list_params p = { .kind = q->kind, .q = q->q.n ? q->q : (str){ 0 }, .today = china_day(rq->cx.now_ms),
				     .after = q->after == JSON_NONE ? 0 : q->after, .max = limit + 1 };
	struct org_list_rows rows;
	struct org_list_out out = { .total = JSON_NONE };
	asked_range(&rq->cx, q->region, &p.lo, &p.hi);
	TRY(org_list(rq->cx.c, rq->a, &p, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	out.items.v = NEW_N(rq->a, struct org_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct org_get_row row = as_get_row(&rows.v[i]);
		if (cx_in_region(&rq->cx, S("org.read"), row.region))
			out.items.v[out.items.n++] = item_of(rq, &row);
	}
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

err org_visible(struct req *rq, int64_t id, str perm, struct org_get_row *ret)
{
	TRY(org_get(rq->cx.c, rq->a, &(struct org_get_params){ .id = id }, ret));
	return cx_in_region(&rq->cx, perm, ret->region) ? ERR_OK : ERR_NOT_FOUND;
}

static struct json_strs duties_of(struct arena *a, str json)
{
	struct json_strs out = { 0 };
	duties_read(a, json, &out);
	return out;
}

static err posts_of(struct req *rq, int64_t org, struct post_item **ret, size_t *ret_n)
{
	struct post_of_org_rows posts;
	struct hold_of_org_rows holds;
	int64_t today = china_day(rq->cx.now_ms);
	TRY(post_of_org(rq->cx.c, rq->a, &(struct post_of_org_params){ .org = org }, &posts));
	TRY(hold_of_org(rq->cx.c, rq->a, &(struct hold_of_org_params){ .org = org }, &holds));
	struct post_item *v = NEW_N(rq->a, struct post_item, posts.n + 1);
	for (size_t i = 0; i < posts.n; i++) {
		const struct post_of_org_row *p = &posts.v[i];
		v[i] = (struct post_item){ .id = p->id, .org = p->org, .title = p->title, .title_en = p->title_en, .rank = p->rank,
					   .leader = p->leader, .duties = duties_of(rq->a, p->duties) };
		v[i].history.v = NEW_N(rq->a, struct hold_item, holds.n + 1);
		for (size_t k = 0; k < holds.n; k++) {
			const struct hold_of_org_row *h = &holds.v[k];
			if (h->post != p->id)
				continue;
			struct hold_item *it = &v[i].history.v[v[i].history.n++];
			*it = (struct hold_item){ .person = h->person, .name = view_str(h->name), .from = h->from_day, .to = h->to_day };
			if (h->from_day <= today && (h->to_day == DB_NONE || h->to_day >= today))
				v[i].holder = it;
		}
	}
	*ret = v;
	*ret_n = posts.n;
	return ERR_OK;
}

static err people_of(struct req *rq, const struct org_get_row *o, struct org_detail *out)
{
	struct person_list_rows rows;
	const struct person_list_params p = { .lo = o->region, .hi = o->region, .org = o->id, .after = 0, .max = PAGE_MAX };
	TRY(person_list(rq->cx.c, rq->a, &p, &rows));
	out->people.v = NEW_N(rq->a, struct person_item, rows.n + 1);
	out->people.n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		out->people.v[i] = (struct person_item){ .id = rows.v[i].id, .name = rows.v[i].name, .name_en = rows.v[i].name_en,
							 .org = o->id, .org_name = o->name };
	return ERR_OK;
}

static err reply_org(struct req *rq, int64_t id, bool created)
{
	struct org_get_row row;
	TRY(org_get(rq->cx.c, rq->a, &(struct org_get_params){ .id = id }, &row));
	struct org_item it = item_of(rq, &row);
	struct org_detail out = {
		.id = it.id, .region = it.region, .region_name = it.region_name, .kind = it.kind, .name = it.name,
		.name_en = it.name_en, .short_name = it.short_name, .parent = it.parent, .level = it.level,
		.sectors = it.sectors, .valid_from = it.valid_from, .valid_to = it.valid_to, .ver = it.ver,
	};
	TRY(posts_of(rq, id, &out.posts.v, &out.posts.n));
	TRY(people_of(rq, &row, &out));
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static err org_get_api(struct req *rq)
{
	int64_t id;
	struct org_get_row row;
	TRY(rq_id(rq, "id", &id));
	TRY(org_visible(rq, id, S("org.read"), &row));
	return reply_org(rq, id, false);
}

static err posts_get(struct req *rq)
{
	const struct post_query *q = rq->query;
	struct org_get_row row;
	struct post_list_out out = { .total_exact = true };
	TRY(org_visible(rq, q->org, S("org.read"), &row));
	TRY(posts_of(rq, q->org, &out.items.v, &out.items.n));
	out.total = (int64_t)out.items.n;
	return reply_json(rq, &out);
}

/* ---- writing ---- */

static err take_sectors(struct req *rq, const struct json_strs *ids, int64_t absent, int64_t *ret)
{
	*ret = absent;
	return ids->v ? sector_mask(rq->cx.app->sectors, ids, "/sectors", ret, &rq->cx.fail) : ERR_OK;
}

static err orgs_post(struct req *rq)
{
	const struct org_in *in = rq->body;
	int64_t id, sectors;
	if (!region_valid(in->region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/region", "err.unknown_region");
	if (!cx_in_region(&rq->cx, S("org.write"), in->region))
		return FAIL(&rq->cx.fail, FORBIDDEN, "/region", NULL);
	TRY(take_sectors(rq, &in->sectors, 0, &sectors));
	const struct org_new o = { .region = in->region, .kind = in->kind, .name = in->name, .name_en = in->name_en,
				   .short_name = in->short_name, .parent = in->parent == JSON_NONE ? 0 : in->parent,
				   .sectors = sectors, .valid_from_day = china_day(rq->cx.now_ms) };
	TRY(org_put(&rq->cx, &o, &id));
	return reply_org(rq, id, true);
}

static err org_patch_api(struct req *rq)
{
	const struct org_patch *in = rq->body;
	struct org_change o = { .ver = in->ver, .name = in->name, .name_en = in->name_en, .short_name = in->short_name,
				.parent = in->parent, .valid_to_day = in->valid_to };
	struct org_get_row row;
	TRY(rq_id(rq, "id", &o.id));
	TRY(org_visible(rq, o.id, S("org.write"), &row));
	TRY(take_sectors(rq, &in->sectors, DB_NONE, &o.sectors));
	TRY(org_change(&rq->cx, &o));
	return reply_org(rq, o.id, false);
}

static err reply_post(struct req *rq, int64_t org, int64_t post, bool created)
{
	struct post_item *v;
	size_t n;
	TRY(posts_of(rq, org, &v, &n));
	for (size_t i = 0; i < n; i++)
		if (v[i].id == post)
			return created ? reply_created(rq, &v[i]) : reply_json(rq, &v[i]);
	return ERR_NOT_FOUND;
}

static err posts_post(struct req *rq)
{
	const struct post_in *in = rq->body;
	struct org_get_row row;
	int64_t id;
	err e = org_visible(rq, in->org, S("org.write"), &row);
	if (e == ERR_NOT_FOUND)
		return FAIL(&rq->cx.fail, BAD_FIELD, "/org", "err.unknown_org");
	TRY(e);
	const struct post_new p = { .org = in->org, .title = in->title, .title_en = in->title_en,
				    .rank = in->rank == JSON_NONE ? 0 : in->rank, .leader = in->leader,
				    .duties = duties_write(rq->a, &in->duties) };
	TRY(post_put(&rq->cx, &p, &id));
	return reply_post(rq, in->org, id, true);
}

static err post_hold_api(struct req *rq)
{
	const struct hold_in *in = rq->body;
	struct post_get_row row;
	int64_t post, id;
	TRY(rq_id(rq, "id", &post));
	TRY(post_get(rq->cx.c, rq->a, &(struct post_get_params){ .id = post }, &row));
	if (!cx_in_region(&rq->cx, S("org.write"), row.region))
		return ERR_NOT_FOUND;
	TRY(post_hold_put(&rq->cx, post, in->person, in->from, in->to, &id));
	return reply_post(rq, row.org, post, false);
}

const struct route org_routes[] = {
	{ "GET", "/api/orgs", orgs_get, READ, "org.read", NULL, org_list_out_json, "Organisations of a region", org_query_json },
	{ "POST", "/api/orgs", orgs_post, WRITE, "org.write", org_in_json, org_detail_json, "Enter an organisation", NULL },
	{ "GET", "/api/orgs/{id}", org_get_api, READ, "org.read", NULL, org_detail_json,
	  "An organisation with its posts and people", NULL },
	{ "PATCH", "/api/orgs/{id}", org_patch_api, WRITE, "org.write", org_patch_json, org_detail_json,
	  "Change an organisation", NULL },
	{ "GET", "/api/posts", posts_get, READ, "org.read", NULL, post_list_out_json,
	  "Posts of an organisation with their holders", post_query_json },
	{ "POST", "/api/posts", posts_post, WRITE, "org.write", post_in_json, post_item_json, "Enter a post", NULL },
	{ "POST", "/api/posts/{id}/hold", post_hold_api, WRITE, "org.write", hold_in_json, post_item_json,
	  "Somebody takes a post, from a day on", NULL },
	{ 0 },
};
