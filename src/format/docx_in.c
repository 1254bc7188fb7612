/* The text of a Word document: paragraphs as lines, table rows as lines with tabs between the cells.
 * What was struck out under change tracking is left out, what was inserted is in. */
#include "format/doc_build.h"
#include "format/opc.h"
#include "format/xml.h"

enum { MAX_SPAN = 63 }; /* Word's own limit of columns */

struct docx {
	struct doc_build *b;
	uint32_t paragraph;
	unsigned skip;         /* depth inside an element that is no text; 0 outside */
	unsigned paragraphs;   /* open ones; more than one in a text box, which stands inside a paragraph */
	unsigned tables;       /* open ones in the body … */
	unsigned boxed_tables; /* … and in text boxes, where cells are lines */
	unsigned properties;   /* open pPr and rPr */
	bool in_text, hidden_run, joined; /* joined: the paragraph's mark was struck out */
	bool space_owed;       /* between paragraphs of a cell */
	bool row_has_cell;
	unsigned span;         /* columns that the open cell covers */
	bool paragraph_begun;  /* its segment is written */
	struct buf boxes;      /* text boxes of the open paragraph, to follow it */
};

/* Content that is not text of the document: struck out, moved away, fallbacks of what is read already,
 * readings above characters. Field codes stand in instrText, which is not read either. */
static bool is_left_out(str name)
{
	return str_eq(name, S("del")) || str_eq(name, S("moveFrom")) || str_eq(name, S("Fallback")) ||
	       str_eq(name, S("rt")) || str_eq(name, S("sectPr")) || str_eq(name, S("tblPr")) ||
	       str_eq(name, S("tblGrid")) || str_eq(name, S("sdtPr"));
}

static bool in_box(const struct docx *d)
{
	return d->paragraphs > 1;
}

static void begin_paragraph(struct docx *d)
{
	if (d->paragraph_begun)
		return;
	d->paragraph_begun = true;
	if (d->space_owed && doc_last(d->b) != '\n' && doc_last(d->b) != '\t')
		doc_put(d->b, S(" "));
	d->space_owed = false;
	doc_add_segment(d->b, d->paragraph, 0);
}

static void put(struct docx *d, str s)
{
	if (in_box(d)) {
		if (d->boxes.n + s.n <= d->b->lim->max_text)
			buf_put(&d->boxes, s);
		else
			d->b->full = true;
		return;
	}
	begin_paragraph(d);
	doc_put(d->b, s);
}

static void put_break(struct docx *d)
{
	put(d, d->tables ? S(" ") : S("\n"));
}

static void end_paragraph(struct docx *d)
{
	if (d->paragraphs)
		d->paragraphs--;
	if (d->paragraphs) { /* one of a box: the next of the box goes on a new line */
		buf_byte(&d->boxes, '\n');
		return;
	}
	if (d->boxes.n) {
		str boxes = str_trim(buf_str(&d->boxes));
		d->boxes.n = 0;
		if (boxes.n && d->paragraph_begun)
			put_break(d);
		if (boxes.n)
			put(d, boxes);
	}
	if (d->tables)
		d->space_owed = d->space_owed || d->paragraph_begun;
	else if (!d->joined && d->paragraph_begun)
		doc_put(d->b, S("\n"));
	d->joined = false;
}

static void open_paragraph(struct docx *d)
{
	if (d->paragraphs++ == 0) {
		d->paragraph++;
		d->paragraph_begun = false;
		d->joined = false;
	}
}

static void start_in_properties(struct docx *d, str name, const char *const *attrs)
{
	if (str_eq(name, S("vanish")) && xml_true(xml_attr(attrs, "val")))
		d->hidden_run = true;
	if (str_eq(name, S("del")) && d->properties == 2) /* of the paragraph's mark */
		d->joined = true;
	if (str_eq(name, S("rPrChange")) || str_eq(name, S("pPrChange")))
		d->skip = 1; /* what they were before */
}

static void start_in_run(struct docx *d, str name)
{
	if (str_eq(name, S("t")))
		d->in_text = true;
	else if (d->hidden_run)
		return;
	else if (str_eq(name, S("tab")) || str_eq(name, S("ptab")))
		put(d, d->tables ? S(" ") : S("\t"));
	else if (str_eq(name, S("br")) || str_eq(name, S("cr")))
		put_break(d);
	else if (str_eq(name, S("noBreakHyphen")))
		put(d, S("-"));
}

static void start_cell(struct docx *d)
{
	d->space_owed = d->tables > 1;
	if (d->tables != 1)
		return;
	for (; d->row_has_cell && d->span; d->span--)
		doc_put(d->b, S("\t"));
	d->row_has_cell = true;
	d->span = 1;
}

static void cell_span(struct docx *d, str columns)
{
	int64_t n;
	if (d->tables == 1 && !d->boxed_tables && str_to_i64(columns, &n) && n > 1 && n <= MAX_SPAN)
		d->span = (unsigned)n;
}

static void on_start(void *ctx, struct xml *x UNUSED, str name, const char *const *attrs)
{
	struct docx *d = ctx;
	if (d->skip) {
		d->skip++;
	} else if (str_eq(name, S("pPr")) || str_eq(name, S("rPr"))) {
		d->properties++;
	} else if (d->properties) {
		start_in_properties(d, name, attrs);
	} else if (is_left_out(name)) {
		d->skip = 1;
	} else if (str_eq(name, S("p"))) {
		open_paragraph(d);
	} else if (str_eq(name, S("r"))) {
		d->hidden_run = false;
	} else if (str_eq(name, S("tbl"))) {
		*(d->paragraphs ? &d->boxed_tables : &d->tables) += 1;
	} else if (str_eq(name, S("tr")) && d->tables == 1 && !d->boxed_tables) {
		d->row_has_cell = false;
	} else if (str_eq(name, S("tc")) && !d->boxed_tables) {
		start_cell(d);
	} else if (str_eq(name, S("gridSpan"))) {
		cell_span(d, xml_attr(attrs, "val"));
	} else {
		start_in_run(d, name);
	}
}

static void on_end(void *ctx, struct xml *x UNUSED, str name)
{
	struct docx *d = ctx;
	if (d->skip) {
		d->skip--;
	} else if (str_eq(name, S("pPr")) || str_eq(name, S("rPr"))) {
		d->properties -= d->properties > 0;
	} else if (d->properties) {
		return;
	} else if (str_eq(name, S("t"))) {
		d->in_text = false;
	} else if (str_eq(name, S("p"))) {
		end_paragraph(d);
	} else if (str_eq(name, S("tbl"))) {
		*(d->boxed_tables ? &d->boxed_tables : &d->tables) -= 1; /* well-formed: it was opened */
	} else if (str_eq(name, S("tr")) && d->tables == 1 && !d->boxed_tables) {
		doc_put(d->b, S("\n"));
		d->space_owed = false;
	}
}

static void on_text(void *ctx, struct xml *x UNUSED, str text)
{
	struct docx *d = ctx;
	if (d->in_text && !d->skip && !d->hidden_run && text.n)
		put(d, text);
}

static err read_part(struct doc_build *b, struct package *p, const char *part, struct fail *f)
{
	static const struct xml_events events = { on_start, on_end, on_text };
	struct docx d = { .b = b, .boxes = BUF(b->a) };
	doc_part(b, str_of(part));
	TRY(xml_part(p, part, &events, &d, f));
	return doc_build_check(b, f);
}

err docx_read(struct doc_build *b, struct package *p, const char *main_part, struct fail *f)
{
	static const char *const notes[] = { "footnotes", "endnotes" };
	struct opc_rels rels;
	TRY(read_part(b, p, main_part, f));
	TRY(opc_rels(b->a, p, main_part, &rels, f));
	for (size_t i = 0; i < COUNT_OF(notes); i++) {
		const char *part = opc_rel_by_type(&rels, notes[i]);
		if (part && package_has(p, part))
			TRY(read_part(b, p, part, f));
	}
	return ERR_OK;
}
