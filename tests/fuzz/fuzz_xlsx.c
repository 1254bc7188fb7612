/* Whatever a workbook's parts hold: sheet, shared strings and styles stand in the input, parted by a line
 * "%%". An input that begins with PK is taken as the package itself. */
#include "base/utf8.h"
#include "format/table.h"
#include "fuzz_zip.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static str cut_part(str *rest)
{
	ptrdiff_t at = str_find(*rest, S("%%\n"));
	str part = at < 0 ? *rest : str_sub(*rest, 0, (size_t)at);
	*rest = at < 0 ? S("<x/>") : str_sub(*rest, (size_t)at + 3, rest->n);
	return part;
}

static str workbook(struct arena *a, str input)
{
	struct fuzz_part parts[] = {
		{ "xl/workbook.xml", S("<workbook><sheets><sheet name=\"S\" id=\"1\"/></sheets></workbook>") },
		{ "xl/_rels/workbook.xml.rels",
		  S("<r><Relationship Id=\"1\" Type=\"/worksheet\" Target=\"a.xml\"/>"
		    "<Relationship Id=\"2\" Type=\"/sharedStrings\" Target=\"b.xml\"/>"
		    "<Relationship Id=\"3\" Type=\"/styles\" Target=\"c.xml\"/></r>") },
		{ "xl/a.xml", cut_part(&input) },
		{ "xl/b.xml", cut_part(&input) },
		{ "xl/c.xml", cut_part(&input) },
	};
	return fuzz_zip(a, parts, COUNT_OF(parts));
}

static void check_row(const struct table_row *row, uint32_t last)
{
	if (row->number && row->number <= last)
		abort();
	for (size_t i = 0; i < row->n; i++)
		if (!utf8_valid(row->cells[i].text) || (i && row->cells[i].col <= row->cells[i - 1].col))
			abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const char *const task[] = { "任务", "Task", NULL }, *const lead[] = { "a/b", "b", NULL };
	static const struct table_column wanted[] = { { task, false }, { lead, true } };
	AUTO(arena_drop) struct arena *a = arena_new();
	AUTO(table_drop) struct table *t = NULL;
	struct doc_limits lim = doc_limits_default();
	str bytes = { (const char *)data, size };
	struct table_row row = { 0 };
	struct table_header h;
	struct fail f;
	lim.max_cells = 100000;
	if (table_open(a, str_starts(bytes, S("PK")) ? bytes : workbook(a, bytes), &lim, &t, &f) != ERR_OK)
		return 0;
	for (uint32_t last = 0; table_next(t, &row, &f) == ERR_OK && row.number; last = row.number)
		check_row(&row, last);
	if (table_rewind(t, &f) != ERR_OK || table_find_header(t, a, wanted, COUNT_OF(wanted), &h, &f) != ERR_OK)
		return 0;
	const struct cell *cells[COUNT_OF(wanted)];
	for (uint32_t number = 1; number && table_next_mapped(t, &h, cells, &number, &f) == ERR_OK;)
		;
	return 0;
}
