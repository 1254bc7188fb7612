/* The batch of readings, for the files that fill and follow it. */
#ifndef BH_SENSE_READING_PARTS_H
#define BH_SENSE_READING_PARTS_H

#include "base/map.h"
#include "base/vec.h"
#include "sense/reading.h"

struct open_packet {
	struct packet k;
	VEC(struct reading) v;
};
struct reading_batch {
	struct arena *a;
	struct series *s;
	enum series_source source;
	int64_t now_ms;
	size_t n;
	struct map by_key, codes;
	VEC(struct open_packet *) packets;
	struct open_packet *last;
};

#endif
