/* A repeatable draw of 1,000 from 1,000,000, and the same by sorting every key. One line of JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "num/draw.h"

enum { N = 1000000, WANT = 1000 };

struct keyed {
	double key;
	uint32_t at;
};

static int keyed_cmp(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;
	return a->key < b->key ? -1 : a->key > b->key;
}

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(void)
{
	struct draw_candidate *v = calloc(N, sizeof *v);
	struct keyed *all = calloc(N, sizeof *all);
	uint32_t *ret = calloc(WANT, sizeof *ret);
	if (!v || !all || !ret)
		return 1;
	for (size_t i = 0; i < N; i++)
		v[i] = (struct draw_candidate){ (int64_t)(i * 7919 + 13), 1 + (double)(i % 5) };
	struct draw_seed seed = { 1, 2 };
	double t0 = now_ms();
	size_t got = draw(seed, v, N, WANT, ret);
	double t1 = now_ms();
	for (size_t i = 0; i < N; i++)
		all[i] = (struct keyed){ draw_key(seed, v[i].id, v[i].weight), (uint32_t)i };
	qsort(all, N, sizeof *all, keyed_cmp);
	double t2 = now_ms();
	size_t same = 0;
	for (size_t i = 0; i < got; i++)
		same += all[i].at == ret[i];
	printf("{\"ms\":%.2f,\"sort_ms\":%.2f,\"drawn\":%zu,\"same\":%zu}\n", t1 - t0, t2 - t1, got, same);
	free(v);
	free(all);
	free(ret);
	return 0;
}
