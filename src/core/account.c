#include "core/account.h"

#include "core/account_sql.h"
#include "core/app.h"
#include "core/catalog.h"
#include "core/ledger.h"
#include "core/org.h"
#include "core/session_sql.h"

static err region_of(struct ctx *cx, const struct account_get_row *a, int64_t *ret)
{
	*ret = a->org_region == DB_NONE ? cx->app->home_region : a->org_region;
	return ERR_OK;
}

err account_put(struct ctx *cx, const struct account_new *n, int64_t *ret_id)
{
	struct org_brief org;
	struct canon c;
	str name;
	int64_t id = new_id(cx);
	if (!login_valid(n->login))
		return FAIL(&cx->fail, BAD_FIELD, "/login", "err.login_form");
	err e = org_brief(cx, n->org, &org);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/org", "err.unknown_org");
	TRY(e);
	TRY(person_name(cx, n->person, &name));
	if (!name.n)
		return FAIL(&cx->fail, BAD_FIELD, "/person", "err.unknown_person");
	struct account_by_login_row taken;
	e = account_by_login(cx->c, cx->a, &(struct account_by_login_params){ .login = n->login }, &taken);
	if (e == ERR_OK)
		return FAIL(&cx->fail, CONFLICT, "/login", "err.login_taken");
	if (e != ERR_NOT_FOUND)
		return e;
	TRY(account_insert(cx->c, &(struct account_insert_params){ .id = id, .login = n->login, .person = n->person, .org = n->org,
								   .phc = n->phc, .must_change = n->must_change,
								   .now_ms = cx->now_ms }, NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "login", n->login);
	canon_id(&c, "person", n->person);
	canon_id(&c, "org", n->org);
	TRY(ledger_append(cx, org.region, "account.create", ledger_subject(cx, "account", id), canon_end(&c), NULL));
	*ret_id = id;
	return ERR_OK;
}

err account_lock(struct ctx *cx, int64_t id, bool locked)
{
	struct account_get_row a;
	int64_t region;
	TRY(account_get(cx->c, cx->a, &(struct account_get_params){ .id = id }, &a));
	TRY(region_of(cx, &a, &region));
	TRY(account_set_locked(cx->c, &(struct account_set_locked_params){ .id = id, .locked = locked }, NULL));
	TRY(session_delete_all(cx->c, &(struct session_delete_all_params){ .account = id }, NULL));
	return ledger_append(cx, region, locked ? "account.lock" : "account.unlock", ledger_subject(cx, "account", id),
			     S("{}"), NULL);
}

err account_set_password(struct ctx *cx, int64_t id, str phc, bool must_change)
{
	struct account_get_row a;
	int64_t region;
	TRY(account_get(cx->c, cx->a, &(struct account_get_params){ .id = id }, &a));
	TRY(region_of(cx, &a, &region));
	TRY(account_set_phc(cx->c, &(struct account_set_phc_params){ .id = id, .phc = phc, .must_change = must_change }, NULL));
	TRY(session_delete_all(cx->c, &(struct session_delete_all_params){ .account = id }, NULL));
	return ledger_append(cx, region, "account.password", ledger_subject(cx, "account", id),
			     must_change ? S("{\"reset\":true}") : S("{\"reset\":false}"), NULL);
}

err account_name(struct ctx *cx, int64_t account, str *ret)
{
	struct account_person_name_row row;
	err e = account_person_name(cx->c, cx->a, &(struct account_person_name_params){ .id = account }, &row);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	*ret = e == ERR_OK && row.name.p && row.erased_ms == DB_NONE ? row.name : (str){ "", 0 };
	return ERR_OK;
}

str account_common_passwords(const struct app *app, struct arena *a)
{
	str edition = app->catalog ? catalog_edition(app->catalog, S("password"), china_day(clock_now_ms(app->clock))) : (str){ 0 };
	if (!edition.n)
		return (str){ "", 0 };
	str text = catalog_bytes(app->catalog, arena_printf(a, "password/" STR_FMT "/common.tsv", STR_ARG(edition)));
	return text.p ? text : (str){ "", 0 };
}
