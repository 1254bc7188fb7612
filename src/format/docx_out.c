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
	[DOCX_RIGHT] = { "Right", "Signature", "<w:ind w:rightChars=\"200\" w:right=\"640\"/><w:jc w:val=\"right\"/>", "仿宋_GB2312",
			 "32" },
	[DOCX_CENTRE] = { "Centre", "Number", "<w:jc w:val=\"center\"/>", "仿宋_GB2312", "32" },
	[DOCX_NOTE] = { "Note", "Note", "<w:jc w:val=\"left\"/>", "仿宋_GB2312", "21" },
	[DOCX_RED_HEAD] = { "RedHead", "Red head",
			    "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"18\" w:space=\"6\" w:color=\"C00000\"/></w:pBdr>"
			    "<w:jc w:val=\"center\"/>",
			    "方正小标宋简体", "56" },
};

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W_NS "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define PICTURE_NS                                                                                           \
	"xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "                   \
	"xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" "               \
	"xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "                                 \
	"xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\""

static const char content_types[] =
	XML_HEAD "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
		 "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
		 "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
		 "<Default Extension=\"png\" ContentType=\"image/png\"/>"
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

static const char document_rels_head[] =
	XML_HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
		 "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
		 "relationships/styles\" Target=\"styles.xml\"/>"
		 "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
		 "relationships/fontTable\" Target=\"fontTable.xml\"/>";

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
		else if (c == '"')
			buf_put(b, S("&quot;"));
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
	*o = (struct docx_out){ .body = BUF(a) };
	put_c(&o->body, XML_HEAD "<w:document " W_NS " " PICTURE_NS "><w:body>");
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
	docx_out_grid(o, cells, rows, columns, true);
}

void docx_out_grid(struct docx_out *o, const str *cells, size_t rows, size_t columns, bool header)
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
		put_c(b, r || !header ? "<w:tr>" : "<w:tr><w:trPr><w:tblHeader/></w:trPr>");
		for (size_t c = 0; c < columns; c++)
			put_cell(b, cells[r * columns + c], header && r == 0);
		put_c(b, "</w:tr>");
	}
	put_c(b, "</w:tbl>");
}

/* Lengths are English Metric Units: 36,000 a millimetre. */
void docx_out_picture(struct docx_out *o, str png, int side_mm, str description)
{
	struct buf *b = &o->body;
	long side = side_mm * 36000L;
	size_t n = o->npictures + 1;
	if (n > DOCX_PICTURES)
		return;
	o->pictures[o->npictures++] = png;
	buf_printf(b, "<w:p><w:pPr><w:pStyle w:val=\"Note\"/><w:spacing w:line=\"240\" w:lineRule=\"auto\"/></w:pPr><w:r><w:drawing>"
		      "<wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"%ld\" cy=\"%ld\"/>"
		      "<wp:docPr id=\"%zu\" name=\"Picture %zu\" descr=\"", side, side, n, n);
	put_escaped(b, description);
	buf_printf(b, "\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
		      "<pic:nvPicPr><pic:cNvPr id=\"%zu\" name=\"image%zu.png\"/><pic:cNvPicPr/></pic:nvPicPr>"
		      "<pic:blipFill><a:blip r:embed=\"rImg%zu\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
		      "<pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%ld\" cy=\"%ld\"/></a:xfrm>"
		      "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
		      "</wp:inline></w:drawing></w:r></w:p>", n, n, n, side, side);
}

void docx_out_page_break(struct docx_out *o)
{
	put_c(&o->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
}

static void put_style(struct buf *b, const char *id, const char *name, const char *paragraph, const char *font,
		      const char *half_points)
{
	const char *red = strcmp(id, "RedHead") ? "" : "<w:color w:val=\"C00000\"/>";
	bool grows = !strcmp(id, "Cell") || !strcmp(id, "Note") || !strcmp(id, "RedHead");
	buf_printf(b,
		   "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:pPr>"
		   "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"%s\" w:lineRule=\"%s\"/>%s</w:pPr><w:rPr>"
		   "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"%s\"/>"
		   "%s<w:sz w:val=\"%s\"/><w:szCs w:val=\"%s\"/></w:rPr></w:style>",
		   id, name, grows ? "240" : "576", grows ? "auto" : "exact", paragraph, font, red, half_points, half_points);
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

static str document_rels(struct arena *a, const struct docx_out *o)
{
	struct buf b = BUF(a);
	put_c(&b, document_rels_head);
	for (size_t i = 1; i <= o->npictures; i++)
		buf_printf(&b, "<Relationship Id=\"rImg%zu\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
			       "relationships/image\" Target=\"media/image%zu.png\"/>", i, i);
	put_c(&b, "</Relationships>");
	return buf_str(&b);
}

static bool add_pictures(zip_t *zip, struct arena *a, const struct docx_out *o)
{
	for (size_t i = 0; i < o->npictures; i++)
		if (!add_part(zip, arena_printf(a, "word/media/image%zu.png", i + 1).p, o->pictures[i]))
			return false;
	return true;
}

static bool add_parts(zip_t *zip, struct arena *a, const struct docx_out *o)
{
	return add_part(zip, "[Content_Types].xml", str_of(content_types)) &&
	       add_part(zip, "_rels/.rels", str_of(root_rels)) &&
	       add_part(zip, "word/_rels/document.xml.rels", document_rels(a, o)) &&
	       add_part(zip, "word/document.xml", buf_str(&o->body)) &&
	       add_part(zip, "word/styles.xml", style_part(a)) &&
	       add_part(zip, "word/fontTable.xml", str_of(font_table)) && add_pictures(zip, a, o);
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
	bool ok = add_parts(zip, a, o);
	if (!ok || zip_close(zip) < 0) {
		zip_discard(zip);
		ok = false;
	}
	ok = ok && read_back(target, a, ret_bytes);
	zip_source_free(target);
	return ok ? ERR_OK : FAIL(f, IO, "", "err.io");
}
