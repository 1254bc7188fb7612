/* Shapes that several replies share. */
#ifndef BH_CORE_VIEWS_H
#define BH_CORE_VIEWS_H

#include "base/json.h"
#include "core/org.h"

#define REGION_REF(F, O, L)                                                                        \
	F(ID, code, REQ, .format = "region")                                                       \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)
JSON_STRUCT(region_ref, REGION_REF)

#define ID_OUT(F, O, L) F(ID, id, REQ)
JSON_STRUCT(id_out, ID_OUT)

#define REASON_IN(F, O, L) F(STR, reason, REQ, .max = 500)
JSON_STRUCT(reason_in, REASON_IN)

/* The end of a page: `want` items were asked for and one more was read. */
enum { PAGE_DEFAULT = 50, PAGE_MAX = 200 };
#define PAGE_QUERY(F) F(ID, after, OPT) F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
#define PAGE_OUT(F) F(STR, next, NUL) F(I64, total, NUL) F(BOOL, total_exact, REQ)

static inline int64_t page_limit(int64_t limit)
{
	return limit == JSON_NONE ? PAGE_DEFAULT : limit;
}

static inline str page_cursor(struct arena *a, bool more, int64_t last_id)
{
	return more ? arena_printf(a, "%lld", (long long)last_id) : (str){ 0 };
}

/* The null string becomes the empty one. */
static inline str view_str(str s)
{
	return s.p ? s : (str){ "", 0 };
}

#endif
