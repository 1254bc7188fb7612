/* Integers of packed bytes: seven bits a byte, the sign in the lowest bit. Writers have made room before. */
#ifndef BH_SENSE_PACK_INT_H
#define BH_SENSE_PACK_INT_H

#include <string.h>

#include "base/str.h"

enum { PACK_INT_MAX = 10 }; /* bytes */

static inline char *put_uint(char *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (char)(v | 0x80);
		v >>= 7;
	}
	*p++ = (char)v;
	return p;
}

static inline uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static inline int64_t unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

struct in {
	const unsigned char *p, *end;
	bool bad;
};

static inline uint64_t get_long_uint(struct in *in)
{
	uint64_t v = 0;
	for (int shift = 0; shift < 64; shift += 7) {
		if (in->p == in->end) {
			in->bad = true;
			return 0;
		}
		unsigned char c = *in->p++;
		v |= (uint64_t)(c & 0x7F) << shift;
		if (!(c & 0x80))
			return v;
	}
	in->bad = true;
	return 0;
}

static inline uint64_t get_uint(struct in *in)
{
	return in->p < in->end && *in->p < 0x80 ? *in->p++ : get_long_uint(in);
}

static inline unsigned get_byte(struct in *in)
{
	if (in->p == in->end) {
		in->bad = true;
		return 0;
	}
	return *in->p++;
}

#endif
