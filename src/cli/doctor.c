/* bihuan doctor: what this installation is, and whether it is well. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/open.h"
#include "cli/verify.h"
#include "core/i18n.h"
#include "loop/loop.h"

struct checkup {
	struct cli *cli;
	int bad;
	bool first;
};

static void line(struct checkup *c, const char *what, bool ok, str value)
{
	c->bad += !ok;
	if (c->cli->json) {
		printf("%s\"%s\":{\"ok\":%s,\"value\":\"" STR_FMT "\"}", c->first ? "" : ",", what, ok ? "true" : "false", STR_ARG(value));
		c->first = false;
		return;
	}
	str name = i18n_text(c->cli->lang, arena_printf(c->cli->a, "doctor.%s", what));
	printf("%s  " STR_FMT ": " STR_FMT "\n", ok ? "✓" : "✗", STR_ARG(name), STR_ARG(value));
}

static bool in_path(struct arena *a, const char *program)
{
	const char *path = getenv("PATH");
	str rest = str_of(path ? path : ""), dir;
	while (str_cut(&rest, ':', &dir))
		if (access(arena_printf(a, STR_FMT "/%s", STR_ARG(dir), program).p, X_OK) == 0)
			return true;
	return false;
}

static void look_at_machine(struct checkup *c)
{
	struct statvfs fs;
	struct arena *a = c->cli->a;
	line(c, "version", true, S(BIHUAN_VERSION));
	line(c, "pdftotext", true, in_path(a, "pdftotext") ? S("yes") : S("no"));
	line(c, "tar", in_path(a, "tar"), in_path(a, "tar") ? S("yes") : S("no"));
	if (statvfs(arena_cstr(a, c->cli->cfg.data), &fs) == 0 && fs.f_blocks) {
		unsigned long free_mib = (unsigned long)((double)fs.f_bavail * (double)fs.f_frsize / 1048576.0);
		line(c, "space", free_mib > 512, arena_printf(a, "%lu MiB", free_mib));
	}
}

static void look_at_store(struct checkup *c)
{
	struct house *h;
	struct ledger_report r;
	struct cli *cli = c->cli;
	if (house_open(cli, OPEN_AS_IS, &h) != ERR_OK) {
		line(c, "store", false, i18n_fail(cli->a, cli->lang, &cli->fail));
		return;
	}
	line(c, "store", true, cli->cfg.data);
	if (verify_store(h->app.db, &r, &cli->fail) != ERR_OK)
		line(c, "ledger", false, i18n_fail(cli->a, cli->lang, &cli->fail));
	else
		line(c, "ledger", r.what == LEDGER_OK, arena_printf(cli->a, "%ld", (long)r.events));
	house_close(h);
}

static enum exit_code print_dot(struct cli *cli, str kind)
{
	struct house *h;
	struct buf b = BUF(cli->a);
	if (house_open(cli, OPEN_CATALOGS, &h) != ERR_OK)
		return cli_fail(cli);
	const struct workflow *wf = loop_workflow(h->app.loop, kind);
	if (wf)
		workflow_dot(wf, str_eq(cli->lang, S("zh-CN")), &b);
	printf(STR_FMT, STR_ARG(buf_str(&b)));
	house_close(h);
	if (wf)
		return EXIT_OK;
	fail_set(&cli->fail, ERR_NOT_FOUND, __FILE__, __LINE__, "dot", "err.kind_unknown", "kind", arena_cstr(cli->a, kind), NULL);
	return cli_fail(cli);
}

enum exit_code cmd_doctor(struct cli *cli)
{
	struct checkup c = { .cli = cli, .first = true };
	str kind = args_value(&cli->args, "dot");
	if (kind.p)
		return print_dot(cli, kind);
	if (cli->json)
		printf("{");
	look_at_machine(&c);
	look_at_store(&c);
	if (cli->json)
		puts("}");
	return c.bad ? EXIT_REFUSED : EXIT_OK;
}
