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
#include "gateway/hj212/server.h"
#include "gateway/mqtt/mqtt.h"
#include "loop/lookback_work.h"
#include "sense/alarm.h"
#include "sense/hotspot.h"
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

/* "https://tiles.example:8443" of "https://tiles.example:8443/{z}/{x}/{y}.png"; NULL when it is no such address. What
 * stands here goes into the policy that tells browsers what to load. */
static const char *origin_of(struct arena *a, str tiles)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:";
	static const str places[] = { S("{z}"), S("{x}"), S("{y}") };
	size_t at = str_starts(tiles, S("https://")) ? 8 : str_starts(tiles, S("http://")) ? 7 : 0, end = at;
	while (at && end < tiles.n && strchr(allowed, tiles.p[end]))
		end++;
	bool ok = end > at && end < tiles.n && tiles.p[end] == '/';
	for (size_t i = 0; i < COUNT_OF(places); i++)
		ok = ok && str_find(tiles, places[i]) >= 0;
	return ok ? arena_cstr(a, str_sub(tiles, 0, end)) : NULL;
}

static err take_map(struct cli *cli, struct house *h, const char **ret_origin)
{
	str tiles = cli->cfg.map_tiles;
	*ret_origin = NULL;
	if (!tiles.n)
		return ERR_OK;
	h->app.map_tiles = tiles;
	h->app.map_attribution = cli->cfg.map_attribution;
	*ret_origin = origin_of(cli->a, tiles);
	return *ret_origin ? ERR_OK : FAIL(&cli->fail, BAD_INPUT, "map-tiles", "err.map_tiles");
}

static err start(struct cli *cli, struct house *h, struct http **ret)
{
	const char *images_from;
	static const struct route no_routes[] = { { 0 } };
	size_t n = 0;
	while (all_routes[n])
		n++;
	const struct route **tables = NEW_N(cli->a, const struct route *, n + 1);
	for (size_t i = 0; i < n; i++)
		tables[i] = all_routes[i] == test_routes && !cli->cfg.test_clock ? no_routes : all_routes[i];
	TRY(take_map(cli, h, &images_from));
	struct grid_key *plans;
	size_t nplans;
	TRY(grid_plans_read(cli->a, h->app.grid_fill, &plans, &nplans, &cli->fail)); /* said now, not in an hour */
	struct http_options o = {
		.images_from = images_from,
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
		.hosts = cli->cfg.hosts.n ? arena_cstr(cli->a, cli->cfg.hosts) : NULL,
		.filter = session_stream_filter,
	};
	return http_start(&o, ret, &cli->fail);
}

/* Devices: off without an address. */
static err start_gateway(struct cli *cli, struct house *h)
{
	const struct config *c = &cli->cfg;
	str file = args_value(&cli->args, "hj212-port-file");
	if (c->hj212_sm4)
		return FAIL(&cli->fail, BAD_INPUT, "hj212-sm4", "err.hj212_sm4");
	if (!c->hj212.n)
		return ERR_OK;
	const struct hj212_options o = { .app = &h->app, .listen = arena_cstr(cli->a, c->hj212), .connections = c->hj212_connections,
					 .frames_s = c->hj212_frames, .idle_s = c->hj212_idle, .partial_s = c->hj212_partial,
					 .gather_ms = c->hj212_gather, .keep_days = c->hj212_keep_days, .clock_limit_s = c->hj212_set_clock, .timeout_s = c->hj212_timeout };
	TRY(hj212_start(&o, &h->app.hj212, &cli->fail));
	int port = hj212_port(h->app.hj212);
	str address = arena_printf(cli->a, STR_FMT ":%d", STR_ARG(host_of(c->hj212)), port);
	SAY(cli, "cli.serve.hj212", "address", address.p);
	return file.n ? file_write(file.p, arena_printf(cli->a, "%d\n", port), &cli->fail) : ERR_OK;
}

/* Readings from a broker: off without an address. */
static err start_mqtt(struct cli *cli, struct house *h)
{
	const struct config *c = &cli->cfg;
	const struct mqtt_options o = { .app = &h->app, .url = c->mqtt, .user = c->mqtt_user, .password = c->mqtt_password,
					.client = c->mqtt_client, .topics = c->mqtt_topics, .ca = c->mqtt_ca };
	return c->mqtt.n ? mqtt_start(&o, &h->app.mqtt, &cli->fail) : ERR_OK;
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
	cli->serving = true;
	if (house_open(cli, OPEN_EXISTING, &h) != ERR_OK)
		return cli_fail(cli);
	err e = lookback_work_start(&h->app, &h->app.lookback_work, &cli->fail);
	if (e == ERR_OK)
		e = start(cli, h, &http);
	if (e == ERR_OK) {
		h->app.http = http;
		e = start_gateway(cli, h);
		if (e == ERR_OK)
			e = start_mqtt(cli, h);
		if (e == ERR_OK)
			e = alarms_watch(h->app.alarms, &h->app, &cli->fail);
		if (e == ERR_OK)
			e = announce(cli, h, http_port(http));
		if (e == ERR_OK)
			wait_for_stop();
		SAY(cli, "cli.serve.stopping");
		alarms_stop(h->app.alarms);
		http_stop(http);
		hj212_stop(h->app.hj212);
		h->app.hj212 = NULL;
		mqtt_stop(h->app.mqtt);
		h->app.mqtt = NULL;
	}
	lookback_work_stop(h->app.lookback_work);
	house_close(h);
	return e == ERR_OK ? EXIT_OK : cli_fail(cli);
}
