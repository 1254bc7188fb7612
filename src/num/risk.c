#include "num/risk.h"

#include <math.h>

typedef unsigned __int128 u128;

static u128 gcd(u128 a, u128 b)
{
	while (b) {
		u128 r = a % b;
		a = b;
		b = r;
	}
	return a ? a : 1;
}

static struct risk_value reduced(u128 n, u128 d)
{
	u128 g = gcd(n, d);
	return (struct risk_value){ n / g, d / g };
}

bool risk_decimal(double v, int64_t *ret)
{
	if (!(v >= 0 && v <= RISK_INPUT_MAX))
		return false;
	double scaled = v * RISK_SCALE, whole = nearbyint(scaled);
	/* A decimal of six places comes back from its double within a few units in the last place. */
	if (fabs(scaled - whole) > 4 * 2.2204460492503131e-16 * (whole > 1 ? whole : 1))
		return false;
	*ret = (int64_t)whole;
	return true;
}

struct risk_value risk_of(int64_t scaled)
{
	return reduced((u128)scaled, RISK_SCALE);
}

bool risk_mul(struct risk_value a, struct risk_value b, struct risk_value *ret)
{
	struct risk_value x = reduced(a.n, b.d), y = reduced(b.n, a.d), r;
	if (__builtin_mul_overflow(x.n, y.n, &r.n) || __builtin_mul_overflow(x.d, y.d, &r.d))
		return false;
	*ret = r;
	return true;
}

bool risk_div(struct risk_value a, struct risk_value b, struct risk_value *ret)
{
	return b.n && risk_mul(a, (struct risk_value){ b.d, b.n }, ret);
}

bool risk_add(struct risk_value a, struct risk_value b, struct risk_value *ret)
{
	u128 g = gcd(a.d, b.d), left, right, n, d;
	if (__builtin_mul_overflow(a.n, b.d / g, &left) || __builtin_mul_overflow(b.n, a.d / g, &right) ||
	    __builtin_add_overflow(left, right, &n) || __builtin_mul_overflow(a.d, b.d / g, &d))
		return false;
	*ret = reduced(n, d);
	return true;
}

/* Compares whole parts, then the reciprocals of what is left: never needs more than 128 bits. */
int risk_compare(struct risk_value a, struct risk_value b)
{
	for (int sign = 1;; sign = -sign) {
		u128 qa = a.n / a.d, qb = b.n / b.d, ra = a.n % a.d, rb = b.n % b.d;
		if (qa != qb)
			return qa < qb ? -sign : sign;
		if (!ra || !rb)
			return ra == rb ? 0 : ra ? sign : -sign;
		a = (struct risk_value){ a.d, ra };
		b = (struct risk_value){ b.d, rb };
	}
}

double risk_double(struct risk_value v)
{
	return (double)v.n / (double)v.d;
}

size_t risk_text(struct risk_value v, char *out, size_t cap, bool *ret_exact)
{
	char digits[48];
	size_t n = 0, k = 0;
	u128 whole = v.n / v.d, rest = v.n % v.d;
	do {
		digits[n++] = (char)('0' + (int)(whole % 10));
		whole /= 10;
	} while (whole && n < sizeof digits);
	while (n && k + 1 < cap)
		out[k++] = digits[--n];
	size_t end = k;
	for (int place = 0; place < 6 && rest && rest <= (u128)-1 / 10 && k + 2 < cap; place++) {
		if (place == 0)
			out[k++] = '.';
		rest *= 10;
		out[k++] = (char)('0' + (int)(rest / v.d));
		rest %= v.d;
		if (out[k - 1] != '0')
			end = k;
	}
	*ret_exact = !rest;
	out[end] = '\0';
	return end;
}

size_t risk_class(struct risk_value v, const struct risk_bound *bounds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int c = bounds[i].open ? 1 : risk_compare(v, bounds[i].from);
		if (c > 0 || (c == 0 && bounds[i].here))
			return i;
	}
	return n;
}
