/* Late and corrected values: a column is judged again from where it changed, and what the rules say now is held against the
 * alarms that were written. An alarm that its values no longer bear is withdrawn and stays readable; nothing is deleted. */
#include <math.h>
#include <string.h>

#include "sense/alarm_parts.h"

enum { ANEW_DAYS_MAX = 400 };

/* Rules whose verdict hangs on values near by alone. The others learn from the values they begin with, so that a column read
 * from another moment may say something else without any value having changed. */
static bool is_local(const struct rule *r)
{
	return r->test == RULE_THRESHOLD || r->test == RULE_RATE || r->test == RULE_STUCK || r->test == RULE_FLAG ||
	       r->test == RULE_DRIFT;
}

static err known_near(struct page *p, const struct held *h, int64_t from_ms, struct alarm_near_rows *ret)
{
	struct db_conn *c;
	TRY(db_read_begin(p->app->db, &c, p->f));
	err e = alarm_near(c, p->a, &(struct alarm_near_params){ h->station->id, h->rule->id, h->item, from_ms }, ret);
	db_read_end(p->app->db, c);
	return e;
}

static bool meets(const struct alarm_near_row *k, const struct episode *e)
{
	return k->begin_ms <= e->last_ms && (k->ended_ms == DB_NONE || k->last_ms >= e->begin_ms);
}

static struct alarm_recent_row as_recent(const struct alarm_near_row *k)
{
	return (struct alarm_recent_row){ k->region, k->id, k->station, k->rule, k->item, k->begin_ms, k->raised_ms, k->last_ms, k->lawful_ms,
					  k->n, k->doubtful, k->peak, k->ended_ms, k->grade, k->matter, k->storm, k->withdrawn_ms };
}

/* Values that were there are still there, corrected or not; where fewer are left than the alarm counted, they were thrown away
 * after their time of keeping, and nothing can be said against the alarm. */
static bool still_there(const struct column *c, const struct alarm_near_row *k)
{
	int64_t n = 0;
	for (size_t i = 0; i < c->n; i++)
		n += c->at_ms[i] >= k->begin_ms && c->at_ms[i] <= k->last_ms;
	return n >= k->n;
}

struct said {
	struct episode *v;
	bool *taken;
	size_t n;
};

static struct said judge(struct page *p, const struct rule *r, const struct column *c, struct alarm_mark *mark)
{
	struct rule_state s;
	struct said out = { 0 };
	if (!p->room)
		p->room = NEW_N(p->a, struct episode, ALARM_ANEW_MAX);
	rule_begin(&s);
	out.n = rule_column(r, &s, c, p->room, ALARM_ANEW_MAX);
	if (mark)
		mark->known = false;
	if (out.n < ALARM_ANEW_MAX)
		alarm_mark_keep(p->s, mark, r, &s, c);
	out.v = NEW_N(p->a, struct episode, out.n + 1);
	out.taken = NEW_N(p->a, bool, out.n + 1);
	memcpy(out.v, p->room, out.n * sizeof *out.v);
	return out;
}

static void hold_known(struct page *p, const struct held *h, const struct column *c, struct said *said, const struct alarm_near_row *k)
{
	struct alarm_recent_row row = as_recent(k);
	bool joined = false;
	for (size_t i = 0; i < said->n; i++) {
		if (!meets(k, &said->v[i]))
			continue;
		if (said->taken[i]) {
			joined = true;
			continue;
		}
		said->taken[i] = true;
		if (alarm_episode_changed(&row, &said->v[i]))
			alarm_note(p, h, &row, &said->v[i], NULL);
		return;
	}
	if (k->withdrawn_ms == DB_NONE && is_local(h->rule) && still_there(c, k))
		alarm_note(p, h, &row, NULL, joined ? "joined" : "corrected");
}

static err judge_from(struct page *p, const struct held *h, const struct alarm_near_rows *known, struct alarm_mark *mark, int64_t from_ms)
{
	struct column c;
	int64_t start = from_ms, window = rule_window_ms(h->rule);
	if (known->n && known->v[0].begin_ms < start)
		start = known->v[0].begin_ms;
	TRY(alarm_column(p, h->station->id, h->number, h->rule->kind, h->rule->what, start - window, &c));
	alarm_held(p, &c);
	struct said said = judge(p, h->rule, &c, mark);
	for (int withdrawn = 0; withdrawn < 2; withdrawn++) /* what still stands has the first claim */
		for (size_t i = 0; i < known->n; i++)
			if ((known->v[i].withdrawn_ms != DB_NONE) == (withdrawn == 1))
				hold_known(p, h, &c, &said, &known->v[i]);
	for (size_t i = 0; i < said.n; i++)
		if (!said.taken[i] && (!said.v[i].end_ms || said.v[i].end_ms >= from_ms))
			alarm_note(p, h, NULL, &said.v[i], NULL);
	return ERR_OK;
}

err alarm_hold_anew(struct page *p, const struct held *h, struct alarm_mark *mark, int64_t from_ms)
{
	struct alarm_near_rows known;
	int64_t least = p->now_ms - ANEW_DAYS_MAX * (int64_t)DAY_MS;
	from_ms = (from_ms > least ? from_ms : least) - rule_window_ms(h->rule);
	TRY(known_near(p, h, from_ms, &known));
	return judge_from(p, h, &known, mark, from_ms);
}
