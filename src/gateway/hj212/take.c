/* What a packet does: who sent it, may it be believed, what does it say, what is due in return. */
#include <stdio.h>
#include <string.h>

#include "core/crypto.h"
#include "gateway/hj212/device.h"
#include "gateway/hj212/server_parts.h"

enum {
	HOUR_MS = 3600000, MINUTE_MS = 60000,
	FUTURE_MS = 86400000,          /* a clock that is a day ahead says nothing of when something was measured */
	LIVES_MAX = 30000, UNKNOWN_MAX = 1000,
	UNKNOWN_BYTES_MAX = 1 << 20,   /* of raw frames an hour of a device that nobody knows */
	MISSED_MAX = 1440,
};
#define EARLIEST_MS INT64_C(946656000000) /* 2000-01-01 in China: clocks that were reset begin there or in 1970 */

struct hj212_live *hj212_live_of(struct hj212 *g, str mn)
{
	struct hj212_live *l = map_get(&g->lives, mn);
	if (l || g->all.n >= LIVES_MAX || !device_mn_valid(mn))
		return l;
	l = NEW(g->a, struct hj212_live);
	l->mn = arena_str(g->a, mn);
	l->device = map_get(&g->registry->by_mn, mn);
	l->spoken = HJ212_2017;
	map_put(&g->lives, l->mn, l);
	vec_push(g->a, &g->all, l);
	return l;
}

/* ---- counting ---- */

#define COUNT(g, l, what, by)                                                                                            \
	do {                                                                                                             \
		(g)->stats.counts.what += (by);                                                                          \
		if (l)                                                                                                   \
			(l)->counts.what += (by);                                                                        \
	} while (0)

static void count_crc(struct hj212 *g, struct hj212_live *l, enum hj212_crc_kind k)
{
	COUNT(g, l, crc_modbus, k == HJ212_CRC_MODBUS);
	COUNT(g, l, crc_swapped, k == HJ212_CRC_SWAPPED);
	COUNT(g, l, crc_none, k == HJ212_CRC_NONE);
}

static void count_fault(struct hj212 *g, struct hj212_live *l, const struct hj212_frame *f)
{
	COUNT(g, l, frame, f->fault == HJ212_FAULT_FRAME);
	COUNT(g, l, length, f->fault == HJ212_FAULT_LENGTH);
	COUNT(g, l, segment, f->fault == HJ212_FAULT_SEGMENT);
	if (f->crc != HJ212_CRC_STANDARD)
		count_crc(g, l, f->crc);
}

/* ---- may it be believed? ---- */

static bool crc_accepted(enum hj212_crc_policy p, const struct hj212_frame *f)
{
	if (p == HJ212_REPORT)
		return f->fault == HJ212_FAULT_NONE || f->fault == HJ212_FAULT_CRC || f->fault == HJ212_FAULT_LENGTH;
	if (f->fault == HJ212_FAULT_NONE)
		return true;
	return f->fault == HJ212_FAULT_CRC &&
	       ((p == HJ212_MODBUS && f->crc == HJ212_CRC_MODBUS) || (p == HJ212_SWAPPED && f->crc == HJ212_CRC_SWAPPED));
}

/* The last right password of a connection is remembered, so that a packet costs a comparison. */
static bool password_right(struct hj212_live *l, str pw)
{
	unsigned char mac[HASH_SIZE];
	if (l->pw_known && bytes_equal((str){ l->pw, l->pw_n }, pw))
		return true;
	hmac_sha256(l->device->salt, pw, mac);
	if (l->device->mac.n && !bytes_equal((str){ (char *)mac, HASH_SIZE }, l->device->mac))
		return false;
	l->pw_known = pw.n <= sizeof l->pw;
	l->pw_n = l->pw_known ? pw.n : 0;
	if (l->pw_n)
		memcpy(l->pw, pw.p, pw.n);
	return true;
}

/* ---- the raw frame ---- */

static const char *fault_of(const struct hj212_frame *f, const char *other)
{
	static const char *const sums[HJ212_CRC_COUNT] = { "crc:none", "crc:standard", "crc:modbus", "crc:swapped" };
	return other ? other : f->fault == HJ212_FAULT_CRC ? sums[f->crc] : hj212_fault_name(f->fault);
}

/* The password is nobody's business, not even on the disk. */
static str secret_of(const struct hj212_frame *f, const struct hj212_head *h)
{
	if (h->pw.n)
		return h->pw;
	ptrdiff_t at = str_find(f->raw, S("PW="));
	str rest = at < 0 ? S("") : str_sub(f->raw, (size_t)at + 3, f->raw.n);
	size_t n = 0;
	while (n < rest.n && !strchr(";,&#\r\n", rest.p[n]))
		n++;
	return str_sub(rest, 0, n);
}

static void keep_raw(struct hj212 *g, const struct hj212_conn *c, struct hj212_live *l, str mn, const struct hj212_head *h,
		     const struct hj212_frame *f, const char *fault, int64_t at_ms, int64_t now_ms)
{
	bool known = l && l->device && l->device->approved;
	if (!known && l) {
		l->kept_unknown += (int64_t)f->raw.n;
		if (l->kept_unknown > UNKNOWN_BYTES_MAX)
			return;
	}
	raw_add(g->raw, &(struct raw_record){ .received_ms = now_ms, .station = known ? l->device->station : 0, .at_ms = at_ms, .mn = mn,
					      .peer = str_of(c->peer), .fault = str_of(fault_of(f, fault)), .raw = f->raw, .secret = secret_of(f, h) });
}

/* ---- acknowledging ---- */

size_t hj212_seal(const struct hj212_crc *t, str segment, enum hj212_crc_policy policy, char *out)
{
	size_t n = hj212_write(t, segment, out);
	if (!n || (policy != HJ212_MODBUS && policy != HJ212_SWAPPED))
		return n;
	uint16_t sum = hj212_crc_modbus(t, segment.p, segment.n);
	if (policy == HJ212_SWAPPED)
		sum = (uint16_t)(sum << 8 | sum >> 8);
	snprintf(out + n - 6, 7, "%04X\r\n", sum);
	return n;
}

/* What is said once the batch is stored. */
static void promise(struct hj212 *g, uint32_t slot, struct hj212_live *l, const struct hj212_head *h)
{
	char framed[HJ212_RAW_MAX + 1];
	struct hj212_batch *b = g->current;
	str answer = hj212_answer(g->words, b->a, h, l->device->answers);
	size_t n = answer.n ? hj212_seal(&g->crc, answer, l->device->crc, framed) : 0;
	if (!n)
		return;
	struct hj212_ack ack = { slot, g->conns[slot].gen, (uint32_t)b->text.n, (uint32_t)n, l };
	buf_put(&b->text, (str){ framed, n });
	vec_push(b->a, &b->acks, ack);
	if (!b->since_us)
		b->since_us = clock_monotonic_us();
}

/* ---- what it says ---- */

static int64_t interval_of(const struct hj212_device *d, enum series_kind k)
{
	switch (k) {
	case SERIES_REAL:
		return d->real_s * 1000;
	case SERIES_MINUTE:
		return d->minute_m * MINUTE_MS;
	case SERIES_HOUR:
		return HOUR_MS;
	case SERIES_DAY:
		return DAY_MS;
	default:
		return 0;
	}
}

static void watch_times(struct hj212 *g, struct hj212_live *l, const struct hj212_data *d, int64_t now_ms)
{
	int64_t *last = &l->at[d->kind], every = interval_of(l->device, d->kind);
	int64_t due = d->at_ms + (d->kind == SERIES_REAL ? 0 : every);
	bool late = now_ms - due > every + g->late_ms || (*last && d->at_ms < *last);
	COUNT(g, l, late, late);
	if (every && *last && d->at_ms - *last > every + every / 2) {
		int64_t missed = (d->at_ms - *last + every / 2) / every - 1;
		COUNT(g, l, missed, missed > MISSED_MAX ? MISSED_MAX : missed);
	}
	if (d->kind == SERIES_REAL && d->at_ms >= *last) /* what is filled in later says nothing of the clock */
		l->offset_ms = now_ms - d->at_ms;
	*last = d->at_ms > *last ? d->at_ms : *last;
}

static void watch_number(struct hj212 *g, struct hj212_live *l, str qn)
{
	uint64_t hash = qn.n ? str_hash(qn) | 1 : 0;
	if (!hash)
		return;
	for (size_t i = 0; i < COUNT_OF(l->seen); i++)
		if (l->seen[i] == hash) {
			COUNT(g, l, repeated, 1);
			return;
		}
	l->seen[l->seen_n++ % COUNT_OF(l->seen)] = hash;
}

static void store(struct hj212 *g, struct hj212_live *l, const struct hj212_data *d, int64_t now_ms)
{
	struct hj212_batch *b = g->current;
	struct reading *v = arena_raw(b->a, (d->n + 1) * sizeof *v);
	memcpy(v, d->v, d->n * sizeof *v);
	hj212_mean(l->device, v, d->n);
	vec_push(b->a, &b->packets,
		 (struct packet){ .station = l->device->station, .at_ms = d->at_ms, .received_ms = now_ms, .kind = d->kind,
				  .source = SERIES_DEVICE, .v = v, .n = d->n });
	if (!b->since_us)
		b->since_us = clock_monotonic_us();
	COUNT(g, l, packets, 1);
	COUNT(g, l, readings, (int64_t)d->n);
}

/* An upload: stored and promised. Returns what is wrong with it, NULL: nothing. */
static const char *take_data(struct hj212 *g, struct hj212_live *l, const struct hj212_head *h, int64_t now_ms, int64_t *ret_at)
{
	struct hj212_data *d = &g->data;
	hj212_read(&g->reader, h, d);
	COUNT(g, l, words, d->words);
	if (!d->has_data)
		return NULL;
	if (d->at_ms < EARLIEST_MS || d->at_ms > now_ms + FUTURE_MS) {
		COUNT(g, l, bad_time, 1);
		return "time";
	}
	*ret_at = d->at_ms;
	watch_times(g, l, d, now_ms);
	if (d->n)
		store(g, l, d, now_ms);
	return d->words ? "word" : NULL;
}

/* ---- the packet ---- */

static void refuse(struct hj212 *g, struct hj212_live *l, const struct hj212_conn *c, const struct hj212_head *h,
		   const struct hj212_frame *f, const char *why, int64_t now_ms)
{
	keep_raw(g, c, l, h->mn, h, f, why, INT64_MIN, now_ms);
}

/* A registration of 2025 may come without an MN: the logger's own number stands for it until one is given. */
static str name_of(const struct hj212_head *h)
{
	if (h->mn.n || !str_eq(h->cn, S("1001")))
		return h->mn;
	str own = hj212_value(h->cp, S("i23005-Info"));
	return own.p ? own : S("");
}

static void unknown(struct hj212 *g, struct hj212_live *l, const struct hj212_conn *c, str mn, const struct hj212_head *h,
		    const struct hj212_frame *f, int64_t now_ms)
{
	if (!l->device && !l->reported && g->unknown.n < UNKNOWN_MAX) {
		l->reported = true;
		vec_push(g->unknown_a, &g->unknown, l->mn);
		g->asked = true;
		pthread_cond_signal(&g->keep);
	}
	g->stats.unknown++;
	if (!l->device || !l->device->refused)
		keep_raw(g, c, l, mn, h, f, NULL, INT64_MIN, now_ms);
}

static void meet(struct hj212 *g, uint32_t slot, struct hj212_live *l, const struct hj212_head *h)
{
	struct hj212_conn *c = &g->conns[slot];
	c->live = l;
	c->good = true;
	c->junk = 0;
	if (l->slot != slot || l->gen != c->gen) {
		l->slot = slot;
		l->gen = c->gen;
		hj212_command_push(g, l);
	}
	if (h->flag >= 0)
		l->spoken = hj212_spoken(g->words, h);
	if (h->st.n < sizeof l->st && !str_eq(h->st, S("91"))) {
		memcpy(l->st, h->st.p ? h->st.p : "", h->st.n);
		l->st[h->st.n] = '\0';
	}
}

/* How many come, and from how many, says how long their batch waits for others. */
static void count_sender(struct hj212 *g, struct hj212_conn *c)
{
	gather_packet(&g->gather, &c->spoke, c->last_us);
	if (c->batch != g->stats.batches + 1)
		g->current->senders++;
	c->batch = g->stats.batches + 1;
}

static void obey(struct hj212 *g, uint32_t slot, struct hj212_live *l, const struct hj212_head *h, const struct hj212_frame *f, int64_t now_ms)
{
	struct hj212_conn *c = &g->conns[slot];
	int64_t at = INT64_MIN;
	const char *why = NULL;
	enum hj212_role role = hj212_word(g->words, h->cn)->role;
	meet(g, slot, l, h);
	count_sender(g, c);
	watch_number(g, l, h->qn);
	if (role == HJ212_UPLOAD)
		why = take_data(g, l, h, now_ms, &at);
	keep_raw(g, c, l, h->mn, h, f, f->fault == HJ212_FAULT_NONE ? why : NULL, at, now_ms);
	hj212_command_reply(g, l, h);
	if (role == HJ212_UPLOAD && !(why && str_eq(str_of(why), S("time"))))
		promise(g, slot, l, h);
	else if (role == HJ212_NOTICE)
		promise(g, slot, l, h);
}

void hj212_take(struct hj212 *g, uint32_t slot, const struct hj212_frame *f, int64_t now_ms)
{
	struct hj212_conn *c = &g->conns[slot];
	struct hj212_head h = { .flag = -1 };
	struct hj212_frame seen = *f;
	if (!hj212_head(f->segment, &h) || !h.whole)
		seen.fault = HJ212_FAULT_SEGMENT;
	str mn = name_of(&h);
	struct hj212_live *l = c->live && str_eq(c->live->mn, mn) ? c->live : hj212_live_of(g, mn);
	COUNT(g, l, frames, 1);
	count_fault(g, l, &seen);
	if (l) {
		l->last_ms = now_ms;
		l->dirty = true;
	}
	if (!l)
		keep_raw(g, c, NULL, mn.n ? S("?") : S(""), &h, &seen, "mn", INT64_MIN, now_ms);
	else if (!l->device || !l->device->approved)
		unknown(g, l, c, mn, &h, &seen, now_ms);
	else if (!crc_accepted(l->device->crc, &seen))
		refuse(g, l, c, &h, &seen, NULL, now_ms);
	else if (!hj212_peer_allowed(l->device->peers, str_of(c->peer))) {
		COUNT(g, l, peer, 1);
		refuse(g, l, c, &h, &seen, "peer", now_ms);
	} else if (!password_right(l, h.pw)) {
		COUNT(g, l, password, 1);
		refuse(g, l, c, &h, &seen, "password", now_ms);
	} else {
		obey(g, slot, l, &h, &seen, now_ms);
	}
}
