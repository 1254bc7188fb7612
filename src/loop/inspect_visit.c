/* Visits: planning, seeing, beginning, cancelling; notes and follow-ups. What is recorded stands in
 * inspect_record.c. */
#include <math.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "core/canon.h"
#include "core/ledger.h"
#include "core/region.h"
#include "loop/checklist.h"
#include "loop/inspect.h"
#include "loop/inspect_parts.h"
#include "loop/matter.h"

enum { SKEW_MS = 5 * 60 * 1000 };

/* ---- what is looked at ---- */

err inspect_object(struct ctx *cx, int64_t id, const char *pointer, struct inspect_objects_named_row *ret)
{
	struct inspect_objects_named_rows rows;
	struct db_ids ids = { &id, 1 };
	TRY(inspect_objects_named(cx->c, cx->a, &(struct inspect_objects_named_params){ ids }, &rows));
	struct access_row access = { rows.n ? rows.v[0].region : 0, rows.n ? rows.v[0].sectors : 0,
				     rows.n ? rows.v[0].secret : 0, rows.n ? &rows.v[0].owner : NULL, 1 };
	if (!rows.n || !cx_allowed(cx, S("object.read"), &access))
		return FAIL(&cx->fail, BAD_FIELD, pointer, "err.object_unknown");
	*ret = rows.v[0];
	return ERR_OK;
}

err inspect_at(struct ctx *cx, const struct visit_at *in, struct visit_at *ret)
{
	struct visit_at at = *in;
	if (at.ms == DB_NONE)
		at.ms = cx->now_ms;
	if (at.ms > cx->now_ms + SKEW_MS || at.ms <= 0)
		return FAIL(&cx->fail, BAD_FIELD, "/captured_ms", "err.captured_later");
	if (isnan(at.lat) != isnan(at.lon) || (!isnan(at.lat) && (fabs(at.lat) > 90 || fabs(at.lon) > 180)))
		return FAIL(&cx->fail, BAD_FIELD, "/lat", "err.place");
	*ret = at;
	return ERR_OK;
}

err inspect_text(struct ctx *cx, str s, size_t max, const char *pointer)
{
	if (utf8_count(s) <= max)
		return ERR_OK;
	return FAIL(&cx->fail, BAD_FIELD, pointer, "err.too_long", "max", arena_printf(cx->a, "%zu", max).p);
}

/* ---- seeing ---- */

bool visit_is_inspector(const struct ctx *cx, const struct visit *v)
{
	for (size_t i = 0; i < v->inspectors.n; i++)
		if (v->inspectors.v[i].account == cx_account(cx))
			return true;
	return false;
}

/* Nobody learns of an unannounced visit to themself before it began. */
static bool hidden(const struct ctx *cx, const struct visit_load_row *r)
{
	return r->unannounced && str_eq(r->state, S("planned")) && r->unit && r->unit == cx_org(cx);
}

err visit_get(struct ctx *cx, int64_t id, struct visit *ret)
{
	struct visit v;
	TRY(visit_load(cx->c, cx->a, &(struct visit_load_params){ id }, &v.row));
	TRY(visit_inspectors(cx->c, cx->a, &(struct visit_inspectors_params){ v.row.region, id },
			     &v.inspectors));
	int64_t *parties = NEW_N(cx->a, int64_t, 2);
	parties[0] = v.row.unit;
	parties[1] = v.row.org;
	v.access = (struct access_row){ v.row.region, v.row.sectors, v.row.secret, parties, 2 };
	bool seen = !hidden(cx, &v.row) &&
		    (visit_is_inspector(cx, &v) || cx_allowed(cx, S("matter.read"), &v.access));
	if (!seen)
		return ERR_NOT_FOUND;
	*ret = v;
	return ERR_OK;
}

err visit_named(struct ctx *cx, str name, int64_t *ret_id)
{
	struct visit_by_client_row row;
	int64_t id;
	if (str_to_i64(name, &id) && id > 0) {
		*ret_id = id;
		return ERR_OK;
	}
	TRY(visit_by_client(cx->c, cx->a, &(struct visit_by_client_params){ name }, &row));
	*ret_id = row.id;
	return ERR_OK;
}

err inspect_event(struct ctx *cx, const struct visit *v, const char *kind, struct canon *c)
{
	int64_t seq;
	return ledger_append(cx, v->row.region, kind, ledger_subject(cx, "visit", v->row.id), canon_end(c),
			     &seq);
}

err inspect_state(struct ctx *cx, const struct visit *v, const char *const *states)
{
	for (; *states; states++)
		if (str_eq(v->row.state, str_of(*states)))
			return ERR_OK;
	const char *key = str_eq(v->row.state, S("closed")) ? "err.inspect.closed" : "err.inspect.state";
	return FAIL(&cx->fail, GUARD, "", key, "state", arena_cstr(cx->a, v->row.state));
}

err inspect_own(struct ctx *cx, int64_t id, struct visit *ret)
{
	TRY(visit_get(cx, id, ret));
	if (!visit_is_inspector(cx, ret))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.inspect.not_yours");
	return ERR_OK;
}

/* ---- planning ---- */

struct planning {
	const struct visit_new *in;
	struct inspect_objects_named_row object;
	struct inspect_accounts_rows who;
	struct access_row access;
	int64_t id, planned_day, org;
	str no, source, items, checklist;
	unsigned char salt[16];
};

static err check_caller(struct ctx *cx, const struct planning *n)
{
	bool plans = cx_allowed(cx, S("inspect.plan"), &n->access), among = false;
	for (size_t i = 0; i < n->in->inspectors.n; i++)
		among |= n->in->inspectors.v[i] == cx_account(cx);
	if (plans || (among && cx_allowed(cx, S("inspect.do"), &n->access)))
		return ERR_OK;
	return FAIL(&cx->fail, FORBIDDEN, "/inspectors", "err.inspect.visit_here");
}

static err check_inspector(struct ctx *cx, const struct planning *n, size_t i)
{
	int64_t account = n->in->inspectors.v[i];
	const char *pointer = arena_printf(cx->a, "/inspectors/%zu", i).p;
	for (size_t k = 0; k < i; k++)
		if (n->in->inspectors.v[k] == account)
			return FAIL(&cx->fail, BAD_FIELD, pointer, "err.inspect.twice");
	TRY(inspect_account_check(cx, account, &n->access, pointer));
	for (size_t k = 0; k < n->who.n; k++)
		if (n->who.v[k].id == account && n->object.owner && n->who.v[k].org == n->object.owner &&
		    inspect_rule(cx->app->inspect, "avoid-own-unit", 1))
			return FAIL(&cx->fail, SEPARATION, pointer, "err.inspect.own_unit", "name",
				    arena_cstr(cx->a, n->who.v[k].name));
	return ERR_OK;
}

static err check_team(struct ctx *cx, struct planning *n)
{
	struct json_ids ids = n->in->inspectors;
	int64_t min = inspect_rule(cx->app->inspect, "min-inspectors", 2);
	if ((int64_t)ids.n < min || ids.n > INSPECT_TEAM_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/inspectors", "err.inspect.too_few", "n",
			    arena_printf(cx->a, "%lld", (long long)min).p);
	TRY(inspect_accounts(cx->c, cx->a, &(struct inspect_accounts_params){ { ids.v, ids.n } }, &n->who));
	for (size_t i = 0; i < ids.n; i++)
		TRY(check_inspector(cx, n, i));
	return ERR_OK;
}

static err check_links(struct ctx *cx, struct planning *n)
{
	struct plan p;
	struct visit before;
	if (n->in->plan && plan_get(cx, n->in->plan, S("matter.read"), &p) != ERR_OK)
		return FAIL(&cx->fail, BAD_FIELD, "/plan", "err.inspect.no_plan");
	if (n->in->plan && !n->checklist.n)
		n->checklist = p.checklist;
	if (n->in->follows && visit_get(cx, n->in->follows, &before) != ERR_OK)
		return FAIL(&cx->fail, BAD_FIELD, "/follows", "err.inspect.no_visit");
	if (n->in->follows && before.row.object != n->in->object)
		return FAIL(&cx->fail, BAD_FIELD, "/object", "err.inspect.other_object");
	if (n->in->source.n && !loop_known(cx->app->loop, "sources", n->in->source))
		return FAIL(&cx->fail, BAD_FIELD, "/source", "err.found_unknown", "name",
			    arena_cstr(cx->a, n->in->source));
	n->source = n->in->source.n      ? n->in->source
		    : n->in->unannounced ? S("unannounced")
					 : S("enforcement");
	return ERR_OK;
}

static err check_new(struct ctx *cx, struct planning *n)
{
	n->checklist = n->in->checklist.n ? n->in->checklist : S("");
	TRY(inspect_object(cx, n->in->object, "/object", &n->object));
	n->org = cx_org(cx);
	n->access = (struct access_row){ n->object.region, n->object.sectors, n->object.secret, &n->org, 1 };
	TRY(check_caller(cx, n));
	TRY(check_links(cx, n));
	TRY(check_team(cx, n));
	n->planned_day = n->in->planned_day == DB_NONE ? china_day(cx->now_ms) : n->in->planned_day;
	if (!n->checklist.n)
		n->checklist = n->object.type;
	return ERR_OK;
}

static err take_no(struct ctx *cx, struct planning *n)
{
	int year, month, day;
	struct visit_next_no_row row;
	date_to_ymd(china_day(cx->now_ms), &year, &month, &day);
	TRY(visit_next_no(cx->c, cx->a, &(struct visit_next_no_params){ n->object.region, S("visit"), year },
			  &row));
	n->no = matter_number(cx->a, n->object.region, year, S("visit"), row.last);
	return ERR_OK;
}

static err insert_visit(struct ctx *cx, const struct planning *n)
{
	const struct visit_new *in = n->in;
	TRY(visit_insert(cx->c,
			 &(struct visit_insert_params){ .region = n->object.region,
							.id = n->id,
							.no = n->no,
							.client_id = in->client_id.p ? in->client_id : S(""),
							.plan = in->plan,
							.draw = in->draw,
							.follows = in->follows,
							.object = in->object,
							.unit = n->object.owner,
							.source = n->source,
							.unannounced = in->unannounced,
							.sectors = n->object.sectors,
							.secret = n->object.secret,
							.org = n->org,
							.lead = in->inspectors.v[0],
							.planned_day = n->planned_day,
							.checklist = n->checklist,
							.checklist_day = n->planned_day,
							.items = n->items,
							.salt = { (const char *)n->salt, sizeof n->salt },
							.now_ms = cx->now_ms },
			 NULL));
	for (size_t i = 0; i < n->who.n; i++)
		TRY(visit_inspector_put(
		    cx->c,
		    &(struct visit_inspector_put_params){ n->object.region, n->id, n->who.v[i].id,
							  n->who.v[i].person, n->who.v[i].org },
		    NULL));
	return ERR_OK;
}

static str planned_data(struct ctx *cx, const struct planning *n)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "state", S("planned"));
	canon_str(&c, "no", n->no);
	canon_id(&c, "object", n->in->object);
	canon_id(&c, "unit", n->object.owner);
	canon_id(&c, "plan", n->in->plan);
	canon_id(&c, "draw", n->in->draw);
	canon_id(&c, "follows", n->in->follows);
	canon_str(&c, "source", n->source);
	canon_bool(&c, "unannounced", n->in->unannounced);
	canon_i64(&c, "planned_day", n->planned_day);
	canon_list(&c, "inspectors");
	for (size_t i = 0; i < n->in->inspectors.n; i++)
		canon_id(&c, NULL, n->in->inspectors.v[i]);
	canon_close(&c);
	return canon_end(&c);
}

err visit_put(struct ctx *cx, const struct visit_new *in, int64_t *ret_id)
{
	struct planning *n = NEW(cx->a, struct planning);
	int64_t seq;
	n->in = in;
	n->id = new_id(cx);
	n->items = inspect_items_text(cx->a, in->items);
	random_bytes(n->salt, sizeof n->salt);
	TRY(check_new(cx, n));
	TRY(take_no(cx, n));
	TRY(insert_visit(cx, n));
	TRY(ledger_append(cx, n->object.region, "visit.plan", ledger_subject(cx, "visit", n->id),
			  planned_data(cx, n), &seq));
	*ret_id = n->id;
	return ERR_OK;
}

/* ---- beginning, cancelling ---- */

err visit_start(struct ctx *cx, int64_t id, int64_t ver, struct visit_at given, str place)
{
	struct visit v;
	struct visit_at at;
	struct canon c;
	int64_t changed;
	TRY(inspect_own(cx, id, &v));
	TRY(inspect_at(cx, &given, &at));
	TRY(inspect_text(cx, place, 500, "/place"));
	TRY(inspect_state(cx, &v, (const char *const[]){ "planned", NULL }));
	if (ver && ver != v.row.ver)
		return inspect_stale(cx, v.row.ver, v.row.state);
	TRY(visit_set_start(cx->c,
			    &(struct visit_set_start_params){ v.row.region, id, at.ms, at.lat, at.lon,
							      place.p ? place : S(""), china_day(at.ms) },
			    &changed));
	if (changed != 1)
		return inspect_stale(cx, v.row.ver + 1, S("under-way"));
	canon_begin(&c, cx->a);
	canon_str(&c, "state", S("under-way"));
	canon_i64(&c, "started_ms", at.ms);
	canon_id(&c, "object", v.row.object);
	return inspect_event(cx, &v, "visit.start", &c);
}

err visit_cancel(struct ctx *cx, int64_t id, int64_t ver, str reason)
{
	struct visit v;
	struct canon c;
	int64_t changed;
	TRY(visit_get(cx, id, &v));
	if (!cx_allowed(cx, S("inspect.plan"), &v.access))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.inspect.plan_here");
	TRY(inspect_state(cx, &v, (const char *const[]){ "planned", NULL }));
	TRY(visit_set_state(
	    cx->c, &(struct visit_set_state_params){ v.row.region, id, ver, S("cancelled"), DB_NONE },
	    &changed));
	if (changed != 1)
		return inspect_stale(cx, v.row.ver, v.row.state);
	TRY(visit_inspectors_done(cx->c, &(struct visit_inspectors_done_params){ v.row.region, id }, NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "state", S("cancelled"));
	canon_str(&c, "reason", commitment(cx->a, v.row.salt, reason));
	TRY(inspect_note_put(cx, &v, reason));
	return inspect_event(cx, &v, "visit.cancel", &c);
}

/* ---- notes ---- */

err inspect_note_put(struct ctx *cx, const struct visit *v, str text)
{
	unsigned char salt[16];
	random_bytes(salt, sizeof salt);
	return visit_note_insert(cx->c,
				 &(struct visit_note_insert_params){ v->row.region,
								     new_id(cx),
								     v->row.id,
								     text,
								     { (const char *)salt, sizeof salt },
								     cx_account(cx),
								     cx->now_ms },
				 NULL);
}

err visit_note(struct ctx *cx, int64_t id, str text)
{
	struct visit v;
	struct canon c;
	unsigned char salt[16];
	TRY(visit_get(cx, id, &v));
	if (!visit_is_inspector(cx, &v) && !cx_allowed(cx, S("inspect.plan"), &v.access) &&
	    v.row.unit != cx_org(cx))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.inspect.not_yours");
	if (!str_trim(text).n)
		return FAIL(&cx->fail, BAD_FIELD, "/text", "err.required");
	TRY(inspect_text(cx, text, INSPECT_TEXT_MAX, "/text"));
	random_bytes(salt, sizeof salt);
	str s = { (const char *)salt, sizeof salt };
	TRY(visit_note_insert(cx->c,
			      &(struct visit_note_insert_params){ v.row.region, new_id(cx), id, text, s,
								  cx_account(cx), cx->now_ms },
			      NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "state", v.row.state);
	canon_str(&c, "text", commitment(cx->a, s, text));
	return inspect_event(cx, &v, "visit.note", &c);
}

/* ---- following up ---- */

err visit_follow_up(struct ctx *cx, int64_t id, int64_t planned_day, struct json_ids inspectors,
		    int64_t *ret_id)
{
	struct visit v;
	struct visit_findings_rows found;
	struct json_strs items = { 0 };
	TRY(visit_get(cx, id, &v));
	TRY(inspect_state(cx, &v, (const char *const[]){ "recorded", "signed", "refused", "closed", NULL }));
	TRY(visit_findings(cx->c, cx->a, &(struct visit_findings_params){ v.row.region, id }, &found));
	items.v = NEW_N(cx->a, str, found.n + 1);
	for (size_t i = 0; i < found.n; i++) {
		bool held = !found.v[i].item.n;
		for (size_t k = 0; k < items.n && !held; k++)
			held = str_eq(items.v[k], found.v[i].item);
		if (!held)
			items.v[items.n++] = found.v[i].item;
	}
	if (!found.n)
		return FAIL(&cx->fail, GUARD, "", "err.inspect.nothing_failed");
	return visit_put(cx,
			 &(struct visit_new){ .client_id = S(""),
					      .plan = v.row.plan,
					      .follows = id,
					      .object = v.row.object,
					      .source = S("look-back"),
					      .planned_day = planned_day,
					      .inspectors = inspectors,
					      .checklist = v.row.checklist,
					      .items = items },
			 ret_id);
}
