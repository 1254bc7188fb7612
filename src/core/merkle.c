#include "core/merkle.h"

#include <string.h>

static str bytes(const unsigned char *p)
{
	return (str){ (const char *)p, HASH_SIZE };
}

void merkle_leaf(struct hasher *h, str data, unsigned char ret[static HASH_SIZE])
{
	hasher_begin(h);
	hasher_add(h, (str){ "\0", 1 });
	hasher_add(h, data);
	hasher_end(h, ret);
}

void merkle_node(struct hasher *h, const unsigned char *left, const unsigned char *right,
		 unsigned char ret[static HASH_SIZE])
{
	unsigned char both[1 + 2 * HASH_SIZE] = { 1 };
	memcpy(both + 1, left, HASH_SIZE);
	memcpy(both + 1 + HASH_SIZE, right, HASH_SIZE);
	hasher_begin(h);
	hasher_add(h, (str){ (const char *)both, sizeof both });
	hasher_end(h, ret);
}

bool merkle_load(struct merkle *m, int64_t size, str frontier)
{
	int n = size < 0 ? -1 : __builtin_popcountll((uint64_t)size);
	if (n < 0 || frontier.n != (size_t)n * HASH_SIZE)
		return false;
	m->size = size;
	m->n = n;
	if (n)
		memcpy(m->roots, frontier.p, frontier.n);
	return true;
}

str merkle_frontier(const struct merkle *m)
{
	return (str){ (const char *)m->roots, (size_t)m->n * HASH_SIZE };
}

void merkle_append(struct merkle *m, struct hasher *h, const unsigned char leaf[static HASH_SIZE])
{
	unsigned char node[HASH_SIZE];
	memcpy(node, leaf, HASH_SIZE);
	/* As in counting: each trailing one of the size is a subtree to merge with. */
	for (uint64_t s = (uint64_t)m->size; s & 1; s >>= 1)
		merkle_node(h, m->roots[--m->n], node, node);
	memcpy(m->roots[m->n++], node, HASH_SIZE);
	m->size++;
}

void merkle_root(const struct merkle *m, struct hasher *h, unsigned char ret[static HASH_SIZE])
{
	if (m->n == 0) {
		hasher_begin(h);
		hasher_end(h, ret);
		return;
	}
	memcpy(ret, m->roots[m->n - 1], HASH_SIZE);
	for (int i = m->n - 2; i >= 0; i--)
		merkle_node(h, m->roots[i], ret, ret);
}

static bool all_hashes(const str *proof, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (proof[i].n != HASH_SIZE)
			return false;
	return true;
}

static const unsigned char *raw(str s)
{
	return (const unsigned char *)s.p;
}

bool merkle_inclusion_valid(struct hasher *h, uint64_t index, uint64_t size, str root, str leaf,
			    const str *proof, size_t n)
{
	if (index >= size || root.n != HASH_SIZE || leaf.n != HASH_SIZE || !all_hashes(proof, n))
		return false;
	uint64_t fn = index, sn = size - 1;
	unsigned char r[HASH_SIZE];
	memcpy(r, leaf.p, HASH_SIZE);
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			merkle_node(h, raw(proof[i]), r, r);
			for (; !(fn & 1) && fn; fn >>= 1)
				sn >>= 1;
		} else {
			merkle_node(h, r, raw(proof[i]), r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && bytes_equal(bytes(r), root);
}

static bool fold_consistency(struct hasher *h, uint64_t fn, uint64_t sn, str first, const str *proof,
			     size_t n, unsigned char *fr, unsigned char *sr)
{
	memcpy(fr, first.p, HASH_SIZE);
	memcpy(sr, first.p, HASH_SIZE);
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			merkle_node(h, raw(proof[i]), fr, fr);
			merkle_node(h, raw(proof[i]), sr, sr);
			for (; !(fn & 1) && fn; fn >>= 1)
				sn >>= 1;
		} else {
			merkle_node(h, sr, raw(proof[i]), sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0;
}

bool merkle_consistency_valid(struct hasher *h, uint64_t size1, uint64_t size2, str root1, str root2,
			      const str *proof, size_t n)
{
	if (size1 == 0 || size1 > size2)
		return false;
	if (size1 == size2)
		return n == 0 && bytes_equal(root1, root2);
	if (n == 0 || root1.n != HASH_SIZE || root2.n != HASH_SIZE || !all_hashes(proof, n))
		return false;
	bool whole = (size1 & (size1 - 1)) == 0; /* a perfect tree is its own first hash */
	uint64_t fn = size1 - 1, sn = size2 - 1;
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	unsigned char fr[HASH_SIZE], sr[HASH_SIZE];
	str first = whole ? root1 : proof[0];
	if (!fold_consistency(h, fn, sn, first, whole ? proof : proof + 1, whole ? n : n - 1, fr, sr))
		return false;
	return bytes_equal(bytes(fr), root1) && bytes_equal(bytes(sr), root2);
}
