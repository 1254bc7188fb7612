/* Packets of HJ 212 in a stream of bytes: framing with resynchronisation, the check sum, and the fields of a segment. Pure:
 * everything points into the caller's bytes. Real devices deviate in many ways; what deviates is marked, not lost. */
#ifndef BH_GATEWAY_HJ212_FRAME_H
#define BH_GATEWAY_HJ212_FRAME_H

#include "gateway/hj212/crc.h"

enum { HJ212_SEGMENT_MAX = 9999, HJ212_RAW_MAX = HJ212_SEGMENT_MAX + 16 };

/* What is wrong with a packet. */
#define HJ212_FAULTS(X)                                                                            \
	X(NONE, "")                                                                                \
	X(FRAME, "frame")         /* no ##, no four digits, no end */                              \
	X(LENGTH, "length")       /* the length field is not the segment's */                      \
	X(CRC, "crc")                                                                              \
	X(SEGMENT, "segment")     /* no CP=&&…&& or a field that cannot be read */
enum hj212_fault {
#define X(id, name) HJ212_FAULT_##id,
	HJ212_FAULTS(X)
#undef X
	HJ212_FAULT_COUNT
};
const char *hj212_fault_name(enum hj212_fault f);

struct hj212_frame {
	str raw;                   /* ## … CRC, without CR LF */
	str segment;               /* QN= … && */
	int declared;              /* the length field; -1 when it is none */
	uint16_t sent;             /* the check sum that was sent */
	enum hj212_crc_kind crc;
	enum hj212_fault fault;    /* the first of: frame, length, crc */
	bool one_hash, no_crlf;    /* deviations that do no harm */
};

enum hj212_found { HJ212_MORE, HJ212_FRAME, HJ212_JUNK };

/* The next packet at the beginning of `in`. FRAME: *ret is filled. JUNK: bytes that belong to no packet were passed by.
 * MORE: nothing can be said yet; with `last` (no further bytes will come) it is never given while bytes are left.
 * Returns how many bytes are done with. */
size_t hj212_next(const struct hj212_crc *t, str in, bool last, struct hj212_frame *ret, enum hj212_found *ret_found);

/* ---- the segment ---- */

struct hj212_head {
	str qn, st, cn, pw, mn, flag_text, pnum_text, pno_text;
	int flag;                  /* -1: none */
	int pnum, pno;             /* 0: none */
	str cp;                    /* between && and && */
	bool whole;                /* CP=&&…&& was there */
};
/* False when there is neither CN nor CP=&&. */
bool hj212_head(str segment, struct hj212_head *ret) MUST_USE;

/* 0: 2005, 1: 2017, 2: 2025, as the flag's bits 2–7 say; 0 without a flag. */
int hj212_version(const struct hj212_head *h);

/* name=value pairs of the data region, parted by ; or , in the order sent. */
struct hj212_pair {
	str name;                  /* "w01018-Rtd", "DataTime" */
	str code, field;           /* "w01018", "Rtd"; "DataTime", "" */
	str value;
	bool group;                /* the first of a group parted by ; */
};
/* Takes the next pair off *rest; false at the end. A bare "Flag=N" has the code of the pair before it. */
bool hj212_pair(str *rest, struct hj212_pair *pair) MUST_USE;

/* YYYYMMDDhhmmss (14 digits, more are left out) in China's time to ms UTC; false for impossible dates. */
bool hj212_time(str s, int64_t *ret_ms) MUST_USE;

/* A packet as it is sent: ##LLLL segment CRC CR LF. `out` holds HJ212_RAW_MAX; 0 when the segment is too long. */
size_t hj212_write(const struct hj212_crc *t, str segment, char *out);

#endif
