#include "loop/escalation.h"

static const char *const whens[] = { "before", "at", "after", "relapse", "finding", "bad-months" };

const char *ladder_when_name(enum ladder_when w)
{
	return whens[w];
}

/* ---- reading ---- */

static err bad_word(struct arena *a, struct fail *f, const char *file, str word)
{
	return FAIL(f, BAD_FORMAT, "", "err.workflow.word", "file", file, "row", "", "word", arena_cstr(a, word));
}

static bool when_parse(str s, enum ladder_when *ret)
{
	for (int i = 0; i < LADDER_WHEN_COUNT; i++)
		if (str_eq(s, str_of(whens[i]))) {
			*ret = (enum ladder_when)i;
			return true;
		}
	return false;
}

#define CELL(name) arena_str(a, rows_get(&r, i, S(name)))

static err read_rungs(struct arena *a, const struct catalog *c, int64_t today, struct ladder *l, struct fail *f)
{
	struct rows r;
	TRY(catalog_current(c, a, S("escalation"), today, S("rungs"), &r, f));
	struct ladder_rung *v = NEW_N(a, struct ladder_rung, r.n + 1);
	for (size_t i = 0; i < r.n; i++) {
		v[i] = (struct ladder_rung){ .act = CELL("act"), .zh = CELL("zh"), .en = CELL("en"), .to = CELL("to") };
		if (!str_to_i64(rows_get(&r, i, S("level")), &v[i].level))
			return bad_word(a, f, "rungs.tsv", v[i].act);
	}
	l->rungs = v;
	l->nrungs = r.n;
	return ERR_OK;
}

static int64_t amount_of(str s)
{
	int64_t n;
	return str_to_i64(s, &n) ? n : 0;
}

static err read_triggers(struct arena *a, const struct catalog *c, int64_t today, struct ladder *l, struct fail *f)
{
	struct rows r;
	TRY(catalog_current(c, a, S("escalation"), today, S("triggers"), &r, f));
	struct ladder_trigger *v = NEW_N(a, struct ladder_trigger, r.n + 1);
	for (size_t i = 0; i < r.n; i++) {
		v[i] = (struct ladder_trigger){ .id = CELL("id"), .rung = ladder_rung_of(l, rows_get(&r, i, S("act"))),
						.kind = CELL("kind"), .grade = CELL("grade"), .listed = CELL("listed"),
						.amount = amount_of(rows_get(&r, i, S("amount"))), .word = CELL("word"),
						.zh = CELL("zh"), .en = CELL("en"), .certainty = CELL("certainty") };
		if (!v[i].rung || !when_parse(rows_get(&r, i, S("when")), &v[i].when))
			return bad_word(a, f, "triggers.tsv", v[i].id);
	}
	l->triggers = v;
	l->ntriggers = r.n;
	return ERR_OK;
}

static err read_reminders(struct arena *a, const struct catalog *c, int64_t today, struct ladder *l, struct fail *f)
{
	struct rows r;
	TRY(catalog_current(c, a, S("escalation"), today, S("reminders"), &r, f));
	struct ladder_reminder *v = NEW_N(a, struct ladder_reminder, r.n + 1);
	for (size_t i = 0; i < r.n; i++) {
		v[i] = (struct ladder_reminder){ .id = CELL("id"), .amount = amount_of(rows_get(&r, i, S("amount"))),
						 .zh = CELL("zh"), .en = CELL("en") };
		if (!when_parse(rows_get(&r, i, S("when")), &v[i].when))
			return bad_word(a, f, "reminders.tsv", v[i].id);
	}
	l->reminders = v;
	l->nreminders = r.n;
	return ERR_OK;
}
#undef CELL

err ladder_read(struct arena *a, const struct catalog *c, int64_t today, struct ladder *ret, struct fail *f)
{
	*ret = (struct ladder){ 0 };
	if (str_is_null(catalog_edition(c, S("escalation"), today)))
		return ERR_OK;
	TRY(read_rungs(a, c, today, ret, f));
	TRY(read_triggers(a, c, today, ret, f));
	return read_reminders(a, c, today, ret, f);
}

const struct ladder_rung *ladder_rung_of(const struct ladder *l, str act)
{
	for (size_t i = 0; i < l->nrungs; i++)
		if (str_eq(l->rungs[i].act, act))
			return &l->rungs[i];
	return NULL;
}

/* ---- the ladder ---- */

static bool about(const struct ladder_trigger *t, const struct ladder_fact *k)
{
	if ((t->kind.n && !str_eq(t->kind, k->kind)) || (t->grade.n && !str_eq(t->grade, k->grade)))
		return false;
	return !t->listed.n || str_eq(t->listed, S("yes")) == k->listed;
}

/* Since when the row holds; INT64_MAX: not yet, or no more. */
static int64_t holds_since(const struct ladder_trigger *t, const struct calendar *c, const struct ladder_fact *k,
			   int64_t now_ms)
{
	bool dated = k->due_ms < NO_DUE_MS, overdue = dated && k->due_ms < now_ms;
	int64_t due_day = china_day(k->due_ms), since = INT64_MAX;
	if (t->when == LADDER_AFTER && overdue)
		since = china_day_start_ms(calendar_add(c, due_day, t->amount));
	else if (t->when == LADDER_BEFORE && dated && !overdue)
		since = china_day_start_ms(calendar_add(c, due_day, -t->amount));
	else if (t->when == LADDER_RELAPSE && k->relapses >= t->amount)
		since = k->round_ms;
	else if (t->when == LADDER_FINDING && k->relapses > 0 && str_eq(k->finding, t->word))
		since = k->round_ms;
	return since <= now_ms ? since : INT64_MAX;
}

const struct ladder_trigger *ladder_reached(const struct ladder *l, const struct calendar *c, const struct ladder_fact *k,
					    int64_t now_ms, int64_t *ret_since_ms)
{
	const struct ladder_trigger *best = NULL;
	int64_t best_since = INT64_MAX;
	for (size_t i = 0; i < l->ntriggers; i++) {
		const struct ladder_trigger *t = &l->triggers[i];
		int64_t since = about(t, k) ? holds_since(t, c, k, now_ms) : INT64_MAX;
		if (since == INT64_MAX)
			continue;
		bool higher = !best || t->rung->level > best->rung->level;
		if (higher || (t->rung->level == best->rung->level && since < best_since)) {
			best = t;
			best_since = since;
		}
	}
	*ret_since_ms = best_since;
	return best;
}

/* ---- reminders ---- */

const struct ladder_reminder *ladder_remind(const struct ladder *l, const struct calendar *c, int64_t due_ms, int64_t day)
{
	int64_t due_day = china_day(due_ms);
	for (size_t i = 0; i < l->nreminders && due_ms < NO_DUE_MS; i++) {
		const struct ladder_reminder *r = &l->reminders[i];
		int64_t n = r->when == LADDER_BEFORE ? -r->amount : r->when == LADDER_AFTER ? r->amount : 0;
		if (calendar_add(c, due_day, n) == day)
			return r;
	}
	return NULL;
}

int64_t ladder_before_days(const struct ladder *l)
{
	int64_t most = 0;
	for (size_t i = 0; i < l->ntriggers; i++)
		if (l->triggers[i].when == LADDER_BEFORE && l->triggers[i].amount > most)
			most = l->triggers[i].amount;
	for (size_t i = 0; i < l->nreminders; i++)
		if (l->reminders[i].when == LADDER_BEFORE && l->reminders[i].amount > most)
			most = l->reminders[i].amount;
	return most;
}
