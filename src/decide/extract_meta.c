/* Title, issuer, date and document number, from the head and foot of the text. */
#include <string.h>

#include "base/clock.h"
#include "decide/extract_time.h"

enum { HEAD_LINES = 16, FOOT_LINES = 12, TITLE_MAX = 120, TITLE_LINES = 3 };

static struct meta meta_of(const struct doc *d, uint32_t start, uint32_t end)
{
	struct range r = plain_trim(d, start, end);
	return (struct meta){ plain_slice(d, r.start, r.end), plain_cue(d, r.start, r.end) };
}

static uint32_t find_date(const struct doc *d, uint32_t start, uint32_t end, int64_t *ret, uint32_t *ret_end)
{
	for (uint32_t i = start; i < end; i++) {
		bool starts = is_digit(d->p.c[i]) ? !i || !is_digit(d->p.c[i - 1])
						  : is_letter(d->p.c[i]) ? !i || !is_letter(d->p.c[i - 1])
									 : d->p.c[i] == 0x4E8C || d->p.c[i] == 0x4E00;
		if (starts && date_at(d, i, end, ret, ret_end))
			return i;
	}
	return end;
}

static void set_date(struct doc *d, uint32_t start, uint32_t end, int64_t day)
{
	if (d->x->has_date)
		return;
	char iso[11];
	date_format(day, iso);
	d->x->has_date = true;
	d->x->date_day = day;
	d->x->date = (struct meta){ arena_str(d->a, str_of(iso)), plain_cue(d, start, end) };
}

/* 12月15日前, 整改时限：…, "by 31 December": a day until which, never the document's own. */
static bool is_due(const struct doc *d, const struct line *l, uint32_t start, uint32_t end)
{
	static const char *const labels[] = { "时限", "期限", "截止", "完成时间", "整改时间", "有效期", "deadline", "due date" };
	static const char *const behind[] = { "前", "之前", "以前", "起", "止", "至", "后", "以后" };
	static const char *const before[] = { "by", "before", "until", "till", "than", "from", "至", "到", "自", "从", "截至", "since" };
	uint32_t limit = l->end - l->start > 120 ? l->start + 120 : l->end, to = plain_trim(d, l->start, start).end;
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (plain_find(d, l->start, limit, labels[i]) < limit)
			return true;
	for (size_t i = 0; i < COUNT_OF(behind); i++)
		if (plain_is(d, end, l->end, behind[i]))
			return true;
	for (size_t i = 0; i < COUNT_OF(before); i++)
		if (plain_ends(d, l->start, to, before[i]))
			return true;
	return false;
}

/* The first date of a line that can be the document's own. */
static uint32_t own_date(const struct doc *d, const struct line *l, uint32_t limit, int64_t *ret, uint32_t *ret_end)
{
	for (uint32_t at = l->start; at < limit;) {
		at = find_date(d, at, limit, ret, ret_end);
		if (at < limit && !is_due(d, l, at, *ret_end))
			return at;
		at = at < limit ? *ret_end : limit;
	}
	return limit;
}

static bool says_date(const struct doc *d, const struct line *l)
{
	static const char *const words[] = { "发布时间", "发布日期", "成文日期", "印发日期", "发文日期", "时间", "日期",
					     "updated", "date", "published", "released", "更新时间", "公开日期" };
	uint32_t end = l->end - l->start > 120 ? l->start + 120 : l->end;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_find(d, l->start, end, words[i]) < end)
			return true;
	return false;
}

/* A line that is little more than its date. */
static bool mostly_date(const struct line *l, uint32_t start, uint32_t end)
{
	return l->end - l->start <= end - start + 14;
}

static void date_in_lines(struct doc *d, size_t from, size_t to, bool labelled)
{
	for (size_t i = from; i < to && !d->x->has_date; i++) {
		const struct line *l = &d->lines.v[i];
		uint32_t limit = l->end - l->start > 200 ? l->start + 200 : l->end, end = 0;
		int64_t day = 0;
		uint32_t start = own_date(d, l, limit, &day, &end);
		if (start < limit && (labelled ? says_date(d, l) : mostly_date(l, start, end)))
			set_date(d, start, end, day);
	}
}

/* In the running text only near the head of a paragraph: 6月2日，…召开会议. */
static void first_date(struct doc *d, size_t to)
{
	enum { NEAR = 80 };
	for (size_t i = 0; i < to && !d->x->has_date; i++) {
		const struct line *l = &d->lines.v[i];
		uint32_t limit = l->end - l->start > 200 ? l->start + 200 : l->end, end = 0;
		int64_t day = 0;
		uint32_t start = own_date(d, l, limit, &day, &end);
		if (start < limit && start - l->start < NEAR && !(l->flags & LINE_NUMBERED))
			set_date(d, start, end, day);
	}
}

/* 定于2027年, 到2030年: a year to come says nothing about the paper's own. */
static bool to_come(const struct doc *d, uint32_t start, uint32_t at)
{
	uint32_t before = at > start ? d->p.c[at - 1] : 0;
	return before == 0x4E8E || before == 0x5230 || before == 0x81F3; /* 于 到 至 */
}

static int first_year(const struct doc *d, size_t to)
{
	int year = 0;
	for (size_t i = 0; i < to; i++) {
		const struct line *l = &d->lines.v[i];
		uint32_t limit = l->end - l->start > 200 ? l->start + 200 : l->end;
		for (uint32_t k = l->start; k < limit; k++)
			if (d->lx->trait[d->p.c[k]] & TRAIT_NUMBER && year_at(d, k, limit, &year) > k && !to_come(d, l->start, k))
				return year;
	}
	return 0;
}

/* 1月15日下午 in a report whose title or text names the year. */
static void day_without_year(struct doc *d, size_t to)
{
	int year = first_year(d, to);
	for (size_t i = 0; i < to && year && !d->x->has_date; i++) {
		const struct line *l = &d->lines.v[i];
		uint32_t limit = l->end - l->start > 60 ? l->start + 60 : l->end, end = 0;
		int64_t day = 0;
		for (uint32_t k = l->start; k < limit && !d->x->has_date; k++)
			if (month_day_at(d, k, limit, year, &day, &end) && !is_due(d, l, k, end))
				set_date(d, k, end, day);
	}
}

static void read_date(struct doc *d)
{
	size_t n = d->lines.n, head = n < HEAD_LINES ? n : HEAD_LINES, foot = n > FOOT_LINES ? n - FOOT_LINES : 0;
	date_in_lines(d, 0, head, true);
	date_in_lines(d, 0, head, false);
	date_in_lines(d, foot, n, false);
	first_date(d, head);
	day_without_year(d, head);
}

/* ---- number: 国发〔2026〕7号 ---- */

static bool number_part(const struct doc *d, uint32_t open, uint32_t end, uint32_t *ret_end)
{
	int year = 0;
	uint32_t c = d->p.c[open];
	uint32_t closer = c == 0x3014 ? 0x3015 : c == '[' ? ']' : c == '(' ? ')' : c == 0x3010 ? 0x3011 : 0;
	if (!closer)
		return false;
	uint32_t i = year_at(d, open + 1, end, &year);
	if (i == open + 1 || i >= end || d->p.c[i] != closer)
		return false;
	i++;
	if (i < end && d->p.c[i] == 0x7B2C)
		i++;
	uint32_t digits = i;
	while (i < end && is_digit(d->p.c[i]))
		i++;
	if (i == digits || i >= end || d->p.c[i] != 0x53F7)
		return false;
	*ret_end = i + 1;
	return true;
}

static void read_number(struct doc *d)
{
	enum { SHORT_LINE = 60, PREFIX = 14 };
	size_t head = d->lines.n < HEAD_LINES ? d->lines.n : HEAD_LINES;
	for (size_t i = 0; i < head; i++) {
		const struct line *l = &d->lines.v[i];
		if (l->end - l->start > SHORT_LINE && i > 2)
			continue;
		uint32_t limit = l->end - l->start > 200 ? l->start + 200 : l->end;
		for (uint32_t k = l->start; k < limit; k++) {
			uint32_t end = 0, from = k;
			if (!number_part(d, k, limit, &end))
				continue;
			while (from > l->start && k - from < PREFIX && is_han(d->p.c[from - 1]))
				from--;
			d->x->number = meta_of(d, from, end);
			return;
		}
	}
}

/* ---- title ---- */

static bool ends_title(const struct doc *d, uint32_t start, uint32_t end)
{
	static const char *const words[] = { "通知", "意见", "方案", "办法", "规定", "决定", "报告", "复函", "批复", "纪要",
					     "要点", "计划", "公告", "规划", "通告", "措施", "条例", "细则", "清单", "制度",
					     "指南", "通报", "函", "办法(试行)", "方案)", "任务", "分工", "规范", "标准" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_ends(d, start, end, words[i]))
			return true;
	return false;
}

static bool can_be_title(const struct doc *d, const struct line *l)
{
	uint32_t n = l->end - l->start, end = 0;
	int64_t day;
	if (l->flags & (LINE_CLUTTER | LINE_COLON) || n < 4 || n > TITLE_MAX + 80)
		return false;
	if (!(l->flags & LINE_OPEN) && !ends_title(d, l->start, l->end))
		return false;
	if (l->flags & LINE_NUMBERED || plain_is(d, l->start, l->end, "第") || plain_is(d, l->start, l->end, "目"))
		return false;
	uint32_t at = find_date(d, l->start, l->end, &day, &end);
	return !(at < l->end && mostly_date(l, at, end)) && !(number_part(d, l->start, l->end, &end) && n < 24);
}

/* 某某办公室 above 会议纪要: the head of the paper, not its title. */
static bool is_letterhead(const struct doc *d, size_t i)
{
	enum { KIND_MAX = 14 };
	const struct line *l = &d->lines.v[i], *below = l + 1;
	if (i + 1 >= d->lines.n || unit_sort(d, l->start, l->end) != UNIT_SURE || !can_be_title(d, below))
		return false;
	return below->end - below->start <= KIND_MAX && ends_title(d, below->start, below->end);
}

/* Consecutive lines of a long title are one title. */
static void read_title(struct doc *d)
{
	size_t head = d->lines.n < HEAD_LINES ? d->lines.n : HEAD_LINES;
	for (size_t i = 0; i < head; i++) {
		const struct line *l = &d->lines.v[i];
		if (!can_be_title(d, l) || is_letterhead(d, i))
			continue;
		uint32_t end = l->end;
		bool about = plain_find(d, l->start, l->end, "关于") < l->end || plain_find(d, l->start, l->end, "印发") < l->end;
		for (size_t k = i + 1; about && k < head && k < i + TITLE_LINES && !ends_title(d, l->start, end); k++) {
			const struct line *m = &d->lines.v[k];
			if (!can_be_title(d, m) || m->end - l->start > TITLE_MAX)
				break;
			end = m->end;
		}
		uint32_t from = l->body < end ? l->body : l->start;
		d->x->title = meta_of(d, from, end);
		if (end > l->end) /* without the line ends inside */
			d->x->title.text = plain_name(d, from, end);
		return;
	}
}

/* ---- issuer ---- */

static bool issuer_from_title(struct doc *d)
{
	size_t head = d->lines.n < HEAD_LINES ? d->lines.n : HEAD_LINES;
	for (size_t i = 0; i < head; i++) {
		const struct line *l = &d->lines.v[i];
		if (!can_be_title(d, l))
			continue;
		if (is_letterhead(d, i)) {
			d->x->issuer = meta_of(d, l->start, l->end);
			return true;
		}
		uint32_t at = plain_find(d, l->start, l->end, "关于");
		if (at == l->end)
			at = plain_find(d, l->start, l->end, "印发");
		struct range r = plain_trim(d, l->start, at);
		if (at < l->end && r.end - r.start >= 3 && term_ending(d, r.start, r.end, MARK_SUFFIX)) {
			d->x->issuer = meta_of(d, r.start, r.end);
			return true;
		}
	}
	return false;
}

static bool issuer_from_label(struct doc *d)
{
	static const char *const words[] = { "发布机构:", "发文机关:", "发文单位:", "信息来源:", "来源:", "文章来源:", "source:" };
	size_t head = d->lines.n < HEAD_LINES ? d->lines.n : HEAD_LINES;
	for (size_t k = 0; k < COUNT_OF(words); k++) {
		for (size_t i = 0; i < head; i++) {
			const struct line *l = &d->lines.v[i];
			if (!(l->flags & LINE_CLUTTER) && l->end - l->start > 60)
				continue;
			uint32_t limit = l->end - l->start > 120 ? l->start + 120 : l->end;
			uint32_t at = plain_find(d, l->start, limit, words[k]);
			if (at == limit)
				continue;
			while (at < l->end && d->p.c[at] != ':')
				at++;
			at++;
			while (at < l->end && is_space(d->p.c[at]))
				at++;
			uint32_t to = at;
			bool english = l->flags & LINE_ENGLISH;
			while (to < l->end && d->p.c[to] != '|' && (english || d->p.c[to] != ' ') && d->p.c[to] != 0x3010 &&
			       !plain_is(d, to, l->end, " views"))
				to++;
			if (to > at + 1) {
				d->x->issuer = meta_of(d, at, to);
				return true;
			}
		}
	}
	return false;
}

/* 2026-03-24 | Province Emergency Department | Views: 512: a unit between bars. */
static bool issuer_between_bars(struct doc *d)
{
	size_t head = d->lines.n < HEAD_LINES ? d->lines.n : HEAD_LINES;
	for (size_t i = 0; i < head; i++) {
		const struct line *l = &d->lines.v[i];
		uint32_t from = l->start;
		for (uint32_t at = l->start; l->flags & LINE_CLUTTER && at <= l->end; at++) {
			if (at < l->end && d->p.c[at] != '|')
				continue;
			struct range r = plain_trim(d, from, at);
			if ((from > l->start || at < l->end) && unit_sort(d, r.start, r.end) == UNIT_SURE) {
				d->x->issuer = meta_of(d, r.start, r.end);
				return true;
			}
			from = at + 1;
		}
	}
	return false;
}

/* A line that is a unit's name, above the date at the foot. */
static bool issuer_from_foot(struct doc *d)
{
	size_t n = d->lines.n, foot = n > FOOT_LINES ? n - FOOT_LINES : 0;
	for (size_t i = n; i-- > foot;) {
		const struct line *l = &d->lines.v[i];
		if (l->flags & LINE_CLUTTER || l->end - l->start > 30)
			continue;
		if (unit_sort(d, l->start, l->end) == UNIT_SURE) {
			d->x->issuer = meta_of(d, l->start, l->end);
			return true;
		}
	}
	return false;
}

void doc_meta(struct doc *d)
{
	static const struct meta none = { { "", 0 }, { 0, 0 } };
	d->x->title = d->x->issuer = d->x->number = d->x->date = none;
	read_date(d);
	read_number(d);
	read_title(d);
	if (!issuer_from_title(d) && !issuer_from_label(d) && !issuer_between_bars(d))
		(void)issuer_from_foot(d);
}
