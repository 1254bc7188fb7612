/* Readings from a broker of MQTT (3.1.1). The house is a client with a session that lasts: a message of quality 1 is acknowledged
 * only when what it says is committed, so what arrives while the house is away, or when it is killed, comes again. Messages of
 * quality 0 have no such promise.
 *
 * What a topic means is data (mqtt_topic). Topics nobody has spoken for are quarantined, their messages kept up to a limit and read
 * once somebody has. One thread. */
#ifndef BH_GATEWAY_MQTT_MQTT_H
#define BH_GATEWAY_MQTT_MQTT_H

#include "core/app.h"

struct mqtt_options {
	const struct app *app;
	str url;                     /* mqtt://host[:port], mqtts://host[:port] */
	str user, password;          /* empty: none */
	str client;                  /* its name at the broker; empty: bihuan-<home region> */
	str topics;                  /* what to subscribe, parted by blanks */
	str ca;                      /* file of the authorities mqtts trusts; empty: the system's */
};
#define MQTT_COUNTS(X)                                                                                                   \
	X(messages) X(readings) X(words) X(empty) X(large) X(json) X(shape) X(time) X(bad_time) X(retained) X(unknown) X(refused)   \
	X(lost) X(presence) X(offline) X(batches) X(failed_batches) X(connects) X(disconnects) X(failed_connects)
struct mqtt_counts {
#define X(name) int64_t name;
	MQTT_COUNTS(X)
#undef X
};
struct mqtt_stats {
	struct mqtt_counts counts;
	bool connected;
	int64_t since_ms;            /* connected or not */
	char address[256], client[64], trouble[128];
};

struct mqtt;
err mqtt_start(const struct mqtt_options *o, struct mqtt **ret, struct fail *f) MUST_USE;
void mqtt_stop(struct mqtt *g);      /* accepts NULL; what was taken is committed and acknowledged */
struct mqtt_stats mqtt_stats(struct mqtt *g);
/* What was decided about topics holds when this returns; where the client hangs on the network, two seconds later at most. */
void mqtt_refresh(struct mqtt *g);

#endif
