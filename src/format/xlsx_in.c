#include "format/xlsx_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "format/address.h"
#include "format/opc.h"
#include "format/xlsx_book.h"
#include "format/xml.h"

enum {
	MAX_MERGES = 200000,
	TAG = 256, /* bytes of a mergeCell tag, with its prefix: more than enough */
	WINDOW = 64 << 10,
};

struct merge {
	uint32_t row, col, last_row, last_col;
	struct cell value; /* of its first cell, once that was read */
};

struct sheet {
	struct arena *a;    /* merges and their values; gone with the sheet */
	struct xml *xml;
	bool in_data, in_value, row_open, cell_open;
	unsigned phonetic;
	uint32_t row, col;  /* the last ones seen */
	str type;           /* of the open cell; a static string */
	uint32_t style;
	struct buf value;
	VEC(struct merge) merges;
	size_t next_merge;  /* the first that has not begun */
	VEC(struct merge *) active;
};

struct xlsx {
	struct arena *a;
	struct package *package;
	struct book book;
	struct sheet *sheet;
	struct arena *row_arena;
	VEC(struct cell) cells; /* of the open row, in row_arena */
	uint64_t work, max_work;
};

static err too_many(const struct xlsx *x, struct fail *f)
{
	return refuse_count(f, "err.table_cells", x->max_work);
}

static err disorder(struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.xlsx_order");
}

err xlsx_open(struct arena *a, str bytes, const struct doc_limits *lim, struct xlsx **ret, struct fail *f)
{
	AUTO(package_drop) struct package *p = NULL;
	const char *main_part;
	enum opc_kind kind;
	TRY(package_open(bytes, lim, &p, f));
	TRY(opc_main(a, p, &main_part, &kind, f));
	if (kind != OPC_SHEET)
		return FAIL(f, UNSUPPORTED, "", "err.table_not_sheet");
	struct xlsx *x = NEW(a, struct xlsx);
	*x = (struct xlsx){ .a = a, .book = { .a = a }, .max_work = lim->max_cells };
	TRY(book_read(&x->book, p, main_part, f));
	if (x->book.sheets.n == 0)
		return FAIL(f, BAD_FORMAT, "", "err.xlsx_no_sheet");
	x->package = p;
	p = NULL;
	*ret = x;
	return ERR_OK;
}

static void close_sheet(struct xlsx *x)
{
	if (!x->sheet)
		return;
	xml_close(x->sheet->xml);
	arena_free(x->sheet->a);
	x->sheet = NULL;
}

void xlsx_close(struct xlsx *x)
{
	if (!x)
		return;
	close_sheet(x);
	package_close(x->package);
	x->package = NULL;
}

size_t xlsx_sheets(const struct xlsx *x)
{
	return x->book.sheets.n;
}

str xlsx_sheet_name(const struct xlsx *x, size_t sheet)
{
	return x->book.sheets.v[sheet].name;
}

bool xlsx_sheet_hidden(const struct xlsx *x, size_t sheet)
{
	return x->book.sheets.v[sheet].hidden;
}

/* ---- merged cells: they stand behind the rows, so they are looked for first ---- */

/* Looks at the bytes, which is many times faster than parsing the sheet twice: an unescaped "<" stands
 * nowhere but in markup. `tag` begins behind "mergeCell". */
static void add_merge(struct sheet *s, str tag)
{
	struct merge m = { 0 };
	str first, rest;
	ptrdiff_t end = str_find_char(tag, '>');
	tag = end < 0 ? tag : str_sub(tag, 0, (size_t)end);
	ptrdiff_t ref = str_find(tag, S(" ref="));
	if (ref < 0 || s->merges.n >= MAX_MERGES)
		return;
	rest = str_sub(tag, (size_t)ref + 6, tag.n);
	size_t n = 0;
	while (n < rest.n && rest.p[n] != '"' && rest.p[n] != '\'')
		n++;
	rest.n = n;
	if (str_cut(&rest, ':', &first) && cell_address_read(first, &m.row, &m.col) && rest.p &&
	    cell_address_read(rest, &m.last_row, &m.last_col) && m.row <= m.last_row && m.col <= m.last_col)
		vec_push(s->a, &s->merges, m);
}

static bool is_tag(str window, size_t name)
{
	while (name > 0 && window.p[name - 1] != '<' && window.p[name - 1] != '>' && window.p[name - 1] != ' ')
		name--;
	return name > 0 && window.p[name - 1] == '<';
}

/* Merges of a window whose names begin before `until`. */
static void scan_merges(struct sheet *s, str window, size_t until)
{
	static const char name[] = "mergeCell ";
	size_t i = 0;
	for (ptrdiff_t at; (at = str_find(str_sub(window, i, window.n), S("mergeCell "))) >= 0;) {
		size_t from = i + (size_t)at;
		if (from >= until)
			break;
		i = from + sizeof name - 2;
		if (is_tag(window, from))
			add_merge(s, str_sub(window, i, i + TAG));
	}
}

/* Windows overlap by two tags' length, so that each tag lies whole in one. */
static err scan_part(struct sheet *s, struct part *part, struct fail *f)
{
	char *window = arena_alloc(s->a, WINDOW);
	size_t n = 0, got = 1;
	while (got) {
		TRY(part_read(part, window + n, WINDOW - n, &got, f));
		n += got;
		size_t until = got && n > 2 * TAG ? n - TAG : n;
		if (got && n < WINDOW)
			continue;
		scan_merges(s, (str){ window, n }, until);
		size_t keep = n > 2 * TAG ? 2 * TAG : n;
		memmove(window, window + n - keep, keep);
		n = keep;
	}
	return ERR_OK;
}

static int by_row(const void *a, const void *b)
{
	const struct merge *x = a, *y = b;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->col > y->col) - (x->col < y->col);
}

static void sort_merges(struct sheet *s)
{
	size_t kept = 0;
	qsort(s->merges.v, s->merges.n, sizeof *s->merges.v, by_row);
	for (size_t i = 0; i < s->merges.n; i++) /* those in an overlap were met twice */
		if (!kept || by_row(&s->merges.v[i], &s->merges.v[kept - 1]) != 0)
			s->merges.v[kept++] = s->merges.v[i];
	s->merges.n = kept;
}

static err read_merges(struct xlsx *x, struct sheet *s, const char *name, struct fail *f)
{
	struct part *part;
	TRY(part_open(x->package, name, &part, f));
	err e = scan_part(s, part, f);
	part_close(part);
	if (e == ERR_OK && s->merges.n)
		sort_merges(s);
	return e;
}

/* ---- rows ---- */

static void refuse_disorder(struct xml *xml)
{
	struct fail fail = { 0 };
	if (disorder(&fail) != ERR_OK)
		xml_refuse(xml, &fail);
}

static void open_row(struct xlsx *x, struct xml *xml, const char *const *attrs)
{
	struct sheet *s = x->sheet;
	int64_t n = (int64_t)s->row + 1;
	str r = xml_attr(attrs, "r");
	if (s->row_open || (r.p && !str_to_i64(r, &n)) || n <= s->row || n > SHEET_MAX_ROW) {
		refuse_disorder(xml);
		return;
	}
	s->row = (uint32_t)n;
	s->col = 0;
	s->row_open = true;
}

static str known_type(str t)
{
	static const char *const types[] = { "s", "str", "inlineStr", "b", "e", "d" };
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_eq(t, str_of(types[i])))
			return str_of(types[i]);
	return S("n");
}

static void open_cell(struct xlsx *x, struct xml *xml, const char *const *attrs)
{
	struct sheet *s = x->sheet;
	uint32_t row = s->row, col = s->col + 1;
	int64_t style = 0;
	str r = xml_attr(attrs, "r"), style_text = xml_attr(attrs, "s");
	bool readable = !r.p || cell_address_read(r, &row, &col);
	if (s->cell_open || !readable || row != s->row || col <= s->col || col > SHEET_MAX_COL) {
		refuse_disorder(xml);
		return;
	}
	if (style_text.p && (!str_to_i64(style_text, &style) || style < 0 || style > UINT32_MAX))
		style = 0;
	s->cell_open = true;
	s->col = col;
	s->style = (uint32_t)style;
	s->type = known_type(xml_attr(attrs, "t"));
	s->value.n = 0;
}

static void sheet_start(void *ctx, struct xml *xml, str name, const char *const *attrs)
{
	struct xlsx *x = ctx;
	struct sheet *s = x->sheet;
	if (str_eq(name, S("sheetData")))
		s->in_data = true;
	else if (!s->in_data)
		return;
	else if (str_eq(name, S("row")))
		open_row(x, xml, attrs);
	else if (str_eq(name, S("c")) && s->row_open)
		open_cell(x, xml, attrs);
	else if (str_eq(name, S("rPh")))
		s->phonetic++;
	else if (str_eq(name, S("v")) || str_eq(name, S("t")))
		s->in_value = s->phonetic == 0;
}

static void shared_string(const struct book *b, str index, struct cell *c)
{
	int64_t i;
	c->kind = CELL_TEXT;
	if (str_to_i64(str_trim(index), &i) && i >= 0 && (size_t)i < b->strings.n)
		c->text = b->strings.v[i];
}

static void interpret(struct xlsx *x, struct cell *c)
{
	struct sheet *s = x->sheet;
	str raw = buf_str(&s->value);
	int64_t day;
	if (str_eq(s->type, S("s"))) {
		shared_string(&x->book, raw, c);
	} else if (str_eq(s->type, S("b"))) {
		c->kind = CELL_BOOL;
		c->text = str_eq(str_trim(raw), S("1")) ? S("TRUE") : S("FALSE");
	} else if (str_eq(s->type, S("n"))) {
		enum number_style style = s->style < x->book.styles.n ? x->book.styles.v[s->style] : STYLE_PLAIN;
		number_cell(x->row_arena, raw, style, x->book.dates_from_1904, c);
	} else {
		book_unescape(&s->value);
		c->text = arena_str(x->row_arena, buf_str(&s->value));
		c->kind = str_eq(s->type, S("e")) ? CELL_ERROR : CELL_TEXT;
		if (str_eq(s->type, S("d")) && date_parse(str_sub(c->text, 0, 10), &day))
			c->kind = CELL_DATE;
	}
}

static void close_cell(struct xlsx *x, struct xml *xml)
{
	struct cell c = { .col = x->sheet->col, .text = S("") };
	struct fail fail = { 0 };
	if (++x->work > x->max_work && too_many(x, &fail) != ERR_OK) {
		xml_refuse(xml, &fail);
		return;
	}
	if (x->sheet->value.n == 0)
		return;
	interpret(x, &c);
	if (c.text.n)
		vec_push(x->row_arena, &x->cells, c);
}

static void sheet_end(void *ctx, struct xml *xml, str name)
{
	struct xlsx *x = ctx;
	struct sheet *s = x->sheet;
	if (str_eq(name, S("v")) || str_eq(name, S("t"))) {
		s->in_value = false;
	} else if (str_eq(name, S("rPh"))) {
		s->phonetic -= s->phonetic > 0;
	} else if (str_eq(name, S("c")) && s->cell_open) {
		s->cell_open = false;
		close_cell(x, xml);
	} else if (str_eq(name, S("row")) && s->row_open) {
		s->row_open = false;
		if (++x->work <= x->max_work)
			xml_pause(xml);
	} else if (str_eq(name, S("sheetData"))) {
		s->in_data = false;
	}
}

static void sheet_text(void *ctx, struct xml *xml UNUSED, str text)
{
	struct xlsx *x = ctx;
	if (x->sheet->in_value && x->sheet->cell_open)
		buf_put(&x->sheet->value, text);
}

err xlsx_select(struct xlsx *x, size_t sheet, struct fail *f)
{
	static const struct xml_events events = { sheet_start, sheet_end, sheet_text };
	close_sheet(x);
	if (sheet >= x->book.sheets.n)
		return FAIL(f, NOT_FOUND, "", "err.xlsx_no_sheet");
	const char *part = x->book.sheets.v[sheet].part;
	struct arena *a = arena_new();
	x->sheet = NEW(a, struct sheet);
	*x->sheet = (struct sheet){ .a = a, .value = BUF(a) };
	x->work = 0;
	TRY(read_merges(x, x->sheet, part, f));
	return xml_open(x->package, part, &events, x, &x->sheet->xml, f);
}

static void begin_merges(struct sheet *s)
{
	while (s->next_merge < s->merges.n && s->merges.v[s->next_merge].row <= s->row) {
		struct merge *m = &s->merges.v[s->next_merge++];
		if (m->last_row >= s->row)
			vec_push(s->a, &s->active, m);
	}
	size_t kept = 0;
	for (size_t i = 0; i < s->active.n; i++)
		if (s->active.v[i]->last_row >= s->row)
			s->active.v[kept++] = s->active.v[i];
	s->active.n = kept;
}

static int by_col(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	return (int)x->inherited - (int)y->inherited;
}

static void sort_cells(struct xlsx *x)
{
	size_t kept = 0;
	qsort(x->cells.v, x->cells.n, sizeof *x->cells.v, by_col);
	for (size_t i = 0; i < x->cells.n; i++)
		if (!kept || x->cells.v[i].col != x->cells.v[kept - 1].col)
			x->cells.v[kept++] = x->cells.v[i];
	x->cells.n = kept;
}

static err apply_merges(struct xlsx *x, struct fail *f)
{
	struct sheet *s = x->sheet;
	struct table_row own = { s->row, x->cells.v, x->cells.n };
	size_t before = x->cells.n;
	begin_merges(s);
	for (size_t i = 0; i < s->active.n; i++) {
		struct merge *m = s->active.v[i];
		if (m->row == s->row) {
			m->value = *table_cell(&own, m->col);
			m->value.text = arena_str(s->a, m->value.text);
			m->value.inherited = true;
		}
		x->work += 1 + (m->value.text.n ? m->last_col - m->col : 0);
		if (x->work > x->max_work)
			return too_many(x, f);
		uint32_t col = m->row == s->row ? m->col + 1 : m->col;
		for (; m->value.text.n && col <= m->last_col; col++) {
			m->value.col = col;
			vec_push(x->row_arena, &x->cells, m->value);
		}
	}
	if (x->cells.n > before)
		sort_cells(x);
	return ERR_OK;
}

err xlsx_next(struct xlsx *x, struct arena *row_arena, struct table_row *ret, struct fail *f)
{
	bool done;
	*ret = (struct table_row){ 0 };
	if (!x->sheet || !x->sheet->xml)
		return ERR_OK;
	x->row_arena = row_arena;
	x->cells.v = NULL;
	x->cells.n = x->cells.cap = 0;
	TRY(xml_step(x->sheet->xml, &done, f));
	if (x->work > x->max_work)
		return too_many(x, f);
	if (done)
		return ERR_OK;
	TRY(apply_merges(x, f));
	*ret = (struct table_row){ .number = x->sheet->row, .cells = x->cells.v, .n = x->cells.n };
	return ERR_OK;
}
