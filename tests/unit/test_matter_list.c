/* Any filter in any scope lists exactly what going through all matters one by one would, page by page. */
#include "loop_store.h"

enum { MATTERS = 500 };

static const char *const states[] = { "assigned", "doing", "verifying", "suspended", "closed", "cancelled" };
static const int64_t regions[] = { HOME,           HOME + 1000,    HOME + 2000,
				   HOME + 1000000, HOME + 1001000, HOME + 2000000 };

struct one {
	int64_t region, id, sectors, secret, due_ms, lead, co, document;
	const char *state;
	bool open;
};

static struct one all[MATTERS];
static uint32_t seed = 4711;

static uint32_t dice(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 10) % n;
}

static struct one make_one(int i)
{
	uint32_t st = dice(COUNT_OF(states));
	return (struct one){ .region = regions[dice(COUNT_OF(regions))],
			     .id = 1000 + i,
			     .sectors = INT64_C(1) << dice(4),
			     .secret = dice(3),
			     .due_ms = dice(6)
					   ? due_instant(china_day(START_MS) + (int64_t)dice(40) - 20, 1440)
					   : NO_DUE_MS,
			     .lead = LEAD + dice(3),
			     .co = LEAD + dice(4),
			     .document = dice(5) ? 0 : 77,
			     .state = states[st],
			     .open = st < 4 };
}

static err put_one(struct ctx *cx, const struct one *m)
{
	const int64_t orgs[] = { m->lead, m->co };
	str phase = m->open ? S("open") : S("closed");
	TRY(matter_insert(cx->c,
			  &(struct matter_insert_params){ .region = m->region,
							  .id = m->id,
							  .no = S("n"),
							  .kind = S("task"),
							  .state = str_of(m->state),
							  .phase = phase,
							  .title = S("t"),
							  .body = S(""),
							  .measures = S(""),
							  .targets = S("[]"),
							  .attrs = S("{}"),
							  .sectors = m->sectors,
							  .secret = m->secret,
							  .county = m->region / 1000000,
							  .handler_region = m->region,
							  .lead_org = m->lead,
							  .due_ms = m->due_ms,
							  .recurs = S(""),
							  .document = m->document,
							  .now_ms = cx->now_ms },
			  NULL));
	for (size_t i = 0; i < COUNT_OF(orgs); i++)
		TRY(matter_party_insert(cx->c,
					&(struct matter_party_insert_params){ .region = m->region,
									      .matter = m->id,
									      .org = orgs[i],
									      .role = i ? S("co") : S("lead"),
									      .basis = S(""),
									      .phase = phase,
									      .due_ms = m->due_ms },
					NULL));
	return ERR_OK;
}

static err put_all(struct ctx *cx, void *arg)
{
	(void)arg;
	for (int i = 0; i < MATTERS; i++) {
		all[i] = make_one(i);
		TRY(put_one(cx, &all[i]));
	}
	return ERR_OK;
}

static int fill(void **state)
{
	loop_open_store(state);
	struct loop_store *s = *state;
	assert_int_equal(core_write(s->core, put_all, NULL), ERR_OK);
	return 0;
}

static bool wanted(const struct principal *who, const struct matter_filter *f, const struct one *m)
{
	int64_t parties[] = { m->lead, m->co };
	struct access_row row = { m->region, m->sectors, m->secret, parties, 2 };
	return allow(who, S("matter.read"), &row, START_MS) &&
	       (!f->phase.p || str_eq(f->phase, m->open ? S("open") : S("closed"))) &&
	       (!f->state.p || str_eq(f->state, str_of(m->state))) && m->due_ms >= f->from_ms &&
	       m->due_ms <= f->to_ms && (f->lo == DB_NONE || (m->region >= f->lo && m->region <= f->hi)) &&
	       (f->sectors == DB_NONE || (m->sectors & f->sectors)) &&
	       (!f->document || m->document == f->document) &&
	       (!f->org || (m->lead == f->org) || (!f->role.p && m->co == f->org));
}

static struct matter_filter random_filter(void)
{
	struct matter_filter f = { .lo = DB_NONE,
				   .hi = DB_NONE,
				   .sectors = DB_NONE,
				   .to_ms = INT64_MAX,
				   .after_id = DB_NONE,
				   .after_ms = DB_NONE,
				   .limit = 1 + dice(60),
				   .order = (enum list_order)dice(4) };
	if (dice(2))
		f.phase = dice(4) ? S("open") : S("closed");
	if (!dice(3))
		f.state = str_of(states[dice(COUNT_OF(states))]);
	if (!dice(3))
		region_range(regions[dice(COUNT_OF(regions))], &f.lo, &f.hi);
	if (!dice(3))
		f.sectors = 1 + dice(15);
	if (!dice(3))
		f.from_ms = START_MS;
	if (!dice(4))
		f.to_ms = START_MS + 5 * (int64_t)DAY_MS;
	if (!dice(4))
		f.org = LEAD + dice(4);
	if (f.org && dice(2))
		f.role = S("lead");
	if (!dice(8))
		f.document = 77;
	return f;
}

static struct principal random_person(struct loop_store *s)
{
	static const int64_t places[] = { INT64_C(110000000000), HOME, HOME + 1000, HOME + 1000000 };
	struct principal p = loop_person(s, 1, LEAD, "office", places[dice(COUNT_OF(places))]);
	struct principal_grant *v = arena_alloc(s->core->a, 2 * sizeof *v);
	v[0] = v[1] = p.v[0];
	region_range(places[dice(COUNT_OF(places))], &v[1].lo, &v[1].hi);
	v[0].secret = dice(3);
	v[1].secret = v[0].secret;
	if (!dice(3))
		v[1].sectors = 1 + dice(15);
	if (!dice(4))
		v[0].party = v[1].party = LEAD + dice(3);
	p.v = v;
	p.n = 1 + dice(2);
	return p;
}

struct page_job {
	struct matter_filter f;
	struct matter_key *keys;
	size_t n;
	bool more;
	int64_t total;
	bool exact;
};

static err page_run(struct ctx *cx, void *arg)
{
	struct page_job *j = arg;
	TRY(matter_total(cx, &j->f, &j->total, &j->exact));
	return matter_keys(cx, &j->f, &j->keys, &j->n, &j->more);
}

static bool in_order(const struct matter_filter *f, struct matter_key a, struct matter_key b)
{
	switch (f->order) {
	case ORDER_DUE:
		return a.due_ms < b.due_ms || (a.due_ms == b.due_ms && a.id < b.id);
	case ORDER_DUE_DOWN:
		return a.due_ms > b.due_ms || (a.due_ms == b.due_ms && a.id > b.id);
	case ORDER_ID:
		return a.id < b.id;
	default:
		return a.id > b.id;
	}
}

static size_t read_all(struct loop_store *s, const struct principal *who, struct matter_filter f, bool *seen,
		       int64_t *ret_total)
{
	size_t n = 0;
	struct matter_key last = { 0 };
	for (bool more = true; more;) {
		struct page_job j = { .f = f };
		assert_int_equal(core_read(s->core, who, page_run, &j), ERR_OK);
		assert_true(j.n <= (size_t)f.limit);
		for (size_t i = 0; i < j.n; i++, n++) {
			assert_true(n == 0 || in_order(&f, last, j.keys[i]));
			last = j.keys[i];
			seen[last.id - 1000] = true;
		}
		if (n == j.n)
			*ret_total = j.total;
		assert_true(j.exact);
		more = j.more;
		f.after_id = last.id;
		f.after_ms = last.due_ms;
	}
	return n;
}

static void lists_are_complete(void **state)
{
	struct loop_store *s = *state;
	for (int round = 0; round < 400; round++) {
		struct principal who = random_person(s);
		struct matter_filter f = random_filter();
		bool seen[MATTERS] = { false };
		int64_t total = -1;
		size_t n = read_all(s, &who, f, seen, &total), want = 0;
		for (int i = 0; i < MATTERS; i++) {
			bool w = wanted(&who, &f, &all[i]);
			want += w;
			if (w != seen[i])
				fail_msg("round %d: matter %lld wanted %d, listed %d (order %d org %lld role "
					 "%d state %d phase %d)",
					 round, (long long)all[i].id, w, seen[i], (int)f.order,
					 (long long)f.org, f.role.p != NULL, f.state.p != NULL,
					 f.phase.p != NULL);
		}
		assert_int_equal(n, want);
		assert_int_equal(total, want);
	}
}

static void cursors_go_there_and_back(void **state)
{
	struct loop_store *s = *state;
	struct matter_key k = { 5, NO_DUE_MS }, back;
	assert_true(matter_cursor_parse(matter_cursor(s->core->a, k), &back));
	assert_true(back.id == 5 && back.due_ms == NO_DUE_MS);
	assert_false(matter_cursor_parse(S("x.1"), &back));
	assert_false(matter_cursor_parse(S("1"), &back));
	assert_false(matter_cursor_parse(S(".1"), &back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_complete),
		cmocka_unit_test(cursors_go_there_and_back),
	};
	return cmocka_run_group_tests(tests, fill, loop_close_store);
}
