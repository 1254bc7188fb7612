#include "loop/matter_list.h"

#include <stdlib.h>

#include "base/vec.h"
#include "core/app.h"
#include "core/region.h"
#include "core/sector.h"
#include "db/bigram.h"
#include "loop/matter_list_sql.h"

JSON_DEFINE(matter_query, MATTER_QUERY)

/* ---- cursors ---- */

str matter_cursor(struct arena *a, struct matter_key k)
{
	return arena_printf(a, "%lld.%lld", (long long)k.due_ms, (long long)k.id);
}

bool matter_cursor_parse(str s, struct matter_key *ret)
{
	struct matter_key k;
	ptrdiff_t dot = str_find_char(s, '.');
	if (dot <= 0 || !str_to_i64(str_sub(s, 0, (size_t)dot), &k.due_ms) ||
	    !str_to_i64(str_sub(s, (size_t)dot + 1, s.n), &k.id))
		return false;
	*ret = k;
	return true;
}

/* ---- from the query to values ---- */

static enum list_order order_of(const struct matter_query *q)
{
	if (q->sort.p && str_ends(q->sort, S("due")))
		return q->sort.p[0] == '-' ? ORDER_DUE_DOWN : ORDER_DUE;
	if (q->sort.p)
		return q->sort.p[0] == '-' ? ORDER_ID_DOWN : ORDER_ID;
	return q->q.n ? ORDER_ID_DOWN : ORDER_DUE;
}

static err place(struct ctx *cx, const struct matter_query *q, struct matter_filter *f)
{
	int64_t code;
	f->lo = f->hi = DB_NONE;
	if (!q->region.n)
		return ERR_OK;
	if (!str_to_i64(q->region, &code) || !region_valid(code))
		return FAIL(&cx->fail, BAD_FIELD, "?region", "err.region_unknown", "code",
			    arena_cstr(cx->a, q->region));
	region_range(code, &f->lo, &f->hi);
	return ERR_OK;
}

/* The colour and the dates both narrow the span of due_ms. */
static err due_span(struct ctx *cx, const struct matter_query *q, struct matter_filter *f)
{
	enum colour c;
	struct calendar cal;
	const struct workflow *wf = loop_workflow(cx->app->loop, q->kind.n ? q->kind : S("task"));
	f->from_ms = 0;
	f->to_ms = INT64_MAX;
	if (q->colour.n && colour_parse(q->colour, &c)) {
		TRY(loop_calendar(cx, &cal));
		deadline_colour_span(&cal, c, cx->now_ms, wf ? wf->amber_days : 0, &f->from_ms, &f->to_ms);
		if (c != COLOUR_GREY)
			f->phase = S("open");
	}
	if (q->due_from != JSON_NONE && china_day_start_ms(q->due_from) > f->from_ms)
		f->from_ms = china_day_start_ms(q->due_from);
	if (q->due_to != JSON_NONE && china_day_end_ms(q->due_to) < f->to_ms)
		f->to_ms = china_day_end_ms(q->due_to);
	return ERR_OK;
}

static err parties(struct ctx *cx, const struct matter_query *q, struct matter_filter *f)
{
	if (q->lead != JSON_NONE) {
		f->org = q->lead;
		f->role = S("lead");
	}
	if (q->org != JSON_NONE)
		f->org = q->org;
	if (q->mine)
		f->org = cx_org(cx);
	if (q->mine && !f->org)
		return FAIL(&cx->fail, BAD_FIELD, "?mine", "err.no_org");
	return ERR_OK;
}

static err words(struct ctx *cx, const struct matter_query *q, struct matter_filter *f)
{
	if (!q->q.n)
		return ERR_OK;
	bool pg = db_conn_engine(cx->c) == DB_PG;
	f->match = pg ? bigram_match_pg(cx->a, q->q, 8) : bigram_match_fts5(cx->a, q->q, 8);
	if (str_is_null(f->match))
		return FAIL(&cx->fail, BAD_FIELD, "?q", "err.search_empty");
	f->one = bigram_one(q->q);
	f->order = ORDER_ID_DOWN;
	return ERR_OK;
}

/* What a matter knows beyond a task. */
static void found_by(const struct matter_query *q, struct matter_filter *f)
{
	f->grade = q->grade;
	f->source = q->source;
	f->object = q->object == JSON_NONE ? 0 : q->object;
	f->contractor = q->contractor == JSON_NONE ? 0 : q->contractor;
	if (q->listed.n && str_eq(q->listed, S("any")))
		f->listed_any = S("");
	else
		f->listed = q->listed;
}

err matter_filter_of(struct ctx *cx, const struct matter_query *q, struct matter_filter *ret)
{
	struct matter_filter f = { .kind = q->kind,
				   .state = q->state,
				   .phase = q->phase,
				   .order = order_of(q),
				   .sectors = DB_NONE,
				   .after_ms = DB_NONE,
				   .after_id = DB_NONE,
				   .limit = q->limit == JSON_NONE ? 50 : q->limit };
	f.document = q->document == JSON_NONE ? 0 : q->document;
	f.parent = q->parent == JSON_NONE ? 0 : q->parent;
	found_by(q, &f);
	TRY(place(cx, q, &f));
	TRY(due_span(cx, q, &f));
	TRY(parties(cx, q, &f));
	TRY(words(cx, q, &f));
	if (q->sector.n)
		TRY(sector_mask(cx->app->sectors, &(struct json_strs){ (str[]){ q->sector }, 1 }, "?sector",
				&f.sectors, &cx->fail));
	struct matter_key after;
	if (q->after.n && !matter_cursor_parse(q->after, &after))
		return FAIL(&cx->fail, BAD_FIELD, "?after", "err.cursor");
	if (q->after.n) {
		f.after_ms = after.due_ms;
		f.after_id = after.id;
	}
	*ret = f;
	return ERR_OK;
}

/* ---- which walks ---- */

struct walks {
	struct ctx *cx;
	const struct matter_filter *f;
	struct db_scope scope;
	int64_t party; /* the only organisation whose matters the scope lets through, or 0 */
	int64_t counties[LIST_COUNTIES]; /* n == 0: no county narrows the list */
	size_t ncounties;
	VEC(struct matter_key) keys;
	int64_t max;             /* rows wanted of each walk */
	str states[LIST_STATES]; /* that the filter leaves; none: the list is empty */
	size_t nstates;
};

static bool down(const struct matter_filter *f)
{
	return f->order == ORDER_DUE_DOWN || f->order == ORDER_ID_DOWN;
}

static bool by_id(const struct matter_filter *f)
{
	return f->order == ORDER_ID || f->order == ORDER_ID_DOWN;
}

/* False when the range is wider than a county, or there are too many. */
static bool add_county(struct walks *w, int64_t lo, int64_t hi)
{
	if (lo / 1000000 != hi / 1000000)
		return false;
	for (size_t i = 0; i < w->ncounties; i++)
		if (w->counties[i] == lo / 1000000)
			return true;
	if (w->ncounties == LIST_COUNTIES)
		return false;
	w->counties[w->ncounties++] = lo / 1000000;
	return true;
}

static void find_counties(struct walks *w)
{
	if (w->f->lo != DB_NONE && add_county(w, w->f->lo, w->f->hi))
		return;
	for (size_t i = 0; i < w->scope.n; i++)
		if (!add_county(w, w->scope.v[i].lo, w->scope.v[i].hi)) {
			w->ncounties = 0;
			return;
		}
}

static int64_t sole_party(const struct db_scope *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->v[i].party || s->v[i].party != s->v[0].party)
			return 0;
	return s->n ? s->v[0].party : 0;
}

/* The rows of whichever statement, as keys. */
#define KEEP(rows)                                                                                           \
	for (size_t i_ = 0; i_ < (rows).n; i_++)                                                             \
	vec_push(w->cx->a, &w->keys, (struct matter_key){ (rows).v[i_].id, (rows).v[i_].due_ms })
#define RUN(stmt, ...)                                                                                       \
	do {                                                                                                 \
		struct stmt##_rows rows_;                                                                    \
		TRY(stmt(w->cx->c, w->cx->a, &(struct stmt##_params){ __VA_ARGS__ }, &w->scope, &rows_));    \
		KEEP(rows_);                                                                                 \
	} while (0)
#define FILTERS_OF(lo_, hi_)                                                                                 \
	.kind = w->f->kind, .grade = w->f->grade, .source = w->f->source, .listed = w->f->listed,            \
	.listed_any = w->f->listed_any, .contractor = w->f->contractor ? w->f->contractor : DB_NONE,         \
	.lo = (lo_), .hi = (hi_), .sectors = w->f->sectors, .max = w->max
#define FILTERS_IN(lo_, hi_) FILTERS_OF(lo_, hi_), .object = w->f->object ? w->f->object : DB_NONE
#define FILTERS FILTERS_IN(w->f->lo, w->f->hi)
#define SPAN .from_ms = w->f->from_ms, .to_ms = w->f->to_ms
#define BELONGS                                                                                              \
	.document = w->f->document ? w->f->document : DB_NONE, .parent = w->f->parent ? w->f->parent : DB_NONE
/* A cursor of deadlines, a cursor of ids, and which way. */
#define DOWN .down = down(w->f) ? 1 : DB_NONE
#define AFTER_DUE_IF(yes_)                                                                                   \
	.after_ms = (yes_) && !down(w->f) ? w->f->after_ms : DB_NONE,                                        \
	.before_ms = (yes_) && down(w->f) ? w->f->after_ms : DB_NONE, .key_id = w->f->after_id
#define AFTER_DUE AFTER_DUE_IF(true)
#define AFTER_ID                                                                                             \
	.after_id = down(w->f) ? DB_NONE : w->f->after_id, .before_id = down(w->f) ? w->f->after_id : DB_NONE

static err walk_dues_of(struct walks *w, str phase)
{
	RUN(walk_due, .phase = phase, SPAN, AFTER_DUE, DOWN, FILTERS);
	return ERR_OK;
}

static err walk_county_of(struct walks *w, int64_t county, str state)
{
	RUN(walk_county, .county = county, .state = state, SPAN, AFTER_DUE, DOWN, FILTERS);
	return ERR_OK;
}

static err walk_state_of(struct walks *w)
{
	RUN(walk_state, .state = w->f->state, SPAN, AFTER_DUE, DOWN, FILTERS);
	return ERR_OK;
}

/* The range of regions that holds the filter's and the scope's: the index of parties is cut by it before
 * any matter is looked at. */
static void hull(const struct walks *w, int64_t *ret_lo, int64_t *ret_hi)
{
	int64_t lo = INT64_MAX, hi = 0;
	for (size_t i = 0; i < w->scope.n; i++) {
		lo = w->scope.v[i].lo < lo ? w->scope.v[i].lo : lo;
		hi = w->scope.v[i].hi > hi ? w->scope.v[i].hi : hi;
	}
	*ret_lo = w->f->lo != DB_NONE && w->f->lo > lo ? w->f->lo : lo;
	*ret_hi = w->f->lo != DB_NONE && w->f->hi < hi ? w->f->hi : hi;
}

static err walk_party_of(struct walks *w, int64_t org, str phase)
{
	int64_t lo, hi;
	hull(w, &lo, &hi);
	/* By id all of it is read: a cursor of that order says nothing about deadlines. */
	RUN(walk_party, .org = org, .phase = phase, .role = w->f->role, .state = w->f->state, SPAN,
	    AFTER_DUE_IF(!by_id(w->f)), DOWN, BELONGS, FILTERS_IN(lo, hi));
	return ERR_OK;
}

static bool spans_all(const struct matter_filter *f)
{
	return f->from_ms <= 0 && f->to_ms == INT64_MAX;
}

#define SPAN_OPT                                                                                             \
	.from_ms = spans_all(w->f) ? DB_NONE : w->f->from_ms, .to_ms = spans_all(w->f) ? DB_NONE : w->f->to_ms
#define STANDING .phase = w->f->phase, .state = w->f->state, SPAN_OPT

static err walk_id_of(struct walks *w)
{
	RUN(walk_id, STANDING, AFTER_ID, DOWN, FILTERS);
	return ERR_OK;
}

static err walk_newest_of(struct walks *w, int64_t county)
{
	RUN(walk_newest, .county = county, STANDING, AFTER_ID, DOWN, FILTERS);
	return ERR_OK;
}

/* What belongs to one document, parent or object is few: all of it is read and put in order here. */
static err walk_few(struct walks *w)
{
	w->max = LIST_SMALL;
	if (w->f->document)
		RUN(walk_document, .document = w->f->document,
		    .parent = w->f->parent ? w->f->parent : DB_NONE, STANDING, FILTERS);
	else if (w->f->parent)
		RUN(walk_parent, .parent = w->f->parent, STANDING, FILTERS);
	else
		RUN(walk_object, .object = w->f->object, STANDING, FILTERS_OF(w->f->lo, w->f->hi));
	return ERR_OK;
}

/* One character stands in most texts or in few. In most: the newest show a whole page of it. */
static err walk_one(struct walks *w, int64_t after)
{
	RUN(search_newest, .one = w->f->one, .budget = LIST_NEWEST, .county = w->ncounties == 1 ? w->counties[0] : DB_NONE,
	    .after_id = after, STANDING, FILTERS);
	if ((int64_t)w->keys.n < w->max)
		w->keys.n = 0;
	return ERR_OK;
}

static err walk_search(struct walks *w)
{
	int64_t after = w->f->after_id == DB_NONE ? INT64_MAX : w->f->after_id;
	if (w->f->one.n && !w->f->org && !w->f->document && !w->f->parent)
		TRY(walk_one(w, after));
	if (w->keys.n)
		return ERR_OK;
	bool leads = w->f->role.p != NULL;
	RUN(search_walk, .match = w->f->match, .after_id = after,
	    .org = w->f->org && !leads ? w->f->org : DB_NONE,
	    .lead = w->f->org && leads ? w->f->org : DB_NONE, BELONGS, STANDING, FILTERS);
	return ERR_OK;
}

/* The phases a list may show: a state belongs to one. */
static size_t phases(const struct matter_filter *f, str out[2])
{
	out[0] = f->phase.p ? f->phase : S("open");
	out[1] = S("closed");
	return f->phase.p ? 1 : 2;
}

static err walk_parties(struct walks *w, int64_t org)
{
	str phase[2];
	size_t n = phases(w->f, phase);
	w->max = by_id(w->f) ? LIST_SMALL : w->max * 3; /* a matter comes once for each role */
	for (size_t i = 0; i < n; i++)
		TRY(walk_party_of(w, org, phase[i]));
	return ERR_OK;
}

static err walk_ids(struct walks *w)
{
	if (!w->ncounties)
		return walk_id_of(w);
	for (size_t i = 0; i < w->ncounties; i++)
		TRY(walk_newest_of(w, w->counties[i]));
	return ERR_OK;
}

/* A county's index goes state by state: few of them, and each in order. */
static err walk_counties(struct walks *w)
{
	for (size_t k = 0; k < w->ncounties; k++)
		for (size_t i = 0; i < w->nstates; i++)
			TRY(walk_county_of(w, w->counties[k], w->states[i]));
	return ERR_OK;
}

static err walk_dues(struct walks *w)
{
	str phase[2];
	size_t n = phases(w->f, phase);
	if (w->ncounties)
		return walk_counties(w);
	if (w->f->state.n)
		return walk_state_of(w);
	for (size_t i = 0; i < n; i++)
		TRY(walk_dues_of(w, phase[i]));
	return ERR_OK;
}

static err walk(struct walks *w)
{
	int64_t org = w->f->org ? w->f->org : w->party;
	if (!w->nstates)
		return ERR_OK;
	if (w->f->match.n)
		return walk_search(w);
	if (!w->f->org && (w->f->document || w->f->parent || w->f->object))
		return walk_few(w);
	if (org)
		return walk_parties(w, org);
	return by_id(w->f) ? walk_ids(w) : walk_dues(w);
}

/* ---- merging ---- */

static int by_due_id(const void *pa, const void *pb)
{
	const struct matter_key *a = pa, *b = pb;
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int by_only_id(const void *pa, const void *pb)
{
	const struct matter_key *a = pa, *b = pb;
	return a->id < b->id ? -1 : a->id > b->id;
}

static bool behind(const struct matter_filter *f, const struct matter_key *k)
{
	struct matter_key after = { f->after_id, f->after_ms };
	if (f->after_id == DB_NONE)
		return true;
	int c = by_id(f) ? by_only_id(k, &after) : by_due_id(k, &after);
	return down(f) ? c < 0 : c > 0;
}

/* In order, each matter once, only what lies behind the cursor. */
static size_t tidy(const struct matter_filter *f, struct matter_key *v, size_t n)
{
	size_t kept = 0;
	if (n)
		qsort(v, n, sizeof *v, by_id(f) ? by_only_id : by_due_id);
	if (down(f))
		for (size_t i = 0; i < n / 2; i++) {
			struct matter_key t = v[i];
			v[i] = v[n - 1 - i];
			v[n - 1 - i] = t;
		}
	for (size_t i = 0; i < n; i++)
		if (behind(f, &v[i]) && !(kept && v[kept - 1].id == v[i].id))
			v[kept++] = v[i];
	return kept;
}

/* The states that the kind, phase and state asked for leave; names shared by several kinds once. */
static void find_states(struct walks *w)
{
	const struct workflow *const *wf;
	const struct matter_filter *f = w->f;
	size_t n = loop_workflows(w->cx->app->loop, &wf);
	bool open = f->phase.p && str_eq(f->phase, S("open"));
	for (size_t i = 0; i < n; i++) {
		if (f->kind.n && !str_eq(f->kind, wf[i]->kind))
			continue;
		for (size_t s = 0; s < wf[i]->nstates; s++) {
			const struct wf_state *st = &wf[i]->states[s];
			bool known = w->nstates == LIST_STATES || (f->phase.p && st->open != open) ||
				     (f->state.n && !str_eq(f->state, st->id));
			for (size_t k = 0; k < w->nstates && !known; k++)
				known = str_eq(w->states[k], st->id);
			if (!known)
				w->states[w->nstates++] = st->id;
		}
	}
}

static struct walks walks_of(struct ctx *cx, const struct matter_filter *f)
{
	struct walks w = { .cx = cx, .f = f, .scope = cx_scope(cx, S("matter.read")), .max = f->limit + 1 };
	w.party = sole_party(&w.scope);
	find_states(&w);
	find_counties(&w);
	return w;
}

err matter_keys(struct ctx *cx, const struct matter_filter *f, struct matter_key **ret, size_t *ret_n,
		bool *ret_more)
{
	struct walks w = walks_of(cx, f);
	TRY(walk(&w));
	size_t n = tidy(f, w.keys.v, w.keys.n);
	*ret_more = n > (size_t)f->limit;
	*ret_n = *ret_more ? (size_t)f->limit : n;
	*ret = w.keys.v;
	return ERR_OK;
}

/* ---- totals ---- */

struct tally {
	int64_t hits, budget;
	bool exact;
};

static void count_in(struct tally *t, int64_t walked, int64_t hits)
{
	t->hits += hits;
	t->exact &= walked < t->budget;
	t->budget -= walked;
}

#define COUNT(stmt, ...)                                                                                     \
	do {                                                                                                 \
		struct stmt##_row row_;                                                                      \
		struct stmt##_params p_ = { __VA_ARGS__,        SPAN,           .kind = w->f->kind,          \
					    .lo = w->f->lo,     .hi = w->f->hi, .sectors = w->f->sectors,    \
					    .budget = t->budget };                                           \
		TRY(stmt(w->cx->c, w->cx->a, &p_, &w->scope, &row_));                                        \
		count_in(t, row_.walked, row_.hits);                                                         \
	} while (0)

static err count_all(struct walks *w, struct tally *t)
{
	str phase[2];
	size_t n = w->ncounties || w->f->state.n ? 0 : phases(w->f, phase);
	for (size_t k = 0; k < w->ncounties; k++)
		for (size_t i = 0; i < w->nstates; i++)
			COUNT(walk_county_count, .county = w->counties[k], .state = w->states[i]);
	if (!w->ncounties && w->f->state.n)
		COUNT(walk_state_count, .state = w->f->state);
	for (size_t i = 0; i < n; i++)
		COUNT(walk_due_count, .phase = phase[i]);
	return ERR_OK;
}

/* Small lists are counted by reading their keys. */
static err count_keys(struct ctx *cx, const struct matter_filter *f, struct tally *t)
{
	struct matter_filter all = *f;
	struct matter_key *keys;
	size_t n;
	bool more;
	all.limit = LIST_COUNTED;
	all.after_id = all.after_ms = DB_NONE;
	TRY(matter_keys(cx, &all, &keys, &n, &more));
	t->hits = (int64_t)n;
	t->exact = !more;
	return ERR_OK;
}

/* Does a filter ask for what no index of the lists holds? */
static bool looks_at_rows(const struct matter_filter *f)
{
	return f->grade.n || f->source.n || f->listed.n || f->listed_any.p || f->object || f->contractor;
}

err matter_total(struct ctx *cx, const struct matter_filter *f, int64_t *ret, bool *ret_exact)
{
	struct walks w = walks_of(cx, f);
	struct tally t = { 0, LIST_BUDGET, true };
	if (f->match.n) {
		*ret = JSON_NONE;
		*ret_exact = false;
		return ERR_OK;
	}
	if (f->document || f->parent || f->org || w.party || !w.nstates || looks_at_rows(f))
		TRY(count_keys(cx, f, &t));
	else
		TRY(count_all(&w, &t));
	*ret = t.hits;
	*ret_exact = t.exact;
	return ERR_OK;
}

err matter_list_page(struct ctx *cx, const struct matter_filter *f, bool total, struct matter_list *ret)
{
	struct matter_key *keys;
	size_t n;
	bool more;
	struct matter_list page = { .total = JSON_NONE };
	TRY(matter_keys(cx, f, &keys, &n, &more));
	int64_t *ids = NEW_N(cx->a, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = keys[i].id;
	TRY(matter_items_view(cx, ids, n, &page.items.v, &page.items.n));
	if (more)
		page.next = matter_cursor(cx->a, keys[n - 1]);
	if (total)
		TRY(matter_total(cx, f, &page.total, &page.total_exact));
	*ret = page;
	return ERR_OK;
}
