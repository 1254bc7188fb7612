#ifndef BH_CLI_IMPORT_READINGS_H
#define BH_CLI_IMPORT_READINGS_H

#include "cli/open.h"

/* With --check nothing is put. */
err import_readings(struct cli *cli, const char *path, int64_t *ret_rows) MUST_USE;

#endif
