#include "format/xlsx_out.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { A4 = 9 };

struct xlsx_out {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *text, *number, *date;
	const char *path;
	struct arena *scratch; /* of a row */
	lxw_row_t header, next;
	lxw_col_t columns;
};

static err too_many_rows(struct fail *f)
{
	return FAIL(f, TOO_LARGE, "", "err.xlsx_rows", "limit", "1048576");
}

static err failed_write(struct fail *f)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return FAIL(f, DISK_FULL, "", "err.disk_full");
	return FAIL(f, IO, "", "err.io");
}

/* Excel counts UTF-16 units, cuts at NUL, and forbids some characters of XML 1.0 altogether. */
static const char *cell_text(struct arena *a, str s)
{
	size_t units = 0, keep = 0;
	char *out = arena_cstr(a, s);
	size_t to = 0;
	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		uint32_t c = utf8_next(s, &i);
		units += c > 0xFFFF ? 2 : 1;
		if (units > XLSX_MAX_TEXT)
			break;
		if ((c < 0x20 && c != '\t' && c != '\n') || c == 0xFFFE || c == 0xFFFF)
			continue;
		for (; from < i; from++)
			out[to++] = s.p[from];
		if (units < XLSX_MAX_TEXT)
			keep = to;
	}
	out[to] = 0;
	if (units > XLSX_MAX_TEXT)
		return arena_printf(a, "%.*s…", (int)keep, out).p;
	return out;
}

static const char *sheet_name(struct arena *a, str name)
{
	char *out = arena_cstr(a, utf8_cut(str_trim(name), 31));
	for (char *p = out; *p; p++)
		if (*p == '[' || *p == ']' || *p == ':' || *p == '*' || *p == '?' || *p == '/' || *p == '\\' ||
		    (*p == '\'' && (p == out || !p[1])))
			*p = ' ';
	return str_trim(str_of(out)).n ? arena_cstr(a, str_trim(str_of(out))) : "Sheet1";
}

static void add_formats(struct xlsx_out *o)
{
	lxw_format **all[] = { &o->text, &o->number, &o->date };
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		*all[i] = workbook_add_format(o->book);
		format_set_border(*all[i], LXW_BORDER_THIN);
		format_set_align(*all[i], LXW_ALIGN_VERTICAL_CENTER);
	}
	format_set_text_wrap(o->text);
	format_set_num_format(o->date, "yyyy\\-mm\\-dd");
}

static void write_title(struct xlsx_out *o, struct arena *a, str title)
{
	lxw_format *f = workbook_add_format(o->book);
	format_set_bold(f);
	format_set_font_size(f, 16);
	format_set_align(f, LXW_ALIGN_CENTER);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	worksheet_set_row(o->sheet, 0, 32, NULL);
	if (o->columns > 1)
		worksheet_merge_range(o->sheet, 0, 0, 0, (lxw_col_t)(o->columns - 1), cell_text(a, title), f);
	else
		worksheet_write_string(o->sheet, 0, 0, cell_text(a, title), f);
	o->header = 1;
}

static void write_header(struct xlsx_out *o, struct arena *a, const struct xlsx_sheet_spec *spec)
{
	lxw_format *f = workbook_add_format(o->book);
	format_set_bold(f);
	format_set_border(f, LXW_BORDER_THIN);
	format_set_align(f, LXW_ALIGN_CENTER);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	format_set_bg_color(f, 0xE7EEF7);
	format_set_text_wrap(f);
	bool two = false;
	for (lxw_col_t i = 0; i < o->columns; i++) {
		double width = spec->columns[i].width;
		if (width > 0)
			worksheet_set_column(o->sheet, i, i, width, NULL);
		two |= spec->columns[i].under.n > 0;
	}
	for (lxw_col_t i = 0, last; i < o->columns; i = (lxw_col_t)(last + 1)) {
		str title = spec->columns[i].title;
		for (last = i; two && title.n && last + 1 < o->columns && str_eq(title, spec->columns[last + 1].title);)
			last++;
		if (last > i) /* one title over its columns */
			worksheet_merge_range(o->sheet, o->header, i, o->header, last, cell_text(a, title), f);
		else
			worksheet_write_string(o->sheet, o->header, i, cell_text(a, title), f);
	}
	o->header += two;
	for (lxw_col_t i = 0; two && i < o->columns; i++)
		worksheet_write_string(o->sheet, o->header, i, cell_text(a, spec->columns[i].under), f);
	o->next = o->header + 1;
}

static void set_up_print(struct xlsx_out *o, const struct xlsx_sheet_spec *spec)
{
	worksheet_set_paper(o->sheet, A4);
	worksheet_set_landscape(o->sheet);
	worksheet_set_margins(o->sheet, 0.5, 0.5, 0.6, 0.6);
	worksheet_fit_to_pages(o->sheet, 1, 0);
	worksheet_repeat_rows(o->sheet, 0, o->header);
	worksheet_freeze_panes(o->sheet, o->header + 1, 0);
	if (spec->footer)
		worksheet_set_footer(o->sheet, spec->footer);
}

static void begin_sheet(struct xlsx_out *o, struct arena *a, const struct xlsx_sheet_spec *spec)
{
	o->columns = (lxw_col_t)spec->ncolumns;
	o->header = 0;
	if (spec->title.n)
		write_title(o, a, spec->title);
	write_header(o, a, spec);
	set_up_print(o, spec);
}

err xlsx_out_begin(struct arena *a, const char *path, const char *scratch_dir,
		   const struct xlsx_sheet_spec *spec, struct xlsx_out **ret, struct fail *f)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	options.tmpdir = scratch_dir ? arena_cstr(a, str_of(scratch_dir)) : NULL;
	if (spec->ncolumns == 0 || spec->ncolumns > LXW_COL_MAX)
		return FAIL(f, INTERNAL, "", "err.internal");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); /* learn now whether it can be */
	if (fd < 0)
		return failed_write(f);
	close(fd);
	struct xlsx_out *o = NEW(a, struct xlsx_out);
	o->path = arena_cstr(a, str_of(path));
	o->book = workbook_new_opt(o->path, &options);
	o->sheet = o->book ? workbook_add_worksheet(o->book, sheet_name(a, spec->sheet_name)) : NULL;
	if (!o->sheet) {
		if (o->book)
			lxw_workbook_free(o->book);
		unlink(o->path);
		return failed_write(f);
	}
	o->scratch = arena_new();
	add_formats(o);
	begin_sheet(o, a, spec);
	*ret = o;
	return ERR_OK;
}

static void finish_sheet(struct xlsx_out *o)
{
	worksheet_autofilter(o->sheet, o->header, 0, o->next > o->header + 1 ? o->next - 1 : o->header,
			     (lxw_col_t)(o->columns - 1));
}

err xlsx_out_sheet(struct xlsx_out *o, struct arena *a, const struct xlsx_sheet_spec *spec, struct fail *f)
{
	finish_sheet(o);
	lxw_worksheet *sheet = workbook_add_worksheet(o->book, sheet_name(a, spec->sheet_name));
	if (!sheet || spec->ncolumns == 0 || spec->ncolumns > LXW_COL_MAX)
		return FAIL(f, INTERNAL, "", "err.internal");
	o->sheet = sheet;
	begin_sheet(o, a, spec);
	return ERR_OK;
}

/* Days of the 1900 system, right from 1 March 1900 on; earlier dates are written as text. */
static void write_date(struct xlsx_out *o, lxw_col_t col, int64_t day)
{
	int64_t serial = day - date_from_ymd(1899, 12, 30);
	char text[11];
	date_format(day, text);
	if (serial > 60)
		worksheet_write_number(o->sheet, o->next, col, (double)serial, o->date);
	else
		worksheet_write_string(o->sheet, o->next, col, text, o->text);
}

err xlsx_out_row(struct xlsx_out *o, const struct out_cell *cells, size_t n, struct fail *f)
{
	if (o->next >= XLSX_MAX_ROWS)
		return too_many_rows(f);
	for (size_t i = 0; i < n && i < o->columns; i++) {
		lxw_col_t col = (lxw_col_t)i;
		if (cells[i].kind == OUT_TEXT && cells[i].text.n)
			worksheet_write_string(o->sheet, o->next, col, cell_text(o->scratch, cells[i].text), o->text);
		else if (cells[i].kind == OUT_NUMBER && isfinite(cells[i].number))
			worksheet_write_number(o->sheet, o->next, col, cells[i].number, o->number);
		else if (cells[i].kind == OUT_DATE)
			write_date(o, col, cells[i].day);
		else
			worksheet_write_blank(o->sheet, o->next, col, o->text);
	}
	o->next++;
	arena_reset(o->scratch);
	return ERR_OK;
}

/* The library does not look whether its writes succeed: the scratch file remembers an error, and a file
 * that was cut short has no directory. */
static bool close_and_check(struct xlsx_out *o)
{
	FILE *rows = o->sheet->optimize_tmpfile;
	bool ok = !rows || (fflush(rows) == 0 && !ferror(rows));
	int full = errno;
	ok = workbook_close(o->book) == LXW_NO_ERROR && ok;
	zip_t *zip = ok ? zip_open(o->path, ZIP_RDONLY | ZIP_CHECKCONS, NULL) : NULL;
	if (zip)
		zip_discard(zip);
	else if (full == ENOSPC)
		errno = full;
	return zip;
}

err xlsx_out_end(struct xlsx_out *o, struct fail *f)
{
	finish_sheet(o);
	errno = 0;
	bool ok = close_and_check(o);
	arena_free(o->scratch);
	if (ok)
		return ERR_OK;
	err e = failed_write(f);
	unlink(o->path);
	return e;
}

void xlsx_out_abandon(struct xlsx_out *o)
{
	if (!o)
		return;
	lxw_workbook_free(o->book);
	arena_free(o->scratch);
	unlink(o->path);
}
