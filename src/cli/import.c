/* bihuan import regions | calendar | objects | boundaries | readings | firepoints FILE: nothing is imported by half. */
#include <stdio.h>

#include "base/vec.h"
#include "cli/house_sql.h"
#include "cli/import_firepoints.h"
#include "cli/import_land.h"
#include "cli/import_readings.h"
#include "cli/open.h"
#include "cli/papers.h"
#include "core/ledger.h"
#include "core/region.h"
#include "format/table.h"
#include "sys/file.h"

struct import {
	struct cli *cli;
	struct house *h;
	struct rows rows;
	str bytes;
	int64_t count;
	struct fail fail;
};

/* Every row of the first sheet as text; the first row names the columns. */
static err read_rows(struct cli *cli, str bytes, struct rows *ret)
{
	const struct doc_limits limits = doc_limits_default();
	struct arena *a = cli->a;
	AUTO(table_drop) struct table *t = NULL;
	struct table_row row;
	VEC(str) cells = { 0 };
	VEC(int) lines = { 0 };
	struct rows r = { 0 };
	TRY(table_open(a, bytes, &limits, &t, &cli->fail));
	for (;;) {
		TRY(table_next(t, &row, &cli->fail));
		if (!row.number)
			break;
		size_t width = r.ncolumns ? r.ncolumns : row.n ? row.cells[row.n - 1].col : 0;
		for (size_t c = 1; c <= width; c++)
			vec_push(a, &cells, arena_str(a, str_trim(table_cell(&row, (uint32_t)c)->text)));
		if (!r.ncolumns) {
			r.ncolumns = width;
			r.columns = cells.v;
			cells.v = NULL;
			cells.n = cells.cap = 0;
			continue;
		}
		vec_push(a, &lines, (int)row.number);
		r.n++;
	}
	r.cells = cells.v;
	r.lines = lines.v;
	*ret = r;
	return ERR_OK;
}

static err note(struct ctx *cx, struct import *im, const char *kind)
{
	struct canon c;
	unsigned char hash[HASH_SIZE];
	hash_bytes(HASH_SHA256, im->bytes, hash);
	canon_begin(&c, cx->a);
	canon_str(&c, "hash", hex_encode(cx->a, (str){ (char *)hash, sizeof hash }));
	canon_i64(&c, "rows", im->count);
	return ledger_append(cx, cx->app->home_region, kind, S("system/import"), canon_end(&c), NULL);
}

static err import_regions(struct ctx *cx, struct import *im)
{
	TRY(region_import(cx->c, cx->a, &im->rows, &im->count, &cx->fail));
	return note(cx, im, "region.import");
}

static err import_day(struct ctx *cx, const struct rows *r, size_t i)
{
	int64_t day;
	bool working = str_eq(rows_get(r, i, S("working")), S("1"));
	const char *at = arena_printf(cx->a, "/%d", r->lines[i]).p;
	if (!date_parse(rows_get(r, i, S("date")), &day))
		return FAIL(&cx->fail, BAD_FIELD, at, "err.bad_date");
	if (!working && !str_eq(rows_get(r, i, S("working")), S("0")))
		return FAIL(&cx->fail, BAD_FIELD, at, "err.config_value", "key", "working", "value",
			    arena_cstr(cx->a, rows_get(r, i, S("working"))));
	if (!rows_get(r, i, S("source")).n)
		return FAIL(&cx->fail, BAD_FIELD, at, "err.source_missing");
	return house_day_put(cx->c, &(struct house_day_put_params){ day, working, rows_get(r, i, S("name_zh")), rows_get(r, i, S("name_en")),
								     rows_get(r, i, S("source")), S("house") }, NULL);
}

static err import_calendar(struct ctx *cx, struct import *im)
{
	for (size_t i = 0; i < im->rows.n; i++)
		TRY(import_day(cx, &im->rows, i));
	im->count = (int64_t)im->rows.n;
	return note(cx, im, "calendar.import");
}

/* With --check everything is done and then taken back. */
static err run(struct db_conn *c, void *arg)
{
	struct import *im = arg;
	struct cli *cli = im->cli;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(im->h, a, c, clock_now_ms(&im->h->clock));
	str what = cli->args.rest[0];
	err e = str_eq(what, S("regions")) ? import_regions(&cx, im) : import_calendar(&cx, im);
	im->fail = cx.fail;
	if (e == ERR_OK && args_has(&cli->args, "check"))
		return ERR_GUARD;
	return e;
}

static err import_file(struct import *im)
{
	struct cli *cli = im->cli;
	const struct doc_limits limits = doc_limits_default();
	str what = cli->args.rest[0];
	const char *path = cli->args.rest[1].p;
	if (str_eq(what, S("objects")))
		return import_objects(cli, path, &im->count);
	if (str_eq(what, S("boundaries")))
		return import_boundaries(cli, path, &im->count);
	if (str_eq(what, S("firepoints")))
		return import_firepoints(cli, path, &im->count);
	if (str_eq(what, S("readings")))
		return import_readings(cli, path, &im->count);
	if (!str_eq(what, S("regions")) && !str_eq(what, S("calendar")))
		return FAIL(&cli->fail, BAD_INPUT, "", "err.import_what", "what", arena_cstr(cli->a, what));
	TRY(file_read(cli->a, path, limits.max_input, &im->bytes, &cli->fail));
	TRY(read_rows(cli, im->bytes, &im->rows));
	TRY(house_open(cli, OPEN_EXISTING, &im->h));
	err e = db_write(im->h->app.db, run, im, &im->fail);
	house_close(im->h);
	if (e == ERR_GUARD && args_has(&cli->args, "check"))
		return ERR_OK;
	cli->fail = im->fail;
	return e;
}

enum exit_code cmd_import(struct cli *cli)
{
	struct import im = { .cli = cli };
	char rows[24];
	if (cli->args.nrest != 2) {
		SAY(cli, "cli.import.detail");
		return EXIT_USAGE;
	}
	if (str_eq(cli->args.rest[0], S("matters")))
		return import_matters(cli);
	if (import_file(&im) != ERR_OK)
		return cli_fail(cli);
	snprintf(rows, sizeof rows, "%ld", (long)im.count);
	if (cli->json)
		printf("{\"ok\":true,\"rows\":%s}\n", rows);
	SAY(cli, args_has(&cli->args, "check") ? "cli.import.checked" : "cli.import.done", "rows", rows);
	return EXIT_OK;
}
