#include "loop/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "core/canon.h"
#include "core/grant.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/deadline.h"
#include "loop/statistics_sql.h"

/* One thing counted once in its row, such as a unit that was visited twice. */
struct once {
	size_t row; /* 0 the total, else 1 + place */
	enum stat_counter what;
	int64_t id;
};

struct month_row {
	int year;
	size_t row;
};

struct counting {
	struct ctx *cx;
	const struct stat_filter *f;
	int64_t lo, hi, from_ms, until_ms;
	enum region_level level; /* of the rows by region */
	struct map by_key;       /* key -> place + 1 */
	VEC(struct stat_row) rows;
	VEC(struct once) once;
	struct stat_row total;
	str last_key; /* rows of a place come together */
	int64_t last_region;
	size_t last_row;
	struct month_row months[12];
	size_t sector_rows[64]; /* by bit, place + 1 */
};

/* ---- rows ---- */

static size_t row_of(struct counting *k, str key)
{
	void *found = map_get(&k->by_key, key);
	if (found)
		return (size_t)(uintptr_t)found - 1;
	struct stat_row fresh = { .key = arena_str(k->cx->a, key) };
	vec_push(k->cx->a, &k->rows, fresh);
	map_put(&k->by_key, fresh.key, (void *)(uintptr_t)k->rows.n);
	return k->rows.n - 1;
}

/* Most things of a walk share the month of the one before, or nearly so: a few months are remembered. */
static size_t month_row(struct counting *k, int64_t ms)
{
	int y, m, d;
	date_to_ymd(china_day(ms), &y, &m, &d);
	struct month_row *kept = &k->months[m - 1];
	if (kept->year != y)
		*kept = (struct month_row){ y, row_of(k, arena_printf(k->cx->a, "%04d-%02d", y, m)) };
	return kept->row;
}

/* What is being counted: where, in what, from whom, when. */
struct place {
	int64_t region, sectors, ms, matter;
	str source;
	size_t n, rows[64]; /* the rows it belongs to, see rows_of */
};

static size_t region_row(struct counting *k, int64_t region)
{
	int64_t up = region_up(region, k->level);
	if (k->last_row == SIZE_MAX || up != k->last_region) {
		k->last_row = row_of(k, arena_printf(k->cx->a, "%012lld", (long long)up));
		k->last_region = up;
	}
	return k->last_row;
}

static size_t sector_row(struct counting *k, const struct sector *s)
{
	if (!k->sector_rows[s->bit])
		k->sector_rows[s->bit] = row_of(k, s->id) + 1;
	return k->sector_rows[s->bit] - 1;
}

/* Several sectors, several rows; sectors beyond those asked for do not open rows. */
static void sector_rows(struct counting *k, struct place *p)
{
	const struct sector_table *t = k->cx->app->sectors;
	int64_t mask = k->f->sectors == DB_NONE ? p->sectors : p->sectors & k->f->sectors;
	for (size_t i = 0; i < t->n && p->n < COUNT_OF(p->rows); i++)
		if (mask >> t->v[i].bit & 1)
			p->rows[p->n++] = sector_row(k, &t->v[i]);
}

static void rows_of(struct counting *k, struct place *p)
{
	p->n = 0;
	switch (k->f->by) {
	case STAT_BY_NONE:
		break;
	case STAT_BY_MONTH:
		p->rows[p->n++] = month_row(k, p->ms);
		break;
	case STAT_BY_REGION:
		p->rows[p->n++] = region_row(k, p->region);
		break;
	case STAT_BY_SOURCE:
		p->rows[p->n++] = row_of(k, p->source);
		break;
	case STAT_BY_SECTOR:
		sector_rows(k, p);
		break;
	}
}

static void place_at(struct counting *k, struct place *p, int64_t region, int64_t sectors, int64_t ms,
		     int64_t matter, str source)
{
	p->region = region;
	p->sectors = sectors;
	p->ms = ms;
	p->matter = matter;
	p->source = source;
	rows_of(k, p);
}

static void pick(struct counting *k, const struct place *p)
{
	bool here = str_is_null(k->f->pick_key);
	for (size_t i = 0; i < p->n && !here; i++)
		here = str_eq(k->rows.v[p->rows[i]].key, k->f->pick_key);
	if (here)
		vec_push(k->cx->a, k->f->picked, p->matter);
}

static void add(struct counting *k, const struct place *p, enum stat_counter what, int64_t by)
{
	k->total.n[what] += by;
	for (size_t i = 0; i < p->n; i++)
		k->rows.v[p->rows[i]].n[what] += by;
	if (by && k->f->picked && what == k->f->pick && p->matter)
		pick(k, p);
}

static void add_once(struct counting *k, const struct place *p, enum stat_counter what, int64_t id)
{
	if (!id)
		return;
	vec_push(k->cx->a, &k->once, (struct once){ 0, what, id });
	for (size_t i = 0; i < p->n; i++)
		vec_push(k->cx->a, &k->once, (struct once){ p->rows[i] + 1, what, id });
}

static int by_once(const void *pa, const void *pb)
{
	const struct once *a = pa, *b = pb;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void settle_once(struct counting *k)
{
	if (!k->once.n)
		return;
	qsort(k->once.v, k->once.n, sizeof *k->once.v, by_once);
	for (size_t i = 0; i < k->once.n; i++) {
		const struct once *o = &k->once.v[i];
		if (i && !by_once(o, o - 1))
			continue;
		struct stat_row *r = o->row ? &k->rows.v[o->row - 1] : &k->total;
		r->n[o->what]++;
	}
}

/* ---- what is counted ---- */

static bool said(str attrs, const char *name)
{
	str v = canon_get(attrs, name);
	return v.n > 2; /* more than "" */
}

/* A plan counts once it was approved; its elements are those of the five settlements. */
static void count_plan(struct counting *k, const struct place *p, str attrs)
{
	static const struct {
		const char *name;
		enum stat_counter what;
	} parts[] = { { "responsible", STAT_plan_people },
		      { "funds", STAT_plan_funds },
		      { "plan_due", STAT_plan_time },
		      { "emergency", STAT_plan_emergency } };
	str funds;
	if (!said(attrs, "approved_ms"))
		return;
	add(k, p, STAT_planned, 1);
	if (said(attrs, "goal") || said(attrs, "measures"))
		add(k, p, STAT_plan_goal, 1);
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (said(attrs, parts[i].name))
			add(k, p, parts[i].what, 1);
	if (canon_get_plain(attrs, "funds", &funds))
		add(k, p, STAT_funds, stat_funds(funds));
}

static void count_done(struct counting *k, const struct place *p, const struct statistics_matters_row *r)
{
	int64_t closed = r->closed_ms == DB_NONE ? r->found_ms : r->closed_ms;
	if (r->grade.n)
		add(k, p, str_eq(r->grade, S("major")) ? STAT_major_done : STAT_general_done, 1);
	add(k, p, STAT_done, 1);
	add(k, p, STAT_done_ms, closed > r->found_ms ? closed - r->found_ms : 0);
	if (r->due_ms >= NO_DUE_MS)
		return;
	add(k, p, STAT_done_with_due, 1);
	if (closed <= r->due_ms)
		add(k, p, STAT_on_time, 1);
}

static void count_hazard(struct counting *k, const struct place *p, const struct statistics_matters_row *r)
{
	bool major = str_eq(r->grade, S("major"));
	add(k, p, major ? STAT_major_found : r->grade.n ? STAT_general_found : STAT_ungraded, 1);
	if (str_eq(r->phase, S("closed"))) {
		count_done(k, p, r);
		return;
	}
	if (r->due_ms < k->cx->now_ms)
		add(k, p, STAT_overdue, 1);
	if (!major)
		return;
	add(k, p, STAT_major_open, 1);
	count_plan(k, p, r->attrs);
}

static void count_report(struct counting *k, const struct place *p, str state)
{
	static const char *const open_question[] = { "received", "referred", "doubtful", "dismissed" };
	bool is_true = true;
	for (size_t i = 0; i < COUNT_OF(open_question); i++)
		is_true &= !str_eq(state, str_of(open_question[i]));
	add(k, p, STAT_reports, 1);
	if (is_true)
		add(k, p, STAT_reports_true, 1);
}

static err count_matter(void *arg, const struct statistics_matters_row *r)
{
	struct counting *k = arg;
	struct place p;
	place_at(k, &p, r->region, r->sectors, r->found_ms, r->id, r->source);
	if (str_eq(r->kind, S("hazard")))
		count_hazard(k, &p, r);
	else
		count_report(k, &p, r->state);
	return ERR_OK;
}

static enum stat_counter level_of(str body)
{
	static const struct {
		const char *level;
		enum stat_counter what;
	} levels[] = { { "national", STAT_listed_national },
		       { "province", STAT_listed_province },
		       { "city", STAT_listed_city },
		       { "county", STAT_listed_county },
		       { "town", STAT_listed_town } };
	str level = S("");
	(void)!canon_get_plain(canon_get(body, "data"), "listed", &level);
	for (size_t i = 0; i < COUNT_OF(levels); i++)
		if (str_eq(level, str_of(levels[i].level)))
			return levels[i].what;
	return STAT_COUNT;
}

static err count_act(void *arg, const struct statistics_acts_row *r)
{
	static const struct {
		const char *kind;
		enum stat_counter what;
	} acts[] = { { "matter.extend-grant", STAT_extensions },  { "matter.stop-use", STAT_stopped },
		     { "matter.delist", STAT_delisted },          { "matter.look-back-ok", STAT_rechecked },
		     { "matter.relapse", STAT_rechecked },        { "matter.relapse", STAT_relapsed },
		     { "matter.supervise-letter", STAT_letters }, { "matter.criticise", STAT_criticised },
		     { "matter.interview", STAT_interviews },     { "matter.refer", STAT_referred } };
	struct counting *k = arg;
	struct place p;
	place_at(k, &p, r->region, r->sectors, r->at_ms, r->id, r->source);
	for (size_t i = 0; i < COUNT_OF(acts); i++)
		if (str_eq(r->kind, str_of(acts[i].kind)))
			add(k, &p, acts[i].what, 1);
	enum stat_counter listed = str_eq(r->kind, S("matter.list")) ? level_of(r->body) : STAT_COUNT;
	if (listed != STAT_COUNT)
		add(k, &p, listed, 1);
	return ERR_OK;
}

/* Whole yuan as the form gave them; nothing where none were said. */
static int64_t yuan_of(str body)
{
	str text = S("");
	int64_t yuan;
	(void)!canon_get_plain(canon_get(canon_get(body, "data"), "more"), "amount", &text);
	return str_to_i64(text, &yuan) ? yuan : 0;
}

static err count_sanction(void *arg, const struct statistics_sanctions_row *r)
{
	struct counting *k = arg;
	struct place p;
	bool reward = str_eq(r->kind, S("matter.reward"));
	place_at(k, &p, r->region, r->sectors, r->at_ms, r->id, r->source);
	add(k, &p, reward ? STAT_rewards : STAT_fines, yuan_of(r->body));
	if (!reward)
		add(k, &p, STAT_penalties, 1);
	return ERR_OK;
}

static bool was_made(str state)
{
	return str_eq(state, S("recorded")) || str_eq(state, S("signed")) || str_eq(state, S("refused")) ||
	       str_eq(state, S("closed"));
}

static err count_visit(void *arg, const struct statistics_visits_row *r)
{
	struct counting *k = arg;
	struct place p;
	int64_t planned_ms = china_day_start_ms(r->planned_day);
	bool made = was_made(r->state), late = r->planned_day > china_day(k->cx->now_ms);
	if (r->planned_day >= k->f->from_day && r->planned_day <= k->f->to_day && !late) {
		place_at(k, &p, r->region, r->sectors, planned_ms, 0, r->source);
		add(k, &p, STAT_visits_due, 1);
		add(k, &p, STAT_visits_done, made);
	}
	if (!made || r->started_ms == DB_NONE || r->started_ms < k->from_ms || r->started_ms > k->until_ms)
		return ERR_OK;
	place_at(k, &p, r->region, r->sectors, r->started_ms, 0, r->source);
	add(k, &p, STAT_visits, 1);
	add_once(k, &p, STAT_units, r->unit);
	add_once(k, &p, STAT_objects, r->object);
	return ERR_OK;
}

/* ---- all of it ---- */

#define RANGE(type)                                                                                          \
	&(struct type)                                                                                       \
	{                                                                                                    \
		k->lo, k->hi, k->from_ms, k->until_ms, k->f->sectors, k->f->source                           \
	}

static err count_all(struct counting *k, const struct db_scope *scope)
{
	struct db_conn *c = k->cx->c;
	TRY(statistics_matters(c, RANGE(statistics_matters_params), scope, count_matter, k));
	TRY(statistics_acts(c, RANGE(statistics_acts_params), scope, count_act, k));
	TRY(statistics_sanctions(c, RANGE(statistics_sanctions_params), scope, count_sanction, k));
	TRY(statistics_visits(c,
			      &(struct statistics_visits_params){ k->lo, k->hi, k->f->from_day, k->f->to_day,
								  k->from_ms, k->until_ms, k->f->sectors,
								  k->f->source },
			      scope, count_visit, k));
	settle_once(k);
	return ERR_OK;
}

static int by_key(const void *pa, const void *pb)
{
	const struct stat_row *a = pa, *b = pb;
	return str_cmp(a->key, b->key);
}

err statistics_count(struct ctx *cx, const struct stat_filter *f, struct statistics *ret)
{
	struct counting *k = NEW(cx->a, struct counting);
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	enum region_level level = region_level(f->region);
	*k = (struct counting){ .cx = cx, .f = f, .by_key = MAP(cx->a), .last_row = SIZE_MAX };
	k->level = level < REGION_VILLAGE ? (enum region_level)(level + 1) : level;
	k->from_ms = china_day_start_ms(f->from_day);
	k->until_ms = china_day_end_ms(f->to_day);
	k->total.key = S("");
	region_range(f->region, &k->lo, &k->hi);
	TRY(count_all(k, &scope));
	if (k->rows.n)
		qsort(k->rows.v, k->rows.n, sizeof *k->rows.v, by_key);
	*ret = (struct statistics){ k->total, k->rows.v, k->rows.n };
	return ERR_OK;
}

/* ---- figures ---- */

static bool counter_of(str name, enum stat_counter *ret)
{
	static const char *const names[] = {
#define X(name) #name,
		STAT_COUNTERS(X)
#undef X
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(name, str_of(names[i]))) {
			*ret = (enum stat_counter)i;
			return true;
		}
	return false;
}

static bool read_value(str text, struct stat_figure *fig)
{
	str rest = text, over;
	fig->under = STAT_COUNT;
	if (str_find_char(text, '/') < 0)
		return counter_of(text, &fig->over);
	return str_cut(&rest, '/', &over) && counter_of(over, &fig->over) && counter_of(rest, &fig->under);
}

err stat_figures_read(struct arena *a, const struct catalog *c, int64_t today, struct stat_figures *ret,
		      struct fail *f)
{
	struct rows t;
	TRY(catalog_current(c, a, S("statistics"), today, S("figures"), &t, f));
	struct stat_figures out = { NEW_N(a, struct stat_figure, t.n + 1), 0 };
	for (size_t i = 0; i < t.n; i++) {
		struct stat_figure *g = &out.v[out.n++];
#define CELL(name) g->name = arena_str(a, rows_get(&t, i, S(#name)))
		CELL(id), CELL(group_zh), CELL(group_en), CELL(zh), CELL(en), CELL(unit), CELL(query),
		    CELL(basis_zh), CELL(basis_en), CELL(certainty);
#undef CELL
		char line[24];
		(void)snprintf(line, sizeof line, "%d", t.lines[i]);
		if (!read_value(rows_get(&t, i, S("value")), g))
			return FAIL(f, BAD_FORMAT, "", "err.catalog_row", "file", "statistics/figures.tsv",
				    "line", (const char *)line);
	}
	*ret = out;
	return ERR_OK;
}

double stat_value(const struct stat_figure *fig, const struct stat_row *row)
{
	double over = (double)row->n[fig->over];
	if (fig->over == STAT_funds)
		over /= 100;
	if (fig->over == STAT_fines || fig->over == STAT_rewards)
		over /= 10000;
	if (fig->over == STAT_done_ms)
		over /= DAY_MS;
	if (fig->under == STAT_COUNT)
		return over;
	return row->n[fig->under] ? over / (double)row->n[fig->under] : nan("");
}

int64_t stat_funds(str text)
{
	size_t i = 0, end;
	double v;
	while (i < text.n && (text.p[i] < '0' || text.p[i] > '9'))
		i++;
	for (end = i; end < text.n && ((text.p[end] >= '0' && text.p[end] <= '9') || text.p[end] == '.');
	     end++)
		;
	str rest = str_sub(text, end, text.n);
	if (end == i || !str_to_f64(str_sub(text, i, end), &v) || !(v < 1e12))
		return 0;
	if (str_find(rest, S("亿")) >= 0)
		v *= 10000;
	else if (str_find(rest, S("万")) < 0 && str_find(rest, S("元")) >= 0)
		v /= 10000;
	return llround(v * 100);
}
