/* Routes of marks: the work list, what they mean, decisions. */
#include "core/app.h"
#include "core/region.h"
#include "loop/marks.h"
#include "loop/matter_list.h"
#include "loop/routes.h"

enum { PAGE_LOOK = 50 };

#define MARK_KIND_OUT(F, O, L)                                                                                         \
	F(STR, id, REQ)                                                                                                \
	F(STR, zh, REQ)                                                                                                \
	F(STR, en, REQ)                                                                                                \
	F(STR, why_zh, REQ, .max = 500)                                                                                \
	F(STR, why_en, REQ, .max = 500)                                                                                \
	F(I64, weight, REQ)                                                                                            \
	F(STR, certainty, REQ)
JSON_STRUCT(mark_kind_out, MARK_KIND_OUT)
JSON_DEFINE(mark_kind_out, MARK_KIND_OUT)

#define MARK_KINDS_OUT(F, O, L) L(mark_kind_out, items, REQ)
JSON_STRUCT(mark_kinds_out, MARK_KINDS_OUT)
JSON_DEFINE(mark_kinds_out, MARK_KINDS_OUT)

#define MARKED_MATTER(F, O, L)                                                                                         \
	O(matter_item, matter, REQ)                                                                                    \
	L(matter_mark, marks, REQ)
JSON_STRUCT(marked_matter, MARKED_MATTER)
JSON_DEFINE(marked_matter, MARKED_MATTER)

#define MARKED_LIST(F, O, L)                                                                                           \
	L(marked_matter, items, REQ, .max = 200)                                                                       \
	F(STR, next, NUL)                                                                                              \
	F(I64, examined, REQ)
JSON_STRUCT(marked_list, MARKED_LIST)
JSON_DEFINE(marked_list, MARKED_LIST)

/* A page looks at `limit` matters, newest first, and shows those with marks. */
#define MARKS_QUERY(F, O, L)                                                                                           \
	F(STR, region, OPT, .max = 12)                                                                                 \
	F(STR, kind, OPT, .max = 40)                                                                                   \
	F(BOOL, undecided, OPT)                                                                                        \
	F(STR, after, OPT, .max = 60)                                                                                  \
	F(I64, limit, OPT, .min = 1, .max = 200)
JSON_STRUCT(marks_query, MARKS_QUERY)
JSON_DEFINE(marks_query, MARKS_QUERY)

#define DECIDE_IN(F, O, L)                                                                                             \
	F(ID, matter, REQ)                                                                                             \
	F(STR, mark, REQ, .max = 80)                                                                                   \
	F(ENUM, decision, REQ, .options = "accepted|explained|sham")                                                   \
	F(STR, text, REQ, .max = 4000)
JSON_STRUCT(mark_decide_in, DECIDE_IN)
JSON_DEFINE(mark_decide_in, DECIDE_IN)

static err kinds(struct req *rq)
{
	const struct mark_rules *rules = rq->cx.app->marks;
	struct mark_kinds_out out = { { NEW_N(rq->a, struct mark_kind_out, MARK_KIND_COUNT), 0 } };
	for (int i = 0; rules && i < MARK_KIND_COUNT; i++) {
		const struct mark_rule *r = mark_rule(rules, (enum mark_kind)i);
		if (r->on)
			out.items.v[out.items.n++] =
			    (struct mark_kind_out){ r->id, r->zh, r->en, r->why_zh, r->why_en, r->weight, r->certainty };
	}
	return reply_json(rq, &out);
}

static void pick(struct arena *a, const struct mark_list *all, const struct marks_query *q, struct marked_matter *out)
{
	out->marks.v = NEW_N(a, struct matter_mark, all->n + 1);
	for (size_t i = 0; i < all->n; i++) {
		const struct matter_mark *m = &all->v[i];
		if ((!q->kind.n || str_eq(q->kind, m->kind)) && !(q->undecided && m->decision))
			out->marks.v[out->marks.n++] = *m;
	}
}

static err look_at(struct ctx *cx, const struct marks_query *q, const struct matter_key *keys, size_t n, struct marked_list *out)
{
	int64_t *ids = NEW_N(cx->a, int64_t, n + 1);
	struct matter_item *items;
	size_t nitems, k = 0;
	out->items.v = NEW_N(cx->a, struct marked_matter, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct matter x;
		struct mark_list all;
		struct marked_matter *m = &out->items.v[out->items.n];
		TRY(matter_get(cx, keys[i].id, &x));
		TRY(marks_of(cx, &x, &all));
		pick(cx->a, &all, q, m);
		if (m->marks.n)
			ids[out->items.n++] = keys[i].id;
	}
	TRY(matter_items_view(cx, ids, out->items.n, &items, &nitems));
	for (size_t i = 0; i < nitems && k < out->items.n; i++)
		out->items.v[k++].matter = &items[i];
	out->items.n = k;
	return ERR_OK;
}

static err list(struct req *rq)
{
	const struct marks_query *q = rq->query;
	struct ctx *cx = &rq->cx;
	struct matter_query mq;
	struct json_pair pairs[] = { { S("sort"), S("-id") }, { S("region"), q->region }, { S("after"), q->after } };
	struct matter_filter f;
	struct matter_key *keys;
	struct marked_list out = { 0 };
	size_t n;
	bool more;
	TRY(json_read_query(cx->a, pairs, COUNT_OF(pairs), matter_query_json, &mq, &cx->fail));
	mq.limit = q->limit == JSON_NONE ? PAGE_LOOK : q->limit;
	TRY(matter_filter_of(cx, &mq, &f));
	TRY(matter_keys(cx, &f, &keys, &n, &more));
	TRY(look_at(cx, q, keys, n, &out));
	out.examined = (int64_t)n;
	if (more && n)
		out.next = matter_cursor(cx->a, keys[n - 1]);
	return reply_json(rq, &out);
}

static err decide(struct req *rq)
{
	const struct mark_decide_in *in = rq->body;
	struct matter_mark out;
	struct matter x;
	TRY(marks_decide(&rq->cx, &(struct mark_verdict){ in->matter, in->mark, in->decision, in->text }, &out));
	TRY(matter_get(&rq->cx, in->matter, &x));
	matter_tell(rq, in->matter, &(struct matter_moved){ x.row.ver, x.row.kind, x.access, false });
	return reply_json(rq, &out);
}

const struct route marks_routes[] = {
	{ "GET", "/api/mark-kinds", kinds, READ, "matter.read", NULL, mark_kinds_out_json, "What marks there are and why", NULL },
	{ "GET", "/api/marks", list, READ, "matter.verify", NULL, marked_list_json,
	  "Matters with marks of sham rectification, newest first", marks_query_json },
	{ "POST", "/api/marks/decide", decide, WRITE, "matter.verify", mark_decide_in_json, matter_mark_json,
	  "Decide about a mark: accepted, explained or sham", NULL },
	{ 0 },
};
