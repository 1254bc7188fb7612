#include "core/canon.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static const int64_t MAX_EXACT = INT64_C(1) << 53;

enum { KEY_CHAR = 1, PLAIN_CHAR = 2 };

/* What a byte may be: part of a key, or of a string as it is. */
static const unsigned char classes[256] = {
	[' ' ... '!'] = PLAIN_CHAR, ['#' ... ','] = PLAIN_CHAR, ['/'] = PLAIN_CHAR, [':' ... '@'] = PLAIN_CHAR, ['['] = PLAIN_CHAR,
	[']' ... '^'] = PLAIN_CHAR, ['`'] = PLAIN_CHAR, ['{' ... 255] = PLAIN_CHAR, ['-' ... '.'] = PLAIN_CHAR | KEY_CHAR,
	['0' ... '9'] = PLAIN_CHAR | KEY_CHAR, ['A' ... 'Z'] = PLAIN_CHAR | KEY_CHAR, ['_'] = PLAIN_CHAR | KEY_CHAR,
	['a' ... 'z'] = PLAIN_CHAR | KEY_CHAR,
};

/* How many bytes from `at` on are of this class. */
static size_t run_of(str s, size_t at, int class)
{
	size_t i = at;
	while (i < s.n && (classes[(unsigned char)s.p[i]] & class))
		i++;
	return i - at;
}

static bool plain_key(str key)
{
	return key.n > 0 && run_of(key, 0, KEY_CHAR) == key.n;
}

static struct canon_level *top(struct canon *c)
{
	return &c->levels[c->depth - 1];
}

static void put(struct canon *c, const char *key, str value)
{
	if (c->depth < 1 || top(c)->list != !key || (key && !plain_key(str_of(key)))) {
		c->bad = true;
		return;
	}
	struct canon_member m = { .key = key ? str_of(key) : (str){ 0 }, .value = value };
	vec_push(c->a, &top(c)->members, m);
}

static void push(struct canon *c, const char *key, bool list)
{
	if (c->depth == CANON_DEPTH || (c->depth > 0 && top(c)->list != !key)) {
		c->bad = true;
		return;
	}
	c->levels[c->depth++] = (struct canon_level){ .list = list, .key = key ? str_of(key) : (str){ 0 } };
}

void canon_begin(struct canon *c, struct arena *a)
{
	*c = (struct canon){ .a = a };
	push(c, NULL, false);
}

static const char *short_escape(unsigned char ch)
{
	switch (ch) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static void put_quoted(struct buf *b, str v)
{
	buf_reserve(b, v.n + 2);
	buf_byte(b, '"');
	for (size_t i = 0;; i++) {
		size_t n = run_of(v, i, PLAIN_CHAR);
		buf_put(b, str_sub(v, i, i + n));
		i += n;
		if (i >= v.n)
			break;
		const char *e = short_escape((unsigned char)v.p[i]);
		if (e)
			buf_put(b, str_of(e));
		else
			buf_printf(b, "\\u%04x", (unsigned char)v.p[i]);
	}
	buf_byte(b, '"');
}

void canon_str(struct canon *c, const char *key, str v)
{
	if (str_is_null(v)) {
		canon_null(c, key);
		return;
	}
	c->bad |= !utf8_valid(v);
	struct buf b = BUF(c->a);
	put_quoted(&b, v);
	put(c, key, buf_str(&b));
}

/* A number as text, with room for quotes around it. */
static str digits(struct arena *a, int64_t v, const char *quote)
{
	struct buf b = BUF(a);
	buf_put(&b, str_of(quote));
	buf_i64(&b, v);
	buf_put(&b, str_of(quote));
	return buf_str(&b);
}

void canon_i64(struct canon *c, const char *key, int64_t v)
{
	c->bad |= v > MAX_EXACT || v < -MAX_EXACT;
	put(c, key, digits(c->a, v, ""));
}

void canon_id(struct canon *c, const char *key, int64_t id)
{
	put(c, key, digits(c->a, id, "\""));
}

void canon_bool(struct canon *c, const char *key, bool v)
{
	put(c, key, v ? S("true") : S("false"));
}

void canon_null(struct canon *c, const char *key)
{
	put(c, key, S("null"));
}

void canon_raw(struct canon *c, const char *key, str canonical)
{
	put(c, key, canonical);
}

void canon_object(struct canon *c, const char *key)
{
	push(c, key, false);
}

void canon_list(struct canon *c, const char *key)
{
	push(c, key, true);
}

static int by_key(const void *a, const void *b)
{
	const struct canon_member *x = a, *y = b;
	return str_cmp(x->key, y->key);
}

enum { FEW = 16 };

static void sort_members(struct canon_member *v, size_t n)
{
	if (n > FEW) {
		qsort(v, n, sizeof *v, by_key);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct canon_member m = v[i];
		size_t k = i;
		for (; k > 0 && str_cmp(v[k - 1].key, m.key) > 0; k--)
			v[k] = v[k - 1];
		v[k] = m;
	}
}

static size_t level_size(const struct canon_level *l)
{
	size_t n = 2;
	for (size_t i = 0; i < l->members.n; i++)
		n += l->members.v[i].key.n + l->members.v[i].value.n + 4;
	return n;
}

/* One level as text; marks a key that stands twice. Keys are plain, so that they need no escaping. */
static str level_text(struct canon *c, struct canon_level *l)
{
	struct buf b = BUF(c->a);
	buf_reserve(&b, level_size(l));
	if (!l->list)
		sort_members(l->members.v, l->members.n);
	buf_byte(&b, l->list ? '[' : '{');
	for (size_t i = 0; i < l->members.n; i++) {
		struct canon_member *m = &l->members.v[i];
		if (i)
			buf_byte(&b, ',');
		if (!l->list) {
			c->bad |= i && str_eq(m->key, m[-1].key);
			buf_byte(&b, '"');
			buf_put(&b, m->key);
			buf_put(&b, S("\":"));
		}
		buf_put(&b, m->value);
	}
	buf_byte(&b, l->list ? ']' : '}');
	return buf_str(&b);
}

void canon_close(struct canon *c)
{
	if (c->depth < 2) {
		c->bad = true;
		return;
	}
	struct canon_level l = *top(c);
	str text = level_text(c, &l);
	c->depth--;
	put(c, top(c)->list ? NULL : arena_cstr(c->a, l.key), text);
}

str canon_end(struct canon *c)
{
	if (c->bad || c->depth != 1)
		return (str){ 0 };
	str text = level_text(c, top(c));
	return c->bad || !canon_valid(text) ? (str){ 0 } : text;
}

/* ---- reading ---- */

struct scan {
	str s;
	size_t at;
};

static bool eat(struct scan *sc, char c)
{
	if (sc->at >= sc->s.n || sc->s.p[sc->at] != c)
		return false;
	sc->at++;
	return true;
}

/* After a backslash: only the spellings that put_quoted writes. */
static bool scan_escape(struct scan *sc)
{
	if (sc->at >= sc->s.n)
		return false;
	char e = sc->s.p[sc->at++];
	if (e && strchr("\"\\bfnrt", e))
		return true;
	if (e != 'u' || sc->s.n - sc->at < 4)
		return false;
	str hex = str_sub(sc->s, sc->at, sc->at + 4);
	sc->at += 4;
	if (!str_starts(hex, S("00")) || (hex.p[2] != '0' && hex.p[2] != '1'))
		return false;
	if (!hex.p[3] || !strchr("0123456789abcdef", hex.p[3]))
		return false;
	return hex.p[2] == '1' || !strchr("89acd", hex.p[3]);
}

static bool scan_string(struct scan *sc, str *ret_inner)
{
	if (!eat(sc, '"'))
		return false;
	size_t from = sc->at;
	while (sc->at < sc->s.n) {
		sc->at += run_of(sc->s, sc->at, PLAIN_CHAR);
		if (eat(sc, '"')) {
			*ret_inner = str_sub(sc->s, from, sc->at - 1);
			return true;
		}
		if (!eat(sc, '\\') || !scan_escape(sc))
			return false;
	}
	return false;
}

static bool scan_number(struct scan *sc)
{
	size_t from = sc->at;
	if (sc->at < sc->s.n && sc->s.p[sc->at] == '-')
		sc->at++;
	while (sc->at < sc->s.n && sc->s.p[sc->at] >= '0' && sc->s.p[sc->at] <= '9')
		sc->at++;
	str t = str_sub(sc->s, from, sc->at), digits = t.n && t.p[0] == '-' ? str_sub(t, 1, t.n) : t;
	int64_t v;
	if (digits.n == 0 || (digits.p[0] == '0' && t.n > 1))
		return false; /* leading zeros, -0 */
	return str_to_i64(t, &v) && v <= MAX_EXACT && v >= -MAX_EXACT;
}

static bool scan_word(struct scan *sc)
{
	static const char *const words[] = { "true", "false", "null" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_starts(str_sub(sc->s, sc->at, sc->s.n), str_of(words[i]))) {
			sc->at += strlen(words[i]);
			return true;
		}
	return false;
}

static bool scan_scalar(struct scan *sc)
{
	str inner;
	char c = sc->at < sc->s.n ? sc->s.p[sc->at] : '\0';
	if (c == '"')
		return scan_string(sc, &inner);
	return c == '-' || (c >= '0' && c <= '9') ? scan_number(sc) : scan_word(sc);
}

static bool scan_key(struct scan *sc, str *last)
{
	str key;
	if (!scan_string(sc, &key) || !plain_key(key) || !eat(sc, ':'))
		return false;
	if (!str_is_null(*last) && str_cmp(*last, key) >= 0)
		return false;
	*last = key;
	return true;
}

struct open_level {
	bool list;
	str last; /* key */
};

/* Closes levels that end here; true when the text may go on with a comma or is over. */
static bool scan_closers(struct scan *sc, const struct open_level *levels, int *depth)
{
	while (*depth > 0 && eat(sc, levels[*depth - 1].list ? ']' : '}'))
		(*depth)--;
	return *depth == 0 || eat(sc, ',');
}

/* One value with its nesting; false when it is not canonical. */
static bool scan_value(struct scan *sc)
{
	struct open_level levels[CANON_DEPTH];
	int depth = 0;
	do {
		if (depth > 0 && !levels[depth - 1].list && !scan_key(sc, &levels[depth - 1].last))
			return false;
		char c = sc->at < sc->s.n ? sc->s.p[sc->at] : '\0';
		if (c != '{' && c != '[') {
			if (!scan_scalar(sc))
				return false;
		} else {
			if (depth == CANON_DEPTH)
				return false;
			levels[depth++] = (struct open_level){ .list = c == '[' };
			sc->at++;
			char end = c == '[' ? ']' : '}';
			if (sc->at >= sc->s.n || sc->s.p[sc->at] != end)
				continue;
		}
		if (!scan_closers(sc, levels, &depth))
			return false;
	} while (depth > 0);
	return true;
}

bool canon_valid(str text)
{
	struct scan sc = { .s = text };
	return text.n && text.p[0] == '{' && scan_value(&sc) && sc.at == text.n && utf8_valid(text);
}

bool canon_next(str object, size_t *at, str *ret_key, str *ret_value)
{
	struct scan sc = { .s = object, .at = *at ? *at : 1 };
	str key;
	if (*at && !eat(&sc, ','))
		return false;
	if (!scan_string(&sc, &key) || !eat(&sc, ':'))
		return false;
	size_t from = sc.at;
	if (!scan_value(&sc))
		return false;
	*ret_key = key;
	*ret_value = str_sub(object, from, sc.at);
	*at = sc.at;
	return true;
}

str canon_get(str object, const char *key)
{
	struct scan sc = { .s = object, .at = 1 };
	str want = str_of(key), name;
	while (scan_string(&sc, &name) && eat(&sc, ':')) {
		size_t from = sc.at;
		if (!scan_value(&sc))
			break;
		if (str_eq(name, want))
			return str_sub(object, from, sc.at);
		if (!eat(&sc, ','))
			break;
	}
	return (str){ 0 };
}

bool canon_get_plain(str object, const char *key, str *ret)
{
	str v = canon_get(object, key);
	if (v.n < 2 || v.p[0] != '"' || str_find_char(v, '\\') >= 0)
		return false;
	*ret = str_sub(v, 1, v.n - 1);
	return true;
}

bool canon_get_i64(str object, const char *key, int64_t *ret)
{
	str v = canon_get(object, key), inner;
	if (canon_get_plain(object, key, &inner))
		v = inner;
	return str_to_i64(v, ret);
}
