#include "http/internal.h"

#include <assert.h>
#include <stdlib.h>

static bool is_param(str seg)
{
	return seg.n > 2 && seg.p[0] == '{';
}

static struct compiled compile(const struct route *route)
{
	struct compiled c = { .route = route };
	str rest = str_of(route->path + 1), seg;
	while (str_cut(&rest, '/', &seg)) {
		assert(c.n < MAX_SEGMENTS);
		c.seg[c.n++] = seg;
	}
	return c;
}

/* Fixed segments come first, so that /api/matters/export.xlsx wins over /api/matters/{id}. */
static int by_segments(const void *pa, const void *pb)
{
	const struct compiled *a = pa, *b = pb;
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		int d = is_param(a->seg[i]) - is_param(b->seg[i]);
		if (!d)
			d = str_cmp(a->seg[i], b->seg[i]);
		if (d)
			return d;
	}
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	return str_cmp(str_of(a->route->method), str_of(b->route->method));
}

void router_init(struct router *r, const struct route *const *tables)
{
	size_t n = 0;
	for (size_t t = 0; tables[t]; t++)
		for (const struct route *route = tables[t]; route->method; route++)
			n++;
	*r = (struct router){ .a = arena_new() };
	r->v = NEW_N(r->a, struct compiled, n);
	for (size_t t = 0; tables[t]; t++)
		for (const struct route *route = tables[t]; route->method; route++)
			r->v[r->n++] = compile(route);
	qsort(r->v, r->n, sizeof *r->v, by_segments);
}

void router_done(struct router *r)
{
	arena_drop(&r->a);
}

/* Splits and decodes; 0 when it cannot be a path of ours. */
static size_t split(struct arena *a, str path, str *seg)
{
	size_t n = 0;
	str rest = str_sub(path, 1, path.n), raw;
	while (str_cut(&rest, '/', &raw)) {
		if (n == MAX_SEGMENTS || !decode_percent(a, raw, false, &seg[n]))
			return 0;
		n++;
	}
	return n;
}

static bool fits(const struct compiled *c, const str *seg, size_t n)
{
	if (c->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (is_param(c->seg[i]) ? seg[i].n == 0 : !str_eq(c->seg[i], seg[i]))
			return false;
	return true;
}

static bool method_fits(const struct route *route, str method)
{
	if (str_eq(method, S("HEAD")) && route->kind != STREAM)
		method = S("GET");
	return str_eq(str_of(route->method), method);
}

static void allow_add(struct buf *b, const char *method)
{
	if (b->n)
		buf_put(b, S(", "));
	buf_put(b, str_of(method));
	if (str_eq(str_of(method), S("GET")))
		buf_put(b, S(", HEAD"));
}

struct match router_find(const struct router *r, struct arena *a, str method, str path, str *ret_allow)
{
	struct match m = { .c = NULL };
	struct buf allow = BUF(a);
	size_t n = path.n && path.p[0] == '/' ? split(a, path, m.value) : 0;
	for (size_t i = 0; n && i < r->n; i++) {
		if (!fits(&r->v[i], m.value, n))
			continue;
		if (method_fits(r->v[i].route, method)) {
			m.c = &r->v[i];
			return m;
		}
		allow_add(&allow, r->v[i].route->method);
	}
	*ret_allow = buf_str(&allow);
	return m;
}

str rq_param(struct req *rq, const char *name)
{
	const struct match *m = &rq->x->m;
	str want = str_of(name);
	for (size_t i = 0; m->c && i < m->c->n; i++) {
		str seg = m->c->seg[i];
		if (is_param(seg) && str_eq(str_sub(seg, 1, seg.n - 1), want))
			return m->value[i];
	}
	return (str){ NULL, 0 };
}

err rq_id(struct req *rq, const char *name, int64_t *ret)
{
	str s = rq_param(rq, name);
	int64_t v;
	if (!s.n || s.p[0] < '1' || s.p[0] > '9' || !str_to_i64(s, &v))
		return FAIL(&rq->cx.fail, NOT_FOUND, "", NULL);
	*ret = v;
	return ERR_OK;
}
