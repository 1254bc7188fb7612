/* Shared by the routes of hot grids (not for other modules). */
#ifndef BH_SENSE_HOTSPOT_PARTS_H
#define BH_SENSE_HOTSPOT_PARTS_H

#include "core/grant.h"
#include "core/region.h"
#include "sense/hotspot.h"
#include "sense/hotspot_sql.h"

enum { GRID_LOOKED_AT = 2000 };
#define GRID_SIZES "3000|500"

#define GRID_PATROL(F, O, L)                                                                       \
	F(ID, id, REQ)                                                                             \
	F(STR, cell, REQ)                                                                          \
	F(STR, region, REQ)                                                                        \
	F(STR, period, REQ)                                                                        \
	F(STR, item, REQ)                                                                          \
	F(STR, source, REQ)                                                                        \
	F(STR, list, REQ)                                                                          \
	F(F64, value, REQ)                                                                         \
	F(ID, matter, REQ)                                                                         \
	F(STR, matter_no, REQ)                                                                     \
	F(STR, state, REQ)                                                                         \
	F(STR, phase, REQ)                                                                         \
	F(I64, due_ms, NUL)                                                                        \
	F(ID, org, NUL)                                                                            \
	F(STR, org_name, REQ)                                                                      \
	F(STR, org_name_en, REQ)                                                                   \
	F(I64, made_ms, REQ)                                                                       \
	F(STR, outcome, NUL)                                                                       \
	F(STR, finding, REQ, .max = 4000)                                                          \
	F(ID, found_matter, NUL)                                                                   \
	F(I64, found_ms, NUL)                                                                      \
	F(I64, ver, REQ)
JSON_STRUCT(grid_patrol, GRID_PATROL)

#define GRID_QUERY(F, O, L)                                                                        \
	F(STR, period, REQ, .max = 10)                                                             \
	F(STR, item, REQ, .max = 20)                                                               \
	F(ENUM, size, REQ, .options = GRID_SIZES)                                                  \
	F(STR, source, REQ, .max = 20)
JSON_STRUCT(grid_query, GRID_QUERY)

int64_t grid_size_of(str s);          /* 0: none that there is */
static inline str kept(str s)
{
	return s.p ? s : S("");
}

struct showing {
	struct ctx *cx;
	struct db_scope scope;
	int64_t air;
	VEC(struct region_name) names;
	struct patrol_list_rows patrols;
};

struct showing grid_showing(struct ctx *cx);
bool grid_seen(const struct showing *s, int64_t region);

struct looked {
	struct showing s;
	struct hot_params hp;
	struct hot_field f;
	struct hot_item item;
};

/* The picture asked for, and the patrols of its period. */
err grid_look(struct req *rq, const struct grid_query *q, struct looked *ret) MUST_USE;
struct grid_patrol grid_patrol_view(struct ctx *cx, const struct patrol_list_row *p);

#endif
