/* What the files of the gateway share. */
#ifndef BH_GATEWAY_HJ212_SERVER_PARTS_H
#define BH_GATEWAY_HJ212_SERVER_PARTS_H

#include <pthread.h>

#include "base/map.h"
#include "base/vec.h"
#include "gateway/hj212/answer.h"
#include "gateway/hj212/gather.h"
#include "gateway/hj212/read.h"
#include "gateway/hj212/server.h"
#include "sense/series.h"

enum hj212_crc_policy { HJ212_STRICT, HJ212_MODBUS, HJ212_SWAPPED, HJ212_REPORT };

/* ---- devices, read from the store ---- */

struct hj212_meaning {
	uint32_t from, to;
	struct decimal factor;
};
struct hj212_usual {             /* of a medium: item by item, 0: itself */
	uint32_t *to;
	size_t n;
};
struct hj212_device {
	int64_t region, station;     /* station 0: not approved */
	str mn;
	bool approved, refused;
	int dialect;                 /* enum hj212_dialect, -1: as it speaks */
	enum hj212_crc_policy crc;
	enum hj212_answers answers;
	str salt, mac, peers;
	int64_t real_s, minute_m;
	const struct hj212_meaning *meanings;  /* of its station's codes */
	size_t nmeanings;
	const struct hj212_usual *usual;
};
struct hj212_registry {
	struct arena *a;
	struct map by_mn;            /* struct hj212_device * */
	struct map usual;            /* struct hj212_usual * by medium */
	size_t n;
};
/* The number of a code as this house counts it: codes of 2005 become those of 2017. */
struct hj212_dictionary {
	struct series *series;
	struct arena *a;
	struct map old;              /* "011" -> str * "w01018" */
	int64_t made, second;        /* new codes in this second */
};
err hj212_dictionary_read(const struct catalog *c, struct arena *a, int64_t today, struct hj212_dictionary *ret, struct fail *f) MUST_USE;
bool hj212_dictionary_item(void *dictionary, str code, uint32_t *ret);
err hj212_registry_read(const struct app *app, struct hj212_dictionary *d, struct hj212_registry **ret, struct fail *f) MUST_USE;
void hj212_registry_free(struct hj212_registry *r);
bool hj212_peer_allowed(str peers, str peer);
/* Readings as their station means them. */
void hj212_mean(const struct hj212_device *d, struct reading *v, size_t n);

/* ---- what is known of a device while the program runs ---- */

struct hj212_sent {              /* a command */
	int64_t region, id;
	str cn, body;
	char qn[24];
	enum hj212_progress progress;
	bool sent;
	int tries;
	int64_t until_us, made_ms;
	struct buf answer;
	struct arena *a;
	struct hj212_sent *next;
};
struct hj212_live {
	str mn;
	const struct hj212_device *device;   /* NULL: not in the store yet */
	bool reported;                       /* as unknown */
	int64_t kept_unknown;                /* bytes of raw frames kept in this hour */
	uint32_t slot, gen;                  /* its connection; gen 0: none */
	char pw[72];                         /* the password that was right last */
	size_t pw_n;
	bool pw_known;
	enum hj212_dialect spoken;
	char st[8];
	int64_t hour, last_ms, offset_ms;
	int64_t at[SERIES_KIND_COUNT];       /* newest data by kind, 0: none */
	uint64_t seen[8];                    /* hashes of request numbers */
	unsigned seen_n;
	struct hj212_counts counts;          /* of the hour, not yet written */
	bool dirty;
	int64_t clock_set_ms;
	struct hj212_sent *commands;
};

/* ---- connections ---- */

struct hj212_conn {
	int fd;                      /* -1: free */
	uint32_t gen, events;
	char *in, *out;
	size_t nin, nout, out_cap;
	int64_t opened_us, last_us, half_us, second;
	int64_t junk, frames;        /* since the last good packet; in this second */
	uint32_t spoke;              /* when it spoke last, as the gathering counts */
	int64_t batch;               /* the last it had a packet in */
	bool good, paused, dirty;
	struct hj212_live *live;
	char peer[48];
};

/* Packets that are committed together, and what is said once they are. */
struct hj212_ack {
	uint32_t slot, gen;
	uint32_t offset, n;
	struct hj212_live *live;
};
struct hj212_batch {
	struct hj212 *g;
	struct arena *a;
	VEC(struct packet) packets;
	VEC(struct hj212_ack) acks;
	struct buf text;             /* of the acknowledgements */
	uint32_t senders;            /* connections with a packet in it */
	int64_t since_us;
	err result;
	struct hj212_batch *next;
};

struct hj212_update {            /* of a command, for the store */
	int64_t region, id, done_ms, tries;
	const char *state;
	char qn[24];
	str answer;
	struct hj212_update *next;
};

enum { HJ212_READ = 64 << 10 };
#define HJ212_LISTENER UINT64_MAX         /* events that are no connection's */
#define HJ212_WAKE (UINT64_MAX - 1)
struct hj212 {
	struct hj212_options o;
	const struct app *app;
	int listener, epoll, wake, port;
	pthread_t server, keeper;
	bool keeping;
	pthread_mutex_t lock;        /* everything below but `done` */
	struct hj212_crc crc;
	struct hj212_words *words;
	int64_t late_ms;             /* after its interval: late */
	struct hj212_dictionary dictionary;
	struct hj212_registry *registry;
	int64_t stamp[4];
	pthread_mutex_t refreshing;  /* taken before `lock` */
	struct raw *raw;
	struct arena *a;
	struct map lives;            /* struct hj212_live * by MN */
	VEC(struct hj212_live *) all;
	VEC(str) unknown;            /* to be written down */
	struct arena *unknown_a;
	struct hj212_conn *conns;
	uint32_t nslots;
	VEC(uint32_t) free_slots;
	VEC(uint32_t) touched;       /* connections with something to send */
	struct gather gather;
	struct hj212_batch *current, *spare;
	int flying;
	struct hj212_reader reader;
	struct hj212_data data;
	char buffer[HJ212_READ + HJ212_RAW_MAX];
	struct hj212_stats stats;
	int64_t last_tick_us;
	bool stopping;
	/* the keeper's */
	pthread_cond_t keep;
	bool asked;
	struct hj212_update *updates, **updates_end;
	struct arena *updates_a;
	/* finished batches, from the writer's thread */
	pthread_mutex_t done_lock;
	struct hj212_batch *done;
};

/* What a packet does (take.c); under the lock. */
void hj212_take(struct hj212 *g, uint32_t slot, const struct hj212_frame *f, int64_t now_ms);
struct hj212_live *hj212_live_of(struct hj212 *g, str mn);
/* The thread of all connections (server.c). */
void *hj212_serve(void *gateway);
struct hj212_batch *hj212_new_batch(struct hj212 *g);
/* Sending (server.c); under the lock. */
bool hj212_send(struct hj212 *g, uint32_t slot, str segment, enum hj212_crc_policy crc);
void hj212_flush_all(struct hj212 *g);
/* Commands (command.c); under the lock. */
void hj212_command_reply(struct hj212 *g, struct hj212_live *l, const struct hj212_head *h);
void hj212_command_push(struct hj212 *g, struct hj212_live *l);
void hj212_command_tick(struct hj212 *g);
void hj212_command_add(struct hj212 *g, struct hj212_live *l, int64_t region, int64_t id, str cn, str body, int64_t made_ms);
/* The housekeeper (keeper.c). */
void *hj212_keep(void *gateway);
err hj212_keep_first(struct hj212 *g, struct fail *f) MUST_USE;
size_t hj212_seal(const struct hj212_crc *t, str segment, enum hj212_crc_policy policy, char *out);

#endif
