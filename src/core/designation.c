/* Acts that say who is answerable: charges of posts, designations. */
#include "core/duty.h"

#include "core/duty_sql.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "core/org.h"
#include "core/org_sql.h"
#include "core/region.h"
#include "core/duty_parts.h"

static void put_day(struct canon *c, const char *key, int64_t day)
{
	if (day == DB_NONE)
		canon_null(c, key);
	else
		canon_i64(c, key, day);
}

static err check_days(struct ctx *cx, int64_t from_day, int64_t to_day)
{
	return to_day != DB_NONE && to_day < from_day ? FAIL(&cx->fail, BAD_FIELD, "/to", "err.hold_order") : ERR_OK;
}

/* ---- charges ---- */

err charge_put(struct ctx *cx, const struct charge_new *n, int64_t *ret_id)
{
	struct post_get_row post;
	struct canon c;
	err e = post_get(cx->c, cx->a, &(struct post_get_params){ .id = n->post }, &post);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/post", "err.duty.unknown_post");
	TRY(e);
	if (duty_charge_index(cx->app->duty, n->charge) < 0)
		return FAIL(&cx->fail, BAD_FIELD, "/charge", "err.duty.unknown_charge");
	if (!n->sectors)
		return FAIL(&cx->fail, BAD_FIELD, "/sectors", "err.required");
	TRY(check_days(cx, n->from_day, n->to_day));
	const struct charge_insert_params p = { .id = new_id(cx), .post = n->post, .charge = n->charge, .sectors = n->sectors,
						.basis = n->basis.p ? n->basis : S(""), .from_day = n->from_day, .to_day = n->to_day };
	TRY(charge_insert(cx->c, &p, NULL));
	canon_begin(&c, cx->a);
	canon_id(&c, "charge_id", p.id);
	canon_str(&c, "charge", p.charge);
	canon_id(&c, "sectors", p.sectors);
	canon_str(&c, "basis", p.basis);
	canon_i64(&c, "from_day", p.from_day);
	put_day(&c, "to_day", p.to_day);
	TRY(ledger_append(cx, post.region, "post.charge", ledger_subject(cx, "post", n->post), canon_end(&c), NULL));
	*ret_id = p.id;
	return duty_changed(cx);
}

err charge_end(struct ctx *cx, int64_t id, int64_t to_day)
{
	struct charge_get_row was;
	struct canon c;
	TRY(charge_get(cx->c, cx->a, &(struct charge_get_params){ .id = id }, &was));
	if (was.to_day != DB_NONE && was.to_day <= to_day)
		return FAIL(&cx->fail, STALE, "/to", "err.duty.ended");
	TRY(check_days(cx, was.from_day, to_day));
	TRY(charge_close(cx->c, &(struct charge_close_params){ .id = id, .to_day = to_day }, NULL));
	canon_begin(&c, cx->a);
	canon_id(&c, "charge_id", id);
	canon_i64(&c, "to_day", to_day);
	TRY(ledger_append(cx, was.region, "post.charge-end", ledger_subject(cx, "post", was.post), canon_end(&c), NULL));
	return duty_changed(cx);
}

/* ---- designations ---- */

static bool role_known(const struct duty_rules *t, enum duty_line line, str role)
{
	const struct duty_rule *v;
	size_t n = duty_rules_all(t, &v);
	for (size_t i = 0; i < n; i++)
		if (v[i].line == line && str_eq(v[i].role, role))
			return true;
	return !role.n;
}

/* The organisation follows from the post; both given must agree. */
static err check_who(struct ctx *cx, struct designation_insert_params *p)
{
	struct post_get_row post;
	struct person_get_row person;
	if (!p->org && !p->post && !p->person)
		return FAIL(&cx->fail, BAD_FIELD, "/org", "err.duty.nobody");
	if (p->post) {
		err e = post_get(cx->c, cx->a, &(struct post_get_params){ .id = p->post }, &post);
		if (e == ERR_NOT_FOUND || (e == ERR_OK && p->org && post.org != p->org))
			return FAIL(&cx->fail, BAD_FIELD, "/post", "err.duty.unknown_post");
		TRY(e);
		p->org = post.org;
	}
	if (p->org && !org_exists(cx, p->org))
		return FAIL(&cx->fail, BAD_FIELD, "/org", "err.unknown_org");
	if (p->person) {
		err e = person_get(cx->c, cx->a, &(struct person_get_params){ .id = p->person }, &person);
		if (e == ERR_NOT_FOUND || (e == ERR_OK && person.erased_ms != DB_NONE))
			return FAIL(&cx->fail, BAD_FIELD, "/person", "err.unknown_person");
		TRY(e);
	}
	return ERR_OK;
}

static err check_what(struct ctx *cx, const struct designation_insert_params *p)
{
	enum duty_line line;
	if (!region_valid(p->region))
		return FAIL(&cx->fail, BAD_FIELD, "/region", "err.unknown_region");
	if (!duty_line_parse(p->line, &line))
		return FAIL(&cx->fail, BAD_FIELD, "/line", NULL);
	if (!role_known(cx->app->duty, line, p->role))
		return FAIL(&cx->fail, BAD_FIELD, "/role", "err.duty.unknown_role");
	if (!p->sectors)
		return FAIL(&cx->fail, BAD_FIELD, "/sectors", "err.required");
	if (!org_exists(cx, p->decided_by))
		return FAIL(&cx->fail, BAD_FIELD, "/decided_by", "err.unknown_org");
	return check_days(cx, p->from_day, p->to_day);
}

/* People are named by their id only: it tells nothing outside of the store. */
static str designation_data(struct ctx *cx, const struct designation_insert_params *p)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "object", p->object);
	canon_id(&c, "sectors", p->sectors);
	canon_str(&c, "line", p->line);
	canon_str(&c, "role", p->role);
	canon_id(&c, "org", p->org);
	canon_id(&c, "post", p->post);
	canon_id(&c, "person", p->person);
	canon_id(&c, "decided_by", p->decided_by);
	canon_str(&c, "number", p->number);
	canon_str(&c, "reason", p->reason);
	canon_i64(&c, "from_day", p->from_day);
	put_day(&c, "to_day", p->to_day);
	return canon_end(&c);
}

err designation_put(struct ctx *cx, const struct designation_new *n, int64_t *ret_id)
{
	struct designation_insert_params p = {
		.region = n->region, .id = new_id(cx), .object = n->object, .sectors = n->sectors, .line = n->line,
		.role = n->role.p ? n->role : S(""), .org = n->org, .post = n->post, .person = n->person,
		.decided_by = n->decided_by, .number = n->number.p ? n->number : S(""), .reason = n->reason.p ? n->reason : S(""),
		.from_day = n->from_day, .to_day = n->to_day, .account = cx_account(cx), .at_ms = cx->now_ms,
	};
	TRY(check_what(cx, &p));
	TRY(check_who(cx, &p));
	TRY(designation_insert(cx->c, &p, NULL));
	TRY(ledger_append(cx, p.region, "designation.create", ledger_subject(cx, "designation", p.id), designation_data(cx, &p),
			  NULL));
	*ret_id = p.id;
	return duty_changed(cx);
}

err designation_end(struct ctx *cx, int64_t id, int64_t to_day, str reason)
{
	struct designation_get_row was;
	struct canon c;
	int64_t changed;
	TRY(designation_get(cx->c, cx->a, &(struct designation_get_params){ .id = id }, &was));
	if (was.to_day != DB_NONE && was.to_day <= to_day)
		return FAIL(&cx->fail, STALE, "/to", "err.duty.ended");
	TRY(check_days(cx, was.from_day, to_day));
	TRY(designation_close(cx->c, &(struct designation_close_params){ .region = was.region, .id = id, .to_day = to_day,
									  .ver = was.ver }, &changed));
	if (!changed)
		return FAIL(&cx->fail, STALE, "/to", "err.duty.ended");
	canon_begin(&c, cx->a);
	canon_i64(&c, "to_day", to_day);
	canon_str(&c, "reason", reason);
	TRY(ledger_append(cx, was.region, "designation.end", ledger_subject(cx, "designation", id), canon_end(&c), NULL));
	return duty_changed(cx);
}
