#include "base/map.h"

struct map_slot {
	str key;
	void *value;
};

static struct map_slot *find(const struct map *m, str key)
{
	size_t i = str_hash(key) & (m->cap - 1);
	while (m->slots[i].value && !str_eq(m->slots[i].key, key))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

static void grow(struct map *m)
{
	struct map old = *m;
	m->cap = old.cap ? old.cap * 2 : 16;
	m->slots = NEW_N(m->a, struct map_slot, m->cap);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].value)
			*find(m, old.slots[i].key) = old.slots[i];
}

void map_put(struct map *m, str key, void *value)
{
	if (m->n * 4 >= m->cap * 3)
		grow(m);
	struct map_slot *slot = find(m, key);
	m->n += !slot->value;
	*slot = (struct map_slot){ key, value };
}

void *map_get(const struct map *m, str key)
{
	return m->cap ? find(m, key)->value : NULL;
}

void *map_value(const struct map *m, size_t i)
{
	return m->slots[i].value;
}
