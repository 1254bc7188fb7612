/* Look-back: draws, tasks and what was found. */
#include <math.h>

#include "base/buf.h"
#include "core/canon.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "core/org.h"
#include "core/region.h"
#include "loop/lookback_parts.h"
#include "loop/lookback_sql.h"
#include "loop/matter.h"

/* ---- drawing ---- */

/* What gave the weights, for whoever repeats the draw later. */
static str weights_json(struct ctx *cx, const struct pool_query *q, const struct pool *pool)
{
	const struct lookback_rules *r = cx->app->lookback;
	struct buf b = BUF(cx->a);
	char day[11];
	date_format(q->day, day);
	buf_printf(&b, "{\"catalog\":\"lookback/" STR_FMT "\",\"kind\":\"" STR_FMT "\",\"day\":\"%s\",\"must\":%zu,\"weights\":[",
		   STR_ARG(r->edition), STR_ARG(q->kind), day, pool->must);
	bool first = true;
	for (int i = 0; i < LOOKBACK_FACTOR_COUNT; i++) {
		if (!r->weights[i].on)
			continue;
		buf_printf(&b, "%s{\"id\":\"" STR_FMT "\",\"factor\":", first ? "" : ",", STR_ARG(r->weights[i].id));
		json_put_f64(&b, r->weights[i].factor);
		buf_printf(&b, ",\"cap\":");
		json_put_f64(&b, r->weights[i].cap);
		buf_byte(&b, '}');
		first = false;
	}
	buf_printf(&b, "]}");
	return buf_str(&b);
}

static bool drawable(const struct pool_item *it)
{
	return !it->must && it->stratum->share > 0;
}

static err new_draw(struct ctx *cx, const struct lookback_draw_new *in, struct draw_new *ret)
{
	const struct pool_query q = { .kind = in->kind, .region = in->region, .day = in->day, .perm = "matter.supervise" };
	struct pool pool;
	TRY(lookback_pool(cx, &q, &pool));
	struct draw_entry *v = NEW_N(cx->a, struct draw_entry, pool.drawn + 1);
	struct draw_new d = { .region = in->region, .purpose = S("look-back"), .seed_source = in->seed_source, .first = v,
			      .weights = weights_json(cx, &q, &pool) };
	for (size_t i = 0; i < pool.n; i++) {
		const struct pool_item *it = &pool.v[i];
		if (!drawable(it))
			continue;
		v[d.nfirst++] = (struct draw_entry){ it->matter, it->weight, it->unit };
		d.sectors |= it->sectors;
		d.secret = it->secret > d.secret ? it->secret : d.secret;
	}
	d.want = in->want ? in->want : pool.want;
	d.want = d.want > (int64_t)d.nfirst ? (int64_t)d.nfirst : d.want;
	*ret = d;
	return ERR_OK;
}

err lookback_draw_prepare(struct ctx *cx, const struct lookback_draw_new *in, struct draw_prepared *ret)
{
	struct draw_new d;
	bool own = !cx->c;
	if (own)
		TRY(db_read_begin(cx->app->db, &cx->c, &cx->fail));
	err e = new_draw(cx, in, &d);
	if (own) {
		db_read_end(cx->app->db, cx->c);
		cx->c = NULL;
	}
	return e == ERR_OK ? draw_prepare(cx, &d, ret) : e;
}

double draw_threshold(struct arena *a, const struct draw_record *d)
{
	size_t want = (size_t)d->want;
	if (want >= d->nfirst)
		return INFINITY;
	int64_t *ids = NEW_N(a, int64_t, want + 2);
	size_t n = draw_places(a, d->seed, d->first, d->nfirst, want + 1, ids);
	for (size_t i = 0; n == want + 1 && i < d->nfirst; i++)
		if (d->first[i].id == ids[want])
			return draw_key(draw_seed_of(d->seed), ids[want], (double)d->first[i].weight / 1000);
	return INFINITY;
}

double draw_chance(const struct draw_record *d, const struct draw_entry *e, double threshold)
{
	(void)d;
	return isinf(threshold) ? 1 : -expm1(-(double)e->weight / 1000 * threshold);
}

/* ---- tasks ---- */

struct task {
	int64_t region, matter, round, draw, sectors, secret, unit, contractor, closed_ms, org, due_day;
	double chance;           /* NaN: by hand */
	str cause;
};

/* The turn decides who; whoever had a hand in the matter is passed over. 0 when nobody is left. */
static err looker_for(struct ctx *cx, int64_t region, int64_t matter, const struct lookback_lookers *who, size_t turn, int64_t *ret)
{
	struct lookback_hands_rows hands;
	TRY(lookback_hands(cx->c, cx->a, &(struct lookback_hands_params){ region, matter }, &hands));
	*ret = 0;
	for (size_t i = 0; i < who->n && !*ret; i++) {
		int64_t org = who->orgs[(turn + i) % who->n];
		bool had_a_hand = false;
		for (size_t k = 0; k < hands.n; k++)
			had_a_hand |= hands.v[k].org == org;
		*ret = had_a_hand ? 0 : org;
	}
	return ERR_OK;
}

static str task_data(struct ctx *cx, const struct task *t)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "matter", t->matter);
	canon_i64(&c, "round", t->round);
	canon_id(&c, "draw", t->draw);
	canon_id(&c, "org", t->org);
	canon_i64(&c, "due_day", t->due_day);
	return canon_end(&c);
}

static err put_task(struct ctx *cx, const struct task *t, int64_t *ret_id)
{
	const struct lookback_insert_params p = {
		.region = t->region, .id = new_id(cx), .matter = t->matter, .round = t->round, .draw = t->draw, .chance = t->chance,
		.sectors = t->sectors, .secret = t->secret, .unit = t->unit, .contractor = t->contractor, .cause = t->cause,
		.closed_ms = t->closed_ms, .org = t->org, .due_day = t->due_day, .asked_ms = cx->now_ms, .asked_by = cx_account(cx),
	};
	TRY(lookback_insert(cx->c, &p, NULL));
	*ret_id = p.id;
	return ledger_append(cx, t->region, "lookback.ask", ledger_subject(cx, "lookback", p.id), task_data(cx, t), NULL);
}

static err check_lookers(struct ctx *cx, const struct lookback_lookers *who)
{
	for (size_t i = 0; i < who->n; i++)
		if (!org_exists(cx, who->orgs[i]))
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/orgs/%zu", i).p, "err.unknown_org");
	if (who->due_day < china_day(cx->now_ms))
		return FAIL(&cx->fail, BAD_FIELD, "/due", "err.lookback.due");
	return ERR_OK;
}

/* The matter as it stands now, if it still is what the kind looks back at. */
static err task_of(struct ctx *cx, int64_t matter, struct task *ret)
{
	struct lookback_matter_row m;
	struct lookback_of_round_row n;
	struct db_scope scope = cx_scope(cx, S("matter.supervise"));
	TRY(lookback_matter(cx->c, cx->a, &(struct lookback_matter_params){ matter }, &scope, &m));
	const struct lookback_kind *k = lookback_kind(cx->app->lookback, m.kind);
	if (!k || !str_eq(m.state, k->state) || m.closed_ms == DB_NONE)
		return FAIL(&cx->fail, CONFLICT, "/matter", "err.lookback.state");
	TRY(lookback_of_round(cx->c, cx->a, &(struct lookback_of_round_params){ m.region, m.id, m.round }, &n));
	if (n.n)
		return FAIL(&cx->fail, CONFLICT, "/matter", "err.lookback.twice");
	*ret = (struct task){ .region = m.region, .matter = m.id, .round = m.round, .sectors = m.sectors, .secret = m.secret,
			      .unit = m.lead_org, .contractor = m.contractor, .closed_ms = m.closed_ms, .cause = m.cause,
			      .chance = NAN };
	return ERR_OK;
}

err lookback_task_of_drawn(struct ctx *cx, const struct draw_record *d, struct draw_team *drawn, double threshold,
			   const struct lookback_lookers *who)
{
	struct task t = { 0 };
	int64_t id;
	const struct draw_entry *e = draw_entry_of(d, drawn->id);
	err r = task_of(cx, drawn->id, &t);
	if (r == ERR_CONFLICT || r == ERR_NOT_FOUND || !e) {
		cx->fail = (struct fail){ 0 };
		drawn->result = DRAW_NO_TASK;
		return draw_set_result(cx, d, drawn->id, DRAW_NO_TASK);
	}
	TRY(r);
	t.draw = d->id;
	t.chance = draw_chance(d, e, threshold);
	t.due_day = who->due_day;
	TRY(looker_for(cx, t.region, t.matter, who, (size_t)drawn->place - 1, &t.org));
	TRY(put_task(cx, &t, &id));
	drawn->result = id;
	return draw_set_result(cx, d, drawn->id, id);
}

err lookback_seed(struct ctx *cx, const struct draw_seeding *s, const struct lookback_lookers *who, struct draw_record *ret_after)
{
	struct draw_seeding said = *s;
	said.orgs = who->orgs;
	said.norgs = who->n;
	said.due_day = who->due_day;
	TRY(check_lookers(cx, who));
	TRY(draw_give_seed(cx, &said, ret_after));
	size_t n = ret_after->nresult, now = cx->app->lookback_work && n > LOOKBACK_PIECE ? LOOKBACK_PIECE : n;
	for (size_t i = 0; i < now; i++)
		TRY(lookback_task_of_drawn(cx, ret_after, &ret_after->result[i], s->threshold, who));
	return now < n ? draw_make_later(cx, ret_after) : ERR_OK;
}

err lookback_take_must(struct ctx *cx, const struct pool *pool, const struct lookback_lookers *who, int64_t *ret_n)
{
	TRY(check_lookers(cx, who));
	*ret_n = 0;
	for (size_t i = 0; i < pool->n; i++) {
		struct task t = { 0 };
		int64_t id;
		err e = pool->v[i].must ? task_of(cx, pool->v[i].matter, &t) : ERR_CONFLICT;
		if (e == ERR_CONFLICT || e == ERR_NOT_FOUND) /* it moved on meanwhile */
			continue;
		TRY(e);
		t.chance = 1;
		t.due_day = who->due_day;
		TRY(looker_for(cx, t.region, t.matter, who, (size_t)*ret_n, &t.org));
		TRY(put_task(cx, &t, &id));
		++*ret_n;
	}
	cx->fail = (struct fail){ 0 };
	return *ret_n ? ERR_OK : FAIL(&cx->fail, BAD_FIELD, "/kind", "err.lookback.no_must");
}

/* ---- without a look-back ---- */

err lookback_note_relapse(struct ctx *cx, const struct matter *before, str act)
{
	const struct lookback_kind *k = cx->app->lookback ? lookback_kind(cx->app->lookback, before->row.kind) : NULL;
	const struct matter_load_row *r = &before->row;
	bool told = (k && str_eq(k->failed_act, act)) || !cx->who;
	if (!told || !before->wf->states[before->m.state].done || !before->m.closed_ms)
		return ERR_OK;
	return lookback_relapse_insert(
		cx->c,
		&(struct lookback_relapse_insert_params){ .region = r->region, .matter = r->id, .round = before->m.round, .act = act,
							  .sectors = r->sectors, .unit = before->m.lead_org,
							  .contractor = r->contractor, .cause = r->cause,
							  .closed_ms = before->m.closed_ms, .seen_day = china_day(cx->now_ms) },
		NULL);
}

/* ---- by hand ---- */

static err check_looker(struct ctx *cx, int64_t region, int64_t matter, int64_t org)
{
	const struct lookback_lookers one = { .orgs = &org, .n = 1 };
	int64_t found;
	if (!org_exists(cx, org))
		return FAIL(&cx->fail, BAD_FIELD, "/org", "err.unknown_org");
	TRY(looker_for(cx, region, matter, &one, 0, &found));
	return found ? ERR_OK : FAIL(&cx->fail, SEPARATION, "/org", "err.lookback.hand");
}

err lookback_pick(struct ctx *cx, int64_t matter, int64_t org, int64_t due_day, int64_t *ret_id)
{
	struct task t = { 0 };
	err e = task_of(cx, matter, &t);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/matter", "err.lookback.matter");
	TRY(e);
	TRY(check_looker(cx, t.region, t.matter, org));
	if (due_day < china_day(cx->now_ms))
		return FAIL(&cx->fail, BAD_FIELD, "/due", "err.lookback.due");
	t.org = org;
	t.due_day = due_day;
	return put_task(cx, &t, ret_id);
}

static err get_task(struct ctx *cx, int64_t id, const char *perm, struct lookback_get_row *ret)
{
	struct db_scope scope = cx_scope(cx, str_of(perm));
	return lookback_get(cx->c, cx->a, &(struct lookback_get_params){ id }, &scope, ret);
}

static err stale(struct ctx *cx, const struct lookback_get_row *l)
{
	return FAIL(&cx->fail, STALE, "/ver", "err.stale", "ver", arena_printf(cx->a, "%lld", (long long)l->ver).p, "state",
		    l->result.n ? "done" : "open", "by", "", "at", "");
}

err lookback_hand_to(struct ctx *cx, int64_t id, int64_t ver, int64_t org, int64_t due_day)
{
	struct lookback_get_row l;
	struct canon c;
	int64_t changed;
	TRY(get_task(cx, id, "matter.supervise", &l));
	if (due_day == DB_NONE)
		due_day = l.due_day;
	if (l.ver != ver || l.result.n)
		return stale(cx, &l);
	TRY(check_looker(cx, l.region, l.matter, org));
	TRY(lookback_hand(cx->c, &(struct lookback_hand_params){ l.region, id, ver, org, due_day }, &changed));
	if (changed != 1)
		return stale(cx, &l);
	canon_begin(&c, cx->a);
	canon_id(&c, "org", org);
	canon_i64(&c, "due_day", due_day);
	return ledger_append(cx, l.region, "lookback.hand", ledger_subject(cx, "lookback", id), canon_end(&c), NULL);
}

/* ---- what was found ---- */

static err check_finding(struct ctx *cx, const struct lookback_get_row *l, const struct lookback_finding *in,
			 const struct lookback_result *r)
{
	if (in->ver != l->ver || l->result.n)
		return stale(cx, l);
	if (!r)
		return FAIL(&cx->fail, BAD_FIELD, "/result", "err.lookback.result");
	if (l->org && l->org != cx_org(cx) && !cx_in_region(cx, S("matter.supervise"), l->region))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.lookback.other");
	if (in->seen_day > china_day(cx->now_ms) || in->seen_day < china_day(l->closed_ms))
		return FAIL(&cx->fail, BAD_FIELD, "/seen", "err.lookback.seen");
	const struct lookback_kind *k = lookback_kind(cx->app->lookback, l->kind);
	if (!k || l->now_round != l->round || !str_eq(l->state, k->state))
		return FAIL(&cx->fail, CONFLICT, "", "err.lookback.moved");
	return ERR_OK;
}

static err act_on_matter(struct ctx *cx, const struct lookback_get_row *l, const struct lookback_finding *in,
			 const struct lookback_result *r)
{
	const struct lookback_kind *k = lookback_kind(cx->app->lookback, l->kind);
	const struct wf_more more = { S("finding"), r->finding };
	struct wf_input input = matter_no_input();
	struct matter after;
	input.text = in->text;
	input.files = in->files;
	input.nfiles = in->nfiles;
	if (!r->held) {
		input.due_day = in->due_day;
		input.more = &more;
		input.nmore = 1;
	}
	return matter_act(cx, l->matter, r->held ? k->held_act : k->failed_act, &input, &after);
}

err lookback_finish(struct ctx *cx, int64_t id, const struct lookback_finding *in)
{
	struct lookback_get_row l;
	struct canon c;
	int64_t changed;
	const struct lookback_result *r = lookback_result(cx->app->lookback, in->result);
	TRY(get_task(cx, id, "matter.read", &l));
	TRY(check_finding(cx, &l, in, r));
	TRY(act_on_matter(cx, &l, in, r));
	const struct lookback_finish_row_params p = { .region = l.region, .id = id, .ver = l.ver, .result = r->id, .held = r->held,
						  .seen_day = in->seen_day, .result_ms = cx->now_ms, .account = cx_account(cx),
						  .by_org = cx_org(cx) };
	TRY(lookback_finish_row(cx->c, &p, &changed));
	if (changed != 1)
		return stale(cx, &l);
	canon_begin(&c, cx->a);
	canon_id(&c, "matter", l.matter);
	canon_i64(&c, "round", l.round);
	canon_str(&c, "result", r->id);
	canon_bool(&c, "held", r->held);
	canon_i64(&c, "seen_day", in->seen_day);
	return ledger_append(cx, l.region, "lookback.result", ledger_subject(cx, "lookback", id), canon_end(&c), NULL);
}
