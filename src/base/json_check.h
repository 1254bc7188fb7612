/* Shared by the readers of JSON and of query strings: the path to the field at hand and the checks
 * of its value. Internal to base/json*.c. */
#ifndef BH_BASE_JSON_CHECK_H
#define BH_BASE_JSON_CHECK_H

#include "base/json.h"

struct json_reader {
	struct arena *a;
	struct fail *f;
	char path[96];       /* JSON pointer; longer ones are cut */
	size_t path_n;
};

/* Each returns what to give to json_path_pop(). */
size_t json_path_name(struct json_reader *r, str name);
size_t json_path_index(struct json_reader *r, size_t i);
void json_path_pop(struct json_reader *r, size_t to);

/* Absent values of every field. */
void json_set_absent(const struct json_type *t, void *value);
const struct json_field *json_find_field(const struct json_type *t, str name);
size_t json_max(const struct json_field *fd); /* of characters, items or bytes, with the kind's default */

err json_bad_type(struct json_reader *r, const char *expected) MUST_USE;
err json_bad_field(struct json_reader *r, const char *key) MUST_USE;
err json_check_text(struct json_reader *r, const struct json_field *fd, str s) MUST_USE;
err json_check_number(struct json_reader *r, const struct json_field *fd, double v) MUST_USE;
err json_check_count(struct json_reader *r, const struct json_field *fd, size_t n) MUST_USE;
err json_parse_id(struct json_reader *r, str s, int64_t *ret) MUST_USE;
/* STR, ENUM, ID, DATE from text into the field. */
err json_store_text(struct json_reader *r, const struct json_field *fd, str s, void *slot) MUST_USE;

/* Which of the two limits a numeric field has. */
bool json_has_min(const struct json_field *fd);
bool json_has_max(const struct json_field *fd);

enum { JSON_MAX_DEPTH = 32 };
#define JSON_MAX_EXACT 9007199254740992LL /* 2^53 */

#endif
