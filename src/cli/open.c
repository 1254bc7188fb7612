#include "cli/open.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/vec.h"
#include "cli/house_sql.h"
#include "core/catalog.h"
#include "core/duty.h"
#include "core/principal_keep.h"
#include "land/object.h"
#include "core/region.h"
#include "core/session.h"
#include "decide/extract.h"
#include "loop/checklist.h"
#include "loop/inspect.h"
#include "loop/lookback.h"
#include "loop/loop.h"
#include "loop/marks.h"
#include "loop/public.h"
#include "loop/risk.h"
#include "sense/alarm.h"
#include "sense/derive.h"
#include "sense/retention.h"
#include "sense/series.h"
#include "sense/station.h"
#include "sense/upkeep.h"

EMBED_TABLE(schema_file)

enum { MAX_STEPS = 256, PASSWORDS_AT_ONCE = 2 };

/* ---- catalogs ---- */

static err lexicon_of(struct arena *a, const struct catalog *cat, struct lexicon **ret, struct fail *f)
{
	VEC(struct catalog_table) tables = { 0 };
	for (size_t i = 0; i < catalog_count(cat); i++) {
		struct catalog_file file = catalog_at(cat, i);
		if (file.bytes.p && (str_starts(file.path, S("sector/")) || str_starts(file.path, S("extract/"))))
			vec_push(a, &tables, (struct catalog_table){ arena_str(a, file.path), arena_str(a, file.bytes) });
	}
	struct catalog_source *src = NEW(a, struct catalog_source);
	*src = (struct catalog_source){ tables.v, tables.n };
	return lexicon_load(a, src, ret, f);
}

err open_lexicon(struct arena *a, str dir, struct lexicon **ret, struct fail *f)
{
	struct catalog *cat;
	TRY(catalog_load(arena_cstr(a, dir), &cat, f));
	err e = lexicon_of(a, cat, ret, f);
	catalog_free(cat); /* the built-in bytes stay */
	return e;
}

/* ---- the store ---- */

static size_t schema_steps(struct db_migration steps[MAX_STEPS])
{
	size_t n = 0;
	for (size_t i = 0; i < schema_file_count() && n < MAX_STEPS; i++) {
		const struct embed_file *f = schema_file_at(i);
		if (str_ends(f->path, S(".sql")) && f->path.p[0] >= '0' && f->path.p[0] <= '9')
			steps[n++] = (struct db_migration){ (int)strtol(f->path.p, NULL, 10), f->path.p, f->bytes };
	}
	return n;
}

static err make_directory(struct arena *a, const char *dir, struct fail *f)
{
	static const char *const parts[] = { "", "/files", "/tmp" };
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const char *path = arena_printf(a, "%s%s", dir, parts[i]).p;
		if (mkdir(path, 0750) && errno != EEXIST)
			return FAIL(f, IO, "", "err.file", "path", path, "detail", strerror(errno));
	}
	return ERR_OK;
}

static bool has_store(struct arena *a, const char *dir)
{
	return access(arena_printf(a, "%s/bihuan.db", dir).p, F_OK) == 0;
}

static err check_place(struct cli *cli, enum open_how how, const char *dir)
{
	bool there = cli->cfg.db.n ? how != OPEN_NEW : has_store(cli->a, dir);
	if (how == OPEN_NEW && there)
		return FAIL(&cli->fail, CONFLICT, "", "err.data_exists", "path", dir);
	if (how != OPEN_NEW && !there)
		return FAIL(&cli->fail, NOT_FOUND, "", "err.data_missing", "path", dir);
	return how == OPEN_NEW || cli->cfg.db.n ? make_directory(cli->a, dir, &cli->fail) : ERR_OK;
}

static err open_store(struct cli *cli, enum open_how how, struct house *h)
{
	struct db_migration steps[MAX_STEPS];
	const char *dir = arena_cstr(h->a, cli->cfg.data);
	TRY(check_place(cli, how, dir));
	TRY(db_open(&(struct db_options){ .dir = dir, .url = cli->cfg.db.n ? arena_cstr(h->a, cli->cfg.db) : NULL,
					  .create = how == OPEN_NEW, .made_again = cli->made_again, .watch = principal_watch }, &h->app.db, &cli->fail));
	h->app.data_dir = dir;
	if (how == OPEN_AS_IS)
		return ERR_OK;
	return db_migrate(h->app.db, steps, schema_steps(steps), clock_now_ms(&h->clock), &h->steps_applied, &cli->fail);
}

/* ---- readings: a file of their own, or tables of the server's store ---- */

static int64_t now_of(void *clock)
{
	return clock_now_ms(clock);
}

static err open_series(struct cli *cli, struct house *h)
{
	str schema = { 0 };
	for (size_t i = 0; i < schema_file_count(); i++)
		if (str_eq(schema_file_at(i)->path, S("0009_series.sql")))
			schema = schema_file_at(i)->bytes;
	const struct series_options o = {
		.dir = h->app.data_dir,
		.url = cli->cfg.db.n ? arena_cstr(h->a, cli->cfg.db) : NULL,
		.schema = schema,
		.now_ms = now_of,
		.clock = &h->clock,
	};
	struct series_terms terms;
	TRY(retention_read(h->app.catalog, china_day(clock_now_ms(&h->clock)), &terms, &cli->fail));
	TRY(series_open(&o, &h->app.series, &cli->fail));
	series_keep(h->app.series, &terms, retention_holds, &h->app);
	return ERR_OK;
}

/* ---- what the store knows of itself ---- */

static str meta(struct house *h, struct db_conn *c, const char *key, str preset)
{
	struct house_meta_row row;
	return house_meta(c, h->a, &(struct house_meta_params){ str_of(key) }, &row) == ERR_OK ? row.value : preset;
}

static err read_meta(struct cli *cli, struct house *h)
{
	struct db_conn *c;
	struct house_last_ms_row last = { 0 };
	int64_t node = 0;
	TRY(db_read_begin(h->app.db, &c, &cli->fail));
	str home = meta(h, c, "home_region", cli->cfg.home.n ? cli->cfg.home : S("0"));
	h->app.demo = str_eq(meta(h, c, "demo", S("0")), S("1"));
	err e = house_last_ms(c, h->a, &last);
	if (e == ERR_OK)
		e = region_moves_load(c, h->a, &h->moves);
	h->app.moves = &h->moves;
	bool ok = str_to_i64(home, &h->app.home_region) && str_to_i64(meta(h, c, "node", S("0")), &node);
	h->keep.ids = &h->ids;
	if (e == ERR_OK && ok)
		e = id_keep_begin(&h->keep, c, (int)node, last.last_ms);
	db_read_end(h->app.db, c);
	TRY(e);
	if (!ok)
		return FAIL(&cli->fail, CORRUPT, "", NULL);
	db_at_commit(h->app.db, id_keep_commit, &h->keep);
	return ERR_OK;
}

static err read_inspection(struct house *h, int64_t today, struct fail *f)
{
	struct inspect_rules *rules;
	TRY(inspect_rules_read(h->a, h->app.catalog, today, &rules, f));
	h->app.inspect = rules;
	return ERR_OK;
}

static err read_criteria(struct house *h, struct fail *f)
{
	struct criteria *criteria;
	struct checklists *checklists;
	struct risk_tables *risk;
	TRY(criteria_read(h->a, h->app.catalog, &criteria, f));
	TRY(checklists_read(h->a, h->app.catalog, criteria, &checklists, f));
	TRY(risk_tables_read(h->a, h->app.catalog, &risk, f));
	h->app.criteria = criteria;
	h->app.checklists = checklists;
	h->app.risk = risk;
	return ERR_OK;
}

static err read_stations(struct house *h, int64_t today, struct fail *f)
{
	struct station_kinds *kinds;
	TRY(station_kinds_read(h->a, h->app.catalog, &h->sectors, today, &kinds, f));
	h->app.stations = kinds;
	return ERR_OK;
}

static err read_catalogs(struct cli *cli, struct house *h)
{
	struct lexicon *lx;
	struct loop *loop;
	struct mark_rules *marks;
	struct object_types *objects;
	struct public_rules *reports;
	struct lookback_rules *lookback;
	struct rows sectors;
	struct fail *f = &cli->fail;
	int64_t today = china_day(clock_now_ms(&h->clock));
	TRY(catalog_load(arena_cstr(h->a, cli->cfg.catalog), &h->app.catalog, f));
	TRY(role_table_read(h->a, catalog_bytes(h->app.catalog, S("role/2026/perms.tsv")),
			    catalog_bytes(h->app.catalog, S("role/2026/roles.tsv")), &h->roles, f));
	TRY(catalog_current(h->app.catalog, h->a, S("sector"), today, S("sectors"), &sectors, f));
	TRY(sector_table_read(h->a, &sectors, &h->sectors, f));
	TRY(lexicon_of(h->a, h->app.catalog, &lx, f));
	TRY(lookback_rules_read(h->a, h->app.catalog, today, &lookback, f));
	h->app.lookback = lookback;
	TRY(duty_rules_read(h->a, h->app.catalog, today, &h->duty, f));
	TRY(object_types_read(h->a, h->app.catalog, today, &objects, f));
	TRY(loop_open(h->app.catalog, today, &loop, f));
	TRY(mark_rules_read(h->a, h->app.catalog, today, &marks, f));
	TRY(public_rules_read(h->a, h->app.catalog, &h->sectors, today, &reports, f));
	TRY(read_stations(h, today, f));
	TRY(read_criteria(h, f));
	TRY(alarms_open(h->app.catalog, today, &h->app.alarms, f));
	TRY(read_inspection(h, today, f));
	h->app.roles = &h->roles;
	h->app.duty = h->duty;
	h->app.objects = objects;
	h->app.sectors = &h->sectors;
	h->app.lexicon = lx;
	h->app.loop = loop;
	h->app.marks = marks;
	h->app.reports = reports;
	return ERR_OK;
}

static struct house *new_house(struct cli *cli)
{
	struct arena *a = arena_new();
	struct house *h = NEW(a, struct house);
	h->a = a;
	h->app.clock = &h->clock;
	h->app.ids = &h->ids;
	h->app.secure_cookies = cli->cfg.secure_cookies;
	h->app.public_url = cli->cfg.public_url;
	h->app.metrics_token = cli->cfg.metrics_token;
	h->app.grid_fill = cli->cfg.grid_fill;
	return h;
}

static err take_hash(struct cli *cli, struct house *h)
{
	if (hash_alg_parse(cli->cfg.hash, &h->app.ledger_alg))
		return ERR_OK;
	return FAIL(&cli->fail, BAD_INPUT, "hash", "err.config_value", "key", "hash", "value", cli->cfg.hash.p);
}

err house_open(struct cli *cli, enum open_how how, struct house **ret)
{
	struct house *h = new_house(cli);
	err e = take_hash(cli, h);
	if (e == ERR_OK)
		e = read_catalogs(cli, h);
	if (e == ERR_OK && how != OPEN_CATALOGS)
		e = open_store(cli, how, h);
	if (e == ERR_OK && (how == OPEN_NEW || how == OPEN_EXISTING))
		e = read_meta(cli, h);
	if (e == ERR_OK && (how == OPEN_NEW || how == OPEN_EXISTING))
		e = open_series(cli, h);
	if (e == ERR_OK && (how == OPEN_NEW || how == OPEN_EXISTING))
		e = derive_start(&h->app, cli->serving, &h->app.derive, &cli->fail);
	if (e == ERR_OK && (how == OPEN_NEW || how == OPEN_EXISTING))
		e = upkeep_open(&h->app, &h->app.upkeep, &cli->fail);
	if (e != ERR_OK) {
		house_close(h);
		return e;
	}
	h->app.passwords = password_hasher_new(PASSWORD_COST_DEFAULT, PASSWORDS_AT_ONCE);
	h->app.throttle = throttle_new();
	h->app.limits = limits_new();
	h->app.principals = principals_new();
	*ret = h;
	return ERR_OK;
}

void house_close(struct house *h)
{
	if (!h)
		return;
	alarms_close(h->app.alarms);
	derive_stop(h->app.derive);
	upkeep_close(h->app.upkeep);
	series_close(h->app.series);
	db_close(h->app.db);
	loop_close(h->app.loop);
	duty_rules_close(h->duty);
	catalog_free(h->app.catalog);
	password_hasher_free(h->app.passwords);
	throttle_free(h->app.throttle);
	limits_free(h->app.limits);
	principals_free(h->app.principals);
	arena_free(h->a);
}

/* Ids say when something was made, and a generator never goes back: so a call in the past has one to itself. Another node and
 * another millisecond for each keep them apart. */
static void begin_past(struct house *h, int64_t now_ms)
{
	enum { NODES = (1 << ID_NODE_BITS) - 1 };
	int64_t n = h->calls++;
	id_gen_init(&h->past, (int)(1 + n % NODES), now_ms + n);
	h->app.ids = &h->past;
}

struct ctx house_ctx(struct house *h, struct arena *a, struct db_conn *c, int64_t now_ms)
{
	if (h->in_past)
		begin_past(h, now_ms);
	return (struct ctx){ .a = a, .c = c, .app = &h->app, .now_ms = now_ms, .lang = S("zh-CN") };
}
