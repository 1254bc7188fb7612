#include "format/doctext.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "format/address.h"
#include "format/doc_build.h"
#include "format/opc.h"

static const struct {
	const char *ending;
	enum doc_format format;
} endings[] = {
	{ ".md", DOC_MARKDOWN },  { ".markdown", DOC_MARKDOWN }, { ".html", DOC_HTML },
	{ ".htm", DOC_HTML },     { ".xhtml", DOC_HTML },        { ".docx", DOC_DOCX },
	{ ".docm", DOC_DOCX },    { ".xlsx", DOC_XLSX },         { ".xlsm", DOC_XLSX },
	{ ".pdf", DOC_PDF },
};

/* What is known by its first bytes and cannot be read. */
static const struct {
	const char *magic;
	size_t n;
	const char *key;
} unreadable[] = {
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "err.doc_ole" }, /* Word 97, Excel 97, or with a password */
	{ "{\\rtf", 5, "err.doc_rtf" },
	{ "\x89PNG\r\n", 6, "err.doc_picture" },
	{ "\xff\xd8\xff", 3, "err.doc_picture" },
	{ "GIF8", 4, "err.doc_picture" },
	{ "II*\0", 4, "err.doc_picture" },
	{ "MM\0*", 4, "err.doc_picture" },
	{ "Rar!\x1a", 5, "err.doc_archive" },
	{ "7z\xbc\xaf", 4, "err.doc_archive" },
	{ "\x1f\x8b", 2, "err.doc_archive" },
};

const char *doc_format_name(enum doc_format f)
{
	static const char *const names[DOC_FORMAT_COUNT] = { "text", "markdown", "html",
							     "docx", "xlsx",     "pdf" };
	return names[f];
}

static bool ends_nocase(str s, str end)
{
	return s.n >= end.n && str_eq_nocase(str_sub(s, s.n - end.n, s.n), end);
}

static enum doc_format format_by_name(str name)
{
	for (size_t i = 0; i < COUNT_OF(endings); i++)
		if (ends_nocase(name, str_of(endings[i].ending)))
			return endings[i].format;
	return DOC_TEXT;
}

static bool starts_nocase(str s, str start)
{
	return s.n >= start.n && str_eq_nocase(str_sub(s, 0, start.n), start);
}

static bool looks_like_html(str bytes)
{
	str s = str_trim(str_sub(bytes, 0, 512));
	return starts_nocase(s, S("<!doctype html")) || starts_nocase(s, S("<html")) ||
	       starts_nocase(s, S("<head")) || starts_nocase(s, S("<body"));
}

static err name_promises_more(str name, enum doc_format promised, struct fail *f)
{
	char shown[FAIL_TEXT];
	snprintf(shown, sizeof shown, STR_FMT, STR_ARG(utf8_cut(name, 40)));
	return FAIL(f, BAD_FORMAT, "", "err.doc_mismatch", "name", shown, "format",
		    doc_format_name(promised));
}

err doc_sniff(str name, str bytes, enum doc_format *ret, struct fail *f)
{
	enum doc_format named = format_by_name(name);
	for (size_t i = 0; i < COUNT_OF(unreadable); i++)
		if (str_starts(bytes, (str){ unreadable[i].magic, unreadable[i].n }))
			return FAIL(f, UNSUPPORTED, "", unreadable[i].key);
	ptrdiff_t pdf = str_find(str_sub(bytes, 0, 1024), S("%PDF-")); /* some have rubbish before it */
	if (pdf == 0 || (pdf > 0 && named == DOC_PDF)) {
		*ret = DOC_PDF;
	} else if (str_starts(bytes, S("PK\x03\x04")) || str_starts(bytes, S("PK\x05\x06"))) {
		*ret = named == DOC_XLSX ? DOC_XLSX : DOC_DOCX; /* the package says which */
	} else if (looks_like_html(bytes)) {
		*ret = DOC_HTML;
	} else if (named == DOC_DOCX || named == DOC_XLSX || named == DOC_PDF) {
		return name_promises_more(name, named, f);
	} else {
		*ret = named;
	}
	return ERR_OK;
}

static err read_package(struct doc_build *b, str bytes, struct doc_text *d, struct fail *f)
{
	AUTO(package_drop) struct package *p = NULL;
	const char *main_part;
	enum opc_kind kind;
	TRY(package_open(bytes, b->lim, &p, f));
	TRY(opc_main(b->a, p, &main_part, &kind, f));
	switch (kind) {
	case OPC_WORD:
		d->format = DOC_DOCX;
		return docx_read(b, p, main_part, f);
	case OPC_SHEET:
		d->format = DOC_XLSX;
		return xlsx_read(b, bytes, f);
	case OPC_SLIDES:
		return FAIL(f, UNSUPPORTED, "", "err.doc_slides");
	case OPC_OFD:
		return FAIL(f, UNSUPPORTED, "", "err.doc_ofd");
	default:
		return FAIL(f, UNSUPPORTED, "", "err.doc_archive");
	}
}

static err read_decoded(struct doc_build *b, str bytes, struct doc_text *d, struct fail *f)
{
	enum text_encoding label;
	struct decoded text;
	bool labelled = d->format == DOC_HTML && html_charset(bytes, &label);
	TRY(text_decode(b->a, bytes, labelled ? &label : NULL, &text, f));
	d->encoding = text.encoding;
	d->bom = text.bom;
	if (d->format == DOC_HTML)
		return html_read(b, text.text, &d->title, f);
	b->full = text.text.n > b->lim->max_text;
	d->text = text.text;
	d->codepoints = (uint32_t)utf8_count(text.text);
	return ERR_OK;
}

static void take_build(const struct doc_build *b, struct doc_text *d)
{
	d->text = buf_str(&b->text);
	d->codepoints = b->cp;
	d->segments = b->segments.v;
	d->nsegments = b->segments.n;
	d->parts = b->parts.v;
	d->nparts = b->parts.n;
}

err doc_read(struct arena *a, str name, str bytes, const struct doc_limits *lim, struct doc_text *ret,
	     struct fail *f)
{
	struct doc_build b = DOC_BUILD(a, lim);
	struct doc_text d = { .encoding = ENCODING_UTF8 };
	if (bytes.n > lim->max_input)
		return refuse_size(f, "err.doc_too_large", lim->max_input);
	TRY(doc_sniff(name, bytes, &d.format, f));
	if (d.format == DOC_PDF)
		TRY(pdf_read(&b, bytes, f));
	else if (d.format == DOC_DOCX || d.format == DOC_XLSX)
		TRY(read_package(&b, bytes, &d, f));
	else
		TRY(read_decoded(&b, bytes, &d, f));
	TRY(doc_build_check(&b, f));
	if (d.format != DOC_TEXT && d.format != DOC_MARKDOWN)
		take_build(&b, &d);
	*ret = d;
	return ERR_OK;
}

const struct doc_segment *doc_segment_at(const struct doc_text *d, uint32_t codepoint)
{
	size_t lo = 0, hi = d->nsegments; /* the first segment that starts behind it */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (d->segments[mid].start <= codepoint)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? &d->segments[lo - 1] : NULL;
}

static uint32_t line_of(str text, uint32_t codepoint)
{
	size_t end = utf8_offset(text, codepoint);
	uint32_t line = 1;
	for (size_t i = 0; i < end; i++)
		line += text.p[i] == '\n';
	return line;
}

struct doc_place doc_place_of(const struct doc_text *d, uint32_t codepoint)
{
	const struct doc_segment *s = doc_segment_at(d, codepoint);
	struct doc_place place = { .key = "doc.place.line" };
	if (s && s->part < d->nparts)
		place.part = d->parts[s->part];
	if (d->format == DOC_TEXT || d->format == DOC_MARKDOWN || !s) {
		place.number = line_of(d->text, codepoint);
	} else if (d->format == DOC_HTML) {
		place.key = "doc.place.source";
		place.number = doc_source_of(d, codepoint);
	} else if (d->format == DOC_XLSX) {
		place.key = "doc.place.cell";
		place.row = s->at;
		place.col = s->sub;
	} else {
		place.key = d->format == DOC_PDF ? "doc.place.page" : "doc.place.paragraph";
		place.number = s->at;
	}
	return place;
}

uint32_t doc_source_of(const struct doc_text *d, uint32_t codepoint)
{
	const struct doc_segment *s = doc_segment_at(d, codepoint);
	return s && d->format == DOC_HTML ? s->at + (codepoint - s->start) : codepoint;
}

str doc_place_text(struct arena *a, const struct doc_place *place)
{
	if (place->row)
		return sheet_address(a, place->part, place->row, place->col);
	return arena_printf(a, "%u", place->number);
}
