/* What the loop knows while the program runs: workflows and sectors (catalogs), the calendar (catalog
 * and the store's days). Made once, read by all threads; the calendar may be replaced. */
#ifndef BH_LOOP_LOOP_H
#define BH_LOOP_LOOP_H

#include "core/catalog.h"
#include "db/ctx.h"
#include "loop/workflow.h"

struct loop_sector {
	int64_t bit;
	str id, en, zh;
};

struct loop;

/* Reads every workflow family and the sectors, in the editions in force on `today` (days since 1970).
 * Texts are copied. A workflow that workflow_check() finds unsound is refused: ERR_BAD_FORMAT,
 * arguments file and word. */
err loop_open(const struct catalog *c, int64_t today, struct loop **ret, struct fail *f) MUST_USE;
void loop_close(struct loop *l);                    /* accepts NULL */

const struct workflow *loop_workflow(const struct loop *l, str kind);  /* NULL: unknown kind */
size_t loop_workflows(const struct loop *l, const struct workflow *const **ret);
size_t loop_sectors(const struct loop *l, const struct loop_sector **ret);
int64_t loop_sector_mask(const struct loop *l, str id);                /* 0: unknown */
const struct loop_sector *loop_sector_of(const struct loop *l, int64_t bit); /* NULL: unknown */

/* The calendar in force, read afresh from calendar_day when the store's days changed. */
err loop_calendar(struct ctx *cx, struct calendar *ret) MUST_USE;

/* The workflow a kind runs by; BAD_FIELD when there is none. */
err loop_kind(struct ctx *cx, str kind, const struct workflow **ret) MUST_USE;

#endif
