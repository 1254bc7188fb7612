#ifndef BH_CLI_IMPORT_FIREPOINTS_H
#define BH_CLI_IMPORT_FIREPOINTS_H

#include "cli/open.h"

/* A FIRMS table, all or none, as /api/firepoints/import takes it. With --check nothing is stored. */
err import_firepoints(struct cli *cli, const char *path, int64_t *ret_rows) MUST_USE;

#endif
