/* Does a Chinese sentence tell somebody to do something? Clause by clause: a modal word (要, 必须,
 * 不得), a word of command in front (会议要求), or a verb at the head where the context gives orders. */
#include "decide/extract_clause.h"

enum { QUOTE_MAX = 12 };
static const double threshold_of_order = 0.7;

/* ---- modal words ---- */

static bool in_short_quotes(const struct doc *d, const struct clause *c, const struct hit *h)
{
	uint32_t from = h->start, to = h->end;
	while (from > c->start && h->start - from < QUOTE_MAX && d->p.c[from - 1] != 0x201C && d->p.c[from - 1] != 0x201D)
		from--;
	while (to < c->end && to - h->end < QUOTE_MAX && d->p.c[to] != 0x201D && d->p.c[to] != 0x201C)
		to++;
	return from > c->start && d->p.c[from - 1] == 0x201C && to < c->end && d->p.c[to] == 0x201D &&
	       to - from <= QUOTE_MAX;
}

static bool is_result_word(const struct doc *d, const struct hit *h)
{
	static const char *const words[] = { "确保", "防止", "力争", "杜绝", "严防", "严控", "谨防" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, h->start, h->end, words[i]))
			return true;
	return false;
}

static bool reported_before(const struct doc *d, const struct clause *c, const struct hit *h)
{
	bool told = false;
	for (size_t i = c->hit; i < c->hits && rule_at(d, i)->start < h->start; i++) {
		enum mark m = rule_at(d, i)->mark;
		if (m == MARK_REPORT || m == MARK_PERFECT)
			told = true;
		else if (m == MARK_ORDER)
			told = false;
	}
	return told;
}

static bool opens_phrase(const struct doc *d, uint32_t at, uint32_t end)
{
	static const char *const words[] = { "根据", "按照", "以", "针对", "结合", "围绕", "对照", "在", "从", "把", "将", "对", "按" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, at, end, words[i]))
			return true;
	return false;
}

/* 应 is a surname and half of many words: what follows must be something one can do. */
static bool ought(const struct doc *d, const struct clause *c, const struct hit *h)
{
	static const char *const words[] = { "于", "由", "当", "该", "与", "向", "为", "不", "符合", "具", "有", "能", "包", "达",
					     "是", "经", "自", "在", "同", "采", "取", "做", "使", "让", "视", "保", "满足" };
	uint64_t marks = MARK_BIT(MARK_VERB) | MARK_BIT(MARK_ADVERB) | MARK_BIT(MARK_MODAL);
	if (h->end - h->start > 1 || d->p.c[h->start] != 0x5E94)
		return true;
	if (term_at_any(d, h->end, c->end, marks) || opens_phrase(d, h->end, c->end))
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, h->end, c->end, words[i]))
			return true;
	return false;
}

/* 应当立案的37起案件仅立案11起: the modal belongs to what is spoken of, not to the sentence. */
static bool qualifies(const struct doc *d, const struct clause *c, const struct hit *h)
{
	enum { NEAR = 6 };
	struct clause k;
	uint32_t at = clause_head(d, h->end, c->end);
	if (is_result_word(d, h) || !clause_verb(d, at, c->end, &k) || k.verb_end > h->end + NEAR)
		return false;
	return k.verb_end + 2 < c->end && d->p.c[k.verb_end] == 0x7684;
}

static bool modal_holds(const struct doc *d, const struct clause *c, const struct hit *h)
{
	uint32_t next = h->end < c->end ? d->p.c[h->end] : 0, prev = h->start > c->start ? d->p.c[h->start - 1] : 0;
	if (!next || next == 0x7684 || next == 0x4E86 || c->copula || c->fact >= 2)
		return false;
	if (h->end - h->start == 1 && h->end + 1 < c->end && d->p.c[h->start] == 0x5E94 &&
	    (d->p.c[h->end + 1] == 0x672A || d->p.c[h->end + 1] == 0x5C3D))
		return false;
	if (!ought(d, c, h) || qualifies(d, c, h) || in_short_quotes(d, c, h) || in_title_marks(d, c->start, h->start) || reported_before(d, c, h))
		return false;
	if (is_result_word(d, h))
		return !c->perfect && prev != 0x4E3A && prev != 0x4EE5 && !(c->past && !c->verb_head);
	if (plain_is(d, h->start, h->end, "需要"))
		return prev != 0x7684 && !c->perfect && !plain_is(d, c->head, c->end, "根据");
	return true;
}

static const struct hit *find_modal(const struct doc *d, const struct clause *c)
{
	for (size_t i = c->hit; i < c->hits; i++) {
		const struct hit *h = rule_at(d, i);
		if (h->mark == MARK_MODAL && !h->english && modal_holds(d, c, h))
			return h;
	}
	return NULL;
}

/* ---- words of command ---- */

/* 市住建局根据讨论意见…: what a unit is to act upon comes first. */
static bool opens_phrase_of_act(const struct doc *d, uint32_t at, uint32_t end)
{
	static const char *const words[] = { "根据", "按照", "结合", "围绕", "对照", "针对", "会同", "按", "把", "对", "将", "于", "为" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, at, end, words[i]))
			return true;
	return false;
}

/* 区消防救援大队依法…: a unit's name with something to do behind it. */
static bool unit_acts(const struct doc *d, uint32_t at, uint32_t end)
{
	enum { NAME_MAX = 30 };
	static const uint64_t marks = MARK_BIT(MARK_VERB) | MARK_BIT(MARK_ADVERB) | MARK_BIT(MARK_MODAL) | MARK_BIT(MARK_MODAL_WEAK);
	uint32_t limit = end - at > NAME_MAX ? at + NAME_MAX : end;
	for (uint32_t i = at + 2; i < limit; i++)
		if (d->p.around[i - 1] & (ENDS_SUFFIX | ENDS_SUBJECT) && (term_at_any(d, i, end, marks) || opens_phrase_of_act(d, i, end) || plain_is(d, i, end, "明") || plain_is(d, i, end, "今")))
			return true;
	return false;
}

static bool opens_content(const struct doc *d, uint32_t at, uint32_t end)
{
	struct clause c;
	if (at >= end)
		return true;
	uint32_t head = clause_head(d, at, end);
	return clause_verb(d, head, end, &c) || unit_acts(d, at, end) || term_at(d, at, end, MARK_SUBJECT) || term_at(d, at, end, MARK_COLLECTIVE) ||
	       term_at(d, at, end, MARK_MODAL) || head > at || d->p.c[at] == 0x5728;
}

/* 由市应急局根据意见修改后印发, but not 会议由副市长主持 */
static bool hands_over(const struct doc *d, const struct clause *c)
{
	static const char *const events[] = { "主持", "主办", "承办", "召开", "陪同", "作了", "组成", "引发", "导致", "造成", "代表" };
	enum { FRONT = 12 };
	uint32_t limit = c->end - c->head > FRONT ? c->head + FRONT : c->end, by = plain_find(d, c->head, limit, "由");
	if (by >= limit || by + 3 >= c->end || (by > c->head && term_at(d, by - 1, c->end, MARK_BLOCK)))
		return false;
	for (size_t i = 0; i < COUNT_OF(events); i++)
		if (plain_find(d, by, c->end, events[i]) < c->end)
			return false;
	return !c->perfect && !c->past && unit_acts(d, by + 1, c->end);
}

/* 谁蓄水就处理谁, 打不通电话的就换人 */
static bool threatens(const struct doc *d, const struct clause *c)
{
	uint32_t then = plain_find(d, c->head, c->end, "就");
	if (then + 1 >= c->end || c->perfect || c->past || c->report || then <= c->head + 1)
		return false;
	return d->p.c[c->head] == 0x8C01 || (d->p.c[then - 1] == 0x7684 && d->p.c[then + 1] != 0x662F);
}

/* 总经理部署了二季度工作： */
static bool opens_list(const struct doc *d, const struct clause *c)
{
	static const char *const words[] = { "部署了", "安排了", "布置了", "明确了", "提出了", "作了部署", "作出部署", "作了安排", "作出安排", "进行了部署", "进行了安排" };
	if (c->end >= d->p.n || d->p.c[c->end] != ':')
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_find(d, c->start, c->end, words[i]) < c->end)
			return true;
	return false;
}

/* 会议议定以下事项： */
static bool lists_below(const struct doc *d, uint32_t at, uint32_t end)
{
	bool colon = end < d->p.n && d->p.c[end] == ':';
	return colon && (plain_is(d, at, end, "以下") || plain_is(d, at, end, "如下") || plain_is(d, at, end, "下列"));
}

static bool order_holds(const struct doc *d, const struct clause *c, const struct hit *h)
{
	static const uint16_t nouns[] = { 0x7684, 0x7B49, 0x9879, 0x65B0, 0x603B, 0x6309, 0x7167, 0x548C, 0x4E2A, 0x4E9B,
					  0x5171, 0x5DF2, 0x66FE };
	uint32_t prev = h->start > c->start ? d->p.c[h->start - 1] : 0;
	for (size_t i = 0; i < COUNT_OF(nouns); i++)
		if (prev == nouns[i])
			return false;
	if (c->verb_head && h->start > c->head && h->start > c->verb_end)
		return false;
	if (in_title_marks(d, c->start, h->start))
		return false;
	if (h->end >= c->end) /* 提出建议。 orders nothing */
		return c->end < d->p.n && (d->p.c[c->end] == ',' || d->p.c[c->end] == ':');
	if (plain_is(d, h->start, h->end, "部署") || plain_is(d, h->start, h->end, "安排"))
		return plain_ends(d, c->start, h->start, "会议"); /* 副市长路遥部署重点工作 tells */
	return lists_below(d, h->end, c->end) || opens_content(d, h->end, c->end);
}

static const struct hit *find_order(const struct doc *d, const struct clause *c)
{
	const struct hit *best = NULL;
	for (size_t i = c->hit; i < c->hits; i++) {
		const struct hit *h = rule_at(d, i);
		if (h->mark == MARK_ORDER && !h->english && order_holds(d, c, h))
			if (!best || hit_term(d, h)->weight >= hit_term(d, best)->weight)
				best = h;
	}
	return best;
}

/* ---- the sentence ---- */

struct judging {
	struct doc *d;
	enum context context;
	struct verdict *v;
	double order; /* weight of the strongest word of command so far */
	bool past_head, told, first_done;
	bool preamble;  /* 现通知如下 */
	bool news;      /* what was done, not how things are */
	bool ought;     /* 应修复56处: true only when no 至今仍有23处未启动 follows */
	bool analysis;  /* how things stand: 正处于关键期 */
	bool who;       /* the clause before says 谁… */
	bool agreed;    /* 会议原则同意…，由甲印发 */
	bool verb_open; /* the modal's verb stands in a later clause: 应根据意见，制定方案 */
};

static void take(struct judging *j, double score, const struct clause *c, struct range reason)
{
	if (reason.end > reason.start)
		vec_push_few(j->d->a, &j->v->reasons, reason);
	if (score <= j->v->score)
		return;
	j->v->score = score;
	j->v->verb = c->verb;
	j->v->verb_end = c->verb_end;
	j->v->clause_end = c->end;
}

/* The verb that a modal governs; false when it must be looked for in the next clause. */
static bool verb_behind(const struct doc *d, const struct hit *modal, struct clause *c)
{
	uint32_t at = clause_head(d, modal->end, c->end);
	bool phrase = opens_phrase(d, at, c->end);
	bool object_first = plain_is(d, at, c->end, "把") || plain_is(d, at, c->end, "将") || plain_is(d, at, c->end, "对");
	if (!phrase && clause_verb(d, at, c->end, c))
		return true;
	for (size_t i = c->hits; i-- > c->hit && object_first;) {
		const struct hit *h = rule_at(d, i); /* 把…落到实处: the last verb */
		if (h->start > modal->end && h->mark == MARK_VERB && hit_term(d, h)->weight >= 0.5 && h->end + 3 >= c->end) {
			c->verb = h->start;
			c->verb_end = h->end;
			return true;
		}
	}
	for (size_t i = c->hit; i < c->hits; i++) {
		const struct hit *h = rule_at(d, i);
		if (h->start >= modal->end && h->mark == MARK_VERB && hit_term(d, h)->weight >= 0.5) {
			c->verb = h->start;
			c->verb_end = h->end;
			return !phrase;
		}
	}
	c->verb = modal->start;
	c->verb_end = modal->end;
	return false;
}

static double context_score(const struct judging *j, bool head_clause)
{
	static const double scores[] = { [CONTEXT_NONE] = 0, [CONTEXT_WEAK] = 0.62, [CONTEXT_ORDER] = 0.76,
					 [CONTEXT_PLAN] = 0.7 };
	enum context context = j->context;
	double s = scores[context];
	if (j->order >= 1)
		s = 0.86;
	else if (j->order >= 0.7 && s < 0.72)
		s = 0.72;
	else if (j->order > 0 && s < 0.55)
		s = 0.55;
	return head_clause || s == 0 ? s : s - 0.1;
}

/* 已办结196件，责令整改88家; 主持召开会议，部署…: the list of what was done goes on. */
static bool tells_too(const struct doc *d, const struct hit *order)
{
	return plain_is(d, order->start, order->end, "责令") || plain_is(d, order->start, order->end, "部署") ||
	       plain_is(d, order->start, order->end, "安排") || plain_is(d, order->start, order->end, "勉励");
}

static bool only_heeds(const struct doc *d, const struct hit *modal, const struct clause *c)
{
	return plain_is(d, modal->end, c->end, "引起高度") || plain_is(d, modal->end, c->end, "高度重视") ||
	       plain_is(d, modal->end, c->end, "引起足够重视") || plain_is(d, modal->end, c->end, "保持战略定力") ||
	       plain_is(d, modal->end, c->end, "保持清醒") || plain_is(d, modal->end, c->end, "给予充分肯定") || plain_is(d, modal->end, c->end, "引以为戒");
}

/* 市住建局根据讨论意见修改: under orders a unit may be followed by what it acts upon. */
static bool unit_starts(const struct judging *j, struct clause *c)
{
	enum { NAME_MAX = 24, TOPIC_MAX = 8 };
	const struct doc *d = j->d;
	bool plain = !c->report && !c->past && !c->perfect; /* 环卫办每月评出…, 保洁实行… */
	if (j->context != CONTEXT_ORDER && j->order < 1)
		return false;
	uint32_t limit = c->end - c->head > NAME_MAX ? c->head + NAME_MAX : c->end;
	for (uint32_t i = c->head + 2; i < limit; i++) {
		bool topic = i < c->head + TOPIC_MAX && (plain_is(d, i, c->end, "实行") || plain_is(d, i, c->end, "纳入"));
		bool unit = d->p.around[i - 1] & (ENDS_SUFFIX | ENDS_SUBJECT) && 
			    (opens_phrase_of_act(d, i, c->end) || (plain && (skip_time(d, i, c->end) > i || plain_is(d, i, c->end, "在"))));
		if (!unit && !(topic && plain))
			continue;
		c->verb = i;
		c->verb_end = c->end;
		for (size_t k = c->hit; k < c->hits; k++)
			if (rule_at(d, k)->start > i && rule_at(d, k)->mark == MARK_VERB) {
				c->verb = rule_at(d, k)->start;
				c->verb_end = rule_at(d, k)->end;
			}
		return true;
	}
	return false;
}

/* 要求各单位散会后立即行动: who is asked stands right behind the word. */
static bool asks_somebody(const struct doc *d, const struct hit *order, const struct clause *rest)
{
	bool who = term_at(d, order->end, rest->end, MARK_SUBJECT) || term_at(d, order->end, rest->end, MARK_COLLECTIVE);
	return who && plain_is(d, order->start, order->end, "要求") && !rest->past && rest->fact == 0 && rest->end - rest->start > 6;
}

/* What neither a modal nor a word of command says, but the shape of the clause does. */
static bool judge_shape(struct judging *j, struct clause *c)
{
	const struct doc *d = j->d;
	bool ordered = j->context == CONTEXT_ORDER || j->order >= 0.7 || j->v->score >= threshold_of_order;
	if (opens_list(d, c)) {
		j->order = 1;
		j->v->orders = true;
		j->told = j->past_head = j->news = false;
		return true;
	}
	if ((ordered || j->agreed) && hands_over(d, c)) {
		take(j, 0.76, c, (struct range){ c->head, c->head + 1 });
		return true;
	}
	bool who = j->who && c->head < c->end && d->p.c[c->head] == 0x5C31; /* 谁再讲，就请他… */
	j->who = c->head < c->end && d->p.c[c->head] == 0x8C01 && !(c->head > c->start && d->p.c[c->head - 1] == 0x201C);
	if (ordered && (who || threatens(d, c))) {
		take(j, 0.7, c, (struct range){ c->head, c->head + 1 });
		return true;
	}
	j->agreed = j->agreed || (c->report && plain_find(d, c->start, c->end, "同意") < c->end);
	if (j->order < 1 && term_at(d, c->head, c->end, MARK_SOME)) /* 有的企业…: how things are */
		j->told = true;
	return false;
}

static void judge_clause(struct judging *j, struct clause *c)
{
	struct doc *d = j->d;
	const struct hit *modal = c->marks & MARK_BIT(MARK_MODAL) ? find_modal(d, c) : NULL;
	const struct hit *order = c->marks & MARK_BIT(MARK_ORDER) ? find_order(d, c) : NULL;
	j->preamble = j->preamble || c->fact >= 3;
	j->analysis = j->analysis || c->fact >= 1;
	j->news = j->news || c->perfect || c->past || (c->report && !c->verb_head);
	if (j->verb_open && !modal && c->verb_head) {
		j->v->verb = c->verb;
		j->v->verb_end = c->verb_end;
		j->v->clause_end = c->end;
		j->verb_open = false;
	}
	if (order && (j->news || j->told) && j->order == 0 && order->start == c->head && tells_too(d, order))
		order = NULL;
	if (modal && order && modal->start < order->start && order->end >= c->end)
		modal = NULL; /* 他要求… is an order, not a modal */
	if (order) {
		if (hit_term(d, order)->weight > j->order)
			j->order = hit_term(d, order)->weight;
		j->v->orders = true;
		j->told = j->past_head = false;
	}
	if (modal && hit_term(d, modal)->weight < 1 && j->context == CONTEXT_NONE && j->order < 0.7)
		modal = NULL; /* 不能, 不少于: a rule only among rules */
	if (j->ought && c->fact >= 2) {
		j->v->score = 0;
		j->told = j->news = true;
		return;
	}
	if (modal && j->told && j->order == 0 && j->v->score == 0 && is_result_word(d, modal))
		modal = NULL; /* 他表示，将认真落实，坚决防止…: a promise */
	if (modal && (j->news || j->told || j->analysis) && j->v->score == 0 && only_heeds(d, modal, c))
		modal = NULL; /* 接连发生事故，必须引起高度重视: the end of an analysis */
	if (modal) {
		j->ought = j->v->score == 0 && j->order == 0 && plain_is(d, modal->start, modal->end, "应") &&
			   modal->end - modal->start == 1;
		bool found = verb_behind(d, modal, c);
		j->verb_open = j->v->score < 0.8 && !found;
		take(j, hit_term(d, modal)->weight < 1 ? 0.7 : is_result_word(d, modal) ? 0.82 : c->fact >= 1 ? 0.8 : 0.92, c, (struct range){ modal->start, modal->end });
		return;
	}
	if (!order && c->head < c->end && d->p.c[c->head] == 0x8BF7 && !term_at(d, c->head, c->end, MARK_BLOCK) && unit_acts(d, c->head + 1, c->end)) {
		take(j, 0.8, c, (struct range){ c->head, c->head + 1 }); /* 请区城管局… */
		return;
	}
	if (order) {
		struct clause rest;
		if (order->end >= c->end)
			return;
		clause_read(d, order->end, c->end, &rest);
		if ((rest.verb_head || rest.subject_verb || unit_acts(d, order->end, c->end) || asks_somebody(d, order, &rest)) && !rest.perfect && j->order >= 0.7)
			take(j, 0.86, &rest, (struct range){ order->start, order->end });
		return;
	}
	if (judge_shape(j, c))
		return;
	bool starts = c->fact == 0 && !c->verb_head && !c->subject_verb && unit_starts(j, c);
	j->told = j->told || (c->report && !c->verb_head && !starts);
	if (c->past && !j->first_done)
		j->past_head = true;
	if (c->subject_verb && plain_find(d, c->head, c->end, "高度重视") < c->end)
		c->subject_verb = false; /* 区委高度重视…: praise */
	bool verb = c->verb_head || starts || (c->subject_verb && c->fact == 0);
	bool tells = c->perfect || c->past || c->fact >= 1 || c->copula || c->equates || (c->report && c->subject_verb);
	if (verb && !tells && !j->past_head && !j->told)
		take(j, context_score(j, !j->first_done), c, (struct range){ c->verb, c->verb_end });
	bool topic = c->verb_head && d->p.c[c->verb] == 0x5BF9; /* 对…的， names what the order is about */
	bool weak = j->context <= CONTEXT_WEAK && j->order < 0.7;
	if (weak && c->fact >= 1 && j->v->score < 0.7) /* 齐心协力，…实现“三下降”，成绩值得肯定 */
		j->v->score = 0;
	if (c->copula && j->v->score < 0.8) /* 保护好海洋环境，是…的要求 */
		j->v->score = 0;
	if (tells && j->order == 0 && (!j->first_done || j->v->score == 0) && !topic)
		j->told = true;
	const struct lexeme *conj = term_at(d, c->start, c->end, MARK_CONJ);
	j->first_done = j->first_done || !conj || c->start + conj->len < c->end; /* 同时， opens nothing */
}

static bool parts(uint32_t c)
{
	return c == ',' || c == ':' || c == ';' || c == 0x3002;
}

/* 督导组成员，区有关领导参加会议。 */
static bool names_attendance(const struct doc *d, struct range r)
{
	static const char *const words[] = { "参加会议", "参加活动", "参加调研", "参加检查", "参加督导", "出席会议", "列席会议",
					     "陪同调研", "陪同检查", "参会", "列席", "陪同", "参加学习", "参加调度" };
	while (r.end > r.start && (d->p.c[r.end - 1] == 0x3002 || d->p.c[r.end - 1] == ';'))
		r.end--;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_ends(d, r.start, r.end, words[i]))
			return true;
	return false;
}

void judge(struct doc *d, const struct sentence *s, struct range r, enum context context, struct verdict *ret)
{
	struct judging j = { .d = d, .context = context, .v = ret };
	uint32_t from = r.start, titles = 0;
	(void)s;
	for (uint32_t i = next_odd(d, r.start, r.end); i <= r.end; i = i < r.end ? next_odd(d, i + 1, r.end) : r.end + 1) {
		uint32_t c = i < r.end ? d->p.c[i] : ',';
		titles += c == 0x300A;
		titles -= c == 0x300B && titles;
		if (!parts(c) || (titles && i < r.end))
			continue;
		if (i > from) {
			struct clause k;
			clause_read(d, from, i, &k);
			judge_clause(&j, &k);
		}
		from = i + 1;
	}
	if (j.preamble || (d->report && ret->score < 0.8 && names_attendance(d, r)))
		ret->score = 0;
	ret->narrates = (j.told && j.news) || j.past_head;
}
