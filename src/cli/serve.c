/* bihuan serve: opens the house and answers until told to stop. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/log.h"
#include "cli/demo.h"
#include "cli/open.h"
#include "cli/serve.h"
#include "core/grant.h"
#include "core/session.h"
#include "sys/file.h"

EMBED_TABLE(web_file)

static void print_demo_logins(struct cli *cli)
{
	struct demo_login *logins;
	size_t n = demo_logins(cli->a, &logins);
	SAY(cli, "cli.serve.demo");
	for (size_t i = 0; i < n; i++)
		SAY(cli, "cli.serve.login", "login", arena_cstr(cli->a, logins[i].login), "password",
		    arena_cstr(cli->a, logins[i].password), "who",
		    arena_cstr(cli->a, str_eq(cli->lang, S("en")) ? logins[i].who_en : logins[i].who_zh));
}

/* "127.0.0.1" of "127.0.0.1:8212", "[::1]" of "[::1]:0". */
static str host_of(str listen)
{
	size_t n = listen.n;
	while (n > 0 && listen.p[n - 1] != ':')
		n--;
	return str_sub(listen, 0, n ? n - 1 : 0);
}

static err announce(struct cli *cli, struct house *h, int port)
{
	str host = host_of(cli->cfg.listen), file = args_value(&cli->args, "port-file");
	str address = arena_printf(cli->a, STR_FMT ":%d", STR_ARG(host), port);
	SAY(cli, "cli.serve.ready", "address", address.p);
	if (h->app.demo)
		print_demo_logins(cli);
	fflush(stdout);
	return file.n ? file_write(file.p, arena_printf(cli->a, "%d\n", port), &cli->fail) : ERR_OK;
}

static err start(struct cli *cli, struct house *h, struct http **ret)
{
	static const struct route no_routes[] = { { 0 } };
	const struct route **tables = NEW_N(cli->a, const struct route *, 64);
	for (size_t i = 0; all_routes[i]; i++)
		tables[i] = all_routes[i] == test_routes && !cli->cfg.test_clock ? no_routes : all_routes[i];
	struct http_options o = {
		.listen = arena_cstr(cli->a, cli->cfg.listen),
		.tables = tables,
		.hooks = session_hooks(&h->app),
		.app = &h->app,
		.db = h->app.db,
		.clock = &h->clock,
		.tmp_dir = arena_printf(cli->a, "%s/tmp", h->app.data_dir).p,
		.embed = web_file,
		.max_upload = cli->cfg.max_upload_mib << 20,
		.threads = (int)cli->cfg.threads,
		.max_connections = (int)cli->cfg.max_connections,
		.secure_cookies = cli->cfg.secure_cookies,
		.filter = session_stream_filter,
	};
	return http_start(&o, ret, &cli->fail);
}

/* Signals are blocked in every thread and taken here. */
static void wait_for_stop(void)
{
	sigset_t set;
	int sig;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	while (sigwait(&set, &sig) != 0)
		;
}

static void block_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to answer, not a reason to die */
}

enum exit_code cmd_serve(struct cli *cli)
{
	struct house *h;
	struct http *http;
	block_signals();
	if (house_open(cli, OPEN_EXISTING, &h) != ERR_OK)
		return cli_fail(cli);
	err e = start(cli, h, &http);
	if (e == ERR_OK) {
		h->app.http = http;
		e = announce(cli, h, http_port(http));
		if (e == ERR_OK)
			wait_for_stop();
		SAY(cli, "cli.serve.stopping");
		http_stop(http);
	}
	house_close(h);
	return e == ERR_OK ? EXIT_OK : cli_fail(cli);
}
