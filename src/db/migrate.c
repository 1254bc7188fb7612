/* Migrations: numbered steps, each in one transaction, remembered with the hash of its text. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "db/backend.h"
#include "db/ddl.h"

static const char steps_table[] =
	"CREATE TABLE IF NOT EXISTS schema_step (number BIGINT PRIMARY KEY, name TEXT NOT NULL,"
	" checksum TEXT NOT NULL, applied_ms BIGINT NOT NULL)";

static const struct db_query find_step = {
	.name = "schema_step_find",
	.types = "i", .cols = "s",
	.frags = { (const struct db_frag[]){ { .text = "SELECT checksum FROM schema_step WHERE number = ?1" }, { 0 } },
		   (const struct db_frag[]){ { .text = "SELECT checksum FROM schema_step WHERE number = $1" }, { 0 } } },
};
static const struct db_query newest_step = {
	.name = "schema_step_newest",
	.types = "",
	.frags = { (const struct db_frag[]){ { .text = "SELECT COALESCE(MAX(number), 0) FROM schema_step" }, { 0 } },
		   (const struct db_frag[]){ { .text = "SELECT COALESCE(MAX(number), 0) FROM schema_step" }, { 0 } } },
};
static const struct db_query add_step = {
	.name = "schema_step_add",
	.types = "issi",
	.frags = { (const struct db_frag[]){ { .text = "INSERT INTO schema_step (number, name, checksum, applied_ms)"
						       " VALUES (?1, ?2, ?3, ?4)" }, { 0 } },
		   (const struct db_frag[]){ { .text = "INSERT INTO schema_step (number, name, checksum, applied_ms)"
						       " VALUES ($1, $2, $3, $4)" }, { 0 } } },
};

/* A fingerprint against edits of a released step; not a matter of security. */
static str checksum(struct arena *a, str text)
{
	uint64_t h = 0xcbf29ce484222325u, g = 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i < text.n; i++) {
		h = (h ^ (unsigned char)text.p[i]) * 0x100000001b3u;
		g = (g + (unsigned char)text.p[i]) * 0xff51afd7ed558ccdu;
		g ^= g >> 33;
	}
	return arena_printf(a, "%016lx%016lx", (unsigned long)h, (unsigned long)g);
}

static err one_i64(struct db_conn *c, const struct db_query *q, int64_t *ret)
{
	struct db_cursor *cur;
	bool row;
	TRY(db_query(c, q, NULL, NULL, &cur));
	err e = db_step(cur, &row);
	if (e == ERR_OK)
		*ret = row ? db_col_i64(cur, 0) : 0;
	db_done(cur);
	return e;
}

static err step_checksum(struct db_conn *c, struct arena *a, int number, bool *ret_found, str *ret)
{
	struct db_cursor *cur;
	struct db_val p[] = { db_i64(number) };
	bool row;
	TRY(db_query(c, &find_step, p, NULL, &cur));
	err e = db_step(cur, &row);
	if (e == ERR_OK) {
		*ret_found = row;
		*ret = row ? arena_str(a, db_col_str(cur, 0)) : S("");
	}
	db_done(cur);
	return e;
}

static err apply(struct db_conn *c, struct arena *a, const struct db_migration *m, int64_t now_ms, struct fail *f)
{
	TRY(db_exec_text(c, str_of(c->be->begin_write), f));
	err e = db_exec_text(c, ddl_for(a, c->be->engine, m->sql), f);
	struct db_val p[] = { db_i64(m->number), db_text(str_of(m->name)), db_text(checksum(a, m->sql)),
			      db_i64(now_ms) };
	if (e == ERR_OK && (e = db_exec(c, &add_step, p, NULL, NULL)) != ERR_OK)
		(void)db_fail(c, e, f);
	if (e == ERR_OK)
		return db_exec_text(c, S("COMMIT"), f);
	if (c->be->in_transaction(c))
		(void)c->be->simple(c, "ROLLBACK");
	return e;
}

static err backup_before(struct db *db, int64_t newest, int64_t now_ms, struct fail *f)
{
	char path[4096], at[26];
	if (newest == 0 || db->be->engine != DB_SQLITE)
		return ERR_OK;
	time_format_china(now_ms, at);
	snprintf(path, sizeof path, "%s/before-step-%d-%.10s-%ld.db", db->o.dir, (int)newest + 1, at, (long)(now_ms % 86400000));
	return db_backup(db, path, f);
}

static err migrate_with(struct db *db, struct db_conn *c, struct arena *a, const struct db_migration *steps, size_t n,
			int64_t now_ms, int *ret_applied, struct fail *f)
{
	int64_t newest;
	int applied = 0;
	TRY(db_exec_text(c, str_of(steps_table), f));
	err e = one_i64(c, &newest_step, &newest);
	if (e != ERR_OK)
		return db_fail(c, e, f);
	if (newest > steps[n - 1].number) {
		char have[24], know[24];
		snprintf(have, sizeof have, "%ld", (long)newest);
		snprintf(know, sizeof know, "%d", steps[n - 1].number);
		return FAIL(f, NEWER_SCHEMA, "", "err.newer_schema", "have", have, "know", know);
	}
	for (size_t i = 0; i < n; i++) {
		bool found;
		str sum;
		if ((e = step_checksum(c, a, steps[i].number, &found, &sum)) != ERR_OK)
			return db_fail(c, e, f);
		if (found && !str_eq(sum, checksum(a, steps[i].sql)))
			return FAIL(f, CORRUPT, "", "err.schema_changed", "step", steps[i].name);
		if (found)
			continue;
		if (applied == 0)
			TRY(backup_before(db, newest, now_ms, f));
		TRY(apply(c, a, &steps[i], now_ms, f));
		applied++;
	}
	*ret_applied = applied;
	return ERR_OK;
}

err db_migrate(struct db *db, const struct db_migration *steps, size_t n, int64_t now_ms, int *ret_applied,
	       struct fail *f)
{
	struct db_conn *c = db_conn_new(db, true, f);
	if (!c)
		return f ? f->code : ERR_DB;
	struct arena *a = arena_new();
	err e = n ? migrate_with(db, c, a, steps, n, now_ms, ret_applied, f) : ERR_OK;
	arena_free(a);
	db_conn_free(c);
	return e;
}

static const struct db_query vacuum_into = {
	.name = "vacuum_into",
	.types = "s",
	.frags = { (const struct db_frag[]){ { .text = "VACUUM INTO ?1" }, { 0 } },
		   (const struct db_frag[]){ { .text = "SELECT 1/0" }, { 0 } } },
};

/* VACUUM INTO reads one snapshot while the writer goes on; the copy is complete or not there. */
err db_backup(struct db *db, const char *path, struct fail *f)
{
	if (db->be->engine != DB_SQLITE)
		return FAIL(f, UNSUPPORTED, "", "err.backup_pg");
	struct db_conn *c = db_conn_new(db, true, f);
	if (!c)
		return f ? f->code : ERR_DB;
	struct db_val p[] = { db_text(str_of(path)) };
	err e = db_exec(c, &vacuum_into, p, NULL, NULL);
	if (e != ERR_OK)
		(void)db_fail(c, e, f);
	db_conn_free(c);
	return e;
}

static const struct db_query quick_check = {
	.name = "quick_check",
	.types = "",
	.frags = { (const struct db_frag[]){ { .text = "PRAGMA quick_check(1)" }, { 0 } },
		   (const struct db_frag[]){ { .text = "SELECT 'ok'" }, { 0 } } },
};

err db_quick_check(struct db *db, struct fail *f)
{
	struct db_conn *c;
	struct db_cursor *cur;
	bool row, ok = false;
	TRY(db_read_begin(db, &c, f));
	err e = db_query(c, &quick_check, NULL, NULL, &cur);
	if (e == ERR_OK) {
		e = db_step(cur, &row);
		ok = e == ERR_OK && row && str_eq(db_col_str(cur, 0), S("ok"));
		db_done(cur);
	}
	db_read_end(db, c);
	if (e != ERR_OK)
		return FAIL(f, DB, "", "err.db");
	return ok ? ERR_OK : FAIL(f, CORRUPT, "", "err.corrupt");
}
