/* Does an English sentence tell somebody to do something? */
#include <string.h>

#include "decide/extract_parts.h"

enum { FAR = 90 };

struct english {
	struct doc *d;
	struct range r;
	size_t from, to; /* rule hits */
	enum context context;
	bool bullet;
	struct verdict *v;
};

static const struct hit *find(const struct english *e, enum mark mark, double at_least)
{
	for (size_t i = e->from; i < e->to; i++) {
		const struct hit *h = &e->d->hits[POOL_RULE].v[i];
		if (h->mark == mark && h->english && hit_term(e->d, h)->weight >= at_least && h->end < e->r.end)
			return h;
	}
	return NULL;
}

static void take(struct english *e, double score, uint32_t verb, uint32_t verb_end, const struct hit *why)
{
	if (why)
		vec_push_few(e->d->a, &e->v->reasons, (struct range){ why->start, why->end });
	if (score <= e->v->score)
		return;
	e->v->score = score;
	e->v->verb = verb;
	e->v->verb_end = verb_end;
	uint32_t end = verb_end;
	while (end < e->r.end && !(e->d->p.c[end] == ',' || e->d->p.c[end] == ';' ||
				   (e->d->p.c[end] == '.' && end + 1 >= e->r.end)))
		end++;
	e->v->clause_end = end;
}

static uint32_t skip_word(const struct english *e, uint32_t at)
{
	while (at < e->r.end && e->d->p.c[at] != ' ')
		at++;
	while (at < e->r.end && e->d->p.c[at] == ' ')
		at++;
	return at;
}

static uint32_t skip_adverbs(const struct english *e, uint32_t at)
{
	while (at < e->r.end && is_space(e->d->p.c[at]))
		at++;
	for (const struct lexeme *t; (t = term_at(e->d, at, e->r.end, MARK_ADVERB)) != NULL && t->english;) {
		at += t->len;
		while (at < e->r.end && (e->d->p.c[at] == ' ' || e->d->p.c[at] == ','))
			at++;
	}
	return at;
}

static const struct lexeme *verb_at(const struct english *e, uint32_t at)
{
	at += plain_is(e->d, at, e->r.end, "re-") ? 3 : 0; /* re-issue */
	const struct lexeme *t = term_at(e->d, at, e->r.end, MARK_VERB);
	return t && t->english ? t : NULL;
}

/* The verb behind a modal: "must strictly manage", "should be phased out". */
static void take_behind(struct english *e, double score, const struct hit *h)
{
	uint32_t at = skip_adverbs(e, h->end);
	if (plain_is(e->d, at, e->r.end, "be "))
		at = skip_adverbs(e, at + 3);
	uint32_t end = at;
	while (end < e->r.end && is_letter(e->d->p.c[end]))
		end++;
	take(e, score, at, end, h);
}

static bool has_subject(const struct english *e, uint32_t end)
{
	for (uint32_t i = e->r.start; i < end; i++) {
		if (i > e->r.start && is_letter(e->d->p.c[i - 1]))
			continue;
		const struct lexeme *t = term_at(e->d, i, end, MARK_SUBJECT);
		if (!t)
			t = term_at(e->d, i, end, MARK_SUFFIX);
		if (t && t->english)
			return true;
	}
	return false;
}

/* "problems that need to be solved were discussed": no order, but a description. */
static bool describes(const struct english *e, const struct hit *h)
{
	uint32_t at = h->start > e->r.start ? h->start - 1 : h->start;
	if (plain_find(e->d, e->r.start, h->start, "whether ") < h->start && !find(e, MARK_ORDER, 0))
		return true; /* opinions differed on whether it should be banned */
	bool relative = plain_ends(e->d, e->r.start, at, " that") || plain_ends(e->d, e->r.start, at, " which") ||
			plain_ends(e->d, e->r.start, at, " who");
	return relative && find(e, MARK_REPORT, 0) && !find(e, MARK_ORDER, 0);
}

/* "should never have passed": what was wrong, no order. */
static bool regrets(const struct english *e, uint32_t next)
{
	if (!plain_is(e->d, next, e->r.end, "have "))
		return false;
	uint32_t at = next + 5, to = at;
	while (to < e->r.end && is_letter(e->d->p.c[to]))
		to++;
	return plain_ends(e->d, at, to, "ed") || plain_ends(e->d, at, to, "been") || plain_ends(e->d, at, to, "done");
}

/* "inspectors had asked the owner to": told of what came before. */
static bool had_before(const struct english *e, const struct hit *h)
{
	return h->start > e->r.start && plain_ends(e->d, e->r.start, h->start - 1, " had");
}

static bool needs_verb(const struct english *e, const struct hit *h)
{
	return plain_is(e->d, h->start, h->end, "is to") || plain_is(e->d, h->start, h->end, "are to");
}

static void judge_modals(struct english *e, bool ordered)
{
	for (size_t i = e->from; i < e->to; i++) {
		const struct hit *h = &e->d->hits[POOL_RULE].v[i];
		if (h->mark != MARK_MODAL || !h->english || h->end >= e->r.end)
			continue;
		if (hit_term(e->d, h)->weight < 1 && !ordered && e->context < CONTEXT_ORDER)
			continue;
		uint32_t next = skip_adverbs(e, h->end);
		if (needs_verb(e, h) && !(verb_at(e, next) && (e->bullet || has_subject(e, h->start) || plain_is(e->d, next, e->r.end, "be "))))
			continue;
		if (describes(e, h) || regrets(e, next))
			continue;
		take_behind(e, hit_term(e->d, h)->weight < 1 ? 0.8 : 0.92, h);
	}
}

/* "asked them to inspect": a weaker word of command with its infinitive. */
static bool has_infinitive(const struct english *e, uint32_t at)
{
	uint32_t limit = e->r.end - at > FAR ? at + FAR : e->r.end;
	for (uint32_t i = at; i + 4 < limit; i++)
		if (plain_is(e->d, i, limit, " to ") && (verb_at(e, skip_adverbs(e, i + 4)) != NULL))
			return true;
	return false;
}

/* "Premier Li also required innovations": an active verb, not "is required". */
static bool active(const struct english *e, const struct hit *h)
{
	static const char *const before[] = { " is", " are", " was", " were", " be", " been", " as", " if", " where", " when" };
	uint32_t at = h->start > e->r.start ? h->start - 1 : h->start;
	for (size_t i = 0; i < COUNT_OF(before); i++)
		if (plain_ends(e->d, e->r.start, at, before[i]))
			return false;
	return at > e->r.start;
}

static bool asks(const struct english *e, const struct hit *h)
{
	if (plain_is(e->d, h->start, h->end, "required") && active(e, h))
		return true;
	static const char *const words[] = { "asked", "told", "requested", "required", "directed", "requires" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(e->d, h->start, h->end, words[i]))
			return has_infinitive(e, h->end);
	return false;
}

static bool quoted(const struct english *e)
{
	uint32_t c = e->r.start < e->r.end ? e->d->p.c[e->r.start] : 0;
	return c == 0x201C || c == '"' || c == '\'';
}

static bool judge_orders(struct english *e)
{
	bool any = false;
	for (size_t i = e->from; i < e->to; i++) {
		const struct hit *h = &e->d->hits[POOL_RULE].v[i];
		if (h->mark != MARK_ORDER || !h->english || had_before(e, h))
			continue;
		any = true;
		e->v->orders = true;
		if (hit_term(e->d, h)->weight >= 1 && e->r.end - h->end > 8)
			take_behind(e, 0.86, h);
		else if (hit_term(e->d, h)->weight >= 1 && quoted(e))
			take_behind(e, 0.8, h); /* “Send somebody,” he ordered. */
		else if (asks(e, h))
			take_behind(e, 0.78, h);
	}
	return any;
}

static bool finite_next(const struct english *e, uint32_t at)
{
	static const char *const words[] = { "is ", "are ", "was ", "were ", "has ", "have ", "had ", "of ", "on the work",
					     "will ", "can ", "may ", "shall ", "must ", "should ", "by ", "report", "from " };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(e->d, at, e->r.end, words[i]))
			return true;
	return false;
}

static bool be_or_have(const struct english *e, uint32_t at)
{
	static const char *const words[] = { "is ", "are ", "was ", "were ", "has ", "have ", "had ", "remains " };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(e->d, at, e->r.end, words[i]))
			return true;
	return false;
}

static uint32_t opening(const struct english *e)
{
	bool numbered, bullet;
	uint32_t at = skip_number(e->d, e->r.start, e->r.end, &numbered, &bullet);
	for (;;) {
		uint32_t before = at;
		while (at < e->r.end && (e->d->p.c[at] == 0x201C || e->d->p.c[at] == '"' || is_space(e->d->p.c[at]) ||
					 e->d->p.c[at] == ','))
			at++;
		const struct lexeme *t = term_at(e->d, at, e->r.end, MARK_CONJ);
		if (t && t->english)
			at += t->len;
		if (at == before)
			return skip_adverbs(e, at);
	}
}

static void judge_imperative(struct english *e)
{
	uint32_t at = opening(e);
	const struct lexeme *t = verb_at(e, at);
	if (!t || at + t->len >= e->r.end)
		return;
	uint32_t next = skip_word(e, at);
	uint32_t second = next < e->r.end ? skip_word(e, next) : next; /* "Clean air has become" */
	if (plain_find(e->d, next, e->r.end, " and we ") < e->r.end || plain_find(e->d, next, e->r.end, " and you ") < e->r.end)
		return; /* "Take away the wind and we are where we were" */
	if (next >= e->r.end || finite_next(e, next) || be_or_have(e, second) || e->d->p.c[at + t->len] != ' ')
		return;
	take(e, 0.8, at, at + t->len, NULL);
	vec_push_few(e->d->a, &e->v->reasons, (struct range){ at, at + t->len });
}

/* "will be summoned": among orders it says what is to happen to those who do not comply. */
static bool participle(const struct english *e, uint32_t at)
{
	uint32_t to = at;
	while (to < e->r.end && is_letter(e->d->p.c[to]))
		to++;
	return plain_ends(e->d, at, to, "ed") && !find(e, MARK_REPORT, 0) && !find(e, MARK_PAST, 0);
}

/* "The city will promote …": a plan, when a unit is to act. */
static void judge_future(struct english *e)
{
	const struct hit *h = find(e, MARK_FUTURE, 1);
	bool habit = plain_find(e->d, e->r.start, e->r.end, " as it did") < e->r.end ||
		     plain_find(e->d, e->r.start, e->r.end, " as they did") < e->r.end;
	if (!h || find(e, MARK_FACT, 1) || habit)
		return;
	uint32_t at = skip_adverbs(e, h->end);
	bool due = plain_is(e->d, at, e->r.end, "be ") && plain_find(e->d, at, e->r.end, " by the end of") < e->r.end;
	bool done_to = e->context == CONTEXT_ORDER && plain_is(e->d, at, e->r.end, "be ") && participle(e, at + 3);
	if (done_to || (e->context >= CONTEXT_ORDER && due)) { /* mines will be shut down by the end of the year */
		take_behind(e, 0.62, h);
		return;
	}
	if (!verb_at(e, at) && !(e->context == CONTEXT_ORDER && plain_is(e->d, at, e->r.end, "be ")))
		return;
	if (e->context == CONTEXT_ORDER && e->bullet)
		take_behind(e, 0.7, h);
	else if (has_subject(e, h->start))
		take_behind(e, 0.62, h);
}

/* A finite verb in front of `at`: what follows is no shorthand. */
static bool finite_before(const struct english *e, uint32_t at)
{
	for (uint32_t i = e->r.start; i < at; i++)
		if (e->d->p.c[i] == ' ' && be_or_have(e, i + 1))
			return true;
	return false;
}

static void take_verb(struct english *e, uint32_t at, const struct lexeme *verb)
{
	take(e, 0.7, at, at + verb->len, NULL);
}

/* "Human Resources to verify", "any reading above it to be reported": who or what, and what is to be done. */
static bool shorthand_to(struct english *e, uint32_t i, bool known)
{
	enum { NAME_MAX = 60 };
	if (!plain_is(e->d, i, e->r.end, " to "))
		return false;
	uint32_t at = skip_adverbs(e, i + 4);
	const struct lexeme *t = verb_at(e, at);
	bool listed = e->context == CONTEXT_ORDER && i - e->r.start <= NAME_MAX && !finite_before(e, i);
	bool passive = plain_is(e->d, at, e->r.end, "be ") && participle(e, at + 3);
	if (!t || !(known || listed || (passive && e->context == CONTEXT_ORDER)))
		return false;
	take_verb(e, at, t);
	return true;
}

/* "All sites: hold a drill before 31 March", "(a) the Water Bureau install meters" */
static bool shorthand_base(struct english *e, uint32_t i)
{
	uint32_t at = i + 1;
	bool colon = e->d->p.c[i] == ' ' && i > e->r.start && e->d->p.c[i - 1] == ':';
	bool names = !colon && e->d->p.c[i] == ' ' && has_subject(e, i) && !plain_ends(e->d, e->r.start, i, " to") && !plain_ends(e->d, e->r.start, i, " the");
	const struct lexeme *t = colon || names ? verb_at(e, at) : NULL;
	uint32_t next = t ? at + t->len : at;
	if (!t || e->context < CONTEXT_ORDER || finite_before(e, i) || next + 1 >= e->r.end || e->d->p.c[next] != ' ' || finite_next(e, next + 1))
		return false;
	take_verb(e, at, t);
	return true;
}

/* "untreated manure not be spread" */
static bool shorthand_not(struct english *e, uint32_t i)
{
	if (e->context < CONTEXT_ORDER || !plain_is(e->d, i, e->r.end, " not be ") || finite_before(e, i))
		return false;
	take(e, 0.7, i + 1, i + 7, NULL);
	return true;
}

/* Minutes' shorthand in a bullet. */
static void judge_shorthand(struct english *e)
{
	if (!e->bullet)
		return;
	enum { ITEM_MAX = 150 };
	uint32_t limit = e->r.end - e->r.start > ITEM_MAX ? e->r.start + ITEM_MAX : e->r.end;
	const struct hit *told = find(e, MARK_REPORT, 0), *past = find(e, MARK_PAST, 0);
	if (told && told->start < limit)
		limit = told->start;
	if (past && past->start < limit)
		limit = past->start;
	for (uint32_t i = e->r.start + 1; i + 4 < limit; i++)
		if (e->d->p.c[i] == ' ' && (shorthand_to(e, i, has_subject(e, i)) || shorthand_base(e, i) || shorthand_not(e, i)))
			return;
}

/* "From 1 October nobody goes underground without a card." */
static bool nobody_goes(struct english *e)
{
	static const char *const words[] = { "nobody ", "no one ", "no worker ", "no vehicle " };
	uint32_t without = plain_find(e->d, e->r.start, e->r.end, " without "), unless = plain_find(e->d, e->r.start, e->r.end, " unless ");
	uint32_t limit = without < unless ? without : unless;
	for (size_t i = 0; i < COUNT_OF(words) && limit < e->r.end; i++) {
		uint32_t at = plain_find(e->d, e->r.start, limit, words[i]);
		if (at >= limit || find(e, MARK_PAST, 0) || find(e, MARK_REPORT, 0))
			continue;
		take(e, 0.8, at, at + (uint32_t)strlen(words[i]) - 1, NULL);
		return true;
	}
	return false;
}

/* "No cylinder that fails may return." */
static void judge_prohibition(struct english *e)
{
	uint32_t at = opening(e);
	if (e->context >= CONTEXT_ORDER && nobody_goes(e))
		return;
	if (!plain_is(e->d, at, e->r.end, "no "))
		return;
	uint32_t may = plain_find(e->d, at, e->r.end, " may ");
	if (may < e->r.end)
		take(e, 0.84, may + 1, may + 4, NULL);
}

/* Minutes: "Decision: the bureau to treat …" */
static bool is_decision(const struct doc *d, const struct line *l)
{
	static const char *const words[] = { "decision", "action", "resolved", "resolution", "agreed", "task", "follow-up", "requirement" };
	uint32_t limit = l->end - l->body > 24 ? l->body + 24 : l->end, colon = plain_find(d, l->body, limit, ":");
	for (size_t i = 0; i < COUNT_OF(words) && colon < limit; i++)
		if (plain_is(d, l->body, l->end, words[i]))
			return true;
	return false;
}

/* "The Board endorsed the following instructions:" */
static bool opens_list(const struct english *e)
{
	static const char *const words[] = { "following", "agreed", "decided", "resolved", "demands", "requirements", "instructions",
					     "tasks", "measures", "points", "actions" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_find(e->d, e->r.start, e->r.end, words[i]) < e->r.end)
			return true;
	return false;
}

void judge_en(struct doc *d, const struct sentence *s, struct range r, enum context context, struct verdict *ret)
{
	struct hits *h = &d->hits[POOL_RULE];
	struct english e = { .d = d, .r = r, .context = context, .v = ret };
	e.from = e.to = hits_from(h, r.start);
	while (e.to < h->n && h->v[e.to].start < r.end)
		e.to++;
	e.bullet = (d->lines.v[s->line].flags & (LINE_BULLET | LINE_NUMBERED)) != 0 || is_decision(d, &d->lines.v[s->line]);
	bool ordered = judge_orders(&e);
	if (r.end > r.start && d->p.c[r.end - 1] == ':' && opens_list(&e))
		ret->orders = true;
	judge_modals(&e, ordered);
	judge_prohibition(&e);
	if (ret->score == 0)
		judge_imperative(&e);
	if (ret->score == 0) {
		judge_future(&e);
		judge_shorthand(&e);
	}
	ret->narrates = ret->score < 0.5 && (find(&e, MARK_REPORT, 0) || find(&e, MARK_PAST, 0) || find(&e, MARK_FACT, 0));
}
