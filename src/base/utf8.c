#include "base/utf8.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

static bool is_cont(str s, size_t i)
{
	return i < s.n && ((unsigned char)s.p[i] & 0xC0) == 0x80;
}

/* Length of the well-formed sequence at i, or 0. */
static size_t sequence(str s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];
	unsigned char d = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
	if (c < 0x80)
		return 1;
	if (c >= 0xC2 && c <= 0xDF)
		return is_cont(s, i + 1) ? 2 : 0;
	if (c >= 0xE0 && c <= 0xEF) {
		if ((c == 0xE0 && d < 0xA0) || (c == 0xED && d > 0x9F))
			return 0;
		return is_cont(s, i + 1) && is_cont(s, i + 2) ? 3 : 0;
	}
	if (c >= 0xF0 && c <= 0xF4) {
		if ((c == 0xF0 && d < 0x90) || (c == 0xF4 && d > 0x8F))
			return 0;
		return is_cont(s, i + 1) && is_cont(s, i + 2) && is_cont(s, i + 3) ? 4 : 0;
	}
	return 0;
}

uint32_t utf8_next(str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p + *at;
	size_t n = sequence(s, *at);
	*at += n ? n : 1;
	switch (n) {
	case 1:
		return p[0];
	case 2:
		return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
	case 3:
		return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
	case 4:
		return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
		       (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
	default:
		return REPLACEMENT;
	}
}

size_t utf8_encode(uint32_t cp, char out[static 4])
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

/* How far a run of three-byte sequences U+1000…U+CFFF reaches from i: Chinese text is little else. */
static size_t skip_han(str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p;
	while (s.n - i >= 3 && p[i] > 0xE0 && p[i] < 0xED && (p[i + 1] & 0xC0) == 0x80 && (p[i + 2] & 0xC0) == 0x80)
		i += 3;
	return i;
}

bool utf8_valid(str s)
{
	for (size_t i = 0; i < s.n;) {
		uint64_t eight;
		if (s.n - i >= 8) {
			memcpy(&eight, s.p + i, 8);
			if (!(eight & 0x8080808080808080u)) {
				i += 8;
				continue;
			}
		}
		i = skip_han(s, i);
		if (i == s.n)
			break;
		size_t n = sequence(s, i);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

size_t utf8_count(str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

size_t utf8_offset(str s, size_t codepoints)
{
	size_t i = 0;
	while (i < s.n) {
		if (((unsigned char)s.p[i] & 0xC0) != 0x80 && codepoints-- == 0)
			break;
		i++;
	}
	return i;
}

str utf8_cut(str s, size_t max_codepoints)
{
	return str_sub(s, 0, utf8_offset(s, max_codepoints));
}
