/* /api/people, and the duties of posts as text. */
#include "core/app.h"
#include "core/grant.h"
#include "core/org_view.h"
#include "core/region.h"
#include "core/routes.h"

#define DUTIES(F, O, L) F(STRS, duties, REQ, .max = 200)
JSON_STRUCT(duties_kept, DUTIES)
JSON_DEFINE(duties_kept, DUTIES)

str duties_write(struct arena *a, const struct json_strs *duties)
{
	struct buf b = BUF(a);
	struct duties_kept d = { .duties = *duties };
	json_write(&b, duties_kept_json, &d);
	return buf_str(&b);
}

void duties_read(struct arena *a, str json, struct json_strs *ret)
{
	struct duties_kept d;
	*ret = (struct json_strs){ 0 };
	if (json_read(a, json, duties_kept_json, &d, NULL) == ERR_OK)
		*ret = d.duties;
}

#define PERSON_QUERY(F, O, L)                                                                      \
	F(STR, q, OPT, .max = 40)                                                                  \
	F(ID, org, OPT)                                                                            \
	F(ID, id, OPT)                                                                             \
	PAGE_QUERY(F)
JSON_STRUCT(person_query, PERSON_QUERY)
JSON_DEFINE(person_query, PERSON_QUERY)

#define PERSON_LIST(F, O, L) L(person_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(person_list_out, PERSON_LIST)
JSON_DEFINE(person_list_out, PERSON_LIST)

/* A telephone number is not kept: nothing here needs one. */
#define PERSON_IN(F, O, L)                                                                         \
	F(STR, name, REQ, .max = 60)                                                               \
	F(STR, name_en, OPT, .max = 100)                                                           \
	F(STR, phone, OPT, .max = 30)
JSON_STRUCT(person_in, PERSON_IN)
JSON_DEFINE(person_in, PERSON_IN)

/* People who were entered but belong nowhere yet come last, for those who may place them. */
static err add_unplaced(struct req *rq, str q, struct person_list_out *out, size_t room)
{
	struct person_unplaced_rows rows;
	const struct person_unplaced_params p = { .q = q, .max = (int64_t)room };
	if (!room || !cx_in_region(&rq->cx, S("org.write"), rq->cx.app->home_region))
		return ERR_OK;
	TRY(person_unplaced(rq->cx.c, rq->a, &p, &rows));
	for (size_t i = 0; i < rows.n; i++)
		out->items.v[out->items.n++] = (struct person_item){ .id = rows.v[i].id, .name = rows.v[i].name,
								     .name_en = rows.v[i].name_en, .org = JSON_NONE,
								     .org_name = S("") };
	return ERR_OK;
}

/* The smallest region that holds all that the caller may read: the query is bounded by it. */
static bool readable_range(const struct ctx *cx, int64_t *lo, int64_t *hi)
{
	struct db_scope sc = cx_scope(cx, S("org.read"));
	*lo = INT64_MAX;
	*hi = 0;
	for (size_t i = 0; i < sc.n; i++) {
		*lo = sc.v[i].lo < *lo ? sc.v[i].lo : *lo;
		*hi = sc.v[i].hi > *hi ? sc.v[i].hi : *hi;
	}
	return sc.n > 0;
}

static err people_get(struct req *rq)
{
	const struct person_query *q = rq->query;
	int64_t limit = page_limit(q->limit);
	struct person_list_params p = { .org = q->org, .id = q->id, .q = q->q.n ? q->q : (str){ 0 },
					.after = q->after == JSON_NONE ? 0 : q->after, .max = limit + 1 };
	struct person_list_rows rows = { 0 };
	struct person_list_out out = { .total = JSON_NONE };
	struct org_get_row org;
	if (q->org != JSON_NONE)
		TRY(org_visible(rq, q->org, S("org.read"), &org));
	if (readable_range(&rq->cx, &p.lo, &p.hi))
		TRY(person_list(rq->cx.c, rq->a, &p, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	out.items.v = NEW_N(rq->a, struct person_item, (size_t)limit + 1);
	for (size_t i = 0; i < n; i++) {
		const struct person_list_row *r = &rows.v[i];
		if (cx_in_region(&rq->cx, S("org.read"), r->region)) /* the range may span regions of others */
			out.items.v[out.items.n++] = (struct person_item){ .id = r->id, .name = r->name, .name_en = r->name_en,
									   .org = r->org, .org_name = view_str(r->org_name) };
	}
	if (!more && q->org == JSON_NONE && q->id == JSON_NONE)
		TRY(add_unplaced(rq, p.q, &out, (size_t)limit - n));
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

static err people_post(struct req *rq)
{
	const struct person_in *in = rq->body;
	int64_t id;
	if (!cx_in_region(&rq->cx, S("org.write"), rq->cx.app->home_region))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", NULL);
	TRY(person_put(&rq->cx, in->name, in->name_en, &id));
	struct person_item out = { .id = id, .name = in->name, .name_en = view_str(in->name_en), .org = JSON_NONE,
				   .org_name = S("") };
	return reply_created(rq, &out);
}

const struct route person_routes[] = {
	{ "GET", "/api/people", people_get, READ, "org.read", NULL, person_list_out_json,
	  "People by part of the name or by organisation", person_query_json },
	{ "POST", "/api/people", people_post, WRITE, "org.write", person_in_json, person_item_json, "Enter a person", NULL },
	{ 0 },
};
