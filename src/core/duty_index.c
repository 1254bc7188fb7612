/* The compiled index: read once for each version of the store, shared by all who ask. */
#include "core/duty_parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "core/duty_sql.h"
#include "core/region.h"

struct duty_cache {
	pthread_mutex_t lock;
	struct duty_index *last;
};

struct duty_cache *duty_cache_new(void)
{
	struct duty_cache *c = calloc(1, sizeof *c);
	if (!c)
		abort();
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void duty_index_give(struct duty_cache *c, struct duty_index *x)
{
	if (!x)
		return;
	pthread_mutex_lock(&c->lock);
	bool last = --x->refs == 0;
	pthread_mutex_unlock(&c->lock);
	if (last)
		arena_free(x->a);
}

void duty_cache_free(struct duty_cache *c)
{
	if (!c)
		return;
	duty_index_give(c, c->last);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static struct duty_index *cached(struct duty_cache *c, int64_t version)
{
	struct duty_index *x = NULL;
	pthread_mutex_lock(&c->lock);
	if (c->last && c->last->version == version) {
		x = c->last;
		x->refs++;
	}
	pthread_mutex_unlock(&c->lock);
	return x;
}

/* The last one read stays, whatever its version: one that was read inside a transaction that failed must
 * not keep the others out. */
static void keep(struct duty_cache *c, struct duty_index *x)
{
	pthread_mutex_lock(&c->lock);
	struct duty_index *old = c->last;
	c->last = x;
	x->refs++;
	pthread_mutex_unlock(&c->lock);
	duty_index_give(c, old);
}

/* ---- reading ---- */

struct building {
	const struct app *app;
	const struct duty_rules *rules;
	struct duty_index *x;
	VEC(struct duty_org) orgs;
	VEC(struct duty_post) posts;
	VEC(struct duty_hold) holds;
	VEC(struct duty_charge) charges;
	VEC(struct duty_settled) settled;
};

static int32_t day_or(int64_t day, int32_t absent)
{
	return day == DB_NONE ? absent : day > INT32_MAX ? INT32_MAX : day < INT32_MIN ? INT32_MIN : (int32_t)day;
}

int64_t duty_region_now(const struct app *app, int64_t code)
{
	for (size_t i = 0; app->moves && i < app->moves->n; i++)
		if (app->moves->v[i].from == code)
			return app->moves->v[i].to;
	return code;
}

static bool has_word(const struct duty_words *w, str text, str text_en)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_find(text, w->v[i]) >= 0 || str_find(text_en, w->v[i]) >= 0)
			return true;
	return false;
}

static uint64_t rules_of_org(const struct duty_rules *t, const struct duty_orgs_row *o)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct duty_rule *r = &t->rules[i];
		if (r->by == DUTY_BY_PLACE && (!r->org_kind.n || str_eq(r->org_kind, o->kind)) &&
		    (!r->org_words.n || has_word(&r->org_words, o->name, o->name_en)))
			mask |= UINT64_C(1) << i;
	}
	return mask;
}

/* Few kinds, many organisations: the texts of the rules are shared. */
static str kind_of(struct building *b, str kind)
{
	for (size_t i = 0; i < b->rules->n; i++)
		if (str_eq(b->rules->rules[i].org_kind, kind))
			return b->rules->rules[i].org_kind;
	return str_eq(kind, S("enterprise")) ? S("enterprise") : arena_str(b->x->a, kind);
}

static err take_org(void *arg, const struct duty_orgs_row *o)
{
	struct building *b = arg;
	struct duty_org n = { .id = o->id, .region = duty_region_now(b->app, o->region), .parent = o->parent, .sectors = o->sectors,
			      .rules = rules_of_org(b->rules, o), .kind = kind_of(b, o->kind), .from = day_or(o->valid_from_day, 0),
			      .to = day_or(o->valid_to_day, INT32_MAX), .name = S(""), .name_en = S("") };
	if (o->name.n) {
		n.name = arena_str(b->x->a, o->name);
		n.name_en = arena_str(b->x->a, o->name_en);
	}
	vec_push(b->x->a, &b->orgs, n);
	return ERR_OK;
}

static err take_post(void *arg, const struct duty_posts_row *p)
{
	struct building *b = arg;
	struct duty_post n = { .id = p->id, .org = p->org, .rank = p->rank, .title = arena_str(b->x->a, p->title),
			       .title_en = arena_str(b->x->a, p->title_en) };
	for (size_t i = 0; i < b->rules->n; i++) {
		const struct duty_rule *r = &b->rules->rules[i];
		if (has_word(&r->not_words, p->title, p->title_en))
			continue;
		if (has_word(&r->words, p->title, p->title_en))
			n.words |= UINT64_C(1) << i;
		if (r->leader && p->leader)
			n.leads |= UINT64_C(1) << i;
	}
	vec_push(b->x->a, &b->posts, n);
	return ERR_OK;
}

static err take_hold(void *arg, const struct duty_holds_row *h)
{
	struct building *b = arg;
	vec_push(b->x->a, &b->holds,
		 (struct duty_hold){ h->post, h->person, day_or(h->from_day, 0), day_or(h->to_day, INT32_MAX) });
	return ERR_OK;
}

static err take_charge(void *arg, const struct duty_charges_row *c)
{
	struct building *b = arg;
	vec_push(b->x->a, &b->charges,
		 (struct duty_charge){ .post = c->post, .sectors = c->sectors, .from = day_or(c->from_day, 0),
				       .to = day_or(c->to_day, INT32_MAX), .charge = duty_charge_index(b->rules, c->charge) });
	return ERR_OK;
}

static err take_settled(void *arg, const struct duty_designations_row *d)
{
	struct building *b = arg;
	struct duty_settled n = { .id = d->id, .region = duty_region_now(b->app, d->region), .object = d->object,
				  .sectors = d->sectors, .org = d->org, .post = d->post, .person = d->person,
				  .role = arena_str(b->x->a, d->role), .from = day_or(d->from_day, 0),
				  .to = day_or(d->to_day, INT32_MAX) };
	if (duty_line_parse(d->line, &n.line))
		vec_push(b->x->a, &b->settled, n);
	return ERR_OK;
}

/* ---- joining ---- */

#define SEARCH(v, n, key, member)                                                                  \
	size_t lo = 0, hi = (n);                                                                   \
	while (lo < hi) {                                                                          \
		size_t mid = lo + (hi - lo) / 2;                                                   \
		if ((v)[mid].member < (key))                                                       \
			lo = mid + 1;                                                              \
		else                                                                               \
			hi = mid;                                                                  \
	}

const struct duty_org *duty_org_at(const struct duty_index *x, int64_t id)
{
	SEARCH(x->orgs, x->norgs, id, id)
	return lo < x->norgs && x->orgs[lo].id == id ? &x->orgs[lo] : NULL;
}

const struct duty_post *duty_post_at(const struct duty_index *x, int64_t id)
{
	size_t lo = 0, hi = x->nposts;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (x->posts[x->posts_by_id[mid]].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	const struct duty_post *p = lo < x->nposts ? &x->posts[x->posts_by_id[lo]] : NULL;
	return p && p->id == id ? p : NULL;
}

static int by_post_id(const void *pa, const void *pb, void *arg)
{
	const struct duty_index *x = arg;
	int64_t a = x->posts[*(const uint32_t *)pa].id, b = x->posts[*(const uint32_t *)pb].id;
	return a < b ? -1 : a > b;
}

static void join_posts(struct duty_index *x)
{
	x->posts_by_id = NEW_N(x->a, uint32_t, x->nposts + 1);
	for (size_t i = 0; i < x->nposts; i++)
		x->posts_by_id[i] = (uint32_t)i;
	qsort_r(x->posts_by_id, x->nposts, sizeof *x->posts_by_id, by_post_id, x);
	for (size_t o = 0, p = 0; o < x->norgs; o++) {
		while (p < x->nposts && x->posts[p].org < x->orgs[o].id)
			p++;
		x->orgs[o].post = (uint32_t)p;
		for (; p < x->nposts && x->posts[p].org == x->orgs[o].id; p++)
			x->posts[p].org_at = (uint32_t)o;
		x->orgs[o].nposts = (uint32_t)p - x->orgs[o].post;
	}
}

/* Both sides are walked in the order of the posts' ids. */
static void join_holds(struct duty_index *x)
{
	for (size_t i = 0, h = 0, c = 0; i < x->nposts; i++) {
		struct duty_post *p = &x->posts[x->posts_by_id[i]];
		while (h < x->nholds && x->holds[h].post < p->id)
			h++;
		for (p->hold = (uint32_t)h; h < x->nholds && x->holds[h].post == p->id; h++)
			p->nholds++;
		while (c < x->ncharges && x->charges[c].post < p->id)
			c++;
		for (p->charge = (uint32_t)c; c < x->ncharges && x->charges[c].post == p->id; c++)
			p->ncharges++;
	}
}

/* Beneath another of its kind it is not the first of the place. */
static void drop_lower(struct duty_index *x, const struct duty_rules *t)
{
	uint64_t top = 0;
	for (size_t i = 0; i < t->n; i++)
		top |= t->rules[i].org_top ? UINT64_C(1) << i : 0;
	for (size_t i = 0; i < x->norgs; i++) {
		struct duty_org *o = &x->orgs[i];
		const struct duty_org *up = o->parent && (o->rules & top) ? duty_org_at(x, o->parent) : NULL;
		if (up && str_eq(up->kind, o->kind) && up->region == o->region)
			o->rules &= ~top;
	}
}

static int by_region(const void *pa, const void *pb, void *arg)
{
	const struct duty_index *x = arg;
	const struct duty_org *a = &x->orgs[*(const uint32_t *)pa], *b = &x->orgs[*(const uint32_t *)pb];
	return a->region != b->region ? (a->region < b->region ? -1 : 1) : a->id < b->id ? -1 : a->id > b->id;
}

static void place_orgs(struct duty_index *x)
{
	x->placed = NEW_N(x->a, uint32_t, x->norgs + 1);
	for (size_t i = 0; i < x->norgs; i++)
		if (x->orgs[i].rules)
			x->placed[x->nplaced++] = (uint32_t)i;
	qsort_r(x->placed, x->nplaced, sizeof *x->placed, by_region, x);
}

static err build(struct ctx *cx, struct building *b)
{
	struct duty_index *x = b->x;
	TRY(duty_orgs(cx->c, take_org, b));
	TRY(duty_posts(cx->c, take_post, b));
	TRY(duty_holds(cx->c, take_hold, b));
	TRY(duty_charges(cx->c, take_charge, b));
	TRY(duty_designations(cx->c, take_settled, b));
	x->orgs = b->orgs.v, x->norgs = b->orgs.n;
	x->posts = b->posts.v, x->nposts = b->posts.n;
	x->holds = b->holds.v, x->nholds = b->holds.n;
	x->charges = b->charges.v, x->ncharges = b->charges.n;
	x->settled = b->settled.v, x->nsettled = b->settled.n;
	join_posts(x);
	join_holds(x);
	drop_lower(x, b->rules);
	place_orgs(x);
	return ERR_OK;
}

err duty_index_take(struct ctx *cx, struct duty_index **ret)
{
	const struct duty_rules *rules = cx->app->duty;
	struct duty_version_row version;
	TRY(duty_version(cx->c, cx->a, &version));
	struct duty_index *x = cached(rules->cache, version.version);
	if (!x) {
		struct arena *a = arena_new();
		x = NEW(a, struct duty_index);
		x->a = a;
		x->version = version.version;
		struct building b = { .app = cx->app, .rules = rules, .x = x };
		err e = build(cx, &b);
		if (e != ERR_OK) {
			arena_free(a);
			return e;
		}
		x->refs = 1;
		keep(rules->cache, x);
	}
	*ret = x;
	return ERR_OK;
}

err duty_changed(struct ctx *cx)
{
	return duty_version_put(cx->c, &(struct duty_version_put_params){ .version = new_id(cx) }, NULL);
}
