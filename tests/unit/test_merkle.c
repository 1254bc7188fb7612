#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "core/merkle.h"

/* The reference tree of eight leaves (RFC 6962's classic example), roots by RFC 9162. */
static const char *const leaves[] = { "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
				      "606162636465666768696a6b6c6d6e6f" };
static const char *const roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

struct fixture {
	struct arena *a;
	struct hasher *h;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	*f = (struct fixture){ arena_new(), hasher_new(HASH_SHA256) };
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	arena_free(f->a);
	hasher_free(f->h);
	free(f);
	return 0;
}

static str hash_str(const unsigned char *p)
{
	return (str){ (const char *)p, HASH_SIZE };
}

static void the_reference_tree_has_its_roots(void **state)
{
	struct fixture *f = *state;
	struct merkle m = { 0 };
	unsigned char h[HASH_SIZE];
	for (size_t i = 0; i <= COUNT_OF(leaves); i++) {
		merkle_root(&m, f->h, h);
		assert_string_equal(hex_encode(f->a, hash_str(h)).p, roots[i]);
		if (i == COUNT_OF(leaves))
			break;
		str data;
		assert_true(hex_decode(f->a, str_of(leaves[i]), &data));
		merkle_leaf(f->h, data, h);
		merkle_append(&m, f->h, h);
	}
}

enum { MAX_N = 130 };

/* By the definition: the hash of D[from, to). */
static void tree_hash(struct hasher *h, unsigned char leaf[][HASH_SIZE], int from, int to, unsigned char *ret)
{
	if (to - from == 1) {
		memcpy(ret, leaf[from], HASH_SIZE);
		return;
	}
	int k = 1;
	while (k * 2 < to - from)
		k *= 2;
	unsigned char left[HASH_SIZE], right[HASH_SIZE];
	tree_hash(h, leaf, from, from + k, left);
	tree_hash(h, leaf, from + k, to, right);
	merkle_node(h, left, right, ret);
}

typedef VEC(str) proof;

static void add_hash(struct fixture *f, unsigned char leaf[][HASH_SIZE], int from, int to, proof *p)
{
	unsigned char h[HASH_SIZE];
	tree_hash(f->h, leaf, from, to, h);
	vec_push(f->a, p, arena_str(f->a, hash_str(h)));
}

static void inclusion(struct fixture *f, unsigned char leaf[][HASH_SIZE], int m, int from, int to, proof *p)
{
	if (to - from == 1)
		return;
	int k = 1;
	while (k * 2 < to - from)
		k *= 2;
	if (m < k) {
		inclusion(f, leaf, m, from, from + k, p);
		add_hash(f, leaf, from + k, to, p);
	} else {
		inclusion(f, leaf, m - k, from + k, to, p);
		add_hash(f, leaf, from, from + k, p);
	}
}

static void consistency(struct fixture *f, unsigned char leaf[][HASH_SIZE], int m, int from, int to, bool whole,
			proof *p)
{
	if (m == to - from) {
		if (!whole)
			add_hash(f, leaf, from, to, p);
		return;
	}
	int k = 1;
	while (k * 2 < to - from)
		k *= 2;
	if (m <= k) {
		consistency(f, leaf, m, from, from + k, whole, p);
		add_hash(f, leaf, from + k, to, p);
	} else {
		consistency(f, leaf, m - k, from + k, to, false, p);
		add_hash(f, leaf, from, from + k, p);
	}
}

static void make_leaves(struct fixture *f, unsigned char leaf[][HASH_SIZE])
{
	for (int i = 0; i < MAX_N; i++)
		merkle_leaf(f->h, arena_printf(f->a, "leaf %d", i), leaf[i]);
}

static void the_frontier_equals_the_naive_tree(void **state)
{
	struct fixture *f = *state;
	unsigned char leaf[MAX_N][HASH_SIZE], naive[HASH_SIZE], got[HASH_SIZE];
	make_leaves(f, leaf);
	struct merkle m = { 0 };
	for (int n = 1; n <= MAX_N; n++) {
		/* Through its stored form each time. */
		struct merkle again;
		assert_true(merkle_load(&again, m.size, arena_str(f->a, merkle_frontier(&m))));
		m = again;
		merkle_append(&m, f->h, leaf[n - 1]);
		tree_hash(f->h, leaf, 0, n, naive);
		merkle_root(&m, f->h, got);
		assert_memory_equal(naive, got, HASH_SIZE);
	}
}

static void a_frontier_of_the_wrong_length_is_refused(void **state)
{
	struct fixture *f = *state;
	struct merkle m;
	assert_true(merkle_load(&m, 0, (str){ 0 }));
	assert_false(merkle_load(&m, 3, (str){ arena_alloc(f->a, 32), 32 }));
	assert_false(merkle_load(&m, -1, (str){ 0 }));
	assert_false(merkle_load(&m, 4, (str){ arena_alloc(f->a, 33), 33 }));
}

static void flip(struct fixture *f, proof *p, size_t i)
{
	p->v[i] = arena_str(f->a, p->v[i]);
	((char *)(uintptr_t)p->v[i].p)[i % HASH_SIZE] ^= 1;
}

static void every_inclusion_proof_holds_and_breaks(void **state)
{
	struct fixture *f = *state;
	unsigned char leaf[MAX_N][HASH_SIZE], root[HASH_SIZE];
	make_leaves(f, leaf);
	for (int n = 1; n <= 70; n++) {
		tree_hash(f->h, leaf, 0, n, root);
		for (int i = 0; i < n; i++) {
			proof p = { 0 };
			inclusion(f, leaf, i, 0, n, &p);
			uint64_t at = (uint64_t)i, size = (uint64_t)n;
			assert_true(merkle_inclusion_valid(f->h, at, size, hash_str(root), hash_str(leaf[i]), p.v, p.n));
			if (n > 1)
				assert_false(merkle_inclusion_valid(f->h, (at + 1) % size, size, hash_str(root),
								    hash_str(leaf[i]), p.v, p.n));
			if (p.n) {
				assert_false(merkle_inclusion_valid(f->h, at, size, hash_str(root), hash_str(leaf[i]), p.v,
								    p.n - 1));
				flip(f, &p, p.n / 2);
				assert_false(
					merkle_inclusion_valid(f->h, at, size, hash_str(root), hash_str(leaf[i]), p.v, p.n));
			}
		}
	}
}

static void every_consistency_proof_holds_and_breaks(void **state)
{
	struct fixture *f = *state;
	unsigned char leaf[MAX_N][HASH_SIZE], r1[HASH_SIZE], r2[HASH_SIZE];
	make_leaves(f, leaf);
	for (int n = 1; n <= 50; n++) {
		tree_hash(f->h, leaf, 0, n, r2);
		for (int m = 1; m <= n; m++) {
			proof p = { 0 };
			tree_hash(f->h, leaf, 0, m, r1);
			consistency(f, leaf, m, 0, n, true, &p);
			uint64_t a = (uint64_t)m, b = (uint64_t)n;
			assert_true(merkle_consistency_valid(f->h, a, b, hash_str(r1), hash_str(r2), p.v, p.n));
			assert_false(merkle_consistency_valid(f->h, 0, b, hash_str(r1), hash_str(r2), p.v, p.n));
			if (!p.n)
				continue;
			assert_false(merkle_consistency_valid(f->h, a, b, hash_str(r1), hash_str(r2), p.v, p.n - 1));
			flip(f, &p, p.n / 2);
			assert_false(merkle_consistency_valid(f->h, a, b, hash_str(r1), hash_str(r2), p.v, p.n));
		}
	}
}

/* ---- published vectors, where they lie beside the project ---- */

static bool slurp(struct arena *a, const char *path, str *ret)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	struct buf b = BUF(a);
	char tmp[4096];
	size_t n;
	while ((n = fread(tmp, 1, sizeof tmp, f)) > 0)
		buf_put(&b, (str){ tmp, n });
	fclose(f);
	*ret = buf_str(&b);
	return true;
}

static str vectors(struct arena *a, const char *name)
{
	const char *src = getenv("BIHUAN_SOURCE"), *dir = getenv("BIHUAN_DATA");
	str text, path = dir ? arena_printf(a, "%s/merkle/%s", dir, name) :
			       arena_printf(a, "%s/../shared/data/merkle/%s", src ? src : ".", name);
	if (!slurp(a, path.p, &text))
		skip();
	return text;
}

static bool read_u64(str s, uint64_t *ret)
{
	uint64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*ret = v;
	return s.n > 0;
}

static str unhex(struct arena *a, str s)
{
	str out = { "", 0 };
	if (!str_eq(s, S("e")) && !str_eq(s, S("-")))
		assert_true(hex_decode(a, s, &out));
	return out;
}

static int run_vectors(struct fixture *f, const char *name, bool inclusion_rows)
{
	str text = vectors(f->a, name), line;
	int n = 0;
	while (str_cut(&text, '\n', &line)) {
		if (!line.n)
			continue;
		str col[7], rest = line, piece;
		for (int i = 0; i < 7; i++)
			assert_true(str_cut(&rest, '\t', &col[i]));
		uint64_t x = 0, y = 0;
		assert_true(read_u64(col[0], &x) && read_u64(col[1], &y));
		proof p = { 0 };
		for (str list = col[4]; !str_eq(col[4], S("-")) && str_cut(&list, ',', &piece);)
			vec_push(f->a, &p, unhex(f->a, piece));
		str h1 = unhex(f->a, col[2]), h2 = unhex(f->a, col[3]);
		bool ok = inclusion_rows ? merkle_inclusion_valid(f->h, x, y, h1, h2, p.v, p.n) :
					   merkle_consistency_valid(f->h, x, y, h1, h2, p.v, p.n);
		if (ok == str_eq(col[5], S("1")))
			fail_msg("%.*s", (int)col[6].n, col[6].p);
		n++;
	}
	return n;
}

static void published_inclusion_vectors(void **state)
{
	assert_int_equal(run_vectors(*state, "inclusion.tsv", true), 98);
}

static void published_consistency_vectors(void **state)
{
	assert_int_equal(run_vectors(*state, "consistency.tsv", false), 98);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_reference_tree_has_its_roots, setup, teardown),
		cmocka_unit_test_setup_teardown(the_frontier_equals_the_naive_tree, setup, teardown),
		cmocka_unit_test_setup_teardown(a_frontier_of_the_wrong_length_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(every_inclusion_proof_holds_and_breaks, setup, teardown),
		cmocka_unit_test_setup_teardown(every_consistency_proof_holds_and_breaks, setup, teardown),
		cmocka_unit_test_setup_teardown(published_inclusion_vectors, setup, teardown),
		cmocka_unit_test_setup_teardown(published_consistency_vectors, setup, teardown),
	};
	return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
