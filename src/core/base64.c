#include "core/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

str base64_encode(struct arena *a, str bytes)
{
	size_t n = (bytes.n + 2) / 3 * 4, to = 0;
	char *out = arena_raw(a, n + 1);
	for (size_t i = 0; i < bytes.n; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)bytes.p[i] << 16;
		v |= i + 1 < bytes.n ? (uint32_t)(unsigned char)bytes.p[i + 1] << 8 : 0;
		v |= i + 2 < bytes.n ? (uint32_t)(unsigned char)bytes.p[i + 2] : 0;
		out[to++] = letters[v >> 18];
		out[to++] = letters[v >> 12 & 63];
		out[to++] = i + 1 < bytes.n ? letters[v >> 6 & 63] : '=';
		out[to++] = i + 2 < bytes.n ? letters[v & 63] : '=';
	}
	out[to] = 0;
	return (str){ out, to };
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static str without_prefix(str text)
{
	ptrdiff_t comma = str_find_char(text, ',');
	return str_starts(text, S("data:")) && comma > 0 ? str_sub(text, (size_t)comma + 1, text.n) : text;
}

bool base64_decode(struct arena *a, str text, str *ret)
{
	text = without_prefix(text);
	char *out = arena_raw(a, text.n / 4 * 3 + 4);
	uint32_t bits = 0;
	size_t n = 0, count = 0, pad = 0;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '\r' || c == '\n' || c == ' ' || c == '\t')
			continue;
		int v = c == '=' ? 0 : value_of(c);
		pad += c == '=';
		if (v < 0 || (pad && c != '=') || pad > 2)
			return false;
		bits = bits << 6 | (uint32_t)v;
		if (++count % 4)
			continue;
		out[n++] = (char)(bits >> 16);
		out[n++] = (char)(bits >> 8);
		out[n++] = (char)bits;
	}
	if (count % 4)
		return false;
	*ret = (str){ out, n - pad };
	return true;
}
