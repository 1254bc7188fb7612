#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

str str_of(const char *cstr)
{
	return (str){ cstr, cstr ? strlen(cstr) : 0 };
}

bool str_is_null(str s)
{
	return !s.p;
}

bool str_eq(str a, str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

bool str_eq_nocase(str a, str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower((unsigned char)a.p[i]) != lower((unsigned char)b.p[i]))
			return false;
	return true;
}

int str_cmp(str a, str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix)
{
	return s.n >= prefix.n && str_eq((str){ s.p, prefix.n }, prefix);
}

bool str_ends(str s, str suffix)
{
	return s.n >= suffix.n && str_eq((str){ s.p + s.n - suffix.n, suffix.n }, suffix);
}

str str_sub(str s, size_t start, size_t end)
{
	if (end > s.n)
		end = s.n;
	if (start > end)
		start = end;
	return (str){ s.p ? s.p + start : NULL, end - start };
}

/* Length of the blank at the start of s: 0 when there is none. */
static size_t blank_at(str s)
{
	if (s.n == 0)
		return 0;
	if (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\r' || s.p[0] == '\n')
		return 1;
	if (str_starts(s, S("\xe3\x80\x80")) || str_starts(s, S("\xef\xbb\xbf")))
		return 3;
	return 0;
}

/* Neither a blank nor a byte of one: most of what is trimmed begins and ends with such. */
static bool is_plain(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c < 0x80;
}

str str_trim(str s)
{
	size_t n;
	if (s.n && is_plain(s.p[0]) && is_plain(s.p[s.n - 1]))
		return s;
	while ((n = blank_at(s)) > 0)
		s = str_sub(s, n, s.n);
	for (;;) {
		if (s.n >= 1 && blank_at(str_sub(s, s.n - 1, s.n)) == 1)
			s.n -= 1;
		else if (s.n >= 3 && blank_at(str_sub(s, s.n - 3, s.n)) == 3)
			s.n -= 3;
		else
			return s;
	}
}

ptrdiff_t str_find(str s, str needle)
{
	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return -1;
	const char *hit = memmem(s.p, s.n, needle.p, needle.n);
	return hit ? hit - s.p : -1;
}

ptrdiff_t str_find_char(str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
	return hit ? hit - s.p : -1;
}

bool str_cut(str *rest, char sep, str *ret_piece)
{
	if (!rest->p)
		return false;
	ptrdiff_t at = str_find_char(*rest, sep);
	if (at < 0) {
		*ret_piece = *rest;
		*rest = (str){ NULL, 0 };
		return true;
	}
	*ret_piece = str_sub(*rest, 0, (size_t)at);
	*rest = str_sub(*rest, (size_t)at + 1, rest->n);
	return true;
}

bool str_to_i64(str s, int64_t *ret)
{
	size_t i = 0;
	bool negative = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;
	if (negative)
		i = 1;
	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		int digit = s.p[i] - '0';
		if (__builtin_mul_overflow(v, 10, &v))
			return false;
		if (__builtin_sub_overflow(v, digit, &v))
			return false;
	}
	if (!negative && v == INT64_MIN)
		return false;
	*ret = negative ? v : -v;
	return true;
}

bool str_to_f64(str s, double *ret)
{
	char tmp[64];
	if (s.n == 0 || s.n >= sizeof tmp)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!memchr("0123456789+-.eE", s.p[i], 15))
			return false;
	memcpy(tmp, s.p, s.n);
	tmp[s.n] = 0;
	char *end;
	errno = 0;
	double v = strtod(tmp, &end);
	if (*end || errno == ERANGE)
		return false;
	*ret = v;
	return true;
}

uint64_t str_hash(str s)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h ^ (h >> 29);
}
