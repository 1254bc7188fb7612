/* English deadlines: "by the end of June 2027", "before 1 March", "within 10 working days". */
#include <string.h>

#include "base/clock.h"
#include "decide/extract_time.h"

static uint32_t skip_marks(const struct doc *d, uint32_t at, uint32_t end)
{
	while (at < end && (d->p.c[at] == ' ' || d->p.c[at] == '.' || d->p.c[at] == ','))
		at++;
	return at;
}

static uint32_t word(const struct doc *d, uint32_t at, uint32_t end, const char *w)
{
	uint32_t to = at + (uint32_t)strlen(w);
	if (!plain_is(d, at, end, w))
		return at;
	return to < end && is_letter(d->p.c[to]) && is_letter(d->p.c[to - 1]) ? at : to;
}

static uint32_t month_at(const struct doc *d, uint32_t at, uint32_t end, int *ret)
{
	const struct lexeme *t = term_at(d, at, end, MARK_MONTH);
	if (!t)
		return at;
	*ret = (int)t->weight;
	return at + t->len;
}

static uint32_t day_at(const struct doc *d, uint32_t at, uint32_t end, int *ret)
{
	double v = 0;
	uint32_t to = at < end && is_digit(d->p.c[at]) ? number_at(d, at, end, &v) : at;
	if (to == at || v < 1 || v > 31 || v != (int)v)
		return at;
	static const char *const tails[] = { "st", "nd", "rd", "th" };
	for (size_t i = 0; i < COUNT_OF(tails); i++)
		if (plain_is(d, to, end, tails[i]))
			to += 2;
	*ret = (int)v;
	return to;
}

struct parts {
	int year, month, day;
	uint32_t end;
};

/* The year behind a day and month, across a comma. */
static void trailing_year(const struct doc *d, uint32_t end, struct parts *p)
{
	uint32_t at = skip_marks(d, p->end, end);
	at = word(d, at, end, "of") > at ? skip_marks(d, at + 2, end) : at;
	uint32_t to = year_at(d, at, end, &p->year);
	if (to > at)
		p->end = to;
}

static bool read_parts(const struct doc *d, uint32_t at, uint32_t end, struct parts *p)
{
	*p = (struct parts){ .end = at };
	uint32_t i = month_at(d, at, end, &p->month);
	if (i > at) {
		p->end = i;
		uint32_t day_from = skip_marks(d, i, end), to = day_at(d, day_from, end, &p->day);
		int y = 0;
		if (to > day_from && year_at(d, day_from, end, &y) == day_from)
			p->end = to;
		else
			p->day = 0;
		trailing_year(d, end, p);
		return true;
	}
	i = day_at(d, at, end, &p->day);
	if (i == at)
		return false;
	uint32_t m = skip_marks(d, i, end);
	m = word(d, m, end, "of") > m ? skip_marks(d, m + 2, end) : m;
	p->end = month_at(d, m, end, &p->month);
	if (p->end == m)
		return false;
	trailing_year(d, end, p);
	return true;
}

bool english_date_at(const struct doc *d, uint32_t at, uint32_t end, int year, int64_t *ret_day, uint32_t *ret_end)
{
	struct parts p;
	if (!read_parts(d, at, end, &p) || !p.day)
		return false;
	if (!p.year)
		p.year = year;
	if (!p.year || !date_ymd_valid(p.year, p.month, p.day))
		return false;
	*ret_day = date_from_ymd(p.year, p.month, p.day);
	*ret_end = p.end;
	return true;
}

/* Fills year and day where they are not said; without a year the first such day behind the document's. */
static bool settle(const struct doc *d, struct parts *p, int64_t *ret)
{
	bool guess = !p->year;
	if (guess && !d->has_ref)
		return false;
	if (guess)
		p->year = ref_year(d);
	int day = p->day ? p->day : date_month_days(p->year, p->month);
	if (!date_ymd_valid(p->year, p->month, day))
		return false;
	*ret = date_from_ymd(p->year, p->month, day);
	if (!guess || *ret >= d->ref_day)
		return true;
	p->year++;
	day = p->day ? p->day : date_month_days(p->year, p->month);
	if (!date_ymd_valid(p->year, p->month, day))
		return false;
	*ret = date_from_ymd(p->year, p->month, day);
	return true;
}

static uint32_t ordinal_quarter(const struct doc *d, uint32_t at, uint32_t end, int *ret)
{
	static const char *const words[] = { "first quarter", "second quarter", "third quarter", "fourth quarter" };
	for (int i = 0; i < 4; i++) {
		uint32_t to = word(d, at, end, words[i]);
		if (to > at) {
			*ret = i + 1;
			return to;
		}
	}
	return at;
}

/* this year, next year, the month, the quarter */
static bool relative_period(const struct doc *d, uint32_t at, uint32_t end, struct parts *p)
{
	static const struct {
		const char *words;
		int years, months;
	} kinds[] = { { "this year", 0, 12 }, { "the year", 0, 12 }, { "year", 0, 12 }, { "next year", 1, 12 },
		      { "this month", 0, 0 }, { "the month", 0, 0 }, { "next month", 0, -1 }, { "this quarter", 0, -3 },
		      { "the quarter", 0, -3 } };
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		uint32_t to = word(d, at, end, kinds[i].words);
		if (to == at)
			continue;
		int y = 0, m = 1, day = 1;
		if (d->has_ref)
			date_to_ymd(d->ref_day, &y, &m, &day);
		int month = kinds[i].months == 12 ? 12 : kinds[i].months == -3 ? (m + 2) / 3 * 3 : m - kinds[i].months;
		*p = (struct parts){ .year = y ? y + kinds[i].years + (month > 12) : 0, .month = (month - 1) % 12 + 1, .end = to };
		return true;
	}
	return false;
}

static bool period_at(const struct doc *d, uint32_t at, uint32_t end, struct parts *p)
{
	int q = 0, year = 0;
	uint32_t i = at, to = word(d, i, end, "the");
	uint32_t body = to > i ? skip_marks(d, to, end) : i;
	if ((to = ordinal_quarter(d, body, end, &q)) > body) {
		*p = (struct parts){ .month = q * 3, .end = to };
		trailing_year(d, end, p);
		return true;
	}
	if (relative_period(d, at, end, p))
		return true;
	if ((to = year_at(d, at, end, &year)) > at) {
		*p = (struct parts){ .year = year, .month = 12, .day = 31, .end = to };
		return true;
	}
	return read_parts(d, at, end, p);
}

static uint32_t skip_end_of(const struct doc *d, uint32_t at, uint32_t end, bool *ret_ends)
{
	static const char *const words[] = { "the end of ", "end of ", "end-", "year-end ", "late ", "the close of " };
	*ret_ends = false;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (plain_is(d, at, end, words[i])) {
			*ret_ends = true;
			return at + (uint32_t)strlen(words[i]);
		}
	}
	return at;
}

static bool by_date_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret)
{
	static const char *const words[] = { "no later than ", "not later than ", "on or before ", "prior to ", "before ",
					     "until ", "by ", "due " };
	uint32_t i = at;
	for (size_t k = 0; k < COUNT_OF(words) && i == at; k++)
		if (plain_is(d, at, end, words[k]))
			i = at + (uint32_t)strlen(words[k]);
	if (i == at)
		return false;
	bool ends;
	struct parts p;
	i = skip_end_of(d, i, end, &ends);
	if (!period_at(d, i, end, &p))
		return false;
	if (!p.month || (!ends && !p.day && !p.year && p.month == 0))
		return false;
	*ret = (struct found){ .start = at, .end = p.end, .rank = RANK_DATE };
	ret->has_due = settle(d, &p, &ret->due);
	return true;
}

static bool in_quarter_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret)
{
	struct parts p;
	int q = 0;
	if (!plain_is(d, at, end, "in the ") || ordinal_quarter(d, at + 7, end, &q) == at + 7 || !period_at(d, at + 7, end, &p))
		return false;
	*ret = (struct found){ .start = at, .end = p.end, .rank = RANK_DATE };
	ret->has_due = settle(d, &p, &ret->due);
	return true;
}

static bool to_date_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret)
{
	struct parts p, q;
	if (!plain_is(d, at, end, "from "))
		return false;
	if (!read_parts(d, at + 5, end, &p))
		return false;
	uint32_t i = skip_marks(d, p.end, end), to = word(d, i, end, "to");
	if (to == i || !read_parts(d, skip_marks(d, to, end), end, &q))
		return false;
	if (!q.year)
		q.year = p.year;
	*ret = (struct found){ .start = at, .end = q.end, .rank = RANK_DATE };
	ret->has_due = settle(d, &q, &ret->due);
	return true;
}

static bool within_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret)
{
	static const struct {
		const char *words;
		enum duration unit;
	} units[] = { { "working day", DURATION_WORKDAY }, { "business day", DURATION_WORKDAY }, { "hour", DURATION_HOUR },
		      { "day", DURATION_DAY }, { "week", DURATION_WEEK }, { "month", DURATION_MONTH }, { "year", DURATION_YEAR } };
	if (!plain_is(d, at, end, "within "))
		return false;
	double n = 0;
	uint32_t i = at + 7;
	const struct lexeme *t = term_at(d, i, end, MARK_NUMBER);
	uint32_t to = t ? i + t->len : number_at(d, i, end, &n);
	if (t)
		n = t->weight;
	if (to == i)
		return false;
	i = skip_marks(d, to, end);
	for (size_t k = 0; k < COUNT_OF(units); k++) {
		if (!plain_is(d, i, end, units[k].words))
			continue;
		to = i + (uint32_t)strlen(units[k].words);
		to += to < end && d->p.c[to] == 's';
		*ret = (struct found){ .start = at, .end = to, .rank = RANK_DURATION };
		bool event = plain_is(d, to, end, " of ") || plain_is(d, to, end, " after ") || plain_is(d, to, end, " from ");
		ret->has_due = !event && duration_due(d, units[k].unit, n, ret);
		return true;
	}
	return false;
}

bool english_deadline_at(const struct doc *d, uint32_t at, uint32_t end, struct found *ret)
{
	if (!is_letter(d->p.c[at]) || (at && is_letter(d->p.c[at - 1])))
		return false;
	return by_date_at(d, at, end, ret) || within_at(d, at, end, ret) || in_quarter_at(d, at, end, ret) ||
	       to_date_at(d, at, end, ret);
}
