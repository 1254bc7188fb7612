/* The house's rules: catalog/rule. */
#include <math.h>
#include <string.h>

#include "db/db.h"
#include "sense/rule.h"

static const char *const tests[] = {
#define X(id, name) [RULE_##id] = name,
	RULE_TESTS(X)
#undef X
};
static const char *const ops[] = { "gt", "ge", "lt", "le" };

static const char *const whats[] = {
#define X(id, name) [SERIES_##id] = name,
	SERIES_WHATS(X)
#undef X
};

const char *rule_what_name(enum series_what w)
{
	return whats[w];
}

static bool word_in(str s, const char *const *v, size_t n, int *ret)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, str_of(v[i]))) {
			*ret = (int)i;
			return true;
		}
	return false;
}

#define PARSE(name, type, words)                                                                   \
	bool name(str s, enum type *ret)                                                           \
	{                                                                                          \
		int i;                                                                             \
		if (!word_in(s, words, COUNT_OF(words), &i))                                       \
			return false;                                                              \
		*ret = (enum type)i;                                                               \
		return true;                                                                       \
	}
PARSE(rule_test_parse, rule_test, tests)
PARSE(rule_op_parse, rule_op, ops)
#undef PARSE

const char *rule_test_name(enum rule_test t)
{
	return tests[t];
}

const char *rule_op_name(enum rule_op op)
{
	return ops[op];
}

static bool is_severity(str s)
{
	return str_eq(s, S("info")) || str_eq(s, S("warning")) || str_eq(s, S("serious"));
}

const char *rule_flaw(const struct rule *r)
{
	bool clears = r->test == RULE_THRESHOLD && !isnan(r->clear);
	bool up = r->op == RULE_GT || r->op == RULE_GE;
	if (r->test != RULE_MISSING && r->test != RULE_FLAG && r->test != RULE_DRIFT && !isfinite(r->limit))
		return "/limit";
	if (clears && (up ? r->clear > r->limit : r->clear < r->limit))
		return "/clear";
	if (r->times < 1 || r->times > RULE_OF_MAX)
		return "/times";
	if (r->of < 1 || r->of > RULE_OF_MAX || (r->test != RULE_STUCK && r->of < r->times))
		return "/of";
	if (r->clear_times < 1 || r->clear_times > RULE_OF_MAX)
		return "/clear_times";
	if (r->lasting_ms < 0 || r->lasting_ms > 400 * (int64_t)DAY_MS || (r->test == RULE_MISSING && r->lasting_ms == 0))
		return "/lasting_min";
	if (r->from_min < 0 || r->from_min > 1440)
		return "/from_min";
	if (r->to_min < 0 || r->to_min > 1440 || r->to_min == r->from_min)
		return "/to_min";
	if (r->days < 1 || r->days > 127)
		return "/days";
	if (r->test == RULE_FLAG && (!r->flags.n || r->flags.n > RULE_FLAGS_MAX))
		return "/flags";
	if (!is_severity(r->severity))
		return "/severity";
	if (r->lawful && (r->test != RULE_THRESHOLD || !str_trim(r->source).n || !str_trim(r->clause).n))
		return "/source"; /* what founds a case names its paper and clause */
	return NULL;
}

/* ---- catalog/rule ---- */

static double number(str s, double otherwise)
{
	double v;
	return s.n && str_to_f64(s, &v) ? v : otherwise;
}

static int whole(str s, int otherwise)
{
	int64_t v;
	return s.n && str_to_i64(s, &v) ? (int)v : otherwise;
}

#define CELL(name) arena_str(a, rows_get(t, i, S(name)))

static err read_one(struct arena *a, const struct rows *t, size_t i, struct rule *r, struct fail *f)
{
	*r = (struct rule){ .id = CELL("id"), .station_kind = CELL("station_kind"), .item = CELL("item"),
			    .limit = number(rows_get(t, i, S("limit")), NAN), .clear = number(rows_get(t, i, S("clear")), NAN),
			    .times = whole(rows_get(t, i, S("times")), 1), .of = whole(rows_get(t, i, S("of")), 1),
			    .clear_times = whole(rows_get(t, i, S("clear_times")), 1),
			    .lasting_ms = whole(rows_get(t, i, S("lasting_min")), 0) * (int64_t)60000,
			    .from_min = whole(rows_get(t, i, S("from_min")), 0), .to_min = whole(rows_get(t, i, S("to_min")), 1440),
			    .days = whole(rows_get(t, i, S("days")), 127), .flags = CELL("flags"), .severity = CELL("severity"),
			    .lawful = str_eq(rows_get(t, i, S("lawful")), S("yes")), .zh = CELL("zh"), .en = CELL("en"),
			    .source = CELL("source"), .clause = CELL("clause"), .certainty = CELL("certainty"),
			    .matter_days = whole(rows_get(t, i, S("matter_days")), 0),
			    .check_days = whole(rows_get(t, i, S("check_days")), 0), .valid_from_day = 0, .valid_to_day = DB_NONE };
	str op = rows_get(t, i, S("op"));
	bool ok = rule_test_parse(rows_get(t, i, S("test")), &r->test) && series_kind_parse(rows_get(t, i, S("kind")), &r->kind) &&
		  (!op.n || rule_op_parse(op, &r->op));
	if (!ok || rule_flaw(r))
		return FAIL(f, BAD_FORMAT, "", "err.workflow.word", "file", "rules.tsv", "row", "", "word", arena_cstr(a, r->id));
	return ERR_OK;
}
#undef CELL

static err read_groups(struct arena *a, const struct catalog *c, int64_t today, struct rules *out, struct fail *f)
{
	struct rows t;
	TRY(catalog_current(c, a, S("rule"), today, S("groups"), &t, f));
	for (size_t i = 0; i < t.n; i++) {
		str id = rows_get(&t, i, S("id"));
		double v = number(rows_get(&t, i, S("value")), NAN);
		if (str_eq(id, S("storm_min")))
			out->storm_ms = llround(v * 60000);
		else if (str_eq(id, S("way_least")))
			out->way_least = llround(v);
		else if (str_eq(id, S("way_share")))
			out->way_share = v;
	}
	return ERR_OK;
}

err rules_read(struct arena *a, const struct catalog *c, int64_t today, struct rules **ret, struct fail *f)
{
	struct rows t;
	struct rules *out = NEW(a, struct rules);
	out->edition = catalog_edition(c, S("rule"), today);
	*ret = out;
	if (str_is_null(out->edition))
		return ERR_OK;
	TRY(catalog_current(c, a, S("rule"), today, S("rules"), &t, f));
	struct rule *v = NEW_N(a, struct rule, t.n + 1);
	for (size_t i = 0; i < t.n; i++)
		TRY(read_one(a, &t, i, &v[i], f));
	out->v = v;
	out->n = t.n;
	return read_groups(a, c, today, out, f);
}
