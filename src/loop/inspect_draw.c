/* 双随机: what is inspected and who inspects it, from a published seed. */
#include "core/canon.h"
#include "core/org.h"
#include "loop/draw.h"
#include "loop/inspect.h"
#include "loop/inspect_parts.h"

static int64_t weight_of(const struct ctx *cx, str risk)
{
	const char *name = arena_printf(cx->a, "weight-" STR_FMT, STR_ARG(risk.n ? risk : S("none"))).p;
	return inspect_rule(cx->app->inspect, name, 1000);
}

static str weights_text(const struct ctx *cx)
{
	struct canon c;
	canon_begin(&c, cx->a);
	for (size_t i = 0; i < COVER_RISKS; i++)
		canon_i64(&c, cover_risks[i], weight_of(cx, str_of(cover_risks[i])));
	return canon_end(&c);
}

static err candidates(struct ctx *cx, const struct plan *p, bool due_only, struct draw_entry **ret,
		      size_t *ret_n)
{
	struct cover_row *rows;
	size_t n, kept = 0;
	TRY(plan_cover_rows(cx, p, china_day(cx->now_ms), &rows, &n));
	struct draw_entry *v = NEW_N(cx->a, struct draw_entry, n + 1);
	for (size_t i = 0; i < n; i++)
		if (!due_only || rows[i].status == COVER_DUE || rows[i].status == COVER_OVERDUE)
			v[kept++] =
			    (struct draw_entry){ rows[i].object, weight_of(cx, rows[i].risk), rows[i].owner };
	*ret = v;
	*ret_n = kept;
	return ERR_OK;
}

/* Everybody in the plan's teams once, with the organisation whose objects they do not inspect. */
static err team(struct ctx *cx, const struct plan *p, struct draw_entry **ret, size_t *ret_n)
{
	struct inspect_accounts_rows rows;
	int64_t *ids = NEW_N(cx->a, int64_t, p->nmembers + 1);
	for (size_t i = 0; i < p->nmembers; i++)
		ids[i] = p->members[i].account;
	TRY(inspect_accounts(cx->c, cx->a, &(struct inspect_accounts_params){ { ids, p->nmembers } }, &rows));
	struct draw_entry *v = NEW_N(cx->a, struct draw_entry, rows.n + 1);
	size_t kept = 0;
	for (size_t i = 0; i < rows.n; i++)
		if (!rows.v[i].locked)
			v[kept++] = (struct draw_entry){ rows.v[i].id, 1000, rows.v[i].org };
	*ret = v;
	*ret_n = kept;
	return ERR_OK;
}

static err new_draw(struct ctx *cx, const struct plan_draw *in, struct draw_new *ret)
{
	struct plan p;
	struct draw_entry *objects, *people;
	size_t nobjects, npeople;
	int64_t min = inspect_rule(cx->app->inspect, "min-inspectors", 2);
	TRY(plan_get(cx, in->plan, S("inspect.plan"), &p));
	if (p.ended_ms != DB_NONE)
		return FAIL(&cx->fail, GUARD, "", "err.inspect.plan_ended");
	if (in->inspectors < min)
		return FAIL(&cx->fail, BAD_FIELD, "/inspectors", "err.inspect.too_few", "n",
			    arena_printf(cx->a, "%lld", (long long)min).p);
	TRY(candidates(cx, &p, in->due_only, &objects, &nobjects));
	TRY(team(cx, &p, &people, &npeople));
	*ret = (struct draw_new){ .region = p.region,
				  .purpose = S("inspection"),
				  .subject = p.id,
				  .sectors = p.sectors,
				  .secret = p.secret,
				  .want = in->want,
				  .second = in->inspectors,
				  .weights = weights_text(cx),
				  .seed_source = in->seed_source,
				  .first = objects,
				  .nfirst = nobjects,
				  .others = people,
				  .nothers = npeople };
	return ERR_OK;
}

err plan_draw_prepare(struct ctx *cx, const struct plan_draw *in, struct draw_prepared *ret)
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

/* Avoidance may leave fewer inspectors than a visit needs: such a thing is drawn, but somebody has to name
 * its team. */
static err plan_visits_of(struct ctx *cx, const struct plan *p, const struct draw_record *d, int64_t day)
{
	for (size_t i = 0; i < d->nresult; i++) {
		struct draw_team *t = &d->result[i];
		int64_t id, *who = NEW_N(cx->a, int64_t, t->nsecond + 1);
		for (size_t k = 0; k < t->nsecond; k++)
			who[k] = t->second[k];
		if ((int64_t)t->nsecond < inspect_rule(cx->app->inspect, "min-inspectors", 2))
			continue;
		TRY(visit_put(cx,
			      &(struct visit_new){ .client_id = S(""),
						   .plan = p->id,
						   .draw = d->id,
						   .object = t->id,
						   .source = S("random"),
						   .unannounced = p->unannounced,
						   .planned_day = day,
						   .inspectors = { who, t->nsecond },
						   .checklist = p->checklist },
			      &id));
		TRY(draw_set_result(cx, d, t->id, id));
		t->result = id;
	}
	return ERR_OK;
}

err plan_draw_seed(struct ctx *cx, int64_t plan, const struct draw_seeding *s, int64_t planned_day, struct draw_record *ret_after)
{
	struct plan p;
	TRY(plan_get(cx, plan, S("inspect.plan"), &p));
	if (s->d.subject != plan || !str_eq(s->d.purpose, S("inspection")))
		return ERR_NOT_FOUND;
	TRY(draw_give_seed(cx, s, ret_after));
	return planned_day == DB_NONE ? ERR_OK : plan_visits_of(cx, &p, ret_after, planned_day);
}
