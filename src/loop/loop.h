/* What the loop knows while the program runs: workflows (catalogs) and the calendar (the
 * store's days). Made once, read by all threads; the calendar may be replaced. */
#ifndef BH_LOOP_LOOP_H
#define BH_LOOP_LOOP_H

#include "core/catalog.h"
#include "db/ctx.h"
#include "loop/deadline_law.h"
#include "loop/escalation.h"
#include "loop/workflow.h"

struct loop;

/* Reads every workflow family in the edition in force on `today` (days since 1970). Texts are
 * copied. A workflow that workflow_check() finds unsound is refused: ERR_BAD_FORMAT, arguments file
 * and word. */
err loop_open(const struct catalog *c, int64_t today, struct loop **ret, struct fail *f) MUST_USE;
void loop_close(struct loop *l);                    /* accepts NULL */

const struct workflow *loop_workflow(const struct loop *l, str kind);  /* NULL: unknown kind */
size_t loop_workflows(const struct loop *l, const struct workflow *const **ret);

/* Words of catalog/source in force: how something was discovered ("sources"), what it comes from ("causes"). */
struct loop_word {
	str id, zh, en, code; /* code: in the exchange tables, or empty */
};
size_t loop_words(const struct loop *l, const char *table, const struct loop_word **ret);
const struct loop_word *loop_known(const struct loop *l, const char *table, str id); /* NULL: unknown */

/* catalog/deadline in force when the program started. */
const struct deadline_rules *loop_deadlines(const struct loop *l);

/* catalog/escalation in force when the program started. */
const struct ladder *loop_ladder(const struct loop *l);

/* The calendar in force, read afresh from calendar_day when the store's days changed. */
err loop_calendar(struct ctx *cx, struct calendar *ret) MUST_USE;

/* Answers that took long to add up are kept for some seconds; what is quick is always fresh. The key says
 * everything the answer depends on but the store. */
enum { LOOP_SLOW_US = 50000, LOOP_KEEP_US = 5000000, LOOP_KEPT = 32, LOOP_KEPT_BYTES = 1 << 20 };
bool loop_kept(struct loop *l, struct arena *a, str key, str *ret) MUST_USE;
void loop_keep(struct loop *l, str key, str answer, int64_t took_us); /* does nothing when it was quick */

/* The workflow a kind runs by; BAD_FIELD when there is none. */
err loop_kind(struct ctx *cx, str kind, const struct workflow **ret) MUST_USE;

#endif
