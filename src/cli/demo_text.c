/* Dates in the demo city's documents are written from the day it is made: {{cn+20}} {{md-3}} {{en+2}}
 * {{iso-9}} {{Y+1}}. */
#include "base/buf.h"
#include "base/clock.h"
#include "cli/demo_life.h"

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September",
				      "October", "November", "December" };

static void put_date(struct buf *out, str form, int64_t day)
{
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	if (str_eq(form, S("cn")))
		buf_printf(out, "%d年%d月%d日", y, m, d);
	else if (str_eq(form, S("md")))
		buf_printf(out, "%d月%d日", m, d);
	else if (str_eq(form, S("en")))
		buf_printf(out, "%d %s %d", d, months[m - 1], y);
	else
		buf_printf(out, "%04d-%02d-%02d", y, m, d);
}

static void put_word(struct buf *out, str word, int64_t today)
{
	size_t form = 0;
	int64_t shift = 0;
	int y, m, d;
	while (form < word.n && word.p[form] != '+' && word.p[form] != '-')
		form++;
	str number = str_sub(word, form + (form < word.n && word.p[form] == '+'), word.n);
	if (number.n && !str_to_i64(number, &shift))
		return;
	date_to_ymd(today, &y, &m, &d);
	if (str_eq(str_sub(word, 0, form), S("Y")))
		buf_i64(out, y + shift);
	else
		put_date(out, str_sub(word, 0, form), today + shift);
}

str demo_dates(struct arena *a, str text, int64_t today)
{
	struct buf out = BUF(a);
	for (;;) {
		ptrdiff_t open = str_find(text, S("{{")), close = str_find(text, S("}}"));
		if (open < 0 || close < open)
			break;
		buf_put(&out, str_sub(text, 0, (size_t)open));
		put_word(&out, str_sub(text, (size_t)open + 2, (size_t)close), today);
		text = str_sub(text, (size_t)close + 2, text.n);
	}
	buf_put(&out, text);
	return buf_str(&out);
}
