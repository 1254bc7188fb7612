/* catalog/inspection: how often to inspect, and by what rules. */
#include <stdio.h>

#include "base/clock.h"
#include "core/region.h"
#include "loop/inspect.h"

struct rule {
	str id;
	int64_t value;
};
struct inspect_rules {
	struct inspect_frequency *every;
	struct rule *rules;
	size_t nevery, nrules;
};

static err bad_row(const struct rows *t, size_t i, const char *file, struct fail *f)
{
	char line[24];
	(void)snprintf(line, sizeof line, "%d", t->lines[i]);
	return FAIL(f, BAD_FORMAT, "", "err.catalog_row", "file", file, "line", (const char *)line);
}

static err read_frequency(struct arena *a, const struct rows *t, struct inspect_rules *r, struct fail *f)
{
	r->every = NEW_N(a, struct inspect_frequency, t->n + 1);
	for (size_t i = 0; i < t->n; i++) {
		struct inspect_frequency *e = &r->every[r->nevery++];
		str region = rows_get(t, i, S("region"));
		*e = (struct inspect_frequency){ .id = arena_str(a, rows_get(t, i, S("id"))),
						 .risk = arena_str(a, rows_get(t, i, S("risk"))),
						 .type = arena_str(a, rows_get(t, i, S("type"))),
						 .zh = arena_str(a, rows_get(t, i, S("zh"))),
						 .en = arena_str(a, rows_get(t, i, S("en"))),
						 .source = arena_str(a, rows_get(t, i, S("source"))),
						 .certainty = arena_str(a, rows_get(t, i, S("certainty"))) };
		if (!str_to_i64(rows_get(t, i, S("every_days")), &e->every_days) || e->every_days < 1 ||
		    (region.n && !str_to_i64(region, &e->region)))
			return bad_row(t, i, "inspection/frequency.tsv", f);
	}
	return ERR_OK;
}

err inspect_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct inspect_rules **ret,
		       struct fail *f)
{
	struct inspect_rules *r = NEW(a, struct inspect_rules);
	struct rows t;
	TRY(catalog_current(c, a, S("inspection"), today, S("frequency"), &t, f));
	TRY(read_frequency(a, &t, r, f));
	TRY(catalog_current(c, a, S("inspection"), today, S("rules"), &t, f));
	r->rules = NEW_N(a, struct rule, t.n + 1);
	for (size_t i = 0; i < t.n; i++) {
		r->rules[r->nrules].id = arena_str(a, rows_get(&t, i, S("id")));
		if (!str_to_i64(rows_get(&t, i, S("value")), &r->rules[r->nrules++].value))
			return bad_row(&t, i, "inspection/rules.tsv", f);
	}
	*ret = r;
	return ERR_OK;
}

int64_t inspect_rule(const struct inspect_rules *t, const char *id, int64_t preset)
{
	for (size_t i = 0; t && i < t->nrules; i++)
		if (str_eq(t->rules[i].id, str_of(id)))
			return t->rules[i].value;
	return preset;
}

size_t inspect_frequencies(const struct inspect_rules *t, const struct inspect_frequency **ret)
{
	*ret = t->every;
	return t->nevery;
}

static bool covers(int64_t region, int64_t place)
{
	int64_t lo, hi;
	if (!region)
		return true;
	region_range(region, &lo, &hi);
	return place >= lo && place <= hi;
}

const struct inspect_frequency *inspect_frequency(const struct inspect_rules *t, str risk, str type,
						  int64_t region)
{
	const struct inspect_frequency *best = NULL;
	str colour = risk.n ? risk : S("none");
	for (size_t i = 0; t && i < t->nevery; i++) {
		const struct inspect_frequency *e = &t->every[i];
		bool fits = (str_eq(e->risk, S("any")) || str_eq(e->risk, colour)) &&
			    (!e->type.n || str_eq(e->type, type)) && covers(e->region, region);
		if (fits && (!best || e->every_days < best->every_days))
			best = e;
	}
	return best;
}
