/* Look-back (回头看): what was brought to an end is looked at again, some weeks later, by others. What is to be looked at,
 * how often, and what the findings mean is catalog/lookback. The pool is asked for, never stored. */
#ifndef BH_LOOP_LOOKBACK_H
#define BH_LOOP_LOOKBACK_H

#include "base/json.h"
#include "core/app.h"
#include "core/catalog.h"
#include "loop/draw.h"
#include "num/interval.h"
#include "num/survival.h"

/* ---- rules ---- */

struct lookback_kind {
	str kind, state;         /* matters of this kind in this closed state are the pool */
	str held_act, failed_act; /* of the kind's workflow */
};
struct lookback_stratum {
	str id, kind, grade, zh, en, source, certainty;
	int listed;              /* 1, 0, -1: either */
	double share;            /* per cent to be looked at; 100: all of them, without a draw */
	int64_t from_days, to_days; /* since it was ticked off */
};
#define LOOKBACK_FACTORS(X)                                                                        \
	X(RELAPSE, "relapse")                                                                      \
	X(UNIT_FAILURE, "unit-failure")                                                            \
	X(CONTRACTOR_FAILURE, "contractor-failure")                                                \
	X(SHAM_MARK, "sham-mark")                                                                  \
	X(LATE, "late")
enum lookback_factor {
#define X(id, name) LOOKBACK_##id,
	LOOKBACK_FACTORS(X)
#undef X
	LOOKBACK_FACTOR_COUNT
};
struct lookback_weight {
	bool on;
	str id, zh, en;
	double factor, cap;      /* factor^times, at most cap */
};
struct lookback_result {
	str id, zh, en, finding, consequence_zh, consequence_en;
	bool held;
};
struct lookback_rules {
	const struct lookback_kind *kinds;
	const struct lookback_stratum *strata;
	const struct lookback_result *results;
	struct lookback_weight weights[LOOKBACK_FACTOR_COUNT];
	size_t nkinds, nstrata, nresults;
	str edition;
};
err lookback_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct lookback_rules **ret, struct fail *f) MUST_USE;
const struct lookback_kind *lookback_kind(const struct lookback_rules *r, str kind);       /* NULL: never looked back at */
const struct lookback_result *lookback_result(const struct lookback_rules *r, str id);     /* NULL: unknown */
const struct lookback_stratum *lookback_stratum(const struct lookback_rules *r, str kind, str grade, bool listed); /* or NULL */
/* Thousandths, 1 … 10⁹, from how often each factor holds. */
int64_t lookback_weight(const struct lookback_rules *r, const int64_t times[LOOKBACK_FACTOR_COUNT]);

/* ---- the pool ---- */

enum { LOOKBACK_BACK_DAYS = 730 };   /* what was ticked off longer ago is left in peace */
struct pool_item {
	int64_t region, matter, round, unit, contractor, closed_ms, sectors, secret;
	str grade, cause;
	bool listed, must, late;
	const struct lookback_stratum *stratum;
	int64_t times[LOOKBACK_FACTOR_COUNT];
	int64_t weight;          /* thousandths */
};
struct pool {
	const struct pool_item *v;   /* by matter */
	size_t n, must, drawn, late; /* drawn: those from which some are drawn */
	int64_t want;            /* of those, by the strata's shares, rounded up */
};
struct pool_query {
	str kind;
	int64_t region;          /* and all beneath */
	int64_t day;
	const char *perm;        /* of the caller's scope */
};
/* ERR_BAD_FIELD /kind when matters of this kind are never looked back at. */
err lookback_pool(struct ctx *cx, const struct pool_query *q, struct pool *ret) MUST_USE;

/* ---- draws and tasks ---- */

struct lookback_draw_new {
	str kind, seed_source;
	int64_t region, day;
	int64_t want;            /* 0: as the strata's shares say */
};
/* The pool as candidates, see draw_prepare(); without a connection in cx it reads a snapshot of its own.
 * ERR_BAD_FIELD /n: err.draw.empty when there is nothing to draw from. */
err lookback_draw_prepare(struct ctx *cx, const struct lookback_draw_new *in, struct draw_prepared *ret) MUST_USE;

/* Who may look: the first that had no hand in the matter, turn by turn. */
struct lookback_lookers {
	const int64_t *orgs;
	size_t n;
	int64_t due_day;
};
/* Gives the seed and makes one task of each matter drawn: of many only the first, the others soon after (lookback_work.h). */
err lookback_seed(struct ctx *cx, const struct draw_seeding *s, const struct lookback_lookers *who, struct draw_record *ret_after) MUST_USE;
/* Tasks for all of the pool that must be looked at, as far as they still stand there; how many. The pool may have been
 * read before this transaction. */
err lookback_take_must(struct ctx *cx, const struct pool *pool, const struct lookback_lookers *who, int64_t *ret_n) MUST_USE;
/* One picked by hand: counts for nothing but itself. ERR_CONFLICT when this round has one, or it is not in the pool's state. */
err lookback_pick(struct ctx *cx, int64_t matter, int64_t org, int64_t due_day, int64_t *ret_id) MUST_USE;
err lookback_hand_to(struct ctx *cx, int64_t id, int64_t ver, int64_t org, int64_t due_day) MUST_USE;

struct lookback_finding {
	int64_t ver;
	str result, text;
	int64_t seen_day;        /* when somebody was there; not after today, not before the ticking off */
	int64_t due_day;         /* of the reopened matter; demanded when it did not hold */
	const int64_t *files;
	size_t nfiles;
};
/* The matter's own act, with its guards, in the same transaction. ERR_CONFLICT when the matter moved on meanwhile. */
err lookback_finish(struct ctx *cx, int64_t id, const struct lookback_finding *in) MUST_USE;

/* Chance of having been drawn: 1 - exp(-weight · threshold), threshold the key of the first that was not drawn; given it,
 * the draw took each one by itself (Cohen and Kaplan, PODC 2007), so 1/chance weighs without bias. 1 when all were. */
double draw_chance(const struct draw_record *d, const struct draw_entry *e, double threshold);
/* +∞ when everybody was drawn. */
double draw_threshold(struct arena *a, const struct draw_record *d);

/* ---- what it tells ---- */

struct matter;
/* A fix did not last, as an act on the matter tells: its kind's relapse act, or the word of a reporter (an act of the
 * system). `before` is the matter as it was closed. Another kind of reopening is no relapse and does nothing. */
err lookback_note_relapse(struct ctx *cx, const struct matter *before, str act) MUST_USE;


#define LOOKBACK_BY "unit|sector|place|contractor|cause"
enum lookback_by { BY_UNIT, BY_SECTOR, BY_PLACE, BY_CONTRACTOR, BY_CAUSE };
struct seen_query {
	int64_t region, from_day, to_day; /* days of the looking, inclusive */
	str kind;                /* null string: any */
	enum lookback_by by;
};
struct seen_group {
	int64_t key;             /* organisation, bit of a sector, region */
	str word;                /* of a cause */
	size_t looked, held;
	size_t by_hand;          /* of those looked at, picked without a chance: not in `rate` */
	size_t told;             /* of those looked at, known from an act on the matter, no look-back: in `rate` for themselves alone */
	struct share rate;
	const struct survival_step *steps;
	size_t nsteps, nfixes, nrelapses;
	double median_days;      /* NaN: not reached */
	double watched_days;     /* the longest that any of them was watched; 0 without fixes */
};
struct seen_groups {
	struct seen_group all;
	const struct seen_group *v; /* the most looked at first */
	size_t n;
};
err lookback_seen_groups(struct ctx *cx, const struct seen_query *q, struct seen_groups *ret) MUST_USE;

#endif
