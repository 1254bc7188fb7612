/* Reminders and the ladder of pressing for completion: catalog/escalation. Everything is computed from deadlines, the
 * calendar and what was recorded; nothing of it is stored. Recording that a rung was taken is an act of the matter. */
#ifndef BH_LOOP_ESCALATION_H
#define BH_LOOP_ESCALATION_H

#include "core/catalog.h"
#include "loop/deadline.h"

struct ladder_rung {
	int64_t level;
	str act, zh, en;    /* act: of the workflow, that records it */
	str to;             /* lead, leader, first-leader, accountability */
};
enum ladder_when { LADDER_BEFORE, LADDER_AT, LADDER_AFTER, LADDER_RELAPSE, LADDER_FINDING, LADDER_BAD_MONTHS, LADDER_WHEN_COUNT };
const char *ladder_when_name(enum ladder_when w);
struct ladder_trigger {
	str id;
	const struct ladder_rung *rung;
	str kind, grade, listed; /* empty: any */
	enum ladder_when when;
	int64_t amount;     /* working days, relapses or months */
	str word;           /* finding; for bad months: how many late ones make one */
	str zh, en, certainty;
};
struct ladder_reminder {
	str id;
	enum ladder_when when; /* before, at, after */
	int64_t amount;     /* working days */
	str zh, en;
};
struct ladder {
	const struct ladder_rung *rungs; /* by level */
	size_t nrungs;
	const struct ladder_trigger *triggers;
	size_t ntriggers;
	const struct ladder_reminder *reminders;
	size_t nreminders;
};
err ladder_read(struct arena *a, const struct catalog *c, int64_t today, struct ladder *ret, struct fail *f) MUST_USE;

struct ladder_fact {
	str kind, grade, finding;
	bool listed;
	int64_t due_ms, relapses, round_ms;
};
/* The highest rung reached at a moment, by which row and since when; NULL: none. */
const struct ladder_trigger *ladder_reached(const struct ladder *l, const struct calendar *c, const struct ladder_fact *k,
					    int64_t now_ms, int64_t *ret_since_ms);
/* The event that a deadline has on a day: before it, on it or after it; NULL on most days. */
const struct ladder_reminder *ladder_remind(const struct ladder *l, const struct calendar *c, int64_t due_ms, int64_t day);
/* The most working days that a rung or reminder comes before a deadline. */
int64_t ladder_before_days(const struct ladder *l);
const struct ladder_rung *ladder_rung_of(const struct ladder *l, str act); /* NULL: no rung */

#endif
