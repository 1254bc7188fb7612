/* A paper as PDF, with cairo and pango. Lengths are points (1/72 inch); the origin is the page's upper left. */
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "format/paper.h"
#include "format/qr.h"

#define MM (72 / 25.4)
/* GB/T 9704: 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm of 22 lines. */
#define PAGE_W (210 * MM)
#define PAGE_H (297 * MM)
#define TOP (37 * MM)
#define LEFT (28 * MM)
#define WIDTH (156 * MM)
#define HEIGHT (225 * MM)
#define BOTTOM (TOP + HEIGHT)
#define STEP (HEIGHT / 22)
#define CELL_STEP 18.0
#define CELL_PAD 4.0
#define CODE_SIDE (26 * MM)

struct style {
	double size, step; /* step 0: as high as the line */
	const char *zh, *en;
	bool bold, justify;
	double indent, right;
	PangoAlignment align;
};

#define SONG "FangSong,FangSong_GB2312,Noto Serif CJK SC,Noto Sans CJK SC"
#define TIMES "Times New Roman,Liberation Serif,Noto Serif,DejaVu Serif,Noto Serif CJK SC"
static const struct style styles[PAPER_KIND_COUNT] = {
	[PAPER_TITLE] = { 22, 34, "FZXiaoBiaoSong-B05S,Noto Serif CJK SC,Noto Sans CJK SC", TIMES, true, false, 0, 0,
			  PANGO_ALIGN_CENTER },
	[PAPER_NUMBER] = { 16, STEP, SONG, TIMES, false, false, 0, 0, PANGO_ALIGN_CENTER },
	[PAPER_TO] = { 16, STEP, SONG, TIMES, false, false, 0, 0, PANGO_ALIGN_LEFT },
	[PAPER_HEADING] = { 16, STEP, "SimHei,Noto Sans CJK SC", TIMES, true, false, 32, 0, PANGO_ALIGN_LEFT },
	[PAPER_BODY] = { 16, STEP, SONG, TIMES, false, true, 32, 0, PANGO_ALIGN_LEFT },
	[PAPER_PLAIN] = { 16, STEP, SONG, TIMES, false, true, 0, 0, PANGO_ALIGN_LEFT },
	[PAPER_RIGHT] = { 16, STEP, SONG, TIMES, false, false, 0, 32, PANGO_ALIGN_RIGHT },
	[PAPER_NOTE] = { 10.5, 16, SONG, TIMES, false, false, 0, 0, PANGO_ALIGN_LEFT },
	[PAPER_TABLE] = { 12, CELL_STEP, SONG, TIMES, false, false, 0, 0, PANGO_ALIGN_LEFT },
};

struct pen {
	struct arena *a;
	const struct paper *p;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoFontMap *fonts;
	PangoContext *context;
	struct buf out;
	double y;
	int page;
	size_t unknown; /* characters without a glyph */
};

/* ---- lines ---- */

static PangoLayout *layout_of(struct pen *pen, const struct style *st, str text, double width)
{
	PangoLayout *l = pango_layout_new(pen->context);
	PangoFontDescription *d = pango_font_description_from_string(pen->p->zh ? st->zh : st->en);
	pango_font_description_set_absolute_size(d, st->size * PANGO_SCALE);
	pango_font_description_set_weight(d, st->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(l, d);
	pango_font_description_free(d);
	pango_layout_set_width(l, (int)((width - st->right) * PANGO_SCALE));
	pango_layout_set_indent(l, (int)(st->indent * PANGO_SCALE));
	pango_layout_set_alignment(l, st->align);
	pango_layout_set_justify(l, st->justify);
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	if (utf8_valid(text))
		pango_layout_set_text(l, text.p ? text.p : "", (int)text.n);
	pen->unknown += (size_t)pango_layout_get_unknown_glyphs_count(l);
	return l;
}

/* Draws one line in a band of `step` at y; its place within the width comes from the layout. */
static void show_line(struct pen *pen, PangoLayoutIter *it, double x, double y, double step)
{
	PangoRectangle r;
	pango_layout_iter_get_line_extents(it, NULL, &r);
	double h = (double)r.height / PANGO_SCALE;
	double above = (double)(pango_layout_iter_get_baseline(it) - r.y) / PANGO_SCALE;
	cairo_move_to(pen->cr, x + (double)r.x / PANGO_SCALE, y + (step - h) / 2 + above);
	pango_cairo_show_layout_line(pen->cr, pango_layout_iter_get_line_readonly(it));
}

static void small_text(struct pen *pen, str text, double x, double y, double width, PangoAlignment align, double size)
{
	struct style st = styles[PAPER_NOTE];
	st.align = align;
	st.size = size;
	PangoLayout *l = layout_of(pen, &st, text, width);
	cairo_move_to(pen->cr, x, y);
	pango_cairo_show_layout(pen->cr, l);
	g_object_unref(l);
}

/* ---- pages ---- */

static void put_draft_mark(struct pen *pen)
{
	struct style st = styles[PAPER_TITLE];
	st.size = 60;
	PangoLayout *l = layout_of(pen, &st, pen->p->draft_word, PAGE_W);
	cairo_save(pen->cr);
	cairo_set_source_rgb(pen->cr, 0.88, 0.88, 0.88);
	cairo_translate(pen->cr, PAGE_W / 2, PAGE_H / 2);
	cairo_rotate(pen->cr, -M_PI / 6);
	cairo_move_to(pen->cr, -PAGE_W / 2, -40);
	pango_cairo_show_layout(pen->cr, l);
	cairo_restore(pen->cr);
	g_object_unref(l);
}

/* 页码: one character from the edge, on the right of odd pages and the left of even ones. */
static void end_page(struct pen *pen)
{
	str number = arena_printf(pen->a, "— %d —", pen->page);
	bool odd = pen->page % 2;
	small_text(pen, number, LEFT + 14, BOTTOM + 7 * MM, WIDTH - 28, odd ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT, 14);
	cairo_show_page(pen->cr);
}

static void begin_page(struct pen *pen)
{
	pen->page++;
	pen->y = TOP;
	cairo_set_source_rgb(pen->cr, 0, 0, 0);
	if (pen->p->draft)
		put_draft_mark(pen);
}

static void next_page(struct pen *pen)
{
	end_page(pen);
	begin_page(pen);
}

static void need(struct pen *pen, double height)
{
	if (pen->y + height > BOTTOM + 0.5 && pen->y > TOP)
		next_page(pen);
}

/* ---- blocks ---- */

static void put_text(struct pen *pen, const struct style *st, str text, double x, double width)
{
	PangoLayout *l = layout_of(pen, st, text, width);
	PangoLayoutIter *it = pango_layout_get_iter(l);
	do {
		need(pen, st->step);
		show_line(pen, it, x, pen->y, st->step);
		pen->y += st->step;
	} while (pango_layout_iter_next_line(it));
	pango_layout_iter_free(it);
	g_object_unref(l);
}

static void put_head(struct pen *pen, str head)
{
	struct style st = styles[PAPER_TITLE];
	st.size = 34;
	st.step = 52;
	cairo_set_source_rgb(pen->cr, 0.75, 0, 0);
	put_text(pen, &st, head, LEFT, WIDTH);
	pen->y += 8;
	cairo_set_line_width(pen->cr, 2);
	cairo_move_to(pen->cr, LEFT, pen->y);
	cairo_line_to(pen->cr, LEFT + WIDTH, pen->y);
	cairo_stroke(pen->cr);
	cairo_set_source_rgb(pen->cr, 0, 0, 0);
	pen->y += STEP;
}

enum { MAX_COLUMNS = 12 };
struct row {
	PangoLayout *layout[MAX_COLUMNS];
	PangoLayoutIter *at[MAX_COLUMNS];
	bool more[MAX_COLUMNS];
	double x[MAX_COLUMNS + 1];
	size_t n;
	int lines;      /* of the longest cell that are still to be drawn */
};

/* Without a row of titles the odd columns are labels, narrower than the values beside them. */
static void place_columns(struct row *r, bool header)
{
	double weight[MAX_COLUMNS], sum = 0;
	for (size_t i = 0; i < r->n; i++)
		sum += weight[i] = header || i % 2 ? 1 : 0.42;
	r->x[0] = LEFT;
	for (size_t i = 0; i < r->n; i++)
		r->x[i + 1] = r->x[i] + WIDTH * weight[i] / sum;
}

static void open_row(struct pen *pen, struct row *r, const struct paper_block *b, size_t row)
{
	struct style st = styles[PAPER_TABLE];
	r->lines = 1;
	st.bold = b->header && row == 0;
	st.align = st.bold ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT;
	for (size_t c = 0; c < r->n; c++) {
		r->layout[c] = layout_of(pen, &st, b->cells[row * b->columns + c], r->x[c + 1] - r->x[c] - 2 * CELL_PAD);
		r->at[c] = pango_layout_get_iter(r->layout[c]);
		r->more[c] = true;
		int n = pango_layout_get_line_count(r->layout[c]);
		if (n > r->lines)
			r->lines = n;
	}
}

static void show_part(struct pen *pen, struct row *r, int lines)
{
	double h = lines * CELL_STEP + 2 * CELL_PAD;
	for (size_t c = 0; c < r->n; c++) {
		cairo_rectangle(pen->cr, r->x[c], pen->y, r->x[c + 1] - r->x[c], h);
		cairo_stroke(pen->cr);
		for (int i = 0; i < lines && r->more[c]; i++) {
			show_line(pen, r->at[c], r->x[c] + CELL_PAD, pen->y + CELL_PAD + i * CELL_STEP, CELL_STEP);
			r->more[c] = pango_layout_iter_next_line(r->at[c]);
		}
	}
	pen->y += h;
	r->lines -= lines;
}

/* A row stays whole where it can; one that is longer than a page goes on on the next. */
static void put_row(struct pen *pen, struct row *r)
{
	int fits_page = (int)((HEIGHT - 2 * CELL_PAD) / CELL_STEP);
	cairo_set_line_width(pen->cr, 0.5);
	if (r->lines <= fits_page)
		need(pen, r->lines * CELL_STEP + 2 * CELL_PAD);
	while (r->lines > 0) {
		int fits = (int)((BOTTOM - pen->y - 2 * CELL_PAD) / CELL_STEP);
		if (fits < 1)
			next_page(pen);
		else
			show_part(pen, r, r->lines < fits ? r->lines : fits);
	}
}

static void put_table(struct pen *pen, const struct paper_block *b)
{
	struct row r = { .n = b->columns < MAX_COLUMNS ? b->columns : MAX_COLUMNS };
	place_columns(&r, b->header);
	for (size_t i = 0; i < b->rows; i++) {
		open_row(pen, &r, b, i);
		put_row(pen, &r);
		for (size_t c = 0; c < r.n; c++) {
			pango_layout_iter_free(r.at[c]);
			g_object_unref(r.layout[c]);
		}
	}
	pen->y += 6;
}

static void put_modules(struct pen *pen, const struct qr *q)
{
	double m = CODE_SIDE / (double)(q->size + 2 * QR_QUIET);
	cairo_set_source_rgb(pen->cr, 1, 1, 1); /* the quiet zone hides what may lie under it */
	cairo_rectangle(pen->cr, LEFT, pen->y, CODE_SIDE, CODE_SIDE);
	cairo_fill(pen->cr);
	cairo_set_source_rgb(pen->cr, 0, 0, 0);
	for (size_t i = 0; i < q->size * q->size; i++)
		if (q->dark[i])
			cairo_rectangle(pen->cr, LEFT + m * (double)(i % q->size + QR_QUIET),
					pen->y + m * (double)(i / q->size + QR_QUIET), m, m);
	cairo_fill(pen->cr);
}

static err put_code(struct pen *pen, struct fail *f)
{
	struct qr q;
	const struct paper *p = pen->p;
	if (!p->address.n)
		return ERR_OK;
	TRY(qr_encode(pen->a, p->address, &q, f));
	pen->y += 10;
	need(pen, CODE_SIDE);
	put_modules(pen, &q);
	str beside = arena_printf(pen->a, STR_FMT "\n" STR_FMT, STR_ARG(p->address_note), STR_ARG(p->address));
	small_text(pen, beside, LEFT + CODE_SIDE + 8, pen->y + CODE_SIDE / 2 - 16, WIDTH - CODE_SIDE - 8, PANGO_ALIGN_LEFT, 10.5);
	pen->y += CODE_SIDE;
	return ERR_OK;
}

static err put_blocks(struct pen *pen, struct fail *f)
{
	begin_page(pen);
	if (pen->p->head.n)
		put_head(pen, pen->p->head);
	for (size_t i = 0; i < pen->p->n; i++) {
		const struct paper_block *b = &pen->p->v[i];
		if (b->kind == PAPER_TABLE)
			put_table(pen, b);
		else if (b->text.n)
			put_text(pen, &styles[b->kind], b->text, LEFT, WIDTH);
		else
			pen->y += styles[b->kind].step;
		if (b->kind == PAPER_TITLE)
			pen->y += 6;
	}
	TRY(put_code(pen, f));
	end_page(pen);
	return ERR_OK;
}

/* ---- the file ---- */

static cairo_status_t take_bytes(void *arg, const unsigned char *bytes, unsigned n)
{
	buf_put(arg, (str){ (const char *)bytes, n });
	return CAIRO_STATUS_SUCCESS;
}

static void say_properties(struct pen *pen)
{
	char at[26];
	time_format_china(pen->p->at_ms, at);
	cairo_pdf_surface_set_metadata(pen->surface, CAIRO_PDF_METADATA_TITLE, arena_cstr(pen->a, pen->p->title));
	cairo_pdf_surface_set_metadata(pen->surface, CAIRO_PDF_METADATA_AUTHOR, arena_cstr(pen->a, pen->p->issuer));
	cairo_pdf_surface_set_metadata(pen->surface, CAIRO_PDF_METADATA_CREATOR, "bihuan");
	cairo_pdf_surface_set_metadata(pen->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	cairo_pdf_surface_set_metadata(pen->surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

/* A font map of its own: nothing is shared with other threads, nothing stays behind. */
static void open_pen(struct pen *pen)
{
	pen->surface = cairo_pdf_surface_create_for_stream(take_bytes, &pen->out, PAGE_W, PAGE_H);
	cairo_pdf_surface_restrict_to_version(pen->surface, CAIRO_PDF_VERSION_1_5);
	say_properties(pen);
	pen->cr = cairo_create(pen->surface);
	pen->fonts = pango_cairo_font_map_new();
	pen->context = pango_font_map_create_context(pen->fonts);
	pango_context_set_language(pen->context, pango_language_from_string(pen->p->zh ? "zh-cn" : "en"));
	pango_cairo_update_context(pen->cr, pen->context);
}

static cairo_status_t close_pen(struct pen *pen)
{
	cairo_status_t drawn = cairo_status(pen->cr);
	g_object_unref(pen->context);
	g_object_unref(pen->fonts);
	cairo_destroy(pen->cr);
	cairo_surface_finish(pen->surface);
	cairo_status_t written = cairo_surface_status(pen->surface);
	cairo_surface_destroy(pen->surface);
	return drawn ? drawn : written;
}

err paper_pdf(struct arena *a, const struct paper *p, str *ret_bytes, struct fail *f)
{
	struct pen pen = { .a = a, .p = p, .out = BUF(a) };
	open_pen(&pen);
	err e = put_blocks(&pen, f);
	cairo_status_t status = close_pen(&pen);
	if (pen.unknown)
		LOG(WARN, "no font of this machine holds some characters of a paper; install fonts-noto-cjk", "characters",
		    arena_printf(a, "%zu", pen.unknown).p);
	TRY(e);
	if (status != CAIRO_STATUS_SUCCESS)
		return FAIL(f, INTERNAL, "", NULL);
	*ret_bytes = buf_str(&pen.out);
	return ERR_OK;
}
