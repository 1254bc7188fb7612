/* Parts of bihuan bench. */
#ifndef BH_CLI_BENCH_H
#define BH_CLI_BENCH_H

#include "cli/house_sql.h"
#include "cli/open.h"

err bench_objects(struct cli *cli, struct house *h, const struct house_orgs_rows *orgs, int64_t n) MUST_USE;

#endif
