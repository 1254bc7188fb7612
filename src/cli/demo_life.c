#include "cli/demo_life.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/demo_picture.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "loop/matter.h"

enum { HOUR_MS = 3600 * 1000 };

const struct demo_org *demo_org_find(const struct demo_city *city, str key)
{
	for (size_t i = 0; i < city->norgs; i++)
		if (str_eq(city->orgs[i].key, key))
			return &city->orgs[i];
	return NULL;
}

/* One step: "8 lead submit text=… evidence" */
struct step {
	int64_t day;
	str actor, act, text, lead;
	int64_t due_in, percent; /* days from the act; DB_NONE = not given */
	bool evidence, basis;
	struct wf_more more[12]; /* the kind's own fields: name=value */
	size_t nmore;
};

static bool number_after(str word, const char *prefix, int64_t *ret)
{
	str p = str_of(prefix);
	return str_starts(word, p) && str_to_i64(str_sub(word, p.n, word.n), ret);
}

static bool parse_more(str word, struct step *s)
{
	ptrdiff_t eq = str_find_char(word, '=');
	if (eq <= 0 || s->nmore == COUNT_OF(s->more))
		return false;
	s->more[s->nmore++] =
	    (struct wf_more){ str_sub(word, 0, (size_t)eq), str_sub(word, (size_t)eq + 1, word.n) };
	return true;
}

static bool parse_step(str line, struct step *ret)
{
	struct step s = { .due_in = DB_NONE, .percent = DB_NONE };
	str rest = str_trim(line), word;
	for (int i = 0; str_cut(&rest, ' ', &word); i++) {
		if (i == 0 && !str_to_i64(word, &s.day))
			return false;
		else if (i == 1)
			s.actor = word;
		else if (i == 2)
			s.act = word;
		else if (i > 2 && str_starts(word, S("text=")))
			s.text = str_sub(word, 5, word.n);
		else if (i > 2 && str_starts(word, S("lead=")))
			s.lead = str_sub(word, 5, word.n);
		else if (i > 2 && str_eq(word, S("evidence")))
			s.evidence = true;
		else if (i > 2 && str_eq(word, S("basis")))
			s.basis = true;
		else if (i > 2 && !number_after(word, "percent=", &s.percent) && !number_after(word, "due+", &s.due_in) &&
			 !parse_more(word, &s))
			return false;
	}
	*ret = s;
	return s.act.n > 0;
}

struct playing {
	struct demo_city *city;
	struct step step;
	int64_t matter, at_ms;
	str hash, criterion;
	int64_t size;
	struct fail fail;
};

static const struct principal *actor_of(const struct playing *p, const struct matter *m)
{
	struct demo_city *c = p->city;
	if (str_eq(p->step.actor, S("lead")))
		for (size_t i = 0; i < c->norgs; i++)
			if (c->orgs[i].id == m->row.lead_org)
				return &c->orgs[i].duty;
	if (str_eq(p->step.actor, S("verifier")))
		return &c->verifier;
	if (str_eq(p->step.actor, S("supervisor")))
		return &c->supervisor;
	if (str_eq(p->step.actor, S("desk")))
		return &c->desk;
	return m->row.assigner == c->eco.account ? &c->eco : &c->office;
}

static err add_evidence(struct ctx *cx, const struct playing *p, const struct matter *m, int64_t *ret_id)
{
	return evidence_add(cx, &(struct evidence_new){
		.region = m->row.region, .subject = ledger_subject(cx, "matter", p->matter), .hash = p->hash, .name = S("现场照片.png"),
		.type = "image/png", .size = p->size, .captured_ms = p->at_ms - 2 * HOUR_MS, .lat = __builtin_nan(""),
		.lon = __builtin_nan("") }, ret_id);
}

static err play(struct db_conn *c, void *arg)
{
	struct playing *p = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(p->city->h, a, c, p->at_ms);
	struct matter m, after;
	struct wf_input in = matter_no_input();
	int64_t file;
	cx.who = &p->city->office;
	err e = matter_get(&cx, p->matter, &m);
	if (e == ERR_OK) {
		cx.who = actor_of(p, &m);
		in.text = p->step.text;
		in.percent = p->step.percent;
		in.more = p->step.more;
		in.nmore = p->step.nmore;
		if (str_eq(p->step.act, S("report")) && in.nmore && str_eq(in.more[0].name, S("period"))) {
			in.period = in.more[0].value;
			in.more++;
			in.nmore--;
		}
		if (p->step.due_in != DB_NONE)
			in.due_day = china_day(p->at_ms) + p->step.due_in;
		if (p->step.lead.n)
			in.lead = demo_org_find(p->city, p->step.lead)->id;
		if (p->step.evidence && (e = add_evidence(&cx, p, &m, &file)) == ERR_OK) {
			in.files = &file;
			in.nfiles = 1;
		}
	}
	if (e == ERR_OK)
		e = matter_act(&cx, p->matter, p->step.act, &in, &after);
	p->fail = cx.fail;
	return e;
}

/* Another picture for each act: what is used twice is a mark, and those are made elsewhere. */
static err keep_picture(struct demo_city *city, struct playing *p)
{
	unsigned char hash[HASH_SIZE];
	str bytes;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(demo_picture(a, (uint64_t)p->matter ^ (uint64_t)p->step.day << 48, &bytes, &city->cli->fail));
	hash_bytes(HASH_SHA256, bytes, hash);
	p->size = (int64_t)bytes.n;
	p->hash = hex_encode(city->a, (str){ (char *)hash, sizeof hash });
	return evidence_store(&city->h->app, bytes, p->hash, &city->cli->fail);
}

str demo_life_of(const struct rows *lives, size_t n, size_t *ret_row)
{
	int64_t total = 0, weight;
	for (size_t i = 0; i < lives->n; i++)
		total += str_to_i64(rows_get(lives, i, S("weight")), &weight) ? weight : 1;
	int64_t at = (int64_t)(n * 11) % (total ? total : 1); /* neighbours in a document live differently */
	for (*ret_row = 0; *ret_row < lives->n; ++*ret_row) {
		at -= str_to_i64(rows_get(lives, *ret_row, S("weight")), &weight) ? weight : 1;
		if (at < 0)
			return rows_get(lives, *ret_row, S("steps"));
	}
	return S("");
}

/* A major hazard stands on its clause, or on what experts said. */
static void add_basis(struct step *s, str criterion)
{
	if (s->basis && s->nmore < COUNT_OF(s->more))
		s->more[s->nmore++] = criterion.n ? (struct wf_more){ S("criterion"), criterion }
						  : (struct wf_more){ S("expert"), S("专家组现场判定：符合重大隐患情形。") };
}

err demo_live(struct demo_city *city, int64_t matter, int64_t born_ms, size_t n)
{
	size_t row;
	return demo_play(city, matter, born_ms, n, demo_life_of(&city->lives, n, &row), S(""));
}

err demo_play(struct demo_city *city, int64_t matter, int64_t born_ms, size_t n, str rest, str criterion)
{
	str line;
	int64_t last_ms = born_ms;
	while (str_cut(&rest, ';', &line)) {
		struct playing p = { .city = city, .matter = matter };
		if (!str_trim(line).n || !parse_step(line, &p.step))
			continue;
		add_basis(&p.step, criterion);
		p.at_ms = born_ms + p.step.day * DAY_MS + (int64_t)(n % 7) * HOUR_MS;
		if (p.at_ms <= last_ms)
			p.at_ms = last_ms + HOUR_MS;
		if (p.at_ms > city->now_ms)
			return ERR_OK;
		if (p.step.evidence)
			TRY(keep_picture(city, &p));
		err e = db_write(city->h->app.db, play, &p, &p.fail);
		if (e == ERR_GUARD || e == ERR_SEPARATION || e == ERR_FORBIDDEN) {
			log_fail(LOG_DEBUG, "a life ends early", &p.fail);
			return ERR_OK; /* its unit may not do this */
		}
		if (e != ERR_OK) {
			city->cli->fail = p.fail;
			return e;
		}
		last_ms = p.at_ms;
	}
	return ERR_OK;
}
