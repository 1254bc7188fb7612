/* JSON whose shape is data: read into a tree of texts. Where the shape is known, use base/json.h. */
#ifndef BH_BASE_JSON_TREE_H
#define BH_BASE_JSON_TREE_H

#include "base/arena.h"
#include "base/err.h"

enum json_node_kind { NODE_NULL, NODE_BOOL, NODE_NUMBER, NODE_TEXT, NODE_LIST, NODE_OBJECT };

struct json_node {
	enum json_node_kind kind;
	str key;                 /* in an object; else the null string */
	str text;                /* text decoded; numbers as a person writes them; "true", "false" */
	struct json_node *v;     /* of a list or an object, in the order of the text */
	size_t n;
};

/* Depth at most 32; a key twice is refused. BAD_JSON with line and column. */
err json_tree(struct arena *a, str text, struct json_node *ret, struct fail *f) MUST_USE;
const struct json_node *json_tree_get(const struct json_node *object, str key); /* NULL: none */

#endif
