#include "format_make.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "format/address.h"
#include "format/csv.h"
#include "format/ics.h"
#include "format/table.h"
#include "format/xlsx_out.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_drop(&arena);
	return 0;
}

static struct table *open_ok(str bytes)
{
	struct doc_limits lim = doc_limits_default();
	struct table *t = NULL;
	struct fail f = { 0 };
	if (table_open(arena, bytes, &lim, &t, &f) != ERR_OK)
		fail_msg("%s", f.key);
	return t;
}

/* The rest of the sheet as "1: a|b" lines; ^ before inherited cells. */
static str dump(struct table *t)
{
	struct buf b = BUF(arena);
	struct table_row row;
	for (;;) {
		assert_int_equal(table_next(t, &row, NULL), ERR_OK);
		if (!row.number)
			return buf_str(&b);
		buf_printf(&b, "%u:", row.number);
		for (size_t i = 0; i < row.n; i++)
			buf_printf(&b, "%s%u%s=%.*s", i ? "|" : " ", row.cells[i].col, row.cells[i].inherited ? "^" : "",
				   (int)row.cells[i].text.n, row.cells[i].text.p);
		buf_byte(&b, '\n');
	}
}

static err first_failure(str bytes, const struct doc_limits *lim, struct fail *f)
{
	AUTO(table_drop) struct table *t = NULL;
	struct table_row row;
	TRY(table_open(arena, bytes, lim, &t, f));
	do
		TRY(table_next(t, &row, f));
	while (row.number);
	return ERR_OK;
}

static void refused(str bytes, err code, const char *key)
{
	struct doc_limits lim = doc_limits_default();
	struct fail f = { 0 };
	assert_int_equal(first_failure(bytes, &lim, &f), code);
	assert_string_equal(f.key, key);
}

/* ---- CSV ---- */

static void csv_quotes_lines_and_separators(void **state)
{
	(void)state;
	struct table *t = open_ok(S("a,\"b\"\"c\",\"d\ne\"\r\n,,x\n\nlast"));
	assert_str(dump(t), "1: 1=a|2=b\"c|3=d\ne\n2: 3=x\n3:\n4: 1=last\n");
	assert_int_equal(table_rewind(t, NULL), ERR_OK);
	assert_str(table_address(t, arena, 2, 28), "AB2");
	struct table_row row;
	assert_int_equal(table_next(t, &row, NULL), ERR_OK);
	assert_str(table_cell(&row, 1)->text, "a");
	assert_int_equal(table_cell(&row, 9)->kind, CELL_EMPTY);
	table_close(t);
	t = open_ok(S("sep=;\r\na;b,c\n"));
	assert_str(dump(t), "1: 1=a|2=b,c\n");
	table_close(t);
	t = open_ok(S("\xff\xfe" "a\0\t\0" "b\0\n\0"));
	assert_str(dump(t), "1: 1=a|2=b\n");
	assert_int_equal(table_encoding(t), ENCODING_UTF16LE);
	table_close(t);
	t = open_ok(S("\xc8\xce\xce\xf1,1.50\n"));
	assert_str(dump(t), "1: 1=任务|2=1.50\n");
	assert_int_equal(table_encoding(t), ENCODING_GB18030);
	table_close(t);
	refused(S("a,b\nc,\"open\n"), ERR_BAD_INPUT, "err.csv_open_quote");
	refused(S("a,b\n\"c\"d,e\n"), ERR_BAD_INPUT, "err.csv_after_quote");
	refused(S("a\0b"), ERR_BAD_INPUT, "err.encoding_binary");
	struct doc_limits lim = doc_limits_default();
	struct fail f;
	lim.max_cells = 3;
	assert_int_equal(first_failure(S("a,b,c,d"), &lim, &f), ERR_TOO_LARGE);
}

static void csv_out_is_safe_and_comes_back(void **state)
{
	(void)state;
	struct buf b = BUF(arena);
	struct out_column columns[] = { { S("任务"), 0 }, { S("值"), 0 } };
	struct out_cell rows[][2] = {
		{ OUT_TEXT_CELL(S("=HYPERLINK(\"http://x\",1)")), OUT_NUMBER_CELL(-0.5) },
		{ OUT_TEXT_CELL(S("@cmd")), OUT_DATE_CELL(date_from_ymd(2026, 11, 22)) },
		{ OUT_TEXT_CELL(S("两\n行")), OUT_TEXT_CELL(S("-1")) },
		{ OUT_TEXT_CELL(S("\t=1")), { .kind = OUT_EMPTY } },
	};
	csv_out_bom(&b);
	csv_out_titles(&b, columns, 2);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		csv_out_row(&b, rows[i], 2);
	assert_str(buf_str(&b), "\xef\xbb\xbf任务,值\r\n\"'=HYPERLINK(\"\"http://x\"\",1)\",-0.5\r\n'@cmd,2026-11-22\r\n"
				"\"两\n行\",'-1\r\n\"'\t=1\",\r\n");
	struct table *t = open_ok(buf_str(&b));
	assert_str(dump(t), "1: 1=任务|2=值\n2: 1==HYPERLINK(\"http://x\",1)|2=-0.5\n3: 1=@cmd|2=2026-11-22\n"
			    "4: 1=两\n行|2=-1\n5: 1=\t=1\n");
	table_close(t);
}

/* ---- XLSX in ---- */

static void addresses_go_there_and_back(void **state)
{
	(void)state;
	uint32_t row = 0, col = 0;
	char out[20];
	for (uint32_t c = 1; c <= SHEET_MAX_COL; c += 7) {
		cell_address(SHEET_MAX_ROW, c, out);
		assert_true(cell_address_read(str_of(out), &row, &col));
		assert_int_equal(col, c);
	}
	static const char *const bad[] = { "", "A", "7", "A0", "XFE1", "A1048577", "a1", "A1B", "$A$1" };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(cell_address_read(str_of(bad[i]), &row, &col));
	assert_str(sheet_address(arena, S("It's 1"), 7, 3), "'It''s 1'!C7");
	assert_str(sheet_address(arena, S("2026年"), 7, 27), "'2026年'!AA7");
}


static const char *const styles =
	"<numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>"
	"<numFmt numFmtId=\"177\" formatCode=\"[Red]0.00&quot;d&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/>"
	"</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"176\"/>"
	"<xf numFmtId=\"9\"/><xf numFmtId=\"20\"/><xf numFmtId=\"177\"/></cellXfs>";

static void xlsx_kinds_of_cells(void **state)
{
	(void)state;
	struct table *t = open_ok(make_xlsx(arena,
		"<sheetData><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" s=\"1\"><v>45985</v></c>"
		"<c r=\"C2\" s=\"2\"><v>45985.5</v></c><c r=\"D2\" s=\"3\"><v>45985</v></c><c r=\"E2\" s=\"4\"><v>0.07</v></c>"
		"<c r=\"F2\" s=\"5\"><v>0.75</v></c><c r=\"G2\" s=\"6\"><v>0.30000000000000004</v></c>"
		"<c r=\"H2\"><v>1.10101001001E+11</v></c></row>"
		"<row><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"str\"><f>A1</f><v>a_x000A_b_x005F_</v></c>"
		"<c t=\"inlineStr\"><is><r><t>甲</t></r><r><t>乙</t></r></is></c><c s=\"1\"/><c s=\"1\"><v>60</v></c>"
		"<c s=\"1\"><v>1</v></c><c t=\"s\"><v>99</v></c><c t=\"d\"><v>2026-01-02</v></c></row></sheetData>",
		"<si><t>任务</t></si>", styles));
	assert_str(dump(t), "2: 1=任务|2=2025-11-24|3=2025-11-24T12:00:00|4=2025-11-24|5=7%|6=18:00:00|7=0.3|8=110101001001\n"
			    "3: 1=TRUE|2=#N/A|3=a\nb_|4=甲乙|6=1900-02-28|7=1900-01-01|9=2026-01-02\n");
	assert_str(table_address(t, arena, 7, 3), "表1!C7");
	table_close(t);
}

static void xlsx_merged_cells_repeat(void **state)
{
	(void)state;
	struct table *t = open_ok(make_xlsx(arena,
		"<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
		"<row r=\"2\"><c r=\"B2\"><v>2</v></c></row><row r=\"3\"/></sheetData><mergeCells><mergeCell ref=\"A1:A3\"/>"
		"<mergeCell ref=\"C1:D2\"/><mergeCell ref=\"nonsense\"/></mergeCells>",
		"<si><t>甲</t></si><si><t>乙</t></si>", ""));
	assert_str(dump(t), "1: 1=甲|3=乙|4^=乙\n2: 1^=甲|2=2|3^=乙|4^=乙\n3: 1^=甲\n");
	table_close(t);
}

static void xlsx_broken_or_hostile(void **state)
{
	(void)state;
	refused(make_xlsx(arena, "<sheetData><row r=\"2\"/><row r=\"1\"/></sheetData>", "", ""), ERR_BAD_FORMAT, "err.xlsx_order");
	refused(make_xlsx(arena, "<sheetData><row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row></sheetData>", "", ""), ERR_BAD_FORMAT,
		"err.xlsx_order");
	refused(make_xlsx(arena, "<sheetData><row r=\"1\"><c r=\"ZZZZ1\"/></row></sheetData>", "", ""), ERR_BAD_FORMAT,
		"err.xlsx_order");
	refused(make_xlsx(arena, "<sheetData><row><row/></row></sheetData>", "", ""), ERR_BAD_FORMAT, "err.xlsx_order");
	refused(make_xlsx(arena, "<sheetData><row><c><c/></c></row></sheetData>", "", ""), ERR_BAD_FORMAT, "err.xlsx_order");
	refused(make_xlsx(arena, "<sheetData><row>", "", ""), ERR_BAD_FORMAT, "err.xml_broken");
	refused(S("<html><table><tr><td>1</table>"), ERR_UNSUPPORTED, "err.table_html");
	refused(make_docx(arena, ""), ERR_UNSUPPORTED, "err.table_not_sheet");
	struct made_part book = { "xl/workbook.xml", S("<workbook/>") };
	refused(make_zip(arena, &book, 1), ERR_BAD_FORMAT, "err.xlsx_no_sheet");
	struct doc_limits lim = doc_limits_default();
	struct fail f;
	lim.max_cells = 1000;
	str wide = make_xlsx(arena, "<sheetData><row><c><v>1</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:XFD1\"/>"
				    "</mergeCells>", "", "");
	assert_int_equal(first_failure(wide, &lim, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.table_cells");
	str many = make_xlsx(arena, "", arena_printf(arena, "%0*d", 1, 0).p, "");
	assert_int_equal(first_failure(many, &lim, &f), ERR_OK);
}

/* ---- headers ---- */

static const char *const title_task[] = { "任务", "任务名称", "Task", NULL };
static const char *const title_lead[] = { "责任分工/牵头单位", "牵头单位", "Lead unit", NULL };
static const char *const title_co[] = { "配合单位", "Co-operating units", NULL };
static const char *const title_due[] = { "完成时限", "Deadline", NULL };
static const char *const title_note[] = { "备注", NULL };
static const struct table_column wanted[] = {
	{ title_task, true }, { title_lead, true }, { title_co, false }, { title_due, true }, { title_note, false },
};

static void header_of_two_merged_rows(void **state)
{
	(void)state;
#define T(s) "<c t=\"inlineStr\"><is><t>" s "</t></is></c>"
	struct table *t = open_ok(make_xlsx(arena,
		"<sheetData><row r=\"1\">" T("2026年重点任务表") "</row><row r=\"3\">" T("序号") T("任务 名称\n（全称）")
		T("责任分工") "<c/>" T("*完成时限：") "</row><row r=\"4\"><c/><c/>" T("牵头单位") T("配合单位") "</row>"
		"<row r=\"5\"><c><v>1</v></c>" T("治理燃气隐患") T("住建局") T("应急局") T("2026年底") "</row>"
		"<row r=\"6\"/><row r=\"8\"><c><v>2</v></c>" T("清理固废") T("生态局") "</row><row r=\"9\"><c r=\"A9\"/></row>"
		"</sheetData><mergeCells><mergeCell ref=\"A1:E1\"/><mergeCell ref=\"A3:A4\"/><mergeCell ref=\"B3:B4\"/>"
		"<mergeCell ref=\"C3:D3\"/><mergeCell ref=\"E3:E4\"/><mergeCell ref=\"B8:B9\"/></mergeCells>", "", ""));
	struct table_header h;
	const struct cell *cells[COUNT_OF(wanted)];
	struct fail f = { 0 };
	uint32_t row;
	assert_int_equal(table_find_header(t, arena, wanted, COUNT_OF(wanted), &h, &f), ERR_OK);
	assert_int_equal(h.last_row, 4);
	const uint32_t cols[] = { 2, 3, 4, 5, 0 };
	for (size_t i = 0; i < COUNT_OF(cols); i++)
		assert_int_equal(h.cols[i], cols[i]);
	assert_int_equal(table_next_mapped(t, &h, cells, &row, &f), ERR_OK);
	assert_int_equal(row, 5);
	assert_str(cells[1]->text, "住建局");
	assert_int_equal(cells[4]->kind, CELL_EMPTY);
	assert_int_equal(table_next_mapped(t, &h, cells, &row, &f), ERR_OK);
	assert_int_equal(row, 8);
	assert_str(table_address(t, arena, row, h.cols[3]), "表1!E8");
	assert_int_equal(table_next_mapped(t, &h, cells, &row, &f), ERR_OK);
	assert_int_equal(row, 0);
	table_close(t);
}

static void header_in_english_and_missing(void **state)
{
	(void)state;
	struct table *t = open_ok(S("Ledger\nDEADLINE,task ,Lead Unit\n2026-12-31,x,y\n"));
	struct table_header h;
	struct fail f = { 0 };
	assert_int_equal(table_find_header(t, arena, wanted, COUNT_OF(wanted), &h, &f), ERR_OK);
	assert_int_equal(h.cols[0], 2);
	assert_int_equal(h.cols[1], 3);
	assert_int_equal(h.cols[3], 1);
	table_close(t);
	t = open_ok(S("任务,备注\nx,y\n"));
	assert_int_equal(table_find_header(t, arena, wanted, COUNT_OF(wanted), &h, &f), ERR_BAD_INPUT);
	assert_string_equal(f.key, "err.table_header_near");
	assert_string_equal(f.args[0].text, "1");
	assert_string_equal(f.args[2].text, "责任分工/牵头单位、完成时限");
	table_close(t);
	t = open_ok(S("甲,乙\nx,y\n"));
	assert_int_equal(table_find_header(t, arena, wanted, COUNT_OF(wanted), &h, &f), ERR_BAD_INPUT);
	assert_string_equal(f.key, "err.table_header");
	table_close(t);
}

/* ---- XLSX out ---- */

static str slurp(const char *path)
{
	FILE *fp = fopen(path, "rb");
	assert_non_null(fp);
	struct buf b = BUF(arena);
	char chunk[4096];
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, fp)) > 0;)
		buf_put(&b, (str){ chunk, n });
	fclose(fp);
	return buf_str(&b);
}

static void xlsx_written_is_read_again(void **state)
{
	(void)state;
	char path[] = "/tmp/bihuan-test-XXXXXX";
	struct out_column columns[] = { { S("任务"), 40 }, { S("完成时限"), 12 }, { S("值"), 0 } };
	struct xlsx_sheet_spec spec = { S("台账[1]"), S("重点任务台账"), columns, 3, "&P / &N" };
	struct xlsx_out *o;
	struct fail f = { 0 };
	char *big = arena_alloc(arena, 40000);
	memset(big, 'x', 40000);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(xlsx_out_begin(arena, path, NULL, &spec, &o, &f), ERR_OK);
	struct out_cell rows[][3] = {
		{ OUT_TEXT_CELL(S("=1+1")), OUT_DATE_CELL(date_from_ymd(2026, 12, 31)), OUT_NUMBER_CELL(0.1) },
		{ OUT_TEXT_CELL(S("a<b>&\x01")), { .kind = OUT_EMPTY }, OUT_NUMBER_CELL(-3) },
		{ OUT_TEXT_CELL(((str){ big, 40000 })), OUT_DATE_CELL(date_from_ymd(1850, 1, 1)), { .kind = OUT_EMPTY } },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_int_equal(xlsx_out_row(o, rows[i], 3, &f), ERR_OK);
	assert_int_equal(xlsx_out_end(o, &f), ERR_OK);
	struct table *t = open_ok(slurp(path));
	unlink(path);
	assert_str(table_sheet_name(t, 0), "台账 1");
	struct table_row row;
	assert_int_equal(table_next(t, &row, &f), ERR_OK);
	assert_str(table_cell(&row, 1)->text, "重点任务台账");
	assert_true(table_cell(&row, 3)->inherited);
	assert_int_equal(table_next(t, &row, &f), ERR_OK);
	assert_int_equal(table_next(t, &row, &f), ERR_OK);
	assert_str(table_cell(&row, 1)->text, "=1+1");
	assert_int_equal(table_cell(&row, 1)->kind, CELL_TEXT);
	assert_int_equal(table_cell(&row, 2)->kind, CELL_DATE);
	assert_str(table_cell(&row, 2)->text, "2026-12-31");
	assert_str(table_cell(&row, 3)->text, "0.1");
	assert_int_equal(table_next(t, &row, &f), ERR_OK);
	assert_str(table_cell(&row, 1)->text, "a<b>&");
	assert_int_equal(table_next(t, &row, &f), ERR_OK);
	assert_int_equal(table_cell(&row, 1)->text.n, XLSX_MAX_TEXT - 1 + 3);
	assert_str(table_cell(&row, 2)->text, "1850-01-01");
	table_close(t);
}

static void xlsx_out_says_where_it_cannot_write(void **state)
{
	(void)state;
	struct out_column columns[] = { { S("任务"), 0 } };
	struct xlsx_sheet_spec spec = { .sheet_name = S(""), .columns = columns, .ncolumns = 1 };
	struct xlsx_out *o;
	struct fail f = { 0 };
	char path[] = "/tmp/bihuan-test-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(xlsx_out_begin(arena, "/no/such/folder/x.xlsx", NULL, &spec, &o, &f), ERR_IO);
	assert_int_equal(xlsx_out_begin(arena, path, NULL, &spec, &o, &f), ERR_OK);
	xlsx_out_abandon(o);
	assert_int_equal(access(path, F_OK), -1);
	xlsx_out_abandon(NULL);
}

/* ---- calendar ---- */

static void calendar_lines_fold_and_escape(void **state)
{
	(void)state;
	struct buf b = BUF(arena);
	struct ics_event e = {
		.uid = S("matter-1@bihuan"), .day = date_from_ymd(2026, 12, 31), .stamp_ms = 1795305600000, .sequence = 2,
		.summary = S("燃气隐患整治；a,b\\c\r\n第二行：全市范围内完成城镇燃气安全隐患排查整治任务"), .remind_days = 3,
		.url = S("https://x/y?a=1,2\r\nX-BAD:1"),
	};
	ics_begin(&b, S("期限"));
	ics_event(&b, &e);
	ics_end(&b);
	str out = buf_str(&b), rest = out, line;
	assert_true(str_find(out, S("a\\,b\\\\c\\n第")) > 0);
	assert_true(str_find(out, S("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n")) > 0);
	assert_true(str_find(out, S("DTSTAMP:20261122T000000Z\r\n")) > 0);
	assert_true(str_find(out, S("URL:https://x/y?a=1,2X-BAD:1\r\n")) > 0);
	assert_true(str_find(out, S("TRIGGER:-P3D\r\n")) > 0);
	while (str_cut(&rest, '\n', &line)) {
		assert_true(line.n <= 76);
		assert_true(line.n == 0 || line.p[line.n - 1] == '\r');
		assert_true(line.n < 2 || ((unsigned char)line.p[0] & 0xC0) != 0x80);
	}
}

int main(void)
{
#undef T
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(csv_quotes_lines_and_separators), T(csv_out_is_safe_and_comes_back),
		T(addresses_go_there_and_back),	    T(xlsx_kinds_of_cells),		    T(xlsx_merged_cells_repeat),
		T(xlsx_broken_or_hostile),	    T(header_of_two_merged_rows),
		T(header_in_english_and_missing),   T(xlsx_written_is_read_again),
		T(xlsx_out_says_where_it_cannot_write), T(calendar_lines_fold_and_escape),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
