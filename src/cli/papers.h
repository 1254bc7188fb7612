/* Ledgers and exchange tables on the command line. */
#ifndef BH_CLI_PAPERS_H
#define BH_CLI_PAPERS_H

#include "cli/open.h"

enum exit_code import_matters(struct cli *cli);  /* import matters FILE */
enum exit_code export_matters(struct cli *cli);  /* export matters */

#endif
