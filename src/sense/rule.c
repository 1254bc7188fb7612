#include "sense/rule.h"

#include <math.h>
#include <string.h>

#include "num/change.h"

enum { HOUR_MS = 3600 * 1000, MINUTE_MS = 60 * 1000, DAY_MINUTES = 1440, WORKING_MARGIN = 2 };

bool rule_flag_counts(char flag)
{
	return flag == 'N' || flag == ' ' || flag == 0;
}

int64_t rule_period_ms(enum series_kind kind)
{
	switch (kind) {
	case SERIES_MINUTE:
		return MINUTE_MS;
	case SERIES_HOUR:
		return HOUR_MS;
	case SERIES_DAY:
		return DAY_MS;
	default:
		return 0;
	}
}

int64_t rule_window_ms(const struct rule *r)
{
	int64_t period = rule_period_ms(r->kind) ? rule_period_ms(r->kind) : MINUTE_MS;
	int64_t values = r->of + r->clear_times + WORKING_MARGIN;
	if (r->test == RULE_EWMA || r->test == RULE_CUSUM || r->test == RULE_OUTLIER)
		values += 3 * RULE_BASE;
	int64_t ms = values * period + r->lasting_ms, least = 2 * (int64_t)DAY_MS;
	return ms > least ? ms : least;
}

void rule_begin(struct rule_state *s)
{
	memset(s, 0, sizeof *s);
}

void rule_begin_open(struct rule_state *s, const struct episode *e)
{
	rule_begin(s);
	s->open = true;
	s->e = *e;
	s->e.end_ms = 0;
}

bool rule_learns(const struct rule *r)
{
	return r->test == RULE_EWMA || r->test == RULE_CUSUM;
}

bool rule_rests(const struct rule *r, const struct rule_state *s, struct rule_rest *ret)
{
	if (s->open || s->bad || s->since_ms || s->run || s->nfirst || s->nbase || rule_learns(r))
		return false;
	*ret = (struct rule_rest){ s->at_ms, s->same_ms, s->prev, s->same, s->have_prev };
	return true;
}

void rule_resume(const struct rule_rest *rest, struct rule_state *ret)
{
	rule_begin(ret);
	ret->at_ms = rest->at_ms;
	ret->same_ms = rest->same_ms;
	ret->prev = rest->prev;
	ret->same = rest->same;
	ret->have_prev = rest->have_prev;
}

/* ---- one value ---- */

static bool in_schedule(const struct rule *r, int64_t at_ms)
{
	int64_t day = china_day(at_ms), minute = (at_ms - china_day_start_ms(day)) / MINUTE_MS;
	bool over_midnight = r->from_min > r->to_min;
	bool in = over_midnight ? minute >= r->from_min || minute < r->to_min : minute >= r->from_min && minute < r->to_min;
	if (over_midnight && minute < r->to_min)
		day--; /* the night belongs to the day it began on */
	return in && (r->days >> date_weekday(day) & 1);
}

static bool beyond(enum rule_op op, double v, double limit)
{
	switch (op) {
	case RULE_GT:
		return v > limit;
	case RULE_GE:
		return v >= limit;
	case RULE_LT:
		return v < limit;
	default:
		return v <= limit;
	}
}

static bool upper(const struct rule *r)
{
	return r->test != RULE_THRESHOLD || r->op == RULE_GT || r->op == RULE_GE;
}

/* What one value says: bad by the rule; back to normal by the rule's own mark; how bad. */
struct verdict {
	bool bad, good, usable;
	double size;
};

/* Above the range of the instrument is above every upper limit, and below no lower one; how much nobody knows. */
static struct verdict judge_threshold(const struct rule *r, const struct rule_state *s, double v, char flag)
{
	struct verdict out = { .size = v, .usable = rule_flag_counts(flag) && !isnan(v) };
	double back = isnan(r->clear) ? r->limit : r->clear;
	out.bad = flag == 'T' && upper(r) ? true : !isnan(v) && beyond(r->op, v, r->limit);
	out.good = !out.bad && !isnan(v) && rule_flag_counts(flag) && (!s->open || isnan(r->clear) || !beyond(r->op, v, back));
	return out;
}

static struct verdict judge_rate(const struct rule *r, struct rule_state *s, int64_t at_ms, double v, bool usable)
{
	struct verdict out = { .usable = usable };
	double back = isnan(r->clear) ? r->limit : r->clear;
	if (!usable)
		return out;
	if (s->have_prev && at_ms > s->same_ms) {
		out.size = fabs(v - s->prev) * HOUR_MS / (double)(at_ms - s->same_ms);
		out.bad = out.size > r->limit;
		out.good = !out.bad && out.size <= back;
	}
	s->prev = v;
	s->same_ms = at_ms;
	s->have_prev = true;
	return out;
}

static struct verdict judge_stuck(const struct rule *r, struct rule_state *s, double v, bool usable)
{
	struct verdict out = { .usable = false, .size = v };
	if (!usable)
		return out;
	bool same = s->have_prev && fabs(v - s->prev) <= r->limit;
	s->same = same ? s->same + 1 : 1;
	if (!same)
		s->prev = v;
	s->have_prev = true;
	out.bad = s->same >= r->times;
	out.good = !same;
	return out;
}

static struct verdict judge_outlier(const struct rule *r, struct rule_state *s, double v, bool usable)
{
	struct verdict out = { .usable = false, .size = v };
	double work[RULE_BASE];
	if (!usable)
		return out;
	size_t n = s->nbase < RULE_BASE ? (size_t)s->nbase : RULE_BASE;
	double z = n >= RULE_BASE_MIN ? fabs(robust_z(v, s->base, n, work)) : 0;
	out.bad = n >= RULE_BASE_MIN && z > r->limit;
	out.good = !out.bad;
	s->base[s->nbase % RULE_BASE] = v;
	s->nbase++;
	return out;
}

/* The first values are what the later ones are held against. */
static void learn(struct rule_state *s, double v)
{
	double sum = 0, squares = 0;
	s->base[s->nbase++] = v;
	if (s->nbase < RULE_BASE)
		return;
	for (int i = 0; i < RULE_BASE; i++)
		sum += s->base[i];
	s->mean = sum / RULE_BASE;
	for (int i = 0; i < RULE_BASE; i++)
		squares += (s->base[i] - s->mean) * (s->base[i] - s->mean);
	s->sigma = sqrt(squares / (RULE_BASE - 1));
	s->have_stats = true;
}

static struct verdict judge_drift(const struct rule *r, struct rule_state *s, double v, bool usable)
{
	struct verdict out = { .usable = false, .size = v };
	if (!usable)
		return out;
	if (!s->have_stats) {
		learn(s, v);
		return out;
	}
	double x = s->sigma > 0 ? (v - s->mean) / s->sigma : v > s->mean ? INFINITY : v < s->mean ? -INFINITY : 0;
	x = fmax(-1e6, fmin(1e6, x));
	if (r->test == RULE_EWMA) {
		s->sum += RULE_EWMA_LAMBDA * (x - s->sum);
		out.bad = fabs(s->sum) > r->limit * sqrt(RULE_EWMA_LAMBDA / (2 - RULE_EWMA_LAMBDA));
	} else {
		s->sum = fmax(0, s->sum + x - RULE_CUSUM_K);
		out.bad = s->sum > r->limit;
	}
	out.good = !out.bad;
	return out;
}

static struct verdict judge(const struct rule *r, struct rule_state *s, int64_t at_ms, double v, char flag)
{
	bool usable = rule_flag_counts(flag) && !isnan(v);
	switch (r->test) {
	case RULE_THRESHOLD:
		return judge_threshold(r, s, v, flag);
	case RULE_RATE:
		return judge_rate(r, s, at_ms, v, usable);
	case RULE_STUCK:
		return judge_stuck(r, s, v, usable);
	case RULE_OUTLIER:
		return judge_outlier(r, s, v, usable);
	case RULE_EWMA:
	case RULE_CUSUM:
		return judge_drift(r, s, v, usable);
	case RULE_FLAG: {
		bool bad = memchr(r->flags.p ? r->flags.p : "", flag, r->flags.n) != NULL;
		return (struct verdict){ .bad = bad, .good = !bad, .size = v };
	}
	case RULE_DRIFT:
		return (struct verdict){ .bad = flag == RULE_DRIFT_FLAG, .good = flag != RULE_DRIFT_FLAG, .size = v };
	default:
		return (struct verdict){ 0 };
	}
}

/* ---- n of the last m periods ---- */

static int bits(uint64_t v)
{
	return __builtin_popcountll(v);
}

/* Periods in which nothing came count as neither. */
static void shift(const struct rule *r, struct rule_state *s, int64_t at_ms)
{
	int64_t period = rule_period_ms(r->kind);
	int64_t by = s->at_ms && period ? (at_ms - s->at_ms + period / 2) / period : 1;
	by = by < 1 ? 1 : by;
	if (by > 2 || (by == 2 && period))
		s->since_ms = 0; /* a gap breaks a lasting condition */
	s->bad = by < 64 ? s->bad << by : 0;
	s->usable = by < 64 ? s->usable << by : 0;
}

static uint64_t mask_of(int n)
{
	return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

static bool lasted(const struct rule *r, const struct rule_state *s, int64_t at_ms)
{
	return !r->lasting_ms || (s->since_ms && at_ms + rule_period_ms(r->kind) - s->since_ms >= r->lasting_ms);
}

static int64_t begin_of(const struct rule *r, const struct rule_state *s)
{
	int held = bits(s->bad & mask_of(r->of));
	int back = s->nfirst < RULE_OF_MAX ? s->nfirst : RULE_OF_MAX;
	held = held < back ? held : back;
	int64_t at = s->first_bad[(s->nfirst - (held ? held : 1)) % RULE_OF_MAX];
	return s->since_ms && s->since_ms < at && r->lasting_ms ? s->since_ms : at;
}

static bool worse(const struct rule *r, double a, double b)
{
	return isnan(b) || (upper(r) ? a > b : a < b);
}

static void add_bad(const struct rule *r, struct rule_state *s, int64_t at_ms, const struct verdict *v)
{
	s->first_bad[s->nfirst++ % RULE_OF_MAX] = at_ms;
	s->since_ms = s->since_ms ? s->since_ms : at_ms;
	s->run++;
	s->doubtful += !v->usable;
	if (s->run == 1 || worse(r, v->size, s->worst))
		s->worst = v->size;
}

static enum rule_says raise(const struct rule *r, struct rule_state *s, int64_t at_ms, bool lawful)
{
	s->open = true;
	s->e = (struct episode){ .begin_ms = begin_of(r, s), .raised_ms = at_ms, .last_ms = at_ms,
				 .lawful_ms = lawful ? at_ms : 0, .n = s->run, .doubtful = s->doubtful, .peak = s->worst,
				 .first = s->worst };
	return RULE_RAISED;
}

static enum rule_says go_on(const struct rule *r, struct rule_state *s, int64_t at_ms, const struct verdict *v, bool lawful)
{
	s->e.last_ms = at_ms;
	s->e.n++;
	s->e.doubtful += !v->usable;
	if (worse(r, v->size, s->e.peak))
		s->e.peak = v->size;
	if (!lawful || s->e.lawful_ms)
		return RULE_GOES_ON;
	s->e.lawful_ms = at_ms;
	return RULE_LAWFUL;
}

static void forget(struct rule_state *s)
{
	s->bad = s->usable = 0;
	s->since_ms = s->run = s->doubtful = 0;
	s->nfirst = 0;
}

static enum rule_says finish(struct rule_state *s, int64_t at_ms)
{
	s->open = false;
	s->e.end_ms = at_ms;
	forget(s);
	return RULE_ENDED;
}

static enum rule_says after_good(const struct rule *r, struct rule_state *s, int64_t at_ms, bool good)
{
	s->since_ms = 0;
	if (!s->open) {
		if (!(s->bad & mask_of(r->of)))
			forget(s);
		return RULE_NOTHING;
	}
	s->good = good ? s->good + 1 : 0;
	return s->good >= r->clear_times ? finish(s, at_ms) : RULE_NOTHING;
}

enum rule_says rule_step(const struct rule *r, struct rule_state *s, int64_t at_ms, double value, char flag)
{
	if ((s->at_ms && at_ms <= s->at_ms) || !in_schedule(r, at_ms) || r->test == RULE_MISSING)
		return RULE_NOTHING;
	struct verdict v = judge(r, s, at_ms, value, flag);
	shift(r, s, at_ms);
	s->at_ms = at_ms;
	if (!v.bad)
		return after_good(r, s, at_ms, v.good);
	s->bad |= 1;
	s->usable |= v.usable;
	s->good = 0;
	add_bad(r, s, at_ms, &v);
	/* A stuck value was counted by itself, and drift is a sum over many values. */
	int times = r->test == RULE_STUCK ? 1 : r->times;
	bool enough = bits(s->bad & mask_of(r->of)) >= times && lasted(r, s, at_ms);
	bool lawful = enough && bits(s->bad & s->usable & mask_of(r->of)) >= times;
	if (s->open)
		return go_on(r, s, at_ms, &v, lawful);
	return enough ? raise(r, s, at_ms, lawful) : RULE_NOTHING;
}

enum rule_says rule_silence(const struct rule *r, struct rule_state *s, int64_t last_ms, int64_t now_ms)
{
	int64_t expected = last_ms + 2 * rule_period_ms(r->kind); /* a value comes when its period is over */
	if (!last_ms || r->test != RULE_MISSING)
		return RULE_NOTHING;
	bool silent = now_ms - expected >= r->lasting_ms;
	if (s->open)
		return silent ? RULE_GOES_ON : finish(s, last_ms);
	if (!silent || !in_schedule(r, now_ms))
		return RULE_NOTHING;
	s->open = true;
	s->e = (struct episode){ .begin_ms = last_ms, .raised_ms = expected + r->lasting_ms, .last_ms = last_ms, .peak = NAN, .first = NAN };
	return RULE_RAISED;
}

size_t rule_column(const struct rule *r, struct rule_state *s, const struct column *c, struct episode *out, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < c->n && n < max; i++)
		if (rule_step(r, s, c->at_ms[i], c->value[i], c->flag[i]) == RULE_ENDED)
			out[n++] = s->e;
	if (s->open && n < max)
		out[n++] = s->e;
	return n;
}
