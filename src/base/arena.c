#include "base/arena.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* With BH_ARENA_DEBUG each piece is its own malloc, so that AddressSanitizer sees every overrun
 * and every use after reset. */
#ifdef BH_ARENA_DEBUG
enum { FIRST_BLOCK = 0, MAX_BLOCK = 1 };
#else
enum { FIRST_BLOCK = 8 << 10, MAX_BLOCK = 4 << 20 };
#endif
/* From here on a block asks for huge pages: half a thousand faults less for every two megabytes. */
enum { HUGE_BLOCK = 4 << 20 };

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(16) char data[];
};

struct arena {
	struct block *head; /* the block in use; older ones behind it */
	size_t next_size, used;
};

static void *must(void *p)
{
	if (!p) {
		fputs("bihuan: out of memory\n", stderr);
		abort();
	}
	return p;
}

struct arena *arena_new(void)
{
	struct arena *a = must(calloc(1, sizeof *a));
	a->next_size = FIRST_BLOCK;
	return a;
}

static void free_blocks(struct block *b)
{
	while (b) {
		struct block *next = b->next;
		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->head);
	free(a);
}

void arena_drop(struct arena **a)
{
	arena_free(*a);
	*a = NULL;
}

void arena_reset(struct arena *a)
{
	a->used = 0;
	if (!a->head)
		return;
#ifdef BH_ARENA_DEBUG
	free_blocks(a->head);
	a->head = NULL;
#else
	free_blocks(a->head->next);
	a->head->next = NULL;
	a->head->used = 0;
#endif
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

/* A wish: where it is not granted nothing changes. */
static void ask_for_huge_pages(void *p, size_t n)
{
	enum { PAGE = 4096 };
	uintptr_t from = ((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1), to = ((uintptr_t)p + n) & ~(uintptr_t)(PAGE - 1);
	int saved = errno;
	madvise((void *)from, to - from, MADV_HUGEPAGE);
	errno = saved;
}

static struct block *new_block(struct arena *a, size_t need)
{
	size_t size = need > a->next_size ? need : a->next_size;
	struct block *b = must(malloc(sizeof *b + size));
	if (size >= HUGE_BLOCK)
		ask_for_huge_pages(b, size);
	*b = (struct block){ .next = a->head, .size = size };
	if (a->next_size < MAX_BLOCK)
		a->next_size *= 2;
	return a->head = b;
}

void *arena_raw(struct arena *a, size_t n)
{
	if (n > PTRDIFF_MAX - 64)
		must(NULL);
	n = n ? (n + 15) & ~(size_t)15 : 16;
	struct block *b = a->head;
	if (!b || b->size - b->used < n)
		b = new_block(a, n);
	void *p = b->data + b->used;
	b->used += n;
	a->used += n;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_raw(a, n), 0, n);
}

void *arena_grow(struct arena *a, void *old, size_t old_n, size_t n)
{
	size_t keep = old_n < n ? old_n : n;
	char *p = arena_raw(a, n);
	if (keep)
		memcpy(p, old, keep);
	memset(p + keep, 0, n - keep);
	return p;
}

void *arena_grow_raw(struct arena *a, void *old, size_t had, size_t keep, size_t n)
{
	struct block *b = a->head;
	size_t was = had ? (had + 15) & ~(size_t)15 : 16, is = (n + 15) & ~(size_t)15;
	bool last = old && b && was <= b->used && (char *)old == b->data + b->used - was;
	if (last && n >= had && is - was <= b->size - b->used) {
		b->used += is - was;
		a->used += is - was;
		return old;
	}
	void *p = arena_raw(a, n);
	if (keep)
		memcpy(p, old, keep);
	return p;
}

char *arena_cstr(struct arena *a, str s)
{
	char *p = arena_raw(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

str arena_str(struct arena *a, str s)
{
	return (str){ arena_cstr(a, s), s.n };
}

str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	/* Most texts fit into what is left of the block: written there at once, and then taken. */
	size_t room = a->head ? a->head->size - a->head->used : 0;
	int n = vsnprintf(room ? a->head->data + a->head->used : NULL, room, fmt, ap);
	va_end(ap);
	char *p = arena_raw(a, (size_t)n + 1);
	if ((size_t)n >= room)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (str){ p, (size_t)n };
}
