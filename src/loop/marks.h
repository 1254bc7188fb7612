/* Marks: signs of sham rectification (虚假整改), computed when a dossier is read, each with its reason and numbers. A mark
 * proves nothing; a person decides, and the decision is an act. What is looked for and how strictly is
 * catalog/mark; the comparing of photos is num/phash, that of texts the simhash in marks_text.c. */
#ifndef BH_LOOP_MARKS_H
#define BH_LOOP_MARKS_H

#include "core/catalog.h"
#include "loop/matter.h"

#define MARK_KINDS(X)                                                                                                  \
	X(USED_BEFORE, "photo-used-before")                                                                            \
	X(LOOKS_LIKE, "photo-looks-like")                                                                              \
	X(OLDER, "photo-older")                                                                                        \
	X(EDITED, "photo-edited")                                                                                      \
	X(BARE, "photo-bare")                                                                                          \
	X(FAR, "photo-far")                                                                                            \
	X(UNREADABLE, "photo-unreadable")                                                                              \
	X(LATE, "receipt-late")                                                                                        \
	X(PASTED, "text-pasted")                                                                                       \
	X(BATCH, "batch-close")                                                                                        \
	X(QUICK, "quick-accept")                                                                                       \
	X(VERIFIER, "verifier-from-unit")                                                                              \
	X(DEADLINE, "deadline-changed-late")
enum mark_kind {
#define X(id, name) MARK_##id,
	MARK_KINDS(X)
#undef X
	MARK_KIND_COUNT
};

/* ---- the rules ---- */

struct mark_rule {
	bool on;               /* the catalog has a row for it */
	str id, zh, en, why_zh, why_en, certainty;
	int64_t weight;        /* 1…100 */
};
struct mark_rules;
/* From catalog/mark in force on `today`; ERR_BAD_FORMAT for a kind or parameter that is not known here, one that
 * is missing, or a number beyond what can be computed. */
err mark_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct mark_rules **ret, struct fail *f) MUST_USE;
const struct mark_rule *mark_rule(const struct mark_rules *r, enum mark_kind kind);
/* A parameter by its place in MARK_PARAMS. */
#define MARK_PARAMS(X)                                                                                                 \
	X(LOOKS_DISTANCE, LOOKS_LIKE, "distance", 0, 11)                                                               \
	X(LOOKS_TURNED, LOOKS_LIKE, "turned", 0, 11)                                                                   \
	X(LOOKS_TURNS, LOOKS_LIKE, "turns", 1, 8)                                                                      \
	X(OLDER_TOLERANCE, OLDER, "tolerance", 0, 8760)                                                                \
	X(EDITED_THUMBNAIL, EDITED, "thumbnail", 1, 64)                                                                \
	X(BARE_USUAL, BARE, "usual", 1, 20)                                                                            \
	X(FAR_DISTANCE, FAR, "distance", 1, 1e7)                                                                       \
	X(LATE_DELAY, LATE, "delay", 0, 1e5)                                                                           \
	X(PASTED_LETTERS, PASTED, "letters", 1, 20000)                                                                 \
	X(PASTED_DISTANCE, PASTED, "distance", 0, 3)                                                                   \
	X(PASTED_MATTERS, PASTED, "matters", 1, 1000)                                                                  \
	X(BATCH_DAYS, BATCH, "days", 1, 31)                                                                            \
	X(BATCH_MATTERS, BATCH, "matters", 2, 1e6)                                                                     \
	X(BATCH_SHARE, BATCH, "share", 0, 1)                                                                           \
	X(QUICK_MINUTES, QUICK, "minutes", 0, 1e5)                                                                     \
	X(DEADLINE_DAYS, DEADLINE, "days", 0, 365)
enum mark_param {
#define X(id, kind, name, lo, hi) MARK_P_##id,
	MARK_PARAMS(X)
#undef X
	MARK_PARAM_COUNT
};
double mark_param(const struct mark_rules *r, enum mark_param p);
/* Is one of the kind's words in `text` (ASCII letters of either case)? */
bool mark_word(const struct mark_rules *r, enum mark_kind kind, str text);

/* ---- marks ---- */

#define MARK_OTHER(F, O, L)                                                                                            \
	F(ID, matter, NUL)                                                                                             \
	F(STR, no, REQ)                                                                                                \
	F(STR, title, REQ, .max = 500)                                                                                 \
	F(ID, file, NUL)                                                                                               \
	F(STR, region_name, REQ)
JSON_STRUCT(mark_other, MARK_OTHER)

#define MARK_DECISION(F, O, L)                                                                                         \
	F(ENUM, decision, REQ, .options = "accepted|explained|sham")                                                   \
	F(STR, text, REQ, .max = 4000)                                                                                 \
	F(STR, by, REQ)                                                                                                \
	F(I64, at_ms, REQ)
JSON_STRUCT(mark_decision, MARK_DECISION)

/* `other` is null when there is none or when it is beyond the reader's scope. */
#define MATTER_MARK(F, O, L)                                                                                           \
	F(STR, key, REQ)                                                                                               \
	F(STR, kind, REQ)                                                                                              \
	F(STR, label, REQ)                                                                                             \
	F(STR, text, REQ, .max = 1000)                                                                                 \
	F(I64, weight, REQ)                                                                                            \
	F(ID, file, NUL)                                                                                               \
	O(mark_other, other, NUL)                                                                                      \
	F(RAW, values, REQ)                                                                                            \
	O(mark_decision, decision, NUL)
JSON_STRUCT(matter_mark, MATTER_MARK)

struct mark_list {
	struct matter_mark *v;   /* those of files first, by file */
	size_t n;
};
/* Every mark of a matter, in the caller's scope and language. */
err marks_of(struct ctx *cx, const struct matter *x, struct mark_list *ret) MUST_USE;

/* Notes what the text of an act is like, in the act's transaction; short texts are left out. */
err marks_note_text(struct ctx *cx, int64_t region, int64_t matter, int64_t seq, str text) MUST_USE;
/* The simhash of a text without blanks, signs and figures, and how many letters it has. */
uint64_t marks_simhash(str text, size_t *ret_letters);

struct mark_verdict {
	int64_t matter;
	str mark, decision, text;
};
/* An act. CONFLICT when there is no such mark; SEPARATION for those who rectify. */
err marks_decide(struct ctx *cx, const struct mark_verdict *in, struct matter_mark *ret) MUST_USE;

#endif
