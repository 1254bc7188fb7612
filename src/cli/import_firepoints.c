/* bihuan import firepoints FILE: a FIRMS table into fires and their checks. */
#include "cli/import_firepoints.h"

#include <stdio.h>

#include "core/grant.h"
#include "core/i18n.h"
#include "core/region.h"
#include "core/sector.h"
#include "sense/firepoint.h"
#include "sys/file.h"

enum { FILE_MAX = 64 << 20 };

struct storing {
	struct ctx cx;
	struct fire_import *io;
};

static err store(struct db_conn *c, void *arg)
{
	struct storing *s = arg;
	s->cx.c = c;
	s->cx.fail = (struct fail){ 0 };
	return fire_store(&s->cx, s->io);
}

static err refuse(struct cli *cli, const struct fire_import *io)
{
	for (size_t i = 0; i < io->faults.n; i++) {
		const struct grid_fault *g = &io->faults.v[i];
		fprintf(stderr, "%lld " STR_FMT ": " STR_FMT "\n", (long long)g->row, STR_ARG(g->column), STR_ARG(i18n_fail(cli->a, cli->lang, &g->fail)));
	}
	return FAIL(&cli->fail, BAD_INPUT, "", "err.objects.refused", "n", arena_printf(cli->a, "%zu", io->faults.n).p);
}

static err run(struct cli *cli, struct house *h, str bytes, int64_t *ret_rows)
{
	struct fire_import *io = NEW(cli->a, struct fire_import);
	struct storing *s = NEW(cli->a, struct storing);
	s->cx = house_ctx(h, cli->a, NULL, clock_now_ms(&h->clock));
	s->io = io;
	TRY(db_read_begin(h->app.db, &s->cx.c, &cli->fail));
	err e = fire_read(&s->cx, bytes, io);
	db_read_end(h->app.db, s->cx.c);
	cli->fail = s->cx.fail;
	TRY(e);
	if (io->faults.n)
		return refuse(cli, io);
	*ret_rows = io->rows;
	if (args_has(&cli->args, "check"))
		return ERR_OK;
	e = db_write(h->app.db, store, s, &cli->fail);
	if (e != ERR_OK && s->cx.fail.code == e)
		cli->fail = s->cx.fail;
	TRY(e);
	SAY(cli, "cli.import.fires", "fires", arena_printf(cli->a, "%lld", (long long)io->fires).p, "known",
	    arena_printf(cli->a, "%lld", (long long)io->known).p, "outside", arena_printf(cli->a, "%lld", (long long)io->outside).p, "matters",
	    arena_printf(cli->a, "%lld", (long long)io->matters).p);
	return ERR_OK;
}

err import_firepoints(struct cli *cli, const char *path, int64_t *ret_rows)
{
	struct house *h;
	str bytes;
	TRY(file_read(cli->a, path, FILE_MAX, &bytes, &cli->fail));
	TRY(house_open(cli, OPEN_EXISTING, &h));
	err e = run(cli, h, bytes, ret_rows);
	house_close(h);
	return e;
}
