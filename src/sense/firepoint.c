/* Points become fires, fires become checks. */
#include "sense/firepoint.h"

#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/sector.h"
#include "loop/matter.h"
#include "sense/firepoint_sql.h"

const char *fire_trust_name(enum fire_trust t)
{
	return t == FIRE_HIGH ? "high" : t == FIRE_NOMINAL ? "nominal" : "low";
}

/* ---- which points are one fire ---- */

static size_t root_of(size_t *up, size_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

/* The lesser index stands for both. */
static void unite(size_t *up, size_t a, size_t b)
{
	a = root_of(up, a);
	b = root_of(up, b);
	up[a > b ? a : b] = a < b ? a : b;
}

struct spot_at {
	double lat;
	size_t i;
};

static int southern_first(const void *x, const void *y)
{
	const struct spot_at *a = x, *b = y;
	if (a->lat != b->lat)
		return a->lat < b->lat ? -1 : 1;
	return (a->i > b->i) - (a->i < b->i);
}

void fire_group(struct arena *a, const struct fire_spot *v, size_t n, double metres, int64_t within_ms, size_t *ret)
{
	struct spot_at *by = NEW_N(a, struct spot_at, n + 1);
	double degrees = metres / 111000; /* of latitude: not less than there are */
	for (size_t i = 0; i < n; i++) {
		ret[i] = i;
		by[i] = (struct spot_at){ v[i].at.lat, i };
	}
	if (n)
		qsort(by, n, sizeof *by, southern_first);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n && by[k].lat - by[i].lat <= degrees; k++) {
			const struct fire_spot *p = &v[by[i].i], *q = &v[by[k].i];
			if (llabs(p->at_ms - q->at_ms) <= within_ms && distance_m(p->at, q->at) <= metres)
				unite(ret, by[i].i, by[k].i);
		}
	for (size_t i = 0; i < n; i++)
		ret[i] = root_of(ret, i);
}

/* ---- storing ---- */

struct touched {
	int64_t fire, region;
	bool fresh;
	enum fire_trust trust;
	double frp;
	int64_t last_ms, matter, joined;
	bool fixed;
};
struct fire_storing {
	struct ctx *cx;
	struct fire_import *io;
	struct hot_params hp;
	int64_t sector;
	VEC(struct fire_point_in) fresh;
	VEC(str) marks;
	struct fire_points_near_rows near;
	VEC(struct touched) fires;
};

/* A pixel is told by satellite, minute and place to 1e-4 degrees (some 10 m): files round differently behind that. */
static str mark_of(struct arena *a, const struct fire_point_in *p)
{
	return arena_printf(a, STR_FMT " %lld %.4f %.4f", STR_ARG(p->satellite), (long long)(p->at_ms / 60000), p->at.lat, p->at.lon);
}

/* Points that neither the store nor an earlier row has. */
static err sort_out(struct fire_storing *s)
{
	struct arena *a = s->cx->a;
	size_t n = s->io->points.n;
	str *seen = NEW_N(a, str, n + 1);
	struct fire_point_known_row row;
	for (size_t i = 0; i < n; i++)
		seen[i] = mark_of(a, &s->io->points.v[i]);
	struct map once = MAP(a);
	for (size_t i = 0; i < n; i++) {
		if (map_get(&once, seen[i])) {
			s->io->known++;
			continue;
		}
		map_put(&once, seen[i], &seen[i]);
		err e = fire_point_known(s->cx->c, a, &(struct fire_point_known_params){ seen[i] }, &row);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		s->io->known += e == ERR_OK;
		if (e == ERR_NOT_FOUND) {
			vec_push(a, &s->fresh, s->io->points.v[i]);
			vec_push(a, &s->marks, seen[i]);
		}
	}
	return ERR_OK;
}

static err load_near(struct fire_storing *s, int64_t within_ms)
{
	int64_t from = INT64_MAX, to = INT64_MIN;
	for (size_t i = 0; i < s->fresh.n; i++) {
		from = s->fresh.v[i].at_ms < from ? s->fresh.v[i].at_ms : from;
		to = s->fresh.v[i].at_ms > to ? s->fresh.v[i].at_ms : to;
	}
	return fire_points_near(s->cx->c, s->cx->a, &(struct fire_points_near_params){ from - within_ms, to + within_ms }, &s->near);
}

static err put_point(struct fire_storing *s, size_t i, int64_t fire)
{
	const struct fire_point_in *p = &s->fresh.v[i];
	return fire_point_put(s->cx->c, &(struct fire_point_put_params){
		.region = p->region, .id = new_id(s->cx), .fire = fire, .lat = p->at.lat, .lon = p->at.lon, .at_ms = p->at_ms,
		.sensor = p->sensor, .satellite = p->satellite, .confidence = p->trust, .brightness = p->brightness, .frp = p->frp,
		.fixed = p->fixed, .mark = s->marks.v[i] }, NULL);
}

/* The rows of a fire told by all its points. */
static err sum_up(struct fire_storing *s, struct touched *t)
{
	struct fire_points_of_rows rows;
	struct ctx *cx = s->cx;
	TRY(fire_points_of(cx->c, cx->a, &(struct fire_points_of_params){ t->fire }, &rows));
	if (!rows.n)
		return ERR_OK;
	const struct fire_points_of_row *best = &rows.v[0];
	double frp = 0;
	int64_t trust = 0, fixed = 1;
	for (size_t i = 0; i < rows.n; i++) {
		const struct fire_points_of_row *p = &rows.v[i];
		bool surer = p->confidence > best->confidence || (p->confidence == best->confidence && p->brightness > best->brightness);
		best = surer ? p : best;
		trust = p->confidence > trust ? p->confidence : trust;
		frp = p->frp > frp ? p->frp : frp;
		fixed &= p->fixed;
	}
	t->trust = (enum fire_trust)trust;
	t->frp = frp;
	t->last_ms = rows.v[rows.n - 1].at_ms;
	t->fixed = fixed;
	int64_t first = rows.v[0].at_ms, n = (int64_t)rows.n;
	if (t->fresh) {
		t->region = best->region;
		return fire_insert(cx->c, &(struct fire_insert_params){ t->region, t->fire, best->lat, best->lon, first, t->last_ms, n, trust,
									frp, fixed, s->sector }, NULL);
	}
	/* Once somebody was sent the fire stays where they were sent. */
	return fire_update(cx->c, &(struct fire_update_params){ t->region, t->fire, t->matter ? t->region : best->region, best->lat, best->lon, first, t->last_ms, n, trust, frp,
								fixed }, NULL);
}

/* Of the fires that a group touches the oldest one stays; the others are part of it from now on. */
static err settle_group(struct fire_storing *s, const size_t *group, size_t leader)
{
	struct ctx *cx = s->cx;
	struct touched t = { 0 };
	size_t n = s->fresh.n;
	VEC(int64_t) old = { 0 };
	for (size_t i = 0; i < s->near.n; i++) {
		bool listed = group[n + i] != leader;
		for (size_t k = 0; !listed && k < old.n; k++)
			listed = old.v[k] == s->near.v[i].fire;
		if (!listed)
			vec_push(cx->a, &old, s->near.v[i].fire);
	}
	for (size_t k = 0; k < old.n; k++)
		t.fire = !t.fire || old.v[k] < t.fire ? old.v[k] : t.fire;
	t.fresh = !t.fire;
	t.fire = t.fire ? t.fire : new_id(cx);
	for (size_t k = 0; k < old.n; k++) {
		struct fire_get_row f;
		TRY(fire_get(cx->c, cx->a, &(struct fire_get_params){ old.v[k] }, &f));
		t.matter = t.matter ? t.matter : f.matter;
		if (old.v[k] == t.fire) {
			t.region = f.region;
			continue;
		}
		TRY(fire_points_move(cx->c, &(struct fire_points_move_params){ old.v[k], t.fire }, NULL));
		TRY(fire_join(cx->c, &(struct fire_join_params){ old.v[k], t.fire }, NULL));
		s->io->joined++;
	}
	for (size_t i = 0; i < n; i++)
		if (group[i] == leader)
			TRY(put_point(s, i, t.fire));
	TRY(sum_up(s, &t));
	s->io->fires += t.fresh;
	vec_push(cx->a, &s->fires, t);
	return ERR_OK;
}

static err settle(struct fire_storing *s)
{
	struct ctx *cx = s->cx;
	int64_t within = (int64_t)(s->hp.fire_hours * 3600000);
	if (!s->fresh.n)
		return ERR_OK;
	TRY(load_near(s, within));
	size_t n = s->fresh.n, all = n + s->near.n;
	struct fire_spot *v = NEW_N(cx->a, struct fire_spot, all + 1);
	size_t *group = NEW_N(cx->a, size_t, all + 1);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct fire_spot){ s->fresh.v[i].at, s->fresh.v[i].at_ms };
	for (size_t i = 0; i < s->near.n; i++)
		v[n + i] = (struct fire_spot){ { s->near.v[i].lon, s->near.v[i].lat }, s->near.v[i].at_ms };
	fire_group(cx->a, v, all, s->hp.fire_distance, within, group);
	/* New points come first, so that the least index of a group that holds one is a new point. */
	for (size_t i = 0; i < n; i++)
		if (group[i] == i)
			TRY(settle_group(s, group, i));
	return ERR_OK;
}

/* ---- checks ---- */

static int surest_first(const void *x, const void *y)
{
	const struct touched *a = x, *b = y;
	if (a->trust != b->trust)
		return a->trust > b->trust ? -1 : 1;
	if (a->frp != b->frp)
		return a->frp > b->frp ? -1 : 1;
	return (a->fire > b->fire) - (a->fire < b->fire);
}

static err check_row(struct ctx *cx, int64_t id, struct fire_list_row *ret)
{
	static const struct db_scope_range everything = { 0, REGION_MAX, SECTORS_ALL, SECRET_MAX, 0 };
	struct db_scope scope = { 1, &everything };
	struct fire_list_rows rows;
	TRY(fire_list(cx->c, cx->a, &(struct fire_list_params){ id, INT64_MAX, DB_NONE, DB_NONE, DB_NONE, 1 }, &scope, &rows));
	if (!rows.n)
		return ERR_NOT_FOUND;
	*ret = rows.v[0];
	return ERR_OK;
}

static str matter_text(struct ctx *cx, const struct fire_list_row *f)
{
	char at[26];
	time_format_china(f->last_ms, at);
	const char *trust = i18n_text(cx->lang, arena_printf(cx->a, "fire.trust.%s", fire_trust_name((enum fire_trust)f->confidence))).p;
	return i18n_say(cx->a, cx->lang, "fire.check.text", "points", arena_printf(cx->a, "%lld", (long long)f->points).p, "at", at, "trust",
			trust, "frp", arena_printf(cx->a, "%.1f", f->frp).p, "lat", arena_printf(cx->a, "%.5f", f->lat).p, "lon",
			arena_printf(cx->a, "%.5f", f->lon).p, NULL);
}

err fire_ask_check(struct ctx *cx, int64_t id, const struct hot_params *hp)
{
	struct fire_list_row f;
	struct canon c;
	struct region_name name;
	const struct sector *forest = sector_find(cx->app->sectors, S("forest-fire"));
	int64_t lead, also, matter;
	TRY(check_row(cx, id, &f));
	if (f.matter)
		return FAIL(&cx->fail, CONFLICT, "", "err.fire.asked");
	int64_t town = region_level(f.region) > REGION_TOWN ? region_up(f.region, REGION_TOWN) : f.region;
	struct matter_new m = { .region = town, .kind = S("task"), .sectors = forest ? INT64_C(1) << forest->bit : SECTORS_ALL,
				.found = { .source = S("monitoring"), .placed = true, .lat = f.lat, .lon = f.lon },
				.due_day = china_day(cx->now_ms + (int64_t)(hp->fire_minutes * 60000)) };
	TRY(region_name_of(cx->c, cx->a, town, &name));
	TRY(field_duty(cx, town, m.sectors, &lead, &also));
	str place = str_starts(cx->lang, S("en")) && name.name_en.n ? name.name_en : name.name;
	m.title = i18n_say(cx->a, cx->lang, "fire.check.title", "place", arena_cstr(cx->a, place), NULL);
	m.text = matter_text(cx, &f);
	m.lead = (struct json_ids){ &lead, lead ? 1 : 0 };
	m.co = (struct json_ids){ &also, also ? 1 : 0 };
	TRY(matter_create(cx, &m, &matter));
	TRY(fire_ask(cx->c, &(struct fire_ask_params){ f.region, id, matter, lead, cx->now_ms }, NULL));
	canon_begin(&c, cx->a);
	canon_id(&c, "matter", matter);
	canon_id(&c, "org", lead);
	return ledger_append(cx, f.region, "fire.check", ledger_subject(cx, "fire", id), canon_end(&c), NULL);
}

static err ask_all(struct fire_storing *s)
{
	struct ctx *cx = s->cx;
	int64_t oldest = cx->now_ms - (int64_t)(s->hp.fire_age * 3600000);
	if (s->fires.n)
		qsort(s->fires.v, s->fires.n, sizeof *s->fires.v, surest_first);
	for (size_t i = 0; i < s->fires.n; i++) {
		struct touched *t = &s->fires.v[i];
		if (t->matter || t->fixed || (double)t->trust < s->hp.fire_confidence || t->last_ms < oldest)
			continue;
		TRY(fire_ask_check(cx, t->fire, &s->hp));
		s->io->matters++;
	}
	return ERR_OK;
}

static err note_import(struct fire_storing *s)
{
	struct buf b = BUF(s->cx->a);
	struct canon c;
	unsigned char hash[32];
	for (size_t i = 0; i < s->marks.n; i++)
		buf_printf(&b, STR_FMT "\n", STR_ARG(s->marks.v[i]));
	hash_bytes(HASH_SHA256, buf_str(&b), hash);
	canon_begin(&c, s->cx->a);
	canon_i64(&c, "points", (int64_t)s->fresh.n);
	canon_i64(&c, "fires", s->io->fires);
	canon_i64(&c, "joined", s->io->joined);
	canon_i64(&c, "matters", s->io->matters);
	canon_str(&c, "hash", hex_encode(s->cx->a, (str){ (const char *)hash, sizeof hash }));
	return ledger_append(s->cx, s->cx->app->home_region, "fire.import", S("system/fire"), canon_end(&c), NULL);
}

err fire_store(struct ctx *cx, struct fire_import *io)
{
	struct fire_storing s = { .cx = cx, .io = io };
	const struct sector *forest = sector_find(cx->app->sectors, S("forest-fire"));
	s.sector = forest ? INT64_C(1) << forest->bit : SECTORS_ALL;
	io->known = io->fires = io->joined = io->matters = 0;
	TRY(hot_params_read(cx, &s.hp));
	TRY(sort_out(&s));
	TRY(settle(&s));
	TRY(ask_all(&s));
	return s.fresh.n ? note_import(&s) : ERR_OK;
}

err fire_found(struct ctx *cx, int64_t id, const struct fire_finding *in)
{
	struct fire_get_row f;
	struct matter x;
	struct canon c;
	bool burns;
	TRY(fire_get(cx->c, cx->a, &(struct fire_get_params){ id }, &f));
	if (!f.matter)
		return FAIL(&cx->fail, GUARD, "", "err.fire.not_asked");
	TRY(matter_get_lean(cx, f.matter, &x));
	if (!cx_allowed(cx, S("matter.act"), &x.access))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.act_who");
	if (f.ver != in->ver)
		return FAIL(&cx->fail, STALE, "/ver", NULL);
	TRY(hot_outcome_find(cx, S("fire"), in->outcome, &burns));
	TRY(fire_set(cx->c, &(struct fire_set_params){ f.region, id, in->outcome, in->text, cx->now_ms }, NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "outcome", in->outcome);
	canon_bool(&c, "fire", burns);
	canon_i64(&c, "ver", f.ver + 1);
	return ledger_append(cx, f.region, "fire.finding", ledger_subject(cx, "fire", id), canon_end(&c), NULL);
}
