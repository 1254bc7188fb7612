#include "core/template.h"

#include <string.h>

#include "base/buf.h"

enum piece { PIECE_TEXT, PIECE_FIELD, PIECE_IF, PIECE_UNLESS, PIECE_END, PIECE_BAD };

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static bool is_name(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!name_char(s.p[i]))
			return false;
	return s.n > 0;
}

/* What stands between braces. */
static enum piece brace(str inner, str *ret)
{
	*ret = inner;
	if (str_eq(inner, S("/")))
		return PIECE_END;
	enum piece p = PIECE_FIELD;
	if (inner.n && (inner.p[0] == '?' || inner.p[0] == '!')) {
		p = inner.p[0] == '?' ? PIECE_IF : PIECE_UNLESS;
		*ret = str_sub(inner, 1, inner.n);
	}
	return is_name(*ret) ? p : PIECE_BAD;
}

/* Cuts the next piece off; false at the end. */
static bool next_piece(str *rest, enum piece *ret_kind, str *ret)
{
	if (!rest->n)
		return false;
	ptrdiff_t open = str_find_char(*rest, '{');
	size_t start = open < 0 ? rest->n : (size_t)open;
	*ret_kind = PIECE_TEXT;
	if (start) {
		*ret = str_sub(*rest, 0, start);
		*rest = str_sub(*rest, start, rest->n);
		return true;
	}
	if (rest->n > 1 && rest->p[1] == '{') {
		*ret = str_sub(*rest, 0, 1);
		*rest = str_sub(*rest, 2, rest->n);
		return true;
	}
	ptrdiff_t close = str_find_char(*rest, '}');
	size_t end = close < 0 ? rest->n : (size_t)close;
	*ret_kind = close < 0 ? PIECE_BAD : brace(str_sub(*rest, 1, end), ret);
	if (*ret_kind == PIECE_BAD)
		*ret = str_sub(*rest, 0, end + 1);
	*rest = str_sub(*rest, end + 1, rest->n);
	return true;
}

const char *template_fault(struct arena *a, str text, bool (*known)(void *arg, str name), void *arg)
{
	enum piece kind;
	str s;
	bool inside = false;
	while (next_piece(&text, &kind, &s)) {
		bool opens = kind == PIECE_IF || kind == PIECE_UNLESS;
		if (kind == PIECE_BAD)
			return arena_printf(a, "'" STR_FMT "' is no field", STR_ARG(s)).p;
		if ((opens && inside) || (kind == PIECE_END && !inside))
			return opens ? "conditions do not nest" : "{/} closes nothing";
		if ((kind == PIECE_FIELD || opens) && known && !known(arg, s))
			return arena_printf(a, "unknown field {" STR_FMT "}", STR_ARG(s)).p;
		inside = opens || (inside && kind != PIECE_END);
	}
	return inside ? "a condition is not closed with {/}" : NULL;
}

str template_fill(struct arena *a, str text, str (*value)(void *arg, str name), void *arg)
{
	struct buf b = BUF(a);
	enum piece kind;
	str s;
	bool hidden = false;
	while (next_piece(&text, &kind, &s)) {
		if (kind == PIECE_END)
			hidden = false;
		else if (kind == PIECE_IF || kind == PIECE_UNLESS)
			hidden = (value(arg, s).n > 0) != (kind == PIECE_IF);
		else if (!hidden)
			buf_put(&b, kind == PIECE_FIELD ? value(arg, s) : s);
	}
	return b.n ? buf_str(&b) : S("");
}
