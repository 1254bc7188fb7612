/* bihuan bench objects N: generated objects within the home region's boundary, each a real act. */
#include <math.h>

#include "cli/bench.h"
#include "land/boundary.h"
#include "land/boundary_sql.h"
#include "land/object.h"

enum { OBJECT_BATCH = 2000 };

struct settling {
	struct house *h;
	struct boundary_get_row home;
	const struct house_orgs_rows *orgs;
	uint64_t seed;
	int64_t n;
	struct fail fail;
};

static uint64_t next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static double between(uint64_t *s, double lo, double hi)
{
	return lo + (hi - lo) * (double)(next(s) >> 11) / 9007199254740992.0;
}

/* Half of them crowd around a few places, as they do in a city. */
static err random_place(struct ctx *cx, struct settling *s, struct object *o)
{
	const struct boundary_get_row *b = &s->home;
	int64_t lo, hi;
	region_range(b->code, &lo, &hi);
	for (;;) {
		o->lon = between(&s->seed, b->west, b->east);
		o->lat = between(&s->seed, b->south, b->north);
		if (next(&s->seed) % 2) {
			o->lon = b->west + floor((o->lon - b->west) * 200) / 200 + between(&s->seed, 0, 0.001);
			o->lat = b->south + floor((o->lat - b->south) * 200) / 200 + between(&s->seed, 0, 0.001);
		}
		TRY(boundary_find(cx, lo, hi, (struct lonlat){ o->lon, o->lat }, &o->region));
		if (o->region)
			return ERR_OK;
	}
}

static err put_one(struct ctx *cx, struct settling *s)
{
	static const str risks[] = { S(""), S("blue"), S("blue"), S("blue"), S("yellow"), S("yellow"), S("orange"), S("red") };
	const struct object_types *t = cx->app->objects;
	const struct object_type *ty = &t->v[next(&s->seed) % t->n];
	int64_t id;
	struct object o = { .type = ty->id, .risk = risks[next(&s->seed) % COUNT_OF(risks)], .valid_from_day = DB_NONE,
			    .valid_to_day = DB_NONE, .owner = s->orgs->v[next(&s->seed) % s->orgs->n].id,
			    .name = arena_printf(cx->a, STR_FMT "%llu号", STR_ARG(ty->zh), (unsigned long long)(next(&s->seed) % 99991)) };
	TRY(random_place(cx, s, &o));
	return object_put(cx, &o, NULL, &id);
}

static err put_batch(struct db_conn *c, void *arg)
{
	struct settling *s = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(s->h, a, c, clock_now_ms(&s->h->clock));
	err e = ERR_OK;
	for (int64_t i = 0; e == ERR_OK && i < s->n; i++) {
		e = put_one(&cx, s);
		arena_reset(a);
	}
	s->fail = cx.fail;
	return e;
}

err bench_objects(struct cli *cli, struct house *h, const struct house_orgs_rows *orgs, int64_t n)
{
	struct settling s = { .h = h, .orgs = orgs, .seed = 88172645463325252u };
	struct db_conn *c;
	TRY(db_read_begin(h->app.db, &c, &cli->fail));
	err e = boundary_get(c, cli->a, &(struct boundary_get_params){ h->app.home_region }, &s.home);
	db_read_end(h->app.db, c);
	if (e != ERR_OK)
		return FAIL(&cli->fail, NOT_FOUND, "", "err.bench_store");
	for (int64_t done = 0; done < n; done += s.n) {
		s.n = n - done < OBJECT_BATCH ? n - done : OBJECT_BATCH;
		e = db_write(h->app.db, put_batch, &s, &s.fail);
		if (e != ERR_OK) {
			cli->fail = s.fail;
			return e;
		}
	}
	return ERR_OK;
}
