/* A program run as a filter: bytes in, bytes out, never through a shell, under limits. */
#ifndef BH_FORMAT_CHILD_H
#define BH_FORMAT_CHILD_H

#include "base/arena.h"
#include "base/err.h"

struct child_limits {
	unsigned cpu_seconds, wall_seconds;
	size_t memory;     /* address space in bytes */
	size_t max_output; /* bytes on its standard output */
};

enum child_end { CHILD_EXITED, CHILD_KILLED, CHILD_TIMEOUT, CHILD_TOO_MUCH };

struct child_result {
	enum child_end end;
	int status;  /* exit code when it exited */
	str output;  /* in the arena; what came until the end */
};

/* argv is closed by NULL; a name without slash is looked up in PATH. Standard error goes to /dev/null.
 * The limits are in force before the program sees its first byte of input.
 * MISSING_TOOL: no such program; IO: no pipe or process to be had. */
err child_filter(struct arena *a, const char *const *argv, str input, const struct child_limits *lim,
		 struct child_result *ret, struct fail *f) MUST_USE;

#endif
