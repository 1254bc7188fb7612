/* /api/regions */
#include "core/app.h"
#include "core/region.h"
#include "core/region_sql.h"
#include "core/routes.h"
#include "core/views.h"

enum { FIND_MAX = 50 };

JSON_DEFINE(region_ref, REGION_REF)
JSON_DEFINE(id_out, ID_OUT)
JSON_DEFINE(reason_in, REASON_IN)

#define REGION_QUERY(F, O, L)                                                                      \
	F(STR, parent, OPT, .format = "region")                                                    \
	F(STR, q, OPT, .max = 40)                                                                  \
	F(ID, code, OPT, .format = "region")
JSON_STRUCT(region_query, REGION_QUERY)
JSON_DEFINE(region_query, REGION_QUERY)

#define REGION_ITEM(F, O, L)                                                                       \
	F(ID, code, REQ, .format = "region")                                                       \
	F(I64, level, REQ)                                                                         \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(ID, parent, NUL, .format = "region")                                                     \
	F(I64, children, REQ)
JSON_STRUCT(region_item, REGION_ITEM)
JSON_DEFINE(region_item, REGION_ITEM)

#define REGION_LIST(F, O, L) L(region_item, items, REQ) PAGE_OUT(F)
JSON_STRUCT(region_list_out, REGION_LIST)
JSON_DEFINE(region_list_out, REGION_LIST)

static struct region_item item_of(int64_t code, int64_t level, int64_t parent, str name, str name_en, int64_t children)
{
	return (struct region_item){ .code = code, .level = level, .parent = parent ? parent : JSON_NONE, .name = name,
				     .name_en = name_en, .children = children };
}

static err answer(struct req *rq, struct region_item *v, size_t n)
{
	struct region_list_out out = { .total = (int64_t)n, .total_exact = true };
	out.items.v = v;
	out.items.n = n;
	return reply_json(rq, &out);
}

static err one(struct req *rq, int64_t code)
{
	struct region_get_row r;
	struct region_children_rows kids;
	TRY(region_get(rq->cx.c, rq->a, &(struct region_get_params){ .code = code }, &r));
	const struct region_children_params p = { .parent = code, .today = china_day(rq->cx.now_ms) };
	TRY(region_children(rq->cx.c, rq->a, &p, &kids));
	struct region_item it = item_of(r.code, r.level, r.parent, r.name, r.name_en, (int64_t)kids.n);
	return answer(rq, &it, 1);
}

static err find(struct req *rq, str q)
{
	struct region_find_rows rows;
	const struct region_find_params p = { .q = q, .today = china_day(rq->cx.now_ms), .max = FIND_MAX };
	TRY(region_find(rq->cx.c, rq->a, &p, &rows));
	struct region_item *v = NEW_N(rq->a, struct region_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		v[i] = item_of(rows.v[i].code, rows.v[i].level, rows.v[i].parent, rows.v[i].name, rows.v[i].name_en,
			       rows.v[i].children);
	return answer(rq, v, rows.n);
}

static err children(struct req *rq, int64_t parent)
{
	struct region_children_rows rows;
	const struct region_children_params p = { .parent = parent, .today = china_day(rq->cx.now_ms) };
	TRY(region_children(rq->cx.c, rq->a, &p, &rows));
	struct region_item *v = NEW_N(rq->a, struct region_item, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		v[i] = item_of(rows.v[i].code, rows.v[i].level, rows.v[i].parent, rows.v[i].name, rows.v[i].name_en,
			       rows.v[i].children);
	return answer(rq, v, rows.n);
}

/* Divisions are public knowledge: no scope. */
static err regions_get(struct req *rq)
{
	const struct region_query *q = rq->query;
	int64_t parent = 0;
	if (q->code != JSON_NONE)
		return one(rq, q->code);
	if (q->q.n)
		return find(rq, str_trim(q->q));
	if (q->parent.n && !str_to_i64(q->parent, &parent))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?parent", "err.unknown_region");
	return children(rq, parent);
}

const struct route region_routes[] = {
	{ "GET", "/api/regions", regions_get, READ, "", NULL, region_list_out_json,
	  "Divisions below a parent, by code or by part of the name", region_query_json },
	{ 0 },
};
