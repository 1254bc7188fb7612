/* Types of objects and their attributes, and what an attribute's value may be. */
#include "land/object.h"

#include <math.h>
#include <stdio.h>

#include "base/vec.h"
#include "core/sector.h"

enum { SLOT = 16, ATTR_TEXT_MAX = 500 };
_Static_assert(sizeof(str) <= SLOT, "every kind of value fits its slot");

static const char *const kinds[] = { "text", "int", "real", "date", "bool", "enum" };

const char *attr_kind_name(enum attr_kind kind)
{
	return kinds[kind];
}

struct reading {
	struct arena *a;
	struct rows types, attrs, options, risks;
	struct sector_table sectors;
	struct fail *f;
};

static err bad_row(struct reading *r, const char *table, const struct rows *rows, size_t i)
{
	return FAIL(r->f, BAD_FORMAT, "", "err.catalog_value", "file", table, "line",
		    arena_printf(r->a, "%d", rows->lines[i]).p);
}

/* ---- one attribute ---- */

static bool read_limit(str s, double *ret)
{
	*ret = NAN;
	return !s.n || str_to_f64(s, ret);
}

static bool read_kind(str s, enum attr_kind *ret)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_eq(s, str_of(kinds[i]))) {
			*ret = (enum attr_kind)i;
			return true;
		}
	return false;
}

static void read_options(struct reading *r, str list, struct object_attr *at)
{
	VEC(struct attr_option) v = { 0 };
	for (size_t i = 0; list.n && i < r->options.n; i++)
		if (str_eq(rows_get(&r->options, i, S("list")), list))
			vec_push(r->a, &v, (struct attr_option){ rows_get(&r->options, i, S("id")),
								 rows_get(&r->options, i, S("zh")),
								 rows_get(&r->options, i, S("en")) });
	at->options = v.v;
	at->noptions = v.n;
}

/* Members that every object has; in GeoJSON an attribute of the same name would hide behind them. */
static bool is_taken(str name)
{
	static const str names[] = { S("id"), S("no"), S("type"), S("name"), S("name_en"), S("region"), S("code"), S("owner"),
				     S("sectors"), S("risk"), S("level"), S("lat"), S("lon"), S("geometry"), S("valid_from"),
				     S("valid_to"), S("attrs") };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

static err read_attr(struct reading *r, size_t i, struct object_attr *ret)
{
	const struct rows *t = &r->attrs;
	struct object_attr at = { .name = rows_get(t, i, S("name")), .zh = rows_get(t, i, S("zh")), .en = rows_get(t, i, S("en")),
				  .unit = rows_get(t, i, S("unit")), .source = rows_get(t, i, S("source")),
				  .certainty = rows_get(t, i, S("certainty")),
				  .required = str_eq(rows_get(t, i, S("required")), S("yes")) };
	bool ok = read_kind(rows_get(t, i, S("kind")), &at.kind) && read_limit(rows_get(t, i, S("min")), &at.min) &&
		  read_limit(rows_get(t, i, S("max")), &at.max);
	read_options(r, rows_get(t, i, S("options")), &at);
	if (!ok || !at.name.n || is_taken(at.name) || (at.kind == ATTR_ENUM) != (at.noptions > 0))
		return bad_row(r, "object/attrs", t, i);
	*ret = at;
	return ERR_OK;
}

static const char *options_of(struct arena *a, const struct object_attr *at)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < at->noptions; i++) {
		buf_put(&b, i ? S("|") : S(""));
		buf_put(&b, at->options[i].id);
	}
	return buf_cstr(&b);
}

static struct json_field field_of(struct arena *a, const struct object_attr *at, size_t i)
{
	static const enum json_kind json[] = { JSON_STR, JSON_I64, JSON_F64, JSON_DATE, JSON_BOOL, JSON_ENUM };
	struct json_field fd = { .name = arena_cstr(a, at->name), .kind = json[at->kind], .offset = i * SLOT,
				 .presence = at->required ? JSON_REQ : JSON_OPT };
	if (at->kind == ATTR_TEXT)
		fd.limits.max = ATTR_TEXT_MAX;
	if (at->kind == ATTR_ENUM)
		fd.limits.options = options_of(a, at);
	if ((at->kind == ATTR_INT || at->kind == ATTR_REAL) && (isfinite(at->min) || isfinite(at->max))) {
		fd.limits.min = isfinite(at->min) ? at->min : -1e300;
		fd.limits.max = isfinite(at->max) ? at->max : 0;
	}
	return fd;
}

/* ---- one type ---- */

static err read_attrs(struct reading *r, struct object_type *ty)
{
	static const str every = S("*");
	VEC(struct object_attr) v = { 0 };
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < r->attrs.n; i++) {
			struct object_attr at;
			if (!str_eq(rows_get(&r->attrs, i, S("type")), pass ? every : ty->id))
				continue;
			TRY(read_attr(r, i, &at));
			vec_push(r->a, &v, at);
		}
	struct json_field *fields = NEW_N(r->a, struct json_field, v.n + 1);
	for (size_t i = 0; i < v.n; i++)
		fields[i] = field_of(r->a, &v.v[i], i);
	struct json_type *json = NEW(r->a, struct json_type);
	*json = (struct json_type){ "attrs", v.n * SLOT + 1, fields, v.n };
	ty->attrs = v.v;
	ty->nattrs = v.n;
	ty->json = json;
	return ERR_OK;
}

static err read_sectors(struct reading *r, str list, int64_t *ret)
{
	struct json_strs ids = { NEW_N(r->a, str, 64), 0 };
	str word;
	while (ids.n < 64 && str_cut(&list, ' ', &word))
		if (word.n)
			ids.v[ids.n++] = word;
	return sector_mask(&r->sectors, &ids, "", ret, r->f);
}

static err read_type(struct reading *r, size_t i, struct object_type *ret)
{
	const struct rows *t = &r->types;
	struct object_type ty = { .id = rows_get(t, i, S("id")), .zh = rows_get(t, i, S("zh")), .en = rows_get(t, i, S("en")),
				  .group = rows_get(t, i, S("group")), .geometry = rows_get(t, i, S("geometry")),
				  .words = rows_get(t, i, S("words")), .source = rows_get(t, i, S("source")),
				  .certainty = rows_get(t, i, S("certainty")) };
	if (!ty.id.n || !ty.zh.n || !ty.en.n)
		return bad_row(r, "object/types", t, i);
	TRY(read_sectors(r, rows_get(t, i, S("sectors")), &ty.sectors));
	TRY(read_attrs(r, &ty));
	*ret = ty;
	return ERR_OK;
}

static err read_risks(struct reading *r, struct object_types *ret)
{
	struct risk_colour *v = NEW_N(r->a, struct risk_colour, r->risks.n + 1);
	for (size_t i = 0; i < r->risks.n; i++) {
		int64_t rank;
		if (!str_to_i64(rows_get(&r->risks, i, S("rank")), &rank) || rank < 1 || rank > 9)
			return bad_row(r, "object/risks", &r->risks, i);
		v[i] = (struct risk_colour){ rows_get(&r->risks, i, S("id")), rows_get(&r->risks, i, S("zh")),
					     rows_get(&r->risks, i, S("en")), (int)rank };
	}
	ret->risks = v;
	ret->nrisks = r->risks.n;
	return ERR_OK;
}

static err read_tables(struct reading *r, const struct catalog *c, int64_t today)
{
	struct rows sectors;
	static const str family = S("object");
	TRY(catalog_current(c, r->a, S("sector"), today, S("sectors"), &sectors, r->f));
	TRY(sector_table_read(r->a, &sectors, &r->sectors, r->f));
	TRY(catalog_current(c, r->a, family, today, S("types"), &r->types, r->f));
	TRY(catalog_current(c, r->a, family, today, S("attrs"), &r->attrs, r->f));
	TRY(catalog_current(c, r->a, family, today, S("options"), &r->options, r->f));
	return catalog_current(c, r->a, family, today, S("risks"), &r->risks, r->f);
}

err object_types_read(struct arena *a, const struct catalog *c, int64_t today, struct object_types **ret, struct fail *f)
{
	struct reading r = { .a = a, .f = f };
	struct object_types *out = NEW(a, struct object_types);
	TRY(read_tables(&r, c, today));
	struct object_type *v = NEW_N(a, struct object_type, r.types.n + 1);
	for (size_t i = 0; i < r.types.n; i++)
		TRY(read_type(&r, i, &v[i]));
	out->v = v;
	out->n = r.types.n;
	TRY(read_risks(&r, out));
	*ret = out;
	return ERR_OK;
}

/* ---- finding ---- */

const struct object_type *object_type_find(const struct object_types *t, str id)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->v[i].id, id))
			return &t->v[i];
	return NULL;
}

static bool has_word(str words, str name)
{
	str word;
	while (str_cut(&words, ' ', &word))
		if (str_eq(word, name))
			return true;
	return false;
}

const struct object_type *object_type_named(const struct object_types *t, str name)
{
	for (size_t i = 0; name.n && i < t->n; i++) {
		const struct object_type *ty = &t->v[i];
		if (str_eq(ty->id, name) || str_eq(ty->zh, name) || str_eq_nocase(ty->en, name))
			return ty;
	}
	for (size_t i = 0; name.n && i < t->n; i++)
		if (has_word(t->v[i].words, name))
			return &t->v[i];
	return NULL;
}

int risk_rank(const struct object_types *t, str risk)
{
	for (size_t i = 0; i < t->nrisks; i++)
		if (str_eq(t->risks[i].id, risk))
			return t->risks[i].rank;
	return 0;
}

/* ---- values ---- */

/* The end of the string whose inside begins at `at`. */
static size_t string_end(str s, size_t at)
{
	while (at < s.n && s.p[at] != '"')
		at += s.p[at] == '\\' ? 2 : 1;
	return at < s.n ? at : s.n;
}

/* The text of a member's value in a flat, compact JSON object; the null string when it has none. */
static str member(str object, str name)
{
	for (size_t at = 1; at + 2 < object.n; at++) {
		size_t end = string_end(object, at + 1);
		bool found = str_eq(str_sub(object, at + 1, end), name);
		size_t from = end + 2, to = from;
		while (to < object.n && object.p[to] != ',' && object.p[to] != '}')
			to = object.p[to] == '"' ? string_end(object, to + 1) + 1 : to + 1;
		if (found)
			return str_sub(object, from, to);
		at = to;
	}
	return (str){ 0 };
}

static str option_name(const struct object_attr *at, str id, bool zh)
{
	for (size_t i = 0; i < at->noptions; i++)
		if (str_eq(at->options[i].id, id))
			return zh ? at->options[i].zh : at->options[i].en;
	return id;
}

str attr_text(struct arena *a, const struct object_type *t, str attrs, size_t i, bool zh)
{
	const struct object_attr *at = &t->attrs[i];
	char *value = arena_alloc(a, t->json->size);
	const void *slot = value + i * SLOT;
	str raw = member(attrs, at->name);
	struct buf b = BUF(a);
	if (!raw.p || json_read_as(a, attrs, "", t->json, value, NULL) != ERR_OK)
		return S("");
	if (at->kind == ATTR_BOOL)
		return *(const bool *)slot ? (zh ? S("是") : S("yes")) : (zh ? S("否") : S("no"));
	if (at->kind == ATTR_TEXT)
		return *(const str *)slot;
	if (at->kind == ATTR_ENUM)
		return option_name(at, *(const str *)slot, zh);
	if (at->kind == ATTR_DATE)
		json_put_date(&b, *(const int64_t *)slot);
	return at->kind == ATTR_DATE ? str_sub(buf_str(&b), 1, b.n - 1) : raw;
}

/* The JSON reader takes an absent boolean for a false one; here the two differ, so presence is asked of the text. */
err attrs_check(struct arena *a, const struct object_type *t, str attrs, str *ret, struct fail *f)
{
	char *value = arena_alloc(a, t->json->size);
	struct buf b = BUF(a);
	if (!attrs.n)
		attrs = S("{}");
	TRY(json_read_as(a, attrs, "/attrs", t->json, value, f));
	buf_byte(&b, '{');
	for (size_t i = 0; i < t->nattrs; i++) {
		const struct json_field *fd = &t->json->fields[i];
		if (!member(attrs, t->attrs[i].name).p)
			continue;
		buf_put(&b, b.n > 1 ? S(",") : S(""));
		json_put_str(&b, t->attrs[i].name);
		buf_byte(&b, ':');
		json_put_value(&b, fd, value + i * SLOT);
	}
	buf_byte(&b, '}');
	*ret = buf_str(&b);
	return ERR_OK;
}
