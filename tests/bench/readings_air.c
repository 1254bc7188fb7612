/* Figures of years from the store of hours, beside the same in SQL and beside a bare loop. Prints one JSON object.
 *
 *   readings_air aqi DIR             12 stations, four years of hours: daily indices and annual percentiles, and the same in SQL
 *   readings_air days DIR STATIONS   a year of hours of one item: daily means, and a loop over blobs of floats in bare SQLite */
#include "readings.h"

#include <math.h>

#include "base/buf.h"
#include "base/clock.h"
#include "core/catalog.h"
#include "sense/ambient.h"
#include "sense/pack.h"

enum { STATIONS = 12, FIRST_YEAR = 2022, YEARS = 4, HOURS = 24, BATCH = 500 };

static const char *const items[] = { "pm25", "pm10", "so2", "no2", "co", "o3" };
static const double level[] = { 55, 90, 14, 42, 9, 60 }, wander[] = { 9, 14, 2, 6, 1.2, 9 };

/* ---- hours: wander, a day's course of ozone, 2 of 100 missing; CO in tenths of mg/m3 ---- */

struct hours {
	int64_t first_day, days;
	int16_t *v;              /* [day * 24 + hour] per item; -1 missing */
};

static void make_item(struct hours *h, int item, uint32_t *x)
{
	double now = level[item];
	int16_t *to = h->v + (int64_t)item * h->days * HOURS;
	for (int64_t i = 0; i < h->days * HOURS; i++) {
		now += 0.04 * (level[item] - now) + 0.3 * wander[item] * noise(x);
		double course = item == 5 ? 50 * sin(((double)(i % HOURS) - 8) / HOURS * 2 * 3.14159) : 0;
		double v = fmax(1, round(now + course));
		to[i] = lcg(x) % 100 < 2 || (lcg(x) % 900 == 0) ? -1 : (int16_t)v;
	}
}

static struct hours make_hours(struct arena *a, int64_t first_day, int64_t days, int nitems, uint32_t *x)
{
	struct hours h = { first_day, days, arena_raw(a, (size_t)(days * HOURS * nitems) * sizeof(int16_t)) };
	for (int i = 0; i < nitems; i++)
		make_item(&h, i, x);
	return h;
}

static int64_t station_id(int i)
{
	return INT64_C(7300000000000000) + (int64_t)i * 4096;
}

/* Through the store's own door, one packet an hour; then everything is packed. */
static void put_hours(struct series *s, const struct hours *h, int nitems, int64_t station)
{
	struct fail f = { 0 };
	struct reading r[BATCH][6];
	struct packet k[BATCH];
	uint32_t id[6];
	size_t n = 0;
	for (int i = 0; i < nitems; i++)
		ok(series_item(s, str_of(items[i]), &id[i], &f), &f);
	for (int64_t t = 0; t < h->days * HOURS; t++) {
		size_t m = 0;
		int64_t at = china_day_start_ms(h->first_day) + t * HOUR_MS;
		for (int i = 0; i < nitems; i++) {
			int16_t v = h->v[(int64_t)i * h->days * HOURS + t];
			if (v >= 0)
				r[n][m++] = (struct reading){ id[i], SERIES_VALUE, 'N', { v, i == 4 ? 1 : 0, false } };
		}
		k[n] = (struct packet){ station, at, at + HOUR_MS, SERIES_HOUR, SERIES_FILE, r[n], m };
		n += m > 0;
		if (n == BATCH || t + 1 == h->days * HOURS) {
			ok(series_put(s, k, n, NULL, &f), &f);
			n = 0;
		}
	}
}

static void pack_all(struct series *s, const struct hours *h)
{
	struct fail f = { 0 };
	ok(series_pack_before(s, china_day_start_ms(h->first_day + h->days + 1), &f), &f);
}

/* ---- daily indices and annual percentiles ---- */

struct answers {
	int *aqi;                    /* [station][day], -1 none */
	double p[STATIONS][YEARS][AIR_COUNT];
};

struct rules {
	struct air_edition e;
	struct evaluation ev;
	struct validity val;
};

static struct rules read_rules(struct arena *a)
{
	struct fail f = { 0 };
	struct catalog *c;
	struct rules r;
	int64_t day = date_from_ymd(2026, 6, 1);
	ok(catalog_load(NULL, &c, &f), &f);
	ok(air_edition_read(c, a, S("aqi/hj633/2026"), &r.e, &f), &f);
	ok(evaluation_read(c, a, S(""), day, 2, &r.ev, &f), &f);
	ok(validity_read(c, a, S("validity/gb3095"), day, &r.val, &f), &f);
	return r;
}

static double rounded(const struct rules *r, int item, const struct ambient_value *v)
{
	int places = r->ev.places[item];
	return v->has && v->valid ? decimal_f64((struct decimal){ decimal_round(v->v, places, ROUND_HALF_EVEN), places, false }) : NAN;
}

/* What GET /api/stations/{id}/air and the evaluation of a region do. */
static void ours(struct series *s, const struct rules *r, int64_t first_day, int64_t days, struct answers *out)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct fail f = { 0 };
	for (int st = 0; st < STATIONS; st++, arena_reset(a)) {
		struct ambient_hours h;
		struct ambient_value *v = NEW_N(a, struct ambient_value, (size_t)days * AIR_COUNT);
		double *values = NEW_N(a, double, (size_t)days);
		ok(ambient_hours(s, a, station_id(st), china_day_start_ms(first_day), china_day_start_ms(first_day + days), &h, &f), &f);
		ambient_days(&r->val, &h, first_day, (size_t)days, r->ev.limits.day[AIR_O3], v);
		for (int64_t d = 0; d < days; d++) {
			struct air_values in;
			for (int i = 0; i < AIR_COUNT; i++) {
				in.v[i] = v[i * days + d].v;
				in.has[i] = v[i * days + d].has && v[i * days + d].valid;
			}
			out->aqi[st * days + d] = air_index(&r->e, AIR_DAY, &in).aqi.index;
		}
		for (int y = 0; y < YEARS; y++) {
			int64_t from = date_from_ymd(FIRST_YEAR + y, 1, 1), to = date_from_ymd(FIRST_YEAR + y + 1, 1, 1);
			for (int i = 0; i < AIR_COUNT; i++) {
				for (int64_t d = from; d < to; d++)
					values[d - from] = rounded(r, i, &v[i * days + d - first_day]);
				out->p[st][y][i] = ambient_statistic(a, &r->ev, &r->val, (enum air_item)i, from, values, (size_t)(to - from)).percentile;
			}
		}
	}
}

/* ---- the same in SQL: a wide table in the order of its key, integers, windows; days kept in a temporary table ---- */

static void exec(sqlite3 *db, const char *sql)
{
	sql_ok(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static void fill_peer(sqlite3 *db, const struct hours *h, int station)
{
	sqlite3_stmt *st;
	exec(db, "BEGIN");
	sql_ok(db, sqlite3_prepare_v2(db, "INSERT INTO hour VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", -1, &st, NULL));
	for (int64_t t = 0; t < h->days * HOURS; t++) {
		sqlite3_bind_int(st, 1, station);
		sqlite3_bind_int64(st, 2, h->first_day + t / HOURS);
		sqlite3_bind_int64(st, 3, t % HOURS);
		for (int i = 0; i < AIR_COUNT; i++) {
			int16_t v = h->v[(int64_t)i * h->days * HOURS + t];
			if (v < 0)
				sqlite3_bind_null(st, 4 + i);
			else
				sqlite3_bind_int(st, 4 + i, v);
		}
		sql_ok(db, sqlite3_step(st));
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	exec(db, "COMMIT");
}

static void fill_rules(sqlite3 *db, const struct rules *r)
{
	static const int units[] = { 0, 0, 0, 0, 1, 0 };
	exec(db, "CREATE TABLE bp (item INTEGER, lo INTEGER, hi INTEGER, ilo INTEGER, ihi INTEGER)");
	for (int i = 0; i < AIR_COUNT; i++) {
		const struct aqi_scale *s = &r->e.scale[AIR_DAY][i];
		if (s->places != units[i])
			die("breakpoints", "not in the unit of the table");
		for (size_t k = 0; k < s->n; k++) {
			char sql[200];
			snprintf(sql, sizeof sql, "INSERT INTO bp VALUES (%d, %lld, %lld, %d, %d)", i, (long long)s->v[k].lo, (long long)s->v[k].hi,
				 s->v[k].index_lo, s->v[k].index_hi);
			exec(db, sql);
		}
	}
}

/* s of n to the nearest integer, a half to the even one. */
#define EVEN(s, n) "((2*(" s ")+(" n "))/(2*(" n ")) - ((2*(" s ")+(" n "))%(2*(" n "))=0 AND (2*(" s ")+(" n "))/(2*(" n "))%2=1))"
#define MEAN(c) "CASE WHEN COUNT(" c ")>=20 THEN " EVEN("SUM(" c ")", "COUNT(" c ")") " END"

static const char days_sql[] =
	"CREATE TEMP TABLE day AS WITH w AS MATERIALIZED ("
	" SELECT st, d, h, pm25, pm10, so2, no2, co, SUM(o3) OVER run AS s8, COUNT(o3) OVER run AS n8 FROM hour"
	" WINDOW run AS (PARTITION BY st, d ORDER BY h ROWS 7 PRECEDING)),"
	"g AS (SELECT st, d, " MEAN("pm25") " v0, " MEAN("pm10") " v1, " MEAN("so2") " v2, " MEAN("no2") " v3, " MEAN("co") " v4,"
	" MAX(CASE WHEN h>=7 AND n8>=6 THEN s8*168/n8 END) m8, SUM(h>=7 AND n8>=6) n FROM w GROUP BY st, d)"
	"SELECT st, d, v0, v1, v2, v3, v4, CASE WHEN n>=14 OR m8>160*168 THEN " EVEN("m8", "168") " END v5 FROM g";
static const char aqi_sql[] =
	"WITH l AS (SELECT st, d, 0 i, v0 v FROM day UNION ALL SELECT st, d, 1, v1 FROM day UNION ALL SELECT st, d, 2, v2 FROM day"
	" UNION ALL SELECT st, d, 3, v3 FROM day UNION ALL SELECT st, d, 4, v4 FROM day UNION ALL SELECT st, d, 5, v5 FROM day),"
	"sub AS (SELECT st, d, MAX(1, b.ilo + ((b.ihi-b.ilo)*(v-b.lo) + (b.hi-b.lo) - 1)/(b.hi-b.lo)) x FROM l"
	" JOIN bp b ON b.item = l.i AND v > b.lo - (b.lo = 0) AND v <= b.hi WHERE v IS NOT NULL)"
	"SELECT st, d, CASE WHEN COUNT(x)=6 OR MAX(x)>100 THEN MAX(x) END FROM sub GROUP BY st, d";
static const char percentile_sql[] =
	"WITH y(i, k, a, b) AS (SELECT i.column1, k.column1, k.column2, k.column3 FROM (VALUES (0),(1),(2),(3),(4),(5)) i, year k),"
	"l AS (SELECT st, k, i, CASE i WHEN 0 THEN v0 WHEN 1 THEN v1 WHEN 2 THEN v2 WHEN 3 THEN v3 WHEN 4 THEN v4/10.0 ELSE v5 END v"
	" FROM day JOIN y ON d >= a AND d < b),"
	"o AS (SELECT st, k, i, v, ROW_NUMBER() OVER (PARTITION BY st, k, i ORDER BY v) r, COUNT(*) OVER (PARTITION BY st, k, i) n,"
	" LEAD(v) OVER (PARTITION BY st, k, i ORDER BY v) nx FROM l WHERE v IS NOT NULL)"
	"SELECT st, k, i, v + COALESCE((nx-v)*((n-1)*p-CAST((n-1)*p AS INTEGER)), 0) FROM o JOIN pct ON pct.item = i"
	" WHERE r = 1 + CAST((n-1)*p AS INTEGER)";

static void theirs(sqlite3 *db, int64_t first_day, int64_t days, struct answers *out)
{
	sqlite3_stmt *st;
	exec(db, "DROP TABLE IF EXISTS day");
	exec(db, days_sql);
	sql_ok(db, sqlite3_prepare_v2(db, aqi_sql, -1, &st, NULL));
	while (sqlite3_step(st) == SQLITE_ROW)
		out->aqi[sqlite3_column_int(st, 0) * days + sqlite3_column_int64(st, 1) - first_day] =
			sqlite3_column_type(st, 2) == SQLITE_NULL ? -1 : sqlite3_column_int(st, 2);
	sqlite3_finalize(st);
	sql_ok(db, sqlite3_prepare_v2(db, percentile_sql, -1, &st, NULL));
	while (sqlite3_step(st) == SQLITE_ROW)
		out->p[sqlite3_column_int(st, 0)][sqlite3_column_int(st, 1)][sqlite3_column_int(st, 2)] = sqlite3_column_double(st, 3);
	sqlite3_finalize(st);
}

static sqlite3 *open_peer(const char *path, const struct rules *r)
{
	sqlite3 *db;
	char sql[200];
	sql_ok(NULL, sqlite3_open(path, &db));
	exec(db, "PRAGMA journal_mode=WAL; PRAGMA cache_size=-262144; PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY;"
		 "CREATE TABLE hour (st INTEGER, d INTEGER, h INTEGER, pm25 INTEGER, pm10 INTEGER, so2 INTEGER, no2 INTEGER, co INTEGER,"
		 " o3 INTEGER, PRIMARY KEY (st, d, h)) WITHOUT ROWID; CREATE TABLE year (column1 INTEGER, column2 INTEGER, column3 INTEGER);"
		 "CREATE TABLE pct (item INTEGER, p REAL)");
	for (int y = 0; y < YEARS; y++) {
		snprintf(sql, sizeof sql, "INSERT INTO year VALUES (%d, %lld, %lld)", y, (long long)date_from_ymd(FIRST_YEAR + y, 1, 1),
			 (long long)date_from_ymd(FIRST_YEAR + y + 1, 1, 1));
		exec(db, sql);
	}
	for (int i = 0; i < AIR_COUNT; i++) {
		snprintf(sql, sizeof sql, "INSERT INTO pct VALUES (%d, %g)", i, r->ev.p[i] / 100.0);
		exec(db, sql);
	}
	fill_rules(db, r);
	return db;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_size);
	return v[n / 2];
}

static void aqi(const char *dir)
{
	struct arena *a = arena_new();
	struct rules r = read_rules(a);
	int64_t first = date_from_ymd(FIRST_YEAR, 1, 1), days = date_from_ymd(FIRST_YEAR + YEARS, 1, 1) - first;
	struct series *s = open_store(a, dir);
	sqlite3 *db = open_peer(arena_printf(a, "%s/peer.db", dir).p, &r);
	uint32_t x = 3;
	for (int i = 0; i < STATIONS; i++) {
		struct hours h = make_hours(a, first, days, AIR_COUNT, &x);
		put_hours(s, &h, AIR_COUNT, station_id(i));
		fill_peer(db, &h, i);
		if (i + 1 == STATIONS)
			pack_all(s, &h);
	}
	exec(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	series_close(s); /* its log is copied back as well */
	s = open_store(a, dir);
	struct answers us = { NEW_N(a, int, (size_t)(days * STATIONS)), { { { 0 } } } }, they = { NEW_N(a, int, (size_t)(days * STATIONS)), { { { 0 } } } };
	double t[7], u[3];
	for (size_t i = 0; i < COUNT_OF(t); i++) {
		double from = cpu();
		ours(s, &r, first, days, &us);
		t[i] = cpu() - from;
	}
	for (size_t i = 0; i < COUNT_OF(u); i++) {
		double from = cpu();
		theirs(db, first, days, &they);
		u[i] = cpu() - from;
	}
	int64_t same = 0, of = days * STATIONS, told = 0, same_p = 0;
	for (int64_t i = 0; i < of; i++) {
		same += us.aqi[i] == they.aqi[i];
		told += us.aqi[i] >= 0;
	}
	for (int st = 0; st < STATIONS; st++)
		for (int y = 0; y < YEARS; y++)
			for (int i = 0; i < AIR_COUNT; i++)
				same_p += fabs(us.p[st][y][i] - they.p[st][y][i]) < 1e-9;
	printf("{\"ms\":%.2f,\"sql_ms\":%.1f,\"days\":%lld,\"same\":%lld,\"indices\":%lld,\"percentiles\":%d,\"same_percentiles\":%lld}\n", median(t, COUNT_OF(t)) * 1e3,
	       median(u, COUNT_OF(u)) * 1e3, (long long)of, (long long)same, (long long)told, STATIONS * YEARS * AIR_COUNT, (long long)same_p);
	series_close(s);
	sqlite3_close(db);
	arena_free(a);
}

/* ---- a year of one item at many stations ---- */

struct means {
	double *v;                   /* [station][day] */
	size_t days;
};

static err keep_means(void *arg, size_t station, const struct daily_sum *sums)
{
	struct means *m = arg;
	for (size_t d = 0; d < m->days; d++)
		m->v[station * m->days + d] = sums[d].n ? (double)sums[d].sum / ((double)sums[d].n * DAILY_SCALE) : NAN;
	return ERR_OK;
}

static void put_blobs(sqlite3 *db, const struct hours *h, int station)
{
	static sqlite3_stmt *st;
	float month[31 * HOURS];
	if (!st)
		sql_ok(db, sqlite3_prepare_v2(db, "INSERT INTO chunk VALUES (?1, ?2, ?3)", -1, &st, NULL));
	for (int m = 0; m < 12; m++) {
		int64_t from = date_from_ymd(FIRST_YEAR, m + 1, 1) - h->first_day;
		int n = date_month_days(FIRST_YEAR, m + 1) * HOURS;
		for (int i = 0; i < n; i++)
			month[i] = h->v[from * HOURS + i] < 0 ? NAN : h->v[from * HOURS + i];
		sqlite3_bind_int(st, 1, station);
		sqlite3_bind_int(st, 2, m);
		sqlite3_bind_blob(st, 3, month, n * (int)sizeof *month, SQLITE_STATIC);
		sql_ok(db, sqlite3_step(st));
		sqlite3_reset(st);
	}
}

/* A month's blob after the other, a day's 24 floats after the other. */
static void bare_means(sqlite3 *db, struct means *m)
{
	sqlite3_stmt *st;
	size_t at = 0;
	sql_ok(db, sqlite3_prepare_v2(db, "SELECT body FROM chunk ORDER BY station, month", -1, &st, NULL));
	while (sqlite3_step(st) == SQLITE_ROW) {
		const float *v = sqlite3_column_blob(st, 0);
		int days = sqlite3_column_bytes(st, 0) / (HOURS * (int)sizeof *v);
		for (int d = 0; d < days; d++, v += HOURS) {
			float sum = 0;
			int n = 0;
			for (int h = 0; h < HOURS; h++) {
				sum += v[h] == v[h] ? v[h] : 0;
				n += v[h] == v[h];
			}
			m->v[at++] = n ? (double)sum / n : NAN;
		}
	}
	sqlite3_finalize(st);
}

/* A month's column as the packer makes it. */
static str month_column(struct arena *a, const struct hours *h, int month, int64_t *ret_n)
{
	int64_t from = date_from_ymd(FIRST_YEAR, month + 1, 1) - h->first_day;
	int n = date_month_days(FIRST_YEAR, month + 1) * HOURS, m = 0;
	struct point *v = arena_raw(a, (size_t)n * sizeof *v);
	for (int i = 0; i < n; i++) {
		int16_t value = h->v[from * HOURS + i];
		if (value >= 0)
			v[m++] = (struct point){ china_day_start_ms(h->first_day + from) + (int64_t)i * HOUR_MS, { value, 0, false }, 'N' };
	}
	*ret_n = m;
	return pack_column(a, v, (size_t)m, series_long(SERIES_HOUR));
}

/* Columns straight into the store's file. Of the first station they are there already, through the store's own door: the bytes must be
 * the same. */
struct columns {
	sqlite3_stmt *put, *get;
	uint32_t item;
};

static void bind_key(sqlite3_stmt *st, uint32_t item, int64_t station, int64_t period)
{
	sqlite3_bind_int64(st, 1, station);
	sqlite3_bind_int64(st, 2, item);
	sqlite3_bind_int64(st, 3, SERIES_VALUE);
	sqlite3_bind_int64(st, 4, SERIES_HOUR);
	sqlite3_bind_int64(st, 5, period);
}

static void same_bytes(const struct columns *c, int64_t station, int64_t period, str body)
{
	bind_key(c->get, c->item, station, period);
	bool same = sqlite3_step(c->get) == SQLITE_ROW && (size_t)sqlite3_column_bytes(c->get, 0) == body.n &&
		    memcmp(sqlite3_column_blob(c->get, 0), body.p, body.n) == 0;
	sqlite3_reset(c->get);
	if (!same)
		die("columns", "not as the store packs them");
}

static void put_columns(const struct columns *c, struct arena *a, sqlite3 *db, const struct hours *h, int64_t station, bool is_there)
{
	for (int m = 0; m < 12; m++) {
		int64_t n, period = series_period(SERIES_HOUR, china_day_start_ms(date_from_ymd(FIRST_YEAR, m + 1, 1)));
		str body = month_column(a, h, m, &n);
		if (is_there) {
			same_bytes(c, station, period, body);
			continue;
		}
		bind_key(c->put, c->item, station, period);
		sqlite3_bind_int64(c->put, 6, n);
		sqlite3_bind_blob(c->put, 7, body.p, (int)body.n, SQLITE_STATIC);
		sql_ok(db, sqlite3_step(c->put));
		sqlite3_reset(c->put);
	}
}

/* One station through the door; its number of the item. */
static uint32_t first_station(struct arena *a, const char *dir, const struct hours *h, int64_t id)
{
	struct series *s = open_store(a, dir);
	put_hours(s, h, 1, id);
	pack_all(s, h);
	uint32_t item = series_item_known(s, str_of(items[0]));
	series_close(s);
	return item;
}

static void fill_stores(struct arena *a, const char *dir, sqlite3 *peer, int64_t first, int64_t days, int64_t *ids, int stations)
{
	struct arena *b = arena_new();
	struct columns c = { 0 };
	sqlite3 *db = NULL;
	uint32_t x = 5;
	for (int i = 0; i < stations; i++, arena_reset(b)) {
		struct hours h = make_hours(b, first, days, 1, &x);
		ids[i] = station_id(i);
		if (!i) {
			c.item = first_station(a, dir, &h, ids[i]);
			sql_ok(NULL, sqlite3_open(arena_printf(a, "%s/series.db", dir).p, &db));
			sql_ok(db, sqlite3_prepare_v2(db, "INSERT INTO series_chunk (station, item, what, kind, period, n, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", -1, &c.put, NULL));
			sql_ok(db, sqlite3_prepare_v2(db, "SELECT body FROM series_chunk WHERE station = ?1 AND item = ?2 AND what = ?3 AND kind = ?4 AND period = ?5", -1, &c.get, NULL));
			exec(db, "PRAGMA synchronous=OFF; BEGIN");
		}
		put_columns(&c, b, db, &h, ids[i], i == 0);
		put_blobs(peer, &h, i);
	}
	exec(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_finalize(c.put);
	sqlite3_finalize(c.get);
	sqlite3_close(db);
	arena_free(b);
}

static void days_of(const char *dir, int stations)
{
	struct arena *a = arena_new();
	struct rules r = read_rules(a);
	struct fail f = { 0 };
	int64_t first = date_from_ymd(FIRST_YEAR, 1, 1), days = date_from_ymd(FIRST_YEAR + 1, 1, 1) - first;
	int64_t *ids = NEW_N(a, int64_t, (size_t)stations);
	sqlite3 *db;
	(void)mkdir(dir, 0750);
	sql_ok(NULL, sqlite3_open(arena_printf(a, "%s/peer.db", dir).p, &db));
	exec(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4096; PRAGMA mmap_size=1073741824;"
		 "CREATE TABLE chunk (station INTEGER, month INTEGER, body BLOB, PRIMARY KEY (station, month)); BEGIN");
	fill_stores(a, dir, db, first, days, ids, stations);
	exec(db, "COMMIT");
	struct series *s = open_store(a, dir);
	struct means us = { NEW_N(a, double, (size_t)(days * stations)), (size_t)days }, they = { NEW_N(a, double, (size_t)(days * stations)), (size_t)days };
	const struct series_days j = { .stations = ids, .n = (size_t)stations, .item = series_item_known(s, str_of(items[0])), .what = SERIES_VALUE,
				       .kind = SERIES_HOUR, .counts = r.val.counts, .first_day = first, .days = (size_t)days };
	double t[7], u[7];
	for (size_t i = 0; i < COUNT_OF(t); i++) {
		double from = cpu();
		ok(series_day_sums(s, &j, keep_means, &us, &f), &f);
		t[i] = cpu() - from;
		from = cpu();
		bare_means(db, &they);
		u[i] = cpu() - from;
	}
	int64_t same = 0, of = days * stations;
	for (int64_t i = 0; i < of; i++)
		same += us.v[i] == they.v[i] || fabs(us.v[i] - they.v[i]) < 1e-4 * us.v[i] || (isnan(us.v[i]) && isnan(they.v[i]));
	printf("{\"ms\":%.2f,\"loop_ms\":%.2f,\"values\":%lld,\"days\":%lld,\"same\":%lld}\n", median(t, COUNT_OF(t)) * 1e3, median(u, COUNT_OF(u)) * 1e3,
	       (long long)(of * HOURS), (long long)of, (long long)same);
	series_close(s);
	sqlite3_close(db);
	arena_free(a);
}

int main(int argc, char **argv)
{
	if (argc > 2)
		(void)mkdir(argv[2], 0750);
	if (argc == 3 && !strcmp(argv[1], "aqi"))
		aqi(argv[2]);
	else if (argc == 4 && !strcmp(argv[1], "days"))
		days_of(argv[2], atoi(argv[3]));
	else
		die("readings_air", "aqi DIR | days DIR STATIONS");
	return 0;
}
