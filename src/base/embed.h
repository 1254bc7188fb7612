/* Files built into the binary by tools/embed: each table NAME gives
 *   const struct embed_file *NAME(str path)      NULL when there is none
 *   size_t NAME_count(void)
 *   const struct embed_file *NAME_at(size_t i)   in bytewise order of their paths */
#ifndef BH_BASE_EMBED_H
#define BH_BASE_EMBED_H

#include "base/str.h"

struct embed_file {
	str path;          /* "index.html", "assets/x.js" */
	str bytes;         /* followed by a NUL; p == NULL when only the compressed form is kept */
	str gzip;          /* compressed form, or the null string where it would not be smaller */
	const char *type;  /* content type */
	const char *etag;  /* quoted: the first 16 bytes of SHA-256 in hex */
};

#define EMBED_TABLE(name)                                                                          \
	const struct embed_file *name(str path);                                                   \
	size_t name##_count(void);                                                                 \
	const struct embed_file *name##_at(size_t i);

#endif
