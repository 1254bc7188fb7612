#include "db/bigram.h"

#include <string.h>

#include "base/utf8.h"

enum letter { L_NONE, L_LATIN, L_HAN };

static uint32_t fold(uint32_t cp)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xfee0;
	if ((cp >= 'A' && cp <= 'Z') || (cp >= 0xc0 && cp <= 0xde && cp != 0xd7))
		cp += 0x20;
	return cp;
}

static enum letter letter_of(uint32_t cp)
{
	if ((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z'))
		return L_LATIN;
	if (cp < 0xc0 || cp == 0xd7 || cp == 0xf7)
		return L_NONE;
	if (cp < 0x2000)
		return L_LATIN;
	if ((cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) ||
	    (cp >= 0x20000 && cp <= 0x3ffff) || cp == 0x3005 || cp == 0x3007 ||
	    (cp >= 0x3041 && cp <= 0x30fe && cp != 0x30fb) || (cp >= 0xac00 && cp <= 0xd7a3))
		return L_HAN;
	return L_NONE;
}

struct walk {
	str text;
	enum bigram_mode mode;
	bigram_fn *fn;
	void *arg;
	int place;
};

enum { WORD_MAX = 64 }; /* longer words are cut: nobody types them */

static int latin_run(struct walk *w, size_t *at)
{
	char word[WORD_MAX + 4];
	size_t n = 0, start = *at, next = *at;
	while (next < w->text.n) {
		uint32_t cp = fold(utf8_next(w->text, &next));
		if (letter_of(cp) != L_LATIN)
			break;
		if (n < WORD_MAX)
			n += utf8_encode(cp, word + n);
		*at = next;
	}
	struct bigram_word one = {
		{ word, n }, (int)start, (int)*at, w->place++, w->mode == BIGRAM_QUERY && *at == w->text.n
	};
	return w->fn(w->arg, &one);
}

static int han_run(struct walk *w, size_t *at)
{
	char pair[8];
	size_t prev_n = 0, prev_start = *at, count = 0, next = *at;
	for (; next < w->text.n; count++) {
		size_t start = next;
		uint32_t cp = fold(utf8_next(w->text, &next));
		if (letter_of(cp) != L_HAN)
			break;
		char enc[4];
		size_t n = utf8_encode(cp, enc);
		if (count) {
			memcpy(pair + prev_n, enc, n);
			struct bigram_word two = {
				{ pair, prev_n + n }, (int)prev_start, (int)next, w->place++, false
			};
			int rc = w->fn(w->arg, &two);
			if (rc)
				return rc;
		}
		memcpy(pair, enc, n);
		prev_n = n;
		prev_start = start;
		*at = next;
	}
	bool goes_on = w->mode == BIGRAM_QUERY && *at == w->text.n;
	if (count > 1 && goes_on)
		return 0;
	struct bigram_word last = { { pair, prev_n }, (int)prev_start, (int)*at, w->place++, goes_on };
	return w->fn(w->arg, &last);
}

int bigram_words(str text, enum bigram_mode mode, bigram_fn *fn, void *arg)
{
	struct walk w = { text, mode, fn, arg, 0 };
	for (size_t at = 0; at < text.n;) {
		size_t next = at;
		enum letter l = letter_of(fold(utf8_next(text, &next)));
		int rc = 0;
		if (l == L_NONE)
			at = next;
		else
			rc = l == L_HAN ? han_run(&w, &at) : latin_run(&w, &at);
		if (rc)
			return rc;
	}
	return 0;
}

/* ---- queries ---- */

static bool is_blank_at(str s, size_t at, size_t *ret_next)
{
	*ret_next = at;
	uint32_t cp = utf8_next(s, ret_next);
	return cp <= ' ' || cp == 0xa0 || cp == 0x3000 || cp == 0x2003;
}

/* The next piece between blanks; false at the end. */
static bool next_piece(str s, size_t *at, str *ret)
{
	size_t next;
	while (*at < s.n && is_blank_at(s, *at, &next))
		*at = next;
	size_t start = *at;
	while (*at < s.n && !is_blank_at(s, *at, &next))
		*at = next;
	*ret = str_sub(s, start, *at);
	return *at > start;
}

struct phrase {
	struct buf b;
	size_t words;
	bool open_end; /* the last word may go on */
};

static int put_fts5(void *arg, const struct bigram_word *w)
{
	struct phrase *p = arg;
	buf_put(&p->b, p->words++ ? S(" + ") : S(""));
	buf_byte(&p->b, '"');
	buf_put(&p->b, w->text);
	buf_byte(&p->b, '"');
	p->open_end = w->open;
	return 0;
}

static int put_pg(void *arg, const struct bigram_word *w)
{
	struct phrase *p = arg;
	buf_put(&p->b, p->words++ ? S(" <-> ") : S(""));
	buf_byte(&p->b, '\'');
	buf_put(&p->b, w->text);
	buf_byte(&p->b, '\'');
	p->open_end = w->open;
	return 0;
}

static str match(struct arena *a, str typed, size_t max_terms, bool pg)
{
	struct buf all = BUF(a);
	size_t at = 0, terms = 0;
	str piece;
	while (terms < max_terms && next_piece(typed, &at, &piece)) {
		struct phrase p = { .b = BUF(a) };
		bigram_words(piece, BIGRAM_QUERY, pg ? put_pg : put_fts5, &p);
		if (!p.words)
			continue;
		if (terms++)
			buf_put(&all, pg ? S(" & ") : S(" AND "));
		buf_byte(&all, '(');
		buf_put(&all, buf_str(&p.b));
		if (p.open_end)
			buf_put(&all, pg ? S(":*") : S(" *"));
		buf_byte(&all, ')');
	}
	return terms ? buf_str(&all) : (str){ NULL, 0 };
}

str bigram_match_fts5(struct arena *a, str typed, size_t max_terms)
{
	return match(a, typed, max_terms, false);
}

str bigram_match_pg(struct arena *a, str typed, size_t max_terms)
{
	return match(a, typed, max_terms, true);
}

str bigram_one(str typed)
{
	str piece, more;
	size_t at = 0, next = 0;
	if (!next_piece(typed, &at, &piece) || next_piece(typed, &at, &more))
		return (str){ NULL, 0 };
	bool han = letter_of(fold(utf8_next(piece, &next))) == L_HAN;
	return han && next == piece.n ? piece : (str){ NULL, 0 };
}

static int put_vector(void *arg, const struct bigram_word *w)
{
	struct buf *b = arg;
	/* A tsvector counts places up to 16383; later words keep the last one. */
	int place = w->place < 16382 ? w->place + 1 : 16383;
	buf_printf(b, "%s'" STR_FMT "':%d", b->n ? " " : "", STR_ARG(w->text), place);
	return 0;
}

str bigram_vector_pg(struct arena *a, str text)
{
	struct buf b = BUF(a);
	bigram_words(text, BIGRAM_TEXT, put_vector, &b);
	return b.n ? buf_str(&b) : S("");
}
