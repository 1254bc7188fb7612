/* Rules over readings. A rule looks at one column, value by value in the order of time, keeps a state of fixed size and says
 * when an episode begins, goes on and ends. Pure: no store, no clock; the same readings give the same episodes whether they
 * come one by one or as a column. */
#ifndef BH_SENSE_RULE_H
#define BH_SENSE_RULE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/clock.h"
#include "core/catalog.h"
#include "sense/series.h"

#define RULE_TESTS(X)                                                                              \
	X(THRESHOLD, "threshold")  /* value compared with the limit */                             \
	X(RATE, "rate")            /* change an hour beyond the limit */                           \
	X(MISSING, "missing")      /* nothing came for so long */                                  \
	X(STUCK, "stuck")          /* `times` values no further apart than the limit */            \
	X(OUTLIER, "outlier")      /* robust z of the last values beyond the limit */              \
	X(EWMA, "ewma")            /* the moving average leaves its limits, `limit` sigmas wide */ \
	X(CUSUM, "cusum")          /* the upper sum exceeds `limit` sigmas, k = 0.5 */             \
	X(FLAG, "flag")            /* one of the flags named in `flags` */                         \
	X(DRIFT, "drift")          /* the mark of a check that found drift: by calibration, or against a neighbour */
enum rule_test {
#define X(id, name) RULE_##id,
	RULE_TESTS(X)
#undef X
	RULE_TEST_COUNT
};
#define RULE_TEST_OPTIONS "threshold|rate|missing|stuck|outlier|ewma|cusum|flag|drift"
enum rule_op { RULE_GT, RULE_GE, RULE_LT, RULE_LE };
#define RULE_OP_OPTIONS "gt|ge|lt|le"

enum { RULE_OF_MAX = 64, RULE_BASE = 32, RULE_BASE_MIN = 8, RULE_FLAGS_MAX = 16 };
#define RULE_DRIFT_FLAG 'Z' /* catalog/validity/flags */
#define RULE_EWMA_LAMBDA 0.2
#define RULE_CUSUM_K 0.5

struct rule {
	str id;
	int64_t row;               /* id of the station's own rule, 0: of the catalog */
	str station_kind, item;    /* empty: any kind; every item of the station */
	enum series_kind kind;
	enum series_what what;
	enum rule_test test;
	enum rule_op op;
	double limit;
	double clear;              /* back to normal only beyond this (hysteresis); NaN: the limit itself */
	int times, of;             /* so many of the last so many periods, 1 <= times <= of <= RULE_OF_MAX */
	int clear_times;           /* so many good values in a row end the episode */
	int64_t lasting_ms;        /* and the condition has held for so long; of missing data: the silence */
	int from_min, to_min;      /* minutes of China's day it holds in; 0 and 1440: always; may run over midnight */
	int days;                  /* mask of weekdays, bit 0 Monday */
	str flags;                 /* of the test FLAG */
	str severity;              /* info, warning, serious */
	bool lawful;               /* the limit and its counting are those of a permit or standard */
	str zh, en, source, clause, certainty;
	int64_t matter_days, check_days; /* working days to settle what follows; 0: no matter follows */
	int64_t valid_from_day, valid_to_day; /* DB_NONE: until further notice */
};

/* A value that is not marked and can be used. */
bool rule_flag_counts(char flag);

struct episode {
	int64_t begin_ms;          /* of the first value of the condition */
	int64_t raised_ms;         /* of the value that fulfilled the rule */
	int64_t last_ms;           /* of the last bad value */
	int64_t end_ms;            /* of the value that ended it, 0: it lasts */
	int64_t lawful_ms;         /* of the value that fulfilled the rule by usable values alone, 0: doubtful so far */
	int64_t n, doubtful;       /* bad values, and those of them that are marked or out of range */
	double peak, first;        /* the worst value; the first */
};
enum rule_says { RULE_NOTHING, RULE_RAISED, RULE_GOES_ON, RULE_LAWFUL, RULE_ENDED };

struct rule_state {
	int64_t at_ms;             /* of the last value, 0: none */
	uint64_t bad, usable;      /* of the last periods, bit 0 the newest */
	int64_t since_ms;          /* the condition holds without a break since, 0: it does not */
	int64_t first_bad[RULE_OF_MAX]; /* times of the last bad values, a ring */
	int nfirst, good;          /* bad values seen; good ones in a row */
	double prev, base[RULE_BASE], mean, sigma, sum; /* sum: the average or the upper sum, in sigmas */
	int nbase, same;
	int64_t same_ms, doubtful, run;
	double worst;
	bool open, have_prev, have_stats;
	struct episode e;
};
void rule_begin(struct rule_state *s);
/* Where a rule stands when nothing is pending, in few bytes: what comes next is judged as by the whole state. False when
 * something is pending, or when the test learns from what it saw. */
struct rule_rest {
	int64_t at_ms, same_ms;
	double prev;
	int same;
	bool have_prev;
};
bool rule_rests(const struct rule *r, const struct rule_state *s, struct rule_rest *ret) MUST_USE;
void rule_resume(const struct rule_rest *rest, struct rule_state *ret);
/* Does what the rule says of a value hang on where the column was begun, beyond its window? */
bool rule_learns(const struct rule *r);
/* An episode that is known already and goes on. */
void rule_begin_open(struct rule_state *s, const struct episode *e);
/* The next value. Values that are not later than the last one, or outside the schedule, are left out. After RULE_RAISED,
 * GOES_ON, LAWFUL and ENDED s->e is the episode. */
enum rule_says rule_step(const struct rule *r, struct rule_state *s, int64_t at_ms, double value, char flag);
/* Only of missing data: what the time itself says. last_ms: of the newest value; 0: there never was one. */
enum rule_says rule_silence(const struct rule *r, struct rule_state *s, int64_t last_ms, int64_t now_ms);
/* A whole column; at most `max` episodes, the later ones are dropped. Returns their number. */
size_t rule_column(const struct rule *r, struct rule_state *s, const struct column *c, struct episode *out, size_t max);
/* How far back a column must reach so that the rule can speak of its last value. */
int64_t rule_window_ms(const struct rule *r);
int64_t rule_period_ms(enum series_kind kind);   /* 0: of real-time values there is none */

/* ---- the house's rules ---- */

struct rules {
	const struct rule *v;
	size_t n;
	str edition;
	int64_t storm_ms;          /* alarms so near in time may be one group */
	int64_t way_least;         /* a gateway or broker is silent when so many stations of it are, */
	double way_share;          /* and such a share of all of them */
};
err rules_read(struct arena *a, const struct catalog *c, int64_t today, struct rules **ret, struct fail *f) MUST_USE;
bool rule_test_parse(str s, enum rule_test *ret) MUST_USE;
bool rule_op_parse(str s, enum rule_op *ret) MUST_USE;
const char *rule_test_name(enum rule_test t);
const char *rule_what_name(enum series_what w);
const char *rule_op_name(enum rule_op op);
/* Is the rule sound? The JSON pointer of what is not, NULL when it is. */
const char *rule_flaw(const struct rule *r);

#endif
