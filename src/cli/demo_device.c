#include <stdio.h>

#include "base/vec.h"
#include "cli/demo_sense.h"
#include "gateway/hj212/answer.h"
#include "gateway/hj212/device.h"
#include "gateway/hj212/raw.h"

enum { MINUTE_MS = 60 * 1000, FRAME_HOURS = 36, HOURLY_FRAMES = 7 * 24, COUNTED_HOURS = 28 * 24 };

#define UNKNOWN_1 "DEMO-140109-XX07"
#define UNKNOWN_2 "DEMO-140109-XX08"

struct registering {
	struct demo_sense *d;
	struct fail fail;
};

/* ---- who they are ---- */

static err register_one(struct ctx *cx, const struct demo_station *st)
{
	const struct device_new in = { .mn = st->mn, .station = st->s.id, .dialect = S("2017"), .crc_policy = S("strict"),
				       .answer_policy = S("asked"), .password = S("123456"), .peers = S(""), .real_s = JSON_NONE,
				       .minute_m = str_eq(st->key, S("stack1")) ? 1 : JSON_NONE, .reason = S("核对设备铭牌后登记（示例）") };
	return device_put_new(cx, &in);
}

static err put_unknown(struct ctx *cx, str mn, int64_t first_ms)
{
	return device_insert(cx->c, &(struct device_insert_params){ cx->app->home_region, mn, 0, S("quarantined"), S("auto"), S("strict"),
								    S("asked"), S(""), S(""), S(""), 0, 0, S(""), first_ms, 1 }, NULL);
}

/* ---- what came from them, hour by hour ---- */

/* A device's troubles come now and then: late packets, some lost on the way, a damaged one, a clock that runs away. */
static err count_hour(struct ctx *cx, const struct demo_sense *d, const struct demo_station *st, int64_t before, size_t nth)
{
	int64_t at = d->now_ms - before * DEMO_HOUR_MS, n = str_eq(st->key, S("stack1")) ? 61 : 1, beat = before + (int64_t)nth * 37;
	struct device_hour_add_params p = { .region = st->s.region, .mn = st->mn, .hour = at / DEMO_HOUR_MS,
					    .last_ms = at + 59 * MINUTE_MS + 4000, .offset_ms = 900 + (int64_t)nth * 400 + (COUNTED_HOURS - before) * 3,
					    .frames = n, .packets = n, .readings = n * 5 };
	p.missed = beat % 97 == 0 ? 1 + n / 10 : 0;
	p.late = beat % 61 == 0 ? 1 + n / 6 : 0;
	p.crc_none = beat % 131 == 0;
	p.frames += p.crc_none;
	p.acked = n;
	return device_hour_add(cx->c, &p, NULL);
}

static err register_all(struct db_conn *c, void *arg)
{
	struct registering *r = arg;
	struct demo_sense *d = r->d;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(d->city->h, a, c, d->now_ms - COUNTED_HOURS * (int64_t)DEMO_HOUR_MS);
	cx.who = &d->city->office;
	err e = ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < d->nstations; i++) {
		const struct demo_station *st = &d->stations[i];
		if (!st->mn.n)
			continue;
		e = register_one(&cx, st);
		for (int64_t h = st->days * 24; e == ERR_OK && h > 0; h--)
			e = count_hour(&cx, d, st, h, i);
	}
	if (e == ERR_OK)
		e = put_unknown(&cx, S(UNKNOWN_1), d->now_ms - 26 * (int64_t)DEMO_HOUR_MS);
	if (e == ERR_OK)
		e = put_unknown(&cx, S(UNKNOWN_2), d->now_ms - 3 * (int64_t)DEMO_HOUR_MS);
	r->fail = cx.fail;
	return e;
}

/* ---- raw frames ---- */

struct framing {
	const struct demo_sense *d;
	struct raw *raw;
	struct hj212_crc crc;
};

static void put_values(const struct framing *f, size_t station, int64_t at_ms, struct buf *b)
{
	for (size_t i = 0; i < f->d->nmeasured; i++) {
		const struct demo_measured *m = &f->d->measured[i];
		char flag, digits[24];
		if (m->station != station)
			continue;
		struct decimal v = demo_value(f->d, m, at_ms, &flag);
		str text = decimal_text(v.m, v.scale, digits);
		if (flag)
			buf_printf(b, ";" STR_FMT "-Avg=" STR_FMT "," STR_FMT "-Flag=%c", STR_ARG(m->code), STR_ARG(text), STR_ARG(m->code), flag);
	}
}

/* The frame a packet of readings was read from; its password is not kept. */
static void put_frame(const struct framing *f, struct arena *a, size_t station, const char *cn, int64_t at_ms, int64_t length_ms)
{
	const struct demo_station *st = &f->d->stations[station];
	int64_t received = at_ms + length_ms + 4000;
	struct buf values = BUF(a), b = BUF(a);
	char *out = arena_alloc(a, HJ212_RAW_MAX);
	put_values(f, station, at_ms, &values);
	if (!values.n)
		return;
	bool water = str_eq(st->s.kind, S("wastewater")) || str_eq(st->s.kind, S("sewage"));
	buf_printf(&b, "QN=" STR_FMT ";ST=%s;CN=%s;PW=******;MN=" STR_FMT ";Flag=5;CP=&&DataTime=%.14s" STR_FMT "&&",
		   STR_ARG(hj212_qn(a, received - 900)), water ? "32" : "31", cn, STR_ARG(st->mn), hj212_qn(a, at_ms).p, STR_ARG(buf_str(&values)));
	size_t n = hj212_write(&f->crc, buf_str(&b), out);
	raw_add(f->raw, &(struct raw_record){ .received_ms = received, .station = st->s.id, .at_ms = at_ms, .mn = st->mn,
					      .peer = S("192.0.2.17"), .fault = S(""), .raw = { out, n > 2 ? n - 2 : 0 } });
}

/* Two that nobody knows: their packets are kept like any other. */
static void put_unknown_frames(struct framing *f, struct arena *a, const char *mn, int64_t at_ms)
{
	for (int i = 0; i < 3; i++, at_ms += 10 * MINUTE_MS) {
		struct buf b = BUF(a);
		char *out = arena_alloc(a, HJ212_RAW_MAX);
		buf_printf(&b, "QN=" STR_FMT ";ST=32;CN=2051;PW=******;MN=%s;Flag=5;CP=&&DataTime=%.14s;w01018-Avg=%d.%d,w01018-Flag=N&&",
			   STR_ARG(hj212_qn(a, at_ms)), mn, hj212_qn(a, at_ms - 10 * MINUTE_MS).p, 28 + i * 3, 4 - i);
		size_t n = hj212_write(&f->crc, buf_str(&b), out);
		raw_add(f->raw, &(struct raw_record){ .received_ms = at_ms, .at_ms = at_ms - 10 * MINUTE_MS, .mn = str_of(mn), .peer = S("192.0.2.44"),
						      .fault = S(""), .raw = { out, n > 2 ? n - 2 : 0 } });
	}
}

static err put_frames(struct demo_sense *d)
{
	struct framing f = { .d = d };
	hj212_crc_init(&f.crc);
	TRY(raw_open(d->city->h->app.data_dir, &f.raw, &d->city->cli->fail));
	AUTO(arena_drop) struct arena *a = arena_new();
	for (int64_t before = HOURLY_FRAMES; before > 0; before--, arena_reset(a)) {
		int64_t at = d->now_ms - before * DEMO_HOUR_MS;
		if (before == 26 || before == 3)
			put_unknown_frames(&f, a, before == 26 ? UNKNOWN_1 : UNKNOWN_2, at);
		for (size_t i = 0; i < d->nstations; i++) {
			if (!d->stations[i].mn.n)
				continue;
			for (int64_t m = 0; str_eq(d->stations[i].key, S("stack1")) && before <= FRAME_HOURS && m < 60; m++)
				put_frame(&f, a, i, "2051", at + m * MINUTE_MS, MINUTE_MS);
			put_frame(&f, a, i, "2061", at, DEMO_HOUR_MS);
		}
	}
	raw_close(f.raw);
	return ERR_OK;
}

err demo_devices(struct demo_sense *d)
{
	struct registering r = { .d = d };
	err e = db_write(d->city->h->app.db, register_all, &r, &r.fail);
	if (e != ERR_OK) {
		d->city->cli->fail = r.fail;
		return e;
	}
	return put_frames(d);
}
