/* UTF-8: strict decoding (no surrogates, no overlong forms, at most U+10FFFF). */
#ifndef BH_BASE_UTF8_H
#define BH_BASE_UTF8_H

#include "base/str.h"

/* Decodes one code point at s.p[*at] and moves *at behind it; U+FFFD and one byte on bad input.
 * Requires *at < s.n. */
uint32_t utf8_next(str s, size_t *at);
size_t utf8_encode(uint32_t cp, char out[static 4]); /* bytes written */
bool utf8_valid(str s);
size_t utf8_count(str s);                            /* code points of valid UTF-8 */
size_t utf8_offset(str s, size_t codepoints);        /* byte offset of a code point, clamped to s.n */
str utf8_cut(str s, size_t max_codepoints);          /* at most so many code points from the start */

#endif
