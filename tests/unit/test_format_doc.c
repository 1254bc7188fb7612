#include "format_make.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "format/doc_build.h"
#include "format/doctext.h"
#include "format/docx_out.h"

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

static struct doc_text read_ok(const char *name, str bytes)
{
	struct doc_limits lim = doc_limits_default();
	struct doc_text d;
	struct fail f = { 0 };
	err e = doc_read(arena, str_of(name), bytes, &lim, &d, &f);
	if (e != ERR_OK)
		fail_msg("%s: %s", name, f.key);
	assert_true(utf8_valid(d.text));
	assert_int_equal(utf8_count(d.text), d.codepoints);
	return d;
}

static void refused(const char *name, str bytes, err code, const char *key)
{
	struct doc_limits lim = doc_limits_default();
	struct doc_text d = { .codepoints = 4711 };
	struct fail f = { 0 };
	assert_int_equal(doc_read(arena, str_of(name), bytes, &lim, &d, &f), code);
	assert_string_equal(f.key, key);
	assert_int_equal(f.code, code);
	assert_int_equal(d.codepoints, 4711);
}

static str html(const char *s)
{
	return read_ok("x.html", str_of(s)).text;
}

static uint32_t find_cp(str text, const char *needle)
{
	ptrdiff_t at = str_find(text, str_of(needle));
	assert_true(at >= 0);
	return (uint32_t)utf8_count(str_sub(text, 0, (size_t)at));
}

/* ---- encodings ---- */

static void plain_text_stays_as_read(void **state)
{
	(void)state;
	struct doc_text d = read_ok("通知.txt", S("第一行\r\n第二行\n"));
	assert_str(d.text, "第一行\r\n第二行\n");
	assert_int_equal(d.format, DOC_TEXT);
	assert_int_equal(d.encoding, ENCODING_UTF8);
	assert_int_equal(doc_place_of(&d, 5).number, 2);
	d = read_ok("a.md", S("\xef\xbb\xbf# 标题\n\n- 一\n"));
	assert_str(d.text, "# 标题\n\n- 一\n");
	assert_int_equal(d.format, DOC_MARKDOWN);
	assert_true(d.bom);
	assert_int_equal(read_ok("empty.txt", S("")).codepoints, 0);
}

static void gb18030_is_accepted_and_said_so(void **state)
{
	(void)state;
	struct doc_text d = read_ok("a.txt", S("\xb0\xb2\xc8\xab\xc9\xfa\xb2\xfa\r\n")); /* 安全生产 */
	assert_str(d.text, "安全生产\r\n");
	assert_int_equal(d.encoding, ENCODING_GB18030);
	assert_string_equal(encoding_note_key(d.encoding), "doc.encoding.gb18030");
	d = read_ok("a.txt", S("\xb0\xb2\x81\x39\xef\x30\xa1\xa3")); /* four bytes: U+3400 is 8139EE39, this U+3401 */
	assert_int_equal(d.codepoints, 3);
	assert_int_equal(d.encoding, ENCODING_GB18030);
}

static void utf16_with_and_without_mark(void **state)
{
	(void)state;
	struct doc_text d = read_ok("a.txt", S("\xff\xfe\x89\x5b\x68\x51\x0a\x00"));
	assert_str(d.text, "安全\n");
	assert_int_equal(d.encoding, ENCODING_UTF16LE);
	d = read_ok("a.txt", S("\xfe\xff\x5b\x89\x51\x68\x00\x0a"));
	assert_str(d.text, "安全\n");
	assert_int_equal(d.encoding, ENCODING_UTF16BE);
	d = read_ok("a.txt", S("\x89\x5b\x68\x51\x0a\x00"));
	assert_str(d.text, "安全\n");
	refused("a.txt", S("\xff\xfe\x00\xd8\x0a\x00"), ERR_BAD_INPUT, "err.encoding");
}

static void big5_where_it_clearly_is(void **state)
{
	(void)state;
	/* 安全生產責任制考核辦法 */
	struct doc_text d = read_ok("a.txt", S("\xa6\x77\xa5\xfe\xa5\xcd\xb2\xa3\xb3\x64\xa5\xf4\xa8\xee\xa6\xd2\xae"
					       "\xd6\xbf\xec\xaa\x6b\xa1\x43\n"));
	assert_int_equal(d.encoding, ENCODING_BIG5);
	assert_str(d.text, "安全生產責任制考核辦法。\n");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	(void)state;
	refused("a.txt", S("abc\0def安全"), ERR_BAD_INPUT, "err.encoding_binary");
	refused("a.txt", S("\x01\x00\xff\xff\x00\x80"), ERR_BAD_INPUT, "err.encoding_binary");
	refused("a.txt", S("安全生产\xe5\xae"), ERR_BAD_INPUT, "err.encoding_utf8");
	refused("a.txt", S("\xb0\xb2\xff\xff\xff"), ERR_BAD_INPUT, "err.encoding");
}

/* ---- HTML ---- */

static void html_gives_lines_and_cells(void **state)
{
	(void)state;
	assert_str(html("<!DOCTYPE html><html><head><title> 关于&amp;通知 </title><style>p{}</style></head><body>"
			"<h1>标题</h1><p>第一段，\n第二行</p><p>two\n words</p>行<br>尾<script>var a='<p>x</p>';</script>"),
		   "标题\n第一段，第二行\ntwo words\n行\n尾");
	assert_str(html("<table><tr><th>事项</th><th></th><th>时限</th></tr><tr><td><p>甲</p><p>乙</p></td>"
			"<td>丙</td><td>丁</td></tr></table>之后"),
		   "事项\t\t时限\n甲 乙\t丙\t丁\n之后");
	assert_str(html("<table><tr><td colspan=\"2\">甲<td>乙</table>"), "甲\t\t乙");
	assert_str(html("<p>a&nbsp;&lt;b&gt; &#23433;&#x5168; &hellip;&unknown; 3<5 a & b"),
		   "a <b> 安全 …&unknown; 3<5 a & b");
	assert_str(html("<pre>a\n  b</pre>c"), "a\n  b\nc");
	assert_str(html("<ruby>環<rp>(</rp><rt>huán<rp>)</rp></ruby>境"), "環境");
}

static void html_title_and_charset(void **state)
{
	(void)state;
	struct doc_text d = read_ok("x.htm", S("<html><head><meta charset='gb2312'><title>\xcd\xa8\xd6\xaa</title></head>"
					       "<body>\xb0\xb2\xc8\xab"));
	assert_str(d.title, "通知");
	assert_str(d.text, "安全");
	assert_int_equal(d.encoding, ENCODING_GB18030);
}

static void html_furniture_is_left_out(void **state)
{
	(void)state;
	assert_str(html("<body><nav><ul><li>首页</ul></nav><div hidden>藏</div><p>正文</p>"
			"<div style='display:none'>藏<div>x</div></div><footer>版权所有</footer>"), "正文");
	assert_str(html("<nav>全在这里</nav>"), "全在这里");
	assert_str(html("<body><nav>首页<p>正文没有丢"), "首页\n正文没有丢");
	assert_str(html("<head><title>题</title><p>正文"), "正文");
}

static void html_broken_markup(void **state)
{
	(void)state;
	assert_str(html("<p>甲<!-- 注 <p>乙"), "甲");
	assert_str(html("<p>甲<!-->乙"), "甲乙");
	assert_str(html("<p>甲</p <p title=\"x>y\">乙</p>丙<a href='无尾>丁"), "甲\n乙\n丙丁");
	assert_str(html("<p>甲<"), "甲<");
	assert_str(html("</td></tr></p></div>甲</table>"), "甲");
	assert_str(html("<table><tr><td>甲<td>乙<tr><td>丙</table>"), "甲\t乙\n丙");
}

static void html_maps_to_its_source(void **state)
{
	(void)state;
	const char *source = "<html><p>第一&amp;段，\n  接着<b>粗体</b></p><p>English  words</p>";
	struct doc_text d = read_ok("x.html", str_of(source));
	assert_str(d.text, "第一&段，接着粗体\nEnglish words");
	static const char *const words[] = { "第一", "段，", "接着", "粗体", "English", "words" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		assert_int_equal(doc_source_of(&d, find_cp(d.text, words[i])), find_cp(str_of(source), words[i]));
	assert_string_equal(doc_place_of(&d, 0).key, "doc.place.source");
}

/* ---- DOCX ---- */

static void docx_paragraphs_and_tables(void **state)
{
	(void)state;
	struct doc_text d = read_ok("x.docx", make_docx(arena,
		"<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>第一</w:t></w:r>"
		"<w:r><w:rPr><w:b/></w:rPr><w:tab/><w:t>段&amp;</w:t><w:br/><w:t>换行</w:t></w:r></w:p><w:p/>"
		"<w:tbl><w:tblPr/><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>任务</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc><w:tc>"
		"<w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
		"<w:p><w:r><w:t>末段</w:t></w:r></w:p>"));
	assert_str(d.text, "第一\t段&\n换行\n任务\t\t\t甲 乙\n末段\n");
	assert_int_equal(d.format, DOC_DOCX);
	struct doc_place place = doc_place_of(&d, find_cp(d.text, "末段"));
	assert_string_equal(place.key, "doc.place.paragraph");
	assert_int_equal(place.number, 7);
	assert_str(place.part, "word/document.xml");
}

static void docx_revisions_and_hidden_text(void **state)
{
	(void)state;
	assert_str(read_ok("x.docx", make_docx(arena,
		"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>原</w:t></w:r><w:del><w:r><w:delText>删</w:delText>"
		"<w:t>删</w:t></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移</w:t></w:r>"
		"</w:moveFrom></w:p><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr><w:rPrChange>"
		"<w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>接上</w:t></w:r><w:r><w:instrText>PAGE</w:instrText>"
		"</w:r></w:p>")).text, "原增接上\n");
	assert_str(read_ok("x.docx", make_docx(arena,
		"<w:p><w:r><w:t>外</w:t><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框一</w:t></w:r></w:p>"
		"<w:p><w:r><w:t>框二</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>重复"
		"</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent><w:t>内</w:t></w:r></w:p>")).text,
		"外内\n框一\n框二\n");
}

static void docx_footnotes_follow(void **state)
{
	(void)state;
	struct made_part parts[] = {
		{ "word/document.xml", S(WORD_HEAD "<w:p><w:r><w:t>正文</w:t></w:r></w:p>" WORD_TAIL) },
		{ "word/_rels/document.xml.rels", S("<Relationships><Relationship Id=\"a\" Type=\"" REL_TYPE
						    "footnotes\" Target=\"footnotes.xml\"/></Relationships>") },
		{ "word/footnotes.xml", S("<w:footnotes xmlns:w=\"urn:w\"><w:footnote><w:p><w:r><w:t>脚注</w:t></w:r>"
					  "</w:p></w:footnote></w:footnotes>") },
	};
	struct doc_text d = read_ok("x.docx", make_zip(arena, parts, COUNT_OF(parts)));
	assert_str(d.text, "正文\n脚注\n");
	assert_str(doc_place_of(&d, 4).part, "word/footnotes.xml");
}

static void docx_written_is_read_again(void **state)
{
	(void)state;
	struct docx_out o;
	struct fail f;
	str bytes, again, cells[] = { S("任务"), S("牵头单位"), S("治理<燃气>&隐患"), S("住建局") };
	for (int i = 0; i < 2; i++) {
		docx_out_begin(&o, arena);
		docx_out_paragraph(&o, DOCX_TITLE, S("关于印发方案的通知"));
		docx_out_paragraph(&o, DOCX_BODY, S("各单位：\n请执行。"));
		docx_out_table(&o, cells, 2, 2);
		docx_out_page_break(&o);
		assert_int_equal(docx_out_end(&o, i ? &again : &bytes, &f), ERR_OK);
	}
	assert_true(str_eq(bytes, again));
	assert_str(read_ok("x.docx", bytes).text,
		   "关于印发方案的通知\n各单位：\n请执行。\n任务\t牵头单位\n治理<燃气>&隐患\t住建局\n\n\n");
}

static void docx_broken_or_hostile(void **state)
{
	(void)state;
	str good = make_docx(arena, "<w:p><w:r><w:t>好</w:t></w:r></w:p>");
	for (size_t n = 4; n < good.n; n += 7) {
		struct doc_limits lim = doc_limits_default();
		struct doc_text d;
		struct fail f;
		assert_int_equal(doc_read(arena, S("x.docx"), str_sub(good, 0, n), &lim, &d, &f), ERR_BAD_FORMAT);
	}
	refused("x.docx", S("这不是 Word"), ERR_BAD_FORMAT, "err.doc_mismatch");
	refused("x.docx", make_docx(arena, "<w:p>"), ERR_BAD_FORMAT, "err.xml_broken");
	struct made_part lol = { "word/document.xml",
				 S("<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>" WORD_HEAD
				   "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>" WORD_TAIL) };
	refused("x.docx", make_zip(arena, &lol, 1), ERR_BAD_FORMAT, "err.xml_doctype");
	struct made_part other = { "mimetype", S("application/epub+zip") };
	refused("x.docx", make_zip(arena, &other, 1), ERR_UNSUPPORTED, "err.doc_archive");
	other.name = "OFD.xml";
	refused("x.ofd", make_zip(arena, &other, 1), ERR_UNSUPPORTED, "err.doc_ofd");
	refused("x.doc", S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word 97"), ERR_UNSUPPORTED, "err.doc_ole");
}

static void content_types_decide(void **state)
{
	(void)state;
	struct made_part parts[] = {
		{ "[Content_Types].xml", S("<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/"
					   "vnd.openxmlformats-officedocument.presentationml.presentation.main+xml\"/>"
					   "</Types>") },
		{ "word/document.xml", S(WORD_HEAD WORD_TAIL) },
	};
	refused("x.docx", make_zip(arena, parts, 2), ERR_UNSUPPORTED, "err.doc_slides");
	str book = make_xlsx(arena, "<sheetData><row><c t=\"inlineStr\"><is><t>表</t></is></c></row></sheetData>", "", "");
	assert_int_equal(read_ok("misnamed.docx", book).format, DOC_XLSX);
}

static void bombs_are_refused(void **state)
{
	(void)state;
	size_t n = (size_t)40 << 20;
	char *blanks = arena_alloc(arena, n);
	memset(blanks, ' ', n);
	struct made_part bomb = { "word/document.xml", { blanks, n } };
	str bytes = make_zip(arena, &bomb, 1);
	assert_true(n / bytes.n > 900);
	refused("x.docx", bytes, ERR_TOO_LARGE, "err.zip_ratio");

	struct doc_limits lim = doc_limits_default();
	struct doc_text d;
	struct fail f;
	lim.max_ratio = 5000;
	lim.max_inflated = (size_t)8 << 20;
	assert_int_equal(doc_read(arena, S("x.docx"), bytes, &lim, &d, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.zip_inflated");
	assert_string_equal(f.args[0].text, "8 MiB");
	lim.max_input = 100;
	assert_int_equal(doc_read(arena, S("x.docx"), bytes, &lim, &d, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.doc_too_large");
	lim = doc_limits_default();
	lim.max_text = 1000;
	assert_int_equal(doc_read(arena, S("x.txt"), str_sub((str){ blanks, n }, 0, 1001), &lim, &d, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.doc_text_too_large");
	lim.max_entries = 4;
	assert_int_equal(doc_read(arena, S("x.xlsx"), make_xlsx(arena, "", "", ""), &lim, &d, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.zip_entries");
}

static void deep_and_long_xml_is_refused(void **state)
{
	(void)state;
	struct buf b = BUF(arena);
	for (int i = 0; i < 300; i++)
		buf_put(&b, S("<w:sdt>"));
	refused("x.docx", make_docx(arena, buf_cstr(&b)), ERR_TOO_LARGE, "err.xml_depth");
	b.n = 0;
	buf_put(&b, S("<w:p w:x=\""));
	for (uint32_t i = 0; i < 400000; i++) /* hard to pack, so that the ratio is not what is refused */
		buf_printf(&b, "%x", i * 2654435761u);
	buf_put(&b, S("\"/>"));
	refused("x.docx", make_docx(arena, buf_cstr(&b)), ERR_TOO_LARGE, "err.xml_token");
}

/* ---- XLSX and PDF as documents ---- */

static void workbook_as_document(void **state)
{
	(void)state;
	struct doc_text d = read_ok("x.xlsx", make_xlsx(arena,
		"<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c>"
		"<c r=\"C3\"><v>0.1</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:C2\"/></mergeCells>",
		"<si><t>任务\n清单</t></si><si><r><t>燃</t></r><r><t>气</t></r><rPh><t>ranqi</t></rPh></si>", ""));
	assert_str(d.text, "任务 清单\n燃气\t\t0.1\n");
	struct doc_place place = doc_place_of(&d, find_cp(d.text, "0.1"));
	assert_string_equal(place.key, "doc.place.cell");
	assert_int_equal(place.row, 3);
	assert_int_equal(place.col, 3);
	assert_str(place.part, "表1");
	assert_str(doc_place_text(arena, &place), "表1!C3");
}

/* A PDF of one text line a page, with offsets as the format wants them. */
static str make_pdf(int pages, const char *what)
{
	struct buf b = BUF(arena);
	size_t at[32];
	int n = 0;
	buf_put(&b, S("%PDF-1.4\n"));
	at[++n] = b.n;
	buf_put(&b, S("1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"));
	at[++n] = b.n;
	buf_put(&b, S("2 0 obj<</Type/Pages/Kids["));
	for (int i = 0; i < pages; i++)
		buf_printf(&b, "%d 0 R ", 4 + 2 * i);
	buf_printf(&b, "]/Count %d>>endobj\n", pages);
	at[++n] = b.n;
	buf_put(&b, S("3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"));
	for (int i = 0; i < pages; i++) {
		at[++n] = b.n;
		buf_printf(&b, "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
			   "/Resources<</Font<</F 3 0 R>>>>>>endobj\n", n, n + 1);
		str text = arena_printf(arena, "BT /F 12 Tf 72 700 Td (%s %d.) Tj ET", what, i + 1);
		at[++n] = b.n;
		buf_printf(&b, "%d 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n", n, text.n, text.p);
	}
	size_t xref = b.n;
	buf_printf(&b, "xref\n0 %d\n0000000000 65535 f \n", n + 1);
	for (int i = 1; i <= n; i++)
		buf_printf(&b, "%010zu 00000 n \n", at[i]);
	buf_printf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", n + 1, xref);
	return buf_str(&b);
}

static void pdf_lines_become_paragraphs(void **state)
{
	(void)state;
	const struct doc_limits lim = doc_limits_default();
	struct doc_build b = DOC_BUILD(arena, &lim);
	pdf_flow(&b, S("某某市文件\n关于整治的通知\n\n各区人民政府要加强城镇燃气安全隐患排查整治工作落实企业主体\n责任，并于年底前完成。\n"
		       "一、加强组织领导和统筹协调工作明确各级各部门的工作职责和任务\n二、严格执行\n\n— 1 —\n\f"
		       "某某市文件\n市应急管理局负责统筹协调全市的安全生产综合监督管理工作指导各\n- 2 -\n\f"
		       "某某市文件\n区开展检查。\n附件 .......................................................... 4\n末行\n3\n\f"));
	struct doc_text d = { .text = buf_str(&b.text), .codepoints = b.cp, .format = DOC_PDF,
			      .segments = b.segments.v, .nsegments = b.segments.n };
	assert_str(d.text, "某某市文件\n关于整治的通知\n各区人民政府要加强城镇燃气安全隐患排查整治工作落实企业主体责任，并于年底前完成。\n"
			   "一、加强组织领导和统筹协调工作明确各级各部门的工作职责和任务\n二、严格执行\n"
			   "市应急管理局负责统筹协调全市的安全生产综合监督管理工作指导各区开展检查。\n"
			   "附件 .......................................................... 4\n末行");
	assert_int_equal(doc_place_of(&d, find_cp(d.text, "市应急")).number, 2);
	assert_int_equal(doc_place_of(&d, find_cp(d.text, "区开展")).number, 3);
	assert_int_equal(doc_segment_at(&d, find_cp(d.text, "责任，并"))->sub, 5);
}

static bool have_pdftotext(void)
{
	return access("/usr/bin/pdftotext", X_OK) == 0 || access("/usr/local/bin/pdftotext", X_OK) == 0;
}

static void pdf_pages_through_the_program(void **state)
{
	(void)state;
	if (!have_pdftotext())
		skip();
	struct doc_text d = read_ok("x.pdf", make_pdf(3, "Sentence of page"));
	assert_str(d.text, "Sentence of page 1.\nSentence of page 2.\nSentence of page 3.");
	struct doc_place place = doc_place_of(&d, find_cp(d.text, "page 3"));
	assert_string_equal(place.key, "doc.place.page");
	assert_int_equal(place.number, 3);
	refused("x.pdf", S("%PDF-1.4\nrubbish"), ERR_BAD_FORMAT, "err.pdf_broken");
	str scan = make_pdf(1, "");
	memset((char *)(uintptr_t)(scan.p + str_find(scan, S("( 1.)"))), ' ', 5);
	refused("x.pdf", scan, ERR_BAD_FORMAT, "err.pdf_no_text");
}

static void pdf_without_the_program(void **state)
{
	(void)state;
	struct doc_limits lim = doc_limits_default();
	struct doc_text d;
	struct fail f;
	lim.pdftotext = "no-such-program-pdftotext";
	assert_int_equal(doc_read(arena, S("x.pdf"), S("%PDF-1.4"), &lim, &d, &f), ERR_MISSING_TOOL);
	assert_string_equal(f.key, "err.missing_program");
	assert_string_equal(f.args[0].text, "no-such-program-pdftotext");
}

static const char *make_program(char *path, const char *script)
{
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, script, strlen(script)), (ssize_t)strlen(script));
	assert_int_equal(fchmod(fd, 0700), 0);
	close(fd);
	return path;
}

static void pdf_program_is_held_to_its_limits(void **state)
{
	(void)state;
	struct doc_limits lim = doc_limits_default();
	struct doc_text d;
	struct fail f;
	lim.pdftotext = "/bin/false";
	assert_int_equal(doc_read(arena, S("x.pdf"), S("%PDF-1.4 /Encrypt"), &lim, &d, &f), ERR_BAD_FORMAT);
	assert_string_equal(f.key, "err.pdf_encrypted");
	char endless[] = "/tmp/bihuan-test-XXXXXX", idle[] = "/tmp/bihuan-test-XXXXXX";
	lim.pdftotext = make_program(endless, "#!/bin/sh\nexec yes\n");
	lim.max_text = (size_t)1 << 20;
	assert_int_equal(doc_read(arena, S("x.pdf"), S("%PDF-1.4"), &lim, &d, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.doc_text_too_large");
	unlink(endless);
	lim.pdftotext = make_program(idle, "#!/bin/sh\nexec sleep 60\n");
	lim.pdf_seconds = 0;
	assert_int_equal(doc_read(arena, S("x.pdf"), S("%PDF-1.4"), &lim, &d, &f), ERR_TOO_LARGE);
	assert_string_equal(f.key, "err.pdf_timeout");
	unlink(idle);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(plain_text_stays_as_read),	    T(gb18030_is_accepted_and_said_so),
		T(utf16_with_and_without_mark),	    T(big5_where_it_clearly_is),
		T(bytes_that_are_no_text_are_refused), T(html_gives_lines_and_cells),
		T(html_title_and_charset),	    T(html_furniture_is_left_out),
		T(html_broken_markup),		    T(html_maps_to_its_source),
		T(docx_paragraphs_and_tables),	    T(docx_revisions_and_hidden_text),
		T(docx_footnotes_follow),	    T(docx_written_is_read_again),
		T(docx_broken_or_hostile),	    T(content_types_decide),
		T(bombs_are_refused),		    T(deep_and_long_xml_is_refused),
		T(pdf_lines_become_paragraphs), T(workbook_as_document),	    T(pdf_pages_through_the_program),
		T(pdf_without_the_program),	    T(pdf_program_is_held_to_its_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
