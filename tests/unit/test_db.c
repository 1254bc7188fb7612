#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"

/* Statements written out by hand, as sqlgen would emit them. */
#define TEXT_OF(name, sqlite, pg, t)                                                               \
	static const struct db_query name = { #name,                                               \
		{ (const struct db_frag[]){ { DB_FRAG_TEXT, sqlite, 0 }, { 0 } },                  \
		  (const struct db_frag[]){ { DB_FRAG_TEXT, pg, 0 }, { 0 } } }, t, "", false }
TEXT_OF(put, "INSERT INTO note (id, body) VALUES (?1, ?2)", "INSERT INTO note (id, body) VALUES ($1, $2)", "is");
TEXT_OF(mark, "UPDATE note SET seen = ?1", "UPDATE note SET seen = $1", "i");
TEXT_OF(reword, "UPDATE note SET seen = 1, body = ?1 WHERE id < 0", "UPDATE note SET seen = 1, body = $1 WHERE id < 0", "s");
TEXT_OF(count, "SELECT COUNT(id) FROM note", "SELECT COUNT(id) FROM note", "");
TEXT_OF(among, "SELECT COUNT(id) FROM note WHERE id IN (SELECT value FROM json_each(?1))",
	"SELECT COUNT(id) FROM note WHERE id IN (SELECT unnest($1::bigint[]))", "l");

static const struct db_migration steps[] = {
	{ 1, "0001_note.sql", S("CREATE TABLE note (\n\tid BIGINT PRIMARY KEY,\n\tbody TEXT NOT NULL,\n\tseen BIGINT\n);\n") },
};
static const struct db_watch watch[] = { { "other", "" }, { "note", "state seen" }, { NULL, NULL } };

struct store {
	char dir[64];
	struct db *db;
};

static int open_store(void **state)
{
	struct store *s = calloc(1, sizeof *s);
	struct fail f;
	int applied = 0;
	snprintf(s->dir, sizeof s->dir, "/tmp/bihuan-db-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	assert_int_equal(db_open(&(struct db_options){ .dir = s->dir, .create = true, .watch = watch }, &s->db, &f), ERR_OK);
	assert_int_equal(db_migrate(s->db, steps, 1, 0, &applied, &f), ERR_OK);
	assert_int_equal(applied, 1);
	*state = s;
	return 0;
}

static int close_store(void **state)
{
	struct store *s = *state;
	char cmd[96];
	db_close(s->db);
	snprintf(cmd, sizeof cmd, "rm -rf %s", s->dir);
	assert_int_equal(system(cmd), 0);
	free(s);
	return 0;
}

static int64_t read_count(struct store *s, const struct db_query *q, const struct db_val *p)
{
	struct db_conn *c;
	struct db_cursor *cur;
	bool row;
	struct fail f;
	assert_int_equal(db_read_begin(s->db, &c, &f), ERR_OK);
	assert_int_equal(db_query(c, q, p, NULL, &cur), ERR_OK);
	assert_int_equal(db_step(cur, &row), ERR_OK);
	int64_t n = db_col_i64(cur, 0);
	db_done(cur);
	db_read_end(s->db, c);
	return n;
}

struct task {
	int64_t id;
	bool refuse;
};

static err put_note(struct db_conn *c, void *ctx)
{
	struct task *t = ctx;
	struct db_val p[] = { db_i64(t->id), db_text(S("闭环")) };
	TRY(db_exec(c, &put, p, NULL, NULL));
	return t->refuse ? ERR_GUARD : ERR_OK;
}

static void a_refused_job_leaves_nothing(void **state)
{
	struct store *s = *state;
	struct fail f;
	assert_int_equal(db_write(s->db, put_note, &(struct task){ .id = 1, .refuse = true }, &f), ERR_GUARD);
	assert_int_equal(read_count(s, &count, NULL), 0);
	assert_int_equal(db_write(s->db, put_note, &(struct task){ .id = 1 }, &f), ERR_OK);
	assert_int_equal(db_write(s->db, put_note, &(struct task){ .id = 1 }, &f), ERR_CONFLICT);
	assert_int_equal(read_count(s, &count, NULL), 1);
}

struct writer {
	struct store *s;
	int64_t first;
};

static void *write_many(void *arg)
{
	struct writer *w = arg;
	struct fail f;
	for (int i = 0; i < 50; i++) {
		struct task t = { .id = w->first + i, .refuse = i % 5 == 4 };
		err e = db_write(w->s->db, put_note, &t, &f);
		if (e != (t.refuse ? ERR_GUARD : ERR_OK))
			abort();
	}
	return NULL;
}

static void jobs_that_arrive_together_share_commits(void **state)
{
	struct store *s = *state;
	pthread_t threads[16];
	struct writer w[16];
	for (int i = 0; i < 16; i++) {
		w[i] = (struct writer){ s, 1000 * (i + 1) };
		pthread_create(&threads[i], NULL, write_many, &w[i]);
	}
	for (int i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(read_count(s, &count, NULL), 16 * 40);
	struct db_stats st = db_stats(s->db);
	assert_int_equal(st.jobs, 16 * 50);
	assert_int_equal(st.failed, 16 * 10);
	assert_true(st.commits < st.jobs);
	int64_t ids[] = { 1000, 1001, 1004, 7 };
	struct db_val p[] = { db_id_list(((struct db_ids){ ids, 4 })) };
	assert_int_equal(read_count(s, &among, p), 2);
}

static void a_changed_or_newer_step_is_refused(void **state)
{
	struct store *s = *state;
	struct fail f;
	int applied = 0;
	struct db_migration changed = { 1, "0001_note.sql", S("CREATE TABLE other (\n\tid BIGINT PRIMARY KEY\n);\n") };
	assert_int_equal(db_migrate(s->db, &changed, 1, 0, &applied, &f), ERR_CORRUPT);
	struct db_migration two[] = { steps[0], { 2, "0002_more.sql", S("CREATE TABLE more (\n\tid BIGINT PRIMARY KEY\n);\n") } };
	assert_int_equal(db_migrate(s->db, two, 2, 0, &applied, &f), ERR_OK);
	assert_int_equal(applied, 1);
	assert_int_equal(db_migrate(s->db, steps, 1, 0, &applied, &f), ERR_NEWER_SCHEMA);
}

static void a_broken_step_changes_nothing(void **state)
{
	struct store *s = *state;
	struct fail f;
	int applied = 0;
	struct db_migration two[] = { steps[0], { 2, "0002_bad.sql", S("CREATE TABLE more (\n\tid BIGINT PRIMARY KEY\n);\nCREATE TABLE more (\n\tid BIGINT PRIMARY KEY\n);\n") } };
	assert_int_not_equal(db_migrate(s->db, two, 2, 0, &applied, &f), ERR_OK);
	assert_int_equal(db_migrate(s->db, steps, 1, 0, &applied, &f), ERR_OK);
}

static void closing_leaves_no_log_behind(void **state)
{
	struct store *s = *state;
	struct fail f;
	char wal[96];
	assert_int_equal(db_write(s->db, put_note, &(struct task){ .id = 1 }, &f), ERR_OK);
	assert_int_equal(read_count(s, &count, NULL), 1);
	db_close(s->db);
	snprintf(wal, sizeof wal, "%s/bihuan.db-wal", s->dir);
	assert_int_not_equal(access(wal, F_OK), 0);
	assert_int_equal(db_open(&(struct db_options){ .dir = s->dir }, &s->db, &f), ERR_OK);
}

/* Before a step is applied to a store with something in it, the store is copied aside; the copy is what it was. */
static void a_step_is_preceded_by_a_backup(void **state)
{
	struct store *s = *state;
	const struct db_migration two[] = {
		steps[0],
		{ 2, "0002_gone.sql", S("DROP TABLE note;\n") },
	};
	struct fail f = { 0 };
	int applied = 0;
	assert_int_equal(db_write(s->db, put_note, &(struct task){ .id = 1 }, &f), ERR_OK);
	assert_int_equal(db_migrate(s->db, two, 2, INT64_C(1795370400000), &applied, &f), ERR_OK);
	assert_int_equal(applied, 1);
	struct store copy = { 0 };
	char from[192], cmd[512];
	snprintf(copy.dir, sizeof copy.dir, "%.40s/copy", s->dir);
	snprintf(from, sizeof from, "%s/before-step-2-2026-11-23-*.db", s->dir);
	snprintf(cmd, sizeof cmd, "mkdir %s && cp %s %s/bihuan.db", copy.dir, from, copy.dir);
	assert_int_equal(system(cmd), 0); /* exactly one copy fits the name */
	assert_int_equal(db_open(&(struct db_options){ .dir = copy.dir }, &copy.db, &f), ERR_OK);
	assert_int_equal(read_count(&copy, &count, NULL), 1);
	assert_int_equal(db_quick_check(copy.db, &f), ERR_OK);
	db_close(copy.db);
}

static err put_much(struct db_conn *c, void *ctx)
{
	static char text[16 << 10];
	memset(text, 'x', sizeof text);
	struct db_val p[] = { db_i64(*(int64_t *)ctx), db_text(((str){ text, sizeof text })) };
	return db_exec(c, &put, p, NULL, NULL);
}

static void *write_much(void *arg)
{
	struct writer *w = arg;
	struct fail f;
	for (int64_t id = w->first; id < w->first + 400; id++)
		if (db_write(w->s->db, put_much, &id, &f) != ERR_OK)
			abort();
	return NULL;
}

/* Copied back while writers never pause, it is begun anew all the same: 50 MB written leave a log of a few. */
static void the_log_does_not_grow_with_what_is_written(void **state)
{
	struct store *s = *state;
	struct fail f;
	struct stat st;
	pthread_t threads[8];
	struct writer w[8];
	char wal[96];
	db_close(s->db);
	assert_int_equal(db_open(&(struct db_options){ .dir = s->dir, .log_bytes = 1 << 20 }, &s->db, &f), ERR_OK);
	for (int i = 0; i < 8; i++) {
		w[i] = (struct writer){ s, 10000 * (i + 1) };
		pthread_create(&threads[i], NULL, write_much, &w[i]);
	}
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	snprintf(wal, sizeof wal, "%s/bihuan.db-wal", s->dir);
	assert_int_equal(stat(wal, &st), 0);
	if (st.st_size > 20 << 20)
		fail_msg("a log of %lld bytes", (long long)st.st_size);
	assert_int_equal(read_count(s, &count, NULL), 8 * 400);
}

static err mark_notes(struct db_conn *c, void *ctx)
{
	return db_exec(c, &mark, (struct db_val[]){ db_i64(*(int64_t *)ctx) }, NULL, NULL);
}

static err reword_notes(struct db_conn *c, void *ctx)
{
	(void)ctx;
	return db_exec(c, &reword, (struct db_val[]){ db_text(S("x")) }, NULL, NULL);
}

static uint64_t watched_after(struct store *s, db_job *job, void *ctx, err expected)
{
	struct fail f;
	assert_int_equal(db_write(s->db, job, ctx, &f), expected);
	return db_watched(s->db);
}

static void changes_of_watched_tables_are_counted(void **state)
{
	struct store *s = *state;
	int64_t one = 1;
	uint64_t was = watched_after(s, put_note, &(struct task){ .id = 1 }, ERR_OK), is;
	assert_int_not_equal(was, 0);
	is = watched_after(s, put_note, &(struct task){ .id = 2 }, ERR_OK);
	assert_int_not_equal(is, was);
	was = is;
	assert_int_equal(watched_after(s, mark_notes, &one, ERR_OK), was); /* a column that is excepted */
	assert_int_equal(watched_after(s, mark_notes, &one, ERR_OK), was);
	assert_int_not_equal(watched_after(s, reword_notes, NULL, ERR_OK), was); /* and one that is not */
	assert_int_equal(read_count(s, &count, NULL), 2);
}

/* Another program on the same file: noticed with our next commit, whatever it wrote. */
static void commits_of_others_are_counted(void **state)
{
	struct store *s = *state, other = { 0 };
	struct fail f;
	int64_t one = 1;
	uint64_t was = watched_after(s, mark_notes, &one, ERR_OK);
	assert_int_equal(watched_after(s, mark_notes, &one, ERR_OK), was);
	assert_int_equal(db_open(&(struct db_options){ .dir = s->dir }, &other.db, &f), ERR_OK);
	assert_int_equal(db_watched(other.db), 0); /* nothing is watched */
	assert_int_equal(db_write(other.db, put_note, &(struct task){ .id = 7 }, &f), ERR_OK);
	assert_int_equal(db_watched(other.db), 0);
	assert_int_not_equal(watched_after(s, mark_notes, &one, ERR_OK), was);
	db_close(other.db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_refused_job_leaves_nothing, open_store, close_store),
		cmocka_unit_test_setup_teardown(jobs_that_arrive_together_share_commits, open_store, close_store),
		cmocka_unit_test_setup_teardown(a_changed_or_newer_step_is_refused, open_store, close_store),
		cmocka_unit_test_setup_teardown(closing_leaves_no_log_behind, open_store, close_store),
		cmocka_unit_test_setup_teardown(a_broken_step_changes_nothing, open_store, close_store),
		cmocka_unit_test_setup_teardown(the_log_does_not_grow_with_what_is_written, open_store, close_store),
		cmocka_unit_test_setup_teardown(changes_of_watched_tables_are_counted, open_store, close_store),
		cmocka_unit_test_setup_teardown(commits_of_others_are_counted, open_store, close_store),
		cmocka_unit_test_setup_teardown(a_step_is_preceded_by_a_backup, open_store, close_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
