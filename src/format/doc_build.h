/* What the readers of doctext write into: text, its length in code points, segments. */
#ifndef BH_FORMAT_DOC_BUILD_H
#define BH_FORMAT_DOC_BUILD_H

#include "base/buf.h"
#include "base/vec.h"
#include "format/doctext.h"

struct doc_build {
	struct arena *a;
	const struct doc_limits *lim;
	struct buf text;
	uint32_t cp; /* code points written */
	bool full;   /* the limit was reached; what came after is lost, and the reader fails */
	VEC(struct doc_segment) segments;
	VEC(str) parts;
};

#define DOC_BUILD(arena, limits)                                                                   \
	((struct doc_build){ .a = (arena), .lim = (limits), .text = BUF(arena) })

void doc_put(struct doc_build *b, str utf8);
void doc_put_cp(struct doc_build *b, uint32_t cp);
bool doc_wide(uint32_t cp); /* Chinese characters and punctuation: two columns, no blank at a line's end */
char doc_last(const struct doc_build *b); /* last byte written, newline at the start */
/* The text written from here on comes from there. A segment without text is replaced. */
void doc_add_segment(struct doc_build *b, uint32_t at, uint32_t sub);
void doc_part(struct doc_build *b, str name); /* later segments belong to it */
err doc_build_check(const struct doc_build *b, struct fail *f) MUST_USE; /* TOO_LARGE when full */

/* The readers. */
err html_read(struct doc_build *b, str source, str *ret_title, struct fail *f) MUST_USE;
bool html_charset(str bytes, enum text_encoding *ret); /* from <meta> in the first 1,024 bytes */
struct package;
err docx_read(struct doc_build *b, struct package *p, const char *main_part, struct fail *f) MUST_USE;
err xlsx_read(struct doc_build *b, str bytes, struct fail *f) MUST_USE;
err pdf_read(struct doc_build *b, str bytes, struct fail *f) MUST_USE;
void pdf_flow(struct doc_build *b, str pages); /* lines of pdftotext, pages closed by form feeds */

#endif
