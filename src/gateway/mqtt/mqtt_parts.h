/* What the files of the client share. Everything but stats, asked and stopping belongs to its thread. */
#ifndef BH_GATEWAY_MQTT_PARTS_H
#define BH_GATEWAY_MQTT_PARTS_H

#include <pthread.h>

#include "base/map.h"
#include "base/vec.h"
#include "gateway/mqtt/mqtt.h"
#include "gateway/mqtt/payload.h"
#include "sense/reading.h"

enum { MQTT_TOPICS_MAX = 10000, MQTT_HELD_MAX = 500, MQTT_HELD_BYTES = 16 << 10, MQTT_SAMPLE = 200, MQTT_BATCH = 2000 };

/* What happened to a topic since it was written down last. */
struct mqtt_tally {
	int64_t messages, readings, faults, held, lost, offline, changed_ms, last_ms;
	int online;                  /* -1: not said */
	char sample[MQTT_SAMPLE + 4];
};
struct mqtt_known {
	int64_t region, id, held;
	str topic, item;
	enum series_kind kind;
	bool approved, refused, presence;
	struct station station;
	struct station_item *items;
	size_t nitems;
	struct mqtt_tally tally;
	bool dirty;
};
/* A message that nobody has spoken for. */
struct mqtt_hold {
	str topic, payload;
	int64_t at_ms;
};

struct mosquitto;
struct mqtt {
	struct mqtt_options o;
	const struct app *app;
	char host[200];
	int port, wake;
	bool tls;
	pthread_t thread;
	pthread_mutex_t lock;        /* guards stats, asked, served, stopping */
	pthread_cond_t done;         /* of `served` */
	struct mqtt_stats stats;
	int64_t asked, served;       /* how often topics were to be read anew, and were */
	bool stopping, running;
	/* the thread's */
	struct mosquitto *m;
	bool lost;                   /* the connection is of no use any more */
	int64_t tries, written_us, named; /* named: codes made anew */
	int64_t stamp[4];
	struct arena *topics_a;
	struct map by_topic;         /* struct mqtt_known * */
	VEC(struct mqtt_known *) all, patterns;
	struct arena *own;           /* where this stands */
	struct arena *a;             /* of the batch */
	struct reading_batch *batch;
	VEC(struct mqtt_hold) holds;
};

/* topics.c */
err mqtt_topics_read(struct mqtt *g, struct fail *f) MUST_USE;  /* anew, if something changed */
struct mqtt_known *mqtt_topic_of(struct mqtt *g, str topic);    /* NULL: nobody has spoken of it */
/* take.c */
void mqtt_take(struct mqtt *g, str topic, str payload, bool retained, int64_t now_ms);
/* Everything that was taken is durable afterwards, or nothing of it. */
err mqtt_commit(struct mqtt *g, struct fail *f) MUST_USE;
err mqtt_write_tallies(struct mqtt *g, struct fail *f) MUST_USE;
/* Messages that waited for somebody to say what their topic is. */
err mqtt_read_held(struct mqtt *g, struct fail *f) MUST_USE;

#define MQTT_COUNT(g, name, k)                                                                     \
	do {                                                                                       \
		pthread_mutex_lock(&(g)->lock);                                                    \
		(g)->stats.counts.name += (k);                                                     \
		pthread_mutex_unlock(&(g)->lock);                                                  \
	} while (0)

#endif
