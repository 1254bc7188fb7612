#include "format/geojson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"

enum { MAX_DEPTH = 24, MAX_PROPS = 400, MAX_RINGS = 20000 };

/* A walk over the text. Members may come in any order, so a geometry's coordinates are remembered and read once its type
 * is known. */
struct reader {
	struct arena *a;
	str s;
	size_t at;
	int depth;
	size_t points, max_points, rings;
	const char *path;              /* of the feature at hand */
	struct fail *f;
};

/* ---- words of JSON ---- */

static err broken(struct reader *r)
{
	int64_t line = 1;
	for (size_t i = 0; i < r->at && i < r->s.n; i++)
		line += r->s.p[i] == '\n';
	return FAIL(r->f, BAD_JSON, r->path, "err.geojson.syntax", "line", arena_printf(r->a, "%lld", (long long)line).p);
}

static err refuse(struct reader *r, const char *key, const char *detail)
{
	return FAIL(r->f, BAD_INPUT, r->path, key, "detail", detail);
}

static char peek(struct reader *r)
{
	while (r->at < r->s.n && memchr(" \t\r\n", r->s.p[r->at], 4))
		r->at++;
	return r->at < r->s.n ? r->s.p[r->at] : 0;
}

static bool eat(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

static int hex4(str s, size_t at)
{
	int v = 0;
	for (size_t i = 0; i < 4; i++) {
		char c = at + i < s.n ? s.p[at + i] : 0;
		int d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

/* What follows \u, with the second half of a pair; -1 when it is none. */
static int32_t read_unicode(struct reader *r)
{
	int v = hex4(r->s, r->at), low;
	r->at += 4;
	if (v < 0xD800 || v > 0xDFFF)
		return v > 0 ? v : -1;
	if (v > 0xDBFF || r->at + 6 > r->s.n || r->s.p[r->at] != '\\' || r->s.p[r->at + 1] != 'u')
		return -1;
	low = hex4(r->s, r->at + 2);
	r->at += 6;
	return low < 0xDC00 || low > 0xDFFF ? -1 : 0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00);
}

static err read_escape(struct reader *r, struct buf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = r->at < r->s.n ? r->s.p[r->at++] : 0;
	const char *known = c ? strchr(from, c) : NULL;
	if (known) {
		buf_byte(b, to[known - from]);
		return ERR_OK;
	}
	int32_t cp = c == 'u' ? read_unicode(r) : -1;
	if (cp < 0)
		return broken(r);
	buf_codepoint(b, (uint32_t)cp);
	return ERR_OK;
}

static err read_string(struct reader *r, str *ret)
{
	struct buf b = BUF(r->a);
	if (!eat(r, '"'))
		return broken(r);
	for (;;) {
		size_t from = r->at;
		while (r->at < r->s.n && r->s.p[r->at] != '"' && r->s.p[r->at] != '\\' && (unsigned char)r->s.p[r->at] >= 0x20)
			r->at++;
		str plain = str_sub(r->s, from, r->at);
		char c = r->at < r->s.n ? r->s.p[r->at++] : 0;
		if (c == '"' && !b.n) {
			*ret = plain;
			return ERR_OK;
		}
		buf_put(&b, plain);
		if (c == '"')
			break;
		if (c != '\\')
			return broken(r);
		TRY(read_escape(r, &b));
	}
	*ret = buf_str(&b);
	return ERR_OK;
}

/* JSON's own form of a number; str_to_f64 judges the rest. */
static err read_number(struct reader *r, str *ret_text, double *ret)
{
	peek(r);
	size_t from = r->at;
	while (r->at < r->s.n && (memchr("+-.eE", r->s.p[r->at], 5) || (r->s.p[r->at] >= '0' && r->s.p[r->at] <= '9')))
		r->at++;
	str text = str_sub(r->s, from, r->at);
	if (!text.n || text.n > 64 || text.p[0] == '+' || text.p[0] == '.' || !str_to_f64(text, ret) || !isfinite(*ret))
		return broken(r);
	*ret_text = text;
	return ERR_OK;
}

static bool eat_word(struct reader *r, str word)
{
	peek(r);
	if (!str_starts(str_sub(r->s, r->at, r->s.n), word))
		return false;
	r->at += word.n;
	return true;
}

static err skip_value(struct reader *r);

static err enter(struct reader *r)
{
	if (++r->depth > MAX_DEPTH)
		return FAIL(r->f, BAD_JSON, r->path, "err.json_depth", "max", "24");
	return ERR_OK;
}

/* The next member's name; an empty *ret_name.p (NULL) at the object's end. */
static err next_member(struct reader *r, bool *first, str *ret_name)
{
	if (eat(r, '}')) {
		r->depth--;
		*ret_name = (str){ 0 };
		return ERR_OK;
	}
	if (!*first && !eat(r, ','))
		return broken(r);
	*first = false;
	TRY(read_string(r, ret_name));
	return eat(r, ':') ? ERR_OK : broken(r);
}

static err begin_object(struct reader *r)
{
	TRY(enter(r));
	return eat(r, '{') ? ERR_OK : broken(r);
}

/* True while there is another element of the list. */
static err next_element(struct reader *r, bool *first, bool *ret_more)
{
	*ret_more = true;
	if (eat(r, ']')) {
		r->depth--;
		*ret_more = false;
		return ERR_OK;
	}
	if (!*first && !eat(r, ','))
		return broken(r);
	*first = false;
	return ERR_OK;
}

static err begin_list(struct reader *r)
{
	TRY(enter(r));
	return eat(r, '[') ? ERR_OK : broken(r);
}

static err skip_list(struct reader *r)
{
	bool first = true, more;
	TRY(begin_list(r));
	for (;;) {
		TRY(next_element(r, &first, &more));
		if (!more)
			return ERR_OK;
		TRY(skip_value(r));
	}
}

static err skip_object(struct reader *r)
{
	bool first = true;
	str name;
	TRY(begin_object(r));
	for (;;) {
		TRY(next_member(r, &first, &name));
		if (!name.p)
			return ERR_OK;
		TRY(skip_value(r));
	}
}

/* Recursion is bounded by enter(). */
static err skip_value(struct reader *r)
{
	str text;
	double v;
	switch (peek(r)) {
	case '{':
		return skip_object(r);
	case '[':
		return skip_list(r);
	case '"':
		return read_string(r, &text);
	case 't':
		return eat_word(r, S("true")) ? ERR_OK : broken(r);
	case 'f':
		return eat_word(r, S("false")) ? ERR_OK : broken(r);
	case 'n':
		return eat_word(r, S("null")) ? ERR_OK : broken(r);
	default:
		return read_number(r, &text, &v);
	}
}

/* ---- coordinates ---- */

static err read_position(struct reader *r, struct lonlat *ret)
{
	double v[2] = { 0 }, more_v;
	bool first = true, more;
	size_t n = 0;
	str text;
	TRY(begin_list(r));
	for (;;) {
		TRY(next_element(r, &first, &more));
		if (!more)
			break;
		TRY(read_number(r, &text, n < 2 ? &v[n] : &more_v));
		n++;
	}
	struct lonlat p = { v[0], v[1] };
	if (n < 2 || n > 4 || !lonlat_valid(p))
		return refuse(r, "err.geojson.position", arena_printf(r->a, "%.8g, %.8g", v[0], v[1]).p);
	if (++r->points > r->max_points)
		return FAIL(r->f, TOO_LARGE, r->path, "err.geojson.points", "max", arena_printf(r->a, "%zu", r->max_points).p);
	*ret = p;
	return ERR_OK;
}

typedef VEC(struct path) paths;

static err add_path(struct reader *r, paths *out, struct path p)
{
	if (++r->rings > MAX_RINGS)
		return FAIL(r->f, TOO_LARGE, r->path, "err.geojson.points", "max", "20000");
	vec_push(r->a, out, p);
	return ERR_OK;
}

static err read_path(struct reader *r, bool hole, paths *out)
{
	VEC(struct lonlat) v = { 0 };
	bool first = true, more;
	TRY(begin_list(r));
	for (;;) {
		struct lonlat p;
		TRY(next_element(r, &first, &more));
		if (!more)
			break;
		TRY(read_position(r, &p));
		vec_push(r->a, &v, p);
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
		struct lonlat *p = NEW(r->a, struct lonlat);
		TRY(read_position(r, p));
		return add_path(r, out, (struct path){ p, 1, false });
	}
	if (depth == 1 && !flat)
		return read_path(r, false, out);
	TRY(begin_list(r));
	for (size_t i = 0;; i++) {
		TRY(next_element(r, &first, &more));
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
	size_t back = r->at;
	int depth = r->depth;
	if (!t)
		return refuse(r, "err.geojson.type", arena_cstr(r->a, utf8_cut(type, 40)));
	if (!at)
		return refuse(r, "err.geojson.empty", "");
	r->at = at;
	TRY(read_nested(r, t->depth, t->kind == SHAPE_POINT, t->kind == SHAPE_AREA, &v));
	r->at = back;
	r->depth = depth;
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
	if (peek(r) != '{')
		return skip_value(r);
	TRY(begin_object(r));
	for (;;) {
		TRY(next_member(r, &first, &name));
		if (!name.p)
			return ERR_OK;
		if (str_eq(name, S("properties")) && peek(r) == '{')
			TRY(read_crs(r, ret));
		else if (str_eq(name, S("name")) && peek(r) == '"')
			TRY(read_string(r, ret));
		else
			TRY(skip_value(r));
	}
}

static err read_members(struct reader *r, struct object *o)
{
	bool first = true;
	str name;
	TRY(begin_object(r));
	for (;;) {
		TRY(next_member(r, &first, &name));
		if (!name.p)
			return ERR_OK;
		peek(r);
		size_t *places[] = { &o->coordinates, &o->geometry, &o->properties, &o->features };
		static const str names[] = { S("coordinates"), S("geometry"), S("properties"), S("features") };
		for (size_t i = 0; i < COUNT_OF(names); i++)
			if (str_eq(name, names[i]))
				*places[i] = r->at;
		if (str_eq(name, S("type")) && r->at < r->s.n && r->s.p[r->at] == '"')
			TRY(read_string(r, &o->type));
		else if (str_eq(name, S("crs")))
			TRY(read_crs(r, &o->crs));
		else
			TRY(skip_value(r));
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
	size_t from = r->at;
	*p = (struct prop){ .name = name };
	switch (peek(r)) {
	case '"':
		return read_string(r, &p->text);
	case '{':
	case '[':
		p->kind = PROP_NULL;
		return skip_value(r);
	case 't':
	case 'f':
	case 'n':
		p->kind = peek(r) == 'n' ? PROP_NULL : PROP_BOOL;
		from = r->at;
		TRY(skip_value(r));
		p->text = str_sub(r->s, from, r->at);
		return ERR_OK;
	default:
		p->kind = PROP_NUMBER;
		return read_number(r, &p->text, &v);
	}
}

static err read_props(struct reader *r, struct feature *ft)
{
	VEC(struct prop) v = { 0 };
	bool first = true;
	str name;
	if (peek(r) != '{')
		return skip_value(r);
	TRY(begin_object(r));
	for (;;) {
		struct prop p;
		TRY(next_member(r, &first, &name));
		if (!name.p)
			break;
		TRY(read_prop(r, name, &p));
		if (v.n == MAX_PROPS)
			return refuse(r, "err.geojson.props", "400");
		vec_push(r->a, &v, p);
	}
	ft->props = v.v;
	ft->nprops = v.n;
	return ERR_OK;
}

static err read_parts(struct reader *r, const struct object *o, struct feature *ft)
{
	size_t back = r->at;
	int depth = r->depth;
	if (o->properties) {
		r->at = o->properties;
		TRY(read_props(r, ft));
	}
	r->at = o->geometry;
	ft->placed = o->geometry && peek(r) == '{';
	if (ft->placed)
		TRY(read_shape(r, &ft->shape));
	ft->placed = ft->shape.n > 0; /* empty coordinates are no geometry (RFC 7946, 3.1) */
	r->at = back;
	r->depth = depth;
	return ERR_OK;
}

static err read_feature(struct reader *r, size_t index, struct feature *ret)
{
	struct object o = { 0 };
	struct feature ft = { .index = index };
	r->path = arena_printf(r->a, "/features/%zu", index).p;
	TRY(read_members(r, &o));
	if (!str_eq(o.type, S("Feature")))
		return refuse(r, "err.geojson.type", arena_cstr(r->a, utf8_cut(o.type, 40)));
	TRY(read_parts(r, &o, &ft));
	*ret = ft;
	return ERR_OK;
}

static err read_features(struct reader *r, size_t at, size_t max, struct geojson *ret)
{
	VEC(struct feature) v = { 0 };
	bool first = true, more;
	r->at = at;
	r->depth = 1;
	TRY(begin_list(r));
	for (;;) {
		struct feature ft;
		TRY(next_element(r, &first, &more));
		if (!more)
			break;
		if (v.n == max)
			return FAIL(r->f, TOO_LARGE, "/features", "err.geojson.features", "max", arena_printf(r->a, "%zu", max).p);
		TRY(read_feature(r, v.n, &ft));
		vec_push(r->a, &v, ft);
	}
	ret->v = v.v;
	ret->n = v.n;
	return ERR_OK;
}

/* A file that is one feature or one bare geometry. */
static err read_single(struct reader *r, const struct object *o, struct geojson *ret)
{
	ret->v = NEW(r->a, struct feature);
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
	struct reader r = { .a = a, .s = text, .max_points = lim.max_points, .path = "", .f = f };
	TRY(read_members(&r, &o));
	if (peek(&r) != 0)
		return broken(&r);
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
	struct reader r = { .a = a, .s = text, .max_points = max_points, .path = at, .f = f };
	struct shape s;
	TRY(read_shape(&r, &s));
	if (peek(&r) != 0)
		return broken(&r);
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
