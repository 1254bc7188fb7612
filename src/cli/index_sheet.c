#include "cli/index_sheet.h"

#include <stdio.h>

#include "sys/file.h"

static err next(struct sheet *s)
{
	struct table_row row;
	arena_reset(s->row_arena);
	TRY(csv_next(s->csv, s->row_arena, &row, s->f));
	s->line = row.number;
	for (size_t i = 0; i < s->ncols; i++)
		s->cells[i] = S("");
	for (size_t i = 0; i < row.n; i++)
		if (row.cells[i].col <= SHEET_COLUMNS_MAX)
			s->cells[row.cells[i].col - 1] = row.cells[i].text;
	return ERR_OK;
}

err sheet_open(struct sheet *s)
{
	struct doc_limits limits = doc_limits_default();
	struct table_row row;
	str bytes;
	limits.max_input = limits.max_text = SHEET_BYTES_MAX;
	TRY(file_read(s->a, arena_cstr(s->a, s->in), SHEET_BYTES_MAX, &bytes, s->f));
	TRY(csv_open(s->a, bytes, &limits, &s->csv, s->f));
	s->row_arena = arena_new();
	TRY(csv_next(s->csv, s->row_arena, &row, s->f));
	for (size_t i = 0; i < row.n && row.cells[i].col <= SHEET_COLUMNS_MAX; i++) {
		s->names[row.cells[i].col - 1] = arena_str(s->a, str_trim(row.cells[i].text));
		s->ncols = row.cells[i].col;
	}
	s->out = BUF(s->a);
	return s->ncols ? ERR_OK : FAIL(s->f, BAD_INPUT, "csv", "err.index_empty");
}

size_t sheet_column(const struct sheet *s, const char *name)
{
	for (size_t i = 0; i < s->ncols; i++)
		if (str_eq_nocase(s->names[i], str_of(name)))
			return i;
	return SIZE_MAX;
}

str sheet_cell(const struct sheet *s, size_t column)
{
	return column == SIZE_MAX ? S("") : s->cells[column];
}

static void put_cell(struct buf *b, str s)
{
	bool quote = false;
	for (size_t i = 0; i < s.n; i++)
		quote |= s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
	if (!quote) {
		buf_put(b, s);
		return;
	}
	buf_byte(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, s.p[i]);
	}
	buf_byte(b, '"');
}

static void put_row(struct sheet *s, const str *cells)
{
	for (size_t i = 0; i < s->ncols; i++) {
		if (i)
			buf_byte(&s->out, ',');
		put_cell(&s->out, cells[i]);
	}
}

void sheet_echo(struct sheet *s)
{
	put_row(s, s->cells);
}

err sheet_run(struct sheet *s, const char *added, err (*row)(void *arg), void *arg)
{
	put_row(s, s->names);
	buf_put(&s->out, str_of(added));
	buf_byte(&s->out, '\n');
	for (;;) {
		TRY(next(s));
		if (!s->line)
			return ERR_OK;
		TRY(row(arg));
		buf_byte(&s->out, '\n');
		s->rows++;
	}
}

err sheet_bad(struct sheet *s, size_t column, const char *key)
{
	return FAIL(s->f, BAD_INPUT, "csv", key, "row", arena_printf(s->a, "%u", s->line).p, "column",
		    column == SIZE_MAX ? "" : arena_cstr(s->a, s->names[column]), "value",
		    arena_cstr(s->a, str_sub(sheet_cell(s, column), 0, 60)));
}

err sheet_write(struct sheet *s, str path)
{
	str all = buf_str(&s->out);
	if (path.n && !str_eq(path, S("-")))
		return file_write(arena_cstr(s->a, path), all, s->f);
	bool ok = fwrite(all.p, 1, all.n, stdout) == all.n && fflush(stdout) == 0;
	return ok ? ERR_OK : FAIL(s->f, IO, "", "err.export");
}
