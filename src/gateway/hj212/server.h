/* The gateway for devices that speak HJ 212 over TCP: takes packets, stores what they say, and acknowledges what is stored.
 *
 * One thread serves all connections; what arrives together is one put into the store of readings, and acknowledgements leave
 * after its commit. A second thread keeps house: devices that were approved, commands, counts, files that are too old. */
#ifndef BH_GATEWAY_HJ212_SERVER_H
#define BH_GATEWAY_HJ212_SERVER_H

#include "core/app.h"
#include "gateway/hj212/raw.h"

struct hj212_options {
	const struct app *app;
	const char *listen;          /* "127.0.0.1:9212", port 0: any free port */
	int64_t connections;         /* at most; 0: 10,000 */
	int64_t frames_s;            /* a connection's frames a second, more wait; 0: 5,000 */
	int64_t idle_s;              /* silent connections end; 0: 7,200 */
	int64_t partial_s;           /* half a packet, or a connection without any, for so long; 0: 60 */
	int64_t gather_ms;           /* packets wait so long for others at most, when many come; negative: 100 */
	int64_t keep_days;           /* raw frames; 0: 30 */
	int64_t clock_limit_s;       /* devices whose clock is off by more are set right, 0: never */
	int64_t timeout_s, retries;  /* of commands; 0: those of the catalog */
};

struct hj212;
err hj212_start(const struct hj212_options *o, struct hj212 **ret, struct fail *f) MUST_USE;
int hj212_port(const struct hj212 *g);
void hj212_stop(struct hj212 *g);    /* accepts NULL; what was taken is committed and acknowledged */

/* What is counted, per device and in all. */
#define HJ212_COUNTS(X)                                                                                                  \
	X(frames) X(packets) X(readings) X(words) X(late) X(missed) X(repeated) X(acked) X(frame) X(length) X(crc_modbus)  \
	X(crc_swapped) X(crc_none) X(segment) X(bad_time) X(password) X(peer)
struct hj212_counts {
#define X(name) int64_t name;
	HJ212_COUNTS(X)
#undef X
};

struct hj212_stats {
	struct hj212_counts counts;
	int64_t connections, accepted, refused;   /* refused: more than allowed */
	int64_t closed_idle, closed_partial, closed_junk, closed_slow;
	int64_t devices;                          /* that it knows something of */
	int64_t junk_bytes, batches, failed_batches, unknown, paused;
};
struct hj212_stats hj212_stats(struct hj212 *g);

/* A device as it is now: what its hour counted that the store does not hold yet. */
struct hj212_now {
	bool known, online;
	char peer[64];
	int64_t hour, last_ms, offset_ms;
	struct hj212_counts counts;
};
struct hj212_now hj212_now(struct hj212 *g, str mn);
struct raw *hj212_raw(struct hj212 *g);
/* What was decided about devices holds when this returns. */
void hj212_refresh(struct hj212 *g);
void hj212_wake(struct hj212 *g);    /* commands wait: look now */

#endif
