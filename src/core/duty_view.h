/* Duty as the page sees it; shared by the routes of core and land. */
#ifndef BH_CORE_DUTY_VIEW_H
#define BH_CORE_DUTY_VIEW_H

#include "core/duty.h"
#include "core/views.h"

#define DUTY_ORG(F, O, L)                                                                          \
	F(ID, id, REQ)                                                                             \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)
JSON_STRUCT(duty_org_out, DUTY_ORG)

#define DUTY_POST(F, O, L)                                                                         \
	F(ID, id, REQ)                                                                             \
	F(STR, title, REQ)                                                                         \
	F(STR, title_en, REQ)
JSON_STRUCT(duty_post_out, DUTY_POST)

#define DUTY_PERSON(F, O, L)                                                                       \
	F(ID, id, REQ)                                                                             \
	F(STR, name, REQ)                                                                         \
	F(STR, name_en, REQ)
JSON_STRUCT(duty_person_out, DUTY_PERSON)

#define DUTY_ROW(F, O, L)                                                                          \
	F(ENUM, line, REQ, .options = DUTY_LINE_OPTIONS)                                           \
	F(STR, sector, NUL)                                                                        \
	F(STR, role, REQ)                                                                          \
	F(STR, role_zh, REQ)                                                                       \
	F(STR, role_en, REQ)                                                                       \
	O(duty_org_out, org, NUL)                                                                  \
	O(duty_post_out, post, NUL)                                                                \
	O(duty_person_out, person, NUL)                                                            \
	F(DATE, since, NUL)                                                                        \
	F(STR, rule, REQ)                                                                          \
	F(STR, basis_zh, REQ)                                                                      \
	F(STR, basis_en, REQ)                                                                      \
	F(STR, source_zh, REQ)                                                                     \
	F(STR, source_en, REQ)                                                                     \
	F(STR, clause_zh, REQ)                                                                     \
	F(STR, clause_en, REQ)                                                                     \
	F(STR, certainty, REQ)                                                                     \
	F(BOOL, demand, REQ)                                                                       \
	F(ID, designation, NUL)                                                                    \
	F(ENUM, gap, REQ, .options = DUTY_GAP_OPTIONS)                                             \
	F(BOOL, overlap, REQ)                                                                      \
	L(duty_org_out, fits, REQ)
JSON_STRUCT(duty_row_out, DUTY_ROW)

struct duty_row_out duty_row_view(const struct ctx *cx, const struct duty_row *r);
/* The id of a sector's bit; the null string for every sector. */
str duty_sector_id(const struct ctx *cx, int bit);

#endif
