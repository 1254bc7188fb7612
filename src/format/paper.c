/* A paper as DOCX. */
#include "format/paper.h"

#include "format/docx_out.h"
#include "format/qr.h"

static const char *const names[] = {
#define X(id, name) name,
	PAPER_KINDS(X)
#undef X
};

const char *paper_kind_name(enum paper_kind k)
{
	return k < PAPER_KIND_COUNT ? names[k] : "";
}

bool paper_kind_parse(str s, enum paper_kind *ret)
{
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!str_eq(s, str_of(names[i])))
			continue;
		*ret = (enum paper_kind)i;
		return true;
	}
	return false;
}

static void put_block(struct docx_out *o, const struct paper_block *b)
{
	static const enum docx_style styles[PAPER_KIND_COUNT] = {
		[PAPER_TITLE] = DOCX_TITLE, [PAPER_NUMBER] = DOCX_CENTRE, [PAPER_TO] = DOCX_PLAIN,
		[PAPER_HEADING] = DOCX_HEADING1, [PAPER_BODY] = DOCX_BODY, [PAPER_PLAIN] = DOCX_PLAIN,
		[PAPER_RIGHT] = DOCX_RIGHT, [PAPER_NOTE] = DOCX_NOTE,
	};
	if (b->kind == PAPER_TABLE)
		docx_out_grid(o, b->cells, b->rows, b->columns, b->header);
	else
		docx_out_paragraph(o, styles[b->kind], b->text);
}

static err put_code(struct docx_out *o, struct arena *a, const struct paper *p, struct fail *f)
{
	struct qr q;
	str png;
	if (!p->address.n)
		return ERR_OK;
	TRY(qr_encode(a, p->address, &q, f));
	TRY(qr_png(a, &q, 6, &png, f));
	docx_out_picture(o, png, 24, p->address);
	docx_out_paragraph(o, DOCX_NOTE, p->address_note);
	docx_out_paragraph(o, DOCX_NOTE, p->address);
	return ERR_OK;
}

err paper_docx(struct arena *a, const struct paper *p, str *ret_bytes, struct fail *f)
{
	struct docx_out o;
	docx_out_begin(&o, a);
	if (p->draft)
		docx_out_paragraph(&o, DOCX_NOTE, p->draft_word);
	if (p->head.n)
		docx_out_paragraph(&o, DOCX_RED_HEAD, p->head);
	for (size_t i = 0; i < p->n; i++)
		put_block(&o, &p->v[i]);
	TRY(put_code(&o, a, p, f));
	return docx_out_end(&o, ret_bytes, f);
}
