/* One pass of the trie over the text, and exact look-ups of short pieces in it. */
#include "decide/extract_parts.h"

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

/* The longest words of each pool that begin at one place. */
struct longest {
	unsigned pools; /* those with a word */
	uint32_t state[POOL_COUNT], end[POOL_COUNT];
};

static void note_bounded(const struct doc *d, uint32_t state, uint32_t start, uint32_t end, struct longest *l)
{
	for (uint32_t t = d->lx->states[state].term; t; t = d->lx->terms[t].next) {
		const struct lexeme *term = &d->lx->terms[t];
		if (!term->hits || !bounded(&d->p, term, start, end))
			continue;
		enum pool pool = pool_of(term->mark);
		l->pools |= 1u << pool;
		l->state[pool] = state;
		l->end[pool] = end;
	}
}

static inline void note_state(const struct doc *d, uint32_t state, uint32_t start, uint32_t end, struct longest *l)
{
	const struct state *st = &d->lx->states[state];
	d->p.around[start] |= st->around & BEGINS;
	d->p.around[end - 1] |= st->around & ~BEGINS;
	if (st->english) {
		note_bounded(d, state, start, end, l);
		return;
	}
	l->pools |= st->pools;
	for (int pool = 0; pool < POOL_COUNT; pool++) { /* chosen, not jumped over: nobody could foretell it */
		bool here = st->pools >> pool & 1;
		l->state[pool] = here ? state : l->state[pool];
		l->end[pool] = here ? end : l->end[pool];
	}
}

/* Starts only grow: a word is hidden when one of its pool that began before it reaches as far. Equal
 * spans are both kept: one word can have two roles. */
static inline void keep(struct doc *d, uint32_t start, const struct longest *l, uint32_t reached[POOL_COUNT])
{
	const struct lexeme *terms = d->lx->terms;
	for (unsigned pools = l->pools; pools; pools &= pools - 1) {
		int pool = __builtin_ctz(pools);
		uint32_t end = l->end[pool];
		if (end <= reached[pool])
			continue;
		reached[pool] = end;
		for (uint32_t t = d->lx->states[l->state[pool]].term; t; t = terms[t].next)
			if (terms[t].hits && (int)pool_of(terms[t].mark) == pool && bounded(&d->p, &terms[t], start, end))
				vec_push(d->a, &d->hits[pool], (struct hit){ start, end, t, terms[t].mark, terms[t].english });
	}
}

/* All words that begin at `start`; `alone`: one of them may be a single character. */
static inline void match_at(struct doc *d, uint32_t start, bool alone, uint32_t state, uint32_t reached[POOL_COUNT])
{
	const struct lexicon *lx = d->lx;
	const uint16_t *c = d->p.c;
	struct longest l = { 0 };
	if (alone)
		note_state(d, lx->root[lx->class_of[c[start]]], start, start + 1, &l);
	for (uint32_t end = start + 2, n = d->p.n; state; end++) {
		note_state(d, state, start, end, &l);
		if (end == n)
			break;
		state = lexicon_edge(lx, state, c[end]);
	}
	keep(d, start, &l, reached);
}

/* Bit i: a word may begin at `at` + i. Most places are passed by: none begins with the two characters there. */
static inline uint64_t places(const struct doc *d, uint32_t at, uint32_t n)
{
	const uint64_t *pairs = d->lx->pairs, *alone = d->lx->alone;
	const uint16_t *c = d->p.c + at;
	uint64_t mask = 0;
	for (uint32_t i = n; i--;)
		mask = mask << 1 | (unsigned)bit_set(pairs, pair_slot(c[i], c[i + 1])) | (unsigned)bit_set(alone, c[i]);
	return mask;
}

void doc_match(struct doc *d)
{
	enum { STRETCH = 64 };
	const struct lexicon *lx = d->lx;
	uint16_t *c = d->p.c;
	uint32_t n = d->p.n, reached[POOL_COUNT] = { 0 };
	c[n] = 0; /* begins and ends no word */
	d->p.around = arena_alloc(d->a, n + 1);
	vec_reserve(d->a, &d->hits[POOL_RULE], n / 5);
	vec_reserve(d->a, &d->hits[POOL_SECTOR], n / 24);
	for (uint32_t at = 0; at < n; at += STRETCH) {
		uint64_t mask = places(d, at, n - at < STRETCH ? n - at : STRETCH);
		for (; mask; mask &= mask - 1) {
			uint32_t i = at + (uint32_t)__builtin_ctzll(mask);
			bool pair = bit_set(lx->pairs, pair_slot(c[i], c[i + 1]));
			match_at(d, i, bit_set(lx->alone, c[i]), pair ? lexicon_pair(lx, c[i], c[i + 1]) : 0, reached);
		}
	}
}

/* Hits are ordered by end, and a hit that starts at or behind `at` ends behind it. Questions follow the text:
 * from the last answer it is a few steps to the next. */
size_t hits_from(struct hits *h, uint32_t at)
{
	enum { NEAR = 12 };
	size_t lo = 0, hi = h->n, i = h->hint;
	if (i <= h->n && (!i || h->v[i - 1].end <= at)) {
		size_t limit = h->n - i < NEAR ? h->n : i + NEAR;
		while (i < limit && h->v[i].end <= at)
			i++;
		lo = i;
		hi = i < limit ? i : hi;
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

const struct lexeme *term_look_up(const struct doc *d, uint32_t at, uint32_t end, uint64_t marks)
{
	const struct lexeme *best = NULL;
	uint32_t state = d->lx->root[d->lx->class_of[d->p.c[at]]];
	for (uint32_t i = at + 1; state; i++) {
		const struct lexeme *t = marked(d, state, marks);
		if (t && bounded(&d->p, t, at, i))
			best = t;
		if (i >= end)
			break;
		state = lexicon_edge(d->lx, state, d->p.c[i]);
	}
	return best;
}

static const struct lexeme *exactly(const struct doc *d, uint32_t at, uint32_t end, uint64_t marks)
{
	uint32_t state = d->lx->root[d->lx->class_of[d->p.c[at]]];
	for (uint32_t i = at + 1; state && i < end; i++)
		state = lexicon_edge(d->lx, state, d->p.c[i]);
	const struct lexeme *t = state ? marked(d, state, marks) : NULL;
	return t && bounded(&d->p, t, at, end) ? t : NULL;
}

const struct lexeme *term_ending(const struct doc *d, uint32_t start, uint32_t end, enum mark mark)
{
	enum { LONGEST = 16 };
	const struct lexicon *lx = d->lx;
	if (end <= start || !(lx->last[lx->class_of[d->p.c[end - 1]]] & MARK_BIT(mark)))
		return NULL;
	if ((mark == MARK_SUFFIX && !(d->p.around[end - 1] & ENDS_SUFFIX)) ||
	    (mark == MARK_SUBJECT && !(d->p.around[end - 1] & ENDS_SUBJECT)))
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
