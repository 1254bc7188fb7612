/* Objects on their way in: columns found by their titles, every value checked, every fault with its cell. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "core/principal.h"
#include "core/region.h"
#include "core/sector.h"
#include "land/boundary.h"
#include "land/object_sheet.h"

enum { COLUMNS_MAX = 320, TITLES_MAX = 12 };

struct sheet_value {
	str text;
	str name;                      /* of the feature's member that it came from */
};
struct reading {
	struct ctx *cx;
	struct object_import *io;
	const struct object_type *only; /* of a file whose type is given */
	struct table_column columns[COLUMNS_MAX]; /* the fixed ones, then attributes by title */
	const char **titles[COLUMNS_MAX];         /* of the attributes' */
	size_t n;
	int64_t row;
	struct sheet_value v[COLUMNS_MAX]; /* of the row at hand */
	bool bad;                      /* of this row */
	VEC(struct object_import_row) rows;
	struct map regions, owners;    /* names met: a file repeats few of them often */
	struct map numbers;            /* region, type and number of the rows so far */
};

static void wrong(struct reading *r, size_t col, const char *key, str name)
{
	str cell = objects_cell(r->cx->a, r->io, col, r->row, r->v[col].name);
	objects_wrong(r->cx, r->io, &(struct object_import_error){ .cell = cell, .row = r->row, .key = key, .name = name });
	r->bad = true;
}

/* ---- columns ---- */

static size_t column_titled(struct reading *r, str title)
{
	for (size_t c = OBJECT_COLUMN_COUNT; c < r->n; c++)
		if (str_eq(str_of(r->columns[c].titles[0]), title))
			return c;
	return SIZE_MAX;
}

static void add_title(const char **titles, const char *title)
{
	size_t n = 0;
	while (titles[n] && strcmp(titles[n], title) != 0)
		n++;
	if (n < TITLES_MAX)
		titles[n] = title;
}

/* A column has one title in Chinese, and the other names of every attribute that is called so. */
static void add_attr(struct reading *r, const struct object_attr *at)
{
	struct arena *a = r->cx->a;
	size_t col = column_titled(r, at->zh);
	if (col == SIZE_MAX) {
		if (r->n == COLUMNS_MAX)
			return;
		col = r->n++;
		r->titles[col] = NEW_N(a, const char *, TITLES_MAX + 1);
		r->columns[col] = (struct table_column){ .titles = r->titles[col] };
	}
	add_title(r->titles[col], arena_cstr(a, at->zh));
	add_title(r->titles[col], arena_cstr(a, at->en));
	add_title(r->titles[col], arena_cstr(a, at->name));
}

/* Attributes of the one type, or of all types; those that are called the same share a column. */
static void prepare(struct reading *r)
{
	const struct object_types *t = r->cx->app->objects;
	for (int c = 0; c < OBJECT_COLUMN_COUNT; c++)
		r->columns[r->n++] = (struct table_column){ object_column_titles((enum object_column)c), c == OBJECT_NAME };
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; (!r->only || r->only == &t->v[i]) && k < t->v[i].nattrs; k++)
			add_attr(r, &t->v[i].attrs[k]);
}

/* ---- values ---- */

static str text_of(struct reading *r, size_t col)
{
	return r->v[col].text;
}

static void read_type(struct reading *r, struct object_import_row *row)
{
	str name = text_of(r, OBJECT_TYPE);
	row->type = name.n ? object_type_named(r->cx->app->objects, name) : r->only;
	if (!row->type)
		wrong(r, OBJECT_TYPE, name.n ? "err.objects.type" : "err.objects.no_type", name);
	else
		row->in.type = row->type->id;
}

struct known {
	int64_t id;
};

static err region_named(struct reading *r, str name, int64_t *ret)
{
	struct ctx *cx = r->cx;
	int64_t lo, hi, home = cx->who && cx->who->org_region ? cx->who->org_region : cx->app->home_region;
	struct object_region_named_rows rows;
	struct known *k = map_get(&r->regions, name);
	if (k) {
		*ret = k->id;
		return ERR_OK;
	}
	region_range(region_up(home, REGION_COUNTY), &lo, &hi);
	TRY(object_region_named(cx->c, cx->a, &(struct object_region_named_params){ name, lo, hi }, &rows));
	if (!rows.n)
		TRY(object_region_named(cx->c, cx->a, &(struct object_region_named_params){ name, 0, REGION_MAX }, &rows));
	k = NEW(cx->a, struct known);
	k->id = rows.n == 1 ? rows.v[0].code : 0;
	map_put(&r->regions, name, k);
	*ret = k->id;
	return ERR_OK;
}

/* By code, by name, or by the place where boundaries are known. */
static err read_region(struct reading *r, struct object_import_row *row)
{
	str code = text_of(r, OBJECT_CODE), name = text_of(r, OBJECT_REGION);
	int64_t lo, hi;
	if (code.n) {
		if (!str_to_i64(code, &row->in.region) || code.n != 12 || !region_valid(row->in.region))
			wrong(r, OBJECT_CODE, "err.objects.region", code);
		return ERR_OK;
	}
	if (name.n) {
		TRY(region_named(r, name, &row->in.region));
		if (!row->in.region)
			wrong(r, OBJECT_REGION, "err.objects.region", name);
		return ERR_OK;
	}
	region_range(r->cx->app->home_region, &lo, &hi);
	if (!isnan(row->in.lat))
		TRY(boundary_find(r->cx, lo, hi, (struct lonlat){ row->in.lon, row->in.lat }, &row->in.region));
	if (!row->in.region)
		wrong(r, OBJECT_REGION, "err.objects.no_region", S(""));
	return ERR_OK;
}

static err read_owner(struct reading *r, struct object_import_row *row)
{
	struct ctx *cx = r->cx;
	str name = text_of(r, OBJECT_OWNER);
	struct object_org_named_rows rows;
	struct known *k = name.n ? map_get(&r->owners, name) : NULL;
	if (!name.n)
		return ERR_OK;
	if (!k) {
		const struct object_org_named_params p = { name, row->in.region, china_day(cx->now_ms) };
		TRY(object_org_named(cx->c, cx->a, &p, &rows));
		k = NEW(cx->a, struct known);
		k->id = rows.n ? rows.v[0].id : 0;
		map_put(&r->owners, name, k);
	}
	row->in.owner = k->id;
	if (!k->id)
		wrong(r, OBJECT_OWNER, "err.sheet.org", name);
	return ERR_OK;
}

/* The next piece between marks; false at the end. */
static bool next_piece(str *rest, const str *marks, size_t nmarks, str *ret)
{
	while (rest->n) {
		size_t end = rest->n, skip = 0;
		for (size_t i = 0; i < nmarks; i++) {
			ptrdiff_t at = str_find(*rest, marks[i]);
			if (at >= 0 && (size_t)at < end) {
				end = (size_t)at;
				skip = marks[i].n;
			}
		}
		*ret = str_trim(str_sub(*rest, 0, end));
		*rest = str_sub(*rest, end + skip, rest->n);
		if (ret->n)
			return true;
	}
	return false;
}

static bool add_sector(struct reading *r, str name, struct object_import_row *row)
{
	const struct sector_table *t = r->cx->app->sectors;
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(name, t->v[i].zh) || str_eq_nocase(name, t->v[i].en) || str_eq(name, t->v[i].id)) {
			row->in.sectors |= INT64_C(1) << t->v[i].bit;
			return true;
		}
	return false;
}

/* Semicolons part fields, whose names may hold other marks; other tables part them by any mark. */
static void read_sectors(struct reading *r, struct object_import_row *row)
{
	static const str outer[] = { S("；"), S(";"), S("\n") }, inner[] = { S("，"), S(","), S("、") };
	str rest = text_of(r, OBJECT_SECTORS), piece, name;
	while (next_piece(&rest, outer, COUNT_OF(outer), &piece)) {
		if (add_sector(r, piece, row))
			continue;
		while (next_piece(&piece, inner, COUNT_OF(inner), &name))
			if (!add_sector(r, name, row))
				wrong(r, OBJECT_SECTORS, "err.sheet.sector", name);
	}
}

/* "红", "红色", "重大风险", "red", "一级": what offices write for a colour. */
static void read_risk(struct reading *r, struct object_import_row *row)
{
	static const struct {
		str zh, grade, id;
	} words[] = { { S("红"), S("重大"), S("red") }, { S("橙"), S("较大"), S("orange") }, { S("黄"), S("一般"), S("yellow") },
		      { S("蓝"), S("低"), S("blue") } };
	const struct object_types *t = r->cx->app->objects;
	str text = text_of(r, OBJECT_RISK);
	for (size_t i = 0; text.n && i < t->nrisks; i++)
		if (str_eq(text, t->risks[i].zh) || str_eq_nocase(text, t->risks[i].en) || str_eq_nocase(text, t->risks[i].id))
			row->in.risk = t->risks[i].id;
	for (size_t i = 0; text.n && !row->in.risk.n && i < COUNT_OF(words); i++)
		if (str_starts(text, words[i].zh) || str_starts(text, words[i].grade))
			row->in.risk = words[i].id;
	if (text.n && !row->in.risk.n)
		wrong(r, OBJECT_RISK, "err.objects.risk", text);
}

static void read_level(struct reading *r, struct object_import_row *row)
{
	static const str words[][5] = { { S("省级"), S("市级"), S("县级"), S("乡镇级"), S("村级") },
					{ S("省"), S("市"), S("区"), S("街道"), S("村") },
					{ S("省"), S("地市级"), S("区级"), S("乡镇"), S("社区") },
					{ S("Province"), S("City"), S("County"), S("Township"), S("Village") },
					{ S("1"), S("2"), S("3"), S("4"), S("5") } };
	str text = text_of(r, OBJECT_LEVEL);
	for (size_t i = 0; text.n && i < COUNT_OF(words); i++)
		for (int k = 0; k < 5; k++)
			if (str_eq_nocase(text, words[i][k]))
				row->in.level = k + 1;
	if (text.n && !row->in.level)
		wrong(r, OBJECT_LEVEL, "err.objects.level", text);
}

static void read_day(struct reading *r, size_t col, int64_t *ret)
{
	str text = text_of(r, col);
	*ret = DB_NONE;
	if (text.n && !table_date(text, ret))
		wrong(r, col, "err.sheet.date", text);
}

/* ---- the place ---- */

static bool read_degrees(struct reading *r, size_t col, double limit, double *ret)
{
	str text = text_of(r, col);
	*ret = NAN;
	if (!text.n)
		return true;
	if (str_to_f64(text, ret) && fabs(*ret) <= limit)
		return true;
	wrong(r, col, "err.objects.degrees", text);
	return false;
}

static void convert(struct reading *r, struct object_import_row *row)
{
	bool shifted = r->io->crs == CRS_GCJ02 || r->io->crs == CRS_BD09;
	if (row->shape)
		shape_convert(row->shape, r->io->crs);
	struct lonlat p = wgs84_from(r->io->crs, (struct lonlat){ row->in.lon, row->in.lat });
	if (!isnan(row->in.lat)) {
		row->in.lon = p.lon;
		row->in.lat = p.lat;
	}
	r->io->converted += shifted && (row->shape || !isnan(row->in.lat));
}

static void read_shape(struct reading *r, struct object_import_row *row)
{
	struct fail f = { 0 };
	struct shape *s = NEW(r->cx->a, struct shape);
	str text = text_of(r, OBJECT_GEOMETRY);
	if (row->shape || !text.n)
		return;
	if (geojson_geometry(r->cx->a, text, "/geometry", OBJECT_POINTS_MAX, s, &f) == ERR_OK) {
		row->shape = s;
		return;
	}
	wrong(r, OBJECT_GEOMETRY, NULL, S(""));
	if (r->io->errors)
		r->io->errors[r->io->nerrors - 1].fail = f;
}

static void read_place(struct reading *r, struct object_import_row *row)
{
	bool ok = read_degrees(r, OBJECT_LON, 180, &row->in.lon) && read_degrees(r, OBJECT_LAT, 90, &row->in.lat);
	if (ok && isnan(row->in.lat) != isnan(row->in.lon))
		wrong(r, isnan(row->in.lat) ? OBJECT_LAT : OBJECT_LON, "err.objects.half_place", S(""));
	read_shape(r, row);
	if (row->shape && isnan(row->in.lat) && shape_points(row->shape) == 1) {
		row->in.lon = row->shape->paths[0].v[0].lon;
		row->in.lat = row->shape->paths[0].v[0].lat;
		row->shape = NULL;
	}
	convert(r, row);
	struct lonlat mid;
	if (row->shape && shape_middle(row->shape, &mid) == ERR_OK) {
		row->in.lon = mid.lon; /* for finding the region */
		row->in.lat = mid.lat;
	}
}

/* ---- attributes ---- */

static const struct attr_option *option_named(const struct object_attr *at, str text)
{
	for (size_t i = 0; i < at->noptions; i++)
		if (str_eq(at->options[i].zh, text) || str_eq_nocase(at->options[i].en, text) || str_eq(at->options[i].id, text))
			return &at->options[i];
	return NULL;
}

static bool read_bool(str s, bool *ret)
{
	static const str yes[] = { S("是"), S("有"), S("yes"), S("true"), S("1"), S("√") };
	static const str no[] = { S("否"), S("无"), S("no"), S("false"), S("0"), S("×") };
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		if (str_eq_nocase(s, yes[i]) || str_eq_nocase(s, no[i])) {
			*ret = str_eq_nocase(s, yes[i]);
			return true;
		}
	return false;
}

/* The value as JSON; false when it is none of this kind. Limits are judged with the whole object. */
static bool put_value(struct buf *b, const struct object_attr *at, str text)
{
	double v;
	int64_t day;
	bool yes;
	const struct attr_option *opt;
	switch (at->kind) {
	case ATTR_INT:
	case ATTR_REAL:
		if (!str_to_f64(text, &v) || !isfinite(v) || (at->kind == ATTR_INT && v != floor(v)))
			return false;
		json_put_f64(b, v);
		return true;
	case ATTR_DATE:
		if (!table_date(text, &day))
			return false;
		json_put_date(b, day);
		return true;
	case ATTR_BOOL:
		if (!read_bool(text, &yes))
			return false;
		buf_put(b, yes ? S("true") : S("false"));
		return true;
	case ATTR_ENUM:
		if (!(opt = option_named(at, text)))
			return false;
		json_put_str(b, opt->id);
		return true;
	case ATTR_TEXT:
		break;
	}
	json_put_str(b, text);
	return true;
}

static void read_attrs(struct reading *r, struct object_import_row *row)
{
	static const char *const keys[] = { "err.objects.text", "err.objects.number", "err.objects.number", "err.sheet.date",
					    "err.objects.bool", "err.objects.option" };
	const struct object_type *ty = row->type;
	str whole = str_trim(text_of(r, OBJECT_ATTRS));
	struct buf b = BUF(r->cx->a);
	buf_put(&b, whole.n > 2 && str_ends(whole, S("}")) ? str_sub(whole, 0, whole.n - 1) : S("{"));
	for (size_t i = 0; i < ty->nattrs; i++) {
		size_t col = column_titled(r, ty->attrs[i].zh);
		str text = col == SIZE_MAX ? S("") : text_of(r, col);
		if (!text.n)
			continue;
		buf_put(&b, b.n > 1 ? S(",") : S(""));
		json_put_str(&b, ty->attrs[i].name);
		buf_byte(&b, ':');
		if (!put_value(&b, &ty->attrs[i], text))
			wrong(r, col, keys[ty->attrs[i].kind], text);
	}
	buf_byte(&b, '}');
	row->in.attrs = buf_str(&b);
}

/* ---- rows ---- */

static void check_twice(struct reading *r, const struct object_import_row *row)
{
	struct arena *a = r->cx->a;
	if (!row->in.no.n || r->bad)
		return;
	str key = arena_printf(a, "%lld/" STR_FMT "/" STR_FMT, (long long)row->in.region, STR_ARG(row->in.type),
			       STR_ARG(row->in.no));
	if (map_get(&r->numbers, key))
		wrong(r, OBJECT_NO, "err.objects.twice", row->in.no);
	else
		map_put(&r->numbers, key, r);
}

static err read_row(struct reading *r, struct shape *shape)
{
	struct object_import_row row = { .row = r->row, .shape = shape };
	r->bad = false;
	row.in = (struct object){ .lat = NAN, .lon = NAN, .no = text_of(r, OBJECT_NO), .name = text_of(r, OBJECT_NAME),
				  .name_en = text_of(r, OBJECT_NAME_EN), .risk = S(""), .geometry = S("") };
	if (!row.in.name.n || row.in.name.n > OBJECT_NAME_MAX * 3)
		wrong(r, OBJECT_NAME, "err.objects.name", S(""));
	read_type(r, &row);
	read_place(r, &row);
	TRY(read_region(r, &row));
	TRY(read_owner(r, &row));
	read_sectors(r, &row);
	read_risk(r, &row);
	read_level(r, &row);
	read_day(r, OBJECT_FROM, &row.in.valid_from_day);
	read_day(r, OBJECT_TO, &row.in.valid_to_day);
	if (row.type)
		read_attrs(r, &row);
	check_twice(r, &row);
	r->io->bad_rows += r->bad;
	if (r->rows.n == OBJECT_IMPORT)
		return FAIL(&r->cx->fail, BAD_INPUT, "", "err.sheet.rows", "max", "100000");
	vec_push(r->cx->a, &r->rows, row);
	return ERR_OK;
}

/* ---- from a table ---- */

/* "Sheet2!" of "Sheet2!A1"; nothing where there is one sheet. */
static str sheet_of(struct arena *a, const struct table *t)
{
	str whole = table_address(t, a, 1, 1);
	return table_sheets(t) > 1 ? str_sub(whole, 0, whole.n - 2) : S("");
}

static str cell_text(struct reading *r, const struct cell *c)
{
	struct buf b = BUF(r->cx->a);
	if (c->kind == CELL_EMPTY)
		return S("");
	if (c->kind != CELL_NUMBER)
		return arena_str(r->cx->a, str_trim(c->text));
	json_put_f64(&b, c->number); /* as stored: what is shown may be rounded */
	return buf_str(&b);
}

static err read_table(struct reading *r, struct table *t)
{
	struct ctx *cx = r->cx;
	struct table_header h;
	const struct cell *cells[COLUMNS_MAX];
	uint32_t number;
	TRY(table_find_header(t, cx->a, r->columns, r->n, &h, &cx->fail));
	r->io->cols = h.cols;
	r->io->sheet = sheet_of(cx->a, t);
	for (;;) {
		TRY(table_next_mapped(t, &h, cells, &number, &cx->fail));
		if (!number)
			return ERR_OK;
		r->row = number;
		for (size_t i = 0; i < r->n; i++)
			r->v[i].text = h.cols[i] ? cell_text(r, cells[i]) : S("");
		TRY(read_row(r, NULL));
	}
}

/* ---- from GeoJSON ---- */

static void take_props(struct reading *r, const struct feature *ft)
{
	memset(r->v, 0, sizeof r->v);
	for (size_t i = 0; i < r->n; i++)
		for (const char *const *title = r->columns[i].titles; ft->nprops && *title && !r->v[i].text.n; title++) {
			const struct prop *p = feature_prop(ft, str_of(*title));
			if (p && p->kind != PROP_NULL)
				r->v[i] = (struct sheet_value){ str_trim(p->text), p->name };
		}
}

static err read_features(struct reading *r, str bytes)
{
	struct ctx *cx = r->cx;
	struct geojson file;
	const struct geojson_limits lim = { OBJECT_IMPORT, 5000000 };
	TRY(geojson_read(cx->a, bytes, lim, &file, &cx->fail));
	for (size_t i = 0; i < file.n; i++) {
		r->row = (int64_t)i + 1;
		take_props(r, &file.v[i]);
		TRY(read_row(r, file.v[i].placed ? &file.v[i].shape : NULL));
	}
	return ERR_OK;
}

static bool is_json(str bytes)
{
	if (str_starts(bytes, S("\xEF\xBB\xBF")))
		bytes = str_sub(bytes, 3, bytes.n);
	bytes = str_trim(str_sub(bytes, 0, 200));
	return bytes.n && bytes.p[0] == '{';
}

err objects_read(struct ctx *cx, str bytes, struct object_import *io)
{
	struct reading *r = NEW(cx->a, struct reading);
	AUTO(table_drop) struct table *t = NULL;
	struct doc_limits limits = doc_limits_default();
	*r = (struct reading){ .cx = cx, .io = io, .regions = MAP(cx->a), .owners = MAP(cx->a), .numbers = MAP(cx->a) };
	if (io->type.n && !(r->only = object_type_named(cx->app->objects, io->type)))
		return FAIL(&cx->fail, BAD_FIELD, "?type", "err.object.type", "type", arena_cstr(cx->a, io->type));
	prepare(r);
	io->columns = r->columns;
	io->ncolumns = r->n;
	io->features = is_json(bytes);
	if (io->features) {
		TRY(read_features(r, bytes));
	} else {
		TRY(table_open(cx->a, bytes, &limits, &t, &cx->fail));
		TRY(read_table(r, t));
	}
	io->rows = r->rows.v;
	io->n = r->rows.n;
	return ERR_OK;
}
