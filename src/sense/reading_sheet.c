#include "sense/reading_sheet.h"

#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "core/crypto.h"
#include "core/grant.h"
#include "core/region.h"
#include "format/table.h"
#include "sense/station_sql.h"
#include "sense/surface_water.h"

enum { COLUMNS_MAX = 400, ROWS_MAX = 1000000, HEADER_ROWS = 30, MINUTE_MS = 60000 };

enum role { ROLE_NONE, ROLE_TIME, ROLE_STATION, ROLE_STATE, ROLE_ITEM };
struct known_title {
	const char *title;
	enum role role;
};
static const struct known_title known[] = {
	{ "监测时间", ROLE_TIME },   { "时间", ROLE_TIME },	   { "time", ROLE_TIME },	 { "日期", ROLE_TIME },	    { "date", ROLE_TIME },
	{ "断面名称", ROLE_STATION }, { "站点", ROLE_STATION },	   { "站点名称", ROLE_STATION }, { "点位", ROLE_STATION },  { "点位名称", ROLE_STATION },
	{ "station", ROLE_STATION }, { "站点情况", ROLE_STATE },   { "状态", ROLE_STATE },	 { "status", ROLE_STATE },  { "flag", ROLE_STATE },
	{ "标记", ROLE_STATE },
};
/* What the platforms say of a station's state, as a flag. */
static const struct {
	const char *word;
	char flag;
} states[] = {
	{ "正常", 'N' }, { "normal", 'N' }, { "维护", 'M' }, { "校准", 'C' }, { "故障", 'D' }, { "停运", 'F' }, { "不具备运行条件", 'F' },
};

struct sheet_column {
	uint32_t col;
	enum role role;
	str title, item;        /* item "": by its title, when the station is known */
};
struct named_station {
	struct station s;
	struct station_item *items;
	size_t nitems;
	bool unknown;
};
struct reading_in {
	struct ctx *cx;
	struct reading_sheet *s;
	struct table *t;
	enum series_kind kind;
	VEC(struct sheet_column) cols;
	struct map stations;
	uint32_t row;
};

/* ---- times ---- */

static bool number(str *s, int64_t *ret, size_t max)
{
	size_t n = 0;
	while (n < s->n && n < max && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (!n || !str_to_i64(str_sub(*s, 0, n), ret))
		return false;
	*s = str_sub(*s, n, s->n);
	return true;
}

static bool mark(str *s, const char *any)
{
	if (!s->n || !strchr(any, s->p[0]))
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

static bool clock_part(str s, int64_t *ret_ms)
{
	int64_t h = 0, m = 0, sec = 0;
	if (!number(&s, &h, 2) || h > 24)
		return false;
	if (mark(&s, ":") && (!number(&s, &m, 2) || m > 59))
		return false;
	if (mark(&s, ":") && (!number(&s, &sec, 2) || sec > 59))
		return false;
	*ret_ms = ((h * 60 + m) * 60 + sec) * 1000;
	return !s.n;
}

bool reading_time(str s, int64_t now_ms, int64_t *ret_ms)
{
	int64_t y = 0, m, d, at = 0;
	int year, month, day;
	s = str_trim(s);
	if (!number(&s, &y, 4) || !mark(&s, "-/") || !number(&s, &m, 2))
		return false;
	bool whole = y > 31;
	if (whole && (!mark(&s, "-/") || !number(&s, &d, 2)))
		return false;
	if (!whole) {
		d = m;
		m = y;
		date_to_ymd(china_day(now_ms), &year, &month, &day);
		y = year - (m > month || (m == month && d > day));
	}
	if (y < 1900 || y > 2200 || !date_ymd_valid((int)y, (int)m, (int)d))
		return false;
	if (s.n && (!mark(&s, " T") || !clock_part(str_trim(s), &at)))
		return false;
	*ret_ms = china_day_start_ms(date_from_ymd((int)y, (int)m, (int)d)) + at;
	return true;
}

/* ---- titles ---- */

/* "溶解氧(mg/L)" → "溶解氧", wide brackets too. */
static str bare(str title)
{
	static const str open[] = { S("("), S("（"), S("[") };
	str t = str_trim(title);
	for (size_t i = 0; i < COUNT_OF(open); i++) {
		ptrdiff_t at = str_find(t, open[i]);
		if (at > 0)
			t = str_trim(str_sub(t, 0, (size_t)at));
	}
	return t;
}

static enum role role_of(const struct station_kinds *k, str title)
{
	str t = bare(title);
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (str_eq_nocase(t, str_of(known[i].title)))
			return known[i].role;
	if (item_kind_find(k, NULL, t) || str_eq_nocase(t, S("pH")))
		return ROLE_ITEM;
	return ROLE_NONE;
}

/* The item that a mapping gives a title; false when it does not name it. */
static bool mapped(str map, str title, str *ret)
{
	str one;
	while (map.n) {
		bool more = str_cut(&map, ';', &one);
		if (!more) {
			one = map;
			map = S("");
		}
		ptrdiff_t at = str_find_char(one, '=');
		if (at > 0 && str_eq_nocase(bare(str_sub(one, 0, (size_t)at)), bare(title))) {
			*ret = str_trim(str_sub(one, (size_t)at + 1, one.n));
			return true;
		}
	}
	return false;
}

static enum role mapped_role(str item)
{
	return str_eq(item, S("-")) || !item.n ? ROLE_NONE
	     : str_eq(item, S("time"))	      ? ROLE_TIME
	     : str_eq(item, S("station"))     ? ROLE_STATION
	     : str_eq(item, S("state"))	      ? ROLE_STATE
					      : ROLE_ITEM;
}

static void put_pair(struct buf *b, str title, str item)
{
	if (b->n)
		buf_byte(b, ';');
	buf_put(b, bare(title));
	buf_byte(b, '=');
	buf_put(b, item);
}

static void take_columns(struct reading_in *in, const struct table_row *row)
{
	static const str names[] = { [ROLE_TIME] = S("time"), [ROLE_STATION] = S("station"), [ROLE_STATE] = S("state") };
	struct arena *a = in->cx->a;
	struct buf used = BUF(a), ignored = BUF(a);
	for (size_t i = 0; i < row->n && in->cols.n < COLUMNS_MAX; i++) {
		str title = arena_str(a, str_trim(row->cells[i].text)), item = S("");
		struct sheet_column c = { .col = row->cells[i].col, .title = title };
		c.role = mapped(in->s->map, title, &item) ? mapped_role(item) : role_of(in->cx->app->stations, title);
		const struct item_kind *k = item_kind_find(in->cx->app->stations, NULL, bare(title));
		c.item = c.role == ROLE_ITEM ? (item.n ? arena_str(a, item) : k ? k->id : S("ph")) : S("");
		if (c.role == ROLE_NONE && title.n)
			put_pair(&ignored, title, S("-"));
		else if (title.n)
			put_pair(&used, title, c.role == ROLE_ITEM ? c.item : names[c.role]);
		if (c.role != ROLE_NONE)
			vec_push(a, &in->cols, c);
	}
	in->s->used = buf_str(&used);
	in->s->ignored = buf_str(&ignored);
}

static str shape_of(struct arena *a, const struct table_row *row)
{
	struct buf b = BUF(a);
	unsigned char hash[HASH_SIZE];
	for (size_t i = 0; i < row->n; i++) {
		buf_put(&b, str_trim(row->cells[i].text));
		buf_byte(&b, '\n');
	}
	hash_bytes(HASH_SHA256, buf_str(&b), hash);
	return hex_encode(a, (str){ (char *)hash, sizeof hash });
}

static bool has_role(const struct reading_in *in, enum role r)
{
	for (size_t i = 0; i < in->cols.n; i++)
		if (in->cols.v[i].role == r)
			return true;
	return false;
}

/* A mapping of an earlier file of this shape holds unless one was given. */
static err recall(struct reading_in *in)
{
	struct sheet_shape_get_row row;
	struct ctx *cx = in->cx;
	if (in->s->map.n)
		return ERR_OK;
	err e = sheet_shape_get(cx->c, cx->a, &(struct sheet_shape_get_params){ in->s->region, in->s->shape }, &row);
	if (e == ERR_OK) {
		in->s->map = row.map;
		in->s->remembered = true;
		in->s->kind = in->s->kind.n ? in->s->kind : row.kind;
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static str all_titles(struct reading_in *in, const struct table_row *row)
{
	struct buf b = BUF(in->cx->a);
	for (size_t i = 0; i < row->n && i < COLUMNS_MAX; i++)
		if (str_trim(row->cells[i].text).n)
			put_pair(&b, arena_str(in->cx->a, str_trim(row->cells[i].text)), S("-"));
	return buf_str(&b);
}

/* No row looks like a header: the first one is shown as it is, to be named. */
static err show_titles(struct reading_in *in, str ignored)
{
	in->s->used = S("");
	in->s->ignored = ignored;
	return in->s->look && ignored.n ? ERR_OK : FAIL(&in->cx->fail, BAD_INPUT, "", "err.reading.header");
}

static err find_header(struct reading_in *in, bool *ret_found)
{
	struct table_row row;
	str first = S("");
	*ret_found = false;
	struct ctx *cx = in->cx;
	for (int i = 0; i < HEADER_ROWS; i++) {
		TRY(table_next(in->t, &row, &cx->fail));
		if (!row.number)
			break;
		in->cols.n = 0;
		in->s->shape = shape_of(cx->a, &row);
		str before = in->s->map;
		TRY(recall(in));
		take_columns(in, &row);
		*ret_found = has_role(in, ROLE_TIME) && has_role(in, ROLE_ITEM);
		if (*ret_found)
			return ERR_OK;
		in->s->map = before;
		if (!first.n)
			first = all_titles(in, &row);
	}
	return show_titles(in, first);
}

/* ---- rows ---- */

static err bad_cell(struct reading_in *in, uint32_t col, const char *key)
{
	str at = table_address(in->t, in->cx->a, in->row, col);
	return FAIL(&in->cx->fail, BAD_FIELD, arena_printf(in->cx->a, "/rows/%u", in->row).p, key, "cell", arena_cstr(in->cx->a, at));
}

static err load_station(struct reading_in *in, str name, struct named_station *k)
{
	struct ctx *cx = in->cx;
	struct station_named_rows rows;
	struct station_named_params p = { .name = name };
	int64_t id = in->s->station;
	if (name.n) {
		region_range(in->s->region, &p.lo, &p.hi);
		TRY(station_named(cx->c, cx->a, &p, &rows));
		k->unknown = rows.n != 1;
		id = rows.n == 1 ? rows.v[0].id : 0;
	}
	if (k->unknown)
		return ERR_OK;
	err e = cx->who ? station_get(cx, id, &k->s) : station_load(cx, id, &k->s);
	k->unknown = e == ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	TRY(station_may_write(cx, &k->s));
	return station_items(cx, &k->s, &k->items, &k->nitems);
}

static err station_for(struct reading_in *in, str name, struct named_station **ret)
{
	struct named_station *k = map_get(&in->stations, name);
	if (!k) {
		k = NEW(in->cx->a, struct named_station);
		*k = (struct named_station){ 0 };
		TRY(load_station(in, name, k));
		map_put(&in->stations, arena_str(in->cx->a, name), k);
	}
	*ret = k;
	return ERR_OK;
}

static str cell_of(const struct reading_in *in, const struct table_row *row, enum role role, uint32_t *ret_col)
{
	for (size_t i = 0; i < in->cols.n; i++)
		if (in->cols.v[i].role == role) {
			*ret_col = in->cols.v[i].col;
			return str_trim(table_cell(row, in->cols.v[i].col)->text);
		}
	return S("");
}

static char flag_of(str state)
{
	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (str_eq_nocase(state, str_of(states[i].word)))
			return states[i].flag;
	return state.n == 1 && state.p[0] >= 'A' && state.p[0] <= 'Z' ? state.p[0] : ' ';
}

static err take_cells(struct reading_in *in, const struct table_row *row, const struct named_station *k, int64_t at, char flag)
{
	for (size_t i = 0; i < in->cols.n; i++) {
		const struct sheet_column *c = &in->cols.v[i];
		struct decimal v;
		bool bad;
		if (c->role != ROLE_ITEM)
			continue;
		if (!water_value(str_trim(table_cell(row, c->col)->text), &v, &bad)) {
			if (bad)
				return bad_cell(in, c->col, "err.reading.cell_value");
			in->s->missing++;
			continue;
		}
		TRY(reading_batch_add(in->s->batch, in->cx->app->stations, &k->s, k->items, k->nitems, in->kind, at, c->item, SERIES_VALUE, v, flag,
				      &in->cx->fail));
	}
	return ERR_OK;
}

static err take_row(struct reading_in *in, const struct table_row *row)
{
	uint32_t time_col = 0, station_col = 0, state_col = 0;
	str time = cell_of(in, row, ROLE_TIME, &time_col), name = cell_of(in, row, ROLE_STATION, &station_col);
	char flag = flag_of(cell_of(in, row, ROLE_STATE, &state_col));
	struct named_station *k = NULL;
	int64_t at;
	if (!time.n && !name.n)
		return ERR_OK;
	in->s->rows++;
	if (in->s->rows > ROWS_MAX)
		return FAIL(&in->cx->fail, TOO_LARGE, "", "err.too_large");
	if (!name.n && !in->s->station)
		return station_col ? bad_cell(in, station_col, "err.reading.cell_station") : FAIL(&in->cx->fail, BAD_FIELD, "?station", "err.required");
	TRY(station_for(in, name, &k));
	if (k->unknown && in->s->skip_unknown) {
		in->s->skipped++;
		return ERR_OK;
	}
	if (k->unknown)
		return bad_cell(in, station_col, "err.reading.cell_station");
	if (!reading_time(time, in->cx->now_ms, &at) || !reading_time_ok(at, in->cx->now_ms))
		return bad_cell(in, time_col, "err.reading.cell_time");
	return take_cells(in, row, k, at, flag);
}

static err read_rows(struct reading_in *in)
{
	struct table_row row;
	if (!series_kind_parse(in->s->kind.n ? in->s->kind : S("hour"), &in->kind) || in->kind > SERIES_STATE)
		return FAIL(&in->cx->fail, BAD_FIELD, "?kind", "err.series.kind");
	in->s->kind = str_of(series_kind_name(in->kind));
	for (;;) {
		TRY(table_next(in->t, &row, &in->cx->fail));
		if (!row.number)
			break;
		in->row = row.number;
		TRY(take_row(in, &row));
	}
	return reading_batch_size(in->s->batch) || in->s->skipped ? ERR_OK : FAIL(&in->cx->fail, BAD_INPUT, "", "err.reading.none");
}

err reading_sheet_read(struct ctx *cx, str bytes, struct reading_sheet *s)
{
	const struct doc_limits limits = doc_limits_default();
	struct reading_in in = { .cx = cx, .s = s, .stations = MAP(cx->a) };
	AUTO(table_drop) struct table *t = NULL;
	TRY(table_open(cx->a, bytes, &limits, &t, &cx->fail));
	in.t = t;
	s->region = s->region ? s->region : cx->app->home_region;
	s->batch = reading_batch_new(cx->a, cx->app->series, SERIES_FILE, cx->now_ms);
	bool found;
	TRY(find_header(&in, &found));
	return found ? read_rows(&in) : ERR_OK;
}

err reading_sheet_remember(struct ctx *cx, const struct reading_sheet *s)
{
	return sheet_shape_put(cx->c, &(struct sheet_shape_put_params){ s->region, s->shape, s->used, s->kind, cx->now_ms }, NULL);
}
