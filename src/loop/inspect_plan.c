/* Plans of inspection: what, where, how often, by whom. */
#include "base/clock.h"
#include "core/canon.h"
#include "core/ledger.h"
#include "core/org.h"
#include "core/region.h"
#include "loop/deadline.h"
#include "loop/inspect.h"
#include "loop/inspect_parts.h"

#define PLAN_TYPES(F, O, L) F(STRS, types, REQ, .max = 100)
JSON_STRUCT(plan_types, PLAN_TYPES)
JSON_DEFINE(plan_types, PLAN_TYPES)

#define PLAN_EVERY_ROW(F, O, L) F(STR, risk, REQ, .max = 20) F(I64, every_days, REQ, .min = 1, .max = 3660)
JSON_STRUCT(plan_every_row, PLAN_EVERY_ROW)
JSON_DEFINE(plan_every_row, PLAN_EVERY_ROW)
#define PLAN_EVERY_ROWS(F, O, L) L(plan_every_row, rows, REQ)
JSON_STRUCT(plan_every_rows, PLAN_EVERY_ROWS)
JSON_DEFINE(plan_every_rows, PLAN_EVERY_ROWS)

/* ---- words in the store ---- */

static str types_text(struct arena *a, const struct plan *p)
{
	struct buf b = BUF(a);
	struct plan_types t = { .types = { NEW_N(a, str, p->ntypes + 1), p->ntypes } };
	for (size_t i = 0; i < p->ntypes; i++)
		t.types.v[i] = p->types[i];
	json_write(&b, plan_types_json, &t);
	return buf_str(&b);
}

static str every_text(struct arena *a, const struct plan_every *v, size_t n)
{
	struct buf b = BUF(a);
	struct plan_every_rows t = { .rows = { NEW_N(a, struct plan_every_row, n + 1), n } };
	for (size_t i = 0; i < n; i++)
		t.rows.v[i] = (struct plan_every_row){ v[i].risk, v[i].days };
	json_write(&b, plan_every_rows_json, &t);
	return buf_str(&b);
}

static err read_words(struct ctx *cx, const struct plan_load_row *r, struct plan *p)
{
	struct plan_types t;
	struct plan_every_rows e;
	TRY(json_read(cx->a, r->types, plan_types_json, &t, &cx->fail));
	TRY(json_read(cx->a, r->frequency, plan_every_rows_json, &e, &cx->fail));
	struct plan_every *every = NEW_N(cx->a, struct plan_every, e.rows.n + 1);
	for (size_t i = 0; i < e.rows.n; i++)
		every[i] = (struct plan_every){ e.rows.v[i].risk, e.rows.v[i].every_days };
	p->types = t.types.v;
	p->ntypes = t.types.n;
	p->every = every;
	p->nevery = e.rows.n;
	return ERR_OK;
}

/* ---- reading ---- */

static struct plan plan_of_row(const struct plan_load_row *r)
{
	return (struct plan){ .region = r->region,
			      .id = r->id,
			      .from_day = r->from_day,
			      .to_day = r->to_day,
			      .sectors = r->sectors,
			      .secret = r->secret,
			      .org = r->org,
			      .account = r->account,
			      .created_ms = r->created_ms,
			      .ended_ms = r->ended_ms,
			      .ver = r->ver,
			      .name = r->name,
			      .campaign = r->campaign,
			      .recurs = r->recurs,
			      .checklist = r->checklist,
			      .reason = r->reason,
			      .unannounced = r->unannounced };
}

static err load_members(struct ctx *cx, struct plan *p)
{
	struct plan_members_rows rows;
	TRY(plan_members(cx->c, cx->a, &(struct plan_members_params){ p->region, p->id }, &rows));
	struct plan_member *v = NEW_N(cx->a, struct plan_member, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		v[i] = (struct plan_member){ rows.v[i].team, rows.v[i].account, rows.v[i].leader };
	p->members = v;
	p->nmembers = rows.n;
	return ERR_OK;
}

err plan_get(struct ctx *cx, int64_t id, str perm, struct plan *ret)
{
	struct plan_load_row r;
	struct db_scope scope = cx_scope(cx, perm);
	TRY(plan_load(cx->c, cx->a, &(struct plan_load_params){ id }, &scope, &r));
	struct plan p = plan_of_row(&r);
	TRY(read_words(cx, &r, &p));
	TRY(load_members(cx, &p));
	*ret = p;
	return ERR_OK;
}

/* ---- rounds ---- */

void plan_round(const struct plan *p, int64_t day, int64_t *ret_from, int64_t *ret_to)
{
	enum recurrence kind = RECUR_NONE;
	int64_t from = p->from_day, to = p->to_day;
	if (day < from)
		day = from;
	if (day > to)
		day = to;
	if (p->recurs.n && recurrence_parse(p->recurs, &kind) && kind != RECUR_NONE) {
		int64_t next = recurrence_next(kind, p->from_day, p->from_day);
		for (; next <= day && next > from; next = recurrence_next(kind, p->from_day, from))
			from = next;
		to = next > from && next - 1 < to ? next - 1 : to;
	}
	*ret_from = from;
	*ret_to = to;
}

/* ---- making ---- */

static err check_risks(struct ctx *cx, const struct plan_every *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool known = false;
		for (size_t k = 0; k < COVER_RISKS; k++)
			known |= str_eq(v[i].risk, str_of(cover_risks[k]));
		if (!known || v[i].days < 1)
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/frequency/%zu/risk", i).p,
				    "err.inspect.risk");
	}
	return ERR_OK;
}

/* Everybody in a team has an account that may inspect in the plan's place. */
err inspect_account_check(struct ctx *cx, int64_t account, const struct access_row *row, const char *pointer)
{
	struct inspect_accounts_rows rows;
	struct db_ids ids = { &account, 1 };
	TRY(inspect_accounts(cx->c, cx->a, &(struct inspect_accounts_params){ ids }, &rows));
	if (!rows.n || rows.v[0].locked)
		return FAIL(&cx->fail, BAD_FIELD, pointer, "err.inspect.no_account");
	struct principal p = {
		.account = account, .person = rows.v[0].person, .org = rows.v[0].org, .roles = cx->app->roles
	};
	TRY(grant_load(cx->c, cx->a, cx->app, account, cx->now_ms, &p));
	if (!allow(&p, S("inspect.do"), row, cx->now_ms))
		return FAIL(&cx->fail, BAD_FIELD, pointer, "err.inspect.not_inspector", "name",
			    arena_cstr(cx->a, rows.v[0].name));
	return ERR_OK;
}

static err check_members(struct ctx *cx, const struct plan_member *v, size_t n, const struct access_row *row)
{
	if (n > INSPECT_TEAM_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/teams", "err.too_many_items", "max", "50");
	for (size_t i = 0; i < n; i++)
		TRY(inspect_account_check(cx, v[i].account, row, arena_printf(cx->a, "/teams/%zu", i).p));
	return ERR_OK;
}

static err check_plan(struct ctx *cx, const struct plan *in)
{
	enum recurrence kind;
	struct access_row row = { in->region, in->sectors, in->secret, &in->org, 1 };
	if (!region_valid(in->region))
		return FAIL(&cx->fail, BAD_FIELD, "/region", "err.region_unknown", "code",
			    arena_printf(cx->a, "%lld", (long long)in->region).p);
	if (!cx_allowed(cx, S("inspect.plan"), &row))
		return FAIL(&cx->fail, FORBIDDEN, "/region", "err.inspect.plan_here");
	if (!str_trim(in->name).n)
		return FAIL(&cx->fail, BAD_FIELD, "/name", "err.required");
	if (in->to_day < in->from_day || in->to_day - in->from_day > 3660)
		return FAIL(&cx->fail, BAD_FIELD, "/to", "err.inspect.span");
	if (in->recurs.n && !recurrence_parse(in->recurs, &kind))
		return FAIL(&cx->fail, BAD_FIELD, "/recurs", "err.recurs");
	TRY(check_risks(cx, in->every, in->nevery));
	return check_members(cx, in->members, in->nmembers, &row);
}

static err put_members(struct ctx *cx, int64_t region, int64_t plan, const struct plan_member *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		TRY(plan_member_put(
		    cx->c,
		    &(struct plan_member_put_params){ region, plan, v[i].team, v[i].account, v[i].leader },
		    NULL));
	return ERR_OK;
}

static str plan_data(struct ctx *cx, const struct plan *p)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "name", p->name);
	canon_str(&c, "campaign", p->campaign);
	canon_i64(&c, "from_day", p->from_day);
	canon_i64(&c, "to_day", p->to_day);
	canon_str(&c, "recurs", p->recurs);
	canon_id(&c, "sectors", p->sectors);
	canon_str(&c, "types", types_text(cx->a, p));
	canon_str(&c, "frequency", every_text(cx->a, p->every, p->nevery));
	canon_str(&c, "checklist", p->checklist);
	canon_list(&c, "members");
	for (size_t i = 0; i < p->nmembers; i++)
		canon_id(&c, NULL, p->members[i].account);
	canon_close(&c);
	return canon_end(&c);
}

static str or_empty(str s)
{
	return s.p ? s : S("");
}

err plan_put(struct ctx *cx, const struct plan *given, int64_t *ret_id)
{
	struct plan in = *given;
	int64_t id = new_id(cx), seq;
	in.org = cx_org(cx);
	in.name = str_trim(or_empty(in.name));
	in.campaign = or_empty(in.campaign);
	in.recurs = or_empty(in.recurs);
	in.checklist = or_empty(in.checklist);
	TRY(check_plan(cx, &in));
	TRY(plan_insert(cx->c,
			&(struct plan_insert_params){ .region = in.region,
						      .id = id,
						      .name = in.name,
						      .campaign = in.campaign,
						      .from_day = in.from_day,
						      .to_day = in.to_day,
						      .recurs = in.recurs,
						      .sectors = in.sectors,
						      .secret = in.secret,
						      .types = types_text(cx->a, &in),
						      .frequency = every_text(cx->a, in.every, in.nevery),
						      .checklist = in.checklist,
						      .unannounced = in.unannounced,
						      .org = in.org,
						      .account = cx_account(cx),
						      .now_ms = cx->now_ms },
			NULL));
	TRY(put_members(cx, in.region, id, in.members, in.nmembers));
	TRY(ledger_append(cx, in.region, "plan.create", ledger_subject(cx, "plan", id), plan_data(cx, &in),
			  &seq));
	*ret_id = id;
	return ERR_OK;
}

/* ---- changing ---- */

err inspect_stale(struct ctx *cx, int64_t ver, str state)
{
	return FAIL(&cx->fail, STALE, "/ver", "err.stale", "ver",
		    arena_printf(cx->a, "%lld", (long long)ver).p, "state", arena_cstr(cx->a, state), "by",
		    "", "at", "");
}

static err to_change(struct ctx *cx, int64_t id, int64_t ver, struct plan *ret)
{
	TRY(plan_get(cx, id, S("inspect.plan"), ret));
	if (ret->ended_ms != DB_NONE)
		return FAIL(&cx->fail, GUARD, "", "err.inspect.plan_ended");
	return ver == ret->ver ? ERR_OK : inspect_stale(cx, ret->ver, S("running"));
}

static err write_change(struct ctx *cx, const struct plan *p, bool members)
{
	int64_t changed, seq;
	TRY(plan_update(cx->c,
			&(struct plan_update_params){ p->region, p->id, p->ver, p->name, p->campaign,
						      p->to_day, every_text(cx->a, p->every, p->nevery),
						      p->checklist },
			&changed));
	if (changed != 1)
		return inspect_stale(cx, p->ver + 1, S("running"));
	if (members) {
		TRY(plan_members_drop(cx->c, &(struct plan_members_drop_params){ p->region, p->id }, NULL));
		TRY(put_members(cx, p->region, p->id, p->members, p->nmembers));
	}
	return ledger_append(cx, p->region, "plan.change", ledger_subject(cx, "plan", p->id),
			     plan_data(cx, p), &seq);
}

err plan_alter(struct ctx *cx, const struct plan_change *in)
{
	struct plan p;
	TRY(to_change(cx, in->id, in->ver, &p));
	p.name = in->name.n ? str_trim(in->name) : p.name;
	p.campaign = in->campaign.p ? in->campaign : p.campaign;
	p.checklist = in->checklist.p ? in->checklist : p.checklist;
	p.to_day = in->to_day == DB_NONE ? p.to_day : in->to_day;
	if (in->every) {
		p.every = in->every;
		p.nevery = in->nevery;
	}
	if (in->members) {
		p.members = in->members;
		p.nmembers = in->nmembers;
	}
	TRY(check_plan(cx, &p));
	return write_change(cx, &p, in->members);
}

err plan_end(struct ctx *cx, int64_t id, int64_t ver, str reason)
{
	struct plan p;
	struct canon c;
	int64_t changed, seq;
	TRY(to_change(cx, id, ver, &p));
	TRY(plan_close(cx->c, &(struct plan_close_params){ p.region, id, ver, cx->now_ms, reason },
		       &changed));
	if (changed != 1)
		return inspect_stale(cx, ver + 1, S("ended"));
	canon_begin(&c, cx->a);
	canon_str(&c, "reason", reason);
	return ledger_append(cx, p.region, "plan.end", ledger_subject(cx, "plan", id), canon_end(&c), &seq);
}
