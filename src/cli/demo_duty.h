/* Who is answerable in the demo city: examples/demo-city/posts.tsv and designations.tsv. */
#ifndef BH_CLI_DEMO_DUTY_H
#define BH_CLI_DEMO_DUTY_H

#include "cli/demo_life.h"

/* Posts with their charges and holders, inside the transaction that founds the city. */
err demo_posts(struct ctx *cx, const struct demo_city *city) MUST_USE;
/* What the committees' offices settled; objects must be there. */
err demo_designations(struct ctx *cx, const struct demo_city *city) MUST_USE;

#endif
