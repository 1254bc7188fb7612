#include "format/docx_out.h"

#include <string.h>
#include <zip.h>

#include "base/utf8.h"

/* Sizes are half points, lengths twentieths of a point. Page and type follow the usual form of official
 * papers: margins 37 mm above, 35 below, 28 left, 26 right; lines of 28.8 pt. */
static const char page[] =
	"<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
	"<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1985\" w:left=\"1588\" w:header=\"851\" "
	"w:footer=\"992\" w:gutter=\"0\"/></w:sectPr>";

static const struct {
	const char *id, *name, *paragraph, *font, *half_points;
} styles[DOCX_STYLE_COUNT] = {
	[DOCX_BODY] = { "Body", "Body Text", "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/>",
			"仿宋_GB2312", "32" },
	[DOCX_PLAIN] = { "Plain", "Plain Text", "<w:jc w:val=\"both\"/>", "仿宋_GB2312", "32" },
	[DOCX_TITLE] = { "Title", "Title", "<w:jc w:val=\"center\"/>", "方正小标宋简体", "44" },
	[DOCX_HEADING1] = { "Heading1", "heading 1",
			    "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"0\"/>", "黑体",
			    "32" },
	[DOCX_HEADING2] = { "Heading2", "heading 2",
			    "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"1\"/>",
			    "楷体_GB2312", "32" },
	[DOCX_RIGHT] = { "Right", "Signature", "<w:jc w:val=\"right\"/>", "仿宋_GB2312", "32" },
};

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W_NS "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""

static const char content_types[] =
	XML_HEAD "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
		 "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
		 "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
		 "<Override PartName=\"/word/document.xml\" ContentType=\"application/"
		 "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
		 "<Override PartName=\"/word/styles.xml\" ContentType=\"application/"
		 "vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>"
		 "<Override PartName=\"/word/fontTable.xml\" ContentType=\"application/"
		 "vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml\"/></Types>";

static const char root_rels[] =
	XML_HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
		 "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
		 "relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";

static const char document_rels[] =
	XML_HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
		 "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
		 "relationships/styles\" Target=\"styles.xml\"/>"
		 "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
		 "relationships/fontTable\" Target=\"fontTable.xml\"/></Relationships>";

/* What a machine without these fonts shows instead. */
static const char font_table[] =
	XML_HEAD "<w:fonts " W_NS ">"
		 "<w:font w:name=\"方正小标宋简体\"><w:altName w:val=\"SimSun\"/></w:font>"
		 "<w:font w:name=\"仿宋_GB2312\"><w:altName w:val=\"FangSong\"/></w:font>"
		 "<w:font w:name=\"楷体_GB2312\"><w:altName w:val=\"KaiTi\"/></w:font>"
		 "<w:font w:name=\"黑体\"><w:altName w:val=\"SimHei\"/></w:font></w:fonts>";

static void put_c(struct buf *b, const char *s)
{
	buf_put(b, str_of(s));
}

/* Characters that XML 1.0 does not allow are left out. */
static void put_escaped(struct buf *b, str s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);
		if (c == '<')
			buf_put(b, S("&lt;"));
		else if (c == '>')
			buf_put(b, S("&gt;"));
		else if (c == '&')
			buf_put(b, S("&amp;"));
		else if ((c >= 0x20 || c == '\t') && c != 0xFFFE && c != 0xFFFF)
			buf_codepoint(b, c);
	}
}

static void put_runs(struct buf *b, str text)
{
	str line;
	buf_put(b, S("<w:r>"));
	for (bool first = true; str_cut(&text, '\n', &line); first = false) {
		if (!first)
			buf_put(b, S("<w:br/>"));
		buf_put(b, S("<w:t xml:space=\"preserve\">"));
		put_escaped(b, line);
		buf_put(b, S("</w:t>"));
	}
	buf_put(b, S("</w:r>"));
}

void docx_out_begin(struct docx_out *o, struct arena *a)
{
	o->body = BUF(a);
	put_c(&o->body, XML_HEAD "<w:document " W_NS "><w:body>");
}

void docx_out_paragraph(struct docx_out *o, enum docx_style style, str text)
{
	buf_printf(&o->body, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", styles[style].id);
	if (text.n)
		put_runs(&o->body, text);
	put_c(&o->body, "</w:p>");
}

static void put_cell(struct buf *b, str text, bool title)
{
	put_c(b, "<w:tc><w:tcPr><w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Cell\"/>");
	put_c(b, title ? "<w:jc w:val=\"center\"/></w:pPr>" : "</w:pPr>");
	if (text.n)
		put_runs(b, text);
	put_c(b, "</w:p></w:tc>");
}

void docx_out_table(struct docx_out *o, const str *cells, size_t rows, size_t columns)
{
	static const char *const sides[] = { "top", "left", "bottom", "right", "insideH", "insideV" };
	struct buf *b = &o->body;
	put_c(b, "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
	for (size_t i = 0; i < COUNT_OF(sides); i++)
		buf_printf(b, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>", sides[i]);
	put_c(b, "</w:tblBorders></w:tblPr><w:tblGrid>");
	for (size_t c = 0; c < columns; c++)
		buf_printf(b, "<w:gridCol w:w=\"%zu\"/>", 8844 / columns);
	put_c(b, "</w:tblGrid>");
	for (size_t r = 0; r < rows; r++) {
		put_c(b, r ? "<w:tr>" : "<w:tr><w:trPr><w:tblHeader/></w:trPr>");
		for (size_t c = 0; c < columns; c++)
			put_cell(b, cells[r * columns + c], r == 0);
		put_c(b, "</w:tr>");
	}
	put_c(b, "</w:tbl>");
}

void docx_out_page_break(struct docx_out *o)
{
	put_c(&o->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
}

static void put_style(struct buf *b, const char *id, const char *name, const char *paragraph, const char *font,
		      const char *half_points)
{
	buf_printf(b,
		   "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:pPr>"
		   "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"%s\" w:lineRule=\"%s\"/>%s</w:pPr><w:rPr>"
		   "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"%s\"/>"
		   "<w:sz w:val=\"%s\"/><w:szCs w:val=\"%s\"/></w:rPr></w:style>",
		   id, name, strcmp(id, "Cell") ? "576" : "240", strcmp(id, "Cell") ? "exact" : "auto", paragraph,
		   font, half_points, half_points);
}

static str style_part(struct arena *a)
{
	struct buf b = BUF(a);
	put_c(&b, XML_HEAD "<w:styles " W_NS ">");
	for (size_t i = 0; i < DOCX_STYLE_COUNT; i++)
		put_style(&b, styles[i].id, styles[i].name, styles[i].paragraph, styles[i].font,
			  styles[i].half_points);
	put_style(&b, "Cell", "Table Cell", "", "仿宋_GB2312", "24");
	put_c(&b, "</w:styles>");
	return buf_str(&b);
}

static bool add_part(zip_t *zip, const char *name, str content)
{
	zip_source_t *source = zip_source_buffer(zip, content.p, content.n, 0);
	zip_int64_t at = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
	if (at < 0) {
		zip_source_free(source);
		return false;
	}
	return zip_file_set_dostime(zip, (zip_uint64_t)at, 0, 0x21, 0) == 0; /* 1980-01-01: bytes repeat */
}

static bool add_parts(zip_t *zip, struct arena *a, str body)
{
	return add_part(zip, "[Content_Types].xml", str_of(content_types)) &&
	       add_part(zip, "_rels/.rels", str_of(root_rels)) &&
	       add_part(zip, "word/_rels/document.xml.rels", str_of(document_rels)) &&
	       add_part(zip, "word/document.xml", body) &&
	       add_part(zip, "word/styles.xml", style_part(a)) &&
	       add_part(zip, "word/fontTable.xml", str_of(font_table));
}

static bool read_back(zip_source_t *source, struct arena *a, str *ret)
{
	zip_stat_t st;
	if (zip_source_stat(source, &st) < 0 || zip_source_open(source) < 0)
		return false;
	char *p = arena_alloc(a, (size_t)st.size + 1);
	zip_int64_t n = zip_source_read(source, p, st.size);
	zip_source_close(source);
	*ret = (str){ p, (size_t)st.size };
	return n >= 0 && (zip_uint64_t)n == st.size;
}

err docx_out_end(struct docx_out *o, str *ret_bytes, struct fail *f)
{
	struct arena *a = o->body.a;
	put_c(&o->body, page);
	put_c(&o->body, "</w:body></w:document>");
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *zip = target ? zip_open_from_source(target, ZIP_TRUNCATE, NULL) : NULL;
	if (!zip) {
		zip_source_free(target);
		return FAIL(f, IO, "", "err.io");
	}
	zip_source_keep(target);
	bool ok = add_parts(zip, a, buf_str(&o->body));
	if (!ok || zip_close(zip) < 0) {
		zip_discard(zip);
		ok = false;
	}
	ok = ok && read_back(target, a, ret_bytes);
	zip_source_free(target);
	return ok ? ERR_OK : FAIL(f, IO, "", "err.io");
}
