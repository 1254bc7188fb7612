#include "format/csv.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/vec.h"

struct csv {
	str text;
	enum text_encoding encoding;
	char separator;
	size_t at;
	uint32_t row;
	uint64_t cells, max_cells;
};

typedef VEC(struct cell) cell_vec;

static char find_separator(str text)
{
	static const char candidates[] = { ',', ';', '\t' };
	size_t counts[COUNT_OF(candidates)] = { 0 }, best = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.n && (quoted || text.p[i] != '\n'); i++) {
		quoted ^= text.p[i] == '"';
		for (size_t k = 0; k < COUNT_OF(candidates) && !quoted; k++)
			counts[k] += text.p[i] == candidates[k];
	}
	for (size_t k = 1; k < COUNT_OF(candidates); k++)
		if (counts[k] > counts[best])
			best = k;
	return candidates[best];
}

err csv_open(struct arena *a, str bytes, const struct doc_limits *lim, struct csv **ret, struct fail *f)
{
	struct decoded d;
	if (bytes.n > lim->max_input)
		return refuse_size(f, "err.doc_too_large", lim->max_input);
	TRY(text_decode(a, bytes, NULL, &d, f));
	struct csv *c = NEW(a, struct csv);
	*c = (struct csv){ .text = d.text, .encoding = d.encoding, .max_cells = lim->max_cells };
	if (str_starts(c->text, S("sep=")) && c->text.n > 5) { /* Excel's own first line */
		ptrdiff_t line = str_find_char(c->text, '\n');
		c->separator = c->text.p[4];
		c->text = line < 0 ? S("") : str_sub(c->text, (size_t)line + 1, c->text.n);
	} else {
		c->separator = find_separator(c->text);
	}
	*ret = c;
	return ERR_OK;
}

void csv_rewind(struct csv *c)
{
	c->at = 0;
	c->row = 0;
	c->cells = 0;
}

enum text_encoding csv_encoding(const struct csv *c)
{
	return c->encoding;
}

static err bad_quote(const struct csv *c, const char *key, struct fail *f)
{
	char row[16];
	snprintf(row, sizeof row, "%u", c->row);
	return FAIL(f, BAD_INPUT, "", key, "row", row);
}

static bool at_end_of_field(const struct csv *c)
{
	return c->at >= c->text.n || c->text.p[c->at] == c->separator || c->text.p[c->at] == '\n' ||
	       c->text.p[c->at] == '\r';
}

/* From behind the opening quote to behind the closing one; "" stands for a quote. */
static err quoted_field(struct csv *c, struct arena *a, str *ret, struct fail *f)
{
	struct buf b = BUF(a);
	size_t from = ++c->at;
	for (;;) {
		ptrdiff_t q = str_find_char(str_sub(c->text, c->at, c->text.n), '"');
		if (q < 0)
			return bad_quote(c, "err.csv_open_quote", f);
		c->at += (size_t)q + 1;
		if (c->at >= c->text.n || c->text.p[c->at] != '"')
			break;
		buf_put(&b, str_sub(c->text, from, c->at));
		from = ++c->at;
	}
	str rest = str_sub(c->text, from, c->at - 1);
	if (b.n)
		buf_put(&b, rest);
	*ret = b.n ? buf_str(&b) : rest;
	return at_end_of_field(c) ? ERR_OK : bad_quote(c, "err.csv_after_quote", f);
}

static err field(struct csv *c, struct arena *a, str *ret, struct fail *f)
{
	if (c->at < c->text.n && c->text.p[c->at] == '"')
		return quoted_field(c, a, ret, f);
	size_t from = c->at;
	while (!at_end_of_field(c))
		c->at++;
	*ret = str_sub(c->text, from, c->at);
	return ERR_OK;
}

/* Behind any apostrophes, so that one that was there before is not taken for ours. */
static bool looks_like_formula(str s)
{
	while (s.n && s.p[0] == '\'')
		s = str_sub(s, 1, s.n);
	return s.n && (s.p[0] == '=' || s.p[0] == '+' || s.p[0] == '-' || s.p[0] == '@' ||
		       s.p[0] == '\t' || s.p[0] == '\r');
}

static struct cell to_cell(uint32_t col, str text)
{
	struct cell c = { .col = col, .kind = CELL_TEXT, .text = text };
	if (text.n > 1 && text.p[0] == '\'' && looks_like_formula(str_sub(text, 1, text.n)))
		c.text = str_sub(text, 1, text.n);
	else if (str_to_f64(text, &c.number) && isfinite(c.number))
		c.kind = CELL_NUMBER;
	return c;
}

err csv_next(struct csv *c, struct arena *row_arena, struct table_row *ret, struct fail *f)
{
	cell_vec cells = { 0 };
	*ret = (struct table_row){ 0 };
	if (c->at >= c->text.n)
		return ERR_OK;
	c->row++;
	for (uint32_t col = 1;; col++) {
		str text = { NULL, 0 };
		TRY(field(c, row_arena, &text, f));
		if (++c->cells > c->max_cells)
			return refuse_count(f, "err.table_cells", c->max_cells);
		if (text.n)
			vec_push(row_arena, &cells, to_cell(col, text));
		if (c->at >= c->text.n || c->text.p[c->at] != c->separator)
			break;
		c->at++;
	}
	if (c->at < c->text.n && c->text.p[c->at] == '\r')
		c->at++;
	if (c->at < c->text.n && c->text.p[c->at] == '\n')
		c->at++;
	*ret = (struct table_row){ .number = c->row, .cells = cells.v, .n = cells.n };
	return ERR_OK;
}

void csv_out_bom(struct buf *b)
{
	buf_put(b, S("\xef\xbb\xbf"));
}

static void put_doubling_quotes(struct buf *b, str s)
{
	ptrdiff_t q;
	while ((q = str_find_char(s, '"')) >= 0) {
		buf_put(b, str_sub(s, 0, (size_t)q + 1));
		buf_byte(b, '"');
		s = str_sub(s, (size_t)q + 1, s.n);
	}
	buf_put(b, s);
}

static bool needs_quotes(str s)
{
	static const char special[] = { '"', ',', '\n', '\r', '\t', ';' };
	for (size_t i = 0; i < COUNT_OF(special); i++)
		if (str_find_char(s, special[i]) >= 0)
			return true;
	return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

static void put_text(struct buf *b, str s)
{
	bool quotes = needs_quotes(s);
	if (quotes)
		buf_byte(b, '"');
	if (looks_like_formula(s))
		buf_byte(b, '\'');
	put_doubling_quotes(b, s);
	if (quotes)
		buf_byte(b, '"');
}

static void put_cell(struct buf *b, const struct out_cell *cell)
{
	char day[11];
	switch (cell->kind) {
	case OUT_TEXT:
		put_text(b, cell->text);
		break;
	case OUT_NUMBER:
		if (isfinite(cell->number))
			buf_printf(b, "%.15g", cell->number);
		break;
	case OUT_DATE:
		date_format(cell->day, day);
		buf_put(b, str_of(day));
		break;
	case OUT_EMPTY:
		break;
	}
}

void csv_out_titles(struct buf *b, const struct out_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(b, ',');
		put_text(b, columns[i].title);
	}
	buf_put(b, S("\r\n"));
}

void csv_out_row(struct buf *b, const struct out_cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(b, ',');
		put_cell(b, &cells[i]);
	}
	buf_put(b, S("\r\n"));
}
