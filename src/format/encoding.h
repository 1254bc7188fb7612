/* Bytes from outside become UTF-8 text. */
#ifndef BH_FORMAT_ENCODING_H
#define BH_FORMAT_ENCODING_H

#include "base/arena.h"
#include "base/err.h"

enum text_encoding {
	ENCODING_UTF8,
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_GB18030, /* GB 2312 and GBK are its subsets */
	ENCODING_BIG5,
	ENCODING_COUNT
};

struct decoded {
	str text;                    /* UTF-8; a slice of the input where that was UTF-8 already */
	enum text_encoding encoding;
	bool bom;                    /* there was a byte order mark; it is not part of the text */
};

const char *encoding_name(enum text_encoding e);      /* "GB18030" */
/* The key of the sentence that tells the reader which encoding was taken. */
const char *encoding_note_key(enum text_encoding e);
/* Labels as HTML and HTTP use them ("gb2312", "utf8", "Big5-HKSCS"). */
bool encoding_from_label(str label, enum text_encoding *ret) MUST_USE;

/* Tries, in this order: a byte order mark, the hint (NULL for none), UTF-8, UTF-16 without a mark, Big5
 * where the bytes clearly are it, GB18030. Line ends stay as they are.
 * BAD_INPUT: binary data (a NUL), damaged UTF-8, or none of the encodings; `byte` says where. */
err text_decode(struct arena *a, str bytes, const enum text_encoding *hint, struct decoded *ret,
		struct fail *f) MUST_USE;

#endif
