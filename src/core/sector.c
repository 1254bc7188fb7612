#include "core/sector.h"

enum { SECTOR_BITS = 63 };

err sector_table_read(struct arena *a, const struct rows *rows, struct sector_table *ret, struct fail *f)
{
	struct sector_table t = { .v = NEW_N(a, struct sector, rows->n), .n = rows->n };
	int64_t seen = 0;
	for (size_t i = 0; i < rows->n; i++) {
		int64_t bit;
		struct sector s = { .id = rows_get(rows, i, S("id")), .en = rows_get(rows, i, S("en")),
				    .zh = rows_get(rows, i, S("zh")) };
		if (!str_to_i64(rows_get(rows, i, S("bit")), &bit) || bit < 0 || bit >= SECTOR_BITS || (seen >> bit & 1) ||
		    !s.id.n)
			return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", "sector/sectors", "line",
				    arena_printf(a, "%d", rows->lines[i]).p);
		s.bit = (int)bit;
		seen |= INT64_C(1) << bit;
		size_t at = i;
		for (; at > 0 && t.v[at - 1].bit > s.bit; at--)
			t.v[at] = t.v[at - 1];
		t.v[at] = s;
	}
	*ret = t;
	return ERR_OK;
}

const struct sector *sector_find(const struct sector_table *t, str id)
{
	for (size_t i = 0; t && i < t->n; i++)
		if (str_eq(t->v[i].id, id))
			return &t->v[i];
	return NULL;
}

err sector_mask(const struct sector_table *t, const struct json_strs *ids, const char *pointer, int64_t *ret,
		struct fail *f)
{
	int64_t mask = 0;
	for (size_t i = 0; i < ids->n; i++) {
		const struct sector *s = sector_find(t, ids->v[i]);
		if (str_eq(ids->v[i], S("all"))) {
			mask = -1;
		} else if (s) {
			mask |= INT64_C(1) << s->bit;
		} else {
			char name[64] = { 0 };
			for (size_t k = 0; k < ids->v[i].n && k < sizeof name - 1; k++)
				name[k] = ids->v[i].p[k];
			return FAIL(f, BAD_FIELD, pointer, "err.unknown_sector", "sector", name);
		}
	}
	*ret = mask;
	return ERR_OK;
}

struct json_strs sector_ids(struct arena *a, const struct sector_table *t, int64_t mask)
{
	struct json_strs out = { .v = NEW_N(a, str, (t ? t->n : 0) + 1) };
	if (mask == -1)
		out.v[out.n++] = S("all");
	for (size_t i = 0; t && mask != -1 && i < t->n; i++)
		if (mask >> t->v[i].bit & 1)
			out.v[out.n++] = t->v[i].id;
	return out;
}

str sector_names(struct arena *a, const struct sector_table *t, int64_t mask, bool zh)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < t->n; i++)
		if (mask != -1 && mask >> t->v[i].bit & 1) {
			buf_put(&b, b.n ? S("；") : S(""));
			buf_put(&b, zh ? t->v[i].zh : t->v[i].en);
		}
	return b.n ? buf_str(&b) : S("");
}
