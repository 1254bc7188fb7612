#include "sense/surface_water.h"

#include <math.h>

static err bad_row(struct arena *a, str edition, int line, struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", arena_printf(a, STR_FMT "/items.tsv", STR_ARG(edition)).p,
		    "line", arena_printf(a, "%d", line).p);
}

/* "7.5", or "6-9" for a range. */
static bool limit_of(str s, struct water_item *it, int c)
{
	str lo;
	if (it->compare != WATER_BETWEEN)
		return decimal_parse(s, &it->limit[c]);
	return str_cut(&s, '-', &lo) && decimal_parse(lo, &it->low[c]) && decimal_parse(s, &it->limit[c]);
}

static bool row_of(const struct rows *t, size_t i, struct water_row *r)
{
	static const char *const classes[] = { "i", "ii", "iii", "iv", "v" };
	str compare = rows_get(t, i, S("compare")), kind = rows_get(t, i, S("kind"));
	*r = (struct water_row){
		.id = rows_get(t, i, S("id")), .zh = rows_get(t, i, S("zh")), .en = rows_get(t, i, S("en")),
		.unit = rows_get(t, i, S("unit")), .river = !str_eq(kind, S("lake")), .lake = !str_eq(kind, S("river")),
		.counts = str_eq(rows_get(t, i, S("role")), S("counts")), .heavy = str_eq(rows_get(t, i, S("heavy")), S("yes")),
		.item = { .classes = WATER_CLASSES,
			  .compare = str_eq(compare, S("at-least")) ? WATER_AT_LEAST
				     : str_eq(compare, S("between")) ? WATER_BETWEEN : WATER_AT_MOST },
	};
	for (int c = 0; c < WATER_CLASSES; c++)
		if (!limit_of(rows_get(t, i, str_of(classes[c])), &r->item, c))
			return false;
	return true;
}

static err read_names(const struct catalog *c, struct arena *a, struct water_edition *e, struct fail *f)
{
	struct rows t;
	TRY(edition_table(c, a, e->id, "classes.tsv", &t, f));
	for (size_t i = 0; i < t.n; i++) {
		int64_t class;
		if (str_to_i64(rows_get(&t, i, S("class")), &class) && class >= 1 && class <= WATER_WORSE)
			e->names[class] = rows_get(&t, i, S("name"));
	}
	return ERR_OK;
}

err water_edition_read(const struct catalog *c, struct arena *a, str edition, struct water_edition *ret, struct fail *f)
{
	struct water_edition *e = NEW(a, struct water_edition);
	struct rows t;
	str meta;
	e->id = edition;
	TRY(edition_meta(c, a, edition, &meta, f));
	e->standard = meta_get(meta, S("standard"));
	TRY(edition_table(c, a, edition, "items.tsv", &t, f));
	for (size_t i = 0; i < t.n; i++) {
		if (e->n == WATER_ITEMS_MAX || !row_of(&t, i, &e->v[e->n]))
			return bad_row(a, edition, t.lines[i], f);
		e->n++;
	}
	TRY(read_names(c, a, e, f));
	*ret = *e;
	return ERR_OK;
}

size_t water_find(const struct water_edition *e, str name, enum water_kind kind)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct water_row *r = &e->v[i];
		if (!(kind == WATER_RIVER ? r->river : r->lake))
			continue;
		if (str_eq_nocase(r->id, name) || str_eq(r->zh, name) || str_eq_nocase(r->en, name))
			return i;
	}
	return SIZE_MAX;
}

static bool is_none(str s)
{
	static const str words[] = { S("-"), S("--"), S("—"), S("——"), S("*"), S("/"), S("NA"), S("N/A"), S("null"), S("无") };
	if (!s.n)
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq_nocase(s, words[i]))
			return true;
	return false;
}

bool water_value(str s, struct decimal *ret, bool *ret_bad)
{
	s = str_trim(s);
	bool below = false;
	*ret_bad = false;
	if (is_none(s))
		return false;
	if (s.p[0] == '<') {
		below = true;
		s = str_trim(str_sub(s, 1, s.n));
	} else if (s.p[s.n - 1] == 'L') {
		below = true;
		s = str_sub(s, 0, s.n - 1);
	}
	if (!decimal_parse(s, ret)) {
		*ret_bad = true;
		return false;
	}
	if (below && ret->scale < DECIMAL_DIGITS && ret->m < INT64_MAX / 10) { /* half of the detection limit */
		ret->m *= 5;
		ret->scale++;
	}
	return true;
}

/* Sorted in: metals and cyanide first, then the worse class, then the greater excess over class III. */
static void place_main(const struct water_edition *e, struct water_result *r, size_t i, double excess)
{
	size_t at = r->nmain < COUNT_OF(r->main) ? r->nmain : COUNT_OF(r->main);
	while (at > 0) {
		size_t o = r->main[at - 1];
		bool before = e->v[i].heavy != e->v[o].heavy ? e->v[i].heavy
			      : r->of[i] != r->of[o] ? r->of[i] > r->of[o]
						     : excess > r->excess[at - 1];
		if (!before)
			break;
		if (at < COUNT_OF(r->main)) {
			r->main[at] = o;
			r->excess[at] = r->excess[at - 1];
		}
		at--;
	}
	if (at >= COUNT_OF(r->main))
		return;
	r->main[at] = i;
	r->excess[at] = excess;
	if (r->nmain < COUNT_OF(r->main))
		r->nmain++;
}

struct water_result water_assess(const struct water_edition *e, enum water_kind kind, const struct water_values *in)
{
	struct water_result r = { .class = WATER_NONE };
	for (size_t i = 0; i < e->n; i++) {
		bool here = kind == WATER_RIVER ? e->v[i].river : e->v[i].lake;
		r.of[i] = here && in->has[i] ? water_class(&e->v[i].item, in->v[i]) : WATER_NONE;
		if (!e->v[i].counts || r.of[i] == WATER_NONE)
			continue;
		if (r.of[i] > r.class) {
			r.class = r.of[i];
			r.worst = 0;
		}
		if (r.of[i] == r.class)
			r.worst |= UINT64_C(1) << i;
		if (r.of[i] > 3) {
			double excess = water_excess(&e->v[i].item, in->v[i], 3);
			place_main(e, &r, i, isnan(excess) ? 0 : excess);
		}
	}
	if (r.class <= 1)
		r.worst = 0;
	return r;
}
