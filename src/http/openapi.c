/* The contract: OpenAPI 3.1 from the tables of routes. */
#include "base/map.h"
#include "base/vec.h"
#include "http/http.h"

struct types {
	struct arena *a;
	struct map seen;
	VEC(json_type_fn *) list;
	size_t answered;             /* so many of the list stand in answers */
};

static void add_type(struct types *t, json_type_fn *fn)
{
	if (!fn || map_get(&t->seen, str_of(fn()->name)))
		return;
	map_put(&t->seen, str_of(fn()->name), t);
	vec_push(t->a, &t->list, fn);
}

/* Types used by types: the list grows while it is walked. */
static void close_types(struct types *t)
{
	for (size_t i = 0; i < t->list.n; i++) {
		const struct json_type *type = t->list.v[i]();
		for (size_t k = 0; k < type->n; k++)
			add_type(t, type->fields[k].sub);
	}
}

static void put_path_params(struct buf *b, str path, const char **sep)
{
	str seg;
	while (str_cut(&path, '/', &seg)) {
		if (seg.n < 3 || seg.p[0] != '{')
			continue;
		buf_printf(b, "%s{\"name\":\"" STR_FMT "\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}",
			   *sep, STR_ARG(str_sub(seg, 1, seg.n - 1)));
		*sep = ",";
	}
}

static void put_query_params(struct buf *b, json_type_fn *query, const char **sep)
{
	const struct json_type *t = query ? query() : NULL;
	for (size_t i = 0; t && i < t->n; i++) {
		const struct json_field *fd = &t->fields[i];
		buf_printf(b, "%s{\"name\":\"%s\",\"in\":\"query\"", *sep, json_name(fd));
		if (fd->presence == JSON_REQ)
			buf_put(b, S(",\"required\":true"));
		if (fd->kind == JSON_STRS || fd->kind == JSON_IDS)
			buf_put(b, S(",\"style\":\"form\",\"explode\":false"));
		buf_put(b, S(",\"schema\":"));
		json_schema_field(b, fd);
		buf_byte(b, '}');
		*sep = ",";
	}
}

static void put_params(struct buf *b, const struct route *r)
{
	const char *sep = "";
	buf_put(b, S(",\"parameters\":["));
	put_path_params(b, str_of(r->path), &sep);
	put_query_params(b, r->query, &sep);
	if (r->kind == WRITE)
		buf_printf(b, "%s{\"$ref\":\"#/components/parameters/idempotency\"}", sep);
	buf_byte(b, ']');
}

static void put_ref(struct buf *b, const char *type, json_type_fn *fn)
{
	buf_printf(b, "{\"%s\":{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}}", type, fn()->name);
}

static void put_body(struct buf *b, const struct route *r)
{
	if (!r->body && r->kind != UPLOAD)
		return;
	buf_put(b, S(",\"requestBody\":{\"required\":true,\"content\":"));
	if (r->kind == UPLOAD)
		buf_put(b, S("{\"application/octet-stream\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}"));
	else
		put_ref(b, "application/json", r->body);
	buf_byte(b, '}');
}

static void put_answer(struct buf *b, const struct route *r, const char *status)
{
	buf_printf(b, "\"%s\":{\"description\":\"Done\"", status);
	if (r->reply) {
		buf_put(b, S(",\"content\":"));
		put_ref(b, "application/json", r->reply);
	} else if (r->kind == STREAM) {
		buf_put(b, S(",\"content\":{\"text/event-stream\":{}}"));
	}
	buf_put(b, S("},"));
}

static void put_security(struct buf *b, const struct route *r)
{
	bool safe = str_eq(str_of(r->method), S("GET"));
	if (!r->perm)
		buf_put(b, S(",\"security\":[]"));
	else if (safe)
		buf_put(b, S(",\"security\":[{\"session\":[]}]"));
	else
		buf_put(b, S(",\"security\":[{\"session\":[],\"csrf\":[]}]"));
	if (r->perm && *r->perm)
		buf_printf(b, ",\"x-permission\":\"%s\"", r->perm);
}

/* "post_matters_id_acts" */
static void put_operation_id(struct buf *b, const struct route *r)
{
	buf_put(b, S("\"operationId\":\""));
	for (const char *p = r->method; *p; p++)
		buf_byte(b, (char)(*p | 32));
	bool word = false;
	str path = str_of(r->path);
	if (str_starts(path, S("/api")))
		path = str_sub(path, 4, path.n);
	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];
		bool letter = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
		if (letter && !word)
			buf_byte(b, '_');
		if (letter)
			buf_byte(b, c);
		word = letter;
	}
	buf_byte(b, '"');
}

static void put_operation(struct buf *b, const struct route *r)
{
	static const char *const kinds[] = { "READ", "WRITE", "SLOW", "UPLOAD", "STREAM" };
	buf_byte(b, '"');
	for (const char *p = r->method; *p; p++)
		buf_byte(b, (char)(*p | 32));
	buf_put(b, S("\":{"));
	put_operation_id(b, r);
	buf_put(b, S(",\"summary\":"));
	json_put_str(b, str_of(r->summary ? r->summary : ""));
	buf_printf(b, ",\"x-kind\":\"%s\"", kinds[r->kind]);
	put_security(b, r);
	put_params(b, r);
	put_body(b, r);
	buf_put(b, S(",\"responses\":{"));
	put_answer(b, r, "200");
	if (str_eq(str_of(r->method), S("POST")))
		put_answer(b, r, "201");
	buf_put(b, S("\"default\":{\"$ref\":\"#/components/responses/problem\"}}}"));
}

static void put_paths(struct buf *b, const struct route *const *tables, struct types *types)
{
	VEC(const struct route *) all = { 0 };
	struct map done = MAP(types->a);
	for (size_t t = 0; tables[t]; t++)
		for (const struct route *r = tables[t]; r->method; r++)
			vec_push(types->a, &all, r);
	for (size_t i = 0; i < all.n; i++) {
		str path = str_of(all.v[i]->path);
		if (map_get(&done, path))
			continue;
		buf_printf(b, "%s\"" STR_FMT "\":{", done.n ? "," : "", STR_ARG(path));
		map_put(&done, path, types);
		const char *sep = "";
		for (size_t k = i; k < all.n; k++) {
			const struct route *r = all.v[k];
			if (!str_eq(path, str_of(r->path)))
				continue;
			buf_put(b, str_of(sep));
			put_operation(b, r);
			add_type(types, r->reply);
			sep = ",";
		}
		buf_byte(b, '}');
	}
	/* What is only ever sent comes behind what is answered: see json_schema(). */
	close_types(types);
	types->answered = types->list.n;
	for (size_t i = 0; i < all.n; i++)
		add_type(types, all.v[i]->body);
}

#define PROBLEM                                                                                            \
	"\"problem\":{\"type\":\"object\",\"additionalProperties\":false,"                                  \
	"\"required\":[\"type\",\"title\",\"status\",\"code\",\"key\",\"detail\",\"args\",\"request\"],"    \
	"\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"                   \
	"\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},\"key\":{\"type\":\"string\"},"   \
	"\"detail\":{\"type\":\"string\"},\"pointer\":{\"type\":\"string\"},"                               \
	"\"args\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}},"                    \
	"\"request\":{\"type\":\"string\"}}}"

static void put_components(struct buf *b, struct types *types)
{
	buf_put(b, S("\"components\":{\"securitySchemes\":{"
		     "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"bihuan_session\"},"
		     "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\"}},"
		     "\"parameters\":{\"idempotency\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
		     "\"schema\":{\"type\":\"string\",\"maxLength\":64}}},"
		     "\"responses\":{\"problem\":{\"description\":\"Refused or failed\",\"content\":"
		     "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}},"
		     "\"schemas\":{" PROBLEM));
	close_types(types);
	for (size_t i = 0; i < types->list.n; i++) {
		buf_printf(b, ",\"%s\":", types->list.v[i]()->name);
		json_schema(b, types->list.v[i], i >= types->answered);
	}
	buf_put(b, S("}}"));
}

void http_openapi(struct buf *b, const struct route *const *tables, const char *version)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct types types = { .a = a, .seen = MAP(a) };
	buf_put(b, S("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"bihuan\",\"version\":"));
	json_put_str(b, str_of(version));
	buf_put(b, S("},\"paths\":{"));
	put_paths(b, tables, &types);
	buf_put(b, S("},"));
	put_components(b, &types);
	buf_byte(b, '}');
}
