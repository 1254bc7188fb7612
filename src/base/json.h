/* JSON from one list a struct.
 *
 *   #define REPORT_IN(F, O, L)                                        \
 *           F(STR, text, REQ, .max = 4000)                            \
 *           F(I64, percent, OPT, .min = 0, .max = 100)                \
 *           L(target_in, targets, OPT, .max = 20)
 *   JSON_STRUCT(report_in, REPORT_IN)       in the header: struct report_in, report_in_json()
 *   JSON_DEFINE(report_in, REPORT_IN)       in the .c file
 *
 * gives the C struct, the reader with validation, the writer, and the schema for OpenAPI.
 * F(kind, name, presence, limits…) is a field, O(struct, name, …) an object, L(struct, name, …) a
 * list of objects. Kinds: */
#ifndef BH_BASE_JSON_H
#define BH_BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"

/* Absent numbers; absent strings, lists and objects have p / v == NULL. */
#define JSON_NONE INT64_MIN

enum json_kind {
	JSON_STR,   /* str; .max code points (default 200), .min */
	JSON_I64,   /* int64_t, a JSON number within ±2^53; .min .max */
	JSON_F64,   /* double; absent is NaN */
	JSON_BOOL,  /* bool; absent is false */
	JSON_ID,    /* int64_t, written as a string; positive */
	JSON_DATE,  /* int64_t days since 1970, written "YYYY-MM-DD" */
	JSON_ENUM,  /* str, one of .options "a|b|c" */
	JSON_STRS,  /* struct json_strs; .max items (default 200), each ≤ 200 code points */
	JSON_IDS,   /* struct json_ids; .max items (default 500) */
	JSON_RAW,   /* str: any JSON value as text; read: an object, ≤ .max bytes (default 64 KiB) */
	JSON_OBJ,   /* pointer to a struct */
	JSON_LIST,  /* struct { T *v; size_t n; } of structs; .max items (default 500) */
};
enum json_presence { JSON_REQ, JSON_OPT, JSON_NUL /* written as null when absent; may be null when read */ };

struct json_strs {
	str *v;
	size_t n;
};
struct json_ids {
	int64_t *v;
	size_t n;
};

/* Numbers: a limit that is not written is 0, so `.max = 100` alone means 0…100 and `.min = 1` alone has
 * no upper end; `.min = 0` alone is no limit. Texts count code points, lists count items; an
 * obligatory text must not be empty. */
struct json_limits {
	double min, max;
	const char *options;
	const char *format;      /* a hint for the schema: "date-time-ms", "region" … */
	const char *as;          /* the name in JSON where C has that word for itself: "short" */
};

struct json_type;
typedef const struct json_type *json_type_fn(void);
struct json_field {
	const char *name;
	enum json_kind kind;
	enum json_presence presence;
	size_t offset;
	json_type_fn *sub;
	struct json_limits limits;
};
static inline const char *json_name(const struct json_field *fd)
{
	return fd->limits.as ? fd->limits.as : fd->name;
}

struct json_type {
	const char *name;
	size_t size;
	const struct json_field *fields;
	size_t n;
};

/* Reads the whole text into *ret (zeroed first; strings live in the arena). Unknown fields, wrong
 * types, broken limits, duplicates are refused with a pointer to the field. */
err json_read(struct arena *a, str text, json_type_fn *t, void *ret, struct fail *f) MUST_USE;
/* The same by a descriptor that was made while running; pointers begin with `at` ("/attrs"). */
err json_read_as(struct arena *a, str text, const char *at, const struct json_type *t, void *ret, struct fail *f) MUST_USE;
struct json_pair {
	str name, value;     /* decoded */
};
/* The same for the parameters of a query string: lists are a,b,c or repeated, booleans 1 or true, an
 * empty value is an absent one. The pointer of a failure is "?name". t may be NULL: no parameter. */
err json_read_query(struct arena *a, const struct json_pair *pairs, size_t n, json_type_fn *t, void *ret,
		    struct fail *f) MUST_USE;

/* Absent optional fields are left out; an absent obligatory list is [], text "", else null. Invalid
 * UTF-8 becomes U+FFFD. */
void json_write(struct buf *b, json_type_fn *t, const void *value);
void json_write_as(struct buf *b, const struct json_type *t, const void *value);
/* One member: slot points at the C value that the field describes. */
void json_put_value(struct buf *b, const struct json_field *fd, const void *slot);
void json_write_list(struct buf *b, json_type_fn *t, const void *v, size_t n);
void json_put_str(struct buf *b, str s);           /* quoted and escaped */
void json_put_f64(struct buf *b, double v);        /* the shortest that reads back; null when not finite */
void json_put_id(struct buf *b, int64_t id);
void json_put_date(struct buf *b, int64_t days);
/* JSON Schema (2020-12, as OpenAPI 3.1 uses it) of the type; references are #/components/schemas/<name>. */
/* `sent`: of a type that only requests hold, in which a field that may be null may be left out too. */
void json_schema(struct buf *b, json_type_fn *t, bool sent);
void json_schema_field(struct buf *b, const struct json_field *fd);

/* ---- the lists' machinery ---- */
#define JSON_C_STR_(n) str n
#define JSON_C_I64_(n) int64_t n
#define JSON_C_F64_(n) double n
#define JSON_C_BOOL_(n) bool n
#define JSON_C_ID_(n) int64_t n
#define JSON_C_DATE_(n) int64_t n
#define JSON_C_ENUM_(n) str n
#define JSON_C_STRS_(n) struct json_strs n
#define JSON_C_IDS_(n) struct json_ids n
#define JSON_C_RAW_(n) str n
#define JSON_MEMBER_F_(kind, name, presence, ...) JSON_C_##kind##_(name);
#define JSON_MEMBER_O_(sub, name, presence, ...) struct sub *name;
#define JSON_MEMBER_L_(sub, name, presence, ...)                                                   \
	struct {                                                                                   \
		struct sub *v;                                                                     \
		size_t n;                                                                          \
	} name;
#define JSON_STRUCT(type, LIST)                                                                    \
	struct type {                                                                              \
		LIST(JSON_MEMBER_F_, JSON_MEMBER_O_, JSON_MEMBER_L_)                               \
	};                                                                                         \
	const struct json_type *type##_json(void);

#define JSON_ROW_F_(kind_, name_, presence_, ...)                                                  \
	{ .name = #name_, .kind = JSON_##kind_, .presence = JSON_##presence_,                      \
	  .offset = offsetof(self, name_), .limits = { __VA_ARGS__ } },
#define JSON_ROW_O_(sub_, name_, presence_, ...)                                                   \
	{ .name = #name_, .kind = JSON_OBJ, .presence = JSON_##presence_,                          \
	  .offset = offsetof(self, name_), .sub = sub_##_json, .limits = { __VA_ARGS__ } },
#define JSON_ROW_L_(sub_, name_, presence_, ...)                                                   \
	{ .name = #name_, .kind = JSON_LIST, .presence = JSON_##presence_,                         \
	  .offset = offsetof(self, name_), .sub = sub_##_json, .limits = { __VA_ARGS__ } },
/* A function rather than an object, so that the rows can say offsetof(self, …). */
#define JSON_DEFINE(type, LIST)                                                                    \
	const struct json_type *type##_json(void)                                                  \
	{                                                                                          \
		typedef struct type self;                                                          \
		static const struct json_field fields[] = { LIST(JSON_ROW_F_, JSON_ROW_O_, JSON_ROW_L_) }; \
		static const struct json_type t = { #type, sizeof(self), fields,                   \
						    sizeof fields / sizeof *fields };              \
		return &t;                                                                         \
	}

#endif
