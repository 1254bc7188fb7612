/* Errors: one table of codes, and the detail of what failed, kept beside the request.
 * Three kinds are kept apart: refusals of the domain (shown to the user), failures of the
 * environment (logged, worth retrying), and bugs (assert). */
#ifndef BH_BASE_ERR_H
#define BH_BASE_ERR_H

#include "base/str.h"

typedef enum {
#define E(name, status, key) ERR_##name,
#include "base/errors.def"
#undef E
	ERR_COUNT
} err;

enum { FAIL_ARGS = 6, FAIL_TEXT = 160 };

struct fail_arg {
	const char *name;     /* as in the message: {name}; static */
	char text[FAIL_TEXT];
};

struct fail {
	err code;
	const char *key;      /* message key; static */
	char pointer[96];     /* JSON pointer of the field, or "" */
	struct fail_arg args[FAIL_ARGS];
	size_t nargs;
	const char *file;
	int line;
};

const char *err_name(err e);   /* "NOT_FOUND" */
int err_status(err e);         /* HTTP status */
const char *err_key(err e);    /* the code's own message key */

/* Records the failure and returns its code. Arguments come in pairs name, text; both const char *.
 *   return FAIL(f, STALE, "/ver", "err.stale", "ver", "3");
 * A NULL key means the code's own message. f may be NULL. */
err fail_set(struct fail *f, err code, const char *file, int line, const char *pointer,
	     const char *key, ...) __attribute__((sentinel));
#define FAIL(f, code, pointer, ...)                                                                \
	fail_set((f), ERR_##code, __FILE__, __LINE__, (pointer), FAIL_REST_(__VA_ARGS__))
#define FAIL_REST_(...) __VA_ARGS__, (const char *)NULL

#endif
