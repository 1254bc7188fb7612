#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

/* 0: as it is; 'u': \u00XX; else the letter behind the backslash. */
static const char escapes[256] = {
	['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
	[0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u', [0x06] = 'u',
	[0x07] = 'u', [0x0b] = 'u', [0x0e] = 'u', [0x0f] = 'u', [0x10] = 'u', [0x11] = 'u', [0x12] = 'u',
	[0x13] = 'u', [0x14] = 'u', [0x15] = 'u', [0x16] = 'u', [0x17] = 'u', [0x18] = 'u', [0x19] = 'u',
	[0x1a] = 'u', [0x1b] = 'u', [0x1c] = 'u', [0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u',
};

static void put_escape(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char e = escapes[c];
	if (e == 'u')
		buf_put(b, (str){ (char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6 });
	else
		buf_put(b, (str){ (char[]){ '\\', e }, 2 });
}

static void put_valid(struct buf *b, str s)
{
	size_t start = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (!escapes[(unsigned char)s.p[i]])
			continue;
		buf_put(b, str_sub(s, start, i));
		put_escape(b, (unsigned char)s.p[i]);
		start = i + 1;
	}
	buf_put(b, str_sub(s, start, s.n));
}

static void put_mended(struct buf *b, str s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t cp = utf8_next(s, &i);
		if (cp < 0x80 && escapes[cp])
			put_escape(b, (unsigned char)cp);
		else
			buf_codepoint(b, cp);
	}
}

void json_put_str(struct buf *b, str s)
{
	buf_reserve(b, s.n + 2);
	buf_byte(b, '"');
	if (utf8_valid(s))
		put_valid(b, s);
	else
		put_mended(b, s);
	buf_byte(b, '"');
}

void json_put_f64(struct buf *b, double v)
{
	if (!isfinite(v)) {
		buf_put(b, S("null"));
		return;
	}
	if (v == floor(v) && fabs(v) < 1e15) {
		buf_i64(b, (int64_t)v);
		return;
	}
	char text[40];
	for (int digits = 15; digits <= 17; digits++) { /* the fewest that read back as the same */
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_put(b, str_of(text));
}

void json_put_id(struct buf *b, int64_t id)
{
	buf_byte(b, '"');
	buf_i64(b, id);
	buf_byte(b, '"');
}

void json_put_date(struct buf *b, int64_t days)
{
	char text[11];
	date_format(days, text);
	json_put_str(b, str_of(text));
}

struct any_list {
	const void *v;
	size_t n;
};

static bool is_absent(const struct json_field *fd, const void *slot)
{
	switch (fd->kind) {
	case JSON_I64:
	case JSON_ID:
	case JSON_DATE:
		return *(const int64_t *)slot == JSON_NONE;
	case JSON_F64:
		return !isfinite(*(const double *)slot);
	case JSON_BOOL:
		return false;
	case JSON_OBJ:
		return !*(void *const *)slot;
	case JSON_STRS:
	case JSON_IDS:
	case JSON_LIST:
		return !((const struct any_list *)slot)->v;
	default:
		return !((const str *)slot)->p;
	}
}

/* What stands for a value that must be there and is not. */
static void put_absent(struct buf *b, const struct json_field *fd)
{
	bool must = fd->presence == JSON_REQ;
	bool list = fd->kind == JSON_STRS || fd->kind == JSON_IDS || fd->kind == JSON_LIST;
	buf_put(b, must && list ? S("[]") : must && fd->kind == JSON_STR ? S("\"\"") : S("null"));
}

static void put_strs(struct buf *b, const struct json_strs *l)
{
	buf_byte(b, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(b, ',');
		json_put_str(b, l->v[i]);
	}
	buf_byte(b, ']');
}

static void put_ids(struct buf *b, const struct json_ids *l)
{
	buf_byte(b, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(b, ',');
		json_put_id(b, l->v[i]);
	}
	buf_byte(b, ']');
}

void json_put_value(struct buf *b, const struct json_field *fd, const void *slot)
{
	switch (fd->kind) {
	case JSON_I64:
		buf_i64(b, *(const int64_t *)slot);
		break;
	case JSON_F64:
		json_put_f64(b, *(const double *)slot);
		break;
	case JSON_BOOL:
		buf_put(b, *(const bool *)slot ? S("true") : S("false"));
		break;
	case JSON_ID:
		json_put_id(b, *(const int64_t *)slot);
		break;
	case JSON_DATE:
		json_put_date(b, *(const int64_t *)slot);
		break;
	case JSON_STRS:
		put_strs(b, slot);
		break;
	case JSON_IDS:
		put_ids(b, slot);
		break;
	case JSON_RAW:
		buf_put(b, *(const str *)slot);
		break;
	case JSON_OBJ:
		json_write(b, fd->sub, *(void *const *)slot);
		break;
	case JSON_LIST:
		json_write_list(b, fd->sub, ((const struct any_list *)slot)->v, ((const struct any_list *)slot)->n);
		break;
	case JSON_STR:
	case JSON_ENUM:
		json_put_str(b, *(const str *)slot);
		break;
	}
}

void json_write(struct buf *b, json_type_fn *t, const void *value)
{
	json_write_as(b, t(), value);
}

void json_write_as(struct buf *b, const struct json_type *type, const void *value)
{
	char sep = '{';
	for (size_t i = 0; i < type->n; i++) {
		const struct json_field *fd = &type->fields[i];
		const void *slot = (const char *)value + fd->offset;
		bool absent = is_absent(fd, slot);
		if (absent && fd->presence == JSON_OPT)
			continue;
		buf_byte(b, sep);
		sep = ',';
		buf_byte(b, '"'); /* names are C identifiers */
		buf_put(b, str_of(json_name(fd)));
		buf_put(b, S("\":"));
		if (absent)
			put_absent(b, fd);
		else
			json_put_value(b, fd, slot);
	}
	buf_put(b, sep == '{' ? S("{}") : S("}"));
}

void json_write_list(struct buf *b, json_type_fn *t, const void *v, size_t n)
{
	size_t size = t()->size;
	buf_byte(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(b, ',');
		json_write(b, t, (const char *)v + i * size);
	}
	buf_byte(b, ']');
}
