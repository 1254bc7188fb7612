/* What was done to a station's instruments, and what readings are worth because of it. Marks lie over the readings when they are
 * read: nothing stored is changed, and an entry that is withdrawn leaves no trace in them. */
#ifndef BH_SENSE_UPKEEP_H
#define BH_SENSE_UPKEEP_H

#include "core/app.h"
#include "core/catalog.h"
#include "sense/series.h"

/* ---- kinds, from catalog/validity/marks ---- */

struct upkeep_kind {
	str id, zh, en, source, certainty;
	char flag;
	int rank;                  /* of two that overlap the lower one is shown */
	int64_t late_ms;           /* an entry made later than this after it began is marked as back-dated */
	int64_t ahead_ms, longest_ms, back_ms;
};
struct upkeep_kinds {
	const struct upkeep_kind *v;
	size_t n;
	str edition;
};
err upkeep_kinds_read(const struct catalog *c, struct arena *a, int64_t day, struct upkeep_kinds *ret, struct fail *f) MUST_USE;
const struct upkeep_kind *upkeep_kind_find(const struct upkeep_kinds *k, str id); /* NULL when unknown */

/* ---- marks over readings; pure ---- */

struct mark_span {
	int64_t from_ms, to_ms;    /* to_ms INT64_MAX: it lasts */
	uint32_t item;             /* 0: every item */
	enum series_kind kind;     /* of readings; SERIES_KIND_COUNT: every kind */
	char flag;
	int rank;
};
struct marks_of_station {
	int64_t station;
	int hour_minutes, day_hours; /* so many must be left that an hour, a day counts (catalog/validity) */
	struct mark_span *v;         /* by from_ms */
	size_t n;
};
/* Worsens the flags of readings that count. Instants and minutes that a span touches are marked; an hour when fewer minutes than
 * the rule wants are left, a day when fewer hours are. */
void marks_over(const struct marks_of_station *m, uint32_t item, enum series_kind kind, size_t n, const int64_t *at_ms, char *flag);

/* ---- the table of the running program ---- */

struct upkeep;
err upkeep_open(const struct app *app, struct upkeep **ret, struct fail *f) MUST_USE; /* lays itself over app->series */
void upkeep_close(struct upkeep *u);     /* accepts NULL */
/* Reads the store again if an entry changed there; where it did, hours and days are due to be derived again and alarms to be
 * judged again. Safe from any thread. */
err upkeep_refresh(struct upkeep *u, struct fail *f) MUST_USE;
const struct upkeep_kinds *upkeep_kinds(const struct upkeep *u);

#endif
