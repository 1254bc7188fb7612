/* Frame to readings with the check sum, on one core, beside a bare portable pass over the same bytes: the same check sum and
 * a scan that finds every pair's name, value and number. Prints one JSON object.
 *
 *   hj212 [SECONDS [FILE]]     FILE: the packets are written there, for other readers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/map.h"
#include "gateway/hj212/read.h"

enum { PACKETS = 20000, STATIONS = 2000, ITEMS = 10, TODAY = 20000 /* since 1970: 2024 */ };

static const char *const codes[ITEMS] = { "a34004", "a34002", "a21026", "a21004", "a21005", "a05024", "w01018", "w21003", "w21011", "w01001" };

static double cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t lcg(uint32_t *x)
{
	return (*x = *x * 1664525u + 1013904223u) >> 8;
}

/* 40 % real time with flags, 50 % minutes with extremes, 10 % hours with amounts: what stations send. */
static size_t make(const struct hj212_crc *t, char *out, size_t room)
{
	uint32_t x = 7;
	size_t n = 0;
	char seg[HJ212_SEGMENT_MAX];
	for (int i = 0; i < PACKETS; i++) {
		int kind = i % 10 < 4 ? 0 : i % 10 < 9 ? 1 : 2;
		static const char *const cn[] = { "2011", "2051", "2061" };
		int k = snprintf(seg, sizeof seg, "QN=202611220%05d%03d;ST=22;CN=%s;PW=123456;MN=010000A8900016F0%08X;Flag=5;CP=&&DataTime=20261122%02d%02d00", i % 86400, i % 1000,
				 cn[kind], i % STATIONS, i / 60 % 24, i % 60);
		for (int c = 0; c < ITEMS; c++) {
			unsigned a = lcg(&x) % 200, b = lcg(&x) % 1000;
			if (kind == 0)
				k += snprintf(seg + k, sizeof seg - (size_t)k, ";%s-Rtd=%u.%03u,%s-Flag=N", codes[c], a, b, codes[c]);
			else
				k += snprintf(seg + k, sizeof seg - (size_t)k, ";%s%s%s%u.%u,%s-Min=%u.%03u,%s-Avg=%u.%03u,%s-Max=%u.%03u,%s-Flag=N", codes[c],
					      kind == 2 ? "-Cou=" : "-ZsAvg=", "", a * 3, b % 10, codes[c], a, b % 500, codes[c], a + 1, b, codes[c], a + 2, b, codes[c]);
		}
		k += snprintf(seg + k, sizeof seg - (size_t)k, "&&");
		if (n + HJ212_RAW_MAX > room)
			break;
		n += hj212_write(t, (str){ seg, (size_t)k }, out + n);
	}
	return n;
}

/* A dictionary as a gateway keeps it. */
struct items {
	struct map map;
	uint32_t next;
};
static bool item_of(void *arg, str code, uint32_t *ret)
{
	struct items *it = arg;
	size_t v = (size_t)map_get(&it->map, code);
	if (!v) {
		v = ++it->next;
		map_put(&it->map, code, (void *)v); /* codes of this bench live for ever */
	}
	*ret = (uint32_t)v;
	return true;
}

static size_t ours(const struct hj212_crc *t, str all, struct hj212_reader *r, struct hj212_data *d, size_t *ret_packets)
{
	size_t readings = 0;
	while (all.n) {
		struct hj212_frame f;
		struct hj212_head h;
		enum hj212_found found;
		size_t done = hj212_next(t, all, true, &f, &found);
		if (found == HJ212_FRAME && f.fault == HJ212_FAULT_NONE && hj212_head(f.segment, &h)) {
			hj212_read(r, &h, d);
			readings += d->n;
			++*ret_packets;
		}
		all = str_sub(all, done, all.n);
	}
	return readings;
}

/* The floor: framing by the length field, the sum, and one pass that cuts at ; , = and reads decimals. */
static size_t bare(const struct hj212_crc *t, str all, size_t *ret_packets)
{
	size_t values = 0;
	volatile uint64_t sink = 0;
	for (size_t at = 0; at + 12 <= all.n;) {
		const char *p = all.p + at;
		size_t len = (size_t)((p[2] - '0') * 1000 + (p[3] - '0') * 100 + (p[4] - '0') * 10 + (p[5] - '0'));
		const char *seg = p + 6, *end = seg + len;
		unsigned sum = hj212_crc(t, seg, len);
		uint64_t m = 0, h = 0;
		bool value = false;
		sink += sum;
		for (const char *q = seg; q < end; q++) {
			char c = *q;
			if (c == '=') {
				value = true;
				m = 0;
			} else if (c == ';' || c == ',' || c == '&') {
				values += value;
				sink += m + h;
				value = false;
				h = 0;
			} else if (value) {
				if (c >= '0' && c <= '9')
					m = m * 10 + (uint64_t)(c - '0');
			} else {
				h = h * 31 + (unsigned char)c;
			}
		}
		at += len + 12;
		++*ret_packets;
	}
	return values;
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 0.5, best[2] = { 0 };
	size_t room = (size_t)PACKETS * 1200, packets = 0, readings = 0;
	char *bytes = malloc(room);
	struct hj212_crc t;
	struct hj212_data *d = malloc(sizeof *d);
	AUTO(arena_drop) struct arena *a = arena_new();
	struct items it = { MAP(a), 0 };
	struct hj212_reader *r = calloc(1, sizeof *r);
	if (!bytes || !d || !r)
		return 1;
	struct catalog *cat;
	struct hj212_words *words;
	if (catalog_load(NULL, &cat, NULL) != ERR_OK || hj212_words_read(cat, a, TODAY, &words, NULL) != ERR_OK)
		return 1;
	r->words = words;
	r->item = item_of;
	r->arg = &it;
	hj212_crc_init(&t);
	str all = { bytes, make(&t, bytes, room) };
	FILE *out = argc > 2 ? fopen(argv[2], "wb") : NULL;
	if (out && (fwrite(all.p, 1, all.n, out) != all.n || fclose(out)))
		return 1;
	for (int round = 0; round < 10; round++) {
		double from = cpu();
		size_t n = 0;
		do {
			size_t k = 0;
			readings = round % 2 ? bare(&t, all, &k) : ours(&t, all, r, d, &k);
			n += packets = k;
		} while (cpu() - from < seconds / 2);
		double rate = (double)n / (cpu() - from);
		if (rate > best[round % 2])
			best[round % 2] = rate;
	}
	size_t k = 0;
	readings = ours(&t, all, r, d, &k);
	printf("{\"packets_per_s\":%.0f,\"bare_per_s\":%.0f,\"ratio\":%.3f,\"mb_per_s\":%.0f,\"readings_per_packet\":%.1f,\"packets\":%zu}\n", best[0], best[1], best[0] / best[1],
	       best[0] * (double)all.n / (double)packets / 1e6, (double)readings / (double)k, k);
	free(bytes);
	free(d);
	free(r);
	return 0;
}
