/* What the page sees of matters: the JSON of lists, of one dossier, of acts and events. */
#ifndef BH_LOOP_MATTER_VIEW_H
#define BH_LOOP_MATTER_VIEW_H

#include "loop/marks.h"
#include "loop/matter.h"

#define MATTER_ORG(F, O, L)                                                                        \
	F(ID, org, REQ)                                                                            \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)
JSON_STRUCT(matter_org, MATTER_ORG)

/* The supervised object that a matter is about. */
#define MATTER_OBJECT(F, O, L)                                                                     \
	F(ID, id, REQ)                                                                             \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(STR, type, REQ)
JSON_STRUCT(matter_object, MATTER_OBJECT)

/* `children` is a number in lists and a list in the dossier. */
#define MATTER_HEAD(F, O, L)                                                                       \
	F(ID, id, REQ)                                                                             \
	F(STR, region, REQ, .format = "region")                                                    \
	F(STR, region_name, REQ)                                                                   \
	F(STR, no, REQ)                                                                            \
	F(STR, kind, REQ)                                                                          \
	F(STR, title, REQ, .max = 500)                                                             \
	F(STR, state, REQ)                                                                         \
	F(ENUM, phase, REQ, .options = "open|closed")                                              \
	F(ENUM, colour, REQ, .options = "green|amber|red|grey")                                    \
	F(I64, due_ms, NUL)                                                                        \
	F(I64, days_left, NUL)                                                                     \
	F(STRS, sectors, REQ)                                                                      \
	L(matter_org, lead, REQ)                                                                   \
	L(matter_org, co, REQ)                                                                     \
	F(I64, progress, NUL)                                                                      \
	F(ID, parent, NUL)                                                                         \
	F(ID, document, NUL)                                                                       \
	F(I64, opened_ms, REQ)                                                                     \
	F(I64, closed_ms, NUL)                                                                     \
	F(I64, ver, REQ)                                                                           \
	F(STR, handler_region, REQ, .format = "region")                                            \
	F(STR, grade, REQ)                                                                         \
	F(STR, criterion, REQ)                                                                     \
	F(STR, source, REQ)                                                                        \
	F(STR, cause, REQ)                                                                         \
	O(matter_object, object, NUL)                                                              \
	F(F64, lat, NUL)                                                                           \
	F(F64, lon, NUL)                                                                           \
	F(I64, found_ms, REQ)                                                                      \
	F(STR, listed, REQ)                                                                        \
	F(I64, relapses, REQ)                                                                      \
	O(matter_org, contractor, NUL)                                                             \
	F(ID, visit, NUL)

#define MATTER_ITEM(F, O, L)                                                                       \
	MATTER_HEAD(F, O, L)                                                                       \
	F(I64, children, REQ)
JSON_STRUCT(matter_item, MATTER_ITEM)

#define MATTER_LIST(F, O, L)                                                                       \
	L(matter_item, items, REQ, .max = 200)                                                     \
	F(STR, next, NUL)                                                                          \
	F(I64, total, NUL)                                                                         \
	F(BOOL, total_exact, REQ)
JSON_STRUCT(matter_list, MATTER_LIST)

/* Rows of a page as JSON items, in the order of `ids`; what is out of scope is left out. */
err matter_items_view(struct ctx *cx, const int64_t *ids, size_t n, struct matter_item **ret, size_t *ret_n) MUST_USE;

#define MATTER_TARGET(F, O, L)                                                                     \
	F(STR, text, REQ, .max = 500)                                                              \
	F(STR, indicator, REQ, .max = 200)                                                         \
	F(STR, comparator, REQ, .max = 8)                                                          \
	F(F64, value, REQ)                                                                         \
	F(STR, unit, REQ, .max = 60)                                                               \
	F(I64, start, NUL)                                                                         \
	F(I64, end, NUL)
JSON_STRUCT(matter_target, MATTER_TARGET)

#define MATTER_PARTY(F, O, L)                                                                      \
	F(STR, role, REQ)                                                                          \
	F(ID, org, REQ)                                                                            \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(ID, person, NUL)                                                                         \
	F(STR, person_name, NUL)                                                                   \
	F(STR, basis, REQ)                                                                         \
	F(STR, basis_zh, REQ)                                                                      \
	F(STR, basis_en, REQ)
JSON_STRUCT(matter_party_out, MATTER_PARTY)

#define MATTER_PROVENANCE(F, O, L)                                                                 \
	F(ID, document, REQ)                                                                       \
	F(STR, document_title, REQ)                                                                \
	F(ID, directive, NUL)                                                                      \
	F(I64, start, REQ)                                                                         \
	F(I64, end, REQ)                                                                           \
	F(STR, sentence, REQ)
JSON_STRUCT(matter_provenance, MATTER_PROVENANCE)

#define MATTER_FILE(F, O, L)                                                                       \
	F(ID, id, REQ)                                                                             \
	F(STR, hash, REQ)                                                                          \
	F(STR, name, REQ)                                                                          \
	F(STR, type, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	F(I64, captured_ms, NUL)                                                                   \
	F(I64, received_ms, REQ)                                                                   \
	F(STR, by, REQ)                                                                           \
	F(STR, by_en, REQ)                                                                        \
	F(I64, act_seq, NUL)                                                                       \
	L(matter_mark, marks, REQ)
JSON_STRUCT(matter_file, MATTER_FILE)

#define MATTER_REPORT(F, O, L)                                                                     \
	F(STR, period, REQ)                                                                        \
	F(I64, percent, NUL)                                                                       \
	F(STR, text, REQ, .max = 20000)                                                            \
	F(I64, at_ms, REQ)                                                                         \
	F(STR, org_name, REQ)                                                                     \
	F(STR, by, REQ)                                                                           \
	F(STR, org_name_en, REQ)                                                                  \
	F(STR, by_en, REQ)
JSON_STRUCT(matter_report, MATTER_REPORT)

#define MATTER_FIELD(F, O, L)                                                                      \
	F(STR, name, REQ)                                                                          \
	F(STR, type, REQ)                                                                          \
	F(BOOL, required, REQ)                                                                     \
	F(I64, max, NUL)                                                                           \
	F(STRS, options, REQ)                                                                      \
	F(STRS, options_zh, REQ)                                                                   \
	F(STRS, options_en, REQ)                                                                   \
	F(STR, label_zh, REQ)                                                                      \
	F(STR, label_en, REQ)
JSON_STRUCT(matter_field, MATTER_FIELD)

#define MATTER_WHY(F, O, L)                                                                        \
	F(STR, key, REQ)                                                                           \
	F(STR, text, REQ, .max = 1000)
JSON_STRUCT(matter_why, MATTER_WHY)

#define MATTER_ACT(F, O, L)                                                                        \
	F(STR, id, REQ)                                                                            \
	F(STR, label_zh, REQ)                                                                      \
	F(STR, label_en, REQ)                                                                      \
	F(STR, to, REQ)                                                                            \
	L(matter_field, fields, REQ)                                                               \
	F(BOOL, allowed, REQ)                                                                      \
	O(matter_why, why, NUL)
JSON_STRUCT(matter_act_out, MATTER_ACT)

/* The row of catalog/deadline behind a time limit. */
#define MATTER_RULE(F, O, L)                                                                       \
	F(STR, id, REQ)                                                                            \
	F(STR, label_zh, REQ)                                                                      \
	F(STR, label_en, REQ)                                                                      \
	F(STR, clause, REQ)                                                                        \
	F(STR, clause_en, REQ)                                                                     \
	F(STR, source, REQ)                                                                        \
	F(STR, source_zh, REQ)                                                                     \
	F(STR, certainty, REQ)
JSON_STRUCT(matter_rule, MATTER_RULE)

#define MATTER_WAITING(F, O, L)                                                                    \
	F(STR, role, REQ)                                                                          \
	F(STR, who_zh, REQ)                                                                        \
	F(STR, who_en, REQ)                                                                        \
	F(I64, since_ms, REQ)                                                                      \
	F(I64, until_ms, NUL)                                                                      \
	O(matter_rule, rule, NUL)
JSON_STRUCT(matter_waiting, MATTER_WAITING)

#define MATTER_WHO(F, O, L)                                                                        \
	F(ID, id, NUL)                                                                             \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)
JSON_STRUCT(matter_who, MATTER_WHO)

/* The organisations that an act's field named. */
#define MATTER_NAMED(F, O, L)                                                                      \
	F(STR, field, REQ)                                                                         \
	F(STR, label_zh, REQ)                                                                      \
	F(STR, label_en, REQ)                                                                      \
	L(matter_org, orgs, REQ)
JSON_STRUCT(matter_named, MATTER_NAMED)

#define MATTER_SAID(F, O, L)                                                                       \
	F(STR, field, REQ)                                                                        \
	F(STR, label_zh, REQ)                                                                     \
	F(STR, label_en, REQ)                                                                     \
	F(STR, zh, REQ, .max = 4000)                                                              \
	F(STR, en, REQ, .max = 4000)
JSON_STRUCT(matter_said, MATTER_SAID)

#define MATTER_EVENT(F, O, L)                                                                      \
	F(I64, seq, REQ)                                                                           \
	F(I64, at_ms, REQ)                                                                         \
	F(STR, kind, REQ)                                                                          \
	F(STR, label_zh, REQ)                                                                      \
	F(STR, label_en, REQ)                                                                      \
	O(matter_who, actor, REQ)                                                                  \
	O(matter_who, org, NUL)                                                                    \
	F(STR, from, NUL)                                                                          \
	F(STR, to, NUL)                                                                            \
	F(STR, text, REQ, .max = 20000)                                                            \
	F(RAW, data, REQ)                                                                          \
	L(matter_said, said, REQ)                                                                 \
	L(matter_named, named, REQ)                                                                \
	F(IDS, files, REQ)                                                                         \
	F(STR, leaf, REQ)
JSON_STRUCT(matter_event, MATTER_EVENT)

#define MATTER_EVENTS(F, O, L)                                                                     \
	L(matter_event, items, REQ, .max = 1000)                                                   \
	F(STR, next, NUL)
JSON_STRUCT(matter_events_out, MATTER_EVENTS)

#define MATTER_OUT(F, O, L)                                                                        \
	MATTER_HEAD(F, O, L)                                                                       \
	F(STR, text, REQ, .max = 20000)                                                            \
	F(STR, measures, REQ, .max = 20000)                                                        \
	L(matter_target, targets, REQ)                                                             \
	F(STR, recurs, REQ)                                                                        \
	F(I64, round, REQ)                                                                         \
	F(I64, extensions, REQ)                                                                    \
	O(matter_rule, deadline, NUL)                                                              \
	F(RAW, attrs, REQ)                                                                         \
	L(matter_party_out, parties, REQ)                                                          \
	O(matter_provenance, provenance, NUL)                                                      \
	L(matter_item, children, REQ)                                                              \
	L(matter_file, files, REQ)                                                                 \
	L(matter_mark, marks, REQ)                                                                 \
	L(matter_report, reports, REQ)                                                             \
	L(matter_act_out, acts, REQ)                                                               \
	L(matter_waiting, waiting, REQ)                                                            \
	L(matter_event, timeline, REQ, .max = 1000)
JSON_STRUCT(matter_out, MATTER_OUT)

err matter_view(struct ctx *cx, int64_t id, struct matter_out *ret) MUST_USE;
struct matter_words_rows;
err matter_said_view(struct ctx *cx, const struct workflow *wf, const struct matter_words_rows *words, struct matter_event *e) MUST_USE;
err matter_timeline(struct ctx *cx, const struct matter *x, int64_t after, int64_t max, struct matter_events_out *ret) MUST_USE;
/* Acts from this state that the caller's standing allows, and those refused with the reason. */
err matter_acts_view(struct ctx *cx, const struct matter *x, struct matter_act_out **ret, size_t *ret_n) MUST_USE;

#endif
