/* A walk over a JSON text without building it: for files of which a few members matter and the rest is large. The caller may
 * remember `at` and come back to it. Depth is bounded; failures are BAD_JSON with the line, at `path`. */
#ifndef BH_FORMAT_JSON_WALK_H
#define BH_FORMAT_JSON_WALK_H

#include "base/buf.h"
#include "base/err.h"

struct json_walk {
	struct arena *a;
	str s;
	size_t at;
	int depth;
	const char *path;              /* where a failure is said to be */
	struct fail *f;
};

err json_walk_broken(struct json_walk *w);                   /* the failure itself */
char json_walk_peek(struct json_walk *w);                    /* the next character that is no blank; 0 at the end */
bool json_walk_eat(struct json_walk *w, char c);             /* takes it, if it is the next one */
bool json_walk_word(struct json_walk *w, str word);          /* true, false, null */
err json_walk_string(struct json_walk *w, str *ret) MUST_USE;
err json_walk_number(struct json_walk *w, str *ret_text, double *ret) MUST_USE; /* as it stands, and its value; finite */
err json_walk_skip(struct json_walk *w) MUST_USE;            /* a value of any kind */

/* `first` begins as true. ret_name->p is NULL at the object's end; *ret_more false at the list's. */
err json_walk_object(struct json_walk *w) MUST_USE;
err json_walk_member(struct json_walk *w, bool *first, str *ret_name) MUST_USE;
err json_walk_list(struct json_walk *w) MUST_USE;
err json_walk_element(struct json_walk *w, bool *first, bool *ret_more) MUST_USE;

#endif
