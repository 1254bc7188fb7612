/* Objects that were read, put into the store: all or none, and where each fault stands in the file. */
#include <math.h>

#include "land/object_sheet.h"

/* ---- faults ---- */

void objects_wrong(struct ctx *cx, struct object_import *io, const struct object_import_error *e)
{
	if (io->nerrors == OBJECT_ERRORS)
		return;
	if (!io->errors)
		io->errors = NEW_N(cx->a, struct object_import_error, OBJECT_ERRORS);
	io->errors[io->nerrors++] = *e;
}

/* "AB12" */
static str cell_address(struct arena *a, str sheet, uint32_t col, int64_t row)
{
	char letters[8];
	size_t at = sizeof letters;
	for (; col > 0 && at > 0; col = (col - 1) / 26)
		letters[--at] = (char)('A' + (col - 1) % 26);
	return arena_printf(a, STR_FMT "%.*s%lld", STR_ARG(sheet), (int)(sizeof letters - at), letters + at, (long long)row);
}

/* Where a column's value stands; the name's where the file does not have the column. */
static str table_cell_of(struct arena *a, const struct object_import *io, size_t col, int64_t row)
{
	uint32_t c = col < io->ncolumns && io->cols[col] ? io->cols[col] : io->cols[OBJECT_NAME];
	return cell_address(a, io->sheet, c, row);
}

static str member_of(struct arena *a, int64_t row, str name)
{
	return arena_printf(a, "/features/%lld/properties%s" STR_FMT, (long long)row - 1, name.n ? "/" : "", STR_ARG(name));
}

str objects_cell(struct arena *a, const struct object_import *io, size_t col, int64_t row, str member)
{
	return io->features ? member_of(a, row, member) : table_cell_of(a, io, col, row);
}

/* ---- storing ---- */

struct storing {
	struct ctx cx;
	struct object_import *io;
};

/* The column that a refusal is about: "/lat" is the latitude's, "/attrs/beds" that attribute's. */
static size_t column_of(const struct object_import *io, const struct object_type *ty, str p)
{
	static const struct {
		str pointer;
		enum object_column col;
	} known[] = { { S("/lat"), OBJECT_LAT }, { S("/lon"), OBJECT_LON }, { S("/no"), OBJECT_NO }, { S("/owner"), OBJECT_OWNER },
		      { S("/geometry"), OBJECT_GEOMETRY }, { S("/valid_to"), OBJECT_TO }, { S("/region"), OBJECT_CODE } };
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (str_eq(p, known[i].pointer))
			return known[i].col;
	for (size_t i = 0; str_starts(p, S("/attrs/")) && i < ty->nattrs; i++)
		for (size_t c = OBJECT_COLUMN_COUNT; str_eq(str_sub(p, 7, p.n), ty->attrs[i].name) && c < io->ncolumns; c++)
			if (str_eq(str_of(io->columns[c].titles[0]), ty->attrs[i].zh))
				return c;
	return OBJECT_NAME;
}

static str cell_of(struct arena *a, const struct object_import *io, const struct object_import_row *row, const char *pointer)
{
	str p = str_of(pointer);
	bool place = str_eq(p, S("/lat")) || str_eq(p, S("/lon")) || str_starts(p, S("/geometry"));
	if (io->features && place)
		return arena_printf(a, "/features/%lld/geometry", (long long)row->row - 1);
	return objects_cell(a, io, column_of(io, row->type, p), row->row, str_sub(p, str_starts(p, S("/attrs/")) ? 7 : 1, p.n));
}

static bool same_double(double a, double b)
{
	return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-9;
}

/* Columns that the file leaves empty do not take anything away from an object that is known. */
static void keep_what_is_not_said(struct object *o, const struct object *was, struct shape **shape)
{
	o->id = was->id;
	o->ver = was->ver;
	o->secret = was->secret;
	o->name_en = o->name_en.n ? o->name_en : was->name_en;
	o->owner = o->owner ? o->owner : was->owner;
	o->sectors = o->sectors ? o->sectors : was->sectors;
	o->risk = o->risk.n ? o->risk : was->risk;
	o->level = o->level ? o->level : was->level;
	o->attrs = o->attrs.n > 2 ? o->attrs : was->attrs;
	o->valid_from_day = o->valid_from_day != DB_NONE ? o->valid_from_day : was->valid_from_day;
	o->valid_to_day = o->valid_to_day != DB_NONE ? o->valid_to_day : was->valid_to_day;
	bool unmoved = isnan(o->lat) || (fabs(o->lat - was->lat) < 1e-6 && fabs(o->lon - was->lon) < 1e-6);
	if (!*shape && unmoved) {
		o->geometry = was->geometry;
		o->lat = was->lat;
		o->lon = was->lon;
	}
}

static bool is_same(struct ctx *cx, const struct object *a, const struct object *b, const struct shape *shape)
{
	struct buf g = BUF(cx->a);
	if (shape)
		geojson_put(&g, shape);
	return str_eq(a->name, b->name) && str_eq(a->name_en, b->name_en) && a->owner == b->owner && a->sectors == b->sectors &&
	       str_eq(a->risk, b->risk) && a->level == b->level && str_eq(a->attrs, b->attrs) &&
	       a->valid_from_day == b->valid_from_day && a->valid_to_day == b->valid_to_day &&
	       (shape ? str_eq(buf_str(&g), b->geometry) : same_double(a->lat, b->lat) && same_double(a->lon, b->lon));
}

static err store_row(struct ctx *cx, struct object_import *io, const struct object_import_row *row)
{
	struct object o = row->in, was;
	struct shape *shape = row->shape;
	int64_t id;
	err e = o.no.n ? object_numbered(cx, o.region, o.type, o.no, &was) : ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND) {
		TRY(object_put(cx, &o, shape, &id));
		io->created++;
		return ERR_OK;
	}
	TRY(e);
	keep_what_is_not_said(&o, &was, &shape);
	TRY(attrs_check(cx->a, row->type, o.attrs, &o.attrs, &cx->fail));
	if (is_same(cx, &o, &was, shape)) {
		io->same++;
		return ERR_OK;
	}
	TRY(object_change(cx, &o, shape));
	io->changed++;
	return ERR_OK;
}

/* Every row is tried, so that all faults are told at once; one is enough to keep nothing. */
static err store_all(struct db_conn *c, void *arg)
{
	struct storing *s = arg;
	struct object_import *io = s->io;
	AUTO(arena_drop) struct arena *a = arena_new();
	io->created = io->changed = io->same = 0;
	io->nerrors = 0;
	io->bad_rows = 0;
	for (size_t i = 0; i < io->n && io->nerrors < OBJECT_ERRORS; i++) {
		const struct object_import_row *row = &io->rows[i];
		struct ctx cx = s->cx;
		cx.a = a;
		cx.c = c;
		cx.fail = (struct fail){ 0 };
		err e = store_row(&cx, io, row);
		if (e != ERR_OK && err_status(e) >= 500) {
			s->cx.fail = cx.fail;
			return e;
		}
		if (e != ERR_OK) {
			struct object_import_error bad = { .cell = cell_of(s->cx.a, io, row, cx.fail.pointer), .row = row->row, .fail = cx.fail };
			io->bad_rows++;
			objects_wrong(&s->cx, io, &bad);
		}
		arena_reset(a);
	}
	return io->nerrors || io->check ? ERR_CONFLICT : ERR_OK;
}

err objects_store(struct ctx *cx, struct object_import *io)
{
	struct storing *s = NEW(cx->a, struct storing);
	*s = (struct storing){ .cx = *cx, .io = io };
	err e = db_write(cx->app->db, store_all, s, &cx->fail);
	if (e == ERR_CONFLICT && (io->nerrors || io->check)) {
		if (io->nerrors)
			io->created = io->changed = io->same = 0;
		cx->fail = (struct fail){ 0 };
		return ERR_OK;
	}
	if (e != ERR_OK && s->cx.fail.code == e)
		cx->fail = s->cx.fail;
	return e;
}
