/* What a web page leaves behind: navigation, bylines, copyright, contacts, share buttons. */
#include "decide/extract_parts.h"

enum { LABEL_LINE_MAX = 160, MARK_LINE_MAX = 90 };

static bool has_ender(const struct doc *d, const struct line *l)
{
	for (uint32_t i = next_odd(d, l->start, l->end); i < l->end; i = next_odd(d, i + 1, l->end)) {
		uint32_t c = d->p.c[i];
		if (c == 0x3002 || c == '!' || (c == '.' && i + 1 == l->end && !(l->flags & LINE_OPEN)))
			return true;
	}
	return false;
}

static bool stands_alone(const struct doc *d, uint32_t at, uint32_t end)
{
	if (at >= end)
		return true;
	uint32_t c = d->p.c[at];
	return c == ':' || c == ' ' || c == '|' || c == '>' || c == ']' || c == 0x3011 || c == '/' || c == ')' ||
	       c == 0x00A9 || c == 0xFF5C || is_digit(c);
}

/* A label with its colon makes a line of any mark; a bare word only a short line without a full stop. */
static bool starts_so(const struct doc *d, const struct line *l, bool *ret_headlines)
{
	uint32_t at = l->body;
	while (at < l->end && (d->p.c[at] == 0x3010 || d->p.c[at] == '[' || d->p.c[at] == '(' || d->p.c[at] == 0x3000))
		at++;
	const struct lexeme *t = term_at(d, l->start, l->end, MARK_CLUTTER_START);
	uint32_t from = l->start;
	if (!t) {
		t = term_at(d, at, l->end, MARK_CLUTTER_START);
		from = at;
	}
	if (!t)
		return false;
	*ret_headlines = t->weight >= 2;
	uint32_t behind = from + t->len;
	bool label = d->p.c[behind - 1] == ':' || (behind < l->end && d->p.c[behind] == ':');
	if (label)
		return l->end - l->start <= LABEL_LINE_MAX;
	return l->end - l->start <= MARK_LINE_MAX && !has_ender(d, l) && stands_alone(d, behind, l->end);
}

static size_t marks_inside(struct doc *d, const struct line *l)
{
	struct hits *h = &d->hits[POOL_FIELD];
	size_t n = 0;
	for (size_t i = hits_from(h, l->start); i < h->n && h->v[i].start < l->end; i++)
		n += h->v[i].mark == MARK_CLUTTER_INSIDE;
	return n;
}

/* a | b | c or a > b > c without a sentence; tables begin with the bar. */
static bool is_navigation(const struct doc *d, const struct line *l)
{
	uint32_t bars = 0, blanks = 0, han = l->end - l->start;
	if (d->p.c[l->start] == '|' || l->end - l->start > MARK_LINE_MAX || has_ender(d, l))
		return false;
	for (uint32_t i = next_odd(d, l->start, l->end); i < l->end; i = next_odd(d, i + 1, l->end)) {
		uint32_t c = d->p.c[i];
		bars += c == '|' || c == '>' || c == 0xFF5C || c == 0x203A || c == 0x00BB;
		blanks += c == ' ';
		han--;
	}
	return bars >= 2 || (han > 12 && blanks >= 5 && blanks * 7 > han);
}

static bool is_clutter(struct doc *d, const struct line *l, bool *ret_headlines)
{
	*ret_headlines = false;
	if (starts_so(d, l, ret_headlines))
		return true;
	if (l->end - l->start > LABEL_LINE_MAX)
		return false;
	size_t n = marks_inside(d, l);
	return n >= 2 || (n && !has_ender(d, l)) || is_navigation(d, l);
}

/* 相关新闻： and under it the headlines of other papers, which end without a mark. */
static bool is_headline(const struct doc *d, const struct line *l)
{
	return l->flags & LINE_OPEN && l->end - l->start <= MARK_LINE_MAX && !has_ender(d, l);
}

void doc_clutter(struct doc *d)
{
	bool below = false;
	for (size_t i = 0; i < d->lines.n; i++) {
		struct line *l = &d->lines.v[i];
		bool opens;
		bool clutter = is_clutter(d, l, &opens);
		below = (clutter && opens) || (below && is_headline(d, l));
		if (!clutter && !below)
			continue;
		l->flags |= LINE_CLUTTER;
		struct cue c = plain_cue(d, l->start, l->end);
		vec_push(d->a, &d->x->clutter, (struct clutter){ c.start, c.end, CLUTTER_LINE });
	}
}
