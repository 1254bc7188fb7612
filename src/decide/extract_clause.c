/* What stands in a clause of a Chinese sentence: its head behind numbers and times, its verb, its subject,
 * and whether it tells a fact or a state. */
#include "decide/extract_clause.h"

enum { SUBJECT_MAX = 48 };

const struct hit *rule_at(const struct doc *d, size_t i)
{
	return &d->hits[POOL_RULE].v[i];
}

static bool blocked(const struct doc *d, uint32_t at, uint32_t end, uint32_t len)
{
	const struct lexeme *t = term_at(d, at, end, MARK_BLOCK);
	return t && t->len >= len;
}

static uint32_t skip_quotes(const struct doc *d, uint32_t at, uint32_t end)
{
	while (at < end &&
	       (d->p.c[at] == 0x201C || d->p.c[at] == '"' || d->p.c[at] == 0x300C || is_space(d->p.c[at])))
		at++;
	return at;
}

/* 6月底前, 每季度末, 到2027年 */
uint32_t skip_time(const struct doc *d, uint32_t at, uint32_t end)
{
	struct found f;
	if (at >= end)
		return at;
	if ((d->p.c[at] == 0x5230 || d->p.c[at] == 0x4E8E || d->p.c[at] == 0x5728) && at + 1 < end &&
	    (d->lx->trait[d->p.c[at + 1]] & TRAIT_TIME) &&
	    (chinese_duration_at(d, at, at + 1, end, &f) || chinese_deadline_at(d, at, at + 1, end, &f)))
		return f.end;
	if (!(d->lx->trait[d->p.c[at]] & TRAIT_TIME))
		return at;
	if (chinese_duration_at(d, at, at, end, &f) || chinese_deadline_at(d, at, at, end, &f) ||
	    word_deadline_at(d, at, end, &f))
		return f.end;
	return at;
}

/* Time words between a subject and its verb: 办公室每季度末汇总. */
static uint32_t before_time(const struct doc *d, uint32_t start, uint32_t end)
{
	enum { TIME_MAX = 14 };
	uint32_t at = end;
	while (at > start && end - at < TIME_MAX && d->lx->trait[d->p.c[at - 1]] & TRAIT_WHEN)
		at--;
	return end - at >= 2 ? at : end;
}

/* 防火期内实行…, 汛期期间加强… */
static uint32_t skip_season(const struct doc *d, uint32_t at, uint32_t end)
{
	enum { SEASON_MAX = 5 };
	for (uint32_t i = at + 1; i + 2 < end && i < at + SEASON_MAX; i++)
		if (d->p.c[i] == 0x671F && (d->p.c[i + 1] == 0x5185 || d->p.c[i + 1] == 0x95F4))
			return i + 2;
	return at;
}

uint32_t clause_head(const struct doc *d, uint32_t at, uint32_t end)
{
	bool numbered, bullet;
	for (;;) {
		uint32_t before = at;
		at = skip_season(d, skip_time(d, at, end), end);
		at = skip_quotes(d, skip_number(d, at, end, &numbered, &bullet), end);
		const struct lexeme *t = term_at(d, at, end, MARK_CONJ);
		if (t && !t->english && at + t->len < end && !blocked(d, at, end, t->len + 1u))
			at += t->len;
		if (at == before)
			return at;
	}
}

static uint32_t skip_adverbs(const struct doc *d, uint32_t at, uint32_t end)
{
	for (;;) {
		const struct lexeme *t = term_at(d, at, end, MARK_ADVERB);
		if (!t || t->english || blocked(d, at, end, t->len + 1u))
			return at;
		at += t->len;
		if (at < end && d->p.c[at] == 0x5730)
			at++;
		if (at < end && d->p.c[at] == 0x3001) /* 科学、精准 */
			at++;
	}
}

/* A verb, or adverbs with anything behind them, at `at`. */
bool clause_verb(const struct doc *d, uint32_t at, uint32_t end, struct clause *c)
{
	uint32_t v = skip_adverbs(d, at, end);
	const struct lexeme *t = term_at(d, v, end, MARK_VERB);
	if (t && !t->english && !blocked(d, v, end, t->len)) {
		c->verb = v;
		c->verb_end = v + t->len;
		return t->weight >= 0.5 || end - v > 4;
	}
	if (v == at || v + 1 >= end || blocked(d, v, end, 1))
		return false;
	c->verb = at;
	c->verb_end = v;
	return is_han(d->p.c[v]) && v - at >= 2;
}

/* 各镇街压紧压实…: many or a unit in front of a verb. */
static bool subject_verb_at(const struct doc *d, const struct clause *k, struct clause *c)
{
	for (size_t i = k->hit; i < k->hits; i++) {
		const struct hit *h = rule_at(d, i);
		if (h->start <= k->head || h->start - k->head > SUBJECT_MAX)
			continue;
		if (h->mark != MARK_ADVERB && h->mark != MARK_VERB)
			continue;
		uint32_t to = before_time(d, k->head, h->start);
		if (to > k->head + 2 && d->p.c[to - 1] == 0x5C06) /* 市应急局将… */
			to = before_time(d, k->head, to - 1);
		if (to <= k->head || !(d->p.around[to - 1] & (ENDS_SUFFIX | ENDS_SUBJECT)))
			continue;
		const struct lexeme *s = term_ending(d, k->head, to, MARK_SUBJECT);
		if (!s)
			s = term_ending(d, k->head, to, MARK_SUFFIX);
		if (s && s->weight >= 1 && clause_verb(d, h->start, k->end, c)) {
			c->subject = (struct range){ k->head, h->start };
			return true;
		}
	}
	return false;
}

bool in_title_marks(const struct doc *d, uint32_t start, uint32_t at)
{
	for (uint32_t i = at; i > start; i--) {
		if (d->p.c[i - 1] == 0x300B)
			return false;
		if (d->p.c[i - 1] == 0x300A)
			return true;
	}
	return false;
}

static void note_hit(const struct doc *d, const struct hit *h, struct clause *c)
{
	switch (h->mark) {
	case MARK_PERFECT:
		c->perfect = c->perfect || !in_title_marks(d, c->start, h->start);
		break;
	case MARK_PAST:
		/* 12月10日前 is no 日前 */
		c->past = c->past || !(h->start > c->start && is_digit(d->p.c[h->start - 1]) &&
				       d->p.c[h->start] == 0x65E5);
		break;
	case MARK_REPORT:
		c->report = c->report || !h->english;
		c->perfect = c->perfect || d->p.c[h->end - 1] == 0x4E86; /* 学习了 */
		break;
	case MARK_FACT:
		/* 问题突出的工地，停工整改: what describes somebody is no statement */
		if (!h->english && hit_term(d, h)->weight > c->fact &&
		    !(h->end < c->end && d->p.c[h->end] == 0x7684))
			c->fact = hit_term(d, h)->weight;
		break;
	default:
		break;
	}
}

/* 创新和供给能力…: the verb is used as a noun. */
static bool is_noun(const struct doc *d, const struct clause *c)
{
	uint32_t next = c->verb_end < c->end ? d->p.c[c->verb_end] : 0;
	return next == 0x548C || next == 0x7684 || next == 0x65F6 ||
	       (next == 0x3001 && c->end - c->verb_end < 3);
}

/* 实现碳中和是一场变革: the verb only opens the subject of 是. */
static bool is_equation(const struct doc *d, const struct clause *c)
{
	static const uint16_t before[] = { 0x4E8E, 0x4F46, 0x5C31, 0x8FD8, 0x53EA, 0x522B,
					   0x5176, 0x51E1, 0x4E0D, 0x4E00, 0x4E8C };
	for (uint32_t i = c->verb_end; i + 1 < c->end; i++) {
		if (d->p.c[i] != 0x662F || d->p.c[i + 1] == 0x5426)
			continue;
		bool word = false;
		for (size_t k = 0; k < COUNT_OF(before) && !word; k++)
			word = d->p.c[i - 1] == before[k];
		if (!word)
			return true;
	}
	return false;
}

/* 支撑服务体系进一步完备: what shall be, not what shall be done; 推动…进一步完备 is an order. */
static bool is_state(const struct doc *d, const struct clause *c)
{
	/* 进一步 明显 显著 基本 大幅 更加 不断 持续 稳步 全面, by their first two characters */
	static const uint16_t states[][2] = { { 0x8FDB, 0x4E00 }, { 0x660E, 0x663E }, { 0x663E, 0x8457 },
					      { 0x57FA, 0x672C }, { 0x5927, 0x5E45 }, { 0x66F4, 0x52A0 },
					      { 0x4E0D, 0x65AD }, { 0x6301, 0x7EED }, { 0x7A33, 0x6B65 },
					      { 0x5168, 0x9762 } };
	static const char *const movers[] = { "推动", "促进", "实现", "保持", "助力",
					      "带动", "推进", "使",   "让" };
	enum { TAIL = 6 };
	if (c->end - c->verb_end < TAIL)
		return false;
	bool state = false;
	for (uint32_t at = c->end - TAIL; at + 3 < c->end && !state; at++)
		for (size_t i = 0; i < COUNT_OF(states) && !state; i++)
			state = d->p.c[at] == states[i][0] && d->p.c[at + 1] == states[i][1];
	for (size_t i = 0; i < COUNT_OF(movers) && state; i++)
		state = !plain_is(d, c->verb, c->verb_end, movers[i]);
	return state;
}

void clause_read(struct doc *d, uint32_t start, uint32_t end, struct clause *c)
{
	static const uint64_t telling = MARK_BIT(MARK_PERFECT) | MARK_BIT(MARK_PAST) | MARK_BIT(MARK_REPORT) | MARK_BIT(MARK_FACT);
	struct hits *h = &d->hits[POOL_RULE];
	*c = (struct clause){ .start = start, .end = end, .head = clause_head(d, start, end) };
	c->hit = hits_from(h, start);
	c->hits = c->hit;
	for (; c->hits < h->n && h->v[c->hits].start < end; c->hits++) {
		const struct hit *hit = &h->v[c->hits];
		c->marks |= hit->english ? 0 : MARK_BIT(hit->mark);
		if (MARK_BIT(hit->mark) & telling)
			note_hit(d, hit, c);
	}
	c->copula = c->head < end && d->p.c[c->head] == 0x662F;
	c->verb_head = clause_verb(d, c->head, end, c) && !is_noun(d, c) && !is_state(d, c);
	c->equates = c->verb_head && is_equation(d, c);
	if (!c->verb_head)
		c->subject_verb = subject_verb_at(d, c, c);
}
