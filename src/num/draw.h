/* A draw that anybody can repeat: each candidate's key depends on the published seed, its own id and its own weight only,
 * so neither order nor the presence of others changes it. Without replacement, weight ∝ chance (Efraimidis and Spirakis,
 * Information Processing Letters 97 (2006) 181–185, in the exponential form). Every step is exact or one IEEE 754
 * operation, so that another program draws the same bit for bit; docs/manual says the steps in words. */
#ifndef BH_NUM_DRAW_H
#define BH_NUM_DRAW_H

#include <stddef.h>
#include <stdint.h>

#define DRAW_ALGORITHM "es-siphash/1"   /* changes when any draw would come out otherwise */

/* The first 16 bytes of SHA-256 of the published seed text. */
struct draw_seed {
	uint64_t k0, k1;               /* little endian */
};
struct draw_candidate {
	int64_t id;
	double weight;                 /* > 0, finite; others are never drawn */
};
/* SipHash-2-4 (Aumasson and Bernstein 2012) of n bytes. */
uint64_t draw_siphash(struct draw_seed seed, const void *bytes, size_t n);
/* SipHash-2-4 of the id's eight little-endian bytes. */
uint64_t draw_hash(struct draw_seed seed, int64_t id);
/* -ln(((hash >> 12) + 1/2) / 2^52) / weight: the smallest keys are drawn, equal ones by id. Exponentially distributed
 * with rate `weight`; relative error of the logarithm below 1e-15. */
double draw_key(struct draw_seed seed, int64_t id, double weight);
/* Puts the drawn places (indices into v) into ret in the order drawn; returns how many: min(want, those
 * with a weight). O(n + want log² want) time on the average, `ret` holds want; n < 2^32. */
size_t draw(struct draw_seed seed, const struct draw_candidate *v, size_t n, size_t want, uint32_t *ret);

#endif
