/* What the files of the look share. */
#ifndef BH_SENSE_ALARM_PARTS_H
#define BH_SENSE_ALARM_PARTS_H

#include <pthread.h>

#include "base/map.h"
#include "base/vec.h"
#include "sense/alarm.h"

/* ---- what arrived since the last look: the earliest time of it by station and kind ---- */

struct stir {
	int64_t station;           /* 0: an empty slot */
	int64_t from_ms[SERIES_KIND_COUNT];
};
struct stirred {
	struct stir *v;            /* open addressing */
	size_t n, cap;
};
void stirred_note(struct stirred *t, int64_t station, enum series_kind kind, int64_t at_ms);
int64_t stirred_from(const struct stirred *t, int64_t station, enum series_kind kind); /* INT64_MAX: nothing */
void stirred_merge(struct stirred *to, struct stirred *from);                          /* `from` is empty afterwards */
void stirred_free(struct stirred *t);

/* micro_run.c: checks of what was stirred; *ret_changed: marks came or went. */
err micro_look(const struct app *app, const struct stirred *stirred, bool first, int64_t now_ms, bool *ret_changed, struct fail *f) MUST_USE;

/* ---- the watch ---- */

struct alarms {
	struct arena *a;
	struct rules *rules;
	pthread_mutex_t look;        /* one look at a time; guards the marks */
	struct arena *marks_arena;
	struct map marks;            /* station, rule and item → struct alarm_mark */
	pthread_mutex_t lock;        /* guards what follows */
	pthread_cond_t wake;
	struct stirred stirred;
	struct alarm_counts counts;
	bool watching, stopping, checked; /* checked: micro-stations were looked at once (under `look`) */
	pthread_t thread;
	const struct app *app;
};
struct alarm_mark {                  /* how far a column was looked at */
	int64_t received_ms, at_ms;
};

/* One page of stations. */
struct page {
	struct alarms *s;
	const struct app *app;
	struct arena *a;
	int64_t now_ms;
	struct fail *f;
	const struct stirred *stirred;
	struct alarm_station *stations;
	int64_t *ids;
	size_t n;
	struct station_rule_list_rows own;
	struct alarm_recent_rows recent;
	struct latest *latest;
	size_t nlatest;
	VEC(struct alarm_found) found;
	struct alarm_looked *looked;
	bool again;                /* something could not be written */
	struct episode *room;      /* of ALARM_ANEW_MAX, for one column after the other */
};

/* Column of one rule. */
struct held {
	const struct alarm_station *station;
	const struct rule *rule;
	str item;
	uint32_t number;           /* of the item in the store of readings */
};
bool alarm_episode_changed(const struct alarm_recent_row *k, const struct episode *e);
/* k NULL: it is new. */
void alarm_note(struct page *p, const struct held *h, const struct alarm_recent_row *k, const struct episode *e, const char *withdraw);
/* Everything from `from_ms` on is judged again: late values join or begin episodes, corrected ones change or undo them. */
err alarm_hold_anew(struct page *p, const struct held *h, int64_t from_ms) MUST_USE;

#endif
