/* Merkle trees of RFC 6962 (RFC 9162 §2.1): leaf = H(0x00 ‖ data), node = H(0x01 ‖ left ‖ right).
 * A log that grows keeps its frontier: the roots of the perfect subtrees that make it up, left to
 * right (one for each bit set in its size), 32 bytes each. */
#ifndef BH_CORE_MERKLE_H
#define BH_CORE_MERKLE_H

#include "core/crypto.h"

enum { MERKLE_FRONTIER_MAX = 63 };

struct merkle {
	int64_t size;
	int n;                                               /* popcount(size) */
	unsigned char roots[MERKLE_FRONTIER_MAX][HASH_SIZE]; /* biggest subtree first */
};

void merkle_leaf(struct hasher *h, str data, unsigned char ret[static HASH_SIZE]);
void merkle_node(struct hasher *h, const unsigned char *left, const unsigned char *right,
		 unsigned char ret[static HASH_SIZE]);

/* False when the frontier does not have 32 bytes for each bit set in size. */
bool merkle_load(struct merkle *m, int64_t size, str frontier) MUST_USE;
str merkle_frontier(const struct merkle *m);                 /* into m; valid until the next change */
void merkle_append(struct merkle *m, struct hasher *h, const unsigned char leaf[static HASH_SIZE]);
void merkle_root(const struct merkle *m, struct hasher *h, unsigned char ret[static HASH_SIZE]);

/* Proofs, as RFC 9162 §2.1.3.2 and §2.1.4.2 check them; hashes are 32 bytes unless noted. */
bool merkle_inclusion_valid(struct hasher *h, uint64_t index, uint64_t size, str root, str leaf,
			    const str *proof, size_t n);
/* size1 = 0 proves nothing and is false; with equal sizes the roots are compared as bytes. */
bool merkle_consistency_valid(struct hasher *h, uint64_t size1, uint64_t size2, str root1, str root2,
			      const str *proof, size_t n);

#endif
