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
