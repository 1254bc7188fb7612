#include "base/json_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

static void path_byte(struct json_reader *r, char c)
{
	if (r->path_n + 1 < sizeof r->path)
		r->path[r->path_n++] = c;
	r->path[r->path_n] = 0;
}

size_t json_path_name(struct json_reader *r, str name)
{
	size_t before = r->path_n;
	path_byte(r, '/');
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		path_byte(r, c == '~' || c == '/' ? '~' : c);
		if (c == '~' || c == '/')
			path_byte(r, c == '~' ? '0' : '1');
	}
	return before;
}

size_t json_path_index(struct json_reader *r, size_t i)
{
	char text[24];
	int n = snprintf(text, sizeof text, "%zu", i);
	return json_path_name(r, (str){ text, (size_t)n });
}

void json_path_pop(struct json_reader *r, size_t to)
{
	r->path_n = to;
	r->path[to] = 0;
}

void json_set_absent(const struct json_type *t, void *value)
{
	memset(value, 0, t->size);
	for (size_t i = 0; i < t->n; i++) {
		const struct json_field *fd = &t->fields[i];
		void *slot = (char *)value + fd->offset;
		if (fd->kind == JSON_I64 || fd->kind == JSON_ID || fd->kind == JSON_DATE)
			*(int64_t *)slot = JSON_NONE;
		else if (fd->kind == JSON_F64)
			*(double *)slot = NAN;
	}
}

const struct json_field *json_find_field(const struct json_type *t, str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(str_of(json_name(&t->fields[i])), name))
			return &t->fields[i];
	return NULL;
}

size_t json_max(const struct json_field *fd)
{
	if (fd->limits.max > 0)
		return (size_t)fd->limits.max;
	switch (fd->kind) {
	case JSON_RAW:
		return 64 << 10;
	case JSON_IDS:
	case JSON_LIST:
		return 500;
	default:
		return 200;
	}
}

/* A limit of zero that is smaller than nothing else is one that was not written: see json.h. */
bool json_has_min(const struct json_field *fd)
{
	double min = fd->limits.min, max = fd->limits.max;
	return min < max || min > 0;
}

bool json_has_max(const struct json_field *fd)
{
	double min = fd->limits.min, max = fd->limits.max;
	return min < max || max < 0;
}

err json_bad_type(struct json_reader *r, const char *expected)
{
	return FAIL(r->f, BAD_FIELD, r->path, "err.type", "expected", expected);
}

err json_bad_field(struct json_reader *r, const char *key)
{
	return FAIL(r->f, BAD_FIELD, r->path, key);
}

static err too(struct json_reader *r, const char *key, const char *name, size_t limit)
{
	char text[24];
	snprintf(text, sizeof text, "%zu", limit);
	return FAIL(r->f, BAD_FIELD, r->path, key, name, text);
}

err json_check_text(struct json_reader *r, const struct json_field *fd, str s)
{
	if (memchr(s.p, 0, s.n))
		return json_bad_field(r, "err.bad_text");
	size_t n = utf8_count(s);
	if (fd->presence == JSON_REQ && n == 0)
		return json_bad_field(r, "err.required");
	if (n > json_max(fd))
		return too(r, "err.too_long", "max", json_max(fd));
	if (fd->limits.min > 0 && n < (size_t)fd->limits.min)
		return too(r, "err.too_short", "min", (size_t)fd->limits.min);
	return ERR_OK;
}

err json_check_number(struct json_reader *r, const struct json_field *fd, double v)
{
	bool low = json_has_min(fd) && v < fd->limits.min, high = json_has_max(fd) && v > fd->limits.max;
	if (!low && !high)
		return ERR_OK;
	char min[32], max[32];
	snprintf(min, sizeof min, "%.15g", json_has_min(fd) ? fd->limits.min : -(double)JSON_MAX_EXACT);
	snprintf(max, sizeof max, "%.15g", json_has_max(fd) ? fd->limits.max : (double)JSON_MAX_EXACT);
	return FAIL(r->f, BAD_FIELD, r->path, "err.range", "min", min, "max", max);
}

err json_check_count(struct json_reader *r, const struct json_field *fd, size_t n)
{
	if (n > json_max(fd))
		return too(r, "err.too_many_items", "max", json_max(fd));
	if (fd->limits.min > 0 && n < (size_t)fd->limits.min)
		return too(r, "err.too_few_items", "min", (size_t)fd->limits.min);
	return ERR_OK;
}

err json_parse_id(struct json_reader *r, str s, int64_t *ret)
{
	int64_t v;
	if (s.n == 0 || s.p[0] < '1' || s.p[0] > '9' || !str_to_i64(s, &v))
		return json_bad_field(r, "err.bad_id");
	*ret = v;
	return ERR_OK;
}

static err store_enum(struct json_reader *r, const struct json_field *fd, str s, str *slot)
{
	str rest = str_of(fd->limits.options), option;
	while (str_cut(&rest, '|', &option)) {
		if (str_eq(option, s)) {
			*slot = option;
			return ERR_OK;
		}
	}
	return FAIL(r->f, BAD_FIELD, r->path, "err.enum", "options", fd->limits.options);
}

err json_store_text(struct json_reader *r, const struct json_field *fd, str s, void *slot)
{
	switch (fd->kind) {
	case JSON_ID:
		return json_parse_id(r, s, slot);
	case JSON_DATE:
		return date_parse(s, slot) ? ERR_OK : json_bad_field(r, "err.bad_date");
	case JSON_ENUM:
		return store_enum(r, fd, s, slot);
	default:
		TRY(json_check_text(r, fd, s));
		*(str *)slot = arena_str(r->a, s);
		return ERR_OK;
	}
}
