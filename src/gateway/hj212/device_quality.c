/* What came from a device, by hour: counts of arrival, and what is missing in the store. */
#include <string.h>

#include "core/views.h"
#include "gateway/hj212/device.h"
#include "gateway/hj212/device_quality.h"
#include "gateway/hj212/server_parts.h"

JSON_DEFINE(device_totals, DEVICE_TOTALS)
JSON_DEFINE(device_hour_out, DEVICE_HOUR_OUT)
JSON_DEFINE(device_quality, DEVICE_QUALITY)
JSON_DEFINE(device_span_query, DEVICE_SPAN_QUERY)

enum { HOUR_MS = 3600000, POINTS_MAX = 200000 };

static void add_hour(struct device_quality *q, const struct device_hour_out *h)
{
#define X(name) q->totals->name += h->name;
	HJ212_COUNTS(X)
#undef X
	if (h->offset_ms || h->packets)
		q->offset_ms = h->offset_ms;
}

/* What was counted since the store was last told. */
static void add_running(struct ctx *cx, str mn, struct device_quality *q)
{
	struct hj212_now now = { 0 };
	if (cx->app->hj212)
		now = hj212_now(cx->app->hj212, mn);
	if (!now.known || !now.counts.frames || now.hour * HOUR_MS < q->from_ms || now.hour * HOUR_MS >= q->to_ms)
		return;
	struct device_hour_out h = { .hour_ms = now.hour * HOUR_MS, .last_ms = now.last_ms, .offset_ms = now.offset_ms };
#define X(name) h.name = now.counts.name;
	HJ212_COUNTS(X)
#undef X
	add_hour(q, &h);
	struct device_hour_out *last = q->hours.n ? &q->hours.v[q->hours.n - 1] : NULL;
	if (!last || last->hour_ms != h.hour_ms) {
		q->hours.v[q->hours.n++] = h;
		return;
	}
#define X(name) last->name += h.name;
	HJ212_COUNTS(X)
#undef X
	last->last_ms = h.last_ms;
}

static err span_of(struct ctx *cx, const struct device_span_query *q, int64_t preset_ms, int64_t *ret_from, int64_t *ret_to)
{
	*ret_to = q->to == JSON_NONE ? cx->now_ms + HOUR_MS : q->to;
	*ret_from = q->from == JSON_NONE ? *ret_to - preset_ms : q->from;
	if (*ret_from >= *ret_to || *ret_to - *ret_from > (int64_t)DEVICE_HOURS_MAX * HOUR_MS)
		return FAIL(&cx->fail, BAD_FIELD, "?from", "err.device.span");
	return ERR_OK;
}

/* ---- what is missing ---- */

struct missing {
	struct device_quality *q;
	int64_t every_ms;
};

/* The hour of the data, which is one more in the list when nothing arrived in it. */
static struct device_hour_out *hour_at(struct device_quality *q, int64_t at_ms)
{
	size_t lo = 0, hi = q->hours.n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (q->hours.v[mid].hour_ms + HOUR_MS <= at_ms)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < q->hours.n && q->hours.v[lo].hour_ms <= at_ms)
		return &q->hours.v[lo];
	if (q->hours.n == DEVICE_HOURS_MAX)
		return NULL;
	memmove(&q->hours.v[lo + 1], &q->hours.v[lo], (q->hours.n++ - lo) * sizeof *q->hours.v);
	q->hours.v[lo] = (struct device_hour_out){ .hour_ms = at_ms - at_ms % HOUR_MS };
	return &q->hours.v[lo];
}

static void miss(struct device_quality *q, int64_t at_ms)
{
	struct device_hour_out *h = hour_at(q, at_ms);
	q->totals->missed++;
	if (h)
		h->missed++;
}

/* Between two values that are further apart than the interval. */
static void miss_between(const struct missing *m, int64_t before_ms, int64_t next_ms)
{
	if (next_ms - before_ms <= m->every_ms + m->every_ms / 2)
		return;
	int64_t n = (next_ms - before_ms + m->every_ms / 2) / m->every_ms - 1;
	for (int64_t i = 1; i <= n; i++)
		miss(m->q, before_ms + i * m->every_ms);
}

/* The item whose newest value of the kind came last stands for the packets of that kind. */
static const struct latest *speaker(const struct latest *v, size_t n, enum series_kind kind)
{
	const struct latest *best = NULL;
	for (size_t i = 0; i < n; i++)
		if (v[i].kind == kind && (!best || v[i].at_ms > best->at_ms))
			best = &v[i];
	return best;
}

/* Counted in the store, so that what comes late takes away what was missing. Of short intervals only the last so many. */
static err count_missed(struct ctx *cx, const struct device_by_mn_row *row, struct device_quality *q)
{
	const struct {
		enum series_kind kind;
		int64_t every_ms;
	} kinds[] = { { SERIES_REAL, row->real_s * 1000 }, { SERIES_MINUTE, row->minute_m * 60000 }, { SERIES_HOUR, HOUR_MS }, { SERIES_DAY, DAY_MS } };
	struct latest *v;
	size_t n;
	q->totals->missed = 0;
	for (size_t i = 0; i < q->hours.n; i++)
		q->hours.v[i].missed = 0;
	TRY(series_latest(cx->app->series, cx->a, &row->station, 1, &v, &n, &cx->fail));
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct latest *l = speaker(v, n, kinds[i].kind);
		struct missing m = { q, kinds[i].every_ms };
		struct column c = { 0 };
		if (!l || m.every_ms <= 0)
			continue;
		int64_t from = q->to_ms - q->from_ms > POINTS_MAX * m.every_ms ? q->to_ms - POINTS_MAX * m.every_ms : q->from_ms;
		TRY(series_read(cx->app->series, cx->a, row->station, l->item, SERIES_VALUE, kinds[i].kind, from, q->to_ms, &c, &cx->fail));
		for (size_t k = 1; k < c.n; k++)
			miss_between(&m, c.at_ms[k - 1], c.at_ms[k]);
	}
	return ERR_OK;
}

err device_quality_get(struct req *rq)
{
	str mn = rq_param(rq, "mn");
	struct device_by_mn_row row;
	struct device_hours_rows rows;
	struct device_quality q = { .offset_ms = JSON_NONE };
	TRY(device_see(&rq->cx, mn, S("sense.read"), &row));
	TRY(span_of(&rq->cx, rq->query, 7 * (int64_t)DAY_MS, &q.from_ms, &q.to_ms));
	TRY(device_hours(rq->cx.c, rq->a, &(struct device_hours_params){ row.region, mn, q.from_ms / HOUR_MS, (q.to_ms - 1) / HOUR_MS }, &rows));
	q.mn = row.mn;
	q.totals = NEW(rq->a, struct device_totals);
	q.hours.v = NEW_N(rq->a, struct device_hour_out, DEVICE_HOURS_MAX + 2);
	for (size_t i = 0; i < rows.n; i++) {
		struct device_hour_out *h = &q.hours.v[q.hours.n++];
		*h = (struct device_hour_out){ .hour_ms = rows.v[i].hour * HOUR_MS, .last_ms = rows.v[i].last_ms, .offset_ms = rows.v[i].offset_ms };
#define X(name) h->name = rows.v[i].name;
		HJ212_COUNTS(X)
#undef X
		add_hour(&q, h);
	}
	add_running(&rq->cx, mn, &q);
	/* Whole hours without a packet between the first that was heard and now. */
	int64_t first = q.hours.n ? q.hours.v[0].hour_ms / HOUR_MS : 0, last = (q.to_ms < rq->cx.now_ms ? q.to_ms : rq->cx.now_ms) / HOUR_MS;
	q.silent_hours = q.hours.n && last >= first ? last - first + 1 - (int64_t)q.hours.n : 0;
	q.silent_hours = q.silent_hours < 0 ? 0 : q.silent_hours;
	if (row.station)
		TRY(count_missed(&rq->cx, &row, &q));
	return reply_json(rq, &q);
}
