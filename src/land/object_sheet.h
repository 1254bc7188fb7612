/* Objects as a workbook, as CSV and as GeoJSON, out and in. What goes out can come in again: rows whose number is known change that object,
 * others make one. Nothing comes in by half. */
#ifndef BH_LAND_OBJECT_SHEET_H
#define BH_LAND_OBJECT_SHEET_H

#include "format/geojson.h"
#include "format/table.h"
#include "land/object_view.h"

enum { OBJECT_IMPORT = 100000, OBJECT_EXPORT = 200000, OBJECT_ERRORS = 200 };

/* id, Chinese title, English title, width; what else the columns are called stands in object_sheet.c. */
#define OBJECT_COLUMNS(X)                                                                          \
	X(NO, "no", "编号", "Number", 26)                                                          \
	X(TYPE, "type", "类型", "Type", 16)                                                        \
	X(NAME, "name", "名称", "Name", 28)                                                        \
	X(NAME_EN, "name_en", "英文名称", "English name", 24)                                      \
	X(REGION, "region", "所属区划", "Region", 16)                                              \
	X(CODE, "code", "区划代码", "Region code", 15)                                             \
	X(OWNER, "owner", "责任单位", "Owner", 24)                                                 \
	X(SECTORS, "sectors", "行业领域", "Fields", 20)                                            \
	X(RISK, "risk", "风险等级", "Risk", 10)                                                    \
	X(LEVEL, "level", "监管层级", "Supervising level", 10)                                     \
	X(LON, "lon", "经度", "Longitude", 13)                                                     \
	X(LAT, "lat", "纬度", "Latitude", 13)                                                      \
	X(GEOMETRY, "geometry", "图形", "Shape", 14)                                               \
	X(FROM, "from", "起始日期", "From", 12)                                                    \
	X(TO, "to", "终止日期", "To", 12)                                                          \
	X(ATTRS, "attrs", "其他属性", "Other attributes", 30)
enum object_column {
#define X(id, name, zh, en, width) OBJECT_##id,
	OBJECT_COLUMNS(X)
#undef X
	OBJECT_COLUMN_COUNT
};

/* ---- out ---- */

enum object_format { OBJECTS_XLSX, OBJECTS_CSV, OBJECTS_GEOJSON };
/* Writes what the filter leaves to a file. With a type in the filter each attribute has a column of its own; otherwise the
 * attributes stand together in one. */
err objects_export(struct ctx *cx, const struct object_list_params *filter, enum object_format format, const char *path) MUST_USE;

/* ---- in ---- */

struct object_import_row {
	int64_t row;                   /* of the sheet from 1, or of the features from 1 */
	const struct object_type *type;
	struct object in;
	struct shape *shape;           /* NULL: a point or none */
};
struct object_import_error {
	str cell;
	int64_t row;
	const char *key;               /* message key with {cell} and {name}; NULL: `fail` says it */
	str name;
	struct fail fail;
};
struct object_import {
	/* given */
	str type;                      /* of rows that name none; may be empty */
	enum crs crs;
	bool check;                    /* try it all, keep nothing */
	/* found */
	struct object_import_row *rows;
	size_t n;
	struct object_import_error *errors;
	size_t nerrors;
	int64_t bad_rows, created, changed, same, converted;
	/* where a value stood */
	bool features;                 /* GeoJSON */
	str sheet;                     /* "", or "Sheet2!" of a workbook with several */
	const struct table_column *columns; /* the fixed ones, then those of attributes */
	const uint32_t *cols;          /* of a table: each column's column, 0: absent */
	size_t ncolumns;
};
/* Reads and resolves every row of the bytes (by the first bytes: a ZIP package is a workbook, "{" GeoJSON, else CSV). What
 * is wrong is collected in io, not thrown. Needs a read connection. */
err objects_read(struct ctx *cx, str bytes, struct object_import *io) MUST_USE;
/* Puts all rows, or collects what is wrong with them and keeps nothing. Opens its own write transaction. */
err objects_store(struct ctx *cx, struct object_import *io) MUST_USE;
void objects_wrong(struct ctx *cx, struct object_import *io, const struct object_import_error *e);
/* Where a value stands: "Sheet2!AB12" (the name's cell where the file lacks the column), "/features/3/properties/beds". */
str objects_cell(struct arena *a, const struct object_import *io, size_t col, int64_t row, str member);

/* How a column is called: its titles, closed by NULL, the first as it is written in Chinese. */
const char *const *object_column_titles(enum object_column c);

#endif
