/* What a specification says, from its catalog. */
#include "base/vec.h"
#include "core/app.h"
#include "core/sector.h"
#include "loop/exchange.h"

static const char *const type_names[EX_TYPE_COUNT] = { "text", "int", "real", "uuid", "time", "code", "image", "flag", "company" };

const char *exchange_type_name(enum exchange_type t)
{
	return t < EX_TYPE_COUNT ? type_names[t] : "";
}

static str cell(const struct rows *t, size_t i, const char *column)
{
	str s = rows_get(t, i, str_of(column));
	return s.p ? s : S("");
}

static enum exchange_type type_of(str name)
{
	for (int i = 0; i < EX_TYPE_COUNT; i++)
		if (str_eq(name, str_of(type_names[i])))
			return (enum exchange_type)i;
	return EX_TEXT;
}

static size_t first_of(const struct exchange_table *t, enum exchange_type type)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->fields[i].type == type)
			return i;
	return SIZE_MAX;
}

static void read_fields(struct arena *a, const struct rows *r, struct exchange_table *t)
{
	VEC(struct exchange_field) v = { 0 };
	for (size_t i = 0; i < r->n && v.n < EXCHANGE_FIELDS; i++) {
		int64_t max = 200;
		if (!str_eq(cell(r, i, "table"), t->id))
			continue;
		(void)!str_to_i64(cell(r, i, "max"), &max);
		vec_push(a, &v, ((struct exchange_field){ .name = cell(r, i, "name"), .zh = cell(r, i, "zh"), .en = cell(r, i, "en"),
							  .codes = cell(r, i, "codes"), .as = cell(r, i, "as"),
							  .certainty = cell(r, i, "certainty"), .type = type_of(cell(r, i, "type")),
							  .required = str_eq(cell(r, i, "required"), S("yes")), .max = (size_t)max }));
	}
	t->fields = v.v;
	t->n = v.n;
	t->id_at = exchange_field_find(t, S("id"));
	t->company_at = first_of(t, EX_COMPANY);
	t->deleted_at = first_of(t, EX_FLAG);
	t->image_at = first_of(t, EX_IMAGE);
	t->parent_at = t->parent_field.n ? exchange_field_find(t, t->parent_field) : SIZE_MAX;
}

static void read_codes(struct arena *a, const struct rows *r, struct exchange_spec *s)
{
	struct exchange_code *v = NEW_N(a, struct exchange_code, r->n + 1);
	for (size_t i = 0; i < r->n; i++)
		v[i] = (struct exchange_code){ cell(r, i, "list"), cell(r, i, "value"), cell(r, i, "zh"), cell(r, i, "en"),
					       cell(r, i, "means") };
	s->codes = v;
	s->ncodes = r->n;
}

static err read_sector(struct ctx *cx, str sector, struct exchange_spec *s)
{
	struct json_strs one = { &sector, sector.n ? 1 : 0 };
	return sector_mask(cx->app->sectors, &one, "", &s->sectors, &cx->fail);
}

static void read_meta(str meta, struct exchange_spec *s)
{
	s->zh = meta_get(meta, S("title_zh"));
	s->en = meta_get(meta, S("title_en"));
	s->certainty = meta_get(meta, S("certainty"));
	s->matters = meta_get(meta, S("matters"));
}

err exchange_spec_read(struct ctx *cx, str id, struct exchange_spec *ret)
{
	struct rows tables, fields, codes;
	struct exchange_spec s = { .id = id };
	str family = arena_printf(cx->a, "exchange/" STR_FMT, STR_ARG(id));
	str meta;
	s.edition = catalog_edition(cx->app->catalog, family, china_day(cx->now_ms));
	if (str_is_null(s.edition) || str_find_char(id, '/') >= 0)
		return FAIL(&cx->fail, NOT_FOUND, "", "err.exchange.spec", "name", arena_cstr(cx->a, id));
#define TABLE_OF(name) arena_printf(cx->a, STR_FMT "/" STR_FMT "/" name, STR_ARG(family), STR_ARG(s.edition))
	TRY(catalog_text(cx->app->catalog, cx->a, TABLE_OF("META"), &meta, &cx->fail));
	TRY(catalog_table(cx->app->catalog, cx->a, TABLE_OF("tables"), &tables, &cx->fail));
	TRY(catalog_table(cx->app->catalog, cx->a, TABLE_OF("fields"), &fields, &cx->fail));
	TRY(catalog_table(cx->app->catalog, cx->a, TABLE_OF("codes"), &codes, &cx->fail));
	TRY(catalog_table(cx->app->catalog, cx->a, TABLE_OF("states"), &s.states, &cx->fail));
#undef TABLE_OF
	read_meta(meta, &s);
	TRY(read_sector(cx, meta_get(meta, S("sector")), &s));
	struct exchange_table *v = NEW_N(cx->a, struct exchange_table, tables.n + 1);
	for (s.n = 0; s.n < tables.n && s.n < EXCHANGE_TABLES; s.n++) {
		v[s.n] = (struct exchange_table){ .id = cell(&tables, s.n, "id"), .zh = cell(&tables, s.n, "zh"),
						  .en = cell(&tables, s.n, "en"), .parent = cell(&tables, s.n, "parent"),
						  .parent_field = cell(&tables, s.n, "parent_field") };
		read_fields(cx->a, &fields, &v[s.n]);
	}
	s.tables = v;
	read_codes(cx->a, &codes, &s);
	*ret = s;
	return ERR_OK;
}

const struct exchange_table *exchange_table_find(const struct exchange_spec *s, str id)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq_nocase(s->tables[i].id, id) || str_eq(s->tables[i].zh, id))
			return &s->tables[i];
	return NULL;
}

size_t exchange_field_find(const struct exchange_table *t, str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq_nocase(t->fields[i].name, name))
			return i;
	return SIZE_MAX;
}

size_t exchange_meaning(const struct exchange_table *t, str as)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->fields[i].as, as))
			return i;
	return SIZE_MAX;
}

const struct exchange_code *exchange_code_find(const struct exchange_spec *s, str list, str value)
{
	for (size_t i = 0; i < s->ncodes; i++)
		if (str_eq(s->codes[i].list, list) && str_eq(s->codes[i].value, value))
			return &s->codes[i];
	return NULL;
}

str exchange_codes_text(struct arena *a, const struct exchange_spec *s, str list, bool zh)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < s->ncodes; i++) {
		const struct exchange_code *k = &s->codes[i];
		if (!str_eq(k->list, list))
			continue;
		str word = zh ? k->zh : k->en;
		buf_put(&b, b.n ? zh ? S("、") : S(", ") : S(""));
		buf_put(&b, k->value);
		if (!str_eq(word, k->value))
			buf_printf(&b, " " STR_FMT, STR_ARG(word));
	}
	return b.n ? buf_str(&b) : S("");
}
