#include "cli/demo_inspect.h"

#include <math.h>

#include "base/embed.h"
#include "cli/demo_land.h"
#include "core/account_sql.h"
#include "loop/checklist.h"
#include "loop/draw.h"
#include "loop/inspect.h"

EMBED_TABLE(demo_file)

enum { PLAN_DAYS_AGO = 30, DRAW_DAYS_AGO = 3, MINUTE_MS = 60 * 1000 };
static const int64_t DEMO_AREA = INT64_C(140109000000);

struct inspecting {
	struct demo_city *city;
	struct principal first, second; /* two inspectors */
	const struct rows *rows;
	size_t row;
	int64_t plan;
	struct fail fail;
};

static err inspector(struct ctx *cx, struct demo_city *city, str login, struct principal *ret)
{
	struct account_by_login_row named;
	struct account_get_row row;
	TRY(account_by_login(cx->c, city->a, &(struct account_by_login_params){ login }, &named));
	TRY(account_get(cx->c, city->a, &(struct account_get_params){ named.id }, &row));
	*ret = (struct principal){ .account = row.id,
				   .person = row.person,
				   .org = row.org,
				   .org_region = DEMO_AREA,
				   .lang = S("zh-CN"),
				   .roles = cx->app->roles };
	return grant_load(cx->c, city->a, cx->app, row.id, cx->now_ms, ret);
}

/* ---- the plan ---- */

static err put_plan(struct db_conn *c, void *arg)
{
	struct inspecting *in = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(in->city->h, a, c, in->city->now_ms - PLAN_DAYS_AGO * (int64_t)DAY_MS);
	static const str types[] = { S("gas-station"),  S("school"),        S("hospital"),
				     S("nursing-home"), S("large-complex"), S("fuel-station") };
	int64_t today = china_day(cx.now_ms);
	err e = inspector(&cx, in->city, S("he.cgj"), &in->first);
	if (e == ERR_OK)
		e = inspector(&cx, in->city, S("yang.yjj"), &in->second);
	cx.who = &in->first;
	struct plan_member team[] = { { S("第一组"), in->first.account, true },
				      { S("第一组"), in->second.account, false } };
	if (e == ERR_OK)
		e = plan_put(&cx,
			     &(struct plan){ .region = DEMO_AREA,
					     .name = S("冬季燃气与人员密集场所安全检查"),
					     .campaign = S("今冬明春安全防范"),
					     .from_day = today,
					     .to_day = today + 150,
					     .recurs = S("quarter"),
					     .sectors = -1,
					     .secret = 1,
					     .types = types,
					     .ntypes = COUNT_OF(types),
					     .members = team,
					     .nmembers = COUNT_OF(team) },
			     &in->plan);
	in->fail = cx.fail;
	return e;
}

/* ---- a visit ---- */

static err answer_all(struct ctx *cx, int64_t id)
{
	struct visit v;
	struct checklist l;
	bool wins;
	TRY(visit_get(cx, id, &v));
	TRY(checklist_assemble(cx->a, cx->app->checklists, v.row.checklist, v.row.sectors,
			       v.row.checklist_day, &l));
	struct check_answer *given = NEW_N(cx->a, struct check_answer, l.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < l.n; i++) {
		const struct check_item *it = &l.v[i];
		bool number = str_eq(it->answer, S("number"));
		double inside = isfinite(it->lo) ? it->lo : isfinite(it->hi) ? it->hi : 1;
		if (!checklist_shown(&l, given, n, it))
			continue;
		given[n++] = (struct check_answer){ it->id,
						    number                         ? S("")
						    : str_eq(it->finding, S("no")) ? S("yes")
										   : S("no"),
						    number ? inside : nan(""), 1 };
		str value = number ? arena_printf(cx->a, "%g", inside) : given[n - 1].choice;
		TRY(visit_answer(cx, id,
				 &(struct visit_reply){ .client_id = S(""),
							.item = it->id,
							.value = value,
							.note = S(""),
							.at = { cx->now_ms, nan(""), nan("") } },
				 &wins));
	}
	return ERR_OK;
}

static err find_all(struct ctx *cx, int64_t id, str found)
{
	str one, rest = found;
	for (int64_t finding; rest.n;) {
		ptrdiff_t at = str_find(rest, S("；"));
		one = at < 0 ? rest : str_sub(rest, 0, (size_t)at);
		rest = at < 0 ? S("") : str_sub(rest, (size_t)at + 3, rest.n);
		TRY(visit_find(cx, id,
			       &(struct visit_found){ .client_id = S(""),
						      .item = S(""),
						      .criterion = S(""),
						      .title = one,
						      .text = S(""),
						      .spot = S(""),
						      .due_day = DB_NONE,
						      .at = { cx->now_ms, nan(""), nan("") } },
			       &finding));
	}
	return ERR_OK;
}

static err sign_as(struct ctx *cx, const struct principal *who, int64_t id, str side)
{
	const struct principal *before = cx->who;
	cx->who = who;
	err e = visit_sign(cx, id,
			   &(struct visit_signing){ .side = side, .at = { cx->now_ms, nan(""), nan("") } });
	cx->who = before;
	return e;
}

/* The unit's officer on duty signs for it. */
static const struct principal *signer(const struct demo_city *city, int64_t unit)
{
	for (size_t i = 0; i < city->norgs; i++)
		if (city->orgs[i].id == unit)
			return &city->orgs[i].duty;
	return NULL;
}

static err make_record(struct ctx *cx, struct inspecting *in, int64_t id)
{
	str found = rows_get(in->rows, in->row, S("found"));
	cx->now_ms += 90 * MINUTE_MS;
	TRY(answer_all(cx, id));
	TRY(find_all(cx, id, found));
	return visit_record(
	    cx, id, 0,
	    &(struct visit_words){ .content = rows_get(in->rows, in->row, S("content")),
				   .problems = found,
				   .handling = found.n ? S("责令限期整改，纳入隐患台账") : S(""),
				   .ended_ms = cx->now_ms,
				   .clean = !found.n });
}

static err close_visit(struct ctx *cx, struct inspecting *in, int64_t id)
{
	struct visit v;
	TRY(visit_get(cx, id, &v));
	const struct principal *unit = signer(in->city, v.row.unit);
	TRY(sign_as(cx, &in->first, id, S("inspector")));
	TRY(sign_as(cx, &in->second, id, S("inspector")));
	if (!unit)
		return ERR_OK;
	TRY(sign_as(cx, unit, id, S("unit")));
	return visit_close(cx, id, 0);
}

static err play(struct ctx *cx, struct inspecting *in, int64_t object)
{
	int64_t accounts[] = { in->first.account, in->second.account }, id;
	str until = rows_get(in->rows, in->row, S("until"));
	TRY(visit_put(cx,
		      &(struct visit_new){ .client_id = S(""),
					   .plan = in->plan,
					   .object = object,
					   .source = S("enforcement"),
					   .planned_day = DB_NONE,
					   .inspectors = { accounts, 2 } },
		      &id));
	cx->now_ms += 30 * MINUTE_MS;
	TRY(visit_start(cx, id, 0, (struct visit_at){ cx->now_ms, nan(""), nan("") }, S("")));
	if (str_eq(until, S("under-way")))
		return ERR_OK;
	TRY(make_record(cx, in, id));
	return str_eq(until, S("closed")) ? close_visit(cx, in, id) : ERR_OK;
}

static err put_visit(struct db_conn *c, void *arg)
{
	struct inspecting *in = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	int64_t days = 0, object = demo_object(in->city, rows_get(in->rows, in->row, S("object")));
	bool ok = str_to_i64(rows_get(in->rows, in->row, S("days_ago")), &days) && object;
	struct ctx cx =
	    house_ctx(in->city->h, a, c, in->city->now_ms - days * (int64_t)DAY_MS - 240 * MINUTE_MS);
	cx.who = &in->first;
	err e = ok ? play(&cx, in, object)
		   : FAIL(&cx.fail, BAD_FORMAT, "", "err.catalog_value", "file", "inspections.tsv", "line",
			  arena_printf(a, "%d", in->rows->lines[in->row]).p);
	in->fail = cx.fail;
	return e;
}

/* ---- the draw ---- */

static err make_draw(struct db_conn *c, void *arg)
{
	struct inspecting *in = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(in->city->h, a, c, in->city->now_ms - DRAW_DAYS_AGO * (int64_t)DAY_MS);
	struct draw_prepared p;
	struct draw_record d;
	struct draw_seeding s;
	cx.who = &in->first;
	err e = plan_draw_prepare(
	    &cx, &(struct plan_draw){ in->plan, 3, 2, true, S("福利彩票双色球最近一期开奖号码（示例）") }, &p);
	if (e == ERR_OK)
		e = draw_announce(&cx, &p);
	if (e == ERR_OK) {
		draw_announced_record(&cx, &p, &d);
		draw_seeding(a, &d, d.ver, S("03 11 16 22 27 31 + 09"), &s);
		cx.now_ms += 600 * (int64_t)MINUTE_MS;
		e = plan_draw_seed(&cx, in->plan, &s, china_day(in->city->now_ms) + 3, &d);
	}
	in->fail = cx.fail;
	return e;
}

err demo_inspect(struct demo_city *city)
{
	struct inspecting in = { .city = city };
	struct rows t;
	struct db *db = city->h->app.db;
	const struct embed_file *file = demo_file(S("inspections.tsv"));
	if (!file)
		return FAIL(&city->cli->fail, INTERNAL, "", NULL);
	TRY(rows_read(city->a, S("inspections.tsv"), file->bytes, &t, &city->cli->fail));
	in.rows = &t;
	err e = db_write(db, put_plan, &in, &in.fail);
	for (; e == ERR_OK && in.row < t.n; in.row++)
		e = db_write(db, put_visit, &in, &in.fail);
	if (e == ERR_OK)
		e = db_write(db, make_draw, &in, &in.fail);
	if (e != ERR_OK)
		city->cli->fail = in.fail;
	return e;
}
