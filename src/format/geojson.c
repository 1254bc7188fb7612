#include "format/geojson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "format/json_walk.h"

enum { MAX_PROPS = 400, MAX_RINGS = 20000 };

/* Members may come in any order, so a geometry's coordinates are remembered and read once its type
 * is known. */
struct reader {
	struct json_walk w;
	size_t points, max_points, rings;
};

static err refuse(struct reader *r, const char *key, const char *detail)
{
	return FAIL(r->w.f, BAD_INPUT, r->w.path, key, "detail", detail);
}

/* ---- coordinates ---- */

static err read_position(struct reader *r, struct lonlat *ret)
{
	double v[2] = { 0 }, more_v;
	bool first = true, more;
	size_t n = 0;
	str text;
	TRY(json_walk_list(&r->w));
	for (;;) {
		TRY(json_walk_element(&r->w, &first, &more));
		if (!more)
			break;
		TRY(json_walk_number(&r->w, &text, n < 2 ? &v[n] : &more_v));
		n++;
	}
	struct lonlat p = { v[0], v[1] };
	if (n < 2 || n > 4 || !lonlat_valid(p))
		return refuse(r, "err.geojson.position", arena_printf(r->w.a, "%.8g, %.8g", v[0], v[1]).p);
	if (++r->points > r->max_points)
		return FAIL(r->w.f, TOO_LARGE, r->w.path, "err.geojson.points", "max", arena_printf(r->w.a, "%zu", r->max_points).p);
	*ret = p;
	return ERR_OK;
}

typedef VEC(struct path) paths;

static err add_path(struct reader *r, paths *out, struct path p)
{
	if (++r->rings > MAX_RINGS)
		return FAIL(r->w.f, TOO_LARGE, r->w.path, "err.geojson.points", "max", "20000");
	vec_push(r->w.a, out, p);
	return ERR_OK;
}

static err read_path(struct reader *r, bool hole, paths *out)
{
	VEC(struct lonlat) v = { 0 };
	bool first = true, more;
	TRY(json_walk_list(&r->w));
	for (;;) {
		struct lonlat p;
		TRY(json_walk_element(&r->w, &first, &more));
		if (!more)
			break;
		TRY(read_position(r, &p));
		vec_push(r->w.a, &v, p);
	}
	if (!v.n)
		return refuse(r, "err.geojson.empty", "");
	return add_path(r, out, (struct path){ v.v, v.n, hole });
}

/* The depth of lists around positions: 0 a point, 1 a line, 2 an area's rings, 3 several areas. `flat`: each
 * position is a path of its own (MultiPoint). */
static err read_nested(struct reader *r, int depth, bool flat, bool area, paths *out)
{
	bool first = true, more;
	if (depth == 0) {
		struct lonlat *p = NEW(r->w.a, struct lonlat);
		TRY(read_position(r, p));
		return add_path(r, out, (struct path){ p, 1, false });
	}
	if (depth == 1 && !flat)
		return read_path(r, false, out);
	TRY(json_walk_list(&r->w));
	for (size_t i = 0;; i++) {
		TRY(json_walk_element(&r->w, &first, &more));
		if (!more)
			return ERR_OK;
		if (depth == 2 && area)
			TRY(read_path(r, i > 0, out));
		else
			TRY(read_nested(r, depth - 1, flat, area, out));
	}
}

static const struct geometry_type {
	str name;
	enum shape_kind kind;
	bool many;
	int depth;
} geometry_types[] = {
	{ S("Point"), SHAPE_POINT, false, 0 },     { S("MultiPoint"), SHAPE_POINT, true, 1 },
	{ S("LineString"), SHAPE_LINE, false, 1 }, { S("MultiLineString"), SHAPE_LINE, true, 2 },
	{ S("Polygon"), SHAPE_AREA, false, 2 },    { S("MultiPolygon"), SHAPE_AREA, true, 3 },
};

static const struct geometry_type *type_of(str name)
{
	for (size_t i = 0; i < COUNT_OF(geometry_types); i++)
		if (str_eq(name, geometry_types[i].name))
			return &geometry_types[i];
	return NULL;
}

static err read_coordinates(struct reader *r, str type, size_t at, struct shape *ret)
{
	const struct geometry_type *t = type_of(type);
	paths v = { 0 };
	size_t back = r->w.at;
	int depth = r->w.depth;
	if (!t)
		return refuse(r, "err.geojson.type", arena_cstr(r->w.a, utf8_cut(type, 40)));
	if (!at)
		return refuse(r, "err.geojson.empty", "");
	r->w.at = at;
	TRY(read_nested(r, t->depth, t->kind == SHAPE_POINT, t->kind == SHAPE_AREA, &v));
	r->w.at = back;
	r->w.depth = depth;
	*ret = (struct shape){ .kind = t->kind, .many = t->many, .paths = v.v, .n = v.n };
	return ERR_OK;
}

/* ---- features ---- */

/* What an object says of itself, whatever kind it is. */
struct object {
	str type, crs;
	size_t coordinates, geometry, properties, features; /* where they begin, 0: absent */
};

static err read_crs(struct reader *r, str *ret)
{
	bool first = true;
	str name;
	if (json_walk_peek(&r->w) != '{')
		return json_walk_skip(&r->w);
	TRY(json_walk_object(&r->w));
	for (;;) {
		TRY(json_walk_member(&r->w, &first, &name));
		if (!name.p)
			return ERR_OK;
		if (str_eq(name, S("properties")) && json_walk_peek(&r->w) == '{')
			TRY(read_crs(r, ret));
		else if (str_eq(name, S("name")) && json_walk_peek(&r->w) == '"')
			TRY(json_walk_string(&r->w, ret));
		else
			TRY(json_walk_skip(&r->w));
	}
}

static err read_members(struct reader *r, struct object *o)
{
	bool first = true;
	str name;
	TRY(json_walk_object(&r->w));
	for (;;) {
		TRY(json_walk_member(&r->w, &first, &name));
		if (!name.p)
			return ERR_OK;
		json_walk_peek(&r->w);
		size_t *places[] = { &o->coordinates, &o->geometry, &o->properties, &o->features };
		static const str names[] = { S("coordinates"), S("geometry"), S("properties"), S("features") };
		for (size_t i = 0; i < COUNT_OF(names); i++)
			if (str_eq(name, names[i]))
				*places[i] = r->w.at;
		if (str_eq(name, S("type")) && r->w.at < r->w.s.n && r->w.s.p[r->w.at] == '"')
			TRY(json_walk_string(&r->w, &o->type));
		else if (str_eq(name, S("crs")))
			TRY(read_crs(r, &o->crs));
		else
			TRY(json_walk_skip(&r->w));
	}
}

static err read_shape(struct reader *r, struct shape *ret)
{
	struct object o = { 0 };
	TRY(read_members(r, &o));
	return read_coordinates(r, o.type, o.coordinates, ret);
}

static err read_prop(struct reader *r, str name, struct prop *p)
{
	double v;
	size_t from = r->w.at;
	*p = (struct prop){ .name = name };
	switch (json_walk_peek(&r->w)) {
	case '"':
		return json_walk_string(&r->w, &p->text);
	case '{':
	case '[':
		p->kind = PROP_NULL;
		return json_walk_skip(&r->w);
	case 't':
	case 'f':
	case 'n':
		p->kind = json_walk_peek(&r->w) == 'n' ? PROP_NULL : PROP_BOOL;
		from = r->w.at;
		TRY(json_walk_skip(&r->w));
		p->text = str_sub(r->w.s, from, r->w.at);
		return ERR_OK;
	default:
		p->kind = PROP_NUMBER;
		return json_walk_number(&r->w, &p->text, &v);
	}
}

static err read_props(struct reader *r, struct feature *ft)
{
	VEC(struct prop) v = { 0 };
	bool first = true;
	str name;
	if (json_walk_peek(&r->w) != '{')
		return json_walk_skip(&r->w);
	TRY(json_walk_object(&r->w));
	for (;;) {
		struct prop p;
		TRY(json_walk_member(&r->w, &first, &name));
		if (!name.p)
			break;
		TRY(read_prop(r, name, &p));
		if (v.n == MAX_PROPS)
			return refuse(r, "err.geojson.props", "400");
		vec_push(r->w.a, &v, p);
	}
	ft->props = v.v;
	ft->nprops = v.n;
	return ERR_OK;
}

static err read_parts(struct reader *r, const struct object *o, struct feature *ft)
{
	size_t back = r->w.at;
	int depth = r->w.depth;
	if (o->properties) {
		r->w.at = o->properties;
		TRY(read_props(r, ft));
	}
	r->w.at = o->geometry;
	ft->placed = o->geometry && json_walk_peek(&r->w) == '{';
	if (ft->placed)
		TRY(read_shape(r, &ft->shape));
	ft->placed = ft->shape.n > 0; /* empty coordinates are no geometry (RFC 7946, 3.1) */
	r->w.at = back;
	r->w.depth = depth;
	return ERR_OK;
}

static err read_feature(struct reader *r, size_t index, struct feature *ret)
{
	struct object o = { 0 };
	struct feature ft = { .index = index };
	r->w.path = arena_printf(r->w.a, "/features/%zu", index).p;
	TRY(read_members(r, &o));
	if (!str_eq(o.type, S("Feature")))
		return refuse(r, "err.geojson.type", arena_cstr(r->w.a, utf8_cut(o.type, 40)));
	TRY(read_parts(r, &o, &ft));
	*ret = ft;
	return ERR_OK;
}

static err read_features(struct reader *r, size_t at, size_t max, struct geojson *ret)
{
	VEC(struct feature) v = { 0 };
	bool first = true, more;
	r->w.at = at;
	r->w.depth = 1;
	TRY(json_walk_list(&r->w));
	for (;;) {
		struct feature ft;
		TRY(json_walk_element(&r->w, &first, &more));
		if (!more)
			break;
		if (v.n == max)
			return FAIL(r->w.f, TOO_LARGE, "/features", "err.geojson.features", "max", arena_printf(r->w.a, "%zu", max).p);
		TRY(read_feature(r, v.n, &ft));
		vec_push(r->w.a, &v, ft);
	}
	ret->v = v.v;
	ret->n = v.n;
	return ERR_OK;
}

/* A file that is one feature or one bare geometry. */
static err read_single(struct reader *r, const struct object *o, struct geojson *ret)
{
	ret->v = NEW(r->w.a, struct feature);
	ret->n = 1;
	if (str_eq(o->type, S("Feature")))
		return read_parts(r, o, ret->v);
	TRY(read_coordinates(r, o->type, o->coordinates, &ret->v->shape));
	ret->v->placed = ret->v->shape.n > 0;
	return ERR_OK;
}

static err begin(str *text, struct fail *f)
{
	if (str_starts(*text, S("\xEF\xBB\xBF")))
		*text = str_sub(*text, 3, text->n);
	return utf8_valid(*text) ? ERR_OK : FAIL(f, BAD_INPUT, "", "err.geojson.utf8");
}

err geojson_read(struct arena *a, str text, struct geojson_limits lim, struct geojson *ret, struct fail *f)
{
	struct geojson out = { 0 };
	struct object o = { 0 };
	TRY(begin(&text, f));
	struct reader r = { .w = { .a = a, .s = text, .path = "", .f = f }, .max_points = lim.max_points };
	TRY(read_members(&r, &o));
	if (json_walk_peek(&r.w) != 0)
		return json_walk_broken(&r.w);
	out.crs = o.crs;
	if (o.features && str_eq(o.type, S("FeatureCollection")))
		TRY(read_features(&r, o.features, lim.max_features, &out));
	else
		TRY(read_single(&r, &o, &out));
	*ret = out;
	return ERR_OK;
}

err geojson_geometry(struct arena *a, str text, const char *at, size_t max_points, struct shape *ret, struct fail *f)
{
	struct reader r = { .w = { .a = a, .s = text, .path = at, .f = f }, .max_points = max_points };
	struct shape s;
	TRY(read_shape(&r, &s));
	if (json_walk_peek(&r.w) != 0)
		return json_walk_broken(&r.w);
	if (!s.n)
		return refuse(&r, "err.geojson.empty", "");
	*ret = s;
	return ERR_OK;
}

const struct prop *feature_prop(const struct feature *f, str name)
{
	for (size_t i = 0; i < f->nprops; i++)
		if (str_eq_nocase(f->props[i].name, name))
			return &f->props[i];
	return NULL;
}

/* ---- out ---- */

static void put_degrees(struct buf *b, double v)
{
	char text[40];
	int n = snprintf(text, sizeof text, "%.7f", v);
	while (n > 1 && text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	buf_put(b, n == 2 && text[0] == '-' && text[1] == '0' ? S("0") : (str){ text, (size_t)n });
}

static void put_position(struct buf *b, struct lonlat p)
{
	buf_byte(b, '[');
	put_degrees(b, p.lon);
	buf_byte(b, ',');
	put_degrees(b, p.lat);
	buf_byte(b, ']');
}

void geojson_put_point(struct buf *b, struct lonlat p)
{
	buf_put(b, S("{\"type\":\"Point\",\"coordinates\":"));
	put_position(b, p);
	buf_byte(b, '}');
}

static void put_path(struct buf *b, const struct path *p)
{
	for (size_t k = 0; k < p->n; k++) {
		buf_byte(b, k ? ',' : '[');
		put_position(b, p->v[k]);
	}
	buf_byte(b, ']');
}

static void put_paths(struct buf *b, const struct shape *s)
{
	bool polygons = s->kind == SHAPE_AREA && s->many;
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			buf_put(b, polygons && !s->paths[i].hole ? S("],[") : S(","));
		if (s->kind == SHAPE_POINT)
			put_position(b, s->paths[i].v[0]);
		else
			put_path(b, &s->paths[i]);
	}
}

void geojson_put(struct buf *b, const struct shape *s)
{
	static const char *const types[] = { "Point", "LineString", "Polygon" };
	bool list = s->kind == SHAPE_AREA || s->many;
	buf_printf(b, "{\"type\":\"%s%s\",\"coordinates\":%s%s", s->many ? "Multi" : "", types[s->kind], list ? "[" : "",
		   s->kind == SHAPE_AREA && s->many ? "[" : "");
	put_paths(b, s);
	buf_printf(b, "%s%s}", s->kind == SHAPE_AREA && s->many ? "]" : "", list ? "]" : "");
}
