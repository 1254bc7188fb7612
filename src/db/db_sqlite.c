/* SQLite: the only file that knows sqlite3.h, besides the search tokenizer's registration. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "db/backend.h"
#include "db/bigram.h"

enum { MAX_CACHED = 2000 }; /* statements a connection keeps; optional lines multiply them */

struct stmt {
	sqlite3_stmt *s;
	bool watched; /* it writes to a table whose changes are counted */
};

static err map_code(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_FULL:
		return ERR_DISK_FULL;
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
		return ERR_IO;
	default:
		return ERR_DB;
	}
}

static err note(struct db_conn *c, int rc)
{
	err e = map_code(rc);
	if (e != ERR_OK)
		snprintf(c->message, sizeof c->message, "sqlite %d: %s", sqlite3_extended_errcode(c->handle),
			 sqlite3_errmsg(c->handle));
	return e;
}

static err simple(struct db_conn *c, const char *sql)
{
	return note(c, sqlite3_exec(c->handle, sql, NULL, NULL, NULL));
}

/* BEGIN, SAVEPOINT and the like, prepared once. */
static err simple_kept(struct db_conn *c, const char *sql);

static bool listed(const char *words, const char *word)
{
	str rest = str_of(words), one;
	while (str_cut(&rest, ' ', &one))
		if (str_eq(one, str_of(word)))
			return true;
	return false;
}

/* Called while a statement is prepared, for each thing that it will do. Nothing is denied: it is only noted. */
static int on_action(void *arg, int action, const char *table, const char *column, const char *in, const char *from)
{
	(void)in;
	(void)from;
	struct db_conn *c = arg;
	if (action != SQLITE_INSERT && action != SQLITE_UPDATE && action != SQLITE_DELETE)
		return SQLITE_OK;
	for (const struct db_watch *w = c->watch; w->table; w++)
		if (str_eq(str_of(table), str_of(w->table)))
			c->writes_watched |= action != SQLITE_UPDATE || !listed(w->except, column);
	return SQLITE_OK;
}

static err sqlite_open(const struct db_options *o, bool writer, struct db_conn *c, struct fail *f)
{
	char path[4096];
	sqlite3 *h = NULL;
	/* Its sums of memory would put every thread behind one mutex. Refused, as it should be, once a database is open. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (o->create && writer ? SQLITE_OPEN_CREATE : 0);
	snprintf(path, sizeof path, "%s/%s", o->dir, o->file ? o->file : "bihuan.db");
	int rc = sqlite3_open_v2(path, &h, flags, NULL);
	c->handle = h;
	err e = note(c, rc);
	if (e == ERR_OK) /* small pieces come from a pool of the connection rather than from malloc */
		(void)sqlite3_db_config(h, SQLITE_DBCONFIG_LOOKASIDE, NULL, 512, 512);
	if (e == ERR_OK)
		e = note(c, sqlite3_busy_timeout(h, 10000));
	if (e == ERR_OK && writer && o->page_bytes) {
		snprintf(path, sizeof path, "PRAGMA page_size=%d", o->page_bytes);
		e = simple(c, path);
	}
	if (e == ERR_OK)
		e = simple(c, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF;"
			      "PRAGMA cache_size=-4096; PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY;"
			      "PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON;");
	if (e == ERR_OK && o->unmapped)
		e = simple(c, "PRAGMA mmap_size=0;");
	if (e == ERR_OK)
		e = simple(c, writer ? "PRAGMA cache_size=-32768;" : "PRAGMA query_only=ON;");
	if (e == ERR_OK && writer && o->made_again)
		e = simple(c, "PRAGMA synchronous=NORMAL;"); /* the log is synced before its pages are copied, no sooner */
	if (e == ERR_OK)
		e = note(c, bigram_register(h));
	if (e == ERR_OK && writer && c->watch)
		e = note(c, sqlite3_set_authorizer(h, on_action, c));
	if (e != ERR_OK)
		db_fail(c, e, f);
	return e;
}

/* Ours only: FTS5 keeps statements of its own on the connection and finalizes them itself. */
static void free_statements(struct db_conn *c)
{
	for (size_t i = 0; i < c->cache.cap; i++) {
		struct stmt *kept = map_value(&c->cache, i);
		sqlite3_finalize(kept ? kept->s : NULL); /* of NULL does nothing */
	}
	c->cache = MAP(c->cache_arena);
}

static void sqlite_close_conn(struct db_conn *c)
{
	free_statements(c);
	sqlite3_close(c->handle);
	c->handle = NULL;
}

static bool in_transaction(struct db_conn *c)
{
	return !sqlite3_get_autocommit(c->handle);
}

static bool alive(struct db_conn *c)
{
	return c->handle;
}

static str id_list(struct db_conn *c, struct db_ids ids)
{
	struct buf b = BUF(c->scratch);
	buf_byte(&b, '[');
	for (size_t i = 0; i < ids.n; i++) {
		if (i)
			buf_byte(&b, ',');
		buf_i64(&b, ids.v[i]);
	}
	buf_byte(&b, ']');
	return buf_str(&b);
}

/* Parameters stay where they are until the cursor is done, so nothing is copied. */
static int bind(struct db_conn *c, sqlite3_stmt *s, int i, struct db_val v)
{
	switch (v.type) {
	case DB_I64:
		return sqlite3_bind_int64(s, i, v.i);
	case DB_F64:
		return sqlite3_bind_double(s, i, v.f);
	case DB_TEXT:
		return sqlite3_bind_text64(s, i, v.s.p ? v.s.p : "", v.s.n, SQLITE_STATIC, SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(s, i, v.s.p ? v.s.p : "", v.s.n, SQLITE_STATIC);
	case DB_IDS: {
		str list = id_list(c, v.ids);
		return sqlite3_bind_text64(s, i, list.p, list.n, SQLITE_STATIC, SQLITE_UTF8);
	}
	case DB_NULL:
		break;
	}
	return sqlite3_bind_null(s, i);
}

static void keep_stmt(struct db_conn *c, str key, sqlite3_stmt *s)
{
	struct stmt *kept = NEW(c->cache_arena, struct stmt);
	*kept = (struct stmt){ s, c->writes_watched };
	map_put(&c->cache, arena_str(c->cache_arena, key), kept);
}

/* A cached statement may be in use by an outer cursor: then a fresh one is prepared. Blanks behind the
 * semicolon are cut, so that sqlite3_sql() is the cache's key again. */
static err get_stmt(struct db_conn *c, str key, str sql, sqlite3_stmt **ret, bool *ret_kept)
{
	sqlite3_stmt *s;
	const struct stmt *kept = map_get(&c->cache, key);
	if (kept && !sqlite3_stmt_busy(kept->s)) {
		*ret = kept->s;
		*ret_kept = true;
		c->touched |= kept->watched;
		return ERR_OK;
	}
	if (!sql.n && kept)
		sql = str_of(sqlite3_sql(kept->s));
	bool keep = !kept && c->cache.n < MAX_CACHED;
	c->writes_watched = false;
	int rc = sqlite3_prepare_v3(c->handle, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT, &s, NULL);
	TRY(note(c, rc));
	c->touched |= c->writes_watched;
	if (keep)
		keep_stmt(c, key, s);
	*ret = s;
	*ret_kept = keep;
	return ERR_OK;
}

static void finish(struct db_cursor *cur)
{
	sqlite3_stmt *s = cur->stmt;
	if (!s)
		return;
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	if (!cur->kept)
		sqlite3_finalize(s);
	cur->stmt = NULL;
}

static err query(struct db_conn *c, str key, str sql, const struct db_query *q, const struct db_val *vals, size_t n,
		 struct db_cursor *cur)
{
	(void)q;
	sqlite3_stmt *s;
	TRY(get_stmt(c, key, sql, &s, &cur->kept));
	cur->stmt = s;
	int max = sqlite3_bind_parameter_count(s);
	for (size_t i = 0; i < n && (int)i < max; i++) {
		err e = note(c, bind(c, s, (int)i + 1, vals[i]));
		if (e != ERR_OK) {
			finish(cur);
			return e;
		}
	}
	return ERR_OK;
}

/* SQLite's columns have no types before there is a row: only their number is compared. */
static err probe(struct db_conn *c, str sql, const char *types, size_t n, const char *cols)
{
	sqlite3_stmt *s;
	(void)types;
	(void)n;
	TRY(note(c, sqlite3_prepare_v3(c->handle, sql.p, (int)sql.n, 0, &s, NULL)));
	int have = sqlite3_column_count(s), want = (int)strlen(cols);
	sqlite3_finalize(s);
	if (have == want || want == 0)
		return ERR_OK;
	snprintf(c->message, sizeof c->message, "%d columns, the row names %d", have, want);
	return ERR_DB;
}

static err simple_kept(struct db_conn *c, const char *sql)
{
	sqlite3_stmt *s;
	bool kept;
	TRY(get_stmt(c, str_of(sql), str_of(sql), &s, &kept));
	err e = note(c, sqlite3_step(s));
	sqlite3_reset(s);
	if (!kept)
		sqlite3_finalize(s);
	return e;
}

/* 0 when it cannot be told. */
static int64_t others(struct db_conn *c)
{
	const str sql = S("PRAGMA data_version");
	sqlite3_stmt *s;
	bool kept;
	if (get_stmt(c, sql, sql, &s, &kept) != ERR_OK)
		return 0;
	int64_t v = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	if (!kept)
		sqlite3_finalize(s);
	return v;
}

static int64_t written(struct db_conn *c)
{
	return sqlite3_total_changes64(c->handle);
}

static err step(struct db_cursor *cur, bool *ret_row)
{
	int rc = sqlite3_step(cur->stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return note(cur->c, rc);
	*ret_row = rc == SQLITE_ROW;
	if (rc == SQLITE_DONE)
		cur->changed = sqlite3_stmt_readonly(cur->stmt) ? 0 : sqlite3_changes64(cur->c->handle);
	return ERR_OK;
}

static bool col_null(struct db_cursor *cur, int i)
{
	return sqlite3_column_type(cur->stmt, i) == SQLITE_NULL;
}

static int64_t col_i64(struct db_cursor *cur, int i)
{
	return sqlite3_column_int64(cur->stmt, i);
}

static double col_f64(struct db_cursor *cur, int i)
{
	return sqlite3_column_double(cur->stmt, i);
}

static str col_str(struct db_cursor *cur, int i)
{
	const void *p = sqlite3_column_blob(cur->stmt, i);
	return (str){ p ? p : "", (size_t)sqlite3_column_bytes(cur->stmt, i) };
}

static int wal_hook(void *arg, sqlite3 *h, const char *name, int pages)
{
	(void)h;
	(void)name;
	db_wal_grew(arg, pages);
	return SQLITE_OK;
}

void db_sqlite_on_wal(struct db *db, struct db_conn *writer)
{
	sqlite3_wal_hook(writer->handle, wal_hook, db);
}

err db_sqlite_checkpoint(struct db_conn *c)
{
	return note(c, sqlite3_wal_checkpoint_v2(c->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
}

const struct db_backend db_backend_sqlite = {
	.engine = DB_SQLITE,
	.open = sqlite_open,
	.close = sqlite_close_conn,
	.simple = simple_kept,
	.script = simple,
	.written = written,
	.others = others,
	.in_transaction = in_transaction,
	.alive = alive,
	.query = query,
	.probe = probe,
	.step = step,
	.finish = finish,
	.col_null = col_null,
	.col_i64 = col_i64,
	.col_f64 = col_f64,
	.col_str = col_str,
	.begin_read = "BEGIN",
	.begin_write = "BEGIN IMMEDIATE",
};
