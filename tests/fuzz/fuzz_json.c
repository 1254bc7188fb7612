/* Whatever the bytes: no crash, and what was accepted reads back from what was written. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define LEAF(F, O, L)                                                                              \
	F(STR, name, REQ)                                                                          \
	F(F64, value, OPT, .min = -1e6, .max = 1e6)
JSON_STRUCT(leaf, LEAF)
JSON_DEFINE(leaf, LEAF)

#define TREE(F, O, L)                                                                              \
	F(STR, t, OPT)                                                                             \
	F(I64, i, OPT)                                                                             \
	F(BOOL, b, OPT)                                                                            \
	F(ID, id, OPT)                                                                             \
	F(DATE, d, NUL)                                                                            \
	F(ENUM, e, OPT, .options = "x|y")                                                          \
	F(STRS, s, OPT)                                                                            \
	F(IDS, ids, OPT)                                                                           \
	F(RAW, r, OPT)                                                                             \
	O(leaf, o, OPT)                                                                            \
	L(leaf, l, OPT)                                                                            \
	L(tree, c, OPT)
JSON_STRUCT(tree, TREE)
JSON_DEFINE(tree, TREE)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct fail f = { 0 };
	struct tree v, again;
	if (json_read(a, (str){ (const char *)data, size }, tree_json, &v, &f) != ERR_OK) {
		if (!f.key || f.nargs > FAIL_ARGS)
			abort();
		return 0;
	}
	struct buf one = BUF(a), two = BUF(a);
	json_write(&one, tree_json, &v);
	if (json_read(a, buf_str(&one), tree_json, &again, &f) != ERR_OK)
		abort();
	json_write(&two, tree_json, &again);
	if (!str_eq(buf_str(&one), buf_str(&two)))
		abort();
	return 0;
}
