/* Reads JSON by descriptors. The only file that includes jansson.h. */
#include "base/json_check.h"
#include "base/json_tree.h"

#include <jansson.h>
#include <string.h>

static err read_struct(struct json_reader *r, const struct json_type *t, json_t *node, void *ret);

/* ---- a walk over the text that knows where it is, for limits before parsing and errors after ---- */

struct frame {
	bool is_object;
	size_t index;
	str key;
};
struct walk {
	struct frame stack[JSON_MAX_DEPTH];
	size_t depth;
};

/* The end of the string that begins behind the quote at `i`. */
static size_t string_end(str text, size_t i)
{
	while (i < text.n && text.p[i] != '"')
		i += text.p[i] == '\\' ? 2 : 1;
	return i < text.n ? i : text.n;
}

static size_t walk_string(struct walk *w, str text, size_t i)
{
	size_t end = string_end(text, i + 1), next = end + 1;
	while (next < text.n && memchr(" \t\r\n", text.p[next], 4))
		next++;
	struct frame *top = w->depth ? &w->stack[w->depth - 1] : NULL;
	if (top && top->is_object && next < text.n && text.p[next] == ':')
		top->key = str_sub(text, i + 1, end);
	return end;
}

/* False when the nesting is too deep. Does not judge syntax. */
static bool walk_text(struct walk *w, str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '"') {
			i = walk_string(w, text, i);
		} else if (c == '{' || c == '[') {
			if (w->depth == JSON_MAX_DEPTH)
				return false;
			w->stack[w->depth++] = (struct frame){ .is_object = c == '{' };
		} else if ((c == '}' || c == ']') && w->depth) {
			w->depth--;
		} else if (c == ',' && w->depth) {
			w->stack[w->depth - 1].index++;
		}
	}
	return true;
}

static void path_of_walk(struct json_reader *r, const struct walk *w)
{
	for (size_t i = 0; i < w->depth; i++) {
		const struct frame *fr = &w->stack[i];
		if (!fr->is_object)
			json_path_index(r, fr->index);
		else if (fr->key.p)
			json_path_name(r, fr->key);
	}
}

static err syntax(struct json_reader *r, str text, const json_error_t *e)
{
	/* A key that has just been read is not yet followed by its colon in the part before the
	 * position: walk on over what stands behind it. */
	size_t at = e->position > 0 ? (size_t)e->position : 0;
	while (at < text.n && memchr(" \t\r\n:", text.p[at], 5))
		at++;
	struct walk w = { .depth = 0 };
	if (walk_text(&w, str_sub(text, 0, at)))
		path_of_walk(r, &w);
	char line[16], column[16];
	snprintf(line, sizeof line, "%d", e->line);
	snprintf(column, sizeof column, "%d", e->column);
	if (json_error_code(e) == json_error_duplicate_key)
		return json_bad_field(r, "err.duplicate_field");
	if (json_error_code(e) == json_error_numeric_overflow)
		return json_bad_field(r, "err.number");
	return FAIL(r->f, BAD_JSON, r->path, "err.bad_json", "line", line, "column", column);
}

static err parse(struct json_reader *r, str text, json_t **ret)
{
	struct walk w = { .depth = 0 };
	if (!walk_text(&w, text))
		return FAIL(r->f, BAD_JSON, "", "err.json_depth", "max", "32");
	json_error_t e;
	json_t *root = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &e);
	if (!root)
		return syntax(r, text, &e);
	*ret = root;
	return ERR_OK;
}

/* ---- values ---- */

static str text_of(json_t *node)
{
	return (str){ json_string_value(node), json_string_length(node) };
}

static err read_i64(struct json_reader *r, const struct json_field *fd, json_t *node, int64_t *slot)
{
	if (!json_is_integer(node))
		return json_bad_type(r, "integer");
	json_int_t v = json_integer_value(node);
	if (v > JSON_MAX_EXACT || v < -JSON_MAX_EXACT)
		return json_bad_field(r, "err.number");
	TRY(json_check_number(r, fd, (double)v));
	*slot = v;
	return ERR_OK;
}

static err read_f64(struct json_reader *r, const struct json_field *fd, json_t *node, double *slot)
{
	if (!json_is_number(node))
		return json_bad_type(r, "number");
	json_int_t i = json_integer_value(node); /* 0 when it is real */
	if (i > JSON_MAX_EXACT || i < -JSON_MAX_EXACT)
		return json_bad_field(r, "err.number");
	TRY(json_check_number(r, fd, json_number_value(node)));
	*slot = json_number_value(node);
	return ERR_OK;
}

static err read_raw(struct json_reader *r, const struct json_field *fd, json_t *node, str *slot)
{
	if (!json_is_object(node))
		return json_bad_type(r, "object");
	size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(17), n = json_dumpb(node, NULL, 0, flags);
	if (n > json_max(fd)) {
		char max[24];
		snprintf(max, sizeof max, "%zu", json_max(fd));
		return FAIL(r->f, BAD_FIELD, r->path, "err.too_long", "max", max);
	}
	char *p = arena_alloc(r->a, n + 1);
	json_dumpb(node, p, n, flags);
	*slot = (str){ p, n };
	return ERR_OK;
}

static err read_str_item(struct json_reader *r, json_t *node, str *ret)
{
	static const struct json_field item = { .kind = JSON_STR, .presence = JSON_REQ };
	if (!json_is_string(node))
		return json_bad_type(r, "string");
	return json_store_text(r, &item, text_of(node), ret);
}

static err read_id_item(struct json_reader *r, json_t *node, int64_t *ret)
{
	if (!json_is_string(node))
		return json_bad_type(r, "string");
	return json_parse_id(r, text_of(node), ret);
}

/* STRS, IDS and LIST are all a pointer and a count. */
struct any_list {
	void *v;
	size_t n;
};

static err read_item(struct json_reader *r, const struct json_field *fd, json_t *node, void *item)
{
	if (fd->kind == JSON_STRS)
		return read_str_item(r, node, item);
	if (fd->kind == JSON_IDS)
		return read_id_item(r, node, item);
	return read_struct(r, fd->sub(), node, item);
}

static err read_list(struct json_reader *r, const struct json_field *fd, json_t *node, void *slot)
{
	if (!json_is_array(node))
		return json_bad_type(r, "array");
	size_t n = json_array_size(node);
	TRY(json_check_count(r, fd, n));
	size_t size = fd->kind == JSON_STRS  ? sizeof(str) :
		      fd->kind == JSON_IDS ? sizeof(int64_t) : fd->sub()->size;
	struct any_list list = { arena_alloc(r->a, n * size), n };
	for (size_t i = 0; i < n; i++) {
		size_t before = json_path_index(r, i);
		TRY(read_item(r, fd, json_array_get(node, i), (char *)list.v + i * size));
		json_path_pop(r, before);
	}
	memcpy(slot, &list, sizeof list);
	return ERR_OK;
}

static err read_object(struct json_reader *r, const struct json_field *fd, json_t *node, void *slot)
{
	void *value = arena_alloc(r->a, fd->sub()->size);
	TRY(read_struct(r, fd->sub(), node, value));
	memcpy(slot, &value, sizeof value);
	return ERR_OK;
}

static err read_bool(struct json_reader *r, json_t *node, bool *slot)
{
	if (!json_is_boolean(node))
		return json_bad_type(r, "boolean");
	*slot = json_is_true(node);
	return ERR_OK;
}

static err read_value(struct json_reader *r, const struct json_field *fd, json_t *node, void *slot)
{
	if (json_is_null(node) && fd->presence == JSON_NUL)
		return ERR_OK;
	switch (fd->kind) {
	case JSON_I64:
		return read_i64(r, fd, node, slot);
	case JSON_F64:
		return read_f64(r, fd, node, slot);
	case JSON_BOOL:
		return read_bool(r, node, slot);
	case JSON_RAW:
		return read_raw(r, fd, node, slot);
	case JSON_STRS:
	case JSON_IDS:
	case JSON_LIST:
		return read_list(r, fd, node, slot);
	case JSON_OBJ:
		return read_object(r, fd, node, slot);
	default:
		if (!json_is_string(node))
			return json_bad_type(r, "string");
		return json_store_text(r, fd, text_of(node), slot);
	}
}

static err refuse_unknown(struct json_reader *r, const struct json_type *t, json_t *node)
{
	const char *key;
	json_t *value;
	json_object_foreach(node, key, value) {
		if (!json_find_field(t, str_of(key))) {
			json_path_name(r, str_of(key));
			return FAIL(r->f, BAD_FIELD, r->path, "err.unknown_field", "field", key);
		}
	}
	return ERR_OK;
}

/* Recursion is bounded: the text was refused beyond JSON_MAX_DEPTH. */
static err read_struct(struct json_reader *r, const struct json_type *t, json_t *node, void *ret)
{
	if (!json_is_object(node))
		return json_bad_type(r, "object");
	json_set_absent(t, ret);
	TRY(refuse_unknown(r, t, node));
	for (size_t i = 0; i < t->n; i++) {
		const struct json_field *fd = &t->fields[i];
		json_t *value = json_object_get(node, json_name(fd));
		size_t before = json_path_name(r, str_of(json_name(fd)));
		if (!value && fd->presence == JSON_REQ)
			return json_bad_field(r, "err.required");
		if (value)
			TRY(read_value(r, fd, value, (char *)ret + fd->offset));
		json_path_pop(r, before);
	}
	return ERR_OK;
}

err json_read_as(struct arena *a, str text, const char *at, const struct json_type *t, void *ret, struct fail *f)
{
	struct json_reader r = { .a = a, .f = f };
	json_t *root;
	TRY(parse(&r, text, &root));
	r.path_n = (size_t)snprintf(r.path, sizeof r.path, "%s", at);
	if (r.path_n >= sizeof r.path)
		r.path_n = sizeof r.path - 1;
	void *value = arena_alloc(a, t->size);
	err e = read_struct(&r, t, root, value);
	json_decref(root);
	if (e == ERR_OK)
		memcpy(ret, value, t->size);
	return e;
}

err json_read(struct arena *a, str text, json_type_fn *t, void *ret, struct fail *f)
{
	return json_read_as(a, text, "", t(), ret, f);
}

/* ---- trees ---- */

static void take_node(struct arena *a, json_t *node, struct json_node *ret);

static void take_object(struct arena *a, json_t *node, struct json_node *ret)
{
	const char *key;
	json_t *value;
	ret->kind = NODE_OBJECT;
	ret->v = NEW_N(a, struct json_node, json_object_size(node) + 1);
	json_object_foreach(node, key, value) {
		struct json_node *to = &ret->v[ret->n++];
		take_node(a, value, to);
		to->key = arena_str(a, str_of(key));
	}
}

static void take_list(struct arena *a, json_t *node, struct json_node *ret)
{
	ret->kind = NODE_LIST;
	ret->n = json_array_size(node);
	ret->v = NEW_N(a, struct json_node, ret->n + 1);
	for (size_t i = 0; i < ret->n; i++)
		take_node(a, json_array_get(node, i), &ret->v[i]);
}

static void take_node(struct arena *a, json_t *node, struct json_node *ret)
{
	struct buf b = BUF(a);
	*ret = (struct json_node){ .text = S("") };
	if (json_is_object(node)) {
		take_object(a, node, ret);
	} else if (json_is_array(node)) {
		take_list(a, node, ret);
	} else if (json_is_string(node)) {
		ret->kind = NODE_TEXT;
		ret->text = arena_str(a, text_of(node));
	} else if (json_is_boolean(node)) {
		ret->kind = NODE_BOOL;
		ret->text = json_is_true(node) ? S("true") : S("false");
	} else if (json_is_integer(node)) {
		ret->kind = NODE_NUMBER;
		ret->text = arena_printf(a, "%lld", (long long)json_integer_value(node));
	} else if (json_is_real(node)) {
		ret->kind = NODE_NUMBER;
		json_put_f64(&b, json_real_value(node));
		ret->text = buf_str(&b);
	}
}

err json_tree(struct arena *a, str text, struct json_node *ret, struct fail *f)
{
	struct json_reader r = { .a = a, .f = f };
	json_t *root;
	TRY(parse(&r, text, &root));
	take_node(a, root, ret);
	json_decref(root);
	return ERR_OK;
}

const struct json_node *json_tree_get(const struct json_node *object, str key)
{
	for (size_t i = 0; object->kind == NODE_OBJECT && i < object->n; i++)
		if (str_eq(object->v[i].key, key))
			return &object->v[i];
	return NULL;
}
