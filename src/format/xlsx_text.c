/* A workbook as a document: the visible sheets' rows as lines, tabs between the cells. */
#include "format/doc_build.h"
#include "format/table.h"

static void put_cell_text(struct doc_build *b, str text)
{
	str line;
	bool first = true;
	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (!line.n)
			continue;
		if (!first)
			doc_put(b, S(" "));
		first = false;
		for (str piece; str_cut(&line, '\t', &piece);) {
			doc_put(b, piece);
			if (line.p)
				doc_put(b, S(" "));
		}
	}
}

static void put_row(struct doc_build *b, const struct table_row *row)
{
	uint32_t col = 1;
	bool any = false;
	for (size_t i = 0; i < row->n; i++) {
		const struct cell *c = &row->cells[i];
		if (c->inherited)
			continue;
		for (; col < c->col && !b->full; col++)
			doc_put(b, S("\t"));
		doc_add_segment(b, row->number, c->col);
		put_cell_text(b, c->text);
		any = true;
	}
	if (any)
		doc_put(b, S("\n"));
}

static err read_sheet(struct doc_build *b, struct table *t, size_t sheet, struct fail *f)
{
	struct table_row row;
	TRY(table_select(t, sheet, f));
	doc_part(b, table_sheet_name(t, sheet));
	do {
		TRY(table_next(t, &row, f));
		put_row(b, &row);
		TRY(doc_build_check(b, f));
	} while (row.number);
	return ERR_OK;
}

err xlsx_read(struct doc_build *b, str bytes, struct fail *f)
{
	AUTO(table_drop) struct table *t = NULL;
	TRY(table_open(b->a, bytes, b->lim, &t, f));
	for (size_t i = 0; i < table_sheets(t); i++)
		if (!table_sheet_hidden(t, i))
			TRY(read_sheet(b, t, i, f));
	return ERR_OK;
}
