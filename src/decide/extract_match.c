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
	for (uint32_t s = lx->states[state].hits ? state : lx->states[state].dict; s; s = lx->states[s].dict) {
		for (uint32_t t = lx->states[s].term; t; t = lx->terms[t].next) {
			uint32_t start = end - lx->terms[t].len;
			enum mark m = (enum mark)lx->terms[t].mark;
			if (m == MARK_CONJ || m == MARK_MODAL_WEAK || (m > MARK_FUTURE && m != MARK_CLUTTER_INSIDE))
				continue;
			if (bounded(&d->p, &lx->terms[t], start, end))
				keep(d, (struct hit){ start, end, &lx->terms[t] });
		}
	}
}

void doc_match(struct doc *d)
{
	const struct lexicon *lx = d->lx;
	const uint16_t *c = d->p.c, *class_of = lx->class_of;
	const struct state *states = lx->states;
	uint32_t state = 0, n = d->p.n;
	uint8_t *ends = d->p.ends = arena_raw(d->a, n + 1);
	vec_reserve(d->a, &d->hits[POOL_RULE], n / 5);
	vec_reserve(d->a, &d->hits[POOL_SECTOR], n / 40);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t class = class_of[c[i]], to = 0;
		if (!class) {
			ends[i] = 0;
			state = 0;
			continue;
		}
		uint64_t bit = (uint64_t)1 << (class & 63);
		while (state && !(states[state].next & bit && (to = lexicon_edge(lx, state, class))))
			state = states[state].fail;
		state = to ? to : lx->root[class];
		const struct state *st = &states[state];
		ends[i] = st->ends;
		if (st->hits || st->dict)
			emit(d, state, i + 1);
	}
}

/* Hits are ordered by end, and a hit that starts at or behind `at` ends behind it. */
size_t hits_from(struct hits *h, uint32_t at)
{
	enum { NEAR = 24 };
	size_t lo = 0, hi = h->n, i = h->hint;
	if (i <= h->n && (!i || h->v[i - 1].end <= at)) {
		lo = i;
		if (i + NEAR < h->n && h->v[i + NEAR].end > at)
			hi = i + NEAR;
	}
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (h->v[mid].end <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	h->hint = lo;
	while (lo < h->n && h->v[lo].start < at)
		lo++;
	return lo;
}

static const struct lexeme *marked(const struct doc *d, uint32_t state, uint64_t marks)
{
	for (uint32_t t = d->lx->states[state].term; t; t = d->lx->terms[t].next)
		if (MARK_BIT(d->lx->terms[t].mark) & marks)
			return &d->lx->terms[t];
	return NULL;
}

const struct lexeme *term_at_any(const struct doc *d, uint32_t at, uint32_t end, uint64_t marks)
{
	const struct lexeme *best = NULL;
	if (at >= end || !(d->lx->first[d->lx->class_of[d->p.c[at]]] & marks))
		return NULL;
	uint32_t state = d->lx->root[d->lx->class_of[d->p.c[at]]];
	for (uint32_t i = at + 1; state; i++) {
		const struct lexeme *t = marked(d, state, marks);
		if (t && bounded(&d->p, t, at, i))
			best = t;
		uint32_t class = i < end ? d->lx->class_of[d->p.c[i]] : 0;
		if (!class)
			break;
		state = lexicon_edge(d->lx, state, class);
	}
	return best;
}

static const struct lexeme *exactly(const struct doc *d, uint32_t at, uint32_t end, uint64_t marks)
{
	uint32_t state = d->lx->root[d->lx->class_of[d->p.c[at]]];
	for (uint32_t i = at + 1; state && i < end; i++) {
		uint32_t class = d->lx->class_of[d->p.c[i]];
		state = class ? lexicon_edge(d->lx, state, class) : 0;
	}
	const struct lexeme *t = state ? marked(d, state, marks) : NULL;
	return t && bounded(&d->p, t, at, end) ? t : NULL;
}

const struct lexeme *term_ending(const struct doc *d, uint32_t start, uint32_t end, enum mark mark)
{
	enum { LONGEST = 16 };
	const struct lexicon *lx = d->lx;
	if (end <= start || !(lx->last[lx->class_of[d->p.c[end - 1]]] & MARK_BIT(mark)))
		return NULL;
	if ((mark == MARK_SUFFIX && !(d->p.ends[end - 1] & ENDS_SUFFIX)) ||
	    (mark == MARK_SUBJECT && !(d->p.ends[end - 1] & ENDS_SUBJECT)))
		return NULL;
	for (uint32_t at = end - start > LONGEST ? end - LONGEST : start; at < end; at++) {
		if (!(lx->first[lx->class_of[d->p.c[at]]] & MARK_BIT(mark)))
			continue;
		const struct lexeme *t = exactly(d, at, end, MARK_BIT(mark));
		if (t)
			return t;
	}
	return NULL;
}
