/* Numbers of a sheet as a person reads them. A date is a number with a date's format. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "format/xlsx_book.h"

enum number_style number_style_of_id(uint32_t id)
{
	if (id == 9 || id == 10)
		return STYLE_PERCENT;
	if (id == 22)
		return STYLE_DATETIME;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 || id == 56)
		return STYLE_TIME; /* 32-35, 55, 56: the Chinese time formats */
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
	    id == 57 || id == 58)
		return STYLE_DATE;
	return STYLE_PLAIN;
}

struct code_parts {
	bool date, time, month_or_minute, percent;
};

static void classify(struct code_parts *p, char c)
{
	switch (c | 32) {
	case 'y':
	case 'd':
	case 'e':
	case 'b':
		p->date = true;
		break;
	case 'h':
	case 's':
		p->time = true;
		break;
	case 'm':
		p->month_or_minute = true;
		break;
	default:
		p->percent |= c == '%';
	}
}

/* Behind what stands literally: "…", \x, _x, *x, [colour]. "[h]" is a time. */
static size_t skip_literal(str code, size_t i, struct code_parts *p)
{
	char close = code.p[i] == '"' ? '"' : code.p[i] == '[' ? ']' : 0;
	if (!close)
		return i + 2;
	ptrdiff_t n = str_find_char(str_sub(code, i + 1, code.n), close);
	char c = i + 1 < code.n ? (char)(code.p[i + 1] | 32) : 0;
	if (close == ']' && (n == 1 || n == 2) && (c == 'h' || c == 'm' || c == 's'))
		p->time = true;
	return n < 0 ? code.n : i + 2 + (size_t)n;
}

enum number_style number_style_of_code(str code)
{
	struct code_parts p = { 0 };
	if (str_starts(code, S("General")))
		return STYLE_PLAIN;
	for (size_t i = 0; i < code.n && code.p[i] != ';';) {
		char c = code.p[i];
		if (c == '"' || c == '[' || c == '\\' || c == '_' || c == '*') {
			i = skip_literal(code, i, &p);
		} else if ((c == 'E' || c == 'e') && i + 1 < code.n &&
			   (code.p[i + 1] == '+' || code.p[i + 1] == '-')) {
			return STYLE_PLAIN; /* scientific */
		} else {
			classify(&p, c);
			i++;
		}
	}
	if (p.date || (p.month_or_minute && !p.time))
		return p.time ? STYLE_DATETIME : STYLE_DATE;
	if (p.time)
		return STYLE_TIME;
	return p.percent ? STYLE_PERCENT : STYLE_PLAIN;
}

/* Day 60 of the 1900 system is 29 February 1900, which never was; days before it are one higher. */
static int64_t civil_day(int64_t serial, bool from_1904)
{
	if (from_1904)
		return date_from_ymd(1904, 1, 1) + serial;
	return date_from_ymd(1899, 12, serial < 60 ? 31 : 30) + serial;
}

static str clock_text(struct arena *a, const char *lead, int64_t seconds)
{
	return arena_printf(a, "%s%02d:%02d:%02d", lead, (int)(seconds / 3600), (int)(seconds / 60 % 60),
			    (int)(seconds % 60));
}

static bool date_text(struct arena *a, double v, enum number_style style, bool from_1904, struct cell *ret)
{
	int64_t day, seconds;
	char text[11];
	if (!(v >= 0 && v < 2958466)) /* 9999-12-31 is 2958465 */
		return false;
	day = (int64_t)floor(v);
	seconds = style == STYLE_DATE ? 0 : llround((v - floor(v)) * 86400);
	day += seconds / 86400;
	seconds %= 86400;
	if (style == STYLE_TIME) {
		ret->kind = CELL_TEXT;
		ret->text = clock_text(a, "", seconds);
		return v < 1;
	}
	day = civil_day(day, from_1904);
	if (day > date_from_ymd(9999, 12, 31))
		return false;
	date_format(day, text);
	ret->kind = CELL_DATE;
	ret->text = seconds ? arena_printf(a, "%s%s", text, clock_text(a, "T", seconds).p)
			    : arena_str(a, str_of(text));
	return true;
}

void number_cell(struct arena *a, str raw, enum number_style style, bool from_1904, struct cell *ret)
{
	double v;
	raw = str_trim(raw);
	if (!str_to_f64(raw, &v) || !isfinite(v)) {
		ret->kind = CELL_TEXT;
		ret->text = arena_str(a, raw);
		return;
	}
	if (style >= STYLE_DATE && date_text(a, v, style, from_1904, ret))
		return;
	ret->kind = CELL_NUMBER;
	ret->number = v;
	if (style == STYLE_PERCENT)
		ret->text = arena_printf(a, "%.15g%%", v * 100);
	else
		ret->text = arena_printf(a, "%.15g", v); /* as many digits as Excel shows */
}
