/* Strings are slices: a pointer and a length, never owned, not NUL-terminated. */
#ifndef BH_BASE_STR_H
#define BH_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

typedef struct {
	const char *p;
	size_t n;
} str;

#define S(lit) ((str){ "" lit, sizeof(lit) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

str str_of(const char *cstr);                /* NULL gives the null string */
bool str_is_null(str s);                     /* absent, as opposed to empty */
bool str_eq(str a, str b);
bool str_eq_nocase(str a, str b);            /* ASCII letters only */
int str_cmp(str a, str b);                   /* bytewise, shorter first */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
str str_sub(str s, size_t start, size_t end); /* clamped to s */
str str_trim(str s);                         /* ASCII space, tab, CR, LF, and U+3000, U+FEFF */
ptrdiff_t str_find(str s, str needle);       /* byte offset or -1 */
ptrdiff_t str_find_char(str s, char c);      /* byte offset or -1 */

/* Cuts *rest at the next `sep`; false when nothing is left. An empty last piece is returned too. */
bool str_cut(str *rest, char sep, str *ret_piece);

/* Whole-slice decimal; no blanks, no overflow. False leaves *ret untouched. */
bool str_to_i64(str s, int64_t *ret) MUST_USE;
bool str_to_f64(str s, double *ret) MUST_USE;

uint64_t str_hash(str s);

#endif
