/* Drawn pictures for the demo city: a yard under a sky with some plant in it, another one for every number. */
#include "cli/demo_picture.h"

#include "format/image.h"

enum { WIDTH = 240, HEIGHT = 160, THINGS = 9 };

struct canvas {
	unsigned char rgb[WIDTH * HEIGHT * 3];
};

/* The next of a row of numbers that follows from the first (splitmix64). */
static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static int between(uint64_t *state, int lo, int hi)
{
	return lo + (int)(next(state) % (uint64_t)(hi - lo + 1));
}

static void fill(struct canvas *c, int x, int y, int w, int h, const int rgb[3])
{
	for (int row = y < 0 ? 0 : y; row < y + h && row < HEIGHT; row++)
		for (int col = x < 0 ? 0 : x; col < x + w && col < WIDTH; col++)
			for (int k = 0; k < 3; k++) {
				int v = rgb[k] - (col - x) * 40 / (w > 40 ? w : 40); /* a shade towards the right */
				c->rgb[(row * WIDTH + col) * 3 + k] = (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v);
			}
}

static void thing(struct canvas *c, uint64_t *state, int horizon)
{
	int grey = between(state, 60, 220), tint = between(state, -30, 30);
	int w = between(state, 14, 70), h = between(state, 12, 80), x = between(state, -10, WIDTH - 20);
	fill(c, x, horizon - h + between(state, 0, 50), w, h, (const int[]){ grey + tint, grey, grey - tint });
}

err demo_picture(struct arena *a, uint64_t n, str *ret, struct fail *f)
{
	struct canvas *c = NEW(a, struct canvas);
	uint64_t state = n;
	int horizon = between(&state, 55, 105), light = between(&state, 150, 215);
	fill(c, 0, 0, WIDTH, horizon, (const int[]){ light - 20, light, light + 25 });
	fill(c, 0, horizon, WIDTH, HEIGHT - horizon, (const int[]){ light - 60, light - 75, light - 95 });
	for (int i = 0; i < THINGS; i++)
		thing(c, &state, horizon);
	return image_png(a, c->rgb, WIDTH, HEIGHT, ret, f);
}
