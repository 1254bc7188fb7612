#include "num/decimal.h"

#include <string.h>

static const int64_t powers[DECIMAL_DIGITS + 1] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000,
	100000000000000000, 1000000000000000000,
};

/* A number while its digits are read. */
struct reading {
	uint64_t m;
	int digits, scale;   /* significant digits kept; places behind the point */
	bool any, point, more;
};

static bool take_digit(struct reading *r, int digit)
{
	r->any = true;
	if (r->digits >= DECIMAL_DIGITS || (r->point && r->scale >= DECIMAL_DIGITS)) {
		r->more |= digit != 0;
		return r->point; /* an integer part that long is out of range */
	}
	r->m = r->m * 10 + (uint64_t)digit;
	r->digits += r->m > 0;
	r->scale += r->point;
	return true;
}

/* "e-3" at s; a few digits are enough for anything sensible. */
static bool take_exponent(str s, int *ret)
{
	size_t i = 1;
	bool minus = false;
	int e = 0;
	if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
		minus = s.p[i++] == '-';
	if (i == s.n || s.n - i > 3)
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		e = e * 10 + s.p[i] - '0';
	}
	*ret = minus ? -e : e;
	return true;
}

/* Moves the point; what falls behind the 18th place is remembered in `more`. */
static bool shift(struct reading *r, int exponent)
{
	r->scale -= exponent;
	while (r->scale < 0) {
		if (r->m > (uint64_t)INT64_MAX / 10)
			return false;
		r->m *= 10;
		r->scale++;
	}
	while (r->scale > DECIMAL_DIGITS) {
		r->more |= r->m % 10 != 0;
		r->m /= 10;
		r->scale--;
	}
	return true;
}

bool decimal_parse(str s, struct decimal *ret)
{
	struct reading r = { 0 };
	int exponent = 0;
	size_t i = 0;
	bool minus = s.n && s.p[0] == '-';
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		i++;
	for (; i < s.n; i++) {
		char c = s.p[i];
		if (c == '.' && !r.point)
			r.point = true;
		else if ((c == 'e' || c == 'E') && r.any) {
			if (!take_exponent(str_sub(s, i, s.n), &exponent))
				return false;
			break;
		} else if (c < '0' || c > '9' || !take_digit(&r, c - '0'))
			return false;
	}
	if (!r.any || !shift(&r, exponent) || r.m > (uint64_t)INT64_MAX)
		return false;
	*ret = (struct decimal){ minus ? -(int64_t)r.m : (int64_t)r.m, r.scale, r.more };
	return true;
}

int64_t decimal_round(struct decimal d, int places, enum rounding how)
{
	uint64_t m = d.m < 0 ? 0 - (uint64_t)d.m : (uint64_t)d.m;
	if (places >= d.scale) {
		__int128 wide = (__int128)m * powers[places - d.scale] + (d.more && how == ROUND_UP);
		m = wide > INT64_MAX ? INT64_MAX : (uint64_t)wide;
		return d.m < 0 ? -(int64_t)m : (int64_t)m;
	}
	uint64_t unit = (uint64_t)powers[d.scale - places], q = m / unit, rest = m % unit, half = unit / 2;
	bool over = rest > half || (rest == half && d.more), tie = rest == half && !d.more;
	bool up = how == ROUND_HALF_EVEN ? over || (tie && (q & 1))
		  : how == ROUND_HALF_UP ? over || tie
					 : how == ROUND_UP && (rest || d.more);
	q += up;
	return d.m < 0 ? -(int64_t)q : (int64_t)q;
}

int decimal_cmp(struct decimal a, struct decimal b)
{
	__int128 x = (__int128)a.m * powers[DECIMAL_DIGITS - a.scale], y = (__int128)b.m * powers[DECIMAL_DIGITS - b.scale];
	if (x != y)
		return x < y ? -1 : 1;
	int ma = a.more ? (a.m < 0 ? -1 : 1) : 0, mb = b.more ? (b.m < 0 ? -1 : 1) : 0;
	return ma - mb;
}

double decimal_f64(struct decimal d)
{
	return (double)d.m / (double)powers[d.scale];
}

str decimal_text(int64_t m, int scale, char out[static 24])
{
	char *p = out + 24;
	uint64_t u = m < 0 ? 0 - (uint64_t)m : (uint64_t)m;
	int behind = 0;
	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
		if (++behind == scale)
			*--p = '.';
	} while (u || behind <= scale);
	if (m < 0)
		*--p = '-';
	return (str){ p, (size_t)(out + 24 - p) };
}
