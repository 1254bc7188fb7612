/* Names of units: one name, a list of names, and the units that a sentence itself names. */
#include "decide/extract_parts.h"

enum { NAME_MAX = 40, LIST_MAX = 600 };

static bool contains(const struct doc *d, uint32_t start, uint32_t end, enum mark mark)
{
	for (uint32_t i = start; i < end; i++) {
		const struct lexeme *t = term_at(d, i, end, mark);
		if (t && (!t->english || i == start))
			return true;
	}
	return false;
}

static bool latin(const struct doc *d, uint32_t start, uint32_t end)
{
	for (uint32_t i = start; i < end; i++)
		if (is_han(d->p.c[i]))
			return false;
	return true;
}

static bool capital(const struct doc *d, uint32_t at)
{
	unsigned char c = (unsigned char)d->p.raw.p[d->p.byte[at]];
	return c >= 'A' && c <= 'Z';
}

/* "Ministry of Water Resources", "Municipal Emergency Management Bureau" */
static bool english_unit(const struct doc *d, uint32_t start, uint32_t end)
{
	if (end - start > 2 * NAME_MAX || !capital(d, start))
		return false;
	for (uint32_t i = start; i < end; i++)
		if ((i == start || d->p.c[i - 1] == ' ') && term_at(d, i, end, MARK_SUFFIX))
			return true;
	return false;
}

enum unit_sort unit_sort(const struct doc *d, uint32_t start, uint32_t end)
{
	if (end - start < 2)
		return UNIT_NO;
	if (contains(d, start, end, MARK_COLLECTIVE))
		return UNIT_COLLECTIVE;
	if (latin(d, start, end))
		return english_unit(d, start, end) ? UNIT_SURE : UNIT_NO;
	if (end - start > NAME_MAX)
		return UNIT_NO;
	for (uint32_t i = next_odd(d, start, end); i < end; i = next_odd(d, i + 1, end))
		if (d->p.c[i] == ':' || d->p.c[i] == ',' || d->p.c[i] == 0x3002 || d->p.c[i] == ';')
			return UNIT_NO;
	const struct lexeme *t = term_ending(d, start, end, MARK_SUFFIX);
	return t && (t->weight >= 1 || end - start >= 3) && !(t->len == end - start && t->weight < 1) ? UNIT_SURE
													: UNIT_NO;
}

/* A、B等有关部门: where 等 closes the list; end when it does not. */
static uint32_t cut_and_others(const struct doc *d, uint32_t start, uint32_t end)
{
	static const uint16_t after[] = { 0x6709, 0x76F8, 0x90E8, 0x5355, 0x673A, 0x5404, 0x53CA, 0x548C,
					  0x6309, 0x5171, 0x5E02, 0x7701, 0x53BF, 0x533A, 0x4E2D, 0x56FD };
	for (uint32_t i = start + 1; i < end; i++) {
		if (d->p.c[i] != 0x7B49)
			continue;
		bool closes = i + 1 == end;
		for (size_t k = 0; k < COUNT_OF(after) && !closes; k++)
			closes = d->p.c[i + 1] == after[k];
		if (closes && (i + 1 == end || unit_sort(d, start, i) != UNIT_NO))
			return i;
	}
	return end;
}

static void add_unit(struct doc *d, uint32_t start, uint32_t end, struct unit_refs *ret)
{
	str name = plain_name(d, start, end);
	for (size_t i = 0; i < ret->n; i++)
		if (str_eq(ret->v[i].name, name))
			return;
	vec_push_few(d->a, ret, (struct unit_ref){ name, plain_cue(d, start, end) });
}

static uint32_t skip_lead_in(const struct doc *d, uint32_t at, uint32_t end)
{
	static const char *const words[] = { "由", "和", "及", "与", "以及", "并由", "其中", "其中由", "the ", "and ",
					     "and the ", "& " };
	for (bool again = true; again;) {
		again = false;
		if (at < end && is_plain_han(d->p.c[at]) && !(d->lx->trait[d->p.c[at]] & TRAIT_LEAD_IN))
			return at;
		while (at < end && is_space(d->p.c[at]))
			at++;
		for (size_t i = 0; i < COUNT_OF(words); i++) {
			if (plain_is(d, at, end, words[i]) && end - at > 2) {
				at += (uint32_t)(i < 8 ? (i == 4 || i == 5 || i == 6 ? 2 : i == 7 ? 3 : 1)
						       : (i == 8 || i == 9) ? 4 : i == 10 ? 8 : 2);
				again = true;
				break;
			}
		}
	}
	return at;
}

/* In doubtful lists a name is believed when it is short and has nothing of a sentence in it. */
static bool plausible(const struct doc *d, uint32_t start, uint32_t end)
{
	if (end - start < 2 || end - start > NAME_MAX)
		return false;
	uint32_t digits = 0;
	for (uint32_t i = start; i < end; i++) {
		uint32_t c = d->p.c[i];
		if (c == ':' || c == 0x3002 || c == 0x300A || c == '\n')
			return false;
		digits += is_digit(c);
	}
	return digits < 3 && !plain_is(d, start, end, "见") && !plain_ends(d, start, end, "前") &&
	       !plain_ends(d, start, end, "完成") && !plain_ends(d, start, end, "底") &&
	       !plain_ends(d, start, end, "推进") && !plain_ends(d, start, end, "坚持");
}

static void take_piece(struct doc *d, uint32_t start, uint32_t end, bool trusting, struct unit_refs *ret,
		       struct unit_list *count)
{
	start = skip_lead_in(d, start, end);
	struct range r = plain_trim(d, start, end);
	if (r.start >= r.end)
		return;
	r.end = cut_and_others(d, r.start, r.end);
	if (plain_is(d, r.start, r.end, "ltd")) /* of the name in front */
		return;
	enum unit_sort sort = unit_sort(d, r.start, r.end);
	if (sort == UNIT_COLLECTIVE) {
		count->collectives++;
	} else if (sort == UNIT_SURE || (trusting && plausible(d, r.start, r.end))) {
		count->units++;
		add_unit(d, r.start, r.end, ret);
	} else {
		count->others++;
	}
}

/* 和, 及 and 与 part two units only when both sides are ones: 工业和信息化部 stays whole. */
static bool parts_here(const struct doc *d, uint32_t start, uint32_t at, uint32_t end, uint32_t *ret_len)
{
	uint32_t c = d->p.c[at], len = 1;
	if (plain_is(d, at, end, "以及"))
		len = 2;
	else if (plain_is(d, at, end, " and "))
		len = 5;
	else if (c != 0x548C && c != 0x53CA && c != 0x4E0E)
		return false;
	*ret_len = len;
	uint32_t left = cut_and_others(d, start, at);
	return unit_sort(d, start, left) != UNIT_NO && unit_sort(d, skip_lead_in(d, at + len, end), end) != UNIT_NO;
}

static void take_group(struct doc *d, uint32_t start, uint32_t end, bool trusting, struct unit_refs *ret,
		       struct unit_list *count)
{
	uint32_t depth = 0, from = skip_lead_in(d, start, end), len = 1;
	for (uint32_t i = from; i < end; i++) {
		depth += d->p.c[i] == '(';
		depth -= d->p.c[i] == ')' && depth;
		if (!depth && i > from && end - from < 2 * NAME_MAX && parts_here(d, from, i, end, &len)) {
			take_piece(d, from, i, trusting, ret, count);
			i += len - 1;
			from = i + 1;
		}
	}
	take_piece(d, from, end, trusting, ret, count);
}

struct unit_list units_split(struct doc *d, uint32_t start, uint32_t end, bool trusting, struct unit_refs *ret)
{
	struct unit_list count = { 0 };
	uint32_t depth = 0, from = start;
	if (end - start > LIST_MAX)
		return (struct unit_list){ .others = 1 };
	for (uint32_t i = next_odd(d, start, end); i < end; i = next_odd(d, i + 1, end)) {
		uint32_t c = d->p.c[i];
		depth += c == '(';
		depth -= c == ')' && depth;
		if (depth || (c != 0x3001 && c != ',' && c != ';' && c != '/'))
			continue;
		take_group(d, from, i, trusting, ret, &count);
		from = i + 1;
	}
	take_group(d, from, end, trusting, ret, &count);
	return count;
}

/* ---- units in the sentence itself ---- */

/* Words that open a phrase, never a unit's name: 为深入贯彻…, 以…为指导, 在全省. */
static bool opens_phrase(const struct doc *d, uint32_t start, uint32_t end)
{
	static const char *const words[] = { "为", "以", "对", "把", "将", "在", "从", "向", "按", "通过", "根据", "围绕", "针对",
					     "随着", "鼓励", "支持", "引导", "推动", "落实", "坚持", "到", "与", "经", "据", "凡", "我和", "我与", "本人" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, start, end, words[i]))
			return true;
	for (uint32_t i = next_odd(d, start, end); i < end; i = next_odd(d, i + 1, end))
		if (d->p.c[i] == 0x300A || d->p.c[i] == 0x300B)
			return true;
	return term_at(d, start, end, MARK_ADVERB) != NULL;
}

/* Inside a sentence a name needs more than a common last character: 深化国际消费中心城市 is none. */
static bool sure_in_sentence(const struct doc *d, uint32_t start, uint32_t end)
{
	enum { PLACE_MAX = 8 };
	if (latin(d, start, end)) /* Department of Agriculture ends with no suffix */
		return true;
	const struct lexeme *suffix = term_ending(d, start, end, MARK_SUFFIX), *verb = term_at(d, start, end, MARK_VERB);
	if (!suffix || suffix->english)
		return suffix != NULL;
	if (suffix->weight >= 1)
		return !verb || end - start <= verb->len + 8u;
	return !verb && end - start <= PLACE_MAX;
}

/* 每月向区安委办, 12月10日前将名单报区林业局: a time or a word that moves something is no part of a name. */
static bool has_foreign_word(const struct doc *d, uint32_t start, uint32_t end)
{
	static const char *const places[] = { "将乐", "将台", "向阳", "向荣", "向前", "向山" };
	for (uint32_t i = start; i < end; i++) {
		uint32_t c = d->p.c[i];
		if (c == 0x6BCF || c == 0x628A)
			return true;
		if ((c == 0x6708 || c == 0x65E5) && i > start && is_digit(d->p.c[i - 1]))
			return true;
		bool moves = c == 0x5C06 || c == 0x5411, place = false;
		for (size_t k = 0; k < COUNT_OF(places) && moves && !place; k++)
			place = plain_is(d, i, end, places[k]);
		if (moves && !place)
			return true;
	}
	return false;
}

static void append_new(struct doc *d, struct unit_refs *to, const struct unit_refs *from)
{
	for (size_t i = 0; i < from->n; i++) {
		bool known = false;
		for (size_t k = 0; k < to->n && !known; k++)
			known = str_eq(to->v[k].name, from->v[i].name);
		if (!known)
			vec_push_few(d->a, to, from->v[i]);
	}
}

static bool whole_list(struct doc *d, uint32_t start, uint32_t end, struct unit_refs *ret)
{
	struct unit_refs refs = { 0 };
	if (start >= end || end - start > 120 || opens_phrase(d, start, end) || has_foreign_word(d, start, end))
		return false;
	struct unit_list n = units_split(d, start, end, false, &refs);
	if (n.others || !n.units || !sure_in_sentence(d, start, end))
		return false;
	append_new(d, ret, &refs);
	return true;
}

static uint32_t clause_end(const struct doc *d, uint32_t at, uint32_t end)
{
	at = next_odd(d, at, end);
	while (at < end && d->p.c[at] != ',' && d->p.c[at] != ';' && d->p.c[at] != 0x3002 && d->p.c[at] != ':')
		at = next_odd(d, at + 1, end);
	return at;
}

/* 市委宣传部: a verb that goes on into the end of a name. */
static uint32_t name_goes_on(const struct doc *d, uint32_t start, uint32_t at, uint32_t end)
{
	uint32_t last = at;
	for (uint32_t i = at + 2; i <= end && i <= at + 7; i++) {
		uint32_t c = d->p.c[i - 1];
		if (c == 0x5E02 || c == 0x533A || c == 0x53BF || c == 0x7701 || c == 0x3001 || c == 0x5404)
			break;
		const struct lexeme *t = term_ending(d, at, i, MARK_SUFFIX);
		if (t && t->weight >= 1 && unit_sort(d, start, i) == UNIT_SURE)
			last = i;
	}
	return last;
}

static bool starts_predicate(const struct doc *d, uint32_t at, uint32_t end)
{
	static const uint64_t marks = MARK_BIT(MARK_MODAL) | MARK_BIT(MARK_MODAL_WEAK) | MARK_BIT(MARK_ADVERB) |
				      MARK_BIT(MARK_VERB) | MARK_BIT(MARK_ROLE_JOIN) | MARK_BIT(MARK_ROLE_LEAD) |
				      MARK_BIT(MARK_ROLE_RESP) | MARK_BIT(MARK_ROLE_CO);
	if (term_at_any(d, at, end, marks))
		return true;
	static const char *const words[] = { "于", "在", "为", "对", "按", "根据" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, at, end, words[i]))
			return true;
	return skip_time(d, at, end) > at;
}

/* 断面所在的江城县: the name begins behind 的. */
static uint32_t behind_attribute(const struct doc *d, uint32_t start, uint32_t end)
{
	for (uint32_t i = end; i > start + 1; i--)
		if (d->p.c[i - 1] == 0x7684 && i + 1 < end)
			return i;
	return start;
}

/* The subject of a clause: the units in front of its predicate. Returns the predicate's start or 0. */
static uint32_t subject_units(struct doc *d, uint32_t start, uint32_t end, struct unit_refs *ret)
{
	uint32_t limit = end - start > 80 ? start + 80 : end;
	for (uint32_t i = start + 2; i < limit; i++) {
		if (!ends_unit(d, i) || !term_ending(d, start, i, MARK_SUFFIX) || !starts_predicate(d, i, end))
			continue;
		bool where = d->p.c[i - 1] == 0x6240 && d->p.c[i] == 0x5728; /* 断面所在的县 */
		if (where || plain_ends(d, start, i, "全部"))
			continue;
		if (!opens_phrase(d, start, i))
			start = behind_attribute(d, start, i);
		uint32_t at = name_goes_on(d, start, i, end);
		if (at != i && at < end && d->p.c[at] == 0x3001) /* 市委组织部、市统计局: the list goes on */
			continue;
		if (at != i && at < end && !starts_predicate(d, at, end))
			at = i;
		if (whole_list(d, start, at, ret))
			return at;
	}
	return 0;
}

/* 会同乙、丙: the units behind the joining word, as far as they go. */
static void joined_units(struct doc *d, uint32_t at, uint32_t end, struct unit_refs *ret)
{
	for (uint32_t i = end; i > at + 1; i--) {
		if (i != end && !starts_predicate(d, i, end))
			continue;
		if (term_ending(d, at, i, MARK_SUFFIX) || plain_ends(d, at, i, "等") || plain_ends(d, at, i, "部门"))
			if (whole_list(d, at, i, ret))
				return;
	}
}

/* 一街道办事处: the figure is part of the name, unless 要 or the like makes it a number of an item. */
static bool names_itself(const struct doc *d, const struct lexeme *conj, uint32_t at, uint32_t end)
{
	static const char *const behind[] = { "是", "要", "须", "必", "应", "个" };
	if (conj->len > 1 || !(d->lx->trait[d->p.c[at]] & TRAIT_NUMBER))
		return false;
	for (size_t i = 0; i < COUNT_OF(behind); i++)
		if (plain_is(d, at + 1, end, behind[i]))
			return false;
	return true;
}

static uint32_t skip_prefix(const struct doc *d, uint32_t at, uint32_t end)
{
	bool numbered, bullet;
	at = skip_number(d, at, end, &numbered, &bullet);
	at = skip_time(d, at, end);
	const struct lexeme *order = term_at(d, at, end, MARK_ORDER); /* 建议乙市…, 请财政局… */
	if (order && !order->english && order->weight >= 1 && at + order->len + 2 < end)
		at += order->len;
	else if (at + 3 < end && d->p.c[at] == 0x8BF7 && !term_at(d, at, end, MARK_BLOCK))
		at++;
	for (const struct lexeme *t; (t = term_at(d, at, end, MARK_CONJ)) != NULL && !names_itself(d, t, at, end);)
		at += t->len;
	return skip_lead_in(d, at, end);
}

/* 各县区…: many who act. */
static uint32_t collective_acts(const struct doc *d, uint32_t start, uint32_t end)
{
	enum { MANY_MAX = 16 };
	uint32_t limit = end - start > MANY_MAX ? start + MANY_MAX : end;
	if (start >= end || d->p.c[start] != 0x5404)
		return 0;
	for (uint32_t i = start + 2; i < limit; i++)
		if (d->p.around[i - 1] & (ENDS_SUFFIX | ENDS_SUBJECT) && starts_predicate(d, i, end))
			return i;
	return 0;
}

bool units_open(struct doc *d, uint32_t start, uint32_t end)
{
	static const uint64_t roles = MARK_BIT(MARK_ROLE_LEAD) | MARK_BIT(MARK_ROLE_RESP) | MARK_BIT(MARK_ROLE_CO);
	struct unit_refs refs = { 0 };
	start = skip_prefix(d, start, end);
	uint32_t at = subject_units(d, start, end, &refs);
	if (!at)
		at = collective_acts(d, start, end);
	for (uint32_t i = at; at && i < end; i++)
		if (term_at_any(d, i, end, roles))
			return false;
	return at != 0;
}

static void clause_units(struct doc *d, uint32_t start, uint32_t end, struct directive *dir)
{
	start = skip_prefix(d, start, end);
	uint32_t at = subject_units(d, start, end, &dir->leads);
	if (!at && start < end) {
		/* a whole clause of units: 市水利局、青石区政府配合 is met above; 责任单位 below */
		return;
	}
	if (!at)
		return;
	const struct lexeme *co = term_at(d, at, end, MARK_ROLE_CO);
	if (co && at + co->len == end) {
		for (size_t i = 0; i < dir->leads.n; i++)
			vec_push_few(d->a, &dir->cos, dir->leads.v[i]);
		dir->leads.n = 0;
		return;
	}
	for (uint32_t i = at; i < end && i < at + 8; i++) {
		const struct lexeme *join = term_at(d, i, end, MARK_ROLE_JOIN);
		if (join && join->len > 1) {
			joined_units(d, i + join->len, end, &dir->cos);
			return;
		}
	}
}

static bool unit_prefix_only(const struct doc *d, uint32_t start, uint32_t end)
{
	return end - start >= 4 && plain_is(d, start, end, "会议") ;
}

static void chinese_units(struct doc *d, uint32_t start, uint32_t end, struct directive *dir)
{
	for (uint32_t at = start; at < end;) {
		uint32_t stop = clause_end(d, at, end);
		struct directive part = { 0 };
		if (!unit_prefix_only(d, at, stop))
			clause_units(d, at, stop, &part);
		append_new(d, part.leads.n && dir->leads.n ? &dir->cos : &dir->leads, &part.leads);
		append_new(d, &dir->cos, &part.cos);
		if (dir->leads.n && dir->cos.n)
			return;
		at = stop + 1;
	}
}

/* The end of a list of English names: the next mark or verb. */
static uint32_t english_list_end(const struct doc *d, uint32_t at, uint32_t end)
{
	for (uint32_t i = at; i < end; i++) {
		uint32_t c = d->p.c[i];
		bool short_form = c == '.' && i + 2 < end && (plain_is(d, i + 1, end, " ltd") || d->p.c[i + 1] == ',');
		if (c == ';' || (c == '.' && !short_form) || c == ')' || c == ':')
			return i;
		if (c != ' ' && (i == at || d->p.c[i - 1] != ' '))
			continue;
		uint32_t w = c == ' ' ? i + 1 : i;
		if (term_at(d, w, end, MARK_MODAL) || term_at(d, w, end, MARK_ROLE_CO) || plain_is(d, w, end, "by ") ||
		    plain_is(d, w, end, "before ") || plain_is(d, w, end, "in support") || plain_is(d, w, end, "within "))
			return i;
	}
	return end;
}

static void english_list(struct doc *d, uint32_t at, uint32_t end, struct unit_refs *ret)
{
	struct unit_refs refs = { 0 };
	struct range r = plain_trim(d, at, english_list_end(d, at, end));
	units_split(d, r.start, r.end, false, &refs);
	append_new(d, ret, &refs);
}

static void english_units(struct doc *d, uint32_t start, uint32_t end, struct directive *dir)
{
	bool numbered, bullet;
	uint32_t at = skip_number(d, start, end, &numbered, &bullet);
	if (at < end && d->p.c[at] == 0x201C)
		at++;
	uint32_t modal = end, co_at = end;
	for (uint32_t i = at; i < end && modal == end; i++)
		if (i > at && d->p.c[i - 1] == ' ' && term_at(d, i, end, MARK_MODAL))
			modal = i;
	for (uint32_t i = at; i < end; i++) {
		if (i > at && d->p.c[i - 1] != ' ' && d->p.c[i - 1] != '(')
			continue;
		const struct lexeme *co = term_at(d, i, end, MARK_ROLE_CO);
		const struct lexeme *lead = term_at(d, i, end, MARK_ROLE_LEAD);
		bool beside = co && co->len == 4 && plain_find(d, i, end, "in support") < end; /* with A in support */
		if (co && (co->len > 4 || beside)) {
			co_at = i < co_at ? i : co_at;
			english_list(d, i + co->len, end, &dir->cos);
		} else if (lead && plain_is(d, i + lead->len - 2, end, "by")) {
			english_list(d, i + lead->len, end, &dir->leads);
		}
	}
	uint32_t stop = co_at < modal ? co_at : modal;
	if (stop < end && stop > at + 3)
		whole_list(d, at, plain_trim(d, at, d->p.c[stop - 2] == ',' ? stop - 2 : stop).end, &dir->leads);
}

void units_inline(struct doc *d, uint32_t start, uint32_t end, struct directive *dir)
{
	if (latin(d, start, end - start > 40 ? start + 40 : end))
		english_units(d, start, end, dir);
	else
		chinese_units(d, start, end, dir);
}
