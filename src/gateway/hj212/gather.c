#include "gateway/hj212/gather.h"

enum { COUNT_US = 50000, SECOND_US = 1000000 };

void gather_begin(struct gather *g, int64_t most_us, int64_t now_us)
{
	*g = (struct gather){ .most_us = most_us, .from_us = now_us, .second_us = now_us, .second = 1 };
}

static void turn_seconds(struct gather *g, int64_t now_us)
{
	int64_t over = now_us - g->second_us;
	if (over < SECOND_US)
		return;
	g->before = over < 2 * SECOND_US ? g->now : 0;
	g->now = 0;
	g->second += g->second == UINT32_MAX ? 2 : 1; /* never the 0 of those who have not spoken yet */
	g->second_us = now_us;
}

/* The mean of what was and what is, so that one burst does not decide. */
static void measure(struct gather *g, int64_t now_us)
{
	int64_t took = now_us - g->from_us;
	if (took < COUNT_US)
		return;
	double is = (double)g->counted * 1e6 / (double)took;
	g->rate = took < SECOND_US ? (g->rate + is) / 2 : is;
	g->from_us = now_us;
	g->counted = 0;
}

void gather_packet(struct gather *g, uint32_t *spoke, int64_t now_us)
{
	turn_seconds(g, now_us);
	g->now += *spoke != g->second;
	*spoke = g->second;
	g->counted++;
}

int64_t gather_us(struct gather *g, int64_t n, uint32_t senders, int64_t now_us)
{
	turn_seconds(g, now_us);
	measure(g, now_us);
	uint32_t expected = g->before > g->now ? g->before : g->now;
	if (n >= GATHER_ENOUGH || senders >= expected)
		return 0;
	if (g->rate * (double)g->most_us < GATHER_WORTH * 1e6)
		return 0;
	double us = GATHER_ENOUGH * 1e6 / g->rate;
	return us < (double)g->most_us ? (int64_t)us : g->most_us;
}
