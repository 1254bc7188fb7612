#include "loop/exchange_check.h"

#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "core/base64.h"
#include "core/crypto.h"
#include "core/evidence.h"
#include "core/uscc.h"

/* ---- values ---- */

static bool all_of(str s, const char *chars)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(chars, s.p[i]))
			return false;
	return s.n > 0;
}

/* 32 hexadecimal digits, or 36 characters with dashes where RFC 9562 has them. */
static bool is_uuid(str s)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	if (s.n == 32)
		return all_of(s, hex);
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (!s.p[i] || (dash ? s.p[i] != '-' : !strchr(hex, s.p[i])))
			return false;
	}
	return s.n == 36;
}

bool exchange_time(struct arena *a, str s, str *ret, int64_t *ret_ms)
{
	int64_t v[6] = { 0 };
	size_t n = 0;
	bool inside = false;
	for (size_t i = 0; i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';
		if (!digit && !strchr("-/: T.", s.p[i]))
			return false;
		if (digit && !inside && n++ == 6)
			return s.p[i - 1] == '.'; /* fractions of a second are left out */
		if (digit && (v[n - 1] = v[n - 1] * 10 + (s.p[i] - '0')) > 9999)
			return false;
		inside = digit;
	}
	if ((n != 3 && n != 5 && n != 6) || v[0] < 1949 || !date_ymd_valid((int)v[0], (int)v[1], (int)v[2]) || v[3] > 23 || v[4] > 59 ||
	    v[5] > 59)
		return false;
	int64_t day = date_from_ymd((int)v[0], (int)v[1], (int)v[2]);
	*ret_ms = china_day_start_ms(day) + ((v[3] * 60 + v[4]) * 60 + v[5]) * 1000;
	*ret = n == 3 ? arena_printf(a, "%04d-%02d-%02d", (int)v[0], (int)v[1], (int)v[2])
		      : arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d", (int)v[0], (int)v[1], (int)v[2], (int)v[3], (int)v[4],
				     (int)v[5]);
	return true;
}

/* What people write for a code in a workbook: the word. */
static str code_of(const struct exchange_spec *s, str list, str value)
{
	for (size_t i = 0; i < s->ncodes; i++)
		if (str_eq(s->codes[i].list, list) && (str_eq(s->codes[i].zh, value) || str_eq_nocase(s->codes[i].en, value)))
			return s->codes[i].value;
	return value;
}

/* One check: the value in its one form, or the key of what is wrong. */
struct checked {
	struct ctx *cx;
	const struct exchange_spec *s;
	const struct exchange_field *f;
	str value, bytes;
};

static const char *check_image(struct checked *c)
{
	unsigned char hash[HASH_SIZE];
	str rest = str_sub(c->value, 7, c->value.n);
	if (str_starts(c->value, S("sha256:")))
		return rest.n == 64 && all_of(rest, "0123456789abcdef") ? NULL : "err.exchange.image";
	if (!base64_decode(c->cx->a, c->value, &c->bytes))
		return "err.exchange.image";
	if (c->bytes.n > c->f->max)
		return "err.exchange.image_size";
	const char *type = evidence_type(c->bytes);
	if (strcmp(type, "image/jpeg") && strcmp(type, "image/png"))
		return "err.exchange.image";
	hash_bytes(HASH_SHA256, c->bytes, hash);
	c->value = arena_printf(c->cx->a, "sha256:" STR_FMT, STR_ARG(hex_encode(c->cx->a, (str){ (const char *)hash, sizeof hash })));
	return NULL;
}

static const char *check_code(struct checked *c)
{
	c->value = code_of(c->s, c->f->codes, c->value);
	return exchange_code_find(c->s, c->f->codes, c->value) ? NULL : "err.exchange.code";
}

static const char *check_value(struct checked *c)
{
	int64_t i;
	double d;
	if (c->f->type == EX_IMAGE)
		return check_image(c);
	if (!utf8_valid(c->value))
		return "err.exchange.value";
	if (c->f->type == EX_CODE || c->f->type == EX_FLAG)
		return check_code(c);
	if (c->f->max && utf8_count(c->value) > c->f->max)
		return "err.exchange.long";
	switch (c->f->type) {
	case EX_INT:
		return str_to_i64(c->value, &i) ? NULL : "err.exchange.int";
	case EX_REAL:
		return str_to_f64(c->value, &d) ? NULL : "err.exchange.real";
	case EX_UUID:
		return is_uuid(c->value) ? NULL : "err.exchange.uuid";
	case EX_COMPANY:
		return c->value.n == 9 && all_of(c->value, "0123456789") ? NULL : "err.exchange.company";
	case EX_TIME:
		return exchange_time(c->cx->a, c->value, &c->value, &i) ? NULL : "err.exchange.time";
	default:
		return NULL;
	}
}

void exchange_take_value(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in, struct exchange_row *row,
			 size_t field, str value, str cell)
{
	const struct exchange_table *t = &s->tables[row->table];
	struct checked c = { cx, s, &t->fields[field], str_trim(value), { NULL, 0 } };
	struct exchange_error at = { t->id, cell, c.f->name, S(""), row->number };
	if (!c.value.n)
		return;
	const char *key = check_value(&c);
	if (key) {
		row->values[field] = S(""); /* there, but wrong: not missing too */
		str allowed = exchange_codes_text(cx->a, s, c.f->codes, !str_starts(cx->lang, S("en")));
		exchange_wrong(cx, in, &at, key, "field", arena_cstr(cx->a, c.f->name), "value",
			       arena_cstr(cx->a, utf8_cut(utf8_valid(value) ? str_trim(value) : S("?"), 40)), "max",
			       arena_printf(cx->a, "%zu", c.f->max).p, "allowed", arena_cstr(cx->a, allowed), NULL);
		return;
	}
	row->values[field] = arena_str(cx->a, c.value);
	row->bytes[field] = c.bytes;
}

void exchange_check_row(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in, struct exchange_row *row)
{
	const struct exchange_table *t = &s->tables[row->table];
	if (t->deleted_at != SIZE_MAX && !row->values[t->deleted_at].p)
		row->values[t->deleted_at] = S("0"); /* tables from Excel seldom have it */
	for (size_t i = 0; i < t->n; i++) {
		struct exchange_error at = { t->id, row->where, t->fields[i].name, S(""), row->number };
		if (t->fields[i].required && !row->values[i].p)
			exchange_wrong(cx, in, &at, "err.exchange.required", "field", arena_cstr(cx->a, t->fields[i].name), NULL);
	}
}

/* ---- the company, and ids that stand twice ---- */

static void check_codes(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct exchange_table *t = &s->tables[in->rows[i].table];
		str code = t->company_at == SIZE_MAX ? S("") : in->rows[i].values[t->company_at];
		if (!in->company.code.n)
			in->company.code = code.n ? code : S("");
		struct exchange_error at = { t->id, in->rows[i].where, S("companyCode"), S(""), in->rows[i].number };
		if (code.n && !str_eq(code, in->company.code))
			exchange_wrong(cx, in, &at, "err.exchange.two_companies", "one", arena_cstr(cx->a, in->company.code), "other",
				       arena_cstr(cx->a, code), NULL);
	}
}

static void check_twice(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in)
{
	struct map seen = MAP(cx->a);
	for (size_t i = 0; i < in->n; i++) {
		const struct exchange_table *t = &s->tables[in->rows[i].table];
		str id = t->id_at == SIZE_MAX ? S("") : in->rows[i].values[t->id_at];
		str key = arena_printf(cx->a, "%zu " STR_FMT, in->rows[i].table, STR_ARG(id));
		struct exchange_error at = { t->id, in->rows[i].where, S("id"), S(""), in->rows[i].number };
		if (id.n && map_get(&seen, key))
			exchange_wrong(cx, in, &at, "err.exchange.twice", "id", arena_cstr(cx->a, id), NULL);
		else if (id.n)
			map_put(&seen, key, &in->rows[i]);
	}
}

err exchange_check_company(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in)
{
	struct exchange_company *k = &in->company;
	struct exchange_error at = { S("Company"), S("Company"), S("companyCode"), S(""), 0 };
	check_codes(cx, s, in);
	check_twice(cx, s, in);
	if (!k->code.n && in->nerrors)
		return ERR_OK; /* said already: there was nothing to read it from */
	if (k->code.n != 9 || !all_of(k->code, "0123456789"))
		exchange_wrong(cx, in, &at, "err.exchange.company", "field", "companyCode", "value",
			       arena_cstr(cx->a, utf8_cut(k->code, 40)), NULL);
	at.field = S("creditCode");
	if (k->credit_code.n && !uscc_valid(k->credit_code))
		exchange_wrong(cx, in, &at, "err.exchange.credit_code", "value", arena_cstr(cx->a, utf8_cut(k->credit_code, 40)), NULL);
	return ERR_OK;
}
