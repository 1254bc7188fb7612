/* bihuan init: an empty store with three administrators, whose passwords are shown once. */
#include <stdio.h>

#include "cli/setup.h"
#include "core/account.h"
#include "core/org.h"
#include "core/region.h"

struct admin {
	const char *login, *role, *name, *name_en;
	str password, phc;
};

struct founding {
	struct house *h;
	struct admin admins[3];
	int64_t home;
	struct fail fail;
};

static err add_admin(struct ctx *cx, const struct admin *ad, int64_t home, int64_t org)
{
	int64_t person, account, lo, hi, grant;
	TRY(person_put(cx, str_of(ad->name), str_of(ad->name_en), &person));
	TRY(account_put(cx, &(struct account_new){ .login = str_of(ad->login), .person = person, .org = org, .phc = ad->phc,
						    .must_change = true }, &account));
	region_range(home, &lo, &hi);
	return grant_put(cx, &(struct grant_new){ .account = account, .person = person, .role = str_of(ad->role), .lo = lo, .hi = hi,
						   .sectors = SECTORS_ALL, .secret = SECRET_MAX, .from_ms = cx->now_ms,
						   .to_ms = cx->now_ms + 3650 * (int64_t)DAY_MS }, S("first run"), &grant);
}

static err found(struct db_conn *c, void *arg)
{
	struct founding *fo = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(fo->h, a, c, clock_now_ms(&fo->h->clock));
	struct region_name name;
	int64_t org;
	err e = setup_store(&cx, fo->home, false);
	if (e == ERR_OK)
		e = region_name_of(c, a, fo->home, &name);
	if (e == ERR_OK)
		e = org_put(&cx, &(struct org_new){ .region = fo->home, .kind = S("government"),
						     .name = arena_printf(a, STR_FMT "人民政府", STR_ARG(name.name)),
						     .name_en = arena_printf(a, "Government of " STR_FMT, STR_ARG(name.name_en)),
						     .short_name = S("政府"), .sectors = SECTORS_ALL }, &org);
	for (size_t i = 0; e == ERR_OK && i < COUNT_OF(fo->admins); i++)
		e = add_admin(&cx, &fo->admins[i], fo->home, org);
	fo->fail = cx.fail;
	return e;
}

static err make_passwords(struct cli *cli, struct founding *fo)
{
	for (size_t i = 0; i < COUNT_OF(fo->admins); i++) {
		unsigned char bytes[12];
		random_bytes(bytes, sizeof bytes);
		/* Two classes more than base32 gives, so that the policy is met. */
		str text = base32_encode(cli->a, (str){ (char *)bytes, sizeof bytes });
		fo->admins[i].password = arena_printf(cli->a, STR_FMT "-a7", STR_ARG(text));
		TRY(password_hash(fo->h->app.passwords, cli->a, fo->admins[i].password, &fo->admins[i].phc));
	}
	return ERR_OK;
}

static void print_admins(struct cli *cli, const struct founding *fo)
{
	for (size_t i = 0; i < COUNT_OF(fo->admins); i++) {
		const struct admin *ad = &fo->admins[i];
		if (cli->json)
			printf("{\"login\":\"%s\",\"password\":\"%s\",\"role\":\"%s\"}\n", ad->login, ad->password.p, ad->role);
		else
			SAY(cli, "cli.serve.login", "login", ad->login, "password", ad->password.p, "who", ad->role);
	}
}

enum exit_code cmd_init(struct cli *cli)
{
	struct founding fo = { .admins = { { .login = "sysadmin", .role = "sysadmin", .name = "系统管理员", .name_en = "System administrator" },
					   { .login = "secadmin", .role = "secadmin", .name = "安全管理员", .name_en = "Security administrator" },
					   { .login = "auditadmin", .role = "auditadmin", .name = "审计管理员", .name_en = "Audit administrator" } } };
	if (!str_to_i64(cli->cfg.home, &fo.home) || !region_valid(fo.home)) {
		fail_set(&cli->fail, ERR_BAD_INPUT, __FILE__, __LINE__, "home", "err.no_home", NULL);
		return cli_fail(cli);
	}
	if (house_open(cli, OPEN_NEW, &fo.h) != ERR_OK)
		return cli_fail(cli);
	fo.h->app.home_region = fo.home;
	err e = make_passwords(cli, &fo);
	if (e == ERR_OK && (e = db_write(fo.h->app.db, found, &fo, &fo.fail)) != ERR_OK)
		cli->fail = fo.fail;
	house_close(fo.h);
	if (e != ERR_OK)
		return cli_fail(cli);
	SAY(cli, "cli.init.done", "path", cli->cfg.data.p, "region", cli->cfg.home.p);
	print_admins(cli, &fo);
	return EXIT_OK;
}
