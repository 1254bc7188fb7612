/* Every statement of every module is prepared on the engine at hand, with all its optional lines and
 * with none, and its columns have the types that the row names. SQLite always; PostgreSQL when
 * BIHUAN_TEST_PG is a connection string to an empty database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "db/db.h"

EMBED_TABLE(schema_file)

#define M(name) extern const struct db_query *const name##_queries[];
#include "modules.def"
#undef M

static const struct {
	const char *module;
	const struct db_query *const *queries;
} modules[] = {
#define M(name) { #name, name##_queries },
#include "modules.def"
#undef M
};

static int probe_all(struct db *db)
{
	struct db_conn *c;
	struct fail f;
	int bad = 0;
	for (size_t i = 0; i < COUNT_OF(modules); i++)
		for (const struct db_query *const *q = modules[i].queries; *q; q++) {
			assert_int_equal(db_read_begin(db, &c, &f), ERR_OK);
			if (db_probe(c, *q) != ERR_OK) {
				print_error("%s: %s: %s\n", modules[i].module, (*q)->name, db_message(c));
				bad++;
			}
			db_read_end(db, c);
		}
	return bad;
}

/* ---- many rows at once, as sqlgen would emit it ---- */

#define INSERT "INSERT INTO copy_trial (id, name, size, body) VALUES "
static const struct db_query copy_trial = {
	.name = "copy_trial", .types = "isfb", .cols = "", .fixed = true, .copy = "COPY copy_trial (id, name, size, body) FROM STDIN (FORMAT binary)",
	.frags = { (const struct db_frag[]){ { DB_FRAG_TEXT, INSERT "(?1, ?2, ?3, ?4)", 0 }, { 0 } },
		   (const struct db_frag[]){ { DB_FRAG_TEXT, INSERT "($1, $2, $3, $4)", 0 }, { 0 } } },
};
static const struct db_query read_trial = {
	.name = "read_trial", .types = "", .cols = "isfb", .fixed = true,
	.frags = { (const struct db_frag[]){ { DB_FRAG_TEXT, "SELECT id, name, size, body FROM copy_trial ORDER BY id", 0 }, { 0 } },
		   (const struct db_frag[]){ { DB_FRAG_TEXT, "SELECT id, name, size, body FROM copy_trial ORDER BY id", 0 }, { 0 } } },
};
enum { MANY = 1000, BODY_MAX = 3000 };

struct trial {
	int64_t first;
	size_t n, twice;              /* row `twice` has the number of the first one; 0: none */
	char body[BODY_MAX];
};

/* Nothing, empty and much of everything: row 7 has neither name nor size nor body, bodies grow beyond what is sent at once. */
static void trial_vals(const void *rows, size_t i, struct db_val *to)
{
	const struct trial *t = rows;
	to[0] = db_i64(t->first + (t->twice && i == t->twice ? 0 : (int64_t)i));
	to[1] = db_opt_text(i % 10 == 7 ? (str){ NULL, 0 } : i % 10 == 8 ? S("") : S("闭环\t\\.\n"));
	to[2] = db_opt_f64(i % 10 == 7 ? __builtin_nan("") : -0.1 * (double)i);
	to[3] = db_opt_blob(i % 10 == 7 ? (str){ NULL, 0 } : (str){ t->body, i * 3 });
}

static err put_trial(struct db_conn *c, void *arg)
{
	const struct trial *t = arg;
	return db_copy(c, &copy_trial, trial_vals, t, t->n);
}

/* The part fails alone, and the connection goes on. */
static err put_around(struct db_conn *c, void *arg)
{
	struct trial *t = arg, more = *t;
	assert_int_equal(db_part(c, put_trial, t), ERR_CONFLICT);
	more.twice = 0;
	more.first += 100000;
	return db_part(c, put_trial, &more);
}

static size_t check_trial(struct db *db, const struct trial *t)
{
	struct db_conn *c;
	struct db_cursor *cur;
	struct fail f;
	bool row;
	size_t n = 0;
	assert_int_equal(db_read_begin(db, &c, &f), ERR_OK);
	assert_int_equal(db_query(c, &read_trial, NULL, NULL, &cur), ERR_OK);
	while (db_step(cur, &row) == ERR_OK && row) {
		struct db_val v[4];
		size_t i = (size_t)((db_col_i64(cur, 0) - t->first) % 100000);
		trial_vals(t, i, v);
		assert_int_equal(db_col_null(cur, 1), v[1].type == DB_NULL);
		assert_int_equal(db_col_null(cur, 2), v[2].type == DB_NULL);
		assert_int_equal(db_col_null(cur, 3), v[3].type == DB_NULL);
		assert_true(v[1].type == DB_NULL || str_eq(db_col_str(cur, 1), v[1].s));
		assert_true(v[2].type == DB_NULL || db_col_f64(cur, 2) == v[2].f);
		assert_true(v[3].type == DB_NULL || str_eq(db_col_str(cur, 3), v[3].s));
		n++;
	}
	db_done(cur);
	db_read_end(db, c);
	return n;
}

static void rows_arrive_as_they_are(struct db *db, struct db_migration *steps, size_t n)
{
	struct trial t = { .first = 1, .n = MANY };
	struct fail f;
	int applied;
	steps[n] = (struct db_migration){ 9999, "trial", S("CREATE TABLE copy_trial (\n\tid BIGINT PRIMARY KEY,\n\tname TEXT,\n\tsize DOUBLE PRECISION,\n\tbody BLOB\n);\n") };
	assert_int_equal(db_migrate(db, steps, n + 1, 0, &applied, &f), ERR_OK);
	for (size_t i = 0; i < sizeof t.body; i++)
		t.body[i] = (char)(i * 7);
	assert_int_equal(db_write(db, put_trial, &t, &f), ERR_OK);
	assert_int_equal(check_trial(db, &t), MANY);
	assert_int_equal(db_write(db, put_trial, &t, &f), ERR_CONFLICT); /* all were there */
	struct trial clash = t, few = t, none = t;
	clash.first += 200000;
	clash.twice = 900;
	assert_int_equal(db_write(db, put_around, &clash, &f), ERR_OK);
	assert_int_equal(check_trial(db, &t), 2 * MANY);
	few.first += 400000;
	few.n = 3;
	none.n = 0;
	assert_int_equal(db_write(db, put_trial, &few, &f), ERR_OK);
	assert_int_equal(db_write(db, put_trial, &none, &f), ERR_OK);
	assert_int_equal(check_trial(db, &t), 2 * MANY + 3);
}

static void prepare_on(const char *url)
{
	char dir[] = "/tmp/bihuan-statements-XXXXXX", cmd[80];
	struct db_migration steps[64];
	struct db *db;
	struct fail f;
	size_t n = 0;
	int applied;
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < schema_file_count(); i++)
		if (schema_file_at(i)->path.p[0] == '0')
			steps[n++] = (struct db_migration){ (int)strtol(schema_file_at(i)->path.p, NULL, 10), schema_file_at(i)->path.p,
							    schema_file_at(i)->bytes };
	assert_int_equal(db_open(&(struct db_options){ .dir = dir, .url = url, .create = true }, &db, &f), ERR_OK);
	if (db_migrate(db, steps, n, 0, &applied, &f) != ERR_OK)
		fail_msg("%s: %s", f.key, f.nargs ? f.args[0].text : "");
	assert_int_equal(probe_all(db), 0);
	rows_arrive_as_they_are(db, steps, n);
	db_close(db);
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	assert_int_equal(system(cmd), 0);
}

static void every_statement_prepares_on_sqlite(void **state)
{
	(void)state;
	prepare_on(NULL);
}

static void every_statement_prepares_on_postgresql(void **state)
{
	const char *url = getenv("BIHUAN_TEST_PG");
	(void)state;
	if (!url)
		skip();
	prepare_on(url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_prepares_on_sqlite),
		cmocka_unit_test(every_statement_prepares_on_postgresql),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
