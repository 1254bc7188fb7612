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
	int64_t late_ms[SERIES_KIND_COUNT]; /* the earliest that did not come in the order of time */
};
struct stirred {
	struct stir *v;            /* open addressing */
	size_t n, cap;
};
/* `late`: something later, or as late, had come before it. */
void stirred_note(struct stirred *t, int64_t station, enum series_kind kind, int64_t at_ms, bool late);
int64_t stirred_from(const struct stirred *t, int64_t station, enum series_kind kind); /* INT64_MAX: nothing */
int64_t stirred_late(const struct stirred *t, int64_t station, enum series_kind kind); /* INT64_MAX: nothing */
void stirred_merge(struct stirred *to, struct stirred *from);                          /* `from` is empty afterwards */
void stirred_free(struct stirred *t);

/* The newest time that came, by station and kind, for as long as the program runs. */
struct height {
	int64_t station;           /* 0: an empty slot */
	int64_t at_ms[SERIES_KIND_COUNT];
};
struct heights {
	struct height *v;          /* open addressing */
	size_t n, cap;
};
/* Notes it; → false when it is the first, or not later than what came before. */
bool heights_rise(struct heights *h, int64_t station, enum series_kind kind, int64_t at_ms);
void heights_free(struct heights *h);

/* micro_run.c: checks of what was stirred; *ret_changed: marks came or went. */
err micro_look(const struct app *app, const struct stirred *stirred, bool first, int64_t now_ms, bool *ret_changed, struct fail *f) MUST_USE;

/* ---- the watch ---- */

struct alarms {
	struct arena *a;
	struct rules *rules;
	pthread_mutex_t look;        /* one look at a time; guards the marks */
	struct arena *marks_arena;
	struct map reached;          /* station → how far it was looked at */
	struct map marks;            /* station, item and rule → struct alarm_mark */
	size_t nstates;              /* marks with a whole state */
	pthread_mutex_t lock;        /* guards what follows */
	pthread_cond_t wake;
	struct stirred stirred;
	struct heights heights;
	struct alarm_counts counts;
	bool watching, stopping, checked; /* checked: micro-stations were looked at once (under `look`) */
	pthread_t thread;
	int64_t filled_ms;           /* when pictures of the grid were looked for; of the watch */
	const struct app *app;
};
/* How far a column was looked at, and where its rule stands: at rest, or in a state that is kept whole. */
struct alarm_mark {
	int64_t received_ms, at_ms;  /* of the newest value there was */
	int64_t read_ms;             /* of the newest value that the rule was held against */
	struct rule_rest rest;
	struct rule_state *state;    /* NULL: at rest, or not known */
	bool known;                  /* false: the column has to be read from before */
};
struct alarm_mark *alarm_mark_of(struct alarms *s, int64_t station, uint32_t item, str rule, bool *ret_new); /* NULL: too many */
/* What the rule says after the column's last value is remembered. */
void alarm_mark_keep(struct alarms *s, struct alarm_mark *m, const struct rule *r, const struct rule_state *state, const struct column *c);
void alarm_marks_forget(struct alarms *s); /* what could not be written is looked at again */

/* Columns of one station that were read in one pass, by kind and what. */
struct alarm_pass {
	enum series_kind kind;
	enum series_what what;
	int64_t from_ms;
	const uint32_t *items;
	const struct column *v;
	size_t n;
};
struct alarm_columns {
	struct arena *a;
	VEC(struct alarm_pass) passes;
	const struct series_rows *rows[SERIES_KIND_COUNT]; /* of the page, where much of it is looked at from before */
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
	struct latest *latest;     /* of the page, by station */
	size_t nlatest;
	const struct latest *of_station; /* those of the station that is looked at */
	size_t nof_station;
	struct alarm_columns columns;
	VEC(struct alarm_found) found;
	struct alarm_looked *looked;
	bool again;                /* something could not be written */
	struct episode *room;      /* of ALARM_ANEW_MAX, for one column after the other */
};

/* A column of the station that is looked at; others of its kind are read in the same pass. It holds until the next station. */
err alarm_column(struct page *p, int64_t station, uint32_t item, enum series_kind kind, enum series_what what, int64_t from_ms,
		 struct column *ret) MUST_USE;
void alarm_columns_reset(struct page *p);
/* Where many stations of the page are looked at from before, their rows are read in one pass. */
err alarm_rows_ahead(struct page *p) MUST_USE;

/* Column of one rule. */
struct held {
	const struct alarm_station *station;
	const struct rule *rule;
	str item;
	uint32_t number;           /* of the item in the store of readings */
};
bool alarm_episode_changed(const struct alarm_recent_row *k, const struct episode *e);
void alarm_held(struct page *p, const struct column *c); /* counts it */
/* k NULL: it is new. */
void alarm_note(struct page *p, const struct held *h, const struct alarm_recent_row *k, const struct episode *e, const char *withdraw);
/* Writes what was found; false: something could not be written. */
bool alarm_write_found(struct page *p);
/* Everything from `from_ms` on is judged again: late values join or begin episodes, corrected ones change or undo them. */
err alarm_hold_anew(struct page *p, const struct held *h, struct alarm_mark *mark, int64_t from_ms) MUST_USE;

#endif
