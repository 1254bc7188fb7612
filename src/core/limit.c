#include "core/limit.h"

#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/crypto.h"

enum { WAYS = 8, SETS = 1024 };

struct bucket {
	uint64_t key;          /* 0: free */
	double tokens;
	int64_t at_ms;
};
struct limits {
	pthread_mutex_t lock;
	unsigned char secret[32];
	struct bucket sets[SETS][WAYS];
};

struct limits *limits_new(void)
{
	struct limits *l = calloc(1, sizeof *l);
	if (!l)
		abort();
	pthread_mutex_init(&l->lock, NULL);
	random_bytes(l->secret, sizeof l->secret);
	return l;
}

void limits_free(struct limits *l)
{
	if (!l)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l);
}

str limit_peer(str address, char out[static 48])
{
	unsigned char six[16], four[4];
	char text[64];
	snprintf(text, sizeof text, STR_FMT, STR_ARG(address));
	if (inet_pton(AF_INET6, text, six) == 1) {
		bool mapped = !memcmp(six, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
		if (mapped)
			snprintf(out, 48, "%d.%d.%d.%d", six[12], six[13], six[14], six[15]);
		else
			snprintf(out, 48, "%02x%02x:%02x%02x:%02x%02x:%02x%02x", six[0], six[1], six[2], six[3], six[4], six[5],
				 six[6], six[7]);
		return str_of(out);
	}
	snprintf(out, 48, "%.47s", inet_pton(AF_INET, text, four) == 1 ? text : "");
	return str_of(out);
}

static uint64_t key_of(const struct limits *l, const struct limit_rule *r, str peer)
{
	unsigned char mac[HASH_SIZE];
	char text[128], part[48];
	uint64_t key;
	int n = snprintf(text, sizeof text, STR_FMT "\n" STR_FMT, STR_ARG(r->id), STR_ARG(r->everybody ? S("*") : limit_peer(peer, part)));
	hmac_sha256((str){ (const char *)l->secret, sizeof l->secret }, (str){ text, (size_t)n }, mac);
	memcpy(&key, mac, sizeof key);
	return key ? key : 1;
}

static struct bucket *find(struct limits *l, const struct limit_rule *r, uint64_t key, int64_t now_ms)
{
	struct bucket *set = l->sets[key % SETS], *oldest = set;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].at_ms < oldest->at_ms)
			oldest = &set[i];
	}
	*oldest = (struct bucket){ key, r->burst, now_ms };
	return oldest;
}

static int64_t ask(struct limits *l, const struct limit_rule *r, str peer, int64_t now_ms, bool take)
{
	pthread_mutex_lock(&l->lock);
	struct bucket *b = find(l, r, key_of(l, r, peer), now_ms);
	double rate = r->per_hour / 3600000; /* a millisecond */
	if (now_ms > b->at_ms)
		b->tokens = fmin(r->burst, b->tokens + (double)(now_ms - b->at_ms) * rate);
	b->at_ms = now_ms;
	int64_t wait = b->tokens >= 1 ? 0 : (int64_t)ceil((1 - b->tokens) / rate / 1000);
	if (!wait && take)
		b->tokens -= 1;
	pthread_mutex_unlock(&l->lock);
	return wait;
}

int64_t limit_take(struct limits *l, const struct limit_rule *r, str peer, int64_t now_ms)
{
	return ask(l, r, peer, now_ms, true);
}

int64_t limit_look(struct limits *l, const struct limit_rule *r, str peer, int64_t now_ms)
{
	return ask(l, r, peer, now_ms, false);
}
