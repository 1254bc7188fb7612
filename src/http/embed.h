/* Files built into the binary (tools/embed). */
#ifndef BH_HTTP_EMBED_H
#define BH_HTTP_EMBED_H

#include "base/str.h"

struct embed_file {
	str path;          /* "index.html", "assets/x.js" */
	str bytes;
	str gzip;          /* compressed form, or the null string */
	const char *type;  /* content type */
	const char *etag;  /* quoted hash */
};

#endif
