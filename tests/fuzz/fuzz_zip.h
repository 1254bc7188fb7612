/* Packs what the fuzzer wrote into a package, so that it need not find out about CRC and deflate. */
#ifndef FUZZ_ZIP_H
#define FUZZ_ZIP_H

#include <stdlib.h>
#include <zip.h>

#include "base/arena.h"

struct fuzz_part {
	const char *name;
	str content;
};

static inline str fuzz_zip(struct arena *a, const struct fuzz_part *parts, size_t n)
{
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, NULL);
	zip_stat_t st;
	if (!zip)
		abort();
	zip_source_keep(target);
	for (size_t i = 0; i < n; i++) {
		str c = parts[i].content;
		zip_int64_t at = zip_file_add(zip, parts[i].name, zip_source_buffer(zip, c.n ? c.p : "", c.n, 0), 0);
		if (at < 0 || zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) < 0)
			abort();
	}
	if (zip_close(zip) < 0 || zip_source_stat(target, &st) < 0 || zip_source_open(target) < 0)
		abort();
	char *p = arena_alloc(a, (size_t)st.size);
	if (zip_source_read(target, p, st.size) != (zip_int64_t)st.size)
		abort();
	zip_source_close(target);
	zip_source_free(target);
	return (str){ p, (size_t)st.size };
}

#endif
