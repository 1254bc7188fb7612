/* Perceptual hash of a picture: two copies of one photo (smaller, recompressed, brighter, a little cropped)
 * differ in few bits, two different photos in about half of them.
 *
 * 64 bits: the signs of the low coefficients (u, v = 0…7) of the 32 × 32 cosine transform (DCT-II; the method
 * of "pHash", C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010). Signs
 * instead of a comparison with the median make mirrored and turned pictures a matter of bits: a mirror flips
 * the signs of odd columns, a quarter turn exchanges u and v too. In place of the mean (0, 0), which says how
 * bright the picture is, stands the coefficient (8, 8), which no mirror or turn changes. */
#ifndef BH_NUM_PHASH_H
#define BH_NUM_PHASH_H

#include <stdint.h>

enum { PHASH_SIDE = 32, PHASH_BANDS = 4, PHASH_BAND_BITS = 16, PHASH_PROBES_MAX = 137, PHASH_TURNS = 8 };

/* `px`: 32 rows of 32 grey values, 0…255. *ret_detail (may be NULL): standard deviation of the grey values;
 * a picture below about 4 (a wall, a black frame) looks like any other of its kind and should not be compared. */
uint64_t phash_of(const float px[PHASH_SIDE * PHASH_SIDE], double *ret_detail);
int phash_distance(uint64_t a, uint64_t b);              /* bits that differ, 0…64 */
/* The hash of the same picture mirrored or turned: 0 as it is, 1 mirrored, 2 upside down mirrored, 3 turned by
 * 180°, 4…7 the same with rows and columns exchanged (5 and 6 are the quarter turns). */
uint64_t phash_turned(uint64_t h, int turn);

/* Multi-index hashing (Norouzi, Punjani, Fleet 2012): of two hashes at most `d` bits apart at least one of the
 * four bands of 16 bits is at most phash_radius(d, band) bits apart (below 0: the band need not be looked at). */
uint16_t phash_band(uint64_t h, int band);
int phash_radius(int d, int band);
/* Every value of a band at most `radius` (0…2) bits from `value`; returns how many, up to PHASH_PROBES_MAX. */
int phash_probes(uint16_t value, int radius, int64_t ret[PHASH_PROBES_MAX]);

#endif
