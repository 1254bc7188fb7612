#include "sense/retention.h"

#include "base/vec.h"
#include "core/catalog.h"
#include "sense/retention_sql.h"

enum { PAGE = 1000, MARGIN_DAYS = 1, EFFECT_DAYS = 400, KEEP_MAX = 100000 };

static err bad(struct arena *a, int line, struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", "retention/kinds.tsv", "line", arena_printf(a, "%d", line).p);
}

err retention_read(const struct catalog *c, int64_t today, struct series_terms *ret, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct series_terms k = { 0 };
	bool seen[SERIES_KIND_COUNT] = { false };
	struct rows t;
	TRY(catalog_current(c, a, S("retention"), today, S("kinds"), &t, f));
	for (size_t i = 0; i < t.n; i++) {
		enum series_kind kind = SERIES_REAL;
		int64_t days;
		str name = rows_get(&t, i, S("kind"));
		bool history = str_eq(name, S("history"));
		if (!str_to_i64(rows_get(&t, i, S("days")), &days) || days < 0 || days > KEEP_MAX || (!history && !series_kind_parse(name, &kind)))
			return bad(a, t.lines[i], f);
		*(history ? &k.history_days : &k.days[kind]) = days;
		seen[kind] |= !history;
	}
	for (int i = 0; i < SERIES_KIND_COUNT; i++)
		if (!seen[i])
			return bad(a, 1, f); /* a kind that was forgotten is not one that is kept for ever */
	*ret = k;
	return ERR_OK;
}

struct holds {
	struct arena *a;
	VEC(struct series_hold) v;
};

static void hold(struct holds *h, const struct app *app, const struct retention_alarms_row *r)
{
	struct series_hold x = { .station = r->station, .item = series_item_known(app->series, r->item),
				 .from_ms = r->begin_ms - MARGIN_DAYS * (int64_t)DAY_MS, .to_ms = r->is_open ? INT64_MAX : r->last_ms + MARGIN_DAYS * (int64_t)DAY_MS };
	x.long_from_ms = r->matter ? r->begin_ms - EFFECT_DAYS * (int64_t)DAY_MS : x.from_ms;
	x.long_to_ms = r->matter && !r->is_open ? r->last_ms + EFFECT_DAYS * (int64_t)DAY_MS : x.to_ms;
	if (x.item)
		vec_push(h->a, &h->v, x);
}

err retention_holds(void *arg, struct arena *a, struct series_hold **ret, size_t *ret_n, struct fail *f)
{
	const struct app *app = arg;
	struct holds h = { .a = a };
	struct db_conn *c;
	struct retention_alarms_rows rows;
	struct retention_alarms_params p = { 0, PAGE };
	AUTO(arena_drop) struct arena *page = arena_new();
	TRY(db_read_begin(app->db, &c, f));
	err e;
	do {
		arena_reset(page);
		e = retention_alarms(c, page, &p, &rows);
		for (size_t i = 0; e == ERR_OK && i < rows.n; i++)
			hold(&h, app, &rows.v[i]);
		p.after = e == ERR_OK && rows.n ? rows.v[rows.n - 1].id : p.after;
	} while (e == ERR_OK && rows.n == PAGE);
	db_read_end(app->db, c);
	if (e != ERR_OK)
		return fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
	*ret = h.v.v;
	*ret_n = h.v.n;
	return ERR_OK;
}
