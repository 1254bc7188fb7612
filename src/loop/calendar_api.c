/* Routes: the working-day calendar. Days are Monday to Friday unless a row says otherwise. */
#include "core/app.h"
#include "core/canon.h"
#include "core/ledger.h"
#include "loop/loop.h"
#include "loop/loop_sql.h"
#include "loop/routes.h"

#define CALENDAR_DAY(F, O, L)                                                                                \
	F(DATE, date, REQ)                                                                                   \
	F(BOOL, working, REQ)                                                                                \
	F(STR, name_zh, REQ, .max = 40)                                                                      \
	F(STR, name_en, REQ, .max = 80)                                                                      \
	F(STR, source, OPT, .max = 200)                                                                      \
	F(STR, status, OPT, .max = 20)
JSON_STRUCT(calendar_day, CALENDAR_DAY)
JSON_DEFINE(calendar_day, CALENDAR_DAY)

#define CALENDAR_LIST(F, O, L) L(calendar_day, items, REQ, .max = 1000)
JSON_STRUCT(calendar_list, CALENDAR_LIST)
JSON_DEFINE(calendar_list, CALENDAR_LIST)

#define CALENDAR_IN(F, O, L) L(calendar_day, days, REQ, .min = 1, .max = 400)
JSON_STRUCT(calendar_in, CALENDAR_IN)
JSON_DEFINE(calendar_in, CALENDAR_IN)

#define CALENDAR_QUERY(F, O, L)                                                                              \
	F(DATE, from, OPT)                                                                                   \
	F(DATE, to, OPT)
JSON_STRUCT(calendar_query, CALENDAR_QUERY)
JSON_DEFINE(calendar_query, CALENDAR_QUERY)

enum { CALENDAR_SPAN = 400 };

/* Every day of the span, so that the page need not know what a weekend is. */
static err list(struct req *rq)
{
	const struct calendar_query *q = rq->query;
	int64_t from = q->from == JSON_NONE ? china_day(rq->cx.now_ms) : q->from;
	int64_t to = q->to == JSON_NONE ? from + 60 : q->to;
	struct calendar_days_rows rows;
	struct calendar_list out = { 0 };
	if (to - from > CALENDAR_SPAN || to < from)
		return FAIL(&rq->cx.fail, BAD_FIELD, "?to", "err.calendar_span");
	TRY(calendar_days(rq->cx.c, rq->a, &(struct calendar_days_params){ from, to }, &rows));
	out.items.v = NEW_N(rq->a, struct calendar_day, (size_t)(to - from) + 1);
	for (int64_t day = from, k = 0; day <= to; day++) {
		struct calendar_day d = {
			.date = day, .working = date_weekday(day) < 5, .name_zh = S(""), .name_en = S("")
		};
		if (k < (int64_t)rows.n && rows.v[k].day == day) {
			const struct calendar_days_row *r = &rows.v[k++];
			d = (struct calendar_day){ day,        r->working != 0, r->name_zh,
						   r->name_en, r->source,       r->status };
		}
		out.items.v[out.items.n++] = d;
	}
	return reply_json(rq, &out);
}

static err put(struct req *rq)
{
	const struct calendar_in *in = rq->body;
	struct canon c;
	int64_t seq;
	canon_begin(&c, rq->a);
	canon_list(&c, "days");
	for (size_t i = 0; i < in->days.n; i++) {
		const struct calendar_day *d = &in->days.v[i];
		TRY(calendar_put(rq->cx.c,
				 &(struct calendar_put_params){ d->date, d->working, d->name_zh, d->name_en,
								d->source.p ? d->source : S(""), S("house") },
				 NULL));
		canon_i64(&c, NULL, d->working ? d->date : -d->date); /* rest days stand negative */
	}
	canon_close(&c);
	TRY(calendar_touch(
	    rq->cx.c,
	    &(struct calendar_touch_params){ arena_printf(rq->a, "%lld", (long long)rq->cx.now_ms) }, NULL));
	return ledger_append(&rq->cx, rq->cx.app->home_region, "calendar.put", S("calendar"), canon_end(&c),
			     &seq);
}

const struct route calendar_routes[] = {
	{ "GET", "/api/calendar", list, READ, "", NULL, calendar_list_json, "Working days and days of rest",
	  calendar_query_json },
	{ "PUT", "/api/calendar", put, WRITE, "calendar.write", calendar_in_json, NULL,
	  "Change days of the calendar", NULL },
	{ 0 },
};
