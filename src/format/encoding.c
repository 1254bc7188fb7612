#include "format/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

static const struct {
	const char *name, *note_key, *iconv_name;
} encodings[ENCODING_COUNT] = {
	[ENCODING_UTF8] = { "UTF-8", "doc.encoding.utf8", "UTF-8" },
	[ENCODING_UTF16LE] = { "UTF-16LE", "doc.encoding.utf16", "UTF-16LE" },
	[ENCODING_UTF16BE] = { "UTF-16BE", "doc.encoding.utf16", "UTF-16BE" },
	[ENCODING_GB18030] = { "GB18030", "doc.encoding.gb18030", "GB18030" },
	[ENCODING_BIG5] = { "Big5", "doc.encoding.big5", "BIG5-HKSCS" },
};

static const struct {
	const char *label;
	enum text_encoding encoding;
} labels[] = {
	{ "utf-8", ENCODING_UTF8 },           { "utf8", ENCODING_UTF8 },
	{ "gb2312", ENCODING_GB18030 },       { "gb_2312-80", ENCODING_GB18030 },
	{ "gbk", ENCODING_GB18030 },          { "x-gbk", ENCODING_GB18030 },
	{ "gb18030", ENCODING_GB18030 },      { "cp936", ENCODING_GB18030 },
	{ "windows-936", ENCODING_GB18030 },  { "big5", ENCODING_BIG5 },
	{ "big5-hkscs", ENCODING_BIG5 },      { "x-x-big5", ENCODING_BIG5 },
	{ "cp950", ENCODING_BIG5 },
}; /* no UTF-16: a page that can name it in ASCII is not written in it */

const char *encoding_name(enum text_encoding e)
{
	return encodings[e].name;
}

const char *encoding_note_key(enum text_encoding e)
{
	return encodings[e].note_key;
}

bool encoding_from_label(str label, enum text_encoding *ret)
{
	label = str_trim(label);
	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		if (str_eq_nocase(label, str_of(labels[i].label))) {
			*ret = labels[i].encoding;
			return true;
		}
	}
	return false;
}

/* Converts all of `bytes` or nothing; *ret_bad is the offset of the first byte that does not fit. */
static bool convert(struct arena *a, enum text_encoding from, str bytes, str *ret, size_t *ret_bad)
{
	iconv_t cd = iconv_open("UTF-8", encodings[from].iconv_name);
	*ret_bad = 0;
	if (cd == (iconv_t)-1)
		return false;
	struct buf out = BUF(a);
	buf_reserve(&out, bytes.n + bytes.n / 2 + 16);
	char *in = (char *)(uintptr_t)bytes.p; /* iconv does not write here */
	size_t left = bytes.n, got;
	do {
		char *to = out.p + out.n;
		size_t room = out.cap - out.n;
		got = iconv(cd, &in, &left, &to, &room);
		out.n = out.cap - room;
		if (got == (size_t)-1 && errno == E2BIG)
			buf_reserve(&out, left * 2 + 16);
	} while (got == (size_t)-1 && errno == E2BIG);
	iconv_close(cd);
	*ret_bad = bytes.n - left;
	if (got == (size_t)-1)
		return false;
	*ret = buf_str(&out);
	return true;
}

struct pairs {
	size_t total, gb, big5; /* two-byte characters, and those in the common rows of either set */
};

/* Level 1 of GB 2312 fills rows B0-D7 with trail bytes from A1; level 1 of Big5 fills A4-C6 and uses
 * trail bytes below 7F for almost half of its characters. Text of the one looks rare in the other. */
static struct pairs count_pairs(str s)
{
	struct pairs p = { 0 };
	for (size_t i = 0; i + 1 < s.n; i++) {
		unsigned c = (unsigned char)s.p[i], d = (unsigned char)s.p[i + 1];
		if (c < 0x81)
			continue;
		i++;
		p.total++;
		p.gb += d >= 0xA1 && ((c >= 0xA1 && c <= 0xA3) || (c >= 0xB0 && c <= 0xD7));
		p.big5 += c >= 0xA1 && c <= 0xC6 && ((d >= 0x40 && d <= 0x7E) || d >= 0xA1);
	}
	return p;
}

static bool clearly_big5(str s)
{
	struct pairs p = count_pairs(s);
	return p.total >= 8 && p.big5 * 10 >= p.total * 9 && p.gb * 4 < p.total * 3;
}

/* Damaged UTF-8 must not be taken for GB18030, which would accept most of it as other characters. Only
 * sequences of three bytes and more count: those of two are as frequent in GB18030 as in UTF-8. */
static bool mostly_utf8(str s, size_t *ret_bad)
{
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < s.n;) {
		size_t at = i;
		if ((unsigned char)s.p[i] < 0x80) {
			i++;
			continue;
		}
		utf8_next(s, &i);
		if (i - at > 2)
			good += i - at;
		else if (i - at == 1 && bad++ == 0)
			*ret_bad = at;
	}
	return good >= 6 && good >= bad * 3;
}

/* The share of characters that a text of ours would have: ASCII, Chinese and its punctuation. */
static bool plausible(str utf8)
{
	size_t good = 0, total = 0;
	for (size_t i = 0; i < utf8.n; total++) {
		uint32_t c = utf8_next(utf8, &i);
		good += (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t' ||
			(c >= 0x2010 && c <= 0x2030) || (c >= 0x3000 && c <= 0x30FF) ||
			(c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xFF00 && c <= 0xFFEF);
	}
	return total && good * 100 >= total * 95;
}

static bool utf16_without_mark(struct arena *a, str bytes, struct decoded *ret)
{
	static const enum text_encoding both[] = { ENCODING_UTF16LE, ENCODING_UTF16BE };
	size_t bad;
	str text;
	if (bytes.n % 2 || bytes.n < 4)
		return false;
	for (size_t i = 0; i < COUNT_OF(both); i++) {
		if (convert(a, both[i], bytes, &text, &bad) && plausible(text)) {
			*ret = (struct decoded){ .text = text, .encoding = both[i] };
			return true;
		}
	}
	return false;
}

static err refuse(struct fail *f, const char *key, size_t byte)
{
	char text[24];
	snprintf(text, sizeof text, "%zu", byte);
	return FAIL(f, BAD_INPUT, "", key, "byte", text);
}

static err decode_as(struct arena *a, str bytes, enum text_encoding e, bool bom, struct decoded *ret,
		     struct fail *f)
{
	str text = bytes;
	size_t bad = 0;
	bool ok = e == ENCODING_UTF8 ? utf8_valid(bytes) : convert(a, e, bytes, &text, &bad);
	if (!ok) {
		if (e == ENCODING_UTF8)
			mostly_utf8(bytes, &bad);
		return refuse(f, e == ENCODING_UTF8 ? "err.encoding_utf8" : "err.encoding", bad);
	}
	*ret = (struct decoded){ .text = text, .encoding = e, .bom = bom };
	return ERR_OK;
}

/* Length of the byte order mark, 0 for none. */
static size_t find_bom(str bytes, enum text_encoding *ret)
{
	if (str_starts(bytes, S("\xef\xbb\xbf")))
		return *ret = ENCODING_UTF8, 3;
	if (str_starts(bytes, S("\xff\xfe")))
		return *ret = ENCODING_UTF16LE, 2;
	if (str_starts(bytes, S("\xfe\xff")))
		return *ret = ENCODING_UTF16BE, 2;
	if (str_starts(bytes, S("\x84\x31\x95\x33")))
		return *ret = ENCODING_GB18030, 4;
	return 0;
}

static err refuse_nul(struct decoded *d, struct fail *f)
{
	ptrdiff_t nul = str_find_char(d->text, 0);
	return nul < 0 ? ERR_OK : refuse(f, "err.encoding_binary", (size_t)nul);
}

static err detect(struct arena *a, str bytes, struct decoded *ret, struct fail *f)
{
	size_t bad = 0;
	if (utf8_valid(bytes)) {
		if (str_find_char(bytes, 0) >= 0 && utf16_without_mark(a, bytes, ret))
			return ERR_OK;
		*ret = (struct decoded){ .text = bytes, .encoding = ENCODING_UTF8 };
		return ERR_OK;
	}
	if (str_find_char(bytes, 0) >= 0 && utf16_without_mark(a, bytes, ret))
		return ERR_OK;
	if (str_find_char(bytes, 0) >= 0)
		return refuse(f, "err.encoding_binary", (size_t)str_find_char(bytes, 0));
	if (mostly_utf8(bytes, &bad))
		return refuse(f, "err.encoding_utf8", bad);
	if (clearly_big5(bytes) && decode_as(a, bytes, ENCODING_BIG5, false, ret, NULL) == ERR_OK)
		return ERR_OK;
	return decode_as(a, bytes, ENCODING_GB18030, false, ret, f);
}

err text_decode(struct arena *a, str bytes, const enum text_encoding *hint, struct decoded *ret,
		struct fail *f)
{
	enum text_encoding marked;
	struct decoded d;
	size_t bom = find_bom(bytes, &marked);
	if (bom)
		TRY(decode_as(a, str_sub(bytes, bom, bytes.n), marked, true, &d, f));
	else if (!hint || decode_as(a, bytes, *hint, false, &d, NULL) != ERR_OK)
		TRY(detect(a, bytes, &d, f));
	TRY(refuse_nul(&d, f));
	*ret = d;
	return ERR_OK;
}
