/* Whole files, bounded. */
#ifndef BH_SYS_FILE_H
#define BH_SYS_FILE_H

#include "base/arena.h"
#include "base/err.h"

err file_read(struct arena *a, const char *path, size_t max, str *ret, struct fail *f) MUST_USE;
err file_write(const char *path, str bytes, struct fail *f) MUST_USE; /* through a temporary name, synced */

/* All of it, however often the kernel takes less; false: errno says why. */
bool file_write_all(int fd, str bytes);

#endif
