/* PostgreSQL through libpq: binary parameters and results, named prepared statements. */
#include <endian.h>
#include <libpq-fe.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "db/backend.h"
#include "db/db_pg.h"

enum oid { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25,
	   OID_FLOAT8 = 701, OID_INT8_ARRAY = 1016 };

struct pg_stmt {
	char name[24];
};

static bool sqlstate_is(const PGresult *r, const char *state)
{
	const char *s = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	return s && strncmp(s, state, strlen(state)) == 0;
}

/* A row that was on its way into the partition for all else while one of its own was made. */
static bool partition_came(const PGresult *r)
{
	return sqlstate_is(r, "23514") && !PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
}

static err map_state(const PGresult *r)
{
	if (sqlstate_is(r, "40001") || sqlstate_is(r, "40P01") || partition_came(r))
		return ERR_BUSY;
	if (sqlstate_is(r, "23"))
		return ERR_CONFLICT;
	if (sqlstate_is(r, "53100"))
		return ERR_DISK_FULL;
	if (sqlstate_is(r, "XX001") || sqlstate_is(r, "XX002"))
		return ERR_CORRUPT;
	return ERR_DB;
}

err db_pg_check(struct db_conn *c, PGresult *r)
{
	ExecStatusType st = PQresultStatus(r);
	if (st == PGRES_COMMAND_OK || st == PGRES_EMPTY_QUERY || st == PGRES_TUPLES_OK || st == PGRES_SINGLE_TUPLE || st == PGRES_COPY_IN)
		return ERR_OK;
	err e = map_state(r);
	snprintf(c->message, sizeof c->message, "%s", r ? PQresultErrorMessage(r) : PQerrorMessage(c->handle));
	PQclear(r);
	return e;
}

static err simple(struct db_conn *c, const char *sql)
{
	PGresult *r = PQexec(c->handle, sql);
	TRY(db_pg_check(c, r));
	PQclear(r);
	return ERR_OK;
}

static void quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static err pg_open(const struct db_options *o, bool writer, struct db_conn *c, struct fail *f)
{
	PGconn *h = PQconnectdb(o->url);
	c->handle = h;
	err e = ERR_OK;
	if (PQstatus(h) != CONNECTION_OK) {
		snprintf(c->message, sizeof c->message, "%s", PQerrorMessage(h));
		e = ERR_DB;
	}
	if (e == ERR_OK && PQserverVersion(h) < 150000) {
		snprintf(c->message, sizeof c->message, "PostgreSQL 15 or newer is needed");
		e = ERR_UNSUPPORTED;
	}
	if (e == ERR_OK) {
		PQsetNoticeProcessor(h, quiet, NULL);
		e = simple(c, writer ? "SET synchronous_commit = on; SET standard_conforming_strings = on" :
				       "SET default_transaction_read_only = on");
	}
	if (e != ERR_OK)
		db_fail(c, e, f);
	return e;
}

static void pg_close(struct db_conn *c)
{
	PQfinish(c->handle);
	c->handle = NULL;
}

static bool in_transaction(struct db_conn *c)
{
	PGTransactionStatusType st = PQtransactionStatus(c->handle);
	return st == PQTRANS_INTRANS || st == PQTRANS_INERROR;
}

static bool alive(struct db_conn *c)
{
	return c->handle && PQstatus(c->handle) == CONNECTION_OK;
}

static Oid oid_of(char type)
{
	switch (type) {
	case 'f':
		return OID_FLOAT8;
	case 's':
		return OID_TEXT;
	case 'b':
		return OID_BYTEA;
	case 'l':
		return OID_INT8_ARRAY;
	default:
		return OID_INT8;
	}
}

static str array_bytes(struct arena *a, struct db_ids ids)
{
	size_t n = 20 + ids.n * 12;
	char *p = arena_alloc(a, n), *w = p;
	uint32_t head[5] = { htobe32(ids.n ? 1 : 0), 0, htobe32(OID_INT8), htobe32((uint32_t)ids.n), htobe32(1) };
	size_t head_n = ids.n ? 20 : 12;
	memcpy(w, head, head_n);
	w += head_n;
	for (size_t i = 0; i < ids.n; i++) {
		uint32_t len = htobe32(8);
		uint64_t v = htobe64((uint64_t)ids.v[i]);
		memcpy(w, &len, 4);
		memcpy(w + 4, &v, 8);
		w += 12;
	}
	return (str){ p, (size_t)(w - p) };
}

str db_pg_bytes(struct arena *a, struct db_val v)
{
	uint64_t u;
	switch (v.type) {
	case DB_I64:
		u = htobe64((uint64_t)v.i);
		return arena_str(a, (str){ (char *)&u, 8 });
	case DB_F64:
		memcpy(&u, &v.f, 8);
		u = htobe64(u);
		return arena_str(a, (str){ (char *)&u, 8 });
	case DB_TEXT:
	case DB_BLOB:
		return (str){ v.s.p ? v.s.p : "", v.s.n };
	case DB_IDS:
		return array_bytes(a, v.ids);
	case DB_NULL:
		break;
	}
	return (str){ NULL, 0 };
}

static err get_stmt(struct db_conn *c, str key, str sql, const char *types, size_t n, struct pg_stmt **ret)
{
	struct pg_stmt *s = map_get(&c->cache, key);
	if (s) {
		*ret = s;
		return ERR_OK;
	}
	s = NEW(c->cache_arena, struct pg_stmt);
	Oid *oids = NEW_N(c->scratch, Oid, n + 1);
	size_t typed = strlen(types);
	for (size_t i = 0; i < n; i++)
		oids[i] = oid_of(i < typed ? types[i] : 'i');
	snprintf(s->name, sizeof s->name, "s%zu", c->cache.n + 1);
	PGresult *r = PQprepare(c->handle, s->name, arena_cstr(c->scratch, sql), (int)n, oids);
	TRY(db_pg_check(c, r));
	PQclear(r);
	map_put(&c->cache, arena_str(c->cache_arena, key), s);
	*ret = s;
	return ERR_OK;
}

static bool type_fits(Oid oid, char type)
{
	switch (type) {
	case 'f':
		return oid == OID_FLOAT8;
	case 's':
		return oid == OID_TEXT;
	case 'b':
		return oid == OID_BYTEA;
	default:
		return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL;
	}
}

static err compare_columns(struct db_conn *c, const PGresult *r, const char *cols)
{
	int n = PQnfields(r);
	if (!*cols && n == 0)
		return ERR_OK;
	if (n != (int)strlen(cols)) {
		snprintf(c->message, sizeof c->message, "%d columns, the row names %zu", n, strlen(cols));
		return ERR_DB;
	}
	for (int i = 0; i < n; i++)
		if (!type_fits(PQftype(r, i), cols[i])) {
			snprintf(c->message, sizeof c->message, "column %d has type %u, the row says %c", i + 1, PQftype(r, i), cols[i]);
			return ERR_DB;
		}
	return ERR_OK;
}

static err probe(struct db_conn *c, str sql, const char *types, size_t n, const char *cols)
{
	struct pg_stmt *s;
	TRY(get_stmt(c, sql, sql, types, n, &s));
	PGresult *r = PQdescribePrepared(c->handle, s->name);
	TRY(db_pg_check(c, r));
	err e = compare_columns(c, r, cols);
	PQclear(r);
	return e;
}

static err start_stream(struct db_conn *c, struct pg_stmt *s, size_t n, const char *const *p, const int *len,
			const int *fmt, struct db_cursor *cur)
{
	if (!PQsendQueryPrepared(c->handle, s->name, (int)n, p, len, fmt, 1) || !PQsetSingleRowMode(c->handle)) {
		snprintf(c->message, sizeof c->message, "%s", PQerrorMessage(c->handle));
		return ERR_DB;
	}
	cur->stream = true;
	return ERR_OK;
}

static err query(struct db_conn *c, str key, str sql, const struct db_query *q, const struct db_val *vals, size_t n,
		 struct db_cursor *cur)
{
	struct pg_stmt *s;
	TRY(get_stmt(c, key, sql, q->types, n, &s));
	const char **p = NEW_N(c->scratch, const char *, n + 1);
	int *len = NEW_N(c->scratch, int, n + 1), *fmt = NEW_N(c->scratch, int, n + 1);
	for (size_t i = 0; i < n; i++) {
		str b = db_pg_bytes(c->scratch, vals[i]);
		p[i] = b.p;
		len[i] = (int)b.n;
		fmt[i] = 1;
	}
	cur->row = -1;
	if (q->stream)
		return start_stream(c, s, n, p, len, fmt, cur);
	PGresult *r = PQexecPrepared(c->handle, s->name, (int)n, p, len, fmt, 1);
	TRY(db_pg_check(c, r));
	cur->result = r;
	cur->changed = strtoll(PQcmdTuples(r), NULL, 10);
	return ERR_OK;
}

static err step_stream(struct db_cursor *cur, bool *ret_row)
{
	PQclear(cur->result);
	cur->result = PQgetResult(cur->c->handle);
	cur->row = 0;
	if (!cur->result) {
		cur->finished = true;
		*ret_row = false;
		return ERR_OK;
	}
	PGresult *r = cur->result;
	cur->result = NULL;
	TRY(db_pg_check(cur->c, r));
	cur->result = r;
	*ret_row = PQresultStatus(r) == PGRES_SINGLE_TUPLE;
	return ERR_OK;
}

static err step(struct db_cursor *cur, bool *ret_row)
{
	if (cur->stream)
		return step_stream(cur, ret_row);
	cur->row++;
	*ret_row = cur->row < PQntuples(cur->result);
	return ERR_OK;
}

static void finish(struct db_cursor *cur)
{
	PQclear(cur->result);
	cur->result = NULL;
	if (cur->stream && !cur->finished) {
		PGresult *r;
		PGcancel *cancel = PQgetCancel(cur->c->handle);
		char why[64];
		if (cancel) {
			PQcancel(cancel, why, sizeof why);
			PQfreeCancel(cancel);
		}
		while ((r = PQgetResult(cur->c->handle)))
			PQclear(r);
		cur->finished = true;
	}
}

static bool col_null(struct db_cursor *cur, int i)
{
	return PQgetisnull(cur->result, cur->row, i);
}

static int64_t col_i64(struct db_cursor *cur, int i)
{
	const char *p = PQgetvalue(cur->result, cur->row, i);
	uint64_t u8;
	uint32_t u4;
	uint16_t u2;
	if (PQgetisnull(cur->result, cur->row, i))
		return 0;
	switch (PQftype(cur->result, i)) {
	case OID_INT8:
		memcpy(&u8, p, 8);
		return (int64_t)be64toh(u8);
	case OID_INT4:
		memcpy(&u4, p, 4);
		return (int32_t)be32toh(u4);
	case OID_INT2:
		memcpy(&u2, p, 2);
		return (int16_t)be16toh(u2);
	case OID_BOOL:
		return p[0] != 0;
	default:
		/* A sum without CAST is numeric: a bug of the statement, found by the contract tests. */
		abort();
	}
}

static double col_f64(struct db_cursor *cur, int i)
{
	uint64_t u;
	double d;
	if (PQgetisnull(cur->result, cur->row, i))
		return NAN;
	if (PQftype(cur->result, i) != OID_FLOAT8)
		return (double)col_i64(cur, i);
	memcpy(&u, PQgetvalue(cur->result, cur->row, i), 8);
	u = be64toh(u);
	memcpy(&d, &u, 8);
	return d;
}

static str col_str(struct db_cursor *cur, int i)
{
	return (str){ PQgetvalue(cur->result, cur->row, i), (size_t)PQgetlength(cur->result, cur->row, i) };
}

const struct db_backend db_backend_pg = {
	.engine = DB_PG,
	.open = pg_open,
	.close = pg_close,
	.simple = simple,
	.script = simple,
	.in_transaction = in_transaction,
	.alive = alive,
	.query = query,
	.copy = db_pg_copy,
	.probe = probe,
	.step = step,
	.finish = finish,
	.col_null = col_null,
	.col_i64 = col_i64,
	.col_f64 = col_f64,
	.col_str = col_str,
	.begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	.begin_write = "BEGIN",
};
