#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "db/bigram.h"

static int join(void *arg, const struct bigram_word *w)
{
	buf_printf(arg, STR_FMT "@%d ", STR_ARG(w->text), w->place);
	return 0;
}

static str words(struct arena *a, const char *text, enum bigram_mode mode)
{
	struct buf b = BUF(a);
	bigram_words(str_of(text), mode, join, &b);
	return buf_str(&b);
}

#define SAME(a, text, mode, want) assert_string_equal(arena_cstr(a, words(a, text, mode)), want)

static void cuts_pairs_and_words(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	SAME(a, "安全生产", BIGRAM_TEXT, "安全@0 全生@1 生产@2 产@3 ");
	SAME(a, "安全生产", BIGRAM_QUERY, "安全@0 全生@1 生产@2 ");
	SAME(a, "安", BIGRAM_QUERY, "安@0 ");
	SAME(a, "PM2.5超标，Ａｂ１", BIGRAM_TEXT, "pm2@0 5@1 超标@2 标@3 ab1@4 ");
	SAME(a, "，。 !", BIGRAM_TEXT, "");
	SAME(a, "𠮷野家\xff安", BIGRAM_TEXT, "𠮷野@0 野家@1 家@2 安@3 ");
	SAME(a, "École", BIGRAM_TEXT, "école@0 ");
	arena_free(a);
}

static void queries_for_both_engines(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	assert_string_equal(arena_cstr(a, bigram_match_fts5(a, S("安全生产 Fire"), 8)),
			    "(\"安全\" + \"全生\" + \"生产\") AND (\"fire\" *)");
	assert_string_equal(arena_cstr(a, bigram_match_pg(a, S("安全生产　火"), 8)),
			    "('安全' <-> '全生' <-> '生产') & ('火':*)");
	assert_true(str_is_null(bigram_match_fts5(a, S(" \"*() ，"), 8)));
	assert_string_equal(arena_cstr(a, bigram_vector_pg(a, S("消防 A"))), "'消防':1 '防':2 'a':3");
	arena_free(a);
}

struct store {
	sqlite3 *db;
	struct arena *a;
};

static void run(sqlite3 *db, const char *sql)
{
	char *message = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static int count(sqlite3 *db, const char *sql, str arg)
{
	sqlite3_stmt *st;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_text(st, 1, arg.p, (int)arg.n, SQLITE_TRANSIENT);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* Texts from a small alphabet, so that every pair, and pairs across punctuation, occur. */
static str random_text(struct arena *a, uint32_t *seed, size_t n, bool marks)
{
	static const char *const letters[] = { "安", "全", "生", "产", "火", "气", "，", "、", "𠮷" };
	struct buf b = BUF(a);
	for (size_t i = 0; i < n; i++) {
		const char *l = letters[next_random(seed) % COUNT_OF(letters)];
		buf_put(&b, str_of(marks || l[0] != '\xef' ? l : "安"));
	}
	return buf_str(&b);
}

static void finds_what_like_finds(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	sqlite3 *db;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(bigram_register(db), SQLITE_OK);
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
	run(db, "CREATE VIRTUAL TABLE f USING fts5(body, content='', tokenize='bigram')");
	uint32_t seed = 20261122;
	sqlite3_stmt *t, *f;
	sqlite3_prepare_v2(db, "INSERT INTO t VALUES(?1,?2)", -1, &t, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO f(rowid, body) VALUES(?1,?2)", -1, &f, NULL);
	for (int i = 1; i <= 2000; i++) {
		str s = random_text(a, &seed, 4 + next_random(&seed) % 12, true);
		sqlite3_stmt *both[] = { t, f };
		for (size_t k = 0; k < 2; k++) {
			sqlite3_bind_int(both[k], 1, i);
			sqlite3_bind_text(both[k], 2, s.p, (int)s.n, SQLITE_TRANSIENT);
			assert_int_equal(sqlite3_step(both[k]), SQLITE_DONE);
			sqlite3_reset(both[k]);
		}
	}
	sqlite3_finalize(t);
	sqlite3_finalize(f);
	for (int i = 0; i < 400; i++) {
		str q = random_text(a, &seed, 1 + next_random(&seed) % 4, false);
		if (str_find(q, S("、")) >= 0)
			continue;
		int like = count(db, "SELECT count(*) FROM t WHERE body LIKE '%' || ?1 || '%'", q);
		int found = count(db, "SELECT count(*) FROM f WHERE f MATCH ?1", bigram_match_fts5(a, q, 8));
		if (like != found)
			fail_msg(STR_FMT ": %d by LIKE, %d by pairs", STR_ARG(q), like, found);
	}
	sqlite3_close(db);
	arena_free(a);
}

static void one_character_is_told_from_words(void **state)
{
	(void)state;
	assert_true(str_eq(bigram_one(S(" 隐 ")), S("隐")));
	const char *const others[] = { "", " ", "隐患", "隐 患", "a", "7", "，", "隐，", "Ａ" };
	for (size_t i = 0; i < COUNT_OF(others); i++)
		assert_true(str_is_null(bigram_one(str_of(others[i]))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_character_is_told_from_words),
		cmocka_unit_test(cuts_pairs_and_words),
		cmocka_unit_test(queries_for_both_engines),
		cmocka_unit_test(finds_what_like_finds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
