/* A hash map from strings to pointers, in an arena. Keys are not copied. */
#ifndef BH_BASE_MAP_H
#define BH_BASE_MAP_H

#include "base/arena.h"

struct map {
	struct arena *a;
	struct map_slot *slots;
	size_t n, cap;
};

#define MAP(arena) ((struct map){ .a = (arena) })

void map_put(struct map *m, str key, void *value); /* value not NULL; replaces */
void *map_get(const struct map *m, str key);       /* NULL when absent */
void *map_value(const struct map *m, size_t i);    /* every value for i < m->cap, in no order; NULL in between */

#endif
