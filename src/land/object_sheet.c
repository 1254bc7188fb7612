/* Objects on their way out. */
#include "land/object_sheet.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/grant.h"
#include "core/sector.h"
#include "format/csv.h"
#include "format/xlsx_out.h"

enum { PAGE = 500, CELL_TEXT_MAX = 32000, COLUMNS_MAX = 80 };

static const struct {
	const char *id, *zh, *en;
	double width;
} columns[] = {
#define X(id, name, zh, en, width) { name, zh, en, width },
	OBJECT_COLUMNS(X)
#undef X
};

const char *const *object_column_titles(enum object_column c)
{
	static const char *const titles[OBJECT_COLUMN_COUNT][12] = {
		[OBJECT_NO] = { "编号", "对象编号", "统一编号", "Number", "no" },
		[OBJECT_TYPE] = { "类型", "对象类型", "监管对象类型", "Type" },
		[OBJECT_NAME] = { "名称", "对象名称", "企业名称", "单位名称", "场所名称", "设施名称", "Name" },
		[OBJECT_NAME_EN] = { "英文名称", "English name", "name_en" },
		[OBJECT_REGION] = { "所属区划", "所在区划", "行政区划", "所属乡镇", "所属街道", "乡镇街道", "Region" },
		[OBJECT_CODE] = { "区划代码", "行政区划代码", "Region code", "code" },
		[OBJECT_OWNER] = { "责任单位", "权属单位", "运营单位", "管理单位", "主体责任单位", "Owner" },
		[OBJECT_SECTORS] = { "行业领域", "领域", "监管领域", "Fields", "sectors" },
		[OBJECT_RISK] = { "风险等级", "风险", "风险颜色", "四色", "Risk" },
		[OBJECT_LEVEL] = { "监管层级", "监管级别", "Supervising level", "level" },
		[OBJECT_LON] = { "经度", "东经", "Longitude", "lon", "lng" },
		[OBJECT_LAT] = { "纬度", "北纬", "Latitude", "lat" },
		[OBJECT_GEOMETRY] = { "图形", "几何图形", "Shape", "geometry" },
		[OBJECT_FROM] = { "起始日期", "启用日期", "From", "valid_from" },
		[OBJECT_TO] = { "终止日期", "停用日期", "To", "valid_to" },
		[OBJECT_ATTRS] = { "其他属性", "Other attributes", "attrs" },
	};
	return titles[c];
}

struct writing {
	struct ctx *cx;
	struct arena *a;               /* of the page being written */
	bool zh;
	const struct object_type *type; /* NULL: several */
	enum object_format format;
	FILE *file;
	struct xlsx_out *book;
	struct out_column titles[COLUMNS_MAX];
	size_t ntitles;
	int64_t n;
};

/* ---- cells ---- */

static struct out_cell text_cell(str s)
{
	return s.n ? OUT_TEXT_CELL(s) : (struct out_cell){ .kind = OUT_EMPTY };
}

static struct out_cell number_cell(double v)
{
	return isnan(v) ? (struct out_cell){ .kind = OUT_EMPTY } : OUT_NUMBER_CELL(v);
}

static struct out_cell day_cell(int64_t day)
{
	return day == DB_NONE ? (struct out_cell){ .kind = OUT_EMPTY } : OUT_DATE_CELL(day);
}

static str type_name(struct writing *w, str id)
{
	const struct object_type *ty = object_type_find(w->cx->app->objects, id);
	return !ty ? id : w->zh ? ty->zh : ty->en;
}

static str risk_name(struct writing *w, str id)
{
	const struct object_types *t = w->cx->app->objects;
	for (size_t i = 0; i < t->nrisks; i++)
		if (str_eq(t->risks[i].id, id))
			return w->zh ? t->risks[i].zh : t->risks[i].en;
	return S("");
}

static str level_name(int64_t level, bool zh)
{
	static const str names[2][6] = {
		{ S(""), S("Province"), S("City"), S("County"), S("Township"), S("Village") },
		{ S(""), S("省级"), S("市级"), S("县级"), S("乡镇级"), S("村级") },
	};
	return level >= 0 && level <= 5 ? names[zh][level] : S("");
}

static struct out_cell cell_of(struct writing *w, const struct object_items_row *r, enum object_column c)
{
	switch (c) {
	case OBJECT_NO:
		return text_cell(r->no);
	case OBJECT_TYPE:
		return text_cell(type_name(w, r->type));
	case OBJECT_NAME:
		return text_cell(r->name);
	case OBJECT_NAME_EN:
		return text_cell(r->name_en);
	case OBJECT_REGION:
		return text_cell(view_str(r->region_name));
	case OBJECT_CODE:
		return text_cell(arena_printf(w->a, "%012lld", (long long)r->region));
	case OBJECT_OWNER:
		return text_cell(view_str(r->owner_name));
	case OBJECT_SECTORS:
		return text_cell(sector_names(w->a, w->cx->app->sectors, r->sectors, w->zh));
	case OBJECT_RISK:
		return text_cell(risk_name(w, r->risk));
	case OBJECT_LEVEL:
		return text_cell(level_name(r->level, w->zh));
	case OBJECT_LON:
		return number_cell(r->lon);
	case OBJECT_LAT:
		return number_cell(r->lat);
	case OBJECT_GEOMETRY:
		return text_cell(r->geometry.n <= CELL_TEXT_MAX ? r->geometry : S(""));
	case OBJECT_FROM:
		return day_cell(r->valid_from_day);
	case OBJECT_TO:
		return day_cell(r->valid_to_day);
	case OBJECT_ATTRS:
		return text_cell(w->type || r->attrs.n <= 2 ? S("") : r->attrs);
	case OBJECT_COLUMN_COUNT:
		break;
	}
	return text_cell(S(""));
}

/* Numbers as numbers, dates as dates, so that people can reckon with them. */
static struct out_cell attr_cell(struct writing *w, const struct object_items_row *r, size_t i)
{
	str text = attr_text(w->a, w->type, r->attrs, i, w->zh);
	enum attr_kind kind = w->type->attrs[i].kind;
	double v;
	int64_t day;
	if ((kind == ATTR_INT || kind == ATTR_REAL) && str_to_f64(text, &v))
		return OUT_NUMBER_CELL(v);
	if (kind == ATTR_DATE && date_parse(text, &day))
		return OUT_DATE_CELL(day);
	return text_cell(text);
}

/* ---- the three formats ---- */

static void titles_of(struct writing *w)
{
	for (int c = 0; c < OBJECT_COLUMN_COUNT; c++)
		if (!w->type || c != OBJECT_ATTRS)
			w->titles[w->ntitles++] = (struct out_column){ str_of(w->zh ? columns[c].zh : columns[c].en),
								       columns[c].width };
	for (size_t i = 0; w->type && i < w->type->nattrs && w->ntitles < COLUMNS_MAX; i++) {
		const struct object_attr *at = &w->type->attrs[i];
		str title = w->zh ? at->zh : at->en;
		if (at->unit.n)
			title = arena_printf(w->cx->a, STR_FMT "（" STR_FMT "）", STR_ARG(title), STR_ARG(at->unit));
		w->titles[w->ntitles++] = (struct out_column){ title, 14 };
	}
}

static size_t cells_of(struct writing *w, const struct object_items_row *r, struct out_cell *cells)
{
	size_t n = 0;
	for (int c = 0; c < OBJECT_COLUMN_COUNT; c++)
		if (!w->type || c != OBJECT_ATTRS)
			cells[n++] = cell_of(w, r, (enum object_column)c);
	for (size_t i = 0; w->type && i < w->type->nattrs && n < COLUMNS_MAX; i++)
		cells[n++] = attr_cell(w, r, i);
	return n;
}

static err put_text(struct writing *w, str s)
{
	if (fwrite(s.p, 1, s.n, w->file) == s.n)
		return ERR_OK;
	return errno == ENOSPC ? FAIL(&w->cx->fail, DISK_FULL, "", NULL) : FAIL(&w->cx->fail, IO, "", "err.export");
}

static void put_member(struct buf *b, const char *name, str text)
{
	buf_printf(b, ",\"%s\":", name);
	json_put_str(b, text);
}

static err put_feature(struct writing *w, const struct object_items_row *r)
{
	struct buf b = BUF(w->a);
	char day[11];
	buf_put(&b, w->n > 1 ? S(",\n{\"type\":\"Feature\",\"geometry\":") : S("\n{\"type\":\"Feature\",\"geometry\":"));
	if (r->geometry.n)
		buf_put(&b, r->geometry);
	else if (isnan(r->lat))
		buf_put(&b, S("null"));
	else
		geojson_put_point(&b, (struct lonlat){ r->lon, r->lat });
	buf_put(&b, S(",\"properties\":{\"type\":"));
	json_put_str(&b, r->type);
	put_member(&b, "no", r->no);
	put_member(&b, "name", r->name);
	put_member(&b, "name_en", r->name_en);
	put_member(&b, "code", arena_printf(w->a, "%012lld", (long long)r->region));
	put_member(&b, "owner", view_str(r->owner_name));
	put_member(&b, "sectors", sector_names(w->a, w->cx->app->sectors, r->sectors, w->zh));
	put_member(&b, "risk", r->risk);
	put_member(&b, "level", level_name(r->level, w->zh));
	for (int k = 0; k < 2; k++) {
		int64_t d = k ? r->valid_to_day : r->valid_from_day;
		if (d != DB_NONE)
			date_format(d, day);
		if (d != DB_NONE)
			put_member(&b, k ? "valid_to" : "valid_from", str_of(day));
	}
	str attrs = str_sub(r->attrs, 1, r->attrs.n - 1);
	buf_put(&b, attrs.n ? S(",") : S(""));
	buf_put(&b, attrs);
	buf_put(&b, S("}}"));
	return put_text(w, buf_str(&b));
}

static err put_row(struct writing *w, const struct object_items_row *r)
{
	struct out_cell cells[COLUMNS_MAX];
	struct buf b = BUF(w->a);
	w->n++;
	if (w->format == OBJECTS_GEOJSON)
		return put_feature(w, r);
	size_t n = cells_of(w, r, cells);
	if (w->format == OBJECTS_XLSX)
		return xlsx_out_row(w->book, cells, n, &w->cx->fail);
	csv_out_row(&b, cells, n);
	return put_text(w, buf_str(&b));
}

/* Page by page, each with memory of its own, so that many objects do not fill the memory. */
static err put_pages(struct writing *w, const struct object_list_params *filter)
{
	struct object_list_params p = *filter;
	struct db_scope scope = cx_scope(w->cx, S("object.read"));
	p.after = 0;
	p.max = PAGE;
	while (w->n < OBJECT_EXPORT) {
		AUTO(arena_drop) struct arena *page = arena_new();
		struct object_list_rows keys;
		struct object_items_rows rows;
		w->a = page;
		TRY(object_list(w->cx->c, page, &p, &scope, &keys));
		int64_t *ids = NEW_N(page, int64_t, keys.n + 1);
		for (size_t i = 0; i < keys.n; i++)
			ids[i] = keys.v[i].id;
		TRY(object_items(w->cx->c, page, &(struct object_items_params){ { ids, keys.n } }, &rows));
		for (size_t i = 0; i < rows.n; i++)
			TRY(put_row(w, &rows.v[i]));
		if (keys.n < PAGE)
			break;
		p.after = ids[keys.n - 1];
	}
	return ERR_OK;
}

static err write_book(struct writing *w, const struct object_list_params *filter, const char *path)
{
	const struct xlsx_sheet_spec spec = { .sheet_name = w->zh ? S("监管对象") : S("Objects"), .columns = w->titles,
					      .title = w->type ? (w->zh ? w->type->zh : w->type->en) :
								 (w->zh ? S("监管对象台账") : S("Supervised objects")),
					      .ncolumns = w->ntitles, .footer = "&P / &N" };
	TRY(xlsx_out_begin(w->cx->a, path, NULL, &spec, &w->book, &w->cx->fail));
	err e = put_pages(w, filter);
	if (e != ERR_OK) {
		xlsx_out_abandon(w->book);
		return e;
	}
	return xlsx_out_end(w->book, &w->cx->fail);
}

static err write_lines(struct writing *w, const struct object_list_params *filter)
{
	struct buf head = BUF(w->cx->a);
	bool json = w->format == OBJECTS_GEOJSON;
	if (json) {
		buf_put(&head, S("{\"type\":\"FeatureCollection\",\"features\":["));
	} else {
		csv_out_bom(&head);
		csv_out_titles(&head, w->titles, w->ntitles);
	}
	TRY(put_text(w, buf_str(&head)));
	TRY(put_pages(w, filter));
	return json ? put_text(w, S("\n]}\n")) : ERR_OK;
}

err objects_export(struct ctx *cx, const struct object_list_params *filter, enum object_format format, const char *path)
{
	struct writing w = { .cx = cx, .a = cx->a, .zh = !str_starts(cx->lang, S("en")), .format = format,
			     .type = filter->type.n ? object_type_find(cx->app->objects, filter->type) : NULL };
	titles_of(&w);
	if (format == OBJECTS_XLSX)
		return write_book(&w, filter, path);
	w.file = fopen(path, "wb");
	if (!w.file)
		return FAIL(&cx->fail, IO, "", "err.file", "path", path, "detail", strerror(errno));
	err e = write_lines(&w, filter);
	if (fclose(w.file) && e == ERR_OK)
		e = FAIL(&cx->fail, IO, "", "err.export");
	return e;
}
