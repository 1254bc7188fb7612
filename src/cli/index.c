/* bihuan index KIND --csv IN --out OUT: indices of a file, row by row or group by group. */
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/open.h"
#include "sense/index_out.h"
#include "sys/file.h"

enum { FILE_MAX = 1 << 30 };

struct writing {
	struct index_job j;
	struct index_gathered got;      /* with --json */
	struct buf out;
	size_t rows;
	bool head;
};

static void put_cell(struct buf *b, str s)
{
	bool quote = false;
	for (size_t i = 0; i < s.n; i++)
		quote |= s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
	if (!quote) {
		buf_put(b, s);
		return;
	}
	buf_byte(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, s.p[i]);
	}
	buf_byte(b, '"');
}

static void put_cells(struct buf *b, const str *v, size_t n, bool first)
{
	for (size_t i = 0; i < n; i++) {
		if (i || !first)
			buf_byte(b, ',');
		put_cell(b, v[i]);
	}
}

/* The file's own columns, or the group's name, and what the kind gives. */
static void put_head(struct writing *w)
{
	const str name = S("name");
	if (w->head)
		return;
	w->head = true;
	if (w->j.kind->groups)
		put_cells(&w->out, &name, 1, true);
	else
		put_cells(&w->out, w->j.names, w->j.ncols, true);
	buf_byte(&w->out, ',');
	buf_put(&w->out, str_of(w->j.kind->gives));
	if (w->j.opt.explain)
		buf_put(&w->out, S(",edition,missing,reason"));
	buf_byte(&w->out, '\n');
}

static err put_row(void *arg, const struct index_result *r)
{
	struct writing *w = arg;
	put_head(w);
	if (w->j.kind->groups)
		put_cells(&w->out, &r->name, 1, true);
	else
		put_cells(&w->out, w->j.cells, w->j.ncols, true);
	put_cells(&w->out, r->values, w->j.ngives, false);
	if (w->j.opt.explain) {
		struct buf missing = BUF(w->j.kind->groups ? w->j.a : w->j.row);
		for (size_t i = 0; i < r->missing.n; i++) {
			if (i)
				buf_byte(&missing, ';');
			buf_put(&missing, r->missing.v[i]);
		}
		const str more[] = { r->edition, buf_str(&missing), r->reason };
		put_cells(&w->out, more, COUNT_OF(more), false);
	}
	buf_byte(&w->out, '\n');
	w->rows++;
	return ERR_OK;
}

static err put_all(struct cli *cli, str path, const struct buf *out)
{
	str all = buf_str(out);
	if (path.n && !str_eq(path, S("-")))
		return file_write(arena_cstr(cli->a, path), all, &cli->fail);
	bool ok = fwrite(all.p, 1, all.n, stdout) == all.n && fflush(stdout) == 0;
	return ok ? ERR_OK : FAIL(&cli->fail, IO, "", "err.export");
}

static err options_of(struct cli *cli, struct index_options *ret)
{
	const struct args *args = &cli->args;
	str date = args_value(args, "date"), area = args_value(args, "area");
	int64_t n = 0;
	struct index_options o = { .edition = args_value(args, "edition"), .period = args_value(args, "period"), .units = args_value(args, "units"),
				   .start = args_value(args, "start"), .explain = cli->json || args_has(args, "explain") };
	if (area.n && (!str_to_i64(area, &n) || n < 1 || n > 2))
		return FAIL(&cli->fail, BAD_INPUT, "area", "err.index_area");
	o.area = (int)n;
	o.day = china_day(clock_now_ms(&(struct clock){ 0 }));
	if (date.n && !date_parse(date, &o.day))
		return FAIL(&cli->fail, BAD_INPUT, "date", "err.bad_date");
	*ret = o;
	return ERR_OK;
}

static err run(struct cli *cli, struct writing *w, str in)
{
	struct catalog *cat;
	str bytes;
	TRY(options_of(cli, &w->j.opt));
	TRY(catalog_load(arena_cstr(cli->a, cli->cfg.catalog), &cat, &cli->fail));
	TRY(file_read(cli->a, arena_cstr(cli->a, in), FILE_MAX, &bytes, &cli->fail));
	w->j.cat = cat;
	w->got = (struct index_gathered){ .a = cli->a, .width = index_words(cli->a, w->j.kind->gives).n };
	w->j.sink = cli->json ? index_gather : put_row;
	w->j.arg = cli->json ? (void *)&w->got : w;
	err e = index_csv(&w->j, bytes, SIZE_MAX);
	if (e == ERR_OK && !cli->json)
		put_head(w); /* of a file without rows */
	index_drop(&w->j);
	if (e == ERR_OK && cli->json) {
		struct index_out out;
		TRY(index_answer(&w->j, &w->got, &out));
		json_write(&w->out, index_out_json, &out);
		buf_byte(&w->out, '\n');
	}
	TRY(e);
	return put_all(cli, args_value(&cli->args, "out"), &w->out);
}

enum exit_code cmd_index(struct cli *cli)
{
	struct writing *w = NEW(cli->a, struct writing);
	str in = args_value(&cli->args, "csv"), out = args_value(&cli->args, "out");
	w->out = BUF(cli->a);
	w->j = (struct index_job){ .a = cli->a, .lang = cli->lang, .f = &cli->fail };
	w->j.kind = cli->args.nrest == 1 ? index_kind_find(cli->args.rest[0]) : NULL;
	if (!w->j.kind || !in.n) {
		SAY(cli, "cli.index.detail");
		return EXIT_USAGE;
	}
	if (run(cli, w, in) != ERR_OK)
		return cli_fail(cli);
	if (out.n && !cli->json)
		SAY(cli, "cli.index.done", "rows", arena_printf(cli->a, "%zu", w->rows).p, "out", arena_cstr(cli->a, out));
	return EXIT_OK;
}
