/* A store with the real schema, workflows, organisations and people with grants; for tests of loop. */
#ifndef BH_TESTS_LOOP_STORE_H
#define BH_TESTS_LOOP_STORE_H

#include "core_store.h"

#include "core/catalog.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/matter_list.h"

enum { LEAD = 101, OFFICE = 102, CO = 103, VERIFIER = 104, COUNTY_2 = 105 };

struct loop_store {
	struct core_store *core;
	struct role_table roles;
	struct sector_table sectors;
	struct catalog *catalog;
	struct principal lead, office, office2, co, verifier, reader, other_county;
};

static inline struct principal loop_person(struct loop_store *s, int64_t account, int64_t org,
					   const char *role, int64_t region)
{
	struct principal_grant *g = arena_alloc(s->core->a, sizeof *g);
	const struct role_def *r = role_find(&s->roles, str_of(role));
	assert_non_null(r);
	*g = (struct principal_grant){
		.role = r->id, .perms = r->perms, .sectors = -1, .secret = 1, .to_ms = INT64_MAX
	};
	region_range(region, &g->lo, &g->hi);
	return (struct principal){ .account = account,
				   .person = account,
				   .org = org,
				   .org_region = region,
				   .name = S("某人"),
				   .roles = &s->roles,
				   .n = 1,
				   .v = g };
}

static inline void loop_org(struct loop_store *s, int64_t id, int64_t region, const char *name)
{
	core_sql(s->core, arena_printf(s->core->a,
				       "INSERT INTO org (id, region, kind, name, name_en, short, parent, "
				       "sectors, valid_from_day, ver)"
				       " VALUES (%lld, %lld, 'department', '%s', '%s', '%s', 0, -1, 0, 1)",
				       (long long)id, (long long)region, name, name, name)
			      .p);
	core_sql(s->core,
		 arena_printf(s->core->a,
			      "INSERT INTO person (id, name, name_en, salt) VALUES (%lld, '%s某', 'P', %s)",
			      (long long)id * 10, name,
			      db_engine(s->core->app.db) == DB_PG ? "'\\x00'" : "x'00'")
		     .p);
}

static inline int loop_open_store(void **state)
{
	struct fail f = { 0 };
	struct loop_store *s = calloc(1, sizeof *s);
	void *core;
	core_open(&core);
	s->core = core;
	struct arena *a = s->core->a;
	const char *src = getenv("BIHUAN_SOURCE");
	struct rows rows;
	assert_int_equal(role_table_read(a, test_file(a, "catalog/role/2026/perms.tsv"),
					 test_file(a, "catalog/role/2026/roles.tsv"), &s->roles, &f),
			 ERR_OK);
	assert_int_equal(catalog_load(arena_printf(a, "%s/catalog", src ? src : ".").p, &s->catalog, &f),
			 ERR_OK);
	int64_t today = china_day(START_MS);
	assert_int_equal(catalog_current(s->catalog, a, S("sector"), today, S("sectors"), &rows, &f), ERR_OK);
	assert_int_equal(sector_table_read(a, &rows, &s->sectors, &f), ERR_OK);
	s->core->app.sectors = &s->sectors;
	s->core->app.roles = &s->roles;
	s->core->app.catalog = s->catalog;
	if (loop_open(s->catalog, today, &s->core->app.loop, &f) != ERR_OK)
		fail_msg("%s %s %s", f.key, f.args[0].text, f.args[1].text);
	loop_org(s, LEAD, HOME, "住建局");
	loop_org(s, OFFICE, HOME, "安委办");
	loop_org(s, CO, HOME, "消防大队");
	loop_org(s, VERIFIER, HOME, "应急局");
	loop_org(s, COUNTY_2, HOME + 1000000, "邻区住建局");
	s->lead = loop_person(s, LEAD * 10, LEAD, "regulator", HOME);
	s->office = loop_person(s, OFFICE * 10, OFFICE, "office", HOME);
	s->office2 = loop_person(s, OFFICE * 10 + 1, OFFICE, "office", HOME);
	s->co = loop_person(s, CO * 10, CO, "unit", HOME);
	s->verifier = loop_person(s, VERIFIER * 10, VERIFIER, "verifier", HOME);
	s->reader = loop_person(s, LEAD * 10 + 2, LEAD, "viewer", HOME);
	s->other_county = loop_person(s, COUNTY_2 * 10, COUNTY_2, "office", HOME + 1000000);
	*state = s;
	return 0;
}

static inline int loop_close_store(void **state)
{
	struct loop_store *s = *state;
	void *core = s->core;
	loop_close(s->core->app.loop);
	catalog_free(s->catalog);
	core_close(&core);
	free(s);
	return 0;
}

/* ---- the usual steps ---- */

struct make_job {
	struct matter_new in;
	int64_t id;
};

static inline err make_run(struct ctx *cx, void *arg)
{
	struct make_job *j = arg;
	return matter_create(cx, &j->in, &j->id);
}

static inline int64_t day_of(const char *iso)
{
	int64_t d = 0;
	assert_true(date_parse(str_of(iso), &d));
	return d;
}

static inline struct matter_new new_task(struct loop_store *s, const char *title)
{
	static const int64_t lead = LEAD, co = CO;
	(void)s;
	return (struct matter_new){ .region = HOME,
				    .kind = S("task"),
				    .title = str_of(title),
				    .text = S("开展城镇燃气管网改造"),
				    .sectors = 16,
				    .lead = { (int64_t *)(uintptr_t)&lead, 1 },
				    .co = { (int64_t *)(uintptr_t)&co, 1 },
				    .due_day = day_of("2026-12-31") };
}

static inline int64_t make_task(struct loop_store *s, const struct matter_new *in)
{
	struct make_job j = { *in, 0 };
	struct fail f = { 0 };
	err e = core_write_as(s->core, &s->office, make_run, &j, &f);
	if (e != ERR_OK)
		fail_msg("create: %s %s %s", err_name(e), f.key ? f.key : "", f.pointer);
	return j.id;
}

struct act_job {
	int64_t id;
	const char *act;
	struct wf_input in;
	struct matter after;
};

static inline err act_run(struct ctx *cx, void *arg)
{
	struct act_job *j = arg;
	return matter_act(cx, j->id, str_of(j->act), &j->in, &j->after);
}

static inline err do_act(struct loop_store *s, const struct principal *who, int64_t id, const char *act,
			 struct wf_input in, struct matter *ret_after, struct fail *ret_fail)
{
	struct act_job j = { .id = id, .act = act, .in = in };
	err e = core_write_as(s->core, who, act_run, &j, ret_fail);
	if (e == ERR_OK && ret_after)
		*ret_after = j.after;
	return e;
}

static inline struct wf_input says(const char *text)
{
	struct wf_input in = matter_no_input();
	in.text = str_of(text);
	return in;
}

static inline void must_act(struct loop_store *s, const struct principal *who, int64_t id, const char *act,
			    struct wf_input in, const char *state)
{
	struct matter after;
	struct fail f = { 0 };
	err e = do_act(s, who, id, act, in, &after, &f);
	if (e != ERR_OK)
		fail_msg("%s: %s %s %s", act, err_name(e), f.key ? f.key : "", f.pointer);
	assert_true(str_eq(after.row.state, str_of(state)));
}

static inline int64_t add_file(struct loop_store *s, int64_t matter)
{
	static int64_t next = 9000;
	next++;
	core_sql(s->core,
		 arena_printf(s->core->a,
			      "INSERT INTO file (region, id, subject, hash, name, type, size, received_ms, "
			      "account, seq) VALUES"
			      " (%lld, %lld, 'matter/%lld', 'h', 'f.jpg', 'image/jpeg', 1, %lld, 1, 0)",
			      (long long)HOME, (long long)next, (long long)matter,
			      (long long)clock_now_ms(&s->core->clock))
		     .p);
	return next;
}

#endif
