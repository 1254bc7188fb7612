/* Numbers, years and whole dates in Chinese and digits. */
#include "base/clock.h"
#include "decide/extract_time.h"

int chinese_digit(uint32_t c)
{
	static const uint16_t digits[] = { 0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
					   0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341 };
	if (c == 0x3007 || c == 0x25CB)
		return 0;
	if (c == 0x4E24)
		return 2;
	for (int i = 0; i < (int)COUNT_OF(digits); i++)
		if (digits[i] == c)
			return i;
	return -1;
}

static uint32_t arabic_at(const struct doc *d, uint32_t at, uint32_t end, double *ret)
{
	double v = 0, scale = 1;
	uint32_t i = at, digits = 0;
	bool point = false;
	for (; i < end && digits < 15; i++) {
		uint32_t c = d->p.c[i];
		if (is_digit(c)) {
			v = v * 10 + (c - '0');
			scale *= point ? 10 : 1;
			digits++;
		} else if (c == '.' && !point && digits && i + 1 < end && is_digit(d->p.c[i + 1])) {
			point = true;
		} else if (!(c == ',' && digits && !point && i + 3 < end && is_digit(d->p.c[i + 1]) &&
			     is_digit(d->p.c[i + 2]) && is_digit(d->p.c[i + 3]) &&
			     !(i + 4 < end && is_digit(d->p.c[i + 4])))) {
			break;
		}
	}
	if (digits)
		*ret = v / scale;
	return digits ? i : at;
}

/* 十五, 三十, 二〇二六, 一百二十, 半 */
static uint32_t chinese_at(const struct doc *d, uint32_t at, uint32_t end, double *ret)
{
	double total = 0, current = 0;
	uint32_t i = at, run = 0;
	if (at < end && d->p.c[at] == 0x534A) {
		*ret = 0.5;
		return at + 1;
	}
	for (; i < end && i - at < 12; i++) {
		int v = chinese_digit(d->p.c[i]);
		double unit = v == 10 ? 10 : d->p.c[i] == 0x767E ? 100 : d->p.c[i] == 0x5343 ? 1000 : 0;
		if (unit > 0) {
			total += (run ? current : 1) * unit;
			current = 0;
			run = 0;
		} else if (v >= 0) {
			current = run ? current * 10 + v : v;
			run++;
		} else {
			break;
		}
	}
	if (i > at)
		*ret = total + current;
	return i;
}

uint32_t number_at(const struct doc *d, uint32_t at, uint32_t end, double *ret)
{
	if (at >= end || !(d->lx->trait[d->p.c[at]] & TRAIT_NUMBER))
		return at;
	uint32_t to = arabic_at(d, at, end, ret);
	return to > at ? to : chinese_at(d, at, end, ret);
}

uint32_t small_number_at(const struct doc *d, uint32_t at, uint32_t end, int max, int *ret)
{
	double v = -1;
	uint32_t to = number_at(d, at, end, &v);
	if (to == at || v < 1 || v > max || v != (int)v)
		return at;
	*ret = (int)v;
	return to;
}

uint32_t year_at(const struct doc *d, uint32_t at, uint32_t end, int *ret)
{
	uint32_t i = at;
	int y = 0;
	if (at + 4 > end || !(d->lx->trait[d->p.c[at + 1]] & TRAIT_NUMBER) ||
	    (at && is_digit(d->p.c[at - 1])))
		return at;
	for (; i < end && i - at < 4; i++) {
		int v = is_digit(d->p.c[i]) ? (int)(d->p.c[i] - '0') : chinese_digit(d->p.c[i]);
		if (v < 0 || v > 9)
			return at;
		y = y * 10 + v;
	}
	if (i - at != 4 || y < 1949 || y > 2099 || (i < end && is_digit(d->p.c[i])))
		return at;
	*ret = y;
	return i;
}

int ref_part(const struct doc *d, int which)
{
	int v[3] = { 0, 0, 0 };
	if (d->has_ref)
		date_to_ymd(d->ref_day, &v[0], &v[1], &v[2]);
	return v[which];
}

int ref_year(const struct doc *d)
{
	return ref_part(d, 0);
}

/* ---- whole dates, for the head and foot of a document ---- */

bool ymd_day(int y, int m, int day, int64_t *ret)
{
	if (m < 1 || m > 12 || !date_ymd_valid(y, m, day))
		return false;
	*ret = date_from_ymd(y, m, day);
	return true;
}

uint32_t blank_end(const struct doc *d, uint32_t at, uint32_t end)
{
	while (at < end && d->p.c[at] == ' ')
		at++;
	return at;
}

bool date_at(const struct doc *d, uint32_t at, uint32_t end, int64_t *ret_day, uint32_t *ret_end)
{
	int y = 0, m = 0, day = 0;
	if (at >= end || !(d->lx->trait[d->p.c[at]] & TRAIT_TIME))
		return false;
	uint32_t i = year_at(d, at, end, &y);
	if (i == at)
		return english_date_at(d, at, end, 0, ret_day, ret_end);
	i = blank_end(d, i, end);
	if (i >= end)
		return false;
	uint32_t mark = d->p.c[i];
	if (mark != 0x5E74 && mark != '-' && mark != '/' && mark != '.')
		return false;
	uint32_t to = small_number_at(d, blank_end(d, i + 1, end), end, 12, &m);
	i = blank_end(d, to, end);
	if (!m || i >= end || d->p.c[i] != (mark == 0x5E74 ? 0x6708 : mark))
		return false;
	to = small_number_at(d, blank_end(d, i + 1, end), end, 31, &day);
	if (!day || !ymd_day(y, m, day, ret_day))
		return false;
	i = blank_end(d, to, end);
	*ret_end = mark == 0x5E74 && i < end && (d->p.c[i] == 0x65E5 || d->p.c[i] == 0x53F7) ? i + 1 : to;
	return true;
}

bool month_day_at(const struct doc *d, uint32_t at, uint32_t end, int year, int64_t *ret_day,
		  uint32_t *ret_end)
{
	int m = 0, day = 0;
	if (!(d->lx->trait[d->p.c[at]] & TRAIT_NUMBER) || (at && d->lx->trait[d->p.c[at - 1]] & TRAIT_NUMBER))
		return false;
	uint32_t i = small_number_at(d, at, end, 12, &m);
	if (i == at || i >= end || d->p.c[i] != 0x6708)
		return false;
	uint32_t to = small_number_at(d, i + 1, end, 31, &day);
	if (to == i + 1 || to >= end || d->p.c[to] != 0x65E5 || !ymd_day(year, m, day, ret_day))
		return false;
	*ret_end = to + 1;
	return true;
}
