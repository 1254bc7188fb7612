/* Devices that are none: real handshakes, values with a day's curve, faults, late data. For trials, tests and measuring. */
#ifndef BH_GATEWAY_HJ212_SIMULATE_H
#define BH_GATEWAY_HJ212_SIMULATE_H

#include "base/arena.h"
#include "base/err.h"

enum { SIMULATE_CRC = 1, SIMULATE_LATE = 2, SIMULATE_HALF = 4, SIMULATE_JUNK = 8 };
struct simulation {
	const char *host, *port;
	str prefix;                /* of the MNs: <prefix>000001 … */
	str password;
	int64_t devices;           /* 1…20000 */
	double rate;               /* packets a second and device; 0: as fast as they are acknowledged */
	double seconds;
	int64_t items;             /* readings a packet, 1…20 */
	int64_t window;            /* packets a device may have unacknowledged */
	bool silent;               /* asks for no acknowledgement, but for the last packet's */
	int faults;                /* one packet in fifty each */
	uint64_t seed;
};
struct simulated {
	int64_t connected, failed, closed, sent, faulty, readings, acknowledged, expected, unasked, commands;
	double seconds;
	int64_t latency_us_p50, latency_us_p99;
};
err simulate(const struct simulation *how, struct simulated *ret, struct fail *f) MUST_USE;

#endif
