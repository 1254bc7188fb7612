/* What the files of the extraction engine share; nobody else includes it. */
#ifndef BH_DECIDE_EXTRACT_PARTS_H
#define BH_DECIDE_EXTRACT_PARTS_H

#include "base/vec.h"
#include "decide/extract.h"

/* For lists that mostly hold one or two: a directive has several of them. */
#define vec_push_few(a, vp, ...)                                                                   \
	do {                                                                                       \
		if (!(vp)->cap) {                                                                  \
			(vp)->v = arena_alloc((a), 2 * sizeof *(vp)->v);                           \
			(vp)->cap = 2;                                                             \
		}                                                                                  \
		vec_push((a), (vp), __VA_ARGS__);                                                  \
	} while (0)

/* The roles a catalog word can have: C name, kind in the table, pool it competes in.
 * In a pool a longer word hides the shorter ones inside it (重要 hides 要). */
enum pool { POOL_SECTOR, POOL_RULE, POOL_FIELD, POOL_COUNT };
#define MARKS(X)                                                                                   \
	X(SECTOR, "sector", SECTOR)                                                                \
	X(MODAL, "modal", RULE)                                                                    \
	X(MODAL_WEAK, "modal-weak", RULE)                                                          \
	X(BLOCK, "block", RULE)                                                                    \
	X(ORDER, "order", RULE)                                                                    \
	X(ADVERB, "adverb", RULE)                                                                  \
	X(VERB, "verb", RULE)                                                                      \
	X(REPORT, "report", RULE)                                                                  \
	X(PAST, "past", RULE)                                                                      \
	X(FACT, "fact", RULE)                                                                      \
	X(PERFECT, "perfect", RULE)                                                                \
	X(NOT_PERFECT, "notperfect", RULE)                                                         \
	X(CONJ, "conj", RULE)                                                                      \
	X(PROBLEMS, "problems", RULE)                                                              \
	X(FUTURE, "future", RULE)                                                                  \
	X(SOME, "some", RULE)                                                                      \
	X(SUFFIX, "suffix", FIELD)                                                                 \
	X(COLLECTIVE, "collective", FIELD)                                                         \
	X(SUBJECT, "subject", FIELD)                                                               \
	X(ROLE_LEAD, "role-lead", FIELD)                                                           \
	X(ROLE_RESP, "role-resp", FIELD)                                                           \
	X(ROLE_CO, "role-co", FIELD)                                                               \
	X(ROLE_JOIN, "role-join", FIELD)                                                           \
	X(LABEL, "label", FIELD)                                                                   \
	X(LABEL_OTHER, "label-other", FIELD)                                                       \
	X(LABEL_QUIET, "label-quiet", FIELD)                                                       \
	X(LABEL_TASK, "label-task", FIELD)                                                         \
	X(FIRST_LEAD, "first-lead", FIELD)                                                         \
	X(DITTO, "ditto", FIELD)                                                                   \
	X(EVENT, "event", FIELD)                                                                   \
	X(RECURS, "recurs", FIELD)                                                                 \
	X(MONTH, "month", FIELD)                                                                   \
	X(NUMBER, "number", FIELD)                                                                 \
	X(COMPARATOR, "comparator", FIELD)                                                         \
	X(ACHIEVE, "achieve", FIELD)                                                               \
	X(AFTER, "after", FIELD)                                                                   \
	X(UP, "up", FIELD)                                                                         \
	X(DOWN, "down", FIELD)                                                                     \
	X(MEASURE, "unit", FIELD)                                                                  \
	X(CLUTTER_START, "start", FIELD)                                                           \
	X(CLUTTER_INSIDE, "inside", FIELD)
enum mark {
#define X(name, kind, pool) MARK_##name,
	MARKS(X)
#undef X
	MARK_COUNT
};

/* Small, so that those of a document stay near: four in a cache line. */
struct lexeme {
	double weight; /* the last column as a number, 1 where it is none */
	uint32_t next; /* the next term of the same string, 0 ends */
	uint8_t mark, sector;
	uint8_t len;      /* code points */
	bool english : 1; /* must stand between word boundaries */
	bool open : 1;    /* written with *: the right boundary is free */
	bool hits : 1;    /* of a mark that matching looks for */
};
_Static_assert(sizeof(struct lexeme) == 16, "four in a cache line");

static inline enum pool pool_of(uint8_t mark)
{
	static const uint8_t pools[] = {
#define X(name, kind, pool) POOL_##pool,
		MARKS(X)
#undef X
	};
	return (enum pool)pools[mark];
}

enum { CLASS_MAX = 4096, STATE_BITS = 20, STATE_MAX = 1 << STATE_BITS };

/* What a character may begin; saves looking for times and numbers at every other one. */
enum trait { TRAIT_TIME = 1, TRAIT_NUMBER = 2, TRAIT_LEAD_IN = 4, TRAIT_WHEN = 8 /* stands in times anywhere */ };
/* What ends and what begins with a character: saves most look-ups of words. */
enum around {
	ENDS_SUFFIX = 1,
	ENDS_SUBJECT = 2,
	BEGINS_VERB = 4,
	BEGINS_ADVERB = 8,
	BEGINS_CONJ = 16,
	BEGINS_BLOCK = 32,
	BEGINS_MODAL = 64,
	BEGINS_ROLE = 128,
	BEGINS = BEGINS_VERB | BEGINS_ADVERB | BEGINS_CONJ | BEGINS_BLOCK | BEGINS_MODAL | BEGINS_ROLE,
};
#define MARK_BIT(m) ((uint64_t)1 << (m))
#define MARKS_MODAL (MARK_BIT(MARK_MODAL) | MARK_BIT(MARK_MODAL_WEAK))
#define MARKS_ROLE (MARK_BIT(MARK_ROLE_LEAD) | MARK_BIT(MARK_ROLE_RESP) | MARK_BIT(MARK_ROLE_CO) | MARK_BIT(MARK_ROLE_JOIN))
#define MARKS_KNOWN                                                                                \
	(MARK_BIT(MARK_VERB) | MARK_BIT(MARK_ADVERB) | MARK_BIT(MARK_CONJ) | MARK_BIT(MARK_BLOCK) | MARKS_MODAL | MARKS_ROLE)

static inline unsigned begins_of(uint64_t marks)
{
	return (marks & MARK_BIT(MARK_VERB) ? BEGINS_VERB : 0u) | (marks & MARK_BIT(MARK_ADVERB) ? BEGINS_ADVERB : 0u) |
	       (marks & MARK_BIT(MARK_CONJ) ? BEGINS_CONJ : 0u) | (marks & MARK_BIT(MARK_BLOCK) ? BEGINS_BLOCK : 0u) |
	       (marks & MARKS_MODAL ? BEGINS_MODAL : 0u) | (marks & MARKS_ROLE ? BEGINS_ROLE : 0u);
}

struct lexicon {
	uint16_t *fold;     /* [65536] the folded code point */
	uint16_t *class_of; /* [65536] of folded code points, 0 for those in no term */
	struct lexeme *terms; /* from 1 */
	str *values;          /* the last column of each */
	size_t nterms;
	struct state {
		uint64_t next; /* bit c % 64: an edge of such a character may exist */
		uint32_t term; /* first term that ends here, 0 none */
		uint8_t pools; /* bit of each pool with a term here that makes hits */
		uint8_t around; /* enum around, of the terms that end here */
		bool english;  /* a term here asks for word boundaries */
	} *states;
	size_t nstates;
	uint64_t *edges; /* from state << 36 | character << 20 | to state; 0 is empty */
	size_t edge_mask;
	unsigned edge_shift; /* 64 less the bits of the mask */
	uint32_t *root;  /* [CLASS_MAX] */
	uint64_t *first; /* [CLASS_MAX] bit m: a term of mark m begins with the class */
	uint64_t *last;  /* [CLASS_MAX] the same for its last character */
	uint8_t *trait;  /* [65536] of folded code points: enum trait */
	uint64_t *alone; /* [65536 / 64] bit c: a term that matching looks for is this one character */
	uint64_t *pairs; /* [PAIR_BITS] bit pair_slot: one may begin with these two */
	struct pair {
		uint32_t key, state; /* first << 16 | second; state 0 is empty */
	} *pair_states;
	size_t pair_mask;
	struct sector_entry *sectors;
	size_t nsectors;
};

enum { PAIR_BITS = 17 };

static inline uint32_t pair_slot(uint32_t first, uint32_t second)
{
	return (first << 16 | second) * 2654435761u >> (32 - PAIR_BITS);
}

/* The state behind two characters that a term begins with that matching looks for, or 0. */
static inline uint32_t lexicon_pair(const struct lexicon *lx, uint32_t first, uint32_t second)
{
	uint32_t key = first << 16 | second;
	for (size_t i = pair_slot(first, second) & lx->pair_mask;; i = (i + 1) & lx->pair_mask) {
		const struct pair *p = &lx->pair_states[i];
		if (!p->state || p->key == key)
			return p->state;
	}
}

static inline bool bit_set(const uint64_t *bits, uint32_t i)
{
	return bits[i >> 6] >> (i & 63) & 1;
}

static inline size_t lexicon_slot(const struct lexicon *lx, uint64_t key)
{
	return key * 0x9E3779B97F4A7C15u >> lx->edge_shift;
}

static inline uint32_t lexicon_edge(const struct lexicon *lx, uint32_t state, uint32_t c)
{
	uint64_t key = (uint64_t)state << 16 | c;
	if (!(lx->states[state].next >> (c & 63) & 1))
		return 0;
	for (size_t i = lexicon_slot(lx, key);; i = (i + 1) & lx->edge_mask) {
		uint64_t e = lx->edges[i];
		if (!e || e >> STATE_BITS == key)
			return e & (STATE_MAX - 1);
	}
}

/* The text as rules see it: Traditional folded to Simplified, fullwidth to halfwidth, A–Z to a–z,
 * pinyin in brackets and soft line ends left out, runs of blanks made one. */
struct plain {
	str raw;
	uint16_t *c;    /* folded code point; 0xFFFD beyond the BMP; '\n' ends a line */
	struct gaps {
		struct gap {
			uint32_t at, skipped; /* from `at` on so many code points of raw are left out */
		} *v;
		size_t n, cap;
		size_t *near; /* the gap that was asked for last */
	} gaps;
	uint32_t *byte; /* byte offset in raw; [n] is raw.n */
	uint8_t *around; /* enum around of each character */
	uint64_t *odd;   /* bit i: not is_plain_han */
	uint32_t n, cap;
};

struct hit {
	uint32_t start, end; /* in plain */
	uint32_t term;       /* of the lexicon */
	uint8_t mark;        /* of the term, as next */
	bool english;
};
struct hits {
	struct hit *v;
	size_t n, cap;
	size_t hint; /* where the last look-up ended: the next one is near */
};

/* A part of the plain text. */
struct range {
	uint32_t start, end;
};

enum line_flag {
	LINE_CLUTTER = 1,
	LINE_HEADING = 2,
	LINE_NUMBERED = 4,
	LINE_BULLET = 8,
	LINE_COLON = 16, /* ends with a colon */
	LINE_OPEN = 32,  /* ends without a mark */
	LINE_ENGLISH = 64,
};
struct line {
	uint32_t start, end; /* without the line end and outer blanks */
	uint32_t body;       /* behind the number or bullet */
	uint32_t sentence, nsentences;
	unsigned flags;
};
struct sentence {
	uint32_t start, end, line;
};

struct doc {
	struct arena *a;
	const struct lexicon *lx;
	struct plain p;
	struct hits hits[POOL_COUNT];
	VEC(struct line) lines;
	VEC(struct sentence) sentences;
	bool report; /* a report of a meeting, not a regulation or plan */
	bool english;
	bool has_ref;
	int64_t ref_day;
	struct extraction *x;
};

/* extract_text.c */
void plain_make(struct doc *d, str raw);
void doc_segment(struct doc *d);
static inline bool is_han(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF);
}

/* Plain Chinese text: no mark, bracket, digit, letter or line end. Most characters are, and leave at once. */
static inline bool is_plain_han(uint32_t c)
{
	return c >= 0x3400 && c <= 0x9FFF;
}

/* The first mark, bracket, digit, letter or line end from `at` on; end when there is none. */
static inline uint32_t next_odd(const struct doc *d, uint32_t at, uint32_t end)
{
	while (at < end) {
		uint64_t odd = d->p.odd[at >> 6] >> (at & 63);
		if (odd) {
			at += (uint32_t)__builtin_ctzll(odd);
			break;
		}
		at = (at | 63) + 1;
	}
	return at < end ? at : end;
}

/* Of the folded alphabet. */
static inline bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}

static inline bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_space(uint32_t c)
{
	return c == ' ' || c == '\n' || c == 0xFEFF || c == 0x200B;
}

uint32_t skip_number(const struct doc *d, uint32_t at, uint32_t end, bool *ret_numbered, bool *ret_bullet);
str plain_slice(const struct doc *d, uint32_t start, uint32_t end); /* of the original text */
str plain_name(const struct doc *d, uint32_t start, uint32_t end);  /* without blanks, pinyin, line ends */
uint32_t plain_orig(const struct doc *d, uint32_t at); /* code point offset in raw */
struct cue plain_cue(const struct doc *d, uint32_t start, uint32_t end);
bool plain_match(const struct doc *d, uint32_t at, uint32_t end, const char *folded_utf8);
bool plain_match_end(const struct doc *d, uint32_t start, uint32_t end, const char *folded_utf8);

static inline uint32_t utf8_peek(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	return u[0] < 0x80 ? u[0] : u[0] < 0xE0 ? (u[0] & 0x1Fu) << 6 | (u[1] & 0x3Fu)
						: (u[0] & 0xFu) << 12 | (u[1] & 0x3Fu) << 6 | (u[2] & 0x3Fu);
}

/* Does the text go on with these words? The first character settles most calls. */
static inline bool plain_is(const struct doc *d, uint32_t at, uint32_t end, const char *folded_utf8)
{
	return at < end && d->p.c[at] == utf8_peek(folded_utf8) && plain_match(d, at, end, folded_utf8);
}

static inline bool plain_ends(const struct doc *d, uint32_t start, uint32_t end, const char *folded_utf8)
{
	size_t n = __builtin_strlen(folded_utf8);
	size_t last = n - ((unsigned char)folded_utf8[n - 1] < 0x80 ? 1 : 3);
	return end > start && last < n && d->p.c[end - 1] == utf8_peek(folded_utf8 + last) &&
	       plain_match_end(d, start, end, folded_utf8);
}
uint32_t plain_find(const struct doc *d, uint32_t at, uint32_t end, const char *folded_utf8); /* end when absent */
struct range plain_trim(const struct doc *d, uint32_t start, uint32_t end);

/* extract_match.c */
void doc_match(struct doc *d);
/* First hit of a pool that starts at or behind `at`; n when none. */
size_t hits_from(struct hits *h, uint32_t at);
/* The longest term of a mark that is exactly the text's piece, or starts/ends it; NULL when none. */
const struct lexeme *term_look_up(const struct doc *d, uint32_t at, uint32_t end, uint64_t marks);
static inline const struct lexeme *term_at_any(const struct doc *d, uint32_t at, uint32_t end, uint64_t marks)
{
	if (at >= end)
		return NULL;
	bool may = marks & ~MARKS_KNOWN ? d->lx->first[d->lx->class_of[d->p.c[at]]] & marks : d->p.around[at] & begins_of(marks);
	return may ? term_look_up(d, at, end, marks) : NULL;
}
static inline const struct lexeme *term_at(const struct doc *d, uint32_t at, uint32_t end, enum mark mark)
{
	return term_at_any(d, at, end, MARK_BIT(mark));
}
static inline str term_value(const struct doc *d, const struct lexeme *t)
{
	return d->lx->values[t - d->lx->terms];
}
static inline const struct lexeme *hit_term(const struct doc *d, const struct hit *h)
{
	return &d->lx->terms[h->term];
}
const struct lexeme *term_ending(const struct doc *d, uint32_t start, uint32_t end, enum mark mark);
static inline bool ends_unit(const struct doc *d, uint32_t end)
{
	return end && d->p.around[end - 1] & ENDS_SUFFIX;
}

/* extract_clutter.c */
void doc_clutter(struct doc *d);

/* extract_unit.c */
enum unit_sort { UNIT_NO, UNIT_SURE, UNIT_COLLECTIVE };
enum unit_sort unit_sort(const struct doc *d, uint32_t start, uint32_t end);
/* Splits a list and appends its units; collectives are left out. Returns how many pieces were not units. */
struct unit_list {
	size_t units, collectives, others;
};
struct unit_list units_split(struct doc *d, uint32_t start, uint32_t end, bool trusting, struct unit_refs *ret);
/* 市住建局每周通报…: does the clause begin with who is to act? 市应急局配合 belongs to what is in front. */
bool units_open(struct doc *d, uint32_t start, uint32_t end);
void units_inline(struct doc *d, uint32_t start, uint32_t end, struct directive *dir);

/* extract_item.c */
/* 主要问题有：一是…。二是…: an item behind the first? *line: the line + 1 where such a list goes on. */
bool item_tells_problem(struct doc *d, uint32_t *line, const struct sentence *s);
bool item_is_slogan(const struct doc *d, const struct sentence *s, const struct line *l); /* 四是保障再强化。 */

/* extract_note.c */
void doc_notes(struct doc *d);
/* 责任单位：甲、乙 or 完成时限：… on a line of its own; false when the line is something else. */
bool label_line_read(struct doc *d, uint32_t start, uint32_t end, struct note *ret);
/* 反馈问题：… tells, 整改措施：… opens measures; *ret_body is what stands behind the colon. */
enum label { LABEL_NONE, LABEL_QUIET, LABEL_TASK };
enum label label_kind(const struct doc *d, uint32_t start, uint32_t end, uint32_t *ret_body);
/* 由甲牵头，乙配合。 and nothing else; false when the sentence says more. */
bool role_sentence_read(struct doc *d, uint32_t start, uint32_t end, struct note *ret);

/* extract_time.c */
bool deadline_find(struct doc *d, uint32_t start, uint32_t end, struct deadline *ret);
bool date_at(const struct doc *d, uint32_t at, uint32_t end, int64_t *ret_day, uint32_t *ret_end);
/* A number at `at` in digits or Chinese numerals; returns its end, or `at`. */
uint32_t number_at(const struct doc *d, uint32_t at, uint32_t end, double *ret);

/* extract_target.c */
void targets_find(struct doc *d, uint32_t start, uint32_t end, struct targets *ret);

/* extract_sector.c */
void sectors_find(struct doc *d, const struct sentence *s, uint32_t start, uint32_t end, struct sector_refs *ret);

/* extract_meta.c */
void doc_meta(struct doc *d);

/* extract_judge.c, extract_judge_en.c */
struct verdict {
	double score;
	bool orders;      /* it opens orders for what follows */
	bool narrates;    /* it tells what happened */
	uint32_t verb, verb_end, clause_end; /* action and the clause it stands in */
	VEC(struct range) reasons;
};
enum context { CONTEXT_NONE, CONTEXT_WEAK, CONTEXT_ORDER, CONTEXT_PLAN };
uint32_t skip_time(const struct doc *d, uint32_t at, uint32_t end); /* 6月底前, 每季度末 */
void judge(struct doc *d, const struct sentence *s, struct range r, enum context context, struct verdict *ret);
void judge_en(struct doc *d, const struct sentence *s, struct range r, enum context context, struct verdict *ret);

void judge_piece(struct doc *d, const struct sentence *s, struct range r, enum context c, struct verdict *ret);

/* extract_piece.c */
#define DIRECTIVE_LEAST 0.5 /* the score from which a sentence is a directive */
enum { PIECES_MAX = 16, PIECE_MIN = 8 };
struct piece {
	struct range r;
	struct verdict v;
	bool same_units; /* whoever acts in the piece before acts here too */
};
/* The tasks of one sentence that is a directive: at least one, each a directive by itself. */
size_t pieces_of(struct doc *d, const struct sentence *s, enum context context, const struct verdict *whole, struct piece *ret);

/* extract_directive.c */
void doc_directives(struct doc *d);

#endif
