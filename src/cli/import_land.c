#include "cli/import_land.h"

#include <stdio.h>

#include "core/i18n.h"
#include "land/boundary.h"
#include "land/object_sheet.h"
#include "sys/file.h"

enum { FILE_MAX = 64 << 20 };

/* Whoever may run the program on this data directory may see all of it. */
static struct principal everything(struct house *h, struct principal_grant *grant)
{
	*grant = (struct principal_grant){ .perms = -1, .lo = 1, .hi = REGION_MAX, .sectors = SECTORS_ALL, .secret = SECRET_MAX,
					   .to_ms = INT64_MAX };
	return (struct principal){ .roles = h->app.roles, .n = 1, .v = grant };
}

static err take_crs(struct cli *cli, enum crs *ret)
{
	str crs = args_value(&cli->args, "crs");
	if (!crs.n || crs_parse(crs, ret))
		return ERR_OK;
	return FAIL(&cli->fail, BAD_INPUT, "", "err.config_value", "key", "crs", "value", arena_cstr(cli->a, crs));
}

/* ---- objects ---- */

static void say_fault(struct cli *cli, const struct object_import_error *e)
{
	const char *cell = arena_cstr(cli->a, e->cell);
	str text = e->key ? i18n_say(cli->a, cli->lang, e->key, "cell", cell, "name", arena_cstr(cli->a, e->name), NULL) :
			    i18n_fail(cli->a, cli->lang, &e->fail);
	if (e->key)
		fprintf(stderr, STR_FMT "\n", STR_ARG(text));
	else
		fprintf(stderr, "%s: " STR_FMT "\n", cell, STR_ARG(text));
}

static err read_objects(struct cli *cli, struct ctx *cx, str bytes, struct object_import *io)
{
	TRY(db_read_begin(cx->app->db, &cx->c, &cli->fail));
	err e = objects_read(cx, bytes, io);
	db_read_end(cx->app->db, cx->c);
	return e;
}

static err store_objects(struct cli *cli, struct ctx *cx, struct object_import *io, int64_t *ret_rows)
{
	if (!io->nerrors && io->n)
		TRY(objects_store(cx, io));
	for (size_t i = 0; i < io->nerrors; i++)
		say_fault(cli, &io->errors[i]);
	if (io->nerrors)
		return FAIL(&cx->fail, BAD_INPUT, "", "err.objects.refused", "n",
			    arena_printf(cli->a, "%lld", (long long)io->bad_rows).p);
	if (io->converted)
		SAY(cli, "cli.import.converted", "n", arena_printf(cli->a, "%lld", (long long)io->converted).p, "crs",
		    crs_name(io->crs));
	*ret_rows = (int64_t)io->n;
	return ERR_OK;
}

err import_objects(struct cli *cli, const char *path, int64_t *ret_rows)
{
	struct house *h;
	struct object_import io = { .type = args_value(&cli->args, "type"), .check = args_has(&cli->args, "check") };
	str bytes;
	TRY(take_crs(cli, &io.crs));
	TRY(file_read(cli->a, path, FILE_MAX, &bytes, &cli->fail));
	TRY(house_open(cli, OPEN_EXISTING, &h));
	struct ctx cx = house_ctx(h, cli->a, NULL, clock_now_ms(&h->clock));
	err e = read_objects(cli, &cx, bytes, &io);
	if (e == ERR_OK)
		e = store_objects(cli, &cx, &io, ret_rows);
	if (e != ERR_OK)
		cli->fail = cx.fail;
	house_close(h);
	return e;
}

/* ---- boundaries ---- */

struct drawing {
	struct ctx cx;
	const struct boundary_file *file;
	bool check;
	struct boundary_result done;
};

static err put(struct db_conn *c, void *arg)
{
	struct drawing *d = arg;
	d->cx.c = c;
	TRY(boundary_put_all(&d->cx, d->file, &d->done));
	return d->check ? ERR_GUARD : ERR_OK;
}

err import_boundaries(struct cli *cli, const char *path, int64_t *ret_rows)
{
	struct house *h;
	struct boundary_file file = { .source = args_value(&cli->args, "source"),
				      .skip_unknown = args_has(&cli->args, "skip-unknown") };
	str bytes, accuracy = args_value(&cli->args, "accuracy");
	if (!file.source.n)
		return FAIL(&cli->fail, BAD_INPUT, "", "err.source_missing");
	if (accuracy.n && (!str_to_f64(accuracy, &file.accuracy_m) || !(file.accuracy_m >= 0 && file.accuracy_m <= 5000)))
		return FAIL(&cli->fail, BAD_INPUT, "", "err.config_value", "key", "accuracy", "value", arena_cstr(cli->a, accuracy));
	TRY(take_crs(cli, &file.crs));
	TRY(file_read(cli->a, path, FILE_MAX, &bytes, &cli->fail));
	TRY(house_open(cli, OPEN_EXISTING, &h));
	struct drawing d = { .cx = house_ctx(h, cli->a, NULL, clock_now_ms(&h->clock)), .file = &file,
			     .check = args_has(&cli->args, "check") };
	err e = boundary_read(&d.cx, bytes, &file);
	if (e == ERR_OK)
		e = db_write(h->app.db, put, &d, &d.cx.fail);
	if (e == ERR_GUARD && d.check)
		e = ERR_OK;
	if (e != ERR_OK)
		cli->fail = d.cx.fail;
	for (size_t i = 0; e == ERR_OK && i < d.done.skipped.n; i++)
		SAY(cli, "cli.import.skipped", "code", arena_cstr(cli->a, d.done.skipped.v[i]));
	*ret_rows = d.done.regions;
	house_close(h);
	return e;
}

/* ---- out ---- */

err export_objects(struct cli *cli, struct house *h)
{
	static const str ends[] = { [OBJECTS_XLSX] = S(".xlsx"), [OBJECTS_CSV] = S(".csv"), [OBJECTS_GEOJSON] = S(".geojson") };
	str path = args_value(&cli->args, "out");
	size_t format = 0;
	while (format < COUNT_OF(ends) && !str_ends(path, ends[format]))
		format++;
	if (format == COUNT_OF(ends))
		return FAIL(&cli->fail, BAD_INPUT, "", "err.export_objects");
	struct principal_grant grant;
	struct principal who = everything(h, &grant);
	struct object_list_params p;
	struct object_query q = { .type = args_value(&cli->args, "type"), .region = JSON_NONE, .owner = JSON_NONE, .valid = JSON_NONE,
				  .after = JSON_NONE, .limit = JSON_NONE, .ended = true };
	struct ctx cx = house_ctx(h, cli->a, NULL, clock_now_ms(&h->clock));
	cx.who = &who;
	cx.lang = cli->lang;
	TRY(db_read_begin(h->app.db, &cx.c, &cli->fail));
	err e = object_filter_of(&cx, &q, &p);
	if (e == ERR_OK)
		e = objects_export(&cx, &p, (enum object_format)format, arena_cstr(cli->a, path));
	db_read_end(h->app.db, cx.c);
	if (e != ERR_OK)
		cli->fail = cx.fail;
	return e;
}
