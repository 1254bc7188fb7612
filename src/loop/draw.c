#include "loop/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/canon.h"
#include "core/crypto.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "loop/draw_sql.h"
#include "num/draw.h"

/* ---- pure ---- */

struct draw_seed draw_seed_of(str text)
{
	unsigned char h[HASH_SIZE];
	struct draw_seed s = { 0, 0 };
	hash_bytes(HASH_SHA256, text, h);
	for (int i = 7; i >= 0; i--) {
		s.k0 = s.k0 << 8 | h[i];
		s.k1 = s.k1 << 8 | h[8 + i];
	}
	return s;
}

static size_t draw_ids(struct arena *a, str seed, const struct draw_candidate *v, size_t n, size_t want,
		       int64_t *ret)
{
	uint32_t *places = NEW_N(a, uint32_t, want + 1);
	size_t drawn = draw(draw_seed_of(seed), v, n, want, places);
	for (size_t i = 0; i < drawn; i++)
		ret[i] = v[places[i]].id;
	return drawn;
}

size_t draw_places(struct arena *a, str seed, const struct draw_entry *v, size_t n, size_t want, int64_t *ret)
{
	struct draw_candidate *c = NEW_N(a, struct draw_candidate, n + 1);
	for (size_t i = 0; i < n; i++)
		c[i] = (struct draw_candidate){ v[i].id, (double)v[i].weight / 1000 };
	return draw_ids(a, seed, c, n, want, ret);
}

size_t draw_second(struct arena *a, str seed, int64_t thing, int64_t run_by, const struct draw_entry *v,
		   size_t n, size_t want, int64_t *ret)
{
	struct draw_candidate *c = NEW_N(a, struct draw_candidate, n + 1);
	for (size_t i = 0; i < n;
	     i++) /* without a weight nobody is drawn: whoever runs it does not look at it */
		c[i] = (struct draw_candidate){ v[i].id, run_by && v[i].avoid == run_by
							     ? 0
							     : (double)v[i].weight / 1000 };
	str own = arena_printf(a, STR_FMT "/%lld", STR_ARG(seed), (long long)thing);
	return draw_ids(a, own, c, n, want, ret);
}

static int by_id(const void *pa, const void *pb)
{
	const struct draw_entry *a = pa, *b = pb;
	return a->id < b->id ? -1 : a->id > b->id;
}

static const struct draw_entry *sorted(struct arena *a, const struct draw_entry *v, size_t n)
{
	struct draw_entry *out = NEW_N(a, struct draw_entry, n + 1);
	if (n)
		memcpy(out, v, n * sizeof *v);
	qsort(out, n, sizeof *out, by_id);
	return out;
}

static void hash_lines(struct arena *a, struct hasher *h, int kind, const struct draw_entry *v, size_t n)
{
	struct buf line = BUF(a);
	for (size_t i = 0; i < n; i++) {
		line.n = 0;
		buf_printf(&line, "%d %lld %lld %lld\n", kind, (long long)v[i].id, (long long)v[i].weight,
			   (long long)v[i].avoid);
		hasher_add(h, buf_str(&line));
	}
}

str draw_hash_of(struct arena *a, const struct draw_entry *first, size_t nfirst,
		 const struct draw_entry *others, size_t nothers)
{
	unsigned char out[HASH_SIZE];
	AUTO(hasher_drop) struct hasher *h = hasher_new(HASH_SHA256);
	hasher_begin(h);
	hash_lines(a, h, 0, sorted(a, first, nfirst), nfirst);
	hash_lines(a, h, 1, sorted(a, others, nothers), nothers);
	hasher_end(h, out);
	return hex_encode(a, (str){ (const char *)out, sizeof out });
}

/* ---- announcing ---- */

static err check_entries(struct ctx *cx, const struct draw_entry *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].weight < 1 || v[i].weight > 1000000000 || (i && v[i].id == v[i - 1].id))
			return FAIL(&cx->fail, BAD_FIELD, "/weights", "err.draw.weight");
	return ERR_OK;
}

static err check_new(struct ctx *cx, const struct draw_new *in)
{
	if (!in->nfirst)
		return FAIL(&cx->fail, BAD_FIELD, "/n", "err.draw.empty");
	if (in->want < 1 || in->want > DRAW_WANT_MAX || in->nfirst > DRAW_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/n", "err.draw.want", "max", "10000");
	if (in->second < 0 || in->second > DRAW_SECOND_MAX || (size_t)in->second > in->nothers)
		return FAIL(&cx->fail, BAD_FIELD, "/inspectors", "err.draw.inspectors", "n",
			    arena_printf(cx->a, "%lld", (long long)in->second).p);
	if (!str_trim(in->seed_source).n)
		return FAIL(&cx->fail, BAD_FIELD, "/seed_source", "err.draw.source");
	TRY(check_entries(cx, in->first, in->nfirst));
	return check_entries(cx, in->others, in->nothers);
}

/* ---- candidates are written ---- */

enum { PIECE = 500, GIVEN_UP_MS = 3600 * 1000 };

/* Some candidates at a time: `from` counts through both kinds. */
struct piece {
	const struct draw_prepared *p;
	size_t from, n;
	int64_t now_ms;
};

static size_t candidates_of(const struct draw_new *in)
{
	return in->nfirst + in->nothers;
}

static err put_piece(struct db_conn *c, void *arg)
{
	const struct piece *w = arg;
	const struct draw_new *in = &w->p->in;
	if (w->p->begun && w->from == 0)
		TRY(draw_begin(c, &(struct draw_begin_params){ in->region, w->p->id, w->now_ms }, NULL));
	for (size_t i = w->from; i < w->from + w->n; i++) {
		bool other = i >= in->nfirst;
		const struct draw_entry *e = other ? &in->others[i - in->nfirst] : &in->first[i];
		TRY(draw_item_insert(c, &(struct draw_item_insert_params){ in->region, w->p->id, other, e->id,
									   e->weight, e->avoid },
				     NULL));
	}
	return ERR_OK;
}

static err put_in_pieces(struct ctx *cx, const struct draw_prepared *p)
{
	size_t all = candidates_of(&p->in);
	for (struct piece w = { .p = p, .now_ms = cx->now_ms }; w.from < all; w.from += w.n) {
		w.n = all - w.from < PIECE ? all - w.from : PIECE;
		TRY(db_write(cx->app->db, put_piece, &w, &cx->fail));
	}
	return ERR_OK;
}

struct leaving {
	int64_t region, draw, gone;
};

static err drop_piece(struct db_conn *c, void *arg)
{
	struct leaving *l = arg;
	TRY(draw_items_drop(c, &(struct draw_items_drop_params){ l->region, l->draw, PIECE }, &l->gone));
	return l->gone ? ERR_OK : draw_end(c, &(struct draw_end_params){ l->region, l->draw }, NULL);
}

/* What a process left that ended before it could announce. */
static err drop_given_up(struct ctx *cx)
{
	struct draw_given_up_rows rows;
	struct db_conn *c;
	TRY(db_read_begin(cx->app->db, &c, &cx->fail));
	err e = draw_given_up(c, cx->a, &(struct draw_given_up_params){ cx->now_ms - GIVEN_UP_MS }, &rows);
	db_read_end(cx->app->db, c);
	for (size_t i = 0; e == ERR_OK && i < rows.n; i++) {
		struct leaving l = { rows.v[i].region, rows.v[i].id, 1 };
		while (e == ERR_OK && l.gone)
			e = db_write(cx->app->db, drop_piece, &l, &cx->fail);
	}
	return e;
}

err draw_prepare(struct ctx *cx, const struct draw_new *given, struct draw_prepared *ret)
{
	struct draw_prepared p = { .in = *given, .begun = !cx->c };
	p.in.first = sorted(cx->a, given->first, given->nfirst);
	p.in.others = sorted(cx->a, given->others, given->nothers);
	p.in.seed_source = str_trim(given->seed_source);
	TRY(check_new(cx, &p.in));
	p.id = new_id(cx);
	p.hash = draw_hash_of(cx->a, p.in.first, p.in.nfirst, p.in.others, p.in.nothers);
	if (p.begun) {
		TRY(drop_given_up(cx));
		TRY(put_in_pieces(cx, &p));
	} else {
		TRY(put_piece(cx->c, &(struct piece){ .p = &p, .n = candidates_of(&p.in) }));
	}
	*ret = p;
	return ERR_OK;
}

/* ---- the announcement ---- */

static str announcement(struct ctx *cx, const struct draw_new *in, str hash)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "purpose", in->purpose);
	canon_id(&c, "of", in->subject);
	canon_i64(&c, "want", in->want);
	canon_i64(&c, "second", in->second);
	canon_i64(&c, "candidates", (int64_t)in->nfirst);
	canon_i64(&c, "inspectors", (int64_t)in->nothers);
	canon_str(&c, "algorithm", S(DRAW_ALGORITHM));
	canon_str(&c, "weights", in->weights);
	canon_str(&c, "hash", hash);
	canon_str(&c, "seed_source", in->seed_source);
	return canon_end(&c);
}

err draw_announce(struct ctx *cx, const struct draw_prepared *p)
{
	const struct draw_new *in = &p->in;
	int64_t ended = 1, seq;
	if (p->begun)
		TRY(draw_end(cx->c, &(struct draw_end_params){ in->region, p->id }, &ended));
	if (ended != 1)
		return FAIL(&cx->fail, BUSY, "", NULL);
	TRY(draw_insert(cx->c,
			&(struct draw_insert_params){ .region = in->region,
						      .id = p->id,
						      .purpose = in->purpose,
						      .subject = in->subject,
						      .sectors = in->sectors,
						      .secret = in->secret,
						      .want = in->want,
						      .second = in->second,
						      .algorithm = S(DRAW_ALGORITHM),
						      .weights = in->weights,
						      .candidates = (int64_t)in->nfirst,
						      .hash = p->hash,
						      .seed_source = in->seed_source,
						      .org = cx_org(cx),
						      .account = cx_account(cx),
						      .now_ms = cx->now_ms },
			NULL));
	return ledger_append(cx, in->region, "draw.announce", ledger_subject(cx, "draw", p->id),
			     announcement(cx, in, p->hash), &seq);
}

void draw_announced_record(const struct ctx *cx, const struct draw_prepared *p, struct draw_record *ret)
{
	const struct draw_new *in = &p->in;
	*ret = (struct draw_record){ .region = in->region,
				     .id = p->id,
				     .subject = in->subject,
				     .sectors = in->sectors,
				     .secret = in->secret,
				     .want = in->want,
				     .second = in->second,
				     .org = cx_org(cx),
				     .account = cx_account(cx),
				     .announced_ms = cx->now_ms,
				     .drawn_ms = DB_NONE,
				     .ver = 1,
				     .purpose = in->purpose,
				     .algorithm = S(DRAW_ALGORITHM),
				     .weights = in->weights,
				     .hash = p->hash,
				     .seed_source = in->seed_source,
				     .seed = S(""),
				     .first = in->first,
				     .nfirst = in->nfirst,
				     .others = in->others,
				     .nothers = in->nothers };
}

/* ---- reading ---- */

static void split_items(struct arena *a, const struct draw_items_rows *rows, struct draw_record *d)
{
	struct draw_entry *v = NEW_N(a, struct draw_entry, rows->n + 1);
	for (size_t i = 0; i < rows->n; i++) {
		v[i] = (struct draw_entry){ rows->v[i].candidate, rows->v[i].weight, rows->v[i].avoid };
		d->nfirst += rows->v[i].kind == 0;
	}
	d->first = v;
	d->others = v + d->nfirst;
	d->nothers = rows->n - d->nfirst;
}

const struct draw_entry *draw_entry_of(const struct draw_record *d, int64_t id)
{
	const struct draw_entry key = { .id = id };
	return d->nfirst ? bsearch(&key, d->first, d->nfirst, sizeof *d->first, by_id) : NULL;
}

static struct draw_team team_of(struct arena *a, const struct draw_record *d, const struct draw_entry *e,
				int64_t place, int64_t result)
{
	int64_t *second = NEW_N(a, int64_t, (size_t)d->second + 1);
	size_t n = draw_second(a, d->seed, e->id, e->avoid, d->others, d->nothers, (size_t)d->second, second);
	return (struct draw_team){ e->id, place, result, second, n };
}

static void fill_result(struct arena *a, const struct draw_items_rows *rows, struct draw_record *d)
{
	for (size_t i = 0; i < d->nfirst; i++)
		if (rows->v[i].place > 0 && (size_t)rows->v[i].place <= d->nfirst)
			d->nresult++;
	struct draw_team *out = NEW_N(a, struct draw_team, d->nresult + 1);
	for (size_t i = 0; i < d->nfirst; i++) {
		const struct draw_items_row *r = &rows->v[i];
		if (r->place > 0 && (size_t)r->place <= d->nresult)
			out[r->place - 1] = team_of(a, d, &d->first[i], r->place, r->result);
	}
	d->result = out;
}

err draw_load(struct ctx *cx, int64_t id, struct draw_record *ret)
{
	struct draw_row_row r;
	struct draw_items_rows rows;
	TRY(draw_row(cx->c, cx->a, &(struct draw_row_params){ id }, &r));
	TRY(draw_items(cx->c, cx->a, &(struct draw_items_params){ r.region, id }, &rows));
	struct draw_record d = { .region = r.region,
				 .id = id,
				 .subject = r.subject,
				 .sectors = r.sectors,
				 .secret = r.secret,
				 .want = r.want,
				 .second = r.second,
				 .org = r.org,
				 .account = r.account,
				 .announced_ms = r.announced_ms,
				 .drawn_ms = r.drawn_ms,
				 .ver = r.ver,
				 .purpose = r.purpose,
				 .algorithm = r.algorithm,
				 .weights = r.weights,
				 .hash = r.hash,
				 .seed_source = r.seed_source,
				 .seed = r.seed };
	split_items(cx->a, &rows, &d);
	fill_result(cx->a, &rows, &d);
	*ret = d;
	return ERR_OK;
}

/* ---- the seed ---- */

static err check_seed(struct ctx *cx, const struct draw_seeding *s)
{
	struct draw_row_row now;
	TRY(draw_row(cx->c, cx->a, &(struct draw_row_params){ s->d.id }, &now));
	if (now.seed.n)
		return FAIL(&cx->fail, CONFLICT, "/seed", "err.draw.seeded");
	if (now.ver != s->ver)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale", "ver",
			    arena_printf(cx->a, "%lld", (long long)now.ver).p, "state", "announced", "by", "",
			    "at", "");
	if (!s->seed.n || s->seed.n > DRAW_SEED_MAX)
		return FAIL(&cx->fail, BAD_FIELD, "/seed", "err.draw.seed", "max", "200");
	return ERR_OK;
}

static err put_places(struct ctx *cx, const struct draw_record *d, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		TRY(draw_set_place(
		    cx->c, &(struct draw_set_place_params){ d->region, d->id, ids[i], (int64_t)i + 1 },
		    NULL));
	return ERR_OK;
}

static void list_ids(struct canon *c, const char *key, const int64_t *ids, size_t n)
{
	canon_list(c, key);
	for (size_t i = 0; i < n; i++)
		canon_id(c, NULL, ids[i]);
	canon_close(c);
}

static str result_data(struct ctx *cx, const struct draw_seeding *s)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "seed", s->seed);
	canon_str(&c, "hash", s->d.hash);
	list_ids(&c, "drawn", s->ids, s->n);
	if (s->norgs) {
		list_ids(&c, "orgs", s->orgs, s->norgs);
		canon_i64(&c, "due_day", s->due_day);
	}
	return canon_end(&c);
}

void draw_seeding(struct arena *a, const struct draw_record *d, int64_t ver, str seed, struct draw_seeding *ret)
{
	struct draw_seeding s = { .d = *d, .ver = ver, .seed = str_trim(seed), .threshold = INFINITY };
	size_t want = (size_t)d->want;
	int64_t *ids = NEW_N(a, int64_t, want + 2);
	if (!d->seed.n && s.seed.n && s.seed.n <= DRAW_SEED_MAX) /* draw_give_seed says what is wrong */
		s.n = draw_places(a, s.seed, d->first, d->nfirst, want + 1, ids);
	if (s.n > want) {
		s.threshold = draw_key(draw_seed_of(s.seed), ids[want], (double)draw_entry_of(d, ids[want])->weight / 1000);
		s.n = want;
	}
	s.ids = ids;
	*ret = s;
}

static void seeded_record(struct ctx *cx, const struct draw_seeding *s, struct draw_record *ret)
{
	struct draw_record d = s->d;
	struct draw_team *teams = NEW_N(cx->a, struct draw_team, s->n + 1);
	d.seed = s->seed;
	d.drawn_ms = cx->now_ms;
	d.ver = s->ver + 1;
	for (; d.nresult < s->n; d.nresult++)
		teams[d.nresult] = team_of(cx->a, &d, draw_entry_of(&d, s->ids[d.nresult]), (int64_t)d.nresult + 1, 0);
	d.result = teams;
	*ret = d;
}

err draw_give_seed(struct ctx *cx, const struct draw_seeding *s, struct draw_record *ret_after)
{
	const struct draw_record *d = &s->d;
	int64_t changed, seq;
	TRY(check_seed(cx, s));
	TRY(draw_set_seed(cx->c, &(struct draw_set_seed_params){ d->region, d->id, s->ver, s->seed, cx->now_ms },
			  &changed));
	if (changed != 1)
		return FAIL(&cx->fail, CONFLICT, "/seed", "err.draw.seeded");
	TRY(put_places(cx, d, s->ids, s->n));
	TRY(ledger_append(cx, d->region, "draw.seed", ledger_subject(cx, "draw", d->id),
			  result_data(cx, s), &seq));
	seeded_record(cx, s, ret_after);
	return ERR_OK;
}

err draw_set_result(struct ctx *cx, const struct draw_record *d, int64_t candidate, int64_t result)
{
	return draw_put_result(cx->c, &(struct draw_put_result_params){ d->region, d->id, candidate, result },
			       NULL);
}

err draw_make_later(struct ctx *cx, const struct draw_record *d)
{
	return draw_begin(cx->c, &(struct draw_begin_params){ d->region, d->id, cx->now_ms }, NULL);
}

err draw_left(struct ctx *cx, const struct draw_record *d, int64_t *ret)
{
	struct draw_is_making_row row;
	TRY(draw_is_making(cx->c, cx->a, &(struct draw_is_making_params){ d->region, d->id }, &row));
	*ret = 0;
	for (size_t i = 0; row.n && i < d->nresult; i++)
		*ret += d->result[i].result == 0;
	return ERR_OK;
}

/* ---- the check ---- */

/* The hash that the ledger's event announced, before the seed was known. */
static err announced_hash(struct ctx *cx, const struct draw_record *d, str *ret)
{
	struct draw_announced_row row;
	str data;
	*ret = (str){ 0 };
	TRY(draw_announced(cx->c, cx->a,
			   &(struct draw_announced_params){ d->region, ledger_subject(cx, "draw", d->id) },
			   &row));
	data = canon_get(row.body, "data");
	(void)!canon_get_plain(data, "hash", ret);
	return ERR_OK;
}

err draw_recheck(struct ctx *cx, const struct draw_record *d, struct draw_check *ret)
{
	str hash = draw_hash_of(cx->a, d->first, d->nfirst, d->others, d->nothers), announced;
	struct draw_check k = { .result_ok = true };
	TRY(announced_hash(cx, d, &announced));
	k.hash_ok = str_eq(hash, d->hash) && str_eq(hash, announced);
	if (d->seed.n) {
		int64_t *ids = NEW_N(cx->a, int64_t, (size_t)d->want + 1);
		size_t n = draw_places(cx->a, d->seed, d->first, d->nfirst, (size_t)d->want, ids);
		for (size_t i = 0; i < n || i < d->nresult; i++)
			if (!k.first_place && (i >= n || i >= d->nresult || ids[i] != d->result[i].id))
				k.first_place = (int64_t)i + 1;
		k.result_ok = !k.first_place;
	}
	*ret = k;
	return ERR_OK;
}
