/* Supervised objects: enterprises, gas stations, pipe segments, mines, outfalls … typed by catalog/object, each with an
 * owner, sectors, a risk colour, attributes and a place in CGCS2000/WGS 84 degrees. Every change is an act of the object's
 * region; who owned it and what colour it had on a past day is told by its events. */
#ifndef BH_LAND_OBJECT_H
#define BH_LAND_OBJECT_H

#include "base/json.h"
#include "core/app.h"
#include "core/catalog.h"
#include "geo/shape.h"

/* ---- types, from catalog/object in force on a day ---- */

enum attr_kind { ATTR_TEXT, ATTR_INT, ATTR_REAL, ATTR_DATE, ATTR_BOOL, ATTR_ENUM };
const char *attr_kind_name(enum attr_kind kind);

struct attr_option {
	str id, zh, en;
};
struct object_attr {
	str name, zh, en, unit;
	enum attr_kind kind;
	double min, max;               /* NaN: no limit */
	bool required;
	const struct attr_option *options;
	size_t noptions;
	str source, certainty;
};
struct object_type {
	str id, zh, en, group, geometry; /* geometry: point, line, area, any */
	int64_t sectors;               /* of objects that name none */
	str words;                     /* what it is called elsewhere, parted by blanks */
	const struct object_attr *attrs; /* its own, then those of every type */
	size_t nattrs;
	const struct json_type *json;  /* of attrs: the i-th field lies 16·i bytes into a value */
	str source, certainty;
};
struct risk_colour {
	str id, zh, en;
	int rank;                      /* the higher the worse */
};
struct object_types {
	const struct object_type *v;
	size_t n;
	const struct risk_colour *risks; /* the worst first */
	size_t nrisks;
};
err object_types_read(struct arena *a, const struct catalog *c, int64_t today, struct object_types **ret, struct fail *f) MUST_USE;
const struct object_type *object_type_find(const struct object_types *t, str id); /* NULL when unknown */
/* By id, name in either language or one of its words. */
const struct object_type *object_type_named(const struct object_types *t, str name);
int risk_rank(const struct object_types *t, str risk);   /* 0: none */

/* One attribute's value in a text of attributes, as a person reads it; empty when absent. */
str attr_text(struct arena *a, const struct object_type *t, str attrs, size_t i, bool zh);
/* Checks a JSON object by the type and writes it in the catalog's order. ERR_BAD_FIELD at "/attrs/…". */
err attrs_check(struct arena *a, const struct object_type *t, str attrs, str *ret, struct fail *f) MUST_USE;

/* ---- objects ---- */

enum { OBJECT_NAME_MAX = 200, OBJECT_GEOMETRY_MAX = 65536, OBJECT_POINTS_MAX = 4000 };

struct object {
	int64_t region, id;
	str type, no, name, name_en;
	int64_t owner;                 /* organisation, 0: none */
	int64_t sectors, secret;
	str risk;                      /* "", "red", "orange", "yellow", "blue" */
	double lat, lon;               /* of its point or of a point on its shape; NaN: no place */
	str geometry;                  /* GeoJSON of a line or an area; empty for a point */
	int level;                     /* enum region_level that supervises it, 0: as the duty rules say */
	str attrs;                     /* JSON by the type's attributes */
	int64_t valid_from_day, valid_to_day; /* DB_NONE: open */
	int64_t ver;
};
/* In the caller's scope for object.read; else ERR_NOT_FOUND. */
err object_get(struct ctx *cx, int64_t id, struct object *ret) MUST_USE;
/* Without a scope: for rules that run on behalf of the system. */
err object_load(struct ctx *cx, int64_t id, struct object *ret) MUST_USE;

/* What is to be told of an object beside something else: {"id":"…","name":…,"type":…,"lat":…,"lon":…,"risk":…}. */
#define OBJECT_BRIEF(F, O, L)                                                                      \
	F(ID, id, REQ)                                                                             \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(STR, type, REQ)                                                                          \
	F(F64, lat, NUL)                                                                           \
	F(F64, lon, NUL)                                                                           \
	F(STR, risk, REQ)
JSON_STRUCT(object_brief, OBJECT_BRIEF)
struct object_brief object_brief_of(const struct object *o);

/* Makes an object of everything in `o` but id and ver; an empty number is made up, no sectors are the type's. `shape` NULL:
 * the point lat, lon, or no place. Checks the caller's object.write, the type, the owner, the place. ERR_BAD_FIELD names
 * the field, ERR_CONFLICT at /no a number that another of the type has. */
err object_put(struct ctx *cx, const struct object *o, const struct shape *shape, int64_t *ret_id) MUST_USE;
/* Makes the object `now.id` be as `now` says; region and type stay. ERR_STALE when now.ver is not its version. `shape` NULL: now.geometry,
 * or a point. */
err object_change(struct ctx *cx, const struct object *now, const struct shape *shape) MUST_USE;
/* The object with this number, or ERR_NOT_FOUND. */
err object_numbered(struct ctx *cx, int64_t region, str type, str no, struct object *ret) MUST_USE;

/* Does a place lie in a region, by its stored boundary or that of the nearest region above that has one? Regions without
 * any bear any place. ERR_BAD_FIELD at `pointer` when it lies outside. */
err place_check(struct ctx *cx, int64_t region, double lat, double lon, const char *pointer) MUST_USE;

#endif
