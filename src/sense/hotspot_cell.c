/* Cells, the territory, periods: all pure but for the territory. */
#include "sense/hotspot.h"

#include <math.h>

#include "core/region.h"
#include "format/geojson.h"
#include "land/boundary.h"
#include "sense/hotspot_sql.h"

enum { PACK = 24, PLACES = 1 << PACK };

/* ---- cells ---- */

bool cell_parse(str s, struct cell_id *ret)
{
	struct cell_id c;
	str size, col, rest = s;
	bool whole = str_cut(&rest, ':', &size) && str_cut(&rest, ':', &col) && str_to_i64(size, &c.size) && str_to_i64(col, &c.col) &&
		     str_to_i64(rest, &c.row);
	if (!whole || (c.size != CELL_COARSE && c.size != CELL_FINE) || c.col < 0 || c.row < 0 || c.col >= PLACES || c.row >= PLACES)
		return false;
	*ret = c;
	return true;
}

str cell_text(struct arena *a, struct cell_id c)
{
	return arena_printf(a, "%lld:%lld:%lld", (long long)c.size, (long long)c.col, (long long)c.row);
}

int64_t cell_pack(struct cell_id c)
{
	return c.col * PLACES + c.row;
}

struct cell_id cell_unpack(int64_t size, int64_t packed)
{
	return (struct cell_id){ size, packed / PLACES, packed % PLACES };
}

struct cell_id cell_at(double meridian, int64_t size, struct lonlat p)
{
	struct metres m = tm_from_lonlat(meridian, p);
	return (struct cell_id){ size, (int64_t)floor(m.east / (double)size), (int64_t)floor(m.north / (double)size) };
}

static struct lonlat corner(double meridian, struct cell_id c, double dx, double dy)
{
	double s = (double)c.size;
	return tm_to_lonlat(meridian, (struct metres){ ((double)c.col + dx) * s, ((double)c.row + dy) * s });
}

struct lonlat cell_middle(double meridian, struct cell_id c)
{
	return corner(meridian, c, 0.5, 0.5);
}

str cell_outline(struct arena *a, double meridian, struct cell_id c)
{
	struct lonlat sw = corner(meridian, c, 0, 0), se = corner(meridian, c, 1, 0), ne = corner(meridian, c, 1, 1),
		      nw = corner(meridian, c, 0, 1);
	return arena_printf(a, "{\"type\":\"Polygon\",\"coordinates\":[[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]]}",
			    sw.lon, sw.lat, se.lon, se.lat, ne.lon, ne.lat, nw.lon, nw.lat, sw.lon, sw.lat);
}

/* ---- the territory ---- */

err grid_meridian(struct ctx *cx, double *ret)
{
	struct hot_frame_row frame;
	struct hot_box_row box;
	int64_t lo, hi;
	err e = hot_frame(cx->c, cx->a, &(struct hot_frame_params){ cx->app->home_region }, &frame);
	if (e == ERR_OK)
		*ret = frame.meridian;
	if (e != ERR_NOT_FOUND)
		return e;
	region_range(cx->app->home_region, &lo, &hi);
	TRY(hot_box(cx->c, cx->a, &(struct hot_box_params){ lo, hi }, &box));
	if (isnan(box.west))
		return FAIL(&cx->fail, GUARD, "", "err.grid.no_boundary");
	*ret = tm_meridian((box.west + box.east) / 2);
	return ERR_OK;
}

/* Of areas that overlap the one given first holds: the deepest division comes first. */
static err open_zones(struct ctx *cx, const struct hot_areas_rows *rows, struct zones **ret)
{
	struct zone *v = NEW_N(cx->a, struct zone, rows->n + 1);
	size_t n = 0;
	for (int level = REGION_VILLAGE; level >= REGION_PROVINCE; level--)
		for (size_t i = 0; i < rows->n; i++) {
			if ((int)region_level(rows->v[i].code) != level)
				continue;
			struct shape *s = NEW(cx->a, struct shape);
			TRY(geojson_geometry(cx->a, rows->v[i].geometry, "", BOUNDARY_POINTS, s, &cx->fail));
			v[n++] = (struct zone){ rows->v[i].code, s };
		}
	return zones_open(v, n, ret);
}

err territory_open(struct ctx *cx, struct territory *ret)
{
	struct territory t = { 0 };
	struct hot_areas_rows rows;
	TRY(grid_meridian(cx, &t.meridian));
	region_range(cx->app->home_region, &t.lo, &t.hi);
	TRY(hot_areas(cx->c, cx->a, &(struct hot_areas_params){ t.lo, t.hi }, &rows));
	if (!rows.n)
		return FAIL(&cx->fail, GUARD, "", "err.grid.no_boundary");
	TRY(open_zones(cx, &rows, &t.zones));
	*ret = t;
	return ERR_OK;
}

void territory_close(struct territory *t)
{
	zones_close(t->zones);
	t->zones = NULL;
}

int64_t territory_find(const struct territory *t, struct lonlat p)
{
	return lonlat_valid(p) ? zones_find(t->zones, p) : 0;
}

int64_t territory_cell(const struct territory *t, struct cell_id c)
{
	static const double at[][2] = { { 0.5, 0.5 }, { 0, 0 }, { 1, 0 }, { 0, 1 }, { 1, 1 } };
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		int64_t code = territory_find(t, corner(t->meridian, c, at[i][0], at[i][1]));
		if (code)
			return code;
	}
	return 0;
}

/* ---- periods ---- */

/* The Monday of week 1: that of the week with January 4. */
static int64_t first_monday(int year)
{
	int64_t day = date_from_ymd(year, 1, 4);
	return day - date_weekday(day);
}

static int weeks_of(int year)
{
	return (int)((first_monday(year + 1) - first_monday(year)) / 7);
}

bool period_parse(str s, struct period *ret)
{
	int64_t year, number;
	bool week = s.n == 8 && s.p[5] == 'W';
	if ((!week && s.n != 7) || s.p[4] != '-' || !str_to_i64(str_sub(s, 0, 4), &year) ||
	    !str_to_i64(str_sub(s, week ? 6 : 5, s.n), &number) || year < 1990 || year > 2200 || number < 1)
		return false;
	if (number > (week ? weeks_of((int)year) : 12))
		return false;
	*ret = (struct period){ week, (int)year, (int)number };
	return true;
}

str period_text(struct arena *a, struct period p)
{
	return arena_printf(a, p.week ? "%04d-W%02d" : "%04d-%02d", p.year, p.number);
}

struct period period_week_of(int64_t day)
{
	int year, month, d;
	date_to_ymd(day - date_weekday(day) + 3, &year, &month, &d); /* Thursday says the year */
	return (struct period){ true, year, (int)((day - first_monday(year)) / 7) + 1 };
}

struct period period_back(struct period p, int n)
{
	if (p.week)
		return period_week_of(first_monday(p.year) + 7 * ((int64_t)p.number - 1 - n));
	int months = p.year * 12 + p.number - 1 - n;
	return (struct period){ false, months / 12, months % 12 + 1 };
}

bool period_year_ago(struct period p, struct period *ret)
{
	if (p.week && p.number > weeks_of(p.year - 1))
		return false;
	*ret = (struct period){ p.week, p.year - 1, p.number };
	return true;
}

void period_days(struct period p, int64_t *ret_first, int64_t *ret_last)
{
	*ret_first = p.week ? first_monday(p.year) + 7 * ((int64_t)p.number - 1) : date_from_ymd(p.year, p.number, 1);
	*ret_last = *ret_first + (p.week ? 7 : date_month_days(p.year, p.number)) - 1;
}
