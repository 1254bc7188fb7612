/* Hot grids: equal cells of 3 km or 500 m over the home territory, with values by week or month, lists of the worst, and patrols.
 *
 * A cell is floor(easting / size), floor(northing / size) on the transverse Mercator of the territory (geo/tm.h), written
 * "3000:152:1489"; 6 × 6 cells of 500 m make one of 3 km. Values of different sources (satellite, micro-stations, regulatory
 * stations, models) are kept apart. Lists, hot spots and charts are computed when asked for, by the parameters of catalog/hotspot. */
#ifndef BH_SENSE_HOTSPOT_H
#define BH_SENSE_HOTSPOT_H

#include "base/vec.h"
#include "core/app.h"
#include "core/canon.h"
#include "geo/tm.h"
#include "geo/zone.h"
#include "http/http.h"
#include "num/idw.h"

/* ---- cells ---- */

enum { CELL_COARSE = 3000, CELL_FINE = 500 };
struct cell_id {
	int64_t size, col, row;
};
bool cell_parse(str s, struct cell_id *ret) MUST_USE;       /* known sizes, 0 <= col, row < 2^24 */
str cell_text(struct arena *a, struct cell_id c);
int64_t cell_pack(struct cell_id c);                        /* column * 2^24 + row */
struct cell_id cell_unpack(int64_t size, int64_t packed);
struct cell_id cell_at(double meridian, int64_t size, struct lonlat p);
struct lonlat cell_middle(double meridian, struct cell_id c);
str cell_outline(struct arena *a, double meridian, struct cell_id c); /* GeoJSON polygon */

/* The home territory: its grid, and who holds a place. Has one owner, who closes it. */
struct territory {
	double meridian;
	int64_t lo, hi;
	struct zones *zones;         /* deepest divisions first */
};
/* ERR_GUARD (err.grid.no_boundary) when no boundary of the home territory is stored. */
err territory_open(struct ctx *cx, struct territory *ret) MUST_USE;
void territory_close(struct territory *t);
/* The meridian alone: of the stored frame, else of the boundaries. */
err grid_meridian(struct ctx *cx, double *ret) MUST_USE;
int64_t territory_find(const struct territory *t, struct lonlat p);          /* 0: outside */
/* The division that holds the middle, else the first corner that lies inside; 0 when all of it lies outside. */
int64_t territory_cell(const struct territory *t, struct cell_id c);

/* ---- periods ---- */

struct period {
	bool week;
	int year, number;            /* month 1…12, ISO week 1…53 */
};
bool period_parse(str s, struct period *ret) MUST_USE;      /* 2026-10, 2026-W44 */
str period_text(struct arena *a, struct period p);
struct period period_back(struct period p, int n);
bool period_year_ago(struct period p, struct period *ret) MUST_USE; /* false: that year had no week 53 */
void period_days(struct period p, int64_t *ret_first, int64_t *ret_last);
/* ISO 8601 week of a day. */
struct period period_week_of(int64_t day);

/* ---- what the catalog says ---- */

struct hot_params {
	double background, radius, fdr, persistence, ewma_lambda, ewma_width, cusum_k, cusum_h, chart_min, min_valid, top, patrol_days;
	double idw_power, idw_radius, idw_min, idw_days, fill_wait;
	double fire_distance, fire_hours, fire_confidence, fire_minutes, fire_age, modis_nominal, modis_high;
};
err hot_params_read(struct ctx *cx, struct hot_params *ret) MUST_USE;
struct hot_item {
	str id, zh, en, unit;
	double max;
};
/* ERR_BAD_FIELD at `pointer` for an unknown one. */
err hot_item_find(struct ctx *cx, str id, const char *pointer, struct hot_item *ret) MUST_USE;
err hot_source_find(struct ctx *cx, str id, const char *pointer, str *ret_station_kind) MUST_USE;
/* An outcome of a patrol or of a fire check; *ret_fire: it is a fire that goes on as an incident. */
err hot_outcome_find(struct ctx *cx, str kind, str id, bool *ret_fire) MUST_USE;

/* ---- values ---- */

struct grid_key {
	str item, source;
	int64_t size;
};
struct grid_fault {
	int64_t row;                 /* of the file */
	str column;
	struct fail fail;
};
struct grid_input {
	int64_t region, cell;
	double value, uncertainty;   /* NaN: not said */
	int64_t n_valid;             /* DB_NONE: not said */
};
struct grid_batch {
	struct grid_key key;
	struct period period;
	str method, note;
	VEC(struct grid_input) cells;
};
struct grid_import {
	struct grid_key key;         /* for rows that do not say it; size 0 or empty: they must */
	str period, note;
	VEC(struct grid_batch) sets;
	VEC(struct grid_fault) faults;
	int64_t rows;
};
enum { GRID_FAULTS_MAX = 200, GRID_ROWS_MAX = 2000000, GRID_SETS_MAX = 200 };
/* Reads a table (CSV or workbook): cell, or lon and lat; value; n_valid, uncertainty, source, period, item where they differ.
 * Points of one cell are averaged by their number of observations; a cell given twice by its number is a fault. */
err grid_read(struct ctx *cx, str bytes, struct grid_import *io) MUST_USE;
/* Puts every set in place of the one there was, with one event. Inside a write transaction. */
err grid_store(struct ctx *cx, const struct grid_import *in) MUST_USE;

/* One set in place of the one there was; a member of the open list of `c`. Gives its id. */
err grid_store_set(struct ctx *cx, const struct grid_batch *b, struct canon *c, int64_t *ret_id) MUST_USE;
str grid_values_hash(struct ctx *cx, const struct grid_batch *sets, size_t n);

/* ---- values from stations ---- */

struct fill_station {
	int64_t id;
	str name, name_en;
	struct lonlat at;
	double value;                /* mean of its valid days */
	int64_t days;                /* that are valid */
	double estimate;             /* by the others; NaN where they are too few */
	const char *why;             /* message key why it was left out; NULL: it was not */
};
struct grid_fill {
	struct grid_batch batch;
	double meridian;
	struct idw_rule rule;
	struct idw_errors errors;
	int64_t days_needed;
	VEC(struct fill_station) stations; /* those that were used first */
	size_t used;
};
/* Cells from the stations of a source over a period: daily values by the counting rules, their mean, inverse distance
 * (catalog/hotspot). A cell has a value only where enough stations are within reach. */
err grid_fill_make(struct ctx *cx, const struct grid_key *key, struct period p, struct grid_fill *ret) MUST_USE;
/* Puts it in place of the set there was; the event keeps the stations with their values, so that each cell can say what made it. */
err grid_fill_store(struct ctx *cx, const struct grid_fill *f, int64_t *ret_id) MUST_USE;

/* Sources, items and sizes that the setting grid-fill names; ERR_BAD_INPUT for one that cannot be read. */
err grid_plans_read(struct arena *a, str text, struct grid_key **ret, size_t *ret_n, struct fail *f) MUST_USE;
/* Makes what the plans name of the last week and month that have ended, where it is not there yet. */
err grid_fill_due(const struct app *app, size_t *ret_made, struct fail *f) MUST_USE;

struct cell_maker {
	int64_t station;
	str name, name_en;
	double value, weight, metres;
};
/* What made a cell of a set that was interpolated, the weightiest first. */
err grid_fill_makers(struct ctx *cx, int64_t set, double meridian, struct cell_id cell, struct cell_maker **ret, size_t *ret_n) MUST_USE;

/* ---- lists ---- */

enum { HOT_BACK = 12, HOT_YEAR = HOT_BACK + 1, HOT_FIELDS, HOT_RASTER_MAX = 1000000 };
struct hot_cell {
	int64_t cell, region;
	double value, uncertainty, excess, mom, yoy, z; /* mom and yoy: change as a share; NaN where unknown */
	int64_t n_valid;
	int hot_periods;             /* of this one and the two before */
	bool hot, persistent, ewma, cusum, ranked;
};
struct hot_field {
	struct period period;
	struct grid_key key;
	double meridian, background, mean;
	size_t n, hot, history;      /* cells; hot ones; earlier periods that are there */
	struct hot_cell *v;          /* by cell */
};
/* Everything about a picture. ERR_NOT_FOUND when there is none. ERR_TOO_LARGE beyond HOT_RASTER_MAX. */
err hot_load(struct ctx *cx, const struct grid_key *key, struct period p, const struct hot_params *hp, struct hot_field *ret) MUST_USE;

#define HOT_LISTS "mean|yoy|mom|hot"
enum hot_list { HOT_MEAN, HOT_YOY, HOT_MOM, HOT_HOT };
bool hot_list_parse(str s, enum hot_list *ret) MUST_USE;
/* The worst of a field, worst first; those with too few observations, or that fell, are left out. */
size_t hot_rank(struct arena *a, const struct hot_field *f, enum hot_list list, size_t top, const struct hot_cell ***ret);

/* ---- patrols ---- */

struct patrol_new {
	struct grid_key key;
	struct period period;
	int64_t cell;
	int64_t due_day;             /* JSON_NONE: by the catalog */
	enum hot_list list;
	str text;
};
/* Sends the township to a cell: a task and its record. ERR_CONFLICT when somebody was sent there for that period already. */
err patrol_put(struct ctx *cx, const struct territory *t, const struct hot_params *hp, const struct hot_cell *c, const struct patrol_new *in,
	       int64_t *ret_id) MUST_USE;
struct patrol_finding {
	str outcome, text;
	int64_t matter;              /* 0: none */
	int64_t ver;
};
err patrol_found(struct ctx *cx, int64_t id, const struct patrol_finding *in) MUST_USE;

/* Who is to look at a place: the township, else the sector's regulator, else the caller's own organisation; *ret_also the
 * regulator beside the township, 0 none. */
err field_duty(struct ctx *cx, int64_t region, int64_t sectors, int64_t *ret_lead, int64_t *ret_also) MUST_USE;

extern const struct route hotspot_routes[], hotspot_in_routes[], hotspot_due_routes[], hotspot_patrol_routes[];

#endif
