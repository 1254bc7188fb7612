#include "format/html_entity.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by bytes. The flag: HTML accepts the name without its semicolon. */
static const struct entity {
	const char *name;
	uint16_t cp;
	bool bare;
} entities[] = {
	// clang-format off
	{ "AElig", 0xC6, true }, { "Aacute", 0xC1, true }, { "Acirc", 0xC2, true },
	{ "Agrave", 0xC0, true }, { "Alpha", 0x391, false }, { "Aring", 0xC5, true },
	{ "Atilde", 0xC3, true }, { "Auml", 0xC4, true }, { "Beta", 0x392, false },
	{ "Ccedil", 0xC7, true }, { "Dagger", 0x2021, false }, { "Delta", 0x394, false },
	{ "Eacute", 0xC9, true }, { "Ecirc", 0xCA, true }, { "Egrave", 0xC8, true },
	{ "Euml", 0xCB, true }, { "Gamma", 0x393, false }, { "Iacute", 0xCD, true },
	{ "Icirc", 0xCE, true }, { "Igrave", 0xCC, true }, { "Iuml", 0xCF, true },
	{ "Lambda", 0x39B, false }, { "NewLine", 0xA, false }, { "Ntilde", 0xD1, true },
	{ "Oacute", 0xD3, true }, { "Ocirc", 0xD4, true }, { "Ograve", 0xD2, true },
	{ "Omega", 0x3A9, false }, { "Oslash", 0xD8, true }, { "Otilde", 0xD5, true },
	{ "Ouml", 0xD6, true }, { "Phi", 0x3A6, false }, { "Pi", 0x3A0, false },
	{ "Prime", 0x2033, false }, { "Sigma", 0x3A3, false }, { "Tab", 0x9, false },
	{ "Theta", 0x398, false }, { "Uacute", 0xDA, true }, { "Ucirc", 0xDB, true },
	{ "Ugrave", 0xD9, true }, { "Uuml", 0xDC, true }, { "aacute", 0xE1, true },
	{ "acirc", 0xE2, true }, { "acute", 0xB4, true }, { "aelig", 0xE6, true },
	{ "agrave", 0xE0, true }, { "alpha", 0x3B1, false }, { "amp", 0x26, true },
	{ "and", 0x2227, false }, { "apos", 0x27, false }, { "aring", 0xE5, true },
	{ "ast", 0x2A, false }, { "asymp", 0x2248, false }, { "atilde", 0xE3, true },
	{ "auml", 0xE4, true }, { "bdquo", 0x201E, false }, { "beta", 0x3B2, false },
	{ "brvbar", 0xA6, true }, { "bsol", 0x5C, false }, { "bull", 0x2022, false },
	{ "cap", 0x2229, false }, { "ccedil", 0xE7, true }, { "cedil", 0xB8, true },
	{ "cent", 0xA2, true }, { "chi", 0x3C7, false }, { "clubs", 0x2663, false },
	{ "colon", 0x3A, false }, { "comma", 0x2C, false }, { "commat", 0x40, false },
	{ "copy", 0xA9, true }, { "cup", 0x222A, false }, { "curren", 0xA4, true },
	{ "dagger", 0x2020, false }, { "darr", 0x2193, false }, { "deg", 0xB0, true },
	{ "delta", 0x3B4, false }, { "diams", 0x2666, false }, { "divide", 0xF7, true },
	{ "dollar", 0x24, false }, { "eacute", 0xE9, true }, { "ecirc", 0xEA, true },
	{ "egrave", 0xE8, true }, { "empty", 0x2205, false }, { "emsp", 0x2003, false },
	{ "ensp", 0x2002, false }, { "epsilon", 0x3B5, false }, { "equals", 0x3D, false },
	{ "equiv", 0x2261, false }, { "eta", 0x3B7, false }, { "euml", 0xEB, true },
	{ "euro", 0x20AC, false }, { "excl", 0x21, false }, { "exist", 0x2203, false },
	{ "forall", 0x2200, false }, { "frac12", 0xBD, true }, { "frac14", 0xBC, true },
	{ "frac34", 0xBE, true }, { "gamma", 0x3B3, false }, { "ge", 0x2265, false },
	{ "grave", 0x60, false }, { "gt", 0x3E, true }, { "hArr", 0x21D4, false },
	{ "harr", 0x2194, false }, { "hearts", 0x2665, false }, { "hellip", 0x2026, false },
	{ "horbar", 0x2015, false }, { "iacute", 0xED, true }, { "icirc", 0xEE, true },
	{ "iexcl", 0xA1, true }, { "igrave", 0xEC, true }, { "infin", 0x221E, false },
	{ "int", 0x222B, false }, { "iquest", 0xBF, true }, { "isin", 0x2208, false },
	{ "iuml", 0xEF, true }, { "lambda", 0x3BB, false }, { "laquo", 0xAB, true },
	{ "larr", 0x2190, false }, { "lceil", 0x2308, false }, { "lcub", 0x7B, false },
	{ "ldquo", 0x201C, false }, { "le", 0x2264, false }, { "lfloor", 0x230A, false },
	{ "lowbar", 0x5F, false }, { "loz", 0x25CA, false }, { "lpar", 0x28, false },
	{ "lrm", 0x200E, false }, { "lsaquo", 0x2039, false }, { "lsqb", 0x5B, false },
	{ "lsquo", 0x2018, false }, { "lt", 0x3C, true }, { "macr", 0xAF, true },
	{ "mdash", 0x2014, false }, { "micro", 0xB5, true }, { "middot", 0xB7, true },
	{ "minus", 0x2212, false }, { "mu", 0x3BC, false }, { "nbsp", 0xA0, true },
	{ "ndash", 0x2013, false }, { "ne", 0x2260, false }, { "not", 0xAC, true },
	{ "ntilde", 0xF1, true }, { "nu", 0x3BD, false }, { "num", 0x23, false },
	{ "numero", 0x2116, false }, { "oacute", 0xF3, true }, { "ocirc", 0xF4, true },
	{ "ograve", 0xF2, true }, { "ohm", 0x3A9, false }, { "oline", 0x203E, false },
	{ "omega", 0x3C9, false }, { "oplus", 0x2295, false }, { "or", 0x2228, false },
	{ "ordf", 0xAA, true }, { "ordm", 0xBA, true }, { "oslash", 0xF8, true },
	{ "otilde", 0xF5, true }, { "ouml", 0xF6, true }, { "para", 0xB6, true },
	{ "part", 0x2202, false }, { "percnt", 0x25, false }, { "period", 0x2E, false },
	{ "permil", 0x2030, false }, { "perp", 0x22A5, false }, { "phi", 0x3C6, false },
	{ "pi", 0x3C0, false }, { "plus", 0x2B, false }, { "plusmn", 0xB1, true },
	{ "pound", 0xA3, true }, { "prime", 0x2032, false }, { "psi", 0x3C8, false },
	{ "quest", 0x3F, false }, { "quot", 0x22, true }, { "rArr", 0x21D2, false },
	{ "radic", 0x221A, false }, { "raquo", 0xBB, true }, { "rarr", 0x2192, false },
	{ "rceil", 0x2309, false }, { "rcub", 0x7D, false }, { "rdquo", 0x201D, false },
	{ "reg", 0xAE, true }, { "rfloor", 0x230B, false }, { "rho", 0x3C1, false },
	{ "rlm", 0x200F, false }, { "rpar", 0x29, false }, { "rsaquo", 0x203A, false },
	{ "rsqb", 0x5D, false }, { "rsquo", 0x2019, false }, { "sbquo", 0x201A, false },
	{ "sect", 0xA7, true }, { "semi", 0x3B, false }, { "shy", 0xAD, true }, { "sigma", 0x3C3, false },
	{ "sim", 0x223C, false }, { "sol", 0x2F, false }, { "spades", 0x2660, false },
	{ "sub", 0x2282, false }, { "sube", 0x2286, false }, { "sum", 0x2211, false },
	{ "sup", 0x2283, false }, { "sup1", 0xB9, true }, { "sup2", 0xB2, true }, { "sup3", 0xB3, true },
	{ "supe", 0x2287, false }, { "szlig", 0xDF, true }, { "tau", 0x3C4, false },
	{ "there4", 0x2234, false }, { "theta", 0x3B8, false }, { "thinsp", 0x2009, false },
	{ "times", 0xD7, true }, { "trade", 0x2122, false }, { "uacute", 0xFA, true },
	{ "uarr", 0x2191, false }, { "ucirc", 0xFB, true }, { "ugrave", 0xF9, true },
	{ "uml", 0xA8, true }, { "uuml", 0xFC, true }, { "verbar", 0x7C, false }, { "xi", 0x3BE, false },
	{ "yen", 0xA5, true }, { "yuml", 0xFF, true }, { "zeta", 0x3B6, false }, { "zwj", 0x200D, false },
	{ "zwnj", 0x200C, false },
	// clang-format on
};

enum { LONGEST = 8 };

static const struct entity *lookup(str name)
{
	size_t lo = 0, hi = COUNT_OF(entities);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = str_cmp(str_of(entities[mid].name), name);
		if (c == 0)
			return &entities[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* 80-9F are what Windows-1252 has there, as every browser reads them. */
static uint32_t mend(uint32_t cp)
{
	static const uint16_t windows[32] = { 0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
					      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
					      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
					      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178 };
	if (cp >= 0x80 && cp < 0xA0)
		return windows[cp - 0x80];
	if (cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return 0xFFFD;
	return cp;
}

static int digit(char c, unsigned base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

static size_t numeric(str s, uint32_t *ret)
{
	bool hex = s.n > 2 && (s.p[2] | 32) == 'x';
	unsigned base = hex ? 16 : 10;
	size_t first = hex ? 3 : 2, i = first;
	uint32_t cp = 0;
	for (int d; i < s.n && (d = digit(s.p[i], base)) >= 0; i++)
		cp = cp > 0x10FFFF ? cp : cp * base + (uint32_t)d;
	if (i == first)
		return 0;
	*ret = mend(cp);
	return i + (i < s.n && s.p[i] == ';');
}

static bool alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

size_t html_entity(str s, uint32_t *ret)
{
	if (s.n > 1 && s.p[1] == '#')
		return numeric(s, ret);
	size_t n = 1;
	while (n < s.n && n <= LONGEST && alnum(s.p[n]))
		n++;
	const struct entity *e = lookup(str_sub(s, 1, n));
	bool closed = n < s.n && s.p[n] == ';';
	/* "&copy2" is a reference, "&le" and "&notin" are not: only the whole word counts here. */
	if (!e || (!closed && !e->bare))
		return 0;
	*ret = e->cp;
	return n + closed;
}
