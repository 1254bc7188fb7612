/* Partitions of PostgreSQL: days of rows as they arrive, made ahead and dropped when they are over and empty. What they are and how
 * they are made stands in schema/0019_partitions.sql; here is which. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "sense/series_parts.h"

enum { DAYS_AHEAD = 2, DAYS_KEPT = 1 }; /* beside today; late rows of longer ago lie with all else for the minute until they are packed */

struct partition_job {
	const char *parent, *key;
	str part;
	int64_t from, to, whatever, result;
};

static err make(struct db_conn *c, void *arg)
{
	struct partition_job *j = arg;
	struct series_partition_make_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(series_partition_make(c, a, &(struct series_partition_make_params){ str_of(j->parent), j->part, str_of(j->key), j->from, j->to }, &row));
	j->result = row.made;
	return ERR_OK;
}

static err drop(struct db_conn *c, void *arg)
{
	struct partition_job *j = arg;
	struct series_partition_drop_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(series_partition_drop(c, a, &(struct series_partition_drop_params){ str_of(j->parent), j->part, j->whatever }, &row));
	j->result = row.dropped;
	return ERR_OK;
}

/* ---- days of rows ---- */

static const char packet_table[] = "series_packet";

static str day_name(struct arena *a, int64_t day)
{
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	return arena_printf(a, "%s_%04d%02d%02d", packet_table, y, m, d);
}

/* *ret_day untouched and false for …_rest. */
static bool day_of(str name, int64_t *ret_day)
{
	int64_t n;
	size_t head = sizeof packet_table; /* with the underscore */
	if (name.n != head + 8 || !str_to_i64(str_sub(name, head, name.n), &n))
		return false;
	*ret_day = date_from_ymd((int)(n / 10000), (int)(n / 100 % 100), (int)(n % 100));
	return true;
}

static err make_days(struct series *s, struct arena *a, int64_t today, struct fail *f)
{
	bool all = true;
	for (int64_t day = today - DAYS_KEPT; day <= today + DAYS_AHEAD; day++) {
		struct partition_job j = { .parent = packet_table, .key = "at_ms", .part = day_name(a, day), .from = china_day_start_ms(day), .to = china_day_start_ms(day + 1) };
		TRY(db_write(s->db, make, &j, f));
		all &= j.result >= 0;
	}
	if (all)
		s->partitioned_day = today;
	return ERR_OK;
}

static err list(struct series *s, struct arena *a, const char *parent, struct series_partitions_rows *ret, struct fail *f)
{
	struct db_conn *c;
	TRY(db_read_begin(s->db, &c, f));
	err e = series_partitions(c, a, &(struct series_partitions_params){ str_of(parent) }, ret);
	db_read_end(s->db, c);
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}

/* Before anything is packed: what is dropped was empty when the last round ended, so that a read which began before then, and sees no
 * columns yet, sees the rows. */
static err drop_days(struct series *s, struct arena *a, int64_t today, struct fail *f)
{
	struct series_partitions_rows parts;
	int64_t day;
	TRY(list(s, a, packet_table, &parts, f));
	for (size_t i = 0; i < parts.n; i++) {
		if (!day_of(parts.v[i].part, &day) || day >= today - DAYS_KEPT)
			continue;
		struct partition_job j = { .parent = packet_table, .part = parts.v[i].part };
		TRY(db_write(s->db, drop, &j, f));
		if (j.result > 0)
			LOG(INFO, "a day of rows that have become columns was dropped", "table", arena_cstr(a, j.part));
	}
	return ERR_OK;
}

err series_partitions_tend(struct series *s, int64_t now_ms, struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	int64_t today = china_day(now_ms);
	if (db_engine(s->db) != DB_PG)
		return ERR_OK;
	if (s->partitioned_day != today)
		TRY(make_days(s, a, today, f));
	return drop_days(s, a, today, f);
}
