/* bihuan verify: the whole ledger again from its bytes. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/open.h"
#include "core/i18n.h"
#include "cli/verify.h"

static void print_report(struct cli *cli, const struct ledger_report *r)
{
	char events[24], logs[24], matters[24], region[24], seq[24], what[64];
	snprintf(events, sizeof events, "%" PRId64, r->events);
	snprintf(logs, sizeof logs, "%" PRId64, r->logs);
	snprintf(matters, sizeof matters, "%" PRId64, r->matters);
	snprintf(region, sizeof region, "%" PRId64, r->region);
	snprintf(seq, sizeof seq, "%" PRId64, r->seq);
	snprintf(what, sizeof what, "@ledger.what.%s", ledger_what_name(r->what));
	if (cli->json)
		printf("{\"ok\":%s,\"events\":%s,\"logs\":%s,\"matters\":%s,\"what\":\"%s\",\"region\":\"%s\",\"seq\":%s,\"subject\":\"%s\"}\n",
		       r->what == LEDGER_OK ? "true" : "false", events, logs, matters, ledger_what_name(r->what), region, seq,
		       r->subject);
	else if (r->what == LEDGER_OK)
		SAY(cli, "cli.verify.ok", "events", events, "logs", logs, "matters", matters);
	else
		SAY(cli, "cli.verify.differs", "what", what, "region", region, "seq", seq, "subject", r->subject);
}

err verify_store(struct db *db, struct ledger_report *ret, struct fail *f)
{
	struct db_conn *c;
	TRY(db_quick_check(db, f));
	TRY(db_read_begin(db, &c, f));
	err e = ledger_verify(c, NULL, NULL, ret);
	db_read_end(db, c);
	return e == ERR_OK ? ERR_OK : FAIL(f, DB, "", "err.db");
}

err verify_readings(const char *dir, struct fail *f)
{
	struct db *db;
	AUTO(arena_drop) struct arena *a = arena_new();
	if (access(arena_printf(a, "%s/" READINGS_FILE, dir).p, F_OK) != 0)
		return ERR_OK;
	TRY(db_open(&(struct db_options){ .dir = dir, .file = READINGS_FILE, .readers = 1 }, &db, f));
	err e = db_quick_check(db, f);
	db_close(db);
	return e;
}

enum exit_code cmd_verify(struct cli *cli)
{
	struct house *h;
	struct ledger_report r;
	if (house_open(cli, OPEN_AS_IS, &h) != ERR_OK)
		return cli_fail(cli);
	err e = verify_store(h->app.db, &r, &cli->fail);
	if (e == ERR_OK && !cli->cfg.db.n)
		e = verify_readings(h->app.data_dir, &cli->fail);
	house_close(h);
	if (e != ERR_OK)
		return cli_fail(cli);
	print_report(cli, &r);
	return r.what == LEDGER_OK ? EXIT_OK : EXIT_REFUSED;
}
