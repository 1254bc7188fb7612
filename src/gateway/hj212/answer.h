/* What the platform says back, and what it asks of devices: segments of HJ 212 in the dialect the device speaks. Pure. */
#ifndef BH_GATEWAY_HJ212_ANSWER_H
#define BH_GATEWAY_HJ212_ANSWER_H

#include "base/buf.h"
#include "gateway/hj212/frame.h"
#include "gateway/hj212/words.h"

const char *hj212_dialect_name(enum hj212_dialect d);
bool hj212_dialect_of(str name, enum hj212_dialect *ret) MUST_USE;     /* "2005" … */
/* What a packet is written in, by its flag's version bits. */
enum hj212_dialect hj212_spoken(const struct hj212_words *w, const struct hj212_head *h);

enum hj212_answers { HJ212_AS_ASKED, HJ212_ALWAYS, HJ212_NEVER };
/* The segment that answers `h`, with its QN unchanged; empty when none is due. 2005 carries the QN within CP. */
str hj212_answer(const struct hj212_words *w, struct arena *a, const struct hj212_head *h, enum hj212_answers policy);

/* A command: HJ 212-2017 table 9. `body` stands between && and &&; Flag asks for an answer. */
struct hj212_command {
	enum hj212_dialect dialect;
	str qn, st, cn, pw, mn, body;
};
str hj212_command(struct arena *a, const struct hj212_command *c);
/* "20261122213000123" of a moment, China's time. */
str hj212_qn(struct arena *a, int64_t ms);
/* The value of a name in a data region, the null string when it is not there. */
str hj212_value(str cp, str name);

/* How a command stands after an answer. Two waits: for 9011, then for data and 9012 (6.2). */
enum hj212_progress { HJ212_WAITING, HJ212_ACCEPTED, HJ212_DONE, HJ212_REFUSED, HJ212_FAILED };
enum hj212_progress hj212_progress(enum hj212_progress before, const struct hj212_head *reply);

#endif
