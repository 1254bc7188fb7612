/* JSON Schema of the descriptors, in the words of OpenAPI 3.1. */
#include "base/json_check.h"

static void put_options(struct buf *b, const char *options, bool nullable)
{
	str rest = str_of(options), option;
	char sep = '[';
	buf_put(b, S(",\"enum\":"));
	while (str_cut(&rest, '|', &option)) {
		buf_byte(b, sep);
		json_put_str(b, option);
		sep = ',';
	}
	buf_put(b, nullable ? S(",null]") : S("]"));
}

static void put_type(struct buf *b, const char *type, bool nullable)
{
	buf_printf(b, nullable ? "{\"type\":[\"%s\",\"null\"]" : "{\"type\":\"%s\"", type);
}

static void put_size(struct buf *b, const char *min, const char *max, const struct json_limits *l)
{
	if (l->min > 0)
		buf_printf(b, ",\"%s\":%.15g", min, l->min);
	if (l->max > 0)
		buf_printf(b, ",\"%s\":%.15g", max, l->max);
}

static void put_range(struct buf *b, const struct json_field *fd)
{
	if (json_has_min(fd))
		buf_printf(b, ",\"minimum\":%.15g", fd->limits.min);
	if (json_has_max(fd))
		buf_printf(b, ",\"maximum\":%.15g", fd->limits.max);
}

static void put_format(struct buf *b, const char *format)
{
	if (!format)
		return;
	buf_put(b, S(",\"format\":"));
	json_put_str(b, str_of(format));
}

static void put_ref(struct buf *b, const struct json_type *t)
{
	buf_printf(b, "{\"$ref\":\"#/components/schemas/%s\"}", t->name);
}

#define ID_PATTERN ",\"pattern\":\"^[1-9][0-9]{0,18}$\""

static void put_list(struct buf *b, const struct json_field *fd, bool nullable)
{
	put_type(b, "array", nullable);
	put_size(b, "minItems", "maxItems", &fd->limits);
	buf_put(b, S(",\"items\":"));
	if (fd->kind == JSON_LIST)
		put_ref(b, fd->sub());
	else
		buf_put(b, fd->kind == JSON_IDS ? S("{\"type\":\"string\"" ID_PATTERN "}") : S("{\"type\":\"string\"}"));
	buf_byte(b, '}');
}

static void put_object(struct buf *b, const struct json_field *fd, bool nullable)
{
	if (nullable)
		buf_put(b, S("{\"oneOf\":["));
	put_ref(b, fd->sub());
	if (nullable)
		buf_put(b, S(",{\"type\":\"null\"}]}"));
}

static void put_scalar(struct buf *b, const struct json_field *fd, bool nullable)
{
	static const char *const types[] = { [JSON_I64] = "integer", [JSON_F64] = "number", [JSON_BOOL] = "boolean",
					     [JSON_STR] = "string",  [JSON_ID] = "string",  [JSON_DATE] = "string",
					     [JSON_ENUM] = "string" };
	put_type(b, types[fd->kind], nullable);
	if (fd->kind == JSON_I64 || fd->kind == JSON_F64)
		put_range(b, fd);
	else if (fd->kind == JSON_STR)
		put_size(b, "minLength", "maxLength", &fd->limits);
	else if (fd->kind == JSON_ID)
		buf_put(b, S(ID_PATTERN));
	else if (fd->kind == JSON_ENUM)
		put_options(b, fd->limits.options, nullable);
	put_format(b, fd->kind == JSON_DATE ? "date" : fd->limits.format);
	buf_byte(b, '}');
}

void json_schema_field(struct buf *b, const struct json_field *fd)
{
	bool nullable = fd->presence == JSON_NUL;
	switch (fd->kind) {
	case JSON_RAW:
		buf_put(b, S("{}"));
		break;
	case JSON_OBJ:
		put_object(b, fd, nullable);
		break;
	case JSON_STRS:
	case JSON_IDS:
	case JSON_LIST:
		put_list(b, fd, nullable);
		break;
	default:
		put_scalar(b, fd, nullable);
	}
}

static void put_required(struct buf *b, const struct json_type *t, bool sent)
{
	char sep = '[';
	for (size_t i = 0; i < t->n; i++) {
		if (t->fields[i].presence == JSON_OPT || (sent && t->fields[i].presence == JSON_NUL))
			continue;
		if (sep == '[')
			buf_put(b, S(",\"required\":"));
		buf_printf(b, "%c\"%s\"", sep, json_name(&t->fields[i]));
		sep = ',';
	}
	if (sep == ',')
		buf_byte(b, ']');
}

void json_schema(struct buf *b, json_type_fn *t, bool sent)
{
	const struct json_type *type = t();
	buf_put(b, S("{\"type\":\"object\",\"additionalProperties\":false"));
	put_required(b, type, sent);
	buf_put(b, S(",\"properties\":{"));
	for (size_t i = 0; i < type->n; i++) {
		buf_printf(b, "%s\"%s\":", i ? "," : "", json_name(&type->fields[i]));
		json_schema_field(b, &type->fields[i]);
	}
	buf_put(b, S("}}"));
}
