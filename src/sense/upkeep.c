#include "sense/upkeep.h"

#include <string.h>

#include "base/clock.h"
#include "sense/edition.h"
#include "sense/rule.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, HOURS = 24 };

/* ---- kinds ---- */

static int64_t whole(const struct rows *t, size_t i, const char *column)
{
	int64_t v;
	return str_to_i64(rows_get(t, i, str_of(column)), &v) ? v : 0;
}

err upkeep_kinds_read(const struct catalog *c, struct arena *a, int64_t day, struct upkeep_kinds *ret, struct fail *f)
{
	struct rows t;
	TRY(edition_on(c, a, S("validity/marks"), day, &ret->edition, f));
	TRY(edition_table(c, a, ret->edition, "marks.tsv", &t, f));
	struct upkeep_kind *v = NEW_N(a, struct upkeep_kind, t.n + 1);
	for (size_t i = 0; i < t.n; i++) {
		str flag = rows_get(&t, i, S("flag"));
		v[i] = (struct upkeep_kind){ .id = arena_str(a, rows_get(&t, i, S("kind"))), .zh = arena_str(a, rows_get(&t, i, S("zh"))),
					     .en = arena_str(a, rows_get(&t, i, S("en"))), .source = arena_str(a, rows_get(&t, i, S("source"))),
					     .certainty = arena_str(a, rows_get(&t, i, S("certainty"))), .flag = flag.n ? flag.p[0] : 'M',
					     .rank = (int)whole(&t, i, "rank"), .late_ms = whole(&t, i, "late_h") * HOUR_MS,
					     .ahead_ms = whole(&t, i, "ahead_d") * DAY_MS, .longest_ms = whole(&t, i, "longest_d") * DAY_MS,
					     .back_ms = whole(&t, i, "back_d") * DAY_MS };
	}
	ret->v = v;
	ret->n = t.n;
	return ERR_OK;
}

const struct upkeep_kind *upkeep_kind_find(const struct upkeep_kinds *k, str id)
{
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->v[i].id, id))
			return &k->v[i];
	return NULL;
}

/* ---- marks ---- */

struct looking {
	const struct marks_of_station *m;
	uint32_t item;
	enum series_kind kind;
	size_t first;              /* spans before it have ended: readings come in the order of time */
};

static bool concerns(const struct mark_span *s, const struct looking *l)
{
	return (!s->item || s->item == l->item) && (s->kind == SERIES_KIND_COUNT || s->kind == l->kind);
}

static void better_of(const struct mark_span *s, char *flag, int *rank)
{
	if (!*flag || s->rank < *rank) {
		*flag = s->flag;
		*rank = s->rank;
	}
}

/* The mark of the spans that touch [from, to), 0: none does. */
static char touched(const struct looking *l, int64_t from, int64_t to)
{
	char flag = 0;
	int rank = 0;
	for (size_t i = l->first; i < l->m->n && l->m->v[i].from_ms < to; i++)
		if (l->m->v[i].to_ms > from && concerns(&l->m->v[i], l))
			better_of(&l->m->v[i], &flag, &rank);
	return flag;
}

/* Minutes of the hour that some span touches, as bits. */
static uint64_t minutes_gone(const struct looking *l, int64_t hour)
{
	uint64_t gone = 0;
	for (size_t i = l->first; i < l->m->n && l->m->v[i].from_ms < hour + HOUR_MS; i++) {
		const struct mark_span *s = &l->m->v[i];
		if (s->to_ms <= hour || !concerns(s, l))
			continue;
		int64_t a = s->from_ms > hour ? (s->from_ms - hour) / MINUTE_MS : 0;
		int64_t b = s->to_ms < hour + HOUR_MS ? (s->to_ms - hour + MINUTE_MS - 1) / MINUTE_MS : 60;
		for (int64_t m = a; m < b; m++)
			gone |= UINT64_C(1) << m;
	}
	return gone;
}

static bool hour_gone(const struct looking *l, int64_t hour)
{
	return 60 - __builtin_popcountll(minutes_gone(l, hour)) < l->m->hour_minutes;
}

static bool day_gone(const struct looking *l, int64_t day)
{
	int left = 0;
	for (int h = 0; h < HOURS; h++)
		left += !hour_gone(l, day + h * (int64_t)HOUR_MS);
	return left < l->m->day_hours;
}

static char mark_of(const struct looking *l, int64_t at)
{
	switch (l->kind) {
	case SERIES_HOUR:
	case SERIES_HOUR_OWN: {
		char flag = touched(l, at, at + HOUR_MS);
		return flag && hour_gone(l, at) ? flag : 0;
	}
	case SERIES_DAY:
	case SERIES_DAY_OWN: {
		char flag = touched(l, at, at + DAY_MS);
		return flag && day_gone(l, at) ? flag : 0;
	}
	case SERIES_MINUTE:
		return touched(l, at, at + MINUTE_MS);
	default:
		return touched(l, at, at + 1);
	}
}

void marks_over(const struct marks_of_station *m, uint32_t item, enum series_kind kind, size_t n, const int64_t *at_ms, char *flag)
{
	struct looking l = { m, item, kind, 0 };
	for (size_t i = 0; i < n; i++) {
		while (l.first < m->n && m->v[l.first].to_ms <= at_ms[i])
			l.first++; /* stops at the first that goes on; later ones are passed one by one */
		if (l.first == m->n)
			return;
		bool open = rule_flag_counts(flag[i]) || flag[i] == 'S' || flag[i] == 'I'; /* what the device marked stays */
		char mark = open ? mark_of(&l, at_ms[i]) : 0;
		flag[i] = mark ? mark : flag[i];
	}
}
