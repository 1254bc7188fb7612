/* Hot grids, patrols and fire points of the demo city. */
#include <math.h>

#include "cli/demo_sense.h"
#include "core/grant.h"
#include "sense/firepoint.h"
#include "sense/firepoint_sql.h"
#include "sense/hotspot.h"
#include "sense/hotspot_sql.h"

enum { WEEKS = 9, FINE_WEEKS = 4, MONTHS = 3, FIRST_FIRE_H = 5 * 24 + 3, LAST_FIRE_H = 3 };

static const char patrol_life[] = "0 lead accept;1 lead report text=巡查发现运煤道路抛洒，已责令清扫。 percent=60;3 lead submit text=道路已清扫，增设冲洗平台。 evidence;"
				  "5 verifier pass text=复查属实，该网格浓度回落。 evidence;6 office close text=同意销号。";

struct gridding {
	struct demo_city *city;
	int64_t at_ms;
	int weeks_ago;
	bool found;
	const char *fires;
	int64_t matter;            /* of the patrol that was made last */
	struct fail fail;
};

static err run(struct db_conn *c, struct gridding *g, err (*fn)(struct ctx *cx, struct gridding *g))
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(g->city->h, a, c, g->at_ms);
	cx.who = &g->city->eco;
	err e = fn(&cx, g);
	g->fail = cx.fail;
	return e;
}

/* ---- values of cells ---- */

/* Invented sources in the west and the south: a coking works, a mine, a building site that came up some weeks ago. */
static double value_at(struct lonlat p, int weeks_ago)
{
	static const struct {
		double lon, lat, high, wide;
		int since;
	} sources[] = { { 112.386, 37.868, 34, 0.013, 99 }, { 112.371, 37.845, 20, 0.012, 99 }, { 112.505, 37.833, 26, 0.010, 4 },
			{ 112.532, 37.868, 9, 0.016, 99 } };
	double v = 41 + 5 * sin(weeks_ago * 0.9) - 160 * (p.lat - 37.86);
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		double dx = (p.lon - sources[i].lon) * 0.79 / sources[i].wide, dy = (p.lat - sources[i].lat) / sources[i].wide;
		double grown = sources[i].since < 99 ? 1.0 - 0.18 * weeks_ago : 1;
		v += weeks_ago <= sources[i].since ? sources[i].high * (grown > 0.3 ? grown : 0.3) * exp(-0.5 * (dx * dx + dy * dy)) : 0;
	}
	return v + 2.2 * sin(p.lon * 1900 + weeks_ago * 2.1) * cos(p.lat * 2300 + weeks_ago);
}

static void fill(struct arena *a, const struct territory *t, struct grid_batch *b, int weeks_ago)
{
	struct cell_id sw = cell_at(t->meridian, b->key.size, (struct lonlat){ 112.32, 37.80 }),
		       ne = cell_at(t->meridian, b->key.size, (struct lonlat){ 112.56, 37.94 });
	for (int64_t col = sw.col; col <= ne.col; col++)
		for (int64_t row = sw.row; row <= ne.row; row++) {
			struct cell_id c = { b->key.size, col, row };
			int64_t region = territory_cell(t, c);
			double v = round(value_at(cell_middle(t->meridian, c), weeks_ago) * 10) / 10;
			if (region)
				vec_push(a, &b->cells, (struct grid_input){ region, cell_pack(c), v, round(v * 1.1) / 10, 6 + (col * 7 + row * 3) % 9 });
		}
}

static void add_set(struct ctx *cx, const struct territory *t, struct grid_import *in, struct period p, int64_t size, int weeks_ago)
{
	struct grid_batch b = { .key = { S("pm25"), S("satellite"), size }, .period = p, .method = S("import"), .note = S("虚构数据（示例）") };
	fill(cx->a, t, &b, weeks_ago);
	vec_push(cx->a, &in->sets, b);
}

static struct period last_week(const struct gridding *g, int weeks_ago)
{
	return period_back(period_week_of(china_day(g->city->now_ms)), 1 + weeks_ago);
}

static struct period last_month(const struct gridding *g, int months_ago)
{
	int y, m, d;
	date_to_ymd(china_day(g->city->now_ms), &y, &m, &d);
	return period_back((struct period){ false, y, m }, 1 + months_ago);
}

static err put_values(struct ctx *cx, struct gridding *g)
{
	struct grid_import in = { .note = S("示例城市虚构的网格数据") };
	struct territory t;
	struct period before;
	TRY(territory_open(cx, &t));
	for (int w = WEEKS - 1; w >= 0; w--)
		add_set(cx, &t, &in, last_week(g, w), CELL_COARSE, w);
	for (int w = FINE_WEEKS - 1; w >= 0; w--)
		add_set(cx, &t, &in, last_week(g, w), CELL_FINE, w);
	for (int m = MONTHS - 1; m >= 0; m--)
		add_set(cx, &t, &in, last_month(g, m), CELL_COARSE, 2 + 4 * m);
	for (int w = 1; w >= 0; w--)
		if (period_year_ago(last_week(g, w), &before))
			add_set(cx, &t, &in, before, CELL_COARSE, w + 52);
	territory_close(&t);
	return grid_store(cx, &in);
}

/* ---- patrols ---- */

static err patrol(struct ctx *cx, struct gridding *g)
{
	struct hot_params hp;
	struct hot_field f;
	const struct hot_cell **worst;
	struct patrol_new in = { .key = { S("pm25"), S("satellite"), CELL_COARSE }, .period = last_week(g, g->weeks_ago), .due_day = JSON_NONE,
				 .list = HOT_HOT, .text = S("") };
	struct patrol_row_row made;
	int64_t id;
	TRY(hot_params_read(cx, &hp));
	TRY(hot_load(cx, &in.key, in.period, &hp, &f));
	size_t n = hot_rank(cx->a, &f, HOT_HOT, 3, &worst);
	if (!n)
		n = hot_rank(cx->a, &f, in.list = HOT_MEAN, 3, &worst);
	if (!n)
		return ERR_OK;
	const struct territory t = { .meridian = f.meridian };
	in.cell = worst[0]->cell;
	TRY(patrol_put(cx, &t, &hp, worst[0], &in, &id));
	TRY(patrol_row(cx->c, cx->a, &(struct patrol_row_params){ id }, &made));
	g->matter = made.matter;
	if (!g->found)
		return ERR_OK;
	return patrol_found(cx, id, &(struct patrol_finding){ S("dust"), S("运煤道路抛洒，道路积尘较重，已要求企业当日清扫并加密洒水。"), 0, 1 });
}

/* ---- fires ---- */

static str fire_table(struct ctx *cx, const struct gridding *g)
{
	static const struct {
		double lon, lat, frp;
		const char *trust;
		int minutes;
	} first[] = { { 112.3541, 37.8561, 6.2, "n", 0 }, { 112.3562, 37.8570, 4.1, "n", 0 }, { 112.3549, 37.8552, 5.0, "h", 50 } },
	  last[] = { { 112.4202, 37.8901, 11.4, "h", 0 }, { 112.4229, 37.8912, 8.3, "n", 0 }, { 112.3990, 37.8692, 3.1, "l", 20 } };
	bool is_first = g->fires[0] == 'f';
	struct buf b = BUF(cx->a);
	buf_put(&b, S("latitude,longitude,bright_ti4,acq_date,acq_time,satellite,instrument,confidence,frp\n"));
	for (size_t i = 0; i < COUNT_OF(first); i++) {
		int64_t at = g->at_ms - (int64_t)(40 - (is_first ? first[i].minutes / 5 : last[i].minutes)) * 60000, minute = at / 60000 % 1440;
		char day[11];
		date_format(at / DAY_MS, day); /* FIRMS says its times in UTC */
		buf_printf(&b, "%.4f,%.4f,%.1f,%s,%02d%02d,N20,VIIRS,%s,%.1f\n", is_first ? first[i].lat : last[i].lat,
			   is_first ? first[i].lon : last[i].lon, 331.5 + (double)i * 4, day, (int)(minute / 60), (int)(minute % 60),
			   is_first ? first[i].trust : last[i].trust, is_first ? first[i].frp : last[i].frp);
	}
	return buf_str(&b);
}

static err put_fires(struct ctx *cx, struct gridding *g)
{
	struct fire_import io = { 0 };
	TRY(fire_read(cx, fire_table(cx, g), &io));
	return fire_store(cx, &io);
}

/* Straw was burnt there: what the township said of the first fire. */
static err find_first(struct ctx *cx, struct gridding *g)
{
	struct fire_list_rows rows;
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	(void)g;
	TRY(fire_list(cx->c, cx->a, &(struct fire_list_params){ DB_NONE, INT64_MAX, DB_NONE, DB_NONE, FIRE_HIGH, 1 }, &scope, &rows));
	return rows.n ? fire_found(cx, rows.v[0].id, &(struct fire_finding){ S("farm"), S("村民焚烧秸秆，已现场扑灭并教育。"), rows.v[0].ver })
		      : ERR_OK;
}

#define STEP(name)                                                                                                     \
	static err name##_step(struct db_conn *c, void *arg)                                                           \
	{                                                                                                              \
		return run(c, arg, name);                                                                              \
	}
STEP(put_values)
STEP(patrol)
STEP(put_fires)
STEP(find_first)

static err step(struct gridding *g, err (*fn)(struct db_conn *c, void *arg), int64_t at_ms)
{
	g->at_ms = at_ms;
	err e = db_write(g->city->h->app.db, fn, g, &g->fail);
	if (e != ERR_OK)
		g->city->cli->fail = g->fail;
	return e;
}

err demo_grids(struct demo_city *city)
{
	struct gridding g = { .city = city, .weeks_ago = 2, .found = true, .fires = "first" };
	int64_t now = city->now_ms;
	TRY(step(&g, put_values_step, now - DAY_MS));
	TRY(step(&g, patrol_step, now - 12 * (int64_t)DAY_MS));
	if (g.matter)
		TRY(demo_play(city, g.matter, now - 12 * (int64_t)DAY_MS, 0, str_of(patrol_life), S("")));
	g.weeks_ago = 0;
	g.found = false;
	TRY(step(&g, patrol_step, now - DEMO_HOUR_MS));
	TRY(step(&g, put_fires_step, now - FIRST_FIRE_H * (int64_t)DEMO_HOUR_MS));
	TRY(step(&g, find_first_step, now - (FIRST_FIRE_H - 1) * (int64_t)DEMO_HOUR_MS));
	g.fires = "last";
	return step(&g, put_fires_step, now - LAST_FIRE_H * (int64_t)DEMO_HOUR_MS);
}
