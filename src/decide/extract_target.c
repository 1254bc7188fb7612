/* Measurable targets: an indicator, a comparator, a number and its unit. */
#include <string.h>

#include "base/utf8.h"
#include "decide/extract_time.h"

enum { REACH = 24, REACH_EN = 90, INDICATOR_MAX = 40 };

struct clause {
	uint32_t start, end;
};

/* 1,240 is one number; 20家,100家 are two clauses. */
static bool thousands(const struct doc *d, uint32_t at, uint32_t end)
{
	return d->p.c[at] == ',' && at && is_digit(d->p.c[at - 1]) && at + 3 < end && is_digit(d->p.c[at + 1]) &&
	       is_digit(d->p.c[at + 2]) && is_digit(d->p.c[at + 3]);
}

static bool parts_clause(uint32_t c)
{
	return c == ',' || c == ';' || c == 0x3002 || c == ':' || c == '!' || c == '\n';
}

static struct clause clause_around(const struct doc *d, uint32_t start, uint32_t end, uint32_t at)
{
	struct clause k = { at, at };
	while (k.start > start && !(parts_clause(d->p.c[k.start - 1]) &&
				    !thousands(d, k.start - 1, end)))
		k.start--;
	while (k.end < end && !(parts_clause(d->p.c[k.end]) &&
				!thousands(d, k.end, end)))
		k.end++;
	return k;
}

/* 100%, 35微克/立方米, 1.2万吨, 百分之九十五; the number and what it counts. */
struct amount {
	uint32_t start, number_end, end;
	double value;
	struct range unit;
};

static double multiplier(const struct doc *d, uint32_t *at, uint32_t end)
{
	double m = 1;
	while (*at < end && (d->p.c[*at] == 0x4E07 || d->p.c[*at] == 0x4EBF)) {
		m *= d->p.c[*at] == 0x4E07 ? 1e4 : 1e8;
		(*at)++;
	}
	return m;
}

static bool is_percent_word(const struct doc *d, uint32_t at, uint32_t end)
{
	return plain_is(d, at, end, "百分之");
}

/* Up to two words may stand between an English number and its unit: "3 unannounced inspections". */
static struct range english_unit(const struct doc *d, uint32_t at, uint32_t end)
{
	uint32_t words = 0;
	for (uint32_t i = at; i < end && words < 4; i++) {
		if (d->p.c[i] != ' ' && d->p.c[i] != '-')
			continue;
		words++;
		const struct lexeme *t = term_at(d, i + 1, end, MARK_MEASURE);
		if (t && t->english)
			return (struct range){ i + 1, i + 1 + t->len };
	}
	return (struct range){ at, at };
}

static bool read_amount(const struct doc *d, uint32_t at, uint32_t end, struct amount *a)
{
	*a = (struct amount){ .start = at };
	if (is_percent_word(d, at, end)) {
		a->number_end = a->end = number_at(d, at + 3, end, &a->value);
		a->unit = (struct range){ at, at + 2 };
		return a->end > at + 3;
	}
	if (!is_digit(d->p.c[at]) || (at && (is_digit(d->p.c[at - 1]) || d->p.c[at - 1] == '.' || is_letter(d->p.c[at - 1]) ||
					     d->p.c[at - 1] == 0x7B2C)))
		return false;
	uint32_t i = number_at(d, at, end, &a->value);
	a->value *= multiplier(d, &i, end);
	a->number_end = i;
	uint32_t u = i < end && d->p.c[i] == ' ' ? i + 1 : i;
	const struct lexeme *t = term_at(d, u, end, MARK_MEASURE);
	a->unit = t ? (struct range){ u, u + t->len } : english_unit(d, i, end);
	if (!t && i < end && is_letter(d->p.c[i]))
		return false;
	a->end = a->unit.end > i ? a->unit.end : i;
	if (a->end < end && (d->p.c[i] == 0x5E74 || d->p.c[i] == 0x6708 || d->p.c[i] == 0x65E5 || d->p.c[i] == 0x53F7))
		return false;
	return true;
}

/* ---- comparators ---- */

struct reading {
	struct range word;      /* the comparator or verb */
	struct range indicator; /* may be empty */
	str sign;
	uint32_t end; /* behind 以上 */
};

static uint32_t before_number(const struct doc *d, uint32_t start, uint32_t at)
{
	while (at > start && (d->p.c[at - 1] == ' ' || d->p.c[at - 1] == 0x7EA6))
		at--;
	return at;
}

static const struct lexeme *after_word(const struct doc *d, uint32_t at, uint32_t end)
{
	uint32_t i = at < end && d->p.c[at] == '(' ? at + 1 : at;
	const struct lexeme *t = term_at(d, i, end, MARK_AFTER);
	return t && !(t->len == 1 && plain_is(d, i, end, "上") && plain_is(d, i + 1, end, "述")) ? t : NULL;
}

static bool is_change(str sign)
{
	return sign.n == 2 && (sign.p[0] == '+' || sign.p[0] == '-');
}

/* Words that lead into the indicator and are no part of it. */
static uint32_t skip_opening(const struct doc *d, uint32_t at, uint32_t end)
{
	static const enum mark marks[] = { MARK_CONJ, MARK_ADVERB, MARK_MODAL, MARK_VERB };
	bool numbered, bullet;
	at = skip_number(d, at, end, &numbered, &bullet);
	for (bool again = true; again && at < end;) {
		struct found f;
		again = false;
		while (at < end && is_space(d->p.c[at]))
			at++;
		for (size_t i = 0; i < COUNT_OF(marks) && !again && at < end; i++) {
			const struct lexeme *t = term_at(d, at, end, marks[i]);
			if (!t || at + t->len + 1u >= end || (t->len < 2 && marks[i] != MARK_MODAL))
				continue;
			at += t->len;
			again = true;
		}
		if (!again && at < end && (chinese_deadline_at(d, at, at, end, &f) || plain_is(d, at, end, "到"))) {
			at = plain_is(d, at, end, "到") ? at + 1 : f.end;
			again = true;
		}
	}
	return at;
}

/* 执法检查覆盖率: the verb in front of a bare 覆盖率 is what it is the rate of; 确保覆盖率 is not. */
static uint32_t with_its_verb(const struct doc *d, uint32_t start, uint32_t at, uint32_t end)
{
	static const char *const movers[] = { "推动", "推进", "实现", "提高", "提升", "确保", "保持", "力争", "完成", "达到", "促进", "保障", "保证", "做到", "加快" };
	if (end - at > 3 || at < start + 2 || d->p.c[end - 1] != 0x7387)
		return at;
	for (uint32_t from = start; from + 1 < at; from++) {
		const struct lexeme *t = term_at(d, from, at, MARK_VERB);
		bool mover = false;
		for (size_t i = 0; i < COUNT_OF(movers) && !mover; i++)
			mover = plain_is(d, from, at, movers[i]);
		if (mover || !t || t->len < 2 || from + t->len != at)
			continue;
		return from;
	}
	return at;
}

static struct range indicator_before(const struct doc *d, uint32_t start, uint32_t end)
{
	uint32_t at = start;
	for (uint32_t i = start; i < end; i++)
		if (d->p.c[i] == 0x3001 && end - i > 3)
			at = i + 1;
	uint32_t from = skip_opening(d, at, end);
	if (from >= end)
		from = at;
	from = with_its_verb(d, at, from, end);
	struct range r = plain_trim(d, from, end);
	if (r.end - r.start > INDICATOR_MAX)
		r.start = r.end - INDICATOR_MAX;
	return r;
}

static struct range indicator_behind(const struct doc *d, uint32_t start, uint32_t end)
{
	uint32_t to = start;
	while (to < end && d->p.c[to] != 0x3001 && d->p.c[to] != '(' && to - start < INDICATOR_MAX)
		to++;
	return plain_trim(d, start, to);
}

static bool read_adjacent(const struct doc *d, struct clause k, const struct amount *a, struct reading *r)
{
	uint32_t at = before_number(d, k.start, a->start);
	const struct lexeme *t = term_ending(d, k.start, at, MARK_COMPARATOR);
	const struct lexeme *after = after_word(d, a->end, k.end);
	if ((!t && !after) || (t && t->english))
		return false;
	r->end = a->end + (after ? after->len : 0);
	uint32_t word = t ? at - t->len : a->start;
	r->word = (struct range){ word, t ? at : r->end };
	r->sign = t ? term_value(d, t) : term_value(d, after);
	if (t && after && !is_change(term_value(d, t)) && term_value(d, after).n && term_value(d, after).p[0] != '=')
		r->sign = term_value(d, after);
	if (!t) { /* 下降到10以下 is met above; 新增绿地20公顷以上 looks for its verb */
		return false;
	}
	r->indicator = indicator_before(d, k.start, word);
	if (plain_is(d, r->end, k.end, "的比例") && r->end + 3 < k.end) /* 对项目按不低于30%的比例抽检 */
		r->indicator = indicator_behind(d, r->end + 3, k.end);
	return true;
}

static bool names_office(const struct doc *d, uint32_t at, uint32_t end)
{
	uint32_t c = at < end ? d->p.c[at] : 0;
	return c == 0x5C40 || c == 0x59D4 || c == 0x5385 || c == 0x90E8; /* 局 委 厅 部 */
}

/* 建成6个集镇污水处理厂管网38公里: the first figure only says whose, the second how much. */
static bool counts_what_follows(const struct doc *d, struct clause k, const struct amount *a)
{
	uint32_t at = a->end;
	if (at >= k.end || !is_han(d->p.c[at]))
		return false;
	for (; at < k.end && d->p.c[at] != 0x3001 && d->p.c[at] != '('; at++)
		if (is_digit(d->p.c[at]))
			break;
	struct amount second;
	return at < k.end && at - a->end < REACH && read_amount(d, at, k.end, &second) && second.unit.end > second.unit.start &&
	       !term_ending(d, a->end, at, MARK_COMPARATOR);
}

/* 新建污水管网120公里, 开展演练2次以上: a verb with the number as its object's measure. */
static bool read_achieved(const struct doc *d, struct clause k, const struct amount *a, struct reading *r)
{
	uint32_t limit = a->start > k.start + REACH ? a->start - REACH : k.start;
	const struct lexeme *best = NULL;
	uint32_t at = 0;
	for (uint32_t i = limit; i < a->start; i++) {
		const struct lexeme *t = term_at(d, i, a->start, MARK_ACHIEVE);
		if (t && t->len == 1 && names_office(d, i + 1, a->start)) /* 住建局 builds nothing */
			t = NULL;
		const struct lexeme *c = term_at(d, i, a->start, MARK_COMPARATOR);
		if (!t && c && !c->english && is_change(term_value(d, c)))
			t = c;
		if (t && !t->english) {
			best = t;
			at = i;
			i += t->len - 1u;
		}
	}
	const struct lexeme *after = after_word(d, a->end, k.end);
	if (best && !after && counts_what_follows(d, k, a))
		return false;
	if ((!best && !after) || a->unit.end == a->unit.start || (a->start && d->p.c[a->start - 1] == 0x7684))
		return false;
	r->end = a->end + (after ? after->len : 0);
	if (!best) {
		r->word = (struct range){ a->start, r->end };
		r->sign = term_value(d, after);
		r->indicator = indicator_before(d, k.start, a->start);
		return r->indicator.end > r->indicator.start;
	}
	r->word = (struct range){ at, at + best->len };
	r->sign = term_value(d, best);
	if (after && !is_change(term_value(d, best)) && term_value(d, after).n && term_value(d, after).p[0] != '=')
		r->sign = term_value(d, after);
	r->indicator = plain_trim(d, at + best->len, a->start);
	if (r->indicator.start == r->indicator.end)
		r->indicator = indicator_behind(d, r->end, k.end);
	return true;
}

/* ---- English ---- */

static uint32_t english_clause_start(const struct doc *d, uint32_t start, uint32_t at)
{
	uint32_t from = start;
	for (uint32_t i = start; i + 5 < at; i++)
		if (plain_is(d, i, at, " that ") || plain_is(d, i, at, ", "))
			from = i + (d->p.c[i] == ',' ? 2 : 6);
	return from;
}

static struct range english_indicator(const struct doc *d, uint32_t start, uint32_t end)
{
	static const char *const tails[] = { " must", " should", " shall", " will", " to", " be", " not", " and", " is", " are" };
	uint32_t from = english_clause_start(d, start, end);
	struct range r = plain_trim(d, from, end);
	for (size_t i = 0; i < COUNT_OF(tails); i++)
		if (plain_ends(d, r.start, r.end, tails[i])) {
			r.end -= (uint32_t)strlen(tails[i]);
			i = (size_t)-1;
		}
	r.start = plain_is(d, r.start, r.end, "the ") ? r.start + 4 : r.start;
	for (uint32_t i = r.start; i < r.end; i++)
		if (d->p.c[i] == ' ' && term_at(d, i + 1, end, MARK_MODAL))
			r.end = i;
	if (r.end - r.start > 2 * INDICATOR_MAX)
		r.start = r.end;
	return r;
}

/* "check at least 30 percent of the survey reports": the reports. */
static struct range english_part(const struct doc *d, uint32_t at, uint32_t end)
{
	static const char *const stops[] = { " by ", " before ", " within ", " in ", " on ", " and ", " to ", " while ", " that ", " each ", " every ", " with ", " for " };
	if (!plain_is(d, at, end, " of "))
		return (struct range){ at, at };
	uint32_t from = plain_is(d, at + 4, end, "the ") ? at + 8 : at + 4, to = from;
	for (; to < end && d->p.c[to] != '.' && d->p.c[to] != ')'; to++) {
		bool stop = false;
		for (size_t i = 0; i < COUNT_OF(stops) && d->p.c[to] == ' ' && !stop; i++)
			stop = plain_is(d, to, end, stops[i]);
		if (stop)
			break;
	}
	return to - from <= INDICATOR_MAX ? plain_trim(d, from, to) : (struct range){ at, at };
}

/* "cut PM2.5 concentration by 5 percent": the verb stands before, by or to at the number. */
static bool read_by(const struct doc *d, struct clause k, const struct amount *a, struct reading *r)
{
	uint32_t at = before_number(d, k.start, a->start);
	bool by = plain_ends(d, k.start, at, " by"), to = plain_ends(d, k.start, at, " to");
	if (!by && !to)
		return false;
	uint32_t limit = at > k.start + REACH_EN ? at - REACH_EN : k.start;
	for (uint32_t i = at; i-- > limit;) {
		const struct lexeme *down = term_at(d, i, at, MARK_DOWN), *up = term_at(d, i, at, MARK_UP);
		const struct lexeme *t = down ? down : up;
		if (!t || (i && is_letter(d->p.c[i - 1])))
			continue;
		r->word = (struct range){ i, i + t->len };
		r->sign = by ? (down ? S("-=") : S("+=")) : (down ? S("<=") : S(">="));
		r->end = a->end;
		r->indicator = plain_trim(d, i + t->len, at - 3 > i + t->len ? at - 3 : i + t->len);
		return true;
	}
	return false;
}

/* "no fewer than 50 plots": what no catalog knows as a unit, in the plural. */
static bool counted_thing(const struct doc *d, uint32_t end, struct amount *a)
{
	uint32_t at = a->number_end + 1, to = at;
	if (at >= end || d->p.c[a->number_end] != ' ')
		return false;
	while (to < end && is_letter(d->p.c[to]))
		to++;
	if (to < at + 3 || d->p.c[to - 1] != 's')
		return false;
	a->unit = (struct range){ at, to };
	a->end = to;
	return true;
}

static bool read_english(const struct doc *d, struct clause k, struct amount *a, struct reading *r)
{
	uint32_t at = before_number(d, k.start, a->start);
	const struct lexeme *t = term_ending(d, k.start, at, MARK_COMPARATOR);
	if (!t || !t->english)
		return read_by(d, k, a, r);
	r->word = (struct range){ at - t->len, at };
	r->sign = term_value(d, t);
	bool thing = false;
	if (a->unit.start == a->unit.end)
		thing = counted_thing(d, k.end, a);
	r->end = a->end;
	r->indicator = thing ? a->unit : english_part(d, a->end, k.end);
	if (r->indicator.start >= r->indicator.end)
		r->indicator = english_indicator(d, k.start, at - t->len);
	if (r->indicator.start >= r->indicator.end)
		r->indicator = a->unit;
	return a->unit.end > a->unit.start;
}

/* ---- results ---- */

static bool read_target(const struct doc *d, struct clause k, struct amount *a, struct reading *r)
{
	*r = (struct reading){ 0 };
	if (read_english(d, k, a, r))
		return true;
	if (read_adjacent(d, k, a, r))
		return a->unit.end > a->unit.start || (!is_change(r->sign) && r->indicator.end > r->indicator.start);
	return read_achieved(d, k, a, r);
}

static void push_target(struct doc *d, const struct amount *a, const struct reading *r, struct targets *ret)
{
	uint32_t from = r->indicator.start < r->indicator.end && r->indicator.start < r->word.start ? r->indicator.start
												    : r->word.start;
	uint32_t to = r->end > r->indicator.end ? r->end : r->indicator.end;
	if (from > a->start)
		from = a->start;
	bool percent = is_percent_word(d, a->start, a->end);
	str unit = percent ? S("%") : plain_slice(d, a->unit.start, a->unit.end);
	vec_push_few(d->a, ret, (struct target){ .indicator = plain_slice(d, r->indicator.start, r->indicator.end),
					     .comparator = r->sign, .value = a->value, .unit = unit,
					     .text = plain_slice(d, from, to), .cue = plain_cue(d, from, to) });
}

void targets_find(struct doc *d, uint32_t start, uint32_t end, struct targets *ret)
{
	enum { TARGETS_MAX = 32 };
	for (uint32_t i = start; i < end && ret->n < TARGETS_MAX; i++) {
		struct amount a;
		struct reading r;
		if (!is_digit(d->p.c[i]) && d->p.c[i] != 0x767E)
			continue;
		if (!read_amount(d, i, end, &a))
			continue;
		struct clause k = clause_around(d, start, end, i);
		if (a.number_end - a.start == 4 && a.value > 1949 && a.value < 2100 && a.unit.start == a.unit.end)
			continue;
		if (read_target(d, k, &a, &r)) {
			push_target(d, &a, &r, ret);
			i = r.end - 1;
		} else {
			i = a.end - 1;
		}
	}
}
