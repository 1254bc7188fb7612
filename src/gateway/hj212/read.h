/* From a packet's data region to readings. */
#ifndef BH_GATEWAY_HJ212_READ_H
#define BH_GATEWAY_HJ212_READ_H

#include "gateway/hj212/frame.h"
#include "gateway/hj212/words.h"

/* The number of a code; false when it cannot be given (the reading is left out and counted). */
typedef bool hj212_item_fn(void *arg, str code, uint32_t *ret);

enum { HJ212_READINGS_MAX = 1024 };

struct hj212_data {
	bool has_data;               /* an upload of values, by the command word */
	enum series_kind kind;
	int64_t at_ms;               /* INT64_MIN: no DataTime, or an impossible one */
	size_t n;
	struct reading v[HJ212_READINGS_MAX];
	int words;                   /* values that are no numbers (NaN, 10-digit texts …) or had no item */
};
/* Remembers the numbers of short codes, so that the dictionary is asked once for each. One a thread; begins zeroed. */
enum { HJ212_CODES = 1024 };
struct hj212_reader {
	const struct hj212_words *words;
	hj212_item_fn *item;
	void *arg;
	struct hj212_known {
		uint64_t code;       /* up to eight bytes, the first one highest; 0 is empty */
		uint64_t bytes, mask; /* the same as it lies in memory; mask 0: not known yet */
		const struct hj212_known *next; /* what followed it last */
		uint32_t item;
		uint8_t n;
	} known[HJ212_CODES];
};
/* Reads an upload. `ret` is large: keep one a thread. */
void hj212_read(struct hj212_reader *r, const struct hj212_head *h, struct hj212_data *ret);

#endif
