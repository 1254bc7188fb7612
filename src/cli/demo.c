/* bihuan demo: the demo city, made act by act through the functions that the server uses. */
#include "cli/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/log.h"
#include "cli/demo_after.h"
#include "cli/demo_duty.h"
#include "cli/demo_inspect.h"
#include "cli/demo_land.h"
#include "cli/demo_found.h"
#include "cli/demo_life.h"
#include "cli/demo_sense.h"
#include "cli/house_sql.h"
#include "cli/setup.h"
#include "core/account.h"
#include "core/evidence.h"
#include "core/org.h"
#include "core/sector.h"
#include "decide/document.h"
#include "loop/matter.h"

EMBED_TABLE(demo_file)

#define DEMO_PASSWORD "Demo-City-2026"
static const int64_t DEMO_HOME = INT64_C(140109000000);
enum { HISTORY_DAYS = 40, FOUNDED_DAYS = 100, HOUR_MS = 3600 * 1000 };

static err table(struct arena *a, const char *path, struct rows *ret, struct fail *f)
{
	const struct embed_file *file = demo_file(str_of(path));
	return file ? rows_read(a, str_of(path), file->bytes, ret, f) : FAIL(f, INTERNAL, "", NULL);
}

size_t demo_logins(struct arena *a, struct demo_login **ret)
{
	struct rows people;
	size_t n = 0;
	if (table(a, "people.tsv", &people, NULL) != ERR_OK)
		return 0;
	*ret = NEW_N(a, struct demo_login, people.n + 1);
	for (size_t i = 0; i < people.n; i++)
		if (rows_get(&people, i, S("login")).n)
			(*ret)[n++] = (struct demo_login){ rows_get(&people, i, S("login")), S(DEMO_PASSWORD),
							   rows_get(&people, i, S("who_zh")), rows_get(&people, i, S("who_en")) };
	return n;
}

/* ---- organisations, people, accounts ---- */

static err sectors_of(struct ctx *cx, str list, int64_t *ret)
{
	struct json_strs ids = { NEW_N(cx->a, str, 32), 0 };
	str word;
	while (ids.n < 32 && str_cut(&list, ' ', &word))
		if (word.n)
			ids.v[ids.n++] = word;
	return ids.n ? sector_mask(cx->app->sectors, &ids, "", ret, &cx->fail) : (*ret = 0, ERR_OK);
}

static int64_t org_id(const struct demo_city *city, str key)
{
	const struct demo_org *o = key.n ? demo_org_find(city, key) : NULL;
	return o ? o->id : 0;
}

static err add_org(struct ctx *cx, struct demo_city *city, const struct rows *t, size_t i)
{
	struct demo_org *o = &city->orgs[city->norgs];
	o->key = rows_get(t, i, S("key"));
	if (!str_to_i64(rows_get(t, i, S("region")), &o->region))
		return FAIL(&cx->fail, INTERNAL, "", NULL);
	TRY(sectors_of(cx, rows_get(t, i, S("sectors")), &o->sectors));
	TRY(org_put(cx, &(struct org_new){
		.region = o->region, .kind = rows_get(t, i, S("kind")), .name = rows_get(t, i, S("name")),
		.name_en = rows_get(t, i, S("name_en")), .short_name = rows_get(t, i, S("short")),
		.parent = org_id(city, rows_get(t, i, S("parent"))), .sectors = o->sectors }, &o->id));
	city->norgs++;
	return ERR_OK;
}

/* A person, the post held since the city began, and where there is a login an account with one grant. */
struct member {
	str login, name, name_en, title, title_en, role, sectors;
	const struct demo_org *org;
	bool leader;
	int64_t region;
};

static err add_account(struct ctx *cx, const struct member *m, int64_t person, str phc, int64_t *ret)
{
	int64_t lo, hi, mask, grant;
	bool own_only = str_eq(m->role, S("enterprise")) || str_eq(m->role, S("public-intake"));
	TRY(account_put(cx, &(struct account_new){ .login = m->login, .person = person, .org = m->org->id, .phc = phc }, ret));
	TRY(sectors_of(cx, m->sectors, &mask));
	region_range(m->region, &lo, &hi);
	return grant_put(cx, &(struct grant_new){ .account = *ret, .person = person, .role = m->role, .lo = lo, .hi = hi,
						  .sectors = mask, .party = own_only ? m->org->id : 0, .secret = 1,
						  .from_ms = cx->now_ms - DAY_MS, .to_ms = cx->now_ms + 3650 * (int64_t)DAY_MS },
			 S("示例城市"), &grant);
}

static err add_member(struct ctx *cx, const struct member *m, str phc, int64_t *ret_account)
{
	int64_t person, post, hold;
	TRY(person_put(cx, m->name, m->name_en, &person));
	TRY(post_put(cx, &(struct post_new){ .org = m->org->id, .title = m->title, .title_en = m->title_en, .leader = m->leader },
		     &post));
	TRY(post_hold_put(cx, post, person, china_day(cx->now_ms) - 365, DB_NONE, &hold));
	return m->login.n ? add_account(cx, m, person, phc, ret_account) : ERR_OK;
}

static err principal_of(struct ctx *cx, const struct demo_city *city, int64_t account, const struct demo_org *org,
			struct principal *ret)
{
	*ret = (struct principal){ .account = account, .org = org->id, .org_region = org->region, .lang = S("zh-CN"),
				   .roles = cx->app->roles };
	return grant_load(cx->c, city->a, cx->app, account, cx->now_ms, ret);
}

struct founding {
	struct demo_city *city;
	str phc;
	int64_t at_ms;
	struct fail fail;
};

static err take_role(struct ctx *cx, struct demo_city *city, const struct member *m, int64_t account)
{
	static const struct {
		str login;
		size_t offset;
	} roles[] = { { S("chen.office"), offsetof(struct demo_city, office) },
		      { S("lin.eco"), offsetof(struct demo_city, eco) },
		      { S("gao.verify"), offsetof(struct demo_city, verifier) },
		      { S("zhao.leader"), offsetof(struct demo_city, supervisor) },
		      { S("tang.desk"), offsetof(struct demo_city, desk) } };
	for (size_t i = 0; i < COUNT_OF(roles); i++)
		if (str_eq(m->login, roles[i].login))
			return principal_of(cx, city, account, m->org, (struct principal *)(void *)((char *)city + roles[i].offset));
	return ERR_OK;
}

static err add_people(struct ctx *cx, struct founding *fo)
{
	struct rows t;
	TRY(table(fo->city->a, "people.tsv", &t, &cx->fail));
	for (size_t i = 0; i < t.n; i++) {
		int64_t account = 0, region = DEMO_HOME;
		(void)!str_to_i64(rows_get(&t, i, S("regions")), &region);
		struct member m = { .login = rows_get(&t, i, S("login")), .name = rows_get(&t, i, S("name")),
				    .name_en = rows_get(&t, i, S("name_en")), .title = rows_get(&t, i, S("title")),
				    .title_en = rows_get(&t, i, S("title_en")), .role = rows_get(&t, i, S("role")),
				    .sectors = rows_get(&t, i, S("sectors")), .region = region,
				    .org = demo_org_find(fo->city, rows_get(&t, i, S("org"))),
				    .leader = str_eq(rows_get(&t, i, S("leader")), S("1")) };
		if (str_eq(m.role, S("township")))
			m.role = S("unit");
		TRY(add_member(cx, &m, fo->phc, &account));
		TRY(take_role(cx, fo->city, &m, account));
	}
	return ERR_OK;
}

/* Every unit has somebody on duty, so that every task has somebody who can work on it. */
static err add_duty(struct ctx *cx, struct founding *fo)
{
	for (size_t i = 0; i < fo->city->norgs; i++) {
		struct demo_org *o = &fo->city->orgs[i];
		int64_t account;
		struct member m = { .login = arena_printf(cx->a, STR_FMT ".duty", STR_ARG(o->key)), .name = S("值班员"),
				    .name_en = S("Duty officer"), .title = S("值班员"), .title_en = S("Duty officer"), .role = S("unit"),
				    .sectors = S("all"), .region = DEMO_HOME, .org = o };
		TRY(add_member(cx, &m, fo->phc, &account));
		TRY(principal_of(cx, fo->city, account, o, &o->duty));
	}
	return ERR_OK;
}

static err found(struct db_conn *c, void *arg)
{
	struct founding *fo = arg;
	struct demo_city *city = fo->city;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(city->h, a, c, fo->at_ms);
	struct rows t;
	city->norgs = 0;
	err e = setup_store(&cx, DEMO_HOME, true);
	if (e == ERR_OK)
		e = table(city->a, "orgs.tsv", &t, &cx.fail);
	for (size_t i = 0; e == ERR_OK && i < t.n && city->norgs < DEMO_MAX_ORGS; i++)
		e = add_org(&cx, city, &t, i);
	if (e == ERR_OK)
		e = add_people(&cx, fo);
	if (e == ERR_OK)
		e = add_duty(&cx, fo);
	if (e == ERR_OK)
		e = demo_posts(&cx, city);
	fo->fail = cx.fail;
	return e;
}

/* ---- documents ---- */

struct filing {
	struct demo_city *city;
	const struct principal *who;
	const struct document_reading *rd;
	int64_t at_ms, document;
	struct fail fail;
};

static err file_document(struct db_conn *c, void *arg)
{
	struct filing *fi = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(fi->city->h, a, c, fi->at_ms);
	cx.who = fi->who;
	err e = document_add(&cx, DEMO_HOME, fi->rd, &fi->document);
	fi->fail = cx.fail;
	return e;
}

struct deciding {
	struct demo_city *city;
	const struct principal *who;
	int64_t draft, ver, at_ms, matter;
	bool confirm;
	struct fail fail;
};

static err decide(struct db_conn *c, void *arg)
{
	struct deciding *d = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(d->city->h, a, c, d->at_ms);
	cx.who = d->who;
	err e = d->confirm ? draft_confirm(&cx, d->draft, d->ver, &d->matter) :
			     draft_discard(&cx, d->draft, d->ver, S("属于工作情况介绍"));
	d->fail = cx.fail;
	return e;
}

/* A task of the district is broken down to its subdistricts. */
struct breaking {
	struct demo_city *city;
	const struct principal *who;
	const struct demo_org *to;
	int64_t parent, at_ms, matter;
	struct fail fail;
};

static err break_down(struct db_conn *c, void *arg)
{
	struct breaking *b = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(b->city->h, a, c, b->at_ms);
	struct matter parent;
	struct org_brief org;
	struct json_ids lead = { &(int64_t){ b->to->id }, 1 };
	cx.who = b->who;
	err e = matter_get(&cx, b->parent, &parent);
	if (e == ERR_OK)
		e = org_brief(&cx, b->to->id, &org);
	if (e == ERR_OK)
		e = matter_create(&cx, &(struct matter_new){
			.kind = S("task"), .region = b->to->region, .title = arena_printf(a, STR_FMT "：" STR_FMT, STR_ARG(org.name),
			STR_ARG(parent.row.title)), .text = parent.row.body, .sectors = parent.row.sectors, .lead = lead,
			.due_day = parent.row.due_ms < NO_DUE_MS ? china_day(parent.row.due_ms) - 3 : JSON_NONE, .recurs = S(""),
			.parent = b->parent }, &b->matter);
	b->fail = cx.fail;
	return e;
}

static err break_down_all(struct demo_city *city, const struct principal *who, int64_t parent, int64_t at_ms, size_t *life)
{
	static const char *const townships[] = { "t1", "t2", "t3" };
	for (size_t i = 0; i < COUNT_OF(townships); i++) {
		struct breaking b = { .city = city, .who = who, .to = demo_org_find(city, str_of(townships[i])), .parent = parent,
				      .at_ms = at_ms };
		err e = db_write(city->h->app.db, break_down, &b, &b.fail);
		if (e == ERR_GUARD || e == ERR_BAD_FIELD) {
			log_fail(LOG_DEBUG, "not broken down", &b.fail);
			return ERR_OK;
		}
		if (e != ERR_OK) {
			city->cli->fail = b.fail;
			return e;
		}
		TRY(demo_live(city, b.matter, at_ms, (*life)++));
	}
	return ERR_OK;
}

struct wanted {
	int64_t id, ver;
	double confidence;
};

static err open_drafts(struct demo_city *city, struct wanted **ret, size_t *ret_n)
{
	struct db_conn *c;
	struct demo_drafts_rows rows;
	TRY(db_read_begin(city->h->app.db, &c, &city->cli->fail));
	err e = demo_drafts(c, city->a, &rows);
	db_read_end(city->h->app.db, c);
	TRY(e);
	*ret = NEW_N(city->a, struct wanted, rows.n + 1);
	for (*ret_n = 0; *ret_n < rows.n; ++*ret_n)
		(*ret)[*ret_n] = (struct wanted){ rows.v[*ret_n].id, rows.v[*ret_n].ver, rows.v[*ret_n].confidence };
	return ERR_OK;
}

/* The clerk decides a day later: most drafts become tasks, a few are none, some wait (the last document's
 * wait more often, so that there is something to try). */
static err decide_drafts(struct demo_city *city, const struct principal *who, int64_t at_ms, bool last, size_t *life)
{
	struct wanted *v;
	size_t n;
	TRY(open_drafts(city, &v, &n));
	for (size_t i = 0; i < n; i++) {
		struct deciding d = { .city = city, .who = who, .draft = v[i].id, .ver = v[i].ver, .at_ms = at_ms + (int64_t)i * 60000,
				      .confirm = v[i].confidence >= 0.5 };
		if ((last && i % 3 != 0) || i % 11 == 10)
			continue;
		err e = db_write(city->h->app.db, decide, &d, &d.fail);
		if (e == ERR_GUARD)
			continue; /* no lead unit that is known: it waits for the clerk */
		if (e != ERR_OK) {
			city->cli->fail = d.fail;
			return e;
		}
		if (d.confirm && i % 2 == 0)
			TRY(break_down_all(city, who, d.matter, d.at_ms + HOUR_MS, life));
		if (d.confirm)
			TRY(demo_live(city, d.matter, d.at_ms, (*life)++));
	}
	return ERR_OK;
}

static err read_document(struct demo_city *city, const struct embed_file *file, struct arena *a, struct document_reading *ret)
{
	struct ctx cx = house_ctx(city->h, a, NULL, city->now_ms);
	str name = str_sub(file->path, sizeof "documents/" - 1, file->path.n);
	struct document_upload up = { .name = name, .bytes = demo_dates(a, file->bytes, china_day(city->now_ms)) };
	err e = document_read(&cx, &up, ret);
	if (e == ERR_OK)
		e = evidence_store(&city->h->app, up.bytes, ret->hash, &cx.fail);
	city->cli->fail = cx.fail;
	return e;
}

static bool is_document(const struct embed_file *f)
{
	return str_starts(f->path, S("documents/"));
}

static err add_documents(struct demo_city *city)
{
	size_t n = 0, at = 0, life = 0;
	for (size_t i = 0; i < demo_file_count(); i++)
		n += is_document(demo_file_at(i));
	for (size_t i = 0; i < demo_file_count(); i++) {
		const struct embed_file *file = demo_file_at(i);
		if (!is_document(file))
			continue;
		AUTO(arena_drop) struct arena *a = arena_new();
		struct document_reading rd;
		bool eco = str_find(file->path, S("生态")) >= 0 || str_find(file->path, S("ecology")) >= 0, last = ++at == n;
		struct filing fi = { .city = city, .who = eco ? &city->eco : &city->office, .rd = &rd,
				     .at_ms = city->now_ms - (int64_t)(HISTORY_DAYS - at * 4) * DAY_MS };
		TRY(read_document(city, file, a, &rd));
		err e = db_write(city->h->app.db, file_document, &fi, &fi.fail);
		if (e != ERR_OK) {
			city->cli->fail = fi.fail;
			return e;
		}
		TRY(decide_drafts(city, fi.who, fi.at_ms + 20 * HOUR_MS, last, &life));
	}
	return ERR_OK;
}

/* ---- the command ---- */

static err build(struct demo_city *city)
{
	struct cli *cli = city->cli;
	struct founding fo = { .city = city, .at_ms = city->now_ms - FOUNDED_DAYS * (int64_t)DAY_MS };
	TRY(table(city->a, "lives.tsv", &city->lives, &cli->fail));
	TRY(password_hash(city->h->app.passwords, city->a, S(DEMO_PASSWORD), &fo.phc));
	err e = db_write(city->h->app.db, found, &fo, &fo.fail);
	if (e != ERR_OK) {
		cli->fail = fo.fail;
		return e;
	}
	TRY(demo_land(city, fo.at_ms));
	TRY(add_documents(city));
	TRY(demo_inspect(city));
	/* Tests that count want a city where nothing was found yet. */
	if (getenv("BIHUAN_DEMO_CALM"))
		return ERR_OK;
	TRY(demo_found(city));
	TRY(demo_lookback(city));
	TRY(demo_reports(city));
	TRY(demo_papers(city));
	TRY(demo_photos(city));
	return demo_sense(city);
}

static err report(struct demo_city *city)
{
	struct db_conn *c;
	struct house_counts_row n;
	struct cli *cli = city->cli;
	TRY(db_read_begin(city->h->app.db, &c, &cli->fail));
	err e = house_counts(c, cli->a, &n);
	db_read_end(city->h->app.db, c);
	TRY(e);
	SAY(cli, "cli.demo.done", "path", arena_cstr(cli->a, cli->cfg.data), "orgs", arena_printf(cli->a, "%ld", (long)n.orgs).p, "documents",
	    arena_printf(cli->a, "%ld", (long)n.documents).p, "tasks", arena_printf(cli->a, "%ld", (long)n.matters).p, "events",
	    arena_printf(cli->a, "%ld", (long)n.events).p);
	return ERR_OK;
}

enum exit_code cmd_demo(struct cli *cli)
{
	struct demo_city city = { .cli = cli, .a = cli->a };
	const char *now = getenv("BIHUAN_NOW_MS");
	cli->made_again = true;
	if (house_open(cli, OPEN_NEW, &city.h) != ERR_OK)
		return cli_fail(cli);
	city.h->app.home_region = DEMO_HOME;
	city.h->app.demo = true;
	city.h->in_past = true;
	if (!now || !str_to_i64(str_of(now), &city.now_ms))
		city.now_ms = clock_now_ms(&city.h->clock);
	err e = build(&city);
	if (e == ERR_OK)
		e = report(&city);
	house_close(city.h);
	return e == ERR_OK ? EXIT_OK : cli_fail(cli);
}
