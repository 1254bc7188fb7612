/* bihuan verify: the whole ledger again from its bytes. */
#include <inttypes.h>
#include <stdio.h>

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

enum exit_code cmd_verify(struct cli *cli)
{
	struct house *h;
	struct ledger_report r;
	if (house_open(cli, OPEN_AS_IS, &h) != ERR_OK)
		return cli_fail(cli);
	err e = verify_store(h->app.db, &r, &cli->fail);
	house_close(h);
	if (e != ERR_OK)
		return cli_fail(cli);
	print_report(cli, &r);
	return r.what == LEDGER_OK ? EXIT_OK : EXIT_REFUSED;
}
