#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "base/log.h"
#include "core/i18n.h"

static void print_json(struct cli *cli, str text)
{
	const struct fail *f = &cli->fail;
	struct buf b = BUF(cli->a);
	buf_put(&b, S("{\"error\":"));
	json_put_str(&b, str_of(err_name(f->code)));
	buf_put(&b, S(",\"key\":"));
	json_put_str(&b, str_of(f->key));
	buf_put(&b, S(",\"pointer\":"));
	json_put_str(&b, str_of(f->pointer));
	buf_put(&b, S(",\"detail\":"));
	json_put_str(&b, text);
	buf_put(&b, S("}"));
	printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
}

enum exit_code cli_fail(struct cli *cli)
{
	str text = i18n_fail(cli->a, cli->lang, &cli->fail);
	if (cli->json)
		print_json(cli, text);
	const char *at = cli->fail.pointer;
	fprintf(stderr, "bihuan: %s%s" STR_FMT "\n", at, *at ? ": " : "", STR_ARG(text));
	log_fail(LOG_DEBUG, "refused", &cli->fail);
	return err_status(cli->fail.code) >= 500 ? EXIT_ENVIRONMENT : EXIT_REFUSED;
}

void cli_say(struct cli *cli, const char *key, ...)
{
	if (cli->json)
		return;
	/* A message with arguments is filled in as a failure's text is. */
	struct fail f = { .code = ERR_OK, .key = key };
	va_list ap;
	va_start(ap, key);
	const char *name;
	while (f.nargs < FAIL_ARGS && (name = va_arg(ap, const char *))) {
		f.args[f.nargs].name = name;
		snprintf(f.args[f.nargs].text, FAIL_TEXT, "%s", va_arg(ap, const char *));
		f.nargs++;
	}
	va_end(ap);
	printf(STR_FMT "\n", STR_ARG(i18n_fail(cli->a, cli->lang, &f)));
}
