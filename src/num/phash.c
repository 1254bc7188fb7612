#include "num/phash.h"

#include <math.h>
#include <stddef.h>

enum { LOW = 8, N = PHASH_SIDE };

/* cos((2x + 1) u π / 64) for u = 0…8 */
static void cosines(double c[LOW + 1][N])
{
	for (int u = 0; u <= LOW; u++)
		for (int x = 0; x < N; x++)
			c[u][x] = cos((2 * x + 1) * u * M_PI / (2 * N));
}

/* Coefficients up to 8 in each direction; their scale is of no matter for signs. */
static void transform(const float *px, double out[LOW + 1][LOW + 1])
{
	double c[LOW + 1][N], rows[N][LOW + 1];
	cosines(c);
	for (int y = 0; y < N; y++)
		for (int u = 0; u <= LOW; u++) {
			double sum = 0;
			for (int x = 0; x < N; x++)
				sum += (double)px[y * N + x] * c[u][x];
			rows[y][u] = sum;
		}
	for (int v = 0; v <= LOW; v++)
		for (int u = 0; u <= LOW; u++) {
			double sum = 0;
			for (int y = 0; y < N; y++)
				sum += rows[y][u] * c[v][y];
			out[v][u] = sum;
		}
}

static double deviation(const float *px)
{
	double sum = 0, squares = 0;
	for (int i = 0; i < N * N; i++) {
		sum += (double)px[i];
		squares += (double)px[i] * (double)px[i];
	}
	double mean = sum / (N * N), var = squares / (N * N) - mean * mean;
	return var > 0 ? sqrt(var) : 0;
}

uint64_t phash_of(const float px[PHASH_SIDE * PHASH_SIDE], double *ret_detail)
{
	double f[LOW + 1][LOW + 1];
	uint64_t h = 0;
	transform(px, f);
	f[0][0] = f[LOW][LOW];
	for (int v = 0; v < LOW; v++)
		for (int u = 0; u < LOW; u++)
			h |= (uint64_t)(f[v][u] > 0) << (v * LOW + u);
	if (ret_detail)
		*ret_detail = deviation(px);
	return h;
}

int phash_distance(uint64_t a, uint64_t b)
{
	return __builtin_popcountll(a ^ b);
}

static uint64_t transposed(uint64_t h)
{
	uint64_t out = 0;
	for (int i = 0; i < 64; i++)
		out |= (h >> i & 1) << (i % LOW * LOW + i / LOW);
	return out;
}

uint64_t phash_turned(uint64_t h, int turn)
{
	static const uint64_t odd_u = 0xaaaaaaaaaaaaaaaaULL, odd_v = 0xff00ff00ff00ff00ULL;
	if (turn & 4)
		h = transposed(h);
	return h ^ (turn & 1 ? odd_u : 0) ^ (turn & 2 ? odd_v : 0);
}

uint16_t phash_band(uint64_t h, int band)
{
	return (uint16_t)(h >> (band * PHASH_BAND_BITS));
}

/* If every band had more errors than its radius, there would be more than d: with d = 4a + r the first r + 1
 * bands have radius a and the others a - 1; (r + 1)(a + 1) + (3 - r) a = d + 1. */
int phash_radius(int d, int band)
{
	int a = d / PHASH_BANDS, r = d % PHASH_BANDS;
	return band <= r ? a : a - 1;
}

int phash_probes(uint16_t value, int radius, int64_t ret[PHASH_PROBES_MAX])
{
	int n = 0;
	if (radius < 0)
		return 0;
	ret[n++] = value;
	for (int i = 0; radius >= 1 && i < PHASH_BAND_BITS; i++) {
		ret[n++] = value ^ (1 << i);
		for (int k = 0; radius >= 2 && k < i; k++)
			ret[n++] = value ^ (1 << i) ^ (1 << k);
	}
	return n;
}
