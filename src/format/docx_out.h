/* Documents written as DOCX in the form of official papers (A4; body in FangSong 16 pt, title in
 * XiaoBiaoSong 22 pt with SimSun as its stand-in). The same calls give the same bytes. */
#ifndef BH_FORMAT_DOCX_OUT_H
#define BH_FORMAT_DOCX_OUT_H

#include "base/buf.h"
#include "base/err.h"

enum docx_style {
	DOCX_BODY,     /* indented by two characters, justified */
	DOCX_PLAIN,    /* not indented: "各区人民政府：" */
	DOCX_TITLE,
	DOCX_HEADING1, /* 一、 */
	DOCX_HEADING2, /* （一） */
	DOCX_RIGHT,    /* signature and date */
	DOCX_CENTRE,   /* number of an official paper */
	DOCX_NOTE,     /* small print */
	DOCX_RED_HEAD, /* the issuing office over the paper, with a red line */
	DOCX_STYLE_COUNT
};

enum { DOCX_PICTURES = 16 };

struct docx_out {
	struct buf body;
	str pictures[DOCX_PICTURES]; /* PNG */
	size_t npictures;
};

void docx_out_begin(struct docx_out *o, struct arena *a);
void docx_out_paragraph(struct docx_out *o, enum docx_style style, str text); /* \n breaks the line */
/* The first row is repeated on every page. cells: rows × columns, row by row. */
void docx_out_table(struct docx_out *o, const str *cells, size_t rows, size_t columns);
/* The same; without `header` no row is a row of titles. */
void docx_out_grid(struct docx_out *o, const str *cells, size_t rows, size_t columns, bool header);
/* A square PNG in a paragraph of its own; at most DOCX_PICTURES of them. */
void docx_out_picture(struct docx_out *o, str png, int side_mm, str description);
void docx_out_page_break(struct docx_out *o);
err docx_out_end(struct docx_out *o, str *ret_bytes, struct fail *f) MUST_USE;

#endif
