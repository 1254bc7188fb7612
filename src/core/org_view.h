/* Organisations, posts and people as the page sees them. */
#ifndef BH_CORE_ORG_VIEW_H
#define BH_CORE_ORG_VIEW_H

#include "core/org_sql.h"
#include "core/views.h"
#include "http/http.h"

#define ORG_ITEM(F, O, L)                                                                          \
	F(ID, id, REQ)                                                                             \
	F(ID, region, REQ, .format = "region")                                                     \
	F(STR, region_name, REQ)                                                                   \
	F(ENUM, kind, REQ, .options = ORG_KINDS)                                                   \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(STR, short_name, REQ, .as = "short")                                                     \
	F(ID, parent, NUL)                                                                         \
	F(I64, level, REQ)                                                                         \
	F(STRS, sectors, REQ)                                                                      \
	F(DATE, valid_from, NUL)                                                                   \
	F(DATE, valid_to, NUL)                                                                     \
	F(I64, ver, REQ)
JSON_STRUCT(org_item, ORG_ITEM)

#define HOLD_ITEM(F, O, L)                                                                         \
	F(ID, person, REQ)                                                                         \
	F(STR, name, REQ)                                                                          \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, NUL)
JSON_STRUCT(hold_item, HOLD_ITEM)

#define POST_ITEM(F, O, L)                                                                         \
	F(ID, id, REQ)                                                                             \
	F(ID, org, REQ)                                                                            \
	F(STR, title, REQ)                                                                         \
	F(STR, title_en, REQ)                                                                      \
	F(I64, rank, REQ)                                                                          \
	F(BOOL, leader, REQ)                                                                       \
	F(STRS, duties, REQ)                                                                       \
	O(hold_item, holder, NUL)                                                                  \
	L(hold_item, history, REQ)
JSON_STRUCT(post_item, POST_ITEM)

#define PERSON_ITEM(F, O, L)                                                                       \
	F(ID, id, REQ)                                                                             \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(ID, org, NUL)                                                                            \
	F(STR, org_name, REQ)
JSON_STRUCT(person_item, PERSON_ITEM)

/* The organisation when the caller may do `perm` in its region, else ERR_NOT_FOUND. */
err org_visible(struct req *rq, int64_t id, str perm, struct org_get_row *ret) MUST_USE;

/* Duties are kept as a JSON list of texts. */
str duties_write(struct arena *a, const struct json_strs *duties);
void duties_read(struct arena *a, str json, struct json_strs *ret); /* anything else reads as none */

#endif
