/* Documents: decisions, plans, priorities and feedback, kept as they came; and the drafts of tasks that
 * extraction proposes. Nothing becomes a task without a person's confirmation.
 * Offsets count code points of the document's text, end exclusive. */
#ifndef BH_DECIDE_DOCUMENT_H
#define BH_DECIDE_DOCUMENT_H

#include "base/json.h"
#include "db/ctx.h"
#include "decide/extract.h"
#include "http/http.h"

/* ---- what a draft holds, each field with the words it came from ---- */

#define CUE_TEXT(F, O, L)                                                                          \
	F(STR, text, OPT, .max = 2000)                                                             \
	F(I64, start, NUL)                                                                         \
	F(I64, end, NUL)
JSON_STRUCT(cue_text, CUE_TEXT)

#define CUE_SECTOR(F, O, L)                                                                        \
	F(STR, id, REQ, .max = 40)                                                                 \
	F(I64, start, NUL)                                                                         \
	F(I64, end, NUL)
JSON_STRUCT(cue_sector, CUE_SECTOR)

#define CUE_UNIT(F, O, L)                                                                          \
	F(STR, name, REQ, .max = 200)                                                              \
	F(ID, org, NUL)                                                                            \
	F(I64, start, NUL)                                                                         \
	F(I64, end, NUL)
JSON_STRUCT(cue_unit, CUE_UNIT)

#define CUE_DEADLINE(F, O, L)                                                                      \
	F(STR, text, OPT, .max = 200)                                                              \
	F(I64, start, NUL)                                                                         \
	F(I64, end, NUL)                                                                           \
	F(DATE, due, NUL)                                                                          \
	F(STR, recurs, OPT, .max = 40)
JSON_STRUCT(cue_deadline, CUE_DEADLINE)

#define CUE_TARGET(F, O, L)                                                                        \
	F(STR, text, OPT, .max = 500)                                                              \
	F(STR, indicator, OPT, .max = 200)                                                         \
	F(STR, comparator, OPT, .max = 8)                                                          \
	F(F64, value, REQ)                                                                         \
	F(STR, unit, OPT, .max = 60)                                                               \
	F(I64, start, NUL)                                                                         \
	F(I64, end, NUL)
JSON_STRUCT(cue_target, CUE_TARGET)

#define CUE_REASON(F, O, L)                                                                        \
	F(I64, start, REQ)                                                                         \
	F(I64, end, REQ)                                                                           \
	F(STR, why, OPT, .max = 200)
JSON_STRUCT(cue_reason, CUE_REASON)

/* As kept in draft.fields. */
#define DRAFT_FIELDS(F, O, L)                                                                      \
	O(cue_text, action, NUL)                                                                   \
	O(cue_text, object, NUL)                                                                   \
	L(cue_sector, sectors, REQ)                                                                \
	L(cue_unit, lead, REQ)                                                                     \
	L(cue_unit, co, REQ)                                                                       \
	O(cue_deadline, deadline, NUL)                                                             \
	L(cue_target, targets, REQ)                                                                \
	L(cue_reason, reasons, REQ)
JSON_STRUCT(draft_fields, DRAFT_FIELDS)

#define DRAFT_OUT(F, O, L)                                                                         \
	F(ID, id, REQ)                                                                             \
	F(ID, document, REQ)                                                                       \
	F(I64, start, REQ)                                                                         \
	F(I64, end, REQ)                                                                           \
	F(STR, text, REQ, .max = 20000)                                                            \
	F(ENUM, state, REQ, .options = "draft|confirmed|discarded")                                \
	F(STR, title, REQ, .max = 500)                                                             \
	O(cue_text, action, NUL)                                                                   \
	O(cue_text, object, NUL)                                                                   \
	L(cue_sector, sectors, REQ)                                                                \
	L(cue_unit, lead, REQ)                                                                     \
	L(cue_unit, co, REQ)                                                                       \
	O(cue_deadline, deadline, NUL)                                                             \
	L(cue_target, targets, REQ)                                                                \
	L(cue_reason, reasons, REQ)                                                                \
	F(F64, confidence, REQ)                                                                    \
	F(ID, matter, NUL)                                                                         \
	F(STR, matter_state, NUL)                                                                  \
	F(BOOL, edited, REQ)                                                                       \
	F(I64, ver, REQ)
JSON_STRUCT(draft_out, DRAFT_OUT)

#define SPAN_OUT(F, O, L)                                                                          \
	F(I64, start, REQ)                                                                         \
	F(I64, end, REQ)
JSON_STRUCT(span_out, SPAN_OUT)

#define NOTE_OUT(F, O, L)                                                                          \
	F(I64, start, REQ)                                                                         \
	F(I64, end, REQ)                                                                           \
	F(STRS, lead, REQ)                                                                         \
	F(STRS, co, REQ)
JSON_STRUCT(note_out, NOTE_OUT)

/* Where a stretch of the text stands in the original: at = paragraph, row, page or source offset. */
#define ORIGIN_OUT(F, O, L)                                                                        \
	F(I64, start, REQ)                                                                         \
	F(STR, part, OPT)                                                                          \
	F(I64, at, REQ)                                                                            \
	F(I64, sub, REQ)
JSON_STRUCT(origin_out, ORIGIN_OUT)

#define DOCUMENT_HEAD(F)                                                                           \
	F(ID, id, REQ)                                                                             \
	F(STR, title, REQ, .max = 500)                                                             \
	F(STR, issuer, REQ)                                                                        \
	F(DATE, date, NUL)                                                                         \
	F(STR, number, REQ)                                                                        \
	F(STR, kind, REQ)                                                                          \
	F(STR, region, REQ)                                                                        \
	F(STR, name, REQ)                                                                          \
	F(STR, format, REQ)                                                                        \
	F(STR, encoding, REQ)                                                                      \
	F(I64, chars, REQ)                                                                         \
	F(I64, directives, REQ)                                                                    \
	F(I64, confirmed, REQ)                                                                     \
	F(I64, discarded, REQ)                                                                     \
	F(I64, to_decide, REQ)                                                                     \
	F(I64, open, REQ)                                                                          \
	F(I64, overdue, REQ)                                                                       \
	F(I64, uploaded_ms, REQ)                                                                   \
	F(STR, uploaded_by, REQ)                                                                   \
	F(I64, ver, REQ)

#define DOCUMENT_ITEM(F, O, L) DOCUMENT_HEAD(F)
JSON_STRUCT(document_item, DOCUMENT_ITEM)

#define DOCUMENT_OUT(F, O, L)                                                                      \
	DOCUMENT_HEAD(F)                                                                           \
	F(STR, text, REQ, .max = 10000000)                                                         \
	F(STR, hash, REQ)                                                                          \
	F(I64, size, REQ)                                                                          \
	L(span_out, clutter, REQ, .max = 100000)                                                   \
	L(origin_out, origins, REQ, .max = 1000000)                                                \
	L(note_out, notes, REQ, .max = 100000)                                                     \
	L(draft_out, drafts, REQ, .max = 100000)
JSON_STRUCT(document_out, DOCUMENT_OUT)

/* ---- what comes in ---- */

#define UNIT_IN(F, O, L)                                                                           \
	F(STR, name, REQ, .max = 200, .min = 1)                                                    \
	F(ID, org, NUL)                                                                            \
	F(I64, start, NUL)                                                                         \
	F(I64, end, NUL)
JSON_STRUCT(unit_in, UNIT_IN)

#define DRAFT_PATCH(F, O, L)                                                                       \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(I64, start, OPT, .min = 0, .max = 1e9)                                                   \
	F(I64, end, OPT, .min = 0, .max = 1e9)                                                     \
	F(STR, title, OPT, .min = 1, .max = 500)                                                   \
	F(STRS, sectors, OPT, .max = 12)                                                           \
	L(unit_in, lead, OPT, .max = 50)                                                           \
	L(unit_in, co, OPT, .max = 100)                                                            \
	F(DATE, due, OPT)                                                                          \
	F(BOOL, clear_due, OPT)                                                                    \
	F(STR, recurs, OPT, .max = 40)                                                             \
	L(cue_target, targets, OPT, .max = 20)
JSON_STRUCT(draft_patch, DRAFT_PATCH)

#define DOCUMENT_PATCH(F, O, L)                                                                    \
	F(I64, ver, REQ, .min = 1, .max = 1e9)                                                     \
	F(STR, title, OPT, .min = 1, .max = 500)                                                   \
	F(STR, issuer, OPT, .max = 200)                                                            \
	F(STR, number, OPT, .max = 100)                                                            \
	F(ENUM, kind, OPT, .options = "minutes|plan|priorities|feedback|notice|other")             \
	F(DATE, date, OPT)
JSON_STRUCT(document_patch, DOCUMENT_PATCH)

/* ---- the functions; all take the caller's scope from cx->who ---- */

struct document_upload {
	str name;              /* the file's name; its ending helps to find the format */
	str bytes;
};

/* What the reading of the bytes gave, made outside of any transaction. */
struct document_reading {
	str name, format, encoding, title, hash;
	int64_t size;
	str text, origins;     /* origins as JSON */
	struct extraction x;
	bool has_issued;
	int64_t issued_day;
};

err document_read(struct ctx *cx, const struct document_upload *up, struct document_reading *ret) MUST_USE;
/* Keeps the original, the text and one draft a directive, in one act. ERR_CONFLICT when the same bytes are
 * there already (argument document). */
err document_add(struct ctx *cx, int64_t region, const struct document_reading *rd, int64_t *ret_id) MUST_USE;
err document_load(struct ctx *cx, int64_t id, struct document_out *ret) MUST_USE;
err document_change(struct ctx *cx, int64_t id, const struct document_patch *in) MUST_USE;

err draft_load(struct ctx *cx, int64_t id, struct draft_out *ret) MUST_USE;
err draft_add(struct ctx *cx, int64_t document, size_t start, size_t end, int64_t *ret_id) MUST_USE;
err draft_change(struct ctx *cx, int64_t id, const struct draft_patch *in) MUST_USE;
/* Makes a task of it. ERR_GUARD when it names no lead unit that is known here. */
err draft_confirm(struct ctx *cx, int64_t id, int64_t ver, int64_t *ret_matter) MUST_USE;
err draft_discard(struct ctx *cx, int64_t id, int64_t ver, str reason) MUST_USE;
err draft_restore(struct ctx *cx, int64_t id, int64_t ver) MUST_USE;
/* Cuts at a code point of the document; the second part becomes a draft of its own. */
err draft_split(struct ctx *cx, int64_t id, int64_t ver, size_t at, int64_t *ret_second) MUST_USE;
/* Joins with the draft above, which keeps its id. */
err draft_merge(struct ctx *cx, int64_t id, int64_t ver, int64_t *ret_kept) MUST_USE;

extern const struct route document_routes[];

#endif
