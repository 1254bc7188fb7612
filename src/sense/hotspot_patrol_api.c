/* Routes: /api/grids/patrols, /api/grids/{cell}/patrol. */
#include "sense/hotspot_parts.h"

#define GRID_PATROLS(F, O, L) L(grid_patrol, items, REQ, .max = 2000)
JSON_STRUCT(grid_patrols, GRID_PATROLS)
JSON_DEFINE(grid_patrols, GRID_PATROLS)

#define PATROL_IN(F, O, L)                                                                         \
	F(STR, period, REQ, .max = 10)                                                             \
	F(STR, item, REQ, .max = 20)                                                               \
	F(STR, source, REQ, .max = 20)                                                             \
	F(ENUM, list, OPT, .options = HOT_LISTS)                                                   \
	F(DATE, due, OPT)                                                                          \
	F(STR, text, OPT, .max = 2000)
JSON_STRUCT(grid_patrol_in, PATROL_IN)
JSON_DEFINE(grid_patrol_in, PATROL_IN)

#define PATROLS_IN(F, O, L)                                                                        \
	F(STR, period, REQ, .max = 10)                                                             \
	F(STR, item, REQ, .max = 20)                                                               \
	F(ENUM, size, REQ, .options = GRID_SIZES)                                                  \
	F(STR, source, REQ, .max = 20)                                                             \
	F(ENUM, list, REQ, .options = HOT_LISTS)                                                   \
	F(I64, top, OPT, .min = 1, .max = 100)                                                     \
	F(DATE, due, OPT)                                                                          \
	F(STR, text, OPT, .max = 2000)
JSON_STRUCT(grid_patrols_in, PATROLS_IN)
JSON_DEFINE(grid_patrols_in, PATROLS_IN)

#define PATROLS_OUT(F, O, L)                                                                       \
	L(grid_patrol, items, REQ, .max = 100)                                                     \
	F(I64, had, REQ)
JSON_STRUCT(grid_patrols_out, PATROLS_OUT)
JSON_DEFINE(grid_patrols_out, PATROLS_OUT)

static err patrol_shown(struct req *rq, int64_t id, struct grid_patrol *ret)
{
	struct patrol_list_rows rows;
	TRY(patrol_list(rq->cx.c, rq->a, &(struct patrol_list_params){ DB_NONE, DB_NONE, (str){ 0 }, id, 1 }, &rows));
	if (!rows.n)
		return ERR_NOT_FOUND;
	*ret = grid_patrol_view(&rq->cx, &rows.v[0]);
	return ERR_OK;
}

static bool patrolled(const struct looked *l, int64_t cell)
{
	for (size_t i = 0; i < l->s.patrols.n; i++)
		if (l->s.patrols.v[i].cell == cell)
			return true;
	return false;
}

static err patrol_post(struct req *rq)
{
	const struct grid_patrol_in *in = rq->body;
	struct cell_id id;
	struct looked l;
	struct grid_patrol out;
	int64_t patrol;
	if (!cell_parse(rq_param(rq, "cell"), &id))
		return ERR_NOT_FOUND;
	struct grid_query q = { in->period, in->item, id.size == CELL_FINE ? S("500") : S("3000"), in->source };
	TRY(grid_look(rq, &q, &l));
	struct patrol_new n = { .key = l.f.key, .period = l.f.period, .cell = cell_pack(id), .due_day = in->due, .text = in->text };
	if (in->list.n && !hot_list_parse(in->list, &n.list))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/list", NULL);
	const struct hot_cell *c = NULL;
	for (size_t i = 0; i < l.f.n; i++)
		if (l.f.v[i].cell == n.cell && grid_seen(&l.s, l.f.v[i].region))
			c = &l.f.v[i];
	if (!c)
		return FAIL(&rq->cx.fail, NOT_FOUND, "/cell", "err.grid.no_value");
	struct territory t = { .meridian = l.f.meridian };
	TRY(patrol_put(&rq->cx, &t, &l.hp, c, &n, &patrol));
	TRY(patrol_shown(rq, patrol, &out));
	return reply_created(rq, &out);
}

static err patrols_post(struct req *rq)
{
	const struct grid_patrols_in *in = rq->body;
	struct grid_query q = { in->period, in->item, in->size, in->source };
	struct looked l;
	struct grid_patrols_out out = { 0 };
	const struct hot_cell **v;
	TRY(grid_look(rq, &q, &l));
	struct patrol_new n = { .key = l.f.key, .period = l.f.period, .due_day = in->due, .text = in->text };
	if (!hot_list_parse(in->list, &n.list))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/list", NULL);
	size_t count = hot_rank(rq->a, &l.f, n.list, in->top == JSON_NONE ? (size_t)l.hp.top : (size_t)in->top, &v);
	struct territory t = { .meridian = l.f.meridian };
	out.items.v = NEW_N(rq->a, struct grid_patrol, count + 1);
	for (size_t i = 0; i < count; i++) {
		int64_t id;
		if (!grid_seen(&l.s, v[i]->region))
			continue;
		if (patrolled(&l, v[i]->cell)) {
			out.had++;
			continue;
		}
		n.cell = v[i]->cell;
		TRY(patrol_put(&rq->cx, &t, &l.hp, v[i], &n, &id));
		TRY(patrol_shown(rq, id, &out.items.v[out.items.n++]));
	}
	return reply_created(rq, &out);
}

#define PATROL_QUERY(F, O, L)                                                                      \
	F(STR, period, OPT, .max = 10)                                                             \
	F(ENUM, size, OPT, .options = GRID_SIZES)
JSON_STRUCT(grid_patrol_query, PATROL_QUERY)
JSON_DEFINE(grid_patrol_query, PATROL_QUERY)

static err patrols_get(struct req *rq)
{
	const struct grid_patrol_query *q = rq->query;
	struct showing s = grid_showing(&rq->cx);
	struct grid_patrols out = { 0 };
	TRY(patrol_list(rq->cx.c, rq->a, &(struct patrol_list_params){ q->size.n ? grid_size_of(q->size) : DB_NONE, DB_NONE,
								       q->period.n ? q->period : (str){ 0 }, DB_NONE, GRID_LOOKED_AT },
			&s.patrols));
	out.items.v = NEW_N(rq->a, struct grid_patrol, s.patrols.n + 1);
	for (size_t i = 0; i < s.patrols.n; i++)
		if (grid_seen(&s, s.patrols.v[i].region))
			out.items.v[out.items.n++] = grid_patrol_view(&rq->cx, &s.patrols.v[i]);
	return reply_json(rq, &out);
}

#define FINDING_IN(F, O, L)                                                                        \
	F(STR, outcome, REQ, .max = 40)                                                            \
	F(STR, text, OPT, .max = 4000)                                                             \
	F(ID, matter, OPT)                                                                         \
	F(I64, ver, REQ)
JSON_STRUCT(grid_finding_in, FINDING_IN)
JSON_DEFINE(grid_finding_in, FINDING_IN)

static err finding_post(struct req *rq)
{
	const struct grid_finding_in *in = rq->body;
	struct grid_patrol out;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(patrol_found(&rq->cx, id, &(struct patrol_finding){ in->outcome, kept(in->text), in->matter == JSON_NONE ? 0 : in->matter,
								in->ver }));
	TRY(patrol_shown(rq, id, &out));
	return reply_json(rq, &out);
}

const struct route hotspot_patrol_routes[] = {
	{ "GET", "/api/grids/patrols", patrols_get, READ, "sense.read", NULL, grid_patrols_json, "Patrols of hot cells", grid_patrol_query_json },
	{ "POST", "/api/grids/patrols", patrols_post, WRITE, "matter.create", grid_patrols_in_json, grid_patrols_out_json,
	  "Patrols for every cell of a list; those sent for already are left out" },
	{ "POST", "/api/grids/{cell}/patrol", patrol_post, WRITE, "matter.create", grid_patrol_in_json, grid_patrol_json,
	  "A patrol to one cell, once a period" },
	{ "POST", "/api/grids/patrols/{id}/finding", finding_post, WRITE, "matter.act", grid_finding_in_json, grid_patrol_json,
	  "What a patrol found, or nothing" },
	{ 0 },
};
