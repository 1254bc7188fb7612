/* The answer of an index as JSON: of the routes and of the command line. */
#ifndef BH_SENSE_INDEX_OUT_H
#define BH_SENSE_INDEX_OUT_H

#include "base/json.h"
#include "sense/index.h"

enum { INDEX_ROWS_MAX = 50000 };

#define INDEX_PART_OUT(F, O, L)                                                                    \
	F(STR, item, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, unit, REQ)                                                                          \
	F(STR, value, REQ)                                                                         \
	F(STR, used, REQ)                                                                          \
	F(STR, rule, REQ)                                                                          \
	F(STR, grade, REQ)                                                                         \
	F(STR, source, REQ)                                                                        \
	F(STR, certainty, REQ)
JSON_STRUCT(index_part_out, INDEX_PART_OUT)

/* row: of the file or of `rows`, the header counted; 0 a group. values: one a column of the answer. */
#define INDEX_ROW_OUT(F, O, L)                                                                     \
	F(I64, row, REQ)                                                                           \
	F(STR, name, REQ)                                                                          \
	F(STR, edition, REQ)                                                                       \
	F(STRS, values, REQ)                                                                       \
	F(STR, reason, REQ, .max = 1000)                                                           \
	F(STRS, missing, REQ)                                                                      \
	L(index_part_out, parts, REQ)
JSON_STRUCT(index_row_out, INDEX_ROW_OUT)

#define INDEX_EDITION_OUT(F, O, L)                                                                 \
	F(STR, id, REQ)                                                                            \
	F(STR, title_zh, REQ)                                                                      \
	F(STR, title_en, REQ)                                                                      \
	F(STR, source, REQ, .max = 600)                                                            \
	F(STR, in_force, REQ)                                                                      \
	F(STR, until, REQ)                                                                         \
	F(STR, status, REQ)                                                                        \
	F(STR, certainty, REQ)                                                                     \
	F(STR, note, REQ, .max = 2000)
JSON_STRUCT(index_edition_out, INDEX_EDITION_OUT)

#define INDEX_OUT(F, O, L)                                                                         \
	F(STR, kind, REQ)                                                                          \
	F(STRS, columns, REQ)                                                                      \
	L(index_edition_out, editions, REQ)                                                        \
	L(index_row_out, rows, REQ, .max = INDEX_ROWS_MAX)
JSON_STRUCT(index_out, INDEX_OUT)

/* Gathers what a job gives; `arg` of index_gather is a struct index_gathered. */
struct index_gathered {
	struct arena *a;
	size_t width;
	VEC(struct index_row_out) rows;
};
err index_gather(void *arg, const struct index_result *r) MUST_USE;
/* After index_close(). */
err index_answer(struct index_job *j, const struct index_gathered *g, struct index_out *ret) MUST_USE;
struct json_strs index_words(struct arena *a, const char *list); /* "a,b" */
err index_edition_view(const struct catalog *c, struct arena *a, str edition, struct index_edition_out *ret, struct fail *f) MUST_USE;

#endif
