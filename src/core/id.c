#include "core/id.h"

#include <assert.h>

static uint64_t ticks(int64_t ms)
{
	return ms > ID_EPOCH_MS ? (uint64_t)(ms - ID_EPOCH_MS) << ID_SEQ_BITS : 0;
}

void id_gen_init(struct id_gen *g, int node, int64_t after_ms)
{
	assert(node >= 0 && node < 1 << ID_NODE_BITS);
	g->node = (uint64_t)node;
	atomic_store(&g->last, after_ms > ID_EPOCH_MS ? ticks(after_ms + 1) : 0);
}

int64_t id_next(struct id_gen *g, int64_t now_ms)
{
	uint64_t now = ticks(now_ms), last = atomic_load(&g->last), next;
	do {
		next = now > last ? now : last + 1;
	} while (!atomic_compare_exchange_weak(&g->last, &last, next));
	uint64_t ms = next >> ID_SEQ_BITS, seq = next & ((1u << ID_SEQ_BITS) - 1);
	assert(ms < UINT64_C(1) << 41);
	return (int64_t)(ms << (ID_NODE_BITS + ID_SEQ_BITS) | g->node << ID_SEQ_BITS | seq);
}

int64_t id_newest_ms(const struct id_gen *g)
{
	return (int64_t)(atomic_load(&g->last) >> ID_SEQ_BITS) + ID_EPOCH_MS;
}

int64_t id_ms(int64_t id)
{
	return (id >> (ID_NODE_BITS + ID_SEQ_BITS)) + ID_EPOCH_MS;
}

int id_node(int64_t id)
{
	return (int)(id >> ID_SEQ_BITS & ((1 << ID_NODE_BITS) - 1));
}

bool id_subject_parse(str subject, str *ret_kind, int64_t *ret_id)
{
	ptrdiff_t slash = str_find_char(subject, '/');
	int64_t id;
	if (slash <= 0 || !str_to_i64(str_sub(subject, (size_t)slash + 1, subject.n), &id) || id <= 0)
		return false;
	*ret_kind = str_sub(subject, 0, (size_t)slash);
	*ret_id = id;
	return true;
}
