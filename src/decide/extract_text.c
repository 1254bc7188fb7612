/* The text as rules see it, its lines and sentences. */
#include <string.h>

#include "base/utf8.h"
#include "decide/extract_parts.h"

static bool is_ender(uint32_t c)
{
	return c == 0x3002 || c == '!' || c == '?';
}

/* Quotes and brackets that belong to the sentence they close. */
static bool is_closer(uint32_t c)
{
	return c == 0x201D || c == '"' || c == 0x300D || c == 0x300F || c == ')' || c == 0x300B;
}

/* ---- plain text ---- */

enum { PINYIN_MAX = 8 };

/* A bracket that a converter left behind a character: （huán） with a tone mark. */
static bool pinyin_ends(const struct plain *p)
{
	uint32_t n = p->n, i = n - 1;
	bool tone = false, any = false;
	while (i && n - i <= PINYIN_MAX && (is_letter(p->c[i - 1]) || p->c[i - 1] == 0x261 || p->c[i - 1] == ' ')) {
		tone = tone || p->c[i - 1] > 0x7F;
		any = any || p->c[i - 1] != ' ';
		i--;
	}
	return any && tone && i >= 2 && p->c[i - 1] == '(' && is_han(p->c[i - 2]);
}

static void drop_pinyin(struct doc *d)
{
	struct plain *p = &d->p;
	size_t end = (size_t)plain_orig(d, p->n - 1) + 1;
	while (p->c[p->n - 1] != '(')
		p->n--;
	p->n--;
	vec_push(d->a, &d->x->clutter, (struct clutter){ plain_orig(d, p->n), end, CLUTTER_PINYIN });
	while (p->gaps.n && p->gaps.v[p->gaps.n - 1].at > p->n)
		p->gaps.n--;
}

/* Only bytes that are no UTF-8 make more code points than were counted. */
static void grow(struct doc *d)
{
	struct plain *p = &d->p;
	size_t cap = (size_t)p->cap * 2;
	p->c = arena_grow(d->a, p->c, p->cap * sizeof *p->c, cap * sizeof *p->c);
	p->byte = arena_grow(d->a, p->byte, p->cap * sizeof *p->byte, cap * sizeof *p->byte);
	p->cap = (uint32_t)cap;
}

/* What is written next at p->n stands at `orig`. */
static void note_gap(struct doc *d, uint32_t orig)
{
	struct plain *p = &d->p;
	uint32_t skipped = orig - p->n, last = p->gaps.n ? p->gaps.v[p->gaps.n - 1].skipped : 0;
	if (skipped == last)
		return;
	if (p->gaps.n && p->gaps.v[p->gaps.n - 1].at == p->n)
		p->gaps.v[p->gaps.n - 1].skipped = skipped;
	else
		vec_push(d->a, &p->gaps, (struct gap){ p->n, skipped });
}

static inline void put(struct doc *d, uint16_t c, uint32_t orig, uint32_t byte)
{
	struct plain *p = &d->p;
	if (c == ' ' && p->n && p->c[p->n - 1] == ' ')
		return;
	if (p->n + 1 >= p->cap)
		grow(d);
	note_gap(d, orig);
	p->c[p->n] = c;
	p->byte[p->n] = byte;
	p->n++;
	if (c == ')' && p->n > 3 && pinyin_ends(p))
		drop_pinyin(d);
}

/* One code point at *at; the common cases of Chinese text without a call. */
static inline uint32_t next_cp(str raw, size_t *at)
{
	const unsigned char *s = (const unsigned char *)raw.p + *at;
	if (s[0] < 0x80) {
		(*at)++;
		return s[0];
	}
	if (s[0] > 0xE0 && s[0] < 0xED && *at + 2 < raw.n && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) {
		*at += 3;
		return (uint32_t)(s[0] & 0xF) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3F);
	}
	return utf8_next(raw, at);
}

/* Lead bytes of U+3000…U+9FFF and U+F000…U+FFFF: Chinese and its punctuation. */
static inline bool han_lead(unsigned char c)
{
	return (c >= 0xE3 && c <= 0xE9) || c == 0xEF;
}

/* A run of three-byte characters from *at on, straight into the arrays; stops at anything else, and at
 * what put() has to look at. */
static uint32_t decode_run(struct doc *d, size_t *at, uint32_t orig)
{
	const struct lexicon *lx = d->lx;
	const unsigned char *s = (const unsigned char *)d->p.raw.p;
	const uint16_t *fold = lx->fold;
	uint16_t *c = d->p.c;
	uint32_t *bytes = d->p.byte, n = d->p.n;
	uint32_t limit = d->p.cap - 2;
	size_t i = *at, last = d->p.raw.n - 2;
	while (i < last && n < limit && han_lead(s[i]) && (s[i + 1] & 0xC0) == 0x80 && (s[i + 2] & 0xC0) == 0x80) {
		uint16_t folded = fold[(uint32_t)(s[i] & 0xF) << 12 | (uint32_t)(s[i + 1] & 0x3F) << 6 | (s[i + 2] & 0x3F)];
		if (folded == ' ' || folded == ')')
			break;
		c[n] = folded;
		bytes[n++] = (uint32_t)i;
		i += 3;
	}
	if (n > d->p.n)
		note_gap(d, orig);
	orig += n - d->p.n;
	d->p.n = n;
	*at = i;
	return orig;
}

static void decode(struct doc *d)
{
	str raw = d->p.raw;
	uint32_t orig = 0;
	for (size_t i = 0; i < raw.n; orig++) {
		if (raw.n > 2)
			orig = decode_run(d, &i, orig);
		if (i >= raw.n)
			break;
		size_t at = i;
		uint32_t cp = next_cp(raw, &i);
		if (cp == '\r' && i < raw.n && raw.p[i] == '\n')
			continue;
		put(d, cp > 0xFFFF ? 0xFFFD : d->lx->fold[cp], orig, (uint32_t)at);
	}
	note_gap(d, orig);
	d->p.byte[d->p.n] = (uint32_t)raw.n;
}

/* Lines of a text that was wrapped at a fixed width (PDF, mail) go on in the next line. */
enum { WIDEST = 120 };
struct widths {
	uint32_t count[256], lines, most;
};

static struct widths measure_lines(const struct plain *p)
{
	struct widths w = { .lines = 0 };
	uint32_t width = 0;
	for (uint32_t i = 0; i <= p->n && width <= WIDEST; i++) {
		if (i < p->n && p->c[i] != '\n') {
			width += p->c[i] >= 0x2E80 ? 2 : 1;
			continue;
		}
		if (width) {
			w.lines++;
			w.count[width < 255 ? width : 255]++;
			if (width > w.most)
				w.most = width;
		}
		width = 0;
	}
	if (width > WIDEST)
		w.most = width;
	return w;
}

/* Wrapped: nothing is wider than 120 half-widths and half of the lines end near the margin. */
static uint32_t wrap_margin(const struct plain *p)
{
	struct widths w = measure_lines(p);
	if (w.lines < 8 || w.most > WIDEST || w.most < 50)
		return 0;
	uint32_t near = 0, floor = w.most * 4 / 5;
	for (uint32_t i = floor; i <= w.most; i++)
		near += w.count[i];
	return near * 2 >= w.lines ? floor : 0;
}

static bool joins(const struct plain *p, uint32_t n, uint32_t nl, uint32_t width, uint32_t margin)
{
	if (width < margin || nl + 1 >= n || !nl)
		return false;
	uint32_t before = p->c[nl - 1], after = p->c[nl + 1];
	if (is_ender(before) || before == '.' || before == ':' || before == ';' || after == '\n' || after == ' ')
		return false;
	return (is_han(before) || before == ',' || before == 0x3001 || is_letter(before) || is_digit(before)) &&
	       (is_han(after) || is_letter(after) || is_digit(after) || after == 0x201C || after == '(');
}

static void unwrap(struct doc *d)
{
	struct plain *p = &d->p;
	uint32_t margin = wrap_margin(p), width = 0, to = 0;
	if (!margin)
		return;
	struct gaps old = p->gaps;
	size_t gap = 0;
	uint32_t skipped = 0, n = p->n;
	p->gaps = (struct gaps){ .near = old.near };
	*old.near = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint16_t c = p->c[i];
		while (gap < old.n && old.v[gap].at <= i)
			skipped = old.v[gap++].skipped;
		bool join = c == '\n' && joins(p, n, i, width, margin);
		width = c == '\n' ? 0 : width + (c >= 0x2E80 ? 2 : 1);
		if (join && (is_han(p->c[i - 1]) || is_han(p->c[i + 1])))
			continue;
		p->n = to; /* where note_gap stands; what is behind is read before it is written */
		note_gap(d, i + skipped);
		p->c[to] = join ? ' ' : c;
		p->byte[to++] = p->byte[i];
	}
	while (gap < old.n)
		skipped = old.v[gap++].skipped;
	p->n = to;
	note_gap(d, n + skipped);
	p->byte[to] = p->byte[n];
}

static void note_odd(struct doc *d)
{
	const uint16_t *c = d->p.c;
	uint64_t *odd = d->p.odd = arena_alloc(d->a, (d->p.n / 64 + 1) * sizeof *odd);
	uint32_t whole = d->p.n & ~63u;
	for (uint32_t at = 0; at < whole; at += 64) {
		uint64_t bits = 0;
		for (uint32_t i = 64; i--;)
			bits = bits << 1 | !is_plain_han(c[at + i]);
		odd[at >> 6] = bits;
	}
	for (uint32_t i = whole; i < d->p.n; i++)
		odd[i >> 6] |= (uint64_t)!is_plain_han(c[i]) << (i & 63);
}

void plain_make(struct doc *d, str raw)
{
	d->p.raw = raw;
	d->p.gaps.near = NEW(d->a, size_t);
	enum { SAMPLE = 4096 };
	str head = str_sub(raw, 0, SAMPLE);
	size_t cap = head.n < SAMPLE ? head.n + 64 : raw.n / SAMPLE * (utf8_count(head) + 256) + SAMPLE;
	d->p.cap = (uint32_t)cap;
	d->p.c = arena_raw(d->a, cap * sizeof *d->p.c);
	d->p.byte = arena_raw(d->a, cap * sizeof *d->p.byte);
	decode(d);
	unwrap(d);
	note_odd(d);
}

/* ---- pieces ---- */

str plain_slice(const struct doc *d, uint32_t start, uint32_t end)
{
	if (end <= start)
		return (str){ "", 0 };
	size_t from = d->p.byte[start], last = d->p.byte[end - 1];
	utf8_next(d->p.raw, &last);
	return str_sub(d->p.raw, from, last);
}

/* Questions follow the text: the gap of the last one answers most of them. */
static bool gap_at(const struct gaps *g, size_t k, uint32_t at)
{
	return k <= g->n && (!k || g->v[k - 1].at <= at) && (k == g->n || g->v[k].at > at);
}

uint32_t plain_orig(const struct doc *d, uint32_t at)
{
	const struct gaps *g = &d->p.gaps;
	size_t lo = *g->near, hi = g->n;
	if (!gap_at(g, lo, at)) {
		lo = 0;
		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;
			if (g->v[mid].at <= at)
				lo = mid + 1;
			else
				hi = mid;
		}
		*g->near = lo;
	}
	return at + (lo ? g->v[lo - 1].skipped : 0);
}

struct cue plain_cue(const struct doc *d, uint32_t start, uint32_t end)
{
	uint32_t from = plain_orig(d, start);
	return (struct cue){ from, end <= start ? from : (size_t)plain_orig(d, end - 1) + 1 };
}

str plain_name(const struct doc *d, uint32_t start, uint32_t end)
{
	struct buf b = BUF(d->a);
	for (uint32_t i = start; i < end; i++) {
		bool blank = is_space(d->p.c[i]);
		uint32_t before = i > start ? d->p.c[i - 1] : 0;
		bool word = is_letter(before) || before == '.' || before == ',';
		if (blank && !(word && i + 1 < end && is_letter(d->p.c[i + 1])))
			continue;
		if (blank)
			buf_byte(&b, ' ');
		else
			buf_put(&b, plain_slice(d, i, i + 1));
	}
	return b.n ? buf_str(&b) : (str){ "", 0 };
}

static uint32_t match_end(const struct doc *d, uint32_t at, uint32_t end, str s)
{
	for (size_t i = 0; i < s.n; at++)
		if (at >= end || d->p.c[at] != utf8_next(s, &i))
			return 0;
	return at;
}

bool plain_match(const struct doc *d, uint32_t at, uint32_t end, const char *folded_utf8)
{
	return match_end(d, at, end, str_of(folded_utf8)) != 0;
}

bool plain_match_end(const struct doc *d, uint32_t start, uint32_t end, const char *folded_utf8)
{
	str s = str_of(folded_utf8);
	uint32_t n = (uint32_t)utf8_count(s);
	return end - start >= n && match_end(d, end - n, end, s) == end;
}

uint32_t plain_find(const struct doc *d, uint32_t at, uint32_t end, const char *folded_utf8)
{
	str s = str_of(folded_utf8);
	size_t i = 0;
	uint32_t first = utf8_next(s, &i);
	bool odd = !is_plain_han(first);
	for (at = odd ? next_odd(d, at, end) : at; at < end; at = odd ? next_odd(d, at + 1, end) : at + 1)
		if (d->p.c[at] == first && match_end(d, at, end, s))
			return at;
	return end;
}

struct range plain_trim(const struct doc *d, uint32_t start, uint32_t end)
{
	while (start < end && is_space(d->p.c[start]))
		start++;
	while (end > start && is_space(d->p.c[end - 1]))
		end--;
	return (struct range){ start, end };
}

/* ---- numbers and bullets at the head of a line ---- */

static bool is_cn_number(uint32_t c)
{
	static const uint16_t cn[] = { 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341 };
	for (size_t i = 0; i < COUNT_OF(cn); i++)
		if (cn[i] == c)
			return true;
	return false;
}

static bool is_bullet(uint32_t c)
{
	return c == 0x2022 || c == 0xB7 || c == 0x25CF || c == 0x25A0 || c == 0x25C6 || c == '*' || c == '-' ||
	       c == 0x2013 || c == 0x2014 || c == 0x25E6 || c == 0x25AA || c == 0x2605 || c == '>' || c == '#' ||
	       c == 0x203A || c == 0x25CB || c == 0x27A4;
}

static uint32_t skip_digits(const struct doc *d, uint32_t at, uint32_t end)
{
	uint32_t i = at;
	while (i < end && i - at < 4 && (is_digit(d->p.c[i]) || is_cn_number(d->p.c[i])))
		i++;
	return i;
}

/* （一） (1) (a) 一、 1. 1、 a) 第一， ① */
static uint32_t skip_one_number(const struct doc *d, uint32_t at, uint32_t end)
{
	const uint16_t *c = d->p.c;
	if (at < end && is_plain_han(c[at]) && c[at] != 0x7B2C && !(d->lx->trait[c[at]] & TRAIT_NUMBER))
		return at;
	if (at < end && c[at] >= 0x2460 && c[at] <= 0x24FF)
		return at + 1;
	if (at < end && c[at] == '(') {
		uint32_t i = skip_digits(d, at + 1, end);
		if (i == at + 1 && i + 1 < end && is_letter(c[i]) && c[i + 1] == ')')
			i++;
		return i > at + 1 && i < end && c[i] == ')' ? i + 1 : at;
	}
	if (at + 2 < end && c[at] == 0x7B2C) { /* 第四条, 第一， */
		uint32_t to = skip_digits(d, at + 1, end);
		return to > at + 1 && to < end && (c[to] == 0x6761 || c[to] == ',') ? to + 1 : at;
	}
	uint32_t i = skip_digits(d, at, end);
	if (i == at && i + 1 < end && is_letter(c[i]) && c[i + 1] == ')')
		return i + 2;
	if (i == at || i >= end)
		return at;
	bool dot = c[i] == '.' && (i + 1 >= end || !is_digit(c[i + 1]));
	return dot || c[i] == 0x3001 || c[i] == ')' ? i + 1 : at;
}

uint32_t skip_number(const struct doc *d, uint32_t at, uint32_t end, bool *ret_numbered, bool *ret_bullet)
{
	*ret_numbered = *ret_bullet = false;
	for (;;) {
		while (at < end && is_space(d->p.c[at]))
			at++;
		uint32_t next = skip_one_number(d, at, end);
		if (next > at) {
			*ret_numbered = true;
			at = next;
		} else if (at < end && is_bullet(d->p.c[at])) {
			*ret_bullet = true;
			at++;
		} else {
			return at;
		}
	}
}

/* ---- lines and sentences ---- */

static uint32_t word_start(const struct doc *d, uint32_t start, uint32_t dot)
{
	uint32_t i = dot;
	while (i > start && (is_letter(d->p.c[i - 1]) || (d->p.c[i - 1] == '.' && i > start + 1)))
		i--;
	return i;
}

static bool is_abbreviation(const struct doc *d, uint32_t start, uint32_t dot)
{
	static const char *const words[] = { "mr", "mrs", "ms", "dr", "no", "nos", "jan", "feb", "mar", "apr", "jun",
					     "jul", "aug", "sep", "sept", "oct", "nov", "dec", "st", "vs",
					     "e.g", "i.e", "u.s", "u.n", "a.m", "p.m", "art", "fig", "co",
					     "gen", "gov", "sen", "prof", "jr", "approx", "vol" };
	uint32_t from = word_start(d, start, dot);
	if (dot - from == 1)
		return true; /* an initial */
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, from, dot, words[i]) && dot - from == strlen(words[i]))
			return true;
	return false;
}

static bool raw_upper(const struct doc *d, uint32_t at)
{
	unsigned char c = (unsigned char)d->p.raw.p[d->p.byte[at]];
	return c >= 'A' && c <= 'Z';
}

/* A full stop in Latin script, or one typed for 。 behind a Chinese character. */
static bool dot_ends(const struct doc *d, uint32_t start, uint32_t dot, uint32_t end)
{
	const uint16_t *c = d->p.c;
	uint32_t next = dot + 1;
	while (next < end && is_closer(c[next]))
		next++;
	if (dot > start && is_han(c[dot - 1]))
		return next >= end || !is_digit(c[next]);
	if (next >= end)
		return true;
	if (c[next] != ' ')
		return is_han(c[next]) && dot > start && is_letter(c[dot - 1]);
	bool stop = next + 1 >= end || raw_upper(d, next + 1) || c[next + 1] == 0x201C || c[next + 1] == '"' ||
		    c[next + 1] == '(' || is_han(c[next + 1]) || is_digit(c[next + 1]);
	if (!stop)
		return false;
	if (is_abbreviation(d, start, dot))
		return false;
	return !(dot > start && is_digit(c[dot - 1]) && word_start(d, start, dot) == start);
}

static void push_sentence(struct doc *d, uint32_t start, uint32_t end, uint32_t line)
{
	struct range r = plain_trim(d, start, end);
	if (r.start < r.end)
		vec_push(d->a, &d->sentences, (struct sentence){ .start = r.start, .end = r.end, .line = line });
}

static void split_line(struct doc *d, uint32_t index)
{
	struct line *l = &d->lines.v[index];
	const uint16_t *c = d->p.c;
	uint32_t start = l->start;
	for (uint32_t i = next_odd(d, l->start, l->end); i < l->end; i = next_odd(d, i + 1, l->end)) {
		bool ends = is_ender(c[i]) || (c[i] == '.' && i >= l->body && dot_ends(d, start, i, l->end));
		if (!ends)
			continue;
		while (i + 1 < l->end && (is_closer(c[i + 1]) || is_ender(c[i + 1])))
			i++;
		push_sentence(d, start, i + 1, index);
		start = i + 1;
	}
	push_sentence(d, start, l->end, index);
}

/* Mostly Latin letters; lines of Chinese need no second look. */
static bool is_english(const struct doc *d, const struct line *l, uint32_t han)
{
	uint32_t latin = 0;
	if (han * 5 > l->end - l->start)
		return false;
	for (uint32_t i = l->start; i < l->end; i++)
		latin += is_letter(d->p.c[i]);
	return latin > 4 * han;
}

static unsigned line_flags(const struct doc *d, struct line *l, uint32_t han)
{
	bool numbered, bullet;
	unsigned flags = 0;
	l->body = skip_number(d, l->start, l->end, &numbered, &bullet);
	uint32_t last = l->end > l->start ? d->p.c[l->end - 1] : 0;
	if (l->end - l->start > 1 && is_closer(last))
		last = d->p.c[l->end - 2];
	flags |= numbered ? LINE_NUMBERED : 0;
	flags |= bullet ? LINE_BULLET : 0;
	flags |= last == ':' ? LINE_COLON : 0;
	flags |= !is_ender(last) && last != '.' && last != ';' && last != ':' ? LINE_OPEN : 0;
	flags |= is_english(d, l, han) ? LINE_ENGLISH : 0;
	return flags;
}

void doc_segment(struct doc *d)
{
	uint32_t start = 0, odd = 0, n = d->p.n;
	size_t english = 0;
	vec_reserve(d->a, &d->sentences, n / 32);
	vec_reserve(d->a, &d->lines, n / 80);
	for (uint32_t i = next_odd(d, 0, n); start <= n; i = next_odd(d, i + 1, n)) {
		if (i < n && d->p.c[i] != '\n') {
			odd++;
			continue;
		}
		struct range r = plain_trim(d, start, i);
		uint32_t in_line = i - start - odd;
		start = i + 1;
		odd = 0;
		if (r.start == r.end)
			continue;
		struct line l = { .start = r.start, .end = r.end, .sentence = (uint32_t)d->sentences.n };
		l.flags = line_flags(d, &l, in_line);
		vec_push(d->a, &d->lines, l);
		split_line(d, (uint32_t)d->lines.n - 1);
		d->lines.v[d->lines.n - 1].nsentences = (uint32_t)d->sentences.n - l.sentence;
		english += l.flags & LINE_ENGLISH ? l.end - l.start : 0;
	}
	d->english = english * 2 > n;
}
