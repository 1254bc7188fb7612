/* Types and attributes of objects, and that the scope's two halves agree about them. */
#include "core_store.h"

#include <math.h>

#include "core/grant.h"
#include "core/region.h"
#include "core/sector.h"
#include "land/object.h"
#include "land/object_view.h"

struct land_store {
	struct core_store *core;
	struct catalog *catalog;
	struct sector_table sectors;
	struct object_types *types;
};

static int open_land(void **state)
{
	struct land_store *s = calloc(1, sizeof *s);
	struct fail f = { 0 };
	struct rows rows;
	void *core;
	core_open(&core);
	s->core = core;
	const char *src = getenv("BIHUAN_SOURCE");
	int64_t today = china_day(START_MS);
	struct arena *a = s->core->a;
	assert_int_equal(catalog_load(arena_printf(a, "%s/catalog", src ? src : ".").p, &s->catalog, &f), ERR_OK);
	assert_int_equal(catalog_current(s->catalog, a, S("sector"), today, S("sectors"), &rows, &f), ERR_OK);
	assert_int_equal(sector_table_read(a, &rows, &s->sectors, &f), ERR_OK);
	if (object_types_read(a, s->catalog, today, &s->types, &f) != ERR_OK)
		fail_msg("%s %s %s", f.key, f.args[0].text, f.args[1].text);
	s->core->app.sectors = &s->sectors;
	s->core->app.objects = s->types;
	for (int i = 0; i < 4; i++)
		core_sql(s->core, arena_printf(a, "INSERT INTO region_node (code, level, parent, name, name_en) VALUES (%lld, 3, 0, 'r', 'r')",
					       (long long)(HOME + i * 1000000)).p);
	for (int i = 1; i <= 4; i++)
		core_sql(s->core, arena_printf(a, "INSERT INTO org (id, region, kind, name, name_en, short, parent, sectors, valid_from_day, ver)"
						  " VALUES (%d, %lld, 'enterprise', 'o%d', 'o', 'o', 0, -1, 0, 1)", i, (long long)HOME, i).p);
	*state = s;
	return 0;
}

static int close_land(void **state)
{
	struct land_store *s = *state;
	void *core = s->core;
	catalog_free(s->catalog);
	core_close(&core);
	free(s);
	return 0;
}

/* ---- types ---- */

static void types_have_what_they_say(void **state)
{
	struct land_store *s = *state;
	const struct object_type *t = object_type_find(s->types, S("tailings-pond"));
	assert_non_null(t);
	assert_ptr_equal(object_type_named(s->types, S("尾矿库")), t);
	assert_ptr_equal(object_type_named(s->types, S("加气站")), object_type_find(s->types, S("gas-station")));
	assert_null(object_type_named(s->types, S("城堡")));
	assert_true(risk_rank(s->types, S("red")) > risk_rank(s->types, S("orange")));
	assert_int_equal(risk_rank(s->types, S("")), 0);
	for (size_t i = 0; i < s->types->n; i++) {
		assert_true(s->types->v[i].sectors != 0);
		assert_true(s->types->v[i].nattrs > 4);
	}
}

static void attributes_are_put_in_order_and_nothing_is_made_up(void **state)
{
	struct land_store *s = *state;
	struct arena *a = s->core->a;
	const struct object_type *t = object_type_find(s->types, S("tailings-pond"));
	str out;
	struct fail f = { 0 };
	assert_int_equal(attrs_check(a, t, S("{\"overtop\":false,\"note\":\"a\\\"},\\\"licence\\\":1\",\"dam_height_m\":31.5}"), &out, &f), ERR_OK);
	assert_true(str_eq(out, S("{\"dam_height_m\":31.5,\"overtop\":false,\"note\":\"a\\\"},\\\"licence\\\":1\"}")));
	assert_int_equal(attrs_check(a, t, S(""), &out, &f), ERR_OK);
	assert_true(str_eq(out, S("{}"))); /* an unknown boolean is not a false one */
	assert_int_equal(attrs_check(a, t, S("{\"dam_height_m\":5000}"), &out, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/attrs/dam_height_m");
	assert_int_equal(attrs_check(a, t, S("{\"flood_check\":\"2026-02-30\"}"), &out, &f), ERR_BAD_FIELD);
	assert_string_equal(f.pointer, "/attrs/flood_check");
}

static void attributes_read_as_people_do(void **state)
{
	struct land_store *s = *state;
	struct arena *a = s->core->a;
	const struct object_type *t = object_type_find(s->types, S("tailings-pond"));
	str attrs = S("{\"pond_class\":\"4\",\"dam_height_m\":31.5,\"overtop\":true,\"flood_check\":\"2026-05-12\",\"address\":\"后沟\"}");
	static const struct {
		str name, zh;
	} rows[] = { { S("pond_class"), S("四等") }, { S("dam_height_m"), S("31.5") }, { S("overtop"), S("是") },
		     { S("flood_check"), S("2026-05-12") }, { S("address"), S("后沟") }, { S("env_class"), S("") } };
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t k = 0; k < t->nattrs; k++)
			if (str_eq(t->attrs[k].name, rows[i].name))
				assert_true(str_eq(attr_text(a, t, attrs, k, true), rows[i].zh));
}

/* ---- the store ---- */

struct putting {
	struct object o;
	int64_t id;
};

static err put(struct ctx *cx, void *arg)
{
	struct putting *p = arg;
	return object_put(cx, &p->o, NULL, &p->id);
}

static err change(struct ctx *cx, void *arg)
{
	struct putting *p = arg;
	return object_change(cx, &p->o, NULL);
}

static struct object school(const char *name)
{
	return (struct object){ .region = HOME, .type = S("school"), .name = str_of(name), .lat = NAN, .lon = NAN,
				.valid_from_day = DB_NONE, .valid_to_day = DB_NONE };
}

struct finding {
	struct object_list_params p;
	struct db_scope scope;
	struct object_list_rows rows;
};

static err find(struct ctx *cx, void *arg)
{
	struct finding *f = arg;
	return object_list(cx->c, cx->a, &f->p, &f->scope, &f->rows);
}

static size_t found(struct land_store *s, const char *words)
{
	struct ctx cx = core_ctx(s->core, NULL);
	static const struct db_scope_range all = { 1, REGION_MAX, -1, 3, 0 };
	struct finding f = { .scope = { 1, &all } };
	struct object_query q = { .q = str_of(words), .region = JSON_NONE, .owner = JSON_NONE, .valid = JSON_NONE,
				  .after = JSON_NONE, .limit = JSON_NONE };
	struct fail fl = { 0 };
	assert_int_equal(db_read_begin(s->core->app.db, &cx.c, &fl), ERR_OK);
	assert_int_equal(object_filter_of(&cx, &q, &f.p), ERR_OK);
	db_read_end(s->core->app.db, cx.c);
	assert_int_equal(core_read(s->core, NULL, find, &f), ERR_OK);
	return f.rows.n;
}

static void a_new_name_is_found_and_the_old_one_is_not(void **state)
{
	struct land_store *s = *state;
	struct putting p = { .o = school("翠竹小学") };
	assert_int_equal(core_write(s->core, put, &p), ERR_OK);
	assert_int_equal(found(s, "翠竹"), 1);
	p.o.id = p.id;
	p.o.ver = 1;
	p.o.name = S("松柏小学");
	p.o.name_en = S("Songbai");
	assert_int_equal(core_write(s->core, change, &p), ERR_OK);
	assert_int_equal(found(s, "翠竹"), 0);
	assert_int_equal(found(s, "松柏"), 1);
	assert_int_equal(core_write(s->core, change, &p), ERR_STALE);
}

static void numbers_are_made_up_and_never_twice(void **state)
{
	struct land_store *s = *state;
	struct putting p[3] = { { .o = school("甲") }, { .o = school("乙") }, { .o = school("丙") } };
	p[1].o.no = S("110105-school-0002");
	assert_int_equal(core_write(s->core, put, &p[0]), ERR_OK);
	assert_int_equal(core_write(s->core, put, &p[1]), ERR_OK);
	assert_int_equal(core_write(s->core, put, &p[2]), ERR_OK); /* passes over the one that was given by hand */
	struct object o;
	struct ctx cx = core_ctx(s->core, NULL);
	struct fail f = { 0 };
	assert_int_equal(db_read_begin(s->core->app.db, &cx.c, &f), ERR_OK);
	assert_int_equal(object_numbered(&cx, HOME, S("school"), S("110105-school-0003"), &o), ERR_OK);
	db_read_end(s->core->app.db, cx.c);
	assert_int_equal(o.id, p[2].id);
	struct putting again = { .o = school("丁") };
	again.o.no = S("110105-school-0001");
	assert_int_equal(core_write_as(s->core, NULL, put, &again, &f), ERR_CONFLICT);
	assert_string_equal(f.pointer, "/no");
}

/* For random objects and scopes: what the list gives is what scope_allows() says. */
static void scopes_agree(void **state)
{
	struct land_store *s = *state;
	enum { OBJECTS = 60, ROUNDS = 200 };
	struct putting p[OBJECTS];
	srand(3);
	for (int i = 0; i < OBJECTS; i++) {
		p[i] = (struct putting){ .o = school(arena_printf(s->core->a, "校%d", i).p) };
		p[i].o.region = HOME + rand() % 4 * 1000000;
		p[i].o.sectors = 1 + rand() % 7;
		p[i].o.secret = rand() % 4;
		p[i].o.owner = rand() % 5;
		assert_int_equal(core_write(s->core, put, &p[i]), ERR_OK);
	}
	for (int round = 0; round < ROUNDS; round++) {
		struct db_scope_range r[2];
		struct finding f = { .p = { .lo = DB_NONE, .hi = DB_NONE, .county = DB_NONE, .sectors = DB_NONE, .owner = DB_NONE, .day = DB_NONE,
					    .west = NAN, .south = NAN, .east = NAN, .north = NAN, .max = 1000 },
				     .scope = { (size_t)(rand() % 3), r } };
		size_t want = 0;
		for (int k = 0; k < 2; k++) {
			int64_t lo = HOME + rand() % 4 * 1000000;
			r[k] = (struct db_scope_range){ lo, lo + rand() % 3 * 1000000 + 999999, rand() % 2 ? -1 : 1 + rand() % 7,
							rand() % 4, rand() % 3 ? 0 : 1 + rand() % 4 };
		}
		assert_int_equal(core_read(s->core, NULL, find, &f), ERR_OK);
		for (int i = 0; i < OBJECTS; i++) {
			const struct object *o = &p[i].o;
			const struct access_row row = { o->region, o->sectors, o->secret, &o->owner, o->owner ? 1 : 0 };
			want += scope_allows(&f.scope, &row);
		}
		assert_int_equal(f.rows.n, want);
	}
}

int main(void)
{
#define WITH_STORE(fn) cmocka_unit_test_setup_teardown(fn, open_land, close_land)
	const struct CMUnitTest tests[] = {
		WITH_STORE(types_have_what_they_say),
		WITH_STORE(attributes_are_put_in_order_and_nothing_is_made_up),
		WITH_STORE(attributes_read_as_people_do),
		WITH_STORE(a_new_name_is_found_and_the_old_one_is_not),
		WITH_STORE(numbers_are_made_up_and_never_twice),
		WITH_STORE(scopes_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
