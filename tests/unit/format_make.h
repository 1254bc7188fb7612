/* Builds packages for the tests of the format readers. */
#ifndef FORMAT_MAKE_H
#define FORMAT_MAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct made_part {
	const char *name;
	str content;
};

#define WORD_HEAD "<w:document xmlns:w=\"urn:w\" xmlns:m=\"urn:m\" xmlns:mc=\"urn:mc\"><w:body>"
#define WORD_TAIL "</w:body></w:document>"
#define REL_TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static inline str make_zip(struct arena *a, const struct made_part *parts, size_t n)
{
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, NULL);
	zip_stat_t st;
	assert_non_null(zip);
	zip_source_keep(target);
	for (size_t i = 0; i < n; i++)
		assert_true(zip_file_add(zip, parts[i].name,
					 zip_source_buffer(zip, parts[i].content.p, parts[i].content.n, 0), 0) >= 0);
	assert_int_equal(zip_close(zip), 0);
	assert_int_equal(zip_source_stat(target, &st), 0);
	assert_int_equal(zip_source_open(target), 0);
	char *p = arena_alloc(a, (size_t)st.size + 1);
	assert_int_equal(zip_source_read(target, p, st.size), (zip_int64_t)st.size);
	zip_source_close(target);
	zip_source_free(target);
	return (str){ p, (size_t)st.size };
}

/* A DOCX of this body, without the parts that Word would add. */
static inline str make_docx(struct arena *a, const char *body)
{
	struct made_part part = { "word/document.xml", arena_printf(a, WORD_HEAD "%s" WORD_TAIL, body) };
	return make_zip(a, &part, 1);
}

/* An XLSX of one sheet named 表1: the rest of <worksheet>, shared strings and styles as given. */
static inline str make_xlsx(struct arena *a, const char *sheet, const char *strings, const char *styles)
{
	struct made_part parts[] = {
		{ "xl/workbook.xml", S("<workbook xmlns:r=\"urn:r\"><workbookPr/><sheets><sheet name=\"表1\" sheetId=\"1\" "
				       "r:id=\"rId1\"/></sheets></workbook>") },
		{ "xl/_rels/workbook.xml.rels",
		  S("<Relationships><Relationship Id=\"rId1\" Type=\"" REL_TYPE
		    "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" REL_TYPE
		    "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" REL_TYPE
		    "styles\" Target=\"styles.xml\"/></Relationships>") },
		{ "xl/worksheets/sheet1.xml", arena_printf(a, "<worksheet>%s</worksheet>", sheet) },
		{ "xl/sharedStrings.xml", arena_printf(a, "<sst>%s</sst>", strings) },
		{ "xl/styles.xml", arena_printf(a, "<styleSheet>%s</styleSheet>", styles) },
	};
	return make_zip(a, parts, COUNT_OF(parts));
}

static inline void assert_str(str got, const char *want)
{
	char *p = strndup(got.p ? got.p : "", got.n);
	assert_string_equal(p, want);
	free(p);
}

#endif
