#include "format/json_walk.h"

#include <math.h>
#include <string.h>

enum { MAX_DEPTH = 24 };

err json_walk_broken(struct json_walk *w)
{
	int64_t line = 1;
	for (size_t i = 0; i < w->at && i < w->s.n; i++)
		line += w->s.p[i] == '\n';
	return FAIL(w->f, BAD_JSON, w->path, "err.geojson.syntax", "line", arena_printf(w->a, "%lld", (long long)line).p);
}

char json_walk_peek(struct json_walk *w)
{
	while (w->at < w->s.n && memchr(" \t\r\n", w->s.p[w->at], 4))
		w->at++;
	return w->at < w->s.n ? w->s.p[w->at] : 0;
}

bool json_walk_eat(struct json_walk *w, char c)
{
	if (json_walk_peek(w) != c)
		return false;
	w->at++;
	return true;
}

static int hex4(str s, size_t at)
{
	int v = 0;
	for (size_t i = 0; i < 4; i++) {
		char c = at + i < s.n ? s.p[at + i] : 0;
		int d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

/* What follows \u, with the second half of a pair; -1 when it is none. */
static int32_t read_unicode(struct json_walk *w)
{
	int v = hex4(w->s, w->at), low;
	w->at += 4;
	if (v < 0xD800 || v > 0xDFFF)
		return v > 0 ? v : -1;
	if (v > 0xDBFF || w->at + 6 > w->s.n || w->s.p[w->at] != '\\' || w->s.p[w->at + 1] != 'u')
		return -1;
	low = hex4(w->s, w->at + 2);
	w->at += 6;
	return low < 0xDC00 || low > 0xDFFF ? -1 : 0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00);
}

static err read_escape(struct json_walk *w, struct buf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = w->at < w->s.n ? w->s.p[w->at++] : 0;
	const char *known = c ? strchr(from, c) : NULL;
	if (known) {
		buf_byte(b, to[known - from]);
		return ERR_OK;
	}
	int32_t cp = c == 'u' ? read_unicode(w) : -1;
	if (cp < 0)
		return json_walk_broken(w);
	buf_codepoint(b, (uint32_t)cp);
	return ERR_OK;
}

err json_walk_string(struct json_walk *w, str *ret)
{
	struct buf b = BUF(w->a);
	if (!json_walk_eat(w, '"'))
		return json_walk_broken(w);
	for (;;) {
		size_t from = w->at;
		while (w->at < w->s.n && w->s.p[w->at] != '"' && w->s.p[w->at] != '\\' && (unsigned char)w->s.p[w->at] >= 0x20)
			w->at++;
		str plain = str_sub(w->s, from, w->at);
		char c = w->at < w->s.n ? w->s.p[w->at++] : 0;
		if (c == '"' && !b.n) {
			*ret = plain;
			return ERR_OK;
		}
		buf_put(&b, plain);
		if (c == '"')
			break;
		if (c != '\\')
			return json_walk_broken(w);
		TRY(read_escape(w, &b));
	}
	*ret = buf_str(&b);
	return ERR_OK;
}

/* str_to_f64 judges what is left open here. */
err json_walk_number(struct json_walk *w, str *ret_text, double *ret)
{
	json_walk_peek(w);
	size_t from = w->at;
	while (w->at < w->s.n && (memchr("+-.eE", w->s.p[w->at], 5) || (w->s.p[w->at] >= '0' && w->s.p[w->at] <= '9')))
		w->at++;
	str text = str_sub(w->s, from, w->at);
	if (!text.n || text.n > 64 || text.p[0] == '+' || text.p[0] == '.' || !str_to_f64(text, ret) || !isfinite(*ret))
		return json_walk_broken(w);
	*ret_text = text;
	return ERR_OK;
}

bool json_walk_word(struct json_walk *w, str word)
{
	json_walk_peek(w);
	if (!str_starts(str_sub(w->s, w->at, w->s.n), word))
		return false;
	w->at += word.n;
	return true;
}

static err enter(struct json_walk *w)
{
	if (++w->depth > MAX_DEPTH)
		return FAIL(w->f, BAD_JSON, w->path, "err.json_depth", "max", "24");
	return ERR_OK;
}

err json_walk_member(struct json_walk *w, bool *first, str *ret_name)
{
	if (json_walk_eat(w, '}')) {
		w->depth--;
		*ret_name = (str){ 0 };
		return ERR_OK;
	}
	if (!*first && !json_walk_eat(w, ','))
		return json_walk_broken(w);
	*first = false;
	TRY(json_walk_string(w, ret_name));
	return json_walk_eat(w, ':') ? ERR_OK : json_walk_broken(w);
}

err json_walk_object(struct json_walk *w)
{
	TRY(enter(w));
	return json_walk_eat(w, '{') ? ERR_OK : json_walk_broken(w);
}

err json_walk_element(struct json_walk *w, bool *first, bool *ret_more)
{
	*ret_more = true;
	if (json_walk_eat(w, ']')) {
		w->depth--;
		*ret_more = false;
		return ERR_OK;
	}
	if (!*first && !json_walk_eat(w, ','))
		return json_walk_broken(w);
	*first = false;
	return ERR_OK;
}

err json_walk_list(struct json_walk *w)
{
	TRY(enter(w));
	return json_walk_eat(w, '[') ? ERR_OK : json_walk_broken(w);
}

static err skip_list(struct json_walk *w)
{
	bool first = true, more;
	TRY(json_walk_list(w));
	for (;;) {
		TRY(json_walk_element(w, &first, &more));
		if (!more)
			return ERR_OK;
		TRY(json_walk_skip(w));
	}
}

static err skip_object(struct json_walk *w)
{
	bool first = true;
	str name;
	TRY(json_walk_object(w));
	for (;;) {
		TRY(json_walk_member(w, &first, &name));
		if (!name.p)
			return ERR_OK;
		TRY(json_walk_skip(w));
	}
}

/* Recursion is bounded by enter(). */
err json_walk_skip(struct json_walk *w)
{
	str text;
	double v;
	switch (json_walk_peek(w)) {
	case '{':
		return skip_object(w);
	case '[':
		return skip_list(w);
	case '"':
		return json_walk_string(w, &text);
	case 't':
		return json_walk_word(w, S("true")) ? ERR_OK : json_walk_broken(w);
	case 'f':
		return json_walk_word(w, S("false")) ? ERR_OK : json_walk_broken(w);
	case 'n':
		return json_walk_word(w, S("null")) ? ERR_OK : json_walk_broken(w);
	default:
		return json_walk_number(w, &text, &v);
	}
}
