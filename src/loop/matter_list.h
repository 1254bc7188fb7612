/* Lists of matters: which index is walked for which filters, and pages by key.
 *
 * A list is one walk or a few (one a phase, one a county of a narrow scope), each in the list's order
 * along an index that holds what the filters look at; their pages are merged. Nothing is sorted that
 * is not small, nothing is skipped by counting. */
#ifndef BH_LOOP_MATTER_LIST_H
#define BH_LOOP_MATTER_LIST_H

#include "loop/matter_view.h"

#define MATTER_QUERY_FIELDS(F, O, L)                                                               \
	F(STR, kind, OPT, .max = 40)                                                               \
	F(STR, state, OPT, .max = 40)                                                              \
	F(ENUM, phase, OPT, .options = "open|closed")                                              \
	F(ENUM, colour, OPT, .options = "red|amber|green|grey")                                    \
	F(STR, region, OPT, .max = 12)                                                             \
	F(STR, sector, OPT, .max = 40)                                                             \
	F(ID, lead, OPT)                                                                           \
	F(ID, org, OPT)                                                                            \
	F(BOOL, mine, OPT)                                                                         \
	F(DATE, due_from, OPT)                                                                     \
	F(DATE, due_to, OPT)                                                                       \
	F(STR, q, OPT, .max = 200)                                                                 \
	F(ID, document, OPT)                                                                       \
	F(ID, parent, OPT)                                                                         \
	F(ENUM, grade, OPT, .options = "general|major")                                           \
	F(STR, source, OPT, .max = 40)                                                             \
	F(ID, object, OPT)                                                                         \
	F(ENUM, listed, OPT, .options = "any|national|province|city|county|town")                 \
	F(ID, contractor, OPT)                                                                     \
	F(ENUM, sort, OPT, .options = "due|-due|created|-created|id|-id")                          \
	F(STR, after, OPT, .max = 60)                                                              \
	F(I64, limit, OPT, .min = 1, .max = 200)
#define MATTER_QUERY(F, O, L) MATTER_QUERY_FIELDS(F, O, L)
JSON_STRUCT(matter_query, MATTER_QUERY)

/* A query that asks for nothing. */
#define MATTER_QUERY_NONE                                                                          \
	{ .lead = JSON_NONE, .org = JSON_NONE, .due_from = JSON_NONE, .due_to = JSON_NONE,         \
	  .document = JSON_NONE, .parent = JSON_NONE, .object = JSON_NONE, .contractor = JSON_NONE, \
	  .limit = JSON_NONE }

enum list_order { ORDER_DUE, ORDER_DUE_DOWN, ORDER_ID, ORDER_ID_DOWN };
enum { LIST_BUDGET = 12000, LIST_COUNTED = 400, LIST_COUNTIES = 8, LIST_STATES = 200, LIST_SMALL = 5000, LIST_NEWEST = 2000 };

/* A query made of values. Absent: null strings, DB_NONE, 0. */
struct matter_filter {
	str phase, state, kind, role, match;
	str one; /* of `match`: the one character it is, or the null string */
	int64_t lo, hi, sectors, from_ms, to_ms;
	int64_t org, document, parent;
	str grade, source, listed, listed_any; /* listed_any S(""): listed at whatever level */
	int64_t object, contractor;            /* 0: any */
	enum list_order order;
	int64_t after_ms, after_id;
	int64_t limit;
};
struct matter_key {
	int64_t id, due_ms;
};

err matter_filter_of(struct ctx *cx, const struct matter_query *q, struct matter_filter *ret) MUST_USE;
/* One page of keys in the caller's scope; *ret_more when there is another. */
err matter_keys(struct ctx *cx, const struct matter_filter *f, struct matter_key **ret, size_t *ret_n, bool *ret_more) MUST_USE;
/* How many there are: exact while the walks end within their budget of rows, or a unit's list within
 * LIST_COUNTED; otherwise how many were met so far, and *ret_exact false. JSON_NONE for a search. */
err matter_total(struct ctx *cx, const struct matter_filter *f, int64_t *ret, bool *ret_exact) MUST_USE;
/* The page as JSON, with its cursor. */
err matter_list_page(struct ctx *cx, const struct matter_filter *f, bool total, struct matter_list *ret) MUST_USE;

str matter_cursor(struct arena *a, struct matter_key k);
bool matter_cursor_parse(str s, struct matter_key *ret) MUST_USE;

#endif
