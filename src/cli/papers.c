/* bihuan import matters, export matters, exchange SPEC import|export: the system does it, without an account. */
#include "cli/papers.h"

#include <stdio.h>
#include <unistd.h>

#include "core/i18n.h"
#include "loop/exchange_run.h"
#include "loop/matter_sheet.h"
#include "sys/file.h"

/* Bad rows, one a line: cell and why. */
static void say_fault(struct cli *cli, str cell, str why)
{
	(void)cli;
	fprintf(stderr, "bihuan: " STR_FMT ": " STR_FMT "\n", STR_ARG(cell), STR_ARG(why));
}

static struct ctx system_ctx(struct cli *cli, struct house *h)
{
	struct ctx cx = house_ctx(h, cli->a, NULL, clock_now_ms(&h->clock));
	cx.lang = cli->lang;
	return cx;
}

/* ---- ledgers ---- */

static str why_of(struct cli *cli, const struct sheet_error *e)
{
	if (!e->key)
		return i18n_fail(cli->a, cli->lang, &e->fail);
	return i18n_say(cli->a, cli->lang, e->key, "cell", arena_cstr(cli->a, e->cell), "name", arena_cstr(cli->a, e->name), "max", "5000",
			NULL);
}

static err read_ledger(struct cli *cli, struct ctx *cx, struct sheet *ret)
{
	str bytes;
	TRY(file_read(cli->a, arena_cstr(cli->a, cli->args.rest[1]), (size_t)64 << 20, &bytes, &cli->fail));
	TRY(db_read_begin(cx->app->db, &cx->c, &cli->fail));
	err e = sheet_read(cx, bytes, args_value(&cli->args, "sheet"), args_value(&cli->args, "kind"), ret);
	db_read_end(cx->app->db, cx->c);
	cx->c = NULL;
	if (e != ERR_OK)
		cli->fail = cx->fail;
	return e;
}

static err make_matters(struct cli *cli, struct house *h, struct sheet *s)
{
	struct ctx cx = system_ctx(cli, h);
	struct json_ids made = { 0 };
	TRY(read_ledger(cli, &cx, s));
	if (s->nerrors || !s->n)
		return ERR_OK;
	err e = sheet_create(&cx, s, args_has(&cli->args, "check"), &made);
	if (e != ERR_OK)
		cli->fail = cx.fail;
	return e;
}

static enum exit_code say_rows(struct cli *cli, size_t rows, bool faults)
{
	const char *n = arena_printf(cli->a, "%zu", rows).p;
	if (faults) {
		SAY(cli, "cli.papers.nothing", "rows", n);
		return EXIT_REFUSED;
	}
	if (cli->json)
		printf("{\"ok\":true,\"rows\":%s}\n", n);
	SAY(cli, args_has(&cli->args, "check") ? "cli.import.checked" : "cli.import.done", "rows", n);
	return EXIT_OK;
}

enum exit_code import_matters(struct cli *cli)
{
	struct house *h;
	struct sheet s = { 0 };
	if (house_open(cli, OPEN_EXISTING, &h) != ERR_OK)
		return cli_fail(cli);
	err e = make_matters(cli, h, &s);
	for (size_t i = 0; i < s.nerrors; i++)
		say_fault(cli, s.errors[i].cell, why_of(cli, &s.errors[i]));
	house_close(h);
	return e != ERR_OK ? cli_fail(cli) : say_rows(cli, s.n, s.nerrors > 0);
}

/* A principal of the machine's own: whoever may run the command on the data directory sees all of it. */
static struct principal all_seeing(struct house *h, struct principal_grant *g)
{
	*g = (struct principal_grant){ .perms = -1, .lo = 0, .hi = REGION_MAX, .sectors = -1, .secret = 3,
				       .to_ms = INT64_MAX };
	return (struct principal){ .roles = &h->roles, .n = 1, .v = g, .org_region = h->app.home_region };
}

static err write_ledger(struct cli *cli, struct house *h, const char *path)
{
	struct principal_grant g;
	struct principal who = all_seeing(h, &g);
	struct ctx cx = system_ctx(cli, h);
	struct matter_filter f;
	struct matter_query q;
	struct json_pair kind = { S("kind"), args_value(&cli->args, "kind") };
	cx.who = &who;
	TRY(json_read_query(cli->a, &kind, kind.value.n ? 1 : 0, matter_query_json, &q, &cli->fail));
	TRY(db_read_begin(h->app.db, &cx.c, &cli->fail));
	err e = matter_filter_of(&cx, &q, &f);
	if (e == ERR_OK)
		e = sheet_export(&cx, &f, args_value(&cli->args, "sheet"), (str){ NULL, 0 }, path);
	db_read_end(h->app.db, cx.c);
	if (e != ERR_OK)
		cli->fail = cx.fail;
	return e;
}

enum exit_code export_matters(struct cli *cli)
{
	struct house *h;
	str out = args_value(&cli->args, "out");
	if (!out.n) {
		SAY(cli, "cli.export.detail");
		return EXIT_USAGE;
	}
	if (house_open(cli, OPEN_EXISTING, &h) != ERR_OK)
		return cli_fail(cli);
	err e = write_ledger(cli, h, arena_cstr(cli->a, out));
	house_close(h);
	return e == ERR_OK ? EXIT_OK : cli_fail(cli);
}

/* ---- exchange ---- */

static err exchange_in(struct cli *cli, struct house *h, struct exchange_import *ret)
{
	struct ctx cx = system_ctx(cli, h);
	struct exchange_run how = { .spec = cli->args.rest[0], .table = args_value(&cli->args, "table"), .region = h->app.home_region,
				    .matters = !args_has(&cli->args, "no-matters"), .check = args_has(&cli->args, "check") };
	str bytes, org = args_value(&cli->args, "org");
	if (org.n && !str_to_i64(org, &how.org))
		return FAIL(&cli->fail, BAD_INPUT, "org", "err.bad_id");
	if (!how.table.p)
		how.table = S("");
	TRY(file_read(cli->a, arena_cstr(cli->a, cli->args.rest[2]), EXCHANGE_BYTES, &bytes, &cli->fail));
	err e = exchange_run(&cx, &how, bytes, ret);
	if (e != ERR_OK)
		cli->fail = cx.fail;
	return e;
}

static enum exit_code exchange_import_file(struct cli *cli, struct house *h)
{
	struct exchange_import im = { 0 };
	if (exchange_in(cli, h, &im) != ERR_OK)
		return cli_fail(cli);
	for (size_t i = 0; i < im.in->nerrors; i++)
		say_fault(cli, im.in->errors[i].cell, im.in->errors[i].message);
	return say_rows(cli, im.in->n, im.in->nerrors > 0);
}

static err format_of(struct cli *cli, enum exchange_format *ret)
{
	static const char *const names[] = { "json", "xlsx", "csv" };
	str name = args_value(&cli->args, "format");
	*ret = EXCHANGE_JSON;
	for (int i = 0; i < 3; i++) {
		if (name.n && !str_eq(name, str_of(names[i])))
			continue;
		*ret = (enum exchange_format)i;
		return ERR_OK;
	}
	return FAIL(&cli->fail, BAD_INPUT, "format", "err.config_value", "key", "format", "value", arena_cstr(cli->a, name));
}

static err exchange_out(struct cli *cli, struct house *h, const char *path)
{
	struct ctx cx = system_ctx(cli, h);
	struct exchange_spec s;
	struct exchange_company_get_row c;
	enum exchange_format format;
	str table = args_value(&cli->args, "table");
	TRY(format_of(cli, &format));
	TRY(db_read_begin(h->app.db, &cx.c, &cli->fail));
	err e = exchange_spec_read(&cx, cli->args.rest[0], &s);
	if (e == ERR_OK)
		e = exchange_company_get(cx.c, cx.a, &(struct exchange_company_get_params){ s.id, args_value(&cli->args, "company") }, &c);
	if (e == ERR_NOT_FOUND && cx.fail.code == ERR_OK)
		e = FAIL(&cx.fail, NOT_FOUND, "company", NULL);
	if (e == ERR_OK)
		e = exchange_write(&cx, &s, &c, format, table.p ? table : S(""), path);
	db_read_end(h->app.db, cx.c);
	if (e != ERR_OK)
		cli->fail = cx.fail;
	return e;
}

enum exit_code cmd_exchange(struct cli *cli)
{
	struct house *h;
	str verb = cli->args.nrest > 1 ? cli->args.rest[1] : S(""), out = args_value(&cli->args, "out");
	bool in = str_eq(verb, S("import")) && cli->args.nrest == 3;
	if (!in && !(str_eq(verb, S("export")) && cli->args.nrest == 2 && out.n && args_value(&cli->args, "company").n)) {
		SAY(cli, "cli.exchange.detail");
		return EXIT_USAGE;
	}
	if (house_open(cli, OPEN_EXISTING, &h) != ERR_OK)
		return cli_fail(cli);
	enum exit_code code = EXIT_OK;
	if (in)
		code = exchange_import_file(cli, h);
	else if (exchange_out(cli, h, arena_cstr(cli->a, out)) != ERR_OK)
		code = cli_fail(cli);
	house_close(h);
	return code;
}
