/* Subcommands: one file each, one row each in commands.def. */
#ifndef BH_CLI_CLI_H
#define BH_CLI_CLI_H

#include "cli/config.h"

enum exit_code { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

struct cli {
	struct arena *a;
	struct config cfg;
	struct args args;
	str lang;
	bool json; /* --json was given */
	bool serving; /* what works in the background is started */
	bool made_again; /* the store is made from nothing, and again when that fails */
	struct fail fail;
};

struct command {
	const char *name;
	const char *usage;          /* "FILE… [--json]" */
	const char *summary;        /* message key */
	const char *detail;         /* message key of the longer text */
	const char *const *own;     /* flags besides the configuration's */
	enum exit_code (*run)(struct cli *cli);
};

#define COMMAND(name, usage, flags) enum exit_code cmd_##name(struct cli *cli);
#include "cli/commands.def"
#undef COMMAND

/* Prints the recorded failure in the user's language (JSON with --json); the exit code by its kind. */
enum exit_code cli_fail(struct cli *cli);
/* A line of output for people, by message key and pairs of arguments; silent with --json. */
void cli_say(struct cli *cli, const char *key, ...) __attribute__((sentinel));
#define SAY(cli, ...) cli_say((cli), __VA_ARGS__, (const char *)NULL)

#endif
