/* Routes: /api/criteria. */
#include "core/sector.h"
#include "core/views.h"
#include "loop/criteria.h"
#include "loop/routes.h"

/* ---- shapes ---- */

#define CRITERION_OUT(F, O, L)                                                                               \
	F(STR, id, REQ)                                                                                      \
	F(STR, edition_id, REQ)                                                                              \
	F(STR, branch, REQ)                                                                                  \
	F(STR, branch_zh, REQ)                                                                               \
	F(STR, branch_en, REQ)                                                                               \
	F(STRS, sectors, REQ)                                                                                \
	F(STR, edition, REQ)                                                                                 \
	F(STR, title_zh, REQ)                                                                                \
	F(STR, title_en, REQ)                                                                                \
	F(STR, number, REQ)                                                                                  \
	F(STR, clause, REQ)                                                                                  \
	F(STR, clause_zh, REQ)                                                                               \
	F(STR, clause_en, REQ)                                                                               \
	F(STR, article, OPT)                                                                                 \
	F(STR, item, OPT)                                                                                    \
	F(STR, group, REQ)                                                                                   \
	F(STR, group_zh, REQ)                                                                                \
	F(STR, group_en, REQ)                                                                                \
	F(STR, zh, REQ, .max = 2000)                                                                         \
	F(STR, en, REQ, .max = 2000)                                                                         \
	F(STR, pre_zh, OPT, .max = 2000)                                                                     \
	F(STR, pre_en, OPT, .max = 2000)                                                                     \
	F(STR, exc_zh, OPT, .max = 2000)                                                                     \
	F(STR, exc_en, OPT, .max = 2000)                                                                     \
	F(ENUM, kind, REQ, .options = "direct|comprehensive|catch-all|unknown")                              \
	F(ENUM, status, REQ, .options = "in_force|superseded|draft|house")                                   \
	F(ENUM, certainty, REQ, .options = "verified|secondary|memory-high|memory-medium|memory-low")        \
	F(STR, source, REQ, .max = 2000)                                                                     \
	F(STR, source_zh, REQ, .max = 2000)                                                                  \
	F(DATE, from, NUL)                                                                                   \
	F(DATE, to, NUL)                                                                                     \
	F(STR, replaces, OPT)                                                                                \
	F(BOOL, citable, REQ)                                                                                \
	F(BOOL, in_force, REQ)
JSON_STRUCT(criterion_out, CRITERION_OUT)
JSON_DEFINE(criterion_out, CRITERION_OUT)

#define CRITERIA_LIST(F, O, L) L(criterion_out, items, REQ) PAGE_OUT(F)
JSON_STRUCT(criteria_list_out, CRITERIA_LIST)
JSON_DEFINE(criteria_list_out, CRITERIA_LIST)

#define CRITERIA_QUERY(F, O, L)                                                                              \
	F(STR, sector, OPT, .max = 60)                                                                       \
	F(STR, branch, OPT, .max = 60)                                                                       \
	F(STR, edition, OPT, .max = 60)                                                                      \
	F(STR, q, OPT, .max = 100)                                                                           \
	F(DATE, day, OPT)                                                                                    \
	F(BOOL, major, OPT)                                                                                  \
	F(STR, after, OPT, .max = 60)                                                                        \
	F(I64, limit, OPT, .min = 1, .max = PAGE_MAX)
JSON_STRUCT(criteria_query, CRITERIA_QUERY)
JSON_DEFINE(criteria_query, CRITERIA_QUERY)

#define DAY_QUERY(F, O, L) F(DATE, day, OPT)
JSON_STRUCT(criteria_day_query, DAY_QUERY)
JSON_DEFINE(criteria_day_query, DAY_QUERY)

#define EDITION_OUT(F, O, L)                                                                                 \
	F(STR, id, REQ)                                                                                      \
	F(STR, branch, REQ)                                                                                  \
	F(STR, branch_zh, REQ)                                                                               \
	F(STR, branch_en, REQ)                                                                               \
	F(STR, edition, REQ)                                                                                 \
	F(STR, title_zh, REQ)                                                                                \
	F(STR, title_en, REQ)                                                                                \
	F(STR, number, REQ)                                                                                  \
	F(STR, issuer_zh, REQ)                                                                               \
	F(STR, issuer_en, REQ)                                                                               \
	F(STRS, sectors, REQ)                                                                                \
	F(DATE, issued, NUL)                                                                                 \
	F(DATE, from, NUL)                                                                                   \
	F(DATE, to, NUL)                                                                                     \
	F(ENUM, status, REQ, .options = "in_force|superseded|draft|house")                                   \
	F(BOOL, in_force, REQ)                                                                               \
	F(STR, dates, REQ)                                                                                   \
	F(STR, certainty, REQ)                                                                               \
	F(STR, replaces, OPT)                                                                                \
	F(I64, total, NUL)                                                                                   \
	F(I64, known, REQ)                                                                                   \
	F(I64, unknown_rows, REQ)                                                                            \
	F(I64, rows, REQ)                                                                                    \
	F(STR, source, REQ, .max = 2000)                                                                     \
	F(STR, source_zh, REQ, .max = 2000)                                                                  \
	F(STR, note, OPT, .max = 2000)                                                                       \
	F(STR, note_zh, OPT, .max = 2000)
JSON_STRUCT(criteria_edition_out, EDITION_OUT)
JSON_DEFINE(criteria_edition_out, EDITION_OUT)

#define EDITIONS_OUT(F, O, L) L(criteria_edition_out, items, REQ)
JSON_STRUCT(criteria_editions_out, EDITIONS_OUT)
JSON_DEFINE(criteria_editions_out, EDITIONS_OUT)

#define COMPARE_QUERY(F, O, L) F(STR, a, REQ, .max = 60) F(STR, b, REQ, .max = 60)
JSON_STRUCT(criteria_compare_query, COMPARE_QUERY)
JSON_DEFINE(criteria_compare_query, COMPARE_QUERY)

#define COMPARE_PAIR(F, O, L)                                                                                \
	F(ENUM, how, REQ, .options = "matched|only-a|only-b")                                                \
	O(criterion_out, a, NUL)                                                                             \
	O(criterion_out, b, NUL)
JSON_STRUCT(criteria_pair, COMPARE_PAIR)
JSON_DEFINE(criteria_pair, COMPARE_PAIR)

#define COMPARE_OUT(F, O, L)                                                                                 \
	O(criteria_edition_out, a, REQ)                                                                      \
	O(criteria_edition_out, b, REQ)                                                                      \
	L(criteria_pair, pairs, REQ, .max = 5000)
JSON_STRUCT(criteria_compare_out, COMPARE_OUT)
JSON_DEFINE(criteria_compare_out, COMPARE_OUT)

/* ---- views ---- */

static int64_t day_or_none(int64_t day)
{
	return day == DB_NONE ? JSON_NONE : day;
}

static int64_t asked_day(const struct ctx *cx, int64_t day)
{
	return day == JSON_NONE ? china_day(cx->now_ms) : day;
}

static struct criterion_out view(struct ctx *cx, const struct criterion *k, int64_t day)
{
	return (struct criterion_out){
		.id = k->id,
		.edition_id = k->of->id,
		.branch = k->of->branch,
		.branch_zh = k->of->branch_zh,
		.branch_en = k->of->branch_en,
		.sectors = sector_ids(cx->a, cx->app->sectors, k->sectors),
		.edition = k->edition,
		.title_zh = k->title_zh,
		.title_en = k->title_en,
		.number = k->number,
		.clause = k->clause,
		.clause_zh = k->clause_zh,
		.clause_en = k->clause_en,
		.article = view_str(k->article),
		.item = view_str(k->item),
		.group = k->group,
		.group_zh = k->group_zh,
		.group_en = k->group_en,
		.zh = k->zh,
		.en = k->en,
		.pre_zh = view_str(k->pre_zh),
		.pre_en = view_str(k->pre_en),
		.exc_zh = view_str(k->exc_zh),
		.exc_en = view_str(k->exc_en),
		.kind = k->kind,
		.status = k->status,
		.certainty = k->certainty,
		.source = k->source,
		.source_zh = k->source_zh,
		.from = day_or_none(k->from_day),
		.to = day_or_none(k->to_day),
		.replaces = view_str(k->replaces),
		.citable = criterion_citable(k),
		.in_force = criterion_in_force(k, day),
	};
}

static struct criteria_edition_out edition_view(struct ctx *cx, const struct criteria_edition *e, int64_t day)
{
	bool on = e->from_day != DB_NONE && day >= e->from_day && (e->to_day == DB_NONE || day <= e->to_day);
	return (struct criteria_edition_out){
		.id = e->id,
		.branch = e->branch,
		.branch_zh = e->branch_zh,
		.branch_en = e->branch_en,
		.edition = e->edition,
		.title_zh = e->title_zh,
		.title_en = e->title_en,
		.number = e->number,
		.issuer_zh = e->issuer_zh,
		.issuer_en = e->issuer_en,
		.sectors = sector_ids(cx->a, cx->app->sectors, e->sectors),
		.issued = day_or_none(e->issued_day),
		.from = day_or_none(e->from_day),
		.to = day_or_none(e->to_day),
		.status = e->status,
		.in_force = on,
		.dates = e->dates,
		.certainty = e->certainty,
		.replaces = view_str(e->replaces),
		.total = day_or_none(e->total),
		.known = e->known,
		.unknown_rows = e->unknown,
		.rows = (int64_t)e->n,
		.source = e->source,
		.source_zh = e->source_zh,
		.note = view_str(e->note),
		.note_zh = view_str(e->note_zh),
	};
}

/* ---- one and many ---- */

static char folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Case-folded for ASCII; other letters as they are. */
static bool holds(str text, str needle)
{
	for (size_t i = 0; i + needle.n <= text.n; i++) {
		size_t k = 0;
		while (k < needle.n && folded(text.p[i + k]) == folded(needle.p[k]))
			k++;
		if (k == needle.n)
			return true;
	}
	return false;
}

/* Every word must stand somewhere in the row. */
static bool speaks_of(const struct criterion *k, str q)
{
	const str texts[] = { k->zh,           k->en,        k->id,        k->number,   k->title_zh,
			      k->title_en,     k->clause_zh, k->clause_en, k->group_zh, k->group_en,
			      k->pre_zh,       k->pre_en,    k->exc_zh,    k->exc_en,   k->of->branch_zh,
			      k->of->branch_en };
	str word, rest = q;
	while (rest.n && str_cut(&rest, ' ', &word)) {
		bool any = !word.n;
		for (size_t i = 0; i < COUNT_OF(texts) && !any; i++)
			any = holds(texts[i], word);
		if (!any)
			return false;
	}
	return true;
}

struct wish {
	const struct criteria_query *q;
	int64_t sectors;
};

static bool wanted(const struct wish *w, const struct criterion *k)
{
	const struct criteria_query *q = w->q;
	return (k->sectors & w->sectors) && (!q->branch.n || str_eq(q->branch, k->of->branch)) &&
	       (!q->edition.n || str_eq(q->edition, k->of->id) || str_eq(q->edition, k->edition)) &&
	       (q->day == JSON_NONE || criterion_in_force(k, q->day)) &&
	       (!q->major || criterion_citable(k)) && (!q->q.n || speaks_of(k, q->q));
}

static err sectors_asked(struct ctx *cx, str id, int64_t *ret)
{
	struct json_strs ids = { &id, 1 };
	*ret = -1;
	return id.n ? sector_mask(cx->app->sectors, &ids, "?sector", ret, &cx->fail) : ERR_OK;
}

static err cursor_asked(struct ctx *cx, str after, const struct criterion *v, size_t *ret_from)
{
	const struct criterion *k = after.n ? criterion_find(cx->app->criteria, after) : NULL;
	if (after.n && !k)
		return FAIL(&cx->fail, BAD_FIELD, "?after", "err.criterion.none", "id",
			    arena_cstr(cx->a, after));
	*ret_from = k ? (size_t)(k - v) + 1 : 0;
	return ERR_OK;
}

static err list(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct wish w = { rq->query, 0 };
	struct criteria_list_out out = { .total = 0, .total_exact = true };
	const struct criterion *v;
	size_t from = 0, n = criteria_all(cx->app->criteria, &v);
	TRY(sectors_asked(cx, w.q->sector, &w.sectors));
	TRY(cursor_asked(cx, w.q->after, v, &from));
	size_t limit = (size_t)page_limit(w.q->limit);
	out.items.v = NEW_N(rq->a, struct criterion_out, limit + 1);
	for (size_t i = 0; i < n; i++) {
		if (!wanted(&w, &v[i]))
			continue;
		out.total++;
		if (i >= from && out.items.n < limit)
			out.items.v[out.items.n++] = view(cx, &v[i], asked_day(cx, w.q->day));
		else if (i >= from)
			out.next = out.items.v[limit - 1].id;
	}
	return reply_json(rq, &out);
}

static err one(struct req *rq)
{
	const struct criteria_day_query *q = rq->query;
	const struct criterion *k = criterion_find(rq->cx.app->criteria, rq_param(rq, "id"));
	if (!k)
		return FAIL(&rq->cx.fail, NOT_FOUND, "", NULL);
	struct criterion_out out = view(&rq->cx, k, asked_day(&rq->cx, q->day));
	return reply_json(rq, &out);
}

static err editions(struct req *rq)
{
	const struct criteria_day_query *q = rq->query;
	const struct criteria_edition *v;
	size_t n = criteria_editions(rq->cx.app->criteria, &v);
	struct criteria_editions_out out = { .items = { NEW_N(rq->a, struct criteria_edition_out, n + 1),
							n } };
	for (size_t i = 0; i < n; i++)
		out.items.v[i] = edition_view(&rq->cx, &v[i], asked_day(&rq->cx, q->day));
	return reply_json(rq, &out);
}

/* ---- two editions side by side ---- */

static bool names(str list, str id)
{
	str rest = list, word;
	while (rest.n && str_cut(&rest, ' ', &word))
		if (str_eq(word, id))
			return true;
	return false;
}

static bool matched(const struct criterion *x, const struct criterion *y)
{
	return names(x->replaces, y->id) || names(y->replaces, x->id);
}

struct compare {
	struct ctx *cx;
	int64_t day;
	struct criteria_pair *v;
	size_t n;
};

static struct criterion_out *boxed(struct compare *c, const struct criterion *k)
{
	struct criterion_out *out = k ? NEW(c->cx->a, struct criterion_out) : NULL;
	if (k)
		*out = view(c->cx, k, c->day);
	return out;
}

static void pair(struct compare *c, str how, const struct criterion *a, const struct criterion *b)
{
	c->v[c->n++] = (struct criteria_pair){ how, boxed(c, a), boxed(c, b) };
}

/* In the order of a, each with what takes its place in b; then what is new in b. */
static void pairs_of(struct compare *c, const struct criteria_edition *a, const struct criteria_edition *b)
{
	bool *taken = NEW_N(c->cx->a, bool, b->n + 1);
	for (size_t i = 0; i < a->n; i++) {
		bool any = false;
		for (size_t k = 0; k < b->n; k++) {
			if (!matched(&a->v[i], &b->v[k]))
				continue;
			pair(c, S("matched"), &a->v[i], &b->v[k]);
			any = taken[k] = true;
		}
		if (!any)
			pair(c, S("only-a"), &a->v[i], NULL);
	}
	for (size_t k = 0; k < b->n; k++)
		if (!taken[k])
			pair(c, S("only-b"), NULL, &b->v[k]);
}

static err edition_asked(struct ctx *cx, str id, const char *pointer, const struct criteria_edition **ret)
{
	*ret = criteria_edition_find(cx->app->criteria, id);
	if (*ret)
		return ERR_OK;
	return FAIL(&cx->fail, BAD_FIELD, pointer, "err.criteria.edition", "id", arena_cstr(cx->a, id));
}

static size_t matches_at_most(const struct criteria_edition *a, const struct criteria_edition *b)
{
	size_t n = a->n + b->n;
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			n += matched(&a->v[i], &b->v[k]);
	return n;
}

static err compare(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	const struct criteria_compare_query *q = rq->query;
	const struct criteria_edition *a, *b;
	TRY(edition_asked(cx, q->a, "?a", &a));
	TRY(edition_asked(cx, q->b, "?b", &b));
	if (a == b)
		return FAIL(&cx->fail, BAD_FIELD, "?b", "err.criteria.same_edition");
	struct compare c = { cx, china_day(cx->now_ms),
			     NEW_N(rq->a, struct criteria_pair, matches_at_most(a, b) + 1), 0 };
	pairs_of(&c, a, b);
	struct criteria_edition_out ea = edition_view(cx, a, c.day), eb = edition_view(cx, b, c.day);
	struct criteria_compare_out out = { .a = &ea, .b = &eb, .pairs = { c.v, c.n } };
	return reply_json(rq, &out);
}

const struct route criteria_routes[] = {
	{ "GET", "/api/criteria", list, READ, "", NULL, criteria_list_out_json, "Criteria of major hazards",
	  criteria_query_json },
	{ "GET", "/api/criteria/editions", editions, READ, "", NULL, criteria_editions_out_json,
	  "Editions of criteria, with what is known of them", criteria_day_query_json },
	{ "GET", "/api/criteria/compare", compare, READ, "", NULL, criteria_compare_out_json,
	  "Two editions side by side", criteria_compare_query_json },
	{ "GET", "/api/criteria/{id}", one, READ, "", NULL, criterion_out_json, "One criterion",
	  criteria_day_query_json },
	{ 0 },
};
