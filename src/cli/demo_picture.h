/* Drawn pictures that stand for photos in the demo city. */
#ifndef BH_CLI_DEMO_PICTURE_H
#define BH_CLI_DEMO_PICTURE_H

#include "base/arena.h"
#include "base/err.h"

/* A PNG; the same number gives the same picture, another one another picture. */
err demo_picture(struct arena *a, uint64_t n, str *ret, struct fail *f) MUST_USE;

#endif
