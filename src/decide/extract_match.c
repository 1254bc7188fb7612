/* One pass of the automaton over the text, and exact look-ups of short pieces in the same trie. */
#include "decide/extract_parts.h"

static enum pool pool_of(const struct lexeme *t)
{
	static const unsigned char pools[] = {
#define X(name, kind, pool) POOL_##pool,
		MARKS(X)
#undef X
	};
	return (enum pool)pools[t->mark];
}

static bool word_char(const struct plain *p, uint32_t at)
{
	return at < p->n && (is_letter(p->c[at]) || is_digit(p->c[at]));
}

static bool bounded(const struct plain *p, const struct lexeme *t, uint32_t start, uint32_t end)
{
	if (!t->english)
		return true;
	if (start && word_char(p, start - 1) && word_char(p, start))
		return false;
	return t->open || !(word_char(p, end) && word_char(p, end - 1));
}

/* Hits come ordered by end, longer ones first: a hit inside the last one is hidden, and hides
 * those inside itself. Equal spans are both kept: one word can have two roles. */
static void keep(struct doc *d, struct hit h)
{
	struct hits *v = &d->hits[pool_of(h.term)];
	if (v->n) {
		const struct hit *last = &v->v[v->n - 1];
		if (last->end == h.end && last->start < h.start)
			return;
	}
	while (v->n && v->v[v->n - 1].start >= h.start && v->v[v->n - 1].end - v->v[v->n - 1].start < h.end - h.start)
		v->n--;
	vec_push(d->a, v, h);
}

static void emit(struct doc *d, uint32_t state, uint32_t end)
{
	const struct lexicon *lx = d->lx;
	for (uint32_t s = lx->states[state].term ? state : lx->states[state].dict; s; s = lx->states[s].dict) {
		for (uint32_t t = lx->states[s].term; t; t = lx->terms[t].next) {
			uint32_t start = end - lx->terms[t].len;
			if (bounded(&d->p, &lx->terms[t], start, end))
				keep(d, (struct hit){ start, end, &lx->terms[t] });
		}
	}
}

void doc_match(struct doc *d)
{
	const struct lexicon *lx = d->lx;
	uint32_t state = 0;
	for (uint32_t i = 0; i < d->p.n; i++) {
		uint32_t class = lx->class_of[d->p.c[i]], to = 0;
		if (!class) {
			state = 0;
			continue;
		}
		while (state && !(to = lexicon_edge(lx, state, class)))
			state = lx->states[state].fail;
		state = to ? to : lx->root[class];
		if (lx->states[state].term || lx->states[state].dict)
			emit(d, state, i + 1);
	}
}

size_t hits_from(const struct hits *h, uint32_t at)
{
	size_t lo = 0, hi = h->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (h->v[mid].end <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo < h->n && h->v[lo].start < at)
		lo++;
	return lo;
}

static const struct lexeme *marked(const struct doc *d, uint32_t state, enum mark mark)
{
	for (uint32_t t = d->lx->states[state].term; t; t = d->lx->terms[t].next)
		if (d->lx->terms[t].mark == mark)
			return &d->lx->terms[t];
	return NULL;
}

const struct lexeme *term_at(const struct doc *d, uint32_t at, uint32_t end, enum mark mark)
{
	const struct lexeme *best = NULL;
	uint32_t state = 0;
	for (uint32_t i = at; i < end; i++) {
		uint32_t class = d->lx->class_of[d->p.c[i]];
		if (!class || !(state = lexicon_edge(d->lx, state, class)))
			break;
		const struct lexeme *t = marked(d, state, mark);
		if (t && bounded(&d->p, t, at, i + 1))
			best = t;
	}
	return best;
}

const struct lexeme *term_ending(const struct doc *d, uint32_t start, uint32_t end, enum mark mark)
{
	enum { LONGEST = 16 };
	uint32_t from = end - start > LONGEST ? end - LONGEST : start;
	for (uint32_t at = from; at < end; at++) {
		uint32_t state = 0, i = at;
		for (; i < end; i++) {
			uint32_t class = d->lx->class_of[d->p.c[i]];
			if (!class || !(state = lexicon_edge(d->lx, state, class)))
				break;
		}
		const struct lexeme *t = i == end ? marked(d, state, mark) : NULL;
		if (t && bounded(&d->p, t, at, end))
			return t;
	}
	return NULL;
}
