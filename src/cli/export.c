/* bihuan export events | document ID | objects */
#include <stdio.h>
#include <string.h>

#include "cli/house_sql.h"
#include "cli/import_land.h"
#include "cli/open.h"
#include "cli/papers.h"
#include "core/evidence.h"
#include "sys/file.h"

static err put_event(void *arg, const struct house_events_row *row)
{
	FILE *out = arg;
	bool ok = fwrite(row->body.p, 1, row->body.n, out) == row->body.n && fputc('\n', out) != EOF;
	return ok ? ERR_OK : ERR_IO;
}

/* The exact bytes that were hashed, one event a line, region by region. */
static err export_events(struct cli *cli, struct house *h, FILE *out)
{
	struct db_conn *c;
	TRY(db_read_begin(h->app.db, &c, &cli->fail));
	err e = house_events(c, put_event, out);
	db_read_end(h->app.db, c);
	return e == ERR_OK ? ERR_OK : FAIL(&cli->fail, IO, "", "err.export");
}

static err export_document(struct cli *cli, struct house *h, FILE *out)
{
	struct db_conn *c;
	struct house_document_row row;
	int64_t id;
	str bytes;
	if (cli->args.nrest != 2 || !str_to_i64(cli->args.rest[1], &id))
		return FAIL(&cli->fail, BAD_INPUT, "", "err.bad_id");
	TRY(db_read_begin(h->app.db, &c, &cli->fail));
	err e = house_document(c, cli->a, &(struct house_document_params){ id }, &row);
	db_read_end(h->app.db, c);
	if (e != ERR_OK)
		return FAIL(&cli->fail, NOT_FOUND, "", NULL);
	str path = arena_printf(cli->a, "%s/files/%.2s/%s", h->app.data_dir, row.hash.p, row.hash.p + 2);
	TRY(file_read(cli->a, path.p, (size_t)row.size, &bytes, &cli->fail));
	return fwrite(bytes.p, 1, bytes.n, out) == bytes.n ? ERR_OK : FAIL(&cli->fail, IO, "", "err.export");
}

static err export_to(struct cli *cli, struct house *h, str what, FILE *out)
{
	if (str_eq(what, S("events")))
		return export_events(cli, h, out);
	if (str_eq(what, S("document")))
		return export_document(cli, h, out);
	return FAIL(&cli->fail, BAD_INPUT, "", "err.export_what", "what", arena_cstr(cli->a, what));
}

enum exit_code cmd_export(struct cli *cli)
{
	struct house *h;
	str path = args_value(&cli->args, "out");
	if (!cli->args.nrest) {
		SAY(cli, "cli.export.detail");
		return EXIT_USAGE;
	}
	if (str_eq(cli->args.rest[0], S("matters")))
		return export_matters(cli);
	if (house_open(cli, OPEN_AS_IS, &h) != ERR_OK)
		return cli_fail(cli);
	if (str_eq(cli->args.rest[0], S("objects"))) {
		err done = export_objects(cli, h);
		house_close(h);
		return done == ERR_OK ? EXIT_OK : cli_fail(cli);
	}
	FILE *out = path.n ? fopen(arena_cstr(cli->a, path), "wb") : stdout;
	err e = out ? export_to(cli, h, cli->args.rest[0], out) : FAIL(&cli->fail, IO, "", "err.export");
	if (out && (fflush(out) || (path.n && fclose(out))) && e == ERR_OK)
		e = FAIL(&cli->fail, IO, "", "err.export");
	house_close(h);
	return e == ERR_OK ? EXIT_OK : cli_fail(cli);
}
