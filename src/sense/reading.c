#include "sense/reading.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "sense/reading_parts.h"

enum { YEAR_1990_MS_K = 631123200 };

bool reading_time_ok(int64_t at_ms, int64_t now_ms)
{
	return at_ms >= (int64_t)YEAR_1990_MS_K * 1000 && at_ms <= now_ms + 3600000;
}

bool decimal_of_f64(double v, struct decimal *ret)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct buf b = BUF(a);
	if (!isfinite(v))
		return false;
	json_put_f64(&b, v);
	return decimal_parse(buf_str(&b), ret);
}

struct reading_batch *reading_batch_new(struct arena *a, struct series *s, enum series_source source, int64_t now_ms)
{
	struct reading_batch *b = NEW(a, struct reading_batch);
	*b = (struct reading_batch){ .a = a, .s = s, .source = source, .now_ms = now_ms, .by_key = MAP(a), .codes = MAP(a) };
	return b;
}

static struct open_packet *packet_of(struct reading_batch *b, int64_t station, enum series_kind kind, int64_t at_ms)
{
	if (b->last && b->last->k.station == station && b->last->k.kind == kind && b->last->k.at_ms == at_ms)
		return b->last;
	str key = arena_printf(b->a, "%lld %d %lld", (long long)station, (int)kind, (long long)at_ms);
	b->last = map_get(&b->by_key, key);
	if (b->last)
		return b->last;
	b->last = NEW(b->a, struct open_packet);
	*b->last = (struct open_packet){ .k = { .station = station, .at_ms = at_ms, .received_ms = b->now_ms, .kind = kind, .source = b->source } };
	map_put(&b->by_key, key, b->last);
	vec_push(b->a, &b->packets, b->last);
	return b->last;
}

/* Numbers of items are asked for once a batch. */
static err item_number(struct reading_batch *b, str item, uint32_t *ret, struct fail *f)
{
	uint32_t *known = map_get(&b->codes, item);
	if (!known) {
		uint32_t id;
		TRY(series_item(b->s, item, &id, f));
		known = NEW(b->a, uint32_t);
		*known = id;
		map_put(&b->codes, arena_str(b->a, item), known);
	}
	*ret = *known;
	return ERR_OK;
}

err reading_batch_add(struct reading_batch *b, const struct station_kinds *kinds, const struct station *st, const struct station_item *items,
		      size_t nitems, enum series_kind kind, int64_t at_ms, str code, enum series_what what, struct decimal value, char flag,
		      struct fail *f)
{
	struct station_item it = station_item_of(kinds, st, items, nitems, code);
	struct reading r = { .what = (uint8_t)what, .flag = flag, .value = decimal_times(value, it.factor) };
	TRY(item_number(b, it.item, &r.item, f));
	vec_push(b->a, &packet_of(b, st->id, kind, at_ms)->v, r);
	b->n++;
	return ERR_OK;
}

size_t reading_batch_size(const struct reading_batch *b)
{
	return b->n;
}

err reading_batch_put(struct reading_batch *b, struct series_put *ret, struct fail *f)
{
	struct packet *v = NEW_N(b->a, struct packet, b->packets.n + 1);
	for (size_t i = 0; i < b->packets.n; i++) {
		v[i] = b->packets.v[i]->k;
		v[i].v = b->packets.v[i]->v.v;
		v[i].n = b->packets.v[i]->v.n;
	}
	return series_put(b->s, v, b->packets.n, ret, f);
}
