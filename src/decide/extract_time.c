/* Deadlines and dates in Chinese; extract_time_en.c reads the English ones. */
#include "base/clock.h"
#include "decide/extract_time.h"

/* ---- 年底前, 2026年6月底前, 三季度末 ---- */

enum grain { GRAIN_NONE, GRAIN_YEAR, GRAIN_HALF, GRAIN_QUARTER, GRAIN_MONTH, GRAIN_DAY, GRAIN_END };

struct when {
	enum grain grain;
	int year, month, day; /* year 0: of the document */
	bool relative;        /* 今年, 本月: needs the document's date */
	uint32_t end;
};

struct word {
	const char *text;
	unsigned char len;
};

static uint32_t word_len(const struct doc *d, uint32_t at, uint32_t end, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (plain_is(d, at, end, words[i].text))
			return words[i].len;
	return 0;
}

static uint32_t read_year(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	uint32_t c = at < end ? d->p.c[at] : 0;
	if (!(d->lx->trait[c] & TRAIT_NUMBER) && c != 0x4ECA && c != 0x672C && c != 0x5F53 && c != 0x660E)
		return at;
	uint32_t i = year_at(d, at, end, &w->year);
	if (i > at) {
		i = blank_end(d, i, end);
		if (i < end && d->p.c[i] == 0x5E74) {
			w->grain = GRAIN_YEAR;
			return blank_end(d, i + 1, end);
		}
		w->year = 0;
		return at;
	}
	static const struct word now[] = { { "今年", 2 }, { "本年度", 3 }, { "本年", 2 }, { "当年", 2 } };
	uint32_t n = word_len(d, at, end, now, COUNT_OF(now));
	bool next = !n && plain_is(d, at, end, "明年");
	if (!n && !next)
		return at;
	w->year = ref_year(d) + next;
	w->relative = true;
	w->grain = GRAIN_YEAR;
	return at + (next ? 2 : n);
}

static uint32_t read_quarter(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	uint32_t i = at;
	int q = 0;
	if (at >= end || !(d->p.c[at] == 0x7B2C || d->lx->trait[d->p.c[at]] & TRAIT_NUMBER))
		return at;
	if (i < end && d->p.c[i] == 0x7B2C)
		i++;
	uint32_t to = small_number_at(d, i, end, 4, &q);
	if (to == i || !plain_is(d, to, end, "季度"))
		return at;
	w->grain = GRAIN_QUARTER;
	w->month = q * 3;
	return to + 2;
}

static uint32_t read_half(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	if (at >= end || (d->p.c[at] != 0x4E0A && d->p.c[at] != 0x4E0B))
		return at;
	bool first = plain_is(d, at, end, "上半年");
	if (!first && !plain_is(d, at, end, "下半年"))
		return at;
	w->grain = GRAIN_HALF;
	w->month = first ? 6 : 12;
	return at + 3;
}

/* 年底, 末, 年内 behind a year (or alone: 年底前) */
static uint32_t read_year_end(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	static const struct word alone[] = { { "年年底", 3 }, { "年底", 2 }, { "年末", 2 }, { "年内", 2 }, { "岁末", 2 } };
	static const struct word behind[] = { { "年底", 2 }, { "年末", 2 }, { "底", 1 }, { "末", 1 }, { "内", 1 } };
	if (w->grain == GRAIN_NONE && at < end && d->p.c[at] != 0x5E74 && d->p.c[at] != 0x5C81)
		return at;
	uint32_t n = w->grain == GRAIN_YEAR ? word_len(d, at, end, behind, COUNT_OF(behind)) : 0;
	if (!n && w->grain == GRAIN_NONE) {
		n = word_len(d, at, end, alone, COUNT_OF(alone));
		w->relative = n != 0;
	}
	if (!n)
		return at;
	w->grain = GRAIN_END;
	w->month = 12;
	w->day = 31;
	return at + n;
}

static uint32_t read_month_word(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	static const struct word this_month[] = { { "本月", 2 }, { "当月", 2 }, { "这个月", 3 } };
	static const struct word next_month[] = { { "下个月", 3 }, { "下月", 2 }, { "次月", 2 } };
	uint32_t c = at < end ? d->p.c[at] : 0;
	if (c != 0x672C && c != 0x5F53 && c != 0x8FD9 && c != 0x4E0B && c != 0x6B21 && c != 0x6708)
		return at;
	uint32_t n = word_len(d, at, end, this_month, COUNT_OF(this_month)), step = 0;
	if (!n) {
		n = word_len(d, at, end, next_month, COUNT_OF(next_month));
		step = 1;
	}
	if (!n && plain_is(d, at, end, "月底")) {
		n = 1;
		step = 0;
	}
	if (!n)
		return at;
	w->grain = GRAIN_MONTH;
	w->relative = true;
	w->year = ref_year(d);
	w->month = ref_part(d, 1) + (int)step;
	if (w->month > 12) {
		w->month -= 12;
		w->year++;
	}
	return at + n;
}

static uint32_t read_month(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	int m = 0;
	uint32_t to = small_number_at(d, at, end, 12, &m), i = blank_end(d, to, end);
	if (to == at || i >= end || d->p.c[i] != 0x6708)
		return w->grain == GRAIN_NONE ? read_month_word(d, at, end, w) : at;
	if (at && (is_digit(d->p.c[at - 1]) || d->p.c[at - 1] == 0x4E2A))
		return at;
	w->grain = GRAIN_MONTH;
	w->month = m;
	i++;
	if (i < end && d->p.c[i] == 0x4EFD)
		i++;
	return blank_end(d, i, end);
}

static uint32_t read_day(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	static const struct word ends[] = { { "底", 1 }, { "末", 1 }, { "下旬", 2 }, { "内", 1 } };
	if (w->grain != GRAIN_MONTH)
		return at;
	uint32_t n = word_len(d, at, end, ends, COUNT_OF(ends));
	if (n) {
		w->grain = GRAIN_END;
		w->day = w->month ? date_month_days(w->year ? w->year : 2023, w->month) : 31; /* 本月 without a date */
		return at + n;
	}
	bool first = plain_is(d, at, end, "上旬"), middle = plain_is(d, at, end, "中旬");
	if (first || middle) {
		w->grain = GRAIN_END;
		w->day = first ? 10 : 20;
		return at + 2;
	}
	int day = 0;
	uint32_t to = small_number_at(d, at, end, 31, &day), i = blank_end(d, to, end);
	if (to == at || i >= end || (d->p.c[i] != 0x65E5 && d->p.c[i] != 0x53F7))
		return at;
	w->grain = GRAIN_DAY;
	w->day = day;
	return i + 1;
}

/* 2026-06-30 */
static bool read_iso(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	int64_t day = 0;
	if (!date_at(d, at, end, &day, &w->end))
		return false;
	date_to_ymd(day, &w->year, &w->month, &w->day);
	w->grain = GRAIN_DAY;
	return true;
}

static bool read_plan_end(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	if (d->p.c[at] != 0x5341)
		return false;
	static const struct word plans[] = { { "十四五”期末", 6 }, { "十四五”末", 5 }, { "十四五末", 4 }, { "十四五期末", 5 } };
	static const struct word next[] = { { "十五五”期末", 6 }, { "十五五”末", 5 }, { "十五五末", 4 }, { "十五五期末", 5 } };
	uint32_t a = word_len(d, at, end, plans, COUNT_OF(plans)), b = word_len(d, at, end, next, COUNT_OF(next));
	if (!a && !b)
		return false;
	*w = (struct when){ GRAIN_END, a ? 2025 : 2030, 12, 31, false, at + (a ? a : b) };
	return true;
}

static bool read_when(const struct doc *d, uint32_t at, uint32_t end, struct when *w)
{
	*w = (struct when){ 0 };
	if (at >= end || !(d->lx->trait[d->p.c[at]] & TRAIT_TIME))
		return false;
	if (read_plan_end(d, at, end, w) || read_iso(d, at, end, w))
		return true;
	uint32_t i = read_year(d, at, end, w), year_end = i;
	i = read_quarter(d, i, end, w);
	if (i == year_end)
		i = read_half(d, i, end, w);
	if (i == year_end)
		i = read_month(d, i, end, w);
	if (i != year_end)
		i = read_day(d, i, end, w);
	else
		i = read_year_end(d, i, end, w);
	if (i != year_end && (w->grain == GRAIN_QUARTER || w->grain == GRAIN_HALF)) {
		if (plain_is(d, i, end, "末") || plain_is(d, i, end, "底") || plain_is(d, i, end, "内"))
			i++;
		w->day = date_month_days(2023, w->month);
	}
	w->end = i;
	return w->grain != GRAIN_NONE;
}

static bool starts_period(const struct doc *d, uint32_t start, uint32_t at, uint32_t to, uint32_t end)
{
	static const struct word after[] = { { "起", 1 }, { "以来", 2 }, { "以后", 2 }, { "之后", 2 }, { "开始", 2 },
					     { "后", 1 }, { "至今", 2 }, { "度", 1 }, { "期间", 2 }, { "版", 1 },
					     { "以前的", 3 }, { "工作要点", 4 }, { "行动", 2 }, { "度计划", 3 } };
	if (at > start && (d->p.c[at - 1] == 0x81EA || d->p.c[at - 1] == 0x4ECE))
		return true;
	return word_len(d, to, end, after, COUNT_OF(after)) != 0;
}

static bool led_in(const struct doc *d, uint32_t start, uint32_t at)
{
	static const char *const words[] = { "到", "至", "于", "力争", "在", "确保", "截止", "最迟", "不晚于" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_ends(d, start, at, words[i]))
			return !plain_ends(d, start, at, "截至");
	return false;
}

/* A year or month alone that ends with 前 means the day before it begins. */
static void before_it(struct when *w)
{
	if (w->grain == GRAIN_YEAR) {
		w->year--;
	} else if (w->grain == GRAIN_MONTH && w->year) {
		w->month--;
		if (!w->month) {
			w->month = 12;
			w->year--;
		}
	} else if (w->grain == GRAIN_MONTH && w->month > 1) {
		w->month--;
	}
}

static bool resolve(const struct doc *d, struct when *w, int64_t *ret_day)
{
	bool guess = !w->year;
	if ((w->relative && !d->has_ref) || w->month > 12 || (w->month < 1 && w->grain != GRAIN_YEAR))
		return false;
	if (guess && !d->has_ref)
		return false;
	if (guess)
		w->year = ref_year(d);
	if (w->grain == GRAIN_YEAR) {
		w->month = 12;
		w->day = 31;
	}
	if (w->grain == GRAIN_MONTH || (w->grain == GRAIN_END && w->day >= 28))
		w->day = date_month_days(w->year, w->month);
	int64_t day = 0;
	if (!ymd_day(w->year, w->month, w->day, &day))
		return false;
	if (guess && !w->relative && day < d->ref_day && !ymd_day(w->year + 1, w->month, w->day, &day))
		return false;
	*ret_day = day;
	return true;
}

/* The end of a span (3月15日至5月31日) counts. */
static void read_span_end(const struct doc *d, uint32_t end, struct when *w)
{
	uint32_t i = w->end;
	if (w->grain != GRAIN_DAY && w->grain != GRAIN_MONTH && w->grain != GRAIN_YEAR)
		return;
	if (i >= end || (d->p.c[i] != 0x81F3 && d->p.c[i] != 0x5230 && d->p.c[i] != 0x2014 && d->p.c[i] != '-'))
		return;
	while (i < end && (d->p.c[i] == 0x2014 || d->p.c[i] == 0x81F3 || d->p.c[i] == 0x5230 || d->p.c[i] == '-'))
		i++;
	struct when to;
	if (!read_when(d, i, end, &to))
		return;
	if (!to.year && !to.relative)
		to.year = w->year;
	*w = to;
}

bool chinese_deadline_at(const struct doc *d, uint32_t start, uint32_t at, uint32_t end, struct found *ret)
{
	struct when w;
	if (!read_when(d, at, end, &w))
		return false;
	enum grain first = w.grain;
	uint32_t first_end = w.end;
	read_span_end(d, end, &w);
	bool span = w.end != first_end;
	if (!span && starts_period(d, start, at, w.end, end))
		return false;
	bool before = plain_is(d, w.end, end, "前") || plain_is(d, w.end, end, "之前") || plain_is(d, w.end, end, "以前");
	bool within = plain_is(d, w.end, end, "内") || plain_is(d, w.end, end, "之内") || plain_is(d, w.end, end, "止") ||
		      plain_is(d, w.end, end, "为止");
	bool opens = first == GRAIN_YEAR && plain_is(d, w.end, end, ",") && at == start && w.year >= ref_year(d);
	if (!before && !within && !span && w.grain != GRAIN_END && !led_in(d, start, at) && !opens)
		return false;
	if (before && w.grain != GRAIN_END && !span)
		before_it(&w);
	uint32_t to = w.end;
	if (before || within)
		to += plain_is(d, to, end, "前") || plain_is(d, to, end, "内") || plain_is(d, to, end, "止") ? 1 : 2;
	*ret = (struct found){ .start = at, .end = to, .rank = RANK_DATE };
	ret->has_due = resolve(d, &w, &ret->due);
	return true;
}

/* ---- 30个工作日内, 一周内 ---- */

int64_t add_working_days(int64_t day, int n)
{
	while (n > 0)
		n -= date_weekday(++day) < 5;
	return day;
}

static int64_t add_months(int64_t day, int n)
{
	int y, m, dom;
	date_to_ymd(day, &y, &m, &dom);
	m += n;
	y += (m - 1) / 12;
	m = (m - 1) % 12 + 1;
	int last = date_month_days(y, m);
	return date_from_ymd(y, m, dom < last ? dom : last);
}

/* Due days of a duration; hours have none. Takes at most some ten years. */
bool duration_due(const struct doc *d, enum duration unit, double n, struct found *ret)
{
	enum { LONGEST = 4000 };
	if (!d->has_ref || unit == DURATION_HOUR || n <= 0 || n > LONGEST)
		return false;
	int whole = (int)n;
	switch (unit) {
	case DURATION_WORKDAY:
		ret->working_days = whole;
		ret->due = add_working_days(d->ref_day, whole);
		break;
	case DURATION_DAY:
		ret->due = d->ref_day + whole;
		break;
	case DURATION_WEEK:
		ret->due = d->ref_day + 7 * (int64_t)whole;
		break;
	case DURATION_MONTH:
		ret->due = n < 1 ? d->ref_day + 15 : add_months(d->ref_day, whole);
		break;
	default:
		ret->due = add_months(d->ref_day, (int)(n * 12));
		break;
	}
	return true;
}

bool chinese_duration_at(const struct doc *d, uint32_t start, uint32_t at, uint32_t end, struct found *ret)
{
	static const struct {
		struct word word;
		enum duration unit;
	} units[] = { { { "个工作日", 4 }, DURATION_WORKDAY }, { { "工作日", 3 }, DURATION_WORKDAY },
		      { { "个小时", 3 }, DURATION_HOUR },      { { "小时", 2 }, DURATION_HOUR },
		      { { "个月", 2 }, DURATION_MONTH },       { { "个星期", 3 }, DURATION_WEEK },
		      { { "星期", 2 }, DURATION_WEEK },        { { "周", 1 }, DURATION_WEEK },
		      { { "日", 1 }, DURATION_DAY },           { { "天", 1 }, DURATION_DAY },
		      { { "月", 1 }, DURATION_MONTH },         { { "年", 1 }, DURATION_YEAR } };
	static const struct word inside[] = { { "之内", 2 }, { "以内", 2 }, { "内", 1 } };
	double n = 0;
	if (at >= end || !(d->lx->trait[d->p.c[at]] & TRAIT_NUMBER))
		return false;
	if (at && (is_digit(d->p.c[at - 1]) || chinese_digit(d->p.c[at - 1]) >= 0))
		return false;
	uint32_t i = number_at(d, at, end, &n), len = 0;
	if (i == at)
		return false;
	size_t u = 0;
	for (; u < COUNT_OF(units) && !len; u++)
		len = word_len(d, i, end, &units[u].word, 1);
	if (!len)
		return false;
	uint32_t in = word_len(d, i + len, end, inside, COUNT_OF(inside));
	if (!in || (units[u - 1].unit == DURATION_YEAR && n > 100))
		return false;
	*ret = (struct found){ .start = at, .end = i + len + in, .rank = RANK_DURATION };
	bool event = plain_ends(d, start, at, "后") || plain_ends(d, start, at, "起") || plain_ends(d, start, at, "前");
	ret->has_due = !event && duration_due(d, units[u - 1].unit, n, ret);
	return true;
}

/* ---- words of the catalog: 每季度末, 汛期前 ---- */

bool word_deadline_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret)
{
	const struct lexeme *t = term_at(d, at, end, MARK_RECURS);
	if (t && !(t->english && plain_is(d, at, end, "a ") &&
		   !(at > 2 && (term_ending(d, at > 24 ? at - 24 : 0, at - 1, MARK_MEASURE) ||
				plain_ends(d, 0, at - 1, "once") || plain_ends(d, 0, at - 1, "twice"))))) {
		*ret = (struct found){ .start = at, .end = at + t->len, .rank = RANK_RECURS, .recurs = term_value(d, t) };
		int day = 0;
		if (str_eq(ret->recurs, S("week")) && plain_ends(d, at, ret->end, "周")) /* 每周五 */
			ret->end = small_number_at(d, ret->end, ret->end + 1 < end ? ret->end + 1 : end, 6, &day);
		day = 0;
		uint32_t to = small_number_at(d, ret->end, end, 31, &day);
		if (day && (plain_is(d, to, end, "日前") || plain_is(d, to, end, "日之前"))) {
			ret->end = to + (plain_is(d, to, end, "日前") ? 2 : 3);
			if (str_eq(term_value(d, t), S("month")))
				ret->recurs = S("month-day");
		} else if (plain_is(d, ret->end, end, "前")) {
			ret->end++;
		}
		return true;
	}
	t = term_at(d, at, end, MARK_EVENT);
	if (!t)
		return false;
	if (!t->english && !plain_ends(d, at, at + t->len, "前"))
		return false;
	*ret = (struct found){ .start = at, .end = at + t->len, .rank = RANK_EVENT };
	return true;
}

/* ---- the best of a stretch ---- */

static bool found_at(const struct doc *d, uint32_t start, uint32_t at, uint32_t end, struct found *ret)
{
	if (is_letter(d->p.c[at]))
		return english_deadline_at(d, at, end, ret) || word_deadline_at(d, at, end, ret);
	return chinese_duration_at(d, start, at, end, ret) || chinese_deadline_at(d, start, at, end, ret) ||
	       word_deadline_at(d, at, end, ret);
}

static bool worth_a_look(const struct doc *d, uint32_t at)
{
	uint32_t c = d->p.c[at];
	if (!(d->lx->trait[c] & TRAIT_TIME))
		return false;
	if (is_letter(c))
		return !at || !is_letter(d->p.c[at - 1]);
	if (is_digit(c))
		return !at || !is_digit(d->p.c[at - 1]);
	return true;
}

bool deadline_find(struct doc *d, uint32_t start, uint32_t end, struct deadline *ret)
{
	struct found best = { .rank = RANK_NONE }, f;
	for (uint32_t i = start; i < end; i++) {
		if (!worth_a_look(d, i) || !found_at(d, start, i, end, &f))
			continue;
		if (f.rank > best.rank)
			best = f;
		i = f.end - 1;
	}
	if (best.rank == RANK_NONE)
		return false;
	*ret = (struct deadline){ .text = plain_slice(d, best.start, best.end),
				  .cue = plain_cue(d, best.start, best.end),
				  .has_due = best.has_due, .due_day = best.due,
				  .recurs = best.recurs.p ? best.recurs : S(""),
				  .working_days = best.working_days };
	return true;
}
