#include "num/draw.h"

#include <math.h>
#include <stdbool.h>

struct sip {
	uint64_t a, b, c, d;
};

static inline uint64_t rotl(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void sip_rounds(struct sip *s, int n)
{
	while (n-- > 0) {
		s->a += s->b;
		s->b = rotl(s->b, 13) ^ s->a;
		s->a = rotl(s->a, 32);
		s->c += s->d;
		s->d = rotl(s->d, 16) ^ s->c;
		s->a += s->d;
		s->d = rotl(s->d, 21) ^ s->a;
		s->c += s->b;
		s->b = rotl(s->b, 17) ^ s->c;
		s->c = rotl(s->c, 32);
	}
}

static inline void sip_word(struct sip *s, uint64_t m)
{
	s->d ^= m;
	sip_rounds(s, 2);
	s->a ^= m;
}

static inline struct sip sip_begin(struct draw_seed seed)
{
	return (struct sip){
		seed.k0 ^ 0x736f6d6570736575u, seed.k1 ^ 0x646f72616e646f6du,
		seed.k0 ^ 0x6c7967656e657261u, seed.k1 ^ 0x7465646279746573u,
	};
}

static inline uint64_t sip_end(struct sip *s)
{
	s->c ^= 0xff;
	sip_rounds(s, 4);
	return s->a ^ s->b ^ s->c ^ s->d;
}

/* Little endian whatever the machine is; compilers make one load of it. */
static uint64_t word_of(const unsigned char *p, size_t n)
{
	uint64_t m = 0;
	for (size_t i = 0; i < n; i++)
		m |= (uint64_t)p[i] << (8 * i);
	return m;
}

uint64_t draw_siphash(struct draw_seed seed, const void *bytes, size_t n)
{
	struct sip s = sip_begin(seed);
	const unsigned char *p = bytes;
	size_t left = n;
	for (; left >= 8; left -= 8, p += 8)
		sip_word(&s, word_of(p, 8));
	sip_word(&s, word_of(p, left) | (uint64_t)n << 56);
	return sip_end(&s);
}

uint64_t draw_hash(struct draw_seed seed, int64_t id)
{
	struct sip s = sip_begin(seed);
	sip_word(&s, (uint64_t)id);
	sip_word(&s, (uint64_t)8 << 56);
	return sip_end(&s);
}

/* ln x for 0 < x < 1 in operations that every language has: x = m · 2^-e with √½ ≤ m < √2, and
 * ln m = 2 (s + s³/3 + … + s²³/23), s = (m - 1) / (m + 1); the rest of the series is below 1e-19. */
static double natural_log(double x)
{
	int e = 0;
	double m = frexp(x, &e); /* ½ ≤ m < 1, exact */
	if (m < 0.70710678118654752440) {
		m *= 2;
		e--;
	}
	double s = (m - 1) / (m + 1), z = s * s, sum = 0;
	for (int k = 23; k >= 1; k -= 2)
		sum = sum * z + 1.0 / k;
	return e * 0.69314718055994530942 + 2 * s * sum;
}

double draw_key(struct draw_seed seed, int64_t id, double weight)
{
	double u = ((double)(draw_hash(seed, id) >> 12) + 0.5) * 0x1p-52;
	return -natural_log(u) / weight;
}

/* The best so far are a heap with the worst on top. `ret` holds places only, so keys are made anew where they are
 * compared: the heap is small and seldom touched, and draw() needs no memory of its own. */
struct pick {
	double key;
	int64_t id;
	uint32_t at;
};

static bool pick_before(struct pick x, struct pick y)
{
	return x.key != y.key ? x.key < y.key : x.id < y.id;
}

static struct pick pick_of(struct draw_seed seed, const struct draw_candidate *v, uint32_t at)
{
	return (struct pick){ draw_key(seed, v[at].id, v[at].weight), v[at].id, at };
}

struct heap {
	struct draw_seed seed;
	const struct draw_candidate *v;
	uint32_t *at;
	size_t n;
};

static struct pick heap_pick(const struct heap *h, size_t i)
{
	return pick_of(h->seed, h->v, h->at[i]);
}

/* Lets p fall from place i to where it belongs. */
static void heap_sink(struct heap *h, size_t i, struct pick p)
{
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= h->n)
			break;
		struct pick c = heap_pick(h, child);
		if (child + 1 < h->n) {
			struct pick right = heap_pick(h, child + 1);
			if (pick_before(c, right)) {
				c = right;
				child++;
			}
		}
		if (!pick_before(p, c))
			break;
		h->at[i] = c.at;
		i = child;
	}
	h->at[i] = p.at;
}

static void heap_make(struct heap *h)
{
	for (size_t i = h->n / 2; i-- > 0;)
		heap_sink(h, i, heap_pick(h, i));
}

/* The worst goes to the end, again and again: ascending order is what is left. */
static void heap_sort(struct heap *h)
{
	size_t all = h->n;
	while (h->n > 1) {
		uint32_t worst = h->at[0];
		struct pick last = heap_pick(h, h->n - 1);
		h->n--;
		heap_sink(h, 0, last);
		h->at[h->n] = worst;
	}
	h->n = all;
}

static bool drawable(double weight)
{
	return weight > 0 && isfinite(weight);
}

size_t draw(struct draw_seed seed, const struct draw_candidate *v, size_t n, size_t want, uint32_t *ret)
{
	struct heap h = { .seed = seed, .v = v, .at = ret };
	struct pick worst = { 0 };
	for (size_t i = 0; i < n && want; i++) {
		if (!drawable(v[i].weight))
			continue;
		if (h.n < want) {
			h.at[h.n++] = (uint32_t)i;
			if (h.n == want) {
				heap_make(&h);
				worst = heap_pick(&h, 0);
			}
			continue;
		}
		struct pick p = pick_of(seed, v, (uint32_t)i);
		if (pick_before(p, worst)) {
			heap_sink(&h, 0, p);
			worst = heap_pick(&h, 0);
		}
	}
	if (h.n < want)
		heap_make(&h);
	heap_sort(&h);
	return h.n;
}
