/* What the two programs that measure the store of readings share: a store in a directory, clocks, plausible numbers. */
#ifndef BENCH_READINGS_H
#define BENCH_READINGS_H

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "sense/series.h"
#include "sense/series_parts.h"
#include "sys/file.h"

#define BENCH_T0 INT64_C(1793548800000) /* 2026-11-02 00:00 in China */
enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };

static inline double seconds_of(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
#define cpu() seconds_of(CLOCK_PROCESS_CPUTIME_ID)
#define wall() seconds_of(CLOCK_MONOTONIC)

static inline void die(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

/* Ends the program with what went wrong; a bench has no other way on. */
static inline void ok(err e, const struct fail *f)
{
	if (e != ERR_OK)
		die("store", f->key ? f->key : err_key(e));
}

static inline void sql_ok(sqlite3 *db, int rc)
{
	if (rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
		die("sqlite", sqlite3_errmsg(db));
}

static inline struct series *open_store(struct arena *a, const char *dir)
{
	struct fail f = { 0 };
	struct series *s = NULL;
	struct series_options o = { .dir = dir };
	const char *source = getenv("BIHUAN_SOURCE");
	(void)mkdir(dir, 0750);
	ok(file_read(a, arena_printf(a, "%s/schema/0009_series.sql", source ? source : ".").p, 1 << 20, &o.schema, &f), &f);
	ok(series_open(&o, &s, &f), &f);
	return s;
}

static inline uint32_t lcg(uint32_t *x)
{
	return (*x = *x * 1664525u + 1013904223u) >> 8;
}

/* About normal, mean 0, deviation 1: what an instrument wanders by. */
static inline double noise(uint32_t *x)
{
	double s = 0;
	for (int i = 0; i < 12; i++)
		s += (double)(lcg(x) & 0xFFFF) / 65536;
	return s - 6;
}

#endif
