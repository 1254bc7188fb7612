/* The rule of access is compiled twice. Random grants, rows and times must give the same answer from
 * allow(), from scope_allows() and from the WHERE clause; more grants never show less; and what is
 * empty, over or unknown shows nothing. A failure prints the seed: BIHUAN_SEED repeats it. */
#include "core_store.h"

#include "core/grant.h"
#include "core/grant_sql.h"
#include "core/region.h"

enum { ROWS = 600, PEOPLE = 1200, MAX_GRANTS = 6, MAX_PARTIES = 3, ORGS = 8, PERMS = 4 };

static uint64_t rng;
static uint64_t next_random(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}
static int64_t below(int64_t n)
{
	return (int64_t)(next_random() >> 11) % n;
}

/* Few distinct values, so that they meet: two provinces with two cities, counties and towns each. */
static int64_t random_region(void)
{
	int64_t code = (11 + below(2)) * INT64_C(10000000000);
	int64_t depth = below(5);
	code += depth > 0 ? (1 + below(2)) * 100000000 : 0;
	code += depth > 1 ? (1 + below(2)) * 1000000 : 0;
	code += depth > 2 ? (1 + below(2)) * 1000 : 0;
	code += depth > 3 ? 1 + below(2) : 0;
	return code;
}

static int64_t random_sectors(bool of_grant)
{
	if (below(4) == 0)
		return of_grant ? SECTORS_ALL : 0;
	return (INT64_C(1) << below(4)) | (below(2) ? INT64_C(1) << (59 + below(4)) : 0);
}

struct world {
	struct access_row rows[ROWS];
	int64_t parties[ROWS][MAX_PARTIES];
};

static err fill(struct ctx *cx, void *arg)
{
	struct world *w = arg;
	for (int i = 0; i < ROWS; i++) {
		struct access_row *r = &w->rows[i];
		*r = (struct access_row){ .region = random_region(), .sectors = random_sectors(false), .secret = below(4),
					  .parties = w->parties[i], .nparties = (size_t)below(MAX_PARTIES + 1) };
		r->handler = below(3) == 0 ? random_region() : r->region;
		TRY(core_put_matter(cx, r->region, r->handler, i + 1, r->sectors, r->secret, "s", 1));
		for (size_t k = 0; k < r->nparties; k++) {
			w->parties[i][k] = 1 + below(ORGS);
			TRY(core_put_party(cx, r->region, i + 1, w->parties[i][k], (int64_t)k));
		}
	}
	return ERR_OK;
}

static struct role_table make_roles(struct arena *a)
{
	struct role_table t = { .perms = { NEW_N(a, struct perm_def, PERMS), PERMS } };
	static const str names[PERMS] = { { "p.0", 3 }, { "p.1", 3 }, { "p.2", 3 }, { "p.3", 3 } };
	for (int i = 0; i < PERMS; i++)
		t.perms.v[i] = (struct perm_def){ .id = names[i], .bit = i };
	return t;
}

static void random_grants(struct principal_grant *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct principal_grant){ .perms = 1 + below(15), .sectors = random_sectors(true), .secret = below(4),
						 .party = below(3) == 0 ? 1 + below(ORGS) : 0, .from_ms = below(20),
						 .to_ms = 20 + below(40) };
		region_range(random_region(), &v[i].lo, &v[i].hi);
		if (!v[i].party && below(4) == 0) /* what was handed to that range */
			region_range(random_region(), &v[i].via_lo, &v[i].via_hi);
		if (below(10) == 0) /* a range that is no region */
			v[i].hi = v[i].lo + below(INT64_C(20000000000));
	}
}

/* The ids that SQL shows, as flags. */
static void seen_by_sql(struct ctx *cx, const struct db_scope *sc, bool *ret)
{
	struct grant_visible_matters_rows rows;
	assert_int_equal(grant_visible_matters(cx->c, cx->a, &(struct grant_visible_matters_params){ DB_NONE, DB_NONE }, sc,
					       &rows), ERR_OK);
	for (size_t i = 0; i < rows.n; i++)
		ret[rows.v[i].id - 1] = true;
}

static void compare(struct ctx *cx, const struct world *w, const struct principal *p, str perm, int64_t now, bool *sql)
{
	struct db_scope sc;
	scope_for(cx->a, p, perm, now, &sc);
	seen_by_sql(cx, &sc, sql);
	for (int i = 0; i < ROWS; i++) {
		bool rule = allow(p, perm, &w->rows[i], now);
		if (rule != sql[i] || rule != scope_allows(&sc, &w->rows[i]))
			fail_msg("row %d: allow %d, scope %d, SQL %d", i + 1, rule, scope_allows(&sc, &w->rows[i]), sql[i]);
	}
}

static err run(struct ctx *cx, void *arg)
{
	struct world *w = arg;
	struct role_table t = make_roles(cx->a);
	struct arena *outer = cx->a;
	for (int person = 0; person < PEOPLE; person++) {
		AUTO(arena_drop) struct arena *a = arena_new();
		struct principal_grant v[MAX_GRANTS];
		size_t n = (size_t)below(MAX_GRANTS + 1);
		bool all[ROWS] = { 0 }, fewer[ROWS] = { 0 };
		cx->a = a;
		random_grants(v, n);
		struct principal p = { .account = 1, .roles = &t, .v = v, .n = n };
		str perm = t.perms.v[below(PERMS)].id;
		int64_t now = below(70);
		compare(cx, w, &p, perm, now, all);
		if (n == 0)
			continue;
		p.n = n - 1;
		compare(cx, w, &p, perm, now, fewer);
		for (int i = 0; i < ROWS; i++)
			if (fewer[i] && !all[i])
				fail_msg("one grant more hides row %d", i + 1);
	}
	cx->a = outer;
	return ERR_OK;
}

static void both_compilations_agree(void **state)
{
	struct core_store *s = *state;
	const char *seed = getenv("BIHUAN_SEED");
	int64_t start = 20261122;
	if (seed)
		assert_true(str_to_i64(str_of(seed), &start));
	print_message("# seed %lld\n", (long long)start);
	rng = (uint64_t)start * UINT64_C(0x9e3779b97f4a7c15) | 1;
	struct world *w = NEW(s->a, struct world);
	assert_int_equal(core_write(s, fill, w), ERR_OK);
	assert_int_equal(core_read(s, NULL, run, w), ERR_OK);
}

static err nothing(struct ctx *cx, void *arg)
{
	struct world *w = arg;
	struct role_table t = make_roles(cx->a);
	struct principal_grant everything = { .perms = 15, .lo = 0, .hi = REGION_MAX, .sectors = SECTORS_ALL, .secret = 3,
					      .from_ms = 10, .to_ms = 20 };
	struct principal_grant empty[] = { everything, everything, everything };
	empty[0].sectors = 0;
	empty[1].perms = 0;
	empty[2].lo = 5;
	empty[2].hi = 4;
	struct {
		struct principal p;
		str perm;
		int64_t now;
	} cases[] = {
		{ { .roles = &t, .v = &everything, .n = 0 }, S("p.0"), 15 },
		{ { .roles = &t, .v = &everything, .n = 1 }, S("p.0"), 9 },
		{ { .roles = &t, .v = &everything, .n = 1 }, S("p.0"), 20 },
		{ { .roles = &t, .v = &everything, .n = 1 }, S("p.9"), 15 },
		{ { .roles = NULL, .v = &everything, .n = 1 }, S("p.0"), 15 },
		{ { .roles = &t, .v = &everything, .n = 1, .must_change = true }, S("p.0"), 15 },
		{ { .roles = &t, .v = empty, .n = 3 }, S("p.0"), 15 },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool sql[ROWS] = { 0 };
		compare(cx, w, &cases[i].p, cases[i].perm, cases[i].now, sql);
		for (int k = 0; k < ROWS; k++)
			assert_false(sql[k]);
	}
	bool sql[ROWS] = { 0 };
	seen_by_sql(cx, &(struct db_scope){ 0 }, sql);
	seen_by_sql(cx, NULL, sql);
	for (int k = 0; k < ROWS; k++)
		assert_false(sql[k]);
	struct principal p = { .roles = &t, .v = &everything, .n = 1 };
	compare(cx, w, &p, S("p.0"), 19, sql);
	for (int k = 0; k < ROWS; k++)
		assert_true(sql[k]);
	return ERR_OK;
}

static void what_is_empty_over_or_unknown_shows_nothing(void **state)
{
	struct core_store *s = *state;
	rng = 7;
	struct world *w = NEW(s->a, struct world);
	assert_int_equal(core_write(s, fill, w), ERR_OK);
	assert_int_equal(core_read(s, NULL, nothing, w), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(both_compilations_agree, core_open, core_close),
		cmocka_unit_test_setup_teardown(what_is_empty_over_or_unknown_shows_nothing, core_open, core_close),
	};
	return cmocka_run_group_tests_name("grant_property", tests, NULL, NULL);
}
