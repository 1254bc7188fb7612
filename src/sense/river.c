#include "sense/river.h"

#include <math.h>

void river_add(struct river *b, const struct water_edition *e, const struct water_values *in, const struct water_result *r)
{
	b->n += r->class != WATER_NONE;
	b->of_class[r->class]++;
	for (size_t i = 0; i < e->n && in; i++) {
		b->beyond[i] += e->v[i].counts && r->of[i] > 3;
		b->sum[i] += in->has[i] ? decimal_round(in->v[i], 9, ROUND_HALF_EVEN) : 0;
		b->with[i] += in->has[i];
	}
}

double river_percent(size_t n, size_t of)
{
	return of ? (double)n * 100 / (double)of : NAN;
}

static err by_sections(const struct rows *t, struct river_state *s, struct fail *f)
{
	static const str names[] = { S("good_from"), S("good_below"), S("worse_from"), S("worse_below") };
	for (size_t i = 0; i < t->n; i++) {
		double v[COUNT_OF(names)];
		for (size_t k = 0; k < COUNT_OF(names); k++)
			if (!str_to_f64(rows_get(t, i, names[k]), &v[k]))
				return FAIL(f, BAD_FORMAT, "", NULL);
		if (s->good_percent < v[0] || s->good_percent >= v[1] || s->worse_percent < v[2] || s->worse_percent >= v[3])
			continue;
		s->state = rows_get(t, i, S("state"));
		s->zh = rows_get(t, i, S("zh"));
		s->en = rows_get(t, i, S("en"));
		return ERR_OK;
	}
	return ERR_OK;
}

/* The class of the means; its state is the one of the same name. */
static err by_means(const struct catalog *c, struct arena *a, const struct water_edition *e, const struct river *b, const struct rows *states,
		    struct river_state *s, struct fail *f)
{
	struct water_values in = { 0 };
	struct rows t;
	for (size_t i = 0; i < e->n; i++) {
		in.has[i] = b->with[i] > 0 && e->v[i].river;
		if (in.has[i])
			in.v[i] = (struct decimal){ (int64_t)(b->sum[i] / (__int128)b->with[i]), 9, b->sum[i] % (__int128)b->with[i] != 0 };
	}
	s->means = water_assess(e, WATER_RIVER, &in);
	TRY(edition_table(c, a, e->id, "classes.tsv", &t, f));
	for (size_t i = 0; i < t.n && s->means.class != WATER_NONE; i++)
		if (str_eq(rows_get(&t, i, S("name")), e->names[s->means.class])) {
			s->zh = rows_get(&t, i, S("zh"));
			s->en = rows_get(&t, i, S("en"));
		}
	for (size_t i = 0; i < states->n; i++)
		if (s->zh.n && str_eq(rows_get(states, i, S("zh")), s->zh))
			s->state = rows_get(states, i, S("state"));
	return ERR_OK;
}

/* Items by the number of sections beyond III, the first of equals first. */
static void main_items(const struct water_edition *e, const struct river *b, struct river_state *s)
{
	for (size_t i = 0; i < e->n; i++) {
		if (!b->beyond[i])
			continue;
		size_t at = s->nmain;
		while (at && b->beyond[s->main[at - 1]] < b->beyond[i]) {
			if (at < RIVER_MAIN)
				s->main[at] = s->main[at - 1];
			at--;
		}
		if (at >= RIVER_MAIN)
			continue;
		s->main[at] = i;
		s->nmain += s->nmain < RIVER_MAIN;
	}
}

err river_judge(const struct catalog *c, struct arena *a, str edition, const struct water_edition *e, const struct river *b,
		struct river_state *ret, struct fail *f)
{
	struct river_state s = { .edition = edition, .state = S(""), .zh = S(""), .en = S(""), .by_sections = b->n >= RIVER_SECTIONS };
	struct rows t;
	s.good_percent = river_percent(b->of_class[1] + b->of_class[2] + b->of_class[3], b->n);
	s.worse_percent = river_percent(b->of_class[WATER_WORSE], b->n);
	main_items(e, b, &s);
	TRY(edition_table(c, a, edition, "states.tsv", &t, f));
	if (b->n)
		TRY(s.by_sections ? by_sections(&t, &s, f) : by_means(c, a, e, b, &t, &s, f));
	*ret = s;
	return ERR_OK;
}
