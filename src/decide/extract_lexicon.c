/* Catalogs into one trie over folded code points. */
#include <string.h>

#include "base/utf8.h"
#include "decide/extract_parts.h"

struct build {
	struct arena *a;
	struct lexicon *lx;
	struct fail *f;
	VEC(struct lexeme) terms;
	VEC(str) values;
	VEC(struct state) states;
	size_t nclasses, nedges, npairs;
};

/* A row of a table: columns cut at tabs; `#` lines, blank lines and the header are passed over. */
enum { COLUMNS = 4 };
struct row {
	str col[COLUMNS];
	int line;
};

static bool row_next(str *rest, struct row *row)
{
	str line;
	while (str_cut(rest, '\n', &line)) {
		row->line++;
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line.n || line.p[0] == '#' || row->line == 1)
			continue;
		for (size_t i = 0; i < COLUMNS; i++)
			if (!str_cut(&line, '\t', &row->col[i]))
				row->col[i] = (str){ "", 0 };
		return true;
	}
	return false;
}

static err bad_row(struct fail *f, struct arena *a, str path, int line)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", arena_cstr(a, path), "line",
		    arena_printf(a, "%d", line).p);
}

/* <family>/<edition>/<file>: the newest edition given. */
static err table_find(const struct catalog_source *src, struct arena *a, str family, str file, str *ret_path,
		      str *ret, struct fail *f)
{
	const struct catalog_table *best = NULL;
	for (size_t i = 0; i < src->n; i++) {
		str p = src->tables[i].path;
		if (str_starts(p, family) && str_ends(p, file) && (!best || str_cmp(best->path, p) < 0))
			best = &src->tables[i];
	}
	if (!best)
		return FAIL(f, NOT_FOUND, "", "err.catalog_missing", "file",
			    arena_printf(a, STR_FMT "*" STR_FMT, STR_ARG(family), STR_ARG(file)).p);
	*ret_path = best->path;
	*ret = best->bytes;
	return ERR_OK;
}

/* Fullwidth forms and capital letters; the table of Traditional characters comes on top. */
static void fold_base(uint16_t *fold)
{
	for (uint32_t i = 0; i < 65536; i++)
		fold[i] = (uint16_t)i;
	for (uint32_t i = 0xFF01; i <= 0xFF5E; i++)
		fold[i] = (uint16_t)(i - 0xFEE0);
	for (uint32_t i = 'A'; i <= 'Z'; i++) {
		fold[i] = (uint16_t)(i + 32);
		fold[i + 0xFEE0] = (uint16_t)(i + 32);
	}
	static const uint16_t blanks[] = { '\t', 0xA0, 0x3000, 0x2002, 0x2003, 0x2009, 0x200A, 0x202F };
	for (size_t i = 0; i < COUNT_OF(blanks); i++)
		fold[blanks[i]] = ' ';
	fold[0x2019] = '\'';
	fold[0x2028] = fold[0x2029] = fold['\f'] = fold['\r'] = fold[0x85] = '\n';
	fold[0xFE5A] = fold[0xFE5E] = ')';
	fold[0xFF61] = 0x3002;
}

static err load_fold(struct build *b, const struct catalog_source *src)
{
	str path = { 0 }, rest = { 0 };
	TRY(table_find(src, b->a, S("extract/"), S("/fold.tsv"), &path, &rest, b->f));
	struct row row = { 0 };
	while (row_next(&rest, &row)) {
		size_t i = 0, j = 0;
		if (!row.col[0].n || !row.col[1].n)
			return bad_row(b->f, b->a, path, row.line);
		uint32_t from = utf8_next(row.col[0], &i), to = utf8_next(row.col[1], &j);
		if (i != row.col[0].n || j != row.col[1].n || from > 0xFFFF || to > 0xFFFF)
			return bad_row(b->f, b->a, path, row.line);
		b->lx->fold[from] = (uint16_t)to;
	}
	return ERR_OK;
}

static uint32_t class_for(struct build *b, uint32_t cp)
{
	if (cp > 0xFFFF)
		return 0;
	uint16_t folded = b->lx->fold[cp];
	if (!b->lx->class_of[folded] && b->nclasses < CLASS_MAX - 1)
		b->lx->class_of[folded] = (uint16_t)++b->nclasses;
	return b->lx->class_of[folded];
}

static void edge_put(struct lexicon *lx, uint64_t edge)
{
	size_t i = lexicon_slot(lx, edge >> STATE_BITS);
	while (lx->edges[i])
		i = (i + 1) & lx->edge_mask;
	lx->edges[i] = edge;
}

static void edges_grow(struct build *b)
{
	struct lexicon *lx = b->lx;
	uint64_t *old = lx->edges;
	size_t n = old ? lx->edge_mask + 1 : 0, cap = n ? n * 2 : 4096;
	lx->edges = NEW_N(b->a, uint64_t, cap);
	lx->edge_mask = cap - 1;
	lx->edge_shift = n ? lx->edge_shift - 1 : 52;
	for (size_t i = 0; i < n; i++)
		if (old[i])
			edge_put(lx, old[i]);
}

static uint32_t child(struct build *b, uint32_t state, uint32_t c)
{
	struct lexicon *lx = b->lx;
	lx->states = b->states.v;
	uint32_t to = lexicon_edge(lx, state, c);
	if (to)
		return to;
	if (++b->nedges * 2 > lx->edge_mask)
		edges_grow(b);
	to = (uint32_t)b->states.n;
	vec_push(b->a, &b->states, (struct state){ 0 });
	b->states.v[state].next |= (uint64_t)1 << (c & 63);
	edge_put(lx, ((uint64_t)state << 16 | c) << STATE_BITS | to);
	return to;
}

/* Words of the other marks are looked up where they are needed. */
static bool makes_hits(uint8_t mark)
{
	return mark <= MARK_FUTURE ? mark != MARK_CONJ && mark != MARK_MODAL_WEAK : mark == MARK_CLUTTER_INSIDE;
}

static void bit_put(uint64_t *bits, uint32_t i)
{
	bits[i >> 6] |= (uint64_t)1 << (i & 63);
}

static uint8_t around_of(uint8_t mark)
{
	unsigned ends = mark == MARK_SUFFIX ? ENDS_SUFFIX : mark == MARK_SUBJECT ? ENDS_SUBJECT : 0u;
	return (uint8_t)(ends | begins_of(MARK_BIT(mark)));
}

static void pair_put(struct build *b, uint32_t key, uint32_t state);

static void pairs_grow(struct build *b)
{
	struct lexicon *lx = b->lx;
	struct pair *old = lx->pair_states;
	size_t n = old ? lx->pair_mask + 1 : 0, cap = n ? n * 2 : 1024;
	lx->pair_states = NEW_N(b->a, struct pair, cap);
	lx->pair_mask = cap - 1;
	b->npairs = 0;
	for (size_t i = 0; i < n; i++)
		if (old[i].state)
			pair_put(b, old[i].key, old[i].state);
}

static void pair_put(struct build *b, uint32_t key, uint32_t state)
{
	struct lexicon *lx = b->lx;
	size_t i = pair_slot(key >> 16, key & 0xFFFF) & lx->pair_mask;
	while (lx->pair_states[i].state && lx->pair_states[i].key != key)
		i = (i + 1) & lx->pair_mask;
	if (lx->pair_states[i].state)
		return;
	lx->pair_states[i] = (struct pair){ key, state };
	if (++b->npairs * 3 > lx->pair_mask)
		pairs_grow(b);
}

/* What the matching needs to know: where terms that it looks for begin, and what ends where. */
static void announce(struct build *b, uint32_t state, const struct lexeme *t, const uint32_t head[2])
{
	struct state *st = &b->states.v[state];
	uint8_t around = around_of(t->mark);
	if (!t->hits && !around)
		return;
	st->around |= around;
	st->pools |= (uint8_t)(t->hits ? 1u << pool_of(t->mark) : 0u);
	st->english |= t->hits && t->english;
	if (t->len == 1) {
		bit_put(b->lx->alone, head[0]);
		return;
	}
	bit_put(b->lx->pairs, pair_slot(head[0], head[1]));
	pair_put(b, head[0] << 16 | head[1], child(b, child(b, 0, head[0]), head[1]));
}

/* false: the word is too long or has a code point that no class is left for. */
static bool add_term(struct build *b, struct lexeme t, str s, str value)
{
	enum { LONGEST = 200 };
	if (s.n && s.p[s.n - 1] == '*') {
		t.open = true;
		s.n--;
	}
	uint32_t state = 0, class = 0, head[2] = { 0 };
	for (size_t i = 0; i < s.n; t.len++) {
		uint32_t cp = utf8_next(s, &i);
		class = class_for(b, cp);
		if (!class || b->states.n >= STATE_MAX || t.len == LONGEST)
			return false;
		if (!state)
			b->lx->first[class] |= MARK_BIT(t.mark);
		uint32_t c = b->lx->fold[cp];
		if (t.len < 2)
			head[t.len] = c;
		state = child(b, state, c);
	}
	if (!state)
		return false;
	t.hits = makes_hits(t.mark);
	b->lx->last[class] |= MARK_BIT(t.mark);
	t.next = b->states.v[state].term;
	b->states.v[state].term = (uint32_t)b->terms.n;
	announce(b, state, &t, head);
	vec_push(b->a, &b->terms, t);
	vec_push(b->a, &b->values, value);
	return true;
}

static bool mark_named(str kind, uint8_t *ret)
{
	static const char *const kinds[] = {
#define X(name, kind, pool) kind,
		MARKS(X)
#undef X
	};
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (str_eq(kind, str_of(kinds[i]))) {
			*ret = (uint8_t)i;
			return true;
		}
	}
	return false;
}

static err load_words(struct build *b, const struct catalog_source *src, str file)
{
	str path = { 0 }, rest = { 0 };
	TRY(table_find(src, b->a, S("extract/"), file, &path, &rest, b->f));
	struct row row = { 0 };
	while (row_next(&rest, &row)) {
		struct lexeme t = { .english = str_eq(row.col[2], S("en")) };
		if (!mark_named(row.col[0], &t.mark))
			return bad_row(b->f, b->a, path, row.line);
		if (!str_to_f64(row.col[3], &t.weight))
			t.weight = 1;
		if (!add_term(b, t, row.col[1], row.col[3]))
			return bad_row(b->f, b->a, path, row.line);
	}
	return ERR_OK;
}

static err load_sectors(struct build *b, const struct catalog_source *src)
{
	str path = { 0 }, rest = { 0 };
	TRY(table_find(src, b->a, S("sector/"), S("/sectors.tsv"), &path, &rest, b->f));
	VEC(struct sector_entry) v = { 0 };
	struct row row = { 0 };
	while (row_next(&rest, &row)) {
		int64_t bit;
		if (!str_to_i64(row.col[0], &bit) || bit < 0 || bit > 62 || !row.col[1].n)
			return bad_row(b->f, b->a, path, row.line);
		vec_push(b->a, &v, (struct sector_entry){ (int)bit, row.col[1], row.col[2], row.col[3] });
	}
	b->lx->sectors = v.v;
	b->lx->nsectors = v.n;
	return ERR_OK;
}

static err load_sector_terms(struct build *b, const struct catalog_source *src)
{
	str path = { 0 }, rest = { 0 };
	TRY(table_find(src, b->a, S("sector/"), S("/terms.tsv"), &path, &rest, b->f));
	struct row row = { 0 };
	while (row_next(&rest, &row)) {
		struct lexeme t = { .mark = MARK_SECTOR, .english = str_eq(row.col[2], S("en")) };
		size_t i = 0;
		while (i < b->lx->nsectors && !str_eq(b->lx->sectors[i].id, row.col[0]))
			i++;
		t.sector = (uint8_t)i;
		if (i == b->lx->nsectors || i > UINT8_MAX || !str_to_f64(row.col[3], &t.weight) || !add_term(b, t, row.col[1], row.col[3]))
			return bad_row(b->f, b->a, path, row.line);
	}
	return ERR_OK;
}

static void set_traits(struct build *b)
{
	static const char time[] = "今明本年当下次月上第这岁bwifnoupd";
	static const char lead_in[] = "由和及与以并其";
	static const char when[] = "0123456789年月日底前末内于季度半上下每个在之周天旬一七三九二四五六八十时点";
	static const char number[] = "0123456789零〇○一二两三四五六七八九十半百";
	struct lexicon *lx = b->lx;
	uint64_t marks = MARK_BIT(MARK_RECURS) | MARK_BIT(MARK_EVENT) | MARK_BIT(MARK_MONTH);
	lx->trait = NEW_N(b->a, uint8_t, 65536);
	for (size_t c = 0; c < 65536; c++)
		if (lx->class_of[c] && lx->first[lx->class_of[c]] & marks)
			lx->trait[c] = TRAIT_TIME;
	for (size_t i = 0; i < sizeof time - 1;)
		lx->trait[lx->fold[utf8_next((str){ time, sizeof time - 1 }, &i)]] |= TRAIT_TIME;
	for (size_t i = 0; i < sizeof number - 1;)
		lx->trait[lx->fold[utf8_next((str){ number, sizeof number - 1 }, &i)]] |= TRAIT_TIME | TRAIT_NUMBER;
	for (size_t i = 0; i < sizeof when - 1;)
		lx->trait[lx->fold[utf8_next((str){ when, sizeof when - 1 }, &i)]] |= TRAIT_WHEN;
	for (size_t i = 0; i < sizeof lead_in - 1;)
		lx->trait[lx->fold[utf8_next((str){ lead_in, sizeof lead_in - 1 }, &i)]] |= TRAIT_LEAD_IN;
}

static void finish(struct build *b)
{
	struct lexicon *lx = b->lx;
	lx->terms = b->terms.v;
	lx->values = b->values.v;
	lx->nterms = b->terms.n;
	lx->states = b->states.v;
	lx->nstates = b->states.n;
	set_traits(b);
	lx->root = NEW_N(b->a, uint32_t, CLASS_MAX);
	for (uint32_t c = 0; c < 65536; c++)
		if (lx->class_of[c])
			lx->root[lx->class_of[c]] = lexicon_edge(lx, 0, c);
}

err lexicon_load(struct arena *a, const struct catalog_source *src, struct lexicon **ret, struct fail *f)
{
	static const str files[] = { { "/directive.tsv", 14 }, { "/unit.tsv", 9 }, { "/time.tsv", 9 },
				     { "/measure.tsv", 12 }, { "/clutter.tsv", 12 } };
	struct build b = { .a = a, .f = f, .lx = NEW(a, struct lexicon) };
	b.lx->fold = NEW_N(a, uint16_t, 65536);
	b.lx->class_of = NEW_N(a, uint16_t, 65536);
	b.lx->first = NEW_N(a, uint64_t, CLASS_MAX);
	b.lx->last = NEW_N(a, uint64_t, CLASS_MAX);
	b.lx->alone = NEW_N(a, uint64_t, 65536 / 64);
	b.lx->pairs = NEW_N(a, uint64_t, (size_t)1 << PAIR_BITS >> 6);
	fold_base(b.lx->fold);
	edges_grow(&b);
	pairs_grow(&b);
	vec_push(a, &b.states, (struct state){ 0 });
	vec_push(a, &b.terms, (struct lexeme){ 0 });
	vec_push(a, &b.values, (str){ "", 0 });
	TRY(load_fold(&b, src));
	TRY(load_sectors(&b, src));
	TRY(load_sector_terms(&b, src));
	for (size_t i = 0; i < COUNT_OF(files); i++)
		TRY(load_words(&b, src, files[i]));
	finish(&b);
	*ret = b.lx;
	return ERR_OK;
}

size_t lexicon_sector_count(const struct lexicon *lx)
{
	return lx->nsectors;
}

const struct sector_entry *lexicon_sector(const struct lexicon *lx, size_t i)
{
	return i < lx->nsectors ? &lx->sectors[i] : NULL;
}
