/* Many rows into PostgreSQL: COPY, binary. What the server takes of a row is a seventh of what an INSERT of it costs. */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "db/db_pg.h"

enum { CHUNK = 256 << 10, COLUMNS_MAX = 64 };

static void put_u16(struct buf *b, uint16_t v)
{
	v = htobe16(v);
	buf_put(b, (str){ (const char *)&v, sizeof v });
}

static void put_u32(struct buf *b, uint32_t v)
{
	v = htobe32(v);
	buf_put(b, (str){ (const char *)&v, sizeof v });
}

static void put_val(struct buf *b, const struct db_val *v)
{
	uint64_t u;
	switch (v->type) {
	case DB_I64:
		u = (uint64_t)v->i;
		break;
	case DB_F64:
		memcpy(&u, &v->f, sizeof u);
		break;
	case DB_TEXT:
	case DB_BLOB:
		put_u32(b, (uint32_t)v->s.n);
		buf_put(b, v->s);
		return;
	default:
		put_u32(b, UINT32_MAX); /* NULL */
		return;
	}
	u = htobe64(u);
	put_u32(b, sizeof u);
	buf_put(b, (str){ (const char *)&u, sizeof u });
}

static err lost(struct db_conn *c)
{
	snprintf(c->message, sizeof c->message, "%s", PQerrorMessage(c->handle));
	return ERR_DB;
}

static err send(struct db_conn *c, struct buf *b)
{
	if (b->n && PQputCopyData(c->handle, b->p, (int)b->n) != 1)
		return lost(c);
	b->n = 0;
	return ERR_OK;
}

static err send_rows(struct db_conn *c, const struct db_query *q, db_row_vals *vals, const void *rows, size_t n)
{
	static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, no flags, no extension */
	struct db_val row[COLUMNS_MAX];
	struct buf b = BUF(c->scratch);
	size_t columns = strlen(q->types);
	buf_put(&b, (str){ head, sizeof head });
	for (size_t i = 0; i < n; i++) {
		vals(rows, i, row);
		put_u16(&b, (uint16_t)columns);
		for (size_t k = 0; k < columns; k++)
			put_val(&b, &row[k]);
		if (b.n >= CHUNK)
			TRY(send(c, &b));
	}
	put_u16(&b, UINT16_MAX); /* the end */
	return send(c, &b);
}

/* The server answers once it has everything: until then no statement can go this way. */
static err finish(struct db_conn *c, err sent)
{
	PGresult *r;
	err e = sent;
	if (PQputCopyEnd(c->handle, sent == ERR_OK ? NULL : "not all could be sent") != 1)
		return e == ERR_OK ? lost(c) : e;
	while ((r = PQgetResult(c->handle))) {
		err answer = db_pg_check(c, r);
		if (answer == ERR_OK)
			PQclear(r);
		e = e == ERR_OK ? answer : e;
		if (PQstatus(c->handle) != CONNECTION_OK)
			break;
	}
	return e;
}

err db_pg_copy(struct db_conn *c, const struct db_query *q, db_row_vals *vals, const void *rows, size_t n)
{
	if (strlen(q->types) > COLUMNS_MAX)
		return ERR_TOO_LARGE;
	PGresult *r = PQexec(c->handle, q->copy);
	TRY(db_pg_check(c, r));
	PQclear(r);
	return finish(c, send_rows(c, q, vals, rows, n));
}
