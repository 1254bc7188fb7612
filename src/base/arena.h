/* One arena a request, document or job: allocate freely, release at once.
 * Our own out-of-memory aborts; what comes from outside is limited before it is allocated. */
#ifndef BH_BASE_ARENA_H
#define BH_BASE_ARENA_H

#include "base/str.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);            /* accepts NULL */
void arena_drop(struct arena **a);           /* for AUTO() */
void arena_reset(struct arena *a);           /* keeps one block; everything handed out is dead */
size_t arena_used(const struct arena *a);    /* bytes handed out since the last reset */

void *arena_alloc(struct arena *a, size_t n); /* zeroed, 16-byte aligned, never NULL */
void *arena_raw(struct arena *a, size_t n);   /* the same, not zeroed: for what is written at once */
void *arena_grow(struct arena *a, void *old, size_t old_n, size_t n); /* what is new is zeroed */
/* What is new is not zeroed; stays in place where nothing was handed out since. `had` is the size that was
 * handed out, of which `keep` bytes matter. */
void *arena_grow_raw(struct arena *a, void *old, size_t had, size_t keep, size_t n);
str arena_str(struct arena *a, str s);       /* copy, NUL-terminated behind the end */
char *arena_cstr(struct arena *a, str s);
str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define NEW_N(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

#endif
