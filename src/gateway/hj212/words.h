/* The words of HJ 212 as its edition in the catalog has them: what a command word is for when it comes in, what a field says of
 * its item, which dialect a version is. */
#ifndef BH_GATEWAY_HJ212_WORDS_H
#define BH_GATEWAY_HJ212_WORDS_H

#include "core/catalog.h"
#include "sense/series.h"

enum hj212_dialect { HJ212_2005, HJ212_2017, HJ212_2025, HJ212_DIALECTS };

/* What an incoming packet is for. */
enum hj212_role {
	HJ212_OTHER,
	HJ212_UPLOAD,        /* values or a report */
	HJ212_NOTICE,        /* asks for the time, heartbeat, registration */
	HJ212_REPLY,         /* to a command of ours, with our QN */
};
struct hj212_word {
	enum hj212_role role;
	char answer[5];      /* the command word that answers it, "": none */
	bool values;         /* readings of `kind` */
	enum series_kind kind;
};

enum hj212_means { HJ212_MEANS_NOTHING, HJ212_MEANS_VALUE, HJ212_MEANS_FLAG, HJ212_MEANS_ITEM };
struct hj212_field {
	uint64_t word;       /* the last eight bytes of the name, the first one highest; 0: empty */
	str name;
	uint8_t means;       /* enum hj212_means */
	uint8_t what;        /* enum series_what */
};

enum { HJ212_WORDS = 10000, HJ212_FIELDS = 64, HJ212_VERSIONS = 64 };
struct hj212_words {
	struct hj212_word by_number[HJ212_WORDS];    /* command words are four digits */
	struct hj212_field fields[HJ212_FIELDS];     /* open addressing */
	enum hj212_dialect versions[HJ212_VERSIONS]; /* by the flag's bits V */
};

/* The edition in force on a day. */
err hj212_words_read(const struct catalog *c, struct arena *a, int64_t day, struct hj212_words **ret, struct fail *f) MUST_USE;

static inline const struct hj212_word *hj212_word(const struct hj212_words *w, str cn)
{
	static const struct hj212_word none;
	unsigned n = 0;
	if (cn.n != 4)
		return &none;
	for (int i = 0; i < 4; i++) {
		unsigned d = (unsigned char)cn.p[i] - (unsigned)'0';
		if (d > 9)
			return &none;
		n = n * 10 + d;
	}
	return &w->by_number[n];
}

static inline const struct hj212_field *hj212_field(const struct hj212_words *w, uint64_t word)
{
	size_t i = (size_t)(word * UINT64_C(0x9E3779B97F4A7C15) >> 58);
	while (w->fields[i].word && w->fields[i].word != word)
		i = (i + 1) % HJ212_FIELDS;
	return &w->fields[i];
}

#endif
