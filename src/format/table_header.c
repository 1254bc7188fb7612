/* Finding the columns of a table by their titles, however the office laid them out. */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "format/table.h"

enum { LOOK_AT = 30, MAX_TITLE = 200 };

/* A title's forms for comparison: alone and joined to the one above, without and with brackets' content. */
struct title {
	uint32_t col;
	str keys[4];
};

struct want {
	str *keys; /* two of each wanted title */
	size_t n;
	bool required;
};

struct look {
	struct arena *a;
	const struct table_column *columns;
	struct want *wanted;
	size_t n;
	VEC(struct table_row) rows; /* copies */
	struct table_header best;
	size_t best_found, best_required;
};

/* Without blanks, asterisks, colons and slashes; full-width letters narrow, capitals small; without the
 * content of brackets unless asked for. */
static str normal(struct arena *a, str s, bool keep_brackets)
{
	struct buf b = BUF(a);
	unsigned depth = 0;
	s = utf8_cut(s, MAX_TITLE);
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFF01 - '!';
		if (c >= 'A' && c <= 'Z')
			c += 32;
		bool opens = c == '(' || c == '[' || c == 0x3010 || c == 0x3014;
		bool closes = c == ')' || c == ']' || c == 0x3011 || c == 0x3015;
		depth += opens;
		bool dropped = c <= ' ' || c == 0xA0 || c == 0x3000 || c == '*' || c == ':' || c == '/' ||
			       c == '_' || opens || closes;
		if (!dropped && (!depth || keep_brackets))
			buf_codepoint(&b, c);
		depth -= closes && depth;
	}
	return buf_str(&b);
}

static struct table_row copy_row(struct arena *a, const struct table_row *row)
{
	struct cell *cells = NEW_N(a, struct cell, row->n);
	for (size_t i = 0; i < row->n; i++) {
		cells[i] = row->cells[i];
		cells[i].text = arena_str(a, utf8_cut(row->cells[i].text, MAX_TITLE));
	}
	return (struct table_row){ row->number, cells, row->n };
}

static err read_top(struct look *l, struct table *t, struct fail *f)
{
	struct table_row row;
	for (size_t i = 0; i < LOOK_AT; i++) {
		TRY(table_next(t, &row, f));
		if (!row.number)
			break;
		vec_push(l->a, &l->rows, copy_row(l->a, &row));
	}
	return ERR_OK;
}

static struct want *prepare(struct arena *a, const struct table_column *columns, size_t n)
{
	struct want *wanted = NEW_N(a, struct want, n);
	for (size_t i = 0; i < n; i++) {
		struct want *w = &wanted[i];
		size_t titles = 0;
		while (columns[i].titles[titles])
			titles++;
		w->required = columns[i].required;
		w->keys = NEW_N(a, str, titles * 2);
		for (size_t k = 0; k < titles; k++) {
			w->keys[w->n++] = normal(a, str_of(columns[i].titles[k]), false);
			w->keys[w->n++] = normal(a, str_of(columns[i].titles[k]), true);
		}
	}
	return wanted;
}

static bool has_key(const struct title *t, str key)
{
	for (size_t i = 0; i < COUNT_OF(t->keys); i++)
		if (str_eq(t->keys[i], key))
			return true;
	return false;
}

/* Earlier titles of the list win over later ones, whatever the order of the columns. */
static uint32_t column_of(const struct want *w, const struct title *titles, size_t n)
{
	for (size_t k = 0; k < w->n; k++)
		for (size_t i = 0; w->keys[k].n && i < n; i++)
			if (has_key(&titles[i], w->keys[k]))
				return titles[i].col;
	return 0;
}

static str join(struct arena *a, str above, str below)
{
	if (!above.n || str_eq(above, below))
		return below;
	return arena_printf(a, STR_FMT STR_FMT, STR_ARG(above), STR_ARG(below));
}

/* Titles of one row (above == NULL) or of two, where a merged title spans those under it and a column
 * without a second title keeps its first. */
static size_t titles_of(struct arena *a, const struct table_row *above, const struct table_row *row,
			struct title *out, size_t cap)
{
	static const struct table_row nothing;
	const struct table_row *up = above ? above : &nothing;
	size_t i = 0, k = 0, n = 0;
	while ((i < up->n || k < row->n) && n < cap) {
		uint32_t ci = i < up->n ? up->cells[i].col : UINT32_MAX;
		uint32_t ck = k < row->n ? row->cells[k].col : UINT32_MAX;
		str upper = ci <= ck ? up->cells[i++].text : S("");
		str lower = ck <= ci ? row->cells[k++].text : S("");
		struct title t = { .col = ci < ck ? ci : ck };
		str alone = lower.n ? lower : upper, joined = join(a, upper, alone);
		t.keys[0] = normal(a, alone, false);
		t.keys[1] = normal(a, joined, false);
		t.keys[2] = normal(a, alone, true);
		t.keys[3] = normal(a, joined, true);
		out[n++] = t;
	}
	return n;
}

static void judge(struct look *l, const struct table_row *above, const struct table_row *row)
{
	enum { MOST = 512 };
	struct arena *scratch = arena_new();
	struct title *titles = NEW_N(scratch, struct title, MOST);
	size_t n = titles_of(scratch, above, row, titles, MOST);
	struct table_header h = { .first_row = above ? above->number : row->number,
				  .last_row = row->number,
				  .n = l->n };
	size_t found = 0, required = 0;
	h.cols = NEW_N(l->a, uint32_t, l->n);
	for (size_t i = 0; i < l->n; i++) {
		h.cols[i] = column_of(&l->wanted[i], titles, n);
		found += h.cols[i] != 0;
		required += h.cols[i] && l->wanted[i].required;
	}
	if (required > l->best_required || (required == l->best_required && found > l->best_found)) {
		l->best = h;
		l->best_found = found;
		l->best_required = required;
	}
	arena_free(scratch);
}

/* A second header row stands directly under the first, and its titles hang under a merged one: a cell
 * that the row above covers, or a column that is titled above or below only. */
static bool may_be_pair(const struct table_row *above, const struct table_row *row)
{
	if (row->number != above->number + 1)
		return false;
	for (size_t i = 0; i < above->n; i++)
		if (above->cells[i].inherited)
			return true;
	for (size_t i = 0; i < row->n; i++)
		if (row->cells[i].inherited)
			return true;
	return false;
}

/* The wanted titles that the best row has, or the obligatory ones that it lacks. */
static const char *titles_text(const struct look *l, bool there)
{
	struct buf names = BUF(l->a);
	for (size_t i = 0; i < l->n; i++) {
		bool has = l->best.cols && l->best.cols[i];
		if (has != there || (!there && !l->wanted[i].required))
			continue;
		if (names.n)
			buf_put(&names, S("、"));
		buf_put(&names, str_of(l->columns[i].titles[0]));
	}
	str cut = names.n ? buf_str(&names) : S("-");
	while (cut.n >= FAIL_TEXT)
		cut = utf8_cut(cut, utf8_count(cut) - 1);
	return arena_cstr(l->a, cut);
}

/* Names the row that looked most like a header: a table whose header was moved or renamed is understood at once. */
static err missing(const struct look *l, struct fail *f)
{
	const char *lacks = titles_text(l, false), *has = titles_text(l, true);
	if (!l->best_found)
		return FAIL(f, BAD_INPUT, "", "err.table_header", "missing", lacks);
	return FAIL(f, BAD_INPUT, "", "err.table_header_near", "row", arena_printf(l->a, "%u", l->best.last_row).p, "found", has, "missing",
		    lacks);
}

static err skip_header(struct table *t, uint32_t last_row, struct fail *f)
{
	struct table_row row;
	do
		TRY(table_next(t, &row, f));
	while (row.number && row.number < last_row);
	return ERR_OK;
}

err table_find_header(struct table *t, struct arena *a, const struct table_column *wanted, size_t n,
		      struct table_header *ret, struct fail *f)
{
	struct look l = { .a = a, .columns = wanted, .wanted = prepare(a, wanted, n), .n = n };
	size_t required = 0;
	TRY(read_top(&l, t, f));
	for (size_t i = 0; i < l.rows.n; i++) {
		judge(&l, NULL, &l.rows.v[i]);
		if (i && may_be_pair(&l.rows.v[i - 1], &l.rows.v[i]))
			judge(&l, &l.rows.v[i - 1], &l.rows.v[i]);
	}
	for (size_t i = 0; i < n; i++)
		required += wanted[i].required;
	if (l.best_found == 0 || l.best_required < required)
		return missing(&l, f);
	TRY(table_rewind(t, f));
	TRY(skip_header(t, l.best.last_row, f));
	*ret = l.best;
	return ERR_OK;
}

err table_next_mapped(struct table *t, const struct table_header *h, const struct cell **ret_cells,
		      uint32_t *ret_row, struct fail *f)
{
	struct table_row row;
	for (;;) {
		bool own = false;
		TRY(table_next(t, &row, f));
		for (size_t i = 0; i < h->n; i++) {
			ret_cells[i] = table_cell(&row, h->cols[i]);
			own |= ret_cells[i]->kind != CELL_EMPTY && !ret_cells[i]->inherited &&
			       str_trim(ret_cells[i]->text).n > 0;
		}
		if (own || !row.number)
			break;
	}
	*ret_row = row.number;
	return ERR_OK;
}
