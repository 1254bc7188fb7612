/* Who is answerable: the rules walked over the compiled index. */
#include "core/duty_parts.h"

#include "base/map.h"
#include "base/vec.h"
#include "core/grant.h"
#include "core/org.h"
#include "core/region.h"
#include "core/sector.h"

enum { FITS_MAX = 6 };

struct duty_view {
	struct ctx *cx;
	const struct duty_rules *rules;
	struct duty_index *x;
	int32_t day;
	size_t nregional;        /* settled for regions, at the head of x->settled */
	struct map memo;         /* of places without their owners */
};

/* One place, its regions by level as they are coded now. */
struct place {
	const struct duty_view *v;
	const struct duty_place *p;
	int64_t up[REGION_VILLAGE + 1]; /* 0 below the place's own level */
	const struct duty_settled *own; /* designations for this very object */
	size_t nown;
};

struct answer {
	const struct duty_rule *rule;
	int sector;
	int64_t org_id;          /* also of organisations that the index does not know */
	const struct duty_org *org;
	const struct duty_post *post;
	int64_t person, since, designation;
	enum duty_gap gap;
	bool overlap;
	const struct duty_org *fits[FITS_MAX];
	size_t nfits;
};

struct answers {
	void (*take)(void *arg, const struct answer *a);
	void *arg;
};

static bool on_day(int32_t from, int32_t to, int32_t day)
{
	return from <= day && day <= to;
}

static bool covers(int64_t mask, int sector, int64_t place_sectors)
{
	return mask == -1 || (sector >= 0 ? (mask >> sector & 1) != 0 : (mask & place_sectors) != 0 || place_sectors == -1);
}

/* ---- the place ---- */

static size_t settled_from(const struct duty_index *x, int64_t object)
{
	size_t lo = 0, hi = x->nsettled;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (x->settled[mid].object < object)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct place place_of(const struct duty_view *v, const struct duty_place *p)
{
	struct place pl = { .v = v, .p = p };
	int own = region_level(p->region);
	for (int l = REGION_PROVINCE; l <= own; l++)
		pl.up[l] = duty_region_now(v->cx->app, region_up(p->region, (enum region_level)l));
	if (p->object) {
		size_t at = settled_from(v->x, p->object), end = at;
		while (end < v->x->nsettled && v->x->settled[end].object == p->object)
			end++;
		pl.own = v->x->settled + at;
		pl.nown = end - at;
	}
	return pl;
}

/* The region in which a rule looks; a city's own object has no county. */
static int64_t region_at(const struct place *pl, int level)
{
	int own = region_level(pl->p->region);
	return pl->up[level < own ? level : own];
}

static bool in_region(const struct place *pl, int64_t region)
{
	return pl->up[region_level(region)] == region;
}

static bool type_fits(const struct duty_rule *r, str type)
{
	for (size_t i = 0; i < r->types.n; i++)
		if (str_eq(r->types.v[i], type))
			return true;
	return r->types.n == 0;
}

static bool applies(const struct place *pl, const struct duty_rule *r)
{
	const struct duty_place *p = pl->p;
	if ((r->region && !in_region(pl, r->region)) || !type_fits(r, p->object_type))
		return false;
	if (r->sectors != -1 && (p->sectors == 0 || !covers(r->sectors, -1, p->sectors)))
		return false;
	if (r->by == DUTY_BY_PLACE && r->level >= REGION_TOWN && r->level > (int)region_level(p->region))
		return false;
	switch (r->applies) {
	case DUTY_ALWAYS:
		return true;
	case DUTY_WITH_OWNER:
		return p->owner != 0;
	case DUTY_WITHOUT_OWNER:
		return p->object != 0 && p->owner == 0;
	case DUTY_WITH_CONTRACTOR:
		return p->contractor != 0;
	}
	return false;
}

/* ---- posts of an organisation ---- */

static const struct duty_hold *holder_of(const struct duty_view *v, const struct duty_post *p)
{
	for (uint32_t i = p->hold; i < p->hold + p->nholds; i++)
		if (on_day(v->x->holds[i].from, v->x->holds[i].to, v->day))
			return &v->x->holds[i];
	return NULL;
}

/* 2: carries the charge for this sector by name, 1: for every sector, 0: not. */
static int charged(const struct place *pl, const struct duty_post *p, int charge, int sector)
{
	const struct duty_view *v = pl->v;
	int best = 0;
	for (uint32_t i = p->charge; i < p->charge + p->ncharges; i++) {
		const struct duty_charge *c = &v->x->charges[i];
		if (c->charge != charge || !on_day(c->from, c->to, v->day) || !covers(c->sectors, sector, pl->p->sectors))
			continue;
		int rank = c->sectors == -1 ? 1 : 2;
		best = rank > best ? rank : best;
	}
	return best;
}

struct search {
	const struct duty_post *post;
	const struct duty_hold *hold;
	int rank;
	int equal;               /* held posts of this rank */
};

/* A higher rank wins; of equals the first one that somebody holds. */
static void consider(struct search *s, const struct duty_view *v, const struct duty_post *p, int rank)
{
	if (rank < s->rank || rank == 0)
		return;
	const struct duty_hold *h = holder_of(v, p);
	if (rank > s->rank)
		*s = (struct search){ p, h, rank, h != NULL };
	else if (h && s->hold)
		s->equal++;
	else if (h)
		*s = (struct search){ p, h, rank, 1 };
}

/* Those charged first, then by title, then the leader. */
static struct search post_for(const struct place *pl, const struct duty_rule *r, const struct duty_org *o, int sector)
{
	enum { LEADER = 1, TITLE, CHARGED_ALL, CHARGED };
	const struct duty_rules *t = pl->v->rules;
	uint64_t bit = UINT64_C(1) << (r - t->rules);
	int charge = r->charge.n ? duty_charge_index(t, r->charge) : -1;
	struct search s = { 0 };
	for (uint32_t i = o->post; i < o->post + o->nposts; i++) {
		const struct duty_post *p = &pl->v->x->posts[i];
		int by = charge >= 0 && p->ncharges ? charged(pl, p, charge, sector) : 0;
		int rank = by == 2 ? CHARGED : by == 1 ? CHARGED_ALL : (p->words & bit) ? TITLE : (p->leads & bit) ? LEADER : 0;
		consider(&s, pl->v, p, rank);
	}
	if (s.rank < CHARGED_ALL)
		s.equal = 1; /* titles alone do not say that two share one duty */
	return s;
}

static void fill_holder(const struct place *pl, struct answer *a)
{
	if (!a->org || !on_day(a->org->from, a->org->to, pl->v->day)) {
		a->gap = DUTY_GAP_NO_ORG;
		return;
	}
	struct search s = post_for(pl, a->rule, a->org, a->sector);
	a->post = s.post;
	a->gap = !s.post ? DUTY_GAP_NO_POST : !s.hold ? DUTY_GAP_VACANT : DUTY_GAP_NONE;
	a->overlap |= s.equal > 1;
	if (s.hold) {
		a->person = s.hold->person;
		a->since = s.hold->from;
	}
}

/* ---- what was designated ---- */

static int score_of(const struct place *pl, const struct duty_rule *r, const struct duty_settled *d, int sector)
{
	if (d->line != r->line || (d->role.n && !str_eq(d->role, r->role)) || !on_day(d->from, d->to, pl->v->day) ||
	    !covers(d->sectors, sector, pl->p->sectors) || !in_region(pl, d->region))
		return 0;
	return 1 + (d->object ? 64 : 0) + 4 * (int)region_level(d->region) + (d->role.n ? 2 : 0) + (d->sectors != -1);
}

/* Best first: for the object, for the smallest region, for the role, for the sector; then the latest. */
static const struct duty_settled *best_settled(const struct place *pl, const struct duty_rule *r, int sector)
{
	const struct duty_settled *best = NULL;
	int score = 0;
	for (size_t i = 0; i < pl->v->nregional + pl->nown; i++) {
		const struct duty_settled *d = i < pl->v->nregional ? &pl->v->x->settled[i] : &pl->own[i - pl->v->nregional];
		int s = score_of(pl, r, d, sector);
		if (s > score || (s && s == score && (d->from > best->from || (d->from == best->from && d->id > best->id)))) {
			best = d;
			score = s;
		}
	}
	return best;
}

static void fill_settled(const struct place *pl, const struct duty_settled *d, struct answer *a)
{
	const struct duty_post *post = d->post ? duty_post_at(pl->v->x, d->post) : NULL;
	a->designation = d->id;
	a->org_id = post && !d->org ? post->org : d->org;
	a->org = a->org_id ? duty_org_at(pl->v->x, a->org_id) : NULL;
	if (d->person) {
		a->post = post;
		a->person = d->person;
		a->since = d->from;
	} else if (post) {
		const struct duty_hold *h = holder_of(pl->v, post);
		a->post = post;
		a->gap = h ? DUTY_GAP_NONE : DUTY_GAP_VACANT;
		a->person = h ? h->person : 0;
		a->since = h ? (h->from > d->from ? h->from : d->from) : 0;
	} else {
		fill_holder(pl, a);
	}
}

/* Everybody who was named; the rest up to what is needed is missing. */
static void named(const struct place *pl, const struct duty_rule *r, int sector, const struct answers *out)
{
	int n = 0;
	for (size_t i = 0; i < pl->v->nregional + pl->nown; i++) {
		const struct duty_settled *d = i < pl->v->nregional ? &pl->v->x->settled[i] : &pl->own[i - pl->v->nregional];
		if (!score_of(pl, r, d, sector) || n == DUTY_NEED_MAX)
			continue;
		struct answer a = { .rule = r, .sector = sector };
		fill_settled(pl, d, &a);
		out->take(out->arg, &a);
		n++;
	}
	for (; n < r->need; n++)
		out->take(out->arg, &(struct answer){ .rule = r, .sector = sector, .gap = DUTY_GAP_NO_ORG });
}

/* ---- organisations of a place ---- */

static size_t placed_from(const struct duty_index *x, int64_t region)
{
	size_t lo = 0, hi = x->nplaced;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (x->orgs[x->placed[mid]].region < region)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* An office for everything (every sector) does not hold a sector as its regulator. */
static bool holds_sector(const struct duty_org *o, const struct duty_rule *r, int sector, int64_t sectors)
{
	return !r->org_sector || (o->sectors != -1 && covers(o->sectors, sector, sectors));
}

static void find_orgs(const struct place *pl, struct answer *a)
{
	const struct duty_rule *r = a->rule;
	const struct duty_index *x = pl->v->x;
	uint64_t bit = UINT64_C(1) << (r - pl->v->rules->rules);
	int level = r->level ? r->level : pl->p->level ? pl->p->level : REGION_COUNTY;
	int64_t region = region_at(pl, level);
	for (size_t i = placed_from(x, region); i < x->nplaced && x->orgs[x->placed[i]].region == region; i++) {
		const struct duty_org *o = &x->orgs[x->placed[i]];
		if ((o->rules & bit) && on_day(o->from, o->to, pl->v->day) && holds_sector(o, r, a->sector, pl->p->sectors) &&
		    a->nfits < FITS_MAX)
			a->fits[a->nfits++] = o;
	}
	a->org = a->nfits ? a->fits[0] : NULL;
	a->org_id = a->org ? a->org->id : 0;
	a->overlap = a->nfits > 1;
}

static void ask(const struct place *pl, const struct duty_rule *r, int sector, const struct answers *out)
{
	struct answer a = { .rule = r, .sector = sector };
	if (r->by == DUTY_BY_DESIGNATION) {
		named(pl, r, sector, out);
		return;
	}
	const struct duty_settled *d = best_settled(pl, r, sector);
	if (d) {
		fill_settled(pl, d, &a);
	} else {
		if (r->by == DUTY_BY_PLACE)
			find_orgs(pl, &a);
		else
			a.org_id = r->by == DUTY_BY_OWNER ? pl->p->owner : pl->p->contractor;
		if (r->by != DUTY_BY_PLACE)
			a.org = duty_org_at(pl->v->x, a.org_id);
		fill_holder(pl, &a);
	}
	out->take(out->arg, &a);
}

static void ask_rule(const struct place *pl, const struct duty_rule *r, const struct answers *out)
{
	int64_t mask = r->sectors & pl->p->sectors;
	if (!applies(pl, r))
		return;
	if (!r->per_sector)
		ask(pl, r, -1, out);
	const struct sector_table *t = pl->v->cx->app->sectors;
	for (size_t i = 0; r->per_sector && i < t->n; i++)
		if (mask >> t->v[i].bit & 1)
			ask(pl, r, t->v[i].bit, out);
}

/* ---- rows with names ---- */

struct rows_out {
	struct duty_view *v;
	VEC(struct duty_row) rows;
	err e;
};

static str kept(struct ctx *cx, str s)
{
	return s.p ? arena_str(cx->a, s) : S("");
}

static err name_row(struct ctx *cx, const struct answer *a, struct duty_row *row)
{
	if (row->org && a->org && a->org->name.n) {
		row->org_name = kept(cx, a->org->name);
		row->org_name_en = kept(cx, a->org->name_en);
	} else if (row->org) {
		struct org_brief o;
		err e = org_brief(cx, row->org, &o);
		if (e == ERR_OK) {
			row->org_name = o.name;
			row->org_name_en = o.name_en;
		} else if (e != ERR_NOT_FOUND) {
			return e;
		}
	}
	return row->person ? person_names(cx, row->person, &row->person_name, &row->person_name_en) : ERR_OK;
}

static void take_row(void *arg, const struct answer *a)
{
	struct rows_out *out = arg;
	struct ctx *cx = out->v->cx;
	if (out->e != ERR_OK || (a->gap != DUTY_GAP_NONE && !a->rule->demand))
		return;
	struct duty_row row = { .rule = a->rule, .line = a->rule->line, .sector = a->sector, .org = a->org_id,
				.post = a->post ? a->post->id : 0, .person = a->person, .since_day = a->person ? a->since : DB_NONE,
				.designation = a->designation, .gap = a->gap, .overlap = a->overlap, .org_name = S(""),
				.org_name_en = S(""), .post_title = S(""), .post_title_en = S(""), .person_name = S(""), .person_name_en = S("") };
	if (a->post) {
		row.post_title = kept(cx, a->post->title);
		row.post_title_en = kept(cx, a->post->title_en);
	}
	struct duty_org_ref *fits = a->nfits > 1 ? NEW_N(cx->a, struct duty_org_ref, a->nfits) : NULL;
	for (size_t i = 0; fits && i < a->nfits; i++)
		fits[row.nfits++] = (struct duty_org_ref){ a->fits[i]->id, kept(cx, a->fits[i]->name), kept(cx, a->fits[i]->name_en) };
	row.fits = fits;
	out->e = name_row(cx, a, &row);
	vec_push(cx->a, &out->rows, row);
}

static const struct duty_rule *regulator_rule(const struct duty_rules *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rules[i].line == DUTY_REGULATOR)
			return &t->rules[i];
	return NULL;
}

/* An object without a sector has no regulator: that is a gap of its own. */
static void ask_line(const struct place *pl, int line, const struct answers *out)
{
	const struct duty_rules *t = pl->v->rules;
	for (size_t i = 0; i < t->n; i++)
		if ((int)t->rules[i].line == line)
			ask_rule(pl, &t->rules[i], out);
	const struct duty_rule *r = line == DUTY_REGULATOR && pl->p->sectors == 0 ? regulator_rule(t) : NULL;
	if (r)
		out->take(out->arg, &(struct answer){ .rule = r, .sector = -1, .gap = DUTY_GAP_NO_SECTOR });
}

err duty_rows_of(struct duty_view *v, const struct duty_place *p, struct duty_rows *ret)
{
	struct rows_out out = { .v = v };
	struct place pl = place_of(v, p);
	for (int line = 0; line < DUTY_LINE_COUNT; line++)
		ask_line(&pl, line, &(struct answers){ take_row, &out });
	TRY(out.e);
	*ret = (struct duty_rows){ out.rows.v, out.rows.n };
	return ERR_OK;
}

/* ---- tallies ---- */

struct tally_out {
	const struct duty_place *p;
	struct duty_tally *t;
};

static void take_tally(void *arg, const struct answer *a)
{
	const struct tally_out *out = arg;
	int64_t all = out->p->sectors == 0 ? DUTY_NO_SECTOR : out->p->sectors & INT64_MAX;
	int64_t mask = a->sector >= 0 ? INT64_C(1) << a->sector :
		       a->rule->sectors == -1 || !out->p->sectors ? all : all & a->rule->sectors;
	if (!a->rule->demand)
		return;
	out->t->demanded[a->rule->line] |= mask;
	if (a->gap != DUTY_GAP_NONE)
		out->t->missing[a->rule->line] |= mask;
	if (a->overlap)
		out->t->overlap[a->rule->line] |= mask;
}

static bool by_owner(const struct duty_rule *r)
{
	return r->by == DUTY_BY_OWNER || r->by == DUTY_BY_CONTRACTOR;
}

static void tally_rules(const struct place *pl, bool owners, struct duty_tally *t)
{
	struct tally_out to = { pl->p, t };
	const struct answers out = { take_tally, &to };
	for (size_t i = 0; i < pl->v->rules->n; i++)
		if (by_owner(&pl->v->rules->rules[i]) == owners)
			ask_rule(pl, &pl->v->rules->rules[i], &out);
	if (!owners && pl->p->sectors == 0 && regulator_rule(pl->v->rules))
		take_tally(&to, &(struct answer){ .rule = regulator_rule(pl->v->rules), .sector = -1, .gap = DUTY_GAP_NO_SECTOR });
}

static void add_tally(struct duty_tally *to, const struct duty_tally *from)
{
	for (int l = 0; l < DUTY_LINE_COUNT; l++) {
		to->demanded[l] |= from->demanded[l];
		to->missing[l] |= from->missing[l];
		to->overlap[l] |= from->overlap[l];
	}
}

/* What does not depend on the owner is the same for all objects of a kind in a place: worked out once. */
static const struct duty_tally *of_place(struct duty_view *v, const struct place *pl)
{
	const struct duty_place *p = pl->p;
	str key = arena_printf(v->cx->a, "%lld %lld %d %d %d " STR_FMT, (long long)p->region, (long long)p->sectors, p->level,
			       p->owner != 0, p->object != 0, STR_ARG(p->object_type));
	struct duty_tally *t = map_get(&v->memo, key);
	if (!t) {
		t = NEW(v->cx->a, struct duty_tally);
		tally_rules(pl, false, t);
		map_put(&v->memo, key, t);
	}
	return t;
}

int64_t duty_sectors(const struct app *app, int64_t mask)
{
	int64_t known = 0;
	for (size_t i = 0; i < app->sectors->n; i++)
		known |= INT64_C(1) << app->sectors->v[i].bit;
	return mask & known;
}

void duty_tally(struct duty_view *v, const struct duty_place *p, struct duty_tally *ret)
{
	struct duty_place one = *p;
	one.sectors = duty_sectors(v->cx->app, p->sectors);
	struct place pl = place_of(v, &one);
	*ret = (struct duty_tally){ 0 };
	tally_rules(&pl, true, ret);
	if (pl.nown)
		tally_rules(&pl, false, ret);
	else
		add_tally(ret, of_place(v, &pl));
}

/* ---- begin and end ---- */

err duty_begin(struct ctx *cx, int64_t day, struct duty_view **ret)
{
	struct duty_index *x;
	TRY(duty_index_take(cx, &x));
	struct duty_view *v = NEW(cx->a, struct duty_view);
	*v = (struct duty_view){ .cx = cx, .rules = cx->app->duty, .x = x, .memo = MAP(cx->a) };
	v->day = day > INT32_MAX ? INT32_MAX : day < INT32_MIN ? INT32_MIN : (int32_t)day;
	v->nregional = settled_from(x, 1);
	*ret = v;
	return ERR_OK;
}

void duty_end(struct duty_view *v)
{
	if (v && v->x) {
		duty_index_give(v->rules->cache, v->x);
		v->x = NULL;
	}
}

err duty_of(struct ctx *cx, const struct duty_place *p, int64_t day, struct duty_rows *ret)
{
	struct duty_view *v;
	TRY(duty_begin(cx, day, &v));
	err e = duty_rows_of(v, p, ret);
	duty_end(v);
	return e;
}
