/* Putting readings: one row a packet in the order of time; what was there already is merged value by value. */
#include "sense/series_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "sense/pack.h"

/* ---- names ---- */

static const char *const kind_names[] = {
#define X(id, name) [SERIES_##id] = name,
	SERIES_KINDS(X)
#undef X
};

static const char *const what_names[] = {
#define X(id, name) [SERIES_##id] = name,
	SERIES_WHATS(X)
#undef X
};

const char *series_kind_name(enum series_kind k)
{
	return kind_names[k];
}

static bool parse(str s, const char *const *names, size_t n, int *ret)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, str_of(names[i]))) {
			*ret = (int)i;
			return true;
		}
	return false;
}

bool series_kind_parse(str s, enum series_kind *ret)
{
	int i;
	if (!parse(s, kind_names, COUNT_OF(kind_names), &i))
		return false;
	*ret = (enum series_kind)i;
	return true;
}

bool series_what_parse(str s, enum series_what *ret)
{
	int i;
	if (!parse(s, what_names, COUNT_OF(what_names), &i))
		return false;
	*ret = (enum series_what)i;
	return true;
}

/* ---- codes ---- */

static err load_items(struct series *s, struct fail *f)
{
	struct db_conn *c;
	struct series_items_rows rows;
	TRY(db_read_begin(s->db, &c, f));
	err e = series_items(c, s->a, &rows);
	db_read_end(s->db, c);
	if (e != ERR_OK)
		return FAIL(f, DB, "", "err.db");
	for (size_t i = 0; i < rows.n; i++)
		series_item_know(s, rows.v[i].code, rows.v[i].id);
	return ERR_OK;
}

void series_item_know(struct series *s, str code, int64_t id)
{
	struct series_code *k = NEW(s->a, struct series_code);
	*k = (struct series_code){ (uint32_t)id, arena_str(s->a, code) };
	map_put(&s->by_code, k->code, k);
	while (s->codes.n <= k->id)
		vec_push(s->a, &s->codes, NULL);
	s->codes.v[k->id] = k;
}

struct new_item {
	str code;
	int64_t id;
};

static err make_item(struct db_conn *c, void *arg)
{
	struct new_item *it = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct series_item_last_row last;
	struct series_item_find_row found;
	TRY(series_item_last(c, a, &last));
	TRY(series_item_insert(c, &(struct series_item_insert_params){ last.id + 1, it->code }, NULL));
	TRY(series_item_find(c, a, &(struct series_item_find_params){ it->code }, &found));
	it->id = found.id;
	return ERR_OK;
}

err series_item(struct series *s, str code, uint32_t *ret, struct fail *f)
{
	struct new_item it = { code, 0 };
	if (!code.n || code.n > SERIES_CODE_MAX)
		return FAIL(f, BAD_FIELD, "/item", "err.series_code");
	pthread_mutex_lock(&s->lock);
	const struct series_code *k = map_get(&s->by_code, code);
	bool full = s->codes.n > SERIES_CODES_MAX;
	pthread_mutex_unlock(&s->lock);
	if (k) {
		*ret = k->id;
		return ERR_OK;
	}
	if (full)
		return FAIL(f, TOO_LARGE, "/item", "err.series_codes");
	TRY(db_write(s->db, make_item, &it, f));
	pthread_mutex_lock(&s->lock);
	if (!map_get(&s->by_code, code))
		series_item_know(s, code, it.id);
	pthread_mutex_unlock(&s->lock);
	*ret = (uint32_t)it.id;
	return ERR_OK;
}

uint32_t series_item_known(const struct series *s, str code)
{
	struct series *open = (struct series *)(uintptr_t)s;
	pthread_mutex_lock(&open->lock);
	const struct series_code *k = map_get(&s->by_code, code);
	pthread_mutex_unlock(&open->lock);
	return k ? k->id : 0;
}

str series_item_code(const struct series *s, uint32_t item)
{
	struct series *open = (struct series *)(uintptr_t)s; /* the lock is no part of what is read */
	pthread_mutex_lock(&open->lock);
	str code = item < s->codes.n && s->codes.v[item] ? s->codes.v[item]->code : S("");
	pthread_mutex_unlock(&open->lock);
	return code;
}

/* ---- putting ---- */

/* How much a flag is worth: what may count goes before what was marked, anything before nothing. */
static int worth(char flag)
{
	switch (flag) {
	case 'N':
		return 4;
	case 'S':
	case 'T':
		return 3;
	case ' ':
		return 2;
	case 'B':
	case '?':
		return 0;
	default:
		return 1;
	}
}

bool series_better(char now, char before)
{
	return worth(now) > worth(before);
}

/* Its hour or day had ended well before it came. */
static bool is_late(const struct packet *k)
{
	enum { SLACK_MS = 3600000 };
	int64_t length = series_long(k->kind) ? DAY_MS : SLACK_MS;
	return k->source != SERIES_DERIVED && k->received_ms - k->at_ms > length + SLACK_MS;
}

void series_count_one(struct putting *p, const struct packet *k)
{
	p->count.packets++;
	p->count.late += is_late(k) ? (int64_t)k->n : 0;
	p->count.readings += (int64_t)k->n;
}

err series_put_one(struct putting *p, const struct packet *k)
{
	int64_t changed = 0;
	str body = pack_readings(p->a, k->v, k->n);
	if (!series_may_be_packed(p->s, k->kind, k->at_ms))
		TRY(series_packet_insert(p->c,
					 &(struct series_packet_insert_params){ k->at_ms, k->station, k->kind, part_of(k), k->received_ms, k->source, body },
					 &changed));
	series_count_one(p, k);
	return changed ? ERR_OK : series_put_again(p, k, body);
}

struct put_job {
	const struct packet *v;
	size_t n;
	struct series_put count;
	struct series *s;
	void *ctx;
	void (*done)(void *ctx, err e);
};

static err run_put(struct db_conn *c, void *arg)
{
	struct put_job *j = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct putting p = { .c = c, .a = a, .s = j->s, .columns = MAP(a) };
	bool many = db_copies(c);
	for (size_t i = 0, n; i < j->n; i += n) {
		n = !many ? 1 : j->n - i < PUT_AT_ONCE ? j->n - i : PUT_AT_ONCE;
		TRY(many ? series_put_many(&p, &j->v[i], n) : series_put_one(&p, &j->v[i]));
		if (arena_used(a) > PUT_ARENA_MAX) {
			arena_reset(a);
			p.columns = MAP(a);
		}
	}
	j->count = p.count;
	return ERR_OK;
}

static void count_put(struct series *s, const struct series_put *put, const struct packet *v, size_t n)
{
	struct series_stats *t = &s->stats;
	pthread_mutex_lock(&s->lock);
	t->put.packets += put->packets;
	t->put.readings += put->readings;
	t->put.same += put->same;
	t->put.better += put->better;
	t->put.worse += put->worse;
	t->put.late += put->late;
	for (size_t i = 0; i < n; i++) {
		t->newest_ms = v[i].at_ms > t->newest_ms ? v[i].at_ms : t->newest_ms;
		t->received_ms = v[i].received_ms > t->received_ms ? v[i].received_ms : t->received_ms;
	}
	pthread_mutex_unlock(&s->lock);
}

struct series_stats series_stats(struct series *s)
{
	pthread_mutex_lock(&s->lock);
	struct series_stats out = s->stats;
	out.held = series_latest_held(s);
	pthread_mutex_unlock(&s->lock);
	out.commits = db_stats(s->db).commits;
	return out;
}

static void tell(struct series *s, const struct packet *v, size_t n)
{
	series_latest_note(s, v, n);
	pthread_rwlock_rdlock(&s->watching);
	for (size_t i = 0; i < SERIES_WATCHERS; i++)
		if (s->watchers[i].fn)
			s->watchers[i].fn(s->watchers[i].arg, v, n);
	pthread_rwlock_unlock(&s->watching);
}

void series_watch(struct series *s, series_watcher *fn, void *arg)
{
	size_t i = 0;
	pthread_rwlock_wrlock(&s->watching);
	while (i < SERIES_WATCHERS && s->watchers[i].fn)
		i++;
	if (i == SERIES_WATCHERS)
		abort();
	s->watchers[i].fn = fn;
	s->watchers[i].arg = arg;
	pthread_rwlock_unlock(&s->watching);
}

void series_unwatch(struct series *s, series_watcher *fn, void *arg)
{
	pthread_rwlock_wrlock(&s->watching);
	for (size_t i = 0; i < SERIES_WATCHERS; i++)
		if (s->watchers[i].fn == fn && s->watchers[i].arg == arg)
			s->watchers[i].fn = NULL;
	pthread_rwlock_unlock(&s->watching);
}

err series_put(struct series *s, const struct packet *v, size_t n, struct series_put *ret, struct fail *f)
{
	struct put_job j = { .v = v, .n = n, .s = s };
	TRY(db_write(s->db, run_put, &j, f));
	count_put(s, &j.count, v, n);
	tell(s, v, n);
	if (ret)
		*ret = j.count;
	return ERR_OK;
}

static void put_done(void *arg, err e)
{
	struct put_job *j = arg;
	if (e == ERR_OK) {
		count_put(j->s, &j->count, j->v, j->n);
		tell(j->s, j->v, j->n);
	}
	j->done(j->ctx, e);
	free(j);
}

void series_put_async(struct series *s, const struct packet *v, size_t n, void *ctx, void (*done)(void *ctx, err e))
{
	struct put_job *j = calloc(1, sizeof *j);
	if (!j)
		abort();
	*j = (struct put_job){ .v = v, .n = n, .s = s, .ctx = ctx, .done = done };
	db_write_async(s->db, run_put, j, put_done);
}

/* ---- opening ---- */

enum { PAGE_BYTES = 32768 }; /* a day of minutes of one item lies within a page, not beside it */

err series_open(const struct series_options *o, struct series **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct series *s = NEW(a, struct series);
	const struct db_options where = { .dir = o->dir, .file = "series.db", .url = o->url, .page_bytes = PAGE_BYTES, .unmapped = true, .readers = 4, .create = true };
	s->a = a;
	s->o = *o;
	s->by_code = MAP(a);
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->tending, NULL);
	pthread_cond_init(&s->wake, NULL);
	pthread_rwlock_init(&s->watching, NULL);
	err e = db_open(&where, &s->db, f);
	if (e == ERR_OK && !o->url) {
		const struct db_migration step = { 1, "series", o->schema };
		int applied;
		e = db_migrate(s->db, &step, 1, 0, &applied, f);
	}
	if (e == ERR_OK)
		e = load_items(s, f);
	if (e == ERR_OK)
		e = series_know_packed(s, f);
	if (e == ERR_OK)
		e = series_latest_load(s, f);
	if (e == ERR_OK)
		e = series_pack_start(s, f);
	if (e != ERR_OK) {
		series_close(s);
		return e;
	}
	*ret = s;
	return ERR_OK;
}

void series_close(struct series *s)
{
	if (!s)
		return;
	series_pack_stop(s);
	db_close(s->db);
	series_latest_free(s);
	pthread_mutex_destroy(&s->lock);
	pthread_mutex_destroy(&s->tending);
	pthread_cond_destroy(&s->wake);
	pthread_rwlock_destroy(&s->watching);
	arena_free(s->a);
}
