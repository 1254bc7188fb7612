#include "sense/validity.h"

#include <math.h>

#include "base/clock.h"

static int *slot_of(struct validity *v, str period)
{
	const struct {
		str period;
		int *slot;
	} slots[] = {
		{ S("hour"), &v->hour_minutes },     { S("day"), &v->day.hours },     { S("window"), &v->day.window_hours },
		{ S("mda8"), &v->day.windows },	     { S("month"), &v->month_days },  { S("february"), &v->february_days },
		{ S("year"), &v->year_days },	     { S("stations"), &v->stations_percent },
	};
	for (size_t i = 0; i < COUNT_OF(slots); i++)
		if (str_eq(slots[i].period, period))
			return slots[i].slot;
	return NULL;
}

static err bad(struct arena *a, str edition, const char *table, int line, struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", arena_printf(a, STR_FMT "/%s", STR_ARG(edition), table).p, "line",
		    arena_printf(a, "%d", line).p);
}

static err read_flags(const struct catalog *c, struct arena *a, int64_t day, struct validity *v, struct fail *f)
{
	str edition;
	struct rows t;
	TRY(edition_on(c, a, S("validity/flags"), day, &edition, f));
	TRY(edition_table(c, a, edition, "flags.tsv", &t, f));
	for (size_t i = 0; i < t.n; i++) {
		str flag = rows_get(&t, i, S("flag"));
		bool blank = str_eq(flag, S("blank"));
		if (flag.n != 1 && !blank)
			return bad(a, edition, "flags.tsv", t.lines[i], f);
		v->counts[blank ? ' ' : (unsigned char)flag.p[0]] = str_eq(rows_get(&t, i, S("counts")), S("yes"));
	}
	return ERR_OK;
}

err validity_read(const struct catalog *c, struct arena *a, str family, int64_t day, struct validity *ret, struct fail *f)
{
	struct validity v = { .hour_minutes = 45, .day = { 20, 6, 14, NAN }, .stations_percent = 75 };
	struct rows t;
	TRY(edition_on(c, a, family, day, &v.id, f));
	TRY(edition_table(c, a, v.id, "rules.tsv", &t, f));
	for (size_t i = 0; i < t.n; i++) {
		int64_t need;
		int *slot = slot_of(&v, rows_get(&t, i, S("period")));
		if (!str_to_i64(rows_get(&t, i, S("need")), &need))
			return bad(a, v.id, "rules.tsv", t.lines[i], f);
		if (slot)
			*slot = (int)need;
	}
	TRY(read_flags(c, a, day, &v, f));
	*ret = v;
	return ERR_OK;
}

bool validity_year(const struct validity *v, int64_t first_day, const bool *has, size_t days)
{
	int all = 0;
	for (size_t i = 0; i < days;) {
		int y, m, d, in_month, n = 0;
		date_to_ymd(first_day + (int64_t)i, &y, &m, &d);
		in_month = date_month_days(y, m);
		bool whole = d == 1 && i + (size_t)in_month <= days;
		for (; i < days && d <= in_month; i++, d++)
			n += has[i];
		if (whole && n < (m == 2 ? v->february_days : v->month_days))
			return false;
		all += n;
	}
	return days < 365 || all >= v->year_days;
}
