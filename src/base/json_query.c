/* Reads the parameters of a query string by the same descriptors as JSON. */
#include "base/json_check.h"

#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"

static err store_number(struct json_reader *r, const struct json_field *fd, str s, void *slot)
{
	int64_t i;
	double d;
	if (fd->kind == JSON_I64) {
		if (!str_to_i64(s, &i))
			return json_bad_type(r, "integer");
		if (i > JSON_MAX_EXACT || i < -JSON_MAX_EXACT)
			return json_bad_field(r, "err.number");
		TRY(json_check_number(r, fd, (double)i));
		*(int64_t *)slot = i;
		return ERR_OK;
	}
	if (!str_to_f64(s, &d))
		return json_bad_type(r, "number");
	TRY(json_check_number(r, fd, d));
	*(double *)slot = d;
	return ERR_OK;
}

static err store_bool(struct json_reader *r, str s, bool *slot)
{
	bool yes = str_eq(s, S("1")) || str_eq(s, S("true"));
	if (!yes && !str_eq(s, S("0")) && !str_eq(s, S("false")))
		return json_bad_type(r, "boolean");
	*slot = yes;
	return ERR_OK;
}

static size_t count_pieces(str s)
{
	size_t n = 0;
	str piece;
	while (str_cut(&s, ',', &piece))
		n++;
	return n;
}

/* a,b,c; a repeated parameter adds to the list. */
static err store_list(struct json_reader *r, const struct json_field *fd, str s, void *slot)
{
	static const struct json_field item = { .kind = JSON_STR, .presence = JSON_REQ };
	struct json_strs *strs = slot;
	struct json_ids *ids = slot;
	bool text = fd->kind == JSON_STRS;
	size_t had = text ? strs->n : ids->n, size = text ? sizeof(str) : sizeof(int64_t);
	size_t n = had + count_pieces(s);
	TRY(json_check_count(r, fd, n));
	char *v = arena_grow(r->a, text ? (void *)strs->v : (void *)ids->v, had * size, n * size);
	str piece;
	for (size_t i = had; str_cut(&s, ',', &piece); i++) {
		if (text)
			TRY(json_store_text(r, &item, piece, v + i * size));
		else
			TRY(json_parse_id(r, piece, (int64_t *)(void *)(v + i * size)));
	}
	if (text)
		*strs = (struct json_strs){ (str *)(void *)v, n };
	else
		*ids = (struct json_ids){ (int64_t *)(void *)v, n };
	return ERR_OK;
}

static err store(struct json_reader *r, const struct json_field *fd, str s, void *slot)
{
	switch (fd->kind) {
	case JSON_I64:
	case JSON_F64:
		return store_number(r, fd, s, slot);
	case JSON_BOOL:
		return store_bool(r, s, slot);
	case JSON_STRS:
	case JSON_IDS:
		return store_list(r, fd, s, slot);
	case JSON_RAW:
	case JSON_OBJ:
	case JSON_LIST:
		return json_bad_type(r, "parameter");
	default:
		return json_store_text(r, fd, s, slot);
	}
}

enum { MAX_FIELDS = 64 };

static err read_pair(struct json_reader *r, const struct json_type *t, const struct json_pair *p,
		     uint64_t *seen, void *value)
{
	const struct json_field *fd = t ? json_find_field(t, p->name) : NULL;
	r->path_n = 0;
	json_path_name(r, p->name);
	r->path[0] = '?';
	if (!fd || fd - t->fields >= MAX_FIELDS)
		return FAIL(r->f, BAD_FIELD, r->path, "err.unknown_field", "field", r->path + 1);
	uint64_t bit = (uint64_t)1 << (fd - t->fields);
	bool list = fd->kind == JSON_STRS || fd->kind == JSON_IDS;
	if ((*seen & bit) && !list)
		return json_bad_field(r, "err.duplicate_field");
	if (!utf8_valid(p->value))
		return json_bad_field(r, "err.bad_text");
	if (p->value.n == 0)
		return ERR_OK; /* an empty box of a form */
	*seen |= bit;
	return store(r, fd, p->value, (char *)value + fd->offset);
}

static err require_all(struct json_reader *r, const struct json_type *t, uint64_t seen)
{
	for (size_t i = 0; t && i < t->n; i++) {
		if (t->fields[i].presence != JSON_REQ || (seen >> i & 1))
			continue;
		r->path_n = 0;
		json_path_name(r, str_of(json_name(&t->fields[i])));
		r->path[0] = '?';
		return json_bad_field(r, "err.required");
	}
	return ERR_OK;
}

err json_read_query(struct arena *a, const struct json_pair *pairs, size_t n, json_type_fn *t, void *ret,
		    struct fail *f)
{
	struct json_reader r = { .a = a, .f = f };
	const struct json_type *type = t ? t() : NULL;
	void *value = arena_alloc(a, type ? type->size : 1);
	uint64_t seen = 0;
	if (type)
		json_set_absent(type, value);
	for (size_t i = 0; i < n; i++)
		TRY(read_pair(&r, type, &pairs[i], &seen, value));
	TRY(require_all(&r, type, seen));
	if (type)
		memcpy(ret, value, type->size);
	return ERR_OK;
}
