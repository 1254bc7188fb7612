/* What the machine gives without a server: the transactions of a note, group-committed, in bare SQLite.
 *
 *   bare acts DB CLIENTS SECONDS      on a store made by `bihuan demo`: each client its own matter
 *   bare query DB COUNT SQL           prints the time of one statement run to its end
 *
 * The acts do what one note does in the store: read the matter and its parties, append an event with its hash, move
 * the log's head, raise the version, keep the words; one writer thread, FULL, clients that arrive together share a commit. */
#include <openssl/sha.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MAX_CLIENTS = 1024, MAX_SAMPLES = 1 << 22 };

struct job {
	int64_t region, matter;
	pthread_cond_t done;
	bool finished;
	struct job *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static struct job *head, **tail = &head;
static bool stopping;
static double *samples;
static long nsamples;
static long commits;

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void must(sqlite3 *db, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static sqlite3 *open_db(const char *path)
{
	sqlite3 *db;
	must(NULL, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL));
	must(db, sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-65536",
			      NULL, NULL, NULL));
	return db;
}

enum { S_BEGIN, S_COMMIT, S_SAVE, S_RELEASE, S_MATTER, S_PARTIES, S_HEAD, S_EVENT, S_LOG, S_RAISE, S_WORDS, S_COUNT };
static const char *const TEXTS[S_COUNT] = {
	"BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT j", "RELEASE j",
	"SELECT ver, state, title, due_ms, lead_org FROM matter WHERE region = ?1 AND id = ?2",
	"SELECT org, role, person, since_ms FROM matter_party WHERE region = ?1 AND matter = ?2",
	"SELECT size, frontier FROM ledger_log WHERE region = ?1",
	"INSERT INTO ledger_event (region, seq, at_ms, actor, kind, subject, body, leaf) VALUES (?1, ?2, ?3, 1, 'note', ?4, ?5, ?6)",
	"UPDATE ledger_log SET size = ?2, last_ms = ?3, frontier = zeroblob(320) WHERE region = ?1",
	"UPDATE matter SET ver = ver + 1 WHERE region = ?1 AND id = ?2 AND ver = ?3",
	"INSERT INTO matter_report (region, id, matter, seq, act, progress, period, percent, body, salt, org, account, at_ms)"
	" VALUES (?1, ?2, ?3, ?4, 'note', 0, '', NULL, '进展正常，已现场核对。', zeroblob(16), 1, 1, ?5)",
};

static void act(sqlite3 *db, sqlite3_stmt **s, const struct job *j)
{
	sqlite3_bind_int64(s[S_MATTER], 1, j->region);
	sqlite3_bind_int64(s[S_MATTER], 2, j->matter);
	must(db, sqlite3_step(s[S_MATTER]));
	int64_t ver = sqlite3_column_int64(s[S_MATTER], 0);
	sqlite3_reset(s[S_MATTER]);
	sqlite3_bind_int64(s[S_PARTIES], 1, j->region);
	sqlite3_bind_int64(s[S_PARTIES], 2, j->matter);
	while (sqlite3_step(s[S_PARTIES]) == SQLITE_ROW)
		;
	sqlite3_reset(s[S_PARTIES]);
	sqlite3_bind_int64(s[S_HEAD], 1, j->region);
	must(db, sqlite3_step(s[S_HEAD]));
	int64_t size = sqlite3_column_int64(s[S_HEAD], 0);
	sqlite3_reset(s[S_HEAD]);
	char subject[64], body[512];
	unsigned char leaf[32];
	snprintf(subject, sizeof subject, "matter/%lld", (long long)j->matter);
	int n = snprintf(body, sizeof body, "{\"act\":\"note\",\"actor\":\"1\",\"at_ms\":%lld,\"kind\":\"note\",\"region\":\"%lld\",\"seq\":%lld,"
			 "\"subject\":\"%s\",\"text\":\"进展正常，已现场核对第 %lld 次。\",\"ver\":%lld}", 1793581200000LL, (long long)j->region,
			 (long long)size, subject, (long long)ver, (long long)ver);
	SHA256((unsigned char *)body, (size_t)n, leaf);
	sqlite3_bind_int64(s[S_EVENT], 1, j->region);
	sqlite3_bind_int64(s[S_EVENT], 2, size);
	sqlite3_bind_int64(s[S_EVENT], 3, 1793581200000LL);
	sqlite3_bind_text(s[S_EVENT], 4, subject, -1, SQLITE_STATIC);
	sqlite3_bind_blob(s[S_EVENT], 5, body, n, SQLITE_STATIC);
	sqlite3_bind_blob(s[S_EVENT], 6, leaf, 32, SQLITE_STATIC);
	must(db, sqlite3_step(s[S_EVENT]));
	sqlite3_reset(s[S_EVENT]);
	sqlite3_bind_int64(s[S_LOG], 1, j->region);
	sqlite3_bind_int64(s[S_LOG], 2, size + 1);
	sqlite3_bind_int64(s[S_LOG], 3, 1793581200000LL);
	must(db, sqlite3_step(s[S_LOG]));
	sqlite3_reset(s[S_LOG]);
	sqlite3_bind_int64(s[S_RAISE], 1, j->region);
	sqlite3_bind_int64(s[S_RAISE], 2, j->matter);
	sqlite3_bind_int64(s[S_RAISE], 3, ver);
	must(db, sqlite3_step(s[S_RAISE]));
	sqlite3_reset(s[S_RAISE]);
	sqlite3_bind_int64(s[S_WORDS], 1, j->region);
	sqlite3_bind_int64(s[S_WORDS], 2, INT64_C(5000000000000000000) + size);
	sqlite3_bind_int64(s[S_WORDS], 3, j->matter);
	sqlite3_bind_int64(s[S_WORDS], 4, size);
	sqlite3_bind_int64(s[S_WORDS], 5, 1793581200000LL);
	must(db, sqlite3_step(s[S_WORDS]));
	sqlite3_reset(s[S_WORDS]);
}

static void once(sqlite3 *db, sqlite3_stmt *s)
{
	must(db, sqlite3_step(s));
	sqlite3_reset(s);
}

static void *writer(void *path)
{
	sqlite3 *db = open_db(path);
	sqlite3_stmt *s[S_COUNT];
	for (int i = 0; i < S_COUNT; i++)
		must(db, sqlite3_prepare_v3(db, TEXTS[i], -1, SQLITE_PREPARE_PERSISTENT, &s[i], NULL));
	for (;;) {
		pthread_mutex_lock(&lock);
		while (!head && !stopping)
			pthread_cond_wait(&work, &lock);
		struct job *batch = head;
		head = NULL;
		tail = &head;
		pthread_mutex_unlock(&lock);
		if (!batch)
			break;
		once(db, s[S_BEGIN]);
		for (struct job *j = batch; j; j = j->next) {
			once(db, s[S_SAVE]);
			act(db, s, j);
			once(db, s[S_RELEASE]);
		}
		once(db, s[S_COMMIT]);
		commits++;
		pthread_mutex_lock(&lock);
		for (struct job *j = batch, *next; j; j = next) {
			next = j->next;
			j->finished = true;
			pthread_cond_signal(&j->done);
		}
		pthread_mutex_unlock(&lock);
	}
	for (int i = 0; i < S_COUNT; i++)
		sqlite3_finalize(s[i]);
	sqlite3_close(db);
	return NULL;
}

static void *client(void *arg)
{
	struct job *j = arg;
	pthread_mutex_lock(&lock);
	while (!stopping) {
		int64_t from = now_ns();
		j->finished = false;
		j->next = NULL;
		*tail = j;
		tail = &j->next;
		pthread_cond_signal(&work);
		while (!j->finished)
			pthread_cond_wait(&j->done, &lock);
		if (nsamples < MAX_SAMPLES)
			samples[nsamples++] = (double)(now_ns() - from) / 1e6;
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void report(double seconds)
{
	qsort(samples, (size_t)nsamples, sizeof *samples, by_value);
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	double cpu_us = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
	printf("{\"requests\":%ld,\"seconds\":%.3f,\"per_s\":%.1f,\"p50\":%.3f,\"p95\":%.3f,\"p99\":%.3f,\"commits\":%ld,\"cpu_us\":%.0f}\n", nsamples, seconds,
	       (double)nsamples / seconds, samples[nsamples / 2], samples[(long)((double)(nsamples - 1) * 0.95)],
	       samples[(long)((double)(nsamples - 1) * 0.99)], commits, cpu_us);
}

static int acts(char *path, int n, double seconds)
{
	static struct job jobs[MAX_CLIENTS];
	pthread_t w, clients[MAX_CLIENTS];
	sqlite3 *db = open_db(path);
	sqlite3_stmt *s;
	must(db, sqlite3_prepare_v2(db, "SELECT region, id FROM matter WHERE region = 140109000000 ORDER BY id DESC LIMIT ?1", -1, &s, NULL));
	sqlite3_bind_int(s, 1, n);
	int have = 0;
	while (have < n && sqlite3_step(s) == SQLITE_ROW)
		jobs[have++] = (struct job){ .region = sqlite3_column_int64(s, 0), .matter = sqlite3_column_int64(s, 1) };
	sqlite3_finalize(s);
	sqlite3_close(db);
	if (have < n) {
		fprintf(stderr, "only %d matters\n", have);
		return 1;
	}
	int64_t from = now_ns();
	pthread_create(&w, NULL, writer, path);
	for (int i = 0; i < n; i++) {
		pthread_cond_init(&jobs[i].done, NULL);
		pthread_create(&clients[i], NULL, client, &jobs[i]);
	}
	struct timespec pause = { .tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9) };
	nanosleep(&pause, NULL);
	pthread_mutex_lock(&lock);
	stopping = true;
	pthread_cond_signal(&work);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < n; i++)
		pthread_join(clients[i], NULL);
	double took = (double)(now_ns() - from) / 1e9;
	pthread_mutex_lock(&lock);
	pthread_cond_signal(&work);
	pthread_mutex_unlock(&lock);
	pthread_join(w, NULL);
	report(took);
	return 0;
}

static int query(const char *path, int count, const char *sql)
{
	sqlite3 *db = open_db(path);
	sqlite3_stmt *s;
	must(db, sqlite3_prepare_v2(db, sql, -1, &s, NULL));
	int64_t start = now_ns();
	for (int i = 0; i < count; i++) {
		int64_t from = now_ns();
		while (sqlite3_step(s) == SQLITE_ROW)
			(void)sqlite3_column_bytes(s, 0);
		sqlite3_reset(s);
		samples[nsamples++] = (double)(now_ns() - from) / 1e6;
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	report((double)(now_ns() - start) / 1e9);
	return 0;
}

int main(int argc, char **argv)
{
	samples = malloc(sizeof *samples * MAX_SAMPLES);
	if (argc == 5 && strcmp(argv[1], "acts") == 0 && atoi(argv[3]) <= MAX_CLIENTS)
		return acts(argv[2], atoi(argv[3]), atof(argv[4]));
	if (argc == 5 && strcmp(argv[1], "query") == 0)
		return query(argv[2], atoi(argv[3]), argv[4]);
	fprintf(stderr, "usage: bare acts DB CLIENTS SECONDS | bare query DB COUNT SQL\n");
	return 2;
}
