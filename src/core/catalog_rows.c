/* The text of catalogs, without the files: used by the program and by the build's check. */
#include "base/vec.h"
#include "core/catalog.h"

static bool next_line(str *text, int *line, str *ret)
{
	while (str_cut(text, '\n', ret)) {
		++*line;
		if (ret->n && ret->p[ret->n - 1] == '\r')
			ret->n--;
		if (ret->n && ret->p[0] != '#')
			return true;
	}
	return false;
}

static size_t count_cells(str line)
{
	size_t n = 1;
	for (size_t i = 0; i < line.n; i++)
		n += line.p[i] == '\t';
	return n;
}

static err bad_row(struct arena *a, str path, int line, struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_row", "file", arena_cstr(a, path), "line",
		    arena_printf(a, "%d", line).p);
}

err rows_read(struct arena *a, str path, str text, struct rows *ret, struct fail *f)
{
	VEC(str) cells = { 0 };
	VEC(int) lines = { 0 };
	struct rows r = { 0 };
	int at = 0;
	str line, cell;
	if (!next_line(&text, &at, &line))
		return bad_row(a, path, 1, f);
	r.ncolumns = count_cells(line);
	r.columns = NEW_N(a, str, r.ncolumns);
	for (size_t i = 0; str_cut(&line, '\t', &cell); i++)
		r.columns[i] = cell;
	while (next_line(&text, &at, &line)) {
		if (count_cells(line) != r.ncolumns)
			return bad_row(a, path, at, f);
		vec_push(a, &lines, at);
		while (str_cut(&line, '\t', &cell))
			vec_push(a, &cells, cell);
	}
	r.cells = cells.v;
	r.lines = lines.v;
	r.n = lines.n;
	*ret = r;
	return ERR_OK;
}

size_t rows_column(const struct rows *r, str name)
{
	for (size_t i = 0; i < r->ncolumns; i++)
		if (str_eq(r->columns[i], name))
			return i;
	return SIZE_MAX;
}

str rows_cell(const struct rows *r, size_t row, size_t column)
{
	return column < r->ncolumns && row < r->n ? r->cells[row * r->ncolumns + column] : (str){ NULL, 0 };
}

str rows_get(const struct rows *r, size_t row, str column)
{
	return rows_cell(r, row, rows_column(r, column));
}

str meta_get(str meta, str key)
{
	str line;
	while (str_cut(&meta, '\n', &line)) {
		if (str_starts(line, key) && line.n > key.n && line.p[key.n] == ':')
			return str_trim(str_sub(line, key.n + 1, line.n));
	}
	return (str){ NULL, 0 };
}
