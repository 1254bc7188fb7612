/* A store in a temporary folder with the real schema, and an application around it; for tests of core.
 * With BIHUAN_TEST_PG=postgresql://… (an empty database of the test's own) it runs on PostgreSQL. */
#ifndef BH_TESTS_CORE_STORE_H
#define BH_TESTS_CORE_STORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/app.h"
#include "core/principal_keep.h"

#define HOME INT64_C(110105000000)
#define START_MS INT64_C(1795370400000) /* 2026-11-23 02:00 in China */

struct core_store {
	char dir[64];
	struct arena *a;
	struct clock clock;
	struct id_gen ids;
	struct app app;
};

static inline str test_file(struct arena *a, const char *name)
{
	const char *src = getenv("BIHUAN_SOURCE");
	FILE *f = fopen(arena_printf(a, "%s/%s", src ? src : ".", name).p, "rb");
	struct buf b = BUF(a);
	char tmp[4096];
	size_t n;
	if (!f)
		fail_msg("cannot read %s", name);
	while ((n = fread(tmp, 1, sizeof tmp, f)) > 0)
		buf_put(&b, (str){ tmp, n });
	fclose(f);
	return arena_str(a, buf_str(&b));
}

static inline void core_sql(struct core_store *s, const char *sql);

static inline int core_open(void **state)
{
	struct core_store *s = calloc(1, sizeof *s);
	struct fail f = { 0 };
	int applied;
	s->a = arena_new();
	atomic_store(&s->clock.fixed_ms, START_MS);
	id_gen_init(&s->ids, 1, 0);
	s->app.clock = &s->clock;
	s->app.ids = &s->ids;
	snprintf(s->dir, sizeof s->dir, "/tmp/bihuan-core-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	struct db_options o = { .dir = s->dir, .url = getenv("BIHUAN_TEST_PG"), .create = true, .watch = principal_watch };
	assert_int_equal(db_open(&o, &s->app.db, &f), ERR_OK);
	if (o.url) { /* each test begins with an empty one */
		core_sql(s, "DROP SCHEMA public CASCADE");
		core_sql(s, "CREATE SCHEMA public");
	}
	static const char *const names[] = { "0001_foundation.sql", "0002_loop.sql", "0003_land.sql", "0004_duty.sql", "0005_inspect.sql", "0006_evidence.sql", "0007_papers.sql", "0008_sense.sql", "0009_series.sql", "0010_alarm.sql", "0011_grid.sql", "0012_alarm_trust.sql", "0013_draw.sql", "0014_handed.sql", "0015_mqtt.sql", "0016_upkeep.sql", "0017_device_name.sql", "0018_relapse.sql", "0019_partitions.sql" };
	struct db_migration steps[COUNT_OF(names)];
	for (size_t i = 0; i < COUNT_OF(names); i++)
		steps[i] = (struct db_migration){ (int)i + 1, names[i], test_file(s->a, arena_printf(s->a, "schema/%s", names[i]).p) };
	assert_int_equal(db_migrate(s->app.db, steps, COUNT_OF(names), 0, &applied, &f), ERR_OK);
	s->app.data_dir = s->dir;
	s->app.home_region = HOME;
	s->app.principals = principals_new();
	*state = s;
	return 0;
}

static inline int core_close(void **state)
{
	struct core_store *s = *state;
	char cmd[96];
	db_close(s->app.db);
	principals_free(s->app.principals);
	snprintf(cmd, sizeof cmd, "rm -rf %s", s->dir);
	assert_int_equal(system(cmd), 0);
	arena_free(s->a);
	free(s);
	return 0;
}

/* A context as a request would have it, with a connection for writing or reading. */
struct core_job {
	struct ctx cx;
	err (*fn)(struct ctx *cx, void *arg);
	void *arg;
};

static inline err core_run(struct db_conn *c, void *arg)
{
	struct core_job *j = arg;
	j->cx.c = c;
	return j->fn(&j->cx, j->arg);
}

static inline struct ctx core_ctx(struct core_store *s, const struct principal *who)
{
	return (struct ctx){ .a = s->a, .app = &s->app, .who = who, .now_ms = clock_now_ms(&s->clock),
			     .lang = S("zh-CN") };
}

static inline err core_write_as(struct core_store *s, const struct principal *who,
				err (*fn)(struct ctx *cx, void *arg), void *arg, struct fail *ret_fail)
{
	struct core_job j = { .cx = core_ctx(s, who), .fn = fn, .arg = arg };
	struct fail f = { 0 };
	err e = db_write(s->app.db, core_run, &j, &f);
	if (ret_fail)
		*ret_fail = j.cx.fail;
	return e;
}

static inline err core_write(struct core_store *s, err (*fn)(struct ctx *cx, void *arg), void *arg)
{
	return core_write_as(s, NULL, fn, arg, NULL);
}

static inline err core_read(struct core_store *s, const struct principal *who,
			    err (*fn)(struct ctx *cx, void *arg), void *arg)
{
	struct core_job j = { .cx = core_ctx(s, who), .fn = fn, .arg = arg };
	struct fail f = { 0 };
	err e = db_read_begin(s->app.db, &j.cx.c, &f);
	if (e != ERR_OK)
		return e;
	e = fn(&j.cx, arg);
	db_read_end(s->app.db, j.cx.c);
	return e;
}

/* A statement written here, for setting the scene and for tampering; text without parameters. */
static inline err core_sql_job(struct ctx *cx, void *arg)
{
	const char *sql = arg;
	const struct db_frag frags[] = { { DB_FRAG_TEXT, sql, 0 }, { 0 } };
	const struct db_query q = { "test", { frags, frags }, "", false };
	return db_exec(cx->c, &q, NULL, NULL, NULL);
}

static inline void core_sql(struct core_store *s, const char *sql)
{
	err e = core_write(s, core_sql_job, (void *)(uintptr_t)sql);
	if (e != ERR_OK)
		fail_msg("%s: %s", err_name(e), sql);
}

/* Rows that matter to access and to the ledger's check only. */
static inline err core_put_matter(struct ctx *cx, int64_t region, int64_t handler, int64_t id, int64_t sectors, int64_t secret,
				  const char *state, int64_t ver)
{
	str sql = arena_printf(cx->a,
		"INSERT INTO matter (region, id, no, kind, state, phase, title, body, measures, targets, attrs, sectors, secret,"
		" county, handler_region, lead_org, assigner_org, assigner, due_ms, held_due_ms, recurs, progress, round,"
		" round_ms, extensions, parent, parent_region, document, draft, span_start, span_end, pending, prev_state,"
		" reporter, reporter_org, state_ms, opened_ms, ver) VALUES (%lld, %lld, 'N%lld', 'task', '%s', 'open', 't', '', '',"
		" '[]', '{}', %lld, %lld, %lld, %lld, 0, 0, 0, 0, 0, '', 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0, 0, 0, 0, %lld)",
		(long long)region, (long long)id, (long long)id, state, (long long)sectors, (long long)secret,
		(long long)region / 1000000, (long long)handler, (long long)ver);
	return core_sql_job(cx, (void *)(uintptr_t)sql.p);
}

static inline err core_put_party(struct ctx *cx, int64_t region, int64_t matter, int64_t org, int64_t person)
{
	str sql = arena_printf(cx->a,
		"INSERT INTO matter_party (region, matter, org, role, person, basis, since_ms, phase, due_ms) VALUES"
		" (%lld, %lld, %lld, 'co', %lld, '', 0, 'open', 0)",
		(long long)region, (long long)matter, (long long)org, (long long)person);
	return core_sql_job(cx, (void *)(uintptr_t)sql.p);
}

#endif
