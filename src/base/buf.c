#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->n > more) /* and a zero behind the end */
		return;
	size_t cap = b->cap ? b->cap * 2 : 256;
	while (cap - b->n <= more)
		cap *= 2;
	b->p = arena_grow_raw(b->a, b->p, b->cap, b->n, cap);
	b->cap = cap;
}

void buf_put(struct buf *b, str s)
{
	if (!s.n)
		return;
	buf_reserve(b, s.n);
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = 0;
}

void buf_byte(struct buf *b, char c)
{
	buf_reserve(b, 1);
	b->p[b->n++] = c;
	b->p[b->n] = 0;
}

void buf_codepoint(struct buf *b, uint32_t cp)
{
	buf_reserve(b, 4);
	b->n += utf8_encode(cp, b->p + b->n);
	b->p[b->n] = 0;
}

void buf_i64(struct buf *b, int64_t v)
{
	char tmp[24], *p = tmp + sizeof tmp;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	buf_put(b, (str){ p, (size_t)(tmp + sizeof tmp - p) });
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	size_t room = b->cap - b->n;
	int n = vsnprintf(room ? b->p + b->n : NULL, room, fmt, ap); /* it may fit at once */
	va_end(ap);
	if ((size_t)n >= room) {
		buf_reserve(b, (size_t)n + 1);
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	b->n += (size_t)n;
}

str buf_str(const struct buf *b)
{
	return (str){ b->p ? b->p : "", b->n };
}

const char *buf_cstr(struct buf *b)
{
	buf_reserve(b, 1);
	b->p[b->n] = 0;
	return b->p;
}
