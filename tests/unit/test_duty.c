/* Who is answerable: rules against a small district, made and changed through the acts. */
#include "core_store.h"

#include "core/catalog.h"
#include "core/duty.h"
#include "core/org.h"
#include "core/region.h"
#include "core/sector.h"

#define TOWN INT64_C(110105001000)
#define OLD_COUNTY INT64_C(110199000000)

struct district {
	struct core_store *s;
	struct sector_table sectors;
	struct region_move move;
	struct region_moves moves;
	int64_t day;
	int64_t party, gov, yjj, gas_a, gas_b, town, owner;
	int64_t secretary, deputy, head, officer, town_head;
	int64_t qian, li, zhao, sun, wang, ma;
};

static int64_t bit(const struct district *d, const char *sector)
{
	return INT64_C(1) << sector_find(&d->sectors, str_of(sector))->bit;
}

static err org(struct ctx *cx, const char *kind, int64_t region, const char *name, int64_t sectors, int64_t *ret)
{
	return org_put(cx, &(struct org_new){ .region = region, .kind = str_of(kind), .name = str_of(name), .sectors = sectors }, ret);
}

static err held_post(struct ctx *cx, int64_t of, const char *title, bool leader, const char *name, int64_t from, int64_t *ret_post,
		     int64_t *ret_person)
{
	int64_t hold;
	TRY(post_put(cx, &(struct post_new){ .org = of, .title = str_of(title), .leader = leader }, ret_post));
	TRY(person_put(cx, str_of(name), S(""), ret_person));
	return post_hold_put(cx, *ret_post, *ret_person, from, DB_NONE, &hold);
}

static err charge(struct ctx *cx, int64_t post, const char *what, int64_t sectors, int64_t from)
{
	int64_t id;
	return charge_put(cx, &(struct charge_new){ .post = post, .charge = str_of(what), .sectors = sectors, .from_day = from,
						    .to_day = DB_NONE }, &id);
}

static err found(struct ctx *cx, void *arg)
{
	struct district *d = arg;
	int64_t post, person, from = d->day - 100;
	TRY(org(cx, "party", HOME, "示例区委", -1, &d->party));
	TRY(org(cx, "government", HOME, "示例区人民政府", -1, &d->gov));
	TRY(org(cx, "department", HOME, "示例区应急管理局", bit(d, "work-safety") | bit(d, "mines"), &d->yjj));
	TRY(org(cx, "department", HOME, "示例区财政局", -1, &post));
	TRY(org(cx, "department", HOME, "示例区城市管理局", bit(d, "gas"), &d->gas_a));
	TRY(org(cx, "department", HOME, "示例区住房和城乡建设局", bit(d, "gas"), &d->gas_b));
	TRY(org(cx, "township", TOWN, "示例街道办事处", -1, &d->town));
	TRY(org(cx, "enterprise", TOWN, "示例燃气有限公司", bit(d, "gas"), &d->owner));
	TRY(held_post(cx, d->party, "区委书记", true, "钱某", from, &d->secretary, &d->qian));
	TRY(held_post(cx, d->party, "区委副书记", true, "副某", from, &post, &person));
	TRY(held_post(cx, d->gov, "区长", true, "李某", from, &post, &d->li));
	TRY(held_post(cx, d->gov, "副区长", true, "赵某", from, &d->deputy, &d->zhao));
	TRY(charge(cx, d->deputy, "in-charge", bit(d, "gas"), from));
	TRY(held_post(cx, d->yjj, "局长", true, "孙某", from, &post, &d->sun));
	TRY(held_post(cx, d->gas_a, "局长", true, "周某", from, &post, &person));
	TRY(held_post(cx, d->gas_b, "局长", true, "吴某", from, &post, &person));
	TRY(held_post(cx, d->owner, "总经理", true, "王某", from, &d->head, &d->wang));
	TRY(held_post(cx, d->owner, "安全总监", false, "马某", from, &d->officer, &d->ma));
	TRY(held_post(cx, d->town, "街道办事处主任", true, "徐某", from, &d->town_head, &person));
	return ERR_OK;
}

static int open_district(void **state)
{
	struct district *d = calloc(1, sizeof *d);
	struct duty_rules *rules;
	struct rows sectors;
	struct fail f = { 0 };
	core_open((void **)&d->s);
	struct app *app = &d->s->app;
	d->day = china_day(START_MS);
	assert_int_equal(catalog_load(NULL, &app->catalog, &f), ERR_OK);
	assert_int_equal(catalog_current(app->catalog, d->s->a, S("sector"), d->day, S("sectors"), &sectors, &f), ERR_OK);
	assert_int_equal(sector_table_read(d->s->a, &sectors, &d->sectors, &f), ERR_OK);
	assert_int_equal(duty_rules_read(d->s->a, app->catalog, d->day, &rules, &f), ERR_OK);
	d->move = (struct region_move){ OLD_COUNTY, HOME };
	d->moves = (struct region_moves){ 1, &d->move };
	app->sectors = &d->sectors;
	app->duty = rules;
	app->moves = &d->moves;
	assert_int_equal(core_write(d->s, found, d), ERR_OK);
	*state = d;
	return 0;
}

static int close_district(void **state)
{
	struct district *d = *state;
	duty_rules_close((struct duty_rules *)(uintptr_t)d->s->app.duty);
	catalog_free(d->s->app.catalog);
	core_close((void **)&d->s);
	free(d);
	return 0;
}

/* ---- asking ---- */

struct question {
	struct duty_place place;
	int64_t day;
	struct duty_rows rows;
	struct duty_tally tally;
};

static err ask(struct ctx *cx, void *arg)
{
	struct question *q = arg;
	struct duty_view *v;
	TRY(duty_begin(cx, q->day, &v));
	duty_tally(v, &q->place, &q->tally);
	duty_end(v);
	return duty_of(cx, &q->place, q->day, &q->rows);
}

static struct question station(const struct district *d, int64_t day)
{
	struct question q = { .place = { .region = TOWN, .sectors = bit(d, "gas"), .owner = d->owner, .object = 77,
					 .object_type = S("gas-station") }, .day = day };
	assert_int_equal(core_read(d->s, NULL, ask, &q), ERR_OK);
	return q;
}

static const struct duty_row *row(const struct question *q, enum duty_line line, const char *role)
{
	for (size_t i = 0; i < q->rows.n; i++)
		if (q->rows.v[i].line == line && str_eq(q->rows.v[i].rule->role, str_of(role)))
			return &q->rows.v[i];
	fail_msg("no row %s", role);
	return NULL;
}

static void assert_held(const struct question *q, enum duty_line line, const char *role, int64_t person)
{
	const struct duty_row *r = row(q, line, role);
	assert_int_equal(r->gap, DUTY_GAP_NONE);
	assert_int_equal(r->person, person);
}

static void every_line_names_its_person(void **state)
{
	struct district *d = *state;
	struct question q = station(d, d->day);
	assert_held(&q, DUTY_ENTITY, "head", d->wang);
	assert_held(&q, DUTY_ENTITY, "safety-officer", d->ma);
	assert_held(&q, DUTY_COMPREHENSIVE, "comprehensive", d->sun);
	assert_held(&q, DUTY_LEADER, "party-secretary", d->qian);
	assert_held(&q, DUTY_LEADER, "government-head", d->li);
	assert_held(&q, DUTY_LEADER, "in-charge", d->zhao);
	assert_int_equal(row(&q, DUTY_ENTITY, "head")->since_day, d->day - 100);
	assert_true(str_eq(row(&q, DUTY_ENTITY, "head")->org_name, S("示例燃气有限公司")));
	assert_true(str_eq(row(&q, DUTY_ENTITY, "head")->person_name, S("王某")));
	for (size_t i = 0; i < q.rows.n; i++) /* whoever answers for everything (finance) regulates nothing */
		assert_true(!str_eq(q.rows.v[i].org_name, S("示例区财政局")));
}

static void two_departments_overlap_until_one_is_designated(void **state)
{
	struct district *d = *state;
	struct question q = station(d, d->day);
	const struct duty_row *r = row(&q, DUTY_REGULATOR, "regulator");
	assert_true(r->overlap);
	assert_int_equal(r->nfits, 2);
	assert_true(q.tally.overlap[DUTY_REGULATOR] != 0);
}

struct settling {
	struct district *d;
	struct designation_new n;
	int64_t id;
};

static err settle(struct ctx *cx, void *arg)
{
	struct settling *s = arg;
	return designation_put(cx, &s->n, &s->id);
}

static err unsettle(struct ctx *cx, void *arg)
{
	struct settling *s = arg;
	return designation_end(cx, s->id, s->d->day + 10, S("职责调整"));
}

static struct settling regulator_is(struct district *d, int64_t object, int64_t org)
{
	return (struct settling){ d, { .region = object ? TOWN : HOME, .object = object, .sectors = bit(d, "gas"),
				       .line = S("regulator"), .role = S("regulator"), .org = org, .decided_by = d->gov,
				       .reason = S("明确燃气监管部门"), .from_day = d->day, .to_day = DB_NONE }, 0 };
}

static void designations_settle_from_their_day_on(void **state)
{
	struct district *d = *state;
	struct settling all = regulator_is(d, 0, d->gas_b), one = regulator_is(d, 77, d->gas_a);
	assert_int_equal(core_write(d->s, settle, &all), ERR_OK);
	struct question q = station(d, d->day);
	assert_int_equal(row(&q, DUTY_REGULATOR, "regulator")->org, d->gas_b);
	assert_int_equal(row(&q, DUTY_REGULATOR, "regulator")->designation, all.id);
	assert_false(row(&q, DUTY_REGULATOR, "regulator")->overlap);
	q = station(d, d->day - 1);
	assert_true(row(&q, DUTY_REGULATOR, "regulator")->overlap);
	assert_int_equal(core_write(d->s, settle, &one), ERR_OK);
	q = station(d, d->day);
	assert_int_equal(row(&q, DUTY_REGULATOR, "regulator")->org, d->gas_a); /* the object before its region */
	assert_int_equal(core_write(d->s, unsettle, &one), ERR_OK);
	assert_int_equal(core_write(d->s, unsettle, &one), ERR_STALE);
	q = station(d, d->day + 11);
	assert_int_equal(row(&q, DUTY_REGULATOR, "regulator")->org, d->gas_b);
}

static void designations_refuse_what_is_not_there(void **state)
{
	struct district *d = *state;
	struct settling s = regulator_is(d, 0, 12345);
	assert_int_equal(core_write(d->s, settle, &s), ERR_BAD_FIELD);
	s = regulator_is(d, 0, d->gas_a);
	s.n.role = S("king");
	assert_int_equal(core_write(d->s, settle, &s), ERR_BAD_FIELD);
	s = regulator_is(d, 0, d->gas_a);
	s.n.post = d->head; /* of another organisation */
	assert_int_equal(core_write(d->s, settle, &s), ERR_BAD_FIELD);
	s = regulator_is(d, 0, d->gas_a);
	s.n.to_day = d->day - 1;
	assert_int_equal(core_write(d->s, settle, &s), ERR_BAD_FIELD);
	s = regulator_is(d, 0, 0);
	assert_int_equal(core_write(d->s, settle, &s), ERR_BAD_FIELD);
}

static err new_head(struct ctx *cx, void *arg)
{
	struct district *d = arg;
	int64_t person, hold;
	TRY(person_put(cx, S("新某"), S(""), &person));
	TRY(post_hold_put(cx, d->head, person, d->day - 10, d->day - 3, &hold));
	d->li = person;
	return ERR_OK;
}

/* The index is read anew after every change, and a past day is answered as of that day. */
static void holders_change_and_the_past_stays(void **state)
{
	struct district *d = *state;
	struct question q = station(d, d->day);
	assert_held(&q, DUTY_ENTITY, "head", d->wang);
	assert_int_equal(core_write(d->s, new_head, d), ERR_OK);
	q = station(d, d->day - 11);
	assert_held(&q, DUTY_ENTITY, "head", d->wang);
	q = station(d, d->day - 5);
	assert_held(&q, DUTY_ENTITY, "head", d->li);
	q = station(d, d->day);
	assert_int_equal(row(&q, DUTY_ENTITY, "head")->gap, DUTY_GAP_VACANT);
	assert_int_equal(q.tally.missing[DUTY_ENTITY], bit(d, "gas"));
	assert_int_equal(q.tally.missing[DUTY_LEADER], 0);
}

static err new_head_but_fail(struct ctx *cx, void *arg)
{
	TRY(new_head(cx, arg));
	struct question q = { .place = { .region = TOWN, .sectors = -1 }, .day = ((struct district *)arg)->day };
	TRY(ask(cx, &q)); /* compiled from what will never be */
	return ERR_CONFLICT;
}

static void what_failed_was_never_compiled(void **state)
{
	struct district *d = *state;
	assert_int_equal(core_write(d->s, new_head_but_fail, d), ERR_CONFLICT);
	struct question q = station(d, d->day);
	assert_held(&q, DUTY_ENTITY, "head", d->wang);
}

/* Object and organisations under the former code and the present one find each other. */
static void a_former_code_is_the_same_place(void **state)
{
	struct district *d = *state;
	struct question q = { .place = { .region = OLD_COUNTY, .sectors = bit(d, "gas") }, .day = d->day };
	assert_int_equal(core_read(d->s, NULL, ask, &q), ERR_OK);
	assert_held(&q, DUTY_LEADER, "in-charge", d->zhao);
}

static void what_is_missing_says_how(void **state)
{
	struct district *d = *state;
	struct question q = { .place = { .region = INT64_C(110106001000), .sectors = bit(d, "gas"), .object = 5,
					 .object_type = S("coal-mine") }, .day = d->day };
	assert_int_equal(core_read(d->s, NULL, ask, &q), ERR_OK);
	assert_int_equal(row(&q, DUTY_REGULATOR, "regulator")->gap, DUTY_GAP_NO_ORG);
	assert_int_equal(row(&q, DUTY_ENTITY, "governor")->gap, DUTY_GAP_NO_ORG);
	for (size_t i = 0; i < q.rows.n; i++) /* Shanxi's commissioners are Shanxi's */
		assert_int_not_equal(q.rows.v[i].line, DUTY_COMMISSIONER);
	q.place.region = INT64_C(140105001000);
	assert_int_equal(core_read(d->s, NULL, ask, &q), ERR_OK);
	size_t commissioners = 0;
	for (size_t i = 0; i < q.rows.n; i++)
		commissioners += q.rows.v[i].line == DUTY_COMMISSIONER;
	assert_int_equal(commissioners, 2);
	q.place.sectors = 0;
	assert_int_equal(core_read(d->s, NULL, ask, &q), ERR_OK);
	assert_int_equal(row(&q, DUTY_REGULATOR, "regulator")->gap, DUTY_GAP_NO_SECTOR);
	assert_true(q.tally.missing[DUTY_REGULATOR] == DUTY_NO_SECTOR);
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_district, close_district)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_line_names_its_person),
		T(two_departments_overlap_until_one_is_designated),
		T(designations_settle_from_their_day_on),
		T(designations_refuse_what_is_not_there),
		T(holders_change_and_the_past_stays),
		T(what_failed_was_never_compiled),
		T(a_former_code_is_the_same_place),
		T(what_is_missing_says_how),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
