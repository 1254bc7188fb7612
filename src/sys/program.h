/* Running another program to its end, without a shell. */
#ifndef BH_SYS_PROGRAM_H
#define BH_SYS_PROGRAM_H

#include "base/err.h"

/* argv is closed by NULL; the program is looked up in PATH; it shares our standard error. *ret_status
 * is its exit code, 128 + signal when it was killed. MISSING_TOOL when there is no such program. */
err program_run(const char *const *argv, int *ret_status, struct fail *f) MUST_USE;

#endif
