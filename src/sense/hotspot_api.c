/* Routes: /api/grids. */
#include <math.h>

#include "core/sector.h"
#include "sense/hotspot_parts.h"

enum { LIST_MAX = 500 };

/* ---- what is shown ---- */

#define GRID_SET(F, O, L)                                                                          \
	F(ID, id, REQ)                                                                             \
	F(STR, period, REQ)                                                                        \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	F(STR, item, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	F(STR, source, REQ)                                                                        \
	F(ENUM, method, REQ, .options = "import|idw")                                              \
	F(STR, note, REQ, .max = 300)                                                              \
	F(I64, cells, REQ)                                                                         \
	F(I64, made_ms, REQ)                                                                       \
	F(I64, ver, REQ)
JSON_STRUCT(grid_set, GRID_SET)
JSON_DEFINE(grid_set, GRID_SET)

#define GRID_SETS(F, O, L) L(grid_set, items, REQ, .max = 5000)
JSON_STRUCT(grid_sets, GRID_SETS)
JSON_DEFINE(grid_sets, GRID_SETS)

JSON_DEFINE(grid_patrol, GRID_PATROL)

/* mom, yoy: change as a share against the period before and a year ago; z: Gi*; charts: which say that it rose. */
#define GRID_CELL(F, O, L)                                                                         \
	F(STR, cell, REQ)                                                                          \
	F(STR, region, REQ)                                                                        \
	F(STR, region_name, REQ)                                                                   \
	F(STR, region_name_en, REQ)                                                                \
	F(F64, lon, REQ)                                                                           \
	F(F64, lat, REQ)                                                                           \
	F(F64, value, REQ)                                                                         \
	F(F64, uncertainty, NUL)                                                                   \
	F(I64, n_valid, NUL)                                                                       \
	F(F64, excess, REQ)                                                                        \
	F(F64, mom, NUL)                                                                           \
	F(F64, yoy, NUL)                                                                           \
	F(F64, z, NUL)                                                                             \
	F(BOOL, hot, REQ)                                                                          \
	F(I64, hot_periods, REQ)                                                                   \
	F(BOOL, persistent, REQ)                                                                   \
	F(BOOL, ewma, REQ)                                                                         \
	F(BOOL, cusum, REQ)                                                                        \
	F(BOOL, ranked, REQ)                                                                       \
	O(grid_patrol, patrol, NUL)
JSON_STRUCT(grid_cell_out, GRID_CELL)
JSON_DEFINE(grid_cell_out, GRID_CELL)

#define GRID_HEAD(F)                                                                               \
	F(STR, period, REQ)                                                                        \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, REQ)                                                                           \
	F(STR, item, REQ)                                                                          \
	F(STR, unit, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	F(STR, source, REQ)                                                                        \
	F(F64, background, NUL)                                                                    \
	F(F64, mean, NUL)                                                                          \
	F(I64, total, REQ)                                                                         \
	F(I64, hot, REQ)                                                                           \
	F(I64, history, REQ)                                                                       \
	F(F64, fdr, REQ)
#define GRID_OUT(F, O, L)                                                                          \
	GRID_HEAD(F)                                                                               \
	L(grid_cell_out, items, REQ, .max = 1000000)
JSON_STRUCT(grid_out, GRID_OUT)
JSON_DEFINE(grid_out, GRID_OUT)

#define GRID_FEATURE(F, O, L)                                                                      \
	F(ENUM, type, REQ, .options = "Feature")                                                   \
	F(RAW, geometry, NUL)                                                                      \
	O(grid_cell_out, properties, REQ)
JSON_STRUCT(grid_feature, GRID_FEATURE)
JSON_DEFINE(grid_feature, GRID_FEATURE)

#define GRID_MAP(F, O, L)                                                                          \
	F(ENUM, type, REQ, .options = "FeatureCollection")                                         \
	GRID_HEAD(F)                                                                               \
	L(grid_feature, features, REQ, .max = 1000000)
JSON_STRUCT(grid_map, GRID_MAP)
JSON_DEFINE(grid_map, GRID_MAP)

/* ---- what is asked ---- */

JSON_DEFINE(grid_query, GRID_QUERY)

#define RANK_QUERY(F, O, L)                                                                        \
	GRID_QUERY(F, O, L)                                                                        \
	F(ENUM, list, REQ, .options = HOT_LISTS)                                                   \
	F(I64, top, OPT, .min = 1, .max = LIST_MAX)
JSON_STRUCT(grid_rank_query, RANK_QUERY)
JSON_DEFINE(grid_rank_query, RANK_QUERY)

#define SETS_QUERY(F, O, L)                                                                        \
	F(STR, item, OPT, .max = 20)                                                               \
	F(ENUM, size, OPT, .options = GRID_SIZES)                                                  \
	F(STR, source, OPT, .max = 20)
JSON_STRUCT(grid_sets_query, SETS_QUERY)
JSON_DEFINE(grid_sets_query, SETS_QUERY)

int64_t grid_size_of(str s)
{
	return str_eq(s, S("500")) ? CELL_FINE : str_eq(s, S("3000")) ? CELL_COARSE : 0;
}

struct showing grid_showing(struct ctx *cx)
{
	const struct sector *air = sector_find(cx->app->sectors, S("air"));
	return (struct showing){ .cx = cx, .scope = cx_scope(cx, S("sense.read")), .air = air ? INT64_C(1) << air->bit : 0 };
}

bool grid_seen(const struct showing *s, int64_t region)
{
	return scope_allows(&s->scope, &(struct access_row){ .region = region, .sectors = s->air });
}

static err name_of(struct showing *s, int64_t code, struct region_name *ret)
{
	for (size_t i = 0; i < s->names.n; i++)
		if (s->names.v[i].code == code) {
			*ret = s->names.v[i];
			return ERR_OK;
		}
	TRY(region_name_of(s->cx->c, s->cx->a, code, ret));
	vec_push(s->cx->a, &s->names, *ret);
	return ERR_OK;
}

static str code_of(struct ctx *cx, int64_t code)
{
	return arena_printf(cx->a, "%012lld", (long long)code);
}

struct grid_patrol grid_patrol_view(struct ctx *cx, const struct patrol_list_row *p)
{
	return (struct grid_patrol){
		.id = p->id, .cell = cell_text(cx->a, cell_unpack(p->size, p->cell)), .region = code_of(cx, p->region), .period = p->period,
		.item = p->item, .source = p->source, .list = p->kind, .value = p->value, .matter = p->matter, .matter_no = kept(p->matter_no),
		.state = kept(p->state), .phase = kept(p->phase), .due_ms = p->due_ms, .org = p->org ? p->org : JSON_NONE,
		.org_name = kept(p->org_name), .org_name_en = kept(p->org_name_en), .made_ms = p->made_ms,
		.outcome = p->outcome.n ? p->outcome : (str){ 0 }, .finding = p->finding,
		.found_matter = p->found_matter ? p->found_matter : JSON_NONE, .found_ms = p->found_ms, .ver = p->ver,
	};
}

static err cell_view(struct showing *s, const struct hot_field *f, const struct hot_cell *c, struct grid_cell_out *ret)
{
	struct ctx *cx = s->cx;
	struct region_name name;
	struct cell_id id = cell_unpack(f->key.size, c->cell);
	struct lonlat p = cell_middle(f->meridian, id);
	TRY(name_of(s, c->region, &name));
	*ret = (struct grid_cell_out){
		.cell = cell_text(cx->a, id), .region = code_of(cx, c->region), .region_name = name.name, .region_name_en = name.name_en,
		.lon = round(p.lon * 1e6) / 1e6, .lat = round(p.lat * 1e6) / 1e6, .value = c->value, .uncertainty = c->uncertainty,
		.n_valid = c->n_valid, .excess = c->excess, .mom = c->mom, .yoy = c->yoy, .z = c->z, .hot = c->hot,
		.hot_periods = c->hot_periods, .persistent = c->persistent, .ewma = c->ewma, .cusum = c->cusum, .ranked = c->ranked,
	};
	for (size_t i = 0; i < s->patrols.n; i++)
		if (s->patrols.v[i].cell == c->cell) {
			ret->patrol = NEW(cx->a, struct grid_patrol);
			*ret->patrol = grid_patrol_view(cx, &s->patrols.v[i]);
		}
	return ERR_OK;
}

/* The picture asked for, and the patrols of its period. */
static err look(struct showing *s, const struct grid_query *q, const struct hot_params *hp, struct hot_field *ret, struct hot_item *ret_item)
{
	struct ctx *cx = s->cx;
	struct grid_key key = { q->item, q->source, grid_size_of(q->size) };
	struct period p;
	str kind;
	if (!period_parse(q->period, &p))
		return FAIL(&cx->fail, BAD_FIELD, "?period", "err.grid.period");
	TRY(hot_item_find(cx, q->item, "?item", ret_item));
	TRY(hot_source_find(cx, q->source, "?source", &kind));
	TRY(hot_load(cx, &key, p, hp, ret));
	return patrol_list(cx->c, cx->a, &(struct patrol_list_params){ .size = key.size, .cell = DB_NONE, .period = q->period,
								       .id = DB_NONE, .max = GRID_LOOKED_AT }, &s->patrols);
}

#define FILL_HEAD(out_, q_, l_)                                                                    \
	do {                                                                                       \
		(out_).period = (q_)->period;                                                      \
		period_days((l_).f.period, &(out_).from, &(out_).to);                              \
		(out_).item = (q_)->item;                                                          \
		(out_).unit = (l_).item.unit;                                                      \
		(out_).size = (l_).f.key.size;                                                     \
		(out_).source = (q_)->source;                                                      \
		(out_).background = (l_).f.background;                                             \
		(out_).mean = (l_).f.mean;                                                         \
		(out_).total = (int64_t)(l_).f.n;                                                  \
		(out_).hot = (int64_t)(l_).f.hot;                                                  \
		(out_).history = (int64_t)(l_).f.history;                                          \
		(out_).fdr = (l_).hp.fdr;                                                          \
	} while (0)

err grid_look(struct req *rq, const struct grid_query *q, struct looked *ret)
{
	ret->s = grid_showing(&rq->cx);
	TRY(hot_params_read(&rq->cx, &ret->hp));
	return look(&ret->s, q, &ret->hp, &ret->f, &ret->item);
}

static err grids_get(struct req *rq)
{
	const struct grid_query *q = rq->query;
	struct looked l;
	struct grid_out out = { 0 };
	TRY(grid_look(rq, q, &l));
	FILL_HEAD(out, q, l);
	out.items.v = NEW_N(rq->a, struct grid_cell_out, l.f.n + 1);
	for (size_t i = 0; i < l.f.n; i++)
		if (grid_seen(&l.s, l.f.v[i].region))
			TRY(cell_view(&l.s, &l.f, &l.f.v[i], &out.items.v[out.items.n++]));
	return reply_json(rq, &out);
}

static err map_get(struct req *rq)
{
	const struct grid_query *q = rq->query;
	struct looked l;
	struct grid_map out = { .type = S("FeatureCollection") };
	TRY(grid_look(rq, q, &l));
	FILL_HEAD(out, q, l);
	out.features.v = NEW_N(rq->a, struct grid_feature, l.f.n + 1);
	for (size_t i = 0; i < l.f.n; i++) {
		if (!grid_seen(&l.s, l.f.v[i].region))
			continue;
		struct grid_feature *ft = &out.features.v[out.features.n++];
		*ft = (struct grid_feature){ S("Feature"), cell_outline(rq->a, l.f.meridian, cell_unpack(l.f.key.size, l.f.v[i].cell)),
					     NEW(rq->a, struct grid_cell_out) };
		TRY(cell_view(&l.s, &l.f, &l.f.v[i], ft->properties));
	}
	return reply_json(rq, &out);
}

static struct grid_query plain_query(const struct grid_rank_query *q)
{
	return (struct grid_query){ q->period, q->item, q->size, q->source };
}

static err ranking_get(struct req *rq)
{
	const struct grid_rank_query *q = rq->query;
	struct grid_query plain = plain_query(q);
	struct looked l;
	struct grid_out out = { 0 };
	const struct hot_cell **v;
	enum hot_list list = HOT_MEAN;
	TRY(grid_look(rq, &plain, &l));
	if (!hot_list_parse(q->list, &list))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?list", NULL);
	size_t n = hot_rank(rq->a, &l.f, list, q->top == JSON_NONE ? (size_t)l.hp.top : (size_t)q->top, &v);
	FILL_HEAD(out, q, l);
	out.items.v = NEW_N(rq->a, struct grid_cell_out, n + 1);
	for (size_t i = 0; i < n; i++)
		if (grid_seen(&l.s, v[i]->region))
			TRY(cell_view(&l.s, &l.f, v[i], &out.items.v[out.items.n++]));
	return reply_json(rq, &out);
}

static err periods_get(struct req *rq)
{
	const struct grid_sets_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct hot_sets_rows rows;
	struct grid_sets out = { 0 };
	const struct hot_sets_params p = { cx->app->home_region, q->item.n ? q->item : (str){ 0 }, q->size.n ? grid_size_of(q->size) : DB_NONE,
					   q->source.n ? q->source : (str){ 0 }, 2000 };
	TRY(hot_sets(cx->c, cx->a, &p, &rows));
	out.items.v = NEW_N(rq->a, struct grid_set, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct hot_sets_row *r = &rows.v[i];
		struct grid_set *s = &out.items.v[out.items.n++];
		struct period when;
		*s = (struct grid_set){ .id = r->id, .period = r->period, .item = r->item, .size = r->size, .source = r->source,
					.method = r->method, .note = r->note, .cells = r->cells, .made_ms = r->made_ms, .ver = r->ver };
		if (period_parse(r->period, &when))
			period_days(when, &s->from, &s->to);
	}
	return reply_json(rq, &out);
}

/* ---- one cell ---- */

/* What made an interpolated value: stations with the value they had then, and their share. */
#define CELL_MAKER(F, O, L)                                                                        \
	F(ID, station, REQ)                                                                        \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(F64, value, REQ)                                                                         \
	F(F64, weight, REQ)                                                                        \
	F(F64, metres, REQ)
JSON_STRUCT(grid_cell_maker, CELL_MAKER)
JSON_DEFINE(grid_cell_maker, CELL_MAKER)

#define CELL_VALUE(F, O, L)                                                                        \
	F(STR, period, REQ)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(STR, source, REQ)                                                                        \
	F(ENUM, method, REQ, .options = "import|idw")                                              \
	F(F64, value, REQ)                                                                         \
	F(I64, n_valid, NUL)                                                                       \
	F(F64, uncertainty, NUL)                                                                   \
	L(grid_cell_maker, makers, REQ)
JSON_STRUCT(grid_cell_value, CELL_VALUE)
JSON_DEFINE(grid_cell_value, CELL_VALUE)

#define CELL_OUT(F, O, L)                                                                          \
	F(STR, cell, REQ)                                                                          \
	F(STR, parent, NUL)                                                                        \
	F(STR, region, NUL)                                                                        \
	F(STR, region_name, REQ)                                                                   \
	F(STR, region_name_en, REQ)                                                                \
	F(F64, lon, REQ)                                                                           \
	F(F64, lat, REQ)                                                                           \
	F(RAW, geometry, NUL)                                                                      \
	L(grid_cell_value, values, REQ, .max = 2000)                                               \
	L(grid_patrol, patrols, REQ, .max = 2000)
JSON_STRUCT(grid_cell_page, CELL_OUT)
JSON_DEFINE(grid_cell_page, CELL_OUT)

#define CELL_QUERY(F, O, L)                                                                        \
	F(STR, item, OPT, .max = 20)                                                               \
	F(STR, source, OPT, .max = 20)
JSON_STRUCT(grid_cell_query, CELL_QUERY)
JSON_DEFINE(grid_cell_query, CELL_QUERY)

static err value_view(struct ctx *cx, const struct hot_history_row *r, double meridian, struct cell_id cell, struct grid_cell_value *ret)
{
	struct cell_maker *makers = NULL;
	size_t n = 0;
	struct grid_cell_value v = { .period = r->period, .item = r->item, .source = r->source, .method = r->method, .value = r->value,
				     .n_valid = r->n_valid, .uncertainty = r->uncertainty };
	if (str_eq(r->method, S("idw")))
		TRY(grid_fill_makers(cx, r->id, meridian, cell, &makers, &n));
	v.makers.v = NEW_N(cx->a, struct grid_cell_maker, n + 1);
	for (; v.makers.n < n; v.makers.n++) {
		const struct cell_maker *m = &makers[v.makers.n];
		v.makers.v[v.makers.n] = (struct grid_cell_maker){ m->station, m->name, m->name_en, m->value, m->weight, round(m->metres) };
	}
	*ret = v;
	return ERR_OK;
}

static err cell_get(struct req *rq)
{
	const struct grid_cell_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct showing s = grid_showing(cx);
	struct cell_id id;
	double meridian;
	struct hot_history_rows rows;
	struct region_name name = { .name = S(""), .name_en = S("") };
	if (!cell_parse(rq_param(rq, "cell"), &id))
		return ERR_NOT_FOUND;
	TRY(grid_meridian(cx, &meridian));
	TRY(hot_history(cx->c, cx->a, &(struct hot_history_params){ cell_pack(id), id.size, q->item.n ? q->item : (str){ 0 },
								    q->source.n ? q->source : (str){ 0 } }, &rows));
	TRY(patrol_list(cx->c, cx->a, &(struct patrol_list_params){ id.size, cell_pack(id), (str){ 0 }, DB_NONE, 200 }, &s.patrols));
	int64_t region = rows.n ? rows.v[rows.n - 1].region : s.patrols.n ? s.patrols.v[0].region : 0;
	if (!region || !grid_seen(&s, region))
		return ERR_NOT_FOUND;
	TRY(name_of(&s, region, &name));
	struct lonlat p = cell_middle(meridian, id);
	struct cell_id up = { CELL_COARSE, id.col / 6, id.row / 6 };
	struct grid_cell_page out = { .cell = cell_text(cx->a, id), .parent = id.size == CELL_FINE ? cell_text(cx->a, up) : (str){ 0 },
				      .region = code_of(cx, region), .region_name = name.name, .region_name_en = name.name_en,
				      .lon = p.lon, .lat = p.lat, .geometry = cell_outline(cx->a, meridian, id) };
	out.values.v = NEW_N(cx->a, struct grid_cell_value, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		TRY(value_view(cx, &rows.v[i], meridian, id, &out.values.v[out.values.n++]));
	out.patrols.v = NEW_N(cx->a, struct grid_patrol, s.patrols.n + 1);
	for (size_t i = 0; i < s.patrols.n; i++)
		out.patrols.v[out.patrols.n++] = grid_patrol_view(cx, &s.patrols.v[i]);
	return reply_json(rq, &out);
}

const struct route hotspot_routes[] = {
	{ "GET", "/api/grids", grids_get, READ, "sense.read", NULL, grid_out_json,
	  "Cells of a picture with background, changes, Gi*, persistence and charts", grid_query_json },
	{ "GET", "/api/grids/map", map_get, READ, "sense.read", NULL, grid_map_json, "The same as GeoJSON", grid_query_json },
	{ "GET", "/api/grids/periods", periods_get, READ, "sense.read", NULL, grid_sets_json, "Pictures there are, the newest first",
	  grid_sets_query_json },
	{ "GET", "/api/grids/ranking", ranking_get, READ, "sense.read", NULL, grid_out_json,
	  "The worst cells: mean, year on year, month on month, hot in space", grid_rank_query_json },
	{ "GET", "/api/grids/cells/{cell}", cell_get, READ, "sense.read", NULL, grid_cell_page_json, "One cell: values, patrols and findings",
	  grid_cell_query_json },
	{ 0 },
};
