/* The store of readings, apart from the ledger's file: what devices and stations say, as it arrives, and columns made of it.
 *
 * As it arrives: one row a packet, keyed by (time, station, kind, part), so that rows are written in order whatever the number
 * of stations. In the background finished months become one blob a station, item, what and kind, on which the indices compute.
 * A sent-again value takes the place of the old one only when its flag is better; the old one is kept as history.
 *
 * Times are ms UTC; a value belongs to the beginning of its period (HJ 212: DataTime of 2051, 2061, 2031), a real-time value to
 * its instant. */
#ifndef BH_SENSE_SERIES_H
#define BH_SENSE_SERIES_H

#include "base/arena.h"
#include "base/err.h"
#include "num/daily.h"

#define SERIES_KINDS(X)                                                                                    \
	X(REAL, "real") X(MINUTE, "minute") X(HOUR, "hour") X(DAY, "day") X(STATE, "state")                \
	X(HOUR_OWN, "hour-own") X(DAY_OWN, "day-own") /* derived here; what is derived again takes the old one's place */
enum series_kind {
#define X(id, name) SERIES_##id,
	SERIES_KINDS(X)
#undef X
	SERIES_KIND_COUNT
};
/* What of an item: the value itself (Rtd, or a period's mean), its extremes, the amount, the same converted (ZsRtd …). */
#define SERIES_WHATS(X) X(VALUE, "value") X(MIN, "min") X(MAX, "max") X(SUM, "sum") X(ZS, "zs") X(ZS_MIN, "zs-min") X(ZS_MAX, "zs-max")
enum series_what {
#define X(id, name) SERIES_##id,
	SERIES_WHATS(X)
#undef X
	SERIES_WHAT_COUNT
};

struct reading {
	uint32_t item;           /* series_item() */
	uint8_t what;            /* enum series_what */
	char flag;               /* N F M S D C T B … as sent; ' ' none */
	struct decimal value;
};
enum series_source { SERIES_DEVICE, SERIES_FILE, SERIES_HTTP, SERIES_MQTT, SERIES_DERIVED };
struct packet {
	int64_t station;
	int64_t at_ms, received_ms;
	enum series_kind kind;
	enum series_source source;
	const struct reading *v;
	size_t n;
};

const char *series_kind_name(enum series_kind k);
bool series_kind_parse(str s, enum series_kind *ret) MUST_USE;
bool series_what_parse(str s, enum series_what *ret) MUST_USE;

struct series;
struct series_options {
	const char *dir;         /* embedded: <dir>/series.db */
	const char *url;         /* not NULL: PostgreSQL behind the same interface */
	str schema;              /* text of schema/0009_series.sql, for the embedded file */
	int64_t (*now_ms)(void *arg); /* the clock of the packer */
	void *clock;
};
err series_open(const struct series_options *o, struct series **ret, struct fail *f) MUST_USE;
void series_close(struct series *s);     /* accepts NULL; finishes what runs in the background */

/* The number of a code such as "w01018", made when it is new. Thread-safe, quick for known ones. */
err series_item(struct series *s, str code, uint32_t *ret, struct fail *f) MUST_USE;
/* The same for a code that may be unknown: 0. Makes nothing. */
uint32_t series_item_known(const struct series *s, str code);
str series_item_code(const struct series *s, uint32_t item);   /* "" for unknown */

struct series_put {
	int64_t packets, readings;
	int64_t same, better, worse;   /* readings that were there already: equal; replaced; kept as they were */
	int64_t late;                  /* readings whose hour or day had ended: it is derived anew */
};
struct series_stats {
	struct series_put put;         /* since start */
	int64_t newest_ms, received_ms; /* of the newest reading; when something was received last; 0: nothing yet */
	int64_t commits;               /* durable ones, of packets, what was derived of them and what was packed */
	int64_t held;                  /* newest values that are kept at hand */
	int64_t packs, pack_failures, packed_ms; /* spans of rows made into columns; when the packer was through last */
};
struct series_stats series_stats(struct series *s);
/* All of them in one durable transaction; returns after the commit. Callers on several threads share commits. */
err series_put(struct series *s, const struct packet *v, size_t n, struct series_put *ret, struct fail *f) MUST_USE;
/* The same without waiting: done(ctx, result) after the commit, from the writer's thread. The packets must live until then. */
void series_put_async(struct series *s, const struct packet *v, size_t n, void *ctx, void (*done)(void *ctx, err e));

/* Called after every commit with what was put, from the thread that put it or the writer's. At most SERIES_WATCHERS. */
enum { SERIES_WATCHERS = 4 };
typedef void series_watcher(void *arg, const struct packet *v, size_t n);
void series_watch(struct series *s, series_watcher *fn, void *arg);
void series_unwatch(struct series *s, series_watcher *fn, void *arg); /* a call under way has ended when it returns */

struct column {
	size_t n;
	const int64_t *at_ms;    /* rising */
	const double *value;     /* NaN: was there and cannot be used */
	const char *flag;
};
/* One item of one station in from <= t < to, both halves (blobs and rows) in one. */
err series_read(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		int64_t from_ms, int64_t to_ms, struct column *ret, struct fail *f) MUST_USE;

/* Several items of one station, each once, in one pass over its rows: ret[n], in the order of the items. */
struct series_span_of {
	int64_t station, from_ms, to_ms;
	enum series_kind kind;
	enum series_what what;
	const uint32_t *items;
	size_t n;
	const struct series_rows *rows; /* what was read beforehand for many stations; NULL: nothing */
};
err series_read_items(struct series *s, struct arena *a, const struct series_span_of *w, struct column *ret, struct fail *f) MUST_USE;

/* What is not packed yet of many stations, in one pass over all that came in the time: sooner than station after station. NULL
 * when it would be more than memory should hold. `stations` rising, each once; they and the rows live as long as the arena. */
struct series_rows_of {
	enum series_kind kind;
	int64_t from_ms, to_ms;
	const int64_t *stations;
	size_t n;
};
err series_rows_read(struct series *s, struct arena *a, const struct series_rows_of *w, const struct series_rows **ret, struct fail *f) MUST_USE;

/* The same as it was sent, without what was said of it afterwards. */
err series_read_sent(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		     int64_t from_ms, int64_t to_ms, struct column *ret, struct fail *f) MUST_USE;
/* What people and checks said of readings afterwards: asked for every column that is read and every newest value, it may worsen
 * flags. One at a time; NULL: none. Set before threads read. */
typedef void series_overlay(void *arg, int64_t station, uint32_t item, enum series_kind kind, size_t n, const int64_t *at_ms, char *flag);
void series_overlay_set(struct series *s, series_overlay *fn, void *arg);
/* Sums of whole civil days of one item at many stations, for figures of a year: fn is told of every station in turn. Which
 * flags count: bytes of counts[256]. */
struct series_days {
	const int64_t *stations;
	size_t n;
	uint32_t item;
	enum series_what what;
	enum series_kind kind;   /* HOUR, HOUR_OWN, MINUTE, REAL */
	const unsigned char *counts;
	int64_t first_day;
	size_t days;
};
typedef err series_days_fn(void *arg, size_t station, const struct daily_sum *sums);
err series_day_sums(struct series *s, const struct series_days *j, series_days_fn *fn, void *arg, struct fail *f) MUST_USE;

/* What is not the value any more, or never became it: the other versions of a moment. */
enum series_version_how { SERIES_REPLACED, SERIES_REFUSED, SERIES_DERIVED_ANEW };
struct series_version {
	int64_t at_ms;
	enum series_version_how how;
	int64_t received_ms;     /* 0: not known any more */
	int64_t changed_ms;      /* when the better one came, or this one was refused */
	enum series_source source;
	double value;
	char flag;
};
/* By time; at most `max`. */
err series_versions(struct series *s, struct arena *a, int64_t station, uint32_t item, enum series_what what, enum series_kind kind,
		    int64_t from_ms, int64_t to_ms, size_t max, struct series_version **ret, size_t *ret_n, struct fail *f) MUST_USE;

struct latest {
	int64_t station, at_ms, received_ms;
	uint32_t item;
	enum series_kind kind;
	char flag;
	double value;
};
/* The newest value of each item and kind of these stations. */
err series_latest(struct series *s, struct arena *a, const int64_t *stations, size_t n, struct latest **ret, size_t *ret_n,
		  struct fail *f) MUST_USE;

/* ---- tidying, in the background: rows become columns, and what is past its time is dropped ---- */

struct series_terms {
	int64_t days[SERIES_KIND_COUNT], history_days; /* 0: for ever */
};
/* What must stay although its time is over: of an item at a station; the wider span holds hours and days. */
struct series_hold {
	int64_t station;
	uint32_t item;
	int64_t from_ms, to_ms, long_from_ms, long_to_ms; /* INT64_MAX: without end */
};
typedef err series_holds_fn(void *arg, struct arena *a, struct series_hold **ret, size_t *ret_n, struct fail *f);
/* Until this is said nothing is dropped. */
void series_keep(struct series *s, const struct series_terms *terms, series_holds_fn *holds, void *arg);

struct series_tended {
	int64_t dropped[SERIES_KIND_COUNT]; /* columns */
	int64_t history;                    /* replaced values */
	int64_t failed;                     /* times that it could not be done */
};
/* Packs what has ended, and once a day, or with `drop` now, drops what is past its time. */
err series_tend(struct series *s, int64_t now_ms, bool drop, struct series_tended *ret, struct fail *f) MUST_USE;
struct series_tended series_tended_so_far(struct series *s); /* since it was opened */

#endif
