#include "land/cluster.h"

#include <math.h>
#include <stdlib.h>

struct clusters clusters_begin(struct arena *a, double zoom)
{
	/* A tile of zoom z is 512 pixels wide and one of z + 3 is 64. */
	int level = (int)floor(zoom) + 9 - CLUSTER_PIXELS_LOG2;
	if (level < 0)
		level = 0;
	if (level > GRID_BITS || zoom >= CLUSTER_SINGLE_ZOOM)
		level = GRID_BITS + 1;
	return (struct clusters){ .a = a, .shift = level > GRID_BITS ? -1 : 2 * (GRID_BITS - level) };
}

static void join(struct cluster *into, const struct cluster *more)
{
	into->n += more->n;
	into->rank = more->rank > into->rank ? more->rank : into->rank;
	into->lat_sum += more->lat_sum;
	into->lon_sum += more->lon_sum;
	box_join(&into->box, more->box);
}

void clusters_add(struct clusters *c, int64_t id, int64_t cell, int rank, struct lonlat p)
{
	/* Nothing gathered: every object is a tile of its own. */
	int64_t tile = c->shift < 0 ? cell : cell >> c->shift;
	struct cluster one = { tile, id, 1, rank, p.lat, p.lon, { p.lon, p.lat, p.lon, p.lat } };
	struct cluster *last = c->v.n ? &c->v.v[c->v.n - 1] : NULL;
	if (last && c->shift >= 0 && last->tile == tile)
		join(last, &one);
	else
		vec_push(c->a, &c->v, one);
}

static int by_tile(const void *pa, const void *pb)
{
	const struct cluster *a = pa, *b = pb;
	if (a->tile != b->tile)
		return a->tile < b->tile ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void join_neighbours(struct clusters *c)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->v.n; i++) {
		if (kept && c->v.v[kept - 1].tile == c->v.v[i].tile)
			join(&c->v.v[kept - 1], &c->v.v[i]);
		else
			c->v.v[kept++] = c->v.v[i];
	}
	c->v.n = kept;
}

void clusters_end(struct clusters *c)
{
	if (c->v.n)
		qsort(c->v.v, c->v.n, sizeof *c->v.v, by_tile);
	if (c->shift < 0 && c->v.n > CLUSTER_MOST)
		c->shift = 0;
	if (c->shift >= 0)
		join_neighbours(c);
	for (; c->v.n > CLUSTER_MOST && c->shift < 2 * GRID_BITS; c->shift += 2) {
		for (size_t i = 0; i < c->v.n; i++)
			c->v.v[i].tile >>= 2;
		join_neighbours(c);
	}
}

struct lonlat cluster_middle(const struct cluster *c)
{
	return (struct lonlat){ c->lon_sum / (double)c->n, c->lat_sum / (double)c->n };
}
