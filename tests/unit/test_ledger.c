#include "core_store.h"

#include <pthread.h>

#include "core/ledger.h"
#include "core/ledger_sql.h"
#include "core/merkle.h"

static void the_text_is_exact(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ledger_entry e = { .region = HOME, .seq = 7, .at_ms = START_MS, .actor = 42, .kind = S("matter.accept"),
				  .subject = S("matter/9"), .data = S("{\"state\":\"doing\",\"ver\":2}") };
	str body = ledger_body(a, &e);
	assert_string_equal(body.p, "{\"actor\":\"42\",\"at\":1795370400000,\"data\":{\"state\":\"doing\",\"ver\":2},"
				    "\"kind\":\"matter.accept\",\"region\":110105000000,\"seq\":7,\"subject\":\"matter/9\",\"v\":1}");
	assert_true(canon_valid(body));
	e.data = S("{\"p\":0.5}");
	assert_true(str_is_null(ledger_body(a, &e)));
	e.data = S("{}");
	e.kind = S("a\"b");
	assert_true(str_is_null(ledger_body(a, &e)));
	e.kind = S("a.b");
	e.subject = S("");
	assert_true(str_is_null(ledger_body(a, &e)));
}

static void commitments_hide_and_prove(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	str c = commitment(a, S("salt"), S("张三"));
	assert_int_equal(c.n, 64);
	assert_true(str_eq(c, commitment(a, S("salt"), S("张三"))));
	assert_false(str_eq(c, commitment(a, S("other"), S("张三"))));
}

struct act {
	int64_t region, matter, ver;
	const char *state;
	bool fail;
	bool other; /* not an act on a matter */
};

static err write_act(struct ctx *cx, void *arg)
{
	struct act *t = arg;
	struct canon c;
	int64_t seq;
	canon_begin(&c, cx->a);
	canon_str(&c, "state", str_of(t->state));
	canon_i64(&c, "ver", t->ver);
	TRY(ledger_append(cx, t->region, t->other ? "test.step" : "matter.step", ledger_subject(cx, "matter", t->matter), canon_end(&c), &seq));
	return t->fail ? ERR_GUARD : ERR_OK;
}

static err write_many(struct ctx *cx, void *arg)
{
	for (int i = 0; i < *(int *)arg; i++) {
		struct canon c;
		canon_begin(&c, cx->a);
		canon_i64(&c, "i", i);
		TRY(ledger_append(cx, i % 3 ? HOME : HOME + 1, "test.step", S("test/1"), canon_end(&c), NULL));
	}
	return ERR_OK;
}

static err run_check(struct ctx *cx, void *arg)
{
	return ledger_verify(cx->c, NULL, NULL, arg);
}

static void expect(struct core_store *s, enum ledger_what what, int64_t events)
{
	struct ledger_report r;
	assert_int_equal(core_read(s, NULL, run_check, &r), ERR_OK);
	if (r.what != what)
		fail_msg("%s at %lld/%lld %s, expected %s", ledger_what_name(r.what), (long long)r.region, (long long)r.seq,
			 r.subject, ledger_what_name(what));
	if (events >= 0)
		assert_int_equal(r.events, events);
}

struct new_matter {
	int64_t id;
	const char *state;
	int64_t ver;
};

static err put_matter(struct ctx *cx, void *arg)
{
	struct new_matter *m = arg;
	return core_put_matter(cx, HOME, HOME, m->id, 1, 0, m->state, m->ver);
}

static void add_matter(struct core_store *s, int64_t id, const char *state, int ver)
{
	struct new_matter m = { id, state, ver };
	assert_int_equal(core_write(s, put_matter, &m), ERR_OK);
}

static void events_have_no_gaps_and_check_out(void **state)
{
	struct core_store *s = *state;
	int n = 100;
	expect(s, LEDGER_OK, 0);
	assert_int_equal(core_write(s, write_many, &n), ERR_OK);
	expect(s, LEDGER_OK, 100);
	/* A refused act takes no number. */
	struct act refused = { HOME, 5, 1, "x", true, false };
	assert_int_equal(core_write(s, write_act, &refused), ERR_GUARD);
	assert_int_equal(core_write(s, write_many, &n), ERR_OK);
	expect(s, LEDGER_OK, 200);
}

static err bad_data(struct ctx *cx, void *arg)
{
	(void)arg;
	return ledger_append(cx, HOME, "test.step", S("test/1"), (str){ 0 }, NULL);
}

static void what_is_not_canonical_is_refused(void **state)
{
	struct core_store *s = *state;
	assert_int_equal(core_write(s, bad_data, NULL), ERR_INTERNAL);
	expect(s, LEDGER_OK, 0);
}

static void the_check_finds_each_kind_of_tampering(void **state)
{
	struct core_store *s = *state;
	static const struct {
		const char *do_, *undo;
		enum ledger_what what;
	} cases[] = {
		{ "UPDATE ledger_event SET at_ms = at_ms + 1 WHERE region = 110105000000 AND seq = 3",
		  "UPDATE ledger_event SET at_ms = at_ms - 1 WHERE region = 110105000000 AND seq = 3", LEDGER_COLUMNS },
		{ "UPDATE ledger_event SET actor = 9 WHERE region = 110105000000 AND seq = 3",
		  "UPDATE ledger_event SET actor = 0 WHERE region = 110105000000 AND seq = 3", LEDGER_COLUMNS },
		{ "UPDATE ledger_event SET subject = 'matter/2' WHERE region = 110105000000 AND seq = 1",
		  "UPDATE ledger_event SET subject = 'matter/1' WHERE region = 110105000000 AND seq = 1", LEDGER_COLUMNS },
		{ "UPDATE ledger_event SET kind = 'matter.other' WHERE region = 110105000000 AND seq = 1",
		  "UPDATE ledger_event SET kind = 'matter.step' WHERE region = 110105000000 AND seq = 1", LEDGER_COLUMNS },
		{ "UPDATE ledger_event SET seq = 77 WHERE region = 110105000000 AND seq = 3",
		  "UPDATE ledger_event SET seq = 3 WHERE region = 110105000000 AND seq = 77", LEDGER_GAP },
		{ "UPDATE ledger_event SET region = 1 WHERE region = 110105000000 AND seq = 9",
		  "UPDATE ledger_event SET region = 110105000000 WHERE region = 1 AND seq = 9", LEDGER_SIZE },
		{ "UPDATE ledger_log SET size = size + 1", "UPDATE ledger_log SET size = size - 1", LEDGER_SIZE },
		{ "UPDATE ledger_log SET alg = 'sm3'", "UPDATE ledger_log SET alg = 'sha256'", LEDGER_LEAF },
		{ "UPDATE matter SET state = 'closed' WHERE id = 2", "UPDATE matter SET state = 's4' WHERE id = 2", LEDGER_MATTER },
		{ "UPDATE matter SET ver = 9 WHERE id = 2", "UPDATE matter SET ver = 4 WHERE id = 2", LEDGER_MATTER },
		{ "UPDATE matter SET id = 3 WHERE id = 2", "UPDATE matter SET id = 2 WHERE id = 3", LEDGER_MATTER },
		{ "UPDATE matter SET region = 1 WHERE id = 2", "UPDATE matter SET region = 110105000000 WHERE id = 2",
		  LEDGER_MATTER },
	};
	for (int i = 0; i < 10; i++) {
		struct act t = { HOME, 1 + i / 5, i % 5, arena_printf(s->a, "s%d", i % 5).p, false, false };
		assert_int_equal(core_write(s, write_act, &t), ERR_OK);
	}
	add_matter(s, 1, "s4", 4);
	add_matter(s, 2, "s4", 4);
	expect(s, LEDGER_OK, 10);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		core_sql(s, cases[i].do_);
		expect(s, cases[i].what, -1);
		core_sql(s, cases[i].undo);
		expect(s, LEDGER_OK, 10);
	}
	add_matter(s, 77, "s0", 1);
	expect(s, LEDGER_MATTER, -1);
	core_sql(s, "DELETE FROM matter WHERE id = 77");
	core_sql(s, "UPDATE matter SET region = 1");
	core_sql(s, "DELETE FROM ledger_event");
	core_sql(s, "DELETE FROM ledger_log");
	expect(s, LEDGER_NO_LOG, -1);
}

struct forge {
	int64_t seq;
	const char *from, *to;
	bool with_leaf;
};

static err rewrite(struct ctx *cx, void *arg)
{
	struct forge *g = arg;
	static const struct db_frag get_sqlite[] = { { DB_FRAG_TEXT, "SELECT body FROM ledger_event WHERE seq = ?1", 0 }, { 0 } };
	static const struct db_frag get_pg[] = { { DB_FRAG_TEXT, "SELECT body FROM ledger_event WHERE seq = $1", 0 }, { 0 } };
	static const struct db_query get = { "get", { get_sqlite, get_pg }, "i", false };
	static const struct db_frag set_sqlite[] = {
		{ DB_FRAG_TEXT, "UPDATE ledger_event SET body = ?2, leaf = ?3 WHERE seq = ?1", 0 }, { 0 } };
	static const struct db_frag set_pg[] = {
		{ DB_FRAG_TEXT, "UPDATE ledger_event SET body = $2, leaf = $3 WHERE seq = $1", 0 }, { 0 } };
	static const struct db_query set = { "set", { set_sqlite, set_pg }, "ibb", false };
	struct db_val p[3] = { db_i64(g->seq) };
	struct db_cursor *cur;
	bool row;
	TRY(db_query(cx->c, &get, p, NULL, &cur));
	TRY(db_step(cur, &row));
	str body = arena_str(cx->a, db_col_str(cur, 0));
	db_done(cur);
	AUTO(hasher_drop) struct hasher *h = hasher_new(HASH_SHA256);
	unsigned char leaf[HASH_SIZE];
	merkle_leaf(h, body, leaf);
	ptrdiff_t at = str_find(body, str_of(g->from));
	assert_true(at >= 0);
	memcpy((char *)(uintptr_t)body.p + at, g->to, strlen(g->to));
	if (g->with_leaf)
		merkle_leaf(h, body, leaf);
	p[1] = db_blob(body);
	p[2] = db_blob(((str){ (const char *)leaf, HASH_SIZE }));
	return db_exec(cx->c, &set, p, NULL, NULL);
}

static void a_rewritten_text_is_found_even_with_its_leaf(void **state)
{
	struct core_store *s = *state;
	for (int i = 0; i < 6; i++) {
		struct act t = { HOME, 1, i, "doing", false, false };
		assert_int_equal(core_write(s, write_act, &t), ERR_OK);
	}
	add_matter(s, 1, "doing", 5);
	expect(s, LEDGER_OK, 6);
	struct forge text = { 2, "doing", "going", false }, back = { 2, "going", "doing", true };
	assert_int_equal(core_write(s, rewrite, &text), ERR_OK);
	expect(s, LEDGER_LEAF, -1);
	assert_int_equal(core_write(s, rewrite, &back), ERR_OK);
	expect(s, LEDGER_OK, 6);
	struct forge both = { 2, "doing", "going", true };
	assert_int_equal(core_write(s, rewrite, &both), ERR_OK);
	expect(s, LEDGER_FRONTIER, -1);
}

static void a_log_can_use_sm3(void **state)
{
	struct core_store *s = *state;
	s->app.ledger_alg = HASH_SM3;
	int n = 20;
	assert_int_equal(core_write(s, write_many, &n), ERR_OK);
	expect(s, LEDGER_OK, 20);
	/* The choice is a log's: it stays when the setting changes. */
	s->app.ledger_alg = HASH_SHA256;
	assert_int_equal(core_write(s, write_many, &n), ERR_OK);
	expect(s, LEDGER_OK, 40);
}

enum { WRITERS = 6, EACH = 40 };

static void *writer(void *arg)
{
	struct core_store *s = arg;
	for (int i = 0; i < EACH; i++) {
		AUTO(arena_drop) struct arena *a = arena_new();
		struct act t = { HOME + i % 2, 1, i, "doing", false, true };
		struct core_job j = { .cx = { .a = a, .app = &s->app, .now_ms = START_MS }, .fn = write_act, .arg = &t };
		struct fail f;
		if (db_write(s->app.db, core_run, &j, &f) != ERR_OK)
			return arg;
	}
	return NULL;
}

static void writers_side_by_side_leave_no_gap(void **state)
{
	struct core_store *s = *state;
	pthread_t th[WRITERS];
	for (int i = 0; i < WRITERS; i++)
		pthread_create(&th[i], NULL, writer, s);
	for (int i = 0; i < WRITERS; i++) {
		void *bad;
		pthread_join(th[i], &bad);
		assert_null(bad);
	}
	expect(s, LEDGER_OK, WRITERS * EACH);
}

int main(void)
{
#define IN_STORE(t) cmocka_unit_test_setup_teardown(t, core_open, core_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_is_exact),
		cmocka_unit_test(commitments_hide_and_prove),
		IN_STORE(events_have_no_gaps_and_check_out),
		IN_STORE(what_is_not_canonical_is_refused),
		IN_STORE(the_check_finds_each_kind_of_tampering),
		IN_STORE(a_rewritten_text_is_found_even_with_its_leaf),
		IN_STORE(a_log_can_use_sm3),
		IN_STORE(writers_side_by_side_leave_no_gap),
	};
	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
