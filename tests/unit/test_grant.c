#include "core_store.h"

#include "core/grant.h"
#include "core/region.h"
#include "core/sector.h"

static const char perms_tsv[] = "id\tbit\ten\tzh\nmatter.read\t0\ta\tb\nmatter.act\t1\ta\tb\ngrant.write\t2\ta\tb\n"
				"org.read\t3\ta\tb\norg.write\t4\ta\tb\nledger.read\t5\ta\tb\n";
static const char roles_tsv[] = "id\ten\tzh\tperms\texclusive_with\nunit\ta\tb\tmatter.read matter.act org.read\t\n"
				"boss\ta\tb\tmatter.read grant.write\t\nsysadmin\ta\tb\torg.read org.write\tsecadmin auditadmin\n"
				"secadmin\ta\tb\tgrant.write org.read\tauditadmin\nauditadmin\ta\tb\tledger.read\t\n";

static err read_table(struct arena *a, const char *perms, const char *roles, struct role_table *t, struct fail *f)
{
	return role_table_read(a, str_of(perms), str_of(roles), t, f);
}

struct scene {
	struct arena *a;
	struct role_table t;
	struct fail f;
};

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	s->a = arena_new();
	assert_int_equal(read_table(s->a, perms_tsv, roles_tsv, &s->t, &s->f), ERR_OK);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;
	arena_free(s->a);
	free(s);
	return 0;
}

static struct principal_grant grant(struct scene *s, const char *role, int64_t region, int64_t sectors)
{
	const struct role_def *r = role_find(&s->t, str_of(role));
	struct principal_grant g = { .role = str_of(role), .perms = r->perms, .sectors = sectors, .secret = 1, .to_ms = 1000 };
	region_range(region, &g.lo, &g.hi);
	return g;
}

static struct principal person(struct scene *s, const struct principal_grant *v, size_t n)
{
	return (struct principal){ .account = 1, .person = 2, .roles = &s->t, .v = v, .n = n };
}

static void a_grant_ends_at_its_borders(void **state)
{
	struct scene *s = *state;
	struct principal_grant g[] = { grant(s, "unit", INT64_C(110105000000), 6) };
	g[0].from_ms = 10;
	struct principal p = person(s, g, 1);
	str read = S("matter.read");
	struct access_row row = { .region = INT64_C(110105001000), .sectors = 2, .secret = 1 };
	assert_true(allow(&p, read, &row, 10));
	assert_false(allow(&p, read, &row, 9));
	assert_true(allow(&p, read, &row, 999));
	assert_false(allow(&p, read, &row, 1000)); /* at valid_to it is over */
	assert_false(allow(&p, S("grant.write"), &row, 10));
	assert_false(allow(&p, S("no.such"), &row, 10));
	assert_false(allow(NULL, read, &row, 10));
	row.sectors = 1;
	assert_false(allow(&p, read, &row, 10));
	row.sectors = 0; /* rows without a sector need a grant for all */
	assert_false(allow(&p, read, &row, 10));
	g[0].sectors = SECTORS_ALL;
	assert_true(allow(&p, read, &row, 10));
	row.secret = 2;
	assert_false(allow(&p, read, &row, 10));
	row.secret = 0;
	row.region = INT64_C(110106000000);
	assert_false(allow(&p, read, &row, 10));
	row.region = INT64_C(110105999999);
	assert_true(allow(&p, read, &row, 10));
	p.must_change = true;
	assert_false(allow(&p, read, &row, 10));
}

static void a_party_sees_its_own_only(void **state)
{
	struct scene *s = *state;
	struct principal_grant g[] = { grant(s, "unit", INT64_C(110000000000), SECTORS_ALL) };
	g[0].party = 77;
	struct principal p = person(s, g, 1);
	int64_t parties[] = { 5, 77 };
	struct access_row row = { .region = INT64_C(110105001000), .parties = parties, .nparties = 2 };
	assert_true(allow(&p, S("matter.read"), &row, 1));
	row.nparties = 1;
	assert_false(allow(&p, S("matter.read"), &row, 1));
	struct ctx cx = { .a = s->a, .who = &p, .now_ms = 1 };
	assert_true(cx_in_region(&cx, S("org.read"), INT64_C(110105000000)));
	assert_false(cx_in_region(&cx, S("matter.act"), INT64_C(110105000000)));
	assert_false(cx_in_region(&cx, S("org.read"), INT64_C(120105000000)));
}

static void scopes_are_merged(void **state)
{
	struct scene *s = *state;
	struct principal_grant g[] = {
		grant(s, "unit", INT64_C(110105001000), 6), grant(s, "unit", INT64_C(110105000000), SECTORS_ALL),
		grant(s, "unit", INT64_C(110106000000), SECTORS_ALL), grant(s, "unit", INT64_C(110105002000), SECTORS_ALL),
		grant(s, "boss", INT64_C(130000000000), 2), grant(s, "secadmin", INT64_C(120000000000), SECTORS_ALL),
	};
	struct principal p = person(s, g, COUNT_OF(g));
	struct db_scope sc;
	scope_for(s->a, &p, S("matter.read"), 1, &sc);
	assert_int_equal(sc.n, 2);
	assert_int_equal(sc.v[0].lo, INT64_C(110105000000));
	assert_int_equal(sc.v[0].hi, INT64_C(110106999999)); /* neighbours become one range */
	assert_int_equal(sc.v[1].lo, INT64_C(130000000000));
	scope_for(s->a, &p, S("matter.read"), 5000, &sc);
	assert_int_equal(sc.n, 0);
	scope_for(s->a, &p, S("nothing"), 1, &sc);
	assert_int_equal(sc.n, 0);
	scope_for(s->a, NULL, S("matter.read"), 1, &sc);
	assert_int_equal(sc.n, 0);
	/* The same grant twice is one range. */
	struct principal_grant twin[] = { g[0], g[0] };
	p = person(s, twin, 2);
	scope_for(s->a, &p, S("matter.read"), 1, &sc);
	assert_int_equal(sc.n, 1);
}

static struct grant_new offer(const char *role, int64_t region)
{
	struct grant_new g = { .account = 9, .person = 9, .role = str_of(role), .sectors = 2, .secret = 1, .from_ms = 1,
			       .to_ms = 900 };
	region_range(region, &g.lo, &g.hi);
	return g;
}

static void nobody_gives_more_than_they_have(void **state)
{
	struct scene *s = *state;
	struct principal_grant g[] = { grant(s, "boss", INT64_C(110105000000), 6), grant(s, "unit", INT64_C(110000000000), 6) };
	struct principal p = person(s, g, 2);
	struct grant_new n = offer("boss", INT64_C(110105001000));
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_OK);
	n = offer("unit", INT64_C(110105001000)); /* from both grants together */
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_OK);
	n = offer("unit", INT64_C(110106000000)); /* may not give there */
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_FORBIDDEN);
	n = offer("boss", INT64_C(110105001000));
	n.sectors = 8;
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_FORBIDDEN);
	n.sectors = SECTORS_ALL;
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_FORBIDDEN);
	n = offer("boss", INT64_C(110105001000));
	n.secret = 2;
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_FORBIDDEN);
	n.secret = 1;
	n.to_ms = 1001;
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_FORBIDDEN);
	n = offer("sysadmin", INT64_C(110105001000));
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_FORBIDDEN);
	n = offer("boss", INT64_C(110105001000));
	n.account = 1;
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_SEPARATION);
	n = offer("boss", INT64_C(110105001000));
	n.person = 2;
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_SEPARATION);
	n = offer("nobody", INT64_C(110105001000));
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_BAD_FIELD);
	assert_int_equal(grant_check(NULL, &s->t, &(struct grant_new){ .role = S("unit"), .sectors = 1, .to_ms = 9 }, NULL, 0, 1,
				     &s->f), ERR_FORBIDDEN);
}

static void administrators_are_three_people(void **state)
{
	struct scene *s = *state;
	struct principal_grant g[] = { grant(s, "secadmin", INT64_C(110000000000), SECTORS_ALL) };
	struct principal p = person(s, g, 1);
	static const str sys[] = { { "sysadmin", 8 } }, audit[] = { { "unit", 4 }, { "auditadmin", 10 } };
	struct grant_new n = offer("unit", INT64_C(110105000000)); /* gives what it does not have itself */
	assert_int_equal(grant_check(&p, &s->t, &n, sys, 1, 1, &s->f), ERR_OK);
	n = offer("auditadmin", INT64_C(110000000000));
	assert_int_equal(grant_check(&p, &s->t, &n, NULL, 0, 1, &s->f), ERR_OK);
	assert_int_equal(grant_check(&p, &s->t, &n, sys, 1, 1, &s->f), ERR_SEPARATION);
	n = offer("secadmin", INT64_C(110000000000));
	assert_int_equal(grant_check(&p, &s->t, &n, audit, 2, 1, &s->f), ERR_SEPARATION);
	n = offer("sysadmin", INT64_C(110000000000));
	assert_int_equal(grant_check(&p, &s->t, &n, audit, 2, 1, &s->f), ERR_SEPARATION);
}

static void broken_role_tables_are_refused(void **state)
{
	struct scene *s = *state;
	static const char *const bad_roles[] = {
		"id\ten\tzh\tperms\texclusive_with\nx\ta\tb\tno.such\t\n",
		"id\ten\tzh\tperms\texclusive_with\nx\ta\tb\tmatter.read\ty\n",
		"id\ten\tzh\tperms\texclusive_with\nx\ta\tb\tmatter.read\tx\n",
		"id\ten\tzh\tperms\texclusive_with\nx\ta\tb\tmatter.read\t\nx\ta\tb\tmatter.act\t\n",
		"id\ten\tzh\tperms\texclusive_with\nsysadmin\ta\tb\tgrant.write\t\n",
		"id\ten\tzh\tperms\texclusive_with\nsecadmin\ta\tb\tmatter.read\t\n",
		"id\ten\tzh\tperms\texclusive_with\nauditadmin\ta\tb\torg.write\t\n",
	};
	struct role_table t;
	for (size_t i = 0; i < COUNT_OF(bad_roles); i++)
		assert_int_equal(read_table(s->a, perms_tsv, bad_roles[i], &t, &s->f), ERR_BAD_FORMAT);
	assert_int_equal(read_table(s->a, "id\tbit\ten\tzh\na\t0\tx\ty\nb\t0\tx\ty\n", roles_tsv, &t, &s->f), ERR_BAD_FORMAT);
	assert_int_equal(read_table(s->a, "id\tbit\ten\tzh\na\t63\tx\ty\n", roles_tsv, &t, &s->f), ERR_BAD_FORMAT);
}

static void the_catalog_in_the_tree_reads(void **state)
{
	struct scene *s = *state;
	struct role_table t;
	assert_int_equal(read_table(s->a, test_file(s->a, "catalog/role/2026/perms.tsv").p,
				    test_file(s->a, "catalog/role/2026/roles.tsv").p, &t, &s->f), ERR_OK);
	static const char *const admins[] = { "sysadmin", "secadmin", "auditadmin" };
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			if (i != k) {
				const struct role_def *r = role_find(&t, str_of(admins[i]));
				assert_true(r->exclusive >> (role_find(&t, str_of(admins[k])) - t.roles.v) & 1);
			}
}

static void sectors_have_masks(void **state)
{
	struct scene *s = *state;
	struct rows rows;
	struct sector_table t;
	assert_int_equal(rows_read(s->a, S("sectors"), test_file(s->a, "catalog/sector/2026/sectors.tsv"), &rows, &s->f), ERR_OK);
	assert_int_equal(sector_table_read(s->a, &rows, &t, &s->f), ERR_OK);
	str ids[] = { S("fire"), S("work-safety") };
	int64_t mask = 0;
	assert_int_equal(sector_mask(&t, &(struct json_strs){ ids, 2 }, "/sectors", &mask, &s->f), ERR_OK);
	assert_int_equal(mask, 3);
	struct json_strs back = sector_ids(s->a, &t, mask);
	assert_int_equal(back.n, 2);
	assert_true(str_eq(back.v[0], S("work-safety")));
	ids[1] = S("all");
	assert_int_equal(sector_mask(&t, &(struct json_strs){ ids, 2 }, "/sectors", &mask, &s->f), ERR_OK);
	assert_int_equal(mask, -1);
	assert_true(str_eq(sector_ids(s->a, &t, -1).v[0], S("all")));
	ids[1] = S("nonsense");
	assert_int_equal(sector_mask(&t, &(struct json_strs){ ids, 2 }, "/sectors", &mask, &s->f), ERR_BAD_FIELD);
}

int main(void)
{
#define IN_SCENE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_grant_ends_at_its_borders),
		IN_SCENE(a_party_sees_its_own_only),
		IN_SCENE(scopes_are_merged),
		IN_SCENE(nobody_gives_more_than_they_have),
		IN_SCENE(administrators_are_three_people),
		IN_SCENE(broken_role_tables_are_refused),
		IN_SCENE(the_catalog_in_the_tree_reads),
		IN_SCENE(sectors_have_masks),
	};
	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
