/* Plans and visits as JSON. */
#ifndef BH_LOOP_INSPECT_VIEW_H
#define BH_LOOP_INSPECT_VIEW_H

#include "core/views.h"
#include "loop/draw.h"
#include "loop/inspect.h"

#define INSPECT_PERSON(F, O, L)                                                                            \
	F(ID, account, REQ)                                                                                \
	F(ID, person, NUL)                                                                                 \
	F(STR, name, REQ)                                                                                  \
	F(ID, org, NUL)                                                                                    \
	F(STR, org_name, REQ)                                                                              \
	F(BOOL, leader, REQ)                                                                                      \
	F(STR, name_en, REQ)                                                                                      \
	F(STR, org_name_en, REQ)
JSON_STRUCT(inspect_person, INSPECT_PERSON)

#define INSPECT_OBJECT(F, O, L)                                                                            \
	F(ID, id, REQ)                                                                                     \
	F(STR, type, REQ)                                                                                  \
	F(STR, no, REQ)                                                                                    \
	F(STR, name, REQ)                                                                                  \
	F(STR, name_en, REQ)                                                                               \
	F(STR, risk, REQ)                                                                                  \
	F(ID, owner, NUL)                                                                                  \
	F(STR, owner_name, REQ)                                                                                   \
	F(STR, owner_name_en, REQ)                                                                            \
	F(ID, region, REQ, .format = "region")                                                             \
	F(STR, region_name, REQ)                                                                           \
	F(F64, lat, NUL)                                                                                   \
	F(F64, lon, NUL)
JSON_STRUCT(inspect_object_out, INSPECT_OBJECT)

/* ---- draws ---- */

#define PLAN_DRAW_ITEM(F, O, L)                                                                            \
	F(ID, id, REQ)                                                                                     \
	F(I64, n, REQ)                                                                                     \
	F(I64, inspectors, REQ)                                                                            \
	F(I64, candidates, REQ)                                                                            \
	F(STR, hash, REQ)                                                                                  \
	F(STR, seed_source, REQ)                                                                           \
	F(STR, seed, NUL)                                                                                  \
	F(I64, announced_ms, REQ)                                                                          \
	F(I64, drawn_ms, NUL)                                                                              \
	F(I64, ver, REQ)
JSON_STRUCT(plan_draw_item, PLAN_DRAW_ITEM)

/* ---- visits ---- */

#define VISIT_HEAD(F, O, L)                                                                                \
	F(ID, id, REQ)                                                                                     \
	F(STR, no, REQ)                                                                                    \
	F(ENUM, state, REQ, .options = "planned|under-way|recorded|signed|refused|closed|cancelled")       \
	O(inspect_object_out, object, NUL)                                                                 \
	F(ID, plan, NUL)                                                                                   \
	F(STR, source, REQ)                                                                                \
	F(BOOL, unannounced, REQ)                                                                          \
	F(DATE, planned, REQ)                                                                              \
	F(I64, started_ms, NUL)                                                                            \
	F(I64, clean, NUL)                                                                                 \
	F(I64, ver, REQ)
#define VISIT_ITEM(F, O, L) VISIT_HEAD(F, O, L)
JSON_STRUCT(visit_item, VISIT_ITEM)

#define VISIT_CHECK_ITEM(F, O, L)                                                                          \
	F(STR, id, REQ)                                                                                    \
	F(STR, group_zh, REQ)                                                                              \
	F(STR, group_en, REQ)                                                                              \
	F(STR, zh, REQ, .max = 2000)                                                                       \
	F(STR, en, REQ, .max = 2000)                                                                       \
	F(ENUM, answer, REQ, .options = "choice|number")                                                   \
	F(STR, unit, REQ)                                                                                  \
	F(F64, lo, NUL)                                                                                    \
	F(F64, hi, NUL)                                                                                    \
	F(STR, finding, REQ)                                                                               \
	F(BOOL, major, REQ)                                                                                \
	F(BOOL, photo, REQ)                                                                                \
	F(STR, criterion, REQ)                                                                             \
	F(STR, basis_zh, REQ, .max = 2000)                                                                 \
	F(STR, basis_en, REQ, .max = 2000)                                                                 \
	F(STR, certainty, REQ)                                                                             \
	F(I64, weight, REQ)                                                                                \
	F(STR, show_if, REQ, .max = 1000)
JSON_STRUCT(visit_check_item, VISIT_CHECK_ITEM)

#define VISIT_CHECKLIST(F, O, L)                                                                           \
	F(STR, key, REQ)                                                                                   \
	F(STR, type, REQ)                                                                                  \
	F(DATE, day, REQ)                                                                                  \
	F(STR, editions, REQ, .max = 1000)                                                                 \
	L(visit_check_item, items, REQ, .max = 1000)
JSON_STRUCT(visit_checklist, VISIT_CHECKLIST)

#define VISIT_ANSWER(F, O, L)                                                                              \
	F(STR, item, REQ)                                                                                  \
	F(STR, value, REQ)                                                                                 \
	F(STR, note, REQ, .max = 4000)                                                                     \
	F(STR, client_id, REQ)                                                                             \
	F(ID, account, REQ)                                                                                \
	F(STR, by, REQ)                                                                                    \
	F(I64, captured_ms, REQ)                                                                           \
	F(I64, received_ms, REQ)                                                                           \
	F(BOOL, counts, REQ)
JSON_STRUCT(visit_answer_out, VISIT_ANSWER)

#define VISIT_FINDING(F, O, L)                                                                             \
	F(ID, id, REQ)                                                                                     \
	F(STR, client_id, REQ)                                                                             \
	F(STR, item, REQ)                                                                                  \
	F(STR, criterion, REQ)                                                                             \
	F(STR, clause, REQ, .max = 2000)                                                                   \
	F(STR, title, REQ, .max = 500)                                                                     \
	F(STR, text, REQ, .max = 10000)                                                                    \
	F(STR, spot, REQ, .max = 500)                                                                      \
	F(BOOL, fixed, REQ)                                                                                \
	F(BOOL, late, REQ)                                                                                 \
	F(DATE, due, NUL)                                                                                  \
	F(ID, matter, NUL)                                                                                 \
	F(STR, matter_no, NUL)                                                                             \
	F(STR, matter_state, NUL)                                                                          \
	F(I64, captured_ms, REQ)                                                                           \
	F(I64, received_ms, REQ)                                                                           \
	F(F64, lat, NUL)                                                                                   \
	F(F64, lon, NUL)
JSON_STRUCT(visit_finding_out, VISIT_FINDING)

#define VISIT_SIGN(F, O, L)                                                                                \
	F(ENUM, side, REQ, .options = "inspector|unit")                                                    \
	F(ENUM, outcome, REQ, .options = "signed|refused")                                                 \
	F(BOOL, own, REQ)                                                                                  \
	F(STR, name, REQ)                                                                                  \
	F(STR, title, REQ)                                                                                 \
	F(STR, reason, REQ, .max = 1000)                                                                   \
	F(STR, witness, REQ)                                                                               \
	F(STR, file, REQ)                                                                                  \
	F(I64, captured_ms, REQ)                                                                           \
	F(I64, at_ms, REQ)
JSON_STRUCT(visit_sign_out, VISIT_SIGN)

#define VISIT_NOTE(F, O, L)                                                                                \
	F(STR, text, REQ, .max = 20000)                                                                    \
	F(STR, by, REQ)                                                                                    \
	F(I64, at_ms, REQ)
JSON_STRUCT(visit_note_out, VISIT_NOTE)

#define VISIT_FILE(F, O, L)                                                                                \
	F(STR, client_id, REQ)                                                                             \
	F(STR, about, REQ)                                                                                 \
	F(ID, file, NUL)                                                                                   \
	F(STR, hash, REQ)                                                                                  \
	F(STR, name, REQ)                                                                                  \
	F(STR, type, REQ)                                                                                  \
	F(I64, size, REQ)                                                                                  \
	F(I64, captured_ms, NUL)                                                                           \
	F(I64, received_ms, REQ)
JSON_STRUCT(visit_file_out, VISIT_FILE)

#define VISIT_PROGRESS(F, O, L)                                                                            \
	F(I64, shown, REQ)                                                                                 \
	F(I64, answered, REQ)                                                                              \
	F(I64, findings, REQ)                                                                              \
	F(I64, score, REQ)                                                                                 \
	F(I64, score_max, REQ)
JSON_STRUCT(visit_progress, VISIT_PROGRESS)

#define VISIT_OUT(F, O, L)                                                                                 \
	VISIT_HEAD(F, O, L)                                                                                \
	F(STR, client_id, NUL)                                                                             \
	F(ID, draw, NUL)                                                                                   \
	F(ID, follows, NUL)                                                                                \
	F(ID, unit, NUL)                                                                                   \
	F(STR, unit_name, REQ)                                                                             \
	F(ID, org, NUL)                                                                                    \
	F(STR, org_name, REQ)                                                                              \
	L(inspect_person, inspectors, REQ)                                                                 \
	F(I64, ended_ms, NUL)                                                                              \
	F(F64, lat, NUL)                                                                                   \
	F(F64, lon, NUL)                                                                                   \
	F(F64, distance_m, NUL)                                                                            \
	F(STR, place, REQ, .max = 500)                                                                     \
	F(STR, content, REQ, .max = 20000)                                                                 \
	F(STR, problems, REQ, .max = 20000)                                                                \
	F(STR, handling, REQ, .max = 20000)                                                                \
	F(STR, record_hash, REQ)                                                                           \
	F(I64, created_ms, REQ)                                                                            \
	F(I64, recorded_ms, NUL)                                                                           \
	F(I64, closed_ms, NUL)                                                                             \
	F(STR, checklist_key, REQ)                                                                         \
	O(visit_checklist, checklist, NUL)                                                                 \
	O(visit_progress, progress, NUL)                                                                   \
	L(visit_answer_out, answers, REQ, .max = 20000)                                                    \
	L(visit_finding_out, findings, REQ, .max = 20000)                                                  \
	L(visit_sign_out, signs, REQ)                                                                      \
	L(visit_note_out, notes, REQ)                                                                      \
	L(visit_file_out, files, REQ, .max = 20000)                                                        \
	F(STRS, may, REQ)
JSON_STRUCT(visit_out, VISIT_OUT)

/* `whole`: with its checklist; else the key only. */
err visit_view(struct ctx *cx, int64_t id, bool whole, struct visit_out *ret) MUST_USE;
err visit_checklist_view(struct ctx *cx, const struct visit *v, struct visit_checklist *ret) MUST_USE;
err inspect_objects_view(struct ctx *cx, const int64_t *ids, size_t n, struct inspect_object_out **ret, size_t *ret_n) MUST_USE;
const struct inspect_object_out *inspect_object_in(const struct inspect_object_out *v, size_t n, int64_t id);
err inspect_people_view(struct ctx *cx, const int64_t *accounts, size_t n, struct inspect_person **ret, size_t *ret_n) MUST_USE;

static inline int64_t none_if_zero(int64_t v)
{
	return v ? v : JSON_NONE;
}

#endif
