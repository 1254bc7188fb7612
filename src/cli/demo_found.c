#include "cli/demo_found.h"

#include "base/embed.h"
#include "base/vec.h"
#include "core/sector.h"
#include "loop/matter.h"

EMBED_TABLE(demo_file)

enum { HOUR_MS = 3600 * 1000, ROUNDS = 3 };

/* One matter to be made, and the life it gets. */
struct finding {
	struct demo_city *city;
	struct matter_new in;
	const struct principal *who;
	int64_t at_ms, matter;
	struct fail fail;
};

static err table(struct demo_city *city, const char *path, struct rows *ret)
{
	const struct embed_file *file = demo_file(str_of(path));
	return file ? rows_read(city->a, str_of(path), file->bytes, ret, &city->cli->fail)
		    : FAIL(&city->cli->fail, INTERNAL, "", NULL);
}

static err make(struct db_conn *c, void *arg)
{
	struct finding *fi = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(fi->city->h, a, c, fi->at_ms);
	cx.who = fi->who;
	err e = matter_create(&cx, &fi->in, &fi->matter);
	fi->fail = cx.fail;
	return e;
}

/* The lives of one kind. */
static struct rows lives_of(struct demo_city *city, const struct rows *all, str kind)
{
	struct rows out = *all;
	VEC(str) cells = { 0 };
	VEC(int) lines = { 0 };
	out.n = 0;
	for (size_t i = 0; i < all->n; i++) {
		if (!str_eq(rows_get(all, i, S("kind")), kind))
			continue;
		for (size_t k = 0; k < all->ncolumns; k++)
			vec_push(city->a, &cells, rows_cell(all, i, k));
		vec_push(city->a, &lines, all->lines[i]);
		out.n++;
	}
	out.cells = cells.v;
	out.lines = lines.v;
	return out;
}

static err live(struct finding *fi, const struct rows *lives, size_t n, str criterion)
{
	size_t row;
	int64_t age = 1;
	struct demo_city *city = fi->city;
	str steps = demo_life_of(lives, n, &row);
	(void)!str_to_i64(rows_get(lives, row, S("age")), &age);
	fi->at_ms = city->now_ms - age * DAY_MS - (int64_t)(n % 5) * HOUR_MS;
	fi->in.found.found_ms = fi->at_ms - 2 * HOUR_MS;
	err e = db_write(city->h->app.db, make, fi, &fi->fail);
	if (e != ERR_OK) {
		city->cli->fail = fi->fail;
		return e;
	}
	if (city->nlived < DEMO_MAX_LIVED)
		city->lived[city->nlived++] = (struct demo_lived){ rows_get(lives, row, S("name")), fi->matter };
	return demo_play(city, fi->matter, fi->at_ms, n, steps, criterion);
}

/* ---- hazards: what may be wrong with a type of object, on each object of that type ---- */

static err find_on(struct demo_city *city, const struct demo_object *o, str type, const struct rows *found,
		   const struct rows *lives, size_t round, size_t *n)
{
	size_t seen = 0;
	for (size_t i = 0; i < found->n; i++) {
		if (!str_eq(rows_get(found, i, S("type")), type) || seen++ != round)
			continue;
		struct finding fi = { .city = city,
				      .who = &city->office,
				      .in = { .kind = S("hazard"),
					      .title = rows_get(found, i, S("title")),
					      .text = rows_get(found, i, S("text")),
					      .due_day = JSON_NONE,
					      .found = { .object = o->id,
							 .source = rows_get(found, i, S("source")),
							 .cause = rows_get(found, i, S("cause")) } } };
		return live(&fi, lives, (*n)++, rows_get(found, i, S("criterion")));
	}
	return ERR_OK;
}

static err hazards(struct demo_city *city, const struct rows *lives)
{
	struct rows found, objects;
	size_t n = 0;
	TRY(table(city, "found.tsv", &found));
	TRY(table(city, "objects.tsv", &objects));
	for (size_t round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < city->nobjects && i < objects.n; i++)
			TRY(find_on(city, &city->objects[i], rows_get(&objects, i, S("type")), &found, lives, round, &n));
	return ERR_OK;
}

/* ---- feedback and referrals ---- */

static err sectors_of(struct demo_city *city, str list, int64_t *ret)
{
	struct json_strs ids = { NEW_N(city->a, str, 32), 0 };
	str word;
	while (ids.n < 32 && str_cut(&list, ' ', &word))
		if (word.n)
			ids.v[ids.n++] = word;
	return sector_mask(city->h->app.sectors, &ids, "", ret, &city->cli->fail);
}

static err assigned(struct demo_city *city, const struct rows *t, size_t i, const struct rows *all)
{
	str kind = rows_get(t, i, S("kind"));
	const struct demo_org *lead = demo_org_find(city, rows_get(t, i, S("lead")));
	struct rows lives = lives_of(city, all, kind);
	bool eco = str_eq(kind, S("feedback"));
	struct finding fi = { .city = city,
			      .who = eco ? &city->eco : &city->office,
			      .in = { .kind = kind,
				      .title = rows_get(t, i, S("title")),
				      .text = rows_get(t, i, S("text")),
				      .due_day = eco ? JSON_NONE : china_day(city->now_ms) + 5,
				      .found = { .source = eco ? S("central-inspection") : S("hotline") } } };
	if (!lead || !str_to_i64(rows_get(t, i, S("region")), &fi.in.region))
		return FAIL(&city->cli->fail, INTERNAL, "", NULL);
	fi.in.lead = (struct json_ids){ (int64_t *)(uintptr_t)&lead->id, 1 };
	TRY(sectors_of(city, rows_get(t, i, S("sectors")), &fi.in.sectors));
	return live(&fi, &lives, i, S(""));
}

err demo_found(struct demo_city *city)
{
	struct rows lives, matters, of_hazards;
	TRY(table(city, "lives_found.tsv", &lives));
	TRY(table(city, "matters.tsv", &matters));
	of_hazards = lives_of(city, &lives, S("hazard"));
	TRY(hazards(city, &of_hazards));
	for (size_t i = 0; i < matters.n; i++)
		TRY(assigned(city, &matters, i, &lives));
	return ERR_OK;
}
