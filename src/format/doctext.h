/* One door for documents: bytes of any known format become UTF-8 text with a way back to the original. */
#ifndef BH_FORMAT_DOCTEXT_H
#define BH_FORMAT_DOCTEXT_H

#include "base/arena.h"
#include "base/err.h"
#include "format/encoding.h"
#include "format/limits.h"

enum doc_format { DOC_TEXT, DOC_MARKDOWN, DOC_HTML, DOC_DOCX, DOC_XLSX, DOC_PDF, DOC_FORMAT_COUNT };

/* A stretch of the text, up to the next one's start, and where it stands in the original.
 *   HTML   at = code point of the decoded source; inside a stretch text and source run in step
 *   DOCX   part = index of the part (body, footnotes, endnotes), at = paragraph in it, from 1
 *   XLSX   part = index of the sheet among those read, at = row, sub = column, from 1
 *   PDF    at = page, sub = line on it, from 1
 * Plain text and Markdown have none: the text is the decoded original. */
struct doc_segment {
	uint32_t start; /* code point of the text */
	uint32_t part;
	uint32_t at, sub;
};

struct doc_text {
	str text;                    /* UTF-8; offsets into it count code points from 0 */
	uint32_t codepoints;
	enum doc_format format;
	enum text_encoding encoding; /* of text, Markdown and HTML; UTF-8 for the others */
	bool bom;
	str title;                   /* HTML's <title>, or the null string */
	const struct doc_segment *segments;
	size_t nsegments;
	const str *parts;            /* names of the parts: sheets, or word/document.xml … */
	size_t nparts;
};

struct doc_place {
	const char *key;             /* "doc.place.line|paragraph|cell|page|source", whose argument is {at} */
	uint32_t number;             /* line, paragraph, page, or code point of the source; 0 for a cell */
	uint32_t row, col;           /* of a cell, from 1 */
	str part;                    /* sheet or part, or the null string */
};

const char *doc_format_name(enum doc_format f);                    /* "docx" */

/* The format by the first bytes, then by the ending of the name.
 * UNSUPPORTED: pictures, archives, OFD, RTF, Word 97; BAD_FORMAT: the name promises something else. */
err doc_sniff(str name, str bytes, enum doc_format *ret, struct fail *f) MUST_USE;

/* `name` is the file's name (for its ending only). The result lies in the arena, or in `bytes` where
 * plain UTF-8 came in. TOO_LARGE, UNSUPPORTED, BAD_FORMAT, BAD_INPUT, MISSING_TOOL (PDF). */
err doc_read(struct arena *a, str name, str bytes, const struct doc_limits *lim, struct doc_text *ret,
	     struct fail *f) MUST_USE;

/* The segment that holds a code point; NULL when there are none or it lies before the first. */
const struct doc_segment *doc_segment_at(const struct doc_text *d, uint32_t codepoint);
/* Where a code point of the text stands in the original. */
struct doc_place doc_place_of(const struct doc_text *d, uint32_t codepoint);
str doc_place_text(struct arena *a, const struct doc_place *place); /* for {at}: "12", "表1!B4" */
/* HTML: the code point of the decoded source; the same number for text and Markdown. */
uint32_t doc_source_of(const struct doc_text *d, uint32_t codepoint);

#endif
