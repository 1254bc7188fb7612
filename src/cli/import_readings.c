/* bihuan import readings FILE: a workbook or CSV of readings, into the store of readings. */
#include "cli/import_readings.h"

#include "core/region.h"
#include "format/limits.h"
#include "sense/derive.h"
#include "sense/reading_sheet.h"
#include "sys/file.h"

struct job {
	struct ctx cx;
	const struct reading_sheet *s;
};

static err remember(struct db_conn *c, void *arg)
{
	struct job *j = arg;
	j->cx.c = c;
	return reading_sheet_remember(&j->cx, j->s);
}

static err run(struct cli *cli, struct house *h, str bytes, int64_t *ret_rows)
{
	struct db_conn *c;
	struct reading_sheet s = { .kind = args_value(&cli->args, "kind"), .skip_unknown = args_has(&cli->args, "skip-unknown") };
	str station = args_value(&cli->args, "station");
	if (station.n && !str_to_i64(station, &s.station))
		return FAIL(&cli->fail, BAD_INPUT, "station", "err.reading.station");
	s.map = args_value(&cli->args, "map");
	TRY(db_read_begin(h->app.db, &c, &cli->fail));
	struct ctx cx = house_ctx(h, cli->a, c, clock_now_ms(&h->clock));
	err e = reading_sheet_read(&cx, bytes, &s);
	db_read_end(h->app.db, c);
	cli->fail = cx.fail;
	TRY(e);
	*ret_rows = s.rows - s.skipped;
	if (args_has(&cli->args, "check"))
		return ERR_OK;
	TRY(reading_batch_put(s.batch, NULL, &cli->fail));
	struct job j = { cx, &s };
	TRY(db_write(h->app.db, remember, &j, &cli->fail));
	return derive_due(h->app.derive, NULL, &cli->fail);
}

err import_readings(struct cli *cli, const char *path, int64_t *ret_rows)
{
	const struct doc_limits limits = doc_limits_default();
	struct house *h;
	str bytes;
	TRY(file_read(cli->a, path, limits.max_input, &bytes, &cli->fail));
	TRY(house_open(cli, OPEN_EXISTING, &h));
	err e = run(cli, h, bytes, ret_rows);
	house_close(h);
	return e;
}
