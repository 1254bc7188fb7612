/* An official paper as a list of blocks, written as DOCX or PDF: A4, margins and type in the usual form of
 * official papers (GB/T 9704: 版心 156 mm × 225 mm, 22 lines a page). The same paper gives the same bytes on
 * the same machine: no clock, no chance; fonts and libraries are the machine's. */
#ifndef BH_FORMAT_PAPER_H
#define BH_FORMAT_PAPER_H

#include "base/arena.h"
#include "base/err.h"

#define PAPER_KINDS(X)                                                                                       \
	X(TITLE, "title")       /* 22 pt, centred */                                                         \
	X(NUMBER, "number")     /* 发文字号, centred */                                                      \
	X(TO, "to")             /* the addressee, at the margin */                                           \
	X(HEADING, "heading")   /* 一、 */                                                                   \
	X(BODY, "body")         /* indented by two characters */                                             \
	X(PLAIN, "plain")       /* at the margin */                                                          \
	X(RIGHT, "right")       /* signature and date */                                                     \
	X(NOTE, "note")         /* small, under the paper */                                                 \
	X(TABLE, "table")
enum paper_kind {
#define X(id, name) PAPER_##id,
	PAPER_KINDS(X)
#undef X
	PAPER_KIND_COUNT
};
const char *paper_kind_name(enum paper_kind k);
bool paper_kind_parse(str s, enum paper_kind *ret) MUST_USE;

struct paper_block {
	enum paper_kind kind;
	str text;                 /* \n breaks the line */
	const str *cells;         /* of a table: rows × columns, row by row */
	size_t rows, columns;
	bool header;              /* the table's first row is a row of titles */
};

struct paper {
	bool zh;
	str title, issuer;        /* for the file's properties */
	int64_t at_ms;            /* for the file's properties: when it was issued */
	str head;                 /* red head over the paper, empty: none */
	bool draft;               /* marked as a draft across the page (PDF) or above it (DOCX) */
	str draft_word;
	const struct paper_block *v;
	size_t n;
	str address;              /* what the code opens, empty: no code */
	str address_note;         /* beside the code */
};

err paper_docx(struct arena *a, const struct paper *p, str *ret_bytes, struct fail *f) MUST_USE;
/* Text is set with the fonts that the machine has (fontconfig); characters that no font holds are logged
 * once a paper and drawn as boxes. */
err paper_pdf(struct arena *a, const struct paper *p, str *ret_bytes, struct fail *f) MUST_USE;

#endif
