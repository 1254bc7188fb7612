/* bihuan: one binary; the table of its subcommands is cli/commands.def. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/cli.h"
#include "core/i18n.h"

enum { MAX_OWN = 24 };

static struct command commands[] = {
#define COMMAND(name, usage, flags) { #name, usage, "cli." #name ".summary", "cli." #name ".detail", NULL, cmd_##name },
#include "cli/commands.def"
#undef COMMAND
};
static const char *const own_flags[] = {
#define COMMAND(name, usage, flags) flags,
#include "cli/commands.def"
#undef COMMAND
};

static str user_language(void)
{
	const char *l = getenv("BIHUAN_LANG");
	if (!l || !*l)
		l = getenv("LC_ALL");
	if (!l || !*l)
		l = getenv("LANG");
	return l && strncmp(l, "zh", 2) == 0 ? S("zh-CN") : S("en");
}

static void help(str lang)
{
	printf(STR_FMT "\n\n", STR_ARG(i18n_text(lang, S("cli.about"))));
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		printf("  bihuan %-8s %-52s " STR_FMT "\n", commands[i].name, commands[i].usage,
		       STR_ARG(i18n_text(lang, str_of(commands[i].summary))));
	printf("\n" STR_FMT "\n", STR_ARG(i18n_text(lang, S("cli.config"))));
	config_print(lang);
	printf("\n" STR_FMT "\n", STR_ARG(i18n_text(lang, S("cli.exit_codes"))));
}

static void help_command(const struct command *c, str lang)
{
	printf("bihuan %s %s\n\n" STR_FMT "\n\n", c->name, c->usage, STR_ARG(i18n_text(lang, str_of(c->summary))));
	printf(STR_FMT "\n", STR_ARG(i18n_text(lang, str_of(c->detail))));
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* "json|date=" as the list config_read wants. */
static void split_flags(struct arena *a, const char *flags, const char *own[MAX_OWN])
{
	str rest = str_of(flags), one;
	size_t n = 0;
	while (n + 1 < MAX_OWN && str_cut(&rest, '|', &one))
		if (one.n)
			own[n++] = arena_cstr(a, one);
	own[n] = NULL;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static void set_log_level(str level)
{
	log_set_level(str_eq(level, S("debug")) ? LOG_DEBUG : str_eq(level, S("warn")) ? LOG_WARN :
		      str_eq(level, S("error")) ? LOG_ERROR : LOG_INFO);
}

static enum exit_code run(const struct command *c, int argc, char **argv)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct cli *cli = NEW(a, struct cli);
	const char *own[MAX_OWN];
	*cli = (struct cli){ .a = a, .lang = user_language() };
	split_flags(a, own_flags[c - commands], own);
	if (config_read(a, argc, argv, own, &cli->cfg, &cli->args, &cli->fail) != ERR_OK) {
		(void)cli_fail(cli);
		return EXIT_USAGE;
	}
	if (cli->cfg.lang.n)
		cli->lang = str_starts(cli->cfg.lang, S("zh")) ? S("zh-CN") : S("en");
	cli->json = args_has(&cli->args, "json");
	set_log_level(cli->cfg.log_level);
	return c->run(cli);
}

int main(int argc, char **argv)
{
	str lang = user_language();
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		help(lang);
		return argc < 2 ? EXIT_USAGE : EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("bihuan " BIHUAN_VERSION);
		return EXIT_OK;
	}
	const struct command *c = find_command(argv[1]);
	if (!c) {
		str text = i18n_text(lang, S("cli.unknown_command"));
		fprintf(stderr, "bihuan: " STR_FMT ": %s\n", STR_ARG(text), argv[1]);
		return EXIT_USAGE;
	}
	if (wants_help(argc - 2, argv + 2)) {
		help_command(c, lang);
		return EXIT_OK;
	}
	return (int)run(c, argc - 2, argv + 2);
}
