/* What the two engines have in common, seen from db.c only. */
#ifndef BH_DB_BACKEND_H
#define BH_DB_BACKEND_H

#include <pthread.h>

#include "base/map.h"
#include "db/db.h"

enum { MESSAGE_SIZE = 256 };

/* What the engine says of a finished statement or transaction. */
struct db_conn {
	const struct db_backend *be;
	void *handle;             /* sqlite3 *, PGconn * */
	struct arena *cache_arena;
	struct map cache;         /* statement text -> struct stmt of the engine */
	struct arena *scratch;    /* reset when no cursor is open */
	int open_cursors;
	struct db_cursor *spare;  /* the last one that was done with */
	const struct db_watch *watch;
	bool writes_watched;      /* the statement being prepared does */
	bool touched;             /* one that does was run since this was last cleared */
	int64_t others;           /* what be->others said last */
	char message[MESSAGE_SIZE];
	struct db_conn *next;     /* in a pool */
};

struct db_cursor {
	struct db_conn *c;
	void *stmt;               /* engine's */
	void *result;
	int row;
	int64_t changed;
	bool stream, finished, kept;
};

struct db_backend {
	enum db_engine engine;
	err (*open)(const struct db_options *o, bool writer, struct db_conn *c, struct fail *f);
	void (*close)(struct db_conn *c);
	/* Transaction words: BEGIN (read or write), COMMIT, ROLLBACK, savepoints. */
	err (*simple)(struct db_conn *c, const char *sql);
	err (*script)(struct db_conn *c, const char *sql); /* several statements, of migrations */
	bool (*in_transaction)(struct db_conn *c); /* false when the engine gave the transaction up */
	bool (*alive)(struct db_conn *c);
	/* Rows written by this connection so far; NULL where a failed statement spoils the transaction. */
	int64_t (*written)(struct db_conn *c);
	/* In a transaction: changes when another connection has committed. NULL where others write all the time. */
	int64_t (*others)(struct db_conn *c);
	/* key: what a prepared statement is kept under; sql may be empty when one is. vals live until finish(). */
	err (*query)(struct db_conn *c, str key, str sql, const struct db_query *q, const struct db_val *vals,
		     size_t n, struct db_cursor *cur);
	/* Many rows in one go; NULL where one by one is as quick. */
	err (*copy)(struct db_conn *c, const struct db_query *q, db_row_vals *vals, const void *rows, size_t n);
	/* Prepares only, and compares the columns' types (cols: letters, one a column). */
	err (*probe)(struct db_conn *c, str sql, const char *types, size_t n, const char *cols);
	err (*step)(struct db_cursor *cur, bool *ret_row);
	void (*finish)(struct db_cursor *cur);
	bool (*col_null)(struct db_cursor *cur, int i);
	int64_t (*col_i64)(struct db_cursor *cur, int i);
	double (*col_f64)(struct db_cursor *cur, int i);
	str (*col_str)(struct db_cursor *cur, int i);
	const char *begin_read, *begin_write;
};

extern const struct db_backend db_backend_sqlite, db_backend_pg;

struct job {
	db_job *fn;
	void *ctx;
	void (*done)(void *ctx, err e);
	err result;
	struct job *next;
};

enum { MAX_WRITERS = 8, MAX_BATCH = 512 };

struct db {
	const struct db_backend *be;
	struct db_options o;
	struct arena *a;                 /* options' strings */

	pthread_mutex_t lock;
	pthread_cond_t work, idle_reader;
	struct job *head, **tail;
	int queued;
	bool stopping;
	int nwriters;
	pthread_t writers[MAX_WRITERS];
	struct db_conn *readers;         /* idle ones */
	struct db_stats stats;
	uint64_t watched;                /* see db_watched */
	db_job *at_commit;               /* the last word of a write transaction; NULL: none */
	void *at_commit_ctx;

	/* SQLite: the log is copied back by a thread of its own, so that no act waits for it. */
	pthread_t checkpointer;
	bool has_checkpointer;
	pthread_cond_t wal_grew;
	int wal_pages, wal_pages_max;    /* in the log; from here on it is copied back */
	int wal_pages_next;              /* the same, put off when it could not begin anew */
	bool wal_rest;                   /* all but the last pages are copied: those are the writer's */
};

void *db_writer_main(void *db);                   /* the thread of a writer */
void db_rollback(struct db_conn *c);              /* where a transaction is open */
struct db_conn *db_conn_new(struct db *db, bool writer, struct fail *f);
void db_conn_free(struct db_conn *c);
/* Runs a job by itself on the first writer's terms; used by migrate. */
err db_exec_text(struct db_conn *c, str sql, struct fail *f) MUST_USE;
err db_fail(struct db_conn *c, err code, struct fail *f);
void db_sqlite_on_wal(struct db *db, struct db_conn *writer);
err db_sqlite_checkpoint(struct db_conn *c);
void *db_checkpointer_main(void *db);             /* its thread, in wal.c */
void db_wal_grew(struct db *db, int pages);       /* after a commit; pages in the log */
void db_wal_rest(struct db *db, struct db_conn *c); /* on the writer's thread, between two transactions */

#endif
