/* A growing byte string in an arena. */
#ifndef BH_BASE_BUF_H
#define BH_BASE_BUF_H

#include "base/arena.h"

struct buf {
	struct arena *a;
	char *p;
	size_t n, cap;
};

#define BUF(arena) ((struct buf){ .a = (arena) })

void buf_reserve(struct buf *b, size_t more);
void buf_put(struct buf *b, str s);
void buf_byte(struct buf *b, char c);
void buf_codepoint(struct buf *b, uint32_t cp); /* as UTF-8 */
void buf_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
str buf_str(const struct buf *b);            /* valid until the next write; a zero stands behind its end */
const char *buf_cstr(struct buf *b);         /* NUL-terminated, same lifetime */

#endif
