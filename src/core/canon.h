/* Canonical JSON: what the ledger hashes. Keys sorted by bytes and plain ASCII, no blanks, integers
 * only (within ±2^53; larger numbers are ids and stand as strings), strings in UTF-8 with the shortest
 * escapes. There is no way to write a fraction. Nothing is ever canonicalised again: the bytes are kept.
 *
 *   struct canon c;
 *   canon_begin(&c, a);
 *   canon_str(&c, "title", title);
 *   canon_id(&c, "org", org);
 *   str data = canon_end(&c);            // {"org":"123","title":"…"}
 */
#ifndef BH_CORE_CANON_H
#define BH_CORE_CANON_H

#include "base/buf.h"
#include "base/vec.h"

enum { CANON_DEPTH = 8 };

struct canon_member {
	str key;   /* null in a list */
	str value;
};

struct canon_level {
	bool list;
	str key;
	VEC(struct canon_member) members;
};

struct canon {
	struct arena *a;
	bool bad;
	int depth;
	struct canon_level levels[CANON_DEPTH];
};

void canon_begin(struct canon *c, struct arena *a);        /* opens the outermost object */
/* Members may be written in any order. In lists the key is NULL. */
void canon_str(struct canon *c, const char *key, str v);   /* the null string is null */
void canon_i64(struct canon *c, const char *key, int64_t v);
void canon_id(struct canon *c, const char *key, int64_t id); /* as a string */
void canon_bool(struct canon *c, const char *key, bool v);
void canon_null(struct canon *c, const char *key);
void canon_raw(struct canon *c, const char *key, str canonical); /* a value that is canonical already */
void canon_object(struct canon *c, const char *key);
void canon_list(struct canon *c, const char *key);
void canon_close(struct canon *c);                         /* the innermost object or list */
/* The text, or the null string when something could not be written (bytes that are not UTF-8, numbers
 * beyond ±2^53, a key twice, wrong nesting): ledger_append refuses that. */
str canon_end(struct canon *c);

/* Is this one canonical object? */
bool canon_valid(str text);
/* A member of the outermost object of canonical text: the value's text, or the null string. */
str canon_get(str object, const char *key);
bool canon_get_i64(str object, const char *key, int64_t *ret) MUST_USE;  /* a number, or an id in a string */
/* The members of the outermost object one by one; *at starts at 0. False behind the last. */
bool canon_next(str object, size_t *at, str *ret_key, str *ret_value) MUST_USE;
/* A string without escapes; false for others. The slice points into the object. */
bool canon_get_plain(str object, const char *key, str *ret) MUST_USE;

#endif
