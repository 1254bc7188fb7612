/* How long packets wait for others so that they share a durable commit. Pure: the caller says what time it is.
 *
 * A device waits for its acknowledgement for seconds, a commit costs milliseconds: when many come, each may wait a little. Nobody
 * waits when those who spoke lately have all spoken, or when waiting would bring too few together. */
#ifndef BH_GATEWAY_HJ212_GATHER_H
#define BH_GATEWAY_HJ212_GATHER_H

#include <stdbool.h>
#include <stdint.h>

enum { GATHER_ENOUGH = 128, GATHER_WORTH = 8 };

struct gather {
	int64_t most_us;             /* nobody waits longer */
	double rate;                 /* packets a second, lately */
	int64_t from_us, counted;    /* what is being counted for it */
	int64_t second_us;
	uint32_t second;             /* number of the second, of one of ours */
	uint32_t now, before;        /* how many spoke in it, and in the one before */
};
void gather_begin(struct gather *g, int64_t most_us, int64_t now_us);
/* One packet. *spoke: the sender's own, 0 at first. */
void gather_packet(struct gather *g, uint32_t *spoke, int64_t now_us);
/* So long is waited from the first of `n` packets of `senders` on; 0: no longer. */
int64_t gather_us(struct gather *g, int64_t n, uint32_t senders, int64_t now_us);

#endif
