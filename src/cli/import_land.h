/* bihuan import objects | boundaries FILE, export objects: parts of import.c and export.c. */
#ifndef BH_CLI_IMPORT_LAND_H
#define BH_CLI_IMPORT_LAND_H

#include "cli/open.h"

/* Prints what came of it; a file with faulty rows is refused whole, each fault on a line of its own. */
err import_objects(struct cli *cli, const char *path, int64_t *ret_rows) MUST_USE;
err import_boundaries(struct cli *cli, const char *path, int64_t *ret_rows) MUST_USE;
/* To --out FILE.xlsx, .csv or .geojson. */
err export_objects(struct cli *cli, struct house *h) MUST_USE;

#endif
