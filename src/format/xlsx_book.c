#include "format/xlsx_book.h"

#include "base/utf8.h"
#include "format/opc.h"
#include "format/xml.h"

enum { MAX_SHEETS = 1024, MAX_STYLES = 100000 };

static void too_many(struct xml *x, uint32_t limit)
{
	struct fail fail = { 0 };
	if (refuse_count(&fail, "err.table_cells", limit) != ERR_OK)
		xml_refuse(x, &fail);
}

static uint32_t to_u32(str s)
{
	int64_t v;
	return str_to_i64(s, &v) && v >= 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
}

static void no_end(void *ctx UNUSED, struct xml *x UNUSED, str name UNUSED)
{
}

/* ---- xl/workbook.xml ---- */

static void workbook_start(void *ctx, struct xml *x UNUSED, str name, const char *const *attrs)
{
	struct book *b = ctx;
	str date1904 = xml_attr(attrs, "date1904"), state = xml_attr(attrs, "state");
	if (str_eq(name, S("workbookPr")))
		b->dates_from_1904 = date1904.p && xml_true(date1904);
	if (!str_eq(name, S("sheet")) || b->sheets.n >= MAX_SHEETS)
		return;
	vec_push(b->a, &b->sheets,
		 (struct book_sheet){ .name = arena_str(b->a, xml_attr(attrs, "name")),
				      .rel_id = arena_str(b->a, xml_attr(attrs, "id")),
				      .hidden = state.n && !str_eq(state, S("visible")) });
}

static void place_sheets(struct book *b, const struct opc_rels *rels)
{
	size_t kept = 0;
	for (size_t i = 0; i < b->sheets.n; i++) {
		struct book_sheet *s = &b->sheets.v[i];
		for (size_t k = 0; k < rels->n; k++)
			if (str_eq(rels->v[k].type, S("worksheet")) && str_eq(rels->v[k].id, s->rel_id))
				s->part = rels->v[k].part;
		if (s->part)
			b->sheets.v[kept++] = *s;
	}
	b->sheets.n = kept;
}

/* ---- xl/sharedStrings.xml ---- */

struct strings_ctx {
	struct book *b;
	struct buf text;
	uint32_t max;
	bool in_text;
	unsigned phonetic; /* readings above characters are no text */
};

static void strings_start(void *ctx, struct xml *x UNUSED, str name, const char *const *attrs UNUSED)
{
	struct strings_ctx *c = ctx;
	if (str_eq(name, S("si")))
		c->text.n = 0;
	else if (str_eq(name, S("rPh")))
		c->phonetic++;
	else if (str_eq(name, S("t")))
		c->in_text = c->phonetic == 0;
}

static void strings_end(void *ctx, struct xml *x, str name)
{
	struct strings_ctx *c = ctx;
	if (str_eq(name, S("t"))) {
		c->in_text = false;
	} else if (str_eq(name, S("rPh"))) {
		c->phonetic--;
	} else if (str_eq(name, S("si"))) {
		book_unescape(&c->text);
		if (c->b->strings.n >= c->max)
			too_many(x, c->max);
		else
			vec_push(c->b->a, &c->b->strings,
				 c->text.n ? arena_str(c->b->a, buf_str(&c->text)) : S(""));
	}
}

static void strings_text(void *ctx, struct xml *x UNUSED, str text)
{
	struct strings_ctx *c = ctx;
	if (c->in_text)
		buf_put(&c->text, text);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* "_x000D_" at i; -1 when there is none. */
static int32_t escape_at(const struct buf *t, size_t i)
{
	int32_t v = 0;
	if (i + 7 > t->n || t->p[i] != '_' || t->p[i + 1] != 'x' || t->p[i + 6] != '_')
		return -1;
	for (size_t k = 2; k < 6; k++) {
		if (hex(t->p[i + k]) < 0)
			return -1;
		v = v * 16 + hex(t->p[i + k]);
	}
	return v;
}

void book_unescape(struct buf *t)
{
	size_t to = 0;
	for (size_t i = 0; i < t->n;) {
		int32_t cp = t->p[i] == '_' ? escape_at(t, i) : -1;
		if (cp >= 0) {
			char bytes[4];
			size_t n = cp == 0 || cp == '\r' ? 0 : utf8_encode((uint32_t)cp, bytes);
			for (size_t k = 0; k < n; k++)
				t->p[to++] = bytes[k];
			i += 7;
		} else {
			t->p[to++] = t->p[i++];
		}
	}
	t->n = to;
}

/* ---- xl/styles.xml ---- */

struct format_code {
	uint32_t id;
	enum number_style style;
};

struct styles_ctx {
	struct book *b;
	VEC(struct format_code) codes;
	bool in_cell_formats;
};

static enum number_style style_of(const struct styles_ctx *c, uint32_t id)
{
	if (id < 164) /* built in; a file may repeat them, but not change them */
		return number_style_of_id(id);
	for (size_t i = 0; i < c->codes.n; i++)
		if (c->codes.v[i].id == id)
			return c->codes.v[i].style;
	return STYLE_PLAIN;
}

static void styles_start(void *ctx, struct xml *x UNUSED, str name, const char *const *attrs)
{
	struct styles_ctx *c = ctx;
	uint32_t id = to_u32(xml_attr(attrs, "numFmtId"));
	if (str_eq(name, S("cellXfs"))) {
		c->in_cell_formats = true;
	} else if (str_eq(name, S("numFmt")) && c->codes.n < MAX_SHEETS) {
		enum number_style style = number_style_of_code(xml_attr(attrs, "formatCode"));
		vec_push(c->b->a, &c->codes, (struct format_code){ id, style });
	} else if (str_eq(name, S("xf")) && c->in_cell_formats && c->b->styles.n < MAX_STYLES) {
		vec_push(c->b->a, &c->b->styles, style_of(c, id));
	}
}

static void styles_end(void *ctx, struct xml *x UNUSED, str name)
{
	struct styles_ctx *c = ctx;
	if (str_eq(name, S("cellXfs")))
		c->in_cell_formats = false;
}

err book_read(struct book *b, struct package *p, const char *main_part, struct fail *f)
{
	static const struct xml_events workbook = { workbook_start, no_end, NULL };
	static const struct xml_events strings = { strings_start, strings_end, strings_text };
	static const struct xml_events styles = { styles_start, styles_end, NULL };
	struct opc_rels rels;
	struct strings_ctx sc = { .b = b, .text = BUF(b->a), .max = package_limits(p)->max_cells };
	struct styles_ctx yc = { .b = b };
	TRY(xml_part(p, main_part, &workbook, b, f));
	TRY(opc_rels(b->a, p, main_part, &rels, f));
	place_sheets(b, &rels);
	const char *part = opc_rel_by_type(&rels, "sharedStrings");
	if (part)
		TRY(xml_part(p, part, &strings, &sc, f));
	part = opc_rel_by_type(&rels, "styles");
	if (part)
		TRY(xml_part(p, part, &styles, &yc, f));
	return ERR_OK;
}
