/* A sentence that gives more than one task: parted at semicolons, at commas where somebody else is to act, and
 * where a second date is set. Each part must be a directive by itself; else the sentence stays whole. */
#include "decide/extract_parts.h"

static bool english(const struct doc *d, const struct sentence *s)
{
	return d->lines.v[s->line].flags & LINE_ENGLISH;
}

void judge_piece(struct doc *d, const struct sentence *s, struct range r, enum context c, struct verdict *ret)
{
	*ret = (struct verdict){ .verb = r.start, .verb_end = r.start, .clause_end = r.start };
	if (d->lines.v[s->line].flags & LINE_ENGLISH)
		judge_en(d, s, r, c, ret);
	else
		judge(d, s, r, c, ret);
}

static enum context strength(const struct verdict *v, enum context before)
{
	return v->orders && before != CONTEXT_PLAN ? (v->score >= DIRECTIVE_LEAST ? CONTEXT_ORDER : CONTEXT_WEAK) : before;
}

/* ---- semicolons ---- */

static size_t at_semicolons(const struct doc *d, const struct sentence *s, struct piece *pieces)
{
	size_t n = 0;
	uint32_t from = s->start, depth = 0;
	for (uint32_t i = next_odd(d, s->start, s->end); i < s->end; i = next_odd(d, i + 1, s->end)) {
		uint32_t c = d->p.c[i];
		depth += c == '(' || c == 0x300A;
		depth -= (c == ')' || c == 0x300B) && depth;
		if (c != ';' || depth || n + 1 >= PIECES_MAX || i - from < PIECE_MIN)
			continue;
		pieces[n++] = (struct piece){ .r = { from, i } };
		from = i + 1;
	}
	if (from < s->end)
		pieces[n++] = (struct piece){ .r = { from, s->end } };
	return n;
}

/* ---- commas ---- */

struct cut {
	struct doc *d;
	const struct sentence *s;
	struct range r;
	enum context context; /* of the first part; what follows an order stands under it */
	bool same_units;      /* of the part behind the cut */
};

static uint32_t clause_stop(const struct doc *d, uint32_t at, uint32_t end)
{
	while (at < end && d->p.c[at] != ',')
		at = next_odd(d, at + 1, end);
	return at < end ? at : end;
}

/* 6月15日前形成清单，9月底前完成整改: another day. */
static bool sets_another_day(struct doc *d, uint32_t from, uint32_t comma, uint32_t stop)
{
	enum { NEAR = 4 };
	struct deadline first, second;
	bool near = false;
	for (uint32_t i = comma + 1; i < stop && i <= comma + NEAR && !near; i++)
		near = d->lx->trait[d->p.c[i]] & TRAIT_TIME;
	if (!near || !deadline_find(d, comma + 1, stop, &second) || !second.has_due || !deadline_find(d, from, comma, &first) || !first.has_due)
		return false;
	return first.due_day != second.due_day && second.cue.start < plain_orig(d, comma + 1) + NEAR;
}

static bool opens_task(struct cut *k, uint32_t from, uint32_t comma)
{
	struct doc *d = k->d;
	if (english(d, k->s))
		return plain_is(d, comma + 1, k->r.end, " while the ");
	uint32_t stop = clause_stop(d, comma + 1, k->r.end);
	k->same_units = false;
	if (stop - comma > PIECE_MIN && units_open(d, comma + 1, stop))
		return true;
	k->same_units = true;
	return sets_another_day(d, from, comma, stop);
}

static bool both_order(struct cut *k, struct range left, struct range right, struct verdict *ret)
{
	struct verdict behind;
	judge_piece(k->d, k->s, left, k->context, ret);
	if (ret->score < DIRECTIVE_LEAST)
		return false;
	judge_piece(k->d, k->s, right, k->context == CONTEXT_PLAN ? CONTEXT_PLAN : CONTEXT_ORDER, &behind);
	return behind.score >= DIRECTIVE_LEAST;
}

enum { WHILE = 7 }; /* " while " */

/* Appends the parts of one piece; the piece itself when it has but one. */
static size_t at_commas(struct cut *k, const struct piece *whole, struct piece *ret, size_t room)
{
	struct doc *d = k->d;
	size_t n = 0;
	uint32_t from = k->r.start, depth = 0;
	bool same = whole->same_units;
	for (uint32_t i = next_odd(d, from, k->r.end); i < k->r.end && n + 1 < room; i = next_odd(d, i + 1, k->r.end)) {
		uint32_t c = d->p.c[i];
		depth += c == '(' || c == 0x300A || c == 0x201C;
		depth -= (c == ')' || c == 0x300B || c == 0x201D) && depth;
		struct verdict v;
		struct range left = { from, i }, right = { i + 1, k->r.end };
		if (c != ',' || depth || i - from < PIECE_MIN || k->r.end - i < PIECE_MIN || !opens_task(k, from, i) ||
		    !both_order(k, left, right, &v))
			continue;
		ret[n++] = (struct piece){ left, v, same };
		same = k->same_units;
		k->context = k->context == CONTEXT_PLAN ? CONTEXT_PLAN : CONTEXT_ORDER;
		from = i + 1 + (english(d, k->s) ? WHILE : 0);
	}
	ret[n] = (struct piece){ { from, k->r.end }, whole->v, same };
	if (n)
		judge_piece(d, k->s, ret[n].r, k->context, &ret[n].v);
	return n + 1;
}

/* ---- the sentence ---- */

size_t pieces_of(struct doc *d, const struct sentence *s, enum context context, const struct verdict *whole, struct piece *ret)
{
	struct piece p[PIECES_MAX];
	size_t n = at_semicolons(d, s, p), parts = 0;
	bool all = n > 1;
	for (size_t i = 0; n > 1 && i < n; i++) {
		judge_piece(d, s, p[i].r, i ? strength(&p[i - 1].v, context) : context, &p[i].v);
		p[i].v.orders = p[i].v.orders || (i && p[i - 1].v.orders);
		all = all && p[i].v.score >= DIRECTIVE_LEAST && p[i].r.end - p[i].r.start >= PIECE_MIN;
	}
	if (!all) {
		p[0] = (struct piece){ { s->start, s->end }, *whole, false };
		n = 1;
	}
	for (size_t i = 0; i < n; i++) {
		struct cut k = { .d = d, .s = s, .r = p[i].r, .context = i ? strength(&p[i - 1].v, context) : context };
		parts += at_commas(&k, &p[i], ret + parts, PIECES_MAX - parts - (n - i - 1));
	}
	return parts;
}
