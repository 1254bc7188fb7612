/* bihuan openapi: the contract of the HTTP interface. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/serve.h"

enum exit_code cmd_openapi(struct cli *cli)
{
	struct buf b = BUF(cli->a);
	http_openapi(&b, all_routes, BIHUAN_VERSION);
	printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
	return EXIT_OK;
}
