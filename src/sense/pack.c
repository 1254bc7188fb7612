#include "sense/pack.h"

#include <stdlib.h>
#include <string.h>

#include "sense/pack_int.h"

enum { VERSION = 1, SAME_ITEM = 0x80, WHAT_SHIFT = 4, WHAT_MASK = 7, SCALE_MASK = 15, SCALE_NEXT = 15, WITH_FLAG = 1 };

static int by_item(const void *a, const void *b)
{
	const struct reading *x = a, *y = b;
	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	return (int)x->what - (int)y->what;
}

static bool sorted(const struct reading *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (by_item(&v[i - 1], &v[i]) >= 0)
			return false;
	return true;
}

/* Sorted in place of a copy, equal keys reduced to the last that came. Insertion keeps their order; packets are short. */
static const struct reading *in_order(struct arena *a, const struct reading *v, size_t *n)
{
	if (sorted(v, *n))
		return v;
	struct reading *w = NEW_N(a, struct reading, *n);
	size_t k = 0;
	for (size_t i = 0; i < *n; i++) {
		size_t at = k;
		while (at > 0 && by_item(&w[at - 1], &v[i]) > 0)
			at--;
		if (at > 0 && by_item(&w[at - 1], &v[i]) == 0) {
			w[at - 1] = v[i];
			continue;
		}
		memmove(&w[at + 1], &w[at], (k - at) * sizeof *w);
		w[at] = v[i];
		k++;
	}
	*n = k;
	return w;
}

str pack_readings(struct arena *a, const struct reading *v, size_t n)
{
	uint32_t item = 0;
	char flag = 'N';
	v = in_order(a, v, &n);
	char *begin = arena_raw(a, n * (4 + 2 * PACK_INT_MAX) + 1 + PACK_INT_MAX), *p = begin;
	*p++ = VERSION;
	p = put_uint(p, n);
	for (size_t i = 0; i < n; i++) {
		const struct reading *r = &v[i];
		bool same = i && r->item == item && r->flag == flag;
		int scale = r->value.scale < SCALE_NEXT ? r->value.scale : SCALE_NEXT;
		*p++ = (char)((same ? SAME_ITEM : 0) | (r->what & WHAT_MASK) << WHAT_SHIFT | scale);
		if (scale == SCALE_NEXT)
			*p++ = (char)r->value.scale;
		if (!same) {
			bool with_flag = r->flag != 'N';
			p = put_uint(p, (uint64_t)(r->item - item) << 1 | with_flag);
			if (with_flag)
				*p++ = r->flag;
			item = r->item;
			flag = r->flag;
		}
		p = put_uint(p, zigzag(r->value.m));
	}
	return (str){ begin, (size_t)(p - begin) };
}

/* The next one; `r` is the one before. */
static inline bool get_reading(struct in *in, struct reading *r)
{
	unsigned ctl = get_byte(in);
	int scale = (int)(ctl & SCALE_MASK);
	if (scale == SCALE_NEXT)
		scale = (int)get_byte(in);
	if (!(ctl & SAME_ITEM)) {
		uint64_t step = get_uint(in);
		r->item += (uint32_t)(step >> 1);
		r->flag = step & WITH_FLAG ? (char)get_byte(in) : 'N';
	}
	r->what = (uint8_t)(ctl >> WHAT_SHIFT & WHAT_MASK);
	r->value = (struct decimal){ unzigzag(get_uint(in)), scale, false };
	return scale <= DECIMAL_DIGITS;
}

bool unpack_readings(struct arena *a, str body, struct reading **ret, size_t *ret_n)
{
	struct in in = { (const unsigned char *)body.p, (const unsigned char *)body.p + body.n, body.n == 0 };
	in.bad = in.bad || get_byte(&in) != VERSION;
	uint64_t n = in.bad ? 0 : get_uint(&in);
	struct reading r = { .flag = 'N' };
	if (in.bad || n > body.n)
		return false;
	struct reading *v = NEW_N(a, struct reading, n + 1);
	for (size_t i = 0; i < n && !in.bad; i++) {
		if (!get_reading(&in, &r))
			return false;
		v[i] = r;
	}
	*ret = v;
	*ret_n = n;
	return !in.bad && in.p == in.end;
}

bool unpack_one(str body, uint32_t item, uint8_t what, struct reading *ret, bool *ret_there)
{
	struct in in = { (const unsigned char *)body.p, (const unsigned char *)body.p + body.n, body.n == 0 };
	in.bad = in.bad || get_byte(&in) != VERSION;
	struct reading r = { .flag = 'N' };
	bool there = false;
	for (uint64_t n = get_uint(&in); n && !in.bad && r.item <= item; n--) {
		if (!get_reading(&in, &r))
			return false;
		if (r.item == item && r.what == what) {
			*ret = r;
			there = true;
			break;
		}
	}
	*ret_there = there;
	return !in.bad;
}
