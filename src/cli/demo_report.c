#include <math.h>

#include "base/embed.h"
#include "cli/demo_after.h"
#include "loop/public.h"

EMBED_TABLE(demo_file)

struct reporting {
	struct demo_city *city;
	struct public_report_new in;
	struct public_receipt out;
	int64_t at_ms;
	str fixed, answer;
	struct fail fail;
};

static err make(struct db_conn *c, void *arg)
{
	struct reporting *r = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(r->city->h, a, c, r->at_ms);
	err e = public_report_make(&cx, &r->in, &r->out);
	r->out.no = arena_str(r->city->a, r->out.no);
	r->out.code = arena_str(r->city->a, r->out.code);
	r->fail = cx.fail;
	return e;
}

static err answer(struct db_conn *c, void *arg)
{
	struct reporting *r = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(r->city->h, a, c, r->at_ms);
	struct public_report_by_no_row row;
	struct matter_moved moved;
	err e = public_report_find(&cx, r->out.no, r->out.code, &row);
	if (e == ERR_OK)
		e = public_report_answer(&cx, &row, r->fixed, r->answer, &moved);
	r->fail = cx.fail;
	return e;
}

static err write(struct reporting *r, err (*fn)(struct db_conn *c, void *arg))
{
	err e = db_write(r->city->h->app.db, fn, r, &r->fail);
	if (e != ERR_OK)
		r->city->cli->fail = r->fail;
	return e;
}

static bool read_row(const struct rows *t, size_t i, struct reporting *r, int64_t *ret_days)
{
	str lat = rows_get(t, i, S("lat")), lon = rows_get(t, i, S("lon"));
	r->in = (struct public_report_new){ .category = rows_get(t, i, S("category")), .text = rows_get(t, i, S("text")),
					    .place = rows_get(t, i, S("place")), .contact = rows_get(t, i, S("contact")),
					    .lang = S("zh-CN"), .lat = NAN, .lon = NAN };
	r->in.placed = lat.n && str_to_f64(lat, &r->in.lat) && str_to_f64(lon, &r->in.lon);
	r->fixed = rows_get(t, i, S("fixed"));
	r->answer = rows_get(t, i, S("answer"));
	return str_to_i64(rows_get(t, i, S("days_ago")), ret_days) && str_to_i64(rows_get(t, i, S("region")), &r->in.region);
}

err demo_reports(struct demo_city *city)
{
	const struct embed_file *file = demo_file(S("reports.tsv"));
	struct rows t;
	if (!file)
		return FAIL(&city->cli->fail, INTERNAL, "", NULL);
	TRY(rows_read(city->a, S("reports.tsv"), file->bytes, &t, &city->cli->fail));
	for (size_t i = 0; i < t.n; i++) {
		struct reporting r = { .city = city };
		int64_t days;
		if (!read_row(&t, i, &r, &days))
			return FAIL(&city->cli->fail, INTERNAL, "", NULL);
		r.at_ms = city->now_ms - days * DAY_MS;
		TRY(write(&r, make));
		TRY(demo_play(city, r.out.matter, r.at_ms, i, rows_get(&t, i, S("steps")), S("")));
		r.at_ms = city->now_ms - 2 * (int64_t)DAY_MS;
		if (r.fixed.n)
			TRY(write(&r, answer));
	}
	return ERR_OK;
}
