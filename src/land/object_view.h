/* Objects as the page sees them, and the filters that lists, exports and the map share. */
#ifndef BH_LAND_OBJECT_VIEW_H
#define BH_LAND_OBJECT_VIEW_H

#include "core/views.h"
#include "http/http.h"
#include "land/object.h"
#include "land/object_sql.h"

#define OBJECT_RISKS "red|orange|yellow|blue"

#define OBJECT_ITEM(F, O, L)                                                                       \
	F(ID, id, REQ)                                                                             \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, region_name, REQ)                                                                   \
	F(STR, type, REQ)                                                                          \
	F(STR, no, REQ)                                                                            \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(ID, owner, NUL)                                                                          \
	F(STR, owner_name, REQ)                                                                    \
	F(STR, owner_name_en, REQ)                                                                 \
	F(STRS, sectors, REQ)                                                                      \
	F(STR, risk, REQ)                                                                          \
	F(I64, level, NUL)                                                                         \
	F(F64, lat, NUL)                                                                           \
	F(F64, lon, NUL)                                                                           \
	F(STR, geometry_kind, REQ)                                                                 \
	F(DATE, valid_from, NUL)                                                                   \
	F(DATE, valid_to, NUL)                                                                     \
	F(I64, ver, REQ)
JSON_STRUCT(object_item, OBJECT_ITEM)

#define OBJECT_FILTERS(F, O, L)                                                                    \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, type, OPT, .max = 60)                                                               \
	F(STR, sector, OPT, .max = 40)                                                             \
	F(ENUM, risk, OPT, .options = OBJECT_RISKS)                                                \
	F(ID, owner, OPT)                                                                          \
	F(STR, q, OPT, .max = 100)                                                                 \
	F(STR, bbox, OPT, .max = 120)                                                              \
	F(DATE, valid, OPT)                                                                        \
	F(BOOL, ended, OPT)
#define OBJECT_QUERY(F, O, L) OBJECT_FILTERS(F, O, L) PAGE_QUERY(F)
JSON_STRUCT(object_query, OBJECT_QUERY)

/* The query's values, checked; unless asked for otherwise, objects in force today. */
err object_filter_of(struct ctx *cx, const struct object_query *q, struct object_list_params *ret) MUST_USE;
/* Rows of a page of ids, in their order, as items. */
err object_items_of(struct ctx *cx, const struct object_items_rows *rows, struct object_item **ret) MUST_USE;

#endif
