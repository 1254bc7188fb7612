/* Character references of HTML. */
#ifndef BH_FORMAT_HTML_ENTITY_H
#define BH_FORMAT_HTML_ENTITY_H

#include "base/str.h"

/* s starts with '&'. Returns the bytes consumed, 0 when it is no reference; *ret the code point. */
size_t html_entity(str s, uint32_t *ret);

#endif
