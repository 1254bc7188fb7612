/* Kinds of stations and what they measure, from catalog/station. */
#include "core/sector.h"
#include "sense/station.h"

static err read_kinds(struct arena *a, const struct catalog *c, const struct sector_table *sectors, int64_t today, struct station_kinds *k,
		      struct fail *f)
{
	struct rows t;
	TRY(catalog_current(c, a, S("station"), today, S("kinds"), &t, f));
	struct station_kind *v = NEW_N(a, struct station_kind, t.n + 1);
	for (size_t i = 0; i < t.n; i++) {
		str list = rows_get(&t, i, S("sectors")), one;
		v[i] = (struct station_kind){ rows_get(&t, i, S("id")), rows_get(&t, i, S("zh")), rows_get(&t, i, S("en")),
					      rows_get(&t, i, S("medium")), 0, rows_get(&t, i, S("source")), rows_get(&t, i, S("certainty")) };
		for (bool more = true; more && list.n;) {
			more = str_cut(&list, ' ', &one);
			const struct sector *s = sector_find(sectors, more ? one : list);
			v[i].sectors |= s ? INT64_C(1) << s->bit : 0;
		}
	}
	k->v = v;
	k->n = t.n;
	return ERR_OK;
}

err station_kinds_read(struct arena *a, const struct catalog *c, const struct sector_table *sectors, int64_t today,
		       struct station_kinds **ret, struct fail *f)
{
	struct station_kinds *k = NEW(a, struct station_kinds);
	struct rows t;
	TRY(read_kinds(a, c, sectors, today, k, f));
	TRY(catalog_current(c, a, S("station"), today, S("items"), &t, f));
	struct item_kind *v = NEW_N(a, struct item_kind, t.n + 1);
	for (size_t i = 0; i < t.n; i++)
		v[i] = (struct item_kind){ rows_get(&t, i, S("medium")), rows_get(&t, i, S("id")), rows_get(&t, i, S("code")),
					   rows_get(&t, i, S("unit")), rows_get(&t, i, S("zh")), rows_get(&t, i, S("en")),
					   rows_get(&t, i, S("source")), rows_get(&t, i, S("certainty")) };
	k->items = v;
	k->nitems = t.n;
	*ret = k;
	return ERR_OK;
}

const struct station_kind *station_kind_find(const struct station_kinds *k, str id)
{
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->v[i].id, id))
			return &k->v[i];
	return NULL;
}

static bool is_named(const struct item_kind *it, str name)
{
	return str_eq(it->id, name) || (it->code.n && str_eq_nocase(it->code, name)) || str_eq(it->zh, name) || str_eq_nocase(it->en, name);
}

const struct item_kind *item_kind_find(const struct station_kinds *k, const struct station_kind *of, str name)
{
	const struct item_kind *other = NULL;
	for (size_t i = 0; i < k->nitems; i++) {
		if (!is_named(&k->items[i], name))
			continue;
		if (of && str_eq(k->items[i].medium, of->medium))
			return &k->items[i];
		other = other ? other : &k->items[i];
	}
	return other;
}
