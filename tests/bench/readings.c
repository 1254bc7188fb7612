/* The store of readings by the numbers: bytes a reading as it arrives and packed, the rate of putting beside bare rows, and
 * whether the rate holds. Prints one JSON object.
 *
 *   readings size DIR STATIONS DAYS      minute data of works, outfalls and micro-stations
 *   readings rate DIR READINGS           packets in the order of time, in commits as the gateway makes them */
#include "readings.h"

#include <math.h>
#include <pthread.h>
#include <semaphore.h>

#include "sense/pack.h"

enum { ITEMS_MAX = 12, PACKET_MAX = 48, COMMIT = 1000, RATE_STATIONS = 2000 };

/* ---- instruments: decimals, level and wander as in packets of the field ---- */

struct instrument {
	const char *code;
	int scale, whats;        /* 1 mean only, 3 with extremes, 7 with the converted ones and the amount */
	double level, wander;
};
static const struct instrument works[] = {
	{ "a21026", 4, 7, 12, 1.5 }, { "a21002", 4, 7, 38, 3 }, { "a34013", 4, 7, 3, 0.4 }, { "a21005", 4, 7, 45, 10 },
	{ "a19001", 4, 3, 8.5, 0.3 }, { "a01012", 4, 3, 96, 1 }, { "a01011", 4, 3, 11, 0.4 }, { "a01013", 4, 3, -120, 4 },
	{ "a01014", 4, 3, 9.4, 0.2 }, { NULL },
};
static const struct instrument outfall[] = {
	{ "w01018", 2, 3, 22, 1 }, { "w21003", 3, 3, 0.8, 0.05 }, { "w21011", 3, 3, 0.12, 0.01 }, { "w21001", 2, 3, 9, 0.3 },
	{ "w01001", 2, 3, 7.4, 0.03 }, { "w00000", 3, 3, 132, 8 }, { NULL },
};
static const struct instrument micro[] = {
	{ "a34004", 0, 1, 40, 4 }, { "a34002", 0, 1, 75, 7 }, { "a21004", 0, 1, 33, 3 }, { "a05024", 0, 1, 80, 4 }, { "a21005", 3, 1, 0.6, 0.05 },
	{ "a01001", 1, 1, 14, 0.1 }, { "a01002", 0, 1, 55, 1 }, { NULL },
};
static const struct instrument *const sorts[] = { works, outfall, micro };

struct source {
	const struct instrument *of;
	uint32_t item[ITEMS_MAX];
	double now[ITEMS_MAX];
	int64_t id;
};

static struct source *make_sources(struct series *s, struct arena *a, int n)
{
	struct fail f = { 0 };
	struct source *v = NEW_N(a, struct source, (size_t)n);
	for (int i = 0; i < n; i++) {
		v[i].of = sorts[i % 3];
		v[i].id = INT64_C(7300000000000000) + (int64_t)i * 4096; /* ids as the application makes them */
		for (int k = 0; v[i].of[k].code; k++) {
			v[i].now[k] = v[i].of[k].level;
			ok(series_item(s, str_of(v[i].of[k].code), &v[i].item[k], &f), &f);
		}
	}
	return v;
}

static struct decimal at_scale(double v, int scale)
{
	return (struct decimal){ llround(v * pow(10, scale)), scale, false };
}

/* The next minute of a source: a wander back to its level, extremes around it, 1 of 500 marked. */
static size_t next_minute(struct source *s, uint32_t *x, struct reading *out)
{
	size_t n = 0;
	for (int k = 0; s->of[k].code; k++) {
		const struct instrument *in = &s->of[k];
		s->now[k] += 0.05 * (in->level - s->now[k]) + 0.3 * in->wander * noise(x);
		double v = s->now[k], spread = fabs(0.2 * in->wander * noise(x));
		char flag = lcg(x) % 500 ? 'N' : 'M';
		const double of[] = { v, v - spread, v + spread, v * 3.6, v * 1.3, (v - spread) * 1.3, (v + spread) * 1.3 };
		for (int w = 0; w < in->whats; w++)
			out[n++] = (struct reading){ s->item[k], (uint8_t)w, flag, at_scale(of[w], in->scale) };
	}
	return n;
}

/* ---- size ---- */

static void put_hour(struct series *s, struct source *v, int n, int64_t from_ms, uint32_t *x, int64_t *readings)
{
	struct fail f = { 0 };
	struct reading *r = malloc((size_t)n * PACKET_MAX * sizeof *r);
	struct packet *k = malloc((size_t)n * sizeof *k);
	if (!r || !k)
		abort();
	for (int m = 0; m < 60; m++) {
		for (int i = 0; i < n; i++) {
			struct reading *at = r + (size_t)i * PACKET_MAX;
			int64_t t = from_ms + m * MINUTE_MS;
			k[i] = (struct packet){ v[i].id, t, t + MINUTE_MS + lcg(x) % 20000, SERIES_MINUTE, SERIES_DEVICE, at, next_minute(&v[i], x, at) };
			*readings += (int64_t)k[i].n;
		}
		ok(series_put(s, k, (size_t)n, NULL, &f), &f);
	}
	free(r);
	free(k);
}

static double file_bytes(const char *dir)
{
	struct stat st;
	char path[4096];
	snprintf(path, sizeof path, "%s/series.db", dir);
	if (stat(path, &st) != 0)
		die(path, "not there");
	return (double)st.st_size;
}

static void size(const char *dir, int n, int days)
{
	struct arena *a = arena_new();
	struct fail f = { 0 };
	uint32_t x = 7;
	int64_t raw_n = 0, packed_n = 0;
	const char *raw = arena_printf(a, "%s/raw", dir).p, *packed = arena_printf(a, "%s/packed", dir).p;
	struct series *s = open_store(a, raw);
	struct source *v = make_sources(s, a, n);
	for (int h = 0; h < 12; h++)
		put_hour(s, v, n, BENCH_T0 + (int64_t)h * HOUR_MS, &x, &raw_n);
	series_close(s); /* the log is copied back */
	s = open_store(a, packed);
	v = make_sources(s, a, n);
	for (int h = 0; h < days * 24; h++) { /* as in life: an hour comes, the one before is packed */
		put_hour(s, v, n, BENCH_T0 + (int64_t)h * HOUR_MS, &x, &packed_n);
		ok(series_pack_before(s, BENCH_T0 + (int64_t)h * HOUR_MS, &f), &f);
	}
	ok(series_pack_before(s, BENCH_T0 + (int64_t)days * 24 * HOUR_MS, &f), &f);
	series_close(s);
	printf("{\"raw_readings\":%lld,\"raw_bytes\":%.3f,\"packed_readings\":%lld,\"packed_bytes\":%.3f}\n", (long long)raw_n,
	       file_bytes(raw) / (double)raw_n, (long long)packed_n, file_bytes(packed) / (double)packed_n);
	arena_free(a);
}

/* ---- rate ---- */

/* Commits of a thousand packets each, at most four on their way. */
struct commit {
	struct reading *r;
	struct packet *k;
	sem_t *room;
};

static void committed(void *arg, err e)
{
	struct commit *c = arg;
	if (e != ERR_OK)
		die("commit", err_key(e));
	sem_post(c->room);
}

struct stretch {
	double wall, cpu;
	int64_t readings;
};

static struct stretch since(struct stretch from, int64_t readings)
{
	return (struct stretch){ wall() - from.wall, cpu() - from.cpu, readings - from.readings };
}

enum { FLYING = 4 };
struct feed {
	struct series *s;
	struct source *v;
	struct commit flying[FLYING];
	sem_t room;
	uint32_t x;
	int64_t minute, readings;
	int next, at;
};

static void fill(struct feed *g, struct commit *c)
{
	for (int i = 0; i < COMMIT; i++) {
		struct reading *at = c->r + (size_t)i * PACKET_MAX;
		int64_t t = BENCH_T0 + g->minute * MINUTE_MS;
		c->k[i] = (struct packet){ g->v[g->at].id, t, t + MINUTE_MS + lcg(&g->x) % 20000, SERIES_MINUTE, SERIES_DEVICE, at, next_minute(&g->v[g->at], &g->x, at) };
		g->readings += (int64_t)c->k[i].n;
		if (++g->at == RATE_STATIONS) {
			g->at = 0;
			g->minute++;
		}
	}
}

static void drain(struct feed *g)
{
	for (int i = 0; i < FLYING; i++)
		sem_wait(&g->room);
	for (int i = 0; i < FLYING; i++)
		sem_post(&g->room);
}

/* Until so many readings are in; what generating them costs is measured apart and taken off. */
static struct stretch put_until(struct feed *g, int64_t readings)
{
	struct stretch from = { wall(), cpu(), g->readings };
	double making = 0;
	while (g->readings < readings) {
		sem_wait(&g->room);
		struct commit *c = &g->flying[g->next++ % FLYING];
		double t = cpu();
		fill(g, c);
		making += cpu() - t;
		series_put_async(g->s, c->k, COMMIT, c, committed);
	}
	drain(g);
	struct stretch took = since(from, g->readings);
	took.cpu -= making < took.cpu ? making : 0;
	return took;
}

static void begin(struct feed *g, struct arena *a, const char *dir)
{
	g->s = open_store(a, dir);
	g->v = make_sources(g->s, a, RATE_STATIONS);
	g->x = 11;
	sem_init(&g->room, 0, FLYING);
	for (int i = 0; i < FLYING; i++) {
		g->flying[i].r = malloc((size_t)COMMIT * PACKET_MAX * sizeof(struct reading));
		g->flying[i].k = malloc(COMMIT * sizeof(struct packet));
		g->flying[i].room = &g->room;
	}
}

/* The same rows written by bare SQLite: bodies made before, one prepared insert, a commit a thousand, FULL. */
static struct stretch bare_rows(struct arena *a, const char *dir, int64_t readings)
{
	struct feed g = { 0 };
	sqlite3 *db;
	sqlite3_stmt *st;
	struct stretch took = { 0 };
	begin(&g, a, arena_printf(a, "%s/unused", dir).p);
	sql_ok(NULL, sqlite3_open(arena_printf(a, "%s/bare.db", dir).p, &db));
	sql_ok(db, sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;"
				    "CREATE TABLE p(at_ms INTEGER, station INTEGER, kind INTEGER, part INTEGER, received_ms INTEGER, source INTEGER,"
				    " body BLOB, PRIMARY KEY (at_ms, station, kind, part)) WITHOUT ROWID", NULL, NULL, NULL));
	sql_ok(db, sqlite3_prepare_v2(db, "INSERT INTO p VALUES (?1, ?2, 1, 0, ?3, 0, ?4)", -1, &st, NULL));
	while (g.readings < readings) {
		struct arena *b = arena_new();
		str *body = NEW_N(b, str, COMMIT);
		struct commit *c = &g.flying[0];
		fill(&g, c);
		for (int i = 0; i < COMMIT; i++)
			body[i] = pack_readings(b, c->k[i].v, c->k[i].n);
		double w = wall(), p = cpu();
		sql_ok(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
		for (int i = 0; i < COMMIT; i++) {
			sqlite3_bind_int64(st, 1, c->k[i].at_ms);
			sqlite3_bind_int64(st, 2, c->k[i].station);
			sqlite3_bind_int64(st, 3, c->k[i].received_ms);
			sqlite3_bind_blob(st, 4, body[i].p, (int)body[i].n, SQLITE_STATIC);
			sql_ok(db, sqlite3_step(st));
			sqlite3_reset(st);
		}
		sql_ok(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
		took.wall += wall() - w;
		took.cpu += cpu() - p;
		arena_free(b);
	}
	took.readings = g.readings;
	sqlite3_finalize(st);
	sqlite3_close(db);
	series_close(g.s);
	return took;
}

static void rate(const char *dir, int64_t readings)
{
	enum { MILLION = 1000000 };
	struct arena *a = arena_new();
	struct fail f = { 0 };
	struct feed g = { 0 };
	begin(&g, a, arena_printf(a, "%s/rate", dir).p);
	(void)put_until(&g, MILLION / 2); /* warm */
	struct stretch first = put_until(&g, g.readings + MILLION);
	struct stretch bare = bare_rows(a, dir, 2 * MILLION);
	while (g.readings < readings) { /* as in life: what is older than an hour is packed meanwhile */
		(void)put_until(&g, g.readings + 5 * MILLION < readings ? g.readings + 5 * MILLION : readings);
		ok(series_pack_before(g.s, BENCH_T0 + (g.minute - 60) * MINUTE_MS, &f), &f);
	}
	struct stretch last = put_until(&g, g.readings + MILLION);
	series_close(g.s);
	printf("{\"readings\":%lld,\"per_s\":%.0f,\"last_per_s\":%.0f,\"per_cpu_s\":%.0f,\"last_per_cpu_s\":%.0f,\"bare_per_s\":%.0f,\"bare_per_cpu_s\":%.0f}\n",
	       (long long)g.readings, (double)first.readings / first.wall, (double)last.readings / last.wall, (double)first.readings / first.cpu,
	       (double)last.readings / last.cpu, (double)bare.readings / bare.wall, (double)bare.readings / bare.cpu);
	arena_free(a);
}

int main(int argc, char **argv)
{
	if (argc > 2)
		(void)mkdir(argv[2], 0750);
	if (argc == 5 && !strcmp(argv[1], "size"))
		size(argv[2], atoi(argv[3]), atoi(argv[4]));
	else if (argc == 4 && !strcmp(argv[1], "rate"))
		rate(argv[2], atoll(argv[3]));
	else
		die("readings", "size DIR STATIONS DAYS | rate DIR READINGS");
	return 0;
}
