/* /api/map/matters: matters that have a place, gathered as objects are (land/cluster.h). A mark has the worst of its
 * members' colours; colours are computed for the moment. */
#include <math.h>

#include "core/app.h"
#include "core/grant.h"
#include "core/sector.h"
#include "land/map_view.h"
#include "loop/loop.h"
#include "loop/matter_map_sql.h"
#include "loop/routes.h"

enum { KINDS_MAX = 64 };

#define MAP_MATTER_QUERY(F, O, L)                                                                  \
	MAP_VIEW_QUERY(F)                                                                          \
	F(ENUM, phase, OPT, .options = "open|closed")                                              \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(STR, grade, OPT, .max = 20)                                                              \
	F(STR, sector, OPT, .max = 40)
JSON_STRUCT(map_matter_query, MAP_MATTER_QUERY)
JSON_DEFINE(map_matter_query, MAP_MATTER_QUERY)

/* From when on a deadline is green and until when it is red, by kind: asked once, not for every matter. */
struct kind_spans {
	str kind;
	int64_t red_to_ms, amber_to_ms;
};
struct walking {
	struct ctx *cx;
	struct map_view view;
	bool open;
	struct kind_spans kinds[KINDS_MAX];
	size_t nkinds;
	struct clusters marks;
	int64_t total;
};

static void spans_of(const struct calendar *cal, int64_t now_ms, struct walking *w)
{
	const struct workflow *const *v;
	size_t n = loop_workflows(w->cx->app->loop, &v);
	for (size_t i = 0; i < n && w->nkinds < KINDS_MAX; i++) {
		struct kind_spans s = { .kind = v[i]->kind };
		int64_t from;
		deadline_colour_span(cal, COLOUR_RED, now_ms, v[i]->amber_days, &from, &s.red_to_ms);
		deadline_colour_span(cal, COLOUR_AMBER, now_ms, v[i]->amber_days, &from, &s.amber_to_ms);
		w->kinds[w->nkinds++] = s;
	}
}

static enum colour colour_of(const struct walking *w, str kind, int64_t due_ms)
{
	size_t i = 0;
	while (i < w->nkinds && !str_eq(w->kinds[i].kind, kind))
		i++;
	if (!w->open || i == w->nkinds || due_ms >= NO_DUE_MS)
		return COLOUR_GREY;
	if (due_ms <= w->kinds[i].red_to_ms)
		return COLOUR_RED;
	return due_ms <= w->kinds[i].amber_to_ms ? COLOUR_AMBER : COLOUR_GREEN;
}

static err add_mark(void *arg, const struct matter_map_walk_row *r)
{
	struct walking *w = arg;
	struct lonlat p = { r->lon, r->lat };
	clusters_add(&w->marks, r->id, grid_cell(p), (int)colour_of(w, r->kind, r->due_ms), p);
	w->total++;
	return ERR_OK;
}

static struct map_feature item_feature(struct walking *w, const struct matter_map_items_row *r)
{
	struct arena *a = w->cx->a;
	struct map_props *p = NEW(a, struct map_props);
	*p = (struct map_props){ .count = 1, .id = arena_printf(a, "%lld", (long long)r->id), .name = r->title, .no = r->no,
				 .kind = r->kind, .state = r->state, .grade = r->grade,
				 .colour = str_of(colour_name(colour_of(w, r->kind, r->due_ms))),
				 .due_ms = r->due_ms < NO_DUE_MS ? r->due_ms : JSON_NONE, .west = NAN, .south = NAN, .east = NAN,
				 .north = NAN };
	return (struct map_feature){ .type = S("Feature"), .properties = p,
				     .geometry = map_point(a, (struct lonlat){ r->lon, r->lat }) };
}

static err features_of(struct walking *w, struct map_features *out)
{
	struct arena *a = w->cx->a;
	struct matter_map_items_rows rows;
	int64_t *ids = NEW_N(a, int64_t, w->marks.v.n + 1);
	size_t n = 0;
	out->features.v = NEW_N(a, struct map_feature, w->marks.v.n + 1);
	for (size_t i = 0; i < w->marks.v.n; i++) {
		const struct cluster *c = &w->marks.v.v[i];
		if (c->n == 1) {
			ids[n++] = c->id;
			continue;
		}
		struct map_feature ft = map_cluster_feature(a, c);
		ft.properties->colour = str_of(colour_name((enum colour)c->rank));
		out->features.v[out->features.n++] = ft;
	}
	out->clustered = out->features.n > 0;
	TRY(matter_map_items(w->cx->c, a, &(struct matter_map_items_params){ { ids, n } }, &rows));
	for (size_t i = 0; i < rows.n; i++)
		out->features.v[out->features.n++] = item_feature(w, &rows.v[i]);
	return ERR_OK;
}

static err map_matters_get(struct req *rq)
{
	const struct map_matter_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct walking w = { .cx = cx, .open = !str_eq(q->phase, S("closed")) };
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	struct map_features out = { .type = S("FeatureCollection") };
	struct calendar cal;
	TRY(map_view_of(cx, q->bbox, q->zoom, &w.view));
	TRY(loop_calendar(cx, &cal));
	spans_of(&cal, cx->now_ms, &w);
	struct matter_map_walk_params p = { .phase = w.open ? S("open") : S("closed"), .west = w.view.box.west,
					    .south = w.view.box.south, .east = w.view.box.east, .north = w.view.box.north,
					    .kind = q->kind.n ? q->kind : (str){ 0 }, .grade = q->grade.n ? q->grade : (str){ 0 },
					    .sectors = DB_NONE };
	if (q->sector.n)
		TRY(sector_mask(cx->app->sectors, &(struct json_strs){ (str[]){ q->sector }, 1 }, "?sector", &p.sectors,
				&cx->fail));
	w.marks = clusters_begin(cx->a, w.view.zoom);
	TRY(matter_map_walk(cx->c, &p, &scope, add_mark, &w));
	clusters_end(&w.marks);
	TRY(features_of(&w, &out));
	out.total = w.total;
	return reply_json(rq, &out);
}

const struct route matter_map_routes[] = {
	{ "GET", "/api/map/matters", map_matters_get, READ, "matter.read", NULL, map_features_json,
	  "Matters in a view as GeoJSON: marks that gather many, matters where there is room", map_matter_query_json },
	{ 0 },
};
