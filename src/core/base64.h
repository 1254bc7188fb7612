/* Base64 with padding (RFC 4648 §4), as exchange tables carry pictures. */
#ifndef BH_CORE_BASE64_H
#define BH_CORE_BASE64_H

#include "base/arena.h"

str base64_encode(struct arena *a, str bytes);
/* Blanks and line ends are passed over; a data: prefix too. False for anything else that is not base64. */
bool base64_decode(struct arena *a, str text, str *ret) MUST_USE;

#endif
