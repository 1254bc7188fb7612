/* Doing an act: try it, write its event, apply it, all in the caller's transaction. */
#include <stdio.h>

#include "core/app.h"
#include "core/canon.h"
#include "core/ledger.h"
#include "loop/lookback.h"
#include "loop/marks.h"
#include "loop/matter_doing.h"

/* ---- checks beyond the workflow's own ---- */

static err check_orgs_known(struct doing *d)
{
	int64_t all[MATTER_ORGS_MAX + 1];
	size_t n = 0;
	struct matter_orgs_known_rows known;
	if (d->in->lead)
		all[n++] = d->in->lead;
	for (size_t i = 0; i < d->in->nco && n < MATTER_ORGS_MAX; i++)
		all[n++] = d->in->co[i];
	if (!n)
		return ERR_OK;
	TRY(matter_orgs_known(d->cx->c, d->cx->a, &(struct matter_orgs_known_params){ { all, n } }, &known));
	for (size_t i = 0; i < n; i++) {
		bool found = false;
		for (size_t k = 0; k < known.n; k++)
			found |= known.v[k].id == all[i];
		if (!found)
			return FAIL(&d->cx->fail, BAD_FIELD, i == 0 && d->in->lead ? "/lead" : "/co",
				    "err.org_unknown", "name",
				    arena_printf(d->cx->a, "%lld", (long long)all[i]).p);
	}
	return ERR_OK;
}

static err check_files_own(struct doing *d)
{
	struct matter_file_own_row own;
	for (size_t i = 0; i < d->in->nfiles; i++) {
		struct matter_file_own_params p = { d->x.row.region, d->subject, d->in->files[i] };
		if (matter_file_own(d->cx->c, d->cx->a, &p, &own) != ERR_OK)
			return FAIL(&d->cx->fail, BAD_FIELD, arena_printf(d->cx->a, "/files/%zu", i).p,
				    "err.file_unknown");
	}
	return ERR_OK;
}

/* Says what changed since the caller looked. */
static err stale(struct doing *d)
{
	struct matter_last_change_row last = { 0 };
	char ver[24], at[26] = "";
	struct matter_last_change_params p = { d->x.row.region, d->subject };
	err e = matter_last_change(d->cx->c, d->cx->a, &p, &last);
	if (e == ERR_OK)
		time_format_china(last.at_ms, at);
	else if (e != ERR_NOT_FOUND)
		return e;
	snprintf(ver, sizeof ver, "%lld", (long long)d->x.row.ver);
	return FAIL(&d->cx->fail, STALE, "/ver", "err.stale", "ver", (const char *)ver, "state",
		    arena_cstr(d->cx->a, d->x.row.state), "by", arena_cstr(d->cx->a, last.person_name), "at",
		    (const char *)at);
}

static err try_it(struct doing *d)
{
	struct matter_actor ma = { d->cx, &d->x };
	struct wf_actor who = matter_actor_of(&ma);
	err e = workflow_try(d->x.wf, d->act, &d->x.m, &who, d->in, d->cx->now_ms, &d->cx->fail);
	if (e == ERR_STALE)
		return stale(d);
	TRY(e);
	TRY(check_orgs_known(d));
	TRY(check_files_own(d));
	d->after = workflow_apply(d->x.wf, d->act, &d->x.m, &who, d->in, d->cx->now_ms);
	return ERR_OK;
}

/* ---- the row ---- */

static str pending_json(const struct doing *d)
{
	const struct wf_pending *p = &d->after.pending;
	struct canon c;
	if (p->act < 0)
		return S("");
	canon_begin(&c, d->cx->a);
	canon_str(&c, "act", d->x.wf->acts[p->act].id);
	canon_i64(&c, "at", p->at_ms);
	canon_id(&c, "by", p->by);
	canon_i64(&c, "due", p->due_ms);
	canon_id(&c, "org", p->org);
	if (p->to)
		canon_id(&c, "to", p->to);
	return canon_end(&c);
}

static str phase_of(const struct doing *d)
{
	return d->x.wf->states[d->after.state].open ? S("open") : S("closed");
}

/* Nothing changes by which matters are listed. */
static bool stays_in_place(const struct doing *d)
{
	const struct wf_matter *a = &d->x.m, *b = &d->after;
	return a->state == b->state && a->prev == b->prev && a->lead_org == b->lead_org && a->due_ms == b->due_ms &&
	       a->closed_ms == b->closed_ms;
}

/* Of a row that stays in place: not even what only its dossier shows. */
static bool stays_as_it_is(const struct doing *d)
{
	const struct wf_matter *a = &d->x.m, *b = &d->after;
	return a->held_due_ms == b->held_due_ms && a->progress == b->progress && a->round == b->round &&
	       a->extensions == b->extensions && a->reporter == b->reporter && a->reporter_org == b->reporter_org &&
	       a->state_ms == b->state_ms && str_eq(d->x.row.pending, pending_json(d)) &&
	       str_eq(d->x.row.attrs, doing_attrs(d));
}

static err write_row(struct doing *d)
{
	const struct wf_matter *m = &d->after;
	bool new_round = m->round != d->x.m.round;
	int64_t changed, round_ms = new_round ? d->cx->now_ms : d->x.row.round_ms;
	if (stays_in_place(d) && stays_as_it_is(d)) {
		struct matter_raise_params p = { d->x.row.region, d->x.row.id, d->x.row.ver };
		TRY(matter_raise(d->cx->c, &p, &changed));
		return changed == 1 ? ERR_OK : stale(d);
	}
	if (stays_in_place(d)) {
		TRY(matter_touch(d->cx->c,
				 &(struct matter_touch_params){ .region = d->x.row.region,
								.id = d->x.row.id,
								.ver = d->x.row.ver,
								.held_due_ms = m->held_due_ms,
								.progress = m->progress,
								.round = m->round,
								.round_ms = round_ms,
								.extensions = m->extensions,
								.pending = pending_json(d),
								.attrs = doing_attrs(d),
								.reporter = m->reporter,
								.reporter_org = m->reporter_org,
								.state_ms = m->state_ms },
				 &changed));
		return changed == 1 ? ERR_OK : stale(d);
	}
	TRY(matter_update(
	    d->cx->c,
	    &(struct matter_update_params){ .region = d->x.row.region,
					    .id = d->x.row.id,
					    .ver = d->x.row.ver,
					    .state = d->x.wf->states[m->state].id,
					    .prev_state = d->x.wf->states[m->prev].id,
					    .phase = phase_of(d),
					    .lead_org = m->lead_org,
					    .due_ms = m->due_ms,
					    .held_due_ms = m->held_due_ms,
					    .progress = m->progress,
					    .round = m->round,
					    .round_ms = round_ms,
					    .extensions = m->extensions,
					    .pending = pending_json(d),
					    .attrs = doing_attrs(d),
					    .reporter = m->reporter,
					    .reporter_org = m->reporter_org,
					    .state_ms = m->state_ms,
					    .closed_ms = m->closed_ms ? m->closed_ms : DB_NONE },
	    &changed));
	return changed == 1 ? ERR_OK : stale(d);
}

/* ---- parties ---- */

err doing_put_party(struct doing *d, int64_t org, enum relation role, int64_t person)
{
	return matter_party_insert(d->cx->c,
				   &(struct matter_party_insert_params){ .region = d->x.row.region,
									 .matter = d->x.row.id,
									 .org = org,
									 .role = str_of(relation_name(role)),
									 .person = person,
									 .basis = d->def->id,
									 .since_ms = d->cx->now_ms,
									 .phase = phase_of(d),
									 .due_ms = d->after.due_ms },
				   NULL);
}

err doing_drop_parties(struct doing *d, enum relation role)
{
	struct matter_party_drop_params p = { d->x.row.region, d->x.row.id, str_of(relation_name(role)) };
	return matter_party_drop(d->cx->c, &p, NULL);
}

static err write_parties(struct doing *d)
{
	bool moved = d->after.due_ms != d->x.m.due_ms ||
		     d->x.wf->states[d->after.state].open != d->x.wf->states[d->x.m.state].open;
	if (moved)
		TRY(matter_party_follow(d->cx->c,
					&(struct matter_party_follow_params){ d->x.row.region, d->x.row.id,
									      phase_of(d), d->after.due_ms },
					NULL));
	if (d->x.m.verifier_org && !d->after.verifier_org)
		TRY(doing_drop_parties(d, REL_VERIFIER));
	if (workflow_has_effect(d->def, EFFECT_VERIFIED))
		TRY(doing_put_party(d, d->after.verifier_org, REL_VERIFIER, d->cx->who ? d->cx->who->person : 0));
	if (!workflow_has_effect(d->def, EFFECT_SET_LEAD) || !d->in->lead)
		return ERR_OK;
	TRY(doing_drop_parties(d, REL_LEAD));
	TRY(doing_put_party(d, d->in->lead, REL_LEAD, 0));
	if (!d->in->nco)
		return ERR_OK;
	TRY(doing_drop_parties(d, REL_CO));
	for (size_t i = 0; i < d->in->nco; i++)
		TRY(doing_put_party(d, d->in->co[i], REL_CO, 0));
	return ERR_OK;
}

/* ---- the event ---- */

static str salt_of(const struct doing *d)
{
	return (str){ (const char *)d->salt, sizeof d->salt };
}

static void event_ids(struct canon *c, const char *key, const int64_t *v, size_t n)
{
	canon_list(c, key);
	for (size_t i = 0; i < n; i++)
		canon_id(c, NULL, v[i]);
	canon_close(c);
}

/* Words stand in the event as a salted commitment only: they may name people. */
/* What was chosen stands in the clear, what was written does not. */
static void event_more(const struct doing *d, struct canon *c)
{
	if (!d->in->nmore)
		return;
	canon_object(c, "more");
	for (size_t k = 0; k < d->def->nfields; k++) {
		const struct wf_field *fd = &d->def->fields[k];
		str v = workflow_more(d->in, fd->name);
		if (!str_is_null(v))
			canon_str(c, arena_cstr(d->cx->a, fd->name),
				  fd->type == FIELD_TEXT ? commitment(d->cx->a, salt_of(d), v) : v);
	}
	canon_close(c);
}

static str event_data(struct doing *d)
{
	const struct wf_input *in = d->in;
	struct canon c;
	canon_begin(&c, d->cx->a);
	canon_i64(&c, "ver", d->after.ver);
	canon_str(&c, "state", d->x.wf->states[d->after.state].id);
	canon_str(&c, "from", d->x.row.state);
	canon_str(&c, "to", d->x.wf->states[d->after.state].id);
	canon_i64(&c, "round", d->after.round);
	canon_i64(&c, "due", d->after.due_ms);
	canon_i64(&c, "progress", d->after.progress);
	if (d->cx->who && d->cx->who->org)
		canon_id(&c, "org", d->cx->who->org);
	if (in->text.n)
		canon_str(&c, "text", commitment(d->cx->a, salt_of(d), in->text));
	if (in->period.n)
		canon_str(&c, "period", in->period);
	if (in->due_day != INT64_MIN)
		canon_i64(&c, "due_day", in->due_day);
	if (in->lead)
		canon_id(&c, "lead", in->lead);
	if (in->nco)
		event_ids(&c, "co", in->co, in->nco);
	if (in->nfiles)
		event_ids(&c, "files", in->files, in->nfiles);
	doing_event(d, &c);
	event_more(d, &c);
	return canon_end(&c);
}

static err write_event(struct doing *d)
{
	const char *kind = arena_printf(d->cx->a, "matter." STR_FMT, STR_ARG(d->def->id)).p;
	salt_bytes(d->salt);
	return ledger_append(d->cx, d->x.row.region, kind, d->subject, event_data(d), &d->seq);
}

static err write_one(struct doing *d, str act, bool progress, str body)
{
	const struct wf_input *in = d->in;
	return matter_report_insert(
	    d->cx->c,
	    &(struct matter_report_insert_params){ .region = d->x.row.region,
						   .id = new_id(d->cx),
						   .matter = d->x.row.id,
						   .seq = d->seq,
						   .act = act,
						   .progress = progress,
						   .period = in->period.p ? in->period : S(""),
						   .percent = in->percent,
						   .body = body.p ? body : S(""),
						   .salt = salt_of(d),
						   .org = cx_org(d->cx),
						   .account = cx_account(d->cx),
						   .at_ms = d->cx->now_ms },
	    NULL);
}

/* What was written in other fields of the form: a row each, since the matter's own fields keep the newest only. */
static err write_fields(struct doing *d)
{
	for (size_t k = 0; d->in->nmore && k < d->def->nfields; k++) {
		const struct wf_field *fd = &d->def->fields[k];
		str v = fd->type == FIELD_TEXT ? workflow_more(d->in, fd->name) : S("");
		if (str_trim(v).n)
			TRY(write_one(d, matter_said_act(d->cx->a, d->def->id, fd->name), false, v));
	}
	return ERR_OK;
}

static err write_words(struct doing *d)
{
	const struct wf_input *in = d->in;
	bool progress = workflow_has_effect(d->def, EFFECT_REPORT);
	if (!in->text.n && !in->nmore && !progress)
		return ERR_OK;
	if (workflow_has_effect(d->def, EFFECT_REPORTER))
		TRY(marks_note_text(d->cx, d->x.row.region, d->x.row.id, d->seq, in->text));
	TRY(write_one(d, d->def->id, progress, in->text));
	return write_fields(d);
}

/* ---- what follows ---- */

static err roll_up(struct doing *d)
{
	bool counts = d->after.progress != d->x.m.progress || d->after.state != d->x.m.state;
	if (!d->x.row.parent || !counts)
		return ERR_OK;
	return matter_roll_up(d->cx, d->x.row.parent_region, d->x.row.parent);
}

/* A recurring duty that was brought to an end comes back with its next date. */
static err recur(struct doing *d)
{
	const struct matter_load_row *r = &d->x.row;
	enum recurrence kind = RECUR_NONE;
	struct json_ids lead = { &d->after.lead_org, d->after.lead_org ? 1 : 0 },
			co = { NEW_N(d->cx->a, int64_t, d->x.m.nparties + 1), 0 };
	int64_t id, today = china_day(d->cx->now_ms), due = china_day(r->due_ms);
	bool ends = workflow_has_effect(d->def, EFFECT_CLOSE) && d->x.wf->states[d->after.state].done;
	if (!ends || !r->recurs.n || !recurrence_parse(r->recurs, &kind) || kind == RECUR_NONE ||
	    r->due_ms >= NO_DUE_MS)
		return ERR_OK;
	for (size_t i = 0; i < d->x.m.nparties; i++)
		if (d->x.m.parties[i].role == REL_CO)
			co.v[co.n++] = d->x.m.parties[i].org;
	struct ctx as_system = *d->cx; /* the rule does it, not the person who closed */
	as_system.who = NULL;
	err e = matter_create(
	    &as_system,
	    &(struct matter_new){ .region = r->region,
				  .kind = r->kind,
				  .title = r->title,
				  .text = r->body,
				  .measures = r->measures,
				  .recurs = r->recurs,
				  .targets = r->targets,
				  .sectors = r->sectors,
				  .secret = r->secret,
				  .lead = lead,
				  .co = co,
				  .due_day = recurrence_next(kind, due, due > today ? due : today),
				  .document = r->document,
				  .draft = r->draft,
				  .span_start = r->span_start,
				  .span_end = r->span_end,
				  .assigner_org = r->assigner_org },
	    &id);
	d->cx->fail = as_system.fail;
	return e;
}

static err do_act(struct doing *d)
{
	TRY(try_it(d));
	TRY(write_row(d));
	TRY(write_parties(d));
	TRY(doing_found(d));
	TRY(write_event(d));
	TRY(write_words(d));
	if (workflow_has_effect(d->def, EFFECT_REOPEN))
		TRY(lookback_note_relapse(d->cx, &d->x, d->def->id));
	TRY(roll_up(d));
	return recur(d);
}

static bool changes_parties(const struct doing *d)
{
	static const enum effect all[] = { EFFECT_SET_LEAD, EFFECT_VERIFIED, EFFECT_LIST, EFFECT_DELIST, EFFECT_TAKE_OVER, EFFECT_SET_HANDLER };
	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (workflow_has_effect(d->def, all[i]))
			return true;
	return d->x.m.pending.to != d->after.pending.to || d->x.m.verifier_org != d->after.verifier_org;
}

static err access_after(struct doing *d, struct access_row *ret)
{
	struct matter_standing_rows rows;
	TRY(matter_standing(d->cx->c, d->cx->a, &(struct matter_standing_params){ d->x.row.region, d->x.row.id }, &rows));
	int64_t *orgs = NEW_N(d->cx->a, int64_t, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		orgs[i] = rows.v[i].org;
	ret->parties = orgs;
	ret->nparties = rows.n;
	ret->handler = doing_handler(d);
	return ERR_OK;
}

/* d->x is the matter as it was loaded. */
static err move(struct doing *d, str act, const struct wf_input *in, struct matter_moved *ret)
{
	struct ctx *cx = d->cx;
	struct wf_input given = *in;
	d->act = workflow_act(d->x.wf, act);
	if (d->act < 0)
		return FAIL(&cx->fail, BAD_FIELD, "/act", "err.act_unknown", "act", arena_cstr(cx->a, act));
	d->def = &d->x.wf->acts[d->act];
	if (workflow_looks_around(d->def))
		TRY(matter_count(cx, &d->x));
	d->subject = ledger_subject(cx, "matter", d->x.row.id);
	if (!given.ver)
		given.ver = d->x.row.ver;
	d->in = &given;
	TRY(doing_lookup(d, &given));
	TRY(do_act(d));
	*ret = (struct matter_moved){ d->after.ver, d->x.row.kind, d->x.access, workflow_has_effect(d->def, EFFECT_SET_HANDLER) };
	return changes_parties(d) ? access_after(d, &ret->access) : ERR_OK;
}

static str told(struct arena *a, int64_t id, const struct matter_moved *m)
{
	return arena_printf(a, "{\"region\":\"%012lld\",\"matter\":\"%lld\",\"kind\":\"" STR_FMT "\",\"ver\":%lld}",
			    (long long)m->access.region, (long long)id, STR_ARG(m->kind), (long long)m->ver);
}

/* Tells open pages that something moved; they read what they may see. */
void matter_tell(struct req *rq, int64_t id, const struct matter_moved *m)
{
	struct http_about about = access_about("matter.read", &m->access);
	about.afresh = m->opened;
	rq_publish(rq, "act", &about, told(rq->a, id, m));
}

void matter_tell_now(struct ctx *cx, int64_t id, const struct matter_moved *m)
{
	const struct http_about about = access_about("matter.read", &m->access);
	if (cx->app->http)
		http_publish(cx->app->http, "act", &about, told(cx->a, id, m));
}

err matter_move(struct ctx *cx, int64_t id, str act, const struct wf_input *in, struct matter_moved *ret)
{
	struct doing *d = NEW(cx->a, struct doing);
	d->cx = cx;
	TRY(matter_get_lean(cx, id, &d->x));
	return move(d, act, in, ret);
}

err matter_move_system(struct ctx *cx, int64_t id, str act, const struct wf_input *in, struct matter_moved *ret)
{
	struct doing *d = NEW(cx->a, struct doing);
	d->cx = cx;
	TRY(matter_get_system(cx, id, &d->x));
	return move(d, act, in, ret);
}

err matter_act(struct ctx *cx, int64_t id, str act, const struct wf_input *in, struct matter *ret_after)
{
	struct matter_moved moved;
	TRY(matter_move(cx, id, act, in, &moved));
	return ret_after ? matter_get(cx, id, ret_after) : ERR_OK;
}

err matter_bulk(struct ctx *cx, struct json_ids ids, str act, const struct wf_input *in)
{
	for (size_t i = 0; i < ids.n; i++) {
		err e = matter_act(cx, ids.v[i], act, in, NULL);
		if (e == ERR_OK)
			continue;
		if (cx->fail.code == ERR_OK)
			(void)fail_set(&cx->fail, e, __FILE__, __LINE__, "", NULL, NULL);
		snprintf(cx->fail.pointer, sizeof cx->fail.pointer, "/ids/%zu", i);
		return e;
	}
	return ERR_OK;
}
