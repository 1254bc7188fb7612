/* The store: SQLite or PostgreSQL behind one small interface.
 * There is no general-purpose query function: statements live in .sql files, sqlgen checks them
 * against the schema when building and emits the typed functions that call what stands here. */
#ifndef BH_DB_DB_H
#define BH_DB_DB_H

#include "base/arena.h"
#include "base/err.h"

struct db;      /* the store: writer, readers, pools; shared by all threads */
struct db_conn; /* one connection, used by one thread at a time */

enum db_engine { DB_SQLITE, DB_PG };

/* A table whose changes are counted (db_watched), but for those of columns named in `except`. */
struct db_watch {
	const char *table, *except; /* "fails prefs"; a list is ended by table == NULL */
};

struct db_options {
	const char *dir;      /* data directory (SQLite: <dir>/bihuan.db; both: backups) */
	const char *file;     /* SQLite: the file's name; NULL = bihuan.db */
	const char *url;      /* NULL for SQLite, else postgresql://… */
	int page_bytes;       /* SQLite: of a store that is new; 0 = default */
	bool unmapped;        /* SQLite: read through the caches alone. A file that grows all day would be mapped piece by
			       * piece into every connection, and the memory of the process would grow with it */
	int log_bytes;        /* SQLite: the log is copied back and begun anew from this size on; 0 = default */
	int readers;          /* connections for reading; 0 = default */
	int writers;          /* PostgreSQL: concurrent write transactions; 0 = default */
	bool create;          /* create an empty store when there is none */
	bool made_again;      /* SQLite: what is written can be made again: it is durable once the store is closed,
			       * not with each commit */
	const struct db_watch *watch; /* NULL: none; must outlive the store */
};

err db_open(const struct db_options *o, struct db **ret, struct fail *f) MUST_USE;
void db_close(struct db *db);
enum db_engine db_engine(const struct db *db);

/* A write transaction. The job runs with a connection inside its own savepoint; jobs that arrive
 * together share one commit (SQLite) or run side by side (PostgreSQL, repeated on serialisation
 * failures, so a job must only change its arena and the store). Returns after the commit is durable.
 * A job that returns an error leaves nothing behind. */
typedef err db_job(struct db_conn *c, void *ctx);
err db_write(struct db *db, db_job *job, void *ctx, struct fail *f) MUST_USE;
/* The same without waiting: done(ctx, result) is called from the writer's thread after the commit. */
void db_write_async(struct db *db, db_job *job, void *ctx, void (*done)(void *ctx, err e));

/* The last word of every write transaction, inside it; where it fails, so does the transaction. Given before the
 * first write that needs it; ctx must outlive the store. */
void db_at_commit(struct db *db, db_job *job, void *ctx);

/* A part of a write transaction that may fail alone: when it does, what it wrote is taken back and the rest
 * stands. ERR_BUSY and failures of the environment must be passed on by the job around it. */
err db_part(struct db_conn *c, db_job *part, void *ctx) MUST_USE;

/* A consistent read: all statements between begin and end see one snapshot. */
err db_read_begin(struct db *db, struct db_conn **ret, struct fail *f) MUST_USE;
void db_read_end(struct db *db, struct db_conn *c);

/* A number that is another one as soon as a transaction that wrote to a watched table has committed, and before its
 * done() or db_write() says so: what was read after it was asked for holds for as long as it stays the same. Told from
 * what the statements are, not from who calls. Commits of other programs are noticed with the next one of ours. 0: not
 * known, because others may write as well (PostgreSQL) or nothing is watched. */
uint64_t db_watched(const struct db *db);

struct db_stats {
	int64_t commits, jobs, failed, retries; /* since start */
};
struct db_stats db_stats(const struct db *db);

/* ---- what generated code uses ---- */

enum db_type { DB_NULL, DB_I64, DB_F64, DB_TEXT, DB_BLOB, DB_IDS };

struct db_ids {
	const int64_t *v;
	size_t n;
};

struct db_val {
	enum db_type type;
	union {
		int64_t i;
		double f;
		str s;
		struct db_ids ids;
	};
};

/* Absent values: generated rows and parameters marked `?` use these. */
#define DB_NONE INT64_MIN
#define db_i64(v) ((struct db_val){ .type = DB_I64, .i = (v) })
#define db_f64(v) ((struct db_val){ .type = DB_F64, .f = (v) })
#define db_text(v) ((struct db_val){ .type = DB_TEXT, .s = (v) })
#define db_blob(v) ((struct db_val){ .type = DB_BLOB, .s = (v) })
#define db_id_list(v) ((struct db_val){ .type = DB_IDS, .ids = (v) })
struct db_val db_opt_i64(int64_t v);   /* DB_NONE is NULL */
struct db_val db_opt_f64(double v);    /* NaN is NULL */
struct db_val db_opt_text(str v);      /* the null string is NULL */
struct db_val db_opt_blob(str v);

/* Who may see which rows: the union of ranges; empty means nothing. Built by core/grant from the
 * caller's grants; its twin in C is scope_allows(). */
struct db_scope_range {
	int64_t lo, hi;       /* region codes, both inclusive */
	int64_t sectors;      /* mask; -1 = every sector */
	int64_t secret;       /* highest label readable */
	int64_t party;        /* 0, or: only rows in which this organisation is a party */
	int64_t via_lo, via_hi; /* 0, or: only matters that were handed to a territory in this range */
};
struct db_scope {
	size_t n;
	const struct db_scope_range *v;
};

/* Pieces of a statement: fixed text, text that stands only when parameter `arg` is present, or the
 * scope of a table. */
enum db_frag_kind { DB_FRAG_TEXT, DB_FRAG_IF, DB_FRAG_UNLESS, DB_FRAG_SCOPE };
struct db_frag {
	enum db_frag_kind kind;
	const char *text;     /* SCOPE: the table's alias, "o.owner" where a column names its only party */
	int arg;              /* IF: index of the parameter */
};
struct db_query {
	const char *name;
	const struct db_frag *frags[2]; /* by engine; ended by text == NULL */
	const char *types;    /* of the parameters: i f s b, l = list of ids */
	const char *cols;     /* of the row, the same letters */
	bool stream;          /* rows are fetched one by one; the connection is busy meanwhile */
	bool fixed;           /* lives for ever at this address: prepared statements are kept under it */
	const char *copy;     /* PostgreSQL: what takes many rows at once in place of this statement; NULL: nothing does */
};

struct db_cursor;
err db_query(struct db_conn *c, const struct db_query *q, const struct db_val *params,
	     const struct db_scope *scope, struct db_cursor **ret) MUST_USE;
err db_exec(struct db_conn *c, const struct db_query *q, const struct db_val *params,
	    const struct db_scope *scope, int64_t *ret_changed) MUST_USE;
/* Many rows by one statement that puts one, in whatever way the engine takes them quickest. When one cannot be put the rest is
 * undefined: within db_part(), unless the whole job fails with it. ERR_CONFLICT: one of them is there already. */
typedef void db_row_vals(const void *rows, size_t i, struct db_val *to);
err db_copy(struct db_conn *c, const struct db_query *q, db_row_vals *vals, const void *rows, size_t n) MUST_USE;
/* Does this engine take many rows quicker than one by one? */
bool db_copies(const struct db_conn *c);
err db_step(struct db_cursor *cur, bool *ret_row) MUST_USE;
void db_done(struct db_cursor *cur);
bool db_col_null(struct db_cursor *cur, int i);
int64_t db_col_i64(struct db_cursor *cur, int i);
double db_col_f64(struct db_cursor *cur, int i);
str db_col_str(struct db_cursor *cur, int i); /* valid until the next step */

/* Prepares a statement with all its optional lines, and again with none, and compares the columns'
 * types with what the row names. For the contract test of both engines. */
err db_probe(struct db_conn *c, const struct db_query *q) MUST_USE;

/* The detail of the last failure on this connection. */
const char *db_message(const struct db_conn *c);
enum db_engine db_conn_engine(const struct db_conn *c);

/* ---- upkeep ---- */

struct db_migration {
	int number;
	const char *name;
	str sql;
};
/* Brings the schema to the newest step, after a backup when there is something to lose. Refuses a
 * newer schema (ERR_NEWER_SCHEMA) and a step whose text was changed after it ran (ERR_CORRUPT). */
err db_migrate(struct db *db, const struct db_migration *steps, size_t n, int64_t now_ms,
	       int *ret_applied, struct fail *f) MUST_USE;
err db_backup(struct db *db, const char *path, struct fail *f) MUST_USE;   /* while writing goes on; SQLite */
err db_quick_check(struct db *db, struct fail *f) MUST_USE;

#endif
