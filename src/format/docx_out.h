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
	DOCX_STYLE_COUNT
};

struct docx_out {
	struct buf body;
};

void docx_out_begin(struct docx_out *o, struct arena *a);
void docx_out_paragraph(struct docx_out *o, enum docx_style style, str text); /* \n breaks the line */
/* The first row is repeated on every page. cells: rows × columns, row by row. */
void docx_out_table(struct docx_out *o, const str *cells, size_t rows, size_t columns);
void docx_out_page_break(struct docx_out *o);
err docx_out_end(struct docx_out *o, str *ret_bytes, struct fail *f) MUST_USE;

#endif
