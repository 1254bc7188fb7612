/* Configuration: file, then environment, then flags; one table (config.def) describes all three. */
#ifndef BH_CLI_CONFIG_H
#define BH_CLI_CONFIG_H

#include "base/arena.h"
#include "base/err.h"

struct config {
#define CONFIG_STR_ str
#define CONFIG_I64_ int64_t
#define CONFIG_BOOL_ bool
#define C(field, key, kind, preset, message) CONFIG_##kind##_ field;
#include "cli/config.def"
#undef C
};

struct flag {
	str name, value; /* of the subcommand's own; value is "" for a switch */
};

struct args {
	struct flag flags[32];
	size_t nflags;
	str rest[256]; /* words that are no flags */
	size_t nrest;
};

/* Flags of the table go into cfg; the others must be named in `own` (NULL-ended; "name" is a switch,
 * "name=" takes a value) and land in args. Refusals name the flag. */
err config_read(struct arena *a, int argc, char **argv, const char *const *own, struct config *ret_cfg,
		struct args *ret_args, struct fail *f) MUST_USE;
bool args_has(const struct args *args, const char *name);
str args_value(const struct args *args, const char *name); /* null string when absent */
/* Prints the table: key, environment, default, meaning. */
void config_print(str lang);

#endif
