/* The packet rows of a store of readings, written again by bare SQLite: the same rows, the same table, WAL and FULL, so many a
 * commit. Prints one JSON object.
 *
 *   rows FROM.db TO.db ROWS_A_COMMIT */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct row {
	int64_t v[6];
	size_t at, n;
};
static struct row *rows;
static char *bodies;
static size_t nrows, cap_rows, nbytes, cap_bytes;

static double now_s(clockid_t of)
{
	struct timespec t;
	clock_gettime(of, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(sqlite3 *db, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void *grown(void *p, size_t *cap, size_t need, size_t each)
{
	if (need <= *cap)
		return p;
	*cap = need * 2;
	p = realloc(p, *cap * each);
	if (!p)
		abort();
	return p;
}

static void keep(sqlite3_stmt *s)
{
	rows = grown(rows, &cap_rows, nrows + 1, sizeof *rows);
	struct row *r = &rows[nrows++];
	for (int i = 0; i < 6; i++)
		r->v[i] = sqlite3_column_int64(s, i);
	r->n = (size_t)sqlite3_column_bytes(s, 6);
	r->at = nbytes;
	bodies = grown(bodies, &cap_bytes, nbytes + r->n, 1);
	memcpy(bodies + nbytes, sqlite3_column_blob(s, 6), r->n);
	nbytes += r->n;
}

/* In the order of the key: kinder to the peer than the order of arrival. */
static void read_rows(const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	must(NULL, sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL));
	must(db, sqlite3_prepare_v2(db, "SELECT at_ms, station, kind, part, received_ms, source, body FROM series_packet ORDER BY at_ms, station, kind, part", -1,
				    &s, NULL));
	while (sqlite3_step(s) == SQLITE_ROW)
		keep(s);
	sqlite3_finalize(s);
	sqlite3_close(db);
}

static void write_rows(const char *path, size_t each)
{
	sqlite3 *db;
	sqlite3_stmt *s, *begin, *commit;
	must(NULL, sqlite3_open(path, &db));
	must(db, sqlite3_exec(db,
			      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;"
			      "CREATE TABLE series_packet (at_ms INTEGER NOT NULL, station INTEGER NOT NULL, kind INTEGER NOT NULL, part INTEGER NOT NULL,"
			      " received_ms INTEGER NOT NULL, source INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (at_ms, station, kind, part)) WITHOUT ROWID",
			      NULL, NULL, NULL));
	must(db, sqlite3_prepare_v3(db, "INSERT INTO series_packet VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", -1, SQLITE_PREPARE_PERSISTENT, &s, NULL));
	must(db, sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, NULL));
	must(db, sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL));
	double from = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
	size_t commits = 0;
	for (size_t i = 0; i < nrows; commits++) {
		must(db, sqlite3_step(begin));
		sqlite3_reset(begin);
		for (size_t end = i + each < nrows ? i + each : nrows; i < end; i++) {
			for (int k = 0; k < 6; k++)
				sqlite3_bind_int64(s, k + 1, rows[i].v[k]);
			sqlite3_bind_blob(s, 7, bodies + rows[i].at, (int)rows[i].n, SQLITE_STATIC);
			must(db, sqlite3_step(s));
			sqlite3_reset(s);
		}
		must(db, sqlite3_step(commit));
		sqlite3_reset(commit);
	}
	double took = now_s(CLOCK_MONOTONIC) - from;
	cpu = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("{\"rows\":%zu,\"bytes\":%zu,\"commits\":%zu,\"seconds\":%.3f,\"cpu_s\":%.3f,\"per_s\":%.0f}\n", nrows, nbytes, commits, took, cpu, (double)nrows / took);
	sqlite3_finalize(s);
	sqlite3_finalize(begin);
	sqlite3_finalize(commit);
	sqlite3_close(db);
}

int main(int argc, char **argv)
{
	if (argc != 4 || atoi(argv[3]) < 1) {
		fprintf(stderr, "usage: rows FROM.db TO.db ROWS_A_COMMIT\n");
		return 2;
	}
	read_rows(argv[1]);
	write_rows(argv[2], (size_t)atoi(argv[3]));
	return 0;
}
