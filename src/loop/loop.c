#include "loop/loop.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "core/app.h"
#include "loop/loop_sql.h"

struct kept {
	char *key, *answer; /* from malloc; NULL: free */
	size_t key_n, answer_n;
	int64_t at_us;
};

struct words {
	struct loop_word *v;
	size_t n;
};

struct loop {
	struct arena *a;
	VEC(const struct workflow *) workflows;
	struct words sources, causes;
	struct deadline_rules deadlines;
	struct ladder ladder;
	/* The calendar is replaced as a whole; older ones stay in the arena for whoever still reads them. */
	pthread_mutex_t lock;
	str version;
	struct calendar calendar;
	bool have_calendar;
	struct kept kept[LOOP_KEPT];
};

/* ---- answers kept ---- */

static void drop_kept(struct kept *k)
{
	free(k->key);
	free(k->answer);
	*k = (struct kept){ 0 };
}

static char *copy(str s)
{
	char *p = malloc(s.n + 1);
	if (!p)
		abort();
	memcpy(p, s.p, s.n);
	return p;
}

static struct kept *find_kept(struct loop *l, str key)
{
	for (size_t i = 0; i < LOOP_KEPT; i++)
		if (l->kept[i].key && str_eq((str){ l->kept[i].key, l->kept[i].key_n }, key))
			return &l->kept[i];
	return NULL;
}

bool loop_kept(struct loop *l, struct arena *a, str key, str *ret)
{
	pthread_mutex_lock(&l->lock);
	struct kept *k = find_kept(l, key);
	bool hit = k && clock_monotonic_us() - k->at_us < LOOP_KEEP_US;
	if (hit)
		*ret = arena_str(a, (str){ k->answer, k->answer_n });
	pthread_mutex_unlock(&l->lock);
	return hit;
}

void loop_keep(struct loop *l, str key, str answer, int64_t took_us)
{
	if (took_us < LOOP_SLOW_US || answer.n > LOOP_KEPT_BYTES)
		return;
	pthread_mutex_lock(&l->lock);
	struct kept *k = find_kept(l, key), *oldest = &l->kept[0];
	for (size_t i = 1; i < LOOP_KEPT; i++)
		if (l->kept[i].at_us < oldest->at_us)
			oldest = &l->kept[i];
	if (!k)
		k = oldest;
	drop_kept(k);
	*k = (struct kept){ copy(key), copy(answer), key.n, answer.n, clock_monotonic_us() };
	pthread_mutex_unlock(&l->lock);
}

/* ---- opening ---- */

static err load_kind(struct loop *l, const struct catalog *c, str family, int64_t today, struct fail *f)
{
	static const char *const names[] = { "META",       "states.tsv",    "acts.tsv",
					     "fields.tsv", "deadlines.tsv", "roles.tsv", "options.tsv" };
	struct wf_source src;
	str *const to[] = { &src.meta, &src.states, &src.acts, &src.fields, &src.deadlines, &src.roles, &src.options };
	str edition = catalog_edition(c, family, today);
	char *folder =
	    arena_cstr(l->a, arena_printf(l->a, STR_FMT "/" STR_FMT, STR_ARG(family), STR_ARG(edition)));
	if (str_is_null(edition))
		return ERR_OK; /* not in force yet, or no more */
	for (size_t i = 0; i < COUNT_OF(names); i++)
		*to[i] = catalog_bytes(c, arena_printf(l->a, "%s/%s", folder, names[i]));
	struct workflow *wf;
	TRY(workflow_load(l->a, &src, &wf, f));
	struct buf faults = BUF(l->a);
	if (workflow_check(wf, &faults))
		return FAIL(f, BAD_FORMAT, "", "err.workflow.unsound", "file", (const char *)folder, "word",
			    buf_cstr(&faults));
	vec_push(l->a, &l->workflows, wf);
	return ERR_OK;
}

/* "workflow/task" of "workflow/task/2026/META"; the null string for other files. */
static str family_of(str path)
{
	str rest = path, word;
	if (!str_starts(path, S("workflow/")) || !str_ends(path, S("/META")))
		return (str){ NULL, 0 };
	(void)str_cut(&rest, '/', &word);
	(void)str_cut(&rest, '/', &word);
	return str_sub(path, 0, (size_t)(word.p + word.n - path.p));
}

static err load_all(struct loop *l, const struct catalog *c, int64_t today, struct fail *f)
{
	str done = { NULL, 0 };
	for (size_t i = 0; i < catalog_count(c); i++) {
		str family = family_of(catalog_at(c, i).path);
		if (str_is_null(family) || str_eq(family, done))
			continue;
		TRY(load_kind(l, c, family, today, f));
		done = family;
	}
	return ERR_OK;
}

static err load_words(struct loop *l, const struct catalog *c, int64_t today, const char *table, struct words *ret,
		      struct fail *f)
{
	struct rows r;
	if (str_is_null(catalog_edition(c, S("source"), today)))
		return ERR_OK;
	TRY(catalog_current(c, l->a, S("source"), today, str_of(table), &r, f));
	ret->v = NEW_N(l->a, struct loop_word, r.n + 1);
	for (ret->n = 0; ret->n < r.n; ret->n++)
		ret->v[ret->n] = (struct loop_word){ arena_str(l->a, rows_get(&r, ret->n, S("id"))),
						     arena_str(l->a, rows_get(&r, ret->n, S("zh"))),
						     arena_str(l->a, rows_get(&r, ret->n, S("en"))),
						     arena_str(l->a, rows_get(&r, ret->n, S("code"))) };
	return ERR_OK;
}

static err load_found(struct loop *l, const struct catalog *c, int64_t today, struct fail *f)
{
	struct rows r;
	struct sector_table sectors;
	TRY(catalog_current(c, l->a, S("sector"), today, S("sectors"), &r, f));
	TRY(sector_table_read(l->a, &r, &sectors, f));
	TRY(deadline_rules_read(l->a, c, &sectors, today, &l->deadlines, f));
	TRY(ladder_read(l->a, c, today, &l->ladder, f));
	TRY(load_words(l, c, today, "sources", &l->sources, f));
	return load_words(l, c, today, "causes", &l->causes, f);
}

err loop_open(const struct catalog *c, int64_t today, struct loop **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct loop *l = NEW(a, struct loop);
	l->a = a;
	pthread_mutex_init(&l->lock, NULL);
	err e = load_all(l, c, today, f);
	if (e == ERR_OK)
		e = load_found(l, c, today, f);
	if (e != ERR_OK) {
		loop_close(l);
		return e;
	}
	*ret = l;
	return ERR_OK;
}

void loop_close(struct loop *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < LOOP_KEPT; i++)
		drop_kept(&l->kept[i]);
	pthread_mutex_destroy(&l->lock);
	arena_free(l->a);
}

/* ---- looking up ---- */

const struct workflow *loop_workflow(const struct loop *l, str kind)
{
	for (size_t i = 0; i < l->workflows.n; i++)
		if (str_eq(l->workflows.v[i]->kind, kind))
			return l->workflows.v[i];
	return NULL;
}

size_t loop_workflows(const struct loop *l, const struct workflow *const **ret)
{
	*ret = l->workflows.v;
	return l->workflows.n;
}

size_t loop_words(const struct loop *l, const char *table, const struct loop_word **ret)
{
	const struct words *w = str_eq(str_of(table), S("causes")) ? &l->causes : &l->sources;
	*ret = w->v;
	return w->n;
}

const struct deadline_rules *loop_deadlines(const struct loop *l)
{
	return &l->deadlines;
}

const struct ladder *loop_ladder(const struct loop *l)
{
	return &l->ladder;
}

const struct loop_word *loop_known(const struct loop *l, const char *table, str id)
{
	const struct loop_word *v;
	size_t n = loop_words(l, table, &v);
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].id, id))
			return &v[i];
	return NULL;
}

err loop_kind(struct ctx *cx, str kind, const struct workflow **ret)
{
	const struct workflow *wf = loop_workflow(cx->app->loop, kind);
	if (!wf)
		return FAIL(&cx->fail, BAD_FIELD, "/kind", "err.kind_unknown", "kind",
			    arena_cstr(cx->a, kind));
	*ret = wf;
	return ERR_OK;
}

/* ---- the calendar ---- */

static bool cached(struct loop *l, str version, struct calendar *ret)
{
	pthread_mutex_lock(&l->lock);
	bool hit = l->have_calendar && str_eq(l->version, version);
	if (hit)
		*ret = l->calendar;
	pthread_mutex_unlock(&l->lock);
	return hit;
}

static struct calendar keep(struct loop *l, str version, const struct calendar_rule *rules, size_t n)
{
	pthread_mutex_lock(&l->lock);
	l->version = arena_str(l->a, version);
	l->calendar = calendar_make(l->a, rules, n);
	l->have_calendar = true;
	struct calendar c = l->calendar;
	pthread_mutex_unlock(&l->lock);
	return c;
}

err loop_calendar(struct ctx *cx, struct calendar *ret)
{
	struct loop *l = cx->app->loop;
	struct calendar_version_row v;
	struct calendar_rules_rows days;
	TRY(calendar_version(cx->c, cx->a, &v));
	if (cached(l, v.value, ret))
		return ERR_OK;
	TRY(calendar_rules(cx->c, cx->a, &days));
	struct calendar_rule *rules = NEW_N(cx->a, struct calendar_rule, days.n + 1);
	for (size_t i = 0; i < days.n; i++)
		rules[i] = (struct calendar_rule){ days.v[i].day, days.v[i].working != 0 };
	*ret = keep(l, v.value, rules, days.n);
	return ERR_OK;
}
