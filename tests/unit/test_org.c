#include "core_store.h"

#include "core/grant.h"
#include "core/ledger.h"
#include "core/org.h"
#include "core/org_view.h"
#include "core/region.h"

static const int64_t CITY = INT64_C(110100000000), TOWN = INT64_C(110105001000), OTHER = INT64_C(110106000000);

/* ---- regions ---- */

static void codes_are_ranges(void **state)
{
	(void)state;
	static const struct {
		int64_t code, lo, hi;
		int level;
	} rows[] = {
		{ INT64_C(110000000000), INT64_C(110000000000), INT64_C(119999999999), 1 },
		{ INT64_C(110100000000), INT64_C(110100000000), INT64_C(110199999999), 2 },
		{ INT64_C(110105000000), INT64_C(110105000000), INT64_C(110105999999), 3 },
		{ INT64_C(110105001000), INT64_C(110105001000), INT64_C(110105001999), 4 },
		{ INT64_C(110105001002), INT64_C(110105001002), INT64_C(110105001002), 5 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t lo, hi;
		region_range(rows[i].code, &lo, &hi);
		assert_int_equal(lo, rows[i].lo);
		assert_int_equal(hi, rows[i].hi);
		assert_int_equal(region_level(rows[i].code), rows[i].level);
		assert_int_equal(region_of_range(lo, hi), rows[i].code);
	}
	assert_int_equal(region_up(INT64_C(110105001002), REGION_COUNTY), INT64_C(110105000000));
	assert_int_equal(region_of_range(INT64_C(110105000000), INT64_C(110106999999)), 0);
	assert_false(region_valid(0));
	assert_false(region_valid(REGION_MAX + 1));
}

static void successors_are_followed_to_today(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct region_move v[] = { { 1, 2 }, { 2, 3 }, { 7, 8 }, { 8, 7 } };
	struct region_moves m = region_moves_resolve(a, v, COUNT_OF(v));
	assert_int_equal(m.v[0].to, 3);
	assert_int_equal(m.v[1].to, 3);
	assert_int_equal(m.n, 4); /* a cycle ends */
}

static err import(struct ctx *cx, void *arg)
{
	struct rows rows;
	int64_t n;
	(void)arg;
	str text = S("code\tname\tname_en\tvalid_to\tsuccessor\n110000000000\t北京市\tBeijing\t\t\n"
		     "110100000000\t市辖区\tMunicipal districts\t\t\n110105000000\t示例区\tDemo District\t\t\n"
		     "110105001000\t城关镇\tChengguan Town\t\t\n110106000000\t邻区\tNext District\t\t\n"
		     "110228000000\t旧县\tOld County\t2015-12-31\t110105000000\n");
	TRY(rows_read(cx->a, S("regions"), text, &rows, &cx->fail));
	TRY(region_import(cx->c, cx->a, &rows, &n, &cx->fail));
	assert_int_equal(n, 6);
	TRY(region_import(cx->c, cx->a, &rows, &n, &cx->fail)); /* again: replaced */
	str path;
	TRY(region_path_name(cx->c, cx->a, TOWN, S("zh-CN"), &path));
	assert_true(str_eq(path, S("北京市示例区城关镇")));
	struct region_moves m;
	TRY(region_moves_load(cx->c, cx->a, &m));
	assert_int_equal(m.n, 1);
	assert_int_equal(m.v[0].to, HOME);
	return ERR_OK;
}

static void the_catalog_is_imported(void **state)
{
	assert_int_equal(core_write(*state, import, NULL), ERR_OK);
}

/* ---- organisations ---- */

struct made {
	int64_t government, emergency, housing, urban, market, publicity, city_emergency, town, other_emergency, mine;
	int64_t person, second, post, hold;
};

static err put(struct ctx *cx, int64_t region, const char *kind, const char *name, const char *en, const char *shrt,
	       int64_t *ret)
{
	const struct org_new o = { .region = region, .kind = str_of(kind), .name = str_of(name), .name_en = str_of(en),
				   .short_name = str_of(shrt), .sectors = 1 };
	return org_put(cx, &o, ret);
}

static err make(struct ctx *cx, void *arg)
{
	struct made *m = arg;
	TRY(import(cx, NULL));
	TRY(put(cx, HOME, "government", "示例区人民政府", "Demo District People's Government", "区政府", &m->government));
	TRY(put(cx, HOME, "department", "示例区应急管理局", "Demo District Emergency Management Bureau", "区应急局", &m->emergency));
	TRY(put(cx, HOME, "department", "示例区住房和城乡建设局", "Demo District Housing and Construction Bureau", "", &m->housing));
	TRY(put(cx, HOME, "department", "示例区城市管理局", "Demo District Urban Management Bureau", "区城管局", &m->urban));
	TRY(put(cx, HOME, "department", "示例区市场监督管理局", "Demo District Market Regulation Bureau", "", &m->market));
	TRY(put(cx, HOME, "party", "中共示例区委宣传部", "Publicity Department", "区委宣传部", &m->publicity));
	TRY(put(cx, CITY, "department", "北京市应急管理局", "Beijing Emergency Management Bureau", "市应急局", &m->city_emergency));
	TRY(put(cx, TOWN, "township", "城关镇人民政府", "Chengguan Town Government", "", &m->town));
	TRY(put(cx, OTHER, "department", "邻区应急管理局", "Next District Emergency Management Bureau", "", &m->other_emergency));
	return put(cx, HOME, "enterprise", "示例煤业有限公司", "Demo Coal Co. Ltd", "示例煤业", &m->mine);
}

struct expectation {
	const char *name;
	int64_t region, org;
};

static err match_all(struct ctx *cx, void *arg)
{
	const struct made *m = arg;
	const struct expectation rows[] = {
		{ "示例区应急管理局", HOME, m->emergency }, { "区应急局", HOME, m->emergency }, { "应急局", HOME, m->emergency },
		{ "应急管理局", HOME, m->emergency }, { "区应急管理局", HOME, m->emergency }, { "区安监局", HOME, m->emergency },
		{ "市应急局", HOME, m->city_emergency }, { "北京市应急管理局", HOME, m->city_emergency },
		{ "市应急管理局", HOME, m->city_emergency }, { " 区 应急局　", HOME, m->emergency },
		{ "区住建局", HOME, m->housing }, { "住建局", HOME, m->housing }, { "区建设局", HOME, m->housing },
		{ "城管局", HOME, m->urban }, { "区综合行政执法局", HOME, m->urban },
		{ "市场监管局", HOME, m->market }, { "区市场监管局", HOME, m->market },
		{ "区市监局", HOME, m->market }, { "区委宣传部", HOME, m->publicity }, { "宣传部", HOME, m->publicity },
		{ "区政府", HOME, m->government }, { "示例区政府", HOME, m->government },
		{ "城关镇", HOME, m->town }, { "城关镇人民政府", HOME, m->town }, { "城关镇政府", HOME, m->town },
		{ "示例煤业", HOME, m->mine }, { "示例煤业有限公司", HOME, m->mine },
		{ "the District Emergency Management Bureau", HOME, m->emergency },
		{ "Demo District Emergency Management Bureau", HOME, m->emergency },
		{ "Municipal Emergency Management Bureau", HOME, m->city_emergency },
		{ "District Housing and Construction Bureau", HOME, m->housing },
		{ "应急局", OTHER, m->other_emergency }, { "区应急局", OTHER, m->other_emergency },
		{ "各有关部门", HOME, 0 }, { "", HOME, 0 }, { "区水务局", HOME, 0 }, { "县应急局", CITY, 0 }, { "局", HOME, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t got = -1;
		TRY(org_match(cx, rows[i].region, str_of(rows[i].name), &got));
		if (got != rows[i].org)
			fail_msg("%s: %lld, expected %lld", rows[i].name, (long long)got, (long long)rows[i].org);
	}
	return ERR_OK;
}

static void names_in_documents_find_their_units(void **state)
{
	struct core_store *s = *state;
	struct made m = { 0 };
	struct fail f;
	assert_int_equal(catalog_load(NULL, &s->app.catalog, &f), ERR_OK);
	assert_int_equal(core_write(s, make, &m), ERR_OK);
	assert_int_equal(core_read(s, NULL, match_all, &m), ERR_OK);
	catalog_free(s->app.catalog);
}

static err change_twice(struct ctx *cx, void *arg)
{
	const struct made *m = arg;
	struct org_change o = { .id = m->housing, .ver = 1, .name = S("示例区住建局"), .parent = m->government, .sectors = DB_NONE,
				.valid_to_day = DB_NONE };
	TRY(org_change(cx, &o));
	struct org_get_row row;
	TRY(org_get(cx->c, cx->a, &(struct org_get_params){ .id = m->housing }, &row));
	assert_int_equal(row.ver, 2);
	assert_int_equal(row.parent, m->government);
	assert_int_equal(row.sectors, 1);
	assert_int_equal(org_change(cx, &o), ERR_STALE);
	assert_string_equal(cx->fail.args[0].text, "2");
	o.ver = 2;
	o.parent = m->housing;
	assert_int_equal(org_change(cx, &o), ERR_BAD_FIELD); /* its own parent */
	o.parent = m->other_emergency;
	assert_int_equal(org_change(cx, &o), ERR_BAD_FIELD); /* of another region */
	int64_t id;
	assert_int_equal(put(cx, 5, "department", "x", "x", "", &id), ERR_BAD_FIELD);
	assert_int_equal(put(cx, HOME, "club", "x", "x", "", &id), ERR_BAD_FIELD);
	return ERR_OK;
}

static err hold_posts(struct ctx *cx, void *arg)
{
	struct made *m = arg;
	const struct post_new p = { .org = m->emergency, .title = S("局长"), .leader = true };
	TRY(person_put(cx, S("张三"), S("Zhang San"), &m->person));
	TRY(person_put(cx, S("李四"), S("Li Si"), &m->second));
	TRY(post_put(cx, &p, &m->post));
	TRY(post_hold_put(cx, m->post, m->person, 100, DB_NONE, &m->hold));
	/* The next one ends the open term the day before. */
	TRY(post_hold_put(cx, m->post, m->second, 200, 300, &m->hold));
	struct hold_of_post_rows rows;
	TRY(hold_of_post(cx->c, cx->a, &(struct hold_of_post_params){ .post = m->post }, &rows));
	assert_int_equal(rows.n, 2);
	assert_int_equal(rows.v[0].person, m->second);
	assert_int_equal(rows.v[1].to_day, 199);
	assert_int_equal(post_hold_put(cx, m->post, m->person, 250, DB_NONE, &m->hold), ERR_CONFLICT);
	assert_int_equal(post_hold_put(cx, m->post, m->person, 400, 399, &m->hold), ERR_BAD_FIELD);
	assert_int_equal(post_hold_put(cx, m->post, 12345, 400, 500, &m->hold), ERR_BAD_FIELD);
	return ERR_OK;
}

static err events_hide_names(struct ctx *cx, void *arg)
{
	(void)arg;
	static const struct db_frag sql[] = { { DB_FRAG_TEXT, "SELECT body FROM ledger_event", 0 }, { 0 } };
	static const struct db_query q = { "bodies", { sql, sql }, "", false };
	struct db_cursor *cur;
	bool row;
	int n = 0;
	TRY(db_query(cx->c, &q, NULL, NULL, &cur));
	while (db_step(cur, &row) == ERR_OK && row) {
		str body = db_col_str(cur, 0);
		assert_true(str_find(body, S("张三")) < 0 && str_find(body, S("Zhang")) < 0);
		n++;
	}
	db_done(cur);
	assert_true(n > 15);
	struct ledger_report r;
	TRY(ledger_verify(cx->c, NULL, NULL, &r));
	assert_int_equal(r.what, LEDGER_OK);
	assert_int_equal(r.events, n);
	return ERR_OK;
}

static void changes_are_acts(void **state)
{
	struct core_store *s = *state;
	struct made m = { 0 };
	assert_int_equal(core_write(s, make, &m), ERR_OK);
	assert_int_equal(core_write(s, change_twice, &m), ERR_OK);
	assert_int_equal(core_write(s, hold_posts, &m), ERR_OK);
	assert_int_equal(core_read(s, NULL, events_hide_names, &m), ERR_OK);
}

/* ---- duties ---- */

static void duties_survive_their_text(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	str v[] = { S("分管安全生产\"一线\""), S("coal mines") };
	struct json_strs back;
	duties_read(a, duties_write(a, &(struct json_strs){ v, 2 }), &back);
	assert_int_equal(back.n, 2);
	assert_true(str_eq(back.v[0], v[0]) && str_eq(back.v[1], v[1]));
	duties_read(a, S("[]"), &back);
	assert_int_equal(back.n, 0);
	duties_read(a, S("not json"), &back);
	assert_int_equal(back.n, 0);
}

int main(void)
{
#define IN_STORE(t) cmocka_unit_test_setup_teardown(t, core_open, core_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_ranges),
		cmocka_unit_test(successors_are_followed_to_today),
		IN_STORE(the_catalog_is_imported),
		IN_STORE(names_in_documents_find_their_units),
		IN_STORE(changes_are_acts),
		cmocka_unit_test(duties_survive_their_text),
	};
	return cmocka_run_group_tests_name("org", tests, NULL, NULL);
}
