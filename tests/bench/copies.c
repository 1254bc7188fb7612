/* The packet rows of a store of readings on PostgreSQL, written again by bare libpq: the same rows, a plain table with the same key,
 * so many a commit. Prints one JSON object.
 *
 *   copies URL copy ROWS_A_COMMIT       binary COPY
 *   copies URL insert ROWS_A_COMMIT     a prepared INSERT … ON CONFLICT DO NOTHING a row */
#include <endian.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS = 7, BODY = 6 };

static double now_s(clockid_t of)
{
	struct timespec t;
	clock_gettime(of, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static PGresult *must(PGconn *c, PGresult *r)
{
	ExecStatusType s = PQresultStatus(r);
	if (s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_COPY_IN)
		return r;
	fprintf(stderr, "%s\n", PQerrorMessage(c));
	exit(1);
}

static void run(PGconn *c, const char *sql)
{
	PQclear(must(c, PQexec(c, sql)));
}

/* In the order of the key: kinder to the peer than the order of arrival. */
static PGresult *read_rows(PGconn *c)
{
	return must(c, PQexecParams(c, "SELECT at_ms, station, kind, part, received_ms, source, body FROM series_packet ORDER BY at_ms, station, kind, part",
				    0, NULL, NULL, NULL, NULL, 1));
}

static size_t put_row(char *to, const PGresult *rows, int i)
{
	char *w = to;
	uint16_t n = htobe16(COLUMNS);
	memcpy(w, &n, 2);
	w += 2;
	for (int k = 0; k < COLUMNS; k++) {
		int bytes = PQgetlength(rows, i, k);
		uint32_t len = htobe32((uint32_t)bytes);
		memcpy(w, &len, 4);
		memcpy(w + 4, PQgetvalue(rows, i, k), (size_t)bytes);
		w += 4 + bytes;
	}
	return (size_t)(w - to);
}

static void copy_rows(PGconn *c, const PGresult *rows, int from, int to)
{
	static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	static char out[1 << 20];
	size_t n = sizeof head;
	memcpy(out, head, n);
	PQclear(must(c, PQexec(c, "COPY bench_copy FROM STDIN (FORMAT binary)")));
	for (int i = from; i < to; i++) {
		if (n + 200 + (size_t)PQgetlength(rows, i, BODY) > sizeof out) {
			PQputCopyData(c, out, (int)n);
			n = 0;
		}
		n += put_row(out + n, rows, i);
	}
	memset(out + n, 0xff, 2);
	PQputCopyData(c, out, (int)n + 2);
	PQputCopyEnd(c, NULL);
	for (PGresult *r; (r = PQgetResult(c));)
		PQclear(must(c, r));
}

static void insert_rows(PGconn *c, const PGresult *rows, int from, int to)
{
	static const int binary[COLUMNS] = { 1, 1, 1, 1, 1, 1, 1 };
	for (int i = from; i < to; i++) {
		const char *v[COLUMNS];
		int n[COLUMNS];
		for (int k = 0; k < COLUMNS; k++) {
			v[k] = PQgetvalue(rows, i, k);
			n[k] = PQgetlength(rows, i, k);
		}
		PQclear(must(c, PQexecPrepared(c, "put", COLUMNS, v, n, binary, 1)));
	}
}

int main(int argc, char **argv)
{
	int each = argc == 4 ? atoi(argv[3]) : 0, i = 0, commits = 0;
	PGconn *c = argc == 4 ? PQconnectdb(argv[1]) : NULL;
	if (each < 1 || PQstatus(c) != CONNECTION_OK) {
		fprintf(stderr, "usage: copies URL copy|insert ROWS_A_COMMIT\n%s", c ? PQerrorMessage(c) : "");
		return 2;
	}
	PGresult *rows = read_rows(c);
	int n = PQntuples(rows);
	run(c, "SET client_min_messages = error; DROP TABLE IF EXISTS bench_copy;"
	       " CREATE TABLE bench_copy (at_ms BIGINT NOT NULL, station BIGINT NOT NULL, kind BIGINT NOT NULL, part BIGINT NOT NULL,"
	       " received_ms BIGINT NOT NULL, source BIGINT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (at_ms, station, kind, part))");
	PQclear(must(c, PQprepare(c, "put", "INSERT INTO bench_copy VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING", 0, NULL)));
	double from = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
	for (; i < n; commits++) {
		int to = n - i < each ? n : i + each;
		run(c, "BEGIN");
		(strcmp(argv[2], "copy") == 0 ? copy_rows : insert_rows)(c, rows, i, to);
		run(c, "COMMIT");
		i = to;
	}
	double took = now_s(CLOCK_MONOTONIC) - from;
	cpu = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("{\"rows\":%d,\"commits\":%d,\"seconds\":%.3f,\"cpu_s\":%.3f,\"per_s\":%.0f}\n", n, commits, took, cpu, n / took);
	PQclear(rows);
	PQfinish(c);
	return 0;
}
