/* Reading the whole ledger back: hashes, columns, numbers, frontiers, and the state of matters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/id.h"
#include "core/ledger.h"
#include "core/ledger_sql.h"
#include "core/merkle.h"

enum { PROGRESS_EVERY = 50000, MAX_STATES = 256, SLOT_MIN = 1024 };

const char *ledger_what_name(enum ledger_what what)
{
	static const char *const names[LEDGER_WHAT_COUNT] = { "ok", "gap", "body", "columns", "leaf",
							      "size", "frontier", "no_log", "matter" };
	return what < LEDGER_WHAT_COUNT ? names[what] : "ok";
}

/* What the last event of each matter of one region said: an open-addressed table by id. */
struct last_act {
	int64_t id; /* 0: free */
	int64_t ver;
	int state;
};

struct last_acts {
	struct last_act *slots;
	size_t n, cap;
	struct arena *a;
	str states[MAX_STATES];
	int nstates;
};

static size_t slot_of(const struct last_acts *t, int64_t id)
{
	size_t i = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (t->cap - 1);
	while (t->slots[i].id && t->slots[i].id != id)
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void last_acts_grow(struct last_acts *t)
{
	struct last_act *old = t->slots;
	size_t old_cap = t->cap;
	t->cap = old_cap ? old_cap * 2 : SLOT_MIN;
	t->slots = calloc(t->cap, sizeof *t->slots);
	if (!t->slots)
		abort();
	for (size_t i = 0; i < old_cap; i++)
		if (old[i].id)
			t->slots[slot_of(t, old[i].id)] = old[i];
	free(old);
}

static int state_index(struct last_acts *t, str state)
{
	for (int i = 0; i < t->nstates; i++)
		if (str_eq(t->states[i], state))
			return i;
	if (t->nstates == MAX_STATES)
		return -1;
	t->states[t->nstates] = arena_str(t->a, state);
	return t->nstates++;
}

static void last_acts_put(struct last_acts *t, int64_t id, int64_t ver, str state)
{
	if (t->n * 4 >= t->cap * 3)
		last_acts_grow(t);
	struct last_act *s = &t->slots[slot_of(t, id)];
	t->n += s->id == 0;
	*s = (struct last_act){ .id = id, .ver = ver, .state = state_index(t, state) };
}

static void last_acts_clear(struct last_acts *t)
{
	free(t->slots);
	t->slots = NULL;
	t->n = t->cap = 0;
}

/* ---- events ---- */

struct check {
	struct ledger_report *r;
	struct arena *a; /* reset for each event */
	bool (*progress)(void *arg, int64_t events);
	void *arg;
	/* the log at hand */
	int64_t region, next, matters;
	struct merkle m;
	struct hasher *h;
	struct last_acts last;
};

static bool differs(struct check *k, enum ledger_what what, int64_t seq, str subject)
{
	if (k->r->what != LEDGER_OK)
		return true;
	k->r->what = what;
	k->r->region = k->region;
	k->r->seq = seq;
	snprintf(k->r->subject, sizeof k->r->subject, STR_FMT, STR_ARG(subject));
	return true;
}

/* A million events: printf would take as long as the hashing. */
struct text {
	char p[400];
	size_t n;
};

static void put_text(struct text *t, str s)
{
	size_t n = s.n < sizeof t->p - t->n ? s.n : sizeof t->p - t->n;
	if (n)
		memcpy(t->p + t->n, s.p, n);
	t->n += n;
}

static void put_number(struct text *t, int64_t v)
{
	char digits[20];
	size_t i = sizeof digits;
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
	if (v < 0)
		put_text(t, S("-"));
	do {
		digits[--i] = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	put_text(t, (str){ digits + i, sizeof digits - i });
}

/* The text around data is fixed by the columns, so comparing it proves that they agree. */
static bool columns_agree(struct check *k, const struct ledger_stream_row *row, str *ret_data)
{
	struct text head, tail;
	head.n = tail.n = 0;
	put_text(&head, S("{\"actor\":\""));
	put_number(&head, row->actor);
	put_text(&head, S("\",\"at\":"));
	put_number(&head, row->at_ms);
	put_text(&head, S(",\"data\":"));
	put_text(&tail, S(",\"kind\":\""));
	put_text(&tail, row->kind);
	put_text(&tail, S("\",\"region\":"));
	put_number(&tail, k->region);
	put_text(&tail, S(",\"seq\":"));
	put_number(&tail, row->seq);
	put_text(&tail, S(",\"subject\":\""));
	put_text(&tail, row->subject);
	put_text(&tail, S("\",\"v\":1}"));
	str h = { head.p, head.n }, t = { tail.p, tail.n };
	if (row->body.n < h.n + t.n || !str_starts(row->body, h) || !str_ends(row->body, t))
		return false;
	*ret_data = str_sub(row->body, h.n, row->body.n - t.n);
	return true;
}

static bool note_matter(struct check *k, const struct ledger_stream_row *row, str data)
{
	str kind, state;
	int64_t id, ver;
	if (!str_starts(row->kind, S("matter.")) || !id_subject_parse(row->subject, &kind, &id))
		return true;
	if (!canon_get_i64(data, "ver", &ver) || !canon_get_plain(data, "state", &state))
		return true; /* an act that does not move the matter */
	if (str_eq(kind, S("matter")))
		last_acts_put(&k->last, id, ver, state);
	return true;
}

static err check_event(void *arg, const struct ledger_stream_row *row)
{
	struct check *k = arg;
	unsigned char leaf[HASH_SIZE];
	str data;
	enum ledger_what what = LEDGER_OK;
	merkle_leaf(k->h, row->body, leaf);
	if (row->seq != k->next)
		what = LEDGER_GAP;
	else if (!str_eq(row->leaf, (str){ (const char *)leaf, HASH_SIZE }))
		what = LEDGER_LEAF;
	else if (!columns_agree(k, row, &data))
		what = LEDGER_COLUMNS;
	else if (!canon_valid(data))
		what = LEDGER_BODY;
	if (what != LEDGER_OK) {
		differs(k, what, what == LEDGER_GAP ? k->next : row->seq, row->subject);
		return ERR_CORRUPT; /* stops the reading; the caller sees r->what */
	}
	note_matter(k, row, data);
	merkle_append(&k->m, k->h, leaf);
	k->next++;
	k->r->events++;
	if (k->progress && k->r->events % PROGRESS_EVERY == 0 && !k->progress(k->arg, k->r->events))
		return ERR_BUSY;
	return ERR_OK;
}

static err check_matter(void *arg, const struct ledger_matters_row *row)
{
	struct check *k = arg;
	struct last_act *s = k->last.cap ? &k->last.slots[slot_of(&k->last, row->id)] : NULL;
	k->matters++;
	if (s && s->id == row->id && s->ver == row->ver && s->state >= 0 &&
	    str_eq(k->last.states[s->state], row->state)) {
		s->ver = -1; /* seen */
		return ERR_OK;
	}
	char subject[40];
	int n = snprintf(subject, sizeof subject, "matter/%lld", (long long)row->id);
	differs(k, LEDGER_MATTER, -1, (str){ subject, (size_t)n });
	return ERR_CORRUPT;
}

/* Matters that the ledger knows and the table does not. */
static void check_missing(struct check *k)
{
	for (size_t i = 0; i < k->last.cap; i++) {
		const struct last_act *s = &k->last.slots[i];
		if (!s->id || s->ver == -1)
			continue;
		char subject[40];
		int n = snprintf(subject, sizeof subject, "matter/%lld", (long long)s->id);
		differs(k, LEDGER_MATTER, -1, (str){ subject, (size_t)n });
		return;
	}
}

/* A difference found while reading ends it early; that is no failure of reading. */
static err settle(const struct check *k, err e)
{
	return e == ERR_CORRUPT && k->r->what != LEDGER_OK ? ERR_OK : e;
}

static err check_log(struct check *k, struct db_conn *c, const struct ledger_logs_row *log)
{
	enum hash_alg alg;
	k->region = log->region;
	k->next = 0;
	k->m = (struct merkle){ 0 };
	if (!hash_alg_parse(log->alg, &alg)) {
		differs(k, LEDGER_FRONTIER, -1, (str){ 0 });
		return ERR_OK;
	}
	k->h = hasher_new(alg);
	err e = settle(k, ledger_stream(c, &(struct ledger_stream_params){ .region = log->region }, check_event, k));
	hasher_free(k->h);
	if (e != ERR_OK || k->r->what != LEDGER_OK)
		return e;
	if (k->next != log->size)
		differs(k, LEDGER_SIZE, -1, (str){ 0 });
	else if (!str_eq(merkle_frontier(&k->m), log->frontier))
		differs(k, LEDGER_FRONTIER, -1, (str){ 0 });
	if (k->r->what != LEDGER_OK)
		return ERR_OK;
	e = settle(k, ledger_matters(c, &(struct ledger_matters_params){ .region = log->region }, check_matter, k));
	if (e == ERR_OK && k->r->what == LEDGER_OK)
		check_missing(k);
	return e;
}

static err check_all(struct check *k, struct db_conn *c)
{
	struct ledger_logs_rows logs;
	TRY(ledger_logs(c, k->a, &logs));
	for (size_t i = 0; i < logs.n && k->r->what == LEDGER_OK; i++) {
		err e = check_log(k, c, &logs.v[i]);
		last_acts_clear(&k->last);
		TRY(e);
		k->r->logs++;
	}
	k->r->matters = k->matters;
	if (k->r->what != LEDGER_OK)
		return ERR_OK;
	struct ledger_totals_row all;
	TRY(ledger_totals(c, k->a, &all));
	k->region = 0;
	if (all.events != k->r->events || all.matters != k->matters)
		differs(k, LEDGER_NO_LOG, -1, (str){ 0 });
	return ERR_OK;
}

err ledger_verify(struct db_conn *c, bool (*progress)(void *arg, int64_t events), void *arg,
		  struct ledger_report *ret)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ledger_report r = { 0 };
	struct check *k = NEW(a, struct check);
	*k = (struct check){ .r = &r, .a = a, .progress = progress, .arg = arg, .last = { .a = a } };
	TRY(check_all(k, c));
	*ret = r;
	return ERR_OK;
}
