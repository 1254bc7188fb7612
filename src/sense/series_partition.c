/* Partitions of PostgreSQL: days of rows as they arrive, made ahead and dropped when they are over and empty; months or years of a
 * kind's columns, made when the first is, dropped when their time is over. How stands in schema/0019_partitions.sql; here is which. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "sense/series_parts.h"

enum { DAYS_AHEAD = 2, DAYS_KEPT = 1, /* beside today; late rows of longer ago lie with all else for the minute until they are packed */
       YEARS_BACK = 20, YEARS_AHEAD = 1 /* columns of other years too: whoever sends such dates makes no tables */ };

struct partition_job {
	const char *parent;
	str part;
	int64_t kind, from, to, result;
};

static err make(struct db_conn *c, void *arg)
{
	struct partition_job *j = arg;
	struct series_partition_make_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(series_partition_make(c, a, &(struct series_partition_make_params){ str_of(j->parent), j->part, j->kind, j->from, j->to }, &row));
	j->result = row.made;
	return ERR_OK;
}

static err drop(struct db_conn *c, void *arg)
{
	struct partition_job *j = arg;
	struct series_partition_drop_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(series_partition_drop(c, a, &(struct series_partition_drop_params){ str_of(j->parent), j->part }, &row));
	j->result = row.dropped;
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

/* ---- days of rows ---- */

static const char packet_table[] = "series_packet";

static str day_name(struct arena *a, int64_t day)
{
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	return arena_printf(a, "%s_%04d%02d%02d", packet_table, y, m, d);
}

/* False for …_rest. */
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
		struct partition_job j = { .parent = packet_table, .part = day_name(a, day), .kind = -1, .from = china_day_start_ms(day), .to = china_day_start_ms(day + 1) };
		TRY(db_write(s->db, make, &j, f));
		all &= j.result >= 0;
	}
	if (all)
		s->partitioned_day = today;
	return ERR_OK;
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

/* ---- a kind's columns ---- */

static const char chunk_table[] = "series_chunk";

/* The periods that lie together: a year's months or a month's days. */
struct span_of_columns {
	enum series_kind kind;
	int64_t from, to;
	str part;
};

static struct span_of_columns span_of(struct arena *a, enum series_kind kind, int y, int m)
{
	char name[16];
	struct span_of_columns w = { .kind = kind };
	snprintf(name, sizeof name, "%s", series_kind_name(kind));
	for (char *p = name; *p; p++)
		*p = *p == '-' ? '_' : *p;
	if (series_long(kind)) {
		w.from = (int64_t)(y - 1970) * 12;
		w.to = w.from + 12;
		w.part = arena_printf(a, "%s_%s_%04d", chunk_table, name, y);
	} else {
		w.from = date_from_ymd(y, m, 1);
		w.to = w.from + date_month_days(y, m);
		w.part = arena_printf(a, "%s_%s_%04d%02d", chunk_table, name, y, m);
	}
	return w;
}

/* What a table's name says; false for …_rest. */
static bool span_named(struct arena *a, str name, struct span_of_columns *ret)
{
	int64_t n;
	size_t digits = 0;
	while (digits < name.n && name.p[name.n - 1 - digits] >= '0' && name.p[name.n - 1 - digits] <= '9')
		digits++;
	if (!digits || !str_to_i64(str_sub(name, name.n - digits, name.n), &n))
		return false;
	for (int k = 0; k < SERIES_KIND_COUNT; k++) {
		int64_t year = series_long((enum series_kind)k) ? n : n / 100, month = series_long((enum series_kind)k) ? 1 : n % 100;
		if (year > 9999 || month < 1 || month > 12)
			continue;
		struct span_of_columns w = span_of(a, (enum series_kind)k, (int)year, (int)month);
		if (!str_eq(w.part, name))
			continue;
		*ret = w;
		return true;
	}
	return false;
}

err series_partition_columns(struct series *s, enum series_kind kind, int64_t at_ms, struct fail *f)
{
	int y, m, d, this_year;
	AUTO(arena_drop) struct arena *a = arena_new();
	if (db_engine(s->db) != DB_PG || !s->o.now_ms)
		return ERR_OK;
	date_to_ymd(china_day(s->o.now_ms(s->o.clock)), &this_year, &m, &d);
	date_to_ymd(china_day(at_ms), &y, &m, &d);
	if (y < this_year - YEARS_BACK || y > this_year + YEARS_AHEAD)
		return ERR_OK;
	struct span_of_columns w = span_of(a, kind, y, m);
	if (s->columns_made[kind] == w.from)
		return ERR_OK;
	struct partition_job j = { .parent = chunk_table, .part = w.part, .kind = kind, .from = w.from, .to = w.to };
	TRY(db_write(s->db, make, &j, f));
	if (j.result >= 0)
		s->columns_made[kind] = w.from;
	return ERR_OK;
}

struct old_columns {
	const struct span_of_columns *w;
	const struct series_hold *holds;
	size_t nholds;
	int64_t dropped;             /* -1: not now */
};

/* What is held goes to …_rest, where the sweep sees to it column by column. */
static err keep_held(struct db_conn *c, struct arena *a, const struct old_columns *o, int64_t *kept)
{
	struct series_partition_keep_row row;
	for (size_t i = 0; i < o->nholds; i++) {
		const struct series_hold *h = &o->holds[i];
		int64_t from, to;
		series_hold_periods(h, o->w->kind, &from, &to);
		if (to <= o->w->from || from >= o->w->to)
			continue;
		TRY(series_partition_keep(c, a, &(struct series_partition_keep_params){ str_of(chunk_table), o->w->part, h->station, h->item, from, to }, &row));
		*kept += row.kept;
	}
	return ERR_OK;
}

static err drop_old(struct db_conn *c, void *arg)
{
	struct old_columns *o = arg;
	struct series_chunk_count_row all;
	struct series_partition_detach_row off;
	struct series_partition_forget_row gone;
	int64_t kept = 0;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(series_chunk_count(c, a, &(struct series_chunk_count_params){ o->w->kind, o->w->from, o->w->to }, &all));
	TRY(series_partition_detach(c, a, &(struct series_partition_detach_params){ str_of(chunk_table), o->w->part }, &off));
	o->dropped = off.detached;
	if (off.detached < 0)
		return ERR_OK;
	TRY(keep_held(c, a, o, &kept));
	TRY(series_partition_forget(c, a, &(struct series_partition_forget_params){ o->w->part }, &gone));
	o->dropped = all.n - kept;
	return ERR_OK;
}

err series_partitions_drop_old(struct series *s, const int64_t before_ms[static SERIES_KIND_COUNT], const struct series_hold *holds, size_t nholds,
			       int64_t dropped[static SERIES_KIND_COUNT], struct fail *f)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct series_partitions_rows parts;
	struct span_of_columns w;
	if (db_engine(s->db) != DB_PG)
		return ERR_OK;
	TRY(list(s, a, chunk_table, &parts, f));
	for (size_t i = 0; i < parts.n; i++) {
		if (!span_named(a, parts.v[i].part, &w) || before_ms[w.kind] == INT64_MIN || series_period(w.kind, before_ms[w.kind]) < w.to)
			continue;
		struct old_columns o = { .w = &w, .holds = holds, .nholds = nholds };
		TRY(db_write(s->db, drop_old, &o, f));
		s->columns_made[w.kind] = 0;
		dropped[w.kind] += o.dropped > 0 ? o.dropped : 0;
		if (o.dropped >= 0)
			LOG(INFO, "columns past their time were dropped as a whole", "table", arena_cstr(a, w.part));
	}
	return ERR_OK;
}
